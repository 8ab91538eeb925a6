import { type Coder, NOISE, PIXEL, rowBytes, squash, stretched } from "./coder.ts";
import { clampOdds, curved, newCurves, nudge } from "./curve.ts";
import { hash, K1, K10, K11, K12, K2, K3, K4, K5, K6, K7, K8, K9 } from "./hash.ts";
import { Literals } from "./literals.ts";
import { FLAT_STRONG, SURE } from "./model.ts";
import type { Picture } from "./picture.ts";

const CONTEXTS = 12;
const WIDEST = 4; // the contexts that decide alone where both are sure
const NEARBY = 7;
const TRIES = 6;
const ACROSS = 20; // columns of what stood: -1 to 18
const COLOUR = 0xffffff;

// A slot has three numbers: check<<24 | first colour, count<<24 | second colour, q<<16 | p.
const FIRST = 0;
const SECOND = 1;
const ODDS = 2;

// By how often a slot was met.
const classes = Uint8Array.from({ length: 256 }, (_, n) => (n < 4 ? n : n < 7 ? 4 : n < 15 ? 5 : n < 41 ? 6 : 7));
const rates = Int32Array.from({ length: 256 }, (_, n) => Math.floor(131072 / (2 * Math.min(n, PIXEL) + 3)));
const fewVotes = Int32Array.of(6000, 4000, 4000, 2000, 1500, 1000, 500, 500);

const same = (a: number, b: number): number => (a === b ? 1 : 0);

/** Strong decodes rows of tiles by twelve mixed contexts (SPEC, section 5). */
export class Strong {
  private readonly slots = new Int32Array((3 * CONTEXTS) << 16);
  private readonly cells = new Uint16Array(CONTEXTS * 5 * 8 * 32);
  private readonly sets = new Int32Array(3 * 13 * 2 * CONTEXTS).fill(16384);
  private readonly likes = new Int32Array(3 * 64 * CONTEXTS).fill(16384);
  private readonly curves: Uint16Array;
  private readonly literals: Literals;
  /** What stood in and around the tile when it was opened: rows and columns from -1 on. */
  private readonly stood = new Int32Array(ACROSS * 18);

  // Of the pixel in hand: of each context its hash and slot; of those that were met, n, which they are, whether their first
  // colour was refused, what they say of the colour that is tried.
  private readonly hashes = new Int32Array(CONTEXTS);
  private readonly places = new Int32Array(CONTEXTS);
  private readonly hits = new Uint8Array(CONTEXTS);
  private readonly refused = new Uint8Array(CONTEXTS);
  private readonly cell = new Int32Array(CONTEXTS);
  private readonly st = new Int32Array(CONTEXTS);
  private n = 0;
  private agree = 1;
  private like = 0;
  // What speaks for the colours that may be tried.
  private readonly colours = new Int32Array(2 * CONTEXTS + 8);
  private readonly votes = new Int32Array(2 * CONTEXTS + 8);
  private voted = 0;
  private readonly around = new Int32Array(8);
  private fresh = 0;

  constructor(private readonly coder: Coder) {
    this.literals = new Literals(coder);
    this.curves = newCurves(3 * 13 * 16);
    for (let i = 0; i < this.cells.length; i++) {
      const kind = (i >> 8) % 5;
      this.cells[i] = kind === 1 ? 8192 : kind === 0 || kind === 3 ? 16 * squash(128 * (i & 31) - 1984) + 8 : 2048;
    }
  }

  /** open takes what stands in and around the tile at x, y. */
  open(p: Picture, x: number, y: number): void {
    const { stood } = this;
    const across = Math.min(ACROSS - 2, p.width - 16 * x + 2);
    const down = Math.min(17, p.height - 16 * y + 1);
    stood.fill(0);
    for (let row = -1; row < down; row++) {
      const at = p.index(16 * x, 16 * y + row);
      for (let column = -1; column < across; column++) stood[(row + 1) * ACROSS + column + 1] = p.pixels[at + column];
    }
  }

  /** row decodes the pixels at the places from at to end, the first at column x, row y of the open tile. */
  row(p: Picture, x: number, y: number, at: number, end: number): void {
    const { coder, stood, literals } = this;
    const { pixels, fresh, stride } = p;
    const begun = coder.shifts;
    let old = (y + 1) * ACROSS + x + 1;
    while (at < end) {
      if (coder.shifts - begun > rowBytes) {
        pixels[at] = (coder.raw(12) << 12) | coder.raw(12);
        fresh[at++] = 1;
        continue;
      }
      const k = flatRun(pixels, at, stride, end - at);
      if (k > 0) {
        const w = pixels[at - 1];
        const was = stood[old] === w && stood[old + (k >> 1)] === w && stood[old + k - 1] === w ? 2 : 0;
        if (coder.adapt(FLAT_STRONG + same(k, 16) + was + 4 * (Math.imul(w, K1) >>> 30), PIXEL) === 1) {
          pixels.fill(w, at, at + k);
          fresh.fill(0, at, at + k);
          at += k;
          old += k;
          continue;
        }
      }
      const v = this.pixel(pixels, at, stride, old++);
      pixels[at] = v;
      fresh[at] = this.fresh;
      if (v === pixels[at - 1] && v === pixels[at - stride] && v === pixels[at - stride - 1]) literals.ground = v;
      at++;
    }
  }

  private pixel(pixels: Int32Array, at: number, stride: number, o: number): number {
    const { coder, slots, stood, hashes, around } = this;
    const w = pixels[at - 1];
    const ww = pixels[at - 2];
    const w3 = pixels[at - 3];
    const w4 = pixels[at - 4];
    const up = at - stride;
    const n = pixels[up];
    const nw = pixels[up - 1];
    const ne = pixels[up + 1];
    const up2 = up - stride;
    const nn = pixels[up2];
    const up3 = up2 - stride;
    const r = stood[o];
    const rw = stood[o - 1];
    const re = stood[o + 1];
    const above = o - ACROSS;
    const below = o + ACROSS;
    const rn = stood[above];

    const two = (Math.imul(w, K1) + Math.imul(n, K2)) | 0;
    const six = (two + Math.imul(nw, K3) + Math.imul(ne, K4) + Math.imul(ww, K5) + Math.imul(nn, K6)) | 0;
    const ten = (six + Math.imul(pixels[up - 2], K7) + Math.imul(pixels[up + 2], K8) + Math.imul(pixels[up2 - 1], K9) + Math.imul(pixels[up2 + 1], K10)) | 0;
    const fifteen = (ten + Math.imul(w3, K11) + Math.imul(pixels[up3], K12) + Math.imul(pixels[up + 3], K1 + 2) + Math.imul(pixels[up - 3], K2 + 2) + Math.imul(pixels[up2 + 2], K3 + 2)) | 0;
    const twenty = (fifteen + Math.imul(pixels[up2 - 2], K4 + 2) + Math.imul(pixels[up3 - 1], K5 + 2) + Math.imul(pixels[up3 + 1], K6 + 2) + Math.imul(pixels[up + 4], K7 + 2) + Math.imul(w4, K8 + 2)) | 0;
    const five = (Math.imul(r, K11) + Math.imul(re, K12) + Math.imul(stood[below], K1 + 6) + Math.imul(rw, K2 + 6) + Math.imul(rn, K3 + 6)) | 0;
    const old = (five + Math.imul(stood[below + 1], K4 + 6) + Math.imul(stood[below - 1], K5 + 6) + Math.imul(stood[above + 1], K6 + 6) + Math.imul(stood[above - 1], K7 + 6) + Math.imul(stood[o + 2], K8 + 6)) | 0;

    this.fresh = 0;
    const a = hash(twenty);
    const b = hash(six + old);
    const wide = 3 * ((WIDEST << 16) + (a >>> 16));
    const near = 3 * ((NEARBY << 16) + (b >>> 16));
    const first = slots[wide] & COLOUR;
    let colour = w;
    let tries = 0;
    if (
      slots[wide] >>> 24 === (a & 255) && slots[near] >>> 24 === (b & 255) && first === (slots[near] & COLOUR) && (slots[wide + ODDS] & 0xffff) >= 62000 &&
      (slots[near + ODDS] & 0xffff) >= 62000 && slots[wide + SECOND] >>> 24 >= 3 && slots[near + SECOND] >>> 24 >= 3
    ) {
      const context = 8 * classes[slots[wide + SECOND] >>> 24] + classes[slots[near + SECOND] >>> 24] + 64 * same(first, w) + 128 * same(first, r);
      if (coder.adapt(SURE + context, NOISE) === 1) {
        learn(slots, wide, first);
        learn(slots, near, first);
        return first;
      }
      colour = first;
      tries = 1;
    }

    const alike = same(w, rw) + 2 * same(n, rn);
    hashes[0] = hash(Math.imul(n, K2) + Math.imul(nn, K6) + 1);
    hashes[1] = hash(two + Math.imul(nw, K3) + Math.imul(ne, K4));
    hashes[2] = hash(Math.imul(w, K1) + Math.imul(r, K3) + 3);
    hashes[3] = hash(Math.imul(w, K1) + 78);
    hashes[4] = a;
    hashes[5] = hash(Math.imul(r, K1) + 77);
    hashes[6] = hash(Math.imul(w, K1) + Math.imul(ww, K2) + Math.imul(n, K3) + 81);
    hashes[7] = b;
    hashes[8] = hash(Math.imul(w, K1) + Math.imul(ww, K5) + Math.imul(w3, K11) + Math.imul(w4, K8 + 2) + Math.imul(pixels[at - 5], K9) + Math.imul(pixels[at - 6], K10));
    hashes[9] = hash(two + Math.imul(nn, K6) + Math.imul(pixels[up3], K12));
    hashes[10] = hash(Math.imul(n, K2) + Math.imul(r, K1) + 9);
    hashes[11] = hash(old + Math.imul(alike + 4 * same(ne, stood[above + 1]) + 8 * same(nw, stood[above - 1]), K2));
    this.like = same(w, n) + 2 * same(n, ne) + 4 * same(w, nw) + 8 * same(n, r) + 16 * alike;
    this.look();
    around[0] = r;
    around[1] = w;
    around[2] = n;
    around[3] = ne;
    around[4] = nw;
    around[5] = re;
    around[6] = ww;
    around[7] = nn;
    return this.search(colour, tries, w === rw ? r : w, w, n, r);
  }

  /** search tries colours, of which the first was refused if tries is 1; unmet is the one that is first without any hit. */
  private search(colour: number, tries: number, unmet: number, w: number, n: number, r: number): number {
    this.voted = 0;
    if (tries === 1) this.refuse(colour);
    else if (this.n === 0) colour = unmet;
    else if (this.agree === 1) colour = this.slots[this.places[this.hits[0]]] & COLOUR;
    for (; tries < TRIES; tries++) {
      if (tries > 0 || (this.n > 0 && this.agree === 0)) {
        if (this.voted === 0) {
          this.gather();
          if (tries > 0) this.strike(colour);
        }
        const best = this.likeliest();
        if (best < 0) break;
        colour = this.colours[best];
      }
      if (this.decide(colour, tries < 2 ? tries : 2) === 1) {
        this.learnAll(colour);
        return colour;
      }
      this.refuse(colour);
      this.strike(colour);
    }
    const v = this.literals.decode(w, n, r);
    this.fresh = 1;
    this.learnAll(v);
    return v;
  }

  /** look finds the slots of all contexts. */
  private look(): void {
    const { slots, hashes, places, hits } = this;
    let n = 0;
    let agree = 1;
    let first = 0;
    for (let k = 0; k < CONTEXTS; k++) {
      const h = hashes[k];
      const at = 3 * ((k << 16) + (h >>> 16));
      places[k] = at;
      if (slots[at] >>> 24 !== (h & 255) || slots[at + SECOND] >>> 24 === 0) continue;
      const colour = slots[at] & COLOUR;
      if (n === 0) first = colour;
      else if (colour !== first) agree = 0;
      this.refused[n] = 0;
      hits[n++] = k;
    }
    this.n = n;
    this.agree = agree;
  }

  private gather(): void {
    const { slots, places, hits, around } = this;
    for (let i = 0; i < this.n; i++) {
      const at = places[hits[i]];
      const first = slots[at] & COLOUR;
      const second = slots[at + SECOND] & COLOUR;
      const p = slots[at + ODDS] & 0xffff;
      this.vote(first, p);
      if (second !== first) this.vote(second, (((65536 - p) * (slots[at + ODDS] >>> 18)) >> 14) + 300);
    }
    for (let i = 0; i < 8; i++) this.vote(around[i], fewVotes[i]);
  }

  private vote(colour: number, weight: number): void {
    const { colours, votes } = this;
    for (let i = 0; i < this.voted; i++) {
      if (colours[i] === colour) {
        votes[i] += weight;
        return;
      }
    }
    colours[this.voted] = colour;
    votes[this.voted++] = weight;
  }

  /** likeliest is the place of the colour for which most speaks; -1: none is left. */
  private likeliest(): number {
    let best = -1;
    let most = -1;
    for (let i = 0; i < this.voted; i++) {
      if (this.votes[i] > most) {
        most = this.votes[i];
        best = i;
      }
    }
    return best;
  }

  private strike(colour: number): void {
    for (let i = 0; i < this.voted; i++) if (this.colours[i] === colour) this.votes[i] = -1;
  }

  private refuse(colour: number): void {
    for (let i = 0; i < this.n; i++) if ((this.slots[this.places[this.hits[i]]] & COLOUR) === colour) this.refused[i] = 1;
  }

  /** decide decodes whether it is this colour. */
  private decide(colour: number, t: number): number {
    const { slots, places, hits, cells, cell, st, sets, likes, refused, n } = this;
    let named = 0;
    for (let i = 0; i < n; i++) {
      const k = hits[i];
      const at = places[k];
      const odds = slots[at + ODDS];
      let kind = 2;
      let o = odds & 0xffff;
      if ((slots[at] & COLOUR) === colour) {
        kind = 0;
        named++;
      } else {
        const second = (slots[at + SECOND] & COLOUR) === colour;
        if (refused[i] === 1) {
          kind = second ? 3 : 4;
          o = odds >>> 16;
          if (second) named++;
        } else if (second) {
          kind = 1;
        }
      }
      const c = (((k * 5 + kind) * 8 + classes[slots[at + SECOND] >>> 24]) << 5) + ((stretched[o >> 4] + 2048) >> 7);
      cell[i] = c;
      st[i] = stretched[cells[c] >> 4];
    }
    const a = ((t * 13 + named) * 2 + this.agree) * CONTEXTS;
    const b = (t * 64 + this.like) * CONTEXTS;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.imul((sets[a + hits[i]] + likes[b + hits[i]]) >> 2, st[i]) >> 6;
    const x = clampOdds(sum >> 8);
    const bit = curved(this.coder, this.curves, (t * 13 + named) * 16 + (this.like & 15), x, 16);
    const e = (bit << 16) - 16 * squash(x);
    for (let i = 0; i < n; i++) {
      const d = (Math.imul(st[i], e) + 16384) >> 15;
      sets[a + hits[i]] += d;
      likes[b + hits[i]] += d;
      nudge(cells, cell[i], bit);
    }
    return bit;
  }

  private learnAll(v: number): void {
    const { slots, places, hashes, hits, n } = this;
    let i = 0;
    for (let k = 0; k < CONTEXTS; k++) {
      const at = places[k];
      if (i < n && hits[i] === k) {
        i++;
        learn(slots, at, v);
      } else {
        slots[at + FIRST] = (hashes[k] << 24) | v;
        slots[at + SECOND] = (1 << 24) | v;
        slots[at + ODDS] = (32768 << 16) | 49152;
      }
    }
  }
}

/** learn tells a slot the colour that came. */
function learn(slots: Int32Array, at: number, v: number): void {
  const second = slots[at + SECOND];
  const count = second >>> 24;
  const rate = rates[count];
  let p = slots[at + ODDS] & 0xffff;
  let q = slots[at + ODDS] >>> 16;
  let colour = second & COLOUR;
  if ((slots[at] & COLOUR) === v) {
    p += Math.imul(65535 - p, rate) >>> 16;
  } else {
    p -= Math.imul(p, rate) >>> 16;
    if (colour === v) {
      q += Math.imul(65535 - q, rate) >>> 16;
      if (p < 30000) {
        colour = slots[at] & COLOUR;
        slots[at] = (slots[at] & ~COLOUR) | v;
        p = 32768;
      }
    } else {
      q -= Math.imul(q, rate) >>> 16;
      if (q < 36000 || count <= 2) {
        colour = v;
        q = 32768;
      }
    }
  }
  slots[at + SECOND] = ((count < 255 ? count + 1 : count) << 24) | colour;
  slots[at + ODDS] = (q << 16) | p;
}

/** flatRun is how many pixels from at on, of n, are likely to be as all around; 0: they are not. */
function flatRun(pixels: Int32Array, at: number, stride: number, n: number): number {
  const w = pixels[at - 1];
  const up = at - stride;
  if (n < 8 || pixels[up] !== w || pixels[up - 1] !== w || pixels[up + 1] !== w || pixels[at - 2] !== w) return 0;
  let k = 1;
  while (k < n && pixels[up + k] === w) k++;
  if (k < 8) return 0;
  for (let rows = 2; rows <= 24; rows = rows === 16 ? 24 : 2 * rows) {
    const q = at - rows * stride;
    if (q < 0) {
      if (w !== 0) return 0; // outside the picture
    } else if (pixels[q] !== w || pixels[q + (k >> 1)] !== w || pixels[q + k - 1] !== w) {
      return 0;
    }
  }
  return k;
}

import { type Coder, LITERAL, PIXEL, rowBytes } from "./coder.ts";
import { hash, K1, K2, K3, K4, K5, K6, K7, K8 } from "./hash.ts";
import { BLUE, FIRST, FLAT, GREEN, INDEX, KNOWN, LATER, LISTED, PHOTO, RED, SECOND } from "./model.ts";
import type { Picture } from "./picture.ts";
import { Residual } from "./residual.ts";

// A slot of a table has four numbers: check | count<<8, and the colours c0 and c1.
const META = 0;
const C0 = 1;
const C1 = 2;

// By how often a slot's first colour came in a row, 0 to 31.
const classes = Uint8Array.from({ length: 32 }, (_, n) => (n < 4 ? n : n < 6 ? 4 : n < 10 ? 5 : n < 18 ? 6 : 7));

/** learn tells a slot the pixel that came (SPEC, section 5, step 9). */
function learn(table: Int32Array, slot: number, hit: boolean, check: number, v: number): void {
  const count = table[slot + META] >>> 8;
  if (!hit) {
    table[slot + META] = check | 256;
    table[slot + C0] = v;
    table[slot + C1] = v;
  } else if (table[slot + C0] === v) {
    if (count < 31) table[slot + META] += 256;
  } else if (table[slot + C1] === v || count < 4) {
    table[slot + C1] = table[slot + C0];
    table[slot + C0] = v;
    table[slot + META] = check | 256;
  } else {
    table[slot + META] = check | ((count >> 1) << 8);
    table[slot + C1] = v;
  }
}

/** Fast decodes rows of tiles pixel by pixel (SPEC, section 5). */
export class Fast {
  private readonly large = new Int32Array(4 << 16);
  private readonly small = new Int32Array(4 << 14);
  private readonly after = new Int32Array(8 << 12);
  private readonly colours = new Int32Array(1 << 12);
  private readonly tried = new Int32Array(8);
  private readonly residual: Residual;

  constructor(private readonly coder: Coder) {
    this.residual = new Residual(coder);
  }

  /** row decodes the pixels at the places from at to end. */
  row(p: Picture, at: number, end: number): void {
    const { coder } = this;
    const { pixels, fresh, stride } = p;
    const begun = coder.shifts;
    while (at < end) {
      if (coder.shifts - begun > rowBytes) {
        pixels[at] = (coder.raw(12) << 12) | coder.raw(12);
        fresh[at++] = 1;
        continue;
      }
      const above = at - stride;
      const w = pixels[at - 1];
      const n = pixels[above];
      const nw = pixels[above - 1];
      const ne = pixels[above + 1];
      const ww = pixels[at - 2];
      if (w === n && w === nw && w === ne && w === ww && end - at >= 8) {
        const k = this.flat(pixels, at, end, stride, w);
        if (k > 0) {
          for (const behind = at + k; at < behind; at++) {
            pixels[at] = w;
            fresh[at] = 0;
          }
          continue;
        }
      }
      const f = fresh[at - 1] + fresh[above] + fresh[above - 1] + fresh[above + 1];
      if (f >= 3 && coder.adapt(PHOTO + f, PIXEL) === 1) {
        pixels[at] = this.residual.pixel(w, n, nw, ne);
        fresh[at++] = 1;
        continue;
      }
      const o = pixels[at];
      const nn = pixels[above - stride];
      const re = pixels[at + 1];
      const wk = Math.imul(w, K1);
      const wnk = (wk + Math.imul(n, K2)) | 0;
      const h = hash(
        (wnk + Math.imul(nw, K3) + Math.imul(ne, K4) + Math.imul(o, K5) + Math.imul(ww, K6) + Math.imul(nn, K7) + Math.imul(re, K8)) | 0,
      );
      const g = hash((wnk + Math.imul(ne, K3)) | 0);
      const a = (h >>> 16) << 2;
      const b = (g >>> 18) << 2;
      const hitA = hits(this.large, a, h & 255);
      const hitB = hits(this.small, b, g & 255);
      const v = this.pixel(a, b, hitA, hitB, w, n, ne, o, wnk);
      const plain = v & 0xffffff;
      fresh[at] = v >>> 24;
      pixels[at++] = plain;
      learn(this.large, a, hitA, h & 255, plain);
      learn(this.small, b, hitB, g & 255, plain);
    }
  }

  /** flat returns how many pixels are all w, as those above them; 0: that is not said. */
  private flat(pixels: Int32Array, at: number, end: number, stride: number, w: number): number {
    let k = 1;
    for (let above = at - stride + 1; k < end - at && pixels[above] === w; k++) above++;
    if (k < 8) return 0;
    const e = at + k - 1;
    const h = at + (k >> 1);
    let context = Math.imul(w, K1) >>> 30 << 4;
    if (k >= 16) context |= 1;
    if (pixels[at] === w) context |= 2;
    if (pixels[e] === w && pixels[h] === w) context |= 4;
    if (pixels[at - 2 * stride] === w && pixels[e - 2 * stride] === w) context |= 8;
    return this.coder.adapt(FLAT + context, PIXEL) === 1 ? k : 0;
  }

  /** pixel is steps 5 to 8: the colour, and fresh above it. */
  private pixel(a: number, b: number, hitA: boolean, hitB: boolean, w: number, n: number, ne: number, o: number, wnk: number): number {
    const { coder, tried, large, small } = this;
    let t = 0;
    const b0 = small[b + C0];
    if (hitA) {
      const c = large[a + C0];
      let context = FIRST + 12 * classes[large[a + META] >>> 8];
      if (c === w) context += 2;
      if (c === o) context += 1;
      if (hitB) context += c === b0 ? 8 : 4;
      if (coder.adapt(context, PIXEL) === 1) return c;
      tried[t++] = c;
    }
    if (hitB && (t === 0 || tried[0] !== b0)) {
      let context = SECOND + 8 * classes[small[b + META] >>> 8];
      if (hitA) context += 4;
      if (b0 === w) context += 2;
      if (b0 === o) context += 1;
      if (coder.adapt(context, PIXEL) === 1) return b0;
      tried[t++] = b0;
    }
    for (let k = 0; k < 6; k++) {
      let c: number;
      switch (k) {
        case 0:
          if (!hitA) continue;
          c = large[a + C1];
          break;
        case 1:
          c = w;
          break;
        case 2:
          c = n;
          break;
        case 3:
          c = o;
          break;
        case 4:
          c = ne;
          break;
        default:
          if (!hitB) continue;
          c = small[b + C1];
      }
      if (this.was(c, t)) continue;
      if (coder.adapt(LATER + 2 * (8 * k + t) + (hitA ? 1 : 0), PIXEL) === 1) return c;
      tried[t++] = c;
    }
    return this.seldom(t, wnk);
  }

  private was(c: number, t: number): boolean {
    const { tried } = this;
    for (let i = 0; i < t; i++) if (tried[i] === c) return true;
    return false;
  }

  /** seldom is steps 7 and 8: colours that came after these neighbours before, or anywhere, or never. */
  private seldom(t: number, wnk: number): number {
    const { coder, after, colours } = this;
    const list = (hash(wnk) >>> 20) << 3;
    const context = LISTED + Math.min(t, 7);
    for (let k = 0; k < 8; k++) {
      const c = after[list + k];
      if (this.was(c, t)) continue;
      if (coder.adaptT(context + 8 * k, PIXEL) === 1) {
        after.copyWithin(list + 1, list, list + k);
        after[list] = c;
        return c;
      }
    }
    let v: number;
    if (coder.adaptT(KNOWN, PIXEL) === 1) {
      v = colours[coder.tree(INDEX, 12, LITERAL)];
    } else {
      const green = coder.tree(GREEN, 8, LITERAL);
      const red = coder.tree(RED + 256 * green, 8, LITERAL);
      const blue = coder.tree(BLUE + 256 * ((red >> 2) ^ green), 8, LITERAL);
      v = (red << 16) | (green << 8) | blue;
      colours[Math.imul(v, K1) >>> 20] = v;
      v |= 1 << 24;
    }
    after.copyWithin(list + 1, list, list + 7);
    after[list] = v & 0xffffff;
    return v;
  }
}

/** hits: the slot is of this check, and not empty. */
function hits(table: Int32Array, slot: number, check: number): boolean {
  const meta = table[slot + META];
  return (meta & 255) === check && (meta >>> 8 !== 0 || table[slot + C1] !== 0);
}

import type { Picture } from "./picture.ts";

const mostFormer = 6; // contents of one tile
const mostContents = 8192; // different ones, of all tiles
const forgetAmong = 64; // tiles
const chunk = 64; // contents for which room is made at once
const headBits = 13;

/**
 * Formers are what tiles showed before (SPEC, section 4). Times are numbers of objects, modulo 2^32. An entry is place
 * 6 * tile + k of the lists, the newest with k = 0.
 */
export class Formers {
  private counts = new Uint8Array(0); // by tile: entries of its list
  private births = new Uint32Array(0); // by tile: of what stands there
  /** By tile, birth and death of what was called back when it was coded last; 0, 0: nothing was. */
  private recalled = new Uint32Array(0);
  private begins = new Uint32Array(0); // by entry: birth
  private ends = new Uint32Array(0); // by entry: death
  private contents = new Int16Array(0); // by entry: number of its content
  private hand = 0; // the tile at which forgetting goes on
  private now = 0;

  // Contents, each once; their numbers begin with 0, heads and next hold one more.
  private used = 0;
  private numbers = 0; // given so far
  private readonly pixels: Int32Array[] = [];
  private readonly hashes = new Int32Array(mostContents + 1);
  private readonly uses = new Int32Array(mostContents + 1);
  private readonly next = new Int16Array(mostContents + 1);
  private readonly heads = new Int16Array(1 << headBits);
  private readonly free: number[] = [];
  private readonly tile = new Int32Array(256); // at hand

  resize(p: Picture): void {
    const tiles = p.tilesAcross * p.tilesDown;
    this.counts = new Uint8Array(tiles);
    this.births = new Uint32Array(tiles);
    this.recalled = new Uint32Array(2 * tiles);
    this.begins = new Uint32Array(mostFormer * tiles);
    this.ends = new Uint32Array(mostFormer * tiles);
    this.contents = new Int16Array(mostFormer * tiles);
    this.hand = this.used = this.numbers = this.free.length = 0;
    this.heads.fill(0);
  }

  start(object: number): void {
    this.now = object >>> 0;
  }

  /** count is how many former contents tile t has. */
  count(t: number): number {
    return this.counts[t];
  }

  /** changes notes that what tile t at x, y shows is about to change; coded tells whether it ever was. */
  changes(p: Picture, x: number, y: number, coded: boolean): void {
    const t = y * p.tilesAcross + x;
    if (this.births[t] === this.now) return;
    if (coded) {
      this.take(p, x, y);
      this.keep(t, this.put());
    }
    this.births[t] = this.now;
  }

  /** recall shows entry k of the tile at x, y again; if that is all, it is no former one any more. */
  recall(p: Picture, x: number, y: number, k: number, whole: boolean, coded: boolean): void {
    const t = y * p.tilesAcross + x;
    const e = mostFormer * t + k;
    const birth = this.begins[e];
    const death = this.ends[e];
    const back = this.at(this.contents[e]).slice();
    if (whole) this.drop(t, k);
    this.changes(p, x, y, coded);
    this.recalled[2 * t] = birth;
    this.recalled[2 * t + 1] = death;
    const width = Math.min(16, p.width - 16 * x);
    const height = Math.min(16, p.height - 16 * y);
    for (let row = 0; row < height; row++) p.pixels.set(back.subarray(16 * row, 16 * row + width), p.index(16 * x, 16 * y + row));
  }

  /** forgetRecalled notes that tile t is coded anew. */
  forgetRecalled(t: number): void {
    this.recalled[2 * t] = this.recalled[2 * t + 1] = 0;
  }

  hasRecalled(t: number): boolean {
    return this.recalled[2 * t] !== 0 || this.recalled[2 * t + 1] !== 0;
  }

  /** guess gives the entry of tile t whose life overlaps most with what was called back in tile beside; -1: what stands there does. */
  guess(t: number, beside: number): number {
    const birth = this.recalled[2 * beside];
    const death = this.recalled[2 * beside + 1];
    let guess = -1;
    let best = (Math.min(this.now, death) - Math.max(this.births[t], birth)) | 0;
    for (let k = 0; k < this.counts[t]; k++) {
      const e = mostFormer * t + k;
      const overlap = (Math.min(this.ends[e], death) - Math.max(this.begins[e], birth)) | 0;
      if (overlap > best) {
        best = overlap;
        guess = k;
      }
    }
    return guess;
  }

  private keep(t: number, content: number): void {
    const from = mostFormer * t;
    for (let k = 0; k < this.counts[t]; k++) {
      if (this.contents[from + k] === content) {
        this.drop(t, k);
        break;
      }
    }
    if (this.counts[t] === mostFormer) this.drop(t, this.shortest(t, 1));
    const n = this.counts[t]++;
    for (const list of [this.begins, this.ends, this.contents]) list.copyWithin(from + 1, from, from + n);
    this.begins[from] = this.births[t];
    this.ends[from] = this.now;
    this.contents[from] = content;
    const most = Math.min(mostContents, 2 * this.counts.length);
    while (this.used > most) this.forget();
  }

  /** shortest gives the entry of tile t from k on that stood for the shortest time. */
  private shortest(t: number, k: number): number {
    let best = k;
    for (let j = k + 1; j < this.counts[t]; j++) if (this.length(t, j) < this.length(t, best)) best = j;
    return best;
  }

  private length(t: number, k: number): number {
    return (this.ends[mostFormer * t + k] - this.begins[mostFormer * t + k]) >>> 0;
  }

  private drop(t: number, k: number): void {
    const from = mostFormer * t;
    this.release(this.contents[from + k]);
    const n = this.counts[t]--;
    for (const list of [this.begins, this.ends, this.contents]) list.copyWithin(from + k, from + k + 1, from + n);
  }

  private forget(): void {
    let victim = -1;
    let entry = 0;
    for (let seen = 0; seen < forgetAmong; ) {
      if (++this.hand >= this.counts.length) this.hand = 0;
      const t = this.hand;
      if (this.counts[t] === 0) continue;
      seen++;
      const k = this.shortest(t, 0);
      if (victim < 0 || this.length(t, k) < this.length(victim, entry)) {
        victim = t;
        entry = k;
      }
    }
    this.drop(victim, entry);
  }

  /** take copies a tile; what is outside the picture is 0. */
  private take(p: Picture, x: number, y: number): void {
    const width = Math.min(16, p.width - 16 * x);
    const height = Math.min(16, p.height - 16 * y);
    if (width < 16 || height < 16) this.tile.fill(0);
    for (let row = 0; row < height; row++) {
      const at = p.index(16 * x, 16 * y + row);
      for (let k = 0; k < width; k++) this.tile[16 * row + k] = p.pixels[at + k];
    }
  }

  private at(content: number): Int32Array {
    return this.pixels[content >> 6].subarray((content & 63) * 256, (content & 63) * 256 + 256);
  }

  /** put gives the number of the content at hand, with one use more. */
  private put(): number {
    const { tile, hashes, next, heads } = this;
    let h = 0;
    for (let k = 0; k < 256; k++) h = (Math.imul(h, 0x01000193) + tile[k]) | 0;
    h = Math.imul(h, 0x9e3779b1);
    const head = h >>> (32 - headBits);
    for (let n = heads[head]; n !== 0; n = next[n - 1]) {
      if (hashes[n - 1] === h && this.equals(n - 1)) {
        this.uses[n - 1]++;
        return n - 1;
      }
    }
    const content = this.free.pop() ?? this.numbers++;
    if (content >> 6 === this.pixels.length) this.pixels.push(new Int32Array(chunk * 256));
    this.at(content).set(tile);
    hashes[content] = h;
    this.uses[content] = 1;
    next[content] = heads[head];
    heads[head] = content + 1;
    this.used++;
    return content;
  }

  private equals(content: number): boolean {
    const chunk = this.pixels[content >> 6];
    const from = (content & 63) * 256;
    for (let k = 0; k < 256; k++) if (chunk[from + k] !== this.tile[k]) return false;
    return true;
  }

  private release(content: number): void {
    if (--this.uses[content] > 0) return;
    const { next, heads } = this;
    const head = this.hashes[content] >>> (32 - headBits);
    if (heads[head] === content + 1) {
      heads[head] = next[content];
    } else {
      let n = heads[head];
      while (next[n - 1] !== content + 1) n = next[n - 1];
      next[n - 1] = next[content];
    }
    this.used--;
    this.free.push(content);
  }
}

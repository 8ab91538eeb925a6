/** CorruptError: an object breaks a rule of codec/SPEC.md; the stream cannot go on. */
export class CorruptError extends Error {}

/** How often a probability adapts fast, by what it is used for (SPEC, section 2). */
export const SIDE = 20;
export const PIXEL = 30;
export const LITERAL = 20;
export const NOISE = 250;

// 131072 / (2c + 3), for c = 0..255.
const rates = Int32Array.from({ length: 256 }, (_, c) => Math.floor(131072 / (2 * c + 3)));

// Places in regs: 32-bit numbers that would otherwise become objects of the heap.
const WIDTH = 0;
const CODE = 1;
const SHIFTS = 2;

/**
 * Coder is the arithmetic decoder and all its probabilities, which are known by their index in one table. A probability
 * is held as v<<8 | count.
 */
export class Coder {
  private readonly regs = new Int32Array(3);
  private bytes: Uint8Array = new Uint8Array(0);
  private readonly p: Int32Array;

  constructor(probabilities: number) {
    this.p = new Int32Array(probabilities).fill(1 << 29);
  }

  /** start begins with an object's bytes. */
  start(bytes: Uint8Array): void {
    this.bytes = bytes;
    const at = (i: number) => (i < bytes.length ? bytes[i] : 0);
    this.regs[WIDTH] = -1;
    this.regs[CODE] = (at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3);
    this.regs[SHIFTS] = 0;
  }

  /** end checks that the object is as long as what it holds. */
  end(): void {
    if (this.bytes.length !== this.regs[SHIFTS] + 1) throw new CorruptError("an object has another length than its content");
  }

  /** shifts is how many bytes have been used up. */
  get shifts(): number {
    return this.regs[SHIFTS];
  }

  /** bit decodes one that is 1 with a probability of p / 65536. */
  bit(p: number): number {
    const r = this.regs;
    const width = r[WIDTH];
    const bound = Math.imul(width >>> 16, p);
    if (r[CODE] >>> 0 < bound >>> 0) {
      if (bound >>> 0 < 0x1000000) this.shift(bound);
      else r[WIDTH] = bound;
      return 1;
    }
    r[CODE] -= bound;
    if ((width - bound) >>> 0 < 0x1000000) this.shift(width - bound);
    else r[WIDTH] = width - bound;
    return 0;
  }

  private shift(width: number): void {
    const r = this.regs;
    do {
      width <<= 8;
      const at = r[SHIFTS] + 4;
      r[CODE] = (r[CODE] << 8) | (at < this.bytes.length ? this.bytes[at] : 0);
      r[SHIFTS] = at - 3;
      if (at - 3 >= this.bytes.length) throw new CorruptError("an object ends too early");
    } while (width >>> 0 < 0x1000000);
    r[WIDTH] = width;
  }

  /** raw decodes n bits, the highest first. */
  raw(n: number): number {
    let v = 0;
    for (; n > 0; n--) v = (v << 1) | this.bit(32768);
    return v;
  }

  /** adapt decodes a bit with the probability i, which learns it. */
  adapt(i: number, limit: number): number {
    const s = this.p[i];
    const v = s >>> 8;
    let p = v >>> 6;
    if (p < 32) p = 32;
    else if (p > 65504) p = 65504;
    const b = this.bit(p);
    this.learn(i, s, b, limit);
    return b;
  }

  /** adaptT is adapt for the nodes of trees, which never become as sure. */
  adaptT(i: number, limit: number): number {
    const s = this.p[i];
    const v = s >>> 8;
    let p = v >>> 6;
    if (p < 256) p = 256;
    else if (p > 65280) p = 65280;
    const b = this.bit(p);
    this.learn(i, s, b, limit);
    return b;
  }

  private learn(i: number, s: number, b: number, limit: number): void {
    let v = s >>> 8;
    const count = s & 255;
    const r = rates[count];
    if (b !== 0) v += Math.imul((0x3fffff - v) >>> 6, r) >>> 10;
    else v -= Math.imul(v >>> 6, r) >>> 10;
    this.p[i] = (v << 8) | (count < limit ? count + 1 : count);
  }

  /** tree decodes n bits, the highest first, with the probabilities from base on. */
  tree(base: number, n: number, limit: number): number {
    let node = 1;
    for (let k = 0; k < n; k++) node = 2 * node + this.adaptT(base + node, limit);
    return node - (1 << n);
  }
}

/** bits is the number of bits of a, 0 for 0. */
export const bits = (a: number): number => 32 - Math.clz32(a);

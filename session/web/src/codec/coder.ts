/** CorruptError: an object breaks a rule of codec/SPEC.md; the stream cannot go on. */
export class CorruptError extends Error {}

/** How often a probability adapts fast, by what it is used for (SPEC, section 2). */
export const SIDE = 20;
export const PIXEL = 30;
export const LITERAL = 20;
export const NOISE = 250;

/** A row that took more bytes than this goes on with plain pixels. */
export const rowBytes = 32;

// 131072 / (2c + 3), for c = 0..255.
const rates = Int32Array.from({ length: 256 }, (_, c) => Math.floor(131072 / (2 * c + 3)));

// Places in regs: 32-bit numbers that would otherwise become objects of the heap.
const WIDTH = 0;
const CODE = 1;
const SHIFTS = 2;

// The logistic functions of mixed probabilities (SPEC, section 7).
const squashAt = Int32Array.of(
  1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607, 3785, 3901, 3975, 4022, 4050, 4068, 4079, 4085,
  4089, 4092, 4093, 4094,
);

export function squash(x: number): number {
  if (x > 2047) x = 2047;
  else if (x < -2047) x = -2047;
  const f = x & 127;
  const k = (x >> 7) + 16;
  return (squashAt[k] * (128 - f) + squashAt[k + 1] * f + 64) >> 7;
}

export const stretched = new Int16Array(4096).fill(2047);
for (let x = -2047, next = 0; x <= 2047; x++) {
  for (const p = squash(x); next <= p; next++) stretched[next] = x;
}

/**
 * Coder is the arithmetic decoder and all its probabilities, which are known by their index in one table. A probability
 * is held as v<<8 | count.
 */
export class Coder {
  private readonly regs = new Int32Array(3);
  private bytes: Uint8Array = new Uint8Array(0);
  private readonly p: Int32Array;
  private readonly w: Int32Array;

  constructor(probabilities: number, weights: number) {
    this.p = new Int32Array(probabilities).fill(1 << 29);
    this.w = new Int32Array(4 * weights).fill(19661);
  }

  /** expect begins probability i at v / 256, as if three decisions had been seen. */
  expect(i: number, v: number): void {
    this.p[i] = (v << 22) | 3;
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

  /** mix decodes a bit with four probabilities and a set of weights; all learn from it. */
  mix(p0: number, p1: number, p2: number, p3: number, set: number): number {
    const { p, w } = this;
    const s0 = p[p0];
    const s1 = p[p1];
    const s2 = p[p2];
    const s3 = p[p3];
    const t0 = stretched[s0 >>> 18];
    const t1 = stretched[s1 >>> 18];
    const t2 = stretched[s2 >>> 18];
    const t3 = stretched[s3 >>> 18];
    const i = 4 * set;
    const mean = squash((Math.imul(t0, w[i]) >> 16) + (Math.imul(t1, w[i + 1]) >> 16) + (Math.imul(t2, w[i + 2]) >> 16) + (Math.imul(t3, w[i + 3]) >> 16));
    const b = this.bit(16 * mean + 8);
    const e = (b << 12) - mean;
    w[i] += (t0 * e + 512) >> 10;
    w[i + 1] += (t1 * e + 512) >> 10;
    w[i + 2] += (t2 * e + 512) >> 10;
    w[i + 3] += (t3 * e + 512) >> 10;
    this.learn(p0, s0, b, NOISE);
    this.learn(p1, s1, b, NOISE);
    this.learn(p2, s2, b, NOISE);
    this.learn(p3, s3, b, NOISE);
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

  /** stretch is the logarithm of the odds of probability i. */
  stretch(i: number): number {
    return stretched[this.p[i] >>> 18];
  }

  /** teach lets probability i learn a bit. */
  teach(i: number, b: number, limit: number): void {
    this.learn(i, this.p[i], b, limit);
  }

  /** place decodes n bits like tree, with probabilities of which none is sure. */
  place(base: number, n: number, limit: number): number {
    let node = 1;
    for (let k = 0; k < n; k++) {
      const i = base + node;
      const s = this.p[i];
      const p = s >>> 14;
      const b = this.bit(p < 4096 ? 4096 : p > 61440 ? 61440 : p);
      this.learn(i, s, b, limit);
      node = 2 * node + b;
    }
    return node - (1 << n);
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

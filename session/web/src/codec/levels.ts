import { bits, type Coder, NOISE } from "./coder.ts";
import {
  ABOVE, ABOVE_WEIGHTS, ABOVES, CLASS, CLASS_WEIGHTS, CLASSES, MORE_LAST, ZERO_LEVEL, ZERO_WEIGHTS, ZEROS,
} from "./model.ts";

/** A block of a coarse tile, and its levels. */
export interface Block {
  /** 0 luma of 16 x 16, 1 of 8 x 8, 2 chroma of 8 x 8, 3 of 16 x 16. */
  kind: number;
  /** 0 luma, 1 Cb, 2 Cr. */
  plane: number;
  x: number;
  y: number;
  n: number;
  direction: number;
  /** So many levels in scan order; all after them are 0. */
  last: number;
  readonly levels: Int32Array;
}

/** The order of levels in a block of n x n. */
function scanOf(n: number): Uint8Array {
  const scan = new Uint8Array(n * n);
  for (let d = 0, i = 0; d < 2 * n - 1; d++) {
    for (let k = 0; k <= d; k++) {
      const [x, y] = d % 2 === 0 ? [k, d - k] : [d - k, k];
      if (x < n && y < n) scan[i++] = n * y + x;
    }
  }
  return scan;
}

export const scan8 = scanOf(8);
export const scan16 = scanOf(16);

// What is likely at first, of 256.
const zeroBySum = [200, 140, 110, 92, 77, 69, 56, 51, 44, 36, 26];
const zeroByFew = [205, 140, 110, 70];
const aboveBySum = [26, 56, 82, 102, 128, 140, 158, 174, 192, 205, 225];
const aboveByFew = [50, 77, 102, 154];
const lastByClass = [50, 38, 38, 50, 90, 140, 180, 205, 230, 230];

// Classes of sums of magnitudes, and of diagonals.
const sumClass = new Uint8Array(101).fill(10);
sumClass.set([0, 1, 2, 3, 4, 5, 6, 6, 7, 7, 8, 8, 8, 9, 9, 9, 9]);
const diagonalClass = new Uint8Array(31).fill(6);
diagonalClass.set([0, 1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5]);

const MARGIN = 18; // row of magnitudes with a margin

/** Levels decodes the levels of blocks (SPEC, section 7). */
export class Levels {
  private readonly magnitudes = new Uint8Array(MARGIN * MARGIN);

  constructor(private readonly coder: Coder) {
    for (let s = 0; s < 4; s++) {
      for (let i = 0; i < CLASSES; i++) coder.expect(CLASS + s * CLASSES + i, lastByClass[i % 10]);
      for (let i = 0; i < ABOVES; i++) coder.expect(ABOVE + s * ABOVES + i, s === 0 ? aboveBySum[(i % 80) % 11] : aboveByFew[i % 4]);
    }
    for (let i = 0; i < ZEROS; i++) {
      const j = i % 1024;
      const third = i < 2 * 1024 ? j % 3 : Math.min(j % 5, 3);
      coder.expect(ZERO_LEVEL + i, zeroBySum[Math.floor(j / 7) % 11]);
      coder.expect(ZERO_LEVEL + ZEROS + i, zeroByFew[j % 4]);
      coder.expect(ZERO_LEVEL + 2 * ZEROS + i, zeroByFew[(j >> 4) % 4]);
      coder.expect(ZERO_LEVEL + 3 * ZEROS + i, zeroByFew[third]);
    }
  }

  /**
   * block decodes block b; l and m are the classes to its left and above, y and c those of luma and Cb in the tile, luma
   * and cb their blocks. From end on nothing is left of the budget.
   */
  block(b: Block, l: number, m: number, y: number, c: number, luma: Block, cb: Block, end: number): void {
    const { coder, magnitudes } = this;
    b.levels.fill(0);
    b.last = coder.shifts <= end ? this.last(b, l, m, y, c) : 0;
    if (b.last === 0) return;
    magnitudes.fill(0);
    const scan = b.n === 16 ? scan16 : scan8;
    const shrink = luma.n === 8 && b.n === 8 ? 1 : 0;
    const busy = Math.min(l + m, 15);
    for (let i = b.last - 1; i >= 0 && coder.shifts <= end; i--) this.level(b, scan[i], i, busy, luma, cb, shrink);
  }

  private last(b: Block, l: number, m: number, y: number, c: number): number {
    const { coder } = this;
    const most = b.n === 16 ? 9 : 7;
    const at = CLASS + 2000 * b.kind;
    let c1 = 20 * b.direction + l + m;
    let c2 = Math.min(l + m, 19);
    if (b.plane === 1) c1 = 10 * y;
    else if (b.plane === 2) {
      c1 = 100 + 10 * y + c;
      c2 += 20;
    }
    const p0 = at + 10 * (10 * l + m);
    const p1 = at + CLASSES + 10 * c1;
    const p2 = at + 2 * CLASSES + 10 * c2;
    const p3 = at + 3 * CLASSES + 10 * b.plane;
    let k = 0;
    while (k < most && coder.mix(p0 + k, p1 + k, p2 + k, p3 + k, CLASS_WEIGHTS + 10 * b.kind + k) === 0) k++;
    if (k < 2) return k;
    let v = 1;
    for (let j = 0; j < k - 1; j++) {
      v = 2 * v + (j < 2 ? coder.adaptT(MORE_LAST + 4 * (10 * b.kind + k) + (v & 1) + 2 * j, NOISE) : coder.bit(32768));
    }
    return Math.min(v, b.n * b.n);
  }

  private level(b: Block, z: number, i: number, busy: number, luma: Block, cb: Block, shrink: number): void {
    const { coder, magnitudes } = this;
    const { n, kind } = b;
    const x = z & (n - 1);
    const y = n === 16 ? z >> 4 : z >> 3;
    const at = MARGIN * y + x;
    const t = magnitudes[at + 1] + magnitudes[at + MARGIN];
    const around = t + magnitudes[at + MARGIN + 1] + magnitudes[at + 2] + magnitudes[at + 2 * MARGIN];
    const s = sumClass[around];
    const d = diagonalClass[x + y];
    const t6 = t < 6 ? t : 6;
    const t3 = t < 3 ? t : 3;
    const around3 = around < 3 ? around : 3;
    const size = bits(b.last);
    let other: number;
    if (b.plane === 0) {
      other = 3 * (10 * Math.min(b.last - 1 - i, 15) + size) + Math.min(t, 2);
    } else {
      const lx = x >> shrink;
      const ly = y >> shrink;
      let q = 0;
      if (lx < luma.n && ly < luma.n) q = bits(Math.min(Math.abs(luma.levels[luma.n * ly + lx]), 7));
      if (b.plane === 2) q = 4 + 4 * q + bits(Math.min(Math.abs(cb.levels[z]), 7));
      other = 5 * q + Math.min(around, 4);
    }
    if (i < b.last - 1) {
      const zero = ZERO_LEVEL + 1024 * kind;
      const is = coder.mix(
        zero + 7 * (11 * t6 + s) + d, zero + ZEROS + 4 * z + around3, zero + 2 * ZEROS + 16 * (4 * d + t3) + busy,
        zero + 3 * ZEROS + other, ZERO_WEIGHTS + 11 * (7 * kind + d) + s,
      );
      if (is === 1) return;
    }
    let a = 1;
    const a0 = 11 * t6 + s;
    const a1 = ABOVES + 4 * Math.min(x + y, 15) + Math.min(around >> 1, 3);
    const a2 = 2 * ABOVES + 4 * size + t3;
    const a3 = 3 * ABOVES + 4 * busy + around3;
    for (; a < 10; a++) {
      const above = ABOVE + 80 * (10 * kind + a);
      if (coder.mix(above + a0, above + a1, above + a2, above + a3, ABOVE_WEIGHTS + 10 * kind + a) === 0) break;
    }
    if (a === 10) {
      let k = 0;
      while (k < 10 && coder.bit(32768) === 1) k++;
      a = 9 + (1 << k) + coder.raw(k);
    }
    magnitudes[at] = a < 20 ? a : 20;
    b.levels[z] = coder.bit(32768) === 1 ? -a : a;
  }
}

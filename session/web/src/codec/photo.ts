import { bits, type Coder, rowBytes } from "./coder.ts";
import { PHOTO_ACTIVITY, PHOTO_DECISIONS, PHOTO_AROUND, PHOTO_MOVED } from "./model.ts";
import { abs, clamp, lowerBits, med, shifts } from "./residual.ts";
import type { Picture } from "./picture.ts";

const NEAR = 9; // neighbours
const STOOD = 7; // pixels of the picture before
const INPUTS = NEAR + 6 + STOOD + 2 + 2;
const MOST = 4 << 16; // the largest weight

/** half is a logarithm of a in half steps: 0 to 15 for 0 to 255. */
function half(a: number): number {
  if (a < 3) return a;
  const n = bits(a);
  return 2 * n - 2 + ((a >> (n - 2)) & 1);
}

/** Photo decodes photographic rows of a tile, pixel by pixel (SPEC, section 6). */
export class Photo {
  /** Weights of each channel. */
  private readonly filters = [new Int32Array(INPUTS), new Int32Array(INPUTS), new Int32Array(INPUTS)];
  private readonly inputs = new Int32Array(INPUTS);
  private readonly near = new Int32Array(NEAR);
  private readonly stood = new Int32Array(STOOD);
  /** What stood in the row above when the tile was opened, from the column to its left on. */
  private readonly above = new Int32Array(17);
  /** Sums of errors around the pixel in hand, and what its own predictions were off. */
  private beside = 0;
  private around = 0;
  private off = 0;

  /** A model has its probabilities and sets of weights from two places on; one that refines looks at what stands there, too. */
  constructor(
    private readonly coder: Coder,
    private readonly probabilities: number,
    private readonly sets: number,
    private readonly refining: boolean,
  ) {}

  /** row decodes row y of a tile: the pixels at the places from at to end. */
  row(p: Picture, y: number, at: number, end: number): void {
    const { coder, near, stood, above } = this;
    const { pixels, fresh, errs, stride } = p;
    const begun = coder.shifts;
    const last = end - 1;
    const begin = at;
    if (y === 0) for (let x = 0; x < end - at; x++) above[x + 1] = pixels[at - stride + x];
    let wasW = pixels[at - 1];
    for (let x = 0; at < end; x++, at++) {
      const was = pixels[at];
      fresh[at] = 1;
      if (coder.shifts - begun > rowBytes) {
        pixels[at] = (coder.raw(12) << 12) | coder.raw(12);
      } else {
        // Right of the tile, beside rows of it, nothing is known yet: its last column stands for it.
        const right = y > 0 && at === last ? 0 : 1;
        const right2 = y > 0 ? Math.min(2, last - at) : 2;
        const n = at - stride;
        const nn = n - stride;
        near[0] = pixels[at - 1];
        near[1] = pixels[n];
        near[2] = pixels[n - 1];
        near[3] = pixels[n + right];
        near[4] = pixels[at - 2];
        near[5] = pixels[nn];
        near[6] = pixels[nn + (y > 1 ? right : 1)];
        near[7] = pixels[n + right2];
        near[8] = pixels[n - 2];
        const sum = errs[at - 1] + errs[n];
        this.beside = (sum + 1) >> 1;
        this.around = (sum + errs[n - 1] + errs[n + right] + 2) >> 2;
        if (this.refining) {
          const s = at + stride;
          stood[0] = was;
          stood[1] = pixels[at + 1];
          stood[2] = pixels[s];
          stood[3] = wasW;
          stood[4] = above[x + 1];
          stood[5] = pixels[s + 1];
          stood[6] = pixels[s - 1];
        }
        pixels[at] = this.pixel();
        errs[at] = this.off < 255 ? this.off : 255;
      }
      above[x] = wasW;
      wasW = was;
    }
    above[end - begin] = wasW;
  }

  private pixel(): number {
    const { near, stood, inputs, filters, beside, around } = this;
    const level = bits(around);
    const halfBeside = half(beside);
    const halfAround = half(around);
    let v = 0;
    let residue = 0;
    this.off = 0;
    for (let c = 0; c < 3; c++) {
      const s = shifts[c];
      const w = (near[0] >> s) & 255;
      const n = (near[1] >> s) & 255;
      const nw = (near[2] >> s) & 255;
      const ne = (near[3] >> s) & 255;
      const first = clamp(med(w, n, nw) + residue);
      let k = 0;
      for (; k < NEAR; k++) inputs[k] = ((near[k] >> s) & 255) - first;
      for (let b = 0; b < c; b++) {
        const t = shifts[b];
        const bn = (near[1] >> t) & 255;
        inputs[k++] = ((v >> t) & 255) - ((near[0] >> t) & 255);
        inputs[k++] = ((v >> t) & 255) - bn;
        inputs[k++] = bn - ((near[2] >> t) & 255);
      }
      if (this.refining) {
        for (let i = 0; i < STOOD; i++) inputs[k++] = ((stood[i] >> s) & 255) - first;
        inputs[k++] = w - ((stood[3] >> s) & 255);
        inputs[k++] = n - ((stood[4] >> s) & 255);
        for (let b = 0; b < c; b++) inputs[k++] = ((v >> shifts[b]) & 255) - ((stood[0] >> shifts[b]) & 255);
      }
      const filter = filters[c];
      let sum = 0;
      let power = 256;
      for (let i = 0; i < k; i++) {
        const x = inputs[i];
        sum += Math.imul(filter[i], x) >> 4;
        power += Math.imul(x, x);
      }
      let sixteenths = (first << 4) + (sum >> 8);
      sixteenths = sixteenths < 0 ? 0 : sixteenths > 4080 ? 4080 : sixteenths;
      const guess = (sixteenths + 8) >> 4;

      const varied = abs(w - ((near[4] >> s) & 255)) + abs(n - nw) + abs(ne - n) + abs(w - nw) + abs(n - ((near[5] >> s) & 255)) + abs(ne - ((near[6] >> s) & 255));
      const activity = bits(varied >> 1);
      const before = c === 0 ? 0 : 1 + bits(abs(residue)) + (residue < 0 ? 9 : 0);
      const moved = this.refining ? ((stood[0] >> s) & 255) - guess : guess - first;
      const part = (sixteenths & 15) >> 2;
      const begin = this.probabilities + c * PHOTO_DECISIONS;
      const p0 = begin + 16 * (19 * halfAround + before);
      const p1 = begin + 16 * (PHOTO_AROUND + 4 * (19 * activity + before) + part);
      const p2 = begin + 16 * (PHOTO_AROUND + PHOTO_ACTIVITY + 9 * (15 + (moved < -15 ? -15 : moved > 15 ? 15 : moved)) + level);
      const p3 = begin + 16 * (PHOTO_AROUND + PHOTO_ACTIVITY + PHOTO_MOVED + 4 * (11 * halfBeside + activity) + part);
      const kind = 9 * c + level;
      const d = this.difference(p0, p1, p2, p3, this.sets + 9 * kind, this.probabilities + 3 * PHOTO_DECISIONS + 32 * kind);
      const value = (guess + d) & 255;
      residue = value - guess;
      this.off += abs(d);
      v |= value << s;

      const error = (value << 4) - sixteenths;
      const shift = bits(power) - 8;
      const round = 1 << (shift - 1);
      for (let i = 0; i < k; i++) {
        const to = (filter[i] + ((Math.imul(inputs[i], error) + round) >> shift)) | 0;
        filter[i] = to < -MOST ? -MOST : to > MOST ? MOST : to;
      }
    }
    return v;
  }

  /**
   * difference decodes what a channel is off. From p0 to p3 on are the probabilities of its decisions, from set on their
   * weights, from lower on the probabilities of its lower bits.
   */
  private difference(p0: number, p1: number, p2: number, p3: number, set: number, lower: number): number {
    const { coder } = this;
    if (coder.mix(p0, p1, p2, p3, set) === 1) return 0;
    const negative = coder.mix(p0 + 1, p1 + 1, p2 + 1, p3 + 1, set + 1);
    let n = 1;
    while (n < 8 && coder.mix(p0 + n + 1, p1 + n + 1, p2 + n + 1, p3 + n + 1, set + n + 1) === 1) n++;
    const d = lowerBits(coder, lower, n);
    return negative === 1 ? -d : d;
  }
}

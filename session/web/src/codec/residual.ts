import { bits, type Coder, NOISE } from "./coder.ts";
import { RESIDUAL_NODES } from "./model.ts";

/** med is the median of w, n and w + n - nw (LOCO-I). */
export function med(w: number, n: number, nw: number): number {
  const low = w < n ? w : n;
  const high = w < n ? n : w;
  if (nw >= high) return low;
  if (nw <= low) return high;
  return w + n - nw;
}

export const abs = (a: number): number => (a < 0 ? -a : a);
export const clamp = (a: number): number => (a < 0 ? 0 : a > 255 ? 255 : a);

// The channels in their order: G, R, B, by their places in a pixel.
export const shifts = [8, 16, 0];

/** lowerBits decodes a number of n bits but for its first one, the next two with probabilities from t on. */
export function lowerBits(coder: Coder, t: number, n: number): number {
  if (n === 1) return 1;
  const first = coder.adaptT(t + n, NOISE);
  let d = 2 | first;
  if (n > 2) d = (d << 1) | coder.adaptT(t + 6 + n + 8 * first, NOISE);
  for (let k = 3; k < n; k++) d = (d << 1) | coder.bit(32768);
  return d;
}

/** Residual decodes pixels as differences from a prediction (SPEC, section 6). */
export class Residual {
  private last = 0;

  constructor(private readonly coder: Coder) {}

  /** pixel is predicted from its neighbours alone. */
  pixel(w: number, n: number, nw: number, ne: number): number {
    let v = 0;
    let off = 0;
    for (let c = 0; c < 3; c++) {
      const s = shifts[c];
      const cw = (w >> s) & 255;
      const cn = (n >> s) & 255;
      const cnw = (nw >> s) & 255;
      const cne = (ne >> s) & 255;
      const p = clamp(med(cw, cn, cnw) + off);
      const x = this.value(c, p, abs(cw - cnw) + abs(cn - cnw) + abs(cne - cn), off);
      off = x - p;
      v |= x << s;
    }
    return v;
  }

  private value(channel: number, p: number, activity: number, off: number): number {
    const { coder } = this;
    const before = channel === 0 ? this.last : bits(abs(off));
    const t = RESIDUAL_NODES + 32 * (10 * (10 * channel + Math.min(bits(activity >> 1), 9)) + Math.min(before, 9));
    let x = p;
    if (coder.adaptT(t, NOISE) === 0) {
      const negative = coder.adaptT(t + 1, NOISE);
      let n = 1;
      while (n < 8 && coder.adaptT(t + 1 + n, NOISE) === 1) n++;
      const d = lowerBits(coder, t + 7, n);
      x = (negative === 1 ? p - d : p + d) & 255;
    }
    if (channel === 0) this.last = bits(abs(x - p));
    return x;
  }
}

import { type Coder, squash } from "./coder.ts";

/** clampOdds bounds a logarithm of odds. */
export const clampOdds = (x: number): number => (x < -2047 ? -2047 : x > 2047 ? 2047 : x);

/** newCurves gives n curves (SPEC, section 7). */
export function newCurves(n: number): Uint16Array {
  return Uint16Array.from({ length: 33 * n }, (_, i) => 16 * squash(128 * ((i % 33) - 16)) + 8);
}

/** curved decodes a bit by a curve at x, of which neither value is rarer than least / 65536. */
export function curved(coder: Coder, curves: Uint16Array, curve: number, x: number, least: number): number {
  const u = x + 2048;
  const f = u & 127;
  const at = 33 * curve + (u >> 7);
  const p = (curves[at] * (128 - f) + curves[at + 1] * f) >> 7;
  const bit = coder.bit(p < least ? least : p > 65536 - least ? 65536 - least : p);
  nudge(curves, at + (f >> 6), bit);
  return bit;
}

/** nudge moves a probability of 65536 by 1/64 of the way to a bit. */
export function nudge(table: Uint16Array, at: number, bit: number): void {
  if (bit === 1) table[at] += (65535 - table[at]) >> 6;
  else table[at] -= table[at] >> 6;
}

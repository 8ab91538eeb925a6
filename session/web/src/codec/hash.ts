// What codec/SPEC.md hashes pixels with.
export const K1 = 0x9e3779b1 | 0;
export const K2 = 0x85ebca6b | 0;
export const K3 = 0xc2b2ae35 | 0;
export const K4 = 0x27d4eb2f | 0;
export const K5 = 0x165667b1 | 0;
export const K6 = 0xd3a2646d | 0;
export const K7 = 0xfd7046c5 | 0;
export const K8 = 0xb55a4f09 | 0;
export const K9 = 0x8f14a2bb | 0;
export const K10 = 0x6c8e9cf5 | 0;
export const K11 = 0xe7037ed1 | 0;
export const K12 = 0x8ebc6af1 | 0;

export function hash(h: number): number {
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

import { type Coder, NOISE, SIDE } from "./coder.ts";
import { CODED, KIND, MORE_LEVELS, SAME_STEP, SIZES, STEP, ZERO_LEVEL } from "./model.ts";
import type { Picture } from "./picture.ts";

/** A tile that took more bytes than this has no more levels. */
const tileBytes = 84;

const steps = [
  64, 72, 81, 91, 102, 114, 128, 144, 161, 181, 203, 228, 256, 287, 323, 362, 406, 456, 512, 575, 645, 724, 813, 912, 1024, 1149, 1290, 1448,
  1625, 1825, 2048, 2299,
];

// The order of the levels of a block: from the upper left, in diagonals (JPEG's).
const zigzag = new Uint8Array(64);
for (let i = 0, x = 0, y = 0; i < 64; i++) {
  zigzag[i] = 8 * y + x;
  const up = (x + y) % 2 === 0;
  if (up && x === 7) y++;
  else if (up && y === 0) x++;
  else if (!up && y === 7) x++;
  else if (!up && x === 0) y++;
  else if (up) x++, y--;
  else x--, y++;
}

const bands = Uint8Array.from({ length: 64 }, (_, i) => [0, 2, 5, 9, 14, 20, 35, 63].findIndex((last) => i <= last));

// H.265's 8 x 8 matrix.
const matrix = Int32Array.of(
  64, 64, 64, 64, 64, 64, 64, 64, 89, 75, 50, 18, -18, -50, -75, -89, 83, 36, -36, -83, -83, -36, 36, 83, 75, -18, -89, -50, 50, 89, 18, -75,
  64, -64, -64, 64, 64, -64, -64, 64, 50, -89, 18, 75, -75, -18, 89, -50, 36, -83, 83, -36, -36, 83, -83, 36, 18, -50, 75, -89, 89, -75, 50, -18,
);

const clamp16 = (v: number): number => (v < -32768 ? -32768 : v > 32767 ? 32767 : v);
const clamp = (v: number): number => (v < 0 ? 0 : v > 255 ? 255 : v);

/** Coarse decodes tiles as predictions and transforms of what is left (SPEC, section 7). */
export class Coarse {
  private kind = 0;
  private step = 0;
  private readonly levels = new Int32Array(64);
  private readonly half = new Int32Array(64);
  private readonly blocks = Array.from({ length: 6 }, () => new Int32Array(64));
  private readonly top = new Int32Array(16);
  private readonly side = new Int32Array(16);
  private readonly predicted = new Int32Array(256);

  constructor(private readonly coder: Coder) {}

  /** tile decodes the one in the column and row of tiles given. */
  tile(p: Picture, tx: number, ty: number): void {
    const { coder } = this;
    const k = this.kind;
    if (coder.adapt(KIND + 2 * k, SIDE) === 0) this.kind = (k + (coder.adapt(KIND + 2 * k + 1, SIDE) === 1 ? 1 : 2)) % 3;
    if (coder.adapt(SAME_STEP, SIDE) === 0) this.step = coder.tree(STEP, 5, SIDE);
    const begun = coder.shifts;
    let before = 0;
    for (let b = 0; b < 6; b++) before = this.block(b, before, begun);

    const left = 16 * tx;
    const upper = 16 * ty;
    const across = Math.min(16, p.width - left);
    const down = Math.min(16, p.height - upper);
    this.predict(p, p.index(left, upper), tx === 0, ty === 0, across, down);
    for (let y = 0; y < down; y++) {
      let at = p.index(left, upper + y);
      for (let x = 0; x < across; x++, at++) {
        const v = this.predicted[16 * y + x];
        const luma = this.blocks[2 * (y >> 3) + (x >> 3)][8 * (y & 7) + (x & 7)];
        const half = 8 * (y >> 1) + (x >> 1);
        const cb = this.blocks[4][half];
        const cr = this.blocks[5][half];
        const red = clamp((v >> 16) + luma + ((359 * cr + 128) >> 8));
        const green = clamp(((v >> 8) & 255) + luma - ((88 * cb + 183 * cr + 128) >> 8));
        const blue = clamp((v & 255) + luma + ((454 * cb + 128) >> 8));
        p.pixels[at] = (red << 16) | (green << 8) | blue;
        p.fresh[at] = 1;
      }
    }
  }

  /** predict fills predicted. */
  private predict(p: Picture, at: number, first: boolean, highest: boolean, across: number, down: number): void {
    const { top, side, predicted } = this;
    const { pixels, stride } = p;
    for (let i = 0; i < 16; i++) {
      side[i] = pixels[at + Math.min(i, down - 1) * stride - 1];
      top[i] = pixels[at - stride + Math.min(i, across - 1)];
    }
    if (first && highest) side.fill(0x808080);
    if (highest) top.fill(side[0]);
    else if (first) side.fill(top[0]);

    if (this.kind === 2) {
      for (let y = 0; y < down; y++) for (let x = 0; x < across; x++) predicted[16 * y + x] = pixels[at + y * stride + x];
      return;
    }
    predicted.fill(0);
    for (let s = 0; s <= 16; s += 8) {
      if (this.kind === 0) {
        let sum = 16;
        for (let i = 0; i < 16; i++) sum += ((top[i] >> s) & 255) + ((side[i] >> s) & 255);
        for (let i = 0; i < 256; i++) predicted[i] |= (sum >> 5) << s;
        continue;
      }
      const right = (top[15] >> s) & 255;
      const bottom = (side[15] >> s) & 255;
      for (let y = 0; y < 16; y++) {
        const l = (side[y] >> s) & 255;
        for (let x = 0; x < 16; x++) {
          const t = (top[x] >> s) & 255;
          predicted[16 * y + x] |= (((15 - x) * l + (x + 1) * right + (15 - y) * t + (y + 1) * bottom + 16) >> 5) << s;
        }
      }
    }
  }

  /** block decodes one of the tile's six and returns whether it had a level: 0 or 1. */
  private block(b: number, before: number, begun: number): number {
    const { coder, levels } = this;
    const c = b < 4 ? 0 : 1;
    const out = this.blocks[b];
    if (coder.shifts - begun > tileBytes || coder.adaptT(CODED + 3 * c + before + (b === 5 ? 1 : 0), NOISE) === 0) {
      out.fill(0);
      return 0;
    }
    levels.fill(0);
    let i = 0;
    while (i < 64 && coder.shifts - begun <= tileBytes) {
      const z = zigzag[i];
      const band = bands[i];
      const s = this.near(z);
      if (coder.adaptT(ZERO_LEVEL + 5 * (8 * c + band) + Math.min(s, 4), NOISE) === 1) {
        i++;
        continue;
      }
      const t = SIZES + 8 * (3 * (3 * c + (Math.min(band, 4) >> 1)) + Math.min(s, 2));
      let a = 1;
      while (a < 7 && coder.adaptT(t + a, NOISE) === 1) a++;
      if (a === 7) {
        let k = 0;
        while (k < 10 && coder.bit(32768) === 1) k++;
        a = 6 + ((1 << k) | coder.raw(k));
      }
      levels[z] = coder.bit(32768) === 1 ? -a : a;
      if (i === 63 || coder.adaptT(MORE_LEVELS + 3 * (8 * c + bands[i + 1]) + Math.min(s, 2), NOISE) === 0) break;
      i++;
    }
    const q = steps[this.step];
    this.transform(c === 0 ? q : q + (q >> 1), out);
    return 1;
  }

  /** near is the sum of the levels to the left, above, and above to the left, without their signs. */
  private near(z: number): number {
    const { levels } = this;
    let s = 0;
    if ((z & 7) > 0) s += Math.abs(levels[z - 1]);
    if (z > 7) s += Math.abs(levels[z - 8]);
    if ((z & 7) > 0 && z > 7) s += Math.abs(levels[z - 9]);
    return s;
  }

  /** transform is the inverse one, of levels times q. */
  private transform(q: number, out: Int32Array): void {
    const { levels, half } = this;
    for (let i = 0; i < 64; i++) levels[i] = clamp16(levels[i] * q);
    for (let x = 0; x < 8; x++) {
      for (let y = 0; y < 8; y++) {
        let sum = 64;
        for (let k = 0; k < 8; k++) sum += matrix[8 * k + y] * levels[8 * k + x];
        half[8 * y + x] = clamp16(sum >> 7);
      }
    }
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++) {
        let sum = 2048;
        for (let k = 0; k < 8; k++) sum += matrix[8 * k + x] * half[8 * y + k];
        out[8 * y + x] = sum >> 12;
      }
    }
  }
}

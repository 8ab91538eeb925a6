import { bits, type Coder, CorruptError, SIDE } from "./coder.ts";
import { Formers } from "./formers.ts";
import { BLOCK, COLUMN, DOWN, DOWN_NEAR, FORMER, GAP, GAP_NEAR, LINE, MODE, MORE, RECENT, RIGHT, UNGUESSED, WHOLE } from "./model.ts";
import type { Picture } from "./picture.ts";

export const FAST = 0;
export const COARSE = 1;
export const REFINE = 3; // 2: photographic pixels
export const STRONG = 4;

const COARSE_MASK = 31; // all blocks of a tile, and that it is coarse

/** Tiles decodes which tile comes next, and how it is coded (SPEC, section 4). */
export class Tiles {
  /** The tile in hand. */
  x = -1;
  y = 0;
  mode = FAST;
  /** It shows what it showed before, and that is all. */
  whole = false;
  /** The object that coded a tile last, and the blocks it coded then. */
  private stamps = new Float64Array(0); // their numbers do not wrap at 2^32
  private masks = new Uint8Array(0);
  private readonly formers = new Formers();
  private object = 0;
  private begin = 0; // the column where the row of tiles began
  private right = 0; // 1: the tile in hand was a right neighbour
  private readonly jumps = [0, 0, 0, 0, 0, 0, 0, 0]; // x, y of the last four

  constructor(private readonly coder: Coder) {}

  resize(p: Picture): void {
    this.stamps = new Float64Array(p.tilesAcross * p.tilesDown);
    this.masks = new Uint8Array(p.tilesAcross * p.tilesDown);
    this.x = -1;
    this.y = this.begin = 0;
    this.jumps.fill(0);
    this.formers.resize(p);
  }

  /** start begins object n; a tile that is open goes on as one of its own. */
  start(n: number): void {
    this.object = n;
    this.formers.start(n);
  }

  /** changes notes that what the tile at x, y shows is about to change. */
  changes(p: Picture, x: number, y: number): void {
    this.formers.changes(p, x, y, this.stamps[y * p.tilesAcross + x] !== 0);
  }

  /** mask is the blocks of the tile in hand that are coded. */
  mask(p: Picture): number {
    return this.masks[this.y * p.tilesAcross + this.x];
  }

  /** goOn notes that the tile in hand is one of this object's too. */
  goOn(p: Picture): void {
    this.stamps[this.y * p.tilesAcross + this.x] = this.object;
  }

  /** next decodes the head of the object's next tile; false: there is none. */
  next(p: Picture, first: boolean): boolean {
    const { coder } = this;
    const f = first ? 1 : 0;
    if (coder.adapt(MORE + 2 * f + this.right, SIDE) === 0) return false;
    this.place(p, f);
    if (this.x < 0 || this.y < 0 || this.x >= p.tilesAcross || this.y >= p.tilesDown) throw new CorruptError("a tile is outside the picture");
    const t = this.y * p.tilesAcross + this.x;
    if (this.stamps[t] === this.object) throw new CorruptError("a tile is coded twice");
    this.whole = this.former(p, t);
    if (this.whole) {
      this.masks[t] = 15;
      this.stamps[t] = this.object;
      return true;
    }
    const m = this.mode;
    let k = 0;
    while (k < 4 && coder.adapt(MODE + 4 * m + k, SIDE) === 0) k++;
    this.mode = (m + k) % 5;
    const mask = this.mode === FAST || this.mode === STRONG ? this.blocks(p, t) : this.mode === COARSE ? COARSE_MASK : 15;
    if (this.mode !== REFINE || this.masks[t] !== COARSE_MASK) this.changes(p, this.x, this.y);
    this.masks[t] = mask;
    this.stamps[t] = this.object;
    return true;
  }

  /** former decodes whether tile t, the one in hand, shows a former content again, and does so. It tells whether that is all. */
  private former(p: Picture, t: number): boolean {
    const { coder, formers } = this;
    let guess = -1;
    let context = 0;
    let beside = -1;
    if (this.x > 0 && this.lately(t - 1) === 1) beside = t - 1;
    else if (this.y > 0 && this.lately(t - p.tilesAcross) === 1) beside = t - p.tilesAcross;
    if (beside >= 0) {
      context = 1;
      if (formers.hasRecalled(beside)) {
        guess = formers.guess(t, beside);
        context = guess < 0 ? 2 : 3;
      }
    }
    formers.forgetRecalled(t);
    const n = formers.count(t);
    if (n === 0) return false;
    let which = guess;
    if (coder.adapt(UNGUESSED + context, SIDE) === 1) {
      const last = guess === n - 1 ? n - 2 : n - 1;
      for (which = -1; which < last; which++) {
        if (which !== guess && coder.adaptT(FORMER + 4 * (which + 1) + context, SIDE) === 1) break;
      }
    }
    if (which < 0) return false;
    const whole = coder.adapt(WHOLE + (context === 3 ? 1 : 0), SIDE) === 1;
    formers.recall(p, this.x, this.y, which, whole, this.stamps[t] !== 0);
    return whole;
  }

  private lately(t: number): number {
    const s = this.stamps[t];
    return s !== 0 && s >= this.object - 1 ? 1 : 0;
  }

  private place(p: Picture, first: number): void {
    const { coder } = this;
    if (this.x + 1 < p.tilesAcross) {
      const t = this.y * p.tilesAcross + this.x + 1;
      const up = this.y > 0 ? this.lately(t - p.tilesAcross) : 0;
      this.right = coder.adapt(RIGHT + first + 2 * this.right + 4 * this.lately(t) + 8 * up, SIDE);
      if (this.right === 1) {
        this.x++;
        return;
      }
    }
    this.right = 0;
    if (first === 1) {
      for (let k = 0; k < 4; k++) {
        if (coder.adapt(RECENT + k, SIDE) === 1) {
          this.jump(k, this.jumps[2 * k], this.jumps[2 * k + 1]);
          return;
        }
      }
    }
    if (coder.adapt(DOWN, SIDE) === 1) {
      this.x = this.begin = this.begin + coder.tree(DOWN_NEAR, 3, SIDE) - 4;
      this.y++;
    } else if (coder.adapt(GAP, SIDE) === 1) {
      this.x += 2 + coder.tree(GAP_NEAR, 3, SIDE);
    } else {
      const x = coder.place(COLUMN, bits(p.tilesAcross - 1), SIDE);
      const y = coder.place(LINE, bits(p.tilesDown - 1), SIDE);
      if (first === 1) this.jump(3, x, y);
      this.x = this.begin = x;
      this.y = y;
    }
  }

  /** jump goes to a place and puts it in front of the last four, in place of the one at k. */
  private jump(k: number, x: number, y: number): void {
    this.jumps.copyWithin(2, 0, 2 * k);
    this.jumps[0] = this.x = this.begin = x;
    this.jumps[1] = this.y = y;
  }

  /** blocks decodes which 8 x 8 blocks of tile t are coded: bit q is 0 upper left, 1 upper right, 2 lower left, 3 lower right. */
  private blocks(p: Picture, t: number): number {
    const { coder, masks } = this;
    const old = masks[t];
    const leftMask = this.x > 0 && this.lately(t - 1) === 1 ? masks[t - 1] : 0;
    const upMask = this.y > 0 && this.lately(t - p.tilesAcross) === 1 ? masks[t - p.tilesAcross] : 0;
    let mask = 0;
    for (let q = 0; q < 4; q++) {
      if (16 * this.x + 8 * (q & 1) >= p.width || 16 * this.y + 8 * (q >> 1) >= p.height) continue;
      const left = (q & 1) === 1 ? (mask >> (q - 1)) & 1 : (leftMask >> (q + 1)) & 1;
      const up = q >= 2 ? (mask >> (q - 2)) & 1 : (upMask >> (q + 2)) & 1;
      const context = q + 4 * left + 8 * up + 16 * ((old >> q) & 1) + 32 * (mask !== 0 ? 1 : 0);
      mask |= coder.adapt(BLOCK + context, SIDE) << q;
    }
    return mask;
  }
}

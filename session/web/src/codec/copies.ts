import { bits, type Coder, CorruptError, SIDE } from "./coder.ts";
import { COPIES, OFFSET, TARGET, TARGET_SIDE, TARGETS, ZERO_OFFSET } from "./model.ts";
import type { Picture } from "./picture.ts";
import type { Tiles } from "./tiles.ts";

const most = 32; // in an object

/** Copies moves parts of the picture, at an object's head (SPEC, section 3). */
export class Copies {
  private readonly offsets = [0, 0, 0, 0, 0, 0, 0, 0]; // x, y of the last four
  private readonly target = [0, 0, 0, 0];
  // Targets of this object in pixels (left, top, right, bottom) and what comes there.
  private readonly rects = new Int32Array(4 * most);
  private pixels = new Int32Array(0);

  constructor(private readonly coder: Coder) {}

  resize(): void {
    this.target.fill(0);
  }

  /** move decodes and does the copies: all sources are read before anything is written. */
  move(p: Picture, tiles: Tiles): void {
    let n = 0;
    let used = 0;
    while (n < most && this.coder.adapt(COPIES + (n > 0 ? 1 : 0), SIDE) === 1) used = this.read(p, n++, used);
    for (let i = 0; i < n; i++) this.leave(p, tiles, i);
    for (let i = 0, from = 0; i < n; i++) from = this.write(p, i, from);
  }

  private read(p: Picture, i: number, used: number): number {
    this.readOffset();
    this.readTarget(p);
    const { rects, offsets, target } = this;
    const left = 16 * target[0];
    const top = 16 * target[1];
    const right = Math.min(16 * target[2], p.width);
    const bottom = Math.min(16 * target[3], p.height);
    const fromX = left - offsets[0];
    const fromY = top - offsets[1];
    const across = right - left;
    const down = bottom - top;
    if (across <= 0 || down <= 0) throw new CorruptError("a copy's target is empty");
    if (fromX < 0 || fromY < 0 || fromX + across > p.width || fromY + down > p.height) {
      throw new CorruptError("a copy's source is outside the picture");
    }
    if (used + across * down > p.width * p.height) throw new CorruptError("copies are larger than the picture");
    if (this.pixels.length < p.width * p.height) this.pixels = new Int32Array(p.width * p.height);
    rects.set([left, top, right, bottom], 4 * i);
    for (let y = 0; y < down; y++, used += across) {
      const at = p.index(fromX, fromY + y);
      this.pixels.set(p.pixels.subarray(at, at + across), used);
    }
    return used;
  }

  private readOffset(): void {
    const { coder, offsets } = this;
    let x = 0;
    let y = 0;
    let k = 0;
    while (k < 4 && coder.adapt(OFFSET + k, SIDE) === 0) k++;
    if (k < 4) {
      x = offsets[2 * k];
      y = offsets[2 * k + 1];
    } else {
      if (coder.adapt(ZERO_OFFSET, SIDE) === 0) x = coder.raw(14) - 8192;
      if (coder.adapt(ZERO_OFFSET + 1, SIDE) === 0) y = coder.raw(14) - 8192;
      k = 3;
    }
    offsets.copyWithin(2, 0, 2 * k);
    offsets[0] = x;
    offsets[1] = y;
  }

  private readTarget(p: Picture): void {
    for (let i = 0; i < 4; i++) {
      if (this.coder.adapt(TARGET_SIDE + i, SIDE) === 0) this.target[i] = this.coder.place(TARGETS + TARGET * i, bits(i % 2 === 0 ? p.tilesAcross : p.tilesDown), SIDE);
    }
  }

  /** leave notes that the tiles of target i are about to change. */
  private leave(p: Picture, tiles: Tiles, i: number): void {
    const { rects } = this;
    for (let y = rects[4 * i + 1]; y < rects[4 * i + 3]; y += 16) {
      for (let x = rects[4 * i]; x < rects[4 * i + 2]; x += 16) tiles.changes(p, x >> 4, y >> 4);
    }
  }

  private write(p: Picture, i: number, from: number): number {
    const { rects } = this;
    const left = rects[4 * i];
    const top = rects[4 * i + 1];
    const across = rects[4 * i + 2] - left;
    const bottom = rects[4 * i + 3];
    for (let y = top; y < bottom; y++, from += across) {
      p.pixels.set(this.pixels.subarray(from, from + across), p.index(left, y));
      if (y % 16 === 0) {
        const t = (y >> 4) * p.tilesAcross;
        p.dirty.fill(1, t + (left >> 4), t + ((left + across + 15) >> 4));
      }
    }
    return from;
  }
}

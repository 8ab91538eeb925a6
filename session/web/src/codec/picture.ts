const ABOVE = 3;
const MARGIN = 6;

/**
 * Picture holds the pixels as R<<16 | G<<8 | B, with a margin of zeros (three rows above, one below, six columns to the left, which
 * the row before has to its right), so that a neighbour outside reads as 0 without a question.
 */
export class Picture {
  width = 0;
  height = 0;
  tilesAcross = 0;
  tilesDown = 0;
  /** From one row to the next. */
  stride = MARGIN;
  pixels = new Int32Array(0);
  /** 1 for pixels that were not foreseen: grain; the same places as pixels. */
  fresh = new Uint8Array(0);
  /** How far the predictions of photographic pixels were off; the same places. */
  errs = new Uint8Array(0);
  private spare = new Int32Array(0); // of the size before, so that changing to and fro makes no garbage
  /** 1 for tiles that changed since whoever paints them set it to 0. */
  dirty = new Uint8Array(0);

  index(x: number, y: number): number {
    return (y + ABOVE) * this.stride + x + MARGIN;
  }

  /** resize keeps the upper left part; all else is 0. */
  resize(width: number, height: number): void {
    const { pixels, stride } = this;
    const across = Math.min(width, this.width);
    const down = Math.min(height, this.height);
    this.width = width;
    this.height = height;
    this.tilesAcross = (width + 15) >> 4;
    this.tilesDown = (height + 15) >> 4;
    this.stride = width + MARGIN;
    const places = this.stride * (height + ABOVE + 1) + MARGIN;
    this.pixels = this.spare.length < places ? new Int32Array(places) : this.spare.fill(0);
    this.spare = pixels;
    this.fresh = this.fresh.length < places ? new Uint8Array(places) : this.fresh.fill(0);
    this.errs = this.errs.length < places ? new Uint8Array(places) : this.errs.fill(0);
    this.dirty = new Uint8Array(this.tilesAcross * this.tilesDown).fill(1);
    for (let y = 0; y < down; y++) {
      const from = (y + ABOVE) * stride + MARGIN;
      this.pixels.set(pixels.subarray(from, from + across), this.index(0, y));
    }
  }
}

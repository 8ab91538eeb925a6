import type { Picture } from "./codec/picture.ts";

/** Painter puts what has changed of a picture onto a canvas. */
export class Painter {
  private readonly context: OffscreenCanvasRenderingContext2D;
  private image: ImageData | null = null;
  private words = new Uint32Array(0); // the image's pixels, ABGR

  constructor(private readonly canvas: OffscreenCanvas) {
    this.context = canvas.getContext("2d", { alpha: false })!;
  }

  /** paint uploads the tiles that changed since the last call, neighbours of a row together. */
  paint(p: Picture): void {
    if (p.width === 0) return;
    if (this.image === null || this.image.width !== p.width || this.image.height !== p.height) {
      this.canvas.width = p.width;
      this.canvas.height = p.height;
      const bytes = new Uint8ClampedArray(4 * p.width * p.height);
      this.words = new Uint32Array(bytes.buffer);
      this.image = new ImageData(bytes, p.width, p.height);
      p.dirty.fill(1);
    }
    for (let ty = 0, t = 0; ty < p.tilesDown; ty++) {
      for (let tx = 0; tx < p.tilesAcross; tx++, t++) {
        if (p.dirty[t] === 0) continue;
        const from = tx;
        for (; tx < p.tilesAcross && p.dirty[t] !== 0; tx++, t++) p.dirty[t] = 0;
        this.put(p, 16 * from, 16 * ty, Math.min(16 * tx, p.width), Math.min(16 * ty + 16, p.height));
        tx--;
        t--;
      }
    }
  }

  private put(p: Picture, left: number, top: number, right: number, bottom: number): void {
    const { words } = this;
    const { pixels } = p;
    for (let y = top; y < bottom; y++) {
      let to = y * p.width + left;
      let at = p.index(left, y);
      for (let x = left; x < right; x++, at++, to++) {
        const v = pixels[at];
        words[to] = 0xff000000 | ((v & 255) << 16) | (v & 0xff00) | (v >>> 16);
      }
    }
    this.context.putImageData(this.image!, 0, 0, left, top, right - left, bottom - top);
  }
}

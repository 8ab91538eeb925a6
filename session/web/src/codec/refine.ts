import type { Coder } from "./coder.ts";
import { REFINE_NODES } from "./model.ts";
import type { Picture } from "./picture.ts";
import { Residual } from "./residual.ts";

/** A row that took more bytes than this goes on with plain pixels. */
const rowBytes = 32;

/** Refine decodes rows of a tile as differences from what stood there (SPEC, section 6). */
export class Refine {
  private readonly residual: Residual;
  /** What stood in the tile when it was opened. */
  private readonly stood = new Int32Array(256);

  constructor(private readonly coder: Coder) {
    this.residual = new Residual(coder, REFINE_NODES);
  }

  /** open keeps what stands in the tile whose upper left pixel is at a place. */
  open(p: Picture, at: number, across: number, down: number): void {
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) this.stood[16 * y + x] = p.pixels[at + y * p.stride + x];
    }
  }

  /** row decodes row y of the tile: the pixels at the places from at to end. */
  row(p: Picture, y: number, at: number, end: number): void {
    const { coder, stood } = this;
    const { pixels, fresh, stride } = p;
    const begun = coder.shifts;
    for (let x = 0; at < end; x++, at++) {
      fresh[at] = 1;
      if (coder.shifts - begun > rowBytes) {
        pixels[at] = (coder.raw(12) << 12) | coder.raw(12);
        continue;
      }
      const w = pixels[at - 1];
      const n = pixels[at - stride];
      const nw = pixels[at - stride - 1];
      const i = 16 * y + x;
      pixels[at] = this.residual.refined(
        w, n, nw, pixels[at - stride + 1], pixels[at],
        x > 0 ? stood[i - 1] : w,
        y > 0 ? stood[i - 16] : n,
        x > 0 && y > 0 ? stood[i - 17] : nw,
      );
    }
  }
}

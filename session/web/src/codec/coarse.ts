import { bits, type Coder, SIDE } from "./coder.ts";
import { type Block, Levels, scan16, scan8 } from "./levels.ts";
import { FULL, LONG, SAME_STEP, SPLIT, STEP, TOWARD, VIEW } from "./model.ts";
import type { Picture } from "./picture.ts";
import { Planes } from "./planes.ts";
import { inverse } from "./transform.ts";

const steps = [
  64, 72, 81, 91, 102, 114, 128, 144, 161, 181, 203, 228, 256, 287, 323, 362, 406, 456, 512, 575, 645, 724, 813, 912, 1024, 1149, 1290, 1448,
  1625, 1825, 2048, 2299,
];

/** Once a tile's levels have used more bytes than this, all others are zero. */
const shortBudget = 80;
const longBudget = 220;

/** The direction of chroma in a tile that is split. */
const SMOOTH = 1;
/** No direction: the prediction is what stands there. */
const STAYS = -1;

// What is kept of a tile, in one array: directions and classes of its four quarters of luma, classes of Cb and Cr, split.
const DIRECTIONS = 0;
const CLASSES = 4;
const CHROMA = 8;
const IS_SPLIT = 10;
const NOTE = 11;

/** Coarse decodes tiles as predictions and coefficients of what those lack (SPEC, section 7). */
export class Coarse {
  private step = 0;
  private view = 0;
  private full = 0;
  private long = 0;
  private readonly directions = new Uint8Array(4);
  /** Of all tiles, after a place of zeros for those outside. */
  private notes = new Uint8Array(NOTE);
  private readonly blocks: Block[] = Array.from({ length: 6 }, () => ({
    kind: 0, plane: 0, x: 0, y: 0, n: 0, direction: 0, last: 0, levels: new Int32Array(256),
  }));
  private readonly levels: Levels;
  private readonly planes = new Planes();
  private readonly differences = new Int32Array(256);

  constructor(private readonly coder: Coder) {
    this.levels = new Levels(coder);
  }

  resize(p: Picture): void {
    this.notes = new Uint8Array(NOTE * (p.tilesAcross * p.tilesDown + 1));
  }

  /** tile decodes the one in the column and row of tiles given. */
  tile(p: Picture, tx: number, ty: number): void {
    const { coder, notes } = this;
    const own = NOTE * (ty * p.tilesAcross + tx + 1);
    const left = tx > 0 ? own - NOTE : 0;
    const up = ty > 0 ? own - NOTE * p.tilesAcross : 0;
    if (coder.adapt(SAME_STEP, SIDE) === 0) this.step = coder.tree(STEP, 5, SIDE);
    this.view = coder.adapt(VIEW + this.view, SIDE);
    this.full = coder.adapt(FULL + this.full, SIDE);
    this.long = coder.adapt(LONG + this.long, SIDE);
    const split = coder.adapt(SPLIT + notes[left + IS_SPLIT] + 2 * notes[up + IS_SPLIT], SIDE);
    if (this.view === 0) this.toward(left, up, split === 1);
    notes[own + IS_SPLIT] = split;
    for (let k = 0; k < 4; k++) notes[own + DIRECTIONS + k] = this.directions[k];

    const n = this.arrange(split === 1);
    this.decode(n, left, up, own);
    this.planes.surround(p, tx, ty, this.full === 1, this.view === 1);
    for (let k = 0; k < n; k++) this.add(this.blocks[k]);
    if (this.view === 0) this.planes.smooth(split === 1, steps[this.step] >> 1);
    this.planes.colour(p, tx, ty);
  }

  /** toward decodes the directions. */
  private toward(left: number, up: number, split: boolean): void {
    const { coder, notes, directions } = this;
    for (let k = 0; k < 4; k++) {
      if (k > 0 && !split) {
        directions[k] = directions[0];
        continue;
      }
      const l = (k & 1) === 1 ? directions[k - 1] : notes[left + DIRECTIONS + (k | 1)];
      const u = k > 1 ? directions[k - 2] : notes[up + DIRECTIONS + (k | 2)];
      directions[k] = coder.tree(TOWARD + 8 * (8 * l + u), 3, SIDE);
    }
  }

  /** arrange lists the tile's blocks and returns how many there are. */
  private arrange(split: boolean): number {
    const { directions } = this;
    let n = 0;
    if (split) for (; n < 4; n++) this.set(n, 1, 0, 8 * (n & 1), 8 * (n >> 1), 8, directions[n]);
    else this.set(n++, 0, 0, 0, 0, 16, directions[0]);
    const direction = split ? SMOOTH : directions[0];
    this.set(n++, 2 + this.full, 1, 0, 0, 8 + 8 * this.full, direction);
    this.set(n++, 2 + this.full, 2, 0, 0, 8 + 8 * this.full, direction);
    return n;
  }

  private set(i: number, kind: number, plane: number, x: number, y: number, n: number, direction: number): void {
    const b = this.blocks[i];
    b.kind = kind;
    b.plane = plane;
    b.x = x;
    b.y = y;
    b.n = n;
    b.direction = direction;
  }

  /** decode decodes the levels of n blocks. */
  private decode(n: number, left: number, up: number, own: number): void {
    const { blocks, notes, coder } = this;
    const end = coder.shifts + (this.long === 1 ? longBudget : shortBudget);
    const quarters = own + CLASSES;
    let most = 0;
    for (let k = 0; k < n; k++) {
      const b = blocks[k];
      let l: number;
      let u: number;
      if (b.kind === 0) {
        l = Math.max(notes[left + CLASSES + 1], notes[left + CLASSES + 3]);
        u = Math.max(notes[up + CLASSES + 2], notes[up + CLASSES + 3]);
      } else if (b.kind === 1) {
        l = (k & 1) === 1 ? notes[quarters + k - 1] : notes[left + CLASSES + (k | 1)];
        u = k > 1 ? notes[quarters + k - 2] : notes[up + CLASSES + (k | 2)];
      } else {
        l = notes[left + CHROMA + b.plane - 1];
        u = notes[up + CHROMA + b.plane - 1];
      }
      this.levels.block(b, l, u, most, notes[own + CHROMA], blocks[0], blocks[n - 2], end);
      const size = bits(b.last);
      if (b.plane > 0) notes[own + CHROMA + b.plane - 1] = size;
      else if (size > most) most = size;
      if (b.kind === 0) notes.fill(size, quarters, quarters + 4);
      else if (b.kind === 1) notes[quarters + k] = size;
    }
  }

  /** add puts a block into its plane. */
  private add(b: Block): void {
    const direction = this.view === 1 ? STAYS : b.direction;
    if (b.last === 0) {
      this.planes.add(b.plane, b.x, b.y, b.n, direction, null);
      return;
    }
    const { differences } = this;
    let q = steps[this.step];
    if (b.plane > 0) q = (q * (21 - (Math.min(Math.max(this.step - 8, 0), 12) >> 1))) >> 4;
    const scan = b.n === 16 ? scan16 : scan8;
    const shift = b.n === 16 ? 4 : 3;
    let rows = 0;
    let columns = 0;
    differences.fill(0, 0, b.n * b.n);
    for (let i = 0; i < b.last; i++) {
      const z = scan[i];
      const v = b.levels[z];
      if (v === 0) continue;
      differences[z] = v > 0 ? v * q - (q >> 4) : v * q + (q >> 4);
      rows = Math.max(rows, (z >> shift) + 1);
      columns = Math.max(columns, (z & (b.n - 1)) + 1);
    }
    inverse(differences, b.n, rows, columns);
    this.planes.add(b.plane, b.x, b.y, b.n, direction, differences);
  }
}

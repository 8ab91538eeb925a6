import { Coarse } from "./coarse.ts";
import { Coder, CorruptError, NOISE, SIDE } from "./coder.ts";
import { Copies } from "./copies.ts";
import { Fast } from "./fast.ts";
import { GO_ON, PHOTO_ROWS, PHOTO_WEIGHTS, PROBABILITIES, REFINE_ROWS, REFINE_WEIGHTS, RESIZED, STOP, WEIGHTS } from "./model.ts";
import { Photo } from "./photo.ts";
import { Picture } from "./picture.ts";
import { Strong } from "./strong.ts";
import { COARSE, FAST, REFINE, STRONG, Tiles } from "./tiles.ts";

/** LimitError: a size above what the decoder allows. */
export class LimitError extends Error {}

/** The most pixels of a picture: eight of 2560 x 1600. Each takes 14 bytes here, and 4 in the canvas. */
export const maxPixels = 1 << 25;

/** What an object did. */
export interface Change {
  resized: boolean;
  /** Pixels of coded tiles. */
  coded: number;
}

/**
 * Decoder makes the picture from a stream of objects, as codec/SPEC.md says. After an error it refuses everything.
 *
 *	object --> Copies --> Tiles --(place, mode)--> Fast, Strong, Photo: row by row; Coarse: a tile
 *	              \__________ all read bits from one Coder, all write to one Picture
 */
export class Decoder {
  readonly picture = new Picture();
  private readonly coder = new Coder(PROBABILITIES, WEIGHTS);
  private readonly copies = new Copies(this.coder);
  private readonly tiles = new Tiles(this.coder);
  private readonly fast = new Fast(this.coder);
  private strong: Strong | null = null; // from the first such tile on
  private readonly photo = new Photo(this.coder, PHOTO_ROWS, PHOTO_WEIGHTS, false);
  private readonly refine = new Photo(this.coder, REFINE_ROWS, REFINE_WEIGHTS, true);
  private readonly coarse = new Coarse(this.coder);
  private readonly change: Change = { resized: false, coded: 0 };
  private object = 0;
  private broken = false;
  private open = false; // the tile in hand has rows left
  private row = 0; // the next of them

  /** decode takes the next object. What it returns is valid until the next call. */
  decode(bytes: Uint8Array): Readonly<Change> {
    if (this.broken) throw new CorruptError("the stream is broken");
    this.broken = true; // unless all goes well
    const { coder, tiles, picture, change } = this;
    change.resized = false;
    change.coded = 0;
    this.object++;
    coder.start(bytes);
    tiles.start(this.object);
    if (coder.adapt(RESIZED, SIDE) === 1) this.resize(coder.raw(13) + 1, coder.raw(13) + 1);
    if (picture.width === 0) throw new CorruptError("the first object has no size");
    if (this.open && coder.adapt(GO_ON, SIDE) === 1) {
      tiles.goOn(picture);
      this.rows();
    } else {
      this.open = false;
      this.copies.move(picture, tiles);
    }
    for (let first = true; !this.open && tiles.next(picture, first); first = false) this.tile();
    coder.end();
    this.broken = false;
    return change;
  }

  private resize(width: number, height: number): void {
    if (width === this.picture.width && height === this.picture.height) throw new CorruptError("a resize to the same size");
    if (width * height > maxPixels) throw new LimitError(`a picture of ${width} x ${height} is too large`);
    this.picture.resize(width, height);
    this.tiles.resize(this.picture);
    this.coarse.resize(this.picture);
    this.copies.resize();
    this.open = false;
    this.change.resized = true;
  }

  private tile(): void {
    const { tiles, picture } = this;
    if (tiles.whole || tiles.mode === COARSE) {
      if (!tiles.whole) this.coarse.tile(picture, tiles.x, tiles.y);
      picture.dirty[tiles.y * picture.tilesAcross + tiles.x] = 1;
      this.change.coded += 256;
      return;
    }
    if (tiles.mode === STRONG) {
      this.strong ??= new Strong(this.coder);
      this.strong.open(picture, tiles.x, tiles.y);
    }
    this.row = 0;
    this.rows();
  }

  /** rows decodes those of the tile in hand that have a coded block, until its end or a stop: then the tile stays open. */
  private rows(): void {
    const { coder, tiles, picture } = this;
    const mask = tiles.mask(picture);
    const left = 16 * tiles.x;
    const bottom = Math.min(16, picture.height - 16 * tiles.y);
    picture.dirty[tiles.y * picture.tilesAcross + tiles.x] = 1;
    this.open = false;
    let first = true;
    for (; this.row < bottom; this.row++) {
      const coded = (mask >> (this.row < 8 ? 0 : 2)) & 3;
      if (coded === 0) continue;
      if (!first && coder.adapt(STOP + tiles.mode, NOISE) === 1) {
        this.open = true;
        return;
      }
      first = false;
      const row = picture.index(left, 16 * tiles.y + this.row);
      const at = row + (coded & 1 ? 0 : 8);
      const end = row + Math.min(coded & 2 ? 16 : 8, picture.width - left);
      if (tiles.mode === FAST) this.fast.row(picture, at, end);
      else if (tiles.mode === STRONG) this.strong!.row(picture, coded & 1 ? 0 : 8, this.row, at, end);
      else (tiles.mode === REFINE ? this.refine : this.photo).row(picture, this.row, at, end);
      this.change.coded += end - at;
    }
  }
}

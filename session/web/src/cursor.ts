// The shape of the host's pointer (session/SPEC.md, "Cursor"): the browser draws it, so that it follows the hand at once.
import { ProtocolError, Reader } from "./wire.ts";

export interface Cursor {
  width: number; // 0: no cursor
  height: number;
  hotX: number;
  hotY: number;
  pixels: Uint8ClampedArray<ArrayBuffer>; // RGBA, multiplied by A
}

const none: Cursor = { width: 0, height: 0, hotX: 0, hotY: 0, pixels: new Uint8ClampedArray(0) };
const slots = 32;
const mostSide = 64;

/** CursorSlots holds the shapes that have come on one connection. */
export class CursorSlots {
  private readonly shapes: Cursor[] = Array.from({ length: slots }, () => none);

  /** show takes a message and returns what is to be shown. */
  show(message: Uint8Array): Cursor {
    const r = new Reader(message);
    const slot = r.byte();
    if (slot >= slots) throw new ProtocolError(`there is no slot ${slot}`);
    if (r.left > 0) this.shapes[slot] = parse(r);
    return this.shapes[slot];
  }
}

function parse(r: Reader): Cursor {
  const [width, height, hotX, hotY] = [r.byte(), r.byte(), r.byte(), r.byte()];
  if (width === 0 && height === 0 && hotX === 0 && hotY === 0 && r.left === 0) return none;
  if (width < 1 || height < 1 || width > mostSide || height > mostSide || hotX >= width || hotY >= height) {
    throw new ProtocolError(`a cursor of ${width} x ${height} pixels that points with ${hotX},${hotY}`);
  }
  const pixels = new Uint8ClampedArray(4 * width * height);
  let at = 0;
  const copy = (n: number) => {
    if (n > r.left || at + n > pixels.length) throw new ProtocolError("a cursor's runs do not fit");
    pixels.set(r.bytes(n), at);
    at += n;
  };
  while (at < pixels.length) {
    const head = r.byte();
    const n = (head & 31) + 1;
    const kind = head >> 5;
    if (kind > 2 || at + 4 * n > pixels.length) throw new ProtocolError("a cursor's runs do not fit");
    if (kind === 0) at += 4 * n;
    else if (kind === 2) copy(4 * n);
    else {
      copy(4);
      for (const end = at + 4 * (n - 1); at < end; at += 4) pixels.copyWithin(at, at - 4, at);
    }
  }
  if (r.left > 0) throw new ProtocolError("a cursor's runs do not fit");
  return { width, height, hotX, hotY, pixels };
}

/** straight are the pixels with the colours no longer multiplied by A, as an image has them. */
export function straight(c: Cursor): Uint8ClampedArray<ArrayBuffer> {
  const out = c.pixels.slice();
  for (let i = 0; i < out.length; i += 4) {
    const a = out[i + 3];
    if (a !== 0) for (let k = 0; k < 3; k++) out[i + k] = Math.round((255 * c.pixels[i + k]) / a);
  }
  return out;
}

/** cssOf is a value for the cursor property of CSS. */
export function cssOf(c: Cursor): string {
  if (c.width === 0) return "none";
  const canvas = document.createElement("canvas");
  canvas.width = c.width;
  canvas.height = c.height;
  canvas.getContext("2d")!.putImageData(new ImageData(straight(c), c.width, c.height), 0, 0);
  return `url(${canvas.toDataURL()}) ${c.hotX} ${c.hotY}, default`;
}

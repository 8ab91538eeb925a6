import { inflateSync } from "node:zlib";

/** readPNG gives a PNG's pixels as R<<16 | G<<8 | B. It knows what Go writes: 8 bits, RGB or RGBA, not interlaced. */
export function readPNG(b: Buffer): { width: number; height: number; pixels: Int32Array } {
  const parts: Buffer[] = [];
  let width = 0;
  let height = 0;
  let size = 3;
  for (let at = 8; at < b.length; at += 12 + b.readUInt32BE(at)) {
    const data = b.subarray(at + 8, at + 8 + b.readUInt32BE(at));
    const kind = b.toString("latin1", at + 4, at + 8);
    if (kind === "IHDR") {
      width = data.readUInt32BE(0);
      height = data.readUInt32BE(4);
      if (data[8] !== 8 || (data[9] !== 2 && data[9] !== 6)) throw new Error("a PNG of another kind");
      size = data[9] === 6 ? 4 : 3;
    } else if (kind === "IDAT") parts.push(data);
  }
  const raw = inflateSync(Buffer.concat(parts));
  const line = size * width;
  const pixels = new Int32Array(width * height);
  let above = new Uint8Array(line);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)];
    const row = new Uint8Array(raw.subarray(y * (line + 1) + 1, (y + 1) * (line + 1)));
    for (let i = 0; i < line; i++) {
      const a = i < size ? 0 : row[i - size];
      const c = i < size ? 0 : above[i - size];
      row[i] += [0, a, above[i], (a + above[i]) >> 1, paeth(a, above[i], c)][filter];
    }
    for (let x = 0; x < width; x++) pixels[y * width + x] = (row[x * size] << 16) | (row[x * size + 1] << 8) | row[x * size + 2];
    above = row;
  }
  return { width, height, pixels };
}

function paeth(a: number, b: number, c: number): number {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - 2 * c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

import type { Picture } from "./picture.ts";

const STRIDE = 33;

const luma = (v: number): number => (77 * (v >> 16) + 150 * ((v >> 8) & 255) + 29 * (v & 255) + 8) >> 4;
const blue = (v: number): number => (128 * (v & 255) - 43 * (v >> 16) - 85 * ((v >> 8) & 255) + 8) >> 4;
const red = (v: number): number => (128 * (v >> 16) - 107 * ((v >> 8) & 255) - 21 * (v & 255) + 8) >> 4;
const clamp = (v: number): number => (v < 0 ? 0 : v > 255 ? 255 : v);

/** Where x, y of a plane is; -1 is around it. */
const place = (x: number, y: number): number => (y + 1) * STRIDE + x + 1;

// What borders on a block: from the left column's lower end over the corner, at 16, to the upper row's right end.
const edge = new Int32Array(50);
const above = new Int32Array(STRIDE); // pixels over the tile, from the corner on
const beside = new Int32Array(16);
const row = new Int32Array(16);
const blueRow = new Int32Array(16);
const redRow = new Int32Array(16);
const mixed = new Int32Array(10);

/** Planes are a coarse tile's luma, Cb and Cr, 16 times those of pixels, with what is around them (SPEC, section 7). */
export class Planes {
  private readonly v = [new Int32Array(17 * STRIDE), new Int32Array(17 * STRIDE), new Int32Array(17 * STRIDE)];
  private full = false;

  /** surround takes what is around a tile, and with view what stands in it. */
  surround(p: Picture, tx: number, ty: number, full: boolean, view: boolean): void {
    this.full = full;
    const at = p.index(16 * tx, 16 * ty);
    const across = Math.min(16, p.width - 16 * tx);
    const down = Math.min(16, p.height - 16 * ty);
    const { pixels, stride } = p;
    if (tx > 0) for (let y = 0; y < 16; y++) beside[y] = pixels[at + Math.min(y, down - 1) * stride - 1];
    if (ty > 0) {
      const most = p.width - 1 - 16 * tx;
      for (let x = 0; x < 32; x++) above[x + 1] = pixels[at - stride + Math.min(x, most)];
      above[0] = tx > 0 ? pixels[at - stride - 1] : above[1];
      if (tx === 0) beside.fill(above[1]);
    } else {
      if (tx === 0) beside.fill(0x808080);
      above.fill(beside[0]);
    }
    const [y, b, r] = this.v;
    for (let k = 0; k < STRIDE; k++) y[k] = luma(above[k]);
    for (let k = 0; k < 16; k++) y[STRIDE * (k + 1)] = luma(beside[k]);
    b[0] = blue(above[0]);
    r[0] = red(above[0]);
    if (full) {
      for (let k = 1; k < STRIDE; k++) {
        b[k] = blue(above[k]);
        r[k] = red(above[k]);
      }
      for (let k = 0; k < 16; k++) {
        b[STRIDE * (k + 1)] = blue(beside[k]);
        r[STRIDE * (k + 1)] = red(beside[k]);
      }
    } else {
      for (let k = 0; k < 16; k++) {
        b[k + 1] = (blue(above[2 * k + 1]) + blue(above[2 * k + 2]) + 1) >> 1;
        r[k + 1] = (red(above[2 * k + 1]) + red(above[2 * k + 2]) + 1) >> 1;
      }
      for (let k = 0; k < 8; k++) {
        b[STRIDE * (k + 1)] = (blue(beside[2 * k]) + blue(beside[2 * k + 1]) + 1) >> 1;
        r[STRIDE * (k + 1)] = (red(beside[2 * k]) + red(beside[2 * k + 1]) + 1) >> 1;
      }
    }
    if (view) this.take(p, at, across, down);
  }

  /** take puts the tile's pixels into the planes, those beyond its edges repeated. */
  private take(p: Picture, at: number, across: number, down: number): void {
    const [luminance, b, r] = this.v;
    const { pixels, stride } = p;
    for (let y = 0; y < 16; y++) {
      const from = at + Math.min(y, down - 1) * stride;
      if ((y & 1) === 0) {
        blueRow.fill(0);
        redRow.fill(0);
      }
      for (let x = 0; x < 16; x++) {
        const v = pixels[from + Math.min(x, across - 1)];
        luminance[place(x, y)] = luma(v);
        if (this.full) {
          b[place(x, y)] = blue(v);
          r[place(x, y)] = red(v);
        } else {
          blueRow[x >> 1] += blue(v);
          redRow[x >> 1] += red(v);
        }
      }
      if (this.full || (y & 1) === 0) continue;
      for (let x = 0; x < 8; x++) {
        b[place(x, y >> 1)] = (blueRow[x] + 2) >> 2;
        r[place(x, y >> 1)] = (redRow[x] + 2) >> 2;
      }
    }
  }

  /** add adds differences (null: none) to a block of a plane, or to what is predicted for it from a direction. */
  add(plane: number, x: number, y: number, n: number, direction: number, differences: Int32Array | null): void {
    const v = this.v[plane];
    if (direction >= 0) this.predict(v, plane === 0 || this.full ? 16 : 8, x, y, n, direction);
    if (differences === null) return;
    for (let j = 0, i = 0; j < n; j++) {
      for (let at = place(x, y + j), end = at + n; at < end; at++, i++) {
        const sum = v[at] + differences[i];
        v[at] = sum < -2048 ? -2048 : sum > 4080 ? 4080 : sum;
      }
    }
  }

  private predict(v: Int32Array, side: number, x0: number, y0: number, n: number, direction: number): void {
    const at = place(x0, y0);
    for (let k = 0; k < n; k++) edge[15 - k] = v[at + k * STRIDE - 1];
    const corner = at - STRIDE - 1;
    const known = y0 === 0 || x0 + n < side ? 2 * n : n;
    for (let k = 0; k <= 2 * n; k++) edge[16 + k] = v[corner + (k < known ? k : known)];
    edge[17 + 2 * n] = edge[16 + 2 * n];
    if (direction === 0) {
      let sum = n;
      for (let k = 0; k < n; k++) sum += edge[17 + k] + edge[15 - k];
      sum >>= n === 8 ? 4 : 5;
      for (let y = 0; y < n; y++) v.fill(sum, at + y * STRIDE, at + y * STRIDE + n);
      return;
    }
    const shift = n === 8 ? 4 : 5;
    const right = edge[17 + n];
    const low = edge[16 - n];
    for (let y = 0; y < n; y++) {
      const to = at + y * STRIDE;
      const left = edge[15 - y];
      switch (direction) {
        case 1:
          for (let x = 0; x < n; x++) {
            v[to + x] = ((n - 1 - x) * left + (x + 1) * right + (n - 1 - y) * edge[17 + x] + (y + 1) * low + n) >> shift;
          }
          break;
        case 2:
          for (let x = 0; x < n; x++) v[to + x] = edge[17 + x];
          break;
        case 3:
          v.fill(left, to, to + n);
          break;
        case 4:
          for (let x = 0; x < n; x++) v[to + x] = (edge[17 + x + y] + 2 * edge[18 + x + y] + edge[19 + x + y] + 2) >> 2;
          break;
        case 5:
          for (let x = 0; x < n; x++) v[to + x] = (edge[15 + x - y] + 2 * edge[16 + x - y] + edge[17 + x - y] + 2) >> 2;
          break;
        case 6:
          for (let x = 0; x < n; x++) {
            const k = 2 * x - y + 1;
            const h = k >> 1;
            if (k < 0) v[to + x] = edge[16 + k];
            else v[to + x] = (k & 1) === 0 ? (edge[16 + h] + edge[17 + h] + 1) >> 1 : edge[17 + h];
          }
          break;
        default:
          for (let x = 0; x < n; x++) {
            const k = 2 * y - x + 1;
            const h = k >> 1;
            if (k < 0) v[to + x] = edge[16 - k];
            else v[to + x] = (k & 1) === 0 ? (edge[16 - h] + edge[15 - h] + 1) >> 1 : edge[15 - h];
          }
      }
    }
  }

  /** smooth takes the steps off the edges of luma's blocks. */
  smooth(split: boolean, most: number): void {
    const v = this.v[0];
    for (let k = 0; k < 16; k++) smoothBorder(v, place(0, k), 1, most);
    for (let k = 0; k < 16; k++) smoothBorder(v, place(k, 0), STRIDE, most);
    if (!split) return;
    for (let k = 0; k < 16; k++) smoothEdge(v, place(8, k), 1, most);
    for (let k = 0; k < 16; k++) smoothEdge(v, place(k, 8), STRIDE, most);
  }

  /** colour writes the tile's pixels to the picture. */
  colour(p: Picture, tx: number, ty: number): void {
    const [luminance, b, r] = this.v;
    const across = Math.min(16, p.width - 16 * tx);
    const down = Math.min(16, p.height - 16 * ty);
    const { pixels, fresh } = p;
    for (let y = 0; y < down; y++) {
      if (this.full) {
        for (let x = 0, at = place(0, y); x < 16; x++, at++) {
          blueRow[x] = b[at];
          redRow[x] = r[at];
        }
      } else {
        between(b, y);
        blueRow.set(row);
        between(r, y);
        redRow.set(row);
      }
      for (let x = 0, from = place(0, y), to = p.index(16 * tx, 16 * ty + y); x < across; x++, from++, to++) {
        const l = 256 * luminance[from] + 2048;
        const cb = blueRow[x];
        const cr = redRow[x];
        const R = clamp((l + 359 * cr) >> 12);
        const G = clamp((l - 88 * cb - 183 * cr) >> 12);
        const B = clamp((l + 454 * cb) >> 12);
        pixels[to] = (R << 16) | (G << 8) | B;
        fresh[to] = 1;
      }
    }
  }
}

/** between interpolates row y of 16 samples, into row, from 8 x 8. */
function between(v: Int32Array, y: number): void {
  const near = place(-1, y >> 1);
  const far = place(-1, Math.min((y >> 1) - 1 + 2 * (y & 1), 7));
  for (let k = 0; k < 9; k++) mixed[k] = 3 * v[near + k] + v[far + k];
  mixed[9] = mixed[8];
  for (let x = 0; x < 8; x++) {
    row[2 * x] = (3 * mixed[x + 1] + mixed[x] + 8) >> 4;
    row[2 * x + 1] = (3 * mixed[x + 1] + mixed[x + 2] + 8) >> 4;
  }
}

function smoothEdge(v: Int32Array, i: number, d: number, most: number): void {
  const p2 = v[i - 3 * d];
  const p1 = v[i - 2 * d];
  const p0 = v[i - d];
  const q0 = v[i];
  const q1 = v[i + d];
  const q2 = v[i + 2 * d];
  if (Math.abs(p0 - q0) >= most || Math.abs(p1 - p0) > most >> 2 || Math.abs(q1 - q0) > most >> 2) return;
  v[i - d] = (p2 + 2 * p1 + 2 * p0 + 2 * q0 + q1 + 4) >> 3;
  v[i - 2 * d] = (p2 + p1 + p0 + q0 + 2) >> 2;
  v[i] = (q2 + 2 * q1 + 2 * q0 + 2 * p0 + p1 + 4) >> 3;
  v[i + d] = (q2 + q1 + q0 + p0 + 2) >> 2;
}

function smoothBorder(v: Int32Array, i: number, d: number, most: number): void {
  const p0 = v[i - d];
  const q0 = v[i];
  const q1 = v[i + d];
  const q2 = v[i + 2 * d];
  if (Math.abs(p0 - q0) >= most || Math.abs(q1 - q0) > most >> 2) return;
  v[i] = (q2 + 2 * q1 + 2 * q0 + 3 * p0 + 4) >> 3;
  v[i + d] = (q2 + q1 + q0 + p0 + 2) >> 2;
}

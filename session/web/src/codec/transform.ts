// The inverse cosine transforms of coarse tiles (SPEC, section 7).

// First halves of H.265's matrix of 16 points: even rows go on as their mirror image, odd ones with the other sign.
const halves = Int32Array.of(
  64, 64, 64, 64, 64, 64, 64, 64, 90, 87, 80, 70, 57, 43, 25, 9, 89, 75, 50, 18, -18, -50, -75, -89, 87, 57, 9, -43, -80, -90, -70, -25,
  83, 36, -36, -83, -83, -36, 36, 83, 80, 9, -70, -87, -25, 57, 90, 43, 75, -18, -89, -50, 50, 89, 18, -75, 70, -43, -87, 9, 90, 25, -80, -57,
  64, -64, -64, 64, 64, -64, -64, 64, 57, -80, -25, 90, -9, -87, 43, 70, 50, -89, 18, 75, -75, -18, 89, -50, 43, -90, 57, 25, -87, 70, 9, -80,
  36, -83, 83, -36, -36, 83, -83, 36, 25, -70, 90, -80, 43, 9, -57, 87, 18, -50, 75, -89, 89, -75, 50, -18, 9, -25, 43, -57, 70, -80, 87, -90,
);

const t = new Int32Array(256);
const even = new Int32Array(8);
const odd = new Int32Array(8);

/** inverse transforms the n x n coefficients in b; the last rows and columns, from those given on, are zero. */
export function inverse(b: Int32Array, n: number, rows: number, columns: number): void {
  const half = n >> 1;
  const skip = 128 / n; // from a row of the matrix of n points to the next
  for (let x = 0; x < columns; x++) {
    sum(b, x, n, rows, half, skip);
    for (let i = 0; i < half; i++) {
      t[n * i + x] = (even[i] + odd[i] + 64) >> 7;
      t[n * (n - 1 - i) + x] = (even[i] - odd[i] + 64) >> 7;
    }
  }
  const shift = n === 8 ? 8 : 9;
  const round = 1 << (shift - 1);
  for (let y = 0; y < n; y++) {
    sum(t, n * y, 1, columns, half, skip);
    const row = n * y;
    for (let i = 0; i < half; i++) {
      b[row + i] = (even[i] + odd[i] + round) >> shift;
      b[row + n - 1 - i] = (even[i] - odd[i] + round) >> shift;
    }
  }
}

/** sum adds up the matrix's rows by coefficients that lie step apart. */
function sum(v: Int32Array, from: number, step: number, used: number, half: number, skip: number): void {
  even.fill(0);
  odd.fill(0);
  for (let k = 0, at = from, row = 0; k < used; k++, at += step, row += skip) {
    const c = v[at];
    if (c === 0) continue;
    const to = (k & 1) === 0 ? even : odd;
    for (let i = 0; i < half; i++) to[i] += halves[row + i] * c;
  }
}

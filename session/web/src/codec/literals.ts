import { type Coder, PIXEL, squash } from "./coder.ts";
import { clampOdds, curved, newCurves } from "./curve.ts";
import { hash, K1, K2, K3, K5 } from "./hash.ts";
import { LITERAL_BITS, PAIRED } from "./model.ts";

const MIXED = 5; // contexts

/** Literals decodes colours that no context foresaw (SPEC, section 5, strong rows, step 6). */
export class Literals {
  /** The last colour that its neighbours had, too. */
  ground = 0;
  private readonly weights = new Int32Array(3 * 8 * MIXED).fill(26214);
  private readonly curves = newCurves(3 * 256);
  private readonly colours = new Int32Array(1 << 14); // by green and ground
  private readonly sure = new Uint8Array(1 << 14);
  private readonly contexts = new Int32Array(MIXED);
  private readonly bases = new Int32Array(MIXED);
  private readonly st = new Int32Array(MIXED);

  constructor(private readonly coder: Coder) {}

  decode(w: number, n: number, r: number): number {
    const { contexts, colours, sure, ground } = this;
    const wr = w >> 16;
    const wg = (w >> 8) & 255;
    const nr = n >> 16;
    const ng = (n >> 8) & 255;
    contexts[0] = 1 + Math.imul(ground, K3);
    contexts[1] = 2 + Math.imul(wg, K3);
    contexts[2] = 3 + Math.imul(w, K1) + Math.imul(n, K2);
    contexts[3] = 4 + Math.imul(ng, K3) + Math.imul(wg, K5);
    contexts[4] = 5 + Math.imul(r, K2);
    const g = this.channel(0);

    const grey = (wr === wg ? 1 : 0) + (nr === ng ? 2 : 0);
    const gk1 = Math.imul(g, K1);
    const pair = hash(gk1 + Math.imul(ground, K2) + 9) >>> 18;
    if (colours[pair] !== 0 || sure[pair] !== 0) {
      if (this.coder.adapt(PAIRED + 8 * sure[pair] + grey + (colours[pair] === g * 0x010101 ? 4 : 0), PIXEL) === 1) {
        if (sure[pair] < 7) sure[pair]++;
        return colours[pair];
      }
      sure[pair] >>= 1;
    }
    contexts[0] = 11 + gk1;
    contexts[1] = 12 + gk1 + Math.imul(w, K2);
    contexts[2] = 13 + gk1 + Math.imul(n, K3);
    contexts[3] = 14 + Math.imul(wr - wg + g, K2) + grey;
    contexts[4] = 15 + Math.imul(nr - ng + g, K2);
    const red = this.channel(1);
    const both = gk1 + Math.imul(red, K2);
    const apart = Math.imul(red - g + 512, K1);
    contexts[0] = 21 + both;
    contexts[1] = 22 + apart + Math.imul(w >> 4, K3);
    contexts[2] = 23 + Math.imul((w & 255) - wg + g, K2);
    contexts[3] = 24 + Math.imul((n & 255) - ng + g, K2) + apart;
    contexts[4] = 25 + both + Math.imul(w, K3);
    const v = (red << 16) | (g << 8) | this.channel(2);
    colours[pair] = v;
    return v;
  }

  private channel(c: number): number {
    const { coder, contexts, bases, st, weights } = this;
    let node = 1;
    let part = 1;
    for (let k = 0; k < 8; k++) {
      if (k === 4) part = 1;
      if (part === 1) {
        for (let i = 0; i < MIXED; i++) bases[i] = LITERAL_BITS + (i << 16) + ((hash(contexts[i] + Math.imul(node, K1)) >>> 16) & 0xfff0);
      }
      const w = (8 * c + k) * MIXED;
      let sum = 0;
      for (let i = 0; i < MIXED; i++) {
        st[i] = coder.stretch(bases[i] + part);
        sum += Math.imul(weights[w + i] >> 2, st[i]) >> 6;
      }
      const x = clampOdds(sum >> 8);
      const bit = curved(coder, this.curves, 256 * c + node, x, 32);
      const e = (bit << 16) - 16 * squash(x);
      for (let i = 0; i < MIXED; i++) {
        weights[w + i] += (Math.imul(st[i], e) + 8192) >> 14;
        coder.teach(bases[i] + part, bit, PIXEL);
      }
      node = 2 * node + bit;
      part = 2 * part + bit;
    }
    return node - 256;
  }
}

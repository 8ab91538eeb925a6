// The decoder's worker. It runs the same file as the page, under this name.
import { Decoder } from "./codec/decoder.ts";
import { Painter } from "./painter.ts";

export const workerName = "thinpane-decoder";

/** What the page tells the worker. Each connection begins a new stream, with a number of its own. */
export type ToWorker =
  | { kind: "canvas"; canvas: OffscreenCanvas }
  | { kind: "begin"; connection: number }
  | { kind: "objects"; connection: number; objects: Uint8Array[]; state: number }
  | { kind: "wake"; after: number };

/** What it answers. Figures count since the worker began. */
export type FromWorker =
  | { kind: "decoded"; connection: number; state: number; pixels: number; ms: number }
  | { kind: "size"; width: number; height: number }
  | { kind: "broken"; connection: number; text: string }
  | { kind: "woke" };

/** What serve needs of the worker's global scope. */
interface Scope {
  onmessage: ((e: MessageEvent<ToWorker>) => void) | null;
  postMessage(m: FromWorker): void;
  requestAnimationFrame(f: () => void): number;
}

export function serve(scope: Scope): void {
  let painter: Painter | null = null;
  let decoder = new Decoder();
  let connection = 0;
  let broken = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pixels = 0;
  let ms = 0;
  let asked = false;

  const paint = () => {
    asked = false;
    painter?.paint(decoder.picture);
  };

  const decode = (objects: Uint8Array[]) => {
    const begun = performance.now();
    for (const o of objects) {
      const change = decoder.decode(o);
      pixels += change.coded;
      if (change.resized) {
        const { width, height } = decoder.picture;
        scope.postMessage({ kind: "size", width, height });
      }
    }
    ms += performance.now() - begun;
  };

  scope.onmessage = ({ data: m }) => {
    switch (m.kind) {
      case "canvas":
        painter = new Painter(m.canvas);
        return;
      case "begin":
        connection = m.connection;
        decoder = new Decoder();
        broken = false;
        return;
      case "wake": // a worker's timers are not slowed down while the page is hidden
        clearTimeout(timer);
        timer = setTimeout(() => scope.postMessage({ kind: "woke" }), m.after);
        return;
      case "objects":
        if (m.connection !== connection || broken) return;
        try {
          decode(m.objects);
          scope.postMessage({ kind: "decoded", connection, state: m.state, pixels, ms });
        } catch (e) {
          broken = true;
          scope.postMessage({ kind: "broken", connection, text: String(e) });
        }
        if (!asked) {
          asked = true; // at most one painting a frame; none while the page is hidden
          scope.requestAnimationFrame(paint);
        }
    }
  };
}

import type { Input } from "./input.ts";

/** Point of the host's picture, in its pixels. */
export interface Point {
  x: number;
  y: number;
}

// The bits of PointerEvent.buttons: left, right, middle, back, forward; as session/SPEC.md numbers them.
const numbers = [1, 3, 2, 8, 9];

/** Units of the wheel that make a notch. */
const notch = 120;
const maxWheel = 32767;

/** Pointer makes inputs of the browser's pointer; it knows which buttons are down. */
export class Pointer {
  private mask = 0;
  private last: Point = { x: 0, y: 0 };
  // What of the wheel's way has not been sent yet, below one unit.
  private restX = 0;
  private restY = 0;

  constructor(private readonly send: (i: Input) => void) {}

  /** at takes a PointerEvent: where the pointer is, and which buttons are down then. */
  at(p: Point, mask: number): void {
    if (p.x !== this.last.x || p.y !== this.last.y) {
      this.last = p;
      this.send({ kind: "pointer", ...p });
    }
    for (let bit = 0; bit < numbers.length; bit++) {
      const down = (mask >> bit) & 1;
      if (((this.mask >> bit) & 1) !== down) this.send({ kind: "button", button: numbers[bit]!, down: down === 1, ...p });
    }
    this.mask = mask;
  }

  /** wheel takes a way in notches, to the right and down; smooth wheels send parts of them. */
  wheel(right: number, down: number, p: Point): void {
    this.restX += right * notch;
    this.restY += down * notch;
    const dx = clamp(Math.round(this.restX * 16) / 16);
    const dy = clamp(Math.round(this.restY * 16) / 16);
    if (dx === 0 && dy === 0) return;
    this.restX -= dx;
    this.restY -= dy;
    this.last = p;
    this.send({ kind: "wheel", dx, dy, ...p });
  }

  /** release lets all buttons go. */
  release(): void {
    this.at(this.last, 0);
  }
}

const clamp = (v: number): number => Math.max(-maxWheel, Math.min(maxWheel, Math.trunc(v)));

/** What notchesOf reads of a WheelEvent. */
export interface Wheel {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  /** Not in the standard but in every browser: 120 a notch, against the other direction. */
  readonly wheelDeltaX?: number;
  readonly wheelDeltaY?: number;
}

/** notchesOf is the way of a wheel to the right and down. */
export function notchesOf(e: Wheel): [number, number] {
  if (e.wheelDeltaX !== undefined && e.wheelDeltaY !== undefined) return [-e.wheelDeltaX / notch, -e.wheelDeltaY / notch];
  // Three lines a notch; or 100 CSS pixels, as Chromium and Firefox scroll; or a page.
  const unit = e.deltaMode === 1 ? 1 / 3 : e.deltaMode === 2 ? 3 : 1 / 100;
  return [e.deltaX * unit, e.deltaY * unit];
}

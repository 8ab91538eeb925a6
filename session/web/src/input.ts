import { Writer } from "./wire.ts";

/** Input is one thing that the user did; its bytes are session/SPEC.md's. */
export type Input =
  | { kind: "key"; keysym: number; code: number; text: string; down: boolean }
  | { kind: "pointer"; x: number; y: number }
  | { kind: "button"; button: number; down: boolean; x: number; y: number }
  | { kind: "wheel"; dx: number; dy: number; x: number; y: number };

/** The longest text of a key in bytes of UTF-8. */
export const maxText = 64;
/** The longest message, so that it stays one packet. */
export const maxMessage = 1000;
/** No input takes more bytes than this. */
const maxInput = maxText + 16;

const utf8 = new TextEncoder();

/** appendInput writes an input, whose numbers must be within SPEC's bounds. */
export function appendInput(w: Writer, i: Input): void {
  const down = "down" in i && i.down ? 128 : 0;
  switch (i.kind) {
    case "key": {
      const text = utf8.encode(i.text);
      w.byte(1 | down);
      w.varint(i.keysym);
      w.varint(i.code);
      w.varint(text.length);
      w.bytes(text);
      return;
    }
    case "pointer":
      w.byte(2);
      break;
    case "button":
      w.byte(3 | down);
      w.byte(i.button);
      break;
    case "wheel":
      w.byte(4);
      w.signed(i.dx);
      w.signed(i.dy);
  }
  w.varint(i.x);
  w.varint(i.y);
}

/** More than a user can do in the longest outage that a connection outlives. */
const maxQueued = 4096;
/** The least time in ms between two messages of moves alone: 20 a second, some 17 kbit/s of a thin uplink. */
const moveGap = 50;

/**
 * InputQueue holds what the user did until it is on its way: all in order, except that a pointer position gives way to
 * the one that follows at once. It is told the time in ms.
 */
export class InputQueue {
  private queue: Input[] = [];
  private movedAt = -Infinity;
  private readonly w = new Writer(maxMessage);

  /** add returns false, and takes nothing, when the line has been still for too long. */
  add(i: Input): boolean {
    const last = this.queue.length - 1;
    if (i.kind === "pointer" && last >= 0 && this.queue[last]!.kind === "pointer") this.queue[last] = i;
    else if (this.queue.length === maxQueued) return false;
    else this.queue.push(i);
    return true;
  }

  clear(): void {
    this.queue = [];
  }

  /** due is when the next message may leave; Infinity: there is nothing to send. */
  get due(): number {
    if (this.queue.length === 0) return Infinity;
    return this.queue.length === 1 && this.queue[0]!.kind === "pointer" ? this.movedAt + moveGap : -Infinity;
  }

  /** take returns the next message; call it when it is due. */
  take(now: number): Uint8Array {
    this.w.length = 0;
    let n = 0;
    let moves = true;
    while (n < this.queue.length && this.w.room >= maxInput) {
      const i = this.queue[n++]!;
      moves &&= i.kind === "pointer";
      appendInput(this.w, i);
    }
    this.queue.splice(0, n);
    if (moves) this.movedAt = now;
    return this.w.view.slice();
  }
}

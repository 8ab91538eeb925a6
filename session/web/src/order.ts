import { type Fragment, nearest, ProtocolError } from "./wire.ts";

/** Bounds on what waits for a gap to be filled; an honest host stays below them (transport/SPEC.md). */
const maxWaitingBytes = 2 * (2 << 20) + 1152;
const maxWaitingObjects = 4096;
const maxWaitingFragments = 8192;
/** The longest message of a stream, bytes. */
export const maxMessage = 16 << 10;

/** ObjectOrder puts arriving objects in order: what comes early waits, what comes twice is dropped. */
export class ObjectOrder {
  delivered = 0; // number of the newest
  private readonly waiting = new Map<number, Uint8Array>();
  private bytes = 0;

  /** accept takes objects numbered from first and adds those that are deliverable now to out. */
  accept(first: number, objects: readonly Uint8Array[], out: Uint8Array[]): void {
    const last = first + objects.length - 1;
    if (last > this.delivered + maxWaitingObjects) {
      throw new ProtocolError(`object ${last} came while ${this.delivered} was the newest in order`);
    }
    for (let i = 0; i < objects.length; i++) {
      const n = first + i;
      const b = objects[i]!;
      if (n <= this.delivered || this.waiting.has(n)) continue;
      if (n === this.delivered + 1) {
        out.push(b);
        this.delivered++;
        continue;
      }
      this.bytes += b.length;
      if (this.bytes > maxWaitingBytes) throw new ProtocolError("too many bytes of objects wait for a missing one");
      this.waiting.set(n, b);
    }
    for (let b; (b = this.waiting.get(this.delivered + 1)) !== undefined; ) {
      this.delivered++;
      this.waiting.delete(this.delivered);
      this.bytes -= b.length;
      out.push(b);
    }
  }
}

/** Held counts the bytes that all streams of a connection hold back together. */
export interface Held {
  bytes: number;
}

/** StreamOrder puts the fragments of one stream in order and its messages together. */
export class StreamOrder {
  private next = 0;
  private readonly waiting = new Map<number, Fragment>();
  private parts: Uint8Array[] = [];
  private size = 0;

  constructor(private readonly held: Held) {}

  /** accept takes a fragment and calls deliver with each message that is complete now. */
  accept(f: Fragment, deliver: (message: Uint8Array) => void): void {
    const number = nearest(this.next, f.number);
    if (number < this.next || this.waiting.has(number)) return;
    if (number > this.next + maxWaitingFragments) {
      throw new ProtocolError(`fragment ${number} of stream ${f.stream} came while ${this.next} was missing`);
    }
    if (number > this.next) {
      this.held.bytes += f.data.length;
      if (this.held.bytes > maxWaitingBytes) throw new ProtocolError("too many bytes of streams wait for a missing fragment");
      this.waiting.set(number, f);
      return;
    }
    for (let now: Fragment | undefined = f; now !== undefined; now = this.waiting.get(this.next)) {
      if (this.waiting.delete(this.next)) this.held.bytes -= now.data.length;
      this.next++;
      this.size += now.data.length;
      if (this.size > maxMessage) throw new ProtocolError(`a message of stream ${f.stream} is longer than ${maxMessage} bytes`);
      this.parts.push(now.data);
      if (now.last) deliver(this.take());
    }
  }

  private take(): Uint8Array {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const p of this.parts) {
      all.set(p, at);
      at += p.length;
    }
    this.parts = [];
    this.size = 0;
    return all;
  }
}

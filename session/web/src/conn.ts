import { type Held, maxMessage, ObjectOrder, StreamOrder } from "./order.ts";
import { Reporter } from "./reporter.ts";
import {
  appendFragment, fragmentHeader, kindAlive, kindBye, kindObjects, kindStreams, maxPayload, maxStream, parseObjects,
  parseStreams, ProtocolError, wireSize, Writer,
} from "./wire.ts";

/** What a Conn needs of the data channel. */
export interface Channel {
  send(data: Uint8Array<ArrayBuffer>): void;
  readonly bufferedAmount: number;
}

export interface ConnEvents {
  /** Objects in order, up to the state given. */
  objects(objects: Uint8Array[], state: number): void;
  message(stream: number, data: Uint8Array): void;
  /** The other end said goodbye. */
  bye(): void;
}

const aliveEvery = 15_000; // ms without anything to send: a sign of life keeps the ways through NATs open
const silentAfter = 45_000; // ms
const window = 2400; // bytes that wait in the channel at most, so that a key does not queue behind them
const longest = 2048; // bytes of a message that must be taken
const maxUnsent = 64 << 10; // bytes of streams

/**
 * Conn is the viewer's end of a session on an open data channel (transport/SPEC.md). It is told the time, in ms since
 * a moment of the caller's choice, and needs no clock of its own:
 *
 *	channel --receive--> ObjectOrder, StreamOrder --> events
 *	   ^                 Reporter
 *	   '----advance------ report when due, fragments when the channel has room
 */
export class Conn {
  /** Bytes of IP packets that have come. */
  received = 0;
  private readonly objectOrder = new ObjectOrder();
  private readonly reporter = new Reporter();
  private readonly held: Held = { bytes: 0 };
  private readonly orders = new Map<number, StreamOrder>();
  private readonly queue: { stream: number; data: Uint8Array; at: number }[] = [];
  private queued = 0;
  private readonly fragments = new Uint32Array(maxStream + 1); // numbers of the next
  private packets = 0; // sent
  private seen = 0; // newest packet of the host's
  private sentAt: number;
  private heardAt: number;
  private readonly w = new Writer(maxPayload);

  constructor(private readonly channel: Channel, private readonly events: ConnEvents, now: number) {
    this.sentAt = this.heardAt = now;
  }

  /** Rate is the largest rate down that was seen lately, bit/s. */
  get rate(): number {
    return this.reporter.rate * 8000;
  }

  /** receive takes a message that came at the time given, and keeps it. */
  receive(at: number, b: Uint8Array): void {
    if (b.length === 0 || b.length > longest) throw new ProtocolError(`a message of ${b.length} bytes`);
    this.heardAt = at;
    this.received += wireSize(b.length);
    const kind = b[0]! >> 4;
    if (kind === kindObjects) {
      const m = parseObjects(b, this.seen, this.objectOrder.delivered + 1);
      this.note(at, m.packet, b.length);
      const ready: Uint8Array[] = [];
      this.objectOrder.accept(m.first, m.objects, ready);
      if (ready.length > 0) this.events.objects(ready, this.objectOrder.delivered);
    } else if (kind === kindStreams) {
      const m = parseStreams(b, this.seen);
      this.note(at, m.packet, b.length);
      for (const f of m.fragments) this.order(f.stream).accept(f, (data) => this.events.message(f.stream, data));
    } else if (kind === kindBye) {
      this.events.bye();
    } else if (kind !== kindAlive) {
      throw new ProtocolError(`a message of kind ${kind}`);
    }
  }

  private order(stream: number): StreamOrder {
    let o = this.orders.get(stream);
    if (o === undefined) this.orders.set(stream, (o = new StreamOrder(this.held)));
    return o;
  }

  private note(at: number, packet: number, length: number): void {
    this.seen = Math.max(this.seen, packet);
    this.reporter.arrived(at, packet, wireSize(length));
  }

  /** decoded reports all objects up to state. */
  decoded(now: number, state: number): void {
    this.reporter.state(now, state);
  }

  /** send takes a message of a stream; false when too much waits already. */
  send(stream: number, data: Uint8Array): boolean {
    if (stream < 1 || stream > maxStream) throw new RangeError(`stream ${stream}: 1 to ${maxStream}`);
    if (data.length > maxMessage) throw new RangeError(`a message of ${data.length} bytes, at most ${maxMessage}`);
    if (this.queued + data.length > maxUnsent) return false;
    this.queue.push({ stream, data, at: 0 });
    this.queued += data.length;
    return true;
  }

  /** Idle says that everything given to send is in the channel. */
  get idle(): boolean {
    return this.queue.length === 0;
  }

  /** advance sends what is due and returns when to call it again at the latest; it throws when the host has fallen silent. */
  advance(now: number): number {
    if (now >= this.heardAt + silentAfter) throw new ProtocolError(`nothing heard for ${silentAfter / 1000} s`);
    if (now >= this.reporter.due) {
      this.w.length = 0;
      this.reporter.report(now, this.w);
      this.reporter.sent(wireSize(this.w.length));
      this.write(now);
    }
    while (this.queue.length > 0 && this.channel.bufferedAmount <= window - maxPayload) this.flush(now);
    if (now >= this.sentAt + aliveEvery) {
      this.w.length = 0;
      this.w.byte(kindAlive << 4);
      this.write(now);
    }
    return Math.min(this.reporter.due, this.sentAt + aliveEvery, this.heardAt + silentAfter);
  }

  /** bye says goodbye. */
  bye(now: number): void {
    this.w.length = 0;
    this.w.byte(kindBye << 4);
    this.write(now);
  }

  /** flush fills one message with fragments. */
  private flush(now: number): void {
    this.w.length = 0;
    this.w.byte(kindStreams << 4);
    this.w.low16(this.packets++ % 65536);
    for (let m; (m = this.queue[0]) !== undefined && this.w.room > fragmentHeader; ) {
      const n = Math.min(m.data.length - m.at, this.w.room - fragmentHeader);
      const last = m.at + n === m.data.length;
      appendFragment(this.w, { stream: m.stream, number: this.fragments[m.stream]!++ % 65536, last, data: m.data.subarray(m.at, m.at + n) });
      m.at += n;
      this.queued -= n;
      if (!last) break;
      this.queue.shift();
    }
    this.write(now);
  }

  private write(now: number): void {
    this.sentAt = now;
    this.channel.send(this.w.view);
  }
}


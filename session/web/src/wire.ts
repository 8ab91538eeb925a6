// The messages of the data channel (transport/SPEC.md). A message begins with a byte that names its kind in the high
// half. Numbers that grow by one travel as their low 16 bits; lengths and times as varints.

export const kindObjects = 1; // host to viewer
export const kindStreams = 2; // both ways
export const kindReport = 3; // viewer to host
export const kindAlive = 4; // both ways
export const kindBye = 5; // both ways

/** The longest message, bytes. */
export const maxPayload = 1152;
export const maxStream = 31;
/** How many arrivals a report holds: so it stays one packet. */
export const maxArrivals = 400;
/** Times of reports are in units of 50 us: so many are a millisecond. */
export const ticksPerMs = 20;

/** ProtocolError: the other end sent what SPEC.md does not allow. */
export class ProtocolError extends Error {}

/** wireSize is the length in bytes of the IP packet that carries a message of n bytes. */
export const wireSize = (n: number): number => ((n + 3) & ~3) + 89;

/** nearest restores a number of which low are the low 16 bits: the one closest to ref that is not negative. */
export function nearest(ref: number, low: number): number {
  const d = ((low - (ref % 65536)) << 16) >> 16;
  return ref + d < 0 ? low : ref + d;
}

/** Reader takes fields from the front of a message. */
export class Reader {
  at = 0;
  constructor(readonly b: Uint8Array) {}

  get left(): number {
    return this.b.length - this.at;
  }

  byte(): number {
    if (this.at >= this.b.length) throw new ProtocolError("a message is cut off");
    return this.b[this.at++]!;
  }

  low16(): number {
    return (this.byte() << 8) | this.byte();
  }

  /** varint of at most max, which is below 2^53. */
  varint(max: number): number {
    let v = 0;
    for (let unit = 1; ; unit *= 128) {
      if (this.at >= this.b.length || unit > max) throw new ProtocolError(`a varint is cut off or above ${max}`);
      const c = this.b[this.at++]!;
      v += (c & 127) * unit;
      if (v > max) throw new ProtocolError(`a varint is cut off or above ${max}`);
      if (c < 128) return v;
    }
  }

  /** bytes are of the message, not a copy. */
  bytes(n: number): Uint8Array {
    this.at += n;
    return this.b.subarray(this.at - n, this.at);
  }
}

/** Writer puts fields into a buffer of its own; view is what it holds. */
export class Writer {
  private readonly b: Uint8Array<ArrayBuffer>;
  length = 0;
  constructor(size: number) {
    this.b = new Uint8Array(size);
  }

  get view(): Uint8Array<ArrayBuffer> {
    return this.b.subarray(0, this.length);
  }

  get room(): number {
    return this.b.length - this.length;
  }

  byte(v: number): void {
    this.b[this.length++] = v;
  }

  low16(v: number): void {
    this.byte((v >>> 8) & 255);
    this.byte(v & 255);
  }

  /** varint of a whole number below 2^53. */
  varint(v: number): void {
    for (; v >= 128; v = Math.floor(v / 128)) this.byte((v % 128) | 128);
    this.byte(v);
  }

  /** signed is a varint of a number that may be negative (zigzag). */
  signed(v: number): void {
    this.varint(v < 0 ? -2 * v - 1 : 2 * v);
  }

  bytes(b: Uint8Array): void {
    this.b.set(b, this.length);
    this.length += b.length;
  }
}

export interface ObjectsMessage {
  packet: number;
  first: number;
  objects: Uint8Array[]; // of the message, not copies
}

/** parseObjects reads a message whose packet and first object are near the numbers given. */
export function parseObjects(b: Uint8Array, packet: number, first: number): ObjectsMessage {
  if (b.length <= 5) throw new ProtocolError(`a message of objects has ${b.length} bytes`);
  const r = new Reader(b);
  const epoch = r.byte() & 15;
  if (epoch !== 0) throw new ProtocolError(`epoch ${epoch} was never opened`);
  const m: ObjectsMessage = { packet: nearest(packet, r.low16()), first: nearest(first, r.low16()), objects: [] };
  if (m.first === 0) throw new ProtocolError("objects are numbered from 1");
  while (r.left > 0) {
    const n = r.varint(maxPayload);
    if (n === 0 || n > r.left) throw new ProtocolError(`an object of ${n} bytes where ${r.left} are left`);
    m.objects.push(r.bytes(n));
  }
  return m;
}

export interface Fragment {
  stream: number;
  number: number; // low 16 bits
  last: boolean; // of its message
  data: Uint8Array; // of the message, not a copy
}

export interface StreamsMessage {
  packet: number;
  fragments: Fragment[];
}

/** parseStreams reads a message whose packet is near the number given. */
export function parseStreams(b: Uint8Array, packet: number): StreamsMessage {
  if (b.length <= 3 || (b[0]! & 15) !== 0) {
    throw new ProtocolError(`a message of streams has ${b.length} bytes or unknown flags`);
  }
  const r = new Reader(b);
  r.byte();
  const m: StreamsMessage = { packet: nearest(packet, r.low16()), fragments: [] };
  while (r.left > 0) {
    if (r.left < 3) throw new ProtocolError("a fragment's header is cut off");
    const head = r.byte();
    const stream = head & 127;
    if (stream === 0 || stream > maxStream) throw new ProtocolError(`stream ${stream} does not exist`);
    const number = r.low16();
    const n = r.varint(maxPayload);
    if (n > r.left) throw new ProtocolError(`a fragment of ${n} bytes where ${r.left} are left`);
    m.fragments.push({ stream, number, last: head > 127, data: r.bytes(n) });
  }
  return m;
}

/** A fragment's bytes beside its data, at most. */
export const fragmentHeader = 5;

export function appendFragment(w: Writer, f: Fragment): void {
  w.byte(f.stream | (f.last ? 128 : 0));
  w.low16(f.number);
  w.varint(f.data.length);
  w.bytes(f.data);
}

export interface Arrival {
  packet: number;
  at: number; // ticks of 50 us
}

/** appendReport tells of packets in the order in which they came; hold is how many ticks ago the last one did. */
export function appendReport(w: Writer, state: number, hold: number, arrivals: readonly Arrival[]): void {
  w.byte(kindReport << 4);
  w.low16(state % 65536);
  let last = arrivals[arrivals.length - 1];
  if (last === undefined) return;
  w.low16(last.packet % 65536);
  w.varint(hold);
  w.varint(last.at);
  for (let i = arrivals.length - 2; i >= 0; i--) {
    const a = arrivals[i]!;
    const jump = last.packet - 1 - a.packet;
    w.varint(2 * (last.at - a.at) + (jump !== 0 ? 1 : 0));
    if (jump !== 0) w.signed(jump);
    last = a;
  }
}

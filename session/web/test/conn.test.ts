import assert from "node:assert/strict";
import { test } from "node:test";
import { Conn } from "../src/conn.ts";
import { maxMessage, ObjectOrder, StreamOrder } from "../src/order.ts";
import { Reporter } from "../src/reporter.ts";
import { appendFragment, kindAlive, kindBye, kindObjects, kindReport, kindStreams, maxPayload, parseStreams, ProtocolError, Writer } from "../src/wire.ts";

const bytes = (...b: number[]) => new Uint8Array(b);

/** line is a Conn on a channel that notes what is sent, and what the events were. */
function line() {
  const sent: Uint8Array[] = [];
  const got: string[] = [];
  const channel = { bufferedAmount: 0, send: (b: Uint8Array) => void sent.push(b.slice()) };
  const conn = new Conn(channel, {
    objects: (o, state) => got.push(`objects ${o.map((b) => b[0])} state ${state}`),
    message: (s, d) => got.push(`message ${s} ${d.length}`),
    bye: () => got.push("bye"),
  }, 0);
  return { conn, channel, sent, got, kinds: () => sent.map((b) => b[0] >> 4) };
}

/** objects is a message of objects of one byte, their numbers. */
function objects(packet: number, ...numbers: number[]): Uint8Array {
  return bytes(kindObjects << 4, packet >> 8, packet & 255, numbers[0] >> 8, numbers[0] & 255, ...numbers.flatMap((n) => [1, n]));
}

test("objects come in order, each once, whatever the order of their messages", () => {
  const { conn, got } = line();
  conn.receive(1, objects(1, 3, 4));
  conn.receive(2, objects(0, 1));
  conn.receive(3, objects(0, 1));
  conn.receive(4, objects(2, 2));
  conn.receive(5, objects(3, 4, 5));
  assert.deepEqual(got, ["objects 1 state 1", "objects 2,3,4 state 4", "objects 5 state 5"]);
});

test("what waits for a missing object is bounded", () => {
  const o = new ObjectOrder();
  assert.throws(() => o.accept(4097, [bytes(1)], []), ProtocolError);
  assert.throws(() => {
    for (let n = 2; n < 4096; n++) o.accept(n, [new Uint8Array(1152)], []);
  }, /wait/);
});

test("a stream's fragments are put together in order", () => {
  const o = new StreamOrder({ bytes: 0 });
  const got: string[] = [];
  const f = (number: number, last: boolean, text: string) =>
    o.accept({ stream: 1, number, last, data: new TextEncoder().encode(text) }, (m) => got.push(new TextDecoder().decode(m)));
  f(1, true, "b");
  f(2, true, "c");
  f(0, false, "a");
  f(0, false, "a");
  assert.deepEqual(got, ["ab", "c"]);
  f(4, true, "e");
  f(3, true, "");
  assert.deepEqual(got, ["ab", "c", "", "e"]);
  assert.throws(() => f(5 + 8193, true, ""), ProtocolError);
});

test("a message of a stream that is too long ends the connection", () => {
  const o = new StreamOrder({ bytes: 0 });
  const part = { stream: 1, last: false, data: new Uint8Array(1000) };
  assert.throws(() => {
    for (let number = 0; number < 17; number++) o.accept({ ...part, number }, () => assert.fail());
  }, ProtocolError);
});

test("the first four arrivals are reported at once, twice each", () => {
  const { conn, kinds, sent } = line();
  for (let i = 0; i < 4; i++) {
    conn.receive(10 * i, objects(i, i + 1));
    conn.advance(10 * i);
  }
  assert.deepEqual(kinds(), [kindReport, kindReport, kindReport, kindReport]);
  // packet 3, 0 ticks ago, at 600; before it packet 2, 200 ticks earlier (J = 0)
  assert.deepEqual([...sent[3]], [kindReport << 4, 0, 0, 0, 3, 0, 0xd8, 0x04, 0x90, 0x03]);
});

test("a lone small packet's report waits, a large one's less, and a decoded state comes with it", () => {
  const r = new Reporter();
  const w = new Writer(maxPayload);
  for (let i = 0; i < 20; i++) {
    r.arrived(1000 * i, i, 100);
    w.length = 0;
    r.report(1000 * i, w);
    r.sent(100);
  }
  r.arrived(30_000, 20, 100);
  assert.equal(r.due, 30_150);
  r.arrived(30_001, 21, 1241);
  assert.ok(r.due < 30_150 && r.due >= 30_011, String(r.due));
  r.report(30_020, w);
  assert.equal(r.due, Infinity);
  r.state(40_000, 7);
  assert.equal(r.due, 40_150);
});

test("reports take a thin line's share and no more", () => {
  const r = new Reporter();
  const w = new Writer(maxPayload);
  let reports = 0;
  let packet = 0;
  for (let ms = 0; ms < 60_000; ms += 160) { // 64 kbit/s
    r.arrived(ms, packet++, 1241);
    while (r.due <= ms + 160) {
      w.length = 0;
      r.report(r.due, w);
      r.sent(w.length + 89);
      reports++;
    }
  }
  assert.ok(reports > 150 && reports < 260, String(reports));
});

test("a sign of life goes after 15 s of silence, and 45 s of the host's end it", () => {
  const { conn, kinds } = line();
  assert.equal(conn.advance(0), 15_000);
  assert.equal(conn.advance(15_000), 30_000);
  assert.deepEqual(kinds(), [kindAlive]);
  assert.equal(conn.advance(30_000), 45_000);
  assert.throws(() => conn.advance(45_000), /nothing heard/);
});

test("streams wait while the channel is full, and are cut into messages of one packet", () => {
  const { conn, channel, sent, kinds } = line();
  channel.bufferedAmount = 2000;
  const long = Uint8Array.from({ length: 3000 }, (_, i) => i);
  assert.ok(conn.send(2, long));
  assert.ok(conn.send(16, bytes(7)));
  conn.advance(1);
  assert.deepEqual(kinds(), []);
  channel.bufferedAmount = 0;
  conn.advance(2);
  assert.ok(conn.idle);
  const parts = sent.flatMap((b, i) => parseStreams(b, i).fragments);
  assert.ok(sent.every((b) => b.length <= maxPayload));
  assert.deepEqual(parts.map((f) => [f.stream, f.number, f.last]), [[2, 0, false], [2, 1, false], [2, 2, true], [16, 0, true]]);
  assert.deepEqual(Buffer.concat(parts.slice(0, 3).map((f) => f.data)), Buffer.from(long));
});

test("a caller that sends too much is told", () => {
  const { conn, channel } = line();
  channel.bufferedAmount = 5000;
  for (let i = 0; i < 4; i++) assert.ok(conn.send(16, new Uint8Array(maxMessage)));
  assert.equal(conn.send(16, bytes(1)), false);
  assert.throws(() => conn.send(0, bytes(1)), RangeError);
  assert.throws(() => conn.send(16, new Uint8Array(maxMessage + 1)), RangeError);
});

test("goodbyes are said and heard", () => {
  const { conn, got, kinds } = line();
  conn.receive(1, bytes(kindBye << 4));
  conn.bye(2);
  assert.deepEqual([got, kinds()], [["bye"], [kindBye]]);
});

test("what breaks the protocol is refused", () => {
  const { conn } = line();
  for (const b of [bytes(), bytes(0), bytes(0x30, 0, 0), bytes(0x60), new Uint8Array(2049), bytes(0x20, 0, 0, 1, 0, 0, 5, 1)]) {
    assert.throws(() => conn.receive(1, b), ProtocolError);
  }
});

test("random messages are understood or refused", () => {
  let seed = 3;
  const random = (n: number) => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8) % n;
  let refused = 0;
  for (let round = 0; round < 3000; round++) {
    const { conn } = line();
    const b = Uint8Array.from({ length: 1 + random(60) }, () => random(256));
    b[0] = (1 + random(2)) << 4;
    try {
      conn.receive(1, b);
    } catch (e) {
      assert.ok(e instanceof ProtocolError, String(e));
      refused++;
    }
  }
  assert.ok(refused > 1000 && refused < 3000, String(refused));
});

test("messages of streams arrive", () => {
  const { conn, got } = line();
  const w = new Writer(100);
  w.byte(kindStreams << 4);
  w.low16(0);
  appendFragment(w, { stream: 1, number: 0, last: true, data: bytes(1, 2, 3) });
  conn.receive(1, w.view.slice());
  assert.deepEqual(got, ["message 1 3"]);
});

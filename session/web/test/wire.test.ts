import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appendFragment, appendReport, nearest, parseObjects, parseStreams, ProtocolError, wireSize, Writer } from "../src/wire.ts";
import { testdata } from "./testdata.ts";

interface Vector {
  Name: string;
  Hex: string;
  Error?: string;
  Packet: number;
  First: number;
  State: number;
  Objects?: string[];
  Fragments?: { Stream: number; Number: number; Last: boolean; Text: string }[];
  DecodedState: number;
  HoldUs: number;
  Arrivals?: [number, number][];
}

const vectors: Vector[] = JSON.parse(readFileSync(join(testdata("transport"), "vectors.json"), "utf8"));
const text = (b: Uint8Array) => Buffer.from(b).toString("latin1");
const bytes = (t: string) => new Uint8Array(Buffer.from(t, "latin1"));

test("there are vectors", () => assert.ok(vectors.length > 12));

for (const v of vectors) {
  const b = new Uint8Array(Buffer.from(v.Hex, "hex"));
  const kind = b[0] >> 4;
  if (kind === 3 && v.Error) continue; // a viewer writes reports and reads none
  test(`vector: ${v.Name}`, () => {
    const w = new Writer(2048);
    if (v.Error) {
      const parse = () => (kind === 1 ? parseObjects(b, v.Packet, v.First) : parseStreams(b, v.Packet));
      assert.throws(parse, (e: Error) => e instanceof ProtocolError && e.message.includes(v.Error!));
    } else if (kind === 1) {
      const m = parseObjects(b, v.Packet, v.First);
      assert.deepEqual([m.packet, m.first, m.objects.map(text)], [v.Packet, v.First, v.Objects]);
    } else if (kind === 2) {
      const m = parseStreams(b, v.Packet);
      assert.deepEqual(m.fragments.map((f) => ({ Stream: f.stream, Number: f.number, Last: f.last, Text: text(f.data) })), v.Fragments);
      w.byte(2 << 4);
      w.low16(v.Packet);
      for (const f of v.Fragments!) appendFragment(w, { stream: f.Stream, number: f.Number, last: f.Last, data: bytes(f.Text) });
      assert.equal(Buffer.from(w.view).toString("hex"), v.Hex);
    } else {
      assert.equal(kind, 3);
      appendReport(w, v.DecodedState, v.HoldUs / 50, (v.Arrivals ?? []).map(([packet, at]) => ({ packet, at })));
      assert.equal(Buffer.from(w.view).toString("hex"), v.Hex);
    }
  });
}

test("a number is told from its low bits", () => {
  const cases = [[0, 0], [0, 5], [1, 0], [70000, 65535], [70000, 102767], [70000, 37233], [2 ** 40, 2 ** 40 - 32768], [65535, 65536]];
  for (const [ref, want] of cases) assert.equal(nearest(ref, want % 65536), want, `${want} near ${ref}`);
  assert.equal(nearest(3, 65535), 65535, "there is nothing before 0");
});

test("times beyond 32 bits are written whole", () => {
  const w = new Writer(20);
  w.varint(2 ** 43 + 5);
  assert.equal(Buffer.from(w.view).toString("hex"), "85808080808002");
});

test("a message of 8 bytes is an IP packet of 97", () => assert.equal(wireSize(8), 97));

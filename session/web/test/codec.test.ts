import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CorruptError } from "../src/codec/coder.ts";
import { Decoder } from "../src/codec/decoder.ts";
import { readPNG } from "./png.ts";
import { testdata } from "./testdata.ts";

const folder = testdata("codec");
const names = readdirSync(folder).filter((n) => n.endsWith(".txt")).map((n) => n.slice(0, -4));

function objectsOf(name: string): Uint8Array[] {
  const lines = readFileSync(join(folder, name + ".txt"), "utf8").split("\n");
  return lines.filter((l) => /^[0-9a-f]/.test(l)).map((l) => new Uint8Array(Buffer.from(l, "hex")));
}

function pixelsOf(d: Decoder): Int32Array {
  const p = d.picture;
  const all = new Int32Array(p.width * p.height);
  for (let y = 0; y < p.height; y++) all.set(p.pixels.subarray(p.index(0, y), p.index(p.width, y)), y * p.width);
  return all;
}

test("there are vectors", () => assert.ok(names.length >= 4));

for (const name of names) {
  test(`the picture of ${name} is Go's`, () => {
    const d = new Decoder();
    const objects = objectsOf(name);
    assert.ok(objects.length > 0);
    for (const o of objects) d.decode(o);
    const want = readPNG(readFileSync(join(folder, name + ".png")));
    assert.deepEqual([d.picture.width, d.picture.height], [want.width, want.height]);
    const got = pixelsOf(d);
    const wrong = got.findIndex((v, i) => v !== want.pixels[i]);
    assert.equal(wrong, -1, `pixel ${wrong % want.width},${Math.floor(wrong / want.width)} is ${got[wrong]?.toString(16)}, not ${want.pixels[wrong]?.toString(16)}`);
  });
}

test("an object that is cut or changed gives an error or another picture, never a hang, and the decoder then refuses all", () => {
  let seed = 1;
  const random = (n: number) => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 8) % n;
  let refused = 0;
  for (const name of names) {
    const objects = objectsOf(name);
    for (let round = 0; round < 40; round++) {
      const d = new Decoder();
      const hurt = random(objects.length);
      for (let i = 0; i < objects.length; i++) {
        let o = objects[i];
        if (i === hurt) {
          o = o.slice(0, round % 2 === 0 ? o.length : random(o.length));
          if (o.length > 0) o[random(o.length)] ^= 1 << random(8);
        }
        try {
          d.decode(o);
        } catch (e) {
          assert.ok(e instanceof Error && !(e instanceof RangeError) && !(e instanceof TypeError), String(e));
          assert.throws(() => d.decode(objects[0]), CorruptError);
          refused++;
          break;
        }
      }
    }
  }
  assert.ok(refused > 20, `only ${refused} were refused`);
});

test("a resize to the same size is refused", () => {
  const d = new Decoder();
  const [first, second, again] = ["7f037a18", "d3aea1d9", "e49e2904"].map((hex) => new Uint8Array(Buffer.from(hex, "hex")));
  d.decode(first);
  d.decode(second);
  assert.deepEqual([d.picture.width, d.picture.height], [64, 49]);
  assert.throws(() => d.decode(again), CorruptError);
});

test("random bytes are refused", () => {
  let seed = 7;
  const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 24;
  for (let i = 0; i < 40; i++) {
    const d = new Decoder();
    assert.throws(() => {
      for (let k = 0; k < 50; k++) d.decode(Uint8Array.from({ length: 1 + random() }, random));
    });
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { CursorSlots, straight } from "../src/cursor.ts";
import { usageOf } from "../src/hid.ts";
import { appendInput, type Input, InputQueue } from "../src/input.ts";
import { Keyboard, type KeyPress } from "../src/keyboard.ts";
import { keysymOf } from "../src/keysym.ts";
import { notchesOf, Pointer } from "../src/pointer.ts";
import { ProtocolError, Writer } from "../src/wire.ts";

function hex(...inputs: Input[]): string {
  const w = new Writer(1000);
  for (const i of inputs) appendInput(w, i);
  return Buffer.from(w.view).toString("hex");
}

test("inputs are written as session/SPEC.md says", () => {
  assert.equal(hex({ kind: "key", keysym: 0x61, code: 4, text: "a", down: true }), "81" + "61" + "04" + "01" + "61");
  assert.equal(hex({ kind: "key", keysym: 0xff0d, code: 0x28, text: "", down: false }), "01" + "8dfe03" + "28" + "00");
  assert.equal(hex({ kind: "key", keysym: 0x20ac, code: 8, text: "€", down: true }), "81" + "ac41" + "08" + "03e282ac");
  assert.equal(hex({ kind: "pointer", x: 300, y: 8191 }), "02" + "ac02" + "ff3f");
  assert.equal(hex({ kind: "button", button: 3, down: true, x: 1, y: 2 }), "83" + "03" + "01" + "02");
  assert.equal(hex({ kind: "wheel", dx: -120, dy: 120, x: 0, y: 0 }), "04" + "ef01" + "f001" + "00" + "00");
});

test("moves give way to the next, and wait for 50 ms; all else goes at once and in order", () => {
  const q = new InputQueue();
  assert.equal(q.due, Infinity);
  const move = (x: number): Input => ({ kind: "pointer", x, y: 0 });
  const click: Input = { kind: "button", button: 1, down: true, x: 2, y: 0 };
  q.add(move(1));
  q.add(move(2));
  assert.ok(q.due <= 0);
  assert.equal(Buffer.from(q.take(1000)).toString("hex"), hex(move(2)));
  q.add(move(3));
  assert.equal(q.due, 1050);
  q.add(click);
  q.add(move(4));
  q.add(move(5));
  assert.equal(q.due, -Infinity);
  assert.equal(Buffer.from(q.take(1001)).toString("hex"), hex(move(3), click, move(5)));
});

test("a long queue goes in messages of at most 1000 bytes, and has an end", () => {
  const q = new InputQueue();
  for (let i = 0; i < 4096; i++) assert.ok(q.add({ kind: "key", keysym: 0x61, code: 4, text: "a", down: i % 2 === 0 }));
  assert.equal(q.add({ kind: "key", keysym: 0x61, code: 4, text: "", down: false }), false);
  let all = 0;
  for (; q.due !== Infinity; ) {
    const m = q.take(0);
    assert.ok(m.length <= 1000);
    all += m.length;
  }
  assert.equal(all, 4096 * 5);
});

function press(code: string, key: string, more: Partial<KeyPress> & { altGr?: boolean } = {}): KeyPress {
  return {
    code, key, location: 0, isComposing: false, ctrlKey: false, altKey: false, metaKey: false,
    getModifierState: (m) => m === "AltGraph" && more.altGr === true, ...more,
  };
}

function keyboard(mac = false) {
  const got: string[] = [];
  const k = new Keyboard((i) => {
    assert.equal(i.kind, "key");
    if (i.kind === "key") got.push(`${i.down ? "+" : "-"}${i.code.toString(16)} ${i.keysym.toString(16)} ${i.text}`);
  }, mac);
  return { k, got };
}

test("AZERTY: the place is the physical key's, text and keysym the layout's", () => {
  const { k, got } = keyboard();
  for (const [code, key] of [["KeyQ", "a"], ["Digit2", "é"], ["Digit9", "ç"], ["Digit0", "à"]]) {
    k.down(press(code, key));
    k.up(press(code, key));
  }
  assert.deepEqual(got, ["+14 61 a", "-14 61 ", "+1f e9 é", "-1f e9 ", "+26 e7 ç", "-26 e7 ", "+27 e0 à", "-27 e0 "]);
});

test("AltGr types; Windows' Ctrl that comes with it is taken back; Ctrl and Alt command", () => {
  const { k, got } = keyboard();
  k.down(press("ControlLeft", "Control", { location: 1, ctrlKey: true }));
  k.down(press("AltRight", "AltGraph", { location: 2, altGr: true, ctrlKey: true, altKey: true }));
  k.down(press("KeyE", "€", { altGr: true, ctrlKey: true, altKey: true }));
  k.up(press("KeyE", "€"));
  k.up(press("ControlLeft", "Control"));
  k.up(press("AltRight", "AltGraph"));
  assert.deepEqual(got, ["+e0 ffe3 ", "-e0 ffe3 ", "+e6 fe03 ", "+8 20ac €", "-8 20ac ", "-e6 fe03 "]);
  got.length = 0;
  k.down(press("KeyA", "a", { ctrlKey: true }));
  k.down(press("KeyF", "f", { altKey: true }));
  assert.deepEqual(got, ["+4 61 ", "+9 66 "]);
});

test("Option types on a Mac, and Meta's release lets all go", () => {
  const { k, got } = keyboard(true);
  k.down(press("Digit5", "{", { altKey: true }));
  k.down(press("MetaLeft", "Meta", { location: 1, metaKey: true }));
  k.down(press("KeyC", "c", { metaKey: true }));
  k.up(press("MetaLeft", "Meta", { location: 1 }));
  assert.deepEqual(got, ["+22 7b {", "+e3 ffeb ", "+6 63 ", "-e3 ffeb ", "-6 63 ", "-22 7b "]);
});

test("dead keys are left to the browser, what it composed is typed", () => {
  const { k, got } = keyboard();
  assert.equal(k.down(press("BracketLeft", "Dead")), false);
  k.up(press("BracketLeft", "Dead"));
  assert.equal(k.down(press("KeyE", "Process", { isComposing: true })), false);
  k.text("ê");
  k.down(press("KeyE", "ê"));
  k.up(press("KeyE", "e"));
  assert.deepEqual(got, ["+0 ea ê", "-0 ea ", "+8 ea ê", "-8 ea "]);
});

test("a release names what the press named, and nothing stays down", () => {
  const { k, got } = keyboard();
  k.down(press("ShiftLeft", "Shift", { location: 1 }));
  k.down(press("KeyA", "A"));
  k.down(press("KeyA", "A"));
  k.up(press("ShiftLeft", "Shift", { location: 1 }));
  k.up(press("KeyA", "a"));
  k.up(press("KeyB", "b"));
  assert.deepEqual(got, ["+e1 ffe1 ", "+4 41 A", "+4 41 A", "-e1 ffe1 ", "-4 41 "]);
  got.length = 0;
  k.down(press("KeyX", "x"));
  k.down(press("KeyY", "y"));
  k.release();
  k.up(press("KeyX", "x"));
  assert.deepEqual(got, ["+1b 78 x", "+1c 79 y", "-1c 79 ", "-1b 78 "]);
});

test("keysyms and places of special keys", () => {
  for (const [key, location, want] of [
    ["Enter", 0, 0xff0d], ["Enter", 3, 0xff8d], ["5", 3, 0xffb5], ["5", 0, 0x35], ["ArrowUp", 0, 0xff52], ["F12", 0, 0xffc9], ["Delete", 0, 0xffff],
    ["Shift", 2, 0xffe2], ["œ", 0, 0x13bd], ["Ω", 0, 0x010003a9], ["😀", 0, 0x0101f600], ["Backspace", 0, 0xff08], ["Tab", 0, 0xff09], ["Insert", 0, 0xff63],
    ["NumLock", 0, 0xff7f], ["PageDown", 0, 0xff56], ["SoftLeft", 0, 0],
  ] as const) assert.equal(keysymOf({ key, location }), want, key);
  for (const [code, want] of [
    ["KeyA", 4], ["KeyZ", 0x1d], ["Digit0", 0x27], ["Enter", 0x28], ["Backslash", 0x31], ["Semicolon", 0x33], ["F12", 0x45], ["ArrowUp", 0x52],
    ["NumpadEnter", 0x58], ["IntlBackslash", 0x64], ["ContextMenu", 0x65], ["F24", 0x73], ["MetaRight", 0xe7], ["Fn", 0],
  ] as const) assert.equal(usageOf(code), want, code);
});

test("buttons follow the mask, and all are let go", () => {
  const got: Input[] = [];
  const p = new Pointer((i) => got.push(i));
  p.at({ x: 5, y: 6 }, 1);
  p.at({ x: 5, y: 6 }, 1 | 2);
  p.at({ x: 9, y: 6 }, 2);
  p.release();
  assert.deepEqual(got, [
    { kind: "pointer", x: 5, y: 6 },
    { kind: "button", button: 1, down: true, x: 5, y: 6 },
    { kind: "button", button: 3, down: true, x: 5, y: 6 },
    { kind: "pointer", x: 9, y: 6 },
    { kind: "button", button: 1, down: false, x: 9, y: 6 },
    { kind: "button", button: 3, down: false, x: 9, y: 6 },
  ]);
});

test("a notch is 120, smooth wheels add up to it", () => {
  const got: number[] = [];
  const p = new Pointer((i) => i.kind === "wheel" && got.push(i.dy));
  p.wheel(...notchesOf({ deltaX: 0, deltaY: 100, deltaMode: 0, wheelDeltaX: 0, wheelDeltaY: -120 }), { x: 0, y: 0 });
  p.wheel(...notchesOf({ deltaX: 0, deltaY: -3, deltaMode: 1 }), { x: 0, y: 0 });
  assert.deepEqual(got, [120, -120]);
  for (let i = 0; i < 100; i++) p.wheel(0, 0.01, { x: 0, y: 0 });
  assert.equal(got.slice(2).reduce((a, b) => a + b), 120);
});

test("a cursor is unpacked, kept in its slot, and shown again", () => {
  const s = new CursorSlots();
  // 3 x 2, points with 1,0: one clear, two equal, then three as they are
  const red = [255, 0, 0, 255];
  const half = [64, 0, 32, 128];
  const c = s.show(Uint8Array.from([4, 3, 2, 1, 0, 0x00, 0x21, ...red, 0x42, ...half, ...red, ...half]));
  assert.deepEqual([c.width, c.height, c.hotX, c.hotY], [3, 2, 1, 0]);
  assert.deepEqual([...c.pixels], [0, 0, 0, 0, ...red, ...red, ...half, ...red, ...half]);
  assert.deepEqual([...straight(c).slice(12, 16)], [128, 0, 64, 128]);
  assert.equal(s.show(Uint8Array.of(5)).width, 0, "empty until it is filled");
  assert.equal(s.show(Uint8Array.of(4)), c);
  assert.equal(s.show(Uint8Array.of(4, 0, 0, 0, 0)).width, 0);
  for (const bad of [[], [32], [1, 2], [1, 65, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0], [1, 1, 1, 0, 0, 1], [1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0x60], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0, 0]]) {
    assert.throws(() => s.show(Uint8Array.from(bad)), ProtocolError, String(bad));
  }
});

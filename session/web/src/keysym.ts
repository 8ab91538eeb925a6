// What a key means under the user's layout: KeyboardEvent.key (UI Events KeyboardEvent key Values, W3C) to X11's keysyms
// (X Window System Protocol, appendix A).

const lists: [number, string][] = [
  [0xff08, "Backspace Tab"],
  [0xff0d, "Enter"],
  [0xff13, "Pause ScrollLock"],
  [0xff1b, "Escape"],
  [0xff50, "Home ArrowLeft ArrowUp ArrowRight ArrowDown PageUp PageDown End"],
  [0xff60, "Select PrintScreen Execute Insert"],
  [0xff65, "Undo Redo ContextMenu Find Cancel Help"],
  [0xff7f, "NumLock"],
  [0xffbe, "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24"],
  [0xffe5, "CapsLock"],
  [0xffff, "Delete"],
  [0xfe03, "AltGraph"],
  [0xff21, "KanjiMode"],
  [0xff23, "Convert"],
  [0xff22, "NonConvert"],
  [0x1008ff11, "AudioVolumeDown AudioVolumeMute AudioVolumeUp"],
];

const named = new Map<string, number>();
for (const [first, names] of lists) names.split(" ").forEach((name, i) => named.set(name, first + i));

// Keys that exist on both sides of the keyboard: left, right.
const sided = new Map<string, [number, number]>([
  ["Shift", [0xffe1, 0xffe2]],
  ["Control", [0xffe3, 0xffe4]],
  ["Alt", [0xffe9, 0xffea]],
  ["Meta", [0xffeb, 0xffec]],
]);

const numpad = new Map<string, number>([
  ["Enter", 0xff8d], ["Home", 0xff95], ["ArrowLeft", 0xff96], ["ArrowUp", 0xff97], ["ArrowRight", 0xff98], ["ArrowDown", 0xff99],
  ["PageUp", 0xff9a], ["PageDown", 0xff9b], ["End", 0xff9c], ["Clear", 0xff9d], ["Insert", 0xff9e], ["Delete", 0xff9f],
  ["*", 0xffaa], ["+", 0xffab], [",", 0xffac], ["-", 0xffad], [".", 0xffae], ["/", 0xffaf], ["=", 0xffbd],
]);
for (let d = 0; d < 10; d++) numpad.set(String(d), 0xffb0 + d);

/** textKeysym is the keysym of a character: Latin-1 stands for itself, all else is 0x01000000 + its code point. */
export function textKeysym(text: string): number {
  const c = text.codePointAt(0) ?? 0;
  if (c === 0x20ac) return 0x20ac; // EuroSign has a keysym of its own
  if (c === 0x152) return 0x13bc; // OE
  if (c === 0x153) return 0x13bd; // oe
  return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c < 0x100) ? c : 0x01000000 + c;
}

export interface Pressed {
  key: string;
  location: number;
}

const right = 2;
const pad = 3;

/** isText says whether the key types text: its name is then that text, one character. */
export function isText(key: string): boolean {
  const c = key.codePointAt(0);
  return c !== undefined && String.fromCodePoint(c) === key;
}

/** keysymOf is 0 when the key has none that is known. */
export function keysymOf(e: Pressed): number {
  if (e.location === pad) {
    const k = numpad.get(e.key);
    if (k !== undefined) return k;
  }
  if (isText(e.key)) return textKeysym(e.key);
  const s = sided.get(e.key);
  if (s !== undefined) return s[e.location === right ? 1 : 0];
  return named.get(e.key) ?? 0;
}


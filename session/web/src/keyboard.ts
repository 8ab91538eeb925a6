import { usageOf } from "./hid.ts";
import type { Input } from "./input.ts";
import { isText, keysymOf, textKeysym } from "./keysym.ts";

/** What a Keyboard reads of a KeyboardEvent. */
export interface KeyPress {
  readonly code: string;
  readonly key: string;
  readonly location: number;
  readonly isComposing: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  getModifierState(name: string): boolean;
}

type Key = Extract<Input, { kind: "key" }>;

/**
 * Keyboard makes inputs of the browser's keys. It knows what is down, by place, so that a release names what the press
 * named whatever the layout says by then, and so that all can be let go.
 *
 * A dead key types nothing by itself: the browser puts it together with the next one and reports the result, as the
 * next key's name or as composed text.
 */
export class Keyboard {
  private readonly held = new Map<string, Key>();

  /** mac: Option types characters there, as AltGr does elsewhere. */
  constructor(private readonly send: (i: Input) => void, private readonly mac: boolean) {}

  /** down takes a press or a repetition; false when the browser must go on with it, to compose text. */
  down(e: KeyPress): boolean {
    if (e.isComposing || e.key === "Dead" || e.key === "Process" || e.key === "Unidentified") return false;
    const typed = isText(e.key) && !this.isCommand(e) ? e.key : "";
    const key: Key = { kind: "key", keysym: keysymOf(e), code: usageOf(e.code), text: typed, down: true };
    if (key.keysym === 0 && key.code === 0) return true;
    // Windows says AltGr as Ctrl, then AltGr.
    if (e.key === "AltGraph") this.letGo("ControlLeft");
    this.held.set(e.code || e.key, key);
    this.send(key);
    return true;
  }

  /** isCommand says that a character is not typed but commanded with: Ctrl+A. With AltGr, which some systems report as Ctrl and Alt, it is typed. */
  private isCommand(e: KeyPress): boolean {
    if (e.getModifierState("AltGraph")) return false;
    return e.ctrlKey || e.metaKey || (e.altKey && !this.mac);
  }

  up(e: KeyPress): void {
    this.letGo(e.code || e.key);
    // While Meta is down macOS reports no other key's release.
    if (e.key === "Meta") this.release();
  }

  /** letGo does nothing for a key whose press was not ours: a dead key's, or before the focus came. */
  private letGo(name: string): void {
    const key = this.held.get(name);
    if (key === undefined) return;
    this.held.delete(name);
    this.send({ ...key, text: "", down: false });
  }

  /** text types what the browser composed: with dead keys, by an input method, from a list. */
  text(composed: string): void {
    for (const c of composed) {
      const key: Key = { kind: "key", keysym: textKeysym(c), code: 0, text: c, down: true };
      this.send(key);
      this.send({ ...key, text: "", down: false });
    }
  }

  /** release lets all go, the last pressed first: the focus is gone, and no release will be seen. */
  release(): void {
    for (const name of [...this.held.keys()].reverse()) this.letGo(name);
  }
}

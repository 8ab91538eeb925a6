import type { Input } from "./input.ts";
import { Keyboard } from "./keyboard.ts";
import { notchesOf, Pointer } from "./pointer.ts";
import type { View } from "./view.ts";

/** listenTo makes inputs of what the user does in a view, until the signal ends it. */
export function listenTo(view: View, send: (i: Input) => void, until: AbortSignal): void {
  const keyboard = new Keyboard(send, /mac/i.test(navigator.platform));
  const pointer = new Pointer(send);
  const { keys, canvas } = view;
  const release = () => {
    keyboard.release();
    pointer.release();
  };

  const on = <E extends Event>(target: EventTarget, type: string, f: (e: E) => void, passive = false) =>
    target.addEventListener(type, f as EventListener, { signal: until, passive });

  on<KeyboardEvent>(keys, "keydown", (e) => {
    if (keyboard.down(e)) e.preventDefault();
    if (e.ctrlKey && e.altKey && e.shiftKey && ["Control", "Alt", "Shift"].includes(e.key)) view.leave();
  });
  on<KeyboardEvent>(keys, "keyup", (e) => {
    keyboard.up(e);
    e.preventDefault();
  });
  // What was composed, or put in by other means than keys.
  on<InputEvent>(keys, "input", (e) => {
    if (!e.isComposing) take();
  });
  on(keys, "compositionend", take);
  function take(): void {
    const text = keys.value;
    keys.value = "";
    keyboard.text(text);
  }
  on(keys, "blur", release);
  on(window, "blur", release);
  on(document, "visibilitychange", () => document.hidden && release());

  const moved = (e: PointerEvent) => pointer.at(view.pointAt(e.clientX, e.clientY), e.buttons);
  on<PointerEvent>(canvas, "pointerdown", (e) => {
    canvas.setPointerCapture(e.pointerId);
    keys.focus({ preventScroll: true });
    moved(e);
  });
  on(canvas, "pointermove", moved);
  on(canvas, "pointerup", moved);
  on(canvas, "pointercancel", () => pointer.release());
  // The focus stays with keys, nothing is selected or dragged, no menu opens.
  for (const type of ["mousedown", "contextmenu", "dragstart", "auxclick"]) on(canvas, type, (e) => e.preventDefault());
  on<WheelEvent>(canvas, "wheel", (e) => {
    e.preventDefault();
    const [right, down] = notchesOf(e);
    pointer.wheel(right, down, view.pointAt(e.clientX, e.clientY));
  });
}

import type { Words } from "./words.ts";

const style = `
:host{display:block;height:100%}
.frame{display:flex;flex-direction:column;height:100%;background:#16181d;color:#e2e5ea;font:14px/1.4 system-ui,sans-serif}
.port{flex:1;min-height:0;overflow:auto;display:grid}
.stage{position:relative;margin:auto}
canvas{display:block;touch-action:none;user-select:none;-webkit-user-select:none}
textarea{position:absolute;left:0;top:0;width:1px;height:1px;padding:0;border:0;opacity:0;resize:none;pointer-events:none}
.port:focus-within+.bar{box-shadow:inset 0 2px #6aa8ff}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:2px 14px;padding:3px 10px;min-height:26px}
.bar span:empty{display:none}
.figures{color:#b4bac6;font-variant-numeric:tabular-nums}
.hint{color:#b4bac6;margin-left:auto}
label{display:flex;align-items:center;gap:4px}
button{font:inherit;color:inherit;background:#2c313b;border:1px solid #69707f;border-radius:4px;padding:0 8px}
:focus-visible{outline:2px solid #6aa8ff;outline-offset:1px}
[hidden]{display:none!important}
`;

/** View is the viewer's element: the picture, and a line below it. Its content is in a shadow tree, apart from the page's. */
export class View {
  readonly canvas = document.createElement("canvas");
  /** What has the keyboard's focus: an editable element, so that dead keys and input methods compose text. */
  readonly keys = document.createElement("textarea");
  readonly bar = make("div", "bar");
  private readonly frame = make("div", "frame");
  private readonly port = make("div", "port");
  private readonly stage = make("div", "stage");
  private readonly said = make("span", "said");
  private readonly figures = make("span", "figures");
  private readonly again = document.createElement("button");
  private readonly fitBox = document.createElement("input");
  private readonly resized = new ResizeObserver(() => this.place());
  private width = 0;
  private height = 0;

  constructor(readonly element: HTMLElement, words: Words, readonly onAgain: () => void) {
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];

    this.frame.lang = words.language;
    this.canvas.setAttribute("aria-hidden", "true");
    this.canvas.hidden = true; // until there is a picture
    this.keys.setAttribute("aria-label", words.screen);
    this.keys.autocapitalize = "off";
    this.keys.autocomplete = "off";
    this.keys.spellcheck = false;
    this.said.setAttribute("role", "status");
    this.again.textContent = words.now;
    this.again.hidden = true;
    this.again.onclick = () => this.onAgain();
    this.fitBox.type = "checkbox";
    this.fitBox.onchange = () => this.place();
    const fit = document.createElement("label");
    fit.title = words.fitLong;
    fit.append(this.fitBox, words.fit);
    const hint = make("span", "hint");
    hint.textContent = words.leave;

    this.stage.append(this.canvas, this.keys);
    this.port.append(this.stage);
    this.bar.append(this.said, this.again, this.figures, hint, fit);
    this.frame.append(this.port, this.bar);
    root.replaceChildren(this.frame);
    this.resized.observe(this.port);
  }

  get fit(): boolean {
    return this.fitBox.checked;
  }

  set fit(on: boolean) {
    this.fitBox.checked = on;
    this.place();
  }

  /** leave gives the keyboard's focus to the line below the picture. */
  leave(): void {
    (this.bar.hidden ? this.element : this.fitBox).focus();
    this.keys.blur();
  }

  /** say shows the state; a retry can be asked for when offer is set. */
  say(text: string, offer: boolean): void {
    if (this.said.textContent !== text) this.said.textContent = text;
    this.again.hidden = !offer;
  }

  showFigures(text: string): void {
    if (this.figures.textContent !== text) this.figures.textContent = text;
  }

  /** size is the picture's, in its pixels. */
  size(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.canvas.hidden = false;
    this.place();
  }

  /** place gives the canvas its size on the page: a pixel of the screen for each of its own, or as large as fits. */
  private place(): void {
    if (this.width === 0) return;
    const density = window.devicePixelRatio;
    let scale = 1 / density;
    if (this.fit) scale = Math.min(this.port.clientWidth / this.width, this.port.clientHeight / this.height);
    this.port.style.overflow = this.fit ? "hidden" : "auto";
    this.canvas.style.width = `${this.width * scale}px`;
    this.canvas.style.height = `${this.height * scale}px`;
    const whole = scale * density;
    this.canvas.style.imageRendering = whole >= 1 && Number.isInteger(whole) ? "pixelated" : "auto";
  }

  /** pointAt is the picture's pixel at a place of the window, the nearest one when it is outside. */
  pointAt(clientX: number, clientY: number): { x: number; y: number } {
    const r = this.canvas.getBoundingClientRect();
    const at = (v: number, size: number, n: number) => Math.max(0, Math.min(n - 1, Math.floor((v * n) / size))) || 0;
    return { x: at(clientX - r.left, r.width, this.width), y: at(clientY - r.top, r.height, this.height) };
  }

  /** remove empties the element. */
  remove(): void {
    this.resized.disconnect();
    this.frame.remove();
  }
}

function make<K extends "div" | "span">(tag: K, name: string): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  e.className = name;
  return e;
}

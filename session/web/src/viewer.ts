import { Conn } from "./conn.ts";
import { cssOf, CursorSlots } from "./cursor.ts";
import { listenTo } from "./hand.ts";
import { type Input, InputQueue } from "./input.ts";
import { Offer, SetupError, type Target } from "./offer.ts";
import type { Options, Reason, State, StateDetail, Stats, Viewer as Public } from "./api.d.ts";
import { Reader } from "./wire.ts";
import { View } from "./view.ts";
import { rateText, type Words, wordsFor } from "./words.ts";
import { type FromWorker, type ToWorker, workerName } from "./worker.ts";

// The streams of a session (session/SPEC.md).
const streamControl = 1;
const streamInput = 2;
const streamCursor = 3;
const firstOwn = 16;
const controlBye = 1;
const controlSeen = 2;
const controlCoarse = 3;
const maxTiles = 1 << 18; // of a picture

// Between two attempts to come back the viewer waits longer each time, ms.
const firstRetry = 500;
const lastRetry = 15_000;
// How often the figures of the status line are looked at, ms.
const figuresEvery = 2000;

export class ConnectError extends Error {
  constructor(readonly reason: Reason, text: string) {
    super(text);
  }
}

/** Why a connection ended; final: there is no point in another. */
interface End {
  reason: Reason;
  text: string;
  final: boolean;
}

/** Viewer shows a host's screen in an element, sends what the user does, and comes back when the connection is lost. */
export class Viewer extends EventTarget implements Public {
  state: State = "connecting";
  private readonly words: Words;
  private readonly view: View;
  private readonly worker: Worker;
  private readonly target: Target;
  private readonly inputs = new InputQueue();
  private readonly closing = new AbortController();
  private offer: Offer | null = null;
  private conn: Conn | null = null;
  private connection = 0; // number of the present one
  private cursors = new CursorSlots(); // of it
  private broke: ((e: End) => void) | null = null; // ends it
  private fatal = ""; // what makes another attempt pointless
  private hurry: (() => void) | null = null; // ends the wait for the next attempt
  private wakeAt = Infinity;
  private figures: Stats;

  constructor(element: HTMLElement, options: Options) {
    super();
    this.words = wordsFor(options.language ?? navigator.language);
    this.view = new View(element, this.words, () => this.hurry?.());
    this.view.bar.hidden = options.status === false;
    this.view.fit = options.fit !== false;
    this.target = { url: String(options.url), token: options.token, iceServers: options.iceServers ?? [] };
    this.figures = { state: "connecting", width: 0, height: 0, objects: 0, received: 0, rate: 0, roundTrip: 0, connects: 0, coarse: 0, codedPixels: 0, decodeMs: 0 };
    this.worker = new Worker(import.meta.url, { type: "module", name: workerName });
    this.worker.onmessage = (e: MessageEvent<FromWorker>) => this.heard(e.data);
    this.worker.onerror = (e) => this.fail(`the decoder's worker did not start: ${e.message ?? "is it allowed by the page's policy?"}`);
    const canvas = this.view.canvas.transferControlToOffscreen();
    this.tell({ kind: "canvas", canvas }, [canvas]);
    if (!options.viewOnly) listenTo(this.view, (i) => this.input(i), this.closing.signal);
    const signal = this.closing.signal;
    window.addEventListener("pagehide", () => this.leave(), { signal });
    window.addEventListener("online", () => this.hurry?.(), { signal });
    document.addEventListener("visibilitychange", () => this.turn(), { signal });
    const timer = setInterval(() => void this.showFigures(), figuresEvery);
    signal.addEventListener("abort", () => clearInterval(timer));
  }

  /** run lives through connections until there is no point in another. early is a first one that has been begun. */
  async run(early: Offer | null): Promise<void> {
    let wait = firstRetry;
    this.become({ state: "connecting" });
    for (;;) {
      const end = await this.use(early ?? new Offer(this.target));
      early = null;
      if (this.closing.signal.aborted) return;
      if (end.final || this.fatal) {
        this.become({ state: "ended", reason: end.reason, text: this.fatal || end.text });
        return;
      }
      if (this.state === "connected") wait = firstRetry;
      this.become({ state: "reconnecting", reason: end.reason, text: end.text, wait });
      await this.pause(wait);
      if (this.closing.signal.aborted) return;
      wait = Math.min(2 * wait, lastRetry);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.hurry = () => {
        clearTimeout(timer);
        this.hurry = null;
        resolve();
      };
    });
  }

  /** use shows what comes over one connection until it ends. */
  private async use(offer: Offer): Promise<End> {
    this.offer = offer;
    const ended = new Promise<End>((resolve) => (this.broke = resolve));
    try {
      await offer.opened;
    } catch (e) {
      const trouble = e instanceof SetupError ? e.trouble : "failed";
      return { reason: trouble, text: String(e instanceof Error ? e.message : e), final: trouble === "refused" };
    }
    const connection = ++this.connection;
    this.tell({ kind: "begin", connection });
    this.cursors = new CursorSlots();
    const conn = new Conn(offer.channel, {
      objects: (objects, state) => {
        this.figures.objects = state;
        this.tell({ kind: "objects", connection, objects, state });
      },
      message: (stream, data) => this.message(stream, data),
      bye: () => {
        offer.over = true;
        this.end("failed", "the host left");
      },
    }, performance.now());
    this.conn = conn;
    this.figures.connects++;
    this.figures.coarse = 0;
    if (document.hidden) this.turn();
    this.become({ state: "connected" });

    const receive = (at: number, data: ArrayBuffer) => {
      try {
        conn.receive(at, new Uint8Array(data));
      } catch (e) {
        this.end("failed", String(e));
        return;
      }
      this.advance();
    };
    for (const m of offer.early) receive(m.at, m.data);
    offer.early = [];
    offer.receive = receive;
    offer.lost = () => this.end("failed", "the connection ended");
    offer.channel.bufferedAmountLowThreshold = 1200;
    offer.channel.onbufferedamountlow = () => this.advance();
    this.advance();

    const end = await ended;
    this.leave();
    return end;
  }

  /** turn tells the host whether anyone sees the page: a hidden one is sent no pixels. */
  private turn(): void {
    if (!document.hidden) this.hurry?.();
    if (this.conn?.send(streamControl, Uint8Array.of(controlSeen, document.hidden ? 0 : 1)) === false) {
      this.end("failed", "too much waits for the line");
    }
    this.advance();
  }

  private end(reason: Reason, text: string, final = false): void {
    this.broke?.({ reason, text, final });
  }

  /** fail ends everything. */
  private fail(text: string): void {
    this.fatal = text;
    this.end("failed", text, true);
    this.offer?.close();
  }

  /** leave ends the present connection, if any; it works while the page unloads. */
  private leave(): void {
    const { conn, offer } = this;
    this.conn = null;
    this.offer = null;
    this.inputs.clear();
    if (offer === null) return;
    offer.receive = () => {};
    offer.lost = null;
    if (conn !== null && offer.channel.readyState === "open") conn.bye(performance.now());
    offer.close();
    this.end("failed", "left");
  }

  /** advance does what is due on the connection and has the worker wake us when something will be. */
  private advance(): void {
    const { conn, offer } = this;
    if (conn === null || offer?.channel.readyState !== "open") return;
    const now = performance.now();
    let next: number;
    try {
      while (conn.idle && this.inputs.due <= now) conn.send(streamInput, this.inputs.take(now));
      next = Math.min(conn.advance(now), this.inputs.due === -Infinity ? Infinity : this.inputs.due);
    } catch (e) {
      this.end("failed", String(e));
      return;
    }
    if (next < this.wakeAt) {
      this.wakeAt = next;
      this.tell({ kind: "wake", after: Math.max(1, next - now) });
    }
  }

  private heard(m: FromWorker): void {
    switch (m.kind) {
      case "size":
        Object.assign(this.figures, { width: m.width, height: m.height });
        this.view.size(m.width, m.height);
        this.dispatchEvent(new CustomEvent("resize", { detail: { width: m.width, height: m.height } }));
        return;
      case "decoded":
        this.figures.codedPixels = m.pixels;
        this.figures.decodeMs = m.ms;
        if (m.connection === this.connection) this.conn?.decoded(performance.now(), m.state);
        break;
      case "broken":
        if (m.connection === this.connection) this.end("failed", m.text);
        return;
      case "woke":
        this.wakeAt = Infinity;
    }
    this.advance();
  }

  private message(stream: number, data: Uint8Array): void {
    if (stream === streamControl) {
      if (data[0] === controlBye) {
        if (this.offer) this.offer.over = true;
        this.end("sent-away", new TextDecoder().decode(data.subarray(1)), true);
      } else if (!this.coarse(data)) this.end("failed", "the host sent a control message that this version does not know");
    } else if (stream === streamCursor) {
      this.view.canvas.style.cursor = cssOf(this.cursors.show(data));
    } else if (stream >= firstOwn) {
      this.dispatchEvent(new CustomEvent("message", { detail: { stream, data } }));
    }
  }

  /** coarse takes the host's word on what is not exact yet. */
  private coarse(data: Uint8Array): boolean {
    const r = new Reader(data);
    if (data.length < 2 || r.byte() !== controlCoarse) return false;
    this.figures.coarse = r.varint(maxTiles);
    void this.showFigures();
    return r.left === 0;
  }

  private input(i: Input): void {
    if (this.conn === null || this.figures.width === 0) return;
    if (!this.inputs.add(i)) this.end("failed", "too much input waits for the line");
    this.advance();
  }

  private tell(m: ToWorker, move: Transferable[] = []): void {
    this.worker.postMessage(m, move);
  }

  private become(detail: StateDetail): void {
    this.state = detail.state;
    this.view.say(this.sentence(detail), detail.state === "reconnecting");
    void this.showFigures();
    this.dispatchEvent(new CustomEvent("state", { detail }));
  }

  private sentence(d: StateDetail): string {
    const w = this.words;
    if (d.state === "connecting") return w.connecting;
    if (d.state === "connected") return w.connected;
    if (d.reason === "sent-away") return w.away(d.text ?? "");
    if (d.reason === "closed") return w.closed;
    if (d.state === "ended") return w[d.reason ?? "failed"];
    const why = this.figures.connects > 0 ? w.lost : w[d.reason ?? "failed"];
    return `${why} ${w.again(Math.ceil((d.wait ?? 0) / 1000))}`;
  }

  private async showFigures(): Promise<void> {
    const { conn, offer, figures } = this;
    figures.roundTrip = 0;
    if (conn === null || offer === null) {
      this.view.showFigures("");
      return;
    }
    for (const s of (await offer.pc.getStats()).values()) {
      if (s.type === "candidate-pair" && s.nominated && s.currentRoundTripTime) figures.roundTrip = 1000 * s.currentRoundTripTime;
    }
    const said = [];
    if (conn.rate > 0) said.push(this.words.seen(rateText(conn.rate, this.words)));
    if (figures.roundTrip > 0) said.push(this.words.trip(Math.round(figures.roundTrip)));
    const tiles = Math.ceil(figures.width / 16) * Math.ceil(figures.height / 16);
    if (figures.coarse > 0) said.push(this.words.coarse(Math.max(1, Math.round((100 * figures.coarse) / tiles))));
    if (conn === this.conn) this.view.showFigures(said.join(" · "));
  }

  get fit(): boolean {
    return this.view.fit;
  }

  set fit(on: boolean) {
    this.view.fit = on;
  }

  stats(): Stats {
    return { ...this.figures, state: this.state, received: this.conn?.received ?? 0, rate: this.conn?.rate ?? 0 };
  }

  focus(): void {
    this.view.keys.focus({ preventScroll: true });
  }

  send(stream: number, data: Uint8Array): boolean {
    if (stream < firstOwn) throw new RangeError(`stream ${stream}: those below ${firstOwn} are the session's own`);
    const taken = this.conn?.send(stream, data.slice()) ?? false;
    this.advance();
    return taken;
  }

  close(): void {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    this.leave();
    this.hurry?.();
    this.worker.terminate();
    this.view.remove();
    this.become({ state: "ended", reason: "closed" });
  }
}

/** connect is the embedding API; see api.d.ts. */
export async function connect(element: HTMLElement, options: Options): Promise<Viewer> {
  const viewer = new Viewer(element, options);
  const first = new Promise<void>((resolve, reject) => {
    viewer.addEventListener("state", (e) => {
      const d = (e as CustomEvent<StateDetail>).detail;
      if (d.state === "connected") resolve();
      else if (d.state !== "connecting") reject(new ConnectError(d.reason ?? "failed", d.text ?? ""));
    });
  });
  void viewer.run(null);
  try {
    await first;
  } catch (e) {
    viewer.close();
    throw e;
  }
  return viewer;
}

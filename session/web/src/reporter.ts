import { appendReport, type Arrival, maxArrivals, ticksPerMs, type Writer } from "./wire.ts";

// All times in ms. The values are those of transport/SPEC.md, "Reports".
const least = 30; // between two reports
const most = 370;
const atOnce = 4; // the first reports do not wait: the host knows nothing yet
const eager = 12; // the first so many come at least each eagerMost
const eagerMost = 50;
const gather = 10; // for so long packets of the same burst are waited for
const lone = 150; // a single small packet is no measurement that anyone waits for
const smallPacket = 400; // bytes
// Reports take at most so much of the lines' rates; the uplink is taken for a quarter of the downlink.
const shareDown = 0.03;
const shareUp = 0.08 * 0.25;
const rateSpan = 500;
const rateFade = 0.988; // a span
const rateLeast = 4; // bytes/ms

/**
 * Reporter notes when packets arrive and decides when to tell the host. Each report tells again what the one before
 * told, for reports get lost too. It is told the time.
 */
export class Reporter {
  /** When the next report is due; Infinity: none is. */
  due = Infinity;
  /** Most of the line down that was seen over half a second, fading; bytes/ms. */
  rate = 0;

  private fresh: Arrival[] = [];
  private reported: Arrival[] = [];
  private decoded = 0;
  private sentAt = -Infinity;
  private sentSize = 0;
  private reports = 0;
  private spanAt = 0;
  private spanBytes = 0;

  /** arrived notes a packet of the host's; size is the IP packet's in bytes. */
  arrived(now: number, packet: number, size: number): void {
    this.fresh.push({ packet, at: Math.floor(now * ticksPerMs) });
    this.measure(now, size);
    let wait = gather;
    if (this.reports < atOnce) wait = 0;
    else if (this.fresh.length === 1 && size <= smallPacket) wait = lone;
    this.schedule(Math.max(now + wait, this.sentAt + this.gap()));
    if (this.fresh.length >= maxArrivals / 2) this.schedule(now);
  }

  /** state notes what has been decoded. */
  state(now: number, state: number): void {
    if (state <= this.decoded) return;
    this.decoded = state;
    this.schedule(Math.max(now + lone, this.sentAt + this.gap()));
  }

  private schedule(at: number): void {
    if (at < this.due) this.due = at;
  }

  private measure(now: number, size: number): void {
    const span = now - this.spanAt;
    if (span >= rateSpan) {
      this.rate = Math.max(this.rate * Math.pow(rateFade, span / rateSpan), this.spanBytes / span);
      this.spanAt = now;
      this.spanBytes = 0;
    }
    this.spanBytes += size;
  }

  /** gap is how long after a report the next one may leave. */
  private gap(): number {
    if (this.reports < atOnce) return 0;
    const share = Math.min(shareUp, shareDown) * Math.max(this.rate, rateLeast);
    return Math.min(Math.max(this.sentSize / share, least), this.reports < eager ? eagerMost : most);
  }

  /** report writes the report that is due to w. */
  report(now: number, w: Writer): void {
    const all = this.reported.concat(this.fresh).slice(-maxArrivals);
    const last = all[all.length - 1];
    appendReport(w, this.decoded, last ? Math.max(0, Math.floor(now * ticksPerMs) - last.at) : 0, all);
    this.reported = this.fresh;
    this.fresh = [];
    this.due = Infinity;
    this.sentAt = now;
    this.reports++;
  }

  /** sent notes the size of the report's IP packet, bytes. */
  sent(size: number): void {
    this.sentSize = size;
  }
}

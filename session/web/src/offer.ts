// Signalling: an HTTP exchange in the manner of WHEP (transport/SPEC.md).
//
//	viewer                                host
//	  |---- POST offer, bearer token ------>|
//	  |<--- 201 answer, Location -----------|
//	  |<=== ICE, DTLS, SCTP, over UDP =====>|
//
// The page's first script holds this file too: it begins before the rest has come.

const version = "a=thinpane:1";
const setupWithin = 20_000; // ms from the offer to an open channel

export type Trouble = "refused" | "full" | "gone" | "failed";

/** SetupError says why no session came about; final: trying again with the same token is pointless. */
export class SetupError extends Error {
  constructor(readonly trouble: Trouble, message: string) {
    super(message);
  }
}

/** A message and when it came, by performance.now(): taken in the event itself, however busy the page is later. */
export interface Early {
  at: number;
  data: ArrayBuffer;
}

export interface Target {
  url: string;
  token: string;
  iceServers: RTCIceServer[];
}

/** Offer is a session that is being set up, or stands. Messages wait in early until receive is set. */
export class Offer {
  readonly pc: RTCPeerConnection;
  readonly channel: RTCDataChannel;
  /** Resolves when the channel is open, rejects with a SetupError. */
  readonly opened: Promise<void>;
  /** Resolves when the host has answered the offer, or will not. */
  readonly answered: Promise<void>;
  early: Early[] = [];
  receive: ((at: number, data: ArrayBuffer) => void) | null = null;
  /** Called when the channel or what is below ends. */
  lost: (() => void) | null = null;
  /** The host has ended the session: there is nothing to give back. */
  over = false;
  private session = ""; // URL of what the host made for us
  private closed = false;
  private fail!: (e: SetupError) => void;

  constructor(readonly target: Target) {
    this.pc = new RTCPeerConnection({ iceServers: target.iceServers });
    this.channel = this.pc.createDataChannel("thinpane", { negotiated: true, id: 1, ordered: false });
    this.channel.binaryType = "arraybuffer";
    this.channel.onmessage = (e: MessageEvent<ArrayBuffer>) => {
      const at = performance.now();
      if (this.receive) this.receive(at, e.data);
      else this.early.push({ at, data: e.data });
    };
    const ended = () => {
      this.fail(new SetupError("failed", "the channel ended"));
      if (!this.closed) this.lost?.();
    };
    this.channel.onclose = () => {
      this.over = true;
      ended();
    };
    this.pc.onconnectionstatechange = () => this.pc.connectionState === "failed" && ended();
    this.opened = new Promise((resolve, reject) => {
      this.channel.onopen = () => resolve();
      this.fail = reject;
      setTimeout(() => reject(new SetupError("failed", "no packets came through in time")), setupWithin);
    });
    this.answered = this.post().catch((e: unknown) => this.fail(e instanceof SetupError ? e : new SetupError("failed", String(e))));
    this.opened.catch(() => this.close());
  }

  private async post(): Promise<void> {
    const late: RTCIceCandidate[] = [];
    this.pc.onicecandidate = (e) => {
      if (e.candidate) this.session ? this.trickle(e.candidate) : late.push(e.candidate);
    };
    const offer = await this.pc.createOffer();
    await this.pc.setLocalDescription(offer);
    const resp = await this.ask(this.target.url, "POST", "application/sdp", offer.sdp!.trimEnd() + "\r\n" + version + "\r\n");
    const text = await resp.text();
    const where = resp.headers.get("Location");
    if (resp.status !== 201) throw new SetupError(trouble(resp.status), text.trim().slice(0, 200) || resp.statusText);
    if (where === null) throw new SetupError("failed", "the host named no session");
    this.session = new URL(where, resp.url).href;
    if (this.closed) return this.delete();
    if (!new RegExp(`^${version}\\s*$`, "m").test(text)) throw new SetupError("failed", "the host speaks another version");
    await this.pc.setRemoteDescription({ type: "answer", sdp: text });
    for (const c of late) this.trickle(c);
  }

  /** trickle tells the host of an address that it could not find by itself. Where that fails the others may do. */
  private trickle(c: RTCIceCandidate): void {
    if (c.type === "host" || this.closed) return; // the host answers whoever asks it
    const credentials = this.pc.localDescription!.sdp.match(/^a=ice-(ufrag|pwd):.*$/gm)!.slice(0, 2).map((l) => l.trim()).join("\r\n");
    const body = `${credentials}\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:${c.sdpMid}\r\na=${c.candidate}\r\n`;
    this.ask(this.session, "PATCH", "application/trickle-ice-sdpfrag", body).catch(() => {});
  }

  private ask(url: string, method: string, type: string, body: string | null): Promise<Response> {
    const headers: Record<string, string> = { Authorization: "Bearer " + this.target.token };
    if (type) headers["Content-Type"] = type;
    return fetch(url, { method, headers, body, keepalive: method === "DELETE" });
  }

  private delete(): void {
    if (this.session && !this.over) this.ask(this.session, "DELETE", "", null).catch(() => {});
    this.session = "";
  }

  /** close ends the session and gives the host its place back; it works while the page unloads. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.delete();
    this.pc.close();
    this.fail(new SetupError("failed", "closed"));
  }
}

function trouble(status: number): Trouble {
  if (status === 401 || status === 403) return "refused";
  if (status === 503) return "full";
  if (status === 404 || status === 410) return "gone";
  return "failed";
}

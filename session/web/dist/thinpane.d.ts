// The viewer of a Thinpane host, for one's own page. See README.md beside the Go package session/web.

export interface Options {
  /** Where the host answers offers; relative to the page. */
  url: string | URL;
  /** The bearer token that the host's Authorize knows. */
  token: string;
  /** STUN and TURN servers. Default: none. */
  iceServers?: RTCIceServer[];
  /** Send no input. Default: false. */
  viewOnly?: boolean;
  /** Fit the picture to the element; else one pixel is one pixel of the screen, with scrolling. Default: true. */
  fit?: boolean;
  /** Show the line with the connection's state below the picture. Default: true. */
  status?: boolean;
  /** Default: the browser's, English where there is no other. */
  language?: "en" | "fr";
}

/**
 * - connecting: for the first time
 * - connected
 * - reconnecting: the connection was lost; detail.reason says why, detail.wait how many ms until the next attempt
 * - ended: for good; detail.reason says why
 */
export type State = "connecting" | "connected" | "reconnecting" | "ended";

/**
 * - refused: the host does not let this token in
 * - full, gone, failed: no place, no host there, no way to it
 * - sent-away: the host ended the session on purpose
 * - closed: by close()
 */
export type Reason = "refused" | "full" | "gone" | "failed" | "sent-away" | "closed";

export interface StateDetail {
  state: State;
  reason?: Reason;
  /** What the host said, or what went wrong: text to show. */
  text?: string;
  wait?: number;
}

export interface ViewerEvents {
  state: CustomEvent<StateDetail>;
  /** The picture has a new size in pixels. */
  resize: CustomEvent<{ width: number; height: number }>;
  /** The application's own message (Peer.Send), on a stream from 16 to 31. */
  message: CustomEvent<{ stream: number; data: Uint8Array }>;
}

export interface Stats {
  state: State;
  width: number;
  height: number;
  /** Objects decoded on this connection. */
  objects: number;
  /** Bytes of IP packets received on this connection. */
  received: number;
  /** The most of the line down that was in use lately, bit/s; 0: not known. */
  rate: number;
  /** Round trip in ms; 0: not known. */
  roundTrip: number;
  /** Tiles of 16 x 16 pixels that were not exact yet when the host said so last. */
  coarse: number;
  /** How often it has been connected. */
  connects: number;
  /** Pixels decoded that were coded one by one (not copied), and the ms that decoding took, since the beginning. */
  codedPixels: number;
  decodeMs: number;
}

export interface Viewer extends EventTarget {
  readonly state: State;
  fit: boolean;
  stats(): Stats;
  /** Gives the keyboard to the host's screen. */
  focus(): void;
  /** Sends the application's own message (HostConfig.OnMessage), on a stream from 16 to 31; false: not now. */
  send(stream: number, data: Uint8Array): boolean;
  /** Leaves the host and empties the element. */
  close(): void;
  addEventListener<K extends keyof ViewerEvents>(type: K, listener: (e: ViewerEvents[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

/** The error that connect rejects with. */
export class ConnectError extends Error {
  readonly reason: Reason;
}

/**
 * Shows a host's screen in element, whose content it replaces. It resolves when the first connection stands and
 * rejects with a ConnectError when it does not come about; later losses the viewer repairs by itself.
 */
export function connect(element: HTMLElement, options: Options): Promise<Viewer>;

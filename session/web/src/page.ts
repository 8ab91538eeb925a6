import { Offer, type Target } from "./offer.ts";

declare global {
  interface Window {
    /** What the page's first script began for the viewer that follows. */
    thinpaneEarly?: Offer;
  }
}

/** pageTarget is the host of the page itself; the token is in the address's fragment, which no server or log sees. */
export function pageTarget(): Target {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  return { url: location.pathname + location.search, token, iceServers: [] };
}

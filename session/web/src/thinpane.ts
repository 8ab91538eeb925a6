// The viewer's one bundle: in a worker the decoder, on the host's own page the whole of it, elsewhere a module to import.
import { pageTarget } from "./page.ts";
import { connect, ConnectError, Viewer } from "./viewer.ts";
import { serve, workerName } from "./worker.ts";

export { connect, ConnectError };

if (self.name === workerName) {
  serve(self as never);
} else if (window.thinpaneEarly) {
  const target = pageTarget();
  const viewer = new Viewer(document.getElementById("screen")!, { url: target.url, token: target.token });
  void viewer.run(window.thinpaneEarly);
  viewer.focus();
  window.addEventListener("hashchange", () => location.reload()); // another token
}

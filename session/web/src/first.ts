// The page's first script, inline: the offer is on its way before the rest is asked for. The rest waits for the answer, which
// on a thin line it would hold up; it comes while the two ends find and check each other.
import { Offer } from "./offer.ts";
import { pageTarget } from "./page.ts";

const patience = 1000; // ms: a host that is slow to answer is to be shown as such

const viewer = document.currentScript!.dataset.viewer!;
const early = (window.thinpaneEarly = new Offer(pageTarget()));
void Promise.race([early.answered, new Promise((resolve) => setTimeout(resolve, patience))]).then(() => import(new URL(viewer, location.href).href));

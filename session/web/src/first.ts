// The page's first script, inline: the offer is on its way before the rest has come.
import { Offer } from "./offer.ts";
import { pageTarget } from "./page.ts";

window.thinpaneEarly = new Offer(pageTarget());

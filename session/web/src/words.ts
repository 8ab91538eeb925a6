const en = {
  connecting: "Connecting…",
  connected: "Connected",
  lost: "Connection lost.",
  again: (s: number) => `Trying again in ${s} s…`,
  refused: "Refused: the host does not let this address's token in.",
  full: "The host takes no more viewers now.",
  gone: "There is no host at this address.",
  failed: "No connection to the host came about.",
  away: (why: string) => (why ? `The host has ended the session: ${why}` : "The host has ended the session."),
  closed: "Closed.",
  seen: (rate: string) => `up to ${rate} in use`,
  trip: (ms: number) => `round trip ${ms} ms`,
  coarse: (percent: number) => `${percent} % not exact yet`,
  language: "en",
  fit: "Fit",
  fitLong: "Fit the picture to the window",
  now: "Try again",
  screen: "The host's screen: keys go there. Ctrl+Alt+Shift leaves it.",
  leave: "Ctrl+Alt+Shift leaves the screen",
};

export type Words = typeof en;

const fr: Words = {
  connecting: "Connexion…",
  connected: "Connecté",
  lost: "Connexion perdue.",
  again: (s) => `Nouvel essai dans ${s} s…`,
  refused: "Refusé : l’hôte n’accepte pas le jeton de cette adresse.",
  full: "L’hôte n’accepte pas d’autre spectateur pour l’instant.",
  gone: "Il n’y a pas d’hôte à cette adresse.",
  failed: "La connexion à l’hôte n’a pas abouti.",
  away: (why) => (why ? `L’hôte a mis fin à la session : ${why}` : "L’hôte a mis fin à la session."),
  closed: "Fermé.",
  seen: (rate) => `jusqu’à ${rate} utilisés`,
  trip: (ms) => `aller-retour ${ms} ms`,
  coarse: (percent) => `${percent} % pas encore exact`,
  language: "fr",
  fit: "Ajuster",
  fitLong: "Ajuster l’image à la fenêtre",
  now: "Réessayer",
  screen: "L’écran de l’hôte : les touches y vont. Ctrl+Alt+Maj en sort.",
  leave: "Ctrl+Alt+Maj quitte l’écran",
};

/** wordsFor takes a language tag (BCP 47); all but French is English. */
export const wordsFor = (tag: string): Words => (/^fr\b/i.test(tag) ? fr : en);

/** rateText writes a rate in bit/s. */
export function rateText(bps: number, w: Words): string {
  const mega = bps >= 999_500;
  const v = mega ? bps / 1e6 : bps / 1e3;
  return new Intl.NumberFormat(w.language, { maximumSignificantDigits: 3 }).format(v) + (mega ? " Mbit/s" : " kbit/s");
}

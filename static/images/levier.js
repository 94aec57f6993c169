// A lever, what it answers, and the figures that follow the hand. See pages/commun/levier.py.
// A range of the browser's own: keys, pointer and screen readers find what they know. It never waits for the server: what
// each value answers is sent by tens once the hand rests near it, the nearest first. A question has a number that its
// answer bears, for an earlier answer never to overwrite a later one.

import { arriver, rester, silence } from "../adaptateur/depart.js";
import { accorder, element, lire } from "./figure.js";

const ATTENTE_MS = 10_000; // a server that does not answer for that long no longer holds the screen
const CALME_MS = 500; // tens are asked for while the hand rests: a step never waits for them
const RYTHME_MS = 50; // between two questions while the hand moves, as long as the answers are not here
const PAS = { ArrowRight: 10, ArrowUp: 10, ArrowLeft: -10, ArrowDown: -10 }; // with Maj
const reponses = new Map(); // lever → its answers by value, the tens that it has

// What differs, put back over what is shared: see `ecart` in pages/commun/levier.py.
const fondre = (commun, propre) => {
  if (propre === undefined || propre === null || typeof propre !== "object" || Array.isArray(propre)) return propre;
  const fondu = Array.isArray(commun) ? [...commun] : { ...commun };
  for (const cle in propre) fondu[cle] = fondre(fondu[cle], propre[cle]);
  return fondu;
};

class Levier {
  constructor(parent) {
    for (const nom of ["images", "etat", "nom", "valeur", "reserve", "reponse"]) this[nom] = element("div", nom);
    this.images.className = "figures";
    this.valeur.ariaHidden = "true"; // the range says it itself
    this.retour = Object.assign(element("button", "retour"), { type: "button", onclick: () => this.aller(this.message.depart) });
    this.curseur = Object.assign(element("input", "curseur"), { type: "range" });
    const reglage = element("label", "reglage", this.nom, this.valeur, this.curseur);
    const cote = element("div", "cote", element("div", "tete", this.etat, this.retour), reglage, this.reserve);
    parent.append(this.images, element("div", "commande", cote, this.reponse));
    this.question = this.demandee = 0;
    this.curseur.addEventListener("input", () => this.suivre());
    this.curseur.addEventListener("change", () => this.demander(Number(this.curseur.value)));
    this.curseur.addEventListener("keydown", (geste) => this.lireTouche(geste));
    for (const geste of ["pointerenter", "focus"]) this.curseur.addEventListener(geste, () => this.anticiper());
  }

  recevoir(message, envoyer) {
    const estAutre = this.message?.cle !== message.cle;
    if (estAutre) arriver();
    Object.assign(this, { message, envoyer });
    const sues = reponses.get(message.cle) ?? reponses.set(message.cle, { etapes: new Map(), dizaines: new Set() }).get(message.cle);
    this.sues = sues;
    for (const [valeur, propre] of Object.entries(message.lues?.etapes ?? {})) sues.etapes.set(Number(valeur), fondre(message.lues.commune, propre));
    if (message.lues) sues.dizaines.add(message.lues.dizaine);
    if (message.lues || estAutre) this.anticiper();
    const attend = !estAutre && message.question < this.question && performance.now() < this.demandee + ATTENTE_MS;
    if (attend) return; // an earlier question: the last one is answered too
    this.question = message.question;
    this.demande = message.etape.valeur;
    this.nom.textContent = message.libelle;
    Object.assign(this.curseur, { min: message.minimum, max: message.maximum, value: message.etape.valeur });
    this.reserve.textContent = message.reserve;
    this.montrer(message.etape);
  }

  // The hand moves: what is known is shown at once, else asked now and then.
  suivre() {
    rester();
    const valeur = Number(this.curseur.value);
    const sue = this.sues.etapes.get(valeur);
    if (sue) this.montrer(sue);
    else this.dire(valeur);
    if (!sue && performance.now() - this.demandee > RYTHME_MS) this.demander(valeur);
    this.anticiper();
  }

  aller(valeur) {
    this.curseur.value = valeur;
    this.suivre();
    this.demander(Number(this.curseur.value));
    this.curseur.focus();
  }

  lireTouche(geste) {
    if (geste.key === "0") this.aller(this.message.depart);
    else if (geste.shiftKey && PAS[geste.key]) this.aller(Number(this.curseur.value) + PAS[geste.key]);
    else if (!geste.key.startsWith("Page")) return; // those two are the day's: they move no lever
    geste.preventDefault();
  }

  demander(valeur) {
    if (silence() || valeur === this.demande) return;
    this.demande = valeur;
    this.question += 1;
    this.demandee = performance.now();
    this.envoyer.setStateValue("demande", { valeur, question: this.question });
  }

  anticiper() {
    clearTimeout(this.tantot);
    this.tantot = setTimeout(() => {
      const loin = (dizaine) => Math.abs(10 * dizaine + 4.5 - Number(this.curseur.value));
      const [dizaine] = this.message.dizaines.filter((d) => !this.sues.dizaines.has(d)).sort((a, b) => loin(a) - loin(b));
      if (dizaine === undefined || !this.images.isConnected) return;
      if (silence()) return this.anticiper();
      rester();
      this.envoyer.setTriggerValue("dizaine", { cle: this.message.cle, dizaine });
    }, CALME_MS);
  }

  dire(valeur) {
    this.valeur.textContent = `${valeur}${this.message.unite}`;
    this.curseur.setAttribute("aria-valuetext", this.valeur.textContent);
  }

  montrer({ valeur, etat, retour, reponse, images }) {
    this.dire(valeur);
    for (const [noeud, html] of [[this.etat, etat], [this.reponse, reponse]]) if (noeud.vu !== html) noeud.innerHTML = noeud.vu = html;
    this.retour.textContent = retour;
    this.retour.hidden = !retour;
    accorder(this.images, images, () => {});
  }
}

export default function ({ parentElement, data, ...envoyer }) {
  const levier = (parentElement.levier ??= new Levier(parentElement));
  levier.recevoir(lire(data), envoyer);
  return () => setTimeout(() => levier.images.isConnected || accorder(levier.images, [], null));
}

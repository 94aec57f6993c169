// One lever or several, what they answer, and the figures that follow the hand. See pages/commun/levier.py.
// Ranges of the browser's own: keys, pointer and screen readers find what they know. They never wait for the server: what
// each value of the lever held answers, the others where they stand, is sent by tens while the hand rests near it, nearest
// first (as the page comes, for the first key). An earlier answer never overwrites that of a later question.

import { arriver, calme, enCours, rester, silence } from "../adaptateur/depart.js";
import { element, lire, montrer } from "../adaptateur/dom.js";
import { accorder } from "./figure.js";

const ATTENTE_MS = 10_000; // a server that does not answer for that long no longer holds the screen
const CALME_MS = 500; // tens are asked for while the hand rests: a step never waits for them
const RYTHME_MS = 50; // between two questions while the hand moves, as long as the answers are not here
const PAS = { ArrowRight: 10, ArrowUp: 10, ArrowLeft: -10, ArrowDown: -10 }; // with Maj
const reponses = new Map(); // lever held, the others where they stand → its answers by value, the tens that are here

// What differs, put back over what is shared: see `ecart` in pages/commun/levier.py.
const fondre = (commun, propre) => {
  if (propre === undefined || propre === null || typeof propre !== "object" || Array.isArray(propre)) return propre;
  if ("" in propre) return propre[""];
  const fondu = Array.isArray(commun) ? [...commun] : { ...commun };
  for (const cle in propre) fondu[cle] = fondre(fondu[cle], propre[cle]);
  return fondu;
};

class Levier {
  constructor(parent) {
    for (const nom of ["images", "etat", "reglages", "reponse"]) this[nom] = element("div", nom);
    this.images.className = "figures";
    this.retour = Object.assign(element("button", "retour"), { type: "button", onclick: () => this.revenir() });
    const cote = element("div", "cote", element("div", "tete", this.etat, this.retour), this.reglages);
    parent.append(this.images, element("div", "commande", cote, this.reponse));
    Object.assign(this, { curseurs: [], tenu: 0, question: 0, demandee: 0 });
  }

  // A range for each lever, kept as long as they are as many.
  poser({ curseurs }) {
    if (this.curseurs.length !== curseurs.length) this.reglages.replaceChildren(...curseurs.map((_, i) => this.creer(i)));
    this.curseurs = [...this.reglages.querySelectorAll("input")];
    curseurs.forEach(({ libelle, minimum, maximum }, i) => {
      Object.assign(this.curseurs[i], { min: minimum, max: maximum });
      this.curseurs[i].parentNode.firstChild.textContent = libelle;
    });
  }

  creer(i) {
    const curseur = Object.assign(element("input", "curseur"), { type: "range" });
    curseur.addEventListener("input", () => this.suivre());
    // A hand that came back where it had begun has changed nothing for the browser.
    for (const geste of ["change", "pointerup"]) curseur.addEventListener(geste, () => this.demander());
    curseur.addEventListener("keydown", (geste) => this.lireTouche(geste, curseur));
    for (const geste of ["keydown", "pointerdown"]) curseur.addEventListener(geste, () => (this.estTouche = geste === "keydown"), true);
    const approcher = () => this.anticiper(Object.assign(this, { tenu: i, estApproche: true }));
    for (const geste of ["pointerenter", "focus"]) curseur.addEventListener(geste, approcher);
    const valeur = Object.assign(element("div", "valeur"), { ariaHidden: "true" }); // the range says it itself
    return element("label", "reglage", element("div", "nom"), valeur, curseur);
  }

  recevoir(message, envoyer) {
    const estAutre = this.message?.cle !== message.cle;
    if (estAutre) arriver();
    Object.assign(this, { message, envoyer });
    if (message.lues) this.apprendre(message.lues);
    const attend = message.question < this.question && performance.now() < this.demandee + ATTENTE_MS;
    const estEnMain = String(this.valeurs()) !== this.demande; // it went on: where it stops will be asked
    if (!estAutre && (attend || estEnMain)) return; // an earlier question: the last one is answered too
    this.question = message.question;
    this.demande = String(message.etape.valeurs);
    if (estAutre) this.poser(message);
    message.etape.valeurs.forEach((valeur, i) => (this.curseurs[i].value = valeur));
    this.montrer(message.etape);
    if (message.lues || estAutre) this.anticiper();
  }

  valeurs = () => this.curseurs.map(({ value }) => Number(value));

  sues() {
    const cle = [this.message.cle, this.tenu, ...this.valeurs().map((v, i) => (i === this.tenu ? "" : v))].join(" ");
    return reponses.get(cle) ?? reponses.set(cle, { cle, etapes: new Map(), dizaines: new Set() }).get(cle);
  }

  apprendre({ pour, dizaine, commune, etapes }) {
    const sues = reponses.get(pour);
    for (const valeur in etapes) sues?.etapes.set(Number(valeur), fondre(commune, etapes[valeur]));
    sues?.dizaines.add(dizaine);
  }

  // The hand moves: what is known is shown at once, else asked now and then.
  suivre() {
    rester();
    const sue = this.sues().etapes.get(Number(this.curseurs[this.tenu].value));
    if (sue) this.montrer(sue);
    else this.dire();
    if (!sue && performance.now() - this.demandee > RYTHME_MS) this.demander();
    this.anticiper();
  }

  revenir() {
    this.message.curseurs.forEach(({ depart }, i) => (this.curseurs[i].value = depart));
    this.suivre();
    this.demander();
    if (this.message.revient && !silence()) this.envoyer.setTriggerValue("retour", true);
    this.curseurs[this.tenu].focus();
  }

  lireTouche(geste, curseur) {
    if (geste.key === "0") this.revenir();
    else if (geste.shiftKey && PAS[geste.key]) {
      curseur.value = Number(curseur.value) + PAS[geste.key];
      this.suivre();
      this.demander();
    } else if (!geste.key.startsWith("Page")) return; // those two are the day's: they move no lever
    geste.preventDefault();
  }

  demander() {
    const valeurs = this.valeurs();
    if (silence() || String(valeurs) === this.demande) return;
    this.demande = String(valeurs);
    this.question += 1;
    this.demandee = performance.now();
    this.envoyer.setStateValue("demande", { valeurs, question: this.question });
  }

  anticiper() {
    clearTimeout(this.tantot);
    this.tantot = setTimeout(() => {
      const { min, max, value } = this.curseurs[this.tenu] ?? {};
      if (!this.message.est_anticipe || !value || !this.images.isConnected) return;
      if (silence() || enCours() || calme() < CALME_MS) return this.anticiper();
      const [sues, loin] = [this.sues(), (dizaine) => Math.abs(10 * dizaine + 4.5 - value)];
      const toutes = Array.from({ length: Math.floor(max / 10) + 1 }, (_, d) => d).slice(Math.floor(min / 10));
      const [dizaine] = toutes.filter((d) => !sues.dizaines.has(d)).sort((a, b) => loin(a) - loin(b));
      if (dizaine === undefined || (sues.dizaines.size && !this.estApproche)) return; // nobody may ever touch it
      rester();
      this.envoyer.setTriggerValue("dizaine", { pour: sues.cle, tenu: this.tenu, valeurs: this.valeurs(), dizaine });
    }, CALME_MS);
  }

  dire() {
    this.message.curseurs.forEach(({ unite, dits }, i) => {
      const [curseur, dit] = [this.curseurs[i], dits[this.curseurs[i].value] ?? `${this.curseurs[i].value}${unite}`];
      if (curseur.ariaValueText !== dit) curseur.previousSibling.textContent = curseur.ariaValueText = dit;
    });
  }

  // Under the pointer, at once; of a key, when its question has left, which waits for a turn of its own.
  montrer(etape) {
    this.etape = etape;
    if (this.estTouche) this.trait ??= setTimeout(() => setTimeout(() => this.dessiner()));
    else this.dessiner();
    this.dire();
  }

  dessiner() {
    this.trait = null;
    if (!this.images.isConnected) return;
    const { images, ...dits } = this.etape;
    accorder(this.images, images, (lieu) => this.envoyer.setTriggerValue("lieu", lieu));
    for (const nom of ["etat", "retour", "reponse"]) if (this[nom].vu !== dits[nom]) this[nom].innerHTML = this[nom].vu = dits[nom];
  }
}

export default function ({ parentElement, data, ...envoyer }) {
  const levier = (parentElement.levier ??= new Levier(parentElement));
  const dire = (dites) => levier.recevoir(lire(dites), envoyer);
  return montrer(parentElement, data, dire, () => accorder(levier.images, [], null));
}

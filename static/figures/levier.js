// The component of a lever with what it answers: pictures, sentence, places. See pages/seance/bilan/levier.py.
// Each question has a number that its answer bears: one that said the very same as before would not come here again.
// A range of the browser's own: keys, pointer and screen readers find what they know. It never waits for the server; what
// an answer shows is drawn again when the server says it.

import { silence } from "./depart.js";
import { bouger, demander, etape, lire } from "./etapes.js";
import { accorderFigures, partir } from "./figure.js";

const ATTENTE_MS = 10_000; // a server that does not answer for that long no longer holds the screen
const RYTHME_MS = 50; // between two questions while the hand moves, as long as the answers are not here

const element = (nom, classe, ...enfants) => {
  const noeud = document.createElement(nom);
  if (classe) noeud.className = classe;
  noeud.append(...enfants);
  return noeud;
};
const ecrire = (noeud, html) => {
  if (noeud.vu !== html) noeud.innerHTML = noeud.vu = html;
};

class Levier {
  constructor(parent) {
    this.images = element("div", "figures");
    this.etat = element("div", "etat_essai");
    this.retour = element("button", "retour");
    this.retour.type = "button";
    this.nom = element("span", "nom");
    this.valeur = element("span", "valeur");
    this.valeur.ariaHidden = "true"; // the range says it itself
    this.curseur = element("input", "curseur");
    this.curseur.type = "range";
    this.reserve = element("p", "reserve");
    this.reponse = element("div", "reponse");
    const tete = element("div", "tete", this.etat, this.retour);
    const reglage = element("label", "reglage", this.nom, this.valeur, this.curseur);
    parent.append(this.images, element("div", "commande", element("div", "cote", tete, reglage, this.reserve), this.reponse));
    this.question = this.demandee = 0; // the last one asked, and when
    this.attendue = null;
    this.curseur.addEventListener("input", () => this.suivre());
    this.curseur.addEventListener("change", () => this.demander(Number(this.curseur.value)));
    this.retour.addEventListener("click", () => this.revenir());
    this.curseur.addEventListener("keydown", bouger);
    this.curseur.addEventListener("focus", bouger); // keys follow
    for (const geste of ["pointerenter", "focus"]) this.curseur.addEventListener(geste, () => demander(this.message.cle, Number(this.curseur.value)));
  }

  recevoir(message, envoyer) {
    const estAutre = this.message?.cle !== message.cle;
    this.message = message;
    this.envoyer = envoyer;
    const attend = !estAutre && this.attendue !== null && message.question !== this.question;
    if (attend && performance.now() < this.demandee + ATTENTE_MS) return; // an earlier question: the last one is answered too
    this.question = Math.max(this.question, message.question);
    this.attendue = null;
    this.nom.textContent = message.libelle;
    this.curseur.max = message.maximum;
    this.curseur.value = message.etape.valeur;
    ecrire(this.reserve, message.reserve);
    this.montrer(message.etape);
  }

  // The hand moves: what is known is shown at once, else asked now and then.
  suivre() {
    bouger();
    const valeur = Number(this.curseur.value);
    const connue = etape(this.message.cle, valeur);
    if (connue) this.montrer(connue);
    else {
      this.dire(valeur);
      if (performance.now() - this.demandee > RYTHME_MS) this.demander(valeur);
    }
  }

  demander(valeur) {
    if (silence() || valeur === (this.attendue ?? this.message.etape.valeur)) return;
    this.attendue = valeur;
    this.question += 1;
    this.demandee = performance.now();
    this.envoyer("demande", { valeur, question: this.question });
  }

  revenir() {
    this.curseur.value = this.message.depart;
    this.suivre();
    this.demander(this.message.depart);
    this.curseur.focus();
  }

  dire(valeur) {
    this.valeur.textContent = `${valeur}\u202f%`;
    this.curseur.setAttribute("aria-valuetext", `${valeur} %`);
  }

  montrer({ valeur, etat, retour, reponse, figures }) {
    this.dire(valeur);
    ecrire(this.etat, etat);
    if (this.retour.textContent !== retour) this.retour.textContent = retour;
    this.retour.hidden = !retour;
    ecrire(this.reponse, reponse);
    accorderFigures(this.images, figures);
  }

  fermer() {
    this.images.figures.forEach((figure) => figure.fermer());
  }
}

export default function ({ parentElement, data, setStateValue }) {
  const levier = (parentElement.levier ??= new Levier(parentElement));
  levier.recevoir(lire(data), setStateValue);
  return partir(levier.images, () => levier.fermer());
}

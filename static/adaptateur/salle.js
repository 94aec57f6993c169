// Salle in the page: the two keys of a presenter's remote, the strip, the screen put out, the list of where to go. See
// pages/commun/salle.py. What is asked is a place, never « the next one »: three quick presses make one question.

import { enCours, quitter } from "./depart.js";
import { element, lire, montrer } from "./dom.js";

const CHAMPS = "input:not([type=range]), textarea, select, [contenteditable=true], [role=combobox], [role=listbox], dialog";
const SUIVANT = { PageDown: 1, ArrowRight: 1, PageUp: -1, ArrowLeft: -1 };
const TOUCHES =
  "Page suivante, page précédente ou → ← : les messages, et la suite de celui qui dépasse · ↓ ↑ : descendre dans un lieu, remonter · 0 : revenir au constat · N : éteindre · S : sombre · F : plein écran · ? : cette liste";
const PLUSIEURS = "Plusieurs lieux commencent ainsi : ↓ ↑ choisissent, Entrée confirme.";
const ATTENTE_MS = 10_000; // a message that does not come for that long is no longer waited for
const VEILLE_MS = 200; // between two looks at whether the message that was asked for is here
const REPOS_MS = 1_200; // without a run, after which what was asked is held for lost
const SOURD_MS = 5_000; // the same, where no run was seen since it was asked
const PAGE = ".stMainBlockContainer";
const A_PART = ".bande_salle, .question_posee, .ou_aller, .st-key-decision, .st-key-agenda, .lu, style, script"; // no word of a message, or it scrolls by itself
const PAS = 0.75; // of the height, that a key goes down in a message that is longer
const SOMBRE = "ici_salle_sombre"; // of this screen: a room keeps its daylight
const DELAI_MS = 15_000; // between two readings of the clock
const simple = (texte) => texte.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();

const enMots = (texte) => simple(texte).split(" ");
const colle = (texte) => simple(texte).replaceAll(" ", ""); // « lab » begins La Bassée

const bouton = (classe, dit, geste) => {
  const noeud = element("button", classe, dit);
  Object.assign(noeud, { type: "button", onclick: geste });
  return noeud;
};

class Salle {
  constructor() {
    this.question = element("div", "question_posee");
    this.bande = element("div", "bande_salle");
    this.filtre = Object.assign(element("input", "filtre"), { type: "text", oninput: () => this.filtrer() });
    this.filtre.setAttribute("aria-label", "Commune, bailleur, message ou mesure");
    this.choix = element("ul", "choix");
    this.aide = element("p", "touches");
    this.ou = element("dialog", "ou_aller", this.filtre, this.choix, this.aide);
    this.ou.setAttribute("aria-label", "Où aller");
    this.ou.addEventListener("keydown", (geste) => this.choisir(geste));
    this.montrees = new Set();
    document.documentElement.classList.toggle("sombre", localStorage.getItem(SOMBRE) === "true");
    this.ecouter = (geste) => this.lireTouche(geste);
    document.addEventListener("keydown", this.ecouter, true);
    this.mesure = new ResizeObserver(() => this.depasse() !== this.dite && this.dire());
    this.horloge = setInterval(() => this.dire(), DELAI_MS);
  }

  // Each page comes with a place of its own; what was asked, and the keys, outlive the place that goes.
  recevoir(parent, dits, envoyer) {
    if (this.bande.parentElement !== parent) parent.append(this.question, this.bande, this.ou);
    const estAilleurs = this.dits?.courant !== dits.courant;
    Object.assign(this, { dits, envoyer });
    const page = document.querySelector(PAGE);
    this.mesure.disconnect();
    if (page?.firstElementChild) this.mesure.observe(page.firstElementChild);
    if (page && estAilleurs) page.scrollTop = 0;
    if (dits.avis || estAilleurs) this.avis = dits.avis; // the address is mended at once: it is said until one goes elsewhere
    // What comes meanwhile is about the message before: the one that was asked for stays where the keys count from.
    const attend = this.attendu && this.attendu !== dits.courant && performance.now() < this.demandee + ATTENTE_MS;
    if (!attend) Object.assign(this, { vise: dits.courant, attendu: "" });
    const message = dits.messages[this.rang()];
    const estCachee = Boolean(message?.question) && !this.montrees.has(message.cle);
    this.question.replaceChildren(element("p", "", message?.question ?? ""), element("p", "", "À votre avis ?"));
    this.question.hidden = !estCachee;
    this.dire();
  }

  rang = () => this.dits.messages.findIndex(({ cle }) => cle === this.vise);

  reste() {
    const minutes = (heure) => heure.split(":").reduce((h, m) => 60 * h + Number(m), 0);
    const heure = new Date().toLocaleTimeString("fr-FR", { timeZone: "Europe/Paris", hour: "2-digit", minute: "2-digit" });
    const [debut, fin, maintenant] = [this.dits.debut || "0:0", this.dits.fin || "0:0", heure].map(minutes);
    return debut <= maintenant && maintenant < fin ? `reste ${fin - maintenant}\u00a0min` : "";
  }

  // Whether words of the message are under the strip: they are read by the key that would go to the next one.
  depasse() {
    const page = document.querySelector(PAGE);
    const bas = this.bande.getBoundingClientRect().top + 1;
    if (!page || page.scrollTop + page.clientHeight >= page.scrollHeight - 1) return false;
    const marche = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
    const plage = document.createRange();
    for (let noeud; (noeud = marche.nextNode()); ) {
      const dans = noeud.parentElement;
      if (!noeud.textContent.trim() || dans.closest(A_PART)) continue;
      plage.selectNodeContents(noeud);
      const { bottom, width, height } = plage.getBoundingClientRect();
      if (width && height && bottom > bas && dans.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return true;
    }
    return false;
  }

  // To what is under the strip, or back to what is above; false where there is nothing.
  defiler(pas) {
    const page = document.querySelector(PAGE);
    if (!page || this.vise !== this.dits.courant || !(pas > 0 ? this.depasse() : page.scrollTop > 1)) return false;
    page.scrollTop += pas * PAS * page.clientHeight;
    this.dire();
    return true;
  }

  dire() {
    const { messages, creneau, estDetour, donnees } = this.dits;
    const rang = this.rang();
    const [ici, suivant] = [messages[rang], messages[rang + 1]];
    const ou = ici && !estDetour ? `${rang + 1} / ${messages.length}` : "";
    const meme = `${ici?.titre.split(" : ")[0]} : `; // of the measure on screen, what follows says its view alone
    const apres = suivant?.titre.startsWith(meme) ? suivant.titre.slice(meme.length) : suivant?.titre;
    const quitte = this.dits.retour || (estDetour ? ici?.titre : "");
    this.dite = this.depasse();
    const suite = this.dite ? "suite ↓" : suivant ? `ensuite : ${apres}` : "";
    const retours = quitte ? [quitte, quitte.split(" : ")[0]].map((titre) => `‹ revenir à : ${titre}`) : [];
    const reste = this.avis ? "" : this.reste(); // a notice takes its place
    const dits = [creneau, reste, ou].filter(Boolean).map((dit) => element("span", "", dit));
    if (this.avis) dits.push(element("span", "avis", this.avis));
    const boutons = [bouton("suite", retours[0] ?? suite, () => this.avancer(quitte ? -1 : 1)), bouton("", "Où aller ?", () => this.ouvrir())];
    const lues = element("em", "", element("b", "", donnees[0]), this.avis ? "" : ` ${donnees[1]}`); // a notice needs its room
    this.bande.replaceChildren(...dits, donnees[0] ? lues : "", ...boutons);
    // The hour of a slot says which it is, where its name has no room.
    if (this.bande.scrollWidth > this.bande.clientWidth) dits[0].textContent = creneau.split(" ")[0];
    const estCoupe = () => boutons[0].scrollWidth > boutons[0].clientWidth; // read whole or not at all; the way back, shorter
    for (const plusCourt of [retours[1], "‹ revenir au message"]) if (quitte && estCoupe()) boutons[0].textContent = plusCourt;
    boutons[0].hidden = !boutons[0].textContent || (!quitte && estCoupe());
  }

  avancer(pas) {
    if (!this.question.hidden && pas > 0) {
      this.montrees.add(this.vise);
      this.question.hidden = true;
      return;
    }
    if (this.defiler(pas)) return;
    const retour = this.dits.estDetour && pas < 0 && this.vise === this.dits.courant;
    if (this.dits.retour && pas < 0) return this.aller("retour", "");
    const message = this.dits.messages[this.rang() + (retour ? 0 : pas)];
    if (message) this.aller(`message:${message.cle}`, message.cle);
  }

  // Another ICI has a sequence of its own: no message of this one is waited for there.
  aller(quoi, vise = /^(ici|voisine):/.test(quoi) ? "" : this.vise) {
    Object.assign(this, { vise, attendu: vise, demandee: performance.now(), avis: "" });
    this.dire();
    quitter();
    // In a turn of its own: what is asked in the turn of a piece of the page is asked of that piece alone, and lost.
    setTimeout(() => this.envoyer.setTriggerValue("aller", quoi));
    this.veiller(3);
  }

  // What is asked while a page comes may be lost on the way: once all rests, its message is asked again, a few times; then
  // the strip says the message that is on screen. A server that was not seen at work since may not have heard yet.
  veiller(essais, repos = 0, travaille = enCours()) {
    clearTimeout(this.veille);
    this.veille = setTimeout(() => {
      if (!this.attendu || this.attendu === this.dits.courant) return;
      if (enCours()) return this.veiller(essais);
      if (repos + VEILLE_MS < (travaille ? REPOS_MS : SOURD_MS)) return this.veiller(essais, repos + VEILLE_MS, travaille);
      if (!essais) {
        Object.assign(this, { vise: this.dits.courant, attendu: "" });
        return this.dire();
      }
      quitter();
      this.envoyer.setTriggerValue("aller", `message:${this.attendu}`);
      this.veiller(essais - 1);
    }, VEILLE_MS);
  }

  lireTouche(geste) {
    const { key, target } = geste;
    // The list that was just closed by Échap still holds the focus for a while.
    const estEnSaisie = this.ou.open || (target.closest?.(CHAMPS) && !this.ou.contains(target));
    if (geste.ctrlKey || geste.metaKey || geste.altKey || estEnSaisie) return;
    const estLevier = target.matches?.("input[type=range], [role=slider]");
    const aSesFleches = estLevier || target.closest?.("[role=radio], [role=tab]");
    const touche = key.toLowerCase();
    const { dessous, dessus } = this.dits;
    if (SUIVANT[key] && !(aSesFleches && key.startsWith("Arrow"))) this.avancer(SUIVANT[key]);
    else if (key === "ArrowDown" && !aSesFleches) dessous.length && this.ouvrir(true);
    else if (key === "ArrowUp" && !aSesFleches) dessus && this.aller(dessus);
    else if (["n", "b", "."].includes(touche)) document.documentElement.classList.toggle("noir");
    else if (touche === "f") this.etendre();
    else if (touche === "s") localStorage.setItem(SOMBRE, String(document.documentElement.classList.toggle("sombre")));
    else if (["?", "/"].includes(key)) this.ouvrir();
    else if (key === "Escape" && document.documentElement.classList.contains("menu_salle")) this.montrerMenu(false);
    else if (key === "0" && !estLevier) document.querySelector(".commande .retour:not(:empty)")?.click();
    else if (!["c", "r"].includes(touche)) return; // those two are Streamlit's: they empty and run again under the room's eyes
    geste.preventDefault();
    geste.stopImmediatePropagation();
  }

  etendre() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }

  montrerMenu = (oui) => document.documentElement.classList.toggle("menu_salle", oui);

  // All that can be opened, or the places that this one is made of.
  ouvrir(estDescente = false) {
    this.estDescente = estDescente;
    this.filtre.value = "";
    this.filtre.placeholder = estDescente ? "Trois lettres du lieu où descendre…" : "Trois lettres d’une commune, d’un bailleur, d’un message…";
    this.filtrer();
    this.ou.showModal();
    this.filtre.focus();
  }

  // Places first once one types, a mayor asks for its own: those of the scope, those whose name begins so, the one of that
  // name. Enter opens the first one; of several alike, one is chosen.
  filtrer() {
    const cherches = enMots(this.filtre.value).filter(Boolean);
    const { messages, lieux, ailleurs, dessous } = this.dits;
    const partout = () => [
      ...messages.map(({ cle, titre, heure, raison }) => [heure, titre, () => this.aller(`message:${cle}`, cle), raison]),
      ...lieux.map(([code, nom, sorte]) => [sorte, nom, () => this.aller(`fiche:${code}`), "", 2]),
      ...ailleurs.map(([quoi, sorte, titre]) => [sorte, titre, () => this.aller(quoi), "", { ici: 3, voisine: 1 }[quoi.split(":")[0]] ?? 0]),
      ["Menu", "Séance, ICI, profil, retour en Préparation", () => this.montrerMenu(true)],
    ];
    const descendre = () => dessous.map(([quoi, nom]) => ["Descendre", nom, () => this.aller(quoi)]);
    const lignes = (this.estDescente ? descendre() : partout()).filter(([, dit]) => cherches.every((mot) => [...enMots(dit), colle(dit)].some((m) => m.startsWith(mot))));
    const cherche = cherches.join(" ");
    const rang = ([, dit, , , lieu = 0]) => lieu && lieu + 2 * colle(dit).startsWith(colle(cherche)) + 4 * (simple(dit) === cherche);
    const ordre = cherche ? lignes.sort((a, b) => rang(b) - rang(a)) : lignes;
    this.hesite = Boolean(cherche && ordre[1]) && rang(ordre[0]) > 0 && rang(ordre[0]) === rang(ordre[1]);
    this.choix.replaceChildren(
      ...ordre.map(([sorte, dit, geste, raison]) => {
        const ligne = bouton("", "", () => (this.ou.close(), geste()));
        ligne.append(element("small", "", sorte), dit, raison ? element("em", "", raison) : "");
        return element("li", "", ligne);
      }),
    );
    this.choix.classList.toggle("vide", !ordre.length);
    this.attendUnNom = !cherche && !this.estDescente; // Enter would open what nobody asked for
    this.choix.classList.toggle("sans_nom", this.attendUnNom);
    this.aide.textContent = this.hesite ? PLUSIEURS : TOUCHES;
  }

  choisir(geste) {
    const lignes = [...this.choix.querySelectorAll("button")];
    const rang = lignes.indexOf(document.activeElement);
    if (geste.key === "ArrowDown") lignes[Math.min(Math.max(rang, 0) + 1, lignes.length - 1)]?.focus();
    else if (geste.key === "ArrowUp") (lignes[rang - 1] ?? this.filtre).focus();
    else if (geste.key.length === 1 && rang >= 0 && geste.key !== " ") return this.filtre.focus(); // one types on
    else if (geste.key === "Enter" && rang < 0 && this.attendUnNom) this.ou.close();
    else if (geste.key === "Enter" && rang < 0) this.hesite ? lignes[0].focus() : lignes[0]?.click();
    else return;
    geste.preventDefault();
  }

  fermer() {
    if (this.bande.isConnected) return;
    if (this.attendu && performance.now() < this.demandee + ATTENTE_MS) return setTimeout(() => this.fermer(), VEILLE_MS);
    ouverte = null;
    clearInterval(this.horloge);
    this.mesure.disconnect();
    clearTimeout(this.veille);
    document.removeEventListener("keydown", this.ecouter, true);
    document.documentElement.classList.remove("noir", "sombre", "menu_salle");
  }
}

let ouverte = null;

// What draws the figures is asked for while the first message, which has none, is read.
setTimeout(() => import("../images/figure.js"), REPOS_MS);

export default function ({ parentElement, data, ...envoyer }) {
  const salle = (parentElement.salle = ouverte ??= new Salle());
  const dire = (dites) => salle.recevoir(parentElement, lire(dites), envoyer);
  return montrer(parentElement, data, dire, () => salle.fermer());
}

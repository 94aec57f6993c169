// One picture in the page: drawn again in place when its data or its window change.

import { demander } from "./carte.js";
import { dessiner } from "./dessin.js";
import { accorder, oublierLargeurs } from "./svg.js";

const ESPACE = "http://www.w3.org/2000/svg";
const PAS_HACHURES = 6;
let hachurees = 0;
const grandeur = () => Math.min(3, Math.max(0.8, window.innerWidth / 1366));

export class Figure {
  constructor(parent) {
    this.cadre = document.createElement("div");
    this.cadre.className = "figure";
    this.svg = document.createElementNS(ESPACE, "svg");
    this.svg.setAttribute("class", "dessin");
    this.svg.setAttribute("role", "img");
    this.hachures = this.hachurer();
    this.groupes = ["couches", "legende"].map(() => this.svg.appendChild(document.createElementNS(ESPACE, "g")));
    this.lu = document.createElement("p");
    this.lu.className = "lu";
    this.bulle = document.createElement("div");
    this.bulle.className = "infobulle";
    this.bulle.hidden = true;
    this.cadre.append(this.svg, this.bulle);
    this.contours = new Map();
    parent.append(this.cadre, this.lu);
    this.cadre.addEventListener("pointermove", (geste) => this.montrer(geste));
    this.cadre.addEventListener("pointerleave", () => (this.bulle.hidden = true));
    this.observateur = new ResizeObserver(() => this.redessiner());
    this.observateur.observe(this.cadre);
    document.fonts?.addEventListener?.("loadingdone", (this.polices = () => (oublierLargeurs(), this.redessiner())));
  }

  // What fills a place that says nothing: lines aslant, told from a plain white without a colour. Gives its name.
  hachurer() {
    const nom = `hachures_${(hachurees += 1)}`;
    const motif = document.createElementNS(ESPACE, "pattern");
    const taille = { width: PAS_HACHURES, height: PAS_HACHURES, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    for (const [cle, valeur] of Object.entries({ id: nom, ...taille })) motif.setAttribute(cle, valeur);
    const trait = motif.appendChild(document.createElementNS(ESPACE, "path"));
    trait.setAttribute("d", `M0,0V${PAS_HACHURES}`);
    trait.setAttribute("class", "hachure");
    this.svg.appendChild(motif);
    return `url(#${nom})`;
  }

  // `figure`: dessin, titre, lecture, donnees.
  donner(figure) {
    this.figure = figure;
    if (this.svg.getAttribute("aria-label") !== figure.titre) this.svg.setAttribute("aria-label", figure.titre);
    const lu = `${figure.titre} : ${figure.lecture}`;
    if (this.lu.textContent !== lu) this.lu.textContent = lu;
    for (const { adresse } of figure.dessin.couches) {
      if (!adresse || this.contours.has(adresse)) continue;
      demander(adresse).then((lus) => {
        this.contours.set(adresse, lus);
        this.redessiner();
      });
    }
    this.redessiner();
  }

  redessiner() {
    const [largeur, hauteur] = [this.cadre.clientWidth, this.cadre.clientHeight];
    if (!this.figure || !largeur || !hauteur) return;
    this.police ??= getComputedStyle(this.cadre).fontFamily;
    const { noeuds, legende, x, y } = dessiner(this.figure, { largeur, hauteur }, grandeur(), this.police, this.contours, this.hachures);
    const place = `translate(${x.toFixed(1)},${y.toFixed(1)})`;
    for (const [groupe, voulus] of [[this.groupes[0], noeuds], [this.groupes[1], legende]]) {
      if (groupe.getAttribute("transform") !== place) groupe.setAttribute("transform", place);
      accorder(groupe, voulus);
    }
  }

  montrer(geste) {
    const dit = geste.target.infobulle;
    this.bulle.hidden = !dit;
    if (!dit) return;
    this.bulle.textContent = dit;
    const cadre = this.cadre.getBoundingClientRect();
    const aDroite = geste.clientX - cadre.left < cadre.width / 2;
    this.bulle.style.top = `${geste.clientY - cadre.top + 14}px`;
    this.bulle.style.left = aDroite ? `${geste.clientX - cadre.left + 10}px` : "auto";
    this.bulle.style.right = aDroite ? "auto" : `${cadre.right - geste.clientX + 10}px`;
  }

  fermer() {
    this.observateur.disconnect();
    document.fonts?.removeEventListener?.("loadingdone", this.polices);
  }
}

// The pictures of a place, in their order: kept as long as their number does not change.
export function accorderFigures(racine, figures) {
  racine.figures ??= [];
  while (racine.figures.length < figures.length) racine.figures.push(new Figure(racine));
  for (const figure of racine.figures.splice(figures.length)) {
    figure.fermer();
    figure.cadre.remove();
    figure.lu.remove();
  }
  figures.forEach((figure, i) => racine.figures[i].donner(figure));
}

// What Streamlit calls when a component leaves the page; and also, while it stays, when data overtake those before them.
export function partir(racine, fermer) {
  return () => setTimeout(() => racine.isConnected || fermer());
}

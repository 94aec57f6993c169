// A Plotly figure in its place: at the size of the window, with its image and its full screen. See pages/adaptateur/vivant.py.

import { element, lire, montrer } from "../adaptateur/dom.js";
import "../fonds/plotly.min.js";

const MARGE_PNG = 80; // over the figure, for its title and where it comes from
const LARGEUR_PNG = 900; // at least: they are read in it
const [OU, DE_QUI] = [".st-key-perimetre .stSelectbox input, .st-key-entete .etat span", ".millesime strong, .millesime span"];
const MESURES = new Set(["size", "minsize", "width", "xshift", "yshift", "standoff", "ticklen", "borderpad", "t", "l", "b", "r"]);
const LAISSEES = 8; // canvases kept of what was left
const CONFIG = { displayModeBar: false, showSendToCloud: false, doubleClick: "reset", scrollZoom: false };

// What is said in sixteenths of a letter, in pixels of this page; no writing smaller than the page wants it (`corps`).
function grandir(valeur, k, corps, nom, dans) {
  if (Array.isArray(valeur)) return valeur.map((v) => grandir(v, k, corps, nom, dans));
  if (valeur && typeof valeur === "object")
    return Object.fromEntries(Object.entries(valeur).map(([n, v]) => [n, grandir(v, k, corps, n, nom)]));
  if (typeof valeur !== "number" || !MESURES.has(nom)) return valeur;
  return k * (nom === "minsize" || (nom === "size" && dans?.endsWith("font")) ? corps(valeur) : valeur);
}

// In Salle what is read (16 and more) and what is looked up (less) have each their floor: see salle.css.
const mesurer = () => {
  const style = getComputedStyle(document.documentElement);
  const [lu, consulte] = ["--corps-lu", "--corps-consulte"].map((nom) => Number(style.getPropertyValue(nom)));
  return { k: parseFloat(style.fontSize) / 16, corps: (taille) => Math.max(taille, taille < 16 ? consulte : lu) };
};

// Save `image` (titre, data, layout) under its title and what the page says of it: where, when, whose data. In a font that
// an image may use, measured as it is drawn.
export async function garder({ titre, data, layout }, largeur, hauteur) {
  const dire = (ou) => [...document.querySelectorAll(ou)].map((noeud) => noeud.value ?? noeud.textContent).filter(Boolean).join(" · ");
  const total = hauteur + MARGE_PNG;
  const enHaut = layout.legend?.yref === "container" ? { y: 1 - MARGE_PNG / total } : {}; // under the title, not over it
  const margin = { ...layout.margin, t: (layout.margin?.t ?? 30) + MARGE_PNG };
  const subtitle = { text: `${dire(OU)}<br>${dire(DE_QUI)}`, font: { size: 13 } };
  const title = { text: titre, subtitle, x: 0.02, xanchor: "left", y: 0.98, yanchor: "top" };
  const figure = { data, layout: { ...layout, margin, title, legend: { ...layout.legend, ...enHaut }, font: { ...layout.font, family: "Arial, sans-serif" } } };
  const href = await Plotly.toImage(figure, { format: "png", width: Math.max(LARGEUR_PNG, largeur), height: total, scale: 2 });
  Object.assign(element("a"), { href, download: `${titre}.png` }).click();
}

export const bouton = (dit, geste) => {
  const noeud = element("button", "outil", dit);
  noeud.type = "button";
  noeud.addEventListener("click", geste);
  return noeud;
};

// What a page that was left had drawn, by what it says: one comes back to it as it was, and it is not drawn again.
const laissees = new Map();

function laisser(dite, toile) {
  toile.removeAllListeners("plotly_click");
  Plotly.Fx.unhover(toile);
  const rendre = (de) => laissees.has(de) && Plotly.purge(reprendre(de));
  rendre(dite);
  laissees.set(dite, toile);
  if (laissees.size > LAISSEES) rendre(laissees.keys().next().value);
}

function reprendre(dite) {
  const toile = laissees.get(dite);
  laissees.delete(dite);
  return toile;
}

let lettres = "";

// Those of a desk are not kept in Salle, nor the other way: what was exact is gone once a room reads the page.
function oublier(dites) {
  if (dites !== lettres) for (const dite of [...laissees.keys()]) Plotly.purge(reprendre(dite));
  lettres = dites;
}

class Figure {
  constructor(racine, ouvrir) {
    this.toile = element("div", "toile");
    this.toile.setAttribute("role", "img");
    this.lu = element("p", "lu");
    const outils = [bouton("Plein écran", () => this.etendre()), bouton("Image PNG", () => this.garder())];
    this.cadre = element("div", "figure", this.toile, element("div", "outils", ...outils));
    racine.append(this.cadre, this.lu);
    this.ouvrir = ouvrir;
    this.observateur = new ResizeObserver(([{ contentRect }]) => {
      Object.assign(this, { taille: [contentRect.width, contentRect.height].map(Math.round), marges: {} });
      this.dessiner();
    });
    this.observateur.observe(this.toile);
  }

  // `image`: data, layout, titre, lecture, hauteur (none: that of its place).
  montrer(image) {
    const dite = JSON.stringify(image);
    if (dite === this.dite) return; // said again: it is there
    const laissee = !this.image && reprendre(dite);
    if (laissee) this.poser(laissee);
    if (image.titre !== this.image?.titre) this.marges = {};
    Object.assign(this, { image, dite });
    if (image.hauteur) this.cadre.style.height = `${image.hauteur}rem`;
    this.dessiner(); // first: what Plotly measures lays out all that was written before it
    this.toile.ariaLabel = image.titre;
    this.lu.textContent = `${image.titre} : ${image.lecture}`;
  }

  poser(toile) {
    this.observateur.unobserve(this.toile);
    this.toile.replaceWith(toile);
    this.toile = toile;
    this.observateur.observe(toile);
  }

  dessiner() {
    const [width, height] = this.taille ?? [];
    if (!this.image || !width || !height) return;
    const { k, corps } = mesurer();
    const corpsDits = [corps(0), corps(16)].join(" ");
    oublier(corpsDits);
    const trait = [width, height, k, corpsDits, this.dite].join(" ");
    if (this.toile.trait === trait) this.marges = this.toile.marges;
    else this.tracer(width, height, k, corps);
    Object.assign(this.toile, { trait, marges: this.marges });
    if (this.suit) return;
    this.suit = true;
    this.toile.on("plotly_click", ({ points: [point] }) => point.id && this.ouvrir(String(point.id)));
  }

  tracer(width, height, k, corps) {
    const { data, layout } = grandir({ data: this.image.data, layout: this.image.layout }, k, corps);
    const margin = { ...layout.margin };
    for (const cote in this.marges) margin[cote] = Math.max(margin[cote] ?? 0, this.marges[cote]);
    Plotly.react(this.toile, data, { ...layout, margin, width, height }, CONFIG);
    // A margin that follows what is written in it draws all twice, and moves the marks under the hand: it only widens.
    for (const cote of "lrtb") this.marges[cote] = Math.max(this.marges[cote] ?? 0, this.toile._fullLayout._size[cote]);
  }

  etendre() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.cadre.requestFullscreen();
  }

  garder() {
    const { clientWidth, clientHeight } = this.toile;
    return garder(this.image, clientWidth, clientHeight);
  }

  fermer() {
    this.observateur.disconnect();
    if (this.toile.trait) laisser(this.dite, this.toile);
  }
}

// The pictures of a place, in their order: kept as long as their number does not change.
export function accorder(racine, images, ouvrir) {
  racine.figures ??= [];
  while (racine.figures.length < images.length) racine.figures.push(new Figure(racine, ouvrir));
  for (const figure of racine.figures.splice(images.length)) {
    figure.fermer();
    figure.cadre.remove();
    figure.lu.remove();
  }
  images.forEach((image, i) => racine.figures[i].montrer(image));
}

export default function ({ parentElement, data, setTriggerValue }) {
  const racine = (parentElement.racine ??= parentElement.appendChild(element("div", "figures")));
  const dire = (dites) => accorder(racine, lire(dites).images, (lieu) => setTriggerValue("lieu", lieu));
  return montrer(parentElement, data, dire, () => accorder(racine, [], null));
}

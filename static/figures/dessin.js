// A drawing and its frames become one SVG: margins that hold the texts, axes, legend, then the layers in their order.

import { dire, echelle } from "./echelles.js";
import { projeter } from "./carte.js";
import { ancrer, lignes, MARQUES, symbole, tronquer, valeurs } from "./marques.js";
import { largeur as mesurer } from "./svg.js";

const MARGE = 3;
const TOURS = 3; // of the margins: a text that sticks out makes the area smaller, which moves the texts

// The nodes of `figure` in an area of `taille` pixels; `contours`: of its map by their address, once they are there;
// `hachures`: what fills a place that says nothing.
export function dessiner(figure, taille, k, police, contours, hachures) {
  const { dessin, donnees } = figure;
  const c = { k, police, hachures, mesurer: (dit, { taille: corps, graisse }) => mesurer(dit, corps * k, graisse, police) };
  const couches = dessin.couches.map((couche) => ({ couche, rangees: lignes(couche, donnees) }));
  const legende = dessin.legende ? cartouche(dessin.legende, c) : { droite: 0, haut: 0, noeuds: () => [] };
  let marges = { gauche: MARGE, droite: MARGE + legende.droite, haut: MARGE + legende.haut, bas: MARGE };
  const visibles = { x: dessin.x?.axe, y: dessin.y?.axe };
  if (visibles.x) marges.bas += 22 * k + (visibles.x.titre ? 20 * k : 0);
  for (let tour = 0; tour < TOURS; tour += 1) {
    c.largeur = Math.max(20, taille.largeur - marges.gauche - marges.droite);
    c.hauteur = Math.max(20, taille.hauteur - marges.haut - marges.bas);
    mettre_a_l_echelle(dessin, couches, c, contours);
    if (dessin.carte) break;
    const sorties = depassements(couches, c, visibles);
    const manque = { gauche: sorties.gauche + MARGE - marges.gauche, droite: sorties.droite + MARGE + legende.droite - marges.droite,
      haut: sorties.haut + MARGE + legende.haut - marges.haut, bas: sorties.bas + MARGE - marges.bas };
    if (Math.max(...Object.values(manque)) <= 0.5) break;
    marges = Object.fromEntries(Object.entries(marges).map(([cote, marge]) => [cote, marge + Math.max(0, manque[cote])]));
  }
  const noeuds = [...axes(visibles, c), ...couches.flatMap(({ couche, rangees }) => MARQUES[couche.marque](couche, rangees, c))];
  return { noeuds, legende: legende.noeuds(c), x: marges.gauche, y: marges.haut };
}

function mettre_a_l_echelle(dessin, couches, c, contours) {
  if (dessin.carte) {
    const aTracer = couches.filter(({ couche }) => couche.marque === "contours" && contours?.has(couche.adresse));
    const sources = aTracer.map(({ couche, rangees }) => ({ adresse: couche.adresse, lus: contours.get(couche.adresse), codes: rangees.map((ligne) => ligne[couche.cle]) }));
    const carte = sources.length ? projeter(sources, c.largeur, c.hauteur) : null;
    c.chemins = new Map(aTracer.map(({ couche }, i) => [couche, carte.chemins[i]]));
    nommer(couches.filter(({ couche }) => couche.marque === "texte"), carte, c);
    c.x = c.y = { place: (v) => v, bande: 0, marques: [] };
    return;
  }
  const toutes = (noms) => couches.flatMap(({ couche, rangees }) => valeurs(couche, rangees, noms));
  c.x = echelle(dessin.x ?? {}, toutes(["x", "x2"]), c.largeur, false);
  c.y = echelle(dessin.y ?? {}, toutes(["y", "y2"]), c.hauteur, true);
}

// Where the texts of a map are written: at their place, drawn back inside when they would run over the legend or the edge.
function nommer(textes, carte, c) {
  const demis = new Map(); // place → half of its widest text: a name and the figure under it move together
  const lieu = ({ longitude, latitude }) => `${longitude} ${latitude}`;
  for (const { couche, rangees } of textes) {
    for (const ligne of rangees) {
      const demi = mesurer(ligne[couche.texte] ?? couche.dit ?? "", couche.taille * c.k, couche.graisse, c.police) / 2;
      demis.set(lieu(ligne), Math.max(demi, demis.get(lieu(ligne)) ?? 0));
    }
  }
  for (const ligne of textes.flatMap(({ rangees }) => rangees)) {
    [ligne.x, ligne.y] = carte ? carte.place(ligne.longitude, ligne.latitude) : [null, null];
    if (carte) ligne.x = Math.max(demis.get(lieu(ligne)), Math.min(ligne.x, c.largeur - demis.get(lieu(ligne))));
  }
}

// How far the texts and the labels of the axes go beyond the area, on each side.
function depassements(couches, c, visibles) {
  const s = { gauche: 0, droite: 0, haut: 0, bas: 0 };
  for (const { couche, rangees } of couches) {
    if (couche.marque !== "texte") continue;
    const corps = couche.taille * c.k;
    for (const ligne of rangees) {
      const dit = ligne[couche.texte] ?? couche.dit;
      const ou = dit ? ancrer(couche, ligne, c) : null;
      if (ou === null) continue;
      const large = mesurer(couche.limite ? tronquer(dit, couche, c) : dit, corps, couche.graisse, c.police);
      const debut = ou[0] - large * { gauche: 0, milieu: 0.5, droite: 1 }[couche.aligne ?? "milieu"];
      const haut = ou[1] - (couche.base === "bas" ? corps : 0.6 * corps);
      s.gauche = Math.max(s.gauche, -debut);
      s.droite = Math.max(s.droite, debut + large - c.largeur);
      s.haut = Math.max(s.haut, -haut);
      s.bas = Math.max(s.bas, haut + 1.2 * corps - c.hauteur);
    }
  }
  if (visibles.y) s.gauche = Math.max(s.gauche, 6 * c.k + Math.max(0, ...c.y.marques.map((v) => mesurer(dire[visibles.y.dit](v), 14 * c.k, 400, c.police))));
  if (visibles.x) {
    s.bas = Math.max(s.bas, (22 + (visibles.x.titre ? 20 : 0)) * c.k);
    for (const v of c.x.marques) {
      const demi = mesurer(dire[visibles.x.dit](v), 14 * c.k, 400, c.police) / 2;
      const ou = c.x.place(v) + c.x.bande / 2;
      s.droite = Math.max(s.droite, ou + demi - c.largeur);
      s.gauche = Math.max(s.gauche, demi - ou);
    }
  }
  return s;
}

// One mark in so many is written, for two of them never to touch.
function cadence(x, c) {
  if (c.x.marques.length < 2) return 1;
  const large = Math.max(...c.x.marques.map((v) => mesurer(dire[x.dit](v), 14 * c.k, 400, c.police))) + 6 * c.k;
  const ecart = Math.min(...c.x.marques.slice(1).map((v, i) => c.x.place(v) - c.x.place(c.x.marques[i])));
  return Math.ceil(large / Math.max(1, ecart));
}

function axes({ x, y }, c) {
  const noeuds = [];
  const lettres = { "font-size": (14 * c.k).toFixed(1), "font-weight": 400 };
  if (x) {
    const unSur = x.dit === "nombre" || x.dit === "pour_cent" ? cadence(x, c) : 1;
    for (const [i, v] of c.x.marques.entries()) {
      const ou = (c.x.place(v) + c.x.bande / 2).toFixed(1);
      if (x.grille) noeuds.push(["line", { class: "grille", x1: ou, x2: ou, y1: 0, y2: c.hauteur }]);
      if (i % unSur === 0) noeuds.push(["text", { ...lettres, class: "repere", x: ou, y: (c.hauteur + 17 * c.k).toFixed(1), "text-anchor": "middle" }, dire[x.dit](v)]);
    }
    if (x.filet) noeuds.push(["line", { class: "filet", x1: 0, x2: c.largeur, y1: c.hauteur, y2: c.hauteur }]);
    if (x.titre) noeuds.push(["text", { ...lettres, class: "repere", x: c.largeur / 2, y: (c.hauteur + 37 * c.k).toFixed(1), "text-anchor": "middle" }, x.titre]);
  }
  if (y) {
    for (const v of c.y.marques) {
      const ou = c.y.place(v);
      if (y.grille) noeuds.push(["line", { class: "grille", x1: 0, x2: c.largeur, y1: ou.toFixed(1), y2: ou.toFixed(1) }]);
      noeuds.push(["text", { ...lettres, class: "repere", x: (-6 * c.k).toFixed(1), y: (ou + 5 * c.k).toFixed(1), "text-anchor": "end" }, dire[y.dit](v)]);
    }
  }
  return noeuds;
}

// What each tone and shape says: above the drawing in one line, or on its right, under a title.
function cartouche(legende, c) {
  const corps = (legende.ou === "droite" ? 14 : 15) * c.k;
  const rayon = Math.sqrt((legende.surface * c.k) / Math.PI);
  const large = (dit) => mesurer(dit, corps, 400, c.police);
  const dire_un = ({ nom, ton, forme, contour, tirets, creuse }, x, y) => [
    ["path", { d: symbole(forme ?? "carre", rayon * 0.85), transform: `translate(${x + rayon},${y})`, fill: creuse ? c.hachures : ton, stroke: contour, "stroke-width": contour ? 1.2 : undefined, "stroke-dasharray": tirets?.join(" ") }],
    ["text", { class: "legende", x: x + 2 * rayon + 5 * c.k, y: y + 0.35 * corps, "font-size": corps.toFixed(1) }, nom],
  ];
  if (legende.ou === "haut") {
    const noeuds = () => {
      let x = 0;
      return legende.entrees.flatMap((entree) => {
        const debut = x;
        x += 2 * rayon + 27 * c.k + large(entree.nom);
        return dire_un(entree, debut, -corps * 0.75 - 4 * c.k);
      });
    };
    return { droite: 0, haut: corps * 1.5 + 4 * c.k, noeuds };
  }
  const titre = legende.titre ?? [];
  const droite = Math.max(...titre.map((t) => mesurer(t, corps, 700, c.police)), ...legende.entrees.map((e) => large(e.nom) + 2 * rayon + 5 * c.k)) + 14 * c.k;
  const noeuds = () => {
    const x = c.largeur + 14 * c.k;
    const pas = corps * 1.3;
    const dits = titre.map((t, i) => ["text", { class: "legende", x, y: corps + i * pas, "font-size": corps.toFixed(1), "font-weight": 700 }, t]);
    return [...dits, ...legende.entrees.flatMap((e, i) => dire_un(e, x, titre.length * pas + corps * 0.8 + i * (corps + 7 * c.k)))];
  };
  return { droite, haut: 0, noeuds };
}

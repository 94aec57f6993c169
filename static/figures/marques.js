// The marks of a drawing: each layer and its rows become nodes. See pages/commun/images/dessin.py for the words.

const FORMES = {
  rond: (r) => `M${-r},0A${r},${r} 0 1 0 ${r},0A${r},${r} 0 1 0 ${-r},0Z`,
  carre: (r) => `M${-r},${-r}H${r}V${r}H${-r}Z`,
  haut: (r) => `M0,${-r}L${1.1 * r},${0.9 * r}H${-1.1 * r}Z`,
  bas: (r) => `M0,${r}L${1.1 * r},${-0.9 * r}H${-1.1 * r}Z`,
  losange: (r) => `M0,${-1.3 * r}L${1.3 * r},0L0,${1.3 * r}L${-1.3 * r},0Z`,
};

export const symbole = (forme, rayon) => FORMES[forme](Number(rayon.toFixed(2)));

const FILTRES = {
  egal: (a, b) => a === b,
  autre: (a, b) => a !== b,
  min: (a, b) => a >= b,
  sous: (a, b) => a < b,
};

const absent = (valeur) => valeur === null || valeur === undefined || valeur === "";
const arrondi = (v) => Number(v.toFixed(1));

// The rows of a layer, as objects: those that pass its filter, with where they start and end once stacked.
export function lignes(couche, donnees) {
  if (!couche.table) return [{}]; // drawn once
  const colonnes = donnees[couche.table];
  const noms = Object.keys(colonnes);
  const n = noms.length ? colonnes[noms[0]].length : 0;
  let toutes = Array.from({ length: n }, (_, i) => Object.fromEntries(noms.map((nom) => [nom, colonnes[nom][i]])));
  if (couche.si) {
    const [champ, filtre, valeur] = couche.si;
    toutes = toutes.filter((ligne) => !absent(ligne[champ]) && FILTRES[filtre](ligne[champ], valeur));
  }
  if (couche.empile) {
    const [champ, par, ordre] = couche.empile;
    const sommes = new Map();
    toutes = [...toutes].sort((a, b) => a[ordre] - b[ordre]);
    for (const ligne of toutes) {
      ligne.debut = sommes.get(ligne[par]) ?? 0;
      ligne.fin = ligne.debut + (ligne[champ] ?? 0);
      ligne.centre = (ligne.debut + ligne.fin) / 2;
      sommes.set(ligne[par], ligne.fin);
    }
  }
  return toutes;
}

// What a layer places on an axis: values of its columns, or one given.
export function valeurs(couche, rangees, axes) {
  return axes.flatMap((axe) => {
    const ou = couche[axe];
    if (typeof ou === "string") return rangees.map((ligne) => ligne[ou]).filter((v) => !absent(v));
    if (ou && "v" in ou) return [ou.v];
    if (ou && "champ" in ou) return rangees.map((ligne) => ligne[ou.champ]).filter((v) => !absent(v));
    return [];
  });
}

// Where `ou` puts a row: a column on the scale, a value on it, an edge (0 or 1), a part of the band (middle by default).
function placer(ou, ligne, echelle, taille, part) {
  if (typeof ou === "string") return absent(ligne[ou]) ? null : echelle.place(ligne[ou]) + part * echelle.bande;
  if ("v" in ou) return echelle.place(ou.v);
  if ("bord" in ou) return ou.bord * taille;
  return absent(ligne[ou.champ]) ? null : echelle.place(ligne[ou.champ]) + ou.part * echelle.bande;
}

const ton = (couleur, ligne) => (typeof couleur === "object" && couleur ? couleur.tons[ligne[couleur.champ]] : couleur);

export function ancrer(couche, ligne, c) {
  const x = placer(couche.x, ligne, c.x, c.largeur, 0.5);
  const y = placer(couche.y, ligne, c.y, c.hauteur, 0.5);
  return x === null || y === null ? null : [x + (couche.dx ?? 0) * c.k, y + (couche.dy ?? 0) * c.k];
}

const bulle = (couche, ligne) => (couche.infobulle ? ligne.infobulle : undefined);
const tirets = (couche, c) => couche.tirets?.map((t) => arrondi(t * Math.min(c.k, 1.5))).join(" ");

function barre(couche, rangees, c) {
  return rangees.flatMap((ligne) => {
    const estEnLigne = couche.x2 !== undefined;
    const a = placer(estEnLigne ? couche.x : couche.y, ligne, estEnLigne ? c.x : c.y, estEnLigne ? c.largeur : c.hauteur, 0);
    const b = placer(estEnLigne ? couche.x2 : couche.y2, ligne, estEnLigne ? c.x : c.y, estEnLigne ? c.largeur : c.hauteur, 0);
    const debut = placer(estEnLigne ? couche.y : couche.x, ligne, estEnLigne ? c.y : c.x, 0, 0);
    if (a === null || b === null || debut === null) return [];
    const bande = estEnLigne ? c.y.bande : c.x.bande;
    const [le_long, longueur] = [arrondi(Math.min(a, b)), arrondi(Math.abs(b - a))];
    const cadre = estEnLigne
      ? { x: le_long, width: longueur, y: arrondi(debut), height: arrondi(bande) }
      : { y: le_long, height: longueur, x: arrondi(debut), width: arrondi(bande) };
    return [["rect", { ...cadre, ...peindre(couche, ligne, c), infobulle: bulle(couche, ligne) }]];
  });
}

function peindre(couche, ligne, c) {
  const contour = ton(couche.contour, ligne);
  return {
    fill: ton(couche.ton, ligne) ?? "none",
    stroke: contour,
    "stroke-width": contour ? arrondi((couche.epaisseur ?? 1) * c.k) : undefined,
    "stroke-dasharray": contour ? tirets(couche, c) : undefined,
    "fill-opacity": couche.opacite,
  };
}

function filet(couche, rangees, c) {
  return rangees.flatMap((ligne) => {
    const x = couche.x === undefined ? 0 : placer(couche.x, ligne, c.x, c.largeur, 0.5);
    const y = couche.y === undefined ? 0 : placer(couche.y, ligne, c.y, c.hauteur, 0.5);
    if (x === null || y === null) return [];
    const x2 = couche.x === undefined ? c.largeur : couche.x2 === undefined ? x : placer(couche.x2, ligne, c.x, c.largeur, 0.5);
    const y2 = couche.y === undefined ? c.hauteur : y;
    const trait = { stroke: ton(couche.ton, ligne), "stroke-width": arrondi(couche.epaisseur * c.k), "stroke-dasharray": tirets(couche, c) };
    return [["line", { x1: arrondi(x), y1: arrondi(y), x2: arrondi(x2), y2: arrondi(y2), ...trait }]];
  });
}

const ANCRES = { gauche: "start", milieu: "middle", droite: "end" };

function texte(couche, rangees, c) {
  return rangees.flatMap((ligne) => {
    const ou = ancrer(couche, ligne, c);
    const dit = ligne[couche.texte] ?? couche.dit;
    if (ou === null || absent(dit)) return [];
    const taille = couche.taille * c.k;
    const attributs = {
      x: arrondi(ou[0]),
      y: arrondi(ou[1] + (couche.base === "bas" ? 0 : 0.35 * taille)),
      "font-size": arrondi(taille),
      "font-weight": couche.graisse,
      "text-anchor": ANCRES[couche.aligne ?? "milieu"],
      fill: ton(couche.ton, ligne),
      infobulle: bulle(couche, ligne),
    };
    if (couche.halo) Object.assign(attributs, { class: "halo", "stroke-width": arrondi(4 * c.k) });
    return [["text", attributs, couche.limite ? tronquer(dit, couche, c) : dit]];
  });
}

export function tronquer(dit, couche, c) {
  let vu = dit;
  while (vu.length > 2 && c.mesurer(vu, couche) > couche.limite * c.k) vu = vu.slice(0, vu.endsWith("…") ? -2 : -1).trimEnd() + "…";
  return vu;
}

function point(couche, rangees, c) {
  return rangees.flatMap((ligne) => {
    const ou = ancrer(couche, ligne, c);
    if (ou === null) return [];
    const forme = typeof couche.forme === "object" ? couche.forme.formes[ligne[couche.forme.champ]] : (couche.forme ?? "rond");
    const rayon = Math.sqrt((couche.surface * c.k) / Math.PI);
    const place = `translate(${arrondi(ou[0])},${arrondi(ou[1])})`;
    return [["path", { d: symbole(forme, rayon), transform: place, ...peindre(couche, ligne, c), infobulle: bulle(couche, ligne) }]];
  });
}

// The rows of each series, in their order.
function series(couche, rangees) {
  const trouvees = new Map();
  for (const ligne of rangees) {
    const nom = couche.par ? ligne[couche.par] : "";
    if (!trouvees.has(nom)) trouvees.set(nom, []);
    trouvees.get(nom).push(ligne);
  }
  return [...trouvees.values()];
}

function chemin(couche, rangees, c, ouY) {
  const points = rangees.map((ligne) => [placer(couche.x, ligne, c.x, c.largeur, 0.5), placer(ouY, ligne, c.y, c.hauteur, 0.5)]);
  return points.filter(([x, y]) => x !== null && y !== null).map(([x, y]) => `${arrondi(x)},${arrondi(y)}`);
}

function ligne(couche, rangees, c) {
  return series(couche, rangees).map((serie) => {
    const tirets_dits = couche.traits ? couche.traits[serie[0][couche.par]] : couche.tirets;
    return [
      "path",
      {
        d: "M" + chemin(couche, serie, c, couche.y).join("L"),
        fill: "none",
        stroke: ton(couche.ton, serie[0]),
        "stroke-width": arrondi(couche.epaisseur * c.k),
        "stroke-dasharray": tirets({ tirets: tirets_dits }, c),
      },
    ];
  });
}

function aire(couche, rangees, c) {
  return series(couche, rangees).map((serie) => {
    const contour = [...chemin(couche, serie, c, couche.y), ...chemin(couche, serie, c, couche.y2).reverse()];
    return ["path", { d: `M${contour.join("L")}Z`, fill: ton(couche.ton, serie[0]), "fill-opacity": couche.opacite }];
  });
}

function contours(couche, rangees, c) {
  const chemins = c.chemins?.get(couche);
  return rangees.flatMap((ligne) => {
    const d = chemins?.get(ligne[couche.cle]);
    if (!d) return [];
    const creuse = couche.creuse !== undefined && ligne[couche.ton.champ] === couche.creuse;
    const trait = { stroke: couche.contour, "stroke-width": couche.epaisseur ?? 1, "stroke-dasharray": creuse ? "4 3" : undefined };
    return [["path", { class: "contour", d, fill: creuse ? c.hachures : (ton(couche.ton, ligne) ?? "none"), ...trait, infobulle: bulle(couche, ligne) }]];
  });
}

export const MARQUES = { barre, filet, texte, point, ligne, aire, contours };

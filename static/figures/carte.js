// Contours of places: asked once for a page, projected once for a size.

const PI = Math.PI;
const LARGEUR_MAX_LATITUDE = 85;
const contours = new Map(); // address → promise of the contours by code

const mercator = ([longitude, latitude]) => [
  (longitude * PI) / 180,
  -Math.log(Math.tan(PI / 4 + (Math.min(latitude, LARGEUR_MAX_LATITUDE) * PI) / 360)),
];

export function demander(adresse) {
  if (!contours.has(adresse)) {
    const lecture = fetch(new URL(adresse, document.baseURI)).then((reponse) => {
      if (!reponse.ok) throw new Error(`contours ${reponse.status}`);
      return reponse.json();
    });
    const rangee = lecture.then((lu) => new Map(lu.features.map((f) => [f.properties.code_insee ?? f.properties.code, polygones(f.geometry)])));
    rangee.catch(() => contours.delete(adresse));
    contours.set(adresse, rangee);
  }
  return contours.get(adresse);
}

function polygones(geometrie) {
  const tous = geometrie.type === "MultiPolygon" ? geometrie.coordinates : [geometrie.coordinates];
  return tous.flat().map((anneau) => anneau.map(mercator));
}

const memoire = new Map();

// The paths of each source, an address with its contours and the codes to draw, in this area, which all of them fit; and
// where a longitude and a latitude fall in it.
export function projeter(sources, largeur, hauteur) {
  const cle = `${sources.map(({ adresse, codes }) => `${adresse} ${codes.join()}`).join(";")} ${largeur} ${hauteur}`;
  if (memoire.has(cle)) return memoire.get(cle);
  const dessines = sources.map(({ lus, codes }) => codes.filter((code) => lus.has(code)).map((code) => [code, lus.get(code)]));
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of dessines.flat().flatMap(([, anneaux]) => anneaux.flat())) {
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  }
  const echelle = Math.min(largeur / (x1 - x0), hauteur / (y1 - y0));
  const dx = (largeur - echelle * (x1 - x0)) / 2 - echelle * x0;
  const dy = (hauteur - echelle * (y1 - y0)) / 2 - echelle * y0;
  const place = ([x, y]) => [echelle * x + dx, echelle * y + dy];
  const tracer = (anneau) => "M" + anneau.map((point) => place(point).map((v) => v.toFixed(1)).join(",")).join("L") + "Z";
  const chemins = dessines.map((formes) => new Map(formes.map(([code, anneaux]) => [code, anneaux.map(tracer).join("")])));
  const projetee = { chemins, place: (longitude, latitude) => place(mercator([longitude, latitude])) };
  if (memoire.size > 20) memoire.clear();
  memoire.set(cle, projetee);
  return projetee;
}

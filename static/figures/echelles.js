// From a value to a place: one scale per axis, its marks, how they are said in French.

const FINE = "\u202f";
const MOIS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];

// An even step between `n` marks or so: 1, 2 or 5 times a power of ten.
function pas(debut, fin, n) {
  const brut = (fin - debut) / Math.max(1, n);
  const puissance = 10 ** Math.floor(Math.log10(brut));
  const reste = brut / puissance;
  return puissance * (reste >= 7.071 ? 10 : reste >= 3.162 ? 5 : reste >= 1.414 ? 2 : 1);
}

function reperes(debut, fin, n, minimum = 0) {
  if (!(fin > debut)) return [debut];
  const ecart = Math.max(pas(debut, fin, n), minimum);
  const premiers = Math.ceil(debut / ecart - 1e-9);
  const derniers = Math.floor(fin / ecart + 1e-9);
  return Array.from({ length: derniers - premiers + 1 }, (_, i) => Number(((premiers + i) * ecart).toPrecision(12)));
}

const grouper = (valeur) => {
  const [entiers, decimales] = String(Math.abs(valeur)).split(".");
  const groupes = entiers.replace(/\B(?=(\d{3})+$)/g, FINE);
  return (valeur < 0 ? "−" : "") + groupes + (decimales ? `,${decimales}` : "");
};

export const dire = {
  pour_cent: (valeur) => grouper(Number((100 * valeur).toPrecision(10))) + FINE + "%",
  nombre: grouper,
  texte: String,
  mois: (valeur) => `${MOIS[Number(valeur.slice(5, 7)) - 1]} ${valeur.slice(0, 4)}`,
};

// `valeurs`: every value that the layers place on this axis. The scale says where (`place`), how wide (`bande`), and its
// marks, over `taille` pixels; `estHaute` when it grows upwards.
export function echelle(axe, valeurs, taille, estHaute) {
  const genre = axe.genre ?? "nombre";
  if (genre === "bandes" || genre === "points" || genre === "mois") return categories(axe, valeurs, taille);
  const [debut, fin] = bornes(axe, valeurs);
  const f = genre === "log" ? Math.log : (v) => v;
  const [a, b] = [f(debut), f(fin)];
  const place = (v) => {
    const part = b === a ? 0.5 : (f(v) - a) / (b - a);
    return taille * (estHaute ? 1 - part : part);
  };
  const voulus = axe.axe?.reperes ?? 5;
  const marques = Array.isArray(voulus) ? voulus.filter((v) => v >= debut && v <= fin) : reperes(debut, fin, voulus, axe.axe?.entiers ? 1 : 0);
  return { place, bande: 0, marques };
}

function bornes(axe, valeurs) {
  if (axe.domaine) return axe.domaine;
  const nombres = valeurs.filter((v) => typeof v === "number");
  let debut = Math.min(...nombres);
  let fin = Math.max(...nombres);
  if (!nombres.length) [debut, fin] = [0, 1];
  if (axe.zero) [debut, fin] = [Math.min(0, debut), Math.max(0, fin)];
  if (debut === fin) fin = debut + 1;
  if (axe.rond) {
    const ecart = pas(debut, fin, 10);
    debut = Math.floor(debut / ecart + 1e-9) * ecart;
    fin = Math.ceil(fin / ecart - 1e-9) * ecart;
  }
  return [debut, fin];
}

function categories(axe, valeurs, taille) {
  const presentes = new Set(valeurs);
  const noms = axe.noms ? axe.noms.filter((nom) => presentes.has(nom)) : [...presentes];
  if (axe.genre === "mois") noms.sort();
  const rangs = new Map(noms.map((nom, i) => [nom, i]));
  const [dedans, dehors] = axe.ecart ?? [0, 0];
  const unite = axe.genre === "points" ? taille / Math.max(1, noms.length - 1 + 2 * dehors) : taille / Math.max(1, noms.length - dedans + 2 * dehors);
  const bande = axe.genre === "points" ? 0 : unite * (1 - dedans);
  const place = (v) => unite * (dehors + rangs.get(v));
  const marques = axe.genre === "mois" ? noms.filter((nom) => ["01", "07"].includes(nom.slice(5, 7))) : noms;
  return { place, bande, marques };
}

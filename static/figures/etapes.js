// What a lever answers at each of its values, sent by tens once a hand comes near it, the nearest first: its pictures then
// follow the hand.

import { arriver, rester, silence } from "./depart.js";

const RELANCE_MS = 5000; // a question that nobody answered is asked again
const CALME_MS = 700; // ten answers take a third of a second: they are asked for while the hand rests, a step never waits
let geste = -CALME_MS;
const leviers = new Map(); // lever → its answers by value, how to ask for more, when it was asked

// The hand moved, on the keys or the pointer.
export const bouger = () => {
  geste = performance.now();
  rester();
};

export const lire = (octets) => JSON.parse(new TextDecoder().decode(octets));

function levier(cle) {
  if (!leviers.has(cle)) leviers.set(cle, { etapes: new Map(), lues: new Set(), dizaines: 0, place: null, demande: null, depuis: -RELANCE_MS, valeur: 0 });
  return leviers.get(cle);
}

// The whole answer of a value, or nothing while it is not there. What its ten share is said once.
export function etape(cle, valeur) {
  const connue = levier(cle).etapes.get(valeur);
  if (!connue) return undefined;
  const figures = connue.propre.figures.map(({ lecture, donnees }, i) => {
    const commune = connue.commune[i];
    const tables = Object.entries(commune.donnees).map(([nom, table]) => [nom, { ...(donnees[nom]?.entiere ? {} : table), ...donnees[nom]?.colonnes }]);
    return { ...commune, lecture, donnees: Object.fromEntries(tables) };
  });
  return { ...connue.propre, figures };
}

// Ask for the answers that are not here, those around `valeur` first, one ten at a time, once the hand rests.
export function demander(cle, valeur) {
  const vu = levier(cle);
  vu.valeur = valeur;
  clearTimeout(vu.tantot);
  const reste = Math.max(CALME_MS - (performance.now() - geste), RELANCE_MS - (performance.now() - vu.depuis), silence());
  if (reste > 0) {
    vu.tantot = setTimeout(() => demander(cle, vu.valeur), reste);
    return;
  }
  // Nothing from a page that was left.
  if (!vu.place?.isConnected) return;
  const manquantes = Array.from({ length: vu.dizaines }, (_, d) => d).filter((d) => !vu.lues.has(d));
  if (!manquantes.length) return;
  manquantes.sort((a, b) => Math.abs(10 * a + 4.5 - valeur) - Math.abs(10 * b + 4.5 - valeur));
  vu.depuis = performance.now();
  rester();
  vu.demande(manquantes[0]);
}

export default function ({ parentElement, data, setTriggerValue }) {
  const { cle, dizaines, lues } = lire(data);
  const vu = levier(cle);
  if (!parentElement.connu) arriver();
  parentElement.connu = true;
  vu.place = parentElement;
  vu.dizaines = dizaines;
  vu.demande = (dizaine) => setTriggerValue("demande", dizaine);
  if (!lues || vu.lues.has(lues.dizaine)) return;
  vu.lues.add(lues.dizaine);
  for (const valeur in lues.etapes) vu.etapes.set(Number(valeur), { propre: lues.etapes[valeur], commune: lues.commune });
  vu.depuis = -RELANCE_MS;
  demander(cle, vu.valeur);
}

// Before the séance: whether this browser, on this screen and this network, will do. See pages/preparer/seances/seances.py.

import { element, lire } from "./dom.js";

const ESSAIS = 5;
const [LARGEUR, HAUTEUR, LENT_MS] = [1366, 768, 150];

// From how far a text of the image is read: a capital, 0.7 of its letter, is seen under 16 minutes of arc at least (ISO
// 9241-303). Shares of the height of the image: what is read and what is looked up, as in salle.css.
const [LU, CONSULTE, CAPITALE, ANGLE] = [0.035, 0.025, 0.7, Math.tan((16 / 60) * (Math.PI / 180))];
const RECUL = "ici_salle_recul"; // of this room: its screen and its last row, in metres
const metres = (m) => `${m.toLocaleString("fr-FR", { minimumFractionDigits: 1, maximumFractionDigits: 1 })}\u00a0m`;

function jugerRecul({ image, rang }) {
  const portee = (part) => (image * (9 / 16) * part * CAPITALE) / ANGLE;
  const dit = `Dernier rang à ${metres(rang)} d’une image large de ${metres(image)} : `;
  if (portee(CONSULTE) >= rang) return ligne(true, `${dit}tout s’y lit.`);
  const voulue = Math.ceil((10 * image * rang) / portee(CONSULTE)) / 10;
  const lu = portee(LU) >= rang ? "les phrases et les valeurs s’y lisent, pas" : "on n’y lit ni les valeurs ni";
  return ligne(false, `${dit}${lu} les noms des cartes ; agrandir l’image à ${metres(voulue)}, ou s’asseoir à ${metres(portee(CONSULTE))} au plus.`);
}

// Two numbers that this browser remembers, and what they make of the room.
function mesurer(liste) {
  const tenus = { image: 3, rang: 6, ...JSON.parse(localStorage.getItem(RECUL) ?? "{}") };
  const juge = element("ul", "controle");
  const dire = () => juge.replaceChildren(jugerRecul(tenus));
  const champs = [["image", "Largeur de l’image, en mètres"], ["rang", "Distance du dernier rang, en mètres"]].map(([nom, dit]) => {
    const champ = Object.assign(element("input", ""), { type: "number", min: 0.5, max: 40, step: 0.1, value: tenus[nom] });
    champ.oninput = () => {
      if (!champ.value || !champ.checkValidity()) return; // what is half typed judges nothing
      tenus[nom] = Number(champ.value);
      localStorage.setItem(RECUL, JSON.stringify(tenus));
      dire();
    };
    return element("label", "", `${dit} `, champ);
  });
  dire();
  liste.before(element("div", "recul", ...champs), juge);
}

// The middle one of a few questions to the server.
async function attente() {
  const durees = [];
  for (let i = 0; i < ESSAIS; i += 1) {
    const debut = performance.now();
    await fetch(new URL("_stcore/health", document.baseURI), { cache: "no-store" });
    durees.push(performance.now() - debut);
  }
  return durees.sort((a, b) => a - b)[Math.floor(ESSAIS / 2)];
}

const ligne = (bon, dit) => element("li", bon ? "bon" : "mauvais", `${bon ? "●" : "▲"} ${dit}`);

async function juger() {
  const [l, h] = [screen.width, screen.height];
  const lignes = [
    l >= LARGEUR && h >= HAUTEUR
      ? ligne(true, `Écran de ${l} × ${h} points : les messages y tiennent.`)
      : ligne(false, `Écran de ${l} × ${h} points : choisir au moins ${LARGEUR} × ${HAUTEUR} dans les réglages du vidéoprojecteur.`),
    document.documentElement.classList.contains("sans_webgl")
      ? ligne(false, "Ce navigateur ne dessine pas les cartes : ouvrir Firefox, Chrome ou Edge, accélération graphique permise.")
      : ligne(true, "Ce navigateur dessine les cartes."),
    document.fullscreenEnabled
      ? ligne(true, "Le plein écran est permis (touche F).")
      : ligne(false, "Le plein écran est refusé : le permettre dans le navigateur, ou l’ouvrir par F11."),
  ];
  try {
    const ms = Math.round(await attente());
    lignes.push(
      ms <= LENT_MS
        ? ligne(true, `Le serveur répond en ${ms}\u00a0ms.`)
        : ligne(false, `Le serveur répond en ${ms}\u00a0ms : préférer un câble au Wi-Fi, fermer les autres usages du réseau.`),
    );
  } catch {
    lignes.push(ligne(false, "Le serveur ne répond pas : vérifier le réseau, puis recharger la page."));
  }
  return lignes;
}

export default function ({ parentElement, data }) {
  if (!parentElement.liste) {
    parentElement.liste = parentElement.appendChild(element("ul", "controle"));
    mesurer(parentElement.liste);
  }
  const { liste } = parentElement;
  const duServeur = lire(data).lignes.map(([bon, dit]) => ligne(bon, dit));
  juger().then((lignes) => liste.replaceChildren(...duServeur, ...lignes));
}

// Before the séance: whether this browser, on this screen and this network, will do. See pages/preparer/seances.py.

import { element, lire } from "./dom.js";

const ESSAIS = 5;
const [LARGEUR, HAUTEUR, LENT_MS] = [1366, 768, 150];

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
      ? ligne(true, `Écran de ${l} × ${h} points : les messages y tiennent ; ce qui dépasse, la touche Page suivante y descend.`)
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
  parentElement.liste ??= parentElement.appendChild(element("ul", "controle"));
  const { liste } = parentElement;
  const duServeur = lire(data).lignes.map(([bon, dit]) => ligne(bon, dit));
  juger().then((lignes) => liste.replaceChildren(...duServeur, ...lignes));
}

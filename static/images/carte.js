// Beside a map, what deck.gl does not do. See pages/adaptateur/cartes.py.
// What a place says under the pointer: the shapes, asked once, bear their codes alone.
// « Image PNG »: what deck.gl drew, beside its legend, as a chart is saved.

import { lire, montrer } from "../adaptateur/dom.js";
import { bouton, garder } from "./figure.js";

// The legend as it is read beside the map: what each tone says, and the tone.
const enLegende = ({ textContent: name, firstChild: { style } }) => ({
  ...{ type: "scatter", mode: "markers", x: [null], y: [null], name, showlegend: true },
  marker: { symbol: "square", size: 14, color: style.backgroundColor, line: { color: "#6B7A8F", width: 1 } },
});

const saisir = (carte, titre) => {
  const toile = carte.querySelector("canvas");
  const image = { source: toile.toDataURL(), xref: "paper", yref: "paper", x: 0, y: 1, sizex: 1, sizey: 1 };
  const axe = { visible: false };
  const legend = { orientation: "v", x: 1, y: 1, yanchor: "top", font: { size: 15 } };
  const layout = { images: [image], xaxis: axe, yaxis: axe, legend, plot_bgcolor: "#FFFFFF", margin: { t: 34, r: 12, b: 8, l: 8 } };
  const legende = [...carte.querySelectorAll(".cartouche li")].map(enLegende);
  return garder({ titre, data: legende, layout }, toile.clientWidth + 260, toile.clientHeight);
};

class Outils {
  constructor(parent) {
    const carte = parent.closest('[class*="st-key-carte_"]');
    parent.append(bouton("Image PNG", () => saisir(carte, this.titre)));
    new MutationObserver(() => {
      const lieu = carte.querySelector(".deck-tooltip [data-lieu]:empty");
      if (lieu) lieu.textContent = this.dits[lieu.dataset.lieu];
    }).observe(carte, { childList: true, subtree: true });
  }
}

export default function ({ parentElement, data }) {
  return montrer(parentElement, data, (dites) => Object.assign((parentElement.outils ??= new Outils(parentElement)), lire(dites)));
}

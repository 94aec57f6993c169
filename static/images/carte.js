// « Image PNG » of a map: what deck.gl drew, beside its legend, as a chart is saved. See pages/adaptateur/cartes.py.

import { lire } from "../adaptateur/dom.js";
import { bouton, garder } from "./figure.js";

// The legend as it is read beside the map: what each tone says, and the tone.
const enLegende = ({ textContent: name, firstChild: { style } }) => ({
  ...{ type: "scatter", mode: "markers", x: [null], y: [null], name, showlegend: true },
  marker: { symbol: "square", size: 14, color: style.backgroundColor, line: { color: "#6B7A8F", width: 1 } },
});

export default function ({ parentElement, data }) {
  parentElement.titre = lire(data).titre;
  const enregistrer = () => {
    const carte = parentElement.closest('[class*="st-key-carte_"]');
    const toile = carte.querySelector("canvas");
    const image = { source: toile.toDataURL(), xref: "paper", yref: "paper", x: 0, y: 1, sizex: 1, sizey: 1 };
    const axe = { visible: false };
    const legend = { orientation: "v", x: 1, y: 1, yanchor: "top", font: { size: 15 } };
    const layout = { images: [image], xaxis: axe, yaxis: axe, legend, plot_bgcolor: "#FFFFFF", margin: { t: 34, r: 12, b: 8, l: 8 } };
    const legende = [...carte.querySelectorAll(".cartouche li")].map(enLegende);
    return garder({ titre: parentElement.titre, data: legende, layout }, toile.clientWidth + 260, toile.clientHeight);
  };
  parentElement.bouton ??= parentElement.appendChild(bouton("Image PNG", enregistrer));
}

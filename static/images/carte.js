// « Image PNG » of a map: what deck.gl drew, beside its legend, as a chart is saved. See pages/adaptateur/cartes.py.

import { lire } from "../adaptateur/dom.js";
import { bouton, garder } from "./figure.js";

export default function ({ parentElement, data }) {
  const { titre, classes, template } = lire(data);
  const enregistrer = () => {
    const toile = parentElement.closest('[class*="st-key-carte_"]').querySelector("canvas");
    const image = { source: toile.toDataURL(), xref: "paper", yref: "paper", x: 0, y: 1, sizex: 1, sizey: 1 };
    const legende = Object.entries(classes).map(([name, color]) => ({
      ...{ type: "scatter", mode: "markers", x: [null], y: [null], name, showlegend: true },
      marker: { symbol: "square", size: 14, color, line: { color: "#6B7A8F", width: 1 } },
    }));
    const axe = { visible: false };
    const layout = { template, images: [image], xaxis: axe, yaxis: axe, legend: { orientation: "v", x: 1, y: 1, yanchor: "top" } };
    return garder({ titre, data: legende, layout }, toile.clientWidth + 260, toile.clientHeight);
  };
  parentElement.replaceChildren(bouton("Image PNG", enregistrer));
}

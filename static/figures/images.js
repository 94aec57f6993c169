// The component of the pictures that stand alone. See pages/adaptateur/vivant.py.

import { lire } from "./etapes.js";
import { accorderFigures, partir } from "./figure.js";

export default function ({ parentElement, data }) {
  const racine = (parentElement.racine ??= parentElement.appendChild(Object.assign(document.createElement("div"), { className: "figures" })));
  accorderFigures(racine, lire(data).figures);
  return partir(racine, () => racine.figures.forEach((figure) => figure.fermer()));
}

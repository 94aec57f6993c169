// Nodes of a drawing, described then brought to the page: what did not change is left alone.

const ESPACE = "http://www.w3.org/2000/svg";

// `voulus`: [tag, attributes, text]. An attribute `infobulle` is what the pointer reads, kept beside the node.
export function accorder(parent, voulus) {
  const vus = (parent.vus ??= []);
  voulus.forEach(([tag, attributs, texte], i) => {
    let vu = vus[i];
    if (!vu || vu.tag !== tag) {
      const noeud = document.createElementNS(ESPACE, tag);
      if (vu) parent.replaceChild(noeud, vu.noeud);
      else parent.appendChild(noeud);
      vu = vus[i] = { tag, noeud, attributs: {}, texte: undefined };
    }
    for (const nom in vu.attributs) {
      if (attributs[nom] === undefined && nom !== "infobulle") vu.noeud.removeAttribute(nom);
    }
    for (const nom in attributs) {
      const valeur = attributs[nom];
      if (nom !== "infobulle" && valeur !== undefined && valeur !== vu.attributs[nom]) vu.noeud.setAttribute(nom, valeur);
    }
    if (texte !== vu.texte) vu.noeud.textContent = texte ?? "";
    vu.noeud.infobulle = attributs.infobulle;
    vu.attributs = attributs;
    vu.texte = texte;
  });
  for (const { noeud } of vus.splice(voulus.length)) noeud.remove();
}

const toile = document.createElement("canvas").getContext("2d");
const largeurs = new Map();

// Width in pixels of a text, measured once.
export function largeur(texte, taille, graisse, police) {
  const cle = `${graisse} ${taille} ${texte}`;
  let mesure = largeurs.get(cle);
  if (mesure === undefined) {
    toile.font = `${graisse} ${taille}px ${police}`;
    mesure = toile.measureText(texte).width;
    if (largeurs.size > 5000) largeurs.clear();
    largeurs.set(cle, mesure);
  }
  return mesure;
}

// The font may come after the first drawing: measured again then.
export const oublierLargeurs = () => largeurs.clear();

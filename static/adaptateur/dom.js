// Two things that every module of the page does.

export const lire = (octets) => JSON.parse(new TextDecoder().decode(octets));

export const element = (nom, classe, ...enfants) => {
  const noeud = document.createElement(nom);
  if (classe) noeud.className = classe;
  noeud.append(...enfants);
  return noeud;
};

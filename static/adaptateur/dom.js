// What every module of the page does.

export const lire = (octets) => JSON.parse(new TextDecoder().decode(octets));

export const element = (nom, classe, ...enfants) => {
  const noeud = document.createElement(nom);
  if (classe) noeud.className = classe;
  noeud.append(...enfants);
  return noeud;
};

// Show `data`, the latest that `parent` was given. While a module is fetched, Streamlit may call with the former data last,
// and takes them back at once: those that came before are then shown again. `fermer`: once the place has gone.
export function montrer(parent, data, dire, fermer) {
  const recues = (parent.recues ??= []);
  recues.push(data);
  recues.splice(0, recues.length - 8);
  dire(data);
  return () =>
    setTimeout(() => {
      if (!parent.isConnected) return fermer?.();
      const derniere = recues.at(-1) === data;
      recues.splice(recues.indexOf(data), 1);
      if (derniere && recues.length) dire(recues.at(-1));
    });
}

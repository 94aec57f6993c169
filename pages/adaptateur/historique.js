// One gesture, one step of the browser's Back: Streamlit adds an entry for each parameter that a run writes. What follows
// the first, and what no gesture asked (a page that opens), is written in its place.
(() => {
  if (window.estUnPasParGeste) return;
  window.estUnPasParGeste = true;
  const pousser = history.pushState;
  let estTouchee = false;
  for (const geste of ["pointerdown", "click", "keydown", "change"])
    document.addEventListener(geste, () => (estTouchee = true), true);
  history.pushState = function (...entree) {
    (estTouchee ? pousser : history.replaceState).apply(history, entree);
    estTouchee = false;
  };
})();

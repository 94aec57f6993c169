// A list is worked by keyboard: Space ticks the line under the frame (Streamlit wants Shift + Space), Enter goes to what is
// to be noted of it, and once it is noted the line that follows is under the keys: the next one, or the one that took its
// place where what is noted moves it.
(() => {
  if (window.estAuClavier) return;
  window.estAuClavier = true;
  const GRILLE = "[class*=st-key-liste_grille_]";
  const RANG = /^glide-cell-\d+-(\d+)$/;
  let rang = 0, qui = "";
  const lire = (grille, n) => grille.querySelector(`[id="glide-cell-1-${n}"]`)?.textContent ?? "";
  const presser = (ou, key, autres) =>
    ou.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...autres }));
  const descendre = (n) => {
    if (n <= 0) return;
    presser(document.activeElement, "ArrowDown", { keyCode: 40 });
    setTimeout(descendre, 30, n - 1); // one image each: the grid moves from what it has drawn
  };
  const reprendre = (grille) => {
    grille.querySelector("canvas[data-testid=data-grid-canvas]")?.focus();
    setTimeout(() => descendre(rang + (lire(grille, rang) === qui)), 100);
  };
  const attendre = (notee) => {
    const faite = [...notee.classList].find((classe) => classe.includes("liste_grille_"));
    qui = lire(notee, rang);
    const essai = setInterval(() => {
      const grille = document.querySelector(GRILLE);
      if (!grille?.querySelector(`[id="glide-cell-1-0"]`) || grille.classList.contains(faite)) return;
      clearInterval(essai);
      reprendre(grille);
    }, 100);
    setTimeout(() => clearInterval(essai), 10000);
  };
  window.addEventListener("keydown", (e) => {
    const { target, key } = e;
    const noter = document.querySelector(".st-key-suite_noter"), grille = target.closest?.(GRILLE);
    if (noter && key === "Enter" && (e.ctrlKey || e.metaKey || noter.contains(target)))
      attendre(document.querySelector(GRILLE));
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || !grille) return;
    const suite = document.querySelector(".st-key-suite_code input"), cellule = RANG.exec(target.id);
    if (key === " ") {
      rang = cellule ? +cellule[1] : 0;
      presser(target, key, { code: "Space", keyCode: 32, shiftKey: true });
    } else if (key === "Enter" && suite) suite.focus();
    else return;
    e.stopImmediatePropagation();
    e.preventDefault();
  }, true);
})();

// A list is worked by keyboard: Space ticks the line under the frame (Streamlit wants Shift + Space), Enter goes to what is
// to be noted of it, and once it is noted the next line is under the keys.
(() => {
  if (window.estAuClavier) return;
  window.estAuClavier = true;
  const GRILLE = "[class*=st-key-liste_grille_]";
  const attendre = (faite) => {
    const essai = setInterval(() => {
      const grille = document.querySelector(GRILLE);
      if (!grille || grille.classList.contains(faite)) return;
      clearInterval(essai);
      grille.querySelector("canvas[data-testid=data-grid-canvas]")?.focus();
    }, 100);
    setTimeout(() => clearInterval(essai), 10000);
  };
  window.addEventListener("keydown", (e) => {
    const { target, key } = e;
    const noter = document.querySelector(".st-key-suite_noter");
    if (noter && key === "Enter" && (e.ctrlKey || e.metaKey || noter.contains(target)))
      attendre([...document.querySelector(GRILLE).classList].find((classe) => classe.includes("liste_grille_")));
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || !target.closest?.(GRILLE)) return;
    const suite = document.querySelector(".st-key-suite_code input");
    if (key === " ") {
      const touche = { key, code: "Space", keyCode: 32, shiftKey: true, bubbles: true, cancelable: true };
      target.dispatchEvent(new KeyboardEvent("keydown", touche));
    } else if (key === "Enter" && suite) suite.focus();
    else return;
    e.stopImmediatePropagation();
    e.preventDefault();
  }, true);
})();

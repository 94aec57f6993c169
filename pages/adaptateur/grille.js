// A list is worked by keyboard: Space ticks the line under the frame (Streamlit wants Shift + Space), Enter goes to what is
// to be noted of it, and once it is noted the line that the server says is next is under the keys; once it is refused, the
// field that it says.
(() => {
  if (window.estAuClavier) return;
  window.estAuClavier = true;
  const GRILLE = "[class*=st-key-liste_grille_]";
  const presser = (ou, key, autres) =>
    ou.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...autres }));
  const ici = () => +/^glide-cell-\d+-(\d+)$/.exec(document.activeElement.id)?.[1];
  // One image each: the grid moves from what it has drawn, and says late where it is.
  const descendre = (n, rang) => {
    if (n > 0) presser(document.activeElement, "ArrowDown", { keyCode: 40 });
    if (n > 0 || ici() < rang) setTimeout(descendre, n > 1 ? 30 : 400, n > 0 ? n - 1 : rang - ici(), rang);
  };
  const faite = () => document.querySelector(".acte[data-essai]")?.dataset ?? {};
  const attendre = () => {
    const avant = faite().essai, ancienne = document.querySelector(GRILLE)?.className; // what is noted draws another grid
    const essai = setInterval(() => {
      const grille = document.querySelector(GRILLE), { essai: dit, faute } = faite();
      if (!dit || dit === avant) return;
      if (document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning") return; // what is drawn next would take it
      if (!faute && (grille?.className === ancienne || !grille?.querySelector(`[id="glide-cell-1-0"]`))) return;
      clearInterval(essai);
      if (faute) return document.querySelector(`.st-key-${faute} :is(input, [role=spinbutton])`)?.focus();
      grille.querySelector("canvas[data-testid=data-grid-canvas]")?.focus();
      setTimeout(descendre, 100, +faite().suivante, +faite().suivante);
    }, 100);
    setTimeout(() => clearInterval(essai), 10000);
  };
  window.addEventListener("keydown", (e) => {
    const { target, key } = e;
    const noter = document.querySelector(".st-key-suite_noter"), grille = target.closest?.(GRILLE);
    if (noter && key === "Enter" && (e.ctrlKey || e.metaKey || noter.contains(target))) attendre();
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || !grille) return;
    const suite = document.querySelector(".st-key-suite_code input");
    if (key === " ") presser(target, key, { code: "Space", keyCode: 32, shiftKey: true });
    else if (key === "Enter" && suite) suite.focus();
    else return;
    e.stopImmediatePropagation();
    e.preventDefault();
  }, true);
})();

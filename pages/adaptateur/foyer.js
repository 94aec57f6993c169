// Who works by keyboard keeps a focus. A popover is drawn at the end of the page: opened by a key, it has the focus at
// once, keeps Tab within, and Escape gives it back to its button. Tab leaves a list, of which the arrows go from cell to
// cell. What took the focus with it (a field that is sent, a filter that is taken out) leaves it to what has its place,
// else to what was next to it; on another page, to its title. A gesture that is refused for a field gives it the focus.
(() => {
  if (window.aUnFoyer) return;
  window.aUnFoyer = true;
  const VOLET = "[data-testid=stPopoverBody]";
  const PRENNENT = "a[href], button, input, textarea, canvas[tabindex], [tabindex='0']";
  const prenables = (ou) =>
    [...ou.querySelectorAll(PRENNENT)].filter((x) => !x.disabled && x.tabIndex >= 0 && x.checkVisibility({ visibilityProperty: true }));
  const cleDe = (x) => [...(x.closest("[class*=st-key-]")?.classList ?? [])].find((c) => c.startsWith("st-key-"));
  let parTouche = false, dernier, autour = [], cle, chemin, attente;
  for (const geste of ["pointerdown", "keydown"])
    document.addEventListener(geste, (e) => (parTouche = e.type === "keydown"), true);

  const entrer = (lieu) => {
    lieu.tabIndex = -1;
    lieu.focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (e) => {
    const volet = document.querySelector(VOLET), ici = document.activeElement;
    if (e.key !== "Tab") return;
    const grille = ici.closest("[class*=st-key-liste_grille_] canvas");
    if (volet && ici.matches("[aria-expanded=true]") && !volet.contains(ici)) entrer(volet);
    const cadre = grille ? document : volet;
    if (!cadre?.contains(document.activeElement)) return;
    const tous = prenables(cadre), rang = tous.indexOf(grille ?? document.activeElement), pas = e.shiftKey ? -1 : 1;
    const ou = rang < 0 ? Math.min(0, pas) : rang + pas;
    if (!grille && rang >= 0 && tous[ou]) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    (tous.at(ou % tous.length) ?? volet).focus();
  }, true);

  document.addEventListener("focusin", ({ target }) => {
    const tous = prenables(document), rang = tous.indexOf(target);
    [dernier, cle, chemin] = [target, cleDe(target), location.pathname];
    autour = tous.map((x, i) => [Math.abs(i - rang), x]).sort(([a], [b]) => a - b).map(([, x]) => x);
  });
  const rendre = () => {
    if (document.activeElement !== document.body || dernier?.isConnected && !dernier.disabled) return;
    if (document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning") return (attente = setTimeout(rendre, 100));
    const titre = chemin !== location.pathname && document.querySelector(".stMain h1, .st-key-message");
    if (titre) return entrer(titre);
    const memes = cle ? prenables(document.querySelector(`.${cle}`) ?? document.createElement("i")) : [];
    const suivant = memes[0] ?? autour.find((x) => x.isConnected && !x.disabled && x.checkVisibility({ visibilityProperty: true }));
    suivant?.focus({ preventScroll: true });
  };
  let essai;
  const corriger = () => {
    const refus = document.querySelector(".refuse[data-essai]"), [, champ] = /« (.+?) »/.exec(refus?.textContent.replace(/\s/g, " ")) ?? [];
    if (!refus || refus.dataset.essai === essai) return;
    if (document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning") return setTimeout(corriger, 100);
    essai = refus.dataset.essai;
    const nomme = [...document.querySelectorAll("input, textarea")].find((x) => champ && x.ariaLabel?.startsWith(champ));
    nomme?.focus();
  };
  new MutationObserver((changements) => {
    corriger();
    if (!parTouche) return;
    const volet = changements.some((c) => c.addedNodes.length) && document.querySelector(VOLET);
    const ouvert = document.activeElement;
    if (volet && ouvert.matches("[data-testid=stPopover] [aria-expanded=true]")) entrer(volet);
    if (ouvert !== document.body || document.querySelector(".bande_salle")) return; // a room's keys are its own
    clearTimeout(attente);
    attente = setTimeout(rendre, 200);
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
})();

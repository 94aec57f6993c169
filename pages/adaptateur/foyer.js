// Who works by keyboard keeps a focus. A popover is drawn at the end of the page: opened by a key, it has the focus at
// once; Tab goes through it, then shuts it and goes on after its button; Shift + Tab and Escape go back to that button. Tab
// leaves a list, of which the arrows go from cell to cell. What took the focus with it (a field that is sent, a filter that
// is taken out) leaves it to what has its place, else to what was next to it; on another page, to its title. A gesture that
// is refused for a field gives it the focus, and is brought in sight where it names none; so is what a key opens elsewhere.
(() => {
  if (window.aUnFoyer) return;
  window.aUnFoyer = true;
  const VOLET = "[data-testid=stPopoverBody]", BOUTON = "[data-testid=stPopover] [aria-expanded=true]";
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
    if (e.key !== "Tab") return;
    const volet = document.querySelector(VOLET), ici = document.activeElement, pas = e.shiftKey ? -1 : 1;
    const bouton = document.querySelector(BOUTON), dans = volet ? prenables(volet) : [];
    const grille = ici.closest("[class*=st-key-liste_grille_] canvas"), quitte = volet?.contains(ici);
    let vers = quitte ? dans[dans.indexOf(ici) + pas] : volet && ici === bouton && pas > 0 ? dans[0] ?? volet : null;
    if (!vers && !quitte && !grille) return;
    if (!vers) {
      const tous = prenables(document).filter((x) => !volet?.contains(x));
      vers = quitte && pas < 0 ? bouton : tous.at((tous.indexOf(grille ?? bouton) + pas) % tous.length);
      if (quitte) bouton.click();
    }
    e.preventDefault();
    e.stopImmediatePropagation();
    vers.focus();
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
  const essais = new Set();
  const corriger = () => {
    const dit = [...document.querySelectorAll("[data-essai]")].find((x) => !essais.has(x.dataset.essai));
    if (!dit) return;
    if (document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning") return setTimeout(corriger, 100);
    essais.add(dit.dataset.essai);
    const champ = dit.dataset.champ ?? /« (.+?) »/.exec(dit.textContent.replace(/\s/g, " "))?.[1];
    const nomme = [...document.querySelectorAll("input, textarea")].find((x) => champ && x.ariaLabel?.startsWith(champ));
    nomme?.focus({ preventScroll: !!dit.dataset.champ });
    if (!nomme || dit.dataset.champ) dit.scrollIntoView({ block: "nearest" });
  };
  new MutationObserver((changements) => {
    corriger();
    if (!parTouche) return;
    const volet = changements.some((c) => c.addedNodes.length) && document.querySelector(VOLET);
    const ouvert = document.activeElement;
    if (volet && ouvert.matches(BOUTON)) entrer(volet);
    if (ouvert !== document.body || document.querySelector(".bande_salle")) return; // a room's keys are its own
    clearTimeout(attente);
    attente = setTimeout(rendre, 200);
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
})();

// What the journal refuses of a form (a phone number) is kept by its tab alone, from when the page goes to when it is back: a
// reload does not lose it, and it is written nowhere else. See pages/commun/brouillon.py.
(() => {
  if (window.retient) return;
  window.retient = true;
  const PREFIXE = "retenu ", CHAMP = ":is(.stTextArea textarea, .stTextInput input)";
  const classeDe = (champ) => [...champ.closest("[class*=-champ-]").classList].find((c) => c.startsWith("st-key-"));
  addEventListener("pagehide", () => {
    for (const { dataset } of document.querySelectorAll("[data-formulaire]"))
      for (const champ of document.querySelectorAll(`[class*="st-key-${dataset.formulaire}-champ-"] ${CHAMP}`))
        sessionStorage.setItem(PREFIXE + classeDe(champ), champ.value);
  });
  const attendus = new Set(Object.keys(sessionStorage).filter((cle) => cle.startsWith(PREFIXE)));
  const rendre = () => {
    if (document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning") return;
    for (const cle of attendus) {
      const champ = document.querySelector(`.${CSS.escape(cle.slice(PREFIXE.length))} ${CHAMP}`);
      if (!champ) continue;
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(champ), "value").set.call(champ, sessionStorage.getItem(cle));
      for (const geste of [new Event("input", { bubbles: true }), new FocusEvent("focusout", { bubbles: true })]) champ.dispatchEvent(geste);
      sessionStorage.removeItem(cle);
      attendus.delete(cle);
    }
  };
  const suivi = { subtree: true, childList: true, attributes: true, attributeFilter: ["data-test-script-state"] };
  if (attendus.size) new MutationObserver(rendre).observe(document.body, suivi);
})();

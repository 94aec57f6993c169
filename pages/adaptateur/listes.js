// Ctrl + Enter acts. In a list that is open, Streamlit's own takes it for a choice: the first name would be set apart
// in a decision by whoever meant to act it. It closes the list, chooses nothing, and acts the next time. On the key that
// empties a list, where Tab goes next, it would forget those that were chosen: it acts, and forgets nobody.
(() => {
  if (window.estSansChoix) return;
  window.estSansChoix = true;
  const acte = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true };
  window.addEventListener("keydown", (e) => {
    const ouverte = e.target.closest?.("[aria-expanded=true]");
    const vide = e.target.closest?.("[data-testid=stMultiSelect] button, [data-testid=stSelectbox] button");
    if (!e.isTrusted || e.key !== "Enter" || !(e.ctrlKey || e.metaKey) || !(ouverte || vide)) return;
    e.stopImmediatePropagation();
    e.preventDefault();
    e.target.blur();
    if (!ouverte) document.body.dispatchEvent(new KeyboardEvent("keydown", acte));
  }, true);
})();

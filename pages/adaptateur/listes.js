// Ctrl + Enter acts. In a list that is open, Streamlit's own takes it for a choice: the first name would be set apart
// in a decision by whoever meant to act it. It closes the list, chooses nothing, and acts the next time. On the key that
// empties a list, where Tab goes next, it would forget those that were chosen: it acts, and forgets nobody. A date that
// was typed is kept once something else has the focus, which comes first; one that is not whole, or refused, acts nothing.
// Escape shuts a list that is open; pressed once more, it would take out what was chosen: what is around hears it alone.
(() => {
  if (window.estSansChoix) return;
  window.estSansChoix = true;
  const acte = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true };
  window.addEventListener("keydown", (e) => {
    const liste = e.target.closest?.("[data-testid=stMultiSelect], [data-testid=stSelectbox]");
    if (!e.isTrusted || e.key !== "Escape" || !liste || liste.querySelector("[aria-expanded=true]")) return;
    e.stopImmediatePropagation();
    const autour = { key: "Escape", code: "Escape", keyCode: 27, bubbles: true };
    liste.parentElement.dispatchEvent(new KeyboardEvent("keydown", autour));
  }, true);
  window.addEventListener("keydown", (e) => {
    const ouverte = e.target.closest?.("[aria-expanded=true]"), jour = e.target.closest?.("[data-testid=stDateInput]");
    const vide = e.target.closest?.("[data-testid=stMultiSelect] button, [data-testid=stSelectbox] button");
    if (!e.isTrusted || e.key !== "Enter" || !(e.ctrlKey || e.metaKey) || !(ouverte || vide || jour)) return;
    e.stopImmediatePropagation();
    e.preventDefault();
    if (jour?.querySelector("[aria-invalid=true], [data-placeholder=true]")) return;
    if (jour && !ouverte) document.getElementById("stMain").focus({ preventScroll: true });
    else e.target.blur();
    if (ouverte) setTimeout(() => e.target.focus({ preventScroll: true }), 50);
    if (!ouverte) setTimeout(() => document.body.dispatchEvent(new KeyboardEvent("keydown", acte)), 50);
  }, true);
})();

// Ctrl + Enter acts. In a list that is open, Streamlit's own takes it for a choice: the first name would be set apart
// in a decision by whoever meant to act it. It closes the list, chooses nothing, and acts the next time. A date that was
// typed is kept once its field is left for another, which comes first; one that is not whole, or refused, acts nothing.
(() => {
  if (window.estSansChoix) return;
  window.estSansChoix = true;
  window.addEventListener("keydown", (e) => {
    const liste = e.target.closest?.("[aria-expanded=true]"), jour = e.target.closest?.("[data-testid=stDateInput]");
    if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey) || !(liste || jour)) return;
    e.stopImmediatePropagation();
    e.preventDefault();
    if (!jour || liste) return e.target.blur();
    if (jour.querySelector("[aria-invalid=true], [data-placeholder=true]")) return;
    const page = document.getElementById("stMain"), { key, code, keyCode, ctrlKey, metaKey } = e;
    page.focus({ preventScroll: true });
    setTimeout(() => page.dispatchEvent(
      new KeyboardEvent("keydown", { key, code, keyCode, ctrlKey, metaKey, bubbles: true, cancelable: true })), 50);
  }, true);
})();

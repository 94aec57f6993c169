// Ctrl + Enter acts. In a list that is open, Streamlit's own takes it for a choice: the first name would be set apart
// in a decision by whoever meant to act it. It closes the list, chooses nothing, and acts the next time.
(() => {
  if (window.estSansChoix) return;
  window.estSansChoix = true;
  window.addEventListener("keydown", (e) => {
    const champ = e.target.closest?.("[aria-expanded=true]");
    if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey) || !champ) return;
    e.stopImmediatePropagation();
    e.preventDefault();
    e.target.blur();
  }, true);
})();

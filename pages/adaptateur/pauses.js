// A paragraph is sent once its typing pauses, as a line is: Streamlit waits until the field is left, and a page that is
// loaded again, or a server that is killed, would forget it. Its own key sends it; the page must not take that for the act.
(() => {
  if (window.estEnPause) return;
  window.estEnPause = true;
  const PAUSE_MS = 600;
  let attente;
  document.addEventListener("input", (e) => {
    if (!e.isTrusted || !e.target.matches?.("[data-testid=stTextArea] textarea")) return;
    clearTimeout(attente);
    attente = setTimeout(() => {
      const envoi = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true };
      if (e.target.isConnected) e.target.dispatchEvent(new KeyboardEvent("keydown", envoi));
    }, PAUSE_MS);
  }, true);
  // React listens at its root, below the page: what is not typed by anybody goes no further.
  document.body.addEventListener("keydown", (e) => {
    if (!e.isTrusted && e.target.matches?.("textarea")) e.stopPropagation();
  });
})();

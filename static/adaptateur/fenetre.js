// Says how large the window is, in twentieths of one 1366 wide, when that changes; marks a page where nothing can draw a map,
// and on which half of a map the pointer is, for what it says not to be cut by the edge; sends what is typed. See
// pages/adaptateur/vivant.py and cartes.py.

document.documentElement.classList.toggle("sans_webgl", !document.createElement("canvas").getContext("webgl2"));

document.addEventListener("pointermove", ({ target, clientX, clientY }) => {
  const carte = target.closest?.(".stDeckGlJsonChart");
  if (!carte) return;
  const { left, top, width, height } = carte.getBoundingClientRect();
  carte.dataset.pointeur = `${clientX > left + width / 2 ? "droite" : "gauche"} ${clientY > top + height / 2 ? "bas" : "haut"}`;
});

// A map that is saved as an image is read from its canvas after it was drawn: it is to be kept until then.
const obtenir = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (genre, options) {
  return obtenir.call(this, genre, genre === "webgl2" ? { ...options, preserveDrawingBuffer: true } : options);
};

// A paragraph is sent once the hand pauses, as a line is (`live` of st.text_input): what is typed is kept before its field
// is left. Streamlit sends it when the focus goes.
const PAUSE_MS = 600;
let pause = 0;
document.addEventListener("input", ({ target }) => {
  if (!target.matches?.(".stTextArea textarea")) return;
  clearTimeout(pause);
  pause = setTimeout(() => target.dispatchEvent(new FocusEvent("focusout", { bubbles: true })), PAUSE_MS);
});

export default function ({ data, setStateValue }) {
  const dire = () => {
    const lettre = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const vingtiemes = Math.min(60, Math.max(15, Math.floor((20 * lettre) / 16)));
    if (vingtiemes !== data.vingtiemes) setStateValue("vingtiemes", vingtiemes);
  };
  dire();
  window.addEventListener("resize", dire);
  return () => window.removeEventListener("resize", dire);
}

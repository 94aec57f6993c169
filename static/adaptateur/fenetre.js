// Says how large the window is, in quarters of one 1366 wide, when that changes; and marks a page where nothing can draw a
// map. See pages/adaptateur/fenetre.py and cartes.py.

document.documentElement.classList.toggle("sans_webgl", !document.createElement("canvas").getContext("webgl2"));

export default function ({ data, setStateValue }) {
  const dire = () => {
    const quarts = Math.min(12, Math.max(3, Math.round((4 * window.innerWidth) / 1366)));
    if (quarts !== data.quarts) setStateValue("quarts", quarts);
  };
  dire();
  window.addEventListener("resize", dire);
  return () => window.removeEventListener("resize", dire);
}

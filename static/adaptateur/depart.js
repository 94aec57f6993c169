// A page that is being left asks for nothing more. Streamlit runs a piece of the old page, asked for after the new one, in
// the place of the new one, which is lost: a white page, or the old one. It silences its own timers so; these are ours.

const ATTENTE_MS = 10_000; // a page that does not come for that long no longer silences the one on screen
const LIEN = 'a[data-testid="stPageLink-NavLink"]'; // opens here whatever key is held
let demandee = -ATTENTE_MS; // when another page was asked for
let chemin = location.pathname;

// How long this page is still to keep silent: 0 when it is not being left.
export const silence = () => Math.max(0, ATTENTE_MS - (performance.now() - demandee));

// The page on screen is the one that was asked for.
export const arriver = () => {
  demandee = -ATTENTE_MS;
};

// Someone is on the page of this address: to go back within it is not to leave it.
export const rester = () => {
  chemin = location.pathname;
};

export const quitter = () => {
  demandee = performance.now();
};
// Before Streamlit itself hears of it.
document.addEventListener("click", (geste) => geste.target.closest?.(LIEN) && quitter(), true);
window.addEventListener("popstate", () => location.pathname !== chemin && quitter());

// Whether the server is still drawing: what is asked meanwhile bears the address of before, and puts it back.
export const enCours = () => document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning";

// For how long nobody has touched the page. The server says that it draws only once it has heard of a click: what is
// asked in between bears what the widgets said before.
export const calme = () => performance.now() - touchee;
let touchee = 0;
for (const geste of ["pointerdown", "pointerup", "click", "keydown", "change"])
  document.addEventListener(geste, () => (touchee = performance.now()), true);

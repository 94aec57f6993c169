"""The timer of an item of the agenda: counts in the page, so that it asks nothing of the server."""

from __future__ import annotations

import time

import streamlit as st

from mel_core.socle import langue

_OUBLI_S = 4 * 3600  # longer than a séance: what was rehearsed in the same tab does not count
_SCRIPT = """<script>
(() => {
  // Kept by the tab: a page that is loaded again forgets when the item was opened.
  const debut = ({ point, debut, relance, oubli }) => {
    const cle = `minuteur ${point}`, connu = Number(sessionStorage.getItem(cle));
    const retenu = Math.max(Number(relance), Date.now() / 1000 - connu < Number(oubli) ? connu : Number(debut));
    sessionStorage.setItem(cle, retenu);
    return retenu;
  };
  const dire = () => {
    const n = document.querySelector('#minuteur');
    if (!n) { clearInterval(window.minuteurIci); return; }
    const s = Math.max(0, Math.floor(Date.now() / 1000 - debut(n.dataset)));
    const deux = (x) => String(x).padStart(2, '0');
    n.querySelector('b').textContent = deux(Math.floor(s / 60)) + ':' + deux(s % 60);
    n.querySelector('i').textContent = s > Number(n.dataset.prevu) ? 'temps dépassé' : '';
  };
  clearInterval(window.minuteurIci);
  window.minuteurIci = setInterval(dire, 1000);
  dire();
})();
</script>"""


def show(cle: str, minutes: int) -> None:
    """Time spent on the item `cle` since this tab opened it, beside the `minutes` planned for it."""
    debut = st.session_state.setdefault(f"debut_{cle}", time.time())
    relance = st.session_state.get(_relance(cle), 0)
    st.html(
        f'<p id="minuteur" class="minuteur" role="timer" data-point="{cle}" data-debut="{debut:.0f}"'
        f' data-relance="{relance:.0f}" data-oubli="{_OUBLI_S}" data-prevu="{60 * minutes}">'
        f"<b>00:00</b> sur {minutes}{langue.INSECABLE}min <i></i></p>{_SCRIPT}",
        unsafe_allow_javascript=True,
    )


def chase(cle: str) -> None:
    st.session_state[_relance(cle)] = time.time()


def _relance(cle: str) -> str:
    return f"relance_{cle}"

"""The timer of an item of the agenda: counts in the page, so that it asks nothing of the server."""

from __future__ import annotations

import time

import streamlit as st

from mel_core import langue

_SCRIPT = """<script>
(() => {
  const dire = () => {
    const n = document.querySelector('#minuteur');
    if (!n) { clearInterval(window.minuteurIci); return; }
    const s = Math.max(0, Math.floor(Date.now() / 1000 - Number(n.dataset.debut)));
    const deux = (x) => String(x).padStart(2, '0');
    n.querySelector('b').textContent = deux(Math.floor(s / 60)) + ':' + deux(s % 60);
    n.querySelector('i').textContent = s > Number(n.dataset.prevu) ? 'temps dépassé' : '';
  };
  clearInterval(window.minuteurIci);
  window.minuteurIci = setInterval(dire, 1000);
  dire();
})();
</script>"""


def montrer(cle: str, minutes: int) -> None:
    """Time spent on the item `cle` since it was opened in this session, beside the `minutes` planned for it."""
    debut = st.session_state.setdefault(f"debut_{cle}", time.time())
    st.html(
        f'<p id="minuteur" class="minuteur" role="timer" data-debut="{debut:.0f}" data-prevu="{60 * minutes}">'
        f"<b>00:00</b> sur {minutes}{langue.INSECABLE}min <i></i></p>{_SCRIPT}",
        unsafe_allow_javascript=True,
    )


def relancer(cle: str) -> None:
    st.session_state[f"debut_{cle}"] = time.time()

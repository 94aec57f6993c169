"""The frame: page configuration, who is there, navigation, and the one handler of errors."""

from __future__ import annotations

import gc

import streamlit as st

from pages.commun import cadre
from pages.commun.incidents import proteger


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """What is loaded now lives as long as the process: keep the collector away from it (performance, not memory)."""
    gc.collect()
    gc.freeze()


st.set_page_config(
    page_title="ICI de la Métropole européenne de Lille", layout="wide", initial_sidebar_state="collapsed"
)

SEANCE = {"bilan": st.Page("pages/seance/bilan.py", title="9h30 Bilan", url_path="bilan", default=True)}
OUTILS = {
    "Préparer › Imports": st.Page("pages/preparer/imports.py", title="Préparer › Imports", url_path="imports"),
    "Objectifs": st.Page(
        "pages/preparer/objectifs.py", title="Préparer › Objectifs et paramètres", url_path="objectifs"
    ),
}

# In every branch, before anything can fail: no file of pages/ is ever served outside this navigation.
page = st.navigation([*SEANCE.values(), *OUTILS.values()], position="hidden")
cadre.install_style()
cadre.agenda(page.url_path or "bilan", SEANCE, OUTILS)
with proteger():
    page.run()
warm_up()

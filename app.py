"""The frame: page configuration, who is there, navigation, and the one handler of errors."""

from __future__ import annotations

import streamlit as st

from pages.commun import cadre, prechauffe
from pages.commun.incidents import proteger

st.set_page_config(
    page_title="ICI de la Métropole européenne de Lille", layout="wide", initial_sidebar_state="collapsed"
)


def _page(dossier: str, nom: str, titre: str, defaut: bool = False) -> st.Page:
    return st.Page(f"pages/{dossier}/{nom}.py", title=titre, url_path=nom, default=defaut)


SEANCE = {
    "introduction": _page("seance", "introduction", "9h00 Introduction"),
    "bilan": _page("seance", "bilan", "9h30 Bilan", defaut=True),
    "coordination": _page("seance", "coordination", "10h30 Coordination"),
    "orientations": _page("seance", "orientations", "13h30 Orientations"),
    "cloture": _page("seance", "cloture", "Clôture"),
}
PREPARER = {
    "Blocages": _page("preparer", "blocages", "Préparer › Blocages"),
    "Dossier": _page("preparer", "dossier", "Préparer › Dossier de séance"),
    "Imports": _page("preparer", "imports", "Préparer › Imports"),
    "Qualité": _page("preparer", "qualite", "Préparer › Qualité des données"),
    "Objectifs": _page("preparer", "objectifs", "Préparer › Objectifs et paramètres"),
    "Journal": _page("preparer", "journal", "Préparer › Journal"),
}
LISTES = {"Mes listes": _page("listes", "mes_listes", "Mes listes")}
SUIVRE = {
    "Convergence": _page("suivre", "convergence", "Suivre › Convergence"),
    "Fragilité": _page("suivre", "fragilite", "Suivre › Référentiel de fragilité"),
    "Programmation": _page("suivre", "programmation", "Suivre › Programmation"),
    "Accueil": _page("suivre", "accueil", "Suivre › Réseau d’accueil"),
}
SIMULER = {"Simuler": _page("seance", "simuler", "Simuler")}
GROUPES = {"Simuler": SIMULER, "Préparer": PREPARER, "Mes listes": LISTES, "Suivre": SUIVRE}

# In every branch, before anything can fail: no file of pages/ is ever served outside this navigation.
page = st.navigation([*SEANCE.values(), *(p for pages in GROUPES.values() for p in pages.values())], position="hidden")
cadre.install_style()
cadre.agenda(page.url_path or "bilan", SEANCE, GROUPES)
with proteger():
    page.run()
cadre.diffusion()
prechauffe.est_servi()

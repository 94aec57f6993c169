"""The whole application: `streamlit run app.py`.

Streamlit imports this file once, for the server (`app`), and runs it as a script at each visit, for the frame: page
configuration, navigation, and the one handler of errors.
"""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from pages.adaptateur import compteurs, demarrage, incidents
from pages.adaptateur.enveloppe import Adresses, EnTetes, Garde, Hotes
from pages.adaptateur.sante import Sante
from pages.commun.navigation import ACCUEIL, GROUPES, PAGES, SEANCE, fichier


def frame() -> None:
    demarrage.wait()
    from mel_core.journal import one_state
    from mel_core.secret.bail import lease
    from pages.commun import cadre, salle, visiteur  # and with them what reads the data: the server starts without

    st.set_page_config(
        page_title="ICI de la Métropole européenne de Lille", layout="wide", initial_sidebar_state="collapsed"
    )
    pages = {
        adresse: st.Page(fichier(adresse), title=titre, url_path=adresse, default=adresse == ACCUEIL)
        for adresse, (_, titre) in PAGES.items()
    }
    # In every branch, before anything can fail: no file of pages/ is ever served outside this navigation.
    page = st.navigation(list(pages.values()), position="hidden")
    groupes = {titre: {dit: pages[a] for dit, a in membres.items()} for titre, membres in GROUPES.items()}
    adresse = page.url_path or ACCUEIL
    visiteur.keep_salle()
    est_projetee, vient_de_passer = salle.est_projetee(adresse), visiteur.vient_de_passer()
    if est_projetee:  # what leads elsewhere first: nothing is drawn of a page that is left
        with incidents.protect():
            if vient_de_passer:
                salle.open_day(pages)
            salle.walk(adresse, pages)
    cadre.install_style()
    if est_projetee:
        salle.install()
    cadre.agenda(adresse, {slot: pages[slot] for slot in SEANCE}, groupes)
    # What the strip says of it too.
    with compteurs.PAS.labels("page").time(), cadre.avis(), incidents.held(), one_state(), lease(visiteur.lu_par()):
        with incidents.protect():
            visiteur.require_someone()
            page.run()
            salle.check_link()
        cadre.diffusion(adresse)
        if est_projetee:
            with incidents.protect():
                salle.strip(adresse)
    demarrage.est_servi()


if __name__ == "__main__":
    frame()
else:
    app = st.App(
        "app.py",
        lifespan=demarrage.ready,
        middleware=[
            Middleware(Sante),
            Middleware(EnTetes),
            Middleware(Hotes),
            Middleware(Garde),
            Middleware(Adresses),
        ],
        on_script_error=incidents.say,
    )

"""The séances of the journal, and one more: two months ahead, before its data (product.md, *The frame*)."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import nouvel_op_id
from mel_core.seance.coordination import seances_tenues
from mel_core.seance.coordination.seances_tenues import Etat, SeanceTenue
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import annonces, choix_perimetre, donnees, ecriture
from pages.commun.choix_perimetre import Perimetre

_SEANCE, _ICI, _JOUR = "seance_a_creer", "ici_a_creer", "jour_a_creer"
_REFUS, _FAIT = "refus_creation", "seance_creee"
_D_AVANCE = 3  # semesters offered: the last one of the data, which may have no date in an ICI yet, and those to come


def show(choisi: Perimetre) -> None:
    """What the journal holds, then the form."""
    st.markdown("## Les séances")
    st.dataframe(tenues(), hide_index=True, width="content")
    st.markdown("## Créer une séance")
    st.caption(
        "Avant ses données : ses blocages se signalent et se trient dès qu’elle existe, dans Préparer › Blocages."
    )
    annonces.take(_REFUS, annonces.refuse)
    if fait := st.session_state.pop(_FAIT, ""):
        st.success(langue.typeset(fait))
    seances, icis = donnees.choix()
    offertes = [str(Seance.de_rang(Seance.read(seances[0]).rang + n)) for n in range(_D_AVANCE)]
    with st.container(horizontal=True, vertical_alignment="bottom", key="creation"):
        st.selectbox("Semestre regardé", offertes, index=1, key=_SEANCE)
        st.selectbox("ICI qui se réunit", list(icis), index=[*icis].index(choisi.ici) if choisi.ici else 0, key=_ICI)
        st.date_input("Date de la séance", None, format="DD/MM/YYYY", key=_JOUR)
        st.button("Créer la séance", on_click=_create)


def tenues() -> pd.DataFrame:
    """One row per séance that has a date, or whose data are the last, by semester then ICI, in words."""
    seances, icis = donnees.choix()
    trouvees = seances_tenues.find_all(ecriture.journal(), donnees.entrepot(), date.today())
    connues = {(s.seance, s.ici) for s in trouvees}
    derniere = Seance.read(seances[0])
    sans_date = (SeanceTenue(derniere, ici, None, Etat.SANS_DATE) for ici in icis if (derniere, ici) not in connues)
    toutes = sorted([*trouvees, *sans_date], key=lambda s: (s.seance, s.ici))
    return pd.DataFrame(
        {
            "Séance": [str(s.seance) for s in toutes],
            "ICI": [s.ici for s in toutes],
            "Date": [langue.jour(s.jour) if s.jour else langue.ABSENT for s in toutes],
            "État": [str(s.etat).capitalize() for s in toutes],
        }
    )


def _create() -> None:
    """A callback: reads the fields itself. What is created is chosen at once, on every page that takes it."""
    with ecriture.geste(_REFUS):
        auteur = ecriture.require_auteur(Action.FIXER_DATE)
        seance, ici, jour = (st.session_state[cle] for cle in (_SEANCE, _ICI, _JOUR))
        if jour is None:
            raise ErreurUtilisateur("La date de la séance est vide : choisir un jour, puis la créer.")
        _, est_neuve = seances_tenues.create(
            ecriture.journal(), donnees.entrepot(), Seance.read(seance), ici, jour, auteur, nouvel_op_id()
        )
        quand = f"le {langue.jour(jour)}"
        st.session_state[_FAIT] = (
            f"La séance {seance} de l’{ici} est créée, {quand}."
            if est_neuve
            else f"La séance {seance} de l’{ici} était déjà créée, {quand} : rien n’a changé."
        )
        choix_perimetre.forget(("seance", "ici"))
        st.query_params.update({"seance": seance, "ici": ici})

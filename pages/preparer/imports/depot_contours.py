"""Préparer › Imports: the contours of the quartiers, the QPV and the ICI that the maps draw."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.contrat.contours import ContoursLus, publies, publish, read
from mel_core.droits.actions import Action
from mel_core.journal import Auteur, nouvel_identifiant, nouvel_op_id
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import donnees, ecriture, widgets

OBJET = "contours"
_DITES = {"quartiers": "Quartiers (IRIS)", "qpv": "QPV", "ici": "ICI"}


def offer() -> None:
    """Which layers are in service, and a place to drop another."""
    with st.expander("Contours des cartes (GeoJSON)"):
        st.write(_en_service())
        st.write(
            "Un fichier GeoJSON en WGS 84, par exemple Contours…IRIS de l’IGN ou les QPV de 2015 ou de 2024. Seuls le "
            "code, le nom et le tracé sont gardés."
        )
        couche = st.segmented_control(
            "Couche", list(_DITES), format_func=_DITES.__getitem__, default="quartiers", required=True, key="couche"
        )
        fichier = st.file_uploader("Fichier des contours (GeoJSON)", key="contours")
        fictifs = st.checkbox("Ce découpage est fictif", key="contours_fictifs")
        if fichier and st.button("Publier ces contours", key="publier_contours", disabled=not ecriture.auteur().nom):
            auteur = ecriture.require_auteur(Action.PUBLIER_CONTOURS)
            lecture = read(fichier.getvalue(), fichier.name, couche)
            a_change = publish(donnees.entrepot().dossier, lecture, est_fictive=fictifs)
            if a_change:
                _sign(lecture, auteur)
            dit = "Contours publiés" if a_change else "Ces contours étaient déjà publiés, rien n’a changé"
            st.success(langue.typeset(f"{dit} : {lecture.dite}."))
            _show(lecture)


def _en_service() -> str:
    dits = []
    for couche, dite in _DITES.items():
        servis = publies(donnees.entrepot().dossier, couche)
        combien = langue.effectif(len(servis.codes), "contour") if servis else "aucun contour"
        dits.append(f"{dite} : {combien}{' (découpage fictif)' if servis and servis.est_fictive else ''}")
    return langue.typeset("En service : " + " ; ".join(dits) + ".")


def _show(lecture: ContoursLus) -> None:
    """The contours left out, each with its rank in the file."""
    if lecture.rejets:
        rejets = pd.DataFrame(
            [{"Rang dans le fichier": r.rang, "Code": r.code, "Cause": r.message} for r in lecture.rejets]
        )
        widgets.grille(rejets, {"Rang dans le fichier": langue.nombre}, "Contours rejetés")


def _sign(lecture: ContoursLus, auteur: Auteur) -> None:
    """Who published which layer, in the journal; one that can't be written is said, the contours are in service."""
    try:
        contenu = {"couche": lecture.couche, "bilan": lecture.dite}
        ecriture.journal().write(OBJET, nouvel_identifiant(), contenu, auteur, nouvel_op_id())
    except (ErreurUtilisateur, OSError) as erreur:
        st.warning(f"Cette publication n’est pas au journal : le dire à la MEL. {erreur}")

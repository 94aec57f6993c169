"""Préparer › Dossier: what is missing before the séance, then its documents, on one vintage."""

from __future__ import annotations

from html import escape

import streamlit as st

from mel_core.dossier import controle_dossier
from mel_core.dossier.seance import require_attributions
from mel_core.droits.actions import Action
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.adaptateur import telechargement
from pages.commun import donnees, entete, exports, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture

_SIGNES = {
    controle_dossier.GraviteDuPoint.MANQUE: "✕ Manque",
    controle_dossier.GraviteDuPoint.RESERVE: "△ Réserve",
    controle_dossier.GraviteDuPoint.INFORMATION: "• À savoir",
}


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose()
    st.title("Préparer › Dossier")
    lecture.require_ici(choisi)
    visiteur.require_droit(Action.PREPARER_DOSSIER)
    compose(choisi)
    with choisi.open() as lecteur:
        if lecteur.gel is not None:
            return  # its rows are erased: it was held, and there is nothing to prepare
    st.markdown("## Contrôle avant séance")
    show_controle(choisi)


def compose(choisi: Perimetre) -> None:
    if visiteur.est_en_salle():
        st.write(
            "Le dossier contient les chiffres exacts de chaque commune et de chaque bailleur : revenir en Préparation "
            "pour le composer."
        )
        return
    try:
        with choisi.open() as lecteur:
            require_attributions(lecteur, choisi.seance, lecture.require_ici(choisi))
    except ErreurUtilisateur as rien:
        st.error(langue.typeset(str(rien)))
        return
    par = exports.demandeur()
    aide = (
        f"Diaporama, note, fiches et classeurs de {choisi.ici_dite} à la séance {choisi.seance}, sur les données à "
        "l’écran : les chiffres sont ceux de la Salle ; la fiche et le classeur d’une commune ou d’un bailleur donnent "
        "les siens exactement. Le diaporama est aussi en PDF, pour l’envoyer, et en un fichier HTML, que tout "
        "navigateur ouvre seul : il sert de secours si l’application manque."
    )
    telechargement.offer(
        "Composer et télécharger le dossier (zip)",
        lambda: exports.dossier_zip(choisi, par),
        exports.name_document("dossier", choisi, "zip"),
        "application/zip",
        cle="composer",
        type="primary",
        de_lignes=True,
        aide=aide,
    )


def show_controle(choisi: Perimetre) -> None:
    with choisi.open() as lecteur:
        ici, tenue = lecture.require_ici(choisi), lecture.date_tenue(choisi)
        points = controle_dossier.check(donnees.entrepot().pour(ici), lecteur, choisi.seance, ici, tenue)
    for point in points:
        st.html(f'<p class="blocage"><strong>{_SIGNES[point.gravite]}</strong> · {escape(point.phrase)}</p>')


page()

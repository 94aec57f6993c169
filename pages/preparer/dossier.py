"""Préparer › Dossier de séance: what is missing before the séance, then its documents, on one vintage."""

from __future__ import annotations

from html import escape

import streamlit as st

from mel_core.dossier import controle
from mel_core.entrepot import Portee
from pages.commun import acces, documents, donnees, entete, telechargement
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.perimetre import Perimetre

_SIGNES = {
    controle.Gravite.MANQUE: "✕ Manque",
    controle.Gravite.RESERVE: "△ Réserve",
    controle.Gravite.INFORMATION: "• À savoir",
}


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose()
    st.title("Préparer › Dossier de séance")
    lecture.exiger_ici(choisi)
    acces.exiger_copilote("préparer le dossier de séance")
    st.write(
        f"Diaporama, note et classeurs de {choisi.ici_dite} à la séance {choisi.seance}, modifiables, sur les données "
        "à l’écran : chaque chiffre est celui de l’écran. Le diaporama sert aussi de secours si l’application manque."
    )
    par = documents.par()
    telechargement.proposer(
        "Composer et télécharger le dossier (zip)",
        lambda: documents.dossier_zip(choisi, par),
        documents.nom("dossier", choisi, "zip"),
        "application/zip",
        cle="composer",
        type="primary",
    )
    st.markdown("## Contrôle avant séance")
    verifier(choisi)


def verifier(choisi: Perimetre) -> None:
    with donnees.entrepot().ouvrir(Portee.mel(), choisi.seance) as lecteur:
        points = controle.controler(
            donnees.entrepot(), lecteur, choisi.seance, lecture.exiger_ici(choisi), choisi.audience
        )
    for point in points:
        st.html(f'<p class="blocage"><strong>{_SIGNES[point.gravite]}</strong> · {escape(point.phrase)}</p>')


page()

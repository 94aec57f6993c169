"""Préparer › Imports: what a check found, filtered on screen, and all of it in a file."""

from __future__ import annotations

import hashlib
import io
import zipfile
from itertools import chain, islice

import pandas as pd
import streamlit as st

from mel_core.contrat.rapport import Gravite, Rapport
from mel_core.socle import langue
from pages.adaptateur import telechargement
from pages.commun import widgets

GRAVITES = {
    Gravite.BLOQUANT: "Bloquante",
    Gravite.REJET: "Ligne rejetée",
    Gravite.AVERTISSEMENT: "Avertissement",
}
LIGNES_MONTREES = 500
ANOMALIES_EN_CLAIR = 50_000  # beyond, the file is zipped: a server keeps it for whoever downloads it
_ENTETE_PX, _HAUTEUR_PX = 40, 66  # from 65 up, a grid wraps its texts
_LARGEURS = {
    nom: st.column_config.Column(width=largeur)
    for nom, largeur in (("Gravité", 105), ("Fichier", 130), ("Ligne", 65), ("Colonne", 150), ("Valeur", 120))
}
_FICHIER = "anomalies_fichier"


def show(rapport: Rapport) -> None:
    """All the findings, filtered, and the file that holds them all."""
    presentes = [g for g in Gravite if any(a.gravite is g for a in rapport.anomalies)]
    if not presentes:
        st.write("Aucune anomalie.")
        return
    choisies = st.pills(
        "Montrer",
        presentes,
        selection_mode="multi",
        default=presentes,
        format_func=GRAVITES.__getitem__,
        key="gravites",
    )
    n = sum(a.gravite in choisies for a in rapport.anomalies)
    retenues = (a for gravite in Gravite if gravite in choisies for a in rapport.anomalies if a.gravite is gravite)
    widgets.grille(
        pd.DataFrame(
            [
                {
                    "Gravité": GRAVITES[a.gravite],
                    "Fichier": a.fichier,
                    "Ligne": "" if a.ligne is None else str(a.ligne),
                    "Colonne": a.colonne or "",
                    "Valeur": a.valeur or "",
                    "Ce qui ne va pas, et que faire": a.message,
                }
                for a in islice(retenues, LIGNES_MONTREES)
            ]
        ),
        {},
        "Anomalies",
        # A sentence ends with what to do: it is read whole, on two lines.
        row_height=_HAUTEUR_PX,
        height=_ENTETE_PX + _HAUTEUR_PX * min(n, 6),
        column_config=_LARGEURS,
    )
    if n > LIGNES_MONTREES:
        st.caption(f"Les {LIGNES_MONTREES} premières sur {langue.nombre(n)} : le fichier les contient toutes.")
    nom, contenu = fichier(rapport)
    est_zip = nom.endswith(".zip")
    telechargement.offer(
        f"Télécharger toutes les anomalies ({'CSV dans un zip' if est_zip else 'CSV'})",
        contenu,
        nom,
        "application/zip" if est_zip else "text/csv",
        cle="telecharger_anomalies",
    )


def fichier(rapport: Rapport) -> tuple[str, bytes]:
    """Name and content of the file that holds them all, made once per report: a click must not make it again."""
    fait = st.session_state.get(_FICHIER)
    if fait is not None and fait[0] is rapport:
        return fait[1], fait[2]
    morceaux = (morceau.encode() for morceau in chain(["\ufeff"], rapport.en_csv()))
    if len(rapport.anomalies) <= ANOMALIES_EN_CLAIR:
        contenu, suffixe = b"".join(morceaux), "csv"
    else:
        tampon = io.BytesIO()
        membre = zipfile.ZipInfo("anomalies.csv")  # without a date, the same anomalies make the same file
        membre.compress_type = zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(tampon, "w") as archive, archive.open(membre, "w", force_zip64=True) as entree:
            for morceau in morceaux:
                entree.write(morceau)
        contenu, suffixe = tampon.getvalue(), "zip"
    nom = f"anomalies-{hashlib.sha256(contenu).hexdigest()[:12]}.{suffixe}"
    st.session_state[_FICHIER] = rapport, nom, contenu
    return nom, contenu


def forget() -> None:
    st.session_state.pop(_FICHIER, None)

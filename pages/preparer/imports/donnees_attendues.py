"""Préparer › Imports: which measures can be computed, what to ask to whom, and a model of each file."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from mel_core.contrat import classeurs_a_remplir as classeurs
from mel_core.contrat.explications import CHEZ
from mel_core.contrat.tables import TABLES
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.definitions import COUPES_DITES
from mel_core.indicateurs.qualite import besoins_couverts
from mel_core.indicateurs.qualite.besoins_couverts import Genre, Verdict
from mel_core.segments import SEGMENTS
from mel_core.socle import langue
from pages.adaptateur import telechargement
from pages.commun import annonces, donnees, exports, widgets

GENRES = {Genre.INDICATEUR: "Mesures du bilan", Genre.SEGMENT: "Segments", Genre.COUPE: "Lectures"}
_SIGNES = {
    Verdict.CALCULABLE: ("●", "calculable"),
    Verdict.EN_PARTIE: ("◐", "en partie"),
    Verdict.IMPOSSIBLE: ("○", "impossible"),
}
_COUPES = {
    **{coupe: dite for coupe, (dite, _) in COUPES_DITES.items()},
    "qpv": "QPV",
    "typologie": "Typologie du logement",
    "financement": "Financement",
}
LEGENDE = " · ".join(f"{signe} {dit}" for signe, dit in _SIGNES.values())


def titre(genre: str, code: str) -> str:
    if genre == Genre.INDICATEUR:
        return INDICATEURS[code].titre
    return SEGMENTS[code].titre if genre == Genre.SEGMENT else _COUPES[code]


def name(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `couverture` or of `verdicts`, each with the title of what it is about."""
    return table.assign(titre=[titre(x.genre, x.code) for x in table.itertuples()])


def liste(genre: Genre, couvertes: pd.DataFrame, verdicts: pd.DataFrame) -> str:
    """The measures of a kind, each with its sign, and what it lacks (HTML)."""
    lignes = ""
    for x in verdicts[verdicts["genre"] == genre].itertuples():
        signe, dit = _SIGNES[x.verdict]
        manques = besoins_couverts.manques(x, couvertes)
        precision = f" <small>{escape(langue.typeset(manques))}</small>" if manques else ""
        lignes += (
            f'<li class="{x.verdict}"><span aria-hidden="true">{signe}</span> '
            f'<span><span class="lu">{escape(dit)} : </span>{escape(x.titre)}{precision}</span>'
            "</li>"
        )
    return f'<section class="besoins"><h2>{escape(GENRES[genre])}</h2><ul>{lignes}</ul></section>'


def demandes(couvertes: pd.DataFrame) -> str:
    """What to ask, institution by institution (HTML); a sentence when nothing is."""
    corps = "".join(
        f"<dt>{escape(source)} <small>{escape(CHEZ[source])}</small></dt>"
        + "".join(f"<dd>{escape(langue.typeset(article))}</dd>" for article in articles)
        for source, articles in besoins_couverts.demandes(couvertes).items()
    )
    dites = f"<dl>{corps}</dl>" if corps else f"<p>{besoins_couverts.RIEN}</p>"
    return f'<section class="besoins demandes"><h2>À demander</h2>{dites}</section>'


def show() -> None:
    est_publie = donnees.entrepot().instantane() is not None
    question = besoins_couverts.couverture
    couvertes = donnees.ask(donnees.instantane().identifiant, "", question) if est_publie else question(None)
    couvertes, verdicts = name(couvertes), name(besoins_couverts.verdicts(couvertes))
    annonces.message(besoins_couverts.constat(verdicts))
    st.caption(LEGENDE)
    mesures, autres, a_demander = st.columns([1, 1, 1.3])
    mesures.html(liste(Genre.INDICATEUR, couvertes, verdicts))
    with autres:
        for genre in (Genre.SEGMENT, Genre.COUPE):
            st.html(liste(genre, couvertes, verdicts))
    a_demander.html(demandes(couvertes))
    offer_classeurs()
    with st.expander("Détail, colonne par colonne"):
        widgets.grille(besoins_couverts.detail(couvertes), {}, "Colonnes attendues", est_emporte=True)


def offer_classeurs() -> None:
    """One model per table, and all of them."""
    st.subheader(
        "Modèles de fichier à remplir",
        help="Un classeur par table : ses colonnes, leurs listes de valeurs, et une feuille « Explications » qui dit "
        "chacune, ce que veut dire une cellule vide et où la demander. Rempli, il se dépose dans Préparer › Imports.",
    )
    with st.container(horizontal=True, key="modeles"):
        for table in TABLES:
            nom = classeurs.nom_de_fichier(table)
            telechargement.offer(table, partial(classeurs.write, table), nom, exports.XLSX, cle=f"modele_{table}")
        telechargement.offer("Tous (zip)", classeurs.write_tous, "modeles.zip", "application/zip", cle="modeles_tous")

"""Préparer › Imports: which measures can be computed, what to ask to whom, and a model of each file."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from mel_core.contrat import classeurs_a_remplir as classeurs
from mel_core.contrat import explications
from mel_core.contrat.explications import CHEZ, Source
from mel_core.contrat.tables import TABLES
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.definitions import COUPES_DITES
from mel_core.indicateurs.qualite import besoins_couverts
from mel_core.indicateurs.qualite.besoins_couverts import OBJECTIFS, SEUILS, Etat, Genre, Verdict, est_une_table
from mel_core.segments import SEGMENTS
from mel_core.socle import langue
from pages.adaptateur import telechargement
from pages.commun import annonces, donnees, widgets

GENRES = {Genre.INDICATEUR: "Mesures du bilan", Genre.SEGMENT: "Segments", Genre.COUPE: "Lectures"}
_SIGNES = {
    Verdict.CALCULABLE: ("●", "calculable"),
    Verdict.EN_PARTIE: ("◐", "en partie"),
    Verdict.IMPOSSIBLE: ("○", "impossible"),
}
LEGENDE = " · ".join(f"{signe} {dit}" for signe, dit in _SIGNES.values())
_COUPES = {
    **{coupe: dite for coupe, (dite, _) in COUPES_DITES.items()},
    "qpv": "QPV",
    "typologie": "Typologie du logement",
    "financement": "Financement",
}
_ETATS = {Etat.PRESENT: "présente", Etat.PARTIEL: "en partie vide", Etat.ABSENT: "absente"}
_DITS_MAX = 3  # measures named beside what is asked


def titre(genre: str, code: str) -> str:
    if genre == Genre.INDICATEUR:
        return INDICATEURS[code].titre
    return SEGMENTS[code].titre if genre == Genre.SEGMENT else _COUPES[code]


def constat(verdicts: pd.DataFrame) -> str:
    """How many of the measures and segments can be computed, and how many can't."""
    phrases = []
    for genre, un, plusieurs in (
        (Genre.INDICATEUR, "mesure du bilan", "mesures du bilan"),
        (Genre.SEGMENT, "segment", "segments"),
    ):
        siens = verdicts.loc[verdicts["genre"] == genre, "verdict"]
        n = int((siens != Verdict.IMPOSSIBLE).sum())
        partielles = int((siens == Verdict.EN_PARTIE).sum())
        dont = f", dont {langue.nombre(partielles)} en partie" if partielles else ""
        phrases.append(f"**{langue.effectif(n, un, plusieurs)} sur {langue.nombre(len(siens))}**{dont}")
    return f"Avec les données publiées se calculent {phrases[0]}, et {phrases[1]}."


def liste(genre: Genre, couvertes: pd.DataFrame, verdicts: pd.DataFrame) -> str:
    """The measures of a kind, each with its sign, and what it lacks (HTML)."""
    absentes = tables_absentes(couvertes)
    lignes = ""
    for x in verdicts[verdicts["genre"] == genre].itertuples():
        siens = couvertes[(couvertes["genre"] == genre) & (couvertes["code"] == x.code)]
        signe, dit = _SIGNES[x.verdict]
        manques = langue.liste(list(say_manques(siens, absentes)))
        if x.verdict == Verdict.EN_PARTIE:
            manques = f"en partie : {langue.part(x.part_connue, 0)}, {manques}"
        precision = f" <small>{escape(langue.typeset(manques))}</small>" if manques else ""
        lignes += (
            f'<li class="{x.verdict}"><span aria-hidden="true">{signe}</span> '
            f'<span><span class="lu">{escape(dit)} : </span>{escape(titre(genre, x.code))}{precision}</span></li>'
        )
    return f'<section class="besoins"><h2>{escape(GENRES[genre])}</h2><ul>{lignes}</ul></section>'


def say_manques(siens: pd.DataFrame, absentes: frozenset[str]) -> Iterable[str]:
    """What one measure lacks; when nothing does, what is empty in part. `absentes`: tables that no file gave."""
    requis = siens[siens["table"] != OBJECTIFS]
    absents = requis[requis["etat"] == Etat.ABSENT]
    manques = list(dict.fromkeys(_manque(x, absentes) for x in absents.itertuples() if not _est_vide(x)))
    if manques:
        yield f"manque {langue.liste(manques)}"
    for x in absents.itertuples():
        if _est_vide(x):
            yield f"{_colonnes(x.colonnes)} vide partout"
    if absents.empty:
        for x in requis[requis["etat"] == Etat.PARTIEL].itertuples():
            yield _vide(x)


def tables_absentes(couvertes: pd.DataFrame) -> frozenset[str]:
    """The tables that no file gave."""
    return frozenset(
        x.table for x in couvertes.itertuples() if x.etat == Etat.ABSENT and est_une_table(x.table, x.colonnes)
    )


def _est_vide(besoin: object) -> bool:
    """Whether a column is there, and empty on every row."""
    return besoin.table != SEUILS and not pd.isna(besoin.n_vides)  # type: ignore[attr-defined]


def _colonnes(colonnes: str) -> str:
    return " ou ".join(f"« {c} »" for c in colonnes.split("|"))


def _seuil(annees: str) -> str:
    return "le seuil du premier quartile" + (f" de {langue.liste(annees.split(', '))}" if annees else "")


def _manque(besoin: object, absentes: frozenset[str]) -> str:
    if besoin.table == SEUILS:  # type: ignore[attr-defined]
        return _seuil(besoin.precision)  # type: ignore[attr-defined]
    if besoin.table in absentes:  # type: ignore[attr-defined]
        return f"la table « {besoin.table} »"  # type: ignore[attr-defined]
    return _colonnes(besoin.colonnes)  # type: ignore[attr-defined]


def _vide(besoin: object) -> str:
    if besoin.table == SEUILS:  # type: ignore[attr-defined]
        return f"manque {_seuil(besoin.precision)}"  # type: ignore[attr-defined]
    part = besoin.n_vides / besoin.n  # type: ignore[attr-defined]
    # Never « 0 % » while a cell is empty, nor « 100 % » while one is not.
    dite = langue.part(part, 0 if 0.01 <= part < 0.995 else 1)
    # Of the cells of the files: a measure may leave out more rows, such as those of an income of 0 or less.
    if "|" in besoin.colonnes:  # type: ignore[attr-defined]
        ni = " ni ".join(f"« {c} »" for c in besoin.colonnes.split("|"))  # type: ignore[attr-defined]
        return f"ni {ni} dans {dite} des lignes"
    return f"{dite} de cellules vides dans {_colonnes(besoin.colonnes)}"  # type: ignore[attr-defined]


def demandes(couvertes: pd.DataFrame) -> str:
    """What to ask, institution by institution, what is absent first (HTML); a sentence when nothing is."""
    a_demander = couvertes[couvertes["etat"] != Etat.PRESENT]
    if a_demander.empty:
        return '<section class="besoins"><h2>À demander</h2><p>Rien : chaque colonne utile est remplie.</p></section>'
    absentes = tables_absentes(couvertes)
    chez = pd.Series([_a_qui(x, absentes) for x in a_demander.itertuples()], index=a_demander.index)
    corps = ""
    for source in Source:
        siens = a_demander[chez == source]
        articles = list(_articles(siens, absentes))
        if articles:
            corps += f"<dt>{escape(source)} <small>{escape(CHEZ[source])}</small></dt>"
            corps += "".join(f"<dd>{escape(langue.typeset(article))}</dd>" for article in articles)
    return f'<section class="besoins demandes"><h2>À demander</h2><dl>{corps}</dl></section>'


def _a_qui(besoin: object, absentes: frozenset[str]) -> str:
    """Whom to ask first; a table that is not there is asked whole, once."""
    table = besoin.table  # type: ignore[attr-defined]
    if table in absentes:
        return explications.chez(table, TABLES[table].cle[0])[0]
    return str(besoin.chez).split("|")[0]  # type: ignore[attr-defined]


def _articles(siens: pd.DataFrame, absentes: frozenset[str]) -> Iterable[str]:
    """One line per table and state: its columns, then what they serve."""
    for etat in (Etat.ABSENT, Etat.PARTIEL):
        for table, lignes in siens[siens["etat"] == etat].groupby("table", sort=False):
            sert = _sert_a(lignes)
            if table in absentes:
                yield f"la table « {table} » : {sert}"
            elif table == OBJECTIFS:
                yield f"les objectifs des conventions, s’il y en a : {sert}"
            elif table == SEUILS:
                yield f"{_seuil(next(iter(lignes['precision'])))} : {sert}"
            else:
                colonnes = [_en_clair(x, etat) for x in lignes.drop_duplicates("colonnes").itertuples()]
                yield f"{langue.liste(colonnes)} de « {table} » : {sert}"


def _en_clair(besoin: object, etat: Etat) -> str:
    dites, vides, n = _colonnes(besoin.colonnes), besoin.n_vides, besoin.n  # type: ignore[attr-defined]
    if etat is Etat.ABSENT:
        return f"{dites} (vide partout)" if _est_vide(besoin) else dites
    return f"{dites} ({langue.effectif(vides, 'vide', 'vides')} sur {langue.nombre(n)})"


def _sert_a(lignes: pd.DataFrame) -> str:
    titres = list(dict.fromkeys(titre(x.genre, x.code) for x in lignes.itertuples()))
    reste = len(titres) - _DITS_MAX
    dits = titres[:_DITS_MAX] if reste > 1 else titres
    autres = [langue.effectif(reste, "autre", "autres")] if reste > 1 else []
    return langue.liste([*dits, *autres])


def detail(couvertes: pd.DataFrame) -> pd.DataFrame:
    """One row per need, in words."""
    return pd.DataFrame(
        {
            "Mesure": [titre(x.genre, x.code) for x in couvertes.itertuples()],
            "Table": couvertes["table"],
            "Colonnes": [c.replace("|", " ou ") for c in couvertes["colonnes"]],
            "État": couvertes["etat"].map(_ETATS),
            "Lignes": couvertes["n"],
            "Vides": couvertes["n_vides"],
            "À demander à": [c.replace("|", ", ") for c in couvertes["chez"]],
        }
    )


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show() -> None:
    est_publie = donnees.entrepot().instantane() is not None
    question = besoins_couverts.couverture
    couvertes = donnees.ask(donnees.instantane().identifiant, "", question) if est_publie else question(None)
    verdicts = besoins_couverts.verdicts(couvertes)
    annonces.message(constat(verdicts))
    st.caption(LEGENDE)
    mesures, autres, a_demander = st.columns([1, 1, 1.3])
    mesures.html(liste(Genre.INDICATEUR, couvertes, verdicts))
    with autres:
        for genre in (Genre.SEGMENT, Genre.COUPE):
            st.html(liste(genre, couvertes, verdicts))
    a_demander.html(demandes(couvertes))
    offer_classeurs()
    with st.expander("Détail, colonne par colonne"):
        widgets.grille(detail(couvertes), {}, "Colonnes attendues", est_emporte=True)


def offer_classeurs() -> None:
    """One model per table, and all of them."""
    st.subheader("Modèles de fichier à remplir")
    st.write(
        "Un classeur par table : ses colonnes, leurs listes de valeurs, et une feuille « Explications » qui dit "
        "chacune, ce que veut dire une cellule vide et où la demander. Rempli, il se dépose dans Préparer › Imports."
    )
    with st.container(horizontal=True, key="modeles"):
        for table in TABLES:
            nom = classeurs.nom_de_fichier(table)
            telechargement.offer(table, partial(classeurs.write, table), nom, _XLSX, cle=f"modele_{table}")
        telechargement.offer("Tous (zip)", classeurs.write_tous, "modeles.zip", "application/zip", cle="modeles_tous")

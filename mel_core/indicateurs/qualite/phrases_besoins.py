"""What is said of the needs of the measures: which can be computed, what each lacks, what to ask of whom. Pure: of the
tables of `besoins_couverts`, where whoever asks has written the `titre` of each measure, segment or cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from mel_core.contrat import explications
from mel_core.contrat.explications import Source
from mel_core.contrat.tables import TABLES
from mel_core.indicateurs.qualite.besoins_couverts import OBJECTIFS, SEUILS, Etat, Genre, Verdict, est_une_table
from mel_core.socle import langue

_ETATS = {Etat.PRESENT: "présente", Etat.PARTIEL: "en partie vide", Etat.ABSENT: "absente"}
_DITS_MAX = 3  # measures named beside what is asked


def constat(verdicts: pd.DataFrame) -> str:
    """How many of the measures and segments can be computed, and how many can't."""
    comptes = []
    for genre, un, plusieurs in (
        (Genre.INDICATEUR, "mesure du bilan", "mesures du bilan"),
        (Genre.SEGMENT, "segment", "segments"),
    ):
        siens = verdicts.loc[verdicts["genre"] == genre, "verdict"]
        n, partielles = int((siens != Verdict.IMPOSSIBLE).sum()), int((siens == Verdict.EN_PARTIE).sum())
        dont = f", dont {langue.nombre(partielles)} en partie" if partielles else ""
        comptes.append(f"**{langue.effectif(n, un, plusieurs)} sur {langue.nombre(len(siens))}**{dont}")
    return f"Avec les données publiées se calculent {', et '.join(comptes)}."


def manques(verdict: Any, couvertes: pd.DataFrame) -> str:
    """What one measure lacks, of its row of `verdicts`; when nothing does, what is empty in part."""
    siens = couvertes[(couvertes["genre"] == verdict.genre) & (couvertes["code"] == verdict.code)]
    dits = langue.liste(list(say_manques(siens, tables_absentes(couvertes))))
    if verdict.verdict == Verdict.EN_PARTIE:
        return f"en partie : {langue.part(verdict.part_connue, 0)}, {dits}"
    return dits


def say_manques(siens: pd.DataFrame, absentes: frozenset[str]) -> Iterator[str]:
    """The same, of its needs. `absentes`: tables that no file gave."""
    requis = siens[siens["table"] != OBJECTIFS]
    absents = list(requis[requis["etat"] == Etat.ABSENT].itertuples())
    if manquent := list(dict.fromkeys(_name(x, absentes) for x in absents if not _est_vide(x))):
        yield f"manque {langue.liste(manquent)}"
    yield from (f"{_name(x, absentes)} vide partout" for x in absents if _est_vide(x))
    if not absents:
        yield from (_vide(x, absentes) for x in requis[requis["etat"] == Etat.PARTIEL].itertuples())


def demandes(couvertes: pd.DataFrame) -> dict[Source, list[str]]:
    """What to ask, institution by institution, what is absent first; nothing where every useful column is filled."""
    a_demander, absentes = couvertes[couvertes["etat"] != Etat.PRESENT], tables_absentes(couvertes)
    chez = pd.Series([_a_qui(x, absentes) for x in a_demander.itertuples()], index=a_demander.index, dtype=object)
    articles = {source: list(_articles(a_demander[chez == source], absentes)) for source in Source}
    return {source: dits for source, dits in articles.items() if dits}


def detail(couvertes: pd.DataFrame) -> pd.DataFrame:
    """One row per need, in words."""
    return pd.DataFrame(
        {
            "Mesure": couvertes["titre"],
            "Table": couvertes["table"],
            "Colonnes": [c.replace("|", " ou ") for c in couvertes["colonnes"]],
            "État": couvertes["etat"].map(_ETATS),
            "Lignes": couvertes["n"],
            "Vides": couvertes["n_vides"],
            "À demander à": [c.replace("|", ", ") for c in couvertes["chez"]],
        }
    )


def tables_absentes(couvertes: pd.DataFrame) -> frozenset[str]:
    """The tables that no file gave."""
    return frozenset(
        x.table for x in couvertes.itertuples() if x.etat == Etat.ABSENT and est_une_table(x.table, x.colonnes)
    )


def _name(besoin: Any, absentes: frozenset[str]) -> str:
    """What is to be asked: a parameter, a whole table, or columns of which any one would do."""
    if besoin.table == SEUILS:
        annees = f" de {langue.liste(besoin.precision.split(', '))}" if besoin.precision else ""
        return f"le seuil du premier quartile{annees}"
    if besoin.table == OBJECTIFS:
        return "les objectifs des conventions, s’il y en a"
    if besoin.table in absentes:
        return f"la table « {besoin.table} »"
    return " ou ".join(f"« {c} »" for c in besoin.colonnes.split("|"))


def _est_vide(besoin: Any) -> bool:
    """Whether a column is there, and empty on every row."""
    return besoin.table != SEUILS and not pd.isna(besoin.n_vides)


def _vide(besoin: Any, absentes: frozenset[str]) -> str:
    nom = _name(besoin, absentes)
    if besoin.table == SEUILS:
        return f"manque {nom}"
    part = besoin.n_vides / besoin.n
    # Never « 0 % » while a cell is empty, nor « 100 % » while one is not.
    dite = langue.part(part, 0 if 0.01 <= part < 0.995 else 1)
    # Of the cells of the files: a measure may leave out more rows, such as those of an income of 0 or less.
    if "|" in besoin.colonnes:
        return f"ni {nom.replace(' ou ', ' ni ')} dans {dite} des lignes"
    return f"{dite} de cellules vides dans {nom}"


def _a_qui(besoin: Any, absentes: frozenset[str]) -> str:
    """Whom to ask first; a table that is not there is asked whole, once."""
    if besoin.table in absentes:
        return explications.chez(besoin.table, TABLES[besoin.table].cle[0])[0]
    return str(besoin.chez).split("|")[0]


def _articles(siens: pd.DataFrame, absentes: frozenset[str]) -> Iterator[str]:
    """One line per table and state: its columns, then what they serve."""
    for etat in (Etat.ABSENT, Etat.PARTIEL):
        for table, lignes in siens[siens["etat"] == etat].groupby("table", sort=False):
            if table in absentes or table in (SEUILS, OBJECTIFS):
                quoi = _name(next(lignes.itertuples()), absentes)
            else:
                colonnes = [_en_clair(x, absentes) for x in lignes.drop_duplicates("colonnes").itertuples()]
                quoi = f"{langue.liste(colonnes)} de « {table} »"
            yield f"{quoi} : {_sert_a(lignes)}"


def _en_clair(besoin: Any, absentes: frozenset[str]) -> str:
    nom = _name(besoin, absentes)
    if besoin.etat == Etat.ABSENT:
        return f"{nom} (vide partout)" if _est_vide(besoin) else nom
    return f"{nom} ({langue.effectif(besoin.n_vides, 'vide', 'vides')} sur {langue.nombre(besoin.n)})"


def _sert_a(lignes: pd.DataFrame) -> str:
    titres = list(dict.fromkeys(lignes["titre"]))
    reste = len(titres) - _DITS_MAX
    return langue.liste([*titres[:_DITS_MAX], langue.effectif(reste, "autre")] if reste > 1 else titres)

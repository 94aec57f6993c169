"""What each measure, cut and segment of the contract leans on (§4, §5), and whether the published data have it.

The needs are those that the engines declare (`definitions`, `manques`): nothing is listed again here. What is said of
them is of these tables, where whoever asks has written the `titre` of each measure, segment or cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from mel_core.contrat import explications
from mel_core.contrat.explications import Source
from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Lecteur
from mel_core.indicateurs.besoins import CONNUE, Manque
from mel_core.indicateurs.catalogue import A_CIBLE, INDICATEURS
from mel_core.indicateurs.couverture import part_connue
from mel_core.indicateurs.manques import BESOINS_DES_COUPES, BESOINS_DES_SEGMENTS, DEMANDES
from mel_core.socle import langue
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "besoins.sql")
_POPULATIONS = ("attributions", "demandes")  # what is counted: without a row of them there is nothing to compute
_EN_BASE = {"attributions": "attributions_donnees", "residences": "residences_donnees"}
SEUILS, OBJECTIFS = "seuils_premier_quartile", "objectifs"  # parameters, that stand beside the tables


class GenreBesoin(StrEnum):
    """What is to be known."""

    INDICATEUR = "indicateur"
    COUPE = "coupe"
    SEGMENT = "segment"


class EtatBesoin(StrEnum):
    """Whether a need is met: by no file, by some rows, by all."""

    PRESENT = "present"
    PARTIEL = "partiel"
    ABSENT = "absent"


class Calculabilite(StrEnum):
    """What the engines answer: eight rows in ten are known, fewer are, nothing is."""

    CALCULABLE = "calculable"
    EN_PARTIE = "en_partie"
    IMPOSSIBLE = "impossible"


_ETATS = {EtatBesoin.PRESENT: "présente", EtatBesoin.PARTIEL: "en partie vide", EtatBesoin.ABSENT: "absente"}
RIEN = "Rien : chaque colonne utile est remplie."
_DITS_MAX = 3  # measures named beside what is asked


class _CouvertureBesoin(NamedTuple):
    etat: EtatBesoin
    n: int | None = None
    n_vides: int | None = None


def besoins() -> Iterator[tuple[GenreBesoin, str, Manque]]:
    """Every need of every indicator, cut and segment, in the order of the contract; what needs a table alone has one
    on a column that it requires."""
    for nom, indicateur in INDICATEURS.items():
        for besoin in (Manque("attributions", ("id_attribution",)), *indicateur.requis):
            yield GenreBesoin.INDICATEUR, nom, besoin
    for coupe, siens in BESOINS_DES_COUPES.items():
        for besoin in siens:
            yield GenreBesoin.COUPE, coupe, besoin
    for segment, siens in BESOINS_DES_SEGMENTS.items():
        for besoin in dict.fromkeys((DEMANDES, *siens)):
            yield GenreBesoin.SEGMENT, segment, besoin


def est_une_table(table: str, colonnes: str) -> bool:
    """Whether a need is the table itself: a column that it requires is there as soon as it is."""
    return table in TABLES and any(TABLES[table].colonne(c).requise for c in colonnes.split("|"))


def couverture(lecteur: Lecteur | None) -> pd.DataFrame:
    """One row per need: `genre` (indicateur, coupe, segment), `code`, `table`, `colonnes` (any one would do, joined by
    `|`), `etat` (present, partiel, absent), `n` (rows of the table; for thresholds, years with bails), `n_vides` (those
    where it is empty, and emptiness is unknown; both empty when absent), `precision` (years without a threshold),
    `chez` (whom to ask, joined by `|`, the first one first), `part_lue` (0–1: the attributions of which the engine
    knows what the measure or the cut reads, references that designate nothing taken off).

    Two needs are parameters: `seuils_premier_quartile`, and `objectifs`, without which a measure is computed and not
    judged. `lecteur`: over the whole Métropole; None: nothing is published.
    """
    couvertes: dict[Manque, _CouvertureBesoin] = {}
    lignes: list[tuple[object, ...]] = []
    for genre, code, besoin in besoins():
        if besoin not in couvertes:
            couvertes[besoin] = _cover(lecteur, besoin)
        sources = explications.chez(besoin.table, besoin.colonnes[0])
        colonnes = "|".join(besoin.colonnes)
        lignes.append((genre, code, besoin.table, colonnes, *couvertes[besoin], "", "|".join(sources)))
    lignes += [*_seuils(lecteur), *_objectifs(lecteur)]
    colonnes_lues = ["genre", "code", "table", "colonnes", "etat", "n", "n_vides", "precision", "chez"]
    lues = pd.DataFrame(lignes, columns=colonnes_lues).astype({"n": "Int64", "n_vides": "Int64"})
    couvertes_par = {GenreBesoin.INDICATEUR: "nom", GenreBesoin.COUPE: "coupe"}
    parts = {
        (genre, code): float(part_connue(lecteur, **{couvertes_par[genre]: code}))
        for genre, code in dict.fromkeys(zip(lues["genre"], lues["code"], strict=True))
        if lecteur and genre in couvertes_par
    }
    return lues.assign(part_lue=[parts.get(x, 1.0) for x in zip(lues["genre"], lues["code"], strict=True)])


def verdicts(couvertes: pd.DataFrame) -> pd.DataFrame:
    """One row per measure, cut and segment of `couverture`, in its order: `genre`, `code`, `verdict` (calculable: known
    of eight rows in ten; en_partie; impossible), `part_connue` (0–1, of the need that is the least known; empty when
    impossible)."""
    requis = couvertes[couvertes["table"] != OBJECTIFS]
    dits = [(genre, code, *_judge(siens)) for (genre, code), siens in requis.groupby(["genre", "code"], sort=False)]
    return pd.DataFrame(dits, columns=["genre", "code", "verdict", "part_connue"])


def _judge(siens: pd.DataFrame) -> tuple[Calculabilite, float | None]:
    if (siens["etat"] == EtatBesoin.ABSENT).any():
        return Calculabilite.IMPOSSIBLE, None
    connues = [Fraction(int(x.n - x.n_vides), int(x.n)) for x in siens.itertuples() if x.n > 0]
    part = min([*connues, Fraction(siens["part_lue"].iloc[0])])
    return Calculabilite.CALCULABLE if part >= CONNUE else Calculabilite.EN_PARTIE, float(part)


def _cover(lecteur: Lecteur | None, besoin: Manque) -> _CouvertureBesoin:
    lues = [c for c in besoin.colonnes if lecteur and c in lecteur.colonnes(besoin.table)]
    if lecteur is None or not lues:
        return _CouvertureBesoin(EtatBesoin.ABSENT)
    en_base = _EN_BASE.get(besoin.table, besoin.table)
    ligne = lecteur.query(_SQL["remplies"], table=en_base, colonnes=lues).iloc[0]
    if ligne["n"] == 0 and besoin.table in _POPULATIONS:
        return _CouvertureBesoin(EtatBesoin.ABSENT)
    table = TABLES[besoin.table]
    est_inconnu = all(explications.est_inconnu(besoin.table, table.colonne(c)) for c in lues)
    vides = int(ligne["n"] - ligne["n_remplies"]) if est_inconnu else 0
    etat = EtatBesoin.PARTIEL if vides else EtatBesoin.PRESENT
    # A column that is there and empty everywhere is known of nobody.
    return _CouvertureBesoin(EtatBesoin.ABSENT if vides and vides == ligne["n"] else etat, int(ligne["n"]), vides)


def _seuils(lecteur: Lecteur | None) -> Iterator[tuple[object, ...]]:
    """A period in which a year has no threshold has no share (contract §4)."""
    annees = lecteur.query(_SQL["annees_des_baux"]) if lecteur else None
    for nom, indicateur in INDICATEURS.items():
        if not indicateur.depend_du_seuil:
            continue
        ligne = (GenreBesoin.INDICATEUR, nom, SEUILS, "seuil_eur_uc")
        if annees is None or annees.empty:
            yield (*ligne, EtatBesoin.ABSENT, None, None, "", Source.DDTM)
            continue
        sans = annees.loc[~annees["est_connue"], "annee"]
        etat = (
            EtatBesoin.PRESENT if sans.empty else EtatBesoin.ABSENT if len(sans) == len(annees) else EtatBesoin.PARTIEL
        )
        yield (*ligne, etat, len(annees), len(sans), ", ".join(map(str, sans)), Source.DDTM)


def _objectifs(lecteur: Lecteur | None) -> Iterator[tuple[object, ...]]:
    poses = set(lecteur.query(_SQL["objectifs"])["indicateur"]) if lecteur else set()
    for nom in A_CIBLE:
        etat = EtatBesoin.PRESENT if nom in poses else EtatBesoin.ABSENT
        yield GenreBesoin.INDICATEUR, nom, OBJECTIFS, "valeur", etat, None, None, "", Source.DDTM


def constat(verdicts: pd.DataFrame) -> str:
    """How many of the measures and segments can be computed, and how many can't."""
    comptes = []
    for genre, un, plusieurs in (
        (GenreBesoin.INDICATEUR, "mesure du bilan", "mesures du bilan"),
        (GenreBesoin.SEGMENT, "segment", "segments"),
    ):
        siens = verdicts.loc[verdicts["genre"] == genre, "verdict"]
        n, partielles = int((siens != Calculabilite.IMPOSSIBLE).sum()), int((siens == Calculabilite.EN_PARTIE).sum())
        dont = f", dont {langue.nombre(partielles)} en partie" if partielles else ""
        comptes.append(f"**{langue.effectif(n, un, plusieurs)} sur {langue.nombre(len(siens))}**{dont}")
    return f"Avec les données publiées se calculent {', et '.join(comptes)}."


def manques(verdict: Any, couvertes: pd.DataFrame) -> str:
    """What one measure lacks, of its row of `verdicts`; when nothing does, what is empty in part."""
    siens = couvertes[(couvertes["genre"] == verdict.genre) & (couvertes["code"] == verdict.code)]
    dits = langue.liste(list(say_manques(siens, tables_absentes(couvertes))))
    if verdict.verdict == Calculabilite.EN_PARTIE:
        return f"en partie : {langue.part(verdict.part_connue, 0)}, {dits}"
    return dits


def say_manques(siens: pd.DataFrame, absentes: frozenset[str]) -> Iterator[str]:
    """The same, of its needs. `absentes`: tables that no file gave."""
    requis = siens[siens["table"] != OBJECTIFS]
    absents = list(requis[requis["etat"] == EtatBesoin.ABSENT].itertuples())
    if manquent := list(dict.fromkeys(_name(x, absentes) for x in absents if not _est_vide(x))):
        yield f"manque {langue.liste(manquent)}"
    yield from (f"{_name(x, absentes)} vide partout" for x in absents if _est_vide(x))
    if not absents:
        yield from (_vide(x, absentes) for x in requis[requis["etat"] == EtatBesoin.PARTIEL].itertuples())


def demandes(couvertes: pd.DataFrame) -> dict[Source, list[str]]:
    """What to ask, institution by institution, what is absent first; nothing where every useful column is filled."""
    a_demander, absentes = couvertes[couvertes["etat"] != EtatBesoin.PRESENT], tables_absentes(couvertes)
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
        x.table for x in couvertes.itertuples() if x.etat == EtatBesoin.ABSENT and est_une_table(x.table, x.colonnes)
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
    for etat in (EtatBesoin.ABSENT, EtatBesoin.PARTIEL):
        for table, lignes in siens[siens["etat"] == etat].groupby("table", sort=False):
            if table in absentes or table in (SEUILS, OBJECTIFS):
                quoi = _name(next(lignes.itertuples()), absentes)
            else:
                colonnes = [_en_clair(x, absentes) for x in lignes.drop_duplicates("colonnes").itertuples()]
                quoi = f"{langue.liste(colonnes)} de « {table} »"
            yield f"{quoi} : {_sert_a(lignes)}"


def _en_clair(besoin: Any, absentes: frozenset[str]) -> str:
    nom = _name(besoin, absentes)
    if besoin.etat == EtatBesoin.ABSENT:
        return f"{nom} (vide partout)" if _est_vide(besoin) else nom
    return f"{nom} ({langue.effectif(besoin.n_vides, 'vide', 'vides')} sur {langue.nombre(besoin.n)})"


def _sert_a(lignes: pd.DataFrame) -> str:
    titres = list(dict.fromkeys(lignes["titre"]))
    reste = len(titres) - _DITS_MAX
    return langue.liste([*titres[:_DITS_MAX], langue.effectif(reste, "autre")] if reste > 1 else titres)

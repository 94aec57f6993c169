"""Counts of an indicator's cells: from the rows, or from what a frozen séance kept. Measures can't tell which.

Freezing a séance pins its snapshot and keeps its counts, so that figures outlive rows (contract §1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pandas as pd
import pyarrow as pa

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.indicateurs.definitions import COUPES, Indicateur, Mesure, Sens
from mel_core.indicateurs.mesures import Objectif
from mel_core.objectifs.parametres import LIEUX_DE_CIBLE
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.sql import blocs
from mel_core.socle.valeurs import Duree

SQL = blocs(__file__, "comptes.sql")
_GEL = blocs(__file__, "gel.sql")

ENSEMBLE = "ensemble"
BLOCS = {
    Mesure.PART: "parts",
    Mesure.PART_PAR_FRAGILITE: "parts_par_fragilite",
    Mesure.COMPARAISON: "parts",
    Mesure.REPARTITION: "classes",
    Mesure.FLUX: "flux",
    Mesure.DELAI: "delais",
}
# A stock has no mutation, réservataire or typologie: a cell cut by one of them has no occupants to compare with.
COUPES_DU_STOCK = frozenset(COUPES) - {"mutation", "reservataire", "typologie"}


class NonGardes(ErreurUtilisateur):
    """The rows of a frozen séance were erased, and it did not keep the counts asked."""


def colonnes_de(indicateur: Indicateur) -> dict[str, str | None]:
    """The columns that the block of `indicateur` counts, as it names them; none for a block that has its own."""
    if BLOCS[indicateur.mesure] in {"parts", "parts_par_fragilite"}:
        return {"valeur": indicateur.valeur, "population": indicateur.population}
    return {}


def count(
    lecteur: Lecteur,
    bloc: str,
    coupes: list[str],
    periode: Periode,
    filtres: dict[str, str | None],
    **colonnes: str | None,
) -> pd.DataFrame:
    """One row per combination of `coupes` (or of `ensemble`): the counts of block `bloc` of comptes.sql, in no order.

    `filtres`: ici, commune, bailleur (None: all). Raises `NonGardes` when the rows of a frozen séance were erased and
    it did not keep these counts, nor finer ones that add up to them.
    """
    if lecteur.gel is not None:
        return _reread(lecteur, bloc, coupes, periode, filtres, colonnes)
    bornes = {"fin": periode.fin} if bloc == "stock" else {"debut": periode.debut, "fin": periode.fin}
    listes = {nom: [colonne] for nom, colonne in colonnes.items()}
    return lecteur.query(SQL[bloc], coupes=coupes, **bornes, **filtres, **listes)


def duree(lecteur: Lecteur, periode: Periode, table: str = "attributions") -> Duree:
    """`periode`, and how many of its months the bails of the snapshot, or the events, or the demandes, cover (contract
    §2); a frozen séance, whose rows were erased, may not have kept it."""
    etendue = lecteur.recall(SQL["etendue"], table=table)
    if etendue.empty:
        return Duree(periode.n_mois, None if lecteur.gel is not None else 0)
    return Duree(periode.n_mois, periode.mois_couverts(*(jour.date() for jour in etendue.iloc[0])))


def etiquettes_absentes(
    lecteur: Lecteur, indicateur: Indicateur, coupes: list[str], periode: Periode, filtres: dict[str, str | None]
) -> pd.DataFrame:
    """Cells of `coupes` where a label column of `indicateur` is missing: the cuts, `colonnes` (joined by `|`).

    Of a frozen séance whose rows were erased, what is left says the table as a whole: no cut, one row at most.
    """
    if lecteur.gel is not None:
        absentes = sorted(set(indicateur.etiquettes) - lecteur.colonnes("attributions"))
        return pd.DataFrame({"colonnes": ["|".join(absentes)] if absentes else []})
    return lecteur.query(
        SQL["etiquettes_absentes"],
        coupes=coupes,
        debut=periode.debut,
        fin=periode.fin,
        population=[indicateur.population],
        etiquettes=list(indicateur.etiquettes),
        **filtres,
    )


def objectifs_en_vigueur(lecteur: Lecteur, nom: str, periode: Periode) -> list[Objectif]:
    """The objectives of indicator `nom` in force on the last day of `periode`, the least precise first: the whole,
    réservataire, commune, bailleur, commune and bailleur."""
    lus = [
        Objectif(
            Fraction(x.valeur),
            Fraction(x.bande),
            x.source,
            tuple((c, getattr(x, c)) for c in LIEUX_DE_CIBLE if pd.notna(getattr(x, c))),
            Sens(x.sens) if pd.notna(x.sens) else None,
            bool(x.en_nombre),
        )
        for x in lecteur.recall(SQL["cibles"], indicateur=nom, jour=periode.fin).itertuples()
    ]
    precisions = (("commune", "bailleur"), ("bailleur",), ("commune",), ("reservataire",))
    return sorted(lus, key=lambda o: [dict(o.lieu).keys() >= set(coupes) for coupes in precisions])


def est_porte(lecteur: Lecteur, bailleur: str) -> bool:
    """Whether attributions bear this code, which a later load of the table bailleurs may have left out."""
    blocs_lus = SQL if lecteur.gel is None else _GEL
    return not lecteur.query(blocs_lus["bailleur_porte"], bailleur=bailleur).empty


def cle(coupes: set[str]) -> str:
    """How a set of cuts is called among the counts kept, whatever their order."""
    return ",".join(c for c in COUPES if c in coupes)


def _reread(
    lecteur: Lecteur,
    bloc: str,
    coupes: list[str],
    periode: Periode,
    filtres: dict[str, Any],
    colonnes: dict[str, str | None],
) -> pd.DataFrame:
    """A filter is one more cut, of which one value is asked. What was not kept is summed from what was kept finer."""
    demandes = {nom: code for nom, code in filtres.items() if code is not None}
    voulues = {*coupes, *demandes} - {ENSEMBLE}
    bornes = {"debut": periode.debut, "fin": periode.fin}
    gardes = lecteur.query(_GEL["gardes"], bloc=bloc, **bornes)
    siens = gardes["coupes"][gardes["bloc"] == bloc] if "bloc" in gardes else gardes["coupes"]
    possibles = [g for coupes in siens if _contient(bloc, g := {*coupes.split(",")} - {""}, voulues)]
    if not possibles:
        quoi = cle(voulues).replace(",", " × ") or ENSEMBLE
        raise NonGardes(
            f"La séance {lecteur.gel} est gelée et ses lignes ont été effacées sans garder les chiffres par {quoi} du "
            f"{periode.debut} au {periode.fin} : demander moins de coupes ou de filtres, sur la période de la séance."
        )
    gardees = min(possibles, key=lambda g: (len(g), cle(g)))
    cellules = lecteur.query(_GEL["comptes"], bloc=bloc, **bornes, coupes=cle(gardees))
    for nom, code in {**demandes, **colonnes}.items():
        cellules = cellules[cellules[nom] == code]
    comptes = [c for c in cellules.columns if c not in {*COUPES, "bloc", *colonnes}]
    cellules = cellules.assign(**{ENSEMBLE: ENSEMBLE})[[*coupes, *comptes]].reset_index(drop=True)
    if gardees == voulues:
        return cellules
    return cellules.groupby(coupes, as_index=False)[comptes].sum()


def _contient(bloc: str, gardees: set[str], voulues: set[str]) -> bool:
    """Whether the counts of block `bloc` by the cuts `gardees` give those by `voulues`: quantiles don't add up, and a
    stock was not counted by the cuts that it has not."""
    if gardees == voulues:
        return True
    return bloc != "delais" and voulues <= gardees and (bloc != "stock" or gardees <= COUPES_DU_STOCK)


ETENDUES = ("semestre", "annee")
_CROISEES = (
    ("commune", "bailleur"),
    ("commune", "fragilite"),
    ("bailleur", "fragilite"),
    ("mutation", "fragilite"),
    ("commune", "bailleur", "fragilite"),
)
_FILTRES = ((), ("ici",), ("commune",), ("bailleur",))
# What can still be asked of a frozen séance whose rows are gone: each of these cuts, whole or under one filter.
COUPES_GARDEES = ((), *((c,) for c in COUPES), *_CROISEES)
# They add up from these, and so does the objective, which is each quartier's. Quantiles don't: each set has its own.
_LIEUX = ("quartier", "fragilite", "commune", "bailleur", "ici")
_RESIDENCES = ("fragilite", "fragilite_commune", "quartier", "commune", "bailleur", "residence", "ici")
_FINES = {cle(set(c)) for c in (_RESIDENCES, *((coupe, *_LIEUX) for coupe in COUPES if coupe not in _RESIDENCES))}
_DELAIS = {cle({*coupes, *filtre}) for coupes, filtre in product(COUPES_GARDEES, _FILTRES)}

_SANS_FILTRE: dict[str, str | None] = {"ici": None, "commune": None, "bailleur": None}


def freeze(entrepot: Entrepot, seance: Seance) -> bool:
    """Freeze `seance` on the snapshot that serves it; returns whether it was not frozen yet. Takes `reserve()`."""
    if seance.debut > aujourd_hui():
        raise AppelIncorrect(f"La séance {seance} n’a pas commencé : geler une séance dont les baux sont connus.")
    with entrepot.reserve():
        if entrepot.est_gelee(seance):
            return False
        with entrepot.open(Portee.mel(), seance) as lecteur:
            comptes = count_tout(lecteur, seance)
        entrepot.freeze(seance, comptes)
    return True


def count_tout(lecteur: Lecteur, seance: Seance) -> dict[str, pa.Table]:
    """Block of comptes.sql → its counts by every set of cuts that it keeps, over both periods of `seance`.

    Columns: `debut`, `fin`, `bloc`, `coupes` (the set), what is counted, each cut (null when it is not in the set), the
    counts. `etendue`: the days between which the bails are held. `gardes` lists the sets, so that a set without a cell
    is told from one that was not kept.
    """
    tables = defaultdict(list, etendue=[lecteur.query(SQL["etendue"], table="attributions")])
    for etendue, (bloc, colonnes) in product(ETENDUES, _comptees()):
        periode = Periode.de(seance, etendue)
        for ensemble in sorted(_DELAIS if bloc == "delais" else _FINES):
            coupes = ensemble.split(",") if ensemble else [ENSEMBLE]
            if bloc == "stock" and not COUPES_DU_STOCK.issuperset(coupes):
                continue
            cles = {"debut": periode.debut, "fin": periode.fin, "bloc": bloc, "coupes": ensemble}
            cellules = count(lecteur, bloc, coupes, periode, _SANS_FILTRE, **colonnes)
            tables[bloc].append(cellules.drop(columns=ENSEMBLE, errors="ignore").assign(**cles, **colonnes))
            tables["gardes"].append(pd.DataFrame([cles]))
    return {nom: pa.Table.from_pandas(pd.concat(lues), preserve_index=False) for nom, lues in tables.items()}


def _comptees() -> Iterator[tuple[str, dict[str, str | None]]]:
    """Each block, with the columns that indicators have it count, once each."""
    vues: list[tuple[str, dict[str, str | None]]] = [("stock", {})]
    for indicateur in INDICATEURS.values():
        comptee = BLOCS[indicateur.mesure], colonnes_de(indicateur)
        if comptee not in vues:
            vues.append(comptee)
    return iter(vues)

"""Freezing a séance: its snapshot is pinned and its counts are kept, so that figures outlive rows (contract §1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs.comptage import BLOCS, COUPES_DU_STOCK, ENSEMBLE, SQL, cle, colonnes_de, count
from mel_core.indicateurs.definitions import COUPES, INDICATEURS
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode, Seance

ETENDUES = ("semestre", "annee")
_LIEUX = ("quartier", "fragilite", "commune", "bailleur", "ici")
# What the disclosure control reads.
_RESIDENCES = ("fragilite", "fragilite_commune", "quartier", "commune", "bailleur", "residence", "ici")
_CROISEES = (
    ("commune", "bailleur"),
    ("commune", "fragilite"),
    ("bailleur", "fragilite"),
    ("mutation", "fragilite"),
    ("commune", "bailleur", "fragilite"),
    ("fragilite", "fragilite_commune", "commune", "bailleur", "ici"),
    _RESIDENCES,
    # The objective is each quartier's: every other cut keeps the quartiers of its cells.
    *((coupe, *_LIEUX) for coupe in COUPES if coupe not in _RESIDENCES),
)
_FILTRES = ((), ("ici",), ("commune",), ("bailleur",))
# What can still be asked of a frozen séance whose rows are gone: each of these cuts, whole or under one filter, and
# what adds up from them.
COUPES_GARDEES = ((), *((c,) for c in COUPES), *_CROISEES)

_SANS_FILTRE: dict[str, str | None] = {"ici": None, "commune": None, "bailleur": None}


def freeze(entrepot: Entrepot, seance: Seance) -> bool:
    """Freeze `seance` on the snapshot that serves it; returns whether it was not frozen yet. Takes `reserve()`."""
    if seance.debut > date.today():
        raise AppelIncorrect(f"La séance {seance} n’a pas commencé : geler une séance dont les baux sont connus.")
    with entrepot.reserve():
        if entrepot.est_gelee(seance):
            return False
        with entrepot.open(Portee.mel(), seance) as lecteur:
            comptes = count_tout(lecteur, seance)
        entrepot.freeze(seance, comptes)
    return True


def count_tout(lecteur: Lecteur, seance: Seance) -> dict[str, pa.Table]:
    """Block of comptes.sql → its counts by every set of `COUPES_GARDEES` and filters, over both periods of `seance`.

    Columns: `debut`, `fin`, `coupes` (the set), what is counted, each cut (null when it is not in the set), the counts.
    `etendue`: the days between which the bails are held. `gardes` lists the sets, so that a set without a cell is told
    from one that was not kept.
    """
    ensembles = sorted({cle({*coupes, *filtre}) for coupes, filtre in product(COUPES_GARDEES, _FILTRES)})
    etendue = pa.Table.from_pandas(lecteur.query(SQL["etendue"], table="attributions"), preserve_index=False)
    jour = pa.schema([(nom, pa.date32()) for nom in etendue.column_names])
    morceaux: dict[str, list[pa.Table]] = {"gardes": [], "etendue": [etendue.cast(jour)]}
    for etendue in ETENDUES:
        periode = Periode.de(seance, etendue)
        bornes = {"debut": pa.scalar(periode.debut), "fin": pa.scalar(periode.fin)}
        morceaux["gardes"].append(_complete(pa.table({"coupes": ensembles}), bornes))
        for bloc, comptees in _blocs().items():
            for ensemble, cellules in _par_ensemble(lecteur, bloc, comptees, periode, ensembles):
                absentes = {c: pa.scalar(None, pa.string()) for c in COUPES if c not in cellules.column_names}
                constantes = {**bornes, "coupes": pa.scalar(ensemble), **absentes}
                morceaux.setdefault(bloc, []).append(_complete(cellules, constantes))
    return {bloc: pa.concat_tables(tables, promote_options="permissive") for bloc, tables in morceaux.items()}


def _blocs() -> dict[str, list[dict[str, str | None]]]:
    """Block → the columns that each indicator has it count, once each."""
    blocs: dict[str, list[dict[str, str | None]]] = {"stock": [{}]}
    for indicateur in INDICATEURS.values():
        comptees, colonnes = blocs.setdefault(BLOCS[indicateur.mesure], []), colonnes_de(indicateur)
        if colonnes not in comptees:
            comptees.append(colonnes)
    return blocs


def _par_ensemble(
    lecteur: Lecteur, bloc: str, comptees: list[dict[str, str | None]], periode: Periode, ensembles: list[str]
) -> Iterator[tuple[str, pa.Table]]:
    """Counts add up from the finest cells: they serve every set. Quantiles don't."""
    if bloc == "delais":
        yield from _delais(lecteur, periode, ensembles)
        return
    possibles = [c for c in COUPES if bloc != "stock" or c in COUPES_DU_STOCK]
    cellules = [count(lecteur, bloc, possibles, periode, _SANS_FILTRE, **c) for c in comptees]
    tables = [_en_table(f, possibles, c) for f, c in zip(cellules, comptees, strict=True)]
    fines = pa.concat_tables(tables, promote_options="permissive")
    for ensemble in ensembles:
        coupes = ensemble.split(",") if ensemble else []
        if not set(coupes) <= set(possibles):
            continue
        comptes = [c for c in fines.column_names if c not in {*COUPES, *comptees[0], ENSEMBLE}]
        cles = [*coupes, *comptees[0], ENSEMBLE]
        sommes = fines.group_by(cles).aggregate([(c, "sum") for c in comptes])
        yield (
            ensemble,
            sommes.select([*cles[:-1], *(f"{c}_sum" for c in comptes)]).rename_columns([*cles[:-1], *comptes]),
        )


def _delais(lecteur: Lecteur, periode: Periode, ensembles: list[str]) -> Iterator[tuple[str, pa.Table]]:
    """One query for every set: see `delais_par_ensemble`."""
    coupes = list(COUPES)
    sql = SQL["delais_par_ensemble"].replace("/* absentes */", f"grouping_id({', '.join(coupes)})")
    sql = sql.replace("/* ensembles */", ", ".join(f"({ensemble})" for ensemble in ensembles))
    cellules = lecteur.query(sql, coupes=coupes, debut=periode.debut, fin=periode.fin)
    tous = _en_table(cellules, coupes, {}).drop_columns(ENSEMBLE)
    for ensemble in ensembles:
        siennes = ensemble.split(",") if ensemble else []
        absentes = int("".join("01"[c not in siennes] for c in coupes), 2)
        dites = tous.filter(pc.equal(tous["absentes"], absentes))
        yield ensemble, dites.drop_columns([c for c in ("absentes", *coupes) if c not in siennes])


def _en_table(cellules: pd.DataFrame, coupes: list[str], colonnes: dict[str, str | None]) -> pa.Table:
    """Cuts are texts even when there is no cell to tell; `ensemble` is there to group by when there is no cut."""
    table = pa.Table.from_pandas(cellules.drop(columns=ENSEMBLE, errors="ignore"), preserve_index=False)
    types = [pa.field(c.name, pa.string() if c.name in coupes else c.type) for c in table.schema]
    fixes = {nom: pa.scalar(colonne, pa.string()) for nom, colonne in colonnes.items()}
    return _complete(table.cast(pa.schema(types)), {**fixes, ENSEMBLE: pa.scalar(ENSEMBLE)})


def _complete(table: pa.Table, constantes: dict[str, pa.Scalar]) -> pa.Table:
    for nom, valeur in constantes.items():
        table = table.append_column(nom, pa.repeat(valeur, table.num_rows))
    return table

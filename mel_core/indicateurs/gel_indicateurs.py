"""Freezing a séance: its snapshot is pinned and its counts are kept, so that figures outlive rows (contract §1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import product

import pandas as pd
import pyarrow as pa

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.indicateurs.comptage import BLOCS, COUPES_DU_STOCK, ENSEMBLE, SQL, cle, colonnes_de, count
from mel_core.indicateurs.definitions import COUPES
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode, Seance

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

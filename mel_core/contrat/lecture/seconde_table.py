"""Two tables one under the other in a sheet or a file: the header of the second, where rows of data should be."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.lecture.brut import Entiers, Illisible, Morceau
from mel_core.contrat.lecture.pied import remplies
from mel_core.contrat.lecture.tete import folds
from mel_core.contrat.proches import fold
from mel_core.contrat.tables import TABLES
from mel_core.socle.langue import liste

_NOMS_MIN = 2  # names of columns that no row of data holds by chance
_DITS_MAX = 3


def refuse(ligne: int, cellules: Sequence[str]) -> None:
    """Raises `Illisible` when the row is a header: half of its cells, and two at least, are columns of one table."""
    pleines = remplies(cellules)
    if len(pleines) < _NOMS_MIN:
        return
    plis = [frozenset(folds(texte)) for texte in pleines]
    reconnus = max(sum(not pli.isdisjoint(noms) for pli in plis) for noms in _noms().values())
    if reconnus >= _NOMS_MIN and 2 * reconnus >= len(pleines):
        dits = liste([f"« {texte} »" for texte in pleines[:_DITS_MAX]])
        suite = "…" if len(pleines) > _DITS_MAX else ""
        raise Illisible(
            f"Une seconde table commence à cette ligne ({dits}{suite}) : ne laisser qu’une table par feuille ou "
            "par fichier, et donner l’autre à part.",
            ligne,
        )


def search(morceau: Morceau, positions: Entiers, cles: Sequence[int], entete: Sequence[str]) -> None:
    """The same over the rows at `positions` of those being read: a header is no row of the table. `cles`: where the key
    is; the header come again there is no other table."""
    if not positions.size:
        return
    for position in _hold_names(morceau, positions).tolist():
        cellules = [colonne[position].as_py().strip() for colonne in morceau.colonnes]
        if not cles or any(cellules[rang] != entete[rang] for rang in cles):
            refuse(int(morceau.numeros[position]), cellules)


def _hold_names(morceau: Morceau, positions: Entiers) -> Entiers:
    """The rows of `positions` that seem to hold at least `_NOMS_MIN` names of columns."""
    choix, n = pa.array(positions), np.zeros(len(positions), np.int64)
    for colonne in morceau.colonnes:
        # As `fold` does, all together.
        plies = pc.utf8_normalize(pc.utf8_lower(colonne.take(choix)), "NFKD")
        plies = pc.replace_substring_regex(plies, "[^a-z0-9]", "")
        n += pc.is_in(plies, value_set=_plis()).to_numpy(zero_copy_only=False)
    trouvees: Entiers = positions[n >= _NOMS_MIN]
    return trouvees


@cache
def _noms() -> dict[str, frozenset[str]]:
    return {nom: frozenset(map(fold, table.noms)) for nom, table in TABLES.items()}


@cache
def _plis() -> pa.Array:
    """Every name, and « n° » for « numero »."""
    noms = frozenset().union(*_noms().values())
    return pa.array(sorted(noms | {nom.replace("numero", "n") for nom in noms}), pa.string())

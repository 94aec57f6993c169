"""Small cells of a two-way table whose margins are shown beside it (security.md, threshold 11).

A cell under the threshold is hidden, then others with it until no line and no column leaves less than the threshold, or
a single cell, to be found by subtraction. Pure: a frame in, a frame out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import pandas as pd

from mel_core.secret.regroupement import SEUIL


def masquer(
    cellules: pd.DataFrame,
    lignes: str,
    colonnes: str,
    effectif: str = "n",
    seuil: int = SEUIL,
    forcees: Collection[tuple[str, str]] = (),
) -> pd.Series:
    """Which cells may not be shown (true), in the order and under the index of `cellules`.

    `cellules`: one row per `lignes` × `colonnes` with its `effectif` (households, whole, ≥ 0); a cell that is not there
    is 0, and 0 may be shown. `forcees`: cells to hide whatever they count.
    """
    effectifs = {
        (x, y): int(n)
        for x, y, n in zip(cellules[lignes], cellules[colonnes], cellules[effectif], strict=True)
        if n > 0
    }
    cachees = {cle for cle, n in effectifs.items() if n < seuil or cle in forcees}
    bandes: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
    for cle in sorted(effectifs):
        for axe in (0, 1):
            bandes[axe, cle[axe]].append(cle)
    change = True
    while change:
        change = False
        for membres in bandes.values():
            dedans = [cle for cle in membres if cle in cachees]
            if not dedans or (len(dedans) > 1 and sum(effectifs[cle] for cle in dedans) >= seuil):
                continue
            dehors = [cle for cle in membres if cle not in cachees]
            if dehors:
                # A cell alone in its other line would be read in that line's total: taken last.
                cachees.add(
                    min(dehors, key=lambda c: (min(len(bandes[a, c[a]]) for a in (0, 1)) == 1, effectifs[c], c))
                )
                change = True
    cles = zip(cellules[lignes], cellules[colonnes], strict=True)
    return pd.Series([cle in cachees for cle in cles], index=cellules.index, dtype=bool)

"""How many attributions to reorient, and where, for a target share to be met: exact whole numbers throughout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.simulation.reorientation.cibles import INCONNU, INDICATEURS, CibleEssayee, Motif
from mel_core.simulation.reorientation.grille import Grille

__all__ = ["INCONNU", "INDICATEURS", "CibleEssayee", "Grille", "Motif", "motif_inchange", "par", "reorient"]


def reorient(cellules: pd.DataFrame, scenario: CibleEssayee) -> pd.DataFrame:
    """Share out, cell by cell, the attributions that each class of fragilité is away from the scenario's target.

    `cellules`: one row per commune × bailleur × fragilite (which only `equilibre` needs and looks at), with the whole
    numbers `n_connus` and `numerateur` ≤ `n_connus`; other columns are carried through.

    The gap of a class is the contract's, on its totals. It is shared among the cells on its wrong side, in proportion
    to their own exact excess (ceiling) or deficit (floor), by largest remainder; at equal remainders the larger excess
    comes first, then the lower codes. A cell never gives more than it has (ceiling: `numerateur`; floor: `n_connus` −
    `numerateur`). For `aci` and the rules of the law, the floors of communes are met first, then those of bailleurs,
    then the whole's, each one counting what the others have already asked; that of the whole asks of a commune no more
    than it lacks, nothing of one that is above, nor of a bailleur that is above as long as others can make it up.

    Returns the same rows in the same order, with `a_reorienter` (attributions, whole, ≥ 0: over the cells of a class
    they add up to its gap), `sens` (+1: as many more modest or ACI households; −1: fewer; 0: nothing asked) and
    `ecart_propre` (the contract's gap of the cell on its own: these do not add up, since cells on the right side of the
    target make up for others).
    """
    grille = Grille.de(cellules)
    mouvement = grille.mouvements(scenario)
    return cellules.assign(
        a_reorienter=abs(mouvement), sens=np.sign(mouvement), ecart_propre=grille.ecarts_propres(scenario)
    )


def par(reorientees: pd.DataFrame, cle: str | Sequence[str]) -> pd.DataFrame:
    """Add up the cells of `reorient` by one or several of their columns.

    One row per key, most reorientations first, then by key: `n_connus`, `numerateur`, `a_reorienter`, its two
    directions `n_en_plus` and `n_en_moins` (modest or ACI households), `numerateur_vise` once they are done, and the
    shares `part` and `part_visee` (0–1, empty when none is known).
    """
    cles = [cle] if isinstance(cle, str) else list(cle)
    groupes, valeurs = _group(reorientees, cles)
    n_groupes = len(valeurs[0])
    combien, sens = (reorientees[c].to_numpy(dtype=np.int64) for c in ("a_reorienter", "sens"))

    def sum_up(x: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        sommes = np.zeros(n_groupes, dtype=np.int64)
        np.add.at(sommes, groupes, x)
        return sommes

    connus, k = (sum_up(reorientees[c].to_numpy(dtype=np.int64)) for c in ("n_connus", "numerateur"))
    demandes, en_plus, en_moins = sum_up(combien), sum_up(combien * (sens > 0)), sum_up(combien * (sens < 0))
    vise = k + en_plus - en_moins
    ordre = np.argsort(-demandes, kind="stable")  # the groups come sorted by key
    diviseur = np.where(connus > 0, connus, np.nan)
    colonnes: dict[str, Any] = dict(zip(cles, (v[ordre] for v in valeurs), strict=True))
    comptes = {"n_connus": connus, "numerateur": k, "a_reorienter": demandes}
    comptes |= {"n_en_plus": en_plus, "n_en_moins": en_moins, "numerateur_vise": vise}
    parts = {"part": k / diviseur, "part_visee": vise / diviseur}
    return pd.DataFrame(colonnes | {nom: x[ordre] for nom, x in (comptes | parts).items()})


def motif_inchange(
    reorientees: pd.DataFrame, scenario: CibleEssayee, observees: pd.DataFrame | None = None
) -> Motif | None:
    """Why `reorient` asks for nothing, the most basic reason first; none when it asks for something.

    `observees`: the cells of twelve months from which those of `reorientees` were expected, when they are not the same.
    """
    if reorientees.empty:
        return Motif.AUCUNE_ATTRIBUTION
    if reorientees["a_reorienter"].to_numpy().any():
        return None
    connues = reorientees[reorientees["n_connus"] > 0]
    if connues.empty:
        est_observee = observees is not None and observees["n_connus"].to_numpy().any()
        return Motif.AUCUNE_ATTENDUE if est_observee else Motif.AUCUNE_CONNUE
    if scenario.indicateur == "equilibre" and (connues["fragilite"] == INCONNU).all():
        return Motif.QUARTIERS_INCONNUS
    return Motif.DEJA_ATTEINT


def _group(frame: pd.DataFrame, cles: list[str]) -> tuple[npt.NDArray[np.intp], list[Any]]:
    """The group of each row, and for each key the values of the groups, sorted by key (an empty key comes last)."""
    codes = np.zeros(len(frame), dtype=np.intp)
    uniques = []
    for cle in cles:
        code, valeurs = pd.factorize(frame[cle], sort=True, use_na_sentinel=False)
        uniques.append(valeurs)
        codes = codes * max(len(valeurs), 1) + code
    presents, groupes = np.unique(codes, return_inverse=True)
    colonnes = []
    for valeurs in reversed(uniques):
        presents, rangs = np.divmod(presents, max(len(valeurs), 1))
        colonnes.append(valeurs.take(rangs))
    return groupes, colonnes[::-1]

"""How many attributions to reorient, and where, for a target share to be met: exact whole numbers throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.erreurs import AppelIncorrect
from mel_core.objectifs.ecarts import PLAFOND, PLANCHER, Effectifs, en_attributions, exces

INCONNU = "inconnu"
INDICATEURS = ("equilibre", "aci")


class Motif(StrEnum):
    """Why a scenario reorients nothing."""

    AUCUNE_ATTRIBUTION = "aucune_attribution"
    AUCUNE_CONNUE = "aucune_connue"  # attributions, but not one whose income (or label) is known
    QUARTIERS_INCONNUS = "quartiers_inconnus"  # all in quartiers without a class of fragilité: no target for them
    DEJA_ATTEINT = "deja_atteint"


@dataclass(frozen=True)
class Scenario:
    """A target share tried on an indicator.

    `cible` is a share from 0 to 1, as an exact fraction. `bande` is the tolerance on each side of it in the quartiers
    of moyenne fragilité (`equilibre` only). Raises `AppelIncorrect` for another indicator or a share out of bounds.
    """

    indicateur: str
    cible: Fraction
    bande: Fraction = Fraction(1, 20)

    def __post_init__(self) -> None:
        if self.indicateur not in INDICATEURS:
            raise AppelIncorrect(
                f"Aucune réorientation ne se simule sur « {self.indicateur} » : choisir {' ou '.join(INDICATEURS)}."
            )
        for nom, part in (("cible", self.cible), ("bande", self.bande)):
            if not isinstance(part, Fraction) or not 0 <= part <= 1:
                raise AppelIncorrect(
                    f"La {nom} « {part} » n’est pas une part : donner une fraction exacte entre 0 et 1."
                )

    def bornes(self, classe: str) -> tuple[Fraction | None, Fraction | None]:
        """Floor and ceiling of the share in a class of fragilité; none where the contract sets none.

        The ACI indicator has one class, whatever its name, with a floor.
        """
        if self.indicateur == "aci":
            return self.cible, None
        return {
            "fragile": (None, self.cible),
            "moyenne": (self.cible - self.bande, self.cible + self.bande),
            "sans": (self.cible, None),
            INCONNU: (None, None),
        }[classe]


def reorienter(cellules: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Share out, cell by cell, the attributions that each class of fragilité is away from the scenario's target.

    `cellules`: one row per commune × bailleur × fragilite (for `aci`, fragilite may be missing and is ignored), with
    the whole numbers `n_connus` and `numerateur` ≤ `n_connus`; other columns are carried through.

    The gap of a class is the contract's, on its totals. It is shared among the cells on its wrong side, in proportion
    to their own exact excess (ceiling) or deficit (floor), by largest remainder; at equal remainders the larger excess
    comes first, then the lower codes. A cell never gives more than it has (ceiling: `numerateur`; floor: `n_connus` −
    `numerateur`).

    Returns the same rows in the same order, with `a_reorienter` (attributions, whole, ≥ 0: over the cells of a class
    they add up to its gap), `sens` (+1: as many more modest or ACI households; −1: fewer; 0: nothing asked) and
    `ecart_propre` (the contract's gap of the cell on its own: these do not add up, since cells on the right side of the
    target make up for others).
    """
    k, n = _effectifs(cellules, scenario)
    classes = _classes(cellules, scenario)
    codes = np.fromiter(zip(cellules["commune"].tolist(), cellules["bailleur"].tolist(), strict=True), dtype=object)
    a_reorienter = np.zeros(len(cellules), dtype=np.int64)
    sens = np.zeros(len(cellules), dtype=np.int64)
    ecart_propre = np.zeros(len(cellules), dtype=np.int64)
    for classe in sorted(set(classes)):
        lignes = np.flatnonzero(classes == classe)
        k_classe, n_classe = k[lignes], n[lignes]
        for cote, borne in zip((PLANCHER, PLAFOND), scenario.bornes(classe), strict=True):
            if borne is None:
                continue
            exces_classe = exces(k_classe, n_classe, borne, cote)
            ecart_propre[lignes] += en_attributions(exces_classe, borne).astype(np.int64)
            total = int(en_attributions(exces_classe.sum(keepdims=True), borne)[0])
            if total == 0:
                continue
            capacite = n_classe - k_classe if cote == PLANCHER else k_classe
            parts = _repartir(total, exces_classe, capacite, codes[lignes])
            a_reorienter[lignes] = parts
            sens[lignes] = np.where(parts > 0, cote, 0)
    return cellules.assign(a_reorienter=a_reorienter, sens=sens, ecart_propre=ecart_propre)


def par(reorientees: pd.DataFrame, cle: str | Sequence[str]) -> pd.DataFrame:
    """Add up the cells of `reorienter` by one or several of their columns.

    One row per key, most reorientations first, then by key: `n_connus`, `numerateur`, `a_reorienter`, its two
    directions `n_en_plus` and `n_en_moins` (modest or ACI households), `numerateur_vise` once they are done, and the
    shares `part` and `part_visee` (0–1, empty when none is known).
    """
    cles = [cle] if isinstance(cle, str) else list(cle)
    combien, sens = reorientees["a_reorienter"], reorientees["sens"]
    sommes: pd.DataFrame = (
        reorientees[[*cles, "n_connus", "numerateur", "a_reorienter"]]
        .assign(n_en_plus=combien.where(sens > 0, 0), n_en_moins=combien.where(sens < 0, 0))
        .groupby(cles, as_index=False, dropna=False)
        .sum()
        .sort_values(["a_reorienter", *cles], ascending=[False, *(True for _ in cles)], ignore_index=True)
    )
    sommes["numerateur_vise"] = sommes["numerateur"] + sommes["n_en_plus"] - sommes["n_en_moins"]
    connus = sommes["n_connus"].where(sommes["n_connus"] > 0)
    sommes["part"] = sommes["numerateur"] / connus
    sommes["part_visee"] = sommes["numerateur_vise"] / connus
    return sommes


def motif_inchange(reorientees: pd.DataFrame, scenario: Scenario) -> Motif | None:
    """Why `reorienter` asks for nothing, the most basic reason first; none when it asks for something."""
    if reorientees.empty:
        return Motif.AUCUNE_ATTRIBUTION
    if (reorientees["a_reorienter"] > 0).any():
        return None
    connues = reorientees[reorientees["n_connus"] > 0]
    if connues.empty:
        return Motif.AUCUNE_CONNUE
    if scenario.indicateur == "equilibre" and (connues["fragilite"] == INCONNU).all():
        return Motif.QUARTIERS_INCONNUS
    return Motif.DEJA_ATTEINT


def _effectifs(cellules: pd.DataFrame, scenario: Scenario) -> tuple[Effectifs, Effectifs]:
    """`numerateur` and `n_connus` as whole numbers wide enough for the products to come."""
    k = cellules["numerateur"].to_numpy(dtype=np.int64)
    n = cellules["n_connus"].to_numpy(dtype=np.int64)
    if ((k < 0) | (k > n)).any():
        raise ValueError("numerateur must lie between 0 and n_connus in every cell")
    q = max((scenario.cible + ecart).denominator for ecart in (-scenario.bande, 0, scenario.bande))
    if 2 * q * int(n.sum()) ** 2 < 2**63:  # gap × excess ≤ n × 2qn
        return k, n
    return k.astype(object), n.astype(object)


def _classes(cellules: pd.DataFrame, scenario: Scenario) -> npt.NDArray[Any]:
    """The class whose target each cell shares. Raises `ValueError` for a fragilité that the contract does not know."""
    if scenario.indicateur == "aci":
        return np.full(len(cellules), "aci", dtype=object)
    classes: npt.NDArray[Any] = cellules["fragilite"].to_numpy(dtype=object)
    inconnues = set(classes) - {*FRAGILITES, INCONNU}
    if inconnues:
        raise ValueError(f"unknown fragilite: {sorted(map(str, inconnues))}")
    return classes


def _repartir(
    total: int, exces_classe: Effectifs, capacite: Effectifs, codes: npt.NDArray[Any]
) -> npt.NDArray[np.int64]:
    """Largest remainder over the cells in excess.

    `total` is at most the sum of the positive excesses rounded up, hence less than it plus one; so the quota of a cell
    is less than its excess plus one, its whole part never exceeds the capacity, and only the last unit has to look.
    """
    poids = np.maximum(exces_classe, 0)
    somme = poids.sum()
    parts, restes = total * poids // somme, total * poids % somme
    ouvertes = np.flatnonzero((poids > 0) & (parts < capacite))
    rangs = zip((-restes[ouvertes]).tolist(), (-poids[ouvertes]).tolist(), codes[ouvertes], ouvertes, strict=True)
    servies = [i for *_, i in sorted(rangs)][: total - int(parts.sum())]
    parts[servies] += 1
    return np.asarray(parts, dtype=np.int64)

"""The cells of an indicator, ready for the steps of a slider: how many households to move, and where."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.objectifs.ecarts import PLAFOND, PLANCHER, Effectifs, en_attributions, exces
from mel_core.simulation.reorientation import planchers
from mel_core.simulation.reorientation.cibles import INCONNU, PLANCHERS, CibleEssayee
from mel_core.simulation.reorientation.restes import share_out

Lignes = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Grille:
    """Cells made ready once for many scenarios: a step of a slider is then a few products of small arrays.

    `k` and `n` are `numerateur` and `n_connus` in the order of the cells; `classes` and `niveaux` give the rows of each
    class of fragilité, commune and bailleur, lower codes first.
    """

    k: Effectifs
    n: Effectifs
    lignes: Lignes
    classes: Mapping[str, Lignes]
    niveaux: Mapping[tuple[str, str], Lignes]

    @classmethod
    def de(cls, cellules: pd.DataFrame) -> Grille:
        """From the cells of `reorient`. Raises `ValueError` when they make no sense: a bug of the caller."""
        k = cellules["numerateur"].to_numpy(dtype=np.int64)
        n = cellules["n_connus"].to_numpy(dtype=np.int64)
        if ((k < 0) | (k > n)).any():
            raise ValueError("numerateur must lie between 0 and n_connus in every cell")
        communes, bailleurs = cellules["commune"].tolist(), cellules["bailleur"].tolist()
        ordre = sorted(range(len(communes)), key=lambda i: (communes[i], bailleurs[i], i))
        classes = cellules["fragilite"].tolist() if "fragilite" in cellules else []
        return cls(
            k,
            n,
            np.array(ordre, dtype=np.intp),
            _lignes_par(classes, ordre if classes else []),
            {
                **{("commune", str(c)): x for c, x in _lignes_par(communes, ordre).items()},
                **{("bailleur", str(b)): x for b, x in _lignes_par(bailleurs, ordre).items()},
            },
        )

    def mouvements(self, scenario: CibleEssayee) -> npt.NDArray[np.int64]:
        """Households in more (positive) or in less (negative) in each cell: see `reorient`."""
        k, n = self._larges(scenario)
        if scenario.indicateur in PLANCHERS:
            return planchers.meet(k, n, self.niveaux, scenario)
        mouvement = np.zeros(len(k), dtype=np.int64)
        for lignes, plancher, plafond in self._objectifs(scenario):
            k_classe, n_classe = k[lignes], n[lignes]
            k_total, n_total = int(k_classe.sum()), int(n_classe.sum())
            for cote, borne in ((PLANCHER, plancher), (PLAFOND, plafond)):
                if borne is None:
                    continue
                manque = cote * (borne.numerator * n_total - borne.denominator * k_total)
                if manque > 0:
                    capacite = n_classe - k_classe if cote == PLANCHER else k_classe
                    poids = np.maximum(exces(k_classe, n_classe, borne, cote), 0)
                    total = -(-manque // borne.denominator)
                    mouvement[lignes] += cote * share_out(total, poids, capacite)
        return mouvement

    def ecarts_propres(self, scenario: CibleEssayee) -> npt.NDArray[np.int64]:
        """The contract's gap of each cell on its own, to the most demanding of its targets."""
        k, n = self._larges(scenario)
        ecart = np.zeros(len(k), dtype=np.int64)
        for lignes, *bornes in self._objectifs(scenario):
            for cote, borne in zip((PLANCHER, PLAFOND), bornes, strict=True):
                if borne is not None:
                    propre = en_attributions(exces(k[lignes], n[lignes], borne, cote), borne).astype(np.int64)
                    ecart[lignes] = np.maximum(ecart[lignes], propre)
        return ecart

    def _larges(self, scenario: CibleEssayee) -> tuple[Effectifs, Effectifs]:
        """`k` and `n` as whole numbers wide enough for the products to come."""
        cibles = {scenario.cible, *scenario.cibles.values()}
        q = max((cible + ecart).denominator for cible in cibles for ecart in (-scenario.bande, 0, scenario.bande))
        if 2 * q * int(self.n.sum()) ** 2 < 2**63:  # gap × excess ≤ n × 2qn
            return self.k, self.n
        return self.k.astype(object), self.n.astype(object)

    def _objectifs(self, scenario: CibleEssayee) -> Iterator[tuple[Lignes, Fraction | None, Fraction | None]]:
        """The targets in the order in which they are met: whose rows, their floor, their ceiling.

        Raises `ValueError` for a fragilité that the contract does not know.
        """
        if scenario.indicateur in PLANCHERS:
            for lieu, cible in planchers.lieux_vises(scenario, self.niveaux):
                yield self.niveaux[lieu], cible, None
            if not scenario.niveau:
                yield self.lignes, scenario.cible, None
            return
        inconnues = set(self.classes) - {*FRAGILITES, INCONNU}
        if inconnues:
            raise ValueError(f"unknown fragilite: {sorted(map(str, inconnues))}")
        for classe, lignes in self.classes.items():
            yield lignes, *scenario.bornes(classe)


def _lignes_par(codes: Sequence[Hashable], ordre: Sequence[int]) -> dict[Any, Lignes]:
    """The rows that bear each code, in the given order."""
    lignes: dict[Any, list[int]] = {}
    for i in ordre:
        lignes.setdefault(codes[i], []).append(i)
    return {code: np.array(x, dtype=np.intp) for code, x in lignes.items()}

"""What is said beside the counts of a cell, as bounds of its sums: its side, its verdict, its gaps.

A gap adds up what each class, or each quartier, has on the wrong side of its own objective. Which of them have any is
given to the attacker: it is not always told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from mel_core.indicateurs.definitions import SENS_PAR_FRAGILITE, Sens
from mel_core.indicateurs.mesures import Z_95
from mel_core.secret.montrer import RegleDiffusion
from mel_core.socle.cibles import est_en_nombre
from tests.attaquant.programme import Ligne, compte

BANDE = Fraction(1, 20)  # of the middle class (data/reference/parametres.toml)


@dataclass(frozen=True)
class Compte:
    """A sum of unknowns, and what it truly is."""

    rangs: np.ndarray
    vrai: int

    def entre(self, bas: float, haut: float) -> Ligne:
        return compte(self.rangs.tolist(), bas, haut)

    def sauf(self, autre: Compte) -> Compte:
        return Compte(np.setdiff1d(self.rangs, autre.rangs), self.vrai - autre.vrai)


@dataclass(frozen=True)
class Exces:
    """`signe` × (k − borne × n), positive on the wrong side of the bound."""

    connus: Compte
    avec: Compte
    borne: Fraction
    signe: int

    @property
    def vrai(self) -> Fraction:
        return self.signe * (self.avec.vrai - self.borne * self.connus.vrai)

    def poids(self) -> dict[int, float]:
        lu = {int(i): -self.signe * float(self.borne) for i in self.connus.rangs}
        for i in self.avec.rangs:
            lu[int(i)] = lu.get(int(i), 0.0) + self.signe
        return lu

    def ligne(self, bas: float = -math.inf, haut: float = math.inf) -> Ligne:
        return Ligne(self.poids(), bas, haut)


def juger(
    exacte: Mapping[str, Any],
    montree: Mapping[str, Any],
    connus: Compte,
    avec: Compte,
    groupes: Mapping[str, Sequence[tuple[str, Compte, Compte]]],
    regle: RegleDiffusion,
) -> Iterator[Ligne]:
    """`groupes`: (class of fragilité, known, numerator) of what each gap adds up (`classe`, `quartier`); empty for an
    indicator whose objective is the same everywhere."""
    cible = Fraction(str(exacte["cible"]))
    if pd.isna(montree["part"]):  # nor is a gap said
        if not est_en_nombre(exacte):
            yield from dire_le_cote(montree["cote"], connus, avec, cible, regle)
        return
    if est_en_nombre(exacte):
        yield from _ecart(montree["ecart_attributions"], exacte["ecart_attributions"], [_nombre(exacte, avec)], regle)
        return
    yield from dire_le_cote(montree["cote"], connus, avec, cible, regle)
    if not groupes:
        une = Exces(connus, avec, cible, -1)  # every other objective of the demonstration is a floor
        yield from _ecart(montree["ecart_attributions"], exacte["ecart_attributions"], [une], regle)
        return
    par_classe = ("ecart_attributions", "ecart_trop", "ecart_manque")
    for quoi, colonnes in (("classe", par_classe), ("quartier", ("n_trop", "n_manque"))):
        exces = [x for classe, n, k in groupes.get(quoi, ()) for x in _de_la_classe(classe, n, k, cible)]
        signes = {"ecart_attributions": (1, -1), **dict.fromkeys(("n_trop", "ecart_trop"), (1,))}
        signes |= dict.fromkeys(("n_manque", "ecart_manque"), (-1,))
        for colonne in colonnes if exces else ():
            siens = [x for x in exces if x.signe in signes[colonne]]
            yield from _ecart(montree[colonne], exacte[colonne], siens, regle)
    if montree.get("verdict") == "atteint" and len({classe for classe, _, _ in groupes["classe"]}) == 1:
        for classe, n, k in groupes["classe"]:
            yield from (x.ligne(haut=0) for x in _de_la_classe(classe, n, k, cible))


def manquer(
    dit: Any, lieux: Sequence[tuple[Mapping[str, Any], Compte, Compte]], regle: RegleDiffusion
) -> Iterator[Ligne]:
    """What places lack together. `lieux`: (exact cell, known, numerator) of each; which of them lack any is given."""
    dessous = [(x, n, k) for x, n, k in lieux if x["sens"] == "manque"]
    if sum(k.vrai for _, _, k in dessous) <= regle.tus:
        return
    exces = [_nombre(x, k) if est_en_nombre(x) else Exces(n, k, Fraction(str(x["cible"])), -1) for x, n, k in dessous]
    montre = float(dit)
    yield from _ecart(montre, sum(int(x["ecart_attributions"]) for x, _, _ in dessous), exces, regle)


def _nombre(exacte: Mapping[str, Any], avec: Compte) -> Exces:
    """A number aimed at is known: the gap bounds the count itself."""
    voulu = int(exacte["cible"])
    signe = 1 if avec.vrai > voulu else -1
    return _EcartEnNombre(Compte(np.array([], dtype=int), 0), avec, Fraction(voulu), signe)


class _EcartEnNombre(Exces):
    @property
    def vrai(self) -> Fraction:
        return self.signe * (self.avec.vrai - self.borne)

    def ligne(self, bas: float = -math.inf, haut: float = math.inf) -> Ligne:
        decale = self.signe * float(self.borne)
        return Ligne(self.poids(), bas + decale, haut + decale)


def _de_la_classe(classe: str, n: Compte, k: Compte, cible: Fraction) -> list[Exces]:
    sens = SENS_PAR_FRAGILITE.get(classe)
    if sens is None:
        return []
    bande = BANDE if sens is Sens.BANDE else Fraction(0)
    plafond, plancher = Exces(n, k, cible + bande, 1), Exces(n, k, cible - bande, -1)
    return {Sens.PLAFOND: [plafond], Sens.PLANCHER: [plancher], Sens.BANDE: [plafond, plancher]}[sens]


def _ecart(montre: Any, vrai: Any, exces: Sequence[Exces], regle: RegleDiffusion) -> Iterator[Ligne]:
    """The sum of those that are positive, each rounded up to whole attributions."""
    if pd.isna(vrai):
        return
    positifs = [x for x in exces if x.vrai > 0]
    assert sum(math.ceil(x.vrai) for x in positifs) == vrai, (vrai, exces)
    if pd.isna(montre):
        bas, haut = 0, regle.tus if vrai <= regle.tus else math.inf
    else:
        bas, haut = max(regle.tus + 1, montre - regle.base // 2), montre + (regle.base - 1) // 2
    if not positifs:
        yield from (x.ligne(haut=haut) for x in exces if haut < math.inf)
        return
    if len(positifs) == 1:
        pas = float(Fraction(1, positifs[0].borne.denominator))
        yield positifs[0].ligne(bas - 1 + pas if bas else -math.inf, haut)
        return
    poids: dict[int, float] = {}
    for x in positifs:
        for i, p in x.poids().items():
            poids[i] = poids.get(i, 0.0) + p
    yield Ligne(poids, bas - len(positifs) if bas else -math.inf, haut)


def dire_le_cote(cote: Any, connus: Compte, avec: Compte, cible: Fraction, regle: RegleDiffusion) -> Iterator[Ligne]:
    """Above or below its objective, too near to tell, or too few."""
    if pd.isna(cote):
        yield connus.entre(0, regle.cote_des - 1)
        return
    yield connus.entre(regle.cote_des, math.inf)
    pas = float(Fraction(1, cible.denominator))
    if cote == "au-dessus":
        yield Exces(connus, avec, cible, 1).ligne(bas=pas)
    elif cote == "au-dessous":
        yield Exces(connus, avec, cible, -1).ligne(bas=pas)
    else:  # no further from it than the widest interval of so many
        marge = Fraction(str(round(Z_95 * 0.5 / math.sqrt(regle.cote_des), 3)))
        yield Exces(connus, avec, cible + marge, 1).ligne(haut=0)
        yield Exces(connus, avec, max(cible - marge, Fraction(0)), -1).ligne(haut=0)

"""A number or share of the flow given to a segment: what it takes, what it leaves in six semesters, whom it displaces.

Pure: frames of whole numbers and a frozen scenario in, new frames of whole numbers out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd

from mel_core.segments.profil import maximum_flow
from mel_core.simulation.reorientation.faisabilite import SEUIL_TENDU, Faisabilite
from mel_core.simulation.reorientation.grille import share_out
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect

HORIZON = 6  # semesters


class MotifEngagement(StrEnum):
    """What binds an engagement, or why it changes nothing; the most basic first."""

    AUCUN_MENAGE = "aucun_menage"  # the segment is empty
    AUCUN_FLUX = "aucun_flux"  # no attribution is expected
    PLUS_QUE_LE_FLUX = "plus_que_le_flux"
    PLUS_QUE_LES_MENAGES = "plus_que_les_menages"
    PLUS_QUE_LES_SERVABLES = "plus_que_les_servables"  # few attributions where they ask
    DEJA_OBSERVE = "deja_observe"  # what the flow already gives them


@dataclass(frozen=True)
class ScenarioEngagement:
    """An engagement tried on a segment, over one semester after another.

    `stock`: households in the segment today. `flux`: attributions expected in a semester. The engagement is `nombre`
    (households a semester) or `part` (exact share of the flow, 0 to 1): one of the two. `n_observes`: households of the
    segment that the flow served last semester. `taux_sortie`: share of the stock that leaves it in a semester other
    than by a bail. `n_servables`: households whom the flow can serve where they ask; None when it is not known.
    Raises `AppelIncorrect` for both, or neither.
    """

    stock: int
    flux: int
    nombre: int | None = None
    part: Fraction | None = None
    n_observes: int = 0
    taux_sortie: Fraction = Fraction(0)
    n_servables: int | None = None

    def __post_init__(self) -> None:
        if (self.nombre is None) == (self.part is None):
            raise AppelIncorrect("Un engagement est un nombre de ménages ou une part du flux : donner l’un des deux.")

    @property
    def vises(self) -> int:
        """Households to house in a semester: a share takes the least whole number that reaches it."""
        return self.nombre if self.nombre is not None else ceil((self.part or 0) * self.flux)

    @property
    def servis(self) -> int:
        """Those whom the first semester can house: never more than the flow, nor than the households."""
        return min(self.vises, self.flux, self.stock)

    @property
    def au_mieux(self) -> int:
        """The most of those aimed at that the first semester could house, where they ask."""
        return self.servis if self.n_servables is None else min(self.servis, self.n_servables)

    @property
    def n_deplaces(self) -> int:
        """Attributions that would have gone to others: those beyond what the flow already gives."""
        return max(0, self.servis - min(self.n_observes, self.flux, self.stock))


def judge(scenario: ScenarioEngagement) -> tuple[Faisabilite, MotifEngagement | None]:
    """Feasible, tight or infeasible, over half of what can be served, and what binds; `DEJA_OBSERVE` on a feasible one
    that changes nothing."""
    bornes = [
        (scenario.flux, MotifEngagement.PLUS_QUE_LE_FLUX if scenario.flux else MotifEngagement.AUCUN_FLUX),
        (scenario.stock, MotifEngagement.PLUS_QUE_LES_MENAGES if scenario.stock else MotifEngagement.AUCUN_MENAGE),
    ]
    if scenario.n_servables is not None:
        bornes.append((scenario.n_servables, MotifEngagement.PLUS_QUE_LES_SERVABLES))
    borne, motif = min(bornes, key=lambda b: b[0])
    if scenario.vises > borne:
        return Faisabilite.INFAISABLE, motif
    if scenario.vises in (0, scenario.n_observes):
        vides = [m for n, m in reversed(bornes[:2]) if n == 0]
        if scenario.vises == scenario.n_observes:
            vides.append(MotifEngagement.DEJA_OBSERVE)
        return Faisabilite.FAISABLE, next(iter(vides), None)
    return (Faisabilite.TENDU, motif) if scenario.vises > SEUIL_TENDU * borne else (Faisabilite.FAISABLE, None)


def project(entrees: pd.DataFrame, scenario: ScenarioEngagement) -> pd.DataFrame:
    """The segment, semester by semester, while the engagement holds.

    `entrees`: one row per semester to come, in order: `entrants`, households who enter the rule (whole, ≥ 0); other
    columns are carried through. In a semester: those who enter join, the engagement houses (never more than the flow,
    nor than there are), then `taux_sortie` of those who were there at the start leave otherwise.

    The same rows, with `semestre` (1, 2…), `stock_debut`, `servis`, `sortis`, `restants`: `stock_debut` + `entrants` =
    `servis` + `sortis` + `restants`, and the `restants` of one are the `stock_debut` of the next.
    """
    entrants = entrees["entrants"].to_numpy(dtype=np.int64)
    if (entrants < 0).any():
        raise ValueError("entrants must not be negative")
    lignes: list[tuple[int, int, int, int, int]] = []
    stock = scenario.stock
    for rang, arrives in enumerate(entrants.tolist(), start=1):
        presents = stock + arrives
        servis = min(scenario.vises, scenario.flux, presents)
        sortis = min(int(scenario.taux_sortie * stock), presents - servis)
        restants = presents - servis - sortis
        lignes.append((rang, stock, servis, sortis, restants))
        stock = restants
    colonnes = ["semestre", "stock_debut", "servis", "sortis", "restants"]
    suite = pd.DataFrame(lignes, columns=colonnes, dtype="int64").set_index(entrees.index)
    return pd.concat([entrees, suite], axis=1)


def distribute(cellules: pd.DataFrame, nombre: int) -> pd.DataFrame:
    """Share `nombre` households out among the cells of the flow, in proportion to each, by largest remainder.

    `cellules`: one row per cell (commune, bailleur…) with its whole `flux`. The same rows with `a_servir` (whole, never
    over `flux`); they add up to `nombre`, or to the whole flow when it is less. At equal remainders the larger flow
    comes first, then the order received.
    """
    flux = cellules["flux"].to_numpy(dtype=np.int64)
    return cellules.assign(a_servir=share_out(min(nombre, int(flux.sum())), flux))


def displace(autres: pd.DataFrame, nombre: int) -> pd.DataFrame:
    """Whom `nombre` attributions are taken from, if from the others of the flow in proportion (an assumption).

    `autres`: one row per group of the flow outside the segment, with its whole `n`. The same rows with `deplaces`.
    """
    n = autres["n"].to_numpy(dtype=np.int64)
    return autres.assign(deplaces=share_out(min(nombre, int(n.sum())), n))


# Key of the cells of the flow → what a place is called, one and several.
LIEUX = {"commune": ("la commune", "communes"), "bailleur": ("le bailleur", "bailleurs")}


def forecast(cellules: pd.DataFrame, cle: str) -> dict[str, int]:
    """Attributions expected by code of `cle` (of LIEUX), the most first.

    `cellules`: one row per commune × bailleur with its whole `flux`. Places where nothing is expected are left out.
    """
    sommes = {str(code): int(n) for code, n in cellules.groupby(cle)["flux"].sum().items() if n}
    return dict(sorted(sommes.items(), key=lambda x: (-x[1], x[0])))


def share_by_place(cellules: pd.DataFrame, nombre: int) -> dict[str, dict[str, int]]:
    """`nombre` households in proportion to the flow, by largest remainder: by commune, and by bailleur.

    Both add up to `nombre` (to the whole flow when it is less); places that serve nobody are left out. Each is rounded
    on its own: a place that lets more is never asked less. Where the two so rounded could not be housed together (see
    `count_loges_ensemble`), they are the sums of the cells, that always can.
    """
    vise = min(nombre, int(cellules["flux"].sum()))
    parts = {cle: _au_prorata(forecast(cellules, cle), vise) for cle in LIEUX}
    if count_loges_ensemble(cellules, parts["commune"], parts["bailleur"]) == vise:
        return parts
    servis = distribute(cellules, vise)
    sommes = {cle: servis.groupby(cle)["a_servir"].sum() for cle in LIEUX}
    return {cle: {str(code): int(n) for code, n in s.items() if n} for cle, s in sommes.items()}


def _au_prorata(poids: Mapping[str, int], nombre: int) -> dict[str, int]:
    """`poids`: by code, in the order that settles equal remainders."""
    flux = np.array([*poids.values()], dtype=np.int64)
    parts = share_out(min(nombre, int(flux.sum())), flux).tolist()
    return {lieu: n for lieu, n in zip(poids, parts, strict=True) if n}


def refuse(
    lieux: Mapping[str, int], attendues: Mapping[str, int], nombre: int, cle: str, noms: Mapping[str, str]
) -> str | None:
    """Why this sharing out is not an engagement of `nombre` households, in one sentence; None when it is one.

    `lieux`: households by code of `cle`; `attendues`: see `forecast`.
    """
    _, plusieurs = LIEUX[cle]
    for code, n in lieux.items():
        if isinstance(n, bool) or not isinstance(n, int) or n < 0:
            return f"{noms.get(code, code)} : donner un nombre entier de ménages, zéro ou plus."
        if n and code not in attendues:
            return f"{noms.get(code, code)} : aucune attribution n’y est attendue, remettre 0."
        if n and n > (flux := attendues[code]):
            return (
                f"{noms.get(code, code)} : {langue.effectif(n, 'ménage')}, pour "
                f"{langue.effectif(flux, 'attribution attendue', 'attributions attendues')} en six mois ; réduire ce "
                "nombre."
            )
    somme = sum(lieux.values())
    if somme == nombre:
        return None
    ecart = abs(somme - nombre)
    return (
        f"La somme des {plusieurs} fait {langue.effectif(somme, 'ménage')} au lieu de {langue.nombre(nombre)} : en "
        f"{'retirer' if somme > nombre else 'ajouter'} {langue.nombre(ecart)}."
    )


def refuse_ensemble(
    cellules: pd.DataFrame, par_commune: Mapping[str, int], par_bailleur: Mapping[str, int], nombre: int
) -> str | None:
    """Why two sharings out, each possible, are not an engagement of `nombre` households together."""
    n = count_loges_ensemble(cellules, par_commune, par_bailleur)
    if n >= nombre:
        return None
    return (
        f"Ces bailleurs ne logent que {langue.effectif(n, 'ménage')} au plus dans ces communes en six mois, pour "
        f"{langue.nombre(nombre)} : rapprocher les deux répartitions."
    )


def count_loges_ensemble(
    cellules: pd.DataFrame, par_commune: Mapping[str, int], par_bailleur: Mapping[str, int]
) -> int:
    """The most households that these bailleurs can house in these communes at once, within the flow of each cell.

    Less than the engagement: its two sharings out, each possible, do not hold together.
    """
    communes, bailleurs = list(par_commune), list(par_bailleur)
    rang_c = {code: 1 + i for i, code in enumerate(communes)}
    rang_b = {code: 1 + len(communes) + i for i, code in enumerate(bailleurs)}
    puits = 1 + len(communes) + len(bailleurs)
    aretes = [(0, rang_c[c], n) for c, n in par_commune.items()]
    aretes += [(rang_b[b], puits, n) for b, n in par_bailleur.items()]
    aretes += [
        (rang_c[x.commune], rang_b[x.bailleur], int(x.flux))
        for x in cellules.itertuples()
        if x.commune in rang_c and x.bailleur in rang_b
    ]
    return maximum_flow(aretes, puits)

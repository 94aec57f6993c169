"""A target share tried on an indicator, and the cells that meet it: how many households to move, and where.

The cells are made ready once: a step of a slider is then a few products of small arrays of exact whole numbers.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.indicateurs import catalogue
from mel_core.indicateurs.definitions import Sens
from mel_core.indicateurs.mesures import PLAFOND, PLANCHER, Effectifs, en_attributions, exces
from mel_core.socle.erreurs import AppelIncorrect

INCONNU = "inconnu"
# One class, a floor: the local rule, those of the law.
PLANCHERS = tuple(i.nom for i in catalogue.INDICATEURS.values() if i.sens is Sens.PLANCHER)
Lignes = npt.NDArray[np.intp]
Lieu = tuple[str, str]  # level, code
CLASSE, ENSEMBLE = "classe", "ensemble"  # levels of a bound, beside a commune and a bailleur


class Motif(StrEnum):
    """Why a scenario reorients nothing."""

    AUCUNE_ATTRIBUTION = "aucune_attribution"
    AUCUNE_CONNUE = "aucune_connue"  # attributions, but not one whose income (or label) is known
    QUARTIERS_INCONNUS = "quartiers_inconnus"  # all in quartiers without a class of fragilité: no target for them
    DEJA_ATTEINT = "deja_atteint"
    AUCUNE_ATTENDUE = "aucune_attendue"  # no attribution expected within the horizon
    AUCUN_ELIGIBLE = "aucun_eligible"  # nobody of the profile asked for the communes concerned
    EFFECTIF_FAIBLE = "effectif_faible"  # what is asked rests on too few attributions to conclude


@dataclass(frozen=True)
class CibleEssayee:
    """A target share tried on an indicator.

    `cible` is a share from 0 to 1, as an exact fraction. `bande` is the tolerance on each side of it in the quartiers
    of moyenne fragilité (`equilibre` only). `cibles` are the levers told apart: for `equilibre` a share per class of
    fragilité, for the others a floor per commune or bailleur (`("commune", "59350")`), on top of the whole's. What a
    lever may be is refused where it is read (`scenario.Levier`), once.
    """

    indicateur: str
    cible: Fraction
    bande: Fraction = Fraction(1, 20)
    cibles: Mapping[str | tuple[str, str], Fraction] = field(default_factory=dict)

    def bornes(self, classe: str) -> tuple[Fraction | None, Fraction | None]:
        """Floor and ceiling of the share in a class of fragilité; none where the contract sets none.

        The indicators of PLANCHERS have one class, whatever its name, with a floor.
        """
        if self.indicateur in PLANCHERS:
            return self.cible, None
        cible = self.cibles.get(classe, self.cible)
        return {
            "fragile": (None, cible),
            "moyenne": (cible - self.bande, cible + self.bande),
            "sans": (cible, None),
            INCONNU: (None, None),
        }[classe]


@dataclass(frozen=True, eq=False)
class _But:
    """A bound to be met together by the cells of these rows: a floor or a ceiling (`sens`), a share, whose level."""

    lignes: Lignes
    sens: int
    part: Fraction
    niveau: str


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
    niveaux: Mapping[Lieu, Lignes]

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
        mouvement = np.zeros(len(k), dtype=np.int64)
        preferees = self._preferees(k, n, scenario)
        for but in self._buts(scenario):
            if but.niveau == ENSEMBLE:
                mouvement += self._apportion_ensemble(k + mouvement, n, but.part, preferees[ENSEMBLE])
            else:
                lignes, siennes = but.lignes, preferees[but.niveau][but.lignes]
                # A class is off on one side: what its floor asks, a narrow band would take back.
                vus = k[lignes] if but.niveau == CLASSE else k[lignes] + mouvement[lignes]
                mouvement[lignes] += but.sens * _apportion(vus, n[lignes], but, siennes)
        return mouvement

    def ecarts_propres(self, scenario: CibleEssayee) -> npt.NDArray[np.int64]:
        """The contract's gap of each cell on its own, to the most demanding of its targets."""
        k, n = self._larges(scenario)
        ecart = np.zeros(len(k), dtype=np.int64)
        for but in self._buts(scenario):
            propre = en_attributions(exces(k[but.lignes], n[but.lignes], but.part, but.sens), but.part)
            ecart[but.lignes] = np.maximum(ecart[but.lignes], propre.astype(np.int64))
        return ecart

    def _larges(self, scenario: CibleEssayee) -> tuple[Effectifs, Effectifs]:
        """`k` and `n` as whole numbers wide enough for the products to come."""
        cibles = {scenario.cible, *scenario.cibles.values()}
        q = max((cible + ecart).denominator for cible in cibles for ecart in (-scenario.bande, 0, scenario.bande))
        if 2 * q * int(self.n.sum()) ** 2 < 2**63:  # gap × excess ≤ n × 2qn
            return self.k, self.n
        return self.k.astype(object), self.n.astype(object)

    def _buts(self, scenario: CibleEssayee) -> list[_But]:
        """The bounds in the order in which they are met: of each class; or of communes, of bailleurs, of the whole.

        A floor is that of the places that the scenario names, then of the whole. Raises `ValueError` for a fragilité
        that the contract does not know.
        """
        if scenario.indicateur in PLANCHERS:
            vises = [x for x in self.niveaux if x in scenario.cibles]
            buts = [_But(self.niveaux[x], PLANCHER, scenario.cibles[x], x[0]) for x in vises]
            return [*buts, _But(self.lignes, PLANCHER, scenario.cible, ENSEMBLE)]
        inconnues = set(self.classes) - {*FRAGILITES, INCONNU}
        if inconnues:
            raise ValueError(f"unknown fragilite: {sorted(map(str, inconnues))}")
        return [
            _But(lignes, sens, borne, CLASSE)
            for classe, lignes in self.classes.items()
            for sens, borne in zip((PLANCHER, PLAFOND), scenario.bornes(classe), strict=True)
            if borne is not None
        ]

    def _preferees(self, k: Effectifs, n: Effectifs, scenario: CibleEssayee) -> dict[str, npt.NDArray[np.bool_]]:
        """By level of a bound: the cells that make it up first. A commune asks its bailleurs that are below their own
        floor, a bailleur its communes, the whole the bailleurs below what it aims at; a class asks all its cells."""

        def est_dessous(niveau: str, cibles: Mapping[str | Lieu, Fraction]) -> npt.NDArray[np.bool_]:
            dessous = np.zeros(len(k), dtype=bool)
            for lieu, lignes in self.niveaux.items():
                if lieu[0] == niveau:
                    part = cibles.get(lieu, scenario.cible)
                    dessous[lignes] = exces(k[lignes], n[lignes], part, PLANCHER).sum() > 0
            return dessous

        if scenario.indicateur not in PLANCHERS:
            return {CLASSE: np.ones(len(k), dtype=bool)}
        return {
            "commune": est_dessous("bailleur", scenario.cibles),
            "bailleur": est_dessous("commune", scenario.cibles),
            ENSEMBLE: est_dessous("bailleur", {}),
        }

    def _apportion_ensemble(
        self, k: Effectifs, n: Effectifs, cible: Fraction, preferees: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        """What the whole lacks, shared between the communes that are below it in proportion to what each one lacks, and
        never more; in each, between its cells below, those of `preferees` alone if they can make it up."""
        mouvement = np.zeros(len(k), dtype=np.int64)
        signes = exces(k, n, cible, PLANCHER)
        manque = signes.sum()
        if manque <= 0:
            return mouvement
        communes = [lignes for (niveau, _), lignes in self.niveaux.items() if niveau == "commune"]
        poids = np.maximum(signes, 0)
        for retenus in (poids * preferees, poids):
            manques = [max(0, min(int(signes[x].sum()), int(retenus[x].sum()))) for x in communes]
            if sum(manques) >= manque:
                break
        larges = np.array(manques, dtype=k.dtype)
        demandes = share_out(-(-manque // cible.denominator), larges, -(-larges // cible.denominator))
        for lignes, demande in zip(communes, demandes, strict=True):
            if demande:
                mouvement[lignes] += share_out(int(demande), retenus[lignes], (n - k)[lignes])
        return mouvement


def _apportion(k: Effectifs, n: Effectifs, but: _But, preferees: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """What the cells of a bound lack (or have too much), shared between those on its wrong side: `preferees` alone if
    they can make it up."""
    signes = exces(k, n, but.part, but.sens)
    manque = signes.sum()
    if manque <= 0:
        return np.zeros(len(k), dtype=np.int64)
    poids = np.maximum(signes, 0)
    preferes = poids * preferees
    retenus = preferes if preferes.sum() >= manque else poids
    return share_out(-(-manque // but.part.denominator), retenus, n - k if but.sens == PLANCHER else k)


def _lignes_par(codes: Sequence[Hashable], ordre: Sequence[int]) -> dict[Any, Lignes]:
    """The rows that bear each code, in the given order."""
    lignes: dict[Any, list[int]] = {}
    for i in ordre:
        lignes.setdefault(codes[i], []).append(i)
    return {code: np.array(x, dtype=np.intp) for code, x in lignes.items()}


SEMESTRES_PAR_AN = 2
HORIZON_MAX = 20
Entiers = npt.NDArray[Any]  # whole numbers: int64, or Python's own where 64 bits would not hold the products


def share_out(total: int, poids: Entiers, capacite: Entiers | None = None) -> npt.NDArray[np.int64]:
    """`total` units shared in proportion to `poids` (≥ 0; nothing when all are 0), by largest remainder.

    At equal remainders the larger weight comes first, then the lower index: the caller orders its cells. A cell that
    has reached its `capacite` (none: no limit) takes no unit of the remainder. Without a limit, or when the quota of a
    cell is less than its capacity plus one, the parts add up to `total`.
    """
    somme = poids.sum()
    if somme == 0:
        return np.zeros(len(poids), dtype=np.int64)
    produits = total * poids
    parts = produits // somme
    manque = total - int(parts.sum())
    if manque > 0:
        restes = produits - parts * somme
        ouvertes = poids > 0
        if capacite is not None:
            ouvertes &= parts < capacite
        candidates = np.flatnonzero(ouvertes)
        # A stable sort on both keys: the index settles what is left. Object arrays have no lexsort.
        ordre = np.argsort(-poids[candidates], kind="stable")
        ordre = ordre[np.argsort(-restes[candidates][ordre], kind="stable")]
        parts[candidates[ordre[:manque]]] += 1
    return np.asarray(parts, dtype=np.int64)


def share_out_par_groupe(totaux: Entiers, poids: Entiers, groupes: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """`share_out` without a capacity, in each group at once: `totaux[g]` units among the rows whose `groupes` is g.

    A group whose weights are all 0 shares nothing out. When no total exceeds the weights, no part exceeds its own.
    """
    sommes = np.zeros(len(totaux), dtype=np.int64)
    np.add.at(sommes, groupes, poids)
    produits = totaux[groupes] * poids
    diviseurs = np.maximum(sommes, 1)[groupes]
    parts, restes = np.divmod(produits, diviseurs)
    donnes = np.zeros(len(totaux), dtype=np.int64)
    np.add.at(donnes, groupes, parts)
    manques = np.where(sommes > 0, totaux - donnes, 0)
    ordre = np.lexsort((np.arange(len(poids)), -poids, -restes, groupes))
    debuts = np.searchsorted(groupes[ordre], np.arange(len(totaux)))
    rangs = np.arange(len(poids)) - debuts[groupes[ordre]]
    parts[ordre[rangs < manques[groupes[ordre]]]] += 1
    return np.asarray(parts, dtype=np.int64)


@dataclass(frozen=True)
class Attentes:
    """`attributions`: how many a year over the whole scope (None: as in the last twelve months); `horizon`: semesters.

    The defaults change nothing. Raises `AppelIncorrect` for a horizon out of 1–20.
    """

    attributions: int | None = None
    horizon: int = SEMESTRES_PAR_AN

    def __post_init__(self) -> None:
        if not 1 <= self.horizon <= HORIZON_MAX:
            raise AppelIncorrect(
                f"« horizon » vaut {self.horizon} : donner un nombre de semestres entre 1 et {HORIZON_MAX}."
            )

    def facteur(self, n_an: int) -> Fraction:
        """By how much the counts of twelve months, `n_an` attributions in all, are multiplied."""
        if n_an == 0:
            return Fraction(0)
        par_an = n_an if self.attributions is None else self.attributions
        return Fraction(par_an, n_an) * Fraction(self.horizon, SEMESTRES_PAR_AN)


def forecast(cellules: pd.DataFrame, attentes: Attentes) -> pd.DataFrame:
    """The same cells with the attributions that they expect: whole numbers, at the practice of the last twelve months.

    `cellules`: as in `reorient`, with `n` (all attributions, known or not) when there is one. `n_connus` and
    `numerateur` are multiplied by the factor of `attentes` and rounded by largest remainder, twice: over the classes of
    fragilité on both sides of the indicator, so that the share of a class is kept within a unit, then over the cells of
    each; what is not known of `n` likewise. Whatever the factor the sum is the rounded total; a factor of 1 changes
    nothing.
    """
    k = cellules["numerateur"].to_numpy(dtype=np.int64)
    n = cellules["n_connus"].to_numpy(dtype=np.int64)
    total = cellules["n"].to_numpy(dtype=np.int64) if "n" in cellules else n
    facteur = attentes.facteur(int(total.sum()))
    if facteur == 1:
        return cellules.copy()
    poids = np.concatenate([k, n - k]).astype(object)  # a horizon may make the products wide
    classes = np.array(cellules["fragilite"] if "fragilite" in cellules else [""] * len(k), dtype=object)
    groupes = [np.flatnonzero(classes == classe) for classe in sorted(set(classes))]
    groupes += [g + len(k) for g in groupes]  # the other side of the indicator
    attendus = _en_deux_temps(poids, groupes, facteur)
    k_attendu, reste = attendus[: len(k)], attendus[len(k) :]
    attendues = cellules.assign(numerateur=k_attendu, n_connus=k_attendu + reste)
    if "n" in cellules:
        inconnus = _en_deux_temps((total - n).astype(object), groupes[: len(groupes) // 2], facteur)
        attendues["n"] = attendues["n_connus"] + inconnus
    return attendues


def _en_deux_temps(poids: np.ndarray, groupes: Sequence[np.ndarray], facteur: Fraction) -> np.ndarray:
    """`poids` × `facteur` in whole numbers: the groups first, then the members of each."""
    attendus = np.zeros(len(poids), dtype=np.int64)
    sommes = np.array([int(poids[g].sum()) for g in groupes], dtype=object)
    voulu = int(sommes.sum() * facteur + Fraction(1, 2)) if len(groupes) else 0
    if voulu == 0:
        return attendus
    for groupe, part in zip(groupes, share_out(voulu, sommes), strict=True):
        if part > 0:
            attendus[groupe] = share_out(int(part), poids[groupe])
    return attendus

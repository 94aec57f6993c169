"""How fast the occupation of the quartiers draws together when lettings alone change it: stock, flow, rotation.

Each résidence keeps its dwellings. In a semester half of its yearly rotation leaves, as modest as those who live there,
and as many enter, as modest as the scenario says for its class of fragilité. So its share s of modest occupants goes
half-way, or less, to that e of its entrants: s(t) = e + (s(0) − e) × (1 − rotation / 2)^t.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect

HORIZON_MAX = 60
FRAGILE, SANS = "fragile", "sans"
Reels = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ScenarioConvergence:
    """Share of modest households aimed at among the entrants of each class; None: as observed.

    `horizon`: semesters projected. `marge_rotation`: how far each rotation may be from its figure (1/5: ±20 % of it).
    Raises `AppelIncorrect` for a horizon out of 1 to 60 semesters.
    """

    fragile: Fraction | None = None
    moyenne: Fraction | None = None
    sans: Fraction | None = None
    horizon: int = 12
    marge_rotation: Fraction = Fraction(1, 5)

    def __post_init__(self) -> None:
        if not 1 <= self.horizon <= HORIZON_MAX:
            raise AppelIncorrect(
                f"« horizon » vaut {self.horizon} : donner un nombre de semestres entre 1 et {HORIZON_MAX}."
            )

    @property
    def voulus(self) -> dict[str, float]:
        """The targets, by class that has one."""
        return {c: float(part) for c in FRAGILITES if (part := getattr(self, c)) is not None}

    def entrants(self, observes: Mapping[str, float]) -> dict[str, float]:
        """Share of modest entrants of each class: the target, else what is observed; no key when neither is known."""
        return {**{c: float(p) for c, p in observes.items() if pd.notna(p)}, **self.voulus}


@dataclass(frozen=True)
class Convergence:
    """What a projection comes to. Gaps are those of modest shares, fragile − sans, 0–1; None when a class has no stock.

    `semestre_moitie`: the first semester at which the gap is at most half of today's, on the central line; None when
    the horizon ends before. `semestre_tot` and `semestre_tard`: the same with the rotations at either end of their
    margin (None in the same case). `ecart_limite`: what remains after as many semesters as one likes;
    `part_inatteignable`: its share of today's gap (0–1), which lettings alone never reduce; 0 when the gap ends on the
    other side.
    """

    ecart_initial: float | None
    ecart_horizon: float | None
    ecart_limite: float | None
    part_inatteignable: float | None
    semestre_moitie: int | None
    semestre_tot: int | None
    semestre_tard: int | None
    n_residences: int
    n_logements_laisses: int


@dataclass(frozen=True, eq=False)
class Projection:
    """The résidences that a scenario projects: dwellings, rotation a year, entrants' share, occupants' share and its
    bounds, and what is left of today's occupants by résidence × semester, at a slow, the given and a fast rotation.

    A résidence is projected when it is lived in, with known occupants, a rotation, and entrants for its class: the
    others are `laissees`.
    """

    retenues: pd.DataFrame
    laissees: pd.DataFrame
    n_occupes: Reels
    rotation: Reels
    entrants: Reels
    part: Reels
    part_min: Reels
    part_max: Reels
    decroissances: tuple[Reels, Reels, Reels]

    @classmethod
    def de(cls, residences: pd.DataFrame, observes: Mapping[str, float], scenario: ScenarioConvergence) -> Projection:
        """`residences`: one row per résidence with `fragilite` (that of its quartier), `n_occupes` (dwellings lived
        in), `taux_rotation` (0–1 a year), and its occupants of the last enquête `n_modestes` ≤ `n_connus`,
        `n_inconnus`.
        `observes`: share of modest entrants by class, 0–1.
        """
        parts = scenario.entrants(observes)
        est_retenue = (
            (residences["n_occupes"] > 0)
            & (residences["n_connus"] > 0)
            & residences["taux_rotation"].notna()
            & residences["fragilite"].isin(list(parts))
        ).fillna(False)
        retenues = residences[est_retenue]
        modestes, connus, inconnus, occupes, rotation = (
            retenues[c].fillna(0).to_numpy(dtype=np.float64)
            for c in ("n_modestes", "n_connus", "n_inconnus", "n_occupes", "taux_rotation")
        )
        if ((modestes < 0) | (modestes > connus) | (inconnus < 0)).any():
            raise ValueError("n_modestes must lie between 0 and n_connus, and n_inconnus be positive or zero")
        tous, marge = connus + inconnus, float(scenario.marge_rotation)
        lente, centrale, rapide = (
            _puissances(1 - np.clip(rotation * facteur / 2, 0, 1), scenario.horizon)
            for facteur in (1 - marge, 1, 1 + marge)
        )
        return cls(
            retenues,
            residences[~est_retenue],
            occupes,
            rotation,
            retenues["fragilite"].map(parts).to_numpy(dtype=np.float64),
            modestes / connus,
            modestes / tous,
            (modestes + inconnus) / tous,
            (lente, centrale, rapide),
        )

    def project(self, par: str = "fragilite") -> pd.DataFrame:
        """Share of modest occupants, semester by semester; `par`: another column of the résidences.

        One row per value of `par` × semester from 0 (today) to the horizon: `n_occupes`, `n_modestes` (expected, not
        whole), `part`, and its bounds `part_min`, `part_max` (0–1): the unknown occupants are all modest or none, and
        each rotation is anywhere within its margin.
        """
        lente, centrale, rapide = self.decroissances
        parts = np.stack(
            [
                self._part_a(self.part, centrale),
                self._part_a(self.part_min, np.where((self.part_min >= self.entrants)[:, None], rapide, lente)),
                self._part_a(self.part_max, np.where((self.part_max >= self.entrants)[:, None], lente, rapide)),
            ]
        )
        codes, valeurs = pd.factorize(self.retenues[par], sort=True)
        occupes = np.bincount(codes, weights=self.n_occupes, minlength=len(valeurs))
        rangees = np.argsort(codes, kind="stable")
        debuts = np.searchsorted(codes[rangees], np.arange(len(valeurs)))
        modestes = (parts * self.n_occupes[:, None])[:, rangees]
        sommes = np.add.reduceat(modestes, debuts, axis=1) if len(valeurs) else modestes
        moyennes, duree = sommes / occupes[:, None], centrale.shape[1]
        return pd.DataFrame(
            {
                par: np.repeat(np.asarray(valeurs), duree),
                "semestre": np.tile(np.arange(duree), len(valeurs)),
                "n_occupes": np.repeat(occupes, duree).astype(np.int64),
                "n_modestes": sommes[0].ravel(),
                **dict(zip(("part", "part_min", "part_max"), (m.ravel() for m in moyennes), strict=True)),
            }
        )

    def converge(self) -> Convergence:
        """The gap today, at the horizon and in the end, and the semester at which it halves."""
        poids = [self.n_occupes * (self.retenues["fragilite"] == c).to_numpy() for c in (FRAGILE, SANS)]
        compte = len(self.retenues), int(self.laissees["n_occupes"].fillna(0).sum())
        if not all(p.sum() for p in poids):
            return Convergence(None, None, None, None, None, None, None, *compte)

        def ecart(parts: Reels) -> Reels:
            fragile, sans = (p @ parts / p.sum() for p in poids)
            return np.asarray(fragile - sans)

        lignes = [ecart(self._part_a(self.part, d)) for d in self.decroissances]
        moities = [_semestre_moitie(ligne) for ligne in lignes]
        limite = float(ecart(np.where(self.rotation > 0, self.entrants, self.part)[:, None])[0])
        initial, horizon = float(lignes[1][0]), float(lignes[1][-1])
        atteintes = [m for m in moities if m is not None]
        return Convergence(
            initial,
            horizon,
            limite,
            min(max(limite / initial, 0.0), 1.0) if abs(initial) > _NUL else None,
            moities[1],
            min(atteintes, default=None),
            max(atteintes) if len(atteintes) == len(moities) else None,
            *compte,
        )

    def _part_a(self, depart: Reels, decroissance: Reels) -> Reels:
        """Share of each résidence, semester by semester, from the share `depart`."""
        return self.entrants[:, None] + (depart - self.entrants)[:, None] * decroissance


def ecarts(projection: pd.DataFrame) -> pd.DataFrame:
    """Gap between the fragile quartiers and those without fragilité, from a projection by `fragilite`.

    One row per semester: `ecart` (fragile − sans, 0–1), `ecart_min`, `ecart_max`; no row when one of them has no stock.
    """
    par_classe = {c: projection[projection["fragilite"] == c].set_index("semestre") for c in (FRAGILE, SANS)}
    fragile, sans = par_classe[FRAGILE], par_classe[SANS]
    if fragile.empty or sans.empty:
        return pd.DataFrame(columns=["semestre", "ecart", "ecart_min", "ecart_max"])
    return pd.DataFrame(
        {
            "ecart": fragile["part"] - sans["part"],
            "ecart_min": fragile["part_min"] - sans["part_max"],
            "ecart_max": fragile["part_max"] - sans["part_min"],
        }
    ).reset_index()


_NUL = 1e-12


def _semestre_moitie(ecart: Reels) -> int | None:
    """First semester at which the gap is at most half of the first, its sign apart."""
    trouves = np.flatnonzero(np.abs(ecart) <= abs(ecart[0]) / 2 + _NUL)
    return int(trouves[0]) if len(trouves) else None


def _puissances(base: Reels, horizon: int) -> Reels:
    """base^0 … base^horizon, one row each: products, four times faster than powers."""
    facteurs = np.repeat(base[:, None], horizon + 1, axis=1)
    facteurs[:, 0] = 1.0
    return np.asarray(np.cumprod(facteurs, axis=1), dtype=np.float64)


def reponse(visees: dict[str, float] | None, resultat: Convergence, horizon: int) -> str:
    """What the entrants tried do to the gap. `visees`: share by class; None when entrants stay as observed."""
    if resultat.ecart_initial is None or resultat.ecart_horizon is None:
        return "L’écart n’a pas de trajectoire : il faut les deux types de quartiers, fragiles et sans fragilité."
    debut = f"Avec des entrants {'comme constaté' if visees is None else _visees(visees)}"
    if abs(resultat.ecart_initial) < _RIEN_A_LIRE:
        return f"{debut}, l’écart est déjà nul."
    a_l_horizon = f"{points(resultat.ecart_horizon)} au {rang(horizon)} semestre"
    if _est_inverse(resultat.ecart_horizon, resultat.ecart_initial):
        inverse = (
            f"il se serait inversé : **{points(resultat.ecart_horizon)} de plus** dans les quartiers "
            f"{_du_cote(resultat.ecart_horizon)} au {rang(horizon)} semestre"
        )
        if resultat.semestre_moitie is None:  # from one side to further on the other, between two semesters
            return f"{debut}, l’écart n’est jamais réduit de moitié ; {inverse}."
        quand = f"{rang(resultat.semestre_moitie)} semestre{_plage(resultat)}"
        return f"{debut}, l’écart est réduit de moitié au {quand}, puis {inverse}."
    if resultat.semestre_moitie is None:
        duree = langue.effectif(horizon, "semestre")
        return f"{debut}, l’écart n’est pas réduit de moitié en {duree} : il serait de **{a_l_horizon}**."
    quand = f"**{rang(resultat.semestre_moitie)} semestre**{_plage(resultat)}"
    return f"{debut}, l’écart est réduit de moitié au {quand} ; il serait de {a_l_horizon}."


def limite(resultat: Convergence, *, est_visee: bool) -> str:
    """What remains in the end, and on what condition. `est_visee`: of entrants that are tried, not those observed."""
    if resultat.part_inatteignable is None or resultat.ecart_limite is None:
        return ""
    condition = (
        "si les entrants devenaient et restaient ceux-là" if est_visee else "si les entrants restent ce qu’ils sont"
    )
    debut, initial = f"À très long terme, {condition},", resultat.ecart_initial or 0.0
    if _est_inverse(resultat.ecart_limite, initial):
        ou, inverse = _du_cote(resultat.ecart_limite), points(resultat.ecart_limite)
        est_deja = resultat.ecart_horizon is not None and _est_inverse(resultat.ecart_horizon, initial)
        verbe = "resterait inversé" if est_deja else "s’inverserait"
        return f"{debut} l’écart {verbe} : {inverse} de plus dans les quartiers {ou}."
    if resultat.part_inatteignable < _RIEN_A_LIRE:
        return f"{debut} il ne resterait rien de cet écart."
    part, reste = langue.part(resultat.part_inatteignable, 0), points(resultat.ecart_limite)
    return f"{debut} il resterait {reste} d’écart, **{part} de celui d’aujourd’hui**."


def points(ecart: float) -> str:
    """A gap of shares in points as it is read, without a sign: `25,4 points`."""
    return langue.points(abs(reader().projetee(ecart)) * 100).lstrip("+")


def rang(n: int) -> str:
    """`1er`, `16e`."""
    return "1er" if n == 1 else f"{n}e"


def _est_inverse(ecart: float, initial: float) -> bool:
    """Whether the modest are more on the other side than today."""
    return abs(ecart) > _RIEN_A_LIRE and (ecart > 0) != (initial > 0)


def _du_cote(ecart: float) -> str:
    """Where they are more."""
    return "fragiles" if ecart > 0 else "sans fragilité"


def _plage(resultat: Convergence) -> str:
    tot, tard = resultat.semestre_tot, resultat.semestre_tard
    if tot is None:
        return ""
    if tard is None:
        return f" (du {rang(tot)} à au-delà de l’horizon, selon la rotation)"
    return f" (du {rang(tot)} au {rang(tard)}, selon la rotation)" if tot != tard else ""


def _visees(visees: dict[str, float]) -> str:
    valeurs = set(visees.values())
    if len(valeurs) == 1:
        return f"modestes à {langue.part(valeurs.pop())} partout"
    ou = {"fragile": "en quartier fragile", "moyenne": "en fragilité moyenne", "sans": "sans fragilité"}
    return f"modestes à {langue.liste([f'{langue.part(visees[c])} {dit}' for c, dit in ou.items() if c in visees])}"


_RIEN_A_LIRE = 5e-4

"""Can what a scenario asks be done: are there enough vacancies, and enough applicants who asked for that commune?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.simulation.engagement.attentes import SEMESTRES_PAR_AN

SEUIL_TENDU = Fraction(1, 2)  # above this share of the eligible applicants, every second one would have to be housed
ENSEMBLE = "ensemble"

# Whom a reorientation houses, by its direction: the column of the demand that counts them.
PROFILS = {
    "equilibre": {1: "n_modestes", -1: "n_non_modestes"},
    "aci": {1: "n_aci", -1: "n_non_aci"},
}


class Faisabilite(StrEnum):
    """Whether what is asked can be done, the least serious first."""

    FAISABLE = "faisable"
    TENDU = "tendu"
    INFAISABLE = "infaisable"


class Raison(StrEnum):
    """What binds: dwellings freed, or applicants (of a commune, or of the whole scope, each counted once).

    `PLUSIEURS_COMMUNES`: enough in each commune and in all, but nothing proves that they are not the same households.
    `STOCK`: with those whom today's practice houses already, more than wait and will come.
    """

    VACANCES = "vacances"
    ELIGIBLES = "eligibles"
    ELIGIBLES_ENSEMBLE = "eligibles_ensemble"
    PLUSIEURS_COMMUNES = "plusieurs_communes"
    STOCK = "stock"


@dataclass(frozen=True)
class Limite:
    """The verdict and the place that binds most: what is asked of it, what it has. Empty codes: not told apart."""

    verdict: Faisabilite = Faisabilite.FAISABLE
    raison: Raison | None = None
    commune: str = ""
    bailleur: str = ""
    fragilite: str = ""
    profil: str = ""
    n_demandes: int = 0
    n_disponibles: int = 0


def locate(
    reorientees: pd.DataFrame, indicateur: str, eligibles: pd.DataFrame, vacances: pd.DataFrame, horizon: int
) -> pd.DataFrame:
    """Beside each cell of `reorient`, what it has to do what is asked.

    `eligibles`: one row per commune (`ensemble`: the whole scope, each applicant once) with the counts of `PROFILS`.
    `vacances`: one row per cell, `n_vacances_an`, dwellings freed a year (≥ 0, not whole; a missing cell or an empty
    one is unknown: it binds nothing).

    Adds `n_vacances_an` (as given: what adds up before it is rounded), `n_vacances` (dwellings freed within `horizon`,
    rounded up; empty when unknown), `n_eligibles` (applicants of
    the profile asked who want the commune, whatever the bailleur; empty when nothing is asked) and `n_demandes_commune`
    (what all the cells of the commune ask of them). Whether it can be done is not said of a cell: see `Moyens.judge`.
    """
    profils = PROFILS[indicateur]
    par_an = release_par_an(reorientees, vacances)
    n_vacances = en_logements(par_an * horizon / SEMESTRES_PAR_AN)
    sens = reorientees["sens"].to_numpy()
    demandes = reorientees["a_reorienter"].to_numpy(dtype=np.int64)
    par_commune = reorientees.groupby(["commune", "sens"])["a_reorienter"].transform("sum").to_numpy()
    pool = eligibles.set_index("commune")
    n_eligibles = np.zeros(len(reorientees), dtype=np.int64)
    for cote, profil in profils.items():
        n_eligibles[sens == cote] = (
            reorientees.loc[sens == cote, "commune"].map(pool[profil]).fillna(0).to_numpy(dtype=np.int64)
        )
    return reorientees.assign(
        n_vacances_an=par_an,
        n_vacances=pd.arrays.IntegerArray(np.nan_to_num(n_vacances).astype(np.int64), np.isnan(n_vacances)),
        n_eligibles=pd.arrays.IntegerArray(n_eligibles, demandes == 0),
        n_demandes_commune=np.where(demandes > 0, par_commune, 0),
    )


def est_jugeable(eligibles: pd.DataFrame) -> bool:
    """Whether who waits is known at all: not one applicant of any profile in the scope is demandes never loaded."""
    ensemble = eligibles[eligibles["commune"] == ENSEMBLE]
    return bool(ensemble.drop(columns="commune").to_numpy().any())


def entrees(eligibles: pd.DataFrame, n_loges_an: int, horizon: int) -> int:
    """ACI households who will come within `horizon`, if those of the last twelve months go on.

    `eligibles` has, for the whole scope, `n_aci` (waiting for a first access) and `n_aci_avant` (twelve months before);
    `n_loges_an` is how many were housed meanwhile. What came, less what left otherwise than by a lease, is what makes
    up the difference.
    """
    ensemble = eligibles[eligibles["commune"] == ENSEMBLE]
    par_an = max(0, int(ensemble["n_aci"].sum()) - int(ensemble["n_aci_avant"].sum()) + n_loges_an)
    return ceil(Fraction(par_an * horizon, SEMESTRES_PAR_AN))


def release(cellules: pd.DataFrame, vacances: pd.DataFrame, horizon: int) -> npt.NDArray[np.float64]:
    """Dwellings freed within `horizon` in each of the `cellules`: a rate, seldom whole; not a number when unknown."""
    return release_par_an(cellules, vacances) * horizon / SEMESTRES_PAR_AN


def release_par_an(cellules: pd.DataFrame, vacances: pd.DataFrame) -> npt.NDArray[np.float64]:
    """The same in a year."""
    cles = [c for c in ("commune", "bailleur", "fragilite") if c in cellules and c in vacances]
    return cellules[cles].merge(vacances, on=cles, how="left")["n_vacances_an"].to_numpy(dtype=np.float64)


def en_logements(libres: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Whole dwellings: what is begun counts, a hair of binary rounding does not."""
    return np.ceil(libres - 1e-9)


def sum_up_vacances(vacances: pd.DataFrame, cles: list[str]) -> pd.DataFrame:
    """One row per combination of `cles`: `n_vacances_an`, dwellings freed a year, empty (unknown) as soon as one of its
    parts is.
    """
    sommes = vacances.groupby(cles, as_index=False)["n_vacances_an"].agg(["sum", "size", "count"])
    connues = sommes["sum"].astype("float64").where(sommes["size"] == sommes["count"])
    return sommes[cles].assign(n_vacances_an=connues)


def sans_borne(situees: pd.DataFrame) -> tuple[int, int]:
    """(cells asked something whose dwellings freed are unknown, cells asked something)."""
    demandees = situees[situees["a_reorienter"] > 0]
    return int(demandees["n_vacances"].isna().sum()), len(demandees)


def verdict_de(n_demandes: int, n_disponibles: int) -> Faisabilite:
    """Of a number of households asked among those of the profile who may be housed: see `Moyens.judge`."""
    if n_demandes > n_disponibles:
        return Faisabilite.INFAISABLE
    return Faisabilite.TENDU if n_demandes > SEUIL_TENDU * n_disponibles else Faisabilite.FAISABLE


def gravite(limite: Limite) -> tuple[int, int, Fraction, tuple[str, str, str]]:
    """Key that sorts limits, the one that binds most last: verdict, what is exceeded, share taken, then codes."""
    rang = list(Faisabilite).index(limite.verdict)
    depassement = max(0, limite.n_demandes - limite.n_disponibles)
    taux = Fraction(limite.n_demandes, max(limite.n_disponibles, 1))
    return rang, depassement, taux, (limite.commune, limite.bailleur, limite.fragilite)

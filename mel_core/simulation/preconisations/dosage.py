"""How many modest households among the lettings expected, for the target of a class to hold: whole numbers. Pure."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pandas as pd

from mel_core.indicateurs.definitions import SENS_PAR_FRAGILITE, Sens
from mel_core.simulation.reorientation.partage import share_out_par_groupe

_PRECISION = 10**6  # lettings expected are shared out in millionths, so that weights are whole


def round_off(attendues: float) -> int:
    """Whole lettings, half up; a hair of binary rounding is not half a dwelling."""
    return floor(attendues + 0.5 + 1e-9)


def aim(n: int, cible: Fraction, sens: Sens) -> int:
    """Modest households among `n` lettings of a class: at most (ceiling), at least (floor), or the nearest (band)."""
    if sens is Sens.PLAFOND:
        return floor(cible * n)
    return ceil(cible * n) if sens is Sens.PLANCHER else floor(cible * n + Fraction(1, 2))


def share_out_les_classes(residences: pd.DataFrame, cible: Fraction | None) -> pd.DataFrame:
    """The whole lettings of each class of quartiers in each ICI, and the modest households that its target calls for.

    `residences`: `ici`, `fragilite`, `quartier`, `attendues` (0 or more, known), `part_occupants`. By largest
    remainder, from the class to its quartiers and from each to its résidences: the parts add up at each level, and a
    quartier of a single letting has its place in the whole. A unit left goes to where modest occupants are the fewest.
    The index of `residences`, with `n_attendues` and `n_modestes` (empty without a target).
    """
    ordonnees = residences.assign(ordre=residences["part_occupants"].fillna(1.0)).sort_values("ordre", kind="stable")
    par_classe = ordonnees.groupby(["ici", "fragilite"], dropna=False, sort=False)
    classe, fragilites = par_classe.ngroup(), par_classe["fragilite"].first()
    quartier = ordonnees.groupby([classe, "quartier"], sort=False).ngroup().to_numpy()
    classe_du_quartier = classe.groupby(quartier).first().to_numpy()
    poids = (ordonnees["attendues"] * _PRECISION).round().to_numpy("int64")
    poids_du_quartier = np.bincount(quartier, poids).astype("int64")

    totaux = np.array([round_off(n) for n in par_classe["attendues"].sum()], dtype="int64")
    n_du_quartier = share_out_par_groupe(totaux, poids_du_quartier, classe_du_quartier)
    n = share_out_par_groupe(n_du_quartier, poids, quartier)
    sens = [SENS_PAR_FRAGILITE.get(str(f)) for f in fragilites]
    vises = np.array(
        [aim(int(t), cible, s) if cible is not None and s else 0 for t, s in zip(totaux, sens, strict=True)],
        dtype="int64",
    )
    modestes = share_out_par_groupe(share_out_par_groupe(vises, n_du_quartier, classe_du_quartier), n, quartier)
    a_un_objectif = np.array([cible is not None and s is not None for s in sens], dtype=bool)[classe]
    parts = pd.DataFrame({"n_attendues": n, "n_modestes": modestes}, index=ordonnees.index, dtype="Int64")
    parts.loc[~a_un_objectif, "n_modestes"] = pd.NA
    return parts.reindex(residences.index)

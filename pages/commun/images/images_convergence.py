"""From the projection of the occupants to its picture: a band by class of quartiers, semester by semester."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.indicateurs import phrases_constats
from mel_core.socle import langue
from pages.commun.images import vues_suivre
from pages.commun.images.figures import Figure

_INTERLIGNE = 0.1  # between two names, over the height of the picture


def trajectoires(projection: pd.DataFrame, tendance: pd.DataFrame, semestre_moitie: float | Fraction | None) -> Figure:
    """The three classes, with their band, beside what today's entrants would give; quartiers of unknown class stay in
    the table. `projection`, `tendance`: see `simulation.convergence.project`.
    """
    points = projection.merge(
        tendance[["fragilite", "semestre", "part"]].rename(columns={"part": "part_tendance"}),
        on=["fragilite", "semestre"],
        how="left",
    )
    points = points[points["fragilite"].isin(FRAGILITES)]
    points = points.assign(
        classe=points["fragilite"].map(phrases_constats.LIBELLES),
        infobulle=[
            f"{phrases_constats.LIBELLES[x.fragilite]}, semestre {x.semestre} : {langue.part(x.part)} (de "
            f"{langue.part(x.part_min)} à {langue.part(x.part_max)})"
            for x in points.itertuples()
        ],
    )
    fins = points[points["semestre"] == points["semestre"].max()]
    etendue = points["part_max"].max() - points["part_min"].min()
    noms = pd.DataFrame(
        {
            "classe": fins["classe"],
            "part": set_aside(fins["part"].tolist(), _INTERLIGNE * etendue),
            "dit": [f"{c} {langue.part(p)}" for c, p in zip(fins["classe"], fins["part"], strict=True)],
        }
    )
    lignes = [] if semestre_moitie is None else [(semestre_moitie, "écart réduit de moitié")]
    colonnes = ["classe", "semestre", "part", "part_min", "part_max", "part_tendance", "infobulle"]
    return vues_suivre.trajectoires(
        points[colonnes],
        noms,
        pd.DataFrame(lignes, columns=["semestre", "dit"]),
        " ; ".join(noms["dit"]),
    )


def set_aside(valeurs: list[float], minimum: float) -> list[float]:
    """Places of the names at the ends of the lines, from the highest, so that two never touch."""
    ordre = sorted(range(len(valeurs)), key=lambda i: -valeurs[i])
    places = list(valeurs)
    for dessus, dessous in pairwise(ordre):
        places[dessous] = min(places[dessous], places[dessus] - minimum)
    return places

"""What 13h30 reads of the offer, as its reader may: who waits, tension, who lives in each QPV and who comes. Pure."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from mel_core.secret.bail import exactly, reader
from mel_core.segments.phrases_segments import read_tension
from mel_core.simulation.preconisations import HORS_QPV, INCONNU, REGLES
from mel_core.socle import langue

COMPTES = ("n_demandes", "n_attributions", "n_logements", "n_vacants")
TENSIONS = (
    "une fois et demie ou plus",
    "plus que la moyenne",
    "la moyenne ou moins",
    "rien d’attribué",
    "trop peu pour le dire",
)
MODESTES, AUTRES = "Ménages modestes à accueillir", "Autres ménages"  # among the dwellings expected
LONGUES, RECENTES, TUES = "24 mois ou plus", "moins de 24 mois", "attente non dite"
_TRES_TENDU = 1.5  # times the mean
_DUREES = ("n", "n_24_mois", "n_36_mois", "n_recentes")
ENTRANTS = ("n_entrants_connus", "n_entrants_modestes", "part_entrants")
OCCUPANTS = ("n_occupants", "n_occupants_modestes", "part_occupants")
RENDUS = ("n_entrants", *ENTRANTS[:2], *OCCUPANTS[:2])
REGLE = ("n_regle", "numerateur_regle")
_PAR_COTE = {"au-dessus": "atteint", "au-dessous": "non_atteint", "indecis": "indecis"}  # of an objective « at least »


def render_siens(dites: pd.DataFrame, exactes: pd.DataFrame) -> pd.DataFrame:
    """`dites`, but `exactes` in its rows: those whose `commune` or `bailleur` is its own. Same columns and index."""
    if reader().cle not in exactes:
        return dites
    return dites.mask(exactes[reader().cle] == reader().code, exactes)


def read_attentes(communes: pd.DataFrame) -> pd.DataFrame:
    """One row per commune as it is read, those of which most wait first.

    `communes`: one row per `commune` of one `sens`, see `preconisations.mutations_bloquees`. Its columns, `n_recentes`
    (waiting for less than 24 months), `part_24_mois` and `part_36_mois` (of `n`); medians and shares empty where they
    are not said.
    """
    exactes = communes.assign(
        n_recentes=communes["n"] - communes["n_24_mois"],
        part_24_mois=communes["n_24_mois"] / communes["n"],
        part_36_mois=communes["n_36_mois"] / communes["n"],
    )
    dites = exacts = exactly(exactes, _DUREES)
    if not reader().lit_tout:
        parts = {
            f"part_{mois}": [reader().part(k, n) for k, n in zip(communes[f"n_{mois}"], communes["n"], strict=True)]
            for mois in ("24_mois", "36_mois")
        }
        mediane = communes["mediane_mois"].where(communes["n"] >= reader().regle.cote_des)
        dites = reader().comptes(exactes, _DUREES).assign(**parts, mediane_mois=mediane)
        dites = render_siens(dites, exacts)
    # By what is read alone: a place in the table would tell what is not.
    cles = dites[["n", "n_24_mois", "n_36_mois"]].astype(float).fillna(0).assign(nom=dites["nom"])
    return dites.loc[cles.sort_values(list(cles), ascending=[False] * 3 + [True]).index].reset_index(drop=True)


def say_les_tensions(ensemble: pd.DataFrame) -> pd.DataFrame:
    """One row per commune, most wanted first, its counts as they are read (its own exactly) and its tension:
    see `phrases_segments.read_tension`."""
    dites = render_offre(ensemble[["commune", "nom", *COMPTES]])
    cles = dites[["n_demandes", "nom"]].assign(n_demandes=dites["n_demandes"].astype(float).fillna(0))
    return dites.loc[cles.sort_values(list(cles), ascending=[False, True]).index].reset_index(drop=True)


def render_offre(frame: pd.DataFrame) -> pd.DataFrame:
    dites, exactes = (
        lu_par.comptes(frame, ("n_demandes", "n_attributions")).assign(
            tension=read_tension(frame["n_demandes"], frame["n_attributions"], lu_par)
        )
        for lu_par in (reader(), reader().chez(reader().cle, reader().code))
    )
    return render_siens(dites, exactes)


def classer_tension(tension: float | None, moyenne: float) -> str:
    """How it stands beside the mean of its ICI: one of `TENSIONS`."""
    if tension is None or pd.isna(tension):
        return TENSIONS[4]
    if tension == float("inf"):
        return TENSIONS[3]
    return TENSIONS[0 if tension >= _TRES_TENDU * moyenne else 1 if tension > moyenne else 2]


def tension_ecrite(tension: float | None) -> str:
    return "" if tension is None or pd.isna(tension) or tension == float("inf") else langue.rapport(tension)


def say_les_parts(frame: pd.DataFrame, entrants: pd.DataFrame, cle: str) -> pd.DataFrame:
    """Who came and who lives there; the share of who came is that of the bilan."""
    occupants = zip(frame["n_occupants_modestes"], frame["n_occupants"], strict=True)
    return (
        reader()
        .comptes(frame, RENDUS)
        .assign(
            part_entrants=frame[cle].map(entrants.set_index(cle)["part"]).astype("float64"),
            part_occupants=[part_connue(k, n) for k, n in occupants],
        )
    )


def part_connue(k: int, n: int) -> float:
    """A share as it is read; nan where nothing is known."""
    return float("nan") if pd.isna(n) else reader().part(k, n)


def read_peuplement(
    peuplement: pd.DataFrame, commissions: pd.DataFrame, answer_dites: Callable[[str], pd.DataFrame]
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """`peuplement`, the sums over its QPV of who came and who lives there, and `commissions`, as they are read.
    `answer_dites`: the cells of an indicator cut by QPV, as they are read.

    A verdict that a share does not say is that of the side of the objective (`indecis`: too near to tell).
    """
    dans = peuplement[~peuplement["qpv"].isin([HORS_QPV, INCONNU])]
    sommes = dans[[*ENTRANTS[:2], *OCCUPANTS[:2]]].sum()
    ensemble = pd.Series({c: reader().compte(n) for c, n in sommes.items()}, dtype=object)
    for colonne, k, n in ((c[2], c[1], c[0]) for c in (ENTRANTS, OCCUPANTS)):
        ensemble[colonne] = reader().part(sommes[k], sommes[n])
    dites = reader().comptes(commissions, ("n_candidats", "n_candidats_situes", "n_designes_situes"))
    if reader().lit_tout:
        return reader().comptes(peuplement, (*RENDUS, *REGLE)), ensemble, dites
    entrants, *regles = map(answer_dites, ("entrants_occupants", *REGLES))
    regle = pd.concat(regles).set_index("qpv").reindex(peuplement["qpv"]).set_axis(peuplement.index)
    dits = say_les_parts(peuplement, entrants, "qpv")
    dits = (
        reader()
        .comptes(dits, REGLE)
        .assign(
            part_regle=regle["part"].astype("float64"),
            verdict=regle["verdict"].where(regle["verdict"].notna(), regle["cote"].map(_PAR_COTE)),
        )
    )
    parts = zip(commissions["n_designes_situes"], commissions["n_candidats_situes"], strict=True)
    return dits, ensemble, dites.assign(part_designes=[part_connue(k, n) for k, n in parts])

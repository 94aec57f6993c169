"""What 13h30 reads of the offer, as its reader may: who waits, tension, who lives in each QPV and who comes. Pure."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.secret.bail import exactly, reader
from mel_core.segments.phrases_segments import read_tension
from mel_core.simulation.preconisations import ENSEMBLE, HORS_QPV, INCONNU, REGLES
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.valeurs import Compte

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


def sum_les_classes(conseilles: pd.DataFrame) -> pd.DataFrame:
    """What is advised in each class of quartiers, by its name, in their order: `n_attendues`, and of these MODESTES and
    AUTRES."""
    sommes = conseilles.groupby("fragilite")[["n_attendues", "n_modestes", "n_autres"]].sum()
    presentes = [c for c in FRAGILITES_EN_TETE if c in sommes.index]
    dites = {"n_modestes": MODESTES, "n_autres": AUTRES}
    return sommes.loc[presentes].rename(index=FRAGILITES_EN_TETE, columns=dites).astype("int64")


def render_siens(dites: pd.DataFrame, exactes: pd.DataFrame) -> pd.DataFrame:
    """`dites`, but `exactes` in its rows: those whose `commune` or `bailleur` is its own. Same columns and index."""
    if reader().cle not in exactes:
        return dites
    return dites.mask(exactes[reader().cle] == reader().code, exactes)


def read_attentes(communes: pd.DataFrame) -> pd.DataFrame:
    """One row per commune as it is read, those of which most wait first.

    `communes`: one row per `commune` of one `sens`, see `preconisations.mutations_bloquees`. Its columns, `n_recentes`
    (waiting for less than 24 months), `part_24_mois` and `part_36_mois` (of `n`); medians and shares empty where they
    are not said. Then how it is drawn: LONGUES and RECENTES, or TUES, its whole, where one of both waits is not said.
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
    longues, recentes, ensemble = (dites[c].astype(float) for c in ("n_24_mois", "n_recentes", "n"))
    est_tue = longues.isna() | recentes.isna()
    parts = {LONGUES: longues.mask(est_tue), RECENTES: recentes.mask(est_tue), TUES: ensemble.where(est_tue)}
    # By what is read alone: a place in the table would tell what is not.
    cles = dites[["n", "n_24_mois", "n_36_mois"]].astype(float).fillna(0).assign(nom=dites["nom"])
    rangees = cles.sort_values(list(cles), ascending=[False] * 3 + [True]).index
    return dites.assign(**parts).loc[rangees].reset_index(drop=True)


def read_les_tensions(offre: pd.DataFrame) -> tuple[pd.DataFrame, tuple[float, Compte, Compte] | None]:
    """`say_les_tensions` of `preconisations.offre_demande`; and of the communes that have one, how many demandes for
    one attribution on average, out of how many of each (None: no commune has one)."""
    ensemble = offre[offre["typologie"] == ENSEMBLE]
    montrees = say_les_tensions(ensemble)
    servies = montrees.loc[montrees["tension"].notna() & (montrees["n_attributions"] > 0), "commune"]
    if servies.empty:
        return montrees, None
    comptees = ensemble[ensemble["commune"].isin(servies)]
    demandes, attributions = (int(comptees[c].sum()) for c in ("n_demandes", "n_attributions"))
    moyenne = reader().pour_une(demandes / attributions, (demandes, attributions))
    return montrees, (moyenne, reader().compte(demandes), reader().compte(attributions))


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


def dans_les_qpv(lieux: pd.DataFrame) -> pd.DataFrame:
    """Of `preconisations.peuplement`, its rows that are QPV."""
    return lieux[~lieux["qpv"].isin([HORS_QPV, INCONNU])]


def confront(qpv: pd.DataFrame) -> pd.DataFrame:
    """The QPV of which both shares are said, with `ecart_points` of who comes to who lives there: the farthest apart
    first, those of so few entrants that it does not conclude last."""
    dits = qpv[qpv["part_entrants"].notna() & qpv["part_occupants"].notna()]
    points = 100 * (dits["part_entrants"].astype("float64") - dits["part_occupants"].astype("float64"))
    rangs = pd.DataFrame({"faible": dits["n_entrants_connus"] < EFFECTIF_MINIMAL, "loin": -points.abs()})
    nommes = dits.assign(nom=dits["nom"].fillna(dits["qpv"]), ecart_points=points)
    return nommes.loc[rangs.sort_values(["faible", "loin"], kind="stable").index]


def read_peuplement(
    peuplement: pd.DataFrame, commissions: pd.DataFrame, answer_dites: Callable[[str], pd.DataFrame]
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """`peuplement`, the sums over its QPV of who came and who lives there, and `commissions`, as they are read.
    `answer_dites`: the cells of an indicator cut by QPV, as they are read.

    A verdict that a share does not say is that of the side of the objective (`indecis`: too near to tell).
    """
    sommes = dans_les_qpv(peuplement)[[*ENTRANTS[:2], *OCCUPANTS[:2]]].sum()
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

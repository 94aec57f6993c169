"""What the objectives call for in each quartier and résidence over the next six months, and who lives in the QPV."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs import compute, objectif_de
from mel_core.indicateurs.definitions import SENS_PAR_FRAGILITE, Sens
from mel_core.indicateurs.mesures import rapport
from mel_core.simulation.reorientation.grille import share_out_par_groupe
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "preconisations.sql")
HORS_QPV, INCONNU = "hors_qpv", "inconnu"
REGLES = ("autres_en_qpv", "q1_hors_qpv")
_OCCUPANTS = ("n_occupants", "n_occupants_modestes", "part_occupants")
_COMPTES_ENTRANTS = ("n_entrants", "n_entrants_connus", "n_entrants_modestes")
_ENTRANTS = (*_COMPTES_ENTRANTS, "part_entrants")
_ATTENDUS = ("vacances_attendues", "n_attendues", "n_modestes", "n_autres")
_MESURES = ("n_logements", "n_vacants", "n_comptes", "part_vacance", *_OCCUPANTS, *_ENTRANTS, *_ATTENDUS)
_QUARTIER = ("quartier", "nom", "commune", "fragilite", *_MESURES)
_RESIDENCE = ("residence", "nom", "bailleur", "quartier", "commune", "fragilite", *_MESURES)
_DE_LA_REGLE = {"n_connus": "n_regle", "numerateur": "numerateur_regle", "part": "part_regle"}
_ECARTS = ("cible", "ecart_attributions", "verdict", "motif")
_QPV = ("qpv", "nom", "n_logements", *_OCCUPANTS, *_ENTRANTS, "regle", *_DE_LA_REGLE.values(), *_ECARTS)
_PRECISION = 10**6  # lettings expected are shared out in millionths, so that weights are whole


def par_quartier(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per quartier of `ici` with dwellings or an attribution over `periode` (12 months up to a séance's end).

    `quartier` (`inconnu`: attributions that do not say theirs), `nom`, `commune`, `fragilite`; the stock:
    `n_logements`, `n_vacants`, `part_vacance` (of `n_comptes`, the dwellings of the résidences that count them),
    `n_occupants` (of known ressources), `n_occupants_modestes`, `part_occupants`; who came: `n_entrants`,
    `n_entrants_connus`, `n_entrants_modestes`, `part_entrants`; what comes, over six months: `vacances_attendues`
    (dwellings, by the rotation of each résidence; empty unless all of them have one) and, of the résidences that have
    one, `n_attendues` (whole). What the target of `equilibre` calls for among them: `n_modestes` (at most in a fragile
    quartier, at least in one without fragility) and `n_autres`, which add up to `n_attendues`. Both are its part of
    those of its class in its ICI (`share_out_les_classes`), whatever `ici` is asked: the parts add up to the target.
    Empty: unknown, or no target.
    """
    stock = _stock_par_quartier(_residences(lecteur, periode, ici))
    noms = lecteur.query(SQL["quartiers"], ici=ici, fin=periode.fin).set_index("quartier")
    frame = _join(stock, _entrants(lecteur, periode, "quartier", ici)).join(noms).reset_index()
    frame["fragilite"] = frame["fragilite"].fillna(INCONNU)
    return _give_type(frame, _QUARTIER)


def par_residence(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per résidence of `ici`: the columns of `par_quartier` that it may have, and its `bailleur`.

    Its lettings and modest households are its part of its quartier's, by its rotation: they add up to the quartier's.
    """
    frame = _residences(lecteur, periode, ici).join(_entrants(lecteur, periode, "residence", ici), on="residence")
    frame[[*_COMPTES_ENTRANTS]] = frame[[*_COMPTES_ENTRANTS]].fillna(0)
    frame = frame.assign(
        n_comptes=frame["n_logements"].where(frame["n_vacants"].notna()),
        part_vacance=rapport(frame["n_vacants"], frame["n_logements"]),
    )
    return _give_type(frame, _RESIDENCE)


def find_conseilles(lieux: pd.DataFrame) -> pd.DataFrame:
    """The rows of `par_quartier` or `par_residence` that advise something."""
    return lieux[lieux["n_modestes"].notna() & (lieux["n_attendues"].fillna(0) > 0)]


def peuplement(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per QPV with dwellings or an attribution over `periode`, then `hors_qpv`, then `inconnu`.

    `n_logements`, `n_occupants` (of known ressources), `n_occupants_modestes`, `part_occupants`; `n_entrants`,
    `n_entrants_connus`, `n_entrants_modestes`, `part_entrants`; `regle`: `autres_en_qpv` (at least half outside the
    first quartile) in a QPV, `q1_hors_qpv` (at least a quarter in it) outside, none for `inconnu`, with `n_regle`
    (quartile known), `numerateur_regle`, `part_regle`, `cible`, `ecart_attributions`, `verdict`, `motif`
    (`seuil_absent`: nobody gave the threshold of the year). Empty: unknown. Only attributions and dwellings of `ici`,
    when it is given.
    """
    groupes = lecteur.query(SQL["stock"], ici=ici, fin=periode.fin).groupby("qpv")
    sommes = groupes[["n_occupants", "n_modestes"]].sum(min_count=1).set_axis([*_OCCUPANTS[:2]], axis=1)
    stock = sommes.assign(
        n_logements=groupes["n_logements"].sum(),
        part_occupants=rapport(sommes["n_occupants_modestes"], sommes["n_occupants"]),
    )
    regles = pd.concat(
        compute(lecteur, nom, periode, ["qpv"], ici=ici)
        .set_index("qpv")[[*_DE_LA_REGLE, *_ECARTS]]
        .rename(columns=_DE_LA_REGLE)
        .assign(regle=nom)
        for nom in REGLES
    )
    frame = _join(stock, _entrants(lecteur, periode, "qpv", ici)).join(regles).join(noms_des_qpv(lecteur, ici))
    frame = frame.assign(place=[{HORS_QPV: 1, INCONNU: 2}.get(qpv, 0) for qpv in frame.index])
    return _give_type(frame.reset_index().sort_values(["place", "qpv"]), _QPV)


def noms_des_qpv(lecteur: Lecteur, ici: str | None) -> pd.DataFrame:
    """What each QPV of the quartiers of `ici` is called, by code."""
    return lecteur.query(SQL["qpv"], ici=ici).set_index("qpv")


def qpv_du_lieu(lecteur: Lecteur, code: str) -> frozenset[str]:
    """The codes of the QPV where a commune has a quartier, or a bailleur a résidence (`code`)."""
    return frozenset(lecteur.query(SQL["qpv_du_lieu"], code=code)["qpv"])


def _residences(lecteur: Lecteur, periode: Periode, ici: str | None) -> pd.DataFrame:
    """The stock of `ici`, one row per résidence, with its part of what its class of its ICI expects and aims at."""
    toutes = lecteur.query(SQL["stock"], ici=None, fin=periode.fin)
    toutes = toutes.assign(part_occupants=rapport(toutes["n_modestes"], toutes["n_occupants"])).rename(
        columns={"attendues": "vacances_attendues", "n_modestes": "n_occupants_modestes"}
    )
    objectif = objectif_de(lecteur, "equilibre", periode)
    connues = toutes[toutes["vacances_attendues"].notna()].rename(columns={"vacances_attendues": "attendues"})
    toutes = toutes.join(share_out_les_classes(connues, objectif.valeur if objectif else None))
    toutes["n_autres"] = toutes["n_attendues"] - toutes["n_modestes"]
    return toutes if ici is None else toutes[toutes["ici"] == ici].reset_index(drop=True)


def _stock_par_quartier(residences: pd.DataFrame) -> pd.DataFrame:
    """The stock of each quartier; a sum over nothing known is empty, and expected vacancies unless all are known."""
    comptees = residences["n_logements"].where(residences["n_vacants"].notna())
    groupes = residences.assign(n_comptes=comptees).groupby("quartier")
    sommes = groupes[["n_vacants", *_OCCUPANTS[:2], *_ATTENDUS]].sum(min_count=1)
    n_comptes, sont_connues = groupes["n_comptes"].sum(), groupes["vacances_attendues"].count() == groupes.size()
    return sommes.assign(
        n_logements=groupes["n_logements"].sum(),
        n_comptes=n_comptes,
        part_vacance=rapport(sommes["n_vacants"], n_comptes),
        part_occupants=rapport(sommes["n_occupants_modestes"], sommes["n_occupants"]),
        vacances_attendues=sommes["vacances_attendues"].where(sont_connues),
    )


def _entrants(lecteur: Lecteur, periode: Periode, coupe: str, ici: str | None) -> pd.DataFrame:
    """The indicator `entrants_occupants`, as it is everywhere else."""
    cellules = compute(lecteur, "entrants_occupants", periode, [coupe], ici=ici).set_index(coupe)
    return cellules[["n", "n_connus", "numerateur", "part"]].set_axis([*_ENTRANTS], axis=1)


def _join(stock: pd.DataFrame, entrants: pd.DataFrame) -> pd.DataFrame:
    """Every place with dwellings or somebody who came; nobody came where no attribution says so."""
    lieux = pd.DataFrame(index=stock.index.union(entrants.index)).rename_axis(entrants.index.name)
    return lieux.join(stock).join(entrants).fillna(dict.fromkeys(_COMPTES_ENTRANTS, 0))


def _give_type(frame: pd.DataFrame, colonnes: tuple[str, ...]) -> pd.DataFrame:
    """Counts are whole or empty, shares are numbers or empty."""
    entiers = {c: "Int64" for c in colonnes if c.startswith(("n_", "numerateur"))}
    parts = {c: "float64" for c in colonnes if c.startswith(("part_", "vacances"))}
    return frame[list(colonnes)].astype(entiers | parts).reset_index(drop=True)


def round_off(attendues: float) -> int:
    """Whole lettings, half up; a hair of binary rounding is not half a dwelling."""
    return floor(attendues + 0.5 + 1e-9)


def count_vises(n: int, cible: Fraction, sens: Sens) -> int:
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
        [count_vises(int(t), cible, s) if cible is not None and s else 0 for t, s in zip(totaux, sens, strict=True)],
        dtype="int64",
    )
    modestes = share_out_par_groupe(share_out_par_groupe(vises, n_du_quartier, classe_du_quartier), n, quartier)
    a_un_objectif = np.array([cible is not None and s is not None for s in sens], dtype=bool)[classe]
    parts = pd.DataFrame({"n_attendues": n, "n_modestes": modestes}, index=ordonnees.index, dtype="Int64")
    parts.loc[~a_un_objectif, "n_modestes"] = pd.NA
    return parts.reindex(residences.index)


ENSEMBLE = "ensemble"


def offre_demande(lecteur: Lecteur, periode: Periode, ici: str) -> pd.DataFrame:
    """One row per commune of `ici` × typologie, and one per commune for `ensemble`.

    `commune`, `nom`, `typologie` (`inconnu` when not said), `n_demandes` (active on the last day; a demande counts in
    each commune and typologie that it wants), `n_attributions` (12 months), `tension` (demandes for one attribution,
    empty without any), `n_logements`, `n_vacants` (`ensemble` only: the stock does not say its typologies; vacants
    empty when no résidence counts them).
    """
    frame = lecteur.query(SQL["offre_demande"], ici=ici, debut=periode.debut, fin=periode.fin)
    stock = lecteur.query(SQL["stock"], ici=ici, fin=periode.fin)
    sommes = stock.groupby("commune")[["n_logements", "n_vacants"]].sum(min_count=1)
    sommes = sommes.assign(typologie=ENSEMBLE).set_index("typologie", append=True)
    frame = frame.assign(tension=frame["n_demandes"] / frame["n_attributions"].where(frame["n_attributions"] > 0))
    frame = frame.join(sommes, on=["commune", "typologie"])
    return frame.astype({"n_logements": "Int64", "n_vacants": "Int64"})


def mutations_bloquees(lecteur: Lecteur, jour: date, ici: str | None = None) -> pd.DataFrame | None:
    """Blocked mutations pending on `jour` by commune, the longest waits first; None when no file says them.

    `sens`: `souhaitee` (a demande counts in each commune that it wants) or `residence` (where it lives: once);
    `commune`, `nom`, `n`, `mediane_mois` (whole months since the demande was made), `n_24_mois` and `n_36_mois` (those
    that have waited that long or longer).
    """
    if "mutation_bloquee" not in lecteur.colonnes("demandes"):
        return None
    return lecteur.query(SQL["mutations_bloquees"], jour=jour, ici=ici)


def commissions(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per QPV with a commission held over `periode` (those of the quartiers of `ici`, when it is given).

    `qpv`, `nom` (empty when no quartier bears the code), `n_commissions`, `derniere` (date), `n_candidats`,
    `n_designes`, `n_refuses` (sums of what is said, empty when nothing is), `part_designes` (designated among the
    candidates: `n_designes_situes` over `n_candidats_situes`), `part_refuses` (refusals among the designated): shares
    over the meetings that say both.
    """
    frame = lecteur.query(SQL["commissions"], debut=periode.debut, fin=periode.fin)
    noms = noms_des_qpv(lecteur, ici)
    if ici is not None:
        frame = frame[frame["qpv"].isin(noms.index)]
    frame = frame.join(noms, on="qpv").assign(derniere=frame["derniere"].dt.date).reset_index(drop=True)
    frame.insert(1, "nom", frame.pop("nom"))
    comptes = ["n_candidats", "n_designes", "n_refuses", "n_candidats_situes", "n_designes_situes"]
    return frame.astype(dict.fromkeys(comptes, "Int64"))

"""The points of the cotation, where a file gives them: who was housed, beside whom points alone would have housed.

A grid is read, never applied: points are an aid to the decision of a commission, and say nothing of the dwelling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs.besoins import toutes
from mel_core.indicateurs.manques import DEMANDES, sans_reponse
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs
from mel_core.socle.valeurs import Duree

SQL = blocs(__file__, "cotation.sql")
BESOINS = (DEMANDES, *toutes("demandes", "points"))


@dataclass(frozen=True)
class Cotation:
    """`n_attributions` of 12 months, `n_connus` of whose households have points, `n_attente` demandes with points that
    still wait; medians of both (nan without any). `n_en_tete`: those housed that have as many points, or more, as the
    last of the `n_connus` first of all these households, `seuil` (infinite: nobody)."""

    n_attributions: int
    n_connus: int
    n_attente: int
    mediane_attribues: float
    mediane_attente: float
    n_en_tete: int
    seuil: float = float("inf")


def cotation(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> Cotation | None:
    """Of the bails of `periode` in `ici` (None: all); None when no file gives points (`BESOINS`)."""
    if sans_reponse(lecteur, BESOINS):
        return None
    lus = lecteur.query(SQL["points"], ici=ici, debut=periode.debut, jour=periode.fin)
    loges, attente = (lus[lus["quoi"] == quoi] for quoi in ("attribue", "attente"))
    housed, waiting = (
        np.repeat(x["points"].dropna().to_numpy(dtype="float64"), x.loc[x["points"].notna(), "n"])
        for x in (loges, attente)
    )
    tous = np.sort(np.concatenate([housed, waiting]))
    seuil = tous[-len(housed)] if len(housed) else float("inf")
    return Cotation(
        int(loges["n"].sum()),
        len(housed),
        len(waiting),
        _mediane(housed),
        _mediane(waiting),
        int((housed >= seuil).sum()),
        float(seuil),
    )


def _mediane(points: np.ndarray) -> float:
    return float(np.median(points)) if len(points) else float("nan")


def render(lue: Cotation) -> pd.DataFrame:
    """One row, as it is read: the fields of `Cotation` and `part_en_tete` (0–1, of `n_connus`); a median
    needs as many households as a side does."""
    est_dite = {"attribues": lue.n_connus, "attente": lue.n_attente}
    medianes = {
        f"mediane_{nom}": getattr(lue, f"mediane_{nom}")
        if reader().lit_tout or n >= reader().regle.cote_des
        else float("nan")
        for nom, n in est_dite.items()
    }
    comptes = {c: reader().compte(getattr(lue, c)) for c in ("n_attributions", "n_connus", "n_attente", "n_en_tete")}
    dits = comptes | medianes | {"part_en_tete": reader().part(lue.n_en_tete, lue.n_connus)}
    return pd.DataFrame([dits], dtype=object)


def say(lue: Cotation | None, duree: Duree) -> str:
    """How near what was allocated is to the order of the points; what they would tell, where no file gives them."""
    if lue is None:
        return (
            "Points de la cotation : aucun fichier n’a donné « points » (table « demandes ») ; avec eux, cet écran dit "
            "combien de logés l’auraient été par les points seuls."
        )
    if not lue.n_connus:
        return "Aucun ménage logé n’a de points de cotation."
    x = render(lue).iloc[0]
    part = "" if pd.isna(x["part_en_tete"]) else f" ({langue.part(x['part_en_tete'])})"
    tete = (
        f"Sur {langue.effectif(x['n_connus'], 'attribution')} de {duree} à des ménages dont les points sont connus, "
        f"{x['n_en_tete']}{part} vont à ceux que les points seuls auraient logés"
    )
    if pd.isna(x["mediane_attribues"]) or pd.isna(x["mediane_attente"]):
        return f"{tete}."
    return (
        f"{tete} ; médiane de {_points(x['mediane_attribues'])} points pour les logés, de "
        f"{_points(x['mediane_attente'])} pour ceux qui attendent."
    )


def _points(valeur: float) -> str:
    return langue.nombre(valeur, 0 if langue.est_entier(valeur) else 1)

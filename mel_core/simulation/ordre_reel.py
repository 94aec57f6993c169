"""The order of the points of the cotation, where a file gives them, beside what was allocated: by segment, commune,
bailleur. One threshold for a whole scope, so that the lines of communes and of bailleurs add up to its own answer."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs.suivi.cotation import Cotation, cotation
from mel_core.secret.bail import reader
from mel_core.segments import SEGMENTS, Criteres
from mel_core.segments.calcul_segments import pseudonymes
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "ordre_reel.sql")
LOGES = ("n_attributions", "n_connus", "n_en_tete")
ATTENTE = ("n_attente", "n_attente_en_tete")


def par_segment(lecteur: Lecteur, periode: Periode, ici: str | None) -> pd.DataFrame:
    """One row per segment of the contract: `code`; `n_attente`, those of it that wait on the last day for a commune of
    `ici` (None: any) and have points; `n_attente_en_tete`, those that have as many as the last who would have been
    housed by points alone. Segments overlap. Empty where no file gives points."""
    if (seuil := _seuil(lecteur, periode, ici)) is None:
        return pd.DataFrame(columns=["code", *ATTENTE])
    points = lecteur.query(SQL["attente"], ici=ici, jour=periode.fin).set_index("pseudonyme")["points"]
    lignes = []
    for code in SEGMENTS:
        siens = points[points.index.isin(pseudonymes(lecteur, code, Criteres(periode.fin)))]
        lignes.append((code, len(siens), int((siens >= seuil).sum())))
    return pd.DataFrame(lignes, columns=["code", *ATTENTE])


def par_commune(lecteur: Lecteur, periode: Periode, ici: str | None) -> pd.DataFrame:
    """One row per commune where somebody was housed in twelve months: `code`, `n_attributions`, `n_connus` whose
    household has points, `n_en_tete` of them that points alone would have housed in the scope."""
    return _par(lecteur, periode, ici, "commune")


def par_bailleur(lecteur: Lecteur, periode: Periode, ici: str | None) -> pd.DataFrame:
    """The same by bailleur."""
    return _par(lecteur, periode, ici, "bailleur")


COUPES: dict[str, Callable[[Lecteur, Periode, str | None], pd.DataFrame]] = {
    "commune": par_commune,
    "bailleur": par_bailleur,
    "segment": par_segment,
}


def _par(lecteur: Lecteur, periode: Periode, ici: str | None, coupe: str) -> pd.DataFrame:
    if (seuil := _seuil(lecteur, periode, ici)) is None:
        return pd.DataFrame(columns=["code", *LOGES])
    return lecteur.query(SQL["loges"], ici=ici, debut=periode.debut, fin=periode.fin, coupe=coupe, seuil=seuil)


def _seuil(lecteur: Lecteur, periode: Periode, ici: str | None) -> float | None:
    """The points of the last who would have been housed by points alone; None where nobody housed has any."""
    lue = cotation(lecteur, periode, ici)
    return lue.seuil if lue and lue.n_connus else None


def say(lue: Cotation) -> str:
    """What « que les points auraient logés » is."""
    seuil = langue.nombre(lue.seuil, 0 if langue.est_entier(lue.seuil) else 1)
    return langue.typeset(
        f"Les points auraient logé ceux qui en ont au moins {seuil} : autant que le dernier des "
        f"{langue.nombre(lue.n_connus)} premiers, des ménages logés et de ceux qui souhaitent une commune du "
        "périmètre, ex æquo compris."
    )


def render(frame: pd.DataFrame) -> pd.DataFrame:
    """The lines as they are read, those of most households first, with `part` (0–1, empty where it is not said)."""
    comptes = LOGES if LOGES[0] in frame else ATTENTE
    total, k = comptes[-2:]
    parts = [reader().part(x[k], x[total]) if x[total] else float("nan") for x in frame.to_dict("records")]
    ordre = frame.sort_values([total, "code"], ascending=[False, True]).index
    return reader().comptes(frame, comptes).assign(part=pd.Series(parts, index=frame.index, dtype=float)).loc[ordre]

"""What an engagement became at the next séance: its cohort accounted, the number held or not, why the list moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from mel_core.entrepot import Entrepot, Portee
from mel_core.seance.engagements import conservation
from mel_core.seance.engagements.cohorte import AVEC_BAIL, Issue, bilan, decompose, follow
from mel_core.seance.engagements.engagement_pris import METROPOLE, Engagement
from mel_core.segments import Criteres, find_all
from mel_core.socle.periodes import Seance

TENU, EN_COURS, NON_TENU = "tenu", "en_cours", "non_tenu"
VERDICTS = {TENU: "tenu", EN_COURS: "en cours", NON_TENU: "non tenu"}


@dataclass(frozen=True)
class ResultatEngagement:
    """The accounting on `au`, the day the engagement is judged: the end of the séance, or the deadline when it is past.

    `suivie`: one row per household (see `cohorte.follow`). `bilan`: its outcomes, which add up to `n`. `n_loges`:
    those with a bail signed by then in the ICI of the engagement, as the flow that it was set on is counted;
    `n_ailleurs`: with a bail in another ICI of the Métropole. `verdict`: held as soon as `n_loges` reaches the number;
    not held once the deadline is there: what comes later changes nothing. `n_loges_depuis`: the others of the cohort
    housed in the ICI after `au`, up to `vu_au`, the end of the séance. `mouvement`: from the old list to that of `au`
    (see `cohorte.decompose`).
    """

    au: date
    n: int
    n_loges: int
    verdict: str
    suivie: pd.DataFrame
    bilan: pd.DataFrame
    mouvement: pd.DataFrame
    vu_au: date
    n_loges_depuis: int
    n_ailleurs: int


def judge(n_loges: int, promis: int, est_echu: bool) -> str:
    """The verdict of a number: of the whole engagement, or of the part of a place. Held as soon as it is reached."""
    return TENU if n_loges >= promis else NON_TENU if est_echu else EN_COURS


def ascertain(entrepot: Entrepot, dossier: Path, engagement: Engagement, seance: Seance) -> ResultatEngagement:
    """The accounting of `engagement` at `seance`, in the snapshot that serves it.

    A household is looked for in the whole Métropole: it may be housed in another ICI. Raises `ErreurUtilisateur` when
    the frozen list is no longer there.
    """
    avant, au = engagement.criteres.jour, min(seance.fin, engagement.echeance)
    cohorte = conservation.reread(dossier, engagement.cohorte)
    with entrepot.open(Portee.mel(), seance) as lecteur:
        suivie = follow(lecteur, cohorte, avant, au, engagement.ici)
        restants = cohorte[~suivie["issue"].isin([str(i) for i in AVEC_BAIL]).to_numpy()]
        depuis = follow(lecteur, restants, au, seance.fin, engagement.ici)
    portee = Portee.mel() if engagement.ici == METROPOLE else Portee.ici(engagement.ici)
    c = engagement.criteres
    with entrepot.open(portee, seance) as lecteur:
        nouvelle = find_all(lecteur, engagement.quoi, Criteres(au, c.mois, c.n_min, c.fenetre))
    comptes = suivie["issue"].value_counts()
    n_loges = int(comptes.get(str(Issue.RELOGE), 0))
    return ResultatEngagement(
        au=au,
        n=len(suivie),
        n_loges=n_loges,
        verdict=judge(n_loges, engagement.nombre, au >= engagement.echeance),
        suivie=suivie,
        bilan=bilan(suivie),
        mouvement=decompose(suivie, nouvelle, avant),
        vu_au=seance.fin,
        n_loges_depuis=int((depuis["issue"] == Issue.RELOGE).sum()),
        n_ailleurs=int(comptes.get(str(Issue.RELOGE_AILLEURS), 0)),
    )

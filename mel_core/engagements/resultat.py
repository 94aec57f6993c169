"""What an engagement became at the next séance: its cohort accounted, the number held or not, why the list moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from mel_core.engagements import conservation
from mel_core.engagements.cohorte import Issue, bilan, decomposer, suivre
from mel_core.engagements.engagement import METROPOLE, Engagement
from mel_core.entrepot import Entrepot, Portee
from mel_core.periodes import Seance
from mel_core.segments import Criteres, lister

TENU, EN_COURS, NON_TENU = "tenu", "en_cours", "non_tenu"
VERDICTS = {TENU: "tenu", EN_COURS: "en cours", NON_TENU: "non tenu"}


@dataclass(frozen=True)
class Resultat:
    """`suivie`: one row per household (see `cohorte.suivre`). `bilan`: its outcomes, which add up to `n`.

    `n_loges`: housed, their bail found or not. `verdict`: held as soon as `n_loges` reaches the number; not held once
    the deadline is passed. `mouvement`: from the old list to the new one (see `cohorte.decomposer`).
    """

    au: date
    n: int
    n_loges: int
    verdict: str
    suivie: pd.DataFrame
    bilan: pd.DataFrame
    mouvement: pd.DataFrame


def constater(entrepot: Entrepot, dossier: Path, engagement: Engagement, seance: Seance) -> Resultat:
    """The accounting of `engagement` at the end of `seance`, in the snapshot that serves it.

    A household is looked for in the whole Métropole: it may be housed in another ICI. Raises `ErreurUtilisateur` when
    the frozen list is no longer there.
    """
    avant, au = engagement.criteres.jour, seance.fin
    cohorte = conservation.relire(dossier, engagement.cohorte)
    with entrepot.ouvrir(Portee.mel(), seance) as lecteur:
        suivie = suivre(lecteur, cohorte, avant, au)
    portee = Portee.mel() if engagement.ici == METROPOLE else Portee.ici(engagement.ici)
    c = engagement.criteres
    with entrepot.ouvrir(portee, seance) as lecteur:
        nouvelle = lister(lecteur, engagement.quoi, Criteres(au, c.mois, c.n_min, c.fenetre))
    comptes = bilan(suivie)
    loges = comptes["issue"].isin([str(Issue.RELOGE), str(Issue.RELOGE_SANS_BAIL)])
    n_loges = int(comptes.loc[loges, "n"].sum())
    est_tenu = n_loges >= engagement.nombre
    verdict = TENU if est_tenu else NON_TENU if au >= engagement.echeance else EN_COURS
    return Resultat(au, len(suivie), n_loges, verdict, suivie, comptes, decomposer(suivie, nouvelle, avant))

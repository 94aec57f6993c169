"""What a target asks on the bilan, and what there is to do it: the answer of the engine that Simuler asks too.

Read once for a snapshot, a séance and an ICI.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from mel_core.simulation.reorientation.faisabilite import PROFILS, Moyens, est_jugeable
from mel_core.simulation.reorientation.grille import CibleEssayee as Cible
from mel_core.simulation.reorientation.grille import Grille
from mel_core.simulation.reorientation.phrases import Cadre
from mel_core.simulation.reorientation.reponses import Exigence, ask
from mel_core.simulation.scenarios import Scenario
from mel_core.socle.periodes import Seance
from pages.commun import donnees, memo
from pages.commun.mesures import lecture_scenario
from pages.commun.mesures.lecture_bilan import Cle, read_cle


@dataclass(frozen=True, eq=False)
class MoteurBilan:
    """What answers the steps of a bilan. `moyens`: None where nobody is to be housed (a rule of the law), or where
    nobody can say who waits: the demandes were erased with a frozen séance, or were never given."""

    cellules: pd.DataFrame
    grille: Grille
    moyens: Moyens | None
    cadre: Cadre

    def ask(self, cible: Cible) -> Exigence:
        return ask(self.cellules, cible, self.grille, self.moyens)


@memo.said(64, est_partage=True)
def read(cle: Cle) -> MoteurBilan:
    identifiant, seance, indicateur, ici = cle
    bilan = read_cle(cle)
    sans_moyens = MoteurBilan(bilan.cellules, Grille.de(bilan.cellules), None, Cadre())
    if indicateur not in PROFILS:
        return sans_moyens
    with donnees.open(identifiant, seance) as lecteur:
        est_gelee = lecteur.gel is not None
    if est_gelee:
        return replace(sans_moyens, cadre=Cadre(est_jugee=False))
    base = lecture_scenario.base(Scenario(indicateur, Seance.read(seance), ici=ici or "", millesime=identifiant))
    if not est_jugeable(base.eligibles):
        return replace(sans_moyens, cadre=Cadre(noms=base.noms, est_jugee=False))
    moyens = Moyens.de(bilan.cellules, indicateur, base.eligibles, base.vacances)
    return replace(sans_moyens, moyens=moyens, cadre=Cadre(noms=base.noms))

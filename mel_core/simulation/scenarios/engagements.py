"""`engagement`: what a number or a share of the flow given to a segment leaves, as far as last semester tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur, Portee
from mel_core.secret.bail import reader
from mel_core.segments import Criteres
from mel_core.segments.regles_segments import DRAPEAU, PAS, segment_de
from mel_core.simulation.engagement import calcul_engagement, situation
from mel_core.simulation.engagement.phrases_engagement import say
from mel_core.simulation.reorientation.faisabilite import Faisabilite
from mel_core.simulation.scenarios.resultat import Chiffre, Resultat
from mel_core.simulation.scenarios.scenario import LEVIERS, Scenario
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect

FLUX_INCONNU = "flux_inconnu"


@dataclass(frozen=True, eq=False, kw_only=True)
class ResultatEngagement(Resultat):
    """`base`: what the engagement is decided on."""

    base: situation.Situation

    def texte(self) -> str:
        leviers: dict[str, Any] = dict(self.scenario.leviers)
        titre, n = segment_de(leviers["segment"]).titre, reader().compte(self.base.n)
        de = f" du segment « {titre} » ({langue.nombre(n)} aujourd’hui)"
        rien = f"{_RIEN_DEMANDE} " if self.motif == FLUX_INCONNU else ""
        essai = self.base.scenario(leviers.get("nombre"), leviers.get("part"))
        dit = say(self.base, essai, self.scenario.seance.suivante.fin, de)
        return f"{rien}{dit}{_inertes(leviers, self.base)}"


def read(lecteur: Lecteur, scenario: Scenario, metropole: Lecteur | None = None) -> situation.Situation:
    """The segment among the rows of the ICI; `metropole`: a reader of the whole, where its households may be housed.

    Raises `AppelIncorrect` without a segment.
    """
    leviers: dict[str, Any] = dict(scenario.leviers)
    segment = leviers.get("segment")
    if segment is None:
        raise AppelIncorrect('Un engagement porte sur un segment : donner le levier « segment », comme "poulidor".')
    segment_de(segment)
    if scenario.ici and (lecteur.portee != Portee.ici(scenario.ici) or metropole is None):
        raise ValueError("an engagement of an ICI wants a reader of its scope and one of the Métropole: see `portee`")
    criteres = {c: leviers[c] for c, lus in PAS.items() if c in leviers and segment in lus}
    return situation.read(lecteur, segment, Criteres(scenario.seance.fin, **criteres), metropole)


def compute(base: situation.Situation, scenario: Scenario) -> Resultat:
    """`resultat`: one row per semester; `details`: what each commune × bailleur would give, and whom it displaces.

    When last semester does not tell what the flow gives already (`Situation.est_observe`), what is left, whom it
    displaces and the years to come are unknown: None, or no row. Of what is impossible, the figures and the details are
    those of the most that could be housed, and nothing is projected.
    """
    leviers: dict[str, Any] = dict(scenario.leviers)
    repos, essai = base.scenario(), base.scenario(leviers.get("nombre"), leviers.get("part"))
    trajectoire, temoin = (calcul_engagement.project(base.entrees, s) for s in (essai, repos))
    verdict, trouve = calcul_engagement.judge(essai)
    est_possible = verdict is not Faisabilite.INFAISABLE
    tenu = essai if est_possible else base.scenario(essai.au_mieux)
    motif = str(trouve) if trouve else None
    if trouve is calcul_engagement.MotifEngagement.DEJA_OBSERVE and not base.est_observe:
        motif = FLUX_INCONNU
    autres, deplaces = base.autres, tenu.n_deplaces
    constat, synthese = (_chiffres(base, s, t) for s, t in ((repos, temoin), (tenu, trajectoire)))
    if not est_possible:
        synthese, trajectoire = synthese | {"n_restants": None}, trajectoire[:0]
    if not base.est_observe:
        constat, synthese = constat | _INCONNUS | {"n_servis": None}, synthese | _INCONNUS
        trajectoire, temoin, autres, deplaces = trajectoire[:0], temoin[:0], autres[:0], 0
    return ResultatEngagement(
        scenario=scenario,
        constat=constat,
        synthese=synthese,
        resultat=trajectoire,
        verdict=str(verdict),
        motif=motif,
        details={
            "cellules": calcul_engagement.distribute(base.cellules, tenu.servis),
            "deplaces": calcul_engagement.displace(autres, deplaces),
            "constat": temoin,
        },
        base=base,
    )


def _inertes(leviers: dict[str, Any], base: situation.Situation) -> str:
    """Which levers the rule of the segment does not read: moved, they change nothing."""
    lus = PAS | ({"mois": PAS["mois"] - {DRAPEAU}} if base.est_au_drapeau else {})
    muets = [nom for nom, segments in lus.items() if nom in leviers and leviers["segment"] not in segments]
    if not muets:
        return ""
    dits = langue.liste([f"« {LEVIERS['engagement'][nom].titre} »" for nom in muets])
    sujet, verbe = ("Le levier", "ne joue") if len(muets) == 1 else ("Les leviers", "ne jouent")
    return f" {sujet} {dits} {verbe} pas sur ce segment."


def _chiffres(
    base: situation.Situation, essai: calcul_engagement.ScenarioEngagement, suite: pd.DataFrame
) -> dict[str, Chiffre]:
    return {
        "n": base.n,
        "n_servis": essai.servis,
        "n_deplaces": essai.n_deplaces,
        "n_restants": int(suite["restants"].iloc[-1]) if len(suite) else base.n,
    }


_INCONNUS: dict[str, Chiffre] = {"n_deplaces": None, "n_restants": None}
_RIEN_DEMANDE = "Rien ne change : aucun nombre ni part du flux n’est demandé."

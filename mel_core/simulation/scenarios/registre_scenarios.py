"""Which simulations there are, and how each one reads, then answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mel_core.entrepot import Lecteur, Portee
from mel_core.entrepot.perimetre import icis
from mel_core.simulation.scenarios import engagements, plans, programmations, projections, reorientations
from mel_core.simulation.scenarios.resultat import Resultat
from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle.erreurs import AppelIncorrect


@dataclass(frozen=True)
class Moteur:
    """`read` reads what a scenario starts from, once; `compute` answers, a pure function of it.

    `lus`: levers that change what is read; the others can move without reading again. `est_restreint`: in an ICI it
    reads the rows of the ICI alone, and is given a reader of the Métropole beside.
    """

    read: Callable[..., Any]
    compute: Callable[[Any, Scenario], Resultat]
    lus: frozenset[str] = frozenset()
    est_restreint: bool = False


MOTEURS: dict[str, Moteur] = {
    "equilibre": Moteur(reorientations.read, reorientations.compute_equilibre),
    "aci": Moteur(reorientations.read, reorientations.compute_aci),
    "convergence": Moteur(projections.read_stock, projections.compute_convergence),
    "engagement": Moteur(
        engagements.read,
        engagements.compute,
        frozenset({"segment", "mois", "n_min", "fenetre"}),
        est_restreint=True,
    ),
    "programmation": Moteur(programmations.read, programmations.compute),
    "plan": Moteur(plans.read, plans.compute),
    "ordonnancement": Moteur(projections.read_file, projections.compute_ordonnancement),
}


def portee(scenario: Scenario) -> Portee:
    """The scope whose rows the scenario reads: an engagement of an ICI is counted among the demandes of the ICI."""
    est_restreinte = MOTEURS[scenario.simulation].est_restreint and scenario.ici
    return Portee.ici(scenario.ici) if est_restreinte else Portee.mel()


def depart(lecteur: Lecteur, scenario: Scenario, metropole: Lecteur | None = None) -> Any:
    """What the scenario starts from, to be given to `answer` as often as its levers move.

    `lecteur` reads the `portee` of the scenario. `metropole`: one of the whole Métropole beside, for a narrower one.
    """
    if scenario.ici and scenario.ici not in icis(lecteur):
        connues = ", ".join(icis(lecteur)) or "aucune dans le jeu de données publié"
        raise AppelIncorrect(f"L’ICI « {scenario.ici} » du scénario est inconnue : prendre l’une de {connues}.")
    moteur = MOTEURS[scenario.simulation]
    return moteur.read(lecteur, scenario, metropole) if moteur.est_restreint else moteur.read(lecteur, scenario)


def answer(base: Any, scenario: Scenario) -> Resultat:
    """The answer on what `depart` read."""
    return MOTEURS[scenario.simulation].compute(base, scenario)


def execute(lecteur: Lecteur, scenario: Scenario, metropole: Lecteur | None = None) -> Resultat:
    """Read (see `depart`), then answer. The scenario of the answer bears the vintage on which it was tried."""
    date = Scenario(**{**vars(scenario), "millesime": lecteur.instantane.identifiant})
    return answer(depart(lecteur, date, metropole), date)

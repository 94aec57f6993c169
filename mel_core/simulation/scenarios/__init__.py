"""What-if with a name: levers, engines, answers, comparisons; a file, a link, an entry of the journal."""

from mel_core.simulation.scenarios.registre import MOTEURS, answer, compare, depart, effets_de, execute, portee
from mel_core.simulation.scenarios.resultat import Resultat
from mel_core.simulation.scenarios.scenario import Scenario

__all__ = [
    "MOTEURS",
    "Resultat",
    "Scenario",
    "answer",
    "compare",
    "depart",
    "effets_de",
    "execute",
    "portee",
]

"""What-if with a name: levers, engines, answers, comparisons; a file, a link, an entry of the journal."""

from mel_core.scenarios.comparaison import comparer, effets, effets_de
from mel_core.scenarios.registre import MOTEURS, depart, executer, portee, repondre
from mel_core.scenarios.resultat import Resultat
from mel_core.scenarios.scenario import Scenario

__all__ = [
    "MOTEURS",
    "Resultat",
    "Scenario",
    "comparer",
    "depart",
    "effets",
    "effets_de",
    "executer",
    "portee",
    "repondre",
]

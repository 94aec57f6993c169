"""What-if with a name: levers, engines, answers, comparisons; a file, a link, an entry of the journal."""

from mel_core.scenarios.registre import MOTEURS, depart, executer, repondre
from mel_core.scenarios.resultat import Resultat
from mel_core.scenarios.scenario import Scenario

__all__ = ["MOTEURS", "Resultat", "Scenario", "depart", "executer", "repondre"]

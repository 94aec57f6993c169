"""The coordination of a séance: blocages, decisions, what works, the sign-off, and what each decision became.

Modules are named for what they keep, and their functions read with it: `blocages.report`, `decisions.act`,
`presences.record`, `signature.sign`, `resultats.bilan`.
"""

from mel_core.seance.coordination.blocages import Blocage
from mel_core.seance.coordination.decisions import Decision, Position
from mel_core.seance.coordination.presences import Pratique
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinPreuve, TemoinSegment

__all__ = [
    "Blocage",
    "Decision",
    "Position",
    "Pratique",
    "TemoinIndicateur",
    "TemoinPreuve",
    "TemoinSegment",
]

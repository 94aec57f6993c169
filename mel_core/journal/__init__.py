"""The journal: what the co-pilots and the room write, append-only, chained, never lost, never doubled."""

from mel_core.journal.fiches import Alteration, Auteur, Fiche, Inscrit, Perime, nouvel_identifiant, nouvel_op_id
from mel_core.journal.journal import Journal, one_state

__all__ = [
    "Alteration",
    "Auteur",
    "Fiche",
    "Inscrit",
    "Journal",
    "Perime",
    "nouvel_identifiant",
    "nouvel_op_id",
    "one_state",
]

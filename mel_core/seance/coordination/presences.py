"""Who was there when an ICI met, and where: told at the clôture, printed by the relevé, covered by its signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mel_core.journal import Auteur, Fiche, Journal
from mel_core.seance.coordination import textes
from mel_core.socle.periodes import Seance

OBJET = "presence"


@dataclass(frozen=True)
class Presences:
    """`presents`: codes of the institutions, communes and bailleurs that were represented, in the order told; nobody's
    name. `lieu`: where they met, in words (empty: not said)."""

    seance: Seance
    ici: str
    presents: tuple[str, ...] = ()
    lieu: str = ""

    def __post_init__(self) -> None:
        textes.verify("Lieu", self.lieu, obligatoire=False)

    def contenu(self) -> dict[str, Any]:
        return {**vars(self), "seance": str(self.seance), "presents": list(self.presents)}

    @classmethod
    def depuis(cls, fiche: Fiche) -> Presences:
        c = fiche.contenu
        return cls(Seance.read(c["seance"]), c["ici"], tuple(c["presents"]), c["lieu"])


def read(journal: Journal, seance: Seance, ici: str) -> tuple[int, Presences]:
    """What was told of a séance and its version; nobody and nowhere at version 0."""
    fiche = journal.read(OBJET, _identifiant(seance, ici))
    if fiche is None:
        return 0, Presences(seance, ici)
    return fiche.version, Presences(seance, ici) if fiche.effacee else Presences.depuis(fiche)


def say_manque(est_datee: bool, presences: Presences) -> str:
    """What the relevé will not say, before somebody signs it for good; empty when it says when and who."""
    manquent = [
        dit for dit, est_su in (("la date de la séance", est_datee), ("les présents", presences.presents)) if not est_su
    ]
    if not manquent:
        return ""
    ni = f"ni {' ni '.join(manquent)}" if len(manquent) > 1 else f"pas {manquent[0]}"
    return f"Le relevé ne dit {ni} : à donner avant de signer."


def record(journal: Journal, presences: Presences, auteur: Auteur, *, op_id: str, version_vue: int) -> Fiche:
    """Write who was there over what was told. Raises as `Journal.write` when somebody told it meanwhile."""
    identifiant = _identifiant(presences.seance, presences.ici)
    return journal.write(OBJET, identifiant, presences.contenu(), auteur, op_id, version_vue)


def _identifiant(seance: Seance, ici: str) -> str:
    return f"{seance}-{ici}"

"""What an officer writes beside a line of a list: the outcome of a contact, kept in the journal, version after version.

No pseudonym enters the chain: an outcome is named by a keyed digest of it, and of the organisation that writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mel_core.journal import Auteur, Fiche, Journal
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

OBJET = "suite"


class Code(StrEnum):
    """What came of a household of a list, as its officer notes it."""

    CONTACTE = "contacte"
    A_RENOUVELER = "a_renouveler"
    SOUHAITS_ELARGIS = "souhaits_elargis"
    POSITIONNE = "positionne"
    RELOGE = "reloge"
    PLUS_DE_BESOIN = "plus_de_besoin"
    TOUJOURS_BLOQUE = "toujours_bloque"


TITRES = {
    Code.CONTACTE: "contacté",
    Code.A_RENOUVELER: "à renouveler",
    Code.SOUHAITS_ELARGIS: "souhaits élargis",
    Code.POSITIONNE: "positionné",
    Code.RELOGE: "relogé",
    Code.PLUS_DE_BESOIN: "plus de besoin",
    Code.TOUJOURS_BLOQUE: "toujours bloqué",
}

# Why it is still blocked. A closed list: a free text about a household would be personal data.
CAUSES = {
    "offre": "pas d’offre là où il demande",
    "typologie": "typologie trop rare",
    "loyer": "loyer au-dessus de ses ressources",
    "dossier": "dossier incomplet",
    "injoignable": "injoignable",
    "dette": "dette ou contentieux locatif",
    "handicap": "logement adapté introuvable",
    "autre": "autre cause",
}


@dataclass(frozen=True)
class Suite:
    """One outcome. `cause` (of CAUSES) goes with `toujours_bloque` and with nothing else."""

    code: Code
    organisation: str
    segment: str
    seance: Seance
    cause: str = ""

    def __post_init__(self) -> None:
        if self.code not in TITRES:
            raise AppelIncorrect(f"La suite « {self.code} » n’existe pas : choisir parmi {', '.join(TITRES.values())}.")
        object.__setattr__(self, "code", Code(self.code))
        if not self.organisation:
            raise AppelIncorrect("La suite ne dit pas qui l’écrit : choisir une commune ou un bailleur.")
        if self.code is Code.TOUJOURS_BLOQUE and self.cause not in CAUSES:
            raise AppelIncorrect("« Toujours bloqué » demande une cause : la choisir dans la liste.")
        if self.code is not Code.TOUJOURS_BLOQUE and self.cause:
            raise AppelIncorrect("Une cause ne va qu’avec « toujours bloqué » : l’effacer, ou changer la suite.")

    @property
    def dite(self) -> str:
        """`contacté`, `toujours bloqué : typologie trop rare`."""
        return f"{TITRES[self.code]} : {CAUSES[self.cause]}" if self.cause else TITRES[self.code]

    def contenu(self) -> dict[str, Any]:
        """As the journal keeps it."""
        return {
            "code": str(self.code),
            "cause": self.cause,
            "organisation": self.organisation,
            "segment": self.segment,
            "seance": str(self.seance),
        }

    @classmethod
    def depuis(cls, fiche: Fiche) -> Suite:
        c = fiche.contenu
        return cls(Code(c["code"]), c["organisation"], c["segment"], Seance.read(c["seance"]), c["cause"])


def identifiant(journal: Journal, organisation: str, pseudonyme: str) -> str:
    """The name of the outcome of a household for an organisation: says nothing without the key of the journal."""
    return journal.op_id_de(OBJET, organisation, pseudonyme)


def write(
    journal: Journal, pseudonyme: str, suite: Suite, auteur: Auteur, *, op_id: str, version_vue: int = 0
) -> Fiche:
    """Write an outcome; durable when it returns. Raises `Perime` when a colleague wrote another meanwhile."""
    nom = identifiant(journal, suite.organisation, pseudonyme)
    return journal.write(OBJET, nom, suite.contenu(), auteur, op_id=op_id, version_vue=version_vue)


def read(journal: Journal, organisation: str, pseudonymes: Iterable[str]) -> Mapping[str, tuple[Fiche, Suite]]:
    """The latest outcome of those of `pseudonymes` that have one, by pseudonym, with its entry."""
    fiches = {f.identifiant: f for f in journal.find_all(OBJET, organisation=organisation) if not f.effacee}
    trouvees = {}
    for pseudonyme in pseudonymes:
        fiche = fiches.get(identifiant(journal, organisation, pseudonyme))
        if fiche is not None:
            trouvees[pseudonyme] = (fiche, Suite.depuis(fiche))
    return trouvees

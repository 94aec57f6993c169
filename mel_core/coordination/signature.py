"""The sign-off of a séance by its presidency: its figures freeze, and the relevé that was signed can be proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mel_core.coordination import decisions, textes
from mel_core.entrepot import Entrepot
from mel_core.indicateurs.gel import geler
from mel_core.journal import Auteur, Fiche, Journal
from mel_core.periodes import Seance

OBJET = "signature"


@dataclass(frozen=True)
class Signature:
    """`qualite`: in what capacity (« vice-présidente à l’habitat »). `decisions`: identifiant → version signed.

    `lien`: the last link of the journal when it was signed, the one that the relevé prints. `millesime`: the snapshot
    whose figures it froze. `ici` is empty for the three of them.
    """

    seance: Seance
    ici: str
    qualite: str
    lien: str
    millesime: str
    decisions: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        textes.verifier("Qualité du signataire", self.qualite)

    def contenu(self) -> dict[str, Any]:
        return {**vars(self), "seance": str(self.seance), "decisions": dict(self.decisions)}

    @classmethod
    def depuis(cls, fiche: Fiche) -> Signature:
        return cls(**{**fiche.contenu, "seance": Seance.lire(fiche.contenu["seance"])})


def identifiant_de(seance: Seance, ici: str = "") -> str:
    """One sign-off per séance and ICI; signing again is a new version of it."""
    return f"{seance}-{ici}" if ici else str(seance)


def signer(
    journal: Journal,
    entrepot: Entrepot,
    seance: Seance,
    qualite: str,
    auteur: Auteur,
    op_id: str,
    *,
    ici: str = "",
    version_vue: int = 0,
) -> Fiche:
    """Freeze the séance, then write who signed which decisions. The same `op_id` again signs nothing more.

    The freeze comes first: a cut in between leaves figures that don't move, never a signature over figures that do.
    """
    textes.verifier("Qualité du signataire", qualite)
    geler(entrepot, seance)
    instantane = entrepot.instantane(seance)
    lues = decisions.lister(journal, seance=str(seance), **({"ici": ici} if ici else {}))
    signature = Signature(
        seance,
        ici,
        qualite,
        journal.dernier_lien() or "",
        instantane.identifiant if instantane else "",
        {fiche.identifiant: fiche.version for fiche, _ in lues},
    )
    return journal.ecrire(OBJET, identifiant_de(seance, ici), signature.contenu(), auteur, op_id, version_vue)


def lire(journal: Journal, seance: Seance, ici: str = "") -> tuple[Fiche, Signature] | None:
    """The sign-off in force of a séance; None when it was not signed."""
    fiche = journal.lire(OBJET, identifiant_de(seance, ici))
    return None if fiche is None or fiche.effacee else (fiche, Signature.depuis(fiche))

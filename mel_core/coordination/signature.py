"""The sign-off of a séance by its presidency: its figures freeze, and the relevé that was signed can be proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mel_core.coordination import decisions, textes
from mel_core.engagements import engagement as engagements
from mel_core.entrepot import Entrepot
from mel_core.erreurs import AppelIncorrect
from mel_core.indicateurs.gel import geler
from mel_core.journal import Auteur, Fiche, Journal
from mel_core.periodes import Seance

OBJET = "signature"


@dataclass(frozen=True)
class Versions:
    """What a relevé says, as identifiant → version: all that a signature covers.

    An item of the agenda left without a decision is among `decisions` under its own identifiant, at version 0.
    """

    decisions: Mapping[str, int] = field(default_factory=dict)
    engagements: Mapping[str, int] = field(default_factory=dict)


def versions(journal: Journal, seance: Seance, ici: str = "") -> Versions:
    """Those in force now; to be read when they are shown, and given back to `signer`."""
    filtres = {"seance": str(seance), **({"ici": ici} if ici else {})}
    lues = (decisions.lister(journal, **filtres), engagements.lister(journal, **filtres))
    actees, pris = ({fiche.identifiant: fiche.version for fiche, _ in liste} for liste in lues)
    laisses = {fiche.identifiant: 0 for fiche, _ in decisions.sans_decision(journal, seance, ici)}
    return Versions({**laisses, **actees}, pris)


@dataclass(frozen=True)
class Signature:
    """`presidence`: the name of who signs (who types is the author of the entry; empty: the same person), `qualite`:
    in what capacity (« vice-présidente à l’habitat »). `decisions`, `engagements`: identifiant → version signed.

    `lien`: the last link of the journal when it was signed, the one that the relevé prints. `millesime`: the snapshot
    whose figures it froze. `ici` is empty for the three of them.
    """

    seance: Seance
    ici: str
    qualite: str
    lien: str
    millesime: str
    decisions: Mapping[str, int] = field(default_factory=dict)
    engagements: Mapping[str, int] = field(default_factory=dict)
    presidence: str = ""

    def __post_init__(self) -> None:
        textes.verifier("Qualité du signataire", self.qualite)
        textes.verifier("Présidence", self.presidence, obligatoire=False)

    @property
    def versions(self) -> Versions:
        return Versions(self.decisions, self.engagements)

    def contenu(self) -> dict[str, Any]:
        return {**vars(self), "seance": str(self.seance), **{c: dict(v) for c, v in vars(self.versions).items()}}

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
    presidence: str = "",
    vues: Versions | None = None,
) -> Fiche:
    """Freeze the séance, then write who signed which text. The same `op_id` again signs nothing more.

    `presidence`: who signs, `auteur` types. `vues`: what was shown (`versions`); raises `AppelIncorrect` when it is no
    longer what the journal says, and nothing is frozen. The freeze comes first: a cut in between leaves figures that
    don't move, never a signature over figures that do.
    """
    textes.verifier("Qualité du signataire", qualite)
    textes.verifier("Présidence", presidence, obligatoire=False)
    if vues is not None and vues != versions(journal, seance, ici):
        raise AppelIncorrect(
            "Une décision, un engagement ou l’ordre du jour a changé depuis l’affichage de cette page : la relire, "
            "puis faire signer."
        )
    geler(entrepot, seance)
    instantane = entrepot.instantane(seance)
    # What was shown is what is signed: a correction that comes meanwhile is not covered, and `est_a_jour` says so.
    signees = versions(journal, seance, ici) if vues is None else vues
    signature = Signature(
        seance,
        ici,
        qualite,
        journal.dernier_lien() or "",
        instantane.identifiant if instantane else "",
        signees.decisions,
        signees.engagements,
        presidence.strip(),
    )
    return journal.ecrire(OBJET, identifiant_de(seance, ici), signature.contenu(), auteur, op_id, version_vue)


def lire(journal: Journal, seance: Seance, ici: str = "") -> tuple[Fiche, Signature] | None:
    """The sign-off in force of a séance; None when it was not signed."""
    fiche = journal.lire(OBJET, identifiant_de(seance, ici))
    return None if fiche is None or fiche.effacee else (fiche, Signature.depuis(fiche))


def est_a_jour(journal: Journal, signee: Signature) -> bool:
    """Whether what was signed is still what the journal says: no decision nor engagement corrected, added or erased, no
    item of the agenda added, set aside or decided."""
    return signee.versions == versions(journal, signee.seance, signee.ici)


def signataire(fiche: Fiche, signee: Signature) -> str:
    """`Camille Essai, vice-présidente à l’habitat`: the name of the presidency, else that of who typed it."""
    nom = signee.presidence or fiche.auteur.nom
    return f"{nom}, {signee.qualite}" if nom else signee.qualite

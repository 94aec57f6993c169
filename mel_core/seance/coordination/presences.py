"""What an ICI tells of its day beside its decisions: who is invited, was there, when and where; what works and why.

Told before the signature, printed by the relevé, covered by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mel_core.journal import Auteur, Fiche, Inscrit, Journal
from mel_core.seance.coordination import textes
from mel_core.seance.gardes import identifiant_de
from mel_core.socle import langue
from mel_core.socle.appellations import Appele
from mel_core.socle.periodes import Seance

OBJET, SEANCE, PRATIQUE = "presence", "seance", "pratique"
TOUS, A_FIXER = "toutes les communes et tous les bailleurs de l’ICI, les institutions", "à fixer"
COPILOTES_DITS = "Les co-pilotes : Métropole Européenne de Lille, DDTM, AR-Habitat."
GARDEES = "Lieu, ordre du jour, invités et excusés sont gardés."


@dataclass(frozen=True)
class Presences(Inscrit):
    """`presents`: codes of the institutions, communes and bailleurs that were represented, in the order told; nobody's
    name. `lieu`: where they meet, in words (empty: not said). `invites` (empty: all of the ICI), `excuses`: codes;
    `ordre_du_jour`: one line a point, besides the blocages."""

    seance: Seance
    ici: str
    presents: tuple[str, ...] = ()
    lieu: str = ""
    invites: tuple[str, ...] = ()
    excuses: tuple[str, ...] = ()
    ordre_du_jour: str = ""

    def __post_init__(self) -> None:
        textes.check("Lieu", self.lieu, obligatoire=False)
        textes.check("Ordre du jour", self.ordre_du_jour, obligatoire=False)

    @property
    def excuses_absents(self) -> tuple[str, ...]:
        """Those excused who did not come all the same."""
        return tuple(code for code in self.excuses if code not in self.presents)


def read(journal: Journal, seance: Seance, ici: str) -> tuple[int, Presences]:
    """What was told of a séance and its version; nobody and nowhere at version 0."""
    fiche = journal.read(OBJET, identifiant_de(seance, ici))
    if fiche is None:
        return 0, Presences(seance, ici)
    return fiche.version, Presences(seance, ici) if fiche.effacee else Presences.depuis(fiche)


def jour_de(journal: Journal, seance: Seance, ici: str) -> date | None:
    """When the ICI meets; None while nobody fixed it."""
    fiche = journal.read(SEANCE, identifiant_de(seance, ici))
    return None if fiche is None else jour_dit(fiche)


def convoquer(dites: Presences, jour: date | None) -> str:
    """`L’ICI 2 se réunit le 12 mars 2018, mairie de Roubaix, sur le second semestre 2017.`"""
    quand = f" le {langue.jour(jour)}" if jour else ""
    ou = f", {dites.lieu}" if dites.lieu else ""
    suite = f"se réunit{quand}{ou}, sur le {langue.seance(dites.seance)}."
    return langue.typeset(f"L’instance de coordination intercommunale de {langue.ici(dites.ici)} {suite}")


def jour_dit(fiche: Fiche) -> date | None:
    return date.fromisoformat(fiche.contenu["jour"]) if fiche.contenu.get("jour") else None


def find_manques(journal: Journal, seance: Seance, ici: str, *, est_en_salle: bool = False) -> list[tuple[str, str]]:
    """What the relevé would not say, before somebody signs it for good, each with what gives it; empty when it says
    when and who. A room is not sent to the menu of a desk."""
    ou = "au poste d’un co-pilote" if est_en_salle else "dans Préparer › Atelier"
    dites = (
        ("la date de la séance", f"donner la date {ou}", jour_de(journal, seance, ici)),
        ("les présents", "noter les présents à la clôture", read(journal, seance, ici)[1].presents),
    )
    return [(dit, remede) for dit, remede, su in dites if not su]


def say_manques(manques: Sequence[tuple[str, str]]) -> str:
    """In a sentence. `manques`: see `find_manques`, at least one."""
    quoi, remedes = zip(*manques, strict=True)
    ni = f"ni {' ni '.join(quoi)}" if len(quoi) > 1 else f"pas {quoi[0]}"
    return f"Le relevé ne dit {ni} : {langue.liste(remedes)}, puis signer."


def record(journal: Journal, presences: Presences, auteur: Auteur, *, op_id: str, version_vue: int) -> Fiche:
    """Write who was there over what was told. Raises as `Journal.write` when somebody told it meanwhile."""
    textes.refuse_personne({"Lieu": presences.lieu, "Ordre du jour": presences.ordre_du_jour})
    identifiant = identifiant_de(presences.seance, presences.ici)
    return journal.write(OBJET, identifiant, presences.contenu(), auteur, op_id, version_vue)


class GenrePratique(Appele):
    """A practice worth doing elsewhere, or what somebody lived."""

    PRATIQUE = "pratique", "Bonne pratique"
    TEMOIGNAGE = "temoignage", "Témoignage"


@dataclass(frozen=True)
class Pratique(Inscrit):
    """`texte`: what is done or told; `pourquoi`: why it works."""

    seance: Seance
    ici: str
    organisation: str
    texte: str
    pourquoi: str = ""
    genre: GenrePratique = GenrePratique.PRATIQUE

    def __post_init__(self) -> None:
        textes.check("Ce qui fonctionne", self.texte)
        textes.check("Pourquoi", self.pourquoi, obligatoire=False)
        textes.check("Organisation", self.organisation)

    @property
    def dite(self) -> str:
        """`Une visite avant la commission. Pourquoi : on refuse moins.`"""
        pourquoi = self.pourquoi.strip()
        return f"{self.texte} Pourquoi : {pourquoi}" if pourquoi else self.texte


def record_pratique(journal: Journal, pratique: Pratique, auteur: Auteur, *, identifiant: str, op_id: str) -> Fiche:
    """Write one down; the same `op_id` writes once. Raises as `Journal.write`."""
    textes.refuse_personne({"Ce qui fonctionne": pratique.texte, "Pourquoi": pratique.pourquoi})
    return journal.write(PRATIQUE, identifiant, pratique.contenu(), auteur, op_id)


def find_pratiques(journal: Journal, **filtres: str) -> list[tuple[Fiche, Pratique]]:
    """Oldest first. `filtres`: `seance`, `ici`, `genre`, `organisation`."""
    return Pratique.find_all(journal, PRATIQUE, **filtres)

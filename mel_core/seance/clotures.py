"""What was not held by its deadline and is followed no more: a co-pilot closed it, and said why."""

from __future__ import annotations

from dataclasses import dataclass

from mel_core.journal import Auteur, Fiche, Inscrit, Journal
from mel_core.socle import langue
from mel_core.socle.horloge import jour_de
from mel_core.socle.periodes import Seance

OBJET = "cloture"
PAS_A_CLORE = "Seul ce qui n’a pas abouti à son échéance se clôt : recharger la page."


@dataclass(frozen=True)
class Cloture(Inscrit):
    """At `seance`, of the decision or engagement of identifiant `suivi`. `motif`: empty once it is followed again."""

    seance: Seance
    ici: str
    suivi: str
    motif: str


def identifiant_de(suivi: str) -> str:
    """One for each decision or engagement, told from its own."""
    return f"{OBJET}-{suivi}"


def read(journal: Journal, suivi: str) -> tuple[Fiche, Cloture] | None:
    """What was written of it last."""
    return Cloture.find(journal, OBJET, identifiant_de(suivi))


def en_vigueur(journal: Journal, suivi: str, seance: Seance) -> tuple[Fiche, Cloture] | None:
    """As `seance` reads it: None while it is followed, or when a later one closed it."""
    lue = read(journal, suivi)
    return lue if lue and lue[1].motif and lue[1].seance <= seance else None


def write(
    journal: Journal, suivi: Fiche, seance: Seance, motif: str, auteur: Auteur, op_id: str, version_vue: int
) -> Fiche:
    """That it is closed, or followed again where there is no `motif`."""
    cloture = Cloture(seance, suivi.contenu["ici"], suivi.identifiant, motif)
    nom = identifiant_de(suivi.identifiant)
    return journal.write(OBJET, nom, cloture.contenu(), auteur, op_id, version_vue)


def est_close_avant(journal: Journal, suivi: str, seance: Seance) -> bool:
    """Whether a séance before closed it: it does not come back."""
    return en_vigueur(journal, suivi, seance.precedente) is not None


def say(journal: Journal, suivi: str, seance: Seance, close: str) -> str:
    """`close le 12 janvier 2018, motif : l’immeuble est vendu`; empty while it is followed."""
    if (lue := en_vigueur(journal, suivi, seance)) is None:
        return ""
    motif = lue[1].motif.strip().removesuffix(".")
    return langue.typeset(f"{close} le {langue.jour(jour_de(lue[0].instant))}, motif : {motif}")

"""`suivre`: what the screens of the menu « Suivre » answer, one table for each question."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from mel_core.cli import impression
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import require_ici
from mel_core.indicateurs import suivi
from mel_core.indicateurs.besoins import Manque
from mel_core.indicateurs.suivi import besoins_mutations, fragilites, produits, refus_mutations
from mel_core.secret.audience import PREPARATION, SALLE, Audience
from mel_core.socle.langue import Peu
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.tableur import en_csv, lignes


@dataclass(frozen=True)
class Demande:
    """Of which séance, of which ICI (None: the whole Métropole), for whom."""

    seance: Seance
    ici: str | None
    audience: Audience

    @property
    def periode(self) -> Periode:
        """The 12 months that end with the séance."""
        return Periode.de(self.seance, "annee")


Reponse = tuple[pd.DataFrame, tuple[Manque, ...]]  # and the columns without which some of it is unknown


def _indice(lecteur: Lecteur, demande: Demande) -> Reponse:
    """It is about nobody: places and published indicators."""
    return fragilites.compare_indices(suivi.quartiers(lecteur, demande.seance.fin, demande.ici)), ()


def _besoins_mutations(lecteur: Lecteur, demande: Demande) -> Reponse:
    lus = besoins_mutations.besoins(lecteur, demande.periode, demande.ici)
    return besoins_mutations.dire(lus.lignes, demande.audience), lus.manques


def _refus_mutations(lecteur: Lecteur, demande: Demande) -> Reponse:
    lus = refus_mutations.refus(lecteur, demande.periode, demande.ici)
    return refus_mutations.dire(lus, demande.audience), refus_mutations.manques(lecteur)


def _produits(lecteur: Lecteur, demande: Demande) -> Reponse:
    lus = produits.produits(lecteur, demande.periode, demande.ici)
    return produits.dire(lus.lignes, demande.audience), lus.manques


QUESTIONS: dict[str, tuple[Callable[[Lecteur, Demande], Reponse], str]] = {
    "indice": (_indice, "les indicateurs derrière l’indice de fragilité, à côté de ceux du support de 2017"),
    "besoins_mutations": (_besoins_mutations, "les typologies des demandes de mutation, à côté de celles du programme"),
    "refus_mutations": (_refus_mutations, "les mutations refusées en commission, et celles qui le sont pour impayés"),
    "produits": (_produits, "les demandeurs sous chaque plafond, à côté des PLAI, PLUS et PLS programmés et attribués"),
}


def declare(analyseur: argparse.ArgumentParser) -> None:
    dites = " ; ".join(f"{nom} : {dit}" for nom, (_, dit) in QUESTIONS.items())
    analyseur.add_argument("quoi", choices=tuple(QUESTIONS), metavar="QUOI", help=dites)
    analyseur.add_argument("--seance", required=True, metavar="2017S2")
    analyseur.add_argument("--ici", metavar="I")
    analyseur.add_argument("--format", choices=("json", "csv"), default="json")


def execute(options: argparse.Namespace) -> int:
    """One object per row; what a room may not read is null, and its row says `masque`. `colonnes_absentes`: the columns
    that no file had, without which what is null is unknown."""
    seance, en_salle = Seance.read(options.seance), options.audience == "salle"
    answer, _ = QUESTIONS[options.quoi]
    with Entrepot(options.dossier_donnees).open(Portee.mel(), seance) as lecteur:
        if options.ici:
            require_ici(lecteur, options.ici)
        table, absents = answer(lecteur, Demande(seance, options.ici, SALLE if en_salle else PREPARATION))
    if en_salle:
        table = table.assign(masque=[any(isinstance(v, Peu) for v in r) for r in table.itertuples(index=False)])
    if absents:
        table = table.assign(colonnes_absentes="|".join(dict.fromkeys(c for m in absents for c in m.colonnes)))
    print(en_csv(table) if options.format == "csv" else impression.en_json(lignes(table)) + "\n", end="")
    return 0

"""`journal`: what was written, by whom, when; whether the chain is whole; a backup taken while others write."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mel_core.dossier.gestes import noms_des_organisations, qui, say, say_verification
from mel_core.journal import Fiche, Journal
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur

_COLONNES = ("Date", "Auteur", "Geste")


def declare(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("--verifier", action="store_true", help="contrôle que rien n’a été modifié, ôté ni coupé")
    analyseur.add_argument(
        "--lien", metavar="LIEN", help="avec --verifier : le lien imprimé sur un relevé de décisions"
    )
    analyseur.add_argument(
        "--dernieres", type=int, default=50, metavar="N", help="combien d’écritures lister (0 : toutes)"
    )
    analyseur.add_argument("--sauvegarder", type=Path, metavar="DIR", help="copie le journal dans un dossier neuf")


def execute(options: argparse.Namespace) -> int:
    """The list of the latest entries, or the check (1 when something is wrong), or the backup."""
    if options.lien is not None and not options.verifier:
        raise AppelIncorrect("L’option --lien demande une vérification : ajouter --verifier.")
    if options.dernieres < 0:
        raise AppelIncorrect(
            f"L’option --dernieres vaut {options.dernieres} : donner un nombre positif, ou 0 pour toutes les écritures."
        )
    if not Journal.existe(options.dossier_donnees):
        raise ErreurUtilisateur(
            f"Le dossier {options.dossier_donnees} n’a pas de journal : donner celui des données à --dossier-donnees."
        )
    journal = Journal.du_dossier(options.dossier_donnees)
    if options.sauvegarder:
        journal.back_up(options.sauvegarder)
        print("Journal sauvegardé : pour le remettre en service, recopier ces fichiers dans le dossier des données.")
    if options.verifier:
        return _verify(journal, options.lien)
    if not options.sauvegarder:
        print("\n".join(_find_all(journal.ecritures(options.dernieres or None))))
    return 0


def _verify(journal: Journal, lien: str | None) -> int:
    anomalies = journal.verify(lien)
    for anomalie in anomalies:
        print(anomalie.message, file=sys.stderr)
    if anomalies:
        return 1
    derniere = journal.ecritures(1)
    fin = f", dernier lien {journal.dernier_lien()}" if derniere else ""
    trouve = ", le lien imprimé en fait partie" if lien is not None else ""
    print(f"{say_verification(journal.nombre(), anomalies)}{trouve}{fin}.")
    return 0


def _find_all(fiches: list[Fiche]) -> list[str]:
    """A table to read, the latest first; never the contents."""
    if not fiches:
        return ["Le journal est vide."]
    noms = noms_des_organisations()
    lignes = [_COLONNES, *((langue.instant(f.instant), qui(f, noms), say(f, noms)) for f in fiches)]
    largeurs = [max(len(ligne[i]) for ligne in lignes) for i in range(len(_COLONNES))]
    return ["  ".join(t.ljust(n) for t, n in zip(ligne, largeurs, strict=True)).rstrip() for ligne in lignes]

"""`publications`: who published what, what changed from one to another, and back to an earlier one."""

from __future__ import annotations

import argparse

import pandas as pd

from mel_core.cli import audit
from mel_core.entrepot import Entrepot
from mel_core.entrepot.publications import Publication, find, find_with_snapshots, go_back
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.comparaison_millesimes import Comparaison, oppose
from mel_core.journal import Journal
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur


def declare(analyseur: argparse.ArgumentParser) -> None:
    quoi = analyseur.add_mutually_exclusive_group()
    quoi.add_argument("--comparer", nargs=2, metavar=("A", "B"), help="ce qui a changé de la publication A à la B")
    quoi.add_argument("--revenir", metavar="ID", help="remet cette publication en service, chiffre pour chiffre")


def execute(options: argparse.Namespace) -> int:
    """The list, the latest first; or what changed between two; or back to one."""
    entrepot = Entrepot(options.dossier_donnees)
    if not Journal.existe(options.dossier_donnees):
        raise ErreurUtilisateur(
            f"Le dossier {options.dossier_donnees} n’a pas de journal : donner celui des données à --dossier-donnees."
        )
    journal = Journal.du_dossier(options.dossier_donnees)
    if options.comparer:
        avant, apres = (find(entrepot, journal, debut).instantane for debut in options.comparer)
        print("\n".join(_compare(oppose(entrepot, avant, apres))))
    elif options.revenir:
        publication, a_change = go_back(entrepot, journal, options.revenir, audit.auteur())
        quoi = f"La publication {publication.instantane[:12]}"
        print(f"{quoi} est de nouveau en service." if a_change else f"{quoi} est déjà en service : rien n’a changé.")
    else:
        servi = entrepot.instantane()
        print("\n".join(_find_all(find_with_snapshots(entrepot, journal), servi.identifiant if servi else "")))
    return 0


def _find_all(publications: list[Publication], servi: str) -> list[str]:
    if not publications:
        return ["Aucune publication n’est au journal, ni dans ce dossier."]
    return [
        " · ".join(
            (
                p.instantane[:12] + " (en service)" * (p.instantane == servi),
                langue.instant(p.fiche.instant),
                f"{p.geste} par {p.fiche.auteur.nom or langue.ABSENT}",
                f"données {'fictives' if p.nature == 'fictive' else 'réelles'}",
                *([f"séance {p.seance} seule"] if p.seance else []),
                p.gardees_dites,
                p.ecartees_dites,
            )
        )
        for p in publications
    ]


def _compare(comparaison: Comparaison) -> list[str]:
    if comparaison.est_identique:
        return ["Aucune ligne n’a changé de l’une à l’autre."]
    return [
        *(
            f"{t.table} : {langue.nombre(t.avant)} puis {langue.effectif(t.apres, 'ligne')} "
            f"(ajoutées : {langue.nombre(t.ajoutees)}, parties : {langue.nombre(t.parties)}, changées : "
            f"{langue.nombre(t.changees)})"
            for t in comparaison.tables.itertuples()
            if t.ajoutees + t.parties + t.changees
        ),
        *(
            f"{f.seance}, {INDICATEURS[f.indicateur].titre}, {f.groupe} : "
            f"{_part(f.part_avant, f.numerateur_avant, f.n_connus_avant)} puis "
            f"{_part(f.part_apres, f.numerateur_apres, f.n_connus_apres)}"
            for f in comparaison.indicateurs.itertuples()
        ),
    ]


def _part(part: float, numerateur: float, connus: float) -> str:
    if pd.isna(connus) or connus == 0:
        return langue.ABSENT
    return f"{langue.part(part)} ({langue.nombre(numerateur)} sur {langue.nombre(connus)})"

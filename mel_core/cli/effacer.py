"""`erase`: people leave the data, the vault, the frozen lists and the journal; said alone without `--confirmer`.

A numéro unique is read from a file or the standard input: on the command line it would stay in the history of the shell
and in the list of processes. None is ever printed, nor a pseudonym.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from mel_core.cli import audit
from mel_core.cli.analyse import commande, option, read_jour
from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from mel_core.seance.effacement import NUMEROS, REJEU, DemandeEffacement, PlanEffacement, erase, prepare
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur

_ENTREE = Path("-")
_OUVERTES_MAX = 4  # beyond, the first and the last are said


@commande(
    "effacer",
    "efface des personnes des données, du coffre et du journal",
    option("--confirmer", action="store_true", help="efface ; sans elle, dit seulement ce qui le serait"),
    exclusives=(
        option(
            "--numeros",
            type=Path,
            metavar="F",
            default=_ENTREE,
            help="fichier d’un numéro unique par ligne (défaut : « - », l’entrée de la commande)",
        ),
        option(
            "--radies",
            type=read_jour,
            metavar="2018-12-31",
            help="les demandes radiées depuis plus d’un an à cette date",
        ),
        option("--rejouer", action="store_true", help="les personnes déjà effacées qu’une copie remise a fait revenir"),
    ),
)
def effacer(options: argparse.Namespace) -> None:
    """What would be erased, or was; what stays is refused."""
    aujourdhui = date.today()
    demande = _demande(options, aujourdhui)
    entrepot = Entrepot(options.dossier_donnees)
    if not entrepot.existe:
        raise ErreurUtilisateur(
            f"Le dossier {options.dossier_donnees} n’a pas de données : donner le leur à --dossier-donnees."
        )
    try:
        with entrepot.reserve():
            journal = Journal.du_dossier(options.dossier_donnees)
            plan = prepare(entrepot, journal, demande)
            if plan.est_vide:
                print(f"{_manquent(plan)}Rien à effacer.".strip())
                return
            print("\n".join(_say(plan)), flush=True)
            if not options.confirmer:
                print("Rien n’est effacé : relancer avec --confirmer.")
                return
            restes = erase(entrepot, journal, plan, audit.auteur(), aujourdhui)
    except KeyboardInterrupt:
        raise ErreurUtilisateur(
            "Effacement interrompu : relancer la même commande, il reprend où il s’est arrêté."
        ) from None
    for reste in restes:
        print(reste, file=sys.stderr)
    if restes:
        raise ErreurUtilisateur("Effacement incomplet : ce qui reste est dit ci-dessus.")
    print(
        "Effacé. Relancer l’application, puis s’occuper des copies faites avant (docs/administrer.md, « Effacer une "
        "personne »)."
    )


def _demande(options: argparse.Namespace, aujourdhui: date) -> DemandeEffacement:
    if options.radies:
        return DemandeEffacement.des_radies(options.radies, aujourdhui)
    if options.rejouer:
        return DemandeEffacement(REJEU)
    if options.numeros != _ENTREE:
        try:
            return DemandeEffacement.par_numeros(options.numeros.read_bytes())
        except OSError:
            raise AppelIncorrect("Le fichier donné à --numeros ne se lit pas : vérifier son chemin.") from None
    if sys.stdin.isatty():
        print("Un numéro unique par ligne, puis Ctrl+D :", file=sys.stderr)
    return DemandeEffacement.par_numeros(sys.stdin.buffer.read())


def _say(plan: PlanEffacement) -> list[str]:
    """Counts alone."""
    lignes = [f"{_manquent(plan)}À effacer : {langue.effectif(len(plan.menages), 'ménage')}."]
    for fiche in plan.inacheves:
        qui = f" par {fiche.auteur.nom}" if fiche.auteur.nom else ""
        lignes.append(
            f"Un effacement commencé le {langue.instant(fiche.instant)}{qui} n’est pas fini : il l’est avec celui-ci."
        )
    lignes += [f"  {table} : {langue.effectif(n, 'ligne')}" for table, n in plan.lignes.items()]
    lignes += [
        f"  jeux publiés qui s’en vont : {langue.nombre(plan.n_jeux)}",
        f"  coffre : {langue.effectif(plan.n_coffre, 'numéro')}",
        f"  listes figées : {langue.effectif(plan.n_listes, 'ligne')}",
        f"  journal : {langue.effectif(plan.n_textes, 'écriture')}",
    ]
    if plan.n_illisibles:
        lignes.append(f"  jeux qui ne s’ouvrent pas, à ôter à la main : {langue.nombre(plan.n_illisibles)}")
    if plan.gelees:
        lignes.append(
            f"Gelées, gardent leurs chiffres et perdent leurs lignes : {langue.liste(plan.gelees)} (leurs listes ne "
            "s’ouvriront plus)."
        )
    if plan.ouvertes:
        noms = [str(s) for s in plan.ouvertes]
        dites = langue.liste(noms) if len(noms) <= _OUVERTES_MAX else f"de {noms[0]} à {noms[-1]}"
        lignes.append(f"Pas gelées, leurs chiffres changeront : {dites}. Geler d’abord celles qui ont été tenues.")
    for fiche in plan.a_reecrire:
        lignes.append(
            f"Un texte du journal ({fiche.objet}, {langue.instant(fiche.instant)}) cite une personne à effacer : en "
            "écrire d’abord une version sans son numéro."
        )
    return lignes


def _manquent(plan: PlanEffacement) -> str:
    """How many numbers are in none of the places where people are."""
    donnes = len(plan.demande.numeros)
    n = donnes - len(plan.menages)
    if plan.demande.motif != NUMEROS or plan.inacheves or n <= 0:
        return ""
    return f"{langue.effectif(n, 'numéro')} sur {langue.nombre(donnes)} : {langue.agree(n, 'inconnu')} ici. "

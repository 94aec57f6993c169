"""The commands of the journal: séances and their documents, what was written, and people who leave all of it.

To erase, a numéro unique is read from a file or the standard input: on the command line it would stay in the history of
the shell and in the list of processes. None is ever printed, nor a pseudonym; without `--confirmer` all is said alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from mel_core.cli import rendu
from mel_core.cli.analyse import SEANCE, commande, option, read_jour
from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.journal import Alteration, Fiche, Journal, nouvel_op_id
from mel_core.seance.coordination import atelier, seances_tenues
from mel_core.seance.effacement import NUMEROS, REJEU, DemandeEffacement, PlanEffacement, erase, prepare
from mel_core.seance.gestes import VIDE, noms_des_organisations, qui, say, say_verification
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Seance

_COLONNES = ("Date", "Auteur", "Geste")


@commande(
    "liste les séances, en crée une, ou dit ce que chacun lui doit",
    option("--ici", metavar="I", help="avec --creer ou --attendus : l’ICI qui se réunit"),
    option("--date", type=read_jour, metavar="2018-03-15", help="avec --creer : le jour, après la fin du semestre"),
    exclusives=(
        option("--creer", metavar="2017S2", help="crée la séance qui regarde ce semestre"),
        option("--attendus", metavar="2017S2", help="qui doit quoi, pour quand, ce qui est reçu, relancé, en retard"),
    ),
)
def seance(options: argparse.Namespace) -> str | None:
    """The list, by semester then ICI; the séance created; or what is owed to it."""
    if options.attendus is not None:
        if options.ici is None or options.date is not None:
            raise AppelIncorrect("L’option --attendus va avec --ici, et sans --date : corriger la commande.")
        return "\n".join(_attendus(options)) + "\n"
    if options.creer is None:
        if options.ici is not None or options.date is not None:
            raise AppelIncorrect("Les options --ici et --date vont avec --creer : l’ajouter, ou les retirer.")
        return "\n".join(_find_seances(options)) + "\n"
    manquantes = [f"--{nom}" for nom in ("ici", "date") if getattr(options, nom) is None]
    if manquantes:
        raise AppelIncorrect(f"Il manque {' et '.join(manquantes)} : une séance se crée avec son ICI et sa date.")
    seance = Seance.read(options.creer)
    entrepot, journal = Entrepot(options.dossier_donnees), Journal.du_dossier(options.dossier_donnees)
    _, est_neuve = seances_tenues.create(
        journal, entrepot, seance, options.ici, options.date, rendu.auteur(), nouvel_op_id()
    )
    print(seances_tenues.say_creation(seance, options.ici, options.date, est_neuve=est_neuve))
    return None


def _attendus(options: argparse.Namespace) -> list[str]:
    """The counters, then one line for each thing that is owed, in the order of the deadlines."""
    seance, aujourdhui = Seance.read(options.attendus), aujourd_hui()
    journal = rendu.require_journal(options, ", ou créer la séance par --creer")
    entrepot = Entrepot(options.dossier_donnees)
    with entrepot.open(Portee.mel()) as lecteur:
        perimetre.require_ici(lecteur, options.ici)
        lu = atelier.find(journal, entrepot.pour(options.ici), lecteur, seance, options.ici)
        noms = {**noms_des_organisations(lecteur), atelier.COPILOTES: "co-pilotes"}
    lignes = ((a.etape.titre, noms.get(a.acteur, a.acteur), a.etat(aujourdhui), a.precision) for a in lu.attendus)
    return [lu.say(aujourdhui).replace("*", ""), *(" · ".join(x for x in ligne if x) for ligne in lignes)]


def _find_seances(options: argparse.Namespace) -> list[str]:
    journal = rendu.require_journal(options, ", ou créer une séance par --creer")
    trouvees = seances_tenues.find_all(journal, Entrepot(options.dossier_donnees), aujourd_hui())
    if not trouvees:
        return ["Aucune séance n’est au journal : en créer une par --creer, --ici et --date."]
    return [" · ".join(s.dite) for s in trouvees]


_DOCUMENTS = ("dossier", "releve", "synthese", "convocation")


@commande(
    "écrit le dossier d’une séance (pptx et PDF, docx et xlsx), son relevé ou la synthèse des trois ICI",
    SEANCE,
    option("--ici", required=True, metavar="I", help='code de l’ICI, par exemple "ICI 1"'),
    option("--sortie", required=True, type=Path, metavar="DOSSIER", help="dossier où écrire"),
    option(
        "--document",
        choices=_DOCUMENTS,
        default="dossier",
        help="dossier par défaut",
    ),
    est_auditee=False,  # it notes itself, before the first file is there
)
def dossier(options: argparse.Namespace) -> None:
    """The files written on the output; the pre-flight check, one sentence a line, apart: a script reads only paths."""
    # Brings the libraries of documents: no other command waits for them.
    from mel_core.dossier.classeurs import fichier
    from mel_core.dossier.seance import compose, write_actes

    entrepot, seance = Entrepot(options.dossier_donnees), Seance.read(options.seance)
    rendu.note_commande(options)
    journal = Journal.du_dossier(entrepot.dossier)
    if options.document != "dossier":
        options.sortie.mkdir(parents=True, exist_ok=True)
        for suffixe in ("docx", "pdf"):
            chemin = options.sortie / f"{options.document}-{seance}-{fichier(options.ici)}.{suffixe}"
            write_actes(entrepot, journal, options.document, seance, options.ici, chemin)
            print(chemin)
        return
    dossier = compose(entrepot, seance, options.ici, options.sortie, journal=journal)
    print("\n".join(str(f) for f in dossier.fichiers))
    print(
        langue.typeset(f"Contrôle avant séance : {langue.effectif(len(dossier.controles), 'point')}."),
        file=sys.stderr,
    )
    for point in dossier.controles:
        print(f"[{point.gravite}] {point.phrase}", file=sys.stderr)


@commande(
    "liste ce qui a été écrit, ou vérifie que rien n’a été altéré",
    option("--verifier", action="store_true", help="contrôle que rien n’a été modifié, ôté ni coupé"),
    option("--lien", metavar="LIEN", help="avec --verifier : le lien imprimé sur un relevé de décisions"),
    option("--dernieres", type=int, default=50, metavar="N", help="combien d’écritures lister (0 : toutes)"),
    option("--sauvegarder", type=Path, metavar="DIR", help="copie le journal dans un dossier neuf"),
    option("--copier", metavar="ADRESSE", help="copie le journal dans une base vide, et vérifie les deux chaînes"),
    est_auditee=False,
)
def journal(options: argparse.Namespace) -> int | None:
    """The list of the latest entries, or the check (1 when something is wrong), or the backup."""
    if options.lien is not None and not options.verifier:
        raise AppelIncorrect("L’option --lien demande une vérification : ajouter --verifier.")
    if options.dernieres < 0:
        raise AppelIncorrect(
            f"L’option --dernieres vaut {options.dernieres} : donner un nombre positif, ou 0 pour toutes les écritures."
        )
    journal = rendu.require_journal(options)
    if options.sauvegarder:
        journal.back_up(options.sauvegarder)
        print("Journal sauvegardé : pour le remettre en service, recopier ces fichiers dans le dossier des données.")
    if options.copier:
        anomalies = [*journal.verify(), *journal.copy_to(options.copier)]
        if anomalies:
            return _say_anomalies(anomalies)
        n = langue.effectif(journal.nombre(), "écriture copiée et vérifiée", "écritures copiées et vérifiées")
        print(f"{n} : donner cette adresse à MEL_JOURNAL, puis démarrer l’application.")
    if options.verifier:
        return _verify(journal, options.lien)
    if not (options.sauvegarder or options.copier):
        print("\n".join(_find_ecritures(journal.ecritures(options.dernieres or None))))
    return None


def _say_anomalies(anomalies: Sequence[Alteration]) -> int:
    for anomalie in anomalies:
        print(anomalie.message, file=sys.stderr)
    return 1


def _verify(journal: Journal, lien: str | None) -> int:
    if anomalies := journal.verify(lien):
        return _say_anomalies(anomalies)
    derniere = journal.ecritures(1)
    fin = f", dernier lien {journal.dernier_lien()}" if derniere else ""
    trouve = ", le lien imprimé en fait partie" if lien is not None else ""
    print(f"{say_verification(journal.nombre(), anomalies)}{trouve}{fin}.")
    if reculs := journal.reculs():
        print(
            f"L’horloge a reculé {'une fois' if reculs == 1 else f'{langue.nombre(reculs)} fois'} d’une écriture à la "
            "suivante : leur ordre est celui du journal, leur heure celle de la machine."
        )
    return 0


def _find_ecritures(fiches: list[Fiche]) -> list[str]:
    """A table to read, the latest first; never the contents."""
    if not fiches:
        return [VIDE]
    noms = noms_des_organisations()
    lignes = [_COLONNES, *((langue.instant(f.instant), qui(f, noms), say(f, noms)) for f in fiches)]
    largeurs = [max(len(ligne[i]) for ligne in lignes) for i in range(len(_COLONNES))]
    return ["  ".join(t.ljust(n) for t, n in zip(ligne, largeurs, strict=True)).rstrip() for ligne in lignes]


_ENTREE = Path("-")
_OUVERTES_MAX = 4  # beyond, the first and the last are said


@commande(
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
    aujourdhui = aujourd_hui()
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
            restes = erase(entrepot, journal, plan, rendu.auteur(), aujourdhui)
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

"""The commands that put data in service, or take them back: each calls the core and says what it did."""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from mel_core.cli import rendu
from mel_core.cli.analyse import NATURE, SEANCE, commande, option
from mel_core.contrat import contours, correspondances
from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.lecture import geographie
from mel_core.contrat.lecture.brut import table_nommee
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import Mapping, merge
from mel_core.contrat.questions import en_objets, questions
from mel_core.contrat.rapport import Rapport
from mel_core.contrat.reference import plus_proches
from mel_core.contrat.tables import TABLES
from mel_core.contrat.tables_proposees import with_tables
from mel_core.droits.connexions import Connexions
from mel_core.entrepot import Entrepot
from mel_core.entrepot.importation import MELEE, Importation, connues, import_files, say_reprises
from mel_core.entrepot.publications import find, find_with_snapshots, go_back, record, say_contours
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.comparaison_millesimes import Comparaison, compare_publications, say_part, say_rien
from mel_core.indicateurs.comptage import freeze
from mel_core.indicateurs.parametrage import check_parametres
from mel_core.indicateurs.parametrage import record as noter_parametres
from mel_core.journal import Journal
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, DonneesRefusees
from mel_core.socle.periodes import Seance

_FICHIERS = (
    option(
        "chemins", nargs="*", type=Path, metavar="CHEMIN", help="dossier, zip, classeur XLSX ou ODS, CSV d’une table"
    ),
    option(
        "--table",
        action="append",
        default=[],
        dest="donnes",
        metavar="T=FICHIER[:FEUILLE]",
        help="donne à la table T un fichier ou une feuille de n’importe quel nom ; à redonner pour chacun",
    ),
    option(
        "--mapping",
        action="append",
        default=[],
        type=Path,
        metavar="F",
        help="correspondances de colonnes et de codes : un fichier TOML, ou sne, rpls, infocentre, ou le dossier "
        "des réponses données à l’écran (var/reponses) ; à redonner pour chacun",
    ),
    option("--json", action="store_true"),
)


@commande(
    "crée et publie le jeu de données de démonstration",
    option("--echelle", choices=("mel", "region", "france"), default="mel"),
    option("--graine", type=int, default=2017, metavar="N"),
    option(
        "--derniere-seance",
        choices=("2017S2", "2026S1"),
        default="2017S2",
        help="la séance où finissent les trois années d’attributions : celle du support de 2017, ou une d’aujourd’hui",
    ),
    option("--repetition", action="store_true", help="ajoute au journal des séances fictives, pour répéter une ICI"),
    est_auditee=False,
)
def demo(options: argparse.Namespace) -> None:
    # Here as in the other commands: only what the one that runs needs is loaded.
    from mel_core.demo import generate, publish_contours
    from mel_core.demo.reglages_demo import parametres_de

    entrepot, derniere = Entrepot(options.dossier_donnees), Seance.read(options.derniere_seance)
    parametres = parametres_de(derniere)
    with tempfile.TemporaryDirectory() as dossier:
        generate(Path(dossier), options.echelle, options.graine, derniere)
        importation = import_files(
            Path(dossier), entrepot, nature="fictive", parametres=parametres, accepter=tuple(TABLES)
        )
    rendu.au_journal(options, "Cet import", lambda journal, auteur: record(journal, importation, auteur))
    _note_parametres(options, importation, parametres)
    print("\n".join(rendu.reconciliation(importation.rapport)))
    publish_contours(entrepot.dossier)
    print("Jeu de données de démonstration publié : données fictives.")
    if options.repetition:
        from mel_core.demo.repetition import rehearse

        n = rehearse(entrepot, Journal.du_dossier(options.dossier_donnees), derniere=derniere)
        print(f"Séances fictives au journal : {n} écritures, pour répéter une ICI.")


@commande("contrôle un jeu de données sans le publier", *_FICHIERS, est_auditee=False)
def controler(options: argparse.Namespace) -> None:
    entrepot = Entrepot(options.dossier_donnees)
    # Whatever their nature: `import_files --nature` says which of them the load completes.
    base = entrepot.instantane()
    mapping, reponses = _mapping(options)
    jeu = check(_donnes(options, reponses), mapping=mapping, reponses=reponses, connues=connues(entrepot, None, base))
    _say(jeu.rapport, options)
    if jeu.rapport.est_bloquant:
        raise DonneesRefusees("Rien ne serait publié : corriger les anomalies bloquantes, puis recommencer.")


def _donnes(options: argparse.Namespace, reponses: Reponses) -> tuple[Donne, ...]:
    donnes = (*with_tables(options.chemins, reponses), *map(_read_donne, options.donnes))
    if not donnes:
        raise AppelIncorrect(
            "Aucun fichier n’est donné : ajouter un dossier, un zip ou un classeur, ou --table TABLE=FICHIER."
        )
    return donnes


def _say(rapport: Rapport, options: argparse.Namespace) -> None:
    if options.json:
        sys.stdout.writelines(rapport.en_json(en_objets(questions(rapport))))
        print()
    else:
        print(rendu.rapport_en_texte(rapport))


def _note_parametres(options: argparse.Namespace, importation: Importation, fichier: Path | None) -> None:
    """One line of the journal for each parameter that a publication added."""
    if importation.a_change and fichier:
        texte = fichier.read_text(encoding="utf-8")
        rendu.au_journal(options, "Ce paramètre", lambda journal, auteur: noter_parametres(journal, texte, auteur))


@commande(
    "contrôle puis publie un jeu de données",
    *_FICHIERS,
    NATURE,
    option(
        "--ajouter",
        action="store_true",
        help="garde les attributions, événements et résidences des bailleurs que les fichiers ne donnent pas",
    ),
    option(
        "--accepter",
        action="append",
        default=[],
        choices=tuple(TABLES),
        metavar="TABLE",
        help="accepte que cette table soit vide, ou perde des lignes ou un bailleur ; à redonner pour chacune",
    ),
    option("--parametres", type=Path, metavar="F", help="paramètres datés à ajouter (TOML)"),
    option("--seance", metavar="S", help="ne sert que cette séance"),
    option("--geler", action="store_true", help="gèle ensuite la séance : ses chiffres ne changent plus"),
    est_auditee=False,  # a publication has its own line
)
def importer(options: argparse.Namespace) -> None:
    if options.geler and not options.seance:
        raise AppelIncorrect("L’option --geler demande de dire quelle séance : ajouter --seance, par exemple 2017S2.")
    entrepot = Entrepot(options.dossier_donnees)
    mapping, reponses = _mapping(options)
    importation = import_files(
        _donnes(options, reponses),
        entrepot,
        mapping=mapping,
        reponses=reponses,
        nature=options.nature,
        parametres=options.parametres,
        check_parametres=check_parametres,
        seance=Seance.read(options.seance) if options.seance else None,
        accepter=options.accepter,
        add=options.ajouter,
    )
    if importation.instantane is not None:
        rendu.au_journal(options, "Cet import", lambda journal, auteur: record(journal, importation, auteur))
    _note_parametres(options, importation, options.parametres)
    rapport = importation.rapport
    _say(rapport, options)
    if importation.couvertures and not options.json:
        print(rendu.say_couverture(importation.couvertures))
    if importation.pertes:
        dites = " ; ".join(p.dite for p in importation.pertes)
        accepter = " ".join(f"--accepter {p.table}" for p in importation.pertes)
        raise DonneesRefusees(
            f"Rien n’a été publié, {dites} : vérifier les fichiers, ou recommencer avec {accepter} (--ajouter garde "
            "les lignes des autres bailleurs)."
        )
    if importation.instantane is None:
        raise DonneesRefusees("Rien n’a été publié : corriger les anomalies bloquantes, puis recommencer.")
    if importation.est_melee:
        print(MELEE, file=sys.stderr)
    if importation.reprises:
        print(say_reprises(importation.reprises), file=sys.stderr)
    if not options.json:
        print(importation.say())
    if options.geler:
        freeze(entrepot, Seance.read(options.seance))
        if not options.json:
            print(f"Séance {options.seance} gelée : ses chiffres ne changeront plus.")


@commande("gèle une séance sur les données qui la servent", SEANCE)
def geler(options: argparse.Namespace) -> None:
    a_change = freeze(Entrepot(options.dossier_donnees), Seance.read(options.seance))
    print(
        f"Séance {options.seance} gelée : ses chiffres ne changeront plus."
        if a_change
        else f"La séance {options.seance} était déjà gelée : rien n’a changé."
    )


def _mapping(options: argparse.Namespace) -> tuple[Mapping, Reponses]:
    """What holds for every file, and, from a folder of answers kept by the screen, for the files of each source."""
    choisis = [correspondances.choose(demande) for demande in options.mapping if not demande.is_dir()]
    reponses = Reponses()
    for demande in (demande for demande in options.mapping if demande.is_dir()):
        lues = correspondances.read_reponses(demande)
        if not lues.mappings:
            raise AppelIncorrect(
                f"« {demande.name} » ne contient aucune réponse de l’écran : donner le dossier « reponses » du dossier "
                "de données, ou un fichier TOML."
            )
        reponses = reponses.with_reponses(lues)
    return merge(*choisis), reponses


@commande(
    "importe les contours des quartiers, des QPV ou des ICI",
    option("chemin", type=Path, metavar="CHEMIN", help="GeoJSON ou shapefile zippé, en WGS 84 ou en Lambert-93"),
    option("--couche", choices=tuple(contours.COUCHES), default="quartiers"),
    NATURE,
    nom="contours",
)
def importer_contours(options: argparse.Namespace) -> None:
    """The reconciliation on the output, one rejected contour a line on the side."""
    lecture = contours.read(geographie.read_octets(options.chemin), options.chemin.name, options.couche)
    a_change = contours.publish(options.dossier_donnees, lecture, est_fictive=options.nature == "fictive")
    for rejet in lecture.rejets:
        print(f"[rejet] {options.chemin.name}, contour {rejet.rang} : {rejet.message}", file=sys.stderr)
    print(langue.typeset(say_contours(lecture, a_change=a_change)))


@commande(
    "liste les publications, les compare, y revient",
    exclusives=(
        option("--comparer", nargs=2, metavar=("A", "B"), help="ce qui a changé de la publication A à la B"),
        option("--revenir", metavar="ID", help="remet cette publication en service, chiffre pour chiffre"),
    ),
    est_auditee=False,
)
def publications(options: argparse.Namespace) -> None:
    """The list, the latest first; or what changed between two; or back to one."""
    entrepot = Entrepot(options.dossier_donnees)
    journal = rendu.require_journal(options)
    if options.comparer:
        avant, apres = (find(entrepot, journal, debut).instantane for debut in options.comparer)
        print("\n".join(_compare(compare_publications(entrepot, avant, apres))))
    elif options.revenir:
        publication, a_change = go_back(entrepot, journal, options.revenir, rendu.auteur())
        print(publication.say_retour(a_change=a_change))
    else:
        servi = entrepot.instantane()
        dites = [p.en_clair(servi.identifiant if servi else "") for p in find_with_snapshots(entrepot, journal)]
        lignes = [" · ".join(filter(None, dite.values())) for dite in dites]
        print("\n".join(lignes or ["Aucune publication n’est au journal, ni dans ce dossier."]))


def _compare(comparaison: Comparaison) -> list[str]:
    if rien := say_rien(comparaison):
        return [rien]
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
            f"{say_part(f, 'avant')} puis {say_part(f, 'apres')}"
            for f in comparaison.indicateurs.itertuples()
        ),
    ]


@commande(
    "met fin à toutes les connexions ouvertes d’un compte",
    option("compte", metavar="COMPTE", help="son courriel vérifié, ou « fournisseur identifiant »"),
)
def revoquer(options: argparse.Namespace) -> None:
    if not {"@", " "} & set(options.compte.strip()):
        raise AppelIncorrect(
            f"« {options.compte} » ne nomme pas un compte : donner son courriel, ou « fournisseur identifiant »."
        )
    Connexions(options.dossier_donnees).revoke(options.compte, datetime.now(UTC))
    print("Connexions du compte closes : le retirer aussi des habilitations s’il ne doit plus entrer.")


_EXEMPLE = '--table attributions="Vilogia 2017.xlsx:Feuil1"'


def _read_donne(texte: str) -> Donne:
    """`attributions=Vilogia 2017.xlsx:Feuil1`. A `:` of the path (`C:\\…`, or in a name) stays in it: the file is the
    longest beginning that exists. Raises `AppelIncorrect`."""
    nom, egal, lieu = texte.partition("=")
    if not egal or not lieu.strip() or not nom.strip():
        raise AppelIncorrect(
            f"L’option --table attend une table et son fichier et a reçu « {texte} » : l’écrire comme {_EXEMPLE}."
        )
    table = table_nommee(nom)
    if table is None:
        raise AppelIncorrect(
            f"La table « {nom.strip()} » n’existe pas : choisir parmi {', '.join(TABLES)} (la plus proche est "
            f"« {plus_proches(nom, TABLES, 1)[0]} »)."
        )
    coupes = [rang for rang, signe in enumerate(lieu) if signe == ":"]
    for rang in (len(lieu), *reversed(coupes)):
        if lieu[:rang] and Path(lieu[:rang]).exists():
            feuille = lieu[rang + 1 :]
            if rang < len(lieu) and not feuille.strip():
                raise AppelIncorrect(
                    f"La feuille manque après « {lieu} » : l’écrire comme {_EXEMPLE}, ou ôter le dernier « : »."
                )
            return Donne(Path(lieu[:rang]), table, feuille or None)
    # Nothing is there: what stands before the last `:` is the file, unless that is the letter of a drive.
    avant, _, apres = lieu.rpartition(":")
    if len(avant) > 1 and "." in Path(avant).name:
        return Donne(Path(avant), table, apres or None)
    return Donne(Path(lieu), table)

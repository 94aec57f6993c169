"""The commands: each one calls the core and writes what it answers."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from mel_core.cli import (
    audit,
    commande_bassins,
    commande_besoins,
    commande_publications,
    commande_seance,
    commande_suivre,
    contours,
    dossier,
    effacer,
    impression,
    qualite,
    simuler,
)
from mel_core.cli import commande_journal as journal
from mel_core.cli.analyse import SALLE, build
from mel_core.contrat import correspondances
from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.lecture.fichiers import Donne, read_donne
from mel_core.contrat.mapping import Mapping, merge
from mel_core.contrat.modeles import catalogue as modeles
from mel_core.contrat.questions import en_objets, questions
from mel_core.contrat.rapport import Rapport
from mel_core.contrat.tables import COMMUNES_ASSOCIEES, TABLES
from mel_core.droits.connexions import Connexions
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.importation import MELEE, Importation, connues, import_files, say_reprises
from mel_core.entrepot.perimetre import noms_des_residences, require_ici
from mel_core.entrepot.publications import record
from mel_core.indicateurs import compute, phrases_mesures
from mel_core.indicateurs.couverture import couverture
from mel_core.indicateurs.gel_indicateurs import freeze
from mel_core.indicateurs.manques import COLONNE_ABSENTE, Silence, arret, declarations, manques_de_cle, silence
from mel_core.indicateurs.parametrage.ajout import record as noter_parametres
from mel_core.journal import Journal
from mel_core.secret.bail import PREPARATION, Audience
from mel_core.secret.montrer import OCCUPANTS, montrer
from mel_core.segments import Criteres, SegmentLibre, count, count_par, find_all, phrases_segments
from mel_core.segments.calcul_segments import verify_cle
from mel_core.segments.compilation import Quoi
from mel_core.segments.regles_segments import PAS, segment_de
from mel_core.socle import langue
from mel_core.socle.durable import keep_private
from mel_core.socle.erreurs import AppelIncorrect, DonneesRefusees, ErreurUtilisateur, cause
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.tableur import en_csv, lignes

REFUSE, MAL_APPELE = 1, 2
LIBRE = "libre"


def principal(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. Whatever happens, no traceback reaches the terminal."""
    # Without a handler, Python writes on the terminal what a log says, in English.
    logging.getLogger("mel_core").addHandler(logging.NullHandler())
    for flux in (sys.stdout, sys.stderr):
        flux.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a Windows console may not be
    try:
        options = build().parse_args(arguments)
        keep_private(options.dossier_donnees)
        code = _COMMANDES[options.commande](options)
        if code == 0 and options.commande in audit.AUDITEES:
            audit.draw(options)
        return code
    except AppelIncorrect as erreur:
        print(erreur, file=sys.stderr)
        return MAL_APPELE
    except ErreurUtilisateur as erreur:
        print(erreur, file=sys.stderr)
        return REFUSE
    except BrokenPipeError:
        return REFUSE
    except OSError as erreur:
        print(
            f"{_ou(erreur)} ne se lit pas ou ne s’écrit pas ({cause(erreur)}) : vérifier le chemin et les droits, ou "
            "donner un autre dossier à --dossier-donnees.",
            file=sys.stderr,
        )
        return REFUSE
    except KeyboardInterrupt:
        print("Commande interrompue : rien n’a été publié.", file=sys.stderr)
        return REFUSE
    except Exception as erreur:  # the last resort: a bug is told in one sentence
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        print(
            f"Une erreur inattendue a arrêté la commande ({type(erreur).__name__}) : rien n’a été publié, "
            "signaler la commande tapée à l’équipe qui maintient l’application.",
            file=sys.stderr,
        )
        return REFUSE


def _ou(erreur: OSError) -> str:
    return f"« {erreur.filename} »" if isinstance(erreur.filename, str) else "Un fichier"


def _demo(options: argparse.Namespace) -> int:
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
    _note_parametres(options, importation, parametres)
    print("\n".join(impression.reconciliation(importation.rapport)))
    publish_contours(entrepot.dossier)
    print("Jeu de données de démonstration publié : données fictives.")
    if options.repetition:
        from mel_core.demo.repetition import rehearse

        n = rehearse(entrepot, Journal.du_dossier(options.dossier_donnees), derniere=derniere)
        print(f"Séances fictives au journal : {n} écritures, pour répéter une ICI.")
    return 0


def _check(options: argparse.Namespace) -> int:
    entrepot = Entrepot(options.dossier_donnees)
    # Whatever their nature: `import_files --nature` says which of them the load completes.
    base = entrepot.instantane()
    mapping, reponses = _mapping(options)
    jeu = check(_donnes(options), mapping=mapping, reponses=reponses, connues=connues(entrepot, None, base))
    _say(jeu.rapport, options)
    if jeu.rapport.est_bloquant:
        print("Rien ne serait publié : corriger les anomalies bloquantes, puis recommencer.", file=sys.stderr)
        return REFUSE
    return 0


def _donnes(options: argparse.Namespace) -> tuple[Donne, ...]:
    donnes = (*map(Donne, options.chemins), *map(read_donne, options.donnes))
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
        print(impression.rapport_en_texte(rapport))


def _note_parametres(options: argparse.Namespace, importation: Importation, fichier: Path | None) -> None:
    """One line of the journal for each parameter that a publication added."""
    if importation.a_change and fichier:
        texte = fichier.read_text(encoding="utf-8")
        audit.au_journal(options, "Ce paramètre", lambda journal, auteur: noter_parametres(journal, texte, auteur))


def _import_files(options: argparse.Namespace) -> int:
    if options.geler and not options.seance:
        raise AppelIncorrect("L’option --geler demande de dire quelle séance : ajouter --seance, par exemple 2017S2.")
    entrepot = Entrepot(options.dossier_donnees)
    mapping, reponses = _mapping(options)
    importation = import_files(
        _donnes(options),
        entrepot,
        mapping=mapping,
        reponses=reponses,
        nature=options.nature,
        parametres=options.parametres,
        seance=Seance.read(options.seance) if options.seance else None,
        accepter=options.accepter,
        add=options.ajouter,
    )
    if importation.instantane is not None:
        audit.au_journal(options, "Cet import", lambda journal, auteur: record(journal, importation, auteur))
    _note_parametres(options, importation, options.parametres)
    rapport = importation.rapport
    _say(rapport, options)
    if importation.pertes:
        dites = " ; ".join(p.dite for p in importation.pertes)
        accepter = " ".join(f"--accepter {p.table}" for p in importation.pertes)
        print(
            f"Rien n’a été publié, {dites} : vérifier les fichiers, ou recommencer avec {accepter} (--ajouter garde "
            "les lignes des autres bailleurs).",
            file=sys.stderr,
        )
        return REFUSE
    if importation.instantane is None:
        print("Rien n’a été publié : corriger les anomalies bloquantes, puis recommencer.", file=sys.stderr)
        return REFUSE
    if importation.est_melee:
        print(MELEE, file=sys.stderr)
    if importation.reprises:
        print(say_reprises(importation.reprises), file=sys.stderr)
    if not options.json:
        print(
            "Jeu de données publié."
            if importation.a_change
            else "Ce jeu de données était déjà publié : rien n’a changé."
        )
    if options.geler:
        freeze(entrepot, Seance.read(options.seance))
        if not options.json:
            print(f"Séance {options.seance} gelée : ses chiffres ne changeront plus.")
    return 0


def _freeze(options: argparse.Namespace) -> int:
    a_change = freeze(Entrepot(options.dossier_donnees), Seance.read(options.seance))
    print(
        f"Séance {options.seance} gelée : ses chiffres ne changeront plus."
        if a_change
        else f"La séance {options.seance} était déjà gelée : rien n’a changé."
    )
    return 0


def _mapping(options: argparse.Namespace) -> tuple[Mapping, Reponses]:
    """What holds for every file, and, from a folder of answers kept by the screen, for the files of each source."""
    choisis = [modeles.choose(demande) for demande in options.mapping if not demande.is_dir()]
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


def _indicateur(options: argparse.Namespace) -> int:
    seance = Seance.read(options.seance)
    par = tuple(c.strip() for c in options.par.split(",") if c.strip())
    commune = COMMUNES_ASSOCIEES.get(options.commune, options.commune)
    with Entrepot(options.dossier_donnees).pour(options.ici or "").open(Portee.mel(), seance) as lecteur:
        cellules = compute(
            lecteur,
            options.nom,
            Periode.de(seance, options.periode),
            par,
            ici=options.ici,
            commune=commune,
            bailleur=options.bailleur,
        )
        for declaration in declarations(lecteur, options.nom):
            print(declaration.phrase(), file=sys.stderr)
        audience = Audience() if options.audience == SALLE else PREPARATION
        couverte = couverture(lecteur, options.nom, Periode.de(seance, options.periode), options.ici, par)
        if couverte and (dite := couverte.say(audience)):
            print(dite.replace("*", ""), file=sys.stderr)
        if options.audience == SALLE:
            cellules = montrer(cellules, par)
        cellules = cellules.drop(columns=list(OCCUPANTS), errors="ignore")  # contract §4 names their share alone
    impression.write_table(cellules, options.format)
    return 0


def _segment(options: argparse.Namespace) -> int:
    """JSON: the count, or the counts by `--par`; CSV: the list, pseudonymised, with its reasons."""
    if options.audience == SALLE and options.format == "csv":
        raise AppelIncorrect("Une liste ne se projette pas : ôter --format csv, ou --audience salle.")
    pas = {nom: valeur for nom in PAS if (valeur := getattr(options, nom)) is not None}
    criteres = Criteres(options.date, **pas)
    quoi, filtre = _segment_demande(options.nom, options.conditions)
    portee = Portee.ici(options.ici) if options.ici else Portee.mel()
    entrepot = Entrepot(options.dossier_donnees).pour(options.ici or "")
    with entrepot.open(portee, Seance.du(options.date)) as lecteur:
        if options.ici:
            require_ici(lecteur, options.ici)
        criteres.verify(lecteur, quoi, filtre, pas=pas)
        if options.par:
            verify_cle(options.par)
        titre = options.nom if isinstance(quoi, SegmentLibre) else segment_de(quoi).titre
        tus = [silence(lecteur, q, criteres.debut) for q in (quoi, filtre) if q is not None]
        tu = next((pourquoi for pourquoi in tus if pourquoi), None)
        dits = [phrases_mesures.silence([titre], tu)] if tu else _reserves(lecteur, options, quoi, filtre)
        if options.format == "csv" and not options.par:
            if tu:
                raise DonneesRefusees(langue.typeset(dits[0]))
            with entrepot.open(Portee.mel(), Seance.du(options.date)) as partout:  # wherever they were presented
                nommees = noms_des_residences(partout)
            liste = find_all(lecteur, quoi, criteres, filtre=filtre, residences=nommees)
            audit.draw_liste(options, len(liste))
            print(en_csv(liste), end="")
        else:
            if tu:
                comptes = pd.DataFrame([({"cle": "inconnu"} if options.par else {}) | _inconnu(tu)])
            elif options.par:
                comptes = count_par(lecteur, quoi, criteres, options.par, filtre)
            else:
                comptes = pd.DataFrame([{"n": count(lecteur, quoi, criteres, filtre)}])
            if options.audience == SALLE:
                comptes = montrer(comptes).drop(columns="cote")
            if options.par:
                impression.write_table(comptes, options.format)
            else:
                print(impression.en_json(lignes(comptes)[0]))
        for phrase in dits:
            print(langue.typeset(phrase), file=sys.stderr)
    return 0


def _inconnu(tu: Silence) -> dict[str, object]:
    """No count, and why: no demande is known to be in, nor not to be."""
    inconnu: dict[str, object] = {"n": None, "motif": tu.motif}
    colonnes = dict.fromkeys(c for m in tu.manques for c in m.colonnes)
    return inconnu | ({"colonnes_absentes": "|".join(colonnes)} if tu.motif == COLONNE_ABSENTE else {})


def _reserves(lecteur: Lecteur, options: argparse.Namespace, quoi: Quoi, filtre: SegmentLibre | None) -> list[str]:
    """What goes with a count: when its events stop, the column that its split lacks."""
    arrets = {arret(lecteur, q, options.date) for q in (quoi, filtre) if q is not None} - {None}
    sans = manques_de_cle(lecteur, options.par or "")
    return [
        *(phrases_segments.arret_dit(jour) for jour in arrets if jour),
        *([phrases_mesures.manque(options.par, sans)] if sans else []),
    ]


def _segment_demande(nom: str, conditions: SegmentLibre | None) -> tuple[str | SegmentLibre, SegmentLibre | None]:
    """What is counted, and what narrows it: conditions are a segment of their own, or added to one of the contract."""
    if nom != LIBRE:
        return nom, conditions
    if conditions is None:
        raise AppelIncorrect("Le segment libre n’a pas de conditions : les donner par --conditions.")
    return conditions, None


def _revoke(options: argparse.Namespace) -> int:
    if not {"@", " "} & set(options.compte.strip()):
        raise AppelIncorrect(
            f"« {options.compte} » ne nomme pas un compte : donner son courriel, ou « fournisseur identifiant »."
        )
    Connexions(options.dossier_donnees).revoke(options.compte, datetime.now(UTC))
    print("Connexions du compte closes : le retirer aussi des habilitations s’il ne doit plus entrer.")
    return 0


_COMMANDES: dict[str, Callable[[argparse.Namespace], int]] = {
    "demo": _demo,
    "controler": _check,
    "importer": _import_files,
    "geler": _freeze,
    "revoquer": _revoke,
    "indicateur": _indicateur,
    "segment": _segment,
    "contours": contours.execute,
    "qualite": qualite.execute,
    "besoins": commande_besoins.execute,
    "bassins": commande_bassins.execute,
    "suivre": commande_suivre.execute,
    "effacer": effacer.execute,
    "simuler": simuler.execute_commande,
    "dossier": dossier.execute,
    "publications": commande_publications.execute,
    "seance": commande_seance.execute,
    "journal": journal.execute,
}

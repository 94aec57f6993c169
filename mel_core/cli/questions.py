"""The commands that ask: an indicator, a segment, a scenario, what the files say; each answers a table."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from mel_core.cli import rendu
from mel_core.cli.analyse import (
    AUDIENCE,
    FORMAT,
    ICI,
    METROPOLE,
    PERIODE,
    SALLE,
    SEANCE,
    SORTIE,
    Lue,
    commande,
    open_donnees,
    option,
    read_jour,
)
from mel_core.contrat import classeurs_a_remplir as classeurs
from mel_core.contrat.tables import COMMUNES_ASSOCIEES, TABLES
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs import compute, phrases_mesures
from mel_core.indicateurs.couverture import couverture
from mel_core.indicateurs.manques import COLONNE_ABSENTE, Silence, declarations, manques_de_cle, reserves, silence
from mel_core.indicateurs.mesures import PAR_SENS
from mel_core.indicateurs.qualite.besoins_couverts import couverture as besoins_couverts
from mel_core.indicateurs.qualite.besoins_couverts import verdicts
from mel_core.indicateurs.qualite.completude import POPULATIONS, baux_a_completer, completude, par_mois
from mel_core.indicateurs.suivi import bassins
from mel_core.secret.montrer import OCCUPANTS, render
from mel_core.segments import Criteres, SegmentLibre, count, count_par, find_all, pseudonymes
from mel_core.segments.calcul_segments import check_cle
from mel_core.segments.compilation import Quoi
from mel_core.segments.devant import Devant, find_devant
from mel_core.segments.listes.causes import Notees, find_notees
from mel_core.segments.regles_segments import PAS, segment_de
from mel_core.socle import langue
from mel_core.socle.durable import write_whole
from mel_core.socle.erreurs import AppelIncorrect, DonneesRefusees
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.tableur import lignes

if TYPE_CHECKING:
    from mel_core.simulation.scenarios import Resultat

LIBRE, POULIDOR = "libre", "poulidor"
_MOIS, _BAUX, _PARC = "evenements", "baux", "parc"


@commande(
    "calcule un indicateur",
    option("nom", metavar="NOM"),
    SEANCE,
    PERIODE,
    option("--par", default="", metavar="COUPES", help="coupes séparées par des virgules"),
    ICI,
    option("--commune", metavar="C"),
    option("--bailleur", metavar="B"),
    FORMAT,
    AUDIENCE,
    SORTIE,
)
def indicateur(options: argparse.Namespace) -> Lue:
    seance = Seance.read(options.seance)
    par = tuple(c.strip() for c in options.par.split(",") if c.strip())
    commune = COMMUNES_ASSOCIEES.get(options.commune, options.commune)
    with Entrepot(options.dossier_donnees).pour(options.ici or "").open(METROPOLE, seance) as lecteur:
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
        couverte = couverture(lecteur, options.nom, Periode.de(seance, options.periode), options.ici, par)
        if couverte and (dite := couverte.say()):
            print(dite.replace("*", ""), file=sys.stderr)
        cellules = cellules.drop(columns=list(PAR_SENS))  # contract §4 has the gap, and its direction
        if options.audience == SALLE:
            cellules = render(cellules, par)
    cellules = cellules.drop(columns=list(OCCUPANTS), errors="ignore")  # contract §4 names their share alone
    return Lue(cellules, lecteur.instantane)


def _read_conditions(texte: str) -> SegmentLibre:
    """At least one: a list of none would count every active demande, which is not what the option is given for."""
    segment = SegmentLibre.read(texte)
    if not segment.conditions:
        raise AppelIncorrect(
            "L’option --conditions n’en donne aucune : en écrire au moins une, comme "
            '[["anciennete_mois","au_moins",24]].'
        )
    return segment


@commande(
    "compte ou liste un segment de demandes actives",
    option("nom", metavar="NOM", help="un segment du contrat, ou « libre » avec ses conditions"),
    option(
        "--conditions",
        type=_read_conditions,
        metavar="JSON",
        help="toutes vraies à la fois : [[champ, opérateur, valeur], …], comme dans l’adresse de l’écran",
    ),
    option("--date", required=True, type=read_jour, metavar="2017-12-31", help="date de référence"),
    option("--mois", type=int, metavar="N"),
    option("--n-min", type=int, metavar="N", help="2 si rien n’est dit"),
    option("--fenetre", type=int, metavar="MOIS", help="24 si rien n’est dit ; 0 : sans limite"),
    option("--par", metavar="CLE"),
    option("--devant", action="store_true", help="qui était premier là où les demandes du segment étaient derrière"),
    option("--causes", action="store_true", help="ce que communes et bailleurs ont noté de ces demandes, additionné"),
    option("--ici", metavar="I", help="seulement les demandes qui y souhaitent une commune, ou y habitent"),
    FORMAT,
    AUDIENCE,
    SORTIE,
)
def segment(options: argparse.Namespace) -> Lue:
    """JSON: the count, the counts by `--par`, who was first (`--devant`), what was noted (`--causes`); CSV: the list,
    pseudonymised, with its reasons."""
    if options.audience == SALLE and options.format == "csv":
        raise AppelIncorrect("Une liste ne se projette pas : ôter --format csv, ou --audience salle.")
    if options.devant and (options.nom != POULIDOR or options.par or options.format == "csv"):
        raise AppelIncorrect(
            "L’option --devant ne vaut que du segment poulidor, en entier et en JSON : ôter --par et --format csv."
        )
    if options.causes and (options.devant or options.par or options.format == "csv"):
        raise AppelIncorrect("L’option --causes va seule, et en JSON : ôter --devant, --par et --format csv.")
    pas = {nom: valeur for nom in PAS if (valeur := getattr(options, nom)) is not None}
    criteres = Criteres(options.date, **pas)
    quoi, filtre = _segment_demande(options.nom, options.conditions)
    seance, portee = Seance.du(options.date), Portee.ici(options.ici) if options.ici else METROPOLE
    with open_donnees(options, seance, portee) as lecteur:
        criteres.check(lecteur, quoi, filtre, pas=pas)
        if options.par:
            check_cle(options.par)
        titre = options.nom if isinstance(quoi, SegmentLibre) else segment_de(quoi).titre
        tus = [silence(lecteur, q, criteres.debut) for q in (quoi, filtre) if q is not None]
        tu = next((pourquoi for pourquoi in tus if pourquoi), None)
        dits = [phrases_mesures.silence([titre], tu)] if tu else _reserves(lecteur, options, criteres, quoi, filtre)
        if options.format == "csv" and not options.par:
            if tu:
                raise DonneesRefusees(langue.typeset(dits[0]))
            reponse: pd.DataFrame | str = find_all(lecteur, quoi, criteres, filtre=filtre, passages_dits=True)
            rendu.note_liste(options, len(reponse))
        elif (options.devant or options.causes) and tu:
            sans = dict.fromkeys(
                ("n_passages", "n_avec_premier", "devant") if options.devant else ("n_notees", "suites")
            )
            reponse = rendu.en_json(sans | {cle: dit for cle, dit in _inconnu(tu).items() if cle != "n"}) + "\n"
        elif options.devant:
            with open_donnees(options, seance) as partout:  # whoever was first wants any commune
                dit = find_devant(partout, pseudonymes(lecteur, quoi, criteres, filtre), criteres)
            reponse = rendu.en_json(_devant(dit, options.audience)) + "\n"
        elif options.causes:
            journal = rendu.require_journal(options)
            notees = find_notees(journal, pseudonymes(lecteur, quoi, criteres, filtre), seance)
            reponse = rendu.en_json(_notees(notees, options.audience)) + "\n"
        else:
            if tu:
                comptes = pd.DataFrame([({"cle": "inconnu"} if options.par else {}) | _inconnu(tu)])
            elif options.par:
                comptes = count_par(lecteur, quoi, criteres, options.par, filtre)
            else:
                comptes = pd.DataFrame([{"n": count(lecteur, quoi, criteres, filtre)}])
            if options.audience == SALLE:
                comptes = render(comptes).drop(columns="cote")
            reponse = comptes if options.par else rendu.en_json(lignes(comptes)[0]) + "\n"
        for phrase in dits:
            print(langue.typeset(phrase), file=sys.stderr)
    return Lue(reponse, lecteur.instantane)


def _notees(notees: Notees, audience: str) -> dict[str, object]:
    """How many demandes, then each outcome with its cause."""
    suites = _sort_lus(notees.suites[["code", "cause", "n"]], audience)
    return _lus(audience, n_notees=notees.n) | {"suites": suites}


def _devant(dit: Devant, audience: str) -> dict[str, object]:
    """As contract §6 writes it; the other axes are under their own names."""
    premiers = {axe: _sort_lus(n.rename(columns={"cle": axe}), audience) for axe, n in dit.premiers.items()}
    return {
        **_lus(audience, n_passages=dit.n_passages, n_avec_premier=dit.n_avec_premier),
        "devant": premiers.pop("etiquette"),
        **{f"devant_par_{axe}": dites for axe, dites in premiers.items()},
    }


def _lus(audience: str, **comptes: int) -> dict[str, object]:
    """Each count as it is read; for a room, `masque`: whether it is told one of them not."""
    lus = {nom: _sort_lus(pd.DataFrame({"n": [n]}), audience)[0] for nom, n in comptes.items()}
    masque = {"masque": any(lu["masque"] for lu in lus.values())} if audience == SALLE else {}
    return {nom: lu["n"] for nom, lu in lus.items()} | masque


def _sort_lus(comptes: pd.DataFrame, audience: str) -> list[dict[str, Any]]:
    """As they are read, most first by that alone: a place in the list would tell what is not."""
    if audience != SALLE:
        return lignes(comptes)
    lus, cles = render(comptes).drop(columns="cote"), list(comptes.columns.drop("n"))
    return lignes(lus.sort_values(["n", *cles], ascending=[False, *(True for _ in cles)], na_position="last"))


def _inconnu(tu: Silence) -> dict[str, object]:
    """No count, and why: no demande is known to be in, nor not to be."""
    inconnu: dict[str, object] = {"n": None, "motif": tu.motif}
    return inconnu | ({"colonnes_absentes": rendu.join_colonnes(tu.manques)} if tu.motif == COLONNE_ABSENTE else {})


def _reserves(
    lecteur: Lecteur, options: argparse.Namespace, criteres: Criteres, quoi: Quoi, filtre: SegmentLibre | None
) -> list[str]:
    """What goes with a count: when its events stop, how many say no rang, the column that its split lacks."""
    lus = [reserves(lecteur, q, criteres.debut, criteres.jour) for q in (quoi, filtre) if q is not None]
    sans = manques_de_cle(lecteur, options.par or "")
    dit = [phrases_mesures.manque(options.par, sans)] if sans else []
    return [*dict.fromkeys(dite for r in lus for dite in r.say()), *dit]


def _segment_demande(nom: str, conditions: SegmentLibre | None) -> tuple[str | SegmentLibre, SegmentLibre | None]:
    """What is counted, and what narrows it: conditions are a segment of their own, or added to one of the contract."""
    if nom != LIBRE:
        return nom, conditions
    if conditions is None:
        raise AppelIncorrect("Le segment libre n’a pas de conditions : les donner par --conditions.")
    return conditions, None


@commande(
    "essaie un scénario et dit ce qu’il demande",
    option("scenario", type=Path, metavar="SCENARIO.toml", help="voir docs/simulations/scenario.md"),
    option("--format", choices=("texte", "json"), default="texte"),
    SORTIE,
)
def simuler(options: argparse.Namespace) -> Lue:
    from mel_core.simulation.scenarios import Scenario, execute, portee  # brings SciPy: no other command waits for it

    scenario = Scenario.read(options.scenario)
    entrepot, seance = Entrepot(options.dossier_donnees).pour(scenario.ici), scenario.seance
    with entrepot.open(portee(scenario), seance) as lecteur, entrepot.open(METROPOLE, seance) as metropole:
        resultat = execute(lecteur, scenario, metropole)
    dit = rendu.en_json(resultat.en_json()) if options.format == "json" else _en_texte(resultat)
    return Lue(dit + "\n", lecteur.instantane)


def _en_texte(resultat: Resultat) -> str:
    """The sentence, then each figure: without the scenario, with it."""
    lignes = [
        langue.typeset(f"{cle} : {_chiffre(cle, avant)} → {_chiffre(cle, resultat.synthese[cle])}")
        for cle, avant in resultat.constat.items()
    ]
    if any(resultat.durees):
        lignes.insert(0, langue.typeset(" → ".join(resultat.heads("constat", "scénario"))))
    return "\n".join([resultat.write(), *lignes])


def _chiffre(cle: str, valeur: object) -> str:
    if valeur is None or isinstance(valeur, str):
        return valeur or langue.ABSENT
    if cle.startswith("ecart"):
        return langue.points(100 * float(valeur))  # type: ignore[arg-type]
    if cle.startswith("part"):
        return langue.part(valeur)  # type: ignore[arg-type]
    return langue.nombre(valeur, 0 if isinstance(valeur, int) else 1)  # type: ignore[arg-type]


@commande(
    "dit ce que les fichiers renseignent, et ce qui y manque",
    option(
        "quoi",
        choices=(*POPULATIONS, _MOIS, _BAUX),
        nargs="?",
        default="attributions",
        metavar="QUOI",
        help="attributions, demandes, residences (part renseignée de chaque rubrique), evenements (par mois) ou "
        "baux (ceux d’un bailleur à compléter)",
    ),
    SEANCE,
    PERIODE,
    ICI,
    option("--bailleur", metavar="B", help="demandé par « baux »"),
    FORMAT,
)
def qualite(options: argparse.Namespace) -> pd.DataFrame:
    if (options.quoi == _BAUX) != bool(options.bailleur):
        raise AppelIncorrect(
            "« qualite baux » demande de quel bailleur : ajouter --bailleur."
            if options.quoi == _BAUX
            else f"L’option --bailleur ne vaut que pour « qualite baux » : la retirer de « qualite {options.quoi} »."
        )
    seance = Seance.read(options.seance)
    with open_donnees(options, seance) as lecteur:
        table = _read(lecteur, options, Periode.de(seance, options.periode))
    # Days as text: JSON has no dates.
    return table.assign(**{c: table[c].map(str) for c in ("mois", "date_bail") if c in table})


def _read(lecteur: Lecteur, options: argparse.Namespace, periode: Periode) -> pd.DataFrame:
    if options.quoi == _BAUX:
        return baux_a_completer(lecteur, periode, options.bailleur, options.ici)
    if options.quoi == _MOIS:
        return par_mois(lecteur, periode, options.ici)
    return completude(lecteur, options.quoi, periode, options.ici)


@commande(
    "dit ce que chaque mesure demande, et écrit des modèles à remplir",
    option("--modeles", type=Path, metavar="DOSSIER", help="y écrit plutôt un classeur à remplir par table"),
    FORMAT,
    est_auditee=False,  # without a store, there is no journal
)
def besoins(options: argparse.Namespace) -> pd.DataFrame | None:
    """One row per need, with the verdict of what it serves; on an empty store everything is absent."""
    if options.modeles:
        _write_modeles(options.modeles)
        return None
    entrepot = Entrepot(options.dossier_donnees)
    if entrepot.instantane() is None:
        couvertes = besoins_couverts(None)
    else:
        with entrepot.open(METROPOLE) as lecteur:
            couvertes = besoins_couverts(lecteur)
        rendu.note_commande(options)
    return couvertes.drop(columns="part_lue").merge(verdicts(couvertes), on=["genre", "code"], how="left")


def _write_modeles(dossier: Path) -> None:
    dossier.mkdir(parents=True, exist_ok=True)
    modeles = (*TABLES, *classeurs.ENVOIS)
    for nom in modeles:
        write_whole(dossier / classeurs.nom_de_fichier(nom), classeurs.write(nom))
    print(f"{len(modeles)} modèles écrits dans « {dossier} » : les remplir, puis les donner à « importer ».")


@commande(
    "parc, occupants, entrées, sorties et flux de chaque bassin de vie",
    option(
        "quoi",
        choices=(_PARC, *bassins.FLUX),
        nargs="?",
        default=_PARC,
        metavar="QUOI",
        help="parc (logements, occupants, entrées et sorties), ou un flux : habite_obtenu, habite_souhaite, "
        "souhaite_obtenu",
    ),
    SEANCE,
    option("--periode", choices=("semestre", "annee"), default="annee"),
    option("--par", choices=bassins.MAILLES, default="territoire", metavar="MAILLE"),
    option("--lieu", metavar="L", help="un territoire, ou le code d’une commune (selon --par)"),
    FORMAT,
    AUDIENCE,
    nom="bassins",
)
def bassins_de_vie(options: argparse.Namespace) -> pd.DataFrame:
    seance = Seance.read(options.seance)
    periode = Periode.de(seance, options.periode)
    with Entrepot(options.dossier_donnees).open(METROPOLE, seance) as lecteur:
        lieux = lecteur.query("select distinct unnest([territoire, code_insee]) as lieu from communes")["lieu"]
        if options.lieu and options.lieu not in set(lieux):
            raise AppelIncorrect(
                f"« {options.lieu} » n’est ni un territoire ni une commune de la Métropole : le corriger."
            )
        if options.quoi == _PARC:
            absents = bassins.manques_du_parc(lecteur)
            table = bassins.render_parc(bassins.parc(lecteur, periode, options.par), options.par)
        elif absents := bassins.manques_de_flux(lecteur, options.quoi):  # no flow is known without them
            inconnu = {"de": bassins.INCONNU, "vers": bassins.INCONNU, "n": None, "motif": COLONNE_ABSENTE}
            return pd.DataFrame([{**inconnu, "colonnes_absentes": rendu.join_colonnes(absents)}])
        else:
            flux = bassins.flux(lecteur, options.quoi, periode, options.par)
            table = bassins.render_flux(flux, options.quoi, options.par)
    if options.lieu:
        cles = ["lieu"] if options.quoi == _PARC else ["de", "vers"]
        table = table[(table[cles] == options.lieu).any(axis=1)]
    return rendu.say_comptes(table, options.audience, absents)

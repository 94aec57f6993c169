"""Pre-flight of a séance: what is missing or assumed, one sentence each, before anything is projected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mel_core.dossier.lignes_dossier import POINTS, ask_constat
from mel_core.entrepot import Entrepot, Lecteur
from mel_core.indicateurs import INDICATEURS, compute, phrases_mesures
from mel_core.indicateurs.besoins import renvoi
from mel_core.indicateurs.catalogue import A_CIBLE
from mel_core.indicateurs.comptage import duree, objectifs_en_vigueur
from mel_core.indicateurs.couverture import couverture
from mel_core.indicateurs.manques import (
    Silence,
    declarations,
    manques,
    manques_de_coupe,
    say_tables_arretees,
    seuils_manquants,
    silence,
)
from mel_core.indicateurs.qualite import completude
from mel_core.seance.coordination import seances_tenues
from mel_core.secret.bail import reader
from mel_core.segments import SEGMENTS, Criteres
from mel_core.socle import langue
from mel_core.socle.periodes import Periode, Seance


class GraviteDuPoint(StrEnum):
    """What a point of the check costs to the document."""

    MANQUE = "manque"  # a line of the agenda stays without its figure
    RESERVE = "réserve"  # a figure to be shown with a warning
    INFORMATION = "information"


_RESERVE, _INFORMATION = GraviteDuPoint.RESERVE, GraviteDuPoint.INFORMATION


@dataclass(frozen=True)
class PointDeControle:
    """One thing to know before the dossier goes out: one French sentence, with what to do, and how serious it is."""

    phrase: str
    gravite: GraviteDuPoint = GraviteDuPoint.MANQUE


def check(entrepot: Entrepot, lecteur: Lecteur, seance: Seance, ici: str, tenue: date | None) -> list[PointDeControle]:
    """What to know before the séance of `ici`, the gravest first, as it is read. `tenue`: its day."""
    periode = Periode.de(seance, "annee")
    return [
        *_couverture(lecteur, periode),
        *([] if tenue else [PointDeControle(seances_tenues.A_FIXER)]),
        *_manques(lecteur, periode, ici),
        *_segments(lecteur, Criteres(seance.fin)),
        *_declarees(lecteur),
        *_objectifs(lecteur, periode),
        *_completude(lecteur, periode, ici),
        *_jeu(entrepot, lecteur, seance),
    ]


def _couverture(lecteur: Lecteur, periode: Periode) -> Iterator[PointDeControle]:
    if not (couverte := duree(lecteur, periode)).est_entiere:
        yield PointDeControle(
            f"Les baux chargés ne couvrent que {couverte} "
            f"({langue.intervalle(periode.debut, periode.fin)}) : aucun objectif n’y est jugé ni comparé, importer les "
            "mois qui manquent ou choisir une autre séance."
        )
    for dite in say_tables_arretees(lecteur, periode):
        yield PointDeControle(dite, _RESERVE)


def _manques(lecteur: Lecteur, periode: Periode, ici: str) -> Iterator[PointDeControle]:
    for nom in dict.fromkeys(p.indicateur for p in POINTS):
        titre = INDICATEURS[nom].titre
        if besoins := manques(lecteur, nom):
            yield PointDeControle(phrases_mesures.manque(titre, besoins))
        elif annees := seuils_manquants(lecteur, nom, periode):
            n = reader().compte(compute(lecteur, nom, periode, ici=ici)["n"].iloc[0])
            dite = phrases_mesures.seuil_absent(titre, annees, n)
            yield PointDeControle(f"{dite} L’ajouter dans Préparer › Objectifs.")
        else:
            yield from _sans_chiffre(lecteur, nom, periode, ici)


def _sans_chiffre(lecteur: Lecteur, nom: str, periode: Periode, ici: str) -> Iterator[PointDeControle]:
    """What the documents leave out, of which the screen has no figure to tell."""
    for mesure in dict.fromkeys(p.mesure for p in POINTS if p.indicateur == nom):
        constat = ask_constat(lecteur, mesure.code, "", periode, ici)
        if mesure.cellule and (besoins := manques_de_coupe(lecteur, mesure.cellule[0])):
            yield PointDeControle(phrases_mesures.manque(mesure.titre, besoins))
        elif not constat.est_connu:
            yield PointDeControle(constat.say().replace("*", "") + renvoi(mesure.titre))


def _declarees(lecteur: Lecteur) -> Iterator[PointDeControle]:
    for nom in dict.fromkeys(p.indicateur for p in POINTS):
        for declaration in declarations(lecteur, nom):
            yield PointDeControle(f"« {INDICATEURS[nom].titre} » : {declaration.phrase()}", _RESERVE)


def _segments(lecteur: Lecteur, criteres: Criteres) -> Iterator[PointDeControle]:
    tus: dict[Silence, list[str]] = {}
    for nom, segment in SEGMENTS.items():
        if pourquoi := silence(lecteur, nom, criteres.debut):
            tus.setdefault(pourquoi, []).append(segment.titre)
    for pourquoi, titres in tus.items():
        yield PointDeControle(f"À 13h30, {phrases_mesures.silence(titres, pourquoi)}")


def _objectifs(lecteur: Lecteur, periode: Periode) -> Iterator[PointDeControle]:
    for nom in A_CIBLE:
        if not objectifs_en_vigueur(lecteur, nom, periode):
            yield PointDeControle(
                f"« {INDICATEURS[nom].titre} » n’a pas d’objectif en vigueur le {langue.jour(periode.fin)} : l’ajouter "
                "dans Préparer › Objectifs, ou le dire en séance.",
                _RESERVE,
            )


def _completude(lecteur: Lecteur, periode: Periode, ici: str) -> Iterator[PointDeControle]:
    for ligne in completude.par_bailleur(lecteur, periode, ici).itertuples():
        if ligne.n_evenements == 0 and ligne.n > 0:
            baux = langue.effectif(reader().compte(ligne.n), "bail", "baux")
            yield PointDeControle(
                f"{ligne.nom} n’a aucun passage ni proposition enregistrés sur cette période alors qu’il a signé "
                f"{baux} : lui demander ses événements, ou ne rien conclure sur ses refus.",
                _RESERVE,
            )
    for nom in ("equilibre", "aci"):
        lue = couverture(lecteur, nom, periode, ici)
        if lue and (dite := lue.say().replace("*", "")):
            yield PointDeControle(
                f"« {INDICATEURS[nom].titre} » : {dite} Voir qui les renseigne dans Préparer › Qualité.",
                _RESERVE,
            )


def _jeu(entrepot: Entrepot, lecteur: Lecteur, seance: Seance) -> Iterator[PointDeControle]:
    if lecteur.instantane.nature == "fictive":
        yield PointDeControle("Les données sont fictives : ce dossier ne sert qu’à répéter la séance.", _INFORMATION)
    yield PointDeControle(
        "Les périmètres des trois ICI sont provisoires et les bornes de ressources sont supposées : le dire en séance.",
        _INFORMATION,
    )
    if not entrepot.est_gelee(seance):
        yield PointDeControle(
            f"La séance {seance} n’est pas gelée : un import peut encore changer ses chiffres, refaire alors ce "
            "dossier.",
            _INFORMATION,
        )

"""The front door: every file goes through `controler`, which says everything it found and keeps what can be kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from mel_core.contrat import coherence
from mel_core.contrat.jeu import Connues, Jeu
from mel_core.contrat.lecture.brut import Illisible, Lot
from mel_core.contrat.lecture.doublons import ecarter_doublons
from mel_core.contrat.lecture.lecture_table import lire_table, refuser
from mel_core.contrat.lecture.source import ouvrir
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.rapport import Rapport
from mel_core.contrat.references import signaler_codes_disparus, verifier_references
from mel_core.socle.periodes import Seance

Progres = Callable[[str, float], None]

_RIEN_DE_CONNU = Connues()
_SANS_MAPPING = Mapping()

# Shares of an import: what comes after the check is the publication.
_DEBUT, _LU, _CONTROLE = 0.02, 0.7, 0.9


def controler(
    chemin: Path,
    *,
    mapping: Mapping | None = None,
    connues: Connues = _RIEN_DE_CONNU,
    aujourdhui: date | None = None,
    seance: Seance | None = None,
    progres: Progres | None = None,
) -> Jeu:
    """Read and check the jeu de données at `chemin`: a folder, a zip of it, a workbook, or one table's CSV file.

    `connues`: what the store knows, for the tables that this load does not bring. `aujourdhui`: the day of loading.
    `seance`: the period that bailleurs should have events in. `progres` is told what is under way and the share of an
    import that is done, from 0 to 0.9.
    Raises `AppelIncorrect` when there is nothing at `chemin`, `DonneesRefusees` when there is no table there; all the
    rest, unreadable files included, is in the report (contract §1).
    """
    avancer = progres or (lambda _phrase, _fraction: None)
    avancer("Ouverture du jeu de données", _DEBUT)
    with ouvrir(chemin) as contenu:
        lues = _lire(contenu.lots, mapping or _SANS_MAPPING, aujourdhui or date.today(), avancer)
    avancer("Contrôle des lignes et des références", _LU)
    lisibles = {nom: lue for nom, lue in lues.items() if lue.est_lisible}
    for nom, lue in lisibles.items():
        try:
            _verifier(nom, lue, lues, connues)
        except Illisible as trop:
            lues[nom] = refuser(lue, trop)
    if "evenements" in lisibles:
        coherence.signaler_bailleurs_sans_evenement(lisibles, seance)
    avancer("Rapport du contrôle", _CONTROLE)
    rapport = Rapport(anomalies=list(contenu.anomalies))
    for nom, lue in lues.items():
        anomalies = lue.anomalies()
        rapport.anomalies += anomalies
        rapport.tables[nom] = lue.bilan(anomalies)
    tables = {} if rapport.est_bloquant else {nom: lue.garder() for nom, lue in lues.items()}
    declarees = {nom: lue.declarees for nom, lue in lues.items() if lue.declarees}
    return Jeu(tables, {nom: lue.presentes for nom, lue in lues.items()}, rapport, declarees)


def _verifier(nom: str, lue: TableLue, lues: dict[str, TableLue], connues: Connues) -> None:
    verifier_references(lue, lues, connues)
    if nom == "attributions":
        coherence.verifier_dates_de_bail(lue)
    ecarter_doublons(lue)
    signaler_codes_disparus(lue, frozenset(lues), connues)
    _signaler_les_manques(nom, lue)


def _lire(lots: list[Lot], mapping: Mapping, aujourdhui: date, avancer: Progres) -> dict[str, TableLue]:
    total = sum(lot.taille for lot in lots) or 1
    avant = 0
    lues = {}
    for lot in lots:

        def dire(lu: int, lot: Lot = lot, avant: int = avant) -> None:
            avancer(f"Lecture de {lot.fichier}", _DEBUT + (_LU - _DEBUT) * min((avant + lu) / total, 1.0))

        lues[lot.table] = lire_table(lot, mapping, aujourdhui, dire)
        avant += lot.taille
    return lues


def _signaler_les_manques(nom: str, lue: TableLue) -> None:
    if nom == "demandes":
        coherence.signaler_reactivations(lue)
    coherence.signaler_montants_negatifs(lue)
    if "revenu_fiscal" in lue.table.noms:
        coherence.signaler_revenus_absents(lue)
    if "categorie_menage" in lue.table.noms:
        coherence.signaler_categories_absentes(lue)

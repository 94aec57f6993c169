"""The front door: every file goes through `check`, which says everything it found and keeps what can be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from mel_core.contrat import coherence, correspondances, occupation
from mel_core.contrat.correspondances import SANS, Reponses
from mel_core.contrat.lecture.brut import Illisible, Lot
from mel_core.contrat.lecture.fichiers import Donne, open
from mel_core.contrat.lecture.lecture_table import read_table, refuse
from mel_core.contrat.lecture.table_lue import TableLue, unite
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.modeles.catalogue import complete
from mel_core.contrat.rapport import Connues, Jeu, Rapport
from mel_core.contrat.references import report_codes_disparus, verify_references
from mel_core.socle.periodes import Seance

Progres = Callable[[str, float], None]

_RIEN_DE_CONNU = Connues()
_SANS_MAPPING = Mapping()

# Shares of an import: what comes after the check is the publication.
_DEBUT, _LU, _CONTROLE = 0.02, 0.7, 0.9


def check(
    chemins: Path | Sequence[Donne],
    *,
    mapping: Mapping | None = None,
    reponses: Reponses = SANS,
    connues: Connues = _RIEN_DE_CONNU,
    aujourdhui: date | None = None,
    seance: Seance | None = None,
    progres: Progres | None = None,
) -> Jeu:
    """Read and check what is given: a jeu de données (a folder, a zip of it, a workbook, one table's CSV file), or
    several and files of any name given to a table. The files of one table are read as one.

    `mapping` holds for every file, `reponses` for those of a source, over it. `connues`: what the store knows, for the
    tables that this load does not bring. `aujourdhui`: the day of loading.
    `seance`: the period that bailleurs should have events in. `progres` is told what is under way and the share of an
    import that is done, from 0 to 0.9.
    Raises `AppelIncorrect` when there is nothing at a path, `DonneesRefusees` when no table is there; all the rest,
    unreadable files included, is in the report (contract §1).
    """
    advance = progres or (lambda _phrase, _fraction: None)
    advance("Ouverture du jeu de données", _DEBUT)
    complet = complete(mapping or _SANS_MAPPING)
    with open(chemins, complet) as (trouves, anomalies):
        noms = {code: nom for m in (*reponses.mappings, complet) for code, nom in m.noms.items()}
        lots = correspondances.with_bailleurs(trouves, noms, connues)
        lues = _read(lots, complet, reponses, aujourdhui or date.today(), advance)
    advance("Contrôle des lignes et des références", _LU)
    lisibles = {nom: lue for nom, lue in lues.items() if lue.est_lisible}
    memes = correspondances.codes_nommes(noms, connues)
    designes = correspondances.registre_des_bailleurs(lisibles.get("bailleurs"), connues)
    for lue in lisibles.values():
        correspondances.unify_bailleurs(lue, memes, designes)
    for nom, lue in lisibles.items():
        try:
            _verify(nom, lue, lues, connues)
        except Illisible as trop:
            lues[nom] = refuse(lue.table, lue.constats.fichier, trop)
    if "evenements" in lisibles:
        coherence.report_bailleurs_sans_evenement(lisibles, seance)
    advance("Rapport du contrôle", _CONTROLE)
    rapport = Rapport(anomalies=anomalies)
    for nom, lue in lues.items():
        siennes = lue.anomalies()
        rapport.anomalies += siennes
        rapport.tables[nom] = lue.bilan(siennes)
        lisibles_de = [partie for partie in lue.parties if partie.source]
        rapport.lots[nom] = lisibles_de[0].fichier if lisibles_de else ""
        rapport.sources |= {partie.fichier: partie.source for partie in lisibles_de}
        rapport.colonnes |= {partie.fichier: partie.colonnes for partie in lisibles_de}
        rapport.sans |= {partie.fichier: partie.sans for partie in lisibles_de}
    tables = {} if rapport.est_bloquant else {nom: lue.keep() for nom, lue in lues.items()}
    declarees = {nom: lue.declarees for nom, lue in lues.items() if lue.declarees}
    return Jeu(tables, {nom: lue.presentes for nom, lue in lues.items()}, rapport, declarees)


def _verify(nom: str, lue: TableLue, lues: dict[str, TableLue], connues: Connues) -> None:
    verify_references(lue, lues, connues)
    occupation.attach(lue)
    if nom == "attributions":
        coherence.verify_dates_de_bail(lue)
    coherence.set_aside_doublons(lue)
    report_codes_disparus(lue, frozenset(lues), connues)
    coherence.report_manques(lue)


def _read(
    lots: list[Lot], mapping: Mapping, reponses: Reponses, aujourdhui: date, advance: Progres
) -> dict[str, TableLue]:
    total = sum(lot.taille for lot in lots) or 1
    avant = 0
    parties: dict[str, list[TableLue]] = {}
    for lot in lots:

        def say(lu: int, lot: Lot = lot, avant: int = avant) -> None:
            advance(f"Lecture de {lot.fichier}", _DEBUT + (_LU - _DEBUT) * min((avant + lu) / total, 1.0))

        parties.setdefault(lot.table, []).append(read_table(lot, mapping, aujourdhui, say, reponses))
        avant += lot.taille
        pa.default_memory_pool().release_unused()  # the texts of a file
    return {nom: unite(lues) for nom, lues in parties.items()}

"""Reads a workbook in a process that may be killed: `python -m mel_core.contrat.lecture.ouvrier_classeur` CHEMIN OCTETS
CHOIX.

CHOIX, in JSON: the names of the sheets to read, whatever their case, or null for every visible one.

Writes on its standard output a line of JSON about the sheets, then one Arrow stream per sheet read, in the order of
that line: its first rows (as metadata, a name merged over several rows written in each), then line numbers, then for
each column its texts and which cells the workbook stores natively (as a number, a date or a boolean)."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from mel_core.contrat.lecture import signes_ods
from mel_core.contrat.lecture.brut import LIGNES_DE_TETE, LIGNES_PAR_MORCEAU, TROP_DE_MEMOIRE
from mel_core.contrat.lecture.signes_ods import Fusion, Signes
from mel_core.contrat.valeurs import CELLULE_FUSIONNEE, FORMULE_NON_CALCULEE

_XLSX = "xl/workbook.xml"
_ENTIER_EXACT_MAX = 2**53
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELLULE_EN_ERREUR = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\bt\s*=\s*[\"']e[\"'][^<>]*>")
_FORMULE = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*)>\s*+<(?:\w+:)?f\b[^<>]*+>(?:(?<=/>)|[^<]*+</(?:\w+:)?f>)\s*+"
    rb"(?:(<(?:\w+:)?v\s*+/>|<(?:\w+:)?v>\s*+</(?:\w+:)?v>)\s*+)?</(?:\w+:)?c>"
)
_EST_TEXTE = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
_ADRESSE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_VALEUR = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FUSIONNEES_MAX = 1_000_000  # cells: beyond, nobody merged them by hand
_DATE_1904 = re.compile(rb"date1904\s*=\s*[\"'](?:1|true)[\"']")

Rangee = tuple[int, list[Any]]


def principal(chemin: Path, memoire: int, choisies: list[str] | None, sortie: BinaryIO) -> None:
    """`memoire`: bytes of address space, enforced where the system knows how. Any error ends the process."""
    _bound_la_memoire(memoire)
    signes = signes_ods.read(chemin)  # first: it leaves nothing of the file in memory
    with zipfile.ZipFile(chemin) as archive, _open(chemin) as classeur:
        feuilles = [
            (f.name, f.visible == SheetVisibleEnum.Visible, f.typ == SheetTypeEnum.WorkSheet)
            for f in classeur.sheets_metadata
        ]
        est_de_1904 = signes is None and _DATE_1904.search(archive.read(_XLSX)) is not None
        pliees = None if choisies is None else {nom.strip().casefold() for nom in choisies}
        lues = [
            nom
            for nom, est_visible, est_feuille in feuilles
            if est_feuille and (est_visible if pliees is None else nom.strip().casefold() in pliees)
        ]
        annonce = {"feuilles": feuilles, "lues": lues, "date_1904": est_de_1904}
        sortie.write(json.dumps(annonce).encode() + b"\n")
        parties = _parties(archive) if signes is None else {}
        for nom in lues:
            feuille = classeur.get_sheet_by_name(nom)
            if signes is not None:
                erreurs, fusions = signes.get(nom, ({}, []))
            else:
                erreurs = _cellules_en_erreur(archive.read(parties[nom]))
                fusions = [
                    (haut + 1, gauche, bas + 1, droite)
                    for (haut, gauche), (bas, droite) in feuille.merged_cell_ranges or ()
                ]
            _write_feuille(sortie, feuille, erreurs, fusions)


def _open(chemin: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(chemin)
    except CalamineError as erreur:
        if "limit exceeded" in str(erreur):  # of its cells, most of which are repeated
            raise MemoryError from None
        raise


def _bound_la_memoire(octets: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: only the time is bounded, and the sizes that the archive declares
        return
    resource.setrlimit(resource.RLIMIT_AS, (octets, octets))


def _parties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each sheet's XML is in the archive, by name."""
    relations = {
        r.attrib["Id"]: r.attrib["Target"]
        for r in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 — bounded process
    }
    classeur = ElementTree.fromstring(archive.read(_XLSX))  # noqa: S314
    cibles = {f.attrib["name"]: relations[f.attrib[_RELATION]] for f in classeur.iter() if f.tag.endswith("}sheet")}
    return {nom: c.removeprefix("/") if c.startswith("/") else f"xl/{c}" for nom, c in cibles.items()}


def _cellules_en_erreur(xml: bytes) -> Signes:
    """`#N/A`, or a formula without its value: calamine reads these cells as empty, which means something else."""
    trouvees: Signes = {}
    for cellule in _CELLULE_EN_ERREUR.finditer(xml):
        adresse, valeur = _ADRESSE.search(cellule[0]), _VALEUR.search(xml, cellule.end())
        if adresse is None:
            raise KeyError("an error cell without address")
        texte = valeur[1].decode() if valeur else "#N/A"
        trouvees.setdefault(int(adresse[2]), {})[_colonne(adresse[1])] = texte
    for cellule in _FORMULE.finditer(xml):
        # A spreadsheet that computed an empty text says that it is one.
        if cellule[2] is not None and _EST_TEXTE.search(cellule[1]):
            continue
        if adresse := _ADRESSE.search(cellule[1]):
            trouvees.setdefault(int(adresse[2]), {})[_colonne(adresse[1])] = FORMULE_NON_CALCULEE
    return trouvees


def _cellules_fusionnees(fusions: list[Fusion], fin: tuple[int, int] | None) -> Signes:
    """Cells under a merged one, which holds what they seem to. `fin`: last row and column (from 0) that are read."""
    trouvees: Signes = {}
    n, (derniere, bord) = 0, fin or (-1, -1)
    for haut, gauche, en_bas, a_droite in fusions:
        bas, droite = min(en_bas, derniere + 1), min(a_droite, bord)
        n += max(0, bas - haut + 1) * max(0, droite - gauche + 1)
        if n > _FUSIONNEES_MAX:
            raise MemoryError
        for ligne in range(haut, bas + 1):
            for colonne in range(gauche, droite + 1):
                if (ligne, colonne) != (haut, gauche):
                    trouvees.setdefault(ligne, {})[colonne] = CELLULE_FUSIONNEE
    return trouvees


def _colonne(lettres: bytes) -> int:
    rang = 0
    for lettre in lettres:
        rang = rang * 26 + lettre - ord("A") + 1
    return rang - 1


def _write_feuille(sortie: BinaryIO, feuille: CalamineSheet, erreurs: Signes, fusions: list[Fusion]) -> None:
    gauche = feuille.start[1] if feuille.start else 0  # rows come whole from the top, columns do not
    fusionnees = _cellules_fusionnees(fusions, feuille.end)
    rangees = _rangees_non_vides(feuille.iter_rows(), erreurs, gauche)
    debut = list(islice(rangees, LIGNES_DE_TETE))
    champs = [pa.field("numeros", pa.int64())]
    for i in range(len(debut[0][1]) if debut else 0):
        champs += [pa.field(f"texte{i}", pa.string()), pa.field(f"natif{i}", pa.bool_())]
    schema = pa.schema(champs, {"tete": json.dumps(_tete(debut, fusions, gauche))})
    suite = (_sign(rangee, fusionnees, gauche) for rangee in chain(debut, rangees))
    with pa.ipc.new_stream(sortie, schema) as flux:
        while paquet := list(islice(suite, LIGNES_PAR_MORCEAU)):
            flux.write_batch(pa.record_batch(list(_colonnes(paquet)), schema=schema))


def _tete(rangees: list[Rangee], fusions: list[Fusion], gauche: int) -> list[tuple[int, list[str]]]:
    """The first rows as a person reads them: a name merged over several rows stands in each of them."""
    tete = {ligne: [_texte(c).strip() for c in rangee] for ligne, rangee in rangees}
    for haut, colonne, bas, _ in fusions:
        if haut in tete and colonne >= gauche:
            for ligne in range(haut + 1, min(bas, max(tete)) + 1):
                if ligne in tete and colonne - gauche < len(tete[ligne]):
                    tete[ligne][colonne - gauche] = tete[haut][colonne - gauche]
    return list(tete.items())


def _rangees_non_vides(rangees: Iterable[list[Any]], erreurs: Signes, gauche: int) -> Iterator[Rangee]:
    for ligne, rangee in enumerate(rangees, start=1):
        for colonne, texte in erreurs.get(ligne, {}).items():
            if 0 <= colonne - gauche < len(rangee):  # beyond, no header stands above it
                rangee[colonne - gauche] = texte
        if rangee.count("") != len(rangee):  # a row that is empty but for merged cells says nothing
            yield ligne, rangee


def _sign(rangee: Rangee, fusionnees: Signes, gauche: int) -> Rangee:
    ligne, cellules = rangee
    for colonne, texte in fusionnees.get(ligne, {}).items():
        if colonne >= gauche and cellules[colonne - gauche] == "":
            cellules[colonne - gauche] = texte
    return rangee


def _colonnes(paquet: list[Rangee]) -> Iterator[pa.Array]:
    yield pa.array([ligne for ligne, _ in paquet], pa.int64())
    for cellules in zip(*(rangee for _, rangee in paquet), strict=True):
        if set(map(type, cellules)) == {str}:
            yield pa.array(cellules, pa.string())
            yield pa.nulls(len(cellules), pa.bool_())
        else:
            yield pa.array([_texte(c) for c in cellules], pa.string())
            yield pa.array([type(c) is not str for c in cellules], pa.bool_())


def _texte(valeur: Any) -> str:
    """What the contract reads: `3` for 3.0, `2017-09-30` for a date, `VRAI` for a boolean."""
    if isinstance(valeur, str):
        return valeur
    if isinstance(valeur, bool):
        return "VRAI" if valeur else "FAUX"
    if isinstance(valeur, float) and valeur.is_integer() and abs(valeur) <= _ENTIER_EXACT_MAX:
        return str(int(valeur))
    if isinstance(valeur, datetime):
        return valeur.date().isoformat() if valeur.time() == time() else valeur.isoformat(sep=" ")
    return valeur.isoformat() if isinstance(valeur, date) else str(valeur)


if __name__ == "__main__":
    try:
        principal(Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]), sys.stdout.buffer)
    except MemoryError:
        sys.exit(TROP_DE_MEMOIRE)

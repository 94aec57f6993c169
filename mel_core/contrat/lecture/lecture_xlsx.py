"""A workbook: looked at as a zip, then read by a process of its own with bounded memory and time (`ouvrier_xlsx`)."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.lecture import archive
from mel_core.contrat.lecture.brut import (
    TAILLE_CELLULE_MAX,
    TROP_DE_MEMOIRE,
    Illisible,
    Lecture,
    Lot,
    Masque,
    Morceau,
    est_hors_donnees,
    table_nommee,
)
from mel_core.contrat.lecture.entete import find_entete
from mel_core.contrat.tables import TABLES
from mel_core.contrat.valeurs import CELLULE_FUSIONNEE, ORIGINE_1900, ORIGINE_1904
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.langue import nombre

TAILLE_MAX = 1 << 29  # bytes, once decompressed: twice a MEL-sized workbook (5 million cells)
MEMOIRE_MAX = 1 << 30  # bytes of address space: 6 million cells of one sheet; the largest of the MEL has 2
DUREE_MAX = 120  # seconds

_RACINE = Path(__file__).resolve().parents[3]
_LOG = logging.getLogger(__name__)
_ABIME = "Le classeur ne se lit pas : l’ouvrir dans un tableur et l’enregistrer de nouveau en .xlsx."
_TROP_GROS = "Le classeur demande trop de mémoire ou de temps : donner une table par fichier CSV."


@dataclass(frozen=True)
class Classeur:
    """`lots`: the sheets read. `ignorees`: sheets that bear no table's name. `masquees`: hidden ones that bear one."""

    lots: list[Lot]
    ignorees: list[str]
    masquees: list[str]


def read_classeur(chemin: Path, fichier: str) -> Classeur:
    """The sheets that bear a table's name. `fichier`: what the report calls the workbook.

    Raises `Illisible` when it is damaged, protected, or asks for too much.
    """
    contenu = _read(chemin, list(TABLES))
    classeur = Classeur([], [], [])
    for nom, est_visible, est_feuille in contenu.feuilles:
        table = table_nommee(nom)
        if est_hors_donnees(nom):
            continue
        if table is None or not est_feuille:
            classeur.ignorees.append(nom)
        elif not est_visible:
            classeur.masquees.append(nom)
        else:
            classeur.lots.append(contenu.lot(nom, table, fichier))
    return classeur


def read_feuille(chemin: Path, table: str, fichier: str, feuille: str | None) -> Lot:
    """The sheet given to `table`; without a name, the only one that is not empty, else that which bears the table's.

    Raises `AppelIncorrect` when there is no such sheet, or several, and as `read_classeur`.
    """
    contenu = _read(chemin, None if feuille is None else [feuille])
    if feuille is not None:
        nom = next((n for n, _, est_feuille in contenu.feuilles if est_feuille and _pareil(n, feuille)), None)
        if nom is None:
            raise AppelIncorrect(
                f"« {chemin.name} » n’a pas de feuille « {feuille} » : choisir parmi {_dites(contenu.noms)}."
            )
        return contenu.lot(nom, table, fichier)
    pleines = [nom for nom in contenu.lues if contenu.lues[nom].num_columns > 1]
    nommees = [nom for nom in pleines if table_nommee(nom) == table]
    if len(nommees or pleines) > 1:
        raise AppelIncorrect(
            f"« {chemin.name} » a plusieurs feuilles : dire laquelle donne « {table} » parmi {_dites(pleines)}, comme "
            f'--table {table}="{chemin.name}:{pleines[0]}".'
        )
    if not pleines:
        raise Illisible(f"« {chemin.name} » n’a aucune feuille visible remplie : l’exporter de nouveau.")
    return contenu.lot((nommees or pleines)[0], table, fichier)


def feuilles(chemin: Path) -> list[tuple[str, bool, bool]]:
    """Every sheet: its name, whether it is visible, whether it is one of cells. Raises as `read_classeur`."""
    return _read(chemin, []).feuilles


def _pareil(nom: str, autre: str) -> bool:
    """A spreadsheet never has two sheets whose names differ by case alone."""
    return nom.strip().casefold() == autre.strip().casefold()


def _dites(noms: Iterable[str]) -> str:
    return ", ".join(f"« {nom} »" for nom in noms)


@dataclass(frozen=True)
class _Contenu:
    """`feuilles`: every sheet (name, is visible, is a sheet of cells). `lues`: the rows of those that were asked."""

    feuilles: list[tuple[str, bool, bool]]
    lues: dict[str, pa.Table]
    origine: date

    @property
    def noms(self) -> list[str]:
        return [nom for nom, _, est_feuille in self.feuilles if est_feuille]

    def lot(self, nom: str, table: str, fichier: str) -> Lot:
        feuille = _Feuille(self.lues[nom], self.origine)
        return Lot(table, f"{fichier} › {nom}", feuille.contenu.nbytes, feuille.read)


def _read(chemin: Path, demandees: list[str] | None) -> _Contenu:
    """The sheets whose names are `demandees`, whatever the case; every visible one without."""
    with zipfile.ZipFile(chemin) as contenu:
        archive.examine(contenu, TAILLE_MAX)
    tampon = pa.BufferReader(_make_lire(chemin, demandees))
    annonce: dict[str, Any] = json.loads(_premiere_ligne(tampon))
    lues = {nom: pa.ipc.open_stream(tampon).read_all() for nom in annonce["lues"]}
    origine = ORIGINE_1904 if annonce["date_1904"] else ORIGINE_1900
    return _Contenu([tuple(f) for f in annonce["feuilles"]], lues, origine)


def _make_lire(chemin: Path, demandees: list[str] | None) -> bytes:
    choix = json.dumps(demandees)
    ouvrier = "mel_core.contrat.lecture.ouvrier_xlsx"
    commande = [sys.executable, "-m", ouvrier, str(chemin.resolve()), str(MEMOIRE_MAX), choix]
    # Arrow's own allocators reserve a whole gigabyte of addresses at once.
    environnement = {**os.environ, "PYTHONPATH": str(_RACINE), "ARROW_DEFAULT_MEMORY_POOL": "system"}
    try:
        fini = subprocess.run(commande, capture_output=True, timeout=DUREE_MAX, env=environnement)
    except subprocess.TimeoutExpired:
        raise Illisible(_TROP_GROS) from None
    if fini.returncode < 0 or fini.returncode == TROP_DE_MEMOIRE:  # killed, or stopped by the bound
        raise Illisible(_TROP_GROS)
    if fini.returncode > 0:
        # The kind of error only: its text may quote a cell.
        erreur = fini.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        _LOG.warning("The reader of workbooks ended with %s (%s)", fini.returncode, erreur)
        raise Illisible(_ABIME)
    return fini.stdout


def _premiere_ligne(tampon: pa.BufferReader) -> bytes:
    octets = bytearray()
    while (octet := tampon.read(1)) != b"\n":
        octets += octet
    return bytes(octets)


@dataclass(frozen=True)
class _Feuille:
    contenu: pa.Table
    origine: date

    def read(self, connus: frozenset[str]) -> Lecture:
        tete = [(ligne, cellules) for ligne, cellules in json.loads(self.contenu.schema.metadata[b"tete"])]
        if not tete:
            raise Illisible("La feuille est vide : y mettre au moins sa ligne d’en-tête, ou la supprimer.")
        rang = find_entete(tete, connus)
        ligne, entete = tete[rang]
        largeur = len(entete)
        while largeur and not entete[largeur - 1] and self._est_vide(largeur - 1, rang + 1):
            largeur -= 1  # what a title that is wider than the table leaves beside it
        entete = entete[:largeur]
        return Lecture(entete, ligne, self._morceaux(len(entete), rang + 1), self.origine, titres=tete[:rang])

    def _est_vide(self, colonne: int, premiere: int) -> bool:
        textes = self.contenu.column(f"texte{colonne}").slice(premiere)
        est_vide = pc.is_in(pc.utf8_trim_whitespace(textes), value_set=pa.array(["", CELLULE_FUSIONNEE]))
        return bool(pc.all(est_vide, min_count=0).as_py())

    def _morceaux(self, largeur: int, premiere: int) -> Iterator[Morceau]:
        lu = 0
        for lot in self.contenu.slice(premiere).to_batches():
            lu += lot.nbytes
            numeros = lot.column("numeros").to_numpy()
            colonnes = [lot.column(f"texte{i}") for i in range(largeur)]
            for textes in colonnes:
                _verify(textes, numeros)
            yield Morceau(numeros, colonnes, lu, [_masque(lot.column(f"natif{i}")) for i in range(largeur)])


def _masque(natifs: pa.Array) -> Masque | None:
    return None if natifs.null_count == len(natifs) else natifs.to_numpy(zero_copy_only=False).astype(bool)


def _verify(textes: pa.Array, numeros: Any) -> None:
    """The bounds that CSV cells have."""
    trop_longues = pc.greater(pc.utf8_length(textes), TAILLE_CELLULE_MAX)
    interdites = pc.or_(trop_longues, pc.match_substring(textes, "\0"))
    rang = pc.index(interdites, True).as_py()
    if rang >= 0:
        raise Illisible(
            f"Une cellule dépasse {nombre(TAILLE_CELLULE_MAX)} caractères ou contient un caractère nul : la vider.",
            int(numeros[rang]),
        )

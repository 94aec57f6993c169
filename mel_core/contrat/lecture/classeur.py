"""What a file is, by its content. A zip is looked at before anything is taken out of it: sizes, ratio, names; a
workbook is then read by a process of its own with bounded memory and time (`ouvrier_classeur`)."""

from __future__ import annotations

import codecs
import json
import logging
import os
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.lecture.brut import (
    TAILLE_CELLULE_MAX,
    TROP_DE_MEMOIRE,
    Avancer,
    Illisible,
    LectureTable,
    Lignes,
    Lot,
    en_masque,
    table_nommee,
)
from mel_core.contrat.lecture.entete import find_entete, require_entete
from mel_core.contrat.valeurs import CELLULE_FUSIONNEE, ORIGINE_1900, ORIGINE_1904
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.langue import nombre

ENTREES_MAX = 1_000
RATIO_MAX = 100  # CSV and workbooks compress 5 to 40 times
RATIO_NEGLIGEABLE = 1 << 20  # bytes; below, the ratio says nothing
_CHIFFREE = 0x1

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0"
_CLASSEUR = "xl/workbook.xml"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_ODS = _OPEN_DOCUMENT + b"spreadsheet"
CLASSEURS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
# What a file begins with when it is no text, and what it is.
_ARCHIVE = "une archive d’un autre format que le zip"
_PAS_DU_TEXTE = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"{\\rtf", "un texte mis en forme"),
    (b"\x1f\x8b", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
    (b"\xfd7zXZ", _ARCHIVE),
    (b"PAR1\x15", "un fichier Parquet"),
    (b"ARROW1", "un fichier Arrow (Feather)"),
    (b"SQLite format 3", "une base SQLite ou un GeoPackage"),
    (b"\0\1\0\0Standard", "une base Access"),
    (b"$FL2", "un fichier SPSS"),
    (b"\0\0\x27\x0a", "un morceau de shapefile (zipper ensemble ses .shp, .dbf et .prj)"),
)
_JSON = (
    "un JSON ou un GeoJSON (des contours d’IRIS se donnent à la table quartiers, ou aux cartes par la commande "
    "« contours », à l’écran « Contours des cartes »)"
)
_BALISES = ((b"{", _JSON), (b"<?xml", "un XML ou un KML"), (b"<kml", "un KML"))
# What a zip holds when it is neither a workbook nor an archive of tables.
_PAS_DES_TABLES = {
    "xl/workbook.bin": "un classeur .xlsb",
    "word/document.xml": "un document Word",
    "ppt/presentation.xml": "un diaporama",
    "doc.kml": "des contours KMZ",
}
_A_EXPORTER = "C’est {}, que l’application ne lit pas : exporter la table en CSV ou en .xlsx."
_PAGES = (b"<!doctype html", b"<html", b"<table", b"<meta")


class GenreFichier(Enum):
    TEXTE = auto()
    CLASSEUR = auto()
    ARCHIVE = auto()


@contextmanager
def whole_archives() -> Iterator[None]:
    """Around what reads an archive: raises `Illisible` for one that is damaged."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise Illisible("L’archive est abîmée ou incomplète : la copier ou la refaire.") from None


def identify(chemin: Path) -> GenreFichier:
    """What a file is, by its content. Raises `Illisible` for what is none of them, or not what its name says."""
    if not chemin.is_file():  # a pipe or a device may never end
        raise Illisible("Ce n’est ni un fichier ni un dossier : donner l’un ou l’autre.")
    debut, suffixe = _debut(chemin), chemin.suffix.lower()
    if debut.startswith(_OLE):
        raise Illisible(
            "Le classeur est à l’ancien format .xls ou protégé par un mot de passe : l’enregistrer en .xlsx sans mot "
            "de passe."
        )
    if debut.startswith(ZIP):
        return _identify_zip(chemin, debut)
    if suffixe in (*CLASSEURS, ".zip"):
        raise Illisible(_describe_intrus(chemin.suffix, debut))
    if quoi := _autre_chose(debut):
        raise Illisible(_A_EXPORTER.format(quoi))
    return GenreFichier.TEXTE


def _identify_zip(chemin: Path, debut: bytes) -> GenreFichier:
    with zipfile.ZipFile(chemin) as contenu:
        noms = contenu.namelist()
        genre, manifeste = (_read_debut(contenu, nom) for nom in ("mimetype", "META-INF/manifest.xml"))
    est_ods = genre.startswith(_ODS)
    if est_ods and b"encryption-data" in manifeste:
        raise Illisible("Le classeur est protégé par un mot de passe : l’enregistrer sans mot de passe.")
    if est_ods or _CLASSEUR in noms:
        return GenreFichier.CLASSEUR
    quoi = next((quoi for nom, quoi in _PAS_DES_TABLES.items() if nom in noms), None)
    if quoi or genre.startswith(_OPEN_DOCUMENT):
        raise Illisible(_A_EXPORTER.format(quoi or "un document OpenDocument qui n’est pas un classeur"))
    if chemin.suffix.lower() in CLASSEURS:
        raise Illisible(_describe_intrus(chemin.suffix, debut))
    return GenreFichier.ARCHIVE


def _read_debut(contenu: zipfile.ZipFile, nom: str) -> bytes:
    try:
        with contenu.open(nom) as entree:
            return entree.read(RATIO_NEGLIGEABLE)
    except (KeyError, RuntimeError):  # it is not there, or behind a password
        return b""


def est_geojson(chemin: Path) -> bool:
    """Whether a text begins as a JSON does."""
    return _debut(chemin).removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def require_texte(chemin: Path) -> None:
    """Raises `Illisible` when a file is known to be no table, by its first signs."""
    debut = _debut(chemin)
    if quoi := _autre_chose(debut) or next((dit for signe, dit in _BALISES if debut.startswith(signe)), None):
        raise Illisible(_A_EXPORTER.format(quoi))


def _debut(chemin: Path) -> bytes:
    with chemin.open("rb") as fichier:
        return fichier.read(512)


def _autre_chose(debut: bytes) -> str | None:
    return next((quoi for signature, quoi in _PAS_DU_TEXTE if debut.startswith(signature)), None)


def _describe_intrus(suffixe: str, brut: bytes) -> str:
    """A file that its name says to be a workbook or an archive, and that is something else."""
    debut = brut.lstrip(codecs.BOM_UTF8).lstrip().lower()
    if quoi := _autre_chose(brut):
        return f"C’est {quoi} malgré son nom en {suffixe} : exporter de nouveau la table en CSV ou en .xlsx."
    if not debut:
        return f"Le fichier est vide malgré son nom en {suffixe} : l’exporter de nouveau."
    if debut.startswith(_PAGES):
        return f"C’est une page web malgré son nom en {suffixe} : l’ouvrir dans un tableur, l’enregistrer en .xlsx."
    return (
        f"Le contenu n’est pas celui d’un fichier {suffixe} : l’ouvrir dans un tableur, l’enregistrer en "
        ".xlsx, ou le renommer en .csv si c’est du texte."
    )


def examine(archive: zipfile.ZipFile, taille_max: int, entrees_max: int = ENTREES_MAX) -> list[zipfile.ZipInfo]:
    """The files of the archive. Raises `Illisible` for one that asks for too much, or leads out of its folder.

    Sizes are those that the archive declares: `zipfile` never gives more of an entry than its declared size.
    """
    fichiers = [f for f in archive.infolist() if not f.is_dir()]
    if len(fichiers) > entrees_max:
        raise Illisible(f"L’archive a plus de {entrees_max} fichiers : n’y laisser que les tables.")
    if sum(f.file_size for f in fichiers) > taille_max:
        raise Illisible(f"L’archive dépasse {taille_max >> 20} Mo une fois ouverte : la donner en plusieurs fois.")
    for fichier in fichiers:
        _check(fichier)
    deux = next((nom for nom, n in Counter(f.filename for f in fichiers).items() if n > 1), None)
    if deux is not None:  # one of the two would hide the other
        raise Illisible(f"L’archive contient deux fois « {deux[:80]} » : la refaire sans doublon.")
    return fichiers


def extract(chemin: Path, taille_max: int, pile: ExitStack) -> list[tuple[PurePosixPath, Path]]:
    """The workbooks of an archive, by their names there, put until `pile` is closed where a process of its own can read
    them; sizes are looked at before."""
    with zipfile.ZipFile(chemin) as contenu:
        entrees = [e for e in contenu.infolist() if PurePosixPath(e.filename).suffix.lower() in CLASSEURS]
        if not entrees:
            return []
        examine(contenu, taille_max)
        dossier = Path(pile.enter_context(TemporaryDirectory(prefix="ici-")))
        extraits = []
        for rang, entree in enumerate(entrees):
            nom = PurePosixPath(entree.filename)
            ou = dossier / f"{rang}{nom.suffix.lower()}"
            with contenu.open(entree) as source, ou.open("wb") as cible:
                copyfileobj(source, cible)
            extraits.append((nom, ou))
        return extraits


def _check(fichier: zipfile.ZipInfo) -> None:
    # The raw name: `zipfile` cuts names at a NUL and turns the separator of the system into /.
    nom = fichier.orig_filename.replace("\\", "/")
    chemin = PurePosixPath(nom)
    if chemin.is_absolute() or PureWindowsPath(nom).drive or ".." in chemin.parts or "\0" in nom:
        raise Illisible(f"Chemin interdit dans l’archive (« {nom[:80]} ») : la refaire depuis un dossier de tables.")
    if fichier.flag_bits & _CHIFFREE:
        raise Illisible("L’archive est protégée par un mot de passe : la refaire sans mot de passe.")
    if fichier.file_size > RATIO_NEGLIGEABLE and fichier.file_size > RATIO_MAX * max(fichier.compress_size, 1):
        raise Illisible(
            f"« {chemin.name[:80]} » grossit plus de {RATIO_MAX} fois une fois ouvert : en retirer les "
            "lignes vides ou répétées, puis refaire l’archive."
        )


TAILLE_MAX = 1 << 29  # bytes, once decompressed: twice a MEL-sized workbook (5 million cells)
MEMOIRE_MAX = 1 << 30  # bytes of address space: 6 million cells of one sheet; the largest of the MEL has 2
DUREE_MAX = 120  # seconds

_RACINE = Path(__file__).resolve().parents[3]
_LOG = logging.getLogger(__name__)
_TROP_GROS = "Le classeur demande trop de mémoire ou de temps : donner une table par fichier CSV."


@dataclass(frozen=True)
class Feuille:
    """A sheet. `est_tableau`: it is one of cells. `contenu`: its rows, if they were asked for; `origine`: day 0 of its
    dates."""

    nom: str
    est_visible: bool
    est_tableau: bool
    contenu: pa.Table
    origine: date

    def lot(self, table: str, fichier: str) -> Lot:
        """`fichier`: what the report calls the workbook."""
        return Lot(table, f"{fichier} › {self.nom}", self.contenu.nbytes, self._read)

    def _read(self, connus: frozenset[str]) -> LectureTable:
        tete = [(ligne, cellules) for ligne, cellules in json.loads(self.contenu.schema.metadata[b"tete"])]
        if not tete:
            raise Illisible("La feuille est vide : y mettre au moins sa ligne d’en-tête, ou la supprimer.")
        rang = find_entete(tete, connus)
        ligne, entete = tete[rang]
        require_entete(ligne, entete, connus)
        corps = self.contenu.slice(rang + 1)
        while entete and not entete[-1] and _est_vide(corps.column(f"texte{len(entete) - 1}")):
            entete = entete[:-1]  # what a title that is wider than the table leaves beside it
        return LectureTable(entete, ligne, partial(_read_lignes, corps, len(entete)), self.origine, titres=tete[:rang])


def read(chemin: Path, demandees: list[str] | None) -> list[Feuille]:
    """Every sheet, with the rows of those whose names are `demandees`, whatever the case; of every visible one without.

    Raises `Illisible` when the workbook is damaged, protected, or asks for too much.
    """
    with zipfile.ZipFile(chemin) as contenu:
        examine(contenu, TAILLE_MAX)
    ligne, _, flux = _call_ouvrier(chemin, demandees).partition(b"\n")
    annonce, tampon = json.loads(ligne), pa.BufferReader(flux)
    lues = {nom: pa.ipc.open_stream(tampon).read_all() for nom in annonce["lues"]}
    origine = ORIGINE_1904 if annonce["date_1904"] else ORIGINE_1900
    return [
        Feuille(nom, est_visible, est_tableau, lues.get(nom), origine)
        for nom, est_visible, est_tableau in annonce["feuilles"]
    ]


def read_feuille(chemin: Path, table: str, fichier: str, demandee: str | None) -> Lot:
    """The sheet given to `table`; without a name, the only one that is not empty, else that which bears the table's.

    Raises `AppelIncorrect` when there is no such sheet, or several, and as `read`.
    """
    tableaux = [f for f in read(chemin, None if demandee is None else [demandee]) if f.est_tableau]
    if demandee is not None:
        # A spreadsheet never has two sheets whose names differ by case alone.
        pliee = demandee.strip().casefold()
        trouvees = [f for f in tableaux if f.nom.strip().casefold() == pliee]
        if not trouvees:
            raise AppelIncorrect(
                f"« {chemin.name} » n’a pas de feuille « {demandee} » : choisir parmi {_dites(tableaux)}."
            )
        return trouvees[0].lot(table, fichier)
    pleines = [f for f in tableaux if f.contenu is not None and f.contenu.num_columns > 1]
    choisies = [f for f in pleines if table_nommee(f.nom) == table] or pleines
    if len(choisies) > 1:
        raise AppelIncorrect(
            f"« {chemin.name} » a plusieurs feuilles : dire laquelle donne « {table} » parmi {_dites(pleines)}, comme "
            f'--table {table}="{chemin.name}:{pleines[0].nom}".'
        )
    if not choisies:
        raise Illisible(f"« {chemin.name} » n’a aucune feuille visible remplie : l’exporter de nouveau.")
    return choisies[0].lot(table, fichier)


def _dites(feuilles: list[Feuille]) -> str:
    return ", ".join(f"« {f.nom} »" for f in feuilles)


def _call_ouvrier(chemin: Path, demandees: list[str] | None) -> bytes:
    choix = json.dumps(demandees)
    ouvrier = "mel_core.contrat.lecture.ouvrier_classeur"
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
        raise Illisible("Le classeur ne se lit pas : l’ouvrir dans un tableur et l’enregistrer de nouveau en .xlsx.")
    return fini.stdout


def _est_vide(textes: pa.ChunkedArray) -> bool:
    est_vide = pc.is_in(pc.utf8_trim_whitespace(textes), value_set=pa.array(["", CELLULE_FUSIONNEE]))
    return bool(pc.all(est_vide, min_count=0).as_py())


def _read_lignes(corps: pa.Table, largeur: int, _advance: Avancer) -> Lignes:
    numeros = corps.column("numeros").to_numpy()
    colonnes = [corps.column(f"texte{i}").combine_chunks() for i in range(largeur)]
    for textes in colonnes:
        # The bounds that CSV cells have.
        trop_longues = pc.greater(pc.utf8_length(textes), TAILLE_CELLULE_MAX)
        rang = pc.index(pc.or_(trop_longues, pc.match_substring(textes, "\0")), True).as_py()
        if rang >= 0:
            raise Illisible(
                f"Une cellule dépasse {nombre(TAILLE_CELLULE_MAX)} caractères ou contient un caractère nul : la vider.",
                int(numeros[rang]),
            )
    natifs = [corps.column(f"natif{i}").combine_chunks() for i in range(largeur)]
    return Lignes(numeros, colonnes, [None if n.null_count == len(n) else en_masque(n) for n in natifs])

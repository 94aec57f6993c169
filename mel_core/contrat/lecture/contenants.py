"""What a file is, by its content; and a look at a zip before anything is taken out of it: sizes, ratio, names."""

from __future__ import annotations

import codecs
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path, PurePosixPath, PureWindowsPath

from mel_core.contrat.lecture.brut import Illisible

ENTREES_MAX = 1_000
RATIO_MAX = 100  # CSV and workbooks compress 5 to 40 times
RATIO_NEGLIGEABLE = 1 << 20  # bytes; below, the ratio says nothing
_CHIFFREE = 0x1

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0"
_CLASSEUR = "xl/workbook.xml"
_CLASSEURS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
# What a file begins with when it is no text, and what it is.
_PAS_DU_TEXTE = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"{\\rtf", "un texte mis en forme"),
    (b"\x1f\x8b", "une archive d’un autre format que le zip"),
    (
        b"{",
        "un JSON ou un GeoJSON (des contours d’IRIS se donnent à la table quartiers, ou aux cartes par la commande "
        "« contours », à l’écran « Contours des cartes »)",
    ),
    (b"7z\xbc\xaf", "une archive d’un autre format que le zip"),
    (b"Rar!", "une archive d’un autre format que le zip"),
)
_PAGES = (b"<!doctype html", b"<html", b"<table", b"<meta")


class Genre(Enum):
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


def identify(chemin: Path) -> Genre:
    """What a file is, by its content. Raises `Illisible` for what is none of them, or not what its name says."""
    if not chemin.is_file():  # a pipe or a device may never end
        raise Illisible("Ce n’est ni un fichier ni un dossier : donner l’un ou l’autre.")
    debut, suffixe = _debut(chemin), chemin.suffix.lower()
    if debut.startswith(_OLE):
        raise Illisible(
            "Le classeur est à l’ancien format .xls ou protégé par un mot de passe : l’enregistrer en .xlsx sans mot "
            "de passe."
        )
    if debut.startswith(_ZIP):
        with zipfile.ZipFile(chemin) as contenu:
            if _CLASSEUR in contenu.namelist():
                return Genre.CLASSEUR
        if suffixe not in _CLASSEURS:
            return Genre.ARCHIVE
    elif suffixe not in (*_CLASSEURS, ".zip"):
        return Genre.TEXTE
    raise Illisible(_describe_intrus(chemin.suffix, debut))


def est_geojson(chemin: Path) -> bool:
    """Whether a text begins as a JSON does."""
    return _debut(chemin).removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def require_texte(chemin: Path) -> None:
    """Raises `Illisible` when a file is known to be no table, by its first signs."""
    if quoi := _autre_chose(_debut(chemin)):
        raise Illisible(f"C’est {quoi}, pas une table : l’exporter de nouveau en CSV ou en .xlsx.")


def _debut(chemin: Path) -> bytes:
    with chemin.open("rb") as fichier:
        return fichier.read(512)


def _autre_chose(debut: bytes) -> str | None:
    return next((quoi for signature, quoi in _PAS_DU_TEXTE if debut.startswith(signature)), None)


def _describe_intrus(suffixe: str, brut: bytes) -> str:
    """A file that its name says to be a workbook or an archive, and that is something else."""
    debut = brut.lstrip(codecs.BOM_UTF8).lstrip().lower()
    if suffixe.lower() == ".ods" and brut.startswith(_ZIP):
        return "Les classeurs .ods ne sont pas lus : l’ouvrir dans un tableur, l’enregistrer en .xlsx."
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
        _verify(fichier)
    deux = next((nom for nom, n in Counter(f.filename for f in fichiers).items() if n > 1), None)
    if deux is not None:  # one of the two would hide the other
        raise Illisible(f"L’archive contient deux fois « {deux[:80]} » : la refaire sans doublon.")
    return fichiers


def _verify(fichier: zipfile.ZipInfo) -> None:
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

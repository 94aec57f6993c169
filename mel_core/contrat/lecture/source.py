"""What a jeu de données is made of: a folder, a zip of it, a workbook, or a single table's CSV file (contract §1)."""

from __future__ import annotations

import codecs
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from mel_core.contrat.constats_lecture import Constats
from mel_core.contrat.lecture import archive, lecture_csv
from mel_core.contrat.lecture.brut import Defaut, Illisible, Lot, table_nommee
from mel_core.contrat.lecture.lecture_xlsx import read_classeur
from mel_core.contrat.proches import proche
from mel_core.contrat.rapport import Anomalie
from mel_core.contrat.regles import FEUILLE_MASQUEE, FICHIER_IGNORE, ILLISIBLE, TABLE_DOUBLE
from mel_core.contrat.tables import TABLES
from mel_core.socle.erreurs import AppelIncorrect, DonneesRefusees, cause

TAILLE_ARCHIVE_MAX = 8 << 30  # bytes, once decompressed: the whole of France fits

# What reading an entry of a damaged archive may raise.
ARCHIVE_ABIMEE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0"
_CLASSEUR = "xl/workbook.xml"
_CLASSEURS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_ANCIEN_FORMAT = (
    "Le classeur est à l’ancien format .xls ou protégé par un mot de passe : l’enregistrer en .xlsx sans mot de passe."
)

_A_TAIRE = (".", "~$")  # what systems and office suites leave beside files

Fichier = tuple[PurePosixPath, int, lecture_csv.Ouvrir]


@dataclass(frozen=True)
class Contenu:
    """The tables found, each once and in the order of the contract, and what there is to say about the rest."""

    lots: list[Lot]
    anomalies: list[Anomalie]


@contextmanager
def open(chemin: Path) -> Iterator[Contenu]:
    """Raises `AppelIncorrect` when there is nothing at `chemin`, `DonneesRefusees` when no table is there.

    A workbook or an archive that can't be read is an anomaly, like any other unreadable file.
    """
    nom = _lisible(chemin.name)
    constats = Constats(nom, ())
    with ExitStack() as pile:
        try:
            if not chemin.exists():
                raise AppelIncorrect(
                    f"« {_lisible(str(chemin))} » n’existe pas : vérifier le chemin du jeu de données."
                )
            lots = _une_fois_chacune(_find(chemin, constats, pile), constats)
        except OSError as erreur:
            raise DonneesRefusees(
                f"« {nom[:80]} » ne se lit pas ({cause(erreur)}) : vérifier les droits et le support."
            ) from None
        except Illisible as erreur:
            lots = []
            for defaut in erreur.defauts:
                constats.report(ILLISIBLE, phrase=defaut.message)
        if not lots and not constats.est_bloquant:
            raise DonneesRefusees(
                f"« {nom} » ne contient aucune table : un fichier ou une feuille porte le nom de sa table, par "
                f"exemple demandes.csv (tables connues : {', '.join(TABLES)})."
            )
        yield Contenu(lots, constats.generales())


def _find(chemin: Path, constats: Constats, pile: ExitStack) -> list[Lot]:
    if chemin.is_dir():
        entrees = sorted(chemin.iterdir())
        for autre in (f for f in entrees if not f.is_file() and not f.name.startswith(_A_TAIRE)):
            _report_ignore(autre.name, autre.stem, constats)
        fichiers = (f for f in entrees if f.is_file())
        return _lots(((PurePosixPath(f.name), f.stat().st_size, partial(_open, f)) for f in fichiers), constats)
    if not chemin.is_file():  # a pipe or a device may never end
        raise Illisible(Defaut(None, "Ce n’est ni un fichier ni un dossier : donner l’un ou l’autre."))
    with chemin.open("rb") as fichier:
        debut = fichier.read(4)
    if debut == _OLE:
        raise Illisible(Defaut(None, _ANCIEN_FORMAT))
    if debut not in _ZIP:
        if chemin.suffix.lower() in (*_CLASSEURS, ".zip"):
            raise Illisible(Defaut(None, _describe_intrus(chemin)))
        return _lots([(PurePosixPath(chemin.name), chemin.stat().st_size, partial(_open, chemin))], constats)
    try:
        contenu = pile.enter_context(zipfile.ZipFile(chemin))
        if _CLASSEUR in contenu.namelist():
            return _du_classeur(chemin, constats)
        if chemin.suffix.lower() in _CLASSEURS:
            raise Illisible(Defaut(None, _describe_intrus(chemin)))
        return _de_l_archive(contenu, constats)
    except ARCHIVE_ABIMEE:
        raise Illisible(Defaut(None, "L’archive est abîmée ou incomplète : la copier ou la refaire.")) from None


def _open(chemin: Path) -> BinaryIO:
    return chemin.open("rb")


def _describe_intrus(chemin: Path) -> str:
    """A file that its name says to be a workbook or an archive, and that is something else."""
    with chemin.open("rb") as fichier:
        debut = fichier.read(512).lstrip(codecs.BOM_UTF8).lstrip().lower()
    if not debut:
        return f"Le fichier est vide malgré son nom en {chemin.suffix} : l’exporter de nouveau."
    if debut.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")):
        return (
            f"C’est une page web malgré son nom en {chemin.suffix} : l’ouvrir dans un tableur, l’enregistrer en .xlsx."
        )
    return (
        f"Le contenu n’est pas celui d’un fichier {chemin.suffix} : l’ouvrir dans un tableur, l’enregistrer en "
        ".xlsx, ou le renommer en .csv si c’est du texte."
    )


def _lisible(nom: str) -> str:
    """A name as it can be shown: systems allow control characters and bytes that are no text."""
    return "".join(c if c.isprintable() else "�" for c in nom)


def _de_l_archive(contenu: zipfile.ZipFile, constats: Constats) -> list[Lot]:
    def open_entree(entree: zipfile.ZipInfo) -> BinaryIO:
        return cast(BinaryIO, contenu.open(entree))

    entrees = archive.examine(contenu, TAILLE_ARCHIVE_MAX)
    return _lots(((PurePosixPath(e.filename), e.file_size, partial(open_entree, e)) for e in entrees), constats)


def _du_classeur(chemin: Path, constats: Constats) -> list[Lot]:
    classeur = read_classeur(chemin)
    for nom in classeur.masquees:
        constats.report(FEUILLE_MASQUEE, valeur=nom)
    for nom in classeur.ignorees:
        _report_ignore(nom, nom, constats)
    return classeur.lots


def _lots(fichiers: Iterable[Fichier], constats: Constats) -> list[Lot]:
    """A table is a `.csv` at the top, or in the one folder that a zip may have around it."""
    lots = []
    for chemin, taille, ouvrir_fichier in fichiers:
        if chemin.name.startswith(_A_TAIRE) or chemin.parts[0] == "__MACOSX":
            continue
        table = table_nommee(chemin.stem) if chemin.suffix.lower() == ".csv" and len(chemin.parts) <= 2 else None
        if table is None:
            _report_ignore(str(chemin), chemin.stem, constats)
        else:
            lots.append(Lot(table, _lisible(str(chemin)), taille, partial(lecture_csv.read, ouvrir_fichier, table)))
    return lots


def _report_ignore(nom: str, radical: str, constats: Constats) -> None:
    ressemblante = proche(radical, TABLES)
    suite = f" (serait-ce « {ressemblante} » ?)" if ressemblante else ""
    constats.report(FICHIER_IGNORE, valeur=_lisible(nom), proche=suite)


def _une_fois_chacune(lots: list[Lot], constats: Constats) -> list[Lot]:
    par_table: dict[str, list[Lot]] = {nom: [] for nom in TABLES}
    for lot in lots:
        par_table[lot.table].append(lot)
    for nom, donnes in par_table.items():
        if len(donnes) > 1:
            constats.report(TABLE_DOUBLE, valeur=nom, fichiers=" et ".join(lot.fichier for lot in donnes))
    return [donnes[0] for donnes in par_table.values() if donnes]

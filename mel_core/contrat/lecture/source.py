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
from mel_core.contrat.lecture.archive import ENTREES_MAX
from mel_core.contrat.lecture.brut import Defaut, Illisible, Lot
from mel_core.contrat.lecture.lecture_xlsx import read_classeur
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.modeles import sne_fichiers
from mel_core.contrat.modeles.adaptation import adapt, table_de
from mel_core.contrat.modeles.catalogue import SNE
from mel_core.contrat.proches import proche
from mel_core.contrat.rapport import Anomalie
from mel_core.contrat.regles import FEUILLE_MASQUEE, FICHIER_IGNORE, ILLISIBLE, TABLE_DOUBLE, XML_NON_LU, XML_SEULS
from mel_core.contrat.tables import TABLES
from mel_core.socle.erreurs import AppelIncorrect, DonneesRefusees, cause
from mel_core.socle.langue import effectif

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
def open(chemin: Path, mapping: Mapping = Mapping()) -> Iterator[Contenu]:  # noqa: B008  it never changes
    """`mapping`: its model, if any, says what the files are. Raises `AppelIncorrect` when there is nothing at `chemin`,
    `DonneesRefusees` when no table is there.

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
            lots = _une_fois_chacune(adapt(_find(chemin, constats, pile, mapping.modele), mapping), constats)
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


def _find(chemin: Path, constats: Constats, pile: ExitStack, modele: str) -> list[Lot]:
    if chemin.is_dir():
        entrees = sorted(chemin.iterdir())
        for autre in (f for f in entrees if not f.is_file() and not f.name.startswith(_A_TAIRE) and modele != SNE):
            _report_ignore(autre.name, autre.stem, constats)
        fichiers = [f for f in entrees if f.is_file()]
        if modele == SNE:
            fichiers += sorted(f for f in chemin.rglob("*/*") if f.suffix.lower() == ".xml" and f.is_file())
        return _lots(
            ((PurePosixPath(f.relative_to(chemin)), f.stat().st_size, partial(_open, f)) for f in fichiers),
            constats,
            modele,
        )
    if not chemin.is_file():  # a pipe or a device may never end
        raise Illisible(Defaut(None, "Ce n’est ni un fichier ni un dossier : donner l’un ou l’autre."))
    with chemin.open("rb") as fichier:
        debut = fichier.read(4)
    if debut == _OLE:
        raise Illisible(Defaut(None, _ANCIEN_FORMAT))
    if debut not in _ZIP:
        if chemin.suffix.lower() in (*_CLASSEURS, ".zip"):
            raise Illisible(Defaut(None, _describe_intrus(chemin)))
        return _lots([(PurePosixPath(chemin.name), chemin.stat().st_size, partial(_open, chemin))], constats, modele)
    try:
        contenu = pile.enter_context(zipfile.ZipFile(chemin))
        if _CLASSEUR in contenu.namelist():
            return _du_classeur(chemin, constats)
        if chemin.suffix.lower() in _CLASSEURS:
            raise Illisible(Defaut(None, _describe_intrus(chemin)))
        return _de_l_archive(contenu, constats, modele)
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


def _de_l_archive(contenu: zipfile.ZipFile, constats: Constats, modele: str) -> list[Lot]:
    def open_entree(entree: zipfile.ZipInfo) -> BinaryIO:
        return cast(BinaryIO, contenu.open(entree))

    entrees = archive.examine(contenu, TAILLE_ARCHIVE_MAX, _entrees_max(contenu))
    return _lots(((PurePosixPath(e.filename), e.file_size, partial(open_entree, e)) for e in entrees), constats, modele)


def _du_classeur(chemin: Path, constats: Constats) -> list[Lot]:
    classeur = read_classeur(chemin)
    for nom in classeur.masquees:
        constats.report(FEUILLE_MASQUEE, valeur=nom)
    for nom in classeur.ignorees:
        _report_ignore(nom, nom, constats)
    return classeur.lots


def _lots(fichiers: Iterable[Fichier], constats: Constats, modele: str) -> list[Lot]:
    """A table is a `.csv` at the top, or in the one folder around it in a zip; the `.xml` of the SNE are anywhere."""
    lots, demandes = [], []
    for chemin, taille, ouvrir_fichier in fichiers:
        if chemin.name.startswith(_A_TAIRE) or chemin.parts[0] == "__MACOSX":
            continue
        if chemin.suffix.lower() == ".xml":
            demandes.append(sne_fichiers.Source(_lisible(str(chemin)), taille, ouvrir_fichier))
            continue
        est_table = chemin.suffix.lower() == ".csv" and len(chemin.parts) <= 2
        table = table_de(chemin.stem, modele) if est_table else None
        if table is None:
            _report_ignore(str(chemin), chemin.stem, constats)
        else:
            lots.append(Lot(table, _lisible(str(chemin)), taille, partial(lecture_csv.read, ouvrir_fichier, table)))
    if modele == SNE:
        return [*lots, *sne_fichiers.lots(demandes, constats)]
    if demandes:
        constats.report(XML_NON_LU if lots else XML_SEULS, fichiers=effectif(len(demandes), "fichier"))
    return lots


def _entrees_max(archive: zipfile.ZipFile) -> int:
    """An archive of the SNE has a file for each demande."""
    return sne_fichiers.FICHIERS_MAX if any(n.lower().endswith(".xml") for n in archive.namelist()) else ENTREES_MAX


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

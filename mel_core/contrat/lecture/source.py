"""What a load is made of: jeux de données (a folder, a zip of it, a workbook, a table's CSV file), and files or sheets
of any name given to a table (contract §1)."""

from __future__ import annotations

import codecs
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from mel_core.contrat import contours
from mel_core.contrat.constats_lecture import Constats
from mel_core.contrat.lecture import archive, texte
from mel_core.contrat.lecture.archive import ENTREES_MAX
from mel_core.contrat.lecture.brut import Illisible, Lot
from mel_core.contrat.lecture.donnes import Donne
from mel_core.contrat.lecture.lecture_xlsx import read_classeur, read_feuille
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.modeles import sne_fichiers
from mel_core.contrat.modeles.adaptation import adapt, table_de
from mel_core.contrat.modeles.catalogue import RPLS, SNE
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
TEXTES = (".csv", ".txt", ".tsv")
_ANCIEN_FORMAT = (
    "Le classeur est à l’ancien format .xls ou protégé par un mot de passe : l’enregistrer en .xlsx sans mot de passe."
)

_A_TAIRE = (".", "~$")  # what systems and office suites leave beside files

Fichier = tuple[PurePosixPath, int, texte.Ouvrir]

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


@dataclass(frozen=True)
class Contenu:
    """The tables found, in the order of the contract, a table's files in the order given, and what there is to say
    about the rest."""

    lots: list[Lot]
    anomalies: list[Anomalie]


_SANS_MODELE = Mapping()


@contextmanager
def open(donnes: Sequence[Donne], mapping: Mapping = _SANS_MODELE) -> Iterator[Contenu]:
    """`mapping`: its model, if any, says what the files are. Raises `AppelIncorrect` when there is nothing at a path,
    or not the sheet that is named, `DonneesRefusees` when no table is there.

    A workbook or an archive that can't be read is an anomaly, like any other unreadable file.
    """
    # A file given to a table is read for it alone, and once.
    uniques = {(_resolve(d.chemin), d.table, d.feuille): d for d in donnes}
    a_part = {chemin for chemin, table, _ in uniques if table is not None}
    lots: dict[tuple[Path, str, str], tuple[Donne, Lot]] = {}
    anomalies: list[Anomalie] = []
    with ExitStack() as pile:
        for (chemin, _, _), donne in uniques.items():
            constats = Constats(_nom(donne, donnes))
            for lot in _open_un(donne, constats, pile, a_part, mapping.modele):
                lots.setdefault((chemin, lot.fichier, lot.table), (donne, lot))
            anomalies += constats.generaux
        yield Contenu(adapt(_order([*lots.values()]), mapping), anomalies)


def _order(lots: list[tuple[Donne, Lot]]) -> list[Lot]:
    """In the order of the contract; files that bear the same name in two places are called by where they are."""
    homonymes = Counter(lot.fichier for _, lot in lots)
    nommes = [lot if homonymes[lot.fichier] == 1 else _situate(donne, lot) for donne, lot in lots]
    ordre = list(TABLES)
    return sorted(nommes, key=lambda lot: ordre.index(lot.table))


def _situate(donne: Donne, lot: Lot) -> Lot:
    chemin = _lisible(str(donne.chemin))
    if lot.fichier == donne.chemin.name:
        return replace(lot, fichier=chemin)
    return replace(lot, fichier=f"{chemin}/{lot.fichier}" if donne.chemin.is_dir() else f"{chemin} › {lot.fichier}")


def _nom(donne: Donne, donnes: Sequence[Donne]) -> str:
    """How the report calls what is given: by its name, by its path when another file bears the same name."""
    homonymes = {_resolve(d.chemin) for d in donnes if d.chemin.name == donne.chemin.name}
    # « . » and « .. » have no name of their own.
    return _lisible(str(donne.chemin) if len(homonymes) > 1 else donne.chemin.name or _resolve(donne.chemin).name)


def _resolve(chemin: Path) -> Path:
    """The same path for the same file; a path that no system takes, as it is."""
    try:
        return chemin.resolve()
    except (OSError, ValueError):
        return chemin


def _open_un(donne: Donne, constats: Constats, pile: ExitStack, a_part: Set[Path], modele: str) -> list[Lot]:
    chemin, nom = donne.chemin, constats.fichier
    try:
        if not chemin.exists():
            quoi = f"le fichier donné à « {donne.table} »" if donne.table else "le chemin du jeu de données"
            raise AppelIncorrect(f"« {_lisible(str(chemin))} » n’existe pas : vérifier {quoi}.")
        if donne.table is not None:
            return _find_de(donne.table, donne, constats, pile)
        trouves = _find(chemin, constats, pile, a_part, modele)
        # The dwellings of several files add up.
        lots = trouves if modele == RPLS else _une_fois_chacune(trouves, constats)
        if not trouves and not constats.est_bloquant and not any(p.is_relative_to(_resolve(chemin)) for p in a_part):
            raise DonneesRefusees(
                f"« {nom} » ne contient aucune table : un fichier ou une feuille porte le nom de sa table, par "
                f"exemple demandes.csv (tables connues : {', '.join(TABLES)}), ou lui est donné "
                f"(--table attributions=FICHIER, à l’écran « De quelle table ? »)."
            )
        return lots
    except OSError as erreur:
        raise DonneesRefusees(
            f"« {nom[:80]} » ne se lit pas ({cause(erreur)}) : vérifier les droits et le support."
        ) from None
    except ARCHIVE_ABIMEE:
        constats.report(ILLISIBLE, phrase="L’archive est abîmée ou incomplète : la copier ou la refaire.")
    except Illisible as erreur:
        for phrase, _ in erreur.defauts:
            constats.report(ILLISIBLE, phrase=phrase)
    return []


def _find(chemin: Path, constats: Constats, pile: ExitStack, a_part: Set[Path], modele: str) -> list[Lot]:
    """The tables of a jeu de données. `a_part`: files that are given to a table beside, which are not read here."""
    if chemin.is_dir():
        entrees = sorted(f for f in chemin.iterdir() if _resolve(f) not in a_part)
        for autre in (f for f in entrees if not f.is_file() and not f.name.startswith(_A_TAIRE) and modele != SNE):
            _report_ignore(autre.name, autre.stem, constats)
        a_lire = [f for f in entrees if f.is_file()]
        if modele == SNE:
            a_lire += sorted(f for f in chemin.rglob("*/*") if f.suffix.lower() == ".xml" and f.is_file())
        fichiers = [
            (PurePosixPath(f.relative_to(chemin).as_posix()), f.stat().st_size, partial(_open, f)) for f in a_lire
        ]
        return _lots(fichiers, constats, modele)
    genre = identify(chemin)
    if genre is Genre.TEXTE:
        return _lots([(PurePosixPath(chemin.name), chemin.stat().st_size, partial(_open, chemin))], constats, modele)
    if genre is Genre.ARCHIVE:
        return _lots(_entrees(chemin, pile), constats, modele)
    classeur = read_classeur(chemin, constats.fichier)
    for nom in classeur.masquees:
        constats.report(FEUILLE_MASQUEE, valeur=nom)
    for nom in () if _resolve(chemin) in a_part else classeur.ignorees:
        _report_ignore(nom, nom, constats)
    return classeur.lots


def _find_de(table: str, donne: Donne, constats: Constats, pile: ExitStack) -> list[Lot]:
    """The file, the sheet, or the CSV files of a zip, given to `table`."""
    chemin, fichier = donne.chemin, constats.fichier
    if chemin.is_dir():
        raise AppelIncorrect(
            f"« {fichier} » est un dossier : donner un de ses fichiers à « {table} », ou le dossier sans --table."
        )
    genre = identify(chemin)
    if genre is Genre.CLASSEUR:
        return [read_feuille(chemin, table, fichier, donne.feuille)]
    if donne.feuille is not None:
        raise AppelIncorrect(
            f"« {fichier} » n’est pas un classeur et n’a pas de feuille « {donne.feuille} » : ne donner que le fichier."
        )
    if genre is Genre.TEXTE:
        if table == "quartiers" and est_geojson(chemin):
            return [
                Lot(
                    table,
                    fichier,
                    chemin.stat().st_size,
                    lambda _: contours.read_quartiers(chemin.read_bytes(), fichier),
                )
            ]
        _refuse_autre_chose(chemin)
        read = partial(texte.read, partial(_open, chemin), table)
        return [Lot(table, fichier, chemin.stat().st_size, read)]
    lots = [
        Lot(table, f"{fichier} › {_lisible(str(nom))}", taille, partial(texte.read, ouvrir, table))
        for nom, taille, ouvrir in _entrees(chemin, pile)
        if nom.suffix.lower() in TEXTES and not _est_a_taire(nom)
    ]
    if not lots:
        raise Illisible(f"L’archive n’a aucun fichier CSV à donner à « {table} » : la refaire avec eux.")
    return lots


class Genre(Enum):
    TEXTE = auto()
    CLASSEUR = auto()
    ARCHIVE = auto()


def identify(chemin: Path) -> Genre:
    """What a file is, by its content. Raises `Illisible` for what is none of them, or not what its name says."""
    if not chemin.is_file():  # a pipe or a device may never end
        raise Illisible("Ce n’est ni un fichier ni un dossier : donner l’un ou l’autre.")
    with chemin.open("rb") as fichier:
        debut = fichier.read(8)
    if debut.startswith(_OLE):
        raise Illisible(_ANCIEN_FORMAT)
    suffixe = chemin.suffix.lower()
    if debut.startswith(_ZIP):
        with zipfile.ZipFile(chemin) as contenu:
            if _CLASSEUR in contenu.namelist():
                return Genre.CLASSEUR
        if suffixe not in _CLASSEURS:
            return Genre.ARCHIVE
    elif suffixe not in (*_CLASSEURS, ".zip"):
        return Genre.TEXTE
    raise Illisible(_describe_intrus(chemin))


def est_geojson(chemin: Path) -> bool:
    """Whether a text begins as a JSON does."""
    with chemin.open("rb") as fichier:
        return fichier.read(64).removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def _refuse_autre_chose(chemin: Path) -> None:
    with chemin.open("rb") as fichier:
        debut = fichier.read(8)
    if quoi := _autre_chose(debut):
        raise Illisible(f"C’est {quoi}, pas une table : l’exporter de nouveau en CSV ou en .xlsx.")


def _autre_chose(debut: bytes) -> str | None:
    return next((quoi for signature, quoi in _PAS_DU_TEXTE if debut.startswith(signature)), None)


def _entrees(chemin: Path, pile: ExitStack) -> list[Fichier]:
    contenu = pile.enter_context(zipfile.ZipFile(chemin))

    def open_entree(entree: zipfile.ZipInfo) -> BinaryIO:
        return cast(BinaryIO, contenu.open(entree))

    entrees = archive.examine(contenu, TAILLE_ARCHIVE_MAX, _entrees_max(contenu))
    return [(PurePosixPath(e.filename), e.file_size, partial(open_entree, e)) for e in entrees]


def _open(chemin: Path) -> BinaryIO:
    return chemin.open("rb")


def _describe_intrus(chemin: Path) -> str:
    """A file that its name says to be a workbook or an archive, and that is something else."""
    with chemin.open("rb") as fichier:
        brut = fichier.read(512)
    debut = brut.lstrip(codecs.BOM_UTF8).lstrip().lower()
    if chemin.suffix.lower() == ".ods" and brut.startswith(_ZIP):
        return "Les classeurs .ods ne sont pas lus : l’ouvrir dans un tableur, l’enregistrer en .xlsx."
    if quoi := _autre_chose(brut):
        return f"C’est {quoi} malgré son nom en {chemin.suffix} : exporter de nouveau la table en CSV ou en .xlsx."
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


def _lots(fichiers: Iterable[Fichier], constats: Constats, modele: str) -> list[Lot]:
    """A table is a `.csv` at the top, or in the one folder around it in a zip; the `.xml` of the SNE are anywhere."""
    lots, demandes = [], []
    for chemin, taille, ouvrir_fichier in fichiers:
        if _est_a_taire(chemin):
            continue
        if chemin.suffix.lower() == ".xml":
            demandes.append((_lisible(str(chemin)), taille, ouvrir_fichier))
            continue
        est_table = chemin.suffix.lower() == ".csv" and len(chemin.parts) <= 2
        table = table_de(chemin.stem, modele) if est_table else None
        if table is None:
            _report_ignore(str(chemin), chemin.stem, constats)
        else:
            lots.append(Lot(table, _lisible(str(chemin)), taille, partial(texte.read, ouvrir_fichier, table)))
    if modele == SNE:
        return [*lots, *sne_fichiers.lots(demandes, constats)]
    if demandes:
        constats.report(XML_NON_LU if lots else XML_SEULS, fichiers=effectif(len(demandes), "fichier"))
    return lots


def _entrees_max(archive: zipfile.ZipFile) -> int:
    """An archive of the SNE has a file for each demande."""
    return sne_fichiers.FICHIERS_MAX if any(n.lower().endswith(".xml") for n in archive.namelist()) else ENTREES_MAX


def _est_a_taire(chemin: PurePosixPath) -> bool:
    return chemin.name.startswith(_A_TAIRE) or chemin.parts[0] == "__MACOSX"


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

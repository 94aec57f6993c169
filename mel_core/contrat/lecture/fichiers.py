"""What a load is made of: jeux de données (a folder, a zip of it, a workbook, a table's CSV file), and files or sheets
of any name given to a table (contract §1)."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from mel_core.contrat import contours
from mel_core.contrat.lecture import classeur, geographie, texte
from mel_core.contrat.lecture.brut import Illisible, LectureTable, Lot, est_hors_donnees, table_nommee
from mel_core.contrat.lecture.classeur import GenreFichier, identify, whole_archives
from mel_core.contrat.lecture.table_lue import Constats
from mel_core.contrat.mapping import RPLS, SNE, Mapping
from mel_core.contrat.modeles import adaptation
from mel_core.contrat.modeles.adaptation import adapt, table_de
from mel_core.contrat.rapport import Anomalie
from mel_core.contrat.reference import serait_ce
from mel_core.contrat.regles import FEUILLE_MASQUEE, FICHIER_IGNORE, ILLISIBLE, TABLE_DOUBLE, XML_NON_LU, XML_SEULS
from mel_core.contrat.tables import TABLES
from mel_core.socle.erreurs import AppelIncorrect, DonneesRefusees, cause
from mel_core.socle.langue import effectif

TAILLE_ARCHIVE_MAX = 8 << 30  # bytes, once decompressed: the whole of France fits
TAILLE_CLASSEURS_MAX = 1 << 30  # of an archive that holds workbooks, which are put on disk
_SUFFIXES = (".csv", ".txt", ".tsv")
DANS = " › "
_A_TAIRE = (".", "~$")  # what systems and office suites leave beside files
_SHAPEFILE = (
    "C’est un shapefile : le donner à la table quartiers (--table quartiers=FICHIER, à l’écran « De quelle table ? »), "
    "ou aux cartes (commande « contours », à l’écran « Contours des cartes »)."
)
_SANS_MODELE = Mapping()

Fichier = tuple[PurePosixPath, int, texte.Ouvrir]


@dataclass(frozen=True)
class Donne:
    """A path given. Without `table`, a jeu de données whose files and sheets bear the names of their tables; with it,
    the file of that table, whatever its name. `feuille`: the sheet of a workbook, the file of an archive (and, of a
    workbook in it, its sheet after `DANS`); None where it has only one."""

    chemin: Path
    table: str | None = None
    feuille: str | None = None


@dataclass(frozen=True)
class Piece(Donne):
    """A file that was dropped, or a sheet of it. `table`: the one that its name says; None when it says none, until one
    is chosen (`est_choisie`), for all of its `source`.

    `est_jeu`: read as a jeu de données, by itself: nothing is asked about it (an archive that holds named tables, or a
    file that can't be read, of which the check says why)."""

    est_masquee: bool = False
    est_jeu: bool = False
    est_choisie: bool = False
    source: str = ""

    @property
    def dite(self) -> str:
        nom = f"{self.chemin.name} › {self.feuille}" if self.feuille is not None else self.chemin.name
        return f"{nom} (feuille masquée)" if self.est_masquee else nom


def pieces(chemins: Iterable[Path], modele: str = "") -> list[Piece]:
    """What dropped files hold, in the order given. `modele`: the mapping that says what the files are
    (`correspondances.TITRES`)."""
    return [piece for chemin in chemins for piece in _pieces(chemin, modele)]


def _pieces(chemin: Path, modele: str) -> list[Piece]:
    try:
        with whole_archives():
            genre = identify(chemin)
            if genre is GenreFichier.CLASSEUR:
                feuilles = [f for f in classeur.read(chemin, []) if f.est_tableau and not est_hors_donnees(f.nom)]
                trouvees = [Piece(chemin, table_nommee(f.nom), f.nom, not f.est_visible) for f in feuilles]
                return trouvees or [Piece(chemin, est_jeu=True)]
            if genre is GenreFichier.TEXTE:
                est_xml = chemin.suffix.lower() == ".xml"
                return [Piece(chemin, table=table_de(chemin.stem, modele), est_jeu=est_xml)]
            return _pieces_d_archive(chemin, modele)
    except (Illisible, OSError):
        return [Piece(chemin, est_jeu=True)]


def _pieces_d_archive(chemin: Path, modele: str) -> list[Piece]:
    """Its files and the sheets of its workbooks, to be given to a table each; the whole, when one of them is named
    after a table, when there is one alone, or nothing that could be given."""
    if geographie.est_shapefile(chemin):
        return [Piece(chemin, est_jeu=modele == SNE)]
    with ExitStack() as pile:
        lues = [Piece(chemin, table_de(Path(nom).stem, modele), nom) for nom, *_ in _textes(chemin, pile)]
        for nom, ou in _classeurs(chemin, pile):
            feuilles = [f for f in classeur.read(ou, []) if f.est_tableau and not est_hors_donnees(f.nom)]
            lues += [Piece(chemin, table_nommee(f.nom), f"{nom}{DANS}{f.nom}", not f.est_visible) for f in feuilles]
    if modele == SNE or not lues or any(p.table for p in lues):
        return [Piece(chemin, est_jeu=True)]
    return lues if len(lues) > 1 else [Piece(chemin)]


@contextmanager
def open(
    chemins: Path | Sequence[Donne], mapping: Mapping = _SANS_MODELE
) -> Iterator[tuple[list[Lot], list[Anomalie]]]:
    """The tables found, in the order of the contract, a table's files in the order given, and what there is to say
    about the rest. A path alone is a jeu de données. `mapping`: its model, if any, says what the files are.

    Raises `AppelIncorrect` when there is nothing at a path, or not the sheet that is named, `DonneesRefusees` when no
    table is there. A workbook or an archive that can't be read is an anomaly, like any other unreadable file.
    """
    donnes = (Donne(chemins),) if isinstance(chemins, Path) else tuple(chemins)
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
        yield adapt(_order([*lots.values()]), mapping), anomalies


def _order(lots: list[tuple[Donne, Lot]]) -> list[Lot]:
    """In the order of the contract; files that bear the same name in two places are called by where they are."""
    homonymes = Counter(lot.fichier for _, lot in lots)
    nommes = [lot if homonymes[lot.fichier] == 1 else _locate(donne, lot) for donne, lot in lots]
    ordre = list(TABLES)
    return sorted(nommes, key=lambda lot: ordre.index(lot.table))


def _locate(donne: Donne, lot: Lot) -> Lot:
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
        with whole_archives():
            if not chemin.exists():
                quoi = f"le fichier donné à « {donne.table} »" if donne.table else "le chemin du jeu de données"
                raise AppelIncorrect(f"« {_lisible(str(chemin))} » n’existe pas : vérifier {quoi}.")
            if donne.table is not None:
                return _find_de(donne.table, donne, nom, pile)
            trouves = _find(chemin, constats, pile, a_part, modele)
    except OSError as erreur:
        raise DonneesRefusees(
            f"« {nom[:80]} » ne se lit pas ({cause(erreur)}) : vérifier les droits et le support."
        ) from None
    except Illisible as erreur:
        return _say_illisible(erreur, constats)
    # The dwellings of several files add up.
    lots = trouves if modele == RPLS else _une_fois_chacune(trouves, constats)
    if not trouves and not constats.est_bloquant and not any(p.is_relative_to(_resolve(chemin)) for p in a_part):
        raise DonneesRefusees(
            f"« {nom} » ne contient aucune table : un fichier ou une feuille porte le nom de sa table, par "
            f"exemple demandes.csv (tables connues : {', '.join(TABLES)}), ou lui est donné "
            f"(--table attributions=FICHIER, à l’écran « De quelle table ? »)."
        )
    return lots


def _say_illisible(erreur: Illisible, constats: Constats) -> list[Lot]:
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
        return _lots([_fichier(f, f.relative_to(chemin).as_posix()) for f in a_lire], constats, modele)
    genre = identify(chemin)
    if genre is GenreFichier.TEXTE:
        if chemin.suffix.lower() != ".xml":  # the SNE's, or that of nobody, which is said
            classeur.require_texte(chemin)
        return _lots([_fichier(chemin, chemin.name)], constats, modele)
    if genre is GenreFichier.ARCHIVE:
        if geographie.est_shapefile(chemin):
            raise Illisible(_SHAPEFILE)
        if _resolve(chemin) in a_part:
            return []  # its files are
        dedans = _classeurs(chemin, pile)
        lots = _lots(_entrees(chemin, pile), constats, modele)
        return [*lots, *(lot for nom, ou in dedans for lot in _find_dans(nom, ou, constats, pile, a_part, modele))]
    feuilles = [f for f in classeur.read(chemin, list(TABLES)) if not est_hors_donnees(f.nom)]
    nommees = {f.nom: table for f in feuilles if f.est_tableau and (table := table_nommee(f.nom))}
    for f in feuilles:
        if f.nom in nommees and not f.est_visible:
            constats.report(FEUILLE_MASQUEE, valeur=f.nom)
    for f in feuilles:
        if f.nom not in nommees and _resolve(chemin) not in a_part:
            _report_ignore(f.nom, f.nom, constats)
    return [f.lot(nommees[f.nom], constats.fichier) for f in feuilles if f.nom in nommees and f.est_visible]


def _find_dans(
    nom: str, classeur_extrait: Path, constats: Constats, pile: ExitStack, a_part: Set[Path], modele: str
) -> list[Lot]:
    """The tables of a workbook of an archive, called by the names of both."""
    siens = Constats(f"{constats.fichier} › {nom}")
    try:
        with whole_archives():
            lots = _find(classeur_extrait, siens, pile, a_part, modele)
    except Illisible as erreur:
        lots = _say_illisible(erreur, siens)
    constats.generaux += siens.generaux
    return lots


def _find_de(table: str, donne: Donne, fichier: str, pile: ExitStack) -> list[Lot]:
    """The file, the sheet, or what a zip holds, whole or one of its files, given to `table`."""
    chemin = donne.chemin
    if chemin.is_dir():
        raise AppelIncorrect(
            f"« {fichier} » est un dossier : donner un de ses fichiers à « {table} », ou le dossier sans --table."
        )
    genre = identify(chemin)
    if genre is GenreFichier.CLASSEUR:
        return [classeur.read_feuille(chemin, table, fichier, donne.feuille)]
    if donne.feuille is not None and genre is not GenreFichier.ARCHIVE:
        raise AppelIncorrect(
            f"« {fichier} » n’est pas un classeur et n’a pas de feuille « {donne.feuille} » : ne donner que le fichier."
        )
    if table == "quartiers" and est_de_contours(chemin):
        return [_lot_de_contours(chemin, fichier)]
    if genre is GenreFichier.TEXTE:
        _, taille, ouvrir = _fichier(chemin, fichier)
        classeur.require_texte(chemin)
        return [_lot(table, fichier, taille, ouvrir)]
    if geographie.est_shapefile(chemin):
        raise Illisible(_SHAPEFILE)
    membre, _, feuille = (donne.feuille or "").partition(DANS)
    textes, classeurs = _textes(chemin, pile), _classeurs(chemin, pile)
    lots = [
        _lot(table, f"{fichier}{DANS}{nom}", taille, ouvrir) for nom, taille, ouvrir in textes if membre in ("", nom)
    ]
    lots += [
        classeur.read_feuille(ou, table, f"{fichier}{DANS}{donne.feuille or nom}", feuille or None)
        for nom, ou in classeurs
        if membre in ("", nom)
    ]
    if not lots and membre:
        dedans = ", ".join(f"« {nom} »" for nom, *_ in (*textes, *classeurs))
        raise AppelIncorrect(f"« {fichier} » n’a pas de fichier « {membre} » : choisir parmi {dedans}.")
    if not lots:
        raise Illisible(f"L’archive n’a ni CSV ni classeur à donner à « {table} » : la refaire avec eux.")
    return lots


def _lot(table: str, nom: str, taille: int, ouvrir: texte.Ouvrir) -> Lot:
    return Lot(table, nom, taille, partial(texte.read, ouvrir, table))


def est_de_contours(chemin: Path) -> bool:
    """Whether a file gives contours, which are those of the quartiers; raises as `identify`."""
    genre = identify(chemin)
    if genre is GenreFichier.TEXTE:
        return classeur.est_geojson(chemin)
    return genre is GenreFichier.ARCHIVE and geographie.est_shapefile(chemin)


def _lot_de_contours(chemin: Path, fichier: str) -> Lot:
    def read(_connus: Set[str]) -> LectureTable:
        return contours.read_quartiers(geographie.read_octets(chemin), fichier)

    return Lot("quartiers", fichier, chemin.stat().st_size, read)


def _fichier(chemin: Path, nom: str) -> Fichier:
    return PurePosixPath(nom), chemin.stat().st_size, lambda: chemin.open("rb")


def _classeurs(chemin: Path, pile: ExitStack) -> list[tuple[str, Path]]:
    """The workbooks of an archive, each with its name there."""
    extraits = classeur.extract(chemin, TAILLE_CLASSEURS_MAX, pile)
    return [(_lisible(nom.name), ou) for nom, ou in extraits if not _est_a_taire(nom)]


def _textes(chemin: Path, pile: ExitStack) -> list[tuple[str, int, texte.Ouvrir]]:
    """The text files of an archive, each with its name there."""
    return [
        (_lisible(str(nom)), taille, ouvrir)
        for nom, taille, ouvrir in _entrees(chemin, pile)
        if nom.suffix.lower() in _SUFFIXES and not _est_a_taire(nom)
    ]


def _entrees(chemin: Path, pile: ExitStack) -> list[Fichier]:
    """Of an archive; one of the SNE has a file for each demande."""
    contenu = pile.enter_context(zipfile.ZipFile(chemin))
    est_du_sne = any(n.lower().endswith(".xml") for n in contenu.namelist())
    n_max = adaptation.FICHIERS_MAX if est_du_sne else classeur.ENTREES_MAX

    def open_entree(entree: zipfile.ZipInfo) -> BinaryIO:
        return cast(BinaryIO, contenu.open(entree))

    entrees = classeur.examine(contenu, TAILLE_ARCHIVE_MAX, n_max)
    suffixes = {PurePosixPath(e.filename).suffix.lower() for e in entrees}
    if ".zip" in suffixes and suffixes.isdisjoint((*_SUFFIXES, *classeur.CLASSEURS, ".xml")):
        raise Illisible("L’archive ne contient que d’autres archives : les ouvrir, refaire un seul zip des tables.")
    lues = ((PurePosixPath(e.filename), e) for e in entrees)
    return [
        (nom, e.file_size, partial(open_entree, e)) for nom, e in lues if nom.suffix.lower() not in classeur.CLASSEURS
    ]


def _lisible(nom: str) -> str:
    """A name as it can be shown: systems allow control characters and bytes that are no text."""
    return "".join(c if c.isprintable() else "�" for c in nom)


def _lots(fichiers: Iterable[Fichier], constats: Constats, modele: str) -> list[Lot]:
    """A table is a `.csv` at the top, or in the one folder around it in a zip; the `.xml` of the SNE are anywhere."""
    lots, demandes = [], []
    for chemin, taille, ouvrir in fichiers:
        if _est_a_taire(chemin):
            continue
        if chemin.suffix.lower() == ".xml":
            demandes.append((_lisible(str(chemin)), taille, ouvrir))
            continue
        est_table = chemin.suffix.lower() == ".csv" and len(chemin.parts) <= 2
        table = table_de(chemin.stem, modele) if est_table else None
        if table is None:
            _report_ignore(str(chemin), chemin.stem, constats)
        else:
            lots.append(_lot(table, _lisible(str(chemin)), taille, ouvrir))
    if modele == SNE:
        return [*lots, *adaptation.lots(demandes, constats)]
    if demandes:
        constats.report(XML_NON_LU if lots else XML_SEULS, fichiers=effectif(len(demandes), "fichier"))
    return lots


def _est_a_taire(chemin: PurePosixPath) -> bool:
    return chemin.name.startswith(_A_TAIRE) or chemin.parts[0] == "__MACOSX"


def _report_ignore(nom: str, radical: str, constats: Constats) -> None:
    constats.report(FICHIER_IGNORE, valeur=_lisible(nom), proche=serait_ce(radical, TABLES))


def _une_fois_chacune(lots: list[Lot], constats: Constats) -> list[Lot]:
    par_table = {nom: [lot for lot in lots if lot.table == nom] for nom in TABLES}
    for nom, donnes in par_table.items():
        if len(donnes) > 1:
            constats.report(TABLE_DOUBLE, valeur=nom, fichiers=" et ".join(lot.fichier for lot in donnes))
    return [donnes[0] for donnes in par_table.values() if donnes]

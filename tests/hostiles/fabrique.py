"""How hostile files are made: a register of small functions, and the few gestures that they share."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from mel_core.contrat.rapport import Gravite

BAILLEURS = b"code_bailleur;nom\nB1;Un\n"
DEMANDES = "numero_unique;date_creation;etat;n_personnes;revenu_fiscal;categorie_menage\n"
D1 = "999000000000000001;2016-01-31;ACTIVE;2;12000;2\n"
# Every label column, to say nothing of those that are missing: header, then a row where nobody bears one.
ETIQUETTES, AUCUNE = ";aci;dalo;pdalhpd;mutation_bloquee;npru", ";;;;;"

Fabrique = Callable[[Path], Path]
# Rule, line, column.
Fait = tuple[str, int | None, str | None]


@dataclass(frozen=True)
class Hostile:
    """A file and what must be said of it.

    `faits`: every anomaly that is at least as grave as `gravite`, in order. `dit`: a piece of the first one's sentence.
    `bilan`: lues, gardees, rejetees, doublons of each table. `code`: exit code of the command line.
    """

    fabriquer: Fabrique
    gravite: Gravite
    faits: tuple[Fait, ...]
    dit: str
    bilan: dict[str, tuple[int, int, int, int]]

    @property
    def nom(self) -> str:
        return self.fabriquer.__name__

    @property
    def code(self) -> int:
        return 1 if self.gravite is Gravite.BLOQUANT else 0


# What is said of a file that has the column `aci` alone.
SAUF_ACI: tuple[Fait, ...] = tuple(
    ("etiquette_absente", None, nom) for nom in ("dalo", "pdalhpd", "mutation_bloquee", "npru")
)
HOSTILES: list[Hostile] = []


def bloque(*faits: Fait, dit: str, **bilan: tuple[int, int, int, int]) -> Callable[[Fabrique], Fabrique]:
    return _inscribe(Gravite.BLOQUANT, faits, dit, bilan)


def illisible(dit: str, ligne: int | None = None, **bilan: tuple[int, int, int, int]) -> Callable[[Fabrique], Fabrique]:
    return bloque(("illisible", ligne, None), dit=dit, **bilan)


def rejette(*faits: Fait, dit: str, **bilan: tuple[int, int, int, int]) -> Callable[[Fabrique], Fabrique]:
    return _inscribe(Gravite.REJET, faits, dit, bilan)


def avertit(*faits: Fait, dit: str, **bilan: tuple[int, int, int, int]) -> Callable[[Fabrique], Fabrique]:
    return _inscribe(Gravite.AVERTISSEMENT, faits, dit, bilan)


def _inscribe(
    gravite: Gravite, faits: tuple[Fait, ...], dit: str, bilan: dict[str, tuple[int, int, int, int]]
) -> Callable[[Fabrique], Fabrique]:
    def inscribe(fabriquer: Fabrique) -> Fabrique:
        HOSTILES.append(Hostile(fabriquer, gravite, faits, dit, bilan))
        return fabriquer

    return inscribe


def bailleurs(dossier: Path, contenu: bytes | Iterable[bytes]) -> Path:
    return place(dossier / "bailleurs.csv", contenu)


def demandes(dossier: Path, lignes: str, entete: str = DEMANDES) -> Path:
    return place(dossier / "demandes.csv", (entete + lignes).encode())


def place(chemin: Path, contenu: bytes | Iterable[bytes]) -> Path:
    """Write a file alone in its folder; a long one is given block by block."""
    with chemin.open("wb") as fichier:
        fichier.writelines([contenu] if isinstance(contenu, bytes) else contenu)
    return chemin


def archiver(chemin: Path, fichiers: dict[str, bytes], mode: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(chemin, "w", mode) as archive:
        for nom, contenu in fichiers.items():
            archive.writestr(nom, contenu)
    return chemin


def classeur(
    chemin: Path, feuilles: dict[str, list[list[Any]]], apres: Callable[[Any, Any], None] | None = None, **options: Any
) -> Path:
    """`apres` gets the workbook and its last sheet, to spoil them."""
    with xlsxwriter.Workbook(chemin, {"strings_to_formulas": False, **options}) as cahier:
        for nom, rangees in feuilles.items():
            feuille = cahier.add_worksheet(nom)
            for rang, rangee in enumerate(rangees):
                feuille.write_row(rang, 0, rangee)
        if apres:
            apres(cahier, feuille)
    return chemin


def refaire(classeur_fait: Path, remplacees: dict[str, bytes]) -> Path:
    """The same workbook with some of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(classeur_fait.read_bytes())) as bon:
        parties = {nom: bon.read(nom) for nom in bon.namelist()} | remplacees
    return archiver(classeur_fait, parties)


_ESPACES = "".join(
    f' xmlns:{nom}="urn:oasis:names:tc:opendocument:xmlns:{nom}:1.0"' for nom in ("office", "style", "table", "text")
)
_CACHEE = '<style:table-properties table:display="false"/>'


def ods(chemin: Path, corps: str, doctype: str = "", manifeste: bytes = b"<x/>") -> Path:
    """An OpenDocument workbook of these sheets (`feuille`)."""
    contenu = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content{_ESPACES}><office:automatic-styles>'
        f'<style:style style:name="cachee" style:family="table">{_CACHEE}</style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet>{corps}</office:spreadsheet></office:body></office:document-content>"
    )
    genre = b"application/vnd.oasis.opendocument.spreadsheet"
    return archiver(chemin, {"mimetype": genre, "META-INF/manifest.xml": manifeste, "content.xml": contenu.encode()})


def feuille(nom: str, lignes: Iterable[Iterable[Any]], style: str = "") -> str:
    """A sheet of texts; None is a cell under a merged one, and a text that holds `>` gives the attributes of its cell
    before it."""
    return (
        f'<table:table table:name="{nom}" table:style-name="{style}">'
        + "".join(f"<table:table-row>{''.join(map(_cellule, ligne))}</table:table-row>" for ligne in lignes)
        + "</table:table>"
    )


def _cellule(texte: Any) -> str:
    if texte is None:
        return "<table:covered-table-cell/>"
    attributs, _, dit = str(texte).rpartition(">")
    genre = "" if "formula" in attributs else ' office:value-type="string"'
    return f"<table:table-cell{genre} {attributs}>" + (f"<text:p>{dit}</text:p>" if dit else "") + "</table:table-cell>"

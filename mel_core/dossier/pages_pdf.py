"""A text document as PDF: the blocks of the docx, on the same page, with the same foot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from mel_core.dossier import blocs
from mel_core.dossier.blocs import Style
from mel_core.dossier.polices import GRASSE, NORMALE, balise
from mel_core.socle import langue
from mel_core.socle.appellations import EDITEUR

ENCRE, FILET = HexColor(0x0F1B2D), HexColor(0x5B6675)
_MARGE, _BORD = 2 * cm, 6  # what reportlab leaves around what it lays out, in points


def _style(nom: str, taille: float, **autres: Any) -> ParagraphStyle:
    return ParagraphStyle(nom, fontName=NORMALE, fontSize=taille, leading=1.28 * taille, textColor=ENCRE, **autres)


_TITRE, _NORMAL = _style("titre", 22, spaceAfter=10), _style("normal", 10.5, spaceAfter=6)
_STYLES = {
    Style.PARTIE: _style("titre1", 15, spaceBefore=12, spaceAfter=5, keepWithNext=1),
    Style.SOUS_PARTIE: _style("titre2", 12, spaceBefore=8, spaceAfter=4, keepWithNext=1),
    Style.GRAS: _style("suivi", 10.5, spaceAfter=4, keepWithNext=1),  # it goes with what follows
    Style.PUCE: _style("puce", 10.5, leftIndent=14, bulletIndent=3, bulletFontName=NORMALE, spaceAfter=4),
}
_GRAS = (Style.PARTIE, Style.SOUS_PARTIE, Style.GRAS)
_TETE, _CASE = _style("tete", 8), _style("case", 9)
_NOMBRE, _PIED = _style("nombre", 9, alignment=TA_RIGHT), _style("pied", 7.5, alignment=TA_CENTER)
_GRILLE = [
    ("GRID", (0, 0), (-1, -1), 0.5, FILET),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
]


def write(chemin: Path, ecrit: blocs.Ecrit) -> None:
    """Written twice: the first time says how many pages there are."""
    n_pages = _build(BytesIO(), ecrit, 0)
    with chemin.open("wb") as fichier:
        _build(fichier, ecrit, n_pages)


def inscription(contexte: Any, titre: str) -> dict[str, Any]:
    """The properties of a PDF, as `Contexte.inscribe` those of a docx."""
    return {
        **{"title": titre, "author": EDITEUR, "creator": EDITEUR, "subject": contexte.perimetre},
        **{"keywords": contexte.millesime, "lang": "fr-FR"},
    }


def _build(fichier: Any, ecrit: blocs.Ecrit, n_pages: int) -> int:
    document = SimpleDocTemplate(
        fichier,
        pagesize=A4,
        **dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), _MARGE - _BORD),
        displayDocTitle=1,
        **inscription(ecrit.contexte, ecrit.titre),
    )

    def foot(toile: Any, document: Any) -> None:
        haut = _MARGE - 0.3 * cm
        numero = f"{ecrit.numero.rstrip()}{langue.INSECABLE}{document.page} sur {n_pages}"
        for texte in (numero, ecrit.pied):
            ligne = _paragraphe(texte, _PIED)
            haut -= ligne.wrap(A4[0] - 2 * _MARGE, _MARGE)[1]
            ligne.drawOn(toile, _MARGE, haut)

    document.build(list(_flow(ecrit)), onFirstPage=foot, onLaterPages=foot)
    return int(document.page)


def _flow(ecrit: blocs.Ecrit) -> Iterator[Any]:
    yield _paragraphe(ecrit.titre, _TITRE, GRASSE)
    for ligne in ecrit.tete:
        yield _paragraphe(ligne, _NORMAL)
    for bloc in ecrit.blocs:
        if isinstance(bloc, blocs.Table):
            yield _table(bloc)
            yield Spacer(0, 8)
        else:
            police, puce = GRASSE if bloc.style in _GRAS else NORMALE, "•" if bloc.style is Style.PUCE else None
            yield _paragraphe(bloc.texte, _STYLES.get(bloc.style, _NORMAL), police, puce)


def _table(bloc: blocs.Table) -> Table:
    tetes = [_paragraphe(tete, _TETE, GRASSE) for tete in bloc.tetes]
    lignes = []
    for rang, ligne in enumerate(bloc.lignes):
        cases = [_paragraphe(texte, _NOMBRE if bloc.est_a_droite(texte) else _CASE) for texte in ligne]
        if bloc.en_gras:
            debut = bloc.en_gras[rang]
            cases[0] = Paragraph(balise(debut, GRASSE) + balise(ligne[0].removeprefix(debut)), _CASE)
        elif not tetes:
            cases[0] = _paragraphe(ligne[0], _TETE, GRASSE)
        lignes.append(cases)
    return _grid([tetes, *lignes] if tetes else lignes, bloc.largeurs, repeatRows=int(bool(tetes)))


def _grid(cases: Sequence[Sequence[Any]], largeurs: Sequence[float], **autres: int) -> Table:
    table = Table(cases, colWidths=[largeur * cm for largeur in largeurs], style=_GRILLE, **autres)
    table.wrap(A4[0], A4[1])
    # A row is cut when no page could hold it, and only then.
    table.splitInRow = int(max(table._rowHeights) > 0.9 * (A4[1] - 2 * _MARGE))
    return table


def _paragraphe(texte: str, style: ParagraphStyle, police: str = NORMALE, puce: str | None = None) -> Paragraph:
    return Paragraph(balise(texte, police), style, bulletText=puce)

"""What every docx shares: styles, page numbers, repeated heads of tables, the stamp."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from mel_core.dossier.contexte import Contexte
from mel_core.socle import langue

_ENCRE = RGBColor(0x0F, 0x1B, 0x2D)
_TITRES = (("Title", 24), ("Heading 1", 16), ("Heading 2", 13))


def open(titre: str, contexte: Contexte, *, pied: str = "") -> Docx:
    """An A4 document in French with its title, its scope and when its data were published; pages are numbered, at their
    foot the vintage, then `pied`."""
    document = Document()
    contexte.inscribe(document.core_properties, titre)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = "Calibri", Pt(11), _ENCRE
    _langue(normal)
    for nom, taille in _TITRES:
        style = document.styles[nom]
        style.font.name, style.font.size, style.font.bold, style.font.color.rgb = "Calibri", Pt(taille), True, _ENCRE
        style.element.rPr.rFonts.set(qn("w:asciiTheme"), "")
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
    document.add_paragraph(titre, style="Title")
    document.add_paragraph(contexte.perimetre)
    document.add_paragraph(contexte.publication)
    _number(document.sections[0].footer.paragraphs[0], f"{titre} · {contexte.millesime} · page ")
    if pied:
        _write_centre(document.sections[0].footer.add_paragraph(), pied)
    return document


def _langue(style: object) -> None:
    proprietes = style.element.get_or_add_rPr()  # type: ignore[attr-defined]
    marque = OxmlElement("w:lang")
    marque.set(qn("w:val"), "fr-FR")
    proprietes.append(marque)


def _write_centre(pied: Paragraph, texte: str) -> None:
    pied.alignment = WD_ALIGN_PARAGRAPH.CENTER
    pied.add_run(texte).font.size = Pt(8)


def _number(pied: Paragraph, debut: str) -> None:
    _write_centre(pied, debut)
    for nom in ("PAGE", "NUMPAGES"):
        champ = OxmlElement("w:fldSimple")
        champ.set(qn("w:instr"), nom)
        morceau = pied.add_run("1")
        morceau.font.size = Pt(8)
        champ.append(morceau._r)
        pied._p.append(champ)
        if nom == "PAGE":
            pied.add_run(" sur ").font.size = Pt(8)


def tableau(
    document: Docx,
    tetes: Sequence[str],
    lignes: Sequence[Sequence[str]],
    largeurs: Sequence[float],
    *,
    a_gauche: bool = False,
) -> Table:
    """A table whose head is repeated on each page, whose rows are never cut; figures on the right (unless `a_gauche`,
    where a column mixes figures and words), `largeurs` in cm."""
    table = document.add_table(rows=1, cols=len(tetes), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for colonne, largeur in zip(table.columns, largeurs, strict=True):
        colonne.width = Cm(largeur)
    _write(table.rows[0].cells, tetes, largeurs, gras=True)
    marque = OxmlElement("w:tblHeader")
    marque.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(marque)
    for ligne in lignes:
        rangee = table.add_row()
        rangee._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _write(rangee.cells, ligne, largeurs, a_gauche=a_gauche)
    document.add_paragraph()
    return table


def _write(
    cellules: Sequence[Any],
    textes: Sequence[str],
    largeurs: Sequence[float],
    *,
    gras: bool = False,
    a_gauche: bool = False,
) -> None:
    for cellule, texte, largeur in zip(cellules, textes, largeurs, strict=True):
        cellule.width = Cm(largeur)
        paragraphe = cellule.paragraphs[0]
        paragraphe.paragraph_format.space_before = paragraphe.paragraph_format.space_after = Pt(2)
        morceau = paragraphe.add_run(texte)
        morceau.font.size, morceau.bold = Pt(8 if gras else 9.5), gras
        if not gras and not a_gauche and texte[:1] in "0123456789+−—" and len(texte) < 14:
            paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def fiche(document: Docx, lignes: Sequence[tuple[str, str]]) -> None:
    """What goes with what, line by line, without a head."""
    largeurs = (4.5, 12.5)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for colonne, largeur in zip(table.columns, largeurs, strict=True):
        colonne.width = Cm(largeur)
    for quoi, valeur in lignes:
        cellules = table.add_row().cells
        _write(cellules[:1], (quoi,), largeurs[:1], gras=True)
        _write(cellules[1:], (valeur,), largeurs[1:], a_gauche=True)
    document.add_paragraph()


def save(document: Docx, chemin: Path) -> None:
    """Save it, no line ending inside a figure."""
    for texte in document.element.body.iter(qn("w:t")):
        texte.text = langue.link(texte.text or "")
    document.save(str(chemin))


def estampille(document: Docx, contexte: Contexte) -> None:
    """Who, when, from which snapshot, with which filters, until when."""
    document.add_heading("Établissement du document", level=1)
    fiche(document, contexte.estampille)

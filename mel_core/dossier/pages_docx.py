"""A text document as docx: styles, page numbers, repeated heads of tables."""

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
from docx.text.paragraph import Paragraph as Alinea

from mel_core.dossier import blocs
from mel_core.dossier.blocs import Style
from mel_core.socle import langue

_ENCRE = RGBColor(0x0F, 0x1B, 0x2D)
_TITRES = (("Title", 24), ("Heading 1", 16), ("Heading 2", 13))
_STYLES = {Style.PARTIE: "Heading 1", Style.SOUS_PARTIE: "Heading 2", Style.PUCE: "List Bullet"}


def write(chemin: Path, ecrit: blocs.Ecrit) -> None:
    """Write it, no line ending inside a figure."""
    document = _open(ecrit)
    for bloc in ecrit.blocs:
        _bloc(document, bloc)
    for texte in document.element.body.iter(qn("w:t")):
        texte.text = langue.link(texte.text or "")
    document.save(str(chemin))


def _open(ecrit: blocs.Ecrit) -> Docx:
    """An A4 document in French; pages are numbered."""
    document = Document()
    ecrit.contexte.inscribe(document.core_properties, ecrit.titre)
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
    document.add_paragraph(ecrit.titre, style="Title")
    for ligne in ecrit.tete:
        document.add_paragraph(ligne)
    pied = document.sections[0].footer
    _number(pied.paragraphs[0], ecrit.numero)
    if ecrit.pied:
        _write_centre(pied.add_paragraph(), ecrit.pied)
    return document


def _langue(style: object) -> None:
    proprietes = style.element.get_or_add_rPr()  # type: ignore[attr-defined]
    marque = OxmlElement("w:lang")
    marque.set(qn("w:val"), "fr-FR")
    proprietes.append(marque)


def _write_centre(pied: Alinea, texte: str) -> None:
    pied.alignment = WD_ALIGN_PARAGRAPH.CENTER
    pied.add_run(texte).font.size = Pt(8)


def _number(pied: Alinea, debut: str) -> None:
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


def _bloc(document: Docx, bloc: blocs.Bloc) -> None:
    if isinstance(bloc, blocs.Table):
        _table(document, bloc)
        return
    morceau = document.add_paragraph(style=_STYLES.get(bloc.style)).add_run(bloc.texte)
    morceau.bold, morceau.italic = bloc.style is Style.GRAS or None, bloc.style is Style.ITALIQUE or None


def _table(document: Docx, bloc: blocs.Table) -> None:
    table = document.add_table(rows=0, cols=len(bloc.largeurs), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for colonne, largeur in zip(table.columns, bloc.largeurs, strict=True):
        colonne.width = Cm(largeur)
    if bloc.tetes:
        tete = table.add_row()
        _write(tete.cells, bloc.tetes, bloc.largeurs, n_tetes=len(bloc.tetes))
        marque = OxmlElement("w:tblHeader")
        marque.set(qn("w:val"), "true")
        tete._tr.get_or_add_trPr().append(marque)
    for rang, ligne in enumerate(bloc.lignes):
        rangee = table.add_row()
        rangee._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _write(rangee.cells, ligne, bloc.largeurs, n_tetes=0 if bloc.tetes else 1)
        for cellule, texte in zip(rangee.cells, ligne, strict=True):
            if bloc.est_a_droite(texte):
                cellule.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if bloc.en_gras:
            _embolden(rangee.cells[0].paragraphs[0], bloc.en_gras[rang])
    document.add_paragraph()


def _embolden(paragraphe: Alinea, debut: str) -> None:
    (dite,) = paragraphe.runs
    reste = dite.text.removeprefix(debut)
    dite.text, dite.bold = debut, True
    if reste:
        paragraphe.add_run(reste).font.size = dite.font.size


def _write(cellules: Sequence[Any], textes: Sequence[str], largeurs: Sequence[float], *, n_tetes: int) -> None:
    """`n_tetes`: how many of the first cells are heads."""
    for rang, (cellule, texte, largeur) in enumerate(zip(cellules, textes, largeurs, strict=True)):
        cellule.width = Cm(largeur)
        paragraphe = cellule.paragraphs[0]
        paragraphe.paragraph_format.space_before = paragraphe.paragraph_format.space_after = Pt(2)
        morceau = paragraphe.add_run(texte)
        morceau.font.size, morceau.bold = Pt(8 if rang < n_tetes else 9.5), rang < n_tetes

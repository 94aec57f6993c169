"""A text document: what it says, block after block, written once; and the file that its name asks for, docx to be
edited, PDF to be sent: the same blocks, on the same page, with the same foot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from itertools import zip_longest
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
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as TableDessinee

from mel_core.dossier import graphique_docx
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.diaporama_dessine import trace
from mel_core.dossier.diapositives import Dessin
from mel_core.dossier.polices import BUREAUTIQUE, FONTES, GRASSE, NORMALE, balise
from mel_core.socle import langue


class Style(StrEnum):
    """How a paragraph stands out."""

    PARTIE = "partie"
    SOUS_PARTIE = "sous_partie"
    NORMAL = "normal"
    GRAS = "gras"
    ITALIQUE = "italique"
    PUCE = "puce"


@dataclass(frozen=True)
class Texte:
    """A paragraph, a title, or an item of a list."""

    texte: str
    style: Style = Style.NORMAL


@dataclass(frozen=True)
class TableauDePage:
    """A table whose head is repeated on each page, whose rows are never cut; figures on the right (unless `a_gauche`,
    where a column mixes figures and words), `largeurs` in cm. Without `tetes`, the first cell of each row is its head.
    `en_gras`: of each row, how its first cell begins when that stands out from what follows."""

    tetes: Sequence[str]
    lignes: Sequence[Sequence[str]]
    largeurs: Sequence[float]
    a_gauche: bool = False
    en_gras: Sequence[str] = ()

    def est_a_droite(self, texte: str) -> bool:
        """A figure: `6 627 (13 %)`, `12 ou moins`, never `165 de trop` among words."""
        est_un_nombre = not any(signe.isalpha() for signe in texte.replace("ou", "").replace("moins", ""))
        return not self.a_gauche and texte[:1] in "0123456789+−—" and est_un_nombre


@dataclass(frozen=True)
class Illustration:
    """A chart, as wide as the text and `hauteur` cm high: drawn in a PDF, native in a docx, which is to be edited."""

    dessin: Dessin
    hauteur: float


Bloc = Texte | TableauDePage | Illustration


def partie(texte: str, niveau: int = 1) -> Texte:
    return Texte(texte, Style.PARTIE if niveau == 1 else Style.SOUS_PARTIE)


def puces(textes: Iterable[str]) -> Iterator[Texte]:
    return (Texte(texte, Style.PUCE) for texte in textes)


def fiche(lignes: Sequence[tuple[str, str]]) -> TableauDePage:
    """What goes with what, line by line."""
    return TableauDePage((), lignes, (4.5, 12.5), a_gauche=True)


@dataclass(frozen=True)
class Ecrit:
    """A document: its title, its scope and when its data were published, its blocks. `pied`: at the foot of each page,
    under when the data were published and the number of the page. `est_de_donnees`: else it has no figure, and says
    neither period nor publication."""

    titre: str
    contexte: Contexte
    blocs: Sequence[Bloc]
    pied: str = ""
    est_de_donnees: bool = True

    @property
    def tete(self) -> tuple[str, ...]:
        return (self.contexte.perimetre, self.contexte.publication) if self.est_de_donnees else ()

    @property
    def numero(self) -> str:
        """What comes before `1 sur 4`, which is never alone on a line."""
        contexte = self.contexte
        publiees = contexte.publication if self.est_de_donnees else contexte.publication.partition(" · ")[0]
        dites = publiees if self.est_de_donnees or contexte.est_fictif else ""
        return f"{self.titre} · {' · '.join(filter(None, (dites, 'page '))).replace(' ', langue.INSECABLE)}"

    @property
    def titre_lu(self) -> str:
        """Its title where it is drawn: none of its pieces is cut at the end of a line, nor a point left there."""
        return ", ".join(piece.replace(" ", langue.INSECABLE) for piece in self.titre.split(" · "))


def etablissement(lignes: Sequence[tuple[str, str]]) -> tuple[Bloc, Bloc]:
    """Who, when, from which data, with which filters."""
    return partie("Établissement du document"), fiche(lignes)


def write(chemin: Path, ecrit: Ecrit) -> None:
    """Write it, no line ending inside a figure."""
    (_write_pdf if chemin.suffix == ".pdf" else _write_docx)(chemin, ecrit)


def count(ecrit: Ecrit) -> int:
    """How many pages it takes as a PDF."""
    return _build(BytesIO(), ecrit, 0)


_LARGEUR = 17.0  # cm, of the text of a page
_BORD_DE_CASE = 70  # twentieths of a point, on the left and on the right
_LIGNES_TENUES = 14  # of a table: more may go on over the page
_CORPS_DU_PIED = Pt(7.5)  # as the PDF: the longest title, the day and the page hold on a line
_ENCRE = RGBColor(0x0F, 0x1B, 0x2D)
_TITRES = (("Title", 20, 0, 8), ("Heading 1", 15, 12, 5), ("Heading 2", 12, 8, 4))  # in points, then around them
_STYLES_DOCX = {Style.PARTIE: "Heading 1", Style.SOUS_PARTIE: "Heading 2", Style.PUCE: "List Bullet"}


def _write_docx(chemin: Path, ecrit: Ecrit) -> None:
    document = _open(ecrit)
    for bloc, est_tenu in zip(ecrit.blocs, _tenus(ecrit.blocs), strict=True):
        _bloc(document, bloc)
        if est_tenu and not isinstance(bloc, TableauDePage):
            document.paragraphs[-1].paragraph_format.keep_with_next = True
    if isinstance(ecrit.blocs[-1], TableauDePage):
        document.paragraphs[-1].paragraph_format.space_after = Pt(0)
    for texte in document.element.body.iter(qn("w:t")):
        texte.text = langue.link(texte.text or "")
    document.save(str(chemin))


def _tenus(blocs: Sequence[Bloc]) -> list[bool]:
    """Of each block, whether it stays with the next one: what comes before a table or a chart, as far as its title."""
    tenus: list[bool] = []
    for bloc, suivant in zip(reversed(blocs), [None, *reversed(blocs)], strict=False):
        devant = isinstance(suivant, TableauDePage | Illustration) or (
            isinstance(suivant, Texte) and suivant.style not in (Style.PARTIE, Style.SOUS_PARTIE) and tenus[-1]
        )
        est_seul = isinstance(bloc, TableauDePage) or (isinstance(bloc, Texte) and bloc.style is Style.PUCE)
        tenus.append(not est_seul and (devant or (isinstance(bloc, Texte) and bloc.style is Style.GRAS)))
    return tenus[::-1]


def _open(ecrit: Ecrit) -> Docx:
    """An A4 document in French; pages are numbered."""
    document = Document()
    ecrit.contexte.sign(document, ecrit.titre)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)
    for fontes in document.styles.element.iter(qn("w:rFonts")):  # those of the theme would win
        fontes.attrib.clear()
        for signes in ("ascii", "hAnsi", "cs"):
            fontes.set(qn(f"w:{signes}"), BUREAUTIQUE)
    for partie in document.part.package.iter_parts():
        if partie.partname == "/word/fontTable.xml":
            partie._blob = FONTES.encode()
    normal = document.styles["Normal"]
    normal.font.size, normal.font.color.rgb = Pt(10.5), _ENCRE
    _mark(normal.element.get_or_add_rPr(), "w:lang", val="fr-FR")
    normal.paragraph_format.space_after = Pt(6)
    for nom, taille, avant, apres in _TITRES:
        style = document.styles[nom]
        style.font.size, style.font.bold, style.font.color.rgb = Pt(taille), True, _ENCRE
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(avant), Pt(apres)
    document.add_paragraph(ecrit.titre_lu, style="Title")
    for ligne in ecrit.tete:
        document.add_paragraph(ligne)
    pied = document.sections[0].footer
    _number(pied.paragraphs[0], ecrit.numero)
    if ecrit.pied:
        _write_centre(pied.add_paragraph(), ecrit.pied)
    return document


def _mark(proprietes: Any, nom: str, **valeurs: str) -> None:
    """What the library has no name for."""
    marque = OxmlElement(nom)
    for cle, valeur in valeurs.items():
        marque.set(qn(f"w:{cle}"), valeur)
    proprietes.append(marque)


def _write_centre(pied: Alinea, texte: str) -> None:
    pied.alignment = WD_ALIGN_PARAGRAPH.CENTER
    pied.add_run(texte).font.size = _CORPS_DU_PIED


def _number(pied: Alinea, debut: str) -> None:
    _write_centre(pied, debut)
    for nom in ("PAGE", "NUMPAGES"):
        champ = OxmlElement("w:fldSimple")
        champ.set(qn("w:instr"), nom)
        morceau = pied.add_run("1")
        morceau.font.size = _CORPS_DU_PIED
        champ.append(morceau._r)
        pied._p.append(champ)
        if nom == "PAGE":
            pied.add_run(" sur ".replace(" ", langue.INSECABLE)).font.size = _CORPS_DU_PIED


def _bloc(document: Docx, bloc: Bloc) -> None:
    if isinstance(bloc, TableauDePage):
        _add_table(document, bloc)
        return
    if isinstance(bloc, Illustration):
        graphique_docx.embed(document, bloc.dessin, _LARGEUR, bloc.hauteur)
        return
    morceau = document.add_paragraph(style=_STYLES_DOCX.get(bloc.style)).add_run(bloc.texte)
    morceau.bold, morceau.italic = bloc.style is Style.GRAS or None, bloc.style is Style.ITALIQUE or None


def _add_table(document: Docx, bloc: TableauDePage) -> None:
    table = document.add_table(rows=0, cols=len(bloc.largeurs), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    marges = OxmlElement("w:tblCellMar")
    for cote in ("left", "right"):
        _mark(marges, f"w:{cote}", type="dxa", w=str(_BORD_DE_CASE))
    table._tbl.tblPr.append(marges)
    for colonne, largeur in zip(table.columns, bloc.largeurs, strict=True):
        colonne.width = Cm(largeur)
    if bloc.tetes:
        tete = table.add_row()
        _write(tete.cells, bloc.tetes, bloc.largeurs, n_tetes=len(bloc.tetes))
        for cellule in tete.cells:
            cellule.paragraphs[0].paragraph_format.keep_with_next = True
        _mark(tete._tr.get_or_add_trPr(), "w:tblHeader", val="true")
    for rang, ligne in enumerate(bloc.lignes):
        rangee = table.add_row()
        _mark(rangee._tr.get_or_add_trPr(), "w:cantSplit")
        _write(rangee.cells, ligne, bloc.largeurs, n_tetes=0 if bloc.tetes else 1)
        for cellule, texte in zip(rangee.cells, ligne, strict=True):
            if bloc.est_a_droite(texte):
                cellule.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if rang + 1 < len(bloc.lignes) <= _LIGNES_TENUES and not bloc.en_gras:
                cellule.paragraphs[0].paragraph_format.keep_with_next = True
        if bloc.en_gras:
            _embolden(rangee.cells[0].paragraphs[0], bloc.en_gras[rang])
    # What comes between two tables, or ends the document: a whole line, after one that fills its page, would be a page.
    vide = document.add_paragraph()
    vide.paragraph_format.space_after = Pt(6)
    vide.paragraph_format.line_spacing = vide.add_run().font.size = Pt(1)


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
        morceau.font.size, morceau.bold = Pt(7.5 if rang < n_tetes else 9), rang < n_tetes


_ENCRE_PDF, _FILET = HexColor(0x0F1B2D), HexColor(0x5B6675)
_CORPS_D_UN_DESSIN = 10  # that of the text around it
_MARGE, _BORD = 2 * cm, 6  # what reportlab leaves around what it lays out, in points


def _style(nom: str, taille: float, **autres: Any) -> ParagraphStyle:
    return ParagraphStyle(nom, fontName=NORMALE, fontSize=taille, leading=1.28 * taille, textColor=_ENCRE_PDF, **autres)


_TITRE, _NORMAL = _style("titre", 22, spaceAfter=10), _style("normal", 10.5, spaceAfter=6)
_DEVANT = _style("devant", 10.5, spaceAfter=6, keepWithNext=1)  # it tells what is under it
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
    ("GRID", (0, 0), (-1, -1), 0.5, _FILET),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
]


def _write_pdf(chemin: Path, ecrit: Ecrit) -> None:
    """Written twice: the first time says how many pages there are."""
    n_pages = count(ecrit)
    with chemin.open("wb") as fichier:
        _build(fichier, ecrit, n_pages)


def _build(fichier: Any, ecrit: Ecrit, n_pages: int) -> int:
    document = SimpleDocTemplate(
        fichier,
        pagesize=A4,
        **dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), _MARGE - _BORD),
        displayDocTitle=1,
        **ecrit.contexte.inscription(ecrit.titre),
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


def _flow(ecrit: Ecrit) -> Iterator[Any]:
    yield _paragraphe(ecrit.titre_lu, _TITRE, GRASSE)
    for ligne in ecrit.tete:
        yield _paragraphe(ligne, _NORMAL)
    for bloc, suivant, est_tenu in zip_longest(ecrit.blocs, ecrit.blocs[1:], _tenus(ecrit.blocs)):
        if not isinstance(bloc, Texte):
            yield _table(bloc) if isinstance(bloc, TableauDePage) else _drawing(bloc)
            if suivant:  # else it may be alone on a page
                yield Spacer(0, 8)
        else:
            police, puce = GRASSE if bloc.style in _GRAS else NORMALE, "•" if bloc.style is Style.PUCE else None
            yield _paragraphe(bloc.texte, _STYLES.get(bloc.style, _DEVANT if est_tenu else _NORMAL), police, puce)


def _drawing(bloc: Illustration) -> Drawing:
    return trace(bloc.dessin, _LARGEUR * cm, bloc.hauteur * cm, _CORPS_D_UN_DESSIN)


def _table(bloc: TableauDePage) -> TableDessinee:
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


def _grid(cases: Sequence[Sequence[Any]], largeurs: Sequence[float], **autres: int) -> TableDessinee:
    table = TableDessinee(cases, colWidths=[largeur * cm for largeur in largeurs], style=_GRILLE, **autres)
    table.wrap(A4[0], A4[1])
    # A row is cut when no page could hold it, and only then.
    table.splitInRow = int(max(table._rowHeights) > 0.9 * (A4[1] - 2 * _MARGE))
    return table


def _paragraphe(texte: str, style: ParagraphStyle, police: str = NORMALE, puce: str | None = None) -> Paragraph:
    return Paragraph(balise(texte, police), style, bulletText=puce)

"""A native chart in a docx: that of the deck, its figures in a workbook of its own, as Word has them."""

from __future__ import annotations

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm
from pptx import Presentation

from mel_core.dossier import diaporama
from mel_core.dossier.diapositives import Dessin

_CORPS = 9
_CADRE = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{}" cy="{}"/>'
    '<wp:docPr id="{}" name="Graphique"/>'
    '<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{}"/>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)


def embed(document: Document, dessin: Dessin, largeur: float, hauteur: float) -> None:
    """Draw `dessin` in a paragraph of its own, in cm."""
    diapos = Presentation()
    page = diapos.slides.add_slide(diapos.slide_layouts[-1])
    taille = Cm(largeur), Cm(hauteur)
    dessine = diaporama.place(page, dessin, 0, 0, *taille, _CORPS).part
    paquet = document.part.package
    rang = 1 + sum(partie.partname.startswith("/word/charts/") for partie in paquet.iter_parts())
    graphique = Part(PackURI(f"/word/charts/chart{rang}.xml"), CONTENT_TYPE.DML_CHART, dessine.blob, paquet)
    ((lien, classeur),) = ((lien, r.target_part) for lien, r in dessine.rels.items())
    nom = PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{rang}.xlsx")
    graphique.load_rel(RELATIONSHIP_TYPE.PACKAGE, Part(nom, CONTENT_TYPE.SML_SHEET, classeur.blob, paquet), lien)
    vers = document.part.relate_to(graphique, RELATIONSHIP_TYPE.CHART)
    cadre = parse_xml(_CADRE.format(*taille, rang, vers))
    cadre[0].find("{*}docPr").set("descr", dessin.nom)
    document.add_paragraph().add_run()._r.append(cadre)

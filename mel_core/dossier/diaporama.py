"""The deck of a séance as pptx: text boxes, native charts that can be edited, notes."""

from __future__ import annotations

from pathlib import Path

from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.slide import Slide
from pptx.util import Cm, Pt

from mel_core.dossier import diapositives as d
from mel_core.dossier.diapositives import TEXTES_CLASSES, TONS, TONS_CLASSES, Dessin, Nombre

POLICE = "Calibri"
_VIDE = 6  # the blank layout of the default template


def write(chemin: Path, deck: d.Deck) -> None:
    diapos = Presentation()
    diapos.slide_width, diapos.slide_height = Cm(d.LARGEUR), Cm(d.HAUTEUR)
    deck.contexte.set_properties(diapos.core_properties, deck.contexte.titre)
    for diapositive in deck.pages:
        page = diapos.slides.add_slide(diapos.slide_layouts[_VIDE])
        _bande(page)
        for boite in diapositive.boites:
            _texte(page, boite)
        if diapositive.dessin:
            haut, hauteur = map(Cm, d.DESSIN)
            place(page, diapositive.dessin, Cm(d.MARGE), haut, Cm(d.PLEINE), hauteur)
        if diapositive.notes:
            page.notes_slide.notes_text_frame.text = "\n".join(diapositive.notes)
    diapos.save(str(chemin))


def _bande(page: Slide) -> None:
    bande = page.shapes.add_shape(1, 0, Cm(d.HAUTEUR - d.BANDE), Cm(d.LARGEUR), Cm(d.BANDE))
    bande.fill.solid()
    bande.fill.fore_color.rgb = RGBColor.from_string(d.FOND)
    bande.line.fill.background()
    bande.shadow.inherit = False


def _texte(page: Slide, boite: d.Boite) -> None:
    cadre = page.shapes.add_textbox(Cm(d.MARGE), Cm(boite.haut), Cm(d.PLEINE), Cm(boite.hauteur)).text_frame
    cadre.word_wrap = True
    cadre.vertical_anchor = MSO_ANCHOR.TOP
    cadre.margin_left = cadre.margin_right = 0
    for rang, texte in enumerate(boite.textes):
        paragraphe = cadre.add_paragraph() if rang else cadre.paragraphs[0]
        if boite.apres:
            paragraphe.space_after = Pt(boite.apres)
        morceau = paragraphe.add_run()
        morceau.text = texte
        morceau.font.name, morceau.font.size, morceau.font.bold = POLICE, Pt(boite.taille), boite.est_grasse
        morceau.font.color.rgb = RGBColor.from_string(boite.couleur)
        morceau._r.get_or_add_rPr().set("lang", "fr-FR")


_BARRES_SERREES = 22  # from here on a bar is thinner than 12 points
_ENCRE, _GRIS = RGBColor(0x0F, 0x1B, 0x2D), RGBColor(0xB4, 0xBE, 0xCB)


def place(page: Slide, dessin: Dessin, gauche: int, haut: int, largeur: int, hauteur: int) -> None:
    """Draw `dessin` in the box."""
    donnees = CategoryChartData(number_format=Nombre.PART.value)
    donnees.categories = dessin.categories
    for serie in dessin.series:
        donnees.add_series(serie.nom, serie.valeurs, number_format=serie.nombre.value)
    genre = XL_CHART_TYPE.BAR_STACKED if dessin.sont_empilees else XL_CHART_TYPE.BAR_CLUSTERED
    cadre = page.shapes.add_chart(genre, gauche, haut, largeur, hauteur, donnees)
    cadre.name = dessin.nom
    _style(cadre.chart, dessin)


def _style(chart: Chart, dessin: Dessin) -> None:
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(13), "Calibri", _ENCRE
    plan, categories, valeurs = chart.plots[0], chart.category_axis, chart.value_axis
    categories.reverse_order = True  # the first line at the top
    categories.format.line.color.rgb = _GRIS
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    # Each line keeps its name: left to itself, PowerPoint writes every other one.
    saut = OxmlElement("c:tickLblSkip")
    saut.set("val", "1")
    categories._element.find(qn("c:noMultiLvlLbl")).addprevious(saut)
    valeurs.visible = False
    valeurs.has_major_gridlines = False
    valeurs.minimum_scale = 0
    if dessin.echelle:
        valeurs.maximum_scale = dessin.echelle
    series, empilees = list(plan.series), dessin.sont_empilees
    plan.gap_width = 35
    plan.overlap = 100 if empilees else 0
    tons = TONS_CLASSES if empilees else TONS
    n_barres = len(dessin.categories) * (1 if empilees else len(series))
    corps = 12 if n_barres < _BARRES_SERREES else 10
    for rang, serie in enumerate(series):
        serie.format.fill.solid()
        serie.format.fill.fore_color.rgb = RGBColor.from_string(tons[rang % len(tons)])
        etiquettes = serie.data_labels
        etiquettes.show_value = True
        etiquettes.number_format_is_linked = True
        etiquettes.font.size = Pt(corps)
        ecrite = RGBColor.from_string(TEXTES_CLASSES[rang % len(TEXTES_CLASSES)])
        etiquettes.font.color.rgb = ecrite if empilees else _ENCRE
        etiquettes.position = XL_LABEL_POSITION.CENTER if empilees else XL_LABEL_POSITION.OUTSIDE_END
    chart.has_title = False
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(13)

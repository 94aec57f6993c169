"""The deck of a séance as pptx: text boxes, native charts that can be edited, notes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.slide import Slide
from pptx.util import Cm, Pt
from reportlab.lib.units import cm
from reportlab.pdfbase.pdfmetrics import stringWidth

from mel_core.dossier import diapositives as d
from mel_core.dossier.carte_dossier import CarteDessinee
from mel_core.dossier.diapositives import Dessin, Nombre
from mel_core.dossier.polices import BUREAUTIQUE, MESUREES, say
from mel_core.socle import langue

_ENCRE, _GRIS, _BORD = (RGBColor.from_string(ton) for ton in ("0F1B2D", "B4BECB", "6B7A8F"))
_TITRE_SEUL = 5  # the layout of the default template that has a title alone


def write(chemin: Path, deck: d.Deck) -> None:
    diapos = Presentation()
    diapos.slide_width, diapos.slide_height = Cm(d.LARGEUR), Cm(d.HAUTEUR)
    deck.contexte.sign(diapos, deck.contexte.titre)
    for diapositive in deck.pages:
        page = diapos.slides.add_slide(diapos.slide_layouts[_TITRE_SEUL])
        _bande(page)
        for boite in diapositive.boites:
            _texte(page, boite)
        if isinstance(diapositive.dessin, CarteDessinee):
            _carte(page, diapositive.dessin)
        elif diapositive.dessin:
            haut, hauteur = map(Cm, d.DESSIN)
            place(page, diapositive.dessin, Cm(d.MARGE), haut, Cm(d.PLEINE), hauteur)
        if diapositive.notes:
            page.notes_slide.notes_text_frame.text = "\n".join(diapositive.notes)
    diapos.save(str(chemin))


def _bande(page: Slide) -> None:
    bande = page.shapes.add_shape(1, 0, Cm(d.HAUTEUR - d.BANDE), Cm(d.LARGEUR), Cm(d.BANDE))
    _fill(bande, d.FOND)


def _texte(page: Slide, boite: d.Boite) -> None:
    place = Cm(d.MARGE), Cm(boite.haut), Cm(d.PLEINE), Cm(boite.hauteur)
    if boite.est_titre:
        forme = page.shapes.title
        forme.left, forme.top, forme.width, forme.height = place
    else:
        forme = page.shapes.add_textbox(*place)
    cadre = forme.text_frame
    cadre.word_wrap, cadre.auto_size = True, MSO_AUTO_SIZE.NONE
    cadre.vertical_anchor = MSO_ANCHOR.TOP
    cadre.margin_left = cadre.margin_right = 0
    for rang, texte in enumerate(boite.textes):
        paragraphe = cadre.add_paragraph() if rang else cadre.paragraphs[0]
        paragraphe.alignment = PP_ALIGN.LEFT
        if boite.apres:
            paragraphe.space_after = Pt(boite.apres)
        morceau = paragraphe.add_run()
        morceau.text = langue.link(texte)
        morceau.font.name, morceau.font.size, morceau.font.bold = BUREAUTIQUE, Pt(boite.taille), boite.est_grasse
        morceau.font.color.rgb = RGBColor.from_string(boite.couleur)
        morceau._r.get_or_add_rPr().set("lang", "fr-FR")


def _carte(page: Slide, carte: CarteDessinee) -> None:
    """Each place a form that can be selected and filled again, named after it; what is said of the heaviest beside."""
    haut, _ = d.DESSIN
    peints = []
    for lieu in carte.lieux:
        (x, y), *suite = lieu.contours[0]
        trace = page.shapes.build_freeform(_emu(d.MARGE + x), _emu(haut + y), scale=1.0)
        trace.add_line_segments([(_emu(d.MARGE + x), _emu(haut + y)) for x, y in suite], close=True)
        for (x, y), *suite in lieu.contours[1:]:
            trace.move_to(_emu(d.MARGE + x), _emu(haut + y))
            trace.add_line_segments([(_emu(d.MARGE + x), _emu(haut + y)) for x, y in suite], close=True)
        forme = trace.convert_to_shape()
        forme.name = lieu.nom
        _fill(forme, lieu.ton, bord=True)
        peints.append(forme)
    page.shapes.add_group_shape(peints).name = carte.nom
    x = _ecrit(page, carte.quoi, d.MARGE, haut, est_gras=True)
    for classe, ton in carte.legende:
        carre = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, Cm(x), Cm(haut + 0.2), Cm(0.4), Cm(0.4))
        _fill(carre, ton, bord=True)
        x = _ecrit(page, classe, x + 0.5, haut)
    for renvoi in carte.renvois:
        x, y = renvoi.bout
        trait = page.shapes.add_connector(
            MSO_CONNECTOR.STRAIGHT,
            *(_emu(v) for v in (d.MARGE + x, haut + y, d.MARGE + renvoi.lieu[0], haut + renvoi.lieu[1])),
        )
        trait.line.color.rgb, trait.line.width = _ENCRE, Pt(1)
        _strip(trait)
        large = x if renvoi.est_a_gauche else d.PLEINE - x
        boite = page.shapes.add_textbox(
            Cm(d.MARGE + (0 if renvoi.est_a_gauche else x)), Cm(haut + y - 0.75), Cm(large), Cm(1.5)
        )
        _text(boite.text_frame, renvoi.dit, PP_ALIGN.RIGHT if renvoi.est_a_gauche else PP_ALIGN.LEFT)


def _emu(mesure: float) -> int:
    return int(Cm(mesure))


def _fill(forme: Any, ton: str, *, bord: bool = False) -> None:
    forme.fill.solid()
    forme.fill.fore_color.rgb = RGBColor.from_string(ton)
    forme.line.color.rgb, forme.line.width = _BORD, Pt(0.75)
    if not bord:
        forme.line.fill.background()
    _strip(forme)


def _strip(forme: Any) -> None:
    """Off the shadow and the tones of the theme."""
    style = forme._element.find(qn("p:style"))
    forme._element.remove(style)


def _ecrit(page: Slide, texte: str, x: float, y: float, *, est_gras: bool = False) -> float:
    """A word of a legend, on one line; where the next begins."""
    large = stringWidth(say(texte), MESUREES[est_gras], 13) / cm + 0.25
    _text(page.shapes.add_textbox(Cm(x), Cm(y), Cm(large), Cm(0.8)).text_frame, texte, est_gras=est_gras)
    return x + large + 0.2


def _text(cadre: Any, texte: str, cote: Any = PP_ALIGN.LEFT, *, est_gras: bool = False) -> None:
    cadre.word_wrap, cadre.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    cadre.margin_left = cadre.margin_right = cadre.margin_top = cadre.margin_bottom = Cm(0.1)
    morceau = cadre.paragraphs[0].add_run()
    cadre.paragraphs[0].alignment = cote
    morceau.text = texte
    morceau.font.name, morceau.font.size, morceau.font.bold, morceau.font.color.rgb = (
        BUREAUTIQUE,
        Pt(13),
        est_gras,
        _ENCRE,
    )


_CORPS, _BOUT = 13, 1.1  # of an axis, the room of a figure at the end of the longest bar
_BARRES_SERREES = 22  # from here on a bar is thinner than 12 points


def place(
    page: Slide, dessin: Dessin, gauche: int, haut: int, largeur: int, hauteur: int, corps: int = _CORPS
) -> Chart:
    """Draw `dessin` in the box, its names at `corps` points."""
    donnees = CategoryChartData(number_format=Nombre.PART.value)
    donnees.categories = dessin.categories
    for serie in dessin.series:
        donnees.add_series(serie.nom_dit, serie.valeurs, number_format=serie.nombre.value)
    genre = XL_CHART_TYPE.BAR_STACKED if dessin.sont_empilees else XL_CHART_TYPE.BAR_CLUSTERED
    cadre = page.shapes.add_chart(genre, gauche, haut, largeur, hauteur, donnees)
    cadre.name = dessin.nom
    _style(cadre.chart, dessin, corps)
    return cadre.chart


def _style(chart: Chart, dessin: Dessin, corps: int) -> None:
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(corps), BUREAUTIQUE, _ENCRE
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
    valeurs.maximum_scale = dessin.echelle * (1 if dessin.sont_empilees else _BOUT)
    series, empilees = list(plan.series), dessin.sont_empilees
    plan.gap_width = min(max(35, 650 // len(dessin.categories) - 100), 300)  # % of a bar: few are no wall
    plan.overlap = 100 if empilees else 0
    corps_des_nombres = min(corps, 12 if dessin.n_barres < _BARRES_SERREES else 10)
    for serie, dite, (ton, ecrit) in zip(series, dessin.series, dessin.couleurs, strict=False):
        serie.format.fill.solid()
        serie.format.fill.fore_color.rgb = RGBColor.from_string(ton)
        etiquettes = serie.data_labels
        # An objective that the legend says is written on none of its bars.
        etiquettes.show_value = serie.name == dite.nom
        etiquettes.number_format_is_linked = True
        etiquettes.font.size = Pt(corps_des_nombres)
        etiquettes.font.color.rgb = RGBColor.from_string(ecrit) if empilees else _ENCRE
        etiquettes.position = XL_LABEL_POSITION.CENTER if empilees else XL_LABEL_POSITION.OUTSIDE_END
    chart.has_title = False
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(corps)

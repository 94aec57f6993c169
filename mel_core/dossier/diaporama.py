"""The deck of a séance as pptx: text boxes, native charts that can be edited, notes."""

from __future__ import annotations

from pathlib import Path

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.slide import Slide
from pptx.util import Cm, Pt

from mel_core.dossier import diapositives as d
from mel_core.dossier import graphiques

POLICE = "Calibri"
_VIDE = 6  # the blank layout of the default template


def write(chemin: Path, deck: d.Deck) -> None:
    diapos = Presentation()
    diapos.slide_width, diapos.slide_height = Cm(d.LARGEUR), Cm(d.HAUTEUR)
    deck.contexte.inscribe(diapos.core_properties, deck.contexte.titre)
    for diapositive in deck.pages:
        page = diapos.slides.add_slide(diapos.slide_layouts[_VIDE])
        for forme in list(page.placeholders):
            forme.element.getparent().remove(forme.element)
        _bande(page)
        for boite in diapositive.boites:
            _texte(page, boite)
        if diapositive.dessin:
            haut, hauteur = map(Cm, d.DESSIN)
            graphiques.place(page, diapositive.dessin, Cm(d.MARGE), haut, Cm(d.PLEINE), hauteur)
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

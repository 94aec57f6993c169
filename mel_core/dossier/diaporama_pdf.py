"""The deck of a séance as PDF: the same boxes at the same place, the charts drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from mel_core.dossier import diapositives as d
from mel_core.dossier.pages_pdf import inscription
from mel_core.dossier.polices import GRASSE, NORMALE, balise
from mel_core.dossier.traces import trace

_CORPS_MIN = 8


def write(chemin: Path, deck: d.Deck) -> None:
    proprietes = inscription(deck.contexte, deck.contexte.titre)
    toile = Canvas(str(chemin), pagesize=(d.LARGEUR * cm, d.HAUTEUR * cm), lang=proprietes.pop("lang"))
    toile.setViewerPreference("DisplayDocTitle", "true")
    for nom, valeur in proprietes.items():
        getattr(toile, f"set{nom.capitalize()}")(valeur)
    for rang, page in enumerate(deck.pages):
        toile.bookmarkPage(str(rang))
        toile.addOutlineEntry(page.titre, str(rang))
        toile.setFillColor(HexColor(f"#{d.FOND}"))
        toile.rect(0, 0, d.LARGEUR * cm, d.BANDE * cm, stroke=0, fill=1)
        for boite in page.boites:
            _texte(toile, boite)
        if page.dessin:
            haut, hauteur = d.DESSIN
            forme = trace(page.dessin, d.PLEINE * cm, hauteur * cm)
            renderPDF.draw(forme, toile, d.MARGE * cm, (d.HAUTEUR - haut - hauteur) * cm)
        toile.showPage()
    toile.save()


def _texte(toile: Any, boite: d.Boite) -> None:
    """At its size, else at the first one under it at which it holds in its box."""
    police, hauteur = GRASSE if boite.est_grasse else NORMALE, boite.hauteur * cm
    for taille in range(boite.taille, _CORPS_MIN - 1, -1):
        style = ParagraphStyle(
            "boite", fontName=police, fontSize=taille, leading=1.2 * taille, textColor=HexColor(f"#{boite.couleur}")
        )
        paragraphes = [Paragraph(balise(texte, police), style) for texte in boite.textes]
        hauteurs = [p.wrap(d.PLEINE * cm, hauteur)[1] + boite.apres for p in paragraphes]
        if sum(hauteurs) <= hauteur:
            break
    bas = (d.HAUTEUR - boite.haut) * cm
    for paragraphe, haute in zip(paragraphes, hauteurs, strict=True):
        bas -= haute
        paragraphe.drawOn(toile, d.MARGE * cm, bas + boite.apres)

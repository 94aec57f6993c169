"""The deck of a séance as PDF: the same boxes at the same place, the charts drawn.

A band per category: its name, its bars, what each is worth. An objective is a line across the band: it is seen where a
bar stops short of it, in grey too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from mel_core.dossier import diapositives as d
from mel_core.dossier.dessins import TEXTES_CLASSES, TONS, TONS_CLASSES, Dessin
from mel_core.dossier.pages_pdf import inscription
from mel_core.dossier.polices import GRASSE, NORMALE, balise, say

_BOITE_MIN = 8  # points


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
            cadre = (d.MARGE * cm, (d.HAUTEUR - haut - hauteur) * cm, d.PLEINE * cm, hauteur * cm)
            place(toile, page.dessin, *cadre)
        toile.showPage()
    toile.save()


def _texte(toile: Any, boite: d.Boite) -> None:
    """At its size, else at the first one under it at which it holds in its box."""
    police, hauteur = GRASSE if boite.est_grasse else NORMALE, boite.hauteur * cm
    for taille in range(boite.taille, _BOITE_MIN - 1, -1):
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


_ENCRE, _AXE = HexColor(0x0F1B2D), HexColor(0x8A95A3)
_NOMS, _ECART = 0.3, 8  # the part of the width that names take; points between a name, a bar and its figure
_LEGENDE, _CARRE = 26, 10
_BANDE_MAX, _PLEIN = 84, 0.68  # points; the part of a band that its bars take
_CORPS, _CORPS_MIN, _CORPS_FIN = 15, 7, 8


def place(toile: Any, dessin: Dessin, gauche: float, bas: float, largeur: float, hauteur: float) -> None:
    """Draw `dessin` in the box, in points."""
    haut, x = bas + hauteur, gauche + _NOMS * largeur
    if len(dessin.series) > 1:
        _legende(toile, dessin, x, haut - _CORPS)
        haut -= _LEGENDE
    bande = min(_BANDE_MAX, (haut - bas) / len(dessin.categories))
    echelle = dessin.echelle or dessin.maximum
    unite = (gauche + largeur - x - (0 if dessin.sont_empilees else _bout(dessin))) / (echelle or 1)
    for rang, categorie in enumerate(dessin.categories):
        pied = haut - (rang + 1) * bande
        _nom(toile, categorie, gauche, pied, _NOMS * largeur - _ECART, bande)
        if dessin.sont_empilees:
            _empile(toile, dessin, rang, x, pied, bande, unite)
        else:
            _aligne(toile, dessin, rang, x, pied, bande, unite)
    toile.setStrokeColor(_AXE)
    toile.setLineWidth(1)
    toile.line(x, haut - len(dessin.categories) * bande, x, haut)


def _bout(dessin: Dessin) -> float:
    """The room of a figure at the end of the longest bar."""
    dites = (dessin.say(s, rang) for s in dessin.series for rang in range(len(dessin.categories)))
    return max(stringWidth(say(dite), GRASSE, _CORPS) for dite in dites) + 1.5 * _ECART


def _legende(toile: Any, dessin: Dessin, x: float, y: float) -> None:
    tons = TONS_CLASSES if dessin.sont_empilees else TONS
    for rang, serie in enumerate(dessin.series):
        if serie.est_objectif:
            _trait(toile, x + _CARRE / 2, y - 2, _CARRE + 4)
        else:
            _rectangle(toile, x, y, _CARRE, _CARRE, tons[rang])
        nom = serie.nom_dit
        _ecrit(toile, nom, x + _CARRE + _ECART / 2, y + 1, _CORPS, _ENCRE)
        x += _CARRE + _ECART / 2 + stringWidth(nom, NORMALE, _CORPS) + 22


def _nom(toile: Any, texte: str, gauche: float, pied: float, largeur: float, bande: float) -> None:
    """The name of a category at the size at which it holds in its band, on several lines if need be."""
    for taille in range(_CORPS, _CORPS_MIN - 1, -1):
        style = ParagraphStyle(
            "nom", fontName=NORMALE, fontSize=taille, leading=1.1 * taille, textColor=_ENCRE, alignment=TA_RIGHT
        )
        nom = Paragraph(balise(texte), style)
        _, haute = nom.wrap(largeur, bande)
        if haute <= bande - 2:
            break
    nom.drawOn(toile, gauche, pied + (bande - haute) / 2)


def _aligne(toile: Any, dessin: Dessin, rang: int, x: float, pied: float, bande: float, unite: float) -> None:
    """The bars of a category, one under the other; each with its figure, then its objective where it has its own."""
    barres = [s for s in dessin.series if not s.est_objectif]
    cible = dessin.objectif.valeurs[rang] if dessin.objectif else None
    epaisseur = _PLEIN * bande / len(barres)
    taille = min(_CORPS, epaisseur * 0.9)
    for n, serie in enumerate(barres):
        valeur = serie.valeurs[rang]
        if valeur is None:
            continue
        y = pied + (bande + _PLEIN * bande) / 2 - (n + 1) * epaisseur
        _rectangle(toile, x, y, valeur * unite, epaisseur, TONS[n])
        dite = dessin.say(serie, rang)
        # Beyond the line of the objective when that one would cross it.
        fin = valeur * unite
        if cible is not None and 0 <= cible * unite - fin < stringWidth(say(dite), GRASSE, taille) + 1.5 * _ECART:
            fin = cible * unite
        _ecrit(toile, dite, x + fin + _ECART, y + epaisseur / 2 - 0.35 * taille, taille, _ENCRE, GRASSE)
    if cible is not None:
        _trait(toile, x + cible * unite, pied, bande)


def _empile(toile: Any, dessin: Dessin, rang: int, x: float, pied: float, bande: float, unite: float) -> None:
    """The classes of a category, one after the other; the figure of a thin one is above it."""
    epaisseur = _PLEIN * bande
    y = pied + (bande - epaisseur) / 2
    for n, serie in enumerate(dessin.series):
        valeur = serie.valeurs[rang]
        if valeur is None:
            continue
        large, dite = valeur * unite, serie.nombre.say(valeur)
        _rectangle(toile, x, y, large, epaisseur, TONS_CLASSES[n])
        taille = min(_CORPS - 1, 0.8 * epaisseur)
        if stringWidth(say(dite), GRASSE, taille) + 2 < large:
            ton = HexColor(f"#{TEXTES_CLASSES[n]}")
            _ecrit(toile, dite, x + large / 2, y + epaisseur / 2 - 0.35 * taille, taille, ton, GRASSE, au_milieu=True)
        else:
            _ecrit(toile, dite, x + large / 2, y + epaisseur + 1, _CORPS_FIN, _ENCRE, au_milieu=True)
        x += large


def _rectangle(toile: Any, x: float, y: float, large: float, haut: float, ton: str) -> None:
    toile.setFillColor(HexColor(f"#{ton}"))
    toile.setStrokeColor(HexColor(0xFFFFFF))
    toile.setLineWidth(0.75)
    toile.rect(x, y, large, haut, stroke=1, fill=1)


def _trait(toile: Any, x: float, y: float, haut: float) -> None:
    """Dark between two white edges: it is seen on a bar as on the page."""
    for ton, largeur in ((0xFFFFFF, 5), (0x0F1B2D, 2.2)):
        toile.setStrokeColor(HexColor(ton))
        toile.setLineWidth(largeur)
        toile.line(x, y, x, y + haut)


def _ecrit(
    toile: Any,
    texte: str,
    x: float,
    y: float,
    taille: float,
    couleur: Any,
    police: str = NORMALE,
    *,
    au_milieu: bool = False,
) -> None:
    toile.setFillColor(couleur)
    toile.setFont(police, taille)
    (toile.drawCentredString if au_milieu else toile.drawString)(x, y, say(texte))

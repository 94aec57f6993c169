"""The deck of a séance where no spreadsheet draws it: a PDF, and one file of HTML that any browser opens without a
server nor a network. The same boxes at the same place, the charts drawn once for both.

A chart has a band per category: its name, its bars, what each is worth. An objective is a line across the band: it is
seen where a bar stops short of it, in grey too.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.renderSVG import SVGCanvas, draw
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.graphics.shapes import Path as Path_
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from mel_core.dossier import diapositives as d
from mel_core.dossier.carte_dossier import CarteDessinee
from mel_core.dossier.diapositives import Dessin
from mel_core.dossier.polices import FICHIERS, GRASSE, NORMALE, balise, read_runs, say, wrap
from mel_core.socle import langue
from mel_core.socle.appellations import EDITEUR

_MODELE = Path(__file__).with_name("diaporama.html")
_CADRE = (d.PLEINE * cm, d.DESSIN[1] * cm)  # in points
_CORPS_MIN_DE_BOITE = 8
_ENCRE, _AXE, _BLANC = "0F1B2D", "8A95A3", "FFFFFF"
_NOMS, _NOMS_LONGS = 0.3, 0.5  # the part of the width that names take, and where they would be too small to read
_ECART = 8  # points between a name, a bar and its figure
_LEGENDE, _CARRE = 26, 10
_BANDE_MAX, _PLEIN = 84, 0.68  # points, of a bar; the part of a band that its bars take
_CORPS, _CORPS_LU, _CORPS_MIN, _CORPS_FIN, _INTERLIGNE = 15, 12, 7, 8, 1.1
_CORPS_DE_CARTE = 13


def write_pdf(chemin: Path, deck: d.Deck) -> None:
    proprietes = deck.contexte.inscription(deck.contexte.titre)
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
            _fit(toile, boite)
        if page.dessin:
            haut, hauteur = d.DESSIN
            forme = trace(page.dessin, d.PLEINE * cm, hauteur * cm)
            renderPDF.draw(forme, toile, d.MARGE * cm, (d.HAUTEUR - haut - hauteur) * cm)
        toile.showPage()
    toile.save()


def _fit(toile: Any, boite: d.Boite) -> None:
    """At its size, else at the first one under it at which it holds in its box."""
    police, hauteur = GRASSE if boite.est_grasse else NORMALE, boite.hauteur * cm
    for taille in range(boite.taille, _CORPS_MIN_DE_BOITE - 1, -1):
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


def write_html(chemin: Path, deck: d.Deck) -> None:
    haut, haute = d.DESSIN
    normale, grasse = (b64encode(f.read_bytes()).decode() for f in FICHIERS)
    page = Template(_MODELE.read_text(encoding="utf-8")).substitute(
        vars(d),  # the measures of a page, by their names
        titre=_dit(deck.contexte.titre),
        auteur=escape(EDITEUR),
        police=NORMALE,
        police_grasse=GRASSE,
        normale=normale,
        grasse=grasse,
        haut=haut,
        haute=haute,
        pages="\n".join(
            f'<section aria-label="{_dit(p.titre)}">{"".join(map(_boite, p.boites))}{_svg(p.dessin)}</section>'
            for p in deck.pages
        ),
    )
    chemin.write_text(page, encoding="utf-8")


def _dit(texte: str) -> str:
    return escape(langue.typeset(langue.link(texte)))


def _boite(boite: d.Boite) -> str:
    style = (
        f"top:calc(var(--cm) * {boite.haut:.4g});font-size:calc(var(--pt) * {boite.taille});color:#{boite.couleur}"
        + (";font-weight:bold" if boite.est_grasse else "")
    )
    apres = f' style="margin-bottom:calc(var(--pt) * {boite.apres})"' if boite.apres else ""
    balise_html = "h2" if boite.est_titre else "p"
    dits = (f"<{balise_html}{apres}>{_dit(t)}</{balise_html}>" for t in boite.textes)
    return f'<div class="boite" style="{style}">{"".join(dits)}</div>'


def _svg(dessin: Dessin | CarteDessinee | None) -> str:
    if dessin is None:
        return ""
    toile = SVGCanvas(_CADRE)
    draw(trace(dessin, *_CADRE), toile, 0, 0)
    formes = toile.groupTree.toxml().replace(' style="clip-path: url(#clip)"', "")
    return f'<svg class="dessin" viewBox="0 0 {_CADRE[0]:.4g} {_CADRE[1]:.4g}">{formes}</svg>'


def trace(dessin: Dessin | CarteDessinee, largeur: float, hauteur: float, corps: int = _CORPS) -> Drawing:
    """`dessin` in a box, in points; `corps`: of what is written on it. Its names have one size: the largest at which
    each holds in its band."""
    if isinstance(dessin, CarteDessinee):
        return _carte(dessin, largeur, hauteur)
    haut = hauteur - (_LEGENDE * corps / _CORPS if len(dessin.series) > 1 else 0)
    n_barres = 1 if dessin.sont_empilees else sum(not s.est_objectif for s in dessin.series)
    bande = min(_BANDE_MAX * n_barres, haut / len(dessin.categories))
    formes, x = Drawing(largeur, hauteur), _NOMS * largeur
    corps_des_noms = _taille_des_noms(dessin, x - _ECART, bande, corps)
    if corps_des_noms < min(_CORPS_LU, corps):
        x = _NOMS_LONGS * largeur
        corps_des_noms = _taille_des_noms(dessin, x - _ECART, bande, corps)
    if haut < hauteur:
        _legende(formes, dessin, x, hauteur - corps, corps)
    unite = (largeur - x - (0 if dessin.sont_empilees else _bout(dessin, corps))) / dessin.echelle
    for rang, categorie in enumerate(dessin.categories):
        pied = haut - (rang + 1) * bande
        _nom(formes, categorie, pied, x - _ECART, bande, corps_des_noms)
        (_empile if dessin.sont_empilees else _aligne)(formes, dessin, rang, (x, pied, bande), unite, corps)
    _trait(formes, x, haut - len(dessin.categories) * bande, len(dessin.categories) * bande, 1, _AXE)
    return formes


def _carte(carte: CarteDessinee, largeur: float, hauteur: float) -> Drawing:
    """Its places as paths, their legend over them, what is said of the heaviest beside."""
    formes = Drawing(largeur, hauteur)
    for lieu in carte.lieux:
        chemin = Path_(fillColor=HexColor(f"#{lieu.ton}"), strokeColor=HexColor(f"#{_AXE}"), strokeWidth=0.75)
        for (x, y), *suite in lieu.contours:
            chemin.moveTo(x * cm, hauteur - y * cm)
            for x_, y_ in suite:
                chemin.lineTo(x_ * cm, hauteur - y_ * cm)
            chemin.closePath()
        formes.add(chemin)
    x, y = 0.0, hauteur - _CORPS
    _ecrit(formes, carte.quoi, x, y, _CORPS_DE_CARTE)
    x += _width(carte.quoi, _CORPS_DE_CARTE) + 2 * _ECART
    for classe, ton in carte.legende:
        formes.add(Rect(x, y, _CARRE, _CARRE, fillColor=HexColor(f"#{ton}"), strokeColor=HexColor(f"#{_AXE}")))
        _ecrit(formes, classe, x + _CARRE + _ECART / 2, y, _CORPS_DE_CARTE, police=NORMALE)
        x += _CARRE + _width(classe, _CORPS_DE_CARTE, NORMALE) + 2 * _ECART
    for renvoi in carte.renvois:
        (x, y), (x_, y_) = ((v * cm, hauteur - w * cm) for v, w in (renvoi.bout, renvoi.lieu))
        formes.add(Line(x, y, x_, y_, strokeColor=HexColor(f"#{_ENCRE}"), strokeWidth=1))
        large = (x if renvoi.est_a_gauche else largeur - x) - _ECART
        lignes = wrap(renvoi.dit, large, _CORPS_DE_CARTE)
        haut = y + (len(lignes) * _INTERLIGNE / 2 - 0.8 * _INTERLIGNE) * _CORPS_DE_CARTE
        for rang, ligne in enumerate(lignes):
            ou = x - _ECART / 2 if renvoi.est_a_gauche else x + _ECART / 2
            bas = haut - rang * _INTERLIGNE * _CORPS_DE_CARTE
            _ecrit(formes, ligne, ou, bas, _CORPS_DE_CARTE, police=NORMALE, ancre=float(renvoi.est_a_gauche))
    return formes


def _bout(dessin: Dessin, corps: int) -> float:
    """The room of a figure at the end of the longest bar."""
    dites = (dessin.say(s, rang) for s in dessin.series for rang in range(len(dessin.categories)))
    return max(_width(dite, corps) for dite in dites) + 1.5 * _ECART


def _width(texte: str, taille: float, police: str = GRASSE) -> float:
    return float(stringWidth(say(texte), police, taille))


def _legende(formes: Drawing, dessin: Dessin, x: float, y: float, corps: int) -> None:
    for rang, serie in enumerate(dessin.series):
        if serie.est_objectif:
            _objectif(formes, x + _CARRE / 2, y - 2, _CARRE + 4)
        else:
            _rectangle(formes, x, y, _CARRE, _CARRE, dessin.couleurs[rang][0])
        _ecrit(formes, serie.nom_dit, x + _CARRE + _ECART / 2, y + 1, corps, police=NORMALE)
        x += _CARRE + _ECART / 2 + _width(serie.nom_dit, corps, NORMALE) + 22


def _nom(formes: Drawing, texte: str, pied: float, droite: float, bande: float, taille: int) -> None:
    """The name of a category in the middle of its band, on several lines if need be."""
    lignes, interligne = wrap(texte, droite, taille), _INTERLIGNE * taille
    y = pied + (bande + len(lignes) * interligne) / 2 - 0.8 * interligne
    for rang, ligne in enumerate(lignes):
        _ecrit(formes, ligne, droite, y - rang * interligne, taille, police=NORMALE, ancre=1)


def _taille_des_noms(dessin: Dessin, largeur: float, bande: float, corps: int) -> int:
    """The largest at which each name holds in its band, else the smallest."""
    for taille in range(corps, _CORPS_MIN, -1):
        n_lignes = max(len(wrap(nom, largeur, taille)) for nom in dessin.categories)
        if n_lignes * _INTERLIGNE * taille <= bande - 2:
            return taille
    return _CORPS_MIN


Bande = tuple[float, float, float]  # where it begins on the right of the names, its foot, how high it is


def _aligne(formes: Drawing, dessin: Dessin, rang: int, place: Bande, unite: float, corps: int) -> None:
    """The bars of a category, one under the other; each with its figure, then its objective where it has its own."""
    x, pied, bande = place
    barres = [s for s in dessin.series if not s.est_objectif]
    cible = dessin.objectif.valeurs[rang] if dessin.objectif else None
    epaisseur = _PLEIN * bande / len(barres)
    taille = min(corps, epaisseur * 0.9)
    for n, serie in enumerate(barres):
        valeur = serie.valeurs[rang]
        if valeur is None:
            continue
        y = pied + (bande + _PLEIN * bande) / 2 - (n + 1) * epaisseur
        _rectangle(formes, x, y, valeur * unite, epaisseur, dessin.couleurs[n][0])
        dite, fin = dessin.say(serie, rang), valeur * unite
        # Beyond the line of the objective when that one would cross it.
        if cible is not None and 0 <= cible * unite - fin < _width(dite, taille) + 1.5 * _ECART:
            fin = cible * unite
        _ecrit(formes, dite, x + fin + _ECART, y + epaisseur / 2 - 0.35 * taille, taille)
    if cible is not None:
        _objectif(formes, x + cible * unite, pied, bande)


def _empile(formes: Drawing, dessin: Dessin, rang: int, place: Bande, unite: float, corps: int) -> None:
    """The classes of a category, one after the other; the figure of a thin one is above it."""
    x, pied, bande = place
    epaisseur = _PLEIN * bande
    y, taille = pied + (bande - epaisseur) / 2, min(corps - 1, 0.8 * epaisseur)
    for n, serie in enumerate(dessin.series):
        valeur = serie.valeurs[rang]
        if valeur is None:
            continue
        large, dite = valeur * unite, serie.nombre.say(valeur)
        if not large:
            continue
        _rectangle(formes, x, y, large, epaisseur, dessin.couleurs[n][0])
        if _width(dite, taille) + 2 < large:
            bas = y + epaisseur / 2 - 0.35 * taille
            _ecrit(formes, dite, x + large / 2, bas, taille, dessin.couleurs[n][1], ancre=0.5)
        else:
            _ecrit(formes, dite, x + large / 2, y + epaisseur + 1, _CORPS_FIN, police=NORMALE, ancre=0.5)
        x += large


def _rectangle(formes: Drawing, x: float, y: float, large: float, haut: float, ton: str) -> None:
    fond, bord = HexColor(f"#{ton}"), HexColor(f"#{_BLANC}")
    formes.add(Rect(x, y, large, haut, fillColor=fond, strokeColor=bord, strokeWidth=0.75))


def _objectif(formes: Drawing, x: float, y: float, haut: float) -> None:
    """Dark between two white edges: it is seen on a bar as on the page."""
    for ton, large in ((_BLANC, 5), (_ENCRE, 2.2)):
        _trait(formes, x, y, haut, large, ton)


def _trait(formes: Drawing, x: float, y: float, haut: float, large: float, ton: str) -> None:
    formes.add(Line(x, y, x, y + haut, strokeColor=HexColor(f"#{ton}"), strokeWidth=large))


def _ecrit(
    formes: Drawing,
    texte: str,
    x: float,
    y: float,
    taille: float,
    ton: str = _ENCRE,
    police: str = GRASSE,
    ancre: float = 0,
) -> None:
    """`ancre`: the part of the text that is before `x`."""
    x -= ancre * _width(texte, taille, police)
    for fonte, suite in read_runs(say(texte, police), police):
        formes.add(String(x, y, suite, fontName=fonte, fontSize=taille, fillColor=HexColor(f"#{ton}")))
        x += stringWidth(suite, fonte, taille)

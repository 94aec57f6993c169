"""The chart of a slide where no spreadsheet draws it: a band per category, its name, its bars, what each is worth.

An objective is a line across the band: it is seen where a bar stops short of it, in grey too. One drawing, for a page
of PDF and for one of HTML.
"""

from __future__ import annotations

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from mel_core.dossier.dessins import TEXTES_CLASSES, TONS, TONS_CLASSES, Dessin
from mel_core.dossier.polices import GRASSE, NORMALE, read_runs, say
from mel_core.socle import langue

_ENCRE, _AXE, _BLANC = "0F1B2D", "8A95A3", "FFFFFF"
_NOMS, _ECART = 0.3, 8  # the part of the width that names take; points between a name, a bar and its figure
_LEGENDE, _CARRE = 26, 10
_BANDE_MAX, _PLEIN = 84, 0.68  # points; the part of a band that its bars take
_CORPS, _CORPS_MIN, _CORPS_FIN, _INTERLIGNE = 15, 7, 8, 1.1


def trace(dessin: Dessin, largeur: float, hauteur: float) -> Drawing:
    """`dessin` in a box, in points."""
    formes, haut, x = Drawing(largeur, hauteur), hauteur, _NOMS * largeur
    if len(dessin.series) > 1:
        _legende(formes, dessin, x, haut - _CORPS)
        haut -= _LEGENDE
    bande = min(_BANDE_MAX, haut / len(dessin.categories))
    unite = (largeur - x - (0 if dessin.sont_empilees else _bout(dessin))) / (dessin.echelle or dessin.maximum or 1)
    for rang, categorie in enumerate(dessin.categories):
        pied = haut - (rang + 1) * bande
        _nom(formes, categorie, pied, x - _ECART, bande)
        (_empile if dessin.sont_empilees else _aligne)(formes, dessin, rang, x, pied, bande, unite)
    _trait(formes, x, haut - len(dessin.categories) * bande, len(dessin.categories) * bande, 1, _AXE)
    return formes


def _bout(dessin: Dessin) -> float:
    """The room of a figure at the end of the longest bar."""
    dites = (dessin.say(s, rang) for s in dessin.series for rang in range(len(dessin.categories)))
    return max(_width(dite, _CORPS) for dite in dites) + 1.5 * _ECART


def _width(texte: str, taille: float, police: str = GRASSE) -> float:
    return float(stringWidth(say(texte), police, taille))


def _legende(formes: Drawing, dessin: Dessin, x: float, y: float) -> None:
    tons = TONS_CLASSES if dessin.sont_empilees else TONS
    for rang, serie in enumerate(dessin.series):
        if serie.est_objectif:
            _objectif(formes, x + _CARRE / 2, y - 2, _CARRE + 4)
        else:
            _rectangle(formes, x, y, _CARRE, _CARRE, tons[rang])
        _ecrit(formes, serie.nom_dit, x + _CARRE + _ECART / 2, y + 1, _CORPS, police=NORMALE)
        x += _CARRE + _ECART / 2 + _width(serie.nom_dit, _CORPS, NORMALE) + 22


def _nom(formes: Drawing, texte: str, pied: float, droite: float, bande: float) -> None:
    """The name of a category at the size at which it holds in its band, on several lines if need be."""
    for taille in range(_CORPS, _CORPS_MIN - 1, -1):
        lignes, interligne = _wrap(langue.typeset(langue.link(texte)), droite, taille), _INTERLIGNE * taille
        if len(lignes) * interligne <= bande - 2:
            break
    y = pied + (bande + len(lignes) * interligne) / 2 - 0.8 * interligne
    for rang, ligne in enumerate(lignes):
        _ecrit(formes, ligne, droite, y - rang * interligne, taille, police=NORMALE, ancre=1)


def _wrap(texte: str, largeur: float, taille: float) -> list[str]:
    lignes = [""]
    for mot in texte.split(" "):
        essai = f"{lignes[-1]} {mot}".strip()
        if lignes[-1] and _width(essai, taille, NORMALE) > largeur:
            lignes.append(mot)
        else:
            lignes[-1] = essai
    return lignes


def _aligne(formes: Drawing, dessin: Dessin, rang: int, x: float, pied: float, bande: float, unite: float) -> None:
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
        _rectangle(formes, x, y, valeur * unite, epaisseur, TONS[n])
        dite, fin = dessin.say(serie, rang), valeur * unite
        # Beyond the line of the objective when that one would cross it.
        if cible is not None and 0 <= cible * unite - fin < _width(dite, taille) + 1.5 * _ECART:
            fin = cible * unite
        _ecrit(formes, dite, x + fin + _ECART, y + epaisseur / 2 - 0.35 * taille, taille)
    if cible is not None:
        _objectif(formes, x + cible * unite, pied, bande)


def _empile(formes: Drawing, dessin: Dessin, rang: int, x: float, pied: float, bande: float, unite: float) -> None:
    """The classes of a category, one after the other; the figure of a thin one is above it."""
    epaisseur = _PLEIN * bande
    y, taille = pied + (bande - epaisseur) / 2, min(_CORPS - 1, 0.8 * epaisseur)
    for n, serie in enumerate(dessin.series):
        valeur = serie.valeurs[rang]
        if valeur is None:
            continue
        large, dite = valeur * unite, serie.nombre.say(valeur)
        _rectangle(formes, x, y, large, epaisseur, TONS_CLASSES[n])
        if _width(dite, taille) + 2 < large:
            bas = y + epaisseur / 2 - 0.35 * taille
            _ecrit(formes, dite, x + large / 2, bas, taille, TEXTES_CLASSES[n], ancre=0.5)
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

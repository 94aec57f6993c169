"""The deck of a séance as one file that any browser opens, without a server nor a network: the same boxes, the charts
in the page's own bars."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path
from string import Template

from mel_core.dossier import diapositives as d
from mel_core.dossier.dessins import TEXTES_CLASSES, TONS, TONS_CLASSES, Dessin, Serie
from mel_core.dossier.polices import FICHIERS
from mel_core.socle import langue
from mel_core.socle.appellations import EDITEUR

_MODELE = Path(__file__).with_name("diaporama.html")
_CORPS, _POINT = 15, 0.03528  # points; cm of a point
_PLEIN = 0.68  # the part of a band that its bars take
_CHIFFRE = 0.09  # the part of the width that a figure takes at the end of its bar
_LISIBLE = 0.045  # the share under which a class is too thin for its figure


def write(chemin: Path, deck: d.Deck) -> None:
    haut, haute = d.DESSIN
    normale, grasse = (b64encode(f.read_bytes()).decode() for f in FICHIERS)
    page = Template(_MODELE.read_text(encoding="utf-8")).substitute(
        titre=_dit(deck.contexte.titre),
        auteur=escape(EDITEUR),
        normale=normale,
        grasse=grasse,
        largeur=d.LARGEUR,
        hauteur=d.HAUTEUR,
        bande=d.BANDE,
        marge=d.MARGE,
        pleine=d.PLEINE,
        haut=haut,
        haute=haute,
        fond=d.FOND,
        pages="\n".join(map(_page, deck.pages)),
    )
    chemin.write_text(page, encoding="utf-8")


def _dit(texte: str) -> str:
    return escape(langue.typeset(langue.link(texte)))


def _page(page: d.Diapositive) -> str:
    dessin = _dessin(page.dessin) if page.dessin else ""
    return f'<section aria-label="{_dit(page.titre)}">{"".join(map(_boite, page.boites))}{dessin}</section>'


def _boite(boite: d.Boite) -> str:
    style = (
        f"top:calc(var(--cm) * {boite.haut:.4g});font-size:calc(var(--pt) * {boite.taille});color:#{boite.couleur}"
        + (";font-weight:bold" if boite.est_grasse else "")
    )
    apres = f' style="margin-bottom:calc(var(--pt) * {boite.apres})"' if boite.apres else ""
    return f'<div class="boite" style="{style}">{"".join(f"<p{apres}>{_dit(t)}</p>" for t in boite.textes)}</div>'


def _dessin(dessin: Dessin) -> str:
    barres = [s for s in dessin.series if not s.est_objectif]
    bande = d.DESSIN[1] / (len(dessin.categories) + 1)  # in cm; one more for the legend
    nom = min(_CORPS, bande / _POINT / 2.3)  # two lines of it
    chiffre = min(_CORPS, 0.9 * _PLEIN * bande / _POINT / (1 if dessin.sont_empilees else len(barres)))
    lignes = "".join(_ligne(dessin, barres, rang, nom, chiffre) for rang in range(len(dessin.categories)))
    return f'<div class="dessin" style="font-size:calc(var(--pt) * {_CORPS})">{_legende(dessin)}{lignes}</div>'


def _legende(dessin: Dessin) -> str:
    tons = TONS_CLASSES if dessin.sont_empilees else TONS
    dites = "".join(
        f'<li>{_MARQUE if s.est_objectif else f"""<i style="background:#{tons[rang]}"></i>"""}{_dit(s.nom_dit)}</li>'
        for rang, s in enumerate(dessin.series)
    )
    return f"<ul>{dites if len(dessin.series) > 1 else ''}</ul>"


_MARQUE = '<i class="trait"></i>'


def _ligne(dessin: Dessin, barres: list[Serie], rang: int, nom: float, chiffre: float) -> str:
    """A category: its name, its bars with what each is worth, its objective across them."""
    echelle = dessin.echelle or dessin.maximum or 1
    cible = dessin.objectif.valeurs[rang] if dessin.objectif else None
    corps = f"font-size:calc(var(--pt) * {chiffre:.3g})"
    if dessin.sont_empilees:
        trace = f'<div class="barre">{"".join(_classe(s, n, rang) for n, s in enumerate(barres))}</div>'
    else:
        haute = 100 * _PLEIN / len(barres)
        trace = "".join(
            f'<div class="barre" style="height:{haute:.4g}%">'
            f'<span style="width:{100 * valeur / echelle:.4g}%;background:#{TONS[n]}"></span>'
            f'<b style="margin-left:{_saut(valeur, cible, echelle):.4g}%">{_dit(dessin.say(s, rang))}</b></div>'
            for n, s in enumerate(barres)
            if (valeur := s.valeurs[rang]) is not None
        )
    if cible is not None:
        trace += f'<div class="cible"><i class="trait" style="left:{100 * cible / echelle:.4g}%"></i></div>'
    return (
        f'<div class="nom" style="font-size:calc(var(--pt) * {nom:.3g})">{_dit(dessin.categories[rang])}</div>'
        f'<div class="barres{" empilee" if dessin.sont_empilees else ""}" style="{corps}">{trace}</div>'
    )


def _saut(valeur: float, cible: float | None, echelle: float) -> float:
    """How far a figure stands from the end of its bar, in per cent: beyond the line of the objective that would cross
    it."""
    reste = (cible - valeur) / echelle if cible is not None else -1
    return 100 * reste if 0 <= reste < _CHIFFRE else 0


def _classe(serie: Serie, n: int, rang: int) -> str:
    """A class of the bar; too thin for its figure, it says it to who points at it."""
    valeur = serie.valeurs[rang]
    if valeur is None:
        return ""
    dite = serie.nombre.say(valeur)
    style = f"width:{100 * valeur:.4g}%;background:#{TONS_CLASSES[n]};color:#{TEXTES_CLASSES[n]}"
    ecrite = _dit(dite) if valeur >= _LISIBLE else ""
    return f'<span style="{style}" title="{_dit(f"{serie.nom} : {dite}")}">{ecrite}</span>'

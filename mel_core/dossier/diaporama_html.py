"""The deck of a séance as one file that any browser opens, without a server nor a network: the same boxes, the charts
drawn as in the PDF."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path
from string import Template

from reportlab.graphics.renderSVG import SVGCanvas, draw
from reportlab.lib.units import cm

from mel_core.dossier import diapositives as d
from mel_core.dossier.dessins import Dessin
from mel_core.dossier.polices import FICHIERS, GRASSE, NORMALE
from mel_core.dossier.traces import trace
from mel_core.socle import langue
from mel_core.socle.appellations import EDITEUR

_MODELE = Path(__file__).with_name("diaporama.html")
_CADRE = (d.PLEINE * cm, d.DESSIN[1] * cm)  # in points


def write(chemin: Path, deck: d.Deck) -> None:
    haut, haute = d.DESSIN
    normale, grasse = (b64encode(f.read_bytes()).decode() for f in FICHIERS)
    page = Template(_MODELE.read_text(encoding="utf-8")).substitute(
        titre=_dit(deck.contexte.titre),
        auteur=escape(EDITEUR),
        police=NORMALE,
        police_grasse=GRASSE,
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
    toile = SVGCanvas(_CADRE)
    draw(trace(dessin, *_CADRE), toile, 0, 0)
    formes = toile.groupTree.toxml().replace(' style="clip-path: url(#clip)"', "")
    return f'<svg class="dessin" viewBox="0 0 {_CADRE[0]:.4g} {_CADRE[1]:.4g}">{formes}</svg>'

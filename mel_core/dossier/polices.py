"""The letters of a PDF: the application's own, embedded; what they lack is taken from Vera, else said without it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from mel_core.socle import langue

NORMALE, GRASSE = "Atkinson", "Atkinson-Gras"
# Of what is to be edited: every word processor has it, or one of the same widths, which are those of `MESUREES`.
BUREAUTIQUE, MESUREES = "Arial", {False: "Helvetica", True: "Helvetica-Bold"}
# In a docx: without its family, LibreOffice takes letters with serifs where it has not this very font.
FONTES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    f'<w:font w:name="{BUREAUTIQUE}"><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
)
_SECOURS = {NORMALE: "Vera", GRASSE: "VeraBd"}
FICHIERS = tuple(
    Path(__file__).resolve().parents[2] / "static" / "polices" / f"atkinson-{graisse}.ttf"
    for graisse in ("regular", "bold")
)
# None has the narrow no-break space, nor the hyphen that does not break.
_POUR = str.maketrans({"\u202f": "\u00a0", "\u2010": "-", "\u2011": "-", "\t": " "})
_TROU = "\0"  # what no font has


def _embed(police: str, fichier: str) -> frozenset[int]:
    fonte = TTFont(police, fichier)
    pdfmetrics.registerFont(fonte)
    return frozenset(fonte.face.charToGlyph)


# The signs of each font.
SIGNES = {
    **{police: _embed(police, str(fichier)) for police, fichier in zip((NORMALE, GRASSE), FICHIERS, strict=True)},
    **{police: _embed(police, f"{police}.ttf") for police in _SECOURS.values()},
}


def wrap(texte: str, largeur: float, taille: float, police: str = NORMALE) -> list[str]:
    """The lines of `texte` in `largeur` points."""
    lignes = [""]
    for mot in langue.typeset(langue.link(texte)).split(" "):
        essai = f"{lignes[-1]} {mot}".strip()
        if lignes[-1] and stringWidth(say(essai), police, taille) > largeur:
            lignes.append(mot)
        else:
            lignes[-1] = essai
    return lignes


def balise(texte: str, police: str = NORMALE) -> str:
    """`texte` for a paragraph of reportlab: no line ends inside a figure, no sign is a hole."""
    dite = say(langue.typeset(langue.link(texte)), police)
    return "".join(
        f'<font name="{fonte}">{escape(suite).replace(chr(10), "<br/>")}</font>'
        for fonte, suite in read_runs(dite, police)
    )


def read_runs(texte: str, police: str) -> Iterator[tuple[str, str]]:
    """`texte` cut where its font changes: each run, after the font that has its signs."""
    for est_sienne, suite in groupby(texte, key=lambda c: c == "\n" or ord(c) in SIGNES[police]):
        yield police if est_sienne else _SECOURS[police], "".join(suite)


def say(texte: str, police: str = NORMALE) -> str:
    """`texte` in signs that the font has, or Vera; without the others and the space before them, unless it is all that
    it says."""
    lisible = "".join(_lisible(signe, police) for signe in texte.translate(_POUR))
    reste = re.sub(f" ?{_TROU}+", "", lisible)
    return reste if reste.strip() or _TROU not in lisible else "?"


def _lisible(signe: str, police: str) -> str:
    connus = SIGNES[police] | SIGNES[_SECOURS[police]]
    if signe == "\n" or ord(signe) in connus:
        return signe
    if unicodedata.category(signe)[0] in "CM":  # a joiner, an accent alone
        return ""
    simples = (c for c in unicodedata.normalize("NFKD", signe) if not unicodedata.combining(c))
    return "".join(c for c in simples if ord(c) in connus) or _TROU

"""French as the room reads it: numbers and dates by Babel (CLDR), typography, agreement.

Every function takes a value and returns text. An unknown value (None, NaN) reads as `ABSENT`. Spaces inside a number,
and before %, are narrow and unbreakable, so that a figure never splits over two lines of a projected sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import pandas as pd
from babel import Locale
from babel.dates import format_date, get_timezone
from babel.lists import format_list
from babel.numbers import format_decimal

from mel_core.socle.periodes import Seance

FR = Locale("fr", "FR")
ABSENT = "—"
FINE = "\u202f"  # narrow no-break space
INSECABLE = "\u00a0"
MOINS = "\u2212"

Nombre = int | float | Fraction | None


class Peu(float):
    """A count that is not said, from 0 to `tus` households: nothing can be worked out of it (it is a NaN to any
    arithmetic), and it reads `12 ou moins`."""

    tus: int

    def __new__(cls, tus: int) -> Peu:
        peu = super().__new__(cls, "nan")
        peu.tus = tus
        return peu

    def __getnewargs__(self) -> tuple[int]:
        return (self.tus,)


class DeuxSens(float):
    """A gap that goes both ways, or whose way is not said: under a heading of signed gaps it reads `±84`."""


_DENOMINATEUR_MAX = 10**6  # of a share of households; two such shares differ far more than their binary neighbours do


def _est_absent(valeur: Nombre) -> bool:
    """None, NaN, whatever pandas and numpy put in their place, and what a division by nothing gives."""
    return bool(pd.isna(valeur)) or (isinstance(valeur, float) and math.isinf(valeur))


def round_off(valeur: int | float | Fraction, decimales: int = 0) -> Fraction:
    """Half away from zero, as people and spreadsheets do (31.25 reads 31,3), of the exact fraction behind a float."""
    exacte = Fraction(valeur)
    if isinstance(valeur, float):
        exacte = exacte.limit_denominator(_DENOMINATEUR_MAX)
    echelle = 10**decimales
    arrondie = Fraction(math.floor(abs(exacte) * echelle + Fraction(1, 2)), echelle)
    return -arrondie if exacte < 0 else arrondie


def nombre(valeur: Nombre, decimales: int = 0) -> str:
    """`1 204`, `−3,5`: rounded half away from zero, with exactly `decimales` digits after the comma."""
    if isinstance(valeur, Peu):
        return f"{valeur.tus} ou moins"
    if valeur is None or _est_absent(valeur):
        return ABSENT
    return _write(valeur, decimales)


@lru_cache(maxsize=20_000, typed=True)  # a float is rounded as it reads, a fraction as it is
def _write(valeur: int | float | Fraction, decimales: int) -> str:
    """A screen writes the same thousand numbers again at each click."""
    motif = "#,##0" + ("." + "0" * decimales if decimales else "")
    texte = format_decimal(_decimal(round_off(valeur, decimales), decimales), motif, locale=FR)
    texte = texte.replace(INSECABLE, FINE).replace("-", MOINS)
    return texte.removeprefix(MOINS) if not any(c in "123456789" for c in texte) else texte


def _decimal(arrondie: Fraction, decimales: int) -> Decimal:
    """Exactly, for it has no more digits than that."""
    return Decimal(int(arrondie * 10**decimales)).scaleb(-decimales)


def part(valeur: Nombre, decimales: int = 1) -> str:
    """A share 0–1 as `61,3 %`; a whole percentage, which is all that a room reads of what is observed, as `61 %`."""
    if valeur is None or _est_absent(valeur):
        return ABSENT
    exacte = Fraction(valeur).limit_denominator(_DENOMINATEUR_MAX) if isinstance(valeur, float) else Fraction(valeur)
    return f"{nombre(pour_cent := exacte * 100, 0 if pour_cent.denominator == 1 else decimales)}{FINE}%"


def signe(valeur: Nombre, decimales: int = 0) -> str:
    """`+24`, `−116`, `0`; `±84` of a `DeuxSens`."""
    texte = nombre(valeur, decimales)
    if isinstance(valeur, DeuxSens):
        return f"±{texte}"
    return f"+{texte}" if valeur is not None and texte not in (ABSENT, nombre(0, decimales)) and valeur > 0 else texte


def agree(n: Nombre, singulier: str, pluriel: str | None = None) -> str:
    """The noun in the number that French gives it: 0 and 1 are singular, 1,5 too."""
    if _est_absent(n) or n is None:
        return pluriel or f"{singulier}s"
    return singulier if FR.plural_form(abs(float(n))) == "one" else pluriel or f"{singulier}s"


def effectif(n: Nombre, singulier: str, pluriel: str | None = None) -> str:
    """`1 204 attributions`, `1 attribution`, `12 attributions ou moins`; 0 reads `0 attribution`."""
    if isinstance(n, Peu):
        return f"{n.tus}{INSECABLE}{agree(n.tus, singulier, pluriel)} ou moins"
    return f"{nombre(n)}{INSECABLE}{agree(n, singulier, pluriel)}"


def de_tous(n: Nombre, singulier: str, pluriel: str | None = None) -> str:
    """What a share is of: `des 1 204 attributions`; `de l’unique attribution`, whatever the gender, for one."""
    return f"de l’unique {singulier}" if n == 1 else f"des {effectif(n, singulier, pluriel)}"


def demandes_pour_une(tension: Nombre) -> str:
    """`3,4 demandes`, `1,9 demande`: how many there are for one attribution."""
    arrondie = None if tension is None or _est_absent(tension) else round_off(tension, 1)
    return f"{nombre(tension, 1)} {agree(arrondie, 'demande')}"


def points(valeur: Nombre) -> str:
    """A signed gap in percentage points: `+13,4 points`, `−1 point`."""
    if valeur is None or _est_absent(valeur):
        return ABSENT
    return f"{ecart(valeur)}{INSECABLE}{agree(round_off(valeur, 1), 'point')}"


def ecart(valeur: Nombre) -> str:
    """The same under a heading that says « points »: `+13,4`, `−1`."""
    if valeur is None or _est_absent(valeur):
        return ABSENT
    return signe(valeur, 0 if est_entier(valeur) else 1)


def est_entier(valeur: int | float | Fraction) -> bool:
    """Whether it is whole but for what a binary fraction adds to it."""
    return round_off(valeur, 6).denominator == 1


def jour(valeur: date | datetime) -> str:
    """`3 janvier 2018`, `1er janvier 2018`: of an instant, the day that it is in Paris, whatever the machine's."""
    if isinstance(valeur, datetime) and valeur.tzinfo is not None:
        valeur = valeur.astimezone(get_timezone("Europe/Paris"))
    texte = format_date(valeur, "d MMMM y", locale=FR)
    return "1er" + texte[1:] if valeur.day == 1 else texte


@lru_cache(maxsize=1024)  # a list says the same months line after line
def mois(valeur: date) -> str:
    """`septembre 2017`."""
    return format_date(valeur, "MMMM y", locale=FR)


def instant(valeur: datetime) -> str:
    """`24 novembre 2026 à 20 h 17`, by the clock of the room (Paris), whatever that of the machine."""
    ici = valeur.astimezone(get_timezone("Europe/Paris"))
    return f"{jour(ici)} à {ici.hour}{INSECABLE}h{INSECABLE}{ici.minute:02}"


def intervalle(debut: date, fin: date) -> str:
    """`du 1er janvier au 31 décembre 2017`: the year once when it is the same."""
    premier = jour(debut)
    return f"du {premier.removesuffix(f' {debut.year}') if debut.year == fin.year else premier} au {jour(fin)}"


def duree(mois_couverts: int | None, n_mois: int) -> str:
    """`12 mois`, or `6 mois sur 12` where the data do not cover the period whole (empty: nobody kept how many)."""
    if mois_couverts is None or mois_couverts >= n_mois:
        return f"{n_mois}{INSECABLE}mois"
    return f"{mois_couverts}{INSECABLE}mois sur{INSECABLE}{n_mois}"


def seance(valeur: Seance) -> str:
    """`second semestre 2017`: there are only two in a year."""
    return f"{'premier' if valeur.semestre == 1 else 'second'} semestre {valeur.annee}"


def ici(code: str) -> str:
    """`l’ICI 2`, on one line."""
    return f"l’{code}".replace(" ", INSECABLE)


def typeset(texte: str) -> str:
    """The text with its no-break spaces: narrow before ; ! ? %, wide inside « » and before a colon."""
    for signe_haut in ";!?%":
        texte = texte.replace(f" {signe_haut}", FINE + signe_haut)
    return texte.replace(" :", f"{INSECABLE}:").replace("« ", f"«{INSECABLE}").replace(" »", f"{INSECABLE}»")


def sur(k: Nombre, n: Nombre) -> str:
    """`44 sur 1 321`, on one line."""
    return f"{nombre(k)}{INSECABLE}sur{INSECABLE}{nombre(n)}"


_MOIS = "|".join(FR.months["format"]["wide"].values())
_COMPTES = (
    "mois|ans?|jours?|semestres?|fois|points?|€|ménages?|demandes?|attributions?|logements?|relogés?|entrants?|"
    "décisions?|engagements?|communes?|bailleurs?|résidences?|quartiers?"
)
_LIAISONS = tuple(
    (re.compile(motif), remplacement)
    for motif, remplacement in (
        (r"(?<=\d) sur (?=\d)", f"{INSECABLE}sur{INSECABLE}"),
        (r"\bn = (?=\d)", f"n{INSECABLE}={INSECABLE}"),
        (rf"(?:(?<=\d)|(?<=\der)) (?=(?:{_MOIS})\b)", INSECABLE),
        (rf"(?<=\d) (?=(?:{_COMPTES})(?!\w))", INSECABLE),
        (r"(?<=moins de) (?=\d)", INSECABLE),
    )
)


def link(texte: str) -> str:
    """The text of a document where no line ends inside a figure: `44 sur 1 321`, `n = 12`, `27 mois`, `30 juin`."""
    for motif, remplacement in _LIAISONS:
        texte = motif.sub(remplacement, texte)
    return texte


def liste(termes: Sequence[str]) -> str:
    """`Roubaix, Tourcoing et Croix`."""
    return format_list(list(termes), locale=FR) if termes else ""

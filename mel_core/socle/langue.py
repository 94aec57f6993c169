"""French as the room reads it: typography, agreement, dates; numbers as `nombres` writes them, values as they say.

Every function takes a value and returns text. An unknown value (None, NaN) reads as `ABSENT`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from unicodedata import normalize

from babel.dates import format_date, get_timezone
from babel.lists import format_list

from mel_core.socle import nombres
from mel_core.socle.nombres import ABSENT as ABSENT
from mel_core.socle.nombres import FINE as FINE
from mel_core.socle.nombres import FR, Reel
from mel_core.socle.nombres import INSECABLE as INSECABLE
from mel_core.socle.nombres import MOINS as MOINS
from mel_core.socle.nombres import est_entier as est_entier
from mel_core.socle.nombres import round_off as round_off
from mel_core.socle.periodes import Seance
from mel_core.socle.valeurs import Compte, Duree

_DECEMBRE = 12
_ELIDES = frozenset("aeiouyh")  # « d’Halluin »
_ASPIRES = ("Hem",)  # of the communes, the h that does not elide

Nombre = Reel | Compte


def nombre(valeur: Nombre, decimales: int = 0) -> str:
    """`1 204`, `−3,5`: see `nombres.write`; a count as it says itself."""
    return str(valeur) if isinstance(valeur, Compte) else nombres.write(valeur, decimales)


def part(valeur: Reel, decimales: int = 1) -> str:
    """`61,3 %`: see `nombres.write_part`."""
    return nombres.write_part(valeur, decimales)


def signe(valeur: Reel, decimales: int = 0) -> str:
    """`+24`, `−116`, `0`."""
    texte = nombre(valeur, decimales)
    return f"+{texte}" if valeur is not None and texte not in (ABSENT, nombre(0, decimales)) and valeur > 0 else texte


def agree(n: Nombre, singulier: str, pluriel: str | None = None) -> str:
    """The noun in the number that French gives it (see `nombres.agree`); of a count that is not said, plural."""
    return nombres.agree(n.dit if isinstance(n, Compte) else n, singulier, pluriel)


def effectif(n: Nombre, singulier: str, pluriel: str | None = None) -> str:
    """`1 204 attributions`, `1 attribution`, `12 attributions ou moins`; 0 reads `0 attribution`."""
    if isinstance(n, Compte):
        return n.de(singulier, pluriel)
    return f"{nombre(n)}{INSECABLE}{agree(n, singulier, pluriel)}"


def de_tous(n: Nombre, singulier: str, pluriel: str | None = None) -> str:
    """What a share is of: `des 1 204 attributions`; `de l’unique attribution`, whatever the gender, for one."""
    return f"de l’unique {singulier}" if n == 1 else f"des {effectif(n, singulier, pluriel)}"


def rapport(valeur: Reel) -> str:
    """How many there are for one: `3,4`; a whole number, which is all that a room reads of it, as `3`."""
    est_entier = valeur is not None and not nombres.est_absent(valeur) and nombres.est_entier(valeur)
    return nombre(valeur, 0 if est_entier else 1)


def demandes_pour_une(tension: Reel) -> str:
    """`3,4 demandes`, `1,9 demande`: how many there are for one attribution."""
    arrondie = None if tension is None or nombres.est_absent(tension) else round_off(tension, 1)
    return f"{rapport(tension)} {agree(arrondie, 'demande')}"


def points(valeur: Reel) -> str:
    """A signed gap in percentage points: `+13,4 points`, `−1 point`."""
    if valeur is None or nombres.est_absent(valeur):
        return ABSENT
    return f"{ecart(valeur)}{INSECABLE}{agree(round_off(valeur, 1), 'point')}"


def ecart(valeur: Reel) -> str:
    """The same under a heading that says « points »: `+13,4`, `−1`."""
    if valeur is None or nombres.est_absent(valeur):
        return ABSENT
    return signe(valeur, 0 if est_entier(valeur) else 1)


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


def fin(valeur: date) -> str:
    """`fin juin 2018`, `fin 2017`: the last day of a semester, in few words."""
    return f"fin {valeur.year}" if valeur.month == _DECEMBRE else f"fin {mois(valeur)}"


def instant(valeur: datetime) -> str:
    """`24 novembre 2026 à 20 h 17`, by the clock of the room (Paris), whatever that of the machine."""
    ici = valeur.astimezone(get_timezone("Europe/Paris"))
    return f"{jour(ici)} à {ici.hour}{INSECABLE}h{INSECABLE}{ici.minute:02}"


def intervalle(debut: date, fin: date) -> str:
    """`du 1er janvier au 31 décembre 2017`: the year once when it is the same."""
    premier = jour(debut)
    return f"du {premier.removesuffix(f' {debut.year}') if debut.year == fin.year else premier} au {jour(fin)}"


def annee(duree: Duree, debut: date, fin: date) -> str:
    """`année 2017`, `juillet 2017 – juin 2018`, `6 mois sur 12 au 31 décembre 2017`: in few words."""
    if not duree.est_entiere:
        return f"{duree} au {jour(fin)}"
    if debut.year == fin.year:
        return f"année {fin.year}"
    return " – ".join(format_date(d, "MMMM y", locale=FR) for d in (debut, fin))


def seance(valeur: Seance) -> str:
    """`second semestre 2017`: there are only two in a year."""
    return f"{'premier' if valeur.semestre == 1 else 'second'} semestre {valeur.annee}"


def ici(code: str) -> str:
    """`l’ICI 2`, on one line."""
    return f"l’{code}".replace(" ", INSECABLE)


def a_la_commune(nom: str) -> str:
    """`à Wattrelos`, `au Maisnil`: the article of a name contracts."""
    if nom.startswith("Le "):
        return f"au {nom[3:]}"
    return f"aux {nom[4:]}" if nom.startswith("Les ") else f"à {nom}"


def de_la_commune(nom: str) -> str:
    """`de Wattrelos`, `d’Halluin`, `du Maisnil`: the article of a name contracts, a vowel or an h elides."""
    if nom.startswith("Le "):
        return f"du {nom[3:]}"
    if nom.startswith("Les "):
        return f"des {nom[4:]}"
    est_elide = normalize("NFD", nom[:1].lower())[:1] in _ELIDES and nom not in _ASPIRES
    return f"d’{nom}" if est_elide else f"de {nom}"


def capitalize(texte: str) -> str:
    """Its first letter a capital, the others as they are."""
    return texte[:1].upper() + texte[1:]


def close(texte: str) -> str:
    """With the full stop of a sentence, where what was typed has none."""
    return f"{texte}." if texte and not texte.rstrip().endswith((".", "!", "?", "…")) else texte


def typeset(texte: str) -> str:
    """The text with its no-break spaces: narrow before ; ! ? %, wide inside « » and before a colon."""
    for signe_haut in ";!?%":
        texte = texte.replace(f" {signe_haut}", FINE + signe_haut)
    return texte.replace(" :", f"{INSECABLE}:").replace("« ", f"«{INSECABLE}").replace(" »", f"{INSECABLE}»")


def sur(k: Nombre, n: Nombre) -> str:
    """`44 sur 1 321`, on one line."""
    return f"{nombre(k)}{INSECABLE}sur{INSECABLE}{nombre(n)}"


def premieres(n: int, total: int, autres: str) -> str:
    """`Les 50 premières sur 1 204 : le fichier les contient toutes.`: where `autres` are; empty when `n` are all."""
    return f"Les {nombre(n)} premières sur {nombre(total)} : {autres}." if total > n else ""


def filtres(en_vigueur: Sequence[str], sans_eux: str) -> str:
    """What the filters in force leave out, after the sentence of a list; nothing without any."""
    return f" Filtres en vigueur ({', '.join(en_vigueur)}) : sans eux, **{sans_eux}**." if en_vigueur else ""


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

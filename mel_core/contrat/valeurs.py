"""From the text of one cell to its value, as written in French offices (contract §1, "Accepted as found").

Every reader takes a text without surrounding spaces that is not empty, and answers None when it is not of the type.
Nothing is guessed: what reads two ways (`1.234,5`, `09/30/2017`, `3,5` for a whole number) is not of the type.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta

from babel.dates import get_month_names

from mel_core.contrat.reference import fold

# Day 0 of Excel's two calendars. A workbook made on an old Mac counts from 1904.
ORIGINE_1900 = date(1899, 12, 30)
ORIGINE_1904 = date(1904, 1, 1)

_NUMERO = re.compile(r"\s*([0-9]{1,2})\s*[-–—:.)]\s*[^\W0-9]")
_MINUIT = r"(?:[ T]0?0:00(?::00(?:\.0+)?)?)?"
_DATE_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){_MINUIT}")
_DATE_FR = re.compile(rf"([0-9]{{1,2}})/([0-9]{{1,2}})/([0-9]{{4}}){_MINUIT}")
_ANNEE_COURTE = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}")
_SERIE = re.compile(r"[0-9]{5}")  # 1927 to 2173
_MOIS = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_MOIS_FR = re.compile(r"(0?[1-9]|1[0-2])/([0-9]{4})")
_MOIS_EN_LETTRES = re.compile(r"(\w{3,9}) ([0-9]{4})")
_NOMS_DES_MOIS = {fold(nom): rang for rang, nom in get_month_names("wide", locale="fr").items()}

_ESPACES = " \u00a0\u2009\u202f"
_NOMBRE = re.compile(
    rf"[+-]?(?:[0-9]{{1,3}}(?:[{_ESPACES}][0-9]{{3}})+|[0-9]+)(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{{1,3}})?"
)
# What separates three digits from one to three others, and nothing else: thousands, or decimals.
_MILLIERS_OU_DECIMALES = re.compile("[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_A_MILLIERS = re.compile(r"([+-]?[0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?")
_DEVISE = re.compile(rf"^€[{_ESPACES}]*|[{_ESPACES}]*(?:€|eur|euros?)$", re.IGNORECASE)
_ENTIER = re.compile(r"[+-]?[0-9]{1,18}")
_POUR_FLOAT = str.maketrans({",": ".", **dict.fromkeys(_ESPACES)})
_ENTIER_EXACT_MAX = 2**53  # beyond, a decimal notation no longer tells a whole number from its neighbours

_BOOLEENS = {
    **dict.fromkeys(("oui", "o", "true", "vrai", "1"), True),
    **dict.fromkeys(("non", "n", "false", "faux", "0"), False),
}

# What the reader of workbooks writes where an empty cell would lie: a formula that no spreadsheet ever computed, a cell
# hidden under the one that it is merged with.
FORMULE_NON_CALCULEE, CELLULE_FUSIONNEE = "#FORMULE NON CALCULÉE", "#CELLULE FUSIONNÉE"

# What a spreadsheet, French or English, writes where a formula failed.
_ERREURS_TABLEUR = frozenset(
    (
        *("#N/A", "#REF!", "#VALUE!", "#VALEUR!", "#DIV/0!", "#NAME?", "#NOM?", "#NUM!", "#NOMBRE!", "#NULL!", "#NUL!"),
        FORMULE_NON_CALCULEE,
        CELLULE_FUSIONNEE,
        *("#SPILL!", "#PROPAGATION!", "#CALC!", "#CALCUL!", "#FIELD!", "#CHAMP!", "#GETTING_DATA", "#BUSY!"),
    )
)
# A formula or a quote around it; a soft hyphen, a space of no width, a mark of encoding or of direction in it.
_IDENTIFIANT_HABILLE = re.compile("^[=\"']|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CODE_EN_NOMBRE = re.compile(rf"([0-9]{{1,18}}|[0-9]{{1,3}}(?:[{_ESPACES}][0-9]{{3}})+)(?:[.,]0+)?")
_SANS_ESPACES = str.maketrans(dict.fromkeys(_ESPACES))
_RANG = re.compile(r"(?:rang *)?([0-9]{1,3}) *(?:er|re|e|ème|eme|nd|nde)?(?: *rang)?", re.IGNORECASE)
# « F2 », « Type 2 », « T 2 », « 2 pièces »: rooms, by any of their names; « T6 et plus ».
_TYPOLOGIE = re.compile(
    r"(?:(?=[a-z])(?:type|typ\.?)? *[tf]?[ .-]*0?([1-9])|([1-9]) *(?:pi[eè]ces?(?: principales?)?|pces?|p\.?))"
    r"( *(?:p|\+|(?:et|ou) *(?:plus|\+)))?",
    re.IGNORECASE,
)
_RANG_DIT = re.compile(
    r"\b(?:en *)?rang *(?:n[°o] *)?([1-9][0-9]?)\b|\b([1-9][0-9]?) *(?:er|e|[eè]me|nd) *rang\b", re.IGNORECASE
)
_IDENTIFIANT_ABIME = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+")


def est_erreur_tableur(texte: str) -> bool:
    """`#N/A`, `#REF!`…, or the `####` of a column too narrow: never a value."""
    return texte.startswith("#") and (texte.upper() in _ERREURS_TABLEUR or not texte.strip("#"))


def est_identifiant_abime(texte: str) -> bool:
    """`9,99017E+17`: a spreadsheet took the identifier for a number, its digits are lost."""
    return _IDENTIFIANT_ABIME.fullmatch(texte) is not None


def restore_code(texte: str) -> str:
    """`59 350`, `59350.0`, `59350,00`: a code that a spreadsheet wrote as a number, as it was. Others as they are."""
    if trouve := _CODE_EN_NOMBRE.fullmatch(texte):
        return trouve[1].translate(_SANS_ESPACES)
    return texte


def est_identifiant_habille(texte: str) -> bool:
    """`="59512"`, `'59512`, or with a sign that nobody sees: what a program added would make it another identifier."""
    return _IDENTIFIANT_HABILLE.search(texte) is not None


def read_date(texte: str, origine: date = ORIGINE_1900) -> date | None:
    """`2017-09-30`, `30/09/2017`, a time of midnight after either, or the serial number of Excel (five digits)."""
    try:
        if trouve := _DATE_ISO.fullmatch(texte):
            return date(int(trouve[1]), int(trouve[2]), int(trouve[3]))
        if trouve := _DATE_FR.fullmatch(texte):
            return date(int(trouve[3]), int(trouve[2]), int(trouve[1]))
    except ValueError:
        return None
    return origine + timedelta(days=int(texte)) if _SERIE.fullmatch(texte) else None


def est_annee_courte(texte: str) -> bool:
    """`10/12/15`: of a century that it does not say."""
    return _ANNEE_COURTE.fullmatch(texte) is not None


def read_mois(texte: str, origine: date = ORIGINE_1900) -> str | None:
    """`2017-09`, `09/2017`, `septembre 2017`, or the first day of a month: what a spreadsheet makes of one typed."""
    if _MOIS.fullmatch(texte):
        return texte
    if trouve := _MOIS_FR.fullmatch(texte):
        return f"{trouve[2]}-{int(trouve[1]):02}"
    if trouve := _MOIS_EN_LETTRES.fullmatch(texte):
        rang = _NOMS_DES_MOIS.get(fold(trouve[1]))
        return f"{trouve[2]}-{rang:02}" if rang else None
    jour = read_date(texte, origine)
    return jour.isoformat()[:7] if jour is not None and jour.day == 1 else None


def read_nombre(texte: str) -> float | None:
    """Decimal comma or point; spaces, also no-break, between thousands."""
    if _NOMBRE.fullmatch(texte) is None:
        return None
    valeur = float(texte.translate(_POUR_FLOAT))
    return valeur if abs(valeur) != float("inf") else None


def read_montant(texte: str) -> float | None:
    """A number, with the sign of the euro or without: `12 500,00 €`, `900 EUR`."""
    return read_nombre(_sans_devise(texte))


def _sans_devise(texte: str) -> str:
    if texte[0] != "€" and texte[-1].isdigit():  # five times as fast as the pattern, and nearly always enough
        return texte
    return _DEVISE.sub("", texte, count=1)


def est_ambigu(texte: str) -> bool:
    """`12.500`, `12,500 €`: twelve thousand five hundred, or twelve and a half."""
    return _MILLIERS_OU_DECIMALES.fullmatch(_sans_devise(texte)) is not None


def read_milliers(texte: str) -> float | None:
    """`12.500` is 12 500 and `1.234,5` is 1 234,5: the first sign separates thousands, another one the decimals."""
    trouve = _A_MILLIERS.fullmatch(_sans_devise(texte))
    if trouve is None:
        return read_montant(texte)
    return float(f"{trouve[1].replace(trouve[2], '')}.{trouve[3] or 0}")


def read_entier(texte: str) -> int | None:
    """A whole number; `3,0` and `3.0` are 3."""
    if _ENTIER.fullmatch(texte):
        return int(texte)
    valeur = read_nombre(texte)
    if valeur is None or not valeur.is_integer() or abs(valeur) >= _ENTIER_EXACT_MAX:
        return None
    return int(valeur)


def read_rang(texte: str) -> int | None:
    """A whole number, or a place among others: `1er`, `2e`, `2ème`, `rang 3`."""
    trouve = _RANG.fullmatch(texte)
    return int(trouve[1]) if trouve else read_entier(texte)


def split_rang(texte: str) -> tuple[str, int | None]:
    """A decision, and the place that it says with it: « ATTRIB. rang 2 »."""
    trouve = _RANG_DIT.search(texte)
    return (_RANG_DIT.sub(" ", texte).strip(), int(trouve[1] or trouve[2])) if trouve else (texte, None)


def read_typologie(texte: str) -> str | None:
    """The code of so many rooms, six and more being one; none of « T2 bis », « T5 et plus », « 2 »."""
    if not (trouve := _TYPOLOGIE.fullmatch(texte)):
        return None
    n = int(trouve[1] or trouve[2])
    if n >= 6:
        return "T6P"
    return None if trouve[3] else f"T{n}"


def read_booleen(texte: str) -> bool | None:
    """`oui/non`, `true/false`, `VRAI/FAUX`, `1/0`, `O/N`, any case."""
    return _BOOLEENS.get(texte.casefold())


def read_liste(texte: str) -> list[str]:
    """`T2|T3`: the elements without spaces around, empty ones dropped, each once, in order."""
    return [element for element in dict.fromkeys(e.strip() for e in texte.split("|")) if element]


def numbered(valeur: str, codes: Collection[str]) -> str:
    """The one of `codes` that a value gives before its words: 09 of « 9 - Logement trop cher »; empty when none is."""
    lu = _NUMERO.match(valeur)
    return next((code for code in (lu[1], lu[1].zfill(2)) if code in codes), "") if lu else ""

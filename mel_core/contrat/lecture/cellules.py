"""From the text of a cell to a value of its column, or to the reason why it is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import IntEnum
from typing import Any

from mel_core.contrat import valeurs
from mel_core.contrat.proches import fold
from mel_core.contrat.reference import codes_par_nom, communes
from mel_core.contrat.tables import COMMUNES_ASSOCIEES, Colonne, Montant, Type


class Etat(IntEnum):
    """What a cell turned out to be. Above `VIDE`, the cell has no value."""

    VALIDE = 0
    VIDE = 1
    TYPE = 2  # not of the column's type
    ANCIENNE = 3  # a date before 1970
    FUTURE = 4  # a date after the day of loading
    BORNE = 5  # out of the column's bounds
    NUMERIQUE = 6  # an identifier that a spreadsheet took for a number
    INCONNUE = 7  # out of the closed list: a question
    HABILLEE = 8  # an identifier with signs that a program added
    AMBIGUE = 9  # an amount, a list, that reads two ways: a question for its column


PREMIER_JOUR = date(1970, 1, 1)
_CODE_INSEE = re.compile("[0-9][0-9AB][0-9]{3}")
_SEPARATEURS = re.compile(r"[,;/]|\bet\b", re.IGNORECASE)
_N_CHIFFRES = 15  # that a spreadsheet keeps of a number
# Digits of a code that lost its first zero: an INSEE code has 5, an IRIS 9.
_CHIFFRES_PERDUS = {"code_quartier": (4, 8)}

# A text that is not empty → the value and its state.
Lecteur = Callable[[str], tuple[Any, Etat]]


def lecteur(colonne: Colonne, aujourdhui: date, origine: date = valeurs.ORIGINE_1900) -> Lecteur:
    """How to read the cells of `colonne`. What a spreadsheet writes in place of a failed formula is never a value."""
    read = _lecteur_du_type(colonne, aujourdhui, origine)

    def read_sans_erreur(texte: str) -> tuple[Any, Etat]:
        return (None, Etat.TYPE) if valeurs.est_erreur_tableur(texte) else read(texte)

    return read_sans_erreur


def est_valeur_canonique(colonne: Colonne, texte: str) -> bool:
    """Whether a mapping may answer `texte` for a cell of this column (any date, whatever the day)."""
    return lecteur(colonne, date.max)(texte)[1] is Etat.VALIDE


def _lecteur_du_type(colonne: Colonne, aujourdhui: date, origine: date) -> Lecteur:
    match colonne.type:
        case Type.IDENTIFIANT:
            return _read_code_insee if colonne.est_commune else _read_identifiant
        case Type.CODE:
            return lambda texte: _read_code(texte, colonne)
        case Type.CODE_ENTIER:
            return lambda texte: _read_code_entier(texte, colonne)
        case Type.ENTIER:
            return lambda texte: _bound(valeurs.read_entier(texte), colonne)
        case Type.NOMBRE:
            return lambda texte: _read_nombre(texte, colonne)
        case Type.DATE:
            return lambda texte: _put_date(valeurs.read_date(texte, origine), PREMIER_JOUR, aujourdhui)
        case Type.MOIS:
            mois = (f"{PREMIER_JOUR:%Y-%m}", f"{aujourdhui:%Y-%m}")
            return lambda texte: _put_date(valeurs.read_mois(texte, origine), *mois)
        case Type.BOOLEEN:
            return lambda texte: _give_type(valeurs.read_booleen(texte))
        case Type.LISTE:
            return lambda texte: _read_liste(texte, colonne)
        case Type.TEXTE:
            return lambda texte: (texte, Etat.VALIDE)


def has_all_its_digits(colonne: Colonne, texte: str) -> bool:
    """Whether an identifier that a workbook holds as a number is whole: a spreadsheet keeps 15 digits, fewer than a
    numéro unique has; a code INSEE has 5, and one of another length has lost its first zero."""
    if not texte.isascii() or not texte.isdigit() or len(texte) > _N_CHIFFRES:
        return False
    if colonne.est_commune:
        return _CODE_INSEE.fullmatch(texte) is not None
    return len(texte) not in _CHIFFRES_PERDUS.get(colonne.nom, ())


def _give_type(valeur: Any) -> tuple[Any, Etat]:
    return (None, Etat.TYPE) if valeur is None else (valeur, Etat.VALIDE)


def _read_identifiant(texte: str) -> tuple[str | None, Etat]:
    if valeurs.est_identifiant_abime(texte):
        return None, Etat.NUMERIQUE
    return (None, Etat.HABILLEE) if valeurs.est_identifiant_habille(texte) else (valeurs.unspace(texte), Etat.VALIDE)


def _read_code(texte: str, colonne: Colonne) -> tuple[str | None, Etat]:
    code = texte if texte in colonne.valeurs else valeurs.unspace(texte)  # `11.0` is 11; `1` is no code, 01 is
    return (code, Etat.VALIDE) if code in colonne.valeurs else (None, Etat.INCONNUE)


def _read_code_insee(texte: str) -> tuple[str | None, Etat]:
    return _read_identifiant(read_commune(texte))


def read_commune(texte: str) -> str:
    """The code INSEE written with spaces, or as a number, or by the name of a commune of the MEL that it alone bears;
    any other text as it is."""
    code = valeurs.unspace("".join(texte.split()))
    if _CODE_INSEE.fullmatch(code):
        return code
    return codes_par_nom().get(fold(texte), texte)


def _read_communes(texte: str, est_separee: bool | None) -> list[str] | None:
    """What is between two `|`: a commune, or several when each piece is known; None when one is not, and nobody said
    (`est_separee`) whether it is a list."""
    morceaux = [read_commune(m.strip()) for m in _SEPARATEURS.split(texte) if m.strip()]
    if len(morceaux) < 2 or est_separee is False:
        return [read_commune(texte)]
    sont_connues = all(code in communes() or code in COMMUNES_ASSOCIEES for code in morceaux)
    return morceaux if est_separee or sont_connues else None


def _read_code_entier(texte: str, colonne: Colonne) -> tuple[int | None, Etat]:
    valeur = valeurs.read_entier(texte)
    return (None, Etat.INCONNUE) if valeur is None or str(valeur) not in colonne.valeurs else (valeur, Etat.VALIDE)


def _read_nombre(texte: str, colonne: Colonne) -> tuple[float | None, Etat]:
    if colonne.montant is Montant.A_DEMANDER and valeurs.est_ambigu(texte):
        return None, Etat.AMBIGUE
    if colonne.montant is Montant.MILLIERS:
        return _bound(valeurs.read_milliers(texte), colonne)
    read = valeurs.read_montant if colonne.montant else valeurs.read_nombre
    return _bound(read(texte), colonne)


def _bound(valeur: float | None, colonne: Colonne) -> tuple[float | None, Etat]:
    if valeur is None:
        return None, Etat.TYPE
    trop_petite = colonne.minimum is not None and valeur < colonne.minimum
    trop_grande = colonne.maximum is not None and valeur > colonne.maximum
    return (None, Etat.BORNE) if trop_petite or trop_grande else (valeur, Etat.VALIDE)


def _put_date(valeur: Any, premiere: Any, derniere: Any) -> tuple[Any, Etat]:
    if valeur is None:
        return None, Etat.TYPE
    if valeur < premiere:
        return None, Etat.ANCIENNE
    return (None, Etat.FUTURE) if valeur > derniere else (valeur, Etat.VALIDE)


def _read_liste(texte: str, colonne: Colonne) -> tuple[list[str] | None, Etat]:
    elements = valeurs.read_liste(texte)
    if not elements:
        return None, Etat.VIDE
    if any(valeurs.est_erreur_tableur(e) for e in elements):
        return None, Etat.TYPE
    if colonne.est_commune:
        codes = [_read_communes(e, colonne.est_separee) for e in elements]
        if None in codes:
            return None, Etat.AMBIGUE
        elements = list(dict.fromkeys(code for siens in codes if siens for code in siens))
    if colonne.valeurs and not set(elements) <= set(colonne.valeurs):
        return None, Etat.INCONNUE
    return elements, Etat.VALIDE

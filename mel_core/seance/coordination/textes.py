"""What people type and a room reads: short enough to be projected, and nothing that leads to a person.

Shape is asked of whatever is read back; persons of what is being written alone (`refuse_personne`): an entry of the
journal that an earlier version took is still read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mel_core.socle.erreurs import AppelIncorrect

LONGUEUR_MAX = 4000
_ENTRE = r"[ .\u00a0\u202f-]?"  # digits are often typed in groups
# Neither a date nor an amount has as many digits, nor these first ones. The longest first: it holds the others.
_INTERDITS = {
    "un numéro unique": re.compile(rf"\d(?:{_ENTRE}\d){{17}}"),
    "un numéro de sécurité sociale": re.compile(
        rf"(?<!\d)[1-478](?:{_ENTRE}\d){{4}}{_ENTRE}(?:\d{_ENTRE}\d|2{_ENTRE}[ABab])(?:{_ENTRE}\d){{6}}"
        rf"(?:{_ENTRE}\d{{2}})?(?!\d)"
    ),
    "un numéro de téléphone": re.compile(
        rf"(?<!\d)(?:(?:(?:\+|00)?33{_ENTRE}(?:\(0\))?{_ENTRE}|0)[1-9](?:{_ENTRE}\d{{2}}){{4}}"
        r"|0[1-9](?:/\d\d){4}|0 [1-9](?: \d){8})(?!\d)"
    ),
    "une adresse électronique": re.compile(r"[\w.+-]+\s?@\s?[\w-]+\.\w"),
}
# A civility, then a name; an office keeps its article (« Madame la présidente », « M. le maire »).
_OFFICE = r"(?!(?:la|le|les|l|de|du|des|et|ou|qui|a|est)\b)"
_PERSONNE = re.compile(
    r"\b(?:[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|[Ff]amille|MM?|Dr|Me)\.?\s+[A-ZÀ-Þ][\w’'-]*"
    rf"|\b(?i:mmes?|me?lles?|mr|m(?=\.))\.?\s+{_OFFICE}[^\W\d][\w’'-]*"
)


def check(champ: str, texte: str, obligatoire: bool = True) -> None:
    """Raises `AppelIncorrect`. `champ` names the field as the person reads it."""
    if obligatoire and not texte.strip():
        raise AppelIncorrect(f"Le champ « {champ} » est vide : le remplir.")
    if len(texte) > LONGUEUR_MAX:
        raise AppelIncorrect(f"Le champ « {champ} » dépasse {LONGUEUR_MAX} caractères : le raccourcir.")


PROJETE, D_UN_MENAGE = "ce texte est projeté", "une suite ne dit pas qui est le ménage"


def refuse_personne(champs: Mapping[str, str], pourquoi: str = PROJETE) -> None:
    """Raises `AppelIncorrect` when one of these texts bears a number or an address that leads to somebody, or asks to
    reword what names one. `champs`: each text by the field that the person reads; `pourquoi`: may not."""
    suite = " et ne porte sur personne" if pourquoi == PROJETE else ""
    for champ, texte in champs.items():
        for quoi, motif in _INTERDITS.items():
            if motif.search(texte):
                raise AppelIncorrect(f"Le champ « {champ} » contient {quoi} : l’ôter, {pourquoi}{suite}.")
        if trouve := _PERSONNE.search(texte):
            raise AppelIncorrect(
                f"Le champ « {champ} » nomme « {trouve[0]} » : le récrire sans nom (« un ménage », « une famille »), "
                f"{pourquoi}."
            )

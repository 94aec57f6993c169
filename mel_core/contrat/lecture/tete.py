"""The header among the first rows of a file or of a sheet: offices write titles above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mel_core.contrat.lecture.brut import Rangee
from mel_core.contrat.proches import fold

_NOM_LONG = 6  # letters of a column name that no title holds by chance
LIGNES_DE_TETE = 40  # rows that are not blank, looked at for the header

# « N° unique » is a numéro unique, « n° logements » a number of them.
_NUMERO = re.compile(r"\bn[°º]", re.IGNORECASE)


def folds(nom: str) -> tuple[str, ...]:
    """How a header compares: no case, accents, spaces, line breaks nor signs; `n°` is nothing, or « numero »."""
    plie = fold(nom)
    entier = fold(_NUMERO.sub("numero ", nom))
    return (plie,) if entier == plie else (fold(_NUMERO.sub("n ", nom)), entier)


def n_reconnus(cellules: Sequence[str], connus: frozenset[str]) -> int:
    """How many of the known column names (folded) a row bears."""
    return len({pli for cellule in cellules for pli in folds(cellule)} & connus)


def find_entete(tete: Sequence[Rangee], connus: frozenset[str]) -> int:
    """Rank in `tete` of the row that bears the most known names, the first of them; where none does, the first row of
    two cells: a title has one."""
    scores = [n_reconnus(cellules, connus) for _, cellules in tete]
    meilleur = max(scores, default=0)
    if meilleur:
        return scores.index(meilleur)
    return next((rang for rang, (_, cellules) in enumerate(tete) if not _est_titre(cellules, connus)), 0)


def _est_titre(cellules: Sequence[str], connus: frozenset[str]) -> bool:
    """One cell, that is not a whole header left in it by the wrong separator."""
    pleines = [cellule for cellule in cellules if cellule.strip()]
    return len(pleines) == 1 and not any(len(nom) >= _NOM_LONG and nom in fold(pleines[0]) for nom in connus)

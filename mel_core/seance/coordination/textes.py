"""What people type about the coordination: short enough to be projected, and never a person's number."""

from __future__ import annotations

import re

from mel_core.socle.erreurs import AppelIncorrect

LONGUEUR_MAX = 4000
# A numéro unique has eighteen digits, often typed in groups; neither a date nor an amount has as many.
_NUMERO = re.compile(r"\d(?:[ .\u00a0\u202f-]?\d){17}")


def verify(champ: str, texte: str, obligatoire: bool = True) -> None:
    """Raises `AppelIncorrect`. `champ` names the field as the person reads it."""
    if obligatoire and not texte.strip():
        raise AppelIncorrect(f"Le champ « {champ} » est vide : le remplir.")
    if len(texte) > LONGUEUR_MAX:
        raise AppelIncorrect(f"Le champ « {champ} » dépasse {LONGUEUR_MAX} caractères : le raccourcir.")
    if _NUMERO.search(texte):
        raise AppelIncorrect(
            f"Le champ « {champ} » contient un numéro unique : l’ôter, une décision ne porte pas sur une personne."
        )

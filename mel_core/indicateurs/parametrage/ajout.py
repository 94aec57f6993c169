"""Adding a version of a dated parameter: the same data published again with one more line, signed by its author."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from mel_core.entrepot import Entrepot
from mel_core.journal import Auteur, Journal, nouvel_identifiant, nouvel_op_id
from mel_core.objectifs import Parametres
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur

Valeur: TypeAlias = str | int | Decimal | date | Sequence["Valeur"]


OBJET = "parametre"


def add(entrepot: Entrepot, journal: Journal, section: str, valeurs: Mapping[str, Valeur], auteur: Auteur) -> bool:
    """Publish one more version of a parameter, written in the journal; returns whether anything changed.

    `section` and the keys of `valeurs` are those of a file of parameters. Every séance that is not frozen is served
    with it; only those from its date of effect on can change. Raises `AppelIncorrect` when it makes no sense.
    """
    if not auteur.nom.strip():
        raise AppelIncorrect("Une version est signée : donner d’abord votre nom.")
    texte = en_toml(section, {**valeurs, "auteur": auteur.nom})
    Parametres.read(texte, "")
    with entrepot.reserve():
        if entrepot.instantane() is None:
            raise ErreurUtilisateur(
                "Aucun jeu de données n’est publié : en importer un depuis Préparer › Imports, puis recommencer."
            )
        a_change = entrepot.add_parametres(texte)
    if a_change:
        record(journal, texte, auteur)
    return a_change


def record(journal: Journal, texte: str, auteur: Auteur) -> None:
    """One line of the journal for each parameter of a TOML `texte`: what it is worth, since when, from which source."""
    for section, entrees in tomllib.loads(texte, parse_float=Decimal).items():
        for entree in entrees:
            contenu = {"section": section, **{cle: _simple(valeur) for cle, valeur in entree.items()}}
            journal.write(OBJET, nouvel_identifiant(), contenu, auteur, nouvel_op_id())


def _simple(valeur: object) -> object:
    """As the journal keeps it: dates and numbers as they were typed."""
    return [_simple(v) for v in valeur] if isinstance(valeur, list) else str(valeur)


def en_toml(section: str, valeurs: Mapping[str, Valeur]) -> str:
    """One entry of a file of parameters."""
    return "\n".join([f"[[{section}]]", *(f"{cle} = {_write(valeur)}" for cle, valeur in valeurs.items())]) + "\n"


def _write(valeur: Valeur) -> str:
    if isinstance(valeur, bool):
        return str(valeur).lower()
    if isinstance(valeur, str):
        # A JSON string is a TOML basic string, save for the one control character that JSON lets through.
        return json.dumps(valeur.replace("\x7f", ""), ensure_ascii=False)
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, Sequence):
        return "[" + ", ".join(_write(v) for v in valeur) + "]"
    return format(valeur, "f") if isinstance(valeur, Decimal) else str(valeur)

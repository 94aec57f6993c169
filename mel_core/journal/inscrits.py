"""What is kept in the journal, from a dataclass to the JSON values of an entry and back: the one way there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints

from mel_core.journal.fiches import Fiche
from mel_core.journal.journal import Journal
from mel_core.socle.periodes import Seance

_LECTURES: dict[object, Any] = {Seance: Seance.read, date: date.fromisoformat, Fraction: Fraction}
_hints = cache(get_type_hints)


class Inscrit:
    """A dataclass that an entry keeps. A field that an earlier version did not write has its default; one that is not
    read any more is left aside. `GENRE` tells one class from the others of a union."""

    GENRE: ClassVar[str] = ""

    def contenu(self) -> dict[str, Any]:
        """As the journal keeps it."""
        genre = {"genre": self.GENRE} if self.GENRE else {}
        return genre | _encode_champs(self)

    @classmethod
    def depuis(cls, ecrit: Fiche | Mapping[str, Any]) -> Self:
        """As it was written; the payload of an entry must not have been erased."""
        lu: Self = _decode_champs(cls, ecrit.contenu if isinstance(ecrit, Fiche) else ecrit)
        return lu

    @classmethod
    def find_all(cls, journal: Journal, objet: str, **filtres: Any) -> list[tuple[Fiche, Self]]:
        """The objects of a kind with their entry, oldest first; not those that were erased."""
        return [(f, cls.depuis(f)) for f in journal.find_all(objet, **filtres) if not f.effacee]


def _encode(valeur: Any) -> Any:
    if isinstance(valeur, Seance | Fraction | StrEnum):
        return str(valeur)
    if isinstance(valeur, date):
        return valeur.isoformat()
    if hasattr(valeur, "contenu"):
        return valeur.contenu()
    if isinstance(valeur, Mapping):
        return {cle: _encode(v) for cle, v in valeur.items()}
    if isinstance(valeur, tuple):
        return [_encode(v) for v in valeur]
    return _encode_champs(valeur) if is_dataclass(valeur) else valeur


def _encode_champs(valeur: Any) -> dict[str, Any]:
    return {f.name: _encode(getattr(valeur, f.name)) for f in fields(valeur)}


def _decode(type_: Any, valeur: Any) -> Any:
    if valeur is None:
        return None
    arguments = [a for a in get_args(type_) if a is not type(None)]
    if get_origin(type_) in (UnionType, Union):
        seule = len(arguments) == 1
        return _decode(arguments[0] if seule else next(a for a in arguments if valeur["genre"] == a.GENRE), valeur)
    if get_origin(type_) is tuple:
        return tuple(_decode(arguments[0], v) for v in valeur)
    if isinstance(valeur, Mapping) and arguments:
        return {cle: _decode(arguments[1], v) for cle, v in valeur.items()}
    if type_ in _LECTURES:
        return _LECTURES[type_](valeur)
    if hasattr(type_, "depuis"):
        return type_.depuis(valeur)
    if is_dataclass(type_):
        return _decode_champs(type_, valeur)
    return type_(valeur) if isinstance(type_, type) and issubclass(type_, StrEnum) else valeur


def _decode_champs(classe: Any, contenu: Mapping[str, Any]) -> Any:
    types = _hints(classe)
    return classe(**{f.name: _decode(types[f.name], contenu[f.name]) for f in fields(classe) if f.name in contenu})

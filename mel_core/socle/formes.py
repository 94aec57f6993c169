"""A dataclass as JSON values, and back: exact numbers, days and séances are texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from mel_core.socle.periodes import Seance

_LECTURES: dict[object, Any] = {
    Seance: Seance.read,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Fraction: Fraction,
}
_hints = cache(get_type_hints)


def encode(valeur: Any) -> Any:
    """A value of its own `contenu` is what that says."""
    if isinstance(valeur, Seance | Fraction | StrEnum):
        return str(valeur)
    if isinstance(valeur, date):
        return valeur.isoformat()
    if hasattr(valeur, "contenu"):
        return valeur.contenu()
    if isinstance(valeur, Mapping):
        return {cle: encode(v) for cle, v in valeur.items()}
    if isinstance(valeur, frozenset):
        return sorted(encode(v) for v in valeur)
    if isinstance(valeur, tuple):
        return [encode(v) for v in valeur]
    return encode_champs(valeur) if is_dataclass(valeur) else valeur


def encode_champs(valeur: Any) -> dict[str, Any]:
    """The fields of a dataclass."""
    return {f.name: encode(getattr(valeur, f.name)) for f in fields(valeur)}


def decode_champs(classe: Any, contenu: Mapping[str, Any]) -> Any:
    """A field that an earlier version did not write has its default; one that is not read any more is left aside."""
    types = _hints(classe)
    return classe(**{f.name: _decode(types[f.name], contenu[f.name]) for f in fields(classe) if f.name in contenu})


def _decode(type_: Any, valeur: Any) -> Any:
    if valeur is None:
        return None
    arguments = [a for a in get_args(type_) if a is not type(None)]
    if get_origin(type_) in (UnionType, Union):
        seule = len(arguments) == 1
        return _decode(arguments[0] if seule else next(a for a in arguments if valeur["genre"] == a.GENRE), valeur)
    if get_origin(type_) in (tuple, frozenset):
        return get_origin(type_)(_decode(arguments[0], v) for v in valeur)
    if isinstance(valeur, Mapping) and arguments:
        return {cle: _decode(arguments[1], v) for cle, v in valeur.items()}
    if type_ in _LECTURES:
        return _LECTURES[type_](valeur)
    if hasattr(type_, "depuis"):
        return type_.depuis(valeur)
    if is_dataclass(type_):
        return decode_champs(type_, valeur)
    return type_(valeur) if isinstance(type_, type) and issubclass(type_, StrEnum) else valeur

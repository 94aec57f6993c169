"""The plain forms of a number and of a list, read all together: a whole file is nearly always written in them.

What is read here is a value, the same that `cellules` reads. All the rest (a space between thousands, an exponent, a
value out of bounds, an unknown code…) is left to it, so that each rule and each reason is in one place.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.lecture.arrow import type_arrow
from mel_core.contrat.lecture.brut import Masque
from mel_core.contrat.tables import Colonne, Type

_ENTIER = "^[0-9]{1,15}$"  # exact as a float too
_NOMBRE = "^[0-9]{1,15}(?:[.,][0-9]{1,15})?$"
_MONTANT = "^[0-9]{1,15}(?:[.,](?:[0-9]{1,2}|[0-9]{4,15}))?$"
_COMMUNES = r"^[0-9][0-9AB][0-9]{3}(?:\|[0-9][0-9AB][0-9]{3})*$"
_LISTE = r"^[0-9A-Za-z_]+(?:\|[0-9A-Za-z_]+)*$"


def read_en_bloc(colonne: Colonne, textes: pa.Array) -> tuple[Masque, pa.Array]:
    """Which of the distinct `textes` were read, and the values of those, in order."""
    match colonne.type:
        case Type.ENTIER:
            return _nombres(colonne, textes, _ENTIER)
        case Type.NOMBRE:
            # Three digits after the sign may be thousands: see `cellules`.
            return _nombres(colonne, textes, _MONTANT if colonne.montant else _NOMBRE)
        case Type.LISTE:
            return _listes(colonne, textes)
    return np.zeros(len(textes), bool), pa.nulls(0, type_arrow(colonne))


def _nombres(colonne: Colonne, textes: pa.Array, forme: str) -> tuple[Masque, pa.Array]:
    lus = _masque(pc.match_substring_regex(textes, forme))
    valeurs = pc.cast(pc.replace_substring(textes.filter(pa.array(lus)), ",", "."), type_arrow(colonne))
    nombres = valeurs.to_numpy()
    dedans = np.ones(len(nombres), bool)
    if colonne.minimum is not None:
        dedans &= nombres >= colonne.minimum
    if colonne.maximum is not None:
        dedans &= nombres <= colonne.maximum
    lus[lus] = dedans
    return lus, valeurs if dedans.all() else valeurs.filter(pa.array(dedans))


def _listes(colonne: Colonne, textes: pa.Array) -> tuple[Masque, pa.Array]:
    """Lists without a value that comes twice."""
    lus = _masque(pc.match_substring_regex(textes, _COMMUNES if colonne.est_commune else _LISTE))
    listes = pc.split_pattern(textes.filter(pa.array(lus)), "|")
    codes = listes.flatten().dictionary_encode()
    indices, parents = codes.indices.to_numpy(), pc.list_parent_indices(listes).to_numpy()
    cles = np.sort(parents * len(codes.dictionary) + indices)
    dedans = np.ones(len(listes), bool)
    dedans[cles[1:][cles[1:] == cles[:-1]] // max(len(codes.dictionary), 1)] = False
    if colonne.valeurs:
        connus = _masque(pc.is_in(codes.dictionary, value_set=pa.array(colonne.valeurs, pa.string())))
        dedans[parents[~connus[indices]]] = False
    lus[lus] = dedans
    return lus, listes if dedans.all() else listes.filter(pa.array(dedans))


def _masque(booleens: pa.Array) -> Masque:
    """A copy that may be written in."""
    return np.array(booleens.to_numpy(zero_copy_only=False), dtype=bool)

"""A later row with an identity already kept is a duplicate, even when it differs (contract §1, Checks)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.lecture.brut import Entiers
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.regles import DOUBLON_DIFFERENT

# Never in a cell: the readers refuse it.
_SEPARATEUR = "\0"


def set_aside_doublons(lue: TableLue) -> None:
    """Among the rows that are not rejected: a faulty row is rejected, never the one that is kept nor a duplicate.

    Rows of a file that has no column of the key, which is refused, are duplicates of nothing.
    """
    if not lue.presentes.issuperset(lue.table.cle):
        return
    remplies = np.logical_and.reduce([lue.est_remplie(nom) for nom in lue.table.cle])
    candidates = np.flatnonzero(lue.gardees & remplies)
    cle = _cle(lue).take(pa.array(candidates))
    codes = cle.dictionary_encode()
    if len(codes.dictionary) == len(cle):
        return
    indices = codes.indices.to_numpy()
    premieres = np.empty(len(codes.dictionary), np.int64)
    premieres[indices[::-1]] = np.arange(len(indices))[::-1]  # the last write wins: the first row of each key
    est_doublon = premieres[indices] != np.arange(len(indices))
    doublons, gardees = candidates[est_doublon], candidates[premieres[indices[est_doublon]]]
    lue.doublons[doublons] = True
    _report_differents(lue, doublons, gardees)


def _cle(lue: TableLue) -> pa.Array:
    colonnes = [lue.donnees[nom] for nom in lue.table.identite if nom in lue.presentes]
    if len(colonnes) == 1:
        return colonnes[0]
    return pc.binary_join_element_wise(*colonnes, _SEPARATEUR, null_handling="replace")


def _report_differents(lue: TableLue, doublons: Entiers, gardees: Entiers) -> None:
    differentes: dict[str, Any] = {}
    for nom in lue.presentes:
        une, autre = (_comparable(lue.donnees[nom].take(pa.array(p))) for p in (doublons, gardees))
        differe = pc.or_(pc.xor(une.is_null(), autre.is_null()), pc.fill_null(pc.not_equal(une, autre), False))
        differentes[nom] = differe.to_numpy(zero_copy_only=False)
    places = np.flatnonzero(np.any(list(differentes.values()), axis=0))
    if places.size:
        lue.bound(lue.table.cle[0], doublons[places])
    cle = lue.table.cle

    def details(i: int) -> dict[str, Any]:
        colonnes = [nom for nom in lue.table.noms if nom in differentes and differentes[nom][places[i]]]
        lieu = lue.lieu(int(gardees[places[i]]), int(doublons[places[i]]))
        return {"premiere": lieu, "colonnes": ", ".join(colonnes)}

    valeurs = [" ".join(map(str, v)) for v in zip(*(lue.textes(c, doublons[places]) for c in cle), strict=True)]
    lue.constats.record(DOUBLON_DIFFERENT, cle[0], doublons[places], valeurs, details, toujours=True)


def _comparable(colonne: pa.Array) -> pa.Array:
    """Arrow does not compare lists."""
    return pc.binary_join(colonne, "|") if pa.types.is_list(colonne.type) else colonne

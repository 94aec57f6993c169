"""From a column of texts to a typed Arrow column: only the distinct texts of a chunk are read in Python."""

from __future__ import annotations

from collections.abc import Mapping as Correspondance
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.lecture.arrow import type_arrow
from mel_core.contrat.lecture.brut import Masque
from mel_core.contrat.lecture.cellules import Etat, Lecteur, has_all_its_digits
from mel_core.contrat.lecture.en_bloc import read_en_bloc
from mel_core.contrat.tables import Colonne, Type
from mel_core.contrat.valeurs import read_liste

_TEL_QUEL = (Type.IDENTIFIANT, Type.TEXTE)

# A number with spaces between thousands, or with decimals that are zeros; what is a code INSEE as it stands.
_EN_NOMBRE = "^(?:[0-9]{1,3}(?: [0-9]{3})+(?:[.,]0+)?|[0-9]+[.,]0+)$"
CODE_INSEE = "^[0-9][0-9AB][0-9]{3}$"
_DEBUTS_SUSPECTS = pa.array(["#", "=", "'", '"'])

Etats = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Convertie:
    """`valeurs`: the typed column, empty where there is no value. `etats`: an `Etat` per row."""

    valeurs: pa.Array
    etats: Etats


def convert(
    colonne: Colonne,
    textes: pa.Array,
    natifs: Masque | None,
    correspondances: Correspondance[str, str],
    read: Lecteur,
) -> Convertie:
    """Type `textes` (spaces around are not part of a value). `correspondances`: value in the file → canonical value.

    An empty cell is unknown, except in a label column where it is false (contract §1).
    """
    codes = textes.dictionary_encode()
    indices = codes.indices.to_numpy()
    if colonne.type in _TEL_QUEL and not correspondances:
        distinctes, etats = _read_tels_quels(colonne, codes.dictionary, read)
    elif correspondances:
        distinctes, etats = _read_un_a_un(colonne, codes.dictionary, correspondances, read)
    else:
        distinctes, etats = _read_en_bloc(colonne, codes.dictionary, read)
    valeurs, etats = distinctes.take(codes.indices), etats[indices]
    if natifs is not None and (sures := natifs & (etats == Etat.AMBIGUE)).any():
        # A number of a workbook is the number that it is, however many decimals it has.
        lues = pc.cast(textes.filter(pa.array(sures)), valeurs.type)
        valeurs = pc.replace_with_mask(valeurs, pa.array(sures), lues)
        etats = np.where(sures, np.int8(Etat.VALIDE), etats)
    if natifs is not None and _porte_des_identifiants(colonne):
        abimes = natifs & (etats != Etat.VIDE) & ~_sont_entiers(colonne, textes, natifs)
        valeurs = pc.if_else(pa.array(abimes), pa.scalar(None, valeurs.type), valeurs)
        etats = np.where(abimes & (etats != Etat.TYPE), np.int8(Etat.NUMERIQUE), etats)
    return Convertie(valeurs, etats)


def _porte_des_identifiants(colonne: Colonne) -> bool:
    """Whether a number, date or boolean of a workbook is a text that the spreadsheet converted: digits may be lost.

    Not in a list of closed codes: none is a number, and what is not one of them is a question.
    """
    return colonne.type is Type.IDENTIFIANT or (colonne.type is Type.LISTE and not colonne.valeurs)


def _sont_entiers(colonne: Colonne, textes: pa.Array, natifs: Masque) -> Masque:
    """Which of the numbers of a workbook are identifiers with all their digits. Texts of the same column that begin
    with a zero say how many there are: `7` beside `007` has lost some."""
    entiers = np.zeros(len(textes), bool)
    avec_zero = pc.match_substring_regex(textes, r"^\s*0[0-9]+\s*$").to_numpy(zero_copy_only=False) & ~natifs
    chiffres = pc.utf8_length(pc.utf8_trim_whitespace(textes.filter(pa.array(avec_zero)))) if avec_zero.any() else None
    attendus = pc.max(chiffres).as_py() if chiffres is not None else 0
    positions = np.flatnonzero(natifs)
    distincts = textes.take(pa.array(positions)).dictionary_encode()
    lus = [len(t) >= attendus and has_all_its_digits(colonne, t) for t in distincts.dictionary.to_pylist()]
    if lus:
        entiers[positions] = np.array(lus)[distincts.indices.to_numpy()]
    return entiers


def _read_en_bloc(colonne: Colonne, textes: pa.Array, read: Lecteur) -> tuple[pa.Array, Etats]:
    """What is written plainly, all together; the few other texts one by one."""
    lus, valeurs = read_en_bloc(colonne, textes)
    if lus.all():
        return valeurs, np.zeros(len(textes), np.int8)
    autres, etats_autres = _read_un_a_un(colonne, textes.filter(pa.array(~lus)), {}, read)
    etats = np.zeros(len(textes), np.int8)
    etats[~lus] = etats_autres
    places = np.empty(len(textes), np.int64)
    places[lus], places[~lus] = np.arange(len(valeurs)), len(valeurs) + np.arange(len(autres))
    return pa.concat_arrays([valeurs, autres]).take(pa.array(places)), etats


def _read_un_a_un(
    colonne: Colonne, textes: pa.Array, correspondances: Correspondance[str, str], read: Lecteur
) -> tuple[pa.Array, Etats]:
    traduire = partial(_translate_liste if colonne.type is Type.LISTE else _translate, correspondances)
    vide = (False if colonne.etiquette else None, Etat.VIDE)
    lus: list[tuple[Any, Etat]] = []
    for brut in textes.to_pylist():
        texte = traduire(brut.strip()) if correspondances else brut.strip()
        lus.append(read(texte) if texte else vide)
    return (
        pa.array([valeur for valeur, _ in lus], type_arrow(colonne)),
        np.fromiter((etat for _, etat in lus), np.int8, len(lus)),
    )


def _translate(correspondances: Correspondance[str, str], texte: str) -> str:
    return correspondances.get(texte, texte)


def _translate_liste(correspondances: Correspondance[str, str], texte: str) -> str:
    return "|".join(_translate(correspondances, element) for element in read_liste(texte))


def _read_tels_quels(colonne: Colonne, textes: pa.Array, read: Lecteur) -> tuple[pa.Array, Etats]:
    """Identifiers and free texts are kept as they are: Python only looks at the few that have a suspicious sign, or are
    written as a spreadsheet writes a number."""
    valeurs = pc.utf8_trim_whitespace(textes)
    est_vide = pc.equal(valeurs, "")
    etats = np.where(est_vide.to_numpy(zero_copy_only=False), np.int8(Etat.VIDE), np.int8(Etat.VALIDE))
    suspectes = pc.or_(
        pc.is_in(pc.utf8_slice_codeunits(valeurs, 0, 1), _DEBUTS_SUSPECTS),
        pc.match_substring(valeurs, "E+", ignore_case=True),
    )
    if colonne.type is Type.IDENTIFIANT:
        suspectes = pc.or_(suspectes, pc.invert(pc.string_is_ascii(valeurs)))
        suspectes = pc.or_(suspectes, pc.match_substring_regex(valeurs, _EN_NOMBRE))
        if colonne.est_commune:
            suspectes = pc.or_(suspectes, pc.invert(pc.match_substring_regex(valeurs, CODE_INSEE)))
    douteuses = suspectes.to_numpy(zero_copy_only=False) & (etats != Etat.VIDE)
    if douteuses.any():
        lues = [read(texte) for texte in valeurs.filter(pa.array(douteuses)).to_pylist()]
        etats[douteuses] = [etat for _, etat in lues]
        valeurs = pc.replace_with_mask(valeurs, pa.array(douteuses), pa.array([v for v, _ in lues], pa.string()))
    sans_valeur = etats != Etat.VALIDE
    if sans_valeur.any():
        valeurs = pc.if_else(pa.array(sans_valeur), pa.scalar(None, valeurs.type), valeurs)
    return valeurs, etats


def valeurs_inconnues(colonne: Colonne, texte: str, correspondances: Correspondance[str, str]) -> list[str]:
    """The values of an `INCONNUE` cell that neither the contract nor the mapping knows, as found in the file."""
    if colonne.type is not Type.LISTE:
        return [texte.strip()]
    connues = set(colonne.valeurs)
    return [e for e in read_liste(texte) if not connues.issuperset(read_liste(_translate(correspondances, e)))]

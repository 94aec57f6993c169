"""The résidence of a lease: the SNE names a dwelling (numeroRpls), RPLS given with it says of which résidence it is.

The dwelling itself is not kept: it would be the household's address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from mel_core.contrat.lecture.brut import Lecture, Morceau
from mel_core.contrat.modeles.catalogue import NUMERO_RPLS
from mel_core.contrat.proches import fold
from mel_core.socle.langue import effectif, nombre

_RESIDENCE = "code_residence"
_SANS_RPLS = (
    "Le SNE ne dit ni la résidence ni le quartier d’un bail (numeroRpls désigne un logement, il n’est pas gardé) : "
    "donner avec ces fichiers ceux de RPLS (« rpls….csv ») pour les en tirer."
)


def place(lecture: Lecture, places: Mapping[str, str]) -> Lecture:
    """The same leases with their résidence in place of their dwelling. `places`: dwelling → résidence."""
    if _RESIDENCE in lecture.entete:
        return lecture
    rang = next((r for r, nom in enumerate(lecture.entete) if fold(nom) == fold(NUMERO_RPLS)), None)
    if rang is None or not places:
        sans = lecture if rang is None else _without(lecture, rang)
        return replace(sans, dits=(*sans.dits, _SANS_RPLS))
    morceaux = [
        replace(
            m,
            colonnes=_put(m.colonnes, rang, _codes(m, rang, places)),
            natifs=_put(m.natifs, rang, None) if m.natifs is not None else None,
        )
        for m in lecture.morceaux
    ]
    entete = _put(lecture.entete, rang, _RESIDENCE)
    n = sum(len(m.numeros) for m in morceaux)
    trouves = sum(1 for m in morceaux for code in m.colonnes[rang].to_pylist() if code)
    dit = (
        f"{effectif(trouves, 'bail a', 'baux ont')} la résidence que RPLS donne à leur logement (numeroRpls), sur "
        f"{nombre(n)}, les autres n’en ont pas : compléter le fichier RPLS."
    )
    return replace(lecture, entete=entete, morceaux=iter(morceaux), dits=(*lecture.dits, dit))


def _codes(morceau: Morceau, rang: int, places: Mapping[str, str]) -> pa.Array:
    return pa.array([places.get(texte.strip(), "") for texte in morceau.colonnes[rang].to_pylist()], pa.string())


def _put(suite: Sequence[Any], rang: int, mis: Any) -> list[Any]:
    return [*suite[:rang], mis, *suite[rang + 1 :]]


def _without(lecture: Lecture, rang: int) -> Lecture:
    def sauf(suite: Sequence[Any]) -> list[Any]:
        return [*suite[:rang], *suite[rang + 1 :]]

    def morceaux() -> Iterator[Morceau]:
        for m in lecture.morceaux:
            natifs = sauf(m.natifs) if m.natifs is not None else None
            yield replace(m, colonnes=sauf(m.colonnes), natifs=natifs)

    return replace(lecture, entete=sauf(lecture.entete), morceaux=morceaux())

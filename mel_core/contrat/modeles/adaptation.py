"""What a model does to the tables found: headers under the contract's names, what a file implies written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.lecture.brut import Lecture, Lot, Morceau, table_nommee
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.modeles import rpls
from mel_core.contrat.modeles.catalogue import RPLS, SNE, noms, vocabulaire
from mel_core.contrat.proches import fold

_ETAT_DEDUIT = (
    "La colonne « etat » manque : une demande est lue RADIEE quand elle porte {quoi}, ACTIVE sinon : ajouter la "
    "colonne etatDemande à l’export si ce n’est pas le cas."
)


def table_de(radical: str, modele: str) -> str | None:
    """The table of a file: the one that it is named after; a file of dwellings bears any name."""
    return table_nommee(radical) or ("residences" if modele == RPLS else None)


def adapt(lots: list[Lot], mapping: Mapping) -> list[Lot]:
    """The same tables as the contract reads them; the dwellings of all RPLS files are one table of résidences."""
    if not mapping.modele:
        return lots
    if mapping.modele != RPLS:
        return [replace(lot, read=partial(_read, lot, mapping.modele)) for lot in lots]
    logements = [lot for lot in lots if lot.table == "residences"]
    autres = [lot for lot in lots if lot.table != "residences"]
    return [*autres, rpls.lot(logements, mapping)] if logements else autres


def _read(lot: Lot, modele: str, connus: frozenset[str]) -> Lecture:
    lecture = lot.read(connus | vocabulaire(modele, lot.table))
    lecture = replace(lecture, entete=_rename(lecture, noms(modele, lot.table)))
    return _deduce_etat(lecture) if modele == SNE and lot.table == "demandes" else lecture


def _rename(lecture: Lecture, connus: dict[str, str]) -> list[str]:
    """A column under the contract's name already is the one, whatever else bears the model's."""
    pris = set(lecture.entete)
    entete = []
    for nom in lecture.entete:
        canonique = connus.get(fold(nom), nom)
        if canonique in pris:
            canonique = nom
        pris.add(canonique)
        entete.append(canonique)
    return entete


def _deduce_etat(lecture: Lecture) -> Lecture:
    """The interface has no tag for it: a demande is struck off when it says why, or when."""
    source = next((c for c in ("motif_radiation", "date_radiation") if c in lecture.entete), None)
    if "etat" in lecture.entete or source is None:
        return lecture
    rang = list(lecture.entete).index(source)

    def etat(morceau: Morceau) -> pa.Array:
        return pc.if_else(pc.equal(pc.utf8_trim_whitespace(morceau.colonnes[rang]), ""), "ACTIVE", "RADIEE")

    dit = _ETAT_DEDUIT.format(quoi="un motif de radiation" if source == "motif_radiation" else "une date de radiation")
    return _with_column(lecture, "etat", etat, dit)


def _with_column(lecture: Lecture, nom: str, compute: Callable[[Morceau], pa.Array], dit: str) -> Lecture:
    def morceaux() -> Iterator[Morceau]:
        for m in lecture.morceaux:
            natifs = [*m.natifs, None] if m.natifs is not None else None
            yield replace(m, colonnes=[*m.colonnes, compute(m)], natifs=natifs)

    return replace(lecture, entete=[*lecture.entete, nom], morceaux=morceaux(), dits=(*lecture.dits, dit))

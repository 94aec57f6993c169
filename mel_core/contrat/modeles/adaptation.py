"""What a model does to the tables found: headers under the contract's names, what a file implies written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

import pyarrow as pa

from mel_core.contrat.lecture.brut import Lecture, Lot, Morceau, table_nommee
from mel_core.contrat.lecture.tete import folds
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.modeles import rpls
from mel_core.contrat.modeles.catalogue import RPLS, SNE, noms, speaks_sne, vocabulaire
from mel_core.contrat.modeles.sne_baux import number
from mel_core.contrat.modeles.sne_logements import place
from mel_core.contrat.proches import fold
from mel_core.contrat.valeurs import read_date

_BAUX_NUMEROTES = (
    "La colonne « id_attribution » manque : un bail est numéroté par sa date et un rang parmi ceux du même bailleur ce "
    "jour-là ; l’ajouter à l’export si les baux ont un numéro."
)
_CLE_DE_BAIL = ("code_bailleur", "date_bail", "numero_unique")


def table_de(radical: str, modele: str) -> str | None:
    """The table of a file: the one that it is named after; a file of dwellings bears any name."""
    sont_des_logements = modele == RPLS or (modele == SNE and fold(radical).startswith(RPLS))
    return table_nommee(radical) or ("residences" if sont_des_logements else None)


def adapt(lots: list[Lot], mapping: Mapping) -> list[Lot]:
    """The same tables as the contract reads them; the dwellings of RPLS are one table of résidences."""
    if not mapping.modele:
        return lots
    places: dict[str, str] = {}
    logements = [lot for lot in lots if lot.table == "residences"] if mapping.modele in (RPLS, SNE) else []
    if len(logements) > 1:  # a file of occupation (OPS) may be given with that of dwellings
        logements = [lot for lot in logements if rpls.is_of_logements(lot)]
    if logements:
        somme = rpls.lot(logements, mapping, places)
        lots = [somme if lot is logements[0] else lot for lot in lots if lot not in logements[1:]]
    return [replace(lot, read=partial(_read, lot, mapping, places)) for lot in lots]


def _read(lot: Lot, mapping: Mapping, places: dict[str, str], connus: frozenset[str]) -> Lecture:
    modele, table = mapping.modele, lot.table
    lecture = lot.read(connus | vocabulaire(modele, table))
    est_du_sne = modele == SNE and speaks_sne(lecture.entete)
    lecture = replace(lecture, entete=_rename(lecture, noms(modele, table)))
    if est_du_sne and table == "attributions":
        lecture = place(_number_baux(lecture), places)
    return replace(lecture, entete=[_attendu(nom, lecture.entete, mapping, table) for nom in lecture.entete])


def _attendu(nom: str, entete: Sequence[str], mapping: Mapping, table: str) -> str:
    """Under the name by which the mapping of the user looks for it, when he gives one."""
    attendu = mapping.nom_dans_fichier(table, nom)
    return nom if attendu in entete else attendu


def _rename(lecture: Lecture, connus: dict[str, str]) -> list[str]:
    """A column under the contract's name already is the one, whatever else bears the model's."""
    pris = {fold(nom) for nom in lecture.entete}
    entete = []
    for nom in lecture.entete:
        canonique = next((connus[pli] for pli in folds(nom) if pli in connus), nom)
        if fold(canonique) in pris - {fold(nom)}:
            canonique = nom
        pris.add(fold(canonique))
        entete.append(canonique)
    return entete


def _number_baux(lecture: Lecture) -> Lecture:
    if "id_attribution" in lecture.entete or not set(_CLE_DE_BAIL) <= set(lecture.entete):
        return lecture
    rangs = [list(lecture.entete).index(nom) for nom in _CLE_DE_BAIL]
    morceaux = list(lecture.morceaux)
    cles = [
        (bailleur.strip(), _iso(jour.strip()), numero.strip())
        for m in morceaux
        for bailleur, jour, numero in zip(*(m.colonnes[rang].to_pylist() for rang in rangs), strict=True)
    ]
    numeros = iter(number(cles))

    def identifiants(morceau: Morceau) -> pa.Array:
        return pa.array(list(islice(numeros, len(morceau.numeros))), pa.string())

    lecture = replace(lecture, morceaux=iter(morceaux))
    return _with_column(lecture, "id_attribution", identifiants, _BAUX_NUMEROTES)


def _iso(texte: str) -> str:
    lu = read_date(texte) if texte else None
    return lu.isoformat() if lu else texte


def _with_column(lecture: Lecture, nom: str, compute: Callable[[Morceau], pa.Array], dit: str) -> Lecture:
    def morceaux() -> Iterator[Morceau]:
        for m in lecture.morceaux:
            natifs = [*m.natifs, None] if m.natifs is not None else None
            yield replace(m, colonnes=[*m.colonnes, compute(m)], natifs=natifs)

    return replace(lecture, entete=[*lecture.entete, nom], morceaux=morceaux(), dits=(*lecture.dits, dit))

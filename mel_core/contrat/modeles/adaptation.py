"""What a model does to the tables found: headers under the contract's names, what a file implies written down.

A lease of the SNE names a dwelling (numeroRpls): RPLS given with it says of which résidence it is. The dwelling itself
is not kept: it would be the household's address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pyarrow as pa

from mel_core.contrat.lecture.brut import Lecture, Lignes, Lot, mute, table_nommee
from mel_core.contrat.lecture.entete import folds
from mel_core.contrat.mapping import Mapping as MappingDuContrat
from mel_core.contrat.modeles import rpls
from mel_core.contrat.modeles.catalogue import NUMERO_RPLS, RPLS, SNE, noms, speaks_sne
from mel_core.contrat.modeles.sne_fichiers import number
from mel_core.contrat.proches import fold
from mel_core.contrat.valeurs import read_date
from mel_core.socle.langue import effectif, nombre

_BAUX_NUMEROTES = (
    "La colonne « id_attribution » manque : un bail est numéroté par sa date et un rang parmi ceux du même bailleur ce "
    "jour-là ; l’ajouter à l’export si les baux ont un numéro."
)
_SANS_RPLS = (
    "Le SNE ne dit ni la résidence ni le quartier d’un bail (numeroRpls désigne un logement, il n’est pas gardé) : "
    "donner avec ces fichiers ceux de RPLS (« rpls….csv ») pour les en tirer."
)
_CLE_DE_BAIL = ("code_bailleur", "date_bail", "numero_unique")
_RESIDENCE = "code_residence"


def table_de(radical: str, modele: str) -> str | None:
    """The table of a file: the one that it is named after; a file of dwellings bears any name."""
    sont_des_logements = modele == RPLS or (modele == SNE and fold(radical).startswith(RPLS))
    return table_nommee(radical) or ("residences" if sont_des_logements else None)


def adapt(lots: list[Lot], mapping: MappingDuContrat) -> list[Lot]:
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


def _read(lot: Lot, mapping: MappingDuContrat, places: Mapping[str, str], connus: frozenset[str]) -> Lecture:
    modele, table = mapping.modele, lot.table
    siens = noms(modele, table)
    lecture = lot.read(connus.union(siens))
    est_du_sne = modele == SNE and speaks_sne(lecture.entete)
    lecture = replace(lecture, entete=_rename(lecture, siens))
    if est_du_sne and table == "attributions":
        lecture = _place(_number(lecture), places)
    return replace(lecture, entete=[_attendu(nom, lecture.entete, mapping, table) for nom in lecture.entete])


def _attendu(nom: str, entete: Sequence[str], mapping: MappingDuContrat, table: str) -> str:
    """Under the name by which the mapping of the user looks for it, when he gives one."""
    attendu = mapping.nom_dans_fichier(table, nom)
    return nom if attendu in entete else attendu


def _rename(lecture: Lecture, connus: Mapping[str, str]) -> list[str]:
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


def _number(lecture: Lecture) -> Lecture:
    """The leases with a number, when they have none."""
    entete = list(lecture.entete)
    if "id_attribution" in entete or not set(_CLE_DE_BAIL) <= set(entete):
        return lecture
    lignes = lecture.read(mute)
    textes = (lignes.colonnes[entete.index(nom)].to_pylist() for nom in _CLE_DE_BAIL)
    baux = [
        (bailleur.strip(), str(read_date(jour.strip()) or jour.strip()), numero.strip())
        for bailleur, jour, numero in zip(*textes, strict=True)
    ]
    return _splice(lecture, lignes, len(entete), 0, {"id_attribution": number(baux)}, _BAUX_NUMEROTES)


def _place(lecture: Lecture, places: Mapping[str, str]) -> Lecture:
    """The leases with their résidence in place of their dwelling. `places`: dwelling → résidence."""
    if _RESIDENCE in lecture.entete:
        return lecture
    rang = next((r for r, nom in enumerate(lecture.entete) if fold(nom) == fold(NUMERO_RPLS)), None)
    if rang is None:
        return replace(lecture, dits=(*lecture.dits, _SANS_RPLS))
    lignes = lecture.read(mute)
    if not places:
        return _splice(lecture, lignes, rang, 1, {}, _SANS_RPLS)
    codes = [places.get(texte.strip(), "") for texte in lignes.colonnes[rang].to_pylist()]
    dit = (
        f"{effectif(sum(map(bool, codes)), 'bail a', 'baux ont')} la résidence que RPLS donne à leur logement "
        f"(numeroRpls), sur {nombre(len(codes))}, les autres n’en ont pas : compléter le fichier RPLS."
    )
    return _splice(lecture, lignes, rang, 1, {_RESIDENCE: codes}, dit)


def _splice(
    lecture: Lecture, lignes: Lignes, rang: int, n_otees: int, mises: Mapping[str, Sequence[str]], dit: str
) -> Lecture:
    """The same with other columns in place of the `n_otees` that begin at `rang` (their names, their texts), and `dit`
    of it."""

    def put(suite: Sequence[Any], siennes: Sequence[Any]) -> list[Any]:
        return [*suite[:rang], *siennes, *suite[rang + n_otees :]]

    colonnes = put(lignes.colonnes, [pa.array(textes, pa.string()) for textes in mises.values()])
    changees = Lignes(lignes.numeros, colonnes, put(lignes.natifs, [None] * len(mises)) if lignes.natifs else ())
    return replace(lecture, entete=put(lecture.entete, list(mises)), read=lambda _: changees, dits=(*lecture.dits, dit))

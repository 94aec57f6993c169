"""The mappings that ship with the product, by name (`data/reference/mappings/`): how one is chosen, and completed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from mel_core.contrat.lecture.entete import folds
from mel_core.contrat.mapping import Mapping, merge
from mel_core.contrat.proches import fold
from mel_core.contrat.reference import DOSSIER
from mel_core.contrat.tables import TABLES
from mel_core.socle.erreurs import AppelIncorrect

NUMERO_RPLS = "numeroRpls"
_PROPRES_AU_SNE = frozenset(
    map(fold, ("numUnique", "codeSirenBailleur", "dejaLogeParcBailleur", "attribueEnComDALO", NUMERO_RPLS))
)
SNE, RPLS, INFOCENTRE = "sne", "rpls", "infocentre"
TITRES = {
    SNE: "SNE : fichiers XML de l’interface, ou tableaux qui en portent les noms",
    RPLS: "RPLS : un logement par ligne, regroupés en résidences",
    INFOCENTRE: "Extraction aux en-têtes en français (« N° unique », « Date de création »…)",
}


def choose(demande: Path) -> Mapping:
    """The mapping that `--mapping` asks for: one that ships with the product, by its name, else the file there.

    Raises `AppelIncorrect` when it is neither.
    """
    nom = str(demande)
    if nom in TITRES:
        return Mapping(modele=nom)
    if not demande.suffix and not demande.exists():
        raise AppelIncorrect(
            f"Le mapping « {nom} » n’existe pas : choisir {', '.join(TITRES)}, ou donner le chemin d’un fichier TOML."
        )
    return Mapping.read(demande)


def complete(mapping: Mapping) -> Mapping:
    """`mapping` with the codes of its model under its own. The model's names of columns are candidates, tried where a
    file is read: it may lack them, or bear the contract's."""
    if not mapping.modele:
        return mapping
    livres = [_livre(nom) for nom in _lus_avec(mapping.modele)]
    return merge(*(Mapping(valeurs=livre.valeurs) for livre in livres), mapping)


def _lus_avec(modele: str) -> tuple[str, ...]:
    """The files of the SNE come with those of RPLS, which place their leases, and with tables of offices; the last of
    these mappings wins."""
    return (INFOCENTRE, RPLS, SNE) if modele == SNE else (modele,)


@cache
def noms(modele: str, table: str) -> dict[str, str]:
    """Name in the file, folded → canonical column: the model's names, and the contract's."""
    if modele not in TITRES:
        return {}
    siens: dict[str, str] = {}
    for livre in _lus_avec(modele):
        colonnes = _livre(livre).colonnes.get(table, {})
        siens |= {pli: colonne for colonne, en_fichier in colonnes.items() for pli in folds(en_fichier)}
    return {fold(colonne): colonne for colonne in TABLES[table].noms} | siens


def speaks_sne(entete: Iterable[str]) -> bool:
    """Whether a table of leases bears tags of the SNE: one of an office may be given beside its files, and « Commune »
    is said by both."""
    return any(fold(nom) in _PROPRES_AU_SNE for nom in entete)


@cache
def _livre(modele: str) -> Mapping:
    return Mapping.read(DOSSIER / "mappings" / f"{modele}.toml")

"""What a row must say for a figure to lean on it: the fields that are looked at, and what each of them is for."""

from __future__ import annotations

from dataclasses import dataclass

from mel_core.indicateurs.besoins import (
    DEMANDE,
    LABELS,
    QUARTIER_DIT,
    QUARTILE,
    RESERVATAIRE,
    RESIDENCE,
    RESSOURCES,
    TYPOLOGIE,
    Rubrique,
)
from mel_core.indicateurs.catalogue import INDICATEURS

ENSEMBLE = "ensemble"


@dataclass(frozen=True)
class Population:
    """Rows of one kind and who fills them in. `porteur`: `bailleur` or `commune`, of whom each row is."""

    nom: str
    titre: str
    un: str
    plusieurs: str
    porteur: str
    rubriques: tuple[Rubrique, ...]


_PARCOURS = Rubrique(
    "parcours",
    "Parcours",
    "une proposition ou un passage avant le bail",
    "lire les refus, et à ne pas dire « sans proposition » qui en a eu une",
)
_DE_TOUS, _DES_COUPES = (RESSOURCES, QUARTIER_DIT, RESIDENCE, LABELS, QUARTILE), (TYPOLOGIE, RESERVATAIRE, DEMANDE)
A_PART = (LABELS, _PARCOURS)  # of the attributions, what is told by more than a column
_PROPRES = tuple(i.lu for i in INDICATEURS.values() if i.lu.titre and i.lu not in (*_DE_TOUS, *_DES_COUPES))

POPULATIONS = {
    p.nom: p
    for p in (
        Population(
            "attributions",
            "Attributions",
            "attribution",
            "attributions",
            "bailleur",
            (*_DE_TOUS, *_PROPRES, *_DES_COUPES, _PARCOURS),
        ),
        Population(
            "demandes",
            "Demandes actives",
            "demande active",
            "demandes actives",
            "commune",
            (
                Rubrique("ressources", "Ressources", "le revenu fiscal", "compter les demandeurs éligibles"),
                Rubrique("quartile", "Quartile", "les ressources mensuelles et les UC", "situer le premier quartile"),
                Rubrique("statut", "Logement actuel", "le statut de logement", "reconnaître les mutations"),
                Rubrique("motif", "Motif", "le motif", "composer des segments par motif"),
                Rubrique("typologies", "Typologies", "la typologie cherchée", "mesurer la tension par typologie"),
                Rubrique("souhaits", "Communes", "la commune souhaitée", "donner sa liste à chaque commune"),
                Rubrique("labels", "Labels", "les labels", "compter les ACI et les mutations bloquées en attente"),
                Rubrique("age", "Âge", "l’âge", "composer des segments par âge"),
            ),
        ),
        Population(
            "residences",
            "Résidences",
            "résidence",
            "résidences",
            "bailleur",
            (
                Rubrique("quartier", "Quartier", "le quartier", "lire le peuplement par fragilité"),
                Rubrique("occupants", "Occupants", "les occupants par classe", "comparer les entrants aux occupants"),
                Rubrique("rotation", "Rotation", "le taux de rotation", "projeter la convergence"),
                Rubrique("vacants", "Vacants", "les logements vacants", "objectiver la vacance"),
                Rubrique("financement", "Financement", "le financement", "lire par financement"),
            ),
        ),
    )
}

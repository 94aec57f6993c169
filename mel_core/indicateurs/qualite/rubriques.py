"""What a row must say for a figure to lean on it: the fields that are looked at, and what each of them is for."""

from __future__ import annotations

from dataclasses import dataclass

ENSEMBLE = "ensemble"


@dataclass(frozen=True)
class Rubrique:
    """A thing to know of each row. `nom`: its count in `completude.sql` is `n_<nom>`.

    `dite` completes « … dont on connaît … »; `sert_a` completes « sert à … ».
    """

    nom: str
    titre: str
    dite: str
    sert_a: str


@dataclass(frozen=True)
class Population:
    """Rows of one kind and who fills them in. `porteur`: `bailleur` or `commune`, of whom each row is."""

    nom: str
    titre: str
    un: str
    plusieurs: str
    porteur: str
    rubriques: tuple[Rubrique, ...]


_REVENUS = "lire l’équilibre 50/50, les ressources, les bas revenus"

POPULATIONS = {
    p.nom: p
    for p in (
        Population(
            "attributions",
            "Attributions",
            "attribution",
            "attributions",
            "bailleur",
            (
                Rubrique("ressources", "Ressources", "les ressources", _REVENUS),
                Rubrique("quartier", "Quartier", "le quartier", "tout lire par fragilité, quartier ou QPV"),
                Rubrique("residence", "Résidence", "la résidence", "lire le NPRU et les préconisations par résidence"),
                Rubrique(
                    "labels",
                    "Labels",
                    "les labels",
                    "compter les ACI, le NPRU, les mutations bloquées, le droit commun",
                ),
                Rubrique("quartile", "Quartile", "le premier quartile", "vérifier les deux règles de la loi"),
                Rubrique("activite", "Activité", "l’activité", "compter les actifs et inactifs"),
                Rubrique(
                    "typologie",
                    "Typologie",
                    "la typologie",
                    "comparer l’offre à la demande, objectiver les blocages par typologie",
                ),
                Rubrique("reservataire", "Réservataire", "le réservataire", "lire par contingent"),
                Rubrique("demande", "Date de demande", "la date de la demande", "mesurer les délais d’attribution"),
                Rubrique(
                    "parcours",
                    "Parcours",
                    "une proposition ou un passage avant le bail",
                    "lire les refus, et à ne pas dire « sans proposition » qui en a eu une",
                ),
            ),
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

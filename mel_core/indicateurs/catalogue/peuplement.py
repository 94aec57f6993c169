"""Who comes to live where: the objective of the CIET, and the ressources of the households housed."""

from __future__ import annotations

from mel_core.indicateurs.besoins import RESSOURCES
from mel_core.indicateurs.definitions import (
    EQUILIBRE,
    LIEUX,
    MATRICE,
    MODESTE,
    ImageBilan,
    Indicateur,
    Mesure,
    MesureBilan,
)

_MODESTES = ("Ménages modestes", "Ressources connues")

TOUS = (
    Indicateur(
        EQUILIBRE,
        "Équilibre territorial 50/50",
        "est_modeste",
        MODESTE,
        RESSOURCES,
        Mesure.PART_PAR_FRAGILITE,
        connus="aux ressources connues",
        vont="à des ménages modestes ou très modestes",
        suivi="fragilite",
        est_a_la_cil=True,
        temoin=3,
        mesures=(
            MesureBilan(
                "Équilibre 50/50",
                ImageBilan.PARTS,
                ("fragilite", "commune", "bailleur", "quartier"),
                _MODESTES,
                agenda={2: ("fragilite", "quartier", MATRICE)},
                onglet="Équilibre 50-50",
                est_obligatoire=True,
                cible="Part visée de ménages modestes, par type de quartiers",
                a_une_carte=True,
                classe=("fragilite",),
            ),
        ),
    ),
    Indicateur(
        "ressources",
        "Répartition selon les ressources",
        "classe",
        "Part de chaque classe de ressources, y compris les ressources inconnues. " + MODESTE,
        RESSOURCES,
        Mesure.REPARTITION,
        vont="à des ménages modestes ou très modestes",
        numerateur="attributions de la classe",
        mesures=(
            MesureBilan(
                "Ressources",
                ImageBilan.CLASSES,
                ("fragilite", "typologie_fragilite", *LIEUX),
                _MODESTES,
                agenda={1: ("fragilite",), 3: ("commune", "bailleur")},
                matrice=EQUILIBRE,
            ),
            MesureBilan(
                "Mutations et revenus",
                ImageBilan.CLASSES,
                ("mutation_fragilite",),
                _MODESTES,
                "mutations",
                agenda={9: ("mutation_fragilite",)},
                nommee="Mutations et premiers accès",
                est_obligatoire=True,
                matrice=EQUILIBRE,
                cellule=("mutation", "mutation"),
            ),
        ),
    ),
)

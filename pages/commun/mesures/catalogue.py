"""The measures of the 9h30 bilan beside the two objectives: each line of the agenda « Temps bilan et analyse »."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Image(StrEnum):
    """What the picture shows of each line."""

    PARTS = "parts"  # a share between its control limits
    CLASSES = "classes"  # the whole distribution of ressources
    EFFECTIFS = "effectifs"  # a count
    PAIRES = "paires"  # entrants and occupants
    VOLUMES = "volumes"  # a volume, and a share of it
    DELAIS = "delais"  # two quantiles, in months


MATRICE = "commune_bailleur"

# How a cut is called on its button, and the heading of its table.
COUPES_DITES = {
    "fragilite": ("Fragilité des quartiers", "Type de quartiers"),
    "mutation_fragilite": ("Fragilité des quartiers", "Accès et type de quartiers"),
    "fragilite_commune": ("Fragilité des communes", "Type de communes"),
    "commune": ("Commune", "Commune"),
    "quartier": ("Quartier", "Quartier"),
    "residence": ("Résidence", "Résidence"),
    "bailleur": ("Bailleur", "Bailleur"),
    "reservataire": ("Réservataire", "Réservataire"),
    MATRICE: ("Bailleur × commune", "Commune"),
}
COUPES_DU_CALCUL = {"mutation_fragilite": ("mutation", "fragilite"), MATRICE: ("commune", "bailleur")}


@dataclass(frozen=True)
class Mesure:
    """A screen. `coupes`: the first one is shown first. `qui`: what is counted over what is known, as headings.

    `matrice`: the indicator whose share fills bailleur × commune, when it is not its own.
    """

    code: str
    titre: str
    indicateur: str
    image: Image
    coupes: tuple[str, ...]
    qui: tuple[str, str]
    matrice: str = ""

    @property
    def indicateur_de_synthese(self) -> str:
        """The share that sums the screen up in one number: matrix, previous séances, other ICI."""
        return self.matrice or self.indicateur


def par(coupe: str) -> tuple[str, ...]:
    """The cuts of the contract that make this one."""
    return COUPES_DU_CALCUL.get(coupe, (coupe,))


_LIEUX = ("commune", "quartier", "bailleur", MATRICE)
_RESSOURCES_CONNUES = "Ressources connues"
_TOUTES = "Labels connus"

MESURES = {
    m.code: m
    for m in (
        Mesure(
            "ressources",
            "Ressources",
            "ressources",
            Image.CLASSES,
            ("fragilite", *_LIEUX),
            ("Ménages modestes", _RESSOURCES_CONNUES),
            "equilibre",
        ),
        Mesure(
            "bas_revenus",
            "Bas revenus",
            "bas_revenus",
            Image.PARTS,
            (*_LIEUX, "fragilite"),
            ("Ménages très modestes", _RESSOURCES_CONNUES),
        ),
        Mesure(
            "actifs",
            "Actifs et inactifs",
            "actifs",
            Image.PARTS,
            (*_LIEUX, "fragilite"),
            ("Ménages actifs", "Activité connue"),
        ),
        Mesure(
            "aci_lieux",
            "ACI, autres lectures",
            "aci",
            Image.PARTS,
            ("fragilite_commune", "quartier", "bailleur", MATRICE),
            ("Ménages ACI", "Premier accès, connus"),
        ),
        Mesure(
            "mutations_bloquees",
            "Mutations bloquées",
            "mutations_bloquees",
            Image.PARTS,
            _LIEUX,
            ("Mutations bloquées", _TOUTES),
        ),
        Mesure(
            "mutations",
            "Mutations et revenus",
            "ressources",
            Image.CLASSES,
            ("mutation_fragilite",),
            ("Ménages modestes", _RESSOURCES_CONNUES),
            "equilibre",
        ),
        Mesure(
            "npru",
            "Relogements NPRU",
            "npru",
            Image.EFFECTIFS,
            ("commune", "quartier", "residence", "bailleur", MATRICE),
            ("Relogements NPRU", _TOUTES),
        ),
        Mesure(
            "droit_commun",
            "Droit commun",
            "droit_commun",
            Image.PARTS,
            _LIEUX,
            ("Ménages de droit commun", _TOUTES),
        ),
        Mesure(
            "entrants_occupants",
            "Entrants, occupants",
            "entrants_occupants",
            Image.PAIRES,
            ("fragilite", "commune", "quartier", "residence", "bailleur"),
            ("Entrants modestes", _RESSOURCES_CONNUES),
        ),
        Mesure(
            "reservataires",
            "Réservataires",
            "aci",
            Image.VOLUMES,
            ("reservataire",),
            ("Ménages ACI", "Premier accès, connus"),
        ),
        Mesure(
            "delais",
            "Délais d’attribution",
            "delais",
            Image.DELAIS,
            ("commune", "quartier", "bailleur", "reservataire"),
            ("", "Deux dates connues"),
        ),
        Mesure(
            "q1_hors_qpv",
            "Q1 hors QPV (loi)",
            "q1_hors_qpv",
            Image.PARTS,
            ("commune", "bailleur", MATRICE),
            ("Premier quartile ou NPRU", "Hors QPV, quartile connu"),
        ),
        Mesure(
            "autres_en_qpv",
            "Autres en QPV (loi)",
            "autres_en_qpv",
            Image.PARTS,
            ("commune", "bailleur", MATRICE),
            ("Autres quartiles", "En QPV, quartile connu"),
        ),
    )
}

"""The measures of the 9h30 bilan beside the two objectives: each line of the agenda « Temps bilan et analyse »."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ImageBilan(StrEnum):
    """What the picture shows of each line."""

    PARTS = "parts"  # a share between its control limits
    CLASSES = "classes"  # the whole distribution of ressources
    EFFECTIFS = "effectifs"  # a count
    PAIRES = "paires"  # entrants and occupants
    VOLUMES = "volumes"  # a volume, and a share of it
    DELAIS = "delais"  # two quantiles, in months
    CONVENTIONS = "conventions"  # a share beside what was agreed on, and how far


MATRICE, CONVENTIONS = "commune_bailleur", "bailleur_reservataire"
MATRICES = (MATRICE, CONVENTIONS)  # cuts of two, one across the other

# How a cut is called on its button, and the heading of its table.
COUPES_DITES = {
    "fragilite": ("Fragilité des quartiers", "Type de quartiers"),
    "mutation_fragilite": ("Fragilité des quartiers", "Accès et type de quartiers"),
    "fragilite_commune": ("Fragilité des communes", "Type de communes"),
    "typologie_fragilite": ("Typologie des communes", "Typologie de communes"),
    "enjeu_mixite": ("Enjeu de mixité", "Résidences"),
    "commune": ("Commune", "Commune"),
    "quartier": ("Quartier", "Quartier"),
    "residence": ("Résidence", "Résidence"),
    "bailleur": ("Bailleur", "Bailleur"),
    "reservataire": ("Réservataire", "Réservataire"),
    MATRICE: ("Bailleur × commune", "Commune"),
    CONVENTIONS: ("Bailleur × réservataire", "Bailleur et réservataire"),
}
COUPES_DU_CALCUL = {
    "mutation_fragilite": ("mutation", "fragilite"),
    MATRICE: ("commune", "bailleur"),
    CONVENTIONS: ("bailleur", "reservataire"),
}


@dataclass(frozen=True)
class MesureBilan:
    """A screen. `coupes`: the first one is shown first. `qui`: what is counted over what is known, as headings.

    `matrice`: the indicator whose share fills bailleur × commune, when it is not its own. `cellule`: the cut, and its
    code, of the one cell that the screen is about (none: the whole scope); `cellule_dite`: what it is called.
    `coupe_des_lieux`: the cut that tells which attributions it is about, when they are those of some places.
    """

    code: str
    titre: str
    indicateur: str
    image: ImageBilan
    coupes: tuple[str, ...]
    qui: tuple[str, str]
    matrice: str = ""
    cellule: tuple[str, str] | None = None
    cellule_dite: str = ""
    coupe_des_lieux: str = ""

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
        MesureBilan(
            "ressources",
            "Ressources",
            "ressources",
            ImageBilan.CLASSES,
            ("fragilite", "typologie_fragilite", *_LIEUX),
            ("Ménages modestes", _RESSOURCES_CONNUES),
            "equilibre",
        ),
        MesureBilan(
            "bas_revenus",
            "Bas revenus",
            "bas_revenus",
            ImageBilan.PARTS,
            (*_LIEUX, "fragilite"),
            ("Ménages très modestes", _RESSOURCES_CONNUES),
        ),
        MesureBilan(
            "actifs",
            "Actifs et inactifs",
            "actifs",
            ImageBilan.PARTS,
            (*_LIEUX, "fragilite"),
            ("Ménages actifs", "Activité connue"),
        ),
        MesureBilan(
            "aci_lieux",
            "ACI, autres lectures",
            "aci",
            ImageBilan.PARTS,
            ("fragilite_commune", "typologie_fragilite", "quartier", "bailleur", MATRICE),
            ("Ménages ACI", "Premier accès, connus"),
        ),
        MesureBilan(
            "mutations_bloquees",
            "Mutations bloquées",
            "mutations_bloquees",
            ImageBilan.PARTS,
            _LIEUX,
            ("Mutations bloquées", _TOUTES),
        ),
        MesureBilan(
            "mutations",
            "Mutations et revenus",
            "ressources",
            ImageBilan.CLASSES,
            ("mutation_fragilite",),
            ("Ménages modestes", _RESSOURCES_CONNUES),
            "equilibre",
            cellule=("mutation", "mutation"),
        ),
        MesureBilan(
            "npru",
            "Relogements NPRU",
            "npru",
            ImageBilan.EFFECTIFS,
            ("commune", "quartier", "residence", "bailleur", MATRICE),
            ("Relogements NPRU", _TOUTES),
        ),
        MesureBilan(
            "droit_commun",
            "Droit commun",
            "droit_commun",
            ImageBilan.PARTS,
            _LIEUX,
            ("Ménages de droit commun", _TOUTES),
        ),
        MesureBilan(
            "entrants_occupants",
            "Entrants, occupants",
            "entrants_occupants",
            ImageBilan.PAIRES,
            ("fragilite", "commune", "quartier", "residence", "bailleur"),
            ("Entrants modestes", _RESSOURCES_CONNUES),
        ),
        MesureBilan(
            "enjeu_mixite",
            "Enjeu de mixité",
            "entrants_occupants",
            ImageBilan.PAIRES,
            ("enjeu_mixite",),
            ("Entrants modestes", _RESSOURCES_CONNUES),
            cellule=("enjeu_mixite", "oui"),
            cellule_dite="résidences à enjeu de mixité",
            coupe_des_lieux="enjeu_mixite",
        ),
        MesureBilan(
            "reservataires",
            "Réservataires",
            "aci",
            ImageBilan.VOLUMES,
            ("reservataire",),
            ("Ménages ACI", "Premier accès, connus"),
        ),
        MesureBilan(
            "flux",
            "Gestion en flux",
            "flux",
            ImageBilan.CONVENTIONS,
            ("reservataire", CONVENTIONS),
            ("Part du flux", "Flux connu"),
            cellule=("reservataire", "PPRIOR"),
            cellule_dite="Préfet, prioritaires",
        ),
        MesureBilan(
            "delais",
            "Délais d’attribution",
            "delais",
            ImageBilan.DELAIS,
            ("commune", "quartier", "bailleur", "reservataire"),
            ("", "Deux dates connues"),
        ),
        MesureBilan(
            "q1_hors_qpv",
            "Q1 hors QPV (loi)",
            "q1_hors_qpv",
            ImageBilan.PARTS,
            ("commune", "bailleur", MATRICE),
            ("Premier quartile ou NPRU", "Hors QPV, quartile connu"),
            coupe_des_lieux="qpv",
        ),
        MesureBilan(
            "autres_en_qpv",
            "Autres en QPV (loi)",
            "autres_en_qpv",
            ImageBilan.PARTS,
            ("commune", "bailleur", MATRICE),
            ("Autres quartiles", "En QPV, quartile connu"),
            coupe_des_lieux="qpv",
        ),
    )
}

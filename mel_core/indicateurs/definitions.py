"""What an indicator is made of, and how the bilan shows it: the words in which the catalogue declares them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mel_core.indicateurs.besoins import Manque, toutes


class Sens(StrEnum):
    """How a target is read."""

    PLANCHER = "plancher"
    PLAFOND = "plafond"
    BANDE = "bande"


class Mesure(StrEnum):
    """What is computed from the counts."""

    PART = "part"
    PART_PAR_FRAGILITE = "part_par_fragilite"  # the target depends on the class of the quartiers
    REPARTITION = "repartition"
    COMPARAISON = "comparaison"  # entrants against the occupants in place
    FLUX = "flux"  # the part of each réservataire
    DELAI = "delai"


# The direction of the 50/50 objective in each class (CIET, article 5): converge from both sides.
SENS_PAR_FRAGILITE = {"fragile": Sens.PLAFOND, "moyenne": Sens.BANDE, "sans": Sens.PLANCHER}

COUPES = (
    "fragilite",
    "fragilite_commune",
    "quartier",
    "qpv",
    "commune",
    "bailleur",
    "residence",
    "territoire",
    "ici",
    "mutation",
    "reservataire",
    "typologie",
    "financement",
    "enjeu_mixite",
    "typologie_fragilite",
)


class ImageBilan(StrEnum):
    """What the picture shows of each line."""

    PARTS = "parts"  # a share between its control limits
    CLASSES = "classes"  # the whole distribution of ressources
    EFFECTIFS = "effectifs"  # a count
    PAIRES = "paires"  # entrants and occupants
    VOLUMES = "volumes"  # a volume, and a share of it
    DELAIS = "delais"  # two quantiles, in months
    CONVENTIONS = "conventions"  # a share beside what was agreed on, and how far


CARTE, LEVIER, SEANCES = "carte", "levier", "seances"  # the views of a measure that are no cut of it
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
    CARTE: ("Carte", "Commune"),
    LEVIER: ("Viser une autre part", ""),
    SEANCES: ("D’une séance à l’autre", "Séance"),
}
COUPES_DU_CALCUL = {
    "mutation_fragilite": ("mutation", "fragilite"),
    MATRICE: ("commune", "bailleur"),
    CONVENTIONS: ("bailleur", "reservataire"),
}


@dataclass(frozen=True)
class MesureBilan:
    """A screen of the bilan. `code`: as the address says it; empty, the name of the indicator. `coupes`: the first one
    is shown first. `qui`: what is counted over what is known, as headings.

    `matrice`: the indicator whose share fills bailleur × commune, when it is not its own. `cellule`: the cut, and its
    code, of the one cell that the screen is about (none: the whole scope); `cellule_dite`: what it is called.
    `coupe_des_lieux`: the cut that tells which attributions it is about, when they are those of some places. `cible`:
    whose share may be tried under a lever, in words (empty: none is); `a_une_carte`: communes have their own gap;
    `classe`: the cut that its objective is set by, so that a quartier has one and a place that spans several pulls both
    ways (empty: one objective for all).
    """

    titre: str
    image: ImageBilan
    coupes: tuple[str, ...]
    qui: tuple[str, str]
    code: str = ""
    indicateur: str = ""
    matrice: str = ""
    cellule: tuple[str, str] | None = None
    cellule_dite: str = ""
    coupe_des_lieux: str = ""
    cible: str = ""
    a_une_carte: bool = False
    classe: tuple[str, ...] = ()

    @property
    def vues(self) -> tuple[str, ...]:
        """What its screen shows, one picture at a time: its cuts, the map, a target tried, other times and places."""
        autres = {CARTE: self.a_une_carte, LEVIER: bool(self.cible), SEANCES: True}
        return (*self.coupes, *(vue for vue, est_offerte in autres.items() if est_offerte))

    @property
    def indicateur_de_synthese(self) -> str:
        """The share that sums the screen up in one number: matrix, previous séances, other ICI."""
        return self.matrice or self.indicateur


def par(coupe: str) -> tuple[str, ...]:
    """The cuts of the contract that make this one."""
    return COUPES_DU_CALCUL.get(coupe, (coupe,))


@dataclass(frozen=True)
class Indicateur:
    """One indicator. The French texts are what « Pourquoi ce chiffre ? » shows; `connus` and `vont` make the sentence
    of its share, on screen and in the documents."""

    nom: str
    titre: str
    mesure: Mesure
    population: str
    valeur: str | None
    definition: str
    numerateur_dit: str
    denominateur_dit: str
    article: str
    source: str
    sens: Sens | None = None
    coupes_avec_cible: frozenset[str] = frozenset(COUPES)
    depend_du_seuil: bool = False
    etiquettes: tuple[str, ...] = ()  # label columns without which a row is unknown
    besoins: tuple[Manque, ...] = ()  # the other columns
    connus: str = ""  # which attributions, in « x % des n attributions … »
    vont: str = ""  # to whom: what follows the verb
    mesures: tuple[MesureBilan, ...] = ()  # its screens, beside the two objectives

    @property
    def requis(self) -> tuple[Manque, ...]:
        """Every column that it leans on."""
        return (*self.besoins, *toutes("attributions", *self.etiquettes))

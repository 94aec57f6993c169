"""What an indicator is made of, and how the bilan shows it: the words in which the catalogue declares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mel_core.indicateurs.besoins import AUTRE, QUARTILE, Manque, Rubrique, toutes
from mel_core.socle import langue


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

    @property
    def colonne(self) -> str:
        """The column of the contract that it is drawn of, where it is drawn of one."""
        return {ImageBilan.EFFECTIFS: "numerateur", ImageBilan.DELAIS: "mediane_mois"}.get(self, "part")


CARTE, LEVIER, SEANCES = "carte", "levier", "seances"  # the views of a measure that are no cut of it
MATRICE, CONVENTIONS = "commune_bailleur", "bailleur_reservataire"
MATRICES = (MATRICE, CONVENTIONS)  # cuts of two, one across the other
LIEUX = ("commune", "quartier", "bailleur", MATRICE)

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
    SEANCES: ("Évolution", "Séance"),
}
# Cuts whose lines are a few classes, in their order.
DE_CLASSES = ("mutation_fragilite", "fragilite", "fragilite_commune", "typologie_fragilite", "enjeu_mixite")
COUPES_DU_CALCUL = {
    "mutation_fragilite": ("mutation", "fragilite"),
    MATRICE: ("commune", "bailleur"),
    CONVENTIONS: ("bailleur", "reservataire"),
}


@dataclass(frozen=True)
class MesureBilan:
    """A screen of the bilan. `code`: as the address says it; empty, the name of the indicator. `coupes`: the first one
    is shown first. `qui`: what is counted over what is known, as headings.

    `agenda`: its lines in the agenda « Temps bilan et analyse », by rank, and the cuts that the documents of a séance
    answer there; what is on none comes last, in no document. `nommee`, `onglet`: how documents call it in a title and
    on a sheet, where that is not its own. `est_obligatoire`: the séance always has a message on it.

    `matrice`: the indicator whose share fills bailleur × commune, when it is not its own. `cellule`: the cut, and its
    code, of the one cell that the screen is about (none: the whole scope); `cellule_dite`: what it is called.
    `coupe_des_lieux`: the cut that tells which attributions it is about, when they are those of some places. `cible`:
    whose share may be tried under a lever, in words (empty: none is); `a_une_carte`: communes have their own gap;
    `classe`: the cut that its objective is set by, so that a quartier has one and a place that spans several pulls both
    ways (empty: one objective for all); `regle_locale`: of a rule of the law, the class whose objective looks at the
    same quartiers.
    """

    titre: str
    image: ImageBilan
    coupes: tuple[str, ...]
    qui: tuple[str, str]
    code: str = ""
    indicateur: str = ""
    agenda: Mapping[int, tuple[str, ...]] = field(default_factory=dict, hash=False)
    nommee: str = ""
    onglet: str = ""
    est_obligatoire: bool = False
    matrice: str = ""
    cellule: tuple[str, str] | None = None
    cellule_dite: str = ""
    coupe_des_lieux: str = ""
    cible: str = ""
    a_une_carte: bool = False
    classe: tuple[str, ...] = ()
    regle_locale: str = ""

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


EQUILIBRE, ACI = "equilibre", "aci"  # what the CIET and the accord collectif aim at
MODESTE = (
    "Ménage modeste ou très modeste : revenu fiscal inférieur à 40 % du plafond PLUS de sa catégorie et de l’année du "
    "bail (bornes supposées : le support de 2017 n’en donne pas)."
)
_TOUTES = "toutes les attributions, premier accès et mutations"
SUIVIES = "attributions suivies d’un bail signé"
SNE = f"{langue.capitalize(SUIVIES)}, système national d’enregistrement (SNE)"


@dataclass(frozen=True)
class Indicateur:
    """One indicator. `population` and `valeur` name columns of `attributions_qualifiees`; a null `valeur` is unknown.

    The French texts are what « Pourquoi ce chiffre ? » shows; `connus` and `vont` make the sentence of its share, on
    screen and in the documents, and what it counts among whom unless `numerateur` and `denominateur` say otherwise.
    `lu`: what an attribution must say; `etiquettes`: the label columns without which a row is unknown; `besoins`: the
    other columns. `suivi`: the cut that a comparison of two publications states it by (empty: it is no headline).
    `est_a_la_cil`: the synthesis for the Conférence intercommunale du logement has it. `temoin`: its rank among those
    that a decision may be judged by (0: none is). `mesures`: its screens.
    """

    nom: str
    titre: str
    valeur: str
    definition: str
    lu: Rubrique = AUTRE
    mesure: Mesure = Mesure.PART
    population: str = "est_attribution"
    connus: str = ""  # which attributions, in « x % des n attributions … »
    vont: str = ""  # to whom: what follows the verb
    numerateur: str = ""
    denominateur: str = ""
    article: str = "CIET, article 5"
    source: str = SNE
    sens: Sens | None = None
    coupes_avec_cible: frozenset[str] = frozenset(COUPES)
    etiquettes: tuple[str, ...] = ()
    besoins: tuple[Manque, ...] = ()
    suivi: str = ""
    est_a_la_cil: bool = False
    temoin: int = 0
    mesures: tuple[MesureBilan, ...] = ()

    @property
    def numerateur_dit(self) -> str:
        return self.numerateur or f"attributions {self.vont}"

    @property
    def denominateur_dit(self) -> str:
        return self.denominateur or ", ".join(filter(None, (_TOUTES, self.connus)))

    @property
    def depend_du_seuil(self) -> bool:
        """Whether it is a rule of the law, read against the threshold of the first quartile."""
        return self.lu is QUARTILE

    @property
    def requis(self) -> tuple[Manque, ...]:
        """Every column that it leans on."""
        return (*self.lu.besoins, *self.besoins, *toutes("attributions", *self.etiquettes))


@dataclass(frozen=True)
class Methode:
    """What « Pourquoi ce chiffre ? » says of an answer that no measure declares: what it is, on what it is counted,
    what it leaves out; of a scenario, how it is worked out and what it assumes."""

    definition: str
    sur: str
    laisse: str
    formule: str = ""
    hypotheses: str = ""

    @property
    def lignes(self) -> dict[str, str]:
        """Each under its heading; none that is empty."""
        dites = {
            "Formule": self.formule,
            "Hypothèses": self.hypotheses,
            "Compté sur": self.sur,
            "Laissé de côté": self.laisse,
        }
        return {titre: texte for titre, texte in dites.items() if texte}

"""What an attribution must say for a figure to lean on it: the columns of the files that tell it, and how what lacks it
is spoken of. An indicator or a cut leans on columns: a row is known only when each of its needs is met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mel_core.secret.bail import reader
from mel_core.socle import langue

CONNUE = Fraction(8, 10)  # under it, the sentence says so


@dataclass(frozen=True)
class Manque:
    """A need that no column of `table` meets: any one of `colonnes` would."""

    table: str
    colonnes: tuple[str, ...]


def toutes(table: str, *colonnes: str) -> tuple[Manque, ...]:
    return tuple(Manque(table, (c,)) for c in colonnes)


@dataclass(frozen=True)
class Rubrique:
    """A thing that each row says or does not; `nom`: its count in `completude.sql` is `n_<nom>`.

    Where its completeness is shown, `titre`; `dite` completes « … dont on connaît … », `sert_a` « sert à … ». Of an
    attribution, `sans` completes « 57 % des attributions … » (empty: `n’ont pas de` its title); `colonne`: of
    `attributions_qualifiees` (empty: `nom`), null or `inconnu` where it is not said. `besoins`: the columns of the
    files that tell it.
    """

    nom: str
    titre: str = ""
    dite: str = ""
    sert_a: str = ""
    sans: str = ""
    colonne: str = ""
    besoins: tuple[Manque, ...] = ()

    @property
    def lue(self) -> str:
        return self.colonne or self.nom

    @property
    def sans_dit(self) -> str:
        return self.sans or f"n’ont pas de {self.titre.lower()}"


QUARTIER = (Manque("attributions", ("code_quartier", "code_residence")),)
# Without the column every quartier would be read as outside a QPV: an unknown turned into an answer.
QPV = (*QUARTIER, *toutes("quartiers", "code_quartier", "code_qpv"))
_CLASSES_DU_STOCK = ("tres_modestes", "modestes", "intermediaires", "eleves")
STOCK = toutes("residences", *(f"n_occupants_{classe}" for classe in _CLASSES_DU_STOCK))

# What several indicators or cuts read; an indicator declares what it reads alone.
RESSOURCES = Rubrique(
    "ressources",
    "Ressources",
    "les ressources",
    "lire l’équilibre 50/50, les ressources, les bas revenus",
    "n’ont pas de ressources connues",
    "classe",
    (*toutes("attributions", "revenu_fiscal"), Manque("attributions", ("categorie_menage", "n_personnes"))),
)
LABELS = Rubrique(
    "labels",
    "Labels",
    "les labels",
    "compter les ACI, le NPRU, les mutations bloquées, le droit commun",
    "ne disent pas leurs labels",
)
QUARTILE = Rubrique(
    "quartile",
    "Quartile",
    "le premier quartile",
    "vérifier les deux règles de la loi",
    "n’ont pas de quartile connu",
    "est_premier_quartile_ou_npru",
    toutes("attributions", "ressources_mensuelles", "n_uc"),
)
QUARTIER_DIT = Rubrique("quartier", "Quartier", "le quartier", "tout lire par fragilité, quartier ou QPV")
RESIDENCE = Rubrique("residence", "Résidence", "la résidence", "lire le NPRU et les préconisations par résidence")
TYPOLOGIE = Rubrique(
    "typologie", "Typologie", "la typologie", "comparer l’offre à la demande, objectiver les blocages par typologie"
)
RESERVATAIRE = Rubrique(
    "reservataire",
    "Réservataire",
    "le réservataire",
    "lire par contingent",
    besoins=toutes("attributions", "reservataire"),
)
DEMANDE = Rubrique(
    "demande",
    "Date de demande",
    "la date de la demande",
    "mesurer les délais d’attribution",
    colonne="delai_mois",
    besoins=toutes("attributions", "date_creation_demande"),
)
AUTRE = Rubrique("autre", sans="ne disent pas ce qu’il faut pour le savoir")


def remede(geste: str) -> str:
    """What to do about what lacks, for who prepares: a room, and who only reads, is sent nowhere."""
    return geste if reader().lit_tout else ""


def renvoi(titre: str) -> str:
    """Of what is said by the rule of a room to who prepares: on which screen a desk is told what to do."""
    return "" if reader().lit_tout else f" Le bilan dit en préparation ce qu’il faut importer : « {titre} »."


def say_manquants(absents: Sequence[Manque]) -> str:
    """The columns that no file had, by table, and what to do; an empty text when there is none."""
    par_table: dict[str, list[str]] = {}
    for manque in absents:
        par_table.setdefault(manque.table, []).extend(manque.colonnes)
    return " ".join(
        f"Aucun fichier n’a donné {langue.liste([f'« {c} »' for c in dict.fromkeys(colonnes)])} (table « {nom} »)"
        f"{remede(' : l’ajouter depuis Préparer › Imports')}."
        for nom, colonnes in par_table.items()
    )

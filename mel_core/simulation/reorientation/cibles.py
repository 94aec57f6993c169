"""A target share tried on an indicator, class by class or place by place, and why it may change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from mel_core.contrat.tables import FRAGILITES
from mel_core.socle.erreurs import AppelIncorrect

INCONNU = "inconnu"
PLANCHERS = ("aci", "q1_hors_qpv", "autres_en_qpv")  # one class, a floor: the local rule, those of the law
INDICATEURS = ("equilibre", *PLANCHERS)
NIVEAUX = ("commune", "bailleur")


class Motif(StrEnum):
    """Why a scenario reorients nothing."""

    AUCUNE_ATTRIBUTION = "aucune_attribution"
    AUCUNE_CONNUE = "aucune_connue"  # attributions, but not one whose income (or label) is known
    QUARTIERS_INCONNUS = "quartiers_inconnus"  # all in quartiers without a class of fragilité: no target for them
    DEJA_ATTEINT = "deja_atteint"
    AUCUNE_ATTENDUE = "aucune_attendue"  # no attribution expected within the horizon
    AUCUN_ELIGIBLE = "aucun_eligible"  # nobody of the profile asked for the communes concerned
    EFFECTIF_FAIBLE = "effectif_faible"  # what is asked rests on too few attributions to conclude


@dataclass(frozen=True)
class CibleEssayee:
    """A target share tried on an indicator.

    `cible` is a share from 0 to 1, as an exact fraction. `bande` is the tolerance on each side of it in the quartiers
    of moyenne fragilité (`equilibre` only). `cibles` are the levers told apart: for `equilibre` a share per class of
    fragilité, for the others a floor per commune or bailleur (`("commune", "59350")`), on top of the whole's. Raises
    `AppelIncorrect` for another indicator, an unknown lever, or a share out of bounds.
    """

    indicateur: str
    cible: Fraction
    bande: Fraction = Fraction(1, 20)
    cibles: Mapping[str | tuple[str, str], Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.indicateur not in INDICATEURS:
            raise AppelIncorrect(
                f"Aucune réorientation ne se simule sur « {self.indicateur} » : choisir {' ou '.join(INDICATEURS)}."
            )
        for nom, part in (("cible", self.cible), ("bande", self.bande), *(("cible", c) for c in self.cibles.values())):
            if not isinstance(part, Fraction) or not 0 <= part <= 1:
                raise AppelIncorrect(
                    f"La {nom} « {part} » n’est pas une part : donner une fraction exacte entre 0 et 1."
                )
        for levier in self.cibles:
            if self.indicateur == "equilibre" and levier not in FRAGILITES:
                raise AppelIncorrect(
                    f"L’équilibre n’a pas d’objectif « {levier} » : choisir parmi {', '.join(FRAGILITES)}."
                )
            if self.indicateur in PLANCHERS and not (isinstance(levier, tuple) and levier[0] in NIVEAUX):
                raise AppelIncorrect(f"L’objectif « {levier} » se donne par commune ou par bailleur : le préciser.")

    def bornes(self, classe: str) -> tuple[Fraction | None, Fraction | None]:
        """Floor and ceiling of the share in a class of fragilité; none where the contract sets none.

        The indicators of PLANCHERS have one class, whatever its name, with a floor.
        """
        if self.indicateur in PLANCHERS:
            return self.cible, None
        cible = self.cibles.get(classe, self.cible)
        return {
            "fragile": (None, cible),
            "moyenne": (cible - self.bande, cible + self.bande),
            "sans": (cible, None),
            INCONNU: (None, None),
        }[classe]

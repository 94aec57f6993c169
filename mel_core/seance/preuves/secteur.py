"""Where and for whom a blocage is reported."""

from __future__ import annotations

from dataclasses import dataclass

from mel_core.contrat.tables import TYPOLOGIES
from mel_core.socle.erreurs import AppelIncorrect

RESSOURCES = ("tres_modeste", "modeste", "intermediaire", "eleve")
ACCES = ("premier_acces", "mutation")
LABELS = ("aci", "mutation_bloquee", "npru", "droit_commun")


@dataclass(frozen=True)
class Secteur:
    """Part of an ICI: the communes, quartiers and résidences listed, together; the whole ICI when nothing is listed."""

    ici: str
    communes: tuple[str, ...] = ()
    quartiers: tuple[str, ...] = ()
    residences: tuple[str, ...] = ()

    @property
    def est_entiere(self) -> bool:
        return not (self.communes or self.quartiers or self.residences)

    @property
    def est_fin(self) -> bool:
        """Narrower than a commune: what is known by commune only is then told of the communes around."""
        return bool(self.quartiers or self.residences)


@dataclass(frozen=True)
class ProfilBlocage:
    """Whom it is about; what is None is not asked. Raises `AppelIncorrect` for a code that the contract does not know.

    `typologie` (wanted, or let), class of `ressources`, `acces` (premier_acces or mutation), `label`.
    """

    typologie: str | None = None
    ressources: str | None = None
    acces: str | None = None
    label: str | None = None

    def __post_init__(self) -> None:
        for champ, code, connus in (
            ("typologie", self.typologie, TYPOLOGIES),
            ("ressources", self.ressources, RESSOURCES),
            ("acces", self.acces, ACCES),
            ("label", self.label, LABELS),
        ):
            if code is not None and code not in connus:
                raise AppelIncorrect(
                    f"Le profil ne connaît pas « {code} » ({champ}) : choisir parmi {', '.join(connus)}."
                )

"""Who may see and do what: a profile per person, closed by default, recomputed from the register at every run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from mel_core.contrat.tables import RESERVATAIRES
from mel_core.droits.connexions import Nom, nom_ecrit
from mel_core.entrepot import Portee, TypePortee
from mel_core.socle import langue


class TypeProfil(StrEnum):
    """Who asks: what they see is a row of `acces`, never more than their scope."""

    COPILOTE = "copilote"  # MEL, DDTM, AR-Habitat
    ANIMATEUR = "animateur"  # projects: aggregates only
    COMMUNE = "commune"
    BAILLEUR = "bailleur"
    RESERVATAIRE = "reservataire"  # Action Logement, État


TITRES = {
    TypeProfil.COPILOTE: "Co-pilote",
    TypeProfil.ANIMATEUR: "Animateur (projection)",
    TypeProfil.COMMUNE: "Commune",
    TypeProfil.BAILLEUR: "Bailleur",
    TypeProfil.RESERVATAIRE: "Réservataire",
}
AVEC_CODE = {TypeProfil.COMMUNE, TypeProfil.BAILLEUR, TypeProfil.RESERVATAIRE}

INSTRUCTEURS = {TypeProfil.COMMUNE, TypeProfil.BAILLEUR}

# What is on nobody's contingent is nobody's own.
CONTINGENTS = tuple(code for code in RESERVATAIRES if code != "AUCUN")


@dataclass(frozen=True)
class Profil:
    """`code`: INSEE code, bailleur code or type of réservataire; empty for the two profiles that have none.

    `instruit`: a commune or a bailleur that may read the numéro unique of its own rows, since it instructs the files.
    """

    type: TypeProfil
    code: str = ""
    instruit: bool = False

    def __post_init__(self) -> None:
        if bool(self.code) != (self.type in AVEC_CODE):
            raise ValueError(f"profile {self.type} and code {self.code!r} do not go together")
        if self.type == TypeProfil.RESERVATAIRE and self.code not in CONTINGENTS:
            raise ValueError(f"{self.code!r} is no type of réservataire")
        if self.instruit and self.type not in INSTRUCTEURS:
            raise ValueError(f"profile {self.type} instructs no file")

    @property
    def titre(self) -> str:
        """`Co-pilote`, in one word."""
        return TITRES[self.type].split(" (")[0]

    def say_connu(self) -> str:
        """That a login gives it, and nobody chooses it."""
        return f"Profil donné par la connexion : **{TITRES[self.type]}**."

    @property
    def portee(self) -> Portee:
        """The rows that this profile may see."""
        if self.type == TypeProfil.COPILOTE:
            return Portee.mel()
        if self.type == TypeProfil.ANIMATEUR:
            return Portee.aucune()
        return Portee(TypePortee(self.type.value), self.code)

    @property
    def est_toujours_en_salle(self) -> bool:
        """Whoever projects has no desk."""
        return self.type == TypeProfil.ANIMATEUR

    @property
    def lieu(self) -> tuple[str, str] | None:
        """The place that is its own, `("commune", code)` or `("bailleur", code)`; None for whoever has none."""
        return (self.type.value, self.code) if self.type in INSTRUCTEURS else None


COPILOTE, ANIMATEUR = Profil(TypeProfil.COPILOTE), Profil(TypeProfil.ANIMATEUR)


def say_ailleurs(nom: str, sienne: str, vue: str) -> str:
    """Of a place whose profile opens on its own ICI (`sienne`) instead of the one that was looked at; `vue`: empty, the
    whole Métropole."""
    ici = langue.capitalize(langue.ici(sienne))
    return langue.typeset(f"{ici} s’ouvre, celle de {nom}, au lieu de {langue.ici(vue) if vue else 'la Métropole'}.")


def profil_de(noms: Collection[Nom], habilitations: Mapping[str, Any], jour: date) -> Profil | None:
    """The profile that the register gives to an account on `jour`; None for whoever it does not name, or no longer.

    `noms`: what the account may be called (`Connexion.noms`). `habilitations`: `copilotes` (names), and
    `organisations`, a list of `courriel` or `compte`, `profil`, `code` and, if it ends, `jusqu_au`; `instruit = true`
    opens the numéros uniques of its own rows. An entry that does not read gives no right.
    """
    qui = {nom for nom in noms if nom}
    if qui & {nom_ecrit(c) for c in habilitations.get("copilotes", [])}:
        return COPILOTE
    for entree in habilitations.get("organisations", []):
        nommes = {nom_ecrit(entree.get(champ, "")) for champ in ("courriel", "compte")}
        if not qui & nommes or not _en_cours(entree.get("jusqu_au"), jour):
            continue
        try:
            instruit = entree.get("instruit") is True
            return Profil(TypeProfil(str(entree.get("profil", ""))), str(entree.get("code", "")), instruit)
        except ValueError:
            return None
    return None


def _en_cours(jusqu_au: object, jour: date) -> bool:
    if jusqu_au is None:
        return True
    try:
        return jour <= (jusqu_au if isinstance(jusqu_au, date) else date.fromisoformat(str(jusqu_au)))
    except ValueError:
        return False

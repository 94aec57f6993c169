"""Scopes: which rows a reader may see. Closed by default: a scope without views shows nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TypePortee(StrEnum):
    """What a reader is opened for; `aucune` sees no row."""

    MEL = "mel"
    ICI = "ici"
    COMMUNE = "commune"
    BAILLEUR = "bailleur"
    RESERVATAIRE = "reservataire"
    AUCUNE = "aucune"


@dataclass(frozen=True)
class Portee:
    """`code` is the ICI, INSEE, bailleur or réservataire code; empty for `MEL` and `AUCUNE`."""

    type: TypePortee
    code: str = ""

    def __post_init__(self) -> None:
        sans_code = self.type in {TypePortee.MEL, TypePortee.AUCUNE}
        if bool(self.code) == sans_code:
            raise ValueError(f"scope {self.type} {'takes no' if sans_code else 'needs a'} code")

    @classmethod
    def mel(cls) -> Portee:
        return cls(TypePortee.MEL)

    @classmethod
    def ici(cls, code: str) -> Portee:
        return cls(TypePortee.ICI, code)

    @classmethod
    def commune(cls, code_insee: str) -> Portee:
        return cls(TypePortee.COMMUNE, code_insee)

    @classmethod
    def bailleur(cls, code_bailleur: str) -> Portee:
        return cls(TypePortee.BAILLEUR, code_bailleur)

    @classmethod
    def reservataire(cls, type_reservataire: str) -> Portee:
        return cls(TypePortee.RESERVATAIRE, type_reservataire)

    @classmethod
    def aucune(cls) -> Portee:
        """No row at all: reference tables only."""
        return cls(TypePortee.AUCUNE)

"""What each code is called in a document, and the commune where it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mel_core.entrepot import Lecteur, perimetre
from mel_core.socle.appellations import (
    FRAGILITES_DES_COMMUNES,
    FRAGILITES_EN_TETE,
    INCONNUS,
    INSTITUTIONS,
    RESERVATAIRES,
)

_FIXES = {
    "fragilite": FRAGILITES_EN_TETE,
    "fragilite_commune": FRAGILITES_DES_COMMUNES,
    "mutation": {"premier_acces": "premier accès", "mutation": "mutations"},
    "reservataire": RESERVATAIRES,
}


@dataclass(frozen=True)
class Noms:
    """`noms[coupe]`: name by code; `communes[coupe]`: the commune of a quartier or of a résidence, by code. `icis`:
    commune → ICI."""

    noms: dict[str, dict[str, str]]
    communes: dict[str, dict[str, str]]
    icis: dict[str, str]

    @classmethod
    def read(cls, lecteur: Lecteur) -> Noms:
        geographie = perimetre.communes(lecteur).set_index("commune")
        appellations = geographie["nom"].to_dict()
        noms = {
            "commune": appellations,
            "bailleur": perimetre.bailleurs(lecteur).set_index("bailleur")["nom"].to_dict(),
        }
        communes: dict[str, dict[str, str]] = {}
        for coupe, lieux in (("quartier", perimetre.quartiers(lecteur)), ("residence", perimetre.residences(lecteur))):
            ou = lieux["commune"].map(appellations).fillna("")
            noms[coupe] = _distinguish(
                {
                    code: perimetre.locate(nom if pd.notna(nom) else code, commune)
                    for code, nom, commune in zip(lieux["code"], lieux["nom"], ou, strict=True)
                }
            )
            communes[coupe] = dict(zip(lieux["code"], lieux["commune"], strict=True))
        return cls(_FIXES | noms, communes, geographie["ici"].dropna().to_dict())

    @property
    def qui(self) -> dict[str, str]:
        """Name of whoever may own a decision, by its code: réservataires, communes, bailleurs, institutions."""
        return {**RESERVATAIRES, **self.noms["commune"], **self.noms["bailleur"], **INSTITUTIONS}

    @property
    def connues(self) -> dict[str, str]:
        """What codes are called: places as fine as the résidence, and organisations."""
        lieux = self.noms
        fins = lieux["quartier"] | lieux["residence"]
        return fins | lieux["commune"] | lieux["bailleur"] | INSTITUTIONS

    def name_qui(self, code: str) -> str:
        return self.qui.get(code, code)

    def name(self, codes: Sequence[str], par: Sequence[str]) -> str:
        """A line of a table cut by `par`."""
        return " · ".join(
            self.noms[c].get(code, INCONNUS.get(c, code)) for c, code in reversed(list(zip(par, codes, strict=True)))
        )

    def rang(self, codes: Sequence[str], par: Sequence[str]) -> tuple[int, ...]:
        """The place of a line among the classes that have an order; empty for a cut that has none."""
        if any(c not in _FIXES for c in par) or tuple(par) == ("reservataire",):
            return ()
        return tuple(list(_FIXES[c]).index(code) for c, code in zip(par, codes, strict=True))


def _distinguish(noms: dict[str, str]) -> dict[str, str]:
    """The code beside the name of places that have the same one."""
    fois = Counter(noms.values())
    return {code: nom if fois[nom] == 1 else f"{nom}, {code}" for code, nom in noms.items()}

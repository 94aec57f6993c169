"""What each code is called in a document, and the place that its small lines are rolled up to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from mel_core import perimetre
from mel_core.appellations import AUTRES, FRAGILITES_DES_COMMUNES, INCONNUS, RESERVATAIRES
from mel_core.entrepot import Lecteur

_FRAGILITES = {
    "fragile": "Quartiers fragiles",
    "moyenne": "Fragilité moyenne",
    "sans": "Sans fragilité",
    "inconnu": "Quartier inconnu",
}
_FIXES = {
    "fragilite": _FRAGILITES,
    "fragilite_commune": FRAGILITES_DES_COMMUNES,
    "mutation": {"premier_acces": "premier accès", "mutation": "mutations"},
    "reservataire": RESERVATAIRES,
}
SEPARATEUR = "|"


@dataclass(frozen=True)
class Noms:
    """`noms[coupe]`: name by code; `parents[coupe]`: the commune or territoire of a code. `icis`: commune → ICI."""

    noms: dict[str, dict[str, str]]
    parents: dict[str, dict[str, str]]
    icis: dict[str, str]

    @classmethod
    def lire(cls, lecteur: Lecteur) -> Noms:
        geographie = perimetre.communes(lecteur).set_index("commune")
        communes = geographie["nom"].to_dict()
        noms = {
            "commune": communes,
            "bailleur": perimetre.bailleurs(lecteur).set_index("bailleur")["nom"].to_dict(),
        }
        parents = {"commune": geographie["territoire"].dropna().to_dict()}
        for coupe, lieux in (("quartier", perimetre.quartiers(lecteur)), ("residence", perimetre.residences(lecteur))):
            ou = lieux["commune"].map(communes).fillna("")
            noms[coupe] = _distinguer(
                {
                    code: _situer(nom if pd.notna(nom) else code, commune)
                    for code, nom, commune in zip(lieux["code"], lieux["nom"], ou, strict=True)
                }
            )
            parents[coupe] = dict(zip(lieux["code"], ou, strict=True))
        return cls(_FIXES | noms, parents, geographie["ici"].dropna().to_dict())

    def nommer(self, ligne: str, est_regroupee: bool, par: tuple[str, ...]) -> str:
        """A line of a table: its name, or what was put together (`Autres communes (Weppes)`)."""
        coupe = par[-1]
        if est_regroupee:
            autres = AUTRES.get(coupe, "Autres")
            return f"{autres} ({ligne})" if ligne else autres
        codes = ligne.split(SEPARATEUR)
        return " · ".join(
            self.noms[c].get(code, INCONNUS.get(c, code)) for c, code in reversed(list(zip(par, codes, strict=True)))
        )

    def rang(self, ligne: str, par: tuple[str, ...]) -> tuple[int, ...]:
        """The place of a line among the classes that have an order; empty for a cut that has none."""
        if any(c not in _FIXES for c in par) or par == ("reservataire",):
            return ()
        codes = ligne.split(SEPARATEUR)
        return tuple(list(_FIXES[c]).index(code) for c, code in zip(par, codes, strict=True))


def _distinguer(noms: dict[str, str]) -> dict[str, str]:
    """The code beside the name of places that have the same one."""
    fois = Counter(noms.values())
    return {code: nom if fois[nom] == 1 else f"{nom}, {code}" for code, nom in noms.items()}


def _situer(nom: str, commune: str) -> str:
    return nom if not commune or commune in nom else f"{nom} ({commune})"

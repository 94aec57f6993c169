"""What there is to choose from in a snapshot: séances, ICI, and the names that go with codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mel_core.entrepot.lecteur import Lecteur
from mel_core.socle.appellations import (
    ENJEUX_DE_MIXITE,
    FRAGILITES_DES_COMMUNES,
    FRAGILITES_EN_TETE,
    INCONNUS,
    INSTITUTIONS,
    RESERVATAIRES,
    TYPOLOGIES_DES_COMMUNES,
)
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "perimetre.sql")


def seances(lecteur: Lecteur) -> list[Seance]:
    """The semesters from the first bail in scope to the last, the most recent first; empty without any bail."""
    etendue = lecteur.query(_SQL["etendue"]).iloc[0]
    if pd.isna(etendue["fin"]):
        return []
    premiere, seance = Seance.du(etendue["debut"].date()), Seance.du(etendue["fin"].date())
    trouvees = [seance]
    while seance > premiere:
        seance = seance.precedente
        trouvees.append(seance)
    return trouvees


def icis(lecteur: Lecteur) -> dict[str, list[str]]:
    """The ICI and the territoires of each, by code (provisional perimeters until the règlement intérieur says)."""
    trouvees: dict[str, list[str]] = {}
    for ici, territoire in lecteur.query(_SQL["icis"]).itertuples(index=False):
        trouvees.setdefault(ici, []).extend([] if pd.isna(territoire) else [territoire])
    return trouvees


def require_ici(lecteur: Lecteur, ici: str) -> None:
    """Raises `AppelIncorrect` when the snapshot has no ICI of this code."""
    require_parmi(icis(lecteur), ici)


def require_parmi(connues: Collection[str], ici: str) -> None:
    """Raises `AppelIncorrect` when `ici` is none of the codes `connues`."""
    if ici not in connues:
        raise AppelIncorrect(f"L’ICI « {ici} » n’existe pas : choisir parmi {', '.join(connues) or 'aucune'}.")


def communes(lecteur: Lecteur) -> pd.DataFrame:
    """One row per commune: commune (INSEE code), nom, territoire, ici."""
    return lecteur.query(_SQL["communes"])


def bailleurs(lecteur: Lecteur) -> pd.DataFrame:
    """One row per bailleur: bailleur (code), nom."""
    return lecteur.query(_SQL["bailleurs"])


def quartiers(lecteur: Lecteur) -> pd.DataFrame:
    """One row per quartier: code, nom, commune (INSEE code)."""
    return lecteur.query(_SQL["quartiers"])


def residences(lecteur: Lecteur) -> pd.DataFrame:
    """One row per résidence in scope: code, nom (empty when not given), commune and quartier (`inconnu` without one),
    bailleur, enjeu_mixite (`oui`, `non`, `inconnu`)."""
    return lecteur.query(_SQL["residences"])


def noms_des_residences(lecteur: Lecteur, codes: Iterable[str]) -> dict[str, str]:
    """Code → name of those of `codes` that a file names."""
    lues = lecteur.query(_SQL["residences_nommees"], codes=list(codes))
    return dict(zip(lues["code"], lues["nom"], strict=True))


def locate(nom: str, commune: str) -> str:
    """The name of a place with its commune, unless it says it already."""
    return nom if not commune or commune in nom else f"{nom} ({commune})"


def typologies(lecteur: Lecteur, jour: date) -> pd.DataFrame:
    """The rule in force on `jour` from the typology of a commune (4 to 1) to its fragilité: typologie, fragilite."""
    return lecteur.query(_SQL["typologies"], jour=jour)


# Cuts whose codes are the same everywhere: how each is read.
DE_CODES_FIXES = {
    "fragilite": FRAGILITES_EN_TETE,
    "fragilite_commune": FRAGILITES_DES_COMMUNES,
    "mutation": {"premier_acces": "premier accès", "mutation": "mutations"},
    "reservataire": RESERVATAIRES,
    "enjeu_mixite": ENJEUX_DE_MIXITE,
    "typologie_fragilite": TYPOLOGIES_DES_COMMUNES,
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
        geographie = communes(lecteur).set_index("commune")
        appellations = geographie["nom"].to_dict()
        noms = {
            "commune": appellations,
            "bailleur": bailleurs(lecteur).set_index("bailleur")["nom"].to_dict(),
        }
        communes_par_coupe: dict[str, dict[str, str]] = {}
        for coupe, lieux in (("quartier", quartiers(lecteur)), ("residence", residences(lecteur))):
            ou = lieux["commune"].map(appellations).fillna("")
            noms[coupe] = _distinguish(
                {
                    code: locate(nom if pd.notna(nom) else code, commune)
                    for code, nom, commune in zip(lieux["code"], lieux["nom"], ou, strict=True)
                }
            )
            communes_par_coupe[coupe] = dict(zip(lieux["code"], lieux["commune"], strict=True))
        return cls(DE_CODES_FIXES | noms, communes_par_coupe, geographie["ici"].dropna().to_dict())

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
        if any(c not in DE_CODES_FIXES for c in par) or tuple(par) == ("reservataire",):
            return ()
        return tuple(list(DE_CODES_FIXES[c]).index(code) for c, code in zip(par, codes, strict=True))


def _distinguish(noms: dict[str, str]) -> dict[str, str]:
    """The code beside the name of places that have the same one."""
    fois = Counter(noms.values())
    return {code: nom if fois[nom] == 1 else f"{nom}, {code}" for code, nom in noms.items()}

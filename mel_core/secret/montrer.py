"""What a room may read of an answer: counts rounded, shares to the unit, sides of the objectives, nothing of a few."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import pandas as pd

from mel_core.contrat.reference import DOSSIER
from mel_core.socle.cibles import est_en_nombre
from mel_core.socle.horloge import aujourd_hui

ECARTS = ("ecart_attributions", "ecart_trop", "ecart_manque", "n_trop", "n_manque")
OCCUPANTS = ("n_occupants_modestes", "n_occupants")
COMPTES = ("n", "n_connus", "n_inconnus", "numerateur", *ECARTS, *OCCUPANTS)
FICHIER = DOSSIER / "diffusion.toml"
SECTEUR_ET_PROFIL = ("secteur", "profil")  # how 10h30 cuts what it gathers
CROISEMENTS = (frozenset({"commune", "bailleur"}), frozenset(SECTEUR_ET_PROFIL))
BORNES = ("part_min", "part_max", "ic_bas", "ic_haut")  # they give the exact counts back
DELAIS = ("moyenne_mois", "mediane_mois", "p90_mois")
_COTES = {"trop": "au-dessus", "manque": "au-dessous"}  # the side that each direction says


@dataclass(frozen=True)
class RegleDiffusion:
    """The parameters in force from `depuis` on (`data/reference/diffusion.toml` says each)."""

    depuis: date
    base: int
    tus: int
    part_des: int
    classe_des: int
    cote_des: int
    base_croisee: int
    tus_croises: int
    source: str

    def de(self, par: Collection[str]) -> RegleDiffusion:
        """That of cells so cut: few households, and what each says of the others, the base is larger."""
        est_croisee = any(croisement.issubset(par) for croisement in CROISEMENTS)
        return replace(self, base=self.base_croisee, tus=self.tus_croises) if est_croisee else self

    def compte(self, n: int) -> int | None:
        """Rounded to the nearest `base`; None, « 12 ou moins », up to `tus`."""
        return self.base * ((n + self.base // 2) // self.base) if n > self.tus else None

    def est_assez(self, n_connus: int, *, est_classe: bool = False) -> bool:
        """Whether so many known are enough to say a share. `est_classe`: of a distribution, or of a profile among all,
        whose other shares say it as well."""
        return n_connus >= (self.classe_des if est_classe else self.part_des)

    def part(self, numerateur: int, n_connus: int, *, est_classe: bool = False) -> Fraction | None:
        """To the nearest unit per cent, half up. `est_classe`: see `est_assez`."""
        if not self.est_assez(n_connus, est_classe=est_classe) or min(numerateur, n_connus - numerateur) <= self.tus:
            return None
        return Fraction((200 * numerateur + n_connus) // (2 * n_connus), 100)


def regle_du(jour: date) -> RegleDiffusion:
    return max((r for r in _regles() if r.depuis <= jour), key=lambda r: r.depuis)


@cache  # asked of each figure that is said
def _regles() -> tuple[RegleDiffusion, ...]:
    entrees = tomllib.loads(FICHIER.read_text(encoding="utf-8"))["diffusion"]
    return tuple(RegleDiffusion(**e) for e in entrees)


def render(cellules: pd.DataFrame, par: Collection[str] = ()) -> pd.DataFrame:
    """The same cells for a room (contract §6), then `masque` (a count is not said) and `cote` (`au-dessus`,
    `au-dessous`, `indecis`, or empty). `par`: the cuts; a résidence says its attributions alone. A gap is said where
    the share is: alone, it would give back the few that are not said."""
    regle = regle_du(aujourd_hui()).de(par)
    # Of ressources, or of the réservataires of a bailleur: the shares of the others say it as well.
    est_classe = "classe" in cellules or {"bailleur", "reservataire"} <= {*cellules}
    dites = [
        _cellule(c, regle, est_residence="residence" in par, est_classe=est_classe)
        for c in cellules.astype(object).to_dict("records")
    ]
    return pd.DataFrame(dites, columns=[*cellules.columns, "masque", "cote"], dtype=object)


def _cellule(
    cellule: dict[Any, Any], regle: RegleDiffusion, *, est_residence: bool, est_classe: bool
) -> dict[str, Any]:
    su: dict[str, Any] = {c: None if pd.isna(v) else v for c, v in cellule.items()}
    dit = {c: regle.compte(int(v)) if c in COMPTES and v is not None else v for c, v in su.items()} | {"cote": None}
    connus, cible, part, est_nombre = int(su.get("n_connus") or 0), su.get("cible"), None, est_en_nombre(su)
    if "part_occupants" in su:  # what is aimed at is observed too, and told whoever came
        est_vise = cible is not None and not est_residence
        occupants = regle.part(int(su["n_occupants_modestes"]), int(su["n_occupants"])) if est_vise else None
        dit["part_occupants"] = dit["cible"] = None if occupants is None else float(occupants)
        cible = None if occupants is None else cible
    if su.get("part") is not None and not est_residence:
        part = regle.part(int(su["numerateur"]), connus, est_classe=est_classe)
        if est_nombre and connus >= regle.cote_des:  # the side of the count that is said, and of no other
            dit["cote"] = _cote_du_nombre(dit["numerateur"], regle.compte(int(su["cible"])))
        elif not est_nombre and cible is not None and connus >= regle.cote_des:
            est_pres = su["part"] == cible or (part is None and su["ic_bas"] <= cible <= su["ic_haut"])
            dit["cote"] = "indecis" if est_pres else "au-dessus" if su["part"] > cible else "au-dessous"
    tus = [*BORNES, *(DELAIS if connus < regle.cote_des or est_residence else ())]
    tus += COMPTES[1:] if est_residence else ()
    tus += ECARTS if part is None else ()
    tus += ("verdict", "ecart_points") if part is None or cible is None else ()
    # A direction would say a side that is not said.
    tus += ("sens",) if dit["cote"] != _COTES.get(str(su.get("sens"))) else ()
    dit |= {c: None for c in tus if c in dit} | {"part": None if part is None else float(part)}
    if part is not None and cible is not None and not est_nombre:
        dit["ecart_points"] = round(float(100 * (part - Fraction(str(dit["cible"])))), 6)
    return dit | {"masque": any(dit[c] is None and su[c] is not None for c in COMPTES if c in su)}


def _cote_du_nombre(numerateur: int | None, voulu: int | None) -> str | None:
    """Of two counts as they are said; None where one of them is not."""
    if numerateur is None or voulu is None:
        return None
    return "indecis" if numerateur == voulu else "au-dessus" if numerateur > voulu else "au-dessous"

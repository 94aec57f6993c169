"""What was counted for a dossier, what of it is known, and what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from mel_core import langue
from mel_core.langue import INSECABLE
from mel_core.objectivation.effacement import Etendue, Trou
from mel_core.objectivation.lieux import Lieu
from mel_core.secret.dits import dire_compte
from mel_core.secret.regroupement import SEUIL


@dataclass(frozen=True)
class Comptes:
    """Counts by table and circle (`secteur`, `ici`, `mel`). `cercles`: which of ICI and MEL the reader sees whole."""

    tables: Mapping[str, Mapping[str, Mapping[str, float]]]
    cercles: frozenset[str]
    voient_refus: bool
    trou: Trou

    @property
    def sont_effaces(self) -> bool:
        """Whether too many passages of the period have left the data for a share of them to say anything."""
        return self.trou.etendue is Etendue.TROP

    def lire(self, table: str, cercle: str, compte: str) -> int:
        """0 when the circle has no row."""
        return int(self.tables[table].get(cercle, {}).get(compte, 0))

    def mediane(self, table: str, cercle: str) -> float | None:
        valeur = self.tables[table].get(cercle, {}).get("mediane_mois")
        return None if valeur is None or pd.isna(valeur) else float(valeur)

    def est_connu(self, table: str, cercle: str, lieu: Lieu) -> bool:
        """Whether the circle may be counted: the table has rows, of known place and profile.

        A table that was not loaded, or a column that it lacks, would otherwise read as nothing happening.
        """
        tout, inconnus = (self.lire(table, "mel", c) for c in ("n", "n_inconnus"))
        if table == "passages":
            tout += inconnus
        sans_lieu = self.lire(table, "mel", "n_sans_lieu") if table == "passages" or lieu.est_fin else 0
        if tout == 0 or tout == inconnus or (cercle != "mel" and sans_lieu == tout):
            return False
        siens, leurs_inconnus = (self.lire(table, cercle, c) for c in ("n", "n_inconnus"))
        return siens == 0 or table == "passages" or siens > leurs_inconnus


def reserves(comptes: Comptes, lieu: Lieu) -> tuple[str, ...]:
    """What the figures leave out, when they leave anything out; never a count of a few people."""
    dites = [comptes.trou.reserve()] if comptes.trou.reserve() else []
    sans_lieu = comptes.lire("passages", "mel", "n_sans_lieu")
    if sans_lieu:
        dites.append(
            f"{dire_compte(sans_lieu, 'passage')} en commission "
            f"{_accorder(sans_lieu, 'n’a', 'n’ont')} pas de résidence connue{INSECABLE}: "
            f"{_accorder(sans_lieu, 'il compte', 'ils comptent')} dans la MEL, dans aucun secteur."
        )
    for table, nom, cote in (
        ("demandes", "demande", "laissée"),
        ("attributions", "attribution", "laissée"),
        ("passages", "passage en commission", "laissé"),
    ):
        inconnus = comptes.lire(table, "secteur", "n_inconnus")
        if inconnus and lieu.qui:
            pluriel = "passages en commission" if table == "passages" else None
            dites.append(
                f"{dire_compte(inconnus, nom, pluriel)} du secteur "
                f"{_accorder(inconnus, 'ne dit', 'ne disent')} pas tout du profil{INSECABLE}: "
                f"{_accorder(inconnus, cote, f'{cote}s')} de côté."
            )
    stock, connus = (comptes.lire("stock", "secteur", c) for c in ("n", "n_connus"))
    if connus < stock:
        dites.append(
            f"La vacance est inconnue pour {langue.nombre(stock - connus)} des {langue.nombre(stock)} logements du "
            "secteur."
        )
    return tuple(dites)


def _accorder(n: int, singulier: str, pluriel: str) -> str:
    """As the count is said: « moins de 11 » is plural."""
    return langue.accorder(SEUIL if 0 < n < SEUIL else n, singulier, pluriel)

"""What was counted for a dossier, what of it is known, and what it leaves out.

Households housed for more than a year are no longer in the data, and left with the events of their follow-up: what
remains of an earlier period is what did not end in a bail, its refusals and not its acceptances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from mel_core.indicateurs.phrases_constats import ANNEE
from mel_core.seance.preuves.secteur import Lieu
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.langue import INSECABLE
from mel_core.socle.periodes import Periode, step_back
from mel_core.socle.valeurs import Duree

MOIS_GARDES = 12  # how long a housed household stays in the data
# A hole of this many months at the beginning of a period is told; a longer one leaves its shares unknown. Assumed.
MOIS_TOLERES = 3


@dataclass(frozen=True)
class Trou:
    """How much of the beginning of a period has lost its housed households. `depuis`: the day from which they are all
    there, None where they always are; `est_trop`: too much for anything to be said of the period."""

    depuis: date | None = None
    est_trop: bool = False

    @classmethod
    def de(cls, periode: Periode, derniere: object) -> Trou:
        """`derniere`: the last day that the snapshot knows; nothing is lost when it knows none."""
        if pd.isna(derniere):
            return cls()
        depuis = step_back(pd.Timestamp(derniere).date(), MOIS_GARDES)
        return cls(depuis, step_back(depuis, MOIS_TOLERES) > periode.debut) if depuis > periode.debut else cls()

    @property
    def reserve(self) -> str:
        """What the shares leave out; empty when they leave nothing out."""
        if self.depuis is None:
            return ""
        suite = (
            "les refus et les non-attributions de cette période ne se mesurent plus."
            if self.est_trop
            else "les parts de refus et de non-attribution sont un peu trop hautes."
        )
        partis = f"Les ménages logés avant le {langue.jour(self.depuis)} ne sont plus dans les données"
        return f"{partis}, ni leurs passages : {suite}"


@dataclass(frozen=True)
class Comptes:
    """Counts by table and circle (`secteur`, `ici`, `mel`). `cercles`: which of ICI and MEL the reader sees whole.
    `durees`: how much of the period the bails and the passages cover."""

    tables: Mapping[str, Mapping[str, Mapping[str, float]]]
    cercles: frozenset[str]
    voient_refus: bool
    trou: Trou
    durees: Mapping[str, Duree] = field(default_factory=dict)

    def en(self, table: str) -> str:
        """` en 12 mois`, or ` en 9 mois sur 12` where the table does not cover them all (contract §2)."""
        return f" en {self.durees.get(table, ANNEE)}"

    @property
    def sont_effaces(self) -> bool:
        """Whether too many passages of the period have left the data for a share of them to say anything."""
        return self.trou.est_trop

    def read(self, table: str, cercle: str, compte: str) -> int:
        """0 when the circle has no row."""
        return int(self.tables[table].get(cercle, {}).get(compte, 0))

    def mediane(self, table: str, cercle: str) -> float | None:
        valeur = self.tables[table].get(cercle, {}).get("mediane_mois")
        return None if valeur is None or pd.isna(valeur) else float(valeur)

    def est_connu(self, table: str, cercle: str, lieu: Lieu) -> bool:
        """Whether the circle may be counted: the table has rows, of known place and profile.

        A table that was not loaded, or a column that it lacks, would otherwise read as nothing happening.
        """
        tout, inconnus = (self.read(table, "mel", c) for c in ("n", "n_inconnus"))
        if table == "passages":
            tout += inconnus
        sans_lieu = self.read(table, "mel", "n_sans_lieu") if table == "passages" or lieu.est_fin else 0
        if tout == 0 or tout == inconnus or (cercle != "mel" and sans_lieu == tout):
            return False
        siens, leurs_inconnus = (self.read(table, cercle, c) for c in ("n", "n_inconnus"))
        return siens == 0 or table == "passages" or siens > leurs_inconnus


def reserves(comptes: Comptes, lieu: Lieu) -> tuple[str, ...]:
    """What the figures leave out, when they leave anything out, as it is read."""
    dites = [comptes.trou.reserve] if comptes.trou.reserve else []
    sans_lieu = comptes.read("passages", "mel", "n_sans_lieu")
    if sans_lieu:
        n = reader().compte(sans_lieu)
        dites.append(
            f"{langue.effectif(n, 'passage en commission', 'passages en commission')} "
            f"{langue.agree(n, 'n’a', 'n’ont')} pas de résidence connue{INSECABLE}: "
            f"{langue.agree(n, 'il compte', 'ils comptent')} dans la MEL, dans aucun secteur."
        )
    sienne = lieu.pour()
    for table, nom, cote in (
        ("demandes", ("demande", "demandes"), "laissée"),
        ("attributions", ("attribution", "attributions"), "laissée"),
        ("passages", ("passage en commission", "passages en commission"), "laissé"),
    ):
        inconnus = comptes.read(table, "secteur", "n_inconnus")
        if inconnus and lieu.qui:
            n = sienne.compte(inconnus)
            dites.append(
                f"{langue.effectif(n, *nom)} du secteur {langue.agree(n, 'ne dit', 'ne disent')} pas tout du profil"
                f"{INSECABLE}: {langue.agree(n, cote, f'{cote}s')} de côté."
            )
    stock, connus = (comptes.read("stock", "secteur", c) for c in ("n", "n_connus"))
    if connus < stock:
        n, total = sienne.compte(stock - connus), sienne.compte(stock)
        dites.append(f"Logements du secteur dont la vacance est inconnue{INSECABLE}: {langue.sur(n, total)}.")
    return tuple(dites)

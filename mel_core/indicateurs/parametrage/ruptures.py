"""Breaks in a series of séances: the days from which a rule that its figures lean on is another.

Shares on either side of one are not read as one movement. Source: the dated parameters in force; for the quartiers
prioritaires, décret no 2023-1314 du 28 décembre 2023, in force on 1 January 2024.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs.besoins import QPV, RESSOURCES
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.indicateurs.definitions import Mesure
from mel_core.socle import cibles, langue
from mel_core.socle.periodes import Seance
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "versions.sql")
_QPV_2024 = date(2024, 1, 1)


@dataclass(frozen=True)
class Rupture:
    """What is another from `jour` on: `dite` begins a sentence that the day ends."""

    jour: date
    dite: str

    @property
    def phrase(self) -> str:
        return langue.typeset(f"{self.dite} depuis le {langue.jour(self.jour)}.")


def find_ruptures(lecteur: Lecteur, indicateur: str, premiere: Seance, derniere: Seance) -> list[Rupture]:
    """Those after the first of these séances, up to the end of the last, the earliest first."""
    trouvees = [r for r in _find_all(lecteur, indicateur) if premiere.fin < r.jour <= derniere.fin]
    return sorted(trouvees, key=lambda r: r.jour)


def _find_all(lecteur: Lecteur, indicateur: str) -> Iterator[Rupture]:
    definition = INDICATEURS[indicateur]
    if definition.lu is RESSOURCES:
        bornes = lecteur.query(_SQL["bornes"])
        dites = [
            langue.liste([langue.nombre(100 * b) for b in x]) for x in bornes[["borne_1", "borne_2", "borne_3"]].values
        ]
        yield from _changements(
            bornes["depuis"], dites, lambda avant, apres: f"Bornes de ressources de {apres} % (avant, {avant} %)"
        )
    if definition.mesure is Mesure.PART_PAR_FRAGILITE:
        regles = lecteur.query(_SQL["fragilite_ips"])
        yield from _changements(
            regles["depuis"],
            list(regles["regle"]),
            lambda _avant, _apres: "Autre règle de la fragilité d’un quartier d’après l’IPS",
        )
    if set(QPV) <= set(definition.besoins):
        yield Rupture(_QPV_2024, "Autres quartiers prioritaires (QPV de 2024)")
    yield from _objectifs(lecteur, indicateur)


def _objectifs(lecteur: Lecteur, indicateur: str) -> Iterator[Rupture]:
    toutes = lecteur.query(_SQL["cibles"])
    siennes = toutes[
        (toutes["indicateur"] == indicateur) & toutes[["commune", "bailleur", "reservataire"]].isna().all(axis=1)
    ]
    siennes = siennes.drop_duplicates("depuis", keep="last")  # of one day, the version that was added holds
    dites = [
        cibles.valeur_dite(float(Fraction(c.valeur)), est_un_nombre=bool(c.en_nombre)) for c in siennes.itertuples()
    ]
    if dites:
        yield Rupture(_jour(siennes["depuis"].iloc[0]), f"Objectif de {dites[0]} (avant, aucun n’était en vigueur)")
    yield from _changements(siennes["depuis"], dites, lambda avant, apres: f"Objectif de {apres} (avant, {avant})")


def _changements(jours: pd.Series, dites: list[str], say: Callable[[str, str], str]) -> Iterator[Rupture]:
    """Each version that says something else than the one before."""
    for rang in range(1, len(dites)):
        if dites[rang] != dites[rang - 1]:
            yield Rupture(_jour(jours.iloc[rang]), say(dites[rang - 1], dites[rang]))


def _jour(lu: object) -> date:
    return pd.Timestamp(lu).date()

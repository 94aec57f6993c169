"""What there is to choose from in a snapshot: séances, ICI, and the names that go with codes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pandas as pd

from mel_core.entrepot.lecteur import Lecteur
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


def noms_des_residences(lecteur: Lecteur) -> dict[str, str]:
    """Code → name of those that a file names."""
    lues = residences(lecteur).dropna(subset="nom")
    return dict(zip(lues["code"], lues["nom"], strict=True))


def locate(nom: str, commune: str) -> str:
    """The name of a place with its commune, unless it says it already."""
    return nom if not commune or commune in nom else f"{nom} ({commune})"


def typologies(lecteur: Lecteur, jour: date) -> pd.DataFrame:
    """The rule in force on `jour` from the typology of a commune (4 to 1) to its fragilité: typologie, fragilite."""
    return lecteur.query(_SQL["typologies"], jour=jour)

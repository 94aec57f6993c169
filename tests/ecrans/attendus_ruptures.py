"""What is said of the objective that came into force between two séances, from the parameters that are embedded."""

from __future__ import annotations

import tomllib
from datetime import date

from mel_core.contrat.reference import DOSSIER
from tests.ecrans.reponses import SEANCE, pour_cent

_CIBLES = tomllib.loads((DOSSIER / "parametres.toml").read_text(encoding="utf-8"))["cibles"]


def ruptures(indicateur: str, seances: list[str]) -> list[str]:
    """Its share, its day, its year; nothing when it came into force before them, or after."""
    siennes = [c for c in _CIBLES if c["indicateur"] == indicateur]
    if not siennes or not _fin(min(seances)) < siennes[0]["depuis"] <= _fin(max(seances)):
        return []
    jour = siennes[0]["depuis"]
    return [pour_cent(siennes[0]["valeur"]), str(jour.day), str(jour.year)]


def de_la_tendance(indicateur: str, tenues: list[str]) -> list[str]:
    return ruptures(indicateur, [s for s in tenues if s <= SEANCE])


def _fin(seance: str) -> date:
    return date(int(seance[:4]), *((6, 30) if seance[5] == "1" else (12, 31)))

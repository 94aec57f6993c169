"""Settings of the demonstration data (`data/demo/calage.toml`, and what another last séance changes in it)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

DOSSIER = Path(__file__).resolve().parent.parent.parent / "data" / "demo"
CONTOURS = DOSSIER / "quartiers.geojson"  # fictitious: the file says so
# The séances that the data may end at: that of the deck, then one of today.
DU_SUPPORT, D_AUJOURD_HUI = Seance(2017, 2), Seance(2026, 1)
DERNIERES_SEANCES = (DU_SUPPORT, D_AUJOURD_HUI)

Reglages = dict[str, Any]


@cache
def load(derniere: Seance = DU_SUPPORT) -> Reglages:
    """The settings, section by section; their comments in the file say what each is and in which unit.

    Those of another last séance are the deck's, where `calage_<séance>.toml` does not say otherwise, key by key; the
    targets of the calibration are all its own. Raises `AppelIncorrect` for a séance that has no settings.
    """
    if derniere not in DERNIERES_SEANCES:
        raise AppelIncorrect(
            f"Les données de démonstration ne finissent pas à la séance {derniere} : "
            f"choisir {' ou '.join(map(str, DERNIERES_SEANCES))}."
        )
    reglages = _read("calage.toml")
    if derniere != DU_SUPPORT:
        for section, propres in _read(f"calage_{derniere}.toml").items():
            reglages[section] = propres if section == "cibles" else reglages[section] | propres
    return reglages


def parametres_de(derniere: Seance) -> Path | None:
    """The dated parameters published with the data that end there; None: those of the application are enough."""
    chemin = DOSSIER / f"parametres_{derniere}.toml"
    return chemin if chemin.exists() else None


def _read(nom: str) -> Reglages:
    return tomllib.loads((DOSSIER / nom).read_text(encoding="utf-8"))

"""What a scenario answers: its figures beside the baseline's, its lines, its verdict, and the sentence to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle import langue
from mel_core.socle.tableur import lignes

Chiffre = int | float | Fraction | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Resultat:
    """An answer: values, out of which its sentence is written for who reads it.

    `constat` and `synthese`: the same figures without and with the scenario (shares 0–1; None: unknown, or never).
    `resultat`: one row per cell, its grain is that of the simulation; `details`: other cuts of the same figures, by
    name, with the same sums. `verdict`: faisable, tendu, infaisable, or empty when nothing is judged. `motif`: why
    nothing changes or concludes; None otherwise. `durees`: how long the figures of `constat` and of `synthese` cover,
    as it is said, where they are not as long; empty otherwise.
    """

    scenario: Scenario
    constat: Mapping[str, Chiffre]
    synthese: Mapping[str, Chiffre]
    resultat: pd.DataFrame
    verdict: str = ""
    motif: str | None = None
    details: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    durees: tuple[str, str] = ("", "")

    def texte(self) -> str:
        """The answer in French, its counts as they are read: each simulation writes its own."""
        raise NotImplementedError

    def say(self) -> str:
        """The sentence, as it is read; between ** what is to be seen from the last row."""
        return langue.typeset(self.texte())

    def write(self) -> str:
        """The same, without the marks: for a document, the journal, the command line."""
        return self.say().replace("**", "")

    def heads(self, constat: str, synthese: str) -> tuple[str, str]:
        """The heads of the two columns of figures, with what each covers where they differ: `Constat, 12 mois`."""
        avant, apres = (
            ", ".join(dit for dit in dits if dit) for dits in zip((constat, synthese), self.durees, strict=True)
        )
        return avant, apres

    def en_json(self) -> dict[str, Any]:
        """JSON values: exact fractions become decimals, unknown is null."""
        return {
            "simulation": self.scenario.simulation,
            "scenario": self.scenario.contenu(),
            "constat": {cle: _nombre(valeur) for cle, valeur in self.constat.items()},
            "synthese": {cle: _nombre(valeur) for cle, valeur in self.synthese.items()},
            "resultat": lignes(self.resultat),
            "verdict": self.verdict or None,
            "motif": self.motif,
            "details": {nom: lignes(frame) for nom, frame in self.details.items()},
            "phrase": self.write(),
        }


def _nombre(valeur: Chiffre) -> int | float | None:
    if valeur is None or valeur != valeur:
        return None
    return float(valeur) if isinstance(valeur, Fraction) else valeur

"""What there is to do what a target asks on the bilan: dwellings, applicants, and what binds, as a room may see it.

Read once for a snapshot, a séance and an ICI, by the engine of the scenarios: Simuler and `simuler` say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from mel_core.simulation.reorientation.faisabilite import PROFILS, est_jugeable
from mel_core.simulation.reorientation.moyens import Jugement, Moyens
from mel_core.simulation.scenarios import Scenario, phrases_scenarios
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from pages.commun.mesures import lecture_scenario
from pages.commun.mesures.lecture_bilan import Cle, read_cle


@dataclass(frozen=True, eq=False)
class Faisable:
    """What judges the steps of a bilan. `noms`: what codes are called."""

    moyens: Moyens
    noms: Mapping[str, str]


@st.cache_resource(show_spinner=False, max_entries=64)
def read(cle: Cle) -> Faisable | None:
    """None where nobody can say: the demandes were erased with a frozen séance, or were never given."""
    identifiant, seance, indicateur, ici, _ = cle
    with donnees.open(identifiant, seance) as lecteur:
        if lecteur.gel is not None:
            return None
    bilan = read_cle(cle)
    base = lecture_scenario.base(Scenario(indicateur, Seance.read(seance), ici=ici or "", millesime=identifiant))
    if not est_jugeable(base.eligibles):
        return None
    moyens = Moyens.de(bilan.cellules, indicateur, base.eligibles, base.vacances)
    return Faisable(moyens, base.noms)


def judge(cle: Cle, mouvements: npt.NDArray[np.int64]) -> tuple[Jugement | None, str]:
    """The judgement of a step and its sentence; (None, "") for an indicator that has no engine of scenarios.

    `mouvements`: what moves in each cell of the bilan.
    """
    if cle[2] not in PROFILS:
        return None, ""
    faisable = read(cle)
    if faisable is None:
        return None, phrases_scenarios.SANS_DEMANDES
    jugement = faisable.moyens.judge(mouvements)
    limite = phrases_scenarios.limite(jugement.limite, faisable.noms, cle[4])
    moyens = phrases_scenarios.moyens(jugement, cle[4])
    dite = f"{moyens[:1].upper()}{moyens[1:]} : **{limite.verdict}**{', ' if limite.raison else ''}{limite.raison}."
    return jugement, dite + phrases_scenarios.sans_borne(jugement.n_inconnus, jugement.n_lieux)

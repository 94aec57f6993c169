"""The page of the file says every simulation and every lever, and its example runs."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from mel_core.simulation.scenarios import Scenario
from mel_core.simulation.scenarios.scenario import LEVIERS

DOCS = Path(__file__).resolve().parents[3] / "docs" / "simulations"
PAGE = (DOCS / "scenario.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("simulation", sorted(LEVIERS))
def test_the_page_lists_the_levers_of_each_simulation(simulation: str) -> None:
    ligne = next(x for x in PAGE.splitlines() if x.startswith(f"| `{simulation}` |"))
    assert set(re.findall(r"`(\w+)`", ligne)) == {simulation, *LEVIERS[simulation]}


@pytest.mark.parametrize("simulation", sorted(LEVIERS))
def test_each_simulation_has_its_method_note(simulation: str) -> None:
    assert "## " in (DOCS / f"{simulation}.md").read_text(encoding="utf-8")


def test_the_example_is_read() -> None:
    exemple = re.search(r"```toml\n(simulation.*?)```", PAGE, re.DOTALL)
    assert exemple is not None
    scenario = Scenario.de_toml(exemple[1])
    assert (scenario.simulation, scenario.ici) == ("equilibre", "ICI 1")
    assert dict(scenario.leviers) == {"cible_fragile": Fraction(55, 100), "horizon": 4}

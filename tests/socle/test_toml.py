"""A TOML that can't be read is told in one sentence, whatever makes it so."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat.mapping import Mapping
from mel_core.objectifs.parametres import Parametres
from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle.erreurs import AppelIncorrect, read_toml


@pytest.mark.parametrize("texte", ["a = ", "a = [1", "a = " + "[" * 100_000, "b = " + '{"x" = ' * 5_000])
def test_a_toml_that_reads_as_nothing_is_told_in_one_french_sentence(texte: str) -> None:
    with pytest.raises(AppelIncorrect, match=r"^Le scénario « a\.toml » n’est pas du TOML lisible"):
        read_toml(texte, "Le scénario « a.toml »")


def test_each_file_that_people_write_is_read_by_it(tmp_path: Path) -> None:
    profond = "a = " + "[" * 100_000
    fichier = tmp_path / "m.toml"
    fichier.write_text(profond, encoding="utf-8")
    for lire in (
        lambda: Mapping.read(fichier),
        lambda: Parametres.read(profond, "p.toml"),
        lambda: Scenario.de_toml(profond, "s.toml"),
    ):
        with pytest.raises(AppelIncorrect, match="n’est pas du TOML lisible"):
            lire()

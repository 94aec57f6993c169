"""A short run of the attacker over the demonstration: few counts of each world, drawn anew by the command alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attaquant import bassins, causes, devant, lieux, preuves, programmes, segments, suivis

ICI = ("--ici", "ICI 2")
PEU, COLACT, ETAT = ("--au-plus", "8"), ("--moi", "reservataire=COLACT"), ("--moi", "reservataire=PPRIOR+PFONCT")


@pytest.mark.parametrize(
    ("attaque", "arguments"),
    [
        (suivis.principal, ICI),
        (programmes.principal, ()),
        (causes.principal, ("--date", "2017-12-31", "--segment", "poulidor", *PEU)),
        (devant.principal, ("--date", "2017-12-31", *PEU)),
        (lieux.principal, (*ICI, "--ecrans", "--monde", "reservataires", "--seances", "2")),
        (lieux.principal, (*ICI, "--ecrans", "--monde", "reservataires", "--seances", "2", *COLACT)),
        pytest.param(
            lieux.principal,
            (*ICI, "--ecrans", "--monde", "reservataires", "--seances", "2", *ETAT),
            marks=pytest.mark.long,
        ),
        pytest.param(bassins.principal, ("--seances", "2", *PEU), marks=pytest.mark.long),
        pytest.param(segments.principal, ("--date", "2017-12-31", *PEU), marks=pytest.mark.long),
        pytest.param(
            preuves.principal,
            (*ICI, *PEU, "--seances", "2", "--traits", "0", "--residences", "3"),
            marks=pytest.mark.long,
        ),
    ],
)
@pytest.mark.ci
def test_no_small_count_of_the_demonstration_comes_back(
    demonstration_copiee: Path, attaque: Callable[[list[str]], int], arguments: tuple[str, ...]
) -> None:
    assert attaque(["--donnees", str(demonstration_copiee), *arguments]) == 0


@pytest.mark.long
def test_no_small_count_of_the_demonstration_of_today_comes_back_where_files_give_the_points_of_the_cotation(
    publiee_aujourd_hui: Path,
) -> None:
    """The short one beside it is that of `programmes`, of 2017: no file gives points then."""
    assert programmes.principal(["--donnees", str(publiee_aujourd_hui)]) == 0

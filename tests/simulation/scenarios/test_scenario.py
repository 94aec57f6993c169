"""A scenario as a file, a link, an entry of the journal: one and the same."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mel_core.simulation.scenarios import Scenario
from mel_core.simulation.scenarios.scenario import LEVIERS, GenreDeLevier
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

S2017 = Seance(2017, 2)

_codes = st.text("0123456789AB", min_size=1, max_size=6)
_parts = st.fractions(0, 1, max_denominator=1000)
_valeurs = {
    GenreDeLevier.PART: _parts,
    GenreDeLevier.RAPPORT: st.fractions(Fraction(1, 100), 10, max_denominator=1000),
    GenreDeLevier.ENTIER: st.integers(0, 10**6),
    GenreDeLevier.OUI: st.booleans(),
    GenreDeLevier.TEXTE: st.text("abcdé_ ’", min_size=1, max_size=20).map(str.strip).filter(bool),
    GenreDeLevier.PARTS: st.dictionaries(_codes, _parts, max_size=5),
    GenreDeLevier.PARTS_COMMUNES: st.dictionaries(_codes, _parts, max_size=5),
}


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    simulation = draw(st.sampled_from(sorted(LEVIERS)))
    leviers = {x.nom: draw(_valeurs[x.genre]) for x in LEVIERS[simulation].values() if draw(st.booleans())}
    textes = st.text('abé"\\ ’=[]', max_size=20).map(str.strip)
    seance = Seance(draw(st.integers(1990, 2100)), draw(st.integers(1, 2)))
    return Scenario(simulation, seance, leviers, draw(textes), draw(textes), draw(textes), draw(textes))


@settings(deadline=None)
@given(scenarios())
def test_a_file_and_the_journal_give_back_the_same_scenario(scenario: Scenario) -> None:
    assert Scenario.de_toml(scenario.toml()) == scenario
    assert Scenario.depuis(scenario.contenu()) == scenario


@pytest.mark.parametrize("ecrit", ["0.45", '"45 %"', '"45,0 %"', '"0,45"', '"9/20"'])
def test_a_share_is_read_exactly_however_it_is_written(ecrit: str) -> None:
    scenario = Scenario.de_toml(f'simulation = "aci"\nseance = "2017S2"\n[leviers]\ncible = {ecrit}')
    assert scenario.leviers["cible"] == Fraction(45, 100)


def test_a_floor_per_commune_is_a_table() -> None:
    scenario = Scenario.de_toml("""
        simulation = "aci"
        seance = "2017S2"
        [leviers.cibles_communes]
        59512 = "50 %"
        59350 = 0.45
    """)
    assert scenario.leviers["cibles_communes"] == {"59512": Fraction(1, 2), "59350": Fraction(9, 20)}


@pytest.mark.parametrize("simulation", ["aci", "plan"])
def test_a_floor_of_hellemmes_or_lomme_is_that_of_lille_and_two_of_them_are_one(simulation: str) -> None:
    def read(**communes: str) -> Scenario:
        return Scenario(simulation, S2017, {"cibles_communes": communes})

    lille = {"59350": Fraction(1, 2)}
    assert read(**{"59298": "50 %"}).leviers["cibles_communes"] == lille
    assert read(**{"59355": "50 %", "59350": "1/2"}).leviers["cibles_communes"] == lille
    assert Scenario.depuis(read(**{"59298": "50 %"}).contenu()) == read(**{"59350": "50 %"})
    with pytest.raises(AppelIncorrect, match="deux parts différentes"):
        read(**{"59298": "50 %", "59350": "45 %"})


def test_a_bailleur_is_never_read_as_a_commune() -> None:
    scenario = Scenario("aci", S2017, {"cibles_bailleurs": {"59298": "50 %"}})
    assert scenario.leviers["cibles_bailleurs"] == {"59298": Fraction(1, 2)}


@pytest.mark.parametrize(
    ("texte", "message"),
    [
        ("simulation = equilibre", "TOML lisible à la ligne 1"),
        ('simulation = "equilibres"\nseance = "2017S2"', "« equilibres » n’existe pas"),
        ('simulation = "equilibre"', "sa clé « seance »"),
        ('seance = "2017S2"', "sa clé « simulation »"),
        ('simulation = "equilibre"\nseance = "2017"', "La séance « 2017 »"),
        ('simulation = "equilibre"\nseance = 2017', "La clé « seance »"),
        ('simulation = "equilibre"\nseance = "2017S2"\ncible = 0.5', "clé inconnue « cible »"),
        ('simulation = "equilibre"\nseance = "2017S2"\nleviers = 3', r"sous \[leviers\]"),
        ('simulation = "equilibre"\nseance = "2017S2"\n[leviers]\ncibl = 0.5', "pas de levier « cibl »"),
        ('simulation = "equilibre"\nseance = "2017S2"\n[leviers]\ncible = 45', "entre 0 et 1, comme 0.45 ou"),
        ('simulation = "equilibre"\nseance = "2017S2"\n[leviers]\ncible = "45"', "entre 0 et 1, comme 0.45 ou"),
        ('simulation = "equilibre"\nseance = "2017S2"\n[leviers]\ncible = true', "donner un nombre"),
        ('simulation = "equilibre"\nseance = "2017S2"\n[leviers]\ncible = nan', "TOML lisible"),
        ('simulation = "equilibre"\nseance = "2017S2"\n[leviers]\ncible = 1e-999999999', "TOML lisible"),
        ('simulation = "equilibre"\nseance = "2017S2"\n[leviers]\nhorizon = 2.5', "un nombre entier"),
        ('simulation = "equilibre"\nseance = "2017S2"\n[leviers]\nhorizon = [2]', "donner un nombre"),
        ('simulation = "engagement"\nseance = "2017S2"\n[leviers]\nnombre = -1', "un nombre entier"),
        ('simulation = "engagement"\nseance = "2017S2"\n[leviers]\nnombre = 1000000001', "un nombre entier"),
        ('simulation = "aci"\nseance = "2017S2"\n[leviers]\ncibles_communes = 0.5', "une part par code"),
        ('simulation = "programmation"\nseance = "2017S2"\n[leviers]\nlisser = 3', 'écrire "oui" ou "non"'),
        ('simulation = "programmation"\nseance = "2017S2"\n[leviers]\npart_plai = -0.1', "entre 0 et 1, comme 0.45 ou"),
        ('simulation = "programmation"\nseance = "2017S2"\n[leviers]\nrythme = 0', "supérieur à 0"),
        ('simulation = "programmation"\nseance = "2017S2"\n[leviers]\nn_demolis = -1', "un nombre entier"),
        ('simulation = "convergence"\nseance = "2017S2"\n[leviers]\ncible_sans = 1.01', "entre 0 et 1, comme 0.45 ou"),
        ('simulation = "convergence"\nseance = "2017S2"\n[leviers]\nmarge_rotation = 2', "entre 0 et 1, comme 0.45 ou"),
        ('simulation = "aci"\nseance = "2017S2"\n[leviers]\nattributions_attendues = -1', "un nombre entier"),
        ('simulation = "equilibre"\nseance = "2017S2"\n[leviers]\nbande = -0.05', "entre 0 et 1, comme 0.45 ou"),
        ('simulation = "equilibre"\nseance = "2017S2"\n[leviers]\ncible_tres_fragile = 0.5', "pas de levier"),
        (
            'simulation = "aci"\nseance = "2017S2"\n[leviers.cibles_communes]\n59350 = 1.5',
            "entre 0 et 1, comme 0.45 ou",
        ),
        ('simulation = "ordonnancement"\nseance = "2017S2"\n[leviers]\ntaille = -1', "un nombre entier"),
        ('simulation = "engagement"\nseance = "2017S2"\n[leviers]\npart = 1.5', "entre 0 et 1, comme 0.45 ou"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_one_sentence(texte: str, message: str) -> None:
    with pytest.raises(AppelIncorrect, match=message) as refus:
        Scenario.de_toml(texte)
    assert str(refus.value).count(". ") == 0


def test_a_file_that_does_not_open_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AppelIncorrect, match="introuvable"):
        Scenario.read(tmp_path / "absent.toml")
    (tmp_path / "latin.toml").write_bytes('nom = "é"'.encode("cp1252"))
    with pytest.raises(AppelIncorrect, match="UTF-8"):
        Scenario.read(tmp_path / "latin.toml")
    (tmp_path / "long.toml").write_bytes(b"#" * (1 << 20) + b"##")
    with pytest.raises(AppelIncorrect, match="1 Mo"):
        Scenario.read(tmp_path / "long.toml")


def test_a_lever_left_at_rest_leaves_the_scenario_as_it_was() -> None:
    scenario = Scenario("aci", S2017, {"cible": "45 %", "horizon": 4})
    assert scenario.sans("horizon") == Scenario("aci", S2017, {"cible": "45 %"})
    assert dict(scenario.leviers) == {"cible": Fraction(45, 100), "horizon": 4}

"""The embedded geography: complete, in one piece, and drawn the way the maps expect."""

import csv
import json
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from mel_core.contrat.reference import DOSSIER, communes
from mel_core.demo.reglages_demo import CONTOURS

Anneau = list[list[float]]
POIDS_MAX_OCTETS = {"communes.geojson": 80_000, "quartiers.geojson": 400_000}


def features(nom: str) -> list[dict[str, Any]]:
    chemin = CONTOURS if nom == "quartiers.geojson" else DOSSIER / nom
    entites: list[dict[str, Any]] = json.loads(chemin.read_text(encoding="utf-8"))["features"]
    return entites


def aire_signee(anneau: Anneau) -> float:
    """Shoelace, in square degrees: negative when the ring turns clockwise, north up."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(anneau)) / 2


def iris() -> dict[str, str]:
    with (DOSSIER / "iris.csv").open(encoding="utf-8", newline="") as fichier:
        return {ligne["code_iris"]: ligne["code_insee"] for ligne in csv.DictReader(fichier)}


def test_the_perimeter_grows_from_85_to_90_then_95_communes() -> None:
    entrees = [c.depuis for c in communes().values()]
    assert len(entrees) == 95
    assert entrees.count(None) == 85
    assert entrees.count(date(2017, 1, 1)) == 5
    assert entrees.count(date(2020, 3, 14)) == 5


def test_the_90_communes_of_2017_have_the_published_population() -> None:
    assert sum(c.population for c in communes().values() if c.depuis != date(2020, 3, 14)) == 1_146_320


def test_names_bear_their_article() -> None:
    noms = {c.nom for c in communes().values()}
    assert {"La Madeleine", "Le Maisnil", "La Bassée", "Lille"} <= noms


def test_eight_territories_and_three_ici_share_the_communes() -> None:
    assert len({c.territoire for c in communes().values()}) == 8
    par_territoire: dict[str, set[str]] = {}
    for c in communes().values():
        par_territoire.setdefault(c.territoire, set()).add(c.ici)
    assert all(len(icis) == 1 for icis in par_territoire.values())
    assert set().union(*par_territoire.values()) == {"ICI 1", "ICI 2", "ICI 3"}


def test_every_commune_has_one_contour_and_its_own_name() -> None:
    contours = {e["properties"]["code_insee"]: e["properties"]["nom"] for e in features("communes.geojson")}
    assert len(features("communes.geojson")) == 95
    assert contours == {code: c.nom for code, c in communes().items()}


def test_every_iris_is_in_a_commune_of_the_metropole_and_every_commune_has_one() -> None:
    assert len(iris()) == 517
    assert set(iris().values()) == set(communes())


def test_every_iris_has_one_contour_that_says_it_is_fictitious() -> None:
    proprietes = [e["properties"] for e in features("quartiers.geojson")]
    assert len(proprietes) == 517
    assert {p["code_quartier"]: p["code_insee"] for p in proprietes} == iris()
    assert all(p["fictif"] is True for p in proprietes)
    assert "fictif" in json.loads(CONTOURS.read_text(encoding="utf-8"))["avertissement"]


@pytest.mark.parametrize("nom", ["communes.geojson", "quartiers.geojson"])
def test_exterior_rings_turn_clockwise_and_close(nom: str) -> None:
    for entite in features(nom):
        assert entite["geometry"]["type"] == "Polygon"
        exterieur = entite["geometry"]["coordinates"][0]
        assert exterieur[0] == exterieur[-1]
        assert aire_signee(exterieur) < 0, entite["properties"]["nom"]


def test_the_orientation_test_sees_a_ring_turned_the_other_way() -> None:
    carre = [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
    assert aire_signee(carre) == -1
    assert aire_signee(carre[::-1]) == 1


def test_neighbours_share_their_border_point_for_point() -> None:
    """An edge of a commune is that of one neighbour, walked the other way, or lies on the Métropole's edge."""
    aretes: dict[tuple[tuple[float, ...], tuple[float, ...]], str] = {}
    for entite in features("communes.geojson"):
        for anneau in entite["geometry"]["coordinates"]:
            for a, b in pairwise(anneau):
                cle = (tuple(a), tuple(b))
                assert cle not in aretes, "two communes walk the same edge the same way: they overlap"
                aretes[cle] = entite["properties"]["code_insee"]
    lille = [(a, b) for (a, b), code in aretes.items() if code == "59350"]
    assert all((b, a) in aretes for a, b in lille), "Lille is surrounded by communes of the Métropole"


def test_quartiers_cover_each_commune_without_overlap() -> None:
    aires = dict.fromkeys(communes(), 0.0)
    for entite in features("quartiers.geojson"):
        exterieur, *trous = entite["geometry"]["coordinates"]
        aires[entite["properties"]["code_insee"]] += abs(aire_signee(exterieur)) - sum(
            abs(aire_signee(trou)) for trou in trous
        )
    for entite in features("communes.geojson"):
        totale = abs(aire_signee(entite["geometry"]["coordinates"][0]))
        assert aires[entite["properties"]["code_insee"]] == pytest.approx(totale, rel=0.002)


@pytest.mark.parametrize("nom", list(POIDS_MAX_OCTETS))
def test_contours_stay_light(nom: str) -> None:
    chemin = CONTOURS if nom == "quartiers.geojson" else DOSSIER / nom
    assert chemin.stat().st_size <= POIDS_MAX_OCTETS[nom]

"""Maps: names that never touch, shapes that stay closed, the colours of the legend, each place said whole."""

from __future__ import annotations

import json
import math
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.commun.images import cartes, couleurs, fond
from pages.commun.images.cartes import Nom, beside, place
from pages.seance.orientations import images_offre
from pages.suivre import images_suivre
from tests.ecrans.conftest import LANNOY, ROUBAIX, TOURCOING
from tests.ecrans.dessin import aretes, aretes_publiees, formes, lire_carte

CORPS, INTERLIGNE, LETTRE = 16, 1.15, 0.56  # of a name: pixels, heights of a line, widths of a letter
NOMS = st.lists(
    st.builds(
        Nom,
        ou=st.tuples(st.floats(2.8, 3.3), st.floats(50.5, 50.8)),
        dit=st.text("abcdefgh", min_size=1, max_size=18) | st.just("Roubaix\n−116 +24"),
        poids=st.integers(0, 5).map(float),
    ),
    max_size=14,
)


def boite(nom: Nom, attente: int, zoom: float, double: int, grandeur: float) -> tuple[float, float, float, float]:
    """Where a name is, in pixels, once the map has doubled so many times: its middle, half its sides. It is at its size
    once the map has doubled as it waits, half of it at each step before."""
    monde = 512 * 2 ** (zoom + double)
    x, sinus = monde * nom.ou[0] / 360, math.sin(math.radians(nom.ou[1]))
    y = monde * math.atanh(sinus) / (2 * math.pi)  # Mercator
    corps = CORPS * grandeur / 2 ** max(0, attente - double)
    lignes = nom.dit.split("\n")
    return x, y, corps * (LETTRE * max(map(len, lignes)) + 0.4) / 2, corps * INTERLIGNE * len(lignes) / 2


@given(NOMS, st.floats(8, 11), st.sampled_from([0.75, 1.0, 2.0]))
def test_no_two_names_of_a_map_touch_when_it_opens_nor_once_it_has_doubled(
    noms: list[Nom], zoom: float, grandeur: float
) -> None:
    places = place(noms, zoom, grandeur)
    for double in range(3):
        vues = [boite(nom, attente, zoom, double, grandeur) for nom, attente in places]
        for (x1, y1, l1, h1), (x2, y2, l2, h2) in combinations(vues, 2):
            assert abs(x1 - x2) >= (l1 + l2) * (1 - 1e-9) or abs(y1 - y2) >= (h1 + h2) * (1 - 1e-9)


@given(NOMS, st.floats(8, 11), st.floats(100, 900), st.floats(100, 900))
def test_a_name_is_written_whole_as_the_map_opens_or_left_to_the_pointer(
    noms: list[Nom], zoom: float, demi_largeur: float, demi_hauteur: float
) -> None:
    x, y, *_ = boite(Nom((3.05, 50.65), "", 0), 0, zoom, 0, 1.0)
    for nom, attente in place(noms, zoom, 1.0, (x, y, demi_largeur, demi_hauteur)):
        x1, y1, l1, h1 = boite(nom, attente, zoom, 0, 1.0)
        assert abs(x1 - x) + l1 <= demi_largeur * (1 + 1e-9) + 1e-6
        assert abs(y1 - y) + h1 <= demi_hauteur * (1 + 1e-9) + 1e-6


@given(NOMS.filter(len), st.floats(8, 11))
def test_the_name_that_counts_most_is_always_written_at_its_size(noms: list[Nom], zoom: float) -> None:
    (premier, attente), *_ = place(noms, zoom, 1.0)
    assert premier.poids == max(nom.poids for nom in noms)
    assert attente == 0
    assert all(nom in noms for nom, _ in place(noms, zoom, 1.0))


@given(NOMS, st.floats(8, 11), st.sampled_from([1.0, 1.4]))
def test_beside_the_map_of_a_room_no_name_touches_another_nor_leaves_the_window_and_the_heaviest_come_first(
    noms: list[Nom], zoom: float, grandeur: float
) -> None:
    pixels = 512 * 2**zoom / 360
    x, y, *_ = boite(Nom((3.05, 50.65), "", 0), 0, zoom, 0, 1.0)
    places = beside(noms, (2.8, 3.3), (x, y, 0.25 * pixels + 500, 200.0), pixels, grandeur)
    vues = [boite(nom, 0, zoom, 0, grandeur) for nom, _ in places]
    for (x1, y1, l1, h1), (x2, y2, l2, h2) in combinations(vues, 2):
        assert abs(x1 - x2) >= (l1 + l2) * (1 - 1e-6) or abs(y1 - y2) >= h1 + h2 + CORPS * grandeur / 2  # told apart
    for x1, y1, l1, h1 in vues:
        assert abs(x1 - x) - l1 >= 0.25 * pixels  # over no place
        assert abs(y1 - y) + h1 <= 200 * (1 + 1e-6)
    poids = sorted((nom.poids for nom in noms), reverse=True)
    dits, tus = poids[: len(places)], poids[len(places) :]
    assert sorted((nom.poids for nom, _ in places), reverse=True) == dits
    # What is left without a name is less than all that is named, but where there is room for some of equals alone.
    assert not tus or tus[0] < dits[-1] or len({*dits, tus[0]}) == 1


CARRE = st.tuples(st.integers(0, 3), st.integers(0, 3))


@given(st.sets(CARRE, min_size=1), st.booleans())
def test_each_border_is_drawn_once_and_none_is_missing(carres: set[tuple[int, int]], a_l_envers: bool) -> None:
    # Neighbours of a grid share an edge, which one may follow the other way round.
    anneaux = [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]] for x, y in sorted(carres)]
    anneaux = [anneau[::-1] if a_l_envers and rang % 2 else anneau for rang, anneau in enumerate(anneaux)]
    lignes = fond.borders(anneaux)
    assert len(aretes(lignes)) == len(set(aretes(lignes)))
    assert set(aretes(lignes)) == set(aretes(anneaux))


def test_every_commune_is_on_the_ground_of_the_maps_with_its_rings_closed() -> None:
    communes = fond.communes()
    assert len(communes.lieux) == 95
    assert formes(communes.formes(communes.lieux)) == sorted(communes.lieux)
    for lieu in communes.lieux.values():
        assert lieu.ouest < lieu.longitude < lieu.est
        assert lieu.sud < lieu.latitude < lieu.nord
        assert all(anneau[0] == anneau[-1] for polygone in lieu.polygones for anneau in polygone)


LIEUX = pd.DataFrame(
    [
        (ROUBAIX, "haut", "Roubaix : 66 % de 100", "Roubaix\n−15", 15),
        (TOURCOING, "bas", "Tourcoing : 44 % de 45", "Tourcoing", 3),
        (LANNOY, "rien", "Lannoy <b> : aucune", "", 0),
        ("99999", "haut", "Ailleurs", "Ailleurs", 99),  # no shape: it is not on the map
    ],
    columns=["code", "classe", "dit", "etiquette", "poids"],
)
CLASSES = {"haut": couleurs.AU_DESSUS, "bas": couleurs.AU_DESSOUS, "rien": couleurs.SANS_AVIS, "jamais": couleurs.FILET}


def deck(carte: cartes.Carte, *surface: float) -> dict[str, Any]:
    return json.loads(carte.deck(*surface).to_json())


def test_each_place_is_painted_as_its_legend_says_and_says_its_whole_figure_under_the_pointer() -> None:
    carte = cartes.communes(LIEUX, CLASSES, "Carte d’essai", "lue", "Écart <à> la cible")
    lue = lire_carte(deck(carte, 370, 291))
    assert lue.remplis == {
        ROUBAIX: couleurs.rvb(couleurs.AU_DESSUS),
        TOURCOING: couleurs.rvb(couleurs.AU_DESSOUS),
        LANNOY: couleurs.rvb(couleurs.SANS_AVIS),
    }
    assert sorted(map(sorted, lue.bords)) == sorted(map(sorted, aretes_publiees([ROUBAIX, TOURCOING, LANNOY])))
    assert carte.dits() == dict(zip(LIEUX["code"][:3], LIEUX["dit"], strict=False))
    assert [dit for dit, _, _ in lue.noms] == ["Roubaix\n−15", "Tourcoing"]
    assert lue.reste == {}
    # Of the legend, what is on the map, and no more; what is written is never read as HTML.
    cartouche = carte.cartouche()
    assert [nom for nom in CLASSES if f"</span>{nom}</li>" in cartouche] == ["haut", "bas", "rien"]
    assert "Écart &lt;à&gt; la cible" in cartouche


@pytest.mark.parametrize("surface", [(370, 291), (720, 380), (200, 900)])
def test_a_map_opens_on_all_of_its_places_and_asks_nothing_of_another_site(surface: tuple[float, float]) -> None:
    carte = cartes.communes(LIEUX, CLASSES, "Carte d’essai", "lue", "Légende")
    dit = deck(carte, *surface)
    vue, lieux = dit["initialViewState"], [fond.communes().lieux[code] for code in LIEUX["code"][:3]]
    pixels = 512 * 2 ** vue["zoom"] / 360
    for lieu in lieux:
        for longitude in (lieu.ouest, lieu.est):
            assert abs(longitude - vue["longitude"]) * pixels <= surface[0] / 2
        for latitude in (lieu.sud, lieu.nord):
            # One degree of latitude is longer than one of longitude, by 1 ÷ cos.
            assert abs(latitude - vue["latitude"]) * pixels / math.cos(math.radians(50.7)) <= surface[1] / 2 * 1.01
    assert "http" not in json.dumps(dit)


@pytest.mark.parametrize(("grandeur", "hauteur"), [(1.0, 768), (1.4, 1080)])
def test_a_room_reads_every_name_that_a_map_bears(grandeur: float, hauteur: int) -> None:
    """Two and a half hundredths of the height of the window, as the map opens; at a desk, which brings it nearer, a
    name may be half of its size first."""
    autour = [(code, "haut", "", x.nom, 0) for code, x in fond.communes().lieux.items() if code not in {*LIEUX["code"]}]
    lieux = pd.DataFrame([*LIEUX.itertuples(index=False, name=None), *autour], columns=list(LIEUX))
    carte = cartes.communes(lieux, CLASSES, "Carte", "lue", "Légende")

    def corps(*, est_projete: bool) -> dict[str, float]:
        surface = (grandeur * 370, grandeur * 291)
        lue = lire_carte(json.loads(carte.deck(*surface, grandeur, est_projete=est_projete).to_json()))
        return {dit: corps * 2**lue.zoom for dit, _, corps in lue.noms}

    en_salle, au_bureau = corps(est_projete=True), corps(est_projete=False)
    assert min(en_salle.values()) >= 0.025 * hauteur
    assert min(au_bureau.values()) < 0.025 * hauteur
    assert "Roubaix\n−15" in en_salle
    assert 1 < len(en_salle) < len(au_bureau)


def test_a_map_of_no_place_opens_on_the_whole_perimeter() -> None:
    carte = cartes.communes(LIEUX[:0], CLASSES, "Carte", "rien", "Légende")
    lue = lire_carte(deck(carte, 370, 291))
    assert (lue.remplis, lue.noms, lue.bords) == ({}, [], [])


def test_the_map_of_fragility_names_the_communes_of_the_largest_shares_and_none_without_any() -> None:
    codes = sorted(fond.communes().lieux)[:16]
    # The most peopled have the smallest shares: 0, 5, 10 … 70 %, and one of which no share is known.
    parts = [*(rang / 20 for rang in range(15)), None]
    communes = pd.DataFrame({"commune": codes, "nom": codes, "population": range(16, 0, -1), "part_fragile": parts})
    lue = lire_carte(deck(images_suivre.carte_des_communes(communes, est_par_part=True), 2000, 2000))
    assert {dit.replace("\u202f", " ") for dit, _, _ in lue.noms} == {
        f"{codes[rang]}\n{5 * rang} %" for rang in range(3, 15)
    }


def test_the_map_of_the_tensions_names_the_tensest_first() -> None:
    tendues = pd.DataFrame(
        [(ROUBAIX, "Roubaix", 300, 20, 15.0), (LANNOY, "Lannoy", 3, 0, None), (TOURCOING, "Tourcoing", 80, 40, 2.0)],
        columns=["commune", "nom", "n_demandes", "n_attributions", "tension"],
    )
    lue = lire_carte(deck(images_offre.tension(tendues, 9.0), 720, 380))
    assert lue.noms[0][0] == "Roubaix\n15"

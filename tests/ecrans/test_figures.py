"""Every kind of chart, on tables drawn here: a valid figure, said in words, in French, of one template."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.indicateurs.phrases_constats import DE_TROP, DES_DEUX, SANS_OBJECTIF, TENU
from mel_core.simulation.convergence import Projection, ScenarioConvergence
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from mel_core.socle.valeurs import Compte
from pages.commun.images import courbes, images_mesures, images_objectif, images_parts, lignes
from pages.commun.images.gabarit import Image, axe_de_parts, nom_court, noms_de_lignes
from pages.commun.segments import etape
from pages.seance.orientations import images_offre
from pages.simuler import images_scenario
from pages.suivre import images_suivre
from tests.ecrans.dessin import gabarit, lue

LIGNES = pd.DataFrame(
    {
        "code": ["59512", "59332"],
        "libelle": ["Roubaix", "Lannoy <b>"],
        "valeur_dit": ["66,5 % de 1\u202f204", "—"],
        "infobulle": ["Roubaix : 66,5 % de 1\u202f204", "Lannoy <b> : 12 ou moins"],
        "effectif": [1204.0, 3.0],
        "part": [0.665, 0.4],
        "bas_95": [0.47, 0.1],
        "haut_95": [0.53, 0.9],
        "verdict": [DE_TROP, DES_DEUX],
        "propre": [0.6, None],
        "avant": [0.97, None],
        "avant_dit": ["S1 2017", "S1 2017"],
        "trop": [12.0, 0.0],
        "manque": [0.0, 3.0],
    }
)
PARTS = [
    lignes.Part(0, "Modestes", 0.6, "60 %", "x"),
    lignes.Part(0, "Autres", 0.4, "", "y"),
    lignes.Part(1, "Autres", 1.0, "100 %", "z"),
]
CLASSES = pd.DataFrame(
    [
        (
            "Quartiers fragiles",
            "113",
            0.637,
            "63,7 %",
            DE_TROP,
            "16 de trop",
            None,
            None,
            0.66,
            "66 %",
        ),
        (
            "Fragilité moyenne",
            "70",
            0.52,
            "52 %",
            TENU,
            "dans la bande",
            0.45,
            0.55,
            0.5,
            "50 %",
        ),
        ("Sans fragilité", "4", None, "—", SANS_OBJECTIF, "trop peu", None, None, None, "—"),
    ],
    columns=[*images_objectif.CLASSE[:-2]],
).assign(avant=[0.6, None, None], infobulle=["a", "b", "c"])
CIBLES = pd.DataFrame(
    {"cible": [0.5, 0.45], "cible_dit": ["a", "b"], "cote": ["droite", "gauche"], "est_essayee": [False, True]}
)
RESIDENCES = pd.DataFrame(
    {
        "fragilite": ["fragile", "sans"],
        "n_logements": [100, 80],
        "n_occupes": [100, 80],
        "n_connus": [100, 80],
        "n_modestes": [70, 20],
        "n_inconnus": [0, 0],
        "taux_rotation": [0.1, 0.1],
    }
)
SUITE = pd.DataFrame({"stock_debut": [120, 90, 60], "restants": [90, 60, 30]}).map(Compte)
SEANCES = pd.DataFrame(
    [
        ("S1\u00a02017", 0.4, False, "S1 2017 : 40 % sur 6 mois", "", "#0B3D91"),
        ("S2\u00a02017", 0.45, True, "S2 2017 : 45 %", "", "#0B3D91"),
    ],
    columns=["nom", "part", "est_entiere", "infobulle", "serie", "ton"],
)
OPERATIONS = pd.DataFrame(
    {
        "operation": ["O1", "O2"],
        "nom": ["Les Lilas", None],
        "nom_commune": ["Roubaix", "Lille"],
        "annee": [2017, 2018],
        "npru": [False, True],
        "est_connue": [True, True],
        "n_sociaux": pd.Series([9, 12], dtype="Int64"),
        "n_plai": [2, 4],
        "n_plai_vise": [3, 4],
        "n_plus_vise": [6, 8],
        "ecart_plai": [1, 0],
        "part_visee": [3 / 9, 4 / 12],
    }
)
MOUVEMENTS = pd.DataFrame(
    {"nom": ["Roubaix", "Lannoy"], "a_reorienter": [16, 3], "n_en_moins": [16, 0], "n_en_plus": [0, 3]}
)
PAIRES = pd.DataFrame(
    {
        "rang": [0, 1],
        "nom": ["Un", "Deux"],
        "n_connus": [60, 20],
        "part": [0.6, 0.5],
        "part_occupants": [0.7, 0.7],
        "ecart_points": [-10.0, -20.0],
    }
)
POIDS = pd.DataFrame({"nom": ["Roubaix"], "effectif": [1200], "part": [0.6], "poids": [0.4], "ecart_points": [20.0]})
CONSEILLES = pd.DataFrame(
    [("sans", 8, 5, 3), ("fragile", 16, 6, 10)], columns=["fragilite", "n_attendues", "n_modestes", "n_autres"]
)
# 5 000 demandes, of which 300 are in the head: 120 of them ACI by order of arrival, 180 with these weights.
TETES = (
    {"n": 5000, "n_tete": 300, "n_entrent": 0, "n_menage_aci": 120, "part_mutation": 0.2},
    {"n": 5000, "n_tete": 300, "n_entrent": 75, "n_menage_aci": 180, "part_mutation": 0.3},
)
# From Lille 5 and from nowhere known 200; to Lille 60, to Tourcoing 20; 120 stay.
FLUX = pd.DataFrame(
    [
        ("Roubaisien", "Roubaisien", 120),
        ("Lille", "Roubaisien", 5),
        ("inconnu", "Roubaisien", 200),
        ("Roubaisien", "Tourquennois", 20),
        ("Roubaisien", "Lille", 60),
    ],
    columns=["de", "vers", "n"],
)
FLUX["n"] = FLUX["n"].map(Compte)
AXE = axe_de_parts()
BANDE = {"bande_bas": 0.45, "bande_haut": 0.55}
COLONNES = {
    "Constat": {"n_stock": 2400, "a_reorienter": 0, "n_en_plus": 0, "part": 0.43, "semestres": None},
    "Ce scénario": {"n_stock": 2400, "a_reorienter": 334, "n_en_plus": 334, "part": 0.55, "semestres": 6},
    "Deux sur trois": {"n_stock": 2400, "a_reorienter": 641, "n_en_plus": 641, "part": 0.66, "semestres": 5},
    "Un sur deux": {"n_stock": 2400, "a_reorienter": 195, "n_en_plus": 195, "part": 0.5, "semestres": 6},
}
IMAGES: dict[str, Image] = {
    "parts": images_parts.parts(LIGNES, CIBLES, None, "Parts", "lues"),
    "parts sans objectif": images_parts.parts(
        LIGNES.assign(verdict=SANS_OBJECTIF, bas_95=None, haut_95=None),
        CIBLES[:0],
        (0.5, "ICI 2 : 50 %"),
        "Parts",
        "lu",
    ),
    "repères": images_parts.reperes(
        LIGNES.assign(ici=[0.4] * len(LIGNES), ici_dit="ICI 2", avant=None, part_dit="62 % de 850", **BANDE),
        "Roubaix",
        "Fiche",
    ),
    "effectifs": lignes.effectifs(LIGNES, "Relogés", "Effectifs"),
    "écarts": lignes.ecarts(LIGNES, "Écarts"),
    "deux points": lignes.deux_points(LIGNES, ("Début", "Fin"), ("bas_95", "haut_95"), AXE, "Deux"),
    "empilées": lignes.empilees(
        LIGNES, PARTS, {"Modestes": ("#0B3D91", "#FFFFFF"), "Autres": ("#9DBFE8", "#0F1B2D")}, AXE, "Piles"
    ),
    "barres": images_objectif.barres(CLASSES, CIBLES, "S1 2017", "lues"),
    "barres de rien": images_objectif.barres(CLASSES[:0], CIBLES, "", "rien"),
    "paires": images_mesures.paires(PAIRES),
    "répartition": etape.repartition(
        pd.DataFrame({"code": ["59512", "59350"], "nom": ["Roubaix", "Lille"], "n": [Compte(100), Compte(50)]}),
        "commune",
        "Demandes",
        "Par commune",
    )[0],
    "préconisations": images_offre.preconisations(CONSEILLES),
    "programmation": images_scenario.operations(OPERATIONS),
    "restants": courbes.restants(SUITE, SUITE.assign(restants=[*map(Compte, (110, 100, 90))]), Seance(2017, 2)),
    "tendance": courbes.tendance(SEANCES, 0.5, "Séance après séance"),
    "mouvements": images_scenario.mouvements(MOUVEMENTS),
    "mouvements de rien": images_scenario.mouvements(MOUVEMENTS[:0]),
    "poids": images_suivre.figure_poids(POIDS),
    "tête de file": images_scenario.tete(*TETES),
    "scénarios": images_scenario.cote_a_cote(COLONNES, list(COLONNES["Constat"])) or images_scenario.tete(*TETES),
    "flux": images_suivre.figure_flux(FLUX, "Roubaisien", "habite_obtenu"),
}
NOMMEES = pytest.mark.parametrize("nom", IMAGES)
ANGLAIS = re.compile(r"\b(the|and|of|share|trace \d|undefined|null|nan|NaN|None|inf)\b")


@NOMMEES
def test_every_chart_is_a_valid_figure_of_the_one_template_and_is_said_in_words(nom: str) -> None:
    image = IMAGES[nom]
    go.Figure(image.figure.to_dict())  # it raises on what Plotly does not know
    page = lue(image)
    assert page["layout"]["template"] == gabarit()
    assert page["layout"]["template"]["layout"]["separators"] == f",{langue.FINE}"
    assert len(image.titre) >= 4
    assert image.lecture


def textes(valeur: Any, cle: str = "") -> list[str]:
    """Every text that a figure writes."""
    if isinstance(valeur, dict):
        return [t for c, v in valeur.items() if c != "template" for t in textes(v, c)]
    if isinstance(valeur, list):
        return [t for v in valeur for t in textes(v, cle)]
    return [valeur] if isinstance(valeur, str) and cle in ("text", "customdata", "ticktext", "name") else []


@NOMMEES
def test_nothing_of_a_chart_is_written_in_english_nor_with_a_point_for_decimals(nom: str) -> None:
    page = lue(IMAGES[nom])
    dits = [re.sub("<[^>]+>", " ", t) for t in textes(page)]
    assert dits or "rien" in nom
    assert not [t for t in dits if ANGLAIS.search(t) or re.search(r"\d\.\d", t)]
    # What Plotly writes itself, at the marks of an axis, is a whole number: its thousands apart.
    axes = [v for c, v in page["layout"].items() if re.fullmatch(r"[xy]axis\d?", c)]
    assert all("tickvals" in a or a.get("tickformat") == ",d" or a.get("visible") is False for a in axes)


@NOMMEES
def test_a_mark_says_its_whole_text_under_the_pointer_or_nothing(nom: str) -> None:
    for trace in lue(IMAGES[nom])["data"]:
        if trace.get("hoverinfo") != "skip":
            assert trace["hovertemplate"] == "%{customdata}<extra></extra>"
            assert len(trace["customdata"]) == len(trace["y"])


def etendue(axe: dict[str, Any]) -> tuple[float, float]:
    bas, haut = sorted(axe["range"])
    return (10**bas, 10**haut) if axe.get("type") == "log" else (bas, haut)


@NOMMEES
def test_every_mark_is_within_its_axes(nom: str) -> None:
    page = lue(IMAGES[nom])
    for trace in page["data"]:
        for sens in "xy":
            axe = page["layout"].get(f"{sens}axis", {})
            if "range" not in axe or trace.get("yaxis") == "y2":
                continue
            bas, haut = etendue(axe)
            bases = trace.get("base", [0] * len(trace[sens])) if trace["type"] == "bar" and sens == "x" else None
            bouts = trace[sens] if bases is None else [b + v for b, v in zip(bases, trace[sens], strict=True)]
            assert all(bas - 1e-9 <= v <= haut + 1e-9 for v in bouts if v is not None), (sens, bouts, axe["range"])


def test_the_names_of_the_data_are_written_and_never_read_as_html() -> None:
    for nom in ("parts", "effectifs", "écarts", "deux points", "empilées"):
        page = lue(IMAGES[nom])
        assert page["layout"]["yaxis"]["ticktext"][1] == "Lannoy &lt;b&gt;"
        assert not [t for t in textes(page["data"]) if "Lannoy <b>" in t]


def test_the_class_without_occupants_leaves_its_line_out_and_the_gap_halved_is_a_line_across() -> None:
    projection = Projection.de(RESIDENCES, {"fragile": 0.5, "sans": 0.5}, ScenarioConvergence(horizon=4)).project()
    page = lue(courbes.trajectoires(projection, projection, Fraction(5, 2)))
    # Of each class: its band, there and back, what today's entrants would give, its line.
    assert [len(t["x"]) for t in page["data"]] == [10, 5, 5] * 2
    for bande, _, ligne in zip(*[iter(page["data"])] * 3, strict=True):
        haut, bas = bande["y"][:5], bande["y"][:4:-1]
        assert all(b <= part <= h for b, part, h in zip(bas, ligne["y"], haut, strict=True))
    (trait,) = page["layout"]["shapes"]
    assert (trait["x0"], trait["x1"]) == (2.5, 2.5)


@given(st.lists(st.floats(0, 1, allow_nan=False), min_size=1, max_size=6), st.floats(0.01, 0.2))
def test_names_at_the_end_of_lines_never_touch_and_keep_their_order(valeurs: list[float], minimum: float) -> None:
    places = courbes.set_aside(valeurs, minimum)
    for (v1, p1), (v2, p2) in pairwise(sorted(zip(valeurs, places, strict=True), key=lambda x: (-x[0], -x[1]))):
        assert p1 - p2 >= minimum - 1e-9, (v1, v2)


@given(st.text("ab c(é&", max_size=90), st.sampled_from([(1, 34), (2, 34), (1, 26)]))
def test_a_name_takes_the_lines_that_it_is_given(nom: str, place: tuple[int, int]) -> None:
    n_lignes, lettres = place
    dites = nom_court(nom, n_lignes, lettres).replace("&amp;", "&").split("<br>")
    assert len(dites) <= n_lignes
    assert all(len(dite) <= lettres for dite in dites)
    if len(" ".join(nom.split())) <= lettres:
        assert dites == [" ".join(nom.split())] or "  " in nom or nom != nom.strip()


def test_two_places_of_the_same_beginning_are_told_apart_by_their_commune() -> None:
    longs = [f"Résidence des Trois Tilleuls argentés ({commune})" for commune in ("Roubaix", "Lille")]
    assert nom_court(longs[0], 1) == snapshot("Résidence des Trois Tille… (Roubaix)")
    memes = [f"Résidence {i} du quartier de la Justice (Roubaix)" for i in range(12)]
    base = pd.DataFrame({"libelle": memes, "valeur_dit": "1", "infobulle": memes, "effectif": range(1, 13)})
    page = lue(lignes.effectifs(base, "Relogés", "Effectifs"))
    ecrits = page["layout"]["yaxis"]["ticktext"]
    assert len(set(ecrits)) == len(memes)
    assert not [nom for nom in ecrits if "<br>" in nom]  # twelve lines have no room for two of text


def test_places_of_one_beginning_keep_their_ends_where_lines_are_many() -> None:
    noms = [f"Résidence fictive Les Grands Cheminots {n} (Roubaix)" for n in range(101, 109)]
    assert noms_de_lignes([*noms, "Le Pile"])[-2:] == snapshot(["… Les Grands Cheminots 108 (Roubaix)", "Le Pile"])
    assert noms_de_lignes(noms[:2]) == [nom_court(nom) for nom in noms[:2]]  # few: two lines of text


def test_the_head_of_the_queue_says_how_many_of_each_profile_and_nothing_of_its_size() -> None:
    image = IMAGES["tête de file"]
    assert image.lecture.replace("\u00a0", " ").endswith("180, contre 120 par ancienneté")
    assert image.lecture.count(", contre ") == 1
    assert list(image.figure.data[0].x) == [180.0]


@pytest.mark.parametrize(
    ("moins", "plus", "sens"),
    [
        (0, 0, images_scenario.RIEN),
        (1, 0, images_scenario.EN_MOINS),
        (0, 1, images_scenario.EN_PLUS),
        (1, 1, images_scenario.LES_DEUX),
    ],
)
def test_one_household_is_enough_to_paint_a_commune(moins: int, plus: int, sens: str) -> None:
    assert images_scenario._sens(moins, plus) == sens


def test_of_a_flow_who_stays_is_first_then_the_most_and_places_nobody_names_are_last() -> None:
    lieux = [str(nom) for nom in IMAGES["flux"].figure.layout.yaxis.ticktext]
    assert ["Roubaisien" in lieux[0], *lieux[1:3]] == [True, "Lille", "Tourquennois"]
    assert len(lieux) == 4


def test_of_the_communes_those_that_registered_nobody_are_not_drawn_beside_the_others() -> None:
    muette = POIDS.assign(nom="Lannoy", effectif=0, part=0.0)
    image = images_suivre.figure_poids(pd.concat([POIDS, muette], ignore_index=True))
    assert image.lecture.startswith("Roubaix")
    assert "Lannoy" not in image.lecture + str(image.figure.to_dict())


def test_scenarios_side_by_side_draw_what_they_do_not_share_each_figure_on_its_own_scale() -> None:
    barres = images_scenario.cote_a_cote(COLONNES, list(COLONNES["Constat"])).figure.data
    assert [b.name for b in barres] == list(COLONNES)
    # Those in waiting are the same everywhere, « en plus » is what is reoriented again.
    assert list(barres[1].x) == ["Attributions à réorienter", "Part atteinte", "Semestres pour écouler"]
    assert [list(b.text) for b in barres[:3]] == [
        ["0", "43\u202f%", "—"],
        ["334", "55\u202f%", "6"],
        ["641", "66\u202f%", "5"],
    ]
    assert list(barres[1].y) == [334 / 641, 0.55 / 0.66, 1.0]
    assert images_scenario.cote_a_cote(COLONNES, ["n_stock"]) is None

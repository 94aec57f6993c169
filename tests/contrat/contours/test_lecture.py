"""A GeoJSON of contours: everything read is accounted for, whatever its producer; a bad file says what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.contrat.contours import double_aire, polygones, read, sont_dans_la_mel
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur

LILLE, LAON = (3.06, 50.63), (3.62, 49.56)


def carre(centre: tuple[float, float] = LILLE, demi: float = 0.001, *, horaire: bool = True) -> list[list[float]]:
    x, y = centre
    coins = [[x - demi, y - demi], [x - demi, y + demi], [x + demi, y + demi], [x + demi, y - demi]]
    anneau = [*coins, coins[0]]
    return anneau if horaire else anneau[::-1]


def entite(geometrie: Any = None, **proprietes: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": proprietes,
        "geometry": geometrie or {"type": "Polygon", "coordinates": [carre()]},
    }


def fichier(*entites: Any, **reste: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(entites), **reste}).encode()


@pytest.mark.parametrize(
    ("couche", "proprietes", "code", "nom"),
    [
        (
            "quartiers",
            {"CODE_IRIS": "593500101", "NOM_IRIS": "Wazemmes", "IRIS": "0101"},
            "593500101",
            "Wazemmes",
        ),
        (
            "quartiers",
            {"code_iris": "593500101", "nom_iris": "Wazemmes", "iris": "0101"},
            "593500101",
            "Wazemmes",
        ),
        ("quartiers", {"iris": "593500101", "nom_iris": "Wazemmes", "pop": 3567}, "593500101", "Wazemmes"),
        ("quartiers", {"code_quartier": "593500101"}, "593500101", ""),
        ("qpv", {"CODE_QP": "QP059001", "NOM_QP": "Secteur Sud", "COMMUNE_QP": "Lille"}, "QP059001", "Secteur Sud"),
        ("qpv", {"code_qp": "QN05965M", "lib_qp": "Pont de Bois"}, "QN05965M", "Pont de Bois"),
        ("ici", {"ici": "ICI 1"}, "ICI 1", "ICI 1"),
    ],
)
def test_codes_and_names_are_found_under_the_names_of_each_producer(
    couche: str, proprietes: dict[str, Any], code: str, nom: str
) -> None:
    (contour,) = read(fichier(entite(**proprietes)), "c.geojson", couche).contours
    assert (contour.code, contour.nom) == (code, nom)


def test_what_is_read_is_kept_out_of_the_metropole_a_duplicate_or_rejected() -> None:
    contenu = fichier(
        entite(code_iris="593500101"),
        entite(code_iris="593500101"),  # again
        entite(code_iris="592980101"),  # Hellemmes, which reads as Lille
        entite(code_iris="024080101"),  # Laon
        entite(code_iris=593500102),  # a number: its leading zero would be lost
        entite({"type": "Point", "coordinates": [3, 50]}, code_iris="593500103"),
        entite({"type": "Polygon", "coordinates": [carre()[:-1]]}, code_iris="593500104"),
        entite({"type": "Polygon", "coordinates": [[[3, 50], [3, None], [4, 50], [3, 50]]]}, code_iris="593500105"),
        entite({"type": "Polygon", "coordinates": [[[3, 50], [10**400, 50], [4, 50], [3, 50]]]}, code_iris="593500106"),
        "not even a feature",
    )
    lu = read(contenu, "c.geojson", "quartiers")
    assert [c.code for c in lu.contours] == ["592980101", "593500101"]
    assert (lu.n_lues, lu.n_hors_mel, lu.n_doublons, [r.rang for r in lu.rejets]) == (10, 1, 1, [5, 6, 7, 8, 9, 10])
    assert lu.n_lues == len(lu.contours) + lu.n_hors_mel + lu.n_doublons + len(lu.rejets)
    causes = ("stocké en nombre", "géométrie « Point »", "ne se referme pas", *("deux coordonnées",) * 2, "code absent")
    for cause, rejet in zip(causes, lu.rejets, strict=True):
        assert cause in rejet.message
    assert lu.dite.replace("\u202f", " ").replace("\u00a0", " ") == snapshot(
        "10 contours lus = 2 gardés + 1 hors de la MEL + 1 doublon + 6 rejetés"
    )


def test_a_qpv_is_of_the_metropole_when_a_point_of_it_is_in_one_of_its_communes() -> None:
    ailleurs = {"type": "Polygon", "coordinates": [carre(LAON)]}
    lu = read(fichier(entite(code_qp="QN05965M"), entite(ailleurs, code_qp="QN00201M")), "q.geojson", "qpv")
    assert ([c.code for c in lu.contours], lu.n_hors_mel) == (["QN05965M"], 1)


METRES = {"type": "Polygon", "coordinates": [carre((704_000, 7_059_000), 500)]}
PROFOND = b'{"type":"FeatureCollection","features":' + b"[" * 100_000


@pytest.mark.parametrize(
    ("contenu", "mots"),
    [
        (b"", "n’est pas un GeoJSON lisible"),
        (b"\xff\xfe{", "n’est pas un GeoJSON lisible"),
        (PROFOND, "n’est pas un GeoJSON lisible"),
        (b"[1, 2]", "n’est pas une collection de contours"),
        (fichier(), "n’est pas une collection de contours"),
        (fichier(entite(commune="Lille")), "renommer le champ qui le porte en « code_quartier »"),
        (fichier(entite(METRES, code_iris="593500101")), "WGS 84"),
        (fichier(entite(code_iris="024080101")), "aucun contour de la Métropole"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(contenu: bytes, mots: str) -> None:
    with pytest.raises(ErreurUtilisateur, match=mots) as refus:
        read(contenu, "c.geojson", "quartiers")
    assert str(refus.value).startswith("« c.geojson »")
    assert "\n" not in str(refus.value)


def test_an_unknown_layer_is_a_wrong_call() -> None:
    with pytest.raises(AppelIncorrect, match="quartiers, qpv et ici"):
        read(fichier(entite(code_iris="593500101")), "c.geojson", "iris")


@given(st.booleans(), st.booleans(), st.booleans())
def test_outlines_turn_clockwise_and_holes_the_other_way_however_they_were_drawn(
    dehors: bool, trou: bool, est_multiple: bool
) -> None:
    lu = [carre(demi=0.002, horaire=dehors), carre(demi=0.001, horaire=trou)]
    geometrie = (
        {"type": "MultiPolygon", "coordinates": [lu]} if est_multiple else {"type": "Polygon", "coordinates": lu}
    )
    ((contour, vide),) = polygones(geometrie)
    assert double_aire(contour) < 0 < double_aire(vide)
    # a square of 0.004 degree a side, then one of 0.002: twice their areas
    assert double_aire(contour) == pytest.approx(-2 * 0.004**2)
    assert double_aire(vide) == pytest.approx(2 * 0.002**2)


@pytest.mark.parametrize(
    ("ou", "x", "y", "dedans"),
    [
        ("Lille", 3.06, 50.63, True),
        ("Roubaix", 3.18, 50.69, True),
        ("Lens", 2.83, 50.43, False),
        ("Mouscron, over the border", 3.22, 50.74, False),
        ("Douai", 3.08, 50.37, False),
    ],
)
def test_a_town_is_in_the_metropole_or_not(ou: str, x: float, y: float, dedans: bool) -> None:
    assert sont_dans_la_mel([[x, y]]) is dedans, ou

"""The palette keeps its promise of contrast (WCAG relative luminance)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pandas as pd
import pytest

from mel_core.secret.bail import SALLE
from pages.commun.images import carte_quartiers, couleurs, lignes
from pages.seance.bilan import cotes_quartiers
from pages.seance.orientations import images_offre
from pages.simuler import images_scenario
from pages.suivre import images_suivre
from tests.lecteurs import lue_par


def luminance(hexa: str) -> float:
    canaux = (int(hexa[i : i + 2], 16) / 255 for i in (1, 3, 5))
    rouge, vert, bleu = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux)
    return 0.2126 * rouge + 0.7152 * vert + 0.0722 * bleu


def contraste(a: str, b: str) -> float:
    clair, sombre = sorted((luminance(a), luminance(b)), reverse=True)
    return (clair + 0.05) / (sombre + 0.05)


def in_the_dark(hexa: str) -> str:
    """What a dark room sees of a tone: see `.sombre` in salle.css, `invert(0.94) hue-rotate(180deg)`."""
    rouge, vert, bleu = (0.94 - 0.88 * int(hexa[i : i + 2], 16) / 255 for i in (1, 3, 5))
    gris = 0.213 * rouge + 0.715 * vert + 0.072 * bleu
    return "#" + "".join(f"{round(255 * min(1, max(0, 2 * gris - c))):02X}" for c in (rouge, vert, bleu))


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contraste("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize(
    ("texte", "fond"),
    [
        (couleurs.ENCRE, couleurs.PAPIER),
        (couleurs.ENCRE_DOUCE, couleurs.PAPIER),
        (couleurs.ENCRE_DOUCE, couleurs.FOND_DOUX),
        (couleurs.PAPIER, couleurs.AU_DESSUS),
        (couleurs.PAPIER, couleurs.AU_DESSOUS),
        (couleurs.ENCRE, couleurs.AU_DESSUS_CLAIR),
        (couleurs.ENCRE, couleurs.AU_DESSOUS_CLAIR),
        (couleurs.ENCRE, couleurs.PROCHE_CLAIR),
    ],
)
def test_text_is_at_least_seven_to_one_on_its_ground(texte: str, fond: str) -> None:
    assert contraste(texte, fond) >= 7


@pytest.mark.parametrize("ligne", [couleurs.FILET, couleurs.PROCHE])
def test_lines_that_carry_meaning_are_at_least_three_to_one(ligne: str) -> None:
    assert contraste(ligne, couleurs.PAPIER) >= 3


@pytest.mark.parametrize("est_sombre", [False, True])
def test_the_key_of_an_area_is_seen_on_the_paper_and_in_a_dark_room(est_sombre: bool) -> None:
    vus = [in_the_dark(ton) if est_sombre else ton for ton in (lignes.CONTOUR_FIN["color"], couleurs.PAPIER)]
    assert contraste(*vus) >= 3
    noms = pd.DataFrame({"libelle": ["Fragiles"], "valeur_dit": ""})
    series = {"peu": (couleurs.FOND_DOUX, couleurs.ENCRE)}
    image = lue_par(SALLE, lignes.empilees, noms, [lignes.Part(0, "peu", 1.0, "", "")], series, {}, "Parts")
    assert image.figure.data[0].marker.line.color == lignes.CONTOUR_FIN["color"]


# What a map says of an objective or of a mean, beside « trop peu pour le dire », which is left as the paper.
DES_VERDICTS = {
    "écarts": couleurs.CARTE,
    "côtés": cotes_quartiers.CLASSES,
    "scénario": images_scenario.SENS,
    "tensions": images_offre.TONS_DES_TENSIONS,
}
LEGENDES = {**DES_VERDICTS, "parts": images_suivre.PARTS_CARTE, "quartiers": carte_quartiers.FRAGILITES}
THEMES = pytest.mark.parametrize("vu", [str, in_the_dark])


@THEMES
@pytest.mark.parametrize("nom", LEGENDES)
def test_no_two_squares_of_the_legend_of_a_map_are_alike_even_in_grey(nom: str, vu: Callable[[str], str]) -> None:
    """A photocopy, a tired projector, an eye that sees no orange: how light a square is tells it from the others."""
    assert len(LEGENDES[nom]) >= 4
    for (un, ton), (autre, sien) in combinations(LEGENDES[nom].items(), 2):
        assert contraste(vu(ton), vu(sien)) >= 1.2, (un, autre)


@THEMES
@pytest.mark.parametrize("nom", [*DES_VERDICTS, "barres"])
def test_what_is_said_of_a_place_stands_out_of_the_ground_and_of_what_is_too_few(
    nom: str, vu: Callable[[str], str]
) -> None:
    tons = DES_VERDICTS.get(nom) or {serie: ton for serie, (ton, _) in cotes_quartiers.SERIES.items()}
    assert couleurs.SANS_AVIS == couleurs.PAPIER
    assert couleurs.SANS_AVIS in tons.values()
    for quoi, ton in tons.items():
        assert ton == couleurs.SANS_AVIS or contraste(vu(ton), vu(couleurs.PAPIER)) >= 1.5, quoi

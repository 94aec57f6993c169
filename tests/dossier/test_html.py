"""The deck as one HTML file, read again: the words of the pptx, page by page, and nothing asked of anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from lxml import html
from pptx import Presentation

from mel_core.dossier import diaporama_dessine, diapositives
from mel_core.dossier.diapositives import Dessin, Serie
from mel_core.dossier.seance import Dossier
from mel_core.entrepot import Entrepot
from tests.dossier.conftest import fichier
from tests.dossier.test_pdf import serre, verify
from tests.dossier.test_releve import contexte


def lue(chemin: Path) -> html.HtmlElement:
    return html.document_fromstring(chemin.read_text(encoding="utf-8"))


def drawn(entrepot: Entrepot, chemin: Path, dessin: Dessin) -> html.HtmlElement:
    """The page of this chart alone."""
    deck = diapositives.compose(contexte(entrepot), [])
    diaporama_dessine.write_html(chemin, replace(deck, pages=(replace(deck.pages[0], dessin=dessin),)))
    return lue(chemin)


def test_each_page_says_what_the_slide_says_and_draws_its_figures(dossier: Dossier) -> None:
    diapos = Presentation(str(fichier(dossier, ".pptx"))).slides
    pages = lue(fichier(dossier, ".html")).findall(".//section")
    assert len(diapos) == len(pages) >= 8  # a message of the day is a slide
    for diapo, page in zip(diapos, pages, strict=True):
        lu = serre(page.text_content())
        verify(lu, [f.text_frame.text for f in diapo.shapes if f.has_text_frame])
        for graphique in (f.chart for f in diapo.shapes if f.has_chart):
            assert all(serre(categorie) in lu for categorie in graphique.plots[0].categories)
            barres, series = widths(page), [s for s in graphique.plots[0].series if not s.name.startswith("Objectif")]
            plein = max(v for s in series for v in s.values if v is not None)
            for valeur in (v for s in series for v in s.values):
                assert valeur is None or any(abs(b / max(barres) - valeur / plein) < 1e-3 for b in barres), valeur


def test_the_file_asks_nothing_of_the_network_and_says_its_language_its_title_and_who_made_it(dossier: Dossier) -> None:
    chemin = fichier(dossier, ".html")
    texte, arbre = chemin.read_text(encoding="utf-8"), lue(chemin)
    assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?(?!data:)[\w/.]""", texte)
    assert "http" not in texte
    assert arbre.get("lang") == "fr"
    assert serre(arbre.findtext(".//title")) == serre(
        "Instance de coordination intercommunale, ICI 2, second semestre 2017"
    )
    assert arbre.find(".//meta[@name='author']").get("content") == snapshot("Métropole Européenne de Lille")


def test_what_is_typed_is_text_and_never_code(entrepot: Entrepot, tmp_path: Path) -> None:
    page = diapositives.PageDuJour("<script>a</script>", puces=('"><img src=x onerror=alert(1)> $titre',))
    deck = diapositives.compose(contexte(entrepot), [page])
    diaporama_dessine.write_html(tmp_path / "d.html", deck)
    page = lue(tmp_path / "d.html").findall(".//section")[1]
    assert "<script>a</script>" in page.text_content()
    assert "onerror=alert(1)> $titre" in page.text_content()
    assert page.find(".//script") is None
    assert page.find(".//img") is None


def test_a_figure_that_the_line_of_its_objective_would_cross_stands_beyond_it(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    # 44 % of 45: one point from the line; 23 %: far from it; 50 %: beyond it already.
    series = (Serie("Part", (0.44, 0.23, 0.5)), Serie("Objectif", (0.45,) * 3, est_objectif=True))
    page = drawn(entrepot, tmp_path / "d.html", Dessin("Essai", ("A", "B", "C"), series))
    x, unite = float(rectangles(page)[0].get("x")), max(widths(page)) / 0.5
    dits = {serre(t.text_content()): float(t.get("x")) - x for t in page.iter("text")}
    lignes = {round((float(n) - x) / unite, 3) for n in re.findall(r"d=\"M ([\d.]+),", html.tostring(page).decode())}
    assert lignes & {0.45} == {0.45}
    ecart = dits["23%"] - 0.23 * unite
    assert [dits[d] for d in ("44%", "23%", "50%")] == pytest.approx(
        [0.45 * unite + ecart, 0.23 * unite + ecart, 0.5 * unite + ecart]
    )
    assert "Objectif:45%" in serre(page.text_content())


def test_a_class_too_thin_for_its_figure_has_it_above_it_and_what_is_not_said_takes_no_place(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    series = tuple(Serie(f"Classe {n}", (v,)) for n, v in enumerate((0.03, None, 0.6)))
    page = drawn(entrepot, tmp_path / "d.html", Dessin("Essai", ("Lille",), series, sont_empilees=True))
    assert widths(page)[1] / widths(page)[0] == pytest.approx(0.6 / 0.03)
    hauteurs = {serre(t.text_content()): float(t.get("y")) for t in page.iter("text")}
    (barre,) = {float(r.get("y")) + float(r.get("height")) for r in rectangles(page)}
    assert hauteurs["3%"] > barre > hauteurs["60%"]


def test_counts_are_drawn_against_the_largest(entrepot: Entrepot, tmp_path: Path) -> None:
    page = drawn(entrepot, tmp_path / "d.html", Dessin("Essai", ("A", "B"), (Serie("Relogements", (30, 15)),)))
    plein, moitie = widths(page)
    assert moitie == pytest.approx(plein / 2)


def rectangles(page: html.HtmlElement) -> list[html.HtmlElement]:
    """The bars, without the squares of the legend."""
    return [r for r in page.iter("rect") if float(r.get("height")) > 10]


def widths(page: html.HtmlElement) -> list[float]:
    return [float(r.get("width")) for r in rectangles(page)]

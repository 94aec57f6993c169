"""The deck as one HTML file, read again: the words of the pptx, page by page, and nothing asked of anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from lxml import html
from pptx import Presentation

from mel_core.dossier import diaporama_html, diapositives
from mel_core.dossier.dessins import Dessin, Serie
from mel_core.dossier.seance import Dossier
from mel_core.entrepot import Entrepot
from tests.dossier.conftest import fichier
from tests.dossier.test_pdf import serre, verify
from tests.dossier.test_releve import contexte


def lue(chemin: Path) -> html.HtmlElement:
    return html.document_fromstring(chemin.read_text(encoding="utf-8"))


def drawn(entrepot: Entrepot, chemin: Path, dessin: Dessin) -> html.HtmlElement:
    """The page of this chart alone."""
    deck = diapositives.compose(contexte(entrepot), [], [])
    diaporama_html.write(chemin, replace(deck, pages=(replace(deck.pages[0], dessin=dessin),)))
    return lue(chemin)


def test_each_page_says_what_the_slide_says_and_draws_its_figures(dossier: Dossier) -> None:
    diapos = Presentation(str(fichier(dossier, ".pptx"))).slides
    pages = lue(fichier(dossier, ".html")).findall(".//section")
    assert len(diapos) == len(pages) > 10
    for diapo, page in zip(diapos, pages, strict=True):
        lu = serre(page.text_content())
        verify(lu, [f.text_frame.text for f in diapo.shapes if f.has_text_frame])
        for graphique in (f.chart for f in diapo.shapes if f.has_chart):
            assert all(serre(categorie) in lu for categorie in graphique.plots[0].categories)
            barres = [float(x) for x in re.findall(r"width:([\d.]+)%;background", html.tostring(page).decode())]
            for serie in graphique.plots[0].series:
                if serie.name.startswith("Objectif"):
                    continue
                plein = max(1.0, *(v for v in serie.values if v)) if max(serie.values) > 1 else 1.0
                for valeur in serie.values:
                    assert valeur is None or any(abs(b - 100 * valeur / plein) < 0.1 for b in barres), (valeur, barres)


def test_the_file_asks_nothing_of_the_network_and_says_its_language_its_title_and_who_made_it(dossier: Dossier) -> None:
    chemin = fichier(dossier, ".html")
    texte, arbre = chemin.read_text(encoding="utf-8"), lue(chemin)
    assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?(?!data:)[\w/.]""", texte)
    assert "http" not in texte
    assert arbre.get("lang") == "fr"
    assert serre(arbre.findtext(".//title")) == serre(
        "Instance de coordination intercommunale, ICI 2, second semestre 2017"
    )
    assert arbre.find(".//meta[@name='author']").get("content") == "Métropole Européenne de Lille"


def test_what_is_typed_is_text_and_never_code(entrepot: Entrepot, tmp_path: Path) -> None:
    deck = diapositives.compose(
        contexte(entrepot), [], [("<script>a</script>", ['"><img src=x onerror=alert(1)> $titre'])]
    )
    diaporama_html.write(tmp_path / "d.html", deck)
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
    assert [b.get("style") for b in page.findall(".//b")] == ["margin-left:1%", "margin-left:0%", "margin-left:0%"]
    assert [serre(b.text) for b in page.findall(".//b")] == ["44%", "23%", "50%"]
    lignes = [i.get("style") for i in page.xpath(".//div[@class='cible']/i")]
    assert lignes == ["left:45%"] * 3
    assert "Objectif:45%" in serre(page.find(".//ul").text_content())


def test_a_class_too_thin_for_its_figure_says_it_to_who_points_at_it_and_what_is_not_said_takes_no_place(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    series = tuple(Serie(f"Classe {n}", (v,)) for n, v in enumerate((0.03, None, 0.6)))
    page = drawn(entrepot, tmp_path / "d.html", Dessin("Essai", ("Lille",), series, sont_empilees=True))
    classes = page.xpath(".//div[@class='barre']/span")
    assert [(serre(s.get("title")), serre(s.text or "")) for s in classes] == [
        ("Classe0:3%", ""),
        ("Classe2:60%", "60%"),
    ]
    assert [s.get("style").split(";")[0] for s in classes] == ["width:3%", "width:60%"]


def test_counts_are_drawn_against_the_largest(entrepot: Entrepot, tmp_path: Path) -> None:
    page = drawn(entrepot, tmp_path / "d.html", Dessin("Essai", ("A", "B"), (Serie("Relogements", (30, 15)),)))
    largeurs = [s.get("style").split(";")[0] for s in page.xpath(".//div[@class='barre']/span")]
    assert largeurs == ["width:100%", "width:50%"]

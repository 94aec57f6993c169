"""What a native chart draws of a table, and what it leaves to the sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from docx import Document
from inline_snapshot import snapshot
from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.oxml.ns import qn
from pptx.util import Cm, Pt
from reportlab.lib.units import cm
from reportlab.lib.utils import simpleSplit

from mel_core.dossier import diaporama, note
from mel_core.dossier import diapositives as dessins
from mel_core.dossier.diapositives import corps_de
from mel_core.dossier.lignes_dossier import POINTS, Tableau
from mel_core.dossier.seance import contexte
from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs.mesures import wilson
from mel_core.secret.bail import SALLE, lease
from tests.dossier.conftest import ICI, SEANCE
from tests.lecteurs import lue_par


def test_one_place_whose_share_is_said_is_no_picture_of_those_whose_side_is() -> None:
    # 60 of 100 is said; 25 of 40 and 35 of 40 are on a side, or too near of it.
    graphique = _graphique("equilibre", "quartier", [_cellule(100, 60), _cellule(40, 25), _cellule(40, 35)])
    assert list(graphique.plots[0].categories) == snapshot(
        [
            "Au-dessus de l’objectif",
            "Au-dessous de l’objectif",
            "Trop près de l’objectif pour conclure",
        ]
    )
    assert list(graphique.plots[0].series[0].values) == [2, 0, 1]


@pytest.mark.parametrize("coupe", ["fragilite", "quartier"])
def test_the_n_beside_a_share_is_what_it_is_a_share_of(coupe: str) -> None:
    lignes = [_cellule(400, 160) | {"n": 500, "n_inconnus": 100}, _cellule(300, 180) | {"n": 305, "n_inconnus": 5}]
    noms = [
        x.replace("\u202f", " ").replace("\xa0", " ")
        for x in _graphique("equilibre", coupe, lignes).plots[0].categories
    ]
    assert noms == ["L0, il en manque 40 (n = 400)", "L1, 30 de trop (n = 300)"]


@pytest.mark.parametrize("signes", range(20, 480, 10))
def test_a_sentence_holds_above_its_chart_whatever_its_length(signes: int) -> None:
    phrase = ("Dans l’ICI 2, tant de ménages " * 20)[:signes]
    corps = corps_de(phrase)
    lignes = simpleSplit(phrase, "Helvetica-Bold", corps, 31.467 * cm)  # as wide as Arial
    assert len(lignes) * 1.2 * Pt(corps).cm <= 3.4 - 0.25  # what is above the chart, without the edges of a box


def test_the_objective_of_each_line_is_drawn_that_of_all_or_its_own_however_many_there_are() -> None:
    lignes = [_cellule(400, 160 + i) for i in range(12)]
    part, objectif = _graphique("aci", "bailleur", lignes).plots[0].series
    assert (part.name, objectif.name, list(objectif.values)) == (
        "Part constatée",
        "Objectif\xa0: 50\u202f%",
        [0.5] * 12,
    )
    lignes = lignes[:7]
    lignes[3]["cible"] = 0.4
    part, objectif = _graphique("aci", "bailleur", lignes).plots[0].series
    assert (part.name, objectif.name, list(objectif.values)) == (
        "Part constatée",
        "Objectif",
        [0.5] * 3 + [0.4] + [0.5] * 3,
    )


@pytest.mark.parametrize("n_lignes", range(1, 13))
def test_a_figure_is_no_higher_than_its_bar_and_no_line_loses_its_name(n_lignes: int) -> None:
    graphique = _graphique("aci", "bailleur", [_cellule(400, 160 + i) for i in range(n_lignes)])
    # Of the 11.4 cm of a slide, one for the legend; a gap is 35 % of a bar.
    barre = (11.4 - 1) / n_lignes / (len(graphique.plots[0].series) + 0.35)
    assert all(s.data_labels.font.size.cm <= barre for s in graphique.plots[0].series)
    assert graphique.category_axis._element.find(qn("c:tickLblSkip")).get("val") == "1"


def test_a_bailleur_that_is_not_drawn_is_named_with_its_side() -> None:
    lignes = [_cellule(400, 160), _cellule(300, 180), _cellule(60, 55), _cellule(20, 10)]
    dites = " ".join(lue_par(SALLE, dessins.reserves, _tableau("aci", "bailleur", lignes)))
    assert dites.replace("\xa0", " ") == "Et 2 autres bailleurs : L2 (au-dessus) et L3"


def test_the_objective_of_all_is_in_the_legend_and_on_no_bar() -> None:
    series = _graphique("aci", "bailleur", [_cellule(400, 160), _cellule(300, 180)]).plots[0].series
    assert [s.data_labels.show_value for s in series] == [True, False]


def test_a_share_far_from_a_hundred_per_cent_takes_the_width_of_its_chart() -> None:
    axe = _graphique("aci", "bailleur", [_cellule(400, 160), _cellule(300, 150)]).value_axis
    assert 0.5 <= axe.maximum_scale <= 0.6


def test_a_delay_is_drawn_to_a_tenth_and_never_ends_by_its_decimal_sign() -> None:
    lignes = [{"n": 50, "n_connus": 50, "mediane_mois": 9.0, "p90_mois": 30.100000000000023} for _ in range(2)]
    series = _graphique("delais", "commune", lignes).plots[0].series
    assert [list(s.values) for s in series] == [[9, 9], [30.1, 30.1]]
    # « 0.# » draws 9 as « 9, »
    assert {s.data_labels._element.getparent().find(".//" + qn("c:formatCode")).text for s in series} == {"General"}


def _cellule(connus: int, comptes: int) -> dict[str, Any]:
    (bas,), (haut,) = wilson(np.array([comptes]), np.array([connus]))
    part = comptes / connus
    return {
        **{"n": connus, "n_connus": connus, "n_inconnus": 0, "numerateur": comptes, "part": part},
        **{"ic_bas": bas, "ic_haut": haut, "cible": 0.5, "ecart_points": 100 * part - 50},
        **{"ecart_attributions": abs(comptes - connus // 2), "verdict": "non_atteint"},
        **{"ecart_trop": max(0, comptes - connus // 2), "ecart_manque": max(0, connus // 2 - comptes)},
        "sens": "trop" if part > 0.5 else "manque",
    }


def test_how_many_lines_a_table_leaves_is_said_above_it_where_no_page_parts_them(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    tableau = replace(_tableau("aci", "bailleur", [_cellule(400, 160 + i) for i in range(30)]), phrase="La phrase.")
    with entrepot.open(Portee.mel(), SEANCE) as lecteur, lease(SALLE):
        note.write(tmp_path / "n.docx", contexte(lecteur, SEANCE, ICI), [tableau], [])
    blocs = list(Document(str(tmp_path / "n.docx")).element.body)
    rang = next(i for i, bloc in enumerate(blocs) if bloc.tag == qn("w:tbl"))
    assert "Les 25 premières lignes sur 30" in "".join(blocs[rang - 1].itertext())
    assert blocs[rang - 1].find(f".//{qn('w:keepNext')}") is not None


def _tableau(indicateur: str, coupe: str, cellules: list[dict[str, Any]]) -> Tableau:
    communs = {"rang": (), "rang_de_classe": 0, "mois_couverts": 12}
    lignes = [c | communs | {coupe: f"L{i}", "nom": f"L{i}"} for i, c in enumerate(cellules)]
    point = next(p for p in POINTS if p.indicateur == indicateur and p.coupe == coupe)
    return lue_par(SALLE, Tableau(point, pd.DataFrame(lignes[:1]), pd.DataFrame(lignes), True).pour)


def _graphique(indicateur: str, coupe: str, cellules: list[dict[str, Any]]) -> Chart:
    page = Presentation().slides.add_slide(Presentation().slide_layouts[6])
    dessin = dessins.dessin_de(_tableau(indicateur, coupe, cellules))
    assert dessin
    diaporama.place(page, dessin, Cm(1), Cm(1), Cm(20), Cm(10))
    (cadre,) = (f for f in page.shapes if f.has_chart)
    return cadre.chart

"""A dossier on a year that the data do not cover whole says it everywhere, and judges nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from pptx import Presentation

from mel_core.dossier.seance import Dossier, compose
from mel_core.entrepot import Entrepot
from mel_core.socle.periodes import Seance
from tests.dossier.conftest import ICI, SEANCE, fichier
from tests.ecrans.conftest import ROUBAIX, monde
from tests.jeux import build_store, chargement, table
from tests.mots import d_un_trait


@pytest.fixture(scope="module")
def moitie(entrepot: Entrepot, tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """2017S1 looks at July 2016 to June 2017; the bails begin in January 2017."""
    return compose(entrepot, Seance(2017, 1), ICI, tmp_path_factory.mktemp("moitie"), "A. Essai")


def test_the_check_before_the_seance_begins_with_the_months_that_are_missing(moitie: Dossier) -> None:
    premiere = d_un_trait(moitie.controles[0].phrase)
    assert premiere.startswith("Les baux chargés ne couvrent que 6 mois sur 12 (du 1er juillet 2016 au 30 juin 2017)")


def test_the_note_never_calls_it_twelve_months_nor_judges_it(moitie: Dossier) -> None:
    document = Document(str(fichier(moitie, "note")))
    textes = [p.text for p in document.paragraphs]
    textes += [c.text for t in document.tables for ligne in t.rows for c in ligne.cells]
    texte = d_un_trait(" ".join(textes))
    assert "6 mois sur 12, du 1er juillet 2016 au 30 juin 2017" in texte
    assert "12 mois, du" not in texte.replace("sur 12, du", "")
    assert "objectif atteint" not in texte
    assert "objectif non atteint" not in texte


def test_each_slide_with_a_figure_says_it(moitie: Dossier) -> None:
    pages = Presentation(str(fichier(moitie, ".pptx"))).slides
    textes = [d_un_trait(" ".join(f.text_frame.text for f in page.shapes if f.has_text_frame)) for page in pages]
    chiffrees = [t for t in textes if "n = " in t]
    assert chiffrees
    assert all(", sur 6 mois sur 12" in t for t in chiffrees)


def test_a_line_of_which_the_screen_has_no_figure_is_left_out_and_told_to_who_prepares(tmp_path: Path) -> None:
    """No quartier tells its fragilité: nothing is held to the 50/50; no attribution its réservataire."""
    sans = {"quartiers": table("quartiers", {"code_quartier": f"{ROUBAIX}0101", "nom": "Q", "code_insee": ROUBAIX})}
    entrepot = build_store(tmp_path / "donnees", chargement(**monde() | sans))
    dossier = compose(entrepot, SEANCE, ICI, tmp_path / "sortie")
    texte = d_un_trait(" ".join(p.text for p in Document(str(fichier(dossier, "note"))).paragraphs))
    assert "ACI en premier accès par commune" in texte
    assert "Équilibre 50/50" not in texte
    assert "par réservataire" not in texte
    assert "Préparer" not in texte
    dites = [d_un_trait(c.phrase) for c in dossier.controles]
    # By the rule of the room, which is sent nowhere: the check says where the remedy is.
    renvoi = "Le bilan dit en préparation ce qu’il faut importer : « "
    for manque in ("sans que la fragilité du quartier le soit", "ne disent pas leur réservataire"):
        assert any(f"{manque}. {renvoi}" in d for d in dites), (manque, dites)

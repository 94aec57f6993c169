"""An objective that is a number of attributions a year, in what is sent: a number, never a share of thousands of %."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from mel_core.dossier.controle_dossier import check
from mel_core.dossier.seance import Dossier, compose
from mel_core.entrepot import Entrepot, Portee
from mel_core.secret.bail import PREPARATION
from tests.dossier.conftest import ICI, SEANCE, fichier
from tests.dossier.test_seance import feuilles, slides
from tests.ecrans.conftest import ROUBAIX, monde
from tests.jeux import build_store, chargement, cible
from tests.lecteurs import lue_par

# Every second household of Roubaix, fifty of a hundred, is of B1: 17 of those fifty are mutations.
EN_2017, EN_NOMBRE = date(2017, 1, 1), "Convention d’essai, en nombre"
PARAMETRES = "".join(
    (
        cible("droit_commun", 90, EN_2017, EN_NOMBRE, commune=ROUBAIX, en_nombre=True, sens="plancher"),
        cible("npru", 40, EN_2017, "Charte d’essai", bailleur="B1", en_nombre=True),
        cible("equilibre", 0.55, date(2017, 6, 1), "Convention d’essai, en part"),
    )
)


@pytest.fixture(scope="module")
def entrepot(tmp_path_factory: pytest.TempPathFactory) -> Entrepot:
    return build_store(tmp_path_factory.mktemp("donnees"), replace(chargement(**monde()), parametres=(PARAMETRES,)))


@pytest.fixture(scope="module")
def dossier(entrepot: Entrepot, tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    return compose(entrepot, SEANCE, ICI, tmp_path_factory.mktemp("sortie"), "A. Essai")


def test_the_workbook_says_the_number_aimed_at_and_what_is_missing(dossier: Dossier) -> None:
    bref = {x["Mesure"]: x for x in feuilles(fichier(dossier, f"{ROUBAIX}-roubaix"))["En bref"]}
    roubaix = bref["Droit commun"]
    # 25 of the 100 are ACI (one rank in four): 75 of droit commun, 15 short of 90.
    assert (roubaix["Attributions comptées"], roubaix["Objectif"], roubaix["Écart (attributions)"]) == (75, 90, 15)
    assert not roubaix["Écart (points)"]
    assert roubaix["Sens de l’écart"] == "il en manque"


def test_a_gap_of_the_workbook_of_a_place_says_its_side_and_that_of_the_room_stays_a_side(dossier: Dossier) -> None:
    siennes = feuilles(fichier(dossier, f"{ROUBAIX}-roubaix"))["En bref"]
    ecarts = [x for x in siennes if x["Mesure"].startswith("Équilibre 50/50, ") and x["Écart (attributions)"]]
    assert len(ecarts) == 3
    assert all(x["Sens de l’écart"] == ("de trop" if x["Part"] > x["Objectif"] else "il en manque") for x in ecarts)
    en_salle = feuilles(fichier(dossier, "classeur"))["Équilibre 50-50 par quartier"]
    assert not any("Sens de l’écart" in x for x in en_salle)
    assert any(x.get("Côté") for x in en_salle)


def test_no_slide_draws_it_among_shares_nor_says_it_in_per_cent(dossier: Dossier) -> None:
    textes = " ".join(slides(dossier))
    assert "9 000" not in textes
    assert not re.search(r"\d{4,}\s?%|\d\s\d{3}\s?%", textes)


def test_what_has_an_objective_in_number_or_of_a_place_is_not_said_to_have_none(entrepot: Entrepot) -> None:
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        dits = " ".join(p.phrase for p in lue_par(PREPARATION, check, entrepot, lecteur, SEANCE, ICI, None))
    assert "« Ménages actifs » n’a pas d’objectif" in dits
    assert "« Ménages de droit commun » n’a pas d’objectif" not in dits
    assert "« Relogements NPRU » n’a pas d’objectif" not in dits


def test_the_note_quotes_the_text_of_the_objective_in_force(dossier: Dossier) -> None:
    texte = "\n".join(p.text for p in Document(str(Path(fichier(dossier, "note")))).paragraphs)
    assert "Convention d’essai, en part" in texte
    assert "signée le 17 mars 2017" in texte.replace("\u00a0", " ")  # that of the ACI, which nothing replaced

"""The points of the cotation, in a list where a file gives them, and nowhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mel_core.entrepot import Chargement, Entrepot, Portee
from mel_core.segments import Criteres, find_all
from mel_core.socle.erreurs import AppelIncorrect
from pages.listes import lecture_listes
from tests.cli.appel import run
from tests.jeux import LILLE, demande_active, serve, table

JOUR = date(2026, 6, 30)
POINTS = {"A": 45.0, "B": 112.5, "C": None}


def demande(nom: str, points: float | None) -> dict[str, Any]:
    """Waiting for two years and a half or more in Lille, A before B before C."""
    return demande_active(nom, date(2023, 1, 1 + "ABC".index(nom)), code_insee_actuel=LILLE, points=points)


def publish(dossier: Path, *, avec: bool) -> Entrepot:
    lignes = table("demandes", *(demande(nom, points) for nom, points in POINTS.items()))
    presentes = frozenset(lignes.column_names) - (set() if avec else {"points"})
    serve(entrepot := Entrepot(dossier), Chargement({"demandes": lignes}, {"demandes": presentes}, "fictive"))
    return entrepot


@pytest.mark.parametrize(("sens", "ordre"), [("decroissant", "BAC"), ("croissant", "ABC")])
def test_a_list_has_the_points_and_sorts_by_them_the_unknown_last(tmp_path: Path, sens: str, ordre: str) -> None:
    with publish(tmp_path, avec=True).open(Portee.mel()) as lecteur:
        liste = find_all(lecteur, "jamais_presentes", Criteres(JOUR), tri="points", sens=sens)
    assert "".join(liste["pseudonyme"]) == ordre
    lus = dict(zip(liste["pseudonyme"], liste["points"].astype(object), strict=True))
    assert (lus["A"], lus["B"]) == (45, 112.5)
    assert lus["C"] != lus["C"]  # unknown, never 0
    dite = lecture_listes.translate(liste, {}, {}, {})
    assert dite["Points (cotation)"].dropna().tolist() == sorted([45, 112.5], reverse=sens == "decroissant")


def test_a_list_of_a_file_without_points_has_no_such_column_and_says_why_it_cannot_be_sorted(tmp_path: Path) -> None:
    with publish(tmp_path, avec=False).open(Portee.mel()) as lecteur:
        liste = find_all(lecteur, "jamais_presentes", Criteres(JOUR))
        with pytest.raises(AppelIncorrect, match=r"aucun fichier de demandes n’apporte la colonne « points »"):
            find_all(lecteur, "jamais_presentes", Criteres(JOUR), tri="points")
    assert len(liste) == 3
    assert "points" not in liste
    assert "Points (cotation)" not in lecture_listes.translate(liste, {}, {}, {})


@pytest.mark.parametrize(("avec", "lus"), [(True, ["45.0", "112.5", ""]), (False, None)])
def test_the_command_line_gives_the_same_column(tmp_path: Path, avec: bool, lus: list[str] | None) -> None:
    publish(tmp_path, avec=avec)
    demandee = ("segment", "libre", "--conditions", '[["anciennete_mois","au_moins",0]]', "--date", str(JOUR))
    demandee += ("--format", "csv")
    entete, *lignes = run("--dossier-donnees", str(tmp_path), *demandee).stdout.splitlines()
    colonnes = entete.split(",")
    assert ("points" in colonnes) == avec
    if lus is not None:
        assert [ligne.split(",")[colonnes.index("points")] for ligne in lignes] == lus

"""Coverage travels with a figure: on every screen of the bilan, in a room too, on the slides and by the command."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mel_core.dossier.lignes_dossier import POINTS, read
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.secret.bail import SALLE
from mel_core.socle.periodes import Periode, Seance
from tests.cli.appel import run
from tests.ecrans.conftest import Publier
from tests.ecrans.vue import Piece
from tests.ecrans.vue import open as see
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, table
from tests.lecteurs import lue_par
from tests.mots import simple

DITE = "des attributions n’ont pas de quartier : le bilan est celui d’un bailleur sur trois."


def lu(pieces: list[Piece]) -> str:
    return simple(" ".join(str(p.contenu) for p in pieces).replace("**", ""))


def monde() -> dict:
    """300 attributions of 2017, a third of them of B1, in Lille, alone to say its quartier; the others in Roubaix; of
    those of B3, half without an income."""
    lignes = [
        attribution(
            1000 * rang + i,
            date_bail=date(2017, 1 + i % 12, 15),
            code_bailleur=bailleur,
            code_insee=LILLE if bailleur == "B1" else ROUBAIX,
            code_quartier=f"{LILLE}01" if bailleur == "B1" else None,
            n_personnes=1,
            revenu_fiscal=None if bailleur == "B3" and i % 2 else 9_000.0 if i % 3 else 3_000.0,
        )
        for rang, bailleur in enumerate(("B1", "B2", "B3"))
        for i in range(100)
    ]
    quartier = {"code_quartier": f"{LILLE}01", "nom": "Centre", "code_insee": LILLE, "fragilite": "fragile"}
    return {
        "attributions": table("attributions", *lignes),
        "bailleurs": bailleurs("B1", "B2", "B3"),
        "quartiers": table("quartiers", quartier),
    }


@pytest.mark.parametrize("mode", [{}, {"salle": "oui"}])
def test_the_bilan_says_how_much_of_it_is_unknown_in_preparation_and_in_a_room(monde_publie: Path, mode) -> None:
    for coupe, mal_connus in (("commune", "Roubaix"), ("bailleur", "Bailleur B2 et Bailleur B3")):
        vu = lu(see(page="bilan", seance="2017S2", ici="MEL", objectif="equilibre", coupe=coupe, **mode))
        assert f"66,7 % {DITE}" in vu or f"67 % {DITE}" in vu
        assert f"Mal connu, à part : {mal_connus}." in vu
    for code, est_mal_connu in ((ROUBAIX, True), ("B2", True), (LILLE, False)):
        fiche = lu(see(page="bilan", seance="2017S2", ici="MEL", objectif="equilibre", fiche=code, **mode))
        assert ("Équilibre 50/50 : mal connu, à ne pas comparer aux autres lieux" in fiche) == est_mal_connu
        assert DITE in fiche
    assert "n’ont pas de quartier" not in lu(see(page="bilan", seance="2017S2", ici="MEL", objectif="aci", **mode))


def test_a_measure_says_it_of_the_cut_that_is_looked_at(monde_publie: Path) -> None:
    perimetre = {"page": "bilan", "seance": "2017S2", "ici": "MEL", "objectif": "npru"}
    assert "n’ont pas de quartier" not in lu(see(**perimetre, coupe="bailleur"))
    assert DITE in lu(see(**perimetre, coupe="quartier"))


def test_a_bailleur_far_under_the_whole_is_drawn_apart(monde_publie: Path) -> None:
    # 250 of 300 incomes known, 83 %: B3, at 50 %, is not compared; nobody says that the whole is unknown.
    vu = lu(see(page="bilan", seance="2017S2", ici="MEL", objectif="bas_revenus", coupe="bailleur"))
    assert "Mal connu, à part : Bailleur B3." in vu
    assert "des attributions n’ont pas" not in vu


def test_what_is_little_known_is_drawn_after_the_others_whatever_its_gap(publish: Publier) -> None:
    """55 of the 100 of B1 are modest, 5 too many; the 50 of B2 that say their quartier all are, 25 too many: half of
    its attributions do not say it, when 75 % of the whole do."""
    lignes = [
        attribution(
            1000 * rang + i,
            date_bail=date(2017, 1 + i % 12, 15),
            code_bailleur=bailleur,
            code_quartier=f"{LILLE}01" if i < situees else None,
            n_personnes=1,
            revenu_fiscal=3_000.0 if i < modestes else 30_000.0,
        )
        for rang, (bailleur, situees, modestes) in enumerate((("B1", 100, 55), ("B2", 50, 50)))
        for i in range(100)
    ]
    publish(**monde() | {"attributions": table("attributions", *lignes)})
    pieces = see(page="bilan", seance="2017S2", ici="MEL", objectif="equilibre", coupe="bailleur")
    assert "Mal connu, à part : Bailleur B2." in lu(pieces)
    (image,) = [p.contenu for p in pieces if p.genre == "graphique"]
    assert [dit for dit in image["layout"]["yaxis"]["ticktext"] if dit] == ["Bailleur B1", "Bailleur B2"]


def test_the_slide_and_the_command_say_the_same(monde_publie: Path) -> None:
    with Entrepot(monde_publie).open(Portee.mel()) as lecteur:
        noms, periode = Noms.read(lecteur), Periode.de(Seance(2017, 2), "annee")
        (point,) = [p for p in POINTS if p.indicateur == "equilibre" and p.coupe == "fragilite"]
        tableau = lue_par(SALLE, read(lecteur, noms, point, periode, "ICI 1").pour)
        assert "n’ont pas de quartier" not in tableau.phrase  # Lille alone: all of it is known
        tableau = lue_par(SALLE, read(lecteur, noms, point, periode, "ICI 2").pour)
    assert tableau.couverture is not None
    assert tableau.couverture.muets == ("B2", "B3")
    equilibre = ("indicateur", "equilibre", "--seance", "2017S2", "--periode", "annee")
    reponse = run("--dossier-donnees", monde_publie, *equilibre)
    assert f"66,7 % {DITE}" in simple(reponse.stderr)
    assert f"67 % {DITE}" in simple(run("--dossier-donnees", monde_publie, *equilibre, "--audience", "salle").stderr)

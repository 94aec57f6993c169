"""Every lever of every simulation, on the demonstration: Simuler shows what `simuler` answers to its address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mel_core.simulation.scenarios import MOTEURS, Scenario
from mel_core.simulation.scenarios.scenario import LEVIERS
from pages.simuler import reglages
from tests.ecrans import leviers
from tests.ecrans.scenario_attendu import Ecran, ask, lisse, verify
from tests.ecrans.vue import Piece, pieces, see, tableaux, texte

SIMULATIONS = [s for s in reglages.REGLAGES if s in MOTEURS]


def open(**adresse: str) -> AppTest:
    return see("simuler", {"deplie_carte": True}, **{"ici": "ICI 2", "seance": "2017S2", **adresse})


def adresse(essai: AppTest) -> dict[str, str]:
    return {cle: v if isinstance(v, str) else v[-1] for cle, v in dict(essai.query_params).items()}


def read(essai: AppTest) -> Ecran:
    vues = list(pieces(essai))
    html = [p.contenu for p in vues if p.genre == "html"]
    tables = [t for morceau in html if 'class="chiffres"' in morceau for t in tableaux(morceau)]
    (reponse,) = [morceau for morceau in html if 'class="demande"' in morceau]
    phrase = texte(re.sub(r"</?b>", "", reponse[: reponse.index("</p>")]))
    (etat,) = [texte(morceau) for morceau in html if 'class="etat ' in morceau]

    def image(titre: str) -> str:
        lus = [lu for m in html for lu in re.findall(r'<p class="lu">.*?</p>', m)]
        (lue,) = [lu for lu in lus if texte(lu).strip().startswith(f"{titre} : ")]
        return texte(lue).strip().removeprefix(f"{titre} : ")

    return Ecran(
        phrase,
        [[lisse(dit) for dit, _ in rangee[1:]] for t in tables for rangee in t.rangees[1:]],
        [dit.lstrip("■◎△ ") for dit, _ in tables[0].rangees[0][1:]],
        etat.lstrip("■◎△ "),
        image,
    )


def check(essai: AppTest, dossier: Path, lieu: Path) -> dict[str, Any]:
    assert not essai.exception
    reponse = ask(dossier, lieu, adresse(essai))
    verify(read(essai), reponse)
    return reponse


def move(essai: AppTest, simulation: str, *voulus: reglages.Reglage) -> set[str]:
    """These levers at once, some steps from where they are or to another choice; those that the screen has."""
    bouges, tires, poses = set(), {}, leviers.curseurs(essai)
    for reglage in voulus:
        cle, titre = reglages.cle(simulation, reglage.nom), LEVIERS[simulation][reglage.nom].titre
        libelle = titre[:1].upper() + titre[1:]
        choisis = [w for genre in ("number_input", "checkbox", "selectbox") for w in getattr(essai, genre)]
        choisis = [w for w in choisis if w.key == cle]
        for w in choisis:
            w.set_value({"checkbox": not w.value, "selectbox": "poulidor", "number_input": 6000}[w.type])
        if libelle in poses:
            ailleurs = reglage.maximum if poses[libelle] == reglage.minimum else reglage.minimum
            tires[libelle] = poses[libelle] + 3 if poses[libelle] + 3 <= reglage.maximum else ailleurs
        if choisis or libelle in poses:
            bouges.add(reglage.nom)
    leviers.pull(essai, tires)
    return bouges


@pytest.mark.parametrize("simulation", SIMULATIONS)
def test_at_rest_then_with_every_lever_moved_the_screen_says_what_the_command_answers(
    simulation: str, dossier: Path, tmp_path: Path
) -> None:
    essai = open(simulation=simulation)
    check(essai, dossier, tmp_path)
    bouges = move(essai, simulation, *reglages.REGLAGES[simulation])
    reponse = check(essai, dossier, tmp_path)
    assert bouges <= set(reponse["scenario"]["leviers"])
    assert len(bouges) >= len(reglages.REGLAGES[simulation]) - 1  # a lever may need another segment
    if simulation == "convergence":
        assert say(pieces(essai)).count("Part de ménages modestes parmi les occupants") == 1


def test_levers_that_nobody_touched_follow_the_place_and_one_that_was_stays(dossier: Path, tmp_path: Path) -> None:
    essai = open(simulation="equilibre", ici="ICI 1")
    for ici in ("ICI 2", "MEL"):
        essai.selectbox(key="ici").select(ici).run()
        assert check(essai, dossier, tmp_path)["scenario"]["leviers"] == {}
        parts = [valeur for levier, valeur in leviers.curseurs(essai).items() if levier.startswith("Part de ménages")]
        assert parts == [50, 50, 50]  # the objective of each class
    essai.number_input(key=reglages.cle("equilibre", "attributions_attendues")).set_value(3000).run()
    essai.selectbox(key="ici").select("ICI 1").run()
    assert check(essai, dossier, tmp_path)["scenario"]["leviers"] == {"attributions_attendues": "3000"}


@pytest.mark.long
@pytest.mark.parametrize("simulation", SIMULATIONS)
def test_each_lever_moved_in_turn_answers_as_the_command_does(simulation: str, dossier: Path, tmp_path: Path) -> None:
    essai = open(simulation=simulation)
    for reglage in reglages.REGLAGES[simulation]:
        if move(essai, simulation, reglage):
            assert reglage.nom in check(essai, dossier, tmp_path)["scenario"]["leviers"]


def test_why_this_figure_gives_the_file_that_the_command_replays(dossier: Path, tmp_path: Path) -> None:
    essai = open(simulation="aci", cible="3/5")
    essai.session_state["pourquoi"] = True  # what its click does
    essai.run()
    codes = [c.value for c in essai.code]
    (tmp_path / "copie.toml").write_text(next(c for c in codes if "simulation = " in c), encoding="utf-8")
    relu = Scenario.read(tmp_path / "copie.toml")
    assert (relu.simulation, relu.ici, relu.leviers) == ("aci", "ICI 2", {"cible": Fraction(3, 5)})
    assert any("python -m mel_core simuler scenario.toml" in c for c in codes)
    assert "Laissé de côté" in say(pieces(essai))


def say(vues: Iterator[Piece]) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", str(p.contenu))) for p in vues if p.genre != "graphique")


def test_a_link_with_what_no_slider_holds_is_played_as_it_says_and_an_unreadable_one_is_refused(
    dossier: Path, tmp_path: Path
) -> None:
    essai = open(simulation="equilibre", horizon="10", cible_fragile="1/3")
    assert "Horizon (semestres) : 10 (donné par le lien)" in say(pieces(essai))
    assert check(essai, dossier, tmp_path)["scenario"]["leviers"] == {"cible_fragile": "1/3", "horizon": "10"}
    partout = say(pieces(open(simulation="equilibre", cible="9/20"))).replace("\u202f", " ")
    assert "Part de ménages modestes, toutes classes : 45 % (donné par le lien)" in partout.replace("\u00a0", " ")
    faux = open(simulation="equilibre", cible_fragile="beaucoup")
    assert "Le levier « cible_fragile » vaut « beaucoup »" in say(pieces(faux)).replace("\u00a0", " ")


def test_a_link_to_a_segment_that_does_not_exist_says_so_in_words_and_opens_another(
    dossier: Path, tmp_path: Path
) -> None:
    essai = open(simulation="engagement", segment="nulle part")
    dits = texte(" ".join(p.contenu for p in pieces(essai) if p.genre == "html"))
    assert "Le lien demande « nulle part »" in dits.replace("\u202f", " ").replace("\u00a0", " ")
    assert "attente_24" not in dits
    assert adresse(essai)["segment"] == "attente_24"


def test_levers_do_not_leak_from_a_simulation_to_the_next(dossier: Path, tmp_path: Path) -> None:
    essai = open(simulation="equilibre", horizon="4", cible_fragile="2/5")
    assert read(essai).etat.startswith("Hypothèse")
    essai.selectbox(key="simulation").set_value("convergence").run()
    reponse = check(essai, dossier, tmp_path)
    assert reponse["scenario"]["leviers"] == {}
    assert "12 semestres" in read(essai).phrase.replace("\u00a0", " ")
    assert "cible_fragile" not in adresse(essai)


def test_a_scenario_that_is_refused_keeps_its_levers_under_the_hand(dossier: Path, tmp_path: Path) -> None:
    essai = open(simulation="ordonnancement")
    leviers.pull(essai, {"Poids : ancienneté": 0})
    assert "Tous les poids sont à 0" in leviers.dit(essai).replace("\u00a0", " ")
    assert leviers.curseurs(essai)["Poids : ancienneté"] == 0
    leviers.pull(essai, {"Poids : ancienneté": 2, "Poids : ménage ACI": 3})
    check(essai, dossier, tmp_path)


@pytest.mark.parametrize(
    ("adresse", "visees"),
    [
        ({"simulation": "equilibre", "cible_fragile": "11/20"}, {"Quartiers fragiles": 55, "Sans fragilité": 50}),
        ({"simulation": "aci", "cible": "3/5"}, {"Part atteinte": 60}),
    ],
    ids=["equilibre", "aci"],
)
def test_a_room_sees_each_share_go_from_the_finding_to_what_is_aimed_at_and_no_place(
    adresse: dict[str, str], visees: dict[str, int], dossier: Path, tmp_path: Path
) -> None:
    reponse = ask(dossier, tmp_path, {"ici": "ICI 2", "seance": "2017S2", **adresse})
    parts = [part for cle, part in reponse["constat"].items() if cle.startswith("part")]
    (message,) = leviers.messages(open(salle="oui", **adresse))
    (image,) = message["etape"]["images"]
    lues = dict(lue.split(" : ") for lue in lisse(image["lecture"]).split(" ; "))
    lus = {nom: [int(dit) for dit in re.findall(r"\d+", lue)] for nom, lue in lues.items()}
    assert len(lus) == len(parts)
    for (constat, _), part in zip(lus.values(), parts, strict=True):
        assert abs(constat - 100 * part) <= 1  # a room is told whole per cent
    assert {nom: visee for nom, (_, visee) in lus.items() if nom in visees} == visees

"""An engagement in the room: each figure is the desk's by the rule, or is not said; no step of the lever gives more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.secret.bail import PREPARATION, SALLE, lease
from mel_core.segments.profil import Servables
from mel_core.simulation.engagement import calcul_engagement
from mel_core.simulation.engagement import phrases_engagement as phrases
from mel_core.simulation.engagement.calcul_engagement import ScenarioEngagement, project
from mel_core.simulation.engagement.phrases_engagement import judge
from mel_core.simulation.engagement.situation import Situation
from mel_core.simulation.reorientation.faisabilite import Faisabilite
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.commun.segments import etape
from pages.seance.orientations import levier_engagement as levier
from tests.exemples import examples, one_in
from tests.jeux import LILLE
from tests.lecteurs import lue_par

S2 = Seance(2017, 2)


def draw(entrants: tuple[int, ...] = (118, 122, 97, 97, 97, 97), **observe: int) -> Situation:
    """A segment of 903 among 4 996, whose flow of 938 gives it 31."""
    comptes = {
        **{"n": 903, "flux": 938, "n_attributions": 936, "n_observes": 31, "n_rattachees": 930},
        **{"n_avant": 862, "n_sortis": 86, "n_observes_attendus": 31, "n_servables": 641},
    }
    return Situation(
        **(comptes | observe),
        est_au_drapeau=False,
        est_observe=True,
        bornes=Servables(n=903, n_inconnus=0, n_attributions=1282, n_servables=641),
        cellules=pd.DataFrame([(LILLE, "B1", 938)], columns=["commune", "bailleur", "flux"]),
        autres=pd.DataFrame({"groupe": ["aci", "mutation", "premier_acces"], "n": [401, 203, 1003]}),
        entrees=pd.DataFrame({"entrants": list(entrants), "est_suppose": True}),
    )


def plain(texte: str) -> str:
    return texte.replace("\u202f", " ").replace("\u00a0", " ").replace("*", "")


def say(s: Situation, essai: ScenarioEngagement) -> str:
    return plain(lue_par(SALLE, phrases.say, s, essai, S2.suivante.fin))


def steps(s: Situation) -> list[ScenarioEngagement]:
    """Every step of a room's lever."""
    return [lue_par(SALLE, levier.essai, s, p) for p in range(lue_par(SALLE, levier._last, s) + 1)]


def test_a_room_moves_the_number_promised_by_fives_and_is_told_each_exact_figure_rounded() -> None:
    s = draw()
    assert [e.vises for e in steps(s)] == [*range(0, 30, 10), 30, *range(40, 950, 10)]
    assert lue_par(SALLE, levier.say_pas, s, 14) == "140\u00a0ménages"
    # 140 − 31 = 109 more; 903 + 118 − 140 − 90 (86 of 862 leave otherwise) = 791 left, 900 of themselves.
    assert say(s, steps(s)[14]) == snapshot(
        "140 ménages logés d’ici le 30 juin 2018, sur 940 attributions attendues : 110 de plus que ce que le flux leur "
        "donne (30). Cela déplace 110 attributions qui iraient à d’autres. Faisable."
    )
    with lease(SALLE):
        avec, sans = phrases.suites(s, steps(s)[14])
        lecture = plain(etape.restants(avec, sans, est_d_usage=False).lecture)
    assert lecture == (
        f"Aujourd’hui : {plain(langue.nombre(SALLE.compte(s.n)))} ménages ; Prochaine ICI, sans engagement : "
        "900 ménages ; Prochaine ICI, avec : 790 ménages"
    )
    temoin = project(s.entrees, s.scenario())["restants"].tolist()
    assert (temoin[0], SALLE.compte(temoin[-1])) == (900, 820)


@st.composite
def situations(tire: st.DrawFn) -> Situation:
    n, flux = tire(st.integers(13, 3000)), tire(st.integers(13, 3000))
    n_avant = tire(st.integers(1, 3000))
    return draw(
        tuple(tire(st.lists(st.integers(0, 300), min_size=6, max_size=6))),
        n=n,
        flux=flux,
        n_servables=tire(st.integers(0, n)),
        n_avant=n_avant,
        n_sortis=tire(st.integers(0, n_avant)),
        n_observes_attendus=tire(st.integers(0, min(n, flux))),
    )


def desk(s: Situation, essai: ScenarioEngagement) -> set[int]:
    """The figures of a desk."""
    avec, sans = (project(s.entrees, e)["restants"].tolist() for e in (essai, s.scenario()))
    ecart = abs(essai.servis - s.n_observes_attendus)
    des_comptes = {s.flux, s.n, s.n_servables, s.n_observes_attendus}
    return des_comptes | {ecart, essai.n_deplaces, essai.au_mieux, avec[0], sans[0], sans[-1]}


@examples(60)
@given(s=situations())
def test_each_number_said_to_a_room_is_the_desk_s_by_the_rule_and_its_verdict_the_desk_s(s: Situation) -> None:
    for essai in steps(s):
        dite = say(s, essai).replace("dans 6 semestres", "").replace("d’ici le 30 juin 2018", "")
        dites = {plain(langue.nombre(SALLE.compte(n))) for n in desk(s, essai)} - {"12 ou moins"}
        dites |= {str(SALLE.regle.tus), "0", plain(langue.nombre(essai.vises))}
        lus = re.findall(r"\d+(?: \d{3})*", dite)
        assert set(lus) <= dites, dite
        mots = [mot for mot in phrases.MOTS.values() if re.search(rf"\b{mot}\b", dite)]
        assert mots in ([], [phrases.MOTS[calcul_engagement.judge(essai)[0]]]), dite
        if lue_par(SALLE, judge, s, essai).est_possible:  # what is promised is exact
            assert essai.servis == essai.vises


def what_is_told(s: Situation) -> tuple[object, ...]:
    """All that a room is told of a situation, whatever is promised: each rounded once."""
    temoin = project(s.entrees, s.scenario())["restants"].tolist()
    libres = project(s.entrees, s.scenario(nombre=0))["restants"].iloc[0]
    est_projete = lue_par(SALLE, phrases.is_projected, s)
    lus = (s.n, s.flux, s.n_servables, s.n_observes_attendus, *((libres, temoin[0], temoin[-1]) if est_projete else ()))
    parts = SALLE.part(s.n_sortis, s.n_avant), SALLE.compte(s.n_observes), SALLE.compte(s.n_attributions)
    return (*map(langue.nombre, map(SALLE.compte, lus)), est_projete, *map(str, parts))


def twins(s: Situation) -> Iterator[Situation]:
    """Others that a room is told the same of."""
    for dn, df, ds, do, de in product((-2, 0, 2), (-2, 0, 1), (-1, 0, 2), (-1, 0, 1), (-1, 0, 2)):
        entrees = s.entrees.assign(entrants=[max(0, n + de) for n in s.entrees["entrants"]])
        autre = replace(
            s,
            n=s.n + dn,
            flux=s.flux + df,
            n_servables=s.n_servables + ds,
            n_observes_attendus=max(0, s.n_observes_attendus + do),
            entrees=entrees,
        )
        if what_is_told(autre) == what_is_told(s):
            yield autre


def tout(s: Situation) -> list[str]:
    """Everything that is written while the lever goes through all its steps."""
    positions = range(lue_par(SALLE, levier._last, s) + 1)
    dits = [lue_par(SALLE, phrases.reserve, s), *(lue_par(SALLE, levier.say_pas, s, p) for p in positions)]
    return dits + [say(s, essai) for essai in steps(s)]


@pytest.mark.parametrize(
    ("servables", "deja"),
    one_in(4, product((10, 641, 903), (5, 31, 302)), pytest.mark.long),  # each of both, once
)
def test_no_step_of_the_lever_gives_back_what_the_room_may_not_read(deja: int, servables: int) -> None:
    # Sources of which each figure, rounded once, reads the same: nothing that the lever gives tells them apart.
    s = draw(n_observes_attendus=deja, n_servables=servables)
    autres = list(twins(s))
    assert len(autres) > 10
    dits = tout(s)
    assert [autre for autre in autres if tout(autre) != dits] == []


def test_a_verdict_that_would_tell_how_many_are_possible_is_not_told() -> None:
    s = draw()  # 641 may be housed where they ask: 640 to the room, which may be 638 to 642
    lus = {n: lue_par(SALLE, judge, s, s.scenario(nombre=n)) for n in (315, 320, 325, 635, 640, 645)}
    assert [lus[n].verdict for n in (315, 325, 635, 645)] == [
        *(Faisabilite.FAISABLE, Faisabilite.TENDU, Faisabilite.TENDU, Faisabilite.INFAISABLE)
    ]
    assert (lus[320].verdict, lus[320].est_possible) == (None, True)
    assert (lus[640].verdict, lus[640].est_possible) == (None, None)
    assert say(s, s.scenario(nombre=640)) == snapshot(
        "640 ménages visés, sur 940 attributions attendues : trop près de ce qui est possible pour se dire ici."
    )
    assert str(lus[645]).endswith("que 640\u00a0ménages.")
    assert lue_par(PREPARATION, judge, s, s.scenario(nombre=641)).est_possible


@pytest.mark.parametrize("observe", [{"est_observe": False}, {"flux": 9}, {}])
def test_a_message_of_an_engagement_names_its_segment_be_there_nothing_to_say_of_it(observe: dict[str, int]) -> None:
    s, de = replace(draw(), **observe), " parmi « Ménages ACI »"
    for nombre in (0, 640):
        dit = plain(lue_par(SALLE, phrases.say, s, s.scenario(nombre=nombre), S2.suivante.fin, de))
        assert "armi « Ménages ACI »" in dit, dit


def test_the_lever_of_a_room_goes_as_finely_as_what_is_possible_asks() -> None:
    # 38 may be housed where they ask: to 80 by fives, not to 940 by tens.
    assert [e.vises for e in steps(draw(n_servables=38, n_observes_attendus=15))] == list(range(0, 85, 5))


@pytest.mark.parametrize("deja", [13, 31, 46, 938])
@pytest.mark.parametrize("flux", [938, 5446])
def test_no_two_steps_of_the_slider_read_the_same(deja: int, flux: int) -> None:
    """A slider that is given twice the same step stops there."""
    s = draw(flux=flux, n_observes_attendus=deja)
    derniere = lue_par(SALLE, levier._last, s)
    assert len({lue_par(SALLE, levier.say_pas, s, position) for position in range(derniere + 1)}) == derniere + 1 <= 101


def test_the_room_reads_that_a_few_are_housed_as_usual_and_nothing_is_projected_of_them() -> None:
    s = draw(n_observes_attendus=5)
    assert not lue_par(SALLE, phrases.is_projected, s)
    assert lue_par(SALLE, levier.say_pas, s, 0) == "comme d’habitude"
    assert lue_par(SALLE, levier.say_pas, s, 1) == "10\u00a0ménages"
    au_repos = lue_par(SALLE, phrases.prend, s, lue_par(SALLE, levier.essai, s, 0), S2.fin)
    assert au_repos.endswith("le flux en loge déjà 12 ou moins.")
    assert au_repos.startswith("**Comme d’habitude**")
    assert lue_par(SALLE, phrases.prend, s, s.scenario(nombre=20), S2.fin).endswith(
        "; le flux en loge déjà 12 ou moins."
    )
    assert lue_par(SALLE, phrases.deplace, s, s.scenario(nombre=20)) == ""
    assert "Trop peu de ménages" in lue_par(SALLE, phrases.reserve, s)


def test_whether_a_number_is_more_than_usual_is_not_told_where_it_would_say_how_many_that_is() -> None:
    s = draw()
    for nombre in (20, 30, 40):
        dite = say(s, s.scenario(nombre=nombre))
        assert "comme le flux (30), à 12 près" in dite
        assert "déplace" not in dite  # it would say the same again
    assert SALLE.compte(31 - 20).est_tu


def test_why_what_the_flow_gives_is_unknown_is_said_once_on_a_page() -> None:
    s = replace(draw(n_rattachees=740), est_observe=False)
    for audience in (PREPARATION, SALLE):
        dits = (
            lue_par(audience, phrases.say, s, s.scenario(nombre=40), S2.suivante.fin),
            lue_par(audience, phrases.reserve, s),
        )
        assert plain(" ".join(dits)).count("il en faut 80 %") == 1
        assert "ni suite projetée : ce que le flux leur donne déjà est inconnu" in dits[1]

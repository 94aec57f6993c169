"""An engagement in the room: all that the lever gives is worked out of what is read, and gives no exact count back."""

from __future__ import annotations

import pandas as pd
import pytest

from mel_core.secret.bail import SALLE
from mel_core.segments.profil import Servables
from mel_core.simulation.engagement import phrases_engagement as phrases
from mel_core.simulation.engagement.calcul_engagement import project
from mel_core.simulation.engagement.phrases_engagement import judge
from mel_core.simulation.engagement.situation import Situation
from mel_core.socle.periodes import Seance
from pages.seance.orientations import levier_engagement
from tests.jeux import LILLE
from tests.lecteurs import lue_par

S2 = Seance(2017, 2)


def salle(**observe: int) -> Situation:
    """A segment of 903 among 4 996, whose flow of 938 gives it 31: what the room reads of it, in fives."""
    comptes = {
        **{"n": 903, "n_actives": 4996, "flux": 938, "n_attributions": 936, "n_observes": 31, "n_rattachees": 930},
        **{"n_avant": 862, "n_sortis": 86, "n_observes_attendus": 31, "n_servables": 641},
    }
    lue = Situation(
        **(comptes | observe),
        est_au_drapeau=False,
        est_observe=True,
        bornes=Servables(n=903, n_inconnus=0, n_attributions=1282, n_servables=641),
        cellules=pd.DataFrame([(LILLE, "B1", 938)], columns=["commune", "bailleur", "flux"]),
        autres=pd.DataFrame({"groupe": ["aci", "mutation", "premier_acces"], "n": [401, 203, 1003]}),
        entrees=pd.DataFrame({"entrants": [118, 122, 97, 97, 97, 97], "est_suppose": True}),
    )
    return lue_par(SALLE, lue.dite)


def test_in_the_room_an_engagement_is_worked_out_of_what_is_said() -> None:
    s = salle()
    assert (s.n, s.flux, s.n_observes_attendus, s.n_servables, s.n_sortis) == (905, 940, 30, 640, 85)
    assert s.entrees["entrants"].tolist() == [120, 120, 95, 95, 95, 95]
    # it rests at 30 of 940, 3,2 %: the third point of the slider; 15 % of 940 is 141
    assert lue_par(SALLE, levier_engagement.repos, s) == 3
    dits = [lue_par(SALLE, levier_engagement.say_pas, s, points).replace("\u202f", " ") for points in range(101)]
    assert dits == [f"{points} %" for points in range(101)]
    assert lue_par(SALLE, levier_engagement.essai, s, 3).servis == 30
    quinze = lue_par(SALLE, levier_engagement.essai, s, 15)
    assert quinze.servis == 141
    # 141 − 30 = 111 of them more than the flow gives, read 110; of the 1 605 others 400 are ACI: 111 × 400 ⁄ 1605 = 28
    dite = lue_par(SALLE, phrases.prend, s, quinze, S2.fin).replace("\u202f", " ").replace("\u00a0", " ")
    assert dite.endswith(
        "sur 940 attributions attendues (15 % du flux attendu) : **110 de plus** que ce que le flux leur donne (30)."
    )
    assert "déplace 110\u00a0attributions" in lue_par(SALLE, phrases.deplace, s, quinze)
    assert "30 à des ménages ACI" in lue_par(SALLE, phrases.deplace, s, quinze)
    assert str(judge(s, s.scenario(nombre=641))).endswith("que 640\u00a0ménages.")


def tout(s: Situation) -> list[str]:
    """Everything that is written while the slider, then the number, go through all their values."""
    essais = [
        *(lue_par(SALLE, levier_engagement.essai, s, p) for p in range(101)),
        *(s.scenario(nombre=n) for n in range(940)),
    ]
    dits = [phrases.reserve(s), *(lue_par(SALLE, levier_engagement.say_pas, s, p) for p in range(101))]
    for essai in essais:
        dits += [
            lue_par(SALLE, phrases.prend, s, essai, S2.fin),
            lue_par(SALLE, phrases.deplace, s, essai),
            str(judge(s, essai)),
        ]
        dits += [str(project(s.entrees, essai)["restants"].tolist())] if s.est_projetable else []
    return dits


@pytest.mark.parametrize(("un", "autre"), [(0, 12), (28, 32)])
def test_no_step_of_the_lever_gives_back_what_the_room_may_not_read(un: int, autre: int) -> None:
    # Two sources that read the same in fives: nothing that the lever gives tells them apart.
    s = salle(n=903, flux=938, n_servables=641, n_sortis=86, n_observes_attendus=un)
    voisine = salle(n=907, flux=942, n_servables=638, n_sortis=84, n_observes_attendus=autre)
    assert tout(s) == tout(voisine)


@pytest.mark.parametrize("deja", [13, 31, 46, 938])
@pytest.mark.parametrize("flux", [938, 5446])
def test_no_two_steps_of_the_slider_read_the_same(deja: int, flux: int) -> None:
    """A slider that is given twice the same step stops there."""
    s = salle(flux=flux, n_observes_attendus=deja)
    assert len({lue_par(SALLE, levier_engagement.say_pas, s, points) for points in range(101)}) == 101
    # 15 of 5 445 is 0,3 %: its first step
    assert flux == 938 or deja > 13 or lue_par(SALLE, levier_engagement.say_pas, s, 1) == "moins de 1\u202f%"


def test_the_room_reads_that_a_few_are_housed_as_usual_and_nothing_is_projected_of_them() -> None:
    s = salle(n_observes_attendus=5)
    assert not s.est_projetable
    assert lue_par(SALLE, levier_engagement.say_pas, s, 0) == "comme d’habitude"
    assert lue_par(SALLE, levier_engagement.say_pas, s, 1).replace("\u202f", " ") == "1 %"
    au_repos = lue_par(SALLE, phrases.prend, s, lue_par(SALLE, levier_engagement.essai, s, 0), S2.fin)
    assert au_repos.endswith("le flux en loge déjà 12 ou moins.")
    assert au_repos.startswith("**Comme d’habitude**")
    assert lue_par(SALLE, phrases.prend, s, s.scenario(nombre=20), S2.fin).endswith(
        "; le flux en loge déjà 12 ou moins."
    )
    assert lue_par(SALLE, phrases.deplace, s, s.scenario(nombre=20)) == ""
    assert "Trop peu de ménages" in phrases.reserve(s)

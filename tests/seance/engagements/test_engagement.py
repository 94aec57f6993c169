"""What an engagement is decided on, what the journal keeps of it, its result at the next séance, on drawn tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from mel_core.entrepot import Portee
from mel_core.journal import Perime
from mel_core.seance.engagements import cohortes as c
from mel_core.seance.engagements.engagement_pris import Engagement, act, echeance_de, find_all, judge_engagement
from mel_core.secret.bail import PREPARATION
from mel_core.segments import Condition, Criteres, SegmentLibre
from mel_core.segments import find_all as find_all_segment
from mel_core.simulation.engagement import phrases_engagement as phrases
from mel_core.simulation.engagement import situation
from mel_core.simulation.engagement.phrases_engagement import judge
from mel_core.simulation.scenarios import Scenario, execute
from mel_core.socle.erreurs import AppelIncorrect
from pages.seance.orientations import levier_engagement
from tests.jeux import LILLE, ROUBAIX, attribution
from tests.lecteurs import lue_par
from tests.seance.engagements.monde import AUTEUR, S1, S2, engagement
from tests.seance.engagements.test_cohorte import demande, magasin, radiee


def test_the_situation_is_counted_on_paper(entrepot):
    with entrepot.open(Portee.mel()) as lecteur:
        s = situation.read(lecteur, "attente_24", Criteres(S2.fin))
    # On 31 December: p1, p2, p3 and franchi wait over 24 months with nothing recorded.
    assert s.n == 4
    # 10 bails in 12 months, 5 a semester. In the last one 5 bails, one of them to the 6 who waited on 30 June.
    assert (s.flux, s.n_attributions, s.n_observes, s.n_avant) == (5, 5, 1, 6)
    # p0 (proposed) and parti (struck off) left otherwise than by a bail.
    assert s.n_sortis == 2
    assert s.taux_sortie == Fraction(2, 6)
    # 12 months halved: 5 of 10 in Roubaix by B2, 5 in Lille by B1: 2,5 each, the first takes the unit.
    assert s.cellules.to_dict("records") == [
        {"commune": LILLE, "bailleur": "B1", "flux": 3},
        {"commune": ROUBAIX, "bailleur": "B2", "flux": 2},
    ]
    assert dict(s.autres.itertuples(index=False, name=None)) == {"aci": 2, "mutation": 2, "premier_acces": 5}
    assert s.n_observes_attendus == 1  # 5 expected × 1 ⁄ 5 observed


def test_what_the_flow_cannot_house_where_they_ask_is_impossible_on_every_screen(tmp_path):
    # Thirty wait for a T4 in Lille, where twelve months let twenty T1 and thirty T4: half of these serve fifteen.
    demandes = [demande(f"p{i}", typologies=["T4"]) for i in range(30)]
    baux = [
        attribution(i, date_bail=date(2017, 6 if i % 2 else 10, 1), typologie="T1" if i < 20 else "T4")
        for i in range(50)
    ]
    with magasin(tmp_path / "donnees", demandes, attributions=baux).open(Portee.mel()) as lecteur:
        lue = situation.read(lecteur, "attente_24", Criteres(S2.fin))
        dits = {
            n: execute(lecteur, Scenario("engagement", S2, {"segment": "attente_24", "nombre": n})) for n in (15, 16)
        }
    assert (lue.n, lue.flux, lue.n_servables) == (30, 25, 15)
    assert str(judge(lue, lue.scenario(nombre=16))) == (
        "Impossible : le flux n’offre de quoi loger là où ils demandent que 15 ménages."
    ).replace("15 ", "15\u00a0").replace(" :", "\u00a0:")
    for n, verdict, mot in ((15, "tendu", "Tendu"), (16, "infaisable", "Impossible")):
        jugement = judge(lue, lue.scenario(nombre=n))
        assert (jugement.mot, str(jugement.verdict), dits[n].verdict) == (mot, verdict, verdict)
        assert str(jugement) in dits[n].write()
    assert dits[16].write().startswith("Impossible")  # first when it is


@pytest.mark.parametrize(
    "leviers",
    [
        {"nombre": 20},
        {"nombre": 40},
        {"part": Fraction(1)},
    ],
)
def test_of_an_impossible_engagement_the_sentence_and_the_figures_say_the_same_households(tmp_path, leviers):
    # As above: thirty wait for a T4 in Lille, fifteen of which are let in a semester.
    demandes = [demande(f"p{i}", typologies=["T4"]) for i in range(30)]
    # Whom the last semester's bails housed: in the data, and of none of those who wait.
    demandes += [
        demande(f"loge{i}", date_creation=date(2017, 3, 1), **radiee(date(2017, 10, 1), "RADATT")) for i in range(50)
    ]
    baux = [
        attribution(i, numero_unique=f"loge{i}", date_bail=date(2017, 6 if i % 2 else 10, 1))
        | {"typologie": "T1" if i < 20 else "T4"}
        for i in range(50)
    ]
    with magasin(tmp_path / "donnees", demandes, attributions=baux).open(Portee.mel()) as lecteur:
        lu = execute(lecteur, Scenario("engagement", S2, {"segment": "attente_24", **leviers}))
        possible = execute(lecteur, Scenario("engagement", S2, {"segment": "attente_24", "nombre": 15}))
    phrase = lu.write().replace("\u00a0", " ").replace("\u202f", " ")
    assert phrase.endswith(
        "15 ménages au plus du segment « Plus de 24 mois sans proposition enregistrée » (30 aujourd’hui) seraient "
        "logés d’ici le 30 juin 2018, sur 25 attributions attendues. Sans engagement, il en resterait 30 à la "
        "prochaine ICI, 30 dans 6 semestres, entrées comprises."
    )
    assert (lu.synthese["n_servis"], lu.synthese["n_deplaces"]) == (15, possible.synthese["n_deplaces"])
    assert lu.details["cellules"]["a_servir"].sum() == 15
    assert lu.synthese["n_restants"] is None  # nothing is projected of what cannot be done
    assert lu.resultat.empty
    assert (possible.synthese["n_servis"], len(possible.resultat)) == (15, 6)
    assert possible.write().startswith("15\u00a0ménages logés du segment")


def test_those_who_will_cross_the_threshold_are_known_and_discounted(entrepot):
    with entrepot.open(Portee.mel()) as lecteur:
        s = situation.read(lecteur, "attente_24", Criteres(S2.fin))
    # Two could cross in the last semester, one did: one in two. The three of March 2016 cross within six months
    # (3 × 1⁄2 = 1,5), that of September 2016 within twelve (1 × 1⁄4 = 0,25). After 24 months nobody is there yet.
    assert s.entrees["entrants"].tolist() == [1, 0, 0, 0, 0, 0]
    assert s.entrees["est_suppose"].tolist() == [False] * 4 + [True] * 2


def test_where_time_is_not_the_rule_the_last_inflow_is_carried_forward_and_said_assumed(entrepot):
    with entrepot.open(Portee.mel()) as lecteur:
        s = situation.read(lecteur, "jamais_presentes", Criteres(S2.fin))
    assert s.entrees["est_suppose"].all()
    assert s.entrees["entrants"].nunique() == 1


def test_a_household_housed_in_another_ici_did_not_leave_without_a_bail(tmp_path):
    # Three wait in June in the ICI of Lille: one housed in Lille, one in Roubaix, one struck off.
    demandes = [
        demande(q, **radiee(date(2017, 9, 30), m)) for q, m in (("a", "RADATT"), ("b", "RADATT"), ("c", "RADREN"))
    ]
    baux = [attribution(1, numero_unique="a"), attribution(2, numero_unique="b", code_insee=ROUBAIX)]
    entrepot = magasin(tmp_path / "donnees", demandes, attributions=baux)
    with entrepot.open(Portee.ici("ICI 1")) as lecteur, entrepot.open(Portee.mel()) as metropole:
        s = situation.read(lecteur, "attente_24", Criteres(S2.fin), metropole)
    assert (s.n_avant, s.n_attributions, s.n_observes, s.n_sortis) == (3, 1, 1, 1)


@pytest.mark.parametrize(("n_effacees", "est_observe"), [(0, True), (1, True), (2, False), (5, False)])
def test_what_the_flow_gives_is_unknown_once_the_demandes_that_it_served_are_erased(tmp_path, n_effacees, est_observe):
    # Five bails in the second semester. One erased leaves 4 of 5 (80 %), two leave 3 of 5.
    servis = [f"s{i}" for i in range(5)]
    demandes = [demande(f"reste{i}") for i in range(2)]
    demandes += [demande(q, **radiee(date(2017, 9, 30), "RADATT")) for q in servis[n_effacees:]]
    baux = [attribution(i, numero_unique=q) for i, q in enumerate(servis)]
    with magasin(tmp_path, demandes, attributions=baux).open(Portee.mel()) as lecteur:
        s = situation.read(lecteur, "attente_24", Criteres(S2.fin))
    assert (s.n_attributions, s.n_rattachees, s.est_observe) == (5, 5 - n_effacees, est_observe)
    # two expected a semester, the share observed of them while it is observed
    assert s.n_observes_attendus == (2 * (5 - n_effacees) // 5 if est_observe else 0)
    dit = lue_par(PREPARATION, phrases.prend, s, s.scenario(s.n_observes_attendus), S2.fin)
    assert ("inconnu" in dit) is not est_observe
    assert ("autant que ce que le flux leur donne déjà" in dit) is est_observe


def test_the_flag_of_the_sne_observes_nothing_of_the_past_and_says_so(tmp_path):
    demandes = [demande(f"p{i}", delai_anormalement_long=True) for i in range(3)]
    with magasin(tmp_path, demandes).open(Portee.mel()) as lecteur:
        s = situation.read(lecteur, "delai_anormalement_long", Criteres(S2.fin))
    assert (s.n, s.est_observe) == (3, False)
    assert "inconnu" in lue_par(PREPARATION, phrases.prend, s, s.scenario(0), S2.fin)
    assert lue_par(PREPARATION, phrases.deplace, s, s.scenario(0)) == ""


def test_the_slider_untouched_gives_what_the_flow_already_gives(entrepot):
    with entrepot.open(Portee.mel()) as lecteur:
        lue = situation.read(lecteur, "attente_24", Criteres(S2.fin))
    # 31 expected of 936 are 3,3 %: the slider rests at 4 %, which alone would be 38 households
    s = replace(lue, n=5000, flux=936, n_servables=936, n_observes_attendus=31)
    assert lue_par(PREPARATION, levier_engagement.repos, s) == 4
    assert [lue_par(PREPARATION, levier_engagement.essai, s, points).servis for points in (3, 4, 5)] == [29, 31, 47]
    au_repos = lue_par(PREPARATION, levier_engagement.essai, s, 4)
    assert au_repos.n_deplaces == 0
    assert "autant que ce que le flux leur donne déjà" in lue_par(PREPARATION, phrases.prend, s, au_repos, S2.fin)
    # what is written on the slider is what the sentence says; whole points elsewhere
    dits = [
        lue_par(PREPARATION, levier_engagement.say_pas, s, points).replace("\u202f", " ")
        for points in (0, 3, 4, 5, 100)
    ]
    assert dits == ["0 %", "3 %", "3,3 %", "5 %", "100 %"]
    assert "(3,3 % du flux attendu)" in lue_par(PREPARATION, phrases.prend, s, au_repos, S2.fin).replace("\u202f", " ")
    # 2 of 936 are 0,2 %; nothing given is 0 %
    assert (
        lue_par(PREPARATION, levier_engagement.say_pas, replace(s, n_observes_attendus=2), 1).replace("\u202f", " ")
        == "0,2 %"
    )
    assert (
        lue_par(PREPARATION, levier_engagement.say_pas, replace(s, n_observes_attendus=0), 0).replace("\u202f", " ")
        == "0 %"
    )


def test_an_engagement_is_read_back_as_it_was_acted(entrepot, journal):
    acte, cohorte = engagement(entrepot, part=Fraction(3, 10))
    fiche = act(journal, entrepot.dossier, acte, cohorte, AUTEUR, identifiant="a" * 32, op_id="b" * 32)
    ((relue, lu),) = find_all(journal, seance="2017S1", ici="")
    assert (relue, relue.auteur) == (fiche, AUTEUR)
    assert lu.cohorte
    assert {**lu.contenu(), "cohorte": ""} == acte.contenu()
    assert lu.part == Fraction(3, 10)
    assert find_all(journal, seance="2016S2") == []
    assert not any(p in str(dict(fiche.contenu)) for p in cohorte["pseudonyme"])


def test_the_same_operation_twice_is_one_engagement_and_one_list(entrepot, journal):
    acte, cohorte = engagement(entrepot)
    fiches = [
        act(journal, entrepot.dossier, acte, cohorte, AUTEUR, identifiant="a" * 32, op_id="b" * 32) for _ in range(2)
    ]
    assert fiches[0] == fiches[1]
    assert len(find_all(journal)) == 1
    assert [f.stem for f in (entrepot.dossier / "cohortes").iterdir()] == [fiches[0].contenu["cohorte"]]


def test_a_stale_engagement_overwrites_nothing_and_both_lists_are_kept(entrepot, journal):
    acte, cohorte = engagement(entrepot)
    act(journal, entrepot.dossier, acte, cohorte, AUTEUR, identifiant="a" * 32, op_id="b" * 32)
    autre, _ = engagement(entrepot, nombre=3)
    with pytest.raises(Perime):
        act(journal, entrepot.dossier, autre, cohorte, AUTEUR, identifiant="a" * 32, op_id="c" * 32)
    assert [lu.nombre for _, lu in find_all(journal)] == [2]
    assert len(list((entrepot.dossier / "cohortes").iterdir())) == 2


def test_a_free_segment_is_committed_to_like_a_named_one(entrepot, journal):
    libre = SegmentLibre(
        (Condition("anciennete_mois", "au_moins", 24), Condition("commune_souhaitee", "parmi", (LILLE,)))
    )
    with entrepot.open(Portee.mel(), S1) as lecteur:
        s = situation.read(lecteur, libre, Criteres(S1.fin))
        cohorte = c.pin(find_all_segment(lecteur, libre, Criteres(S1.fin)))
    # the six of 1 January 2015
    assert (s.n, len(cohorte)) == (6, 6)
    acte = Engagement(
        *("libre", Criteres(S1.fin), S1, "ICI 1", 1, 5, 6, echeance_de(S1), "x"), libre=libre, par_bailleur={"B1": 1}
    )
    fiche = act(journal, entrepot.dossier, acte, cohorte, AUTEUR, identifiant="a" * 32, op_id="b" * 32)
    assert Engagement.depuis(fiche).quoi == libre
    assert judge_engagement(entrepot, entrepot.dossier, Engagement.depuis(fiche), S2).n_loges == 1


@pytest.mark.parametrize(
    "change",
    [
        {"nombre": 0},
        {"nombre": 6},
        {"segment": "inconnu"},
        {"echeance": S1.fin},
        {"par_bailleur": {"B1": 1}},
    ],
)
def test_an_engagement_that_makes_no_sense_is_refused_with_what_to_do(entrepot, change):
    acte, _ = engagement(entrepot)
    with pytest.raises(AppelIncorrect, match=":"):
        Engagement(**{**{f: getattr(acte, f) for f in acte.__dataclass_fields__}, **change})


def test_the_next_ici_is_the_end_of_the_semester_that_follows():
    assert [echeance_de(s) for s in (S1, S2)] == [date(2017, 12, 31), date(2018, 6, 30)]

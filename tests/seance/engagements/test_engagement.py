"""What an engagement is decided on, what the journal keeps of it, its result at the next séance, on drawn tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from mel_core.entrepot import Portee
from mel_core.journal import Auteur, Journal, Perime
from mel_core.seance.engagements import cohorte as c
from mel_core.seance.engagements import conservation
from mel_core.seance.engagements.engagement_pris import Engagement, act, echeance_de, find_all
from mel_core.seance.engagements.resultat_engagement import ascertain
from mel_core.secret.audience import PREPARATION
from mel_core.segments import Condition, Criteres, SegmentLibre
from mel_core.segments import find_all as find_all_segment
from mel_core.simulation.engagement import phrases_engagement as phrases
from mel_core.simulation.engagement import situation
from mel_core.simulation.engagement.jugement import judge
from mel_core.simulation.scenarios import Scenario, execute
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance
from pages.seance.orientations import levier_engagement
from tests.jeux import LILLE, ROUBAIX, attribution
from tests.seance.engagements.test_cohorte import demande, evenement, magasin, radiee

S1, S2 = Seance(2017, 1), Seance(2017, 2)
AUTEUR = Auteur("Mme Dupont", "MEL")


@pytest.fixture
def entrepot(tmp_path):
    """Six demandes of 2015, waiting on 30 June 2017; then a bail, a strike-off, a proposition. Ten bails a year."""
    demandes = [demande(f"p{i}") for i in range(4)]
    demandes += [demande("loge", **radiee(date(2017, 9, 30), "RADATT"))]
    demandes += [demande("parti", **radiee(date(2017, 9, 30), "RADREN"))]
    # 18 to 24 months old on 31 December 2017: will cross by 30 June 2018, and by 31 December 2018
    demandes += [demande(f"bientot{i}", date_creation=date(2016, 3, 1)) for i in range(3)]
    demandes += [demande("plus_tard", date_creation=date(2016, 9, 1))]
    # crossed 24 months during the second semester of 2017: one of the two that could was proposed something before
    demandes += [demande(q, date_creation=date(2015, 9, 1)) for q in ("franchi", "propose")]
    evenements = [
        evenement(1, "propose", "PROPOSITION", date(2017, 8, 1)),
        evenement(2, "p0", "PROPOSITION", date(2017, 8, 1)),
    ]
    baux = [attribution(1, numero_unique="loge", date_bail=date(2017, 9, 30))]
    baux += [attribution(i, date_bail=date(2017, 3, 1), code_bailleur="B2", code_insee=ROUBAIX) for i in range(22, 27)]
    baux += [attribution(i, date_bail=date(2017, 10, 1), aci=True) for i in range(27, 29)]
    baux += [attribution(i, date_bail=date(2017, 10, 1), mutation=True) for i in range(29, 31)]
    baux += [attribution(31, date_bail=date(2016, 12, 31))]  # the day before the 12 months
    # who signed them, struck off that day
    demandes += [
        demande(q, date_creation=bail["date_bail"].replace(day=1), **radiee(bail["date_bail"], "RADATT"))
        for bail in baux
        if (q := bail["numero_unique"]) != "loge"
    ]
    return magasin(tmp_path / "donnees", demandes, evenements, baux)


@pytest.fixture
def journal(tmp_path):
    (tmp_path / "journal").mkdir()
    with_journal = Journal.du_dossier(tmp_path / "journal")
    yield with_journal
    with_journal.close()


def test_the_situation_is_counted_on_paper(entrepot):
    with entrepot.open(Portee.mel()) as lecteur:
        s = situation.read(lecteur, "attente_24", Criteres(S2.fin))
    # On 31 December: p1, p2, p3 and franchi wait over 24 months with nothing recorded; 4 + 3 + 1 + 2 are active.
    assert (s.n, s.n_actives) == (4, 10)
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
        assert str(jugement) in dits[n].phrase
    assert dits[16].phrase.startswith("Impossible")  # first when it is


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
    phrase = lu.phrase.replace("\u00a0", " ").replace("\u202f", " ")
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
    assert possible.phrase.startswith("15\u00a0ménages logés du segment")


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
    dit = phrases.prend(s, s.scenario(s.n_observes_attendus), S2.fin, PREPARATION)
    assert ("inconnu" in dit) is not est_observe
    assert ("autant que ce que le flux leur donne déjà" in dit) is est_observe


def test_the_flag_of_the_sne_observes_nothing_of_the_past_and_says_so(tmp_path):
    demandes = [demande(f"p{i}", delai_anormalement_long=True) for i in range(3)]
    with magasin(tmp_path, demandes).open(Portee.mel()) as lecteur:
        s = situation.read(lecteur, "delai_anormalement_long", Criteres(S2.fin))
    assert (s.n, s.est_observe) == (3, False)
    assert "inconnu" in phrases.prend(s, s.scenario(0), S2.fin, PREPARATION)
    assert phrases.deplace(s, s.scenario(0), PREPARATION) == ""


def test_the_slider_untouched_gives_what_the_flow_already_gives(entrepot):
    with entrepot.open(Portee.mel()) as lecteur:
        lue = situation.read(lecteur, "attente_24", Criteres(S2.fin))
    # 31 expected of 936 are 3,3 %: the slider rests at 4 %, which alone would be 38 households
    s = replace(lue, n=5000, flux=936, n_servables=936, n_observes_attendus=31)
    assert levier_engagement.repos(s, PREPARATION) == 4
    assert [levier_engagement.essai(s, points, PREPARATION).servis for points in (3, 4, 5)] == [29, 31, 47]
    au_repos = levier_engagement.essai(s, 4, PREPARATION)
    assert au_repos.n_deplaces == 0
    assert "autant que ce que le flux leur donne déjà" in phrases.prend(s, au_repos, S2.fin, PREPARATION)
    # what is written on the slider is what the sentence says; whole points elsewhere
    dits = [levier_engagement.say_pas(s, points, PREPARATION).replace("\u202f", " ") for points in (0, 3, 4, 5, 100)]
    assert dits == ["0 %", "3 %", "3,3 %", "5 %", "100 %"]
    assert "(3,3 % du flux attendu)" in phrases.prend(s, au_repos, S2.fin, PREPARATION).replace("\u202f", " ")
    # 2 of 936 are 0,2 %; nothing given is 0 %
    assert (
        levier_engagement.say_pas(replace(s, n_observes_attendus=2), 1, PREPARATION).replace("\u202f", " ") == "0,2 %"
    )
    assert levier_engagement.say_pas(replace(s, n_observes_attendus=0), 0, PREPARATION).replace("\u202f", " ") == "0 %"


def engagement(entrepot, nombre=2, part=None) -> tuple[Engagement, object]:
    with entrepot.open(Portee.mel(), S1) as lecteur:
        cohorte = c.pin(find_all_segment(lecteur, "attente_24", Criteres(S1.fin)))
        acte = Engagement(
            *("attente_24", Criteres(S1.fin), S1, ""),
            nombre=nombre,
            flux=5,
            effectif=len(cohorte),
            echeance=echeance_de(S1),
            millesime=lecteur.instantane.identifiant,
            part=part,
            par_commune={LILLE: nombre},
        )
    return acte, cohorte


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
    assert (s.n, s.n_actives, len(cohorte)) == (6, 12, 6)
    acte = Engagement(
        *("libre", Criteres(S1.fin), S1, "ICI 1", 1, 5, 6, echeance_de(S1), "x"), libre=libre, par_bailleur={"B1": 1}
    )
    fiche = act(journal, entrepot.dossier, acte, cohorte, AUTEUR, identifiant="a" * 32, op_id="b" * 32)
    assert Engagement.depuis(fiche).quoi == libre
    assert ascertain(entrepot, entrepot.dossier, Engagement.depuis(fiche), S2).n_loges == 1


def test_the_result_at_the_next_seance_accounts_for_every_household(entrepot, journal):
    acte, cohorte = engagement(entrepot)
    fiche = act(journal, entrepot.dossier, acte, cohorte, AUTEUR, identifiant="a" * 32, op_id="b" * 32)
    resultat = ascertain(entrepot, entrepot.dossier, Engagement.depuis(fiche), S2)
    assert dict(zip(resultat.bilan["issue"], resultat.bilan["n"], strict=True)) == {
        **dict.fromkeys(map(str, c.Issue), 0),
        **{"reloge": 1, "propose": 1, "en_attente": 3, "radie": 1},
    }
    # one housed of the two committed, and the deadline is there
    assert (resultat.n, resultat.n_loges, resultat.verdict) == (6, 1, "non_tenu")
    # 6 − 1 housed − 1 struck off − 1 proposed + 1 who crossed 24 months = 4
    assert resultat.mouvement["n"].tolist() == [6, 1, 1, 0, 1, 1, 0, 4]


def test_an_engagement_is_held_as_soon_as_its_number_is_reached_and_open_before_its_deadline(entrepot, journal):
    for nombre, seance, verdict in ((1, S2, "tenu"), (2, S1, "en_cours"), (2, S2, "non_tenu")):
        acte, cohorte = engagement(entrepot, nombre)
        ident = f"{nombre}{seance}".ljust(32, "0")
        fiche = act(journal, entrepot.dossier, acte, cohorte, AUTEUR, identifiant=ident, op_id=ident)
        assert ascertain(entrepot, entrepot.dossier, Engagement.depuis(fiche), seance).verdict == verdict


def test_a_bail_signed_after_the_deadline_never_turns_a_missed_engagement_into_a_held_one(entrepot, journal, tmp_path):
    # The six of 1 January 2015, two committed by 31 December 2017: one bail in time, two in February 2018.
    baux = [attribution(1, numero_unique="loge", date_bail=date(2017, 9, 30))]
    baux += [attribution(i, numero_unique=f"p{i}", date_bail=date(2018, 2, 1)) for i in (2, 3)]
    suite = magasin(tmp_path / "suite", [demande(f"p{i}") for i in range(4)], attributions=baux)
    acte, cohorte = engagement(entrepot)
    fiche = act(journal, suite.dossier, acte, cohorte, AUTEUR, identifiant="a" * 32, op_id="b" * 32)
    a_temps, plus_tard = (
        ascertain(suite, suite.dossier, Engagement.depuis(fiche), seance) for seance in (S2, Seance(2018, 1))
    )
    assert (a_temps.verdict, a_temps.n_loges, a_temps.n_loges_depuis) == ("non_tenu", 1, 0)
    assert (plus_tard.verdict, plus_tard.n_loges, plus_tard.n_loges_depuis) == ("non_tenu", 1, 2)
    assert (plus_tard.au, plus_tard.vu_au) == (date(2017, 12, 31), date(2018, 6, 30))
    assert plus_tard.bilan.equals(a_temps.bilan)


def test_an_engagement_of_an_ici_is_judged_on_the_bails_of_that_ici_and_the_others_are_told_apart(
    entrepot, journal, tmp_path
):
    with entrepot.open(Portee.mel()) as lecteur:
        icis = dict(lecteur.query("select code_insee, ici from communes").itertuples(index=False, name=None))
    ici, autre = icis[LILLE], icis[ROUBAIX]
    assert ici != autre
    baux = [attribution(i, numero_unique=f"p{i}", date_bail=date(2017, 9, 30), code_insee=ROUBAIX) for i in (1, 2)]
    baux += [attribution(3, numero_unique="p3", date_bail=date(2017, 9, 30), code_insee=LILLE)]
    suite = magasin(tmp_path / "suite", [demande(f"p{i}") for i in range(4)], attributions=baux)
    acte, cohorte = engagement(entrepot)
    for i, (lieu, n, verdict) in enumerate(((ici, 1, "non_tenu"), (autre, 2, "tenu"), ("", 3, "tenu"))):
        ident = str(i) * 32
        fiche = act(*(journal, suite.dossier, replace(acte, ici=lieu), cohorte, AUTEUR), identifiant=ident, op_id=ident)
        r = ascertain(suite, suite.dossier, Engagement.depuis(fiche), S2)
        assert (r.n_loges, r.n_ailleurs, r.verdict) == (n, 3 - n, verdict)
        assert r.bilan["n"].sum() == r.n == 6


def test_an_erased_household_is_still_one_of_the_cohort(entrepot, journal):
    acte, cohorte = engagement(entrepot)
    fiche = act(journal, entrepot.dossier, acte, cohorte, AUTEUR, identifiant="a" * 32, op_id="b" * 32)
    conservation.erase(entrepot.dossier, ["loge"])
    resultat = ascertain(entrepot, entrepot.dossier, Engagement.depuis(fiche), S2)
    assert resultat.bilan["n"].sum() == resultat.n == 6
    assert resultat.n_loges == 0


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

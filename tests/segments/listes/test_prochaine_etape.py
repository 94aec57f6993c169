"""What comes next for a household of a list, and the lists that what was noted narrows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mel_core.entrepot import Portee
from mel_core.journal import Auteur, Journal, Perime, nouvel_op_id
from mel_core.segments import Condition, Criteres, MenagesRetenus, SegmentLibre, count, find_all, order, pseudonymes
from mel_core.segments.listes import candidats, suites
from mel_core.segments.listes.suites import CHOIX, CLOSES, ETAPES, RELANCER, SANS_SUITE, TITRES, Code, Suite
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance
from tests.jeux import ROUBAIX
from tests.seance.engagements.test_cohorte import demande, evenement, magasin

AGENT = Auteur("M. Martin", ROUBAIX, "commune")
FIN = date(2017, 12, 31)
VEILLE, JOUR, LENDEMAIN = date(2018, 1, 2), date(2018, 1, 3), date(2018, 1, 4)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    ouvert = Journal.du_dossier(tmp_path)
    yield ouvert
    ouvert.close()


def suite(code: Code = Code.CONTACTE, etape: str = "", echeance: date | None = None, cause: str = "") -> Suite:
    return Suite(code, ROUBAIX, "poulidor", Seance(2017, 2), cause, etape, echeance)


@pytest.mark.parametrize("etape", ETAPES)
def test_a_next_step_is_read_back_with_its_day(journal: Journal, etape: str) -> None:
    notee = suite(etape=etape, echeance=JOUR)
    suites.write(journal, "m1", notee, AGENT, op_id=nouvel_op_id())
    ((fiche, lue),) = suites.read(journal, ROUBAIX, ["m1", "m2"]).values()
    assert (lue, fiche.auteur.nom) == (notee, "M. Martin")
    assert lue.etape_dite.replace("\u00a0", " ") == f"{ETAPES[etape]} le 3 janvier 2018"


def test_what_was_noted_before_there_were_next_steps_reads_without_any(journal: Journal) -> None:
    ancien = {cle: v for cle, v in suite().contenu().items() if cle not in ("etape", "echeance")}
    journal.write("suite", suites.identifiant(journal, ROUBAIX, "m1"), ancien, AGENT, op_id=nouvel_op_id())
    assert suites.read(journal, ROUBAIX, ["m1"])["m1"][1] == suite()
    assert suite().etape_dite == ""


@pytest.mark.parametrize(
    ("code", "etape", "echeance", "dit"),
    [
        (Code.CONTACTE, "rappeler", None, "une prochaine étape va avec sa date"),
        (Code.CONTACTE, "", JOUR, "une prochaine étape va avec sa date"),
        (Code.CONTACTE, "danser", JOUR, "l’étape « danser » n’existe pas : choisir parmi rappeler le ménage,"),
        *((code, "rappeler", JOUR, f"« {TITRES[code]} » n’attend plus rien : enlever l’étape") for code in CLOSES),
    ],
)
def test_a_next_step_that_says_too_little_or_too_much_is_refused(
    code: Code, etape: str, echeance: date | None, dit: str
) -> None:
    with pytest.raises(AppelIncorrect) as refus:
        suite(code, etape, echeance)
    assert str(refus.value).lower().startswith(dit.lower())


def test_a_household_is_to_be_called_again_from_the_day_of_its_next_step_on() -> None:
    notee = suite(etape="rappeler", echeance=JOUR)
    assert [notee.est_a_relancer(jour) for jour in (VEILLE, JOUR, LENDEMAIN)] == [False, True, True]
    assert not suite().est_a_relancer(JOUR)


def test_each_choice_keeps_the_households_it_says_and_two_of_them_share_none(journal: Journal) -> None:
    # m0 has nothing; m1 to m3 are contacted, m1 due today, m2 tomorrow, m3 never; m4 is housed.
    notees = {
        "m1": suite(etape="rappeler", echeance=JOUR),
        "m2": suite(etape="pieces", echeance=LENDEMAIN),
        "m3": suite(),
        "m4": suite(Code.RELOGE),
    }
    for qui, notee in notees.items():
        suites.write(journal, qui, notee, AGENT, op_id=nouvel_op_id())
    tous = ["m0", *notees]
    connues = suites.read(journal, ROUBAIX, tous)

    def gardes(choix: str) -> list[str]:
        menages = suites.select(choix, connues, JOUR)
        return tous if menages is None else [qui for qui in tous if qui in menages]

    assert gardes("") == tous
    assert gardes(SANS_SUITE) == ["m0"]
    assert gardes(RELANCER) == ["m1"] == sorted(suites.a_relancer(connues, JOUR))
    assert (gardes("contacte"), gardes("reloge")) == (["m1", "m2", "m3"], ["m4"])
    assert sorted(qui for choix in (SANS_SUITE, *TITRES) for qui in gardes(choix)) == tous
    assert list(CHOIX)[:3] == ["", SANS_SUITE, RELANCER]


def test_an_outcome_taken_back_is_as_if_never_noted_and_the_journal_says_who_and_when(journal: Journal) -> None:
    notee = suite(etape="rappeler", echeance=JOUR)
    for qui in ("m1", "m2"):
        suites.write(journal, qui, notee, AGENT, op_id=nouvel_op_id())
    autre = Auteur("A. Dupont", ROUBAIX, "commune")
    with pytest.raises(Perime):  # of what a colleague has changed meanwhile, nothing is taken back
        suites.withdraw(journal, "m1", notee, autre, op_id=nouvel_op_id(), version_vue=0)
    suites.withdraw(journal, "m1", notee, autre, op_id=nouvel_op_id(), version_vue=1)
    connues = suites.read(journal, ROUBAIX, ["m0", "m1", "m2"])
    assert (list(connues), list(connues.retirees)) == (["m2"], ["m1"])
    assert suites.a_relancer(connues, JOUR) == {"m2"}
    assert suites.n_a_relancer(journal, ROUBAIX, JOUR) == 1
    sans_suite = suites.select(SANS_SUITE, connues, JOUR)
    assert sans_suite is not None
    assert [qui for qui in ("m0", "m1", "m2") if qui in sans_suite] == ["m0", "m1"]
    # Both are kept, under their names; what is noted after it has seen it.
    versions = journal.historique("suite", connues.retirees["m1"].identifiant)
    assert [(f.auteur.nom, f.contenu["code"]) for f in versions] == [
        ("M. Martin", "contacte"),
        ("A. Dupont", "retiree"),
    ]
    assert [connues.version(qui) for qui in ("m0", "m1", "m2")] == [0, 2, 1]
    suites.write(journal, "m1", suite(), AGENT, op_id=nouvel_op_id(), version_vue=2)
    assert suites.read(journal, ROUBAIX, ["m1"])["m1"][1] == suite()


def test_a_list_narrowed_to_some_households_and_to_the_others_is_the_whole_list(tmp_path: Path) -> None:
    entrepot = magasin(tmp_path, [demande(f"m{i}") for i in range(5)], [], [])
    criteres, tous = Criteres(FIN), SegmentLibre()
    with entrepot.open(Portee.commune(ROUBAIX)) as lecteur:
        voulues = pseudonymes(lecteur, tous, criteres)
        assert sorted(voulues) == [f"m{i}" for i in range(5)]
        assert len(voulues) == count(lecteur, tous, criteres)

        def qui(*noms: str, est_hors: bool, page: slice | None = None) -> list[str]:
            menages = MenagesRetenus(frozenset(noms), est_hors)
            lignes = None if page is None else order(lecteur, tous, criteres, menages=menages)[page]
            return find_all(lecteur, tous, criteres, menages=menages, lignes=lignes)["pseudonyme"].tolist()

        assert sorted(qui("m1", "m3", est_hors=False)) == ["m1", "m3"]
        assert sorted(qui("m1", "m3", est_hors=True)) == ["m0", "m2", "m4"]
        assert qui(est_hors=False) == []
        assert sorted(qui(est_hors=True)) == sorted(voulues)
        # a page is one of what is kept
        pages = [qui("m1", est_hors=True, page=slice(debut, debut + 2)) for debut in (0, 2, 4)]
        assert [len(page) for page in pages] == [2, 2, 0]
        assert sorted(nom for page in pages for nom in page) == ["m0", "m2", "m3", "m4"]


def test_a_label_among_several_is_enough(tmp_path: Path) -> None:
    # Borne by each: DALO; ACI and NPRU; none; unknown.
    portes = {"m0": {"dalo": True}, "m1": {"aci": True, "npru": True}, "m2": {}, "m3": {"dalo": None}}
    faux = dict.fromkeys(("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru"), False)
    entrepot = magasin(tmp_path, [demande(qui, **faux | labels) for qui, labels in portes.items()], [], [])

    def qui(*labels: str) -> list[str]:
        segment = SegmentLibre((Condition("label", "parmi", labels),))
        with entrepot.open(Portee.commune(ROUBAIX)) as lecteur:
            return sorted(find_all(lecteur, segment, Criteres(FIN))["pseudonyme"])

    assert qui("dalo", "npru") == ["m0", "m1"]
    assert (qui("dalo"), qui("aci"), qui("pdalhpd", "mutation_bloquee")) == (["m0"], ["m1"], [])
    assert SegmentLibre((Condition("label", "parmi", ("dalo", "npru")),)).phrase() == "label DALO ou NPRU"


def test_a_candidate_s_line_says_where_and_in_which_typologie_it_was_last_presented(tmp_path: Path) -> None:
    def passage(numero: int, jour: date, **lieu: str) -> dict[str, object]:
        return evenement(numero, "m0", "PASSAGE_CAL", jour, code_bailleur="B1", decision="NON_ATTRIBUE", **lieu)

    passages = [
        passage(1, date(2017, 9, 1), code_residence="R2", typologie="T4"),
        passage(2, date(2017, 3, 1), code_residence="R1", typologie="T3"),
    ]
    for derniers, attendus in (([], ("R2", "T4")), ([passage(3, date(2017, 10, 1))], (None, None))):
        entrepot = magasin(tmp_path / str(len(derniers)), [demande("m0")], [*passages, *derniers], [])
        with entrepot.open(Portee.bailleur("B1")) as lecteur:
            ligne = candidats.find_all(lecteur, "tous", FIN).iloc[0]
        assert tuple(None if x != x else x for x in (ligne["residence"], ligne["typologie"])) == attendus


def test_a_list_by_what_is_to_do_has_what_is_due_then_what_came_then_what_waits_and_the_rest_by_its_column(
    journal: Journal,
) -> None:
    notees = {
        "m1": suite(etape="rappeler", echeance=JOUR),
        "m2": suite(etape="pieces", echeance=LENDEMAIN),
        "m3": suite(Code.REFUS, cause="loyer"),
    }
    for qui, notee in notees.items():
        suites.write(journal, qui, notee, AGENT, op_id=nouvel_op_id())
    connues = suites.read(journal, ROUBAIX, notees)

    def order(tri: str) -> list[str]:
        places, autres = suites.rank(tri, connues, JOUR, venues=("m4", "m1"))
        derniers = 1 + max(places.values()) if autres is None else autres
        return sorted((f"m{i}" for i in range(5)), key=lambda qui: (places.get(qui, derniers), qui))

    assert order(suites.TRAVAIL) == ["m1", "m4", "m0", "m2", "m3"]
    assert order("suite") == ["m3", "m1", "m2", "m0", "m4"]  # « a refusé : … » before « contacté »
    assert order("echeance") == ["m1", "m2", "m0", "m3", "m4"]
    assert suites.select(suites.VENUES, connues, JOUR, ("m4",)) == MenagesRetenus(frozenset({"m4"}))
    # The day after, both are due, the longest first, whatever their names.
    places, autres = suites.rank(suites.TRAVAIL, connues, LENDEMAIN, venues=("m4",))
    assert (places["m1"], places["m2"], places["m4"], autres, places["m3"]) == (0, 1, 2, 3, 4)
    assert suites.say_journee(1, 2, 3, JOUR).replace("\u00a0", " ") == (
        " **1** à relancer, **2** venues depuis le 3 janvier 2018 et **3** sans suite."
    )
    assert suites.say_journee(0, 0, 5, JOUR).replace("\u00a0", " ") == " **5** sans suite."
    assert suites.say_journee(0, 0, 5, None) == ""

"""From a report to the agenda: each step is one entry of the journal, stale steps are refused, retries add nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.journal import Auteur, Fiche, Journal, Perime
from mel_core.seance import gardes
from mel_core.seance.coordination import Blocage, blocages, phrases_tri
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.avant_apres import changes
from mel_core.seance.coordination.blocages import EtatBlocage
from mel_core.seance.preuves import ProfilBlocage, Secteur
from mel_core.seance.preuves import plainte as plaintes
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

ANNE, BRUNO = Auteur("Anne", "MEL"), Auteur("Bruno", "DDTM")
BLOCAGE = Blocage(
    Seance(2017, 2),
    "59512",
    Secteur("ICI 2", communes=("59512",), quartiers=("595120101",)),
    "Les T5 sont refusés au premier rang",
    ProfilBlocage(typologie="T5", ressources="modeste", acces="mutation", label="aci"),
    date(2017, 3, 1),
    "visites groupées",
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.du_dossier(tmp_path)


def report(journal: Journal, nom: str, **champs: object) -> Fiche:
    return blocages.report(journal, replace(BLOCAGE, **champs), ANNE, identifiant=nom, op_id=f"op-{nom}")


def etats(journal: Journal) -> dict[str, str]:
    return {f.identifiant: str(b.etat) for f, b in blocages.find_all(journal)}


def test_a_blocage_reads_back_as_it_was_reported(journal: Journal) -> None:
    report(journal, "b1")
    ((_, lu),) = blocages.find_all(journal, seance="2017S2", ici="ICI 2", etat="recu")
    assert lu == BLOCAGE
    assert lu.ici == "ICI 2"
    assert blocages.find_all(journal, ici="ICI 1") == []


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"constat": "  "}, "Ce qui bloque"),
        ({"constat": "x" * 4001}, "4000"),
        ({"organisation": ""}, "Organisation"),
        ({"secteur": Secteur("")}, "ICI"),
        ({"etat": EtatBlocage.ECARTE}, "Motif"),
        ({"motif_refus": "hors sujet"}, "écarté"),
        ({"etat": EtatBlocage.FUSIONNE}, "regroupé"),
        ({"rattache_a": "b2"}, "regroupé"),
        ({"rang": 0}, "à partir de 1"),
    ],
)
def test_nonsense_is_refused_in_words(champs: dict[str, object], dit: str) -> None:
    with pytest.raises(AppelIncorrect, match=dit):
        replace(BLOCAGE, **champs)


def test_what_names_somebody_is_refused_as_it_is_written_and_an_older_entry_is_still_read(journal: Journal) -> None:
    for champ in ("constat", "tente", "dit"):
        nommee = replace(BLOCAGE, **{champ: "vu avec 999 0217 12345678901 59"})
        with pytest.raises(AppelIncorrect, match="numéro unique"):
            blocages.report(journal, nommee, ANNE, identifiant="b1", op_id="s1")
    ancien = {c: v for c, v in replace(BLOCAGE, constat="Mme Martin attend").contenu().items() if c != "dit"}
    fiche = journal.write("blocage", "b0", ancien, ANNE, "s0")
    assert [(b.constat, b.dit) for _, b in blocages.find_all(journal)] == [("Mme Martin attend", "")]
    with pytest.raises(AppelIncorrect, match="nomme « Mme Martin »"):
        blocages.correct(journal, fiche, BRUNO, "c0", dit="Mme Martin attend")
    blocages.correct(journal, fiche, BRUNO, "c1", dit="Un ménage attend")
    assert [b.dit for _, b in blocages.find_all(journal)] == ["Un ménage attend"]


def test_it_is_kept_then_set_aside_with_a_reason_then_kept_again(journal: Journal) -> None:
    retenu = blocages.retain(journal, report(journal, "b1"), BRUNO, "op1")
    with pytest.raises(AppelIncorrect, match="Motif"):
        blocages.refuse(journal, retenu, " ", BRUNO, "op2")
    ecarte = blocages.refuse(journal, retenu, "déjà traité en 2017S1", BRUNO, "op3")
    assert Blocage.depuis(ecarte).motif_refus == snapshot("déjà traité en 2017S1")
    assert Blocage.depuis(blocages.retain(journal, ecarte, ANNE, "op4")) == replace(BLOCAGE, etat=EtatBlocage.RETENU)
    assert [f.auteur.nom for f in journal.historique("blocage", "b1")] == ["Anne", "Bruno", "Bruno", "Anne"]


def test_its_sender_corrects_all_that_was_reported_until_it_is_sorted(journal: Journal) -> None:
    fiche = blocages.correct(journal, report(journal, "b1"), BRUNO, "d", dit="Les T5 sont refusés")
    voulu = replace(BLOCAGE, secteur=Secteur("ICI 2", ("59599",)), profil=ProfilBlocage("T4"), presente="L’adjointe")
    fiche = blocages.amend(journal, fiche, replace(voulu, bailleur="B1", depuis_le=date(2017, 4, 1)), ANNE, "a")
    assert Blocage.depuis(fiche) == replace(voulu, bailleur="B1", depuis_le=date(2017, 4, 1), dit="Les T5 sont refusés")
    noms = {"59512": "Roubaix", "59599": "Tourcoing", "B1": "Bailleur B1", "595120101": "Alma"}
    assert changes(journal, fiche, noms).replace("\u00a0", " ").replace("\u202f", " ") == snapshot(
        "où et pour qui : à Roubaix et Alma, pour les ménages ACI aux ressources modestes en mutation en T5 "
        "→ à Tourcoing, pour les T4, chez Bailleur B1 ; depuis : 1er mars 2017 → 1er avril 2017 ; présenté par : — → "
        "« L’adjointe »"
    )
    with pytest.raises(AppelIncorrect, match="« Qui présente » nomme"):
        blocages.amend(journal, fiche, replace(voulu, presente="M. Dupont"), ANNE, "n")
    with pytest.raises(AppelIncorrect, match="Les co-pilotes ont trié ce blocage"):
        blocages.amend(journal, blocages.retain(journal, fiche, BRUNO, "r"), voulu, ANNE, "t")


def test_two_co_pilots_on_one_blocage_the_second_is_told(journal: Journal) -> None:
    recu = report(journal, "b1")
    blocages.retain(journal, recu, ANNE, "op1")
    with pytest.raises(Perime) as perime:
        blocages.refuse(journal, recu, "hors sujet", BRUNO, "op2")
    assert Blocage.depuis(perime.value.actuelle).etat is EtatBlocage.RETENU
    assert perime.value.refusee["motif_refus"] == "hors sujet"


def test_merged_blocages_follow_the_one_that_bears_them_on_one_level(journal: Journal) -> None:
    b1, b2, b3 = (report(journal, nom) for nom in ("b1", "b2", "b3"))
    b2, b3 = blocages.merge(journal, b2, [b3], BRUNO, "op1")  # b3 into b2…
    faites = blocages.merge(journal, b1, [b2], BRUNO, "op2")  # … then b2, with what it bears, into b1
    assert etats(journal) == {"b1": "retenu", "b2": "fusionne", "b3": "fusionne"}
    ((porteur, portes),) = blocages.groupes(blocages.find_all(journal))
    assert porteur[0].identifiant == "b1"
    assert {f.identifiant for f, _ in portes} == {"b2", "b3"}
    n = journal.nombre()
    assert blocages.merge(journal, b1, [b2], BRUNO, "op2")[0] == faites[0]
    assert journal.nombre() == n


def test_what_is_proposed_of_merged_blocages_is_proposed_of_the_one_that_bears_them(journal: Journal) -> None:
    b1, b2, b3 = (report(journal, nom) for nom in ("b1", "b2", "b3"))
    b1 = blocages.correct(journal, b1, BRUNO, "p1", proposition="Visiter avant.")
    b2 = blocages.correct(journal, b2, BRUNO, "p2", proposition="Ouvrir aux mutations")
    b3 = blocages.correct(journal, b3, BRUNO, "p3", proposition="Visiter avant")
    retenue, *_ = blocages.merge(journal, b1, [b2, b3], BRUNO, "op1")
    assert Blocage.depuis(retenue).proposition == "Visiter avant. Ouvrir aux mutations."
    n = journal.nombre()
    blocages.merge(journal, b1, [b2, b3], BRUNO, "op1")
    assert journal.nombre() == n
    # Merged before they were carried.
    porteur, membre = (replace(BLOCAGE, proposition=p) for p in ("Visiter.", "Ouvrir."))
    assert phrases_tri.formules(porteur, [replace(membre, dit="Vacants"), porteur]) == [
        "La Salle lira\u00a0: Vacants Proposition à part\u00a0: Ouvrir",
        "",
    ]


def test_its_sender_answers_what_was_set_aside_until_the_releve_is_signed(journal: Journal) -> None:
    ecarte = blocages.refuse(journal, report(journal, "b1"), "quelle résidence ?", BRUNO, "op1")
    mieux = replace(BLOCAGE, constat="Aux Tilleuls")
    repondu = Blocage.depuis(blocages.amend(journal, ecarte, mieux, ANNE, "op2"))
    assert repondu == mieux
    assert (repondu.etat, repondu.motif_refus) == (EtatBlocage.RECU, "")
    retire = blocages.withdraw(journal, report(journal, "b2"), ANNE, "op3")
    with pytest.raises(AppelIncorrect, match="ne se change plus ici"):
        blocages.amend(journal, retire, mieux, ANNE, "op4")
    ecarte = blocages.refuse(journal, report(journal, "b3"), "lequel ?", BRUNO, "op5")
    journal.write(gardes.SIGNATURE, gardes.identifiant_de(BLOCAGE.seance, BLOCAGE.ici), {}, BRUNO, "s1")
    with pytest.raises(AppelIncorrect, match="est signé"):
        blocages.amend(journal, ecarte, mieux, ANNE, "op6")


def test_a_merged_blocage_can_be_taken_out_again(journal: Journal) -> None:
    b1, b2 = report(journal, "b1"), report(journal, "b2")
    porte = blocages.tie(journal, b2, b1, BRUNO, "op1")
    blocages.retain(journal, porte, BRUNO, "op2")
    assert etats(journal) == {"b1": "recu", "b2": "retenu"}


def test_what_was_merged_into_a_blocage_that_is_set_aside_is_to_be_sorted_again(journal: Journal) -> None:
    a, b = report(journal, "a"), report(journal, "b")
    retenu, _ = blocages.merge(journal, a, [b], BRUNO, "op1")
    blocages.refuse(journal, retenu, "hors sujet", BRUNO, "op2")
    assert etats(journal) == {"a": "ecarte", "b": "recu"}
    assert [porteur[0].identifiant for porteur, _ in blocages.groupes(blocages.find_all(journal))] == ["b"]
    n = journal.nombre()
    blocages.refuse(journal, retenu, "hors sujet", BRUNO, "op2")
    assert journal.nombre() == n


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["recu", "retenu", "ecarte", *"abcde"]), min_size=5, max_size=5))
def test_no_blocage_is_lost_nor_listed_twice_whatever_was_merged_into_what(tirage: list[str]) -> None:
    """Each of a, b, c, d, e has a state, or is merged into another (even in a ring, even into one set aside)."""
    lus = []
    for nom, dit in zip("abcde", tirage, strict=True):
        etat = EtatBlocage(dit) if len(dit) > 1 else EtatBlocage.FUSIONNE if dit != nom else EtatBlocage.RECU
        motif = "hors sujet" if etat is EtatBlocage.ECARTE else ""
        porteur = dit if etat is EtatBlocage.FUSIONNE else ""
        fiche = Fiche("blocage", nom, 1, {}, ANNE, datetime(2017, 1, 1, tzinfo=UTC), nom, 1, "")
        lus.append((fiche, replace(BLOCAGE, etat=etat, motif_refus=motif, rattache_a=porteur)))
    trouves = [f.identifiant for porteur, portes in blocages.groupes(lus) for f, _ in (porteur, *portes)]
    assert sorted(trouves) == [f.identifiant for f, b in lus if b.etat is not EtatBlocage.ECARTE]


def test_what_can_bear_another_stands_by_itself_in_the_same_seance_and_ici(journal: Journal) -> None:
    b1, b2 = report(journal, "b1"), report(journal, "b2")
    ailleurs = report(journal, "b3", secteur=Secteur("ICI 1"))
    ecarte = blocages.refuse(journal, report(journal, "b4"), "hors sujet", ANNE, "op4")
    for autre, dit in ((b1, "lui-même"), (ailleurs, "même séance"), (ecarte, "écarté")):
        with pytest.raises(AppelIncorrect, match=dit):
            blocages.tie(journal, b1, autre, ANNE, "op5")
    with pytest.raises(AppelIncorrect, match="lui-même"):
        blocages.merge(journal, b1, [b2, b1], ANNE, "op6")
    assert journal.read("blocage", "b1") == b1


def test_the_agenda_is_the_order_that_was_given_then_the_order_of_arrival(journal: Journal) -> None:
    b1, b2, b3, _ = (report(journal, nom) for nom in ("b1", "b2", "b3", "b4"))
    ordre = blocages.order(journal, [b3, b1], ANNE, "op1")
    assert [f.identifiant for f, _ in blocages.find_all(journal)] == ["b3", "b1", "b2", "b4"]
    n = journal.nombre()
    # b3 keeps its place: only b2, that comes in, and b1, that goes down, are written.
    blocages.order(journal, [ordre[0], b2, ordre[1]], ANNE, "op2")
    assert [f.identifiant for f, _ in blocages.find_all(journal)] == ["b3", "b2", "b1", "b4"]
    assert journal.nombre() == n + 2
    with pytest.raises(AppelIncorrect, match="deux fois"):
        blocages.order(journal, [b1, b1], ANNE, "op3")


def test_a_blocage_whose_text_was_erased_is_no_longer_listed(journal: Journal) -> None:
    journal.erase(report(journal, "b1").op_id)
    assert blocages.find_all(journal) == []
    assert journal.verify() == []


@pytest.mark.parametrize(
    ("profil", "dit"),
    [
        (ProfilBlocage(), ""),
        (ProfilBlocage("T4"), "les T4"),
        (ProfilBlocage("C"), "les chambres"),
        (ProfilBlocage("T4", acces="mutation"), "les mutations en T4"),
        (
            ProfilBlocage(ressources="tres_modeste", acces="premier_acces"),
            "les premiers accès aux ressources très modestes",
        ),
        (ProfilBlocage("T2", ressources="eleve"), "les ménages aux ressources plus élevées en T2"),
        (ProfilBlocage(acces="premier_acces", label="aci"), "les ménages ACI en premier accès"),
        (ProfilBlocage("T4", acces="mutation", label="mutation_bloquee"), "les mutations bloquées en T4"),
    ],
)
def test_a_profile_is_all_of_it_at_once_and_never_a_list_of_households(profil: ProfilBlocage, dit: str) -> None:
    blocage = replace(BLOCAGE, secteur=Secteur("ICI 2", ("59512",)), profil=profil)
    assert phrases.situate(blocage, {"59512": "Roubaix"}) == f"à Roubaix{f', pour {dit}' if dit else ''}"


def test_a_report_names_the_bailleur_and_the_office_that_presents_and_the_co_pilots_propose(journal: Journal) -> None:
    fiche = report(journal, "b1", bailleur="B1", presente="l’adjointe au logement")
    fiche = blocages.correct(journal, fiche, ANNE, "p", dit="Les T5 sont refusés", proposition="Visiter avant")
    lu = Blocage.depuis(fiche)
    noms = {"59512": "Roubaix", "B1": "Bailleur B1", "595120101": "Alma"}
    assert phrases.sujet(lu, noms).startswith("Roubaix, Alma · Bailleur B1, T5")
    situe = "à Roubaix et Alma, pour les ménages ACI aux ressources modestes en mutation en T5, chez"
    assert phrases.situate(lu, noms) == f"{situe} Bailleur B1"
    assert "présenté par l’adjointe au logement" in phrases.signale(lu, noms)
    assert phrases.proposition(lu) == "Proposition des co-pilotes\u00a0: Visiter avant."
    with pytest.raises(AppelIncorrect, match=r"« Qui présente » nomme « M\. Dupont »"):
        report(journal, "b2", presente="M. Dupont")


def test_of_blocages_that_were_merged_those_of_which_a_room_is_told_nothing_are_named_together() -> None:
    porteur = replace(BLOCAGE, dit="Les T5 sont refusés")
    autres = [replace(BLOCAGE, organisation=qui, presente=p) for qui, p in (("B1", ""), ("B2", "l’agence"))]
    noms = {"59512": "Roubaix", "B1": "Bailleur B1", "B2": "Bailleur B2"}
    qui = "Bailleur B1 et Bailleur B2 (présenté par l’agence)."
    (_, reste) = phrases.signalements([porteur, *autres], noms)
    assert reste == f"Signalé aussi par {qui}"
    assert phrases.signalements(autres, noms) == [f"Signalé par {qui}"]
    assert phrases.signalements([porteur, BLOCAGE], noms) == phrases.signalements([porteur], noms)  # named already
    assert len(phrases.signalements([porteur, *autres], noms, lit_tout=True)) == 3


@pytest.mark.parametrize(
    ("plainte", "mesure", "absent"),
    [
        ("Les T5 sont refusés au premier rang", "refus_rang_1", ""),
        ("On refuse : le loyer est trop cher", "refus_rang_1", "le loyer"),
        ("Rien ne se libère", "tension", ""),
        ("Des logements restent vides", "vacance", ""),
        ("Les candidats refusent le logement après la commission", "refus_rang_1", ""),
        ("La commission refuse les familles nombreuses", "non_attribution", ""),
        ("Trop de refus en CAL", "non_attribution", ""),
        ("La commission passe trop tard", "non_attribution", ""),
    ],
)
def test_a_complaint_says_which_measure_bears_on_it_or_that_no_column_has_it(
    plainte: str, mesure: str, absent: str
) -> None:
    assert plaintes.read(plainte) == (mesure, absent)
    assert bool(absent) == bool(phrases.prevenir(plainte))  # said as it is typed, not at 10h30 alone
    assert plaintes.read("Bonjour") is None
    assert phrases.prevenir("Bonjour") == ""
    assert phrases.prevenir("Le loyer est trop cher").replace("\u00a0", " ") == snapshot(
        "Aucune colonne ne dit le loyer. À 10h30, le plus proche sera lu : premiers rangs refusés."
    )

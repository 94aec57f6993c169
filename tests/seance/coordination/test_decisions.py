"""Decisions, good practices and the sign-off: what they refuse, and that they read back as they were acted."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot
from mel_core.journal import Auteur, Journal, Perime
from mel_core.seance.coordination import (
    Blocage,
    Decision,
    Position,
    Pratique,
    blocages,
    decisions,
    presences,
    resultats,
    signature,
)
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinSegment, Valeur
from mel_core.seance.engagements.engagement_pris import Engagement
from mel_core.seance.preuves import Secteur
from mel_core.seance.verdict import Direction, Mot
from mel_core.segments import Condition, Criteres, SegmentLibre
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance
from tests.jeux import chargement
from tests.seance.coordination.monde import S1, S2, magasin, tables
from tests.seance.positions import ACTEE, meet

ANNE, BRUNO = Auteur("Anne", "MEL"), Auteur("Bruno", "DDTM")
DECISION = Decision(S1, "ICI 2", "Visites groupées des T5", "Bailleur B1", date(2017, 12, 31), positions=ACTEE)
AVANT = Decision(S1.precedente, "ICI 2", "Écrire aux bailleurs", "MEL", date(2017, 6, 30), positions=ACTEE)
PART = TemoinIndicateur("aci", "semestre", commune="59512", cellule={"bailleur": "B1"})
LIBRE_DE_SENS = TemoinIndicateur("mutations_bloquees", "semestre", commune="59512")  # no objective says its way
LU = Valeur(Fraction(1, 4), "part", 4, 4, 0, 1, "instantane")
LIBRE = SegmentLibre((Condition("typologie", "parmi", ("T5",)),))


@pytest.mark.parametrize(
    "decision",
    [
        DECISION,
        replace(DECISION, blocage="b1", positions={"MEL": Position.ACTE, "B1": Position.RESERVE}),
        replace(DECISION, temoin=PART, alors=LU, cible=Fraction(9, 20)),
        replace(DECISION, temoin=LIBRE_DE_SENS, alors=LU, cible=Fraction(1, 4), sens=Direction.BAISSE),
        replace(DECISION, temoin=TemoinSegment("poulidor", ici="ICI 2"), alors=replace(LU, unite="demandes")),
        replace(DECISION, temoin=TemoinSegment(libre=LIBRE, filtre=LIBRE), alors=replace(LU, unite="demandes")),
        replace(DECISION, echeance=date(2018, 6, 30), motif_echeance="travaux de la résidence"),
    ],
)
def test_a_decision_reads_back_as_it_was_acted(journal: Journal, decision: Decision) -> None:
    decisions.act(journal, decision, ANNE, identifiant="d1", op_id="op1")
    ((fiche, lue),) = decisions.find_all(journal, seance="2017S1", ici="ICI 2")
    assert lue == decision
    assert (fiche.version, lue.millesime) == (1, decision.alors.millesime if decision.alors else "")


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"texte": ""}, "Décision"),
        ({"responsable": " "}, "Responsable"),
        ({"echeance": date(2017, 6, 30)}, "précède"),
        ({"echeance": date(2018, 1, 1)}, "prochaine ICI"),
        ({"cible": Fraction(1, 2)}, "quel chiffre"),
        ({"temoin": PART}, "n’a pas été lu"),
        ({"temoin": PART, "alors": replace(LU, unite="mois")}, "n’a pas été lu"),
        ({"temoin": PART, "alors": LU, "cible": Fraction(3, 2)}, "entre 0 et 100 %"),
        ({"temoin": LIBRE_DE_SENS, "alors": replace(LU, valeur=None), "cible": Fraction(1, 2)}, "au moins"),
        ({"positions": {"": Position.ACTE}}, "Institution"),
    ],
)
def test_nonsense_is_refused_in_words(champs: dict[str, object], dit: str) -> None:
    with pytest.raises(AppelIncorrect, match=dit):
        replace(DECISION, **champs)


@pytest.mark.parametrize(
    ("fabrique", "dit"),
    [
        (lambda: TemoinIndicateur("inconnu"), "inconnu"),
        (lambda: TemoinIndicateur("aci", cellule={"couleur": "bleu"}), "couleur"),
        (lambda: TemoinIndicateur("aci", classe="modeste"), "classe"),
        (lambda: TemoinIndicateur("ressources"), "classe"),
        (lambda: TemoinIndicateur("flux", cellule={"commune": "59350"}), "dire lequel"),
        (lambda: TemoinIndicateur("aci", "mois"), "période"),
        (lambda: TemoinSegment("inconnu"), "inconnu"),
        (lambda: TemoinSegment("poulidor", libre=LIBRE), "poulidor"),
        (lambda: TemoinSegment("poulidor", n_min=0), "n-min"),
    ],
)
def test_a_figure_that_does_not_exist_is_refused_in_words(fabrique, dit: str) -> None:
    with pytest.raises(AppelIncorrect, match=dit):
        fabrique()


def test_each_institution_takes_its_position_and_two_at_once_are_told(journal: Journal) -> None:
    def act(positions: dict[str, Position], auteur: Auteur, op_id: str, vue: int):
        decision = replace(DECISION, positions=positions)
        return decisions.act(journal, decision, auteur, identifiant="d1", op_id=op_id, version_vue=vue)

    act({}, ANNE, "op1", 0)
    reservee = act({"DDTM": Position.RESERVE}, BRUNO, "op2", 1)
    assert act({"DDTM": Position.RESERVE}, BRUNO, "op2", 1) == reservee
    with pytest.raises(Perime):
        act({"MEL": Position.ACTE}, ANNE, "op3", 1)
    act({"DDTM": Position.RESERVE, "MEL": Position.RENVOYE}, ANNE, "op4", reservee.version)
    ((_, lue),) = decisions.find_all(journal)
    assert lue.positions == {"DDTM": Position.RESERVE, "MEL": Position.RENVOYE}


def test_the_way_to_the_target_is_deduced_when_they_differ() -> None:
    avec = replace(DECISION, temoin=LIBRE_DE_SENS, alors=LU, cible=Fraction(1, 2))
    assert avec.va_vers is Direction.HAUSSE
    assert replace(avec, cible=Fraction(1, 8), sens=None).va_vers is Direction.BAISSE
    assert replace(avec, sens=Direction.BAISSE).va_vers is Direction.BAISSE
    assert DECISION.va_vers is None


def equilibre(classe: str) -> TemoinIndicateur:
    return TemoinIndicateur("equilibre", cellule={"fragilite": classe})


@pytest.mark.parametrize(
    ("temoin", "cible", "sens"),
    [
        # 25 % then: the target is under it, and a floor stays a floor.
        (TemoinIndicateur("aci"), Fraction(1, 5), Direction.HAUSSE),
        (TemoinIndicateur("q1_hors_qpv"), Fraction(1, 5), Direction.HAUSSE),
        (TemoinIndicateur("autres_en_qpv"), Fraction(1, 5), Direction.HAUSSE),
        (equilibre("sans"), Fraction(1, 5), Direction.HAUSSE),
        (equilibre("fragile"), Fraction(1, 2), Direction.BAISSE),
        (equilibre("moyenne"), Fraction(1, 2), Direction.BANDE),
        # Nothing says the way of the whole: it is deduced.
        (TemoinIndicateur("equilibre"), Fraction(1, 2), Direction.HAUSSE),
        (TemoinIndicateur("equilibre"), Fraction(1, 5), Direction.BAISSE),
        (LIBRE_DE_SENS, Fraction(1, 4), Direction.HAUSSE),
    ],
)
def test_the_way_of_an_objective_prevails_and_is_written_with_the_decision(temoin, cible, sens) -> None:
    avec = replace(DECISION, temoin=temoin, alors=LU, cible=cible)
    assert (avec.va_vers, avec.contenu()["sens"]) == (sens, str(sens))


def test_what_somebody_types_never_turns_a_floor_into_a_ceiling() -> None:
    assert (
        replace(DECISION, temoin=PART, alors=LU, cible=Fraction(1, 5), sens=Direction.BAISSE).va_vers
        is Direction.HAUSSE
    )


def test_a_count_already_on_its_target_is_to_stay_under_it() -> None:
    attente = replace(LU, valeur=Fraction(12), unite="demandes")
    avec = replace(DECISION, temoin=TemoinSegment("poulidor", ici="ICI 2"), alors=attente, cible=Fraction(12))
    assert avec.va_vers is Direction.BAISSE


def test_what_works_is_noted_and_found_by_its_kind(journal: Journal) -> None:
    pratique = Pratique(S1, "ICI 2", "B1", "Visite à deux voix", "le refus se dit sur place")
    presences.record_pratique(journal, pratique, ANNE, identifiant="p1", op_id="op1")
    vecu = replace(pratique, genre=presences.GenrePratique.TEMOIGNAGE)
    presences.record_pratique(journal, vecu, BRUNO, identifiant="p2", op_id="op2")
    assert [p for _, p in presences.find_pratiques(journal, genre="temoignage")] == [vecu]
    with pytest.raises(AppelIncorrect, match="Ce qui fonctionne"):
        replace(pratique, texte="")


def test_signing_freezes_the_seance_and_proves_which_decisions_were_signed(
    journal: Journal, entrepot: Entrepot
) -> None:
    decisions.act(journal, DECISION, ANNE, identifiant="d1", op_id="op1")
    derniere = decisions.act(journal, DECISION, ANNE, identifiant="d1", op_id="op2", version_vue=1)
    decisions.act(journal, replace(DECISION, ici="ICI 1"), ANNE, identifiant="d2", op_id="op3")
    assert signature.read(journal, S1, "ICI 2") is None
    with pytest.raises(AppelIncorrect, match="ne dit ni la date de la séance ni les présents"):
        signature.sign(journal, entrepot, S1, "vice-présidente", BRUNO, "op4", ici="ICI 2")
    assert not entrepot.pour("ICI 2").est_gelee(S1)
    meet(journal, S1, "ICI 2")
    fiche = signature.sign(journal, entrepot, S1, "vice-présidente", BRUNO, "op4", ici="ICI 2")
    assert entrepot.pour("ICI 2").est_gelee(S1)
    assert not entrepot.est_gelee(S1)
    signee = entrepot.pour("ICI 2").instantane(S1).identifiant
    with entrepot.reserve():
        entrepot.publish(chargement(**tables(n_aci=30)), S1)  # for the others: theirs is not frozen
    assert entrepot.instantane(S1).identifiant != signee == entrepot.pour("ICI 2").instantane(S1).identifiant
    lue = signature.read(journal, S1, "ICI 2")
    assert lue is not None
    assert lue[1].decisions == {"d1": derniere.version}
    assert lue[1].millesime == signee
    assert journal.verify(lue[1].lien) == []
    assert signature.sign(journal, entrepot, S1, "vice-présidente", BRUNO, "op4", ici="ICI 2") == fiche
    with pytest.raises(AppelIncorrect, match="Qualité"):
        signature.sign(journal, entrepot, S2, "", BRUNO, "op5")
    assert not entrepot.est_gelee(S2)


def commit(journal: Journal, op_id: str, version_vue: int = 0, nombre: int = 3) -> None:
    """An engagement of ICI 2 on 30 households, by the end of the next séance."""
    engagement = Engagement("poulidor", Criteres(S1.fin), S1, "ICI 2", nombre, 40, 30, S2.fin, "instantane")
    journal.write("engagement", "e1", engagement.contenu(), ANNE, op_id, version_vue)


def corriger_la_decision(journal: Journal) -> None:
    decisions.act(journal, replace(DECISION, texte="Autre"), ANNE, identifiant="d1", op_id="c1", version_vue=1)


def ajouter_une_decision(journal: Journal) -> None:
    decisions.act(journal, DECISION, ANNE, identifiant="d9", op_id="c2")


def corriger_l_engagement(journal: Journal) -> None:
    commit(journal, "c3", 1, 5)


def effacer_la_decision(journal: Journal) -> None:
    journal.erase("op1")


def noter_une_pratique(journal: Journal) -> None:
    presences.record_pratique(
        journal, Pratique(S1, "ICI 2", "59512", "Un rendez-vous"), ANNE, identifiant="p1", op_id="p1"
    )


def joindre_un_scenario(journal: Journal) -> None:
    contenu = {"seance": "2017S1", "ici": "ICI 2", "au_releve": True, "nom": "Viser 45 %"}
    journal.write("scenario", "x1", contenu, ANNE, "x1")


def corriger_le_blocage_decide(journal: Journal) -> None:
    fiche = journal.read(blocages.OBJET, "b1")
    journal.write(blocages.OBJET, "b1", {**fiche.contenu, "constat": "Autre chose"}, ANNE, "b1-2", fiche.version)


def dire_l_issue_d_une_decision_d_avant(journal: Journal) -> None:
    issue = resultats.IssueDecision(Mot.ATTEINT, "C’est fait")
    resultats.fill_in(journal, journal.read(decisions.OBJET, "d-avant"), S1, issue, ANNE, "i1")


def reecrire_une_decision_d_avant(journal: Journal) -> None:
    decisions.act(journal, replace(AVANT, texte="Autre"), ANNE, identifiant="d-avant", op_id="av2", version_vue=1)


CHANGEMENTS = [
    corriger_la_decision,
    ajouter_une_decision,
    corriger_l_engagement,
    effacer_la_decision,
    noter_une_pratique,
    joindre_un_scenario,
    corriger_le_blocage_decide,
    dire_l_issue_d_une_decision_d_avant,
    reecrire_une_decision_d_avant,
]


def seance_tenue(journal: Journal) -> None:
    """A decision on a blocage, an engagement, and a decision of the séance before, which reopens."""
    lieu = Blocage(S1, "59512", Secteur("ICI 2", ("59512",)), "Rien ne se libère")
    fiche = blocages.report(journal, lieu, ANNE, identifiant="b1", op_id="b1")
    blocages.order(journal, [blocages.retain(journal, fiche, ANNE, "r1")], ANNE, "o1")
    decisions.act(journal, AVANT, ANNE, identifiant="d-avant", op_id="av1")
    decisions.act(journal, replace(DECISION, blocage="b1"), ANNE, identifiant="d1", op_id="op1")
    commit(journal, "op2")


@pytest.fixture(scope="module")
def signes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a séance that is signed, hence frozen: to be copied."""
    dossier = tmp_path_factory.mktemp("signes")
    journal = Journal.du_dossier(dossier / "journal")
    seance_tenue(journal)
    meet(journal, S1, "ICI 2")
    vues = signature.versions(journal, S1, "ICI 2")
    entrepot = magasin(dossier / "donnees")
    signature.sign(journal, entrepot, S1, "vice-présidente", BRUNO, "s1", ici="ICI 2", presidence="Chloé", vues=vues)
    journal.close()
    return dossier / "journal"


@pytest.mark.parametrize("changement", CHANGEMENTS)
def test_a_signature_no_longer_covers_what_changed_after_it(signes: Path, tmp_path: Path, changement) -> None:
    journal = Journal.du_dossier(shutil.copytree(signes, tmp_path / "journal"))
    fiche, signee = signature.read(journal, S1, "ICI 2")
    assert signature.signataire(fiche, signee) == "Chloé, vice-présidente"
    assert (signee.decisions, signee.engagements) == ({"d1": 1}, {"e1": 1})
    assert signature.est_a_jour(journal, signee)
    # Neither a decision of another ICI nor a blocage that nobody sorted is in this relevé.
    decisions.act(journal, replace(DECISION, ici="ICI 1"), ANNE, identifiant="d2", op_id="op3")
    ailleurs = Blocage(S1, "59350", Secteur("ICI 1", ("59350",)), "À trier")
    blocages.report(journal, ailleurs, ANNE, identifiant="b2", op_id="b2")
    # A signed séance takes no new report; the next one does.
    recu = Blocage(S1, "59512", Secteur("ICI 2", ("59512",)), "Trop tard")
    with pytest.raises(AppelIncorrect, match="ne reçoit plus de blocage : le signaler à la séance 2017S2"):
        blocages.report(journal, recu, ANNE, identifiant="b3", op_id="b3")
    assert blocages.seance_ouverte(journal, S1, "ICI 2") == S2
    blocages.report(journal, replace(recu, seance=S2), ANNE, identifiant="b3", op_id="b3")
    assert signature.est_a_jour(journal, signee)
    changement(journal)
    assert not signature.est_a_jour(journal, signee)


@pytest.mark.parametrize("changement", CHANGEMENTS)
def test_nothing_is_signed_nor_frozen_that_is_no_longer_what_was_shown(
    journal: Journal, entrepot: Entrepot, changement
) -> None:
    seance_tenue(journal)
    meet(journal, S1, "ICI 2")
    vues = signature.versions(journal, S1, "ICI 2")
    changement(journal)
    with pytest.raises(AppelIncorrect, match="a changé depuis l’affichage"):
        signature.sign(journal, entrepot, S1, "vice-présidente", BRUNO, "s1", ici="ICI 2", vues=vues)
    assert signature.read(journal, S1, "ICI 2") is None
    assert not entrepot.est_gelee(S1)


def test_a_signature_that_comes_after_another_is_refused_and_freezes_nothing(
    journal: Journal, entrepot: Entrepot
) -> None:
    meet(journal, S1, "ICI 2")
    journal.write(signature.OBJET, signature.identifiant_de(S1, "ICI 2"), {"qualite": "maire"}, ANNE, "s0")
    with pytest.raises(Perime):
        signature.sign(journal, entrepot, S1, "vice-présidente", BRUNO, "s1", ici="ICI 2")
    assert not entrepot.est_gelee(S1)


def test_a_signature_of_before_that_named_nobody_reads_as_its_author(journal: Journal) -> None:
    ancienne = {"seance": "2017S1", "ici": "", "qualite": "vice-présidente", "lien": "", "millesime": ""}
    fiche = journal.write("signature", "2017S1", {**ancienne, "decisions": {}}, BRUNO, "s1")
    signee = signature.Signature.depuis(fiche)
    assert signature.signataire(fiche, signee) == "Bruno, vice-présidente"
    assert signature.est_a_jour(journal, signee)


def test_decisions_are_numbered_in_the_order_of_the_agenda_then_those_of_no_blocage(journal: Journal) -> None:
    lieu = Secteur("ICI 2", ("59512",))
    fiches = [
        blocages.report(journal, Blocage(S1, "B1", lieu, nom), ANNE, identifiant=nom, op_id=f"s-{nom}")
        for nom in ("b1", "b2")
    ]
    blocages.order(journal, fiches[::-1], ANNE, "ordre")
    for nom, blocage in (("d0", ""), ("d1", "b1"), ("d2", "b2")):
        decisions.act(journal, replace(DECISION, blocage=blocage), ANNE, identifiant=nom, op_id=nom)
    decisions.act(journal, replace(DECISION, ici="ICI 1"), ANNE, identifiant="ailleurs", op_id="ailleurs")
    assert [f.identifiant for f, _ in decisions.order(journal, S1, "ICI 2")] == ["d2", "d1", "d0"]


def test_what_no_decision_answers_is_that_of_the_ici_asked(journal: Journal) -> None:
    for nom, ici, commune in (("b1", "ICI 2", "59512"), ("b2", "ICI 2", "59599"), ("b3", "ICI 1", "59350")):
        lieu = Blocage(S1, commune, Secteur(ici, (commune,)), "Rien ne se libère")
        fiche = blocages.report(journal, lieu, ANNE, identifiant=nom, op_id=nom)
        blocages.order(journal, [blocages.retain(journal, fiche, ANNE, f"r-{nom}")], ANNE, f"o-{nom}")
    decisions.act(journal, replace(DECISION, blocage="b1"), ANNE, identifiant="d1", op_id="d1")

    def laisses(ici: str) -> set[str]:
        return {fiche.identifiant for fiche, _ in decisions.sans_decision(journal, S1, ici)}

    assert (laisses("ICI 1"), laisses("ICI 2"), laisses("ICI 3")) == ({"b3"}, {"b2"}, set())


def test_what_was_not_carried_over_is_still_offered_two_seances_later(journal: Journal) -> None:
    lieu = Secteur("ICI 2", ("59512",))
    un, deux = (
        blocages.report(journal, Blocage(S1, "B1", lieu, nom), ANNE, identifiant=nom, op_id=nom)
        for nom in ("un", "deux")
    )
    apres, encore = S1.suivante, S1.suivante.suivante
    blocages.carry_over(journal, un, apres, ANNE)

    def offerts(pour: Seance) -> list[str]:
        return [f.identifiant for f, _ in decisions.laisses(journal, pour.precedente, "ICI 2")]

    suite = blocages.identifiant_reporte(journal, un, apres)
    assert offerts(S1) == []
    assert offerts(apres) == ["deux"]
    assert offerts(encore) == ["deux", suite]  # the second is not lost for having been passed over once
    blocages.carry_over(journal, deux, encore, ANNE)
    assert offerts(encore) == [suite]
    assert offerts(apres) == ["deux"]  # of what was on screen then


def test_nobody_signs_for_an_ici_that_does_not_exist_and_nothing_is_frozen(
    journal: Journal, entrepot: Entrepot
) -> None:
    with pytest.raises(AppelIncorrect, match="L’ICI « ICI 77 » n’existe pas"):
        signature.sign(journal, entrepot, S1, "vice-présidente", ANNE, "s1", ici="ICI 77")
    assert not entrepot.est_gelee(S1)
    assert journal.find_all(signature.OBJET) == []

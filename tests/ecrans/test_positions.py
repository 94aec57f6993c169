"""What a decision becomes between 10h30 and the signature: positions, corrections; and the date of the séance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pypdfium2
import pytest
from streamlit.testing.v1 import AppTest

from mel_core.dossier.releve import releve_de
from mel_core.dossier.releve import write as ecrire
from mel_core.dossier.seance import contexte
from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.journal import Journal
from mel_core.seance.coordination import Decision, decisions, resultats, signature
from mel_core.seance.coordination.decisions import Position
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from tests.dossier.test_releve import texte as texte_docx
from tests.ecrans.conftest import ROUBAIX, Publier, monde
from tests.ecrans.test_coordination import AUTEUR, S1, S2, journal_de, open, texte
from tests.ecrans.test_gestes_coordination import name, note_presents, presser
from tests.jeux import demande_active, table
from tests.mots import simple
from tests.seance.positions import meet


@pytest.mark.parametrize("libelle", ["Renvoyé", "Avec réserve"])
def test_a_decision_on_which_everybody_takes_the_same_position_apart_is_kept_and_opens_again(
    monde_publie: Path, libelle: str
) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    essai = name(open("coordination", point="b0"))
    next(t for t in essai.text_area if t.label == "Décision").input("Doubler les ACI").run()
    next(s for s in essai.selectbox if s.label == "Responsable").select("MEL").run()
    position = next(m for m in essai.multiselect if m.label == libelle)
    toutes = position.options
    for nom in toutes:
        position.select(nom)
    assert "Une erreur" not in texte(essai.run())
    presser(essai, "acter_decision")
    ((_, decision),) = decisions.find_all(journal)
    assert len(decision.positions) == len(toutes)
    relu = name(open("coordination", point="b0"))
    assert "Une erreur" not in texte(relu)
    assert len(next(m for m in relu.multiselect if m.label == libelle).value) == len(toutes)


def test_what_everybody_sends_back_needs_nobody_to_act_on_it_and_what_one_acts_does(monde_publie: Path) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    essai = name(open("coordination", point="b0"))
    next(t for t in essai.text_area if t.label == "Décision").input("À reprendre en octobre").run()
    next(m for m in essai.multiselect if m.label == "Actent").select("DDTM")
    essai.run()
    presser(essai, "acter_decision")
    assert "« Responsable » est vide" in texte(essai).replace("\u00a0", " ")
    next(m for m in essai.multiselect if m.label == "Actent").set_value([])
    next(m for m in essai.multiselect if m.label == "Renvoyé").select("MEL").run()
    presser(essai, "acter_decision")
    ((_, decision),) = decisions.find_all(journal)
    assert (decision.est_renvoyee, decision.responsable) == (True, "")
    for page, dite in (
        ("coordination", "(renvoyée à la séance 2017S2)"),
        ("cloture", "<p>Renvoyée à la séance 2017S2</p>"),
    ):
        vu = texte(open(page, **({"point": "b0"} if page == "coordination" else {})))
        assert dite in vu
        assert "sans responsable" not in vu


def test_an_institution_that_acts_takes_one_position_and_nobody_acts_when_all_are_absent(monde_publie: Path) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    essai = name(open("coordination", point="b0"))
    next(t for t in essai.text_area if t.label == "Décision").input("Doubler les ACI").run()
    next(s for s in essai.selectbox if s.label == "Responsable").select("Action Logement").run()
    absents = next(m for m in essai.multiselect if m.label == "Absents")
    assert absents.options.count("Action Logement") == 1
    for nom in absents.options:
        absents.select(nom)
    essai.run()
    next(c for c in essai.checkbox if c.label == "Tous les présents actent").check().run()
    assert "Absent : Action Logement, MEL" in texte(essai).replace("\u00a0", " ")
    presser(essai, "acter_decision")
    assert "personne n’est noté présent pour acter" in texte(essai)
    assert decisions.find_all(journal) == []


def test_what_everybody_sent_back_is_said_sent_back_and_never_acted(monde_publie: Path) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    renvoyee = Decision(
        S1,
        "ICI 2",
        "Doubler les ACI",
        "MEL",
        S2.fin,
        blocage="b0",
        positions={"MEL": Position.RENVOYE, "DDTM": Position.RENVOYE},
    )
    decisions.act(journal, renvoyee, AUTEUR, identifiant=decisions.identifiant_de(journal, "b0"), op_id="a1")
    vu = texte(open("cloture")).replace("\u00a0", " ")
    assert "Dans l’ICI 2, **1 décision renvoyée** : **projet de relevé, non signé**." in vu
    assert "actée" not in vu
    # MEL was typed, with a deadline: they bind nobody.
    positions_dites = "Renvoyé : MEL et État (DDTM) ; position non exprimée : AR-Habitat, Action Logement et Roubaix"
    assert (
        f"<h3>1. Doubler les ACI (renvoyée)</h3><p>Renvoyée à la séance 2017S2</p><p>{positions_dites}</p></section>"
    ) in simple(vu)
    lue = simple(texte(open("blocages", Profil(TypeProfil.COMMUNE, ROUBAIX))))
    assert "Renvoyé : <b>Doubler les ACI</b> <span>(renvoyée à la séance 2017S2)" in lue
    dix_heures = open("coordination", point="b0")
    assert "<strong>Renvoyé</strong> par A. Essai" in texte(dix_heures)
    assert "renvoyé" in str(dix_heures.get("button_group")[0].options)
    fonctionne = texte(open("coordination", point="fonctionne")).replace("\u00a0", " ")
    assert "à l’ordre du jour, **1 renvoyé**." in fonctionne  # as the closing counts it
    # One institution acts, with a reservation or not: it is acted.
    reserve = replace(renvoyee, positions={**renvoyee.positions, "DDTM": Position.RESERVE})
    decisions.act(
        journal, reserve, AUTEUR, identifiant=decisions.identifiant_de(journal, "b0"), op_id="a2", version_vue=1
    )
    assert "**1 décision actée** : **projet" in texte(open("cloture")).replace("\u00a0", " ")


def test_who_took_no_position_is_named_alike_at_10h30_at_the_closing_and_by_the_releve(monde_publie: Path) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    essai = name(open("coordination", point="b0"))
    next(t for t in essai.text_area if t.label == "Décision").input("Doubler les ACI").run()
    next(s for s in essai.selectbox if s.label == "Responsable").select("Bailleur B1").run()
    next(m for m in essai.multiselect if m.label == "Avec réserve").select("DDTM").run()
    muettes = ["Bailleur B1", "MEL", "AR-Habitat", "Action Logement", "Roubaix"]
    dite = f"Avec réserve : État (DDTM) ; position non exprimée : {langue.liste(muettes)}"
    assert f"{dite}." in simple(texte(essai))
    next(t for t in essai.text_input if t.label == "Quelle réserve").input("Si la CAL suit").run()
    presser(essai, "acter_decision")
    assert f"<p>{dite} ; réserve : « Si la CAL suit »</p>" in simple(texte(open("cloture")))
    entrepot = Entrepot(monde_publie)
    with entrepot.open(Portee.mel(), S1) as lecteur:
        (decision,) = releve_de(entrepot, journal, S1, "ICI 2", Noms.read(lecteur)).decisions
    assert [nom for nom, position in decision.positions.items() if position == "non_exprimee"] == muettes


def act_as(essai: AppTest, **qui: list[str]) -> AppTest:
    """Type a decision whose institutions take these positions, by the label of their field, and act it."""
    next(t for t in essai.text_area if t.label == "Décision").input("Doubler les ACI").run()
    next(s for s in essai.selectbox if s.label == "Responsable").select("AR-Habitat").run()
    for libelle, noms in qui.items():
        champ = next(m for m in essai.multiselect if m.label == libelle.replace("_", " "))
        for nom in noms:
            champ.select(nom)
    essai.run()
    return presser(essai, "acter_decision")


CINQ = ["AR-Habitat", "MEL", "État (DDTM)", "Action Logement", "Roubaix"]


def test_an_institution_said_absent_stays_absent_at_the_closing_and_in_the_signed_releve_in_each_format(
    a_signer: Path,
) -> None:
    journal = journal_de(a_signer, est_acte=False)
    act_as(name(open("coordination", point="b0")), Actent=["MEL"], Avec_réserve=["Roubaix"], Absents=["AR-Habitat"])
    assert "AR-Habitat (porteur absent : à confirmer), d’ici le" in simple(texte(open("coordination", point="b0")))
    dite = "Acté : MEL ; avec réserve : Roubaix ; absent : AR-Habitat ; position non exprimée : État (DDTM) et Action"
    assert dite in simple(texte(open("cloture")))
    entrepot = Entrepot(a_signer)
    meet(journal, S1, "ICI 2")
    vues = signature.versions(journal, S1, "ICI 2")
    signature.sign(journal, entrepot, S1, "vice-présidente", AUTEUR, "s1", ici="ICI 2", vues=vues)
    with entrepot.open(Portee.mel(), S1) as lecteur:
        releve, ou = releve_de(entrepot, journal, S1, "ICI 2", Noms.read(lecteur)), contexte(lecteur, S1, "ICI 2")
    for suffixe in ("docx", "pdf"):
        ecrire(a_signer / f"r.{suffixe}", ou, releve)
    lus = [
        *(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(a_signer / "r.pdf")),
        texte_docx(a_signer / "r.docx"),
    ]
    for lu in (" ".join(lus[:-1]), lus[-1]):
        lu = " ".join(simple(lu).split())
        assert "Absent AR-Habitat" in lu
        assert "Position non exprimée État (DDTM) et Action Logement" in lu
        assert "AR-Habitat (porteur absent : à confirmer)" in lu


@pytest.mark.parametrize("absents", [CINQ, []], ids=["tous absents", "personne ne se dit"])
def test_what_nobody_acts_nor_sends_back_is_no_decision_is_signed_as_nothing_and_carried_over(
    monde_publie: Path, absents: list[str]
) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    essai = act_as(name(open("coordination", point="b0")), Absents=absents)
    assert "Sans décision, noté</strong> par C. Essai" in simple(texte(essai))
    assert "Doubler les ACI (personne ne l’acte : reportée à la séance 2017S2)" in simple(texte(essai))
    cloture = simple(texte(open("cloture")))
    assert "rien n’est encore acté à la séance 2017S1 ; **1 point de l’ordre du jour reste sans décision**" in cloture
    dite = f"{'Absent' if absents else 'Position non exprimée'} : {langue.liste(CINQ)}."
    assert f"Peu d’ACI logés à &lt;Roubaix&gt;. Noté : « Doubler les ACI ». {dite}" in cloture
    entrepot = Entrepot(monde_publie)
    with entrepot.open(Portee.mel(), S1) as lecteur:
        releve = releve_de(entrepot, journal, S1, "ICI 2", Noms.read(lecteur))
    assert list(releve.decisions) == []
    assert [simple(x) for x in releve.sans_decision] == [
        f"À Roubaix : Peu d’ACI logés à <Roubaix> (signalé par Roubaix). Noté : « Doubler les ACI ». {dite}"
    ]
    assert signature.versions(journal, S1, "ICI 2").decisions["b0"] == 0
    assert [f.identifiant for f, _ in decisions.laisses(journal, S1, "ICI 2")] == ["b0"]
    assert resultats.a_rouvrir(journal, S2, "ICI 2") == []


def test_one_that_sends_back_is_enough_when_the_others_are_absent_and_one_that_acts_carries_it() -> None:
    def etat(*positions: Position) -> tuple[bool, bool]:
        decision = Decision(S1, "ICI 2", "x", "MEL", S2.fin, positions={str(i): p for i, p in enumerate(positions)})
        return decision.est_actee, decision.est_renvoyee

    absent, muet = Position.ABSENT, Position.NON_EXPRIMEE
    assert etat(Position.RENVOYE, absent, muet) == (False, True)
    assert etat(Position.RENVOYE, Position.RESERVE, absent) == (True, False)
    assert etat(Position.ACTE, *[Position.RENVOYE] * 4) == (True, False)
    assert etat(*[absent] * 5) == etat(muet, absent) == etat() == (False, False)


def test_those_present_act_once_they_are_noted_at_10h30_and_nobody_does_before(monde_publie: Path) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    essai = name(open("coordination", point="b0"))
    next(c for c in essai.checkbox if c.label == "Tous les présents actent").check().run()
    assert "Position non exprimée : MEL" in simple(texte(essai))
    assert "personne n’est noté présent pour acter" in texte(essai)  # as soon as it is ticked
    next(c for c in essai.checkbox if c.label == "Tous les présents renvoient").check().run()
    assert [c.label for c in essai.checkbox if c.value] == ["Tous les présents renvoient"]
    assert "personne n’est noté présent pour renvoyer" in texte(essai)
    next(c for c in essai.checkbox if c.label == "Tous les présents actent").check().run()
    act_as(essai)
    assert "personne n’est noté présent pour acter" in texte(essai)
    assert decisions.find_all(journal) == []
    (champ,) = [x for x in note_presents(essai).multiselect if x.label == "Présents"]
    assert champ.value == []
    champ.set_value(["MEL", ROUBAIX]).run()
    presser(essai, "garder_presents")
    presser(essai, "acter_decision")
    ((_, decision),) = decisions.find_all(journal)
    assert {c for c, p in decision.positions.items() if p is Position.ACTE} == {"MEL", ROUBAIX}
    assert {p for c, p in decision.positions.items() if c not in ("MEL", ROUBAIX)} == {Position.NON_EXPRIMEE}


@pytest.fixture
def journal(a_signer: Path) -> Journal:
    """One decision, under the name that its blocage gives it."""
    journal = journal_de(a_signer)
    decision = decisions.find_all(journal)[0][1]
    journal.erase("a0")
    decisions.act(journal, decision, AUTEUR, identifiant=decisions.identifiant_de(journal, "b0"), op_id="a1")
    meet(journal, S1, "ICI 2")
    return journal


@pytest.mark.parametrize("nomme_avant", [True, False])
def test_a_decision_is_corrected_at_the_closing_and_signed_from_the_same_screen(
    journal: Journal, nomme_avant: bool
) -> None:
    essai = open("cloture")
    if nomme_avant:
        name(essai)
    essai.selectbox(key="a_corriger").select_index(0).run()
    assert not essai.exception
    assert essai.button(key="signer").disabled
    if not nomme_avant:
        name(essai)
        assert not essai.exception
    next(t for t in essai.text_area if t.label == "Décision").input("Tripler les ACI").run()
    presser(essai, "acter_decision")
    assert "<h3>1. Tripler les ACI (version 2)</h3>" in texte(essai)
    essai.text_input(key="presidence_2017S1_ICI 2").input("P. Présidente").run()
    essai.text_input(key="presidence_qualite_2017S1_ICI 2").input("vice-présidente").run()
    essai.checkbox(key="relues").check().run()
    presser(essai, "signer")
    assert signature.est_a_jour(journal, signature.read(journal, S1, "ICI 2")[1])


def test_the_link_of_a_decision_being_corrected_opens_it_again_and_one_to_nothing_says_so(journal: Journal) -> None:
    decision = decisions.find_all(journal)[0][1]
    essai = open("cloture")
    assert "a_corriger" not in essai.query_params
    essai.selectbox(key="a_corriger").select_index(0).run()
    rouverte = open("cloture", a_corriger=essai.query_params["a_corriger"])
    name(rouverte)
    assert [t.value for t in rouverte.text_area if t.label == "Décision"] == [decision.texte]
    perdue = open("cloture", a_corriger="nulle part")
    assert "Le lien demande «\u00a0nulle part\u00a0», qui n’existe pas ici" in texte(perdue)
    assert perdue.selectbox(key="a_corriger").value is None
    assert "a_corriger" not in perdue.query_params
    for seance in (S1, S2):  # of the next one, nothing is decided yet
        assert "Le lien demande" in texte(open("cloture", seance=str(seance), a_corriger="nulle part"))


def test_the_date_of_a_seance_is_kept_as_typed_by_somebody_named_and_an_empty_or_early_one_is_refused_aloud(
    monde_publie: Path,
) -> None:
    journal = Journal.du_dossier(monde_publie)
    essai = open("atelier")
    assert [b.key for b in essai.button if b.key == "garder_date"] == []  # nobody signs yet
    assert "Donner votre nom" in texte(essai)
    name(essai)
    # The click comes before the page has taken what was just typed.
    essai.date_input(key="date_seance_2017S1-ICI 2").set_value(date(2018, 3, 15))
    presser(essai, "garder_date")
    (fiche,) = journal.find_all("seance")
    assert (fiche.contenu["jour"], fiche.auteur.nom) == ("2018-03-15", "C. Essai")
    assert "15 mars 2018" in texte(essai).replace("\u00a0", " ")
    essai.date_input(key="date_seance_2017S1-ICI 2").set_value(None)
    presser(essai, "garder_date")
    assert "La date de la séance est vide" in essai.error[0].value
    assert journal.find_all("seance")[0].contenu["jour"] == "2018-03-15"
    # The last day of the semester: the séance looks back at it. The command line says the same.
    essai.date_input(key="date_seance_2017S1-ICI 2").set_value(date(2017, 6, 30))
    presser(essai, "garder_date")
    assert "un semestre qui finit le 30 juin 2017" in essai.error[0].value.replace("\u00a0", " ")
    assert journal.find_all("seance")[0].contenu["jour"] == "2018-03-15"
    # Somebody else moved it while this screen was read: said, and theirs stays.
    journal.write("seance", fiche.identifiant, {**fiche.contenu, "jour": "2018-03-22"}, AUTEUR, "s2", fiche.version)
    essai.date_input(key="date_seance_2017S1-ICI 2").set_value(date(2018, 3, 29))
    presser(essai, "garder_date")
    assert "vient d’être changée" in essai.error[0].value
    assert journal.find_all("seance")[0].contenu["jour"] == "2018-03-22"


def aim(essai: AppTest, temoin: str, **cible: float) -> AppTest:
    """Choose the figure that will tell, then type a target under its unit."""
    (champ,) = [s for s in essai.selectbox if s.label == "Ce qui le dira"]
    champ.select(next(o for o in champ.options if o.startswith(temoin))).run()
    for unite, valeur in cible.items():
        next(n for n in essai.number_input if n.label == f"Cible ({unite})").set_value(valeur).run()
    return essai


def test_a_target_met_already_is_said_before_acting_in_the_unit_and_direction_of_its_measure(
    publish: Publier, tmp_path: Path
) -> None:
    """106 wait: « au moins 60 » is met, and nobody aims at more households that wait."""
    attendent = [demande_active(f"q{i}", date(2014, 1, 1)) | {"communes_souhaitees": [ROUBAIX]} for i in range(106)]
    recente = attendent[0] | {"numero_unique": "recente", "date_creation": date(2017, 6, 30)}
    faits = [
        {"id_evenement": f"E{i}", "numero_unique": "x", "type": "AUTRE", "date_survenance": jour}
        for i, jour in enumerate((date(2014, 1, 2), date(2017, 7, 1)))
    ]
    publish(**monde() | {"demandes": table("demandes", *attendent, recente), "evenements": table("evenements", *faits)})
    journal_de(tmp_path).erase("a0")
    essai = aim(name(open("coordination", point="b0")), "Plus de 24 mois sans proposition", demandes=60.0)
    assert "106 demandes" in simple(texte(essai))
    assert "Attendu" not in [s.label for s in essai.selectbox]
    assert "cible : <strong>au plus 60 demandes</strong>." in simple(texte(essai)).replace("</p>", ".")
    aim(essai, "Plus de 24 mois sans proposition", demandes=110.0)
    assert "<strong>au plus 110 demandes</strong>, <strong>déjà atteint aujourd’hui</strong>" in simple(texte(essai))


def test_a_target_of_a_share_never_becomes_as_many_months_and_no_delay_is_longer_than_ten_years(
    monde_publie: Path,
) -> None:
    journal_de(monde_publie, est_acte=False)
    essai = aim(name(open("coordination", point="b0")), "Mutations complexes ou bloquées", **{"%": 45.0})
    aim(essai, "Délai d’attribution")
    (champ,) = [n for n in essai.number_input if n.label == "Cible (mois)"]
    assert (champ.value, champ.max) == (None, 120.0)
    assert "45" not in simple(texte(essai)).split("aujourd’hui :")[1][:60]
    aim(essai, "Mutations complexes ou bloquées")
    assert [n.value for n in essai.number_input if n.label == "Cible (%)"] == [45.0]
    for unite, cible in (("mois", 458), ("part", 2), ("demandes", -1)):
        with pytest.raises(AppelIncorrect, match="celle d’un délai entre 0 et 120 mois"):
            decisions.check_cible(Fraction(cible), unite)

"""A click that comes before the page has taken what was just typed, and gestures that can be undone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from streamlit.runtime.state.session_state import WStates
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from mel_core.seance.coordination import Decision, TemoinIndicateur, blocages, decisions, presences, signature
from mel_core.seance.coordination.blocages import EtatBlocage
from mel_core.seance.coordination.decisions import Position, avec_temoin
from mel_core.seance.coordination.resultats import ISSUE
from mel_core.seance.preuves import Secteur
from mel_core.seance.verdict import Mot
from pages.commun import donnees
from pages.commun.brouillon import _give
from tests.ecrans.conftest import ROUBAIX, TOURCOING, Publier, monde
from tests.ecrans.test_coordination import AUTEUR, S1, S2, journal_de, open, texte
from tests.ecrans.test_gestes_coordination import issue, name, note_presents, presser
from tests.ecrans.vue import visit
from tests.jeux import LILLE, attribution, table
from tests.seance.positions import ACTEE, meet
from tests.seance.preuves.test_detection import draw_refusals


def write_to_mayors(dossier: Path) -> Journal:
    """A decision of the séance before, of which nothing is said yet."""
    journal = Journal.du_dossier(dossier)
    decision = Decision(S1, "ICI 2", "Écrire aux maires", "MEL", S2.fin, positions=ACTEE)
    decisions.act(journal, decision, AUTEUR, identifiant="d1", op_id="a1")
    return journal


def test_the_outcome_typed_just_before_the_click_is_kept_then_corrected(monde_publie: Path) -> None:
    journal = write_to_mayors(monde_publie)
    essai = name(open("introduction", seance="2017S2"))
    issue(essai, "Lecture").select(Mot.EN_PROGRES)
    issue(essai, "En une phrase").input("Sept maires ont répondu")
    presser(essai, "issue_garder_d1")
    assert journal.find_all(ISSUE)[0].contenu["texte"] == snapshot("Sept maires ont répondu")
    # Said wrong, it is corrected as a new version: the form starts from what was said.
    assert issue(essai, "En une phrase").value == snapshot("Sept maires ont répondu")
    issue(essai, "En une phrase").input("Neuf maires ont répondu")
    presser(essai, "issue_garder_d1")
    (fiche,) = journal.find_all(ISSUE)
    assert (fiche.version, fiche.contenu["texte"]) == (2, "Neuf maires ont répondu")
    assert "Neuf maires ont répondu" in texte(essai)


def garder_le_mien(essai: AppTest) -> AppTest:
    next(b for b in essai.button if b.label == "Garder le mien").click().run()
    return essai


def test_of_two_people_on_one_outcome_the_later_one_chooses_before_it_is_said(monde_publie: Path) -> None:
    journal = write_to_mayors(monde_publie)
    un, deux = (name(open("introduction", seance="2017S2")) for _ in range(2))
    issue(deux, "En une phrase").input("Neuf maires").run()
    issue(un, "Lecture").select("atteint").run()
    issue(un, "En une phrase").input("Sept maires")
    presser(un, "issue_garder_d1")
    assert "choisir celui qui reste" in un.error[0].value
    assert "<dd>Neuf maires</dd>" in texte(un)
    assert issue(un, "En une phrase").value == "Sept maires"
    assert journal.find_all(ISSUE) == []
    presser(garder_le_mien(un), "issue_garder_d1")
    issue(deux, "Lecture").select("en_progres").run()
    assert issue(deux, "En une phrase").value == "Neuf maires"
    presser(garder_le_mien(deux), "issue_garder_d1")
    presser(deux, "issue_garder_d1")  # nothing new
    dites = [(f.contenu["verdict"], f.contenu["texte"]) for f in journal.historique(ISSUE, "d1-2017S2")]
    assert dites == [("atteint", "Sept maires"), ("en_progres", "Neuf maires")]


def test_a_decision_that_another_one_changed_meanwhile_is_refused_and_shown_and_both_texts_are_kept(
    monde_publie: Path,
) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    un, deux = (name(open("coordination", point="b0")) for _ in range(2))
    for essai, dit in ((un, "Doubler les ACI"), (deux, "Tripler les ACI")):
        next(s for s in essai.selectbox if s.label == "Responsable").select("MEL")
        next(t for t in essai.text_area if t.label == "Décision").input(dit)
        presser(essai, "acter_decision")
    assert [d.texte for _, d in decisions.find_all(journal)] == ["Doubler les ACI"]
    vu = texte(deux)
    assert "choisir celui qui reste" in vu
    assert "<dd>Doubler les ACI</dd>" in vu
    assert next(t for t in deux.text_area if t.label == "Décision").value == "Tripler les ACI"
    presser(garder_le_mien(deux), "acter_decision")
    ((fiche, decision),) = decisions.find_all(journal)
    assert (decision.texte, fiche.version) == ("Tripler les ACI", 2)
    # Changed without this draft: said, and the text of the form is still there to replace it.
    autre = Decision(S1, "ICI 2", "Quadrupler les ACI", "MEL", S2.fin, blocage="b0", positions=ACTEE)
    decisions.act(journal, autre, AUTEUR, identifiant=fiche.identifiant, op_id="a9", version_vue=2)
    next(t for t in deux.text_area if t.label == "Décision").input("Quintupler les ACI")
    presser(deux, "acter_decision")
    assert "vient d’acter un autre texte" in texte(deux)
    assert decisions.find_all(journal)[0][1].texte == "Quadrupler les ACI"
    presser(deux, "acter_decision")
    assert decisions.find_all(journal)[0][1].texte == "Quintupler les ACI"


def test_an_outcome_is_kept_as_it_is_typed_and_found_again_in_a_new_tab(monde_publie: Path) -> None:
    journal = write_to_mayors(monde_publie)
    issue(name(open("introduction", seance="2017S2")), "En une phrase").input("Sept maires").run()
    assert issue(name(open("introduction", seance="2017S2")), "En une phrase").value == "Sept maires"
    assert journal.find_all(ISSUE) == []


@pytest.mark.parametrize("clic_dabord", [True, False])
def test_two_fields_and_the_click_that_a_loaded_server_takes_in_one_run_make_the_decision(
    publish: Publier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clic_dabord: bool
) -> None:
    """Whatever comes first of the callback of the click and of those of the fields."""
    ordre = WStates.__iter__
    monkeypatch.setattr(
        WStates, "__iter__", lambda w: iter(sorted(ordre(w), key=lambda c: ("acter_decision" in c) != clic_dabord))
    )
    publish(**monde())
    journal = journal_de(tmp_path, est_acte=False)
    essai = name(open("coordination", point="b0"))
    next(t for t in essai.text_area if t.label == "Décision").input("Doubler les ACI")
    next(s for s in essai.selectbox if s.label == "Responsable").select("MEL")
    presser(essai, "acter_decision")
    ((fiche, decision),) = decisions.find_all(journal)
    assert (decision.texte, decision.responsable) == ("Doubler les ACI", "MEL")
    next(t for t in essai.text_area if t.label == "Décision").input("Tripler les ACI")
    presser(essai, "acter_decision")
    assert decisions.find_all(journal)[0][1].texte == "Tripler les ACI"
    # Nobody was in the way: nothing was refused on the way.
    assert journal.ecarts("brouillon-decision", fiche.identifiant) == []


def test_a_practice_and_a_blocage_typed_just_before_the_click_are_those_that_are_written(monde_publie: Path) -> None:
    journal = journal_de(monde_publie)
    essai = name(open("coordination", point="fonctionne"))
    next(s for s in essai.selectbox if s.label == "Qui").select(ROUBAIX)
    next(t for t in essai.text_area if t.label == "Ce qui fonctionne").input("Un guichet commun")
    presser(essai, "noter_pratique")
    ((_, pratique),) = presences.find_pratiques(journal)
    assert (pratique.organisation, pratique.texte) == (ROUBAIX, "Un guichet commun")
    assert next(t for t in essai.text_area if t.label == "Ce qui fonctionne").value == ""

    essai = name(open("blocages", etape="Signaler"))
    next(s for s in essai.selectbox if s.label == "Signalé par").select("MEL").run()
    next(m for m in essai.multiselect if m.label.startswith("Communes")).set_value([TOURCOING])
    next(t for t in essai.text_area if t.label == "Ce qui bloque").input("Trop de refus")
    presser(essai, "envoyer_blocage")
    ((_, blocage),) = [lu for lu in blocages.find_all(journal) if lu[0].identifiant != "b0"]
    assert (blocage.constat, blocage.secteur.communes) == ("Trop de refus", (TOURCOING,))
    for brouillon in ("brouillon-pratique", "brouillon-blocage"):
        assert journal.find_all(brouillon, termine=True), brouillon


@pytest.mark.parametrize(
    ("page", "libelle", "cle", "objet"),
    [
        ("coordination", "Ce qui fonctionne", "noter_pratique", presences.PRATIQUE),
        ("blocages", "Ce qui bloque", "envoyer_blocage", blocages.OBJET),
    ],
)
def test_another_text_on_a_form_that_a_second_tab_sent_goes_to_a_new_form_and_both_are_written(
    monde_publie: Path, page: str, libelle: str, cle: str, objet: str
) -> None:
    journal = journal_de(monde_publie)
    nom = _give(f"brouillon-{objet}", "c" * 16)
    un, deux = (name(open(page, point="fonctionne", etape="Signaler", brouillon=nom)) for _ in range(2))
    for onglet, texte_tape in ((un, "Le premier texte"), (deux, "Le second texte")):
        if page == "blocages":
            next(s for s in onglet.selectbox if s.label == "Signalé par").select("MEL").run()
            next(m for m in onglet.multiselect if m.label.startswith("Communes")).set_value([TOURCOING]).run()
        next(t for t in onglet.text_area if t.label == libelle).input(texte_tape)
        presser(onglet, cle)
    ecrits = [f for f in journal.find_all(objet) if f.identifiant != "b0"]
    assert len(ecrits) == 1
    assert "passé sur un formulaire neuf" in texte(deux)
    assert deux.query_params["brouillon"] != [nom]
    assert next(t for t in deux.text_area if t.label == libelle).value == "Le second texte"
    presser(deux, cle)
    champ = {presences.PRATIQUE: "texte", blocages.OBJET: "constat"}[objet]
    textes = [f.contenu[champ] for f in journal.find_all(objet) if f.identifiant != "b0"]
    assert sorted(textes) == ["Le premier texte", "Le second texte"]


def test_the_quartier_that_another_tab_chose_reads_by_its_name_without_its_commune(
    publish: Publier,
) -> None:
    centre = {"code_quartier": f"{TOURCOING}01", "nom": "Belencontre", "code_insee": TOURCOING}
    publish(**monde() | {"quartiers": table("quartiers", centre)})
    nom = _give("brouillon-blocage", "d" * 16)
    un, deux = (name(open("blocages", etape="Signaler", brouillon=nom)) for _ in range(2))
    next(m for m in un.multiselect if m.label.startswith("Communes")).set_value([TOURCOING]).run()
    next(m for m in un.multiselect if m.label.startswith("Quartiers")).set_value([f"{TOURCOING}01"]).run()
    next(t for t in deux.text_area if t.label == "Ce qui bloque").input("Trop de refus").run()
    assert "<dd>Tourcoing</dd>" in texte(deux)
    assert "<dd>Belencontre</dd>" in texte(deux)
    assert f"{TOURCOING}01" not in texte(deux)


def test_the_signature_bears_the_last_text_of_who_signs(monde_publie: Path) -> None:
    journal = journal_de(monde_publie)
    meet(journal, S1, "ICI 2")
    essai = name(open("cloture"))
    essai.text_input(key="presidence_2017S1_ICI 2").input("P. Présidente").run()
    essai.text_input(key="presidence_qualite_2017S1_ICI 2").input("adjointe").run()
    essai.checkbox(key="relues").check().run()
    essai.text_input(key="presidence_2017S1_ICI 2").input("")
    presser(essai, "signer")
    assert "donner le nom de qui préside" in essai.error[0].value
    assert not Entrepot(monde_publie).pour("ICI 2").est_gelee(S1)
    essai.text_input(key="presidence_2017S1_ICI 2").input("P. Présidente").run()
    essai.checkbox(key="relues").check().run()
    essai.text_input(key="presidence_qualite_2017S1_ICI 2").input("vice-présidente")
    presser(essai, "signer")
    _, signee = signature.read(journal, S1, "ICI 2")
    assert (signee.presidence, signee.qualite) == ("P. Présidente", "vice-présidente")


def test_a_reason_typed_just_before_the_click_sets_aside(monde_publie: Path) -> None:
    journal = journal_de(monde_publie)
    essai = name(open("blocages", etape="Trier et objectiver"))
    essai.text_input(key="motif_b0").input("Hors du champ")
    presser(essai, "ecarter_b0")
    blocage = blocages.Blocage.depuis(journal.read("blocage", "b0"))
    assert (blocage.etat, blocage.motif_refus) == (EtatBlocage.ECARTE, "Hors du champ")


def test_a_merge_by_mistake_is_undone(monde_publie: Path) -> None:
    journal = journal_de(monde_publie)
    autre = blocages.Blocage(S1, TOURCOING, Secteur("ICI 2", (TOURCOING,)), "Autre chose.")
    fusionnee = blocages.report(journal, autre, AUTEUR, identifiant="b1", op_id="sb1")
    blocages.merge(journal, journal.read("blocage", "b0"), [fusionnee], AUTEUR, "f0")
    essai = name(open("blocages", etape="Trier et objectiver"))
    presser(essai, "detacher_b1")
    blocage = blocages.Blocage.depuis(journal.read("blocage", "b1"))
    assert (blocage.etat, blocage.rattache_a) == (EtatBlocage.RECU, "")
    assert any(b.key == "retenir_b1" for b in essai.button)


def test_a_detected_blocage_that_was_set_aside_is_not_said_to_be_on_the_agenda(
    publish: Publier, tmp_path: Path
) -> None:
    bail = attribution(0, date_bail=date(2017, 9, 1), code_insee=LILLE, code_bailleur="B1", code_quartier=f"{LILLE}01")
    publish(**draw_refusals(60, 100), attributions=table("attributions", bail))
    journal = Journal.du_dossier(tmp_path)
    essai = name(open("blocages", seance="2017S2", ici="ICI 1", etape="Non signalés"))
    presser(essai, "inscrire_0")
    ((fiche, _),) = blocages.find_all(journal, seance="2017S2", ici="ICI 1")
    blocages.refuse(journal, fiche, "Déjà traité", AUTEUR, "e0")
    vu = texte(open("blocages", seance="2017S2", ici="ICI 1", etape="Non signalés"))
    assert "déjà à l’ordre du jour" not in vu
    assert "déjà signalé, écarté" in vu


def test_a_commune_chosen_beside_a_quartier_of_another_one_stays_in_the_sector(monde_publie: Path) -> None:
    essai = name(open("blocages", etape="Signaler"))
    next(s for s in essai.selectbox if s.label == "Signalé par").select("MEL").run()
    next(m for m in essai.multiselect if m.label.startswith("Communes")).set_value([ROUBAIX, TOURCOING]).run()
    next(m for m in essai.multiselect if m.label.startswith("Quartiers")).set_value([f"{ROUBAIX}0101"]).run()
    next(t for t in essai.text_area if t.label == "Ce qui bloque").input("Trop de refus").run()
    presser(essai, "envoyer_blocage")
    ((_, blocage),) = blocages.find_all(Journal.du_dossier(monde_publie))
    assert blocage.secteur == Secteur("ICI 2", (TOURCOING,), (f"{ROUBAIX}0101",))


def test_a_decision_that_has_no_draft_is_corrected_from_its_own_text(publish: Publier, tmp_path: Path) -> None:
    """Acted before a restore without drafts, or by the rehearsal: its figure, target and positions are not lost."""
    publish(**monde())
    journal = journal_de(tmp_path, est_acte=False)
    nom = decisions.identifiant_de(journal, "b0")
    temoin = TemoinIndicateur("equilibre", cellule={"fragilite": "fragile"}, ici="ICI 2")  # the list does not offer it
    decision = Decision(
        S1, "ICI 2", "Doubler les ACI", "MEL", S2.fin, blocage="b0",
        positions={"MEL": Position.ACTE, "DDTM": Position.RESERVE},
    )  # fmt: skip
    decision = avec_temoin(decision, temoin, Fraction(9, 20), Entrepot(tmp_path))
    decisions.act(journal, decision, AUTEUR, identifiant=nom, op_id="a1")
    essai = name(open("coordination", point="b0"))
    champ = next(t for t in essai.text_area if t.label == "Décision")
    assert champ.value == "Doubler les ACI"
    champ.input("Tripler les ACI").run()
    presser(essai, "acter_decision")
    corrigee = decisions.find_all(journal)[0][1]
    assert corrigee.texte == "Tripler les ACI"
    assert (corrigee.temoin, corrigee.cible, corrigee.sens) == (temoin, Fraction(9, 20), decision.sens)
    assert {c: p for c, p in corrigee.positions.items() if p != "non_exprimee"} == decision.positions


def test_the_second_of_two_clicks_comes_on_the_page_that_the_first_one_left_and_breaks_nothing(
    monde_publie: Path,
) -> None:
    journal = Journal.du_dossier(monde_publie)
    blocage = blocages.Blocage(S1, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), "Peu d’ACI logés.")
    fiche = blocages.report(journal, blocage, AUTEUR, identifiant="b0", op_id="s0")
    blocages.order(journal, [blocages.retain(journal, fiche, AUTEUR, "r0")], AUTEUR, "o0")
    essai = visit("cloture", seance="2017S1", ici="ICI 2").run()
    essai.selectbox(key="saisie_organisation").select("DDTM")
    essai.button(key="revenir_b0").click()
    envoye = essai._tree.get_widget_states()  # the browser says the same twice
    for _ in range(2):
        essai._run(envoye)
        assert not essai.exception
        assert "Une erreur de l’application" not in texte(essai)


def test_a_profile_is_not_taken_before_its_commune_or_its_bailleur_is_on_screen(monde_publie: Path) -> None:
    essai = visit("introduction").run()
    for genre in ("Commune", "Bailleur"):  # no code yet, then that of a commune
        essai.selectbox(key="profil_type").select(TypeProfil(genre.lower()))
        next(b for b in essai.button if b.label == "Prendre ce profil").click()
        essai.run()
        assert not essai.exception
        assert "profil_repete" not in essai.session_state
        assert essai.selectbox(key="profil_code").label == genre
    next(b for b in essai.button if b.label == "Prendre ce profil").click()
    essai.run()
    assert essai.session_state["profil_repete"] == Profil(TypeProfil.BAILLEUR, "B1")


@pytest.mark.parametrize("genre", ["commune", "bailleur"])
def test_where_nothing_is_published_there_is_no_profile_of_a_place_to_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, genre: str
) -> None:
    monkeypatch.setenv("MEL_DONNEES", str(tmp_path))
    donnees.entrepot.clear()
    essai = visit("introduction").run()
    essai.selectbox(key="profil_type").select(TypeProfil(genre))
    next(b for b in essai.button if b.label == "Prendre ce profil").click()
    essai.run()
    assert not essai.exception
    assert "Une erreur de l’application" not in texte(essai)
    assert "profil_repete" not in essai.session_state


def test_who_is_proposed_as_present_follows_the_positions_until_somebody_tells(a_signer: Path) -> None:
    journal = journal_de(a_signer, est_acte=False)
    essai = note_presents(name(open("cloture")))

    def proposes() -> list[str]:
        return list(next(m for m in essai.multiselect if m.label == "Présents").value)

    assert proposes() == []
    dites = {"MEL": Position.ACTE, ROUBAIX: Position.RESERVE, "AR-Habitat": Position.ABSENT}
    decisions.act(
        journal,
        Decision(S1, "ICI 2", "Doubler les ACI", "MEL", S2.fin, positions=dites),
        AUTEUR,
        identifiant="d9",
        op_id="a9",
    )
    essai.run()
    assert sorted(proposes()) == [ROUBAIX, "MEL"]

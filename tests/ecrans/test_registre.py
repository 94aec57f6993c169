"""A form on the journal: saved as typed, back after a reload, two tabs on one draft, two people on one text."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.journal import Journal
from mel_core.seance.coordination import TemoinIndicateur
from pages.commun import donnees, ecriture
from pages.commun.coordination import acte_decision
from pages.commun.segments import acte_engagement
from tests.ecrans.conftest import Publier

BROUILLON = "a" * 32


def formulaire() -> None:
    """The page of these tests."""
    import streamlit as st

    from pages.adaptateur.incidents import protect
    from pages.commun import brouillon, ecriture

    with protect():
        ecriture.ask_auteur()
        saisie = brouillon.brouillon("essai")
        saisie.texte("Constat", "constat")
        saisie.paragraphe("Ce qui a été tenté", "tente")
        dits = {"typologie": "la typologie", "ressources": "les ressources"}
        saisie.choix("Profil", list(dits), "profil", format_func=dits.__getitem__)
        saisie.plusieurs("Communes", ["Lille", "Roubaix"], "communes")
        saisie.jour("Depuis", "depuis")
        saisie.nombre("Ménages", "n", min_value=0, step=1)
        saisie.etat()
        if st.button("Envoyer"):
            ecriture.journal().write(
                "essai", saisie.identifiant, saisie.contenu, ecriture.require_auteur(), saisie.op_id_envoi
            )
            saisie.finish()
            st.rerun()


@pytest.fixture(autouse=True)
def dossier(publish: Publier) -> None:
    """An empty store of its own."""


def open(nom: str = "Anne", identifiant: str = BROUILLON) -> AppTest:
    """The page as a new tab opens it, by the address of the draft, for someone who already gave a name."""
    onglet = AppTest.from_function(formulaire, default_timeout=30)
    onglet.session_state["auteur_nom"] = nom
    if identifiant:
        onglet.query_params["brouillon"] = identifiant
    return onglet.run()


def journal() -> Journal:
    return ecriture.journal()


def versions(identifiant: str = BROUILLON) -> list[dict[str, object]]:
    return [dict(f.contenu) for f in journal().historique("brouillon-essai", identifiant)]


def lu(onglet: AppTest) -> str:
    return " ".join(h.proto.body for h in onglet.main if h.type == "html") + " ".join(
        h.proto.body for h in onglet.get("html")
    )


def geste(onglet: AppTest, rang: int) -> Any:
    """The buttons of the form, in their order, without the one that changes who signs."""
    return [b for b in onglet.button if b.key != "changer_auteur"][rang]


def gestes(onglet: AppTest) -> list[str]:
    return [b.label for b in onglet.button if b.key != "changer_auteur"]


def test_nothing_is_written_before_anything_is_typed() -> None:
    onglet = open(identifiant="")
    assert len("".join(onglet.query_params["brouillon"])) == 32
    assert journal().nombre() == 0


def test_each_change_is_saved_at_once_and_comes_back_in_a_new_tab() -> None:
    onglet = open()
    onglet.text_input[0].input("refus en série").run()
    onglet.text_area[0].input("élargir <les> souhaits").run()
    onglet.selectbox[0].select("ressources").run()
    onglet.multiselect[0].select("Roubaix").run()
    onglet.date_input[0].set_value(date(2017, 3, 1)).run()
    onglet.number_input[0].set_value(12).run()
    assert len(versions()) == 6
    assert versions()[-1] == {
        "constat": "refus en série",
        "tente": "élargir <les> souhaits",
        "profil": "ressources",
        "communes": ["Roubaix"],
        "depuis": "2017-03-01",
        "n": 12,
    }
    assert "Gardé au journal le" in lu(onglet)
    autre = open()
    assert autre.text_input[0].value == "refus en série"
    assert autre.text_area[0].value == "élargir <les> souhaits"
    assert (autre.selectbox[0].value, autre.multiselect[0].value) == ("ressources", ["Roubaix"])
    assert (autre.date_input[0].value, autre.number_input[0].value) == (date(2017, 3, 1), 12)


def deux_clics() -> None:
    """The second click acts on the form of the first one: the screen was not drawn again in between."""
    import streamlit as st

    from mel_core.journal import Perime
    from pages.commun import brouillon, ecriture

    saisie = brouillon.brouillon("essai")
    saisie.texte("Constat", "constat")

    def envoyer() -> None:
        if saisie.est_partie:
            return
        saisie.keep_l_ecran()
        try:
            ecriture.journal().write("essai", saisie.identifiant, saisie.contenu, ecriture.auteur(), saisie.op_id_envoi)
        except Perime:
            saisie.restart()
        else:
            saisie.finish()

    st.button("Envoyer", on_click=lambda: [envoyer() for _ in range(2)])


def test_a_double_click_sends_once() -> None:
    onglet = AppTest.from_function(deux_clics, default_timeout=30)
    onglet.session_state["auteur_nom"] = "Anne"
    onglet.query_params["brouillon"] = BROUILLON
    onglet.run().text_input[0].input("refus").run()
    onglet.button[0].click().run()
    assert not onglet.exception
    # The draft says that it is finished, once; what was sent is the text, and nothing was refused.
    assert journal().nombre() == 3
    assert [f.version for f in journal().historique("essai", BROUILLON)] == [1]
    assert journal().ecarts("essai", BROUILLON) == []


def test_a_rerun_writes_nothing_more() -> None:
    onglet = open()
    onglet.text_input[0].input("refus").run()
    onglet.run().run()
    assert versions() == [{"constat": "refus"}]


def test_two_tabs_that_type_in_different_fields_keep_both() -> None:
    un, deux = open(), open()
    un.text_input[0].input("refus").run()
    deux.text_area[0].input("élargir").run()
    assert versions()[-1] == {"constat": "refus", "tente": "élargir"}
    assert deux.text_input[0].value == "refus"
    assert un.run().text_area[0].value == "élargir"
    assert journal().ecarts("brouillon-essai", BROUILLON) == []


def test_two_people_on_one_field_see_both_texts_and_choose_the_one_that_is_there() -> None:
    anne, bruno = open("Anne"), open("Bruno")
    anne.text_input[0].input("texte d’Anne").run()
    bruno.text_input[0].input("texte de Bruno").run()
    assert versions() == [{"constat": "texte d’Anne"}]
    assert bruno.text_input[0].value == "texte de Bruno"
    assert "texte d’Anne" in lu(bruno)
    assert "texte de Bruno" not in lu(anne.run())
    # Neither a reload nor typing in another field forgets the choice.
    bruno.text_area[0].input("élargir").run()
    bruno = open("Bruno")
    assert gestes(bruno) == ["Garder le texte d’Anne", "Remplacer par le mien", "Envoyer"]
    geste(bruno, 0).click().run()
    assert gestes(bruno) == ["Envoyer"]
    assert bruno.text_input[0].value == "texte d’Anne"
    assert versions()[-1]["constat"] == "texte d’Anne"
    assert "texte de Bruno" in [f.contenu["constat"] for f in journal().ecarts("brouillon-essai", BROUILLON)]


def test_the_refused_text_can_replace_the_other_and_leaves_the_other_fields_alone() -> None:
    anne, bruno = open("Anne"), open("Bruno")
    anne.text_input[0].input("texte d’Anne").run()
    bruno.text_input[0].input("texte de Bruno").run()
    anne.number_input[0].set_value(7).run()
    geste(bruno.run(), 1).click().run()
    assert versions()[-1] == {"constat": "texte de Bruno", "n": 7}
    assert bruno.text_input[0].value == "texte de Bruno"
    assert gestes(bruno) == ["Envoyer"]
    assert anne.run().text_input[0].value == "texte de Bruno"
    assert [v["constat"] for v in versions()] == ["texte d’Anne", "texte d’Anne", "texte de Bruno"]
    assert journal().verify() == []


def test_the_two_texts_to_choose_between_read_as_their_fields_do() -> None:
    anne, bruno = open("Anne"), open("Bruno")
    anne.selectbox[0].select("ressources").run()
    anne.multiselect[0].select("Lille").select("Roubaix").run()
    anne.date_input[0].set_value(date(2017, 9, 1)).run()
    anne.number_input[0].set_value(1204).run()
    bruno.selectbox[0].select("typologie").run()
    bruno.multiselect[0].select("Roubaix").run()
    bruno.date_input[0].set_value(date(2017, 9, 2)).run()
    bruno.number_input[0].set_value(7).run()
    dit = lu(bruno).replace("\u202f", " ")
    for attendu in ("les ressources", "Lille et Roubaix", "1er septembre 2017", "1 204"):
        assert f"<dd>{attendu}</dd>" in dit
    for attendu in ("la typologie", "Roubaix", "2 septembre 2017", "7"):
        assert f"<dd>{attendu}</dd>" in dit


def test_the_target_the_share_and_the_day_of_an_act_read_in_french_in_both_texts() -> None:
    decision = {"echeance": "2018-06-30", "cible": "9/10", "temoin": TemoinIndicateur("aci").contenu()}
    lus = [acte_decision.CHAMPS[c].read(decision[c], decision) for c in ("echeance", "cible")]
    assert lus == ["30 juin 2018", "90\u202f%"]
    engagement = {"nombre": 1204, "part": "1/8"}
    lus = [acte_engagement.CHAMPS[c].read(engagement[c], engagement) for c in ("nombre", "part")]
    assert lus == ["1\u202f204", "12,5\u202f%"]


def test_a_form_sent_twice_is_written_once_and_the_next_one_is_empty() -> None:
    un, deux = open(), open()
    un.text_input[0].input("refus").run()
    deux.run()
    for onglet in (un, deux):
        onglet.button[-1].click().run()
    assert [(f.identifiant, f.version) for f in journal().find_all("essai")] == [(BROUILLON, 1)]
    assert un.text_input[0].value == ""
    assert "".join(un.query_params["brouillon"]) not in ("", BROUILLON)


def test_a_double_click_on_a_form_that_another_tab_sent_moves_its_text_and_sends_nothing_of_the_other() -> None:
    onglets = []
    for nom in ("Anne", "Bruno"):
        onglet = AppTest.from_function(deux_clics, default_timeout=30)
        onglet.session_state["auteur_nom"] = nom
        onglet.query_params["brouillon"] = BROUILLON
        onglets.append(onglet.run())
    for onglet, texte in zip(onglets, ("Le premier", "Le second"), strict=True):
        onglet.text_input[0].input(texte).run()
        onglet.button[0].click().run()
    assert [f.contenu["constat"] for f in journal().find_all("essai")] == ["Le premier"]
    assert onglets[0].text_input[0].value == ""
    assert onglets[1].text_input[0].value == "Le second"
    onglets[1].button[0].click().run()
    assert sorted(f.contenu["constat"] for f in journal().find_all("essai")) == ["Le premier", "Le second"]


def test_what_is_not_signed_is_saved_but_not_sent() -> None:
    onglet = open("")
    constat = next(t for t in onglet.text_input if t.label == "Constat")
    constat.input("refus").run()
    onglet.button[-1].click().run()
    assert "donner d’abord votre nom" in lu(onglet)
    assert versions() == [{"constat": "refus"}]
    assert journal().find_all("essai") == []
    nom = next(t for t in onglet.text_input if "Votre nom" in t.label)
    nom.input("  Anne   Martin ").run()
    onglet.button[-1].click().run()
    (envoyee,) = journal().find_all("essai")
    assert (envoyee.auteur.nom, envoyee.auteur.organisation, envoyee.auteur.profil) == (
        "Anne Martin",
        "MEL",
        "copilote",
    )


def test_a_journal_that_does_not_answer_leaves_the_text_on_screen_and_says_so() -> None:
    onglet = open()
    onglet.text_input[0].input("refus").run()
    fichier = donnees.entrepot().dossier / "journal.sqlite"
    journal().close()
    contenu = fichier.read_bytes()
    for reste in fichier.parent.glob("journal.sqlite*"):
        reste.unlink()
    fichier.write_bytes(b"illisible" * 1000)
    onglet.text_input[0].input("refus en série").run()
    assert "est abîmé" in lu(onglet)
    for reste in fichier.parent.glob("journal.sqlite*"):
        reste.unlink()
    fichier.write_bytes(contenu)
    journal().close()
    onglet.run()
    assert onglet.text_input[0].value == "refus en série"
    onglet.text_area[0].input("élargir").run()
    assert versions()[-1] == {"constat": "refus en série", "tente": "élargir"}


def name(onglet: AppTest, nom: str) -> None:
    next(t for t in onglet.text_input if "Votre nom" in t.label).input(nom).run()


def organisation(onglet: AppTest) -> Any:
    return next(s for s in onglet.selectbox if s.label == "Organisation")


def envoyee(onglet: AppTest) -> tuple[str, str]:
    """Send the form: name and organisation that the last entry of the journal bears."""
    next(t for t in onglet.text_input if t.label == "Constat").input("refus").run()
    onglet.button[-1].click().run()
    fiche = max(journal().find_all("essai"), key=lambda f: f.instant)
    return fiche.auteur.nom, fiche.auteur.organisation


def test_whoever_signs_chooses_an_organisation_before_the_name_that_closes_the_question() -> None:
    onglet = open("")
    assert [w.label for w in onglet.main if w.type in ("selectbox", "text_input")][:2] == [
        "Organisation",
        "Votre nom, qui signe ce que vous écrivez",
    ]
    organisation(onglet).select("DDTM").run()
    name(onglet, "Bruno")
    assert "Organisation" not in [s.label for s in onglet.selectbox]
    assert onglet.button(key="changer_auteur").label == "Saisi par Bruno (DDTM) · changer"
    assert envoyee(onglet) == ("Bruno", "DDTM")


def test_who_signs_may_be_changed_the_name_kept_or_not() -> None:
    onglet = open("")
    name(onglet, "Bruno")
    assert envoyee(onglet) == ("Bruno", "MEL")
    onglet.button(key="changer_auteur").click().run()
    organisation(onglet).select("AR-Habitat").run()
    onglet.button(key="reprendre_auteur").click().run()
    assert envoyee(onglet) == ("Bruno", "AR-Habitat")
    onglet.button(key="changer_auteur").click().run()
    assert organisation(onglet).value == "AR-Habitat"
    name(onglet, "Carole")
    assert envoyee(onglet) == ("Carole", "AR-Habitat")


def test_nobody_signs_while_who_signs_is_being_changed() -> None:
    onglet = open()
    onglet.button(key="changer_auteur").click().run()
    onglet.button[-1].click().run()
    assert "donner d’abord votre nom" in lu(onglet)
    assert journal().find_all("essai") == []


def test_whoever_is_not_a_co_pilot_never_signs_for_one() -> None:
    onglet = open("")
    organisation(onglet).select("DDTM").run()
    name(onglet, "Anne")
    onglet.session_state["profil_repete"] = Profil(TypeProfil.ANIMATEUR)
    onglet.run()
    assert onglet.button(key="changer_auteur").label == "Saisi par Anne (Animateur) · changer"
    assert envoyee(onglet) == ("Anne", "")

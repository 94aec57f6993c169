"""A form on the journal: saved at each field left, back after a reload; of two writers, the later one is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import streamlit as st
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.journal import Journal
from pages.commun import brouillon, donnees, ecriture
from pages.commun.brouillon import ChampSaisi
from tests.ecrans.conftest import Publier


def formulaire() -> None:
    """The page of these tests."""
    import streamlit as st

    from mel_core.droits.actions import Action
    from pages.adaptateur.incidents import protect
    from pages.commun import brouillon, ecriture

    with protect():
        ecriture.ask_auteur()
        saisie = brouillon.brouillon(Action.SIGNALER_BLOCAGE, "essai")
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
                "essai",
                saisie.identifiant,
                saisie.contenu,
                ecriture.require_auteur(Action.SIGNALER_BLOCAGE),
                saisie.op_id_envoi,
            )
            saisie.finish()
            st.rerun()


@pytest.fixture(autouse=True)
def dossier(publish: Publier) -> None:
    """An empty store of its own."""


def nomme() -> str:
    """The draft of these tests, as this journal names one that begins."""
    return brouillon._give("brouillon-essai", "a" * 16)


def open(nom: str = "Anne", identifiant: str | None = None) -> AppTest:
    """The page as a new tab opens it, by the address of the draft, for someone who already gave a name."""
    identifiant = nomme() if identifiant is None else identifiant
    onglet = AppTest.from_function(formulaire, default_timeout=30)
    onglet.session_state["auteur_nom"] = nom
    if identifiant:
        onglet.query_params["brouillon"] = identifiant
    return onglet.run()


def journal() -> Journal:
    return ecriture.journal()


def versions() -> list[dict[str, object]]:
    return [dict(f.contenu) for f in journal().historique("brouillon-essai", nomme())]


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
    assert "Brouillon gardé au journal le" in lu(onglet)
    autre = open()
    assert autre.text_input[0].value == "refus en série"
    assert autre.text_area[0].value == "élargir <les> souhaits"
    assert (autre.selectbox[0].value, autre.multiselect[0].value) == ("ressources", ["Roubaix"])
    assert (autre.date_input[0].value, autre.number_input[0].value) == (date(2017, 3, 1), 12)


def deux_clics() -> None:
    """The second click acts on the form of the first one: the screen was not drawn again in between."""
    import streamlit as st

    from mel_core.droits.actions import Action
    from mel_core.journal import Perime
    from pages.commun import brouillon, ecriture

    saisie = brouillon.brouillon(Action.SIGNALER_BLOCAGE, "essai")
    saisie.texte("Constat", "constat")

    def envoyer() -> None:
        if saisie.est_partie:
            return
        saisie.take()
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
    onglet.query_params["brouillon"] = nomme()
    onglet.run().text_input[0].input("refus").run()
    onglet.button[0].click().run()
    assert not onglet.exception
    # The draft says that it is finished, once; what was sent is the text, and nothing was refused.
    assert journal().nombre() == 3
    assert [f.version for f in journal().historique("essai", nomme())] == [1]
    assert journal().ecarts("essai", nomme()) == []


def test_a_rerun_writes_nothing_more() -> None:
    onglet = open()
    onglet.text_input[0].input("refus").run()
    onglet.run().run()
    assert versions() == [{"constat": "refus"}]


def deux_textes() -> tuple[AppTest, AppTest]:
    """Anne wrote first; Bruno typed over the same empty form, in another field too."""
    anne, bruno = open("Anne"), open("Bruno")
    anne.text_input[0].input("texte d’Anne").run()
    bruno.text_input[0].input("texte de Bruno").run()
    bruno.text_area[0].input("élargir").run()
    return anne, bruno


def test_a_form_on_screen_takes_what_another_tab_wrote_while_nothing_is_typed_in_it() -> None:
    un, deux = open(), open()
    un.text_input[0].input("refus").run()
    deux.run().text_area[0].input("élargir").run()
    assert versions()[-1] == {"constat": "refus", "tente": "élargir"}
    assert un.run().text_area[0].value == "élargir"
    assert journal().ecarts("brouillon-essai", nomme()) == []


def test_a_stale_write_is_refused_and_shown_and_both_texts_are_kept() -> None:
    anne, bruno = deux_textes()
    assert versions() == [{"constat": "texte d’Anne"}]  # nothing merged, not even the field that Anne left empty
    refuses = [dict(f.contenu) for f in journal().ecarts("brouillon-essai", nomme())]
    assert refuses[-1] == {"constat": "texte de Bruno", "tente": "élargir"}
    assert (bruno.text_input[0].value, bruno.text_area[0].value) == ("texte de Bruno", "élargir")
    assert "Ce texte a été modifié par ailleurs pendant votre saisie" in lu(bruno)
    assert "L’autre texte, par Anne" in lu(bruno)
    assert "<dd>texte d’Anne</dd>" in lu(bruno)
    assert gestes(bruno) == ["Garder le mien", "Prendre l’autre texte", "Envoyer"]
    assert gestes(anne.run()) == ["Envoyer"]
    # A reload, or a server started again, does not forget the choice nor the text.
    bruno = open("Bruno")
    assert (bruno.text_input[0].value, bruno.text_area[0].value) == ("texte de Bruno", "élargir")
    assert gestes(bruno) == ["Garder le mien", "Prendre l’autre texte", "Envoyer"]


def test_a_choice_made_in_an_older_version_of_the_application_is_not_asked_again() -> None:
    _, bruno = deux_textes()
    assert gestes(open("Bruno")) == gestes(bruno) == ["Garder le mien", "Prendre l’autre texte", "Envoyer"]
    refuse = journal().ecarts("brouillon-essai", nomme())[-1]
    journal().write("arbitrage", refuse.op_id, {"objet": "brouillon-essai"}, refuse.auteur, "c1")
    relu = open("Bruno")
    assert gestes(relu) == ["Envoyer"]
    assert relu.text_input[0].value == "texte d’Anne"


def test_whoever_takes_the_other_text_takes_the_whole_form() -> None:
    _, bruno = deux_textes()
    geste(bruno, 1).click().run()
    assert gestes(bruno) == gestes(open("Bruno")) == ["Envoyer"]
    assert (bruno.text_input[0].value, bruno.text_area[0].value) == ("texte d’Anne", "")
    assert versions()[-1] == {"constat": "texte d’Anne"}
    bruno.text_area[0].input("élargir").run()
    assert versions()[-1] == {"constat": "texte d’Anne", "tente": "élargir"}


def test_whoever_keeps_his_own_keeps_the_whole_form_and_a_third_text_come_meanwhile_is_shown_in_turn() -> None:
    anne, bruno = deux_textes()
    anne.number_input[0].set_value(7).run()
    geste(bruno, 0).click().run()  # over the text that was on screen, without the number
    assert versions()[-1] == {"constat": "texte d’Anne", "n": 7}
    assert "<dt>Ménages</dt><dd>7</dd>" in lu(bruno)
    geste(bruno, 0).click().run()
    mien = {"constat": "texte de Bruno", "tente": "élargir"}
    assert versions() == [{"constat": "texte d’Anne"}, {"constat": "texte d’Anne", "n": 7}, mien]
    assert gestes(bruno) == gestes(open("Bruno")) == ["Envoyer"]
    assert (anne.run().text_input[0].value, anne.number_input[0].value) == ("texte de Bruno", None)
    assert journal().verify() == []


def test_the_other_text_reads_as_its_fields_do() -> None:
    anne, bruno = open("Anne"), open("Bruno")
    anne.selectbox[0].select("ressources").run()
    anne.multiselect[0].select("Lille").select("Roubaix").run()
    anne.date_input[0].set_value(date(2017, 9, 1)).run()
    anne.number_input[0].set_value(1204).run()
    bruno.selectbox[0].select("typologie").run()
    dit = lu(bruno).replace("\u202f", " ")
    for attendu in ("les ressources", "Lille et Roubaix", "1er septembre 2017", "1 204"):
        assert f"<dd>{attendu}</dd>" in dit


def test_what_was_chosen_and_is_no_longer_offered_still_reads_by_its_name() -> None:
    noms = {"59512": "Roubaix", "59650": "Wattrelos"}
    champ = ChampSaisi("Renvoyé", st.multiselect, [], ["59512"], noms.__getitem__)
    assert champ.say(["59512", "59650"]) == "Roubaix et Wattrelos"
    assert champ.say(["59650", "59000"]) == "Wattrelos et 59000"  # nothing names the last one any more


def test_a_form_sent_twice_is_written_once_and_the_next_one_is_empty() -> None:
    un, deux = open(), open()
    un.text_input[0].input("refus").run()
    deux.run()
    for onglet in (un, deux):
        onglet.button[-1].click().run()
    assert [(f.identifiant, f.version) for f in journal().find_all("essai")] == [(nomme(), 1)]
    assert un.text_input[0].value == ""
    assert "".join(un.query_params["brouillon"]) not in ("", nomme())


def test_a_double_click_on_a_form_that_another_tab_sent_moves_its_text_and_sends_nothing_of_the_other() -> None:
    onglets = []
    for nom in ("Anne", "Bruno"):
        onglet = AppTest.from_function(deux_clics, default_timeout=30)
        onglet.session_state["auteur_nom"] = nom
        onglet.query_params["brouillon"] = nomme()
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
    assert [w.label for w in onglet.main if w.type in ("selectbox", "text_input")][:2] == snapshot(
        [
            "Organisation",
            "Votre nom, qui signe ce que vous écrivez",
        ]
    )
    organisation(onglet).select("DDTM").run()
    name(onglet, "Bruno")
    assert "Organisation" not in [s.label for s in onglet.selectbox]
    assert onglet.button(key="changer_auteur").label == snapshot("Saisi par Bruno, DDTM · changer")
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
    onglet.session_state["profil_repete"] = Profil(TypeProfil.RESERVATAIRE, "COLACT")
    onglet.run()
    assert onglet.button(key="changer_auteur").label == snapshot("Saisi par Anne, Action Logement · changer")
    assert envoyee(onglet) == ("Anne", "COLACT")

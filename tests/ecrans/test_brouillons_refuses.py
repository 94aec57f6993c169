"""A form that a link asks and that never was; a text that leads to a person, of which no draft is kept."""

from __future__ import annotations

from inline_snapshot import snapshot

from pages.commun import brouillon
from tests.ecrans.test_registre import dossier, journal, lu, nomme, open, versions

__all__ = ["dossier"]  # a fixture


def test_a_link_to_a_form_that_never_was_says_so_and_a_reload_of_an_empty_form_does_not() -> None:
    essai = open(identifiant="c" * 32)
    assert "Le formulaire que demande ce lien n’existe pas, ou n’est pas le vôtre" in lu(essai)
    neuf = "".join(essai.query_params["brouillon"])
    assert neuf != "c" * 32
    assert "que demande ce lien" not in lu(open(identifiant=neuf))
    ailleurs = brouillon._give("brouillon-autre", "c" * 16)  # of another form
    assert "que demande ce lien" in lu(open(identifiant=ailleurs))


def test_what_leads_to_a_person_is_refused_as_it_is_typed_and_no_draft_of_it_is_kept() -> None:
    onglet = open()
    constat = next(t for t in onglet.text_input if t.label == "Constat")
    constat.input("Rappeler Mme Martin, 06 12 34 56 78").run()
    assert "Le champ « Constat » contient un numéro de téléphone" in lu(onglet)
    assert constat.value == snapshot(
        "Rappeler Mme Martin, 06 12 34 56 78"
    )  # what was typed stays on screen, to be reworded
    assert versions() == []
    next(t for t in onglet.text_input if t.label == "Constat").input("Rappeler le ménage").run()
    assert versions() == [{"constat": "Rappeler le ménage"}]


def test_a_field_that_is_refused_keeps_no_other_from_being_kept_and_says_where_it_stays() -> None:
    onglet = open()
    onglet.text_input[0].input("refus en série").run()
    onglet.text_input[0].input("refus en série, 06 12 34 56 78").run()
    onglet.selectbox[0].select("ressources").run()
    onglet.run()
    assert f'data-formulaire="brouillon-essai-{nomme()}"' in lu(onglet)
    assert "Ce champ reste dans votre onglet, et n’est gardé nulle part ailleurs." in lu(onglet)
    assert onglet.text_input[0].value == "refus en série, 06 12 34 56 78"
    assert versions() == [{"constat": "refus en série"}, {"constat": "refus en série", "profil": "ressources"}]
    assert (open().text_input[0].value, open().selectbox[0].value) == ("refus en série", "ressources")
    onglet.text_input[0].input("refus").run()
    assert versions()[-1] == {"constat": "refus", "profil": "ressources"}
    assert "06 12" not in str([dict(f.contenu) for f in journal().ecritures()])


def test_a_draft_is_found_again_whichever_organisation_its_co_pilot_signed_for() -> None:
    onglet = open()
    onglet.session_state["auteur_organisation"] = "AR-Habitat"
    onglet.text_input[0].input("refus en série").run()
    assert [f.auteur.organisation for f in journal().historique("brouillon-essai", nomme())] == ["AR-Habitat"]
    neuf = open()  # by its link: for whom it signs is asked again, after the draft was read
    assert (neuf.text_input[0].value, "que demande ce lien" in lu(neuf)) == ("refus en série", False)

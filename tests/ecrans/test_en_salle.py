"""Without a login, Salle is a rehearsal of one session: it closes the same, says so, and asks to open."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.journal import Journal
from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.ecrans.conftest import ROUBAIX, Publier, monde
from tests.ecrans.test_seances import bande
from tests.jeux import demande_active, table

PASSER, REVENIR, CONFIRMER = "Passer en Salle", "Revenir en Préparation", "Confirmer le retour en Préparation"
RESTER, EXPORT = "Rester en Salle", "Préparer l’export"


@pytest.fixture
def essai(publish: Publier) -> AppTest:
    """A co-pilot on the free builder, over one demande and the leases of the small world."""
    demande = demande_active("p1", date(2016, 1, 1), typologies=["T3"], communes_souhaitees=[ROUBAIX])
    publish(**monde(), demandes=table("demandes", demande))
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60).run()
    essai.session_state["auteur_nom"] = "C. Essai"
    return essai


def aller(essai: AppTest, page: str, **adresse: str) -> AppTest:
    essai.switch_page(fichier(page))
    essai.query_params.update(adresse)
    essai.run()
    assert not essai.exception
    return essai


def choose(essai: AppTest, libelle: str) -> None:
    next(b for b in essai.button if b.label == libelle).click().run()
    assert not essai.exception


def boutons(essai: AppTest) -> set[str]:
    return {b.label for b in essai.button} & {PASSER, REVENIR, CONFIRMER, RESTER, EXPORT}


def lu(essai: AppTest) -> str:
    textes = [*(str(x.proto.body) for x in essai.get("html")), *(c.value for c in essai.caption)]
    return " ".join(textes).replace("\u00a0", " ").replace("\u202f", " ")


def test_in_rehearsal_salle_closes_lists_and_exports_and_a_confirmation_opens_them(essai: AppTest) -> None:
    aller(essai, "mes_listes", segment="jamais_presentes", commune=ROUBAIX)
    assert boutons(essai) == {PASSER, EXPORT}
    choose(essai, PASSER)
    assert boutons(essai) == {REVENIR}
    assert "en Salle, où aucune liste ne s’ouvre : choisir « Revenir en Préparation »" in lu(essai)
    assert len(essai.dataframe) == 0
    choose(essai, REVENIR)
    assert boutons(essai) == {CONFIRMER, RESTER}
    choose(essai, RESTER)
    assert boutons(essai) == {REVENIR}
    choose(essai, REVENIR)
    choose(essai, CONFIRMER)
    assert boutons(essai) == {PASSER, EXPORT}
    assert len(essai.dataframe) == 1


def test_without_a_login_the_switch_says_that_it_is_a_rehearsal(essai: AppTest) -> None:
    dit = "Sans connexion, c’est une répétition : la Salle ne tient que dans cet onglet."
    assert dit in lu(essai)
    choose(essai, PASSER)
    assert dit in lu(essai)


def test_salle_closes_imports_whose_rejected_rows_quote_the_files(essai: AppTest) -> None:
    aller(essai, "imports")
    assert len(essai.get("file_uploader")) > 0
    choose(essai, PASSER)
    assert len(essai.get("file_uploader")) == 0
    assert "aucune liste ne s’ouvre" in lu(essai)


def test_salle_closes_the_free_builder_and_the_leases_to_complete(essai: AppTest) -> None:
    aller(essai, "qualite", seance="2017S2", qualite="attributions")
    essai.selectbox(key="ici").set_value("ICI 2").run()
    assert EXPORT in boutons(essai)
    aller(essai, "orientations", vue="segments", segment="libre", seance="2017S2")
    assert essai.selectbox(key="segment").value == "libre"
    choose(essai, PASSER)
    aller(essai, "orientations", vue="segments", segment="libre", seance="2017S2")
    assert essai.selectbox(key="segment").value != "libre"
    assert "Segment libre…" not in essai.selectbox(key="segment").options
    aller(essai, "qualite", seance="2017S2", qualite="attributions")
    essai.selectbox(key="ici").set_value("ICI 2").run()
    assert "en Salle, où aucune liste ne s’ouvre" in lu(essai)
    assert EXPORT not in boutons(essai)


def test_an_animateur_is_in_salle_without_a_switch_and_its_steps_leave_a_trace(essai: AppTest) -> None:
    essai.session_state["profil_repete"] = Profil(TypeProfil.ANIMATEUR)
    aller(essai, "mes_listes", segment="jamais_presentes", commune=ROUBAIX)
    assert "Un animateur est toujours en Salle, où aucune liste ne s’ouvre" in lu(essai)
    assert boutons(essai) == set()
    aller(essai, "orientations", vue="segments", segment="libre", seance="2017S2")
    assert essai.selectbox(key="segment").value != "libre"
    assert "Segment libre…" not in essai.selectbox(key="segment").options
    (trace,) = Journal.du_dossier(donnees.entrepot().dossier).find_all("audit", geste="pas en salle")
    assert trace.auteur.profil == "animateur"


def test_another_profile_taken_in_salle_does_not_open_it(essai: AppTest) -> None:
    choose(essai, PASSER)
    essai.session_state["profil_repete"] = Profil(TypeProfil.COMMUNE, ROUBAIX)
    aller(essai, "mes_listes", segment="jamais_presentes")
    assert "en Salle, où aucune liste ne s’ouvre" in lu(essai)
    assert boutons(essai) == set()


def test_of_what_is_exact_in_a_room_the_strip_does_not_say_that_it_is_rounded(essai: AppTest) -> None:
    choose(essai, PASSER)
    for vue, est_arrondie in (("mutations", True), ("preconisations", False)):
        essai.session_state["vue"] = vue
        aller(essai, "orientations")
        assert ("arrondies à 5" in str(bande(essai)["donnees"]).replace("\u00a0", " ")) is est_arrondie

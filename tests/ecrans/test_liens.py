"""What a link opens: what it names, or a sentence that says that it does not exist; never something else in silence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.journal import Auteur, Journal, nouvel_op_id
from mel_core.seance.coordination import blocages
from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.ecrans.conftest import ROUBAIX, Publier, monde
from tests.jeux import LILLE, attribution, table
from tests.marcheur.tables import whole


def open(page: str, profil: Profil | None = None, **adresse: str) -> AppTest:
    # In the frame of the application, which says what the page refuses.
    script = (
        "import runpy\nfrom pages.adaptateur.incidents import protect\n"
        f"with protect():\n    runpy.run_path({str(donnees.RACINE / fichier(page))!r})"
    )
    essai = AppTest.from_string(script, default_timeout=60)
    essai.session_state["auteur_nom"] = "C. Essai"
    if profil:
        essai.session_state["profil_repete"] = profil
    essai.query_params.update(adresse)
    return essai.run()


def vu(essai: AppTest) -> str:
    assert not essai.exception
    textes = [str(x.proto.body) for x in essai.get("html")] + [x.value for x in (*essai.markdown, *essai.error)]
    return " ".join(textes).replace("\u00a0", " ")


def deux_icis() -> dict[str, object]:
    """`monde`, all in ICI 2, and one bail of B2 in Lille, ICI 1."""
    tables = monde()
    lille = attribution(9000, date_bail=date(2017, 10, 1), code_insee=LILLE, code_bailleur="B2")
    lignes = tables["attributions"].to_pylist()
    for ligne in lignes:
        ligne["numero_unique"] = ligne.pop("pseudonyme")
    return {**tables, "attributions": table("attributions", *lignes, lille)}


@pytest.mark.parametrize(
    ("demande", "dit"),
    [
        ({"ici": "ICI 9"}, "L’ICI « ICI 9 » que demande le lien n’existe pas"),
        ({"seance": "2099S1", "ici": "ICI 2"}, "La séance « 2099S1 » que demande le lien n’existe pas"),
        ({"seance": "n’importe quoi"}, "La séance « n’importe quoi » que demande le lien n’existe pas"),
    ],
)
@pytest.mark.parametrize("page", ["bilan", "simuler", "blocages"])
def test_a_link_to_an_ici_or_a_seance_that_does_not_exist_says_so_and_opens_no_other(
    publish: Publier, page: str, demande: dict[str, str], dit: str
) -> None:
    publish(**deux_icis())
    essai = open(page, **demande)
    assert dit in vu(essai)
    (cle,) = [c for c, x in demande.items() if x != "ICI 2"]
    assert essai.selectbox(key=cle).value is None
    assert essai.query_params[cle] == demande[cle]  # a reload says it again
    assert len(essai.selectbox) <= 2  # nothing else of the page is there
    # The choice is made, and the page opens on it.
    essai.selectbox(key=cle).select_index(0).run()
    assert "n’existe pas" not in vu(essai)
    assert essai.query_params[cle] == essai.selectbox(key=cle).value


def test_a_link_to_a_message_that_does_not_exist_says_so_at_the_desk(monde_publie: Path) -> None:
    for message, est_dit in (("zz", True), ("bilan-equilibre", False)):
        essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60)
        essai.query_params.update(seance="2017S2", ici="ICI 2", message=message)
        for _ in range(2):  # as long as the address asks for it
            assert ("Le lien demande « zz », qui n’existe pas ici" in vu(essai.run())) == est_dit


def test_a_link_to_an_item_that_is_not_on_the_agenda_says_so(monde_publie: Path) -> None:
    essai = open("coordination", seance="2017S2", ici="ICI 2", point="parti")
    for _ in range(2):  # as long as nobody chose, and no item opens in its place
        assert "Le lien demande « parti », qui n’existe pas ici : rien n’est ouvert, choisir ci-dessous." in vu(essai)
        assert "Dans" not in vu(essai)  # no message
        assert (essai.segmented_control[0].value, essai.query_params["point"]) == (None, "parti")
        essai.run()
    essai.segmented_control[0].set_value("fonctionne").run()
    assert "n’existe pas" not in vu(essai)
    assert "n’existe pas" not in vu(open("coordination", seance="2017S2", ici="ICI 2"))


@pytest.mark.parametrize(
    ("profil", "attendue"),
    [
        (Profil(TypeProfil.COMMUNE, ROUBAIX), "ICI 2"),
        (Profil(TypeProfil.COMMUNE, LILLE), "ICI 1"),
        (Profil(TypeProfil.BAILLEUR, "B2"), "ICI 2"),  # 81 of its 82 bails are there
        (None, "ICI 1"),
    ],
)
def test_a_commune_and_a_bailleur_open_on_their_own_ici(publish: Publier, profil: Profil | None, attendue: str) -> None:
    publish(**deux_icis())
    assert open("blocages", profil).selectbox(key="ici").value == attendue


def test_a_commune_never_reports_to_the_agenda_of_another_ici(publish: Publier, tmp_path: Path) -> None:
    publish(**deux_icis())
    roubaix = Profil(TypeProfil.COMMUNE, ROUBAIX)
    essai = open("blocages", roubaix, ici="ICI 1")
    assert "Roubaix est dans l’ICI 2" in vu(essai)
    assert not essai.text_area
    # A form kept from before, or forged: the server refuses it too.
    dedans = open("blocages", roubaix)
    next(t for t in dedans.text_area if t.label == "Ce qui bloque").input("Trop de refus").run()
    dedans.selectbox(key="ici").select("ICI 1")
    dedans.button(key="envoyer_blocage").click().run()
    (fiche,) = Journal.du_dossier(tmp_path).find_all(blocages.OBJET) or [None]
    assert fiche is None or fiche.contenu["ici"] == "ICI 2"


def test_taking_the_profile_of_a_commune_opens_its_own_ici(publish: Publier) -> None:
    publish(**deux_icis())
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60).run()
    assert essai.selectbox(key="ici").value == "ICI 1"
    essai.selectbox(key="profil_type").select(TypeProfil.COMMUNE).run()
    essai.selectbox(key="profil_code").select(ROUBAIX).run()
    next(b for b in essai.button if b.label == "Prendre ce profil").click().run()
    assert not essai.exception
    assert essai.selectbox(key="ici").value == "ICI 2"
    assert "L’ICI 2 s’ouvre, celle de Roubaix, au lieu de l’ICI 1." in vu(essai).replace("\u00a0", " ")
    # A bailleur that has attributions in the ICI on screen stays there, and nothing is said.
    essai.selectbox(key="profil_type").select(TypeProfil.BAILLEUR).run()
    next(b for b in essai.button if b.label == "Prendre ce profil").click().run()
    assert essai.selectbox(key="ici").value == "ICI 2"
    assert "s’ouvre, celle de" not in vu(essai)


@pytest.mark.parametrize(
    ("conditions", "dit"),
    [
        ('[["age","au_moins",20],["age","au_plus",30]]', "pose deux conditions sur « Âge du demandeur »"),
        ('[["bailleur","parmi",["B99"]]]', "« B99 »"),
        ("n’importe quoi", "ne se lisent pas"),
    ],
)
def test_conditions_that_the_builder_cannot_hold_are_said(monde_publie: Path, conditions: str, dit: str) -> None:
    essai = open("orientations", seance="2017S2", ici="ICI 2", segment="libre", libre=conditions)
    lu = vu(essai)
    assert dit in lu
    assert "Une erreur de l’application" not in lu
    assert "Composer le segment" in " ".join(e.label for e in essai.expander)


def test_a_condition_written_twice_is_one(monde_publie: Path) -> None:
    conditions = '[["n_personnes","au_moins",2],["n_personnes","au_moins",2]]'
    essai = open("orientations", seance="2017S2", ici="ICI 2", segment="libre", libre=conditions)
    assert essai.multiselect(key="libre_champs").value == ["n_personnes"]
    assert "n’existe pas" not in vu(essai)


def test_a_measure_chosen_on_screen_is_not_taken_for_a_link_to_the_cut_of_the_one_before(monde_publie: Path) -> None:
    essai = open("bilan", seance="2017S2", ici="ICI 2", objectif="npru", coupe="residence")
    assert "qui n’existe pas ici" not in vu(essai)
    (mesures,) = [s.options for s in essai.selectbox if s.label == "Autres mesures du bilan"]
    for mesure in mesures:
        (choix,) = [s for s in essai.selectbox if s.label == "Autres mesures du bilan"]
        choix.select(mesure).run()
        assert "qui n’existe pas ici" not in vu(essai), mesure


def test_a_cut_left_in_the_address_of_an_objective_is_not_taken_for_a_link_when_a_measure_is_chosen(
    monde_publie: Path,
) -> None:
    essai = open("bilan", seance="2017S2", ici="ICI 2", objectif="equilibre", coupe="mutation_fragilite")
    (choix,) = [s for s in essai.selectbox if s.label == "Autres mesures du bilan"]
    choix.select("Entrants, occupants").run()
    assert "qui n’existe pas ici" not in vu(essai)


def test_a_link_to_simuler_opens_the_detail_that_was_open(monde_publie: Path) -> None:
    essai = open("simuler", seance="2017S2", ici="ICI 2", simulation="equilibre")
    essai.segmented_control(key="volet_equilibre").set_value("Effet de chaque levier").run()
    suivi = open("simuler", **dict(essai.query_params))
    assert suivi.segmented_control(key="volet_equilibre").value == snapshot("Effet de chaque levier")
    perdu = open("simuler", **{**dict(essai.query_params), "volet_equilibre": "Autre"})
    assert "Le lien demande « Autre », qui n’existe pas ici" in vu(perdu)


def test_a_link_to_simuler_opens_the_scenarios_compared_and_none_where_none_was(monde_publie: Path) -> None:
    ou = {"simulation": "equilibre", "seance": "2017S2", "ici": "ICI 2"}
    garde = {**ou, "leviers": {}, "millesime": "celui-ci", "nom": "Un sur deux", "auteur": "C. Essai"}
    Journal.du_dossier(monde_publie).write("scenario", "s1", garde, Auteur("C. Essai", "MEL"), nouvel_op_id())
    essai = open("simuler", **ou, volet_equilibre="Comparer avec un scénario gardé")
    assert essai.multiselect(key="compare_equilibre").value == ["s1"]
    assert open("simuler", **dict(essai.query_params)).multiselect(key="compare_equilibre").value == ["s1"]
    essai.multiselect(key="compare_equilibre").set_value([]).run()
    assert open("simuler", **dict(essai.query_params)).multiselect(key="compare_equilibre").value == []


def test_a_link_to_the_leases_to_complete_keeps_their_bailleur(publish: Publier) -> None:
    publish(**deux_icis())
    essai = open("qualite", seance="2017S2", ici="MEL")
    essai.selectbox(key="a_relancer").set_value("B2").run()
    assert open("qualite", **dict(essai.query_params)).selectbox(key="a_relancer").value == "B2"


def test_each_detail_of_a_plan_opens(publish: Publier) -> None:
    publish(**whole())
    essai = open("simuler", seance="2017S2", ici="ICI 2", simulation="plan")
    volets = [v for v in essai.segmented_control(key="volet_plan").options if "par commune" in v.lower()]
    assert volets
    for volet in volets:
        essai.segmented_control(key="volet_plan").set_value(volet).run()
        assert "n’existe pas" not in vu(essai)
        assert len(essai.dataframe) == 1


def test_what_was_chosen_outlives_a_page_left_before_it_was_drawn(publish: Publier) -> None:
    """Two keys pressed at once leave a page whose selectors were not drawn yet: it is no longer held, nor in the
    address."""
    publish(**deux_icis())
    page = donnees.RACINE / fichier("bilan")

    def ici_of(**tenu: str) -> str:
        essai = AppTest.from_file(page, default_timeout=60)
        for cle in tenu:
            essai.session_state[cle] = tenu[cle]
        essai.run()
        assert not essai.exception
        assert essai.query_params["ici"] == essai.selectbox(key="ici").value
        return str(essai.selectbox(key="ici").value)

    assert open("bilan", ici="ICI 2").session_state["choisie_ici"] == "ICI 2"
    assert ici_of(choisie_ici="ICI 2") == "ICI 2"
    assert ici_of() == "ICI 1"
    assert ici_of(choisie_ici="ICI 9") == "ICI 1"

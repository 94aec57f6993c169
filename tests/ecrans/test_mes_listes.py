"""« Mes listes »: what the sentence says of the filters that narrow it."""

from __future__ import annotations

from datetime import date

from streamlit.testing.v1 import AppTest

from mel_core.acces import Profil, TypeProfil
from pages.commun import donnees
from tests.ecrans.conftest import ROUBAIX, Publier, monde
from tests.jeux import table


def lister(profil: Profil, **adresse: str) -> AppTest:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60).run()
    essai.session_state["profil_repete"] = profil
    essai.session_state["auteur_nom"] = "C. Essai"
    essai.switch_page("pages/listes/mes_listes.py")
    essai.query_params.update(adresse)
    essai.run()
    assert not essai.exception
    return essai


def message(essai: AppTest) -> str:
    assert not essai.exception
    return next(m.value for m in essai.markdown if "demande" in m.value).replace("\u00a0", " ")


def html(essai: AppTest) -> str:
    return " ".join(str(x.proto.body) for x in essai.get("html")).replace("\u00a0", " ")


def test_a_filter_that_stays_when_the_segment_changes_is_said_with_what_it_leaves_out(publier: Publier) -> None:
    # Three blocked mutations who want a T3, one demande that nobody ever presented and who wants a T1.
    demandes = [
        {
            "numero_unique": f"p{i}",
            "date_creation": date(2016, 1, 1),
            "etat": "ACTIVE",
            "n_personnes": 1,
            "typologies": ["T3"] if i < 3 else ["T1"],
            "communes_souhaitees": [ROUBAIX],
            "mutation_bloquee": i < 3,
        }
        for i in range(4)
    ]
    publier(**monde(), demandes=table("demandes", *demandes))
    essai = lister(Profil(TypeProfil.COMMUNE, ROUBAIX), segment="jamais_presentes")
    essai.multiselect(key="liste_typologies").select("T1").run()
    assert message(essai).startswith("Roubaix : **1 demande** n’a jamais été présentée")
    assert message(essai).endswith("Filtres en vigueur (T1) : sans eux, **4 demandes**.")
    essai.selectbox(key="segment").set_value("mutations_bloquees_en_attente").run()
    assert message(essai) == (
        "Roubaix : **0 demande** est une mutation bloquée. Filtres en vigueur (T1) : sans eux, **3 demandes**."
    )
    essai.button(key="sans_filtre").click().run()
    assert message(essai) == "Roubaix : **3 demandes** sont des mutations bloquées."
    assert essai.multiselect(key="liste_typologies").value == []


def test_a_link_opens_the_list_with_the_commune_the_filters_and_the_order_that_it_was_taken_with(
    publier: Publier,
) -> None:
    demandes = [
        {
            "numero_unique": f"p{i}",
            "date_creation": date(2016, 1, 1),
            "etat": "ACTIVE",
            "n_personnes": 1,
            "typologies": ["T3"] if i < 3 else ["T1"],
            "communes_souhaitees": [ROUBAIX],
        }
        for i in range(4)
    ]
    publier(**monde(), demandes=table("demandes", *demandes))
    essai = lister(Profil(TypeProfil.COPILOTE), segment="jamais_presentes", commune=ROUBAIX)
    essai.multiselect(key="liste_typologies").select("T3").run()
    essai.selectbox(key="liste_sens").set_value("croissant").run()
    adresse = dict(essai.query_params)
    assert (adresse["commune"], adresse["liste_typologies"], adresse["liste_sens"]) == (ROUBAIX, "T3", "croissant")
    suivi = lister(Profil(TypeProfil.COPILOTE), **adresse)
    assert message(suivi) == message(essai)
    assert message(suivi).startswith("Roubaix : **3 demandes**")
    assert suivi.selectbox(key="liste_sens").value == "croissant"


def test_a_link_to_a_commune_or_a_filter_that_does_not_exist_says_so(publier: Publier) -> None:
    publier(**monde())
    essai = lister(Profil(TypeProfil.COPILOTE), commune="nulle part")
    assert "La commune « nulle part » que demande le lien n’existe pas" in html(essai)
    essai = lister(Profil(TypeProfil.COPILOTE), commune=ROUBAIX, liste_typologies="T1,T99")
    assert "Le lien demande « T99 », qui n’existe pas ici" in html(essai)
    assert essai.multiselect(key="liste_typologies").value == ["T1"]

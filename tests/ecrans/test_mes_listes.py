"""« Mes listes »: what the sentence says of the filters that narrow it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Any

import pytest
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import COPILOTE, Profil, TypeProfil
from mel_core.entrepot import Portee
from mel_core.journal import Journal
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import donnees
from pages.commun.segments.lecture_orientations import QuestionSegment
from pages.listes import affichage, lecture_listes
from tests.ecrans.conftest import LANNOY, ROUBAIX, Publier, monde
from tests.ecrans.vue import see
from tests.jeux import LILLE, attribution, bailleurs, demande_active, table


def find_all(profil: Profil, **adresse: str) -> AppTest:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60).run()
    essai.session_state["profil_repete"] = profil
    essai.session_state["auteur_nom"] = "C. Essai"
    essai.switch_page("pages/listes/mes_listes.py")
    essai.query_params.update(adresse)
    essai.run()
    assert not essai.exception
    return essai


def follow(profil: Profil, **adresse: str) -> AppTest:
    """A link to the lists, in a session that has seen nothing yet."""
    return see("mes_listes", {"profil_repete": profil, "auteur_nom": "C. Essai"}, **adresse)


def go(essai: AppTest, page: str) -> AppTest:
    """By the agenda: its links carry no address."""
    essai.query_params.clear()
    essai.switch_page(page).run()
    assert not essai.exception
    return essai


def message(essai: AppTest) -> str:
    assert not essai.exception
    return next(m.value for m in essai.markdown if "demande" in m.value).replace("\u00a0", " ")


def html(essai: AppTest) -> str:
    return " ".join(str(x.proto.body) for x in essai.get("html")).replace("\u00a0", " ")


def test_a_filter_that_stays_when_the_segment_changes_is_said_with_what_it_leaves_out(publish: Publier) -> None:
    # Three blocked mutations who want a T3, one demande that nobody ever presented and who wants a T1.
    demandes = [
        demande_active(
            f"p{i}",
            date(2016, 1, 1),
            typologies=["T3"] if i < 3 else ["T1"],
            communes_souhaitees=[ROUBAIX],
            mutation_bloquee=i < 3,
        )
        for i in range(4)
    ]
    publish(**monde(), demandes=table("demandes", *demandes))
    essai = find_all(Profil(TypeProfil.COMMUNE, ROUBAIX), segment="jamais_presentes")
    essai.multiselect(key="liste_typologies").select("T1").run()
    assert message(essai).startswith("Roubaix : **1 demande** n’a jamais été présentée")
    assert message(essai).endswith("Filtres en vigueur (T1) : sans eux, **4 demandes**.")
    essai.selectbox(key="segment").set_value("mutations_bloquees_en_attente").run()
    assert message(essai) == snapshot(
        "Roubaix : **0 demande** est une mutation bloquée. Filtres en vigueur (T1) : sans eux, **3 demandes**."
    )
    essai.button(key="sans_filtre").click().run()
    assert message(essai) == snapshot(
        "Roubaix : **3 demandes** sont des mutations bloquées. Elles la souhaitent ou y habitent."
    )
    assert essai.multiselect(key="liste_typologies").value == []


def test_a_link_opens_the_list_with_the_commune_the_filters_and_the_order_that_it_was_taken_with(
    publish: Publier,
) -> None:
    demandes = [
        demande_active(f"p{i}", date(2016, 1, 1), typologies=["T3"] if i < 3 else ["T1"], communes_souhaitees=[ROUBAIX])
        for i in range(4)
    ]
    publish(**monde(), demandes=table("demandes", *demandes))
    essai = find_all(Profil(TypeProfil.COPILOTE), segment="jamais_presentes", commune=ROUBAIX)
    essai.multiselect(key="liste_typologies").select("T3").run()
    essai.selectbox(key="liste_sens").set_value("croissant").run()
    adresse = dict(essai.query_params)
    assert (adresse["commune"], adresse["liste_typologies"], adresse["liste_sens"]) == (ROUBAIX, "T3", "croissant")
    suivi = find_all(Profil(TypeProfil.COPILOTE), **adresse)
    assert message(suivi) == message(essai)
    assert message(suivi).startswith("Roubaix : **3 demandes**")
    assert suivi.selectbox(key="liste_sens").value == "croissant"


def test_the_link_of_a_commune_s_list_says_whose_it_is_and_one_of_another_is_said_not_to_be(monde_publie: Path) -> None:
    roubaix = find_all(Profil(TypeProfil.COMMUNE, ROUBAIX), segment="jamais_presentes")
    assert dict(roubaix.query_params)["commune"] == ROUBAIX
    assert "Ce lien demande" not in html(roubaix)
    lue = dict(roubaix.query_params)
    ailleurs = find_all(Profil(TypeProfil.COMMUNE, LANNOY), **lue)
    assert "Ce lien demande la liste d’une autre commune : voici celle de Lannoy, la vôtre." in html(ailleurs)
    assert dict(ailleurs.query_params)["commune"] == LANNOY
    assert message(find_all(Profil(TypeProfil.COPILOTE), **lue)).startswith("Roubaix")


@pytest.mark.parametrize(
    ("nom", "reglages"),
    [
        ("attente_24", "attente de 30 mois"),
        ("poulidor", "3 fois au moins, fenêtre de 12 mois"),
        ("rang_1_sans_bail", "fenêtre de 12 mois"),
        ("jamais_presentes", None),
    ],
)
def test_each_setting_of_the_rule_is_said_and_no_other(publish: Publier, nom: str, reglages: str | None) -> None:
    question = QuestionSegment(publish(**monde()).identifiant, "2017S2", "ICI 2", nom, mois=30, n_min=3, fenetre=12)
    assert lecture_listes.regle(question, {}).get("Réglages") == reglages


def test_of_the_oldest_first_a_list_shows_first_who_asked_first(publish: Publier) -> None:
    demandes = [
        demande_active(nom, date(annee, 1, 1), communes_souhaitees=[ROUBAIX])
        for nom, annee in (("p1", 2015), ("p2", 2013), ("p3", 2016))
    ]
    publish(**monde(), demandes=table("demandes", *demandes))
    essai = find_all(
        Profil(TypeProfil.COPILOTE), segment="jamais_presentes", commune=ROUBAIX, liste_tri="date_creation"
    )
    for sens, attendus in (("decroissant", ["p2", "p1", "p3"]), ("croissant", ["p3", "p1", "p2"])):
        essai.selectbox(key="liste_sens").set_value(sens).run()
        assert essai.dataframe[0].value["Dossier"].tolist() == attendus


def test_a_list_shows_the_points_of_the_cotation_and_a_link_keeps_their_order(publish: Publier) -> None:
    points = {"p1": 30.0, "p2": None, "p3": 75.5}
    demandes = [
        demande_active(nom, date(2016, 1, 1), communes_souhaitees=[ROUBAIX], points=valeur)
        for nom, valeur in points.items()
    ]
    publish(**monde(), demandes=table("demandes", *demandes))
    essai = find_all(
        Profil(TypeProfil.COPILOTE), segment="jamais_presentes", commune=ROUBAIX, liste_tri="points",
        liste_sens="decroissant",
    )  # fmt: skip
    grille = essai.dataframe[0].value
    assert grille["Dossier"].tolist() == ["p3", "p1", "p2"]
    assert grille["Points (cotation)"].tolist()[:2] == [75.5, 30]
    assert grille["Points (cotation)"].isna().tolist() == [False, False, True]


def test_a_link_to_a_commune_or_a_filter_that_does_not_exist_says_so(monde_publie: Path) -> None:
    essai = find_all(Profil(TypeProfil.COPILOTE), commune="nulle part")
    assert "La commune « nulle part » que demande le lien n’existe pas" in html(essai)
    essai = find_all(Profil(TypeProfil.COPILOTE), commune=ROUBAIX, liste_typologies="T1,T99")
    assert "Le lien demande « T99 », qui n’existe pas ici" in html(essai)
    assert essai.multiselect(key="liste_typologies").value == ["T1"]
    # Once for all the fields, which it names.
    mauvais = dict.fromkeys(("liste_typologies", "liste_labels", "liste_tri"), "zzz")
    lu = html(find_all(Profil(TypeProfil.COPILOTE), commune=ROUBAIX, liste_page="999", **mauvais))
    assert lu.count("Le lien demande") == 1
    assert "« 999 », qui n’existent pas ici" in lu
    assert "tient pas compte, choisir autre chose (Typologies, Labels, un au moins, Trier par, Page)." in lu


def test_a_link_to_a_segment_that_is_not_there_is_said_before_anybody_gives_a_name_too(monde_publie: Path) -> None:
    for segment, est_dit in (("zzz", True), ("poulidor", False)):
        essai = see("mes_listes", {"profil_repete": Profil(TypeProfil.COPILOTE)}, commune=ROUBAIX, segment=segment)
        assert ("Le lien demande « zzz », qui n’existe pas ici : la liste s’ouvrira sur" in html(essai)) is est_dit
        assert not essai.dataframe  # no list opens


def test_the_lists_keep_the_ici_of_the_day_for_the_page_that_comes_and_begin_with_one_of_its_communes(
    publish: Publier,
) -> None:
    # Two communes in ICI 2; Lille, in another one, comes before them by name.
    lieux = [attribution(i, code_insee=c, code_quartier=f"{c}0101") for i, c in enumerate((LILLE, ROUBAIX, LANNOY))]
    publish(bailleurs=bailleurs("B1"), attributions=table("attributions", *lieux))
    essai = follow(Profil(TypeProfil.COPILOTE), ici="ICI 2")
    assert essai.query_params["ici"] == "ICI 2"
    communes = donnees.communes(donnees.instantane().identifiant, "2017S2").set_index("commune")["ici"]
    assert communes[essai.selectbox(key="commune").value] == "ICI 2"
    essai.selectbox(key="commune").set_value(LILLE).run()
    assert (essai.query_params["ici"], essai.query_params["commune"]) == ("ICI 2", LILLE)
    cloture = go(essai, "pages/seance/cloture.py")
    assert cloture.selectbox(key="ici").value == "ICI 2"
    autre = next(ici for ici in communes.unique() if ici != "ICI 2")
    cloture.selectbox(key="ici").set_value(autre).run()
    revenu = go(cloture, "pages/listes/mes_listes.py")
    assert communes[revenu.selectbox(key="commune").value] == autre


def test_a_commune_keeps_the_ici_of_a_link_and_its_own_list_and_a_wrong_ici_is_said(monde_publie: Path) -> None:
    essai = follow(Profil(TypeProfil.COMMUNE, ROUBAIX), ici="ICI 2")
    assert (essai.query_params["ici"], essai.query_params["commune"]) == ("ICI 2", ROUBAIX)
    essai = follow(Profil(TypeProfil.COPILOTE), ici="ICI 9")
    assert "Le lien demande « ICI 9 », qui n’existe pas ici" in html(essai)


def contingents() -> list[dict[str, Any]]:
    """Action Logement 3 (Roubaix T3 ACI, Roubaix T2 mutation, Lille T3), the préfet 2, and 1 on nobody's contingent."""
    tirees = (
        (1, "COLACT", ROUBAIX, "T3", False, True),
        (2, "COLACT", ROUBAIX, "T2", True, False),
        (3, "COLACT", LILLE, "T3", False, False),
        (4, "PPRIOR", ROUBAIX, "T4", False, True),
        (5, "PPRIOR", LILLE, "T5", False, True),
        (6, "AUCUN", LILLE, "T1", False, False),
    )
    return [
        attribution(i, reservataire=r, code_insee=c, typologie=t, mutation=m, aci=a, code_quartier=f"{c}0101")
        for i, r, c, t, m, a in tirees
    ]


def publier_contingents(publish: Publier) -> None:
    quartiers = [
        {"code_quartier": f"{c}0101", "nom": nom, "code_insee": c}
        for c, nom in ((ROUBAIX, "Épeule"), (LILLE, "Wazemmes"))
    ]
    publish(
        bailleurs=bailleurs("B1"),
        quartiers=table("quartiers", *quartiers),
        attributions=table("attributions", *contingents()),
    )


def phrase(essai: AppTest) -> str:
    assert not essai.exception
    return next(m.value for m in essai.markdown if "contingent" in m.value).replace("\u00a0", " ")


ACTION_LOGEMENT = Profil(TypeProfil.RESERVATAIRE, "COLACT")


def test_a_reservataire_lists_the_attributions_of_its_own_contingent_in_words(publish: Publier) -> None:
    publier_contingents(publish)
    essai = find_all(ACTION_LOGEMENT)
    assert phrase(essai) == snapshot(
        "Action Logement : **3 attributions** signées sur son contingent, 1 mois sur 12, du 1er janvier au 31 décembre "
        "2017."
    )
    lignes = essai.dataframe[0].value.set_index("Dossier")
    assert sorted(lignes.index) == ["p1", "p2", "p3"]
    vue = lignes.loc["p1"]
    assert [vue[c] for c in ("Commune", "Quartier", "Bailleur", "Typologie", "Accès", "ACI, NPRU")] == [
        *("Roubaix", "Épeule", "Bailleur B1", "T3", "Premier accès", "ménage ACI"),
    ]
    assert lignes.loc["p2", "Accès"] == "Mutation"
    assert find_all(Profil(TypeProfil.RESERVATAIRE, "PPRIOR")).dataframe[0].value["Dossier"].tolist() == ["p4", "p5"]


def test_the_filters_of_a_reservataire_are_said_and_its_link_opens_the_same_list(publish: Publier) -> None:
    publier_contingents(publish)
    essai = find_all(ACTION_LOGEMENT)
    essai.multiselect(key="liste_communes").select(ROUBAIX).run()
    essai.selectbox(key="liste_acces").set_value("premier_acces").run()
    assert phrase(essai).startswith("Action Logement : **1 attribution** signée sur son contingent")
    assert phrase(essai).endswith("Filtres en vigueur (Roubaix, premiers accès) : sans eux, **3 attributions**.")
    adresse = dict(essai.query_params)
    assert (adresse["liste_communes"], adresse["liste_acces"]) == (ROUBAIX, "premier_acces")
    suivi = find_all(ACTION_LOGEMENT, **adresse)
    assert phrase(suivi) == phrase(essai)
    assert suivi.dataframe[0].value["Dossier"].tolist() == ["p1"]
    suivi.button(key="sans_filtre").click().run()
    assert phrase(suivi).startswith("Action Logement : **3 attributions**")
    suivi.multiselect(key="liste_classes").select("inconnu").run()
    suivi.multiselect(key="liste_labels").select("aci").run()
    assert phrase(suivi).startswith("Action Logement : **1 attribution** signée sur son contingent")
    assert phrase(suivi).endswith("Filtres en vigueur (Inconnues, ménage ACI) : sans eux, **3 attributions**.")


def test_a_reservataire_without_any_attribution_reads_so_and_a_link_to_another_place_is_said(publish: Publier) -> None:
    publier_contingents(publish)
    essai = find_all(Profil(TypeProfil.RESERVATAIRE, "PFONCT"))
    assert phrase(essai).startswith("Préfet, fonctionnaires : **0 attribution** signée sur son contingent")
    assert "Aucune attribution de ce contingent" in html(essai)
    essai = find_all(ACTION_LOGEMENT, liste_communes="59999")
    assert "Le lien demande « 59999 », qui n’existe pas ici" in html(essai)


def test_who_opens_a_contingent_and_takes_it_away_is_in_the_journal_without_a_pseudonym(
    publish: Publier, tmp_path: Path
) -> None:
    publier_contingents(publish)
    essai = find_all(ACTION_LOGEMENT)
    essai.button(key="export_preparer").click().run()
    assert not essai.exception
    export, consultation = Journal.du_dossier(tmp_path).ecritures()
    assert (consultation.contenu["geste"], consultation.contenu["n"]) == ("consultation", 3)
    assert (export.contenu["geste"], export.contenu["n"], export.contenu["avec_numeros"]) == ("export", 3, False)
    assert (export.auteur.nom, export.auteur.organisation) == ("C. Essai", "COLACT")
    assert "p1" not in json.dumps([dict(export.contenu), dict(consultation.contenu)])
    assert "export_numeros" not in [c.key for c in essai.checkbox]


def test_no_list_is_of_the_whole_metropole() -> None:
    assert lecture_listes.portee(COPILOTE, ROUBAIX) == Portee.commune(ROUBAIX)
    assert lecture_listes.portee(Profil(TypeProfil.BAILLEUR, "B1"), "") == Portee.bailleur("B1")
    with pytest.raises(ErreurUtilisateur, match="en choisir une"):
        lecture_listes.portee(COPILOTE, "")


def test_a_profile_taken_by_the_menu_forgets_the_commune_of_the_address_and_opens_its_own_list(
    monde_publie: Path,
) -> None:
    essai = find_all(Profil(TypeProfil.COPILOTE), commune=LANNOY, segment="jamais_presentes")
    assert message(essai).startswith("Lannoy")
    essai.selectbox(key="profil_type").select(TypeProfil.COMMUNE).run()
    essai.selectbox(key="profil_code").select(ROUBAIX).run()
    next(b for b in essai.button if b.label == "Prendre ce profil").click().run()
    assert message(essai).startswith("Roubaix")
    assert "Ce lien demande" not in html(essai)
    assert essai.query_params["commune"] == ROUBAIX


def test_a_free_segment_goes_from_the_list_to_the_orientations_and_its_address_says_it(monde_publie: Path) -> None:
    conditions = '[["n_personnes","au_moins",2],["commune_souhaitee","parmi",["59512"]]]'
    essai = find_all(Profil(TypeProfil.COPILOTE), commune=ROUBAIX, segment="libre", libre=conditions)
    orientations = go(essai, "pages/seance/orientations/orientations.py")
    assert (orientations.query_params["segment"], orientations.query_params["libre"]) == ("libre", conditions)


def test_a_reason_of_five_passages_is_read_whole_in_its_row() -> None:
    passage = "rang 3 le 16/11/2017 (Résidence fictive Les Hirondelles 2783, T6 et plus)"
    for n in (2, 3, 5):
        motif = f"{n} fois rang 2 ou plus, sans bail chez nous : {', '.join([passage] * n)}"
        large, ligne = affichage.fit([motif, None])
        lignes = wrap(motif, int((large - 26) / 6.6))
        assert len(lignes) <= (ligne or 0) // 20, n
        assert large <= 800, "the next columns are seen on a screen of 1366"

"""A list worked day after day: what is to do first, what came since, causes, notes, demandes that no longer stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from inline_snapshot import snapshot

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Portee
from mel_core.journal import Journal
from mel_core.segments import SegmentLibre
from mel_core.segments.listes import suites
from mel_core.segments.listes.suites import Code
from mel_core.socle.horloge import aujourd_hui
from pages.commun import exports
from pages.commun.segments.lecture_orientations import QuestionSegment
from pages.listes.affichage import Filtres
from pages.listes.lecture_listes import Recherche
from tests.ecrans.conftest import ROUBAIX, Publier, monde
from tests.ecrans.grilles import choose_heading, tick
from tests.ecrans.test_filtres_listes import OFFICIER, monde_de_quatre, note, note_typed
from tests.ecrans.test_mes_listes import find_all, html, message
from tests.jeux import attribution, bailleurs, demande_active, table
from tests.navigateur.test_orientations import monde as poulidors
from tests.seance.engagements.test_cohorte import evenement

__all__ = ["monde_de_quatre"]


def test_a_list_opens_on_what_is_to_do_and_a_heading_sorts_the_whole_of_it(
    monde_de_quatre: None, tmp_path: Path
) -> None:
    note(tmp_path, "m0", code=Code.RELOGE)
    note(tmp_path, "m3", "rappeler", aujourd_hui())
    essai = find_all(OFFICIER, segment="jamais_presentes")

    def lignes() -> list[str]:
        return essai.dataframe[0].value["Dossier"].tolist()

    # Due, then without an outcome from the oldest on, then what has one.
    assert lignes() == ["m3", "m1", "m2", "m0"]
    choose_heading(essai, "Labels")
    assert lignes() == ["m2", "m0", "m1", "m3"]
    assert (essai.query_params["liste_tri"], essai.query_params["liste_sens"]) == ("labels", "croissant")
    choose_heading(essai, "Labels")
    assert lignes() == ["m0", "m1", "m2", "m3"]
    choose_heading(essai, "Suite")
    assert lignes() == ["m3", "m0", "m1", "m2"]


def test_a_cause_is_asked_of_a_refusal_and_a_note_is_kept_beside_it(monde_de_quatre: None, tmp_path: Path) -> None:
    essai = find_all(OFFICIER, segment="jamais_presentes")
    tick(essai, 0)
    essai.selectbox(key="suite_code").set_value(Code.REFUS)
    tick(essai, 0)
    assert essai.button(key="suite_noter").disabled
    essai.selectbox(key="suite_cause_refus").set_value("acces")
    note_typed(essai).set_value("  quatrième sans   ascenseur ")
    tick(essai, 0)
    essai.button(key="suite_noter").click()
    tick(essai, 0)
    assert "« a refusé : étage ou accès » noté pour 1 ménage." in html(essai)
    essai.run()
    notee = essai.dataframe[0].value.set_index("Dossier").loc["m0"]
    assert (notee["Suite"], notee["Note"]) == ("a refusé : étage ou accès", "quatrième sans ascenseur")
    assert essai.dataframe[0].value["Dossier"].tolist() == ["m1", "m2", "m3", "m0"]


def test_a_note_that_is_being_typed_comes_back_with_its_lines_after_a_reload(
    monde_de_quatre: None, tmp_path: Path
) -> None:
    essai = find_all(OFFICIER, segment="jamais_presentes")
    tick(essai, 1, 2)
    note_typed(essai).set_value("rappeler le soir").run()
    tick(essai, 1, 2)
    adresse = dict(essai.query_params)
    recharge = find_all(OFFICIER, **adresse)
    assert "Noter pour 2 ménages" in [b.label.replace("\u00a0", " ") for b in recharge.button]
    assert "La note que demande ce lien" not in html(recharge)
    assert "La note que demande ce lien n’existe pas" in html(find_all(OFFICIER, **adresse | {"brouillon": "c" * 32}))
    assert note_typed(recharge).value == "rappeler le soir"
    # It names nobody, is its author's alone, and is of these lines alone.
    (tenue, *_) = Journal.du_dossier(tmp_path).find_all(suites.BROUILLON)
    assert adresse["brouillon"] == tenue.identifiant
    assert not {f"m{i}" for i in range(4)} & {*tenue.contenu["menages"]}
    tick(recharge, 1)
    assert note_typed(recharge).value == ""
    assert "brouillon" not in recharge.query_params


def passages() -> list[dict[str, object]]:
    return [
        {
            "id_evenement": f"E{i}",
            "numero_unique": f"m{i}",
            "type": "PASSAGE_CAL",
            "date_survenance": date(2017, 9, 1),
            "code_bailleur": "B1",
            "decision": "NON_ATTRIBUE",
        }
        for i in range(3)
    ]


def test_an_outcome_on_a_demande_that_no_longer_stands_is_asked_twice(publish: Publier, tmp_path: Path) -> None:
    ouverte = {"date_creation": date(2014, 1, 1), "n_personnes": 1, "etat": "ACTIVE"}
    close = ouverte | {"etat": "RADIEE", "date_radiation": date(2017, 10, 1)}
    demandes = [{"numero_unique": f"m{i}", **(close if i == 0 else ouverte)} for i in range(3)]
    publish(
        bailleurs=bailleurs("B1"),
        attributions=table("attributions", attribution(1)),
        demandes=table("demandes", *demandes),
        evenements=table("evenements", *passages()),
    )
    essai = find_all(Profil(TypeProfil.BAILLEUR, "B1"), liste_groupe="tous")
    assert essai.dataframe[0].value["Dossier"].tolist()[-1] == "m0"
    # a bailleur of which nothing is known, by any order
    for tri in ("travail", "Suite notée le"):
        adresse = {"liste_suite": "derriere", "liste_tri_candidats": tri}
        assert not find_all(Profil(TypeProfil.BAILLEUR, "B9"), **adresse).dataframe
    tick(essai, 2)
    essai.selectbox(key="suite_code").set_value(Code.RADIE)
    tick(essai, 2)
    assert not essai.button(key="suite_noter").disabled
    essai.selectbox(key="suite_code").set_value(Code.CONTACTE)
    tick(essai, 2)
    assert essai.button(key="suite_noter").disabled
    # A click may come before the screen was drawn again.
    essai.selectbox(key="suite_code").set_value(Code.RADIE)
    tick(essai, 2)
    essai.selectbox(key="suite_code").set_value(Code.CONTACTE)
    essai.button(key="suite_noter").click()
    tick(essai, 2)
    assert "1 demande cochée n’est plus active : noter quand même ?" in html(essai)
    assert not Journal.du_dossier(tmp_path).find_all(suites.OBJET)
    essai.checkbox(key="suite_quand_meme").check()
    tick(essai, 2)
    essai.button(key="suite_noter").click()
    tick(essai, 2)
    assert "« contacté » noté pour 1 ménage." in html(essai)


def test_what_came_since_a_list_was_last_opened_is_told_whatever_was_published_meanwhile(
    publish: Publier, tmp_path: Path
) -> None:
    def demandes(n: int) -> dict[str, Any]:
        lignes = [demande_active(f"m{i}", date(2014, 1, 1), communes_souhaitees=[ROUBAIX]) for i in range(n)]
        return {**monde(), "demandes": table("demandes", *lignes)}

    ancien = publish(**demandes(2))
    find_all(OFFICIER, segment="jamais_presentes")
    demain = aujourd_hui() + timedelta(days=1)
    ouverture = exports.find_ouverture(Journal.du_dossier(tmp_path), "Jamais présentés", ROUBAIX, demain)
    assert ouverture == exports.Ouverture(aujourd_hui(), ancien.identifiant, "2017S2")
    assert exports.find_ouverture(Journal.du_dossier(tmp_path), "Jamais présentés", ROUBAIX, aujourd_hui()) is None
    publie = publish(**demandes(4))
    question = QuestionSegment(publie.identifiant, "2017S2", "", "jamais_presentes")
    filtres = Filtres(SegmentLibre(), "", suites.VENUES, ())
    recherche = Recherche(question, Portee.commune(ROUBAIX), filtres, (suites.TRAVAIL, "decroissant"), {"bailleur": {}})
    lue = replace(recherche, avant=ouverture).page(Journal.du_dossier(tmp_path), 1)
    assert (lue.n, lue.n_venues, lue.lignes["pseudonyme"].tolist()) == (2, 2, ["m2", "m3"])
    assert recherche.page(Journal.du_dossier(tmp_path), 1).n == 0


def test_who_refused_is_a_list_beside_the_poulidors_and_a_line_that_is_ticked_says_where_it_was_behind(
    publish: Publier,
) -> None:
    tables = poulidors()
    refus = evenement("R", "m0", "REFUS_DEMANDEUR", date(2017, 5, 1))
    residences = [{"code_residence": "R1", "nom": "Les Acacias", "code_bailleur": "B1", "code_quartier": "5951201"}]
    derniere = {"decision": "ATTRIBUE", "rang": 3, "code_bailleur": "B1", "code_residence": "R1", "typologie": "T3"}
    passages = [refus, evenement("P", "m0", "PASSAGE_CAL", date(2017, 6, 1), **derniere)]
    publish(
        **tables
        | {
            "evenements": pa.concat_tables([tables["evenements"], table("evenements", *passages)]),
            "quartiers": table("quartiers", {"code_quartier": "5951201", "nom": "Épeule", "code_insee": ROUBAIX}),
            "residences": table("residences", {**residences[0], "n_logements": 9}),
        }
    )
    essai = find_all(OFFICIER, segment="poulidor")
    assert message(essai).startswith("Roubaix : **99 demandes**")
    essai.button(key="ont_refuse").click().run()
    assert message(essai) == snapshot(
        "Roubaix : **1 demande** a été retenue au moins 2 fois derrière un autre candidat en 24 mois, jamais au "
        "premier rang, et a refusé au moins une fois. Elle la souhaite ou y habite."
    )
    tick(essai, 0)
    assert "m0 : rang 2 le" in html(essai)
    assert "rang 3 le 01/06/2017 (Les Acacias, Roubaix, Bailleur B1, T3)." in html(essai)

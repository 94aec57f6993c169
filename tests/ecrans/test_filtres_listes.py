"""« Mes listes »: narrowed by labels, wait and what was noted; what comes next, noted for the lines that are ticked."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.journal import Auteur, Journal, nouvel_op_id
from mel_core.segments.listes import suites
from mel_core.segments.listes.suites import Code, Suite
from mel_core.socle import langue
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Seance, add_ouvres
from tests.ecrans.conftest import ROUBAIX, Publier, monde
from tests.ecrans.grilles import tick
from tests.ecrans.test_mes_listes import find_all, html, message
from tests.jeux import attribution, bailleurs, demande_active, table

OFFICIER = Profil(TypeProfil.COMMUNE, ROUBAIX)
# Labels and years of creation: of the four, m0 and m1 are DALO, m2 ACI, m3 nothing; m3 alone came in 2017.
LABELS: tuple[dict[str, bool], ...] = ({"dalo": True}, {"dalo": True}, {"aci": True}, {})


@pytest.fixture
def monde_de_quatre(publish: Publier) -> None:
    demandes = [
        demande_active(f"m{i}", date(2017 if i == 3 else 2014, 1, 1), communes_souhaitees=[ROUBAIX], **labels)
        for i, labels in enumerate(LABELS)
    ]
    publish(**monde(), demandes=table("demandes", *demandes))


def dossiers(essai: AppTest) -> list[str]:
    return sorted(essai.dataframe[0].value["Dossier"])


def note(dossier: Path, qui: str, etape: str = "", echeance: date | None = None, code: Code = Code.CONTACTE) -> None:
    suite = Suite(code, ROUBAIX, "Jamais présentés", Seance(2017, 2), "", etape, echeance)
    auteur = Auteur("A. Dupont", ROUBAIX, "commune")
    suites.write(Journal.du_dossier(dossier), qui, suite, auteur, op_id=nouvel_op_id())


def note_typed(essai: AppTest) -> TextInput:
    """Its field, which has a draft of its own for each line."""
    return next(champ for champ in essai.text_input if champ.label == "Note (facultative)")


def test_labels_and_wait_narrow_a_list_are_said_and_a_link_opens_the_same_one(monde_de_quatre: None) -> None:
    essai = find_all(OFFICIER, segment="jamais_presentes")
    essai.multiselect(key="liste_labels").select("aci").run()
    essai.multiselect(key="liste_labels").select("dalo").run()
    assert message(essai).endswith("Filtres en vigueur (label ACI ou DALO) : sans eux, **4 demandes**.")
    assert dossiers(essai) == ["m0", "m1", "m2"]
    # The reference is 31 December 2017: m3 had waited 11 months.
    essai.button(key="sans_filtre").click().run()
    essai.selectbox(key="liste_attente").set_value(12).run()
    assert message(essai).endswith("Filtres en vigueur (12 mois ou plus) : sans eux, **4 demandes**.")
    assert dossiers(essai) == ["m0", "m1", "m2"]
    adresse = dict(essai.query_params)
    assert adresse["liste_attente"] == "12"
    assert message(find_all(OFFICIER, **adresse)) == message(essai)


def test_what_was_noted_narrows_a_list_and_the_households_to_call_again_are_counted_first(
    monde_de_quatre: None, tmp_path: Path
) -> None:
    hier, demain = aujourd_hui() - timedelta(days=1), aujourd_hui() + timedelta(days=1)
    note(tmp_path, "m0", "rappeler", hier)
    note(tmp_path, "m1", "pieces", demain)
    note(tmp_path, "m2", code=Code.RELOGE)
    essai = find_all(OFFICIER, segment="jamais_presentes")
    assert message(essai).startswith("Roubaix : **4 demandes** n’ont jamais été présentées")
    assert message(essai).endswith("Elles la souhaitent ou y habitent. **1** à relancer et **1** sans suite.")
    lignes = essai.dataframe[0].value.set_index("Dossier")
    assert lignes["Prochaine étape"]["m0"] == "rappeler le ménage"
    assert (lignes["Pour le"]["m1"], lignes["Notée par"]["m1"]) == (demain, "A. Dupont")
    assert lignes.loc["m3", ["Suite", "Prochaine étape", "Pour le", "Notée par"]].isna().all()
    for choix, attendus, dit in (
        ("a_relancer", ["m0"], "à relancer"),
        ("sans_suite", ["m3"], "à traiter"),
        ("contacte", ["m0", "m1"], "contacté"),
        ("reloge", ["m2"], "relogé"),
    ):
        essai.selectbox(key="liste_suite").set_value(choix).run()
        assert dossiers(essai) == attendus
        assert message(essai).endswith(f"Filtres en vigueur (suite : {dit}) : sans eux, **4 demandes**.")
        assert ("**1** à relancer" in message(essai)) is ("m0" in attendus)
    adresse = dict(essai.query_params)
    assert dossiers(find_all(OFFICIER, **adresse)) == ["m2"]
    essai.selectbox(key="liste_suite").set_value("positionne").run()
    assert "Aucune ligne : élargir les filtres" in html(essai)
    essai.button(key="sans_filtre").click().run()
    assert dossiers(essai) == ["m0", "m1", "m2", "m3"]


def test_an_export_has_what_was_noted_of_the_lines_that_the_filters_keep(monde_de_quatre: None, tmp_path: Path) -> None:
    note(tmp_path, "m0", "rappeler", date(2018, 1, 3))
    essai = find_all(OFFICIER, segment="jamais_presentes", liste_suite="contacte")
    essai.button(key="export_preparer").click().run()
    assert not essai.exception
    (trace,) = Journal.du_dossier(tmp_path).find_all("audit", geste="export")
    assert (trace.contenu["n"], trace.contenu["filtres"]["Suite"]) == (1, "contacté")


def test_a_list_and_its_workbook_name_what_has_a_name(monde_de_quatre: None) -> None:
    essai = find_all(OFFICIER, segment="jamais_presentes")
    labels = essai.dataframe[0].value.set_index("Dossier")["Labels"]
    assert (labels["m0"], labels["m2"]) == ("DALO", "ACI")
    assert labels.isna()["m3"]
    essai.button(key="export_preparer").click().run()
    _, _, contenu = essai.session_state["export_pret"]
    classeur = CalamineWorkbook.from_filelike(io.BytesIO(contenu))
    (tetes, *lignes) = classeur.get_sheet_by_name("Liste").to_python()
    assert sorted(ligne[tetes.index("Labels")] for ligne in lignes) == ["", "ACI", "DALO", "DALO"]
    assert dict(classeur.get_sheet_by_name("À lire").to_python())["Extrait par"] == "C. Essai (Roubaix)"


def test_a_reason_is_read_whole_and_a_long_one_on_lines(publish: Publier) -> None:
    def passage(i: int, qui: str, **valeurs: object) -> dict[str, object]:
        place = {"type": "PASSAGE_CAL", "date_survenance": date(2017, 1 + i, 1), "code_bailleur": "B1"}
        return {"id_evenement": f"E{i}", "numero_unique": qui, "code_residence": "R1", **place, **valeurs}

    passages = [passage(i, "m0", decision="NON_ATTRIBUE") for i in range(2)]
    passages += [passage(i, "m1", decision="ATTRIBUE", rang=2) for i in range(2, 11)]
    publish(
        bailleurs=bailleurs("B1"),
        attributions=table("attributions", attribution(1)),
        evenements=table("evenements", *passages),
    )
    bailleur = Profil(TypeProfil.BAILLEUR, "B1")

    def grille(groupe: str) -> tuple[str, int, int]:
        lue = find_all(bailleur, liste_groupe=groupe).dataframe[0]
        return lue.value["Pourquoi"][0], json.loads(lue.proto.columns)["Pourquoi"]["width"], lue.proto.row_height

    # Over 6 pixels a sign, and as many around it: one line. Nine passages: the widest column, and four lines.
    dit, largeur, hauteur = grille("non_attributions")
    assert 6 * (len(dit) + 2) < largeur < 600
    assert hauteur == 0
    assert dit == snapshot("2 fois non attribué depuis janvier 2017, aucune attribution en 24 mois")
    dit, largeur, hauteur = grille("rang_2")
    assert dit.endswith("rang 2 le 01/11/2017 (R1)")
    assert (largeur, hauteur) == (760, 86)
    essai = find_all(bailleur, liste_groupe="rang_2")
    assert dit not in html(essai)
    tick(essai, 0)
    assert f"m1 : {dit}.".replace("\u00a0", " ") in html(essai)  # more than its lines hold: read under the grid


def test_a_next_step_is_noted_with_its_day_ten_working_days_ahead_and_an_outcome_that_ends_the_matter_asks_none(
    monde_de_quatre: None, tmp_path: Path
) -> None:
    essai = find_all(OFFICIER, segment="jamais_presentes")
    coches = essai.dataframe[0].value["Dossier"].tolist()[:2]
    tick(essai, 0, 1)
    assert essai.button(key="suite_noter").disabled  # what nobody chose is not noted
    essai.selectbox(key="suite_code").set_value(Code.CONTACTE)
    tick(essai, 0, 1)
    essai.selectbox(key="suite_etape").set_value("rappeler")
    tick(essai, 0, 1)
    assert essai.selectbox(key="suite_delai").value == 10
    dans_10_jours = add_ouvres(aujourd_hui(), 10)
    essai.button(key="suite_noter").click()
    tick(essai, 0, 1)
    assert "« contacté » noté pour 2 ménages. Ensuite : rappeler le ménage le" in html(essai)

    def notees() -> dict[str, tuple[Code, str, date | None]]:
        lues = suites.read(Journal.du_dossier(tmp_path), ROUBAIX, [f"m{i}" for i in range(4)])
        return {qui: (s.code, s.etape, s.echeance) for qui, (_, s) in lues.items()}

    assert notees() == dict.fromkeys(coches, (Code.CONTACTE, "rappeler", dans_10_jours))
    # Nothing is ticked any more. The same lines again: the form says what was noted, and that it is replaced.
    assert "Cocher une ou plusieurs lignes" in html(essai)
    memes = [essai.dataframe[0].value["Dossier"].tolist().index(qui) for qui in coches]
    tick(essai, *memes)
    assert essai.selectbox(key="suite_code").value is Code.CONTACTE
    assert essai.date_input(key="suite_echeance").value == dans_10_jours
    assert "2 ménages cochés ont déjà une suite : noter la remplace." in html(essai)
    essai.selectbox(key="suite_code").set_value(Code.RELOGE)
    tick(essai, *memes)
    assert "suite_etape" not in [s.key for s in essai.selectbox]
    essai.button(key="suite_noter").click()
    tick(essai, *memes)
    assert "« relogé » noté pour 2 ménages." in html(essai)
    assert notees() == dict.fromkeys(coches, (Code.RELOGE, "", None))


def test_a_day_gone_by_or_nothing_chosen_is_refused_in_a_sentence(monde_de_quatre: None, tmp_path: Path) -> None:
    essai = find_all(OFFICIER, segment="jamais_presentes")
    tick(essai, 0)
    essai.selectbox(key="suite_code").set_value(Code.CONTACTE)
    tick(essai, 0)
    essai.selectbox(key="suite_etape").set_value("rappeler")
    tick(essai, 0)
    essai.selectbox(key="suite_delai").set_value(0)
    tick(essai, 0)
    fete = date(aujourd_hui().year + 1, 5, 1)
    for jour, dit in (
        (date(2018, 1, 3), "Le 3 janvier 2018 est passé : choisir un jour à venir."),
        (fete, f"n’est pas un jour ouvré : choisir le {langue.jour(add_ouvres(fete, 1))}."),
    ):
        essai.date_input(key="suite_echeance").set_value(jour)
        essai.button(key="suite_noter").click()
        tick(essai, 0)
        assert dit.replace("\u00a0", " ") in html(essai)
    note_typed(essai).set_value("rappeler au 06 12 34 56 78")
    essai.date_input(key="suite_echeance").set_value(add_ouvres(fete, 1))
    essai.button(key="suite_noter").click()
    tick(essai, 0)
    assert (
        "Le champ « Note » contient un numéro de téléphone : l’ôter, une suite ne dit pas qui est le ménage."
        in html(essai)
    )
    journal = Journal.du_dossier(tmp_path)
    assert [*journal.find_all(suites.OBJET), *journal.find_all(suites.BROUILLON)] == []


def test_under_a_filter_that_what_is_noted_leaves_nobody_else_is_ticked_in_its_place(
    monde_de_quatre: None, tmp_path: Path
) -> None:
    essai = find_all(OFFICIER, segment="jamais_presentes", liste_suite="sans_suite")
    grille = essai.dataframe[0].proto.id
    premier = essai.dataframe[0].value["Dossier"].iloc[0]
    tick(essai, 0)
    essai.selectbox(key="suite_code").set_value(Code.CONTACTE)
    tick(essai, 0)
    essai.button(key="suite_noter").click()
    tick(essai, 0)
    assert premier not in dossiers(essai)
    # The boxes are those of a grid: what was ticked in the former one is ticked nowhere.
    assert essai.dataframe[0].proto.id != grille
    assert len(suites.read(Journal.du_dossier(tmp_path), ROUBAIX, [f"m{i}" for i in range(4)])) == 1


def test_what_is_to_be_called_again_in_other_segments_is_one_key_away(monde_de_quatre: None, tmp_path: Path) -> None:
    note(tmp_path, "m0", "rappeler", aujourd_hui())
    essai = find_all(OFFICIER, segment="mutations_bloquees_en_attente")
    assert "à relancer" not in message(essai)
    essai.button(key="toutes_les_relances").click().run()
    assert not essai.exception
    assert dossiers(essai) == ["m0"]
    assert message(essai) == snapshot(
        "Roubaix : **1 demande** est à relancer, tous segments confondus. Elle la souhaite ou y habite. Filtres en "
        "vigueur (suite : à relancer) : sans eux, **4 demandes**."
    )
    assert "toutes_les_relances" not in [b.key for b in essai.button]
    (pourquoi,) = essai.dataframe[0].value["Pourquoi"]
    assert pourquoi == snapshot("47 mois, aucune présentation enregistrée")


def test_the_next_morning_opens_on_what_is_due_and_a_link_on_what_it_says(
    monde_de_quatre: None, tmp_path: Path
) -> None:
    assert "à relancer" not in message(find_all(OFFICIER))  # nothing is due
    note(tmp_path, "m0", "rappeler", aujourd_hui())
    essai = find_all(OFFICIER)
    assert dossiers(essai) == ["m0"]
    assert "**1 demande** est à relancer, tous segments confondus" in message(essai)
    assert "tous segments" not in message(find_all(OFFICIER, segment="mutations_bloquees_en_attente"))


def test_an_outcome_noted_by_mistake_is_taken_back_and_the_line_is_to_be_treated_again(
    monde_de_quatre: None, tmp_path: Path
) -> None:
    note(tmp_path, "m0", "rappeler", aujourd_hui())
    note(tmp_path, "m1")
    essai = find_all(OFFICIER, segment="jamais_presentes", liste_suite="contacte")
    assert "**1** à relancer" in message(essai)
    tick(essai, dossiers(essai).index("m0"))
    essai.button(key="suite_retirer").click()
    tick(essai, 0)
    assert "Suite retirée pour 1 ménage." in html(essai)
    assert dossiers(essai) == ["m1"]
    assert "à relancer" not in message(essai)
    assert "toutes_les_relances" not in [b.key for b in essai.button]
    essai.selectbox(key="liste_suite").set_value("sans_suite").run()
    assert dossiers(essai) == ["m0", "m2", "m3"]
    rang = essai.dataframe[0].value["Dossier"].tolist().index("m0")
    assert essai.dataframe[0].value["Suite"].isna().all()  # another page, or another filter, has what is noted
    # Ticked, it says who took it back; noted anew, it is noted.
    tick(essai, rang)
    assert "Suite retirée par C. Essai le" in html(essai)
    assert "suite_retirer" not in [b.key for b in essai.button]
    essai.selectbox(key="suite_code").set_value(Code.RELOGE)
    tick(essai, rang)
    essai.button(key="suite_noter").click()
    tick(essai, rang)
    assert "« relogé » noté pour 1 ménage." in html(essai)


def test_who_is_no_longer_a_demandeur_is_not_counted_among_those_to_call_again(
    publish: Publier, tmp_path: Path
) -> None:
    # Both are due; m1 was struck off in 2017: no list shows it.
    demandes = [
        {
            "numero_unique": f"m{i}",
            "date_creation": date(2014, 1, 1),
            **({"etat": "RADIEE", "date_radiation": date(2017, 6, 1)} if i else {"etat": "ACTIVE"}),
            "n_personnes": 1,
            "communes_souhaitees": [ROUBAIX],
        }
        for i in range(2)
    ]
    publish(**monde(), demandes=table("demandes", *demandes))
    for i in range(2):
        note(tmp_path, f"m{i}", "rappeler", aujourd_hui())
    essai = find_all(OFFICIER, segment="mutations_bloquees_en_attente")
    assert essai.button(key="toutes_les_relances").label == snapshot("À relancer, tous segments\u00a0: 1")
    essai.button(key="toutes_les_relances").click().run()
    assert dossiers(essai) == ["m0"]
    assert "toutes_les_relances" not in [b.key for b in essai.button]


def test_a_bailleur_narrows_its_candidates_by_what_it_noted(publish: Publier, tmp_path: Path) -> None:
    passages = [
        {
            "id_evenement": f"E{i}",
            "numero_unique": f"m{i}",
            "type": "PASSAGE_CAL",
            "date_survenance": date(2017, 9, 1),
            "code_bailleur": "B1",
            "code_residence": "R1",
            "typologie": "T6P" if i else None,
            "decision": "NON_ATTRIBUE",
        }
        for i in range(3)
    ]
    publish(
        bailleurs=bailleurs("B1"),
        attributions=table("attributions", attribution(1)),
        evenements=table("evenements", *passages),
    )
    suite = Suite(Code.CONTACTE, "B1", "poulidor", Seance(2017, 2), "", "rappeler", aujourd_hui())
    suites.write(Journal.du_dossier(tmp_path), "m1", suite, Auteur("B. Bail", "B1", "bailleur"), op_id=nouvel_op_id())
    essai = find_all(Profil(TypeProfil.BAILLEUR, "B1"), liste_groupe="tous")
    dit = next(m.value for m in essai.markdown if "candidat" in m.value).replace("\u00a0", " ")
    assert dit.startswith("**3 candidats**")
    assert dit.endswith("**1** à relancer et **2** sans suite.")
    dites = essai.dataframe[0].value.set_index("Dossier")["Typologie du dernier passage"]
    assert (dites["m1"], dites["m2"]) == ("T6 et plus", "T6 et plus")
    assert dites.isna()["m0"]
    essai.selectbox(key="liste_suite").set_value("a_relancer").run()
    dit = next(m.value for m in essai.markdown if "candidat" in m.value).replace("\u00a0", " ")
    assert dit.endswith("Filtres en vigueur (suite : à relancer) : sans eux, **3 candidats**.")
    assert dossiers(essai) == ["m1"]

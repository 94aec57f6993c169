"""« Public prioritaire »: one column whose values name several labels, asked value by value. Apostrophes of values."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import SANS
from mel_core.contrat.mapping import Mapping, en_toml
from mel_core.contrat.propositions import ask_all
from mel_core.contrat.publics import couvrante, included, proposed
from mel_core.contrat.questions import AUCUNE, answer_par_source, facultatives, questions
from mel_core.contrat.rapport import Jeu
from mel_core.contrat.tables import ETIQUETTES
from mel_core.socle.erreurs import AppelIncorrect
from tests.contrat.dessins import AUJOURDHUI
from tests.exemples import examples

ENTETE = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;Public prioritaire"


def lire(dossier: Path, *valeurs: str, mapping: Mapping | None = None, entete: str = ENTETE) -> Jeu:
    (dossier / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\n", encoding="utf-8")
    lignes = (f"A{n};99{n};2017-09-30;59350;B1;non;{valeur}\n" for n, valeur in enumerate(valeurs))
    (dossier / "attributions.csv").write_text(f"{entete}\n{''.join(lignes)}", encoding="utf-8")
    return check(dossier, mapping=mapping, aujourdhui=AUJOURDHUI)


@pytest.mark.parametrize(
    ("valeur", "labels"),
    [
        ("Public prioritaire | DALO", "dalo"),
        ("Label | Ménage PDALPD", "pdalhpd"),
        ("Label | DALO + accord collectif", "aci|dalo"),
        ("Label | Mutations bloquées", "mutation_bloquee"),
        ("Label | NPNRU", "npru"),
        ("Label | Sans objet", ""),
        ("Label | Capacité", None),
        ("Label | ACI hors DALO/PDALHPD", "aci"),  # what it leaves out is none of its labels
        ("Label | DALO + ACI hors PDALHPD + NPRU", "aci|dalo|npru"),
        ("Label | Non DALO", None),
        ("Label | Autre public", None),
    ],
)
def test_what_a_value_names_is_proposed_and_nothing_of_another(valeur: str, labels: str | None) -> None:
    assert proposed(valeur) == labels


def test_a_header_of_several_labels_whose_values_name_them_is_asked_value_by_value(tmp_path: Path) -> None:
    """And « ACI hors DALO » is the label ACI: the other is left out."""
    jeu = lire(tmp_path, "DALO", "ACI", entete=ENTETE.replace("Public prioritaire", "ACI / DALO"))
    posees = [(q.valeur, q.section) for q in [*questions(jeu.rapport), *facultatives(jeu.rapport)] if q.valeur]
    assert posees == [("ACI / DALO | DALO", "publics"), ("ACI / DALO | ACI", "publics")]
    assert (couvrante("ACI hors DALO"), included("Hors DALO")) == (("aci", ()), "Hors DALO")


def test_a_column_of_another_list_is_proposed_for_it_whatever_label_one_of_its_words_names(tmp_path: Path) -> None:
    """« Désignataire » is the réservataire: « Préfecture DALO » is no household's label."""
    jeu = lire(
        tmp_path, "Ville", "Employeurs", "Préfecture DALO", entete=ENTETE.replace("Public prioritaire", "Désigné par")
    )
    posees = {(q.section, q.colonne): p for q, p in ask_all(jeu.rapport, lambda _: jeu.rapport, SANS, ()).items()}
    assert posees["", "reservataire"] == "Désigné par"
    assert not [section for section, _ in posees if section == "publics"]


VALEURS = ("DALO", "Accord collectif ACI", "", "Aucun", "DALO")
PUBLICS = {
    "Public prioritaire | DALO": "dalo",
    "Public prioritaire | Accord collectif ACI": "aci|pdalhpd",
    "Public prioritaire | Aucun": "",
}


def test_each_value_is_asked_once_the_label_that_it_names_first_and_nothing_is_read_before(tmp_path: Path) -> None:
    jeu = lire(tmp_path, *VALEURS)
    posees = {q.valeur: q for q in facultatives(jeu.rapport) if q.section == "publics"}
    assert [(valeur, q.options[0], q.options[-1]) for valeur, q in posees.items()] == [
        ("Public prioritaire | DALO", "dalo", AUCUNE),
        ("Public prioritaire | Accord collectif ACI", "aci", AUCUNE),
        ("Public prioritaire | Aucun", "aci", AUCUNE),
    ]
    assert not jeu.rapport.est_bloquant
    assert {nom: jeu.tables["attributions"][nom].to_pylist() for nom in ("aci", "dalo")} == dict.fromkeys(
        ("aci", "dalo"), [None] * 5
    )
    reponses = answer_par_source({q: PUBLICS[valeur].partition("|")[0] for valeur, q in posees.items()})
    repondu = check(tmp_path, reponses=reponses, aujourdhui=AUJOURDHUI)
    assert repondu.tables["attributions"]["dalo"].to_pylist() == [True, False, False, False, True]
    assert not [q for q in facultatives(repondu.rapport) if q.section == "publics"]


def test_the_labels_that_the_values_name_are_known_of_every_row_and_the_others_stay_unknown(tmp_path: Path) -> None:
    jeu = lire(tmp_path, *VALEURS, mapping=Mapping(publics={"attributions": PUBLICS}))
    lues = jeu.tables["attributions"]
    # Rows 0 and 4 are DALO, row 1 is ACI and PDALHPD; an empty cell is none of them.
    assert {nom: lues[nom].to_pylist() for nom in ETIQUETTES} == {
        "aci": [False, True, False, False, False],
        "dalo": [True, False, False, False, True],
        "pdalhpd": [False, True, False, False, False],
        "mutation_bloquee": [None] * 5,
        "npru": [None] * 5,
    }
    assert {"aci", "dalo", "pdalhpd"} <= jeu.colonnes_presentes["attributions"]
    assert "Public prioritaire" not in [a.valeur for a in jeu.rapport.anomalies if a.regle == "colonne_inconnue"]


def test_a_new_value_of_a_column_that_was_answered_stops_the_load_with_its_question(tmp_path: Path) -> None:
    jeu = lire(tmp_path, "DALO", "NPNRU", mapping=Mapping(publics={"attributions": PUBLICS}))
    (question,) = questions(jeu.rapport)
    assert (question.valeur, question.options[0]) == ("Public prioritaire | NPNRU", "npru")
    assert "[attributions.publics]" in question.message


@pytest.mark.parametrize("signe", [" + ", " / ", ", ", " et "])
def test_a_value_of_several_that_are_answered_is_each_of_them_and_is_not_asked(tmp_path: Path, signe: str) -> None:
    """However many there are, and those that the next semester has alone."""
    ensemble = signe.join(("DALO", "Accord collectif ACI"))
    jeu = lire(tmp_path, f'"{ensemble}"', *VALEURS)
    asked = [q.valeur for q in facultatives(jeu.rapport) if q.section == "publics"]
    assert asked == list(PUBLICS)
    repondu = lire(tmp_path, f'"{ensemble}"', mapping=Mapping(publics={"attributions": PUBLICS}))
    assert not questions(repondu.rapport)
    assert {nom for nom in ETIQUETTES if repondu.tables["attributions"][nom].to_pylist() == [True]} == {
        *("aci", "dalo", "pdalhpd")
    }


def test_what_leaves_a_label_out_is_asked_whole(tmp_path: Path) -> None:
    jeu = lire(tmp_path, "DALO", "ACI hors DALO/NPRU", mapping=Mapping(publics={"attributions": PUBLICS}))
    assert [q.valeur for q in questions(jeu.rapport)] == ["Public prioritaire | ACI hors DALO/NPRU"]


def test_a_column_of_its_own_is_the_one_that_is_read(tmp_path: Path) -> None:
    entete = ENTETE.replace("mutation", "mutation;dalo")
    jeu = lire(tmp_path, "oui;Aucun", "non;DALO", mapping=Mapping(publics={"attributions": PUBLICS}), entete=entete)
    assert jeu.tables["attributions"]["dalo"].to_pylist() == [True, False]


@pytest.mark.parametrize("valeurs", [["Lille", "Roubaix"], [f"DALO {n}" for n in range(30)]])
def test_a_column_that_names_no_label_or_has_too_many_values_is_not_asked_about(
    tmp_path: Path, valeurs: list[str]
) -> None:
    assert not [q for q in facultatives(lire(tmp_path, *valeurs).rapport) if q.section == "publics"]


@given(st.lists(st.sampled_from([*(cle.partition(" | ")[2] for cle in PUBLICS), ""]), min_size=1, max_size=12))
@examples(25)
def test_a_row_bears_the_labels_of_its_value_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, valeurs: list[str]
) -> None:
    jeu = lire(tmp_path_factory.mktemp("p"), *valeurs, mapping=Mapping(publics={"attributions": PUBLICS}))
    for valeur, ligne in zip(valeurs, jeu.tables["attributions"].to_pylist(), strict=True):
        attendus = PUBLICS.get(f"Public prioritaire | {valeur}", "").split("|")
        assert [nom for nom in ("aci", "dalo", "pdalhpd") if ligne[nom]] == [nom for nom in attendus if nom]


def test_the_answers_are_a_mapping_that_reads_back_and_name_labels() -> None:
    mapping = Mapping(publics={"attributions": PUBLICS})
    assert Mapping.depuis_texte(en_toml(mapping)) == mapping
    with pytest.raises(AppelIncorrect, match="la plus proche est « dalo »"):
        Mapping.depuis_texte('[attributions.publics]\n"Public | DALO" = "dallo"\n')


@pytest.mark.parametrize("signe", ["’", "'", "ʼ"])
def test_a_value_is_the_same_with_any_apostrophe_and_any_space(tmp_path: Path, signe: str) -> None:
    texte = (
        "numero_unique;date_creation;etat;n_personnes;motif;reservataire\n"
        f"D1;2016-01-01;ACTIVE;1;Problèmes\u00a0d{signe}environnement ou de voisinage;x\n"
    )
    (tmp_path / "demandes.csv").write_text(texte, encoding="utf-8")
    jeu = check(tmp_path, mapping=Mapping(modele="infocentre"), aujourdhui=AUJOURDHUI)
    assert jeu.tables["demandes"]["motif"].to_pylist() == ["17"]

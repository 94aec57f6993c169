"""Questions of a check, answered: the mapping that the answers make lets the same files through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat import correspondances
from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import Reponses, source_de
from mel_core.contrat.mapping import Mapping, en_toml, merge
from mel_core.contrat.questions import INCONNU, answer, questions

DEMANDES = (
    "numero_unique;cree_le;etat;n_personnes\n1;2014-01-01;Active;1\n2;2014-01-02;Radiée;2\n3;2014-01-03;Active;1\n"
)


@pytest.fixture
def jeu(tmp_path):
    dossier = tmp_path / "jeu"
    dossier.mkdir()
    (dossier / "demandes.csv").write_text(DEMANDES, encoding="utf-8")
    return dossier


def place(jeu):
    return {(q.colonne, q.valeur): q for q in questions(check(jeu).rapport)}


def test_each_unknown_value_and_missing_column_is_one_question_with_the_nearest_answer_first(jeu):
    posees = place(jeu)
    assert set(posees) == {("date_creation", None), ("etat", "Active"), ("etat", "Radiée")}
    assert posees["date_creation", None].options == ("cree_le",)
    assert posees["etat", "Active"].options == ("ACTIVE", "RADIEE")
    assert posees["etat", "Radiée"].options == ("RADIEE", "ACTIVE")
    assert {q.table for q in posees.values()} == {"demandes"}


def test_the_answers_let_the_same_file_through(jeu):
    posees = place(jeu)
    mapping = answer({q: q.options[0] for q in posees.values()})
    relu = check(jeu, mapping=mapping)
    assert not relu.rapport.est_bloquant
    assert relu.tables["demandes"]["etat"].to_pylist() == ["ACTIVE", "RADIEE", "ACTIVE"]
    assert questions(relu.rapport) == []


def test_a_value_may_mean_unknown(tmp_path):
    (tmp_path / "residences.csv").write_text(
        "code_residence;code_bailleur;code_quartier;n_logements;financement\nR1;B1;Q1;3;???\n", encoding="utf-8"
    )
    (question,) = questions(check(tmp_path).rapport)
    mapping = answer({question: INCONNU})
    assert mapping.valeurs_de("residences", "financement") == {"???": ""}
    assert not check(tmp_path, mapping=mapping).rapport.est_bloquant


def test_a_missing_column_without_any_column_left_to_take_is_no_question(tmp_path):
    (tmp_path / "bailleurs.csv").write_text("code_bailleur\nB1\n", encoding="utf-8")
    rapport = check(tmp_path).rapport
    assert rapport.est_bloquant
    assert questions(rapport) == []


def test_the_last_answer_wins_and_a_column_of_the_file_answers_once():
    un = Mapping(
        {"demandes": {"etat": "Etat", "motif": "Raison"}}, {"demandes": {"etat": {"A": "ACTIVE", "R": "ACTIVE"}}}
    )
    autre = Mapping({"demandes": {"motif_radiation": "Raison"}}, {"demandes": {"etat": {"R": "RADIEE"}}})
    ensemble = merge(un, autre)
    assert ensemble.colonnes == {"demandes": {"etat": "Etat", "motif_radiation": "Raison"}}
    assert ensemble.valeurs == {"demandes": {"etat": {"A": "ACTIVE", "R": "RADIEE"}}}


@given(
    valeurs=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(bool),
        st.sampled_from(["ACTIVE", "RADIEE", INCONNU]),
        min_size=1,
    )
)
def test_whatever_the_values_are_the_file_of_answers_is_read_back_as_given(valeurs):
    mapping = Mapping(valeurs={"demandes": {"etat": valeurs}})
    assert Mapping.depuis_texte(en_toml(mapping)).valeurs == mapping.valeurs


def test_an_answer_is_said_in_words():
    muettes = Mapping(
        {"demandes": {"etat": ""}}, couvre={"demandes": {"aci": ("dalo", "npru")}}, absentes={"demandes": ("pdalhpd",)}
    )
    dites = [correspondances.say_answer(*dite) for dite in correspondances.answers(muettes)]
    assert dites == [
        "demandes.colonnes : « etat », rien",
        "demandes.couvre : « aci », « dalo » et « npru »",
        "demandes.absentes : « pdalhpd », aucun ménage",
    ]


def test_answers_are_kept_added_to_and_forgotten(tmp_path):
    dossier = tmp_path / "donnees"
    source = source_de(["N°", "État"])
    assert correspondances.read(dossier) == Reponses()
    for valeur, canonique in (("A", "ACTIVE"), ("R", "RADIEE")):
        mapping = Mapping(valeurs={"demandes": {"etat": {valeur: canonique}}})
        correspondances.keep(dossier, Reponses({source: mapping}))
    correspondances.keep(dossier, Reponses({source_de(["autre"]): Mapping({"demandes": {"etat": "autre"}})}))
    lues = correspondances.read(dossier)
    assert lues.par_source[source].valeurs == {"demandes": {"etat": {"A": "ACTIVE", "R": "RADIEE"}}}
    assert lues.complete(Mapping(), source).colonnes == {}
    une = ("[demandes.valeurs.etat]", '"A" = "ACTIVE"')
    assert correspondances.answers(lues.par_source[source]) == [une, (une[0], '"R" = "RADIEE"')]
    assert correspondances.say_answer(*une) == "demandes.valeurs.etat : « A », « ACTIVE »"
    correspondances.forget(dossier, source, {une})
    restees = correspondances.read(dossier)
    assert restees.par_source[source].valeurs == {"demandes": {"etat": {"R": "RADIEE"}}}
    for s, mapping in restees.par_source.items():
        correspondances.forget(dossier, s, correspondances.answers(mapping))
    assert correspondances.read(dossier) == Reponses()

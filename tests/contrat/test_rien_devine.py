"""Nothing required is inferred (contract §1): a state is read or answered, a list is split when each piece is known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from mel_core.contrat import correspondances
from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import SANS, Reponses
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import Mapping, merge
from mel_core.contrat.propositions import ask_all
from mel_core.contrat.questions import Question, answer_par_source, facultatives, inconnus, questions
from mel_core.contrat.rapport import Jeu
from mel_core.entrepot import Entrepot
from mel_core.entrepot.importation import import_files
from mel_core.socle.erreurs import AppelIncorrect
from tests.cli.appel import ici
from tests.contrat.dessins import AUJOURDHUI, la
from tests.contrat.dessins_sne import demande
from tests.contrat.dessins_sne import write as zip_up

SANS_ETAT = "numero_unique;date_creation;n_personnes"


def read(dossier: Path, entete: str, *lignes: str, mapping: Mapping | None = None, reponses=None) -> Jeu:
    (dossier / "demandes.csv").write_text("\n".join([entete, *lignes, ""]), encoding="utf-8")
    return check(dossier, aujourdhui=AUJOURDHUI, mapping=mapping, reponses=reponses or Reponses())


def ask(jeu: Jeu) -> Question:
    (question,) = questions(jeu.rapport)
    return question


@pytest.mark.parametrize("modele", ["", "sne", "infocentre"])
def test_a_state_under_another_name_is_asked_and_never_inferred(tmp_path: Path, modele: str) -> None:
    lignes = ("D1;2016-01-01;1;;Active", "D2;2016-01-01;1;;Radiée")
    entete = f"{SANS_ETAT};date_radiation;Statut de la demande"
    jeu = read(tmp_path, entete, *lignes, mapping=Mapping(modele=modele))
    assert jeu.rapport.est_bloquant
    assert jeu.tables == {}
    question = ask(jeu)
    assert (question.colonne, question.options[0]) == ("etat", "Statut de la demande")


def test_a_date_of_radiation_without_a_state_is_a_question_that_has_three_answers(tmp_path: Path) -> None:
    lignes = ("D1;2016-01-01;1;", "D2;2016-01-01;1;2017-05-02")
    for modele in ("", "sne"):
        question = ask(read(tmp_path, f"{SANS_ETAT};date_radiation", *lignes, mapping=Mapping(modele=modele)))
        assert question.colonne == "etat"
    lus = {}
    for option in question.options:
        jeu = read(tmp_path, f"{SANS_ETAT};date_radiation", *lignes, reponses=answer_par_source({question: option}))
        lus[option.strip("\0")] = jeu.tables["demandes"]["etat"].to_pylist()
    assert lus == {
        "SELON_RADIATION": ["ACTIVE", "RADIEE"],
        "ACTIVE": ["ACTIVE", "ACTIVE"],
        "RADIEE": ["RADIEE", "RADIEE"],
    }


def test_the_answer_on_a_state_is_kept_in_a_mapping_and_said(tmp_path: Path) -> None:
    entete, ligne = SANS_ETAT, "D1;2016-01-01;1"
    reponses = answer_par_source({ask(read(tmp_path, entete, ligne)): "\0ACTIVE"})
    correspondances.keep(tmp_path / "magasin", reponses)
    relues = correspondances.read(tmp_path / "magasin")
    assert [m.dits for m in relues.mappings] == [{"etat": {"demandes": {"demandes.csv": "ACTIVE"}}}]
    jeu = read(tmp_path, entete, ligne, reponses=relues)
    assert any("ACTIVE" in a.message for a in jeu.rapport.anomalies if a.regle == "modele")
    with pytest.raises(AppelIncorrect, match="ACTIVE"):
        Mapping.depuis_texte('[demandes.etat]\n"demandes.csv" = "EN_COURS"\n')


@pytest.mark.parametrize(
    ("ecrit", "lus"),
    [
        ("Lille, Lompret", ["59350", "59356"]),
        ("Lille / 59512", ["59350", "59512"]),
        ("Lille et Roubaix, Croix", ["59350", "59512", "59163"]),
        ("59350,59512", ["59350", "59512"]),
        ("Lille, Hellemmes|Croix", ["59350", "59163"]),
        ("Lille|Paris", ["59350", "hors_mel"]),
    ],
)
def test_wanted_communes_are_split_when_each_piece_is_known(tmp_path: Path, ecrit: str, lus: list[str]) -> None:
    jeu = read(tmp_path, f"{SANS_ETAT};etat;communes_souhaitees", f'D1;2016-01-01;1;ACTIVE;"{ecrit}"')
    assert jeu.tables["demandes"]["communes_souhaitees"].to_pylist() == [lus]


def test_a_list_of_which_a_piece_is_unknown_is_asked_for_its_column(tmp_path: Path) -> None:
    entete = f"{SANS_ETAT};etat;communes_souhaitees"
    lignes = ('D1;2016-01-01;1;ACTIVE;"Lille, Paris"', 'D2;2016-01-01;1;ACTIVE;"Lompret / Douai"')
    question = ask(read(tmp_path, entete, *lignes))
    assert (question.colonne, question.valeur) == ("communes_souhaitees", "Lille, Paris")
    assert "2\u00a0lignes" in question.message
    lus = [
        read(tmp_path, entete, *lignes, reponses=answer_par_source({question: option})).tables["demandes"]
        for option in question.options
    ]
    assert [t["communes_souhaitees"].to_pylist() for t in lus] == [
        [["59350", "hors_mel"], ["59356", "hors_mel"]],
        [["hors_mel"], ["hors_mel"]],
    ]


def test_a_column_of_wanted_communes_that_is_mostly_elsewhere_asks_before_publishing(tmp_path: Path) -> None:
    entete = f"{SANS_ETAT};etat;communes_souhaitees"

    def publish(n_hors: int, accepter: tuple[str, ...] = ()):
        lignes = [f"D{i};2016-01-01;1;ACTIVE;{'Paris' if i < n_hors else 'Lille'}" for i in range(20)]
        (tmp_path / "jeu").mkdir(exist_ok=True)
        read(tmp_path / "jeu", entete, *lignes)
        return import_files(tmp_path / "jeu", Entrepot(tmp_path / f"m{n_hors}"), nature="fictive", accepter=accepter)

    assert publish(2).instantane is not None  # a tenth, and no more
    refusee = publish(3)
    assert refusee.instantane is None
    (perte,) = refusee.pertes
    assert "communes_souhaitees" in perte.dite
    assert "15\u202f%" in perte.dite
    assert publish(3, ("demandes",)).instantane is not None


def test_two_columns_given_one_header_are_refused_and_none_is_kept_silently(tmp_path: Path) -> None:
    jeu = read(tmp_path, f"{SANS_ETAT};etat;X", "D1;2016-01-01;1;ACTIVE;oui")
    posees = {q.colonne: q for q in facultatives(jeu.rapport)}
    deux = {posees["dalo"]: "X", posees["aci"]: "X"}
    with pytest.raises(AppelIncorrect, match="« X » est choisi pour « dalo » et « aci »"):
        answer_par_source(deux)
    assert answer_par_source({posees["dalo"]: "X", posees["aci"]: ""}).mappings


def test_a_bailleur_of_the_sne_that_nobody_named_is_named_for_its_files(tmp_path: Path) -> None:
    """Each finding is told by the file of its demande, the question by the archive: the name is kept for its source."""
    fichier = zip_up(
        tmp_path / "sne.zip",
        {
            "a/1.xml": demande("999000000000000001", motif_radiation="RADATT", bail={"date": "2017-09-30"}),
            "a/2.xml": demande("999000000000000002", motif_radiation="RADATT", bail={"date": "2017-09-30"}),
        },
    )
    rapport = check(fichier, mapping=Mapping(modele="sne"), aujourdhui=AUJOURDHUI).rapport
    (inconnu,) = inconnus(rapport)
    assert inconnu.n == 2
    correspondances.keep(tmp_path / "m", Reponses({inconnu.source: Mapping(noms={inconnu.valeur: "Vilogia"})}))
    gardees = correspondances.read(tmp_path / "m")
    jeu = check(fichier, mapping=merge(Mapping(modele="sne")), reponses=gardees, aujourdhui=AUJOURDHUI)
    assert jeu.tables["attributions"].num_rows == 2


def test_the_command_stops_on_a_state_that_it_would_have_to_guess(tmp_path: Path) -> None:
    (tmp_path / "demandes.csv").write_text(
        "numUnique;dateCreationDemande;nombrePersonne;dateRadiation;Statut de la demande\nD1;2016-01-01;1;;Radiée\n",
        encoding="utf-8",
    )
    faite = ici(*("importer", tmp_path / "demandes.csv", "--mapping", "sne", "--json"), donnees=tmp_path / "donnees")
    assert faite.returncode == 1
    (question,) = json.loads(faite.stdout)["questions"]
    assert (question["colonne"], question["options"][0]) == ("etat", "Statut de la demande")


def test_a_question_says_each_code_with_its_label(tmp_path: Path) -> None:
    jeu = read(tmp_path, f"{SANS_ETAT};etat;motif", "D1;2016-01-01;1;ACTIVE;Divorce")
    assert "« 11 divorce, séparation »" in ask(jeu).message


@pytest.mark.parametrize(
    ("dit", "lues"),
    [
        ("T1, T2", ["T1", "T2"]),
        ("T2/T3 et T4|T5", ["T2", "T3", "T4", "T5"]),
        ("T5, T6 et plus", ["T5", "T6P"]),
        ("F1 / Type 2, 3 pièces et T 4", ["T1", "T2", "T3", "T4"]),
        ("T5 et plus", ["T5 et plus"]),  # « plus » is no code, whatever the pieces before it: asked whole
    ],
)
def test_a_list_of_codes_is_split_when_each_piece_is_one(tmp_path: Path, dit: str, lues: list[str]) -> None:
    jeu = read(tmp_path, f"{SANS_ETAT};etat;typologies", f"D1;2016-01-01;1;ACTIVE;{dit}")
    if len(lues) > 1:
        assert jeu.tables["demandes"]["typologies"].to_pylist() == [lues]
    else:
        assert ask(jeu).valeur == lues[0]


def test_the_pieces_of_a_list_of_codes_may_be_words_that_an_answer_says(tmp_path: Path) -> None:
    mapping = Mapping(valeurs={"demandes": {"typologies": {"Studio": "T1", "T6 et +": "T6P"}}})
    jeu = read(tmp_path, f"{SANS_ETAT};etat;typologies", "D1;2016-01-01;1;ACTIVE;Studio, T2", mapping=mapping)
    assert jeu.tables["demandes"]["typologies"].to_pylist() == [["T1", "T2"]]


def test_a_year_of_two_digits_is_one_question_for_its_column_and_rows_go_out_until_it_is_answered(
    tmp_path: Path,
) -> None:
    lignes = [("A1", "02/01/17"), ("A2", "31/12/98"), ("A3", "03/01/2017")]
    rangees = [f"{a};99900000000000000{a[1]};{d};59350;B1;non" for a, d in lignes]
    entete = "id_attribution;numero_unique;Entrée (bail);code_insee;code_bailleur;mutation"
    (tmp_path / "lmh.csv").write_text("\n".join([entete, *rangees, ""]), encoding="utf-8")
    donnes, noms = [Donne(tmp_path / "lmh.csv", "attributions")], Mapping(noms={"B1": "Un"})

    def read(*mappings: Mapping) -> Jeu:
        return check(donnes, aujourdhui=AUJOURDHUI, mapping=merge(noms, *mappings))

    date_bail = Mapping.depuis_texte('[attributions.colonnes]\ndate_bail = "Entrée (bail)"\n')
    jeu = read(date_bail)
    assert (jeu.rapport.est_bloquant, jeu.tables["attributions"].num_rows) == (False, 1)
    constat = la(jeu, "annee_courte")
    assert (constat.ligne, constat.valeur) == (2, "02/01/17")
    assert "(2\u00a0lignes)" in constat.message
    assert "exporter avec l’année sur quatre chiffres" in constat.message
    posees = ask_all(read().rapport, lambda r: read(*r.mappings).rapport, SANS, ())
    # Its column, then its years.
    assert [p for q, p in posees.items() if q.colonne == "date_bail"] == ["Entrée (bail)", "2000_2099"]
    lu = read(date_bail, Mapping.depuis_texte('[attributions.dates]\ndate_bail = "2000_2099"\n'))
    assert lu.tables["attributions"]["date_bail"].to_pylist() == [date(2017, 1, 2), date(2017, 1, 3)]
    assert [a.message for a in lu.rapport.anomalies if a.ligne == 3] == [
        "La date « 31/12/98 » est postérieure au jour du chargement (15/01/2018) : la corriger."
    ]
    tu = read(date_bail, Mapping.depuis_texte('[attributions.dates]\ndate_bail = "a_corriger"\n'))
    assert "annee_courte" not in {a.regle for a in tu.rapport.anomalies}
    assert tu.tables["attributions"].num_rows == 1

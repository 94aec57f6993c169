"""Typologies as offices write them: read and said where it is certain, asked about by value where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import SANS, Reponses
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.questions import answer_par_source, facultatives, questions
from mel_core.contrat.rapport import Jeu
from mel_core.contrat.tables import TYPOLOGIES
from mel_core.contrat.valeurs import read_typologie
from tests.contrat.dessins import AUJOURDHUI

BAUX = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation"
VISITES = "id_evenement;numero_unique;type;date_survenance"
DEMANDES = "numero_unique;date_creation;n_personnes;etat"
LIGNES = {
    BAUX: "{n};D{n};2017-09-30;59350;B1;non",
    VISITES: "{n};D{n};VISITE;2017-09-30",
    DEMANDES: "D{n};2016-01-01;1;ACTIVE",
}
TABLES = {BAUX: "attributions", VISITES: "evenements", DEMANDES: "demandes"}


def read(
    dossier: Path,
    entete: str,
    *cellules: str,
    sous: str = "",
    reponses: Reponses = SANS,
    mapping: Mapping | None = None,
) -> Jeu:
    """Rows with these cells in the column of the typologies, `sous` this header when it is another."""
    (dossier / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\n", encoding="utf-8")
    colonne = "typologies" if entete == DEMANDES else "typologie"
    lignes = [f"{LIGNES[entete].format(n=n)};{c}" for n, c in enumerate(cellules)]
    fichier = dossier / f"{TABLES[entete]}.csv"
    fichier.write_text("\n".join([f"{entete};{sous or colonne}", *lignes, ""]), encoding="utf-8")
    return check(dossier, aujourdhui=AUJOURDHUI, mapping=mapping, reponses=reponses)


@pytest.mark.parametrize(
    ("dits", "code"),
    [
        ("F2|f2|T 2|t2|T-2|T02|Type 2|TYPE T2|Typ. 2|2 pièces|2 PIECES|2p|2 pièces principales", "T2"),
        ("T6|F7|Type 6|T6P|T6+|T6 et plus|Type 6 et +|6 pièces et plus", "T6P"),
        ("2|T2 bis|T2/3|T5 et plus|T5+|Studio|T|Type|T0|T12|F|pièces|T2 duplex|DT2", None),
    ],
)
def test_so_many_rooms_are_one_typologie_by_any_of_their_names_and_nothing_else_is(dits: str, code: str | None) -> None:
    assert {dit: read_typologie(dit) for dit in dits.split("|")} == dict.fromkeys(dits.split("|"), code)


@pytest.mark.parametrize("entete", [BAUX, VISITES, DEMANDES])
def test_what_is_certain_is_read_and_said_and_the_rest_is_asked_once_for_each_value(
    tmp_path: Path, entete: str
) -> None:
    table, colonne = TABLES[entete], "typologies" if entete == DEMANDES else "typologie"
    jeu = read(tmp_path, entete, "T2", "F2", "Type\u00a02", "T2 bis", "T2 bis", "")
    assert any("« F2 » est lu T2" in a.message for a in jeu.rapport.anomalies)
    posees = [q for q in (*questions(jeu.rapport), *facultatives(jeu.rapport)) if q.valeur]
    assert [(q.colonne, q.valeur) for q in posees] == [(colonne, "T2 bis")]
    assert set(posees[0].options) == set(TYPOLOGIES)
    if entete != DEMANDES:  # no list of the contract closes it: it stops no load, and stays what it is
        assert jeu.tables[table][colonne].to_pylist() == ["T2", "T2", "T2", "T2 bis", "T2 bis", None]
    dites = answer_par_source({posees[0]: "T2"})
    jeu = read(tmp_path, entete, "T2", "F2", "Type\u00a02", "T2 bis", "T2 bis", "", reponses=dites)
    lus: list[object] = ["T2"] * 5
    assert jeu.tables[table][colonne].to_pylist() == [*([c] if entete == DEMANDES else c for c in lus), None]
    assert not [q for q in (*questions(jeu.rapport), *facultatives(jeu.rapport)) if q.valeur]


def test_each_piece_of_a_list_is_read_by_itself_and_asked_by_itself(tmp_path: Path) -> None:
    jeu = read(tmp_path, DEMANDES, "Type 2, Type 4", "F3 / T4 et F5", "Type 2, T2 bis", "T4 / T2 bis")
    assert [(q.valeur, q.n) for q in questions(jeu.rapport)] == [("T2 bis", 0)]
    reponses = answer_par_source(dict.fromkeys(questions(jeu.rapport), "T2"))
    jeu = read(tmp_path, DEMANDES, "Type 2, Type 4", "F3 / T4 et F5", "Type 2, T2 bis", reponses=reponses)
    assert jeu.tables["demandes"]["typologies"].to_pylist() == [["T2", "T4"], ["T3", "T4", "T5"], ["T2"]]


def test_a_number_is_a_typologie_under_a_header_of_rooms_alone(tmp_path: Path) -> None:
    jeu = read(tmp_path, BAUX, "2", "7", sous="typologie")
    assert [q.valeur for q in facultatives(jeu.rapport) if q.valeur] == ["2", "7"]
    posees = facultatives(read(tmp_path, BAUX, "2", "7", sous="Nb pièces").rapport)
    dites = answer_par_source({q: "Nb pièces" for q in posees if q.colonne == "typologie"})
    jeu = read(tmp_path, BAUX, "2", "7", sous="Nb pièces", reponses=dites)
    assert jeu.tables["attributions"]["typologie"].to_pylist() == ["T2", "T6P"]


def test_an_answer_is_any_text_and_is_over_what_is_certain(tmp_path: Path) -> None:
    dites = Mapping.depuis_texte('[attributions.valeurs.typologie]\n"F2" = "T3"\n"Duplex" = "Duplex"\n')
    jeu = read(tmp_path, BAUX, "F2", "Duplex", mapping=dites)
    assert jeu.tables["attributions"]["typologie"].to_pylist() == ["T3", "Duplex"]
    assert not [q for q in facultatives(jeu.rapport) if q.valeur]

"""Files as offices have them: the same rows in any shape, titles and totals apart, and nothing guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.lecture.entete import folds
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.questions import answer, answer_par_source, questions
from mel_core.contrat.rapport import Gravite, Jeu
from mel_core.contrat.reference import fold
from mel_core.contrat.tables import TABLES
from tests.contrat.dessins import AUJOURDHUI, MANQUES, bilan, faits, la

BAILLEURS = "code_bailleur;nom\nB1;Un\nB2;Deux\n"
ENTETE = ("id_attribution", "numero_unique", "date_bail", "code_insee", "code_bailleur", "mutation", "revenu_fiscal")


def controle(dossier: Path, texte: str, **options: Any) -> Jeu:
    """The attributions of a text, and two bailleurs."""
    (dossier / "bailleurs.csv").write_text(BAILLEURS, encoding="utf-8")
    (dossier / "Vilogia 2017.csv").write_text(texte, encoding="utf-8")
    donnes = [Donne(dossier / "bailleurs.csv"), Donne(dossier / "Vilogia 2017.csv", "attributions")]
    return check(donnes, aujourdhui=AUJOURDHUI, **options)


def une(rang: int, commune: str = "59350", bailleur: str = "B1") -> str:
    return f"A{rang};99900000000000000{rang};2017-09-30;{commune};{bailleur};non;12000"


def attributions(*lignes: str, avant: str = "") -> str:
    return "\n".join([*([avant] if avant else []), ";".join(ENTETE), *lignes]) + "\n"


def dites(jeu: Jeu) -> list[tuple[str, int | None, str | None, str | None]]:
    sans = (*MANQUES, "revenu_absent", "categorie_absente")
    return [f for f in faits(jeu) if f[0] not in sans]


# --- Headers


def test_no_two_columns_of_a_table_bear_names_that_read_alike() -> None:
    for table in TABLES.values():
        assert len({fold(nom) for nom in table.noms}) == len(table.noms)
        assert all(folds(nom) == (fold(nom),) for nom in table.noms)


def test_two_headers_of_one_column_are_a_question_and_the_answer_reads_the_one_that_it_names(tmp_path: Path) -> None:
    texte = attributions(une(1) + ";13000").replace("revenu_fiscal", "revenu_fiscal;Revenu fiscal")
    jeu = controle(tmp_path, texte)
    assert jeu.rapport.est_bloquant
    (question,) = questions(jeu.rapport)
    assert (question.table, question.colonne) == ("attributions", "revenu_fiscal")
    assert question.options == ("revenu_fiscal", "Revenu fiscal")
    for reponse, lu in (("revenu_fiscal", 12000), ("Revenu fiscal", 13000)):
        repondu = controle(tmp_path, texte, mapping=answer({question: reponse}))
        assert repondu.tables["attributions"]["revenu_fiscal"].to_pylist() == [lu]


def test_a_header_that_the_mapping_gives_to_a_column_is_no_other_s_and_a_file_without_it_is_read_by_the_contract(
    tmp_path: Path,
) -> None:
    mapping = Mapping.depuis_texte('[attributions.colonnes]\nrevenu_fiscal = "n_personnes"')
    autre = attributions(une(1)).replace("revenu_fiscal", "N personnes")
    lues = [
        controle(tmp_path, texte, mapping=mapping).tables["attributions"] for texte in (autre, attributions(une(1)))
    ]
    assert [(t["revenu_fiscal"].to_pylist(), t["n_personnes"].to_pylist()) for t in lues] == [([12000], [None])] * 2


def test_a_column_that_no_header_matches_is_unknown_and_what_it_costs_is_said_without_stopping(tmp_path: Path) -> None:
    jeu = controle(tmp_path, attributions(une(1)).replace("revenu_fiscal", "montant"))
    absente = la(jeu, "revenu_absent")
    assert absente.gravite is Gravite.AVERTISSEMENT
    assert "(revenu_fiscal) : équilibre, ressources et bas revenus inconnus" in absente.message
    assert ("colonne_absente", None, "reservataire", None) in faits(jeu)
    assert bilan(jeu, "attributions") == (1, 1, 0, 0)


# --- Titles, units, totals, notes


def test_titles_units_totals_and_notes_are_set_apart_said_and_the_lines_stay_those_of_the_spreadsheet(
    tmp_path: Path,
) -> None:
    avant = "Attributions de Vilogia;;;;;;\n\n;;;;;;\nÉdité le 03/01/2018"
    texte = attributions(
        ";;jj/mm/aaaa;;;oui/non;€",
        une(1),
        "Sous-total;1;;;;;12000",
        une(2, "59999"),
        ";;;;;;",
        "Total général;2;;;;;24000",
        "(1) Hors foyers",
        "Source : SNE;;;;;;",
        avant=avant,
    )
    jeu = controle(tmp_path, texte)
    assert dites(jeu) == [
        ("ligne_a_part", 1, None, "Attributions de Vilogia"),
        ("ligne_a_part", 4, None, "Édité le 03/01/2018"),
        ("ligne_a_part", 6, None, "jj/mm/aaaa"),
        ("ligne_a_part", 8, None, "Sous-total"),
        ("commune_hors_mel", 9, "code_insee", "59999"),
        ("ligne_a_part", 11, None, "Total général"),
        ("ligne_a_part", 12, None, "(1) Hors foyers"),
        ("ligne_a_part", 13, None, "Source : SNE"),
    ]
    assert bilan(jeu, "attributions") == (2, 1, 1, 0)
    assert jeu.rapport.tables["attributions"].mises_a_part == 7


@pytest.mark.parametrize(
    "total", ["Total", "TOTAUX", "S/Total Lille", "sous total", "Grand total :", "Ensemble", "Moyenne", "Total B1"]
)
def test_a_total_is_told_by_its_words(tmp_path: Path, total: str) -> None:
    jeu = controle(tmp_path, attributions(une(1), f"{total};;;;;;99"))
    assert dites(jeu) == [("ligne_a_part", 3, None, total)]


def test_a_total_is_told_by_its_words_under_the_key_too(tmp_path: Path) -> None:
    entete = "code_bailleur;id_attribution;numero_unique;date_bail;code_insee;mutation"
    texte = f"{entete}\nB1;A1;1;2017-09-30;59350;non\nB1;Total;;;;1\n;;;Sous-total;;1\n"
    assert [f[1] for f in dites(controle(tmp_path, texte)) if f[0] == "ligne_a_part"] == [3, 4]


def test_a_sum_that_no_word_announces_is_set_apart_when_it_is_the_sum(tmp_path: Path) -> None:
    # 12 000 + 12 000 = 24 000; 23 999 is the sum of nothing, hence a row without its key.
    assert dites(controle(tmp_path, attributions(une(1), une(2), ";;;;;;24 000"))) == [
        ("ligne_a_part", 4, None, "24 000")
    ]
    autre = controle(tmp_path, attributions(une(1), une(2), ";;;;;;23 999"))
    assert dites(autre)[0] == ("cle_vide", 4, "id_attribution", None)
    assert bilan(autre, "attributions") == (3, 2, 1, 0)


def test_a_row_that_says_total_and_could_be_kept_is_a_question_and_either_answer_settles_it(tmp_path: Path) -> None:
    texte = "code_bailleur;nom\nB1;Un\nTotal;1 bailleur\n"
    (tmp_path / "bailleurs.csv").write_text(texte, encoding="utf-8")
    jeu = check(tmp_path / "bailleurs.csv")
    (question,) = questions(jeu.rapport)
    assert jeu.rapport.est_bloquant
    assert (question.valeur, question.options) == ("Total", ("a_part", "donnee"))
    a_part, donnee = (check(tmp_path / "bailleurs.csv", mapping=answer({question: r})) for r in question.options)
    assert bilan(a_part, "bailleurs") == (1, 1, 0, 0)
    assert a_part.rapport.tables["bailleurs"].mises_a_part == 1
    assert donnee.tables["bailleurs"]["code_bailleur"].to_pylist() == ["B1", "Total"]


@pytest.mark.parametrize("texte", ["code_bailleur;nom\nB1;Un\nTotal;12\n", "nom;code_bailleur\nUn;B1\nTOTAL;1 204\n"])
def test_a_total_with_nothing_but_numbers_beside_it_is_no_question(tmp_path: Path, texte: str) -> None:
    (tmp_path / "bailleurs.csv").write_text(texte, encoding="utf-8")
    jeu = check(tmp_path / "bailleurs.csv")
    assert jeu.tables["bailleurs"].to_pylist() == [{"code_bailleur": "B1", "nom": "Un"}]
    assert jeu.rapport.tables["bailleurs"].mises_a_part == 1


def test_the_numbers_of_the_columns_under_the_header_are_no_row(tmp_path: Path) -> None:
    assert dites(controle(tmp_path, attributions("1;2;3;4;5;6;7", une(1)))) == [("ligne_a_part", 2, None, "1")]


def test_rows_of_data_above_the_header_block(tmp_path: Path) -> None:
    jeu = controle(tmp_path, attributions(une(2), avant=une(1)))
    assert faits(jeu, Gravite.BLOQUANT) == [("donnees_au_dessus", 1, None, None)]


def test_heads_of_several_columns_are_no_row_of_data_where_one_name_alone_is_known(tmp_path: Path) -> None:
    entete = "Réf;NUD;Signé le;Code INSEE;Organisme;Mutation interne"
    jeu = controle(tmp_path, f"Dossier;;;Logement;;Ménage\n{entete}\nA1;1;2017-09-30;59350;B1;non\n")
    assert ("donnees_au_dessus", 1, None, None) not in faits(jeu)
    assert ("ligne_a_part", 1, None, "Dossier") in dites(jeu)


@pytest.mark.parametrize(
    ("derniere", "regle"),
    [
        ("Total Énergies;99;2017-09-30;59350;B1;non;1", None),  # an identifier like another: the row is whole
        ("A2;99;hier;59350;B1;non;1", "type"),
        ("A2;;;;;;", "requise_vide"),
        ("Total Énergies;99;hier;59350;B1;non;1", "ligne_douteuse"),
        ("Total;99;hier;59350;B1;non;1", "ligne_douteuse"),
    ],
)
def test_what_is_no_total_stays_a_row(tmp_path: Path, derniere: str, regle: str | None) -> None:
    assert [f[0] for f in dites(controle(tmp_path, attributions(une(1), derniere)))][:1] == ([regle] if regle else [])


def test_a_ragged_row_is_set_apart_at_the_end_only_and_for_what_it_says(tmp_path: Path) -> None:
    au_milieu = controle(tmp_path, attributions(une(1), "une note libre", une(2)))
    assert [f[:2] for f in faits(au_milieu, Gravite.BLOQUANT)] == [("illisible", 3)]
    # Cut short; or begun as a note is, and of too many cells to be one.
    for coupee in ("A2;999", "Note 1;999;59512;B1"):
        lue = controle(tmp_path, attributions(une(1), coupee))
        assert [f[:2] for f in faits(lue, Gravite.BLOQUANT)] == [("illisible", 3)]
    assert dites(controle(tmp_path, attributions(une(1), "une note libre"))) == [
        ("ligne_a_part", 3, None, "une note libre")
    ]


# --- Codes and communes


@pytest.mark.parametrize(
    ("ecrite", "lue"),
    [
        ("59350.0", "59350"),
        ("59350,00", "59350"),
        ("59 350", "59350"),
        (" 59\u00a0350 ", "59350"),
        ("Lille", "59350"),
        ("VILLENEUVE D'ASCQ", "59009"),
        ("marcq en barœul", "59378"),
        ("MARCQ-EN-BAROEUL", "59378"),
        ("59512", "59512"),
        ("Lomme", "59350"),
    ],
)
def test_a_code_insee_is_read_with_all_its_digits_and_a_commune_by_its_name(
    tmp_path: Path, ecrite: str, lue: str
) -> None:
    assert controle(tmp_path, attributions(une(1, ecrite))).tables["attributions"]["code_insee"].to_pylist() == [lue]


@pytest.mark.parametrize("ecrite", ["Lille (59)", "Lille Sud", "5935", "59350.5", "Paris", "593500"])
def test_what_is_not_the_name_of_one_commune_nor_a_code_is_not_guessed(tmp_path: Path, ecrite: str) -> None:
    jeu = controle(tmp_path, attributions(une(1, ecrite)))
    assert dites(jeu) == [("commune_hors_mel", 2, "code_insee", ecrite)]
    assert bilan(jeu, "attributions") == (1, 0, 1, 0)


def test_communes_wanted_are_read_by_name_or_by_code_and_once(tmp_path: Path) -> None:
    (tmp_path / "demandes.csv").write_text(
        "numero_unique;date_creation;etat;n_personnes;communes_souhaitees;code_insee_actuel\n"
        "D1;2016-01-01;ACTIVE;1;Lille|59350.0|Roubaix;Croix\nD2;2016-01-01;ACTIVE;1;Paris|59 512;Paris\n",
        encoding="utf-8",
    )
    demandes = check(tmp_path, aujourdhui=AUJOURDHUI).tables["demandes"]
    assert demandes["communes_souhaitees"].to_pylist() == [["59350", "59512"], ["hors_mel", "59512"]]
    assert demandes["code_insee_actuel"].to_pylist() == ["59163", "hors_mel"]


def test_a_commune_that_can_not_be_read_is_told_where_no_other_rule_looks(tmp_path: Path) -> None:
    entete = "code_lieu;mois;type_lieu;porteur;code_insee\n"
    lieux = "L1;2017-09;RELAIS;MEL;{}\nL2;2017-09;RELAIS;MEL;{}\nL3;2017-09;RELAIS;MEL;62498\nL4;2017-09;RELAIS;MEL;\n"
    (tmp_path / "accueil.csv").write_text(entete + lieux.format("Croix", "Lille (59)"), encoding="utf-8")
    jeu = check(tmp_path, aujourdhui=AUJOURDHUI)
    assert dites(jeu) == [("commune_hors_mel", 3, "code_insee", "Lille (59)")]
    assert jeu.tables["accueil"]["code_insee"].to_pylist() == ["59163", None, "62498", None]


def test_a_code_of_a_closed_list_written_as_a_number_is_read_with_all_its_digits(tmp_path: Path) -> None:
    entete = "numero_unique;date_creation;etat;n_personnes;motif;categorie_menage\n"
    (tmp_path / "demandes.csv").write_text(entete + "1;2016-01-01;ACTIVE;1;11.0;2.0\n", encoding="utf-8")
    assert check(tmp_path).tables["demandes"].select(["motif", "categorie_menage"]).to_pylist() == [
        {"motif": "11", "categorie_menage": 2}
    ]
    (tmp_path / "demandes.csv").write_text(entete + "1;2016-01-01;ACTIVE;1;1;2\n", encoding="utf-8")
    assert [(q.colonne, q.valeur, q.options[0]) for q in questions(check(tmp_path).rapport)] == [("motif", "1", "01")]


# --- Several files


def deux(dossier: Path, un: str, autre: str, **options: Any) -> Jeu:
    (dossier / "b.csv").write_text(BAILLEURS, encoding="utf-8")
    (dossier / "Un.csv").write_text(un, encoding="utf-8")
    (dossier / "Deux.csv").write_text(autre, encoding="utf-8")
    donnes = [
        Donne(dossier / "b.csv", "bailleurs"),
        *(Donne(dossier / f, "attributions") for f in ("Un.csv", "Deux.csv")),
    ]
    return check(donnes, aujourdhui=AUJOURDHUI, **options)


def test_the_files_of_a_table_are_reconciled_together_and_each_row_is_told_where_it_is(tmp_path: Path) -> None:
    jeu = deux(
        tmp_path,
        attributions(une(1), une(2, "75056")),
        attributions(une(3, bailleur="B2"), une(1), une(1, "59512"), une(4, bailleur="B9"), avant="Titre;;;;;;"),
    )
    assert bilan(jeu, "attributions") == (6, 2, 2, 2)
    situees = [(a.regle, a.fichier, a.ligne) for a in jeu.rapport.anomalies if a.ligne]
    assert situees == [
        ("commune_hors_mel", "Un.csv", 3),
        ("ligne_a_part", "Deux.csv", 1),
        ("doublon_different", "Deux.csv", 5),
        ("bailleur_inconnu", "Deux.csv", 6),
    ]
    assert "la ligne 2 de « Un.csv »" in la(jeu, "doublon_different").message


def test_a_column_that_one_file_lacks_is_unknown_for_its_rows_alone(tmp_path: Path) -> None:
    avec_aci = attributions(une(1) + ";oui", une(2) + ";").replace("revenu_fiscal", "revenu_fiscal;aci")
    jeu = deux(tmp_path, avec_aci, attributions(une(3)).replace(";revenu_fiscal", ";autre"))
    assert jeu.tables["attributions"]["aci"].to_pylist() == [True, False, None]
    assert jeu.tables["attributions"]["revenu_fiscal"].to_pylist() == [12000, 12000, None]
    assert [(a.fichier, a.colonne) for a in jeu.rapport.anomalies if a.regle == "etiquette_absente"][-5:] == [
        ("Deux.csv", nom) for nom in ("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru")
    ]
    assert [(a.fichier, a.ligne) for a in jeu.rapport.anomalies if a.regle == "revenu_absent"] == [("Deux.csv", None)]


def test_files_of_the_same_name_in_two_places_are_called_by_where_they_are(tmp_path: Path) -> None:
    for nom, rang in (("x", 1), ("y", 2)):
        (tmp_path / nom).mkdir()
        (tmp_path / nom / "bailleurs.csv").write_text(f"code_bailleur;nom\nB{rang};\n", encoding="utf-8")
    jeu = check([Donne(tmp_path / "x"), Donne(tmp_path / "y" / "bailleurs.csv", "bailleurs")])
    fichiers = [a.fichier for a in jeu.rapport.anomalies if a.regle == "requise_vide"]
    assert len(set(fichiers)) == 2
    assert all(str(tmp_path / nom) in fichier for nom, fichier in zip("xy", fichiers, strict=True))


def test_the_answers_about_a_source_are_given_to_its_files_alone(tmp_path: Path) -> None:
    # « X » means social housing of the one, and private housing of the other: each file keeps its own answer.
    un = "numero unique;date creation;etat;n personnes;statut logement;un\n1;2016-01-01;ACTIVE;1;X;\n"
    autre = "n_personnes;etat;date_creation;numero_unique;statut_logement\n1;ACTIVE;2016-01-01;2;X\n"
    donnes = [Donne(tmp_path / nom, "demandes") for nom in ("un.csv", "autre.csv")]
    for donne, texte in zip(donnes, (un, autre), strict=True):
        donne.chemin.write_text(texte, encoding="utf-8")
    posees = questions(check(donnes).rapport)
    assert [q.fichier for q in posees] == ["un.csv", "autre.csv"]
    premiere = answer_par_source({posees[0]: "HLM"})
    restees = questions(check(donnes, reponses=premiere).rapport)
    assert [q.fichier for q in restees] == ["autre.csv"]
    toutes = premiere.with_reponses(answer_par_source({restees[0]: "LP"}))
    lues = check(donnes, reponses=toutes).tables["demandes"]
    assert lues["statut_logement"].to_pylist() == ["HLM", "LP"]
    # The next year's file: the same headers, in another order and writing.
    donnes[0].chemin.write_text(
        "UN;" + un.replace(";un\n", "\n").replace("X;\n", "X\n").replace("\n1;", "\n;1;"), encoding="utf-8"
    )
    assert check(donnes[:1], reponses=toutes).tables["demandes"]["statut_logement"].to_pylist() == ["HLM"]
    assert Reponses().complete(Mapping(), "autre") == Mapping()


# --- What a header says, and what a code means


@pytest.mark.parametrize(
    ("entete", "couvertes"),
    [
        ("ACI (dont DALO et PDALHPD)", ("dalo", "pdalhpd")),
        ("Aci y compris PDALHPD", ("pdalhpd",)),
        ("ACI incluant mutation bloquée, DALO", ("dalo", "mutation_bloquee")),
        ("Public de l’accord collectif (DALO et PDALHPD compris)", ("dalo", "pdalhpd")),
        ("Ménage ACI (avec DALO)", ("dalo",)),
        ("ACI (y c. DALO et PDALHPD)", ("dalo", "pdalhpd")),
        ("top_aci_dalo", ("dalo",)),
        ("ACI / DALO, hors PDALHPD", ("dalo",)),
    ],
)
def test_a_label_said_to_cover_others_is_a_question(tmp_path: Path, entete: str, couvertes: tuple[str, ...]) -> None:
    texte = attributions(une(1) + ";oui", une(2) + ";").replace("revenu_fiscal", f"revenu_fiscal;{entete}")
    jeu = controle(tmp_path, texte)
    assert jeu.rapport.est_bloquant
    (question,) = questions(jeu.rapport)
    assert (question.colonne, question.couvertes, question.options) == ("aci", couvertes, ("couvre", "seule"))
    avec, seule = (controle(tmp_path, texte, mapping=answer({question: r})) for r in question.options)
    for jeu in (avec, seule):
        assert jeu.tables["attributions"]["aci"].to_pylist() == [True, False]
    assert all(avec.tables["attributions"][nom].to_pylist() == [False, False] for nom in couvertes)
    assert all(seule.tables["attributions"][nom].to_pylist() == [None, None] for nom in couvertes)


def test_a_question_names_the_nearest_codes_with_their_words(tmp_path: Path) -> None:
    texte = "numero_unique;date_creation;etat;n_personnes;motif\nD1;2016-01-01;ACTIVE;1;Divorce, séparation\n"
    (tmp_path / "demandes.csv").write_text(texte, encoding="utf-8")
    rapport = check(tmp_path / "demandes.csv").rapport
    (question,) = questions(rapport)
    assert question.options[0] == "11"
    assert "« 11 divorce, séparation »" in question.message

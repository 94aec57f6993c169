"""Words of offices, proposed: those of headers, of decisions with their rang, of sheets; one answer for a workbook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import SANS, keep
from mel_core.contrat.correspondances import read as kept
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.questions import SEUL, answer_par_source, of_workbooks, questions
from tests.contrat.dessins import AUJOURDHUI
from tests.contrat.test_propositions import Bureau, proposees


def test_the_rang_that_a_decision_says_is_read_with_it_where_no_column_has_it(tmp_path: Path) -> None:
    decisions = ["ATTRIB. rang 1", "Attribué 2e rang", "NON ATTRIB.", "Irrecevable rang 3", ""]
    fichier = tmp_path / "cal.csv"

    def write(*rang: str) -> Bureau:
        rangees = [f"{i};99900000000000000{i};CAL;10/09/2017;{d}" for i, d in enumerate(decisions)]
        lignes = ["N°;NUR;Étape;Date CAL;Décision", *rangees]
        fichier.write_text("\n".join(";".join([ligne, *rang]) for ligne in lignes), encoding="utf-8")
        return Bureau(Donne(fichier, "evenements"))

    bureau = write()
    proposes = ["ATTRIBUE", "ATTRIBUE", "NON_ATTRIBUE"]
    assert [proposees(bureau.ask()).get(d) for d in decisions[:3]] == proposes
    bureau.confirm()
    jeu = check(bureau.donnes, aujourdhui=AUJOURDHUI, reponses=bureau.gardees)
    assert jeu.tables["evenements"]["rang"].to_pylist() == [1, 2, None, None, None]
    assert "« ATTRIB. rang 1 » donne aussi le rang, 1" in " ".join(a.message for a in jeu.rapport.anomalies)
    write("Rang")  # a column of its own says it
    avec = Mapping.depuis_texte('[evenements.colonnes]\nrang = "Rang"\n')
    lu = check(bureau.donnes, aujourdhui=AUJOURDHUI, mapping=avec, reponses=bureau.gardees)
    assert "donne aussi le rang" not in " ".join(a.message for a in lu.rapport.anomalies)


@pytest.mark.parametrize(
    ("table", "entete", "exemple", "colonne"),
    [
        ("bailleurs", "Dénomination", "Vilogia", "nom"),
        ("bailleurs", "Raison sociale", "Vilogia", "nom"),
        ("bailleurs", "N° SIREN", "475680815", "code_bailleur"),
        ("attributions", "Mutation interne ou externe", "Interne", "mutation"),
        ("attributions", "Déjà HLM", "Oui", "mutation"),
        ("attributions", "Loc. HLM ?", "N", "mutation"),
        ("attributions", "Menage", "2", "n_personnes"),
        ("demandes", "Ville de résidence", "Lille", "code_insee_actuel"),
        ("demandes", "Types", "T2|T3", "typologies"),
        ("attributions", "Catégorie ressources (1 à 6)", "2", "categorie_menage"),
        ("attributions", "Catégorie de ressources", "modeste", None),
        ("attributions", "Catégorie de logement", "F2", "typologie"),
        ("attributions", "Nature du logement", "2 pièces", "typologie"),
        ("residences", "Nb ménages très modestes", "12", "n_occupants_tres_modestes"),
        ("residences", "Nb ménages plus élevés", "12", "n_occupants_eleves"),
    ],
)
def test_more_headers_of_offices_are_proposed(
    tmp_path: Path, table: str, entete: str, exemple: str, colonne: str | None
) -> None:
    (tmp_path / "x.csv").write_text(f"Nota;{entete}\n?;{exemple}\n", encoding="utf-8")
    proposee = {q.colonne for q, p in Bureau(Donne(tmp_path / "x.csv", table)).ask().items() if p == entete}
    assert proposee == ({colonne} if colonne else set())


def test_the_words_of_a_level_and_of_a_motive_are_proposed_and_a_sheet_says_its_events_before_its_workbook(
    tmp_path: Path,
) -> None:
    (tmp_path / "q.csv").write_text("code_quartier;nom;code_insee;ips\n593500101;A;59350;Niveau 3\n", encoding="utf-8")
    (tmp_path / "d.csv").write_text(
        "numero_unique;date_creation;etat;n_personnes;motif\n1;2017-01-01;ACTIVE;1;Sans logement ou hébergé\n",
        encoding="utf-8",
    )
    dites = proposees(Bureau(Donne(tmp_path / "q.csv", "quartiers"), Donne(tmp_path / "d.csv", "demandes")).ask())
    assert (dites["Niveau 3"], dites["Sans logement ou hébergé"]) == ("3", "01")
    with xlsxwriter.Workbook(tmp_path / "Commissions 2017.xlsx") as livre:
        for nom in ("CAL", "Propositions", "Refus demandeurs"):
            livre.add_worksheet(nom).write_row(0, 0, ["id_evenement", "numero_unique", "date_survenance"])
            livre.get_worksheet_by_name(nom).write_row(1, 0, ["1", "999000000000000001", "2017-09-10"])
    feuilles = [Donne(tmp_path / "Commissions 2017.xlsx", "evenements", f.name) for f in livre.worksheets()]
    dits = {q.fichier.partition(" › ")[2]: p for q, p in Bureau(*feuilles).ask().items() if q.colonne == "type"}
    assert dits == {
        "CAL": f"{SEUL}PASSAGE_CAL",
        "Propositions": f"{SEUL}PROPOSITION",
        "Refus demandeurs": f"{SEUL}REFUS_DEMANDEUR",
    }


def test_a_word_answered_for_a_sheet_is_asked_in_no_other_of_its_workbook_this_semester_nor_the_next(
    tmp_path: Path,
) -> None:
    lille = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;reservataire"

    def write(nom: str, **feuilles: tuple[str, str]) -> Bureau:
        with xlsxwriter.Workbook(tmp_path / nom) as livre:
            for feuille, (entete, contingent) in feuilles.items():
                rangees = [
                    entete.split(";"),
                    ["A1", "999000000000000001", "2017-09-10", "59350", "B1", "N", contingent],
                ]
                for n, rangee in enumerate(rangees):
                    (livre.get_worksheet_by_name(feuille) or livre.add_worksheet(feuille)).write_row(n, 0, rangee)
        return Bureau(*(Donne(tmp_path / nom, "attributions", feuille) for feuille in feuilles))

    autre = f"{lille};Ville"
    bureau = write("P 2017.xlsx", Lille=(lille, "COLTER"), Ailleurs=(autre, "Panier"))
    rapport = bureau.read(SANS)
    dites = {q: "AUTRES" for q in bureau.ask() if q.valeur == "Panier"}
    keep(tmp_path, answer_par_source(dites), of_workbooks(dites, rapport.sources))
    suivant = write("P 2018.xlsx", Lille=(lille, "Panier"), Ailleurs=(autre, "Panier"))
    assert questions(suivant.read(kept(tmp_path))) == []
    sienne = write("Q 2018.xlsx", Lille=(f"{lille};Note", "Panier"))  # of another sender
    assert [q.valeur for q in questions(sienne.read(kept(tmp_path)))] == ["Panier"]
    # What was said of a sheet by itself stays.
    refaites = {replace(q, source=s): "AUCUN" for q in dites for s in {*rapport.sources.values()} - {q.source}}
    keep(tmp_path, answer_par_source(refaites))
    keep(tmp_path, answer_par_source(dites), of_workbooks(dites, rapport.sources))
    lus = check(suivant.donnes, aujourdhui=AUJOURDHUI, reponses=kept(tmp_path), mapping=Mapping(noms={"B1": "Un"}))
    assert lus.tables["attributions"]["reservataire"].to_pylist() == ["AUCUN"]  # the other row has the same key

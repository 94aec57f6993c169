"""The table of a file whose name says none: proposed by its header, or the one that its source was given to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from mel_core.contrat import correspondances
from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.tables_proposees import propose_table, read_entete, with_tables
from tests.contrat.dessins import AUJOURDHUI
from tests.contrat.test_propositions import ENTETE

BAILLEURS = ["code_bailleur;nom", "B1;Un"]


@pytest.mark.parametrize(
    ("entete", "table"),
    [
        (ENTETE, "attributions"),
        ("N° unique;Date de dépôt;Statut;Nb personnes;Communes demandées", "demandes"),
        ("N° d’événement;N° unique;Type d’événement;Date;Décision CAL;Rang", "evenements"),
        ("Code IRIS;Libellé;Code commune;IPS;QPV", "quartiers"),
        ("IDENT_REP;SIREN;DEPCOM;NUMCONV;FINAN;PROGRAMME;IRIS", "residences"),  # more is said of leases, none is
        ("IDENT_REP;SIREN;DEPCOM;LIBCOM;NOMVOIE;NOMPROG;CODE_IRIS;QPV;FINAN;SORTIEPATRIM;MODE;BAIL", "residences"),
        ("IDENT_INT;SIREN;DEPCOM;IRIS;NOMVOIE;NOMPROG;NBPIECE;FINAN;MODE", "residences"),
        ("DROIT;DEPCOM;LIBCOM;NUMVOIE;TYPVOIE;NOMVOIE;QPV;NBPIECE;SURFHAB;FINAN;CONV;NUMCONV;DATCONV", "residences"),
        ("Commune;IRIS;Rue;Nb pièces;Financement;Organisme;Résidence;Date du bail", None),  # of nobody
        ("N° bail;N° unique;Date du bail;DEPCOM;NUMVOIE;TYPVOIE;NBPIECE;SURFHAB;Mutation;RFR", "attributions"),
        ("Résidence;Bailleur;< 20 %;20 à 40 %", "residences"),
        ("SIREN;Raison sociale", "bailleurs"),
        ("N° SIREN;Dénomination;Sigle;Ville du siège;Téléphone", "bailleurs"),
        ("Nom;Prénom;Téléphone", None),
        ("N° unique;Commentaire", None),
        ("Code;Libellé;INSEE;Nom commune;Indice de précarité sociale;Population", "quartiers"),
    ],
)
def test_the_table_of_a_file_is_proposed_by_its_headers(tmp_path: Path, entete: str, table: str | None) -> None:
    (tmp_path / "Feuille.csv").write_text(f"Extraction 2017\n\n{entete}\n", encoding="utf-8")
    donne = Donne(tmp_path / "Feuille.csv")
    assert propose_table(donne, read_entete(donne), Reponses()) == table


def test_the_table_that_a_source_was_given_to_is_that_of_its_next_file_on_screen_and_by_the_command_line(
    tmp_path: Path,
) -> None:
    for nom in ("x.csv", "bailleurs.csv"):
        (tmp_path / nom).write_text("Clé;Quand;Où\n", encoding="utf-8")
    gardees = Reponses({correspondances.source_de(["Où", "CLE", "Quand"]): Mapping(table="commissions_qpv")})
    donne = Donne(tmp_path / "x.csv")
    assert propose_table(donne, read_entete(donne), gardees) == "commissions_qpv"
    choisie = replace(donne, table="commissions_qpv")
    assert with_tables([donne.chemin], gardees) == (choisie,)
    assert with_tables([tmp_path], gardees) == (choisie, Donne(tmp_path))  # what bears a table’s name
    assert with_tables([donne.chemin], Reponses()) == (donne,)


def test_the_sheets_of_a_workbook_of_a_folder_are_read_by_their_name_or_by_what_was_chosen(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "envoi.xlsx") as classeur:
        for nom, lignes in (("bailleurs", BAILLEURS), ("Retours", ["id;quartier;jour", "R1;QPF1;2017-05-02"])):
            for rang, ligne in enumerate(lignes):
                (classeur.get_worksheet_by_name(nom) or classeur.add_worksheet(nom)).write_row(
                    rang, 0, ligne.split(";")
                )
    dites = Mapping(colonnes={"commissions_qpv": {"id_retour": "id", "code_qpv": "quartier", "date": "jour"}})
    gardees = Reponses({correspondances.source_de(["id", "quartier", "jour"]): replace(dites, table="commissions_qpv")})
    for chemin in (tmp_path, tmp_path / "envoi.xlsx"):
        jeu = check(with_tables([chemin], gardees), reponses=gardees, aujourdhui=AUJOURDHUI)
        assert {nom: table.num_rows for nom, table in jeu.tables.items()} == {"bailleurs": 1, "commissions_qpv": 1}

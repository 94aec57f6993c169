"""A zip of workbooks (contract §1, Formats): its sheets are read as those of a workbook given by itself."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd

from mel_core.contrat.controle import check
from mel_core.contrat.lecture.fichiers import Donne
from tests.contrat.dessins import AUJOURDHUI

BAILLEURS = pd.DataFrame({"code_bailleur": ["B1", "B2"], "nom": ["Un", "Deux"]})
LIEUX = pd.DataFrame({"code_lieu": ["L1"], "mois": ["2017-09"], "type_lieu": ["RELAIS"], "porteur": ["MEL"]})


def zip_up(dossier: Path, **membres: dict[str, pd.DataFrame] | str) -> Path:
    """`dossier/a__xlsx` is the workbook `dossier/a.xlsx`, with its sheets; a text is a file as it is."""
    archive = dossier / "envoi.zip"
    with zipfile.ZipFile(archive, "w") as contenu:
        for nom, membre in membres.items():
            chemin = dossier / nom.replace("__", ".")
            if isinstance(membre, str):
                chemin.write_text(membre, encoding="utf-8")
            else:
                with pd.ExcelWriter(chemin, engine="xlsxwriter") as ecrit:
                    for feuille, table in membre.items():
                        table.to_excel(ecrit, sheet_name=feuille, index=False)
            contenu.write(chemin, f"MEL 2018/{chemin.name}")
    return archive


def read(*donnes: Donne) -> tuple[dict[str, int], list[str]]:
    jeu = check(donnes, aujourdhui=AUJOURDHUI)
    dits = [f"{a.fichier} : {a.message}" for a in jeu.rapport.anomalies]
    return {nom: table.num_rows for nom, table in jeu.tables.items()}, dits


def test_the_sheets_of_its_workbooks_are_read_by_their_names_beside_its_csv_files(tmp_path: Path) -> None:
    archive = zip_up(
        tmp_path,
        referentiel__xlsx={"bailleurs": BAILLEURS, "Légende": pd.DataFrame({"B1": ["Un"]})},
        accueil__xlsx={"accueil": LIEUX},
        programmation__csv="code_operation;code_insee;annee;n_logements\nO1;59350;2017;10\n",
    )
    lues, dits = read(Donne(archive))
    assert lues == {"bailleurs": 2, "accueil": 1, "programmation": 1}
    assert any("envoi.zip › referentiel.xlsx" in dit and "Légende" in dit for dit in dits)


def test_its_workbooks_of_one_sheet_are_given_to_a_table_together(tmp_path: Path) -> None:
    archive = zip_up(tmp_path, un__xlsx={"Feuil1": BAILLEURS[:1]}, deux__xlsx={"Feuil1": BAILLEURS[1:]})
    assert read(Donne(archive, "bailleurs"))[0] == {"bailleurs": 2}


def test_a_table_that_two_of_its_workbooks_give_is_said(tmp_path: Path) -> None:
    archive = zip_up(tmp_path, un__xlsx={"bailleurs": BAILLEURS}, deux__xlsx={"bailleurs": BAILLEURS})
    jeu = check((Donne(archive),), aujourdhui=AUJOURDHUI)
    assert jeu.rapport.est_bloquant
    assert any("deux fois" in a.message and "deux.xlsx" in a.message for a in jeu.rapport.anomalies)


def test_a_workbook_in_it_that_can_t_be_read_says_which(tmp_path: Path) -> None:
    archive = zip_up(tmp_path, bon__xlsx={"bailleurs": BAILLEURS}, faux__xlsx="<html>404</html>")
    jeu = check((Donne(archive),), aujourdhui=AUJOURDHUI)
    assert jeu.rapport.est_bloquant
    assert any("faux.xlsx" in a.fichier for a in jeu.rapport.anomalies)

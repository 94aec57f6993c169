"""The first row of a key is kept, later ones are duplicates."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat.controle import check
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.rapport import Gravite
from mel_core.contrat.tables import TABLES
from tests.contrat.dessins import (
    AUJOURDHUI,
    MANQUES,
    PROPRE,
    ajout,
    avec,
    bilan,
    controler_dessins,
    faits,
    la,
    lignes,
)


def test_an_identical_duplicate_is_counted_without_a_word(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, ajout("bailleurs", "B1 ; Bailleur un"))
    assert faits(jeu) == []
    assert bilan(jeu, "bailleurs") == (3, 2, 0, 1)


def test_a_duplicate_that_differs_is_told_with_the_line_that_is_kept(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, ajout("bailleurs", "B1 ; Autre nom", "B1 ; Bailleur un", "B1 ; "))
    assert faits(jeu) == [("doublon_different", 4, "code_bailleur", "B1"), ("requise_vide", 6, "nom", None)]
    assert "ligne 2" in jeu.rapport.anomalies[0].message
    assert "(nom)" in jeu.rapport.anomalies[0].message
    assert bilan(jeu, "bailleurs") == (5, 2, 1, 2)
    assert jeu.tables["bailleurs"]["nom"].to_pylist() == ["Bailleur un", "Bailleur deux"]
    assert jeu.rapport.tables["bailleurs"].avertissements == 1


def test_a_rejected_row_never_takes_the_place_of_a_good_one(tmp_path: Path) -> None:
    bailleurs = "code_bailleur ; nom\nB1 ;\nB1 ; Bailleur un\nB2 ; Bailleur deux"
    jeu = controler_dessins(tmp_path, avec(bailleurs=bailleurs))
    assert faits(jeu) == [("requise_vide", 2, "nom", None)]
    assert bilan(jeu, "bailleurs") == (3, 2, 1, 0)
    assert jeu.tables["bailleurs"]["nom"].to_pylist() == ["Bailleur un", "Bailleur deux"]


def test_a_key_of_two_columns_needs_both(tmp_path: Path) -> None:
    jeu = controler_dessins(
        tmp_path,
        ajout(
            "accueil",
            "L1 ; 2017-10 ; Mairie ; LABELLISE ; COMMUNE ; 59350 ; 12",
            "L2 ; 2017-09 ; Mairie ; LABELLISE ; COMMUNE ; 59350 ; 12",
            "L1 ; 2017-09 ; Mairie ; LABELLISE ; COMMUNE ; 59350 ; 13",
        ),
    )
    assert bilan(jeu, "accueil") == (4, 3, 0, 1)
    doublon = la(jeu, "doublon_different")
    assert (doublon.ligne, doublon.valeur) == (5, "L1 2017-09")
    assert "(n_entretiens)" in doublon.message


def test_rows_are_compared_once_read_whatever_their_writing(tmp_path: Path) -> None:
    jeu = controler_dessins(
        tmp_path,
        ajout(
            "demandes",
            # D1 again: dates, decimals, lists and booleans written otherwise; Lomme wanted twice reads as Lille once.
            "D1 ; 31/03/2015 ; ACTIVE ; ; 2,0 ; 2 ; 12 345,67 ; 59355 ; T2 | T3 ; 59350|59512 ; O ; N",
            "D1 ; 31/03/2015 ; ACTIVE ; ; 2,0 ; 2 ; 12 345,67 ; 59350 ; T3|T2 ; 59350|59512 ; O ; N",
        ),
    )
    assert bilan(jeu, "demandes") == (4, 2, 0, 2)
    doublon = la(jeu, "doublon_different")
    assert doublon.ligne == 5
    assert "(typologies)" in doublon.message
    assert [a.regle for a in jeu.rapport.anomalies] == ["doublon_different"]


def test_lille_after_lomme_is_a_duplicate_of_it(tmp_path: Path) -> None:
    communes = "code_insee ; nom\n59355 ; Lomme\n59350 ; Lille\n59512 ; Roubaix"
    jeu = controler_dessins(tmp_path, avec(communes=communes))
    dits = [f[:2] for f in faits(jeu) if f[0] not in MANQUES]
    assert dits == [("commune_associee", 2), ("doublon_different", 3)]


@pytest.mark.parametrize(
    ("table", "colonne"), [(t.nom, c) for t in TABLES.values() for c in t.noms if c in lignes(PROPRE[t.nom])[0]]
)
def test_a_second_file_that_lacks_a_column_is_told_and_breaks_nothing(tmp_path: Path, table: str, colonne: str) -> None:
    """The same rows without it: duplicates where they still have their key, refused by name where they have not."""
    entete, *rangs = lignes(PROPRE[table])
    place = entete.index(colonne)
    fichiers = {"un": [entete, *rangs], "deux": [r[:place] + r[place + 1 :] for r in (entete, *rangs)]}
    for nom, cellules in fichiers.items():
        (tmp_path / f"{nom}.csv").write_text("\n".join(";".join(r) for r in cellules) + "\n", encoding="utf-8")
    jeu = check([Donne(tmp_path / f"{nom}.csv", table) for nom in fichiers], aujourdhui=AUJOURDHUI)
    assert jeu.rapport.tables[table].lues == 2 * len(rangs)
    requise = TABLES[table].colonne(colonne).requise
    bloquantes = [(a.fichier, a.colonne) for a in jeu.rapport.anomalies if a.gravite is Gravite.BLOQUANT]
    assert bloquantes == ([("deux.csv", colonne)] if requise else [])

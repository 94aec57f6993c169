"""Rows in = kept + rejected + duplicates, whatever the file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mel_core.contrat.controle import check
from mel_core.contrat.rapport import Gravite
from tests.contrat.dessins import AUJOURDHUI

CLES = st.sampled_from(["", "R1", "R2", "R3", " R1", "#N/A", "1E+05"])
NOMBRES = st.sampled_from(["", "0", "1", "1 200", "3,0", "3,5", "-1", "deux"])
PARTS = st.sampled_from(["", "0", "0,5", "1", "1,5", "#REF!"])
BOOLEENS = st.sampled_from(["", "O", "N", "vrai", "peut-être"])
BAILLEURS = st.sampled_from(["B1", "B2", ""])
LIGNES = st.lists(st.tuples(CLES, BAILLEURS, st.just("Q1"), NOMBRES, PARTS, BOOLEENS), max_size=30)
ENTETE = ("code_residence", "code_bailleur", "code_quartier", "n_logements", "taux_rotation", "npru")


def attendu(lignes: list[tuple[str, ...]]) -> tuple[list[str], int, int]:
    """Keys kept in order, rows rejected, duplicates: by hand, row after row."""
    gardees: list[str] = []
    rejetees = doublons = 0
    for cle, bailleur, _, n, part, npru in lignes:
        est_bonne = (
            cle.strip() in ("R1", "R2", "R3")
            and bailleur == "B1"
            and n in ("0", "1", "1 200", "3,0")
            and part in ("", "0", "0,5", "1")
            and npru != "peut-être"
        )
        if not est_bonne:
            rejetees += 1
        elif cle.strip() in gardees:
            doublons += 1
        else:
            gardees.append(cle.strip())
    return gardees, rejetees, doublons


@settings(max_examples=150, deadline=None)
@given(LIGNES)
def test_rows_in_are_rows_kept_rejected_and_duplicated(lignes: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier)
        texte = "\n".join(";".join(ligne) for ligne in (ENTETE, *lignes))
        (chemin / "residences.csv").write_text(texte, encoding="utf-8")
        (chemin / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\n", encoding="utf-8")
        jeu = check(chemin, aujourdhui=AUJOURDHUI)
    gardees, rejetees, doublons = attendu(lignes)
    bilan = jeu.rapport.tables["residences"]
    assert (bilan.lues, bilan.gardees, bilan.rejetees, bilan.doublons) == (
        len(lignes),
        len(gardees),
        rejetees,
        doublons,
    )
    assert jeu.tables["residences"]["code_residence"].to_pylist() == gardees
    anomalies = [a for a in jeu.rapport.anomalies if a.fichier == "residences.csv"]
    assert len({a.ligne for a in anomalies if a.gravite is Gravite.REJET}) == rejetees
    assert bilan.avertissements == sum(a.gravite is Gravite.AVERTISSEMENT for a in anomalies)
    # In file order.
    lignes_dites = [a.ligne or 0 for a in anomalies]
    assert lignes_dites == sorted(lignes_dites)

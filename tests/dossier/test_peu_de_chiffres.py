"""Documents are written where a line says hardly anything, and before any objective was in force."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from docx import Document

from mel_core.dossier import synthese
from mel_core.dossier.actes_ecrits import Releve
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.seance import compose
from mel_core.entrepot import Entrepot, Portee
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from tests.jeux import attribution, bailleurs, chargement, serve, table
from tests.seance.coordination.monde import S2, magasin


def test_the_note_is_written_when_a_class_of_quartiers_has_a_few_attributions(tmp_path: Path) -> None:
    fichiers = compose(magasin(tmp_path / "donnees", 12), S2, "ICI 2", tmp_path / "sortie").fichiers
    (note,) = [f for f in fichiers if f.name.startswith("note")]
    cellules = [c.text for t in Document(str(note)).tables for r in t.rows for c in r.cells]
    assert {langue.ABSENT, "12 ou moins"} <= set(cellules)


def test_the_synthesis_of_a_seance_without_an_objective_has_no_gap(tmp_path: Path) -> None:
    entrepot, seance = Entrepot(tmp_path), Seance(2015, 2)
    quartier = {"code_quartier": "Q1", "nom": "Q1", "code_insee": "59350", "fragilite": "fragile"}
    lignes = (
        attribution(i, code_quartier="Q1", date_bail=date(2015, 10, 1), n_personnes=1, revenu_fiscal=9000 * (i % 2 + 1))
        for i in range(60)
    )
    with entrepot.reserve():
        serve(
            entrepot,
            chargement(
                bailleurs=bailleurs("B1"),
                quartiers=table("quartiers", quartier),
                attributions=table("attributions", *lignes),
            ),
        )
    with entrepot.open(Portee.mel(), seance) as lecteur:
        contexte = Contexte(seance, "ICI 1", lecteur.instantane, datetime(2018, 1, 9, tzinfo=UTC))
        synthese.write(tmp_path / "s.docx", contexte, lecteur, {"ICI 1": Releve([])})
    classe = [c.text for c in Document(str(tmp_path / "s.docx")).tables[6].rows[1].cells]
    assert (classe[0], classe[2], classe[-1]) == ("ICI 1", "60", "sans objectif")

"""Who published what is written once, read back with its counts, and says nothing more once it is erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot
from mel_core.importation import Importation, importer
from mel_core.journal import Auteur, Journal
from mel_core.publications import lister, noter
from tests.test_importation import ATTRIBUTIONS, BAILLEURS

CAMILLE, DOMINIQUE = Auteur("Camille Essai", "MEL"), Auteur("Dominique Essai", "DDTM")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.du_dossier(tmp_path / "donnees")


def publier(dossier: Path, **tables: str) -> Importation:
    jeu = dossier / "jeu"
    jeu.mkdir(exist_ok=True)
    for nom, texte in tables.items():
        (jeu / f"{nom}.csv").write_text(texte, encoding="utf-8")
    return importer(jeu, Entrepot(dossier / "donnees"), nature="fictive")


def test_a_publication_is_written_once_per_person_and_read_back_with_its_counts(
    tmp_path: Path, journal: Journal
) -> None:
    faite = publier(tmp_path, attributions=ATTRIBUTIONS, bailleurs=BAILLEURS)
    for auteur in (CAMILLE, CAMILLE, DOMINIQUE):
        noter(journal, faite, auteur)
    derniere, premiere = lister(journal)
    assert (premiere.fiche.auteur.nom, derniere.fiche.auteur.nom) == ("Camille Essai", "Dominique Essai")
    for lue in (premiere, derniere):
        assert lue.instantane == faite.instantane.identifiant  # type: ignore[union-attr]
        assert lue.tables == faite.rapport.tables
        assert all(b.lues == b.gardees + b.rejetees + b.doublons for b in lue.tables.values())
    assert "lignes rejetées" in premiere.ecartees_dites
    assert "attributions 2" in premiere.gardees_dites
    assert journal.verifier() == []


def test_what_was_refused_is_not_a_publication(tmp_path: Path, journal: Journal) -> None:
    assert noter(journal, publier(tmp_path, bailleurs="code_bailleur\nB1\n"), CAMILLE) is None
    assert lister(journal) == []


def test_an_erased_publication_is_left_out(tmp_path: Path, journal: Journal) -> None:
    fiche = noter(journal, publier(tmp_path, bailleurs=BAILLEURS), CAMILLE)
    assert fiche is not None
    journal.effacer(fiche.op_id)
    assert lister(journal) == []
    assert journal.verifier() == []

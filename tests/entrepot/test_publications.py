"""Who published what is written once, read back with its counts, and says nothing more once it is erased."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.importation import Importation, import_files
from mel_core.entrepot.publications import INCONNUES, find_all, find_with_snapshots, go_back, record
from mel_core.indicateurs import compute
from mel_core.journal import Auteur, Journal
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from tests.contrat.dessins import write
from tests.entrepot.test_importation import ATTRIBUTIONS, BAILLEURS

CAMILLE, DOMINIQUE = Auteur("Camille Essai", "MEL"), Auteur("Dominique Essai", "DDTM")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.du_dossier(tmp_path / "donnees")


def publish(dossier: Path, **tables: str) -> Importation:
    jeu = dossier / "jeu"
    jeu.mkdir(exist_ok=True)
    for nom, texte in tables.items():
        (jeu / f"{nom}.csv").write_text(texte, encoding="utf-8")
    return import_files(jeu, Entrepot(dossier / "donnees"), nature="fictive", accepter=["attributions"])


def test_a_publication_is_written_once_per_person_and_read_back_with_its_counts(
    tmp_path: Path, journal: Journal
) -> None:
    faite = publish(tmp_path, attributions=ATTRIBUTIONS, bailleurs=BAILLEURS)
    for auteur in (CAMILLE, CAMILLE, DOMINIQUE):
        record(journal, faite, auteur)
    derniere, premiere = find_all(journal)
    assert (premiere.fiche.auteur.nom, derniere.fiche.auteur.nom) == ("Camille Essai", "Dominique Essai")
    for lue in (premiere, derniere):
        assert lue.instantane == faite.instantane.identifiant  # type: ignore[union-attr]
        assert lue.tables == faite.rapport.tables
        assert all(b.lues == b.gardees + b.rejetees + b.doublons for b in lue.tables.values())
    assert "lignes rejetées" in premiere.ecartees_dites
    assert "attributions 2" in premiere.gardees_dites
    assert journal.verify() == []


def figures(dossier: Path) -> str:
    periode = Periode.de(Seance(2017, 2), "semestre")
    with Entrepot(dossier / "donnees").open(Portee.mel()) as lecteur:
        return compute(lecteur, "mutations_bloquees", periode, ("commune",)).to_json()


def test_an_earlier_publication_is_put_back_to_the_digit_and_the_journal_says_who(
    tmp_path: Path, journal: Journal
) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    premiere = publish(tmp_path, attributions=ATTRIBUTIONS, bailleurs=BAILLEURS)
    record(journal, premiere, CAMILLE)
    avant = figures(tmp_path)
    seconde = publish(tmp_path, attributions=ATTRIBUTIONS.replace("A4;", "A5;").replace(";59350;", ";59512;"))
    record(journal, seconde, CAMILLE)
    assert figures(tmp_path) != avant
    nom = premiere.instantane.identifiant  # type: ignore[union-attr]
    _, a_change = go_back(entrepot, journal, nom[:12], DOMINIQUE)
    assert a_change
    assert figures(tmp_path) == avant
    derniere = find_all(journal)[0]
    assert (derniere.fiche.auteur.nom, derniere.est_retour, derniere.instantane) == ("Dominique Essai", True, nom)
    assert derniere.tables == premiere.rapport.tables
    assert not go_back(entrepot, journal, nom, DOMINIQUE)[1]  # already in service: nothing to write
    assert len(find_all(journal)) == 3
    assert journal.verify() == []


def test_what_was_published_before_the_journal_knew_is_listed_by_its_snapshot_and_put_back(
    tmp_path: Path, journal: Journal
) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    premiere = publish(tmp_path, attributions=ATTRIBUTIONS, bailleurs=BAILLEURS)  # as `demo` does: nothing is written
    avant = figures(tmp_path)
    record(journal, publish(tmp_path, attributions=ATTRIBUTIONS.replace(";59350;", ";59512;")), CAMILLE)
    nom = premiere.instantane.identifiant  # type: ignore[union-attr]
    (entrepot.dossier / "jeux" / ".en-construction-1.duckdb").touch()
    (entrepot.dossier / "jeux" / "abc.duckdb").write_bytes(b"nothing of a snapshot")
    ecrite, tue = sorted(find_with_snapshots(entrepot, journal), key=lambda p: not p.est_au_journal)
    assert (ecrite.fiche.auteur.nom, tue.instantane, tue.nature) == ("Camille Essai", nom, "fictive")
    assert (tue.ecartees_dites, "attributions 2" in tue.gardees_dites) == (INCONNUES, True)
    assert go_back(entrepot, journal, nom[:12], DOMINIQUE)[1]
    assert figures(tmp_path) == avant
    derniere = find_with_snapshots(entrepot, journal)[0]
    assert (derniere.est_retour, derniere.instantane, derniere.ecartees_dites) == (True, nom, INCONNUES)
    assert len(find_with_snapshots(entrepot, journal)) == 2  # its snapshot is no longer one that the journal leaves out
    assert journal.verify() == []


def test_a_copy_of_the_folder_does_not_change_the_day_that_its_data_in_service_were_published(
    tmp_path: Path, journal: Journal
) -> None:
    faite = publish(tmp_path, bailleurs=BAILLEURS).instantane
    assert faite is not None
    os.utime(tmp_path / "donnees" / "jeux" / f"{faite.identifiant}.duckdb", (0, 2_000_000_000))
    (publication,) = find_with_snapshots(Entrepot(tmp_path / "donnees"), journal)
    assert publication.fiche.instant == faite.publie_le


def test_what_is_no_publication_or_is_gone_is_refused_in_a_sentence(tmp_path: Path, journal: Journal) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    faite = publish(tmp_path, bailleurs=BAILLEURS)
    record(journal, faite, CAMILLE)
    for inconnue in ("zz", ""):
        with pytest.raises(ErreurUtilisateur, match="Aucune publication ne commence"):
            go_back(entrepot, journal, inconnue, CAMILLE)
    nom = faite.instantane.identifiant  # type: ignore[union-attr]
    (tmp_path / "donnees" / "jeux" / f"{nom}.duckdb").unlink()
    with pytest.raises(ErreurUtilisateur, match="n’est plus là"):
        go_back(entrepot, journal, nom, CAMILLE)


def test_the_publication_of_one_seance_goes_back_to_it_alone(tmp_path: Path, journal: Journal) -> None:
    entrepot, s1 = Entrepot(tmp_path / "donnees"), Seance(2017, 1)
    jeux = [
        write(tmp_path / nom, {"bailleurs": f"code_bailleur ; nom\nB1 ; {nom}\n"}) for nom in ("un", "deux", "tous")
    ]
    pour_s1 = [import_files(jeu, entrepot, nature="fictive", seance=s1) for jeu in jeux[:2]]
    tous = import_files(jeux[2], entrepot, nature="fictive", seance=Seance(2017, 2))
    for faite in (*pour_s1, tous):
        record(journal, faite, CAMILLE)
    un = pour_s1[0].instantane
    assert un is not None
    go_back(entrepot, journal, un.identifiant, CAMILLE)
    servis = (entrepot.instantane(s1), entrepot.instantane(Seance(2017, 2)))
    assert [i.identifiant for i in servis if i] == [un.identifiant, tous.instantane.identifiant]  # type: ignore[union-attr]


def test_what_was_refused_is_not_a_publication(tmp_path: Path, journal: Journal) -> None:
    assert record(journal, publish(tmp_path, bailleurs="code_bailleur\nB1\n"), CAMILLE) is None
    assert find_all(journal) == []


def test_an_erased_publication_is_left_out(tmp_path: Path, journal: Journal) -> None:
    fiche = record(journal, publish(tmp_path, bailleurs=BAILLEURS), CAMILLE)
    assert fiche is not None
    journal.erase(fiche.op_id)
    assert find_all(journal) == []
    assert journal.verify() == []

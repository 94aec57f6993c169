"""Who published what is written once, read back with its counts, and says nothing more once it is erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.importation import Importation, importer
from mel_core.entrepot.publications import lister, noter, revenir
from mel_core.indicateurs import calculer
from mel_core.journal import Auteur, Journal
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from tests.contrat.dessins import ecrire
from tests.entrepot.test_importation import ATTRIBUTIONS, BAILLEURS

CAMILLE, DOMINIQUE = Auteur("Camille Essai", "MEL"), Auteur("Dominique Essai", "DDTM")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.du_dossier(tmp_path / "donnees")


def publier(dossier: Path, **tables: str) -> Importation:
    jeu = dossier / "jeu"
    jeu.mkdir(exist_ok=True)
    for nom, texte in tables.items():
        (jeu / f"{nom}.csv").write_text(texte, encoding="utf-8")
    return importer(jeu, Entrepot(dossier / "donnees"), nature="fictive", accepter=["attributions"])


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


def figures(dossier: Path) -> str:
    periode = Periode.de(Seance(2017, 2), "semestre")
    with Entrepot(dossier / "donnees").ouvrir(Portee.mel()) as lecteur:
        return calculer(lecteur, "mutations_bloquees", periode, ("commune",)).to_json()


def test_an_earlier_publication_is_put_back_to_the_digit_and_the_journal_says_who(
    tmp_path: Path, journal: Journal
) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    premiere = publier(tmp_path, attributions=ATTRIBUTIONS, bailleurs=BAILLEURS)
    noter(journal, premiere, CAMILLE)
    avant = figures(tmp_path)
    seconde = publier(tmp_path, attributions=ATTRIBUTIONS.replace("A4;", "A5;").replace(";59350;", ";59512;"))
    noter(journal, seconde, CAMILLE)
    assert figures(tmp_path) != avant
    nom = premiere.instantane.identifiant  # type: ignore[union-attr]
    _, a_change = revenir(entrepot, journal, nom[:12], DOMINIQUE)
    assert a_change
    assert figures(tmp_path) == avant
    derniere = lister(journal)[0]
    assert (derniere.fiche.auteur.nom, derniere.est_retour, derniere.instantane) == ("Dominique Essai", True, nom)
    assert derniere.tables == premiere.rapport.tables
    assert not revenir(entrepot, journal, nom, DOMINIQUE)[1]  # already in service: nothing to write
    assert len(lister(journal)) == 3
    assert journal.verifier() == []


def test_what_is_no_publication_or_is_gone_is_refused_in_a_sentence(tmp_path: Path, journal: Journal) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    faite = publier(tmp_path, bailleurs=BAILLEURS)
    noter(journal, faite, CAMILLE)
    for inconnue in ("zz", ""):
        with pytest.raises(ErreurUtilisateur, match="Aucune publication ne commence"):
            revenir(entrepot, journal, inconnue, CAMILLE)
    nom = faite.instantane.identifiant  # type: ignore[union-attr]
    (tmp_path / "donnees" / "jeux" / f"{nom}.duckdb").unlink()
    with pytest.raises(ErreurUtilisateur, match="n’est plus là"):
        revenir(entrepot, journal, nom, CAMILLE)


def test_the_publication_of_one_seance_goes_back_to_it_alone(tmp_path: Path, journal: Journal) -> None:
    entrepot, s1 = Entrepot(tmp_path / "donnees"), Seance(2017, 1)
    jeux = [
        ecrire(tmp_path / nom, {"bailleurs": f"code_bailleur ; nom\nB1 ; {nom}\n"}) for nom in ("un", "deux", "tous")
    ]
    pour_s1 = [importer(jeu, entrepot, nature="fictive", seance=s1) for jeu in jeux[:2]]
    tous = importer(jeux[2], entrepot, nature="fictive", seance=Seance(2017, 2))
    for faite in (*pour_s1, tous):
        noter(journal, faite, CAMILLE)
    un = pour_s1[0].instantane
    assert un is not None
    revenir(entrepot, journal, un.identifiant, CAMILLE)
    servis = (entrepot.instantane(s1), entrepot.instantane(Seance(2017, 2)))
    assert [i.identifiant for i in servis if i] == [un.identifiant, tous.instantane.identifiant]  # type: ignore[union-attr]


def test_what_was_refused_is_not_a_publication(tmp_path: Path, journal: Journal) -> None:
    assert noter(journal, publier(tmp_path, bailleurs="code_bailleur\nB1\n"), CAMILLE) is None
    assert lister(journal) == []


def test_an_erased_publication_is_left_out(tmp_path: Path, journal: Journal) -> None:
    fiche = noter(journal, publier(tmp_path, bailleurs=BAILLEURS), CAMILLE)
    assert fiche is not None
    journal.effacer(fiche.op_id)
    assert lister(journal) == []
    assert journal.verifier() == []

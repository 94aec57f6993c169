"""A journal begun in SQLite goes on in PostgreSQL: the same chain, verified in both."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from mel_core.cli.commandes import principal
from mel_core.journal import Auteur, Journal, nouvel_op_id
from mel_core.journal.base import contenus, ecritures
from tests.journal.bases import nouvelle_base

pytestmark = pytest.mark.ci
AUTEUR = Auteur("C. Essai", "MEL")


def write(dossier: Path, n: int) -> Journal:
    journal = Journal.du_dossier(dossier)
    for i in range(n):
        journal.write("blocage", f"b{i % 7}", {"texte": f"é’« {i} »"}, AUTEUR, nouvel_op_id(), i // 7)
    return journal


def test_a_copied_journal_is_the_same_chain_and_goes_on(
    tmp_path: Path, postgresql: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    avant = write(tmp_path, 60)
    adresse = nouvelle_base(postgresql)
    assert principal(["--dossier-donnees", str(tmp_path), "journal", "--copier", adresse]) == 0
    dit = capsys.readouterr().out.replace("\u202f", " ").replace("\u00a0", " ")
    assert "60 écritures copiées et vérifiées" in dit
    lues = avant.find_all("blocage")
    avant.close()
    monkeypatch.setenv("MEL_JOURNAL", adresse)
    apres = Journal.du_dossier(tmp_path)
    assert apres.find_all("blocage") == lues
    apres.write("blocage", "b0", {"texte": "suite"}, AUTEUR, nouvel_op_id(), 9)
    assert apres.verify() == []
    assert apres.nombre() == 61
    apres.close()


def test_a_base_that_has_entries_and_a_copy_that_was_altered_are_refused(
    tmp_path: Path, postgresql: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, 3).close()
    adresse = nouvelle_base(postgresql)
    commande = ["--dossier-donnees", str(tmp_path), "journal", "--copier", adresse]
    assert principal(commande) == 0
    assert principal(commande) == 2
    assert "a déjà des écritures" in capsys.readouterr().err
    moteur = sa.create_engine(adresse)
    with moteur.begin() as connexion:
        for geste in ("alter table contenus disable trigger user", "alter table ecritures disable trigger user"):
            connexion.exec_driver_sql(geste)
        connexion.execute(contenus.update().values(texte="{}"))
        assert connexion.scalar(sa.select(sa.func.count()).select_from(ecritures)) == 3
    moteur.dispose()
    journal = Journal.du_dossier(tmp_path)
    with pytest.MonkeyPatch.context() as environnement:
        environnement.setenv("MEL_JOURNAL", adresse)
        assert len(Journal.du_dossier(tmp_path).verify()) == 3
    assert journal.verify() == []

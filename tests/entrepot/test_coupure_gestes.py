"""The gestures of the command line cut by a kill −9: the figures are those of before or those of after, and the same
gesture done again is done. Coming and going gives the digits again."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mel_core.entrepot.publications import find_all
from mel_core.journal import Journal
from tests.cli.appel import RACINE, run

ENTETE = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;n_personnes;revenu_fiscal"
Geste = Callable[[Path], list[str | Path]]


def write(d: Path, nom: str, *groupes: tuple[str, int, int]) -> None:
    """A jeu of its own folder: bailleur, leases, income of each."""
    dossier = d / nom
    dossier.mkdir()
    (dossier / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\nB2;Deux\n", encoding="utf-8")
    lignes = [
        f"A{i};999{i:015d};30/09/2017;59350;{bailleur};{'oui' if i % 3 else 'non'};1;{revenu}"
        for bailleur, n, revenu in groupes
        for i in range(n)
    ]
    (dossier / "attributions.csv").write_text("\n".join([ENTETE, *lignes]) + "\n", encoding="utf-8")


@pytest.fixture
def d(tmp_path: Path) -> Path:
    write(tmp_path, "ancien", ("B1", 400, 4000), ("B2", 300, 12000))
    write(tmp_path, "moindre", ("B1", 200, 9000), ("B2", 300, 12000))  # loses more than a fifth: to be accepted
    write(tmp_path, "un_seul", ("B1", 350, 9000))
    assert command(tmp_path, "importer", tmp_path / "moindre", "--nature", "fictive") == 0
    # Its median income is a third of the other's: to be accepted.
    accepte = ("--nature", "fictive", "--accepter", "attributions")
    assert command(tmp_path, "importer", tmp_path / "ancien", *accepte) == 0
    return tmp_path


def command(d: Path, *mots: str | Path) -> int:
    return run("--dossier-donnees", d / "var", *mots).returncode


def figures(d: Path) -> str:
    return "".join(
        run("--dossier-donnees", d / "var", "indicateur", "equilibre", "--seance", "2017S2", "--par", par).stdout
        for par in ("bailleur", "commune,mutation", "quartier")
    )


def premiere(d: Path) -> str:
    """The publication that was in place before the one in service."""
    return find_all(Journal.du_dossier(d / "var"))[-1].instantane


GESTES: dict[str, Geste] = {
    "accepter": lambda d: ["importer", d / "moindre", "--nature", "fictive", "--accepter", "attributions"],
    "ajouter": lambda d: ["importer", d / "un_seul" / "attributions.csv", "--ajouter", "--nature", "fictive"],
    "revenir": lambda d: ["publications", "--revenir", premiere(d)],
    "reelle": lambda d: ["importer", d / "un_seul", "--nature", "reelle", "--accepter", "attributions"],
    "fictive sur reelle": lambda d: ["importer", d / "ancien" / "attributions.csv", "--nature", "fictive"],
}


@pytest.mark.parametrize(
    ("nom", "coupures"),
    [("accepter", 1), *(pytest.param(nom, 6, marks=pytest.mark.long) for nom in GESTES)],
)
def test_a_gesture_that_is_cut_is_done_or_not(d: Path, nom: str, coupures: int) -> None:
    if nom == "fictive sur reelle":
        assert command(d, "importer", d / "ancien", "--nature", "reelle") == 0
    mots = [str(mot) for mot in GESTES[nom](d)]
    avant = figures(d)
    rendues = {avant}
    hasard = random.Random(f"{nom} {coupures}")
    for _ in range(coupures):
        commande = [sys.executable, "-m", "mel_core", "--dossier-donnees", str(d / "var"), *mots]
        processus = subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(hasard.uniform(0.4, 2.5))
        processus.kill()
        processus.wait()
        rendues.add(figures(d))
    assert command(d, *mots) == 0
    apres = figures(d)
    assert rendues <= {avant, apres}
    assert run("--dossier-donnees", d / "var", "journal", "--verifier").returncode == 0


def test_going_back_and_forth_gives_the_digits_again(d: Path) -> None:
    avant, revenue = figures(d), premiere(d)
    assert command(d, "publications", "--revenir", revenue) == 0
    assert figures(d) != avant
    en_service = find_all(Journal.du_dossier(d / "var"))
    quittee = next(p.instantane for p in en_service if p.instantane != revenue)
    assert command(d, "publications", "--revenir", quittee) == 0
    assert figures(d) == avant


def test_each_protection_of_the_command_line_holds_until_it_is_lifted_by_name(d: Path) -> None:
    avant = figures(d)
    assert command(d, "importer", d / "moindre", "--nature", "fictive") == 1
    assert command(d, "importer", d / "moindre", "--nature", "fictive", "--accepter", "bailleurs") == 1
    assert command(d, "importer", d / "un_seul", "--nature", "fictive") == 1
    assert figures(d) == avant

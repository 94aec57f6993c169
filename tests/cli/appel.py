"""The command line called as an outsider does, and what its answers have in common."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mel_core.cli.commandes import principal

RACINE = Path(__file__).resolve().parents[2]
ACCEPTEE = ("--accepter", "attributions")  # one row of ATTRIBUTIONS in four is rejected: a 31st of September
BAILLEURS = "code_bailleur;nom\nB1;Bailleur\n"
ATTRIBUTIONS = """\
id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;n_personnes;revenu_fiscal;aci
A1;999000000000000001;30/09/2017;59350;B1;N;1;4 000,50;O
A2;999000000000000002;30/09/2017;59355;B1;N;1;;N
A3;999000000000000003;31/09/2017;59350;B1;N;1;4000;N
A1;999000000000000001;30/09/2017;59350;B1;N;1;4 000,50;O
"""
DEMANDES = """\
numero_unique;date_creation;etat;n_personnes;communes_souhaitees
999000000000000001;2014-01-01;ACTIVE;2;59350|59512
999000000000000002;2017-01-01;ACTIVE;2;59512
"""
EVENEMENTS = """\
id_evenement;numero_unique;type;date_survenance;code_bailleur
E1;999000000000000001;AUTRE;2014-01-01;B1
E2;999000000000000001;AUTRE;2017-12-31;B1
"""


class Reponse(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def run(*mots: str | Path, entree: str = "") -> Reponse:
    """What `python -m mel_core` answers, without a process: starting one costs more than most commands."""
    flux = {nom: io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for nom in ("stdin", "stdout", "stderr")}
    flux["stdin"].buffer.write(entree.encode())
    flux["stdin"].buffer.seek(0)

    def show(quoi: Warning | str, categorie: type[Warning], *ou: Any) -> None:
        flux["stderr"].write(warnings.formatwarning(quoi, categorie, *ou[:2]))

    with pytest.MonkeyPatch.context() as monkeypatch, warnings.catch_warnings():
        warnings.simplefilter("always")  # as a process does, that has warned of nothing yet
        for tue in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", tue)
        monkeypatch.setattr(warnings, "showwarning", show)
        for nom, un in flux.items():
            monkeypatch.setattr(sys, nom, un)
        try:
            code = principal([*map(str, mots)])
        except SystemExit as fin:  # the help of a command
            code = int(fin.code or 0)
    for nom in ("stdout", "stderr"):
        flux[nom].flush()
    return Reponse(code, *(flux[nom].buffer.getvalue().decode() for nom in ("stdout", "stderr")))


def run_apart(*mots: str | Path, entree: str = "") -> Reponse:
    """The same in a process of its own, as a person calls it."""
    commande = [sys.executable, "-m", "mel_core", *map(str, mots)]
    env = {**os.environ, "PYTHONUTF8": "1"}
    fini = subprocess.run(
        commande, cwd=RACINE, env=env, input=entree, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return Reponse(fini.returncode, fini.stdout, fini.stderr)


def ici(*arguments: str | Path, donnees: Path, run: Callable[..., Reponse] = run) -> Reponse:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("MEL_DONNEES", str(donnees))
        return run(*arguments)


def une_phrase(reponse: Reponse) -> str:
    assert "Traceback" not in reponse.stderr + reponse.stdout
    (phrase,) = reponse.stderr.strip().splitlines()
    assert phrase.endswith(".")
    return phrase

"""The command line called as an outsider does, and what its answers have in common."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def ici(*arguments: str | Path, donnees: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mel_core", *map(str, arguments)],
        cwd=RACINE,
        env={**os.environ, "MEL_DONNEES": str(donnees), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def une_phrase(reponse: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in reponse.stderr + reponse.stdout
    (phrase,) = reponse.stderr.strip().splitlines()
    assert phrase.endswith(".")
    return phrase

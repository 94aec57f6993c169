"""The worked example of docs/indicateur.md is true: done as it says, in a copy, it gives an indicator and a screen."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parent.parent
BLOC = re.compile(r"```(?:sql|python)\n(?:--|#) (\S+), after: ([^\n]+)\n(.*?)```", re.DOTALL)
# What waits for a new name: the oracle, the attacker, what the lists of the screens, documents and imports go through.
GARDES = (
    "tests/indicateurs/test_contre_oracle.py",
    "tests/indicateurs/test_couverture.py",
    "tests/indicateurs/test_sans_colonne.py",
    "tests/attaquant/test_programme.py",
    "tests/ecrans/test_mesures.py",
    "tests/ecrans/test_mesures_absentes.py",
    "tests/dossier/test_classeurs.py",
)
LE_SIEN = "grands_menages or knows_the_indicators or missing or left_out or lacks or sheet"
ECRAN = """
from streamlit.testing.v1 import AppTest
essai = AppTest.from_file("app.py", default_timeout=60)
essai.query_params.update({"seance": "2017S2", "ici": "MEL", "objectif": "grands_menages"})
essai.run()
assert not essai.exception
print(" ".join(m.value for m in essai.markdown))
"""


@pytest.mark.ci
def test_the_example_of_an_indicator_done_as_written_counts_and_shows(tmp_path: Path) -> None:
    produit, donnees = tmp_path / "produit", tmp_path / "donnees"
    produit.mkdir()
    for nom in ("app.py", "mel_core", "pages", "data", "static", ".streamlit", "tests", "pyproject.toml"):
        copier = shutil.copytree if (RACINE / nom).is_dir() else shutil.copy2
        copier(RACINE / nom, produit / nom)
    blocs = BLOC.findall((RACINE / "docs/indicateur.md").read_text(encoding="utf-8"))
    assert len(blocs) == 3
    for fichier, repere, texte in blocs:
        chemin = produit / fichier
        lignes = chemin.read_text(encoding="utf-8").splitlines(keepends=True)
        (rang,) = [i for i, ligne in enumerate(lignes, start=1) if ligne.strip() == repere]
        chemin.write_text("".join([*lignes[:rang], texte, *lignes[rang:]]), encoding="utf-8")
    _run(produit, donnees, "-m", "mel_core", "importer", str(_files(tmp_path / "jeu")), "--nature", "fictive")
    obtenu = _run(produit, donnees, "-m", "mel_core", "indicateur", "grands_menages", "--seance", "2017S2")
    (cellule,) = json.loads(obtenu)
    assert (cellule["n"], cellule["n_connus"], cellule["numerateur"]) == (20, 18, 5)
    dit = _run(produit, donnees, "-c", ECRAN).replace("\u00a0", " ").replace("\u202f", " ")
    assert "27,8 %** des 18 attributions à la taille connue vont à des ménages de cinq personnes ou plus" in dit
    passes = _run(produit, donnees, "-m", "pytest", "-q", "-p", "no:cacheprovider", *GARDES, "-k", LE_SIEN)
    (n,) = re.findall(r"(\d+) passed", passes)
    assert int(n) >= len(GARDES)


def _files(dossier: Path) -> Path:
    dossier.mkdir()
    (dossier / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Bailleur un\n", encoding="utf-8")
    # The last two of twenty do not say their size; of the others, ranks 0, 4, 8, 12 and 16 are of five people.
    tailles = ["" if i >= 18 else "5" if i % 4 == 0 else "2" for i in range(20)]
    lignes = [f"A{i};9990{i:05d};2017-09-30;59350;B1;non;{n}" for i, n in enumerate(tailles)]
    entete = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;n_personnes"
    (dossier / "attributions.csv").write_text("\n".join([entete, *lignes]) + "\n", encoding="utf-8")
    return dossier


def _run(produit: Path, donnees: Path, *mots: str) -> str:
    fait = subprocess.run(
        [sys.executable, *mots],
        cwd=produit,
        env={"MEL_DONNEES": str(donnees), "PATH": "", "PYTHONPATH": str(produit)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode == 0, fait.stderr
    return fait.stdout

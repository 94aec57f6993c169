"""What the walker finds of faults planted on purpose: `python -m tests.marcheur.mesurer [--graine N] [--executions N]`.

Fifteen are drawn at random over `pages/`, the others put back what was mended. They are walked in batches, so that one
that breaks a page does not hide the rest; each batch by three seeds of its own. What is not found is named.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pages.commun.emplacement import RACINE
from tests.marcheur.plantes import DEMANDE, LIEN, RECHUTES, Plante, draw

COMPTES = {"exception": 6, "anglais": 3, "vide": 3, "lien": 3}
N_LOTS = 4


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.marcheur.mesurer")
    lecteur.add_argument("--graine", type=int, default=random.randrange(2**31), help="des fautes plantées")
    lecteur.add_argument("--marches", type=int, default=3, help="graines de marche")
    lecteur.add_argument("--executions", type=int, default=3000, help="par lot et par graine")
    options = lecteur.parse_args(arguments)
    plantes = [*draw(RACINE, options.graine, COMPTES), *RECHUTES]
    random.Random(options.graine).shuffle(plantes)
    # Of those that a link shows, each in its own batch: one is not taken for another.
    plantes.sort(key=lambda p: p.marque in (LIEN, DEMANDE))
    lots = [plantes[i::N_LOTS] for i in range(N_LOTS)]
    print(f"graine des fautes {options.graine}, {len(plantes)} fautes", flush=True)
    for rang in range(options.marches):
        graine = random.randrange(2**31)
        sain = {_signature(f) for f in _walk([], graine, options.executions)}
        trouvees: list[str] = []
        for lot in lots:
            fautes = [f for f in _walk(lot, graine, options.executions) if _signature(f) not in sain]
            trouvees += [p.nom for p in lot if any(p.marque in f["quoi"] or p.marque == f["nature"] for f in fautes)]
        manquees = [f"{p.nom} ({p.fichier}:{p.ligne})" for p in plantes if p.nom not in trouvees]
        print(
            f"marche {rang + 1}, graine {graine} : {len(trouvees)} sur {len(plantes)} ; manquées : {manquees}",
            flush=True,
        )
    return 0


def _signature(faute: dict[str, Any]) -> tuple[str, str, str]:
    return faute["nature"], faute["page"], faute["quoi"][:60]


def _walk(plantes: list[Plante], graine: int, executions: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as dossier:
        copie = Path(dossier) / "produit"
        shutil.copytree(
            RACINE,
            copie,
            ignore=shutil.ignore_patterns(".git", ".venv", "var", ".mypy_cache", ".ruff_cache", "__pycache__"),
        )
        for plante in sorted(plantes, key=lambda p: -p.ligne):  # from the last line up: the others keep their place
            plante.put(copie)
        sortie = Path(dossier) / "fautes.json"
        mots = [
            "--minutes",
            "60",
            "--executions",
            str(executions),
            "--graine",
            str(graine),
            "--pas",
            "20",
            "--json",
            str(sortie),
        ]
        subprocess.run([sys.executable, "-m", "tests.marcheur", *mots], cwd=copie, capture_output=True, check=False)
        return json.loads(sortie.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))

"""What the walker finds of faults planted on purpose: `python -m tests.marcheur.mesurer [--graine N] [--executions N]`.

Fifteen are drawn at random over `pages/`, the others put back what was mended. They are walked in batches, and what a
first quarter of the walk finds is mended before the rest: one that breaks a page does not hide another. What is not
found is named; a fault that no plant explains is told apart.
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

from pages.commun.emplacement import RACINE
from tests.marcheur.plantes import LIEN, RECHUTES, Plante, draw

COMPTES = {"exception": 6, "anglais": 3, "vide": 3, "lien": 3}
N_LOTS = 3


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.marcheur.mesurer")
    lecteur.add_argument("--graine", type=int, default=random.randrange(2**31), help="des fautes plantées")
    lecteur.add_argument("--marches", type=int, default=3, help="graines de marche")
    lecteur.add_argument("--executions", type=int, default=6000, help="par lot et par graine")
    options = lecteur.parse_args(arguments)
    plantes = [*draw(RACINE, options.graine, COMPTES), *RECHUTES]
    random.Random(options.graine).shuffle(plantes)
    # Of those that a link shows, each in its own batch: one is not taken for another.
    plantes.sort(key=lambda p: p.marque != LIEN)
    print(f"graine des fautes {options.graine}, {len(plantes)} fautes", flush=True)
    for rang in range(options.marches):
        with tempfile.TemporaryDirectory(prefix="magasins-") as lieu:  # no plant is in what draws them
            dite = _measure(plantes, random.randrange(2**31), options.executions, Path(lieu))
        print(f"marche {rang + 1}, {dite}", flush=True)
    return 0


def _measure(plantes: list[Plante], graine: int, executions: int, lieu: Path) -> str:
    """What a walk finds, batch by batch: its seed, its length, what it missed, and what no plant explains."""
    n, manquees, autres = 0, list[str](), list[str]()
    for lot in [plantes[i::N_LOTS] for i in range(N_LOTS)]:
        restent, n_quart = lot, executions // 4
        for bornees in (n_quart, executions - n_quart):
            if restent:
                jouees, dites = _walk(restent, graine, bornees, lieu)
                n += jouees
                autres += [d for d in dites if not any(p.marque in d for p in restent)]
                restent = [p for p in restent if not any(p.marque in d for d in dites)]
                print(f"  {len(lot) - len(restent)} sur {len(lot)} en {jouees} exécutions", flush=True)
        manquees += [f"{p.nom} ({p.fichier}:{p.ligne})" for p in restent]
    return (
        f"graine {graine}, {n} exécutions : {len(plantes) - len(manquees)} sur {len(plantes)}, manquées : {manquees} ; "
        f"autres fautes : {autres}"
    )


def _walk(plantes: list[Plante], graine: int, executions: int, lieu: Path) -> tuple[int, list[str]]:
    """How much was played, and what the faults say. It ends when all were found."""
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
        bornes = ["--minutes", "60", "--executions", str(executions), "--pas", "8", "--lieu", str(lieu)]
        mots = [*bornes, "--graine", str(graine), "--json", str(sortie), *(f"--jusqua={p.marque}" for p in plantes)]
        subprocess.run([sys.executable, "-m", "tests.marcheur", *mots], cwd=copie, capture_output=True, check=False)
        n, dites = json.loads(sortie.read_text(encoding="utf-8"))
        return n, dites


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))

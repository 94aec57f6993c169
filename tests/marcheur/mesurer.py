"""What the walker finds of faults planted on purpose: `python -m tests.marcheur.mesurer [--graine N] [--executions N]`.

Fifteen are drawn at random over `pages/`, the others put back what was mended. What a walk finds is mended before the
next one, as anybody would: one that breaks a page does not hide another. Of those that a link shows, one at a time: one
is not taken for another. What is not found is named; a fault that no plant explains is told apart.
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
from tests.marcheur.plantes import LIEN, RECHUTES, Plante, draw, is_said

COMPTES = {"exception": 6, "anglais": 3, "vide": 3, "lien": 3}
# Parts of the executions of a batch, walk by walk: what breaks most is found, and mended, first.
PARTS = (0.2, 0.8)


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.marcheur.mesurer")
    lecteur.add_argument("--graine", type=int, default=random.randrange(2**31), help="des fautes plantées")
    lecteur.add_argument("--marches", type=int, default=3, help="graines de marche")
    lecteur.add_argument("--executions", type=int, default=6000, help="par faute de lien et par graine")
    options = lecteur.parse_args(arguments)
    plantes = [*draw(RACINE, options.graine, COMPTES), *RECHUTES]
    print(f"graine des fautes {options.graine}, {len(plantes)} fautes", flush=True)
    for rang in range(options.marches):
        with tempfile.TemporaryDirectory(prefix="magasins-") as lieu:  # no plant is in what draws them
            dite = _measure(plantes, random.randrange(2**31), options.executions, Path(lieu))
        print(f"marche {rang + 1}, {dite}", flush=True)
    return 0


def _measure(plantes: list[Plante], graine: int, executions: int, lieu: Path) -> str:
    """What walks find: the seed of the first (the next ones follow it), their length, what they missed, and what no
    plant explains."""
    n, rang, autres = 0, 0, dict[str, None]()
    liens, restent = [p for p in plantes if p.marque == LIEN], [p for p in plantes if p.marque != LIEN]
    manquees = list[Plante]()
    for lien in liens:
        du_lot = [lien, *restent]
        for part in PARTS if lien is liens[0] else (1,):
            if du_lot:
                jouees, dites = _walk(du_lot, graine + rang, int(part * executions), lieu)
                n, rang = n + jouees, rang + 1
                autres |= dict.fromkeys(d for d in dites if not any(is_said(p.marque, d) for p in du_lot))
                trouvees = [p.nom for p in du_lot if any(is_said(p.marque, d) for d in dites)]
                du_lot = [p for p in du_lot if p.nom not in trouvees]
                print(f"  en {jouees} exécutions : {', '.join(trouvees)}", flush=True)
        manquees += [p for p in du_lot if p is lien]
        restent = [p for p in du_lot if p is not lien]
    dites_manquees = [f"{p.nom} ({p.fichier}:{p.ligne})" for p in (*manquees, *restent)]
    return (
        f"graine {graine}, {n} exécutions : {len(plantes) - len(dites_manquees)} sur {len(plantes)}, "
        f"manquées : {dites_manquees} ; autres fautes : {[*autres]}"
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

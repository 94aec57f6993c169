"""A long walk: `python -m tests.marcheur --minutes 30 [--graine N]` prints each fault once, with the way to it."""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
from collections import Counter
from pathlib import Path

from tests.marcheur import sondes


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.marcheur")
    lecteur.add_argument("--minutes", type=float, default=30)
    lecteur.add_argument("--executions", type=float, default=float("inf"))
    lecteur.add_argument("--graine", type=int, default=random.randrange(2**31))
    lecteur.add_argument("--pas", type=int, default=40)
    lecteur.add_argument("--magasin", action="append")
    lecteur.add_argument("--jusqua", action="append", default=[], help="s’arrêter quand des fautes disent tout cela")
    lecteur.add_argument("--lieu", type=Path, help="où garder les magasins d’une marche à l’autre")
    lecteur.add_argument("--json", type=Path, help="où écrire aussi les fautes")
    options = lecteur.parse_args(arguments)
    if options.lieu:
        options.lieu.mkdir(parents=True, exist_ok=True)
    sondes.install()
    from tests.marcheur.marche import walk  # and with it the pages
    from tests.marcheur.visite import PROFILS

    logging.getLogger("streamlit").setLevel(logging.CRITICAL)
    print(f"graine {options.graine}", flush=True)
    secondes = options.minutes * 60
    bornes = secondes, options.magasin, options.executions, options.jusqua
    marche = walk(options.graine, 1_000_000, options.pas, *bornes, options.lieu)
    for faute in sorted(marche.fautes.values(), key=lambda f: (f.nature, f.page)):
        print(faute)
    if options.json:
        dites = [f.dite for f in marche.fautes.values()]
        options.json.write_text(json.dumps([marche.n_executions, dites], ensure_ascii=False), encoding="utf-8")
    couples = Counter(cle[0] in PROFILS for cle in marche.jouees if isinstance(cle, tuple))
    print(
        f"{marche.n_executions} exécutions, {len(marche.pages)} champs, "
        f"{couples[True]} pages × profils, {couples[False]} pages × magasins, {len(marche.fautes)} fautes."
    )
    return 1 if marche.fautes else 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))

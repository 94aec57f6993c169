"""`python -m mel_core`, or `python FOLDER/mel_core` from another folder: all that the screens show, without a
browser."""

import gc
import sys
from pathlib import Path

RACINE = str(Path(__file__).resolve().parent.parent)
if sys.path[0] != RACINE and not __package__:
    sys.path[0] = RACINE

try:
    from mel_core.cli.commandes import principal
except (ImportError, SyntaxError) as erreur:
    manque = f" : « {erreur.name} » y manque" if isinstance(erreur, ImportError) and erreur.name else ""
    print(
        f"Ce Python n’est pas celui de l’application{manque}. Prendre celui de son dossier « .venv », que "
        "« python3 lancer.py » prépare.",
        file=sys.stderr,
    )
    sys.exit(2)

if __name__ == "__main__":
    # The libraries stay to the end. An import, which makes rows by the thousand, spent a tenth of its time looking
    # at what they hold.
    gc.freeze()
    gc.set_threshold(50_000)
    sys.exit(principal(sys.argv[1:]))

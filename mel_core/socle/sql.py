"""SQL lives in `.sql` files beside its module, one block per question, opened by `-- nom: bloc`.

What several blocks of a file ask alike is written once, opened by `-- morceau: nom`, and stands in them as
`/* morceau: nom */`.
"""

from __future__ import annotations

import re
from pathlib import Path

_TITRE = re.compile(r"^-- (nom|morceau): (\w+)\s*$", re.MULTILINE)
_MORCEAU = re.compile(r"/\* morceau: (\w+) \*/")


def blocs(module: str, fichier: str) -> dict[str, str]:
    """Blocks of `fichier`, beside the file `module`, by name, in file order, with their pieces in place."""
    return read(Path(module).with_name(fichier).read_text(encoding="utf-8"))


def read(texte: str) -> dict[str, str]:
    """The same, of a text. A piece is written before the blocks where it stands; `KeyError` for one that is not."""
    lus: dict[str, dict[str, str]] = {"nom": {}, "morceau": {}}
    _, *suite = _TITRE.split(texte)
    for genre, nom, corps in zip(suite[::3], suite[1::3], suite[2::3], strict=True):
        entier = _MORCEAU.sub(lambda m: lus["morceau"][m[1]], corps)
        lus[genre][nom] = entier.strip().rstrip(";")
    return lus["nom"]

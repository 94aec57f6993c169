"""SQL lives in `.sql` files beside its module, one block per question, opened by `-- nom: bloc`."""

from __future__ import annotations

import re
from importlib import resources

_NOM = re.compile(r"^-- nom: (\w+)\s*$", re.MULTILINE)


def blocs(paquet: str, fichier: str) -> dict[str, str]:
    """Blocks of `fichier` in package `paquet`, by name, in file order."""
    texte = resources.files(paquet).joinpath(fichier).read_text(encoding="utf-8")
    morceaux = _NOM.split(texte)
    return dict(zip(morceaux[1::2], (m.strip().rstrip(";") for m in morceaux[2::2]), strict=True))

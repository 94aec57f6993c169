"""A text as a test quotes it: French spaces that do not break are written as any other."""

from __future__ import annotations

import re


def simple(texte: str) -> str:
    """With ordinary spaces."""
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def d_un_trait(texte: str) -> str:
    """On one line: each run of white space is one space."""
    return re.sub(r"\s+", " ", texte)

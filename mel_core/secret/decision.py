"""A protection as text: what was decided, without a count, and the digest of all that it follows from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files

import pandas as pd

from mel_core.secret.protection import Protection

SOURCES = (
    *("secret/protection.py", "secret/regroupement.py", "secret/matrice.py", "secret/audit.py"),
    *("secret/decision.py", "solveur.py"),
)
_COLONNES = {"ligne": str, "est_regroupee": bool, "est_masquee": bool}
_BIBLIOTHEQUES = ("highspy", "numpy", "pandas", "scipy")


@cache
def regles() -> str:
    """Digest of the code that decides: a rule that changes makes every decision anew, and nobody has to think of it."""
    resume = hashlib.sha256()
    for source in SOURCES:
        resume.update(files("mel_core").joinpath(source).read_bytes())
    resume.update(" ".join(f"{b} {version(b)}" for b in _BIBLIOTHEQUES).encode())
    return resume.hexdigest()


def empreinte(
    cellules: pd.DataFrame, lieux: Iterable[dict[str, str]], acquises: Collection[tuple[object, ...]] = ()
) -> str:
    """Digest of what a decision follows from: the rules, then all that `proteger` or `affiner` is given."""
    resume = hashlib.sha256(regles().encode())
    resume.update(cellules.to_csv(index=False).encode())
    resume.update(json.dumps([*lieux, sorted(map(str, acquises))], sort_keys=True).encode())
    return resume.hexdigest()


def ecrire(protection: Protection) -> bytes | None:
    """None when the audit still finds something: its counts would be in it, and so few households are soon looked at
    again."""
    if protection.trouves:
        return None
    tables = [
        [coupe, ici, *(groupes[c].tolist() for c in (coupe, *_COLONNES))]
        for (coupe, ici), groupes in protection.tables.items()
    ]
    decision = {"tables": tables, "cachees": sorted(protection.cachees), "forcees": sorted(protection.forcees, key=str)}
    return json.dumps(decision, ensure_ascii=False).encode()


def lire(octets: bytes) -> Protection:
    """What `ecrire` wrote."""
    decision = json.loads(octets)
    tables = {
        (coupe, ici): pd.DataFrame(dict(zip((coupe, *_COLONNES), colonnes, strict=True))).astype(
            {coupe: str, **_COLONNES}
        )
        for coupe, ici, *colonnes in decision["tables"]
    }
    return Protection(
        tables, frozenset(map(tuple, decision["cachees"])), {}, frozenset(map(tuple, decision["forcees"]))
    )

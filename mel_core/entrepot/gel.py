"""What a frozen séance keeps when its rows are erased: a file of counts and reference tables, no row of a person."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from mel_core.entrepot.construction import make_aside

DOSSIER = "gelees"
_REFERENCE = (
    "communes",
    "quartiers",
    "bailleurs",
    "tables_chargees",
    "parametres_cibles",
    "parametres_bornes",
    "parametres_fragilite_ips",
    "parametres_seuils",
    "parametres_plafonds",
)


def chemin(dossier: Path, cle: str) -> Path:
    """`cle`: see `registre.cle`; an ICI may have any name, and any length."""
    seance, _, ici = cle.partition("-")
    suffixe = f"-{hashlib.sha256(ici.encode()).hexdigest()[:16]}" if ici else ""
    return dossier / DOSSIER / f"{seance}{suffixe}.duckdb"


def keep(dossier: Path, cle: str, jeu: Path, comptes: Mapping[str, pa.Table]) -> None:
    """Write the file of `cle`, aside then in place: tables `comptes_<name>`, and the reference tables of `jeu`."""
    destination = chemin(dossier, cle)
    destination.parent.mkdir(parents=True, exist_ok=True)
    with make_aside(destination) as base:
        base.execute("attach $chemin as ancien (read_only)", {"chemin": str(jeu)})
        for nom in _REFERENCE:
            base.table(f"ancien.{nom}").create(nom)
        base.execute("detach ancien")
        for nom, table in comptes.items():
            base.from_arrow(table).create(f"comptes_{nom}")
        base.execute("checkpoint")

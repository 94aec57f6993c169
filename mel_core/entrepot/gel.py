"""What a frozen séance keeps when its rows are erased: a file of counts and reference tables, no row of a person."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from mel_core.socle.durable import synchronise
from mel_core.socle.periodes import Seance

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


def chemin(dossier: Path, seance: Seance) -> Path:
    return dossier / DOSSIER / f"{seance}.duckdb"


def keep(dossier: Path, seance: Seance, jeu: Path, comptes: Mapping[str, pa.Table]) -> None:
    """Write the file of `seance`, aside then in place: tables `comptes_<name>`, and the reference tables of `jeu`."""
    destination = chemin(dossier, seance)
    destination.parent.mkdir(parents=True, exist_ok=True)
    provisoire = destination.with_name(f".{seance}-{secrets.token_hex(6)}.duckdb")
    try:
        with duckdb.connect(str(provisoire)) as base:
            base.execute("attach $chemin as ancien (read_only)", {"chemin": str(jeu)})
            for nom in _REFERENCE:
                base.table(f"ancien.{nom}").create(nom)
            base.execute("detach ancien")
            for nom, table in comptes.items():
                base.from_arrow(table).create(f"comptes_{nom}")
            base.execute("checkpoint")
        with provisoire.open("rb+") as fichier:
            os.fsync(fichier.fileno())
        provisoire.replace(destination)
    finally:
        for reste in destination.parent.glob(f"{provisoire.name}*"):
            reste.unlink()
    synchronise(destination.parent)

"""Small checked tables drawn by hand: rows as dictionaries, every other column unknown."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from mel_core.contrat.lecture import brut
from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Chargement, Entrepot, Instantane

LILLE, ROUBAIX = "59350", "59512"
_FAITS = tempfile.TemporaryDirectory(prefix="jeux-")


def table(nom: str, *lignes: dict[str, Any]) -> pa.Table:
    """A table of the contract as the store receives it (numéros uniques already pseudonymised)."""
    schema = brut.schema(TABLES[nom])
    inconnues = {c for ligne in lignes for c in ligne} - set(schema.names)
    assert not inconnues, f"not in the contract: {inconnues}"
    colonnes = {c.name: pa.array([ligne.get(c.name) for ligne in lignes], c.type) for c in schema}
    return brut.rename_pseudonyme(pa.table(colonnes))


def attribution(rang: int, **valeurs: Any) -> dict[str, Any]:
    """A first-access attribution of the second semester of 2017 in Lille by bailleur B1, income unknown, no label."""
    return {
        "id_attribution": f"A{rang:05d}",
        "numero_unique": f"p{rang}",
        "date_bail": date(2017, 9, 30),
        "code_insee": LILLE,
        "code_bailleur": "B1",
        "mutation": False,
        **dict.fromkeys(("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru"), False),
        **valeurs,
    }


def demande_active(numero: str, creation: date, **valeurs: Any) -> dict[str, Any]:
    """A demande of one person that waits, all else unknown."""
    return {"numero_unique": numero, "date_creation": creation, "etat": "ACTIVE", "n_personnes": 1, **valeurs}


def chargement(nature: str = "fictive", **tables: pa.Table) -> Chargement:
    return Chargement(tables, {nom: frozenset(t.column_names) for nom, t in tables.items()}, nature)


def bailleurs(*codes: str) -> pa.Table:
    return table("bailleurs", *({"code_bailleur": code, "nom": f"Bailleur {code}"} for code in codes))


def entree(nom: str, **cles: Any) -> str:
    """An entry of a file of parameters."""
    dites = (f"{c} = {v if isinstance(v, date) else json.dumps(v, ensure_ascii=False)}" for c, v in cles.items())
    return "\n".join((f"[[{nom}]]", *dites, ""))


def cible(indicateur: str, valeur: float, depuis: date, source: str, **autres: Any) -> str:
    """An objective of such a file; `autres`: of which place, how it is read."""
    return entree("cibles", indicateur=indicateur, valeur=valeur, depuis=depuis, source=source, **autres)


def serve(entrepot: Entrepot, charge: Chargement) -> Instantane:
    """Publish it. A file that another test had built of the same rows is put there first: the store finds it ready, as
    it does when a jeu de données comes back, and serves it."""
    resume = hashlib.sha256(repr((charge.nature, charge.parametres, sorted(charge.declarees.items()))).encode())
    for nom, lignes in sorted(charge.tables.items()):
        with pa.ipc.new_stream(ecrit := pa.BufferOutputStream(), lignes.schema) as flux:
            flux.write_table(lignes.combine_chunks())
        resume.update(f"{nom}{sorted(charge.colonnes_presentes[nom])}".encode())
        resume.update(ecrit.getvalue())
    fait, jeux = Path(_FAITS.name) / resume.hexdigest(), entrepot.dossier / "jeux"
    if fait.exists():
        shutil.copytree(fait, jeux, dirs_exist_ok=True)
    publie, _ = entrepot.publish(charge)
    if not fait.exists():
        fait.mkdir()
        shutil.copy(jeux / f"{publie.identifiant}.duckdb", fait)
    return publie


def build_store(dossier: Path, charge: Chargement) -> Entrepot:
    """A store in this folder, that serves it."""
    entrepot = Entrepot(dossier)
    with entrepot.reserve():
        serve(entrepot, charge)
    return entrepot

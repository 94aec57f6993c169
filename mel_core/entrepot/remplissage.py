"""Filling a snapshot: contract tables, effective geography, dated parameters, then what schema.sql derives."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mel_core.contrat import reference
from mel_core.contrat.colonnes import Table
from mel_core.contrat.lecture import brut
from mel_core.contrat.tables import COMMUNES, TABLES
from mel_core.objectifs import Parametres
from mel_core.objectifs.parametres import LIEUX_DE_CIBLE
from mel_core.socle.sql import blocs

_DERIVES = blocs(__file__, "schema.sql")
_SUIVI = blocs(__file__, "suivi.sql")["suivi_calcule"]
_ECRITURE = 8  # raised when what this file writes by itself changes


def _format() -> int:
    """A number of what a snapshot derives: when a definition changes, the same content makes another snapshot."""
    lignes = re.sub(r"--.*", "", "\n".join([_SUIVI, *_DERIVES.values()])).split()
    return zlib.crc32(" ".join([str(_ECRITURE), *lignes]).encode())


FORMAT = _format()
_FIN_DES_TEMPS = date(9999, 12, 31)
_FOURNIES = "communes_fournies"


@dataclass(frozen=True)
class ContenuInstantane:
    """What a snapshot says of itself: digests and columns of the tables that were loaded, added parameters (TOML).

    `declarees`: table → label column that no file had → the column said to cover it, "" when nobody bears it.
    """

    nature: str
    empreintes: dict[str, str]
    colonnes_presentes: dict[str, frozenset[str]]
    parametres: tuple[str, ...]
    declarees: dict[str, dict[str, str]] = field(default_factory=dict)


def nom_en_base(table: str) -> str:
    """The rows of a table of the contract, as given: `communes` is the effective geography, not what was loaded."""
    return _FOURNIES if table == COMMUNES.nom else table


def describe(base: duckdb.DuckDBPyConnection) -> ContenuInstantane:
    """Contents of the snapshot open in `base` as its main database."""
    tables = base.sql("from tables_chargees order by nom").to_arrow_table().to_pylist()
    nature, parametres = base.execute("select nature, parametres from description").fetchall()[0]
    return ContenuInstantane(
        nature,
        {t["nom"]: t["empreinte"] for t in tables},
        {t["nom"]: frozenset(t["colonnes_presentes"]) for t in tables},
        tuple(json.loads(parametres)),
        {t["nom"]: read_declarees(t["declarees"]) for t in tables if t.get("declarees")},
    )


def read_declarees(textes: Iterable[str]) -> dict[str, str]:
    """`["dalo=aci", "npru="]`, as a snapshot writes them: column → what covers it."""
    return dict(texte.split("=", 1) for texte in textes)


def fill(
    base: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], contenu: ContenuInstantane, ancien: Path | None
) -> None:
    """Write in the empty `base` the loaded `tables`, those carried over from `ancien`, then what derives from them."""
    if ancien:
        base.execute("attach $chemin as ancien (read_only)", {"chemin": str(ancien)})
    base.begin()
    for nom, table in TABLES.items():
        destination = nom_en_base(nom)
        if nom in tables:
            base.from_arrow(tables[nom]).create(destination)
        elif nom in contenu.empreintes:
            _carry_over(base, table, f"ancien.{destination}").create(destination)
        else:
            base.from_arrow(brut.rename_pseudonyme(brut.schema(table).empty_table())).create(destination)
    _write_description(base, contenu)
    _write_communes(base)
    parametres = Parametres.embarques()
    for texte in contenu.parametres:
        parametres = parametres.plus(Parametres.reread(texte))
    _write_parametres(base, parametres)
    base.execute(_SUIVI)
    for bloc in _DERIVES.values():
        base.execute(bloc)
    base.commit()
    base.execute("checkpoint")
    if ancien:
        base.execute("detach ancien")


def retype(lue: pa.Table, nom: str) -> pa.Table:
    """Rows of table `nom` that were published before, as an import types them: a column that the contract did not have
    yet is unknown."""
    schema = brut.rename_pseudonyme(brut.schema(TABLES[nom]).empty_table()).schema
    connues = set(lue.column_names)
    colonnes = [lue[c.name].cast(c.type) if c.name in connues else pa.nulls(len(lue), c.type) for c in schema]
    return pa.table(colonnes, schema=schema)


def _carry_over(base: duckdb.DuckDBPyConnection, table: Table, ancienne: str) -> duckdb.DuckDBPyRelation:
    """The rows of table `ancienne`, as an import types them: a column that the contract did not have yet is unknown."""
    lue = base.table(ancienne)
    voulue = base.from_arrow(brut.rename_pseudonyme(brut.schema(table).empty_table()))
    types = zip(voulue.columns, voulue.types, strict=True)
    return lue.project(", ".join(f'"{c}"' if c in lue.columns else f'null::{type_} as "{c}"' for c, type_ in types))


def _write_description(base: duckdb.DuckDBPyConnection, contenu: ContenuInstantane) -> None:
    dite = {"nature": contenu.nature, "parametres": json.dumps(contenu.parametres), "format": FORMAT}
    _write(base, "description", dite)
    _write(
        base,
        "tables_chargees",
        *(
            {
                "nom": nom,
                "empreinte": empreinte,
                "colonnes_presentes": sorted(contenu.colonnes_presentes.get(nom, ())),
                "n": base.table(nom_en_base(nom)).shape[0],
                "declarees": [f"{c}={par}" for c, par in sorted(contenu.declarees.get(nom, {}).items())],
            }
            for nom, empreinte in contenu.empreintes.items()
        ),
        colonnes={
            "nom": pa.string(),
            "empreinte": pa.string(),
            "colonnes_presentes": pa.list_(pa.string()),
            "n": pa.int64(),
            "declarees": pa.list_(pa.string()),
        },
    )


def _write_communes(base: duckdb.DuckDBPyConnection) -> None:
    """The 95 communes of the perimeter; those of the `communes` table get its territoire, ICI, typology,
    fragilité."""
    fournies = {c["code_insee"]: c for c in base.table(_FOURNIES).to_arrow_table().to_pylist()}
    lignes = []
    for code, commune in reference.communes().items():
        ligne: dict[str, Any] = {
            "code_insee": code,
            "nom": commune.nom,
            "territoire": commune.territoire,
            "ici": commune.ici,
            # The deck's typology and classes are lost: unknown until a `communes` table gives them.
            "typologie_fragilite": None,
            "fragilite": None,
            "depuis": commune.depuis,
            "population": commune.population,
        }
        if code in fournies:
            ligne |= {x: fournies[code][x] for x in ("territoire", "ici", "typologie_fragilite", "fragilite")}
        lignes.append(ligne)
    types = {"typologie_fragilite": pa.int8(), "fragilite": pa.string(), "depuis": pa.date32()}
    _write(base, "communes", *lignes, colonnes=types)


def _write_parametres(base: duckdb.DuckDBPyConnection, parametres: Parametres) -> None:
    """Parameters as tables. Shares are decimals in SQL and « p/q » texts where Python counts exactly."""
    facultatifs = (*LIEUX_DE_CIBLE, "sens")
    cibles = (
        {
            **{c: getattr(x, c) for c in ("indicateur", "depuis", "en_nombre")},
            **{c: str(getattr(x, c)) for c in ("valeur", "bande")},
            **{c: getattr(x, c) or None for c in facultatifs},
            **_origine(x),
            "ordre": ordre,
        }
        for ordre, x in enumerate(parametres.cibles)
    )
    bornes = (
        {**dates, **{f"borne_{i}": _decimal(b) for i, b in enumerate(x.bornes, start=1)}, **_origine(x)}
        for dates, x in _intervalles(parametres.bornes_ressources)
    )
    classes = (
        {**dates, "ips": ips, "fragilite": classe, **_origine(x)}
        for dates, x in _intervalles(parametres.fragilite_ips)
        for ips, classe in x.classes.items()
    )
    derniers = {s.annee: s for s in parametres.seuils_premier_quartile}
    seuils = ({"annee": s.annee, "seuil_eur_uc": _decimal(s.seuil_eur_uc), **_origine(s)} for s in derniers.values())
    _write(base, "parametres_cibles", *cibles, colonnes=dict.fromkeys(facultatifs, pa.string()))
    _write(base, "parametres_bornes", *bornes, colonnes={f"borne_{i}": pa.decimal128(9, 6) for i in (1, 2, 3)})
    _write(base, "parametres_fragilite_ips", *classes)
    _write(base, "parametres_seuils", *seuils, colonnes={"seuil_eur_uc": pa.decimal128(18, 6)})
    _write(base, "parametres_plafonds", *_plafonds(parametres), colonnes={"supplement_eur": pa.int64()})


def _origine(entree: Any) -> dict[str, str]:
    return {"source": entree.source, "auteur": entree.auteur}


def _plafonds(parametres: Parametres) -> list[dict[str, Any]]:
    derniers = {(p.annee, p.categorie): p for p in parametres.plafonds}
    supplements = {annee: p.plafond_eur for (annee, categorie), p in derniers.items() if categorie == "pers_supp"}
    return [
        {
            "annee": annee,
            "categorie": int(categorie),
            "plafond_eur": p.plafond_eur,
            "supplement_eur": supplements.get(annee),
            **_origine(p),
        }
        for (annee, categorie), p in derniers.items()
        if categorie != "pers_supp"
    ]


def _intervalles(entrees: tuple[Any, ...]) -> list[tuple[dict[str, date], Any]]:
    """[depuis, jusqu_a) of each dated entry; at the same date the last one wins."""
    par_date = {e.depuis: e for e in entrees}
    dates = [*sorted(par_date), _FIN_DES_TEMPS]
    return [({"depuis": debut, "jusqu_a": fin}, par_date[debut]) for debut, fin in pairwise(dates)]


def _write(
    base: duckdb.DuckDBPyConnection, nom: str, *lignes: dict[str, Any], colonnes: dict[str, pa.DataType] | None = None
) -> None:
    """Create table `nom` from `lignes`; `colonnes` gives the types that can't be inferred from them."""
    types = colonnes or {}
    noms = list(lignes[0]) if lignes else list(types)
    base.from_arrow(pa.table({c: pa.array([x[c] for x in lignes], types.get(c)) for c in noms})).create(nom)


def _decimal(valeur: Fraction) -> Decimal:
    return (Decimal(valeur.numerator) / Decimal(valeur.denominator)).quantize(Decimal("0.000001"))

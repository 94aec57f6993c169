"""Contours in Lambert-93 or in a zipped shapefile are those of a GeoJSON in degrees; another projection is named."""

from __future__ import annotations

import io
import zipfile
from math import atanh, cos, exp, radians, sin
from pathlib import Path
from typing import Any

import pytest
import shapefile
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.contours import read
from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.lecture.fichiers import Donne, pieces
from mel_core.contrat.lecture.lambert93 import en_degres
from mel_core.contrat.tables_proposees import propose_table
from mel_core.socle.erreurs import ErreurUtilisateur
from tests.contrat.contours.test_lecture import LILLE, carre, entite, fichier
from tests.hostiles.fabrique import place

LAMBERT_93 = (
    'PROJCS["RGF93_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993",SPHEROID["GRS_1980",6378137.0,298.257222101]]]]'
)
WGS_84 = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]]]'
CC50 = 'PROJCS["RGF93_CC50",GEOGCS["GCS_RGF_1993"]]'
DEUX = {"CODE_IRIS": "593500101", "NOM_IRIS": "Vauban–Est"}


def en_metres(longitude: float, latitude: float) -> tuple[float, float]:
    """The other way, by the same publication of IGN."""
    e, phi = 0.0818191910428158, radians(latitude)
    rayon = 11_754_255.426 * exp(-0.725607765053267 * (atanh(sin(phi)) - e * atanh(e * sin(phi))))
    angle = 0.725607765053267 * radians(longitude - 3)
    return 700_000 + rayon * sin(angle), 12_655_612.0499 - rayon * cos(angle)


def projete(geometrie: dict[str, Any]) -> dict[str, Any]:
    return {**geometrie, "coordinates": [[en_metres(*p) for p in anneau] for anneau in geometrie["coordinates"]]}


@pytest.mark.parametrize(
    ("x", "y", "longitude", "latitude"),
    [
        (700_000, 6_600_000, 3, 46.5),  # the origin
        # By PROJ 9, EPSG:2154 to EPSG:4326.
        (704_000, 7_059_000, 3.0564358960588613, 50.62797459584252),
        (688_000, 7_070_000, 2.830359118596263, 50.72658230591734),
        (100_000, 6_800_000, -5.062813521456418, 48.02444888930058),
    ],
)
def test_known_points_of_lambert_93_are_where_they_are(x: float, y: float, longitude: float, latitude: float) -> None:
    assert en_degres(x, y) == pytest.approx((longitude, latitude), abs=1e-9)  # a tenth of a millimetre


@given(st.floats(-5, 9), st.floats(41.5, 51.5))
def test_there_and_back_is_the_same_point(longitude: float, latitude: float) -> None:
    assert en_degres(*en_metres(longitude, latitude)) == pytest.approx((longitude, latitude), abs=1e-8)


def en_shapefile(
    geometrie: dict[str, Any], prj: str | None = LAMBERT_93, encodage: str = "utf-8", **proprietes: Any
) -> bytes:
    parties = {suffixe: io.BytesIO() for suffixe in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parties, encoding=encodage) as plume:
        for nom in proprietes:
            plume.field(nom, "C", 40)
        plume.shape(geometrie)
        plume.record(**proprietes)
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for suffixe, flux in parties.items():
            archive.writestr(f"iris/CONTOURS.{suffixe.upper()}", flux.getvalue())
        if encodage == "utf-8":
            archive.writestr("iris/CONTOURS.CPG", "UTF-8")
        archive.writestr("iris/lisez-moi.txt", "IGN")
        if prj is not None:
            archive.writestr("iris/CONTOURS.PRJ", prj)
    return sortie.getvalue()


TROUE = {"type": "Polygon", "coordinates": [carre(LILLE, 0.01), carre(LILLE, 0.004, horaire=False)]}
CRS = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}}


@pytest.mark.parametrize(
    "contenu",
    [
        fichier(entite(projete(TROUE), **DEUX), **CRS),
        en_shapefile(projete(TROUE), **DEUX),
        en_shapefile(projete(TROUE), encodage="cp1252", **DEUX),
        en_shapefile(TROUE, WGS_84, **DEUX),
    ],
    ids=["geojson, lambert", "shapefile, lambert", "shapefile, windows", "shapefile, degrees"],
)
def test_each_form_gives_the_contours_of_the_geojson_in_degrees(contenu: bytes) -> None:
    attendu = read(fichier(entite(TROUE, **DEUX)), "iris.geojson", "quartiers")
    assert read(contenu, "iris.zip", "quartiers").contours == attendu.contours


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [
        (en_shapefile(projete(TROUE), CC50, **DEUX), "dans la projection « RGF93_CC50 », qui ne se lit pas"),
        (en_shapefile(projete(TROUE), "WGS_84", **DEUX), "dans la projection « WGS_84 »"),
        (en_shapefile(TROUE, 'PROJCS["WGS_1984_UTM_Zone_31N",GEOGCS["GCS_WGS_1984"]]', **DEUX), "UTM_Zone_31N"),
        (en_shapefile(projete(TROUE), None, **DEUX), "n’a pas le .prj de son shapefile"),
        (en_shapefile(TROUE, LAMBERT_93, **DEUX), "se dit en Lambert-93 et n’y est pas"),
        (
            fichier(entite(TROUE, **DEUX), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}),
            "EPSG::3857 », qui ne se lit pas",
        ),
        (fichier(entite(projete(TROUE), **DEUX)), "est en mètres et ne dit pas sa projection"),
    ],
    ids=["cc50", "no wkt", "utm", "no prj", "false", "mercator", "unsaid"],
)
def test_another_projection_is_named_with_those_that_are_read(contenu: bytes, dit: str) -> None:
    with pytest.raises(ErreurUtilisateur) as erreur:
        read(contenu, "iris", "quartiers")
    assert dit in str(erreur.value)
    assert "EPSG:2154" in str(erreur.value) or "zipper ensemble" in str(erreur.value)


def zippe(**parties: bytes) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, octets in parties.items():
            archive.writestr(nom.replace("_", "."), octets)
    return sortie.getvalue()


def parties_de(contenu: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        return {Path(nom).suffix[1:].lower(): archive.read(nom) for nom in archive.namelist()}


BONNES = parties_de(en_shapefile(projete(TROUE), **DEUX))


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [
        (en_shapefile(projete({"type": "Polygon", "coordinates": [carre()] * 501}), **DEUX), "trop découpé"),
        (zippe(a_shp=b"", a_dbf=b"", a_prj=LAMBERT_93.encode()), "est abîmé"),
        (zippe(a_shp=BONNES["shp"][:150], a_dbf=BONNES["dbf"], a_prj=LAMBERT_93.encode()), "est abîmé"),
        (zippe(a_shp=BONNES["shp"], a_dbf=BONNES["dbf"][:60], a_prj=LAMBERT_93.encode()), "abîmé"),
        (zippe(a_shp=BONNES["shp"], b_shp=BONNES["shp"]), "un shapefile et un seul"),
        (zippe(a_txt=b"x"), "un shapefile et un seul"),
        (zippe(**{f"m{n}_txt": b"" for n in range(40)}), "plus de 30 fichiers"),
        (zippe(a_shp=b"\0" * (65 << 20)), "dépasse 64 Mo une fois ouverte"),
        (zippe(a_shp=b"\0" * (8 << 20)), "grossit plus de 100 fois"),
        (en_shapefile(projete(TROUE), **DEUX)[:-20], "abîmée"),
    ],
)
def test_a_bad_archive_of_contours_is_one_sentence(contenu: bytes, dit: str) -> None:
    with pytest.raises(ErreurUtilisateur, match=dit):
        read(contenu, "iris.zip", "quartiers")


def test_a_zipped_shapefile_given_to_the_quartiers_makes_their_table(tmp_path: Path) -> None:
    chemin = place(tmp_path / "iris.zip", en_shapefile(projete(TROUE), **DEUX))
    jeu = check((Donne(chemin, "quartiers"),))
    lus = jeu.tables["quartiers"].select(["code_quartier", "nom", "code_insee"]).to_pylist()
    assert lus == [{"code_quartier": "593500101", "nom": "Vauban–Est", "code_insee": "59350"}]
    assert propose_table(Donne(chemin), [], Reponses()) == "quartiers"
    assert [p.table for p in pieces([chemin])] == [None]  # chosen on screen, that one proposed
    (refus,) = [a.message for a in check((Donne(chemin, "bailleurs"),)).rapport.anomalies]
    assert "C’est un shapefile : le donner à la table quartiers" in refus


def test_contours_of_dwellings_are_not_those_of_quartiers(tmp_path: Path) -> None:
    chemin = place(tmp_path / "r.geojson", fichier(entite(projete(TROUE), RESIDENCE="Les Violettes"), **CRS))
    (refus,) = [a.message for a in check((Donne(chemin, "quartiers"),)).rapport.anomalies]
    assert "ne donne pas le code de ses quartiers" in refus


@pytest.mark.parametrize("contours_d_abord", [True, False])
def test_a_quartier_given_by_its_contour_and_by_its_index_is_one_and_keeps_both(
    tmp_path: Path, contours_d_abord: bool
) -> None:
    contours = place(tmp_path / "iris.geojson", fichier(entite(TROUE, **DEUX), entite(TROUE, CODE_IRIS="593500102")))
    indices = "code_quartier;nom;code_insee;ips\n593500101;Vauban;59350;3\n593500103;Gare;59350;1\n"
    donnes = [Donne(contours, "quartiers"), Donne(place(tmp_path / "ips.csv", indices.encode()), "quartiers")]
    jeu = check(donnes if contours_d_abord else donnes[::-1])
    lus = {q["code_quartier"]: (q["nom"], q["ips"]) for q in jeu.tables["quartiers"].to_pylist()}
    assert lus == {"593500101": ("Vauban", 3), "593500102": ("593500102", None), "593500103": ("Gare", 1)}
    bilan = jeu.rapport.tables["quartiers"]
    assert (bilan.lues, bilan.gardees, bilan.doublons) == (3, 3, 0)
    assert any("est celui d’un quartier qu’un autre fichier donne" in a.message for a in jeu.rapport.anomalies)


def test_two_files_that_disagree_on_a_quartier_are_not_made_one(tmp_path: Path) -> None:
    lignes = "code_quartier;nom;code_insee;ips\n1;Gare;59350;{}\n"
    fichiers = [place(tmp_path / f"ips{ips}.csv", lignes.format(ips).encode()) for ips in (1, 4)]
    donnes = [Donne(chemin, "quartiers") for chemin in fichiers]
    jeu = check(donnes)
    assert [q["ips"] for q in jeu.tables["quartiers"].to_pylist()] == [1]
    assert [a.regle for a in jeu.rapport.anomalies if a.regle == "doublon_different"] == ["doublon_different"]

"""Contours in service: fields that nobody needs are dropped, the same file twice changes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from mel_core.cli.commandes import principal
from mel_core.contrat.contours import publies, publish, read
from mel_core.demo import publish_contours
from mel_core.demo.reglages_demo import CONTOURS
from tests.contrat.contours.test_lecture import entite, fichier


def test_the_same_contours_twice_change_nothing_and_others_replace_them(tmp_path: Path) -> None:
    premiers = read(fichier(entite(code_iris="593500101"), entite(code_iris="593500102")), "a.geojson", "quartiers")
    assert publish(tmp_path, premiers)
    avant = publies(tmp_path, "quartiers")
    assert not publish(tmp_path, premiers)
    assert publies(tmp_path, "quartiers") == avant
    assert avant is not None
    assert avant.codes == {"593500101", "593500102"}
    assert publish(tmp_path, read(fichier(entite(code_iris="593500103")), "b.geojson", "quartiers"))
    apres = publies(tmp_path, "quartiers")
    assert apres is not None
    assert apres.codes == {"593500103"}
    assert apres.identifiant != avant.identifiant
    assert [f.name for f in (tmp_path / "contours").iterdir()] == ["quartiers.json"]


def test_only_code_name_and_geometry_enter_the_store(tmp_path: Path) -> None:
    publish(tmp_path, read(fichier(entite(code_iris="593500101", nom_iris="Wazemmes", agent="M. X")), "a", "quartiers"))
    servis = publies(tmp_path, "quartiers")
    assert servis is not None
    (servie,) = json.loads(servis.chemin.read_bytes())["features"]
    assert servie["properties"] == {"code": "593500101", "nom": "Wazemmes"}
    assert "M. X" not in servis.chemin.read_text(encoding="utf-8")


def test_no_layer_is_served_until_somebody_gives_one(tmp_path: Path) -> None:
    assert publies(tmp_path, "qpv") is None


def test_the_demonstration_serves_its_fictitious_division_and_says_so(tmp_path: Path) -> None:
    assert publish_contours(tmp_path)
    servis = publies(tmp_path, "quartiers")
    assert servis is not None
    assert servis.est_fictive
    assert len(servis.codes) == 517


def test_the_command_says_what_was_kept_and_each_contour_left_out(tmp_path: Path) -> None:
    geojson = tmp_path / "iris.geojson"
    geojson.write_bytes(fichier(entite(code_iris="593500101"), entite({"type": "Point"}, code_iris="593500102")))
    commande = [sys.executable, "-m", "mel_core", "contours", str(geojson), "--dossier-donnees", str(tmp_path / "d")]
    fini = subprocess.run(commande, check=True, capture_output=True, text=True, encoding="utf-8")
    assert "2 contours lus = 1 gardé" in fini.stdout.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Contours publiés." in fini.stdout
    assert "contour 2 : géométrie « Point »" in fini.stderr


def test_the_command_refuses_a_file_that_is_not_there_or_not_one_in_one_sentence(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    absent = principal(["contours", str(tmp_path / "rien.geojson"), "--dossier-donnees", str(tmp_path / "d")])
    assert absent == 1
    assert "introuvable" in capsys.readouterr().err
    couche = principal(["contours", str(CONTOURS), "--couche", "iris", "--dossier-donnees", str(tmp_path / "d")])
    assert couche == 2
    assert not (tmp_path / "d").exists()

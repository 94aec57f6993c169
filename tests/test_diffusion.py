"""What may be shown of a snapshot is decided once, kept beside it, and the same whoever decides it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mel_core import diffusion
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.annexes import DOSSIER
from mel_core.indicateurs.gel import geler
from mel_core.periodes import Periode, Seance
from mel_core.secret import decision
from mel_core.secret.protection import Protection
from tests.ecrans.conftest import ROUBAIX, monde
from tests.jeux import chargement
from tests.secret.test_decision import est_la_meme

SEANCE = Seance.lire("2017S2")
ANNEE = Periode.de(SEANCE, "annee")


@pytest.fixture
def entrepot(tmp_path: Path) -> Entrepot:
    entrepot = Entrepot(tmp_path)
    with entrepot.reserver():
        entrepot.publier(chargement(**monde()))
    return entrepot


@pytest.fixture
def lecteur(entrepot: Entrepot) -> Iterator[Lecteur]:
    with entrepot.ouvrir(Portee.mel(), SEANCE) as lecteur:
        yield lecteur


def fichiers(entrepot: Entrepot) -> list[Path]:
    return sorted((entrepot.dossier / DOSSIER).rglob("*.json.gz"))


def les_deux(lecteur: Lecteur, indicateur: str = "npru") -> tuple[Protection, Protection]:
    grosse = diffusion.protection(lecteur, indicateur, ANNEE)
    return grosse, diffusion.protection_fine(lecteur, indicateur, ANNEE, grosse)


def sans_rien_garder(lecteur: Lecteur, indicateur: str = "npru") -> tuple[Protection, Protection]:
    lecteur.annexes, gardees = None, lecteur.annexes
    decidees = les_deux(lecteur, indicateur)
    lecteur.annexes = gardees
    return decidees


@pytest.mark.parametrize("indicateur", diffusion.REFERENCES)
def test_what_is_kept_is_what_is_decided(entrepot: Entrepot, lecteur: Lecteur, indicateur: str) -> None:
    decidees = sans_rien_garder(lecteur, indicateur)
    assert fichiers(entrepot) == []
    for _ in range(2):  # decided and kept, then read
        for une, autre in zip(les_deux(lecteur, indicateur), decidees, strict=True):
            assert est_la_meme(une, autre)
    assert len(fichiers(entrepot)) == 2
    if indicateur == "npru":
        assert decidees[0].groupes("commune")["est_regroupee"].any()


def test_what_is_kept_is_read_and_not_decided_again(entrepot: Entrepot, lecteur: Lecteur) -> None:
    grosse, _ = les_deux(lecteur)
    # A line that no rule would hide, in the very file: only a reader can tell.
    ailleurs = replace(grosse, cachees=grosse.cachees | {(ROUBAIX, "B9")})
    assert lecteur.annexes is not None
    for fichier in fichiers(entrepot):
        lecteur.annexes.garder(fichier.name.removesuffix(".json.gz"), decision.ecrire(ailleurs) or b"")
    assert (ROUBAIX, "B9") in diffusion.protection(lecteur, "npru", ANNEE).cachees


@pytest.mark.parametrize("octets", [b"", b"\x1f\x8b", b"{}"])
def test_a_damaged_file_is_decided_again_without_a_word_to_the_reader(
    entrepot: Entrepot, lecteur: Lecteur, octets: bytes
) -> None:
    decidees = les_deux(lecteur)
    entiers = {f: f.read_bytes() for f in fichiers(entrepot)}
    for fichier in entiers:
        fichier.write_bytes(octets)
    for une, autre in zip(les_deux(lecteur), decidees, strict=True):
        assert est_la_meme(une, autre)
    assert {f: f.read_bytes() for f in fichiers(entrepot)} == entiers


def test_everything_is_decided_ahead_for_the_latest_seance(entrepot: Entrepot, lecteur: Lecteur) -> None:
    diffusion.preparer(entrepot)
    prets = fichiers(entrepot)
    for indicateur in diffusion.REFERENCES:
        les_deux(lecteur, indicateur)
    assert fichiers(entrepot) == prets != []


def test_decisions_go_with_the_snapshot_that_they_follow_from(entrepot: Entrepot) -> None:
    diffusion.preparer(entrepot)
    ancien = entrepot.instantane()
    assert ancien is not None
    with entrepot.reserver():
        entrepot.publier(chargement(**{**monde(), "attributions": monde()["attributions"].slice(0, 150)}))
    (entrepot.dossier / "jeux" / f"{ancien.identifiant}.duckdb").unlink()
    diffusion.preparer(entrepot)
    nouveau = entrepot.instantane()
    assert nouveau is not None
    assert {f.parent.name for f in fichiers(entrepot)} == {nouveau.identifiant}


def test_a_frozen_seance_whose_rows_are_gone_shows_the_same_lines(entrepot: Entrepot) -> None:
    with entrepot.ouvrir(Portee.mel(), SEANCE) as lecteur:
        avant = les_deux(lecteur)
        identifiant = lecteur.instantane.identifiant
    geler(entrepot, SEANCE)
    (entrepot.dossier / "jeux" / f"{identifiant}.duckdb").unlink()
    with Entrepot(entrepot.dossier).ouvrir(Portee.mel(), SEANCE) as lecteur:
        assert lecteur.gel == SEANCE
        for une, autre in zip(les_deux(lecteur), avant, strict=True):
            assert est_la_meme(une, autre)
    assert {f.parent.name for f in fichiers(entrepot)} == {identifiant, str(SEANCE)}


def test_where_nothing_is_published_there_is_nothing_to_decide(tmp_path: Path) -> None:
    diffusion.preparer(Entrepot(tmp_path))
    assert list(tmp_path.iterdir()) == []

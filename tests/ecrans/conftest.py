"""A store of its own for each test of the screens."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import streamlit as st

from mel_core.entrepot import Entrepot, Instantane
from mel_core.indicateurs.comptage import freeze
from mel_core.secret.bail import SALLE, Audience, lease
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from pages.commun.choix_perimetre import Perimetre
from tests.conftest import once
from tests.jeux import attribution, bailleurs, build_store, chargement, serve, table

ROUBAIX, TOURCOING, LANNOY, TOUFFLERS = "59512", "59599", "59332", "59598"
PLAFOND_2017 = 20123  # PLUS, one person
Publier = Callable[..., Instantane]


@contextmanager
def served(dossier: Path) -> Iterator[None]:
    """The screens read this store, and no cache of another."""
    with pytest.MonkeyPatch.context() as environnement:
        environnement.setenv("MEL_DONNEES", str(dossier))
        st.cache_resource.clear()
        st.cache_data.clear()
        yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def en_salle() -> Iterator[None]:
    """Who asks is a room."""
    with lease(SALLE):
        yield


@pytest.fixture
def lu_par(audience: Audience) -> Iterator[None]:
    """Who asks is the `audience` of the test."""
    with lease(audience):
        yield


@pytest.fixture
def publish(tmp_path: Path) -> Iterator[Publier]:
    """Publish tables in the store that the screens read."""

    def publier_tables(nature: str = "fictive", **tables: pa.Table) -> Instantane:
        entrepot = Entrepot(tmp_path)
        with entrepot.reserve():
            return serve(entrepot, chargement(nature, **tables))

    with served(tmp_path):
        yield publier_tables


@pytest.fixture
def monde_publie(publish: Publier, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The small world, or what the file of the test calls `monde`, in the store that the screens read."""
    publish(**getattr(request.module, "monde", monde)())
    return tmp_path


@pytest.fixture
def magasin(tmp_path: Path) -> Iterator[Path]:
    """A store of nothing, that the screens read."""
    with served(tmp_path):
        yield tmp_path


@pytest.fixture(scope="module")
def dossier(demonstration_copiee: Path) -> Iterator[Path]:
    """The copy of the demonstration, that the screens read."""
    with served(demonstration_copiee):
        yield demonstration_copiee


@pytest.fixture(scope="session")
def monde_gele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world, where what a signature of ICI 2 freezes is frozen: to count all of it is what one costs."""

    def write(dossier: Path) -> None:
        entrepot = build_store(dossier, chargement(**monde()))
        for seance in (Seance(2017, 1), Seance(2017, 2)):
            freeze(entrepot.pour("ICI 2"), seance)

    return once(tmp_path_factory, "monde-gele", write)


@pytest.fixture
def a_signer(monde_gele: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it, for a test that signs and looks at nothing that is frozen."""
    with served(shutil.copytree(monde_gele, tmp_path, dirs_exist_ok=True)):
        yield tmp_path


@pytest.fixture(scope="module")
def petit_monde(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instantane]:
    """The small world, published once for the tests of a file that read it and write nothing: what a server keeps of
    it for one visitor is there for the next."""
    entrepot = Entrepot(tmp_path_factory.mktemp("monde"))
    with entrepot.reserve():
        publie = serve(entrepot, chargement(**monde()))
    with served(entrepot.dossier):
        yield publie


@pytest.fixture
def perimetre(petit_monde: Instantane) -> Perimetre:
    """Its ICI 2, at the second séance of 2017."""
    seance = Seance.read("2017S2")
    return Perimetre(donnees.instantane(seance), seance, "ICI 2", ("Roubaisien", "Tourquennois"))


def monde() -> dict[str, pa.Table]:
    """Four communes of ICI 2 in 2017, one quartier each: 100 fragile in Roubaix (66 modest), 50 sans in Tourcoing (20
    modest, 5 of unknown income), and two communes of the Roubaisien under eleven: Lannoy 6 (6 modest), Toufflers 7 (0).
    One attribution in three is a mutation; one first access in four is ACI, by bailleur B1 in odd ranks, B2 in even."""
    lieux = ((ROUBAIX, "fragile", 100, 66, 0), (TOURCOING, "sans", 50, 20, 5), (LANNOY, "fragile", 6, 6, 0))
    lignes: list[dict[str, Any]] = []
    for commune, _, n, n_modestes, n_inconnus in (*lieux, (TOUFFLERS, "fragile", 7, 0, 0)):
        for i in range(n):
            revenu = None if i >= n - n_inconnus else (0.3 if i < n_modestes else 0.5) * PLAFOND_2017
            lignes.append(
                attribution(
                    len(lignes),
                    date_bail=date(2017, 1 if i % 2 else 12, 1),
                    code_insee=commune,
                    code_quartier=f"{commune}0101",
                    code_bailleur=f"B{1 + i % 2}",
                    n_personnes=1,
                    revenu_fiscal=revenu,
                    mutation=i % 3 == 0,
                    aci=i % 4 == 1,
                )
            )
    quartiers = [
        {"code_quartier": f"{c}0101", "nom": "Quartier d’essai", "code_insee": c, "fragilite": f}
        for c, f, *_ in (*lieux, (TOUFFLERS, "fragile"))
    ]
    return {
        "bailleurs": bailleurs("B1", "B2"),
        "quartiers": table("quartiers", *quartiers),
        "attributions": table("attributions", *lignes),
    }

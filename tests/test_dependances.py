"""What the product imports is what it says that it installs, to the exact version."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.test_architecture import RACINE, roots, sources

NOTRES = {"mel_core", "pages", "tests", "scripts", "app", "lancer", "serveur"}
PRODUIT = ("app.py", "mel_core", "pages")
TOUT = (*PRODUIT, "tests", "scripts")


def declared(fichier: str) -> dict[str, str]:
    """Requirement lines by normalised distribution name, included files (`-r`) too."""
    lignes: dict[str, str] = {}
    for ligne in (RACINE / fichier).read_text(encoding="utf-8").splitlines():
        exigence = ligne.split("#")[0].strip()
        if exigence.startswith("-r "):
            lignes |= declared(exigence.split()[1])
        elif exigence:
            lignes[normalise(re.split(r"[=<>~! ;\[]", exigence)[0])] = exigence
    return lignes


def normalise(nom: str) -> str:
    return re.sub(r"[-_.]+", "-", nom).lower()


def third_parties(*lieux: str) -> set[str]:
    """Top-level modules imported there that are neither Python's own nor ours."""
    modules: set[str] = set()
    for chemin in sources():
        if chemin.parts[0] in lieux:
            modules |= roots(chemin, ast.parse((RACINE / chemin).read_text(encoding="utf-8")))
    return modules - set(sys.stdlib_module_names) - NOTRES


@pytest.mark.ci
@pytest.mark.parametrize(("fichier", "lieux"), [("requirements.txt", PRODUIT), ("requirements-dev.txt", TOUT)])
def test_every_imported_library_is_declared(fichier: str, lieux: tuple[str, ...]) -> None:
    distributions = packages_distributions()
    connues = declared(fichier)
    assert {
        module
        for module in third_parties(*lieux)
        if not any(normalise(nom) in connues for nom in distributions.get(module, []))
    } == set()


def test_every_requirement_is_pinned_to_one_version() -> None:
    assert [e for e in declared("requirements-dev.txt").values() if not re.match(r"[\w.-]+==[\w.]+( ;|$)", e)] == []

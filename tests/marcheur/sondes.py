"""What a walk runs of the pages: once `install` was called, each block of what is imported of them says that it ran.

A trace of the interpreter would say so too, at the cost of each call that Streamlit and pandas make.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from streamlit.runtime.scriptrunner.script_cache import ScriptCache

Bloc = tuple[str, int]  # a file, and the line where it begins
COURUS: set[Bloc] = set()  # since somebody cleared it
SONDE = "_bloc_couru"


def install() -> None:
    """Before anything of the pages is imported."""
    setattr(builtins, SONDE, COURUS.add)
    sys.meta_path.insert(0, _Chercheur())


def scripts() -> ScriptCache:
    """The pages themselves, which Streamlit compiles."""
    return _Scripts() if hasattr(builtins, SONDE) else ScriptCache()


@cache
def blocks(fichier: str) -> frozenset[Bloc]:
    """Those of a module."""
    return frozenset(bloc for _, _, bloc in _corps(_parse(Path(fichier)), fichier))


def _parse(fichier: Path) -> ast.Module:
    return ast.parse(fichier.read_bytes(), str(fichier))


def _corps(arbre: ast.Module, fichier: str) -> Iterator[tuple[list[ast.stmt], int, Bloc]]:
    """Each list of statements, where a probe goes in it, and its block."""
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Module | ast.ClassDef | ast.Lambda | ast.IfExp):
            continue
        for nom in ("body", "orelse", "finalbody"):
            if corps := getattr(noeud, nom, None):
                a_une_docstring = (
                    isinstance(noeud, ast.FunctionDef) and ast.get_docstring(noeud, clean=False) is not None
                )
                rang = int(a_une_docstring and len(corps) > 1)
                yield corps, rang, (fichier, corps[rang].lineno)


def compile_page(fichier: str) -> CodeType:
    arbre = _parse(Path(fichier))
    for corps, rang, bloc in list(_corps(arbre, fichier)):
        appel = ast.Call(ast.Name(SONDE, ast.Load()), [ast.Constant(bloc)], [])
        sonde = ast.copy_location(ast.Expr(appel), corps[rang])
        corps.insert(rang, ast.fix_missing_locations(sonde))
    return compile(arbre, fichier, "exec", dont_inherit=True)


class _Chargeur(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        return compile_page(self.path)


class _Chercheur(MetaPathFinder):
    def find_spec(self, nom: str, chemin: Sequence[str] | None, cible: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(nom, chemin, cible) if nom.startswith("pages.") else None
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Chargeur(nom, spec.loader.path)
        return spec


class _Scripts(ScriptCache):
    def get_bytecode(self, script_path: str) -> Any:
        if script_path not in self._cache:
            self._cache[script_path] = compile_page(script_path)
        return self._cache[script_path]

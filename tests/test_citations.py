"""What a document, a docstring or a comment cites is in the repository, under that name."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

MOI = "tests/test_citations.py"
RACINE = Path(__file__).resolve().parent.parent
TEXTES = [
    "README.md",
    "CONTRIBUTING.md",
    *(str(p.relative_to(RACINE)) for p in sorted((RACINE / "docs").rglob("*.md"))),
]
SOURCES = sorted(str(p.relative_to(RACINE)) for d in ("mel_core", "pages", "tests") for p in (RACINE / d).rglob("*.py"))
CHEMIN = re.compile(r"`((?:mel_core|pages|tests|docs|data|scripts|static)/[\w./-]*)`")
MODULE = re.compile(r"`((?:mel_core|pages)(?:\.\w+)+)(?:\([^`]*)?`")

NOTION = re.compile(r"^\| (`.+?`) \| [^|]+ \| (`.+?`) \|$", re.MULTILINE)
DEFINI = re.compile(r"^(?:class|def) (\w+)", re.MULTILINE)
NOMS = re.compile(r"`([^`]+)`")
LIGNES_MAX, NOTIONS_MAX = 120, 20


def unknown(texte: str) -> list[str]:
    """The paths and dotted names that `texte` cites and that are nowhere."""
    perdus = [c for c in CHEMIN.findall(texte) if not ((RACINE / c).exists() or (RACINE / f"{c}.py").exists())]
    return perdus + [nom for nom in MODULE.findall(texte) if not exists(nom)]


def exists(nom: str) -> bool:
    """A module, or a name that it defines."""
    paquet, _, dernier = nom.rpartition(".")
    try:
        if find_spec(nom) is not None:
            return True
    except ModuleNotFoundError:
        pass
    try:
        return hasattr(import_module(paquet), dernier)
    except ModuleNotFoundError:
        return bool(paquet) and "." in paquet and exists_attribute(paquet, dernier)


def exists_attribute(paquet: str, dernier: str) -> bool:
    """`mel_core.x.Classe.methode`."""
    module, _, classe = paquet.rpartition(".")
    try:
        return hasattr(getattr(import_module(module), classe, None), dernier)
    except ModuleNotFoundError:
        return False


def test_what_is_cited_is_there() -> None:
    lus = {f: unknown((RACINE / f).read_text(encoding="utf-8")) for f in (*TEXTES, *SOURCES) if f != MOI}
    assert {f: perdus for f, perdus in lus.items() if perdus} == {}


def test_what_is_not_there_is_seen() -> None:
    assert unknown("`mel_core/parti.py`, `mel_core.parti.fonction`, `mel_core.socle.langue.parti`") == [
        "mel_core/parti.py",
        "mel_core.parti.fonction",
        "mel_core.socle.langue.parti",
    ]


def test_who_takes_part_reads_little_and_finds_each_notion_in_its_file() -> None:
    texte = (RACINE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert len(texte.splitlines()) <= LIGNES_MAX
    glossaire = NOTION.findall(texte.partition("notions\n")[2].partition("\n## ")[0])
    assert 10 < len(glossaire) <= NOTIONS_MAX
    assert [nom for noms, ou in glossaire for nom in NOMS.findall(noms) if nom not in defined(NOMS.findall(ou))] == []


def defined(fichiers: list[str]) -> set[str]:
    """What the files of a line of the glossary define, and `module.name` of it; one without its folder is beside the
    one before, a folder is all that is in it."""
    noms = set[str]()
    dossier = RACINE
    for fichier in fichiers:
        dossier = (RACINE / fichier).parent if "/" in fichier else dossier
        ou = dossier / Path(fichier).name
        for source in sorted(ou.rglob("*.py")) if ou.is_dir() else [ou]:
            for nom in DEFINI.findall(source.read_text(encoding="utf-8")):
                noms |= {nom, f"{nom}()", f"{source.stem}.{nom}"}
    return noms

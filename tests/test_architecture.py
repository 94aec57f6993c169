"""Who may import whom, and the few rules of the house that a machine can read.

A rule is a function from one source (its path from the root, its tree) to what is wrong with it, in words. Each one
is applied to every source of the product, and to a bad and a good sample that show that it tells them apart.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from mel_core.indicateurs import INDICATEURS

RACINE = Path(__file__).resolve().parent.parent

# From the ground up: a room imports from the rows above it and from itself, never from its own row or below.
ETAGES: tuple[tuple[str, ...], ...] = (
    ("socle",),
    ("contrat", "journal"),
    ("objectifs", "secret"),
    ("entrepot",),
    ("segments", "indicateurs", "droits"),
    ("seance", "simulation"),
    ("dossier", "demo"),
    ("cli",),
    ("__main__",),
)
ETAGE = {piece: etage for etage, pieces in enumerate(ETAGES) for piece in pieces}
MESURES = {"streamlit", "altair", "plotly", "pydeck"}
LIGNES_MAX = 400
MOTEURS = (
    "mel_core/simulation/reorientation",
    "mel_core/simulation/plan",
    "mel_core/simulation/programmation.py",
    "mel_core/simulation/engagement/calcul_engagement.py",
    "mel_core/simulation/convergence.py",
    "mel_core/simulation/ordonnancement.py",
)
PARTAGES = {"commun", "adaptateur"}
SQL = re.compile(r"\b(select|insert|update|delete|create)\b", re.IGNORECASE)

Regle = Callable[[PurePosixPath, ast.Module], Iterator[str]]


def sources() -> list[PurePosixPath]:
    """Every Python file of the product, from the root."""
    dossiers = ("mel_core", "pages", "scripts", "tests")
    fichiers = [*RACINE.glob("*.py"), *(f for d in dossiers for f in (RACINE / d).rglob("*.py"))]
    return sorted(PurePosixPath(f.relative_to(RACINE).as_posix()) for f in fichiers)


def imported(chemin: PurePosixPath, arbre: ast.Module) -> set[str]:
    """Full dotted names that a source imports; `from a import b` gives `a` and `a.b`."""
    noms: set[str] = set()
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Import):
            noms |= {alias.name for alias in noeud.names}
        elif isinstance(noeud, ast.ImportFrom):
            paquet = chemin.parent.parts[: len(chemin.parent.parts) - noeud.level + 1] if noeud.level else ()
            base = ".".join([*paquet, *([noeud.module] if noeud.module else [])])
            noms |= {base, *(f"{base}.{alias.name}" for alias in noeud.names)}
    return noms


def roots(chemin: PurePosixPath, arbre: ast.Module) -> set[str]:
    return {nom.split(".")[0] for nom in imported(chemin, arbre)}


def under(chemin: PurePosixPath, *dossiers: str) -> bool:
    return any(chemin.is_relative_to(dossier) for dossier in dossiers)


def core_knows_no_screen(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    if under(chemin, "mel_core"):
        for nom in roots(chemin, arbre) & {*MESURES, "pages", "app", "lancer"}:
            yield f"{chemin} imports {nom}: the core knows no screen"


def only_the_store_knows_duckdb(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    if not under(chemin, "mel_core/entrepot", "tests") and "duckdb" in roots(chemin, arbre):
        yield f"{chemin} imports duckdb: go through mel_core.entrepot"


def layers_go_downwards(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    if not under(chemin, "mel_core") or chemin == PurePosixPath("mel_core/__init__.py"):
        return
    ici = chemin.parts[1].removesuffix(".py")
    if ici not in ETAGE:
        yield f"{chemin}: give the room « {ici} » its place in ETAGES"
        return
    la_bas = {nom.split(".")[1] for nom in imported(chemin, arbre) if nom.startswith("mel_core.")}
    for piece in la_bas - {ici}:
        if ETAGE.get(piece, len(ETAGES)) >= ETAGE[ici]:
            yield f"{chemin} imports mel_core.{piece}: imports go downwards only"


def engines_are_pure(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    if under(chemin, *MOTEURS):
        for nom in imported(chemin, arbre):
            if nom == "mel_core.entrepot" or nom.startswith("mel_core.entrepot."):
                yield f"{chemin} imports {nom}: an engine takes frames and reads no store"


def indicators_ignore_each_other(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    if under(chemin, "mel_core/indicateurs") and chemin.stem in INDICATEURS:
        for nom in imported(chemin, arbre):
            autre = nom.removeprefix("mel_core.indicateurs.").split(".")[0]
            if nom.startswith("mel_core.indicateurs.") and autre in INDICATEURS.keys() - {chemin.stem}:
                yield f"{chemin} imports {nom}: an indicator never leans on another"


def slot(morceaux: Sequence[str]) -> str:
    """The room of `pages/` that a path or a dotted name is in: `commun`, `listes`, `seance.bilan`…"""
    n = 3 if morceaux[1] in {"seance", "preparer"} else 2
    return ".".join(morceaux[1:n])


def slots_never_meet(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    if under(chemin, "pages"):
        ici = slot(chemin.with_suffix("").parts)
        for nom in imported(chemin, arbre):
            morceaux = nom.split(".")
            if morceaux[0] in {"app", "lancer", "tests", "scripts"}:
                yield f"{chemin} imports {nom}"
            if morceaux[0] == "pages" and len(morceaux) > 1 and slot(morceaux) not in {ici, *PARTAGES}:
                yield f"{chemin} imports {nom}: what slots share lives in pages/commun"


def no_page_at_the_top(chemin: PurePosixPath, _arbre: ast.Module) -> Iterator[str]:
    if chemin.parent == PurePosixPath("pages"):
        yield f"{chemin}: Streamlit would serve it without app.py; put it in a sub-folder"


def no_sql_in_formatted_text(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    if under(chemin, "tests"):
        return
    for noeud in ast.walk(arbre):
        texte = ""
        if isinstance(noeud, ast.JoinedStr):
            texte = " ".join(str(m.value) for m in noeud.values if isinstance(m, ast.Constant))
        elif (
            isinstance(noeud, ast.Call)
            and isinstance(noeud.func, ast.Attribute)
            and noeud.func.attr == "format"
            and isinstance(noeud.func.value, ast.Constant)
        ):
            texte = str(noeud.func.value.value)
        if SQL.search(texte):
            yield f"{chemin}:{noeud.lineno}: SQL belongs in a .sql file, with bound parameters"


def a_private_name_stays_at_home(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    if not under(chemin, "mel_core", "pages"):
        return
    notres: set[str] = set()  # names bound here by an import of ours
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Import):
            notres |= {a.asname or a.name.split(".")[0] for a in noeud.names if is_ours(a.name)}
        elif isinstance(noeud, ast.ImportFrom) and (noeud.level or is_ours(noeud.module or "")):
            notres |= {alias.asname or alias.name for alias in noeud.names}
            for nom in (*(noeud.module or "").split("."), *(alias.name for alias in noeud.names)):
                if is_private(nom):
                    yield f"{chemin}:{noeud.lineno} imports {nom}: give what is shared a public name"
    lus = (n for n in ast.walk(arbre) if isinstance(n, ast.Attribute) and is_private(n.attr))
    for noeud in lus:
        if isinstance(noeud.value, ast.Name) and noeud.value.id in notres:
            yield f"{chemin}:{noeud.lineno} reads {noeud.value.id}.{noeud.attr}: give what is shared a public name"


def several_are_chosen_one_by_one(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    if under(chemin, "pages") and chemin != PurePosixPath("pages/commun/widgets.py"):
        for noeud in ast.walk(arbre):
            if isinstance(noeud, ast.Attribute) and noeud.attr == "multiselect":
                yield f"{chemin}:{noeud.lineno}: widgets.plusieurs, which offers no « select all » in English"


def is_ours(nom: str) -> bool:
    return nom.split(".")[0] in {"mel_core", "pages"}


def is_private(nom: str) -> bool:
    return nom.startswith("_") and not nom.startswith("__")


def a_download_has_one_door(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    """What is offered otherwise is refused where a login is configured, and there alone."""
    if under(chemin, "pages") and chemin != PurePosixPath("pages/adaptateur/telechargement.py"):
        for noeud in ast.walk(arbre):
            if isinstance(noeud, ast.Attribute) and noeud.attr == "download_button":
                yield f"{chemin}, line {noeud.lineno}: offer it by pages.adaptateur.telechargement"


def rights_have_one_door(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    """The menu that rehearses a profile names them all; every other page asks for an action."""
    if under(chemin, "pages") and chemin != PurePosixPath("pages/commun/profils.py"):
        for noeud in ast.walk(arbre):
            if isinstance(noeud, ast.Name) and noeud.id == "TypeProfil":
                yield f"{chemin}:{noeud.lineno} compares a profile: ask visiteur.may(Action.…)"


def what_is_answered_and_written_has_one_door(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    """On screens: who asks is `visiteur.lu_par`, what is kept is kept by `memo`, who writes is
    `ecriture.require_auteur`, what runs alone is `incidents.fragment`, which asks them again."""
    if not under(chemin, "pages"):
        return
    if "mel_core.secret.bail.PREPARATION" in imported(chemin, arbre) and chemin.stem != "visiteur":
        yield f"{chemin}: an exact reader is made by visiteur.lu_par alone"
    lus = {id(n.value) for n in ast.walk(arbre) if isinstance(n, ast.Attribute)}  # `.nom`, `.organisation`: said
    for noeud in ast.walk(arbre):
        dit = ast.unparse(noeud) if isinstance(noeud, ast.Attribute | ast.Call) else ""
        if dit in ("st.cache_data", "st.cache_resource") and chemin.stem not in ("memo", "donnees", "journal"):
            yield f"{chemin}:{noeud.lineno}: what is kept between runs is kept by pages.commun.memo"
        if dit == "st.fragment" and chemin.stem != "incidents":
            yield f"{chemin}: a fragment is one of incidents.fragment"
        if dit == "ecriture.auteur()" and id(noeud) not in lus and chemin.stem != "brouillon":
            yield f"{chemin}:{noeud.lineno}: who writes is asked of ecriture.require_auteur"


def nothing_holds_a_reader(chemin: PurePosixPath, arbre: ast.Module) -> Iterator[str]:
    """Who asks is asked where a figure is rendered: no class has a reader among its fields, nor a module one."""
    if under(chemin, "mel_core/secret"):
        return
    corps = [arbre.body, *(n.body for n in ast.walk(arbre) if isinstance(n, ast.ClassDef))]
    for noeud in (n for lignes in corps for n in lignes if isinstance(n, ast.Assign | ast.AnnAssign)):
        dit = ast.unparse(noeud)
        if "reader()" in dit or (isinstance(noeud, ast.AnnAssign) and "Audience" in ast.unparse(noeud.annotation)):
            yield f"{chemin}:{noeud.lineno} keeps a reader: ask reader() where the figure is rendered"


REGLES: tuple[Regle, ...] = (
    nothing_holds_a_reader,
    what_is_answered_and_written_has_one_door,
    rights_have_one_door,
    a_download_has_one_door,
    core_knows_no_screen,
    only_the_store_knows_duckdb,
    layers_go_downwards,
    engines_are_pure,
    indicators_ignore_each_other,
    slots_never_meet,
    no_page_at_the_top,
    no_sql_in_formatted_text,
    a_private_name_stays_at_home,
    several_are_chosen_one_by_one,
)


def faults(regle: Regle, chemin: str, source: str) -> list[str]:
    return list(regle(PurePosixPath(chemin), parsed(source)))


@cache
def parsed(source: str) -> ast.Module:
    return ast.parse(source)


@pytest.mark.parametrize("regle", REGLES, ids=lambda r: r.__name__)
def test_every_source_follows_the_rule(regle: Regle) -> None:
    assert [
        faute
        for chemin in sources()
        for faute in faults(regle, str(chemin), (RACINE / chemin).read_text(encoding="utf-8"))
    ] == []


def test_no_module_is_over_the_line_limit() -> None:
    assert {
        str(chemin): lignes
        for chemin in sources()
        if (lignes := len((RACINE / chemin).read_text(encoding="utf-8").splitlines())) > LIGNES_MAX
    } == {}


def test_a_name_of_class_is_that_of_one_class() -> None:
    classes = [
        (noeud.name.lstrip("_"), f"{chemin}:{noeud.lineno}")
        for chemin in sources()
        if chemin.parts[0] in ("mel_core", "pages")
        for noeud in ast.walk(parsed((RACINE / chemin).read_text(encoding="utf-8")))
        if isinstance(noeud, ast.ClassDef)
    ]
    assert len(classes) > 300
    n_fois = Counter(nom for nom, _ in classes)
    assert [(nom, ou) for nom, ou in classes if n_fois[nom] > 1] == []


@pytest.mark.parametrize(
    ("regle", "chemin", "source"),
    [
        (
            what_is_answered_and_written_has_one_door,
            "pages/simuler/simuler.py",
            "from mel_core.secret.bail import PREPARATION",
        ),
        (what_is_answered_and_written_has_one_door, "pages/simuler/simuler.py", "@st.fragment\ndef f(): ..."),
        (what_is_answered_and_written_has_one_door, "pages/simuler/simuler.py", "ecrire(journal, ecriture.auteur())"),
        (nothing_holds_a_reader, "pages/commun/choix_perimetre.py", "class Perimetre:\n    audience: Audience"),
        (nothing_holds_a_reader, "pages/seance/bilan/essai.py", "QUI = reader()"),
        (what_is_answered_and_written_has_one_door, "pages/suivre/accueil.py", "@st.cache_data(ttl=1)\ndef f(): ..."),
        (core_knows_no_screen, "mel_core/socle/langue.py", "import streamlit as st"),
        (core_knows_no_screen, "mel_core/cli/demo.py", "from altair.vegalite import v6"),
        (core_knows_no_screen, "mel_core/cli/demo.py", "def f():\n    from pages.commun import figures"),
        (only_the_store_knows_duckdb, "mel_core/indicateurs/calcul_indicateurs.py", "import duckdb"),
        (only_the_store_knows_duckdb, "pages/seance/bilan/bilan.py", "from duckdb import connect"),
        (layers_go_downwards, "mel_core/simulation/convergence.py", "from mel_core.seance.preuves import Profil"),
        (engines_are_pure, "mel_core/simulation/plan/calcul_plan.py", "from mel_core.entrepot import Entrepot"),
        (layers_go_downwards, "mel_core/secret/regroupement.py", "from mel_core import entrepot"),
        (layers_go_downwards, "mel_core/secret/regroupement.py", "from ..entrepot import Entrepot"),
        (layers_go_downwards, "mel_core/contrat/controle.py", "import mel_core.indicateurs.calcul_indicateurs"),
        (layers_go_downwards, "mel_core/segments/regles_segments.py", "from mel_core.indicateurs import calculer"),
        (layers_go_downwards, "mel_core/socle/erreurs.py", "from mel_core.inconnu import x"),
        (layers_go_downwards, "mel_core/inconnu.py", ""),
        (indicators_ignore_each_other, "mel_core/indicateurs/aci.py", "from mel_core.indicateurs import equilibre"),
        (indicators_ignore_each_other, "mel_core/indicateurs/aci.py", "from .equilibre import part"),
        (slots_never_meet, "pages/seance/bilan/bilan.py", "from pages.preparer import imports"),
        (slots_never_meet, "pages/commun/images/figures.py", "import pages.seance.bilan.bilan"),
        (slots_never_meet, "pages/seance/bilan/bilan.py", "import app"),
        (no_page_at_the_top, "pages/bilan.py", ""),
        (
            a_download_has_one_door,
            "pages/seance/bilan/bilan.py",
            "import streamlit as st\nst.download_button('CSV', b'')",
        ),
        (no_sql_in_formatted_text, "mel_core/entrepot/lecteur.py", "q = f'select * from {table}'"),
        (no_sql_in_formatted_text, "pages/seance/bilan/bilan.py", 'q = f"""\nDELETE from {t}\n"""'),
        (no_sql_in_formatted_text, "mel_core/cli/demo.py", "q = 'create table {}'.format(t)"),
        (
            a_private_name_stays_at_home,
            "pages/commun/vues.py",
            "from pages.commun.images.figures import Figure, _finish",
        ),
        (a_private_name_stays_at_home, "mel_core/secret/masque.py", "from .regroupement import _fermer as fermer"),
        (a_private_name_stays_at_home, "mel_core/secret/masque.py", "from mel_core.secret._commun import fermer"),
        (
            a_private_name_stays_at_home,
            "pages/seance/bilan/bilan.py",
            "from pages.commun import figures as f\nf._finish()",
        ),
        (several_are_chosen_one_by_one, "pages/listes/mes_listes.py", "st.multiselect('Ressources', [])"),
        (rights_have_one_door, "pages/listes/mes_listes.py", "est_sien = profil.type is TypeProfil.COMMUNE"),
    ],
)
def test_the_rule_sees_a_bad_sample(regle: Regle, chemin: str, source: str) -> None:
    assert faults(regle, chemin, source) != []


@pytest.mark.parametrize(
    ("regle", "chemin", "source"),
    [
        (core_knows_no_screen, "pages/commun/images/figures.py", "import altair"),
        (core_knows_no_screen, "mel_core/socle/langue.py", "import babel"),
        (only_the_store_knows_duckdb, "mel_core/entrepot/lecteur.py", "import duckdb"),
        (layers_go_downwards, "mel_core/cli/__init__.py", "from mel_core.entrepot.importation import importer"),
        (
            layers_go_downwards,
            "mel_core/simulation/reorientation/calcul_reorientation.py",
            "from mel_core.socle.erreurs import AppelIncorrect",
        ),
        (layers_go_downwards, "mel_core/contrat/controle.py", "from .tables import TABLES"),
        (indicators_ignore_each_other, "mel_core/indicateurs/aci.py", "from mel_core.indicateurs.coupes import COUPES"),
        (
            slots_never_meet,
            "pages/seance/bilan/bilan.py",
            "from pages.commun import figures\nimport streamlit",
        ),
        (no_page_at_the_top, "pages/seance/bilan/bilan.py", ""),
        (
            a_download_has_one_door,
            "pages/seance/bilan/bilan.py",
            "telechargement.offer('CSV', b'', 'x.csv', 'text/csv')",
        ),
        (no_sql_in_formatted_text, "mel_core/cli/demo.py", "q = f'{n} attributions selectionnées'"),
        (
            a_private_name_stays_at_home,
            "pages/commun/vues.py",
            "from pages.commun.images.dessin import finish\n_a = finish",
        ),
        (a_private_name_stays_at_home, "mel_core/__init__.py", "from mel_core.__main__ import main"),
        (a_private_name_stays_at_home, "mel_core/journal/journal.py", "import os\nos._exit(0)"),
        (a_private_name_stays_at_home, "tests/ecrans/test_vues.py", "from pages.commun.vues import _dessin"),
        (several_are_chosen_one_by_one, "pages/commun/widgets.py", "st.multiselect('Ressources', [])"),
        (rights_have_one_door, "pages/commun/profils.py", "titre = TITRES[TypeProfil.COMMUNE]"),
    ],
)
def test_the_rule_lets_a_good_sample_through(regle: Regle, chemin: str, source: str) -> None:
    assert faults(regle, chemin, source) == []

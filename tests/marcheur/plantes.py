"""Faults planted in a copy of the product, to measure what the walker finds: at places drawn at random, and relapses.

A plant bears a number that its fault shows, so that what is found can be told from what is not.
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

# A login, the server itself, and what is drawn in the browser alone: out of reach of a walk without a server.
HORS_DE_PORTEE = (
    *("connexion.py", "incidents.py"),
    *("demarrage.py", "enveloppe.py"),
)

# No screen runs or shows these lines, whatever is done to it: what the server alone asks, or after eight hours, or of
# 50 000 faults; what is said while a page runs, and gone when it is drawn; code, where English is no fault; a font; a
# list that is nobody's, which its page never opens.
JAMAIS_VUES = {
    "telechargement.py": ("return False", "_REFUSE.encode", "del _offres[cle]"),
    "rapport_lu.py": ("tampon = io.BytesIO()",),
    "lecture_listes.py": ("Une liste est celle d’une commune",),
    "": ("st.spinner(", "st.progress(", "python -m mel_core", "sans-serif"),
}

LIEN, DEMANDE, EXCEPTION = "le lien ne", "l’adresse demandait", "PlanteQ"


@dataclass(frozen=True)
class Plante:
    """`avant` becomes `apres` from line `ligne` on; `marque`: what a fault that shows it says."""

    nom: str
    fichier: str
    ligne: int
    avant: str
    apres: str
    marque: str

    def put(self, racine: Path) -> None:
        chemin = racine / self.fichier
        lignes = chemin.read_text(encoding="utf-8").splitlines(keepends=True)
        tete, suite = "".join(lignes[: self.ligne - 1]), "".join(lignes[self.ligne - 1 :])
        assert self.avant in suite, f"{self.nom}: {self.fichier} has moved"
        chemin.write_text(tete + suite.replace(self.avant, self.apres, 1), encoding="utf-8")


def is_said(marque: str, dite: str) -> bool:
    """Whether a fault that is told is that of a plant: an exception that was drawn has its own mark, wherever it is."""
    return marque in dite and (EXCEPTION in marque or EXCEPTION not in dite)


# What was mended, undone.
RECHUTES = (
    Plante(
        "point 2: correcting a decision at the closing draws the same field twice",
        "pages/commun/coordination/acte_decision.py",
        1,
        '    if not ecriture.is_signed("écrire la décision"):\n',
        "    if not ecriture.ask_auteur():\n",
        "DuplicateElement",
    ),
    Plante(
        "point 4: a file that can't be read breaks the screen",
        "pages/preparer/imports/imports.py",
        1,
        "    if not rapport.tables:\n        return\n",
        "",
        "show_bilan",
    ),
    Plante(
        "point 9: a link to what does not exist opens another",
        "pages/commun/choix_perimetre.py",
        1,
        "    if demandee is None or est_tenue or demandee in map(str, options):\n",
        "    if True:\n",
        DEMANDE,
    ),
    Plante(
        "point 12: a filter in force, unsaid",
        "mel_core/socle/langue.py",
        1,
        '**{sans_eux}**." if en_vigueur else ""\n',
        '**{sans_eux}**." if False else ""\n',
        "filtre : ",
    ),
)


def draw(racine: Path, graine: int, comptes: dict[str, int]) -> list[Plante]:
    """`comptes`: how many of each kind, among `SEMEURS`."""
    tirage = random.Random(graine)
    fichiers = [
        f for f in sorted((racine / "pages").rglob("*.py")) if f.name not in HORS_DE_PORTEE and f.name != "__init__.py"
    ]
    mendees = {x for rechute in RECHUTES for x in _places(racine, rechute)}
    plantes: list[Plante] = []
    for genre, n in comptes.items():
        lus = [(f, x) for f in fichiers for x in SEMEURS[genre](f.read_text(encoding="utf-8")) if _is_shown(f, x[0])]
        candidats = [(f, *x) for f, x in lus]
        prises = set(mendees)
        while n and candidats:
            fichier, ligne, avant, apres = tirage.choice(candidats)
            if (fichier, ligne) in prises:
                continue
            prises.add((fichier, ligne))
            numero = f"Q{chr(ord('A') + len(plantes))}"  # no digit: faults that differ by one are told once
            chemin = str(fichier.relative_to(racine))
            marque = {"exception": f"{EXCEPTION}{numero[1:]}", "anglais": f"value {numero}", "vide": f"nan {numero}"}
            plantes.append(
                Plante(
                    f"{numero} {genre}",
                    chemin,
                    ligne,
                    avant,
                    apres.replace("NN", numero),
                    marque.get(genre, LIEN),
                )
            )
            n -= 1
    return plantes


def _places(racine: Path, rechute: Plante) -> list[tuple[Path, int]]:
    """The lines that a relapse undoes: another fault written among them would hide what it looks for."""
    fichier = racine / rechute.fichier
    debut = fichier.read_text(encoding="utf-8").partition(rechute.avant)[0].count("\n") + 1
    return [(fichier, debut + rang) for rang in range(rechute.avant.count("\n"))]


def _is_shown(fichier: Path, ligne: int) -> bool:
    dite = fichier.read_text(encoding="utf-8").splitlines()[ligne - 1]
    return not any(m in dite for m in (*JAMAIS_VUES.get(fichier.name, ()), *JAMAIS_VUES[""]))


def _exceptions(source: str) -> Iterator[tuple[int, str, str]]:
    """The beginning of a branch."""
    lignes = source.splitlines()
    for noeud in ast.walk(ast.parse(source)):
        if isinstance(noeud, ast.If):
            for corps in (noeud.body, noeud.orelse):
                if corps and not isinstance(corps[0], ast.If) and corps[0].col_offset > 0:
                    ligne = lignes[corps[0].lineno - 1]
                    debut = ligne[: corps[0].col_offset]
                    if not debut.strip():
                        yield corps[0].lineno, ligne, f"{debut}raise type('PlanteNN', (Exception,), {{}})\n{ligne}"


def _anglais(source: str) -> Iterator[tuple[int, str, str]]:
    """A text of a few words, on one line, that is not a docstring."""
    arbre = ast.parse(source)
    dits = {
        id(n.body[0].value)
        for n in ast.walk(arbre)
        if isinstance(n, ast.Module | ast.FunctionDef | ast.ClassDef) and n.body and isinstance(n.body[0], ast.Expr)
    }
    dans_f = {id(v) for n in ast.walk(arbre) if isinstance(n, ast.JoinedStr) for v in n.values}
    lignes = source.splitlines()
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and noeud.lineno == noeud.end_lineno:
            dit = f'"{noeud.value}"'
            est_phrase = len(noeud.value.split()) >= 4 and "<" not in noeud.value and "{" not in noeud.value
            if id(noeud) not in dits | dans_f and est_phrase and dit in lignes[noeud.lineno - 1]:
                yield noeud.lineno, dit, '"Please select the missing value NN"'


def _vides(source: str) -> Iterator[tuple[int, str, str]]:
    """A number of a sentence."""
    for rang, ligne in enumerate(source.splitlines(), start=1):
        for trouve in re.finditer(r"\{langue\.[a-z]+\([^{}]+\)\}", ligne):
            yield rang, trouve[0], "nan NN"


def _liens(source: str) -> Iterator[tuple[int, str, str]]:
    """A parameter that the address no longer holds."""
    for rang, ligne in enumerate(source.splitlines(), start=1):
        for trouve in re.finditer(r"st\.query_params\[[^\]]+\] = ", ligne):
            yield rang, trouve[0], ""


SEMEURS: dict[str, Callable[[str], Iterator[tuple[int, str, str]]]] = {
    "exception": _exceptions,
    "anglais": _anglais,
    "vide": _vides,
    "lien": _liens,
}

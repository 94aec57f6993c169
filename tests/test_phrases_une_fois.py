"""A sentence is written in the core, beside the value that it says: a document lays out, a screen names and asks.

Read in the syntax trees of what lays out: the documents, and every page. A text is a *sentence* when it puts a value in
words (an f-string of five French words or more), or when it has a finite verb (of `VERBES`, all that this test knows of
French) and ends with a full stop. One that is put together from pieces of fewer words is not seen. What may stand there
is told by its kind, and by no name of a file: the title of something, the label or the help of a control, the message
of a fault or of a check with what to do about it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[1]
COUVERTES = ("app.py", "mel_core/dossier", "pages")
MOTS = 5
MOT = re.compile(r"[«(“]?(?:[^\W\d_]+[’'-])*[^\W\d_]+[»)”]?[.,;:!?…]*")
VERBES = re.compile(
    "est|sont|était|étaient|sera|seront|soit|a|ont|avait|auront|aura|va|vont|peut|peuvent|doit|doivent|fait|font|dit|disent|"
    "reste|restent|manque|manquent|demande|demandent|donne|donnent|compte|comptent|couvre|couvrent|change|changent|tient|"
    "tiennent|lit|lisent|suit|suivent|sert|servent|attend|attendent|garde|gardent|connaît|connaissent"
)
TITRE = re.compile(r"titre|tete|onglet|nommer")
# What a text is given as: a title, a help, a label, a refusal; what is told to who typed what another has changed.
NOMMES = re.compile(rf"{TITRE.pattern}|^(help|_?aides?|label|placeholder|perime)$|^_?refus")
# Calls whose texts are titles, labels of controls, or the message of a fault with what to do about it.
DE_TITRE = frozenset({"partie"})
DE_CONTROLE = frozenset(
    {"button", "form_submit_button", "bouton", "checkbox", "selectbox", "text_input", "text_area", "option", "pick"}
)
DE_FAUTE = re.compile(r"Erreur|Incorrect|Refus|PointDeControle")
FIN = re.compile(r"(\s|</\w+>)+$")  # the tags that end a text of HTML
VALEUR = "\N{REPLACEMENT CHARACTER}"


def texte_de(noeud: ast.expr) -> str | None:
    """A literal as it is read, `VALEUR` in place of each value; None for what is no text."""
    if isinstance(noeud, ast.Constant):
        return noeud.value if isinstance(noeud.value, str) else None
    if isinstance(noeud, ast.JoinedStr):
        return "".join((texte_de(x) or "") if isinstance(x, ast.Constant) else VALEUR for x in noeud.values)
    if isinstance(noeud, ast.BinOp) and isinstance(noeud.op, ast.Add):
        morceaux = [texte_de(x) for x in (noeud.left, noeud.right)]
        return None if morceaux == [None, None] else "".join(VALEUR if x is None else x for x in morceaux)
    return None


def is_a_sentence(texte: str) -> bool:
    if "=>" in texte:  # a script
        return False
    mots = [m.strip("«»()“”.,;:!?…") for m in texte.replace(VALEUR, " ").split() if MOT.fullmatch(m)]
    est_finie = FIN.sub("", texte).endswith(".") and any(VERBES.fullmatch(m.split("’")[-1].lower()) for m in mots)
    return est_finie or (VALEUR in texte and len(mots) >= MOTS)


def sentences(arbre: ast.AST, est_admis: bool = False) -> Iterator[tuple[int, str]]:
    """(line, text) of each sentence that no kind admits. `est_admis`: whether what is around is of one of the kinds."""
    for _, valeur in ast.iter_fields(arbre):
        for noeud in valeur if isinstance(valeur, list) else [valeur]:
            if not isinstance(noeud, ast.AST) or is_a_docstring(arbre, noeud):
                continue
            admis = est_admis or of_a_kind(noeud)
            texte = texte_de(noeud) if isinstance(noeud, ast.expr) else None
            if texte is not None and not admis and is_a_sentence(texte):
                yield noeud.lineno, texte
            elif not isinstance(noeud, ast.JoinedStr) or not admis:
                yield from sentences(noeud, admis)


def is_a_docstring(autour: ast.AST, noeud: ast.AST) -> bool:
    return (
        isinstance(noeud, ast.Expr) and isinstance(noeud.value, ast.Constant) and noeud in getattr(autour, "body", [])
    )


def of_a_kind(noeud: ast.AST) -> bool:
    if isinstance(noeud, ast.Raise):
        return True
    if isinstance(noeud, ast.Call):
        nom = name_of(noeud.func)
        return nom in DE_TITRE | DE_CONTROLE or bool(DE_FAUTE.search(nom))
    if isinstance(noeud, ast.keyword):
        return bool(NOMMES.search(noeud.arg or ""))
    if isinstance(noeud, ast.Assign | ast.AnnAssign):
        cibles = noeud.targets if isinstance(noeud, ast.Assign) else [noeud.target]
        return any(NOMMES.search(name_of(c).lower()) for c in cibles)
    return isinstance(noeud, ast.FunctionDef) and bool(NOMMES.search(noeud.name))


def name_of(noeud: ast.expr) -> str:
    if isinstance(noeud, ast.Attribute):
        return noeud.attr
    return noeud.id if isinstance(noeud, ast.Name) else ""


@pytest.mark.parametrize("piece", COUVERTES)
def test_no_sentence_is_written_where_things_are_laid_out(piece: str) -> None:
    fautes = [
        f"{chemin.relative_to(RACINE)}:{ligne} {texte.replace(VALEUR, '{}')!r}"
        for chemin in sorted({RACINE / piece, *(RACINE / piece).rglob("*.py")})
        if chemin.suffix == ".py"
        for ligne, texte in sentences(ast.parse(chemin.read_text(encoding="utf-8")))
    ]
    assert fautes == []


@pytest.mark.parametrize(
    ("source", "n"),
    [
        ('x = f"Dans {ou}, {n} ménages attendent un logement"', 1),
        ('yield Texte("Aucun engagement n’a été pris.")', 1),
        ('st.html("<p>Aucun engagement n’a été pris.</p>")', 1),
        ('x = "Les " + str(n) + " premières lignes sont dans le classeur"', 1),
        ('x = f"{n} demandes"', 0),  # a count with its unit
        ('raise AppelIncorrect(f"Le code « {code} » n’existe pas : en choisir un autre.")', 0),
        ('titre = f"Instance de coordination intercommunale de {ici} du {jour}"', 0),
        ('st.button("Garder", help=f"Garde le scénario {nom} pour la séance de {ici}.")', 0),
        ('def f():\n    """Say what is said."""\n    return 1', 0),
    ],
)
def test_a_sentence_is_told_from_a_title_a_count_and_a_remedy(source: str, n: int) -> None:
    assert len(list(sentences(ast.parse(source)))) == n

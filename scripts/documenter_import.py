"""docs/import.md, bailleur.md and mel.md, written from the declarations:
`python -m scripts.documenter_import > docs/import.md`, and so for `… bailleur` and `… mel`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mel_core.contrat import regles
from mel_core.contrat.classeurs_a_remplir import explain
from mel_core.contrat.colonnes import Colonne, SiInconnue, Table
from mel_core.contrat.explications import EXPLICATIONS, vide
from mel_core.contrat.lecture import brut, classeur, geographie, lecture_table, table_lue, texte
from mel_core.contrat.rapport import Gravite
from mel_core.contrat.regles import Regle
from mel_core.contrat.tables import TABLES
from mel_core.socle.langue import nombre

_EN_PROSE = (regles.ILLISIBLE, regles.MODELE)  # their sentences are where they are met
_TROU = re.compile(r"\{\w+\}")
_SI_INCONNUE = {
    SiInconnue.REJET: "si la référence est inconnue, la ligne est rejetée",
    SiInconnue.INCONNU: "si la référence est inconnue, lue comme « inconnu »",
    SiInconnue.HORS_MEL: "si la commune est hors de la MEL, lue comme « hors_mel »",
    SiInconnue.SIGNALER: "si la référence est inconnue, signalée",
}
_LIMITES = {
    "cellule": brut.TAILLE_CELLULE_MAX,
    "ligne": texte.TAILLE_LIGNE_MAX,
    "colonnes": lecture_table.COLONNES_MAX,
    "lignes": texte.LIGNES_MAX,
    "lignes_demandes": texte.lignes_max("demandes"),
    "lignes_evenements": texte.lignes_max("evenements"),
    "anomalies": table_lue.ANOMALIES_MAX,
    "entrees": classeur.ENTREES_MAX,
    "ratio": classeur.RATIO_MAX,
    "classeur": classeur.TAILLE_MAX >> 20,
    "contours": geographie.OCTETS_MAX >> 20,
}


def write_documentation(page: str = "import") -> str:
    """Every table, every rule with its sentence and remedy, and the limits in force, in French Markdown; for who sends
    (`bailleur`, `mel`), the columns of their tables."""
    texte = Path(__file__).with_name(f"{page}.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        texte = texte.replace(f"{{{table.nom}}}", "\n".join(_ask(table)))
    for nom, limite in _LIMITES.items():
        texte = texte.replace(f"{{{nom}}}", nombre(limite))
    for gravite in Gravite:
        texte = texte.replace(f"{{regles_{gravite}}}", "\n".join(_regles(gravite)))
    return texte.replace("{tables}", "\n\n".join(_describe_table(t) for t in TABLES.values()))


def _regles(gravite: Gravite) -> Iterator[str]:
    """A sentence is what is wrong, a colon, then what to do; what it names from the file reads `…`."""
    yield "| règle | ce qui est dit | remède |\n|---|---|---|"
    for regle in vars(regles).values():
        if isinstance(regle, Regle) and regle.gravite is gravite and regle not in _EN_PROSE:
            constat, _, remede = _TROU.sub("…", regle.phrase).partition(" : ")
            yield f"| `{regle.nom}` | {constat} | {remede} |"


def _ask(table: Table) -> Iterator[str]:
    """What is asked of a table: its columns, the required ones first, and what is unknown without each."""
    yield "| colonne | ce qu’elle dit | sans elle |\n|---|---|---|"
    for colonne in sorted(table.colonnes, key=lambda c: not c.requise):
        _, sens, *_, sans, _ = explain(table, colonne)
        quoi = "**obligatoire**" if colonne.requise else sans
        yield f"| `{colonne.nom}` | {sens.replace('|', chr(92) + '|')} | {quoi} |"


def _describe_table(table: Table) -> str:
    colonnes = "\n".join(_describe_colonne(table, c) for c in table.colonnes)
    return f"### {table.nom}\n\n| colonne | ce qui s’y lit | obligatoire |\n|---|---|---|\n{colonnes}"


def _describe_colonne(table: Table, colonne: Colonne) -> str:
    precisions = [f"{EXPLICATIONS[table.nom][colonne.nom].sens} {lecture_table.ATTENDUS[colonne.type].capitalize()}"]
    if colonne.valeurs:
        precisions.append("valeurs : " + ", ".join(colonne.valeurs))
    if colonne.minimum is not None:
        maximum = "" if colonne.maximum is None else f", au plus {nombre(colonne.maximum)}"
        precisions.append(f"au moins {nombre(colonne.minimum)}{maximum}")
    if not colonne.requise:
        precisions.append(f"vide : {vide(table.nom, colonne)}")
    if colonne.reference is not None:
        precisions.append(_SI_INCONNUE[colonne.si_inconnue])
    est_cle = "clé" if colonne.nom in table.cle else "oui" if colonne.requise else ""
    return f"| `{colonne.nom}` | {' ; '.join(precisions).replace('|', chr(92) + '|')} | {est_cle} |"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a Windows console may not be
    print(write_documentation(*sys.argv[1:]), end="")

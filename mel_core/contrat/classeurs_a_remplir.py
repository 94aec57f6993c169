"""A workbook to fill in for each table of the contract, and for each who sends: headers, closed lists, explanations.

Everything in it is read in the declarations: `tables`, `explications`, `coherence`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mel_core.contrat import explications
from mel_core.contrat.coherence import SANS
from mel_core.contrat.colonnes import Colonne, Table, Type
from mel_core.contrat.lecture.brut import FEUILLE_EXPLICATIONS
from mel_core.contrat.lecture.cellules import PREMIER_JOUR
from mel_core.contrat.lecture.lecture_table import ATTENDUS
from mel_core.contrat.tables import TABLES
from mel_core.socle import tableur
from mel_core.socle.appellations import EDITEUR

ENTETES = (
    "Colonne",
    "Ce qu’elle dit",
    "Forme",
    "Unité",
    "Obligatoire",
    "Cellule vide",
    "Valeurs admises",
    "Sans elle",
    "À demander à",
)
_LARGEURS = (30, 52, 30, 22, 12, 28, 60, 52, 28)
_LIGNES = 100_000  # that a list or a format is laid on: more than any table but the demandes of the whole
_FAIT_LE = datetime(2020, 1, 1)  # so that the same contract makes the same file
_COMME_TEXTE = (Type.IDENTIFIANT, Type.TEXTE, Type.CODE, Type.LISTE, Type.MOIS)
_OUI_NON = ("oui", "non")
_MESSAGE_MAX = 255  # characters of a message beside a cell


# What each sends, in one workbook.
ENVOIS = {
    "bailleur": ("attributions", "evenements", "residences"),
    "mel": ("quartiers", "bailleurs", "demandes", "programmation", "accueil", "commissions_qpv"),
}


def nom_de_fichier(table: str) -> str:
    return f"modele-{table}.xlsx"


def write(nom: str) -> bytes:
    """The workbook of a table, or of who sends several (`ENVOIS`): a sheet that bears the name of each, with the
    headers of the contract and no row, and a sheet « Explications », one row per column."""
    sortie = io.BytesIO()
    tables = [TABLES[table] for table in ENVOIS.get(nom, (nom,))]
    with tableur.classeur(sortie) as classeur:
        titre = "Modèle : " + ", ".join(table.nom for table in tables)
        classeur.set_properties({"title": titre, "author": EDITEUR, "created": _FAIT_LE})
        for table in tables:
            _write_donnees(classeur, table)
        _write_explications(classeur, tables)
    return sortie.getvalue()


def write_tous() -> bytes:
    """Every workbook, in one zip."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom in (*TABLES, *ENVOIS):
            archive.writestr(zipfile.ZipInfo(nom_de_fichier(nom)), write(nom))  # without a date
    return sortie.getvalue()


def admises(colonne: Colonne) -> tuple[str, ...]:
    """The values that a cell may hold, each code with its words; none when it is no closed list."""
    if colonne.type is Type.BOOLEEN:
        return _OUI_NON
    return tuple(explications.say_code(colonne.nom, code) for code in colonne.valeurs)


def _write_donnees(classeur: Any, table: Table) -> None:
    feuille = classeur.add_worksheet(table.nom)
    gras = classeur.add_format({"bold": True, "bottom": 1})
    obligatoire = classeur.add_format({"bold": True, "bottom": 1, "bg_color": "#FFF3C4"})
    texte = classeur.add_format({"num_format": "@"})
    jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
    for rang, colonne in enumerate(table.colonnes):
        feuille.write_string(0, rang, colonne.nom, obligatoire if colonne.requise else gras)
        forme = texte if colonne.type in _COMME_TEXTE else jour if colonne.type is Type.DATE else None
        feuille.set_column(rang, rang, max(12, len(colonne.nom) + 2), forme)
        feuille.data_validation(1, rang, _LIGNES, rang, _validation(table, colonne))
    feuille.freeze_panes(1, 0)


def _validation(table: Table, colonne: Colonne) -> dict[str, Any]:
    """What a spreadsheet lets in; whatever else comes by a paste, the import says."""
    dite = explications.EXPLICATIONS[table.nom][colonne.nom].sens
    est_fermee = admises(colonne) and colonne.type is not Type.LISTE
    forme = "une valeur de la liste" if est_fermee else ATTENDUS[colonne.type]
    commune = {
        "input_title": colonne.nom[:32],
        "input_message": dite[:_MESSAGE_MAX],
        "error_title": "Valeur à corriger",
        "error_message": f"Attendu : {forme}. Voir la feuille « {FEUILLE_EXPLICATIONS} »."[:_MESSAGE_MAX],
    }
    match colonne.type:
        case Type.BOOLEEN:
            return {**commune, "validate": "list", "source": list(_OUI_NON)}
        case Type.CODE | Type.CODE_ENTIER:
            return {**commune, "validate": "list", "source": list(colonne.valeurs)}
        case Type.DATE:
            return {**commune, "validate": "date", "criteria": ">=", "value": PREMIER_JOUR}
        case Type.ENTIER:
            return {**commune, "validate": "integer", "criteria": ">=", "value": int(colonne.minimum or 0)}
        case Type.NOMBRE if colonne.minimum is not None and colonne.maximum is not None:
            bornes = {"minimum": colonne.minimum, "maximum": colonne.maximum}
            return {**commune, "validate": "decimal", "criteria": "between", **bornes}
    return {**commune, "validate": "any"}


def _write_explications(classeur: Any, tables: Sequence[Table]) -> None:
    feuille = classeur.add_worksheet(FEUILLE_EXPLICATIONS)
    gras = classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    normal = classeur.add_format({"text_wrap": True, "valign": "top"})
    for rang, (entete, largeur) in enumerate(zip(ENTETES, _LARGEURS, strict=True)):
        feuille.write_string(0, rang, entete, gras)
        feuille.set_column(rang, rang, largeur)
    for ligne, (table, colonne) in enumerate(((t, c) for t in tables for c in t.colonnes), start=1):
        nom, *suite = explain(table, colonne)
        for rang, texte in enumerate((nom if len(tables) == 1 else f"{table.nom}.{nom}", *suite)):
            feuille.write_string(ligne, rang, texte, normal)
    feuille.freeze_panes(1, 1)
    feuille.set_landscape()
    feuille.fit_to_pages(1, 0)
    feuille.repeat_rows(0)


def explain(table: Table, colonne: Colonne) -> Sequence[str]:
    """What the sheet says of a column, one text per header."""
    explication = explications.EXPLICATIONS[table.nom][colonne.nom]
    est_cle = colonne.nom in table.cle
    # Nothing when nothing leans on it, or when a file may not lack it.
    sans = next((quoi for colonnes, quoi in SANS.get(table.nom, {}).items() if colonne.nom in colonnes), "")
    return (
        colonne.nom,
        explication.sens,
        ATTENDUS[colonne.type],
        explication.unite,
        "oui (clé)" if est_cle else "oui" if colonne.requise else "non",
        explications.vide(table.nom, colonne),
        ", ".join(admises(colonne)),
        sans,
        ", ".join(explications.chez(table.nom, colonne.nom)),
    )

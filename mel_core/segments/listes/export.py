"""A list as a workbook: texts stay texts, dates are dates, and a sheet says what the file is and until when."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import Any

import pandas as pd

from mel_core.socle import langue, tableur
from mel_core.socle.appellations import EDITEUR
from mel_core.socle.tableur import prepare_print

LISTE, TAMPON = "Liste", "À lire"
PSEUDONYMES = (
    "« Dossier » est un pseudonyme : le numéro unique ne se lit que dans l’export de qui a le droit d’instruire la "
    "demande."
)
NUMEROS = (
    "« Numéro unique » désigne une personne : ne garder ce fichier que le temps d’instruire. Vide : la demande n’est "
    "plus au coffre (radiée depuis plus d’un an, ou importée avant qu’il soit ouvert)."
)
_INSTRUIRE = "Instruction des demandes par le destinataire seul : ne pas transmettre, ne pas projeter."
_LARGEUR_MAX = 60
_SIGNES_IMPRIMES = 200  # of the width of a page on its side: more of them are too small to read


@dataclass(frozen=True)
class ContenuExport:
    """What the lines are: how they name households, what their first column is, what the file may serve for."""

    dites: str
    colonne: str
    notice: str
    usage: str


DEMANDES = ContenuExport("Réelles, pseudonymisées : données personnelles", "Dossier", PSEUDONYMES, _INSTRUIRE)
NUMEROTEES = ContenuExport("Réelles, avec les numéros uniques : données personnelles", "Dossier", NUMEROS, _INSTRUIRE)
CONTINGENT = ContenuExport(
    "Réelles, pseudonymisées : données personnelles",
    "Dossier",
    "« Dossier » est un pseudonyme : le bailleur et la date du bail disent à qui demander de quel ménage il s’agit.",
    "Suivi de son contingent par le réservataire destinataire seul : ne pas transmettre, ne pas projeter.",
)
BAUX = ContenuExport(
    "Réelles, sans nom ni numéro unique : une ligne par bail",
    "Attribution",
    "« Attribution » est l’identifiant du bail dans le fichier du bailleur, qui peut seul le retrouver.",
    "Complément de ses baux par le bailleur destinataire seul : ne pas transmettre, ne pas projeter.",
)


@dataclass(frozen=True)
class Tampon:
    """What every export says of itself. `quand` is local time; `filtres`: what was asked, in words; `millesime`: the
    snapshot, in the properties of the file."""

    titre: str
    qui: str
    organisation: str
    quand: datetime
    donnees: str
    nature: str
    filtres: Mapping[str, str]
    a_detruire_le: date
    contenu: ContenuExport = DEMANDES
    millesime: str = ""

    def lignes(self, n: int) -> list[tuple[str, str]]:
        """The sheet, line by line."""
        return [
            ("Document", self.titre),
            (
                "Données",
                "FICTIVES (démonstration)" if self.nature == "fictive" else self.contenu.dites,
            ),
            ("Lignes", langue.nombre(n)),
            ("Extrait par", f"{self.qui} ({self.organisation})" if self.organisation else self.qui),
            ("Extrait le", f"{langue.jour(self.quand)} à {self.quand:%Hh%M}"),
            ("Jeu de données", self.donnees),
            *((f"Filtre : {nom}", valeur) for nom, valeur in self.filtres.items()),
            (self.contenu.colonne, self.contenu.notice),
            ("À détruire avant le", langue.jour(self.a_detruire_le)),
            ("Usage", self.contenu.usage),
        ]


def export(table: pd.DataFrame, tampon: Tampon) -> bytes:
    """The workbook: sheet « Liste », one row per row of `table`, its columns as they are named; sheet « À lire ».

    A text is written as text whatever it looks like (`=…`, `00123`, an address): nothing runs, no zero is lost. Dates
    are dates, whole numbers numbers, an unknown value an empty cell.
    """
    sortie = io.BytesIO()
    with tableur.classeur(sortie) as classeur:
        qui = {"title": tampon.titre, "author": EDITEUR, "created": tampon.quand}
        classeur.set_properties({**qui, "comments": tampon.millesime})
        gras = classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        jour, longue = (classeur.add_format(x) for x in ({"num_format": "dd/mm/yyyy"}, {"text_wrap": True}))
        feuille = classeur.add_worksheet(LISTE)
        feuille.freeze_panes(1, 0)
        largeurs: list[int] = []
        for rang, colonne in enumerate(table.columns):
            feuille.write_string(0, rang, str(colonne), gras)
            valeurs = table[colonne].astype(object).tolist()
            for ligne, valeur in enumerate(valeurs, start=1):
                _write(feuille, ligne, rang, valeur, jour)
            largeurs.append(largeur := _largeur(str(colonne), valeurs))
            feuille.set_column(rang, rang, largeur, longue if largeur == _LARGEUR_MAX else None)
        feuille.autofilter(0, 0, len(table), max(0, len(table.columns) - 1))
        pied = tampon.titre, f"À détruire avant le {langue.jour(tampon.a_detruire_le)}"
        # On paper, the first columns, which matter most, at a size that is read; the others are in the file.
        n = max(1, sum(total <= _SIGNES_IMPRIMES for total in accumulate(largeurs)))
        feuille.print_area(0, 0, len(table), n - 1)
        prepare_print(feuille, *pied, tete=0)
        a_lire = classeur.add_worksheet(TAMPON)
        prepare_print(a_lire, *pied)
        lignes = tampon.lignes(len(table))
        if n < len(largeurs):
            lignes.append(("Impression", f"Jusqu’à la colonne « {table.columns[n - 1]} » ; les autres sont à l’écran."))
        _stamp(a_lire, gras, longue, lignes)
    return sortie.getvalue()


def nom_de_fichier(tampon: Tampon, contenu: bytes) -> str:
    """`poulidor-59512-2018-01-03-1a2b3c4d.xlsx`: two exports that differ never share a name."""
    empreinte = hashlib.sha256(contenu).hexdigest()[:12]
    ascii_ = unicodedata.normalize("NFKD", tampon.titre).encode("ascii", "ignore").decode().lower()
    quoi = "-".join(re.findall(r"[a-z0-9]+", ascii_))
    return f"{quoi}-{tampon.quand:%Y-%m-%d}-{empreinte}.xlsx"


def _write(feuille: Any, ligne: int, rang: int, valeur: Any, jour: Any) -> None:
    if valeur is None or pd.isna(valeur):
        return
    if isinstance(valeur, bool):
        feuille.write_string(ligne, rang, "oui" if valeur else "non")
    elif isinstance(valeur, date):  # a Timestamp too
        feuille.write_datetime(ligne, rang, datetime(valeur.year, valeur.month, valeur.day), jour)
    elif isinstance(valeur, int | float):
        feuille.write_number(ligne, rang, valeur)
    else:
        feuille.write_string(ligne, rang, str(valeur))


def _largeur(titre: str, valeurs: Sequence[Any]) -> int:
    return min(
        _LARGEUR_MAX,
        2 + max([len(titre) // 2, *map(len, titre.split()), *(len(str(v)) for v in valeurs[:500])], default=10),
    )


def _stamp(feuille: Any, gras: Any, longue: Any, lignes: Sequence[tuple[str, str]]) -> None:
    feuille.set_column(0, 0, 28)
    feuille.set_column(1, 1, 90, longue)
    for rang, (nom, valeur) in enumerate(lignes):
        feuille.write_string(rang, 0, nom, gras)
        feuille.write_string(rang, 1, valeur)

"""What a réservataire may see: the attributions on its own contingent. An attribution alone says its réservataire: no
demande, no event and no résidence is anybody's."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "contingent.sql")

# Labels that the list may be narrowed to → the column that says it.
LABELS = {"aci": "est_menage_aci", "npru": "est_npru"}
POURQUOI = (
    "Un réservataire voit les attributions de son contingent : rien dans les fichiers ne dit à qui étaient destinés "
    "une demande, une proposition ou un passage en commission, qui ne lui sont donc pas ouverts."
)


def find_all(lecteur: Lecteur, periode: Periode) -> pd.DataFrame:
    """One row per attribution of the scope signed in `periode`, the latest first.

    `pseudonyme`, `date_bail`, then codes, `inconnu` when empty: `commune`, `quartier`, `residence`, `bailleur`,
    `typologie`, `classe` (of ressources), `mutation` (premier_acces, mutation); `est_menage_aci`, `est_npru` (empty:
    unknown).
    """
    lues = lecteur.query(SQL["contingent"], debut=periode.debut, fin=periode.fin)
    return lues.assign(date_bail=pd.to_datetime(lues["date_bail"]).dt.date)


def filter_rows(lignes: pd.DataFrame, label: Sequence[str] = (), **colonnes: Sequence[str]) -> pd.DataFrame:
    """The lines that answer every filter: one of the codes of each column, one of the labels; nothing given, all."""
    gardees = pd.Series(True, index=lignes.index)
    for colonne, codes in colonnes.items():
        if codes:
            gardees &= lignes[colonne].isin(codes)
    if label:
        gardees &= lignes[[LABELS[nom] for nom in label]].eq(True).any(axis=1)
    return lignes[gardees].reset_index(drop=True)


def say_aucune(*, est_filtree: bool) -> str:
    """That no line is left, and what to do."""
    sans = "élargir les filtres" if est_filtree else "choisir une autre séance dans le bandeau"
    return f"Aucune attribution de ce contingent ne répond : {sans}."

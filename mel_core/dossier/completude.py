"""How complete the data are, bailleur by bailleur: what a figure leans on, and what is missing before the séance."""

from __future__ import annotations

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.periodes import Periode
from mel_core.sql import blocs

SQL = blocs("mel_core.dossier", "completude.sql")


def par_bailleur(lecteur: Lecteur, periode: Periode, ici: str) -> pd.DataFrame:
    """One row per bailleur with attributions in `periode` or résidences in `ici`, most attributions first.

    `bailleur` (code), `nom`, `n` (attributions), `n_ressources`, `n_quartier` (known ones among them), `n_residences`,
    `n_evenements` (recorded in the period): counts, 0 is none recorded. Source: SNE, RPLS.
    """
    return lecteur.query(SQL["par_bailleur"], ici=ici, debut=periode.debut, fin=periode.fin)

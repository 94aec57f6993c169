"""How each réservataire's agreements are held, bailleur by bailleur (gestion en flux)."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from mel_core.indicateurs.definitions import Sens
from mel_core.indicateurs.mesures import Objectif
from mel_core.secret.bail import reader
from mel_core.socle.valeurs import INCONNU, Compte

_COLONNES = ["ligne", "n_objectifs", "n_tenues", "n_manquees", "manque", "trop"]


def par_convention(exactes: pd.DataFrame, dites: pd.DataFrame, objectifs: Iterable[Objectif]) -> pd.DataFrame:
    """Each réservataire, agreement by agreement: what one bailleur gives beyond makes up for none that another lacks.

    `exactes`, `dites`: `flux` by bailleur, and the same cells as they are read. `ligne`; of its `n_objectifs` (of a
    bailleur that has attributions, over a whole year), `n_tenues` and `n_manquees` as they are said; `manque` and
    `trop`, attributions as they are said (unknown without an objective).
    """
    a_un_plafond = any(o.sens is Sens.PLAFOND for o in objectifs)
    # A side that is said without a verdict, of a floor as agreements are.
    par_cote = {} if a_un_plafond else {"au-dessus": "atteint", "au-dessous": "non_atteint"}
    lignes = []
    for reservataire, siennes in exactes.groupby("reservataire"):
        jugees = siennes[siennes["verdict"].notna()]
        lues = dites[dites["reservataire"] == reservataire]
        verdicts = lues["verdict"].fillna(lues["cote"].map(par_cote))
        manque, trop = (
            reader().compte(int(jugees.loc[jugees["sens"] == sens, "ecart_attributions"].sum()))
            if len(jugees)
            else INCONNU
            for sens in ("manque", "trop")
        )
        tenues, manquees = (int((verdicts == verdict).sum()) for verdict in ("atteint", "non_atteint"))
        # What is too many is known of every one, whoever reads, where no agreement is a ceiling.
        lignes.append((reservataire, len(jugees), tenues, manquees, manque, trop if a_un_plafond else Compte(0)))
    # A count that is not said stays what it is.
    return pd.DataFrame(lignes, columns=_COLONNES, dtype=object)

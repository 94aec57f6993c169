"""The standing views: construction, occupation of the stock, reception network, referential of fragilité.

`ici` left empty means the whole scope of the reader.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from mel_core.contrat.tables import N_PAR_TYPOLOGIE
from mel_core.entrepot import Lecteur
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "suivi.sql")


def operations(lecteur: Lecteur, ici: str | None = None) -> pd.DataFrame:
    """One row per operation of the table `programmation`, by year then code.

    `operation`, `nom`, `commune`, `nom_commune`, `ici`, `annee`, `n_logements`, `n_plus`, `n_plai`, `n_pls` and those
    of each typologie, `n_t1` to `n_t6p` (dwellings, empty when not given), `npru` (rebuilds demolished dwellings).
    """
    comptes = ["n_logements", "n_plus", "n_plai", "n_pls", *N_PAR_TYPOLOGIE.values()]
    return lecteur.query(SQL["operations"], ici=ici).astype(dict.fromkeys(comptes, "Int64"))


def residences(lecteur: Lecteur, jour: date, ici: str | None = None) -> pd.DataFrame:
    """One row per résidence, as `simulation.convergence` takes it, with the fragilité of its quartier on `jour`."""
    return lecteur.query(SQL["residences"], jour=jour, ici=ici)


def accueil(lecteur: Lecteur, mois: str, ici: str | None = None) -> pd.DataFrame:
    """One row per place of the reception network and month, up to `mois` (« 2017-12 »).

    `lieu`, `mois`, `nom`, `type_lieu`, `porteur`, `commune`, `nom_commune`, `ici`, and the counts `n_pre_accueil`,
    `n_enregistrements`, `n_enregistrements_en_ligne` (part of the former), `n_entretiens`, empty when not given.
    """
    return lecteur.query(SQL["accueil"], mois=mois, ici=ici)


def quartiers(lecteur: Lecteur, jour: date, ici: str | None = None) -> pd.DataFrame:
    """One row per quartier: its fragilité on `jour` and the indicators behind its index (see suivi.sql)."""
    return lecteur.query(SQL["quartiers"], jour=jour, ici=ici)


def referentiel(lecteur: Lecteur, ici: str | None = None, jour: date | None = None) -> pd.DataFrame:
    """One row per commune: `commune`, `nom`, `territoire`, `ici`, `fragilite` (`inconnu` when neither it nor a typology
    is given; what a typology means is read on `jour`, today by default), `typologie` (4, the most fragile, to 1),
    `depuis`, `population`."""
    return lecteur.query(SQL["referentiel"], ici=ici, jour=jour or aujourd_hui())

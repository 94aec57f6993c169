"""What the quality of the data reads, kept by snapshot, séance and ICI (see `donnees` for the rule)."""

from __future__ import annotations

import pandas as pd

from mel_core.indicateurs import qualite
from mel_core.socle.periodes import Periode
from pages.commun import donnees, memo


@memo.exact(32)
def completude(identifiant: str, seance: str, ici: str | None, population: str) -> pd.DataFrame:
    """One row per bailleur or commune and rubrique, over 12 months (see `mel_core.indicateurs.qualite.completude`)."""
    with donnees.open(identifiant, seance) as lecteur:
        return qualite.completude(lecteur, population, Periode.de(seance, "annee"), ici)


@memo.exact(32)
def par_mois(identifiant: str, seance: str, ici: str | None) -> pd.DataFrame:
    """One row per bailleur and month of the 12 (see `mel_core.indicateurs.qualite.par_mois`)."""
    with donnees.open(identifiant, seance) as lecteur:
        return qualite.par_mois(lecteur, Periode.de(seance, "annee"), ici)


def baux(identifiant: str, seance: str, ici: str | None, bailleur: str) -> pd.DataFrame:
    """The attributions of a bailleur that lack something: rows, which no cache keeps."""
    with donnees.open(identifiant, seance) as lecteur:
        return qualite.baux_a_completer(lecteur, Periode.de(seance, "annee"), bailleur, ici)

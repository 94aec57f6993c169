"""How many, where, and which demandes a segment holds, among the rows that the reader may see (contract §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.erreurs import AppelIncorrect
from mel_core.segments.regles import SEGMENTS, Segment
from mel_core.sql import blocs

SQL = blocs("mel_core.segments", "segments.sql")

# What `--par` names → the column that holds it; the first two are lists, where a demande counts in each.
CLES = {
    "commune_souhaitee": "communes_souhaitees",
    "typologie": "typologies",
    "commune_residence": "code_insee_actuel",
    "bailleur": "code_bailleur_actuel",
    "ressources": "ressources",
}
_LISTES = frozenset({"commune_souhaitee", "typologie"})
_COMPTES_DE_TRAVAIL = (
    *("n_rang_2_fenetre", "premier_rang_2_fenetre", "n_rang_1_fenetre", "dernier_rang_1_fenetre"),
    *("n_non_attribue_fenetre", "critere_mutation", "aci", "dalo", "pdalhpd", "est_drapeau_present"),
)


@dataclass(frozen=True)
class Criteres:
    """Parameters of the rules: reference date, N months (None: the segment's own), least events, window (0: none)."""

    jour: date
    mois: int | None = None
    n_min: int = 2
    fenetre: int = 24

    def __post_init__(self) -> None:
        for nom, valeur, minimum in (("mois", self.mois, 0), ("n-min", self.n_min, 1), ("fenetre", self.fenetre, 0)):
            if valeur is not None and not minimum <= valeur <= 1200:
                raise AppelIncorrect(f"« {nom} » vaut {valeur} : donner un nombre entier entre {minimum} et 1200.")


def segment_de(nom: str) -> Segment:
    """Raises `AppelIncorrect` for a name that the contract does not know."""
    if nom not in SEGMENTS:
        raise AppelIncorrect(f"Le segment « {nom} » n’existe pas : choisir parmi {', '.join(SEGMENTS)}.")
    return SEGMENTS[nom]


def compter(lecteur: Lecteur, nom: str, criteres: Criteres) -> int:
    """Number of demandes of the segment."""
    return int(_lire(lecteur, "n", nom, criteres)["n"].iloc[0])


def compter_par(lecteur: Lecteur, nom: str, criteres: Criteres, cle: str) -> pd.DataFrame:
    """One row per code of `cle`: `cle` (`inconnu` when the demande does not say), `n`. Lists overlap."""
    if cle not in CLES:
        raise AppelIncorrect(f"La clé « {cle} » n’existe pas : choisir parmi {', '.join(CLES)}.")
    bloc = "par_liste" if cle in _LISTES else "par_cle"
    return _lire(lecteur, bloc, nom, criteres, cle=[CLES[cle]])


def lister(lecteur: Lecteur, nom: str, criteres: Criteres) -> pd.DataFrame:
    """One row per demande, the oldest first: pseudonym, what places it, and `motif`, why it is there."""
    lignes = _lire(lecteur, "liste", nom, criteres)
    motifs = [segment_de(nom).motif(ligne) for ligne in lignes.astype(object).to_dict("records")]
    return lignes.drop(columns=list(_COMPTES_DE_TRAVAIL)).assign(
        date_creation=lignes["date_creation"].dt.date, motif=pd.Series(motifs, dtype="object")
    )


def _lire(lecteur: Lecteur, bloc: str, nom: str, criteres: Criteres, **parametres: Any) -> pd.DataFrame:
    segment = segment_de(nom)
    mois = segment.mois if criteres.mois is None else criteres.mois
    return lecteur.query(
        SQL[bloc],
        segment=[segment.colonne],
        jour=criteres.jour,
        mois=mois,
        n_min=criteres.n_min,
        fenetre=criteres.fenetre,
        **parametres,
    )

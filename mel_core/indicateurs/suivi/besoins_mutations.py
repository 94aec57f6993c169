"""Which typologies the applicants for a mutation want and need, beside those that are programmed (deck of 2017:
*adapter la programmation en fonction des besoins issus des demandes de mutations*).

The contract does not split a programme by typologie: the application reads columns of its own, all optional.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mel_core.contrat.tables import N_PAR_TYPOLOGIE, TYPOLOGIES
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import suivi
from mel_core.indicateurs.besoins import Manque, toutes
from mel_core.indicateurs.manques import DEMANDES, sans_reponse
from mel_core.indicateurs.suivi import repartitions
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "programme.sql")
MENAGES = ("n_souhaits", "n_besoins", "n_obtenus")
SERIES = (*MENAGES, "n_programmes")  # the last one, of dwellings
_STATUT = (DEMANDES, *toutes("demandes", "statut_logement"))
_SOUHAITS = toutes("demandes", "typologies")
_OBTENUS = toutes("attributions", "typologie")
_PROGRAMME = toutes("programmation", *N_PAR_TYPOLOGIE.values())


@dataclass(frozen=True)
class Besoins:
    """`lignes`: one row per typologie (C, T1 to T6P): `n_souhaits`, the wishes of the demandes de mutation (one in each
    typologie wanted), `n_besoins`, the same demandes by one room a person, `n_obtenus`, the mutations signed in 12
    months, `n_programmes`, the dwellings of the operations that give all their typologies. Empty: unknown (no file gave
    it; a chambre is not programmed).

    `n_mutations` active demandes de mutation, of which `n_sans_typologie` want none, `n_sans_taille` do not say their
    size; `n_statuts_inconnus` others do not say where they live. `n_operations`, of which `n_completes` are counted.
    """

    lignes: pd.DataFrame
    n_mutations: float
    n_sans_typologie: float
    n_sans_taille: float
    n_statuts_inconnus: float
    n_operations: int
    n_completes: int
    manques: tuple[Manque, ...]


def besoins(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> Besoins:
    """Of the demandes active on the last day of `periode` that want a commune of `ici` (None: all of them)."""
    lues = lecteur.query(SQL["besoins_des_mutations"], ici=ici, debut=periode.debut, jour=periode.fin)
    comptes = {(quoi, typologie): int(n) for quoi, typologie, n in lues.itertuples(index=False, name=None)}
    statut, souhaits, obtenus, programme = (
        sans_reponse(lecteur, besoin) for besoin in (_STATUT, _SOUHAITS, _OBTENUS, _PROGRAMME)
    )
    operations = suivi.operations(lecteur, ici)
    completes = operations.dropna(subset=list(N_PAR_TYPOLOGIE.values()))
    programmes = {t: completes[c].sum() for t, c in N_PAR_TYPOLOGIE.items()} if len(completes) else {}

    def compte(quoi: str, typologie: str, inconnu: object) -> float:
        return float("nan") if inconnu else comptes.get((quoi, typologie), 0)

    lignes = pd.DataFrame(
        {
            "typologie": TYPOLOGIES,
            "n_souhaits": [compte("souhaits", t, statut or souhaits) for t in TYPOLOGIES],
            "n_besoins": [compte("besoins", t, statut) for t in TYPOLOGIES],
            "n_obtenus": [compte("obtenus", t, obtenus) for t in TYPOLOGIES],
            "n_programmes": [programmes.get(t, float("nan")) for t in TYPOLOGIES],
        }
    ).astype(dict.fromkeys(SERIES, "Int64"))
    return Besoins(
        lignes,
        compte("statuts", "mutation", statut),
        compte("souhaits", "inconnu", statut or souhaits),
        compte("besoins", "inconnu", statut),
        compte("statuts", "inconnu", statut),
        len(operations),
        len(completes),
        (*statut, *souhaits, *obtenus, *programme),
    )


def dire(lignes: pd.DataFrame) -> pd.DataFrame:
    """The rows of `Besoins` as they are read, with their shares (see `repartitions.dire`)."""
    return repartitions.dire(lignes, SERIES, MENAGES)

"""Which typologies the applicants for a mutation want and need, beside those that are programmed (deck of 2017:
*adapter la programmation en fonction des besoins issus des demandes de mutations*).

The contract does not split a programme by typologie: the application reads columns of its own, all optional.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from mel_core.contrat.tables import N_PAR_TYPOLOGIE, TYPOLOGIES
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import suivi
from mel_core.indicateurs.besoins import Manque, toutes
from mel_core.indicateurs.manques import DEMANDES, sans_reponse
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "programme.sql")
MENAGES = ("n_souhaits", "n_besoins", "n_obtenus")
SERIES = (*MENAGES, "n_programmes")  # the last one, of dwellings
REGLE_DU_BESOIN = "une pièce par personne, T6 et plus à partir de six"
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


def render(lignes: pd.DataFrame) -> pd.DataFrame:
    """The rows of `Besoins` as they are read, with their shares (see `share_out`)."""
    return share_out(lignes, SERIES, MENAGES)


def share_out(lignes: pd.DataFrame, series: Sequence[str], menages: Collection[str]) -> pd.DataFrame:
    """The same rows, with the share (`part_…` of `n_…`, 0–1) that each makes of the sum of its column, empty where
    either is unknown or not said. `menages`: those of `series` that count households, told by the rule; the others
    count dwellings."""
    parts = {}
    for colonne in series:
        total, lit_tout = int(lignes[colonne].sum()), reader().lit_tout or colonne not in menages
        dites = [None if pd.isna(n) or not total else _part(int(n), total, lit_tout) for n in lignes[colonne]]
        parts[colonne.replace("n_", "part_", 1)] = pd.Series(dites, lignes.index, dtype="float64")
    return reader().comptes(lignes, list(menages)).assign(**parts)


def _part(n: int, total: int, lit_tout: bool) -> float | None:
    if lit_tout:
        return n / total
    dite = reader().regle.part(n, total, est_classe=True)
    return None if dite is None else float(dite)


def say(ou: str, lus: Besoins, dites: pd.DataFrame) -> str:
    """Which typology the programme is furthest behind in, of those whose shares are said."""
    if pd.isna(lus.n_mutations):
        return f"Dans {ou}, les demandes de mutation ne se comptent pas : le statut du logement n’est pas donné."
    n = reader().compte(lus.n_mutations)
    debut = (
        f"Dans {ou}, **{langue.effectif(n, 'demande de mutation', 'demandes de mutation')}** "
        f"{langue.agree(n, 'attend', 'attendent')}"
    )
    ecarts = (dites["part_souhaits"] - dites["part_programmes"]).dropna()
    if len(ecarts):
        x, n_programmes = dites.loc[ecarts.idxmax()], int(dites["n_programmes"].sum())
        if ecarts.max() <= 0:
            return f"{debut} : aucune typologie n’est moins programmée que souhaitée."
        return (
            f"{debut} : c’est en **{TYPOLOGIES_DITES[x['typologie']]}** que le programme est le plus en retard, "
            f"**{langue.part(x['part_souhaits'])}** de leurs souhaits et **{langue.part(x['part_programmes'])}** des "
            f"{langue.effectif(n_programmes, 'logement programmé', 'logements programmés')}."
        )
    if dites["part_souhaits"].notna().any():
        x = dites.loc[dites["part_souhaits"].idxmax()]
        le = "la" if x["typologie"] == "C" else "le"
        voulu = (
            f"{le} **{TYPOLOGIES_DITES[x['typologie']]}** fait **{langue.part(x['part_souhaits'])}** de leurs souhaits"
        )
        return f"{debut} : {voulu}, et le programme ne dit pas ses typologies."
    return f"{debut} ; la part de chaque typologie n’est pas dite."


def reserve(lus: Besoins) -> str:
    """The assumption, and what is left out."""
    dits = [f"Besoin au plus juste, hypothèse : {REGLE_DU_BESOIN}. Un souhait compte dans chaque typologie."]
    if lus.n_completes < lus.n_operations and lus.n_completes:
        muettes = lus.n_operations - lus.n_completes
        disent = langue.agree(muettes, "ne dit pas ses", "ne disent pas leurs")
        dits.append(f"{langue.effectif(muettes, 'opération')} sur {lus.n_operations} {disent} typologies.")
    for n, quoi in (
        (lus.n_sans_typologie, "sans typologie souhaitée"),
        (lus.n_sans_taille, "sans taille du ménage"),
        (lus.n_statuts_inconnus, "sans statut du logement, hors du compte"),
    ):
        if pd.notna(n) and n:
            dits.append(f"{langue.effectif(reader().compte(n), 'demande')} {quoi}.")
    return " ".join(dits)

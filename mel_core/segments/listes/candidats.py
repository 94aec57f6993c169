"""What a bailleur may see of the demand, the candidates of its own commissions: it has no right to the demandes; what a
réservataire may see, the attributions on its own contingent.

An attribution alone says its réservataire: no demande, no event and no résidence is anybody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.segments.calcul_segments import say_rangs_2
from mel_core.segments.compilation import Criteres
from mel_core.segments.regles_segments import RANGS_2
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "candidats.sql")

POURQUOI = (
    "Un bailleur voit ses attributions, ses résidences et les passages dans ses propres commissions : l’ancienneté, "
    "les souhaits, les passages et les baux chez les autres bailleurs ne lui sont pas ouverts. De la demande, la liste "
    "dit seulement si elle est active à la date de référence : qui a signé depuis est à vérifier avant d’appeler."
)

_PREMIERS = ("premier_rang_2", "premier_rang_1", "premier_non_attribue")

ETATS = {"active": "Active", "close": "Close", "inconnue": "Inconnue"}

# Those that count how many times.
A_N_MIN = frozenset({"rang_2", "non_attributions"})
# What a bailleur may look for → how it reads. Over its own commissions alone: not the segments of the contract.
GROUPES = {
    "rang_2": "Classés plusieurs fois derrière un autre, jamais premiers, sans bail chez nous",
    "rang_1_sans_bail": "Premiers de la commission, sans bail chez nous",
    "non_attributions": "Plusieurs fois non attribués, sans aucune attribution",
    "tous": "Tous les candidats de nos commissions",
}


def find_all(
    lecteur: Lecteur,
    groupe: str,
    jour: date,
    n_min: int = 2,
    fenetre: int = 24,
    passages_dits: bool = False,
) -> pd.DataFrame:
    """One row per candidate of the scope's commissions in the window: the active demandes first, then the latest
    passage.

    `pseudonyme`, `n_passages`, `n_rang_2`, `n_rang_1`, `n_non_attribue`, `meilleur_rang` (empty: never ranked),
    `premier_passage`, `dernier_passage`, `residence`, `commune` and `typologie` of the latter (codes; empty: unknown),
    `date_bail` (empty without one in scope), `etat` of the demande on `jour` (of `ETATS`), `motif`: why it is there.
    `fenetre` is in months before `jour`, 0 = unlimited. `passages_dits`: see `segments.find_all`.
    """
    if groupe not in GROUPES:
        raise AppelIncorrect(f"La liste « {groupe} » n’existe pas : choisir parmi {', '.join(GROUPES)}.")
    tous = lecteur.query(SQL["candidats"], jour=jour, fenetre=fenetre)
    sans_bail = tous["date_bail"].isna()
    gardes = {
        "rang_2": sans_bail & (tous["n_rang_2"] >= n_min) & (tous["n_rang_1"] == 0),
        "rang_1_sans_bail": sans_bail & (tous["n_rang_1"] > 0),
        "non_attributions": (tous["n_non_attribue"] >= n_min) & (tous["n_attribue"] == 0),
        "tous": pd.Series(True, index=tous.index),
    }[groupe]
    lignes = tous[gardes].drop(columns="n_attribue").reset_index(drop=True)
    for colonne in ("premier_passage", "dernier_passage", "date_bail", *_PREMIERS):
        lignes[colonne] = pd.to_datetime(lignes[colonne]).dt.date
    if groupe == "rang_2" and passages_dits:
        debut = Criteres(jour, fenetre=fenetre).debut
        passages = say_rangs_2(lecteur, debut, jour, menages=lignes["pseudonyme"])
        lignes[RANGS_2] = lignes["pseudonyme"].map(passages)
    motifs = [_motif(x, groupe, fenetre) for x in lignes.to_dict("records")]
    lignes = lignes.drop(columns=RANGS_2, errors="ignore")
    return lignes.drop(columns=list(_PREMIERS)).assign(motif=motifs)


def _motif(ligne: dict[str, Any], groupe: str, fenetre: int) -> str:
    """What counts since its own first day in the window, and whether a bail was signed here since."""
    if groupe == "rang_2":
        depuis = f" depuis {langue.mois(ligne['premier_rang_2'])}, sans bail chez nous"
        dits = f", sans bail chez nous{langue.INSECABLE}: {ligne[RANGS_2]}" if RANGS_2 in ligne else depuis
        return f"{ligne['n_rang_2']} fois rang 2 ou plus{dits}"
    if groupe == "rang_1_sans_bail":
        return f"{ligne['n_rang_1']} fois rang 1 depuis {langue.mois(ligne['premier_rang_1'])}, sans bail chez nous"
    bail = "" if pd.isna(ligne["date_bail"]) else f", bail signé chez nous en {langue.mois(ligne['date_bail'])}"
    if groupe == "non_attributions":
        sans = f"aucune attribution en {fenetre} mois" if fenetre else "jamais attribué"
        depuis = langue.mois(ligne["premier_non_attribue"])
        return f"{ligne['n_non_attribue']} fois non attribué depuis {depuis}, {sans}{bail}"
    passages = langue.effectif(int(ligne["n_passages"]), "passage")
    return f"{passages} en commission depuis {langue.mois(ligne['premier_passage'])}{bail}"


def say_closes(lignes: pd.DataFrame) -> str:
    """Of how many candidates the demande no longer stands; empty where of none."""
    n = int((lignes["etat"] == "close").sum())
    dit = langue.effectif(n, "demande n’est plus active", "demandes ne sont plus actives")
    return f" {dit}, en fin de liste." if n else ""


# Labels that the list may be narrowed to → the column that says it.
LABELS = {"aci": "est_menage_aci", "npru": "est_npru"}
POURQUOI_CONTINGENT = (
    "Un réservataire voit les attributions de son contingent : rien dans les fichiers ne dit à qui étaient destinés "
    "une demande, une proposition ou un passage en commission, qui ne lui sont donc pas ouverts."
)


def find_contingent(lecteur: Lecteur, periode: Periode) -> pd.DataFrame:
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

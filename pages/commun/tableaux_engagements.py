"""The outcomes of a frozen cohort as the lines that may be projected: no household is read by subtraction.

Pure: figures in, French out. What one table puts together no other shows apart.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mel_core import langue
from mel_core.engagements.cohorte import POSTES, SORTIES, TITRES, Issue, bilan, bilan_par
from mel_core.secret.matrice import masquer
from mel_core.secret.regroupement import SEUIL, regrouper

MASQUE = f"moins de {SEUIL}"
TU = "non montré"
NOTE = f"Les lieux de moins de {SEUIL} ménages sont regroupés ; « {TU} » : un autre nombre s’en déduirait."


def compte(comptes: pd.DataFrame, issue: Issue) -> str:
    """The count of an outcome as its own line shows it; small or put with others, no more than on which side it is.

    `comptes`: see `cohorte.bilan`.
    """
    n = int(comptes.loc[comptes["issue"] == issue, "n"].iloc[0])
    if issue not in _groupees(comptes):
        return langue.nombre(n)
    return MASQUE if n < SEUIL else f"au moins {SEUIL}"


def issues(comptes: pd.DataFrame, ici: str) -> list[tuple[str, str, float]]:
    """One line per outcome (title, text, length of its bar), the small ones put together."""
    groupees = _groupees(comptes)
    seules = [
        (titre(Issue(x.issue), ici), langue.nombre(x.n), float(x.n))
        for x in comptes.itertuples()
        if x.issue not in groupees and x.n
    ]
    n = int(comptes.loc[comptes["issue"].isin(groupees), "n"].sum())
    if not n:
        return seules
    noms = langue.liste([_court(Issue(i), ici).lower() for i in comptes["issue"] if i in groupees])
    return [*seules, (f"Regroupés : {noms}", MASQUE if n < SEUIL else langue.nombre(n), float(max(n, 1)))]


def mouvement(postes: pd.DataFrame, comptes: pd.DataFrame) -> list[tuple[str, str, float]]:
    """From one list to the other, signed. `postes`: see `cohorte.decomposer`; `comptes`: the outcomes shown beside."""
    milieu = postes.iloc[1:-1]
    groupees = _groupees(comptes)
    tus = _tus(
        dict(zip(milieu["poste"], milieu["n"].astype(int), strict=True)),
        {poste for poste, sortants in SORTIES.items() if groupees & {str(i) for i in sortants}},
    )
    lignes = []
    for rang, x in enumerate(postes.itertuples()):
        est_bout = rang in (0, len(postes) - 1)
        if x.n == 0 and not est_bout:
            continue
        texte = MASQUE if 0 < x.n < SEUIL else TU if not est_bout and x.poste in tus else langue.nombre(x.n)
        signe = "" if est_bout else "+ " if x.sens > 0 else "− "
        lignes.append((POSTES[x.poste], f"{signe}{texte}", float(x.n) if est_bout else 0.0))
    return lignes


def par_lieu(
    suivie: pd.DataFrame, cle: str, noms: Mapping[str, str], territoires: Mapping[str, str], ici: str
) -> pd.DataFrame:
    """One row per place, one column per outcome that occurs, as texts. `suivie`, `cle`: see `cohorte.bilan_par`.

    Small places go with their territoire, outcomes that the whole puts together stay together.
    """
    cellules = bilan_par(suivie, cle)
    groupees = _groupees(bilan(suivie))
    cellules["quoi"] = ["Regroupés" if i in groupees else _court(Issue(i), ici) for i in cellules["issue"]]
    lieux = cellules.groupby("cle", as_index=False)["n"].sum()
    lieux["territoire"] = [territoires.get(c, "") for c in lieux["cle"]]
    groupes = regrouper(lieux, "cle", "territoire")
    vues = cellules.merge(groupes[~groupes["est_masquee"]], on="cle", validate="many_to_one")
    vues["lieu"] = [
        (f"{x.ligne}, autres" if x.ligne else "Autres, regroupés") if x.est_regroupee else noms.get(x.ligne, x.ligne)
        for x in vues.itertuples()
    ]
    sommes = vues.groupby(["lieu", "quoi"], as_index=False)["n"].sum()
    cachees = masquer(sommes, "lieu", "quoi")
    sommes["texte"] = [
        (MASQUE if n < SEUIL else TU) if cachee else langue.nombre(n)
        for n, cachee in zip(sommes["n"], cachees, strict=True)
    ]
    ordre = sommes.groupby("lieu")["n"].sum().sort_values(ascending=False, kind="stable").index
    colonnes = dict.fromkeys(_court(i, ici) for i in TITRES) | {"Regroupés": None}
    table = sommes.pivot(index="lieu", columns="quoi", values="texte").reindex(index=ordre)
    table = table.reindex(columns=[c for c in colonnes if c in table.columns]).fillna("0")
    return table.rename_axis(index="Lieu", columns=None).reset_index()


def titre(issue: Issue, ici: str) -> str:
    return f"Relogés dans l’{ici} (bail signé)" if issue is Issue.RELOGE and ici else TITRES[issue]


def _court(issue: Issue, ici: str) -> str:
    return titre(issue, ici).split(" (")[0].split(",")[0]


def _groupees(comptes: pd.DataFrame) -> set[str]:
    groupes = regrouper(comptes, "issue")
    return set(groupes.loc[groupes["est_regroupee"], "issue"])


def _tus(comptes: Mapping[str, int], imposes: set[str]) -> set[str]:
    """Which items are not shown: the small, the imposed, then the smallest others until none is read by difference."""
    tus = {poste for poste, n in comptes.items() if 0 < n < SEUIL or (n and poste in imposes)}
    autres = sorted((n, poste) for poste, n in comptes.items() if n and poste not in tus)
    while tus and autres and (len(tus) == 1 or sum(comptes[p] for p in tus) < SEUIL):
        tus.add(autres.pop(0)[1])
    return tus

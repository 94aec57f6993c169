"""The sentences of the quality of the data. Pure: counts in, French out."""

from __future__ import annotations

from datetime import date

import pandas as pd

from mel_core.indicateurs.besoins import QUARTILE
from mel_core.indicateurs.qualite.completude import ENSEMBLE, Population
from mel_core.socle import langue

_PORTEURS = {"bailleur": ("bailleur", "bailleurs"), "commune": ("commune", "communes")}
_DITS = {"hors_mel": "Hors de la MEL", "inconnu": "Commune inconnue"}


def nom_dit(nom: str) -> str:
    return _DITS.get(nom, nom)


def perimetre(population: Population, duree: str, jour: date) -> str:
    """Which rows are looked at. `duree`: the twelve months, as they are said; `jour`: the last of them."""
    return {
        "attributions": duree,
        "demandes": f"actives au {langue.jour(jour)}, par commune habitée",
        "residences": "le parc du jeu de données",
    }[population.nom]


def constat(population: Population, table: pd.DataFrame, ou: str) -> str:
    """What the rows lean on first, what is filled in the least, and whether somebody stands apart."""
    ensemble = table[table["porteur"] == ENSEMBLE].set_index("rubrique")
    n = int(ensemble["n"].iloc[0])
    if not n:
        return f"Dans {ou}, aucune {population.un} n’est connue : compléter l’import."
    principale = "occupants" if population.nom == "residences" else "ressources"
    rubriques = {r.nom: r for r in population.rubriques}
    phrase = (
        f"Dans {ou}, on connaît {rubriques[principale].dite} de **{langue.part(ensemble['part'][principale])}** des "
        f"**{langue.effectif(n, population.un, population.plusieurs)}**"
    )
    moindre = ensemble["part"].idxmin()
    if moindre != principale and ensemble["part"][moindre] < ensemble["part"][principale]:
        phrase += f", et {rubriques[moindre].dite} de **{langue.part(ensemble['part'][moindre])}** seulement"
    apart = table.loc[table["est_a_completer"], "porteur"].nunique()
    un, plusieurs = _PORTEURS[population.porteur]
    if not apart:
        return f"{phrase} ; {'aucun' if un == 'bailleur' else 'aucune'} {un} ne s’en écarte nettement."
    return (
        f"{phrase} ; **{langue.effectif(apart, un, plusieurs)}** "
        f"{langue.agree(apart, 'remplit', 'remplissent')} une rubrique nettement moins que l’ensemble."
    )


def constat_mois(mois: pd.DataFrame, ou: str) -> str:
    """Who signed without recording anything, and for how many months."""
    if mois.empty:
        return f"Dans {ou}, aucun bailleur n’a signé de bail sur cette période."
    silences = mois[mois["est_silence"]]
    n = mois["porteur"].nunique()
    if silences.empty:
        return f"Dans {ou}, aucun bailleur sur **{langue.nombre(n)}** n’a signé sans rien enregistrer le même mois."
    muets = silences["porteur"].nunique()
    baux = langue.effectif(int(silences["n_attributions"].sum()), "bail", "baux")
    return (
        f"Dans {ou}, **{langue.effectif(muets, 'bailleur')}** sur {langue.nombre(n)} "
        f"{langue.agree(muets, 'a signé', 'ont signé')} sans rien enregistrer au moins un mois "
        f"(**{langue.nombre(len(silences))} mois** en tout, {baux}) : leurs refus ne se lisent pas, leurs ménages "
        "paraissent sans proposition."
    )


def a_completer(population: Population, table: pd.DataFrame) -> list[str]:
    """One sentence per rubrique that somebody fills in clearly less than the ensemble, the most rows missing first."""
    rubriques = {r.nom: r for r in population.rubriques}
    ensemble = table[table["porteur"] == ENSEMBLE].set_index("rubrique")["part"]
    retenues = table[table["est_a_completer"]].sort_values("n_inconnus", ascending=False, kind="stable")
    dites = []
    for x in retenues.itertuples():
        rubrique = rubriques[x.rubrique]
        sur = f"{langue.nombre(x.n_connus)} sur {langue.effectif(x.n, population.un, population.plusieurs)}"
        dites.append(
            f"**{nom_dit(x.nom)}**, {rubrique.titre.lower()} : {langue.part(x.part, 0)} ({sur}), contre "
            f"{langue.part(ensemble[x.rubrique], 0)} dans l’ensemble. Sert à {rubrique.sert_a}."
        )
    return dites


def absentes(population: Population, table: pd.DataFrame) -> list[str]:
    """What no row says at all: a column that no file gave, or a threshold that the MEL has not set."""
    ensemble = table[(table["porteur"] == ENSEMBLE) & (table["n"] > 0)].set_index("rubrique")
    dites = []
    for r in population.rubriques:
        if r.nom not in ensemble.index:
            continue
        connus = ensemble["n_connus"][r.nom]
        if pd.isna(connus):
            dites.append(
                f"**{QUARTILE.titre}** : le seuil du premier quartile de la période n’est pas connu, l’ajouter dans "
                "Préparer › Objectifs."
            )
        elif not connus:
            dites.append(f"**{r.titre}** : aucun fichier ne le dit. Sert à {r.sert_a}.")
    return dites

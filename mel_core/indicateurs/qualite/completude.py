"""How complete the data are: what a figure leans on, who fills it in, and what is missing before the séance.

Compared to the whole by control limits, never ranked: a small bailleur strays from it by chance alone. Source: SNE,
RPLS, OPS.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import mesures
from mel_core.indicateurs.besoins import (
    DEMANDE,
    LABELS,
    QUARTIER_DIT,
    QUARTILE,
    RESERVATAIRE,
    RESIDENCE,
    RESSOURCES,
    TYPOLOGIE,
    Rubrique,
)
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.indicateurs.manques import annees_connues
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs

ENSEMBLE = "ensemble"


@dataclass(frozen=True)
class Population:
    """Rows of one kind and who fills them in. `porteur`: `bailleur` or `commune`, of whom each row is."""

    nom: str
    titre: str
    un: str
    plusieurs: str
    porteur: str
    rubriques: tuple[Rubrique, ...]


_PARCOURS = Rubrique(
    "parcours",
    "Parcours",
    "une proposition ou un passage avant le bail",
    "lire les refus, et à ne pas dire « sans proposition » qui en a eu une",
)
_DE_TOUS, _DES_COUPES = (RESSOURCES, QUARTIER_DIT, RESIDENCE, LABELS, QUARTILE), (TYPOLOGIE, RESERVATAIRE, DEMANDE)
A_PART = (LABELS, _PARCOURS)  # of the attributions, what is told by more than a column
_PROPRES = tuple(i.lu for i in INDICATEURS.values() if i.lu.titre and i.lu not in (*_DE_TOUS, *_DES_COUPES))

POPULATIONS = {
    p.nom: p
    for p in (
        Population(
            "attributions",
            "Attributions",
            "attribution",
            "attributions",
            "bailleur",
            (*_DE_TOUS, *_PROPRES, *_DES_COUPES, _PARCOURS),
        ),
        Population(
            "demandes",
            "Demandes actives",
            "demande active",
            "demandes actives",
            "commune",
            (
                Rubrique("ressources", "Ressources", "le revenu fiscal", "compter les demandeurs éligibles"),
                Rubrique("quartile", "Quartile", "les ressources mensuelles et les UC", "situer le premier quartile"),
                Rubrique("statut", "Logement actuel", "le statut de logement", "reconnaître les mutations"),
                Rubrique("motif", "Motif", "le motif", "composer des segments par motif"),
                Rubrique("typologies", "Typologies", "la typologie cherchée", "mesurer la tension par typologie"),
                Rubrique("souhaits", "Communes", "la commune souhaitée", "donner sa liste à chaque commune"),
                Rubrique("labels", "Labels", "les labels", "compter les ACI et les mutations bloquées en attente"),
                Rubrique("age", "Âge", "l’âge", "composer des segments par âge"),
            ),
        ),
        Population(
            "residences",
            "Résidences",
            "résidence",
            "résidences",
            "bailleur",
            (
                Rubrique("quartier", "Quartier", "le quartier", "lire le peuplement par fragilité"),
                Rubrique("occupants", "Occupants", "les occupants par classe", "comparer les entrants aux occupants"),
                Rubrique("rotation", "Rotation", "le taux de rotation", "projeter la convergence"),
                Rubrique("vacants", "Vacants", "les logements vacants", "objectiver la vacance"),
                Rubrique("financement", "Financement", "le financement", "lire par financement"),
            ),
        ),
    )
}


SQL = blocs(__file__, "completude.sql")
_DU_BAIL = ("id_attribution", "date_bail", "commune", "residence")


def par_bailleur(lecteur: Lecteur, periode: Periode, ici: str | None) -> pd.DataFrame:
    """One row per bailleur with attributions in `periode` or résidences, in `ici` (None: the whole Métropole).

    Most attributions first: `porteur` (code), `nom`, `n` (attributions), `n_<rubrique>` (known ones among them),
    `n_residences`, `n_evenements` (recorded in the period): counts, 0 is none recorded.
    """
    return _comptes(lecteur, "attributions", periode, ici)


def say_bailleurs(table: pd.DataFrame, ou: str) -> str:
    """Of those of `par_bailleur`: that there is none, or who recorded nothing; empty when all did."""
    if table.empty:
        return f"Aucun bailleur n’a d’attribution ni de résidence dans {ou} : compléter l’import."
    muets = [b.nom for b in table.itertuples() if b.n and not b.n_evenements]
    return f"Sans aucun événement enregistré sur cette période : {langue.liste(muets)}." if muets else ""


def completude(lecteur: Lecteur, population: str, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per `porteur` of `population` and rubrique, `ensemble` first, then by number of rows.

    `porteur` (code), `nom`, `rubrique`, `n` (attributions of the period, demandes active on its last day, résidences),
    `n_connus`, `n_inconnus`, `part` (n_connus / n, 0–1; these three are empty where the MEL's own threshold is missing:
    nobody's file is to blame), `est_a_completer`: 30 rows or more, and under the 99.8 % limit of the ensemble.
    Raises `AppelIncorrect` when there is no such population.
    """
    if population not in POPULATIONS:
        raise AppelIncorrect(f"« {population} » n’est pas suivi : choisir parmi {', '.join(POPULATIONS)}.")
    noms = [r.nom for r in POPULATIONS[population].rubriques]
    comptes = _comptes(lecteur, population, periode, ici).rename(columns={f"n_{nom}": nom for nom in noms})
    comptes = comptes.loc[comptes["n"] > 0, ["porteur", "nom", "n", *noms]]
    ensemble = {"porteur": ENSEMBLE, "nom": "Ensemble", **comptes[["n", *noms]].sum()}
    comptes = pd.concat([pd.DataFrame([ensemble]), comptes], ignore_index=True)
    longue = comptes.melt(["porteur", "nom", "n"], noms, "rubrique", "n_connus", ignore_index=False)
    longue = longue.sort_index(kind="stable").reset_index(drop=True).astype({"n_connus": "Int64"})
    if population == "attributions" and not annees_connues(lecteur).issuperset(periode.annees):
        longue.loc[longue["rubrique"] == QUARTILE.nom, "n_connus"] = pd.NA
    longue["part"] = (longue["n_connus"] / longue["n"].where(longue["n"] > 0)).astype("float64")
    return longue.assign(n_inconnus=longue["n"] - longue["n_connus"], est_a_completer=_sous_la_limite(longue))[
        ["porteur", "nom", "rubrique", "n", "n_connus", "n_inconnus", "part", "est_a_completer"]
    ]


def par_mois(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per bailleur that signed in `periode`, and month of it: who stopped recording, and when.

    `porteur` (code), `nom`, `mois` (its first day), `n_attributions`, `n_evenements`, `est_silence`: it signed that
    month and recorded nothing.
    """
    lues = _read(lecteur, "mois", ici, debut=periode.debut, fin=periode.fin)
    return lues.assign(
        mois=pd.to_datetime(lues["mois"]).dt.date,
        est_silence=(lues["n_evenements"] == 0) & (lues["n_attributions"] > 0),
    )


def baux_a_completer(lecteur: Lecteur, periode: Periode, bailleur: str, ici: str | None = None) -> pd.DataFrame:
    """One row per attribution of `bailleur` in `periode` that lacks something its file can give, the oldest first.

    `id_attribution`, `date_bail`, `commune` and `residence` (codes, `inconnu` when empty), `manque` (titles of the
    rubriques, joined by commas). No household is named: the bailleur knows its lease by its identifier.
    """
    du_fichier = {r.lue: r.titre for r in _lues() if r is not QUARTILE}  # the threshold is nobody's file
    colonnes = list(dict.fromkeys((*_DU_BAIL, *du_fichier)))
    lues = _read(lecteur, "baux", ici, debut=periode.debut, fin=periode.fin, bailleur=bailleur, colonnes=colonnes)
    connues = lues[list(du_fichier)].notna() & lues[list(du_fichier)].ne("inconnu")
    lues, connues = lues[~connues.all(axis=1)], connues[~connues.all(axis=1)]
    manques = [
        ", ".join(titre for titre, connue in zip(du_fichier.values(), ligne, strict=True) if not connue)
        for ligne in connues.itertuples(index=False)
    ]
    return lues[list(_DU_BAIL)].assign(
        date_bail=pd.to_datetime(lues["date_bail"]).dt.date, manque=pd.Series(manques, index=lues.index, dtype="str")
    )


def en_place(lecteur: Lecteur) -> pd.DataFrame:
    """One row per table of the contract, in its order.

    `table`, `n` (rows kept; empty when no file gave the table), `absentes` (list: its optional columns that no file
    had, which read as unknown).
    """
    n = dict(lecteur.query(SQL["lignes"]).itertuples(index=False, name=None))
    lignes = [
        (nom, n.get(nom), [c.nom for c in table.colonnes if not c.requise and c.nom not in lecteur.colonnes(nom)])
        for nom, table in TABLES.items()
    ]
    return pd.DataFrame(lignes, columns=["table", "n", "absentes"]).astype({"n": "Int64"})


def _lues() -> list[Rubrique]:
    """Those of the attributions that a column tells."""
    return [r for r in POPULATIONS["attributions"].rubriques if r not in A_PART]


def _comptes(lecteur: Lecteur, population: str, periode: Periode, ici: str | None) -> pd.DataFrame:
    bornes: dict[str, dict[str, Any]] = {
        "demandes": {"jour": periode.fin},
        "residences": {},
        "attributions": {"debut": periode.debut, "fin": periode.fin, "lues": [r.lue for r in _lues()]},
    }
    comptes = _read(lecteur, population, ici, **bornes[population])
    comptes = comptes.rename(columns={r.lue: f"n_{r.nom}" for r in _lues()})
    effectifs = [c for c in comptes.columns if c not in ("porteur", "nom")]
    return comptes.assign(**comptes[effectifs].fillna(0).astype("int64"))


def _read(lecteur: Lecteur, bloc: str, ici: str | None, **bornes: Any) -> pd.DataFrame:
    return lecteur.query(SQL[bloc], ici=ici, **bornes)


def _sous_la_limite(longue: pd.DataFrame) -> pd.Series:
    """Whether each share is under the limit of its rubrique, drawn around the ensemble."""
    sous = pd.Series(False, index=longue.index)
    for _, cellules in longue.groupby("rubrique", sort=False):
        attendue = cellules.loc[cellules["porteur"] == ENSEMBLE, "part"].iloc[0]
        if pd.isna(attendue):
            continue
        limites = mesures.limites_autour(cellules["n"], attendue)
        sous[cellules.index] = (cellules["n"] >= mesures.EFFECTIF_MINIMAL) & (cellules["part"] < limites["bas_998"])
    return sous & (longue["porteur"] != ENSEMBLE)


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

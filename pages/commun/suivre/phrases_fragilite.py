"""The sentences and tables of the referential of fragilité. Pure: figures in, French out."""

from __future__ import annotations

from html import escape

import pandas as pd

from mel_core import langue

INDICATEURS = {
    "revenu_median_uc": ("Revenu médian par UC", lambda v: f"{langue.nombre(v)}{langue.INSECABLE}€"),
    "part_non_emploi": ("Sans emploi, 25-64 ans", langue.part),
    "part_familles_4_enfants": ("Familles de 4 enfants et plus", langue.part),
    "part_familles_monoparentales": ("Familles monoparentales", langue.part),
}
CLASSES = ("fragile", "moyenne", "sans", "inconnu")
DITES = {"fragile": "fragile", "moyenne": "moyenne", "sans": "sans fragilité", "inconnu": "inconnue"}


def constat(ou: str, quartiers: pd.DataFrame) -> str:
    """How many quartiers are fragile, and who lives there."""
    if quartiers.empty:
        return f"Dans {ou}, aucun quartier n’est décrit par la table « quartiers »."
    connus = quartiers[quartiers["fragilite"] != "inconnu"]
    if connus.empty:
        return f"Dans {ou}, aucun quartier n’a ni classe de fragilité ni indice de précarité sociale."
    fragiles = connus["fragilite"] == "fragile"
    debut = (
        f"Dans {ou}, **{langue.effectif(int(fragiles.sum()), 'quartier')}** sur {langue.nombre(len(connus))} "
        f"{langue.accorder(int(fragiles.sum()), 'est fragile', 'sont fragiles')}"
    )
    habitants = connus["population"].sum()
    if not habitants > 0:
        return f"{debut} ; leur population n’est pas renseignée."
    part = connus.loc[fragiles, "population"].sum() / habitants
    return f"{debut} : **{langue.part(part)}** des {langue.effectif(int(habitants), 'habitant')} y vivent."


def par_commune(quartiers: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """One row per commune of `communes`: `commune`, `nom`, `territoire`, `fragilite`, `n_quartiers`, `n_fragiles`,
    `population` of its quartiers of known class and `part_fragile`, the share that lives in the fragile ones (0–1)."""
    connus = quartiers[quartiers["fragilite"] != "inconnu"]
    fragile = connus["fragilite"] == "fragile"
    habitants = connus["population"].fillna(0)
    comptes = (
        pd.DataFrame(
            {
                "commune": connus["commune"],
                "n_quartiers": 1,
                "n_fragiles": fragile.astype(int),
                "population": habitants,
                "population_fragile": habitants.where(fragile, 0),
            }
        )
        .groupby("commune")
        .sum()
    )
    lignes = communes[["commune", "nom", "territoire", "fragilite"]].merge(comptes, on="commune", how="left")
    lignes["part_fragile"] = lignes["population_fragile"] / lignes["population"].where(lignes["population"] > 0)
    return lignes.drop(columns="population_fragile")


def par_indice(quartiers: pd.DataFrame) -> pd.DataFrame:
    """One row per index (4, most fragile, first; empty: unknown), as in the deck.

    `ips`, `n` quartiers, `population`, and the mean of each indicator weighted by the population, over the quartiers
    where it is known (empty when there is none)."""
    lignes = []
    for ips, groupe in quartiers.groupby("ips", dropna=False, sort=False):
        ligne = {"ips": ips, "n": len(groupe), "population": groupe["population"].sum()}
        for colonne in INDICATEURS:
            connus = groupe[groupe[colonne].notna() & (groupe["population"] > 0)]
            poids = connus["population"].sum()
            ligne[colonne] = (connus[colonne] * connus["population"]).sum() / poids if poids else None
        lignes.append(ligne)
    colonnes = ["ips", "n", "population", *INDICATEURS]
    return pd.DataFrame(lignes, columns=colonnes).sort_values("ips", ascending=False, ignore_index=True)


def tableau_indices(lignes: pd.DataFrame) -> str:
    """The table of the deck: what lies behind each value of the index (HTML)."""
    tetes = "".join(
        f'<th scope="col">{escape(t)}</th>' for t in ("IPS", "Quartiers", *(t for t, _ in INDICATEURS.values()))
    )
    corps = ""
    for x in lignes.to_dict("records"):
        nom = langue.ABSENT if pd.isna(x["ips"]) else langue.nombre(x["ips"])
        valeurs = (langue.ABSENT if pd.isna(x[c]) else dire(x[c]) for c, (_, dire) in INDICATEURS.items())
        cellules = "".join(f"<td>{escape(v)}</td>" for v in (langue.nombre(x["n"]), *valeurs))
        corps += f'<tr><th scope="row">{nom}</th>{cellules}</tr>'
    return (
        '<table class="indices"><caption>Derrière l’indice de précarité sociale (4 : le plus fragile)</caption>'
        f"<thead><tr>{tetes}</tr></thead><tbody>{corps}</tbody></table>"
    )

"""The referential of fragilité added up: by commune, by index, over a scope.

Pure: the frames of `suivi.quartiers` and `suivi.referentiel` in, figures out. A quartier whose class is unknown is in
no count but those of its index; an unknown population weighs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mel_core.indicateurs.besoins import toutes
from mel_core.objectifs.reperes import indices_2011
from mel_core.socle import langue

PARC_SOCIAL, PARC_PRIVE = PARCS = ("part_modestes_parc_social", "part_modestes_parc_prive")
BESOINS_DES_PARCS = toutes("quartiers", *PARCS)
LES_DEUX, SOCIAL_SEUL, PRIVE_SEUL, AUCUN = SITUATIONS = ("deux", "social", "prive", "aucun")
INDICATEURS = ("revenu_median_uc", "part_non_emploi", "part_familles_4_enfants", "part_familles_monoparentales")


@dataclass(frozen=True)
class Resume:
    """A scope.

    `n_connus`: quartiers of known class, `n_fragiles` of which are fragile; `population`: inhabitants of the former, 0
    when not given; `part_fragile`: the share who live in the fragile ones (0–1, None without inhabitants).
    """

    n_connus: int
    n_fragiles: int
    population: int
    part_fragile: float | None


def summarise(quartiers: pd.DataFrame) -> Resume:
    """How many quartiers are fragile, and who lives there."""
    n, fragiles, habitants, dont = _count(quartiers).drop(columns="commune").sum()
    return Resume(int(n), int(fragiles), int(habitants), float(dont / habitants) if habitants > 0 else None)


def _count(quartiers: pd.DataFrame) -> pd.DataFrame:
    """One row per quartier of known class, with its commune: what is added up of it."""
    connus = quartiers[quartiers["fragilite"] != "inconnu"]
    est_fragile, habitants = connus["fragilite"] == "fragile", connus["population"].fillna(0)
    comptes = {
        "n_quartiers": 1,
        "n_fragiles": est_fragile.astype(int),
        "population": habitants,
        "population_fragile": habitants.where(est_fragile, 0),
    }
    return connus[["commune"]].assign(**comptes)


def par_commune(quartiers: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """The quartiers of each commune, and the share of its inhabitants who live in the fragile ones.

    One row per commune of `communes`, in its order: `commune`, `nom`, `territoire`, `fragilite` and `typologie` (of
    the commune), `n_quartiers` of known class, `n_fragiles`, `population` of the former (all empty when it has none)
    and `part_fragile` (0–1, empty without inhabitants).
    """
    comptes = _count(quartiers).groupby("commune").sum()
    lignes = communes[["commune", "nom", "territoire", "fragilite", "typologie"]]
    lignes = lignes.merge(comptes, on="commune", how="left")
    lignes["part_fragile"] = lignes["population_fragile"] / lignes["population"].where(lignes["population"] > 0)
    return lignes.drop(columns="population_fragile")


def par_indice(quartiers: pd.DataFrame) -> pd.DataFrame:
    """One row per index (4, most fragile, first; empty: unknown), as in the deck.

    `ips`, `n` quartiers, `population`, and the mean of each indicator weighted by the population, over the quartiers
    where it is known (empty when there is none).
    """
    lignes = [
        {"ips": ips, "n": len(siens), "population": siens["population"].sum(), **average(siens, INDICATEURS)}
        for ips, siens in quartiers.groupby("ips", dropna=False, sort=False)
    ]
    colonnes = ["ips", "n", "population", *INDICATEURS]
    return pd.DataFrame(lignes, columns=colonnes).sort_values("ips", ascending=False, ignore_index=True)


def compare_indices(quartiers: pd.DataFrame) -> pd.DataFrame:
    """The rows of `par_indice` (`origine`: donnees), then those of the deck (support_2017), places of reference last.

    `lieu`, `est_perdue` and `source` are the deck's (see `indices_2011`): empty, false and empty for the data.
    """
    lues = par_indice(quartiers).assign(origine="donnees", lieu=None, est_perdue=False, source=None)
    du_support = indices_2011().assign(origine="support_2017", population=None)
    colonnes = ["origine", "ips", "lieu", "n", "population", *INDICATEURS, "est_perdue", "source"]
    types = {
        **dict.fromkeys(("lieu", "source"), "string"),
        **dict.fromkeys(("ips", "n", "population"), "Int64"),
        **dict.fromkeys(INDICATEURS, "float64"),
    }
    return pd.concat([t[colonnes].astype(types) for t in (lues, du_support)], ignore_index=True)


def average(quartiers: pd.DataFrame, colonnes: Sequence[str] = PARCS) -> dict[str, float]:
    """The mean of each column (of PARCS, a share of modest households) over the quartiers where it is known, weighted
    by their population; nan without any."""
    moyennes = {}
    for colonne in colonnes:
        connus = quartiers[quartiers[colonne].notna() & (quartiers["population"] > 0)]
        poids = connus["population"].sum()
        moyennes[colonne] = float((connus[colonne] * connus["population"]).sum() / poids) if poids else float("nan")
    return moyennes


def classify_parcs(quartiers: pd.DataFrame, moyennes: dict[str, float]) -> pd.Series:
    """Of each quartier, whose residents are more modest than the mean (strictly): those of both its social and private
    stock, of one alone, of none (SITUATIONS); empty unless both shares and both means are known."""
    au_dessus = {parc: quartiers[parc] > moyennes[parc] for parc in PARCS}
    est_connu = quartiers[list(PARCS)].notna().all(axis=1) & bool(pd.Series(moyennes).notna().all())
    dites = pd.Series(AUCUN, quartiers.index, dtype=object)
    dites[au_dessus[PARC_SOCIAL]] = SOCIAL_SEUL
    dites[au_dessus[PARC_PRIVE]] = PRIVE_SEUL
    dites[au_dessus[PARC_SOCIAL] & au_dessus[PARC_PRIVE]] = LES_DEUX
    return dites.where(est_connu, None)


def compare_parcs(quartiers: pd.DataFrame, tous: pd.DataFrame) -> pd.DataFrame:
    """The tenants of the social stock beside the residents of the private one, by class of fragilité of the quartier
    (deck of 2017: the fragilité of a quartier is explained by the ones *et/ou* by the others).

    `tous`: the quartiers of the Métropole, whose means say what is modest. One row per `fragilite` that has a quartier:
    `n` quartiers, `n_connus` of which give both shares, the mean of each of PARCS over these (0–1, by population, empty
    when unknown), and how many are in each of SITUATIONS (`n_deux`, `n_social`, `n_prive`, `n_aucun`).
    """
    situes = quartiers.assign(situation=classify_parcs(quartiers, average(tous)))
    lignes = []
    for fragilite in [f for f in ("fragile", "moyenne", "sans", "inconnu") if (situes["fragilite"] == f).any()]:
        siens = situes[situes["fragilite"] == fragilite]
        connus = siens[siens["situation"].notna()]
        comptes = {f"n_{s}": int((connus["situation"] == s).sum()) for s in SITUATIONS}
        lignes.append({"fragilite": fragilite, "n": len(siens), "n_connus": len(connus), **average(connus), **comptes})
    colonnes = ["fragilite", "n", "n_connus", *PARCS, *(f"n_{s}" for s in SITUATIONS)]
    return pd.DataFrame(lignes, columns=colonnes)


SUPPORT_TYPOLOGIES = (
    "Support de 2017 (GTC, d’après INSEE 2011) : 25 communes de typologie 1, 35 de typologie 2, 20 de typologie 3 ; la "
    "typologie 4 y manque."
)


def constat(ou: str, quartiers: pd.DataFrame) -> str:
    """How many quartiers are fragile, and who lives there: those where nothing was let too, which the bilan leaves."""
    lu = summarise(quartiers)
    if not lu.n_connus:
        return f"Dans {ou}, aucun quartier n’a ni classe de fragilité ni indice de précarité sociale."
    debut = (
        f"Dans {ou}, **{langue.effectif(lu.n_fragiles, 'quartier')}** sur {langue.nombre(lu.n_connus)}, qu’on y ait "
        f"attribué ou non, "
        f"{langue.agree(lu.n_fragiles, 'est fragile', 'sont fragiles')}"
    )
    if lu.part_fragile is None:
        return f"{debut} ; leur population n’est pas renseignée."
    return f"{debut} : **{langue.part(lu.part_fragile)}** des {langue.effectif(lu.population, 'habitant')} y vivent."


def say_perdue(n: int) -> str:
    """What the deck's lost row would have said."""
    return f"ligne perdue du support ; par différence, {langue.effectif(n, 'quartier')}"


def typologies(ou: str, communes: pd.DataFrame) -> str:
    """How many communes there are of each of the deck's four typologies; empty where none is known."""
    comptes = communes["typologie"].dropna().astype(str).value_counts().sort_index(ascending=False)
    if comptes.empty:
        return ""
    dits = [f"**{langue.nombre(int(n))}** de typologie {t}" for t, n in comptes.items()]
    dits[0] += f", {'la plus' if comptes.index[0] == '4' else 'ici la plus'} fragile"
    return f"Dans {ou}, sur {langue.effectif(int(comptes.sum()), 'commune')} : {' ; '.join(dits)}."


def parcs(ou: str, lignes: pd.DataFrame, moyennes: dict[str, float]) -> str:
    """What the fragile quartiers of the scope owe to the profile of each stock. `lignes`: see `compare_parcs`."""
    lues = lignes[lignes["fragilite"] == "fragile"]
    if lues.empty or not lues["n_connus"].iloc[0]:
        return f"Dans {ou}, aucun quartier fragile ne dit le profil de son parc social et de son parc privé."
    x = lues.iloc[0]
    n = int(x["n_connus"])
    dits = [
        f"**{langue.nombre(x[f'n_{code}'])}** {quoi}"
        for code, quoi in (
            (LES_DEUX, "dans les deux parcs"),
            (SOCIAL_SEUL, "dans le parc social seul"),
            (PRIVE_SEUL, "dans le parc privé seul"),
            (AUCUN, "dans aucun des deux"),
        )
    ]
    return (
        f"Dans {ou}, sur {langue.effectif(n, 'quartier fragile', 'quartiers fragiles')} aux deux profils connus, les "
        f"ménages modestes sont plus nombreux qu’en moyenne : {', '.join(dits)} (moyennes de la Métropole : "
        f"{langue.part(moyennes[PARC_SOCIAL])} du parc social, {langue.part(moyennes[PARC_PRIVE])} du parc privé)."
    )


# Why, in Markdown that names the day of the data.
POURQUOI = """**Fragilité d’un quartier** : celle du fichier, sinon lue de l’indice de précarité sociale (IPS).

- **Correspondance** : 4 et 3, fragile ; 2, moyenne ; 1, sans fragilité (paramètre daté, Préparer › Objectifs).
- **Indicateurs** : moyennes pesées par la population des quartiers ; pour le revenu, moyenne des médianes, et médianes
  dans le support.
- **Fragilité d’une commune** : celle de la table « communes » ; inconnue sans elle.
- **Parc social et parc privé** : part de ménages modestes de chaque parc (colonnes « part_modestes_parc_social » et
  « part_modestes_parc_prive »), à côté de sa moyenne dans la Métropole, les quartiers pesés par leur population.
- **Laissés de côté** : les quartiers sans classe ; la part d’habitants ne compte que les populations connues.
- **Support de 2017** : INSEE, recensement 2011, et INSEE-DGI, revenus fiscaux 2011, tels que le support les donne ; le
  rang de la ligne perdue (4) et ses 78 quartiers (480 − 149 − 162 − 91) sont déduits, le reste ne s’en déduit pas.
- **Source** : tables « quartiers » et « communes », données publiées le {jour}. La même réponse :
  `python -m mel_core suivre indice --seance 2017S2`.
"""

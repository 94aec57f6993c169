"""The sentences and tables of the referential of fragilité. Pure: figures in, French out."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from html import escape
from typing import Any

import pandas as pd

from mel_core.indicateurs.suivi.fragilites import (
    AUCUN,
    LES_DEUX,
    PARC_PRIVE,
    PARC_SOCIAL,
    PRIVE_SEUL,
    SOCIAL_SEUL,
    summarise,
)
from mel_core.socle import langue

INDICATEURS: dict[str, tuple[str, Callable[[float], str]]] = {
    "revenu_median_uc": ("Revenu médian par UC", lambda v: f"{langue.nombre(v)}{langue.INSECABLE}€"),
    "part_non_emploi": ("Sans emploi, 25-64 ans", langue.part),
    "part_familles_4_enfants": ("Familles de 4 enfants et plus", langue.part),
    "part_familles_monoparentales": ("Familles monoparentales", langue.part),
}
SITUATIONS = {
    LES_DEUX: "les deux parcs",
    SOCIAL_SEUL: "parc social seul",
    PRIVE_SEUL: "parc privé seul",
    AUCUN: "aucun des deux",
}
DITES = {"fragile": "fragile", "moyenne": "moyenne", "sans": "sans fragilité", "inconnu": "inconnue"}


def constat(ou: str, quartiers: pd.DataFrame) -> str:
    """How many quartiers are fragile, and who lives there."""
    if quartiers.empty:
        return f"Dans {ou}, aucun quartier n’est décrit par la table « quartiers »."
    lu = summarise(quartiers)
    if not lu.n_connus:
        return f"Dans {ou}, aucun quartier n’a ni classe de fragilité ni indice de précarité sociale."
    debut = (
        f"Dans {ou}, **{langue.effectif(lu.n_fragiles, 'quartier')}** sur {langue.nombre(lu.n_connus)} "
        f"{langue.agree(lu.n_fragiles, 'est fragile', 'sont fragiles')}"
    )
    if lu.part_fragile is None:
        return f"{debut} ; leur population n’est pas renseignée."
    return f"{debut} : **{langue.part(lu.part_fragile)}** des {langue.effectif(lu.population, 'habitant')} y vivent."


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


def tableau_indices(lignes: pd.DataFrame, ou: str) -> str:
    """The table of the deck over the rows of `compare_indices`: the quartiers of the scope (`ou`), then what the deck
    read in 2011, its lost row shown as lost (HTML)."""
    tetes = "".join(
        f'<th scope="col">{escape(t)}</th>' for t in ("IPS", "Quartiers", *(t for t, _ in INDICATEURS.values()))
    )
    corps = "".join(
        f'<tbody><tr><th scope="rowgroup" colspan="{len(INDICATEURS) + 2}">{escape(langue.typeset(titre))}</th></tr>'
        f"{''.join(map(_ligne_indice, lignes[lignes['origine'] == origine].to_dict('records')))}</tbody>"
        for origine, titre in (("donnees", f"Données publiées, {ou}"), ("support_2017", SUPPORT_IPS))
    )
    return (
        '<table class="indices"><caption>Derrière l’indice de précarité sociale (4 : le plus fragile)</caption>'
        f"<thead><tr>{tetes}</tr></thead>{corps}</table>"
    )


SUPPORT_TYPOLOGIES = (
    "Support de 2017 (GTC, d’après INSEE 2011) : 25 communes de typologie 1, 35 de typologie 2, 20 de typologie 3 ; la "
    "ligne de la typologie 4 est perdue."
)
SUPPORT_IPS = "Support de 2017, Métropole et références (INSEE 2011)"


def _ligne_indice(ligne: dict[Hashable, Any]) -> str:
    nom = langue.nombre(ligne["ips"]) if pd.isna(ligne["lieu"]) else ligne["lieu"]
    tete = f'<th scope="row">{escape(nom)}</th>'
    if ligne["est_perdue"]:
        dite = f"ligne perdue du support ; par différence, {langue.effectif(ligne['n'], 'quartier')}"
        return f'<tr class="perdue">{tete}<td colspan="{len(INDICATEURS) + 1}">{escape(langue.typeset(dite))}</td></tr>'
    valeurs = (langue.ABSENT if pd.isna(ligne[c]) else say(ligne[c]) for c, (_, say) in INDICATEURS.items())
    return f"<tr>{tete}{''.join(f'<td>{escape(v)}</td>' for v in (langue.nombre(ligne['n']), *valeurs))}</tr>"

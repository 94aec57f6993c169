"""The sentences and tables of the referential of fragilité. Pure: figures in, French out."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd

from mel_core.indicateurs.suivi.fragilites import summarise
from mel_core.socle import langue

INDICATEURS: dict[str, tuple[str, Callable[[float], str]]] = {
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


def tableau_indices(lignes: pd.DataFrame) -> str:
    """The table of the deck: what lies behind each value of the index (HTML)."""
    tetes = "".join(
        f'<th scope="col">{escape(t)}</th>' for t in ("IPS", "Quartiers", *(t for t, _ in INDICATEURS.values()))
    )
    corps = ""
    for x in lignes.to_dict("records"):
        nom = langue.ABSENT if pd.isna(x["ips"]) else langue.nombre(x["ips"])
        valeurs = (langue.ABSENT if pd.isna(x[c]) else say(x[c]) for c, (_, say) in INDICATEURS.items())
        cellules = "".join(f"<td>{escape(v)}</td>" for v in (langue.nombre(x["n"]), *valeurs))
        corps += f'<tr><th scope="row">{nom}</th>{cellules}</tr>'
    return (
        '<table class="indices"><caption>Derrière l’indice de précarité sociale (4 : le plus fragile)</caption>'
        f"<thead><tr>{tetes}</tr></thead><tbody>{corps}</tbody></table>"
    )

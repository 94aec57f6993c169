"""Where a segment asks and how few are let there: commune × typologie, as a table.

Pure: the frame of `mel_core.segments.profil.tension` in, HTML out.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from mel_core.secret.bail import reader
from mel_core.segments.phrases_segments import tensions_dites
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES, TYPOLOGIES_EN_TETE
from mel_core.socle.valeurs import Compte

COMMUNES_MONTREES = 8
_TRES_TENDU = 1.5  # times the mean of the scope


def tableau(cellules: pd.DataFrame, noms: Mapping[str, str], legende: str) -> str:
    """The communes that they want most, by typologie: HTML. Empty when nothing of it is said."""
    voulues = cellules.groupby("commune")["n"].sum()
    # By what is read alone: a place in the table would tell what is not.
    lus = {c: reader().compte(int(n)).au_plus for c, n in voulues.items() if n > 0}
    communes = sorted(lus, key=lambda c: (-lus[c], noms.get(c, c)))[:COMMUNES_MONTREES]
    vues = cellules[cellules["commune"].isin(communes) & ((cellules["n"] > 0) | (not reader().lit_tout))]
    offre = int(cellules["n_attributions"].sum())
    moyenne = cellules["n_actives"].sum() / offre if offre else 0.0
    cases = {(x.commune, x.typologie): _case(x, moyenne) for x in tensions_dites(vues).itertuples()}
    rien = f"<td>{langue.ABSENT if reader().lit_tout else _court(reader().compte(0))}</td>"
    colonnes = [t for t in TYPOLOGIES_DITES if any(cases.get((c, t), rien) != rien for c in communes)]
    if not colonnes:
        return ""
    courts = TYPOLOGIES_EN_TETE | {"T6P": "T6+"}
    tetes = "".join(f'<th scope="col">{escape(courts[t])}</th>' for t in colonnes)
    corps = "".join(
        f'<tr><th scope="row">{escape(noms.get(c, c))}</th>'
        + "".join(cases.get((c, t), rien) for t in colonnes)
        + "</tr>"
        for c in communes
    )
    return (
        f'<table class="tension"><caption>{escape(legende)}{langue.typeset(_LEGENDE)}</caption>'
        f'<thead><tr><th scope="col">Commune</th>{tetes}</tr></thead><tbody>{corps}</tbody></table>'
    )


# What each line of a cell is, said above them: the bold figure is not the quotient of the two below.
_LEGENDE = (
    "<small><b>En gras</b> : demandes par attribution, toutes demandes.<br>Dessous : ménages du segment → "
    "attributions attendues en six mois.</small>"
)

LECTURE = "Fond plus soutenu : plus tendu que la moyenne du périmètre, puis une fois et demie."


def _case(x: Any, moyenne: float) -> str:
    dessous = f"<span>{_court(x.n)} → {_court(x.n_attendues)}</span>"
    if x.n_attributions == 0:
        return f"<td><strong>aucune</strong>{dessous}</td>"
    if pd.isna(x.tension):
        est_petit = x.n.est_tu and x.n_attendues.est_tu
        return f"<td>{_court(x.n)}</td>" if est_petit else f"<td>{langue.ABSENT}{dessous}</td>"
    ton = "fort" if x.tension > _TRES_TENDU * moyenne else "moyen" if x.tension > moyenne else "doux"
    return f'<td class="{ton}"><strong>{langue.rapport(x.tension)}</strong>{dessous}</td>'


def _court(n: Compte) -> str:
    """`≤ 12`: a cell has no room for more."""
    return f"≤{langue.INSECABLE}{n.tus}" if n.est_tu else str(n)

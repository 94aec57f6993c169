"""Where a segment asks and how few are let there: commune × typologie, as it is read.

Pure: the frame of `mel_core.segments.profil.tension` in, French out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES, TYPOLOGIES_EN_TETE
from mel_core.socle.valeurs import Compte
from pages.commun.segments.etape import tension

COMMUNES_MONTREES = 8
PROCHES = 0.05  # two means closer than this are said equal
PART_DITE = 0.01  # a smaller share is not worth a sentence
_TRES_TENDU = 1.5  # times the mean of the scope


@dataclass(frozen=True)
class Moyennes:
    """Demandes per attribution, on average over the wishes that could be served: of the segment, of all the demande.

    `n_souhaits`: wishes of the segment (commune × typologie of the scope); `n_sans_offre`: those where nothing was let
    in 12 months, left out of the mean. Means are empty where no wish could be served.
    """

    segment: float | None
    toutes: float | None
    n_souhaits: int
    n_sans_offre: int


def dites(cellules: pd.DataFrame) -> pd.DataFrame:
    """The same cells, `n`, `n_actives`, `n_attributions` as they are read, `tension` worked out of that, `n_attendues`:
    the attributions expected in six months."""
    lues = cellules.assign(
        n_attendues=cellules["n_attributions"] // 2,
        tension=tension(cellules["n_actives"], cellules["n_attributions"], reader()),
    )
    return reader().comptes(lues, ("n", "n_actives", "n_attributions", "n_attendues"))


def dans_le_perimetre(tensions: pd.DataFrame, communes: Collection[str]) -> pd.DataFrame:
    """The cells of the communes of the scope, both said."""
    return tensions[tensions["commune"].isin(list(communes)) & tensions["typologie"].isin(list(TYPOLOGIES_DITES))]


def moyennes(cellules: pd.DataFrame) -> Moyennes:
    """Each wish weighs one. `cellules`: see `dans_le_perimetre`."""
    servies = cellules[cellules["n_attributions"] > 0]
    poids = {"segment": servies["n"].sum(), "toutes": servies["n_actives"].sum()}
    return Moyennes(
        float((servies["n"] * servies["tension"]).sum() / poids["segment"]) if poids["segment"] else None,
        float((servies["n_actives"] * servies["tension"]).sum() / poids["toutes"]) if poids["toutes"] else None,
        int(cellules["n"].sum()),
        int(cellules.loc[cellules["n_attributions"] == 0, "n"].sum()),
    )


def constat(cellules: pd.DataFrame, noms: Mapping[str, str]) -> str:
    """The finding: how tense it is where they ask, beside all the demande; what they want most."""
    m = moyennes(cellules)
    if m.n_souhaits == 0:
        return "Aucun ne dit à la fois une commune et une typologie de ce périmètre : la tension y est inconnue."
    if m.segment is None or m.toutes is None:
        return "Rien de ce qu’ils souhaitent n’a été attribué sur la période dans ce périmètre."
    effectifs = (m.n_souhaits, int(cellules["n_attributions"].sum()))
    siens, toutes = (reader().pour_une(t, effectifs) for t in (m.segment, m.toutes))
    if pd.isna(siens):
        return ""
    if abs(siens - toutes) <= PROCHES * toutes:
        suite = f"comme pour toute la demande ({langue.rapport(toutes)})"
    else:
        suite = f"contre {langue.rapport(toutes)} pour toute la demande"
    phrases = [f"Là où ils demandent, **{langue.demandes_pour_une(siens)} pour une attribution** en moyenne, {suite}."]
    lues = dites(cellules)
    sures = lues.assign(combien=lues["n"].astype(float)).dropna(subset=["combien", "tension"])
    if not sures.empty:
        premier = sures.sort_values(["combien", "tension"], ascending=False).iloc[0]
        ou = f"{noms.get(premier['commune'], premier['commune'])} en {TYPOLOGIES_DITES[premier['typologie']]}"
        phrases.append(
            f"Le souhait le plus fréquent, **{ou}** ({langue.nombre(premier['n'])}), y trouve **une attribution pour "
            f"{langue.demandes_pour_une(premier['tension'])}**."
        )
    sans_offre = reader().part(m.n_sans_offre, m.n_souhaits)
    if sans_offre >= PART_DITE:
        phrases.append(f"{langue.part(sans_offre)} de leurs souhaits portent là où rien n’a été attribué.")
    return " ".join(phrases)


def tableau(cellules: pd.DataFrame, noms: Mapping[str, str], legende: str) -> str:
    """The communes that they want most, by typologie: HTML. Empty when nothing of it is said."""
    voulues = cellules.groupby("commune")["n"].sum()
    # By what is read alone: a place in the table would tell what is not.
    lus = {c: reader().compte(int(n)).au_plus for c, n in voulues.items() if n > 0}
    communes = sorted(lus, key=lambda c: (-lus[c], noms.get(c, c)))[:COMMUNES_MONTREES]
    vues = cellules[cellules["commune"].isin(communes) & ((cellules["n"] > 0) | (not reader().lit_tout))]
    offre = int(cellules["n_attributions"].sum())
    moyenne = cellules["n_actives"].sum() / offre if offre else 0.0
    cases = {(x.commune, x.typologie): _case(x, moyenne) for x in dites(vues).itertuples()}
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

NOTE = (
    "Fond plus soutenu : plus tendu que la moyenne du périmètre, puis une fois et demie. Une demande compte dans "
    f"chaque souhait. « {langue.ABSENT} » : trop peu pour une tension, ou rien."
)


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

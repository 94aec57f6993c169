"""Where a segment asks and how few are let there: commune × typologie, what is read of it and its sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from mel_core.secret.bail import Audience, reader
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES

TENSION = (
    "demandes actives qui souhaitent la commune (et la typologie), pour une attribution de la période ; une "
    "demande compte dans chacun de ses souhaits"
)
_PROCHES = 0.05  # two means closer than this are said equal
_PART_DITE = 0.01  # a smaller share is not worth a sentence


def read(demandes: pd.Series, attributions: pd.Series, lu_par: Audience) -> pd.Series:
    """Demandes for one attribution, as it is read: infinite without any attribution, empty where it is not said."""
    exactes = (demandes / attributions).where(demandes > 0).astype(float)
    lues = zip(exactes, demandes, attributions, strict=True)
    return pd.Series([lu_par.pour_une(t, (d, a)) for t, d, a in lues], demandes.index, dtype=float)


def dites(cellules: pd.DataFrame) -> pd.DataFrame:
    """The same cells (see `profil.tension`), `n`, `n_actives`, `n_attributions` as they are read, `tension` worked out
    of that, `n_attendues`: the attributions expected in six months."""
    tension = read(cellules["n_actives"], cellules["n_attributions"], reader())
    lues = cellules.assign(n_attendues=cellules["n_attributions"] // 2, tension=tension)
    return reader().comptes(lues, ("n", "n_actives", "n_attributions", "n_attendues"))


def dans_le_perimetre(tensions: pd.DataFrame, communes: Collection[str]) -> pd.DataFrame:
    """The cells of the communes of the scope, both said."""
    return tensions[tensions["commune"].isin(list(communes)) & tensions["typologie"].isin(list(TYPOLOGIES_DITES))]


def moyenne(cellules: pd.DataFrame, poids: str) -> float | None:
    """Demandes per attribution, on average over the wishes that could be served: of the segment (`poids`: `n`), of all
    the demande (`n_actives`); each wish weighs one. None where none could be."""
    servies = cellules[cellules["n_attributions"] > 0]
    total = servies[poids].sum()
    return float((servies[poids] * servies["tension"]).sum() / total) if total else None


def constat(cellules: pd.DataFrame, noms: Mapping[str, str]) -> str:
    """The finding: how tense it is where they ask, beside all the demande; what they want most. `cellules`: see
    `dans_le_perimetre`; `noms`: of the communes."""
    n_souhaits = int(cellules["n"].sum())
    segment, toutes = (moyenne(cellules, poids) for poids in ("n", "n_actives"))
    if n_souhaits == 0:
        return "Aucun ne dit à la fois une commune et une typologie de ce périmètre : la tension y est inconnue."
    if segment is None or toutes is None:
        return "Rien de ce qu’ils souhaitent n’a été attribué sur la période dans ce périmètre."
    effectifs = (n_souhaits, int(cellules["n_attributions"].sum()))
    siens, tous = (reader().pour_une(t, effectifs) for t in (segment, toutes))
    if pd.isna(siens):
        return ""
    dite = langue.rapport(tous)
    est_proche = abs(siens - tous) <= _PROCHES * tous
    suite = f"comme pour toute la demande ({dite})" if est_proche else f"contre {dite} pour toute la demande"
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
    sans_offre = reader().part(int(cellules.loc[cellules["n_attributions"] == 0, "n"].sum()), n_souhaits)
    if sans_offre >= _PART_DITE:
        phrases.append(f"{langue.part(sans_offre)} de leurs souhaits portent là où rien n’a été attribué.")
    return " ".join(phrases)

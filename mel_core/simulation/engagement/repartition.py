"""How an engagement is shared out by commune and by bailleur: in proportion to the flow, then as a desk adjusts it.

Pure and exact: whole numbers in, whole numbers or one sentence of refusal out. A room is told none of it: a number that
goes through every value would give the flow of each place back.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mel_core.segments.profil import maximum_flow
from mel_core.simulation.engagement.calcul_engagement import distribute
from mel_core.socle import langue

# Key of the cells of the flow → what a place is called, one and several.
LIEUX = {"commune": ("la commune", "communes"), "bailleur": ("le bailleur", "bailleurs")}


def expect(cellules: pd.DataFrame, cle: str) -> dict[str, int]:
    """Attributions expected by code of `cle` (of LIEUX), the most first.

    `cellules`: one row per commune × bailleur with its whole `flux`. Places where nothing is expected are left out.
    """
    sommes = {str(code): int(n) for code, n in cellules.groupby(cle)["flux"].sum().items() if n}
    return dict(sorted(sommes.items(), key=lambda x: (-x[1], x[0])))


def offer(cellules: pd.DataFrame, nombre: int) -> dict[str, dict[str, int]]:
    """`nombre` households in proportion to the flow, by largest remainder: by commune, and by bailleur.

    Both add up to `nombre` (to the whole flow when it is less); places that serve nobody are left out. Each is rounded
    on its own: a place that lets more is never asked less. Where the two so rounded could not be housed together (see
    `house_ensemble`), they are the sums of the cells, that always can.
    """
    vise = min(nombre, int(cellules["flux"].sum()))
    parts = {cle: _au_prorata(expect(cellules, cle), vise) for cle in LIEUX}
    if house_ensemble(cellules, parts["commune"], parts["bailleur"]) == vise:
        return parts
    servis = distribute(cellules, vise)
    sommes = {cle: servis.groupby(cle)["a_servir"].sum() for cle in LIEUX}
    return {cle: {str(code): int(n) for code, n in s.items() if n} for cle, s in sommes.items()}


def _au_prorata(poids: Mapping[str, int], nombre: int) -> dict[str, int]:
    """`poids`: by code, in the order that settles equal remainders."""
    lieux = pd.DataFrame({"lieu": list(poids), "flux": list(poids.values())}).astype({"flux": "int64"})
    servis = distribute(lieux, nombre)
    return {str(x.lieu): int(x.a_servir) for x in servis.itertuples() if x.a_servir}


def refuse(
    lieux: Mapping[str, int], attendues: Mapping[str, int], nombre: int, cle: str, noms: Mapping[str, str]
) -> str | None:
    """Why this sharing out is not an engagement of `nombre` households, in one sentence; None when it is one.

    `lieux`: households by code of `cle`; `attendues`: see `expect`.
    """
    _, plusieurs = LIEUX[cle]
    for code, n in lieux.items():
        if isinstance(n, bool) or not isinstance(n, int) or n < 0:
            return f"{noms.get(code, code)} : donner un nombre entier de ménages, zéro ou plus."
        if n and code not in attendues:
            return f"{noms.get(code, code)} : aucune attribution n’y est attendue, remettre 0."
        if n and n > (flux := attendues[code]):
            return (
                f"{noms.get(code, code)} : {langue.effectif(n, 'ménage')}, pour "
                f"{langue.effectif(flux, 'attribution attendue', 'attributions attendues')} en six mois ; réduire ce "
                "nombre."
            )
    somme = sum(lieux.values())
    if somme == nombre:
        return None
    ecart = abs(somme - nombre)
    return (
        f"La somme des {plusieurs} fait {langue.effectif(somme, 'ménage')} au lieu de {langue.nombre(nombre)} : en "
        f"{'retirer' if somme > nombre else 'ajouter'} {langue.nombre(ecart)}."
    )


def house_ensemble(cellules: pd.DataFrame, par_commune: Mapping[str, int], par_bailleur: Mapping[str, int]) -> int:
    """The most households that these bailleurs can house in these communes at once, within the flow of each cell.

    Less than the engagement: its two sharings out, each possible, do not hold together.
    """
    communes, bailleurs = list(par_commune), list(par_bailleur)
    rang_c = {code: 1 + i for i, code in enumerate(communes)}
    rang_b = {code: 1 + len(communes) + i for i, code in enumerate(bailleurs)}
    puits = 1 + len(communes) + len(bailleurs)
    aretes = [(0, rang_c[c], n) for c, n in par_commune.items()]
    aretes += [(rang_b[b], puits, n) for b, n in par_bailleur.items()]
    aretes += [
        (rang_c[x.commune], rang_b[x.bailleur], int(x.flux))
        for x in cellules.itertuples()
        if x.commune in rang_c and x.bailleur in rang_b
    ]
    return maximum_flow(aretes, puits)

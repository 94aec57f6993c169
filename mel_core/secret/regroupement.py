"""Small cells of a projected table are rolled up to their territory rather than blanked (security.md, threshold 11).

Pure: a frame in, a frame out. The rule protects one additive table whose total is shown beside it: nobody can read a
count under `SEUIL`, nor get one back by subtracting the shown lines from the total.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import pandas as pd

SEUIL = 11  # households: the rule of fiscal sources


@dataclass
class _Groupe:
    """Lines shown as one. `nom` is empty when no single territory holds them."""

    nom: str
    membres: list[str] = field(default_factory=list)
    effectif: int = 0

    def add(self, cle: str, effectif: int) -> None:
        self.membres.append(cle)
        self.effectif += effectif

    def est_publiable(self, seuil: int) -> bool:
        """A lone member would be read through the group, however large its territory."""
        return self.effectif >= seuil and len(self.membres) > 1


def regrouper(
    cellules: pd.DataFrame,
    cle: str,
    territoire: str | None = None,
    effectif: str = "n",
    seuil: int = SEUIL,
    forcees: Collection[str] = (),
) -> pd.DataFrame:
    """Under which line each cell may be shown.

    `cellules`: one row per `cle`, with its `territoire` (a column; none = all cells share one) and its `effectif`
    (households, whole, ≥ 0). A cell of 0 may be shown as it is. `forcees`: keys never shown alone, whatever they count.

    Returns one row per `cle`, in the order received: `cle`, `ligne` (the cell's own key, or the territory's name, or ""
    when lines of several territories had to be put together), `est_regroupee`, `est_masquee` (nothing could be put with
    it to reach `seuil` households: not even the total may be shown).
    """
    lignes = [
        (str(c), str(t), int(n))
        for c, t, n in zip(
            cellules[cle],
            cellules[territoire] if territoire else [""] * len(cellules),
            cellules[effectif],
            strict=True,
        )
    ]
    seules = {c: (t, n) for c, t, n in lignes if n == 0 or (n >= seuil and c not in forcees)}
    petites = [(c, t, n) for c, t, n in lignes if c not in seules]
    groupes: dict[str, _Groupe] = {}
    for c, t, n in sorted(petites):
        groupes.setdefault(t, _Groupe(t)).add(c, n)
    for groupe in groupes.values():
        _fill(groupe, seules, seuil, meme_territoire=True)
    groupes_finaux = _merge_rest(list(groupes.values()), seules, seuil)
    ou = {c: g for g in groupes_finaux for c in g.membres}
    return pd.DataFrame(
        {
            cle: [c for c, _, _ in lignes],
            "ligne": [ou[c].nom if c in ou else c for c, _, _ in lignes],
            "est_regroupee": [c in ou for c, _, _ in lignes],
            "est_masquee": [c in ou and not ou[c].est_publiable(seuil) for c, _, _ in lignes],
        }
    ).astype({cle: str, "ligne": str, "est_regroupee": bool, "est_masquee": bool})


def _fill(groupe: _Groupe, seules: dict[str, tuple[str, int]], seuil: int, *, meme_territoire: bool) -> None:
    """Bring the smallest lines shown alone into `groupe` until it may be published, or none is left."""
    candidates = sorted((n, c) for c, (t, n) in seules.items() if n > 0 and (t == groupe.nom or not meme_territoire))
    for n, c in candidates:
        if groupe.est_publiable(seuil):
            return
        groupe.add(c, n)
        del seules[c]


def _merge_rest(groupes: list[_Groupe], seules: dict[str, tuple[str, int]], seuil: int) -> list[_Groupe]:
    """Territories too small by themselves are put together, then with the smallest neighbouring group or line."""
    publiables = sorted((g for g in groupes if g.est_publiable(seuil)), key=lambda g: (g.effectif, g.nom))
    restes = [g for g in groupes if not g.est_publiable(seuil)]
    if not restes:
        return publiables
    reste = restes[0] if len(restes) == 1 else _Groupe("")
    if len(restes) > 1:
        for g in restes:
            reste.membres += g.membres
            reste.effectif += g.effectif
    if not reste.est_publiable(seuil):
        reste.nom = ""
        _fill(reste, seules, seuil, meme_territoire=False)
    while not reste.est_publiable(seuil) and publiables:
        voisin = publiables.pop(0)
        reste.membres += voisin.membres
        reste.effectif += voisin.effectif
    return [*publiables, reste]

"""Who lives in the QPV and who comes, beside the two national rulers, and what their commissions return."""

from __future__ import annotations

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs import compute
from mel_core.simulation.preconisations.lieux_preconises import SQL
from mel_core.socle.periodes import Periode

HORS_QPV, INCONNU = "hors_qpv", "inconnu"
REGLES = ("autres_en_qpv", "q1_hors_qpv")
COLONNES = (
    "qpv",
    "nom",
    "n_logements",
    "n_occupants",
    "n_occupants_modestes",
    "part_occupants",
    "n_entrants",
    "n_entrants_connus",
    "n_entrants_modestes",
    "part_entrants",
    "regle",
    "n_regle",
    "numerateur_regle",
    "part_regle",
    "cible",
    "ecart_attributions",
    "verdict",
    "motif",
)


def peuplement(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per QPV with dwellings or an attribution over `periode`, then `hors_qpv`, then `inconnu`.

    `n_logements`, `n_occupants` (of known ressources), `n_occupants_modestes`, `part_occupants`; `n_entrants`,
    `n_entrants_connus`, `n_entrants_modestes`, `part_entrants`; `regle`: `autres_en_qpv` (at least half outside the
    first quartile) in a QPV, `q1_hors_qpv` (at least a quarter in it) outside, none for `inconnu`, with `n_regle`
    (quartile known), `numerateur_regle`, `part_regle`, `cible`, `ecart_attributions`, `verdict`, `motif`
    (`seuil_absent`: nobody gave the threshold of the year). Empty: unknown. Only attributions and dwellings of `ici`,
    when it is given.
    """
    stock = lecteur.query(SQL["stock"], ici=ici, fin=periode.fin)
    sommes = stock.groupby("qpv").agg(
        n_logements=("n_logements", "sum"),
        n_occupants=("n_occupants", lambda v: v.sum(min_count=1)),
        n_occupants_modestes=("n_modestes", lambda v: v.sum(min_count=1)),
    )
    entrants = compute(lecteur, "entrants_occupants", periode, ["qpv"], ici=ici).set_index("qpv")
    entrants = entrants[["n", "n_connus", "numerateur", "part"]].set_axis(
        ["n_entrants", "n_entrants_connus", "n_entrants_modestes", "part_entrants"], axis=1
    )
    regles = pd.concat([_regle(lecteur, periode, nom, ici) for nom in REGLES])
    frame = pd.DataFrame(index=sommes.index.union(entrants.index)).rename_axis("qpv")
    frame = frame.join(sommes).join(entrants).join(regles).join(_noms(lecteur, ici))
    occupants = frame["n_occupants"].where(frame["n_occupants"] > 0)
    frame = frame.assign(part_occupants=frame["n_occupants_modestes"] / occupants)
    comptes = {"n_entrants": 0, "n_entrants_connus": 0, "n_entrants_modestes": 0}
    frame = frame.fillna(comptes).reset_index()
    place = frame["qpv"].map({HORS_QPV: 1, INCONNU: 2}).fillna(0)
    frame = frame.assign(place=place).sort_values(["place", "qpv"], ignore_index=True)
    return frame[list(COLONNES)].astype(
        dict.fromkeys(
            [*comptes, "n_logements", "n_occupants", "n_occupants_modestes", "n_regle", "numerateur_regle"], "Int64"
        )
    )


def _regle(lecteur: Lecteur, periode: Periode, nom: str, ici: str | None) -> pd.DataFrame:
    cellules = compute(lecteur, nom, periode, ["qpv"], ici=ici).set_index("qpv")
    gardees = ["n_connus", "numerateur", "part", "cible", "ecart_attributions", "verdict", "motif"]
    noms = {"n_connus": "n_regle", "numerateur": "numerateur_regle", "part": "part_regle"}
    return cellules[gardees].rename(columns=noms).assign(regle=nom)


def _noms(lecteur: Lecteur, ici: str | None) -> pd.DataFrame:
    return lecteur.query(SQL["qpv"], ici=ici).set_index("qpv")


def commissions(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per QPV with a commission held over `periode` (those of the quartiers of `ici`, when it is given).

    `qpv`, `nom` (empty when no quartier bears the code), `n_commissions`, `derniere` (date), `n_candidats`,
    `n_designes`, `n_refuses` (sums of what is said, empty when nothing is), `part_designes` (designated among the
    candidates: `n_designes_situes` over `n_candidats_situes`), `part_refuses` (refusals among the designated): shares
    over the meetings that say both.
    """
    frame = lecteur.query(SQL["commissions"], debut=periode.debut, fin=periode.fin)
    noms = _noms(lecteur, ici)
    if ici is not None:
        frame = frame[frame["qpv"].isin(noms.index)]
    frame = frame.join(noms, on="qpv").assign(derniere=frame["derniere"].dt.date).reset_index(drop=True)
    frame.insert(1, "nom", frame.pop("nom"))
    comptes = ["n_candidats", "n_designes", "n_refuses", "n_candidats_situes", "n_designes_situes"]
    return frame.astype(dict.fromkeys(comptes, "Int64"))

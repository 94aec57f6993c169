"""What the objectives call for in each quartier and résidence over the next six months."""

from __future__ import annotations

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs import compute, objectif_de
from mel_core.indicateurs.mesures import rapport
from mel_core.simulation.preconisations.dosage import share_out_les_classes
from mel_core.simulation.preconisations.phrases_preconisations import phrase_de_quartier, phrase_de_residence
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "preconisations.sql")
INCONNU = "inconnu"
_ENTIERS = (
    "n_vacants",
    "n_comptes",
    "n_occupants",
    "n_occupants_modestes",
    "n_attendues",
    "n_modestes",
    "n_autres",
)
_ENTRANTS = {
    "n": "n_entrants",
    "n_connus": "n_entrants_connus",
    "numerateur": "n_entrants_modestes",
    "part": "part_entrants",
}
_COMPTES_ENTRANTS = ["n_entrants", "n_entrants_connus", "n_entrants_modestes"]
_MESURES = (
    "n_logements",
    "n_vacants",
    "n_comptes",
    "part_vacance",
    "n_occupants",
    "n_occupants_modestes",
    "part_occupants",
    "n_entrants",
    "n_entrants_connus",
    "n_entrants_modestes",
    "part_entrants",
    "vacances_attendues",
    "n_attendues",
    "n_modestes",
    "n_autres",
    "phrase",
)
COLONNES_QUARTIER = (
    "quartier",
    "nom",
    "commune",
    "nom_commune",
    "fragilite",
    "n_residences",
    "n_sans_rotation",
    *_MESURES,
)
COLONNES_RESIDENCE = ("residence", "nom", "bailleur", "quartier", "commune", "fragilite", *_MESURES)


def par_quartier(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per quartier of `ici` with dwellings or an attribution over `periode` (12 months up to a séance's end).

    `quartier` (`inconnu`: attributions that do not say theirs), `nom`, `commune`, `nom_commune`, `fragilite`; the
    stock: `n_residences`, `n_logements`, `n_vacants`, `part_vacance` (of `n_comptes`, the dwellings of the résidences
    that count them),
    `n_occupants` (of known ressources), `n_occupants_modestes`, `part_occupants`; who came: `n_entrants`,
    `n_entrants_connus`, `n_entrants_modestes`, `part_entrants`; what comes, over six months: `vacances_attendues`
    (dwellings, by the rotation of each résidence; empty unless all `n_residences` have one) and, of the résidences that
    have one (`n_sans_rotation` have not), `n_attendues` (whole). What the target of `equilibre` calls for among them:
    `n_modestes` (at most in a fragile quartier, at least in one without fragility) and `n_autres`, which add up to
    `n_attendues`. Both are its part of those of its class in its ICI (`share_out_les_classes`), whatever `ici` is
    asked: the parts add up to the target. `phrase` (French). Empty: unknown, or no target.
    """
    residences = _residences(lecteur, periode, ici)
    stock = _stock_par_quartier(residences)
    entrants = _entrants(lecteur, periode, "quartier", ici)
    noms = lecteur.query(SQL["quartiers"], ici=ici, fin=periode.fin).set_index("quartier")
    frame = pd.DataFrame(index=stock.index.union(entrants.index)).rename_axis("quartier")
    frame = frame.join(noms).join(stock).join(entrants).reset_index()
    frame["fragilite"] = frame["fragilite"].fillna(INCONNU)
    frame[_COMPTES_ENTRANTS] = frame[_COMPTES_ENTRANTS].fillna(0)
    objectif = objectif_de(lecteur, "equilibre", periode)
    phrases = [phrase_de_quartier(ligne, objectif) for ligne in frame.astype(object).to_dict("records")]
    return _give_type(frame.assign(phrase=pd.Series(phrases, dtype="object")), COLONNES_QUARTIER)


def _residences(lecteur: Lecteur, periode: Periode, ici: str | None) -> pd.DataFrame:
    """The stock of `ici`, one row per résidence, with its part of what its class of its ICI expects and aims at."""
    toutes = lecteur.query(SQL["stock"], ici=None, fin=periode.fin)
    toutes = toutes.assign(part_occupants=rapport(toutes["n_modestes"], toutes["n_occupants"])).rename(
        columns={"attendues": "vacances_attendues", "n_modestes": "n_occupants_modestes"}
    )
    objectif = objectif_de(lecteur, "equilibre", periode)
    connues = toutes[toutes["vacances_attendues"].notna()].rename(columns={"vacances_attendues": "attendues"})
    toutes = toutes.join(share_out_les_classes(connues, objectif.valeur if objectif else None))
    toutes["n_autres"] = toutes["n_attendues"] - toutes["n_modestes"]
    return toutes if ici is None else toutes[toutes["ici"] == ici].reset_index(drop=True)


def _stock_par_quartier(residences: pd.DataFrame) -> pd.DataFrame:
    """The stock of each quartier; a sum over nothing known is empty, and expected vacancies unless all are known."""
    comptees = residences["n_logements"].where(residences["n_vacants"].notna())
    groupes = residences.assign(comptees=comptees).groupby("quartier")
    comptes = ["n_vacants", "n_occupants", "n_occupants_modestes", "vacances_attendues"]
    sommes = groupes[comptes].sum(min_count=1).astype("float64")
    tailles, avec_rotation = groupes.size(), groupes["vacances_attendues"].count()
    return pd.DataFrame(
        {
            "n_residences": tailles,
            "n_sans_rotation": tailles - avec_rotation,
            "n_logements": groupes["n_logements"].sum(),
            "n_vacants": sommes["n_vacants"],
            "n_comptes": groupes["comptees"].sum(),
            "part_vacance": rapport(sommes["n_vacants"], groupes["comptees"].sum()),
            "n_occupants": sommes["n_occupants"],
            "n_occupants_modestes": sommes["n_occupants_modestes"],
            "part_occupants": rapport(sommes["n_occupants_modestes"], sommes["n_occupants"]),
            "vacances_attendues": sommes["vacances_attendues"].where(avec_rotation == tailles),
            **{c: groupes[c].sum(min_count=1) for c in ("n_attendues", "n_modestes", "n_autres")},
        }
    )


def _entrants(lecteur: Lecteur, periode: Periode, coupe: str, ici: str | None) -> pd.DataFrame:
    """The indicator `entrants_occupants`, as it is everywhere else."""
    cellules = compute(lecteur, "entrants_occupants", periode, [coupe], ici=ici)
    return cellules.set_index(coupe)[list(_ENTRANTS)].rename(columns=_ENTRANTS)


def _give_type(frame: pd.DataFrame, colonnes: tuple[str, ...]) -> pd.DataFrame:
    entiers = dict.fromkeys((*_ENTIERS, *_COMPTES_ENTRANTS, "n_residences", "n_sans_rotation", "n_logements"), "Int64")
    parts = dict.fromkeys(("part_vacance", "part_occupants", "part_entrants", "vacances_attendues"), "float64")
    types = {c: t for c, t in (entiers | parts).items() if c in colonnes}
    return frame[list(colonnes)].astype(types).reset_index(drop=True)


def par_residence(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per résidence of `ici`: the columns of `par_quartier` that it may have, and its `bailleur`.

    Its lettings and modest households are its part of its quartier's, by its rotation: they add up to the quartier's.
    """
    frame = _residences(lecteur, periode, ici).join(_entrants(lecteur, periode, "residence", ici), on="residence")
    frame[_COMPTES_ENTRANTS] = frame[_COMPTES_ENTRANTS].fillna(0)
    frame = frame.assign(
        n_comptes=frame["n_logements"].where(frame["n_vacants"].notna()),
        part_vacance=rapport(frame["n_vacants"], frame["n_logements"]),
    )
    phrases = [phrase_de_residence(ligne) for ligne in frame.astype(object).to_dict("records")]
    return _give_type(frame.assign(phrase=pd.Series(phrases, dtype="object")), COLONNES_RESIDENCE)

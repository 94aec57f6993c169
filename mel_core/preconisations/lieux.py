"""What the objectives call for in each quartier and résidence over the next six months."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs import calculer, objectif_de
from mel_core.indicateurs.definitions import SENS_PAR_FRAGILITE
from mel_core.indicateurs.mesures import Objectif
from mel_core.periodes import Periode
from mel_core.preconisations.dosage import Dosage, arrondir, doser, repartir
from mel_core.preconisations.phrases import phrase_de_quartier, phrase_de_residence
from mel_core.sql import blocs

SQL = blocs("mel_core.preconisations", "preconisations.sql")
INCONNU = "inconnu"
_ENTIERS = (
    *("n_vacants", "n_comptes", "n_occupants", "n_occupants_modestes", "n_attendues"),
    *("modestes_min", "modestes_max", "n_modestes", "n_autres"),
)
_ENTRANTS = {
    "n": "n_entrants",
    "n_connus": "n_entrants_connus",
    "numerateur": "n_entrants_modestes",
    "part": "part_entrants",
}
_COMPTES_ENTRANTS = ["n_entrants", "n_entrants_connus", "n_entrants_modestes"]
_MESURES = (
    *("n_logements", "n_vacants", "n_comptes", "part_vacance", "n_occupants", "n_occupants_modestes", "part_occupants"),
    *("n_entrants", "n_entrants_connus", "n_entrants_modestes", "part_entrants"),
    *("vacances_attendues", "n_attendues", "modestes_min", "modestes_max", "n_modestes", "n_autres", "phrase"),
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

Bornes = tuple[Fraction | None, Fraction | None]
Partage = tuple[int | None, int | None, int | None]  # lettings, modest households, others


def par_quartier(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per quartier of `ici` with dwellings or an attribution over `periode` (12 months up to a séance's end).

    `quartier` (`inconnu`: attributions that do not say theirs), `nom`, `commune`, `nom_commune`, `fragilite`; the
    stock: `n_residences`, `n_logements`, `n_vacants`, `part_vacance` (of `n_comptes`, the dwellings of the résidences
    that count them),
    `n_occupants` (of known ressources), `n_occupants_modestes`, `part_occupants`; who came: `n_entrants`,
    `n_entrants_connus`, `n_entrants_modestes`, `part_entrants`; what comes: `vacances_attendues` (dwellings over six
    months, by the rotation of each résidence), `n_sans_rotation` (résidences without one: the expected vacancies are
    then unknown), `n_attendues` (whole). What the target of `equilibre` calls for among them: `modestes_min`,
    `modestes_max`, `n_modestes` (advised) and `n_autres`, which add up to `n_attendues`; `phrase` (French). Empty:
    unknown, or no target.
    """
    stock = _stock_par_quartier(lecteur.query(SQL["stock"], ici=ici, fin=periode.fin))
    entrants = _entrants(lecteur, periode, "quartier", ici)
    noms = lecteur.query(SQL["quartiers"], ici=ici, fin=periode.fin).set_index("quartier")
    frame = pd.DataFrame(index=stock.index.union(entrants.index)).rename_axis("quartier")
    frame = frame.join(noms).join(stock).join(entrants)
    frame["fragilite"] = frame["fragilite"].fillna(INCONNU)
    frame[_COMPTES_ENTRANTS] = frame[_COMPTES_ENTRANTS].fillna(0)
    frame["n_attendues"] = [None if pd.isna(v) else arrondir(v) for v in frame["vacances_attendues"]]
    objectif = objectif_de(lecteur, "equilibre", periode)
    dosages = [_doser(x.n_attendues, x.fragilite, x.part_entrants, objectif) for x in frame.itertuples()]
    frame = _poser(frame.reset_index(), dosages)
    phrases = [phrase_de_quartier(ligne, objectif) for ligne in frame.astype(object).to_dict("records")]
    return _typer(frame.assign(phrase=pd.Series(phrases, dtype="object")), COLONNES_QUARTIER)


def _stock_par_quartier(residences: pd.DataFrame) -> pd.DataFrame:
    """The stock of each quartier; a sum over nothing known is empty, and expected vacancies unless all are known."""
    comptees = residences["n_logements"].where(residences["n_vacants"].notna())
    groupes = residences.assign(comptees=comptees).groupby("quartier")
    sommes = groupes[["n_vacants", "n_occupants", "n_modestes", "attendues"]].sum(min_count=1).astype("float64")
    tailles, avec_rotation = groupes.size(), groupes["attendues"].count()
    return pd.DataFrame(
        {
            "n_residences": tailles,
            "n_sans_rotation": tailles - avec_rotation,
            "n_logements": groupes["n_logements"].sum(),
            "n_vacants": sommes["n_vacants"],
            "n_comptes": groupes["comptees"].sum(),
            "part_vacance": _rapport(sommes["n_vacants"], groupes["comptees"].sum()),
            "n_occupants": sommes["n_occupants"],
            "n_occupants_modestes": sommes["n_modestes"],
            "part_occupants": _rapport(sommes["n_modestes"], sommes["n_occupants"]),
            "vacances_attendues": sommes["attendues"].where(avec_rotation == tailles),
        }
    )


def _rapport(numerateur: pd.Series, denominateur: pd.Series) -> pd.Series:
    return numerateur / denominateur.where(denominateur > 0)


def _entrants(lecteur: Lecteur, periode: Periode, coupe: str, ici: str | None) -> pd.DataFrame:
    """The indicator `entrants_occupants`, as it is everywhere else."""
    cellules = calculer(lecteur, "entrants_occupants", periode, [coupe], ici=ici)
    return cellules.set_index(coupe)[list(_ENTRANTS)].rename(columns=_ENTRANTS)


def _bornes(fragilite: str, objectif: Objectif | None) -> Bornes | None:
    if objectif is None or fragilite not in SENS_PAR_FRAGILITE:
        return None
    return objectif.bornes(SENS_PAR_FRAGILITE[fragilite])


def _doser(n: int | None, fragilite: str, part: float | None, objectif: Objectif | None) -> Dosage | None:
    bornes = _bornes(fragilite, objectif)
    if bornes is None or n is None or pd.isna(n):
        return None
    return doser(int(n), *bornes, None if part is None or pd.isna(part) else float(part))


def _poser(frame: pd.DataFrame, dosages: list[Dosage | None]) -> pd.DataFrame:
    return frame.assign(
        modestes_min=[d and d.minimum for d in dosages],
        modestes_max=[d and d.maximum for d in dosages],
        n_modestes=[d and d.conseille for d in dosages],
        n_autres=[d and d.autres for d in dosages],
    )


def _typer(frame: pd.DataFrame, colonnes: tuple[str, ...]) -> pd.DataFrame:
    entiers = dict.fromkeys((*_ENTIERS, *_COMPTES_ENTRANTS, "n_residences", "n_sans_rotation", "n_logements"), "Int64")
    parts = dict.fromkeys(("part_vacance", "part_occupants", "part_entrants", "vacances_attendues"), "float64")
    types = {c: t for c, t in (entiers | parts).items() if c in colonnes}
    return frame[list(colonnes)].astype(types).reset_index(drop=True)


def par_residence(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per résidence of `ici`: the columns of `par_quartier` that it may have, and its `bailleur`.

    The target is that of the quartier: its whole lettings, and the modest households advised among them, are shared out
    among its résidences of known rotation, so that they add up to the quartier's. A unit left goes to the résidence
    that has the smallest share of modest occupants. `modestes_min` and `modestes_max` are empty: no résidence has a
    target of its own.
    """
    frame = lecteur.query(SQL["stock"], ici=ici, fin=periode.fin).rename(
        columns={"attendues": "vacances_attendues", "n_modestes": "n_occupants_modestes"}
    )
    frame = frame.join(_entrants(lecteur, periode, "residence", ici), on="residence")
    frame[_COMPTES_ENTRANTS] = frame[_COMPTES_ENTRANTS].fillna(0)
    frame = frame.assign(
        n_comptes=frame["n_logements"].where(frame["n_vacants"].notna()),
        part_vacance=_rapport(frame["n_vacants"], frame["n_logements"]),
        part_occupants=_rapport(frame["n_occupants_modestes"], frame["n_occupants"]),
        modestes_min=None,
        modestes_max=None,
    )
    parts = _entrants(lecteur, periode, "quartier", ici)["part_entrants"]
    objectif = objectif_de(lecteur, "equilibre", periode)
    partages: dict[int, Partage] = {}
    for quartier, siennes in frame[frame["vacances_attendues"].notna()].groupby("quartier"):
        partages |= _partager(siennes, parts.get(quartier), objectif)
    for rang, colonne in enumerate(("n_attendues", "n_modestes", "n_autres")):
        frame[colonne] = pd.Series([partages.get(i, (None,) * 3)[rang] for i in frame.index], dtype="Int64")
    phrases = [phrase_de_residence(ligne) for ligne in frame.astype(object).to_dict("records")]
    return _typer(frame.assign(phrase=pd.Series(phrases, dtype="object")), COLONNES_RESIDENCE)


def _partager(siennes: pd.DataFrame, part_entrants: float | None, objectif: Objectif | None) -> dict[int, Partage]:
    """Whole lettings, modest households and others of each résidence of one quartier."""
    ordre = siennes["part_occupants"].fillna(1.0).tolist()
    attendues = siennes["vacances_attendues"].tolist()
    entieres = repartir(arrondir(sum(attendues)), attendues, ordre)
    dosage = _doser(sum(entieres), str(siennes["fragilite"].iloc[0]), part_entrants, objectif)
    if dosage is None:
        return {i: (n, None, None) for i, n in zip(siennes.index, entieres, strict=True)}
    modestes = repartir(dosage.conseille, entieres, ordre)
    return {i: (n, m, n - m) for i, n, m in zip(siennes.index, entieres, modestes, strict=True)}

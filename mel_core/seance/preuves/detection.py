"""Blocages that nobody reported: cells of an ICI far outside their control limits, on the side of too much.

A cell is told when three things hold, the first two at levels shared among the measures, grains and cells of the ICI
(Bonferroni). Chance alone does not explain it: where all cells are alike, the three ICI together show anything at all
less than once in a thousand. How uneven cells usually are does not explain it either: its count is beyond the limit of
an overdispersed law (lois.py), whose dispersion is that of all the cells in scope, which an ICI where nothing is out of
the ordinary passes once in a hundred, at most. The gap is large enough to matter. A cell that is only out because it
holds another one, already told, is not told again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mel_core.contrat.tables import TYPOLOGIES
from mel_core.entrepot import Lecteur, perimetre
from mel_core.entrepot.lecteur import TypePortee
from mel_core.indicateurs.comptage import duree
from mel_core.seance.preuves import lois
from mel_core.seance.preuves.secteur import ProfilBlocage, Secteur, name_residence
from mel_core.secret.bail import reader
from mel_core.segments import Criteres, SegmentLibre
from mel_core.segments.profil import tension
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.langue import INSECABLE
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs
from mel_core.socle.valeurs import Compte

_SQL = blocs(__file__, "detection.sql")
_INCONNU = "inconnu"
Booleens = NDArray[np.bool_]
LIEUX = ("commune", "bailleur", "residence", "typologie")
COLONNES = (
    "mesure",
    *LIEUX,
    "numerateur",
    "denominateur",
    "valeur",
    "reste_numerateur",
    "reste_denominateur",
    "valeur_reste",
    "limite",
    "exces",
    "saillance",
    "ou",
    "duree",
)


HASARD = 3e-4  # chance, at most, that an ICI whose cells are all alike shows anything at all: three ICI, under 1e-3
INEGALITE = 0.01  # the same for an ICI whose cells are as uneven as usual
CELLULES_MIN = 10  # with fewer cells in scope, nobody can say what is usual
EFFECTIF_MIN = 20  # denominator of a cell that is looked at
ATTENDUES_MIN = 5.0  # attributions that the demand for a commune and typologie would have at the tension around
PART_INTERIEURE = 0.8  # of the excess of a cell: when a cell inside it has that much, it is told instead


@dataclass(frozen=True)
class MesureFamille:
    """A share `numerateur` / `denominateur` of the rows of a block of detection.sql, looked at grain by grain.

    `ecart_min`: least gap to the rest of the ICI, as a share (0–1), for a cell beyond its limit to be worth a word.
    """

    nom: str
    bloc: str
    numerateur: str
    denominateur: str
    ecart_min: float
    grains: tuple[tuple[str, ...], ...]


COMMUNE_TYPOLOGIE = ("commune", "typologie")
RESIDENCE = ("commune", "bailleur", "residence")
BAILLEUR_COMMUNE = ("commune", "bailleur")
_PASSAGES = (RESIDENCE, COMMUNE_TYPOLOGIE, BAILLEUR_COMMUNE)

REFUS = MesureFamille("refus_rang_1", "passages", "rang_1_refuses", "rang_1", 0.10, _PASSAGES)
NON_ATTRIBUTION = MesureFamille("non_attribution", "passages", "non_attribues", "decisions", 0.08, _PASSAGES)
VACANCE = MesureFamille("vacance", "stock", "vacants", "logements", 0.04, (RESIDENCE, BAILLEUR_COMMUNE))
PARTS = (REFUS, NON_ATTRIBUTION, VACANCE)

TENSION = "tension"
TENSION_MIN = 2.0  # least tension worth a word, in times that of the rest of the ICI
_N_FAMILLES = 1 + sum(len(m.grains) for m in PARTS)
NIVEAU_HASARD, NIVEAU_INEGALITE = HASARD / _N_FAMILLES, INEGALITE / _N_FAMILLES


@dataclass(frozen=True)
class _Grain:
    """Cells of one grain in scope: their codes and ICI, the rows that make them (`rangs`: which cell), their spread.

    `tout_k`, `tout_n`: numerator and denominator of the whole ICI of each cell.
    """

    cles: tuple[str, ...]
    cellules: pd.DataFrame
    est_de_l_ici: Booleens
    tout_k: lois.Entiers
    tout_n: lois.Entiers
    lignes: Booleens
    rangs: lois.Entiers
    dispersion: float

    def count(self, compte: pd.Series, dits: Booleens) -> lois.Entiers:
        """Sum of `compte` over the rows of each cell that are not yet told."""
        poids = np.where(dits, 0, compte)[self.lignes]
        return np.bincount(self.rangs, poids, len(self.cellules)).astype(np.int64)


def detect(lecteur: Lecteur, periode: Periode, ici: str) -> pd.DataFrame:
    """The cells of `ici` far outside their limits over `periode` (12 months up to a séance's end), most salient first.

    One row per cell: `mesure` (tension, refus_rang_1, non_attribution, vacance), codes of its `commune`, `bailleur`,
    `residence`, `typologie` (empty where the cell does not depend on it), `numerateur`, `denominateur`, `valeur` (a
    share 0–1; for the tension demandes for one attribution, empty without any), the same three in the rest of the ICI
    (a cell that weighs heavily must not be its own yardstick), `limite` in the same unit, `exces` (refusals,
    non-attributions, vacant dwellings above the level of the rest of the ICI; attributions that are missing),
    `saillance` (normal score of the cell among its like), `ou` (the cell in French, to begin a sentence), `duree` (the
    months that its bails or its events cover, in words). All exact:
    `phrase_de_detection` says a row. No row: nothing out of the ordinary, or too few cells to say what is
    usual. Raises `AppelIncorrect` for an unknown ICI.
    """
    if ici not in perimetre.icis(lecteur):
        raise AppelIncorrect(f"L’ICI « {ici} » est inconnue : choisir l’une de celles du jeu de données publié.")
    trouvees = _tension(_souhaits(lecteur, periode), ici)
    lues = {
        "passages": lecteur.query(_SQL["passages"], debut=periode.debut, fin=periode.fin),
        "stock": lecteur.query(_SQL["stock"]),
    }
    for mesure in PARTS:
        # A bailleur's scope has no refusal: none seen is not none.
        if mesure is not REFUS or lecteur.portee.type is not TypePortee.BAILLEUR:
            trouvees += _parts(lues[mesure.bloc], mesure, ici)
    noms = noms_des_lieux(lecteur) if trouvees else {}
    baux, suivi = (str(duree(lecteur, periode, table)) for table in ("attributions", "evenements"))
    lignes = [t | {"ou": say_ou(t, noms), "duree": baux if t["mesure"] == "tension" else suivi} for t in trouvees]
    frame = pd.DataFrame(lignes, columns=list(COLONNES))
    return frame.sort_values(["saillance", "exces"], ascending=False, ignore_index=True, kind="stable")


def secteur_et_profil(ligne: Mapping[str, Any], ici: str) -> tuple[Secteur, ProfilBlocage]:
    """Where and for whom a row of `detect` is, to gather its evidence (`gather`)."""

    def dit(lieu: str) -> str | None:
        return ligne[lieu] if isinstance(ligne[lieu], str) else None

    residence, commune, typologie = dit("residence"), dit("commune"), dit("typologie")
    profil = ProfilBlocage(typologie=typologie if typologie in TYPOLOGIES else None)
    if residence is not None:
        return Secteur(ici, residences=(residence,)), profil
    return Secteur(ici, communes=(commune,) if commune is not None else ()), profil


def _parts(lues: pd.DataFrame, mesure: MesureFamille, ici: str) -> list[dict[str, Any]]:
    """Cells of one measure, all grains together, each told once: the most salient, then what is still out."""
    lues = lues.rename(columns={mesure.numerateur: "k", mesure.denominateur: "n"})
    dits = np.zeros(len(lues), dtype=bool)
    tout = lues.groupby("ici")[["k", "n"]].sum()
    grains = [g for cles in mesure.grains if (g := _grain(lues, cles, tout, ici, dits))]
    trouvees: list[dict[str, Any]] = []
    while candidates := [c for g in grains for c in _hors_limites(lues, g, mesure, dits)]:
        trouvees.append(_plus_saillante(candidates))
        lieux = [(c, trouvees[-1][c]) for c in LIEUX if trouvees[-1][c] is not None]
        dits |= np.logical_and.reduce([lues[c].to_numpy() == code for c, code in lieux])
    return trouvees


def _plus_saillante(candidates: list[dict[str, Any]]) -> dict[str, Any]:
    """The most salient; when most of what it exceeds is in another candidate inside it, that one: it says where."""
    premiere = max(candidates, key=lambda c: c["saillance"])
    dedans = [
        c
        for c in candidates
        if c["exces"] >= PART_INTERIEURE * premiere["exces"]
        and all(c[x] == premiere[x] for x in LIEUX if premiere[x] is not None)
    ]
    return max(dedans, key=lambda c: (sum(c[x] is not None for x in LIEUX), c["saillance"]))


def _grain(lues: pd.DataFrame, cles: tuple[str, ...], tout: pd.DataFrame, ici: str, aucun: Booleens) -> _Grain | None:
    """None with too few cells in scope."""
    lignes = np.logical_and.reduce([lues[c].to_numpy() != _INCONNU for c in cles])
    groupes = lues[lignes].groupby(["ici", *cles], observed=True)
    cellules = groupes.size().index.to_frame(index=False)
    k_ici, n_ici = (cellules["ici"].map(tout[c]).to_numpy("int64") for c in ("k", "n"))
    est_de_l_ici = (cellules["ici"] == ici).to_numpy()
    grain = _Grain(cles, cellules, est_de_l_ici, k_ici, n_ici, lignes, groupes.ngroup().to_numpy(), lois.AUCUNE)
    k, n, reste_k, reste_n = _comptes(lues, grain, aucun)
    vues = (n >= EFFECTIF_MIN) & (reste_n >= EFFECTIF_MIN)
    if vues.sum() < CELLULES_MIN:
        return None
    # To four decimals the shares of the rest are alike in most cells, which are then worked out together.
    loi = lois.BetaBinomiale(n[vues], _part(reste_k, reste_n)[vues].round(4).clip(1e-4, 1 - 1e-4))
    return replace(grain, dispersion=loi.dispersion(k[vues]))


def _comptes(lues: pd.DataFrame, grain: _Grain, dits: Booleens) -> tuple[lois.Entiers, ...]:
    """Numerator and denominator of each cell, then of the rest of its ICI."""
    k, n = grain.count(lues["k"], dits), grain.count(lues["n"], dits)
    return k, n, grain.tout_k - k, grain.tout_n - n


def _part(k: lois.Entiers, n: lois.Entiers) -> lois.Nombres:
    """A share that is never 0 nor 1: a rest where nothing happened does not make a first case impossible."""
    return (k + 0.5) / (n + 1)


def _hors_limites(lues: pd.DataFrame, grain: _Grain, mesure: MesureFamille, dits: Booleens) -> list[dict[str, Any]]:
    """The cells of `grain` beyond their limits, among the rows that are not yet told."""
    k, n, reste_k, reste_n = _comptes(lues, grain, dits)
    vues = np.flatnonzero((n >= EFFECTIF_MIN) & (reste_n >= EFFECTIF_MIN) & grain.est_de_l_ici)
    inegalite, hasard = (niveau / max(len(vues), 1) for niveau in (NIVEAU_INEGALITE, NIVEAU_HASARD))
    # The share of the rest is itself an estimate: what a cell then does by chance alone is Jeffreys' predictive law.
    estimation = 1 / (reste_n + 2)
    hautes = vues[k[vues] / n[vues] >= reste_k[vues] / reste_n[vues] + mesure.ecart_min]
    loi = _loi(n, reste_k, reste_n, hautes)
    chances = loi.queue_haute(k[hautes], grain.dispersion)
    restent = (chances <= inegalite) & (loi.queue_haute(k[hautes], estimation[hautes]) <= hasard)
    dehors, chances = hautes[restent], chances[restent]
    loi = _loi(n, reste_k, reste_n, dehors)
    limites = np.maximum(loi.limite_haute(grain.dispersion, inegalite), loi.limite_haute(estimation[dehors], hasard))
    return [
        {
            "mesure": mesure.nom,
            **{c: grain.cellules[c].iloc[i] if c in grain.cles else None for c in LIEUX},
            "numerateur": int(k[i]),
            "denominateur": int(n[i]),
            "valeur": k[i] / n[i],
            "reste_numerateur": int(reste_k[i]),
            "reste_denominateur": int(reste_n[i]),
            "valeur_reste": reste_k[i] / reste_n[i],
            "limite": max(limite / n[i], reste_k[i] / reste_n[i] + mesure.ecart_min),
            "exces": k[i] - n[i] * reste_k[i] / reste_n[i],
            "saillance": _score(chance),
        }
        for i, chance, limite in zip(dehors, chances, limites, strict=True)
    ]


def _loi(n: lois.Entiers, reste_k: lois.Entiers, reste_n: lois.Entiers, cellules: lois.Entiers) -> lois.BetaBinomiale:
    return lois.BetaBinomiale(n[cellules], _part(reste_k, reste_n)[cellules])


def _souhaits(lecteur: Lecteur, periode: Periode) -> pd.DataFrame:
    """The commune × typologie of a known ICI that are wanted or let: `demandes` that want it, `attributions`."""
    icis = perimetre.communes(lecteur).set_index("commune")["ici"]
    lues = tension(lecteur, SegmentLibre(), Criteres(periode.fin))
    lues = lues.assign(ici=lues["commune"].map(icis)).rename(
        columns={"n_actives": "demandes", "n_attributions": "attributions"}
    )
    connues = lues[lues["ici"].notna() & (lues["typologie"] != _INCONNU)]
    return connues.sort_values(["ici", "commune", "typologie"], ignore_index=True)


def _tension(cellules: pd.DataFrame, ici: str) -> list[dict[str, Any]]:
    """Commune × typologie where attributions are far fewer than the demand would have at the tension around it.

    That tension, typologie by typologie, is that of the other communes of the ICI taken together: a demande counts in
    each commune that it wants, there as here.
    """
    sommes = cellules.groupby(["ici", "typologie"])[["demandes", "attributions"]].transform("sum")
    reste = sommes - cellules[["demandes", "attributions"]]
    cellules = cellules.assign(**reste.add_prefix("reste_"))
    autour = reste["demandes"] / reste["attributions"].where(reste["attributions"] >= EFFECTIF_MIN)
    attendues = cellules["demandes"] / autour.where(autour > 0)
    # The tension around is itself an estimate: the variance of the logarithm of a count is its inverse.
    cellules = cellules.assign(autour=autour, attendues=attendues, estimation=1 / reste["attributions"])
    cellules = cellules[cellules["attendues"] >= ATTENDUES_MIN].reset_index(drop=True)
    if len(cellules) < CELLULES_MIN:
        return []
    observees = cellules["attributions"].to_numpy("int64")
    dispersion = lois.PoissonLogNormale(cellules["attendues"].to_numpy("float64")).dispersion(observees)
    siennes = cellules[cellules["ici"] == ici].reset_index(drop=True)
    loi = lois.PoissonLogNormale(siennes["attendues"].to_numpy("float64"))
    observees = siennes["attributions"].to_numpy("int64")
    chances, estimation = loi.queue_basse(observees, dispersion), siennes["estimation"].to_numpy("float64")
    inegalite, hasard = (niveau / max(len(siennes), 1) for niveau in (NIVEAU_INEGALITE, NIVEAU_HASARD))
    restent = (chances <= inegalite) & (loi.queue_basse(observees, estimation) <= hasard)
    dehors = restent & (observees * TENSION_MIN <= loi.attendus)
    hors = lois.PoissonLogNormale(loi.attendus[dehors])
    bornes = np.minimum(hors.limite_basse(dispersion, inegalite), hors.limite_basse(estimation[dehors], hasard))
    return [
        {
            "mesure": TENSION,
            **{c: getattr(x, c) if c in COMMUNE_TYPOLOGIE else None for c in LIEUX},
            "numerateur": x.demandes,
            "denominateur": x.attributions,
            "valeur": x.demandes / x.attributions if x.attributions else np.nan,
            "reste_numerateur": x.reste_demandes,
            "reste_denominateur": x.reste_attributions,
            "valeur_reste": x.autour,
            "limite": max(x.demandes / borne, TENSION_MIN * x.autour),
            "exces": x.attendues - x.attributions,
            "saillance": _score(chance),
        }
        for x, borne, chance in zip(siennes[dehors].itertuples(), bornes, chances[dehors], strict=True)
    ]


def noms_des_lieux(lecteur: Lecteur) -> dict[tuple[str, str], str]:
    """What each (commune, bailleur or residence, code) is called; a code without a name is left out."""
    lignes = lecteur.query(_SQL["noms"]).dropna()
    return dict(zip(zip(lignes["quoi"], lignes["code"], strict=True), lignes["nom"], strict=True))


def _score(chance: float) -> float:
    """The normal score of a chance: how far out, on one scale for all."""
    from scipy.special import ndtri

    return float(-ndtri(max(chance, 1e-300)))


def say_ou(ligne: Mapping[str, Any], noms: Mapping[tuple[str, str], str]) -> str:
    """Where a cell is, to begin a sentence: `À Roubaix, chez Bailleur B1`."""

    def nom(quoi: str) -> str:
        return noms.get((quoi, ligne[quoi]), ligne[quoi])

    lieu = langue.capitalize(langue.a_la_commune(nom("commune")))
    if ligne["residence"] is not None:
        residence, bailleur = nom("residence"), nom("bailleur")
        return f"{lieu}, {name_residence(residence)} ({bailleur})"
    if ligne["typologie"] is not None:
        return f"{lieu}, pour les {TYPOLOGIES_DITES.get(ligne['typologie'], ligne['typologie'])}"
    if ligne["bailleur"] is not None:
        return f"{lieu}, chez {nom('bailleur')}"
    return lieu


def say_rien(ou: str) -> str:
    """That nothing of a place is out of the ordinary."""
    return (
        f"Dans {ou}, aucune cellule (commune, typologie, résidence, bailleur) ne sort de ses limites de contrôle, pour "
        "la tension, les refus de premier rang, les non-attributions et la vacance."
    )


_COMPTES = {
    "refus_rang_1": ("premiers rangs", ("a été refusé", "ont été refusés"), " en {duree}"),
    "non_attribution": (
        "passages en commission",
        ("a fini", "ont fini"),
        " en non-attribution en {duree}",
    ),
    "vacance": ("logements", ("est vacant", "sont vacants"), ""),
}


def phrase_de_detection(ligne: Mapping[str, Any]) -> str:
    """One sentence for a row of `detect` as it is read: its counts, its share, that of the rest of the ICI,
    and the limit, which only exact figures are set against."""
    comptes = ("numerateur", "denominateur", "reste_numerateur", "reste_denominateur")
    exacts = [int(ligne[c]) for c in comptes]
    dits: list[Compte] = [reader().compte(n) for n in exacts]
    if ligne["mesure"] == "tension":
        return _say_tension(ligne, exacts, dits)
    nom, fait, suite = _COMPTES[ligne["mesure"]]
    decimales = 1 if ligne["mesure"] == "vacance" else 0  # vacancy is a matter of a few percents
    est_classe = isinstance(ligne["typologie"], str)  # of some of the households of a commune
    part, reste = (reader().part(k, n, est_classe=est_classe) for k, n in (exacts[:2], exacts[2:]))
    dite = f"{langue.nombre(dits[0])} des {langue.nombre(dits[1])} {nom} {langue.agree(dits[0], *fait)}"
    dite += suite.format(**ligne)
    if not pd.isna(part):
        dite += f" ({langue.part(part, decimales)})"
    if not pd.isna(reste):
        dite += f", contre {langue.part(reste, decimales)} dans le reste de l’ICI"
    limite = langue.part(ligne["limite"], decimales) if reader().lit_tout else ""
    return f"{ligne['ou']}, {dite}{_au_dela(limite)}"


def _au_dela(limite: str) -> str:
    return f"{INSECABLE}: au-delà de la limite haute{f' de {limite}' if limite else ''}."


def _say_tension(ligne: Mapping[str, Any], exacts: list[int], dits: Sequence[Compte]) -> str:
    demandes, attributions = dits[:2]
    ici, ailleurs = (reader().pour_une(ligne[c], n) for c, n in (("valeur", exacts[:2]), ("valeur_reste", exacts[2:])))
    offre = langue.effectif(attributions, "attribution") if attributions else "aucune attribution"
    rapport = "" if pd.isna(ici) else f" (soit {langue.nombre(ici)} pour une)"
    reste = "" if pd.isna(ailleurs) else f", contre {langue.nombre(ailleurs)} pour une dans le reste de l’ICI"
    limite = langue.nombre(ligne["limite"]) if reader().lit_tout else ""
    return (
        f"{ligne['ou']}, {langue.effectif(demandes, 'demande')} pour {offre} en {ligne['duree']}{rapport}{reste}"
        f"{_au_dela(limite)}"
    )

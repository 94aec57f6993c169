"""What an engagement is decided on: the segment, the flow, what the flow already gives it, who will enter its rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.segments import Criteres, SegmentLibre, count
from mel_core.segments.calcul_segments import pseudonymes
from mel_core.segments.compilation import parametres_du_jour
from mel_core.segments.profil import Servables, servables
from mel_core.segments.regles_segments import DRAPEAU
from mel_core.simulation.engagement.calcul_engagement import HORIZON, ScenarioEngagement, distribute
from mel_core.socle.periodes import Seance
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "situation.sql")
_SEMESTRE = 6
# Struck-off demandes are erased after a year: under this share of the bails that still find theirs, what the flow gives
# the segment, who left it and who entered it are not measured, they are missing.
PART_RATTACHEE = Fraction(4, 5)
# Segments whose only way in is time: who will cross the threshold, and when, is known from those who wait today.
_A_SEUIL = frozenset({"attente_24", "attente_36"})


@dataclass(frozen=True)
class Situation:
    """A segment in a scope at a reference date, exact: it is rendered where a sentence is written of it.

    `n`: households. `flux`: attributions expected in a semester, half of the last 12 months'. Over the last semester:
    `n_attributions` of the scope, `n_observes` of them to households in the segment when it began, `n_sortis` of the
    `n_avant` who left it otherwise than by a bail, wherever it is.
    `est_observe`: whether it tells what the flow gives, who leaves and who enters; else all three are unknown.
    `n_observes_attendus`: what the expected flow gives the segment if nothing is decided, the share observed rounded
    down; 0 when it is not observed. `cellules`: commune, bailleur, `flux` (adds up to `flux`).
    `autres`: groupe, `n`: the flow outside the segment, over 12 months. `entrees`: six semesters to come, `entrants`
    and `est_suppose`: false where those who will enter are counted among today's demandes (less those who, last
    semester, were housed, struck off or proposed before), true where the last known inflow is carried forward.
    `bornes`: the most that the flow could serve where they ask; `n_servables`: with those who do not say where or what,
    who cannot be said out of its reach.
    """

    n: int
    flux: int
    n_attributions: int
    n_observes: int
    n_avant: int
    n_sortis: int
    n_rattachees: int
    est_au_drapeau: bool
    est_observe: bool
    n_observes_attendus: int
    n_servables: int
    bornes: Servables
    cellules: pd.DataFrame
    autres: pd.DataFrame
    entrees: pd.DataFrame

    @property
    def taux_sortie(self) -> Fraction:
        """The share of the stock that leaves in a semester otherwise than by a bail; 0 where it is not observed."""
        return Fraction(self.n_sortis, self.n_avant) if self.est_observe and self.n_avant else Fraction(0)

    def scenario(self, nombre: int | None = None, part: Fraction | None = None) -> ScenarioEngagement:
        """An engagement tried here; without a number nor a share, what the flow gives already."""
        return ScenarioEngagement(
            self.n,
            self.flux,
            self.n_observes_attendus if nombre is None and part is None else nombre,
            part,
            n_observes=self.n_observes_attendus,
            taux_sortie=self.taux_sortie,
            n_servables=self.n_servables,
        )


def read(
    lecteur: Lecteur, segment: str | SegmentLibre, criteres: Criteres, metropole: Lecteur | None = None
) -> Situation:
    """The situation of a segment (named, or free) among the rows of the reader's scope.

    The last semester runs from the end of the séance before that of the reference date. All is of the same snapshot:
    what was recorded late counts at its date. `metropole`: a reader of the same snapshot over the whole Métropole,
    where a household of a narrower scope may be housed; without it, only what the scope shows is known.
    """
    partout = metropole or lecteur
    jour = criteres.jour
    derniere = Seance.du(jour).precedente
    avant, debut = derniere.fin, derniere.precedente.fin
    presents = set(pseudonymes(lecteur, segment, criteres))
    anciens = set(pseudonymes(lecteur, segment, replace(criteres, jour=avant)))
    douze_mois = lecteur.query(SQL["baux"], debut=debut, jour=jour)
    flux = len(douze_mois) // 2
    servis = douze_mois.loc[douze_mois["date_bail"] > pd.Timestamp(avant), "pseudonyme"]
    n_attributions, n_observes = len(servis), int(servis.isin(anciens).sum())
    partis = anciens - presents
    avec_bail = partis.intersection(partout.query(SQL["baux"], debut=avant, jour=jour)["pseudonyme"])
    n_rattachees = int(partout.query(SQL["rattachees"], pseudonymes=servis.dropna().tolist())["n"].iloc[0])
    est_au_drapeau = segment == DRAPEAU and bool(parametres_du_jour(lecteur, jour)["drapeau"])
    est_observe = not est_au_drapeau and n_rattachees >= PART_RATTACHEE * n_attributions
    bornes = servables(lecteur, segment, criteres)
    return Situation(
        n=len(presents),
        flux=flux,
        n_attributions=n_attributions,
        n_observes=n_observes,
        n_avant=len(anciens),
        n_sortis=len(partis) - len(avec_bail),
        n_rattachees=n_rattachees,
        est_au_drapeau=est_au_drapeau,
        est_observe=est_observe,
        n_observes_attendus=flux * n_observes // n_attributions if est_observe and n_attributions else 0,
        n_servables=bornes.n_servables + bornes.n_inconnus,
        bornes=bornes,
        cellules=_cellules(douze_mois, flux),
        autres=_count_by(douze_mois[~douze_mois["pseudonyme"].isin(presents | anciens)], "groupe"),
        entrees=_entrees(lecteur, segment, criteres, avant, len(presents - anciens)),
    )


def _cellules(douze_mois: pd.DataFrame, flux: int) -> pd.DataFrame:
    """Half of the last 12 months, in whole attributions that add up to `flux`."""
    moities = distribute(_count_by(douze_mois, "commune", "bailleur").rename(columns={"n": "flux"}), flux)
    return moities[["commune", "bailleur"]].assign(flux=moities["a_servir"])


def _count_by(baux: pd.DataFrame, *cles: str) -> pd.DataFrame:
    return baux.groupby([*cles], as_index=False, dropna=False).size().rename(columns={"size": "n"})


def _entrees(
    lecteur: Lecteur, segment: str | SegmentLibre, criteres: Criteres, avant: date, n_entres: int
) -> pd.DataFrame:
    """Those who wait 18 months today will wait 24 in six, unless something happens: last semester says how often."""
    semestres = range(1, HORIZON + 1)
    nom = segment if isinstance(segment, str) and segment in _A_SEUIL else ""
    seuil = criteres.seuil(segment)
    if not nom or seuil < _SEMESTRE:
        return pd.DataFrame({"entrants": [n_entres for _ in semestres], "est_suppose": True})

    def count_at(jour: date, mois: int) -> int:
        return count(lecteur, segment, replace(criteres, jour=jour, mois=mois))

    eligibles = count_at(avant, seuil - _SEMESTRE) - count_at(avant, seuil)
    passage = min(Fraction(1), Fraction(n_entres, eligibles)) if eligibles > 0 else Fraction(1)
    seuils = [count_at(criteres.jour, max(0, seuil - _SEMESTRE * k)) for k in range(HORIZON + 1)]
    entrants: list[int] = []
    for k in semestres:
        est_connu = _SEMESTRE * k <= seuil
        entrants.append(int((seuils[k] - seuils[k - 1]) * passage**k) if est_connu else entrants[-1])
    return pd.DataFrame({"entrants": entrants, "est_suppose": [_SEMESTRE * k > seuil for k in semestres]})

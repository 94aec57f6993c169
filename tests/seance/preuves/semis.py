"""A Métropole drawn at random, small but uneven as real ones are, in which anomalies can be planted.

Communes and bailleurs differ (`inegalite`: standard deviation, on the logit or logarithmic scale); an anomaly is a cell
whose chance is replaced by another. Everything goes through the tables of the contract.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp, log
from typing import Any

import numpy as np

from mel_core.contrat.reference import communes
from mel_core.entrepot import Entrepot
from tests.jeux import attribution, bailleurs, chargement, demande_active, serve, table

TYPOLOGIES = {"T2": 0.3, "T3": 0.4, "T4": 0.3}
BAILLEURS = ("B1", "B2", "B3")
REFUS, NON_ATTRIBUTION, VACANCE, TENSION = 0.30, 0.15, 0.03, 5.0
COMMUNES_PAR_ICI = 7


@dataclass(frozen=True)
class Anomalie:
    """`cle`: codes of the cell, by commune, bailleur, residence or typologie; `chance` replaces the usual one."""

    mesure: str
    cle: dict[str, str]
    chance: float

    def tient(self, **lieu: str) -> bool:
        return all(lieu.get(c) == code for c, code in self.cle.items())


@dataclass
class Semis:
    """`anomalies` are planted; `effectif`: first ranks of a résidence over the year, on average."""

    graine: int
    inegalite: float = 0.25
    anomalies: list[Anomalie] = field(default_factory=list)
    effectif: float = 45.0

    def __post_init__(self) -> None:
        self.alea = np.random.default_rng(self.graine)
        par_ici: dict[str, list[str]] = {}
        for code, commune in sorted(communes().items()):
            par_ici.setdefault(commune.ici, []).append(code)
        self.communes = {ici: codes[:COMMUNES_PAR_ICI] for ici, codes in par_ici.items() if ici}
        self.residences = [
            {"commune": c, "bailleur": b, "residence": f"R{c}{b}{k}", "quartier": f"{c}0101"}
            for codes in self.communes.values()
            for c in codes
            for b in BAILLEURS
            for k in range(2)
        ]
        self._effets = {
            code: float(self.alea.normal(0, self.inegalite / 2**0.5))
            for code in [*BAILLEURS, *(r["commune"] for r in self.residences)]
        }

    def chance(self, mesure: str, usuelle: float, **lieu: str) -> float:
        for anomalie in self.anomalies:
            if anomalie.mesure == mesure and anomalie.tient(**lieu):
                return anomalie.chance
        logit = log(usuelle / (1 - usuelle)) + self._effets[lieu["commune"]] + self._effets[lieu["bailleur"]]
        return 1 / (1 + exp(-logit))

    def publish(self, entrepot: Entrepot) -> None:
        evenements: list[dict[str, Any]] = []
        for residence in self.residences:
            self._passages(residence, evenements)
        demandes, attributions = self._marche()
        quartiers = [
            {"code_quartier": f"{c}0101", "nom": "Centre", "code_insee": c, "fragilite": "moyenne"}
            for codes in self.communes.values()
            for c in codes
        ]
        serve(
            entrepot,
            chargement(
                bailleurs=bailleurs(*BAILLEURS),
                quartiers=table("quartiers", *quartiers),
                residences=table("residences", *map(self._residence, self.residences)),
                evenements=table("evenements", *evenements),
                demandes=table("demandes", *demandes),
                attributions=table("attributions", *attributions),
            ),
        )

    def _residence(self, r: dict[str, str]) -> dict[str, Any]:
        n = int(self.alea.integers(40, 160))
        return {
            "code_residence": r["residence"],
            "nom": f"Les Lilas {r['residence']}",
            "code_bailleur": r["bailleur"],
            "code_quartier": r["quartier"],
            "n_logements": n,
            "n_vacants": int(self.alea.binomial(n, self.chance("vacance", VACANCE, **r))),
        }

    def _passages(self, r: dict[str, str], evenements: list[dict[str, Any]]) -> None:
        """First ranks, refused or not, and files that were put aside."""

        def add(type_: str, jour: date, qui: str, **valeurs: Any) -> None:
            evenements.append(
                {
                    "id_evenement": f"E{len(evenements)}",
                    "numero_unique": qui,
                    "type": type_,
                    "date_survenance": jour,
                    "code_residence": r["residence"],
                    "code_bailleur": r["bailleur"],
                    "typologie": typologie,
                    **valeurs,
                }
            )

        for k in range(self.alea.poisson(self.effectif)):
            typologie = str(self.alea.choice(list(TYPOLOGIES), p=list(TYPOLOGIES.values())))
            lieu = {**r, "typologie": typologie}
            jour = date(2017, 1, 5) + timedelta(days=int(self.alea.integers(0, 330)))
            qui = f"{r['residence']}-{k}"
            if self.alea.random() < self.chance("non_attribution", NON_ATTRIBUTION, **lieu):
                add("PASSAGE_CAL", jour, qui, decision="NON_ATTRIBUE", motif="Taux d’effort")
                continue
            add("PASSAGE_CAL", jour, qui, decision="ATTRIBUE", rang=1)
            if self.alea.random() < self.chance("refus_rang_1", REFUS, **lieu):
                add("REFUS_DEMANDEUR", jour + timedelta(days=6), qui, motif="Localisation")

    def _marche(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Demandes of each commune and typologie, and the attributions that the tension leaves them."""
        demandes: list[dict[str, Any]] = []
        attributions: list[dict[str, Any]] = []
        for codes in self.communes.values():
            for commune in codes:
                for typologie in TYPOLOGIES:
                    n = int(self.alea.integers(400, 800))
                    demandes += [
                        demande_active(
                            f"D{commune}{typologie}{k}",
                            date(2016, 5, 1),
                            n_personnes=2,
                            communes_souhaitees=[commune],
                            typologies=[typologie],
                        )
                        for k in range(n)
                    ]
                    propre = self._tension(commune, typologie)
                    attributions += [
                        attribution(len(attributions) + k, code_insee=commune, typologie=typologie)
                        for k in range(self.alea.poisson(n / propre))
                    ]
        return demandes, attributions

    def _tension(self, commune: str, typologie: str) -> float:
        for anomalie in self.anomalies:
            if anomalie.mesure == "tension" and anomalie.tient(commune=commune, typologie=typologie):
                return anomalie.chance
        return TENSION * exp(float(self.alea.normal(0, self.inegalite)))


def plant(semis: Semis) -> list[Anomalie]:
    """One anomaly of each measure in each ICI, each at another place, in `semis.anomalies`."""
    for codes in semis.communes.values():
        quatre = [str(c) for c in semis.alea.choice(codes, 4, replace=False)]
        tire: Callable[[list[str]], str] = lambda valeurs: str(semis.alea.choice(valeurs))  # noqa: E731
        bailleur = tire(list(BAILLEURS))
        semis.anomalies += [
            Anomalie("refus_rang_1", {"commune": quatre[0], "typologie": tire(list(TYPOLOGIES))}, 0.85),
            Anomalie("non_attribution", {"commune": quatre[1], "bailleur": bailleur}, 0.70),
            Anomalie("vacance", {"residence": f"R{quatre[2]}{bailleur}1"}, 0.35),
            Anomalie("tension", {"commune": quatre[3], "typologie": tire(list(TYPOLOGIES))}, 10 * TENSION),
        ]
    return semis.anomalies

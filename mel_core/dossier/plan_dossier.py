"""What a dossier de séance must answer: each line of the agenda « Temps bilan et analyse », in its order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ImageDuPlan(StrEnum):
    """What the chart shows of each line."""

    PARTS = "parts"
    CLASSES = "classes"  # the whole distribution of ressources
    EFFECTIFS = "effectifs"  # a count: relogements are few
    PAIRES = "paires"  # entrants beside occupants
    DELAIS = "delais"  # two quantiles, in months

    @property
    def repere(self) -> str:
        """What a side is told of, as the end of `au-dessus …`."""
        return "des occupants" if self is ImageDuPlan.PAIRES else "de l’objectif"


@dataclass(frozen=True)
class PointDuPlan:
    """One line of the agenda, read by one cut of the contract (several, joined: the cells of `par`)."""

    titre: str
    indicateur: str
    par: tuple[str, ...]
    image: ImageDuPlan = ImageDuPlan.PARTS

    @property
    def onglet(self) -> str:
        """`ACI par commune`: the name of its sheet in a workbook, which has 31 signs at most and none of []:*?/\\."""
        if "mutation" in self.par:
            return "Mutations et premiers accès"
        return f"{_EN_COURT[self.indicateur]} {_PAR_EN_COURT.get(self.coupe) or _PAR[self.coupe]}"

    @property
    def coupe(self) -> str:
        return self.par[-1]

    @property
    def mesure(self) -> str:
        """The screen that says it (see `constats`): called as its indicator, but for a few cuts."""
        return _MESURES.get((self.indicateur, self.par[0]), self.indicateur)


_MESURES = {
    ("aci", "fragilite_commune"): "aci_lieux",
    ("aci", "quartier"): "aci_lieux",  # neither is held to the objective of the whole
    ("aci", "reservataire"): "reservataires",
    ("ressources", "mutation"): "mutations",
}
# How a line of each cut is called, at the head of a column.
COUPES = {
    "fragilite": "Type de quartiers",
    "fragilite_commune": "Type de communes",
    "commune": "Commune",
    "quartier": "Quartier",
    "residence": "Résidence",
    "bailleur": "Bailleur",
    "reservataire": "Réservataire",
}
_PAR = {
    "fragilite": "selon la fragilité des quartiers",
    "fragilite_commune": "selon la fragilité des communes",
    "reservataire": "par réservataire",
    "commune": "par commune",
    "quartier": "par quartier",
    "residence": "par résidence",
    "bailleur": "par bailleur",
}
_PAR_EN_COURT = {"fragilite": "par fragilité", "fragilite_commune": "par fragilité des communes"}
_EN_COURT = {
    "ressources": "Ressources",
    "equilibre": "Équilibre 50-50",
    "bas_revenus": "Bas revenus",
    "actifs": "Actifs et inactifs",
    "aci": "ACI",
    "mutations_bloquees": "Mutations bloquées",
    "npru": "Relogements NPRU",
    "droit_commun": "Droit commun",
    "entrants_occupants": "Entrants",
    "q1_hors_qpv": "Premier quartile",
    "autres_en_qpv": "Autres quartiles",
    "delais": "Délais",
}


def _points(
    titre: str, indicateur: str, *coupes: str, image: ImageDuPlan = ImageDuPlan.PARTS
) -> tuple[PointDuPlan, ...]:
    return tuple(PointDuPlan(f"{titre} {_PAR[c]}", indicateur, (c,), image) for c in coupes)


POINTS = (
    *_points("Ressources", "ressources", "fragilite", image=ImageDuPlan.CLASSES),
    *_points("Équilibre 50/50", "equilibre", "fragilite", "quartier"),
    *_points("Ressources", "ressources", "commune", "bailleur", image=ImageDuPlan.CLASSES),
    *_points("Bas revenus", "bas_revenus", "commune", "bailleur"),
    *_points("Actifs et inactifs", "actifs", "commune", "bailleur"),
    *_points("ACI en premier accès", "aci", "bailleur", "commune", "fragilite_commune", "quartier"),
    *_points("Mutations complexes ou bloquées", "mutations_bloquees", "bailleur", "commune", "quartier"),
    PointDuPlan(
        "Mutations et premiers accès selon les ressources et la fragilité des quartiers",
        "ressources",
        ("mutation", "fragilite"),
        ImageDuPlan.CLASSES,
    ),
    *_points("Relogements NPRU", "npru", "bailleur", "commune", "quartier", "residence", image=ImageDuPlan.EFFECTIFS),
    *_points("Droit commun", "droit_commun", "bailleur", "commune"),
    *_points(
        "Entrants et occupants", "entrants_occupants", "fragilite", "quartier", "residence", image=ImageDuPlan.PAIRES
    ),
    *_points("Premier quartile hors QPV (loi)", "q1_hors_qpv", "commune", "bailleur"),
    *_points("Autres quartiles en QPV (loi)", "autres_en_qpv", "commune", "bailleur"),
    *_points("ACI en premier accès", "aci", "reservataire"),
    *_points("Délais d’attribution", "delais", "commune", image=ImageDuPlan.DELAIS),
)

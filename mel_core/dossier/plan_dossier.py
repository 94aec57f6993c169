"""What a dossier de séance must answer: each line of the agenda « Temps bilan et analyse », in its order."""

from __future__ import annotations

from dataclasses import dataclass

from mel_core.indicateurs.catalogue import MESURES
from mel_core.indicateurs.definitions import ImageBilan, MesureBilan
from mel_core.indicateurs.definitions import par as cuts_of


@dataclass(frozen=True)
class PointDuPlan:
    """One line of the agenda: a measure of the bilan, its cells cut by `par`."""

    mesure: MesureBilan
    par: tuple[str, ...]

    @property
    def coupe(self) -> str:
        return self.par[-1]

    @property
    def indicateur(self) -> str:
        return self.mesure.indicateur

    @property
    def image(self) -> ImageBilan:
        """Réservataires are drawn by the share of the ACI: the sentence says their volume."""
        return ImageBilan.PARTS if self.mesure.image is ImageBilan.VOLUMES else self.mesure.image

    @property
    def repere(self) -> str:
        """What a side is told of, as the end of `au-dessus …`."""
        return "des occupants" if self.image is ImageBilan.PAIRES else "de l’objectif"

    @property
    def titre(self) -> str:
        if self.mesure.code == "mutations":
            return "Mutations et premiers accès selon les ressources et la fragilité des quartiers"
        nom = _NOMS.get(self.mesure.code, (self.mesure.titre,))[0]
        return f"{nom} {'par commune et bailleur' if len(self.par) > 1 else _PAR[self.coupe]}"

    @property
    def onglet(self) -> str:
        """`ACI par commune`: the name of its sheet in a workbook, which has 31 signs at most and none of []:*?/\\."""
        if self.mesure.code == "mutations":
            return "Mutations et premiers accès"
        nom = _NOMS.get(self.mesure.code, (self.mesure.titre,))[-1]
        par = _PAR_EN_COURT.get(self.coupe, _PAR[self.coupe])
        place = _SIGNES_D_ONGLET - len(par) - 1
        return f"{nom if len(nom) <= place else f'{nom[: place - 1]}…'} {par}"


_SIGNES_D_ONGLET = 31
# How a measure is called in a title, and on a sheet, where that is not the name of its screen.
_ACI = ("ACI en premier accès", "ACI")
_NOMS = {
    "equilibre": ("Équilibre 50/50", "Équilibre 50-50"),
    "aci": _ACI,
    "aci_lieux": _ACI,
    "reservataires": _ACI,
    "mutations_bloquees": ("Mutations complexes ou bloquées", "Mutations bloquées"),
    "entrants_occupants": ("Entrants et occupants", "Entrants"),
    "q1_hors_qpv": ("Premier quartile hors QPV (loi)", "Premier quartile"),
    "autres_en_qpv": ("Autres quartiles en QPV (loi)", "Autres quartiles"),
    "delais": ("Délais d’attribution", "Délais"),
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

_AGENDA = (
    ("ressources", "fragilite"),
    ("equilibre", "fragilite", "quartier"),
    ("ressources", "commune", "bailleur"),
    ("bas_revenus", "commune", "bailleur"),
    ("actifs", "commune", "bailleur"),
    ("aci", "bailleur", "commune"),
    ("aci_lieux", "fragilite_commune", "quartier"),  # held to no objective
    ("mutations_bloquees", "bailleur", "commune", "quartier"),
    ("mutations", "mutation_fragilite"),
    ("npru", "bailleur", "commune", "quartier", "residence"),
    ("droit_commun", "bailleur", "commune"),
    ("entrants_occupants", "fragilite", "quartier", "residence"),
    ("q1_hors_qpv", "commune", "bailleur"),
    ("autres_en_qpv", "commune", "bailleur"),
    ("reservataires", "reservataire"),
    ("delais", "commune"),
)
POINTS = tuple(PointDuPlan(MESURES[code], cuts_of(coupe)) for code, *coupes in _AGENDA for coupe in coupes)

"""What may be shown of an indicator's population over a period: the disclosure control, fed from a reader."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from mel_core import perimetre
from mel_core.entrepot import Entrepot, Lecteur, Portee, annexes
from mel_core.indicateurs import INDICATEURS, calculer
from mel_core.periodes import Periode
from mel_core.secret import decision
from mel_core.secret.protection import CLASSES, COUPES, COUPES_FINES, Protection, affiner, proteger

FINES = ("quartier", "residence")
PROTEGEES = ("commune", *FINES, *CLASSES)  # the cuts whose lines are decided together
# One indicator per population; the others that count the same households share its protection.
_REFERENCES = {INDICATEURS[nom].population: nom for nom in ("npru", "aci", "q1_hors_qpv", "autres_en_qpv")}


REFERENCES = tuple(_REFERENCES.values())


def reference(indicateur: str) -> str:
    """The indicator that stands for the population of `indicateur`."""
    return _REFERENCES[INDICATEURS[indicateur].population]


def protection(lecteur: Lecteur, indicateur: str, periode: Periode) -> Protection:
    """Communes, bailleurs, classes of fragilité and bailleur × commune, for the Métropole and each ICI.

    Decided once for a snapshot: kept beside it, and read from there ever after.
    """
    cellules, lieux = _cellules(lecteur, indicateur, periode, COUPES), _communes(lecteur)
    return _retenir(lecteur, decision.empreinte(cellules, lieux), lambda: proteger(cellules, *lieux))


def protection_fine(lecteur: Lecteur, indicateur: str, periode: Periode, grosse: Protection) -> Protection:
    """The same with quartiers and résidences. `grosse`: from `protection`, whose lines it keeps."""
    cellules, lieux = _cellules(lecteur, indicateur, periode, COUPES_FINES), _communes(lecteur)
    empreinte = decision.empreinte(cellules, lieux, grosse.forcees)
    return _retenir(lecteur, empreinte, lambda: affiner(grosse, cellules, *lieux))


def preparer(entrepot: Entrepot) -> None:
    """Decide and keep what the latest séance may show, every population and cut: whoever opens it does not wait.

    An earlier one is decided, then kept, when somebody opens it.
    """
    if entrepot.instantane() is None:
        return
    with annexes.a_tour_de_role(entrepot.dossier):
        annexes.oter_orphelines(entrepot.dossier)
        with entrepot.ouvrir(Portee.mel()) as lecteur:
            seances = perimetre.seances(lecteur)
        if not seances:
            return
        with entrepot.ouvrir(Portee.mel(), seances[0]) as lecteur:
            periode = Periode.de(seances[0], "annee")
            grosses = {nom: protection(lecteur, nom, periode) for nom in REFERENCES}  # what every page asks first
            for nom, grosse in grosses.items():
                protection_fine(lecteur, nom, periode, grosse)


class Diffusion:
    """The protections of one reader and one period, each computed once."""

    def __init__(self, lecteur: Lecteur, periode: Periode) -> None:
        self._lecteur, self._periode = lecteur, periode
        self._connues: dict[tuple[str, bool], Protection] = {}

    def groupes(self, indicateur: str, coupe: str, ici: str | None) -> pd.DataFrame:
        """See `Protection.groupes`; `coupe` is one of `PROTEGEES`."""
        return self._de(reference(indicateur), coupe in FINES).groupes(coupe, ici)

    def est_masquee(self, indicateur: str, cellules: pd.DataFrame) -> pd.Series:
        """See `Protection.est_masquee`."""
        return self._de(reference(indicateur), False).est_masquee(cellules)

    def _de(self, nom: str, est_fine: bool) -> Protection:
        cle = nom, est_fine
        if cle not in self._connues:
            self._connues[cle] = (
                protection_fine(self._lecteur, nom, self._periode, self._de(nom, False))
                if est_fine
                else protection(self._lecteur, nom, self._periode)
            )
        return self._connues[cle]


def _retenir(lecteur: Lecteur, empreinte: str, decider: Callable[[], Protection]) -> Protection:
    gardee = lecteur.annexes.lire(empreinte) if lecteur.annexes else None
    if gardee is not None:
        return decision.lire(gardee)
    decidee = decider()
    ecrite = decision.ecrire(decidee)
    if lecteur.annexes and ecrite is not None:
        lecteur.annexes.garder(empreinte, ecrite)
    return decidee


def _cellules(lecteur: Lecteur, indicateur: str, periode: Periode, coupes: tuple[str, ...]) -> pd.DataFrame:
    return calculer(lecteur, reference(indicateur), periode, par=coupes)[[*coupes, "n"]]


def _communes(lecteur: Lecteur) -> tuple[dict[str, str], dict[str, str]]:
    communes = perimetre.communes(lecteur).set_index("commune")
    return communes["territoire"].dropna().to_dict(), communes["nom"].to_dict()

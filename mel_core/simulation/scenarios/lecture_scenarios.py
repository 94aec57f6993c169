"""What the simulations start from, read once: who asks for what, which dwellings will be free, who lives where."""

from __future__ import annotations

from datetime import date

import pandas as pd

from mel_core.entrepot import Lecteur, perimetre
from mel_core.segments import Condition, Criteres, SegmentLibre
from mel_core.segments.compilation import Requete
from mel_core.socle.periodes import Seance
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "lecture.sql")

_PREMIER_ACCES = Condition("mutation", "est", False)
_MODESTES = Condition("ressources", "parmi", ("tres_modeste", "modeste"))
_NON_MODESTES = Condition("ressources", "parmi", ("intermediaire", "eleve"))
_SANS_LABEL = tuple(Condition(label, "est", False) for label in ("aci", "dalo", "pdalhpd"))
# Whom a reorientation may house → the active demandes it is (what is unknown never counts), and a named segment.
PROFILS: dict[str, tuple[SegmentLibre, str | None]] = {
    "n_modestes": (SegmentLibre((_MODESTES,)), None),
    "n_non_modestes": (SegmentLibre((_NON_MODESTES,)), None),
    "n_aci": (SegmentLibre((_PREMIER_ACCES,)), "aci_en_attente"),
    "n_non_aci": (SegmentLibre((_PREMIER_ACCES, *_SANS_LABEL)), None),
}


def communes(lecteur: Lecteur, ici: str | None) -> list[str] | None:
    """INSEE codes of an ICI; None for the whole Métropole."""
    if ici is None:
        return None
    toutes = perimetre.communes(lecteur)
    return sorted(toutes.loc[toutes["ici"] == ici, "commune"])


def eligibles(lecteur: Lecteur, jour: date, ici: str | None) -> pd.DataFrame:
    """Active applicants on `jour` by commune wanted and profile: who could take a reoriented attribution.

    One row per commune wanted by somebody (a demande counts in each), and `ensemble`, those who want a commune of the
    scope, once each. Columns: `n_modestes`, `n_non_modestes`, `n_aci`, `n_non_aci`, and those who are both,
    `n_modestes_aci`, `n_non_modestes_aci` (0 when nobody); on `ensemble` also `n_aci_avant`, the ACI households of
    `n_aci` twelve months before.
    """
    requete = Requete(lecteur, Criteres(jour))
    requete.link(communes=communes(lecteur, ici), avant=Seance.du(jour).precedente.precedente.fin)
    regles = {profil: requete.regle(nomme, libre) for profil, (libre, nomme) in PROFILS.items()}
    return requete.ask(SQL["eligibles"], **regles)


def vacances(lecteur: Lecteur, fin: date, ici: str | None) -> pd.DataFrame:
    """Dwellings freed a year: `n_logements` × `taux_rotation` (the mean of its cell where it has none).

    One row per commune × bailleur × fragilite (of the quartier on `fin`) with a résidence: `n_vacances_an`, not whole,
    empty when unknown.
    """
    return lecteur.query(SQL["vacances"], fin=fin, ici=ici)


def demandes(lecteur: Lecteur, jour: date, ici: str | None) -> pd.DataFrame:
    """One row per demande active on `jour`, with what ordering them reads (see the block `demandes`).

    Pseudonymised: never shown.
    """
    drapeau = "delai_anormalement_long" in lecteur.colonnes("demandes")
    return lecteur.query(SQL["demandes"], jour=jour, drapeau=drapeau, communes=communes(lecteur, ici))

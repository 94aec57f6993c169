"""The named segments of the contract (§5), as data, and why each line of a list is there, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date

from mel_core import langue

Ligne = Mapping[str, Any]


@dataclass(frozen=True)
class Segment:
    """`colonne` names the rule in `demandes_suivies` (entrepot/suivi.sql); `mois` is its default N."""

    nom: str
    titre: str
    colonne: str
    motif: Callable[[Ligne], str]
    mois: int = 24


def _mois(ligne: Ligne) -> str:
    return f"{langue.nombre(ligne['anciennete_mois'])} mois"


def _depuis(jour: Any) -> str:
    return f"depuis {format_date(jour, 'MMMM y', locale=langue.FR)}"


def _attente(ligne: Ligne) -> str:
    return f"{_mois(ligne)}, aucune proposition enregistrée"


def _poulidor(ligne: Ligne) -> str:
    return f"{ligne['n_rang_2_fenetre']} fois rang 2 ou plus {_depuis(ligne['premier_rang_2_fenetre'])}"


def _rang_1(ligne: Ligne) -> str:
    jour = format_date(ligne["dernier_rang_1_fenetre"], "MMMM y", locale=langue.FR)
    return f"{ligne['n_rang_1_fenetre']} fois rang 1, la dernière en {jour}, sans bail"


def _non_attribue(ligne: Ligne) -> str:
    return f"{ligne['n_non_attribue_fenetre']} fois non attribué en commission, jamais attribué"


def _jamais(ligne: Ligne) -> str:
    return f"{_mois(ligne)}, aucune présentation enregistrée"


def _mutation(ligne: Ligne) -> str:
    critere = ligne["critere_mutation"]
    suite = f" ({str(critere).lower().replace('_', ' ')})" if isinstance(critere, str) else ""
    return f"mutation bloquée{suite}, {_mois(ligne)}"


def _aci(ligne: Ligne) -> str:
    labels = [label.upper() for label in ("dalo", "pdalhpd", "aci") if ligne[label] is True]
    return f"{langue.liste(labels)}, {_mois(ligne)}"


def _delai(ligne: Ligne) -> str:
    if ligne["est_drapeau_present"]:
        return f"délai anormalement long selon le SNE, {_mois(ligne)}"
    return f"{_mois(ligne)} d’ancienneté"


_TOUS = (
    Segment("attente_24", "Plus de 24 mois sans proposition enregistrée", "est_en_attente", _attente, 24),
    Segment("attente_36", "Plus de 36 mois sans proposition enregistrée", "est_en_attente", _attente, 36),
    Segment("poulidor", "Ménages Poulidor", "est_poulidor", _poulidor),
    Segment("rang_1_sans_bail", "Rang 1 sans bail", "est_rang_1_sans_bail", _rang_1),
    Segment("non_attributions_repetees", "Non-attributions répétées", "est_non_attribue_repete", _non_attribue),
    Segment("jamais_presentes", "Jamais présentés", "est_jamais_presente", _jamais),
    Segment("mutations_bloquees_en_attente", "Mutations bloquées en attente", "est_mutation_bloquee", _mutation),
    Segment("aci_en_attente", "Ménages ACI en attente", "est_menage_aci", _aci),
    Segment("delai_anormalement_long", "Délai anormalement long", "est_delai_anormalement_long", _delai),
)

SEGMENTS: dict[str, Segment] = {s.nom: s for s in _TOUS}

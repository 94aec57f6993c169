"""« Pourquoi ce chiffre ? » of the coordination: the evidence of a blocage, and the balance of the last séance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from mel_core.indicateurs import INDICATEURS
from mel_core.seance.coordination.resultats import ResultatDecision
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinPreuve, TemoinSegment
from mel_core.seance.preuves import Constat, DossierPreuves
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from pages.commun import entete, seance_gelee
from pages.commun.choix_perimetre import Perimetre

# Measure → what is counted, over what.
_DEFINITIONS = {
    "demande": ("demandes actives au dernier jour, qui souhaitent une commune du secteur", ""),
    "attente": ("celles de plus de 24 mois sans proposition enregistrée", "demandes actives du secteur et du profil"),
    "flux": ("attributions (baux signés) dans le secteur", ""),
    "tension": ("demandes actives, comptées dans chaque commune souhaitée", "attributions de la période"),
    "passages": ("passages de candidats en commission d’attribution", ""),
    "refus_rang_1": (
        "premiers rangs suivis d’un refus du demandeur dans les 60 jours, sur la même résidence (à défaut le même "
        "bailleur)",
        "candidats attribués au rang 1",
    ),
    "non_attribution": ("passages finis en non-attribution", "passages dont la décision est connue"),
    "vacance": ("logements vacants", "logements dont la vacance est connue"),
    "vacance_3_mois": ("logements vacants depuis plus de 3 mois", "logements dont la durée de vacance est connue"),
    "delai": ("médiane, du dépôt de la demande au bail, des attributions datées", ""),
    "anciennete": ("médiane de l’ancienneté des demandes actives", ""),
    "contingent": ("attributions du premier réservataire", "attributions du secteur et du profil"),
}


def explain_preuves(dossier: DossierPreuves, choisi: Perimetre, titre: Callable[[Constat], str]) -> None:
    """The button and what it opens: each finding of a blocage with what it counts, over what, and how many."""
    with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
        lignes = "".join(
            f'<tr><th scope="row">{escape(titre(c))}</th><td>{escape(_definition(c.mesure))}</td>'
            f"<td>{escape(say_fraction(c))}</td></tr>"
            for c in dossier.constats
        )
        st.html(
            '<table class="definitions"><thead><tr><th scope="col">Mesure</th><th scope="col">Ce qui est compté, sur '
            f'quoi</th><th scope="col">Comptes</th></tr></thead><tbody>{lignes}</tbody></table>'
        )
        entete.explain(
            {
                "Période": f"{choisi.duree}, {langue.intervalle(dossier.periode.debut, dossier.periode.fin)} ; les "
                "demandes sont celles du dernier jour",
                "Source": seance_gelee.say_source(choisi),
                "Laissé de côté": " ".join(dossier.reserves()) or "rien",
            }
        )


def explain_suites(resultats: Sequence[ResultatDecision], choisi: Perimetre) -> None:
    """The button and what it opens: the figure of each reopened decision, and how a verdict is given."""
    temoins = {r.decision.temoin.titre: r.decision.temoin for r in resultats if r.decision.temoin}
    with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
        for titre, temoin in temoins.items():
            st.markdown(f"**{titre}**  \n{_define(temoin)}")
        periode = Periode.de(choisi.seance, "annee")
        inconnus = [
            f"{langue.effectif(n, 'attribution')} pour « {r.decision.temoin.titre} »"
            for r in resultats
            if r.decision.temoin and r.maintenant and (n := reader().compte(r.maintenant.n_inconnus)) != 0
        ]
        entete.explain(
            {
                "Alors": "la valeur lue le jour où la décision fut actée, dans les données d’alors",
                "Aujourd’hui": f"la même lecture, {langue.intervalle(periode.debut, periode.fin)}",
                "Lecture": "où en est la cible, si les données couvrent toute la période et connaissent trente cas au "
                "moins d’une part ; sinon pourquoi rien n’est conclu",
                "Depuis la décision": "« plus que le hasard » : 0 est hors de l’intervalle à 95 % de l’écart entre les "
                "deux parts (Newcombe)",
                "Sans l’information": langue.liste(list(dict.fromkeys(inconnus))) or "aucune attribution",
                "Source": seance_gelee.say_source(choisi),
            }
        )


def _definition(mesure: str) -> str:
    compte, sur = _DEFINITIONS.get(mesure, ("", ""))
    return f"{compte}, sur : {sur}" if sur else compte


def say_fraction(constat: Constat) -> str:
    """`40 sur 100`; `—` for a count or a median."""
    dit = constat.read("secteur")
    if dit is None or constat.numerateur is None:
        return langue.ABSENT
    return langue.sur(dit.compte, dit.total)


def _define(temoin: TemoinIndicateur | TemoinSegment | TemoinPreuve) -> str:
    if isinstance(temoin, TemoinPreuve):
        return f"{_definition(temoin.mesure)}."
    if isinstance(temoin, TemoinSegment):
        return "Nombre de demandes actives du segment au dernier jour de la séance, tel que Mes listes le compte."
    indicateur = INDICATEURS[temoin.nom]
    return (
        f"{indicateur.definition} Numérateur : {indicateur.numerateur_dit}. "
        f"Dénominateur : {indicateur.denominateur_dit}. Source : {indicateur.source}."
    )

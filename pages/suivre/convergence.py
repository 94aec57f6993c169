"""Suivre › Convergence: the occupation of the quartiers, semester by semester, for the entrants observed or tried."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.contrat.tables import FRAGILITES
from mel_core.secret.audience import Audience
from mel_core.simulation import phrases_convergence
from mel_core.simulation.convergence import Convergence, ScenarioConvergence, converge, ecarts, project
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from pages.adaptateur.incidents import fragment
from pages.commun import cadre, choix_perimetre, entete, levier, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import courbes
from pages.commun.levier import Curseur, Etape, Jeu, Valeurs
from pages.commun.mesures import lecture_suivre

CONSTATES, OBJECTIF, ESSAI = "constates", "objectif", "essai"
ENTREES = {CONSTATES: "Comme constaté", OBJECTIF: "50 % partout", ESSAI: "Autre"}
ETATS = {
    CONSTATES: (cadre.HYPOTHESE, "les entrants restent ceux des 12 derniers mois"),
    OBJECTIF: (cadre.OBJECTIF, "50 % dans les attributions, supposés tenus dès demain"),
    ESSAI: (cadre.HYPOTHESE, "une part par type de quartiers"),
}
PART_OBJECTIF = 50
HORIZONS = range(2, 41)
DEPART = 20


@dataclass(frozen=True, eq=False)
class Stock:
    """The résidences, who enters them, and who reads what comes of it."""

    residences: pd.DataFrame
    entrants: dict[str, float]
    audience: Audience

    def project(self, scenario: ScenarioConvergence) -> pd.DataFrame:
        return self.audience.projetees(project(self.residences, self.entrants, scenario))

    def converge(self, scenario: ScenarioConvergence) -> Convergence:
        return converge(self.residences, self.entrants, scenario).dite(self.audience)


def page() -> None:
    st.html(Path(__file__).with_name("suivre.css"))
    choisi = entete.choose()
    cle = (choisi.instantane.identifiant, str(choisi.seance), choisi.ici)
    entrants = lecture_suivre.entrants(*cle, choisi.audience)
    stock = Stock(lecture_suivre.residences(*cle), entrants, choisi.audience)
    say(stock, choisi)
    explore(stock, f"{cle} {choisi.audience.est_exacte}")


def say(stock: Stock, choisi: Perimetre) -> None:
    resultat = stock.converge(ScenarioConvergence())
    aujourd_hui = stock.project(ScenarioConvergence(horizon=1)).query("semestre == 0")
    annees = stock.residences["annee_enquete"].dropna()
    enquete = f"enquête d’occupation {int(annees.max())}" if len(annees) else "enquête d’occupation sans date"
    parts = aujourd_hui.set_index("fragilite")["part"].to_dict()
    phrase = phrases_convergence.constat(choisi.ici_dite, parts, resultat)
    entete.say(choisi, f"{enquete} · {langue.effectif(resultat.n_residences, 'résidence')}", phrase, POURQUOI)


@fragment
def explore(stock: Stock, cle: str) -> None:
    """Chart, levers and table move together."""
    entrees = choose_entrees()
    curseurs = [
        Curseur(f"entrants_{c}", FRAGILITES_EN_TETE[c], round(100 * stock.entrants.get(c, 0.5)))
        for c in FRAGILITES
        if entrees == ESSAI
    ]
    dits = {n: langue.effectif(n, "semestre") for n in HORIZONS}
    curseurs.append(Curseur("horizon", "Horizon", DEPART, HORIZONS[0], HORIZONS[-1], dits=dits))

    def scenario_de(valeurs: Valeurs) -> tuple[ScenarioConvergence, dict[str, Fraction]]:
        *parts, horizon = valeurs
        visees = {} if entrees == CONSTATES else dict.fromkeys(FRAGILITES, Fraction(PART_OBJECTIF, 100))
        visees |= {c: Fraction(part, 100) for c, part in zip(FRAGILITES, parts, strict=False)}
        return ScenarioConvergence(**visees, horizon=horizon), visees

    def answer(valeurs: Valeurs) -> Etape:
        scenario, visees = scenario_de(valeurs)
        projection, resultat = stock.project(scenario), stock.converge(scenario)
        tendance = stock.project(ScenarioConvergence(horizon=scenario.horizon)) if visees else projection
        dites = {c: float(p) for c, p in visees.items()} or None
        phrases = (
            phrases_convergence.reponse(dites, resultat, scenario.horizon),
            phrases_convergence.limite(resultat),
        )
        reserve = escape(langue.typeset(f"{RESERVE} {phrases_convergence.laissees(resultat)}"))
        reponse = "".join(map(levier.en_html, phrases)) + f'<p class="reserve">{reserve}</p>'
        retour = "" if list(valeurs) == [c.depart for c in curseurs] else "Revenir au départ"
        # Without a quartier of known class and occupants, there is no line to draw: the sentence says so.
        est_tracable = bool(projection["fragilite"].isin(FRAGILITES).any())
        images = (courbes.trajectoires(projection, tendance, resultat.semestre_moitie),) if est_tracable else ()
        return Etape(cadre.say_etat(*ETATS[entrees]), retour, reponse, images)

    for curseur in curseurs:
        choix_perimetre.keep(curseur.cle, curseur.valeurs, curseur.depart)
    with st.container(key="levier"):
        valeurs = levier.show(f"convergence_{entrees}", Jeu(f"{cle} {entrees}", tuple(curseurs), answer))
        for curseur, valeur in zip(curseurs, valeurs, strict=True):
            st.query_params[curseur.cle] = str(valeur)
    table(stock, scenario_de(valeurs)[0])


def choose_entrees() -> str:
    """Who enters: as observed, half everywhere, or a share for each class of quartiers."""
    choix_perimetre.keep("entrees", list(ENTREES), OBJECTIF)
    entrees = choix_perimetre.tenu(
        st.segmented_control(
            "Ménages modestes parmi les entrants",
            list(ENTREES),
            format_func=ENTREES.__getitem__,
            required=True,
            key="entrees",
        )
    )
    st.query_params["entrees"] = entrees
    return entrees


def table(stock: Stock, scenario: ScenarioConvergence) -> None:
    """Every second semester: each class with its band, then the gap."""
    projection, decimales = stock.project(scenario), int(stock.audience.est_exacte)
    par_classe = projection.assign(
        dit=[
            f"{langue.part(x.part)} ({langue.nombre(100 * x.part_min, decimales)} à "
            f"{langue.nombre(100 * x.part_max, decimales)})"
            for x in projection.itertuples()
        ]
    ).pivot(index="semestre", columns="fragilite", values="dit")
    lignes = par_classe.rename(columns=FRAGILITES_EN_TETE).reset_index().rename(columns={"semestre": "Semestre"})
    exacts = project(stock.residences, stock.entrants, scenario)
    lus = stock.audience.projetees(ecarts(exacts)).set_index("semestre")  # worked out exactly, then rounded
    for titre, colonne in (("Écart", "ecart"), ("Écart, au moins", "ecart_min"), ("Écart, au plus", "ecart_max")):
        lignes[titre] = [langue.points(100 * v) for v in lus[colonne].reindex(lignes["Semestre"])]
    st.html('<p class="reserve">Part de ménages modestes parmi les occupants, et sa bande entre parenthèses.</p>')
    widgets.grille(lignes, {"Semestre": langue.nombre}, "Part de ménages modestes par semestre", est_emporte=True)


RESERVE = (
    "Bande : occupants inconnus tous modestes ou aucun, rotation à ± 20 % (supposée). En tirets, les entrants comme "
    "constaté. Bornes de ressources supposées (20, 40 et 60 % du plafond PLUS)."
)
POURQUOI = """**Part de ménages modestes parmi les occupants**, pesée par les logements occupés de chaque résidence.

- **Formule** : chaque semestre, la moitié de la rotation annuelle de la résidence change d’occupant ; ceux qui entrent
  ont la part visée (ou constatée) de leur type de quartiers.
- **Sources** : occupation et rotation de la table « residences », entrants des attributions de la période ; données
  publiées le {jour}.
- **Ce que cela ne dit pas** : ni l’évolution des ressources des ménages en place, ni construction, ni démolition.
- **Méthode** : docs/simulations/convergence.md
"""


page()

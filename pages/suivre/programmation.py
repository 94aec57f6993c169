"""Suivre › Programmation: PLAI per operation against 25 to 30 % and the years that rebuilding the NPRU takes, the needs
that mutations bring, the products that incomes open to."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.simulation.programmation import phrases_programmation
from mel_core.simulation.programmation.calcul_programmation import (
    DEMOLIS,
    PART_ESSAYEE_MAX,
    PART_VISEE,
    ScenarioProgrammation,
    part_lissee,
    rebuild,
    schedule,
)
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.adaptateur.incidents import fragment
from pages.commun import cadre, choix_perimetre, entete, levier, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import images_programmation
from pages.commun.levier import Curseur, Etape, Jeu, Valeurs
from pages.commun.mesures import lecture_suivre
from pages.suivre import exemple_programmation, reponses_programme

DEPART, PART_MAX = 25, int(100 * PART_ESSAYEE_MAX)
_CLE, _LISSER = "part_plai", "lisser_plai"
_PLAI, _MUTATIONS, _PRODUITS = "plai", "mutations", "produits"
_SUJETS = {_PLAI: "PLAI par opération", _MUTATIONS: "Besoins des mutations", _PRODUITS: "Revenus et produits"}


def page() -> None:
    st.html(Path(__file__).with_name("suivre.css"))
    choisi = entete.choose()
    sujet = choix_perimetre.option("Sujet", "programme", list(_SUJETS), _SUJETS.__getitem__)
    if sujet == _MUTATIONS:
        reponses_programme.show_besoins(choisi)
    elif sujet == _PRODUITS:
        reponses_programme.show_produits(choisi)
    else:
        show_plai(choisi)


def show_plai(choisi: Perimetre) -> None:
    toutes = lecture_suivre.operations(choisi.instantane.identifiant, str(choisi.seance), None)
    if toutes.empty:
        raise ErreurUtilisateur(
            "La table « programmation » n’est pas dans le jeu de données : l’importer depuis Préparer › Imports."
        )
    operations = toutes[toutes["ici"] == choisi.ici].reset_index(drop=True) if choisi.ici else toutes
    say(operations, choisi)
    if not operations.empty:
        explore(operations, toutes, choisi.ici)


def say(operations: pd.DataFrame, choisi: Perimetre) -> None:
    phrase = phrases_programmation.constat(choisi.ici_dite, schedule(operations, ScenarioProgrammation(Fraction(0))))
    entete.say(choisi, f"table « programmation » · {langue.effectif(len(operations), 'opération')}", phrase, POURQUOI)


@fragment
def explore(operations: pd.DataFrame, toutes: pd.DataFrame, ici: str | None) -> None:
    """Chart, lever and table move together; the years are those of the Métropole, whatever the ICI."""
    choix_perimetre.keep(_CLE, range(PART_MAX + 1), DEPART)
    lisser = st.checkbox("Lisser : le NPRU aussi à cette part", key=_LISSER, persist_state="session")

    def answer(valeurs: Valeurs) -> Etape:
        scenario = ScenarioProgrammation(Fraction(valeurs[0], 100), lisser)
        programmees, partout = schedule(operations, scenario), schedule(toutes, scenario)
        bornes = (rebuild(partout, scenario, n) for n in DEMOLIS)
        annees = phrases_programmation.reconstitution(*bornes, est_vue_d_une_ici=ici is not None)
        reponse = levier.en_html(phrases_programmation.reponse(programmees, scenario)) + levier.en_html(annees)
        retour = "" if valeurs[0] == DEPART else f"Revenir à {langue.part(Fraction(DEPART, 100))}"
        a_des_operations = (programmees["est_connue"] & (programmees["n_sociaux"] > 0).fillna(False)).any()
        images = (images_programmation.figure(programmees),) if a_des_operations else ()
        return Etape(say_etat(scenario.part_plai), retour, reponse, images)

    curseur = Curseur(_CLE, "Part de PLAI parmi les PLUS et PLAI de chaque opération", DEPART, maximum=PART_MAX)
    reserve = phrases_programmation.lissage(part_lissee(toutes))
    # What the answers are worked out of, by its content: the operations, of the ICI and of all.
    de_quoi = sha256(f"{operations.to_csv()}{toutes.to_csv()}".encode()).hexdigest()
    with st.container(key="levier"):
        (part,) = levier.show("programmation", Jeu(f"{de_quoi} {lisser} {ici or ''}", (curseur,), answer, reserve))
        st.query_params[_CLE] = str(part)
    scenario = ScenarioProgrammation(Fraction(part, 100), lisser)
    st.html(exemple_programmation.exemple(scenario.part_plai))
    table(schedule(operations, scenario))


def say_etat(part: Fraction) -> str:
    """A share tried, and whether it is among those proposed in 2017."""
    position = "dans" if PART_VISEE[0] <= part <= PART_VISEE[1] else "hors de"
    return cadre.say_etat(
        cadre.HYPOTHESE, f"{position} la fourchette de {phrases_programmation.FOURCHETTE} proposée en 2017"
    )


def table(programmees: pd.DataFrame) -> None:
    """Every operation, before and after."""
    inconnues = int((~programmees["est_connue"]).sum())
    if inconnues:
        reste = langue.effectif(inconnues, "opération laissée", "opérations laissées")
        st.html(f'<p class="reserve">{reste} hors du calcul : PLUS ou PLAI non renseignés.</p>')
    lignes = pd.DataFrame(
        {
            "Opération": programmees["nom"].fillna(programmees["operation"]),
            "Commune": programmees["nom_commune"],
            "Année": programmees["annee"].astype(str),
            "NPRU": ["oui" if x else "non" for x in programmees["npru"]],
            "Logements": programmees["n_logements"],
            "PLS": programmees["n_pls"],
            "PLUS": programmees["n_plus"],
            "PLAI": programmees["n_plai"],
            "Part de PLAI": programmees["part"],
            "PLUS visés": programmees["n_plus_vise"],
            "PLAI visés": programmees["n_plai_vise"],
            "Part visée": programmees["part_visee"],
        }
    )
    entiers = ["Logements", "PLS", "PLUS", "PLAI", "PLUS visés", "PLAI visés"]
    formats = dict.fromkeys(entiers, langue.nombre) | dict.fromkeys(("Part de PLAI", "Part visée"), langue.part)
    widgets.grille(
        lignes.astype(dict.fromkeys(entiers, "Float64")), formats, "Programmation par opération", est_emporte=True
    )


POURQUOI = """**Part de PLAI par opération** : PLAI / (PLUS + PLAI) ; les PLS restent à part.

- **Règle d’arrondi** : le plus petit nombre entier de PLAI qui atteint la part visée, opération par opération.
- **Source** : table « programmation », données publiées le {jour} ; fourchette de 25 à 30 %, 20 % en 2017,
  60 % de l’ANRU et 2 500 à 3 500 démolitions : support de 2017.
- **Lisser** : les opérations de reconstitution descendent à la part commune au lieu de garder leurs 60 % de PLAI.
- **Années** : au rythme annuel moyen des opérations connues de toute la Métropole, supposé se répéter.
- **Méthode** : docs/simulations/programmation.md
"""


page()

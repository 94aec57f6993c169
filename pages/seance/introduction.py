"""9h00 Introduction: what the last séance decided and what it gave; on which data; what is to be decided today."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.coordination import blocages
from mel_core.secret.regroupement import SEUIL
from pages.commun import cadre, entete, registre, widgets
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.coordination import phrases_coordination as phrases
from pages.commun.coordination import pourquoi_coordination, suites
from pages.commun.perimetre import Perimetre


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose()
    lecture.exiger_ici(choisi)
    rouverts, engagements = lecture.bilan(choisi), suites.verdicts_des_engagements(choisi)
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, choisi.precision)
        if rouverts.resultats:
            pourquoi_coordination.expliquer_suites(rouverts.resultats, choisi)
    with st.container(key="message"):
        st.markdown(phrases.ouverture(choisi.ici_dite, str(choisi.seance.precedente), rouverts, engagements))
    suites.montrer(choisi)
    gauche, droite = st.columns([0.42, 0.58], gap="large")
    with gauche:
        a_decider(choisi)
    with droite:
        completude(choisi)


def a_decider(choisi: Perimetre) -> None:
    """The agenda of the day, in its order."""
    lus = blocages.lister(registre.journal(), seance=str(choisi.seance), ici=lecture.exiger_ici(choisi))
    retenus = [b for (_, b), _ in blocages.ordre_du_jour(lus)]
    st.markdown("#### À décider aujourd’hui")
    if not retenus:
        st.write("Aucun blocage n’est inscrit à l’ordre du jour : en retenir depuis Préparer › Blocages.")
        return
    deux_points = f"{langue.INSECABLE}: "
    st.html(
        '<ol class="a-decider">'
        + "".join(
            f"<li><b>{escape(lecture.sujet(b, choisi))}</b>{deux_points}{escape(b.constat)}</li>" for b in retenus
        )
        + "</ol>"
    )


def completude(choisi: Perimetre) -> None:
    """What the figures of the day lean on, bailleur by bailleur."""
    table = lecture.completudes(choisi.instantane.identifiant, str(choisi.seance), lecture.exiger_ici(choisi))
    st.markdown("#### Ce que disent les fichiers, bailleur par bailleur")
    if table.empty:
        st.write(f"Aucun bailleur n’a d’attribution ni de résidence dans {choisi.ici_dite} : compléter l’import.")
        return
    if muets := [b.nom for b in table.itertuples() if b.n and not b.n_evenements]:
        st.write(f"Sans aucun événement enregistré sur cette période : {langue.liste(muets)}.")
    n, evenements = (table[c].where((table[c] >= SEUIL) | (table[c] == 0)) for c in ("n", "n_evenements"))
    widgets.grille(
        pd.DataFrame(
            {
                "Bailleur": table["nom"],
                "Attributions": n,
                "Ressources connues": table["n_ressources"] / n,
                "Quartier connu": table["n_quartier"] / n,
                "Événements": evenements,
            }
        ),
        {
            "Attributions": langue.nombre,
            "Ressources connues": lambda v: langue.part(v, 0),
            "Quartier connu": lambda v: langue.part(v, 0),
            "Événements": langue.nombre,
        },
        "Complétude par bailleur",
    )
    if n.isna().any() or evenements.isna().any():
        dite = f"« {langue.ABSENT} » : moins de {SEUIL} attributions ou événements"
        st.html(f'<p class="reserve">{dite}{", ou aucune attribution" if (n == 0).any() else ""}.</p>')


page()

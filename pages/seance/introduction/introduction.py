"""9h00 Introduction: what the last séance decided and what it gave; on which data; what is to be decided today."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from mel_core.indicateurs import qualite
from mel_core.seance.coordination import blocages
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.verdict import PasDeVerdict
from mel_core.secret.bail import Audience, reader
from mel_core.socle import langue
from mel_core.socle.langue import Peu
from pages.commun import cadre, ecriture, entete, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.coordination import preuves
from pages.seance.introduction import suites_seance


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose()
    lecture.require_ici(choisi)
    rouverts, pris = lecture.bilan(choisi), suites_seance.engagements(choisi)
    engagements = [r if isinstance(r, PasDeVerdict) else r.verdict for r, _ in pris]
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, choisi.precision)
        if rouverts.resultats:
            preuves.explain_suites(rouverts.resultats, choisi)
    with st.container(key="message"):
        verdicts = [r.vu() for r in rouverts.resultats]
        st.markdown(phrases.ouverture(choisi.ici_dite, str(choisi.seance.precedente), verdicts, engagements))
    suites_seance.show(choisi)
    with cadre.detail("introduction"):
        gauche, droite = st.columns([0.42, 0.58], gap="large")
        with gauche:
            a_decider(choisi)
        with droite:
            completude(choisi)


def a_decider(choisi: Perimetre) -> None:
    """The agenda of the day, in its order."""
    lus = blocages.find_all(ecriture.journal(), seance=str(choisi.seance), ici=lecture.require_ici(choisi))
    retenus = [b for (_, b), _ in blocages.ordre_du_jour(lus)]
    st.markdown("#### À décider aujourd’hui")
    if not retenus:
        st.write("Aucun blocage n’est inscrit à l’ordre du jour : en retenir depuis Préparer › Blocages.")
        return
    deux_points, noms = f"{langue.INSECABLE}: ", lecture.appellations(choisi)
    st.html(
        '<ol class="a-decider">'
        + "".join(
            f"<li><b>{escape(lecture.sujet(b, choisi))}</b>{deux_points}{escape(phrases.dit(b, noms))}</li>"
            for b in retenus
        )
        + "</ol>"
    )


def completude(choisi: Perimetre) -> None:
    """What the figures of the day lean on, bailleur by bailleur."""
    table = choisi.ask(qualite.par_bailleur, choisi.annee, choisi.ici)
    st.markdown("#### Ce que disent les fichiers, bailleur par bailleur")
    if table.empty:
        st.write(f"Aucun bailleur n’a d’attribution ni de résidence dans {choisi.ici_dite} : compléter l’import.")
        return
    if muets := [b.nom for b in table.itertuples() if b.n and not b.n_evenements]:
        st.write(f"Sans aucun événement enregistré sur cette période : {langue.liste(muets)}.")
    dite = completude_dite(table)
    formats: dict[str, widgets.Format] = {"Attributions": langue.nombre, "Événements": langue.nombre}
    if reader().lit_tout:
        formats |= dict.fromkeys(("Ressources connues", "Quartier connu"), lambda v: langue.part(v, 0))
    widgets.grille(dite, formats, "Complétude par bailleur")


def completude_dite(table: pd.DataFrame) -> pd.DataFrame:
    """One row per bailleur, what is read of it: its own exactly; shares are in words but at a desk."""
    lignes = []
    for x in table.itertuples():
        lue = reader().chez("bailleur", x.porteur)
        parts = [(k, lue.part(k, x.n)) for k in (x.n_ressources, x.n_quartier)]
        ressources, quartier = (p if reader().lit_tout else _say_part(k, x.n, p, lue) for k, p in parts)
        lignes.append(
            {
                "Bailleur": x.nom,
                "Attributions": lue.compte(x.n),
                "Ressources connues": ressources,
                "Quartier connu": quartier,
                "Événements": lue.compte(x.n_evenements),
            }
        )
    return pd.DataFrame(lignes, dtype=object)


def _say_part(connus: int, n: int, part: float, lue: Audience) -> str:
    """`98 %`; `sauf 12 ou moins` where only the few unknown ones keep the share from being said."""
    inconnus = lue.compte(n - connus)
    if pd.isna(part) and isinstance(inconnus, Peu) and not pd.isna(lue.compte(connus)):
        return f"sauf {langue.nombre(inconnus)}"
    return langue.part(part, 0)


page()

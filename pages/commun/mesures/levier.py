"""The lever of a target: the share tried, which state that puts the figures in, the way back to the one in force."""

from __future__ import annotations

import re
from fractions import Fraction
from html import escape

import streamlit as st

from mel_core import langue
from pages.commun import cadre, perimetre, widgets
from pages.commun.figures import Figure
from pages.commun.incidents import fragment
from pages.commun.mesures.essai import Essai, essayer
from pages.commun.mesures.lecture_bilan import ACI, EQUILIBRE, Bilan

LEVIERS = {
    EQUILIBRE: "Part visée de ménages modestes, par type de quartiers",
    ACI: "Part visée de ménages ACI, en premier accès",
    "q1_hors_qpv": "Part visée du premier quartile, hors QPV",
    "autres_en_qpv": "Part visée des autres quartiles, en QPV",
}
RESERVES = {
    EQUILIBRE: "Ménage modeste : revenu sous 40 % du plafond PLUS. Bornes supposées (20, 40 et 60 %) : le support de "
    "2017 n’en donne pas.",
    ACI: "Ménage ACI : relevant de l’accord collectif, DALO ou PDALHPD\u00a0; deux labels comptent une fois.",
    "q1_hors_qpv": "La loi juge la Métropole entière : la répartition entre communes et bailleurs est une hypothèse.",
    "autres_en_qpv": "La loi juge la Métropole entière : la répartition entre communes et bailleurs est une hypothèse.",
}
CIBLE_SANS_OBJECTIF = Fraction(1, 2)


@fragment
def montrer(bilan: Bilan) -> None:
    """The lever alone, what it asks and where: for a screen whose picture does not move with it."""
    with st.container(key="levier"):
        repondre(essayer(bilan, choisir_cible(bilan)))


def repondre(essai: Essai, *figures: Figure) -> None:
    """What the target tried asks, where, and what `figures` show: one piece, since each one costs a step its time."""
    phrase = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(essai.phrase))
    st.html(f'<p class="demande">{phrase}</p>{essai.lieux}{"".join(widgets.lu(f) for f in figures)}')


def depart(bilan: Bilan) -> int:
    """Where the lever stands at first, in per cent: the target in force."""
    return round(100 * (bilan.objectif.valeur if bilan.objectif else CIBLE_SANS_OBJECTIF))


def choisir_cible(bilan: Bilan) -> int:
    """The target tried, in per cent, and in which state that puts the figures beside it."""
    votee, initiale = bilan.objectif.valeur if bilan.objectif else None, depart(bilan)
    cle = f"cible_{bilan.indicateur}"
    est_nationale = bilan.indicateur not in (EQUILIBRE, ACI)
    perimetre.garder(cle, range(101), initiale)
    tentee = Fraction(st.session_state[cle], 100)
    with st.container(horizontal=True, key="etat_levier", vertical_alignment="center"):
        if tentee == votee:
            cadre.etat(cadre.OBJECTIF, langue.cible(votee) + (", par la loi" if est_nationale else ""))
        else:
            cadre.etat(cadre.HYPOTHESE, langue.cible(tentee))
            if st.session_state[cle] != initiale:
                # A narrower place for the law's: its value is shorter than its name.
                est_dit = votee is not None and not est_nationale
                retour = "l’objectif voté" if est_dit else langue.cible(Fraction(initiale, 100))
                remettre = st.session_state.__setitem__
                st.button(f"Revenir à {retour}", key="revenir", on_click=remettre, args=(cle, initiale))
    st.slider(LEVIERS[bilan.indicateur], 0, 100, step=1, key=cle, persist_state="session", format="%d %%")
    st.query_params[cle] = str(st.session_state[cle])
    st.html(f'<p class="reserve">{RESERVES[bilan.indicateur]}</p>')
    return st.session_state[cle]

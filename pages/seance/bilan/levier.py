"""The lever of a target: the share tried, what it shows and asks, and in which state that puts the figures.

One piece in the page (see `vivant`): a key or a hand on the lever moves the picture without waiting, from the answers
of every value, sent once when the hand comes near; the server says the same again, and keeps the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from html import escape
from typing import Any

import streamlit as st

from mel_core.socle import langue
from pages.adaptateur import vivant
from pages.adaptateur.incidents import fragment
from pages.commun import cadre, choix_perimetre
from pages.commun.mesures.lecture_bilan import ACI, EQUILIBRE, Bilan, Cle, read_cle
from pages.seance.bilan.essai import Essai, try_out

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
MAXIMUM = 100
DIZAINES = MAXIMUM // 10 + 1  # 0 to 9, … 90 to 99, 100
# What is under the pointer is not read while the hand is on the lever: it comes with the answer of the server.
_DIT_APRES = "infobulle"
_levier, _etapes = vivant.composant("levier"), vivant.composant("etapes")


def show(bilan: Bilan, *, est_imagee: bool) -> None:
    """The lever and what it answers. `est_imagee`: with the pictures, which are not on screen otherwise."""
    with st.container(key="levier"):
        _adjust(bilan.cle, est_imagee)
        _anticipate(bilan.cle, est_imagee)


@fragment
def _adjust(cle: Cle, est_imagee: bool) -> None:
    bilan = read_cle(cle)
    nom = f"cible_{bilan.indicateur}"
    choix_perimetre.keep(nom, range(MAXIMUM + 1), depart(bilan))

    composant = f"levier_{nom}"

    def retain() -> None:
        demandee = vivant.entier_dit(vivant.demande(composant).get("valeur"), range(MAXIMUM + 1))
        if demandee is not None:
            st.session_state[nom] = demandee

    st.query_params[nom] = str(st.session_state[nom])
    message = vivant.answer(composant, _message(cle, st.session_state[nom], est_imagee))
    _levier(key=composant, data=message, on_demande_change=retain)


@st.cache_resource(show_spinner=False, max_entries=512)
def _message(cle: Cle, pourcent: int, est_imagee: bool) -> bytes:
    """The lever at this value, as the page reads it."""
    bilan = read_cle(cle)
    return vivant.octets(
        {
            "cle": _nom(cle, est_imagee),
            "libelle": LEVIERS[bilan.indicateur],
            "reserve": escape(RESERVES[bilan.indicateur]),
            "maximum": MAXIMUM,
            "depart": depart(bilan),
            "etape": _etape(bilan, pourcent, est_imagee),
        }
    )


@fragment
def _anticipate(cle: Cle, est_imagee: bool) -> None:
    """The answers of ten values, when the page asks for them; a fragment of its own, since a step never sends them."""
    nom, composant = _nom(cle, est_imagee), f"etapes_{cle[2]}"

    def retain() -> None:
        st.session_state["dizaine_demandee"] = nom, vivant.dit(composant, "demande")

    pour, dizaine = st.session_state.pop("dizaine_demandee", ("", None))
    lues = _dizaine(cle, est_imagee, dizaine) if pour == nom and dizaine in range(DIZAINES) else None
    donnees = lues or vivant.octets({"cle": nom, "dizaines": DIZAINES, "lues": None})
    _etapes(key=composant, data=donnees, on_demande_change=retain)


@st.cache_resource(show_spinner=False, max_entries=256)
def _dizaine(cle: Cle, est_imagee: bool, dizaine: int) -> bytes:
    """The answers of ten values: what their pictures share once, then what is each one's own."""
    bilan = read_cle(cle)
    valeurs = range(10 * dizaine, min(10 * dizaine + 10, MAXIMUM + 1))
    etapes = {valeur: _etape(bilan, valeur, est_imagee) for valeur in valeurs}
    communes = [dict(figure) for figure in etapes[valeurs[0]]["figures"]]
    for etape in etapes.values():
        etape["figures"] = [_ecart(f, commune) for f, commune in zip(etape["figures"], communes, strict=True)]
    lues = {"dizaine": dizaine, "commune": communes, "etapes": etapes}
    return vivant.octets({"cle": _nom(cle, est_imagee), "dizaines": DIZAINES, "lues": lues})


def _ecart(figure: dict[str, Any], commune: Mapping[str, Any]) -> dict[str, Any]:
    """What changes in a figure: columns that differ, or a whole table when it has more or fewer rows."""
    donnees = {}
    for nom, table in figure["donnees"].items():
        autre = commune["donnees"][nom]
        if any(len(table[c]) != len(autre[c]) for c in table):
            donnees[nom] = {"entiere": True, "colonnes": table}
        elif change := {c: v for c, v in table.items() if v != autre[c] and c != _DIT_APRES}:
            donnees[nom] = {"colonnes": change}
    return {"lecture": figure["lecture"], "donnees": donnees}


def _etape(bilan: Bilan, pourcent: int, est_imagee: bool) -> dict[str, Any]:
    """What one value shows: its state, the way back, what it asks and where, its pictures."""
    essai = try_out(bilan, pourcent)
    etat, retour = _etat(bilan, pourcent)
    return {
        "valeur": pourcent,
        "etat": etat,
        "retour": retour,
        "reponse": answer(essai),
        "figures": [vivant.charge(f) for f in (essai.image, essai.carte)] if est_imagee else [],
    }


def answer(essai: Essai) -> str:
    """What the target tried asks, and where: HTML."""
    phrase = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(essai.phrase))
    return f'<p class="demande">{phrase}</p>{essai.lieux}'


def _etat(bilan: Bilan, pourcent: int) -> tuple[str, str]:
    """In which state the target tried puts the figures, then what brings the one in force back (empty: it is there)."""
    votee, initiale = bilan.objectif.valeur if bilan.objectif else None, depart(bilan)
    est_nationale = bilan.indicateur not in (EQUILIBRE, ACI)
    tentee = Fraction(pourcent, 100)
    if tentee == votee:
        return cadre.say_etat(cadre.OBJECTIF, langue.part(votee) + (", par la loi" if est_nationale else "")), ""
    dit = cadre.say_etat(cadre.HYPOTHESE, langue.part(tentee))
    if pourcent == initiale:
        return dit, ""
    # A narrower place for the law's: its value is shorter than its name.
    est_nommee = votee is not None and not est_nationale
    return dit, f"Revenir à {'l’objectif voté' if est_nommee else langue.part(Fraction(initiale, 100))}"


def depart(bilan: Bilan) -> int:
    """Where the lever stands at first, in per cent: the target in force."""
    return round(100 * (bilan.objectif.valeur if bilan.objectif else CIBLE_SANS_OBJECTIF))


def _nom(cle: Cle, est_imagee: bool) -> str:
    *quoi, audience = cle
    return " ".join(str(morceau or "") for morceau in (*quoi, audience.est_exacte, audience.code, est_imagee))

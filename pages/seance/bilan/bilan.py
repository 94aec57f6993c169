"""9h30 Bilan, « suivre et réajuster »: the finding, one picture, the lever, then the tables."""

from __future__ import annotations

from html import escape

import streamlit as st

from mel_core.indicateurs.couverture import MAL_CONNU_DIT
from mel_core.socle import langue
from pages.commun import cadre, choix_perimetre, donnees, entete, places
from pages.commun.choix_perimetre import Perimetre
from pages.commun.mesures import lecture_bilan
from pages.commun.mesures.lecture_bilan import ACI, EQUILIBRE, Bilan
from pages.seance.bilan import choix_mesure, descente, ecran_mesures, fiche_commune, levier, tableaux
from pages.seance.bilan.descente import Lieu
from pages.seance.bilan.pourquoi import explain

OBJECTIFS = {EQUILIBRE: "Équilibre 50/50", ACI: "ACI en premier accès"}


def page() -> None:
    with entete.perimetre():
        choisi = choix_perimetre.choose()
        indicateur = choix_mesure.choose(OBJECTIFS)
        cadre.millesime(choisi.instantane)
    if commune := fiche_commune.read_commune(choisi):
        fiche_commune.show(choisi, commune)
        return
    if indicateur not in OBJECTIFS:
        ecran_mesures.show(choisi, indicateur)
        return
    bilan = lecture_bilan.read(choisi, indicateur)
    lieu = descente.read_lieu(bilan)
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, choisi.precision)
        descente.choose(bilan, lieu)
        explain(bilan, choisi)
    message = st.container(key="message")
    corps = places.take("objectif", f"{indicateur} {lieu}")
    with message:
        say(bilan, choisi, lieu)
    with corps:
        if lieu is None:
            levier.show(bilan.cle, est_imagee=True)
        else:
            descente.show(bilan, lieu)
    if lieu is None:
        with cadre.detail("bilan"):
            tableaux.constat(bilan)


def say(bilan: Bilan, choisi: Perimetre, lieu: Lieu | None) -> None:
    """The finding, in one sentence with its number and its denominator."""
    if lieu is not None:
        phrase = descente.say(bilan, lieu)
    else:
        identifiant, seance, indicateur, ici = bilan.cle
        phrase = donnees.constat(identifiant, seance, indicateur, choisi.ici_dite, ici).say()
    st.markdown(donnees.say_couverture(phrase, *bilan.cle[:4]))
    cadre.say_declarees(donnees.declarees(*bilan.cle[:3]))
    if dits := mal_connus(bilan):
        st.html(f'<p class="reserve">{escape(langue.typeset(dits))}</p>')
    if lieu is None and (dits := lecture_bilan.say_en_nombre(choisi, bilan.indicateur)):
        st.markdown(langue.typeset(dits))


def mal_connus(bilan: Bilan) -> str:
    """The communes and bailleurs of which far less is known than of the whole, told apart from those compared."""
    noms: list[str] = []
    for coupe, lignes in (("commune", bilan.communes), ("bailleur", bilan.bailleurs)):
        lue = donnees.couverte(*bilan.cle[:4], (coupe,))
        noms.extend(lignes.loc[lignes[coupe].isin(lue.mal_connus if lue else ()), "nom"])
    return f"{MAL_CONNU_DIT.capitalize()}, à ne pas comparer : {langue.liste(noms)}." if noms else ""


page()

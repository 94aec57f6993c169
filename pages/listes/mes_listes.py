"""Mes listes: the households of a commune, a bailleur or a réservataire, why each is there, what was done of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.contrat.explications import STATUTS
from mel_core.droits.actions import Action
from mel_core.entrepot import Portee, TypePortee
from mel_core.seance import sequence
from mel_core.segments import SegmentLibre, phrases_segments
from mel_core.segments.listes import suites
from mel_core.segments.listes.contexte import say_contexte
from mel_core.segments.regles_segments import DES_LISTES, POULIDOR_REFUS
from mel_core.socle import langue
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Seance
from pages.adaptateur.incidents import fragment
from pages.commun import annonces, cadre, choix_perimetre, donnees, ecriture, entete, exports, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import choix_segment
from pages.commun.segments.lecture_orientations import LIBRE, QuestionSegment, a_le_drapeau
from pages.listes import affichage, saisie_candidats, saisie_contingent
from pages.listes import lecture_listes as lecture
from pages.listes.affichage import Filtres, display, finish, hold_page
from pages.listes.saisie_suite import record

_ICI = "liste_ici"  # that the commune was chosen in


def page() -> None:
    st.html(Path(__file__).with_suffix(".css"))
    visiteur.require_droit(Action.LIRE_LISTES)
    with entete.perimetre():
        choisi = choose_seance()
        # The lists depend on no ICI: the page that comes opens on that of the day.
        ici = choix_perimetre.hold("ici", [*donnees.choix()[1], choix_perimetre.METROPOLE])
        profil = visiteur.profil()
        commune = choose_commune(choisi, ici) if visiteur.may(Action.LIRE_TOUTE_LISTE) else ""
        cadre.millesime(choisi.instantane)
    portee = lecture.portee(profil, commune)
    ecriture.ask_auteur()
    if not ecriture.is_signed("ouvrir cette liste"):
        demandee = st.query_params.get("segment", "")
        if portee.type is TypePortee.COMMUNE and demandee not in ("", LIBRE, *DES_LISTES):
            annonces.refuse(sequence.say_inconnu(demandee, ou="la liste s’ouvrira sur un autre segment"))
        return
    listes = {TypePortee.BAILLEUR: saisie_candidats.show, TypePortee.RESERVATAIRE: saisie_contingent.show}
    # What narrows a list, sorts it or ticks its lines draws it alone, and not the strip and the agenda around it.
    fragment(listes.get(portee.type, list_segment))(choisi, portee)


def choose_seance() -> Perimetre:
    """The séance alone: a list is of one organisation, whatever the ICI."""
    seance, est_a_venir = choix_perimetre.select_seance()
    if est_a_venir:
        raise choix_perimetre.sans_les_siennes(seance)
    choisie = Seance.read(seance)
    return Perimetre(donnees.instantane(choisie), choisie, None, ())


def choose_commune(choisi: Perimetre, ici: str | None) -> str:
    """A co-pilot opens the list of one commune, to begin with the first of its ICI; another ICI begins again."""
    communes = donnees.communes(*choisi.cle)
    noms = dict(sorted(choisi.noms("commune").items(), key=lambda x: x[1]))
    dedans = set(communes.loc[communes["ici"] == ici, "commune"])
    if st.session_state.get(_ICI) not in (None, ici):
        choix_perimetre.forget(["commune"])
    st.session_state[_ICI] = ici
    depart = next((code for code in noms if code in dedans), None)
    return choix_perimetre.selecteur("Commune", "commune", noms, depart, se_tape=True)


def hold_commune(code: str, noms: dict[str, str]) -> None:
    """The address says whose list it is: who follows it reads that one, or is told that it is another's."""
    if st.query_params.get("commune", code) != code:
        annonces.note(phrases_segments.say_autre_liste(noms.get(code, code)), role="status")
    st.query_params["commune"] = code


def list_segment(choisi: Perimetre, portee: Portee) -> None:
    noms, bailleurs = choisi.noms("commune") | {"hors_mel": "hors de la MEL"}, choisi.bailleurs
    if not visiteur.may(Action.LIRE_TOUTE_LISTE):
        hold_commune(portee.code, noms)
    est_nue = "segment" not in st.session_state and "segment" not in st.query_params
    if est_nue and suites.n_a_relancer(ecriture.journal(), portee.code, aujourd_hui()):
        open_les_relances()  # the next morning begins by what is due
    question = choix_segment.choose(choisi, est_projete=False)
    tri = lecture.tri(question, portee)
    with st.container(horizontal=True, key="filtres", vertical_alignment="bottom"):
        filtres = affichage.choose_filtres(portee.code, noms[portee.code])
        ordre = tri.choose()
    rang = hold_page((question, portee.code, filtres, ordre))
    lieux = {"bailleur": bailleurs, "commune_residence": noms, "statut_logement": STATUTS}
    avant = exports.derniere_ouverture(question.titre, portee.code)
    demandee = lecture.Recherche(question, portee, filtres, ordre, lieux, avant)
    lue = demandee.page(ecriture.journal(), rang)
    if not affichage.has_page(lue.n_pages):
        st.session_state["liste_page"] = 1
        st.rerun()
    dits = {
        "Segment": question.titre,
        **lecture.regle(question, bailleurs),
        "Date de référence": langue.jour(choisi.seance.fin),
        **dict(filtres.dits),
    }
    quelle = (question, filtres.conditions.texte(), filtres.suite)
    liste = exports.Liste(question.titre, portee.code, quelle, dits)
    exports.trace_ouverture(liste, lue.n, *choisi.cle)
    write_message(question, noms[portee.code], lue, filtres, bailleurs, avant)
    with st.container(horizontal=True, key="sous_le_message", vertical_alignment="bottom"):
        affichage.choose_page(lue.n_pages)
        if filtres:
            st.button("Enlever les filtres", key="sans_filtre", on_click=affichage.take_out_filtres)
        if lue.n_relances > lue.n_a_relancer:
            dit = langue.typeset(f"À relancer, tous segments : {langue.nombre(lue.n_relances)}")
            st.button(dit, key="toutes_les_relances", on_click=open_les_relances)
        affichage.offer_traitees(len(lue.connues), filtres.suite)
        if lue.n_refus:
            dit, choix = phrases_segments.say_ont_refuse(lue.n_refus), {"segment": POULIDOR_REFUS}
            st.button(dit, key="ont_refuse", on_click=st.session_state.update, args=(choix,))
    if lue.n == 0:
        st.html('<p class="reserve">Aucune ligne : élargir les filtres, ou choisir un autre segment.</p>')
        return
    table = lecture.translate(lue.lignes, lue.connues, noms, bailleurs)
    coches = display(table, liste, (ordre, rang), tri, est_notee=bool(lue.connues))
    record(coches, lue.connues, portee.code, liste.titre, choisi.seance)
    if coches:
        affichage.say_en_entier(lecture.say_passages(question, portee, [lue.places[p] for p in coches]))

    def prepare() -> pd.DataFrame:
        return lecture.translate(demandee.tout(lue), lue.connues, noms, bailleurs)

    restreinte = ", ".join(filtres.phrases(bailleurs))
    ou = (question.titre, noms[portee.code])
    dit = say_contexte(*ou, lue.n, choisi.seance.fin, restreinte, lue.connues, lue.menages)
    contexte = {"contexte": dit, "communes": [portee.code], **affichage.profil_de(question, filtres)}
    finish(prepare, f"{liste.titre}, {noms[portee.code]}", portee, liste, choisi, contexte=contexte)


def open_les_relances() -> None:
    """A callback: every active demande, whatever its segment, of which the day of the next step has come."""
    affichage.take_out_filtres()
    choix_segment.empty_libre()
    st.session_state.update({"segment": LIBRE, "liste_suite": suites.RELANCER})


def write_message(
    question: QuestionSegment,
    ou: str,
    lue: lecture.Page,
    filtres: Filtres,
    bailleurs: Mapping[str, str],
    avant: exports.Ouverture | None,
) -> None:
    """How many, by which rule; of how many the day of the next step has come; the filters in force, which outlive a
    change of segment, and what they leave out."""
    n = lue.n
    drapeau = a_le_drapeau(question.identifiant, question.seance)
    regle = phrases_segments.regle_dite(question.quoi, n, question.criteres, drapeau, bailleurs)
    relances = suites.say_journee(lue.n_a_relancer, lue.n_venues, lue.n_sans_suite, avant.jour if avant else None)
    if filtres.suite == suites.RELANCER and question.quoi == SegmentLibre():
        regle, relances = suites.say_a_relancer(n), ""
    en_vigueur = langue.filtres(filtres.phrases(bailleurs), langue.effectif(lue.n_sans_filtre, "demande"))
    lien = langue.agree(n, " Elle la souhaite ou y habite.", " Elles la souhaitent ou y habitent.")
    lien = "" if filtres.lien or not n else lien
    annonces.message(f"{ou} : **{langue.effectif(n, 'demande')}** {regle}.{lien}{relances}{en_vigueur}")


page()

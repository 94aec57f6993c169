"""Mes listes: the households of a commune, a bailleur or a réservataire, why each is there, what was done of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from operator import itemgetter
from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.contrat.explications import STATUTS
from mel_core.droits.actions import Action
from mel_core.entrepot import Portee, TypePortee, perimetre
from mel_core.segments import MenagesRetenus, SegmentLibre, phrases_segments
from mel_core.segments.calcul_segments import says_ranks
from mel_core.segments.listes import candidats, suites
from mel_core.segments.regles_segments import POULIDOR, POULIDOR_REFUS
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_EN_TETE
from mel_core.socle.periodes import Seance
from pages.commun import annonces, cadre, choix_perimetre, donnees, ecriture, entete, exports, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import choix_segment
from pages.commun.segments.lecture_orientations import LIBRE, QuestionSegment, a_le_drapeau
from pages.listes import affichage, saisie_contingent
from pages.listes import lecture_listes as lecture
from pages.listes.affichage import Filtres, cut, display, finish, hold_page
from pages.listes.saisie_suite import record

_ICI = "liste_ici"  # that the commune was chosen in
_CODES = {
    "commune": ("Communes", "liste_communes", "toutes"),
    "typologie": ("Typologies", "liste_logements", "toutes"),
}
_FENETRES = {12: "12 mois", 24: "24 mois", 36: "36 mois", 0: "toujours"}


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
        return
    listes = {TypePortee.BAILLEUR: list_candidats, TypePortee.RESERVATAIRE: saisie_contingent.show}
    listes.get(portee.type, list_segment)(choisi, portee)


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
    if est_nue and suites.n_a_relancer(ecriture.journal(), portee.code, date.today()):
        open_les_relances()  # the next morning begins by what is due
    question = choix_segment.choose(choisi, est_projete=False)
    tri = lecture.tri(question, portee)
    with st.container(horizontal=True, key="filtres", vertical_alignment="bottom"):
        filtres = affichage.choose_filtres(portee.code, noms[portee.code])
        ordre = tri.choose()
    rang = hold_page((question, portee.code, filtres, ordre))
    # Of a country they are many: read where a reason, or a line that is ticked, names some.
    les_dit = says_ranks(question.quoi) or filtres.suite == suites.RELANCER
    residences = choisi.ask(perimetre.noms_des_residences) if les_dit else {}
    lieux = {"bailleur": bailleurs, "commune_residence": noms, "statut_logement": STATUTS}
    avant = exports.derniere_ouverture(question.titre, portee.code)
    demandee = lecture.Recherche(question, portee, filtres, ordre, lieux, residences, avant)
    lue = demandee.page(ecriture.journal(), rang)
    if st.session_state["liste_page"] > lue.n_pages:
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
        offer_traitees(len(lue.connues), filtres.suite)
        if question.nom == POULIDOR and (n_refus := lecture.count_refus(question, portee, filtres)):
            dit, choix = phrases_segments.say_ont_refuse(n_refus), {"segment": POULIDOR_REFUS}
            st.button(dit, key="ont_refuse", on_click=st.session_state.update, args=(choix,))
    if lue.n == 0:
        st.html('<p class="reserve">Aucune ligne : élargir les filtres, ou choisir un autre segment.</p>')
        return
    table = lecture.translate(lue.lignes, lue.connues, noms, bailleurs)
    vue = (liste.question, portee.code, ordre, rang)
    coches = display(table, vue, tri, est_notee=bool(lue.connues))
    record(coches, lue.connues, portee.code, liste.titre, choisi.seance)
    if coches:
        dites = choisi.ask(perimetre.lieux_des_residences)
        affichage.say_en_entier(lecture.say_passages(question, portee, coches, dites))

    def prepare() -> pd.DataFrame:
        return lecture.translate(demandee.tout(lue), lue.connues, noms, bailleurs)

    restreinte = ", ".join(filtres.phrases(bailleurs))
    ou = (question.titre, noms[portee.code])
    constat = suites.say_contexte(*ou, lue.n, choisi.seance.fin, restreinte, lue.connues, lue.menages)
    contexte = {"constat": constat, "communes": [portee.code], **affichage.profil_de(question, filtres)}
    finish(prepare, f"{liste.titre}, {noms[portee.code]}", portee, liste, choisi, contexte=contexte)


def list_candidats(choisi: Perimetre, portee: Portee) -> None:
    """A bailleur has no right to the demandes: it lists the candidates of its own commissions, and reads why."""
    nom, tri = choisi.bailleurs.get(portee.code, portee.code), lecture.tri_des_candidats()
    with st.container(horizontal=True, key="filtres", vertical_alignment="bottom"):
        groupe = choix_perimetre.option(
            "Candidats de vos commissions", "liste_groupe", candidats.GROUPES, en_liste=True, filter_mode=None
        )
        n_min = 1
        if groupe in candidats.A_N_MIN:
            n_min = choix_perimetre.option("Au moins… fois", "liste_n_min", {n: _fois(n) for n in (2, 3, 4)})
        fenetre = choix_perimetre.option("En…", "liste_fenetre", _FENETRES, depart=24)
        question = QuestionSegment(*choisi.cle, "", "poulidor")
        noms = {"residence": choisi.ask(perimetre.noms_des_residences), "commune": choisi.noms("commune")}
        with question.open(portee) as lecteur:
            tous = candidats.find_all(lecteur, groupe, choisi.seance.fin, n_min, fenetre, noms["residence"])
        noms["typologie"] = TYPOLOGIES_EN_TETE
        offerts = {
            c: dict(sorted(((x, noms[c].get(x, x)) for x in set(tous[c].dropna())), key=itemgetter(1))) for c in _CODES
        }
        codes = affichage.choose_codes(_CODES, offerts)
        suite = affichage.choose_suite()
        ordre = tri.choose()
    connues, jour = suites.read(ecriture.journal(), portee.code, tous["pseudonyme"]), date.today()
    avant = exports.derniere_ouverture(candidats.GROUPES[groupe], portee.code)
    venues = lecture.find_venues(
        avant, question, portee, tous["pseudonyme"],
        lambda ancien, au: candidats.find_all(ancien, groupe, au, n_min, fenetre)["pseudonyme"],
    )  # fmt: skip
    menages, relances = suites.select(suite, connues, jour, venues), suites.a_relancer(connues, jour)
    gardes = tous if menages is None else tous[tous["pseudonyme"].map(menages.__contains__).astype(bool)]
    gardes = candidats.filter_rows(gardes, **codes)
    lignes = lecture.sort_candidats(gardes, ordre, connues, noms, venues)
    fois = f"{_fois(n_min)}, " if groupe in candidats.A_N_MIN else ""
    filtres = {
        "Liste": candidats.GROUPES[groupe],
        "Date de référence": langue.jour(choisi.seance.fin),
        "Réglages": f"{fois}{lecture.fenetre_en_mots(fenetre)}",
        **affichage.say_codes(_CODES, offerts, codes),
        "Suite": suites.CHOIX[suite],
    }
    quelle = (question, groupe, n_min, fenetre, suite, *codes.values())
    liste = exports.Liste(candidats.GROUPES[groupe], portee.code, quelle, filtres)
    exports.trace_ouverture(liste, len(lignes), *choisi.cle)
    filtrent = [offerts[c][x] for c in _CODES for x in codes[c]]
    en_vigueur = [*filtrent, f"suite : {suites.CHOIX[suite]}"] if suite else filtrent
    sans_eux = langue.filtres(en_vigueur, langue.effectif(len(tous), "candidat"))
    siennes = set(lignes["pseudonyme"])
    restent = sum(p not in connues for p in siennes)
    journee = suites.say_journee(len(relances & siennes), len(venues & siennes), restent, avant.jour if avant else None)
    with st.container(key="message"):
        st.markdown(
            f"**{langue.effectif(len(lignes), 'candidat')}** : {candidats.GROUPES[groupe][0].lower()}"
            f"{candidats.GROUPES[groupe][1:]}, {nom}, {fois}{phrases_segments.fenetre_dite(fenetre)}."
            f"{candidats.say_closes(lignes)}{journee}{sans_eux}"
        )
    st.html(f'<p class="reserve">{candidats.POURQUOI}</p>')
    vues, n_pages, rang = cut(lignes, (quelle, portee.code, ordre))
    with st.container(horizontal=True, key="sous_le_message", vertical_alignment="bottom"):
        affichage.choose_page(n_pages)
        if en_vigueur:
            st.button("Enlever les filtres", key="sans_filtre", on_click=affichage.take_out_filtres, args=(_CODES,))
        offer_traitees(len(connues), suite)
    if lignes.empty:
        return
    table = lecture.translate_candidats(vues, connues, noms)
    coches = display(table, (liste.question, portee.code, ordre, rang), tri, est_notee=bool(connues))
    closes = vues.loc[vues["etat"] == "close", "pseudonyme"]
    record(coches, connues, portee.code, liste.titre, choisi.seance, set(closes))
    affichage.say_en_entier(vues.set_index("pseudonyme").loc[list(coches), "motif"].to_dict())

    def prepare() -> pd.DataFrame:
        return lecture.translate_candidats(lignes, connues, noms)

    ou = candidats.GROUPES[groupe], nom, len(lignes), choisi.seance.fin
    restreinte = ", ".join([f"{fois}{lecture.fenetre_en_mots(fenetre)}", *en_vigueur])
    communes = [c for c in lignes["commune"] if c in noms["commune"]]
    siennes_notees = MenagesRetenus(frozenset(siennes))
    dites = [noms["commune"][c] for c in communes]
    constat = suites.say_contexte(*ou, restreinte, connues, siennes_notees, dites)
    citees = sorted(set(communes)) if codes["commune"] or len(set(communes)) <= suites.COMMUNES_CITEES else []
    contexte = {"constat": constat, "communes": citees, "bailleur": portee.code}
    if len(codes["typologie"]) == 1:
        contexte["typologie"] = codes["typologie"][0]
    finish(prepare, f"Candidats, {nom}", portee, liste, choisi, contexte=contexte)


def offer_traitees(n: int, suite: str) -> None:
    """The way to the lines of a list of which something is noted: they stand at its end."""
    if n and suite != suites.TRAITEES:
        vers = {"liste_suite": suites.TRAITEES}
        st.button(suites.say_traitees(n), key="traitees", on_click=st.session_state.update, args=(vers,))


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


def _fois(n: int) -> str:
    return f"{n} fois ou plus"


page()

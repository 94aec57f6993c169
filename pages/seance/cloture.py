"""Clôture: what was decided is read back, corrected as a new version, signed by the presidency, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from itertools import product

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.dossier.seance import RELEVE, SYNTHESE
from mel_core.droits.actions import Action
from mel_core.journal import Fiche, Perime
from mel_core.seance.coordination import blocages, decisions, presences, signature, temoins
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.blocages import Blocage, Lu
from mel_core.seance.coordination.changements import say_cible, say_valeur
from mel_core.seance.coordination.decisions import EXPRIMEES, Decision
from mel_core.seance.engagements.engagement_pris import find_all as lister_engagements
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.horloge import jour_de
from pages.adaptateur import telechargement
from pages.commun import (
    annonces,
    cadre,
    choix_perimetre,
    donnees,
    ecriture,
    entete,
    exports,
    signatures,
    visiteur,
    widgets,
)
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import acte_decision, acte_presences
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.levier import en_html
from pages.commun.navigation import fichier

_REFUS = "refus_signature"


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose()
    ici = lecture.require_ici(choisi)
    vues = signature.versions(ecriture.journal(), choisi.seance, ici)  # read first: what comes meanwhile is not signed
    actees = decisions.order(ecriture.journal(), choisi.seance, ici)
    engagements = lister_engagements(ecriture.journal(), seance=str(choisi.seance), ici=ici)
    laisses = decisions.sans_decision(ecriture.journal(), choisi.seance, ici)
    signee = signature.read(ecriture.journal(), choisi.seance, ici)
    signees = signee[1].versions if signee else None
    n_renvoyees = sum(d.est_renvoyee for _, d in actees)
    comptes = (len(actees) - n_renvoyees, n_renvoyees, len(engagements), len(laisses))
    annonces.message(message(choisi, comptes, signee))
    en_salle = visiteur.est_en_salle()
    if en_salle:  # its acts are under the sentence: what they open comes down over what was read back
        actes = st.container(key="signature", horizontal=True, vertical_alignment="bottom")
        ask_auteur(actes)
    reread(actees, choisi, signees)
    if engagements:
        st.markdown("#### Engagements")
        for fiche, e in engagements:
            titre = escape(e.titre(choisi.bailleurs))
            change = _changement(fiche, signees.engagements if signees else None)
            st.html(
                f'<p class="blocage">{titre}{langue.INSECABLE}: <strong>{langue.effectif(e.nombre, "ménage")}</strong> '
                f"d’ici le {langue.jour(e.echeance)}{f' ({change})' if change else ''}</p>"
            )
    reread_scenarios(choisi)
    if not en_salle:
        ask_auteur(st.container())
    acte_presences.show(choisi, {c for _, d in actees for c, p in d.positions.items() if p in EXPRIMEES})
    remind(laisses, choisi)
    correct(actees, choisi)
    if en_salle:
        with actes:
            est_signe = signatures.en_vigueur(choisi.seance, lecture.require_ici(choisi)) is not None
            if relu := widgets.volet("Relevé signé" if est_signe else "Relu, à signer", "relu_a_signer"):
                with relu:
                    sign(choisi, vues, signee, len(laisses))
            export(choisi)
        return
    with st.container(key="signature"):
        gauche, droite = st.columns(2, gap="large")
        with gauche:
            st.markdown("#### Emporter")
            export(choisi)
        with droite:
            st.markdown("#### Signer")
            sign(choisi, vues, signee, len(laisses))


def ask_auteur(ou: DeltaGenerator) -> None:
    """Once for the page: who notes those present, corrects a decision and has the relevé signed."""
    if visiteur.may(Action.ACTER_DECISION):
        with ou:
            ecriture.ask_auteur()


def message(
    choisi: Perimetre, comptes: tuple[int, int, int, int], signee: tuple[Fiche, signature.Signature] | None
) -> str:
    """Where the relevé stands. `comptes`: decisions acted, sent back, engagements, items of the agenda without a
    decision."""
    if not sum(comptes[:3]) and not signee:
        en_salle = visiteur.est_en_salle()
        return phrases.rien_d_acte(choisi.ici_dite, choisi.seance, comptes[3], est_en_salle=en_salle)
    est_change = signee is not None and not signature.est_a_jour(ecriture.journal(), signee[1])
    le = langue.jour(jour_de(signee[0].instant)) if signee and est_change else ""
    etat = signature.say_etat_en_seance(le, est_signe=signee is not None)
    return phrases.cloture(choisi.ici_dite, comptes, etat)


def _changement(fiche: Fiche, signees: Mapping[str, int] | None) -> str:
    """What tells the text on screen from the one that was signed; empty before any signature."""
    if signees is None or signees.get(fiche.identifiant) == fiche.version:
        return ""
    return "modifié depuis la signature" if fiche.identifiant in signees else "ajouté depuis la signature"


def reread(actees: list[tuple[Fiche, Decision]], choisi: Perimetre, signees: signature.Versions | None) -> None:
    """Each decision as the relevé will print it."""
    noms = lecture.noms(choisi)
    for rang, (fiche, d) in enumerate(actees, start=1):
        prises = decisions.say_positions(decisions.read_positions(ecriture.journal(), d, lecture.appellations(choisi)))
        if reserve := decisions.say_reserve(d):
            prises += langue.typeset(f" ; réserve : {reserve}")
        mesure = "aucun chiffre : le résultat sera demandé à la prochaine séance"
        if d.temoin and d.alors:
            cible = say_cible(d)
            visee = f", cible {cible}" if cible else ""
            mesure = f"{temoins.say(d.temoin, noms)} : {say_valeur(d.alors, d)}{visee}"
        suite = langue.capitalize(d.qui_et_quand)
        suite += f" · {mesure}" if d.est_actee else ""
        version = f"version {fiche.version}" if fiche.version > 1 else ""
        renvoi = "renvoyée" if d.est_renvoyee else ""
        notes = ", ".join(x for x in (renvoi, version, _changement(fiche, signees.decisions if signees else None)) if x)
        notes = f" ({notes})" if notes else ""
        st.html(
            f'<section class="relue"><h3>{rang}. {escape(d.texte)}{notes}</h3><p>'
            f"{escape(suite)}</p><p>{escape(prises)}</p></section>"
        )


def reread_scenarios(choisi: Perimetre) -> None:
    """Hypotheses that the room asked for, as the relevé will print them."""
    filtres = {"seance": str(choisi.seance), "ici": lecture.require_ici(choisi), "au_releve": True}
    inscrits = ecriture.journal().find_all("scenario", **filtres)
    if inscrits:
        st.markdown("#### Hypothèses de séance")
    for fiche in inscrits:
        dit = f"**{fiche.contenu['nom']}** ({fiche.contenu['auteur']}) : {fiche.contenu['phrase']}"
        st.html(en_html(dit, "blocage"))


def remind(laisses: list[Lu], choisi: Perimetre) -> None:
    """What the agenda still holds, and the way back to it, before anybody signs."""
    if not laisses:
        return
    en_salle, noms = visiteur.est_en_salle(), lecture.appellations(choisi)
    st.markdown(f"#### {'Sans' if en_salle else 'Points de l’ordre du jour sans'} décision")
    for fiche, blocage in laisses:
        dit, retour = st.columns([0.82, 0.18], vertical_alignment="center")
        sujet = escape(lecture.sujet(blocage, choisi))
        constat = "" if en_salle else langue.close(phrases.dit(blocage, noms))  # the room read it at 10h30
        constat += decisions.say_notees(ecriture.journal(), (fiche, blocage), noms)
        dit.html(f'<p class="blocage"><strong>{sujet}</strong> {escape(constat)}</p>')
        if retour.button("Revoir à 10h30", key=f"revenir_{fiche.identifiant}"):
            st.session_state["point"] = fiche.identifiant
            st.switch_page(fichier("coordination"))


def correct(actees: list[tuple[Fiche, Decision]], choisi: Perimetre) -> None:
    """A correction is a new version: the former one stays in the journal, and a signature falls (`signatures`)."""
    liees = {d.blocage: f"{i}. {d.texte[:80]}" for i, (_, d) in enumerate(actees, start=1) if d.blocage}
    if not visiteur.may(Action.ACTER_DECISION):
        return
    if not liees:  # a link may still ask one
        choix_perimetre.hold("a_corriger", ())
        return
    est_signe = signatures.en_vigueur(choisi.seance, lecture.require_ici(choisi)) is not None
    libelle = "Corriger une décision après la signature, qui tombera" if est_signe else "Corriger une décision"
    choix = choix_perimetre.facultative(libelle, "a_corriger", liees, st.selectbox, index=None, placeholder="Choisir")
    fiche = ecriture.journal().read(blocages.OBJET, choix) if choix else None
    if fiche is None or fiche.effacee:
        return
    with st.container(border=True, key="decision"):
        acte_decision.decide(choisi, fiche, Blocage.depuis(fiche))


def export(choisi: Perimetre) -> None:
    par = exports.demandeur()
    ecrits = {RELEVE: "Relevé de décisions"}
    if not visiteur.est_en_salle():  # the three ICI are not for the room of one
        ecrits[SYNTHESE] = "Synthèse pour la CIL"
    with st.container(horizontal=True, key="exports"):
        for (nom, libelle), (suffixe, genre) in product(ecrits.items(), exports.GENRES.items()):
            telechargement.offer(
                f"{libelle} ({'PDF' if suffixe == 'pdf' else suffixe})",
                partial(exports.actes, choisi, par, nom, suffixe),
                exports.name_document(nom, choisi, suffixe),
                genre,
                cle=f"exporter_{nom}_{suffixe}",
            )
    ailleurs = (
        " Le dossier de séance complet (diaporama, note, classeurs) se compose dans Préparer › Dossier."
        if visiteur.may(Action.PREPARER_DOSSIER)
        else ""
    )
    aide = f"À modifier (docx) ou à envoyer (PDF) ; le relevé porte le dernier maillon du journal.{ailleurs}"
    with cadre.detail("dossier"):
        annonces.note(aide)


def sign(
    choisi: Perimetre,
    vues: signature.Versions,
    signee: tuple[Fiche, signature.Signature] | None,
    n_laisses: int,
) -> None:
    """The sign-off of the versions on screen: what it freezes is said before, who presides is not who types."""
    version = 0
    if signee:
        fiche, signe = signee
        version = fiche.version
        qui = escape(signature.signataire(fiche, signe))
        st.html(f'<p class="acte">Signé par {qui}, le {langue.jour(jour_de(fiche.instant))}.</p>')
        if signature.est_a_jour(ecriture.journal(), signe):
            return
        st.write(signature.NE_COUVRE_PAS)
    if not visiteur.may(Action.FAIRE_SIGNER):
        st.write("La signature se recueille au poste d’un co-pilote.")
        return
    ici, journal = lecture.require_ici(choisi), ecriture.journal()
    st.write(langue.typeset(signature.say_gel(choisi.seance, choisi.ici_dite, est_gelee=choisi.est_gelee)))
    nom, en_qualite = st.columns(2)
    presidence, qualite = _cles(choisi)
    nom.text_input("Qui préside et signe", key=presidence, max_chars=80, placeholder="Nom", persist_state="session")
    en_qualite.text_input("En qualité de", key=qualite, max_chars=120, persist_state="session")
    annonces.take(_REFUS)
    reste = f" ; {phrases.laisses(n_laisses)}" if n_laisses else ""
    relu = st.checkbox(f"Les décisions et engagements ont été relus en séance{reste}", key="relues", wrap=True)
    manques = presences.find_manques(journal, choisi.seance, ici, est_en_salle=visiteur.est_en_salle())
    reste_a_faire = [remede for _, remede in manques]
    presidee, qualifiee = _signataire(choisi)
    reste_a_faire += [
        dit
        for dit, est_fait in (
            ("donner votre nom", bool(ecriture.auteur().nom)),
            ("donner le nom de qui préside", presidee),
            ("donner sa qualité", qualifiee),
            ("cocher la relecture", relu),
        )
        if not est_fait
    ]
    acte = (_sign, choisi, vues, version)
    ecriture.bouton("Signer le relevé", "signer", *acte, type="primary", disabled=bool(reste_a_faire))
    if reste_a_faire:
        st.html(f'<p class="reserve">Pour signer : {langue.liste(reste_a_faire)}.</p>')


def _cles(choisi: Perimetre) -> tuple[str, str]:
    """Of who presides this very séance and in what capacity: typed before one goes back to 10h30, it is still there."""
    ou = f"{choisi.seance}_{lecture.require_ici(choisi)}"
    return f"presidence_{ou}", f"presidence_qualite_{ou}"


def _signataire(choisi: Perimetre) -> tuple[str, str]:
    """Who presides and in what capacity, as typed."""
    nom, qualite = (st.session_state.get(cle, "").strip() for cle in _cles(choisi))
    return nom, qualite


def _sign(choisi: Perimetre, vues: signature.Versions, version: int) -> None:
    """A callback: signs the versions that were on screen, or says that they changed. It reads the fields themselves: a
    click may come before the page has taken what was just typed, and a signature is for good."""
    presidence, qualite = _signataire(choisi)
    try:
        if not presidence:
            raise ErreurUtilisateur("Le relevé ne dit pas qui le signe : donner le nom de qui préside.")
        auteur, journal = ecriture.require_auteur(Action.FAIRE_SIGNER), ecriture.journal()
        seance, ici = choisi.seance, lecture.require_ici(choisi)
        op_id = journal.op_id_de("signer", str(seance), ici, version, presidence, qualite, auteur.nom)
        signature.sign(
            journal, donnees.entrepot(), seance, qualite, auteur, op_id,
            ici=ici, version_vue=version, presidence=presidence, vues=vues,
        )  # fmt: skip
    except Perime:
        st.session_state[_REFUS] = "Ce relevé vient d’être signé par ailleurs : voir la signature."
    except ErreurUtilisateur as refus:
        st.session_state[_REFUS] = str(refus)
        st.session_state["relues"] = False  # what is on screen now is to be read again


page()

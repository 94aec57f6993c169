"""Préparer › Blocages: reported two months ahead, sorted and objectified before the séance. The form of a report is
saved as it is typed, and sent once."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from functools import partial
from html import escape
from itertools import groupby
from typing import Any

import streamlit as st

from mel_core.contrat.tables import TYPOLOGIES
from mel_core.droits.actions import Action
from mel_core.journal import Auteur, Fiche
from mel_core.seance.coordination import Blocage, Decision, blocages, decisions, phrases_tri
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.blocages import EtatBlocage, Lu
from mel_core.seance.preuves import ProfilBlocage, Secteur
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.horloge import aujourd_hui
from pages.commun import annonces, choix_perimetre, donnees, ecriture, entete, profils, visiteur
from pages.commun.brouillon import Saisie, brouillon
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture
from pages.preparer.blocages import tri_blocages

_PROFIL = ("typologie", "ressources", "acces", "label")
SIGNALER, TRIER, DETECTES = "Signaler", "Trier et objectiver", "Non signalés"


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose(sans_donnees=True)
    st.title("Préparer › Blocages")
    lecture.require_ici(choisi)
    if choisi.est_a_venir:
        annonces.note(phrases.sans_donnees(choisi.seance, choisi.avec_donnees.seance))
    if refus := visiteur.refus(Action.SIGNALER_BLOCAGE):
        st.write(refus)
        return
    ecriture.ask_auteur()  # once: a report and the triage are signed by the same name
    if not visiteur.may(Action.TRIER_BLOCAGES):
        type_in(choisi)
        return
    ou_en_est(choisi)
    etape = choix_perimetre.option("Étape", "etape", [SIGNALER, TRIER, DETECTES], partout=True)
    {SIGNALER: type_in, TRIER: tri_blocages.sort_out, DETECTES: tri_blocages.show_non_signales}[etape](choisi)


def ou_en_est(choisi: Perimetre) -> None:
    """What was reported and what is still to sort, whatever the step on screen."""
    lus = blocages.find_all(ecriture.journal(), seance=str(choisi.seance), ici=lecture.require_ici(choisi))
    annonces.note(phrases_tri.avancement([b for _, b in lus]), "blocage")


_ENVOYE = "blocage_envoye"
_REFUS = "refus_blocage"
_CORRIGE, _CORRIGE_LE = "corriger", "blocage_corrige_le"  # in the address: the report whose form is open
_A_RETIRER = "blocage_a_retirer"


def type_in(choisi: Perimetre) -> None:
    """Draw the form for the ICI and séance on screen; its page asks who writes."""
    annonces.take(_ENVOYE, annonces.fait)
    if ailleurs := _refus_ailleurs(choisi):
        st.write(ailleurs)
    if ailleurs or not ecriture.is_signed("signaler un blocage"):
        _deja_signales(choisi)
        return
    lieu = visiteur.profil().lieu
    sienne = {"communes": [lieu[1]]} if lieu and lieu[0] == "commune" else None  # a commune reports of itself first
    demandee = st.query_params.get(_CORRIGE, "")
    corrigee = next((f for f, _ in _corrigibles(choisi) if f.identifiant == demandee), None)
    if corrigee is None:
        if demandee:
            st.query_params.pop(_CORRIGE)
            annonces.refuse(phrases_tri.PLUS_CORRIGIBLE)
        saisie = brouillon(Action.SIGNALER_BLOCAGE, blocages.OBJET, sienne)
    else:
        dit = phrases_tri.corrige(Blocage.depuis(corrigee), lecture.sujet(Blocage.depuis(corrigee), choisi))
        annonces.lead(dit, st.session_state.get(_CORRIGE_LE, demandee), "Ce qui bloque")
        saisie = _correction(corrigee, choisi)
    organisation = _organisation(saisie, choisi)
    communes = lecture.communes(choisi)
    gauche, droite = st.columns(2, gap="large")
    with gauche:
        _secteur(saisie, choisi, communes)
        _profil(saisie, choisi)
        _deja_signales(choisi)
    with droite:
        vide = "Ce qui se passe, sans nommer personne"
        constat = saisie.paragraphe("Ce qui bloque", "constat", height=110, placeholder=vide)
        if dit := phrases.prevenir(constat):
            annonces.note(dit)
        if "contexte" in saisie.contenu:
            saisie.paragraphe("Ce que dit la liste", "contexte", height=110)
        saisie.jour("Depuis quand (facultatif)", "depuis", max_value=aujourd_hui())
        saisie.paragraphe("Ce qui a été tenté (facultatif)", "tente", height=80)
        saisie.etat()
        annonces.take(_REFUS, annonces.refuse_geste)
        libelle, envoi = "Envoyer aux co-pilotes", partial(_send, saisie, choisi, organisation)
        if corrigee is not None:
            libelle = "Garder la correction" if _est_recu(corrigee) else "Renvoyer aux co-pilotes"
            envoi = partial(_amend, corrigee, saisie, choisi, organisation)
        ecriture.bouton(libelle, "envoyer_blocage", envoi, type="primary", shortcut="Ctrl+Enter")
        if corrigee is not None:
            ecriture.bouton("Laisser ce signalement tel quel", "laisser_blocage", _open, "")


def _correction(fiche: Fiche, choisi: Perimetre) -> Saisie:
    """The form of a report that begins with what it says: another one each time that its sender changed it; what the
    co-pilots word of it meanwhile leaves what is typed."""
    b = Blocage.depuis(fiche)
    fins = {"quartier": set(b.secteur.quartiers), "residence": set(b.secteur.residences)}
    depart = {
        **{champ: getattr(b.profil, champ) for champ in _PROFIL},
        **{"organisation": b.organisation, "constat": b.constat, "tente": b.tente, "presente": b.presente},
        **{"bailleur": b.bailleur or None, "depuis": b.depuis_le.isoformat() if b.depuis_le else None},
        "communes": [
            commune
            for commune in lecture.communes(choisi)
            if commune in b.secteur.communes
            or any(not codes.isdisjoint(lecture.lieux(choisi, coupe, [commune])) for coupe, codes in fins.items())
        ],
        **({"contexte": b.contexte} if b.contexte else {}),
        "quartiers": list(b.secteur.quartiers),
        "residences": list(b.secteur.residences),
    }
    passees = ecriture.journal().historique(blocages.OBJET, fiche.identifiant)
    textes = groupby([f.contenu.get(champ) for champ in blocages.DE_QUI_SIGNALE] for f in passees)
    identifiant = ecriture.journal().op_id_de("corriger", fiche.identifiant, len(list(textes)))
    return Saisie(Action.SIGNALER_BLOCAGE, "brouillon-correction", identifiant, depart)


def _open(identifiant: str) -> None:
    """A callback: the form is that of this report (empty: of a new one)."""
    choix_perimetre.write(_CORRIGE, identifiant)
    st.session_state[_CORRIGE_LE] = f"{identifiant} {time.time()}"


def _est_recu(fiche: Fiche) -> bool:
    return Blocage.depuis(fiche).etat is EtatBlocage.RECU


def _corrigibles(choisi: Perimetre) -> list[Lu]:
    """What whoever is here may still correct, reported by their organisation, for itself or for another one: not sorted
    yet, or set aside at this séance or the one before, whose relevé is not signed."""
    if not ecriture.auteur().nom:
        return []
    siennes, journal, ici = ecriture.auteur().organisation, ecriture.journal(), lecture.require_ici(choisi)
    lus = blocages.find_all(journal, ici=ici)
    reportes = blocages.reports(journal, lus)
    return [
        (f, b)
        for f, b in lus
        if b.est_corrigible
        and f.identifiant not in reportes
        and (
            b.etat is EtatBlocage.RECU
            or (b.seance >= choisi.seance.precedente and blocages.seance_ouverte(journal, b.seance, ici) == b.seance)
        )
        and siennes in (b.organisation, journal.historique(blocages.OBJET, f.identifiant)[0].auteur.organisation)
    ]


def _deja_signales(choisi: Perimetre) -> None:
    """What the organisation of this visitor reported in this ICI, and what became of it: the reason when set aside."""
    siennes = ecriture.auteur().organisation
    lus = blocages.find_all(ecriture.journal(), ici=lecture.require_ici(choisi))
    noms = lecture.appellations(choisi)
    dits = {f.identifiant: phrases.dit(b, noms) for f, b in lus}
    corrigibles = {f.identifiant for f, _ in _corrigibles(choisi)}
    laisses = decisions.laisses(ecriture.journal(), choisi.seance.precedente, lecture.require_ici(choisi))
    ouverts = {f.identifiant for f, _ in laisses}  # an older one too, as long as nothing answers it
    reportes = blocages.reports(ecriture.journal(), lus)  # told where they were carried over to
    siens = [
        (f, b)
        for f, b in lus
        if f.identifiant in corrigibles
        or (
            f.identifiant not in reportes
            and b.organisation == siennes
            and (b.seance >= choisi.seance.precedente or f.identifiant in ouverts)
        )
    ]
    if not siens:
        return
    actees = {d.blocage: d for _, d in decisions.find_all(ecriture.journal(), ici=lecture.require_ici(choisi))}
    st.html("<h4>Ce que vous avez signalé</h4>")
    for fiche, b in siens:
        laissees = "".join(f"<br>{escape(dit)}" for dit in decisions.say_laissee(ecriture.journal(), (fiche, b), noms))
        st.html(
            f'<p class="blocage"><strong>{escape(lecture.sujet(b, choisi))}</strong>{langue.INSECABLE}: '
            f"{escape(b.recit)} <span>(séance {b.seance}, {escape(phrases_tri.devenir(b, dits))})</span>"
            f"{_reponse(actees.get(b.rattache_a or fiche.identifiant))}{laissees}</p>"
        )
        if fiche.identifiant in corrigibles:
            _changer(fiche)


def _changer(fiche: Fiche) -> None:
    """The keys of a report that may still be corrected; taking it back is asked twice."""
    nom, est_recu = fiche.identifiant, _est_recu(fiche)
    with st.container(horizontal=True, vertical_alignment="center", key=f"change_{nom}"):
        if est_recu and st.session_state.get(_A_RETIRER) == nom:
            annonces.note(phrases_tri.CONFIRMER_LE_RETRAIT, "reserve", "status")
            ecriture.bouton("Retirer ce signalement", f"retirer_{nom}", _withdraw, fiche)
            ecriture.bouton("Ne pas le retirer", f"laisser_{nom}", _ask_withdraw, "")
            return
        libelle = "Corriger" if est_recu else "Répondre, en le corrigeant"
        ecriture.bouton(libelle, f"corriger_{nom}", _open, nom)
        if est_recu:
            ecriture.bouton("Retirer", f"demander_retrait_{nom}", _ask_withdraw, nom)


def _ask_withdraw(identifiant: str) -> None:
    """A callback: this report (empty: none) is about to be taken back."""
    st.session_state[_A_RETIRER] = identifiant


def _withdraw(fiche: Fiche) -> None:
    with ecriture.geste(_REFUS, phrases_tri.CHANGE_AILLEURS):
        auteur, journal = ecriture.require_auteur(Action.SIGNALER_BLOCAGE), ecriture.journal()
        _check_organisation(Blocage.depuis(fiche).organisation)
        blocages.withdraw(journal, fiche, auteur, journal.op_id_de("retirer", fiche.identifiant, fiche.version))
        if st.query_params.get(_CORRIGE) == fiche.identifiant:
            _open("")
        st.session_state[_ENVOYE] = phrases_tri.RETIRE


def _reponse(decision: Decision | None) -> str:
    """What was decided of a report, for whoever made it; empty until then."""
    if decision is None:
        return ""
    quoi = "Décidé" if decision.est_actee else "Renvoyé" if decision.est_renvoyee else "Sans décision"
    return (
        f"<br>{quoi}{langue.INSECABLE}: <b>{escape(decision.texte)}</b> <span>({escape(decision.qui_et_quand)})</span>"
    )


def _refus_ailleurs(choisi: Perimetre) -> str:
    """Why a commune reports nothing here: a report goes to the agenda of its own ICI. Empty at home."""
    profil = visiteur.profil()
    if profil.lieu is None or profil.lieu[0] != "commune":
        return ""
    (sienne, *_) = donnees.icis_de(*choisi.cle, *profil.lieu)
    if sienne in (None, choisi.ici):
        return ""
    return (
        f"{profils.nom(profil)} est dans l’{sienne} : y passer, dans le bandeau, pour signaler un blocage à l’ordre du "
        "jour de cette ICI."
    )


def _organisation(saisie: Saisie, choisi: Perimetre) -> str:
    """A co-pilot writes for whoever called; the others for themselves."""
    profil = visiteur.profil()
    if profil.lieu:
        return profil.code
    if not visiteur.may(Action.SIGNALER_POUR_AUTRUI):
        return ecriture.auteur().organisation
    connues = lecture.organisations(choisi)
    return saisie.choix("Signalé par", connues, "organisation") or ""


def _secteur(saisie: Saisie, choisi: Perimetre, communes: dict[str, str]) -> None:
    choisies = saisie.plusieurs(f"Communes (toute {choisi.ici_dite} si aucune)", communes, "communes")
    un, deux = st.columns(2)
    for place, libelle, coupe, tous in (
        (un, "Quartiers (facultatif)", "quartier", "Tous"),
        (deux, "Résidences (facultatif)", "residence", "Toutes"),
    ):
        noms = lecture.lieux(choisi, coupe, list(communes))  # of what another tab chose elsewhere too
        offerts = list(lecture.lieux(choisi, coupe, choisies))
        saisie.plusieurs(libelle, offerts, f"{coupe}s", format_func=noms.__getitem__, placeholder=tous, ou=place)


def _profil(saisie: Saisie, choisi: Perimetre) -> None:
    un, deux = st.columns(2)
    typologies = {t: TYPOLOGIES_DITES[t] for t in TYPOLOGIES}
    saisie.choix("Typologie", typologies, "typologie", placeholder="Toutes", ou=un)
    saisie.choix("Accès", phrases.ACCES_DITS, "acces", placeholder="Premier accès et mutations", ou=un)
    saisie.choix("Ressources", phrases.RESSOURCES_DITES, "ressources", placeholder="Toutes", ou=deux)
    saisie.choix("Label", phrases.LABELS_DITS, "label", placeholder="Tous", ou=deux)
    saisie.choix("Bailleur concerné (facultatif)", choisi.bailleurs, "bailleur", placeholder="Tous", ou=un)
    saisie.texte("Qui présente (facultatif)", "presente", max_chars=80, placeholder="Une fonction, sans nom", ou=deux)


def _send(saisie: Saisie, choisi: Perimetre, organisation: str) -> None:
    """A callback: what is wrong is said, nothing typed is lost."""
    if saisie.est_partie:
        return
    with ecriture.geste(_REFUS):
        blocage, auteur = _typed(saisie, choisi, organisation)
        saisie.send(partial(blocages.report, ecriture.journal(), blocage, auteur))
        st.session_state[_ENVOYE] = phrases_tri.envoye(choisi.seance, blocage.seance)


def _amend(fiche: Fiche, saisie: Saisie, choisi: Perimetre, organisation: str) -> None:
    """A callback: what is wrong is said, nothing typed is lost."""
    if saisie.est_partie:
        return
    with ecriture.geste(_REFUS, phrases_tri.CHANGE_AILLEURS):
        blocage, auteur = _typed(saisie, choisi, organisation)
        _check_organisation(Blocage.depuis(fiche).organisation)
        op_id = ecriture.journal().op_id_de("corriger", fiche.identifiant, fiche.version, blocage.contenu())
        blocages.amend(ecriture.journal(), fiche, blocage, auteur, op_id)
        saisie.finish()
        _open("")
        st.session_state[_ENVOYE] = phrases_tri.CORRIGE if _est_recu(fiche) else phrases_tri.REPONDU


def _typed(saisie: Saisie, choisi: Perimetre, organisation: str) -> tuple[Blocage, Auteur]:
    """The report as it is typed, and who signs it. Raises `ErreurUtilisateur`."""
    c = saisie.take()
    auteur = ecriture.require_auteur(Action.SIGNALER_BLOCAGE)
    _check_organisation(organisation)
    if ailleurs := _refus_ailleurs(choisi):
        raise ErreurUtilisateur(ailleurs)
    secteur = Secteur(
        lecture.require_ici(choisi),
        _communes_entieres(choisi, c),
        tuple(c.get("quartiers") or ()),
        tuple(c.get("residences") or ()),
    )
    blocage = Blocage(
        blocages.seance_ouverte(ecriture.journal(), choisi.seance, secteur.ici),
        organisation,
        secteur,
        c.get("constat") or "",
        ProfilBlocage(*(c.get(champ) for champ in _PROFIL)),
        date.fromisoformat(c["depuis"]) if c.get("depuis") else None,
        c.get("tente") or "",
        bailleur=c.get("bailleur") or "",
        presente=c.get("presente") or "",
        contexte=c.get("contexte") or "",
    )
    return blocage, auteur


def _communes_entieres(choisi: Perimetre, contenu: Mapping[str, Any]) -> tuple[str, ...]:
    """The communes typed, less those narrowed to some of their quartiers or résidences: another one stays whole."""
    fins = {
        coupe: set(contenu.get(champ) or ())
        for coupe, champ in (("quartier", "quartiers"), ("residence", "residences"))
    }
    return tuple(
        commune
        for commune in contenu.get("communes") or ()
        if all(codes.isdisjoint(lecture.lieux(choisi, coupe, [commune])) for coupe, codes in fins.items())
    )


def _check_organisation(organisation: str) -> None:
    if not organisation:
        raise ErreurUtilisateur("Le champ « Signalé par » est vide : choisir qui signale ce blocage.")
    profil = visiteur.profil()
    if profil.lieu and organisation != profil.code:
        raise ErreurUtilisateur("Un blocage se signale au nom de sa propre organisation : reprendre le formulaire.")


page()

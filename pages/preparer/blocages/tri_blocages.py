"""Triage by the co-pilots: keep, group, order, set aside with a reason; the evidence beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from itertools import groupby
from typing import Any

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import Fiche, nouvel_identifiant
from mel_core.seance.coordination import Blocage, blocages, decisions, phrases_tri
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.blocages import EtatBlocage, Lu
from mel_core.seance.preuves import detect, detection, secteur_et_profil
from mel_core.secret.bail import SALLE, lease
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import annonces, choix_perimetre, ecriture, signatures
from pages.commun.brouillon import Saisie
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import acte_decision, preuves
from pages.commun.coordination import lecture_coordination as lecture

_REFUS, _FAIT = "refus_tri", "fait_tri"
_OUVERT = "blocage"  # in the address too
_BROUILLON = "brouillon-formulation"
_SIGNEE = "tri"


def sort_out(choisi: Perimetre) -> None:
    """The blocages of the séance and ICI on screen, and what to do with each. What a gesture did is said over them."""
    lus = blocages.find_all(ecriture.journal(), seance=str(choisi.seance), ici=lecture.require_ici(choisi))
    annonces.take(_REFUS)
    annonces.take(_FAIT, annonces.fait)
    _laisses(choisi)
    if not lus:
        st.write("En écrire un depuis « Signaler », ou voir « Non signalés » : ce que les données montrent seules.")
        return
    signatures.ask(choisi.seance, lecture.require_ici(choisi), _SIGNEE)
    liste, detail = st.columns([0.46, 0.54], gap="large")
    portes = blocages.groupes(lus)
    reportes = blocages.reports(ecriture.journal(), blocages.find_all(ecriture.journal(), ici=lus[0][1].ici))
    noms = {f.identifiant: f"{lecture.sujet(b, choisi)} : {b.recit[:60]}" for f, b in lus}
    with liste:
        for rang, ((fiche, _), _) in enumerate(portes):
            _ligne(rang, portes, reportes.get(fiche.identifiant), choisi)
        _hors_liste([lu for lu in lus if lu[1].etat is EtatBlocage.ECARTE], choisi)
    with detail:
        _ouvert(lus, noms, choisi)


def _laisses(choisi: Perimetre) -> None:
    """What the séances before neither sorted nor decided, to be carried over to this one."""
    restes = decisions.laisses(ecriture.journal(), choisi.seance.precedente, lecture.require_ici(choisi))
    if not restes:
        return
    st.html("<h4>Laissés par les séances d’avant</h4>")
    journal, qui = ecriture.journal(), lecture.appellations(choisi)
    for fiche, blocage in restes:
        autres = [b for _, b in blocages.membres(journal, (fiche, blocage))]
        dits = phrases.signalements(autres, qui, lit_tout=True, deja=(blocage.organisation,))
        dits.append(decisions.say_notees(journal, (fiche, blocage), qui).strip())
        suite = "".join(f"<br>{escape(dit)}" for dit in dits if dit)
        est_renvoye = acte_decision.ou_en_est(fiche) == "renvoyée"
        decide = "renvoyé" if est_renvoye else "à l’ordre du jour, sans décision actée"
        pourquoi = f"séance {blocage.seance}, {'non trié' if blocage.etat is EtatBlocage.RECU else decide}"
        dit, geste = st.columns([0.82, 0.18], vertical_alignment="center")
        dit.html(
            f'<p class="blocage"><strong>{escape(lecture.sujet(blocage, choisi))}</strong> '
            f"<span>{pourquoi}</span><br>{escape(blocage.recit)}{suite}</p>"
        )
        with geste:
            ecriture.bouton(
                "Reporter à cette séance", f"reporter_{fiche.identifiant}", _carry_over, fiche, choisi.seance
            )


def _carry_over(fiche: Fiche, seance: Seance) -> None:
    with ecriture.geste(_REFUS, perime=""):  # somebody else did it first: nothing to say
        blocages.carry_over(ecriture.journal(), fiche, seance, ecriture.require_auteur(Action.TRIER_BLOCAGES))
        st.session_state[_FAIT] = phrases_tri.reporte(seance)


def _ligne(rang: int, portes: Sequence[tuple[Lu, list[Lu]]], vers: Seance | None, choisi: Perimetre) -> None:
    """`vers`: to which séance it was carried over, if it was; this one may still decide it."""
    (fiche, blocage), membres = portes[rang]
    qui, formules = lecture.appellations(choisi), phrases_tri.formules(blocage, [b for _, b in membres])
    par = escape(qui.get(blocage.organisation, blocage.organisation))
    laissees = decisions.say_laissee(ecriture.journal(), (fiche, blocage), qui)
    if venu := blocages.origine(ecriture.journal(), (fiche, blocage)):
        par += f", reporté de la séance {venu[1].seance}"
    par += f", reporté à la séance {vers}" if vers else ""
    with st.container(border=True, key=f"blocage_{fiche.identifiant}"):
        place = f"{blocage.rang}. " if blocage.rang else ""
        st.html(
            f'<p class="blocage"><strong>{place}{escape(lecture.sujet(blocage, choisi))}</strong> '
            f"<span>{blocage.etat.titre}, signalé par {par}{phrases_tri.reste_a_formuler(blocage)}</span><br>"
            f"{'<br>'.join(escape(dit) for dit in (blocage.recit, *laissees))}</p>"
            + "".join(
                f'<p class="membre">+ {escape(qui.get(b.organisation, b.organisation))} : {escape(b.recit)}'
                f"{f'<br>{escape(formule)}' if formule else ''}</p>"
                for (_, b), formule in zip(membres, formules, strict=True)
            )
        )
        with st.container(horizontal=True, key=f"gestes_{fiche.identifiant}"):
            ecriture.bouton("Objectiver et trier", f"ouvrir_{fiche.identifiant}", _open, fiche.identifiant)
            if blocage.etat is EtatBlocage.RECU:
                ecriture.bouton("Retenir", f"retenir_{fiche.identifiant}", _retain, fiche)
            if rang > 0:
                ecriture.bouton("Monter", f"monter_{fiche.identifiant}", _move_up, portes, rang)
            for f, b in membres:
                libelle = f"Détacher : {qui.get(b.organisation, b.organisation)}"
                ecriture.bouton(
                    libelle, f"detacher_{f.identifiant}", _write, _detach, "detacher", f, phrases_tri.DETACHE
                )


def _hors_liste(ecartes: list[Lu], choisi: Perimetre) -> None:
    if not ecartes:
        return
    with st.expander(phrases_tri.hors_liste([b for _, b in ecartes])):
        for fiche, blocage in ecartes:
            st.write(f"{lecture.sujet(blocage, choisi)} : {blocage.recit} — {phrases_tri.devenir(blocage, {})}")
            reprendre = (_write, blocages.retain, "reprendre", fiche, phrases_tri.REPRIS)
            ecriture.bouton("Reprendre", f"reprendre_{fiche.identifiant}", *reprendre)


def _ouvert(lus: list[Lu], noms: dict[str, str], choisi: Perimetre) -> None:
    """The one that is looked at: its evidence, then grouping it or setting it aside."""
    ouvert = choix_perimetre.hold(_OUVERT, [f.identifiant for f, _ in lus])
    if ouvert is None:  # of another ICI or séance
        st.query_params.pop(_OUVERT, None)
    fiche, blocage = next(((f, b) for f, b in lus if f.identifiant == ouvert), lus[0])
    st.html(f'<p class="blocage"><strong>{escape(lecture.sujet(blocage, choisi))}</strong></p>')
    saisie = _reword(fiche, blocage, lecture.appellations(choisi))
    st.markdown(langue.typeset(preuves.message(choisi.avec_donnees, blocage)))  # as 10h30 heads it
    preuves.show(choisi.avec_donnees, blocage)
    autres = {
        n: f
        for n, f in ((noms[f.identifiant], f) for f, b in lus if b.etat in (EtatBlocage.RECU, EtatBlocage.RETENU))
        if f.identifiant != fiche.identifiant
    }
    with st.container(key="regrouper_ecarter"):
        if autres:
            vers = choix_perimetre.pick("Regrouper avec", f"vers_{fiche.identifiant}", list(autres))
            if vers:
                ecriture.bouton(
                    "Regrouper", f"regrouper_{fiche.identifiant}", _merge, autres[vers], fiche, noms, saisie
                )
        st.text_input("Motif, pour écarter (lu par qui l’a signalé)", key=f"motif_{fiche.identifiant}")
        ecriture.bouton("Écarter", f"ecarter_{fiche.identifiant}", _set_aside, fiche)


def _reword(fiche: Fiche, blocage: Blocage, noms: Mapping[str, str]) -> Saisie:
    """What a room will read of it, in the words of the co-pilots, and what they propose to decide."""
    saisie = Saisie(Action.TRIER_BLOCAGES, _BROUILLON, _formulation(fiche), _formule(blocage))
    aide = "Sans nommer personne : projeté à 10h30, et imprimé"
    st.html(f'<p class="blocage">{escape(phrases.signale(blocage, noms, lit_tout=True))}</p>')
    saisie.paragraphe("Ce que la Salle lira", "dit", height=80, placeholder=aide)
    propose = "Ce que la Salle pourrait décider : projeté à 10h30, où la décision en part"
    saisie.paragraphe(blocages.PROPOSITION, "proposition", height=80, placeholder=propose)
    saisie.etat()
    ecriture.bouton("Garder cette formulation", f"reformuler_{fiche.identifiant}", _keep_wording, fiche, saisie)
    return saisie


def _formule(blocage: Blocage) -> dict[str, str]:
    return {"dit": blocage.dit, "proposition": blocage.proposition}


def _formulation(fiche: Fiche) -> str:
    """The draft of its wording: another one each time that one is kept."""
    passees = ecriture.journal().historique(blocages.OBJET, fiche.identifiant)
    textes = groupby(_formule(Blocage.depuis(f)) for f in passees)
    return ecriture.journal().op_id_de("formuler", fiche.identifiant, len(list(textes)))


def _keep_wording(fiche: Fiche, saisie: Saisie) -> None:
    """A callback: what was typed just before is in it."""
    with ecriture.geste(_REFUS):
        contenu = saisie.take()
        dit, proposition = (contenu[cle].strip() for cle in ("dit", "proposition"))
        reword = partial(blocages.correct, dit=dit, proposition=proposition)
        est_imprime = Blocage.depuis(fiche).etat is EtatBlocage.RETENU
        _write(reword, f"reformuler-{dit}-{proposition}", fiche, phrases_tri.FORMULE, est_imprime=est_imprime)


def _set_aside(fiche: Fiche) -> None:
    """A callback: reads the field itself, a click may come before the page has taken what was just typed."""
    motif = st.session_state.get(f"motif_{fiche.identifiant}", "")
    refuse = partial(blocages.refuse, motif=motif)
    est_imprime = Blocage.depuis(fiche).etat is EtatBlocage.RETENU
    _write(refuse, "ecarter", fiche, phrases_tri.ECARTE, est_imprime=est_imprime)


# Undo a merge: the blocage is to be sorted again.
_detach = partial(blocages.correct, etat=EtatBlocage.RECU, rattache_a="")


def _open(identifiant: str) -> None:
    st.session_state[_OUVERT] = identifiant


def _write(operation: Callable[..., Any], geste: str, fiche: Fiche, fait: str, *, est_imprime: bool = True) -> None:
    """A callback: one gesture on what was on screen, once however many clicks, which `fait` says. `est_imprime`: the
    relevé tells it."""
    perime = "Quelqu’un vient de trier ce blocage : le voici tel qu’il est, recommencer si besoin."
    with ecriture.geste(_REFUS, perime):
        auteur = ecriture.require_auteur(Action.TRIER_BLOCAGES)
        if est_imprime:
            _require(fiche)
        op_id = ecriture.journal().op_id_de(geste, fiche.identifiant, fiche.version)
        operation(ecriture.journal(), fiche, auteur=auteur, op_id=op_id)
        # Whoever leaves the agenda leaves no hole in its numbers.
        blocage = Blocage.depuis(fiche)
        lus = blocages.find_all(ecriture.journal(), seance=str(blocage.seance), ici=blocage.ici)
        inscrits = [f for (f, _), _ in blocages.ordre_du_jour(lus)]
        blocages.order(ecriture.journal(), inscrits, auteur, f"{op_id}-rangs")
        st.session_state[_FAIT] = fait


def _require(*fiches: Fiche) -> None:
    """No gesture on the agenda of a signed relevé by surprise."""
    for blocage in map(Blocage.depuis, fiches):
        signatures.require(blocage.seance, blocage.ici, _SIGNEE)


def _retain(fiche: Fiche) -> None:
    """Keep it, at the end of the agenda."""
    _write(blocages.retain, "retenir", fiche, phrases_tri.RETENU)


def _move_up(portes: Sequence[tuple[Lu, list[Lu]]], rang: int) -> None:
    ordre = [f.identifiant for (f, _), _ in portes]
    ordre[rang - 1], ordre[rang] = ordre[rang], ordre[rang - 1]
    _arrange(ordre)


def _arrange(ordre: list[str]) -> None:
    """Give the ranks of `ordre` to what the journal holds now."""
    perime = "Quelqu’un vient de changer l’ordre : le voici tel qu’il est, recommencer si besoin."
    with ecriture.geste(_REFUS, perime):
        auteur, journal = ecriture.require_auteur(Action.ORDONNER_BLOCAGES), ecriture.journal()
        fiches = [f for i in ordre if (f := journal.read(blocages.OBJET, i)) is not None]
        _require(*fiches[:1])
        op_id = journal.op_id_de("ordonner", *((f.identifiant, f.version) for f in fiches))
        blocages.order(journal, fiches, auteur, op_id)
        st.session_state[_FAIT] = phrases_tri.MONTE


def _merge(porteur: Fiche, fiche: Fiche, noms: Mapping[str, str], saisie: Saisie) -> None:
    """A callback: what is typed of either and not kept would be read no more. The one that bears both is opened."""
    with ecriture.geste(_REFUS):
        saisie.keep()
        for f in (porteur, fiche):
            tapee = ecriture.journal().read(_BROUILLON, _formulation(f))
            if tapee and _formule(Blocage.depuis(f)).items() - tapee.contenu.items():
                raise ErreurUtilisateur(phrases_tri.pas_gardee(noms[f.identifiant]))
        merge = partial(blocages.merge, autres=[fiche])
        _write(
            merge,
            f"regrouper-{fiche.identifiant}-{fiche.version}",
            porteur,
            phrases_tri.regroupe(noms[porteur.identifiant]),
        )
        if _FAIT in st.session_state:
            _open(porteur.identifiant)


def show_non_signales(choisi: Perimetre) -> None:
    """What the application found and nobody reported, one sentence each, to put on the agenda or not."""
    ici = lecture.require_ici(choisi)
    connu = choisi.avec_donnees
    trouves = connu.ask(detect, connu.annee, ici)
    annonces.take(_REFUS)
    annonces.take(_FAIT, annonces.fait)
    if trouves.empty:
        st.write(detection.say_rien(choisi.ici_dite))
        return
    presents = {b.constat: b for _, b in blocages.find_all(ecriture.journal(), seance=str(choisi.seance), ici=ici)}
    lignes = trouves.to_dict("records")
    with lease(SALLE):  # what is put on the agenda is read in the room
        constats = [detection.phrase_de_detection(x) for x in lignes]
    if not set(constats) <= set(presents):
        signatures.ask(choisi.seance, ici, _SIGNEE)
    for i, (ligne, constat) in enumerate(zip(lignes, constats, strict=True)):
        with st.container(horizontal=True, vertical_alignment="center", key=f"detecte_{i}"):
            st.html(f'<p class="blocage">{escape(detection.phrase_de_detection(ligne))}</p>')
            if present := presents.get(constat):
                # It may have been set aside since.
                est_retenu = present.etat is EtatBlocage.RETENU
                deja = "à l’ordre du jour" if est_retenu else f"signalé, {present.etat_dit}"
                st.html(f'<p class="etat">déjà {deja}</p>')
            else:
                ecriture.bouton("Inscrire à l’ordre du jour", f"inscrire_{i}", _report, ligne, constat, choisi)


def _report(ligne: Mapping[str, Any], constat: str, choisi: Perimetre) -> None:
    """Reported by the co-pilots in the sector of the cell, kept at once."""
    with ecriture.geste(_REFUS, perime=""):  # somebody else did it first: nothing to say
        auteur, journal = ecriture.require_auteur(Action.INSCRIRE_BLOCAGE), ecriture.journal()
        signatures.require(choisi.seance, lecture.require_ici(choisi), _SIGNEE)
        op_id = journal.op_id_de("inscrire", choisi.seance, choisi.ici, constat)
        secteur, profil = secteur_et_profil(ligne, choisi.ici or "")
        blocage = Blocage(choisi.seance, auteur.organisation or "MEL", secteur, constat, profil, dit=constat)
        fiche = blocages.report(journal, blocage, auteur, identifiant=op_id[:32] or nouvel_identifiant(), op_id=op_id)
        _retain(fiche)

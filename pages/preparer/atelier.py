"""Préparer › Atelier: who owes what by when before a séance, what came, a reminder to copy; its day, place, guests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from mel_core.dossier.seance import CONVOCATION
from mel_core.droits.actions import Action
from mel_core.journal import nouvel_op_id
from mel_core.seance.coordination import atelier, presences, seances_tenues
from mel_core.seance.coordination.atelier import A_NOTER, COPILOTES, Attendu, Attendus, Echeance
from mel_core.seance.coordination.seances_tenues import EtatSeance, SeanceTenue
from mel_core.socle import langue
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Seance
from pages.adaptateur import telechargement
from pages.commun import annonces, choix_perimetre, donnees, ecriture, entete, exports, memo, signatures, visiteur
from pages.commun.brouillon import Saisie
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.navigation import fichier

_REFUS, _FAIT, _GARDE, _QUI = "refus_atelier", "relance_notee", "seance_gardee", "relancer"
_REFUS_CREATION, _CREEE = "refus_creation", "seance_creee"
_SEANCE, _ICI, _JOUR = "seance_a_creer", "ici_a_creer", "jour_a_creer"
_D_AVANCE = 3  # semesters offered: the last one of the data, which may have no date in an ICI yet, and those to come
_PAGES = {  # where each step is done
    Echeance.REMONTEES: ("blocages", "Signaler pour une commune"),
    Echeance.FICHIERS: ("imports", "Importer un fichier"),
    Echeance.TRI: ("blocages", "Trier les blocages"),
    Echeance.SUITES: ("introduction", "Dire ce qu’une décision est devenue"),
    Echeance.PROPOSITIONS: ("blocages", "Écrire les propositions"),
    Echeance.DOSSIER: ("dossier", "Composer le dossier"),
}


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose(sans_donnees=True)
    st.title("Préparer › Atelier")
    visiteur.require_droit(Action.SUIVRE_ATTENDUS)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ecriture.ask_auteur()
        with st.popover("Créer une séance"):
            create(choisi)
    annonces.take(_REFUS)
    annonces.take(_FAIT, lambda fait: st.success(langue.typeset(fait)))
    lecture.require_ici(choisi)
    lu = _read(choisi, ecriture.etat())
    annonces.message(lu.say(aujourd_hui()))
    gauche, droite = st.columns([0.56, 0.44], gap="large")
    noms = {**lecture.appellations(choisi), COPILOTES: "les co-pilotes"}
    with gauche:
        for etape in Echeance:
            if attendus := lu.de(etape):
                show_etape(etape, attendus, noms)
    with droite:
        remind(choisi, lu, noms)
        st.markdown("## La séance")
        set_up(choisi, lu)


@memo.exact(16, est_partage=True)
def _read(choisi: Perimetre, etat: str) -> Attendus:
    """`etat`: of the journal, when what is owed may have changed."""
    with choisi.avec_donnees.open() as lecteur:
        ici = lecture.require_ici(choisi)
        return atelier.find(ecriture.journal(), donnees.entrepot().pour(ici), lecteur, choisi.seance, ici)


def show_etape(etape: Echeance, attendus: Sequence[Attendu], noms: Mapping[str, str]) -> None:
    """What came, in one line; what is still owed, one line each, the late first; the way to where it is done."""
    aujourdhui = aujourd_hui()
    avant = f", avant le {langue.jour(echeance)}" if (echeance := attendus[0].echeance) else ""
    st.markdown(f"## {etape.titre}{avant}")
    par_etat: dict[str, list[str]] = {}
    for a in sorted(attendus, key=lambda a: a.recu_le is not None):
        par_etat.setdefault(a.etat(aujourdhui), []).append(_name(a, noms))
    st.html(
        "".join(
            f'<p class="blocage"><strong>{escape(langue.capitalize(etat))}</strong>{langue.INSECABLE}: '
            f"{escape(', '.join(qui))}</p>"
            for etat, qui in par_etat.items()
        )
    )
    adresse, libelle = _PAGES[etape]
    st.page_link(fichier(adresse), label=libelle)


def _name(attendu: Attendu, noms: Mapping[str, str]) -> str:
    precision = f" ({attendu.en_bref})" if attendu.precision else ""
    return f"{noms.get(attendu.acteur, attendu.acteur)}{precision}"


def remind(choisi: Perimetre, lu: Attendus, noms: Mapping[str, str]) -> None:
    """The text for one of those who owe, and what is noted of them."""
    st.markdown("## Relancer")
    dus = [a for a in lu.attendus if a.est_du]
    par_acteur: dict[str, list[Attendu]] = {}
    for attendu in dus:
        par_acteur.setdefault(attendu.acteur, []).append(attendu)
    dits = {
        qui: f"{langue.capitalize(noms.get(qui, qui))}, {siens[0].etat(aujourd_hui())}"
        for qui, siens in par_acteur.items()
        if qui != COPILOTES
    }
    if dits:
        qui = choix_perimetre.option("Qui relancer", _QUI, dits, en_liste=True, filter_mode="contains")
        st.code(lu.remind(qui, noms.get(qui, qui), aujourd_hui()), language=None, wrap_lines=True)
        with st.container(horizontal=True):
            ecriture.bouton("Noter la relance", "noter_relance", _note, choisi, par_acteur[qui], noms, "relance")
            for attendu in {a.etape: a for a in par_acteur[qui]}.values():
                if attendu.etape in A_NOTER:
                    cle = f"noter_{attendu.etape}"
                    ecriture.bouton(A_NOTER[attendu.etape], cle, _note, choisi, [attendu], noms, "reponse")
    else:
        st.write(atelier.A_JOUR)
    if envoi := [a for a in dus if a.etape is Echeance.DOSSIER]:
        ecriture.bouton("Noter l’envoi du dossier", "noter_envoi", _note, choisi, envoi, noms, "reponse")


def _note(choisi: Perimetre, attendus: Sequence[Attendu], noms: Mapping[str, str], quoi: str) -> None:
    """A callback: one act of the journal for each thing that is owed."""
    with ecriture.geste(_REFUS, "Cette relance vient d’être notée par ailleurs : la voici."):
        auteur, journal, aujourdhui = ecriture.require_auteur(Action.SUIVRE_ATTENDUS), ecriture.journal(), aujourd_hui()
        for attendu in attendus:
            jours = {"relance_le": aujourdhui} if quoi == "relance" else {"repondu_le": aujourdhui}
            ici = lecture.require_ici(choisi)
            atelier.note(journal, choisi.seance, ici, attendu, auteur, nouvel_op_id(), **jours)
            if quoi == "reponse":  # no longer among those to remind: nor is it in the address
                choix_perimetre.forget((_QUI,))
                st.query_params.pop(_QUI, None)
        fait = "relancé" if quoi == "relance" else "réponse notée"
        nom = langue.capitalize(noms.get(attendus[0].acteur, attendus[0].acteur))
        st.session_state[_FAIT] = langue.typeset(f"{nom} : {fait} le {langue.jour(aujourdhui)}.")


def create(choisi: Perimetre) -> None:
    """What the journal holds, then the form of one more, before its data (product.md, *The frame*)."""
    dates = {"Date": st.column_config.TextColumn(width=160)}  # those to come too, which are longer
    st.dataframe(tenues(), hide_index=True, width="content", column_config=dates)
    st.caption(seances_tenues.D_AVANCE)
    seances, icis = donnees.choix()
    offertes = [str(Seance.de_rang(Seance.read(seances[0]).rang + n)) for n in range(_D_AVANCE)]
    with st.container(horizontal=True, vertical_alignment="bottom", key="creation"):
        st.selectbox("Semestre regardé", offertes, index=1, key=_SEANCE)
        st.selectbox("ICI qui se réunit", list(icis), index=[*icis].index(choisi.ici) if choisi.ici else 0, key=_ICI)
        st.date_input("Date de la séance", None, format="DD/MM/YYYY", key=_JOUR)
        st.button("Créer la séance", on_click=_create)
    annonces.take(_REFUS_CREATION)  # here, which covers the page
    annonces.take(_CREEE, lambda creee: st.success(langue.typeset(creee)))


def tenues() -> pd.DataFrame:
    """One row per séance that has a date, or whose data are the last, by semester then ICI, in words."""
    seances, icis = donnees.choix()
    trouvees = seances_tenues.find_all(ecriture.journal(), donnees.entrepot(), aujourd_hui())
    connues = {(s.seance, s.ici) for s in trouvees}
    derniere = Seance.read(seances[0])
    sans_date = (
        SeanceTenue(derniere, ici, None, EtatSeance.SANS_DATE) for ici in icis if (derniere, ici) not in connues
    )
    toutes = sorted([*trouvees, *sans_date], key=lambda s: (s.seance, s.ici))
    lignes = [(*dite, etat.capitalize()) for *dite, etat in (s.dite for s in toutes)]
    return pd.DataFrame(lignes, columns=["Séance", "ICI", "Date", "État"])


def _create() -> None:
    """A callback: reads the fields itself. What is created is chosen at once, on every page that takes it."""
    with ecriture.geste(_REFUS_CREATION):
        auteur = ecriture.require_auteur(Action.FIXER_DATE)
        seance, ici, jour = (st.session_state[cle] for cle in (_SEANCE, _ICI, _JOUR))
        fiche, est_neuve = seances_tenues.create(
            ecriture.journal(), donnees.entrepot(), Seance.read(seance), ici, jour, auteur, nouvel_op_id()
        )
        # Pressed twice, it is told as the first press would have been.
        dite = seances_tenues.say_creation(
            Seance.read(seance), ici, jour, est_neuve=est_neuve or fiche.auteur == auteur
        )
        st.session_state[_CREEE] = dite
        choix_perimetre.forget(("seance", "ici"))
        st.query_params.update({"seance": seance, "ici": ici})


def set_up(choisi: Perimetre, lu: Attendus) -> None:
    """Its day, its place, its agenda, its guests."""
    if lu.jour is None:
        annonces.note(seances_tenues.SANS_JOUR)
    if not ecriture.is_signed("préparer la séance"):
        return
    identifiant = f"{choisi.seance}-{choisi.ici}"
    champ, fiche = f"date_seance_{identifiant}", ecriture.journal().read(seances_tenues.OBJET, identifiant)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.date_input("Date de la séance", lu.jour, format="DD/MM/YYYY", key=champ)
        args = (choisi, champ, fiche.version if fiche else 0)
        st.button("Garder cette date", key="garder_date", on_click=_keep_jour, args=args)
    if signatures.ask(choisi.seance, lecture.require_ici(choisi), presences.OBJET):
        _ask_invites(choisi)
    annonces.take(_GARDE, lambda garde: st.success(langue.typeset(garde)))  # near what was pressed, far from the top
    with st.container(horizontal=True):
        for suffixe, genre in exports.GENRES.items():
            telechargement.offer(
                f"Convocation ({'PDF' if suffixe == 'pdf' else suffixe})",
                partial(exports.actes, choisi, exports.demandeur(), CONVOCATION, suffixe),
                exports.name_document(CONVOCATION, choisi, suffixe),
                genre,
                cle=f"exporter_{CONVOCATION}_{suffixe}",
            )


def _keep_jour(choisi: Perimetre, champ: str, version: int) -> None:
    """A callback: reads the field itself, a click may come before the page has taken what was just typed."""
    jour, ici = st.session_state[champ], lecture.require_ici(choisi)
    perime = "La date de la séance vient d’être changée par ailleurs : la relire, puis garder."
    with ecriture.geste(_REFUS, perime):
        auteur = ecriture.require_auteur(Action.FIXER_DATE)
        seances_tenues.fix(ecriture.journal(), choisi.seance, ici, jour, auteur, nouvel_op_id(), version)
        st.session_state[_GARDE] = seances_tenues.say_jour(jour)


def _ask_invites(choisi: Perimetre) -> None:
    """Kept as it is typed; told once for all by its button."""
    ici, noms = lecture.require_ici(choisi), lecture.appellations(choisi)
    version, dites = presences.read(ecriture.journal(), choisi.seance, ici)
    champs = {"lieu": dites.lieu, "ordre_du_jour": dites.ordre_du_jour}
    depart = champs | {"invites": list(dites.invites), "excuses": list(dites.excuses)}
    identifiant = ecriture.journal().op_id_de("invites", str(choisi.seance), ici, version)
    saisie = Saisie(Action.SUIVRE_ATTENDUS, "brouillon-presence", identifiant, depart)
    offerts = list(dict.fromkeys([*lecture.organisations(choisi), *dites.invites, *dites.excuses]))
    saisie.texte("Lieu", "lieu", max_chars=120)
    saisie.paragraphe("Ordre du jour (une ligne par point)", "ordre_du_jour", height=80)
    for libelle, cle, vide in (("Invités", "invites", "Toute l’ICI"), ("Excusés", "excuses", "Personne")):
        saisie.plusieurs(libelle, offerts, cle, format_func=lambda c: noms.get(c, c), placeholder=vide)
    saisie.etat()
    ecriture.bouton("Garder", "garder_invites", _keep_invites, choisi, saisie, version)


def _keep_invites(choisi: Perimetre, saisie: Saisie, version: int) -> None:
    """A callback."""
    with ecriture.geste(_REFUS, "La séance vient d’être changée par ailleurs : la relire, puis garder."):
        auteur, journal = ecriture.require_auteur(Action.SUIVRE_ATTENDUS), ecriture.journal()
        ici = lecture.require_ici(choisi)
        signatures.require(choisi.seance, ici, presences.OBJET)
        c, (_, dites) = saisie.take(), presences.read(journal, choisi.seance, ici)
        apres = replace(dites, lieu=c["lieu"].strip(), ordre_du_jour=c["ordre_du_jour"].strip())
        apres = replace(apres, invites=tuple(c["invites"]), excuses=tuple(c["excuses"]))
        if apres != dites:
            presences.record(journal, apres, auteur, op_id=nouvel_op_id(), version_vue=version)
        st.session_state[_GARDE] = presences.GARDEES


page()

"""The form under a list: one outcome for the lines that are ticked, written in the journal, or taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import Auteur, Fiche, Journal, Perime
from mel_core.seance.coordination import textes
from mel_core.segments.listes import suites
from mel_core.segments.listes.suites import CAUSES_DE, ETAPES, NOTE_MAX, TITRES, Suite, SuitesConnues
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Seance, add_ouvres, est_ouvre
from pages.commun import annonces, choix_perimetre, ecriture
from pages.commun.brouillon import PARAMETRE, Saisie

_BILAN, _MONTRES, _COCHES = "suites_bilan", "liste_montree", "suites_cochees"
_NOTEES = "suites_notees"  # how many times something was noted
_SUIVANTES = "suites_suivantes"  # the lines that followed the first one noted
_ESSAIS, _FAUTE = "suites_essais", "suites_faute"  # how many times something was said of it; the field that was refused
_ETAPES = {"": "aucune", **ETAPES}
_A_CHOISIR = {"": "à choisir"}  # without a choice a list has a key that empties it, between it and the next field
_DELAIS, _DELAI, _AUTRE = (2, 5, 10, 20), 10, 0  # working days until what comes next, the usual; another day


def cle_de_grille(vue: Hashable, pseudonymes: Iterable[str], organisation: str) -> str:
    """The name of the grid of one view, and nobody's; the households that it shows are kept for `_record`.

    What is noted may take lines out of the view: nothing is ticked any more once it is. A reload ticks again those of
    which a note was being typed.
    """
    vue = (vue, st.session_state.get(_NOTEES, 0))
    cle = f"liste_grille_{hashlib.sha256(repr(vue).encode()).hexdigest()[:16]}"
    est_rechargee, montres = _MONTRES not in st.session_state, tuple(pseudonymes)
    st.session_state[_MONTRES] = montres
    journal, demande = ecriture.journal(), st.query_params.get(PARAMETRE, "") if est_rechargee else ""
    fiche = journal.read(suites.BROUILLON, demande) if demande else None
    menages = fiche.contenu.get("menages", ()) if fiche else ()
    if siens := suites.find_notees(journal, organisation, montres, menages):
        st.session_state[cle] = {"selection": {"rows": [montres.index(p) for p in siens], "columns": []}}
    elif demande:
        annonces.refuse(suites.NOTE_INCONNUE)
    return cle


def record(
    coches: Sequence[str],
    connues: SuitesConnues,
    organisation: str,
    segment: str,
    seance: Seance,
    closes: Collection[str] = (),
) -> None:
    """The form under the list: one outcome for the lines that are ticked. `closes`: those whose demande no longer
    stands, of which what does not end the matter is asked twice."""
    message = st.session_state.pop(_BILAN, None)
    if message:
        essai = st.session_state[_ESSAIS] = st.session_state.get(_ESSAIS, 0) + 1
        faute = st.session_state.pop(_FAUTE, "")
        vers = f'data-faute="{faute}"' if faute else f'data-suivante="{_suivante(connues)}"'
        st.html(f'<p class="acte" role="status" data-essai="{essai}" {vers}>{message}</p>')
    if not coches:
        st.session_state.pop(_COCHES, None)
        st.query_params.pop(PARAMETRE, None)
        annonces.note(suites.A_COCHER)
        return
    _resume(coches, connues)
    mortes = frozenset(coches) & frozenset(closes)
    with st.container(horizontal=True, vertical_alignment="bottom", key="suite"):
        # What nobody chose is not noted.
        code = choix_perimetre.pick("Suite", "suite_code", _A_CHOISIR | TITRES, index=0, filter_mode="contains")
        cause = ""
        if causes := CAUSES_DE.get(code, {}):
            cause = choix_perimetre.pick(
                "Cause", f"suite_cause_{code}", _A_CHOISIR | causes, index=0, filter_mode="contains"
            )
        if code not in ("", *suites.CLOSES):
            _ask_etape()
        versions = {p: connues.version(p) for p in coches}
        saisie, place = _open_draft(versions, connues, organisation), st.container(key="suite_note")
        est_tapee = saisie.texte("Note (facultative)", "note", max_chars=NOTE_MAX, ou=place)
        choix_perimetre.write(PARAMETRE, saisie.identifiant if est_tapee else "")
        manque = suites.say_manque(code, cause)
        if mortes and code not in ("", *suites.CLOSES) and not manque:
            est_dite = st.checkbox(suites.say_closes(len(mortes)), key="suite_quand_meme")
            manque = "" if est_dite else suites.A_CONFIRMER
        libelle = f"Noter pour {langue.effectif(len(coches), 'ménage')}"
        note = (_record, saisie, versions, organisation, segment, seance, mortes)
        ecriture.bouton(libelle, "suite_noter", *note, type="primary", disabled=bool(manque), shortcut="Ctrl+Enter")
        notees = {p: connues[p] for p in coches if p in connues}
        if notees:
            st.button("Retirer la suite notée", key="suite_retirer", on_click=_withdraw, args=(notees,))
    if not message:  # which says already why a note is refused
        saisie.etat()
    annonces.note(manque)
    if notees:
        annonces.note(suites.say_notees(len(notees)), role="status")
    if len(coches) == 1 and (retiree := connues.retirees.get(coches[0])):
        dit = f"Suite retirée par {retiree.auteur.nom} le {langue.instant(retiree.instant)}."
        annonces.note(dit, role="status")


def _open_draft(versions: Mapping[str, int], connues: SuitesConnues, organisation: str) -> Saisie:
    """The note that this visitor types of these lines, as it is: until something is noted of one of them."""
    journal, qui = ecriture.journal(), ecriture.require_auteur(Action.LIRE_LISTES)
    menages = {suites.identifiant(journal, organisation, p): version for p, version in versions.items()}
    nom = journal.op_id_de(suites.BROUILLON, qui.nom, qui.profil, qui.organisation, sorted(menages.items()))
    notes = {connues[p][1].note if p in connues else "" for p in versions}
    depart = {"organisation": organisation, "menages": sorted(menages), "note": notes.pop() if len(notes) == 1 else ""}
    return Saisie(Action.LIRE_LISTES, suites.BROUILLON, nom, depart, textes.D_UN_MENAGE)


def _suivante(connues: SuitesConnues) -> int:
    """The place in the view of the line to go on with: the first that followed what was noted and is to do, or that
    followed it; for `grille.js`, which moves there."""
    suivantes = [(i, p) for i, p in enumerate(st.session_state[_MONTRES]) if p in st.session_state.get(_SUIVANTES, ())]
    a_faire = (i for i, p in suivantes if suites.est_a_faire(connues, p, aujourd_hui()))
    return next(a_faire, suivantes[0][0] if suivantes else 0)


def _ask_etape() -> None:
    """What comes next, and in how many working days, or on another day."""
    if not choix_perimetre.pick("Prochaine étape", "suite_etape", _ETAPES, index=0, filter_mode="contains"):
        return
    delais = {n: f"{n} jours ouvrés ({add_ouvres(aujourd_hui(), n):%d/%m})" for n in _DELAIS}
    delais |= {_AUTRE: "un autre jour"}
    st.session_state.setdefault("suite_delai", _DELAI)
    if choix_perimetre.pick("Dans", "suite_delai", delais, index=0, filter_mode=None) == _AUTRE:
        st.session_state.setdefault("suite_echeance", add_ouvres(aujourd_hui(), _DELAI))
        st.date_input("Le", format="DD/MM/YYYY", key="suite_echeance")


def _resume(coches: Sequence[str], connues: SuitesConnues) -> None:
    """The form as the lines that have just been ticked were noted, when they all were, alike; else, empty."""
    if st.session_state.get(_COCHES) == list(coches):
        return
    st.session_state[_COCHES] = list(coches)
    notees = {(s.code, s.cause, s.etape, s.echeance) for _, s in (connues[p] for p in coches if p in connues)}
    est_une = len(notees) == 1 and all(p in connues for p in coches)
    code, cause, etape, echeance = notees.pop() if est_une else ("", "", "", None)
    st.session_state.update({"suite_code": code, "suite_etape": etape})
    for cle in ("suite_delai", "suite_echeance", "suite_quand_meme", *(f"suite_cause_{c}" for c in CAUSES_DE)):
        st.session_state.pop(cle, None)
    if cause:
        st.session_state[f"suite_cause_{code}"] = cause
    if echeance:
        st.session_state.update({"suite_delai": _AUTRE, "suite_echeance": echeance})


def _record(
    saisie: Saisie,
    versions: Mapping[str, int],
    organisation: str,
    segment: str,
    seance: Seance,
    mortes: Collection[str],
) -> None:
    """The outcome is what the fields hold now: a click may come before the screen was drawn again."""
    with ecriture.geste(_BILAN):
        st.session_state[_FAUTE] = "suite_code"
        code = st.session_state.get("suite_code")
        if code not in TITRES:
            raise ErreurUtilisateur("Aucune suite n’est choisie : la choisir dans la liste, puis noter.")
        st.session_state[_FAUTE] = "suite_quand_meme"
        if mortes and code not in suites.CLOSES and not st.session_state.get("suite_quand_meme"):
            raise ErreurUtilisateur(f"{suites.say_closes(len(mortes))} ?")
        cause = (st.session_state.get(f"suite_cause_{code}") or "") if code in CAUSES_DE else ""
        etape = "" if code in suites.CLOSES else st.session_state.get("suite_etape", "")
        note = " ".join(saisie.contenu["note"].split())
        st.session_state[_FAUTE] = "suite_note"
        textes.refuse_personne({"Note": note}, textes.D_UN_MENAGE)
        st.session_state[_FAUTE] = "suite_echeance"
        suite = Suite(code, organisation, segment, seance, cause, etape, _echeance() if etape else None, note)
        st.session_state[_FAUTE] = ""

        def write(journal: Journal, pseudonyme: str, auteur: Auteur) -> None:
            version = versions[pseudonyme]
            op_id = journal.op_id_de(suites.OBJET, pseudonyme, version, *suite.contenu().values())
            suites.write(journal, pseudonyme, suite, auteur, op_id=op_id, version_vue=version)

        _write_all(versions, write, f"« {suite.dite} » noté", f" Ensuite : {suite.etape_dite}." if etape else "")


def _echeance() -> date:
    """The day of what comes next. Raises `ErreurUtilisateur` for one on which nobody works, or that is past."""
    delai = st.session_state.get("suite_delai", _DELAI)
    jour = st.session_state.get("suite_echeance") if delai == _AUTRE else add_ouvres(aujourd_hui(), delai)
    if jour is None:
        raise ErreurUtilisateur("Le jour de la prochaine étape est vide : le choisir, puis noter.")
    if jour < aujourd_hui():
        raise ErreurUtilisateur(f"Le {langue.jour(jour)} est passé : choisir un jour à venir.")
    if not est_ouvre(jour):
        suivant = langue.jour(add_ouvres(jour, 1))
        raise ErreurUtilisateur(f"Le {langue.jour(jour)} n’est pas un jour ouvré : choisir le {suivant}.")
    return jour


def _withdraw(notees: Mapping[str, tuple[Fiche, Suite]]) -> None:
    """A note is taken back as it was on screen: never what a colleague noted meanwhile."""

    def write(journal: Journal, pseudonyme: str, auteur: Auteur) -> None:
        fiche, suite = notees[pseudonyme]
        op_id = journal.op_id_de(suites.OBJET, pseudonyme, fiche.version, suites.RETIREE, suite.organisation)
        suites.withdraw(journal, pseudonyme, suite, auteur, op_id=op_id, version_vue=fiche.version)

    with ecriture.geste(_BILAN):
        _write_all(notees, write, "Suite retirée")


def _write_all(
    menages: Iterable[str], write: Callable[[Journal, str, Auteur], None], dit: str, ensuite: str = ""
) -> None:
    """The server checks anew who writes; a line that a colleague changed meanwhile is told, not overwritten."""
    menages, montres = frozenset(menages), st.session_state.get(_MONTRES, ())
    if not menages <= frozenset(montres):
        raise ErreurUtilisateur("La liste a changé depuis que la ligne est cochée : la cocher de nouveau.")
    auteur, journal, refusees = ecriture.require_auteur(Action.LIRE_LISTES), ecriture.journal(), 0
    for pseudonyme in menages:
        try:
            write(journal, pseudonyme, auteur)
        except Perime:
            refusees += 1
    premiere = next(i for i, p in enumerate(montres) if p in menages)
    st.session_state[_SUIVANTES] = frozenset(montres[premiere:]) - menages
    faites = len(menages) - refusees
    st.session_state[_NOTEES] = st.session_state.get(_NOTEES, 0) + 1
    st.session_state[_BILAN] = suites.say_bilan(dit, faites, refusees, ensuite)

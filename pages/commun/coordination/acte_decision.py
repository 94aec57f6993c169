"""The decision of a blocage, typed in séance: kept at each field, acted by one key, corrected as a new version. One
decision per blocage. Its draft is shared: of two people who type at once, the later one is told and chooses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import Fiche
from mel_core.seance.coordination import Blocage, Decision, Position, decisions, temoins
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.changements import SENS_DITS, est_deja_atteinte, say_nombre, say_valeur
from mel_core.seance.coordination.decisions import avec_temoin
from mel_core.seance.coordination.phrases_coordination import DE_LA_PROPOSITION, SANS_DECISION
from mel_core.seance.coordination.temoins import Temoin, TemoinIndicateur
from mel_core.seance.engagements.engagement_pris import echeance_de
from mel_core.seance.preuves import Preuve
from mel_core.seance.verdict import DEJA_AUJOURD_HUI, PART, CibleAEcheance, Direction, Valeur
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.adaptateur.incidents import fragment
from pages.commun import annonces, donnees, ecriture, signatures, visiteur
from pages.commun.brouillon import Saisie
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import acte_presences
from pages.commun.coordination import lecture_coordination as lecture

_BROUILLON = "brouillon-decision"
_REFUS, _ACTEE = "refus_decision", "decision_actee"
_SENS = {str(Direction.HAUSSE): "au moins", str(Direction.BAISSE): "au plus"}
# Box that holds for those noted present, or for all: a position named by hand holds over it.
_TOUS = {
    "tous_actent": ("Tous les présents actent", Position.ACTE),
    "tous_renvoient": ("Tous les présents renvoient", Position.RENVOYE),
    "tous_absents": ("Tous absents", Position.ABSENT),
}
# Field of the form → the position of those that it names: the later one holds.
_CHAMPS = {
    "actent": ("Actent", Position.ACTE),
    "reserve": ("Avec réserve", Position.RESERVE),
    "renvoye": ("Renvoyé", Position.RENVOYE),
    "absents": ("Absents", Position.ABSENT),
}


def identifiant_de(blocage: Fiche) -> str:
    return decisions.identifiant_de(ecriture.journal(), blocage.identifiant)


def ou_en_est(blocage: Fiche) -> str:
    """`actée`, `renvoyée`, or empty until one of them says so."""
    lue = decisions.read(ecriture.journal(), blocage.identifiant)
    return "" if lue is None else "actée" if lue[1].est_actee else "renvoyée" if lue[1].est_renvoyee else ""


@fragment
def decide(choisi: Perimetre, fiche_blocage: Fiche, blocage: Blocage) -> None:
    """The form, the figure that will tell, and the key that acts; its page asks who writes, once for all it draws."""
    if st.session_state.pop(_ACTEE, False):
        st.rerun()  # what is around the form tells of it too: the agenda, the text read back, the signature
    actee = decisions.read(ecriture.journal(), fiche_blocage.identifiant)
    # What comes and goes has a place of its own: the form that it would move is on screen twice, for a moment.
    with st.container():
        if not _introduce(choisi, identifiant_de(fiche_blocage), blocage, actee):
            return
    proposes = _temoins(choisi, blocage, actee)
    depart = _depart(actee[1], proposes) if actee else {"texte": blocage.proposition}
    saisie, choix = Saisie(Action.ACTER_DECISION, _BROUILLON, identifiant_de(fiche_blocage), depart), st.container()
    with st.container(key="champs_decision"):  # in a room they scroll, and the key that acts is under them
        _fields(choisi, saisie, proposes, fiche_blocage, blocage)
    saisie.etat(choix, actee[0] if actee else None)
    with st.container():
        annonces.take(_REFUS, annonces.refuse_geste)
    libelle, version = ("Corriger la décision", actee[0].version) if actee else ("Acter la décision", 0)
    acte = (_act, saisie, choisi, fiche_blocage, blocage, version)
    ecriture.bouton(libelle, "acter_decision", *acte, type="primary", shortcut="Ctrl+Enter")


def _introduce(choisi: Perimetre, identifiant: str, blocage: Blocage, actee: decisions.Lue | None) -> bool:
    """What is decided already, or proposed; whether this visitor may write, and what it takes."""
    if actee:
        say_actee(*actee)
    peut = visiteur.may(Action.ACTER_DECISION)
    if not actee:  # the form begins with its text: said once
        se_saisit = peut and ecriture.auteur().nom
        annonces.note(DE_LA_PROPOSITION if blocage.proposition and se_saisit else phrases.proposition(blocage))
        if not peut:
            st.write(SANS_DECISION)
    if not peut:
        return False
    if not ecriture.is_signed("écrire la décision"):
        return False
    if signatures.ask(choisi.seance, lecture.require_ici(choisi), identifiant, est_repris=True):
        return True
    annonces.take(_REFUS, annonces.refuse_geste)
    return False


def _fields(
    choisi: Perimetre, saisie: Saisie, proposes: Mapping[str, Temoin], fiche_blocage: Fiche, blocage: Blocage
) -> None:
    """What is decided, by whom and when, what will tell, who takes which position."""
    saisie.paragraphe("Décision", "texte", height=68, placeholder="Ce que l’on décide, ensemble")
    qui, quand = st.columns([0.54, 0.46])
    noms = list(lecture.organisations(choisi).values())
    saisie.choix("Responsable", noms, "responsable", filter_mode="contains", ou=qui)
    demain = choisi.seance.fin + timedelta(days=1)
    echeance = saisie.jour("Échéance", "echeance", echeance_de(choisi.seance), min_value=demain, ou=quand)
    if echeance and echeance > echeance_de(choisi.seance):
        saisie.texte("Pourquoi après la prochaine ICI", "motif_echeance")
    quoi, combien, vers = st.columns([0.48, 0.24, 0.28])
    nom = saisie.choix(
        "Ce qui le dira", list(proposes), "temoin", placeholder="Aucun chiffre", filter_mode="contains", ou=quoi
    )
    with combien:
        cible = _cible(saisie, proposes.get(nom))
    if not nom and not visiteur.est_en_salle():
        annonces.note(phrases.sans_temoin(_tete(choisi, blocage), proposes.values()))
    if nom:
        valeur = lecture.valeur(choisi, proposes[nom])
        with vers:
            voulu = _sens(choisi, saisie, proposes[nom], valeur, cible)
        # No side here: it would be that of whatever target is typed, one after the other.
        lu = f"<strong>{say_valeur(valeur, temoin=proposes[nom])}</strong> {escape(valeur.motif)}"
        # The name again: in a narrow field it is cut.
        st.html(f'<p class="reserve">{escape(langue.typeset(nom))}, aujourd’hui : {lu}{voulu}</p>')
    _positions(saisie, choisi, fiche_blocage, blocage)


def say_actee(fiche: Fiche, decision: Decision) -> None:
    """What is acted, sent back, or left without a decision, by whom, in which version."""
    version = f", version {fiche.version}" if fiche.version > 1 else ""
    etat = "Acté" if decision.est_actee else "Renvoyé" if decision.est_renvoyee else "Sans décision, noté"
    st.html(
        f'<p class="acte" role="status"><strong>{etat}{version}</strong> par {escape(fiche.auteur.nom)}, '
        f"{langue.instant(fiche.instant)} : {escape(decision.texte)} "
        f"({escape(decision.qui_et_quand)})</p>"
    )


def _temoins(choisi: Perimetre, blocage: Blocage, actee: decisions.Lue | None) -> dict[str, Temoin]:
    """What may tell, by its name, the figure of the message first; what the decision in force was acted on stays among
    them."""
    bailleurs = choisi.bailleurs
    code = blocage.bailleur if blocage.bailleur in bailleurs else blocage.organisation
    bailleur = (code, bailleurs[code]) if code in bailleurs else None
    proposes = lecture.temoins(choisi, blocage.secteur, bailleur, blocage.profil)
    if tete := _tete(choisi, blocage):
        proposes = dict(sorted(proposes.items(), key=lambda x: not temoins.est_de_la_mesure(x[1], tete.mesure)))
    temoin = actee[1].temoin if actee else None
    if temoin is not None and temoin not in proposes.values():
        proposes[temoins.say(temoin, lecture.noms(choisi))] = temoin
    return proposes


def _tete(choisi: Perimetre, blocage: Blocage) -> Preuve | None:
    """The finding of the message; None too of a sector that the data no longer know."""
    with suppress(ErreurUtilisateur):
        constats = lecture.preuves(choisi, blocage.secteur, blocage.profil).constats
        return phrases.head(constats, phrases.plainte_de(blocage))
    return None


def _depart(decision: Decision, proposes: Mapping[str, Temoin]) -> dict[str, Any]:
    """The fields of a decision that no draft of this form holds: corrected, it must not start again from nothing."""
    unite = decision.temoin.unite if decision.temoin else ""
    return {
        "texte": decision.texte,
        "responsable": decision.responsable,
        "echeance": decision.echeance.isoformat(),
        "motif_echeance": decision.motif_echeance,
        "texte_reserve": decision.reserve,
        "temoin": next((nom for nom, t in proposes.items() if t == decision.temoin), None),
        _champ(unite): None if decision.cible is None else float(decision.cible * (100 if unite == PART else 1)),
        "sens": str(decision.sens) if decision.sens in (Direction.HAUSSE, Direction.BAISSE) else None,
        **{
            champ: [code for code, p in decision.positions.items() if p is position]
            for champ, (_, position) in _CHAMPS.items()
        },
    }


def _cible(saisie: Saisie, temoin: Temoin | None) -> Fraction | None:
    """The target typed, in the unit of `temoin`; None without one."""
    if temoin is None:
        return None
    unite = {PART: "%", "mois": "mois"}.get(temoin.unite, "demandes")
    plafond = decisions.CIBLE_MAX.get(temoin.unite)
    tapee = saisie.nombre(
        f"Cible ({unite})",
        _champ(temoin.unite),
        min_value=0.0,
        max_value=None if plafond is None else float(plafond * (100 if temoin.unite == PART else 1)),
        step=1.0,
        format="%g",
    )
    return _exacte(tapee, temoin)


def _champ(unite: str) -> str:
    """The field of a target: 45 % never becomes 45 months when another figure is chosen."""
    return f"cible_{unite}"


def _exacte(tapee: float | None, temoin: Temoin) -> Fraction | None:
    """As typed: a float would bring its binary tail into a target."""
    if tapee is None:
        return None
    return Fraction(Decimal(str(tapee))) / (100 if temoin.unite == PART else 1)


def _sens(choisi: Perimetre, saisie: Saisie, temoin: Temoin, valeur: Valeur, cible: Fraction | None) -> str:
    """« Au moins » or « au plus »: that of the objective or of the measure where there is one, else typed, else deduced
    and said; and whether the target is met already."""
    impose, deduit = lecture.sens_voulu(choisi, temoin), None
    if impose is None:
        if reader().lit_tout and cible is not None and valeur.valeur is not None and cible != valeur.valeur:
            deduit = Direction.HAUSSE if cible > valeur.valeur else Direction.BAISSE
        dit = SENS_DITS[deduit] if deduit else "Choisir"
        saisie.choix("Attendu", _SENS, "sens", placeholder=dit)
    if cible is None:
        return ""
    tape = saisie.contenu.get("sens")
    sens = impose or (Direction(tape) if tape else deduit)
    # The field shows the digits alone: « 4178 ».
    dite = f"{f'{SENS_DITS[sens]} ' if sens else ''}{say_nombre(cible, temoin.unite)}"
    comme = ", comme l’objectif" if impose and isinstance(temoin, TemoinIndicateur) and temoin.unite == PART else ""
    but = (
        CibleAEcheance(cible, temoin.unite, sens, echeance_de(choisi.seance))
        if sens and sens is not Direction.BANDE
        else None
    )
    est_deja = but is not None and est_deja_atteinte(but, valeur, temoin)
    return f" ; cible : <strong>{dite}</strong>{comme}" + (f", <strong>{DEJA_AUJOURD_HUI}</strong>" if est_deja else "")


def _institutions(choisi: Perimetre, fiche: Fiche, blocage: Blocage, responsable: str) -> dict[str, str]:
    return decisions.ask(ecriture.journal(), (fiche, blocage), responsable, lecture.appellations(choisi))


def _positions(saisie: Saisie, choisi: Perimetre, fiche: Fiche, blocage: Blocage) -> None:
    """Nobody is said to consent before it is: one box when those noted present act, or send back, one when nobody is
    there, and each of the others by name."""
    toutes = _institutions(choisi, fiche, blocage, saisie.contenu.get("responsable") or "")
    noms = lecture.appellations(choisi) | toutes  # who was chosen and is no longer asked keeps its name
    dites = acte_presences.read(choisi)[1]
    with st.container(horizontal=True):
        for cle, (libelle, _) in _TOUS.items():
            saisie.case(libelle, cle, [autre for autre in _TOUS if autre != cle])
    for colonne, (cle, (libelle, _)) in zip(st.columns(len(_CHAMPS)), _CHAMPS.items(), strict=True):
        saisie.plusieurs(libelle, list(toutes), cle, format_func=noms.__getitem__, placeholder="Personne", ou=colonne)
    prises = _prises(saisie.contenu, toutes, dites.presents)
    if Position.RESERVE in prises.values():
        saisie.texte("Quelle réserve", "texte_reserve", placeholder="Vide, le relevé dira « avec réserve » sans plus")
    # All of them: in a narrow field a name chosen is cut.
    situees = decisions.situate_absents(prises, dites)
    annonces.note(f"{decisions.say_positions({toutes[code]: position for code, position in situees.items()})}.")
    annonces.note(_refus_sans_effet(saisie.contenu, prises), "reserve", "status")


def _refus_sans_effet(contenu: Any, prises: Mapping[str, Position]) -> str:
    """Of a box ticked for those present when nobody is noted so: why it does nothing; empty otherwise."""
    for cle, (libelle, position) in _TOUS.items():
        if contenu.get(cle) and position not in prises.values():
            faire, fait = ("acter", "acte") if position is Position.ACTE else ("renvoyer", "renvoie")
            return (
                f"« {libelle} » est coché et personne n’est noté présent pour {faire} : noter les présents, nommer qui "
                f"{fait}, ou décocher."
            )
    return ""


def _prises(contenu: Any, toutes: Mapping[str, str], presentes: Collection[str]) -> dict[str, Position]:
    """The position of each institution asked: set apart by name, else that of all of them, else none."""
    prises = dict.fromkeys(toutes, Position.NON_EXPRIMEE)
    for cle, (_, position) in _TOUS.items():
        siens = toutes if position is Position.ABSENT else presentes
        prises |= {code: position for code in toutes if contenu.get(cle) and code in siens}
    for champ, (_, position) in _CHAMPS.items():
        prises |= {code: position for code in contenu.get(champ) or () if code in toutes}
    return prises


def _act(saisie: Saisie, choisi: Perimetre, fiche_blocage: Fiche, blocage: Blocage, version: int) -> None:
    """A callback: the same text acted twice from the same screen is one decision."""
    perime = (
        "Quelqu’un vient d’acter un autre texte, affiché au-dessus : le vôtre reste dans le formulaire, « Corriger la "
        "décision » remplacera l’autre."
    )
    with ecriture.geste(_REFUS, perime):
        auteur, journal = ecriture.require_auteur(Action.ACTER_DECISION), ecriture.journal()
        contenu = saisie.take()
        identifiant = identifiant_de(fiche_blocage)
        signatures.require(choisi.seance, lecture.require_ici(choisi), identifiant, est_repris=True)
        actee = decisions.read(journal, fiche_blocage.identifiant)
        decision = _decision(contenu, choisi, fiche_blocage, blocage, actee)
        if actee and actee[1] == decision:
            return  # nothing new to act
        op_id = journal.op_id_de("acter", identifiant, version, str(decision.contenu()), auteur.nom)
        decisions.act(journal, decision, auteur, identifiant=identifiant, op_id=op_id, version_vue=version)
        st.session_state[_ACTEE] = True


def _decision(
    contenu: Any, choisi: Perimetre, fiche_blocage: Fiche, blocage: Blocage, actee: decisions.Lue | None
) -> Decision:
    """What is typed, checked. Raises `ErreurUtilisateur`."""
    toutes = _institutions(choisi, fiche_blocage, blocage, contenu.get("responsable") or "")
    prises = _prises(contenu, toutes, acte_presences.read(choisi)[1].presents)
    coches = [libelle for cle, (libelle, _) in _TOUS.items() if contenu.get(cle)]
    if len(coches) > 1:  # by a draft of before
        dits = " et ".join(f"« {libelle} »" for libelle in coches)
        raise ErreurUtilisateur(f"{dits} sont cochés à la fois : n’en laisser qu’un.")
    if refus := _refus_sans_effet(contenu, prises):
        raise ErreurUtilisateur(refus)
    decision = Decision(
        choisi.seance,
        lecture.require_ici(choisi),
        contenu.get("texte") or "",
        contenu.get("responsable") or "",
        date.fromisoformat(contenu["echeance"]) if contenu.get("echeance") else echeance_de(choisi.seance),
        contenu.get("motif_echeance") or "",
        blocage=fiche_blocage.identifiant,
        positions=prises,
        reserve=(contenu.get("texte_reserve") or "") if Position.RESERVE in prises.values() else "",
        porteur=next((code for code, nom in toutes.items() if nom == contenu.get("responsable")), ""),
    )
    temoin = _temoins(choisi, blocage, actee).get(contenu.get("temoin") or "")
    if temoin is None:
        return decision
    cible = _exacte(contenu.get(_champ(temoin.unite)), temoin)
    sens = Direction(contenu["sens"]) if contenu.get("sens") else None
    return avec_temoin(decision, temoin, cible, donnees.entrepot(), sens, actee[1] if actee else None)

"""The journal on screen: one per process, who writes, and what to do when two people wrote the same text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import Auteur, Fiche, Journal, Perime, nouvel_op_id
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import donnees, profils, visiteur

COPILOTES = ("MEL", "DDTM", "AR-Habitat")
ARBITRAGE = "arbitrage"
_NOM, _ORGANISATION = "auteur_nom", "auteur_organisation"


@st.cache_resource(show_spinner=False)
def _du_dossier(dossier: Path) -> Journal:
    return Journal.du_dossier(dossier)


def journal() -> Journal:
    """The journal of the store that pages read."""
    return _du_dossier(donnees.entrepot().dossier)


def auteur() -> Auteur:
    """Who writes in this session: its login, the typed name being a mention. Without a login the typed name signs;
    `nom` is then empty until it was asked (`ask_auteur`)."""
    profil = visiteur.profil()
    organisation = (
        st.session_state.get(_ORGANISATION, COPILOTES[0]) if visiteur.may(Action.SIGNER_EN_COPILOTE) else profil.code
    )
    saisi, connecte = st.session_state.get(_NOM, ""), visiteur.signature()
    return Auteur(connecte or saisi, organisation, str(profil.type), saisi if connecte else "")


def ask_auteur() -> bool:
    """Ask who writes, then say it and let it change; true when known. A page calls it once, beside what it signs.
    A login is known already: what it may add is asked, and stops nothing."""
    connecte = visiteur.signature()
    if st.session_state.get(_NOM):
        st.button(_signature(), key="changer_auteur", type="tertiary", on_click=_change)
        return True
    # Fields of their own: what a widget holds is forgotten when its page is left.
    with st.container(horizontal=True, vertical_alignment="bottom", key="demande_auteur"):
        if visiteur.may(Action.SIGNER_EN_COPILOTE):
            # Before the name: giving the name is what signs, and closes the question.
            rang = COPILOTES.index(auteur().organisation)
            st.selectbox(
                "Organisation",
                COPILOTES,
                index=rang,
                key="saisie_organisation",
                on_change=_retain_organisation,
                filter_mode=None,
            )
        role = f"en mention ({connecte} signe)" if connecte else "qui signe ce que vous écrivez"
        st.text_input(f"Votre nom, {role}", key="saisie_auteur", max_chars=80, on_change=_retain)
        if st.session_state.get("saisie_auteur"):  # the former name, put back by « changer »: it may be the right one
            st.button("Signer de ce nom", key="reprendre_auteur", on_click=_retain)
    return bool(connecte)


def require_auteur() -> Auteur:
    """Who writes. Raises `ErreurUtilisateur` when no name was given."""
    if not auteur().nom:
        raise ErreurUtilisateur("Personne ne signe cette écriture : donner d’abord votre nom.")
    return auteur()


def _signature() -> str:
    qui = auteur()
    organisation = qui.organisation if visiteur.may(Action.SIGNER_EN_COPILOTE) else profils.nom(visiteur.profil())
    mention = f", {qui.mention}" if qui.mention else ""
    return f"Saisi par {qui.nom}{mention} ({organisation}) · changer"


def _retain_organisation() -> None:
    """A callback: the field may be on the page that the first of two clicks left."""
    if "saisie_organisation" in st.session_state:
        st.session_state[_ORGANISATION] = st.session_state["saisie_organisation"]


def _retain() -> None:
    _retain_organisation()
    st.session_state[_NOM] = " ".join(st.session_state.get("saisie_auteur", "").split())


def _change() -> None:
    """Nobody signs until the question is answered again."""
    st.session_state["saisie_auteur"] = st.session_state.pop(_NOM, "")


def save(
    objet: str, identifiant: str, contenu: Mapping[str, Any], version_vue: int, op_id: str | None = None
) -> Fiche | None:
    """Write a version; None when another one came first: both are kept, and `arbitrate` shows them."""
    try:
        return journal().write(objet, identifiant, contenu, auteur(), op_id or nouvel_op_id(), version_vue)
    except Perime:
        return None


@dataclass(frozen=True)
class Champ:
    """What a key of a content is called on screen, and how one value of it reads, knowing the whole content."""

    libelle: str
    say: Callable[[Any, Mapping[str, Any]], str] = lambda valeur, _: str(valeur)

    def read(self, valeur: Any, contenu: Mapping[str, Any]) -> str:
        if isinstance(valeur, bool):
            return "oui" if valeur else "non"
        if isinstance(valeur, list):
            return langue.liste([self.say(v, contenu) for v in valeur]) or langue.ABSENT
        return langue.ABSENT if valeur in (None, "") else self.say(valeur, contenu)


def read_jour(iso: str, _: Mapping[str, Any]) -> str:
    """A day as the journal keeps it, as a person reads it."""
    return langue.jour(date.fromisoformat(iso))


def arbitrate(objet: str, identifiant: str, champs: Mapping[str, Champ]) -> bool:
    """When a text of this visitor was refused, show it beside the one that is there, and let them choose.

    `champs`: by key of the content; the others are not shown. True while a choice is due:
    it is read from the journal, so that neither a reload nor another page forgets it.
    """
    en_attente = _en_attente(objet, identifiant)
    if en_attente is None:
        return False
    actuelle, refusee, miens = en_attente
    autre = _de(actuelle.auteur.nom or actuelle.auteur.organisation or "une autre personne")
    with st.container(border=True, key=f"arbitrage_{identifiant}"):
        st.html(
            '<p role="alert"><strong>Ce texte a été modifié par ailleurs pendant votre saisie.</strong> '
            "Les deux textes sont gardés : choisir celui qui reste.</p>"
        )
        gauche, droite = st.columns(2)
        with gauche:
            st.html(_texte(f"Texte {autre}, {langue.instant(actuelle.instant)}", actuelle, miens, champs))
            st.button(
                f"Garder le texte {autre}",
                key=f"garder_{refusee.op_id}",
                on_click=_keep,
                args=(objet, identifiant, refusee),
            )
        with droite:
            st.html(_texte(f"Votre texte, {langue.instant(refusee.instant)}", refusee, miens, champs))
            st.button(
                "Remplacer par le mien",
                key=f"remplacer_{refusee.op_id}",
                on_click=_replace,
                args=(objet, identifiant, refusee, actuelle, miens),
            )
    return True


def _en_attente(objet: str, identifiant: str) -> tuple[Fiche, Fiche, frozenset[str]] | None:
    """The text that is there, the last refused one of this visitor, and the keys on which a choice is due.

    Those are the ones that the visitor had changed from the version on screen, and that still differ.
    """
    refusees = [f for f in journal().ecarts(objet, identifiant) if f.auteur == auteur() and not f.effacee]
    actuelle = journal().read(objet, identifiant)
    if actuelle is None or not refusees or journal().read(ARBITRAGE, refusees[-1].op_id):
        return None
    refusee = refusees[-1]
    vues = [f.contenu for f in journal().historique(objet, identifiant) if f.version == refusee.version]
    vue = vues[0] if vues else {}
    miens = {cle for cle, valeur in refusee.contenu.items() if cle not in vue or valeur != vue[cle]}
    miens = {cle for cle in miens if refusee.contenu[cle] != actuelle.contenu.get(cle)}
    return (actuelle, refusee, frozenset(miens)) if miens else None


def _keep(objet: str, identifiant: str, refusee: Fiche) -> None:
    """The text that is there stays: say so in the journal, once. A second choice on the same text changes nothing."""
    choix = {"objet": objet, "identifiant": identifiant}
    save(ARBITRAGE, refusee.op_id, choix, 0, journal().op_id_de(ARBITRAGE, refusee.op_id))
    forget(objet, identifiant)


def _replace(objet: str, identifiant: str, refusee: Fiche, actuelle: Fiche, miens: Collection[str]) -> None:
    """What was refused is written over the text that was shown; a third text come meanwhile is shown in turn."""
    op_id = journal().op_id_de("remplacement", refusee.op_id, actuelle.version)
    contenu = {**actuelle.contenu, **{cle: refusee.contenu[cle] for cle in miens}}
    save(objet, identifiant, contenu, actuelle.version, op_id)
    _keep(objet, identifiant, refusee)


def forget(objet: str, identifiant: str) -> None:
    """Let the fields of a text start again from what the journal holds."""
    for cle in [c for c in st.session_state if isinstance(c, str) and c.startswith(f"{objet}-{identifiant}")]:
        del st.session_state[cle]


def _de(nom: str) -> str:
    return f"d’{nom}" if nom[:1].lower() in "aeiouyéèêàâîôh" else f"de {nom}"


def _texte(titre: str, fiche: Fiche, cles: Collection[str], champs: Mapping[str, Champ]) -> str:
    """What differs, field by field."""
    lignes = "".join(
        f"<dt>{escape(champ.libelle)}</dt><dd>{escape(champ.read(fiche.contenu.get(cle), fiche.contenu))}</dd>"
        for cle, champ in champs.items()
        if cle in cles
    )
    return f'<section class="version"><h4>{escape(titre)}</h4><dl>{lignes}</dl></section>'

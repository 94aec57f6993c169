"""A form whose draft is saved: each field left writes the whole of it to the journal, and a reload brings it back.

Fields are as their widgets take them, as the journal holds them, as a person reads them. The identifiant of a draft is
in the address (opaque, nothing personal): the same link reopens it. Two tabs on one draft: the later write is refused
and shown, both texts are kept, and one of them is chosen for the whole form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from html import escape
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mel_core.droits.actions import Action
from mel_core.journal import Fiche, Perime, nouvel_identifiant
from mel_core.journal.fiches import LIEN_MORT, MODIFIE
from mel_core.seance.coordination import textes
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import annonces, ecriture, visiteur, widgets
from pages.commun.choix_perimetre import Options, say

_JOURS = st.date_input
_PAUSE = "0.6s"  # without typing, before a line of text is sent


class ChampSaisi(NamedTuple):
    """`vide`: what the journal holds of it before anything is typed."""

    libelle: str
    widget: Callable[..., Any]
    vide: Any = ""
    options: Sequence[Any] | None = None
    name: Callable[[Any], str] = str

    def write(self, valeur: Any) -> Any:
        return valeur.isoformat() if isinstance(valeur, date) else list(valeur) if isinstance(valeur, tuple) else valeur

    def read(self, valeur: Any) -> Any:
        """What is no longer among the options is left out."""
        if self.widget is _JOURS and isinstance(valeur, str):
            return date.fromisoformat(valeur)
        if self.options is None:
            return valeur
        if isinstance(valeur, list):
            return [v for v in valeur if v in self.options]
        return valeur if valeur in self.options else None

    def say(self, valeur: Any) -> str:
        """What the journal holds, in French."""
        if valeur in (None, "", []):
            return langue.ABSENT
        if isinstance(valeur, bool):
            return "oui" if valeur else "non"
        if isinstance(valeur, list):
            return langue.liste([self.say(v) for v in valeur])
        if isinstance(valeur, int | float):
            return langue.nombre(valeur, len(f"{valeur:g}".partition(".")[2]))
        if self.widget is _JOURS:
            return langue.jour(date.fromisoformat(valeur))
        try:
            return self.name(valeur)  # of what is no longer offered too
        except LookupError:
            return str(valeur)


PARAMETRE, TERMINE = "brouillon", "termine"
_ARBITRAGE = "arbitrage"  # how older versions said that one of two texts was chosen
_IDENTIFIANT = re.compile(r"[0-9a-f]{32}")
_DANS_L_ONGLET = "Ce champ reste dans votre onglet, et n’est gardé nulle part ailleurs."
_REFUS = "Ce formulaire a été envoyé par ailleurs pendant votre saisie : relire votre texte, puis l’envoyer à part."


class Ecran(NamedTuple):
    """What this session typed, from which version of the draft; `refus`: why the journal did not take it."""

    version: int
    contenu: Mapping[str, Any]
    refus: str = ""


class Saisie:
    """The fields of one object of the journal. `action`: the right that writing them needs. `depart`: what they hold
    before anything is typed. `pourquoi`: its texts may not name anybody.

    A page draws them by `texte`, `paragraphe`, `choix`, `plusieurs`, `case`, `nombre` and `jour`, each under the key
    that it has in the content, in the place `ou`; what is on screen is kept once one of them is left."""

    def __init__(
        self,
        action: Action,
        objet: str,
        identifiant: str,
        depart: Mapping[str, Any] | None = None,
        pourquoi: str = textes.PROJETE,
    ) -> None:
        self.action, self.objet, self.identifiant, self.pourquoi = action, objet, identifiant, pourquoi
        self._racine, self._champs, self._depart = f"{objet}-{identifiant}", dict[str, ChampSaisi](), depart or {}
        fiche, vu = self._read(), st.session_state.get(self._racine)
        lu = Ecran(fiche.version, fiche.contenu) if fiche else Ecran(0, self._depart)
        if vu is None:
            self._show(self._refuse(fiche) or lu)
        elif not vu.refus and lu.version > vu.version:
            self._show(lu)
        # The same fields on another page are other widgets to Streamlit: they would start empty, and be kept so.
        page, contexte = f"{self._racine}-page", get_script_run_ctx()
        ici = contexte.page_script_hash if contexte else ""
        self._viennent_d_ailleurs = st.session_state.get(page, ici) != ici
        st.session_state[page] = ici

    def texte(self, libelle: str, cle: str, **reglages: Any) -> str:
        return self._draw(cle, ChampSaisi(libelle, st.text_input), live=_PAUSE, **reglages)

    def paragraphe(self, libelle: str, cle: str, **reglages: Any) -> str:
        return self._draw(cle, ChampSaisi(libelle, st.text_area), **reglages)

    def choix(self, libelle: str, options: Options[Any], cle: str, defaut: Any = None, **reglages: Any) -> Any:
        champ = ChampSaisi(libelle, st.selectbox, defaut, list(options), reglages.pop("format_func", say(options)))
        return self._draw(cle, champ, index=None, **{"placeholder": "Choisir", **reglages})

    def plusieurs(self, libelle: str, options: Options[Any], cle: str, **reglages: Any) -> list[Any]:
        champ = ChampSaisi(libelle, widgets.plusieurs, [], list(options), reglages.pop("format_func", say(options)))
        return self._draw(cle, champ, **{"placeholder": "Choisir", **reglages})

    def case(self, libelle: str, cle: str, sauf: Sequence[str] = ()) -> bool:
        """`sauf`: the boxes that this one, ticked, unticks."""

        def tick() -> None:
            if st.session_state[self._cle(cle)]:
                st.session_state.update({self._cle(autre): False for autre in sauf})
            self.keep()

        return self._draw(cle, ChampSaisi(libelle, st.checkbox, False), on_change=tick)

    def nombre(self, libelle: str, cle: str, **reglages: Any) -> Any:
        return self._draw(cle, ChampSaisi(libelle, st.number_input, None), value=None, **reglages)

    def jour(self, libelle: str, cle: str, defaut: date | None = None, **reglages: Any) -> date | None:
        champ = ChampSaisi(libelle, st.date_input, defaut and defaut.isoformat())
        return self._draw(cle, champ, value=None, format="DD/MM/YYYY", **reglages)

    @property
    def contenu(self) -> Mapping[str, Any]:
        """What is on screen: in the callback of a click, what was typed just before is in it."""
        vu = self._ecran.contenu
        return {**vu, **{cle: v for cle, v in self._lus().items() if v != vu.get(cle, self._champs[cle].vide)}}

    @property
    def op_id_envoi(self) -> str:
        """The op_id of what this form ends in: sent twice, it is written once; sent with another text by another tab,
        the journal refuses it (`Perime`)."""
        return ecriture.journal().op_id_de("envoi", self.objet, self.identifiant)

    @property
    def est_partie(self) -> bool:
        """In the callback of the second of two clicks: the first one sent this form, or moved it to a new one."""
        return self._racine not in st.session_state

    def etat(self, choix: AbstractContextManager[Any] | None = None, actee: Fiche | None = None) -> None:
        """One line: saved when, or why it is not; then the other text, in `choix`, near the field that was typed.
        `actee`: what was acted of it, which says itself all that the draft held until then."""
        refus, fiche, autre = self._ecran.refus, self._read(), self._autre()
        ici = st.container()
        with choix if refus and choix else ici:
            if autre:
                st.html(f'<p class="garde refuse" role="alert">{escape(MODIFIE)}</p>')
            elif refus:
                tenu = f' data-formulaire="{self._racine}"'  # by its tab: retenu.js
                st.html(f'<p class="garde refuse" role="alert"{tenu}>{escape(refus)}</p>')
            elif fiche and not (actee and actee.rang > fiche.rang):
                st.html(f'<p class="garde">Brouillon gardé au journal le {langue.instant(fiche.instant)}</p>')
            if autre:
                self._offer(autre)

    def keep(self) -> None:
        """Save what is on screen. A callback: nothing may leave it unexplained."""
        if self.est_partie or (self.contenu == self._ecran.contenu and not self._ecran.refus):
            return
        self._save(self._ecran.version, self.contenu)

    def take(self) -> Mapping[str, Any]:
        """In the callback of what acts: what is on screen, saved. Raises `ErreurUtilisateur` while a choice is due."""
        self.keep()
        if self._autre():
            raise ErreurUtilisateur("Deux textes sont gardés : choisir celui qui reste, puis recommencer.")
        return self.contenu

    def send(self, write: Callable[..., object]) -> None:
        """End the form in `write`. Raises `ErreurUtilisateur` when another tab sent it with another text: the one on
        screen goes to a new form."""
        try:
            write(identifiant=self.identifiant, op_id=self.op_id_envoi)
        except Perime:
            self.restart()
            raise ErreurUtilisateur(
                "Ce formulaire est déjà envoyé avec un autre texte : le vôtre est passé sur un formulaire neuf, le "
                "relire puis l’envoyer."
            ) from None
        self.finish()

    def finish(self) -> None:
        """The form was sent: this one is kept, the next one starts empty."""
        fiche, op_id = self._read(), ecriture.journal().op_id_de("termine", self.objet, self.identifiant)
        fini = {**self.contenu, TERMINE: True}
        ecriture.save(self.action, self.objet, self.identifiant, fini, fiche.version if fiche else 0, op_id)
        ecriture.forget(self._racine)
        st.session_state.pop(_courant(self.objet), None)
        st.query_params.pop(PARAMETRE, None)

    def restart(self) -> None:
        """The form was sent with another text: the one on screen goes to a new form, to be sent from there."""
        contenu = {cle: valeur for cle, valeur in self.contenu.items() if cle != TERMINE}
        identifiant = ecriture.journal().op_id_de("recommence", self.objet, self.identifiant, contenu)
        ecriture.save(self.action, self.objet, identifiant, contenu, 0, identifiant)
        ecriture.forget(self._racine)
        st.session_state[_courant(self.objet)] = st.query_params[PARAMETRE] = identifiant

    def _lus(self) -> dict[str, Any]:
        """What is on screen, as the journal holds it."""
        etat = st.session_state
        return {cle: champ.write(etat[k]) for cle, champ in self._champs.items() if (k := self._cle(cle)) in etat}

    def _draw(self, cle: str, champ: ChampSaisi, ou: DeltaGenerator | None = None, **reglages: Any) -> Any:
        self._champs[cle] = champ
        if champ.options is not None:
            reglages |= {"options": champ.options, "format_func": champ.name}
        if self._viennent_d_ailleurs or self._cle(cle) not in st.session_state:
            st.session_state[self._cle(cle)] = champ.read(self._ecran.contenu.get(cle, champ.vide))
        with ou or nullcontext():
            return champ.widget(champ.libelle, key=self._cle(cle), **{"on_change": self.keep, **reglages})

    def _cle(self, cle: str) -> str:
        return f"{self._racine}-champ-{cle}"

    def _save(self, version: int, contenu: Mapping[str, Any]) -> None:
        """What leads to a person is not written, not even in a draft: nothing of the journal is taken back. The other
        fields are."""
        try:
            fiche, refuses = self._read(), self._find_personnes(contenu)
            avant = fiche.contenu if fiche else self._depart
            ecran = Ecran(version, contenu, f"{next(iter(refuses.values()))} {_DANS_L_ONGLET}" if refuses else "")
            gardes = {cle: avant[cle] for cle in refuses if cle in avant}
            ecrit = {cle: v for cle, v in contenu.items() if cle not in refuses} | gardes
            if not refuses or ecrit != avant:
                op_id = ecriture.journal().op_id_de(self.objet, self.identifiant, version, ecrit)
                ecrite = ecriture.save(self.action, self.objet, self.identifiant, ecrit, version, op_id)
                ecran = ecran._replace(version=ecrite.version) if ecrite else ecran._replace(refus=_REFUS)
        except ErreurUtilisateur as erreur:
            ecran = Ecran(version, contenu, str(erreur))
        st.session_state[self._racine] = ecran

    def _find_personnes(self, contenu: Mapping[str, Any]) -> dict[str, str]:
        """The lines and paragraphs that lead to a person, each with why it is refused."""
        refuses = {}
        for cle, champ in self._champs.items():
            if cle in contenu and champ.widget in (st.text_input, st.text_area):
                try:
                    textes.refuse_personne({champ.libelle: contenu[cle]}, self.pourquoi)
                except ErreurUtilisateur as refus:
                    refuses[cle] = str(refus)
        return refuses

    def _offer(self, autre: Fiche) -> None:
        """The text written elsewhere, where it differs, and the two keys that settle the whole form: either writes over
        the text that was shown, and a third one come meanwhile is shown in turn."""
        lus = [(c, autre.contenu.get(cle, c.vide), self.contenu.get(cle, c.vide)) for cle, c in self._champs.items()]
        dits = "".join(f"<dt>{escape(c.libelle)}</dt><dd>{escape(c.say(v))}</dd>" for c, v, mien in lus if v != mien)
        qui = escape(autre.auteur.nom or autre.auteur.organisation or "une autre personne")
        titre = f"L’autre texte, par {qui}, {langue.instant(autre.instant)}"
        st.html(f'<section class="version"><h4>{titre}</h4><dl>{dits}</dl></section>')
        with st.container(horizontal=True):
            cle, version = f"{self._racine}-{autre.version}", autre.version
            st.button("Garder le mien", key=f"{cle}-garder", on_click=lambda: self._save(version, self.contenu))
            st.button("Prendre l’autre texte", key=f"{cle}-prendre", on_click=self._take_other, args=(autre,))

    def _take_other(self, autre: Fiche) -> None:
        ecriture.forget(self._racine)
        self._save(autre.version, autre.contenu)

    def _show(self, ecran: Ecran) -> None:
        """The fields start again from it."""
        ecriture.forget(self._racine)
        st.session_state[self._racine] = ecran

    @property
    def _ecran(self) -> Ecran:
        return st.session_state[self._racine]

    def _read(self) -> Fiche | None:
        return ecriture.journal().read(self.objet, self.identifiant)

    def _autre(self) -> Fiche | None:
        """The text written elsewhere, while the one on screen is refused; None once that form was sent."""
        fiche = self._read() if self._ecran.refus else None
        return fiche if fiche and fiche.version > self._ecran.version and not fiche.contenu.get(TERMINE) else None

    def _refuse(self, fiche: Fiche | None) -> Ecran | None:
        """What this visitor wrote last when it was refused: neither a reload nor a killed server forgets it."""
        if fiche is None:
            return None
        cle, journal = (self.objet, self.identifiant), ecriture.journal()
        siennes = [f for f in (*journal.historique(*cle), *journal.ecarts(*cle)) if f.auteur == ecriture.auteur()]
        mien = max(siennes, key=lambda f: f.rang, default=None)
        if mien is None or not mien.est_refusee or mien.effacee or mien.contenu == fiche.contenu:
            return None
        if journal.read(_ARBITRAGE, mien.op_id):
            return None
        return Ecran(mien.version, mien.contenu, _REFUS)


def begin(action: Action, objet: str, depart: Mapping[str, Any]) -> None:
    """The next form of this object, on the page that comes, is a new one that holds `depart`, kept from now on: a
    reload brings it back; a draft under way stays, under its own link."""
    nom, identifiant = _nom(objet), nouvel_identifiant()
    ecriture.save(action, nom, identifiant, depart, 0)
    st.session_state[_courant(nom)] = identifiant


def _nom(objet: str) -> str:
    return f"brouillon-{objet}"


def brouillon(action: Action, objet: str, depart: Mapping[str, Any] | None = None) -> Saisie:
    """The draft named in the address, if it is this visitor's; or the one under way in this session, or a new one,
    named in the address, that holds `depart`."""
    nom = _nom(objet)
    demande, courant = st.query_params.get(PARAMETRE, ""), st.session_state.get(_courant(nom), "")
    siens = [i for i in (demande, courant) if _IDENTIFIANT.fullmatch(i) and _est_sien(nom, i)]
    if demande and demande not in siens:
        annonces.refuse(LIEN_MORT)
    neuf = _give(nom, nouvel_identifiant())
    identifiant = next((i for i in siens if not _est_finie(nom, i)), neuf)
    st.session_state[_courant(nom)] = st.query_params[PARAMETRE] = identifiant
    return Saisie(action, nom, identifiant, depart)


def _give(objet: str, hasard: str) -> str:
    """The name of a draft that begins: signed by the journal, so that a link to one that never was is told from a form
    in which nothing is typed yet."""
    return hasard[:16] + ecriture.journal().op_id_de("formulaire", objet, hasard[:16])[:16]


def _est_finie(objet: str, identifiant: str) -> bool:
    """Whether this form was sent, and is on screen no more: the address of the second of two clicks still names it."""
    fiche = ecriture.journal().read(objet, identifiant)
    return fiche is not None and bool(fiche.contenu.get(TERMINE)) and f"{objet}-{identifiant}" not in st.session_state


def _est_sien(objet: str, identifiant: str) -> bool:
    """Whether a draft is of whoever is here: nobody else reads nor writes it, whatever link they hold. Where nobody
    logs in, a name is not known before it is typed: it is then its organisation's. For which one a co-pilot signs is
    not either."""
    ecrites = ecriture.journal().historique(objet, identifiant)
    qui, ici = ecrites[0].auteur if ecrites else None, ecriture.auteur()
    if qui is None:
        return identifiant == _give(objet, identifiant)
    signe_la = qui.organisation == ici.organisation or visiteur.may(Action.SIGNER_EN_COPILOTE)
    return qui.profil == ici.profil and signe_la and (visiteur.est_sans_compte() or qui.nom == ici.nom)


def _courant(nom: str) -> str:
    return f"courant-{nom}"

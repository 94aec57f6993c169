"""A form saved as it is typed: each change of a field is a new version in the journal, and a reload brings it back.

Its identifiant is in the address (opaque, nothing personal): the same link reopens it. Two tabs on one draft merge
field by field; on one same field, both texts are kept and `registre.arbitrate` shows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from mel_core.journal import Fiche, nouvel_identifiant
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import ecriture, widgets

PARAMETRE = "brouillon"
TERMINE = "termine"
_IDENTIFIANT = re.compile(r"[0-9a-f]{32}")
_PAUSE = "0.6s"  # without typing, before a line of text is saved
# A paragraph only reaches the server when it is left: told as much after the same pause, and every 3 s of unbroken
# typing, while it keeps the keyboard. The key that acts comes after what was typed, not before.
_VEILLE = """<script>(() => {
  if (window.paragraphesGardes) return;
  window.paragraphesGardes = true;
  const attente = new WeakMap();
  const listes = '[data-testid="stMultiSelect"], [data-testid="stSelectbox"]';
  const gardes = `[data-testid="stTextArea"], [data-testid="stTextInput"], [data-testid="stNumberInput"], ${listes}`;
  const envoyer = (champ) => {
    if (champ.closest(listes)) {  // an open list would take the key as a choice: it closes, and nothing is chosen
      if (champ.getAttribute('aria-expanded') === 'true')
        for (const geste of ['keydown', 'keyup'])
          champ.dispatchEvent(new KeyboardEvent(geste, { key: 'Escape', code: 'Escape', keyCode: 27, bubbles: true }));
      return champ.blur();
    }
    champ.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
    if (document.activeElement === champ) champ.dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
  };
  // Without a connection the application drops what it is told: the key waits for it to come back, once.
  const application = () => document.querySelector('[data-testid="stApp"]');
  const estReliee = () => application()?.getAttribute('data-test-connection-state') === 'CONNECTED';
  let attendue = false;
  const agir = (champ, touche) => {
    if (!estReliee()) return setTimeout(() => agir(champ, touche), 300);
    envoyer(champ);
    setTimeout(() => {
      attendue = false;
      const ou = champ.isConnected && !champ.closest(listes) ? champ : document.body;
      ou.dispatchEvent(new KeyboardEvent('keydown', touche));
    }, 50);
  };
  window.addEventListener('keydown', (e) => {
    const champ = e.target;
    if (!e.isTrusted || e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || !champ.closest?.(gardes)) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (attendue) return;
    attendue = true;
    const { key, code, keyCode, ctrlKey, metaKey } = e;
    agir(champ, { key, code, keyCode, ctrlKey, metaKey, bubbles: true, cancelable: true });
  }, true);
  document.addEventListener('input', (e) => {
    const champ = e.target;
    if (!(champ instanceof HTMLTextAreaElement) || !champ.closest('[data-testid="stTextArea"]')) return;
    const suivi = attente.get(champ) || { depuis: Date.now() };
    clearTimeout(suivi.minuterie);
    suivi.minuterie = setTimeout(() => {
      attente.delete(champ);
      envoyer(champ);
    }, Math.max(0, Math.min(600, suivi.depuis + 3000 - Date.now())));
    attente.set(champ, suivi);
  });
})();</script>"""


@dataclass(frozen=True)
class Vue:
    """What this session has on screen: a version and its content."""

    version: int
    contenu: Mapping[str, Any]


class Saisie:
    """The fields of one object of the journal. A page draws them by `texte`, `paragraphe`, `choix`, `plusieurs`, `jour`
    and `nombre`, each under the key that it has in the content."""

    def __init__(self, objet: str, identifiant: str, depart: Mapping[str, Any] | None = None) -> None:
        """`depart`: what the fields hold as long as nothing was typed."""
        self.objet, self.identifiant, self._depart = objet, identifiant, depart or {}
        self._racine = f"{objet}-{identifiant}"
        self._champs: dict[str, ecriture.Champ] = {}
        self._defauts: dict[str, Any] = {}
        st.session_state.pop(_partie(self._racine), None)  # opened again, by its address
        self._refresh()

    @property
    def contenu(self) -> Mapping[str, Any]:
        """What is saved, and over it what is on screen when it could not be.

        In the callback of a click, what was typed just before is in it: its own callback came in the same run.
        """
        return {**self._vue.contenu, **self._ecrits, **self._miens}

    @property
    def version(self) -> int:
        return self._vue.version

    @property
    def op_id_envoi(self) -> str:
        """The op_id of what this form ends in: sent twice, it is written once; sent with another text by another tab,
        the journal refuses it (`Perime`)."""
        return ecriture.journal().op_id_de("envoi", self.objet, self.identifiant)

    def texte(self, libelle: str, cle: str, **reglages: Any) -> str:
        return self._champ(st.text_input, libelle, cle, "", live=_PAUSE, **reglages)

    def paragraphe(self, libelle: str, cle: str, **reglages: Any) -> str:
        return self._champ(st.text_area, libelle, cle, "", **reglages)

    def choix(self, libelle: str, options: Sequence[Any], cle: str, defaut: Any = None, **reglages: Any) -> Any:
        reglages = {"placeholder": "Choisir", "index": None, **reglages}
        return self._champ(st.selectbox, libelle, cle, defaut, options=options, parmi=options, **reglages)

    def plusieurs(self, libelle: str, options: Sequence[Any], cle: str, **reglages: Any) -> list[Any]:
        reglages = {"placeholder": "Choisir", **reglages}
        return self._champ(widgets.plusieurs, libelle, cle, [], options=options, parmi=options, **reglages)

    def case(self, libelle: str, cle: str, **reglages: Any) -> bool:
        return self._champ(st.checkbox, libelle, cle, False, **reglages)

    def nombre(self, libelle: str, cle: str, defaut: Any = None, **reglages: Any) -> Any:
        def say(n: float, _: Mapping[str, Any]) -> str:
            return langue.nombre(n, len(f"{n:g}".partition(".")[2]))

        return self._champ(st.number_input, libelle, cle, defaut, value=None, say=say, **reglages)

    def jour(self, libelle: str, cle: str, defaut: date | None = None, **reglages: Any) -> date | None:
        reglages = {"value": None, "format": "DD/MM/YYYY", "say": ecriture.read_jour, **reglages}
        return self._champ(st.date_input, libelle, cle, defaut, **reglages)

    def etat(self, choix: AbstractContextManager[Any] | None = None) -> None:
        """One line: saved when, or why it is not; then the choice between two texts when one is due (in `choix`, where
        it is seen from the field that was typed)."""
        with st.container(key=f"veille_{self._racine}"):
            st.html(_VEILLE, unsafe_allow_javascript=True)
        if refus := st.session_state.pop(f"{self._racine}-refus", None):
            st.html(f'<p class="garde" role="alert">{refus}</p>')
        elif self.version:
            fiche = ecriture.journal().read(self.objet, self.identifiant)
            if fiche is not None:
                st.html(f'<p class="garde">Gardé au journal le {langue.instant(fiche.instant)}</p>')
        with choix or nullcontext():
            ecriture.arbitrate(self.objet, self.identifiant, self._champs)

    def keep_l_ecran(self) -> None:
        """In the callback of what acts: take what is on screen and whose own callback has not come yet."""
        for cle, defaut in self._defauts.items():
            champ = self._cle(cle)
            if champ in st.session_state and _write(st.session_state[champ]) != self.contenu.get(cle, defaut):
                self._keep(cle)

    def finish(self) -> None:
        """The form was sent: this one is kept, the next one starts empty. The page then calls `st.rerun()`."""
        fiche = ecriture.journal().read(self.objet, self.identifiant)
        fini = {**(fiche.contenu if fiche else self._depart), **self._miens, TERMINE: True}
        op_id = ecriture.journal().op_id_de("termine", self.objet, self.identifiant)
        ecriture.save(self.objet, self.identifiant, fini, fiche.version if fiche else 0, op_id)
        self._leave()
        st.session_state.pop(_courant(self.objet), None)
        st.query_params.pop(PARAMETRE, None)

    def restart(self) -> None:
        """The form was sent with another text: the one on screen goes to a new form, to be sent from there."""
        contenu = {cle: valeur for cle, valeur in self.contenu.items() if cle != TERMINE}
        identifiant = ecriture.journal().op_id_de("recommence", self.objet, self.identifiant, contenu)
        ecriture.save(self.objet, identifiant, contenu, 0, identifiant)
        self._leave()
        st.session_state[_courant(self.objet)] = st.query_params[PARAMETRE] = identifiant

    @property
    def est_partie(self) -> bool:
        """In the callback of the second of two clicks: the first one sent this form, or moved it to a new one."""
        return bool(st.session_state.get(_partie(self._racine)))

    def _leave(self) -> None:
        ecriture.forget(self.objet, self.identifiant)
        st.session_state[_partie(self._racine)] = True

    @property
    def _miens(self) -> dict[str, Any]:
        """What this session typed and the journal did not take: a stale write, or a journal that did not answer."""
        return st.session_state.get(f"{self._racine}-miens", {})

    @property
    def _ecrits(self) -> dict[str, Any]:
        """What this session typed and the journal took, since the version that it has on screen."""
        return st.session_state.get(f"{self._racine}-ecrits", {})

    def _pris(self, champs: Mapping[str, Any]) -> None:
        """The journal has these fields as they were typed."""
        st.session_state[f"{self._racine}-ecrits"] = {**self._ecrits, **champs}
        del st.session_state[f"{self._racine}-miens"]

    @property
    def _vue(self) -> Vue:
        if f"{self._racine}-vue" not in st.session_state:
            self._refresh()  # sent a moment ago, by the first of two clicks
        return st.session_state[f"{self._racine}-vue"]

    def _refresh(self) -> None:
        """Take what was written, here or elsewhere; what this session typed and could not save stays on screen."""
        cle_vue = f"{self._racine}-vue"
        vue = st.session_state.get(cle_vue)
        if vue is not None and self._miens:
            return
        fiche = ecriture.journal().read(self.objet, self.identifiant)
        lue = Vue(fiche.version, fiche.contenu) if fiche else Vue(0, self._depart)
        if vue is None or lue.version > vue.version:
            for cle, valeur in lue.contenu.items():
                if vue is not None and valeur != vue.contenu.get(cle):
                    st.session_state.pop(self._cle(cle), None)  # drawn again from what the journal holds
            st.session_state[cle_vue] = lue
            st.session_state.pop(f"{self._racine}-ecrits", None)

    def _champ(self, widget: Callable[..., Any], libelle: str, cle: str, defaut: Any, **reglages: Any) -> Any:
        parmi, name = reglages.pop("parmi", None), reglages.get("format_func", str)
        say = reglages.pop("say", lambda valeur, _: name(valeur) if valeur in (parmi or ()) else str(valeur))
        self._champs[cle], self._defauts[cle] = ecriture.Champ(libelle, say), _write(defaut)
        if self._cle(cle) not in st.session_state:
            tape = self._miens.get(cle, self.contenu.get(cle, defaut))
            st.session_state[self._cle(cle)] = _read(tape, widget, parmi)
        return widget(libelle, key=self._cle(cle), on_change=self._keep, args=(cle,), **reglages)

    def _keep(self, cle: str) -> None:
        """A callback: nothing may leave it unexplained."""
        if self._cle(cle) not in st.session_state:
            return  # sent a moment ago, with this field in it
        miens = {**self._miens, cle: _write(st.session_state[self._cle(cle)])}
        st.session_state[f"{self._racine}-miens"] = miens  # on screen and not yet in the journal
        base = self._vue
        connus = {**base.contenu, **self._ecrits}
        try:
            fiche = ecriture.journal().read(self.objet, self.identifiant)
            if fiche is not None and all(fiche.contenu.get(c) == connus.get(c) for c in miens):
                # What was written elsewhere meanwhile is in other fields; in the same ones, people will settle it.
                base = Vue(fiche.version, fiche.contenu)
            contenu = {**base.contenu, **miens}
            if contenu == base.contenu:  # in the journal already
                self._pris(miens)
                return
            op_id = ecriture.journal().op_id_de(self.objet, self.identifiant, base.version, contenu)
            ecrite = ecriture.save(self.objet, self.identifiant, contenu, base.version, op_id)
        except ErreurUtilisateur as refus:
            st.session_state[f"{self._racine}-refus"] = str(refus)
            return
        if ecrite is not None:
            self._pris(miens)

    def _cle(self, cle: str) -> str:
        return f"{self._racine}-champ-{cle}"


def brouillon(objet: str) -> Saisie:
    """The draft named in the address, or the one under way in this session, or a new one, named in the address."""
    nom = f"brouillon-{objet}"
    identifiant = st.query_params.get(PARAMETRE, "")
    if not _IDENTIFIANT.fullmatch(identifiant):
        identifiant = st.session_state.get(_courant(nom)) or nouvel_identifiant()
    st.session_state[_courant(nom)] = identifiant
    st.query_params[PARAMETRE] = identifiant
    return Saisie(nom, identifiant)


def en_cours(objet: str) -> list[Fiche]:
    """Drafts of this kind, of this visitor's organisation, that were not sent."""
    fiches = ecriture.journal().find_all(f"brouillon-{objet}")
    organisation = ecriture.auteur().organisation
    return [f for f in fiches if not f.contenu.get(TERMINE) and f.auteur.organisation == organisation and not f.effacee]


def _courant(nom: str) -> str:
    return f"courant-{nom}"


def _partie(racine: str) -> str:
    return f"partie-{racine}"


def _write(valeur: Any) -> Any:
    """As the journal holds it."""
    return valeur.isoformat() if isinstance(valeur, date) else list(valeur) if isinstance(valeur, tuple) else valeur


def _read(valeur: Any, widget: Callable[..., Any], parmi: Sequence[Any] | None) -> Any:
    """As the widget takes it; what is no longer among the options is left out."""
    if widget is st.date_input and isinstance(valeur, str):
        return date.fromisoformat(valeur)
    if parmi is not None:
        if isinstance(valeur, list):
            return [v for v in valeur if v in parmi]
        return valeur if valeur in parmi else None
    return valeur

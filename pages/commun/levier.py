"""A lever under the hand: a share to move, what it answers in words and in charts, and in which state that puts them.

One piece in the page (static/images/levier.js): a key or a hand on the lever moves words and charts without waiting,
from the answers of every value, sent by tens once the hand comes near; the server says the same again, and keeps the
value. What else follows (maps, tables) is drawn after it, when the hand rests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mel_core.socle.langue import FINE
from pages.adaptateur import vivant
from pages.commun import choix_perimetre
from pages.commun.images.gabarit import Image

_composant = vivant.composant("levier")
_IDENTIQUE = object()


@dataclass(frozen=True)
class Etape:
    """What one value answers: its state, what brings back where it started (empty: it is there) and what it asks, in
    HTML; its charts."""

    etat: str
    retour: str
    reponse: str
    images: tuple[Image, ...] = ()

    def charge(self, valeur: int) -> dict[str, Any]:
        """As the page reads it."""
        dites = {"valeur": valeur, "etat": self.etat, "retour": self.retour, "reponse": self.reponse}
        return {**dites, "images": [vivant.charge(image) for image in self.images]}


@dataclass(frozen=True)
class Levier:
    """What moves. `nom`: of the value in the session and in the address. `cle`: all that its answers depend on but the
    value. `est_anticipe`: its answers are quick enough to be sent before they are asked for."""

    nom: str
    cle: str
    libelle: str
    depart: int
    minimum: int = 0
    maximum: int = 100
    unite: str = f"{FINE}%"
    reserve: str = ""
    est_anticipe: bool = True

    @property
    def valeurs(self) -> range:
        return range(self.minimum, self.maximum + 1)

    @property
    def dizaines(self) -> list[int]:
        """0 to 9, 10 to 19…: what is sent at once."""
        return sorted({valeur // 10 for valeur in self.valeurs}) if self.est_anticipe else []


Repondre = Callable[[int], Etape]


def show(levier: Levier, answer: Repondre) -> int:
    """The lever, its charts and its answer; the value where it stands, kept in the session and in the address. To be
    called in a fragment: a step reruns what is around it."""
    choix_perimetre.keep(levier.nom, levier.valeurs, levier.depart)
    composant = f"levier_{levier.nom}"

    def retain() -> None:
        demandee = vivant.entier_dit(vivant.demande(composant).get("valeur"), levier.valeurs)
        if demandee is not None:
            st.session_state[levier.nom] = demandee

    def anticipate() -> None:
        demandee = vivant.dit(composant, "dizaine")
        st.session_state["dizaine_demandee"] = dict(demandee) if isinstance(demandee, dict) else {}

    valeur = st.session_state[levier.nom]
    st.query_params[levier.nom] = str(valeur)
    pour = st.session_state.pop("dizaine_demandee", {})
    lues = None
    if pour.get("cle") == levier.cle and pour.get("dizaine") in levier.dizaines:
        lues = _dizaine(levier.cle, int(pour["dizaine"]), levier, answer)
    question = vivant.entier_dit(vivant.demande(composant).get("question"), range(2**53)) or 0
    # Two answers that say the same are two, where Streamlit would not send again what has not changed.
    entete = b'{"question":%d,"lues":%s,' % (question, lues or b"null")
    message = entete + _message(levier.cle, valeur, levier, answer)[1:]
    _composant(key=composant, data=message, on_demande_change=retain, on_dizaine_change=anticipate)
    return valeur


@st.cache_resource(show_spinner=False, max_entries=512)
def _message(cle: str, valeur: int, _levier: Levier, _answer: Repondre) -> bytes:
    """The lever at this value, as the page reads it."""
    dits = {c: getattr(_levier, c) for c in ("cle", "libelle", "minimum", "maximum", "depart", "unite", "reserve")}
    return vivant.octets({**dits, "dizaines": _levier.dizaines, "etape": _answer(valeur).charge(valeur)})


@st.cache_resource(show_spinner=False, max_entries=256)
def _dizaine(cle: str, dizaine: int, _levier: Levier, _answer: Repondre) -> bytes:
    """The answers of ten values: what they share once, then what is each one's own."""
    valeurs = [v for v in range(10 * dizaine, 10 * dizaine + 10) if v in _levier.valeurs]
    etapes = {valeur: _answer(valeur).charge(valeur) for valeur in valeurs}
    commune = etapes[valeurs[0]]
    propres = {valeur: {} if (e := ecart(commune, etape)) is _IDENTIQUE else e for valeur, etape in etapes.items()}
    return vivant.octets({"dizaine": dizaine, "commune": commune, "etapes": propres})


def ecart(commun: Any, propre: Any) -> Any:
    """What is to be put over `commun` to have `propre`: by key, and by place in a list of objects of the same length;
    anything else is replaced whole, and nothing (null) takes the place of what is no longer there."""
    listes = (commun, propre) if isinstance(commun, list) and isinstance(propre, list) else ()
    if listes and len(commun) == len(propre) and all(isinstance(v, dict) for suite in listes for v in suite):
        commun, propre = ({str(i): v for i, v in enumerate(suite)} for suite in listes)
    if isinstance(commun, dict) and isinstance(propre, dict):
        ecarts = {c: ecart(commun.get(c), propre.get(c)) for c in sorted(commun.keys() | propre.keys())}
        differents = {c: e for c, e in ecarts.items() if e is not _IDENTIQUE}
        return differents or _IDENTIQUE
    return _IDENTIQUE if commun == propre else propre

"""Levers under the hand: shares to move, what they answer in words and in charts, and in which state that puts them.

One piece in the page (static/images/levier.js): a key or a hand on a lever moves words and charts without waiting, from
the answers of every value of the lever held, the others where they stand, sent by tens once the hand rests near it; the
server says the same again, and keeps the values. What else follows (maps, tables, acts) is drawn when the hand rests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import streamlit as st

from mel_core.secret.bail import reader
from mel_core.socle import langue
from pages.adaptateur import vivant
from pages.commun import memo
from pages.commun.images.gabarit import Image

_composant = vivant.composant("levier")
_IDENTIQUE = object()
Valeurs = tuple[int, ...]


@dataclass(frozen=True)
class Curseur:
    """A lever, in whole steps. `cle`: of its value in the session, which holds it already. `dits`: the values that are
    not read as a number and its unit."""

    cle: str
    libelle: str
    depart: int
    minimum: int = 0
    maximum: int = 100
    unite: str = f"{langue.FINE}%"
    dits: Mapping[int, str] = field(default_factory=dict)

    @property
    def valeurs(self) -> range:
        return range(self.minimum, self.maximum + 1)

    def charge(self) -> dict[str, Any]:
        """As the page reads it."""
        lus = {c: getattr(self, c) for c in ("libelle", "depart", "minimum", "maximum", "unite")}
        return {**lus, "dits": {str(valeur): dit for valeur, dit in self.dits.items()}}


@dataclass(frozen=True)
class Etape:
    """What values of the levers answer: their state, what brings them back where they started (empty: they are there)
    and what they ask, in HTML; their charts."""

    etat: str
    retour: str
    reponse: str
    images: tuple[Image, ...] = ()

    def charge(self, valeurs: Sequence[int]) -> dict[str, Any]:
        """As the page reads it."""
        dites = {"valeurs": list(valeurs), "etat": self.etat, "retour": self.retour, "reponse": self.reponse}
        return {**dites, "images": [vivant.charge(image) for image in self.images]}


@dataclass(frozen=True)
class JeuDeCurseurs:
    """The levers of a screen. `cle`: all that their answers depend on but their values. `answer`: what they answer.
    `est_anticipe`: quick enough to be said before it is asked for. `revenir`: puts back what is
    beside them."""

    cle: str
    curseurs: tuple[Curseur, ...]
    answer: Callable[[Valeurs], Etape]
    est_anticipe: bool = True
    revenir: Callable[[], None] | None = None


def show(nom: str, jeu: JeuDeCurseurs) -> Valeurs:
    """The levers, their charts and their answer; where they stand, kept in the session. To be called in a fragment: a
    step reruns what is around it. `nom`: of the piece in the page."""
    composant = f"levier_{nom}"

    def retain() -> None:
        demandees = vivant.demande(composant).get("valeurs")
        for curseur, dite in zip(jeu.curseurs, demandees if isinstance(demandees, list) else (), strict=False):
            valeur = vivant.entier_dit(dite, curseur.valeurs)
            if valeur is not None:
                st.session_state[curseur.cle] = valeur

    def anticipate() -> None:
        demandee = vivant.dit(composant, "dizaine")
        st.session_state["dizaine_demandee"] = dict(demandee) if isinstance(demandee, Mapping) else {}

    est_nouveau = st.session_state.get(composant) is None
    valeurs = tuple(st.session_state[curseur.cle] for curseur in jeu.curseurs)
    lues = _lues(jeu, valeurs, st.session_state.pop("dizaine_demandee", {}))
    question = vivant.entier_dit(vivant.demande(composant).get("question"), range(2**53)) or 0
    # Two answers that say the same are two, where Streamlit would not send again what has not changed.
    message = b'{"question":%d,"lues":%s,' % (question, lues) + _message(jeu.cle, valeurs, jeu)[1:]
    gestes = {
        "on_demande_change": retain,
        "on_dizaine_change": anticipate,
        "on_lieu_change": lambda: None,
        "on_retour_change": jeu.revenir or (lambda: None),
    }
    _composant(key=composant, data=message, **gestes)
    if est_nouveau:  # the server started again under the hand: what it was asked comes with the session, untreated
        retain()
        if valeurs != tuple(st.session_state[curseur.cle] for curseur in jeu.curseurs):
            st.rerun()
    return valeurs


def clicked(nom: str) -> str | None:
    """The code of the place whose mark was just clicked on a chart of the piece `nom`; none else."""
    lieu = vivant.dit(f"levier_{nom}", "lieu")
    return lieu if isinstance(lieu, str) else None


def _lues(jeu: JeuDeCurseurs, valeurs: Valeurs, demandee: Mapping[str, Any]) -> bytes:
    """The ten answers that the page asked for, as long as it asks for those of these levers; nothing else."""
    tenu = vivant.entier_dit(demandee.get("tenu"), range(len(jeu.curseurs)))
    dizaine = vivant.entier_dit(demandee.get("dizaine"), range(2**16))
    if tenu is None or dizaine is None or demandee.get("valeurs") != list(valeurs) or not jeu.est_anticipe:
        return b"null"
    dedans = [v for v in range(10 * dizaine, 10 * dizaine + 10) if v in jeu.curseurs[tenu].valeurs]
    if not dedans:
        return b"null"
    autres = (*valeurs[:tenu], -1, *valeurs[tenu + 1 :])
    pour = vivant.octets({"pour": str(demandee.get("pour")), "dizaine": dizaine})
    return pour[:-1] + b"," + _dizaine(jeu.cle, autres, tuple(dedans), jeu)[1:]


@memo.said(512, est_partage=True)
def _message(cle: str, valeurs: Valeurs, _jeu: JeuDeCurseurs) -> bytes:
    """The levers at these values, as the page reads them."""
    lu_par = reader()
    dits = {
        "cle": f"{cle} {lu_par.lit_tout} {lu_par.code}",
        "curseurs": [c.charge() for c in _jeu.curseurs],
    }
    gestes = {"est_anticipe": _jeu.est_anticipe, "revient": _jeu.revenir is not None}
    return vivant.octets({**dits, **gestes, "etape": _jeu.answer(valeurs).charge(valeurs)})


@memo.said(256, est_partage=True)
def _dizaine(cle: str, autres: Valeurs, dedans: Valeurs, _jeu: JeuDeCurseurs) -> bytes:
    """The answers of values of one lever (below 0 in `autres`): what they share once, then what is each one's own."""
    tenu = next(i for i, valeur in enumerate(autres) if valeur < 0)
    jeux = {valeur: (*autres[:tenu], valeur, *autres[tenu + 1 :]) for valeur in dedans}
    etapes = {}
    for valeur, valeurs in jeux.items():
        vivant.give_way()
        etapes[valeur] = _jeu.answer(valeurs).charge(valeurs)
    commune = etapes[dedans[0]]
    propres = {valeur: {} if (e := ecart(commune, etape)) is _IDENTIQUE else e for valeur, etape in etapes.items()}
    return vivant.octets({"commune": commune, "etapes": propres})


def ecart(commun: Any, propre: Any) -> Any:
    """What is to be put over `commun` to have `propre`: by key, and by place in a list of objects of the same length;
    anything else is replaced whole (an object under the key "", for it not to be put over what is no object), and
    nothing (null) takes the place of what is no longer there."""
    listes = (commun, propre) if isinstance(commun, list) and isinstance(propre, list) else ()
    if listes and len(commun) == len(propre) and all(isinstance(v, dict) for suite in listes for v in suite):
        commun, propre = ({str(i): v for i, v in enumerate(suite)} for suite in listes)
    if isinstance(commun, dict) and isinstance(propre, dict):
        ecarts = {c: ecart(commun.get(c), propre.get(c)) for c in sorted(commun.keys() | propre.keys())}
        differents = {c: e for c, e in ecarts.items() if e is not _IDENTIQUE}
        return differents or _IDENTIQUE
    if type(commun) is type(propre) and commun == propre:  # True is 1, and is not said as it
        return _IDENTIQUE
    return {"": propre} if isinstance(propre, dict) else propre


def en_html(texte: str, classe: str = "demande") -> str:
    """A sentence of the core, its bold numbers, as the answer of a lever."""
    gras = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(langue.typeset(texte)))
    return f'<p class="{classe}">{gras}</p>' if texte else ""

"""The fields of a form: as their widgets take them, as the journal holds them, as a person reads them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.socle import langue
from pages.commun import widgets
from pages.commun.choix_perimetre import Options, say

_JOURS = st.date_input
_PAUSE = "0.6s"  # without typing, before a line of text is sent


class Champ(NamedTuple):
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


class Champs(ABC):
    """The widgets of one form. A page draws them by `texte`, `paragraphe`, `choix`, `plusieurs`, `case`, `nombre` and
    `jour`, each under the key that it has in the content, in the place `ou`; each calls `keep` once it is left."""

    def __init__(self, racine: str) -> None:
        self._racine, self._champs = racine, dict[str, Champ]()

    @abstractmethod
    def keep(self) -> None:
        """Save what is on screen."""

    @abstractmethod
    def _garde(self) -> Mapping[str, Any]:
        """What fields start from, as the journal holds it."""

    def texte(self, libelle: str, cle: str, **reglages: Any) -> str:
        return self._draw(cle, Champ(libelle, st.text_input), live=_PAUSE, **reglages)

    def paragraphe(self, libelle: str, cle: str, **reglages: Any) -> str:
        return self._draw(cle, Champ(libelle, st.text_area), **reglages)

    def choix(self, libelle: str, options: Options[Any], cle: str, defaut: Any = None, **reglages: Any) -> Any:
        champ = Champ(libelle, st.selectbox, defaut, list(options), reglages.pop("format_func", say(options)))
        return self._draw(cle, champ, index=None, **{"placeholder": "Choisir", **reglages})

    def plusieurs(self, libelle: str, options: Options[Any], cle: str, **reglages: Any) -> list[Any]:
        champ = Champ(libelle, widgets.plusieurs, [], list(options), reglages.pop("format_func", say(options)))
        return self._draw(cle, champ, **{"placeholder": "Choisir", **reglages})

    def case(self, libelle: str, cle: str) -> bool:
        return self._draw(cle, Champ(libelle, st.checkbox, False))

    def nombre(self, libelle: str, cle: str, **reglages: Any) -> Any:
        return self._draw(cle, Champ(libelle, st.number_input, None), value=None, **reglages)

    def jour(self, libelle: str, cle: str, defaut: date | None = None, **reglages: Any) -> date | None:
        champ = Champ(libelle, st.date_input, defaut and defaut.isoformat())
        return self._draw(cle, champ, value=None, format="DD/MM/YYYY", **reglages)

    def _lus(self) -> dict[str, Any]:
        """What is on screen, as the journal holds it."""
        etat = st.session_state
        return {cle: champ.write(etat[k]) for cle, champ in self._champs.items() if (k := self._cle(cle)) in etat}

    def _draw(self, cle: str, champ: Champ, ou: DeltaGenerator | None = None, **reglages: Any) -> Any:
        self._champs[cle] = champ
        if champ.options is not None:
            reglages |= {"options": champ.options, "format_func": champ.name}
        if self._cle(cle) not in st.session_state:
            st.session_state[self._cle(cle)] = champ.read(self._garde().get(cle, champ.vide))
        with ou or nullcontext():
            return champ.widget(champ.libelle, key=self._cle(cle), on_change=self.keep, **reglages)

    def _cle(self, cle: str) -> str:
        return f"{self._racine}-champ-{cle}"

"""The first lines of a page: what it is about, then the state of its figures and the sentence to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import annonces, cadre, choix_perimetre, donnees, visiteur
from pages.commun.choix_perimetre import Perimetre


@contextmanager
def perimetre() -> Iterator[None]:
    """The line of the scope: of what it refuses, what the data are stays on screen."""
    with st.container(horizontal=True, key="perimetre"):
        try:
            yield
        except ErreurUtilisateur:
            _millesime()
            raise


def title(titre: str) -> None:
    """Of a page that is about no séance, with what is published."""
    with st.container(horizontal=True, key="perimetre", vertical_alignment="center"):
        st.title(titre)
        _millesime()


def _millesime() -> None:
    publie = donnees.entrepot().instantane()
    if publie is not None and visiteur.est_admis(publie):
        cadre.millesime(publie)


def choose(*, sans_donnees: bool = False) -> Perimetre:
    """The scope, with the vintage of what it shows. `sans_donnees`: see `choix_perimetre.choose`."""
    with perimetre():
        choisi = choix_perimetre.choose(sans_donnees=sans_donnees)
        cadre.millesime(choisi.instantane)
    return choisi


def explain(lignes: Mapping[str, str]) -> None:
    """« Pourquoi ce chiffre ? », one line for each of its headings."""
    st.markdown("\n".join(f"- **{nom}** : {langue.typeset(texte)}" for nom, texte in lignes.items()))


def say(choisi: Perimetre, precision: str, phrase: str, pourquoi: str) -> None:
    """A finding: on what it rests, why this figure (`pourquoi`: Markdown that names the day of the data, `{jour}`), and
    its sentence.
    """
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, precision)
        with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
            st.markdown(pourquoi.format(jour=langue.jour(choisi.instantane.publie_le)))
    annonces.message(phrase)

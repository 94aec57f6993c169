"""What the steps of the offer share at 13h30: the sentence, one picture under it, a choice of how to cut it."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.secret.regroupement import SEUIL
from pages.commun import perimetre, vivant
from pages.commun.figures import Figure
from pages.commun.mesures.phrases_mesures import TROP_FAIBLE, TROP_FAIBLE_DIT
from pages.commun.perimetre import Perimetre

MASQUE_DIT = f"« — » : inconnu, ou moins de {SEUIL} ménages."


def cle(choisi: Perimetre) -> tuple[str, str, str]:
    """What every reading of a step depends on."""
    return choisi.instantane.identifiant, str(choisi.seance), choisi.ici or ""


def message(texte: str) -> None:
    with st.container(key="message"):
        st.markdown(langue.typographier(texte))


def choisir(cle: str, options: dict[str, str]) -> str:
    return perimetre.option("Maille", cle, list(options), options.__getitem__, partout=True)


def dessiner(figure: Figure, n_lignes: int) -> None:
    """The picture, as high as its lines ask for: the table below starts on the same screen."""
    haute = "courte" if n_lignes <= 3 else "moyenne" if n_lignes <= 7 else "longue"
    with st.container(key=f"image_{haute}"):
        vivant.dessiner(figure)


def note(texte: str) -> None:
    st.html(f'<p class="reserve">{escape(langue.typographier(texte))}</p>')


def rapports(numerateurs: pd.Series, denominateurs: pd.Series) -> list[str]:
    """`38 sur 71`: what a share beside it is made of; absent where the share may not be shown."""
    return [
        f"{langue.nombre(int(k))} sur {langue.nombre(int(n))}" if pd.notna(k) and pd.notna(n) and n else langue.ABSENT
        for k, n in zip(numerateurs, denominateurs, strict=True)
    ]


def lectures(denominateurs: pd.Series) -> list[str]:
    """What is said of a share over too few households to conclude."""
    return [TROP_FAIBLE_DIT if pd.notna(n) and 0 < n < TROP_FAIBLE else "" for n in denominateurs]

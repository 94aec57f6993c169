"""Small things that every screen uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from mel_core import langue

Format = Callable[[Any], str]


def plusieurs(libelle: str, options: Sequence[Any], **reglages: Any) -> list[Any]:
    """A list in which several are chosen, one by one: Enter takes the first that is read, never all that match."""
    return st.multiselect(libelle, options, select_all=False, filter_mode="contains", **reglages)


def tableau_lu(table: pd.DataFrame, legende: str) -> str:
    """The same table for a screen reader: real HTML, out of sight (the grid is drawn on a canvas)."""
    tetes = "".join(f'<th scope="col">{escape(str(c))}</th>' for c in table.columns)
    corps = "".join(
        "<tr>" + "".join(f"<td>{escape(str(v))}</td>" for v in ligne) + "</tr>"
        for ligne in table.itertuples(index=False)
    )
    return (
        f'<table class="lu"><caption>{escape(legende)}</caption><thead><tr>{tetes}</tr></thead>'
        f"<tbody>{corps}</tbody></table>"
    )


def grille(table: pd.DataFrame, formats: Mapping[str, Format], legende: str, **apparence: Any) -> None:
    """A sortable grid in French numbers, with its table for screen readers. `formats`: column → function.

    `apparence`: what `st.dataframe` takes besides (`row_height`, `column_config`).
    """
    habillee = table.style.format(dict(formats), na_rep=langue.ABSENT)
    st.dataframe(habillee, hide_index=True, width="stretch", placeholder=langue.ABSENT, alt=legende, **apparence)
    lue = table.copy()
    for colonne, fonction in formats.items():
        lue[colonne] = [fonction(v) if pd.notna(v) else langue.ABSENT for v in lue[colonne]]
    st.html(tableau_lu(lue.fillna(langue.ABSENT), legende))

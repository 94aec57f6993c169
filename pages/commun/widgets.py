"""Small things that every screen uses."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from html import escape
from numbers import Real
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.dossier.classeurs import fichier
from mel_core.droits.actions import Action
from mel_core.socle import langue
from mel_core.socle.tableur import inerte
from mel_core.socle.valeurs import Compte, Ecart
from pages.adaptateur import telechargement
from pages.commun import visiteur

Format = Callable[[Any], str]
_VOLET = "volet"


def take_turns(cle: str, sujet: str) -> DeltaGenerator:
    """Where the picture and the lever of `sujet` go; to call before its sentence. `cle`: what takes turns there.

    Keys pressed on a lever that is about to go would be lost, under a sentence that is already about this subject. What
    is drawn again in its own place stays in the page until its elements come, one by one, and a place that is emptied
    until the run ends: subjects take turns at two places, and something else is written in the one that is left.
    """
    montre = f"{cle}_montre"  # the subject that is on screen, and which of the two places it took
    nom, rang = st.session_state.get(montre, ("", 0))
    if nom != sujet:
        rang = 1 - rang
        st.session_state[montre] = sujet, rang
    with st.container(gap=None):
        places = st.empty(), st.empty()
    places[1 - rang].html("<span></span>")
    return places[rang].container()


def plusieurs(libelle: str, options: Sequence[Any], **reglages: Any) -> list[Any]:
    """A list in which several are chosen, one by one: Enter takes the first that is read, never all that match."""
    return st.multiselect(libelle, options, select_all=False, filter_mode="contains", **reglages)


def unfold(titre: str, cle: str, *, est_tenu: bool = False) -> DeltaGenerator | None:
    """Where what explains is drawn, at the click that opens it: folded, it costs the page nothing. None while nobody
    opened it. `est_tenu`: what was typed there is kept, folded or not."""
    place = st.expander(titre, key=cle, on_change="rerun")
    return place if place.open or est_tenu else None


def volet(libelle: str, cle: str) -> DeltaGenerator | None:
    """A popover in which something is typed, named in the address: a reload opens it again. None while it is closed."""
    if cle not in st.session_state and st.query_params.get(_VOLET) == cle:
        st.session_state[cle] = True
    place = st.popover(libelle, key=cle, on_change="rerun")
    if place.open:
        st.query_params[_VOLET] = cle
    elif st.query_params.get(_VOLET) == cle:
        del st.query_params[_VOLET]
    return place if place.open else None


def tableau_lu(table: pd.DataFrame, legende: str, classe: str = "lu", bruts: pd.DataFrame | None = None) -> str:
    """A table as real HTML; by default for a screen reader, out of sight (the grid is drawn on a canvas). `bruts`: what
    the grid has instead of the words of some of its columns, for `lus.js`."""
    autres = {c: [_brut(v) for v in bruts[c]] for c in bruts} if bruts is not None else {}
    sans = [""] * len(table)
    attributs = zip(*(autres.get(c, sans) for c in table.columns), strict=True)
    tetes = "".join(f'<th scope="col">{escape(str(c))}</th>' for c in table.columns)
    corps = "".join(
        "<tr>" + "".join(f"<td{a}>{escape(str(v))}</td>" for v, a in zip(ligne, siens, strict=True)) + "</tr>"
        for ligne, siens in zip(table.itertuples(index=False), attributs, strict=True)
    )
    return (
        f'<table class="{classe}"><caption>{escape(legende)}</caption><thead><tr>{tetes}</tr></thead>'
        f"<tbody>{corps}</tbody></table>"
    )


_AIDES = {
    "Écart (attributions)": st.column_config.Column(
        help="« + » : de trop ; « − » : il en manque ; les deux, quand les types de quartiers tirent en sens contraire."
    )
}


def grille(
    table: pd.DataFrame, formats: Mapping[str, Format], legende: str, *, est_emporte: bool = False, **apparence: Any
) -> None:
    """A sortable grid in French numbers, with its table for screen readers. `formats`: column → function, where it is
    not that of its heading (see `formats_de`).

    `est_emporte`: whoever may takes it away, as it is read. `apparence`: what `st.dataframe` takes besides
    (`row_height`, `column_config`).
    """
    formats = formats_de(table) | dict(formats)
    dites = {c: [langue.ABSENT if pd.isna(v) else f(v) for v in table[c]] for c, f in formats.items()}
    lue = table.assign(**dites)
    triable = table.assign(**{c: _places(table[c], lue[c]) for c in formats if table[c].dtype == object})
    dits = {c: dict(zip(triable[c], lue[c], strict=True)) for c in formats}
    habillee = triable.style.format({c: dits[c].__getitem__ for c in formats}, na_rep=langue.ABSENT)
    colonnes = {c: aide for c, aide in _AIDES.items() if c in table} | apparence.pop("column_config", {})
    st.dataframe(
        habillee,
        hide_index=True,
        width="stretch",
        placeholder=langue.ABSENT,
        alt=legende,
        column_config=colonnes,
        **apparence,
    )
    st.html(tableau_lu(lue.astype(object).fillna(langue.ABSENT), legende, bruts=triable[list(formats)]))
    if est_emporte and visiteur.may(Action.TELECHARGER_TABLEAU):
        telechargement.offer(
            "Télécharger ce tableau (CSV)",
            partial(en_csv, table, formats),
            nom_de_fichier(legende),
            "text/csv",
            cle=f"csv_{legende}",
            de_lignes=True,
        )


def formats_de(table: pd.DataFrame) -> dict[str, Format]:
    """How the numbers of each column are read: as shares where its heading begins by « Part », as gaps where it is in
    points, in words where they go both ways, else as counts."""
    premiers = {c: next(iter(table[c].dropna()), None) for c in table}
    nombres = {c: v for c, v in premiers.items() if isinstance(v, (Real, Compte, Ecart)) and not isinstance(v, bool)}
    return {
        c: str
        if isinstance(v, Ecart)
        else langue.part
        if c.startswith("Part")
        else langue.ecart
        if c.endswith("(points)")
        else langue.nombre
        for c, v in nombres.items()
    }


def nom_de_fichier(legende: str) -> str:
    """`par-acteur-2017S2-ici-2.csv`: what it is about, of the scope that the page keeps in the address."""
    seance, ici = (fichier(st.query_params.get(nom, "")) for nom in ("seance", "ici"))
    return "-".join(x for x in (fichier(legende), seance.upper(), ici) if x) + ".csv"


def en_csv(table: pd.DataFrame, formats: Mapping[str, Format]) -> bytes:
    """A table for a French spreadsheet: semicolons, decimal commas; a number is as precise as on screen (a share of
    61,3 % is 0,613), a count that is not said reads as there, what is unknown is empty."""
    dites = {c: [_write(v, formats.get(c)) for v in table[c]] for c in table}
    return pd.DataFrame(dites, columns=table.columns, dtype=object).to_csv(index=False, sep=";").encode("utf-8-sig")


def _write(valeur: Any, fonction: Format | None) -> Any:
    if isinstance(valeur, (Compte, Ecart)):
        return valeur.nu
    if not isinstance(valeur, Real) or isinstance(valeur, bool) or pd.isna(valeur):
        return inerte(valeur)
    dit = fonction(valeur) if fonction else ""
    lues = _APRES_LA_VIRGULE.search(dit)
    decimales = (len(lues[1]) if lues else 0) + 2 * ("%" in dit) if fonction else _SANS_FORMAT
    exacte = valeur if isinstance(valeur, Fraction) else float(valeur)
    texte = f"{float(langue.round_off(exacte, decimales)):.{decimales}f}"
    return (texte.rstrip("0").rstrip(".") if decimales else texte).replace(".", ",")


_APRES_LA_VIRGULE = re.compile(r",(\d+)")
_SANS_FORMAT = 6  # decimals of what has no format of its own


def _places(valeurs: pd.Series, dits: Sequence[str]) -> list[float]:
    """What a column is sorted by: the place of each value in it; two that read otherwise never share one, since the
    grid finds the words of a cell by what it is sorted by. What is not known has none."""
    rangs = [(_rang(v), dit) for v, dit in zip(valeurs, dits, strict=True)]
    places = {x: float(i) for i, x in enumerate(sorted({x for x in rangs if not math.isnan(x[0])}))}
    return [places.get(x, math.nan) for x in rangs]


def _brut(valeur: float) -> str:
    """As the browser writes a number."""
    return "" if pd.isna(valeur) else f' data-brut="{repr(float(valeur)).removesuffix(".0")}"'


def _rang(valeur: Any) -> float:
    if isinstance(valeur, (Compte, Ecart)):
        return valeur.rang
    return float("nan") if pd.isna(valeur) else float(valeur)

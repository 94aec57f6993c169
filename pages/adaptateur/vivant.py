"""What is drawn in the page by our own module (static/figures): pictures sent as small frames, redrawn in place.

The module itself is asked once for a page; what is sent at each step is the import of its address, and bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import pandas as pd
import streamlit as st

from pages.commun.images.figures import Figure


def composant(nom: str) -> Any:
    """The Streamlit component whose code is `static/figures/<nom>.js`."""
    adresse = f"app/static/figures/{nom}.js"
    import_files = f"export default async (c) =>\n  (await import(new URL('{adresse}', document.baseURI))).default(c)"
    return st.components.v2.component(f"ici_{nom}", js=import_files, isolate_styles=False)


_images = composant("images")


def draw(*figures: Figure) -> None:
    """Charts and maps side by side, each with its text for a screen reader: one piece, drawn again where it stands."""
    place(prepare(*figures))


def prepare(*figures: Figure) -> tuple[str, bytes]:
    """The key of these pictures and what the page reads of them: what may be kept from one visitor to the next."""
    cle = "figures_" + sha256(" ; ".join(f.titre for f in figures).encode()).hexdigest()[:12]
    return cle, octets({"figures": [charge(f) for f in figures]})


def place(prepares: tuple[str, bytes]) -> None:
    """Pictures made ready by `prepare`."""
    _images(key=prepares[0], data=prepares[1])


def dit(composant: str, champ: str) -> Any:
    """What the component of this key says of `champ`; None when its page was left before its question was treated."""
    etat = st.session_state.get(composant)
    return etat.get(champ) if etat else None


def demande(composant: str) -> dict[str, Any]:
    """The last question of a lever, as the browser says it, which may say anything."""
    dite = dit(composant, "demande")
    return dict(dite) if isinstance(dite, Mapping) else {}


def entier_dit(dite: object, bornes: range) -> int | None:
    """A whole number within bounds, of what a browser says."""
    if isinstance(dite, bool) or not isinstance(dite, int | float) or dite not in bornes:
        return None
    return int(dite)


def answer(composant: str, message: bytes) -> bytes:
    """What the page reads of a lever, with the number of the question that it answers: two answers that say the same
    are two, where Streamlit would not draw again what has not changed, and the page would wait.
    """
    question = entier_dit(demande(composant).get("question"), range(2**53)) or 0
    return b'{"question":%d,' % question + message[1:]


def octets(contenu: dict[str, Any]) -> bytes:
    """As the page reads it."""
    return json.dumps(contenu, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def charge(figure: Figure) -> dict[str, Any]:
    """A figure as the page reads it: its frames column by column, nothing where a value is unknown."""
    donnees = {nom: {str(c): _valeurs(frame[c]) for c in frame.columns} for nom, frame in figure.donnees.items()}
    return {"dessin": figure.dessin, "titre": figure.titre, "lecture": figure.lecture, "donnees": donnees}


def _valeurs(colonne: pd.Series) -> Sequence[Any]:
    return [None if v is pd.NA or v != v else v for v in colonne.tolist()]

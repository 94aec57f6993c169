"""What is drawn in the page by our component (static/images), Plotly figures alone or under a lever; how large it is.

Its module is asked once for a page; what is sent at each step is the import of its address, and bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import streamlit as st
from plotly.offline import get_plotlyjs

from pages.commun.images import fond
from pages.commun.images.gabarit import Image

GRANDEURS = range(15, 61)  # in twentieths: from a window 1025 wide to one of 4100
_CLE_FENETRE = "grandeur_fenetre"  # of its own: « fenetre » is a step of a segment, in its address
_SUE = "grandeur_sue"  # what a component said is forgotten from page to page: asked again, it would draw each one twice


def composant(nom: str, dossier: str = "images") -> Any:
    """The Streamlit component whose code is `static/<dossier>/<nom>.js`."""
    adresse = f"app/static/{dossier}/{nom}.js"
    import_images = f"export default async (c) =>\n  (await import(new URL('{adresse}', document.baseURI))).default(c)"
    return st.components.v2.component(f"ici_{nom}", js=import_images, isolate_styles=False)


_images = composant("figure")


def publish() -> None:
    """Plotly's own code, as its package has it, where the pages ask for it."""
    fond.copy("plotly.min.js", get_plotlyjs().encode())


def draw(*images: Image) -> str | None:
    """Charts side by side, each with its text for a screen reader: one piece, drawn again where it stands. The code of
    the place whose mark was just clicked, none else."""
    cle = "images_" + sha256(" ; ".join(image.titre for image in images).encode()).hexdigest()[:12]
    lus = octets({"images": [charge(image) for image in images]})
    clique = _images(key=cle, data=lus, on_lieu_change=lambda: None)
    return str(clique["lieu"]) if clique and clique.get("lieu") else None


def give_way() -> None:
    """In what is long and nobody waits for: let a click that came meanwhile pass. Streamlit sees to it each time the
    session is read."""
    st.session_state.get("attente")


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


def octets(contenu: dict[str, Any]) -> bytes:
    """As the page reads it."""
    return json.dumps(contenu, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def charge(image: Image) -> dict[str, Any]:
    """A chart as the page reads it."""
    # Plotly's own writing knows arrays and what is unknown.
    dites = {"titre": image.titre, "lecture": image.lecture, "hauteur": image.hauteur}
    return {**json.loads(image.figure.to_json(validate=False)), **dites}


_fenetre = composant("fenetre", "adaptateur")


def listen_fenetre() -> None:
    """To be placed once in the frame: a window that is not 1366 wide says so once, and the page is drawn for it."""
    _fenetre(key=_CLE_FENETRE, data={"vingtiemes": round(20 * grandeur())}, on_vingtiemes_change=lambda: None)


def grandeur() -> float:
    """Of the window, to a twentieth, and never more than it is: a map is not to leave its place. 1 for one 1366 wide,
    and until it is known."""
    if (vingtiemes := entier_dit(dit(_CLE_FENETRE, "vingtiemes"), GRANDEURS)) is not None:
        st.session_state[_SUE] = vingtiemes
    return int(st.session_state.get(_SUE, 20)) / 20

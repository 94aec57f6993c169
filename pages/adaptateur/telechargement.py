"""A file to take away: given to the session that asked for it alone, while its login lasts and its right holds.

Streamlit gives what is at `/media/…` to whoever knows the address. Where somebody logs in,
`pages.adaptateur.enveloppe` asks here at each request; a content that nobody was offered is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock
from typing import Literal

import streamlit as st
from streamlit.runtime import get_instance

from mel_core.droits.acces import Profil
from mel_core.droits.connexions import AGE_MAX, Connexion
from mel_core.secret.bail import SALLE, lease
from pages.commun import connexion, visiteur

_REFUSE = "Ce fichier ne peut plus être demandé depuis cette page : la recharger.\n"


@dataclass(frozen=True)
class _Offre:
    """To whom a content was offered: a login, and the right that it had. `de_lignes`: closed in Salle."""

    connexion: Connexion
    profil: Profil | None
    de_lignes: bool

    def vaut(self, cookies: Mapping[str, str]) -> bool:
        """Whether a request that brings these cookies is of this login, and still has this right."""
        qui = connexion.ouverte(cookies)
        return (
            qui == self.connexion
            and connexion.inscrit(qui) == self.profil
            and not (self.de_lignes and visiteur.est_connexion_en_salle(qui))
        )


_offres: dict[bytes, set[_Offre]] = {}  # hash of the content: two contents may share an address, not this
_verrou = Lock()


def offer(
    libelle: str,
    contenu: bytes | Callable[[], bytes],
    nom: str,
    genre: str,
    *,
    cle: str,
    type: Literal["primary", "secondary"] = "secondary",
    de_lignes: bool = False,
    aide: str | None = None,
) -> None:
    """A button that downloads `contenu`, made at the click when it is a function. `de_lignes`: rows of households, or
    the exact figures of each place, that nobody takes away in Salle."""
    cookies = st.context.cookies.to_dict()
    qui = None if visiteur.est_repetition() else connexion.ouverte(cookies)
    offre = _Offre(qui, connexion.inscrit(qui), de_lignes) if qui else None
    lu_par = visiteur.lu_par()

    def produce() -> bytes:
        if offre and not offre.vaut(cookies):
            return _REFUSE.encode()  # offered to nobody: its address answers nobody
        with lease(SALLE if qui and visiteur.est_connexion_en_salle(qui) else lu_par):
            fait = contenu() if callable(contenu) else contenu
        if offre:
            _propose(fait, offre)
        return fait

    donne = produce if callable(contenu) else produce()
    st.download_button(libelle, donne, nom, genre, key=cle, type=type, on_click="ignore", help=aide)


def est_permis(fichier: str, cookies: Mapping[str, str]) -> bool:
    """Whether the file at `/media/{fichier}` was offered to who brings these cookies, and may still be taken."""
    media = get_instance().media_file_mgr.read_file(fichier)
    if media is None:
        return False
    with _verrou:
        offres = set(_offres.get(sha256(media.content).digest(), ()))
    return any(offre.vaut(cookies) for offre in offres)


def _propose(contenu: bytes, offre: _Offre) -> None:
    """Keep the offer, and forget those of logins that are over."""
    debut = datetime.now(UTC) - AGE_MAX
    with _verrou:
        for cle, offres in list(_offres.items()):
            _offres[cle] = {o for o in offres if o.connexion.depuis > debut}
            if not _offres[cle]:
                del _offres[cle]
        _offres.setdefault(sha256(contenu).digest(), set()).add(offre)

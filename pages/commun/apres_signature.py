"""After the presidency signed, a decision or an engagement acted or corrected makes the signature fall. Said before."""

from __future__ import annotations

import streamlit as st

from mel_core import langue
from mel_core.coordination import signature
from mel_core.coordination.signature import Signature
from mel_core.dossier.contexte import PARIS
from mel_core.erreurs import ErreurUtilisateur
from mel_core.journal import Fiche
from mel_core.periodes import Seance
from pages.commun import registre


def en_vigueur(seance: Seance, ici: str) -> tuple[Fiche, Signature] | None:
    """The signature that covers the relevé of `ici` as it stands; None when nobody signed, or when it fell already."""
    signee = signature.lire(registre.journal(), seance, ici)
    return signee if signee and signature.est_a_jour(registre.journal(), signee[1]) else None


def demander(seance: Seance, ici: str, cle: str) -> bool:
    """Whether the text `cle` may be written: at once while nothing is signed, else once somebody said so."""
    signee = en_vigueur(seance, ici)
    if signee is None:
        return True
    fiche, signe = signee
    qui, le = signature.signataire(fiche, signe), langue.jour(fiche.instant.astimezone(PARIS))
    st.write(
        f"**Le relevé est signé** par {qui}, le {le}. Écrire ici est une nouvelle version : la signature tombe et le "
        "relevé redevient un projet, à faire signer de nouveau. Le texte signé reste au journal."
    )
    return st.checkbox("Écrire quand même : la signature tombera", key=_cle(fiche, cle))


def exiger(seance: Seance, ici: str, cle: str) -> None:
    """Raises `ErreurUtilisateur` when it was signed meanwhile: no key undoes a signature by surprise."""
    signee = en_vigueur(seance, ici)
    if signee and not st.session_state.get(_cle(signee[0], cle)):
        raise ErreurUtilisateur(
            "La présidence a signé le relevé : pour écrire quand même, cocher d’abord que la signature tombera. Ce qui "
            "est tapé est gardé."
        )


def _cle(fiche: Fiche, cle: str) -> str:
    return f"apres_signature_{fiche.identifiant}_{fiche.version}_{cle}"

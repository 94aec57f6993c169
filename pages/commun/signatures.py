"""The signature of a séance: who froze its figures, since when; and what it takes to write what the relevé prints after
the presidency signed, which makes the signature fall."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mel_core.journal import Fiche
from mel_core.seance.coordination import signature
from mel_core.seance.coordination.signature import Signature
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import donnees, ecriture
from pages.commun.choix_perimetre import Perimetre


def say(seance: Seance, ici: str = "") -> str:
    """See `signature.say_gelee`, of the journal of this store."""
    return signature.say_gelee(ecriture.journal(), donnees.entrepot(), seance, ici)


def say_source(choisi: Perimetre) -> str:
    """`données publiées le 12 janvier 2018, séance gelée le …`: on what an answer rests."""
    gelee = say(choisi.seance, choisi.ici or "")
    return f"données publiées le {langue.jour(choisi.instantane.publie_le)}" + (f", séance {gelee}" if gelee else "")


def en_vigueur(seance: Seance, ici: str) -> tuple[Fiche, Signature] | None:
    """The signature that covers the relevé of `ici` as it stands; None when nobody signed, or when it fell already."""
    signee = signature.read(ecriture.journal(), seance, ici)
    return signee if signee and signature.est_a_jour(ecriture.journal(), signee[1]) else None


def ask(seance: Seance, ici: str, cle: str, *, est_repris: bool = False) -> bool:
    """Whether the text `cle` may be written: at once while nothing is signed, else once somebody said so.

    `est_repris`: a decision or an engagement, whose identifiant is `cle`; the relevés of later séances print it too.
    """
    signees = _touchees(seance, ici, cle, est_repris)
    if not signees:
        return True
    st.write(signature.say_touchees(signees))
    return st.checkbox("Écrire quand même : la signature tombera", key=_cle_signee(signees, cle))


def require(seance: Seance, ici: str, cle: str, *, est_repris: bool = False) -> None:
    """Raises `ErreurUtilisateur` when it was signed meanwhile: no key undoes a signature by surprise."""
    signees = _touchees(seance, ici, cle, est_repris)
    if signees and not st.session_state.get(_cle_signee(signees, cle)):
        raise ErreurUtilisateur(
            "La présidence a signé le relevé : pour écrire quand même, cocher d’abord que la signature tombera. Ce qui "
            "est tapé est gardé."
        )


def _touchees(seance: Seance, ici: str, cle: str, est_repris: bool) -> list[tuple[Fiche, Signature]]:
    return signature.touchees(ecriture.journal(), seance, ici, cle if est_repris else None)


def _cle_signee(signees: Sequence[tuple[Fiche, Signature]], cle: str) -> str:
    return f"apres_signature_{'_'.join(f'{f.identifiant}_{f.version}' for f, _ in signees)}_{cle}"

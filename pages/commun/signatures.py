"""The signature of a séance: who froze its figures, since when; and what it takes to write what the relevé prints after
the presidency signed, which makes the signature fall."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mel_core.dossier.contexte import PARIS
from mel_core.journal import Fiche
from mel_core.seance.coordination import signature
from mel_core.seance.coordination.signature import Signature
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import donnees, ecriture
from pages.commun.choix_perimetre import Perimetre


def say(seance: Seance, ici: str = "") -> str:
    """`gelée le 12 janvier 2018, signée par Camille Essai (MEL), vice-présidente`, in `ici` or everywhere; empty while
    its figures can move."""
    if not donnees.entrepot().pour(ici).est_gelee(seance):
        return ""
    # Whoever signed first froze it: a later sign-off (of another ICI, of a corrected relevé) moves no figure.
    journal, objet = ecriture.journal(), signature.OBJET
    signees = [f for f in journal.find_all(objet, seance=str(seance)) if f.contenu.get("ici", "") in ("", ici)]
    versions = (journal.historique(objet, f.identifiant) for f in signees)
    premieres = [v[0] for v in versions if v and not v[0].effacee]
    if not premieres:
        return "gelée par la ligne de commande, sans signature"
    fiche = min(premieres, key=lambda f: f.instant)
    signee = Signature.depuis(fiche)
    saisie = f"{fiche.auteur.nom} ({fiche.auteur.organisation})" if fiche.auteur.organisation else fiche.auteur.nom
    qui = signee.presidence or saisie
    jour = langue.jour(fiche.instant.astimezone(PARIS))
    return f"gelée le {jour}, signée par {qui}, {signee.qualite}"


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
    releves = " ".join(_say_signee(*signee) for signee in signees)
    st.write(
        f"{releves} Écrire ici est une nouvelle version : la signature tombe et le relevé "
        "redevient un projet, à faire signer de nouveau. Le texte signé reste au journal."
    )
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


def _say_signee(fiche: Fiche, signee: Signature) -> str:
    qui, le = signature.signataire(fiche, signee), langue.jour(fiche.instant.astimezone(PARIS))
    return f"**Le relevé de la séance {signee.seance} est signé** par {qui}, le {le}."


def _cle_signee(signees: Sequence[tuple[Fiche, Signature]], cle: str) -> str:
    return f"apres_signature_{'_'.join(f'{f.identifiant}_{f.version}' for f, _ in signees)}_{cle}"

"""A row of the journal as a `Fiche`. One that was altered until it can't be read is told, by its rank."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from mel_core.journal.fiches import Auteur, Fiche
from mel_core.socle.erreurs import ErreurUtilisateur

VERSION, REFUSEE, EFFACEMENT = "version", "refusee", "effacement"
_ILLISIBLE = (ValueError, TypeError, KeyError, RecursionError)


def fiche(ligne: Any) -> Fiche:
    """Raises `ErreurUtilisateur` when the row holds what the journal never wrote."""
    try:
        return _fiche(ligne)
    except _ILLISIBLE:
        raise alteree(ligne) from None


def contenu(ligne: Any) -> dict[str, Any]:
    """What the row says, without its author; its text must not have been erased."""
    try:
        return _read(ligne.texte)["contenu"]
    except _ILLISIBLE:
        raise alteree(ligne) from None


def _fiche(ligne: Any) -> Fiche:
    lu: dict[str, Any] = {"auteur": "", "contenu": {}} if ligne.texte is None else _read(ligne.texte)
    auteur = Auteur(lu["auteur"], ligne.organisation, ligne.profil, lu.get("mention", ""))
    instant = datetime.fromisoformat(ligne.instant)
    version = ligne.version_vue if ligne.version is None else ligne.version
    # SQLite holds anything in any column: bytes, or a text that no screen can show.
    noms = (ligne.objet, ligne.identifiant, ligne.op_id, ligne.lien)
    "".join((*noms, auteur.nom, auteur.organisation, auteur.profil, auteur.mention)).encode()
    if not isinstance(version, int) or not isinstance(ligne.rang, int):
        raise TypeError
    if instant.tzinfo is None or not 1 < instant.year < 9999:  # else out of range in some time zone
        raise ValueError
    return Fiche(
        ligne.objet,
        ligne.identifiant,
        version,
        lu["contenu"],
        auteur,
        instant,
        ligne.op_id,
        ligne.rang,
        ligne.lien,
        effacee=ligne.texte is None,
        est_refusee=ligne.nature == REFUSEE,
    )


def _read(texte: Any) -> dict[str, Any]:
    lu = json.loads(texte)
    if not isinstance(lu, dict) or not isinstance(lu["contenu"], dict):
        raise TypeError
    return lu


def alteree(ligne: Any) -> ErreurUtilisateur:
    """The one sentence for a row that can't be read."""
    laquelle = f"L’écriture {ligne.rang}" if isinstance(ligne.rang, int) else "Une écriture sans rang"
    return ErreurUtilisateur(
        f"{laquelle} du journal ne se lit pas, elle a été modifiée : lancer la commande journal --verifier, qui dit "
        "tout ce qui l’a été."
    )

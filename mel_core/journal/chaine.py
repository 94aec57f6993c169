"""The chain: each entry is sealed by a keyed HMAC over its fields and the seal of the one before.

A payload enters the chain only by a salted hash: erasing it (and its salt) leaves the chain whole, and nothing to
guess it from. The key sits in the store folder, readable by its owner only: who holds both can forge; the links printed
on the relevés are what such a forger cannot take back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mel_core.socle.durable import write_whole
from mel_core.socle.erreurs import AppelIncorrect

ORIGINE = "0" * 64  # what the first entry follows
CHAMPS = (
    "rang",
    "op_id",
    "nature",
    "objet",
    "identifiant",
    "version",
    "version_vue",
    "organisation",
    "profil",
    "instant",
    "vise",
    "empreinte",
    "precedente",
)


def canonique(valeur: Any) -> str:
    """The one JSON text of `valeur`: sorted keys, ASCII only (any database and any character hold)."""
    try:
        return json.dumps(valeur, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError):
        raise AppelIncorrect(
            "Le contenu à écrire au journal ne tient pas en JSON : écrire dates et fractions en texte."
        ) from None


def empreinte(sel: str, texte: str) -> str:
    """Salted digest of a text, SHA-256 in hexadecimal: what stays in the chain when the text is erased.

    The journal writes ASCII; bytes that are no text come back from an altered row, and have their digest too.
    """
    return hashlib.sha256(f"{sel}|{texte}".encode(errors="surrogateescape")).hexdigest()


def seal(cle: bytes, ecriture: Mapping[str, Any]) -> str:
    """The link of an entry: HMAC over all its fields, the previous link among them."""
    return sign(cle, canonique([ecriture[champ] for champ in CHAMPS]))


def sign(cle: bytes, texte: str) -> str:
    """Keyed digest of a text, HMAC-SHA-256 in hexadecimal: nobody without the key of the journal can make one."""
    return hmac.digest(cle, texte.encode(), "sha256").hex()


def sample_cle(chemin: Path) -> None:
    """Draw the key of a new journal; the caller holds the lock of the folder."""
    write_whole(chemin, secrets.token_bytes(32))

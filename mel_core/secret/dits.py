"""How a count of people is said where others read it."""

from __future__ import annotations

from mel_core import langue
from mel_core.secret.regroupement import SEUIL


def dire_compte(n: int, singulier: str, pluriel: str | None = None) -> str:
    """`27 demandes`, `0 demande`, `moins de 11 demandes`."""
    if 0 < n < SEUIL:
        return f"moins de {SEUIL}{langue.INSECABLE}{langue.accorder(SEUIL, singulier, pluriel)}"
    return langue.effectif(n, singulier, pluriel)

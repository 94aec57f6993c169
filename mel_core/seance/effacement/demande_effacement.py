"""Who is to be erased: by their numéros uniques, all those past their time, or those that a copy brought back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from mel_core.contrat.valeurs import est_identifiant_abime, est_identifiant_habille
from mel_core.socle.erreurs import AppelIncorrect

NUMEROS, RADIES, REJEU = "numeros", "radies", "rejeu"
_PLUSIEURS = re.compile(r"[\s;,|]")


@dataclass(frozen=True)
class DemandeEffacement:
    """`numeros` goes with NUMEROS (never shown), `au` with RADIES: the day on which the year is over."""

    motif: str
    numeros: tuple[str, ...] = field(default=(), repr=False)
    au: date | None = None

    @classmethod
    def par_numeros(cls, octets: bytes) -> DemandeEffacement:
        """One numéro unique a line. What is wrong is told by its line, never by what it says."""
        try:
            lignes = [ligne.strip() for ligne in octets.decode("utf-8-sig").splitlines()]
        except UnicodeDecodeError:
            raise AppelIncorrect(
                "La liste des numéros uniques ne se lit pas : l’enregistrer en texte (UTF-8), un numéro par ligne."
            ) from None
        for rang, ligne in enumerate(lignes, start=1):
            if _PLUSIEURS.search(ligne) or est_identifiant_abime(ligne) or est_identifiant_habille(ligne):
                raise AppelIncorrect(
                    f"La ligne {rang} n’est pas un numéro unique : écrire un numéro par ligne, sans espace ni colonne."
                )
        numeros = tuple(dict.fromkeys(ligne for ligne in lignes if ligne))
        if not numeros:
            raise AppelIncorrect("Aucun numéro unique n’est donné : en écrire un par ligne.")
        return cls(NUMEROS, numeros)

    @classmethod
    def des_radies(cls, au: date, aujourdhui: date) -> DemandeEffacement:
        if au > aujourdhui:
            raise AppelIncorrect(f"Le {au:%d/%m/%Y} n’est pas encore passé : donner à --radies une date échue.")
        return cls(RADIES, au=au)

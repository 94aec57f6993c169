"""What communes and bailleurs noted of the demandes of a segment, added up: of no household, by nobody.

An outcome is named by a digest of its household and of who noted it: only who holds the list of a segment finds those
of its demandes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from mel_core.journal import Journal
from mel_core.secret.bail import SALLE, reader
from mel_core.segments.listes import suites
from mel_core.segments.listes.suites import CAUSES, CAUSES_DE, Code, Suite
from mel_core.socle import langue
from mel_core.socle.periodes import Seance

# « 110 injoignables »: how many are blocked by each cause, after their number.
_EN_NOMBRE = {
    "offre": ("sans offre là où elle demande", "sans offre là où elles demandent"),
    "typologie": ("à la typologie trop rare", "à la typologie trop rare"),
    "loyer": ("au loyer trop élevé", "au loyer trop élevé"),
    "dossier": ("au dossier incomplet", "au dossier incomplet"),
    "injoignable": ("injoignable", "injoignables"),
    "dette": ("en dette ou contentieux", "en dette ou contentieux"),
    "handicap": ("sans logement adapté", "sans logement adapté"),
    "autre": ("bloquée par une autre cause", "bloquées par une autre cause"),
}
_CITEES = 3
QUOI = "Demandes, par cause notée dans les listes"
AUCUNE = "Aucune cause n’est notée : les communes et les bailleurs les notent dans Mes listes."


@dataclass(frozen=True)
class Notees:
    """`n` demandes of which something is noted, each once. `suites`: one row per outcome that occurs, with its cause
    where it has one, most first: `code`, `cause` (empty: none), `dite`, and `n` demandes, each once a row (a commune
    and a bailleur may have noted it otherwise)."""

    n: int
    suites: pd.DataFrame

    @property
    def causes(self) -> pd.DataFrame:
        """Those of what is blocked, or was refused."""
        return self.suites[self.suites["cause"] != ""].reset_index(drop=True)

    @property
    def est_projetable(self) -> bool:
        """Whether a room is told how many have one of them: one where it is told of none is not a message."""
        return any(SALLE.compte(n).est_dit for n in self.causes["n"])


def find_notees(journal: Journal, menages: Collection[str], seance: Seance) -> Notees:
    """What is noted of `menages` (pseudonyms), by whoever does, in the lists of `seance` or of one before."""
    notees: dict[str, dict[str, Suite]] = defaultdict(dict)
    for fiche in journal.find_all(suites.OBJET):
        if not fiche.effacee and fiche.contenu["code"] != suites.RETIREE:
            suite = Suite.depuis(fiche)
            if suite.seance <= seance:
                notees[suite.organisation][fiche.identifiant] = suite
    comptes: Counter[tuple[Code, str]] = Counter()
    n = 0
    for menage in menages if notees else ():
        lues = [siennes.get(suites.identifiant(journal, qui, menage)) for qui, siennes in notees.items()]
        dites = {(suite.code, suite.cause) for suite in lues if suite}
        comptes.update(dites)
        n += bool(dites)
    ordre = sorted(comptes.items(), key=lambda x: (-x[1], x[0]))
    lignes = [(str(code), cause, _say(code, cause), k) for (code, cause), k in ordre]
    return Notees(n, pd.DataFrame(lignes, columns=["code", "cause", "dite", "n"]))


def say_suivies(notees: Notees) -> str:
    """What became of households in the lists since an orientation was taken of them, as it is read; empty of none."""
    lues = [(x.dite, reader().compte(x.n)) for x in notees.suites.itertuples()]
    rangees = sorted(((dite, n) for dite, n in lues if n.est_dit), key=lambda x: (-float(x[1]), x[0]))
    dites = [f"{dite[0].lower()}{dite[1:]} ({n})" for dite, n in rangees]
    combien = langue.effectif(reader().compte(notees.n), "ménage")
    return f"Suites notées dans les listes, {combien} : {', '.join(dites)}." if dites else ""


def _say(code: Code, cause: str) -> str:
    """`Injoignable`, `Refus : loyer et charges`, `Contacté`."""
    if not cause:
        return langue.capitalize(code.titre)
    dite = CAUSES_DE[code][cause]
    return langue.capitalize(dite) if code is Code.TOUJOURS_BLOQUE else f"Refus : {dite}"


def say(ou: str, titre: str, notees: Notees) -> str:
    """`Dans l’ICI 2, parmi « Ménages Poulidor », … : **110 injoignables**`: what blocks the most as it is read, down to
    what another one equals; nothing where as many were refused for one cause."""
    n = reader().compte(notees.n)
    lues = [(reader().compte(x.n), x.code, x.cause) for x in notees.causes.itertuples()]
    # By what is read alone: a place in the sentence would tell what is not.
    bloquees = sorted(
        ((k, cause) for k, code, cause in lues if k.est_dit and code == Code.TOUJOURS_BLOQUE),
        key=lambda x: (-float(x[0]), list(CAUSES).index(x[1])),
    )
    refusees = [float(k) for k, code, _ in lues if k.est_dit and code != Code.TOUJOURS_BLOQUE]
    plancher = max([float(k) for k, _ in bloquees[_CITEES : _CITEES + 1]], default=0)
    premieres = [x for x in bloquees[:_CITEES] if float(x[0]) > plancher]
    if bloquees and max(refusees, default=0) >= float(bloquees[0][0]):
        premieres = []
    dites = [f"**{k} {langue.agree(k, *_EN_NOMBRE[cause])}**" for k, cause in premieres]
    quoi = f" : {langue.liste(dites)}" if dites else ""
    combien = f"{langue.effectif(n, 'demande')} {langue.agree(n, 'a', 'ont')} une suite notée"
    return f"Dans {ou}, parmi « {titre} », {combien} par les communes et les bailleurs{quoi}."

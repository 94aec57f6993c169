"""What the journal knows of erased people: texts about them to erase, and keyed codes that say who without naming them.

The codes are entered before anything is erased: an erasure that was cut is found again by them, and redone on a copy
put back. They are payloads of their own, erased in their turn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mel_core.entrepot.coffre import Pseudonymes
from mel_core.journal import Auteur, Fiche, Journal, nouvel_identifiant, nouvel_op_id
from mel_core.segments.listes import suites
from mel_core.socle.periodes import step_back

NUMEROS = "numeros"  # people asked for by name: no rule finds them again on a copy put back
OBJET, CODES = "effacement", "effacement_codes"
MOIS_GARDES = 12  # how long a code can redo an erasure on a copy; then the copy must be gone
_SE_REECRIVENT = frozenset({"blocage", "decision", "pratique"})  # what the room can write anew without the number
_MOT = re.compile(r"[0-9A-Za-z]{6,}")


@dataclass(frozen=True)
class Textes:
    """`op_ids`: writes to erase. `menages`: who has an outcome. `a_reecrire`: texts of the room that name somebody and
    are the last of their object."""

    op_ids: tuple[str, ...]
    menages: frozenset[str]
    a_reecrire: tuple[Fiche, ...]


def textes(journal: Journal, voulus: Collection[str], pseudonymes: Pseudonymes) -> Textes:
    """Every write about `voulus` that still has its payload: their outcomes, and what names them or their numéro."""
    fiches = [f for f in journal.ecritures() if not f.effacee and f.objet != CODES]
    organisations = {f.contenu["organisation"] for f in fiches if f.objet == suites.OBJET}
    noms = {suites.identifiant(journal, o, p): p for o in organisations for p in voulus}
    op_ids, menages, a_reecrire, derniers = [], set(), [], set[tuple[str, str]]()
    for fiche in fiches:  # the latest first
        objet = (fiche.objet, fiche.identifiant)
        est_derniere = not fiche.est_refusee and objet not in derniers
        if not fiche.est_refusee:
            derniers.add(objet)
        if fiche.objet == suites.OBJET and fiche.identifiant in noms:
            op_ids.append(fiche.op_id)
            menages.add(noms[fiche.identifiant])
        elif _nomme(fiche, voulus, pseudonymes):
            if est_derniere and fiche.objet in _SE_REECRIVENT:
                a_reecrire.append(fiche)
            else:
                op_ids.append(fiche.op_id)
    return Textes(tuple(op_ids), frozenset(menages), tuple(a_reecrire))


def _nomme(fiche: Fiche, voulus: Collection[str], pseudonymes: Pseudonymes) -> bool:
    texte = json.dumps([fiche.auteur.nom, dict(fiche.contenu)], ensure_ascii=False)
    mots = [mot for mot in _MOT.findall(texte) if any(c.isdigit() for c in mot)]
    return any(p in voulus for p in (*mots, *pseudonymes.de(mots)))


def code(journal: Journal, pseudonyme: str) -> str:
    """Says nothing without the key of the journal and that of the pseudonyms."""
    return journal.op_id_de(OBJET, pseudonyme)


def inacheves(journal: Journal) -> list[Fiche]:
    """Erasures that were begun and not finished."""
    finis = {f.identifiant for f in journal.find_all(OBJET)}
    return [f for f in journal.find_all(CODES) if f.identifiant not in finis and not f.effacee]


def codes(fiches: Iterable[Fiche]) -> set[str]:
    return {c for f in fiches for c in f.contenu["codes"]}


def codes_gardes(journal: Journal) -> set[str]:
    """Of everybody that was erased by numéro and may be in a copy still."""
    return codes(f for f in journal.find_all(CODES) if not f.effacee)


def begin(journal: Journal, motif: str, menages: Collection[str], comptes: Mapping[str, Any], auteur: Auteur) -> Fiche:
    """Enter that these people are being erased: how many, never who."""
    contenu = {"motif": motif, "comptes": dict(comptes), "codes": sorted(code(journal, p) for p in menages)}
    return journal.write(CODES, nouvel_identifiant(), contenu, auteur, nouvel_op_id())


def end(journal: Journal, commencee: Fiche, auteur: Auteur) -> None:
    """Enter that it is done. Again adds nothing."""
    contenu = {cle: commencee.contenu[cle] for cle in ("motif", "comptes")}
    op_id = journal.op_id_de(OBJET, "fini", commencee.identifiant)
    journal.write(OBJET, commencee.identifiant, contenu, auteur, op_id)


def forget_codes(journal: Journal, aujourdhui: date, auteur: Auteur) -> None:
    """Erase the codes that serve no more: those too old, and those of a rule that finds its people by itself."""
    if perimes := list(_perimes(journal, aujourdhui)):
        journal.erase(*perimes, auteur=auteur)


def _perimes(journal: Journal, aujourdhui: date) -> Iterator[str]:
    finis = {f.identifiant for f in journal.find_all(OBJET)}
    for fiche in journal.find_all(CODES):
        if fiche.identifiant in finis and not fiche.effacee:
            est_vieille = fiche.instant.date() <= step_back(aujourdhui, MOIS_GARDES)
            if est_vieille or fiche.contenu["motif"] != NUMEROS:
                yield fiche.op_id

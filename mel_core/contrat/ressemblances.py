"""How a header or a word is written like another: by likeness, by the words that say something, shortened or not."""

from __future__ import annotations

import re
from collections.abc import Mapping as Correspondance
from collections.abc import Sequence
from functools import lru_cache

from mel_core.contrat.reference import colonne_dite, fold, likeness
from mel_core.contrat.valeurs import numbered

# Words that are others.
_COURTS = {"nombre": "nb", "nbre": "nb", "etat": "prefet", "prefecture": "prefet", "evt": "evenement"}
_COURTS |= dict.fromkeys(("lgt", "lgts", "logt", "logts", "logements"), "logement")
_CLAIRE, _MARGE = 0.8, 0.1  # likeness of a writing to one that is known, and how far behind the next one is
_MEMES_MOTS = 0.99  # likeness of a header that says the words of another, and others that say nothing
_ABREGEE = 0.85  # likeness of a header whose words are those of another, some shortened
_DITE = 0.95  # likeness of a header that has a word of its own, under that of one written alike
_COURTE = 4  # letters; what has fewer is like nothing else
# What says nothing of a header; « RFR N-1 » is of another year.
_VIDES = re.compile(
    r"\b(?:de|du|des|la|les?|[ld]|aux?|en|et|date|dt|eur|foyer|m[ée]nages?|mel|top|n ?- ?2|o ?/ ?n)\b", re.IGNORECASE
)
_GENERIQUES = frozenset(("code", "numero", "num", "libelle", "lib", "type", "nom"))
_NEGATIONS = frozenset(("non", "pas", "sans", "hors", "jamais", "ancien", "ancienne", "ni"))


def nearest(texte: str, ecritures: Correspondance[str, Sequence[str]]) -> tuple[str, float] | None:
    """The one of them that is written like `texte`, and how much; None where none is, or another one nearly as much."""
    plie, dite, est_nie = fold(texte), colonne_dite(texte), _is_denied(texte)
    notes = [(_DITE if nom == dite else 0.0, nom) for nom in ecritures]
    for nom, siennes in ecritures.items():
        for e in (e for e in siennes if _is_denied(e) == est_nie):
            abregee = _MEMES_MOTS if _says_the_same(texte, e) else _ABREGEE * abridges(texte, e)
            notes.append((max(_like(plie, fold(e)), abregee), nom))
    meilleures = {nom: note for note, nom in sorted(notes)}
    (note, nom), (seconde, _) = sorted([(0.0, ""), (0.0, ""), *((note, nom) for nom, note in meilleures.items())])[
        :-3:-1
    ]
    est_seule = note - seconde >= _MARGE or note >= _MEMES_MOTS > seconde or note == 1 > seconde
    return (nom, note) if note >= _CLAIRE and est_seule else None


def meant(valeur: str, ecritures: Correspondance[str, Sequence[str]]) -> str | None:
    """The same, of a word in a column that is known: a letter is the only code that begins by it."""
    dits = [code for code in ecritures if len(valeur) == 1 and code.casefold().startswith(valeur.casefold())]
    return dits[0] if len(dits) == 1 else means(valeur, ecritures)


def means(valeur: str, ecritures: Correspondance[str, Sequence[str]]) -> str | None:
    """The only one that the value numbers, is written like, says by a word of it, or abridges."""
    if code := numbered(valeur, ecritures):
        return code
    if proche := nearest(valeur, ecritures):
        return proche[0]
    if dite := _said(valeur, ecritures):
        return dite
    dits = [code for code, siennes in ecritures.items() if any(abridges(valeur, e, au_moins=1) for e in siennes)]
    return dits[0] if len(dits) == 1 else None


def abridges(texte: str, ecrit: str, au_moins: int = _COURTE - 1) -> bool:
    """Whether they are the same words, some of them shortened (« ETAT-P » is « État prioritaires »), to `au_moins`
    letters, or their initials (« NA »)."""
    mots, autres = _telling(texte), _telling(ecrit)
    if au_moins > 1:  # of a header, in any order
        mots, autres = tuple(sorted(mots)), tuple(sorted(autres))
    sont_abreges = len(mots) == len(autres) and all(
        un == autre or _shortens(un, autre, au_moins) or _shortens(autre, un, _COURTE - 1)
        for un, autre in zip(mots, autres, strict=True)
    )
    initiales = ("".join(mot[0] for mot in autres),)
    return bool(mots) and (sont_abreges or (au_moins == 1 and len(autres) > 1 and mots == initiales))


def share_a_word(texte: str, ecrit: str) -> bool:
    """Whether a word that says something is in both: they may be of the same thing."""
    longs = (mot for mot in _telling(texte) if len(mot) >= _COURTE and mot not in _GENERIQUES)
    return not set(_telling(ecrit)).isdisjoint(longs)


def _shortens(court: str, mot: str, au_moins: int) -> bool:
    """Whether it is the beginning of a word: « PA00012 » is no « PA », « Code » begins too many."""
    return len(court) >= au_moins and mot.startswith(court) and mot.isalpha() and court not in _GENERIQUES


def _says_the_same(texte: str, ecrit: str) -> bool:
    return bool(dits := _telling(texte)) and sorted(dits) == sorted(_telling(ecrit))


@lru_cache(10_000)
def _telling(texte: str) -> tuple[str, ...]:
    """Its words that say something."""
    return tuple(_COURTS.get(mot, mot) for mot in _mots_de(_VIDES.sub(" ", texte.replace("_", " "))) if mot)


def _mots_de(texte: str) -> list[str]:
    return [fold(mot) for mot in re.split(r"[\W_]+", texte)]


@lru_cache(10_000)
def _is_denied(texte: str) -> bool:
    return not _NEGATIONS.isdisjoint(_mots_de(texte))


def _said(texte: str, ecritures: Correspondance[str, Sequence[str]]) -> str | None:
    """The only one of which the most words are said in `texte` (« Radiée - non renouvellement »), not denied before."""
    mots = _mots_de(texte)
    sures = mots[: next((rang for rang, mot in enumerate(mots) if mot in _NEGATIONS), len(mots))]
    # « Commission (CAL) »
    dits = {mot for mot in sures if len(mot) >= _COURTE or (len(mot) > 2 and mot.upper() in texte)}
    notes = {
        code: max((len(siens) for e in siennes if dits.issuperset(siens := [*filter(None, _mots_de(e))])), default=0)
        for code, siennes in ecritures.items()
    }
    (seconde, _), (note, code) = sorted([(0, ""), (0, ""), *((note, code) for code, note in notes.items())])[-2:]
    return code if note > seconde else None


def _like(un: str, autre: str) -> float:
    sont_chiffrees_autrement = re.findall("[0-9]+", un) != re.findall("[0-9]+", autre)  # « Motif 2 », « RFR N-1 »
    if un == autre or sont_chiffrees_autrement or min(len(un), len(autre)) < _COURTE:
        return float(un == autre)
    return likeness(un, autre, au_moins=_CLAIRE)

"""A free segment: a conjunction of typed conditions, as frozen data that a link or the journal can carry."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mel_core.contrat.tables import COMMUNES_ASSOCIEES
from mel_core.journal import Inscrit
from mel_core.segments.champs import CHAMPS, COMMUNES, Champ, GenreDeChamp, Operateur, join_mots, phrase
from mel_core.segments.regles_segments import SEGMENTS, Ligne, segment_de
from mel_core.socle.erreurs import AppelIncorrect

CONDITIONS_MAX, CODES_MAX, CODE_MAX = 20, 200, 100


@dataclass(frozen=True)
class Condition:
    """`champ` (of CHAMPS), `operateur` (one of its own), `valeur`: a whole number, True or False, a tuple of codes, or
    the name of a segment. Refuses what its field does not know. On something unknown a condition never holds.
    """

    champ: str
    operateur: str
    valeur: int | bool | str | tuple[str, ...]

    def __post_init__(self) -> None:
        if self.champ not in CHAMPS:
            raise AppelIncorrect(f"Le champ « {_court(self.champ)} » n’existe pas : choisir parmi {', '.join(CHAMPS)}.")
        champ = CHAMPS[self.champ]
        if self.operateur not in champ.operateurs:
            raise AppelIncorrect(
                f"« {champ.titre} » ne se compare pas par « {_court(self.operateur)} » : "
                f"choisir parmi {', '.join(champ.operateurs)}."
            )
        object.__setattr__(self, "operateur", Operateur(self.operateur))
        if isinstance(self.valeur, list):
            object.__setattr__(self, "valeur", tuple(self.valeur))
        if champ.nom in COMMUNES:
            object.__setattr__(self, "valeur", _read_communes(self.valeur))
        _check(champ, self.valeur)

    def phrase(self, noms: Mapping[str, str] | None = None) -> str:
        """In French; `noms` gives the names of codes that the contract does not list (bailleurs)."""
        if self.champ == "segment":
            titre = segment_de(str(self.valeur)).titre
            return titre[0].lower() + titre[1:]
        return phrase(CHAMPS[self.champ], Operateur(self.operateur), self.valeur, noms)

    def constat(self, ligne: Ligne, noms: Mapping[str, str] | None = None) -> str:
        """What in a line answers the condition: `27 mois`, `T4`, `souhaite Roubaix`."""
        champ = CHAMPS[self.champ]
        if champ.genre is GenreDeChamp.SEGMENT:
            return segment_de(str(self.valeur)).motif(ligne)
        if champ.genre in (GenreDeChamp.BOOLEEN, GenreDeChamp.LABEL) or self.operateur is Operateur.HORS:
            return self.phrase(noms)
        valeur = ligne[champ.colonne]
        if champ.genre in (GenreDeChamp.NOMBRE, GenreDeChamp.MOIS):
            return _fait(champ, int(valeur))
        codes = [v for v in str(valeur).split("|") if isinstance(self.valeur, tuple) and v in self.valeur]
        return champ.phrases[0].format(join_mots([champ.mots(c, noms) for c in codes], "et"))


@dataclass(frozen=True)
class SegmentLibre(Inscrit):
    """The active demandes that answer every condition; without any, all of them."""

    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        if len(self.conditions) > CONDITIONS_MAX:
            raise AppelIncorrect(
                f"Le segment a {len(self.conditions)} conditions : en garder {CONDITIONS_MAX} au plus."
            )

    def phrase(self, noms: Mapping[str, str] | None = None) -> str:
        """`24 mois ou plus, T4 ou T5, souhaite Roubaix`."""
        return ", ".join(c.phrase(noms) for c in self.conditions) or "toutes les demandes actives"

    def motif(self, ligne: Ligne, noms: Mapping[str, str] | None = None) -> str:
        """Why a line is there: one fact per condition. Every active demande without any."""
        return ", ".join(dict.fromkeys(c.constat(ligne, noms) for c in self.conditions)) or "demande active"

    @property
    def champs(self) -> tuple[str, ...]:
        """The fields that its conditions look at."""
        return tuple(c.champ for c in self.conditions)

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments of the contract that it narrows."""
        return tuple(str(c.valeur) for c in self.conditions if c.champ == "segment")

    @property
    def faits(self) -> tuple[str, ...]:
        """Columns that `motif` reads, beside those of every list."""
        return tuple(
            dict.fromkeys(
                fait
                for c in self.conditions
                for fait in (
                    segment_de(str(c.valeur)).faits
                    if c.champ == "segment"
                    else (_FAITS[c.champ],)
                    if c.champ in _FAITS
                    else ()
                )
            )
        )

    @property
    def colonnes(self) -> tuple[str, ...]:
        """Columns of every list that `motif` reads."""
        return tuple(CHAMPS[c.champ].colonne for c in self.conditions if CHAMPS[c.champ].colonne)

    @classmethod
    def depuis(cls, contenu: Any) -> SegmentLibre:
        """Raises `AppelIncorrect` for anything that an entry would not hold."""
        conditions = contenu.get("conditions") if isinstance(contenu, Mapping) else None
        if not isinstance(conditions, Sequence) or isinstance(conditions, str):
            raise AppelIncorrect("Le segment libre ne se lit pas : le composer de nouveau.")
        lues = []
        for c in conditions[: CONDITIONS_MAX + 1]:
            if not isinstance(c, Mapping) or set(c) != {"champ", "operateur", "valeur"}:
                raise AppelIncorrect("Une condition du segment libre ne se lit pas : le composer de nouveau.")
            lues.append(Condition(str(c["champ"]), str(c["operateur"]), c["valeur"]))
        return cls(tuple(lues))

    def texte(self) -> str:
        """Compact JSON for a link: a list of [champ, operateur, valeur]."""
        conditions = self.contenu()["conditions"]
        return json.dumps([list(c.values()) for c in conditions], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, texte: str) -> SegmentLibre:
        """What `texte()` wrote. Raises `AppelIncorrect` for anything else."""
        try:
            lu = json.loads(texte)
            if not isinstance(lu, list):
                raise TypeError("conditions are a list")
            conditions = [dict(zip(("champ", "operateur", "valeur"), c, strict=True)) for c in lu]
        except (ValueError, TypeError, RecursionError):
            raise AppelIncorrect(
                "Les conditions du segment libre ne se lisent pas : les écrire [[champ, opérateur, valeur], …], ou le "
                "composer de nouveau."
            ) from None
        return cls.depuis({"conditions": conditions})


def _read_communes(valeur: Any) -> Any:
    """Codes read as in the files, each once: Hellemmes and Lomme are Lille. What is no list of codes is left alone."""
    if not isinstance(valeur, tuple) or not all(isinstance(code, str) for code in valeur):
        return valeur
    return tuple(dict.fromkeys(COMMUNES_ASSOCIEES.get(code, code) for code in valeur))


_FAITS = {"motif": "code_motif", "age": "age"}


@lru_cache(maxsize=4096)
def _fait(champ: Champ, valeur: int) -> str:
    texte = phrase(champ, Operateur.AU_MOINS, valeur)
    return texte.removesuffix(" ou plus")


def _check(champ: Champ, valeur: Any) -> None:
    if champ.genre is GenreDeChamp.BOOLEEN:
        if not isinstance(valeur, bool):
            raise AppelIncorrect(f"« {champ.titre} » se compare à vrai ou faux : corriger « {_court(valeur)} ».")
    elif champ.genre in (GenreDeChamp.NOMBRE, GenreDeChamp.MOIS):
        if isinstance(valeur, bool) or not isinstance(valeur, int) or not 0 <= valeur <= champ.maximum:
            raise AppelIncorrect(
                f"« {champ.titre} » vaut « {_court(valeur)} » : donner un nombre entier entre 0 et {champ.maximum}."
            )
    elif champ.genre is GenreDeChamp.SEGMENT:
        segment_de(valeur if isinstance(valeur, str) and valeur in SEGMENTS else _court(valeur))
    else:
        _check_codes(champ, valeur)


def _check_codes(champ: Champ, valeur: Any) -> None:
    if not isinstance(valeur, tuple) or not valeur or len(valeur) > CODES_MAX:
        raise AppelIncorrect(f"« {champ.titre} » se compare à une liste de codes : en donner de 1 à {CODES_MAX}.")
    for code in valeur:
        est_connu = isinstance(code, str) and (
            code in champ.libelles if champ.libelles is not None else 0 < len(code) <= CODE_MAX
        )
        if not est_connu:
            raise AppelIncorrect(f"« {champ.titre} » ne connaît pas le code « {_court(code)} » : en choisir un autre.")


def _court(valeur: Any) -> str:
    texte = str(valeur)
    return texte if len(texte) <= CODE_MAX else f"{texte[:CODE_MAX]}…"

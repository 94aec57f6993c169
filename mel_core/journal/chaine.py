"""The chain and its anchor: each entry is sealed by a keyed HMAC over its fields and the seal of the one before.

A payload enters the chain only by a salted hash: erasing it (and its salt) leaves the chain whole, and nothing to
guess it from. The key sits in the store folder, readable by its owner only: who holds both can forge; the links printed
on the relevés are what such a forger cannot take back.

The anchor is the last acknowledged link, kept beside the journal, so that a cut tail shows without any paper. It is
written after the commit and never goes backward: it may lag behind the chain (a crash in between), never lead it.

Is the journal whole? Each entry is recomputed, each payload compared to its hash, the end compared to the anchor.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock

from mel_core.journal.base import Base, contenus, ecritures
from mel_core.journal.fiches import Alteration
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


@dataclass(frozen=True)
class Point:
    """A place in the chain; rank 0 is before the first entry."""

    rang: int
    lien: str


DEPART = Point(0, ORIGINE)


class AncreAlteree(Exception):
    """The anchor doesn't bear the seal of this journal."""


class Ancre:
    """The anchor file of one journal; `verrou` keeps its writers apart, whatever their thread or process."""

    def __init__(self, chemin: Path, verrou: Path, cle: bytes) -> None:
        self._chemin, self._verrou, self._cle = chemin, verrou, cle

    def read(self) -> Point | None:
        """Where the journal was at the last acknowledged write; None without an anchor."""
        try:
            octets = self._chemin.read_bytes()
        except FileNotFoundError:
            return None
        try:
            lu = json.loads(octets.decode())
            point = Point(int(lu["rang"]), str(lu["lien"]))
            scelle = hmac.compare_digest(str(lu["sceau"]), self._sceau(point))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            raise AncreAlteree from None
        if not scelle:
            raise AncreAlteree
        return point

    def advance(self, point: Point, est_dans_la_chaine: Callable[[Point], bool]) -> None:
        """Move to `point`. An anchor that no longer fits the chain stays where it is: it is the proof of a cut."""
        with FileLock(self._verrou):
            try:
                actuel = self.read()
            except AncreAlteree:
                return
            if actuel is None or (actuel.rang < point.rang and est_dans_la_chaine(actuel)):
                self.place(point)

    def place(self, point: Point) -> None:
        """Write `point` in one rename; the caller holds the lock."""
        contenu = {"rang": point.rang, "lien": point.lien, "sceau": self._sceau(point)}
        write_whole(self._chemin, json.dumps(contenu).encode())

    def _sceau(self, point: Point) -> str:
        return sign(self._cle, f"ancre|{point.rang}|{point.lien}")


_IMPRIME_MIN = 12  # characters of a link that are enough to find it
_PAR_LOT = 1_000


def verify(base: Base, cle: bytes, ancre: Ancre, lien: str | None) -> list[Alteration]:
    """The anomalies of the whole journal, in the order of the chain; empty when there is none."""
    # The anchor is read first: the journal may go on growing after it, never the contrary.
    try:
        point, ancre_lue = ancre.read(), True
    except (AncreAlteree, OSError):
        point, ancre_lue = None, False
    with base.lecture() as connexion:
        anomalies = [*_chaine(connexion, cle), *_contenus(connexion)]
        anomalies += _ancre(connexion, point, ancre_lue)
        if lien is not None:
            anomalies += _imprime(connexion, lien)
    return sorted(anomalies, key=lambda a: (a.rang or float("inf"), a.regle))


def _chaine(connexion: sa.Connection, cle: bytes) -> Iterator[Alteration]:
    """Fields against their seal, each entry against the one before."""
    rang, precedente, versions = DEPART.rang, DEPART.lien, dict[tuple[str, str], int]()
    for ligne in _toutes(connexion, sa.select(ecritures).order_by(ecritures.c.rang)):
        if not isinstance(ligne.rang, int):
            yield Alteration(
                0, "rang", "Une écriture du journal n’a plus son rang : elle a été modifiée, ou elle a été ajoutée."
            )
            continue
        tell = partial(Alteration, ligne.rang)
        if not _est_scellee(ligne, cle):
            yield tell("sceau", f"L’écriture {ligne.rang} a été modifiée : son sceau ne correspond plus.")
        if ligne.rang != rang + 1:
            yield tell("rang", f"Il manque des écritures avant la {ligne.rang} : la {rang + 1} n’est plus là.")
        elif ligne.precedente != precedente:
            yield tell("chainage", f"L’écriture {ligne.rang} ne suit pas celle qui la précède dans le journal.")
        if ligne.version is not None:
            objet = (ligne.objet, ligne.identifiant)
            if ligne.version != versions.get(objet, 0) + 1:
                yield tell("version", f"L’écriture {ligne.rang} ne suit pas la version précédente du même texte.")
            versions[objet] = ligne.version if isinstance(ligne.version, int) else versions.get(objet, 0) + 1
        rang, precedente = ligne.rang, ligne.lien


def _est_scellee(ligne: Any, cle: bytes) -> bool:
    """SQLite holds anything in any column: what has no JSON was never sealed."""
    try:
        return ligne.lien == seal(cle, ligne._mapping)
    except AppelIncorrect:
        return False


def _contenus(connexion: sa.Connection) -> Iterator[Alteration]:
    """Payloads against their hash; one that is absent must have been erased in the chain, and the contrary."""
    e, c = ecritures.c, contenus.c
    vises = sa.select(e.vise).where(e.nature == "effacement").scalar_subquery()
    question = (
        sa.select(e.rang, e.empreinte, c.sel, c.texte, e.op_id.in_(vises).label("est_effacee"))
        .outerjoin_from(ecritures, contenus, c.op_id == e.op_id)
        .order_by(e.rang)
    )
    for ligne in _toutes(connexion, question):
        if not isinstance(ligne.rang, int):
            continue  # told by the chain
        tell = partial(Alteration, ligne.rang)
        if ligne.texte is None:
            if not ligne.est_effacee:
                yield tell(
                    "contenu", f"Le texte de l’écriture {ligne.rang} a disparu sans avoir été effacé au journal."
                )
        elif ligne.est_effacee:
            yield tell("contenu", f"Le texte de l’écriture {ligne.rang} a été effacé, puis remis.")
        elif ligne.empreinte != empreinte(ligne.sel, ligne.texte):
            yield tell("contenu", f"Le texte de l’écriture {ligne.rang} n’est plus celui qui a été écrit.")
    orphelins = sa.select(sa.func.count()).select_from(contenus).where(c.op_id.not_in(sa.select(e.op_id)))
    if connexion.scalar(orphelins):
        yield Alteration(
            0, "contenu", "Des textes du journal n’ont pas d’écriture : ils ont été ajoutés, ou elle a été ôtée."
        )


def _ancre(connexion: sa.Connection, point: Point | None, est_lue: bool) -> Iterator[Alteration]:
    """The end of the chain against the last acknowledged write."""
    rangs = connexion.scalars(sa.select(ecritures.c.rang))
    dernier = max((rang for rang in rangs if isinstance(rang, int)), default=0)
    if not est_lue:
        yield Alteration(
            0,
            "ancre",
            "L’ancre du journal (journal.ancre) ne se lit pas ou a été modifiée : la comparer à une sauvegarde.",
        )
    elif point is None:
        yield Alteration(
            0,
            "ancre",
            "L’ancre du journal (journal.ancre) manque : "
            + (
                "la fin du journal ne peut être vérifiée."
                if dernier
                else "sa clé est là et plus aucune écriture, comparer à une sauvegarde."
            ),
        )
    elif point.rang > dernier:
        yield Alteration(
            dernier + 1,
            "fin",
            f"La fin du journal est coupée : {point.rang} écritures ont été confirmées, il en reste {dernier}.",
        )
    elif point != DEPART and point.lien != lien_de(connexion, point.rang):
        yield Alteration(point.rang, "fin", f"L’écriture {point.rang} n’est plus celle qui avait été confirmée.")


def _imprime(connexion: sa.Connection, lien: str) -> Iterator[Alteration]:
    """A link printed on a relevé, whole or by its first characters, must be in the chain."""
    cherche = "".join(lien.split()).lower()
    if len(cherche) < _IMPRIME_MIN or set(cherche) - set("0123456789abcdef"):
        raise AppelIncorrect(
            f"Le lien imprimé ne se lit pas : en recopier au moins {_IMPRIME_MIN} caractères (0 à 9, a à f)."
        )
    if connexion.scalar(sa.select(ecritures.c.rang).where(ecritures.c.lien.startswith(cherche)).limit(1)) is None:
        yield Alteration(
            0, "lien", "Le lien imprimé n’est pas dans le journal : la fin a été coupée, ou le journal a été réécrit."
        )


def lien_de(connexion: sa.Connection, rang: int) -> str | None:
    """The seal of the entry at this rank; None when there is none."""
    return connexion.scalar(sa.select(ecritures.c.lien).where(ecritures.c.rang == rang))


def _toutes(connexion: sa.Connection, question: sa.Select[Any]) -> Iterator[Any]:
    yield from connexion.execute(question, execution_options={"yield_per": _PAR_LOT})

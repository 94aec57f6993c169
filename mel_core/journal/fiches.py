"""What the journal takes and gives back: an author, one version of one object, what a check finds.

A version is read from its row; one that was altered until it can't be read is told, by its rank. From a dataclass to an
entry and back, there is one way: `Inscrit`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mel_core.socle import formes
from mel_core.socle.erreurs import ErreurUtilisateur, cause

if TYPE_CHECKING:
    from mel_core.journal.journal import Journal

MODIFIE = (
    "Ce texte a été modifié par ailleurs pendant votre saisie ; le vôtre reste dans le formulaire et les deux sont "
    "gardés : choisir celui qui reste."
)
LIEN_MORT = "Le formulaire que demande ce lien n’existe pas, ou n’est pas le vôtre : voici le vôtre."


@dataclass(frozen=True)
class Auteur:
    """Who writes: `nom` signs (the account where there is a login, else as typed), `organisation` (MEL, DDTM, the code
    of a commune or bailleur…), `profil`. `mention`: a name typed beside a login, which signs nothing."""

    nom: str
    organisation: str = ""
    profil: str = "copilote"
    mention: str = field(default="", compare=False)

    @property
    def dit(self) -> str:
        """`Camille Essai (MEL)`: its name, and its organisation where there is one."""
        nom = self.nom or "sans nom"
        return f"{nom} ({self.organisation})" if self.organisation else nom

    def texte(self) -> dict[str, str]:
        """What of it is personal: it goes, and is erased, with the content."""
        return {"auteur": self.nom, **({"mention": self.mention} if self.mention else {})}


@dataclass(frozen=True)
class Fiche:
    """One version of one object, as read back.

    `contenu` holds JSON values (dates as ISO text, fractions as text `1/2`). `version` counts from 1; on a refused
    write (`Journal.ecarts`) it is the version that its author had on screen. `instant` is in UTC. `rang` is the place
    in the chain and `lien` its hexadecimal HMAC. `effacee`: the personal payload (`contenu`, the author's name) was
    erased since. `est_refusee`: this write was stale, `Journal.read` never gives it.
    """

    objet: str
    identifiant: str
    version: int
    contenu: Mapping[str, Any]
    auteur: Auteur
    instant: datetime
    op_id: str
    rang: int
    lien: str
    effacee: bool = False
    est_refusee: bool = False


@dataclass(frozen=True)
class Alteration:
    """One thing that a check of the chain found: where (`rang`; 0: the whole), which `regle`, in a French sentence."""

    rang: int
    regle: str
    message: str


class Perime(ErreurUtilisateur):
    """A stale write: nothing was overwritten, both texts are kept (`refusee` in the chain too)."""

    def __init__(self, actuelle: Fiche, refusee: Mapping[str, Any]) -> None:
        super().__init__(MODIFIE)
        self.actuelle = actuelle
        self.refusee = refusee


@contextmanager
def au_mieux(quoi: str, say: Callable[[str], object]) -> Iterator[None]:
    """Around what writes of `quoi` (« Cette publication ») that it was done: a journal that fails is said, and what was
    done stays."""
    try:
        yield
    except ErreurUtilisateur as erreur:
        say(f"{quoi} n’est pas au journal : le dire à la MEL. {erreur}")
    except OSError as erreur:
        say(f"{quoi} n’est pas au journal ({cause(erreur)}) : le dire à la MEL.")


def nouvel_identifiant() -> str:
    """An opaque name for a new object: 32 hexadecimal characters, nothing personal, not to be guessed."""
    return secrets.token_hex(16)


def nouvel_op_id() -> str:
    """The name of one write: kept by the caller until it is acknowledged, so that a retry never doubles."""
    return secrets.token_hex(16)


VERSION, REFUSEE, EFFACEMENT = "version", "refusee", "effacement"
_ILLISIBLE = (ValueError, TypeError, KeyError, RecursionError)


def fiche_de(ligne: Any) -> Fiche:
    """Raises `ErreurUtilisateur` when the row holds what the journal never wrote."""
    try:
        return _fiche(ligne)
    except _ILLISIBLE:
        raise alteree(ligne) from None


def contenu_de(ligne: Any) -> dict[str, Any]:
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


class Inscrit:
    """A dataclass that an entry keeps (see `formes`). `GENRE` tells one class from the others of a union."""

    GENRE: ClassVar[str] = ""

    def contenu(self) -> dict[str, Any]:
        """As the journal keeps it."""
        genre = {"genre": self.GENRE} if self.GENRE else {}
        return genre | formes.encode_champs(self)

    @classmethod
    def depuis(cls, ecrit: Fiche | Mapping[str, Any]) -> Self:
        """As it was written; the payload of an entry must not have been erased."""
        return formes.decode_champs(cls, ecrit.contenu if isinstance(ecrit, Fiche) else ecrit)

    @classmethod
    def find(cls, journal: Journal, objet: str, identifiant: str) -> tuple[Fiche, Self] | None:
        """The object in force with its entry; None when it was never written, or was erased."""
        fiche = journal.read(objet, identifiant)
        return None if fiche is None or fiche.effacee else (fiche, cls.depuis(fiche))

    @classmethod
    def find_all(cls, journal: Journal, objet: str, **filtres: Any) -> list[tuple[Fiche, Self]]:
        """The objects of a kind with their entry, oldest first; not those that were erased."""
        return [(f, cls.depuis(f)) for f in journal.find_all(objet, **filtres) if not f.effacee]

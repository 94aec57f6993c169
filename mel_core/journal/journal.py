"""Writing to the journal and reading it back."""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock

from mel_core.journal import chaine
from mel_core.journal.base import DERNIERE, DERNIERES, EN_TETE, LUES, TOUTES, Base, contenus, ecritures
from mel_core.journal.chaine import DEPART, Ancre, AncreAlteree, Point, verify
from mel_core.journal.fiches import (
    EFFACEMENT,
    REFUSEE,
    VERSION,
    Alteration,
    Auteur,
    Fiche,
    Perime,
    alteree,
    contenu_de,
    fiche_de,
)
from mel_core.socle.durable import write_whole
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur, cause

BASE, CLE, ANCRE, VERROU = "journal.sqlite", "journal.cle", "journal.ancre", "journal.verrou"
_LONGUEUR_MAX = 200
_JSON = (str, int, float, list, dict, type(None))

_Lues = Sequence[sa.Row[Any]]
_etat: ContextVar[dict[Any, _Lues] | None] = ContextVar("etat", default=None)


@contextmanager
def one_state() -> Iterator[None]:
    """Around what answers one person at once: what it asks of a journal again is not read again, but once it writes."""
    jeton = _etat.set({} if (deja := _etat.get()) is None else deja)
    try:
        yield
    finally:
        _etat.reset(jeton)


class Journal:
    """One journal. Threads and processes may share it: writers take turns, what `write` returns is on the disk."""

    def __init__(self, dossier: Path, base: Base, cle: bytes, ancre: Ancre) -> None:
        self._dossier, self._base, self._cle, self._ancre = dossier, base, cle, ancre

    @classmethod
    def du_dossier(cls, dossier: Path) -> Journal:
        """The journal of the store in `dossier`, created at the first use (MEL_JOURNAL: the URL of another base)."""
        try:
            return cls._open(dossier)
        except OSError as erreur:
            raise ErreurUtilisateur(
                f"Le journal ne s’ouvre pas dans {dossier} ({cause(erreur)}) : donner à l’application le droit "
                "d’écrire dans ce dossier, et de la place."
            ) from None

    @classmethod
    def _open(cls, dossier: Path) -> Journal:
        dossier.mkdir(parents=True, exist_ok=True)
        verrou, chemin_cle = dossier / VERROU, dossier / CLE
        with FileLock(verrou):
            url = os.environ.get("MEL_JOURNAL")
            base = Base(url) if url else Base.du_fichier(dossier / BASE)
            est_vide = base.create()
            est_neuf = not chemin_cle.exists()
            if est_neuf:
                if not est_vide:
                    raise ErreurUtilisateur(f"La clé du journal manque ({CLE}) : la recopier depuis une sauvegarde.")
                write_whole(chemin_cle, secrets.token_bytes(32))
            cle = chemin_cle.read_bytes()
            ancre = Ancre(dossier / ANCRE, verrou, cle)
            # Only with the key: an emptied journal that lost its anchor too must not look like one that begins.
            if est_neuf and not (dossier / ANCRE).exists():
                ancre.place(DEPART)
        return cls(dossier, base, cle, ancre)

    @staticmethod
    def existe(dossier: Path) -> bool:
        """Whether the store in `dossier` has a journal, even emptied: its key, or its base beside the data."""
        return (dossier / CLE).exists() or ("MEL_JOURNAL" not in os.environ and (dossier / BASE).exists())

    def write(
        self,
        objet: str,
        identifiant: str,
        contenu: Mapping[str, Any],
        auteur: Auteur,
        op_id: str,
        version_vue: int = 0,
        *,
        tires: Collection[str] = (),
    ) -> Fiche:
        """Write the next version of an object; durable when it returns.

        `version_vue` is the version that the author had on screen, 0 to create. The same `op_id` again with the same
        content, whoever sends it, gives the same answer and adds nothing. A stale write, or another content under a
        known `op_id`, overwrites nothing, is kept in the chain, and raises `Perime`. `tires`: keys of `contenu` that
        are drawn anew at each try, and make no other content.
        """
        for nom, valeur in (("objet", objet), ("identifiant", identifiant), ("op_id", op_id)):
            _check_nom(nom, valeur)
        texte = chaine.canonique({**auteur.texte(), "contenu": dict(contenu)})
        with self._ecriture() as connexion:
            fait, est_a_jour = self._par_op(connexion, op_id), False
            if fait is not None:
                if (fait.objet, fait.identifiant) != (objet, identifiant) or fait.nature == EFFACEMENT:
                    raise AppelIncorrect(
                        "Cette écriture porte le nom d’une autre : lui donner un op_id qui n’a jamais servi."
                    )
                if not _est_le_meme(connexion, fait, json.loads(texte)["contenu"], tires):
                    # A name of its own, drawn from what it says: sent twice, it is refused once.
                    dit = {cle: valeur for cle, valeur in contenu.items() if cle not in tires}
                    op_id, version_vue = self.op_id_de("autre", op_id, dit), fait.version_vue
                    fait = self._par_op(connexion, op_id)
            else:
                est_a_jour = _version(connexion, objet, identifiant) == version_vue
            if fait is None:
                self._add(
                    connexion,
                    {
                        **{"op_id": op_id, "nature": VERSION if est_a_jour else REFUSEE},
                        **{"objet": objet, "identifiant": identifiant},
                        "version": version_vue + 1 if est_a_jour else None,
                        **{"version_vue": version_vue, "vise": None},
                    },
                    auteur,
                    texte,
                )
                fait = self._par_op(connexion, op_id)
            siennes = connexion.execute(DERNIERE, {"nature": VERSION, "objet": objet, "identifiant": identifiant})
            derniere = next(map(fiche_de, siennes), None)
        self._anchor(fait)
        if fait.nature == VERSION:
            return fiche_de(fait)
        if derniere is None:
            raise ErreurUtilisateur(
                "Ce texte n’est plus au journal : l’écrire comme nouveau, ce qui était saisi est gardé."
            )
        raise Perime(derniere, contenu)

    def read(self, objet: str, identifiant: str) -> Fiche | None:
        """The latest version of an object; None when it was never written."""
        lues = self._ask(DERNIERE, nature=VERSION, objet=objet, identifiant=identifiant)
        return next(map(fiche_de, lues), None)

    def find_all(self, objet: str, **filtres: Any) -> list[Fiche]:
        """The latest version of each object of a kind, in the order of their creation.

        `filtres` keeps those whose `contenu` has these values at its top level (`seance="2017S2"`).
        """
        fiches = map(fiche_de, self._ask(DERNIERES, objet=objet))
        return [f for f in fiches if all(cle in f.contenu and f.contenu[cle] == v for cle, v in filtres.items())]

    def historique(self, objet: str, identifiant: str) -> list[Fiche]:
        """Every version of an object, the first one first."""
        return [fiche_de(x) for x in self._ask(TOUTES, nature=VERSION, objet=objet, identifiant=identifiant)]

    def ecarts(self, objet: str, identifiant: str) -> list[Fiche]:
        """The writes of an object that were refused as stale, the first one first."""
        return [fiche_de(x) for x in self._ask(TOUTES, nature=REFUSEE, objet=objet, identifiant=identifiant)]

    def ecritures(self, limite: int | None = None, depuis: datetime | None = None) -> list[Fiche]:
        """Every version and refused write (since `depuis`), the latest first: what was written, by whom, when."""
        question = LUES.where(ecritures.c.nature != EFFACEMENT).order_by(ecritures.c.rang.desc()).limit(limite)
        if depuis is not None:
            question = question.where(ecritures.c.instant >= _instant(depuis))
        return [fiche_de(ligne) for ligne in self._ask(question)]

    def erase(self, *op_ids: str, auteur: Auteur | None = None) -> None:
        """Erase the payloads of these writes (content, author's name), all or none; each erasing is in the chain."""
        auteur, dernier = auteur or Auteur(""), None
        with self._ecriture() as connexion:
            for op_id in op_ids:
                vise = self._par_op(connexion, op_id)
                if vise is None or vise.nature == EFFACEMENT:
                    raise AppelIncorrect(
                        "Aucune écriture du journal ne porte ce nom : le relire dans la liste du journal."
                    )
                dernier = self._par_op(connexion, f"effacement-{op_id}") or self._erase(connexion, vise, auteur)
        self._base.forget()
        if dernier is not None:
            self._anchor(dernier)

    def verify(self, lien: str | None = None) -> list[Alteration]:
        """What is wrong with the chain, and whether `lien` (printed on a relevé) is in it; empty when it is whole."""
        return verify(self._base, self._cle, self._ancre, lien)

    def dernier_lien(self, sauf: Collection[str] = ()) -> str | None:
        """The link to print on a relevé; None when nothing was written. `sauf`: how the objects left out begin."""
        autres = [~ecritures.c.objet.startswith(debut) for debut in sauf]
        question = sa.select(ecritures.c.lien).where(*autres).order_by(ecritures.c.rang.desc()).limit(1)
        return next((lien for (lien,) in self._ask(question)), None)

    def reculs(self) -> int:
        """How many entries are dated more than a minute before the one that they follow: the clock went back."""
        with self._base.lecture() as connexion:
            dates = connexion.scalars(sa.select(ecritures.c.instant).order_by(ecritures.c.rang)).all()
        lues = [datetime.fromisoformat(date) for date in dates]
        return sum(apres < avant - timedelta(minutes=1) for avant, apres in pairwise(lues))

    def nombre(self) -> int:
        """How many entries the chain has, refused writes and erasings included."""
        with self._base.lecture() as connexion:
            return connexion.scalar(sa.select(sa.func.count()).select_from(ecritures)) or 0

    def back_up(self, vers: Path) -> None:
        """Copy the journal to a new folder while others write; the copy opens and verifies like the journal."""
        self.dernier_lien()  # nothing to keep of a journal that was lost
        # The anchor first: it may lag behind the copied chain, never lead it.
        self._base.back_up(self._dossier, vers, (ANCRE, CLE), BASE)

    def copy_to(self, adresse: str) -> list[Alteration]:
        """Copy the journal to the empty base of this address, for MEL_JOURNAL to name from now on; the anomalies of the
        copy, by the same key and the same anchor: none when it is the same chain. Raises `AppelIncorrect`."""
        copie = Base(adresse)
        try:
            self._base.copy_to(copie)
            return verify(copie, self._cle, self._ancre, self.dernier_lien())
        finally:
            copie.close()

    def op_id_de(self, *termes: Any) -> str:
        """The `op_id` of a write that is known by its `termes` (JSON, else their text): the same never write twice.

        Keyed, so that nobody guesses an erased content from it.
        """
        lus = [t if isinstance(t, _JSON) else str(t) for t in termes]
        return chaine.sign(self._cle, chaine.canonique(["op", *lus]))[:32]

    def op_ids_de(self, *termes: Any) -> Callable[[str], str]:
        """`op_id_de` of these and of one text more, for who asks it of many."""
        debut = chaine.canonique(["op", *termes])[:-1]
        return lambda texte: chaine.sign(self._cle, f"{debut},{json.dumps(texte)}]")[:32]

    def close(self) -> None:
        self._base.close()

    @contextmanager
    def _ecriture(self) -> Iterator[sa.Connection]:
        try:
            with self._base.ecriture() as connexion:
                if _est_vide(connexion) and (n := self._confirmees()):  # nobody else writes meanwhile
                    raise _perdu(n)
                yield connexion
        finally:
            if (etat := _etat.get()) is not None:
                etat.clear()

    def _ask(self, question: sa.Select[Any], **parametres: Any) -> _Lues:
        """What it reads. Nothing, of a journal that was lost, is said: only then is it asked whether it is empty."""
        etat, cle = _etat.get(), (self, question, *parametres.items())
        if etat is not None and cle in etat:
            return etat[cle]
        with self._base.question() as connexion:
            lues = connexion.execute(question, parametres).all()
            if not lues and _est_vide(connexion) and (n := self._confirmees()):
                # The first write may have come, and moved the anchor, since this state was taken.
                with self._base.question() as apres:
                    if _est_vide(apres):
                        raise _perdu(n)
        if etat is not None:
            etat[cle] = lues
        return lues

    def _confirmees(self) -> int:
        """How many writes the anchor confirms; 0 when the journal begins, and when the anchor is absent or can't be
        read, as `verify` tells."""
        try:
            return (self._ancre.read() or DEPART).rang
        except (AncreAlteree, OSError):
            return 0

    def _erase(self, connexion: sa.Connection, vise: Any, auteur: Auteur) -> Any:
        nom = f"effacement-{vise.op_id}"
        self._add(
            connexion,
            {
                **{"op_id": nom, "nature": EFFACEMENT, "objet": vise.objet, "identifiant": vise.identifiant},
                **{"version": None, "version_vue": 0, "vise": vise.op_id},
            },
            auteur,
            chaine.canonique({**auteur.texte(), "contenu": {}}),
        )
        connexion.execute(contenus.delete().where(contenus.c.op_id == vise.op_id))
        return self._par_op(connexion, nom)

    def _par_op(self, connexion: sa.Connection, op_id: str) -> Any:
        return connexion.execute(LUES.where(ecritures.c.op_id == op_id)).first()

    def _add(self, connexion: sa.Connection, ecriture: dict[str, Any], auteur: Auteur, texte: str) -> None:
        derniere = connexion.execute(
            sa.select(ecritures.c.rang, ecritures.c.lien).order_by(ecritures.c.rang.desc()).limit(1)
        ).first()
        if derniere is not None and not isinstance(derniere.rang, int):
            raise alteree(derniere)
        rang, precedente = (derniere.rang, derniere.lien) if derniere else (DEPART.rang, DEPART.lien)
        _check_nom("organisation", auteur.organisation, vide=True)
        _check_nom("profil", auteur.profil, vide=True)
        sel = secrets.token_hex(16)
        complete = {
            **ecriture,
            "rang": rang + 1,
            "organisation": auteur.organisation,
            "profil": auteur.profil,
            "instant": _instant(datetime.now(UTC)),
            "empreinte": chaine.empreinte(sel, texte),
            "precedente": precedente,
        }
        connexion.execute(ecritures.insert().values(**complete, lien=chaine.seal(self._cle, complete)))
        connexion.execute(contenus.insert().values(op_id=ecriture["op_id"], sel=sel, texte=texte))

    def _anchor(self, ecriture: Any) -> None:
        """What was written is durable already: an anchor that can't move (full disk) lags, and that is no anomaly."""
        try:
            self._ancre.advance(Point(ecriture.rang, ecriture.lien), self._est_dans_la_chaine)
        except (OSError, ErreurUtilisateur) as erreur:
            logging.getLogger(__name__).warning("anchor left behind: %s", type(erreur).__name__)

    def _est_dans_la_chaine(self, point: Point) -> bool:
        if point == DEPART:
            return True
        with self._base.lecture() as connexion:
            return chaine.lien_de(connexion, point.rang) == point.lien


def _instant(quand: datetime) -> str:
    """In UTC, always as long: texts that compare as the moments do."""
    return quand.astimezone(UTC).isoformat(timespec="microseconds")


def _perdu(confirmees: int) -> ErreurUtilisateur:
    """An empty journal that was written: nothing is written in its place, it would hide the loss."""
    ecrites = "1 écriture" if confirmees == 1 else f"{confirmees} écritures"
    return ErreurUtilisateur(
        f"Le journal a été perdu, son ancre confirme {ecrites} et il n’en contient aucune : arrêter l’application, "
        "mettre de côté les fichiers journal.sqlite*, puis recopier la dernière sauvegarde (si MEL_JOURNAL "
        "vient de changer, lui rendre son adresse d’avant)."
    )


def _est_vide(connexion: sa.Connection) -> bool:
    return connexion.scalar(EN_TETE) is None


def _version(connexion: sa.Connection, objet: str, identifiant: str) -> int:
    c = ecritures.c
    question = sa.select(sa.func.max(c.version)).where(c.objet == objet, c.identifiant == identifiant)
    return connexion.scalar(question) or 0


def _est_le_meme(connexion: sa.Connection, fait: Any, contenu: Mapping[str, Any], tires: Collection[str]) -> bool:
    """Whether `contenu` says what was written; an erased text can't be compared, and must not come back.

    A content may quote the last link of the chain, as a sign-off does: its own write moved it, it says nothing else.
    """
    if fait.texte is None:
        return True
    ecrit = contenu_de(fait)
    absent = object()  # not None, that a content may hold
    autres = [
        (ecrit.get(cle, absent), contenu.get(cle, absent)) for cle in ecrit.keys() | contenu.keys() if cle not in tires
    ]
    autres = [
        (avant, apres)
        for avant, apres in autres
        if absent in (avant, apres) or chaine.canonique(avant) != chaine.canonique(apres)
    ]
    return all(_est_un_lien(connexion, avant) and _est_un_lien(connexion, apres) for avant, apres in autres)


def _est_un_lien(connexion: sa.Connection, valeur: Any) -> bool:
    question = sa.select(ecritures.c.rang).where(ecritures.c.lien == valeur)
    return isinstance(valeur, str) and (valeur == "" or connexion.scalar(question) is not None)


def _check_nom(nom: str, valeur: str, vide: bool = False) -> None:
    """A name stands in the chain for ever: short, printable, and never a content."""
    if (not valeur and not vide) or len(valeur) > _LONGUEUR_MAX or not all(c.isprintable() for c in valeur):
        raise AppelIncorrect(
            f"Le champ « {nom} » d’une écriture du journal doit être un texte court et lisible : le corriger."
        )

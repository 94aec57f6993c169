"""What several machines share (`partage`), as rows of their PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from mel_core.socle import bases

_VERROU = 20171233  # any number: with the name of what is reserved
PARTAGES = sa.Table(
    "partages",
    sa.MetaData(),
    sa.Column("nom", sa.Text, primary_key=True),
    sa.Column("contenu", sa.LargeBinary, nullable=False),
)


class DansLaBase:
    """Rows of PostgreSQL. `avant`: what this machine held before it shared it, put there where nothing is."""

    def __init__(self, adresse: str, avant: Mapping[str, bytes]) -> None:
        self._lus: dict[str, tuple[float, bytes | None]] = {}
        commune = bases.postgresql(adresse)
        with bases.say_refusals(), commune.begin() as connexion:
            bases.upgrade(connexion)
            for nom, contenu in avant.items():
                connexion.execute(insert(PARTAGES).values(nom=nom, contenu=contenu).on_conflict_do_nothing())
        self._moteur = commune.execution_options(isolation_level="AUTOCOMMIT")

    def read(self, nom: str, age: float = 0.0) -> bytes | None:
        quand, lu = self._lus.get(nom, (0.0, None))
        if age and time.monotonic() - quand < age:
            return lu
        with bases.say_refusals(), self._moteur.connect() as connexion:
            lu = connexion.scalar(sa.select(PARTAGES.c.contenu).where(PARTAGES.c.nom == nom))
        if age:
            self._lus[nom] = time.monotonic(), lu
        return lu

    def write(self, nom: str, contenu: bytes) -> None:
        ecrit = insert(PARTAGES).values(nom=nom, contenu=contenu)
        with bases.say_refusals(), self._moteur.connect() as connexion:
            connexion.execute(ecrit.on_conflict_do_update(index_elements=["nom"], set_={"contenu": contenu}))
        self._lus.pop(nom, None)

    def remove(self, nom: str) -> None:
        with bases.say_refusals(), self._moteur.connect() as connexion:
            connexion.execute(PARTAGES.delete().where(PARTAGES.c.nom == nom))
        self._lus.pop(nom, None)

    def names(self, debut: str) -> list[str]:
        voulus = sa.select(PARTAGES.c.nom).where(PARTAGES.c.nom.startswith(debut, autoescape=True))
        with bases.say_refusals(), self._moteur.connect() as connexion:
            return sorted(connexion.scalars(voulus))

    @contextmanager
    def reserve(self, nom: str) -> Iterator[bool]:
        cle = sa.func.hashtext(nom)
        with bases.say_refusals(), self._moteur.connect() as connexion:
            est_a_nous = bool(connexion.scalar(sa.select(sa.func.pg_try_advisory_lock(_VERROU, cle))))
            try:
                yield est_a_nous
            finally:
                if est_a_nous:
                    connexion.execute(sa.select(sa.func.pg_advisory_unlock(_VERROU, cle)))

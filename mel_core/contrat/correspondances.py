"""Answers given once about the files of an export, kept in the store and given again to files of the same source.

One mapping per source, that `--mapping` reads as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Correspondance
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from mel_core.contrat.mapping import Mapping, en_toml, merge
from mel_core.contrat.proches import fold
from mel_core.socle.durable import write_whole

NOM = "reponses"
_SOURCE = re.compile("[0-9a-f]{16}")


def source_de(entete: Iterable[str]) -> str:
    """The source of a file: its set of headers, whatever their order and writing. A short name that says no more."""
    noms = sorted({fold(nom) for nom in entete} - {""})
    return sha256("|".join(noms).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Reponses:
    """The answers given about the files of each source, imposed on no other. `par_source`: source → answers."""

    par_source: Correspondance[str, Mapping] = field(default_factory=dict)

    @property
    def mappings(self) -> tuple[Mapping, ...]:
        return tuple(self.par_source.values())

    def complete(self, mapping: Mapping, source: str) -> Mapping:
        """`mapping` with the answers about this source over it."""
        return merge(mapping, self.par_source[source]) if source in self.par_source else mapping

    def with_reponses(self, autres: Reponses) -> Reponses:
        """These, and `autres` over them."""
        sources = sorted({*self.par_source, *autres.par_source})
        toutes = (self.par_source, autres.par_source)
        return Reponses({s: merge(*(siennes[s] for siennes in toutes if s in siennes)) for s in sources})


SANS = Reponses()


def read(dossier: Path) -> Reponses:
    """The answers kept in the store `dossier`; empty when none was given."""
    return read_reponses(dossier / NOM)


def read_reponses(reponses: Path) -> Reponses:
    """The answers of a folder that `keep` made, one file per source; empty when it holds none."""
    fichiers = sorted(reponses.glob("*.toml"))
    return Reponses({f.stem: Mapping.read(f) for f in fichiers if _SOURCE.fullmatch(f.stem)})


def keep(dossier: Path, reponses: Reponses) -> None:
    """Add `reponses` to those kept, over them; a source in one rename, so that a reader never sees half of it."""
    ensemble = read(dossier).with_reponses(reponses)
    (dossier / NOM).mkdir(parents=True, exist_ok=True)
    for source in reponses.par_source:
        write_whole(dossier / NOM / f"{source}.toml", en_toml(ensemble.par_source[source]).encode())


def erase(dossier: Path) -> None:
    """Forget every answer."""
    for fichier in (dossier / NOM).glob("*.toml"):
        fichier.unlink(missing_ok=True)

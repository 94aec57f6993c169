"""Answers given once about the files of an export, kept in the store and given again to files of the same source.

One mapping per source (`reponses.source_de`), that `--mapping` reads as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

from mel_core.contrat.mapping import Mapping
from mel_core.contrat.reponses import Reponses, en_toml
from mel_core.socle.durable import write_whole

NOM = "reponses"
_SOURCE = re.compile("[0-9a-f]{16}")


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

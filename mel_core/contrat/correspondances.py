"""Answers given once about the files of an export, kept in the store and given again at the next import."""

from __future__ import annotations

import os
from pathlib import Path

from mel_core.contrat.mapping import Mapping
from mel_core.contrat.reponses import en_toml, merge

NOM = "mappings.toml"


def read(dossier: Path) -> Mapping:
    """The answers kept in the store `dossier`; empty when none was given."""
    chemin = dossier / NOM
    return Mapping.read(chemin) if chemin.exists() else Mapping()


def keep(dossier: Path, reponses: Mapping) -> None:
    """Add `reponses` to those kept, over them; in one rename, so that a reader never sees half of them."""
    texte = en_toml(merge(read(dossier), reponses))
    dossier.mkdir(parents=True, exist_ok=True)
    provisoire = dossier / f".{NOM}.{os.getpid()}"
    provisoire.write_text(texte, encoding="utf-8")
    provisoire.replace(dossier / NOM)


def erase(dossier: Path) -> None:
    """Forget every answer."""
    (dossier / NOM).unlink(missing_ok=True)

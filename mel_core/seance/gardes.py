"""The aggregates that a signature keeps, so that a frozen séance goes on saying the verdicts that it signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mel_core.journal import Fiche, Journal
from mel_core.socle.periodes import Seance

SIGNATURE = "signature"


def identifiant_de(seance: Seance, ici: str = "") -> str:
    """What the journal has one of for each séance and ICI (empty: the whole Métropole): its day, who was there, its
    sign-off; told again, it is a new version."""
    return f"{seance}-{ici}" if ici else str(seance)


def est_signee(journal: Journal, seance: Seance, ici: str) -> bool:
    """Whether its minutes were signed."""
    fiche = journal.read(SIGNATURE, identifiant_de(seance, ici))
    return fiche is not None and not fiche.effacee


def kept(journal: Journal, seance: Seance, ici: str) -> Mapping[str, Any]:
    """All that the signature of `seance` kept for `ici`, by identifiant; empty before."""
    signee = journal.read(SIGNATURE, identifiant_de(seance, ici))
    return {} if signee is None else signee.contenu.get("constats", {})


def read(journal: Journal, seance: Seance, ici: str, fiche: Fiche | None = None) -> Mapping[str, Any] | None:
    """What the signature of `seance` kept for `ici`: of `fiche`, as it was when it was signed; of the whole without it.
    None when nothing was."""
    garde = kept(journal, seance, ici).get(fiche.identifiant if fiche else ici)
    return garde if garde is None or fiche is None or garde["version"] == fiche.version else None

"""Frozen cohorts in the store folder, beside the snapshots: named by their content, erasable one household at a time.

The journal only knows the name. A line is `{"sel", "ligne"}`, its digest sha256(sel ‖ line); the name is the digest of
the digests. Erasing a household leaves its digest alone: the name still proves what was frozen, and nobody is in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from mel_core.seance.engagements.cohorte import COLONNES
from mel_core.socle.durable import write_whole
from mel_core.socle.erreurs import ErreurUtilisateur

DOSSIER = "cohortes"
EFFACE = "effacé"
_NOM = re.compile(r"[0-9a-f]{64}")


def keep(dossier: Path, cohorte: pd.DataFrame) -> str:
    """Write `cohorte` (see `cohorte.pin`), durable when it returns. Its name, for the journal."""
    lignes = []
    for ligne in cohorte[list(COLONNES)].to_dict("records"):
        sel = secrets.token_hex(16)
        lignes.append({"empreinte": _empreinte(sel, ligne), "sel": sel, "ligne": ligne})
    nom = _nom(lignes)
    (dossier / DOSSIER).mkdir(parents=True, exist_ok=True)
    _write(dossier / DOSSIER / f"{nom}.json", lignes)
    return nom


def reread(dossier: Path, nom: str) -> pd.DataFrame:
    """The cohort, its erased households as rows that say nothing (`effacé` and a digest in place of a pseudonym).

    Raises `ErreurUtilisateur` when it is not there any more, or is not what its name says.
    """
    lignes = _read(dossier, nom)
    rangees = [
        ligne["ligne"] or {**dict.fromkeys(COLONNES, EFFACE), "pseudonyme": f"{EFFACE} {ligne['empreinte'][:16]}"}
        for ligne in lignes
    ]
    return pd.DataFrame(rangees, columns=list(COLONNES)).astype("object")


def withdraw(dossier: Path, nom: str) -> None:
    """Remove a cohort that no engagement names; nothing when it is not there."""
    if _NOM.fullmatch(nom):
        (dossier / DOSSIER / f"{nom}.json").unlink(missing_ok=True)


def erase(dossier: Path, pseudonymes: Collection[str]) -> int:
    """Erase these households from every cohort kept, and what a cut left of one. How many lines were erased."""
    voulus, effaces = set(pseudonymes), 0
    for fichier in _cohortes(dossier):
        lignes = _read(dossier, fichier.stem)
        vises = [ligne for ligne in lignes if ligne["ligne"] and ligne["ligne"]["pseudonyme"] in voulus]
        for ligne in vises:
            ligne.update(sel=None, ligne=None)
        if vises:
            _write(fichier, lignes)
        effaces += len(vises)
    for reste in (dossier / DOSSIER).glob(".*"):
        if not voulus.isdisjoint(reste.read_text(encoding="utf-8", errors="replace").split('"')):
            reste.unlink(missing_ok=True)
    return effaces


def menages(dossier: Path) -> Counter[str]:
    """The pseudonyms of every cohort kept, with the number of their lines."""
    comptes: Counter[str] = Counter()
    for fichier in _cohortes(dossier):
        comptes.update(x["ligne"]["pseudonyme"] for x in _read(dossier, fichier.stem) if x["ligne"])
    return comptes


def _cohortes(dossier: Path) -> list[Path]:
    return sorted((dossier / DOSSIER).glob("*.json"))


def _read(dossier: Path, nom: str) -> list[dict[str, Any]]:
    if not _NOM.fullmatch(nom):
        raise ErreurUtilisateur("Le nom de la cohorte ne se lit pas : rouvrir l’engagement depuis la liste.")
    try:
        lignes: list[dict[str, Any]] = json.loads((dossier / DOSSIER / f"{nom}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ErreurUtilisateur(
            "La liste figée de cet engagement n’est plus dans le dossier de données : la restaurer depuis une "
            "sauvegarde, ou constater l’engagement sans elle."
        ) from None
    except ValueError:
        raise _alteree() from None
    pleines = (ligne for ligne in lignes if ligne["ligne"] is not None)
    if _nom(lignes) != nom or any(_empreinte(x["sel"], x["ligne"]) != x["empreinte"] for x in pleines):
        raise _alteree()
    return lignes


def _alteree() -> ErreurUtilisateur:
    return ErreurUtilisateur(
        "La liste figée de cet engagement a été modifiée depuis : la restaurer depuis une sauvegarde avant de conclure."
    )


def _empreinte(sel: str, ligne: dict[str, str]) -> str:
    canonique = json.dumps(ligne, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(bytes.fromhex(sel) + canonique.encode()).hexdigest()


def _nom(lignes: list[dict[str, Any]]) -> str:
    return hashlib.sha256("\n".join(ligne["empreinte"] for ligne in lignes).encode()).hexdigest()


def _write(fichier: Path, lignes: list[dict[str, Any]]) -> None:
    write_whole(fichier, json.dumps(lignes, ensure_ascii=False).encode())

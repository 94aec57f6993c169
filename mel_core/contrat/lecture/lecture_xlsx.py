"""A workbook: looked at as a zip, then read by a process of its own with bounded memory and time (`ouvrier_xlsx`)."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.lecture import archive
from mel_core.contrat.lecture.brut import (
    TAILLE_CELLULE_MAX,
    TROP_DE_MEMOIRE,
    Defaut,
    Illisible,
    Lecture,
    Lot,
    Masque,
    Morceau,
    table_nommee,
)
from mel_core.contrat.valeurs import ORIGINE_1900, ORIGINE_1904
from mel_core.socle.langue import nombre

TAILLE_MAX = 1 << 29  # bytes, once decompressed: twice a MEL-sized workbook (5 million cells)
MEMOIRE_MAX = 1 << 30  # bytes of address space: 6 million cells of one sheet; the largest of the MEL has 2
DUREE_MAX = 120  # seconds

_RACINE = Path(__file__).resolve().parents[3]
_LOG = logging.getLogger(__name__)
_ABIME = "Le classeur ne se lit pas : l’ouvrir dans un tableur et l’enregistrer de nouveau en .xlsx."
_TROP_GROS = "Le classeur demande trop de mémoire ou de temps : donner une table par fichier CSV."


@dataclass(frozen=True)
class Classeur:
    """`lots`: the sheets read. `ignorees`: sheets that bear no table's name. `masquees`: hidden ones that bear one."""

    lots: list[Lot]
    ignorees: list[str]
    masquees: list[str]


def read_classeur(chemin: Path) -> Classeur:
    """Raises `Illisible` when the workbook is damaged, protected, or asks for too much."""
    with zipfile.ZipFile(chemin) as contenu:
        archive.examine(contenu, TAILLE_MAX)
    tampon = pa.BufferReader(_make_lire(chemin))
    annonce: dict[str, Any] = json.loads(_premiere_ligne(tampon))
    origine = ORIGINE_1904 if annonce["date_1904"] else ORIGINE_1900
    classeur = Classeur([], [], [])
    for nom, est_visible, est_feuille in annonce["feuilles"]:
        table = table_nommee(nom)
        if table is None or not est_feuille:
            classeur.ignorees.append(nom)
        elif not est_visible:
            classeur.masquees.append(nom)
        else:
            feuille = _Feuille(pa.ipc.open_stream(tampon).read_all(), origine)
            classeur.lots.append(Lot(table, f"{chemin.name} › {nom}", feuille.contenu.nbytes, feuille.read))
    return classeur


def _make_lire(chemin: Path) -> bytes:
    commande = [sys.executable, "-m", "mel_core.contrat.lecture.ouvrier_xlsx", str(chemin.resolve()), str(MEMOIRE_MAX)]
    # Arrow's own allocators reserve a whole gigabyte of addresses at once.
    environnement = {**os.environ, "PYTHONPATH": str(_RACINE), "ARROW_DEFAULT_MEMORY_POOL": "system"}
    try:
        fini = subprocess.run(commande, capture_output=True, timeout=DUREE_MAX, env=environnement)
    except subprocess.TimeoutExpired:
        raise Illisible(Defaut(None, _TROP_GROS)) from None
    if fini.returncode < 0 or fini.returncode == TROP_DE_MEMOIRE:  # killed, or stopped by the bound
        raise Illisible(Defaut(None, _TROP_GROS))
    if fini.returncode > 0:
        # The kind of error only: its text may quote a cell.
        erreur = fini.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        _LOG.warning("The reader of workbooks ended with %s (%s)", fini.returncode, erreur)
        raise Illisible(Defaut(None, _ABIME))
    return fini.stdout


def _premiere_ligne(tampon: pa.BufferReader) -> bytes:
    octets = bytearray()
    while (octet := tampon.read(1)) != b"\n":
        octets += octet
    return bytes(octets)


@dataclass(frozen=True)
class _Feuille:
    contenu: pa.Table
    origine: Any

    def read(self, _connus: frozenset[str]) -> Lecture:
        metadonnees = self.contenu.schema.metadata
        entete = [nom.strip() for nom in json.loads(metadonnees[b"entete"])]
        if not entete:
            raise Illisible(
                Defaut(None, "La feuille est vide : y mettre au moins sa ligne d’en-tête, ou la supprimer.")
            )
        return Lecture(entete, int(metadonnees[b"ligne"]), self._morceaux(len(entete)), self.origine)

    def _morceaux(self, largeur: int) -> Iterator[Morceau]:
        lu = 0
        for lot in self.contenu.to_batches():
            lu += lot.nbytes
            numeros = lot.column("numeros").to_numpy()
            colonnes = [lot.column(f"texte{i}") for i in range(largeur)]
            for textes in colonnes:
                _verify(textes, numeros)
            yield Morceau(numeros, colonnes, lu, [_masque(lot.column(f"natif{i}")) for i in range(largeur)])


def _masque(natifs: pa.Array) -> Masque | None:
    return None if natifs.null_count == len(natifs) else natifs.to_numpy(zero_copy_only=False).astype(bool)


def _verify(textes: pa.Array, numeros: Any) -> None:
    """The bounds that CSV cells have."""
    trop_longues = pc.greater(pc.utf8_length(textes), TAILLE_CELLULE_MAX)
    interdites = pc.or_(trop_longues, pc.match_substring(textes, "\0"))
    rang = pc.index(interdites, True).as_py()
    if rang >= 0:
        raise Illisible(
            Defaut(
                int(numeros[rang]),
                f"Une cellule dépasse {nombre(TAILLE_CELLULE_MAX)} caractères ou contient un caractère nul : la vider.",
            )
        )

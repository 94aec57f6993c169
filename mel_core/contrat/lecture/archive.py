"""A look at a zip before anything is taken out of it: sizes, ratio, names."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import PurePosixPath, PureWindowsPath

from mel_core.contrat.lecture.brut import Illisible

ENTREES_MAX = 1_000
RATIO_MAX = 100  # CSV and workbooks compress 5 to 40 times
RATIO_NEGLIGEABLE = 1 << 20  # bytes; below, the ratio says nothing
CHIFFREE = 0x1


def examine(archive: zipfile.ZipFile, taille_max: int, entrees_max: int = ENTREES_MAX) -> list[zipfile.ZipInfo]:
    """The files of the archive. Raises `Illisible` for one that asks for too much, or leads out of its folder.

    Sizes are those that the archive declares: `zipfile` never gives more of an entry than its declared size.
    """
    fichiers = [f for f in archive.infolist() if not f.is_dir()]
    if len(fichiers) > entrees_max:
        raise Illisible(f"L’archive a plus de {entrees_max} fichiers : n’y laisser que les tables.")
    if sum(f.file_size for f in fichiers) > taille_max:
        raise Illisible(f"L’archive dépasse {taille_max >> 20} Mo une fois ouverte : la donner en plusieurs fois.")
    for fichier in fichiers:
        _verify(fichier)
    deux = next((nom for nom, n in Counter(f.filename for f in fichiers).items() if n > 1), None)
    if deux is not None:  # one of the two would hide the other
        raise Illisible(f"L’archive contient deux fois « {deux[:80]} » : la refaire sans doublon.")
    return fichiers


def _verify(fichier: zipfile.ZipInfo) -> None:
    # The raw name: `zipfile` cuts names at a NUL and turns the separator of the system into /.
    nom = fichier.orig_filename.replace("\\", "/")
    chemin = PurePosixPath(nom)
    if chemin.is_absolute() or PureWindowsPath(nom).drive or ".." in chemin.parts or "\0" in nom:
        raise Illisible(f"Chemin interdit dans l’archive (« {nom[:80]} ») : la refaire depuis un dossier de tables.")
    if fichier.flag_bits & CHIFFREE:
        raise Illisible("L’archive est protégée par un mot de passe : la refaire sans mot de passe.")
    if fichier.file_size > RATIO_NEGLIGEABLE and fichier.file_size > RATIO_MAX * max(fichier.compress_size, 1):
        raise Illisible(
            f"« {chemin.name[:80]} » grossit plus de {RATIO_MAX} fois une fois ouvert : en retirer les "
            "lignes vides ou répétées, puis refaire l’archive."
        )

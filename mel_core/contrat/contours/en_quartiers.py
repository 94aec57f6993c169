"""Contours of IRIS read as the table of the quartiers: their code, their name, their commune."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from mel_core.contrat.contours.lecture_contours import places
from mel_core.contrat.lecture.brut import Illisible, Lecture, Morceau
from mel_core.socle.erreurs import ErreurUtilisateur

_ENTETE = ("code_quartier", "nom", "code_insee")
_DIT = (
    "Des contours ne donnent que le code, le nom et la commune des quartiers : leur fragilité, leur IPS et leur QPV "
    "sont inconnus, les donner dans la table quartiers (Préparer › Données attendues)."
)


def read(contenu: bytes, fichier: str) -> Lecture:
    """One row per feature, numbered by its rank. Raises `Illisible` when the file as a whole can't be used."""
    try:
        lues = places(contenu, fichier, "quartiers")
    except ErreurUtilisateur as erreur:
        raise Illisible(str(erreur)) from None
    rangees = [(code, nom or code, code[:5]) for code, nom in lues]
    colonnes = [pa.array([rangee[rang] for rangee in rangees], pa.string()) for rang in range(len(_ENTETE))]

    def morceaux() -> Iterator[Morceau]:
        yield Morceau(np.arange(1, len(rangees) + 1), colonnes, len(contenu))

    return Lecture(_ENTETE, 1, morceaux(), dits=(_DIT,))

"""The palette. Text is at least 7:1 on its ground; blue and orange say below and above, never good and bad."""

from __future__ import annotations

from mel_core.dossier.carte_dossier import TONS_DES_VERDICTS
from mel_core.indicateurs import phrases_constats
from mel_core.indicateurs.phrases_constats import DE_TROP, EN_MANQUE, SANS_OBJECTIF, TENU, TROP_PEU

ENCRE = "#0F1B2D"  # text
ENCRE_DOUCE = "#3A4759"  # second text, 9:1 on white
PAPIER = "#FFFFFF"
FILET = "#6B7A8F"  # lines that carry meaning
FOND_DOUX = "#EEF2F7"
GRILLE = "#D5DBE3"
ENTONNOIR = "#DFE7F0"

AU_DESSUS = "#8F3F00"  # strong orange, white text on it 7.9:1
AU_DESSUS_CLAIR = "#E69D54"  # darker than the blue that faces it: told apart in grey
AU_DESSOUS = "#0B3D91"  # strong blue, white text on it 10:1
AU_DESSOUS_CLAIR = "#A0C2EA"
PROCHE = "#54606F"  # within the band: neither
PROCHE_CLAIR = "#CAD3DE"
SANS_AVIS = "#FFFFFF"  # nothing to say: left white on a map
DES_DEUX = "#5E3C82"  # too many here, missing there

# What a mark, then a place of a map on which one writes, says of an objective.
VERDICTS = {
    DE_TROP: AU_DESSUS,
    EN_MANQUE: AU_DESSOUS,
    phrases_constats.DES_DEUX: DES_DEUX,
    TENU: PROCHE,
    TROP_PEU: PAPIER,
    SANS_OBJECTIF: AU_DESSOUS,
}
# What a curve says of a class of quartiers.
FRAGILITES = {"fragile": AU_DESSUS, "moyenne": PROCHE, "sans": AU_DESSOUS}
CARTE = {verdict: f"#{ton}" for verdict, ton in TONS_DES_VERDICTS.items()}


def rvb(ton: str) -> list[int]:
    """Red, green and blue, 0–255."""
    return [int(ton[i : i + 2], 16) for i in (1, 3, 5)]

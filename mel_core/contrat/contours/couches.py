"""The layers that can be imported, and under which names producers give their codes."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Couche:
    """One layer. `codes` and `noms`: names of the fields that may bear them, the first that fits wins; `motif`: what a
    code looks like, `exemple`: one to show; `titre`: what its places are called, in the plural."""

    titre: str
    codes: tuple[str, ...]
    noms: tuple[str, ...]
    motif: re.Pattern[str]
    exemple: str


COUCHES: dict[str, Couche] = {
    # IGN Contours…IRIS: capitals up to 2022, small letters since; there `iris` alone is a number of four digits.
    "quartiers": Couche(
        "quartiers",
        ("code_quartier", "CODE_IRIS", "code_iris", "DCOMIRIS", "iris"),
        ("nom", "NOM_IRIS", "nom_iris"),
        re.compile(r"\d[\dAB]\d{7}"),
        "593500101",
    ),
    # ANCT: QP059001 in the geography of 2015, QN05965M in that of 2024.
    "qpv": Couche(
        "QPV",
        ("code_qpv", "CODE_QP", "code_qp"),
        ("nom_qpv", "NOM_QP", "nom_qp", "lib_qp", "nom"),
        re.compile(r"Q[PN]\d[\dAB]\d{2,3}[\dA-Z]{1,3}"),
        "QP059001",
    ),
    "ici": Couche("ICI", ("ici", "code_ici", "nom_ici", "nom"), ("nom", "nom_ici", "ici"), re.compile(r".+"), "ICI 1"),
}

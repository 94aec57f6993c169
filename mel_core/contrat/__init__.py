"""The data contract as declarations, and the front door that every file goes through.

What opens it is loaded when it is asked for: the process of its own that reads a workbook leans on the declarations
alone, and would wait longer for the rest than for its sheets.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mel_core.contrat.controle import check
    from mel_core.contrat.jeu import Connues, Jeu
    from mel_core.contrat.mapping import Mapping

__all__ = ["Connues", "Jeu", "Mapping", "check"]

_DE = {"Connues": "jeu", "Jeu": "jeu", "Mapping": "mapping", "check": "controle"}


def __getattr__(nom: str) -> Any:
    if nom not in _DE:
        raise AttributeError(nom)
    return getattr(import_module(f"{__name__}.{_DE[nom]}"), nom)

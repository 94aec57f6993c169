"""What a hand does in a grid, which is drawn on a canvas that AppTest has not: lines ticked, headings chosen, cells
filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest


def tick(essai: AppTest, *rangs: int) -> None:
    """Run with what was chosen elsewhere, the boxes of these lines of the first grid ticked."""
    coches = {"selection": {"rows": list(rangs), "columns": [], "cells": []}}
    _send(essai, essai.dataframe[0].proto.id, coches)


def choose_heading(essai: AppTest, colonne: str) -> None:
    """Run with this heading of the first grid chosen."""
    _send(essai, essai.dataframe[0].proto.id, {"selection": {"rows": [], "columns": [colonne], "cells": []}})


def fill(essai: AppTest, grille: int, cellules: Mapping[int, Mapping[str, Any]]) -> None:
    """Run with these cells of the grid of this rank filled in, by line and column."""
    ecrites = {str(rang): dict(valeurs) for rang, valeurs in cellules.items()}
    dit = {"edited_rows": ecrites, "added_rows": [], "deleted_rows": []}
    _send(essai, essai.dataframe[grille].proto.id, dit)


def _send(essai: AppTest, identifiant: str, dit: object) -> None:
    etats = essai._tree.get_widget_states()
    etats.widgets.append(WidgetState(id=identifiant, string_value=json.dumps(dit)))
    essai._run(etats)
    assert not essai.exception

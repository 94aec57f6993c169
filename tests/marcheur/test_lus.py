"""Whatever a page shows is read, wherever it stands."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.marcheur.lus import textes


def _page() -> None:
    import pandas as pd
    import streamlit as st

    table = pd.DataFrame({"nom": ["Une commune"], "n": [3]})
    with st.popover("Ouvrir", help="Ce que l’on ouvre"), st.expander("Le détail"):
        st.write("Une phrase")
    st.table(table.set_index("nom"))
    st.dataframe(
        table.style.format({"n": "{} ménages"}),
        column_config={"n": st.column_config.Column("Combien", help="Comptés au dernier jour")},
    )


def test_labels_tables_and_what_is_said_of_a_column_are_read() -> None:
    dits = {texte.dit for texte in textes(AppTest.from_function(_page).run())}
    assert {"Ouvrir", "Ce que l’on ouvre", "Le détail", "Une phrase"} <= dits
    assert {"nom", "Une commune", "3 ménages", "Combien", "Comptés au dernier jour"} <= dits

"""The rows that an import leaves out, approved table by table, with their counts, before anything is published."""

from __future__ import annotations

import hashlib

import streamlit as st

from mel_core import langue
from mel_core.contrat.rapport import Rapport
from mel_core.importation import Accord, dire_ecartees


def demander(rapport: Rapport, depots: object) -> Accord | None:
    """One box per table that loses rows; what was approved once every box is ticked, None until then.

    `depots`: what was dropped and how it is read. A box belongs to these files and these counts: others ask again.
    """
    ecartees = rapport.ecartees
    if not ecartees:
        return {}
    st.subheader("À approuver avant de publier")
    st.write(
        "Ces lignes ne seront pas publiées : les relire ci-dessus, les corriger dans le fichier si elles doivent "
        "compter, sinon les approuver."
    )
    empreinte = hashlib.sha256(repr((depots, sorted(ecartees.items()))).encode()).hexdigest()[:16]
    cochees = [
        st.checkbox(
            f"{dire_ecartees(rapport.tables, nom)} : à laisser de côté "
            f"({langue.effectif(bilan.gardees, 'ligne gardée', 'lignes gardées')} sur {langue.nombre(bilan.lues)})",
            key=f"accord_{empreinte}_{nom}",
        )
        for nom, bilan in rapport.tables.items()
        if nom in ecartees
    ]
    return ecartees if all(cochees) else None

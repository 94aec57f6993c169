"""What an import leaves out or takes away, approved table by table, with its counts, before it is published."""

from __future__ import annotations

import hashlib

import streamlit as st

from mel_core.contrat.rapport import Rapport
from mel_core.entrepot.importation import Accord, Controle, say_ecartees
from mel_core.socle import langue


def ask(controle: Controle, depots: object) -> Accord | None:
    """One box per table that loses rows; what was approved once every box is ticked, None until then.

    `depots`: what was dropped and how it is read. A box belongs to these files and these counts: others ask again.
    """
    accord, rapport = controle.accord, controle.rapport
    dites = {nom: _say_ecartees(rapport, nom) for nom in accord.ecartees}
    for nom, perte in accord.pertes.items():
        dites[nom] = " ; ".join(filter(None, (perte, dites.get(nom))))
    if not dites:
        return accord
    st.subheader("À approuver avant de publier")
    st.write(
        "Ces lignes ne seront pas, ou plus, publiées : les relire ci-dessus, corriger le fichier si elles doivent "
        "compter, sinon les approuver."
    )
    empreinte = hashlib.sha256(repr((depots, accord)).encode()).hexdigest()[:16]
    cochees = [st.checkbox(dites[nom], key=f"accord_{empreinte}_{nom}") for nom in rapport.tables if nom in dites]
    return accord if all(cochees) else None


def _say_ecartees(rapport: Rapport, nom: str) -> str:
    bilan = rapport.tables[nom]
    return (
        f"{say_ecartees(rapport.tables, nom)} : à laisser de côté "
        f"({langue.effectif(bilan.gardees, 'ligne gardée', 'lignes gardées')} sur {langue.nombre(bilan.lues)})"
    )

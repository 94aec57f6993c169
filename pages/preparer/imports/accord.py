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
    empreinte = _empreinte(depots, accord)
    cochees = [st.checkbox(dites[nom], key=f"accord_{empreinte}_{nom}") for nom in rapport.tables if nom in dites]
    return accord if all(cochees) else None


def ask_ecrans(controle: Controle, depots: object) -> bool:
    """Whether the screens may be emptied, where data that nobody would see replace those that they show."""
    quittees = controle.quittees
    if quittees is None:
        return True
    perdues = ""
    if quittees:
        n = langue.effectif(len(quittees), "autre table, fictive, les quitte", "autres tables, fictives, les quittent")
        perdues = f" : {n} ({langue.liste(list(quittees))})"
    return st.checkbox(f"Vider tous les écrans{perdues}", key=f"accord_{_empreinte(depots, quittees)}_ecrans")


def _empreinte(depots: object, approuve: object) -> str:
    return hashlib.sha256(repr((depots, approuve)).encode()).hexdigest()[:16]


def _say_ecartees(rapport: Rapport, nom: str) -> str:
    bilan = rapport.tables[nom]
    return (
        f"{say_ecartees(rapport.tables, nom)} : à laisser de côté "
        f"({langue.effectif(bilan.gardees, 'ligne gardée', 'lignes gardées')} sur {langue.nombre(bilan.lues)})"
    )

"""13h30, a first look at ordering the demand: weights on criteria, who enters the head of the queue, who leaves it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.secret.regroupement import SEUIL
from mel_core.simulation.ordonnancement import NEUTRE, Poids, comparer
from pages.commun import cadre, perimetre
from pages.commun.incidents import fragment
from pages.commun.orientations import lecture_offre as lecture
from pages.commun.perimetre import Perimetre

CRITERES = {
    "anciennete": "Ancienneté",
    "aci": "Label ACI",
    "poulidor": "Passages au rang 2 ou plus",
    "mutation_bloquee": "Mutation bloquée",
    "delai_anormal": "Délai anormalement long",
    "attachement": "Habite une commune souhaitée",
    "sur_occupation": "Sur-occupation",
}
PROFILS = {
    "mutation": "Mutations",
    "premier_acces": "Premiers accès",
    "1": "Une personne",
    "2": "Deux personnes",
    "3": "Trois personnes",
    "4": "Quatre personnes",
    "5 et plus": "Cinq personnes et plus",
    "inconnu": "Logement actuel inconnu",
}
_DIZAINE = 10
_PAS = (0, 1, 2, 3, 5, 10)


@fragment
def montrer(choisi: Perimetre) -> None:
    file, taille = lecture.file(choisi.instantane.identifiant, str(choisi.seance), choisi.ici or "")
    cadre.etat(cadre.HYPOTHESE, "poids essayés en séance, aucun ménage nommé")
    gauche, droite = st.columns([0.36, 0.64], gap="large")
    with gauche:
        poids = {critere: _poids(critere) for critere in CRITERES}
        if not any(poids.values()):
            st.html('<p class="reserve">Tous les poids sont à 0 : l’ancienneté seule est reprise.</p>')
            poids["anciennete"] = 1
    bilan = comparer(file, Poids(**poids), taille)
    with droite:
        _dire(bilan, taille, choisi)


def _poids(critere: str) -> int:
    cle = f"poids_{critere}"
    perimetre.garder(cle, _PAS, getattr(NEUTRE, critere))
    choisi = st.segmented_control(
        CRITERES[critere], _PAS, key=cle, persist_state="session", required=True, format_func=str
    )
    st.query_params[cle] = str(choisi)
    return perimetre.tenu(choisi)


def _dire(bilan: pd.DataFrame, taille: int, choisi: Perimetre) -> None:
    ensemble = bilan.iloc[0]
    with st.container(key="message"):
        n = int(ensemble["n_entrent"])
        fin = (
            "c’est l’ordre d’ancienneté."
            if n == 0
            else f"**{_compte(n)}** y entrent et autant en sortent par rapport à l’ordre d’ancienneté."
        )
        st.markdown(
            f"Dans {choisi.ici_dite}, les **{langue.nombre(min(taille, int(ensemble['n'])))} premières demandes** sur "
            f"{langue.nombre(int(ensemble['n']))} sont ce que six mois d’attributions peuvent loger : {fin}"
        )
    lignes = bilan[bilan["dimension"] != "ensemble"]
    noms = {**lecture.SEGMENTS, **PROFILS}
    table = pd.DataFrame(
        {
            "Qui": [noms.get(v, v) for v in lignes["valeur"]],
            "Dans la file": [arrondi(n) for n in lignes["n"]],
            "En tête, par ancienneté": [arrondi(n) for n in lignes["n_avant"]],
            "En tête, avec ces poids": [arrondi(n) for n in lignes["n_apres"]],
            "Entrent": [arrondi(n) for n in lignes["n_entrent"]],
            "Sortent": [arrondi(n) for n in lignes["n_sortent"]],
        }
    )
    st.table(table.set_index("Qui"))
    st.html(
        '<p class="reserve">Comptes arrondis à la dizaine : une petite case ne se retrouve ni par différence ni par '
        "somme. Les segments se recoupent. Un premier regard, pas une cotation : ni les ressources, ni la typologie, "
        "ni le logement libre n’y entrent.</p>"
    )


def _compte(n: int) -> str:
    return f"moins de {SEUIL}" if 0 < n < SEUIL else langue.nombre(int(n))


def arrondi(n: int) -> str:
    """A cell of the table, to the ten: exact ones give a small neighbour back, since a row and a column add up."""
    if 0 < n < SEUIL:
        return _compte(n)
    return f"≈{langue.INSECABLE}{langue.nombre((int(n) + _DIZAINE // 2) // _DIZAINE * _DIZAINE)}" if n else "0"

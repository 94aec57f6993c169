"""13h30, a first look at ordering the demand: weights on criteria, who enters the head of the queue, who leaves it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.indicateurs.manques import DEMANDES, sans_reponse
from mel_core.indicateurs.suivi import cotation
from mel_core.secret.bail import reader
from mel_core.simulation.ordonnancement import NEUTRE, PONDERATIONS, Poids, compare
from mel_core.simulation.scenarios.projections import Queue
from mel_core.socle import langue
from pages.adaptateur.incidents import fragment
from pages.commun import annonces, cadre, choix_perimetre
from pages.commun.choix_perimetre import Perimetre
from pages.commun.mesures import lecture_scenario
from pages.commun.segments import etape

CRITERES = {
    "anciennete": "Ancienneté",
    "aci": "Label ACI",
    "poulidor": "Passages au rang 2 ou plus",
    "mutation_bloquee": "Mutation bloquée",
    "delai_anormal": "Délai anormalement long",
    "attachement": "Habite une commune souhaitée",
    "sur_occupation": "Sur-occupation",
}
SEGMENTS = {
    "est_menage_aci": "Ménages ACI",
    "est_mutation_bloquee": "Mutations bloquées",
    "est_delai_anormalement_long": "Délai anormalement long",
    "est_sur_occupation": "Sur-occupation",
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
_COMPTES = {
    "n": "Dans la file",
    "n_avant": "En tête, par ancienneté",
    "n_apres": "En tête, avec ces poids",
    "n_entrent": "Entrent",
    "n_sortent": "Sortent",
}
SANS_POINTS = (
    "Points de la cotation : aucun fichier n’a donné « points » (table « demandes ») ; avec eux, cet écran dit combien "
    "de logés l’auraient été par les points seuls."
)
_PAS = (0, 1, 2, 3, 5, 10)
DITES = ("ensemble", "segment")  # of `dimension`, to whoever may not read every row: profiles are at a desk


@fragment
def show(choisi: Perimetre) -> None:
    queue: Queue = lecture_scenario.base(lecture_scenario.nouveau(choisi, "ordonnancement", {}))
    file, taille = queue.file, queue.flux
    cadre.etat(cadre.HYPOTHESE, "poids essayés en séance, aucun ménage nommé")
    gauche, droite = st.columns([0.36, 0.64], gap="large")
    with gauche, st.container(key="poids"):
        poids = _choose() if reader().lit_tout else _choose_preparee()
    bilan = compare(file, poids, taille)
    if not reader().lit_tout:
        bilan = bilan[bilan["dimension"].isin(DITES)]
    with droite, st.container(key="file"):
        if choisi.ask(sans_reponse, (DEMANDES,)):
            annonces.message(etape.SANS_DEMANDES)
        elif reader().lit_tout and not len(file):  # to a room, none is as up to twelve
            annonces.message(f"Dans {choisi.ici_dite}, aucune demande à ordonner.")
        else:
            est_l_ordre = not any(v for critere, v in poids.par_critere().items() if critere != "anciennete")
            _say(bilan, taille, choisi, est_l_ordre)
        with cadre.detail("cotation"):
            lue = choisi.ask(cotation.cotation, choisi.annee, choisi.ici)
            annonces.note(cotation.say(lue, choisi.duree) if lue else SANS_POINTS)


def _choose_preparee() -> Poids:
    """One of those that are prepared, by its name, for whoever may not read every row."""
    nom = choix_perimetre.option("Pondération", "ponderation", list(PONDERATIONS))
    for critere in CRITERES:  # of a link made at a desk
        st.query_params.pop(f"poids_{critere}", None)
    return PONDERATIONS[nom]


def _choose() -> Poids:
    """A weight for each criterion."""
    poids = {critere: _poids(critere) for critere in CRITERES}
    if not any(poids.values()):
        st.html('<p class="reserve">Tous les poids sont à 0 : l’ancienneté seule est reprise.</p>')
        return NEUTRE
    return Poids(**poids)


def _poids(critere: str) -> int:
    return choix_perimetre.option(
        CRITERES[critere],
        f"poids_{critere}",
        _PAS,
        depart=getattr(NEUTRE, critere),
        partout=True,
        label_visibility="visible",
    )


def _say(bilan: pd.DataFrame, taille: int, choisi: Perimetre, est_l_ordre: bool) -> None:
    with st.container(key="message"):
        st.markdown(say(bilan.iloc[0], taille, choisi.ici_dite, est_l_ordre=est_l_ordre))
    st.table(tableau(bilan).set_index("Qui"))
    st.html(
        '<p class="reserve">Les segments se recoupent. Un premier regard, pas une cotation : ni les ressources, ni la '
        "typologie, ni le logement libre n’y entrent.</p>"
    )


def say(ensemble: pd.Series, taille: int, ou: str, *, est_l_ordre: bool = False) -> str:
    """`Dans l’ICI 2, les **2 089 premières demandes** sur 20 895…`: how many enter the head. `ensemble`: see
    `ordonnancement.compare`. `est_l_ordre`: by its weights alone, that of ancienneté, which is nobody's secret."""
    file, entrent = (reader().compte(ensemble[c]) for c in ("n", "n_entrent"))
    tete = reader().compte(min(taille, ensemble["n"]))
    fin = (
        "c’est l’ordre d’ancienneté."
        if entrent == 0 or est_l_ordre
        else f"**{langue.nombre(entrent)}** y entrent et autant en sortent par rapport à l’ordre d’ancienneté."
    )
    return (
        f"Dans {ou}, les **{langue.effectif(tete, 'première demande', 'premières demandes')}** sur "
        f"{langue.nombre(file)} sont ce que six mois d’attributions peuvent loger : {fin}"
    )


def tableau(bilan: pd.DataFrame) -> pd.DataFrame:
    """One line per segment and profile. `bilan`: see `ordonnancement.compare`.

    Those in the head after are those before, less who leave, plus who enter: four rounded figures of a line would leave
    two values to a flow of a few, three do not.
    """
    dits = {c: titre for c, titre in _COMPTES.items() if reader().lit_tout or c != "n_apres"}
    lignes = bilan[bilan["dimension"] != "ensemble"]
    noms = {**SEGMENTS, **PROFILS}
    comptes = {titre: [langue.nombre(reader().compte(n)) for n in lignes[c]] for c, titre in dits.items()}
    return pd.DataFrame({"Qui": [noms.get(v, v) for v in lignes["valeur"]], **comptes})

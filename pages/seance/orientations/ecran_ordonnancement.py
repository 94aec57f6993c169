"""13h30, a first look at ordering the demand: weights on criteria, who enters the head of the queue, who leaves it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.indicateurs.manques import DEMANDES
from mel_core.indicateurs.suivi import cotation
from mel_core.secret.bail import reader
from mel_core.segments import SEGMENTS as TOUS
from mel_core.simulation import ordre_reel
from mel_core.simulation.ordonnancement import NEUTRE, PONDERATIONS, Poids, compare
from mel_core.simulation.phrases_offre import PREMIER_REGARD, tete_de_file
from mel_core.simulation.scenarios.projections import Queue
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from pages.adaptateur.incidents import fragment
from pages.commun import annonces, cadre, choix_perimetre, widgets
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
_COUPES = {"commune": "Par commune", "bailleur": "Par bailleur", "segment": "Par segment"}
_DE_LA_COTATION = {
    "n_attributions": "Attributions",
    "n_connus": "Points connus",
    "n_en_tete": "Que les points auraient logés",
    "n_attente": "Attendent, points connus",
    "n_attente_en_tete": "Que les points auraient logés",
    "part": "Part",
}
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
        if not etape.refuse(choisi, "Ordonnancement", (DEMANDES,)):
            est_l_ordre = not any(v for critere, v in poids.par_critere().items() if critere != "anciennete")
            annonces.message(tete_de_file(bilan.iloc[0], taille, choisi.ici_dite, est_l_ordre=est_l_ordre))
            st.table(tableau(bilan).set_index("Qui"))
            annonces.note(PREMIER_REGARD)
        with cadre.detail("cotation"):
            lue = choisi.ask(cotation.cotation, choisi.annee, choisi.ici)
            annonces.note(cotation.say(lue, choisi.duree))
            if lue is not None and lue.n_connus and reader().lit_tout:
                annonces.note(ordre_reel.say(lue))
                detail_de_la_cotation(choisi)


def detail_de_la_cotation(choisi: Perimetre) -> None:
    """At a desk, who points alone would have housed: by segment, commune or bailleur, to take away."""
    coupe = choix_perimetre.option("Points", "points_par", _COUPES)
    lus = ordre_reel.render(choisi.ask(ordre_reel.COUPES[coupe], choisi.annee, choisi.ici))
    noms = {nom: segment.titre for nom, segment in TOUS.items()} if coupe == "segment" else choisi.noms(coupe)
    titres = {c: titre for c, titre in _DE_LA_COTATION.items() if c in lus}
    table = lus[["code", *titres]].assign(code=lus["code"].map(noms).fillna(lus["code"]))
    table = table.rename(columns={"code": "Qui", **titres}).reset_index(drop=True)
    widgets.grille(table, {_DE_LA_COTATION["part"]: langue.part}, f"Points, {_COUPES[coupe].lower()}", est_emporte=True)


def _choose_preparee() -> Poids:
    """One of those that are prepared, by its name, for whoever may not read every row."""
    nom = choix_perimetre.option("Pondération", "ponderation", list(PONDERATIONS))
    for critere in CRITERES:  # of a link made at a desk
        st.query_params.pop(f"poids_{critere}", None)
    return PONDERATIONS[nom]


def _choose() -> Poids:
    """A weight for each criterion."""
    try:
        return Poids(**{critere: _poids(critere) for critere in CRITERES})
    except AppelIncorrect as refus:
        annonces.note(str(refus))
        return NEUTRE


def _poids(critere: str) -> int:
    return choix_perimetre.option(
        CRITERES[critere],
        f"poids_{critere}",
        _PAS,
        depart=getattr(NEUTRE, critere),
        partout=True,
        label_visibility="visible",
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

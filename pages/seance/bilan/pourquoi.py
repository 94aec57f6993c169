"""« Pourquoi ce chiffre ? »: definition, article, source, date, numerator, denominator, what is left out, the query."""

from __future__ import annotations

import streamlit as st

from mel_core.indicateurs import INDICATEURS, phrases_constats
from mel_core.indicateurs.comptage import SQL
from mel_core.simulation.reorientation.faisabilite import PROFILS
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from pages.commun import signatures
from pages.commun.choix_perimetre import Perimetre
from pages.commun.mesures.lecture_bilan import EQUILIBRE, Bilan


def explain(bilan: Bilan, perimetre: Perimetre) -> None:
    """The button and what it opens."""
    with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
        indicateur = INDICATEURS[bilan.indicateur]
        periode = Periode.de(perimetre.seance, "annee")
        st.markdown(f"**{indicateur.titre}**  \n{indicateur.definition}")
        lignes = {
            "Numérateur": indicateur.numerateur_dit,
            "Dénominateur": indicateur.denominateur_dit,
            "Comptes": _comptes(bilan),
            "Laissées de côté": _laissees(bilan),
            "Période": f"baux signés {langue.intervalle(periode.debut, periode.fin)} (l’objectif est annuel)",
            "Objectif": f"{langue.part(bilan.objectif.valeur)} : {bilan.objectif.source}"
            if bilan.objectif
            else f"aucun en vigueur à cette date ({indicateur.article})",
            "Source": f"{indicateur.source}, données publiées le {langue.jour(perimetre.instantane.publie_le)}"
            + (f", séance {gelee}" if (gelee := signatures.say(perimetre.seance, perimetre.ici or "")) else ""),
            **_chacun(bilan),
            **_leviers(bilan),
            "Réserves": _reserves(bilan, perimetre),
        }
        st.markdown("\n".join(f"- **{nom}** : {langue.typeset(texte)}" for nom, texte in lignes.items()))
        st.markdown("La même réponse, sans navigateur, puis la requête :")
        st.code(_commande(bilan, perimetre), language="bash", wrap_lines=True)
        st.code(_requete(bilan, perimetre), language="sql", wrap_lines=True)


def _chacun(bilan: Bilan) -> dict[str, str]:
    """What the sums beside the gap of the whole are; of a part of a year no gap is said."""
    if not bilan.manques or phrases_constats.duree_partielle(bilan.ensemble):
        return {}
    return {
        "Commune par commune, bailleur par bailleur": "ce qui manque à chacun pour atteindre son objectif, "
        "additionné ; ceux qui sont au-dessus ne compensent pas (« chaque commune et chaque organisme »)"
    }


def _leviers(bilan: Bilan) -> dict[str, str]:
    """What the lever answers with, for the indicators that a scenario simulates."""
    if bilan.indicateur not in PROFILS:
        return {}
    return {
        "Faisabilité (levier)": "logements × rotation des résidences, là où il faut réorienter ; demandes actives du "
        "profil voulu qui souhaitent une commune du périmètre, chacune une fois ; tendu au-delà de la moitié des "
        "éligibles, ou si les mêmes ménages peuvent être comptés dans plusieurs communes (docs/simulations)"
    }


def _comptes(bilan: Bilan) -> str:
    """Numerator over denominator, as the sentence and the bars show them."""

    def count(ligne: object, debut: str) -> str:
        return f"{debut}{langue.nombre(ligne.numerateur)} sur {langue.nombre(ligne.n_connus)}"  # type: ignore[attr-defined]

    if bilan.indicateur != EQUILIBRE:
        return count(next(bilan.ensemble.itertuples()), "")
    return " ; ".join(
        count(x, f"{phrases_constats.QUARTIERS[x.fragilite]}, ")
        for x in phrases_constats.arrange(bilan.classes).itertuples()
    )


def _laissees(bilan: Bilan) -> str:
    inconnus = bilan.ensemble["n_inconnus"].iloc[0]
    if bilan.indicateur != EQUILIBRE:
        return f"{langue.effectif(inconnus, 'attribution')} sans information sur les labels, et toutes les mutations"
    sans_quartier = next(iter(bilan.classes.loc[bilan.classes["fragilite"] == "inconnu", "n"]), 0)
    return (
        f"{langue.effectif(inconnus, 'attribution')} aux ressources inconnues (revenu absent ou nul, taille du ménage "
        f"absente) ; {langue.effectif(sans_quartier, 'attribution')} sans quartier connu, qui n’ont pas d’objectif"
    )


def _reserves(bilan: Bilan, perimetre: Perimetre) -> str:
    reserves = []
    if bilan.indicateur == EQUILIBRE:
        reserves.append("bornes supposées de 20, 40 et 60 % du plafond PLUS, le support de 2017 n’en donne pas")
        reserves.append("les repères 2015 sont une lecture reconstituée de ce support, pour l’ensemble de la Métropole")
    if perimetre.ici:
        reserves.append(f"périmètre provisoire de {perimetre.ici_dite} : {langue.liste(perimetre.territoires)}")
    return " ; ".join(reserves)


def _commande(bilan: Bilan, perimetre: Perimetre) -> str:
    par = " --par fragilite" if bilan.indicateur == EQUILIBRE else ""
    ici = f' --ici "{perimetre.ici}"' if perimetre.ici else ""
    return f"python -m mel_core indicateur {bilan.indicateur} --seance {perimetre.seance} --periode annee{par}{ici}"


def _requete(bilan: Bilan, perimetre: Perimetre) -> str:
    indicateur = INDICATEURS[bilan.indicateur]
    periode = Periode.de(perimetre.seance, "annee")
    coupes, bloc = ("fragilite", "parts_par_fragilite") if bilan.indicateur == EQUILIBRE else ("ensemble", "parts")
    requete = "\n".join(ligne for ligne in SQL[bloc].splitlines() if not ligne.startswith("--"))
    return (
        f"-- $coupes = {coupes} ; $population = {indicateur.population} ; $valeur = {indicateur.valeur}\n"
        f"-- $debut = {periode.debut} ; $fin = {periode.fin} ; $ici = {perimetre.ici or 'toutes'}\n{requete}"
    )

"""« Pourquoi ce chiffre ? »: definition, article, source, date, numerator, denominator, what is left out, the query."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mel_core.indicateurs import INDICATEURS, conventions, phrases_constats, phrases_vues, quartiers
from mel_core.indicateurs.calcul_indicateurs import COUPES_AJOUTEES
from mel_core.indicateurs.catalogue import ACI
from mel_core.indicateurs.comptage import BLOCS, SQL
from mel_core.indicateurs.definitions import CONVENTIONS, MATRICE, ImageBilan, Indicateur, Mesure, par
from mel_core.indicateurs.quartiers import N_MOIS, Cotes
from mel_core.socle import cibles, langue
from mel_core.socle.periodes import Periode
from pages.commun import donnees, signatures
from pages.commun.choix_perimetre import Perimetre
from pages.commun.mesures.lecture_mesures import LectureMesure, modestes_par

_BORNES = "bornes supposées de 20, 40 et 60 % du plafond PLUS, le support de 2017 n’en donne pas"


def explain(lecture: LectureMesure, perimetre: Perimetre, coupe: str, cotes: Sequence[Cotes] = ()) -> None:
    """The button and what it opens. `cotes`: what the sentence says of quartiers, which it reads over 36 months."""
    indicateur = INDICATEURS[lecture.mesure.indicateur]
    periode = Periode.de_mois(perimetre.seance, N_MOIS) if cotes else Periode.de(perimetre.seance, "annee")
    coupes = ("quartier", "fragilite") if cotes else _coupes(lecture, coupe)
    classes = modestes_par(lecture.cle, *lecture.mesure.classe) if lecture.mesure.classe else None
    with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
        st.markdown(f"**{indicateur.titre}**  \n{indicateur.definition}")
        lignes = {
            "Numérateur": indicateur.numerateur_dit,
            "Dénominateur": indicateur.denominateur_dit,
            "Comptes": quartiers.comptes(cotes)
            or phrases_vues.comptes(lecture.mesure, indicateur, lecture.synthese, classes),
            "Laissées de côté": quartiers.LAISSEES
            if cotes
            else phrases_vues.laissees(lecture.mesure, indicateur, lecture.ensemble.iloc[0], classes),
            "Période": f"baux signés {langue.intervalle(periode.debut, periode.fin)}"
            + (" (l’objectif est annuel)" if lecture.mesure.a_une_carte and not cotes else ""),
            "Texte": indicateur.article,
            **(objectifs_dits(perimetre, indicateur) or phrases_vues.sans_objectif(lecture.mesure, indicateur)),
            "Source": f"{indicateur.source}, données publiées le {langue.jour(perimetre.instantane.publie_le)}"
            + (f", séance {gelee}" if (gelee := signatures.say(perimetre.seance, perimetre.ici or "")) else ""),
            **_chacun(lecture),
            **_leviers(lecture),
            "Réserves": _reserves(lecture, indicateur, perimetre),
        }
        st.markdown("\n".join(f"- **{nom}** : {langue.typeset(texte)}" for nom, texte in lignes.items()))
        st.markdown("La même réponse, sans navigateur, puis la requête :")
        st.code(commande(lecture, perimetre, coupe, est_par_cotes=bool(cotes)), language="bash", wrap_lines=True)
        st.code(_requete(indicateur, periode, perimetre, coupes), language="sql", wrap_lines=True)


def objectifs_dits(perimetre: Perimetre, indicateur: Indicateur) -> dict[str, str]:
    """The objective in force and its source, then how many places have their own."""
    connus = donnees.objectifs(perimetre.instantane.identifiant, str(perimetre.seance), indicateur.nom)
    dits = [
        f"{cibles.valeur_dite(float(o.valeur), est_un_nombre=o.en_nombre)}"
        f"{' pour toute la Métropole' if o.en_nombre else ''} : {o.source}"
        for o in connus
        if not o.lieu
    ]
    if propres := sum(1 for o in connus if o.lieu):
        source = conventions.sources(o.source for o in connus if o.lieu).removeprefix("Objectifs : ").rstrip(".")
        ou = "dans Préparer › Objectifs"
        dits.append(f"{langue.effectif(propres, 'lieu a', 'lieux ont')} le sien, {ou} ({source})")
    return {"Objectif": " ; ".join(dits)} if dits else {}


def _chacun(lecture: LectureMesure) -> dict[str, str]:
    """What the sums beside the gap of the whole are; of a part of a year no gap is said."""
    if lecture.mesure.code != ACI or not phrases_constats.duree_de(lecture.ensemble).est_entiere:
        return {}
    return {
        "Commune par commune, bailleur par bailleur": "ce qui manque à chacun pour atteindre son objectif, "
        "additionné ; ceux qui sont au-dessus ne compensent pas (« chaque commune et chaque organisme »)"
    }


def _leviers(lecture: LectureMesure) -> dict[str, str]:
    """What the lever answers with, for the indicators that a scenario simulates."""
    if not lecture.mesure.a_une_carte:
        return {}
    return {
        "Faisabilité (levier)": "logements × rotation des résidences, là où il faut réorienter ; demandes actives du "
        "profil voulu qui souhaitent une commune du périmètre, chacune une fois ; tendu au-delà de la moitié des "
        "éligibles, ou si les mêmes ménages peuvent être comptés dans plusieurs communes (docs/simulations)"
    }


def _reserves(lecture: LectureMesure, indicateur: Indicateur, perimetre: Perimetre) -> str:
    reserves = [_BORNES] if "PLUS" in indicateur.definition else []
    if lecture.mesure.classe:
        reserves.append("les repères 2015 sont une lecture reconstituée de ce support, pour l’ensemble de la Métropole")
    if lecture.mesure.matrice:
        reserves.append("ménages modestes : très modestes et modestes, aux ressources connues")
    if indicateur.mesure is Mesure.PART and not objectifs_dits(perimetre, indicateur):
        reserves.append("aucun objectif chiffré : les lignes sont comparées à l’ensemble, entre limites de contrôle")
    if lecture.mesure.image is ImageBilan.CONVENTIONS:
        reserves.append("l’écart d’un réservataire est la somme de ceux de ses conventions, sans compensation")
    if indicateur.depend_du_seuil:
        reserves.append("la loi juge la Métropole entière, l’écart d’une commune ou d’un bailleur n’est qu’un repère")
    if perimetre.ici:
        reserves.append(f"périmètre provisoire de {perimetre.ici_dite} : {langue.liste(perimetre.territoires)}")
    return " ; ".join(reserves)


def commande(lecture: LectureMesure, perimetre: Perimetre, coupe: str, *, est_par_cotes: bool = False) -> str:
    """The command line that answers the same."""
    ici = f' --ici "{perimetre.ici}"' if perimetre.ici else ""
    if est_par_cotes:
        return f"python -m mel_core suivre cotes_quartiers --seance {perimetre.seance}{ici}"
    nom = lecture.mesure.indicateur_de_synthese if coupe == MATRICE else lecture.mesure.indicateur
    return (
        f"python -m mel_core indicateur {nom} --seance {perimetre.seance} --periode annee "
        f"--par {','.join(_coupes(lecture, coupe))}{ici}"
    )


def _coupes(lecture: LectureMesure, coupe: str) -> tuple[str, ...]:
    """Agreements are judged bailleur by bailleur, whatever the lines; what is no cut is that of the first one."""
    coupe = coupe if coupe in lecture.mesure.coupes else lecture.mesure.coupes[0]
    return par(CONVENTIONS if lecture.mesure.image is ImageBilan.CONVENTIONS else coupe)


def _requete(indicateur: Indicateur, periode: Periode, perimetre: Perimetre, coupes: tuple[str, ...]) -> str:
    bloc = BLOCS[indicateur.mesure]
    requete = "\n".join(ligne for ligne in SQL[bloc].splitlines() if not ligne.startswith("--"))
    colonnes = f" ; $population = {indicateur.population} ; $valeur = {indicateur.valeur}" if "parts" in bloc else ""
    return (
        f"-- $coupes = {', '.join(c for c in coupes if c != COUPES_AJOUTEES.get(indicateur.mesure))}{colonnes}\n"
        f"-- $debut = {periode.debut} ; $fin = {periode.fin} ; $ici = {perimetre.ici or 'toutes'}\n{requete}"
    )

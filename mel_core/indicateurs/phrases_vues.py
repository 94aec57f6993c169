"""What is said beside a picture or a table of the bilan: what its marks are, what it leaves out, why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mel_core.indicateurs import phrases_constats, phrases_mesures
from mel_core.indicateurs.catalogue import ACI
from mel_core.indicateurs.couverture import MAL_CONNU_DIT
from mel_core.indicateurs.definitions import COUPES_DITES, DE_CLASSES, ImageBilan, Indicateur, Mesure, MesureBilan
from mel_core.secret.bail import SALLE, reader
from mel_core.socle import langue
from mel_core.socle.valeurs import Compte, Duree

_NOTES = {
    ImageBilan.VOLUMES: "À droite, la part de ménages ACI en premier accès.",
    ImageBilan.DELAIS: "Délai des ménages logés : ne se compare pas à l’ancienneté de ceux qui attendent.",
    ImageBilan.PAIRES: "À droite, l’écart des entrants aux occupants, et le nombre d’entrants aux ressources connues.",
    ImageBilan.CONVENTIONS: "Convention par convention, hors mutations et relogements NPRU.",
    ImageBilan.CLASSES: "À droite, la part de ménages modestes parmi les ressources connues. Bornes supposées : 20, 40 "
    "et 60 % du plafond PLUS.",
}
_NOTES_EN_SALLE = {
    ImageBilan.PAIRES: "",
    ImageBilan.CLASSES: "Parmi les ressources connues ; bornes supposées.",
}
_NOMMES_MAX = 15
DECOUPAGE_FICTIF = "Découpage fictif : ces contours ne sont pas ceux des IRIS."


def note(image: ImageBilan) -> str:
    """What the marks of a picture are, where they do not say it; in a room, what its labels leave."""
    return (_NOTES | _NOTES_EN_SALLE if reader() == SALLE else _NOTES).get(image, "")


def premiers(n: int, total: int) -> str:
    """`Les 12 plus gros volumes sur 30 lignes, toutes dans le tableau.`"""
    ou = "" if reader() == SALLE else ", toutes dans le tableau"
    return f"Les {n} plus gros volumes sur {langue.effectif(total, 'ligne')}{ou}."


def rien_a_dessiner(coupe: str) -> str:
    """Why there is no picture by `coupe` (in words): a room has no table to look at."""
    if reader() == SALLE:
        return f"Par {coupe.lower()}, rien ne se dit ici : les nombres sont trop petits."
    return "Rien à dessiner pour cette lecture : le tableau dit pourquoi."


def rien_dedans(lieux: pd.DataFrame, quoi: str, connues: str) -> str:
    """Why nothing is drawn of what a place is made of (`lieux`): too few is not the same as unknown."""
    if lieux.empty:
        return f"Rien à dessiner : aucune attribution de cette période ne dit {quoi}."
    if (lieux["n_connus"] == 0).all():
        return f"Rien à dessiner : aucune attribution {connues}."
    return "Rien à dessiner : trop peu d’attributions pour le dire."


def signes_de_la_matrice(cellules: pd.DataFrame) -> str:
    """What they mean, to whoever reads by the rule."""
    if reader().lit_tout:
        return ""
    if cellules["cible"].notna().any():
        return "▲ ▼ = : de quel côté de l’objectif, quand la part n’est pas dite ; • : trop peu pour le dire."
    return "• : trop peu pour dire une part."


def regle_de_la_matrice(coupes: tuple[str, ...]) -> str:
    """How its counts are rounded, which is not as elsewhere; empty for who reads them exactly."""
    if reader().lit_tout:
        return ""
    regle = reader().regle.de(coupes)
    return f"Bailleur × commune : nombres arrondis à {regle.base} ; {regle.tus} ou moins : non dits."


def sans_comparaison(duree: Duree) -> str:
    """Why no séance is set beside this one."""
    return f"Les données ne couvrent que {duree} : rien n’est comparé."


def sans_reorientation(duree: Duree) -> str:
    """Why a target tried asks nothing."""
    return f"{duree} : rien ne se réoriente, l’objectif se juge sur une année entière."


def sans_objectif(mesure: MesureBilan, indicateur: Indicateur) -> dict[str, str]:
    """Of the two objectives of the CIET, that none is in force."""
    return {"Objectif": f"aucun en vigueur à cette date ({indicateur.article})"} if mesure.a_une_carte else {}


def laissees(mesure: MesureBilan, indicateur: Indicateur, ensemble: pd.Series, classes: pd.DataFrame | None) -> str:
    """What a share leaves out. `classes`: the types of quartiers, of a measure that has its objective by them."""
    inconnus = langue.effectif(ensemble["n_inconnus"], "attribution")
    if classes is not None:
        sans_classe = next(iter(classes.loc[classes["fragilite"] == "inconnu", "n"]), Compte(0))
        return (
            f"{inconnus} aux ressources inconnues (revenu absent ou nul, taille du ménage absente) ; "
            f"{langue.effectif(sans_classe, 'attribution')} sans fragilité connue du quartier, qui n’ont pas d’objectif"
        )
    if mesure.code == ACI:
        return f"{inconnus} sans information sur les labels, et toutes les mutations"
    if indicateur.mesure is Mesure.REPARTITION:
        return "aucune : les ressources inconnues sont une classe, montrée avec les autres"
    return f"{inconnus} sans l’information, sur {langue.nombre(ensemble['n'])}"


def comptes(mesure: MesureBilan, indicateur: Indicateur, ligne: pd.Series, classes: pd.DataFrame | None) -> str:
    """The counts that a share is made of. `ligne`: the one that the measure is about; `classes`: see `laissees`."""
    if classes is not None:
        return " ; ".join(
            f"{phrases_constats.QUARTIERS[x.fragilite]}, {x.numerateur} sur {x.n_connus}"
            for x in phrases_constats.arrange(classes).itertuples()
        )
    if indicateur.mesure is Mesure.DELAI:
        quantiles = (phrases_mesures.mois(ligne[c]) for c in ("mediane_mois", "p90_mois"))
        return f"{langue.effectif(ligne['n_connus'], 'délai')}, médiane et neuf sur dix : {' et '.join(quantiles)} mois"
    quoi = f" ({mesure.cellule_dite})" if mesure.cellule_dite else ""
    return f"{langue.nombre(ligne['numerateur'])} sur {langue.nombre(ligne['n_connus'])}{quoi}"


def rien_de_croise(rangee: str, colonne: str) -> str:
    """Of a cut across another of which a room may read nothing."""
    return (
        "Croisés ainsi, les nombres sont trop petits pour être dits ici : lire cette mesure d’une seule façon, par "
        f"{rangee.lower()} ou par {colonne.lower()}."
    )


def en_partie_croise(rangee: str, n: int, total: int) -> str:
    """Of a cut across another too long for the room: `n` of its `total` lines."""
    return f"{langue.effectif(n, rangee.lower())} sur {total}."


def reste(n: int, quoi: str, suite: str = "", ou: str = "dans le tableau") -> str:
    """`Et 9 autres communes.`: what is not drawn is counted; `ou`: where a desk finds it, as a room does not."""
    nom = quoi if quoi.isupper() else langue.agree(n, quoi)
    au_poste = "" if reader() == SALLE else f", {ou}"
    return f"Et {langue.effectif(n, 'autre')} {nom}{suite}{au_poste}." if n else ""


def restent(coupe: str, noms: Sequence[str]) -> str:
    """Of a room, what a picture by `coupe` leaves: classes, which are few, are named (`Non dit ici : typologie 1.`)."""
    if coupe in DE_CLASSES:
        return f"Non dit ici : {langue.liste([nom[:1].lower() + nom[1:] for nom in noms])}." if noms else ""
    return reste(len(noms), COUPES_DITES[coupe][1].lower())


def non_listes(n: int, nom: str) -> str:
    """Of a table on paper, the places of which nothing is said but that they had attributions; nothing of none."""
    dites = f"{langue.effectif(n, nom)} {langue.agree(n, 'a', 'ont')} trop peu d’attributions pour être"
    return f"{dites} {langue.agree(n, 'listé', 'listés')} ici." if n else ""


def nommes(coupe: str, dits: Sequence[tuple[str, str]]) -> str:
    """`Et 3 autres communes : Hem (40), Leers (au-dessus) et Roncq.`: what a picture on paper leaves is named, with
    what may be said of it; counted alone where nobody would read so many."""
    noms = [f"{nom} ({dit})" if dit else nom for nom, dit in dits]
    suite = f" : {langue.liste(noms)}" if len(noms) <= _NOMMES_MAX else ""
    return reste(len(noms), COUPES_DITES[coupe][1].lower(), suite)


def lignes_montrees(n: int, total: int, *, par_volume: bool = False) -> str:
    """Of a table too long for a slide or a page; the caller ends the sentence."""
    sur = f"sur {langue.nombre(total)}"
    dites = f"Les {n} premières lignes {sur}, par volume :" if par_volume else f"{langue.effectif(n, 'ligne')} {sur} ;"
    return f"{dites} toutes sont dans le classeur"


SANS_RELOGEMENT = "Les résidences où personne n’a été relogé n’y sont pas."


def aucune_attribution(ou: str) -> str:
    """`ou`: « Dans la commune de Lannoy »."""
    return f"{ou}, aucune attribution sur cette période."


def objectif_en_nombre(nom: str, ligne: Mapping[str, Any] | None, voulu: float) -> str:
    """`Roubaix : 31 sur 40, il en manque 9`: a place held to a number a year; `ligne`: its cell, None without one."""
    if ligne is None:
        return f"{nom} : aucune attribution, pour {langue.nombre(voulu)} par an"
    ecart = phrases_constats.ecart_de_ligne(ligne)
    return f"{nom} : {langue.nombre(ligne['numerateur'])} sur {langue.nombre(voulu)}, {ecart}"


def objectifs_en_nombre(dits: Sequence[str]) -> str:
    """All of them; empty without any."""
    return f"Objectifs en nombre, par an : {' ; '.join(dits)}." if dits else ""


def mal_connue(titre: str) -> str:
    """Of a place of which far less is known than of the whole."""
    return f"{titre} : {MAL_CONNU_DIT}, à ne pas comparer aux autres lieux"

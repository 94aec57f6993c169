"""The sentences of a document: the finding with its number and its denominator, then how its lines stand.

Pure: tables in, French out. A sentence that cannot be said gives the reason and the remedy.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mel_core import entonnoir, langue
from mel_core.dossier.lignes import Tableau
from mel_core.dossier.plan import Image
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.manques import Manque
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL

MOIS_JUGES = 12
TROP_FAIBLE = "effectif trop faible pour conclure"
VERDICTS = {"atteint": "objectif atteint", "non_atteint": "objectif non atteint", "indetermine": TROP_FAIBLE}

# What follows « x % des n attributions » for each share.
_PARTS = {
    "equilibre": ("aux ressources connues", "vont à des ménages modestes ou très modestes"),
    "ressources": ("aux ressources connues", "vont à des ménages modestes ou très modestes"),
    "bas_revenus": ("aux ressources connues", "vont à des ménages très modestes"),
    "actifs": ("à l’activité connue", "vont à des ménages actifs, les autres à des inactifs"),
    "aci": ("en premier accès", "vont à des ménages ACI"),
    "mutations_bloquees": ("", "vont à des mutations complexes ou bloquées"),
    "droit_commun": ("", "vont à des ménages de droit commun, sans aucun label"),
    "q1_hors_qpv": ("hors QPV au quartile connu", "vont au premier quartile de ressources ou à un relogement NPRU"),
    "autres_en_qpv": ("en QPV au quartile connu", "vont à des ménages au-dessus du premier quartile"),
}
_NOMS_DE_LIGNES = {
    "commune": ("commune", "communes"),
    "quartier": ("quartier", "quartiers"),
    "residence": ("résidence", "résidences"),
    "bailleur": ("bailleur", "bailleurs"),
}
_MASCULINS = ("quartier", "bailleur")


def phrase(tableau: Tableau, ou: str) -> str:
    """The sentence of a slide, with the months covered when they are not the whole year. `ou`: `l’ICI 2`."""
    dite, mois = _phrase(tableau, ou), tableau.ensemble.get("mois_couverts")
    if not tableau.est_connu or mois is None or pd.isna(mois) or mois >= MOIS_JUGES:
        return dite
    return f"{dite.removesuffix('.')} ({langue.duree(int(mois), MOIS_JUGES)})."


def _phrase(tableau: Tableau, ou: str) -> str:
    titre = INDICATEURS[tableau.point.indicateur].titre
    if tableau.besoins:
        return manque(titre, tableau.besoins)
    if tableau.seuils:
        return seuil_absent(titre, tableau.seuils)
    if tableau.ensemble["n_connus"] == 0:
        return f"Dans {ou}, aucune attribution ne permet de connaître « {titre} » sur cette période."
    image = tableau.point.image
    if image is Image.EFFECTIFS:
        return f"{_effectifs(tableau, ou)}."
    if image is Image.PAIRES:
        return f"{_paires(tableau, ou)}."
    if image is Image.DELAIS:
        return f"{_delais(tableau, ou)}."
    return langue.typographier(f"{_part(tableau, ou)}{_lecture(tableau)}.")


def _part(tableau: Tableau, ou: str) -> str:
    ligne = tableau.ensemble
    lesquelles, vont = _PARTS[tableau.point.indicateur]
    qui = f"{langue.effectif(ligne['n_connus'], 'attribution')} {lesquelles}".strip()
    return f"Dans {ou}, {langue.part(ligne['part'])} des {qui} {vont}"


def _lecture(tableau: Tableau) -> str:
    """What the cut adds: the gap of each class, else how many lines stray further than chance explains."""
    point, lignes = tableau.point, tableau.visibles
    if point.image is Image.CLASSES:
        n = tableau.ensemble["n_inconnus"]
        return f" ; {langue.effectif(n, 'attribution')} {'a' if n < 2 else 'ont'} des ressources inconnues"
    if point.coupe not in _NOMS_DE_LIGNES:
        dites = [_classe(x) for _, x in lignes[~lignes["est_regroupee"]].iterrows() if x["n_connus"] > 0]
        return f" : {' ; '.join(dites)}" if dites else ""
    return f"{_objectif(tableau.ensemble)}{_hors_limites(tableau)}"


def _classe(ligne: pd.Series) -> str:
    dite = f"{ligne['nom']} {langue.part(ligne['part'])}"
    return f"{dite} ({ecart_dit(ligne)})" if pd.notna(ligne["ecart_attributions"]) else dite


def ecart_dit(ligne: pd.Series) -> str:
    """`163 de trop`, `il en manque 89`, `objectif atteint`; why nothing is concluded."""
    n = ligne["ecart_attributions"]
    if pd.isna(n):  # no objective was in force
        return langue.ABSENT
    if ligne["verdict"] == "indetermine":
        return TROP_FAIBLE
    if n == 0:
        return "objectif atteint" if ligne["verdict"] == "atteint" else "écart nul"
    if pd.isna(ligne["verdict"]):  # several classes of quartiers: the gaps of both sides are added
        return f"écart de {langue.effectif(n, 'attribution')}"
    return f"{langue.nombre(n)} de trop" if ligne["part"] > ligne["cible"] else f"il en manque {langue.nombre(n)}"


def _objectif(ligne: pd.Series) -> str:
    if pd.isna(ligne["cible"]) or pd.isna(ligne["ecart_attributions"]):
        return ""
    return f", pour un objectif de {langue.part(float(ligne['cible']))} ({ecart_dit(ligne)})"


def _hors_limites(tableau: Tableau) -> str:
    """How many of the lines shown alone are outside the 95 % control limits around the whole."""
    lignes = tableau.visibles
    jugees = lignes[~lignes["est_regroupee"] & (lignes["n_connus"].fillna(0) >= EFFECTIF_MINIMAL)]
    if len(jugees) < 2:
        return ""
    ou = entonnoir.position(
        jugees["part"].astype(float), jugees["n_connus"].astype(float), float(tableau.ensemble["part"])
    )
    dehors = int(ou.isin(["au-dessus", "au-dessous"]).sum())
    singulier, pluriel = _NOMS_DE_LIGNES[tableau.point.coupe]
    sur = f"sur {langue.nombre(len(jugees))}"
    if dehors == 0:
        aucun = "aucun" if singulier in _MASCULINS else "aucune"
        return f" ; {aucun} {singulier} {sur} ne s’en écarte plus que le hasard ne l’explique"
    verbe = "s’en écarte" if dehors == 1 else "s’en écartent"
    return f" ; {langue.effectif(dehors, singulier, pluriel)} {sur} {verbe} plus que le hasard ne l’explique"


def _effectifs(tableau: Tableau, ou: str) -> str:
    ligne = tableau.ensemble
    k = ligne["numerateur"]
    debut = (
        f"Dans {ou}, {langue.nombre(k)} sur {langue.effectif(ligne['n_connus'], 'attribution')} "
        f"{'reloge' if k < 2 else 'relogent'} un ménage du NPRU"
    )
    lignes = tableau.visibles
    servies = int((lignes.loc[~lignes["est_regroupee"], "numerateur"].fillna(0) > 0).sum())
    if tableau.point.coupe not in _NOMS_DE_LIGNES or k == 0:
        return debut
    singulier, pluriel = _NOMS_DE_LIGNES[tableau.point.coupe]
    chez = "chez" if tableau.point.coupe == "bailleur" else "dans"
    return f"{debut}, {chez} {langue.effectif(servies, singulier, pluriel)} au moins"


def _paires(tableau: Tableau, ou: str) -> str:
    ligne = tableau.ensemble
    debut = (
        f"Dans {ou}, {langue.part(ligne['part'])} des {langue.effectif(ligne['n_connus'], 'entrant')} aux ressources "
        "connues sont modestes"
    )
    if pd.isna(ligne["part_occupants"]):
        return f"{debut} ; les ressources des occupants en place ne sont pas connues"
    return f"{debut}, contre {langue.part(ligne['part_occupants'])} des occupants en place"


def _delais(tableau: Tableau, ou: str) -> str:
    ligne = tableau.ensemble
    return (
        f"Dans {ou}, la moitié des {langue.effectif(ligne['n_connus'], 'attribution')} ont demandé "
        f"{mois(ligne['mediane_mois'])} mois ou moins entre la demande et le bail, neuf sur dix "
        f"{mois(ligne['p90_mois'])} mois ou moins"
    )


def mois(valeur: float | None) -> str:
    """`9`, `9,5`: a quantile falls between two months at times."""
    if valeur is None or pd.isna(valeur):
        return langue.ABSENT
    return langue.nombre(valeur, 0 if float(valeur).is_integer() else 1)


def manque(titre: str, besoins: Sequence[Manque]) -> str:
    """Why a measure cannot be known, and what to import."""
    colonnes = langue.liste([f"{langue.liste([f'« {c} »' for c in b.colonnes])} de « {b.table} »" for b in besoins])
    return f"« {titre} » ne peut pas être connu : aucun fichier importé n’apporte {colonnes} ; compléter puis importer."


def colonnes_absentes(ligne: pd.Series) -> str:
    """Which label columns no file of a cell had."""
    colonnes = [f"« {c} »" for c in ligne["colonnes_absentes"].split("|")]
    nom = langue.accorder(len(colonnes), "colonne absente", "colonnes absentes")
    return f"inconnu : {nom} ({langue.liste(colonnes)})"


def seuil_absent(titre: str, annees: Sequence[int]) -> str:
    """Why an indicator of the first quartile stays empty, for which years, and what to do."""
    quand = langue.liste([str(a) for a in annees])
    return (
        f"« {titre} » ne peut pas être calculé : le seuil du premier quartile de {quand} n’est pas connu, et"
        " aucun n’est supposé ; l’ajouter dans Préparer › Objectifs et paramètres."
    )


def effectif_dit(tableau: Tableau) -> str:
    """`n = 3 510 attributions, 3 080 connues`: what the sentence counts."""
    ligne = tableau.ensemble
    comptes = (
        f"n = {langue.effectif(ligne['n'], 'attribution')}, dont "
        f"{langue.effectif(ligne['n_connus'], 'connue')} et {langue.effectif(ligne['n_inconnus'], 'inconnue')}"
    )
    return " ; ".join((comptes, *(d.phrase().rstrip(".") for d in tableau.declarees)))

"""The sentences of a document: the finding with its number and its denominator, then how its lines stand.

Pure: tables in, French out. A sentence that cannot be said gives the reason and the remedy.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mel_core.dossier.lignes_dossier import MOIS_JUGES, Tableau
from mel_core.dossier.plan_dossier import ImageDuPlan
from mel_core.indicateurs import INDICATEURS, phrases_constats, phrases_mesures
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL, MANQUE, TROP
from mel_core.indicateurs.phrases_constats import TROP_FAIBLE_DIT
from mel_core.socle import cibles, langue
from mel_core.socle.langue import Peu

VERDICTS = {"atteint": "objectif atteint", "non_atteint": "objectif non atteint", "indetermine": TROP_FAIBLE_DIT}

NOMS_DE_LIGNES = {
    "commune": ("commune", "communes"),
    "quartier": ("quartier", "quartiers"),
    "residence": ("résidence", "résidences"),
    "bailleur": ("bailleur", "bailleurs"),
}
_MASCULINS = ("quartier", "bailleur")


def phrase(tableau: Tableau, ou: str) -> str:
    """The sentence of a slide, with the months covered when they are not the whole year. `ou`: `l’ICI 2`."""
    return langue.typeset(f"{_constat(tableau, ou)}{_duree(tableau.ensemble)}. {tableau.couverture_dite}".rstrip())


def _duree(ligne: pd.Series) -> str:
    return f" ({langue.duree(int(ligne['mois_couverts']), MOIS_JUGES)})" if _est_partielle(ligne) else ""


def _est_partielle(ligne: pd.Series) -> bool:
    mois = ligne.get("mois_couverts")
    return bool(pd.notna(mois) and mois < MOIS_JUGES)


def _constat(tableau: Tableau, ou: str) -> str:
    image = tableau.point.image
    if "mutation" in tableau.point.par and (dite := _mutations(tableau, ou)):
        return dite
    if image is ImageDuPlan.EFFECTIFS:
        return _effectifs(tableau, ou)
    if image is ImageDuPlan.PAIRES:
        return _paires(tableau, ou)
    if image is ImageDuPlan.DELAIS:
        return _delais(tableau, ou)
    return f"{_part(tableau, ou)}{_lecture(tableau)}"


def _part(tableau: Tableau, ou: str) -> str:
    ligne = tableau.ensemble
    indicateur = INDICATEURS[tableau.point.indicateur]
    n = ligne["n_connus"]
    qui = f"{langue.effectif(n, 'attribution')} {indicateur.connus}".strip()
    if isinstance(n, Peu):
        return f"Dans {ou}, {qui}, trop peu pour dire combien vont {indicateur.vont}"
    combien = langue.nombre(ligne["numerateur"]) if pd.isna(ligne["part"]) else langue.part(ligne["part"])
    return f"Dans {ou}, {combien} des {qui} vont {indicateur.vont}"


def _lecture(tableau: Tableau) -> str:
    """What the cut adds: the gap of each class, else how many lines stray further than chance explains."""
    point, lignes = tableau.point, tableau.lignes
    if point.image is ImageDuPlan.CLASSES:
        n = tableau.ensemble["n_inconnus"]
        hors = _hors_limites(tableau.modestes[0]) if point.coupe in NOMS_DE_LIGNES and tableau.modestes else ""
        return hors or f" ; {langue.effectif(n, 'attribution')} {'a' if n < 2 else 'ont'} des ressources inconnues"
    if point.coupe not in NOMS_DE_LIGNES:
        dites = [dite for _, x in lignes.iterrows() if (dite := _classe(x))]
        return f" : {' ; '.join(dites)}" if dites else ""
    return f"{_objectif(tableau)}{_hors_limites(tableau) or _de_chaque_cote(tableau)}"


def _classe(ligne: pd.Series) -> str:
    """Empty for a class of which nothing is said."""
    a_un_ecart = est_su(ligne["ecart_attributions"])
    if pd.isna(ligne["part"]):
        return f"{ligne['nom']} {ecart_dit(ligne)}" if _texte(ligne.get("cote")) else ""
    dite = f"{ligne['nom']} {langue.part(ligne['part'])}"
    return f"{dite} ({ecart_dit(ligne)})" if a_un_ecart else dite


def est_su(valeur: object) -> bool:
    """A count that is not said is known."""
    return isinstance(valeur, Peu) or bool(pd.notna(valeur))


def est_entiere(part: float) -> bool:
    """Whether a share is a whole per cent, but for what a binary fraction adds to it."""
    return langue.round_off(100 * part, 6).denominator == 1


def _texte(valeur: object) -> str:
    return valeur if isinstance(valeur, str) else ""


def bande_dite(ligne: pd.Series) -> str:
    """`de 45 % à 55 %`: what a class of quartiers that is held to a band aims at; empty for another line."""
    cible, bande = ligne.get("cible"), ligne.get("bande")
    if cible is None or bande is None or pd.isna(cible) or pd.isna(bande):
        return ""
    return f"de {langue.part(max(0.0, cible - bande))} à {langue.part(min(1.0, cible + bande))}"


def verdict_dit(ligne: pd.Series) -> str | None:
    """`objectif atteint`, `dans la bande de 45 % à 55 %`; None where nothing is judged."""
    verdict, bande = _texte(ligne["verdict"]), bande_dite(ligne)
    ou = {"atteint": "dans", "non_atteint": "hors de"}.get(verdict)
    return f"{ou} la bande {bande}" if ou and bande else VERDICTS.get(verdict)


def say_cote(cote: object, image: ImageDuPlan = ImageDuPlan.PARTS) -> str:
    """`au-dessus de l’objectif`, or `des occupants` that entrants are set beside: said where a share is not."""
    repere = "des occupants" if image is ImageDuPlan.PAIRES else "de l’objectif"
    return phrases_constats.say_cote(cote, repere) if isinstance(cote, str) else ""


def lecture(ligne: pd.Series, *, est_nomme: bool = False) -> str:
    """The verdict of a line, else its side of the objective. `est_nomme`: which one, where lines have their own."""
    dite = verdict_dit(ligne) or say_cote(ligne.get("cote"))
    if not dite:
        return langue.ABSENT
    # A number a year is told from a share by the share of its cell.
    est_connu = pd.notna(ligne["cible"]) and (ligne["cible"] < 1 or cibles.est_en_nombre(ligne))
    return f"{dite} ({cibles.objectif_dit(ligne)} visés)" if est_nomme and est_connu else dite


def ont_leurs_objectifs(tableau: Tableau) -> bool:
    """Whether a line is held to another objective than the whole."""
    return bool((tableau.lignes["cible"].dropna() != tableau.ensemble["cible"]).any())


def ecart_signe(ligne: pd.Series) -> str:
    """`163 de trop`, `il en manque 89`; empty where the gap has no side, or is not said."""
    n, verdict, cote = ligne["ecart_attributions"], _texte(ligne["verdict"]), _texte(ligne.get("cote"))
    est_jugee = pd.notna(ligne["cible"]) and not _est_partielle(ligne) and verdict != "indetermine"
    if not est_jugee or not est_su(n) or n == 0 or (verdict == "atteint" and isinstance(n, Peu)):
        return ""
    if not verdict and (isinstance(n, Peu) or cote == "indecis"):
        return ""
    sens = _texte(ligne["sens"])  # none where classes of quartiers pull both ways
    return {TROP: f"{langue.nombre(n)} de trop", MANQUE: f"il en manque {langue.nombre(n)}"}.get(sens, "")


def ecart_dit(ligne: pd.Series) -> str:
    """The gap with its side, `objectif atteint`, the side of the objective where a gap is not said; why nothing is
    concluded."""
    if signe := ecart_signe(ligne):
        bande = bande_dite(ligne)
        return f"{signe} pour revenir dans la bande {bande}" if bande else signe
    n, verdict, cote = ligne["ecart_attributions"], _texte(ligne["verdict"]), _texte(ligne.get("cote"))
    if not est_su(n):  # no objective was in force, or a room is told its side at the most
        est_tu = pd.notna(ligne["cible"]) and isinstance(ligne["numerateur"], Peu)
        return say_cote(cote or None) or (TROP_FAIBLE_DIT if est_tu else langue.ABSENT)
    if verdict == "indetermine":
        return TROP_FAIBLE_DIT
    if verdict == "atteint" and (n == 0 or isinstance(n, Peu)):
        return verdict_dit(ligne) or ""
    # Several classes of quartiers, whose gaps of both sides are added; a year in part, which is not judged.
    sont_ajoutes = not verdict and not isinstance(n, Peu) and n > 0 and cote != "indecis"
    if pd.isna(ligne["cible"]) or _est_partielle(ligne) or sont_ajoutes:
        types = ", type de quartiers par type de quartiers" if sont_ajoutes and "n_trop" in ligne else ""
        return f"écart de {langue.effectif(n, 'attribution')}{types}"
    return "écart nul" if n == 0 else say_cote(cote or None) or TROP_FAIBLE_DIT


def _objectif(tableau: Tableau) -> str:
    ligne = tableau.ensemble
    if pd.isna(ligne["cible"]) or not est_su(ligne["ecart_attributions"]):
        return ""
    par_quartier = _quartier_par_quartier(ligne) if tableau.point.coupe == "quartier" else ""
    return f", pour un objectif de {cibles.objectif_dit(ligne)} ({par_quartier or ecart_dit(ligne)})"


def _quartier_par_quartier(ligne: pd.Series) -> str:
    """What some quartiers have too many makes up for none that others lack; empty where they are not summed up."""
    if not est_su(ligne.get("n_trop")) or _est_partielle(ligne):
        return ""
    trop, manque = ligne["n_trop"], ligne["n_manque"]
    dits = [f"{langue.nombre(trop)} de trop"] if _est_plein(trop) else []
    dits += [f"il en manque {langue.nombre(manque)}"] if _est_plein(manque) else []
    return f"quartier par quartier, {langue.liste(dits)}" if dits else ""


def _est_plein(n: float) -> bool:
    return isinstance(n, Peu) or n > 0


def _hors_limites(tableau: Tableau) -> str:
    """How many of the lines whose share is said are outside the 95 % control limits around the whole."""
    lignes, part = tableau.lignes, tableau.ensemble["part"]
    jugees = lignes[lignes["part"].notna() & (lignes["n_connus"].astype(float) >= EFFECTIF_MINIMAL)]
    if len(jugees) < 2 or pd.isna(part):
        return ""
    dehors = int(jugees["position"].isin(["au-dessus", "au-dessous"]).sum())
    singulier, pluriel = NOMS_DE_LIGNES[tableau.point.coupe]
    # A room would take them for all that there are.
    sont_les_dites = len(jugees) == lignes["part"].notna().sum() < len(lignes)
    sur = f"sur {'les ' if sont_les_dites else ''}{langue.nombre(len(jugees))}"
    sur += " dont la part est dite" if sont_les_dites else ""
    if dehors == 0:
        aucun = "aucun" if singulier in _MASCULINS else "aucune"
        return f" ; {aucun} {singulier} {sur} ne s’écarte de l’ensemble plus que le hasard ne l’explique"
    verbe = "s’écarte de l’ensemble" if dehors == 1 else "s’écartent de l’ensemble"
    return f" ; {langue.effectif(dehors, singulier, pluriel)} {sur} {verbe} plus que le hasard ne l’explique"


def cotes(tableau: Tableau) -> dict[str, int]:
    """How many lines are on each side of their objective; nothing where no side is said."""
    trouves = list(tableau.lignes["cote"]) if "cote" in tableau.lignes else []
    return {cote: trouves.count(cote) for cote in phrases_constats.COTES} if any(map(_texte, trouves)) else {}


def _de_chaque_cote(tableau: Tableau) -> str:
    """Where hardly any share is said: `parmi ses quartiers, 12 au-dessus de l’objectif et 30 au-dessous…`."""
    image, lignes = tableau.point.image, tableau.lignes
    dits = [f"{langue.nombre(n)} {say_cote(c, image)}" for c, n in cotes(tableau).items() if n]
    if not dits:
        return ""
    comparees = lignes["n_occupants" if image is ImageDuPlan.PAIRES else "cible"].map(est_su)
    autres = int((comparees & ~lignes["cote"].map(_texte).astype(bool)).sum())
    tues = f" ; trop peu pour le dire de {langue.effectif(autres, 'autre')}" if autres else ""
    return f" ; parmi ses {NOMS_DE_LIGNES[tableau.point.coupe][1]}, {langue.liste(dits)}{tues}"


def _effectifs(tableau: Tableau, ou: str) -> str:
    ligne = tableau.ensemble
    k = ligne["numerateur"]
    debut = (
        f"Dans {ou}, {langue.nombre(k)} sur {langue.effectif(ligne['n_connus'], 'attribution')} "
        f"{'reloge' if k < 2 else 'relogent'} un ménage du NPRU"
    )
    comptes = list(tableau.lignes["numerateur"])
    servies, tu = sum(n > 0 for n in comptes), next((n for n in comptes if isinstance(n, Peu)), None)
    if tableau.point.coupe not in NOMS_DE_LIGNES or not servies:
        return debut
    singulier, pluriel = NOMS_DE_LIGNES[tableau.point.coupe]
    lesquelles = langue.effectif(servies, singulier, pluriel)
    if tu is None:
        return f"{debut}, {'chez' if singulier == 'bailleur' else 'dans'} {lesquelles}"
    chacun = "chacun" if singulier in _MASCULINS else "chacune"
    plus = f"{langue.agree(servies, 'compte', 'comptent')} plus de {langue.nombre(tu.tus)}"
    return f"{debut} ; {lesquelles} en {plus}, {chacun} des autres {langue.nombre(tu)}"


def _mutations(tableau: Tableau, ou: str) -> str:
    """What the screen says of it; empty where the share of the mutations is not said."""
    par_acces, par_classe = (t.lignes for t in tableau.modestes)
    if not par_acces.loc[par_acces["mutation"] == "mutation", "part"].notna().any():
        return ""
    return phrases_mesures.mutations_dites(ou, par_acces, par_classe[par_classe["fragilite"] == "fragile"])


def _paires(tableau: Tableau, ou: str) -> str:
    ligne = tableau.ensemble
    qui = f"{langue.effectif(ligne['n_connus'], 'entrant')} aux ressources connues"
    if isinstance(ligne["n_connus"], Peu):
        return f"Dans {ou}, {qui}, trop peu pour dire combien sont modestes"
    if pd.isna(ligne["part"]):
        return f"Dans {ou}, {langue.nombre(ligne['numerateur'])} des {qui} sont modestes"
    debut = f"Dans {ou}, {langue.part(ligne['part'])} des {qui} sont modestes"
    if pd.isna(ligne["part_occupants"]):
        return f"{debut} ; {phrases_mesures.sans_occupants(ligne)}"
    cotes_dits = _de_chaque_cote(tableau) if tableau.point.coupe in NOMS_DE_LIGNES else ""
    return f"{debut}, contre {langue.part(ligne['part_occupants'])} des occupants en place{cotes_dits}"


def _delais(tableau: Tableau, ou: str) -> str:
    ligne = tableau.ensemble
    if pd.isna(ligne["mediane_mois"]):
        return f"Dans {ou}, {langue.effectif(ligne['n_connus'], 'attribution')}, trop peu pour dire un délai"
    return phrases_mesures.delais_dits(ou, ligne)


def colonnes_absentes(ligne: pd.Series) -> str:
    """Which label columns no file of a cell had."""
    colonnes = [f"« {c} »" for c in ligne["colonnes_absentes"].split("|")]
    nom = langue.agree(len(colonnes), "colonne absente", "colonnes absentes")
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

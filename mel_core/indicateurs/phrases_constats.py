"""The sentences of the screens: a finding with its number and its denominator, then what a target asks.

Pure: figures in, French out. Numbers between ** are the ones to see from the last row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.indicateurs.besoins import remede
from mel_core.socle import cibles, langue
from mel_core.socle.appellations import FRAGILITES_DES_QUARTIERS, FRAGILITES_EN_TETE
from mel_core.socle.valeurs import MANQUE, TROP, Compte, Duree, Ecart

TROP_FAIBLE_DIT = "effectif trop faible pour conclure"
ABSENT_DIT = f"« {langue.ABSENT} » : inconnu, ou trop peu pour être dit."
QUARTIERS = FRAGILITES_DES_QUARTIERS | {"inconnu": "quartiers de fragilité inconnue"}
CLASSES = tuple(FRAGILITES_DES_QUARTIERS)
VERDICTS = {"atteint": "objectif atteint", "non_atteint": "objectif non atteint", "indetermine": TROP_FAIBLE_DIT}
_ORDRE = tuple(QUARTIERS)
_MOIS_JUGES = 12
ANNEE = Duree(_MOIS_JUGES)


def constat_equilibre(ou: str, classes: pd.DataFrame, bande: Fraction | float) -> str:
    """The class of quartiers that is the most attributions away from its target, or that all are there.

    `classes`: `equilibre` cut by fragilite, over 12 months. `ou`: `l’ICI 2`.
    """
    connues = classes[(classes["fragilite"] != "inconnu") & classes["part"].notna()]
    duree = duree_de(classes)
    if connues.empty:
        lues = classes.loc[classes["fragilite"] != "inconnu", "n_connus"]
        if any(n.est_possible for n in lues):
            peu = "les attributions aux ressources connues sont trop peu pour dire une part"
            return f"Dans {ou}, {peu}{sur_la_duree(classes)}."
        inconnues = classes.loc[classes["fragilite"] == "inconnu", "n_connus"]
        if any(n.est_possible for n in inconnues):
            return (
                f"Dans {ou}, {langue.effectif(inconnues.iloc[0], 'attribution')} aux ressources connues, sans que la "
                "fragilité du quartier le soit"
                f"{remede(' : donner l’indice (ips) ou la fragilité des quartiers depuis Préparer › Imports')}."
            )
        return (
            f"Dans {ou}, les ressources ne sont connues pour aucune attribution de cette période"
            f"{remede(' : ajouter le revenu fiscal à l’export, puis importer depuis Préparer › Imports')}."
        )
    if connues["cible"].isna().all():
        ligne = connues.loc[connues["n_connus"].astype(float).idxmax()]
        return f"{_part_modeste(ou, ligne)}. Aucun objectif n’était en vigueur à la fin de cette période."
    a_dire = connues[[not est_tenu(x.verdict, x.ecart_attributions) for x in connues.itertuples()]]
    parts = [f"**{say_part(x)}** dans les {QUARTIERS[x['fragilite']]}" for _, x in arrange(connues).iterrows()]
    if a_dire.empty and not duree.est_entiere:
        return f"Dans {ou}, {langue.liste(parts)} vont à des ménages modestes, {_sans_jugement(duree)}."
    if a_dire.empty:
        but = langue.part(float(connues["cible"].iloc[0]))
        return f"Dans {ou}, l’objectif de {but} de ménages modestes est tenu : {langue.liste(parts)}."
    ligne = a_dire.loc[a_dire["ecart_attributions"].astype(float).fillna(0).idxmax()]
    if not duree.est_entiere:
        return f"{_part_modeste(ou, ligne)}, {_sans_jugement(duree)}."
    return f"{_part_modeste(ou, ligne)} : {_ecart_equilibre(ligne, bande)}."


def vont(n: Compte) -> str:
    """The verb of a share of `n`: that of one is singular."""
    return langue.agree(n, "va", "vont")


def est_tenu(verdict: str | None, ecart: Compte) -> bool:
    """Whether an objective is met: by its verdict, which is said where a gap of a few is not."""
    return verdict == "atteint" or ecart == 0


def duree_de(cellules: pd.DataFrame | pd.Series | Mapping[Any, Any], n_mois: int = _MOIS_JUGES) -> Duree:
    """The period of these cells, or of one, and how much of it the data cover."""
    mois = cellules.get("mois_couverts")
    if isinstance(mois, pd.Series):
        mois = next(iter(mois), None)
    return Duree(n_mois, None if mois is None or pd.isna(mois) else int(mois))


def sur_la_duree(cellules: pd.DataFrame | pd.Series) -> str:
    """The same as the end of a sentence, where it is not whole: `, sur **6 mois sur 12**`."""
    duree = duree_de(cellules)
    return "" if duree.est_entiere else f", sur **{duree}**"


def say_part(ligne: Mapping[str, Any] | pd.Series) -> str:
    """`62 %`; `un peu au-dessous de 50 %` of a share that reads like its objective, and is on one side of it.

    `ligne`: a cell as it is read, with its `part`; `cible` and `cote` where it is held to a share."""
    dite, cote = langue.part(ligne["part"]), ligne.get("cote")
    if cote not in ("au-dessus", "au-dessous") or cibles.est_en_nombre(ligne) or dite != langue.part(ligne["cible"]):
        return dite
    return f"un peu {cote} de {dite}"


def _sans_jugement(duree: Duree) -> str:
    return f"sur **{duree}** : l’objectif se juge sur une année entière"


def _part_modeste(ou: str, ligne: pd.Series) -> str:
    return (
        f"Dans {ou}, **{say_part(ligne)}** {langue.de_tous(ligne['n_connus'], 'attribution')} aux "
        f"ressources connues des {QUARTIERS[ligne['fragilite']]} {vont(ligne['n_connus'])} à des ménages modestes"
    )


def _ecart_equilibre(ligne: pd.Series, bande: Fraction | float) -> str:
    but = float(ligne["cible"])
    n = ligne["ecart_attributions"]
    if ligne["verdict"] == "indetermine":
        return sans_conclure(ligne)
    if ligne["fragilite"] == "moyenne":
        marge = float(bande)
        cap = f"revenir entre {langue.nombre(100 * (but - marge))} et {langue.part(but + marge)}"
    else:
        cap = f"atteindre l’objectif de {langue.part(but)}"
    est_exces = ligne["part"] > but or ligne.get("cote") == "au-dessus"
    return f"{ecart_dit(n, est_exces, gras=True)} pour {cap}"


def quartier_par_quartier(ligne: pd.Series) -> str:
    """`Quartier par quartier, 30 de trop et il en manque 25.`: what some have too many makes up for none that others
    lack. `ligne`: `equilibre` over the whole scope; empty where no gap is judged, or none is left."""
    if not duree_de(ligne).est_entiere:
        return ""
    gaps = ((ligne["n_trop"], True), (ligne["n_manque"], False)) if "n_trop" in ligne else ()
    dits = [ecart_dit(n, est_exces) for n, est_exces in gaps if n.est_possible]
    return f"Quartier par quartier, {langue.liste(dits)}." if dits else ""


def ecart_dit(n: Compte, est_exces: bool, *, gras: bool = False) -> str:
    """`282 de trop`, `il en manque 89`."""
    nombre = f"**{langue.nombre(n)}**" if gras else langue.nombre(n)
    return f"{nombre} de trop" if est_exces else f"il en manque {nombre}"


def sans_conclure(ligne: pd.Series) -> str:
    """`effectif trop faible pour conclure (2 de trop)`."""
    return f"{TROP_FAIBLE_DIT} ({ecart_dit(ligne['ecart_attributions'], ligne['part'] > ligne['cible'])})"


def constat_aci(
    ou: str, ensemble: pd.Series, manques: Mapping[str, Compte] | None = None, *, est_vise: bool = True
) -> str:
    """`est_vise`: whether such a place may have an objective (a quartier has none). `ensemble`: the single row of
    `aci`, over 12 months. `manques`: what the communes, then the bailleurs, lack
    together, each against its own objective (see `Audience.manque`); said beside the gap of the whole."""
    n, duree = ensemble["n_connus"], sur_la_duree(ensemble)
    if n == 0 and ensemble.get("colonnes_absentes"):
        return langue.typeset(
            f"Dans {ou}, la part des ménages ACI n’est pas connue : {sans_colonnes(ensemble)}"
            f"{remede(', l’ajouter à l’export puis importer depuis Préparer › Imports')}."
        )
    if pd.isna(ensemble["part"]) and n != 0:
        qui = f"{langue.effectif(n, 'attribution')} en premier accès"
        dit = say_cote(ensemble["cote"]) if ensemble.get("cote") in COTES else "trop peu pour dire une part"
        return f"Dans {ou}, {qui} : {dit}{duree}."
    if n == 0:
        return f"Dans {ou}, aucune attribution en premier accès ne dit si le ménage relève de l’ACI sur cette période."
    debut = (
        f"Dans {ou}, **{say_part(ensemble)}** {langue.de_tous(n, 'attribution')} en premier accès {vont(n)} "
        f"à des ménages ACI"
    )
    if ensemble.get("colonnes_absentes"):
        debut = langue.typeset(f"{debut} ({sans_colonnes(ensemble)})")
    if pd.isna(ensemble["cible"]) and not est_vise:
        return f"{debut}{duree}. L’objectif vise chaque commune et chaque organisme, pas un quartier."
    if pd.isna(ensemble["cible"]):
        return f"{debut}. Aucun objectif n’était en vigueur à la fin de cette période."
    if duree:
        return f"{debut}, {_sans_jugement(duree_de(ensemble))}."
    but, ecart = cibles.objectif_dit(ensemble), ensemble["ecart_attributions"]
    if ensemble["verdict"] == "indetermine":
        return f"{debut} : {sans_conclure(ensemble)}."
    if est_tenu(ensemble["verdict"], ecart):
        chacun = f" (il manque {_chacun(manques)})" if manques else ""
        return f"{debut} : l’objectif de {but} est atteint{chacun}."
    chacun = f" ({_chacun(manques)})" if manques else ""
    return f"{debut} : {ecart_dit(ecart, False, gras=True)} pour atteindre l’objectif de {but}{chacun}."


def _chacun(manques: Mapping[str, Compte]) -> str:
    """`615 commune par commune, 551 bailleur par bailleur`: places above make up for none below."""
    par_commune, par_bailleur = (langue.nombre(manques[c]) for c in ("commune", "bailleur"))
    return f"**{par_commune}** commune par commune, **{par_bailleur}** bailleur par bailleur"


def sans_colonnes(ligne: pd.Series) -> str:
    """`1 204 attributions inconnues, leur fichier n’a pas « aci »`."""
    colonnes = langue.liste([f"« {c} »" for c in ligne["colonnes_absentes"].split("|")])
    inconnues = langue.effectif(ligne["n_inconnus"], "attribution inconnue", "attributions inconnues")
    return f"{inconnues}, leur fichier n’a pas {colonnes}"


def mouvement(moins: float, plus: float) -> str:
    """`−116`, `+24`, `−116 +8`: modest (or ACI) households in less and in more, where it is said."""
    return " ".join(langue.signe(v) for v in (-moins, plus) if v == v and v)


def effectif_et_semestre(n_connus: Compte, part_semestre: float | None, duree: Duree = ANNEE) -> str:
    """`3 958 attributions · semestre 66 %`: the 12 months judge, the semester shows where things are going. Part of
    them is said instead of the semester, which has nothing whole to be set against."""
    if not duree.est_entiere:
        return f"{langue.effectif(n_connus, 'attribution')} · {duree}"
    au_semestre = "" if part_semestre is None or pd.isna(part_semestre) else f" · semestre {langue.part(part_semestre)}"
    return f"{langue.effectif(n_connus, 'attribution')}{au_semestre}"


def detail_classe(ligne: Mapping[str, Any]) -> str:
    """A class of quartiers with its counts, and its interval where it is said."""
    sur = f"{langue.nombre(ligne['numerateur'])} sur {langue.nombre(ligne['n_connus'])}"
    debut = f"{FRAGILITES_EN_TETE[ligne['fragilite']]} : {langue.part(ligne['part'])} ({sur})"
    if pd.isna(ligne["ic_bas"]):
        return debut
    return f"{debut}, intervalle à 95 % de {langue.part(ligne['ic_bas'])} à {langue.part(ligne['ic_haut'])}"


COTES = {"au-dessus": "au-dessus{}", "au-dessous": "au-dessous{}", "indecis": "trop près{} pour conclure"}


def say_cote(cote: str, repere: str = "de l’objectif") -> str:
    """`au-dessus de l’objectif`: on which side of `repere`, which may be empty where it is said beside."""
    return COTES[cote].format(f" {repere}" if repere else "")


def detail_ligne(nom: str, part: float, n: Compte, cote: str | None = None) -> str:
    """A commune with its share and its denominator, or on which side of the objective it is where no share is said."""
    if n == 0:
        return f"{nom} : aucune attribution connue"
    connues = langue.effectif(n, "attribution connue", "attributions connues")
    if pd.notna(part):
        return f"{nom} : {langue.part(part)} de {langue.effectif(n, 'attribution')}"
    return f"{nom} : {connues}, {say_cote(cote) if cote in COTES else 'trop peu pour dire une part'}"


def detail_entier(nom: str, ligne: Mapping[Any, Any]) -> str:
    """A place with its whole figure, as it is said: share, counts, interval, gap to its objective where it has one.

    `ligne`: `part`, `numerateur`, `n_connus`, `ic_bas`, `ic_haut`, `cible`, `ecart_attributions`, `sens`, `cote`.
    """
    debut = detail_ligne(nom, ligne["part"], ligne["n_connus"], ligne["cote"])
    if pd.isna(ligne["part"]) or not ligne["numerateur"].est_dit:
        return debut
    dits = [debut, f"{langue.nombre(ligne['numerateur'])} sur {langue.nombre(ligne['n_connus'])}"]
    if pd.notna(ligne["ic_bas"]):
        dits.append(f"intervalle à 95 % de {langue.part(ligne['ic_bas'])} à {langue.part(ligne['ic_haut'])}")
    if pd.notna(ligne["cible"]):
        dits.append(ecart_de_ligne(ligne))
    return langue.typeset(" ; ".join(dits))


def ecart_de_ligne(ligne: Mapping[Any, Any]) -> str:
    """`5 de trop`, `il en manque 3`, or why the gap of a place to its objective is not said."""
    if pd.isna(ligne["cible"]):
        return "sans objectif"
    if not duree_de(ligne).est_entiere:
        return "année incomplète"
    if ligne["n_connus"] == 0:
        return "aucune connue"
    gap = ecart_de(ligne)
    if not ligne["ecart_attributions"].est_dit or pd.isna(ligne["part"]):
        if ligne.get("verdict") == "atteint":  # inside its band, a class is on one side of 50 % and holds its objective
            return "objectif tenu"
        return say_cote(ligne["cote"], "") if ligne["cote"] in COTES else "trop peu pour le dire"
    if ligne["ecart_attributions"] == 0:
        return "aucun écart" if ligne.get("verdict") == "indetermine" else "objectif tenu"
    return gap.dit()


def situation(ligne: Mapping[Any, Any] | None) -> str:
    """`au-dessus : **15** de trop`, `au-dessus, de 12 ou moins`, `à l’objectif`: the side of a place and its gap, or
    why neither is said. None: it has no attribution."""
    if ligne is None:
        return "sans attribution"
    if not (duree := duree_de(ligne)).est_entiere:
        return f"sans jugement sur {duree}"
    if ligne["n_connus"] == 0:
        return "inconnu"
    gap, n = ecart_de(ligne), ligne["ecart_attributions"]
    if gap.taille:
        cote = DES_DEUX if _est_des_deux(ligne, gap) else "au-dessus" if gap.trop > 0 else "au-dessous"
        faible = f" ({TROP_FAIBLE_DIT})" if ligne["verdict"] == "indetermine" else ""
        if pd.isna(ligne["verdict"]):  # several classes of quartiers, each with its own objective
            cote = f"{cote}, par classe".removeprefix(f"{DES_DEUX}, ")
        return f"{cote} : {gap.dit(gras=True)}{faible}"
    if n.est_tu and ligne["verdict"] != "atteint" and ligne["cote"] in COTES:
        # Classes may pull both ways: the direction is said where it is that of the side.
        if ligne["sens"] in (TROP, MANQUE):
            return f"{say_cote(ligne['cote'], '')}, de {n}"
        return f"{say_cote(ligne['cote'], f'de {cibles.objectif_dit(ligne)}')}, écart de {n}"
    return TENU if (dit := ecart_de_ligne(ligne)) == "objectif tenu" else dit


def ecart_de(ligne: Mapping[str, Any] | pd.Series) -> Ecart:
    """The gap of a place to its objective, by its direction."""
    return Ecart(ligne["ecart_trop"], ligne["ecart_manque"], ligne["ecart_attributions"])


def _est_des_deux(ligne: Mapping[str, Any] | pd.Series, gap: Ecart) -> bool:
    """Whether some is surely too many and some missing. Where the gap that is said goes the way of the side, its
    direction would be told if it were the only one (see `Audience.cellules`)."""
    de_ce_cote = {"au-dessus": gap.trop, "au-dessous": gap.manque}.get(ligne["cote"] or "", Compte(0))
    return gap.est_des_deux or (gap.est_partage and de_ce_cote > 0)


_PROPRES_DITS = 3


def propres(lieux: Sequence[tuple[str, str]]) -> str:
    """`Roubaix (40 %) garde son objectif.`: those (name, value) that no target tried on the whole moves; empty without
    any."""
    dits = [f"{nom} ({valeur})" for nom, valeur in lieux[:_PROPRES_DITS]]
    if reste := max(0, len(lieux) - _PROPRES_DITS):
        dits.append(langue.effectif(reste, "autre"))
    return f"{langue.liste(dits)} {langue.agree(len(lieux), 'garde son objectif', 'gardent le leur')}." if dits else ""


DE_TROP, EN_MANQUE, DES_DEUX, TENU = "de trop", "en manque", "des deux côtés", "à l’objectif"
ECARTES = (DE_TROP, EN_MANQUE, DES_DEUX)
TROP_PEU = "trop peu pour le dire"
SANS_OBJECTIF = "sans objectif"


def verdict_de(ligne: Mapping[str, Any] | pd.Series) -> str:
    """How a place stands to its objective, as far as is read: what its mark is painted by. A side alone is none; the
    direction of a gap of a few is one (see `situation`)."""
    if pd.isna(ligne["cible"]) or not duree_de(ligne).est_entiere:
        return SANS_OBJECTIF
    gap = ecart_de(ligne)
    if ligne["verdict"] == "indetermine" or ligne["n_connus"] == 0:
        return TROP_PEU
    if gap.taille:
        return DES_DEUX if _est_des_deux(ligne, gap) else DE_TROP if gap.trop > 0 else EN_MANQUE
    if ligne["verdict"] == "atteint" or gap.est_tenu:
        return TENU
    est_de_peu = ligne["ecart_attributions"].est_tu and ligne["sens"] in (TROP, MANQUE)
    est_dit = ligne["verdict"] == "non_atteint" or est_de_peu
    par_cote = {"au-dessus": DE_TROP, "au-dessous": EN_MANQUE} if est_dit else {}
    return par_cote.get(ligne["cote"] or "", TROP_PEU)


def signes(lignes: pd.DataFrame) -> pd.Series:
    """The gaps of a table in attributions, each an `Ecart`."""
    dits = [Ecart(x.ecart_trop, x.ecart_manque, x.ecart_attributions) for x in lignes.itertuples()]
    return pd.Series(dits, index=lignes.index, dtype=object)


def lecture(verdict_lu: str | None, cote: str | None, n: Compte) -> str:
    """What a line of a table says of its objective: the verdict, else the side, else that it is not enough."""
    if pd.notna(verdict_lu):
        return verdict(verdict_lu)
    if cote:
        return say_cote(cote)
    return "aucune connue" if n == 0 else TROP_FAIBLE_DIT


def verdict(valeur: str | None) -> str:
    """A verdict as the room reads it; empty for a cell that spans several classes of quartiers."""
    return VERDICTS.get(valeur or "", langue.ABSENT)


def arrange(classes: pd.DataFrame) -> pd.DataFrame:
    """The classes in their order, from fragile to unknown."""
    return classes.sort_values("fragilite", key=lambda s: s.map(_ORDRE.index))

"""What « Mes listes » reads: rows of one scope, never cached, never in the address; and how they are said in French."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from mel_core.contrat.libelles import STATUTS
from mel_core.droits.acces import Profil
from mel_core.entrepot import Lecteur, Portee
from mel_core.journal import Fiche
from mel_core.segments import Condition, SegmentLibre, count, find_all, phrases_segments
from mel_core.segments.champs import RESSOURCES
from mel_core.segments.compilation import parametres_du_jour
from mel_core.segments.listes.suites import Suite
from mel_core.segments.regles_segments import A_FENETRE, A_MOIS, A_N_MIN, DRAPEAU
from mel_core.socle.appellations import TYPOLOGIES_EN_TETE
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import donnees
from pages.commun.segments.lecture_orientations import LIBRE, Question, a_le_drapeau

TAILLE = 500
_CLASSES = {**RESSOURCES, "inconnu": ""}
TRIS = {
    "date_creation": "Ancienneté",
    "n_personnes": "Taille du ménage",
    "ressources": "Ressources",
    "n_passages_cal": "Passages en commission",
    "meilleur_rang": "Meilleur rang",
    "typologies": "Typologie",
    "commune_residence": "Commune habitée",
}
POINTS = "points"
_POINTS_DITS = "Points (cotation)"


@dataclass(frozen=True)
class Page:
    """`n` lines in the whole list, `n_sans_filtre` without the filters of the screen; `lignes`: those of the page."""

    n: int
    n_sans_filtre: int
    lignes: pd.DataFrame

    @property
    def n_pages(self) -> int:
        return max(1, -(-self.n // TAILLE))


def portee(profil: Profil, commune: str) -> Portee:
    """The rows that the visitor may list; `commune`: the one whose list a co-pilot opens, for want of its own.

    Raises `ErreurUtilisateur` without either: no list is of the whole Métropole.
    """
    if commune:
        return Portee.commune(commune)
    if not profil.code:
        raise ErreurUtilisateur("Une liste est celle d’une commune : en choisir une.")
    return profil.portee


def tris(question: Question, portee: Portee) -> dict[str, str]:
    """What the list may be sorted by: the points of the cotation too, where a file gives them."""
    with open(question, portee) as lecteur:
        a_des_points = parametres_du_jour(lecteur, question.criteres.jour)["cotation"]
    return {**TRIS, POINTS: _POINTS_DITS} if a_des_points else TRIS


def open(question: Question, portee: Portee) -> Lecteur:
    """A reader of `portee` in the snapshot of the question."""
    return donnees.open(question.identifiant, question.seance, portee)


def fenetre_en_mots(mois: int) -> str:
    return f"fenêtre de {mois} mois" if mois else "fenêtre illimitée"


def regle(question: Question, bailleurs: Mapping[str, str]) -> dict[str, str]:
    """The rule of the segment in words and each of its settings: what two lists that differ never say alike."""
    quoi = question.quoi
    mois = 0 if question.nom == LIBRE else question.seuil
    drapeau = a_le_drapeau(question.identifiant, question.seance)
    dite = phrases_segments.regle_dite(
        quoi, 2, mois, question.n_min, question.fenetre, drapeau, bailleurs, est_nue=True
    )
    reglages = f"{question.n_min} fois au moins, {fenetre_en_mots(question.fenetre)}"
    lignes = {"Règle": f"les demandes qui {dite}"}
    if isinstance(quoi, SegmentLibre):
        if any(c.champ == "segment" for c in quoi.conditions):
            lignes["Réglages du segment cité"] = f"seuils habituels, {reglages}"
    elif question.nom in A_N_MIN:
        lignes["Réglages"] = reglages
    elif question.nom in A_FENETRE:
        lignes["Réglages"] = fenetre_en_mots(question.fenetre)
    elif question.nom in A_MOIS and not (drapeau and question.nom == DRAPEAU):
        lignes["Réglages"] = f"attente de {mois} mois"
    return lignes


def filtre(typologies: tuple[str, ...], ressources: tuple[str, ...], lien: str, commune: str) -> SegmentLibre:
    """The filters of the screen as conditions. `lien`: souhaitee, residence, or empty for both."""
    conditions = []
    if typologies:
        conditions.append(Condition("typologie", "parmi", typologies))
    if ressources:
        conditions.append(Condition("ressources", "parmi", ressources))
    if lien == "souhaitee":
        conditions.append(Condition("commune_souhaitee", "parmi", (commune,)))
    if lien == "residence":
        conditions.append(Condition("commune_residence", "parmi", (commune,)))
    return SegmentLibre(tuple(conditions))


def page(
    question: Question,
    portee: Portee,
    restriction: SegmentLibre,
    tri: str,
    sens: str,
    rang: int,
    noms: Mapping[str, str],
) -> Page:
    """One page of the list; no other row is read."""
    with open(question, portee) as lecteur:
        n = count(lecteur, question.quoi, question.criteres, restriction)
        n_sans_filtre = count(lecteur, question.quoi, question.criteres) if restriction.conditions else n
        lues = find_all(
            lecteur, question.quoi, question.criteres, tri=tri, sens=sens, page=rang, taille=TAILLE, filtre=restriction,
            noms=noms,
        )  # fmt: skip
    return Page(n, n_sans_filtre, lues)


def tout(question: Question, portee: Portee, restriction: SegmentLibre, noms: Mapping[str, str]) -> pd.DataFrame:
    """The whole list, for its export."""
    with open(question, portee) as lecteur:
        return find_all(lecteur, question.quoi, question.criteres, filtre=restriction, noms=noms)


def dress(
    lignes: pd.DataFrame,
    suites: Mapping[str, tuple[Fiche, Suite]],
    communes: Mapping[str, str],
    bailleurs: Mapping[str, str],
) -> pd.DataFrame:
    """The list in French: one column a thing, codes by their names; unknown stays empty."""

    def noms(valeur: object, table: Mapping[str, str]) -> str | None:
        if not isinstance(valeur, str) or not valeur:
            return None
        return ", ".join(table.get(code, code) for code in valeur.split("|"))

    trouvees = [suites.get(p) for p in lignes["pseudonyme"]]
    points = {_POINTS_DITS: lignes[POINTS]} if POINTS in lignes else {}
    return pd.DataFrame(
        {
            "Dossier": lignes["pseudonyme"],
            "Pourquoi": lignes["motif"],
            "Suite": [s[1].dite if s else None for s in trouvees],
            "Suite notée le": [s[0].instant.date() if s else None for s in trouvees],
            "Déposée le": lignes["date_creation"],
            "Ancienneté (mois)": lignes["anciennete_mois"],
            **points,
            "Personnes": lignes["n_personnes"],
            "Typologies souhaitées": [noms(v, TYPOLOGIES_EN_TETE) for v in lignes["typologies"]],
            "Communes souhaitées": [noms(v, communes) for v in lignes["communes_souhaitees"]],
            "Commune habitée": [noms(v, communes) for v in lignes["code_insee_actuel"]],
            "Logement actuel": [noms(v, STATUTS) for v in lignes["statut_logement"]],
            "Bailleur actuel": [noms(v, bailleurs) for v in lignes["code_bailleur_actuel"]],
            "Ressources (bornes supposées)": [noms(v, _CLASSES) or None for v in lignes["ressources"]],
            "Propositions": lignes["n_propositions"],
            "Passages en commission": lignes["n_passages_cal"],
            "Refus": lignes["n_refus"],
            "Meilleur rang": lignes["meilleur_rang"],
        }
    )


CANDIDATS = {
    "pseudonyme": "Dossier",
    "motif": "Pourquoi",
    "n_passages": "Passages en commission",
    "n_rang_2": "Rang 2 ou plus",
    "n_rang_1": "Rang 1",
    "n_non_attribue": "Non attribués",
    "meilleur_rang": "Meilleur rang",
    "premier_passage": "Premier passage",
    "dernier_passage": "Dernier passage",
    "date_bail": "Bail chez nous",
}


def dress_candidats(lignes: pd.DataFrame, suites: Mapping[str, tuple[Fiche, Suite]]) -> pd.DataFrame:
    """The candidates of a bailleur in French, with their outcomes."""
    table = lignes[list(CANDIDATS)].rename(columns=CANDIDATS)
    trouvees = [suites.get(p) for p in lignes["pseudonyme"]]
    table.insert(2, "Suite", [s[1].dite if s else None for s in trouvees])
    table.insert(3, "Suite notée le", [s[0].instant.date() if s else None for s in trouvees])
    return table

"""What « Mes listes » reads: rows of one scope, never cached, never in the address; and how they are said in French."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mel_core.contrat.explications import STATUTS
from mel_core.droits.acces import Profil
from mel_core.entrepot import Lecteur, Portee
from mel_core.journal import Auteur, Journal
from mel_core.segments import MenagesRetenus, SegmentLibre, count, find_all, phrases_segments, pseudonymes
from mel_core.segments.champs import LABELS, RESSOURCES
from mel_core.segments.compilation import parametres_du_jour
from mel_core.segments.listes import suites
from mel_core.segments.listes.candidats import ETATS
from mel_core.segments.listes.suites import ETAPES, Suite, SuitesConnues
from mel_core.segments.regles_segments import A_FENETRE, A_MOIS, A_N_MIN, DRAPEAU
from mel_core.socle.appellations import TYPOLOGIES_EN_TETE
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun.segments.lecture_orientations import QuestionSegment, a_le_drapeau
from pages.listes.affichage import TAILLE, Filtres

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
    """`n` lines in the whole list, `n_sans_filtre` without the filters of the screen; `lignes`: those of the page.

    `connues`: what was noted of the list, whatever the filter on it; `menages`: those that this filter keeps;
    `n_a_relancer`: those of the list of which the day of the next step has come; `n_relances`: those of every
    list, which who is no longer a demandeur is in none of.
    """

    n: int
    n_sans_filtre: int
    lignes: pd.DataFrame
    connues: SuitesConnues
    menages: MenagesRetenus | None
    n_a_relancer: int
    n_relances: int

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


def tris(question: QuestionSegment, portee: Portee) -> dict[str, str]:
    """What the list may be sorted by: the points of the cotation too, where a file gives them."""
    with question.open(portee) as lecteur:
        a_des_points = parametres_du_jour(lecteur, question.criteres.jour)["cotation"]
    return {**TRIS, POINTS: _POINTS_DITS} if a_des_points else TRIS


def fenetre_en_mots(mois: int) -> str:
    return f"fenêtre de {mois} mois" if mois else "fenêtre illimitée"


def regle(question: QuestionSegment, bailleurs: Mapping[str, str]) -> dict[str, str]:
    """The rule of the segment in words and each of its settings: what two lists that differ never say alike."""
    quoi = question.quoi
    drapeau = a_le_drapeau(question.identifiant, question.seance)
    dite = phrases_segments.regle_dite(quoi, 2, question.criteres, drapeau, bailleurs, est_nue=True)
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
        lignes["Réglages"] = f"attente de {question.criteres.seuil(quoi)} mois"
    return lignes


@dataclass(frozen=True)
class Recherche:
    """The demandes of `portee` that a segment and the filters keep, in an `ordre` (tri, sens); `noms`, `residences`: by
    which their reasons name a bailleur and a résidence."""

    question: QuestionSegment
    portee: Portee
    filtres: Filtres
    ordre: tuple[str, str]
    noms: Mapping[str, str]
    residences: Mapping[str, str]

    def page(self, journal: Journal, rang: int) -> Page:
        """One page of the list; of the other rows, the pseudonym alone is read."""
        jour, (quoi, criteres) = date.today(), (self.question.quoi, self.question.criteres)
        with self.question.open(self.portee) as lecteur:
            toutes = pseudonymes(lecteur, quoi, criteres, self.filtres.conditions)
            connues = suites.read(journal, self.portee.code, toutes)
            menages, relances = suites.select(self.filtres.suite, connues, jour), suites.a_relancer(connues, jour)
            lues = self._find(lecteur, menages, page=rang, taille=TAILLE)
            n = len(toutes) if menages is None else sum(p in menages for p in toutes)
            n_sans_filtre = count(lecteur, quoi, criteres) if self.filtres else n
            n_relances = suites.n_a_relancer(journal, self.portee.code, jour)
            if n_relances > len(relances):  # some are not of this list: in another one, or no longer demandeurs
                actives = pseudonymes(lecteur, SegmentLibre(), criteres)
                n_relances = len(suites.a_relancer(suites.read(journal, self.portee.code, actives), jour))
        n_a_relancer = sum(menages is None or p in menages for p in relances)
        return Page(n, n_sans_filtre, lues, connues, menages, n_a_relancer, n_relances)

    def tout(self, menages: MenagesRetenus | None) -> pd.DataFrame:
        """The whole list, for its export."""
        with self.question.open(self.portee) as lecteur:
            return self._find(lecteur, menages)

    def _find(self, lecteur: Lecteur, menages: MenagesRetenus | None, **bornes: int) -> pd.DataFrame:
        tri, sens = self.ordre
        return find_all(
            lecteur, self.question.quoi, self.question.criteres, tri=tri, sens=sens, filtre=self.filtres.conditions,
            menages=menages, noms=self.noms, residences=self.residences, **bornes,
        )  # fmt: skip


def translate(
    lignes: pd.DataFrame,
    connues: SuitesConnues,
    communes: Mapping[str, str],
    bailleurs: Mapping[str, str],
) -> pd.DataFrame:
    """The list in French: one column a thing, codes by their names; unknown stays empty."""

    def noms(valeur: object, table: Mapping[str, str]) -> str | None:
        if not isinstance(valeur, str) or not valeur:
            return None
        return ", ".join(table.get(code, code) for code in valeur.split("|"))

    points = {_POINTS_DITS: lignes[POINTS]} if POINTS in lignes else {}
    return pd.DataFrame(
        {
            "Dossier": lignes["pseudonyme"],
            "Pourquoi": lignes["motif"],
            **_suites(lignes["pseudonyme"], connues),
            "Déposée le": lignes["date_creation"],
            "Ancienneté (mois)": lignes["anciennete_mois"],
            **points,
            "Labels": [noms(v, LABELS) for v in lignes["labels"]],
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
            **_auteurs(lignes["pseudonyme"], connues),
        }
    )


CANDIDATS = {
    "pseudonyme": "Dossier",
    "motif": "Pourquoi",
    "etat": "Demande",
    "residence": "Résidence du dernier passage",
    "typologie": "Typologie du dernier passage",
    "n_passages": "Passages en commission",
    "n_rang_2": "Rang 2 ou plus",
    "n_rang_1": "Rang 1",
    "n_non_attribue": "Non attribués",
    "meilleur_rang": "Meilleur rang",
    "premier_passage": "Premier passage",
    "dernier_passage": "Dernier passage",
    "date_bail": "Bail chez nous",
}


def translate_candidats(lignes: pd.DataFrame, connues: SuitesConnues, residences: Mapping[str, str]) -> pd.DataFrame:
    """The candidates of a bailleur in French, with their outcomes; `residences`: code → name."""
    dits = {
        "etat": lignes["etat"].map(ETATS),
        "residence": [residences.get(code, code) for code in lignes["residence"]],
        "typologie": [TYPOLOGIES_EN_TETE.get(code, code) for code in lignes["typologie"]],
    }
    table = lignes.assign(**dits)[list(CANDIDATS)].rename(columns=CANDIDATS)
    dites, auteurs = (pd.DataFrame(f(lignes["pseudonyme"], connues), table.index) for f in (_suites, _auteurs))
    return pd.concat([table.iloc[:, :2], dites, table.iloc[:, 2:], auteurs], axis=1)


def _suites(menages: pd.Series, connues: SuitesConnues) -> dict[str, list[object]]:
    """What was noted of each household and what comes next; empty without."""
    trouvees = [connues.get(p) for p in menages]
    return {
        "Suite": [t and t[1].dite for t in trouvees],
        "Prochaine étape": [t and ETAPES.get(t[1].etape) for t in trouvees],
        "Pour le": [t and t[1].echeance for t in trouvees],
    }


def _auteurs(menages: pd.Series, connues: SuitesConnues) -> dict[str, list[object]]:
    """When it was noted, and by whom: of another organisation than that of the list, it is said."""
    trouvees = [connues.get(p) for p in menages]

    def dit(auteur: Auteur, suite: Suite) -> str:
        return auteur.nom if auteur.organisation == suite.organisation else f"{auteur.nom} ({auteur.organisation})"

    return {
        "Suite notée le": [t and t[0].instant.date() for t in trouvees],
        "Notée par": [t and dit(t[0].auteur, t[1]) for t in trouvees],
    }

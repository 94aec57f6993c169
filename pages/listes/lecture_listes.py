"""What « Mes listes » reads: rows of one scope, never cached, never in the address; and how they are said in French."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from mel_core.contrat.explications import STATUTS
from mel_core.droits.acces import Profil
from mel_core.entrepot import Lecteur, Portee, perimetre
from mel_core.journal import Auteur, Journal
from mel_core.segments import (
    MenagesRetenus,
    SegmentLibre,
    count,
    find_all,
    order,
    order_poulidors,
    phrases_segments,
    pseudonymes,
)
from mel_core.segments.calcul_segments import Rangs, say_rangs_2
from mel_core.segments.champs import LABELS, RESSOURCES
from mel_core.segments.compilation import Quoi, parametres_du_jour
from mel_core.segments.listes import suites
from mel_core.segments.listes.suites import ETAPES, Suite, SuitesConnues
from mel_core.segments.regles_segments import A_FENETRE, A_MOIS, A_N_MIN, DES_LISTES, DRAPEAU, POULIDOR, POULIDOR_REFUS
from mel_core.socle.appellations import TYPOLOGIES_EN_TETE
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.horloge import aujourd_hui, jour_de
from mel_core.socle.periodes import Seance
from pages.commun import donnees, memo
from pages.commun.choix_perimetre import Perimetre
from pages.commun.exports import Ouverture
from pages.commun.segments.lecture_orientations import QuestionSegment, a_le_drapeau
from pages.listes.affichage import CROISSANT, DECROISSANT, TAILLE, Filtres, Tri

_CLASSES = {**RESSOURCES, "inconnu": ""}
POINTS = "points"
_POINTS_DITS = "Points (cotation)"
_ANCIENNETE = "Ancienneté (mois)"
TRIS = {
    **suites.TRIS,
    "date_creation": _ANCIENNETE,
    "n_personnes": "Personnes",
    "ressources": "Ressources (bornes supposées)",
    "n_passages_cal": "Passages en commission",
    "meilleur_rang": "Meilleur rang",
    "n_propositions": "Propositions",
    "n_refus": "Refus",
    "typologies": "Typologies souhaitées",
    "communes_souhaitees": "Communes souhaitées",
    "commune_residence": "Commune habitée",
    "statut_logement": "Logement actuel",
    "bailleur": "Bailleur actuel",
    "labels": "Labels",
    "pseudonyme": "Dossier",
}
# What is read from the smallest to the largest, where a reader thinks of the largest: the oldest demande first.
_RENVERSES = frozenset({suites.TRAVAIL, "date_creation"})


@dataclass(frozen=True)
class Page:
    """`n` lines in the whole list, `n_sans_filtre` without the filters of the screen, `n_refus` kept out by a
    refusal alone (of Poulidors); `lignes`: those of the page; `places`: of each of its households, as `order` says it.

    `connues`: what was noted of the list, whatever the filter on it; `menages`: those that this filter keeps;
    `n_a_relancer`: those of the list of which the day of the next step has come; `n_relances`: those of every
    list, which who is no longer a demandeur is in none of.
    """

    n: int
    n_sans_filtre: int
    n_refus: int
    lignes: pd.DataFrame
    places: Mapping[str, int]
    connues: SuitesConnues
    menages: MenagesRetenus | None
    n_a_relancer: int
    n_relances: int
    n_venues: int
    n_sans_suite: int

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


def name(choisi: Perimetre, codes: Iterable[str]) -> dict[str, str]:
    """How each of some résidences is said, wherever they are: of a country, they are too many to be all read."""
    with choisi.open() as partout:
        return perimetre.noms_des_residences(partout, codes)


def tri(question: QuestionSegment, portee: Portee) -> Tri:
    """What the list may be sorted by: the points of the cotation too, where a file gives them."""
    with question.open(portee) as lecteur:
        a_des_points = parametres_du_jour(lecteur, question.criteres.jour)["cotation"]
    options = {**TRIS, POINTS: _POINTS_DITS} if a_des_points else TRIS
    return Tri("liste_tri", options, {titre: code for code, titre in options.items()} | {"Déposée le": "date_creation"})


@memo.exact(256)
def _count(question: QuestionSegment, portee: Portee, quoi: Quoi, filtre: SegmentLibre) -> int:
    with question.open(portee) as lecteur:
        return count(lecteur, quoi, question.criteres, filtre)


@memo.exact(32, est_partage=True)
def _order(
    question: QuestionSegment, portee: Portee, filtre: SegmentLibre, menages: MenagesRetenus | None,
    tri: str, sens: str, rangs: Rangs | None,
) -> tuple[Sequence[int], int]:  # fmt: skip
    """Numbers of lines, which name nobody: the next page of a list does not sort it again. And how many would be in it
    too, were they Poulidors but for a refusal: none of another list."""
    criteres = question.criteres
    with question.open(portee) as lecteur:
        if question.nom == POULIDOR and menages is None:
            return order_poulidors(lecteur, criteres, tri=tri, sens=sens, filtre=filtre, rangs=rangs)
        lignes = order(
            lecteur, question.quoi, criteres, tri=tri, sens=sens, filtre=filtre, menages=menages, rangs=rangs
        )
    return lignes, _count(question, portee, POULIDOR_REFUS, filtre) if question.nom == POULIDOR else 0


def _find_notees(
    question: QuestionSegment, portee: Portee, quoi: Quoi, filtre: SegmentLibre, notees: tuple[str, ...]
) -> list[str]:
    """Of the demandes of a list, those of which something was noted: `notees`, as the journal names them. Asked at each
    run: what is kept between two names no household."""
    with question.open(portee) as lecteur:
        toutes = pseudonymes(lecteur, quoi, question.criteres, filtre)
    return suites.find_notees(donnees.journal(), portee.code, toutes, notees)


def _find_venues(
    question: QuestionSegment, portee: Portee, filtre: SegmentLibre, avant: Ouverture | None
) -> frozenset[str]:
    def ask(lecteur: Lecteur, jour: date) -> list[str]:
        return pseudonymes(lecteur, question.quoi, replace(question.criteres, jour=jour))

    def toutes() -> list[str]:
        with question.open(portee) as lecteur:
            return pseudonymes(lecteur, question.quoi, question.criteres, filtre)

    return find_venues(avant, question, portee, toutes, ask)


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
    """The demandes of `portee` that a segment and the filters keep, in an `ordre` (tri, sens); `noms`: of bailleurs,
    communes, by what is sorted by; `avant`: when it was last opened."""

    question: QuestionSegment
    portee: Portee
    filtres: Filtres
    ordre: tuple[str, str]
    noms: Mapping[str, Mapping[str, str]]
    avant: Ouverture | None = None

    def page(self, journal: Journal, rang: int) -> Page:
        """One page of the list; of the other rows, the pseudonym alone is read."""
        jour, quoi, filtre = aujourd_hui(), self.question.quoi, self.filtres.conditions
        liste = self.question, self.portee
        connues = self._read(journal, quoi, filtre)
        venues = _find_venues(*liste, filtre, self.avant)
        menages = suites.select(self.filtres.suite, connues, jour, venues)
        relances = suites.a_relancer(connues, jour)
        tri, sens, rangs = self._sort(connues, venues)
        ordre, n_refus = _order(*liste, filtre, menages, tri, sens, rangs)
        with self.question.open(self.portee) as lecteur:
            siennes = ordre[(rang - 1) * TAILLE : rang * TAILLE]
            lues = self._find(lecteur, lignes=siennes)
            if quoi == SegmentLibre() and self.filtres.suite == suites.RELANCER:
                lues["motif"] = self._reasons(lecteur, lues["pseudonyme"], connues)
        n_sans_filtre = _count(*liste, quoi, SegmentLibre()) if self.filtres else len(ordre)
        n_relances = suites.n_a_relancer(journal, self.portee.code, jour)
        if n_relances > len(relances):  # some are not of this list: in another one, or no longer demandeurs
            n_relances = len(suites.a_relancer(self._read(journal, SegmentLibre(), SegmentLibre()), jour))
        n_a_relancer, n_venues = (sum(menages is None or p in menages for p in des) for des in (relances, venues))
        n_sans_suite = len(ordre) - sum(menages is None or p in menages for p in connues)
        places = dict(zip(lues["pseudonyme"], siennes, strict=True))
        return Page(
            len(ordre), n_sans_filtre, n_refus, lues, places, connues, menages, n_a_relancer, n_relances, n_venues,
            n_sans_suite,
        )  # fmt: skip

    def _read(self, journal: Journal, quoi: Quoi, filtre: SegmentLibre) -> SuitesConnues:
        """What was noted of a list: nothing of it is looked for where nobody noted anything."""
        notees = suites.names(journal, self.portee.code)
        trouvees = _find_notees(self.question, self.portee, quoi, filtre, notees) if notees else ()
        return suites.read(journal, self.portee.code, trouvees)

    def tout(self, lue: Page) -> pd.DataFrame:
        """The whole list, for its export."""
        tri, sens, rangs = self._sort(lue.connues, ())
        with self.question.open(self.portee) as lecteur:
            return self._find(lecteur, tri=tri, sens=sens, rangs=rangs, menages=lue.menages)

    def _reasons(self, lecteur: Lecteur, menages: Iterable[str], connues: SuitesConnues) -> list[str]:
        """Of a list of all segments, why each household is in that where it was noted, if it still is."""
        titres = {p: connues[p][1].segment for p in menages}
        motifs = {p: f"notée dans « {titre} »" for p, titre in titres.items()}
        for segment in DES_LISTES.values():
            siens = frozenset(p for p, titre in titres.items() if titre.startswith(segment.titre))
            if siens:
                lues = find_all(
                    lecteur, segment.nom, self.question.criteres, menages=MenagesRetenus(siens),
                    noms=self.noms["bailleur"], passages_dits=True,
                )  # fmt: skip
                motifs |= dict(zip(lues["pseudonyme"], lues["motif"], strict=True))
        return list(motifs.values())

    def _sort(self, connues: SuitesConnues, venues: Collection[str]) -> tuple[str, str, Rangs | None]:
        tri, sens = self.ordre
        if tri in _RENVERSES:
            sens = CROISSANT if sens == DECROISSANT else DECROISSANT
        if tri in suites.TRIS:
            return "pseudonyme", sens, suites.rank(tri, connues, aujourd_hui(), venues)
        if tri in self.noms:  # by name, and not by code
            noms = sorted(self.noms[tri], key=self.noms[tri].__getitem__)
            return tri, sens, ({code: i for i, code in enumerate(noms)}, None)
        return tri, sens, None

    def _find(self, lecteur: Lecteur, **lesquelles: Any) -> pd.DataFrame:
        return find_all(
            lecteur, self.question.quoi, self.question.criteres, filtre=self.filtres.conditions,
            noms=self.noms["bailleur"], passages_dits=True, **lesquelles,
        )  # fmt: skip


def find_venues(
    avant: Ouverture | None,
    question: QuestionSegment,
    portee: Portee,
    toutes: Callable[[], Iterable[str]],
    ask: Callable[[Lecteur, date], Iterable[str]],
) -> frozenset[str]:
    """Those of `toutes()` that a list did not hold when it was last opened: what `ask` answers of the rows of that day,
    at the end of the séance of that day. None where it was of the same data, or where they are gone."""
    ici = (question.identifiant, question.seance)
    if avant is None or avant.seance > question.seance or (avant.jeu, avant.seance) == ici:
        return frozenset()
    if (ancien := donnees.entrepot().open_publiee(avant.jeu, portee)) is None:
        return frozenset()
    with ancien as lecteur:
        return frozenset(toutes()) - frozenset(ask(lecteur, Seance.read(avant.seance).fin))


def say_passages(question: QuestionSegment, portee: Portee, lignes: Sequence[int]) -> dict[str, str]:
    """Where each household that is ticked was placed behind another: résidence, commune, bailleur, typologie."""
    with question.open(portee) as lecteur:
        return say_rangs_2(lecteur, question.criteres.debut, question.criteres.jour, lignes=lignes, en_entier=True)


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
            **suites_dites(lignes["pseudonyme"], connues),
            "Déposée le": lignes["date_creation"],
            _ANCIENNETE: lignes["anciennete_mois"],
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
            **auteurs_dits(lignes["pseudonyme"], connues),
        }
    )


def suites_dites(menages: pd.Series, connues: SuitesConnues) -> dict[str, list[object]]:
    """What was noted of each household and what comes next; empty without."""
    trouvees = [connues.get(p) for p in menages]
    return {
        "Suite": [t and t[1].dite for t in trouvees],
        "Prochaine étape": [t and ETAPES.get(t[1].etape) for t in trouvees],
        "Pour le": [t and t[1].echeance for t in trouvees],
        "Note": [t and (t[1].note or None) for t in trouvees],
    }


def auteurs_dits(menages: pd.Series, connues: SuitesConnues) -> dict[str, list[object]]:
    """When it was noted, and by whom: of another organisation than that of the list, it is said."""
    trouvees = [connues.get(p) for p in menages]

    def dit(auteur: Auteur, suite: Suite) -> str:
        return auteur.nom if auteur.organisation == suite.organisation else f"{auteur.nom} ({auteur.organisation})"

    return {
        "Suite notée le": [t and jour_de(t[0].instant) for t in trouvees],
        "Notée par": [t and dit(t[0].auteur, t[1]) for t in trouvees],
    }

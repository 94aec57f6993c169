"""From a segment to a query: fragments of regles.sql put together, values bound. No text from outside becomes SQL.

The query that was asked is told too, and the demandes that it could not place: where a count comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur, Portee
from mel_core.segments.champs import CHAMPS, GenreDeChamp, Operateur
from mel_core.segments.libre import Condition, SegmentLibre
from mel_core.segments.regles_segments import DRAPEAU, PAS, refuse_pas, segment_de
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import step_back
from mel_core.socle.sql import blocs

# A comment would swallow what follows a fragment.
FRAGMENTS = {
    nom: "\n".join(ligne for ligne in texte.splitlines() if not ligne.startswith("--")).strip()
    for nom, texte in blocs(__file__, "regles.sql").items()
}
SQL = blocs(__file__, "segments.sql")

_TROU = re.compile(r"/\* (\w+) \*/")
_PARAMETRE = re.compile(r"\$(\w+)")
_PROPRES = re.compile(r"\$(valeur|avant)\b")
_CATEGORIES = range(1, 7)
_EURO = 10**8  # in the unit of `revenu_entier`: bounds have six decimals, none is lost

Quoi = str | SegmentLibre


@dataclass(frozen=True)
class Criteres:
    """Parameters of the rules: reference date, N months (None: the segment's own), least events, window (0: none)."""

    jour: date
    mois: int | None = None
    n_min: int = 2
    fenetre: int = 24

    def __post_init__(self) -> None:
        for nom, valeur, minimum in (("mois", self.mois, 0), ("n-min", self.n_min, 1), ("fenetre", self.fenetre, 0)):
            if valeur is not None and not minimum <= valeur <= 1200:
                raise AppelIncorrect(f"« {nom} » vaut {valeur} : donner un nombre entier entre {minimum} et 1200.")

    def check(self, lecteur: Lecteur, *quoi: Quoi | None, pas: Iterable[str] | None = None) -> None:
        """Raises `AppelIncorrect` for a step (`pas`: those given; None: those that are not the usual ones) that no rule
        of `quoi` reads, and for a segment that the contract does not know."""
        if all(q is None or q == SegmentLibre() for q in quoi):
            return  # every active demande
        noms = [n for q in quoi if q is not None for n in ((q,) if isinstance(q, str) else q.segments)]
        for nom in noms:
            segment_de(nom)
        if pas is None:  # what an older séance chose is counted again, whatever columns came since
            refuse_pas((un for un in PAS if getattr(self, un) != getattr(Criteres, un)), noms)
        else:
            refuse_pas(pas, noms, est_au_drapeau=DRAPEAU in lecteur.colonnes("demandes"))

    def seuil(self, quoi: Quoi) -> int:
        """N months: those asked, else the usual ones of the segment; none of a free one."""
        usuel = segment_de(quoi).mois if isinstance(quoi, str) else 0
        return usuel if self.mois is None else self.mois

    @property
    def debut(self) -> date:
        """The window opens the day after."""
        return step_back(self.jour, self.fenetre) if self.fenetre else date.min


@dataclass(frozen=True)
class MenagesRetenus:
    """Households named one by one, or all but them."""

    pseudonymes: frozenset[str]
    est_hors: bool = False

    def __contains__(self, pseudonyme: str) -> bool:
        return (pseudonyme in self.pseudonymes) is not self.est_hors


class Requete:
    """A question being put together for a reader: rules are added, each with its own parameters, then it is asked."""

    def __init__(self, lecteur: Lecteur, criteres: Criteres) -> None:
        self.lecteur = lecteur
        self.criteres = criteres
        self._parametres: dict[str, Any] = {
            "jour": criteres.jour,
            "debut": criteres.debut,
            "n_min": criteres.n_min,
            **parametres_du_jour(lecteur, criteres.jour),
        }

    def regle(self, *quoi: Quoi | MenagesRetenus | None, mois: int | None = None) -> str:
        """The fragment that holds for the demandes of every segment given (None: no restriction).

        `mois`: the N of the named segments, instead of that of the criteria.
        """
        morceaux = []
        for q in quoi:
            if isinstance(q, SegmentLibre):
                morceaux += [self._condition(c) for c in q.conditions]
            elif isinstance(q, MenagesRetenus):
                fragment = FRAGMENTS["menages_hors" if q.est_hors else "menages_parmi"]
                morceaux.append(self._propre(fragment, sorted(q.pseudonymes)))
            elif q is not None:
                morceaux.append(self._nommee(q, mois))
        return " and ".join(f"({m})" for m in morceaux) or "true"

    @property
    def a_des_points(self) -> bool:
        """Whether a file of demandes gives the points of the cotation."""
        return bool(self._parametres["cotation"])

    def link(self, **parametres: Any) -> None:
        self._parametres |= parametres

    def ask(self, modele: str, **morceaux: str) -> pd.DataFrame:
        """What `modele` (a block) answers, its holes `/* name */` filled by `morceaux`, else by a fragment."""
        sql = fill(modele, **morceaux)
        return self.lecteur.query(sql, **self.parametres_de(sql))

    def parametres_de(self, sql: str) -> dict[str, Any]:
        """What the `$parameters` of `sql` are bound to, by name."""
        noms = set(_PARAMETRE.findall(sql))
        return {n: v for n, v in self._parametres.items() if n in noms}

    def _nommee(self, nom: str, mois: int | None = None) -> str:
        segment = segment_de(nom)
        n_mois = next((m for m in (mois, self.criteres.mois) if m is not None), segment.mois)
        return self._propre(expression(segment.regle), step_back(self.criteres.jour, n_mois))

    def _condition(self, condition: Condition) -> str:
        champ = CHAMPS[condition.champ]
        if champ.genre is GenreDeChamp.SEGMENT:
            return self._nommee(str(condition.valeur))
        fragment = fill(FRAGMENTS[f"{champ.genre}_{condition.operateur}"], expression=expression(champ.expression))
        valeur: Any = condition.valeur
        if champ.genre is GenreDeChamp.MOIS:  # the greatest N with date_creation ≤ reference − N months
            valeur = step_back(self.criteres.jour, valeur + (condition.operateur is Operateur.AU_PLUS))
        elif champ.genre is GenreDeChamp.CLASSE:
            valeur = champ.rangs(valeur)
        elif champ.genre is GenreDeChamp.BITS:
            valeur = sum(1 << (rang - 1) for rang in champ.rangs(valeur))
        return self._propre(fragment, list(valeur) if isinstance(valeur, tuple) else valeur)

    def _propre(self, fragment: str, valeur: Any) -> str:
        """`fragment` with a parameter of its own for its $valeur or its $avant."""
        rang = len(self._parametres)
        propre = _PROPRES.sub(lambda trouve: f"${trouve[1]}_{rang}", fragment)
        self._parametres |= {nom: valeur for nom in _PARAMETRE.findall(propre) if nom.endswith(f"_{rang}")}
        return propre


def expression(nom: str) -> str:
    """A fragment of regles.sql, or the column of `suivi` of that name."""
    return FRAGMENTS.get(nom, nom)


def fill(modele: str, **morceaux: str) -> str:
    """`modele`, each of its holes `/* name */` filled by the piece of that name, else by the fragment."""
    return _TROU.sub(lambda trou: morceaux[trou[1]] if trou[1] in morceaux else FRAGMENTS[trou[1]], modele)


def parametres_du_jour(lecteur: Lecteur, jour: date) -> dict[str, Any]:
    """Bounds of the classes of ressources in the unit of `revenu_entier`, first-quartile threshold, and whether the
    SNE's flags are there."""
    lus = lecteur.recall(SQL["parametres_du_jour"], jour=jour).iloc[0]
    plafonds = {p["categorie"]: p for p in (lus["plafonds"] if isinstance(lus["plafonds"], Iterable) else ())}
    bornes = [Decimal(b) for b in lus["bornes"]] if isinstance(lus["bornes"], Iterable) else [None] * 3
    supplement = plafonds[6]["supplement"] if 6 in plafonds else None
    seuil = Decimal(lus["seuil_uc"]) if isinstance(lus["seuil_uc"], str) else None
    lues = lecteur.colonnes("demandes")
    parametres: dict[str, Any] = {
        "drapeau": DRAPEAU in lues,
        "cotation": "points" in lues,
        "seuil_uc": seuil,
    }
    for i, borne in enumerate(bornes, start=1):
        parametres[f"bornes_{i}"] = [
            None if borne is None or c not in plafonds else int(borne * plafonds[c]["plafond"] * _EURO)
            for c in _CATEGORIES
        ]
        parametres[f"pas_{i}"] = None if borne is None or supplement is None else int(borne * supplement * _EURO)
    return parametres


# Rules read in columns of the demande: where they are empty, nothing tells. Elsewhere nothing recorded means no.
SUR_COLONNES = frozenset({"mutations_bloquees_en_attente", "aci_en_attente", "delai_anormalement_long"})


@dataclass(frozen=True)
class ExplicationSegment:
    """`requete`: what counts the segment, after the scope of the reader and the value of each parameter. `n_inconnues`:
    active demandes that do not say whether they are in it, hence are left out; None where the rule does not tell them
    from those which are not.
    """

    requete: str
    n_inconnues: int | None


def explain(lecteur: Lecteur, quoi: Quoi, criteres: Criteres) -> ExplicationSegment:
    """The query of a segment (named, or free) at a reference date, and what it leaves out in the reader's scope."""
    requete = Requete(lecteur, criteres)
    regle = requete.regle(quoi)
    lignes = fill(SQL["n"], regle=regle).splitlines()
    texte = "\n".join(ligne for ligne in lignes if not ligne.startswith("--"))
    dits = say_parametres(requete.parametres_de(texte))
    n = int(requete.ask(SQL["inconnues"], regle=regle)["n"].iloc[0]) if quoi in SUR_COLONNES else None
    return ExplicationSegment(f"-- {_say_portee(lecteur.portee)}\n-- {dits}\n{texte}", n)


def say_parametres(parametres: dict[str, Any]) -> str:
    """`$jour = 2017-12-31 ; $ici = null`, as SQL writes them."""
    return " ; ".join(f"${nom} = {_say(valeur)}" for nom, valeur in parametres.items())


def _say(valeur: Any) -> str:
    if valeur is None or isinstance(valeur, bool):
        return {None: "null", True: "true", False: "false"}[valeur]
    return f"[{', '.join(map(_say, valeur))}]" if isinstance(valeur, list) else str(valeur)


def _say_portee(portee: Portee) -> str:
    """The condition that `suivi` holds before any question (entrepot/portees.sql): the query does not show it."""
    if portee == Portee.mel():
        return "suivi : les demandes de toute la Métropole"
    return f"suivi : les seules demandes qui souhaitent une commune de l’{portee.code} ou y habitent"

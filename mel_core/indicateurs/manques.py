"""What a snapshot lacks for an indicator or a cut to be known: columns that no file had, thresholds that nobody gave.

An optional column that is missing reads as unknown (contract §1): the figure that leans on it is then empty, or worse,
a share of the few rows that another column settles. Screens say what to import instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

import pandas as pd

from mel_core.contrat.tables import ETIQUETTES
from mel_core.entrepot import Lecteur
from mel_core.entrepot.remplissage import read_declarees
from mel_core.indicateurs.besoins import CONNUE, QPV, QUARTIER, Manque, toutes
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "manques.sql")


BESOINS_DES_COUPES: dict[str, tuple[Manque, ...]] = {
    "quartier": (*QUARTIER, Manque("quartiers", ("code_quartier",))),
    "fragilite": (*QUARTIER, Manque("quartiers", ("fragilite", "ips"))),
    "fragilite_commune": (Manque("communes", ("fragilite", "typologie_fragilite")),),
    "qpv": QPV,
    "residence": (*toutes("attributions", "code_residence"), Manque("residences", ("code_residence",))),
    "reservataire": toutes("attributions", "reservataire"),
    "typologie": toutes("attributions", "typologie"),
    "financement": toutes("attributions", "financement"),
    "enjeu_mixite": (*toutes("attributions", "code_residence"), *toutes("residences", "enjeu_mixite")),
    "typologie_fragilite": toutes("communes", "typologie_fragilite"),
}
DEMANDES = Manque("demandes", ("etat",))  # the table: the column is required
_EVENEMENTS = (Manque("evenements", ("id_evenement",)),)
_DECISION = Manque("evenements", ("decision",))
_DECISIONS = (*_EVENEMENTS, _DECISION)
_RANGS = (*_DECISIONS, *toutes("evenements", "rang"))
# A segment whose column or table no file had counts nobody, or everybody: its count is unknown, not that.
BESOINS_DES_SEGMENTS: dict[str, tuple[Manque, ...]] = {
    **dict.fromkeys(("attente_24", "attente_36"), _EVENEMENTS),
    **dict.fromkeys(("poulidor", "rang_1_sans_bail"), _RANGS),
    "non_attributions_repetees": _DECISIONS,
    "jamais_presentes": _EVENEMENTS,
    "mutations_bloquees_en_attente": toutes("demandes", "mutation_bloquee"),
    "aci_en_attente": toutes("demandes", *INDICATEURS["aci"].etiquettes),
    "delai_anormalement_long": (),  # without the flag of the SNE, the months of waiting answer
}
# And of who is no segment of the contract, but has a list.
_BESOINS_DES_LISTES = BESOINS_DES_SEGMENTS | {"poulidor_refus": _RANGS}
# The fields of a free segment that are read from the events, beside the labels.
_BESOINS_DES_CHAMPS = {"n_passages_cal": _EVENEMENTS, "meilleur_rang": _RANGS}
# A split whose column no file had leaves every demande of the segment `inconnu`.
BESOINS_DES_CLES = {"critere_mutation": toutes("demandes", "critere_mutation")}


def manques(lecteur: Lecteur, indicateur: str) -> tuple[Manque, ...]:
    """The needs of `indicateur` that no loaded file meets, in the order of the contract; none when it can be known."""
    return sans_reponse(lecteur, INDICATEURS[indicateur].requis)


def manques_de_coupe(lecteur: Lecteur, coupe: str) -> tuple[Manque, ...]:
    """The same for a cut: without them every attribution is `inconnu`."""
    return sans_reponse(lecteur, BESOINS_DES_COUPES.get(coupe, ()))


class Compose(Protocol):
    """A free segment, by what its conditions look at: fields, and segments of the contract."""

    @property
    def champs(self) -> tuple[str, ...]: ...

    @property
    def segments(self) -> tuple[str, ...]: ...


TABLE_ABSENTE, COLONNE_ABSENTE, FENETRE_NON_COUVERTE = "table_absente", "colonne_absente", "fenetre_non_couverte"


@dataclass(frozen=True)
class Silence:
    """Why nobody knows how many a segment holds (contract §5): the needs that no file meets, or, of a window that opens
    before the first event of the table, the day of that event."""

    motif: str
    manques: tuple[Manque, ...] = ()
    premier: date | None = None


def silence(lecteur: Lecteur, segment: str | Compose, debut: date = date.min) -> Silence | None:
    """None when the data tell. `debut`: the day after which the window of the segment opens, that of all days without
    a limit. A table without a row is as one that nobody gave."""
    besoins = _besoins_de(segment)
    vides = frozenset(lecteur.recall(_SQL["tables_vides"])["nom"])
    absentes = {b.table: b for b in reversed(besoins) if b.table in vides or not lecteur.colonnes(b.table)}
    if absentes:
        return Silence(TABLE_ABSENTE, tuple(reversed(absentes.values())))
    if manquent := sans_reponse(lecteur, besoins):
        return Silence(COLONNE_ABSENTE, manquent)
    nommes = (segment,) if isinstance(segment, str) else segment.segments
    if debut > date.min and any(_DECISION in _BESOINS_DES_LISTES[nom] for nom in nommes):  # those that have a window
        premier = lecteur.recall(_SQL["premier_evenement"])["premiere"].iloc[0].date()
        return Silence(FENETRE_NON_COUVERTE, premier=premier) if premier > debut + timedelta(days=1) else None
    return None


Arrets = tuple[tuple[str, date], ...]  # a table, the last day that it holds


def arrets(lecteur: Lecteur, jour: date) -> Arrets:
    """The demandes, where they stop before the month of `jour` (contract §2); the events, before that day (§5)."""
    lus = lecteur.recall(_SQL["arrets"], jour=jour)
    return tuple((str(nom), derniere.date()) for nom, derniere in zip(lus["nom"], lus["derniere"], strict=True))


def say_arrets(lus: Arrets) -> Iterator[str]:
    """`Les demandes et les événements enregistrés s’arrêtent le 31 décembre 2017 : …`, one sentence a day."""
    qui = {"demandes": "Les demandes enregistrées", "evenements": "Les événements enregistrés"}
    for jour in sorted({derniere for _, derniere in lus}):
        tables = [nom for nom, derniere in lus if derniere == jour]
        dites = qui[tables[0]] if len(tables) == 1 else "Les demandes et les événements enregistrés"
        yield f"{dites} s’arrêtent le {langue.jour(jour)} : ce qui les suit n’est pas compté."


def say_tables_arretees(lecteur: Lecteur, periode: Periode) -> tuple[str, ...]:
    """Of a séance: the tables that leave out the last months of its period."""
    return tuple(say_arrets(tuple(x for x in arrets(lecteur, periode.fin) if x[1] < periode.fin.replace(day=1))))


@dataclass(frozen=True)
class Reserves:
    """What goes with a count of demandes. `arrets`: those of its tables that stop before the reference date. Of a rule
    that reads rangs, the passages of its window, `sans_rang` those that have none."""

    arrets: Arrets = ()
    n_passages: int = 0
    sans_rang: int = 0

    def say(self) -> Iterator[str]:
        yield from say_arrets(self.arrets)
        if self.n_passages and 1 - Fraction(self.sans_rang, self.n_passages) < CONNUE:
            part = reader().part(self.sans_rang, self.n_passages)
            combien = "Beaucoup" if pd.isna(part) else langue.part(part)
            yield f"{combien} des passages retenus en commission n’ont pas de rang : seuls les autres comptent."


SANS_RESERVE = Reserves()


def reserves(lecteur: Lecteur, segment: str | Compose, debut: date, jour: date) -> Reserves:
    """Those of a segment whose window is after `debut`, up to the reference date `jour`, in the reader's scope."""
    besoins = _besoins_de(segment)
    if lecteur.gel is not None:  # its rows were erased since it was asked whether they tell
        return SANS_RESERVE
    lues, passages = {"demandes", *(b.table for b in besoins)}, [0, 0]
    if {*_RANGS} <= {*besoins}:
        passages = list(map(int, lecteur.query(_SQL["passages"], debut=debut, jour=jour).iloc[0]))
    return Reserves(tuple(x for x in arrets(lecteur, jour) if x[0] in lues), *passages)


def _besoins_de(segment: str | Compose) -> tuple[Manque, ...]:
    champs, nommes = ((), (segment,)) if isinstance(segment, str) else (segment.champs, segment.segments)
    labels = toutes("demandes", *(c for c in champs if c in ETIQUETTES))
    lus = (b for c in champs for b in _BESOINS_DES_CHAMPS.get(c, ()))
    return tuple(dict.fromkeys((DEMANDES, *labels, *lus, *(b for nom in nommes for b in _BESOINS_DES_LISTES[nom]))))


def manques_de_cle(lecteur: Lecteur, cle: str) -> tuple[Manque, ...]:
    """The same for what a count is split by."""
    return sans_reponse(lecteur, BESOINS_DES_CLES.get(cle, ()))


@dataclass(frozen=True)
class Declaration:
    """A label column of `table` that no file had, and what was declared: in `couvrante`, else borne by nobody."""

    table: str
    colonne: str
    couvrante: str

    def phrase(self) -> str:
        dit = f"compris dans « {self.couvrante} »" if self.couvrante else "« aucun ménage ne le porte »"
        return f"« {self.colonne} » n’a pas de colonne dans « {self.table} » : déclaré {dit} à l’import."


def declarations(lecteur: Lecteur, indicateur: str) -> tuple[Declaration, ...]:
    """What was declared of the label columns that `indicateur` rests on: said wherever it is."""
    siennes = lecteur.recall(_SQL["attributions"])
    if "declarees" not in siennes:  # a snapshot published before anything could be declared
        return ()
    lues = read_declarees(siennes["declarees"].iloc[0]) if len(siennes) else {}
    return tuple(Declaration("attributions", c, lues[c]) for c in INDICATEURS[indicateur].etiquettes if c in lues)


def sans_reponse(lecteur: Lecteur, besoins: tuple[Manque, ...]) -> tuple[Manque, ...]:
    """Those of `besoins` that no loaded file meets."""
    return tuple(b for b in besoins if lecteur.colonnes(b.table).isdisjoint(b.colonnes))


def annees_connues(lecteur: Lecteur) -> frozenset[int]:
    """Years whose first-quartile threshold is known."""
    return frozenset(lecteur.recall(_SQL["annees_connues"])["annee"])


def seuils_manquants(lecteur: Lecteur, indicateur: str, periode: Periode) -> tuple[int, ...]:
    """Years of `periode` without a first-quartile threshold; none when `indicateur` does not depend on it."""
    if not INDICATEURS[indicateur].depend_du_seuil:
        return ()
    connues = annees_connues(lecteur)
    return tuple(annee for annee in periode.annees if annee not in connues)

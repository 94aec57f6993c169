"""How much of what an answer reads is known, whole and by place: it travels with the figure (contract §4).

Worked out here and said here: screens, slides and command read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs.besoins import CONNUE, QUARTIER_DIT, RESERVATAIRE, RESIDENCE, TYPOLOGIE, Rubrique
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.indicateurs.comptage import SQL
from mel_core.indicateurs.definitions import Indicateur, Mesure
from mel_core.indicateurs.manques import seuils_manquants
from mel_core.indicateurs.mesures import COLONNES_CIBLE, COLONNES_PART, EFFECTIF_MINIMAL, PAR_SENS
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.periodes import Periode

MAL_CONNU = Fraction(1, 10)  # this far under the whole, a place is not compared
MAL_CONNU_DIT = "mal connu"

# What an attribution must say for a cut to place it; those that are not named, every attribution says.
_DES_COUPES = {
    **dict.fromkeys(("fragilite", "quartier", "qpv"), QUARTIER_DIT),
    "residence": RESIDENCE,
    "reservataire": RESERVATAIRE,
    "typologie": TYPOLOGIE,
    "financement": Rubrique("financement", "Financement"),
    "enjeu_mixite": Rubrique("enjeu_mixite", sans="n’ont pas de résidence dont l’enjeu est connu"),
    "fragilite_commune": Rubrique("fragilite_commune", sans="sont dans une commune à la fragilité inconnue"),
    "typologie_fragilite": Rubrique("typologie_fragilite", sans="sont dans une commune à la typologie inconnue"),
}
_COMPAREES = (*COLONNES_PART[1:], *COLONNES_CIBLE, *PAR_SENS, "cote", "n_trop", "n_manque")
_DES_QPV = frozenset({"est_hors_qpv", "est_en_qpv"})


@dataclass(frozen=True)
class Place:
    """A code of the cut: attributions, and those that say what is read."""

    code: str
    n: int
    n_connus: int

    @property
    def part(self) -> Fraction:
        """0 where nothing is counted."""
        return Fraction(self.n_connus, self.n) if self.n else Fraction(0)


@dataclass(frozen=True)
class Couverture:
    """Of the population of an answer, over the whole scope and by place of one cut: how many say `quoi`, the
    least known of what the answer reads."""

    quoi: Rubrique
    ensemble: Place
    bailleurs: tuple[Place, ...]
    places: tuple[Place, ...] = ()

    @property
    def est_suffisante(self) -> bool:
        """Eight tenths, or nothing to know."""
        return not self.ensemble.n or self.ensemble.part >= CONNUE

    @property
    def muets(self) -> tuple[str, ...]:
        """The bailleurs that gave nothing of it."""
        return tuple(b.code for b in self.bailleurs if not b.n_connus)

    @property
    def mal_connus(self) -> frozenset[str]:
        """The places that are not compared with the others; of fewer attributions nothing is concluded anyway, and what
        is nowhere is no place."""
        seuil = self.ensemble.part - MAL_CONNU
        dites = (p for p in self.places if p.n >= EFFECTIF_MINIMAL and p.code != "inconnu")
        return frozenset(p.code for p in dites if p.part < seuil)

    def set_apart(self, cellules: pd.DataFrame, coupe: str) -> pd.DataFrame:
        """The same cells, of which those of the badly known places say their counts, and nothing to compare them by: no
        share, gap, side or verdict."""
        est_mal_connue = cellules[coupe].isin(self.mal_connus)
        if not est_mal_connue.any():
            return cellules
        return cellules.assign(**{c: cellules[c].mask(est_mal_connue) for c in _COMPAREES if c in cellules})

    def say(self) -> str:
        """`57 % des attributions n’ont pas de quartier : le bilan est celui d’un bailleur sur trois.`; empty when
        enough is known."""
        if self.est_suffisante or not self.ensemble.n_connus:
            return ""
        part = reader().part(self.ensemble.n - self.ensemble.n_connus, self.ensemble.n)
        combien = "Beaucoup" if pd.isna(part) else f"**{langue.part(part)}**"
        dites = [b for b in self.bailleurs if b.n >= EFFECTIF_MINIMAL]
        connus = sum(b.part >= CONNUE for b in dites)
        de = ("d’un bailleur" if connus == 1 else f"de {_en_lettres(connus)} bailleurs") if connus else ""
        suite = f" : le bilan est celui {de} sur {_en_lettres(len(dites))}" if 0 < connus < len(dites) else ""
        return langue.typeset(f"{combien} des attributions {self.quoi.sans_dit}{suite}.")


def couverture(
    lecteur: Lecteur, nom: str, periode: Periode, ici: str | None = None, par: tuple[str, ...] = ()
) -> Couverture | None:
    """That of indicator `nom` cut by `par`; its `places` are the codes of the first cut. None where the rows of a
    frozen séance were erased."""
    if lecteur.gel is not None:
        return None
    indicateur = INDICATEURS[nom]
    population = "est_attribution" if indicateur.population in _DES_QPV else indicateur.population
    bornes = {"debut": periode.debut, "fin": periode.fin, "ici": ici, "population": [population]}
    lus = {**_lus(indicateur), **_lus_par(par)}
    if seuils_manquants(lecteur, nom, periode):  # nobody's file is to blame
        lus.pop(indicateur.lu)
    return min((_count(lecteur, quoi, lue, par, bornes) for quoi, lue in lus.items()), key=lambda c: c.ensemble.part)


def part_connue(lecteur: Lecteur, nom: str = "", coupe: str = "") -> Fraction:
    """Of all the attributions published, the share of which is known the least known of what an indicator, or a cut,
    reads; 1 where nothing is read or counted."""
    indicateur = INDICATEURS.get(nom)
    population = indicateur.population if indicateur and indicateur.population not in _DES_QPV else "est_attribution"
    bornes = {"debut": date.min, "fin": date.max, "ici": None, "population": [population]}
    lus = {**(_lus(indicateur) if indicateur else {}), **_lus_par((coupe,))}
    lues = (_count(lecteur, quoi, lue, (), bornes).ensemble for quoi, lue in lus.items())
    return min((ensemble.part for ensemble in lues if ensemble.n), default=Fraction(1))


def _count(lecteur: Lecteur, quoi: Rubrique, lue: str, par: tuple[str, ...], bornes: dict[str, Any]) -> Couverture:
    def places(coupe: str) -> tuple[Place, ...]:
        lues = lecteur.query(SQL["couverture"], coupes=[coupe], lue=[lue], commune=None, bailleur=None, **bornes)
        return tuple(Place(*ligne) for ligne in lues.itertuples(index=False, name=None))

    bailleurs = places("bailleur")
    ensemble = Place("", sum(b.n for b in bailleurs), sum(b.n_connus for b in bailleurs))
    return Couverture(quoi, ensemble, bailleurs, places(par[0]) if par else ())


def _lus(indicateur: Indicateur) -> dict[Rubrique, str]:
    """What is looked at → the column of the attributions that says it: null or `inconnu` where nothing does."""
    valeur = "est_modeste" if indicateur.mesure is Mesure.REPARTITION else indicateur.valeur
    est_du_quartier = indicateur.mesure is Mesure.PART_PAR_FRAGILITE or indicateur.population in _DES_QPV
    return {indicateur.lu: valeur} | ({QUARTIER_DIT: QUARTIER_DIT.nom} if est_du_quartier else {})


def _lus_par(par: tuple[str, ...]) -> dict[Rubrique, str]:
    """The same of cuts."""
    return {_DES_COUPES[c]: _DES_COUPES[c].nom for c in par if c in _DES_COUPES}


def _en_lettres(n: int) -> str:
    lettres = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
    return lettres[n] if n < len(lettres) else langue.nombre(n)

"""What a load would take away from a table: said table by table, and published only if somebody accepts it by name.

A file of headers alone, the file of one bailleur after another's, or a file whose rows all go out would otherwise empty
a table without a word (contract §1). `add`: a load replaces the rows of the bailleurs that it gives, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.colonnes import BAILLEUR
from mel_core.contrat.rapport import Rapport
from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Chargement, Lecteur
from mel_core.entrepot.plausibilite import (
    CouverturePrevue,
    ProfilDeTable,
    couvertures,
    profils,
    profils_publies,
    say_des_precedentes,
    say_du_metier,
)
from mel_core.entrepot.remplissage import retype
from mel_core.socle import langue
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "pertes.sql")

AJOUTABLES = ("residences", "evenements", "attributions")
PART_PERDUE = Fraction(1, 5)
PART_REJETEE = Fraction(5, 100)
_CODES_DITS = 5
_DE_PLUSIEURS_SEMESTRES = ("evenements", "attributions")
_REDONNER = "donner aussi les fichiers des semestres d’avant pour garder les leurs"


@dataclass(frozen=True)
class Perte:
    """What publishing would do to one table: rows `avant` (the most of the last publications) and `apres`; `rejetees`
    of the `lues` of the files; the `bailleurs` in place that have no row any more. `ecarts`: in words, columns whose
    values are far from those of the field, or of the last publications."""

    table: str
    avant: int
    apres: int
    lues: int
    rejetees: int
    bailleurs: tuple[str, ...] = ()
    ecarts: tuple[str, ...] = ()

    @property
    def dite(self) -> str:
        """`« attributions » perd 3 bailleurs (B1, B2 et B3) et passe de 1 204 à 310 lignes`."""
        return f"«{langue.INSECABLE}{self.table}{langue.INSECABLE}» {langue.liste(list(self._raisons()))}"

    @property
    def est_a_accepter(self) -> bool:
        return next(self._raisons(), None) is not None

    def _raisons(self) -> Iterator[str]:
        if not self.apres:
            yield f"serait vide ({langue.effectif(self.avant, 'ligne')} en place)" if self.avant else "serait vide"
        elif self.avant - self.apres > PART_PERDUE * self.avant:
            remede = f" ({_REDONNER})" if self.table in _DE_PLUSIEURS_SEMESTRES else ""
            yield f"passe de {langue.nombre(self.avant)} à {langue.effectif(self.apres, 'ligne')}{remede}"
        if self.bailleurs and self.apres:
            reste = len(self.bailleurs) - _CODES_DITS
            dits = [*self.bailleurs[:_CODES_DITS], *([langue.effectif(reste, "autre")] if reste > 0 else [])]
            yield f"perd {langue.effectif(len(self.bailleurs), 'bailleur')} ({langue.liste(dits)})"
        if self.rejetees > PART_REJETEE * self.lues:
            rejetees = langue.effectif(self.rejetees, "ligne rejetée", "lignes rejetées")
            yield f"a {rejetees} sur {langue.nombre(self.lues)}"
        if self.ecarts:
            yield f"dit des valeurs inhabituelles ({' ; '.join(self.ecarts)})"


@dataclass(frozen=True)
class Pesee:
    """What publishing a load would do: what is to be accepted, in the order of the contract, and what the bilan would
    know of its attributions (none without any)."""

    pertes: tuple[Perte, ...] = ()
    couvertures: tuple[CouverturePrevue, ...] = ()


def weigh(chargement: Chargement, rapport: Rapport, base: Lecteur | None, precedentes: Sequence[Path] = ()) -> Pesee:
    """What `chargement` would take away, or say that is far from what was said. `base`: the rows that it replaces
    (None: the load completes nothing, hence takes nothing away). `precedentes`: the last publications, that of `base`
    first."""
    bailleurs: dict[str, set[str]] = {
        nom: set(base.query(_SQL["bailleurs"], table=f"jeu.{nom}")["code_bailleur"])
        for nom in chargement.tables
        if base is not None and BAILLEUR in TABLES[nom].noms
    }
    lus = profils(chargement.tables, precedentes[0] if precedentes else None)
    avant = [profils_publies(fichier, list(lus)) for fichier in precedentes]
    trouvees = (
        Perte(
            nom,
            max((p[nom].lignes for p in avant if nom in p), default=0),
            chargement.tables[nom].num_rows,
            rapport.tables[nom].lues,
            rapport.tables[nom].rejetees,
            tuple(
                rapport.bailleurs.get(code, code)
                for code in sorted(bailleurs.get(nom, set()) - _codes(chargement.tables[nom]))
            ),
            (
                *say_du_metier(chargement.tables[nom], lus[nom], rapport.bailleurs),
                *say_des_precedentes(nom, lus[nom], [p[nom] for p in avant if nom in p], rapport.bailleurs),
            ),
        )
        for nom in TABLES
        if nom in chargement.tables
    )
    donnees = lus.get("attributions", ProfilDeTable())
    sues = couvertures(donnees, [p["attributions"] for p in avant if "attributions" in p], rapport.bailleurs)
    return Pesee(tuple(p for p in trouvees if p.est_a_accepter), sues)


def add(chargement: Chargement, base: Lecteur | None) -> Chargement:
    """The same load, its `AJOUTABLES` completed by the rows of `base` whose bailleur it does not give."""
    if base is None:
        return chargement
    tables = {
        nom: _complete(nom, table, base) if nom in AJOUTABLES else table for nom, table in chargement.tables.items()
    }
    return replace(chargement, tables=tables)


def _complete(nom: str, donnees: pa.Table, base: Lecteur) -> pa.Table:
    anciennes = retype(base.arrow(_SQL["en_place"], table=f"jeu.{nom}"), nom)
    donnes = pc.is_in(anciennes[BAILLEUR], value_set=pa.array(sorted(_codes(donnees)), pa.string()))
    # A row of no bailleur, or that changed hands, comes back under its own identity: it is not kept twice.
    revenues = pc.is_in(_identites(nom, anciennes), value_set=_identites(nom, donnees))
    return pa.concat_tables([anciennes.filter(pc.invert(pc.or_(donnes, revenues))), donnees])


def _identites(nom: str, table: pa.Table) -> pa.Array:
    colonnes = (table[c].combine_chunks() for c in TABLES[nom].identite)
    return pc.binary_join_element_wise(*colonnes, "\0", null_handling="replace")


def _codes(table: pa.Table) -> set[str]:
    """The bailleurs that have a row in it; none where the table names none."""
    return {c for c in table[BAILLEUR].unique().to_pylist() if c} if BAILLEUR in table.column_names else set()

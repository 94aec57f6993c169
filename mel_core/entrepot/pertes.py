"""What a load would take away from a table: said table by table, and published only if somebody accepts it by name.

A file of headers alone, the file of one bailleur after another's, or a file whose rows all go out would otherwise empty
a table without a word (contract §1). `add`: a load replaces the rows of the bailleurs that it gives, and no other.

Said too, values far from what the field gives or from the last publications': a household of 9 999, incomes by the
month, two columns taken for one another, a month that was emptied. Each row of it is valid, and all the figures would
be wrong. What is compared is compared with the best of the last publications, so that small losses do not add up
unsaid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.controle import HORS_MEL
from mel_core.contrat.rapport import Rapport
from mel_core.contrat.tables import BAILLEUR, TABLES
from mel_core.entrepot import Chargement, Lecteur
from mel_core.entrepot.remplissage import retype
from mel_core.socle import langue
from mel_core.socle.sql import blocs

# No household, no demandeur, is beyond; a median on the other side of these is in another unit, or another column.
_AU_PLUS = {"n_personnes": 20, "n_uc": 15, "age": 120}
_MEDIANES = {"revenu_fiscal": (3_000, 100_000, "par an"), "ressources_mensuelles": (100, 8_000, "par mois")}
_MENAGES = ("n_personnes", "n_uc", "revenu_fiscal", "ressources_mensuelles")
_JOURS = {"attributions": "date_bail", "evenements": "date_survenance"}
_SOUHAITS = "communes_souhaitees"
_HORS = Fraction(1, 10)  # of the demandes: more of them that want nowhere in the MEL is a column read amiss
_MONTRABLE, _COMPARABLE = 10, 30  # positive cells of a median that is looked at; rows of publications compared
_FOIS, _POINTS = 2, Fraction(1, 5)
_MOIS_DITS = 3


@dataclass(frozen=True)
class ProfilDeTable:
    """What a table holds: `lignes`, cells filled by column, median of the positive ones (with how many) by column,
    share of modest households (k, n), rows by month."""

    lignes: int = 0
    remplies: Mapping[str, int] = field(default_factory=dict)
    medianes: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    modestes: tuple[int, int] = (0, 0)
    mois: Mapping[date, int] = field(default_factory=dict)


def profils(tables: Mapping[str, pa.Table], base: Path | None) -> dict[str, ProfilDeTable]:
    """Of what is loaded. `base`: the snapshot whose dated parameters class its ressources (None: they are not)."""
    with closing(duckdb.connect()) as con:
        for nom, table in tables.items():
            con.register(nom, table)
        if base is not None:
            con.execute("attach $chemin as base (read_only)", {"chemin": str(base)})
            con.execute(_SQL["parametres"])
        return {nom: _profil(con, nom, est_classable=base is not None) for nom in tables}


def profils_publies(fichier: Path, tables: Sequence[str]) -> dict[str, ProfilDeTable]:
    """Of a snapshot published before, for those of `tables` that it holds; none of one that lacks what is asked."""
    with duckdb.connect(str(fichier), read_only=True) as con:
        tenues = {nom for nom, n in con.execute(_SQL["lignes"]).fetchall() if n}
        try:
            return {nom: _profil(con, nom, est_classable=True) for nom in tables if nom in tenues and nom != "communes"}
        except duckdb.BinderException:  # older than one of the columns
            return {}


def _profil(con: duckdb.DuckDBPyConnection, nom: str, *, est_classable: bool) -> ProfilDeTable:
    lu = con.execute(_SQL["remplies"], {"table": nom}).fetchdf().iloc[0].astype(int).to_dict()
    colonnes = [c for c in _MENAGES if c in lu]
    medianes = con.execute(_SQL["montants"], {"table": nom, "colonnes": colonnes}).fetchall() if colonnes else []
    jour = _JOURS.get(nom)
    mois = con.execute(_SQL["mois"], {"table": nom, "jour": [jour]}).fetchall() if jour else []
    n, k = (con.execute(_SQL["modestes"]).fetchall() if nom == "attributions" and est_classable else [(0, 0)])[0]
    return ProfilDeTable(int(lu.pop("lignes")), lu, {c: (n, m) for c, n, m in medianes}, (k, n), dict(mois))


def say_du_metier(table: pa.Table, profil: ProfilDeTable) -> Iterator[str]:
    """What no office ever has, column by column."""
    for colonne, maximum in _AU_PLUS.items():
        if colonne in table.column_names and (n := pc.sum(pc.greater(table[colonne], maximum)).as_py()):
            plus = langue.nombre(pc.max(table[colonne]).as_py())
            yield f"« {colonne} » : {langue.effectif(n, 'ligne')} au-dessus de {maximum} (jusqu’à {plus})"
    for colonne, (bas, haut, unite) in _MEDIANES.items():
        n, mediane = profil.medianes.get(colonne, (0, 0.0))
        if n >= _MONTRABLE and not bas <= mediane <= haut:
            yield f"« {colonne} » a une médiane de {_euros(mediane)}, loin d’un montant {unite}"
    if _SOUHAITS in table.column_names:
        yield from _say_souhaits(table[_SOUHAITS].combine_chunks().drop_null())


def _say_souhaits(souhaits: pa.Array) -> Iterator[str]:
    ailleurs = pc.equal(souhaits.flatten(), HORS_MEL)
    n_hors = len(souhaits) - len(pc.list_parent_indices(souhaits).filter(pc.invert(ailleurs)).unique())
    if n_hors > _HORS * len(souhaits):
        part = langue.part(n_hors / len(souhaits))
        yield f"« {_SOUHAITS} » : {part} des demandes ne souhaitent aucune commune de la MEL, lues « {HORS_MEL} »"


def say_des_precedentes(nom: str, profil: ProfilDeTable, avant: Sequence[ProfilDeTable]) -> Iterator[str]:
    """What is far from the best of the publications before, column by column."""
    avant = [p for p in avant if p.lignes >= _COMPARABLE]
    if not avant or profil.lignes < _COMPARABLE:
        return
    for colonne, n in profil.remplies.items():
        meilleure = max(Fraction(p.remplies.get(colonne, 0), p.lignes) for p in avant)
        if meilleure - (part := Fraction(n, profil.lignes)) > _POINTS:
            yield f"« {colonne} » est remplie à {langue.part(part)}, contre {langue.part(meilleure)}"
    for colonne, (n, mediane) in profil.medianes.items():
        siennes = [m for p in avant for k, m in [p.medianes.get(colonne, (0, 0.0))] if k >= _COMPARABLE]
        proche = min(siennes, key=lambda m: max(m / mediane, mediane / m), default=mediane)
        if n >= _COMPARABLE and not mediane / _FOIS < proche < mediane * _FOIS:
            dire = _euros if colonne not in _AU_PLUS else langue.nombre
            yield f"« {colonne} » a une médiane de {dire(mediane)}, contre {dire(proche)}"
    yield from _say_modestes(profil, avant)
    yield from _say_mois(_JOURS.get(nom, ""), profil, avant)


def _say_modestes(profil: ProfilDeTable, avant: Sequence[ProfilDeTable]) -> Iterator[str]:
    parts = [Fraction(*p.modestes) for p in avant if p.modestes[1] >= _COMPARABLE]
    if profil.modestes[1] < _COMPARABLE or not parts:
        return
    part = Fraction(*profil.modestes)
    proche = min(parts, key=lambda p: abs(p - part))
    if part >= _FOIS * proche or proche >= _FOIS * part:
        yield f"la part des ménages modestes passe de {langue.part(proche)} à {langue.part(part)}"


def _say_mois(jour: str, profil: ProfilDeTable, avant: Sequence[ProfilDeTable]) -> Iterator[str]:
    combles = {m: max(p.mois.get(m, 0) for p in avant) for p in avant for m in p.mois}
    vides = sorted(m for m, n in combles.items() if n >= _COMPARABLE and profil.mois.get(m, 0) * 2 < n)
    if vides:
        reste = len(vides) - _MOIS_DITS
        autres = [langue.effectif(reste, "autre mois", "autres mois")] if reste > 0 else []
        dits = langue.liste([*(langue.mois(m) for m in vides[:_MOIS_DITS]), *autres])
        perd = langue.agree(len(vides), "perd", "perdent")
        yield f"« {jour} » : {dits} {perd} plus de la moitié de {langue.agree(len(vides), 'ses', 'leurs')} lignes"


def _euros(montant: float) -> str:
    return f"{langue.nombre(montant, 2).rstrip('0').rstrip(',') if montant % 1 else langue.nombre(montant)} €"


_SQL = blocs(__file__, "pertes.sql")

AJOUTABLES = ("residences", "evenements", "attributions")
PART_PERDUE = Fraction(1, 5)
PART_REJETEE = Fraction(5, 100)
_CODES_DITS = 5


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
            yield f"passe de {langue.nombre(self.avant)} à {langue.effectif(self.apres, 'ligne')}"
        if self.bailleurs and self.apres:
            reste = len(self.bailleurs) - _CODES_DITS
            dits = [*self.bailleurs[:_CODES_DITS], *([langue.effectif(reste, "autre")] if reste > 0 else [])]
            yield f"perd {langue.effectif(len(self.bailleurs), 'bailleur')} ({langue.liste(dits)})"
        if self.rejetees > PART_REJETEE * self.lues:
            rejetees = langue.effectif(self.rejetees, "ligne rejetée", "lignes rejetées")
            yield f"a {rejetees} sur {langue.nombre(self.lues)}"
        if self.ecarts:
            yield f"dit des valeurs inhabituelles ({' ; '.join(self.ecarts)})"


def pertes(
    chargement: Chargement, rapport: Rapport, base: Lecteur | None, precedentes: Sequence[Path] = ()
) -> tuple[Perte, ...]:
    """What `chargement` would take away, or say that is far from what was said, and that is to be accepted, in the
    order of the contract. `base`: the rows that it replaces (None: the load completes nothing, hence takes nothing
    away). `precedentes`: the last publications, that of `base` first."""
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
            tuple(sorted(bailleurs.get(nom, set()) - _codes(chargement.tables[nom]))),
            (
                *say_du_metier(chargement.tables[nom], lus[nom]),
                *say_des_precedentes(nom, lus[nom], [p[nom] for p in avant if nom in p]),
            ),
        )
        for nom in TABLES
        if nom in chargement.tables
    )
    return tuple(p for p in trouvees if p.est_a_accepter)


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

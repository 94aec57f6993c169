"""Values far from what the field gives or from the last publications': a household of 9 999, incomes by the month, two
columns taken for one another, a month that was emptied, a bailleur whose file lost a column (contract §1).

Each row of it is valid, and all the figures would be wrong. What is compared is compared with the best of the last
publications, so that small losses do not add up unsaid; and what the bilan would know is said before publishing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.colonnes import BAILLEUR
from mel_core.contrat.controle import HORS_MEL
from mel_core.socle import langue
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "plausibilite.sql")

# No household, no demandeur, is beyond; a median on the other side of these is in another unit, or another column.
_AU_PLUS = {"n_personnes": 20, "n_uc": 15, "age": 120}
_MEDIANES = {"revenu_fiscal": (3_000, 100_000, "par an"), "ressources_mensuelles": (100, 8_000, "par mois")}
_MENAGES = ("n_personnes", "n_uc", "revenu_fiscal", "ressources_mensuelles")
_JOURS = {"attributions": "date_bail", "evenements": "date_survenance"}
_SOUHAITS = "communes_souhaitees"
_HORS = Fraction(1, 10)  # of the demandes: more of them that want nowhere in the MEL is a column read amiss
_MONTRABLE, _COMPARABLE = 10, 30  # positive cells of a median that is looked at; rows of publications compared
_FOIS, _POINTS, _PEU = 2, Fraction(1, 5), Fraction(1, 2)
_MOIS_DITS, _ECARTS_DITS = 3, 5
SUES = {"quartier": "quartier connu", "ressources": "ressources connues", "public": "public connu (ACI ou non)"}


@dataclass(frozen=True)
class ProfilDeTable:
    """What a table holds: cells filled by column (under `lignes`, how many rows there are), median of the positive ones
    (with how many) by column, then by bailleur and column, share of modest households (k, n), rows by month.
    `par_bailleur`: `remplies` of each. `sues`: of the attributions of the last twelve months, of all (empty code) then
    of each bailleur, their number (`lignes`), those that say where they are (`situees`), and of how many the bilan
    knows each of `SUES`."""

    remplies: Mapping[str, int] = field(default_factory=dict)
    medianes: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    medianes_par_bailleur: Mapping[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    modestes: tuple[int, int] = (0, 0)
    mois: Mapping[date, int] = field(default_factory=dict)
    par_bailleur: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    sues: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def lignes(self) -> int:
        return self.remplies["lignes"]


def profils(tables: Mapping[str, pa.Table], base: Path | None) -> dict[str, ProfilDeTable]:
    """Of what is loaded. `base`: the snapshot whose dated parameters class its ressources (None: they are not)."""
    with closing(duckdb.connect()) as con:
        for nom, table in tables.items():
            con.register(nom, table)
        if base is not None:
            con.execute("attach $chemin as base (read_only)", {"chemin": str(base)})
            con.execute(_SQL["parametres"])
        if "residences" not in tables:
            con.execute(_SQL["sans_residences" if base is None else "residences"])
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
    bailleurs = _par_code(con, "remplies_par_bailleur", table=nom) if BAILLEUR in lu else {}
    sues = _par_code(con, "sues") if nom == "attributions" else {}
    medianes_dites = {c: (n, m) for c, n, m in medianes}
    siennes = {"table": nom, "colonnes": [c for c in _MEDIANES if c in lu]}
    a_part = con.execute(_SQL["montants_par_bailleur"], siennes).fetchall() if bailleurs and siennes["colonnes"] else []
    par_bailleur = {(de, c): (n, m) for de, c, n, m in a_part}
    return ProfilDeTable(lu, medianes_dites, par_bailleur, (k, n), dict(mois), bailleurs, sues)


def _par_code(con: duckdb.DuckDBPyConnection, bloc: str, **parametres: str) -> dict[str, dict[str, int]]:
    lignes = con.execute(_SQL[bloc], parametres).fetchdf().to_dict("records")
    return {ligne.pop("de"): {c: int(n) for c, n in ligne.items()} for ligne in lignes}


def say_du_metier(table: pa.Table, profil: ProfilDeTable, noms: Mapping[str, str]) -> Iterator[str]:
    """What no office ever has, column by column; of an amount, bailleur by bailleur where the whole table hides it."""
    for colonne, maximum in _AU_PLUS.items():
        if colonne in table.column_names and (n := pc.sum(pc.greater(table[colonne], maximum)).as_py()):
            plus = langue.nombre(pc.max(table[colonne]).as_py())
            yield f"« {colonne} » : {langue.effectif(n, 'ligne')} au-dessus de {maximum} (jusqu’à {plus})"
    for colonne, (bas, haut, unite) in _MEDIANES.items():
        n, mediane = profil.medianes.get(colonne, (0, 0.0))
        if n >= _MONTRABLE and not bas <= mediane <= haut:
            yield f"« {colonne} » a une médiane de {_euros(mediane)}, loin d’un montant {unite}"
            continue
        for (de, nommee), (k, sienne) in profil.medianes_par_bailleur.items():
            if nommee == colonne and k >= _COMPARABLE and not bas <= sienne <= haut:
                dite = f"« {colonne} » a une médiane de {_euros(sienne)}"
                yield f"{dite} chez {noms.get(de, de)}, loin d’un montant {unite}"
    if _SOUHAITS in table.column_names:
        yield from _say_souhaits(table[_SOUHAITS].combine_chunks().drop_null())


def _say_souhaits(souhaits: pa.Array) -> Iterator[str]:
    ailleurs = pc.equal(souhaits.flatten(), HORS_MEL)
    n_hors = len(souhaits) - len(pc.list_parent_indices(souhaits).filter(pc.invert(ailleurs)).unique())
    if n_hors > _HORS * len(souhaits):
        part = langue.part(n_hors / len(souhaits))
        yield f"« {_SOUHAITS} » : {part} des demandes ne souhaitent aucune commune de la MEL, lues « {HORS_MEL} »"


@dataclass(frozen=True)
class CouverturePrevue:
    """Of the `n` attributions of the last twelve months, those of `bailleur` (empty: all), of which `situees` say a
    quartier or a résidence, known or not: of how many the bilan would know what is under each key of `SUES`
    (`connues`), and the largest share of the last publications (`avant`; none of a key that none of them had)."""

    bailleur: str
    n: int
    connues: Mapping[str, int]
    avant: Mapping[str, Fraction]
    situees: int = 0

    def est_moindre(self, cle: str) -> bool:
        """Whether much less would be known than before; at first, the quartier of less than half of those that say
        theirs, or their résidence."""
        if cle in self.avant:
            return self.avant[cle] - Fraction(self.connues[cle], self.n) > _POINTS
        return cle == "quartier" and self.situees >= _COMPARABLE and self.connues[cle] < _PEU * self.situees

    def dite(self, cle: str) -> str:
        """`96,1 % (contre 43 %)`."""
        contre = f" (contre {langue.part(self.avant[cle])})" if cle in self.avant else ""
        return f"{langue.part(Fraction(self.connues[cle], self.n))}{contre}"


def couvertures(
    profil: ProfilDeTable, avant: Sequence[ProfilDeTable], noms: Mapping[str, str]
) -> tuple[CouverturePrevue, ...]:
    """Of the attributions that are loaded, all then bailleur by bailleur, by its name; none where none is."""
    prevues = []
    for code, sues in profil.sues.items():
        if n := sues["lignes"]:
            siennes = _comparables(p.sues.get(code) for p in avant)
            connues, parts = {cle: sues[cle] for cle in SUES}, {cle: _best(cle, siennes) for cle in SUES if siennes}
            prevues.append(CouverturePrevue(noms.get(code, code), n, connues, parts, sues["situees"]))
    return tuple(prevues)


def _comparables(comptes: Iterable[Mapping[str, int] | None]) -> list[Mapping[str, int]]:
    return [c for c in comptes if c and c["lignes"] >= _COMPARABLE]


def _best(cle: str, avant: Iterable[Mapping[str, int]]) -> Fraction:
    """The largest share of rows that say it."""
    return max(Fraction(a.get(cle, 0), a["lignes"]) for a in avant)


def _say_par_bailleur(profil: ProfilDeTable, avant: Sequence[ProfilDeTable], noms: Mapping[str, str]) -> Iterator[str]:
    """What of one bailleur is far from the best of the publications before, where the whole table may hide it."""
    dits = []
    for code, cellules in profil.par_bailleur.items():
        siens = _comparables(p.par_bailleur.get(code) for p in avant)
        plus = max((s["lignes"] for s in siens), default=0)
        nom = noms.get(code, code)
        if cellules["lignes"] * 2 < plus:
            dits.append(f"{nom} passe de {langue.nombre(plus)} à {langue.effectif(cellules['lignes'], 'ligne')}")
        elif siens and cellules["lignes"] >= _COMPARABLE:
            dits += [f"{nom} : {dit}" for dit in _say_remplies([(cellules, s) for s in siens])]
    yield from dits[:_ECARTS_DITS]
    if len(dits) > _ECARTS_DITS:
        yield langue.effectif(len(dits) - _ECARTS_DITS, "autre écart par bailleur", "autres écarts par bailleur")


def _say_remplies(paires: Sequence[tuple[Mapping[str, int], Mapping[str, int]]]) -> Iterator[str]:
    """Columns that say less than before. `paires`: what is filled now, and in a publication before."""
    for colonne in paires[0][0] if paires else ():
        parts = [[Fraction(x.get(colonne, 0), x["lignes"]) for x in paire] for paire in paires]
        part, meilleure = max(parts, key=lambda p: p[1] - p[0])
        if meilleure - part > _POINTS:
            yield f"« {colonne} » est remplie à {langue.part(part)}, contre {langue.part(meilleure)}"


def _of_the_same(profil: ProfilDeTable, avant: ProfilDeTable) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """What is filled now of the bailleurs of a publication before, and in it: one who comes takes nothing away."""
    siennes = [cellules for code, cellules in profil.par_bailleur.items() if code in avant.par_bailleur]
    if not siennes:
        return profil.remplies, avant.remplies
    return {colonne: sum(cellules[colonne] for cellules in siennes) for colonne in siennes[0]}, avant.remplies


def say_des_precedentes(
    nom: str, profil: ProfilDeTable, avant: Sequence[ProfilDeTable], noms: Mapping[str, str]
) -> Iterator[str]:
    """What is far from the best of the publications before, column by column; of the first, what it would not know."""
    avant = [p for p in avant if p.lignes >= _COMPARABLE]
    ensemble, *chacune = couvertures(profil, avant, noms) or (None,)
    if ensemble:
        moindres = [f"{dit} à {ensemble.dite(cle)}" for cle, dit in SUES.items() if ensemble.est_moindre(cle)]
        # Of one of whom nothing is known for the first time, a column was not read: another has it.
        moindres += [
            f"{dit} à {c.dite(cle)} chez {c.bailleur}"
            for cle, dit in SUES.items()
            for c in chacune
            if ensemble.connues[cle] and not (c.connues[cle] or c.avant) and c.n >= _COMPARABLE
        ]
        if moindres:
            yield f"le bilan saurait {'moins' if ensemble.avant else 'peu'} : {langue.liste(moindres[:_ECARTS_DITS])}"
    if not avant or profil.lignes < _COMPARABLE:
        return
    d_ensemble = [*_say_remplies([_of_the_same(profil, p) for p in avant])]
    yield from d_ensemble or _say_par_bailleur(profil, avant, noms)
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
    if part != proche and (part >= _FOIS * proche or proche >= _FOIS * part):
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

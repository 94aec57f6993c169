"""What may be shown of one population, in every table that shows it: decided once, so that no table tells what another
withholds, then audited (see `audit`) and mended until the audit finds nothing.

Pure: a frame of cells in, frames out. Places go by ICI, so that an ICI and the whole say the same lines; a quartier is
put only with those of the same line of communes, a résidence with those of the same line of quartiers: what a fine
table adds up to is never more than the coarse one shows. Bailleurs and classes are a table by ICI, and bailleur ×
commune is one matrix whose columns are the bailleurs of each ICI.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mel_core.secret.audit import LARGEUR, Intervalle, Publication
from mel_core.secret.matrice import masquer
from mel_core.secret.regroupement import SEUIL, regrouper

LIEUX = ("commune", "quartier", "residence")
CLASSES = ("bailleur", "fragilite", "fragilite_commune")
COUPES = ("ici", "commune", *CLASSES)  # what `proteger` needs
COUPES_FINES = ("ici", *LIEUX, *CLASSES)  # what `affiner` needs
INCONNU = "inconnu"
_MATRICE, _RESTE = "matrice", "\0"
_TOURS = 16
_GROUPES = ("ligne", "est_regroupee", "est_masquee")

Acte = tuple[Hashable, ...]  # what to withhold: (cut, key[, ICI]) or (matrice, commune, bailleur)
Table = tuple[str, str | None]  # cut, ICI (None: the whole)


@dataclass(frozen=True)
class Protection:
    """`tables`: for a cut and an ICI, the lines of its keys as `regrouper` gives them. `cachees`: commune, bailleur.

    `trouves`: what the audit still finds once nothing more can be withheld; empty but for a base of a few households.
    """

    tables: Mapping[Table, pd.DataFrame]
    cachees: frozenset[tuple[str, str]]
    trouves: Mapping[Hashable, Intervalle]
    forcees: frozenset[Acte] = frozenset()

    def groupes(self, coupe: str, ici: str | None = None) -> pd.DataFrame:
        """One row per key of `coupe`: the key, `ligne`, `est_regroupee`, `est_masquee` (see `regrouper`)."""
        return self.tables[coupe, ici] if (coupe, ici) in self.tables else _vide(coupe)

    def est_masquee(self, cellules: pd.DataFrame) -> pd.Series:
        """Which rows of commune × bailleur may not be shown, under their index."""
        paires = zip(cellules["commune"], cellules["bailleur"], strict=True)
        return pd.Series([p in self.cachees for p in paires], index=cellules.index, dtype=bool)


def proteger(cellules: pd.DataFrame, territoires: Mapping[str, str], noms: Mapping[str, str]) -> Protection:
    """The communes, the bailleurs, the classes and bailleur × commune.

    `cellules`: one row per combination of `COUPES` (texts, `inconnu` when not said) with its `n` households.
    `territoires`, `noms`: the territoire and the name of a commune, which groups are called after.
    """
    return _mender(cellules, _Noms(territoires, noms), LIEUX[:1], frozenset())


def affiner(
    protection: Protection, cellules: pd.DataFrame, territoires: Mapping[str, str], noms: Mapping[str, str]
) -> Protection:
    """The same with quartiers and résidences, which give way to what `protection` shows. `cellules`: `COUPES_FINES`."""
    return _mender(cellules, _Noms(territoires, noms), LIEUX, protection.forcees)


@dataclass(frozen=True)
class _Noms:
    territoires: Mapping[str, str]
    noms: Mapping[str, str]


def _mender(cellules: pd.DataFrame, noms: _Noms, lieux: tuple[str, ...], acquises: frozenset[Acte]) -> Protection:
    base = cellules[cellules["n"] > 0].reset_index(drop=True)
    if base.empty:
        return Protection({}, frozenset(), {}, acquises)
    base = base.assign(**{c: base[c].astype(str) for c in ("ici", *lieux, *CLASSES)})
    retirables = {*LIEUX[1:]} if len(lieux) > 1 else {"commune", _MATRICE, *CLASSES}
    forcees = set(acquises)
    echecs: Counter[Hashable] = Counter()
    a_revoir: set[str] | None = None  # the ICI where something was found; all of them to begin and to end with
    for tour in range(_TOURS + 1):
        essai = _Essai(base, noms, lieux, forcees)
        trouves = essai.publication(a_revoir).mal_proteges() if essai.cibles else {}
        if not trouves and a_revoir:
            a_revoir = None
            continue
        a_revoir = {str(essai.fine["ici"].iloc[i]) for cible in trouves for i in essai.cibles[cible]}
        avant = len(forcees)
        for cible, (_, coupables) in trouves.items():
            # A target found again and again takes more with it each time.
            forcees |= essai.remedes(cible, coupables, retirables, 2 ** echecs[cible])
            echecs[cible] += 1
        if len(forcees) == avant or tour == _TOURS:
            trouves = essai.publication().mal_proteges() if trouves else {}
            break
    restes = {cible: intervalle for cible, (intervalle, _) in trouves.items()}
    return Protection(essai.tables, essai.cachees, restes, frozenset(forcees))


@dataclass
class _Essai:
    """One way to show `base`, withholding `forcees` besides what is small."""

    base: pd.DataFrame
    noms: _Noms
    lieux: tuple[str, ...]
    forcees: set[Acte]
    tables: dict[Table, pd.DataFrame] = field(default_factory=dict)
    cachees: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        self.icis = sorted(self.base["ici"].unique())
        self._matrice()
        self._lieux()
        for coupe in CLASSES:
            self._classes(coupe)
        self._fondre()
        self.publies, self.actes = self._publies()
        self.cibles = dict(self._cibles())

    # What is shown.

    def _lieux(self) -> None:
        """Communes by territoire, then each finer cut by the line that the coarser one shows it under."""
        parents, maisons = dict(self.noms.territoires), dict[str, str]()
        lignes: dict[str, str] = {}
        for coupe in self.lieux:
            connus = self.base[self.base[coupe] != INCONNU]
            n = connus.groupby(coupe)["n"].sum()
            chez = _le_plus(connus, coupe, "ici")
            if coupe != "commune":
                plus_grande = self.lieux[self.lieux.index(coupe) - 1]
                parents = {c: lignes.get(m, "") for c, m in _le_plus(connus, coupe, plus_grande).items()}
            lieux = pd.DataFrame({coupe: n.index, "n": n.to_numpy(), "ici": n.index.map(chez)})
            lieux["parent"] = [parents.get(c, "") for c in lieux[coupe]]
            forcees = {str(a[1]) for a in self.forcees if a[0] == coupe}
            if coupe == "quartier":
                forcees |= self._temoins_des_classes(connus, parents)
            elif coupe == "residence":
                # Part of a cell that the matrix hides would say how few the rest of it are.
                paires = zip(connus["commune"], connus["bailleur"], strict=True)
                forcees |= set(connus.loc[[p in self.cachees for p in paires], "residence"])
            else:
                classe = _le_plus(connus, coupe, "fragilite_commune")
                lieux["bloc"] = lieux["ici"] + _RESTE + lieux[coupe].map(classe)
            morceaux = [
                self._par_ici(g, coupe, str(g["ici"].iloc[0]), forcees)
                for _, g in lieux.groupby("bloc" if "bloc" in lieux else "ici")
            ]
            groupes = pd.concat(morceaux, ignore_index=True) if morceaux else _vide(coupe).assign(ici="")
            lignes = {
                c: f"{i}{_RESTE}{x}" if r else c
                for c, i, x, r in zip(*(groupes[x] for x in (coupe, "ici", "ligne", "est_regroupee")), strict=True)
            }
            if coupe == "commune":
                maisons = {
                    c: x if r else self.noms.noms.get(c, c)
                    for c, x, r in zip(groupes[coupe], groupes["ligne"], groupes["est_regroupee"], strict=True)
                }
            else:
                maison = {c: maisons.get(m, "") for c, m in _le_plus(connus, coupe, "commune").items()}
                est_dite = groupes["est_regroupee"] & ~groupes["ligne"].isin(self.icis)
                groupes.loc[est_dite, "ligne"] = groupes.loc[est_dite, coupe].map(maison)
            self._poser(coupe, groupes)

    def _temoins_des_classes(self, quartiers: pd.DataFrame, lignes: Mapping[str, str]) -> set[str]:
        """Where a line of communes has few households in a class, its total and the class's would tell them: a quartier
        of the cells that protect it goes with them."""
        table = quartiers.assign(
            ligne=quartiers["quartier"].map(lignes), classe=quartiers["fragilite"] + _RESTE + quartiers["ici"]
        )
        sommes = table.groupby(["ligne", "classe"], as_index=False)["n"].sum()
        cachees = sommes[masquer(sommes, "ligne", "classe")][["ligne", "classe"]]
        par_quartier = table.groupby(["ligne", "classe", "quartier"], as_index=False)["n"].sum().merge(cachees)
        return set(par_quartier.sort_values(["n", "quartier"]).drop_duplicates(["ligne", "classe"])["quartier"])

    def _par_ici(self, lieux: pd.DataFrame, coupe: str, ici: str, forcees: set[str]) -> pd.DataFrame:
        groupes = regrouper(lieux, coupe, "parent", forcees=forcees)
        groupes.loc[groupes["est_regroupee"] & (groupes["ligne"] == ""), "ligne"] = ici
        return groupes.assign(ici=ici)

    def _poser(self, coupe: str, groupes: pd.DataFrame) -> None:
        """The whole and each ICI; a place coded in two ICI is masked in the one that is not its own."""
        for ici in (None, *self.icis):
            cles = self.base.loc[(self.base["ici"] == ici) if ici else slice(None)].groupby(coupe)["n"].sum()
            vues = groupes.set_index(coupe).reindex(cles.index)
            dehors = vues["ici"].isna() | ((vues["ici"] != ici) if ici else False)
            seul = (vues.index == INCONNU) & (cles >= SEUIL) & ((coupe, INCONNU, None) not in self.forcees)
            vues = vues.assign(
                ligne=np.where(seul, INCONNU, vues["ligne"].where(~dehors, "")),
                est_regroupee=vues["est_regroupee"].where(~dehors, ~seul).astype(bool),
                est_masquee=vues["est_masquee"].where(~dehors, ~seul).astype(bool),
            )
            # A group that gives something away goes with the others of its ICI, then is masked with them.
            vues["ligne"] = [
                i if r and (coupe, _RESTE + x, None) in self.forcees else x
                for x, i, r in zip(
                    vues["ligne"],
                    groupes.set_index(coupe)["ici"].reindex(vues.index),
                    vues["est_regroupee"],
                    strict=True,
                )
            ]
            vues["est_masquee"] |= vues["est_regroupee"] & vues["ligne"].isin(
                [i for i in self.icis if (coupe, _RESTE + i, None) in self.forcees]
            )
            self.tables[coupe, ici] = vues[list(_GROUPES)].rename_axis(coupe).reset_index()

    def _classes(self, coupe: str) -> None:
        """The whole, then each ICI: hidden keys make one line, for the total less the others is known anyway."""
        sommes = self.base.groupby([coupe, "ici"], as_index=False)["n"].sum()
        toutes = self.base.groupby(coupe, as_index=False)["n"].sum()
        forcees = {(str(a[1]), str(a[2])) for a in self.forcees if a[0] == coupe and a[2] is not None}
        sommes["est_cachee"] = masquer(sommes, coupe, "ici", forcees=forcees)
        self.tables[coupe, None] = regrouper(
            toutes, coupe, forcees={str(a[1]) for a in self.forcees if a[0] == coupe and a[2] is None}
        )
        for ici in self.icis:
            vues = sommes[sommes["ici"] == ici]
            cachees = set(vues.loc[vues["est_cachee"], coupe])
            self.tables[coupe, ici] = regrouper(vues, coupe, forcees=cachees)

    def _matrice(self) -> None:
        paires = self.base.assign(colonne=self.base["bailleur"] + _RESTE + self.base["ici"])
        paires = paires.groupby(["commune", "bailleur", "colonne"], as_index=False)["n"].sum()
        voulues = {(str(a[1]), str(a[2])) for a in self.forcees if a[0] == _MATRICE}
        forcees = {
            (c, x)
            for c, b, x in zip(paires["commune"], paires["bailleur"], paires["colonne"], strict=True)
            if (c, b) in voulues
        }
        paires["est_cachee"] = masquer(paires, "commune", "colonne", forcees=forcees)
        cachees = paires[paires["est_cachee"]]
        self.cachees = frozenset(zip(cachees["commune"], cachees["bailleur"], strict=True))

    # What is known of it.

    def _fondre(self) -> None:
        """Résidences of a line that no figure tells apart are one cell of the audit: far fewer unknowns."""
        self.fine = self.base
        if "residence" not in self.lieux:
            return
        groupes = self.tables["residence", None].set_index("residence")
        seules = groupes.index[~groupes["est_regroupee"]]
        ligne = (_RESTE + groupes["ligne"]).where(~groupes["est_masquee"], _RESTE * 2)
        vue = self.base["residence"].where(self.base["residence"].isin(seules), self.base["residence"].map(ligne))
        cles = [c for c in COUPES_FINES if c != "residence"]
        self.fine = (
            self.base.assign(vue=vue)
            .groupby([*cles, "vue"], as_index=False)
            .agg(n=("n", "sum"), n_residences=("residence", "nunique"), residence=("residence", "first"))
        )

    def _publies(self) -> tuple[list[np.ndarray], list[Acte | None]]:
        """What each figure adds up, and what would withhold it; of the whole, only what the ICI do not tell."""
        vus: dict[bytes, tuple[np.ndarray, Acte | None]] = {}
        ici = self.fine["ici"].to_numpy()
        for cellules, acte in self._figures():
            parts = [cellules[ici[cellules] == i] for i in self.icis]
            parts = [p for p in parts if len(p)]
            if len(parts) > 1 and all(p.tobytes() in vus for p in parts):
                continue
            # The same figure in two tables: one that nobody can withhold wins.
            ancien = vus.get(cellules.tobytes())
            vus[cellules.tobytes()] = (cellules, acte if ancien is None or ancien[1] is not None else None)
        return [c for c, _ in vus.values()], [a for _, a in vus.values()]

    def _figures(self) -> Iterator[tuple[np.ndarray, Acte | None]]:
        for ici in (*self.icis, None):
            dedans = np.flatnonzero(self.fine["ici"] == ici) if ici else np.arange(len(self.fine))
            yield dedans, None
            vues = self.fine.iloc[dedans]
            for coupe in (*self.lieux, *CLASSES):
                groupes = self.tables[coupe, ici].set_index(coupe)
                ou = groupes.reindex(vues[coupe])
                cles = np.where(ou["est_regroupee"], _RESTE + ou["ligne"].astype(str), vues[coupe])
                cles = np.where(ou["est_masquee"], "", cles)
                for cle, rangs in pd.Series(dedans).groupby(cles).indices.items():
                    if cle == "":
                        continue
                    est_groupe = cle.startswith(_RESTE)
                    if coupe in CLASSES:
                        yield dedans[rangs], None if est_groupe else (coupe, cle, ici)
                    else:
                        # What communes are left is known from the total anyway.
                        yield dedans[rangs], None if est_groupe and coupe == "commune" else (coupe, cle, None)
        for paire, rangs in self._paires():
            if paire not in self.cachees:
                yield rangs, (_MATRICE, *paire)

    def _paires(self) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
        for (commune, bailleur), rangs in self.fine.groupby(["commune", "bailleur"]).indices.items():
            yield (commune, bailleur), np.asarray(rangs)

    def _cibles(self) -> Iterator[tuple[Hashable, np.ndarray]]:
        """Every small count of every table, and the cells withheld with them in the matrix."""
        n, icis = self.fine["n"].to_numpy(), self.fine["ici"].to_numpy()
        for coupe in self.lieux[:2]:
            for cle, rangs in self.fine.groupby(coupe).indices.items():
                if cle != INCONNU and n[rangs].sum() < SEUIL:
                    yield (coupe, cle), rangs
        est_fine = "vue" in self.fine
        plusieurs = self.fine["n_residences"].to_numpy() > 1 if est_fine else np.zeros(len(n), dtype=bool)
        for cle, rangs in self.fine.groupby(["residence", "vue"]).indices.items() if est_fine else ():
            # Several résidences that nothing tells apart share their cells: each may be 0 or all of them.
            if cle[0] != INCONNU and n[rangs].sum() < (LARGEUR if plusieurs[rangs].any() else SEUIL):
                yield ("residence", *cle), rangs
        for coupe in CLASSES:
            for ici in (None, *self.icis):
                for cle, rangs in self.fine.groupby(coupe).indices.items():
                    dedans = rangs if ici is None else rangs[icis[rangs] == ici]
                    if 0 < n[dedans].sum() < SEUIL:
                        yield (coupe, cle, ici), dedans
        for paire, rangs in self._paires():
            if paire in self.cachees:
                yield (_MATRICE, *paire), rangs

    def publication(self, icis: Collection[str] | None = None) -> Publication:
        """What is known, to find the targets that have a cell in `icis` (None: all of them)."""
        presents = [rangs for paire, rangs in self._paires() if paire in self.cachees]
        ici = self.fine["ici"].to_numpy()
        cibles = {c: x for c, x in self.cibles.items() if icis is None or any(ici[i] in icis for i in x)}
        return Publication(self.fine["n"].to_numpy(), self.publies, cibles, presents)

    def remedes(self, cible: Hashable, coupables: list[int], retirables: set[str], combien: int) -> set[Acte]:
        """What to withhold so that `cible` is told no more: of the figures that give it away, the least."""
        n = self.fine["n"].to_numpy()
        touchees = set(self.cibles[cible].tolist())
        permis = [(x, a) for x, a in zip(self.publies, self.actes, strict=True) if a is not None and a[0] in retirables]
        en_cause = {self.publies[i].tobytes() for i in coupables}
        candidats = [(x, a) for x, a in permis if x.tobytes() in en_cause] or [
            (x, a) for x, a in permis if touchees & set(x.tolist())
        ]
        # A remainder that is said less precisely costs nobody a line.
        candidats.sort(key=lambda c: (not str(c[1][1]).startswith((_RESTE, INCONNU)), int(n[c[0]].sum()), str(c[1])))
        return {a for _, a in candidats[:combien]}


def _le_plus(cellules: pd.DataFrame, cle: str, ou: str) -> dict[str, str]:
    """Where most households of each key are; the first by name of two that have as many."""
    sommes = (
        cellules.groupby([cle, ou], as_index=False)["n"]
        .sum()
        .sort_values([cle, "n", ou], ascending=[True, False, True])
    )
    return sommes.drop_duplicates(cle).set_index(cle)[ou].to_dict()


def _vide(coupe: str) -> pd.DataFrame:
    return regrouper(pd.DataFrame({coupe: [], "n": []}), coupe)

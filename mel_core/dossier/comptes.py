"""The counts of the synthesis that may be printed: no small one, and none that gives a small one back.

The same households are in its tables by ICI, by class of quartiers and by label, with the Métropole beside: a count
that is hidden in one is withheld from all, and what is left is audited as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from mel_core.appellations import FRAGILITES_DES_QUARTIERS
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import INDICATEURS, calculer
from mel_core.periodes import Periode
from mel_core.secret.figures import taire

_MODESTES, _TRES_MODESTES = "equilibre", "bas_revenus"  # the second among the first, of the same known ressources
_LABELS = ("aci", "mutations_bloquees", "npru", "droit_commun")  # assumed to share out the attributions
_INCONNU = "inconnu"

Cle = tuple[str, str | None, str, str]  # what is counted, ICI (None: the Métropole), indicator, class (empty: all)
_ORDRE = ("numerateur", "n_connus", "n")  # what gives way first


@dataclass(frozen=True)
class Comptes:
    """`tus`: the counts that are not printed."""

    tus: frozenset[Hashable]
    alias: dict[tuple[str, str], tuple[str, str]]

    def est_tu(self, compte: str, ici: str | None, nom: str, classe: str = "") -> bool:
        """Nobody may read a count of households whose denominator is withheld."""
        connus = compte == "numerateur" and self._cle("n_connus", ici, nom, classe) in self.tus
        return connus or self._cle(compte, ici, nom, classe) in self.tus

    def est_lue(self, ici: str | None, nom: str, classe: str = "") -> bool:
        """Whether the share and the gap may be said: the gap of a place adds up those of its classes."""
        classes = [classe] if classe or nom != _MODESTES else ["", *FRAGILITES_DES_QUARTIERS]
        return not any(self.est_tu("numerateur", ici, nom, c) for c in classes)

    def _cle(self, compte: str, ici: str | None, nom: str, classe: str) -> Cle:
        compte, nom = self.alias.get((compte, nom), (compte, nom))
        return compte, ici, nom, classe


def proteger(lecteur: Lecteur, periode: Periode, icis: Sequence[str]) -> Comptes:
    """What may be printed of the indicators of the synthesis for `icis` and the Métropole."""
    tables = {nom: _lire(lecteur, periode, nom, ("ici",)) for nom in _LABELS}
    tables |= {nom: _lire(lecteur, periode, nom, ("ici", "fragilite")) for nom in (_MODESTES, _TRES_MODESTES)}
    alias = {("n", nom): ("n", _MODESTES) for nom in tables if _population(nom) == _population(_MODESTES)}
    alias[("n_connus", _TRES_MODESTES)] = ("n_connus", _MODESTES)
    # Where every row is known, two columns print one count.
    alias |= {
        ("n_connus", nom): alias.get(("n", nom), ("n", nom)) for nom in _LABELS if not tables[nom]["n_inconnus"].any()
    }
    cellules = _Cellules(tables, alias)
    ailleurs = {p for t in tables.values() for p in t.index.get_level_values("ici")} - set(icis)
    for ici in (*icis, *sorted(ailleurs)):
        cellules.poser(ici, est_dite=ici in icis)
    return Comptes(cellules.taire(), alias)


def _population(nom: str) -> str:
    return INDICATEURS[nom].population


def _lire(lecteur: Lecteur, periode: Periode, nom: str, par: tuple[str, ...]) -> pd.DataFrame:
    return calculer(lecteur, nom, periode, par=par).astype(dict.fromkeys(par, str)).set_index(list(par))


class _Cellules:
    """The households as cells, the counts as sums of them.

    What a table says of one label is not crossed with the others: each label has cells of its own, which its total
    ties to the rest.
    """

    def __init__(self, tables: dict[str, pd.DataFrame], alias: dict[tuple[str, str], tuple[str, str]]) -> None:
        self.tables, self.alias = tables, alias
        self.effectifs: list[int] = []
        # Place, then name of a count: the sets of cells that make it.
        self.par_ici: dict[str, dict[tuple[str, str, str], list[list[int]]]] = {}
        self.dites: list[str] = []
        self.petites: dict[Hashable, list[int]] = {}
        self.sues: dict[str, list[int]] = {}

    def _cellule(self, effectif: int) -> int:
        self.effectifs.append(effectif)
        return len(self.effectifs) - 1

    def poser(self, ici: str, *, est_dite: bool) -> None:
        """The cells of one ICI, or of where no ICI is said: what is left of the Métropole tells those."""
        siens = self.par_ici.setdefault(ici, {})
        if est_dite:
            self.dites.append(ici)

        def ajouter(compte: str, nom: str, classe: str, cellules: list[int]) -> None:
            compte, nom = self.alias.get((compte, nom), (compte, nom))
            siens.setdefault((compte, nom, classe), []).append(cellules)
            self.petites[ici, compte, nom, classe] = cellules

        ensemble: dict[str, list[int]] = {"tres": [], "modestes": [], "autres": [], "inconnus": []}
        for classe in (*FRAGILITES_DES_QUARTIERS, _INCONNU):
            n, connus, k = self._comptes(_MODESTES, (ici, classe))
            tres = self._comptes(_TRES_MODESTES, (ici, classe))[2]
            parts = dict(zip(ensemble, map(self._cellule, (tres, k - tres, connus - k, n - connus)), strict=True))
            for part, cellule in parts.items():
                ensemble[part].append(cellule)
            ajouter("n_connus", _MODESTES, classe, [parts[p] for p in ("tres", "modestes", "autres")])
            ajouter("numerateur", _MODESTES, classe, [parts["tres"], parts["modestes"]])
            self.petites[ici, "autres", classe] = [parts["autres"]]
        tres_modestes, modestes, autres, inconnus = ensemble.values()
        ajouter("n", _MODESTES, "", tres_modestes + modestes + autres + inconnus)
        ajouter("n_connus", _MODESTES, "", tres_modestes + modestes + autres)
        ajouter("numerateur", _MODESTES, "", tres_modestes + modestes)
        ajouter("numerateur", _TRES_MODESTES, "", tres_modestes)
        self.petites[ici, "modestes"] = modestes
        self.petites[ici, "autres"] = autres
        self.petites[ici, "autres que tres modestes"] = modestes + autres
        self.sues[ici] = [c for nom in _LABELS for c in self._label(ici, nom, ajouter)]

    def _label(self, ici: str, nom: str, ajouter: Callable[[str, str, str, list[int]], None]) -> list[int]:
        """The cell of the households of a label. Those of a narrower population leave the others of the place."""
        n, connus, k = self._comptes(nom, (ici,))
        oui, non, inconnus = map(self._cellule, (k, connus - k, n - connus))
        ajouter("n", nom, "", [oui, non, inconnus])
        if self.tables[nom]["n_inconnus"].any():
            ajouter("n_connus", nom, "", [oui, non])
        ajouter("numerateur", nom, "", [oui])
        self.petites[ici, "autres", nom] = [non]
        if ("n", nom) not in self.alias:
            reste = self._cellule(sum(self._comptes(_MODESTES, (ici, c))[0] for c in self._classes(ici)) - n)
            ajouter("n", _MODESTES, "", [oui, non, inconnus, reste])
            self.petites[ici, "hors de la population", nom] = [reste]
        return [oui]

    def _classes(self, ici: str) -> list[str]:
        return [c for i, c in self.tables[_MODESTES].index if i == ici]

    def _comptes(self, nom: str, cle: tuple[str, ...]) -> tuple[int, int, int]:
        table = self.tables[nom]
        cle_seule = cle if len(cle) > 1 else cle[0]
        if cle_seule not in table.index:
            return 0, 0, 0
        ligne = table.loc[cle_seule]
        return int(ligne["n"]), int(ligne["n_connus"]), int(ligne["numerateur"])

    def taire(self) -> frozenset[Hashable]:
        figures: dict[Hashable, list[list[int]]] = {}
        for nom, ensembles in sorted(self._figures(), key=lambda figure: self._rang(figure[0])):
            figures[nom] = ensembles
        return taire(self.effectifs, figures, self.petites, list(self.sues.values()))

    def _figures(self) -> Iterator[tuple[Cle, list[list[int]]]]:
        noms = {nom for siens in self.par_ici.values() for nom in siens if nom[2] != _INCONNU}
        for compte, nom, classe in sorted(noms):
            for ici in self.dites:
                yield (compte, ici, nom, classe), self.par_ici[ici][compte, nom, classe]
            partout = [siens[compte, nom, classe] for siens in self.par_ici.values()]
            yield (compte, None, nom, classe), [list(chain(*x)) for x in zip(*partout, strict=True)]

    def _rang(self, cle: Cle) -> tuple[object, ...]:
        """A count of an ICI gives way before one of the Métropole, a smaller one before a larger one."""
        compte, ici, nom, classe = cle
        return (
            ici is None,
            _ORDRE.index(compte),
            sum(self.effectifs[c] for i in self._places(ici) for c in self.par_ici[i][compte, nom, classe][0]),
            str(cle),
        )

    def _places(self, ici: str | None) -> list[str]:
        return list(self.par_ici) if ici is None else [ici]

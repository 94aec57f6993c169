"""Résidences and quartiers, matched once for every table (contract §1, Entities).

A résidence is known by its code, else by the name that it bears at its bailleur in its commune, whatever the case, the
accents and the signs. A name that only looks like one is proposed, and never taken without an answer (section `memes`
of a mapping). The quartier of a row is that of its code, else of its résidence, else of its IRIS.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat import regles
from mel_core.contrat.appoints import COMMUNE, IRIS, NOM_RESIDENCE
from mel_core.contrat.lecture.brut import Entiers, Masque, en_masque
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.mapping import toml
from mel_core.contrat.rapport import Connues, Proches, ResidenceConnue
from mel_core.contrat.reference import fold, iris
from mel_core.contrat.tables import COMMUNES_ASSOCIEES
from mel_core.socle.langue import effectif

CODE, QUARTIER, BAILLEUR = "code_residence", "code_quartier", "code_bailleur"
ENTRE = " | "  # between the bailleur, the commune and the name of a résidence that is asked about
PROCHES_MAX, OPTIONS_MAX = 500, 12  # names asked about, résidences proposed for each
_RESSEMBLANCE = 0.75
_LETTRES_MIN = 3  # of a name: a number looks like another one by chance
_VIDES = frozenset(["residence", "resid", "res", "rce", "groupe", "le", "la", "les", "l", "de", "du", "des", "d", "et"])
_CODE_RPLS = re.compile("RPLS-([0-9]{5})-")
_IRIS_COURT = "^[0-9]{4}$"  # without its commune


class Repertoire:
    """The résidences known. `memes`: code → the code of the résidence that it is too. `reponses`: what was asked about
    (bailleur, commune and name, `ENTRE` them) → the name of the résidence, empty when it is none of them."""

    def __init__(
        self, fiches: Iterable[ResidenceConnue], reponses: Mapping[str, str], memes: Mapping[str, str]
    ) -> None:
        self.par_code = {f.code: f for f in fiches if f.code}
        self._memes = memes
        self._reponses = {_plier_cle(cle): nom for cle, nom in reponses.items()}
        self._par_nom: dict[str, list[ResidenceConnue]] = defaultdict(list)
        for fiche in self.par_code.values():
            if nom := fold(fiche.nom):
                self._par_nom[nom].append(fiche)

    def find(self, texte: str, bailleur: str, commune: str, quartier: str = "") -> str | None:
        """The code of the only one that `texte` designates; `quartier` tells two of one name apart."""
        if code := self._memes.get(texte) or (texte if texte in self.par_code else None):
            return code
        nom = self._reponse(texte, bailleur, commune) or texte
        siennes = [f for f in self._par_nom.get(fold(nom), ()) if _est_la(f, bailleur, commune)]
        if len(siennes) > 1:
            siennes = [f for f in siennes if f.quartier == quartier]
        return siennes[0].code if len(siennes) == 1 else None

    def _reponse(self, texte: str, bailleur: str, commune: str) -> str | None:
        nom = fold(texte)
        return self._reponses.get((bailleur, commune, nom), self._reponses.get((bailleur, "", nom)))

    def proches(self, texte: str, bailleur: str, commune: str) -> tuple[str, ...]:
        """The names of its bailleur in its commune, the nearest first; none when none looks like it, or when an answer
        was given. « Concorde 2 » is not « Concorde 1 »."""
        if self._reponse(texte, bailleur, commune) is not None:
            return ()
        noms = dict.fromkeys(f.nom for fs in self._par_nom.values() for f in fs if _est_la(f, bailleur, commune))
        nu, chiffres = _denude(texte)
        scores = {}
        for nom in noms:
            autre, siens = _denude(nom)
            scores[nom] = SequenceMatcher(None, nu, autre).ratio() if chiffres == siens else 0.0
        ranges = sorted(scores, key=lambda nom: -scores[nom])
        est_proche = len(nu) >= _LETTRES_MIN and ranges and scores[ranges[0]] >= _RESSEMBLANCE
        return tuple(ranges[:OPTIONS_MAX]) if est_proche else ()


def _est_la(fiche: ResidenceConnue, bailleur: str, commune: str) -> bool:
    return bailleur in ("", fiche.bailleur) and (not commune or fiche.commune in ("", commune))


def _denude(nom: str) -> tuple[str, list[str]]:
    """The letters of a name without the words that say nothing (« Rés. Les Tilleuls » is « tilleuls »), its figures."""
    mots = [fold(mot) for mot in re.split(r"\W+", nom)]
    return "".join(re.sub(r"\d", "", m) for m in mots if m not in _VIDES), re.findall(r"\d+", nom)


def _plier_cle(cle: str) -> tuple[str, str, str]:
    bailleur, _, reste = cle.partition(ENTRE)
    commune, _, nom = reste.partition(ENTRE)
    return bailleur, commune, fold(nom)


class Entites:
    """Those of one load: the tables read (`lues`, those before the one that is placed already checked), what the store
    knows, the answers given. `proches`: what is asked about → the résidences proposed."""

    def __init__(self, lues: dict[str, TableLue], connues: Connues, reponses: Mapping[str, str]) -> None:
        self._lues, self._connues, self._reponses = lues, connues, reponses
        self.proches: dict[str, Proches] = {}
        self._posees: dict[tuple[str, str, str], str] = {}

    def find(self, lue: TableLue, residences: Entiers, enquete: Entiers) -> pd.Series:
        """The code of the résidence, among the rows `residences`, of each row of a survey; none, and it is asked about
        where its name looks like one, when it is not there."""
        repertoire = Repertoire(self._fiches(lue, residences), self._reponses, lue.memes)
        trouves: dict[int, str | None] = {}
        for position, fiche in zip(enquete.tolist(), self._fiches(lue, enquete), strict=True):
            ou = (fiche.bailleur, fiche.commune)
            dites = [texte for texte in (fiche.code, fiche.nom) if texte]
            trouves[position] = next(filter(None, (repertoire.find(texte, *ou) for texte in dites)), None)
            if trouves[position] is None:
                self._propose(repertoire, lue, position, dites[-1], *ou)
        return pd.Series(trouves, dtype=object)

    @cached_property
    def _repertoire(self) -> Repertoire:
        """What the other tables refer to: the résidences given, else those in place, or both where a load adds."""
        donnees = self._lues.get("residences")
        if donnees is None or not donnees.est_lisible:
            return Repertoire(self._connues.fiches, self._reponses, {})
        en_place = self._connues.fiches if "residences" in self._connues.completees else ()
        fiches = [*en_place, *self._fiches(donnees, np.flatnonzero(donnees.gardees))]
        return Repertoire(fiches, self._reponses, donnees.memes)

    def _fiches(self, lue: TableLue, positions: Entiers) -> list[ResidenceConnue]:
        codes, bailleurs, noms, quartiers = (_textes(lue, c, positions) for c in (CODE, BAILLEUR, "nom", QUARTIER))
        communes = [
            COMMUNES_ASSOCIEES.get(dite, dite) or self._commune_de(quartier, code)
            for dite, quartier, code in zip(_textes(lue, COMMUNE, positions), quartiers, codes, strict=True)
        ]
        return list(map(ResidenceConnue, codes, bailleurs, communes, noms, quartiers))

    def _commune_de(self, quartier: str, code: str) -> str:
        if commune := self._communes.get(quartier) or iris().get(quartier, {}).get("code_insee"):
            return commune
        trouve = _CODE_RPLS.match(code)
        return trouve[1] if trouve else ""

    @cached_property
    def _communes(self) -> dict[str, str]:
        """Quartier given → its commune."""
        donnees = self._lues.get("quartiers")
        if donnees is None or not donnees.est_lisible:
            return {}
        return dict(zip(*(donnees.donnees[nom].to_pylist() for nom in (QUARTIER, "code_insee")), strict=True))

    def _are_quartiers(self, codes: pa.Array) -> Masque:
        connus = self._communes or self._connues.quartiers or iris()
        return en_masque(pc.is_in(codes, value_set=pa.array(list(connus), pa.string())))

    def place(self, lue: TableLue) -> None:
        """Give each row its résidence, then its quartier."""
        if lue.table.nom in ("attributions", "evenements") and CODE in lue.presentes:
            self._place_residences(lue)
        if IRIS in lue.appoints:
            self._place_iris(lue)

    def _place_residences(self, lue: TableLue) -> None:
        codes, n = lue.donnees[CODE], len(lue.numeros)
        noms = lue.appoints.get(NOM_RESIDENCE, pa.nulls(n, pa.string()))
        connus = pa.array([*self._repertoire.par_code], pa.string())
        sont_dites = pc.coalesce(codes, noms).is_valid()
        restes = np.flatnonzero(~en_masque(pc.is_in(codes, value_set=connus)) & en_masque(sont_dites))
        if not restes.size:
            return
        # A row is like many others: each of them is looked for once.
        champs = (CODE, NOM_RESIDENCE, BAILLEUR, "code_insee", IRIS if IRIS in lue.appoints else QUARTIER)
        cles = list(zip(*(_textes(lue, champ, restes) for champ in champs), strict=True))
        effectifs, premieres = Counter(cles), dict(zip(reversed(cles), reversed(restes.tolist()), strict=True))
        trouvees = {cle: self._find(lue, cle, premieres[cle], n_lignes) for cle, n_lignes in effectifs.items()}
        lus = [trouvees[cle] or cle[0] or cle[1] for cle in cles]
        masque = np.zeros(n, bool)
        masque[restes] = True
        lue.donnees[CODE] = pc.replace_with_mask(codes, pa.array(masque), pa.array(lus, pa.string()))
        if n_nommees := sum(n_lignes for cle, n_lignes in effectifs.items() if trouvees[cle]):
            lue.constats.note(
                f"{effectif(n_nommees, 'ligne nomme sa résidence', 'lignes nomment leur résidence')}, lue d’après son "
                "nom chez le même bailleur, dans la même commune : vérifier si c’est beaucoup."
            )

    def _find(self, lue: TableLue, cle: tuple[str, ...], position: int, n: int) -> str | None:
        code, nom, bailleur, dite, quartier = cle
        commune, textes = COMMUNES_ASSOCIEES.get(dite, dite), [texte for texte in (code, nom) if texte]
        if not bailleur:  # a name is that of a résidence at its bailleur's
            return None
        trouvees = (self._repertoire.find(texte, bailleur, commune, quartier) for texte in textes)
        if (trouvee := next(filter(None, trouvees), None)) is None:
            self._propose(self._repertoire, lue, position, textes[-1], bailleur, commune, n)
        return trouvee

    def _propose(
        self, repertoire: Repertoire, lue: TableLue, position: int, texte: str, bailleur: str, commune: str, n: int = 1
    ) -> None:
        """Ask, once for all tables, whether the résidence named `texte` on `n` rows is one that looks like it."""
        pli = fold(texte)
        if posee := self._posees.get((bailleur, "", pli)) or self._posees.get((bailleur, commune, pli)):
            self.proches[posee] = Proches(self.proches[posee].noms, self.proches[posee].n + n)
            return
        if len(self.proches) >= PROCHES_MAX or not (noms := repertoire.proches(texte, bailleur, commune)):
            return
        cle = ENTRE.join((bailleur, commune, texte))
        self._posees[bailleur, commune, pli] = cle
        self.proches[cle] = Proches(noms, n)
        fichier = next(p.fichier for p in lue.parties if p.debut <= position < p.fin)
        lue.constats.report(
            regles.RESIDENCE_PROCHE, CODE, cle, fichier=fichier, nom=texte, proche=noms[0], exemple=toml(noms[0])
        )

    def _place_iris(self, lue: TableLue) -> None:
        """The IRIS of the rows whose quartier neither their code nor their résidence says."""
        dits, codes = lue.appoints[IRIS], lue.donnees[QUARTIER]
        if "code_insee" in lue.table.noms:
            entiers = pc.binary_join_element_wise(lue.donnees["code_insee"], dits, "")
            dits = pc.if_else(pc.match_substring_regex(dits, _IRIS_COURT), entiers, dits)
        sont_dits = self._are_quartiers(dits) | en_masque(pc.and_(codes.is_null(), dits.is_valid()))
        sans = ~self._are_quartiers(codes) & sont_dits
        if CODE in lue.table.noms and lue.table.nom != "residences":
            fiches = self._repertoire.par_code
            par_residence = [fiches[c].quartier if c in fiches else None for c in lue.donnees[CODE].to_pylist()]
            sans &= ~self._are_quartiers(pa.array(par_residence, pa.string()))
        if sans.any():
            lue.donnees[QUARTIER] = pc.if_else(pa.array(sans), dits, codes)
            lue.constats.note(
                f"{effectif(int(sans.sum()), 'ligne prend son quartier', 'lignes prennent leur quartier')} de sa "
                "colonne IRIS, ni un code de quartier ni une résidence ne le disant : rien à faire."
            )

    def gather(self, lue: TableLue) -> None:
        """One résidence of the rows that several files give of it, told by its name: the first one stays, with what the
        others know and it does not. Two of one name in a file are two, unless their quartiers tell them apart."""
        parties = [p for p in lue.parties if not p.est_occupation]
        if len(parties) < 2:
            return
        groupes: dict[tuple[str, ...], list[tuple[int, int, ResidenceConnue]]] = defaultdict(list)
        for rang, partie in enumerate(parties):
            positions = np.flatnonzero(lue.lignes_de(partie) & ~lue.rejetees)
            for position, fiche in zip(positions.tolist(), self._fiches(lue, positions), strict=True):
                if fiche.code and (nom := fold(fiche.nom)):
                    groupes[fiche.bailleur, fiche.commune, nom].append((rang, position, fiche))
        sources = {nom: np.arange(len(lue.numeros)) for nom in lue.table.noms if nom != CODE}
        remplies = {nom: lue.est_remplie(nom) for nom in sources} | {
            QUARTIER: self._are_quartiers(lue.donnees[QUARTIER])
        }
        n_differentes = 0
        for (_, premiere, fiche), *autres in filter(_une_par_fichier, _candidates(groupes.values())):
            for _, position, autre in autres:
                lue.rattachees[position], lue.memes[autre.code] = True, fiche.code
                n_logements = lue.donnees["n_logements"].take(pa.array([premiere, position]))
                n_differentes += n_logements[0] != n_logements[1]
                for nom, source in sources.items():
                    if not remplies[nom][source[premiere]] and remplies[nom][position]:
                        source[premiere] = position
        if lue.memes:
            lue.donnees |= {nom: lue.donnees[nom].take(pa.array(source)) for nom, source in sources.items()}
            dites = effectif(len(lue.memes), "résidence vient", "résidences viennent")
            lue.constats.note(
                f"{dites} de plusieurs fichiers, du même nom chez le même bailleur dans la même commune, et n’en font "
                f"qu’une : ce que dit le premier fichier vaut ({effectif(n_differentes, 'nombre')} de logements y "
                "diffère), le vérifier."
            )


_Lue = tuple[int, int, ResidenceConnue]  # rank of its file, position of its row, what it says


def _candidates(groupes: Iterable[list[_Lue]]) -> Iterator[list[_Lue]]:
    """Those of one name; where a file has two of them, those of one quartier."""
    for siennes in groupes:
        if _une_par_fichier(siennes):
            yield siennes
            continue
        par_quartier: dict[str, list[_Lue]] = defaultdict(list)
        for une in siennes:
            par_quartier[une[2].quartier].append(une)
        yield from par_quartier.values()


def _une_par_fichier(siennes: list[_Lue]) -> bool:
    return len({rang for rang, _, _ in siennes}) == len(siennes)


def _textes(lue: TableLue, colonne: str, positions: Entiers) -> list[str]:
    """Empty where it says nothing."""
    valeurs = lue.appoints.get(colonne, lue.donnees.get(colonne))
    if valeurs is None:
        return [""] * len(positions)
    return pc.fill_null(valeurs.take(pa.array(positions)), "").to_pylist()

"""Résidences and quartiers, matched once for every table (contract §1, Entities).

A résidence is known by its code, else by the name that it bears at its bailleur in its commune, whatever the case, the
accents, the signs, the word « résidence » before it and where its article is. A name that only looks like one is
proposed, and never taken without an answer (section `memes` of a mapping). The quartier of a row is that of its code,
else of its résidence, else of its IRIS.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat import regles
from mel_core.contrat.appoints import COMMUNE, IRIS, NOM_RESIDENCE
from mel_core.contrat.lecture.brut import Entiers, Masque, en_masque
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.mapping import ENTRE, toml
from mel_core.contrat.rapport import Connues, Proches, ResidenceConnue
from mel_core.contrat.reference import communes, fold, fold_nom, iris, likeness
from mel_core.contrat.tables import COMMUNES_ASSOCIEES
from mel_core.socle.langue import effectif

CODE, QUARTIER, BAILLEUR = "code_residence", "code_quartier", "code_bailleur"
CHERCHEES_MAX, OPTIONS_MAX = 1_000, 12  # names that others may look like, résidences proposed for each
_RESSEMBLANCE, _MARGE = 0.75, 0.1
_LETTRES_MIN = 3  # of a name: a number looks like another one by chance
_VIDES = frozenset(["residence", "resid", "res", "rce", "groupe", "le", "la", "les", "l", "de", "du", "des", "d", "et"])
_LIEU = re.compile(r" \([^()]*\)$")  # of a name that several bear (`_situe`)
_CODE_RPLS = re.compile("RPLS-([0-9]{5})-")
_IRIS_COURT = "^[0-9]{4}$"  # without its commune
# What a row says of its résidence: the texts that may name it, then where it is.
_CHAMPS = (CODE, "nom", NOM_RESIDENCE, BAILLEUR, COMMUNE, IRIS, QUARTIER)


class Repertoire:
    """The résidences known. `memes`: bailleur, and code or number → the code of the résidence that it is too.
    `reponses`: what was asked about (bailleur, commune and name, `ENTRE` them) → the name of the résidence, empty when
    it is none of them. `doubles`: those set aside for one that bears their code; a number that two bailleurs give is
    that of the first one alone."""

    def __init__(
        self,
        fiches: Iterable[ResidenceConnue],
        reponses: Mapping[str, str],
        memes: Mapping[tuple[str, str], str],
        doubles: Iterable[ResidenceConnue] = (),
    ) -> None:
        self.par_code = {f.code: f for f in fiches if f.code}
        self.disputes = {f.code for f in doubles if f.bailleur != self.par_code[f.code].bailleur}
        self._memes = memes
        self._reponses: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)  # bailleur, name → commune → answer
        for bailleur, commune, nom in (cle.split(ENTRE, 2) for cle in reponses):
            self._reponses[bailleur, fold_nom(nom)][commune] = reponses[ENTRE.join((bailleur, commune, nom))]
        # By bailleur and by name, and whatever each of them is too.
        self._nommees: dict[tuple[str, str], list[ResidenceConnue]] = defaultdict(list)
        for fiche in self.par_code.values():
            if pli := fold_nom(fiche.nom):
                for cle in product((fiche.bailleur, ""), (pli, "")):
                    self._nommees[cle].append(fiche)

    def _siennes(self, bailleur: str, commune: str, pli: str = "") -> list[ResidenceConnue]:
        """Those of the commune, else those whose commune nobody knows; all, where none is said."""
        siennes = self._nommees.get((bailleur, pli), [])
        de_la_commune = [f for f in siennes if not commune or f.commune == commune]
        return (
            de_la_commune
            if pli and de_la_commune
            else [f for f in siennes if not commune or f.commune in ("", commune)]
        )

    def _dites(self, bailleur: str, commune: str) -> dict[str, ResidenceConnue]:
        """How each is called in an answer: by its name, and by its commune too, or its quartier, where another bears
        it."""
        siennes = self._siennes(bailleur, commune)
        noms, lieux = (Counter(cle(f) for f in siennes) for cle in (_nom, _nom_situe))
        return {f.nom if noms[_nom(f)] == 1 else _situe(f, lieux[_nom_situe(f)] > 1): f for f in siennes}

    def _reponse(self, texte: str, bailleur: str, commune: str) -> str | None:
        """What was answered of the name in its commune; where none is said, in all alike; what was answered where none
        was, of a résidence that is there."""
        dites = self._reponses.get((bailleur, fold_nom(texte)), {})
        if commune in dites or not commune:
            return dites.get(commune) if commune in dites or len({*dites.values()}) != 1 else next(iter(dites.values()))
        partout = dites.get("")
        return partout if not partout or self._siennes(bailleur, commune, fold_nom(partout)) else None

    def find(self, texte: str, bailleur: str, commune: str, quartier: str = "") -> str | None:
        """The code of the only one that `texte` designates; `quartier` tells two of one name apart."""
        connu = self._memes.get((bailleur, texte), texte)
        if connu in self.par_code and not (connu in self.disputes and bailleur != self.par_code[connu].bailleur):
            return connu
        nom = self._reponse(texte, bailleur, commune) or texte
        dite = self._dites(bailleur, "").get(nom) if nom != texte else None
        if dite and (commune == dite.commune or "" in (commune, dite.commune)):
            return dite.code
        siennes = self._siennes(bailleur, commune, pli) if (pli := fold_nom(nom)) else []
        siennes = [f for f in siennes if fold(f.nom) == fold(nom)] or siennes
        if len(siennes) > 1:
            siennes = [f for f in siennes if f.quartier == quartier]
        return siennes[0].code if len(siennes) == 1 else None

    def proches(self, texte: str, bailleur: str, commune: str) -> tuple[str, ...]:
        """The names of its bailleur in its commune, the nearest first; none when none looks like it, or when an answer
        says that it is none. « Concorde 2 » is not « Concorde 1 »."""
        reponse = self._reponse(texte, bailleur, commune)
        if reponse == "" or (reponse and self.find(texte, bailleur, commune)):
            return ()
        notes = {dite: _like(texte, f.nom) for dite, f in self._dites(bailleur, commune).items()}
        est_proche = max(notes.values(), default=0) >= _RESSEMBLANCE
        return tuple(sorted(notes, key=lambda nom: -notes[nom])[:OPTIONS_MAX]) if est_proche else ()


def _nom(fiche: ResidenceConnue) -> str:
    return fold_nom(fiche.nom)


def _nom_situe(fiche: ResidenceConnue) -> tuple[str, str]:
    return fold_nom(fiche.nom), fiche.commune


def _situe(fiche: ResidenceConnue, est_repete: bool) -> str:
    """« Place Nadaud (Roubaix) »; the quartier too, where two of the commune bear the name."""
    commune = communes()[fiche.commune].nom if fiche.commune in communes() else "commune inconnue"
    return f"{fiche.nom} ({commune}{f', {fiche.quartier}' if est_repete else ''})"


def closest(texte: str, noms: Iterable[str]) -> str:
    """The one that is clearly nearest to `texte`; empty when another is nearly as near."""
    (second, _), (premier, nom) = sorted(
        [(0.0, ""), (0.0, ""), *((_like(texte, _LIEU.sub("", nom)), nom) for nom in noms)]
    )[-2:]
    return nom if premier - second >= _MARGE else ""


def _like(texte: str, nom: str) -> float:
    (nu, chiffres), (autre, siens) = _denude(texte), _denude(nom)
    sont_comparables = chiffres == siens and len(nu) >= _LETTRES_MIN
    return likeness(nu, autre) if sont_comparables else 0.0


def _denude(nom: str) -> tuple[str, list[str]]:
    """The letters of a name without the words that say nothing (« Rés. Les Tilleuls » is « tilleuls »), its figures."""
    mots = [fold(mot) for mot in re.split(r"\W+", nom)]
    return "".join(re.sub(r"\d", "", m) for m in mots if m not in _VIDES), re.findall(r"\d+", nom)


class Entites:
    """Those of one load: the tables read (`lues`, those before the one that is placed already checked), what the store
    knows, the answers given. `proches`: what is asked about → the résidences proposed."""

    def __init__(self, lues: dict[str, TableLue], connues: Connues, reponses: Mapping[str, str]) -> None:
        self._lues, self._connues, self._reponses = lues, connues, reponses
        self.proches: dict[str, Proches] = {}
        self._cherchees: dict[tuple[str, str, str], str] = {}
        self._sans_commune: list[tuple[Repertoire, TableLue, int, str, str, str, int]] = []

    def find(self, lue: TableLue, residences: Entiers, enquete: Entiers) -> list[str | None]:
        """The code of the résidence, among the rows `residences`, of each row of a survey."""
        return self._designate(Repertoire(self._fiches(lue, residences), self._reponses, lue.memes), lue, enquete)

    @cached_property
    def _repertoire(self) -> Repertoire:
        """What the other tables refer to: the résidences given, else those in place; those of other bailleurs stay
        where a load adds."""
        donnees, en_place = self._lues.get("residences"), self._connues.fiches
        if donnees is None or not donnees.est_lisible:
            return Repertoire(en_place, self._reponses, self._connues.numeros)
        donnees_ici = self._fiches(donnees, np.flatnonzero(donnees.gardees))
        bailleurs = {f.bailleur for f in donnees_ici}
        autres = [f for f in en_place if f.bailleur not in bailleurs and "residences" in self._connues.completees]
        doubles = self._fiches(donnees, np.flatnonzero(donnees.doublons))
        return Repertoire([*autres, *donnees_ici], self._reponses, self._connues.numeros | donnees.memes, doubles)

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

    def are_quartiers(self, codes: pa.Array) -> Masque:
        """Which of the codes are those of a quartier given, else in place."""
        connus = self._communes or self._connues.quartiers or iris()
        return en_masque(pc.is_in(codes, value_set=pa.array(list(connus), pa.string())))

    def place(self, lue: TableLue) -> None:
        """Give each row its résidence, then its quartier."""
        if lue.table.nom in ("attributions", "evenements") and CODE in lue.presentes:
            self._place_residences(lue)
        if IRIS in lue.appoints:
            self._place_iris(lue)

    def _place_residences(self, lue: TableLue) -> None:
        codes = lue.donnees[CODE]
        dits = pc.coalesce(codes, lue.appoints.get(NOM_RESIDENCE, codes))
        surs = self._repertoire.par_code.keys() - self._repertoire.disputes
        connus = pc.is_in(codes, value_set=pa.array(sorted(surs), pa.string()))
        restes = np.flatnonzero(en_masque(pc.and_(pc.invert(connus), dits.is_valid())))
        if not restes.size:
            return
        trouvees = self._designate(self._repertoire, lue, restes)
        dites, disputes = dits.take(pa.array(restes)).to_pylist(), self._repertoire.disputes
        lus = [t or (None if d in disputes else d) for t, d in zip(trouvees, dites, strict=True)]
        masque = np.isin(np.arange(len(codes)), restes)
        lue.donnees[CODE] = pc.replace_with_mask(codes, pa.array(masque), pa.array(lus, pa.string()))
        if n := lus.count(None):
            lue.constats.note(
                f"{effectif(n, 'ligne a', 'lignes ont')} le numéro d’une résidence que deux bailleurs numérotent de "
                "même, gardée pour l’autre seul : lue comme inconnue, donner à chaque résidence un code à elle."
            )
        if n := sum(t not in (None, d) for t, d in zip(trouvees, dites, strict=True)):
            lue.constats.note(
                f"{effectif(n, 'ligne nomme sa résidence', 'lignes nomment leur résidence')}, lue d’après son nom chez "
                "le même bailleur, dans la même commune : vérifier si c’est beaucoup."
            )

    def _designate(self, repertoire: Repertoire, lue: TableLue, positions: Entiers) -> list[str | None]:
        """The code of the résidence that each row names. A name that only looks like one is asked about."""
        cles = list(zip(*(_textes(lue, champ, positions) for champ in _CHAMPS), strict=True))
        premieres = dict(zip(reversed(cles), reversed(positions.tolist()), strict=True))
        trouvees: dict[tuple[str, ...], str | None] = {}
        for cle, n in Counter(cles).items():  # a row is like many others
            *dits, bailleur, dite, dit_iris, quartier = cle
            commune = COMMUNES_ASSOCIEES.get(dite, dite) or self._commune_de(dit_iris or quartier, "")
            textes, ou = list(filter(None, dits)), (bailleur, commune)
            siennes = (repertoire.find(texte, *ou, dit_iris or quartier) for texte in textes)
            # A name is that of a résidence at its bailleur's; a survey may not say whose it is.
            est_situee = bool(bailleur) or lue.table.nom == "residences"
            trouvees[cle] = next(filter(None, siennes), None) if est_situee else None
            if est_situee and trouvees[cle] is None:
                dite = (repertoire, lue, premieres[cle], textes[-1], *ou, n)
                self._propose(*dite) if ou[1] else self._sans_commune.append(dite)
        return [trouvees[cle] for cle in cles]

    def ask_sans_commune(self) -> None:
        """Last, what is asked of no commune: not what is asked already of the same name in one."""
        for dite in self._sans_commune:
            self._propose(*dite)

    def _propose(
        self, repertoire: Repertoire, lue: TableLue, position: int, texte: str, bailleur: str, commune: str, n: int
    ) -> None:
        """Ask, once for all tables, whether the résidence named `texte` on `n` rows is one that looks like it."""
        cle, pli = ENTRE.join((bailleur, commune, texte)), fold_nom(texte)
        posee = self._cherchees.get((bailleur, commune, pli))
        if not commune:
            posee = next((c for (b, _, p), c in self._cherchees.items() if c and (b, p) == (bailleur, pli)), "")
        if posee:
            self.proches[posee] = Proches(self.proches[posee].noms, self.proches[posee].n + n)
        elif len(self._cherchees) < CHERCHEES_MAX:
            noms = repertoire.proches(texte, bailleur, commune)
            self._cherchees[bailleur, commune, pli] = cle if noms else ""
            if noms:
                self.proches[cle] = Proches(noms, n)
                ou, exemple = next(p.fichier for p in lue.parties if p.debut <= position < p.fin), toml(noms[0])
                lue.constats.report(
                    regles.RESIDENCE_PROCHE, CODE, cle, fichier=ou, nom=texte, proche=noms[0], exemple=exemple
                )

    def _place_iris(self, lue: TableLue) -> None:
        """The IRIS of the rows whose quartier neither their code nor their résidence says."""
        dits, codes = lue.appoints[IRIS], lue.donnees[QUARTIER]
        if "code_insee" in lue.table.noms:
            entiers = pc.binary_join_element_wise(lue.donnees["code_insee"], dits, "")
            dits = pc.if_else(pc.match_substring_regex(dits, _IRIS_COURT), entiers, dits)
        for associee, commune in COMMUNES_ASSOCIEES.items():
            siens = pc.replace_substring_regex(dits, f"^{associee}", commune)
            dits = pc.if_else(pa.array(self.are_quartiers(dits)), dits, siens)
        sont_dits = self.are_quartiers(dits) | en_masque(pc.and_(codes.is_null(), dits.is_valid()))
        sans = ~self.are_quartiers(codes) & sont_dits
        if lue.table.nom == "attributions":
            fiches = self._repertoire.par_code
            codes_lus = lue.donnees[CODE].to_pylist()
            siens = pa.array([fiches[c].quartier if c in fiches else None for c in codes_lus], pa.string())
            sont_situees = self.are_quartiers(siens)
            sans &= ~sont_situees
            if n := int((sont_situees & self.are_quartiers(dits) & en_masque(pc.not_equal(siens, dits))).sum()):
                lue.constats.note(
                    f"{effectif(n, 'ligne a', 'lignes ont')} un autre IRIS que celui de la résidence, qui vaut : "
                    "vérifier que c’est bien elle."
                )
        if sans.any():
            lue.donnees[QUARTIER] = pc.if_else(pa.array(sans), dits, codes)
            lue.constats.note(
                f"{effectif(int(sans.sum()), 'ligne prend', 'lignes prennent')} le quartier de la colonne IRIS, ni un "
                "code ni une résidence ne le disant : rien à faire."
            )

    def gather(self, lue: TableLue) -> None:
        """One résidence of the rows that several files give of it, told by its name: the first one stays, with what the
        others know and it does not. Two of one name in a file are two, unless their quartiers tell them apart."""
        parties = [p for p in lue.parties if not p.est_occupation]
        if len(parties) < 2:
            return
        lus = []
        for rang, partie in enumerate(parties):
            positions = np.flatnonzero(lue.lignes_de(partie) & ~lue.rejetees)
            fiches = zip(positions.tolist(), self._fiches(lue, positions), strict=True)
            lus += [
                (rang, n, f.code, f.bailleur, f.commune, pli, f.quartier) for n, f in fiches if (pli := fold_nom(f.nom))
            ]
        cle = ["bailleur", "commune", "nom"]
        lignes = pd.DataFrame(lus, columns=["rang", "position", "code", *cle, "quartier"])
        premieres = pd.Series(-1, lignes.index)
        for siennes in (cle, [*cle, "quartier"]):
            libres = lignes[premieres < 0].groupby(siennes)
            une_par_fichier = libres["rang"].transform("nunique") == libres["rang"].transform("size")
            premieres.update(libres["position"].transform("first")[une_par_fichier])
        lignes["code_gardee"] = premieres.map(lignes.set_index("position")["code"])
        memes = lignes[(premieres >= 0) & (lignes["code"] != lignes["code_gardee"])]  # else, a duplicate like any other
        lue.memes |= {
            (b, c): code for b, c, code in zip(memes["bailleur"], memes["code"], memes["code_gardee"], strict=True)
        }
        lue.rattachees[memes["position"]] = True
        sources = {nom: np.arange(len(lue.numeros)) for nom in lue.table.noms if nom != CODE}
        remplies = {nom: lue.est_remplie(nom) for nom in sources}
        remplies[QUARTIER] = self.are_quartiers(lue.donnees[QUARTIER])
        n_differentes = 0
        for position, premiere in zip(memes["position"], premieres[memes.index], strict=True):
            n_logements = lue.donnees["n_logements"]
            n_differentes += n_logements[premiere] != n_logements[position]
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


def _textes(lue: TableLue, colonne: str, positions: Entiers) -> list[str]:
    """Empty where it says nothing."""
    valeurs = lue.appoints.get(colonne, lue.donnees.get(colonne))
    if valeurs is None:
        return [""] * len(positions)
    return pc.fill_null(valeurs.take(pa.array(positions)), "").to_pylist()

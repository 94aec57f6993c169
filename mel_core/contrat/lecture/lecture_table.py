"""Read one table: header matched, every cell typed, faulty rows out, unknown values asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat import regles
from mel_core.contrat.correspondances import SANS, Reponses, source_de
from mel_core.contrat.lecture.arrow import type_arrow
from mel_core.contrat.lecture.brut import Entiers, Illisible, Lecture, Lot, Masque, Morceau, en_masque
from mel_core.contrat.lecture.cellules import Convertie, Etat, Etats, convert, lecteur, valeurs_inconnues
from mel_core.contrat.lecture.contenants import whole_archives
from mel_core.contrat.lecture.entete import colonnes_lues, connus, match_up, search_seconde_table
from mel_core.contrat.lecture.lignes_a_part import MisesAPart
from mel_core.contrat.lecture.table_lue import ANOMALIES_MAX, Constats, DeLignes, Partie, TableLue, trop_d_anomalies
from mel_core.contrat.libelles import libelles, say
from mel_core.contrat.mapping import CODE_BAILLEUR, SELON_RADIATION, Mapping, toml
from mel_core.contrat.occupation import OCCUPATION, is_occupation
from mel_core.contrat.proches import plus_proches
from mel_core.contrat.sans_colonne import declare_les_absentes
from mel_core.contrat.tables import RESIDENCES, TABLES, Colonne, Table, Type
from mel_core.contrat.valeurs import read_milliers, read_montant
from mel_core.socle.erreurs import cause
from mel_core.socle.langue import effectif, nombre

Avancer = Callable[[int], None]  # bytes of the file read so far

COLONNES_MAX = 1_000
QUESTIONS_MAX = 1_000  # a column with more is another column
VALEUR_MONTREE_MAX = 200  # characters of a cell quoted in the report
_SANS_FORME = (Type.TEXTE, Type.IDENTIFIANT)  # whatever is written there may be a value
_REGARDEES_MAX = 1_000  # faulty rows of a piece of a file: beyond, the whole of it is at fault

_REGLES = {
    Etat.TYPE: regles.TYPE,
    Etat.ANCIENNE: regles.DATE,
    Etat.FUTURE: regles.DATE,
    Etat.BORNE: regles.BORNE,
    Etat.NUMERIQUE: regles.IDENTIFIANT_NUMERIQUE,
    Etat.HABILLEE: regles.IDENTIFIANT_HABILLE,
}

ATTENDUS = {
    Type.IDENTIFIANT: "un identifiant",
    Type.TEXTE: "un texte",
    Type.CODE: "un code",
    Type.CODE_ENTIER: "un code",
    Type.ENTIER: "un nombre entier",
    Type.NOMBRE: "un nombre",
    Type.DATE: "une date (2017-09-30 ou 30/09/2017)",
    Type.MOIS: "un mois (2017-09)",
    Type.BOOLEEN: "oui ou non",
    Type.LISTE: "une liste (a|b)",
}


def read_table(lot: Lot, mapping: Mapping, aujourdhui: date, advance: Avancer, reponses: Reponses = SANS) -> TableLue:
    """Never raises on what a file contains: what can't be read is a blocking finding of the table. `reponses`: those
    kept for files of the same source, over `mapping`."""
    table = TABLES[lot.table]
    try:
        with whole_archives():
            lecture = lot.read(connus(table, mapping, *reponses.mappings))
            if len(lecture.entete) > COLONNES_MAX:
                trop = "L’en-tête a plus de mille colonnes : exporter de nouveau la table avec ses seules colonnes."
                raise Illisible(trop, lecture.ligne_entete)
            sien = reponses.complete(mapping, source_de(lecture.entete))
            est_enquete = table is RESIDENCES and is_occupation(lecture.entete, sien)
            lue = _LectureDeTable(OCCUPATION if est_enquete else table, lecture, sien, aujourdhui, lot.fichier)
            return lue.read(advance)
    except Illisible as erreur:
        raison = erreur
    except UnicodeDecodeError:
        raison = Illisible("Le fichier a changé pendant sa lecture : recommencer une fois qu’il est enregistré.")
    except OSError as erreur:
        raison = Illisible(f"Le fichier ne peut pas être lu ({cause(erreur)}) : vérifier les droits et le support.")
    return refuse(table, lot.fichier, raison)


def refuse(table: Table, fichier: str, raison: Illisible) -> TableLue:
    """The table without its rows: there are none, or too much to say about them for anybody to read it."""
    constats = Constats(fichier, table)
    for phrase, ligne in raison.defauts:
        constats.report(regles.ILLISIBLE, ligne=ligne, phrase=phrase)
    aucune = np.zeros(0, np.int64)
    donnees = _join(table, {}, 0)
    parties = (Partie(fichier),)
    return TableLue(table, constats, parties, frozenset(), aucune, donnees, aucune.astype(bool), est_lisible=False)


class _LectureDeTable:
    """One file of a table, piece by piece. `_dits`: what an answer says of all its rows; `_a_demander`: column → value
    that nobody knows, or that reads two ways → its first line, and how many there are."""

    def __init__(self, table: Table, lecture: Lecture, mapping: Mapping, aujourdhui: date, fichier: str) -> None:
        self._table, self._lecture, self._mapping, self._aujourdhui = table, lecture, mapping, aujourdhui
        self._constats = Constats(fichier, table)
        for phrase in lecture.dits:
            self._constats.tell(phrase)
        dits = mapping.dits_du_fichier(table.nom, fichier)
        self._rangs = match_up(table, lecture, mapping, self._constats, frozenset(dits))
        self._dits = {colonne: dit for colonne, dit in dits.items() if colonne not in self._rangs}
        self._colonnes = {nom: mapping.colonne(table, nom) for nom in self._rangs}
        self._lecteurs = {nom: lecteur(c, aujourdhui, lecture.origine) for nom, c in self._colonnes.items()}
        self._a_demander: dict[tuple[Etat, str], dict[str, list[int]]] = {}
        self._n = 0

    def read(self, advance: Avancer) -> TableLue:
        table, lecture, constats, rangs = self._table, self._lecture, self._constats, self._rangs
        donnees: dict[str, list[pa.Array]] = {nom: [] for nom in (*rangs, *self._dits)}
        numeros: list[Entiers] = [np.zeros(0, np.int64)]
        rejetees: list[Masque] = [np.zeros(0, bool)]
        a_part = MisesAPart(table, rangs, self._mapping.lignes.get(table.nom, {}), constats)
        a_part.say_titres(lecture, self._lecteurs)
        vues = colonnes_lues(table, lecture.entete, rangs, ())
        for morceau, est_dernier in _with_last(lecture.morceaux):
            lues = self._convert(morceau)
            if (ecartees := a_part.sort_out(morceau, lues, donnees, est_dernier)).any():
                restes = pa.array(~ecartees)
                morceau = Morceau(morceau.numeros[~ecartees], [c.filter(restes) for c in morceau.colonnes], morceau.lu)
                lues = {nom: Convertie(x.valeurs.filter(restes), x.etats[~ecartees]) for nom, x in lues.items()}
            if not self._n:
                vues = colonnes_lues(table, lecture.entete, rangs, morceau.colonnes)
            self._refuse_seconde_table(morceau, lues)
            for nom, lue in lues.items():
                donnees[nom].append(lue.valeurs)
            for nom, dit in self._dits.items():
                donnees[nom].append(_fill(dit, lues, len(morceau.numeros)))
            numeros.append(morceau.numeros)
            rejetees.append(self._judge(morceau, {nom: lue.etats for nom, lue in lues.items()}))
            self._n += len(morceau.numeros)
            if constats.n_de_lignes > ANOMALIES_MAX:
                premier = constats.de_lignes[0]
                ligne = int(np.concatenate(numeros)[premier.positions[0]])
                raise trop_d_anomalies(table.nom, premier.colonne, ligne)
            advance(morceau.lu)
        self._ask()
        for nom, dit in self._dits.items():
            constats.tell(f"{_say_du_fichier(nom, dit)} : effacer cette réponse si c’est faux.")
        presentes, complete = frozenset(donnees), TABLES[table.nom]
        partie = Partie(
            constats.fichier,
            self._n,
            source_de(lecture.entete),
            presentes,
            self._mapping.sans(table.nom),
            vues,
            table is OCCUPATION,
            lecture.lieu,
        )
        lignes, hors = np.concatenate(numeros), np.concatenate(rejetees)
        entiere = TableLue(
            complete, constats, (partie,), presentes, lignes, _join(complete, donnees, self._n), hors, a_part.n
        )
        declare_les_absentes(entiere, self._mapping)
        return entiere

    def _convert(self, morceau: Morceau) -> dict[str, Convertie]:
        return {
            nom: convert(
                self._colonnes[nom],
                morceau.colonnes[rang],
                morceau.natifs[rang] if morceau.natifs else None,
                self._mapping.valeurs_de(self._table.nom, nom),
                self._lecteurs[nom],
            )
            for nom, rang in self._rangs.items()
        }

    def _refuse_seconde_table(self, morceau: Morceau, lues: dict[str, Convertie]) -> None:
        """Among the rows that a header may be: the first of those where a column that the contract requires has no
        value; every one in a table where any text is a value. Right under the header, names are another line of it."""
        requises = [c for c in self._table.colonnes if c.requise and c.nom in lues]
        if all(c.type in _SANS_FORME for c in requises):
            possibles = np.arange(len(morceau.numeros) if lues else 0)
        else:
            incompletes = np.logical_or.reduce([lues[c.nom].etats != Etat.VALIDE for c in requises])
            possibles = np.flatnonzero(incompletes)[:_REGARDEES_MAX]
        cles = [self._rangs[c] for c in self._table.cle if c in self._rangs]
        search_seconde_table(morceau, possibles if self._n else possibles[possibles > 0], cles, self._lecture.entete)

    def _judge(self, morceau: Morceau, etats: dict[str, Etats]) -> Masque:
        """Report the cells that are not values, and which rows go out."""
        hors = np.zeros(len(morceau.numeros), bool)
        if not etats:
            return hors
        # A row without a single value has an empty key, and nothing else worth saying: exports end with thousands.
        est_vide = np.logical_and.reduce([e == Etat.VIDE for e in etats.values()])
        if est_vide.any():
            etats |= {n: np.where(est_vide, np.int8(0), e) for n, e in etats.items() if n not in self._table.cle}
        # The header come again is no row, and there is nothing else to say of it.
        if self._rangs.keys() >= set(self._table.cle):
            rangs, entete = [self._rangs[c] for c in self._table.cle], self._lecture.entete
            est_entete = np.logical_and.reduce(
                [en_masque(pc.equal(pc.utf8_trim_whitespace(morceau.colonnes[r]), entete[r])) for r in rangs]
            )
            if (positions := np.flatnonzero(est_entete)).size:
                hors[positions] = True
                self._record(
                    regles.ENTETE_REPETEE, self._table.cle[0], positions, [entete[rangs[0]]] * positions.size, {}
                )
                etats |= {nom: np.where(est_entete, np.int8(0), e) for nom, e in etats.items()}
        for nom, siens in etats.items():
            for etat in map(Etat, np.unique(siens[siens != Etat.VALIDE])):
                positions = np.flatnonzero(siens == etat)
                bruts = morceau.colonnes[self._rangs[nom]].take(pa.array(positions)).to_pylist()
                if self._reject(self._table.colonne(nom), etat, positions, bruts, morceau.numeros[positions]):
                    hors[positions] = True
        return hors

    def _reject(self, colonne: Colonne, etat: Etat, positions: Entiers, bruts: list[str], lignes: Entiers) -> bool:
        """Whether the rows go out for these cells; an unknown value is asked about."""
        if etat in (Etat.AMBIGUE, Etat.INCONNUE):
            trouvees = self._a_demander.setdefault((etat, colonne.nom), {})
            correspondances = self._mapping.valeurs_de(self._table.nom, colonne.nom)
            for brut, ligne in zip(bruts, lignes.tolist(), strict=True):
                for valeur in valeurs_inconnues(colonne, brut, correspondances):
                    trouvees.setdefault(valeur, [ligne, 0])[1] += 1
            return False
        if etat is Etat.VIDE:
            if not colonne.requise:
                return False
            regle = regles.CLE_VIDE if colonne.nom in self._table.cle else regles.REQUISE_VIDE
        else:
            regle = regles.TYPE_REQUIS if etat is Etat.TYPE and colonne.requise else _REGLES[etat]
        faute = "antérieure à 1970"
        if etat is Etat.FUTURE:
            faute = f"postérieure au jour du chargement ({self._aujourdhui:%d/%m/%Y})"
        details = {"faute": faute, "attendu": ATTENDUS[colonne.type], "bornes": _bornes(colonne)}
        self._record(regle, colonne.nom, positions, [_show(brut) for brut in bruts], details)
        return True

    def _record(
        self,
        regle: regles.Regle,
        colonne: str,
        positions: Entiers,
        valeurs: Sequence[str | None],
        details: dict[str, str],
    ) -> None:
        self._constats.de_lignes.append(DeLignes(regle, colonne, positions + self._n, valeurs, lambda _: details))

    def _ask(self) -> None:
        """One question for a column that reads two ways, and for each value that neither the contract nor the mapping
        knows: nothing is guessed."""
        for (etat, nom), trouvees in self._a_demander.items():
            colonne, report = self._table.colonne(nom), partial(self._constats.report, colonne=nom)
            if etat is Etat.AMBIGUE:
                valeur, (ligne, _) = next(iter(trouvees.items()))
                report = partial(report, valeur=valeur, ligne=ligne, lignes=_count(trouvees.values()))
                if colonne.type is Type.LISTE:
                    report(regles.LISTE_AMBIGUE)
                else:
                    milliers, decimales = nombre(read_milliers(valeur)), nombre(read_montant(valeur), 3)
                    report(regles.MONTANT_AMBIGU, milliers=milliers, decimales=decimales.rstrip("0").rstrip(","))
                continue
            for valeur, (ligne, n) in islice(trouvees.items(), QUESTIONS_MAX):
                proches = plus_proches(valeur, colonne.valeurs, libelles=libelles(nom))
                report(
                    regles.VALEUR_INCONNUE,
                    valeur=valeur,
                    ligne=ligne,
                    lignes=effectif(n, "ligne"),
                    proches=", ".join(f"« {say(nom, code)} »" for code in proches),
                    exemple=toml(proches[0]),
                )
            if reste := list(trouvees.values())[QUESTIONS_MAX:]:
                report(regles.VALEURS_INCONNUES, reste=nombre(len(reste)), lignes=_count(reste))


def _count(trouvees: Iterable[list[int]]) -> str:
    return effectif(sum(n for _, n in trouvees), "ligne")


def _with_last(morceaux: Iterator[Morceau]) -> Iterator[tuple[Morceau, bool]]:
    """Each of them, and whether none comes after."""
    morceau = next(morceaux, None)
    while morceau is not None:
        suivant = next(morceaux, None)
        yield morceau, suivant is None
        morceau = suivant


def _fill(dit: str, lues: dict[str, Convertie], n: int) -> pa.Array:
    """What an answer says of the `n` rows of a piece of a file."""
    if dit != SELON_RADIATION:
        return pa.repeat(pa.scalar(dit), n)
    radiees = np.zeros(n, bool)
    for nom in ("date_radiation", "motif_radiation"):
        if nom in lues:
            radiees |= lues[nom].etats != Etat.VIDE
    return pc.if_else(pa.array(radiees), "RADIEE", "ACTIVE")


def _say_du_fichier(colonne: str, dit: str) -> str:
    if colonne == CODE_BAILLEUR:
        return f"Toutes les lignes sont lues comme celles de « {dit} »"
    if dit == SELON_RADIATION:
        return "Une demande est lue RADIEE quand elle porte une date ou un motif de radiation, ACTIVE sinon"
    return f"Toutes les demandes sont lues {dit}"


def _show(brut: str) -> str | None:
    """What the report quotes of a cell; nothing for an empty one."""
    texte = brut.strip() or None
    return texte if texte is None or len(texte) <= VALEUR_MONTREE_MAX else texte[:VALEUR_MONTREE_MAX] + "…"


def _bornes(colonne: Colonne) -> str:
    minimum, maximum = (None if b is None else nombre(b) for b in (colonne.minimum, colonne.maximum))
    if minimum is None:
        return f"au plus {maximum}"
    return f"au moins {minimum}" if maximum is None else f"de {minimum} à {maximum}"


def _join(table: Table, donnees: dict[str, list[pa.Array]], n: int) -> dict[str, pa.Array]:
    """One array of `n` rows per column. The chunks of a column are freed as it is joined."""
    jointes = {}
    for colonne in table.colonnes:
        morceaux = donnees.pop(colonne.nom, [])
        jointes[colonne.nom] = pa.concat_arrays(morceaux) if morceaux else pa.nulls(n, type_arrow(colonne))
        morceaux.clear()
    return jointes

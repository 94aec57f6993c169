"""Read one table: header matched, every cell typed, faulty rows out, unknown values asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.constats_lecture import Constats
from mel_core.contrat.correspondances import SANS, Reponses, source_de
from mel_core.contrat.etiquettes import declare_les_absentes
from mel_core.contrat.lecture import seconde_table
from mel_core.contrat.lecture.arrow import type_arrow
from mel_core.contrat.lecture.brut import Entiers, Illisible, Lecture, Lot, Masque, Morceau
from mel_core.contrat.lecture.cellules import Etat, lecteur
from mel_core.contrat.lecture.conversion import Convertie, Etats, convert, valeurs_inconnues
from mel_core.contrat.lecture.entetes import colonnes_lues, connus, match_up, noms_attendus
from mel_core.contrat.lecture.inconnues import Questions
from mel_core.contrat.lecture.mises_a_part import MisesAPart
from mel_core.contrat.lecture.source import ARCHIVE_ABIMEE
from mel_core.contrat.lecture.table_lue import Partie, TableLue
from mel_core.contrat.lecture.tailles import ANOMALIES_MAX, trop_d_anomalies
from mel_core.contrat.mapping import CODE_BAILLEUR, SELON_RADIATION, Mapping
from mel_core.contrat.occupation import OCCUPATION, is_occupation
from mel_core.contrat.regles import (
    BORNE,
    CLE_VIDE,
    DATE,
    ENTETE_REPETEE,
    IDENTIFIANT_HABILLE,
    IDENTIFIANT_NUMERIQUE,
    ILLISIBLE,
    REQUISE_VIDE,
    TYPE,
    TYPE_REQUIS,
    Regle,
)
from mel_core.contrat.tables import RESIDENCES, TABLES, Colonne, Table, Type
from mel_core.socle.erreurs import cause
from mel_core.socle.langue import nombre

Avancer = Callable[[int], None]  # bytes of the file read so far

COLONNES_MAX = 1_000
_TROP_DE_COLONNES = "L’en-tête a plus de mille colonnes : exporter de nouveau la table avec ses seules colonnes."
_SANS_FORME = (Type.TEXTE, Type.IDENTIFIANT)  # whatever is written there may be a value
_REGARDEES_MAX = 1_000  # faulty rows of a piece of a file: beyond, the whole of it is at fault
VALEUR_MONTREE_MAX = 200  # characters of a cell quoted in the report

_REGLES = {
    Etat.TYPE: TYPE,
    Etat.ANCIENNE: DATE,
    Etat.FUTURE: DATE,
    Etat.BORNE: BORNE,
    Etat.NUMERIQUE: IDENTIFIANT_NUMERIQUE,
    Etat.HABILLEE: IDENTIFIANT_HABILLE,
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
    constats = Constats(lot.fichier, table.noms, table.nom)
    try:
        lecture = lot.read(connus(table, mapping, *reponses.mappings))
        source = source_de(lecture.entete)
        sien = reponses.complete(mapping, source)
        if table is RESIDENCES and is_occupation(lecture.entete, noms_attendus(table, sien), sien.sans(table.nom)):
            table = OCCUPATION
        return _LectureDeTable(table, sien, aujourdhui, constats, source).read(lecture, advance)
    except Illisible as erreur:
        raison = erreur
    except UnicodeDecodeError:
        raison = Illisible("Le fichier a changé pendant sa lecture : recommencer une fois qu’il est enregistré.")
    except ARCHIVE_ABIMEE:
        raison = Illisible("L’archive est abîmée ou incomplète : la copier ou la refaire.")
    except OSError as erreur:
        raison = Illisible(f"Le fichier ne peut pas être lu ({cause(erreur)}) : vérifier les droits et le support.")
    return _refuse(table, lot.fichier, raison)


def refuse(lue: TableLue, raison: Illisible) -> TableLue:
    """The table without its rows: there is too much to say about them for anybody to read it."""
    return _refuse(lue.table, lue.constats.fichier, raison)


def _refuse(table: Table, fichier: str, raison: Illisible) -> TableLue:
    illisible = Constats(fichier, table.noms, table.nom)
    for phrase, ligne in raison.defauts:
        illisible.report(ILLISIBLE, ligne=ligne, phrase=phrase)
    return _assemble(table, illisible, {}, [], [], est_lisible=False)


class _LectureDeTable:
    def __init__(self, table: Table, mapping: Mapping, aujourdhui: date, constats: Constats, source: str) -> None:
        self._source = source
        self._table = table
        self._mapping = mapping
        self._aujourdhui = aujourdhui
        self._constats = constats
        self._questions = Questions(table)

    def read(self, lecture: Lecture, advance: Avancer) -> TableLue:
        if len(lecture.entete) > COLONNES_MAX:
            raise Illisible(_TROP_DE_COLONNES, lecture.ligne_entete)
        self._constats.come_from(lecture.lieu)
        for phrase in lecture.dits:
            self._constats.tell(phrase)
        dits = self._mapping.dits_du_fichier(self._table.nom, self._constats.fichier)
        rangs = match_up(self._table, lecture, self._mapping, self._constats, frozenset(dits))
        dits = {colonne: dit for colonne, dit in dits.items() if colonne not in rangs}
        colonnes = {nom: self._mapping.colonne(self._table, nom) for nom in rangs}
        lecteurs = {nom: lecteur(colonnes[nom], self._aujourdhui, lecture.origine) for nom in rangs}
        cles = [rangs[c] for c in self._table.cle if c in rangs]
        donnees: dict[str, list[pa.Array]] = {nom: [] for nom in rangs}
        numeros: list[Entiers] = []
        rejetees: list[Masque] = []
        n = 0
        reponses = self._mapping.lignes.get(self._table.nom, {})
        a_part = MisesAPart(self._table, rangs, reponses, self._constats)
        a_part.say_titres(lecture, lecteurs)
        vues = colonnes_lues(self._table, lecture.entete, rangs, ())
        for morceau, est_dernier in _with_last(lecture.morceaux):
            lues = {
                nom: convert(
                    colonnes[nom],
                    morceau.colonnes[rang],
                    morceau.natifs_de(rang),
                    self._mapping.valeurs_de(self._table.nom, nom),
                    lecteurs[nom],
                )
                for nom, rang in rangs.items()
            }
            if (ecartees := a_part.sort_out(morceau, lues, donnees, est_dernier)).any():
                restes = pa.array(~ecartees)
                morceau = Morceau(morceau.numeros[~ecartees], [c.filter(restes) for c in morceau.colonnes], morceau.lu)
                lues = {nom: Convertie(x.valeurs.filter(restes), x.etats[~ecartees]) for nom, x in lues.items()}
            if not n:
                vues = colonnes_lues(self._table, lecture.entete, rangs, morceau.colonnes)
            # Right under the header, names are another line of it.
            possibles = _possibles(self._table, lues)
            possibles = possibles if n else possibles[possibles > 0]
            seconde_table.search(morceau, possibles, cles, lecture.entete)
            hors = np.zeros(len(morceau.numeros), dtype=bool)
            etats: dict[str, Etats] = {nom: lue.etats for nom, lue in lues.items()}
            for nom, lue in lues.items():
                donnees[nom].append(lue.valeurs)
            self._silence_lignes_vides(etats)
            self._set_aside_entetes(lecture, morceau, rangs, etats, n, hors)
            for nom, rang in rangs.items():
                if etats[nom].any():
                    self._judge(self._table.colonne(nom), morceau.colonnes[rang], etats[nom], morceau.numeros, n, hors)
            for nom, dit in dits.items():
                donnees.setdefault(nom, []).append(_fill(dit, lues, len(hors)))
            numeros.append(morceau.numeros)
            rejetees.append(hors)
            n += len(hors)
            if self._constats.n_de_lignes > ANOMALIES_MAX:
                colonne, position = self._constats.premier()
                ligne = int(np.concatenate(numeros)[position])
                raise Illisible(trop_d_anomalies(self._table.nom, colonne, ligne), ligne)
            advance(morceau.lu)
        self._questions.place(self._constats)
        for nom, dit in dits.items():
            donnees.setdefault(nom, [])
            self._constats.tell(f"{_say_du_fichier(nom, dit)} : effacer cette réponse si c’est faux.")
        presentes = frozenset(donnees)
        table = _assemble(TABLES[self._table.nom], self._constats, donnees, numeros, rejetees, est_lisible=True)
        table.mises_a_part = a_part.n
        sans = self._mapping.sans(self._table.nom)
        table.parties = (
            Partie(self._constats.fichier, self._source, 0, n, presentes, sans, vues, self._table is OCCUPATION),
        )
        declare_les_absentes(table, self._mapping)
        return table

    def _silence_lignes_vides(self, etats: dict[str, Etats]) -> None:
        """A row without a single value has an empty key, and nothing else worth saying: exports end with thousands."""
        if not etats:
            return
        est_vide = np.logical_and.reduce([e == Etat.VIDE for e in etats.values()])
        if est_vide.any():
            for nom in etats.keys() - set(self._table.cle):
                etats[nom] = np.where(est_vide, np.int8(Etat.VALIDE), etats[nom])

    def _set_aside_entetes(
        self, lecture: Lecture, morceau: Morceau, rangs: dict[str, int], etats: dict[str, Etats], n: int, hors: Masque
    ) -> None:
        """The header come again is no row, and there is nothing else to say of it. `n`: rows read before."""
        cle = self._table.cle
        if not rangs.keys() >= set(cle):
            return
        est_entete = np.logical_and.reduce([_egale(morceau.colonnes[rangs[c]], lecture.entete[rangs[c]]) for c in cle])
        positions = np.flatnonzero(est_entete)
        if positions.size:
            hors[positions] = True
            valeurs = [lecture.entete[rangs[cle[0]]]] * positions.size
            self._constats.record(ENTETE_REPETEE, cle[0], positions + n, valeurs)
            for nom in etats:
                etats[nom] = np.where(est_entete, np.int8(Etat.VALIDE), etats[nom])

    def _judge(
        self, colonne: Colonne, textes: pa.Array, etats: Etats, numeros: Entiers, premiere: int, hors: Masque
    ) -> None:
        """Report the cells that are not values; `hors` is told the rows that go out. `premiere`: rows read before."""
        for etat in map(Etat, np.unique(etats)):
            regle = self._regle(colonne, etat)
            if regle is None and etat not in (Etat.INCONNUE, Etat.AMBIGUE):
                continue
            positions = np.flatnonzero(etats == etat)
            bruts = textes.take(pa.array(positions)).to_pylist()
            if etat is Etat.AMBIGUE:
                self._questions.doubt(colonne, bruts, numeros[positions])
                continue
            if regle is None:
                self._ask(colonne, bruts, numeros[positions])
                continue
            hors[positions] = True
            details = partial(_render, self._details(colonne, etat))
            valeurs = [_show(brut) for brut in bruts]
            self._constats.record(regle, colonne.nom, positions + premiere, valeurs, details)

    def _regle(self, colonne: Colonne, etat: Etat) -> Regle | None:
        if etat is Etat.VIDE:
            if not colonne.requise:
                return None
            return CLE_VIDE if colonne.nom in self._table.cle else REQUISE_VIDE
        if etat is Etat.TYPE and colonne.requise:
            return TYPE_REQUIS
        return _REGLES.get(etat)

    def _details(self, colonne: Colonne, etat: Etat) -> dict[str, str]:
        if etat is Etat.ANCIENNE:
            return {"faute": "antérieure à 1970"}
        if etat is Etat.FUTURE:
            return {"faute": f"postérieure au jour du chargement ({self._aujourdhui:%d/%m/%Y})"}
        return {"attendu": ATTENDUS[colonne.type], "bornes": _bornes(colonne)}

    def _ask(self, colonne: Colonne, bruts: Sequence[str], lignes: Entiers) -> None:
        correspondances = self._mapping.valeurs_de(self._table.nom, colonne.nom)
        self._questions.add(
            colonne,
            (
                (valeur, ligne)
                for brut, ligne in zip(bruts, lignes.tolist(), strict=True)
                for valeur in valeurs_inconnues(colonne, brut, correspondances)
            ),
        )


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


def _possibles(table: Table, lues: dict[str, Convertie]) -> Entiers:
    """Rows that a header may be: the first of those where a column that the contract requires has no value; every one
    in a table where any text is a value."""
    requises = [c for c in table.colonnes if c.requise and c.nom in lues]
    if all(c.type in _SANS_FORME for c in requises):
        return np.arange(len(next(iter(lues.values())).etats) if lues else 0)
    incompletes = np.logical_or.reduce([lues[c.nom].etats != Etat.VALIDE for c in requises])
    return np.flatnonzero(incompletes)[:_REGARDEES_MAX]


def _with_last(morceaux: Iterator[Morceau]) -> Iterator[tuple[Morceau, bool]]:
    """Each of them, and whether none comes after."""
    precedent = next(morceaux, None)
    while precedent is not None:
        suivant = next(morceaux, None)
        yield precedent, suivant is None
        precedent = suivant


def _egale(textes: pa.Array, nom: str) -> Masque:
    masque: Masque = pc.equal(pc.utf8_trim_whitespace(textes), nom).to_numpy(zero_copy_only=False)
    return masque


def _render(details: dict[str, str], _rang: int) -> dict[str, str]:
    return details


def _show(brut: str) -> str | None:
    """What the report quotes of a cell; nothing for an empty one."""
    texte = brut.strip() or None
    return texte if texte is None or len(texte) <= VALEUR_MONTREE_MAX else texte[:VALEUR_MONTREE_MAX] + "…"


def _bornes(colonne: Colonne) -> str:
    minimum, maximum = (None if b is None else nombre(b) for b in (colonne.minimum, colonne.maximum))
    if minimum is None:
        return f"au plus {maximum}"
    return f"au moins {minimum}" if maximum is None else f"de {minimum} à {maximum}"


def _assemble(
    table: Table,
    constats: Constats,
    donnees: dict[str, list[pa.Array]],
    numeros: list[Entiers],
    rejetees: list[Masque],
    est_lisible: bool,
) -> TableLue:
    """One array per column. The chunks of a column are freed as it is joined."""
    presentes = set(donnees)
    lignes = np.concatenate([np.zeros(0, np.int64), *numeros])
    jointes = {}
    for colonne in table.colonnes:
        morceaux = donnees.pop(colonne.nom, [])
        jointes[colonne.nom] = pa.concat_arrays(morceaux) if morceaux else pa.nulls(len(lignes), type_arrow(colonne))
        morceaux.clear()
    return TableLue(
        table=table,
        constats=constats,
        presentes=frozenset(presentes),
        numeros=lignes,
        donnees=jointes,
        rejetees=np.concatenate([np.zeros(0, bool), *rejetees]),
        doublons=np.zeros(len(lignes), bool),
        lues=sum(map(len, numeros)),
        est_lisible=est_lisible,
    )

"""Read one table: header matched, every cell typed, faulty rows out, unknown values asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat import coherence, regles
from mel_core.contrat.appoints import COMPLETE, est_du_contrat, with_appoints
from mel_core.contrat.coherence import OCCUPATION, declare_les_absentes, is_occupation
from mel_core.contrat.colonnes import Colonne, Table, Type
from mel_core.contrat.correspondances import SANS, Reponses, dite, source_de
from mel_core.contrat.explications import libelles, say_code
from mel_core.contrat.lecture.brut import Avancer, Entiers, Illisible, LectureTable, Lignes, Lot, en_masque, type_arrow
from mel_core.contrat.lecture.cellules import (
    Convertie,
    EtatCellule,
    Etats,
    convert,
    lecteur,
    typologies_sures,
    valeurs_inconnues,
)
from mel_core.contrat.lecture.classeur import whole_archives
from mel_core.contrat.lecture.entete import colonnes_lues, connus, est_un_identifiant, match_up, search_seconde_table
from mel_core.contrat.lecture.lignes_a_part import MisesAPart
from mel_core.contrat.lecture.table_lue import Constats, Partie, TableLue
from mel_core.contrat.mapping import SELON_RADIATION, Mapping, toml
from mel_core.contrat.publics import with_publics
from mel_core.contrat.reference import plus_proches
from mel_core.contrat.tables import RESIDENCES, TABLES, TYPOLOGIE, TYPOLOGIES
from mel_core.contrat.valeurs import read_milliers, read_montant, split_rang
from mel_core.socle.erreurs import cause
from mel_core.socle.langue import effectif, liste, nombre

COLONNES_MAX = 1_000
QUESTIONS_MAX = 1_000  # a column with more is another column
VALEUR_MONTREE_MAX = 200  # characters of a cell quoted in the report
MOTS_MAX = 20  # of a file, and of texts that are no typologie: a column with more is another column
_SANS_FORME = (Type.TEXTE, Type.IDENTIFIANT)  # whatever is written there may be a value
_REGARDEES_MAX = 50_000  # faulty rows: beyond, the whole file is at fault

_REGLES = {
    EtatCellule.TYPE: regles.TYPE,
    EtatCellule.COURTE: regles.TYPE,
    EtatCellule.ANCIENNE: regles.DATE,
    EtatCellule.FUTURE: regles.DATE,
    EtatCellule.BORNE: regles.BORNE,
    EtatCellule.NUMERIQUE: regles.IDENTIFIANT_NUMERIQUE,
    EtatCellule.HABILLEE: regles.IDENTIFIANT_HABILLE,
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
            lecture = lot.read(connus(with_appoints(table), mapping, *reponses.mappings))
            if len(lecture.entete) > COLONNES_MAX:
                trop = "L’en-tête a plus de mille colonnes : exporter de nouveau la table avec ses seules colonnes."
                raise Illisible(trop, lecture.ligne_entete)
            lecture = replace(lecture, entete=["" if est_un_identifiant(nom) else nom for nom in lecture.entete])
            sien = reponses.complete(mapping, source_de(lecture.entete))
            est_enquete = table is RESIDENCES and is_occupation(lecture.entete, sien)
            lisible = OCCUPATION if est_enquete else with_appoints(table)
            return _LectureDeTable(lisible, lecture, lecture.read(advance), sien, aujourdhui, lot.fichier).read()
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
    return TableLue(table, constats, (Partie(fichier),), np.zeros(0, np.int64), {}, est_lisible=False)


class _LectureDeTable:
    """One file of a table. `_dits`: what an answer says of all its rows; `_a_demander`: column → value that nobody
    knows, or that reads two ways → its first line, and how many there are. `_valeurs`: column → value in the file →
    value, "" being an empty cell."""

    def __init__(
        self, table: Table, lecture: LectureTable, lignes: Lignes, mapping: Mapping, aujourdhui: date, fichier: str
    ) -> None:
        self._table, self._lecture, self._mapping, self._aujourdhui = table, lecture, mapping, aujourdhui
        self._constats = Constats(fichier, table)
        for phrase in lecture.dits:
            self._constats.note(phrase)
        dits = mapping.dits_du_fichier(table.nom, fichier)
        self._rangs = match_up(table, lecture, lignes, mapping, self._constats, frozenset(dits))
        self._lignes = with_publics(table, lecture, self._rangs, lignes, mapping, self._constats)
        self._dits = {colonne: dit for colonne, dit in dits.items() if colonne not in self._rangs}
        self._a_demander: dict[tuple[EtatCellule, str], dict[str, list[int]]] = {}
        self._valeurs = {nom: self._read_valeurs(nom, rang) for nom, rang in self._rangs.items()}

    def read(self) -> TableLue:
        table, lecture, constats = self._table, self._lecture, self._constats
        self._lignes, lues, n_a_part = self._convert(self._lignes)  # the rows before are held no longer
        lignes = self._lignes
        self._fill_vides(lignes, lues)
        self._refuse_seconde_table(lignes, lues)
        if "decision" in lues and "rang" not in lues:
            lues |= self._read_rangs(lignes.colonnes[self._rangs["decision"]], lues["decision"])
        appoints = {nom: lues.pop(nom).valeurs for nom in [*lues] if not est_du_contrat(table, nom)}
        donnees = {nom: lue.valeurs for nom, lue in lues.items()}
        donnees |= {c: pa.nulls(len(lignes.numeros), pa.string()) for c in map(COMPLETE.get, appoints) if c} | donnees
        donnees |= {nom: self._fill(nom, lues, len(lignes.numeros)) for nom in self._dits}
        partie = Partie(
            constats.fichier,
            len(lignes.numeros),
            source_de(lecture.entete),
            frozenset(donnees),
            self._mapping.sans(table.nom),
            colonnes_lues(table, lecture.entete, self._rangs, lignes.colonnes, self._mapping),
            table is OCCUPATION,
            lecture.lieu,
        )
        entiere = TableLue(TABLES[table.nom], constats, (partie,), lignes.numeros, donnees, n_a_part, appoints=appoints)
        self._judge(entiere, lignes, {nom: lue.etats for nom, lue in lues.items()})
        self._ask()
        for nom, dit in self._dits.items():
            constats.note(f"{_say_du_fichier(table.nom, nom, dit)} : effacer cette réponse si c’est faux.")
        declare_les_absentes(entiere, self._mapping)
        return entiere

    def _convert(self, lignes: Lignes) -> tuple[Lignes, dict[str, Convertie], int]:
        """The rows of the table, their cells typed, how many others were set apart."""
        table, mapping, rangs = self._table, self._mapping, self._rangs
        colonnes = {nom: mapping.colonne(table, nom) for nom in rangs}
        lecteurs = {nom: lecteur(c, self._aujourdhui, self._lecture.origine) for nom, c in colonnes.items()}
        lues = {
            nom: convert(
                colonnes[nom],
                lignes.colonnes[rang],
                lignes.natifs[rang] if lignes.natifs else None,
                {dit: valeur for dit, valeur in self._valeurs[nom].items() if dit},
                lecteurs[nom],
            )
            for nom, rang in rangs.items()
        }
        a_part = MisesAPart(table, rangs, mapping.lignes.get(table.nom, {}), self._constats, lignes, lues)
        a_part.say_titres(self._lecture, lecteurs)
        if (ecartees := a_part.sort_out()).any():
            restes = pa.array(~ecartees)
            lignes = Lignes(lignes.numeros[~ecartees], [c.filter(restes) for c in lignes.colonnes])
            lues = {nom: Convertie(x.valeurs.filter(restes), x.etats[~ecartees]) for nom, x in lues.items()}
        return lignes, lues, a_part.n

    def _read_valeurs(self, nom: str, rang: int) -> dict[str, str]:
        """As answered, then, of a typologie, as it is certainly read, which is said."""
        dites = dict(self._mapping.valeurs_de(self._table.nom, nom))
        colonne = self._table.colonne(nom)
        if nom != TYPOLOGIE and colonne.valeurs != TYPOLOGIES:
            return dites
        sures = typologies_sures(colonne, self._lignes.colonnes[rang], entete := self._lecture.entete[rang])
        if lues := [f"« {dit} » est lu {code}" for dit, code in sorted(sures.items()) if dit not in dites]:
            remede = f"répondre dans le mapping, sous [{self._table.nom}.valeurs.{nom}], si c’est faux"
            self._constats.note(f"Dans « {entete} », {liste(lues)} : {remede}.")
        return sures | dites

    def _fill_vides(self, lignes: Lignes, lues: dict[str, Convertie]) -> None:
        """An empty cell is what an answer says of it in its column, but in a row without a single value; in a column of
        yes and no that says the same in all others, what it is may be asked where it is all that a row lacks."""
        vides = {nom: lue.etats == EtatCellule.VIDE for nom, lue in lues.items()}
        est_vide, attendues = np.logical_and.reduce([*vides.values()]), coherence.SANS.get(self._table.nom, ())
        requises = [c.nom for c in self._table.colonnes if c.requise and c.nom in lues]
        for nom, siennes in vides.items():
            colonne, lue, dites = self._table.colonne(nom), lues[nom], self._valeurs[nom]
            if dite := dites.get(""):
                remplies = siennes & ~est_vide
                valeur = pa.scalar(lecteur(colonne, date.max)(dite)[0], lue.valeurs.type)
                valeurs = pc.if_else(pa.array(remplies), valeur, lue.valeurs)
                lues[nom] = Convertie(valeurs, np.where(remplies, np.int8(EtatCellule.VALIDE), lue.etats))
            elif colonne.type is Type.BOOLEEN and "" not in dites and (colonne.requise or (nom,) in attendues):
                seules = [siennes, *(lues[autre].etats == EtatCellule.VALIDE for autre in requises if autre != nom)]
                textes = pc.unique(lignes.colonnes[self._rangs[nom]]).to_pylist()
                dits = {texte.strip().casefold(): texte for texte in textes if texte.strip()}
                if len(dits) == 1 and (n := int(np.logical_and.reduce(seules).sum())):
                    self._constats.report(
                        regles.CASES_VIDES, nom, "", dite=_show(*dits.values()), lignes=effectif(n, "ligne")
                    )

    def _read_rangs(self, textes: pa.Array, decisions: Convertie) -> dict[str, Convertie]:
        """The place that a decision says with it, in a file without a column of its own; nothing when none does."""
        codes = textes.dictionary_encode()
        dites = {texte: split_rang(texte)[1] for texte in codes.dictionary.to_pylist()}
        lus = pa.array(dites.values(), pa.int64()).take(codes.indices)
        lus = pc.if_else(pc.equal(decisions.valeurs, "ATTRIBUE"), lus, None)
        if lus.null_count == len(lus):
            return {}
        exemple, rang = next((texte.strip(), rang) for texte, rang in dites.items() if rang)
        entete = self._lecture.entete[self._rangs["decision"]]
        self._constats.note(
            f"Dans « {entete} », « {exemple} » donne aussi le rang, {rang}, et ainsi des autres : ajouter une colonne "
            "du rang si c’est faux."
        )
        return {"rang": Convertie(lus, np.where(en_masque(lus.is_valid()), np.int8(0), np.int8(EtatCellule.VIDE)))}

    def _refuse_seconde_table(self, lignes: Lignes, lues: dict[str, Convertie]) -> None:
        """Among the rows that a header may be: the first of those where a column that the contract requires has no
        value; every one in a table where any text is a value. Right under the header, names are another line of it."""
        requises = [c for c in self._table.colonnes if c.requise and c.nom in lues]
        if all(c.type in _SANS_FORME for c in requises):
            possibles = np.arange(len(lignes.numeros) if lues else 0)
        else:
            incompletes = np.logical_or.reduce([lues[c.nom].etats != EtatCellule.VALIDE for c in requises])
            possibles = np.flatnonzero(incompletes)[:_REGARDEES_MAX]
        cles = [self._rangs[c] for c in self._table.cle if c in self._rangs]
        search_seconde_table(lignes, possibles[possibles > 0], cles, self._lecture.entete)

    def _judge(self, lue: TableLue, lignes: Lignes, etats: dict[str, Etats]) -> None:
        """Report the cells that are not values: their rows go out."""
        if not etats:
            return
        cle = self._table.cle
        # A row without a single value has an empty key, and nothing else worth saying: exports end with thousands.
        est_vide = np.logical_and.reduce([e == EtatCellule.VIDE for e in etats.values()])
        etats |= {nom: np.where(est_vide, np.int8(0), e) for nom, e in etats.items() if nom not in cle}
        # The header come again is no row, and there is nothing else to say of it.
        if self._rangs.keys() >= set(cle):
            entetes = {self._rangs[c]: self._lecture.entete[self._rangs[c]] for c in cle}
            est_entete = np.logical_and.reduce(
                [en_masque(pc.equal(pc.utf8_trim_whitespace(lignes.colonnes[r]), nom)) for r, nom in entetes.items()]
            )
            repetee = entetes[self._rangs[cle[0]]]
            lue.apply(regles.ENTETE_REPETEE, cle[0], est_entete, lambda: [repetee] * int(est_entete.sum()))
            etats |= {nom: np.where(est_entete, np.int8(0), e) for nom, e in etats.items()}
        for nom, siens in etats.items():
            for etat in map(EtatCellule, np.unique(siens[siens != EtatCellule.VALIDE])):
                self._reject(lue, self._table.colonne(nom), etat, np.flatnonzero(siens == etat), lignes)

    def _reject(self, lue: TableLue, colonne: Colonne, etat: EtatCellule, positions: Entiers, lignes: Lignes) -> None:
        """The rows go out for these cells; an unknown value is asked about, an empty one may be unknown."""

        def bruts() -> list[str]:
            return lignes.colonnes[self._rangs[colonne.nom]].take(pa.array(positions)).to_pylist()

        if etat in (EtatCellule.AMBIGUE, EtatCellule.INCONNUE):
            trouvees = self._a_demander.setdefault((etat, colonne.nom), {})
            for brut, ligne in zip(bruts(), lignes.numeros[positions].tolist(), strict=True):
                for valeur in valeurs_inconnues(colonne, brut, self._valeurs[colonne.nom]):
                    trouvees.setdefault(valeur, [ligne, 0])[1] += 1
            return
        if etat is EtatCellule.VIDE:
            if not colonne.requise:
                return
            regle = regles.CLE_VIDE if colonne.nom in self._table.cle else regles.REQUISE_VIDE
        else:
            est_mal_ecrite = _REGLES[etat] is regles.TYPE
            regle = regles.TYPE_REQUIS if est_mal_ecrite and colonne.requise else _REGLES[etat]
        if etat is EtatCellule.COURTE:
            dites, ligne = effectif(len(positions), "ligne"), int(lignes.numeros[positions[0]])
            self._constats.report(regles.ANNEE_COURTE, colonne.nom, bruts()[0].strip(), ligne, lignes=dites)
        faute = "antérieure à 1970"
        if etat is EtatCellule.FUTURE:
            faute = f"postérieure au jour du chargement ({self._aujourdhui:%d/%m/%Y})"
        details = {"faute": faute, "attendu": ATTENDUS[colonne.type], "bornes": _bornes(colonne)}
        lue.apply(regle, colonne.nom, positions, lambda: [_show(brut) for brut in bruts()], lambda _: details)

    def _fill(self, nom: str, lues: dict[str, Convertie], n: int) -> pa.Array:
        """What an answer says of the `n` rows of a piece of a file."""
        dit, colonne = self._dits[nom], self._table.colonne(nom)
        if dit != SELON_RADIATION:
            return pa.repeat(pa.scalar(lecteur(colonne, date.max)(dit)[0], type_arrow(colonne)), n)
        radiees = np.zeros(n, bool)
        for sienne in ("date_radiation", "motif_radiation"):
            if sienne in lues:
                radiees |= lues[sienne].etats != EtatCellule.VIDE
        return pc.if_else(pa.array(radiees), "RADIEE", "ACTIVE")

    def _ask(self) -> None:
        """One question for a column that reads two ways, and for each value that neither the contract nor the mapping
        knows: nothing is guessed."""
        for (etat, nom), trouvees in self._a_demander.items():
            colonne, report = self._table.colonne(nom), partial(self._constats.report, colonne=nom)
            if etat is EtatCellule.AMBIGUE:
                valeur, (ligne, _) = next(iter(trouvees.items()))
                report = partial(report, valeur=valeur, ligne=ligne, lignes=_count(trouvees.values()))
                if colonne.type is Type.LISTE:
                    report(regles.LISTE_AMBIGUE)
                else:
                    milliers, decimales = nombre(read_milliers(valeur)), nombre(read_montant(valeur), 3)
                    report(regles.MONTANT_AMBIGU, milliers=milliers, decimales=decimales.rstrip("0").rstrip(","))
                continue
            regle, n_max = (
                (regles.VALEUR_INCONNUE, QUESTIONS_MAX) if colonne.valeurs else (regles.TYPOLOGIE_INCONNUE, MOTS_MAX)
            )
            for valeur, (ligne, n) in islice(trouvees.items(), n_max):
                proches = plus_proches(valeur, colonne.valeurs or TYPOLOGIES, libelles=libelles(nom))
                report(
                    regle,
                    valeur=valeur,
                    ligne=ligne,
                    lignes=effectif(n, "ligne"),
                    proches=", ".join(f"« {say_code(nom, code)} »" for code in proches),
                    exemple=toml(proches[0]),
                )
            if colonne.valeurs and (reste := list(trouvees.values())[QUESTIONS_MAX:]):
                report(regles.VALEURS_INCONNUES, reste=nombre(len(reste)), lignes=_count(reste))


def _count(trouvees: Iterable[list[int]]) -> str:
    return effectif(sum(n for _, n in trouvees), "ligne")


def _say_du_fichier(table: str, colonne: str, dit: str) -> str:
    if dit == SELON_RADIATION:
        return "Une demande est lue RADIEE quand elle porte une date ou un motif de radiation, ACTIVE sinon"
    return f"« {dite(table, colonne)} » est « {dit} » sur toutes les lignes de ce fichier, d’après une réponse gardée"


def _show(brut: str) -> str | None:
    """What the report quotes of a cell; nothing for an empty one."""
    texte = brut.strip() or None
    return texte if texte is None or len(texte) <= VALEUR_MONTREE_MAX else texte[:VALEUR_MONTREE_MAX] + "…"


def _bornes(colonne: Colonne) -> str:
    minimum, maximum = (None if b is None else nombre(b) for b in (colonne.minimum, colonne.maximum))
    if minimum is None:
        return f"au plus {maximum}"
    return f"au moins {minimum}" if maximum is None else f"de {minimum} à {maximum}"

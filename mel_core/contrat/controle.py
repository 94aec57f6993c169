"""The front door: every file goes through `check`, which says everything it found and keeps what can be kept.

References are judged once everything given together has been read (contract §1, Checks): one looks at the rows kept of
the table given with it, else at what the store knows. An unknown quartier, résidence or bailleur keeps its code: the
store reads it as `inconnu`, and a later load of the missing table heals it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat import coherence, correspondances, regles
from mel_core.contrat.colonnes import Colonne, Referentiel, SiInconnue
from mel_core.contrat.correspondances import SANS, Reponses, complete
from mel_core.contrat.entites import Entites
from mel_core.contrat.lecture.brut import Entiers, Illisible, Lot, Masque, en_masque
from mel_core.contrat.lecture.cellules import CODE_INSEE
from mel_core.contrat.lecture.fichiers import Donne, open
from mel_core.contrat.lecture.lecture_table import read_table, refuse
from mel_core.contrat.lecture.table_lue import TableLue, unite
from mel_core.contrat.mapping import ENTRE, Mapping
from mel_core.contrat.rapport import Connues, Jeu, Rapport
from mel_core.contrat.reference import communes
from mel_core.contrat.tables import COMMUNES_ASSOCIEES, TABLES
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.langue import effectif, liste
from mel_core.socle.periodes import Seance

HORS_MEL = "hors_mel"

_REGLES: dict[tuple[Referentiel, SiInconnue], regles.Regle] = {
    (Referentiel.COMMUNES_MEL, SiInconnue.REJET): regles.COMMUNE_REJETEE,
    (Referentiel.COMMUNES_MEL, SiInconnue.HORS_MEL): regles.COMMUNE_HORS_MEL,
    (Referentiel.COMMUNES_MEL, SiInconnue.SIGNALER): regles.COMMUNE_SANS_EFFET,
    (Referentiel.BAILLEURS, SiInconnue.REJET): regles.BAILLEUR_REJETE,
    (Referentiel.BAILLEURS, SiInconnue.INCONNU): regles.BAILLEUR_INCONNU,
    (Referentiel.RESIDENCES, SiInconnue.INCONNU): regles.RESIDENCE_INCONNUE,
    (Referentiel.QUARTIERS, SiInconnue.INCONNU): regles.QUARTIER_INCONNU,
    (Referentiel.DEMANDES, SiInconnue.SIGNALER): regles.DEMANDE_INCONNUE,
}

# What becomes of the rows in place that bear a code once its table has it no more.
_SANS_CODE: dict[str, str] = {
    Referentiel.BAILLEURS: (
        "attributions et résidences gardent leur code sans nom, le bailleur d’un événement est celui de sa résidence, "
        "sinon « inconnu »,"
    ),
    Referentiel.QUARTIERS: "leur quartier se lit comme celui de leur résidence, sinon comme « inconnu »,",
    Referentiel.RESIDENCES: "leur résidence se lit comme « inconnu »",
}
_CODES_DITS = 5


def check_references(lue: TableLue, lues: dict[str, TableLue], connues: Connues, *, rejettent: bool) -> None:
    """Check the references of `lue` that reject a row, or those that do not. The tables that it refers to have already
    been checked."""
    for colonne in lue.table.colonnes:
        if colonne.nom not in lue.presentes or (colonne.si_inconnue is SiInconnue.REJET) != rejettent:
            continue
        if colonne.est_commune:
            _read_communes_associees(lue, colonne)
        if colonne.est_commune and colonne.reference is None:
            _read_illisibles(lue, colonne)
        if colonne.reference is not None:
            _check(lue, colonne, colonne.reference, lues, connues)


def report_codes_disparus(lue: TableLue, remplacees: frozenset[str], connues: Connues) -> None:
    """Say the codes that the table has no more and that rows in place, out of the tables `remplacees`, still bear.

    The store is asked first: what is in use is small beside what a file may hold, of which nothing is copied.
    """
    nom = lue.table.nom
    if not lue.est_lisible or lue.table.cle[0] not in lue.presentes:
        return
    if nom not in _SANS_CODE or nom in connues.completees:
        return
    portes = connues.portes(nom, remplacees)
    if not len(portes):
        return
    codes = lue.donnees[lue.table.cle[0]]
    sont_portes = pc.and_(pc.is_in(codes, value_set=portes), pa.array(lue.gardees))
    restants = codes.filter(sont_portes)
    disparus = portes.filter(pc.invert(pc.is_in(portes, value_set=restants))).to_pylist()
    if disparus:
        reste = len(disparus) - _CODES_DITS
        dits = [*disparus[:_CODES_DITS], *([effectif(reste, "autre")] if reste > 0 else [])]
        lue.constats.report(
            regles.CODE_DISPARU,
            lue.table.cle[0],
            codes=effectif(len(disparus), "code"),
            exemples=liste(dits),
            effet=_SANS_CODE[nom],
        )


def _check(lue: TableLue, colonne: Colonne, cible: Referentiel, lues: dict[str, TableLue], connues: Connues) -> None:
    cellules = _Cellules(lue.donnees[colonne.nom])
    sont_connues = _known(cellules.valeurs, cible, lues, connues)
    if sont_connues is None or sont_connues.all():
        return
    positions = np.flatnonzero(~sont_connues)
    lignes = cellules.lignes[positions]
    if cible.value in TABLES and cible.value not in lues and cible.value not in connues.tables:
        # One sentence for the column says what is missing better than one per row; those that go out are told all the
        # same.
        dites = effectif(np.unique(lignes).size, "ligne")
        lue.constats.report(regles.TABLE_ABSENTE, colonne.nom, cible=cible.value, lignes=dites)
        if colonne.si_inconnue is not SiInconnue.REJET:
            return
    regle = _REGLES[cible, colonne.si_inconnue]
    lue.apply(regle, colonne.nom, lignes, lambda: cellules.textes(positions))
    if colonne.si_inconnue is SiInconnue.HORS_MEL:
        lue.donnees[colonne.nom] = cellules.replace(pc.if_else(pa.array(sont_connues), cellules.valeurs, HORS_MEL))


def _known(valeurs: pa.Array, cible: Referentiel, lues: dict[str, TableLue], connues: Connues) -> Masque | None:
    """Which values are known; nothing when the table given together can't be used, which blocks by itself."""
    donnee = lues.get(cible.value)
    if cible is Referentiel.COMMUNES_MEL:
        connus = pa.array(list(communes()))
    elif donnee is None and cible is Referentiel.DEMANDES:
        distincts = valeurs.dictionary_encode()
        sont_connus = np.array(connues.demandes(distincts.dictionary.to_pylist()), dtype=bool)
        return sont_connus[distincts.indices.to_numpy()]
    elif donnee is None:
        connus = pa.array(sorted(getattr(connues, cible.value)), pa.string())
    else:
        (cle,) = donnee.table.cle
        if not donnee.est_lisible or cle not in donnee.presentes:
            return None
        connus = donnee.donnees[cle].filter(pa.array(donnee.gardees))
        if cible.value in connues.completees:  # the codes in place that a load which adds leaves there
            connus = pa.concat_arrays([connus, pa.array(sorted(getattr(connues, cible.value)), pa.string())])
    return en_masque(pc.is_in(valeurs, value_set=connus))


def _read_communes_associees(lue: TableLue, colonne: Colonne) -> None:
    cellules = _Cellules(lue.donnees[colonne.nom])
    associees = pa.array(list(COMMUNES_ASSOCIEES))
    positions = np.flatnonzero(en_masque(pc.is_in(cellules.valeurs, value_set=associees)))
    if not positions.size:
        return
    valeurs, textes, lignes = cellules.valeurs, cellules.textes(positions), cellules.lignes[positions]
    lue.apply(
        regles.COMMUNE_ASSOCIEE,
        colonne.nom,
        lignes,
        lambda: textes,
        lambda i: {"lue": COMMUNES_ASSOCIEES[textes[i]]},
    )
    for code, lu in COMMUNES_ASSOCIEES.items():
        valeurs = pc.if_else(pc.equal(valeurs, code), lu, valeurs)
    lue.donnees[colonne.nom] = cellules.replace(valeurs)


def _read_illisibles(lue: TableLue, colonne: Colonne) -> None:
    """A commune that is neither a code nor a name is unknown where nothing else says that it is not of the MEL."""
    textes = lue.donnees[colonne.nom]
    sont_codes = pc.fill_null(pc.match_substring_regex(textes, CODE_INSEE), True)
    if pc.all(sont_codes).as_py() is not False:
        return
    lue.apply(regles.COMMUNE_ILLISIBLE, colonne.nom, ~en_masque(sont_codes))
    lue.donnees[colonne.nom] = pc.if_else(sont_codes, textes, pa.scalar(None, pa.string()))


class _Cellules:
    """The values of a column that are not empty, one by one, lists flattened. `lignes`: the row of each."""

    def __init__(self, colonne: pa.Array) -> None:
        self._colonne = colonne
        self.valeurs: pa.Array
        self.lignes: Entiers
        if pa.types.is_list(colonne.type):
            self.valeurs = colonne.flatten()
            self.lignes = pc.list_parent_indices(colonne).to_numpy()
        else:
            self.valeurs = colonne.drop_null()
            self.lignes = np.flatnonzero(colonne.is_valid().to_numpy(zero_copy_only=False))

    def textes(self, positions: Entiers) -> list[str]:
        return self.valeurs.take(pa.array(positions)).to_pylist()

    def replace(self, valeurs: pa.Array) -> pa.Array:
        """The column with other values in the same places; in a list, a value that comes twice is left once."""
        if not pa.types.is_list(self._colonne.type):
            est_remplie = self._colonne.is_valid()
            return pc.replace_with_mask(self._colonne, est_remplie, valeurs)
        codes = valeurs.dictionary_encode().indices.to_numpy()
        uniques = ~pd.DataFrame({"ligne": self.lignes, "code": codes}).duplicated().to_numpy()
        effectifs = np.bincount(self.lignes[uniques], minlength=len(self._colonne))
        bornes = pa.array(np.concatenate([[0], np.cumsum(effectifs)]), pa.int32())
        return pa.ListArray.from_arrays(bornes, valeurs.filter(pa.array(uniques)), mask=self._colonne.is_null())


Progres = Callable[[str, float], None]

_RIEN_DE_CONNU = Connues()
_SANS_MAPPING = Mapping()

# Shares of an import: what comes after the check is the publication.
_DEBUT, _LU, _CONTROLE = 0.02, 0.7, 0.9


def check(
    chemins: Path | Sequence[Donne],
    *,
    mapping: Mapping | None = None,
    reponses: Reponses = SANS,
    connues: Connues = _RIEN_DE_CONNU,
    aujourdhui: date | None = None,
    seance: Seance | None = None,
    progres: Progres | None = None,
) -> Jeu:
    """Read and check what is given: a jeu de données (a folder, a zip of it, a workbook, one table's CSV file), or
    several and files of any name given to a table. The files of one table are read as one.

    `mapping` holds for every file, `reponses` for those of a source, over it. `connues`: what the store knows, for the
    tables that this load does not bring. `aujourdhui`: the day of loading.
    `seance`: the period that bailleurs should have events in. `progres` is told what is under way and the share of an
    import that is done, from 0 to 0.9.
    Raises `AppelIncorrect` when there is nothing at a path, `DonneesRefusees` when no table is there; all the rest,
    unreadable files included, is in the report (contract §1).
    """
    advance = progres or (lambda _phrase, _fraction: None)
    advance("Ouverture du jeu de données", _DEBUT)
    complet = complete(mapping or _SANS_MAPPING)
    with open(chemins, complet) as (trouves, anomalies):
        repondus = (*reponses.mappings, complet)
        noms = correspondances.bailleurs_dits(trouves) | {code: nom for m in repondus for code, nom in m.noms.items()}
        memes_residences = {cle: nom for m in repondus for cle, nom in m.memes.get("residences", {}).items()}
        lots = correspondances.with_bailleurs(trouves, noms, connues)
        lues = _read(lots, complet, reponses, aujourdhui or aujourd_hui(), advance)
    advance("Contrôle des lignes et des références", _LU)
    lisibles = {nom: lue for nom, lue in lues.items() if lue.est_lisible}
    enregistres = correspondances.bailleurs_enregistres(lisibles.get("bailleurs"), connues)
    memes = correspondances.codes_nommes(noms, enregistres)
    for lue in lisibles.values():
        correspondances.unify_bailleurs(lue, memes, enregistres)
    entites = Entites(lues, connues, memes_residences)
    for nom, lue in lisibles.items():
        try:
            _judge(nom, lue, lues, connues, entites)
        except Illisible as trop:
            lues[nom] = refuse(lue.table, lue.constats.fichier, trop)
    entites.ask_sans_commune()
    if "evenements" in lisibles:
        coherence.report_bailleurs_sans_evenement(lisibles, seance)
    advance("Rapport du contrôle", _CONTROLE)
    rapport = Rapport(anomalies=anomalies, proches=entites.proches, bailleurs=dict(enregistres))
    for nom, lue in lues.items():
        siennes = lue.anomalies()
        rapport.anomalies += siennes
        rapport.tables[nom] = lue.bilan(siennes)
        lisibles_de = [partie for partie in lue.parties if partie.source]
        rapport.lots[nom] = lisibles_de[0].fichier if lisibles_de else ""
        rapport.sources |= {partie.fichier: partie.source for partie in lisibles_de}
        rapport.colonnes |= {partie.fichier: partie.colonnes for partie in lisibles_de}
        rapport.sans |= {partie.fichier: partie.sans for partie in lisibles_de}
    tables = {} if rapport.est_bloquant else {nom: lue.keep() for nom, lue in lues.items()}
    declarees = {nom: lue.declarees for nom, lue in lues.items() if lue.declarees}
    if "residences" in lues:
        declarees["residences"] = {
            ENTRE.join(cle): code for cle, code in (connues.numeros | lues["residences"].memes).items()
        }
    return Jeu(tables, {nom: lue.presentes for nom, lue in lues.items()}, rapport, declarees)


def _judge(nom: str, lue: TableLue, lues: dict[str, TableLue], connues: Connues, entites: Entites) -> None:
    entites.place(lue)
    check_references(lue, lues, connues, rejettent=True)
    if nom == "residences":  # another file may say the quartier that one does not
        entites.gather(lue)
        coherence.attach(lue, entites)
    check_references(lue, lues, connues, rejettent=False)
    if nom == "attributions":
        coherence.check_dates_de_bail(lue)
    if nom == "quartiers":
        coherence.gather_quartiers(lue)
    coherence.set_aside_doublons(lue)
    report_codes_disparus(lue, frozenset(lues), connues)
    coherence.report_manques(lue)


def _read(
    lots: list[Lot], mapping: Mapping, reponses: Reponses, aujourdhui: date, advance: Progres
) -> dict[str, TableLue]:
    total = sum(lot.taille for lot in lots) or 1
    avant = 0
    parties: dict[str, list[TableLue]] = {}
    for lot in lots:

        def say(lu: int, lot: Lot = lot, avant: int = avant) -> None:
            advance(f"Lecture de {lot.fichier}", _DEBUT + (_LU - _DEBUT) * min((avant + lu) / total, 1.0))

        parties.setdefault(lot.table, []).append(read_table(lot, mapping, aujourdhui, say, reponses))
        avant += lot.taille
        pa.default_memory_pool().release_unused()  # the texts of a file
    return {nom: unite(lues) for nom, lues in parties.items()}

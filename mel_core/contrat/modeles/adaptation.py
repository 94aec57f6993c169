"""What a model does to what is given: thousands of XML files of the SNE interface, one demande each, become tables;
headers come under the contract's names, and what a file implies is written down.

A lease of the SNE names a dwelling (numeroRpls): RPLS given with it says of which résidence it is. The dwelling itself
is not kept: it would be the household's address.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from mel_core.contrat.correspondances import NUMERO_RPLS, complete, noms, speaks_sne
from mel_core.contrat.lecture.brut import Illisible, LectureTable, Lignes, Lot, mute, table_nommee
from mel_core.contrat.lecture.entete import folds
from mel_core.contrat.lecture.table_lue import Constats
from mel_core.contrat.mapping import RPLS, SNE
from mel_core.contrat.mapping import Mapping as MappingDuContrat
from mel_core.contrat.modeles import rpls
from mel_core.contrat.modeles.sne_demande import Fichier, Ligne, read
from mel_core.contrat.modeles.xml_borne import TAILLE_MAX, Refuse
from mel_core.contrat.reference import fold
from mel_core.contrat.regles import ILLISIBLE
from mel_core.contrat.tables import TABLES
from mel_core.contrat.valeurs import read_date
from mel_core.socle.langue import effectif, nombre

FICHIERS_MAX = 300_000  # of one archive: five times the demandes of the MEL
LIGNES_MAX = 1_000_000  # of all the tables, held together: 1 GB
REFUS_DITS = 100
_TABLES = ("demandes", "evenements", "attributions")

_TROP_DE_LIGNES = (
    f"Les fichiers XML ont plus de {nombre(LIGNES_MAX)} demandes, baux et événements : les donner en plusieurs fois, "
    "ou en tableaux."
)
_HYPOTHESES = (
    "Les noms, dates de naissance, adresses et textes libres n’ont pas été lus ; n_personnes compte le demandeur, ses "
    "cotitulaires et les personnes à charge, sans les enfants à naître ni ceux en garde alternée : vérifier que c’est "
    "l’usage.",
    "Le revenu fiscal est celui de l’année N−2 de tous les titulaires (un montant identique chez un conjoint ou un "
    "pacsé compte une fois), inconnu s’il en manque un ; les ressources mensuelles sont les ressources reçues moins "
    "les pensions versées : le vérifier sur quelques dossiers.",
    "Le motif est le premier donné, le statut est HLM dès que le logement HLM est coché ; l’actif est en emploi ou au "
    'chômage (typeContratTravail) : changer ces lectures dans un mapping qui commence par modele = "sne".',
)
_PLUSIEURS_FOIS = (
    "Des demandes viennent plusieurs fois : l’état du fichier le plus récent est gardé, les autres sont des doublons : "
    "rien à faire."
)
_HYPOTHESES_BAUX = (
    "Un bail n’a pas de numéro dans ces fichiers : id_attribution est fait de sa date et d’un rang parmi ceux du même "
    "bailleur ce jour-là. Il est une mutation si le ménage est déjà logé chez le bailleur, ou en logement HLM ; il est "
    "DALO selon attribueEnComDALO, sinon selon le statut DALO de la demande : le vérifier sur quelques baux."
)


Source = tuple[str, int, Callable[[], BinaryIO]]  # name of an XML file, its size, how it is opened
Bail = tuple[str, str, str]  # bailleur, day of the lease, numéro unique


def lots(sources: list[Source], constats: Constats) -> list[Lot]:
    """The tables that the files make, those without a row left out. Files refused are blocking, each with its name."""
    if not sources:
        return []
    lus = _read_tous(sources, constats)
    if constats.est_bloquant:
        return []
    lus = _sans_supprimees(_du_plus_recent(lus), constats)
    toutes = [ligne for lu in lus for ligne in lu.lignes]
    pleines = {t: lignes for t in _TABLES if (lignes := [ligne for ligne in toutes if ligne.table == t])}
    baux = [ligne.rangee for ligne in pleines.get("attributions", ())]
    cles = [(bail["code_bailleur"], bail["date_bail"], bail["numero_unique"]) for bail in baux]
    for bail, numero in zip(baux, number(cles), strict=True):
        bail["id_attribution"] = numero
    _say(len(sources), sum(lu.est_catalogue for lu in lus), pleines, constats)
    return [
        Lot(table, f"{constats.fichier} › {table}", len(lignes), partial(_read_lot, table, lignes))
        for table, lignes in pleines.items()
    ]


def number(baux: Sequence[Bail]) -> list[str]:
    """A lease of the SNE has no number: one is made, the same at each load, that tells nothing of the household.

    `SNE-2017-09-30-001`: the rank of the household among those that sign with the same bailleur that day. The same
    lease given twice has the same number, as a duplicate must.
    """
    rangs: Counter[tuple[str, str]] = Counter()
    numeros: dict[Bail, str] = {}
    for bail in sorted(set(baux)):
        bailleur, jour, _ = bail
        rangs[bailleur, jour] += 1
        numeros[bail] = f"SNE-{jour}-{rangs[bailleur, jour]:03d}"
    return [numeros[bail] for bail in baux]


def _read_tous(sources: list[Source], constats: Constats) -> list[Fichier]:
    lus: list[Fichier] = []
    refuses = n = 0
    for nom, taille, ouvrir in sources:
        try:
            if taille > TAILLE_MAX:
                raise Refuse(f"dépasse {TAILLE_MAX >> 20} Mo : il porte une demande, vérifier l’export")
            with ouvrir() as fichier:
                lu = read(fichier.read(TAILLE_MAX + 1), nom)
        except Refuse as refus:
            refuses += 1
            if refuses <= REFUS_DITS:
                constats.report(ILLISIBLE, phrase=f"Le fichier « {nom[-120:]} » {refus}.")
            continue
        lus.append(lu)
        n += len(lu.lignes)
        if n > LIGNES_MAX:
            raise Illisible(_TROP_DE_LIGNES)
    if refuses > REFUS_DITS:
        reste = effectif(refuses - REFUS_DITS, "autre fichier est refusé", "autres fichiers sont refusés")
        constats.report(ILLISIBLE, phrase=f"{reste} : vérifier l’export, puis le donner de nouveau.")
    return lus


def _du_plus_recent(lus: list[Fichier]) -> list[Fichier]:
    """When a demande comes several times, its last state comes first: what is kept is what comes first."""
    fois = Counter(numero for lu in lus for numero in lu.demandes)
    if max(fois.values(), default=0) < 2:
        return lus
    return sorted(lus, key=lambda lu: _instant(lu.date), reverse=True)


def _instant(texte: str) -> datetime:
    try:
        instant = datetime.fromisoformat(texte)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _sans_supprimees(lus: list[Fichier], constats: Constats) -> list[Fichier]:
    """Without the demandes whose last file deletes them, whatever the other files say of them."""
    derniers: dict[str, bool] = {}
    for lu in lus:
        for numero in lu.demandes:
            derniers.setdefault(numero, lu.est_suppression)
    supprimees = {numero for numero, est_suppression in derniers.items() if est_suppression}
    restes = [lu for lu in lus if not lu.est_suppression and supprimees.isdisjoint(lu.demandes)]
    if supprimees:
        dites = effectif(len(supprimees), "demande est supprimée", "demandes sont supprimées")
        fichiers = effectif(len(lus) - len(restes), "fichier est mis", "fichiers sont mis")
        constats.note(f"{dites} par un fichier SUP : {fichiers} à part, vérifier si c’est beaucoup.")
    return restes


def _say(n_fichiers: int, n_catalogues: int, tables: dict[str, list[Ligne]], constats: Constats) -> None:
    lignes = ", ".join(f"{table} : {nombre(len(lues))}" for table, lues in tables.items()) or "aucune ligne"
    n = effectif(n_fichiers, "fichier XML du SNE lu", "fichiers XML du SNE lus")
    constats.note(f"{n} ({lignes}) : comparer à ce que l’export annonce.")
    if n_catalogues:
        dits = effectif(n_catalogues, "fichier décrit", "fichiers décrivent")
        constats.note(f"{dits} des types d’événements et non des événements : rien n’en est lu.")
    if demandes := tables.get("demandes"):
        for phrase in _HYPOTHESES:
            constats.note(phrase)
        if len({x.rangee["numero_unique"] for x in demandes}) < len(demandes):
            constats.note(_PLUSIEURS_FOIS)
    if "attributions" in tables:
        constats.note(_HYPOTHESES_BAUX)


def _read_lot(table: str, lignes: list[Ligne], _connus: frozenset[str]) -> LectureTable:
    """The required columns, and the others that at least one file fills: a column that none fills is missing."""
    rangees = [ligne.rangee for ligne in lignes]
    noms = (*TABLES[table].noms, *([NUMERO_RPLS] if table == "attributions" else ()))
    requises = {c.nom for c in TABLES[table].colonnes if c.requise}
    entete = [nom for nom in noms if nom in requises or any(rangee.get(nom) for rangee in rangees)]
    lues = Lignes.of_rangees(entete, rangees, np.arange(1, len(lignes) + 1))
    return LectureTable(entete, 0, lambda _: lues, lieu=lambda n: (lignes[n - 1].fichier, lignes[n - 1].ligne))


_BAUX_NUMEROTES = (
    "La colonne « id_attribution » manque : un bail est numéroté par sa date et un rang parmi ceux du même bailleur ce "
    "jour-là ; l’ajouter à l’export si les baux ont un numéro."
)
_SANS_RPLS = (
    "Le SNE ne dit ni la résidence ni le quartier d’un bail (numeroRpls désigne un logement, il n’est pas gardé) : "
    "donner avec ces fichiers ceux de RPLS (« rpls….csv ») pour les en tirer."
)
_CLE_DE_BAIL = ("code_bailleur", "date_bail", "numero_unique")
_RESIDENCE = "code_residence"
_LOGEMENT = "|".join(map(fold, rpls.CHAMPS["logement"]))
_EST_LOGEMENT = re.compile(f"{_LOGEMENT}|(?:n|no|num|numero|id|ident|identifiant|code)(?:d[eu])?(?:logement|lgt)?rpls")


def table_de(radical: str, modele: str) -> str | None:
    """The table of a file: the one that it is named after; a file of dwellings bears any name."""
    sont_des_logements = modele == RPLS or (modele == SNE and fold(radical).startswith(RPLS))
    return table_nommee(radical) or ("residences" if sont_des_logements else None)


def adapt(lots: list[Lot], mapping: MappingDuContrat) -> list[Lot]:
    """The same tables as the contract reads them; the dwellings of RPLS are one table of résidences."""
    places: dict[str, str] = {}
    logements = [lot for lot in lots if lot.table == "residences" and rpls.is_of_logements(lot, mapping.modele)]
    if logements:
        somme = rpls.lot(logements, complete(replace(mapping, modele=RPLS)), places)
        lots = [somme if lot is logements[0] else lot for lot in lots if lot not in logements[1:]]
    return [replace(lot, read=partial(_read, lot, mapping, places)) for lot in lots]


def _read(lot: Lot, mapping: MappingDuContrat, places: Mapping[str, str], connus: frozenset[str]) -> LectureTable:
    modele, table = mapping.modele, lot.table
    siens = noms(modele, table)
    lecture = lot.read(connus.union(siens))
    est_du_sne = modele == SNE and speaks_sne(lecture.entete)
    lecture = replace(lecture, entete=_rename(lecture, siens))
    if est_du_sne and table == "attributions":
        lecture = _number(lecture)
    if table == "attributions" and (est_du_sne or places):
        lecture = _place(lecture, places, est_du_sne)
    if not modele:
        return lecture
    # Each under the name by which the mapping of the user looks for it, when he gives one that is not there.
    attendus = [mapping.nom_dans_fichier(table, nom) for nom in lecture.entete]
    dits = zip(lecture.entete, attendus, strict=True)
    return replace(lecture, entete=[nom if attendu in lecture.entete else attendu for nom, attendu in dits])


def _rename(lecture: LectureTable, connus: Mapping[str, str]) -> list[str]:
    """A column under the contract's name already is the one, whatever else bears the model's."""
    pris = {fold(nom) for nom in lecture.entete}
    entete = []
    for nom in lecture.entete:
        canonique = next((connus[pli] for pli in folds(nom) if pli in connus), nom)
        if fold(canonique) in pris - {fold(nom)}:
            canonique = nom
        pris.add(fold(canonique))
        entete.append(canonique)
    return entete


def _number(lecture: LectureTable) -> LectureTable:
    """The leases with a number, when they have none."""
    entete = list(lecture.entete)
    if "id_attribution" in entete or not set(_CLE_DE_BAIL) <= set(entete):
        return lecture
    lignes = lecture.read(mute)
    textes = (lignes.colonnes[entete.index(nom)].to_pylist() for nom in _CLE_DE_BAIL)
    baux = [
        (bailleur.strip(), str(read_date(jour.strip()) or jour.strip()), numero.strip())
        for bailleur, jour, numero in zip(*textes, strict=True)
    ]
    return _splice(lecture, lignes, len(entete), 0, {"id_attribution": number(baux)}, _BAUX_NUMEROTES)


def _place(lecture: LectureTable, places: Mapping[str, str], est_du_sne: bool) -> LectureTable:
    """The leases with their résidence in place of their dwelling. `places`: dwelling → résidence."""
    if _RESIDENCE in lecture.entete:
        return lecture
    rang = next((r for r, nom in enumerate(lecture.entete) if _EST_LOGEMENT.fullmatch(folds(nom)[0])), None)
    if rang is None:
        return replace(lecture, dits=(*lecture.dits, _SANS_RPLS)) if est_du_sne else lecture
    lignes = lecture.read(mute)
    if not places:
        return _splice(lecture, lignes, rang, 1, {}, _SANS_RPLS)
    codes = [places.get(texte.strip(), "") for texte in lignes.colonnes[rang].to_pylist()]
    dit = (
        f"{effectif(sum(map(bool, codes)), 'bail a', 'baux ont')} la résidence que RPLS donne à leur logement "
        f"(numeroRpls), sur {nombre(len(codes))}, les autres n’en ont pas : compléter le fichier RPLS."
    )
    return _splice(lecture, lignes, rang, 1, {_RESIDENCE: codes}, dit)


def _splice(
    lecture: LectureTable, lignes: Lignes, rang: int, n_otees: int, mises: Mapping[str, Sequence[str]], dit: str
) -> LectureTable:
    """The same with other columns in place of the `n_otees` that begin at `rang` (their names, their texts), and `dit`
    of it."""

    def put(suite: Sequence[Any], siennes: Sequence[Any]) -> list[Any]:
        return [*suite[:rang], *siennes, *suite[rang + n_otees :]]

    colonnes = put(lignes.colonnes, [pa.array(textes, pa.string()) for textes in mises.values()])
    changees = Lignes(lignes.numeros, colonnes, put(lignes.natifs, [None] * len(mises)) if lignes.natifs else ())
    return replace(lecture, entete=put(lecture.entete, list(mises)), read=lambda _: changees, dits=(*lecture.dits, dit))

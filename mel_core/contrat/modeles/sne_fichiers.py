"""Thousands of XML files of the SNE interface, one demande each, as tables of the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

import numpy as np

from mel_core.contrat.lecture.brut import Illisible, Lecture, Lignes, Lot
from mel_core.contrat.lecture.table_lue import Constats
from mel_core.contrat.modeles.catalogue import NUMERO_RPLS
from mel_core.contrat.modeles.sne_demande import Fichier, Ligne, read
from mel_core.contrat.modeles.xml_borne import TAILLE_MAX, Refuse
from mel_core.contrat.regles import ILLISIBLE
from mel_core.contrat.tables import TABLES
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
        constats.tell(f"{dites} par un fichier SUP : {fichiers} à part, vérifier si c’est beaucoup.")
    return restes


def _say(n_fichiers: int, n_catalogues: int, tables: dict[str, list[Ligne]], constats: Constats) -> None:
    lignes = ", ".join(f"{table} : {nombre(len(lues))}" for table, lues in tables.items()) or "aucune ligne"
    n = effectif(n_fichiers, "fichier XML du SNE lu", "fichiers XML du SNE lus")
    constats.tell(f"{n} ({lignes}) : comparer à ce que l’export annonce.")
    if n_catalogues:
        dits = effectif(n_catalogues, "fichier décrit", "fichiers décrivent")
        constats.tell(f"{dits} des types d’événements et non des événements : rien n’en est lu.")
    if demandes := tables.get("demandes"):
        for phrase in _HYPOTHESES:
            constats.tell(phrase)
        if len({x.rangee["numero_unique"] for x in demandes}) < len(demandes):
            constats.tell(_PLUSIEURS_FOIS)
    if "attributions" in tables:
        constats.tell(_HYPOTHESES_BAUX)


def _read_lot(table: str, lignes: list[Ligne], _connus: frozenset[str]) -> Lecture:
    """The required columns, and the others that at least one file fills: a column that none fills is missing."""
    rangees = [ligne.rangee for ligne in lignes]
    noms = (*TABLES[table].noms, *([NUMERO_RPLS] if table == "attributions" else ()))
    requises = {c.nom for c in TABLES[table].colonnes if c.requise}
    entete = [nom for nom in noms if nom in requises or any(rangee.get(nom) for rangee in rangees)]
    lues = Lignes.of_rangees(entete, rangees, np.arange(1, len(lignes) + 1))
    return Lecture(entete, 0, lambda _: lues, lieu=lambda n: (lignes[n - 1].fichier, lignes[n - 1].ligne))

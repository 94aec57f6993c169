"""Thousands of XML files of the SNE interface, one demande each, as tables of the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from mel_core.contrat.constats_lecture import Constats
from mel_core.contrat.lecture.brut import LIGNES_PAR_MORCEAU, Illisible, Lecture, Lot, Morceau
from mel_core.contrat.modeles.catalogue import NUMERO_RPLS
from mel_core.contrat.modeles.sne_baux import number
from mel_core.contrat.modeles.sne_demande import Fichier, Rangee, read
from mel_core.contrat.modeles.xml_borne import TAILLE_MAX, Refuse
from mel_core.contrat.regles import ILLISIBLE
from mel_core.contrat.tables import TABLES
from mel_core.socle.langue import effectif, nombre

FICHIERS_MAX = 300_000  # of one archive: five times the demandes of the MEL
LIGNES_MAX = 1_000_000  # of all the tables, held together: 1 GB
REFUS_DITS = 100

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
    "DALO selon attribueEnComDALO, sinon selon le statut DALO de la demande : le vérifier sur quelques baux.",
)


@dataclass(frozen=True)
class Source:
    """One XML file to read."""

    nom: str
    taille: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True)
class _Ligne:
    rangee: Rangee
    fichier: str
    ligne: int


def lots(sources: list[Source], constats: Constats) -> list[Lot]:
    """The tables that the files make, those without a row left out. Files refused are blocking, each with its name."""
    if not sources:
        return []
    lus = _read_tous(sources, constats)
    if constats.est_bloquant:
        return []
    lus = _du_plus_recent(lus)
    lus = _sans_supprimees(lus, constats)
    tables: dict[str, list[_Ligne]] = {nom: [] for nom in ("demandes", "evenements", "attributions")}
    for nom, fichier in lus:
        for table in tables:
            tables[table] += [_Ligne(rangee, nom, ligne) for rangee, ligne in getattr(fichier, table)]
    _number_baux(tables["attributions"])
    _say(sources, lus, tables, constats)
    return [_lot(table, lignes, f"{constats.fichier} › {table}") for table, lignes in tables.items() if lignes]


def _read_tous(sources: list[Source], constats: Constats) -> list[tuple[str, Fichier]]:
    lus, refuses, lignes = [], 0, 0
    for source in sources:
        try:
            lu = _read_un(source)
            lus.append((source.nom, lu))
            lignes += len(lu.demandes) + len(lu.evenements) + len(lu.attributions)
            if lignes > LIGNES_MAX:
                raise Illisible(_TROP_DE_LIGNES)
        except Refuse as refus:
            refuses += 1
            if refuses <= REFUS_DITS:
                constats.report(ILLISIBLE, phrase=f"Le fichier « {source.nom[-120:]} » {refus}.")
    if refuses > REFUS_DITS:
        reste = effectif(refuses - REFUS_DITS, "autre fichier est refusé", "autres fichiers sont refusés")
        constats.report(ILLISIBLE, phrase=f"{reste} : vérifier l’export, puis le donner de nouveau.")
    return lus


def _read_un(source: Source) -> Fichier:
    if source.taille > TAILLE_MAX:
        raise Refuse(f"dépasse {TAILLE_MAX >> 20} Mo : il porte une demande, vérifier l’export")
    with source.open() as fichier:
        return read(fichier.read(TAILLE_MAX + 1))


def _du_plus_recent(lus: list[tuple[str, Fichier]]) -> list[tuple[str, Fichier]]:
    """When a demande comes several times, its last state comes first: what is kept is what comes first."""
    fois = Counter(rangee["numero_unique"] for _, fichier in lus for rangee, _ in fichier.demandes)
    if max(fois.values(), default=0) < 2:
        return lus
    return sorted(lus, key=lambda lu: _instant(lu[1].date), reverse=True)


def _instant(texte: str) -> datetime:
    try:
        instant = datetime.fromisoformat(texte)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _sans_supprimees(lus: list[tuple[str, Fichier]], constats: Constats) -> list[tuple[str, Fichier]]:
    """Without the demandes whose last file deletes them, whatever the other files say of them."""
    derniers: dict[str, bool] = {}
    for _, fichier in lus:
        for rangee, _ in fichier.demandes:
            derniers.setdefault(rangee["numero_unique"], fichier.est_suppression)
    supprimees = {numero for numero, est_suppression in derniers.items() if est_suppression}
    restes = [
        (nom, f)
        for nom, f in lus
        if not f.est_suppression and not any(r["numero_unique"] in supprimees for r, _ in f.demandes)
    ]
    if supprimees:
        dites = effectif(len(supprimees), "demande est supprimée", "demandes sont supprimées")
        fichiers = effectif(len(lus) - len(restes), "fichier est mis", "fichiers sont mis")
        constats.tell(f"{dites} par un fichier SUP : {fichiers} à part, vérifier si c’est beaucoup.")
    return restes


def _number_baux(baux: list[_Ligne]) -> None:
    cles = [(b.rangee["code_bailleur"], b.rangee["date_bail"], b.rangee["numero_unique"]) for b in baux]
    for bail, numero in zip(baux, number(cles), strict=True):
        bail.rangee["id_attribution"] = numero


def _say(
    sources: list[Source], lus: list[tuple[str, Fichier]], tables: dict[str, list[_Ligne]], constats: Constats
) -> None:
    lignes = ", ".join(f"{table} : {nombre(len(lues))}" for table, lues in tables.items() if lues) or "aucune ligne"
    n = effectif(len(sources), "fichier XML du SNE lu", "fichiers XML du SNE lus")
    constats.tell(f"{n} ({lignes}) : comparer à ce que l’export annonce.")
    if catalogues := sum(f.est_catalogue for _, f in lus):
        dits = effectif(catalogues, "fichier décrit", "fichiers décrivent")
        constats.tell(f"{dits} des types d’événements et non des événements : rien n’en est lu.")
    if tables["demandes"]:
        for phrase in _HYPOTHESES:
            constats.tell(phrase)
        if len({x.rangee["numero_unique"] for x in tables["demandes"]}) < len(tables["demandes"]):
            constats.tell(_PLUSIEURS_FOIS)
    if tables["attributions"]:
        for phrase in _HYPOTHESES_BAUX:
            constats.tell(phrase)


def _lot(table: str, lignes: list[_Ligne], fichier: str) -> Lot:
    return Lot(table, fichier, len(lignes), partial(_read_lot, table, lignes))


def _read_lot(table: str, lignes: list[_Ligne], _connus: frozenset[str]) -> Lecture:
    """The required columns, and the others that at least one file fills: a column that none fills is missing."""
    requises = {c.nom for c in TABLES[table].colonnes if c.requise}
    noms = (*TABLES[table].noms, *([NUMERO_RPLS] if table == "attributions" else ()))
    entete = [nom for nom in noms if nom in requises or any(x.rangee.get(nom) for x in lignes)]
    return Lecture(entete, 0, _morceaux(lignes, entete), lieu=lambda n: (lignes[n - 1].fichier, lignes[n - 1].ligne))


def _morceaux(lignes: list[_Ligne], entete: list[str]) -> Iterator[Morceau]:
    for debut in range(0, len(lignes), LIGNES_PAR_MORCEAU):
        paquet = lignes[debut : debut + LIGNES_PAR_MORCEAU]
        numeros = np.arange(debut + 1, debut + 1 + len(paquet), dtype=np.int64)
        colonnes = [pa.array([x.rangee.get(nom, "") for x in paquet], pa.string()) for nom in entete]
        yield Morceau(numeros, colonnes, debut + len(paquet))

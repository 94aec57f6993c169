"""Who published which jeu de données, accepted to leave which rows out, or went back to an earlier one: one entry of
the journal each. What was published without an entry (the demonstration) is known by its snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mel_core.contrat.contours import ContoursLus
from mel_core.contrat.rapport import BilanTable
from mel_core.entrepot import Entrepot, Instantane
from mel_core.entrepot.importation import Importation, say_ecartees
from mel_core.journal import Auteur, Fiche, Journal
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance

OBJET = "import"
RIEN = "aucune ligne écartée"
INCONNUES = "lignes écartées inconnues"
RETOUR = (
    "Les écrans reprendront ses chiffres et ses paramètres, chiffre pour chiffre ; les séances gelées ne bougent pas. "
    "Le journal garde ce retour, signé."
)
INCONNU = Auteur("un auteur absent du journal")


@dataclass(frozen=True)
class Publication:
    """What was published, as the journal gives it back. `tables`: the reconciliation of each table that was loaded.
    `seance`: the only one that it serves; empty for all. `est_retour`: an earlier publication, put back.
    `est_au_journal`: what was loaded was written then; otherwise only what was kept is known."""

    fiche: Fiche
    instantane: str
    nature: str
    tables: Mapping[str, BilanTable]
    seance: str = ""
    est_retour: bool = False
    est_au_journal: bool = True

    @property
    def geste(self) -> str:
        if self.est_retour:
            return "remis en service"
        return "approuvé et publié" if any(b.rejetees or b.doublons for b in self.tables.values()) else "publié"

    @property
    def ecartees_dites(self) -> str:
        """`24 doublons et 11 lignes rejetées dans « attributions »`, for each table that lost rows."""
        if not self.est_au_journal:
            return INCONNUES
        dites = [say_ecartees(self.tables, nom) for nom, b in self.tables.items() if b.rejetees or b.doublons]
        return " ; ".join(dites) or RIEN

    def en_clair(self, servi: str = "") -> dict[str, str]:
        """What is read of it, under each heading. `servi`: the snapshot in service."""
        return {
            "Instantané": self.instantane[:12] + (" (en service)" if self.instantane == servi else ""),
            "Quand": langue.instant(self.fiche.instant),
            "Qui": f"{self.geste} par {self.fiche.auteur.dit}",
            "Données": "données fictives" if self.nature == "fictive" else "données réelles",
            "Séance": f"séance {self.seance} seule" if self.seance else "",
            "Lignes gardées": self.gardees_dites,
            "Lignes écartées": self.ecartees_dites,
        }

    def say_retour(self, *, a_change: bool) -> str:
        """What `go_back` to it did."""
        quand = f"du {langue.instant(self.fiche.instant)} ({self.instantane[:12]})"
        suite = "est de nouveau en service" if a_change else "est déjà en service : rien n’a changé"
        return f"La publication {quand} {suite}."

    @property
    def gardees_dites(self) -> str:
        """`attributions 1 204, bailleurs 2`: rows kept, by table."""
        return ", ".join(f"{nom} {langue.nombre(b.gardees)}" for nom, b in self.tables.items())


def record(journal: Journal, importation: Importation, auteur: Auteur) -> Fiche | None:
    """Write who published; None when nothing was. The same person, files and counts again add nothing."""
    instantane = importation.instantane
    if instantane is None:
        return None
    contenu = _contenu(instantane, importation.rapport.tables, seance=importation.seance)
    return _write(journal, contenu, instantane, auteur)


def go_back(entrepot: Entrepot, journal: Journal, debut: str, auteur: Auteur) -> tuple[Publication, bool]:
    """Put back the publication whose snapshot begins by `debut`: its figures to the digit, its parameters too.

    It serves again what it served (one séance, or all those that are not frozen). Returns it and whether anything
    changed. Raises `ErreurUtilisateur` when it is not one publication, or is no longer there.
    """
    voulue = find(entrepot, journal, debut)
    with entrepot.reserve():
        instantane, a_change = entrepot.go_back(
            voulue.instantane, Seance.read(voulue.seance) if voulue.seance else None
        )
    if a_change:
        _write(journal, {**voulue.fiche.contenu, "retour": True}, instantane, auteur)
    return voulue, a_change


def say_contours(lecture: ContoursLus, *, a_change: bool) -> str:
    """What was found in a file of contours, and what publishing them did."""
    dit = "Contours publiés." if a_change else "Ces contours étaient déjà publiés : rien n’a changé."
    return f"{lecture.dite}. {dit}"


def find(entrepot: Entrepot, journal: Journal, debut: str) -> Publication:
    """The latest publication of the snapshot whose identifiant begins by `debut`."""
    toutes = reversed(find_with_snapshots(entrepot, journal))
    trouvees = {p.instantane: p for p in toutes if debut and p.instantane.startswith(debut)}
    if not trouvees:
        raise ErreurUtilisateur(
            f"Aucune publication ne commence par « {debut} » : voir la commande « publications », qui les liste."
        )
    if len(trouvees) > 1:
        raise ErreurUtilisateur(f"Plus d’une publication commence par « {debut} » : en donner plus de signes.")
    return next(iter(trouvees.values()))


def _write(journal: Journal, contenu: Mapping[str, Any], instantane: Instantane, auteur: Auteur) -> Fiche:
    quand = instantane.publie_le.isoformat()
    op_id = journal.op_id_de(OBJET, quand, auteur.nom, auteur.organisation, contenu)
    return journal.write(OBJET, op_id, contenu, auteur, op_id)


def find_all(journal: Journal) -> list[Publication]:
    """Every publication, the latest first; those whose payload was erased say nothing any more and are left out."""
    return [_publication(f) for f in reversed(journal.find_all(OBJET)) if not f.effacee]


def find_with_snapshots(entrepot: Entrepot, journal: Journal) -> list[Publication]:
    """The same, among the snapshots that the store holds and that the journal does not say."""
    ecrites = find_all(journal)
    tues = []
    for i, gardees in entrepot.snapshots(frozenset(p.instantane for p in ecrites)):
        contenu = _contenu(i, {nom: BilanTable(lues=n, gardees=n) for nom, n in gardees.items()}, hors_journal=True)
        tues.append(_publication(Fiche(OBJET, i.identifiant, 1, contenu, INCONNU, i.publie_le, "", 0, "")))
    return sorted([*ecrites, *tues], key=lambda p: p.fiche.instant, reverse=True)


def _contenu(instantane: Instantane, tables: Mapping[str, BilanTable], **autres: Any) -> dict[str, Any]:
    dites = {nom: asdict(bilan) for nom, bilan in tables.items()}
    return {"instantane": instantane.identifiant, "nature": instantane.nature, "tables": dites, "seance": "", **autres}


def _publication(fiche: Fiche) -> Publication:
    return Publication(
        fiche,
        fiche.contenu["instantane"],
        fiche.contenu["nature"],
        {nom: BilanTable(**bilan) for nom, bilan in fiche.contenu["tables"].items()},
        fiche.contenu.get("seance", ""),
        fiche.contenu.get("retour", False),
        not fiche.contenu.get("hors_journal", False),
    )

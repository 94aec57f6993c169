"""Who published which jeu de données, accepted to leave which rows out, or went back to an earlier one: one entry of
the journal each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mel_core.contrat.rapport import BilanTable
from mel_core.entrepot import Entrepot, Instantane
from mel_core.entrepot.importation import Importation, say_ecartees
from mel_core.journal import Auteur, Fiche, Journal
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance

OBJET = "import"
RIEN = "aucune ligne écartée"


@dataclass(frozen=True)
class Publication:
    """What was published, as the journal gives it back. `tables`: the reconciliation of each table that was loaded.
    `seance`: the only one that it serves; empty for all. `est_retour`: an earlier publication, put back."""

    fiche: Fiche
    instantane: str
    nature: str
    tables: Mapping[str, BilanTable]
    seance: str = ""
    est_retour: bool = False

    @property
    def geste(self) -> str:
        if self.est_retour:
            return "remis en service"
        return "approuvé et publié" if any(b.rejetees or b.doublons for b in self.tables.values()) else "publié"

    @property
    def ecartees_dites(self) -> str:
        """`24 doublons et 11 lignes rejetées dans « attributions »`, for each table that lost rows."""
        dites = [say_ecartees(self.tables, nom) for nom, b in self.tables.items() if b.rejetees or b.doublons]
        return " ; ".join(dites) or RIEN

    @property
    def gardees_dites(self) -> str:
        """`attributions 1 204, bailleurs 2`: rows kept, by table."""
        return ", ".join(f"{nom} {langue.nombre(b.gardees)}" for nom, b in self.tables.items())


def record(journal: Journal, importation: Importation, auteur: Auteur) -> Fiche | None:
    """Write who published; None when nothing was. The same person, files and counts again add nothing."""
    instantane = importation.instantane
    if instantane is None:
        return None
    contenu = {
        "instantane": instantane.identifiant,
        "nature": instantane.nature,
        "tables": {nom: asdict(bilan) for nom, bilan in importation.rapport.tables.items()},
        "seance": importation.seance,
    }
    return _write(journal, contenu, instantane, auteur)


def go_back(entrepot: Entrepot, journal: Journal, debut: str, auteur: Auteur) -> tuple[Publication, bool]:
    """Put back the publication whose snapshot begins by `debut`: its figures to the digit, its parameters too.

    It serves again what it served (one séance, or all those that are not frozen). Returns it and whether anything
    changed. Raises `ErreurUtilisateur` when it is not one publication, or is no longer there.
    """
    voulue = find(journal, debut)
    with entrepot.reserve():
        instantane, a_change = entrepot.go_back(
            voulue.instantane, Seance.read(voulue.seance) if voulue.seance else None
        )
    if a_change:
        _write(journal, {**voulue.fiche.contenu, "retour": True}, instantane, auteur)
    return voulue, a_change


def find(journal: Journal, debut: str) -> Publication:
    """The latest publication of the snapshot whose identifiant begins by `debut`."""
    trouvees = {p.instantane: p for p in reversed(find_all(journal)) if debut and p.instantane.startswith(debut)}
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
    fiches = [f for f in journal.find_all(OBJET) if not f.effacee]
    return [
        Publication(
            f,
            f.contenu["instantane"],
            f.contenu["nature"],
            {nom: BilanTable(**bilan) for nom, bilan in f.contenu["tables"].items()},
            f.contenu.get("seance", ""),
            f.contenu.get("retour", False),
        )
        for f in reversed(fiches)
    ]

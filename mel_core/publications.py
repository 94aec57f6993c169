"""Who published which jeu de données, and the rows that they accepted to leave out: one entry of the journal each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from mel_core import langue
from mel_core.contrat.rapport import BilanTable
from mel_core.importation import Importation, dire_ecartees
from mel_core.journal import Auteur, Fiche, Journal

OBJET = "import"
RIEN = "aucune ligne écartée"


@dataclass(frozen=True)
class Publication:
    """What was published, as the journal gives it back. `tables`: the reconciliation of each table that was loaded."""

    fiche: Fiche
    instantane: str
    nature: str
    tables: Mapping[str, BilanTable]

    @property
    def ecartees_dites(self) -> str:
        """`24 doublons et 11 lignes rejetées dans « attributions »`, for each table that lost rows."""
        dites = [dire_ecartees(self.tables, nom) for nom, b in self.tables.items() if b.rejetees or b.doublons]
        return " ; ".join(dites) or RIEN

    @property
    def gardees_dites(self) -> str:
        """`attributions 1 204, bailleurs 2`: rows kept, by table."""
        return ", ".join(f"{nom} {langue.nombre(b.gardees)}" for nom, b in self.tables.items())


def noter(journal: Journal, importation: Importation, auteur: Auteur) -> Fiche | None:
    """Write who published; None when nothing was. The same person, files and counts again add nothing."""
    instantane = importation.instantane
    if instantane is None:
        return None
    contenu = {
        "instantane": instantane.identifiant,
        "nature": instantane.nature,
        "tables": {nom: asdict(bilan) for nom, bilan in importation.rapport.tables.items()},
    }
    quand = instantane.publie_le.isoformat()
    op_id = journal.op_id_de(OBJET, quand, auteur.nom, auteur.organisation, contenu)
    return journal.ecrire(OBJET, op_id, contenu, auteur, op_id)


def lister(journal: Journal) -> list[Publication]:
    """Every publication, the latest first; those whose payload was erased say nothing any more and are left out."""
    fiches = [f for f in journal.lister(OBJET) if not f.effacee]
    return [
        Publication(
            f,
            f.contenu["instantane"],
            f.contenu["nature"],
            {nom: BilanTable(**bilan) for nom, bilan in f.contenu["tables"].items()},
        )
        for f in reversed(fiches)
    ]

"""The fictitious séances of the demonstration (`data/demo/seances.toml`): one held, one to prepare, in each ICI.

They go to the journal by the same functions as what the room types, so that a rehearsal begins where a real ICI does:
decisions and engagements that come back with their result, blocages on the agenda, others to sort.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from mel_core.demo import reglages_demo
from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import blocages, decisions, presences
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinSegment
from mel_core.seance.engagements import cohortes
from mel_core.seance.engagements import engagement_pris as engagements
from mel_core.seance.preuves import ProfilBlocage, Secteur
from mel_core.seance.verdict import Direction
from mel_core.segments import Criteres, find_all
from mel_core.simulation.engagement import calcul_engagement, situation
from mel_core.simulation.engagement.calcul_engagement import ScenarioEngagement
from mel_core.socle.periodes import Seance, step_back

FICHIER = reglages_demo.DOSSIER / "seances.toml"
INSTITUTIONS = ("MEL", "DDTM", "AR-Habitat", "Action Logement")


@dataclass(frozen=True)
class _Salle:
    """Where one séance of one ICI is written. `noms`: communes and bailleurs by code."""

    entrepot: Entrepot
    journal: Journal
    seance: Seance
    ici: str
    noms: Mapping[str, str]
    auteur: str

    def signe(self, organisation: str) -> Auteur:
        return Auteur(self.auteur, organisation)

    def nom(self, *termes: Any) -> str:
        """The identifier, or the `op_id`, of what is known by `termes`: written once, however often it is played."""
        return self.journal.op_id_de("repetition", self.seance, self.ici, *termes)


def rehearse(
    entrepot: Entrepot, journal: Journal, fichier: Path = FICHIER, derniere: Seance = reglages_demo.DU_SUPPORT
) -> int:
    """Write the séances of `fichier`; how many entries the journal gained (0 when they were there already).

    They are told for data that end at the deck's séance: for another `derniere`, each is as many semesters later. The
    store must serve the demonstration data. Raises `AppelIncorrect` for a séance that the product would refuse.
    """
    apres = derniere.rang - reglages_demo.DU_SUPPORT.rang
    recit = tomllib.loads(fichier.read_text(encoding="utf-8"), parse_float=Fraction)
    avant = len(journal.ecritures())
    for c in recit["seances"]:
        seance = Seance.de_rang(Seance.read(c["seance"]).rang + apres)
        with entrepot.open(Portee.mel(), seance) as lecteur:
            communes, bailleurs = perimetre.communes(lecteur), perimetre.bailleurs(lecteur)
        noms = dict(zip(communes["commune"], communes["nom"], strict=True))
        noms |= dict(zip(bailleurs["bailleur"], bailleurs["nom"], strict=True))
        salle = _Salle(entrepot, journal, seance, c["ici"], noms, recit["auteur"])
        _write_blocages(salle, c.get("blocages", ()), apres)
        for engagement in c.get("engagements", ()):
            _commit(salle, engagement)
        for rang, pratique in enumerate(c.get("pratiques", ())):
            _record(salle, pratique, rang)
    return len(journal.ecritures()) - avant


def _write_blocages(salle: _Salle, recits: list[dict[str, Any]], apres: int) -> None:
    """The blocages: reported (they last since as many semesters later), kept in their order unless they are still to
    sort, decided where a decision is told."""
    retenus = []
    for rang, recit in enumerate(recits):
        identifiant, organisation = salle.nom("blocage", rang), recit["organisation"]
        blocage = blocages.Blocage(
            salle.seance,
            organisation,
            Secteur(salle.ici, tuple(recit["communes"])),
            recit["constat"],
            ProfilBlocage(**recit.get("profil", {})),
            step_back(recit["depuis"], -6 * apres) if "depuis" in recit else None,
            recit.get("tente", ""),
            dit="" if recit.get("a_trier") else recit["constat"],
        )
        fiche = blocages.report(
            salle.journal,
            blocage,
            salle.signe(organisation),
            identifiant=identifiant,
            op_id=salle.nom("signaler", rang),
        )
        if not recit.get("a_trier"):
            retenus.append(blocages.retain(salle.journal, fiche, salle.signe("MEL"), salle.nom("retenir", rang)))
        if "decision" in recit:
            _decide(salle, identifiant, recit, apres)
    blocages.order(salle.journal, retenus, salle.signe("MEL"), salle.nom("ordonner"))


def _decide(salle: _Salle, blocage: str, recit: dict[str, Any], apres: int) -> None:
    responsable, reserve = recit["responsable"], recit.get("reserve", ())
    positions = dict.fromkeys((*INSTITUTIONS, recit["organisation"], responsable), decisions.Position.ACTE)
    decision = decisions.Decision(
        salle.seance,
        salle.ici,
        recit["decision"],
        salle.noms.get(responsable, responsable),
        engagements.echeance_de(salle.seance),
        blocage=blocage,
        positions=positions | dict.fromkeys(reserve, decisions.Position.RESERVE),
    )
    if "temoin" in recit:
        sens = Direction(recit["sens"]) if "sens" in recit else None
        cible = recit.get("cible_d_aujourd_hui", recit["cible"]) if apres else recit["cible"]
        decision = decisions.avec_temoin(decision, _temoin(recit["temoin"]), Fraction(cible), salle.entrepot, sens)
    decisions.act(
        salle.journal,
        decision,
        salle.signe("MEL"),
        identifiant=decisions.identifiant_de(salle.journal, blocage),
        op_id=salle.nom("acter", blocage),
    )


def _temoin(recit: dict[str, Any]) -> TemoinIndicateur | TemoinSegment:
    reste = {cle: valeur for cle, valeur in recit.items() if cle not in ("indicateur", "segment")}
    if "segment" in recit:
        return TemoinSegment(recit["segment"], **reste)
    return TemoinIndicateur(recit["indicateur"], **reste)


def _commit(salle: _Salle, recit: dict[str, Any]) -> None:
    """A share of the expected flow, shared out in proportion to it."""
    segment, criteres = recit["segment"], Criteres(salle.seance.fin)
    with (
        salle.entrepot.open(Portee.ici(salle.ici), salle.seance) as lecteur,
        salle.entrepot.open(Portee.mel(), salle.seance) as metropole,
    ):
        lue = situation.read(lecteur, segment, criteres, metropole)
        figee = cohortes.pin(find_all(lecteur, segment, criteres))
        millesime = lecteur.instantane.identifiant
    scenario = ScenarioEngagement(lue.n, lue.flux, part=Fraction(recit["part"]))
    servis = calcul_engagement.share_by_place(lue.cellules, scenario.servis)
    engagements.act(
        salle.journal,
        salle.entrepot.dossier,
        engagements.Engagement(
            segment,
            criteres,
            salle.seance,
            salle.ici,
            scenario.servis,
            lue.flux,
            len(figee),
            engagements.echeance_de(salle.seance),
            millesime,
            part=scenario.part,
            par_commune=servis["commune"],
            par_bailleur=servis["bailleur"],
        ),
        figee,
        salle.signe("MEL"),
        identifiant=engagements.identifiant_de(salle.journal, salle.seance, salle.ici, segment, criteres),
        op_id=salle.nom("engagement", segment),
    )


def _record(salle: _Salle, recit: dict[str, Any], rang: int) -> None:
    pratique = presences.Pratique.depuis({**recit, "seance": str(salle.seance), "ici": salle.ici})
    presences.record_pratique(
        salle.journal,
        pratique,
        salle.signe(recit["organisation"]),
        identifiant=salle.nom("pratique", rang),
        op_id=salle.nom("noter", rang),
    )

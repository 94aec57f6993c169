"""The evidence that the application gathers by itself for a blocage: sector and profile, set against ICI and MEL;
what each of its measures is called, and what it counts, over what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.entrepot.lecteur import Portee, TypePortee
from mel_core.indicateurs.comptage import duree
from mel_core.indicateurs.manques import arrets
from mel_core.seance.preuves import constats
from mel_core.seance.preuves.constats import Preuve
from mel_core.seance.preuves.secteur import TOUS_PROFILS, Comptes, LieuDuSecteur, ProfilBlocage, Secteur, Trou, reserves
from mel_core.segments.compilation import Criteres, Requete
from mel_core.socle import langue
from mel_core.socle.periodes import Periode, step_back
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "preuves.sql")
MOIS_ATTENTE = 24  # what the finding « attente » says
_COMPTES_PASSAGES = ("n", "n_decisions", "n_non_attribues", "n_refus", "n_rang_1", "n_rang_1_refuses", "n_sans_lieu")


@dataclass(frozen=True)
class DossierPreuves:
    """What is known of a sector and profile over a period. A value that is not known is None, never 0.

    `motifs_refus`: one row per code, `n`, `part` in the sector, `part_ici`, `part_mel` (empty: unknown); most frequent
    first. All exact: what is read of them is rendered for who reads.
    """

    periode: Periode
    constats: tuple[Preuve, ...]
    motifs_refus: pd.DataFrame
    comptes: Comptes
    lieu: LieuDuSecteur

    def constat(self, mesure: str) -> Preuve:
        return next(c for c in self.constats if c.mesure == mesure)

    def reserves(self) -> tuple[str, ...]:
        """What the figures leave out, in French sentences."""
        return reserves(self.comptes, self.lieu)


def gather(lecteur: Lecteur, periode: Periode, secteur: Secteur, profil: ProfilBlocage | None = None) -> DossierPreuves:
    """Gather the evidence over `periode` (12 months up to a séance's end); the demand is that of its last day.

    Raises `AppelIncorrect` when the sector names an unknown code, or one of another ICI.
    """
    profil = profil or ProfilBlocage()
    perimetre = lecteur.query(_SQL["perimetre"])
    lieu = LieuDuSecteur.de(perimetre, secteur, profil)
    ou = {
        "ici": secteur.ici,
        "entiere": secteur.est_entiere,
        **{c: list(getattr(secteur, c)) for c in ("communes", "quartiers", "residences")},
    }
    qui = {c: getattr(profil, c) for c in ("typologie", "ressources", "acces", "label")}
    quand = {"debut": periode.debut, "fin": periode.fin}
    requete = Requete(lecteur, Criteres(periode.fin))
    requete.link(
        **ou, **qui, **quand, avant=step_back(periode.fin, MOIS_ATTENTE), communes_du_secteur=list(lieu.communes)
    )
    lus = {
        "attributions": lecteur.query(_SQL["attributions"], **ou, **qui, **quand),
        "demandes": requete.ask(_SQL["demandes"]),
        "stock": lecteur.query(_SQL["stock"], **ou),
    }
    contingents = lecteur.query(_SQL["contingents"], **ou, **qui, **quand)
    passages = requete.ask(_SQL["passages"])
    voient_refus = lecteur.portee.type is not TypePortee.BAILLEUR
    comptes = Comptes(
        {nom: _par_cercle(frame) for nom, frame in lus.items()} | {"passages": _sum_up(passages)},
        _cercles_vus(lecteur.portee, secteur),
        voient_refus,
        Trou.de(periode, lecteur.query(_SQL["derniere_connue"])["jour"].iloc[0]),
        {"attributions": duree(lecteur, periode), "passages": duree(lecteur, periode, "evenements")},
        arrets(lecteur, periode.fin),
    )
    siens = passages[passages["est_profil"].eq(True).fillna(False)]
    refuses = siens if voient_refus and not comptes.sont_effaces else siens[:0]
    return DossierPreuves(
        periode,
        constats.draw_up(comptes, lieu, contingents),
        _motifs(refuses, comptes.cercles),
        comptes,
        lieu,
    )


def _cercles_vus(portee: Portee, secteur: Secteur) -> frozenset[str]:
    """Circles that the reader sees whole: a share of part of the Métropole is not that of the Métropole."""
    if portee.type is TypePortee.MEL:
        return frozenset({"ici", "mel"})
    return frozenset({"ici"}) if portee == Portee.ici(secteur.ici) else frozenset()


def _par_cercle(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {str(x.pop("cercle")): x for x in frame.to_dict("records")}


def _sum_up(passages: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Counts of each circle among those of the profile, and `n_inconnus`."""
    connus = passages["est_profil"].eq(True).fillna(False)
    sommes = passages[connus].groupby("cercle")[list(_COMPTES_PASSAGES)].sum()
    inconnus = passages[~connus].groupby("cercle")["n"].sum().rename("n_inconnus")
    frame = sommes.join(inconnus, how="outer").fillna(0).astype("int64")
    return {str(cercle): dict(x) for cercle, x in zip(frame.index, frame.to_dict("records"), strict=True)}


def _motifs(refuses: pd.DataFrame, cercles: frozenset[str]) -> pd.DataFrame:
    """One row per motif found in the sector: its count and its share of the circle's, most frequent first."""
    comptes = refuses.dropna(subset=["motif_refus"]).groupby(["cercle", "motif_refus"])["n_refus"].sum()

    def du(cercle: str) -> pd.Series:
        presents = comptes.index.get_level_values("cercle") == cercle
        return comptes[presents].droplevel("cercle")

    siens = du("secteur").rename("n").rename_axis("code")
    frame = siens.to_frame().assign(part=siens / siens.sum())
    for cercle in ("ici", "mel"):
        total = du(cercle)
        frame[f"part_{cercle}"] = total / total.sum() if cercle in cercles else None
    return frame.reset_index().sort_values(["n", "code"], ascending=[False, True], ignore_index=True)


class MesurePreuve(NamedTuple):
    """`compte`: what is counted, or worked out; `sur`: of what it is a share (empty: it is none)."""

    titre: str
    compte: str
    sur: str = ""

    @property
    def definition(self) -> str:
        return f"{self.compte}, sur : {self.sur}" if self.sur else self.compte


MESURES = {
    "demande": MesurePreuve("Demandes", "demandes actives au dernier jour, qui souhaitent une commune du secteur"),
    "attente": MesurePreuve(
        "Plus de 24 mois sans proposition",
        "celles de plus de 24 mois sans proposition enregistrée",
        "demandes actives du profil, qui souhaitent une commune du secteur",
    ),
    "flux": MesurePreuve("Attributions de la période", "attributions (baux signés) dans le secteur"),
    "tension": MesurePreuve(
        "Demandes pour une attribution, par commune",
        "demandes actives, comptées dans chaque commune souhaitée",
        "attributions de la période",
    ),
    "passages": MesurePreuve("Passages en commission", "passages de candidats en commission d’attribution"),
    "refus_rang_1": MesurePreuve(
        "Premiers rangs refusés",
        "premiers rangs suivis d’un refus du demandeur dans les 60 jours, sur la même résidence (à défaut le même "
        "bailleur)",
        "candidats attribués au rang 1",
    ),
    "non_attribution": MesurePreuve(
        "Non-attributions en commission",
        "passages finis en non-attribution",
        "passages dont la décision est connue",
    ),
    "vacance": MesurePreuve("Logements vacants", "logements vacants", "logements dont la vacance est connue"),
    "vacance_3_mois": MesurePreuve(
        "Vacants depuis plus de 3 mois",
        "logements vacants depuis plus de 3 mois",
        "logements dont la durée de vacance est connue",
    ),
    "delai": MesurePreuve("Délai médian des logés", "médiane, du dépôt de la demande au bail, des attributions datées"),
    "anciennete": MesurePreuve("Ancienneté médiane des demandes", "médiane de l’ancienneté des demandes actives"),
    "contingent": MesurePreuve(
        "Premier contingent", "attributions du premier réservataire", "attributions du secteur et du profil"
    ),
}


def titre(constat: Preuve) -> str:
    """The measure, how much of the period it covers when that is not all, and whose it is when it belongs to one: of a
    few households, a room is not told."""
    dit = constat.read("secteur")
    quoi = constat.quoi if dit is not None and not dit.total.est_tu else ""
    nom = MESURES[constat.mesure].titre + ("" if constat.est_du_profil else TOUS_PROFILS)
    if not constat.duree.est_entiere:
        nom += f", {constat.duree}"
    if constat.arrets:
        nom += f", données au {langue.jour(min(jour for _, jour in constat.arrets))}"
    return langue.typeset(f"{nom} : {quoi}") if quoi else nom

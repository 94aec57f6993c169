"""An engagement acted in séance: for a segment, how many households housed by the next, kept in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from mel_core.journal import Auteur, Fiche, Inscrit, Journal, Perime
from mel_core.seance.engagements import conservation
from mel_core.segments import SEGMENTS, Criteres, SegmentLibre
from mel_core.segments.regles_segments import titre_de
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

OBJET = "engagement"
METROPOLE = ""
LIBRE = "libre"


@dataclass(frozen=True)
class Engagement(Inscrit):
    """What was acted: `nombre` households housed by `echeance`, of `segment` (of the contract, or LIBRE and its
    conditions in `libre`).

    `part`: when it was set as a share of `flux`, the attributions expected by then. `effectif`: households in the
    frozen `cohorte` (a name, see `conservation`), on the reference date of `criteres`. `millesime`: the snapshot it was
    read in. `ici` is empty for the whole Métropole. `par_commune`, `par_bailleur`: how the number is shared out, each
    adding up to it. `deja`: what the flow gave the segment already that day; None: unknown.
    """

    segment: str
    criteres: Criteres
    seance: Seance
    ici: str
    nombre: int
    flux: int
    effectif: int
    echeance: date
    millesime: str
    cohorte: str = ""
    part: Fraction | None = None
    par_commune: Mapping[str, int] = field(default_factory=dict)
    par_bailleur: Mapping[str, int] = field(default_factory=dict)
    libre: SegmentLibre | None = None
    deja: int | None = None

    def __post_init__(self) -> None:
        if self.segment not in SEGMENTS and (self.segment != LIBRE or self.libre is None):
            raise AppelIncorrect(f"Le segment « {self.segment} » n’existe pas : choisir parmi {', '.join(SEGMENTS)}.")
        if self.nombre < 1:
            raise AppelIncorrect("Un engagement porte sur au moins un ménage : déplacer le curseur, puis acter.")
        if self.nombre > min(self.flux, self.effectif):
            raise AppelIncorrect(
                f"L’engagement de {langue.effectif(self.nombre, 'ménage')} dépasse ce qui est possible "
                f"({langue.effectif(self.flux, 'attribution attendue', 'attributions attendues')}, "
                f"{langue.effectif(self.effectif, 'ménage')} dans le segment) : réduire le nombre."
            )
        if self.echeance <= self.criteres.jour:
            raise AppelIncorrect("L’échéance précède la date de référence : choisir une date qui la suit.")
        for nom, parts in (("commune", self.par_commune), ("bailleur", self.par_bailleur)):
            if parts and sum(parts.values()) != self.nombre:
                raise AppelIncorrect(
                    f"La répartition par {nom} ne fait pas {langue.effectif(self.nombre, 'ménage')} : la corriger."
                )

    @property
    def quoi(self) -> str | SegmentLibre:
        """What `mel_core.segments` counts and lists."""
        return self.libre if self.libre is not None else self.segment

    def titre(self, bailleurs: Mapping[str, str]) -> str:
        """The segment that it is about, as it is said. `bailleurs`: names by code."""
        if self.libre is not None:
            return f"Segment libre : {self.libre.phrase(bailleurs)}"
        return titre_de(self.segment, self.criteres.mois, self.criteres.n_min, self.criteres.fenetre)

    def say(self, bailleurs: Mapping[str, str]) -> str:
        """What it binds to, by when, since which séance."""
        menages = langue.effectif(self.nombre, "ménage relogé", "ménages relogés")
        quand = f"d’ici le {langue.jour(self.echeance)} (engagement acté en séance {self.seance})"
        return f"{self.titre(bailleurs)} : {menages} {quand}"


def say_acte(fiche: Fiche) -> str:
    """What was acted already, by whom and when."""
    engagement, auteur = Engagement.depuis(fiche), fiche.auteur
    qui = f"{auteur.nom} ({auteur.organisation})" if auteur.nom and auteur.organisation else ""
    return (
        f"Acté : {langue.effectif(engagement.nombre, 'ménage')} d’ici le {langue.jour(engagement.echeance)}, par "
        f"{qui or auteur.nom or auteur.organisation or 'un co-pilote'}, {langue.instant(fiche.instant)}."
    )


def echeance_de(seance: Seance) -> date:
    """The next ICI: the end of the semester that follows."""
    return seance.suivante.fin


def identifiant_de(
    journal: Journal, seance: Seance, ici: str, segment: str, criteres: Criteres, libre: str = ""
) -> str:
    """One engagement for a segment with its steps (`libre`: the conditions of a free one), in a séance and an ICI."""
    c = criteres
    return journal.op_id_de(OBJET, str(seance), ici, segment, libre, c.mois, c.n_min, c.fenetre)


def act(
    journal: Journal,
    dossier: Path,
    engagement: Engagement,
    cohorte: pd.DataFrame,
    auteur: Auteur,
    *,
    identifiant: str,
    op_id: str,
    version_vue: int = 0,
) -> Fiche:
    """Freeze `cohorte` (see `cohorte.pin`) in the store folder, then write the engagement that names it.

    Durable when it returns. The same `op_id` again gives the same entry, and leaves no second list behind.
    Raises `Perime` when somebody else changed it meanwhile: both texts are kept, and the list of each.
    """
    if len(cohorte) != engagement.effectif:
        raise AppelIncorrect(
            "La liste du segment a changé depuis qu’elle est à l’écran : recharger la page, puis acter."
        )
    nom = conservation.keep(dossier, cohorte)
    try:
        fiche = journal.write(
            OBJET,
            identifiant,
            replace(engagement, cohorte=nom).contenu(),
            auteur,
            op_id=op_id,
            version_vue=version_vue,
            tires=("cohorte",),
        )
    except Perime:
        raise
    except BaseException:
        conservation.withdraw(dossier, nom)
        raise
    if fiche.contenu.get("cohorte") != nom:
        conservation.withdraw(dossier, nom)
    return fiche


def find_all(journal: Journal, **filtres: Any) -> list[tuple[Fiche, Engagement]]:
    """The engagements in force, oldest first, with their entry. `filtres`: `seance` and `ici`, as text."""
    return Engagement.find_all(journal, OBJET, **filtres)

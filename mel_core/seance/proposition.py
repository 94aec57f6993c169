"""What the data and the agenda propose that a séance shows, and what was prepared (see `sequence`): the same messages
on the screens and in the documents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import pandas as pd

from mel_core.indicateurs.catalogue import ACI, EQUILIBRE, INDICATEURS, MESURES
from mel_core.indicateurs.definitions import CARTE, COUPES_DITES, LEVIER, SEANCES
from mel_core.indicateurs.phrases_constats import duree_de
from mel_core.journal import Journal
from mel_core.seance import sequence
from mel_core.seance.coordination import blocages
from mel_core.seance.engagements.engagement_pris import find_all
from mel_core.seance.sequence import LigneDuBilan, Message
from mel_core.segments import titre_de
from mel_core.segments.listes import suites
from mel_core.segments.listes.causes import Notees
from mel_core.socle.periodes import Seance

FONCTIONNE = "fonctionne"  # the item of 10h30 that is always there
QUARTIER = "quartier"
# The pictures that the day shows one after the other, where it is not the first of the measure alone.
VUES_DU_BILAN = {
    EQUILIBRE: ("fragilite", QUARTIER, "commune", "bailleur", CARTE, LEVIER),
    ACI: ("commune", "bailleur", CARTE, LEVIER),
    "npru": (SEANCES,),  # by place a room is told one bar
    "autres_en_qpv": ("bailleur",),  # few communes have a QPV
}
OBLIGATOIRES = tuple(code for code, mesure in MESURES.items() if mesure.est_obligatoire)
# The two rulers of the law, where the thresholds of the year are known.
DE_LA_LOI = tuple(nom for nom, indicateur in INDICATEURS.items() if indicateur.depend_du_seuil)
SEGMENTS = ("attente_24", "attente_36", "poulidor", "mutations_bloquees_en_attente", "aci_en_attente")
ENGAGEMENTS = "engagements"  # of 13h30: empty where none was acted
VUES = {
    ENGAGEMENTS: "Engagements",
    "preconisations": "Préconisations",
    "mutations": "Mutations bloquées, par commune",
    "offre": "Offre et demande",
    "qpv": "Peuplement des QPV",
}
D_UNE_ICI = ("offre",)  # of these views: read ICI by ICI

# The cells of an indicator by these cuts over the year of a séance, as they are read.
LireCellules = Callable[[str, tuple[str, ...]], pd.DataFrame]


def identifiant(seance: Seance, ici: str) -> str:
    """Of a sequence, in the journal."""
    return f"{seance} {ici}"


def gather(dites: LireCellules, avant: LireCellules | None) -> tuple[LigneDuBilan, ...]:
    """Every line of the bilan at a séance, and at the one before (None: there are no data of it)."""
    return tuple(
        LigneDuBilan.de(code, mesure.titre, _ligne(dites, code), _ligne(avant, code) if avant else None)
        for code, mesure in MESURES.items()
    )


def _ligne(dites: LireCellules, code: str) -> pd.Series | None:
    """The line that sums a line of the bilan up for a room: the cell that it is about; of `equilibre`, that of the
    quartiers fragiles, where the deck's objective is the hardest. None when part of the year is not covered."""
    mesure = MESURES[code]
    indicateur = mesure.indicateur_de_synthese
    cellule = mesure.cellule if mesure.cellule_dite else None
    if indicateur == EQUILIBRE:
        cellule = ("fragilite", "fragile")
    lignes = dites(indicateur, cellule[:1] if cellule else ())
    if cellule:
        lignes = lignes[lignes[cellule[0]] == cellule[1]]
    if lignes.empty:
        return None
    return lignes.iloc[0] if duree_de(lignes).est_entiere else None


def find_ecrits(
    journal: Journal, seance: Seance, ici: str | None, read_notees: Callable[[str], Notees]
) -> frozenset[str]:
    """What only the journal gives something to say of: ENGAGEMENTS, the segments of which the lists say causes.
    `read_notees`: what is noted of one there, asked of those whose list says some."""
    notees = journal.find_all(suites.OBJET, seance=str(seance))
    listes = {f.contenu["segment"] for f in notees if f.contenu.get("cause")}
    a_des_engagements = any(e.seance <= seance for _, e in find_all(journal, ici=ici or ""))
    dits = [s for s in SEGMENTS if titre_de(s) in listes and read_notees(s).est_projetable]
    return frozenset([ENGAGEMENTS] * a_des_engagements + dits)


def propose(
    ici: str | None,
    constats: tuple[LigneDuBilan, ...],
    points: Mapping[str, str],
    avant_dit: str,
    *,
    ecrits: Collection[str],
    par_quartier: bool,
) -> tuple[Message, ...]:
    """What the data propose; 10h30 and 9h00 are held by an ICI alone. `points`: see `name_points`; `ecrits`: see
    `find_ecrits`; `par_quartier`: see `quartiers.sont_juges`."""
    sans = () if ici else D_UNE_ICI
    if ENGAGEMENTS not in ecrits:
        sans = (*sans, ENGAGEMENTS)
    vues = {vue: titre for vue, titre in VUES.items() if vue not in sans}
    bilans = {
        code: {vue: COUPES_DITES[vue][0] for vue in siennes if vue != QUARTIER or par_quartier}
        for code, siennes in VUES_DU_BILAN.items()
    }
    obligatoires = (*OBLIGATOIRES, *(c.code for c in constats if c.code in DE_LA_LOI and c.part is not None))
    segments = {s: titre_de(s) for s in SEGMENTS}
    proposes = sequence.propose(constats, obligatoires, bilans, points, segments, vues, avant_dit, ecrits)
    return proposes if ici else tuple(m for m in proposes if m.page in ("bilan", "orientations"))


def name_points(journal: Journal, seance: Seance, ici: str, say: Callable[[blocages.Blocage], str]) -> dict[str, str]:
    """The items of 10h30, as they are named (`say`)."""
    retenus = blocages.ordre_du_jour(blocages.find_all(journal, seance=str(seance), ici=ici))
    return {**{fiche.identifiant: say(b) for (fiche, b), _ in retenus}, FONCTIONNE: "Ce qui fonctionne"}


def read(
    journal: Journal, identifiant: str, proposes: tuple[Message, ...], points: Mapping[str, str]
) -> tuple[Message, ...]:
    """The sequence that was prepared, else the one that is proposed. An item that left the agenda, or a séance without
    ICI, has no message any more."""
    fiche = journal.read(sequence.OBJET, identifiant)
    if fiche is None or fiche.effacee or not fiche.contenu.get("messages"):
        return proposes
    return tuple(
        m
        for m in sequence.read(fiche.contenu, proposes)
        if m.page != "coordination" or m.parametres.get("point", FONCTIONNE) in points
    )

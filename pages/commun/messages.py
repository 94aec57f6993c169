"""The messages of an ICI's séance: those that were prepared, else those that its data propose."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from mel_core.indicateurs.catalogue import ACI, EQUILIBRE, INDICATEURS, MESURES
from mel_core.indicateurs.definitions import CARTE, COUPES_DITES, LEVIER, SEANCES
from mel_core.indicateurs.phrases_constats import duree_de
from mel_core.seance import sequence
from mel_core.seance.coordination import blocages
from mel_core.seance.engagements.engagement_pris import find_all
from mel_core.seance.sequence import LigneDuBilan, Message
from mel_core.secret.bail import SALLE, lease
from mel_core.segments import SEGMENTS as TOUS_SEGMENTS
from mel_core.segments import titre_de
from mel_core.simulation.scenarios import MOTEURS
from mel_core.socle.periodes import Seance
from pages.commun import donnees, ecriture, memo, visiteur
from pages.commun.choix_perimetre import METROPOLE, Perimetre
from pages.commun.coordination import lecture_coordination
from pages.commun.mesures.lecture_bilan import seance_dite

_FONCTIONNE = "fonctionne"  # the item of 10h30 that is always there
COURANT = "message"  # of the address: the message on screen
DU_PERIMETRE = ("seance", "ici", visiteur.SALLE_REPETEE)  # of the address: what no message changes
# The pictures that the day shows one after the other, where it is not the first of the measure alone.
VUES_DU_BILAN = {
    EQUILIBRE: ("fragilite", "quartier", "commune", "bailleur", CARTE, LEVIER),
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
SANS_PROPOSITION = ("segments", "ordonnancement")  # the other views: one is proposed segment by segment, one is not
D_UNE_ICI = ("offre",)  # of these views: read ICI by ICI


def identifiant(choisi: Perimetre) -> str:
    """Of the sequence of a séance and an ICI, in the journal."""
    return f"{choisi.seance} {choisi.ici or METROPOLE}"


def read(choisi: Perimetre) -> tuple[Message, ...]:
    """The sequence of the day."""
    proposes = propose(choisi)
    fiche = ecriture.journal().read(sequence.OBJET, identifiant(choisi))
    if fiche is None or fiche.effacee or not fiche.contenu.get("messages"):
        return proposes
    points = _points(choisi)
    # An item that left the agenda, or a séance without ICI, has no message any more.
    return tuple(
        m
        for m in sequence.read(fiche.contenu, proposes)
        if m.page != "coordination" or m.parametres.get("point", _FONCTIONNE) in points
    )


def inconnu(choisi: Perimetre, page: str, parametres: Mapping[str, str]) -> str:
    """What a view asks of its page and that a room would not find there; empty when it has all."""
    quartiers = donnees.lieux(*choisi.cle, "quartier")
    offerts: dict[str, Mapping[str, Collection[str]]] = {
        "bilan": {
            "objectif": MESURES,
            "fiche": choisi.fiches,
            "lieu": choisi.communes.keys() | set(quartiers.loc[quartiers["commune"].isin(choisi.communes), "code"]),
        },
        "coordination": {"point": _points(choisi)},
        "orientations": {"vue": (*SANS_PROPOSITION, *VUES), "segment": TOUS_SEGMENTS},
        "simuler": {"simulation": MOTEURS},
        "bassins": {"territoire": set(donnees.communes(*choisi.cle)["territoire"].dropna())},
    }
    demandes = [(v, offerts[page][n]) for n, v in parametres.items() if n in offerts.get(page, {})]
    return next((valeur for valeur, connues in demandes if valeur not in connues), "")


def propose(choisi: Perimetre) -> tuple[Message, ...]:
    """What the data propose; 10h30 and 9h00 are held by an ICI alone."""
    avant = choisi.seance.precedente
    # Each séance by the snapshot that serves it: a frozen one keeps its own.
    d_avant = donnees.instantane(avant, choisi.ici).identifiant if str(avant) in donnees.choix()[0] else ""
    quoi = (*choisi.cle, choisi.ici, d_avant)
    avant_dit = seance_dite(str(avant))
    sans = () if choisi.ici else D_UNE_ICI
    if not any(e.seance <= choisi.seance for _, e in find_all(ecriture.journal(), ici=choisi.ici or "")):
        sans = (*sans, ENGAGEMENTS)
    vues = {vue: titre for vue, titre in VUES.items() if vue not in sans}
    bilans = {code: {vue: COUPES_DITES[vue][0] for vue in siennes} for code, siennes in VUES_DU_BILAN.items()}
    constats = _constats(*quoi)
    obligatoires = (*OBLIGATOIRES, *(c.code for c in constats if c.code in DE_LA_LOI and c.part is not None))
    segments = {s: titre_de(s) for s in SEGMENTS}
    proposes = sequence.propose(constats, obligatoires, bilans, _points(choisi), segments, vues, avant_dit)
    return proposes if choisi.ici else tuple(m for m in proposes if m.page in ("bilan", "orientations"))


def _points(choisi: Perimetre) -> dict[str, str]:
    """The items of 10h30, as they are named."""
    if not choisi.ici:
        return {}
    lus = blocages.find_all(ecriture.journal(), seance=str(choisi.seance), ici=choisi.ici)
    retenus = blocages.ordre_du_jour(lus)
    points = {fiche.identifiant: lecture_coordination.sujet(b, choisi) for (fiche, b), _ in retenus}
    return {**points, _FONCTIONNE: "Ce qui fonctionne"}


@memo.exact(64, est_partage=True)
def _constats(instantane: str, seance: str, ici: str | None, d_avant: str) -> tuple[LigneDuBilan, ...]:
    """Every line of the bilan, as a room reads it, at this séance and at the one before where its data cover it.
    `d_avant`: the snapshot of the latter (empty: none)."""
    avant = str(Seance.read(seance).precedente)
    dits = []
    with lease(SALLE):
        for code, mesure in MESURES.items():
            ligne = _ligne(instantane, seance, code, ici)
            passee = _ligne(d_avant, avant, code, ici) if d_avant else None
            dits.append(LigneDuBilan.de(code, mesure.titre, ligne, passee))
    return tuple(dits)


def _ligne(instantane: str, seance: str, code: str, ici: str | None) -> pd.Series | None:
    """The line that sums a line of the bilan up for a room: the cell that it is about; of `equilibre`, that of the
    quartiers fragiles, where the deck's objective is the hardest. None when part of the year is not covered."""
    mesure = MESURES[code]
    indicateur = mesure.indicateur_de_synthese
    cellule = mesure.cellule if mesure.cellule_dite else None
    if indicateur == EQUILIBRE:
        cellule = ("fragilite", "fragile")
    lignes = donnees.dites(instantane, seance, indicateur, "annee", cellule[:1] if cellule else (), ici)
    if cellule:
        lignes = lignes[lignes[cellule[0]] == cellule[1]]
    if lignes.empty:
        return None
    return lignes.iloc[0] if duree_de(lignes).est_entiere else None

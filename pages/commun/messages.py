"""The messages of an ICI's séance: those that were prepared, else those that its data propose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

import pandas as pd

from mel_core.indicateurs import quartiers
from mel_core.indicateurs.catalogue import MESURES
from mel_core.seance import proposition
from mel_core.seance.proposition import VUES
from mel_core.seance.sequence import LigneDuBilan, Message
from mel_core.secret.bail import SALLE, lease
from mel_core.segments import SEGMENTS as TOUS_SEGMENTS
from mel_core.simulation.scenarios import MOTEURS
from mel_core.socle.periodes import Seance
from pages.commun import donnees, ecriture, memo, visiteur
from pages.commun.choix_perimetre import METROPOLE, Perimetre
from pages.commun.coordination import lecture_coordination
from pages.commun.mesures.lecture_bilan import seance_dite
from pages.commun.segments import lecture_orientations
from pages.commun.segments.lecture_orientations import QuestionSegment

COURANT = "message"  # of the address: the message on screen
DU_PERIMETRE = ("seance", "ici", visiteur.SALLE_REPETEE)  # of the address: what no message changes
SANS_PROPOSITION = ("segments", "ordonnancement")  # views of 13h30: one is proposed segment by segment, one is not


def identifiant(choisi: Perimetre) -> str:
    """Of the sequence of a séance and an ICI, in the journal."""
    return proposition.identifiant(choisi.seance, choisi.ici or METROPOLE)


def read(choisi: Perimetre) -> tuple[Message, ...]:
    """The sequence of the day."""
    return proposition.read(ecriture.journal(), identifiant(choisi), propose(choisi), _points(choisi))


def inconnu(choisi: Perimetre, page: str, parametres: Mapping[str, str]) -> str:
    """What a view asks of its page and that a room would not find there; empty when it has all."""
    lieux = donnees.lieux(*choisi.cle, "quartier")
    offerts: dict[str, Mapping[str, Collection[str]]] = {
        "bilan": {
            "objectif": MESURES,
            "fiche": choisi.fiches,
            "lieu": choisi.communes.keys() | set(lieux.loc[lieux["commune"].isin(choisi.communes), "code"]),
        },
        "coordination": {"point": _points(choisi)},
        "orientations": {"vue": (*SANS_PROPOSITION, *VUES), "segment": TOUS_SEGMENTS},
        "simuler": {"simulation": MOTEURS},
        "bassins": {"territoire": set(donnees.communes(*choisi.cle)["territoire"].dropna())},
    }
    demandes = [(v, offerts[page][n]) for n, v in parametres.items() if n in offerts.get(page, {})]
    return next((valeur for valeur, connues in demandes if valeur not in connues), "")


def propose(choisi: Perimetre) -> tuple[Message, ...]:
    """What the data propose."""
    avant = choisi.seance.precedente
    # Each séance by the snapshot that serves it: a frozen one keeps its own.
    d_avant = donnees.instantane(avant, choisi.ici).identifiant if str(avant) in donnees.choix()[0] else ""
    return proposition.propose(
        choisi.ici,
        _constats(*choisi.cle, choisi.ici, d_avant),
        _points(choisi),
        seance_dite(str(avant)),
        ecrits=proposition.find_ecrits(
            ecriture.journal(),
            choisi.seance,
            choisi.ici,
            lambda nom: lecture_orientations.notees(QuestionSegment(*choisi.cle, choisi.ici or "", nom)),
        ),
        par_quartier=choisi.ask(quartiers.sont_juges, choisi.seance),
    )


def _points(choisi: Perimetre) -> dict[str, str]:
    """The items of 10h30, as they are named."""
    if not choisi.ici:
        return {}
    say = partial(lecture_coordination.sujet, choisi=choisi)
    return proposition.name_points(ecriture.journal(), choisi.seance, choisi.ici, say)


@memo.exact(64, est_partage=True)
def _constats(instantane: str, seance: str, ici: str | None, d_avant: str) -> tuple[LigneDuBilan, ...]:
    """Every line of the bilan, as a room reads it, at this séance and at the one before where its data cover it.
    `d_avant`: the snapshot of the latter (empty: none)."""
    avant = str(Seance.read(seance).precedente)

    def answer(servi: str, de: str, indicateur: str, par: tuple[str, ...]) -> pd.DataFrame:
        return donnees.dites(servi, de, indicateur, "annee", par, ici)

    with lease(SALLE):
        passees = partial(answer, d_avant, avant) if d_avant else None
        return proposition.gather(partial(answer, instantane, seance), passees)

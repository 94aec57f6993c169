"""Who is asked to take position on a decision, and what each said: who said nothing is named too."""

from __future__ import annotations

from collections.abc import Mapping

from mel_core.journal import Journal
from mel_core.seance.coordination import blocages
from mel_core.seance.coordination.blocages import Lu
from mel_core.seance.coordination.decisions import POSITIONS, Decision
from mel_core.socle import langue
from mel_core.socle.appellations import INSTITUTIONS

ABSENT, NON_EXPRIMEE = "absent", "non_exprimee"
_DITES = {
    **{str(position): dite for position, dite in POSITIONS.items()},
    ABSENT: "absent",
    NON_EXPRIMEE: "position non exprimée",
}


def ask(journal: Journal, point: Lu | None, responsable: str, noms: Mapping[str, str]) -> dict[str, str]:
    """Code → name of who takes position: who acts, the institutions, who reported (also what was merged), six communes
    at most; once each, whatever the codes of its name (Action Logement is an institution and a réservataire).

    `point`: the item that the decision answers; None when there is none. `noms`: of organisations, by code.
    """
    connus = {**INSTITUTIONS, **noms}
    visees = [*[code for code, nom in connus.items() if nom == responsable][:1], *INSTITUTIONS]
    if point is not None:
        fiche, blocage = point
        lus = blocages.find_all(journal, seance=str(blocage.seance), ici=blocage.ici)
        regroupes = [b.organisation for _, b in lus if b.rattache_a == fiche.identifiant]
        visees += [blocage.organisation, *regroupes, *blocage.secteur.communes[:6]]
    par_nom: dict[str, str] = {}
    for code in visees:
        par_nom.setdefault(connus.get(code, code), code)
    return {code: nom for nom, code in par_nom.items()}


def read(journal: Journal, decision: Decision, noms: Mapping[str, str]) -> dict[str, str]:
    """Name of each institution that was asked, or answered → its position."""
    fiche = journal.read(blocages.OBJET, decision.blocage) if decision.blocage else None
    point = None if fiche is None or fiche.effacee else (fiche, blocages.Blocage.depuis(fiche))
    demandees = ask(journal, point, decision.responsable, noms).values()
    prises = {noms.get(code, code): str(position) for code, position in decision.positions.items()}
    return dict.fromkeys(demandees, NON_EXPRIMEE) | prises


def say(par_nom: Mapping[str, str]) -> str:
    """`Acté : MEL ; avec réserve : Roubaix ; position non exprimée : AR-Habitat et Vilogia`."""
    dites = (
        f"{dite} : {langue.liste([nom for nom, p in par_nom.items() if p == position])}"
        for position, dite in _DITES.items()
        if position in par_nom.values()
    )
    phrase = langue.typeset(" ; ".join(dites))
    return phrase[:1].upper() + phrase[1:]

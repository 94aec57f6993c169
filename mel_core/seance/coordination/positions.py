"""Who is asked to take position on a decision, and what each said: who said nothing is named too."""

from __future__ import annotations

from collections.abc import Mapping

from mel_core.journal import Journal
from mel_core.seance.coordination import blocages
from mel_core.seance.coordination.blocages import Lu
from mel_core.seance.coordination.decisions import POSITIONS, Decision, Position, find_all
from mel_core.socle import langue
from mel_core.socle.appellations import INSTITUTIONS


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


def read(journal: Journal, decision: Decision, noms: Mapping[str, str]) -> dict[str, Position]:
    """Name of each institution that was asked, or answered → its position."""
    fiche = journal.read(blocages.OBJET, decision.blocage) if decision.blocage else None
    point = None if fiche is None or fiche.effacee else (fiche, blocages.Blocage.depuis(fiche))
    demandees = ask(journal, point, decision.responsable, noms).values()
    prises = {noms.get(code, code): position for code, position in decision.positions.items()}
    return dict.fromkeys(demandees, Position.NON_EXPRIMEE) | prises


def group(par_nom: Mapping[str, Position]) -> list[tuple[str, str]]:
    """Each position that was taken, in words, and who took it: `("avec réserve", "Roubaix et Vilogia")`."""
    return [
        (dite, langue.liste([nom for nom, p in par_nom.items() if p == position]))
        for position, dite in POSITIONS.items()
        if position in par_nom.values()
    ]


def say(par_nom: Mapping[str, Position]) -> str:
    """`Acté : MEL ; absent : Roubaix ; position non exprimée : AR-Habitat et Vilogia`."""
    phrase = langue.typeset(" ; ".join(f"{dite} : {qui}" for dite, qui in group(par_nom)))
    return phrase[:1].upper() + phrase[1:]


def say_notee(journal: Journal, blocage: str, noms: Mapping[str, str]) -> str:
    """What was written of an item that has no decision, after its finding: a text, who was absent, who said nothing."""
    notees = find_all(journal, blocage=blocage)
    return "".join(langue.typeset(f" « {d.texte} » {say(read(journal, d, noms))}.") for _, d in notees)

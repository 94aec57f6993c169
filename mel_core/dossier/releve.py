"""The relevé de décisions of a séance: what was acted, as the journal says it, with its figures, and the link that
proves it whole.

What the journal says of a séance goes to several documents, and documents are sent to several: what is observed is said
as to a room, whoever asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mel_core.dossier import pages
from mel_core.dossier.actes_ecrits import SANS_DATE, DecisionEcrite, Releve, SuiteEcrite
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.pages import Bloc, Ecrit, Style, TableauDePage, Texte, etablissement, fiche, partie, puces
from mel_core.entrepot import Entrepot
from mel_core.entrepot.perimetre import Noms
from mel_core.journal import Fiche, Journal
from mel_core.seance.coordination import (
    Blocage,
    blocages,
    decisions,
    presences,
    resultats,
    signature,
    temoins,
)
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.changements import say_cible, say_valeur
from mel_core.seance.coordination.decisions import group_positions
from mel_core.seance.coordination.resultats import ResultatDecision
from mel_core.seance.engagements import engagement_pris as engagements
from mel_core.seance.engagements.engagement_pris import EngagementJuge, answer
from mel_core.seance.verdict import Jugement, PasDeVerdict
from mel_core.secret.bail import SALLE, lease, reader
from mel_core.socle import langue
from mel_core.socle.horloge import jour_de
from mel_core.socle.periodes import Seance

# The table of what the decisions of the last séance gave.
TETES_SUIVI = ("Décision ou engagement", "Alors", "Aujourd’hui", "Cible", "Lecture")
_COMPARES = 3  # scenarios side by side
# « (44 sur 1 321) », « 900 demandes » hold on a line of theirs, « 6 004 sur 6 005 » on one of the last.
LARGEURS_SUIVI = (5.2, 3.1, 3.1, 2.8, 2.8)


@lease(SALLE)
def write(chemin: Path, contexte: Contexte, releve: Releve) -> None:
    """Write the relevé of `contexte`, as the end of its name says (docx, PDF)."""
    # What proves it is at its foot, where it takes nothing from what was decided.
    dernier = f"dernier maillon {releve.lien}" if releve.lien else "rien n’y était écrit"
    titre = f"Relevé de décisions · {contexte.ici} · {langue.seance(contexte.seance)}"
    pages.write(chemin, Ecrit(titre, contexte, list(_blocs(contexte, releve)), f"Journal de la séance : {dernier}"))


def _blocs(contexte: Contexte, releve: Releve) -> Iterator[Bloc]:
    yield Texte(releve.etat, Style.GRAS)
    yield partie("Séance")
    autres = ("Excusés", releve.excuses), ("Invités, ni présents ni excusés", releve.sans_reponse)
    dits = [(tete, langue.liste(qui)) for tete, qui in autres if qui]
    yield fiche([("Tenue", releve.tenue), ("Présents", langue.liste(releve.presents) or "non notés"), *dits])
    if releve.suivi:
        yield partie("Suites des séances précédentes")
        yield from suites(releve)
    yield from _decisions(releve.decisions)
    if releve.sans_decision:
        yield partie("Points de l’ordre du jour sans décision")
        yield from puces(releve.sans_decision)
    yield partie("Engagements")
    if releve.engagements:
        yield TableauDePage(
            ("Segment", "Engagement", "Échéance", "Par"), releve.engagements, (7, 4, 3, 3), a_gauche=True
        )
        for partage in releve.partages:
            yield Texte(partage.de_quoi, Style.GRAS)
            largeurs = (4, 2, 11) if len(partage.tetes) == 3 else (6, 2.5, 6, 2.5)
            yield TableauDePage(partage.tetes, partage.lignes, largeurs)
    else:
        yield Texte(phrases.SANS_ENGAGEMENT)
    if releve.scenarios:
        yield partie("Hypothèses de séance")
        yield TableauDePage(("Scénario", "Ce qu’il répond", "Par"), releve.scenarios, (4, 10, 3), a_gauche=True)
    for titre, tetes, lignes in releve.compares:
        yield partie(titre, 2)
        yield TableauDePage(tuple(tetes), [tuple(x) for x in lignes], (5, *[3] * (len(tetes) - 1)))
    if releve.pratiques:
        yield partie("Ce qui fonctionne, témoignages")
        yield from puces([f"{texte} ({qui})" if qui else texte for qui, texte in releve.pratiques])
    yield from etablissement(contexte.etablissement)


def compare_scenarios(gardes: Sequence[Fiche]) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
    """The scenarios of each simulation that were kept with their figures, side by side, three at most."""
    cotes: list[tuple[str, Sequence[str], Sequence[Sequence[str]]]] = []
    for simulation in dict.fromkeys(f.contenu["simulation"] for f in gardes):
        siens = [f.contenu for f in gardes if f.contenu["simulation"] == simulation and f.contenu.get("chiffres")]
        if len(siens[:_COMPARES]) > 1:
            lus = [{nom: dit for nom, _, dit in s["chiffres"]} for s in siens[:_COMPARES]]
            constats = siens[0]["chiffres"]
            lignes = [(nom, avant, *(x.get(nom, langue.ABSENT) for x in lus)) for nom, avant, _ in constats]
            if all(len(set(dits[1:])) == 1 for dits in lignes):
                continue  # a room is told nothing of what they move
            cotes.append((siens[0]["titre"], ("Chiffre", "Constat", *(s["nom"] for s in siens[:_COMPARES])), lignes))
    return cotes


def suites(releve: Releve) -> Iterator[Bloc]:
    """What the decisions of the last séance gave, with what the room was told of it."""
    yield from map(Texte, releve.reserves)  # above it: under it they may be alone on the next page
    # What was decided stands out from the figure and the reserves under it.
    lignes, quoi = [s.ligne for s in releve.suivi], [s.quoi for s in releve.suivi]
    yield TableauDePage(TETES_SUIVI, lignes, LARGEURS_SUIVI, a_gauche=True, en_gras=quoi)


def _decisions(decisions: Sequence[DecisionEcrite]) -> Iterator[Bloc]:
    yield partie("Décisions")
    if not decisions:
        yield Texte(phrases.SANS_DECISION)
    for rang, decision in enumerate(decisions, start=1):
        renvoi = ", renvoyée" if decision.renvoi else ""
        yield partie(f"Décision {rang}{renvoi}" + (f" : {decision.sujet}" if decision.sujet else ""), 2)
        if decision.constat:
            yield Texte(decision.constat)
        yield Texte(decision.texte, Style.GRAS)
        suite = [("Suite", decision.renvoi)] if decision.renvoi else _suite_a_donner(decision)
        prises = [(langue.capitalize(dite), qui) for dite, qui in group_positions(decision.positions)]
        if decision.reserve:
            prises.append(("Réserve", decision.reserve))
        yield fiche([*suite, *(prises or [("Positions", "aucune position exprimée")])])


def _suite_a_donner(decision: DecisionEcrite) -> list[tuple[str, str]]:
    """Who acts, by when, what will tell."""
    temoin = decision.temoin or "aucun indicateur : le résultat sera demandé à la prochaine séance"
    lus = ("Valeur ce jour", decision.alors), ("Cible", decision.cible)
    return [
        ("Responsable", decision.responsable or langue.ABSENT),
        ("Échéance", langue.jour(decision.echeance) if decision.echeance else langue.ABSENT),
        ("Ce qui le dira", temoin),
        *((quoi, valeur) for quoi, valeur in lus if valeur not in ("", langue.ABSENT)),
    ]


@lease(SALLE)
def releve_de(entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, noms: Noms) -> Releve:
    """The relevé of `seance` in `ici` as the journal stands now."""
    filtres = {"seance": str(seance), "ici": ici}
    portes = {f.identifiant: b for f, b in blocages.find_all(journal, **filtres)}
    suites, reserves = suivi_de(entrepot, journal, seance, ici, noms)
    pris = engagements.find_all(journal, **filtres)
    gardes = journal.find_all("scenario", **filtres, au_releve=True)
    signee = signature.read(journal, seance, ici)
    tenue, (_, presence) = presences.jour_de(journal, seance, ici), presences.read(journal, seance, ici)
    est_signe = signee is not None and signature.est_a_jour(journal, signee[1])
    return Releve(
        [_decision_ecrite(journal, d, portes.get(d.blocage), noms) for _, d in decisions.order(journal, seance, ici)],
        [_engagement_ecrit(f, e, noms) for f, e in pris],
        [(noms.name_qui(p.organisation), p.dite) for _, p in presences.find_pratiques(journal, **filtres)],
        suites,
        reserves=reserves,
        signature=f"{signature.signataire(*signee)}, le {_jour(signee[0])}" if est_signe and signee else "",
        modifie_depuis=_jour(signee[0]) if signee and not est_signe else "",
        lien=journal.dernier_lien(),
        scenarios=[(f.contenu["nom"], f.contenu["phrase"], f.contenu["auteur"]) for f in gardes],
        compares=compare_scenarios(gardes),
        sans_decision=[
            phrases.lead_point([b, *(x for _, x in blocages.membres(journal, (f, b)))], noms.connues, noms.qui)
            + decisions.say_notees(journal, (f, b), noms.qui)
            for f, b in decisions.sans_decision(journal, seance, ici)
        ],
        partages=[partage for _, e in pris if (partage := e.partage(noms.connues))],
        tenue=", ".join(x for x in (f"le {langue.jour(tenue)}" if tenue else SANS_DATE, presence.lieu) if x),
        presents=[noms.name_qui(code) for code in presence.presents],
        excuses=[noms.name_qui(code) for code in presence.excuses_absents],
        sans_reponse=[
            noms.name_qui(code)
            for code in (presence.invites if presence.presents else ())
            if code not in (*presence.presents, *presence.excuses)
        ],
    )


@lease(SALLE)
def suivi_de(
    entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, noms: Noms
) -> tuple[list[SuiteEcrite], list[str]]:
    """What each decision and engagement that reopens at `seance` gave, and what bears on all of them: the same
    sentences as the room reads when the séance opens."""
    bilan, connus = resultats.bilan(entrepot, journal, seance, ici), noms.connues
    pris = engagements.rouverts(journal, seance, ici, lambda f, e: answer(entrepot, journal, f, e, seance))
    suites = [
        *(suite(r, connus) for r in bilan.resultats),
        *(suite_engagement(r, e, noms.noms["bailleur"]) for _, e, r in pris),
    ]
    # Said once, whatever their number.
    en_commun = any(resultats.SIX_MOIS_EN_COMMUN in r.reserves() for r in bilan.resultats)
    reserves = [resultats.SIX_MOIS_EN_COMMUN] if en_commun else []
    return suites, reserves + [langue.typeset(f"Ce qui a changé : {x}") for x in bilan.changements()]


def _decision_ecrite(
    journal: Journal, decision: decisions.Decision, blocage: Blocage | None, noms: Noms
) -> DecisionEcrite:
    temoin = decision.temoin
    return DecisionEcrite(
        decision.texte,
        decision.porteur_dit,
        decision.echeance,
        phrases.situate(blocage, noms.connues) if blocage else "",
        temoins.say(temoin, noms.connues) if temoin else "",
        say_valeur(decision.alors, decision) if decision.alors else "",
        say_cible(decision),
        decisions.read_positions(journal, decision, noms.qui),
        decision.qui_et_quand if decision.est_renvoyee else "",
        phrases.dit(blocage, noms.qui) if blocage else "",
        decisions.say_reserve(decision),
    )


def _engagement_ecrit(fiche: Fiche, engagement: engagements.Engagement, noms: Noms) -> tuple[str, ...]:
    return (
        engagement.titre(noms.noms["bailleur"]),
        langue.effectif(engagement.nombre, "ménage relogé", "ménages relogés"),
        langue.jour(engagement.echeance),
        fiche.auteur.nom or fiche.auteur.organisation,
    )


def _jour(fiche: Fiche) -> str:
    return langue.jour(jour_de(fiche.instant))


def suite(resultat: ResultatDecision, noms: Mapping[str, str]) -> SuiteEcrite:
    """What a decision gave, as it is read. `noms`: names by code."""
    decision, verdict = resultat.decision, resultat.vu()
    return SuiteEcrite(
        decision.texte,
        say_valeur(decision.alors, decision) if decision.alors else langue.ABSENT,
        say_valeur(resultat.maintenant, decision) if resultat.maintenant else langue.ABSENT,
        say_cible(decision) or langue.ABSENT,
        verdict.say() + (f" : {resultat.issue.texte}" if resultat.issue else ""),
        temoins.say(decision.temoin, noms) if decision.temoin else "",
        [
            *_cloture(resultat.cloture),
            *(x for x in (resultat.mouvement, *resultat.reserves()) if x and x != resultats.SIX_MOIS_EN_COMMUN),
        ],
        decision.porteur_dit or "sans responsable",
        verdict.signe,
    )


def suite_engagement(
    resultat: EngagementJuge | PasDeVerdict,
    engagement: engagements.Engagement,
    bailleurs: Mapping[str, str],
) -> SuiteEcrite:
    """What an engagement gave, as it is read. `bailleurs`: names by code."""
    verdict: Jugement = resultat.verdict if isinstance(resultat, EngagementJuge) else resultat
    n = reader().compte(resultat.n_loges) if isinstance(resultat, EngagementJuge) else None
    parts = phrases.say_parts(resultat).replace("*", "") if isinstance(resultat, EngagementJuge) else ""
    cloture = resultat.cloture if isinstance(resultat, EngagementJuge) else ""
    return SuiteEcrite(
        f"Engagement : {engagement.titre(bailleurs)}",
        langue.effectif(reader().compte(engagement.effectif), "en attente", "en attente"),
        langue.ABSENT if n is None else langue.effectif(n, "relogé"),
        langue.effectif(engagement.nombre, "relogé"),
        verdict.say(),
        reserves=[*_cloture(cloture), *([verdict.reserve] if verdict.reserve else [])],
        signe=verdict.signe,
        parts=langue.typeset(parts),
        quand=resultat.quand if isinstance(resultat, EngagementJuge) else "",
    )


def _cloture(dite: str) -> list[str]:
    """That it is followed no more, as a sentence; none while it is."""
    return [f"{langue.capitalize(dite)}."] if dite else []

"""What the journal says of a séance, as its documents print it: decisions, engagements, practices, results.

They are sent to several: what is observed is said as to a room, whoever asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping

from mel_core.dossier.contexte import PARIS
from mel_core.dossier.releve import SANS_DATE, DecisionEcrite, Releve, SuiteEcrite
from mel_core.entrepot import Entrepot
from mel_core.entrepot.perimetre import Noms
from mel_core.journal import Fiche, Journal
from mel_core.seance.coordination import (
    Blocage,
    blocages,
    decisions,
    pratiques,
    presences,
    resultats,
    signature,
    temoins,
)
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.changements import say_cible, say_valeur
from mel_core.seance.coordination.resultats import ResultatDecision
from mel_core.seance.engagements import engagement_pris as engagements
from mel_core.seance.engagements.engagement_pris import ResultatEngagement, answer
from mel_core.seance.verdict import Jugement, PasDeVerdict
from mel_core.secret.bail import SALLE, lease, reader
from mel_core.socle import langue
from mel_core.socle.periodes import Seance


@lease(SALLE)
def releve_de(entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, noms: Noms) -> Releve:
    """The relevé of `seance` in `ici` as the journal stands now."""
    filtres = {"seance": str(seance), "ici": ici}
    portes = {f.identifiant: b for f, b in blocages.find_all(journal, **filtres)}
    suites, reserves = suivi_de(entrepot, journal, seance, ici, noms)
    signee = signature.read(journal, seance, ici)
    tenue, (_, presence) = presences.jour_de(journal, seance, ici), presences.read(journal, seance, ici)
    est_signe = signee is not None and signature.est_a_jour(journal, signee[1])
    return Releve(
        [_decision(journal, d, portes.get(d.blocage), noms) for _, d in decisions.order(journal, seance, ici)],
        [_engagement(f, e, noms) for f, e in engagements.find_all(journal, **filtres)],
        [(noms.name_qui(p.organisation), p.dite) for _, p in pratiques.find_all(journal, **filtres)],
        suites,
        reserves=reserves,
        signature=f"{signature.signataire(*signee)}, le {_jour(signee[0])}" if est_signe and signee else "",
        modifie_depuis=_jour(signee[0]) if signee and not est_signe else "",
        lien=journal.dernier_lien(),
        scenarios=[
            (f.contenu["nom"], f.contenu["phrase"], f.contenu["auteur"])
            for f in journal.find_all("scenario", **filtres, au_releve=True)
        ],
        sans_decision=[
            f"{phrases.dit(b, noms.qui)} (signalé par {noms.name_qui(b.organisation)})"
            + decisions.say_notee(journal, f.identifiant, noms.qui)
            for f, b in decisions.sans_decision(journal, seance, ici)
        ],
        tenue=", ".join(x for x in (f"le {langue.jour(tenue)}" if tenue else SANS_DATE, presence.lieu) if x),
        presents=[noms.name_qui(code) for code in presence.presents],
    )


@lease(SALLE)
def suivi_de(
    entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, noms: Noms
) -> tuple[list[SuiteEcrite], list[str]]:
    """What each decision and engagement that reopens at `seance` gave, and what bears on all of them: the same
    sentences as the room reads when the séance opens."""
    bilan, connus = resultats.bilan(entrepot, journal, seance, ici), noms.connues
    pris = engagements.find_all(journal, seance=str(seance.precedente), ici=ici)
    tenus = ((answer(entrepot, journal, fiche, e, seance), e) for fiche, e in pris)
    suites = [
        *(suite(r, connus) for r in bilan.resultats),
        *(suite_engagement(r, e, noms.noms["bailleur"]) for r, e in tenus),
    ]
    # Said once, whatever their number.
    en_commun = any(resultats.SIX_MOIS_EN_COMMUN in r.reserves() for r in bilan.resultats)
    reserves = [resultats.SIX_MOIS_EN_COMMUN] if en_commun else []
    return suites, reserves + [langue.typeset(f"Ce qui a changé : {x}") for x in bilan.changements()]


def _decision(journal: Journal, decision: decisions.Decision, blocage: Blocage | None, noms: Noms) -> DecisionEcrite:
    temoin = decision.temoin
    return DecisionEcrite(
        decision.texte,
        decision.porteur_dit,
        decision.echeance,
        phrases.dit(blocage, noms.qui) if blocage else "",
        temoins.say(temoin, noms.connues) if temoin else "",
        say_valeur(decision.alors, decision) if decision.alors else "",
        say_cible(decision),
        decisions.read_positions(journal, decision, noms.qui),
        decision.qui_et_quand if decision.est_renvoyee else "",
    )


def _engagement(fiche: Fiche, engagement: engagements.Engagement, noms: Noms) -> tuple[str, ...]:
    return (
        engagement.titre(noms.noms["bailleur"]),
        langue.effectif(engagement.nombre, "ménage relogé", "ménages relogés"),
        langue.jour(engagement.echeance),
        fiche.auteur.nom or fiche.auteur.organisation,
    )


def _jour(fiche: Fiche) -> str:
    return langue.jour(fiche.instant.astimezone(PARIS))


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
        [x for x in (resultat.mouvement, *resultat.reserves()) if x and x != resultats.SIX_MOIS_EN_COMMUN],
        decision.porteur_dit or "sans responsable",
        verdict.signe,
    )


def suite_engagement(
    resultat: ResultatEngagement | PasDeVerdict,
    engagement: engagements.Engagement,
    bailleurs: Mapping[str, str],
) -> SuiteEcrite:
    """What an engagement gave, as it is read. `bailleurs`: names by code."""
    verdict: Jugement = resultat.verdict if isinstance(resultat, ResultatEngagement) else resultat
    n = reader().compte(resultat.n_loges) if isinstance(resultat, ResultatEngagement) else None
    return SuiteEcrite(
        f"Engagement : {engagement.titre(bailleurs)}",
        langue.effectif(reader().compte(engagement.effectif), "en attente", "en attente"),
        langue.ABSENT if n is None else langue.effectif(n, "relogé"),
        langue.effectif(engagement.nombre, "relogé"),
        verdict.say(),
        reserves=[verdict.reserve] if verdict.reserve else [],
        signe=verdict.signe,
    )

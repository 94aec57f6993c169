"""What the journal says of a séance, as its documents print it: decisions, engagements, practices, results.

They are sent to several: what is observed is said as to a room, whoever asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping

from mel_core.dossier import creneaux
from mel_core.dossier.contexte import PARIS
from mel_core.dossier.creneaux import say_pratique, titre_engagement
from mel_core.dossier.noms import Noms
from mel_core.dossier.releve import SANS_DATE, DecisionEcrite, Releve, SuiteEcrite
from mel_core.entrepot import Entrepot
from mel_core.journal import Fiche, Journal
from mel_core.seance.coordination import (
    Blocage,
    blocages,
    decisions,
    positions,
    pratiques,
    presences,
    resultats,
    signature,
)
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.changements import say_cible, say_valeur
from mel_core.seance.coordination.resultats import ResultatDecision
from mel_core.seance.coordination.temoins import DU_PROFIL, Temoin, TemoinIndicateur, TemoinPreuve
from mel_core.seance.engagements import engagement_pris as engagements
from mel_core.seance.engagements.resultat_engagement import ResultatEngagement, answer
from mel_core.seance.verdict import Jugement, PasDeVerdict
from mel_core.secret.bail import SALLE, Audience
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_DES_COMMUNES, FRAGILITES_DES_QUARTIERS, INSTITUTIONS, RESERVATAIRES
from mel_core.socle.periodes import Seance


def releve_de(entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, noms: Noms) -> Releve:
    """The relevé of `seance` in `ici` as the journal stands now."""
    filtres, qui = {"seance": str(seance), "ici": ici}, {**RESERVATAIRES, **organisations(noms)}
    portes = {f.identifiant: b for f, b in blocages.find_all(journal, **filtres)}
    suites, reserves = suivi_de(entrepot, journal, seance, ici, noms)
    signee = signature.read(journal, seance, ici)
    tenue, (_, presence) = presences.jour_de(journal, seance, ici), presences.read(journal, seance, ici)
    est_signe = signee is not None and signature.est_a_jour(journal, signee[1])
    return Releve(
        [_decision(journal, d, portes.get(d.blocage), noms) for _, d in decisions.order(journal, seance, ici)],
        [_engagement(f, e, noms) for f, e in engagements.find_all(journal, **filtres)],
        [(name(p.organisation, noms), say_pratique(p)) for _, p in pratiques.find_all(journal, **filtres)],
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
            f"{phrases.dit(b, qui)} (signalé par {name(b.organisation, noms)})"
            + positions.say_notee(journal, f.identifiant, qui)
            for f, b in decisions.sans_decision(journal, seance, ici)
        ],
        tenue=", ".join(x for x in (f"le {langue.jour(tenue)}" if tenue else SANS_DATE, presence.lieu) if x),
        presents=[name(code, noms) for code in presence.presents],
    )


def suivi_de(
    entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, noms: Noms
) -> tuple[list[SuiteEcrite], list[str]]:
    """What each decision and engagement that reopens at `seance` gave, and what bears on all of them: the same
    sentences as the room reads when the séance opens."""
    bilan, connus = resultats.bilan(entrepot, journal, seance, ici), connues(noms)
    pris = engagements.find_all(journal, seance=str(seance.precedente), ici=ici)
    tenus = ((answer(entrepot, journal, fiche, e, seance), e) for fiche, e in pris)
    suites = [
        *(suite(r, connus, SALLE) for r in bilan.resultats),
        *(suite_engagement(r, e, noms.noms["bailleur"], SALLE) for r, e in tenus),
    ]
    # Said once, whatever their number.
    en_commun = any(resultats.SIX_MOIS_EN_COMMUN in r.reserves(SALLE) for r in bilan.resultats)
    reserves = [resultats.SIX_MOIS_EN_COMMUN] if en_commun else []
    return suites, reserves + [langue.typeset(f"Ce qui a changé : {x}") for x in bilan.changements(SALLE)]


def ouverture_de(
    entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, noms: Noms
) -> list[tuple[str, list[str]]]:
    """The pages of a deck without a figure, in the order of the day: what the last séance decided and what it gave,
    what is to be decided, then what the screens of the other slots say."""
    nommees = {**RESERVATAIRES, **connues(noms)}
    return [
        *_introduction(entrepot, journal, seance, ici, noms),
        *creneaux.mixite(entrepot, seance, ici),
        *creneaux.coordination(entrepot, journal, seance, ici, nommees),
        *creneaux.orientations(entrepot, journal, seance, ici, noms.noms["bailleur"]),
    ]


def _introduction(
    entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, noms: Noms
) -> list[tuple[str, list[str]]]:
    suites, reserves = suivi_de(entrepot, journal, seance, ici, noms)
    inscrits = [
        phrases.dit(b, connues(noms))
        for (_, b), _ in blocages.ordre_du_jour(blocages.find_all(journal, seance=str(seance), ici=ici))
    ]
    rien = "Aucune décision ni aucun engagement de la séance précédente n’est au journal."
    aucun = "Aucun blocage n’est inscrit à l’ordre du jour."
    return [
        (
            "9h00 · Suites de la séance précédente",
            [*(s.phrase for s in suites), *reserves] or [rien],
        ),
        ("9h00 · À décider aujourd’hui", inscrits or [aucun]),
    ]


def name(code: str, noms: Noms) -> str:
    """An institution, a commune or a bailleur by its name."""
    return organisations(noms).get(code, RESERVATAIRES.get(code, code))


def organisations(noms: Noms) -> Mapping[str, str]:
    """Name of each organisation that may own a decision, by its code: communes, bailleurs, institutions."""
    return {**noms.noms["commune"], **noms.noms["bailleur"], **INSTITUTIONS}


def connues(noms: Noms) -> Mapping[str, str]:
    """What codes are called: places as fine as the résidence, and organisations."""
    return {**noms.noms["quartier"], **noms.noms["residence"], **organisations(noms)}


def say_temoin(temoin: Temoin, noms: Mapping[str, str]) -> str:
    """`Mutations complexes ou bloquées, Roubaix`: the figure and where it is read. `noms`: names by code."""
    if isinstance(temoin, TemoinIndicateur):
        classes = {"fragilite": FRAGILITES_DES_QUARTIERS, "fragilite_commune": FRAGILITES_DES_COMMUNES}
        lieux = {coupe: code for coupe, code in temoin.cellule.items() if coupe not in DU_PROFIL.values()}
        cellule = (classes.get(coupe, noms).get(code, code) for coupe, code in lieux.items())
        codes = (*cellule, temoin.commune, temoin.bailleur, temoin.ici)
        qui = temoin.profil.dit
    elif isinstance(temoin, TemoinPreuve):
        s = temoin.secteur
        ou = langue.liste([noms.get(c, c) for c in (*s.residences, *s.quartiers, *s.communes)] or [s.ici])
        return f"{temoin.titre}, {ou}{temoin.qui}"
    else:
        codes, qui = (temoin.filtre.phrase() if temoin.filtre else "", temoin.ici), ""
    return ", ".join([temoin.titre, *(noms.get(c, c) for c in codes if c)]) + qui


def _decision(journal: Journal, decision: decisions.Decision, blocage: Blocage | None, noms: Noms) -> DecisionEcrite:
    temoin = decision.temoin
    return DecisionEcrite(
        decision.texte,
        decision.porteur_dit,
        decision.echeance,
        phrases.dit(blocage, {**RESERVATAIRES, **organisations(noms)}) if blocage else "",
        say_temoin(temoin, connues(noms)) if temoin else "",
        say_valeur(decision.alors, SALLE, decision) if decision.alors else "",
        say_cible(decision),
        positions.read(journal, decision, {**RESERVATAIRES, **organisations(noms)}),
        decision.qui_et_quand if decision.est_renvoyee else "",
    )


def _engagement(fiche: Fiche, engagement: engagements.Engagement, noms: Noms) -> tuple[str, ...]:
    return (
        titre_engagement(engagement, noms.noms["bailleur"]),
        langue.effectif(engagement.nombre, "ménage relogé", "ménages relogés"),
        langue.jour(engagement.echeance),
        fiche.auteur.nom or fiche.auteur.organisation,
    )


def _jour(fiche: Fiche) -> str:
    return langue.jour(fiche.instant.astimezone(PARIS))


def suite(resultat: ResultatDecision, noms: Mapping[str, str], audience: Audience) -> SuiteEcrite:
    """What a decision gave, as `audience` reads it. `noms`: names by code."""
    decision, verdict = resultat.decision, resultat.vu(audience)
    return SuiteEcrite(
        decision.texte,
        say_valeur(decision.alors, audience, decision) if decision.alors else langue.ABSENT,
        say_valeur(resultat.maintenant, audience, decision) if resultat.maintenant else langue.ABSENT,
        say_cible(decision) or langue.ABSENT,
        verdict.say(audience) + (f" : {resultat.issue.texte}" if resultat.issue else ""),
        say_temoin(decision.temoin, noms) if decision.temoin else "",
        [x for x in (resultat.mouvement, *resultat.reserves(audience)) if x and x != resultats.SIX_MOIS_EN_COMMUN],
        decision.porteur_dit or "sans responsable",
        verdict.signe,
    )


def suite_engagement(
    resultat: ResultatEngagement | PasDeVerdict,
    engagement: engagements.Engagement,
    bailleurs: Mapping[str, str],
    audience: Audience,
) -> SuiteEcrite:
    """What an engagement gave, as `audience` reads it. `bailleurs`: names by code."""
    verdict: Jugement = resultat.verdict if isinstance(resultat, ResultatEngagement) else resultat
    n = audience.compte(resultat.n_loges) if isinstance(resultat, ResultatEngagement) else None
    return SuiteEcrite(
        f"Engagement : {titre_engagement(engagement, bailleurs)}",
        langue.effectif(audience.compte(engagement.effectif), "en attente", "en attente"),
        langue.ABSENT if n is None else langue.effectif(n, "relogé"),
        langue.effectif(engagement.nombre, "relogé"),
        verdict.say(audience),
        reserves=[verdict.reserve] if verdict.reserve else [],
        signe=verdict.signe,
    )

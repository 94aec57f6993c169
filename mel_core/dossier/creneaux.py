"""The slots of the day as a deck says them where it has no figure, in the words of their screens, as a room hears them.

A page is a title, which names the slot (the deck puts the ICI before it), and its sentences. What has nothing to say
has no page.
"""

from __future__ import annotations

from collections.abc import Mapping

from mel_core.dossier import releve
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.indicateurs.manques import reserves, silence
from mel_core.journal import Journal
from mel_core.seance.coordination import Blocage, blocages, decisions, presences
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.preuves import gather
from mel_core.seance.proposition import FONCTIONNE
from mel_core.secret.bail import SALLE, lease
from mel_core.segments import Criteres, SegmentLibre, count, phrases_segments
from mel_core.segments.compilation import parametres_du_jour
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance

Page = tuple[str, list[str]]
LAISSES = "laisses"  # beside the items of 10h30


def est_de_9h(titre: str) -> bool:
    """Whether a page opens the day: the others come after the bilan, which has figures."""
    return titre.startswith("9h00")


@lease(SALLE)
def introduction(entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, noms: Noms) -> list[Page]:
    """9h00: what the last séance decided and what it gave, then what is to be decided."""
    suites, reserves = releve.suivi_de(entrepot, journal, seance, ici, noms)
    inscrits = [
        phrases.dit(b, noms.connues)
        for (_, b), _ in blocages.ordre_du_jour(blocages.find_all(journal, seance=str(seance), ici=ici))
    ]
    dites = [
        ("9h00 · Suites de la séance précédente", [*(s.phrase for s in suites), *reserves]),
        ("9h00 · À décider aujourd’hui", inscrits),
    ]
    return [(titre, liste) for titre, liste in dites if liste]


@lease(SALLE)
def coordination(
    entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, nommees: Mapping[str, str]
) -> dict[str, Page]:
    """10h30: each blocage of the agenda (by identifiant) with its finding and who reported it, what the last séance
    left (LAISSES), what works (FONCTIONNE).

    `nommees`: what codes are called.
    """
    filtres, annee = {"seance": str(seance), "ici": ici}, Periode.de(seance, "annee")
    points = blocages.ordre_du_jour(blocages.find_all(journal, **filtres))
    with entrepot.open(Portee.mel(), seance) as lecteur:
        pages = {
            fiche.identifiant: (
                f"10h30 · {rang}. {phrases.sujet(porteur, nommees)}",
                [
                    *_constat(lecteur, annee, porteur, nommees),
                    *(phrases.signale(b, nommees) for b in (porteur, *(b for _, b in membres))),
                    *([phrases.proposition(porteur)] if porteur.proposition.strip() else []),
                ],
            )
            for rang, ((fiche, porteur), membres) in enumerate(points, 1)
        }
    laisses = [
        f"{phrases.dit(b, nommees)} (signalé par {nommees.get(b.organisation, b.organisation)})"
        for _, b in decisions.laisses(journal, seance.precedente, ici)
    ]
    notees = [
        f"{p.dite} ({nommees.get(p.organisation, p.organisation)})"
        for _, p in presences.find_pratiques(journal, **filtres)
    ]
    titre = f"10h30 · Laissés par la séance du {langue.seance(seance.precedente)}"
    pages |= {LAISSES: (titre, laisses)} if laisses else {}
    pages |= {FONCTIONNE: ("10h30 · Ce qui fonctionne, témoignages", notees)} if notees else {}
    return {cle: (quoi, list(map(langue.typeset, dites))) for cle, (quoi, dites) in pages.items()}


def _constat(lecteur: Lecteur, annee: Periode, blocage: Blocage, nommees: Mapping[str, str]) -> list[str]:
    """The finding that the screen says first."""
    try:
        preuves = gather(lecteur, annee, blocage.secteur, blocage.profil)
    except ErreurUtilisateur:
        return []
    plainte = phrases.plainte_de(blocage)
    return [_nue(phrases.message_du_blocage(phrases.sujet(blocage, nommees), preuves.constats, plainte))]


@lease(SALLE)
def say_segment(entrepot: Entrepot, seance: Seance, ici: str, nom: str, bailleurs: Mapping[str, str]) -> str:
    """The sentence of its screen; empty where nothing tells it, or nobody asks."""
    criteres = Criteres(seance.fin)
    with entrepot.open(Portee.mel(), seance) as metropole:
        est_drapeau = bool(parametres_du_jour(metropole, criteres.jour)["drapeau"])
    with entrepot.open(Portee.ici(ici), seance) as lecteur:
        if silence(lecteur, nom, criteres.debut) or not (n_actives := count(lecteur, SegmentLibre(), criteres)):
            return ""
        comptes = count(lecteur, nom, criteres), n_actives
        dites = reserves(lecteur, nom, criteres.debut, criteres.jour)
    ou = langue.ici(ici)
    return _nue(
        phrases_segments.say(ou, nom, criteres, comptes, bailleurs, est_drapeau=est_drapeau, reserves=dites.say())
    )


def _nue(phrase: str) -> str:
    """A sentence of the core without the marks of emphasis of the screens."""
    return phrase.replace("*", "")

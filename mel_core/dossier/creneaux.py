"""The slots of the day as a deck says them where it has no figure, in the words of their screens, as a room hears them.

A page is a title, which names the slot (the deck puts the ICI before it), and its sentences. What has nothing to say
has no page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mel_core.dossier.actes_ecrits import Releve
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.diapositives import Dessin, Nombre, PageDuJour, serie
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs.manques import reserves, silence
from mel_core.journal import Journal
from mel_core.seance.coordination import Blocage, blocages, decisions, presences, signature
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.preuves import Preuve, gather
from mel_core.seance.preuves.dossier_preuves import titre
from mel_core.seance.proposition import FONCTIONNE
from mel_core.secret.bail import SALLE, lease
from mel_core.segments import Criteres, SegmentLibre, count, phrases_segments
from mel_core.segments.compilation import parametres_du_jour
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance

Page = tuple[str, list[str]]
LAISSES = "laisses"  # beside the items of 10h30


def est_de_9h(tete: str) -> bool:
    """Whether a page opens the day: the others come after the bilan, which has figures."""
    return tete.startswith("9h00")


def introduction(acte: Releve, points: Mapping[str, PageDuJour]) -> list[Page]:
    """9h00: what the last séance decided and what it gave, then what is to be decided. `points`: those of 10h30, each
    with what it finds."""
    inscrits = [
        " ".join((p.phrase.replace("*", "") or f"{p.titre.removeprefix('10h30 · ')}.", *p.puces))
        for cle, p in points.items()
        if cle not in (LAISSES, FONCTIONNE)
    ]
    dites = [
        ("9h00 · Suites des séances précédentes", [*(s.phrase for s in acte.suivi), *acte.reserves]),
        ("9h00 · À décider aujourd’hui", inscrits),
    ]
    return [(tete, liste) for tete, liste in dites if liste]


@lease(SALLE)
def cloture(acte: Releve, ou: Contexte, titre: str) -> PageDuJour | None:
    """Clôture: where the relevé stands, then what it says was decided, by whom and for when, promised, or left."""
    comptes = acte.comptes
    if not any(comptes):
        return None
    if not sum(comptes[:3]) and not acte.est_signe:
        phrase = phrases.rien_d_acte(ou.ici_dite, ou.seance, comptes[3], est_en_salle=True)
    else:
        etat = signature.say_etat_en_seance(acte.modifie_depuis, est_signe=acte.est_signe)
        phrase = phrases.cloture(ou.ici_dite, comptes, etat)
    return PageDuJour(titre, phrase, puces=tuple(acte.actes))


@lease(SALLE)
def coordination(
    entrepot: Entrepot, journal: Journal, seance: Seance, ici: str, nommees: Mapping[str, str]
) -> dict[str, PageDuJour]:
    """10h30: each blocage of the agenda (by identifiant) with its finding, drawn beside the ICI and the Métropole, and
    who reported it, what the last séance left (LAISSES), what works (FONCTIONNE).

    `nommees`: what codes are called.
    """
    filtres, annee = {"seance": str(seance), "ici": ici}, Periode.de(seance, "annee")
    points = blocages.ordre_du_jour(blocages.find_all(journal, **filtres))
    with entrepot.open(Portee.mel(), seance) as lecteur:
        pages = {
            fiche.identifiant: _point(lecteur, annee, rang, [porteur, *(b for _, b in membres)], nommees)
            for rang, ((fiche, porteur), membres) in enumerate(points, 1)
        }
    laisses = [
        phrases.lead_point([b, *(x for _, x in blocages.membres(journal, (f, b)))], nommees, nommees)
        for f, b in decisions.laisses(journal, seance.precedente, ici)
    ]
    notees = [
        f"{p.dite} ({nommees.get(p.organisation, p.organisation)})"
        for _, p in presences.find_pratiques(journal, **filtres)
    ]
    titre_des_laisses = "10h30 · Laissés par les séances d’avant"
    autres = (
        (LAISSES, titre_des_laisses, laisses),
        (FONCTIONNE, "10h30 · Ce qui fonctionne, témoignages", notees),
    )
    return pages | {
        cle: PageDuJour(tete, puces=tuple(map(langue.typeset, dites))) for cle, tete, dites in autres if dites
    }


def _point(
    lecteur: Lecteur, annee: Periode, rang: int, blocages_joints: Sequence[Blocage], nommees: Mapping[str, str]
) -> PageDuJour:
    """The first of `blocages_joints` bears the item: its finding is what the screen says first."""
    porteur = blocages_joints[0]
    sujet = phrases.sujet(porteur, nommees)
    puces = phrases.signalements(blocages_joints, nommees)
    if porteur.proposition.strip():
        puces.append(phrases.proposition(porteur))
    page = PageDuJour(f"10h30 · {rang}. {sujet}", puces=tuple(map(langue.typeset, puces)))
    try:
        constats = gather(lecteur, annee, porteur.secteur, porteur.profil).constats
    except ErreurUtilisateur:
        return page
    dit = phrases.message_du_blocage(porteur, sujet, constats)
    tete = phrases.head(constats, phrases.plainte_de(porteur))
    dessin = _cercles(tete, sujet, porteur.ici) if tete else None
    return replace(page, phrase=dit, dessin=dessin, compte=f"{dessin.nom}." if dessin else "")


def _cercles(tete: Preuve, sujet: str, ici: str) -> Dessin | None:
    """The finding in its sector, in the ICI (when it is not all of it) and in the Métropole, where the sector and
    another are said."""
    autour = ((ici, "ici"),) if not tete.lieu.est_entiere else ()
    lus = [(ou, tete.read(cercle)) for ou, cercle in ((sujet, "secteur"), *autour, ("Métropole", "mel"))]
    dits = [(ou, float(dit.valeur)) for ou, dit in lus if dit is not None and dit.est_dit]
    _, sien = lus[0]
    if tete.unite == "nombre" or len(dits) < 2 or sien is None or not sien.est_dit:
        return None
    valeurs = [v if tete.unite == "part" else float(langue.round_off(v, 1)) for _, v in dits]
    nombre = Nombre.PART if tete.unite == "part" else Nombre.DECIMAL
    return Dessin(titre(tete), tuple(ou for ou, _ in dits), (serie(titre(tete), valeurs, nombre),))


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
    return phrases_segments.say(ou, nom, criteres, comptes, bailleurs, est_drapeau=est_drapeau, reserves=dites.say())

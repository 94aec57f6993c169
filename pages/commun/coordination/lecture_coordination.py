"""What the coordination screens read: names, evidence, detected blocages, figures that may tell, results."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from mel_core.contrat import reference
from mel_core.indicateurs.catalogue import TEMOINS
from mel_core.seance.coordination import TemoinIndicateur, TemoinPreuve, TemoinSegment, decisions, presences, resultats
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.blocages import Blocage
from mel_core.seance.coordination.resultats import BilanDecisions
from mel_core.seance.coordination.temoins import DU_PROFIL, PREUVES, Temoin, read_ou_dire
from mel_core.seance.preuves import DossierPreuves, ProfilBlocage, Secteur, gather
from mel_core.seance.preuves.secteur import TOUS_PROFILS
from mel_core.seance.verdict import Direction, Valeur
from mel_core.segments import SEGMENTS, Condition, SegmentLibre
from mel_core.socle import langue
from mel_core.socle.appellations import INSTITUTIONS, RESERVATAIRES
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import donnees, ecriture, memo
from pages.commun.choix_perimetre import Perimetre

STYLE = Path(__file__).with_name("coordination.css")


def require_ici(choisi: Perimetre) -> str:
    """The code of the ICI. Raises `ErreurUtilisateur` on the whole Métropole: an agenda is that of one ICI."""
    if choisi.ici is None:
        raise ErreurUtilisateur("L’ordre du jour est celui d’une ICI : choisir l’une des trois dans le bandeau.")
    return choisi.ici


def communes(choisi: Perimetre) -> dict[str, str]:
    """Code → name of the communes of the ICI, by name."""
    return dict(sorted(choisi.communes.items(), key=lambda x: x[1]))


def lieux(choisi: Perimetre, coupe: str, parmi: list[str]) -> dict[str, str]:
    """Code → name of the quartiers or résidences of the communes `parmi`."""
    table = donnees.lieux(*choisi.cle, coupe)
    siens = table[table["commune"].isin(parmi)]
    return {c: n if pd.notna(n) else c for c, n in zip(siens["code"], siens["nom"], strict=True)}


def organisations(choisi: Perimetre) -> dict[str, str]:
    """Who may report or act: institutions, communes of the ICI, bailleurs."""
    return {**INSTITUTIONS, **communes(choisi), **choisi.bailleurs}


def appellations(choisi: Perimetre) -> dict[str, str]:
    """What whoever reports is called: `organisations`, the réservataires by their type, and any commune: one that left
    the ICI since keeps its name."""
    return {**{c: x.nom for c, x in reference.communes().items()}, **RESERVATAIRES, **organisations(choisi)}


def sujet(blocage: Blocage, choisi: Perimetre) -> str:
    """`phrases_coordination.sujet`, by the names of the séance on screen."""
    est_fin = blocage.secteur.quartiers or blocage.secteur.residences
    return phrases.sujet(blocage, noms(choisi) if est_fin else appellations(choisi))


def noms(choisi: Perimetre) -> dict[str, str]:
    """What codes are called on screen: organisations, quartiers and résidences of the ICI."""
    siennes = list(communes(choisi))
    return {**lieux(choisi, "quartier", siennes), **lieux(choisi, "residence", siennes), **appellations(choisi)}


def temoins(
    choisi: Perimetre, secteur: Secteur, bailleur: tuple[str, str] | None, profil: ProfilBlocage | None = None
) -> dict[str, Temoin]:
    """What may tell, by its name: each indicator in the places of the sector, at the bailleur, in the ICI; the shares
    of the evidence, in the sector; segments, of those who want the communes of the sector then of the whole ICI.

    Where a profile is asked, those that count it alone come first and say it, as far as each can be cut; the others say
    that they are of everybody. The place comes next, from the narrowest.
    """
    profil = profil or ProfilBlocage()
    autres = TOUS_PROFILS if profil != ProfilBlocage() else ""
    du_profil = [
        *_indicateurs(choisi, secteur, bailleur, profil),
        *_preuves_qui_suivent(choisi, secteur, profil),
        *_segments(choisi, secteur, profil),
    ]
    de_tous = [*_indicateurs(choisi, secteur, bailleur, ProfilBlocage()), *_segments(choisi, secteur, ProfilBlocage())]
    proposes = dict(du_profil)
    return proposes | {nom + autres: temoin for nom, temoin in de_tous if nom + autres not in proposes}


def _ou(choisi: Perimetre, secteur: Secteur) -> str:
    dits = noms(choisi)
    lieux = [dits.get(c, c) for c in (*secteur.residences, *secteur.quartiers, *secteur.communes)]
    return langue.liste(lieux or [require_ici(choisi)])


def _indicateurs(
    choisi: Perimetre, secteur: Secteur, bailleur: tuple[str, str] | None, profil: ProfilBlocage
) -> Iterator[tuple[str, Temoin]]:
    """Each indicator in each place, cut by what of the profile cuts it; none when nothing of it does."""
    coupes = {coupe: code for champ, coupe in DU_PROFIL.items() if (code := getattr(profil, champ))}
    if profil != ProfilBlocage() and not coupes:
        return
    ici, dits = require_ici(choisi), noms(choisi)
    ou: list[tuple[str, dict[str, Any]]] = [
        (dits.get(code, code), {"ici": ici, "cellule": {coupe: code}})
        for coupe, codes in (("residence", secteur.residences), ("quartier", secteur.quartiers))
        for code in codes
    ]
    ou += [(dits[code], {"commune": code}) for code in secteur.communes if code in dits]
    if bailleur:
        ou.append((bailleur[1], {"bailleur": bailleur[0], "ici": ici}))
    ou.append((ici, {"ici": ici}))
    for place, filtres in ou:
        for nom in TEMOINS:
            temoin = TemoinIndicateur(nom, **{**filtres, "cellule": {**filtres.get("cellule", {}), **coupes}})
            yield f"{temoin.titre} · {place}{temoin.profil.dit}", temoin


def _preuves_qui_suivent(choisi: Perimetre, secteur: Secteur, profil: ProfilBlocage) -> Iterator[tuple[str, Temoin]]:
    for mesure in PREUVES:
        preuve = TemoinPreuve(mesure, secteur, profil)
        yield f"{preuve.titre} · {_ou(choisi, secteur)}{preuve.qui}", preuve


def _segments(choisi: Perimetre, secteur: Secteur, profil: ProfilBlocage) -> Iterator[tuple[str, Temoin]]:
    """Each segment, of those who want the communes of the sector, then of the whole ICI."""
    ici, dits = require_ici(choisi), noms(choisi)
    visees = tuple(c for c in secteur.communes if c in dits)
    leurs = _conditions(profil)
    filtres = [(ici, leurs)]
    if visees:
        souhaits = Condition("commune_souhaitee", "parmi", visees)
        filtres.insert(0, (langue.liste([dits[c] for c in visees]), (souhaits, *leurs)))
    for place, conditions in filtres:
        filtre = SegmentLibre(conditions) if conditions else None
        for nom, s in SEGMENTS.items():
            yield f"{s.titre} · {place}{profil.dit}", TemoinSegment(nom, ici=ici, filtre=filtre)


def _conditions(profil: ProfilBlocage) -> tuple[Condition, ...]:
    """The households of a profile among the demandes. `aci` of a profile is any of three labels, `droit_commun` none of
    five: each is one condition of the conjunction, or several."""
    labels = {
        "aci": (("segment", "est", "aci_en_attente"),),
        "mutation_bloquee": (("mutation_bloquee", "est", True),),
        "npru": (("npru", "est", True),),
        "droit_commun": tuple((x, "est", False) for x in ("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru")),
    }
    voulues: list[tuple[str, str, Any]] = [
        *([("typologie", "parmi", (profil.typologie,))] if profil.typologie else []),
        *([("ressources", "parmi", (profil.ressources,))] if profil.ressources else []),
        *([("mutation", "est", profil.acces == "mutation")] if profil.acces else []),
        *labels.get(profil.label or "", ()),
    ]
    return tuple(Condition(*c) for c in voulues)


@memo.exact(64, est_partage=True)
def preuves(choisi: Perimetre, secteur: Secteur, profil: ProfilBlocage) -> DossierPreuves:
    """The evidence over the 12 months up to the end of the séance on screen."""
    with choisi.open() as lecteur:
        return gather(lecteur, choisi.annee, secteur, profil)


@memo.exact(128)
def valeur(choisi: Perimetre, temoin: Temoin) -> Valeur:
    """What `temoin` reads at the séance on screen, in the snapshot that serves it."""
    return read_ou_dire(temoin, donnees.entrepot().pour(require_ici(choisi)), choisi.seance)


@memo.exact(128)
def sens_voulu(choisi: Perimetre, temoin: Temoin) -> Direction | None:
    """`decisions.sens_voulu` at the séance on screen."""
    return decisions.sens_voulu(temoin, donnees.entrepot().pour(require_ici(choisi)), choisi.seance)


def bilan(choisi: Perimetre) -> BilanDecisions:
    """Every decision that reopens at the séance on screen; kept until something is acted or published."""
    return _bilan(choisi, ecriture.etat())


@memo.exact(16, est_partage=True)
def _bilan(choisi: Perimetre, etat: str) -> BilanDecisions:
    return resultats.bilan(donnees.entrepot(), ecriture.journal(), choisi.seance, require_ici(choisi))


def date_tenue(choisi: Perimetre) -> date | None:
    """The day on which the séance is held; None until somebody says it."""
    return presences.jour_de(ecriture.journal(), choisi.seance, require_ici(choisi))

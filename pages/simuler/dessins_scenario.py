"""The pictures of a scenario's answer: its charts, which follow the lever, and its map, drawn when the hand rests."""

from __future__ import annotations

from mel_core.secret.bail import reader
from mel_core.simulation.scenarios import Resultat
from mel_core.simulation.scenarios.projections import ResultatConvergence
from pages.commun import donnees, memo
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import courbes, images_programmation
from pages.commun.images.cartes import Carte
from pages.commun.images.gabarit import Image
from pages.commun.mesures import lecture_scenario
from pages.simuler import images_scenario, tableaux_scenario

COTES = {"equilibre": "Équilibre : ménages modestes", "aci": "Ménages ACI en premier accès"}
_UNITES = {"equilibre": "attributions, pour l’équilibre", "aci": "attributions, pour les ménages ACI"}
PAR_COMMUNE = ("equilibre", "aci")
LIEUX = (*PAR_COMMUNE, "plan")


def images(choisi: Perimetre, resultat: Resultat) -> tuple[Image, ...]:
    """The charts, side by side."""
    return _images(lecture_scenario.cle(resultat.scenario), choisi, resultat)


@memo.said(1024, est_partage=True)
def _images(cle: lecture_scenario.Cle, _choisi: Perimetre, _resultat: Resultat) -> tuple[Image, ...]:
    # The key says the snapshot, the séance and the ICI: all that is read of the perimeter.
    simulation, lignes = _resultat.scenario.simulation, _resultat.resultat
    if simulation in LIEUX and not reader().lit_tout:
        return ()  # place by place, every value of its levers would give exact counts back
    if simulation == "plan":
        return _plan(_choisi, _resultat)
    if simulation in PAR_COMMUNE:
        return (images_scenario.mouvements(tableaux_scenario.name(_choisi, _resultat.details["commune"], "commune")),)
    if simulation == "engagement" and not lignes.empty:
        avec, sans = (reader().comptes(s, ["stock_debut", "restants"]) for s in (lignes, _resultat.details["constat"]))
        return (courbes.restants(avec, sans, _choisi.seance),)
    if isinstance(_resultat, ResultatConvergence) and _resultat.synthese["ecart_initial"] is not None:
        moitie, dites = _resultat.synthese["semestre_moitie"], _resultat.classes_dites()
        suites = (t[t["fragilite"].isin(dites)] for t in (lignes, _resultat.details["constat"]))
        essai, constat = map(reader().projetees, suites)
        return (courbes.trajectoires(essai, constat, moitie),)
    if simulation == "programmation" and not lignes.empty:
        return (images_programmation.figure(lignes),)
    if simulation == "ordonnancement":
        return (images_scenario.tete(*lecture_scenario.chiffres(_choisi, _resultat)),)
    return ()


def _plan(choisi: Perimetre, resultat: Resultat) -> tuple[Image, ...]:
    """The two sides of a plan, commune by commune: a same attribution may serve both."""
    communes = resultat.details["commune"]
    return tuple(
        images_scenario.mouvements(
            tableaux_scenario.name(choisi, communes[communes["indicateur"] == indicateur], "commune"),
            quoi,
            _UNITES[indicateur],
        )
        for indicateur, quoi in COTES.items()
    )


def carte(choisi: Perimetre, resultat: Resultat) -> Carte | None:
    """What moves in each commune, where the answer says it: the same numbers as the bars."""
    if resultat.scenario.simulation not in PAR_COMMUNE or not reader().lit_tout:
        return None
    return _carte(lecture_scenario.cle(resultat.scenario), choisi, resultat)


@memo.said(1024, est_partage=True)
def _carte(cle: lecture_scenario.Cle, _choisi: Perimetre, _resultat: Resultat) -> Carte:
    communes = donnees.communes(_choisi.instantane.identifiant, str(_choisi.seance))
    dedans = communes[communes["ici"] == _choisi.ici] if _choisi.ici else communes
    montrees = tableaux_scenario.name(_choisi, _resultat.details["commune"], "commune")
    return images_scenario.carte(montrees, list(dedans["commune"]), tableaux_scenario.noms(_choisi))

"""What a point left by a séance keeps at the next one: what was merged into it, what was noted of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mel_core.dossier import creneaux
from mel_core.dossier.releve import releve_de
from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.seance.coordination import Blocage, blocages, seances_tenues
from mel_core.seance.preuves import Secteur
from mel_core.socle.erreurs import AppelIncorrect
from tests.ecrans.conftest import ROUBAIX
from tests.ecrans.test_coordination import AUTEUR, S1, S2, journal_de, open, texte
from tests.ecrans.test_gestes_coordination import name
from tests.ecrans.test_positions import CINQ, act_as
from tests.mots import simple


def test_what_was_merged_is_told_by_the_releve_and_goes_to_the_next_seance_with_what_was_noted(
    monde_publie: Path,
) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    act_as(name(open("coordination", point="b0")), Absents=CINQ)
    autre = Blocage(S1, "B1", Secteur("ICI 2", (ROUBAIX,)), "Trop peu de T4")
    regroupe = blocages.report(journal, autre, AUTEUR, identifiant="b1", op_id="s1")
    porteur = journal.read(blocages.OBJET, "b0")
    assert porteur is not None
    blocages.tie(journal, regroupe, porteur, AUTEUR, "m1")
    entrepot = Entrepot(monde_publie)
    with entrepot.open(Portee.mel(), S1) as lecteur:
        noms = Noms.read(lecteur)
        (dite,) = releve_de(entrepot, journal, S1, "ICI 2", noms).sans_decision
        slide = creneaux.coordination(entrepot, journal, S2, "ICI 2", noms.qui | noms.connues)[creneaux.LAISSES]
    aussi = "Peu d’ACI logés à <Roubaix> (signalé par Roubaix). Signalé aussi par Bailleur B1."
    assert f"{aussi} Noté : « Doubler les ACI ». Absent" in simple(dite)
    assert aussi in simple(slide.puces[0])
    offert = simple(texte(name(open("blocages", seance=str(S2), etape="Trier et objectiver"))))
    assert "Signalé par Bailleur B1 : Trop peu de T4.<br>Noté : « Doubler les ACI ». Absent" in offert

    reporte = blocages.carry_over(journal, porteur, S2, AUTEUR)
    a_trier = simple(texte(name(open("blocages", seance=str(S2), etape="Trier et objectiver"))))
    assert "Noté lors de la séance 2017S1 : « Doubler les ACI ». Absent" in a_trier
    blocages.retain(journal, reporte, AUTEUR, "r1")
    apres = simple(texte(open("coordination", seance=str(S2), point=reporte.identifiant)))
    assert "Bailleur B1 : Trop peu de T4" in apres
    assert "Noté lors de la séance 2017S1 : « Doubler les ACI ». Absent" in apres
    # Nothing was noted of it at the second one: what the first one wrote is kept, on screen and on paper.
    (dite,) = releve_de(entrepot, journal, S2, "ICI 2", noms).sans_decision
    for lu in (texte(open("cloture", seance=str(S2))), dite):
        assert "Noté lors de la séance 2017S1 : « Doubler les ACI ». Absent" in simple(lu)


def test_a_point_sent_back_is_offered_to_the_next_seance_as_such(monde_publie: Path) -> None:
    journal_de(monde_publie, est_acte=False)
    act_as(name(open("coordination", point="b0")), Renvoyé=["MEL"])
    offert = simple(texte(name(open("blocages", seance=str(S2), etape="Trier et objectiver"))))
    assert "séance 2017S1, renvoyé<" in offert
    assert "Renvoyé : « Doubler les ACI ». Renvoyé : MEL" in offert


def test_9h00_says_how_many_points_wait_to_be_carried_over_before_the_agenda_has_any(monde_publie: Path) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    avant = texte(open("introduction", seance=str(S2)))
    assert "aucun blocage n’est inscrit à l’ordre du jour" in simple(avant)
    assert "1 point laissé par les séances d’avant, à reporter depuis Préparer › Blocages." in simple(avant)
    porteur = journal.read(blocages.OBJET, "b0")
    assert porteur is not None
    blocages.carry_over(journal, porteur, S2, AUTEUR)
    assert "par les séances d’avant" not in texte(open("introduction", seance=str(S2)))


def test_who_reported_still_sees_what_an_older_seance_left_open(monde_publie: Path) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    seances_tenues.fix(journal, S2.suivante, "ICI 2", date(2018, 9, 20), AUTEUR, "jour", 0)

    def vu() -> str:
        return texte(name(open("blocages", Profil(TypeProfil.COMMUNE, ROUBAIX), seance=str(S2.suivante))))

    assert "Peu d’ACI logés à &lt;Roubaix&gt;. <span>(séance 2017S1, " in vu()
    porteur = journal.read(blocages.OBJET, "b0")
    assert porteur is not None
    blocages.carry_over(journal, porteur, S2.suivante, AUTEUR)
    assert "(séance 2017S1, " not in vu()
    assert "(séance 2018S1, " in vu()


def test_a_report_that_was_carried_over_is_corrected_and_taken_back_where_it_is_now(monde_publie: Path) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    recu = Blocage(S1, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), "Quatre ans pour un T2")
    fiche = blocages.report(journal, recu, AUTEUR, identifiant="b1", op_id="s1")
    suite = blocages.carry_over(journal, fiche, S2, AUTEUR)
    commune = Profil(TypeProfil.COMMUNE, ROUBAIX)
    offerts = {b.key for b in name(open("blocages", commune, seance=str(S2))).button}
    assert f"corriger_{suite.identifiant}" in offerts
    assert "corriger_b1" not in offerts
    for change in (
        lambda: blocages.amend(journal, fiche, recu, AUTEUR, "a1"),
        lambda: blocages.withdraw(journal, fiche, AUTEUR, "w1"),
    ):
        with pytest.raises(AppelIncorrect, match="est reporté à la séance 2017S2"):
            change()
    # The triage of each séance says where it went, and where it comes from.
    ancien = name(open("blocages", etape="Trier et objectiver"))
    assert "reporté à la séance 2017S2" in simple(texte(ancien))
    assert "retenir_b1" in {b.key for b in ancien.button}  # carried over too soon, it may still be decided here
    nouveau = name(open("blocages", seance=str(S2), etape="Trier et objectiver"))
    assert "reporté de la séance 2017S1" in simple(texte(nouveau))
    assert f"retenir_{suite.identifiant}" in {b.key for b in nouveau.button}


def test_points_of_one_place_are_told_apart_by_what_the_room_reads_of_them(monde_publie: Path) -> None:
    journal = journal_de(monde_publie)
    autre = Blocage(S1, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), "Trop peu de T4", dit="Trop peu de T4 libérés")
    for nom, blocage in (("b1", autre), ("b2", Blocage(S1, ROUBAIX, Secteur("ICI 2"), "Rien ne bouge", dit="Rien"))):
        fiche = blocages.report(journal, blocage, AUTEUR, identifiant=nom, op_id=nom)
        blocages.retain(journal, fiche, AUTEUR, f"r{nom}")
    essai = open("coordination", point="b1")
    onglets = [simple(o) for o in essai.segmented_control[0].options][:3]
    assert onglets == ["1. Roubaix : Peu d’ACI logés à <Roubaix>", "2. Roubaix : Trop peu de T4 libérés", "3. ICI 2"]

"""What a picture of a measure draws is what its sentence says: the first line, every class, one scale."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from mel_core.entrepot import Instantane
from mel_core.indicateurs import phrases_mesures
from mel_core.secret.bail import PREPARATION, SALLE, lease
from mel_core.socle.periodes import Seance
from mel_core.socle.valeurs import Compte
from pages.commun import donnees
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import images_mesures
from pages.commun.mesures.lecture_mesures import Repere, lignes, read
from pages.seance.bilan import tableaux_mesures
from tests.ecrans.dessin import a_gauche


@pytest.fixture
def perimetre(petit_monde: Instantane) -> Perimetre:
    seance = Seance.read("2017S2")
    return Perimetre(donnees.instantane(seance), seance, "ICI 2", ("Roubaisien", "Tourquennois"))


def test_a_room_draws_every_class_of_quartiers_whose_share_is_said_and_names_the_others(perimetre: Perimetre) -> None:
    modestes = {"fragile": 0.62, "moyenne": 0.47, "sans": 0.4}
    with lease(SALLE):
        lecture = read(perimetre, "ressources")
        une = lignes(lecture.cle, "fragilite").iloc[:1]
        toutes = pd.concat(
            [une.assign(ligne=c, nom=f"Quartiers {c}", rang=i) for i, c in enumerate([*modestes, "inconnu"])]
        )
        lues = toutes.assign(part_modestes=toutes["ligne"].map(modestes))
        (image,), note = images_mesures.draw(lecture, lues, "fragilite", "mot " * 60)
        assert a_gauche(image) == ["Quartiers fragile", "Quartiers moyenne", "Quartiers sans"]
        assert note == "Parmi les ressources connues ; bornes supposées."
        sans = lues.assign(part_modestes=lues["part_modestes"].mask(lues["ligne"] == "sans"))
        (image,), note = images_mesures.draw(lecture, sans, "fragilite")
    assert a_gauche(image) == ["Quartiers fragile", "Quartiers moyenne"]
    assert note.endswith(" Non dit ici : quartiers sans.")


@pytest.mark.usefixtures("lu_par")
@pytest.mark.parametrize("audience", [PREPARATION, SALLE])
def test_the_first_contingent_of_the_sentence_is_the_first_line_of_the_picture(perimetre: Perimetre) -> None:
    lecture = read(perimetre, "reservataires")
    une = lignes(lecture.cle, "reservataire").iloc[:1].assign(part=0.3, n_connus=Compte(500))
    codes = {"AUCUN": ("Hors contingent", 970), "COLACT": ("Action Logement", 905), "inconnu": ("Inconnu", 950)}
    lues = pd.concat(
        [une.assign(ligne=c, nom=nom, n_total=Compte(n), rang=i) for i, (c, (nom, n)) in enumerate(codes.items())]
    )
    figures, _ = images_mesures.draw(lecture, lues, "reservataire")
    phrase = phrases_mesures.reservataires("l’ICI 2", lues, Compte(4000))
    assert "« Action Logement »" in phrase
    assert [a_gauche(f) for f in figures] == [["Action Logement", "Hors contingent", "Inconnu"]] * len(figures)


@pytest.mark.parametrize("code", ["droit_commun", "npru"])
def test_the_bars_of_the_seances_and_those_of_the_ici_are_of_one_scale(perimetre: Perimetre, code: str) -> None:
    lecture = read(perimetre, code)
    # 45 here, 95 in the Métropole: relogements, or per cent.
    ici, metropole = (pd.Series({**lecture.synthese, "numerateur": Compte(n), "part": n / 100}) for n in (45, 95))
    lues = replace(
        lecture,
        seances=[Repere("2017S2", ici, True)],
        icis=[Repere("ICI 2", ici, False), Repere("Métropole", metropole, False)],
        semestre=ici,
    )
    dite = tableaux_mesures.comparaison(lues).replace("\u00a0", " ")
    largeurs = dict(re.findall(r'<th scope="row">([^<]+)</th><td class="barre"><i style="width:(\d+)%', dite))
    assert largeurs == {"S2 2017": "47", "ce semestre": "47", "ICI 2": "47", "Métropole": "100"}

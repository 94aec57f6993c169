"""What a picture of a measure draws is what its sentence says: the first line, every class, one scale."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.indicateurs import phrases_mesures
from mel_core.indicateurs.phrases_constats import DE_TROP
from mel_core.secret.bail import PREPARATION, SALLE, lease
from mel_core.socle.valeurs import Compte
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import images_mesures, images_objectif, images_parts
from pages.commun.mesures.lecture_mesures import Repere, lignes, read
from pages.seance.bilan import tableaux_mesures
from tests.ecrans.dessin import a_gauche
from tests.lecteurs import lue_par


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
        assert note == snapshot("Parmi les ressources connues ; bornes supposées.")
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


def test_a_share_that_is_not_said_has_its_line_and_no_bar(perimetre: Perimetre) -> None:
    lecture = read(perimetre, "droit_commun")
    dite, tue = (pd.Series({**lecture.synthese, "part": part}, dtype=object) for part in (0.4, None))
    lues = replace(lecture, seances=[Repere("2017S2", dite, True)], icis=[Repere("ICI 2", tue)], semestre=dite)
    ligne = '<th scope="row">ICI 2</th><td class="barre"><i style="width:0%"></i></td><td>—</td>'
    assert ligne in tableaux_mesures.comparaison(lues)


def test_what_is_said_of_a_place_is_written_beyond_its_own_objective_where_that_is_on_its_way() -> None:
    lignes_lues = pd.DataFrame(
        {
            "libelle": ["Au-dessous du sien", "Au-dessus du sien", "Sans"],
            "valeur_dit": ["au-dessous", "5 de trop", "12"],
            "infobulle": "",
            "part": [0.48, 0.48, 0.40],
            "bas_95": float("nan"),
            "haut_95": float("nan"),
            "verdict": DE_TROP,
            "propre": [0.49, 0.30, None],
        }
    )
    image = images_parts.parts(lignes_lues, images_objectif.cibles(Fraction("0.45"), None), None, "Parts", "lues")
    (ecrits,) = [t for t in image.figure.data if t.mode == "text" and t.textfont.size == 16]
    assert list(ecrits.x) == [0.49, 0.48, 0.40]
    assert list(ecrits.textposition) == ["middle right", "middle right", "middle left"]


def test_a_room_draws_no_more_lines_than_have_room_for_the_ring_of_the_seance_before() -> None:
    table = pd.DataFrame({"rang": range(14), "nom": ["Hem"] * 14})
    for avant, n in ((table.assign(avant=[0.4, *[None] * 13]), 8), (table.assign(avant=None), 12), (table, 12)):
        assert lue_par(SALLE, images_mesures.n_dessinees, avant, "mot") == n
        assert lue_par(PREPARATION, images_mesures.n_dessinees, avant, "mot") == 12

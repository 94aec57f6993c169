"""A slide and a line of the note say the sentence that the screen of their indicator shows to the same room."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.dossier.lignes_dossier import POINTS, PointDuPlan, read
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.secret.bail import SALLE
from mel_core.socle.periodes import Periode, Seance
from tests.ecrans.conftest import Publier, monde
from tests.ecrans.test_couverture_dite import lu, lu_texte
from tests.ecrans.vue import open as see
from tests.lecteurs import lue_par


@pytest.mark.parametrize("point", [p for p in POINTS if p.coupe != "residence"], ids=lambda p: p.onglet)
def test_a_line_of_the_agenda_is_told_in_the_words_of_its_screen(
    publish: Publier, tmp_path: Path, point: PointDuPlan
) -> None:
    publish(**monde())
    with Entrepot(tmp_path).open(Portee.mel()) as lecteur:
        tableau = read(lecteur, Noms.read(lecteur), point, Periode.de(Seance(2017, 2), "annee"), "ICI 2")
    if not tableau.est_connu:
        return
    vu = see(page="bilan", seance="2017S2", ici="ICI 2", objectif=point.mesure.code, salle="oui")
    dite = lu_texte(lue_par(SALLE, tableau.pour).phrase).split(" Quartier par quartier")[0]
    assert dite in lu(vu)

"""A slide and a line of the note say the sentence that the screen of their indicator shows to the same room."""

from __future__ import annotations

import pytest

from mel_core.dossier.lignes_dossier import POINTS, read
from mel_core.entrepot import Entrepot, Instantane, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.secret.bail import SALLE
from mel_core.socle.periodes import Periode, Seance
from pages.commun import emplacement
from tests.ecrans.test_couverture_dite import lu, lu_texte
from tests.ecrans.vue import open as see
from tests.lecteurs import lue_par

DITS = [p for p in POINTS if p.coupe != "residence"]


@pytest.mark.parametrize("code", dict.fromkeys(p.mesure.code for p in DITS))
def test_the_lines_of_the_agenda_are_told_in_the_words_of_their_screen(petit_monde: Instantane, code: str) -> None:
    with Entrepot(emplacement.dossier()).open(Portee.mel()) as lecteur:
        noms, annee = Noms.read(lecteur), Periode.de(Seance(2017, 2), "annee")
        tableaux = {p.onglet: read(lecteur, noms, p, annee, "ICI 2") for p in DITS if p.mesure.code == code}
    connus = {onglet: tableau for onglet, tableau in tableaux.items() if tableau.est_connu}
    if not connus:
        return
    vu = lu(see(page="bilan", seance="2017S2", ici="ICI 2", objectif=code, salle="oui"))
    for onglet, tableau in connus.items():
        dite = lu_texte(lue_par(SALLE, tableau.pour).phrase).split(" Quartier par quartier")[0]
        assert dite in vu, onglet

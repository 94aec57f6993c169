"""A visit goes where a browser would."""

from __future__ import annotations

import os
from pathlib import Path

from pages.commun import donnees
from tests.marcheur.chemins import Carnet
from tests.marcheur.magasins import sans_journal
from tests.marcheur.servi import as_served
from tests.marcheur.visite import Visite


def test_what_is_chosen_on_a_page_that_a_key_led_to_is_chosen_there_and_its_link_says_it(tmp_path: Path) -> None:
    sans_journal(tmp_path)
    carnet = Carnet()
    with as_served() as incidents:
        os.environ["MEL_DONNEES"] = str(tmp_path)
        donnees.entrepot.clear()
        visite = Visite(sans_journal.__name__, carnet, incidents)
        visite.open("pages/seance/orientations/orientations.py", {"ici": "ICI 2", "salle": "oui"})
        (salle,) = (w for w in visite.jouables if w.type == "salle")
        touche = salle.jouer(None, lambda _: 0, lambda allees: next(a for a in allees if a.startswith("lieu:")))
        visite.volets[touche.id] = touche
        visite.send(visite._etats())
        assert visite.nom == "bilan"
        visite.essai.selectbox(key="ici").set_value("MEL")
        visite.send(visite._etats())
        assert (visite.nom, visite.adresse["ici"]) == ("bilan", "MEL")
        visite.reload()
    assert not carnet.fautes

"""A slide and a line of the note say the sentence that the screen of their indicator shows to the same room."""

from __future__ import annotations

import pytest

from mel_core.dossier.journee import pages_de
from mel_core.dossier.lignes_dossier import POINTS, read
from mel_core.dossier.orientations_dossier import Sources
from mel_core.dossier.seance import contexte
from mel_core.entrepot import Entrepot, Instantane, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.journal import Journal
from mel_core.seance.sequence import Message
from mel_core.secret.bail import SALLE
from mel_core.socle.periodes import Periode, Seance
from pages.commun import emplacement
from tests.ecrans.test_couverture_dite import lu
from tests.ecrans.vue import open as see
from tests.lecteurs import lue_par
from tests.mots import simple

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
        dite = simple(lue_par(SALLE, tableau.pour).phrase).split(" Quartier par quartier")[0]
        assert dite in vu, onglet


@pytest.mark.parametrize(
    ("page", "adresse"),
    [
        *(
            ("bilan", {"objectif": code, "coupe": vue})
            for code in ("equilibre", "aci")
            for vue in ("commune", "bailleur")
        ),
        ("bilan", {"objectif": "equilibre", "coupe": "quartier"}),
        ("bilan", {"objectif": "enjeu_mixite"}),
        ("orientations", {"vue": "segments", "segment": "attente_24", "etape": "repartition"}),
        *(("orientations", {"vue": vue}) for vue in ("preconisations", "mutations", "offre", "qpv")),
    ],
)
def test_a_slide_says_what_its_message_says(petit_monde: Instantane, page: str, adresse: dict[str, str]) -> None:
    entrepot, seance = Entrepot(emplacement.dossier()), Seance(2017, 2)
    with entrepot.open(Portee.mel(), seance) as lecteur:
        s = Sources(
            entrepot,
            lecteur,
            Journal.du_dossier(entrepot.dossier),
            contexte(lecteur, seance, "ICI 2"),
            Noms.read(lecteur),
        )
        dites = [p.phrase for p in pages_de(s, [Message("m", page, "Essai", adresse)])]
    vu = lu(see(page=page, seance="2017S2", ici="ICI 2", salle="oui", **adresse))
    assert [dite for dite in dites if simple(dite) not in vu] == []

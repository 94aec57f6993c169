"""The ordering screen: no small cell is given back by its neighbours, and an ICI counts whom its segments count."""

from __future__ import annotations

from collections import defaultdict

from mel_core.entrepot import Portee
from mel_core.periodes import Seance
from mel_core.reference import communes
from mel_core.scenarios import lecture
from mel_core.secret.regroupement import SEUIL
from mel_core.segments import Criteres, SegmentLibre, compter
from pages.commun.orientations.ecran_ordonnancement import arrondi
from tests.engagements.test_cohorte import demande, magasin
from tests.jeux import LILLE, ROUBAIX

S2 = Seance(2017, 2)
FLUX = 25  # up to the last that is shown as « ≈ 20 »; 75 households are the first that are shown as « ≈ 80 »


def test_a_row_never_gives_back_a_flow_of_a_few_people():
    possibles = defaultdict(set)
    for avant in range(75):
        for entrent in range(FLUX):
            for sortent in range(min(avant + 1, FLUX)):
                montre = tuple(map(arrondi, (avant, avant + entrent - sortent, entrent, sortent)))
                possibles[montre].add((entrent, sortent))
    for comptes in possibles.values():
        entrees, sorties = ({c[i] for c in comptes} for i in (0, 1))
        assert all(len(flux) > 1 or not 0 < min(flux) < SEUIL for flux in (entrees, sorties))


def test_the_queue_of_an_ici_is_the_population_of_its_segments(tmp_path):
    ici = communes()[LILLE].ici
    entrepot = magasin(
        tmp_path,
        [
            demande("1", communes_souhaitees=[LILLE], code_insee_actuel=ROUBAIX),
            demande("2", communes_souhaitees=[ROUBAIX], code_insee_actuel=LILLE),  # lives there, wants to leave
            demande("3", communes_souhaitees=[ROUBAIX], code_insee_actuel=ROUBAIX),
            demande("4", communes_souhaitees=[LILLE], code_insee_actuel=None),
        ],
    )
    with entrepot.ouvrir(Portee.mel(), S2) as lecteur:
        file = lecture.demandes(lecteur, S2.fin, ici)
    with entrepot.ouvrir(Portee.ici(ici), S2) as lecteur:
        actives = compter(lecteur, SegmentLibre(), Criteres(S2.fin))
    assert len(file) == actives == 3

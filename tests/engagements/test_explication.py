"""Where the count of a segment comes from: its query with its parameters, the demandes that it could not place."""

from __future__ import annotations

import pytest

from mel_core.cli import analyse
from mel_core.engagements.explication import expliquer
from mel_core.entrepot import Portee
from mel_core.periodes import Seance
from mel_core.segments import Criteres, SegmentLibre
from pages.commun.lecture_orientations import Question
from pages.commun.pourquoi_orientations import DEFINITIONS, REQUETES, commande
from tests.engagements.test_cohorte import demande, magasin

FIN = Seance(2017, 2).fin


def test_the_query_says_its_dates_and_the_steps_that_it_was_asked_at(tmp_path):
    with magasin(tmp_path, [demande("a")]).ouvrir(Portee.mel()) as lecteur:
        attente = expliquer(lecteur, "attente_24", Criteres(FIN, 36)).requete
        poulidor = expliquer(lecteur, "poulidor", Criteres(FIN, n_min=3, fenetre=12)).requete
    assert attente.startswith("-- $jour = 2017-12-31 ; $avant… = 2014-12-31\nselect count(*)")
    assert poulidor.startswith("-- $jour = 2017-12-31 ; $debut = 2016-12-31 ; $n_min = 3\n")


def test_the_demandes_that_do_not_say_are_counted_where_a_column_alone_decides(tmp_path):
    # The file has the column `aci`, neither `dalo` nor `pdalhpd`: who says ACI is in, of the two others nobody knows.
    demandes = [demande("oui", aci=True), demande("non", aci=False), demande("rien", aci=None)]
    with magasin(tmp_path, demandes).ouvrir(Portee.mel()) as lecteur:
        assert expliquer(lecteur, "aci_en_attente", Criteres(FIN)).n_inconnues == 2
        # nothing recorded means no, it is not unknown
        assert expliquer(lecteur, "jamais_presentes", Criteres(FIN)).n_inconnues is None
        assert expliquer(lecteur, SegmentLibre(), Criteres(FIN)).n_inconnues is None


@pytest.mark.parametrize("nom", DEFINITIONS)
def test_the_command_shown_beside_a_figure_is_one_that_the_command_line_reads(nom):
    mois = 30 if nom in ("attente_24", "attente_36", "delai_anormalement_long") else None
    texte = commande(Question("x", "2017S2", "ICI 1", nom, mois, 3, 12))
    lue = analyse.construire().parse_args(texte.split()[3:])
    assert (lue.nom, lue.date) == (nom, FIN)
    if mois:
        assert lue.mois == 30
    if nom == "poulidor":
        assert (lue.n_min, lue.fenetre) == (3, 12)


@pytest.mark.parametrize("texte", [c for _, c in REQUETES.values() if c])
def test_the_command_shown_on_another_view_is_read_too(texte):
    lue = analyse.construire().parse_args(texte.format(jour=FIN, seance="2017S2").split()[3:])
    assert lue.nom in ("mutations_bloquees_en_attente", "autres_en_qpv")

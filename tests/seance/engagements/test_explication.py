"""Where the count of a segment comes from: its query with its parameters, the demandes that it could not place."""

from __future__ import annotations

import json
import re
import shlex
from types import SimpleNamespace

import pytest

from mel_core.cli import analyse
from mel_core.cli.commandes import COMMANDES as DECLAREES
from mel_core.cli.commandes import principal
from mel_core.entrepot import Portee
from mel_core.segments import SEGMENTS, Criteres, SegmentLibre, count
from mel_core.segments.compilation import explain
from mel_core.socle.periodes import Seance
from pages.commun.segments.lecture_orientations import LIBRE, QuestionSegment
from pages.seance.orientations.pourquoi_orientations import COMMANDES, PERIODES, VUES, commande, commandes
from tests.jeux import ROUBAIX
from tests.seance.engagements.test_cohorte import demande, evenement, magasin

FIN = Seance(2017, 2).fin
TOURCOING = "59599"


def test_the_query_says_its_dates_and_the_steps_that_it_was_asked_at(tmp_path):
    with magasin(tmp_path, [demande("a")]).open(Portee.mel()) as lecteur:
        attente = explain(lecteur, "attente_24", Criteres(FIN, 36)).requete
        poulidor = explain(lecteur, "poulidor", Criteres(FIN, n_min=3, fenetre=12)).requete
    metropole = "-- suivi : les demandes de toute la Métropole\n"
    (nom,) = set(re.findall(r"\$avant_\d+", attente))
    assert attente.startswith(f"{metropole}-- $jour = 2017-12-31 ; {nom} = 2014-12-31\nselect count(*)")
    assert poulidor.startswith(f"{metropole}-- $jour = 2017-12-31 ; $debut = 2016-12-31 ; $n_min = 3\n")


def test_every_parameter_of_the_query_is_given_its_value(tmp_path):
    libre = SegmentLibre.read('[["commune_souhaitee","parmi",["59512"]],["n_personnes","au_moins",3]]')
    with magasin(tmp_path, [demande("a")]).open(Portee.mel()) as lecteur:
        for quoi in (*SEGMENTS, libre):
            _, dits, *texte = explain(lecteur, quoi, Criteres(FIN)).requete.splitlines()
            noms = set(re.findall(r"\$\w+", "\n".join(texte)))
            assert noms == set(re.findall(r"(\$\w+) = ", dits)), quoi


def test_the_query_names_the_ici_that_it_was_asked_in(tmp_path):
    with magasin(tmp_path, [demande("a")]).open(Portee.ici("ICI 1")) as lecteur:
        requete = explain(lecteur, "attente_24", Criteres(FIN)).requete
    assert requete.startswith("-- suivi : les seules demandes qui souhaitent une commune de l’ICI 1 ou y habitent\n")


def test_the_demandes_that_do_not_say_are_counted_where_a_column_alone_decides(tmp_path):
    # The file has the column `aci`, neither `dalo` nor `pdalhpd`: nobody of it is known, whoever says ACI included.
    demandes = [demande("oui", aci=True), demande("non", aci=False), demande("rien", aci=None)]
    with magasin(tmp_path, demandes).open(Portee.mel()) as lecteur:
        assert explain(lecteur, "aci_en_attente", Criteres(FIN)).n_inconnues == 3
        # nothing recorded means no, it is not unknown
        assert explain(lecteur, "jamais_presentes", Criteres(FIN)).n_inconnues is None
        assert explain(lecteur, SegmentLibre(), Criteres(FIN)).n_inconnues is None


@pytest.mark.parametrize("nom", SEGMENTS)
def test_the_command_shown_beside_a_figure_is_one_that_the_command_line_reads(nom):
    mois = 30 if nom in ("attente_24", "attente_36", "delai_anormalement_long") else None
    texte = commande(QuestionSegment("x", "2017S2", "ICI 1", nom, mois, 3, 12))
    lue = analyse.build(DECLAREES).parse_args(shlex.split(texte)[3:])
    assert (lue.nom, lue.date, lue.ici) == (nom, FIN, "ICI 1")
    if mois:
        assert lue.mois == 30
    if nom == "poulidor":
        assert (lue.n_min, lue.fenetre) == (3, 12)


@pytest.mark.parametrize("ici", ["ICI 1", "ICI 2", ""])
@pytest.mark.parametrize("nom", ["jamais_presentes", LIBRE])
def test_the_command_shown_beside_a_figure_gives_that_figure(tmp_path, capsys, nom, ici):
    # Three want Roubaix or Tourcoing (ICI 2), the two who want Lille (ICI 1) live in Roubaix.
    demandes = [demande(f"l{i}") for i in range(2)]
    demandes += [demande(f"r{i}", communes_souhaitees=[ROUBAIX], code_insee_actuel=TOURCOING) for i in range(3)]
    entrepot = magasin(tmp_path, demandes, [evenement("x", "autre", "AUTRE", FIN)])
    libre = SegmentLibre.read('[["anciennete_mois","au_moins",24]]').texte() if nom == LIBRE else ""
    question = QuestionSegment("x", "2017S2", ici, nom, libre=libre)
    with entrepot.open(Portee.ici(ici) if ici else Portee.mel()) as lecteur:
        n = count(lecteur, question.quoi, question.criteres)
    assert n == {"ICI 1": 2, "ICI 2": 5, "": 5}[ici]
    capsys.readouterr()
    assert principal([*shlex.split(commande(question))[3:], "--dossier-donnees", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out) == {"n": n}


@pytest.mark.parametrize("ici", ["ICI 1", None])
@pytest.mark.parametrize("vue", COMMANDES)
def test_the_commands_shown_on_another_view_are_read_too_in_the_ici_on_screen(vue, ici):
    for _, texte in commandes(vue, SimpleNamespace(seance=Seance(2017, 2), ici=ici)):
        lue = analyse.build(DECLAREES).parse_args(shlex.split(texte)[3:])
        assert lue.commande == "journal" or lue.ici == ici


def test_each_view_says_the_days_that_it_reads():
    assert PERIODES.keys() == VUES.keys()
    assert "12 mois" not in PERIODES["engagements"] + PERIODES["mutations"]

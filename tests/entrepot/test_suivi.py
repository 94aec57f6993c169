"""The follow-up made at publication says what the demandes and their events say, in every scope, with it or without."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from mel_core.contrat.tables import TYPOLOGIES
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.lecteur import open_base
from mel_core.entrepot.registre import chemin
from tests.jeux import LILLE, chargement, table
from tests.segments.conftest import sample

TOUT = "select * exclude (ligne) from suivi order by pseudonyme"


DERRIERE = "select * exclude (ligne) from passages_derriere order by id_evenement"


def publish(dossier):
    demandes, evenements = sample(11, 80)
    jeu = chargement(demandes=table("demandes", *demandes), evenements=table("evenements", *evenements))
    return Entrepot(dossier).publish(jeu)[0].identifiant, demandes, evenements


@pytest.mark.parametrize(
    "ancien_format",
    [
        "drop table suivi; update description set format = 0",
        "drop table passages_derriere",
        "alter table passages_derriere drop column lieu",
    ],
)
@pytest.mark.parametrize(
    "portee", [Portee.mel(), Portee.ici("ICI 1"), Portee.commune(LILLE), Portee.bailleur("B1"), Portee.aucune()]
)
def test_a_snapshot_published_before_the_follow_up_as_it_is_answers_alike(tmp_path, portee, ancien_format):
    identifiant, *_ = publish(tmp_path)
    fichier = chemin(tmp_path, identifiant)
    avec, derriere = (open_base(fichier, portee).execute(sql).fetchall() for sql in (TOUT, DERRIERE))
    ancien = tmp_path / "ancien.duckdb"
    ancien.write_bytes(fichier.read_bytes())
    with duckdb.connect(str(ancien)) as base:
        base.execute(ancien_format)
    assert [open_base(ancien, portee).execute(sql).fetchall() for sql in (TOUT, DERRIERE)] == [avec, derriere]
    assert bool(avec) == bool(derriere) == (portee not in (Portee.bailleur("B1"), Portee.aucune()))


def test_one_row_per_demande_with_the_dates_of_its_events_in_order(tmp_path):
    identifiant, demandes, evenements = publish(tmp_path)
    sql = (
        "select pseudonyme, dates_passages, dates_propositions, dates_refus, dates_attribue, rangs_attribue from suivi"
    )
    lues = {p: listes for p, *listes in open_base(chemin(tmp_path, identifiant), Portee.mel()).execute(sql).fetchall()}
    assert lues.keys() == {d["numero_unique"] for d in demandes}

    def dates(qui, type_):
        return sorted(e["date_survenance"] for e in evenements if (e["numero_unique"], e["type"]) == (qui, type_))

    for qui, (passages, propositions, refus, attribues, rangs) in lues.items():
        for liste, type_ in ((passages, "PASSAGE_CAL"), (propositions, "PROPOSITION"), (refus, "REFUS_DEMANDEUR")):
            assert (liste or []) == dates(qui, type_)
        siens = [
            (e["date_survenance"], e["rang"])
            for e in evenements
            if (e["numero_unique"], e["type"], e["decision"]) == (qui, "PASSAGE_CAL", "ATTRIBUE")
        ]
        lus = list(zip(attribues or [], rangs or [], strict=True))
        assert sorted(lus, key=str) == sorted(siens, key=str)
        assert [le for le, _ in lus] == sorted(le for le, _ in siens)


def test_each_typologie_has_its_bit_in_the_order_of_the_contract(tmp_path):
    souhaits = {"rien": None, "vide": [], **{t: [t] for t in TYPOLOGIES}, "deux": ["T1", "T6P"], "bis": ["T2", "T2"]}
    demande = {"date_creation": date(2017, 1, 1), "etat": "ACTIVE", "n_personnes": 1}
    lignes = [demande | {"numero_unique": qui, "typologies": liste} for qui, liste in souhaits.items()]
    identifiant = Entrepot(tmp_path).publish(chargement(demandes=table("demandes", *lignes)))[0].identifiant
    sql = "select pseudonyme, typologies_bits from suivi"
    lus = dict(open_base(chemin(tmp_path, identifiant), Portee.mel()).execute(sql).fetchall())
    assert lus == {"rien": 0, "vide": 0, **{t: 2**i for i, t in enumerate(TYPOLOGIES)}, "deux": 2 + 64, "bis": 4}

"""Events are counted up to the reference date, whether or not others follow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.segments import Condition, Criteres, SegmentLibre, count, find_all
from tests.jeux import LILLE, ROUBAIX, chargement, demande_active, serve, table
from tests.segments.conftest import JOUR

DERNIER = JOUR + timedelta(days=1)  # of the events drawn
PAR_DEMANDE = (
    "select pseudonyme, count(*) as n from evenements where type = $type and date_survenance <= $jour group by all"
)
COMPTES = {"n_propositions": "PROPOSITION", "n_passages_cal": "PASSAGE_CAL", "n_refus": "REFUS_DEMANDEUR"}


@pytest.mark.parametrize("jour", [JOUR, DERNIER])
def test_a_list_counts_the_events_up_to_its_day_whether_or_not_others_follow(jour, jeu):
    lecteur, _, evenements = jeu
    lues = find_all(lecteur, SegmentLibre(), Criteres(jour))
    for colonne, type_ in COMPTES.items():
        siens = lecteur.query(PAR_DEMANDE, type=type_, jour=jour)
        attendus = lues["pseudonyme"].map(dict(siens.itertuples(index=False, name=None))).fillna(0).astype(int)
        assert lues[colonne].tolist() == attendus.tolist()
    assert {e["date_survenance"] for e in evenements} >= {JOUR, DERNIER}


@pytest.mark.parametrize("jour", [JOUR, DERNIER])
@pytest.mark.parametrize("seuil", [0, 1, 2])
def test_a_free_segment_counts_the_passages_up_to_its_day(seuil, jour, jeu):
    lecteur = jeu[0]
    au_plus = SegmentLibre((Condition("n_passages_cal", "au_plus", seuil),))
    lues = find_all(lecteur, SegmentLibre(), Criteres(jour))
    assert count(lecteur, au_plus, Criteres(jour)) == int((lues["n_passages_cal"] <= seuil).sum())
    meilleurs = lues["meilleur_rang"].dropna()
    rang = SegmentLibre((Condition("meilleur_rang", "au_plus", seuil),))
    assert count(lecteur, rang, Criteres(jour)) == int((meilleurs <= seuil).sum())


def test_an_event_of_the_day_after_is_not_counted_in_one_scope_nor_in_the_other(tmp_path):
    demandes = [demande_active(q, JOUR, communes_souhaitees=[c]) for q, c in (("lille", LILLE), ("roubaix", ROUBAIX))]
    cal = {"type": "PASSAGE_CAL", "decision": "ATTRIBUE", "rang": 1}
    evenements = [
        {"id_evenement": "E1", "numero_unique": "lille", "date_survenance": JOUR, **cal},
        {"id_evenement": "E2", "numero_unique": "roubaix", "date_survenance": DERNIER, **cal},
    ]
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(demandes=table("demandes", *demandes), evenements=table("evenements", *evenements)))
    criteres = Criteres(JOUR)
    with entrepot.open(Portee.commune(LILLE)) as lille, entrepot.open(Portee.mel()) as metropole:
        assert count(lille, "rang_1_sans_bail", criteres) == 1
        assert count(metropole, "rang_1_sans_bail", criteres) == 1  # Roubaix: the day after
        assert count(metropole, "jamais_presentes", criteres) == 1
        assert sorted(find_all(metropole, SegmentLibre(), criteres)["n_passages_cal"]) == [0, 1]

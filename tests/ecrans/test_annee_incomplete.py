"""A year that the data cover in part is held to no objective: sentence, picture, lists and lever."""

from __future__ import annotations

import re
from datetime import date

import pytest

from mel_core.entrepot import Instantane
from mel_core.secret.bail import PREPARATION, SALLE, Audience, lease
from pages.commun import messages
from pages.commun.choix_perimetre import METROPOLE, de
from pages.commun.mesures.lecture_mesures import lignes
from pages.seance.bilan.essai import try_out
from tests.ecrans.conftest import Publier, monde
from tests.ecrans.leviers import dit
from tests.ecrans.test_essai import lecture_de
from tests.ecrans.test_presque_rien import open

JUGE = re.compile(r"\d de trop|en manque \d|objectif tenu|dans la bande|faisable|tendu")


@pytest.mark.parametrize("objectif", ["equilibre", "aci"])
@pytest.mark.parametrize("audience", [PREPARATION, SALLE])
def test_nothing_of_part_of_a_year_is_held_to_an_objective(publish: Publier, objectif: str, audience: Audience) -> None:
    """The drawn world, less the bails of its last three months."""
    tables = monde()
    baux = [x for x in tables["attributions"].to_pylist() if x["date_bail"] <= date(2017, 9, 30)]
    tables["attributions"] = tables["attributions"].from_pylist(baux, tables["attributions"].schema)
    instantane = publish(**tables)
    with lease(audience):
        lecture = lecture_de(instantane, objectif)
        essai, communes = try_out(lecture, 40), lignes(lecture.cle, "commune")
    assert "mois sur 12 : rien ne se réoriente" in essai.phrase.replace("\u00a0", " ")
    dites = [essai.phrase, *([essai.image.lecture] if essai.image else [])]
    assert not JUGE.search(" ".join(dites)), dites
    assert not any(n.est_connu for n in communes["ecart_attributions"])
    for vue in ("fragilite", "commune", "carte", "levier"):
        assert not JUGE.search(dit(open("bilan", objectif=objectif, coupe=vue)).replace("\u00a0", " ")), vue


def test_the_day_shows_no_quartier_where_one_year_of_the_three_that_judge_them_is_known(
    petit_monde: Instantane,
) -> None:
    titres = [m.titre for m in messages.propose(de("2017S2", METROPOLE))]
    assert "Équilibre 50/50 : commune" in titres
    assert "Équilibre 50/50 : quartier" not in titres

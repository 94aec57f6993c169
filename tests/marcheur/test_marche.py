"""A short walk, another one each time: its seed is printed, and `--graine N` of the long one plays it again."""

from __future__ import annotations

import random

from tests.marcheur.magasins import MAGASINS, demonstration
from tests.marcheur.marche import walk

N_VISITES, N_PAS, N_EXECUTIONS = 5, 2, 40


def test_whatever_is_done_to_a_page_it_shows_no_error_no_english_no_code_and_its_link_opens_it_again() -> None:
    graine = random.randrange(2**31)
    print(f"graine {graine}")
    # Without the demonstration, which is long to draw.
    noms = [*(nom for nom in MAGASINS if nom != demonstration.__name__), f"tire {graine}"]
    marche = walk(graine, N_VISITES, N_PAS, magasins=noms, executions=N_EXECUTIONS)
    assert marche.n_executions > N_VISITES
    assert not marche.fautes, "\n".join(map(str, marche.fautes.values()))

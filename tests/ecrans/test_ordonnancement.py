"""The ordering screen: no small cell is given back by its neighbours, and an ICI counts whom its segments count."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
from inline_snapshot import snapshot

from mel_core.contrat.reference import communes
from mel_core.entrepot import Portee
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.segments import Criteres, SegmentLibre, count
from mel_core.simulation.phrases_offre import tete_de_file as say
from mel_core.simulation.scenarios import projections
from mel_core.socle.periodes import Seance
from pages.seance.orientations.ecran_ordonnancement import tableau
from tests.jeux import LILLE, ROUBAIX
from tests.lecteurs import lue_par
from tests.seance.engagements.test_cohorte import demande, magasin

S2 = Seance(2017, 2)
INSECABLES = str.maketrans("\u00a0\u202f", "  ")


def bilan(*lignes: tuple[str, int, int, int, int, int]) -> pd.DataFrame:
    comptes = ["n", "n_avant", "n_apres", "n_entrent", "n_sortent"]
    table = pd.DataFrame(lignes, columns=["valeur", *comptes])
    return table.assign(dimension=["ensemble", *["segment"] * (len(lignes) - 1)])


def test_the_head_of_the_queue_is_exact_at_a_desk_and_by_the_rule_in_the_room() -> None:
    lu = bilan(("ensemble", 20893, 2089, 2089, 103, 103), ("est_menage_aci", 3658, 402, 451, 53, 4))
    assert lue_par(PREPARATION, tableau, lu).iloc[0].tolist() == ["Ménages ACI", "3\u202f658", "402", "451", "53", "4"]
    assert lue_par(SALLE, tableau, lu).iloc[0].tolist() == ["Ménages ACI", "3\u202f660", "400", "55", "12 ou moins"]
    assert lue_par(SALLE, say, lu.iloc[0], 2089, "l’ICI 2").translate(INSECABLES) == snapshot(
        "Dans l’ICI 2, les **2 090 premières demandes** sur 20 895 sont ce que six mois d’attributions peuvent loger : "
        "**105** y entrent et autant en sortent par rapport à l’ordre d’ancienneté."
    )
    neutre = bilan(("ensemble", 20893, 2089, 2089, 0, 0)).iloc[0]
    assert lue_par(PREPARATION, say, neutre, 2089, "l’ICI 2").endswith("c’est l’ordre d’ancienneté.")
    assert "**12 ou moins** y entrent" in lue_par(SALLE, say, neutre, 2089, "l’ICI 2")
    assert lue_par(SALLE, say, neutre, 2089, "l’ICI 2", est_l_ordre=True).endswith("c’est l’ordre d’ancienneté.")


def test_a_row_never_gives_back_a_flow_of_a_few_people() -> None:
    """Whoever reads a line has three values at the least for who enters, and for who leaves."""
    lignes = [
        ("est_menage_aci", 200, avant, avant + entrent - sortent, entrent, sortent)
        for avant in range(60)
        for entrent in range(18)
        for sortent in range(min(avant + 1, 18))
    ]
    lues = lue_par(SALLE, tableau, bilan(("ensemble", 0, 0, 0, 0, 0), *lignes)).itertuples(index=False, name=None)
    possibles = defaultdict(set)
    for lue, (*_, entrent, sortent) in zip(lues, lignes, strict=True):
        possibles[lue].add((entrent, sortent))
    for comptes in possibles.values():
        assert all(len({c[i] for c in comptes}) > 2 for i in (0, 1))


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
    with entrepot.open(Portee.mel(), S2) as lecteur:
        file = projections.demandes(lecteur, S2.fin, ici)
    with entrepot.open(Portee.ici(ici), S2) as lecteur:
        actives = count(lecteur, SegmentLibre(), Criteres(S2.fin))
    assert len(file) == actives == 3

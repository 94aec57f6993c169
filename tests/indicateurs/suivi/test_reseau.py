"""The reception network added up, over a table drawn here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.indicateurs.suivi import reseau
from mel_core.socle.periodes import Seance
from tests.exemples import examples
from tests.indicateurs.suivi.dessins import COMMUNES, DEUX, network


def test_the_twelve_months_end_with_the_seance() -> None:
    annee, avant = reseau.fenetres(Seance.read("2017S1"))
    assert (annee[0], annee[-1], len(annee)) == ("2016-07", "2017-06", 12)
    assert (avant[0], avant[-1], len(avant)) == ("2015-07", "2016-06", 12)


def test_registrations_of_a_month_are_split_without_losing_one() -> None:
    mois = reseau.par_mois(DEUX, "n_enregistrements")
    assert mois["effectif"].sum() == 220
    janvier = mois[mois["mois"] == "2017-01-01"].set_index("voie")["effectif"]
    assert janvier.to_dict() == {"reseau": 45, "en_ligne": 15}
    assert reseau.par_mois(DEUX, "n_entretiens")["effectif"].sum() == 65


def test_each_commune_has_its_share_of_the_volume_beside_its_share_of_the_inhabitants() -> None:
    lignes = reseau.par_commune(DEUX[1:], COMMUNES, "n_enregistrements").set_index("nom")
    assert lignes.loc["Croix", ["effectif", "poids"]].tolist() == [80, 0.5]  # 60 + 20; 500 of 1 000
    assert lignes["part"].round(4).to_dict() == {"Croix": 0.6667, "Hem": 0.3333, "Leers": 0}
    assert lignes["part"].sum() == 1


def test_each_actor_has_its_share_of_the_volume_beside_its_share_of_the_places() -> None:
    lignes = reseau.par_porteur(DEUX[1:], "n_enregistrements").set_index("porteur")
    assert lignes.loc["COMMUNE", ["n_lieux", "n_labellises", "effectif", "poids"]].tolist() == [1, 1, 80, 0.5]
    assert lignes.loc["BAILLEUR", ["n_lieux", "n_labellises", "effectif"]].tolist() == [1, 0, 40]


def test_a_place_that_never_counted_keeps_an_empty_cell() -> None:
    lignes = reseau.par_lieu(DEUX[1:]).set_index("lieu")
    assert lignes.loc["L1", ["n_enregistrements", "n_entretiens"]].tolist() == [80, 25]
    assert pd.isna(lignes.loc["L2", "n_entretiens"])


def test_a_month_that_was_not_entered_is_missing_and_not_a_zero() -> None:
    annee = DEUX[1:].assign(est_saisi=[True] + [False] * (len(DEUX) - 2), est_corrige=False)
    dits = reseau.reserves(annee, "n_entretiens", pd.Series(dtype=int)).replace("\u00a0", " ")
    assert dits == snapshot("1 mois non saisi, hors du compte. 1 mois saisi à l’écran.")


SAISIES = st.lists(
    st.tuples(
        *(st.sampled_from(["2017-01", "2017-02", "2017-03"]), st.integers(0, 3)),
        *(st.none() | st.integers(0, 40), st.none() | st.integers(0, 9)),
    ),
    max_size=12,
    unique_by=lambda x: (x[0], x[1]),
)
# Whose each place is, where, labelled or not; nobody has one in Leers.
LIEUX = (
    ("A", "COMMUNE", "LABELLISE"),
    ("A", "BAILLEUR", "LABELLISE"),
    ("B", "BAILLEUR", "RELAIS"),
    ("B", "MEL", "RELAIS"),
)
Saisies = list[tuple[str, int, int | None, int | None]]


def added(valeurs: Iterable[int | None]) -> int | None:
    """Their sum; nothing where nothing was entered, which is not a zero."""
    connues = [v for v in valeurs if v is not None]
    return sum(connues) if connues else None


def known(valeur: Any) -> Any:
    return None if pd.isna(valeur) else valeur


@examples(60)
@given(SAISIES)
def test_volumes_by_month_commune_actor_and_place_are_those_of_the_rows_and_what_nobody_entered_is_empty(
    saisies: Saisies,
) -> None:
    lignes = [
        (f"L{rang}", *LIEUX[rang][:2], LIEUX[rang][2], mois, n, None if e is None or n is None else min(e, n), n)
        for mois, rang, n, e in saisies
    ]
    annee = network(*lignes).astype(
        dict.fromkeys(["n_enregistrements", "n_enregistrements_en_ligne", "n_entretiens"], "float64")
    )
    for mesure in ("n_enregistrements", "n_entretiens"):
        en_ligne = {x[4]: added(y[6] for y in lignes if y[4] == x[4]) for x in lignes}
        totaux = {x[4]: added(y[5] for y in lignes if y[4] == x[4]) for x in lignes}
        lus = reseau.par_mois(annee, mesure)
        obtenus = {(f"{x.mois:%Y-%m}", x.voie): known(x.effectif) for x in lus.itertuples()}
        if mesure == "n_entretiens":
            assert obtenus == {(m, "tout"): n for m, n in totaux.items()}
        else:
            par_reseau = {m: None if n is None else n - (en_ligne[m] or 0) for m, n in totaux.items()}
            assert obtenus == {
                **{(m, "reseau"): n for m, n in par_reseau.items()},
                **{(m, "en_ligne"): n for m, n in en_ligne.items()},
            }
        communes = reseau.par_commune(annee, COMMUNES, mesure).set_index("commune")
        volumes = {c: added(x[5] for x in lignes if x[1] == c) if c in {x[1] for x in lignes} else 0 for c in "ABC"}
        total = sum(v or 0 for v in volumes.values())
        habitants = {"A": 500, "B": 300, "C": 200}
        for commune, volume in volumes.items():
            assert known(communes.loc[commune, "effectif"]) == volume
            part = None if volume is None or not total else volume / total
            assert known(communes.loc[commune, "part"]) == part
            assert communes.loc[commune, "poids"] == habitants[commune] / 1000
            if part is not None:
                ecart = 100 * (part - habitants[commune] / 1000)
                assert communes.loc[commune, "ecart_points"] == pytest.approx(ecart)
        porteurs = reseau.par_porteur(annee, mesure).set_index("porteur")
        assert set(porteurs.index) == {x[2] for x in lignes}
        for porteur in porteurs.index:
            siennes = [x for x in lignes if x[2] == porteur]
            volume = added(x[5] for x in siennes)
            assert porteurs.loc[porteur, "n_lieux"] == len({x[0] for x in siennes})
            assert porteurs.loc[porteur, "n_labellises"] == len({x[0] for x in siennes if x[3] == "LABELLISE"})
            assert known(porteurs.loc[porteur, "effectif"]) == volume
            assert known(porteurs.loc[porteur, "part"]) == (None if volume is None or not total else volume / total)
            assert porteurs.loc[porteur, "poids"] == len({x[0] for x in siennes}) / len({x[0] for x in lignes})
    lieux = reseau.par_lieu(annee).set_index("lieu")
    for lieu in {x[0] for x in lignes}:
        siennes = [x for x in lignes if x[0] == lieu]
        assert known(lieux.loc[lieu, "n_enregistrements"]) == added(x[5] for x in siennes)
        deux = [x for x in siennes if x[5] is not None and x[6] is not None]
        sur = sum(x[5] for x in deux)
        assert known(lieux.loc[lieu, "part_en_ligne"]) == (sum(x[6] for x in deux) / sur if sur else None)


def test_the_share_online_of_a_place_leaves_out_the_months_that_do_not_count_it() -> None:
    # 15 of the 60 of January; of the 20 of December nobody said.
    assert reseau.par_lieu(DEUX[1:]).set_index("lieu").loc["L1", "part_en_ligne"] == 0.25

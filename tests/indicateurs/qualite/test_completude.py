"""How complete the files are, over tables drawn here."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs.qualite import completude
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode
from tests.exemples import examples
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, demande_active, serve, table

ANNEE = Periode.de("2017S2", "annee")
CONNUE = {"n_personnes": 1, "revenu_fiscal": 5000, "typologie": "T2", "reservataire": "AUCUN", "actif": True}
SITUEE = {"code_quartier": "L1", "code_residence": "RA", "date_creation_demande": date(2015, 1, 1)}
COMPLETE = {**CONNUE, **SITUEE}
Publier = Callable[..., Lecteur]


@pytest.fixture
def publish(tmp_path: Path) -> Publier:
    """A reader over the Métropole of two communes in two ICI and of bailleurs B1 and B2, with the tables given."""
    rangs = itertools.count()

    def open(attributions: list[dict[str, Any]], **autres: Any) -> Lecteur:
        entrepot = Entrepot(tmp_path / str(next(rangs)))
        communes = [{"code_insee": LILLE, "nom": "Lille", "ici": "ICI 1"}]
        communes.append({"code_insee": ROUBAIX, "nom": "Roubaix", "ici": "ICI 2"})
        tables = {
            "bailleurs": bailleurs("B1", "B2"),
            "communes": table("communes", *communes),
            "quartiers": table("quartiers", {"code_quartier": "L1", "nom": "Moulins", "code_insee": LILLE}),
            "residences": table(
                "residences",
                {
                    "code_residence": "RA",
                    "code_bailleur": "B1",
                    "code_quartier": "L1",
                    "n_logements": 9,
                    "n_vacants": 0,
                },
                {"code_residence": "RB", "code_bailleur": "B2", "code_quartier": "X", "n_logements": 9},
            ),
            "attributions": table("attributions", *attributions),
            **autres,
        }
        serve(entrepot, chargement(**tables))
        return entrepot.open(Portee.mel())

    return open


def evenement(rang: int, **valeurs: Any) -> dict[str, Any]:
    base = {"id_evenement": f"E{rang}", "numero_unique": "p1", "type": "PASSAGE_CAL", "code_bailleur": "B1"}
    return {**base, "date_survenance": date(2017, 9, 1), **valeurs}


def part(longue: pd.DataFrame, porteur: str, rubrique: str) -> tuple[int, int, float]:
    (x,) = longue[(longue["porteur"] == porteur) & (longue["rubrique"] == rubrique)].itertuples()
    return x.n, x.n_connus, x.part


def test_each_rubrique_counts_the_rows_where_it_is_known_by_bailleur_and_in_all(publish: Publier) -> None:
    lignes = [
        attribution(1, **COMPLETE),
        attribution(2, **{**COMPLETE, "revenu_fiscal": 0}),  # zero is unknown, as in the indicator
        attribution(3, **{**COMPLETE, "typologie": None, "code_quartier": None, "code_residence": None}),
        attribution(4, code_bailleur="B2", aci=None),  # an empty label is false, once the column is there
        attribution(5, date_bail=date(2016, 12, 31)),  # out of the 12 months
    ]
    with publish(lignes, evenements=table("evenements", evenement(1))) as lecteur:
        lue = completude.completude(lecteur, "attributions", ANNEE)
    assert part(lue, "ensemble", "ressources") == (4, 2, 0.5)
    assert part(lue, "B1", "ressources") == (3, 2, 2 / 3)
    assert part(lue, "B1", "typologie") == (3, 2, 2 / 3)
    assert part(lue, "B1", "residence") == (3, 2, 2 / 3)
    assert part(lue, "B2", "demande") == (1, 0, 0.0)
    assert part(lue, "ensemble", "parcours") == (4, 1, 0.25)  # only p1 passed in commission before its bail
    assert list(dict.fromkeys(lue["porteur"])) == ["ensemble", "B1", "B2"]


def test_an_event_after_the_bail_tells_nothing_of_it(publish: Publier) -> None:
    with publish(
        [attribution(1)], evenements=table("evenements", evenement(1, date_survenance=date(2017, 10, 1)))
    ) as lecteur:
        assert part(completude.completude(lecteur, "attributions", ANNEE), "B1", "parcours") == (1, 0, 0.0)


def test_without_the_threshold_of_the_mel_the_quartile_is_unknown_not_badly_filled_in(publish: Publier) -> None:
    with publish([attribution(1, ressources_mensuelles=900, n_uc=1)]) as lecteur:
        lue = completude.completude(lecteur, "attributions", ANNEE)
    quartile = lue[lue["rubrique"] == "quartile"]
    assert quartile[["n_connus", "n_inconnus", "part"]].isna().all().all()
    assert (quartile["n"] == 1).all()


def test_one_ici_counts_its_own(publish: Publier) -> None:
    with publish([attribution(1), attribution(2, code_insee=ROUBAIX), attribution(3, code_insee=ROUBAIX)]) as lecteur:
        n = {
            i: int(completude.completude(lecteur, "attributions", ANNEE, i)["n"].iloc[0])
            for i in ("ICI 1", "ICI 2", None)
        }
        vide = completude.completude(lecteur, "attributions", ANNEE, "ICI 3")
    assert n == {"ICI 1": 1, "ICI 2": 2, None: 3}
    assert (vide["porteur"] == "ensemble").all()
    assert vide["part"].isna().all()


def test_active_demandes_are_told_by_the_commune_where_they_live(publish: Publier) -> None:
    def demande(rang: int, **valeurs: Any) -> dict[str, Any]:
        return demande_active(f"d{rang}", date(2016, 1, 1), **({"code_insee_actuel": ROUBAIX} | valeurs))

    demandes = table(
        "demandes",
        demande(1, revenu_fiscal=9000, typologies=["T2"]),
        demande(2),
        demande(3, code_insee_actuel="hors_mel"),
        demande(4, code_insee_actuel=None, age=30),
        demande(5, etat="RADIEE", date_radiation=date(2017, 12, 31)),  # no longer active that day
        demande(6, date_creation=date(2018, 1, 1)),
    )
    with publish([attribution(1)], demandes=demandes) as lecteur:
        lue = completude.completude(lecteur, "demandes", ANNEE)
        dans_l_ici = completude.completude(lecteur, "demandes", ANNEE, "ICI 2")
    assert part(lue, "ensemble", "age") == (4, 1, 0.25)
    assert part(lue, ROUBAIX, "ressources") == (2, 1, 0.5)
    assert part(lue, ROUBAIX, "typologies") == (2, 1, 0.5)
    assert part(lue, "inconnu", "age") == (1, 1, 1.0)
    assert part(dans_l_ici, "ensemble", "ressources") == (2, 1, 0.5)


def test_a_residence_with_no_vacant_dwelling_is_known_and_one_with_an_empty_cell_is_not(publish: Publier) -> None:
    with publish([attribution(1)]) as lecteur:
        lue = completude.completude(lecteur, "residences", ANNEE)
    assert part(lue, "B1", "vacants") == (1, 1, 1.0)  # 0 is a number
    assert part(lue, "B2", "vacants") == (1, 0, 0.0)
    assert part(lue, "B2", "quartier") == (1, 0, 0.0)  # « X » is no quartier


def test_who_fills_in_clearly_less_is_told_and_chance_is_not(publish: Publier) -> None:
    """B1: 90 of 100 known; B2: 20 of 40. Together 110 of 140: 78.6 %. The limit of 40, at 3.09 standard deviations:
    0.786 − 3.09 × √(0.786 × 0.214 / 40) = 58.5 %, and 50 % is under it. With 27 of 40 (67.5 %) nobody stands apart.
    """

    def lignes(connues_de_b2: int) -> list[dict[str, Any]]:
        de_b1 = [attribution(i, typologie="T2" if i < 90 else None) for i in range(100)]
        de_b2 = [
            attribution(100 + i, code_bailleur="B2", typologie="T2" if i < connues_de_b2 else None) for i in range(40)
        ]
        return [*de_b1, *de_b2]

    for connues, attendus in ((20, ["B2"]), (27, [])):
        with publish(lignes(connues)) as lecteur:
            lue = completude.completude(lecteur, "attributions", ANNEE)
        typologie = lue[lue["rubrique"] == "typologie"]
        assert typologie.loc[typologie["est_a_completer"], "porteur"].tolist() == attendus


def test_under_thirty_rows_nobody_is_told_apart(publish: Publier) -> None:
    lignes = [attribution(i, typologie="T2") for i in range(200)]
    lignes += [attribution(200 + i, code_bailleur="B2") for i in range(29)]
    with publish(lignes) as lecteur:
        assert not completude.completude(lecteur, "attributions", ANNEE)["est_a_completer"].any()


def test_a_month_of_leases_without_an_event_is_a_silence_and_one_without_leases_is_not(publish: Publier) -> None:
    lignes = [attribution(1, date_bail=date(2017, m, 28)) for m in (3,)] + [attribution(2, date_bail=date(2017, 5, 2))]
    evenements = table(
        "evenements",
        evenement(1, date_survenance=date(2017, 3, 31)),
        # By its résidence, whoever it says it is of.
        evenement(2, date_survenance=date(2017, 4, 1), code_residence="RA", code_bailleur="B2"),
    )
    with publish(lignes, evenements=evenements) as lecteur:
        mois = completude.par_mois(lecteur, ANNEE)
    assert len(mois) == 12
    assert set(mois["porteur"]) == {"B1"}  # B2 signed nothing
    assert mois.loc[mois["n_evenements"] > 0, ["mois", "n_evenements"]].values.tolist() == [
        [date(2017, 3, 1), 1],
        [date(2017, 4, 1), 1],
    ]
    assert mois.loc[mois["est_silence"], "mois"].tolist() == [date(2017, 5, 1)]


def test_the_leases_to_complete_name_what_is_missing_and_no_household(publish: Publier) -> None:
    lignes = [
        attribution(1, **COMPLETE),
        attribution(2, **{**COMPLETE, "revenu_fiscal": None, "actif": None}),
        attribution(3, code_bailleur="B2"),
    ]
    with publish(lignes) as lecteur:
        baux = completude.baux_a_completer(lecteur, ANNEE, "B1")
        ailleurs = completude.baux_a_completer(lecteur, ANNEE, "B1", "ICI 2")
    assert baux.to_dict("records") == [
        {
            "id_attribution": "A00002",
            "date_bail": date(2017, 9, 30),
            "commune": LILLE,
            "residence": "RA",
            "manque": "Ressources, Activité",
        }
    ]
    assert ailleurs.empty


def test_what_is_not_followed_is_a_wrong_call(publish: Publier) -> None:
    with (
        publish([attribution(1)]) as lecteur,
        pytest.raises(AppelIncorrect, match="attributions, demandes, residences"),
    ):
        completude.completude(lecteur, "programmation", ANNEE)


@examples(8)
@given(
    st.lists(
        st.tuples(st.sampled_from(["B1", "B2"]), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=40
    )
)
def test_bailleurs_add_up_to_the_ensemble_and_the_list_holds_what_the_counts_lack(
    tmp_path_factory: pytest.TempPathFactory, baux: list[tuple[str, bool, bool, bool]]
) -> None:
    lignes = [
        attribution(
            i,
            **{
                **COMPLETE,
                "code_bailleur": bailleur,
                "typologie": "T3" if a_typologie else None,
                "actif": True if a_activite else None,
                "revenu_fiscal": 1 if a_revenu else None,
            },
        )
        for i, (bailleur, a_typologie, a_activite, a_revenu) in enumerate(baux)
    ]
    entrepot = Entrepot(tmp_path_factory.mktemp("qualite"))
    tables = {"bailleurs": bailleurs("B1", "B2"), "attributions": table("attributions", *lignes)}
    tables["quartiers"] = table("quartiers", {"code_quartier": "L1", "nom": "Moulins", "code_insee": LILLE})
    tables["residences"] = table(
        "residences", {"code_residence": "RA", "code_bailleur": "B1", "code_quartier": "L1", "n_logements": 9}
    )
    serve(entrepot, chargement(**tables))
    with entrepot.open(Portee.mel()) as lecteur:
        lue = completude.completude(lecteur, "attributions", ANNEE)
        listes = {b: completude.baux_a_completer(lecteur, ANNEE, b) for b in ("B1", "B2")}
    for _, cellules in lue[lue["rubrique"] != "quartile"].groupby("rubrique"):
        de_tous, de_chacun = cellules[cellules["porteur"] == "ensemble"], cellules[cellules["porteur"] != "ensemble"]
        for colonne in ("n", "n_connus", "n_inconnus"):
            assert de_chacun[colonne].sum() == de_tous[colonne].iloc[0]
    for bailleur, liste in listes.items():
        incomplets = [b for b in baux if b[0] == bailleur and not all(b[1:])]
        assert len(liste) == len(incomplets)
        manque = lue[(lue["porteur"] == bailleur) & (lue["rubrique"] == "activite")]["n_inconnus"].sum()
        assert liste["manque"].str.contains("Activité").sum() == manque


def test_what_is_in_place_says_the_tables_and_the_columns_that_no_file_gave(tmp_path: Path) -> None:
    entrepot = Entrepot(tmp_path)
    lignes = table("attributions", attribution(1), attribution(2))
    donnees = chargement(bailleurs=bailleurs("B1"), attributions=lignes)
    donnees.colonnes_presentes["attributions"] = frozenset(lignes.column_names) - {"reservataire"}
    entrepot.publish(donnees)
    with entrepot.open(Portee.mel()) as lecteur:
        tables = completude.en_place(lecteur).set_index("table")
    assert tables.loc["attributions", "n"] == 2
    assert "reservataire" in tables.loc["attributions", "absentes"]
    assert tables.loc["bailleurs", "absentes"] == []
    assert pd.isna(tables.loc["demandes", "n"])

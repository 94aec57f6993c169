"""The offer on screen: a place without a line is counted with its reason, no objective is supposed."""

from __future__ import annotations

import pandas as pd
from inline_snapshot import snapshot

from mel_core.indicateurs.phrases_constats import TROP_FAIBLE_DIT
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.simulation import phrases_offre
from mel_core.socle import langue
from mel_core.socle.valeurs import Compte
from pages.commun import widgets
from pages.commun.segments import etape
from pages.seance.orientations.ecran_preconisations import say_les_lieux
from pages.seance.orientations.ecran_preconisations import tableau as tableau_des_preconisations
from pages.seance.orientations.ecran_qpv import tableau as tableau_des_qpv
from pages.seance.orientations.ecran_qpv import tableau_des_commissions
from tests.jeux import LILLE
from tests.lecteurs import lue_par


def lieu(quartier: str, fragilite: str = "fragile", attendues: int | None = 8, modestes: int | None = 3):
    return {"quartier": quartier, "fragilite": fragilite, "n_attendues": attendues, "n_modestes": modestes}


def lieux(*lignes) -> pd.DataFrame:
    return pd.DataFrame(lignes).astype({"n_attendues": "Int64", "n_modestes": "Int64"})


def test_every_place_left_out_is_counted_once_with_its_reason():
    frame = lieux(
        lieu("a"),
        lieu("b", attendues=None, modestes=None),
        lieu("c", fragilite="inconnu", modestes=None),
        lieu("d", modestes=None),
        lieu("e", attendues=0, modestes=0),
        lieu("inconnu", fragilite="inconnu", attendues=None, modestes=None),  # attributions, not a place
    )
    assert phrases_offre.ecartes(frame, "quartier").replace("\u00a0", " ") == snapshot(
        "Sans préconisation : 4 quartiers (1 sans rotation connue, 1 sans fragilité connue, 1 sans objectif en vigueur "
        "ou qui s’y tienne et 1 sans logement attendu)."
    )
    assert phrases_offre.ecartes(lieux(lieu("a")), "quartier") == ""


def test_the_tensest_commune_is_said_of_those_of_thirty_attributions_when_the_map_shows_a_small_one_above_it():
    def say(*communes: tuple[str, int, int]) -> str:
        frame = pd.DataFrame(communes, columns=["nom", "n_demandes", "n_attributions"])
        tensions = frame["n_demandes"] / frame["n_attributions"]
        return " ".join(phrases_offre.plus_tendue("l’ICI", frame.assign(tension=tensions), "12 mois").split())

    lys, croix, lannoy = ("Lys", 900, 90), ("Croix", 300, 60), ("Lannoy", 420, 10)  # 10, 5, 42
    assert say(lys, croix) == snapshot(
        "Dans l’ICI, la commune la plus tendue est **Lys** : **10 demandes pour une attribution** en 12 mois (900 pour "
        "90)."
    )
    assert say(lannoy, lys, croix).startswith(
        "Dans l’ICI, la commune la plus tendue, d’au moins 30 attributions, est **Lys** : **10 demandes"
    )
    # In a room the tension of a small commune is not said: it may be above.
    room = pd.DataFrame(
        [("Lys", 900, 90, 10.0), ("Lannoy", 420, Compte(tus=12), float("nan")), ("Hem", 0, 0, float("nan"))]
    )
    room.columns = ["nom", "n_demandes", "n_attributions", "tension"]
    assert "la commune la plus tendue, d’au moins" in phrases_offre.plus_tendue("l’ICI", room, "12 mois")
    assert say(lannoy) == snapshot("Dans l’ICI, trop peu d’attributions pour mesurer une tension.")
    # 900 for 90 and 600 for 60: neither is the tensest
    assert say(lys, ("Hem", 600, 60), croix) == snapshot(
        "Dans l’ICI, les communes les plus tendues sont **Lys** et **Hem** : **10 demandes pour une attribution** en "
        "12 mois."
    )


def qpv(
    part: float | None, cible: float | None, motif: str | None = None, verdict: str | None = None
) -> dict[str, object]:
    if verdict is None and part is not None and cible is not None:
        verdict = "atteint" if part >= cible else "non_atteint"
    return {"part_regle": part, "cible": cible, "motif": motif, "verdict": verdict}


def test_a_qpv_without_objective_is_not_judged_by_an_invented_one():
    assert "aucun objectif n’est en vigueur" in lue_par(
        PREPARATION, phrases_offre.regle, pd.DataFrame([qpv(0.9, None)])
    )
    dite = lue_par(
        PREPARATION, phrases_offre.regle, pd.DataFrame([qpv(0.9, 0.5), qpv(0.4, 0.5), qpv(0.9, None), qpv(None, 0.5)])
    )
    assert dite.startswith("**1 QPV sur 2** accueille au moins 50")
    assert dite.endswith("2 ne se jugent pas")


def test_a_room_reads_that_a_threshold_is_missing_and_is_sent_nowhere() -> None:
    dits = [
        lue_par(a, phrases_offre.regle, pd.DataFrame([qpv(None, 0.5, "seuil_absent")])) for a in (PREPARATION, SALLE)
    ]
    assert dits[0] == f"{dits[1]}, l’ajouter dans Préparer › Objectifs"
    assert dits[1] == snapshot("aucun QPV ne se juge : le seuil du premier quartile manque")


def test_a_qpv_of_few_entrants_is_too_small_to_conclude_not_held() -> None:
    faible = qpv(0.55, 0.5, verdict="indetermine")
    dite = lue_par(PREPARATION, phrases_offre.regle, pd.DataFrame([qpv(0.9, 0.5), faible]))
    assert dite.startswith("**1 QPV sur 1**")
    assert dite.endswith("1 ne se juge pas (effectif trop faible pour conclure)")
    assert lue_par(PREPARATION, phrases_offre.regle, pd.DataFrame([faible])).endswith(
        "aucun QPV ne se juge : effectif trop faible pour conclure"
    )


def test_every_share_of_a_qpv_is_beside_what_it_is_made_of_and_says_when_it_is_over_too_few() -> None:
    frame = pd.DataFrame(
        [
            ("Q1", "Un", 900, 400, 600, 24, 40, 20, 32, 0.5, "atteint"),
            ("Q2", "Deux", 90, 40, 60, 12, 20, 9, 16, 0.5, "indetermine"),
            ("hors_qpv", None, 5000, None, None, 300, 900, 200, 800, 0.25, "non_atteint"),
        ],
        columns=["qpv", "nom", "n_logements", "n_occupants_modestes", "n_occupants", "n_entrants_modestes",
                 "n_entrants_connus", "numerateur_regle", "n_regle", "cible", "verdict"],
    )  # fmt: skip
    frame["part_occupants"] = frame["n_occupants_modestes"] / frame["n_occupants"]
    frame["part_entrants"] = frame["n_entrants_modestes"] / frame["n_entrants_connus"]
    frame["part_regle"] = frame["numerateur_regle"] / frame["n_regle"]
    frame = PREPARATION.comptes(frame, [c for c in frame if c.startswith("n_") or c == "numerateur_regle"])
    table, formats = tableau_des_qpv(frame)
    assert table["QPV"].tolist() == ["Un", "Deux", "Hors QPV"]
    assert table["Occupants"].tolist() == ["400 sur 600", "40 sur 60", "—"]
    assert table["Entrants"].tolist() == ["24 sur 40", "12 sur 20", "300 sur 900"]
    assert table["Ménages"].tolist() == ["20 sur 32", "9 sur 16", "200 sur 800"]
    assert table["Lecture des entrants"].tolist() == ["", TROP_FAIBLE_DIT, ""]
    assert table["Lecture"].tolist() == ["objectif atteint", TROP_FAIBLE_DIT, "objectif non atteint"]
    assert formats["Règle nationale"](table["Règle nationale"][0]).replace("\u202f", " ") == "62,5 %"
    # nothing is judged: no column of it
    assert "Objectif" not in tableau_des_qpv(frame.assign(part_regle=None, verdict=None))[0]


def test_the_sentence_says_how_many_came_to_the_qpv_and_that_few_do_not_conclude() -> None:
    ensemble = pd.Series({"n_entrants_connus": 40, "part_entrants": 0.6, "n_occupants": 600, "part_occupants": 2 / 3})
    assert phrases_offre.entrants(ensemble).replace("\u202f", " ").replace("\u00a0", " ") == snapshot(
        "**60 %** des 40 entrants des QPV aux ressources connues sont modestes, pour **66,7 %** des 600 occupants"
    )
    assert phrases_offre.entrants(ensemble.replace(40, 25)).endswith(f"({TROP_FAIBLE_DIT})")
    assert phrases_offre.entrants(ensemble.replace(0.6, None)) == ""
    assert phrases_offre.entrants(ensemble.replace(2 / 3, None)).endswith("connues sont modestes")


def test_every_share_of_a_preconisation_is_beside_what_it_is_made_of() -> None:
    lieu = {"quartier": "a", "nom": "Centre", "commune": LILLE, "fragilite": "fragile"}
    comptes = {
        **{"n_attendues": 8, "n_modestes": 3, "n_autres": 5, "n_vacants": 2, "n_comptes": 50, "part_vacance": 0.04},
        **{"n_entrants_modestes": 9, "n_entrants_connus": 20, "part_entrants": 0.45},
        **{"n_occupants_modestes": 30, "n_occupants": 40, "part_occupants": 0.75},
    }
    tus = dict.fromkeys(("n_entrants_modestes", "n_entrants_connus"), SALLE.compte(9)) | {"part_entrants": None}
    comptes |= {c: Compte(comptes[c]) for c in ("n_vacants", "n_comptes")}
    menages = ("n_entrants_modestes", "n_entrants_connus", "n_occupants_modestes", "n_occupants")
    comptes |= {c: Compte(comptes[c]) for c in menages}
    frame = pd.DataFrame([lieu | comptes, lieu | comptes | tus])
    table, _ = tableau_des_preconisations(frame, {LILLE: "Lille"}, None)
    assert table["Entrants"].tolist() == ["9 sur 20", "12 ou moins"]
    assert table["Occupants"].tolist() == ["30 sur 40", "30 sur 40"]
    assert table["Logements"].tolist() == ["2 sur 50", "2 sur 50"]
    assert table["Lecture des entrants"].tolist() == [TROP_FAIBLE_DIT, ""]
    # a résidence in the room: nothing of incomes, no column of it
    sans = frame.assign(**dict.fromkeys(menages, Compte()), part_entrants=None, part_occupants=None)
    assert "Entrants modestes" not in tableau_des_preconisations(sans, {LILLE: "Lille"}, None)[0]


LIEUX = pd.DataFrame(
    [
        ("a", "Q", "59350", "B1", 131, 130, 72, 72 / 130, 203, 150, 150 / 203),
        ("b", "Q", "59350", "B2", 9, 8, 3, 3 / 8, 40, 20, 0.5),
        ("c", "Q", "59512", "B1", 0, 0, 0, None, None, None, None),
    ],
    columns=["residence", "quartier", "commune", "bailleur", "n_entrants", "n_entrants_connus", "n_entrants_modestes",
             "part_entrants", "n_occupants", "n_occupants_modestes", "part_occupants"],
)  # fmt: skip


def lues(audience: Audience, maille: str) -> pd.DataFrame:
    frame = LIEUX.rename(columns={"residence": "quartier", "quartier": "q"}) if maille == "quartier" else LIEUX
    entrants = audience.cellules(entrants_occupants(frame[frame["n_entrants"] > 0], maille), (maille,))
    return lue_par(audience, say_les_lieux, frame, entrants, maille).set_index(maille)


def entrants_occupants(frame: pd.DataFrame, maille: str) -> pd.DataFrame:
    """The cells of the bilan, of the same places: who came is compared to the share of the occupants."""
    return pd.DataFrame(
        {
            maille: frame[maille],
            "n": frame["n_entrants"],
            "n_connus": frame["n_entrants_connus"],
            "n_inconnus": frame["n_entrants"] - frame["n_entrants_connus"],
            "numerateur": frame["n_entrants_modestes"],
            "part": frame["part_entrants"],
            **dict.fromkeys(("ic_bas", "ic_haut"), frame["part_entrants"]),
            "cible": frame["part_occupants"],
            "ecart_points": 100 * (frame["part_entrants"] - frame["part_occupants"]),
            **{c: frame[c] for c in ("n_occupants_modestes", "n_occupants", "part_occupants")},
        }
    )


def test_who_came_and_who_lives_there_are_exact_at_a_desk_and_by_the_rule_in_the_room() -> None:
    assert lues(PREPARATION, "quartier").loc["b", ["n_entrants_connus", "part_entrants"]].tolist() == [8, 3 / 8]
    salle = lues(SALLE, "quartier")
    assert etape.rapports(salle["n_entrants_modestes"], salle["n_entrants_connus"]) == [
        *("70 sur 130", "12 ou moins", "12 ou moins"),
    ]
    assert etape.rapports(salle["n_occupants_modestes"], salle["n_occupants"]) == ["150 sur 205", "20 sur 40", "—"]
    # 72 of 130 are 55,4 %, 150 of 203 are 73,9 %; a share wants a hundred
    assert salle["part_entrants"].round(2).fillna(0).tolist() == [0.55, 0, 0]
    assert salle["part_occupants"].round(2).fillna(0).tolist() == [0.74, 0, 0]


def test_the_occupants_share_of_a_place_is_the_same_at_13h30_and_in_the_bilan() -> None:
    # of few who came and many who live there, then the other way round
    colonnes = [c for c in LIEUX if c not in ("quartier", "bailleur")]
    autres = [("d", "59512", 61, 60, 31, 31 / 60, 2000, 1200, 0.6), ("e", "59512", 300, 300, 99, 0.33, 99, 66, 2 / 3)]
    frame = pd.concat([LIEUX[colonnes], pd.DataFrame(autres, columns=colonnes)], ignore_index=True)
    frame = frame.rename(columns={"residence": "quartier"})
    entrants = entrants_occupants(frame[frame["n_entrants"] > 0], "quartier")
    for audience, dites in ((SALLE, {"a": 0.74, "d": 0.6}), (PREPARATION, {"a": 0.74, "b": 0.5, "d": 0.6, "e": 0.67})):
        bilan = audience.cellules(entrants, ("quartier",))
        for lus in (bilan, lue_par(audience, say_les_lieux, frame, bilan, "quartier")):
            assert lus.set_index("quartier")["part_occupants"].dropna().astype(float).round(2).to_dict() == dites


def _est_vide(valeur: object) -> bool:
    return not valeur.est_connu if isinstance(valeur, Compte) else bool(pd.isna(valeur))


def test_a_residence_says_nothing_of_incomes_but_to_its_own() -> None:
    revenus = ["n_entrants_connus", "n_entrants_modestes", "part_entrants", "n_occupants_modestes", "part_occupants"]
    salle = lues(SALLE, "residence")
    assert [langue.nombre(n) for n in salle["n_entrants"]] == ["130", "12 ou moins", "12 ou moins"]
    assert salle[revenus].map(_est_vide).all(axis=None)
    for sien in (Audience(cle="commune", code="59350"), Audience(cle="bailleur", code="B2")):
        assert lues(sien, "residence").loc["b", revenus[:3]].tolist() == [8, 3, 3 / 8]
        assert lues(sien, "residence").loc["c", revenus].map(_est_vide).all()


def test_what_the_commissions_returned_is_read_as_it_is_given() -> None:
    lu = pd.DataFrame([("Q1", "Un", 3, 40, 40, 12, 0.3)], columns=["qpv", "nom", "n_commissions", "n_candidats",
                      "n_candidats_situes", "n_designes_situes", "part_designes"])  # fmt: skip
    comptes = ("n_candidats", "n_candidats_situes", "n_designes_situes")
    assert tableau_des_commissions(PREPARATION.comptes(lu, comptes))[0].iloc[0].tolist() == [
        "Un",
        3,
        40,
        0.3,
        "12 sur 40",
    ]
    salle = SALLE.comptes(lu, comptes).assign(part_designes=None)
    table, _ = tableau_des_commissions(salle)
    assert table["Soit"].tolist() == ["12 ou moins sur 40"]
    assert widgets.formats_de(table)["Candidats"](table["Candidats"][0]) == "40"


def test_the_room_reads_the_side_of_a_qpv_that_has_no_share() -> None:
    dans = pd.DataFrame([qpv(0.9, 0.5), qpv(None, 0.5, verdict="atteint"), qpv(None, 0.5, verdict="indecis")])
    dite = lue_par(SALLE, phrases_offre.regle, dans)
    assert dite.startswith("**2 QPV sur 2** accueillent au moins 50")
    assert dite.endswith("1 ne se juge pas")

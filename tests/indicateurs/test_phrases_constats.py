"""The sentences, word for word. Narrow spaces are written ␣, plain no-break ones ~."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.indicateurs import phrases_constats, phrases_lieux
from mel_core.socle import langue
from mel_core.socle.valeurs import INCONNU, Compte, Duree

BANDE = Fraction(1, 20)
TU = Compte(tus=12)


def lisible(texte: str) -> str:
    return texte.replace(langue.FINE, "␣").replace(langue.INSECABLE, "~")


def classe(fragilite: str, n: int, k: int, ecart: int | None, verdict: str | None, cible: float | None = 0.5) -> dict:
    part = k / n if n else None
    return {
        "fragilite": fragilite,
        "n_connus": Compte(n),
        "numerateur": Compte(k),
        "part": part,
        "ecart_attributions": Compte(ecart),
        "verdict": verdict,
        "cible": cible,
    }


def constat(*classes: dict) -> str:
    return lisible(phrases_constats.constat_equilibre("l’ICI~2", pd.DataFrame(classes), BANDE))


def test_the_finding_is_about_the_class_that_is_the_most_attributions_away() -> None:
    # 1 334 − 1 052 = 282
    assert constat(
        classe("fragile", 2104, 1334, 282, "non_atteint"), classe("sans", 460, 190, 40, "non_atteint")
    ) == snapshot(
        "Dans l’ICI~2, **63,4␣%** des 2␣104~attributions aux ressources connues des quartiers fragiles vont à des "
        "ménages modestes : **282** de trop pour atteindre l’objectif de 50␣%."
    )


def test_in_quartiers_without_fragilite_modest_households_are_missing() -> None:
    assert constat(classe("fragile", 100, 50, 0, "atteint"), classe("sans", 460, 190, 40, "non_atteint")).endswith(
        "des quartiers sans fragilité vont à des ménages modestes : il en manque **40** pour atteindre l’objectif de "
        "50␣%."
    )


def test_in_the_middle_class_the_aim_is_the_band() -> None:
    assert constat(classe("moyenne", 1000, 600, 50, "non_atteint")).endswith(
        "**50** de trop pour revenir entre 45 et 55␣%."
    )


def test_a_small_number_does_not_conclude_and_gives_its_gap() -> None:
    assert constat(classe("fragile", 22, 13, 2, "indetermine")).endswith(
        "effectif trop faible pour conclure (2 de trop)."
    )


def test_when_every_class_is_there_each_share_is_given() -> None:
    assert constat(classe("sans", 100, 52, 0, "atteint"), classe("fragile", 200, 90, 0, "atteint")) == snapshot(
        "Dans l’ICI~2, l’objectif de 50␣% de ménages modestes est tenu : **45␣%** dans les quartiers fragiles et "
        "**52␣%** dans les quartiers sans fragilité."
    )


@pytest.mark.parametrize(
    ("k", "cote", "dite", "manque"),
    [
        # Of 2 505: 49.6, 50.3 and 50 %, which a room reads 50 % under an objective of 50 %.
        (1243, "au-dessous", "un peu au-dessous de 50␣%", "il en manque **15**"),
        (1260, "au-dessus", "un peu au-dessus de 50␣%", "**15** de trop"),
        (1252, None, "50␣%", "il en manque **15**"),  # over part of a period nothing is on a side
        (1303, "au-dessus", "52␣%", "**15** de trop"),
    ],
)
def test_a_share_that_reads_like_its_objective_says_its_side(k: int, cote: str | None, dite: str, manque: str) -> None:
    lue = classe("fragile", 2505, k, 15, "non_atteint") | {"part": round(k / 2505, 2), "cote": cote}
    assert constat(lue) == (
        f"Dans l’ICI~2, **{dite}** des 2␣505~attributions aux ressources connues des quartiers fragiles vont à des "
        f"ménages modestes : {manque} pour atteindre l’objectif de 50␣%."
    )
    tenue = lue | {"verdict": "atteint", "ecart_attributions": Compte(0)}
    assert constat(tenue).endswith(f"est tenu : **{dite}** dans les quartiers fragiles.")
    aci = pd.Series(lue | {"n_inconnus": Compte(0)})
    assert lisible(phrases_constats.constat_aci("l’ICI~2", aci)).startswith(f"Dans l’ICI~2, **{dite}** des 2␣505~")


def test_before_the_convention_there_is_a_share_but_no_target() -> None:
    assert constat(classe("fragile", 200, 132, None, None, None)) == snapshot(
        "Dans l’ICI~2, **66␣%** des 200~attributions aux ressources connues des quartiers fragiles vont à des "
        "ménages modestes. Aucun objectif n’était en vigueur à la fin de cette période."
    )


def test_without_anything_known_it_says_what_is_missing() -> None:
    assert constat(classe("inconnu", 30, 12, 0, None)) == snapshot(
        "Dans l’ICI~2, 30~attributions aux ressources connues, sans que la fragilité du quartier le soit : donner "
        "l’indice (ips) ou la fragilité des quartiers depuis Préparer › Imports."
    )
    assert constat(classe("fragile", 0, 0, None, None), classe("inconnu", 0, 0, None, None)) == snapshot(
        "Dans l’ICI~2, les ressources ne sont connues pour aucune attribution de cette période : ajouter le revenu "
        "fiscal à l’export, puis importer depuis Préparer › Imports."
    )


@pytest.mark.parametrize(("n", "k"), [(Compte(30), Compte(15)), (Compte(30), TU), (TU, TU)])
def test_a_share_that_a_room_is_not_told_is_no_absence_of_attributions(n: Compte, k: Compte) -> None:
    # 29 known, of which 17: rounded, and too few for a share
    tue = classe("fragile", 1, 0, None, None) | {"n_connus": n, "numerateur": k, "part": None}
    lue = phrases_constats.constat_equilibre("l’ICI~2", pd.DataFrame([tue], dtype=object), BANDE)
    assert lue == snapshot("Dans l’ICI~2, les attributions aux ressources connues sont trop peu pour dire une part.")


@pytest.mark.parametrize(
    ("n", "k", "ecart", "verdict", "fin"),
    [
        (1450, 564, 89, "non_atteint", "38,9␣%** des 1␣450~attributions en premier accès vont à des ménages ACI : "
         "il en manque **89** pour atteindre l’objectif de 45␣%."),
        (100, 45, 0, "atteint", "45␣%** des 100~attributions en premier accès vont à des ménages ACI : "
         "l’objectif de 45␣% est atteint."),
        (11, 4, 1, "indetermine", "36,4␣%** des 11~attributions en premier accès vont à des ménages ACI : "
         "effectif trop faible pour conclure (il en manque 1)."),
    ],
)  # fmt: skip
def test_the_aci_finding(n: int, k: int, ecart: int, verdict: str, fin: str) -> None:
    ensemble = pd.Series(classe("", n, k, ecart, verdict, 0.45))
    assert lisible(phrases_constats.constat_aci("l’ICI~2", ensemble)) == f"Dans l’ICI~2, **{fin}"


@pytest.mark.parametrize(
    ("k", "ecart", "verdict", "fin"),
    [
        (564, 89, "non_atteint", "il en manque **89** pour atteindre l’objectif de 45␣% (**120** commune par commune, "
         "**95** bailleur par bailleur)."),
        (700, 0, "atteint", "l’objectif de 45␣% est atteint (il manque **120** commune par commune, **95** "
         "bailleur par bailleur)."),
    ],
)  # fmt: skip
def test_the_aci_finding_says_what_each_commune_and_each_bailleur_lacks(
    k: int, ecart: int, verdict: str, fin: str
) -> None:
    ensemble = pd.Series(classe("", 1450, k, ecart, verdict, 0.45))
    dite = lisible(phrases_constats.constat_aci("l’ICI~2", ensemble, {"commune": Compte(120), "bailleur": Compte(95)}))
    assert dite.endswith(f" : {fin}")


def test_a_period_that_the_data_do_not_cover_is_said_and_judges_nothing() -> None:
    # 66 of 100, six months of the twelve.
    moitie = {**classe("fragile", 100, 66, 16, None), "mois_couverts": 6}
    assert constat(moitie) == snapshot(
        "Dans l’ICI~2, **66␣%** des 100~attributions aux ressources connues des quartiers fragiles vont à des "
        "ménages modestes, sur **6~mois sur~12** : l’objectif se juge sur une année entière."
    )
    tenu = {**classe("fragile", 100, 40, 0, None), "mois_couverts": 6}
    assert "tenu" not in constat(tenu)
    assert "**6~mois sur~12**" in constat(tenu)
    aci = lisible(
        phrases_constats.constat_aci("l’ICI~2", pd.Series({**classe("", 100, 50, 0, None, 0.45), "mois_couverts": 6}))
    )
    assert aci.endswith("vont à des ménages ACI, sur **6~mois sur~12** : l’objectif se juge sur une année entière.")
    assert lisible(phrases_constats.effectif_et_semestre(Compte(3958), 0.66, Duree(12, 6))) == snapshot(
        "3␣958~attributions · 6~mois sur~12"
    )


def test_the_label_columns_that_no_file_had_are_named_instead_of_a_share() -> None:
    ligne = {**classe("", 0, 0, None, None, 0.45), "n_inconnus": Compte(22), "colonnes_absentes": "aci|dalo"}
    assert lisible(phrases_constats.constat_aci("l’ICI~2", pd.Series(ligne))) == (
        "Dans l’ICI~2, la part des ménages ACI n’est pas connue : 22~attributions inconnues, leur fichier n’a pas "
        "«~aci~» et «~dalo~», l’ajouter à l’export puis importer depuis Préparer › Imports."
    ).replace(" :", "~:")


@pytest.mark.parametrize(
    ("moins", "plus", "attendu"), [(116, 0, "−116"), (0, 24, "+24"), (116, 8, "−116 +8"), (0, 0, "")]
)
def test_a_movement_says_both_directions(moins: int, plus: int, attendu: str) -> None:
    assert phrases_constats.mouvement(moins, plus) == attendu


@pytest.mark.parametrize(
    ("sens", "dit"), [("trop", "5 de trop"), ("manque", "il en manque 5"), (None, "3 de trop et 2 en manque")]
)
def test_the_gap_of_a_place_says_its_direction_and_none_when_its_classes_pull_both_ways(sens, dit):
    # 60 % of 30 for 50 %, of quartiers fragiles with too many and of others where some are missing.
    trop, manque = {"trop": (5, 0), "manque": (0, 5), None: (3, 2)}[sens]
    comptes = {"n_connus": Compte(30), "ecart_attributions": Compte(5)}
    comptes |= {"ecart_trop": Compte(trop), "ecart_manque": Compte(manque)}
    ligne = {"part": 0.6, "cible": 0.5, "sens": sens, "cote": "au-dessus", **comptes}
    assert phrases_constats.ecart_de_ligne(ligne) == dit


@pytest.mark.parametrize(("verdict", "dit"), [("atteint", "objectif tenu"), ("non_atteint", "au-dessus")])
def test_where_a_room_is_not_told_a_gap_a_class_inside_its_band_holds_its_objective(verdict: str, dit: str) -> None:
    # 104 modest of 200 known in the middle class: 52 %, for 50 % within five points; the gap, 0, is « 12 ou moins ».
    ligne = {"cible": 0.5, "n_connus": Compte(200), "part": 0.52, "sens": None, "cote": "au-dessus", "verdict": verdict}
    assert (
        phrases_constats.ecart_de_ligne({**ligne, "ecart_attributions": TU, "ecart_trop": TU, "ecart_manque": TU})
        == dit
    )


@pytest.mark.parametrize(("verdict", "dit"), [("indetermine", "aucun écart"), ("atteint", "objectif tenu")])
def test_too_few_to_conclude_have_no_gap_and_are_not_said_to_hold_their_objective(verdict: str, dit: str) -> None:
    # 14 of 28 for 45 %: nothing is missing, and the interval (33 to 67 %) holds 45 %.
    rien = dict.fromkeys(("ecart_attributions", "ecart_trop", "ecart_manque"), Compte(0))
    ligne = {"cible": 0.45, "n_connus": Compte(28), "part": 0.5, "sens": None, "cote": "au-dessus", "verdict": verdict}
    assert phrases_constats.ecart_de_ligne(ligne | rien) == dit


@pytest.mark.parametrize(
    ("bas", "haut", "dit"), [(0.44, 0.76, "␣; intervalle à 95␣% de 44␣% à 76␣%"), (None, None, "")]
)
def test_a_whole_figure_says_its_interval_where_it_has_one(bas: float | None, haut: float | None, dit: str) -> None:
    ligne = {"part": 0.6, "numerateur": Compte(24), "n_connus": Compte(40), "cote": None, "cible": None}
    lu = lisible(phrases_constats.detail_entier("Roubaix", ligne | {"ic_bas": bas, "ic_haut": haut}))
    assert lu == f"Roubaix~: 60␣% de 40~attributions␣; 24 sur 40{dit}"


def test_a_gap_of_a_table_says_its_way_and_both_where_classes_pull_both_ways() -> None:
    lignes = pd.DataFrame(
        {
            "ecart_trop": pd.Series([*map(Compte, (1204, 0, 70, 0, None)), TU, Compte(20)], dtype=object),
            "ecart_manque": pd.Series([*map(Compte, (0, 7, 14, 0, None)), TU, TU], dtype=object),
            "ecart_attributions": pd.Series([*map(Compte, (1204, 7, 84, 0, None)), TU, Compte(25)], dtype=object),
        }
    )
    dits = [lisible(str(v)) for v in phrases_constats.signes(lignes)]
    assert dits == ["+1␣204", "−7", "+70 −14", "0", langue.ABSENT, "12 ou moins", "+20 −12 ou moins"]


@pytest.mark.parametrize(
    ("sens", "cote", "dit", "verdict"),
    [
        # Hem: 2 too many in the quartiers fragiles, 14 missing in the others; 44 % of 270 known.
        (None, "au-dessous", "12 ou moins de trop et 15 en manque", phrases_constats.DES_DEUX),
        # The side is not that of what is missing: its direction is not told, and there may be none too many.
        (None, "au-dessus", "12 ou moins de trop et 15 en manque", phrases_constats.EN_MANQUE),
        # What is missing is all that there is, and that is told.
        ("manque", "au-dessous", "il en manque 15", phrases_constats.EN_MANQUE),
    ],
)
def test_a_room_hears_both_sides_of_a_gap_of_which_one_is_of_a_few(
    sens: str | None, cote: str, dit: str, verdict: str
) -> None:
    gap = {"ecart_trop": Compte(0) if sens else TU, "ecart_manque": Compte(15), "ecart_attributions": Compte(15)}
    ligne = {"cible": 0.5, "n_connus": Compte(270), "part": 0.44, "verdict": None, "sens": sens, "cote": cote, **gap}
    assert phrases_constats.ecart_de_ligne(ligne) == dit
    assert phrases_constats.verdict_de(ligne) == verdict
    ou = "" if verdict == phrases_constats.DES_DEUX else "au-dessous, "
    assert phrases_constats.situation(ligne) == f"{ou}par classe : {dit.replace('15', '**15**')}"


@pytest.mark.parametrize(("sens", "verdict"), [("trop", phrases_constats.DE_TROP), (None, phrases_constats.TROP_PEU)])
def test_a_gap_of_a_few_whose_direction_is_told_is_painted_so(sens: str | None, verdict: str) -> None:
    # Halluin: 58 % of 155 known, its classes 12 too many at the most; without a direction, it may be on both sides.
    gap = {"ecart_trop": TU, "ecart_manque": Compte(0) if sens else TU, "ecart_attributions": TU}
    ligne = {"cible": 0.5, "n_connus": Compte(155), "part": 0.58, "verdict": None, "sens": sens, "cote": "au-dessus"}
    assert phrases_constats.verdict_de(ligne | gap) == verdict
    assert phrases_constats.situation(ligne | gap).startswith("au-dessus")
    # Of a place whose gap is not said at all, the side is told, and is no verdict (product.md, *Pictures of a room*).
    sans = {"part": None, "ecart_attributions": INCONNU}
    assert phrases_constats.verdict_de(ligne | gap | sans) == phrases_constats.TROP_PEU


def test_a_gap_told_whole_whose_two_parts_are_too_few_is_on_both_sides() -> None:
    # 11 too many and 7 missing: 18, that a room reads 20, more than either may be
    parts = {"ecart_trop": TU, "ecart_manque": TU, "ecart_attributions": Compte(20)}
    ligne = {"cible": 0.5, "n_connus": Compte(270), "part": 0.53, "verdict": None, "cote": "au-dessus", **parts}
    assert phrases_constats.ecart_de_ligne(ligne) == snapshot("12 ou moins de chaque côté")
    assert phrases_constats.verdict_de(ligne) == phrases_constats.DES_DEUX
    assert phrases_constats.ecart_de(ligne).taille > 0
    assert [str(e) for e in phrases_constats.signes(pd.DataFrame([parts]))] == snapshot(["+12 ou moins −12 ou moins"])
    seule = pd.DataFrame([ligne | {"nom": "B1"}])
    sienne = phrases_lieux.say("la Métropole", "bailleur", seule)
    assert "**B1** est le bailleur le plus loin de l’objectif de 50" in sienne
    assert sienne.endswith(": 12 ou moins de chaque côté.")

"""The card of a place, on cells drawn by hand: each of its sentences, and why one is not said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.indicateurs import fiches
from mel_core.indicateurs.fiches import FicheLieu, Portrait
from mel_core.indicateurs.phrases_constats import situation
from mel_core.secret.bail import PREPARATION, SALLE, lease
from mel_core.socle.langue import INSECABLE
from mel_core.socle.valeurs import Compte

NUL, PEU, TU = Compte(0), Compte(tus=12), Compte()


def cellule(part: float | None, **champs: Any) -> dict[str, Any]:
    """100 known, an objective of 50 %, nothing of a gap."""
    ecart = champs.pop("ecart", 0)
    return {
        "n_connus": Compte(100),
        "part": part,
        "cible": 0.5,
        "ecart_points": None if part is None else 100 * (part - 0.5),
        "ecart_attributions": Compte(abs(ecart)),
        "ecart_trop": Compte(max(ecart, 0)),
        "ecart_manque": Compte(max(-ecart, 0)),
        "sens": "trop" if ecart > 0 else "manque" if ecart < 0 else None,
        "verdict": None if part is None else "non_atteint" if ecart else "atteint",
        "cote": None,
        "mois_couverts": 12,
        **champs,
    }


SANS_ECART = {"ecart_attributions": TU, "ecart_trop": TU, "ecart_manque": TU, "verdict": None}
PETIT = {"ecart_attributions": PEU, "ecart_trop": PEU, "ecart_manque": PEU}


@pytest.mark.parametrize(
    ("sienne", "dit"),
    [
        (cellule(0.65, ecart=15), "au-dessus : **15** de trop"),
        (cellule(0.35, ecart=-15), "au-dessous : il en manque **15**"),
        (
            cellule(0.55, ecart_trop=Compte(40), ecart_manque=Compte(15), ecart_attributions=Compte(55)),
            "des deux côtés : **40** de trop et **15** en manque",
        ),
        (
            cellule(0.55, ecart=40, ecart_manque=PEU, sens=None, cote="au-dessus"),
            "des deux côtés : **40** de trop et 12 ou moins en manque",
        ),
        (cellule(0.5), "à l’objectif"),
        (
            cellule(0.6, **{**PETIT, "verdict": "non_atteint"}, sens="trop", cote="au-dessus"),
            "au-dessus, de 12 ou moins",
        ),
        (
            cellule(0.55, **{**PETIT, "verdict": None}, cote="au-dessus"),  # its classes may pull both ways
            "au-dessus de 50\u202f%, écart de 12 ou moins",
        ),
        (cellule(0.5, **{**PETIT, "verdict": "atteint"}, cote="au-dessus"), "à l’objectif"),
        (cellule(None, **SANS_ECART, cote="au-dessous"), "au-dessous"),
        (cellule(None, **SANS_ECART, cote="indecis"), "trop près pour conclure"),
        (cellule(None, **SANS_ECART, n_connus=PEU), "trop peu pour le dire"),
        (cellule(None, **SANS_ECART, n_connus=NUL), "inconnu"),
        (cellule(0.6, cible=None), "sans objectif"),
        (cellule(0.6, mois_couverts=6), "sans jugement sur 6 mois sur 12"),
        (
            cellule(0.8, ecart=2, verdict="indetermine", n_connus=Compte(5)),
            "au-dessus : **2** de trop (effectif trop faible pour conclure)",
        ),
        (None, "sans attribution"),
    ],
)
def test_a_place_says_its_side_and_its_gap_or_why_neither_is_said(sienne: dict[str, Any] | None, dit: str) -> None:
    assert situation(sienne).replace(INSECABLE, " ") == dit


def cellules(*lignes: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(lignes), dtype=object)


def lire(equilibre: dict[str, Any], aci: dict[str, Any], **classes: dict[str, Any]) -> fiches.LireCellules:
    """Of commune C, the two measures, and its classes; the whole is the same."""

    def demander(indicateur: str, par: tuple[str, ...]) -> pd.DataFrame:
        sienne = equilibre if indicateur == "equilibre" else aci
        if "fragilite" in par:
            return cellules(
                *({"commune": "C", "fragilite": c, **x} for c, x in (classes or {"fragile": sienne}).items())
            )
        return cellules({"commune": "C", **sienne})

    return demander


def portrait(annee: fiches.LireCellules, avant: fiches.LireCellules | None, longue: fiches.LireCellules) -> Portrait:
    return Portrait("commune", "C", "Dans la commune de C", annee, avant, "S1 2017", longue)


def fiche(lieu: Portrait, cotes: pd.DataFrame | str = "") -> tuple[FicheLieu, dict[str, str]]:
    dite = fiches.answer(lieu, cotes)
    return dite, {tete.replace(INSECABLE, " "): dit.replace(INSECABLE, " ") for tete, dit in dite.constats}


LOIN, PRES, TENUE = cellule(0.65, ecart=15), cellule(0.55, ecart=5), cellule(0.5)
TUE = cellule(None, **SANS_ECART, n_connus=PEU)


@pytest.mark.parametrize(
    ("avant", "apres", "dit"),
    [
        (LOIN, PRES, "plus près de l’objectif"),
        (PRES, LOIN, "plus loin de l’objectif"),
        (TENUE, TENUE, "toujours à l’objectif"),
        (PRES, TENUE, "objectif rejoint"),
        (TENUE, PRES, "objectif perdu"),
        (LOIN, LOIN, "au même point"),
    ],
)
def test_it_is_nearer_or_farther_than_at_the_last_seance(avant: Any, apres: Any, dit: str) -> None:
    _, constats = fiche(portrait(lire(apres, apres), lire(avant, avant), lire(apres, apres)))
    assert constats["Depuis S1 2017"] == f"{dit} : équilibre 50/50 et ACI"


def deux_cotes(trop: Compte, manque: Compte) -> dict[str, Any]:
    return cellule(0.5, verdict=None, ecart_trop=trop, ecart_manque=manque)


@pytest.mark.parametrize(
    ("avant", "apres", "dit"),
    [
        ((60, 40), (60, 25), "plus près de ses objectifs"),
        ((60, 40), (75, 40), "plus loin de ses objectifs"),  # a half of the whole is no objective met
        ((60, 40), (75, 25), "plus près d’un côté, plus loin de l’autre"),
        ((60, 40), (60, 40), "au même point"),
    ],
)
def test_a_whole_of_several_classes_is_nearer_or_farther_side_by_side(avant: Any, apres: Any, dit: str) -> None:
    lues = [lire(deux_cotes(*map(Compte, x)), LOIN) for x in (apres, avant, apres)]
    _, constats = fiche(portrait(*lues))
    assert constats["Depuis S1 2017"].startswith(f"{dit} : équilibre 50/50")


def test_a_gap_of_which_nothing_is_said_is_not_at_the_same_point() -> None:
    """Unknown on both sides is not 0, of a share that is said too."""
    tue = deux_cotes(TU, TU)
    _, constats = fiche(portrait(*(lire(tue, LOIN) for _ in range(3))))
    assert constats["Depuis S1 2017"] == snapshot("au même point : ACI ; trop peu pour comparer le reste")


@pytest.mark.parametrize(("avant", "apres"), [(PEU, PEU), (PEU, Compte(40)), (Compte(40), PEU)])
def test_of_a_side_that_is_not_said_nothing_is_compared(avant: Compte, apres: Compte) -> None:
    lues = [lire(deux_cotes(Compte(60), x), LOIN) for x in (apres, avant, apres)]
    _, constats = fiche(portrait(*lues))
    assert constats["Depuis S1 2017"].startswith("non comparé, un des écarts étant de 12 ou moins : équilibre 50/50 ; ")


@pytest.mark.parametrize(
    ("avant", "apres", "dit"),
    [
        (None, LOIN, "rien à comparer : cette séance n’est pas dans les données"),
        (cellule(0.65, ecart=15, mois_couverts=6), LOIN, "rien à comparer : 6 mois sur 12"),
        (LOIN, cellule(0.65, ecart=15, mois_couverts=6), "rien à comparer : 6 mois sur 12"),
        (TUE, LOIN, "trop peu pour comparer"),
        (LOIN, cellule(0.65, ecart=3, n_connus=Compte(29)), "trop peu pour comparer"),
    ],
)
def test_what_is_not_to_be_compared_says_why(avant: Any, apres: Any, dit: str) -> None:
    lue = None if avant is None else lire(avant, avant)
    _, constats = fiche(portrait(lire(apres, apres), lue, lire(apres, apres)))
    assert constats["Depuis S1 2017"] == dit


def test_a_room_reads_that_a_share_did_not_move_to_the_unit_alone() -> None:
    lieu = portrait(lire(LOIN, LOIN), lire(LOIN, LOIN), lire(LOIN, LOIN))
    with lease(SALLE):
        _, constats = fiche(lieu)
    assert constats["Depuis S1 2017"].startswith("au même point, à l’unité")


DOUZE = " (douze mois ne le disent pas)"


def longue(**champs: Any) -> dict[str, Any]:
    return cellule(None, **{**SANS_ECART, "mois_couverts": 36, **champs})


@pytest.mark.parametrize(
    ("sur_36", "dit"),
    [
        (longue(cote="au-dessus"), f"ACI à l’objectif{DOUZE}"),
        (longue(cote="indecis"), f"ACI trop près pour conclure{DOUZE}"),
        (longue(n_connus=PEU), "trop peu pour le dire, comme sur douze"),
        (longue(cote="au-dessus", mois_couverts=30), f"ACI non jugé sur 30 mois sur 36{DOUZE}"),
    ],
)
def test_what_twelve_months_do_not_say_is_said_over_thirty_six(sur_36: dict[str, Any], dit: str) -> None:
    """The 50/50 is said over twelve: over 36 months nothing more is."""
    lieu = portrait(lire(LOIN, TUE), lire(LOIN, TUE), lire(LOIN, sur_36))
    assert fiche(lieu)[1]["Sur 36 mois"] == dit
    assert "Sur 36 mois" not in fiche(portrait(lire(LOIN, LOIN), None, lire(LOIN, sur_36)))[1]
    assert "Sur 36 mois" not in fiche(replace(lieu, longue=None))[1]


def test_the_fifty_fifty_is_drawn_by_class_where_there_are_several_and_a_room_hears_no_class_of_a_bailleur() -> None:
    deux = lire(LOIN, TENUE, fragile=LOIN, sans=PRES)
    lieu = portrait(deux, None, deux)
    titres = ["Quartiers fragiles", "Sans fragilité", "ACI en premier accès"]
    assert [ligne.titre for ligne in fiche(lieu)[0].lignes] == titres
    tues = lire(LOIN, TENUE, fragile=TUE, sans=TUE)  # of no class a share is said: that of the commune is
    assert [x.titre for x in fiche(portrait(tues, None, tues))[0].lignes] == ["Équilibre 50/50", titres[-1]]

    def chez(indicateur: str, par: tuple[str, ...]) -> pd.DataFrame:
        return deux(indicateur, tuple("commune" if c == "bailleur" else c for c in par)).rename(
            columns={"commune": "bailleur"}
        )

    bailleur = Portrait("bailleur", "C", "Chez C", chez, None, "S1 2017", chez)
    for audience, vus in ((PREPARATION, titres), (SALLE, ["Équilibre 50/50", titres[-1]])):
        with lease(audience):
            dite, _ = fiche(bailleur)
            assert [x.titre for x in dite.lignes] == vus
            # Which are off is said, without a number.
            assert dite.a_faire == snapshot(
                "moins de ménages modestes en quartiers fragiles et quartiers sans fragilité"
            )


def test_a_line_without_a_share_is_said_under_the_picture_and_not_drawn() -> None:
    petite = cellule(None, **SANS_ECART, n_connus=Compte(45), cote="indecis")
    lieu = portrait(lire(LOIN, TUE, fragile=LOIN, moyenne=petite), None, lire(LOIN, TUE))
    dite, constats = fiche(lieu)
    assert [ligne.titre for ligne in dite.lignes] == ["Quartiers fragiles"]  # nor the ACI, whose sentence says it
    assert constats["Fragilité moyenne"] == snapshot("45 attributions connues, trop près pour conclure")
    assert "ACI en premier accès" not in constats
    assert fiche(portrait(lire(TUE, TUE), None, lire(TUE, TUE)))[0].lignes == ()


def test_a_place_whose_quartiers_have_no_class_says_why_it_has_no_objective() -> None:
    """All of its quartiers are unknown, those of the others are not: an objective is in force."""
    sans = cellule(0.6, cible=None)

    def demander(indicateur: str, par: tuple[str, ...]) -> pd.DataFrame:
        if "fragilite" in par:
            return lire(sans, PRES, inconnu=sans)(indicateur, par)
        return lire(sans if par else LOIN, PRES)(indicateur, par)

    dite, _ = fiche(portrait(demander, None, demander))
    assert dite.phrase.startswith(
        "Dans la commune de C, **équilibre 50/50** sans objectif, aucune attribution dans un quartier de fragilité "
        "connue ; "
    )
    aucun, _ = fiche(portrait(lire(sans, PRES), None, lire(sans, PRES)))  # nothing is in force for anybody
    assert aucun.phrase.startswith("Dans la commune de C, **équilibre 50/50** sans objectif ; ")


def test_its_quartiers_are_on_the_side_that_their_class_makes_of_theirs() -> None:
    """A fragile one above its ceiling, one that holds it; one under its floor; a class between, by its band."""
    cotes = cellules(
        {"fragilite": "fragile", **cellule(None, **SANS_ECART, cote="au-dessus")},
        {"fragilite": "fragile", **cellule(None, **SANS_ECART, cote="au-dessous")},
        {"fragilite": "sans", **cellule(None, **SANS_ECART, cote="au-dessous")},
        {"fragilite": "moyenne", **cellule(0.65, ecart=10)},
        {"fragilite": "moyenne", **cellule(None, **SANS_ECART, cote="indecis")},
        {"fragilite": "sans", **TUE},
    )
    lieu = portrait(lire(LOIN, LOIN), None, lire(LOIN, LOIN))
    dits = ("**2** au-dessus de leur objectif", "**1** au-dessous de son objectif", "**1** à l’objectif")
    attendu = f"{', '.join(dits)} et **2** trop peu pour le dire, sur 36 mois"
    assert fiche(lieu, cotes)[1]["Quartiers"] == attendu
    assert fiche(lieu, "Aucun quartier n’a d’objectif")[1]["Quartiers"] == snapshot("Aucun quartier n’a d’objectif")
    assert "Quartiers" not in fiche(lieu, cotes[:0])[1]


def test_a_place_without_an_attribution_says_so_and_draws_nothing() -> None:
    def rien(indicateur: str, par: tuple[str, ...]) -> pd.DataFrame:
        return cellules({"commune": "C", "fragilite": "fragile", **LOIN})[:0]

    dite, constats = fiche(portrait(rien, rien, rien))
    assert dite.phrase == snapshot("Dans la commune de C, aucune attribution sur cette période.")
    assert (dite.lignes, constats) == ((), {})


MANQUE, DEUX = cellule(0.35, ecart=-15), cellule(0.5, verdict=None, ecart_trop=Compte(40), ecart_manque=Compte(40))

AU_DESSUS, AU_DESSOUS = (cellule(None, **SANS_ECART, cote=cote) for cote in ("au-dessus", "au-dessous"))
OU_CORRIGER = "équilibre 50/50, trop peu d’attributions par type de quartiers pour dire où corriger"
SANS_CLASSES = "plus de ménages modestes en quartiers sans fragilité ou de fragilité moyenne"


@pytest.mark.parametrize(
    ("equilibre", "aci", "classes", "dit"),
    [
        (
            LOIN,
            MANQUE,
            {"fragile": LOIN},
            "moins de ménages modestes en quartiers fragiles ; plus de ménages ACI en premier accès",
        ),
        (MANQUE, LOIN, {"fragile": TUE}, SANS_CLASSES),  # above the objective of the ACI, it holds it
        (
            DEUX,
            TENUE,
            {"fragile": TUE, "sans": TUE},
            OU_CORRIGER,
        ),
        (
            DEUX,
            TENUE,
            {"fragile": LOIN, "sans": MANQUE},
            "moins de ménages modestes en quartiers fragiles, plus en quartiers sans fragilité",
        ),
        (  # said of all its classes at once: those which alone may be too many
            LOIN,
            TENUE,
            {"fragile": TUE, "sans": TENUE},
            "moins de ménages modestes en quartiers fragiles ou de fragilité moyenne",
        ),
        (  # of a class its side alone is said, and of the ACI
            AU_DESSUS,
            AU_DESSOUS,
            {"fragile": AU_DESSUS, "moyenne": AU_DESSOUS, "sans": AU_DESSUS},
            "moins de ménages modestes en quartiers fragiles ; plus de ménages ACI en premier accès",
        ),
        (AU_DESSOUS, TENUE, {"sans": AU_DESSOUS}, "plus de ménages modestes en quartiers sans fragilité"),
        (
            AU_DESSUS,
            TENUE,
            {"fragile": TUE},
            OU_CORRIGER,
        ),
        (TENUE, TENUE, {}, "rien à corriger"),
        (TUE, TENUE, {}, "trop peu d’attributions en douze mois pour dire quoi corriger"),
        (TUE, TUE, {}, "trop peu d’attributions en douze mois pour dire quoi corriger"),
        (cellule(0.6, cible=None), cellule(0.6, cible=None), {}, ""),
    ],
)
def test_it_says_what_to_do_in_the_direction_of_each_gap_that_is_said(
    equilibre: Any, aci: Any, classes: Any, dit: str
) -> None:
    annee = lire(equilibre, aci, **classes)
    assert fiches.answer(portrait(annee, annee, annee), "").a_faire == dit


@pytest.mark.parametrize(
    ("connus", "suite"),
    [
        (95, " (écart non dit : moins de 100 attributions connues)"),
        (120, " (écart non dit)"),  # enough, but one of the two counts of its share is too small to be said
    ],
)
def test_a_side_without_its_number_says_why(connus: int, suite: str) -> None:
    tue = cellule(None, **SANS_ECART, cote="au-dessus", n_connus=Compte(connus))
    with lease(SALLE):
        dite, _ = fiche(portrait(lire(tue, TENUE), None, lire(tue, TENUE)))
    assert f"**équilibre 50/50** au-dessus{suite} ; " in dite.phrase.replace(INSECABLE, " ")

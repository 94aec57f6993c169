"""What a line of the agenda says of its own reading: the band, the quartiers, the mutations, the communes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.dossier import diapositives as dessins
from mel_core.dossier.classeurs import write
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.lignes_dossier import POINTS, Tableau, read
from mel_core.dossier.note import contenu
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.socle.periodes import Periode
from tests.dossier.conftest import ICI, SEANCE
from tests.dossier.test_seance import feuilles
from tests.ecrans.conftest import PLAFOND_2017, ROUBAIX, TOURCOING
from tests.jeux import attribution, bailleurs, build_store, chargement, table
from tests.lecteurs import lue_par
from tests.mots import simple

Lire = Callable[..., Tableau]


@pytest.fixture(scope="module")
def lu(tmp_path_factory: pytest.TempPathFactory) -> Lire:
    """Of 300 in Roubaix, fragile, 210 are modest; of 300 in Tourcoing, moyenne, 141, 47 %. One in three is a mutation;
    20 relogements in Roubaix, 3 in Tourcoing."""
    lieux = ((ROUBAIX, "fragile", 210, 20), (TOURCOING, "moyenne", 141, 3))
    lignes = [
        attribution(
            300 * rang + i,
            date_bail=date(2017, 1 + i % 12, 1),
            code_insee=commune,
            code_quartier=f"{commune}0101",
            n_personnes=1,
            revenu_fiscal=(0.3 if i < n_modestes else 0.5) * PLAFOND_2017,
            mutation=i % 3 == 0,
            npru=i < n_reloges,
        )
        for rang, (commune, _, n_modestes, n_reloges) in enumerate(lieux)
        for i in range(300)
    ]
    quartiers = [
        {"code_quartier": f"{c}0101", "nom": "Quartier d’essai", "code_insee": c, "fragilite": f} for c, f, *_ in lieux
    ]
    entrepot = build_store(
        tmp_path_factory.mktemp("donnees"),
        chargement(
            attributions=table("attributions", *lignes),
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", *quartiers),
        ),
    )

    def lire(indicateur: str, *par: str) -> Tableau:
        point = next(p for p in POINTS if p.indicateur == indicateur and p.par == par)
        with entrepot.open(Portee.mel(), SEANCE) as lecteur:
            return read(lecteur, Noms.read(lecteur), point, Periode.de(SEANCE, "annee"), ICI)

    return lire


def dite(tableau: Tableau) -> str:
    return simple(tableau.phrase)


def test_a_class_held_to_a_band_is_said_inside_it_by_the_note_and_the_workbook(
    lu: Lire, entrepot: Entrepot, tmp_path: Path
) -> None:
    en_salle = lue_par(SALLE, lu("equilibre", "fragilite").pour)
    tetes, lignes = contenu(en_salle)
    assert [simple(x[tetes.index("Lecture")]) for x in lignes] == ["objectif non atteint", "objectif atteint"]
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        contexte = Contexte(SEANCE, ICI, lecteur.instantane, lecteur.instantane.publie_le)
    write(tmp_path / "essai.xlsx", contexte, "Essai", [(en_salle, en_salle.lignes)])
    (lues,) = (x for nom, x in feuilles(tmp_path / "essai.xlsx").items() if nom != "Lisez-moi")
    assert [(simple(x["Lecture"]), x["Côté"]) for x in lues] == [
        ("objectif non atteint", "au-dessus de l’objectif"),
        ("objectif atteint", "dans la bande"),
    ]


def test_no_line_stands_at_the_middle_of_a_band_and_the_bar_says_what_is_aimed_at(lu: Lire) -> None:
    dessin = dessins.dessin_de(lue_par(SALLE, lu("equilibre", "fragilite").pour))
    assert dessin
    assert [simple(c) for c in dessin.categories] == snapshot(
        [
            "Quartiers fragiles, 60 de trop (n = 300)",
            "Fragilité moyenne, de 45 % à 55 % visés (n = 300)",
        ]
    )
    assert dessin.objectif
    assert dessin.objectif.valeurs == (0.5, None)
    assert simple(dessin.objectif.nom_dit) == "Objectif : 50 %"
    assert [simple(dessin.say(dessin.series[0], rang)) for rang in (0, 1)] == ["70 %", "47 %"]


def test_a_class_out_of_its_band_says_how_many_bring_it_back(lu: Lire) -> None:
    # 195 of 300, 65 %: 30 above 55 %.
    tableau = lu("equilibre", "fragilite")
    dehors = {"numerateur": 195, "part": 0.65, "verdict": "non_atteint", "ecart_attributions": 30, "sens": "trop"}
    dehors |= {"ecart_trop": 30, "ecart_manque": 0}
    moyenne = tableau.lignes[1:].assign(**dehors)
    constat = lu("equilibre", "fragilite").constat
    assert constat
    ailleurs = constat.cellules | {("equilibre", ("fragilite",)): moyenne}
    tableau = lue_par(PREPARATION, replace(tableau, lignes=moyenne, constat=replace(constat, cellules=ailleurs)).pour)
    assert dite(tableau).endswith(" : 30 de trop pour revenir entre 45 et 55 %.")
    tetes, (ligne,) = contenu(tableau)
    assert [ligne[tetes.index(t)] for t in ("Écart", "Lecture")] == ["+30", "objectif non atteint"]


def test_quartiers_of_which_no_share_is_said_are_drawn_by_their_side(lu: Lire) -> None:
    # As a room reads it, no share of either is said, and the side of one alone.
    tableau = lue_par(SALLE, lu("equilibre", "quartier").pour)
    lignes = tableau.lignes.assign(part=None, cote=["au-dessus", None])
    tu = replace(tableau, lignes=lignes)
    assert dessins.reserves(tu) == snapshot(["ligne par ligne dans le classeur"])
    dessin = dessins.dessin_de(tu)
    assert dessin
    assert dict(zip(dessin.categories, dessin.series[0].valeurs, strict=True)) == {
        "Au-dessus de l’objectif": 1,
        "Au-dessous de l’objectif": 0,
        "Trop près de l’objectif pour conclure": 0,
    }


def test_mutations_are_told_as_the_screen_tells_them(lu: Lire) -> None:
    # 70 and 47 of 200 mutations, 140 and 94 of 400 first accesses: 58.5 % of each; 70 of 100 in the fragile quartiers.
    assert dite(lue_par(SALLE, lu("ressources", "mutation", "fragilite").pour)) == snapshot(
        "Dans l’ICI 2, 59 % des 200 mutations aux ressources connues vont à des ménages modestes, autant que des "
        "premiers accès ; dans les quartiers fragiles, 70 %."
    )


def test_every_cut_of_an_indicator_is_told_by_the_same_sentence(lu: Lire) -> None:
    for coupe in ("commune", "fragilite"):
        assert dite(lue_par(SALLE, lu("ressources", coupe).pour)) == snapshot(
            "Dans l’ICI 2, 59 % des 600 attributions aux ressources connues vont à des ménages modestes ou très "
            "modestes ; 12 ou moins sur 600 ont des ressources inconnues."
        )


def test_relogements_are_told_beside_those_of_the_whole_metropole(lu: Lire) -> None:
    for audience, n in ((SALLE, 25), (PREPARATION, 23)):
        assert dite(lue_par(audience, lu("npru", "commune").pour)) == (
            f"Dans l’ICI 2, {n} sur 600 attributions relogent un ménage du NPRU ({n} dans la Métropole)."
        )


@pytest.mark.parametrize(("ecart", "dit"), [(-6.0, "−6"), (-5.88, "−5,9"), (None, "—")])
def test_a_gap_in_points_has_no_decimal_where_shares_are_to_the_unit(ecart: float | None, dit: str) -> None:
    point = next(p for p in POINTS if p.indicateur == "entrants_occupants")
    comptes = {"nom": "Lieu", "n": 100, "n_connus": 100, "numerateur": 57, "part": 0.57, "part_occupants": 0.63}
    table = pd.DataFrame([comptes | {"ecart_points": ecart}])
    tetes, (ligne,) = contenu(Tableau(point, table, table, True))
    assert ligne[tetes.index("Écart (points)")] == dit

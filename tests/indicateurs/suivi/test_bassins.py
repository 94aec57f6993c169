"""Bassins de vie against plain Python on rows drawn here: stock, occupants, entries and exits, flows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs.suivi import bassins
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from mel_core.socle.valeurs import Compte
from tests.jeux import attribution, bailleurs, chargement, serve, table
from tests.lecteurs import lue_par

# Roubaix and Lannoy are one territoire (Roubaisien), Tourcoing another (Tourquennois), Lille a third.
ROUBAIX, LANNOY, TOURCOING, LILLE = LIEUX = ("59512", "59332", "59599", "59350")
TERRITOIRES = {ROUBAIX: "Roubaisien", LANNOY: "Roubaisien", TOURCOING: "Tourquennois", LILLE: "Lille"}
ANNEE = Periode.de("2017S2", "annee")
Rangees = list[dict[str, Any]]
CLASSES = ("tres_modestes", "modestes", "intermediaires", "eleves")


def draw(graine: int) -> dict[str, Rangees]:
    """Résidences with and without their vacancy, rotation and occupants; demandes of anywhere, that want anything,
    active, struck off or created later; bails of the year, of the day before and after, some without a demande."""
    hasard = random.Random(graine)

    def or_nothing(valeur: Any, chance: float = 0.25) -> Any:
        return None if hasard.random() < chance else valeur

    quartiers = [
        {"code_quartier": f"{c}010{i}", "nom": "Q", "code_insee": c, "n_hlm": or_nothing(hasard.randint(0, 900))}
        for c in LIEUX
        for i in (1, 2)
    ]
    residences = []
    for i in range(14):
        n = hasard.randint(1, 80)
        residences.append(
            {
                **{"code_residence": f"R{i:02}", "code_bailleur": "B1", "n_logements": n},
                "code_quartier": hasard.choice([q["code_quartier"] for q in quartiers[:6]]),  # none in Lille
                **{"n_vacants": or_nothing(hasard.randint(0, n)), "taux_rotation": or_nothing(0.125)},
                **{f"n_occupants_{c}": or_nothing(hasard.randint(0, 20), 0.08) for c in CLASSES},
                "n_occupants_inconnus": hasard.randint(0, 5),
            }
        )
    demandes: Rangees = []
    for i in range(120):
        creee = date(hasard.choice([2015, 2016, 2017, 2018]), 1, 1)
        etat = hasard.choice(["ACTIVE", "RADIEE"])
        radiee = None if etat == "ACTIVE" else hasard.choice([date(2017, 12, 31), date(2018, 1, 1), date(2017, 3, 1)])
        if radiee is not None and radiee < creee:
            radiee = creee
        demandes.append(
            {
                **{"numero_unique": f"p{i}", "date_creation": creee, "etat": etat, "date_radiation": radiee},
                "n_personnes": 1,
                "code_insee_actuel": or_nothing(hasard.choice([*LIEUX, "hors_mel"])),
                "communes_souhaitees": or_nothing(
                    [hasard.choice([*LIEUX, "hors_mel"]) for _ in range(hasard.randint(1, 4))]
                ),
            }
        )
    jours = [date(2017, 1, 1), date(2017, 12, 31), date(2017, 6, 1), date(2016, 12, 31), date(2018, 1, 1)]
    attributions = [
        attribution(
            i,
            **{"numero_unique": f"p{hasard.randint(0, 150)}", "date_bail": hasard.choice(jours)},
            **{"code_insee": hasard.choice(LIEUX[:3]), "mutation": hasard.random() < 0.3},
        )
        for i in range(90)
    ]
    return {"quartiers": quartiers, "residences": residences, "demandes": demandes, "attributions": attributions}


def publish(dossier: Path, jeu: dict[str, Rangees], *sans: str) -> Entrepot:
    """`sans`: the columns (`table.colonne`) that no file had."""
    entrepot = Entrepot(dossier)
    absentes = [tuple(x.split(".")) for x in sans]
    tables = {
        nom: table(nom, *({c: v for c, v in ligne.items() if (nom, c) not in absentes} for ligne in lignes))
        for nom, lignes in jeu.items()
    }
    charge = chargement(bailleurs=bailleurs("B1"), **tables)
    presentes = {
        nom: colonnes - {c for t, c in absentes if t == nom} for nom, colonnes in charge.colonnes_presentes.items()
    }
    charge = replace(charge, colonnes_presentes=presentes)
    with entrepot.reserve():
        serve(entrepot, charge)
    return entrepot


def place(code: str | None, maille: str) -> str:
    if code is None:
        return "inconnu"
    return TERRITOIRES.get(code, code) if maille == "territoire" else code


def loges(jeu: dict[str, Rangees]) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    """The bails of the year, each with the demande of its household."""
    par_menage = {d["numero_unique"]: d for d in jeu["demandes"]}
    for a in jeu["attributions"]:
        if date(2017, 1, 1) <= a["date_bail"] <= date(2017, 12, 31):
            yield a, par_menage.get(a["numero_unique"], {})


def expected_flux(jeu: dict[str, Rangees], quoi: str, maille: str) -> Counter[tuple[str, str]]:
    comptes: Counter[tuple[str, str]] = Counter()
    if quoi == "habite_souhaite":
        for d in jeu["demandes"]:
            est_active = d["etat"] == "ACTIVE" or (d["date_radiation"] and d["date_radiation"] > date(2017, 12, 31))
            if d["date_creation"] <= date(2017, 12, 31) and est_active:
                voulues = {place(c, maille) for c in d["communes_souhaitees"] or [None]}
                comptes.update((place(d["code_insee_actuel"], maille), v) for v in voulues)
        return comptes
    for a, d in loges(jeu):
        obtenu = place(a["code_insee"], maille)
        if quoi == "habite_obtenu":
            comptes[place(d.get("code_insee_actuel"), maille), obtenu] += 1
        else:
            comptes.update((v, obtenu) for v in {place(c, maille) for c in d.get("communes_souhaitees") or [None]})
    return comptes


@pytest.fixture(scope="module", params=[1, 2])
def monde(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Entrepot, Any]:
    jeu = draw(request.param)
    return publish(tmp_path_factory.mktemp("bassins"), jeu), jeu


@pytest.mark.parametrize("maille", bassins.MAILLES)
@pytest.mark.parametrize("quoi", bassins.FLUX)
def test_flows_are_those_of_the_rows(monde: tuple[Entrepot, Any], quoi: str, maille: str) -> None:
    entrepot, jeu = monde
    with entrepot.open(Portee.mel()) as lecteur:
        lues = bassins.flux(lecteur, quoi, ANNEE, maille)
    obtenus = {(de, vers): n for de, vers, n in lues.itertuples(index=False, name=None)}
    assert obtenus == dict(expected_flux(jeu, quoi, maille))


@pytest.mark.parametrize("maille", bassins.MAILLES)
def test_the_stock_its_occupants_its_entries_and_exits_are_those_of_the_rows(
    monde: tuple[Entrepot, Any], maille: str
) -> None:
    entrepot, jeu = monde
    with entrepot.open(Portee.mel()) as lecteur:
        lues = bassins.parc(lecteur, ANNEE, maille).set_index("lieu")
    for lieu in {place(c, maille) for c in LIEUX}:
        siennes = [r for r in jeu["residences"] if place(r["code_quartier"][:5], maille) == lieu]
        suivies = [r for r in siennes if r["n_vacants"] is not None]
        connues = [r for r in siennes if None not in [r[f"n_occupants_{c}"] for c in CLASSES]]
        ligne = lues.loc[lieu]
        assert ligne["n_logements"] == sum(r["n_logements"] for r in siennes)
        assert unknown_or(ligne["n_vacants"]) == sum_or_none(r["n_vacants"] for r in suivies)
        assert unknown_or(ligne["n_logements_suivis"]) == sum_or_none(r["n_logements"] for r in suivies)
        assert unknown_or(ligne["n_liberes_an"]) == sum_or_none(
            r["n_logements"] * 0.125 for r in siennes if r["taux_rotation"] is not None
        )
        occupants = [sum_or_none(r[f"n_occupants_{c}"] for r in connues) for c in CLASSES]
        assert [unknown_or(ligne[f"n_occupants_{c}"]) for c in CLASSES] == occupants
        if connues and sum(filter(None, occupants)):
            assert ligne["part_modestes"] == pytest.approx((occupants[0] + occupants[1]) / sum(occupants))
        hlm = [q["n_hlm"] for q in jeu["quartiers"] if place(q["code_insee"], maille) == lieu]
        assert unknown_or(ligne["n_hlm"]) == sum_or_none(n for n in hlm if n is not None)
        entres = [(a, d) for a, d in loges(jeu) if place(a["code_insee"], maille) == lieu]
        assert ligne["n_entrees"] == len(entres)
        assert ligne["n_premiers_acces"] == sum(not a["mutation"] for a, _ in entres)
        origines = Counter(place(d.get("code_insee_actuel"), maille) for _, d in entres)
        assert ligne["n_sur_place"] == origines[lieu]
        assert ligne["n_origines_inconnues"] == origines["inconnu"]
        assert ligne["n_arrivees"] == len(entres) - origines[lieu] - origines["inconnu"]
        connus = len(entres) - origines["inconnu"]
        assert unknown_or(ligne["part_sur_place"]) == (origines[lieu] / connus if connus else None)
        partis = [a for a, d in loges(jeu) if place(d.get("code_insee_actuel"), maille) == lieu]
        assert ligne["n_departs"] == sum(place(a["code_insee"], maille) != lieu for a in partis)
    # A territoire without a résidence has none: that is known, where the table was given.
    assert lues.loc[place(LILLE, maille), "n_logements"] == 0


def sum_or_none(valeurs: Iterable[Any]) -> Any:
    lues = list(valeurs)
    return sum(lues) if lues else None


def unknown_or(valeur: Any) -> Any:
    return None if pd.isna(valeur) else valeur


def test_a_column_that_no_file_had_is_unknown_and_named_and_never_zero(tmp_path: Path) -> None:
    jeu = {nom: lignes for nom, lignes in draw(3).items() if nom != "residences"}
    sans = ("demandes.code_insee_actuel", "quartiers.n_hlm")
    with publish(tmp_path, jeu, *sans).open(Portee.mel()) as lecteur:
        lue = bassins.parc(lecteur, ANNEE, "territoire").set_index("lieu").loc["Roubaisien"]
        manques = {f"{m.table}.{c}" for m in bassins.manques_du_parc(lecteur) for c in m.colonnes}
        flux = bassins.manques_de_flux(lecteur, "habite_obtenu")
        autre = bassins.manques_de_flux(lecteur, "souhaite_obtenu")
    assert lue["n_entrees"] > 0
    inconnues = ("n_logements", "n_vacants", "n_liberes_an", "n_occupants_modestes", "n_hlm", "n_arrivees", "n_departs")
    assert lue[list(inconnues)].isna().all()
    assert {*sans, "residences.n_vacants", "residences.taux_rotation"} <= manques
    assert [m.colonnes for m in flux] == [("code_insee_actuel",)]
    assert autre == ()


def test_a_room_reads_households_by_the_rule_and_dwellings_as_they_are() -> None:
    lignes = pd.DataFrame(
        {
            "lieu": [ROUBAIX, LANNOY], "n_logements": [203, 7], "n_vacants": [3, 1],
            **{c: [213, 12] for c in bassins.MENAGES},
            "n_occupants_tres_modestes": [60, 3], "n_occupants_modestes": [67, 3], "part_modestes": [127 / 213, 0.5],
            "part_sur_place": [0.5, 0.5],
        }
    )  # fmt: skip
    dites = lue_par(SALLE, bassins.render_parc, lignes, "commune")
    assert [langue.nombre(n) for n in dites["n_entrees"]] == ["215", "12 ou moins"]
    assert dites["n_logements"].tolist() == [203, 7]
    assert dites["part_modestes"].tolist()[0] == 0.6  # 127 of 213 is 59.6 %
    assert pd.isna(dites["part_modestes"].tolist()[1])
    assert dites["part_sur_place"].tolist()[0] == 0.5  # 213 of 426
    # A commune reads its own exactly, but who left it, who signed elsewhere.
    sienne = lue_par(Audience(cle="commune", code=LANNOY), bassins.render_parc, lignes, "commune")
    assert [langue.nombre(n) for n in sienne["n_entrees"]] == ["215", "12"]
    assert [langue.nombre(n) for n in sienne["n_departs"]] == ["215", "12 ou moins"]
    assert sienne["part_modestes"].tolist()[1] == 0.5
    assert lue_par(PREPARATION, bassins.render_parc, lignes, "commune")[list(bassins.MENAGES)].equals(
        lignes[list(bassins.MENAGES)].map(Compte)
    )


@pytest.mark.parametrize(
    ("quoi", "dits"),
    [("habite_obtenu", ["3", "15"]), ("habite_souhaite", ["3", "3", "15"])],
)
def test_a_commune_reads_exactly_the_flows_that_are_its_own_and_no_other_of_a_few(quoi: str, dits: list[str]) -> None:
    lues = pd.DataFrame({"de": [LANNOY, ROUBAIX, ROUBAIX], "vers": [ROUBAIX, LANNOY, TOURCOING], "n": [3, 3, 14]})
    sienne = lue_par(Audience(cle="commune", code=LANNOY), bassins.render_flux, lues, quoi, "commune")
    assert [langue.nombre(n) for n in sienne["n"]] == dits

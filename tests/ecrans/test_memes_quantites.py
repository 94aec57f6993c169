"""The same quantity on two screens is the same number: the bilan, the page of a commune, « Suivre », side by side.

Each measure of the bilan is traced to the command line by `test_chiffres`, the screens of « Suivre » by
`test_suivre_chiffres`, sentences by `test_une_reponse`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ecrans.conftest import served
from tests.ecrans.scenario_attendu import lisse
from tests.ecrans.test_suivre_chiffres import lignes, see
from tests.ecrans.vue import Piece, tableaux, texte


@pytest.fixture(scope="module")
def dossier(demonstration_copiee: Path) -> Iterator[Path]:
    with served(demonstration_copiee):
        yield demonstration_copiee


def column(pieces: list[Piece], legende: str, rang: int) -> dict[str, str]:
    """Line → what its column `rang` says."""
    return {r[0]: r[rang] for r in lignes(pieces, legende)}


def fiche(commune: str) -> dict[str, list[str]]:
    """Line of the page of a commune → its cells."""
    (table,) = [
        t for p in see("bilan", fiche=commune) if 'class="fiche"' in str(p.contenu) for t in tableaux(str(p.contenu))
    ]
    return {r[0][0]: [lisse(case) for case, _ in r[1:]] for r in table.rangees[1:]}


def phrase(pieces: list[Piece]) -> str:
    dites = " ".join(texte(str(p.contenu)) for p in pieces if p.zone == "message")
    return lisse(re.sub(r"\*\*", "", dites))


def test_the_bails_of_each_commune_are_as_many_on_every_measure_and_in_the_bassins_de_vie(dossier: Path) -> None:
    mesures = {
        ("mutations_bloquees", "Mutations bloquées, par commune"): 1,
        ("npru", "Relogements NPRU, par commune"): 1,
        ("delais", "Délais d’attribution, par commune"): 1,
        ("ressources", "Ressources, par commune"): 1,
    }
    lues = [
        column(see("bilan", objectif=code, coupe="commune"), legende, rang) for (code, legende), rang in mesures.items()
    ]
    bassins = {
        nom: n
        for territoire in ("Roubaisien", "Tourquennois")
        for nom, n in column(see("bassins", territoire=territoire), "Bassin de vie par commune", 13).items()
    }
    assert len(lues[0]) > 10
    for autres in lues[1:]:
        assert autres == lues[0]
    assert {nom: n for nom, n in bassins.items() if n != "0"} == lues[0]


def test_a_commune_reads_on_its_page_what_each_screen_says_of_it(dossier: Path) -> None:
    page = fiche("59512")
    dite = phrase(see("bilan", objectif="equilibre", lieu="59512"))
    assert page["Ménages modestes, quartiers fragiles"][0].split(" de ")[0] in dite
    npru = column(see("bilan", objectif="npru", coupe="commune"), "Relogements NPRU, par commune", 1)
    assert page["Relogements NPRU"][0].endswith(f" de {npru['Roubaix']}")
    aci = column(see("bilan", objectif="aci"), "Constat par commune", 4)
    assert page["ACI en premier accès"][0].split(" de ")[0] == aci["Roubaix"]
    for code, titre in (("bas_revenus", "Bas revenus"), ("droit_commun", "Droit commun")):
        parts = column(see("bilan", objectif=code, coupe="commune"), f"{titre}, par commune", 4)
        assert page[titre][0].split(" de ")[0] == parts["Roubaix"]


def test_the_relogements_add_up_whichever_way_they_are_cut(dossier: Path) -> None:
    total = re.search(r"Dans l’ICI 2, (\d+) sur", phrase(see("bilan", objectif="npru")))
    assert total is not None
    for coupe, dite in (
        ("commune", "commune"),
        ("quartier", "quartier"),
        ("residence", "résidence"),
        ("bailleur",) * 2,
    ):
        par_lieu = column(see("bilan", objectif="npru", coupe=coupe), f"Relogements NPRU, par {dite}", 2)
        assert sum(int(n.replace(" ", "")) for n in par_lieu.values()) == int(total[1]), coupe


def test_a_commune_has_as_many_quartiers_and_hlm_on_the_referential_as_in_its_bassin(dossier: Path) -> None:
    referentiel = see("fragilite")
    quartiers = lignes(referentiel, "Indicateurs par quartier")
    hlm: dict[str, int] = {}
    for r in quartiers:
        hlm[r[1]] = hlm.get(r[1], 0) + int(r[6].replace(" ", ""))
    bassin = column(see("bassins", territoire="Roubaisien"), "Bassin de vie par commune", 2)
    assert bassin
    for nom, dit in bassin.items():
        assert int(dit.replace(" ", "")) == hlm[nom], nom
    # Of unknown class, a quartier is in the list and not in the count.
    comptes = column(referentiel, "Référentiel par commune", 3)
    connus = [r[1] for r in quartiers if not r[2].startswith("inconnue")]
    assert {nom: connus.count(nom) for nom, n in comptes.items() if n != "—"} == {
        nom: int(n) for nom, n in comptes.items() if n != "—"
    }

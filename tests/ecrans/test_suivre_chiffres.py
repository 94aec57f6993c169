"""The standing views on the demonstration: their figures are those of the command line, their volumes add up."""

from __future__ import annotations

import json
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.indicateurs.suivi import besoins_mutations, fragilites
from mel_core.simulation.scenarios import Scenario
from mel_core.socle import langue
from mel_core.socle.langue import part
from mel_core.socle.periodes import Seance
from tests.cli.appel import ici
from tests.ecrans.scenario_attendu import ask, lisse
from tests.ecrans.vue import Piece, open, tableaux, texte


def see(page: str, etat: dict[str, Any] | None = None, **adresse: str) -> list[Piece]:
    return open(etat, page=page, seance="2017S2", ici="ICI 2", **adresse)


def dit(pieces: list[Piece], zone: str) -> str:
    """What is read there, bold or not."""
    lus = (re.sub(r"</?b>|\*\*", "", str(p.contenu)) for p in pieces if p.zone == zone and p.genre != "graphique")
    return lisse(" ".join(map(texte, lus)))


def lignes(pieces: list[Piece], legende: str) -> list[list[str]]:
    """The rows of the table that screen readers hear."""
    (table,) = [
        t
        for p in pieces
        if p.genre == "html" and f"<caption>{legende}</caption>" in str(p.contenu)
        for t in tableaux(str(p.contenu))
    ]
    return [[lisse(case) for case, _ in rangee] for rangee in table.rangees[1:]]


def simuler(dossier: Path, lieu: Path, simulation: str, **leviers: Any) -> dict[str, Any]:
    scenario = Scenario(simulation, Seance(2017, 2), leviers, ici="ICI 2")
    return ask(dossier, lieu, _adresse(scenario))["synthese"]


def _adresse(scenario: Scenario) -> dict[str, str]:
    return {"simulation": scenario.simulation, "seance": str(scenario.seance), "ici": scenario.ici} | {
        nom: str(valeur) for nom, valeur in scenario.leviers.items()
    }


def test_the_share_of_plai_tried_says_what_the_command_says(dossier: Path, tmp_path: Path) -> None:
    pieces = see("simuler", {"volet_programmation": "Par opération"}, simulation="programmation", part_plai="30 %")
    attendu = simuler(dossier, tmp_path, "programmation", part_plai=Fraction(3, 10))
    assert "Viser 30" in dit(pieces, "levier")
    assert f": {attendu['n_plai']} sur {attendu['n_sociaux']}, soit {lisse(part(attendu['part_plai']))}." in dit(
        pieces, "levier"
    )
    assert sum(int(r[10]) for r in lignes(pieces, "Programmation par opération")) == attendu["n_plai"]


def test_the_operation_of_the_deck_is_drawn_to_the_unit(dossier: Path) -> None:
    (exemple,) = [
        str(p.contenu)
        for p in see("simuler", simulation="programmation", part_plai="25 %")
        if 'class="exemple"' in str(p.contenu)
    ]
    assert "C’est un PLAI à la place d’un PLUS" in lisse(texte(exemple))
    assert [lisse(texte(b)) for b in re.findall(r"<b>.*?</b>", exemple)] == ["7 PLUS + 2 PLAI", "6 PLUS + 3 PLAI"]
    assert [p.count('class="plai"') for p in re.findall(r"<p.*?</p>", exemple, re.S)[:2]] == [2, 3]


def test_the_referential_is_told_commune_by_commune(dossier: Path) -> None:
    pieces = see("fragilite", carte="commune")
    assert "fragile" in {r[2] for r in lignes(pieces, "Référentiel par commune")}
    (indices,) = [str(p.contenu) for p in pieces if 'class="indices"' in str(p.contenu)]
    (table,) = tableaux(indices)
    dites = [[lisse(case) for case, _ in rangee] for rangee in table.rangees]
    reponse = ici("suivre", "indice", "--seance", "2017S2", "--ici", "ICI 2", donnees=dossier)
    attendues = [ligne for ligne in json.loads(reponse.stdout) if not ligne["est_perdue"]]
    assert [r for r in dites[2:] if len(r) == 6] == [
        [
            ligne["lieu"] or lisse(langue.nombre(ligne["ips"])),
            lisse(langue.nombre(ligne["n"])),
            "—" if ligne["revenu_median_uc"] is None else lisse(langue.nombre(ligne["revenu_median_uc"]) + " €"),
            *(lisse(part(ligne[c])) for c in fragilites.INDICATEURS[1:]),
        ]
        for ligne in attendues
    ]


@pytest.mark.parametrize("en_salle", [False, True])
def test_communes_are_counted_by_typology_as_the_command_does_beside_what_the_deck_says(
    dossier: Path, en_salle: bool
) -> None:
    reponse = ici("suivre", "fragilite", "--seance", "2017S2", "--ici", "ICI 2", donnees=dossier)
    comptes = Counter(str(x["typologie"]) for x in json.loads(reponse.stdout) if x["typologie"])
    pieces = see("fragilite", {"salle_repetee": en_salle}, carte="commune")
    phrase = dit(pieces, "message")
    assert f"sur {comptes.total()} communes" in phrase
    assert {t: int(n) for n, t in re.findall(r"(\d+) de typologie (\d)", phrase)} == comptes
    assert phrase.index("typologie 4, la plus fragile") < phrase.index("typologie 1")
    ecrits = lisse(" ".join(str(p.contenu) for p in pieces if p.genre == "html"))
    assert f"4, la plus fragile : {comptes['4']}" in ecrits
    assert "20 de typologie 3 ; la typologie 4 y manque" in ecrits
    assert ("Derrière l’indice" in ecrits) == (not en_salle)  # a room has the map alone


def test_the_volumes_of_the_network_add_up_by_actor(dossier: Path) -> None:
    pieces = see("accueil")
    total = re.search(r"ont enregistré ([\d ]+) demandes", dit(pieces, "message"))
    assert total is not None
    assert "en ligne" in dit(pieces, "message")
    assert sum(int(r[3].replace(" ", "")) for r in lignes(pieces, "Par acteur")) == int(total[1].replace(" ", ""))


@pytest.mark.parametrize("audience", ["preparation", "salle"])
def test_what_mutations_need_is_what_the_command_says(dossier: Path, audience: str) -> None:
    ailleurs = Profil(TypeProfil.RESERVATAIRE, "COLACT")  # at a desk, by the rule of the room
    etat = {"profil_repete": ailleurs} if audience == "salle" else None
    pieces = see("orientations", etat, vue="offre", offre_par="besoins")
    dites = ["suivre", "besoins_mutations", "--seance", "2017S2", "--ici", "ICI 2", "--audience", audience]
    attendues = [x for x in json.loads(ici(*dites, donnees=dossier).stdout) if x["typologie"] != "C"]

    def said(ligne: dict[str, Any], colonne: str) -> list[str]:
        n, dite = ligne[colonne], ligne[colonne.replace("n_", "part_", 1)]
        absent = "12 ou moins" if n is None and ligne.get("masque") and colonne in besoins_mutations.MENAGES else "—"
        return [absent if n is None else lisse(langue.nombre(n)), "—" if dite is None else lisse(part(dite))]

    assert [r[1:] for r in lignes(pieces, "Mutations et programme par typologie")] == [
        [c for nom in besoins_mutations.SERIES for c in said(x, nom)] for x in attendues
    ]
    ecarts = {x["typologie"]: x["part_souhaits"] - x["part_programmes"] for x in attendues if x["part_souhaits"]}
    assert f"c’est en {max(ecarts, key=lambda t: ecarts[t])} que le programme" in dit(pieces, "message")


def test_the_profile_of_the_two_stocks_is_that_of_the_command(dossier: Path) -> None:
    pieces = see("fragilite")
    reponse = ici("suivre", "parcs", "--seance", "2017S2", "--ici", "ICI 2", donnees=dossier)
    attendues = json.loads(reponse.stdout)
    comptes = [f"n_{s}" for s in fragilites.SITUATIONS]
    assert [r[1:] for r in lignes(pieces, "Parc social et parc privé, par fragilité")] == [
        [
            *(lisse(langue.nombre(x[c])) for c in ("n", "n_connus")),
            *(lisse(part(x[c])) for c in fragilites.PARCS),
            *(lisse(langue.nombre(x[c])) for c in comptes),
        ]
        for x in attendues
    ]
    detail = lignes(pieces, "Parc social et parc privé, par quartier")
    assert len(detail) == sum(x["n"] for x in attendues)
    fragiles = [r[5] for r in detail if r[2] == "fragile"]
    assert [
        fragiles.count(dit) for dit in ("les deux parcs", "parc social seul", "parc privé seul", "aucun des deux")
    ] == [attendues[0][c] for c in comptes]


@pytest.mark.parametrize("mesure", ["n_enregistrements", "n_entretiens"])
def test_the_shares_of_the_network_are_those_of_the_command(dossier: Path, mesure: str) -> None:
    pieces = see("accueil", accueil=mesure)
    reponse = ici("suivre", "prise_en_charge", "--seance", "2017S2", "--ici", "ICI 2", donnees=dossier)
    siennes = [x for x in json.loads(reponse.stdout) if x["mesure"] == mesure]
    for maille, legende, rangs in (("commune", "Par commune", (1, 2, 3)), ("porteur", "Par acteur", (3, 4, 5))):
        attendues = [x for x in siennes if x["maille"] == maille]
        assert [[r[i] for i in rangs] for r in lignes(pieces, legende)] == [
            [lisse(langue.nombre(x["effectif"])), *(lisse(part(x[c])) for c in ("part", "poids"))] for x in attendues
        ]
        assert attendues


def test_the_referential_and_the_places_of_the_network_are_those_of_the_command(dossier: Path) -> None:
    reponse = ici("suivre", "fragilite", "--seance", "2017S2", "--ici", "ICI 2", donnees=dossier)
    attendues = {x["nom"]: x for x in json.loads(reponse.stdout)}
    rangees = lignes(see("fragilite"), "Référentiel par commune")
    assert len(rangees) == len(attendues)
    for nom, _, _, typologie, *comptes, dite in rangees:
        x = attendues[nom]
        assert typologie == lisse(langue.nombre(x["typologie"]))
        assert comptes == [lisse(langue.nombre(x[c])) for c in ("n_quartiers", "n_fragiles", "population")]
        assert dite == ("—" if x["part_fragile"] is None else lisse(part(x["part_fragile"])))
    volumes = json.loads(ici("suivre", "accueil", "--seance", "2017S2", "--ici", "ICI 2", donnees=dossier).stdout)
    annee = [x for x in volumes if x["mois"] >= "2017-01"]
    dits = {r[0]: r for r in lignes(see("accueil"), "Par lieu, 12 derniers mois")}
    assert len(dits) == len({x["lieu"] for x in annee})
    for nom in dits:
        connus = [x["n_entretiens"] for x in annee if x["nom"] == nom and x["n_entretiens"] is not None]
        assert dits[nom][5] == (lisse(langue.nombre(sum(connus))) if connus else "—")


def test_the_hlm_of_the_quartiers_are_those_of_the_command_and_add_up_to_those_of_their_commune(dossier: Path) -> None:
    reponse = ici("suivre", "quartiers", "--seance", "2017S2", "--ici", "ICI 2", donnees=dossier)
    attendues = json.loads(reponse.stdout)
    assert [r[6] for r in lignes(see("fragilite"), "Indicateurs par quartier")] == [
        lisse(langue.nombre(x["n_hlm"])) for x in attendues
    ]
    bassins = json.loads(ici("bassins", "--par", "commune", "--seance", "2017S2", donnees=dossier).stdout)
    sommes: dict[str, int] = {}
    for x in attendues:
        if x["n_hlm"] is not None:
            sommes[x["commune"]] = sommes.get(x["commune"], 0) + x["n_hlm"]
    assert sommes
    assert sommes == {x["lieu"]: x["n_hlm"] for x in bassins if x["lieu"] in sommes}

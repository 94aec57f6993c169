"""Every measure of the bilan in a real browser: its figures are those of `indicateur`, its absences are explained."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mel_core.cli.commandes import principal
from mel_core.entrepot import Chargement, Entrepot, Portee, perimetre
from mel_core.socle.appellations import FRAGILITES_DES_COMMUNES, RESERVATAIRES
from pages.commun.mesures.catalogue import COUPES_DITES, MATRICE, MESURES, Image
from pages.commun.phrases import LIBELLES
from tests.ecrans import reponses
from tests.jeux import attribution, bailleurs, table
from tests.navigateur.conftest import application
from tests.navigateur.test_parcours import simple, table_lue

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
Indicateur = Callable[..., list[dict]]
PERIMETRE = ("--seance", "2017S2", "--periode", "annee", "--ici", "ICI 2")
# Every measure in its first cut, then the cuts down to the résidence and across.
VUES = [(code, mesure.coupes[0]) for code, mesure in MESURES.items() if "qpv" not in code] + [
    ("npru", "residence"),
    ("entrants_occupants", "quartier"),
    ("droit_commun", "bailleur"),
]
MINIMALES = ("id_attribution", "pseudonyme", "date_bail", "code_insee", "code_bailleur", "mutation")


@pytest.fixture(scope="module")
def demonstration(demonstration_copiee: Path) -> Iterator[tuple[Path, str]]:
    """The demonstration data, served: its folder and its address."""
    with application(demonstration_copiee) as url:
        yield demonstration_copiee, url


@pytest.fixture
def indicateur(demonstration: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> Indicateur:
    """What the command line answers over the same scope."""

    def ask(nom: str, *par: str) -> list[dict]:
        capsys.readouterr()
        options = ["--dossier-donnees", str(demonstration[0]), "indicateur", nom, *PERIMETRE]
        assert principal([*options, *(["--par", ",".join(par)] if par else [])]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.fixture
def noms(demonstration: tuple[Path, str]) -> dict[str, dict[str, str]]:
    """What each code is called, cut by cut. Names of the demonstration's quartiers hold that of their commune."""
    with Entrepot(demonstration[0]).open(Portee.mel()) as lecteur:
        communes = perimetre.communes(lecteur).set_index("commune")["nom"].to_dict()
        residences = perimetre.residences(lecteur)
        return {
            "commune": communes,
            "bailleur": perimetre.bailleurs(lecteur).set_index("bailleur")["nom"].to_dict(),
            "quartier": perimetre.quartiers(lecteur).set_index("code")["nom"].to_dict()
            | {"inconnu": "Quartier inconnu"},
            "residence": {x.code: f"{x.nom} ({communes[x.commune]})" for x in residences.itertuples()}
            | {"inconnu": "Résidence inconnue"},
            "fragilite": LIBELLES,
            "fragilite_commune": FRAGILITES_DES_COMMUNES,
            "reservataire": RESERVATAIRES,
        }


def entier(n: int | None) -> str:
    return "—" if n is None else f"{n:,}".replace(",", " ")


def decimal(valeur: float | None) -> str:
    """One decimal, half away from zero like the screens."""
    return reponses.decimal(valeur)


def pour_cent(part: float | None) -> str:
    return simple(reponses.pour_cent(part))


def chiffres(image: Image, cellules: list[dict], total: int) -> list[str]:
    """The figures of a line of the table, in their order, from the cell (or its five classes) that it shows."""
    c = cellules[0]
    comptes = [entier(c["n"]), entier(c["n_connus"]), entier(c["numerateur"])]
    return {
        Image.PARTS: lambda: [*comptes, pour_cent(c["part"])],
        Image.CLASSES: lambda: [comptes[0], *(pour_cent(x["part"]) for x in cellules)],
        Image.EFFECTIFS: lambda: [comptes[0], comptes[2]],
        Image.PAIRES: lambda: [
            *comptes,
            *(pour_cent(c[x]) for x in ("part", "part_occupants")),
            reponses.ecart_dit(c["ecart_points"]),
        ],
        Image.VOLUMES: lambda: [entier(total), *comptes[1:], pour_cent(c["part"])],
        Image.DELAIS: lambda: [*comptes[:2], *(decimal(c[f"{x}_mois"]) for x in ("mediane", "moyenne", "p90"))],
    }[image]()


def name(noms: dict[str, dict[str, str]], coupe: str, cellule: dict) -> str:
    if coupe == "mutation_fragilite":
        acces = {"mutation": "mutations", "premier_acces": "premier accès"}[cellule["mutation"]]
        return f"{LIBELLES[cellule['fragilite']]} · {acces}"
    return noms[coupe].get(cellule[coupe], cellule[coupe])


@pytest.mark.parametrize(("code", "coupe"), VUES)
def test_every_figure_of_the_table_is_that_of_the_command_line(
    demonstration: tuple[Path, str],
    open: Ouvrir,
    indicateur: Indicateur,
    noms: dict[str, dict[str, str]],
    code: str,
    coupe: str,
) -> None:
    mesure = MESURES[code]
    par = ("mutation", "fragilite") if coupe == "mutation_fragilite" else (coupe,)
    cellules: dict[str, list[dict]] = {}
    for cellule in indicateur(mesure.indicateur, *par):
        cellules.setdefault(simple(name(noms, coupe, cellule)), []).append(cellule)
    page = open(f"{demonstration[1]}/?seance=2017S2&ici=ICI%202&objectif={code}&coupe={coupe}")
    legende = f"{mesure.titre}, par {COUPES_DITES[coupe][0].lower()}"
    expect(page.locator(f'table.lu:has(caption:text-is("{legende}"))')).to_be_attached()
    lignes = table_lue(page, legende)
    volumes = {c[coupe]: c["n"] for c in indicateur("npru", coupe)} if mesure.image is Image.VOLUMES else {}
    assert {ligne[0] for ligne in lignes} == set(cellules)  # every place has its line
    for nom, *dits in lignes:
        attendus = chiffres(mesure.image, cellules[nom], volumes.get(cellules[nom][0].get(coupe), 0))
        assert dits[: len(attendus)] == attendus, nom


def test_an_axis_of_households_is_marked_at_whole_ones(demonstration: tuple[Path, str], open: Ouvrir) -> None:
    page = open(f"{demonstration[1]}/?seance=2017S2&ici=ICI%202&objectif=npru&coupe=quartier")  # three at most
    expect(page.locator("svg.dessin text", has_text=re.compile("^1$")).first).to_be_attached()
    marques = page.locator("svg.dessin text").all_text_contents()
    assert [m for m in marques if re.fullmatch(r"\d+,\d+", m)] == []


@pytest.mark.parametrize("code", ["droit_commun", "npru"])
def test_bailleur_by_commune_shows_the_command_line_s_cells(
    demonstration: tuple[Path, str], open: Ouvrir, indicateur: Indicateur, noms: dict[str, dict[str, str]], code: str
) -> None:
    cellules = {
        (noms["commune"][c["commune"]], noms["bailleur"][c["bailleur"]]): c
        for c in indicateur(code, "commune", "bailleur")
    }
    page = open(f"{demonstration[1]}/?seance=2017S2&ici=ICI%202&objectif={code}&coupe={MATRICE}")
    matrice = page.locator(".matrice table")
    expect(matrice).to_be_visible()
    tetes = matrice.locator("thead th").all_text_contents()
    n_montrees = 0
    for ligne in matrice.locator("tbody tr").all():
        commune = ligne.locator("th").inner_text()
        for bailleur, dit in zip(tetes, ligne.locator("td").all_text_contents(), strict=True):
            cellule = cellules.get((commune, bailleur))
            if cellule is None:
                assert dit == ""
                continue
            n_montrees += 1
            attendu = "•" if cellule["part"] is None else f"{reponses.decimal(100 * cellule['part'], 0)} %"
            assert simple(dit) == (entier(cellule["numerateur"]) if code == "npru" else attendu), (commune, bailleur)
    assert n_montrees == len(cellules)


@pytest.mark.parametrize("code", ["q1_hors_qpv", "autres_en_qpv"])
def test_a_threshold_that_nobody_found_is_said_with_its_remedy_and_the_rule_beside_the_local_one(
    demonstration: tuple[Path, str], open: Ouvrir, indicateur: Indicateur, code: str
) -> None:
    page = open(f"{demonstration[1]}/?seance=2017S2&ici=ICI%202&objectif={code}")
    (cellule,) = indicateur(code)
    assert cellule["motif"] == "seuil_absent"
    message = page.locator(".st-key-message")
    expect(message).to_contain_text("2017 n’a pas été retrouvé")
    assert f"{entier(cellule['n'])} attributions concernées" in simple(message.inner_text())
    expect(page.locator(".st-key-remede")).to_contain_text("seuil_eur_uc")
    regles = simple(page.locator(".regles").inner_text())
    assert f"Règle nationale : {100 * cellule['cible']:.0f} %" in regles
    classe = {"q1_hors_qpv": "sans", "autres_en_qpv": "fragile"}[code]
    local = next(c for c in indicateur("equilibre", "fragilite") if c["fragilite"] == classe)
    assert pour_cent(local["part"]) in regles
    assert "L. 441-1" in regles
    assert "CIET, article 5" in regles


def test_the_séances_and_the_other_ici_are_the_command_line_s(
    demonstration: tuple[Path, str], open: Ouvrir, indicateur: Indicateur, capsys: pytest.CaptureFixture[str]
) -> None:
    page = open(f"{demonstration[1]}/?seance=2017S2&ici=ICI%202&objectif=bas_revenus")
    comparaison = page.locator(".comparaison tr")
    expect(comparaison.first).to_be_visible()
    lues = {simple(r.locator("th").inner_text()): simple(r.locator("td").last.inner_text()) for r in comparaison.all()}
    assert lues["S2 2017"] == lues["ICI 2"] == pour_cent(indicateur("bas_revenus")[0]["part"])
    dossier = ["--dossier-donnees", str(demonstration[0]), "indicateur", "bas_revenus"]
    for nom, options in {
        "S2 2016": ("--seance", "2016S2", "--periode", "annee", "--ici", "ICI 2"),
        "ce semestre": ("--seance", "2017S2", "--ici", "ICI 2"),
        "ICI 3": ("--seance", "2017S2", "--periode", "annee", "--ici", "ICI 3"),
        "Métropole": ("--seance", "2017S2", "--periode", "annee"),
    }.items():
        capsys.readouterr()
        assert principal([*dossier, *options]) == 0
        assert lues[nom] == pour_cent(json.loads(capsys.readouterr().out)[0]["part"]), nom


def test_a_measure_is_chosen_from_the_list_kept_in_the_address_and_left_by_an_objective(
    demonstration: tuple[Path, str], open: Ouvrir
) -> None:
    page = open(f"{demonstration[1]}/?seance=2017S2&ici=ICI%202")
    expect(page.locator(".st-key-levier")).to_be_visible()
    page.get_by_label("Autres mesures du bilan").click()
    page.get_by_role("option", name="Relogements NPRU").click()
    expect(page.locator(".st-key-message")).to_contain_text("NPRU")
    page.get_by_role("radio", name="Résidence").click()
    expect(page.locator('table.lu:has(caption:text-is("Relogements NPRU, par résidence"))')).to_be_attached()
    assert "objectif=npru" in page.url
    assert "coupe=residence" in page.url
    autre = open(page.url)
    expect(autre.locator('table.lu:has(caption:text-is("Relogements NPRU, par résidence"))')).to_be_attached()
    page.get_by_role("radio", name="ACI en premier accès").click()
    expect(page.locator(".st-key-levier")).to_be_visible()
    assert "objectif=aci" in page.url


def test_the_sentence_and_the_picture_hold_on_the_screen_without_scrolling(
    demonstration: tuple[Path, str], open: Ouvrir
) -> None:
    page = open(f"{demonstration[1]}/?seance=2017S2&ici=ICI%202&objectif=aci_lieux&coupe=quartier")
    dessin = page.locator(".st-key-mesure_vue svg.dessin")
    for largeur, hauteur in ((1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": largeur, "height": hauteur})
        expect(dessin).to_be_visible()
        boite = dessin.bounding_box()
        assert boite is not None
        assert boite["y"] + boite["height"] <= hauteur
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur


def test_on_an_empty_store_every_measure_says_what_to_import(tmp_path: Path, open: Ouvrir) -> None:
    with application(tmp_path) as url:
        page = open(url)
        for code in MESURES:
            page.goto(f"{url}/?objectif={code}")
            expect(page.get_by_text("Aucun jeu de données n’est publié : en importer un")).to_be_visible()


def test_without_the_optional_columns_every_measure_says_which_one_is_missing(tmp_path: Path, open: Ouvrir) -> None:
    attributions = table("attributions", *(attribution(i) for i in range(40)))
    tables = {"attributions": attributions, "bailleurs": bailleurs("B1")}
    colonnes = {"attributions": frozenset(MINIMALES), "bailleurs": frozenset(("code_bailleur", "nom"))}
    entrepot = Entrepot(tmp_path)
    with entrepot.reserve():
        entrepot.publish(Chargement(tables, colonnes, "fictive"))
    attendues = {
        "ressources": "revenu_fiscal",
        "bas_revenus": "revenu_fiscal",
        "actifs": "actif",
        "aci_lieux": "pdalhpd",
        "mutations_bloquees": "mutation_bloquee",
        "mutations": "revenu_fiscal",
        "npru": "npru",
        "droit_commun": "mutation_bloquee",
        "entrants_occupants": "n_occupants_modestes",
        "reservataires": "pdalhpd",
        "delais": "date_creation_demande",
        "q1_hors_qpv": "ressources_mensuelles",
        "autres_en_qpv": "n_uc",
    }
    assert set(attendues) == set(MESURES)
    with application(tmp_path) as url:
        page = open(url)
        for code, colonne in attendues.items():
            page.goto(f"{url}/?seance=2017S2&objectif={code}")
            message = page.locator(".st-key-message")
            expect(message).to_contain_text(f"«\u00a0{colonne}\u00a0»")
            expect(message).to_contain_text("importer depuis Préparer › Imports")
            expect(page.locator(".st-key-mesure_vue")).to_have_count(0)

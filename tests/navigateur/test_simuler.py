"""Every lever of every simulation, moved by keyboard in a real browser: what is shown is what `simuler` answers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from mel_core.contrat.reference import DOSSIER
from mel_core.simulation.scenarios import MOTEURS, Scenario
from mel_core.socle.langue import nombre, part, points
from pages.simuler import reglages
from tests.navigateur.conftest import ATTENTE_S, RACINE, application, au_repos

Ouvrir = Callable[[str], Page]
PHRASE, CHIFFRES = ".st-key-message_scenario", ".chiffres tbody tr"
ESPACES, SIGNES = re.compile(r"\s+"), re.compile(r"[−+]\d[\d\u202f\u00a0]*")
NOMS = {
    e["properties"]["code_insee"]: e["properties"]["nom"]
    for e in json.loads((DOSSIER / "communes.geojson").read_text(encoding="utf-8"))["features"]
}


@pytest.fixture(scope="module")
def donnees(demonstration_copiee: Path) -> Path:
    return demonstration_copiee


@pytest.fixture(scope="module")
def adresse(donnees: Path) -> Iterator[str]:
    with application(donnees) as url:
        yield url


def simuler(donnees: Path, dossier: Path, url: str) -> dict[str, Any]:
    """What the command answers to the scenario that the address holds."""
    parametres = dict(parse_qsl(urlsplit(url).query))
    if parametres.get("ici") == "MEL":
        del parametres["ici"]
    fichier = dossier / "scenario.toml"
    fichier.write_text(Scenario.du_lien(parametres).toml(), encoding="utf-8")
    commande = [sys.executable, "-m", "mel_core", "simuler", str(fichier), "--format", "json"]
    fini = subprocess.run(
        [*commande, "--dossier-donnees", str(donnees)], cwd=RACINE, check=True, capture_output=True, text=True
    )
    return json.loads(fini.stdout)


def dit(cle: str, valeur: float | None) -> str:
    """A figure as the screen must say it, written here a second time."""
    if valeur is None:
        return "—"
    if cle.startswith("ecart"):
        return points(100 * valeur)
    return part(valeur) if cle.startswith("part") else nombre(valeur, 0 if float(valeur).is_integer() else 1)


def lisse(texte: str) -> str:
    return ESPACES.sub(" ", texte).strip()


def chiffres(page: Page) -> list[list[str]]:
    """The two columns of figures, line by line."""
    return [[lisse(t) for t in ligne.locator("td").all_inner_texts()] for ligne in page.locator(CHIFFRES).all()]


def etat(reponse: dict[str, Any]) -> str:
    """Of the three states, the one that stands beside the finding; the finding alone without lever nor objective."""
    bouges = set(reponse["scenario"]["leviers"]) - MOTEURS[reponse["simulation"]].lus
    au_repos = "Objectif voté" if reponse["simulation"] in ("equilibre", "aci", "plan") else "Constat"
    return "Hypothèse" if bouges else au_repos


def attendus(reponse: dict[str, Any]) -> list[list[str]]:
    cles = [c for c in reponse["constat"] if c in reponse["synthese"]]
    colonnes = ["constat", "synthese"][: 1 if etat(reponse) == "Constat" else 2]
    return [[lisse(dit(c, reponse[k][c])) for k in colonnes] for c in cles]


def verify(page: Page, donnees: Path, dossier: Path) -> dict[str, Any]:
    """The sentence, the figures, the chart and the map say what the command answers."""
    reponse = simuler(donnees, dossier, page.url)
    expect(page.locator(PHRASE)).to_contain_text(reponse["phrase"])
    assert chiffres(page) == attendus(reponse)
    titres = [t.lstrip("■◎△ ") for t in page.locator(".chiffres").first.locator("thead th").all_inner_texts()]
    assert titres == list(dict.fromkeys(["Constat", etat(reponse)]))
    assert page.locator(".etat strong").first.inner_text().startswith(etat(reponse))
    if "commune" in reponse["details"] and reponse["simulation"] != "plan":
        attendues = {NOMS[x["commune"]]: (x["n_en_moins"], x["n_en_plus"]) for x in reponse["details"]["commune"]}
        barres = lus(page, "Attributions à réorienter par commune", " ; ")
        assert [sum(v) for v in zip(*barres.values(), strict=True)] in ([], list(sommes(reponse)))
        carte = lus(page, "Carte des communes selon ce qui y est à réorienter", ", ")
        assert len(carte) >= 3 or not any(sommes(reponse))
        for image in (barres, carte):
            # A place of the last bar is in the sum alone.
            assert {n: v for n, v in image.items() if n in attendues and v != attendues[n]} == {}
    if reponse["simulation"] == "plan":
        for indicateur, image in (
            ("equilibre", "Équilibre : ménages modestes"),
            ("aci", "Ménages ACI en premier accès"),
        ):
            lignes = [x for x in reponse["resultat"] if x["indicateur"] == indicateur]
            lu = page.locator("p.lu", has_text=f"{image} : ").inner_text().removeprefix(f"{image} : ")
            bouge = [x["a_reorienter"] * x["sens"] for x in lignes]
            assert somme_lue(lu) == (-sum(v for v in bouge if v < 0), sum(v for v in bouge if v > 0))
    return reponse


def lus(page: Page, image: str, separateur: str) -> dict[str, tuple[int, int]]:
    """(fewer, more) of each place that a picture names."""
    texte = page.locator("p.lu", has_text=f"{image} : ").inner_text().removeprefix(f"{image} : ")
    morceaux = texte.removeprefix("À réorienter : ").split(separateur)
    places = {m.rsplit(" : ", 1)[0] if " : " in m else SIGNES.sub("", m).strip(): somme_lue(m) for m in morceaux}
    return {nom: v for nom, v in places.items() if any(v)}


def somme_lue(texte: str) -> tuple[int, int]:
    """(fewer, more) of everything that a picture says."""
    signes = [int(re.sub(r"\s", "", v).replace("−", "-")) for v in SIGNES.findall(texte)]
    return -sum(v for v in signes if v < 0), sum(v for v in signes if v > 0)


def sommes(reponse: dict[str, Any]) -> tuple[int, int]:
    lignes = reponse["details"]["commune"]
    return sum(x["n_en_moins"] for x in lignes), sum(x["n_en_plus"] for x in lignes)


def calme(page: Page) -> None:
    """Until nothing runs and nothing has moved for a second: neither the address, nor a figure, nor a picture."""
    vu, depuis = "", time.monotonic()
    fin = depuis + ATTENTE_S
    while time.monotonic() - depuis < 1:
        assert time.monotonic() < fin, "the page does not come to rest"
        page.wait_for_timeout(100)
        court = page.locator('[data-testid="stApp"][data-test-script-state="running"]').count()
        lu = f"{page.url} {page.locator('[data-testid=stMain]').inner_text()}"
        if court or lu != vu:
            vu, depuis = lu, time.monotonic()


def curseur(page: Page, rang: int) -> Locator:
    return page.locator(".st-key-leviers").get_by_role("slider").nth(rang)


@pytest.mark.parametrize("simulation", [s for s in reglages.REGLAGES if s in MOTEURS])
def test_each_slider_moved_by_keyboard_answers_as_the_command_does(
    simulation: str, adresse: str, donnees: Path, open: Ouvrir, tmp_path: Path
) -> None:
    page = open(f"{adresse}/simuler?simulation={simulation}&ici=ICI 2&seance=2017S2")
    expect(page.locator(CHIFFRES).first).to_be_visible()
    calme(page)
    verify(page, donnees, tmp_path)
    for rang in range(page.locator(".st-key-leviers").get_by_role("slider").count()):
        avant = page.url
        for touche in ("ArrowRight", "ArrowRight", "ArrowRight"):
            curseur(page, rang).press(touche)
        page.wait_for_function("avant => window.location.href !== avant", arg=avant)
        calme(page)
        verify(page, donnees, tmp_path)
    for saisie in page.locator(".st-key-leviers").get_by_role("spinbutton").all():
        avant = page.url
        saisie.fill("6000")
        saisie.press("Enter")
        page.wait_for_function("avant => window.location.href !== avant", arg=avant)
        calme(page)
        assert verify(page, donnees, tmp_path)["scenario"]["leviers"]["attributions_attendues"] == "6000"
    expect(page.locator(".etat.hypothese")).to_be_visible()
    if simulation == "convergence":
        expect(page.locator("p.lu", has_text="Part de ménages modestes parmi les occupants")).to_have_count(1)


def test_why_this_figure_gives_the_file_that_the_command_replays(
    adresse: str, donnees: Path, open: Ouvrir, tmp_path: Path
) -> None:
    page = open(f"{adresse}/simuler?simulation=aci&ici=ICI 2&seance=2017S2&cible=3/5")
    expect(page.locator(CHIFFRES).first).to_be_visible()
    page.get_by_role("button", name="Pourquoi ce chiffre ?").click()
    expect(page.get_by_text("Laissé de côté")).to_be_visible()
    fichier = page.locator(".stCode code").first.inner_text()
    (tmp_path / "copie.toml").write_text(fichier, encoding="utf-8")
    relu = Scenario.read(tmp_path / "copie.toml")
    assert (relu.simulation, relu.ici, relu.leviers) == ("aci", "ICI 2", {"cible": Fraction(3, 5)})
    expect(page.get_by_text("python -m mel_core simuler scenario.toml")).to_be_visible()


def test_a_link_opens_the_same_scenario_in_another_session_and_one_key_comes_back(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse}/simuler?simulation=equilibre&ici=ICI 2&seance=2017S2")
    expect(page.locator(CHIFFRES).first).to_be_visible()
    depart = page.locator(PHRASE).inner_text()
    # By its name: sliders come one by one, and the first of the list may be another's for a while.
    fragile = page.locator(f".st-key-{reglages.cle('equilibre', 'cible_fragile')}").get_by_role("slider")
    for _ in range(5):
        fragile.press("ArrowLeft")
    page.wait_for_function("() => decodeURIComponent(window.location.href).includes('cible_fragile=9/20')")  # 45 %
    expect(page.locator(PHRASE)).to_contain_text("45")
    autre = open(page.url)
    expect(autre.locator(PHRASE)).to_have_text(page.locator(PHRASE).inner_text())
    expect(autre.locator(CHIFFRES).first).to_be_visible()
    assert chiffres(autre) == chiffres(page)
    autre.locator(PHRASE).click()
    autre.keyboard.press("0")
    expect(autre.locator(PHRASE)).to_have_text(depart)
    expect(autre.locator(".etat.hypothese")).to_have_count(0)


def test_a_link_with_what_no_slider_holds_is_played_as_it_says_and_an_unreadable_one_is_refused(
    adresse: str, donnees: Path, open: Ouvrir, tmp_path: Path
) -> None:
    page = open(f"{adresse}/simuler?simulation=equilibre&ici=ICI 2&seance=2017S2&horizon=10&cible_fragile=1/3")
    expect(page.get_by_text("Horizon (semestres) : 10 (donné par le lien)")).to_be_visible()
    expect(page.locator(CHIFFRES).first).to_be_visible()
    expect(page.locator(".etat.hypothese")).to_be_visible()
    calme(page)
    assert verify(page, donnees, tmp_path)["scenario"]["leviers"] == {"cible_fragile": "1/3", "horizon": "10"}
    faux = open(f"{adresse}/simuler?simulation=equilibre&ici=ICI 2&seance=2017S2&cible_fragile=beaucoup")
    expect(faux.locator(".refus")).to_contain_text("Le levier « cible_fragile » vaut « beaucoup »")


def test_levers_do_not_leak_from_a_simulation_to_the_next(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse}/simuler?simulation=equilibre&ici=ICI 2&seance=2017S2&horizon=4&cible_fragile=2/5")
    expect(page.locator(".etat.hypothese")).to_be_visible()
    au_repos(page)
    page.locator(".st-key-simulation input").click()
    page.get_by_role("option", name="Convergence").click()
    expect(page.locator(PHRASE)).to_contain_text("12 semestres")
    expect(page.locator(".etat.hypothese")).to_have_count(0)
    assert "cible_fragile" not in page.url


def test_a_scenario_is_kept_once_found_again_after_a_reload_and_compared(adresse: str, open: Ouvrir) -> None:
    page = open(f"{adresse}/simuler?simulation=aci&ici=ICI 2&seance=2017S2&cible=1/2")
    expect(page.locator(CHIFFRES).first).to_be_visible()
    page.get_by_role("button", name="Garder ce scénario").click()
    au_repos(page)
    page.get_by_label("Votre nom").fill("Camille Exemple")
    page.get_by_label("Votre nom").press("Enter")
    au_repos(page)
    page.get_by_label("Nom du scénario").fill("Un sur deux")
    page.get_by_label("Nom du scénario").press("Enter")
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.get_by_text("Scénario « Un sur deux » gardé au journal.")).to_be_visible()
    relue = open(f"{adresse}/simuler?simulation=aci&ici=ICI 2&seance=2017S2")
    relue.get_by_text("Comparer avec un scénario gardé").click()
    expect(relue.locator("table.lu", has_text="Deux scénarios côte à côte")).to_contain_text("Un sur deux")
    relue.get_by_role("button", name="Reprendre ce scénario").click()
    expect(relue.locator(PHRASE)).to_contain_text("Viser 50")


RECOUVREMENTS = """() => [...document.querySelectorAll('svg')].flatMap((svg) => {
  const [couches, legende] = svg.querySelectorAll(':scope > g');
  const boites = (groupe, choix) => [...(groupe?.querySelectorAll(choix) ?? [])].map((n) => n.getBoundingClientRect());
  const touche = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const prises = boites(legende, '*');
  return [...(couches?.querySelectorAll('text') ?? [])]
    .filter((nom) => prises.some((place) => touche(nom.getBoundingClientRect(), place))).map((nom) => nom.textContent);
})"""


@pytest.mark.parametrize("ici", ["ICI%201", "ICI%202", "ICI%203", "MEL"])
def test_no_name_of_a_map_is_written_over_its_legend(adresse: str, open: Ouvrir, ici: str) -> None:
    page = open(f"{adresse}/simuler?seance=2017S2&ici={ici}")
    expect(page.locator("svg text.legende").filter(has_text="en plus").first).to_be_visible()
    expect(page.locator("svg text", has_text=re.compile("^(Lille|Roubaix|Armentières)$")).nth(1)).to_be_visible()
    au_repos(page)
    assert page.evaluate(RECOUVREMENTS) == []

"""The main job end to end: a co-pilot imports a jeu de données, a facilitator projects its bilan and moves a target."""

from __future__ import annotations

import csv
import json
import random
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cli.appel import ici
from tests.ecrans import reponses
from tests.mots import d_un_trait
from tests.navigateur.conftest import application, au_repos

pytestmark = pytest.mark.navigateur

COMMUNES = {"59512": "Roubaix", "59599": "Tourcoing", "59299": "Hem"}
PLAFOND_2017 = 20123  # PLUS, one person, 2017


def ecrire_jeu(dossier: Path) -> None:
    """Three communes of one ICI, each with a fragile quartier and one without fragilité, drawn by a seed of the run."""
    tirage = random.Random(7)
    dossier.mkdir()

    def write(nom: str, lignes: list[dict[str, object]]) -> None:
        with (dossier / f"{nom}.csv").open("w", encoding="cp1252", newline="") as fichier:
            plume = csv.DictWriter(fichier, lignes[0].keys(), delimiter=";")
            plume.writeheader()
            plume.writerows(lignes)

    write("bailleurs", [{"code_bailleur": f"B{i}", "nom": f"Bailleur d’essai {i}"} for i in (1, 2)])
    quartiers = [
        {"code_quartier": f"{c}{i:04d}", "nom": f"Quartier d’essai {i}", "code_insee": c, "ips": ips}
        for c in COMMUNES
        for i, ips in ((101, 4), (102, 1))
    ]
    write("quartiers", quartiers)
    attributions = []
    for i in range(900):
        quartier = tirage.choice(quartiers)
        est_modeste = tirage.random() < (0.7 if quartier["ips"] == 4 else 0.3)
        part = tirage.uniform(0.05, 0.39) if est_modeste else tirage.uniform(0.41, 0.9)
        attributions.append(
            {
                "id_attribution": f"A{i:04d}",
                "numero_unique": f"999{i:015d}",
                "date_bail": (date(2017, 1, 1) + timedelta(days=tirage.randrange(365))).strftime("%d/%m/%Y"),
                "code_insee": quartier["code_insee"],
                "code_bailleur": f"B{tirage.choice((1, 2))}",
                "code_quartier": quartier["code_quartier"],
                "mutation": tirage.choice(("O", "N", "N")),
                "n_personnes": 1,
                "revenu_fiscal": "" if tirage.random() < 0.1 else f"{part * PLAFOND_2017:.2f}".replace(".", ","),
                "aci": tirage.choice(("O", "N", "N", "")),
                "dalo": "N",
                "pdalhpd": "N",
            }
        )
    attributions.append({**attributions[0], "id_attribution": "A9999", "date_bail": "31/02/2017"})
    write("attributions", attributions)


def indicateur(donnees: Path, *options: str) -> list[dict]:
    reponse = ici("indicateur", *options, donnees=donnees)
    assert reponse.returncode == 0, reponse.stderr
    return json.loads(reponse.stdout)


def pour_cent(part: float) -> str:
    return f"{reponses.decimal(100 * part)} %"


def table_lue(page: Page, legende: str) -> list[list[str]]:
    """The rows of the table that screen readers hear."""
    lignes = page.locator(f'table.lu:has(caption:text-is("{legende}")) tbody tr')
    lignes.first.wait_for(state="attached")  # the message comes before its table
    return [[d_un_trait(c) for c in ligne.locator("td").all_text_contents()] for ligne in lignes.all()]


def gaps_by_commune(cellules: list[dict]) -> dict[str, tuple[int, int]]:
    """What each commune has too many, and what it lacks: its types of quartiers may pull both ways."""
    par_sens = {nom: {"trop": 0, "manque": 0} for nom in COMMUNES.values()}
    for c in cellules:
        if c["sens"]:
            par_sens[COMMUNES[c["commune"]]][c["sens"]] += c["ecart_attributions"]
    return {nom: (gaps["trop"], gaps["manque"]) for nom, gaps in par_sens.items()}


def signes(trop: int, manque: int) -> str:
    """As a table says it."""
    return " ".join([f"+{trop}"] * bool(trop) + [f"−{manque}"] * bool(manque)) or "0"


def en_mots(trop: int, manque: int) -> str:
    """As a mark says it."""
    if trop and manque:
        return f"{trop} de trop et {manque} en manque"
    return f"{trop} de trop" if trop else f"il en manque {manque}" if manque else "objectif tenu"


def importer_a_l_ecran(page: Page, jeu: Path) -> None:
    au_repos(page)
    page.locator(".st-key-depot input[type=file]").set_input_files(sorted(jeu.iterdir()))
    page.get_by_text("Ces données sont fictives").click()
    page.get_by_role("button", name="Contrôler").click()
    expect(page.get_by_text("Rapport de contrôle")).to_be_visible()
    # The 31st of February goes out: somebody says that it may.
    publish = page.get_by_role("button", name="Publier ce jeu de données")
    expect(publish).to_be_disabled()
    page.get_by_text(re.compile(r"1\s+ligne rejetée dans «\s*attributions\s*»")).click()
    au_repos(page)
    page.get_by_label("Votre nom, qui signe").fill("Camille Essai")
    page.keyboard.press("Enter")
    expect(publish).to_be_enabled()
    publish.click()
    expect(page.get_by_text("Jeu de données publié")).to_be_visible()


@pytest.mark.ci
def test_from_dropped_files_to_the_slider_every_figure_is_the_command_line_s(tmp_path, open):
    jeu, faux, donnees = tmp_path / "jeu", tmp_path / "faux", tmp_path / "donnees"
    ecrire_jeu(jeu)
    faux.mkdir()
    (faux / "bailleurs.csv").write_text("code_bailleur;appellation\nB1;Essai\n", encoding="utf-8")
    with application(donnees) as adresse:
        page = open(adresse)
        expect(page.get_by_text("Aucun jeu de données n’est publié")).to_be_visible()
        page.goto(f"{adresse}/imports")
        # A file that blocks is explained, and cannot be published.
        au_repos(page)
        page.locator(".st-key-depot input[type=file]").set_input_files([*sorted(jeu.glob("[!b]*")), *faux.iterdir()])
        page.get_by_role("button", name="Contrôler").click()
        expect(page.get_by_text("1 anomalie bloquante")).to_be_visible()
        assert "nom" in d_un_trait(page.locator("table.lu", has_text="Bloquante").inner_text())
        expect(page.get_by_role("button", name="Publier ce jeu de données")).to_have_count(0)
        page.reload()
        importer_a_l_ecran(page, jeu)
        # 901 rows read: the 31st of February goes out.
        rapport = d_un_trait(page.locator("table", has_text="attributions").first.inner_text())
        assert "attributions 901 900 1 0" in rapport
        # The same files again change nothing, and it is said.
        page.get_by_role("button", name="Publier ce jeu de données").click()
        expect(page.get_by_text("était déjà publié : rien n’a changé")).to_be_visible()

        page.goto(f"{adresse}/?seance=2017S2&ici=ICI%202")
        message = page.locator(".st-key-message")
        expect(message).to_contain_text("quartiers")
        commun = ("equilibre", "--seance", "2017S2", "--periode", "annee", "--ici", "ICI 2")
        par_classe = {c["fragilite"]: c for c in indicateur(donnees, *commun, "--par", "fragilite")}
        pire = max(par_classe.values(), key=lambda c: c["ecart_attributions"] or 0)
        dit = d_un_trait(message.inner_text())
        assert pour_cent(pire["part"]) in dit
        assert f"{pire['n_connus']} attributions" in dit
        assert f" {pire['ecart_attributions']} " in dit

        par_commune = {COMMUNES[c["commune"]]: c for c in indicateur(donnees, *commun, "--par", "commune")}
        cotes = gaps_by_commune(indicateur(donnees, *commun, "--par", "commune,fragilite"))
        for nom, c in par_commune.items():
            assert c["ecart_attributions"] == sum(cotes[nom])
        page.get_by_role("radio", name="Commune", exact=True).click()
        page.get_by_text("Le tableau", exact=True).click()
        lignes = table_lue(page, "Équilibre 50/50, par commune")
        assert {ligne[0] for ligne in lignes} == set(COMMUNES.values())
        for nom, n, connus, modestes, part, _, ecart, _ in lignes:
            c = par_commune[nom]
            assert [n, connus, modestes, part, ecart] == [
                *(str(c[x]) for x in ("n", "n_connus", "numerateur")),
                pour_cent(c["part"]),
                signes(*cotes[nom]),
            ]

        # A place has one number, at its mark: its own gap to the objective in force, that of the command line.
        marques = d_un_trait(" ".join(page.locator(".st-key-mesure_vue .figure text").all_text_contents()))
        # Of lines alike, the first says the words.
        for trop, manque in cotes.values():
            seuls = " et ".join(str(n) for n in (trop, manque) if n)
            assert en_mots(trop, manque) in marques or f" {seuls} " in marques

        # The lever, by keyboard: each step of the target asks for one more gap, as the contract counts it.
        page.get_by_role("radio", name="Viser une autre part").click()
        levier = page.locator(".st-key-levier")
        total = sum(c["ecart_attributions"] for c in par_classe.values())
        expect(levier).to_contain_text(f"{total} attributions")
        curseur = page.get_by_role("slider")
        au_repos(page)
        curseur.focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        expect(levier).to_contain_text("Hypothèse de séance")
        expect(levier).to_contain_text("Viser 55")
        # At 55 %: ceiling in fragile quartiers, floor in those without fragilité.
        attendu = {
            "fragile": lambda c: max(0, -(-(100 * c["numerateur"] - 55 * c["n_connus"]) // 100)),
            "sans": lambda c: max(0, -(-(55 * c["n_connus"] - 100 * c["numerateur"]) // 100)),
        }
        a_55 = {classe: calcul(par_classe[classe]) for classe, calcul in attendu.items()}
        expect(levier).to_contain_text(f"{sum(a_55.values())} attributions")
        texte = d_un_trait(levier.inner_text())
        for n in a_55.values():
            assert f" {n} de " in texte

        # The address alone reopens the same view.
        expect(page).to_have_url(re.compile("cible_equilibre=55"))
        autre = open(page.url)
        expect(autre.locator(".st-key-levier")).to_contain_text("Viser 55")

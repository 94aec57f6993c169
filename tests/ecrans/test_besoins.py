"""Préparer › Imports, « Données attendues »: each verdict is that of the command, and what to ask is said."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd

from mel_core.contrat.tables import TABLES
from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Chargement, Entrepot
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.qualite import besoins_couverts as phrases
from mel_core.indicateurs.qualite.besoins_couverts import EtatBesoin, GenreBesoin
from pages.preparer.imports import en_service as page
from tests.cli.appel import run
from tests.ecrans.vue import Piece, open, texte
from tests.jeux import attribution, bailleurs, table

LIGNE = re.compile(r'<li class="(\w+)">.*?</span>(.*?)</li>', re.DOTALL)


def listes(pieces: list[Piece]) -> dict[str, list[tuple[str, str]]]:
    """Under each heading, the verdict and the text of each line."""
    sections = [str(p.contenu) for p in pieces if p.genre == "html" and 'class="besoins' in str(p.contenu)]
    return {
        re.findall("<h2>(.*?)</h2>", s)[0]: [(verdict, clean(reste)) for verdict, reste in LIGNE.findall(s)]
        for s in sections
    }


def clean(html: str) -> str:
    return " ".join(texte(html).replace("\u00a0", " ").replace("\u202f", " ").split())


def publish(magasin: Path) -> None:
    """Forty attributions of a file without « actif », an income of four empty; no file of events."""
    lignes = [attribution(i, n_personnes=1, revenu_fiscal=None if i < 4 else 9_000.0) for i in range(40)]
    tables = {"attributions": table("attributions", *lignes), "bailleurs": bailleurs("B1")}
    colonnes = {nom: frozenset(TABLES[nom].noms) for nom in tables}
    entrepot = Entrepot(magasin)
    with entrepot.reserve():
        entrepot.publish(
            Chargement(tables, {**colonnes, "attributions": colonnes["attributions"] - {"actif"}}, "fictive")
        )


def test_each_line_has_the_verdict_of_the_command_and_says_what_it_lacks(magasin: Path) -> None:
    publish(magasin)
    vues = listes(open(page="imports", vue_imports="attendues"))
    lus = json.loads(run("--dossier-donnees", magasin, "besoins").stdout)
    for genre, titre in page.GENRES.items():
        attendus = list(dict.fromkeys((x["code"], x["verdict"]) for x in lus if x["genre"] == genre and x["verdict"]))
        assert [verdict for verdict, _ in vues[titre]] == [verdict for _, verdict in attendus]
        for (code, _), (_, dite) in zip(attendus, vues[titre], strict=True):
            assert page.titre(genre, code) in dite
    mesures = {dite.split(" : ")[1]: verdict for verdict, dite in vues[page.GENRES[GenreBesoin.INDICATEUR]]}
    assert mesures["Ménages actifs manque « actif »"] == "impossible"
    # Known of nine rows in ten: computable, and what is empty is said.
    assert mesures["Ménages à bas revenus 10 % de cellules vides dans « revenu_fiscal »"] == "calculable"
    equilibre = "Équilibre territorial 50/50 en partie : 0 %, 10 % de cellules vides dans « revenu_fiscal »"
    assert mesures[equilibre.split(" : ")[0]] == "en_partie"  # no quartier at all
    assert all("manque la table « demandes »" in dite for _, dite in vues[page.GENRES[GenreBesoin.SEGMENT]])


def test_the_share_of_empty_cells_is_not_said_to_be_that_of_what_a_measure_cannot_use() -> None:
    # 10 rows, 1 empty; an income of 0 or less, unknown too, is a filled cell.
    besoin = {"table": "attributions", "etat": EtatBesoin.PARTIEL, "n": 10, "n_vides": 1}
    for colonnes, dit in (
        ("revenu_fiscal", "10 % de cellules vides dans « revenu_fiscal »"),
        ("n_personnes|n_uc", "ni « n_personnes » ni « n_uc » dans 10 % des lignes"),
    ):
        (manque,) = phrases.say_manques(pd.DataFrame([besoin | {"colonnes": colonnes}]), frozenset())
        assert manque.replace("\u202f", " ") == dit


def test_what_is_to_be_asked_is_said_to_whom_table_by_table(magasin: Path) -> None:
    publish(magasin)
    (demandes,) = [
        clean(str(p.contenu))
        for p in open(page="imports", vue_imports="attendues")
        if "besoins demandes" in str(p.contenu)
    ]
    sne, bailleurs_ = demandes.split("SNE", 1)[1].split("Bailleurs")[:2]
    assert "« actif »" in sne
    assert "« n_uc » (vide partout)" in sne
    assert "« revenu_fiscal » (4 vides sur 40) de « attributions »" in sne
    assert "la table « evenements »" in bailleurs_
    assert "le seuil du premier quartile de 2017" in demandes.split("DDTM")[1]


def test_on_an_empty_store_everything_is_to_be_asked_and_the_models_are_offered(magasin: Path) -> None:
    vues = open(page="imports", vue_imports="attendues")
    dite = " ".join(str(p.contenu) for p in vues if p.genre == "markdown").replace("\u00a0", " ")
    assert f"**0 mesure du bilan sur {len(INDICATEURS)}**" in dite
    boutons = [p.contenu for p in vues if p.genre == "download_button"]
    assert [b for b in boutons if b in TABLES] == list(TABLES)


def test_only_a_copilot_reads_it(magasin: Path) -> None:
    publish(magasin)
    assert not listes(open({"profil_repete": Profil(TypeProfil.ANIMATEUR)}, page="imports", vue_imports="attendues"))

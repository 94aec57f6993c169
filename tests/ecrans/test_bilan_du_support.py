"""docs/bilan.md cannot lie: every command of its tables answers on the demonstration, every address opens there."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest

from mel_core.indicateurs.catalogue import MESURES
from pages.commun import donnees
from tests.cli.appel import ici
from tests.ecrans.vue import see

TEXTE = (donnees.RACINE / "docs" / "bilan.md").read_text(encoding="utf-8")
DEUX = re.compile(r"`(/[^`]*)`")
COMMANDES = ("indicateur", "segment", "simuler", "bassins", "suivre", "controler")


class Ligne(NamedTuple):
    demande: str
    ecran: str
    commande: str


def read_lignes() -> Iterator[Ligne]:
    """The rows of the tables of three columns that ask for a screen and a command."""
    for bloc in re.findall(r"\| Le support demande \| Écran \| Commande \|\n\|---\|---\|---\|\n((?:\|.*\n)+)", TEXTE):
        for rangee in bloc.splitlines():
            yield Ligne(*(c.strip() for c in rangee.strip("|").split(" | ")))


LIGNES = list(read_lignes())
ADRESSES = list(dict.fromkeys(a for ligne in LIGNES for a in DEUX.findall(ligne.ecran)))
ECRITES = [c for ligne in LIGNES for c in re.findall(r"`([^`]*)`", ligne.commande) if c.split(" ")[0] in COMMANDES]


def short(adresses: list[str]) -> list[str]:
    """One address of each page and measure: the others differ by a cut, which is read in the catalogue below."""
    vues: dict[tuple[str, str], str] = {}
    for adresse in adresses:
        lue = dict(parse_qsl(urlsplit(adresse).query))
        vues.setdefault((urlsplit(adresse).path, lue.get("objectif") or lue.get("vue") or ""), adresse)
    return list(vues.values())


def test_every_slide_has_its_table_and_every_row_says_a_screen_and_a_command_or_that_there_is_none() -> None:
    assert len(re.findall(r"^## ", TEXTE, re.MULTILINE)) >= 8
    assert len(LIGNES) > 50
    for ligne in LIGNES:
        assert DEUX.search(ligne.ecran) or ligne.ecran.startswith(("pas encore", "—")), ligne
        assert "`" in ligne.commande or ligne.commande.startswith(("pas encore", "—")), ligne
    assert {c.split(" ")[0] for ligne in LIGNES for c in re.findall(r"`([^`]*)`", ligne.commande)} <= {
        *COMMANDES,
        *(
            "n_trop",
            "n_hlm",
            "n_manque",
            "cible",
            "cible_de",
            "origine",
            "est_perdue",
            "type_lieu",
        ),  # columns of an answer, named beside it
    }


@pytest.mark.parametrize(
    "adresse", [pytest.param(a, marks=[pytest.mark.long] * (a not in short(ADRESSES))) for a in ADRESSES]
)
@pytest.mark.ci
def test_every_address_opens_the_screen_that_it_names(dossier: Path, adresse: str) -> None:
    page, demandee = urlsplit(adresse).path.strip("/"), dict(parse_qsl(urlsplit(adresse).query))
    essai = see(page, **{"seance": "2017S2", "ici": "ICI 2", **demandee})
    ecrits = " ".join([*(h.proto.body for h in essai.get("html")), *(m.value for m in essai.markdown)])
    assert "Le lien demande" not in ecrits
    assert "a interrompu l’affichage" not in ecrits
    assert "n’existe pas" not in ecrits
    # What is named is what is open: a screen that knows a key writes what it holds in the address.
    tenue = {cle: essai.query_params[cle] for cle in demandee if cle in essai.query_params}
    assert {cle: [dit] if isinstance(tenue[cle], list) else dit for cle, dit in demandee.items()} == tenue


def test_every_cut_that_an_address_names_is_one_of_its_measure() -> None:
    for adresse in ADRESSES:
        lue = dict(parse_qsl(urlsplit(adresse).query))
        if "coupe" in lue:
            assert lue["coupe"] in MESURES[lue["objectif"]].vues, adresse


COURTES = {tuple(shlex.split(ecrite)[:2]): ecrite for ecrite in ECRITES}  # one of each question: others differ by a cut


@pytest.mark.parametrize(
    "ecrites", [[*COURTES.values()], pytest.param([*dict.fromkeys(ECRITES)], marks=pytest.mark.long)], ids=["", "all"]
)
@pytest.mark.ci
def test_every_command_answers(
    dossier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ecrites: list[str]
) -> None:
    for nom, corps in re.findall(r"```toml\n# (\w+\.toml)\n(.*?)```", TEXTE, re.DOTALL):
        (tmp_path / nom).write_text(corps, encoding="utf-8")
    (tmp_path / "accueil.csv").write_text(
        "code_lieu;mois;type_lieu;porteur\nL1;2017-09;LABELLISE;COMMUNE\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    for ecrite in ecrites:
        mots = shlex.split(ecrite)
        if mots[0] == "indicateur":
            mots += [*([] if "--seance" in mots else ["--seance", "2017S2"]), "--periode", "annee"]
        if mots[0] in ("bassins", "suivre"):
            mots += ["--seance", "2017S2"]
        if mots[0] == "simuler":
            mots += ["--format", "json"]
        reponse = ici(*mots, donnees=dossier)
        assert reponse.returncode == 0, (ecrite, reponse.stderr)
        if mots[0] != "controler":
            assert json.loads(reponse.stdout), ecrite

"""The command line walked at random, options wrong, missing or repeated: it always answers in a sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cli.appel import run
from tests.marcheur.fautes import ANGLAIS
from tests.marcheur.magasins import complet

COMMANDES = (
    *("controler", "importer", "indicateur", "segment", "simuler", "dossier", "journal", "qualite", "geler"),
    *("contours", "revoquer", "effacer", "publications", "seance", "demo", "inconnue", ""),
)
OPTIONS = (
    *("--seance", "--periode", "--par", "--ici", "--commune", "--bailleur", "--format", "--json", "--date", "--mois"),
    *("--n-min", "--fenetre", "--mapping", "--nature", "--parametres", "--table", "--sortie", "--verifier"),
    *(
        "--conditions",
        "--accepter",
        "--ajouter",
        "--revenir",
        "--comparer",
        "--audience",
        "--creer",
        "--inconnue",
        "-x",
        "--",
    ),
)
VALEURS = (
    *("equilibre", "aci", "poulidor", "attente_24", "2017S2", "2017S1", "2031S1", "2017", "annee", "semestre"),
    *("ICI 2", "ICI 9", "fragilite", "commune,bailleur", "residence,,", "59512", "B1", "json", "csv", "xml"),
    *("2017-12-31", "demain", "-1", "0", "24", "1e9", "", " ", "rien.toml", "rien.csv", "[]", "é’😀", "a" * 500),
    *('[["age","au_moins",18]]', "{"),
)
# Command lines that are right, which a person then gets wrong by a word.
JUSTES = (
    "indicateur equilibre --seance 2017S2 --periode annee --par commune,bailleur --ici ICI\u00a02 --format csv",
    "indicateur aci --seance 2017S1 --commune 59512 --bailleur B1",
    "segment poulidor --date 2017-12-31 --n-min 2 --fenetre 24 --par commune_souhaitee",
    "segment attente_24 --date 2017-12-31 --mois 30 --format csv --ici ICI\u00a02",
    'segment libre --date 2017-12-31 --conditions [["age","au_moins",18]]',
    "qualite --seance 2017S2 --periode annee",
    "simuler rien.toml --format json",
    "controler rien.csv --json",
    "importer rien.csv --nature fictive --seance 2017S2",
    "journal --verifier",
    "seance --creer 2017S2 --ici ICI\u00a02 --date 2018-03-15",
)
mots = st.lists(st.one_of(st.sampled_from(OPTIONS), st.sampled_from(VALEURS)), max_size=8)


@pytest.fixture(scope="module")
def magasin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dossier = tmp_path_factory.mktemp("magasin")
    complet(dossier)
    return dossier


tirages = settings(
    max_examples=120, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


def check(magasin: Path, arguments: list[str]) -> None:
    code, sortie, erreur = run("--dossier-donnees", magasin, *arguments)
    assert code in (0, 1, 2)
    assert "Traceback" not in sortie + erreur
    assert "erreur inattendue" not in erreur, erreur
    if code:
        derniere = said = erreur.strip().splitlines()[-1]
        assert derniere.endswith((".", "?")), erreur
        for cite in arguments:
            said = said.replace(cite, "") if cite else said
        assert len({m.lower() for m in ANGLAIS.findall(said)}) < 2, erreur
    assert (magasin / "registre.json").exists()


@tirages
@given(commande=st.sampled_from(COMMANDES), suite=mots)
def test_whatever_is_typed_the_answer_is_a_sentence_and_never_a_traceback(
    magasin: Path, commande: str, suite: list[str]
) -> None:
    if commande == "demo":
        suite = [*suite, "--inconnue"]  # drawn whole, it takes half a minute
    check(magasin, [*([commande] if commande else []), *suite])


@tirages
@given(
    juste=st.sampled_from(JUSTES),
    rang=st.integers(0, 20),
    faute=st.sampled_from(("ôter", "doubler", "remplacer")),
    mot=st.sampled_from((*VALEURS, *OPTIONS)),
)
def test_a_right_command_got_wrong_by_a_word_says_which(
    magasin: Path, juste: str, rang: int, faute: str, mot: str
) -> None:
    arguments = [m.replace("\u00a0", " ") for m in juste.split(" ")]
    ou = rang % len(arguments)
    nouveaux = {"ôter": [], "doubler": [arguments[ou]] * 2, "remplacer": [mot]}[faute]
    check(magasin, [*arguments[:ou], *nouveaux, *arguments[ou + 1 :]])


def test_a_store_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    for commande in (["indicateur", "aci", "--seance", "2017S2"], ["segment", "poulidor", "--date", "2017-12-31"]):
        code, _, erreur = run("--dossier-donnees", tmp_path / "rien", *commande)
        assert code in (1, 2)
        assert erreur.strip().endswith(".")
    shutil.rmtree(tmp_path, ignore_errors=True)

"""The launcher: what it understands, what it refuses in one French sentence, and when it installs again."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import lancer
from mel_core.entrepot import registre
from scripts import paqueter


def call(*mots: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    commande = [sys.executable, str(lancer.RACINE / "lancer.py"), *mots]
    return subprocess.run(commande, capture_output=True, encoding="utf-8", check=False, timeout=timeout)


def requirements(dossier: Path) -> tuple[Path, Path]:
    """A runtime file and a test file that includes it."""
    runtime, tests = dossier / "requirements.txt", dossier / "requirements-dev.txt"
    runtime.write_text("a==1\n", encoding="utf-8")
    tests.write_text("-r requirements.txt\nb==1\n", encoding="utf-8")
    return runtime, tests


@pytest.mark.parametrize(
    ("mots", "phrase"),
    [
        (["--port", "abc"], "« --port abc » ne va pas"),
        (["--port=70000"], "« --port 70000 » ne va pas"),
        (["--port"], "« --port  » ne va pas"),
        (["--sans-navigateurs"], "« --sans-navigateurs » n’est pas une option"),
        (["test"], "« test » n’est pas une option"),
        (["--paquet", "tests"], f"« {lancer.RACINE / 'tests'} » n’est pas un paquet"),
        (["paquet"], "Dire où faire le paquet"),
    ],
)
def test_a_wrong_call_gets_a_sentence_and_exit_code_2(mots: list[str], phrase: str) -> None:
    reponse = call(*mots)
    assert (reponse.returncode, reponse.stdout) == (2, "")
    assert reponse.stderr.startswith(phrase)
    assert "Traceback" not in reponse.stderr


def test_a_port_already_taken_is_said_before_anything_is_installed() -> None:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        port = prise.getsockname()[1]
        reponse = call("--port", str(port))
    assert (reponse.returncode, reponse.stdout) == (1, "")
    assert reponse.stderr.startswith(f"Le port {port} est déjà pris")


def test_without_a_port_the_first_free_one_is_taken() -> None:
    libre = lancer.choose_port(None)
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", libre))
        prise.listen()
        assert lancer.choose_port(None) > libre


def test_the_options_are_read_in_any_order() -> None:
    assert lancer.read_options([]) == (None, True, None)
    assert lancer.read_options(["--sans-navigateur", "--port=9000"]) == (9000, False, None)
    assert lancer.read_options(["--port", "9000", "--sans-navigateur"]) == (9000, False, None)


def test_help_names_both_commands() -> None:
    reponse = call("--aide")
    assert reponse.returncode == 0
    assert "lancer.py tests" in reponse.stdout
    assert "--sans-navigateur" in reponse.stdout


def test_a_python_too_old_to_run_the_launcher_can_still_read_it() -> None:
    source = (lancer.RACINE / "lancer.py").read_text(encoding="utf-8")
    assert ast.parse(source, feature_version=(3, 7))


def test_the_launcher_needs_no_library() -> None:
    arbre = ast.parse((lancer.RACINE / "lancer.py").read_text(encoding="utf-8"))
    modules = {a.name.split(".")[0] for n in ast.walk(arbre) if isinstance(n, ast.Import) for a in n.names}
    modules |= {str(n.module).split(".")[0] for n in ast.walk(arbre) if isinstance(n, ast.ImportFrom)}
    assert modules <= set(sys.stdlib_module_names)


def test_a_change_of_an_included_file_changes_the_hash(tmp_path: Path) -> None:
    runtime, tests = requirements(tmp_path)
    avant = lancer.empreinte(tests)
    runtime.write_text("a==2\n", encoding="utf-8")
    assert lancer.empreinte(tests) != avant


def test_the_stamp_tells_what_the_environment_holds_and_forgets_the_rest(tmp_path: Path) -> None:
    runtime, tests = requirements(tmp_path)
    assert not lancer.est_a_jour(tmp_path, runtime)
    lancer.stamp(tmp_path, runtime, tests)
    assert lancer.est_a_jour(tmp_path, runtime)
    assert lancer.est_a_jour(tmp_path, tests)
    lancer.stamp(tmp_path, runtime)
    assert lancer.est_a_jour(tmp_path, runtime)
    assert not lancer.est_a_jour(tmp_path, tests)


def test_an_environment_that_is_absent_or_half_built_is_not_sound(tmp_path: Path) -> None:
    assert not lancer.est_sain(tmp_path / "absent")
    demi = tmp_path / "demi"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(demi)], check=True)
    assert not lancer.est_sain(demi)


def test_the_environment_of_these_tests_is_sound() -> None:
    assert lancer.est_sain(Path(sys.prefix))


def test_a_browser_named_by_hand_comes_first_and_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    navigateur = tmp_path / "chromium"
    monkeypatch.setenv("MEL_CHROMIUM", str(navigateur))
    assert lancer.find_chromium() is None
    navigateur.touch()
    assert lancer.find_chromium() == navigateur


def test_the_launcher_and_the_store_agree_on_what_published_means() -> None:
    assert lancer.REGISTRE == registre.NOM


@pytest.mark.parametrize(
    ("mots", "phrase"),
    [([], "n’est pas vide"), (["3.12", "python"], "« python » n’est pas une version de Python")],
)
def test_a_package_is_refused_in_a_sentence(tmp_path: Path, mots: list[str], phrase: str) -> None:
    (tmp_path / "a").write_text("à quelqu’un")
    reponse = call("paquet", str(tmp_path), *mots)
    assert reponse.returncode == 1
    assert phrase in reponse.stderr
    assert [f.name for f in tmp_path.iterdir()] == ["a"]


def test_a_package_takes_for_each_system_what_is_installed_there() -> None:
    windows, linux = (set(paqueter.requirements("3.12", systeme)) for systeme in ("win32", "linux"))
    assert {dite.partition("==")[0] for dite in windows - linux} == {"colorama"}
    assert {dite.partition("==")[0] for dite in linux - windows} == {"uvloop"}


@pytest.mark.long
def test_a_package_installs_and_opens_with_no_network(tmp_path: Path) -> None:
    """Its wheels for Windows are there, and the same libraries as those of Linux, but for its loop."""
    paquet = tmp_path / "paquet"
    assert call("paquet", str(paquet), timeout=600).returncode == 0
    roues = [f.name.split("-") for f in (paquet / "roues").iterdir()]
    assert len({nom for nom, *_, plateforme in roues if "win_amd64" in plateforme}) > 10
    par_systeme = [{nom for nom, *_, p in roues if ce in p} for ce in ("win_amd64", "manylinux")]
    assert par_systeme[0] == par_systeme[1] - {"uvloop"}
    assert not list(paquet.rglob("secrets.toml"))
    port = lancer.choose_port(None)
    commande = [sys.executable, "lancer.py", "--paquet", ".", "--sans-navigateur", "--port", str(port)]
    sans_reseau = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "PIP_NO_CACHE_DIR": "1"}
    with subprocess.Popen(commande, cwd=paquet, env=os.environ | sans_reseau) as ouverte:
        fin = time.monotonic() + 300
        while not lancer.repond(port) and ouverte.poll() is None and time.monotonic() < fin:
            time.sleep(0.5)
        assert lancer.repond(port)
        ouverte.terminate()
    assert (paquet / ".venv").is_dir()

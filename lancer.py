"""The two commands of the README, on a machine that has Python 3.11 or later and nothing else.

    python3 lancer.py          prepares everything, then opens the application on the demonstration data
    python3 lancer.py tests    prepares everything, a real browser included, then checks the whole product

Standard library only, and only syntax that an old Python can parse: it must be able to say that it is too old.
Everything is installed in `.venv/`; a stamp there remembers which requirements it holds, so that the second run
starts at once. Whatever happens, the person reads one French sentence, never a traceback.
"""

from __future__ import annotations

import hashlib
import http.client
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from pathlib import Path

RACINE = Path(__file__).resolve().parent
VENV = RACINE / ".venv"
EXIGENCES = RACINE / "requirements.txt"
EXIGENCES_DE_TEST = RACINE / "requirements-dev.txt"
REGISTRE = "registre.json"  # the store writes it when something is published
PYTHON_MINIMAL = (3, 11)
PREMIER_PORT = 8501
ATTENTE_MAX_S = 60
# One more than processors: a browser's test waits more than it computes. Of two options to pytest, the last one wins.
# The order of files is that of tests/conftest.py.
EN_PARALLELE = ("-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder")

AIDE = """\
python3 lancer.py [--port N] [--sans-navigateur]   ouvre l’application (sur cette machine seulement)
python3 lancer.py tests [options de pytest]        vérifie tout le produit, dans un vrai navigateur aussi
python3 lancer.py tests -m "not long"              vérifie en plus ce qui passe avant une fusion (.ci/run)
python3 lancer.py tests -m long                    vérifie ce qui est long : coupures, croisements entiers
python3 lancer.py paquet DOSSIER                   fait un dossier qui s’installe sans réseau ; y lancer, ensuite,
python3 lancer.py --paquet .                       l’application, installée de ce dossier

Répéter une séance d’aujourd’hui (la démonstration est celle de 2017S2) :
.venv/bin/python -m mel_core demo --derniere-seance 2026S1 --repetition, puis python3 lancer.py

Les données vivent dans le dossier « var », ou dans celui que désigne la variable MEL_DONNEES."""


class Arret(Exception):
    """Nothing more can be done: `str(arret)` is the French sentence to show, `code` the exit code."""

    def __init__(self, phrase: str, code: int = 1) -> None:
        super().__init__(phrase)
        self.code = code


def say(phrase: str) -> None:
    print(phrase, flush=True)


def run(*commande: object, env: dict[str, str] | None = None) -> int:
    """Exit code of a command run from the root of the product, its output shown as it comes."""
    return subprocess.run([str(mot) for mot in commande], cwd=RACINE, env=env, check=False).returncode


# ------------------------------------------------------------------------------------------------ environment


def python_de(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def est_sain(venv: Path) -> bool:
    """Whether this environment can install: false when it is absent, half built, or its Python has gone or changed."""
    try:
        essai = subprocess.run([python_de(venv), "-c", "import pip"], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return essai.returncode == 0


def empreinte(exigences: Path) -> str:
    """Hash of a requirements file and of those that it includes (`-r other.txt`)."""
    texte = exigences.read_text(encoding="utf-8")
    incluses = [ligne.split()[1] for ligne in texte.splitlines() if ligne.startswith("-r ")]
    return hashlib.sha256(
        "".join([texte, *(empreinte(exigences.parent / nom) for nom in incluses)]).encode()
    ).hexdigest()


def est_a_jour(venv: Path, exigences: Path) -> bool:
    temoin = venv / "exigences.sha256"
    return temoin.is_file() and empreinte(exigences) in temoin.read_text(encoding="utf-8").split()


def stamp(venv: Path, *installees: Path) -> None:
    """Remember what the environment holds, and that alone: whatever was installed before may have moved."""
    (venv / "exigences.sha256").write_text("\n".join(map(empreinte, installees)), encoding="utf-8")


def est_debian_en_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(paquet: str) -> bool:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=env)  # a list that is merely old does not prevent the installation
    return run("apt-get", "install", "-y", "-qq", "--no-install-recommends", paquet, env=env) == 0


def require_venv() -> None:
    """Debian cuts `ensurepip` out of Python: find out before `venv` leaves a broken environment behind."""
    if all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        return
    paquet = "python{}.{}-venv".format(*sys.version_info)
    if est_debian_en_root():
        say(f"Installation du paquet {paquet}…")
        if apt_install(paquet):
            return
    raise Arret(
        f"Python ne sait pas créer d’environnement sur cette machine : installer le paquet {paquet} "
        f"(par exemple « sudo apt-get install {paquet} »), puis relancer la même commande."
    )


def prepare(exigences: Path, paquet: Path | None = None) -> Path:
    """The Python of an environment that holds these requirements: built, mended or updated if need be, from the wheels
    of `paquet` alone where there is one (scripts/paqueter.py)."""
    python = python_de(VENV)
    sain = est_sain(VENV)
    if sain and est_a_jour(VENV, exigences):
        return python
    if not sain:
        require_venv()
        say("Préparation de l’environnement Python…")
        if VENV.exists():
            shutil.rmtree(VENV)
        if run(sys.executable, "-m", "venv", VENV) != 0:
            raise Arret(
                "L’environnement Python « .venv » n’a pas pu être créé : lire la cause ci-dessus, puis relancer."
            )
    say("Installation des bibliothèques (une à deux minutes la première fois)…")
    pip = ("-m", "pip", "install", "--quiet", "--no-input", "--prefer-binary", "--disable-pip-version-check")
    source = ("--no-index", "--find-links", paquet / "roues") if paquet else ()
    if run(python, *pip, *source, "-r", exigences) != 0:
        if paquet:
            version = "{}.{}".format(*sys.version_info)
            raise Arret(
                f"Le paquet « {paquet} » n’a pas de quoi installer l’application sous Python {version} : à refaire par "
                f"« python3 lancer.py paquet DOSSIER {version} », ou prendre un des Python pour lesquels il est fait."
            )
        raise Arret(
            "Les bibliothèques n’ont pas pu être installées : vérifier l’accès à Internet (ou la variable HTTPS_PROXY) "
            "et la cause écrite ci-dessus, puis relancer la même commande."
        )
    stamp(VENV, *{EXIGENCES, exigences})
    return python


# ------------------------------------------------------------------------------------------------ application


def est_libre(port: int) -> bool:
    with socket.socket() as prise:
        if os.name != "nt":  # there the option would let two servers share the port
            prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose_port(demande: int | None) -> int:
    """The port asked for, which must be free; else the first free one from Streamlit's usual."""
    if demande is None:
        libre = next(filter(est_libre, range(PREMIER_PORT, PREMIER_PORT + 50)), None)
        if libre is None:
            raise Arret("Aucun port n’est libre : en donner un avec --port, par exemple --port 9000.")
        return libre
    if not est_libre(demande):
        raise Arret(f"Le port {demande} est déjà pris : en donner un autre avec --port, ou fermer ce qui l’occupe.")
    return demande


def publish_demonstration(python: Path) -> None:
    """A store in which nothing was published gets the demonstration data; any other is left alone, and what several
    machines share (MEL_JEUX)."""
    dossier = RACINE / (os.environ.get("MEL_DONNEES") or "var")
    if (dossier / REGISTRE).exists() or os.environ.get("MEL_JEUX"):
        return
    say("Création des données de démonstration (fictives)…")
    if run(python, "-m", "mel_core", "demo", "--repetition") != 0:
        raise Arret("Les données de démonstration n’ont pas pu être publiées : lire la cause ci-dessus, puis relancer.")


def repond(port: int) -> bool:
    lien = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        lien.request("GET", "/_stcore/health")
        return lien.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        lien.close()


def announce(serveur: subprocess.Popen[bytes], port: int, jeton: str, navigateur: bool) -> None:
    """Once the server answers, say where it is and open it in the person's own browser. `jeton`: what tells this person
    from whoever else reaches this machine's ports."""
    limite = time.monotonic() + ATTENTE_MAX_S
    while serveur.poll() is None and time.monotonic() < limite:
        if repond(port):
            adresse = f"http://127.0.0.1:{port}/?jeton={jeton}"
            say(f"L’application est ouverte : {adresse} (Ctrl+C pour l’arrêter)")
            if navigateur:
                webbrowser.open(adresse)
            return
        time.sleep(0.1)


def open_application(port_demande: int | None, navigateur: bool, paquet: Path | None = None) -> int:
    port = choose_port(port_demande)
    python = prepare(EXIGENCES, paquet)
    publish_demonstration(python)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    commande = [str(python), "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    # Its standard output holds nothing but greetings in English; its errors go to the other stream.
    jeton = secrets.token_urlsafe(32)
    env = {**os.environ, "MEL_JETON": jeton}
    serveur = subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.DEVNULL, env=env)
    threading.Thread(target=announce, args=(serveur, port, jeton, navigateur), daemon=True).start()
    try:
        code = serveur.wait()
    except KeyboardInterrupt:
        code = 0
    finally:
        serveur.terminate()
        serveur.wait()
    if code != 0:
        raise Arret("L’application s’est arrêtée : lire la cause ci-dessus, puis relancer la même commande.")
    return 0


# ------------------------------------------------------------------------------------------------------ tests


def find_chromium() -> Path | None:
    """A Chromium, Chrome or Edge of this machine, or the one that MEL_CHROMIUM names; none: Playwright's own."""
    noms = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "microsoft-edge")
    windows = [os.environ.get(nom, "") for nom in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
    lieux = [
        Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        Path("/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
        Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
        *(Path(base, "Google/Chrome/Application/chrome.exe") for base in windows if base),
        *(Path(base, "Microsoft/Edge/Application/msedge.exe") for base in windows if base),
    ]
    donne = os.environ.get("MEL_CHROMIUM")
    trouves = [Path(donne)] if donne else [Path(ou) for ou in map(shutil.which, noms) if ou] + lieux
    return next((lieu for lieu in trouves if lieu.is_file()), None)


def install_chromium(python: Path) -> Path | None:
    """A real browser for the tests. Returns none when it is Playwright's own, which Playwright finds by itself."""
    trouve = find_chromium()
    if trouve is None and est_debian_en_root():
        say("Installation du navigateur Chromium…")
        apt_install("chromium")
        trouve = find_chromium()
    if trouve is None and run(python, "-m", "playwright", "install", "chromium") != 0:
        raise Arret(
            "Aucun navigateur pour les tests : installer Chromium, Chrome ou Edge, "
            "ou donner le chemin de l’un d’eux dans la variable MEL_CHROMIUM, puis relancer."
        )
    return trouve


def pass_tests(options: list[str]) -> int:
    """Every check, even after one that fails; pytest last, so that its summary closes the output."""
    python = prepare(EXIGENCES_DE_TEST)
    chromium = install_chromium(python)
    env = {**os.environ, **({"MEL_CHROMIUM": str(chromium)} if chromium else {})}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # some hundred processes start: the product is compiled once for all
    controles = {
        "ruff check": ["ruff", "check"],
        "ruff format": ["ruff", "format", "--check"],
        "mypy": ["mypy"],
        "pytest": ["pytest", *EN_PARALLELE, *options],
    }
    echecs = []
    for nom, mots in controles.items():
        say(f"── {nom}")
        if run(python, "-m", *mots, env=env) != 0:
            echecs.append(nom)
    if echecs:
        raise Arret(f"Ne passe pas : {', '.join(echecs)} (le détail est ci-dessus).")
    return 0


# ----------------------------------------------------------------------------------------------- command line


def read_options(mots: list[str]) -> tuple[int | None, bool, Path | None]:
    """Port asked for, if any; whether to open the browser; the package to install from, if any."""
    port, navigateur, paquet, reste = None, True, None, list(mots)
    while reste:
        mot, _, valeur = reste.pop(0).partition("=")
        if mot == "--sans-navigateur":
            navigateur = False
        elif mot == "--port":
            valeur = valeur or (reste.pop(0) if reste else "")
            if not valeur.isdecimal() or not 1 <= int(valeur) <= 65535:
                raise Arret(f"« --port {valeur} » ne va pas : donner un nombre de 1 à 65535, par exemple 9000.", 2)
            port = int(valeur)
        elif mot == "--paquet":
            paquet = Path(valeur or (reste.pop(0) if reste else "")).resolve()
            if not (paquet / "roues").is_dir():
                raise Arret(f"« {paquet} » n’est pas un paquet : en faire un avec « lancer.py paquet DOSSIER ».", 2)
        else:
            raise Arret(f"« {mot} » n’est pas une option de cette commande. Ce qui se dit :\n\n{AIDE}", 2)
    return port, navigateur, paquet


def main(mots: list[str]) -> int:
    if sys.version_info < PYTHON_MINIMAL:
        version = "{}.{}".format(*sys.version_info)
        raise Arret(f"Ce Python est trop ancien ({version}) : installer Python 3.11 ou plus récent, puis relancer.")
    if mots and mots[0] in ("--aide", "--help", "-h"):
        say(AIDE)
        return 0
    if mots and mots[0] == "tests":
        return pass_tests(mots[1:])
    if mots and mots[0] == "paquet":
        if len(mots) < 2:
            raise Arret("Dire où faire le paquet : python3 lancer.py paquet DOSSIER", 2)
        return run(prepare(EXIGENCES), "-m", "scripts.paqueter", *mots[1:])
    return open_application(*read_options(mots))


if __name__ == "__main__":
    for flux in (sys.stdout, sys.stderr):
        flux.reconfigure(errors="replace")  # type: ignore[union-attr]  # an old console must not stop the launcher
    try:
        sys.exit(main(sys.argv[1:]))
    except Arret as arret:
        print(arret, file=sys.stderr)
        sys.exit(arret.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as erreur:
        print(f"Le système a refusé une opération ({erreur}) : y remédier, puis relancer.", file=sys.stderr)
        sys.exit(1)

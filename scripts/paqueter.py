"""`python3 lancer.py paquet DOSSIER [3.12 3.13 …]`: a folder that installs and opens the application with no network.

In it: the program, its libraries as wheels for Linux and Windows (64 bits, for the Python that makes it and those
named), and the demonstration, published. On the other machine, from that folder: `python lancer.py --paquet .`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

RACINE = Path(__file__).resolve().parent.parent
ROUES = "roues"
PROGRAMME = ("app.py", "lancer.py", "requirements.txt", "README.md", "CHANGELOG.md", "LICENSE")
DOSSIERS = (".streamlit", "mel_core", "pages", "static", "data", "docs")
# What belongs to one machine: what was compiled there, its login, the pictures of its maps.
A_ELLE = shutil.ignore_patterns("__pycache__", "secrets.toml", "fonds")
LINUX = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_27_x86_64", "manylinux_2_28_x86_64")
WINDOWS = ("win_amd64",)


class Refus(Exception):
    """A French sentence."""


def make(dossier: Path, versions: list[str]) -> None:
    """Raises `Refus`. What was made before a failure is removed: a package is whole, or is not."""
    for version in versions:
        if not re.fullmatch(r"3\.\d+", version):
            raise Refus(f"« {version} » n’est pas une version de Python : écrire par exemple 3.12.")
    if dossier.exists() and any(dossier.iterdir()):
        raise Refus(f"Le dossier « {dossier} » n’est pas vide : en donner un autre, ou le vider.")
    dossier.mkdir(parents=True, exist_ok=True)
    try:
        for nom in PROGRAMME:
            shutil.copy(RACINE / nom, dossier)
        for nom in DOSSIERS:
            shutil.copytree(RACINE / nom, dossier / nom, ignore=A_ELLE)
        for version in versions:
            for plateformes in (LINUX, WINDOWS):
                download(dossier / ROUES, version, plateformes)
        demonstration = ("--dossier-donnees", str(dossier / "var"), "demo", "--repetition")
        if subprocess.run([sys.executable, "-m", "mel_core", *demonstration], cwd=RACINE, check=False).returncode:
            raise Refus("La démonstration n’a pas pu être publiée dans le paquet : lire la cause ci-dessus.")
    except BaseException:
        shutil.rmtree(dossier)
        raise


def requirements(version: str, systeme: str) -> list[str]:
    """`name==version` of every library of `requirements.txt` that this Python takes on `systeme` (`sys.platform`): pip
    would judge them by the machine that asks."""
    lignes = (RACINE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    dites = [Requirement(dite) for ligne in lignes if (dite := ligne.partition("#")[0].strip())]
    la_bas = {"python_version": version, "sys_platform": systeme}
    return [f"{dite.name}{dite.specifier}" for dite in dites if dite.marker is None or dite.marker.evaluate(la_bas)]


def download(roues: Path, version: str, plateformes: tuple[str, ...]) -> None:
    """The wheels of a system, for this Python."""
    dites = requirements(version, "win32" if plateformes is WINDOWS else "linux")
    with tempfile.TemporaryDirectory() as ailleurs:
        exigences = Path(ailleurs) / "exigences.txt"
        exigences.write_text("\n".join(dites), encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
        pip += ["--only-binary=:all:", "--no-deps", "--python-version", version, "-d", str(roues), "-r", str(exigences)]
        for plateforme in plateformes:
            pip += ["--platform", plateforme]
        if subprocess.run(pip, check=False).returncode:
            raise Refus(
                f"Les bibliothèques pour Python {version} ({plateformes[0]}) n’ont pas pu être prises : vérifier "
                "l’accès à Internet et la cause écrite ci-dessus, puis recommencer."
            )


def principal(mots: list[str]) -> int:
    dossier, sienne = Path(mots[0]).resolve(), f"{sys.version_info.major}.{sys.version_info.minor}"
    versions = list(dict.fromkeys([sienne, *mots[1:]]))
    try:
        make(dossier, versions)
    except Refus as refus:
        print(refus, file=sys.stderr)
        return 1
    taille = sum(f.stat().st_size for f in dossier.rglob("*") if f.is_file()) // 2**20
    print(
        f"Le paquet est dans « {dossier} » ({taille} Mo, Python {', '.join(versions)}, Linux et Windows) : le copier "
        "sur l’autre machine, puis, dans ce dossier, « python lancer.py --paquet . »."
    )
    return 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))

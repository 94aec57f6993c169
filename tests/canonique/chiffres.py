"""Every figure of a store, one a line, asked of the command line: what the house is made of inside does not show."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from mel_core.cli.commandes import principal
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import icis, seances
from mel_core.indicateurs import COUPES, INDICATEURS
from mel_core.segments import SEGMENTS

# Each of these has thousands of cells: asked of the whole Métropole alone.
FINES = ("quartier", "residence", "qpv")
PAIRES = ("commune,bailleur", "fragilite,mutation", "territoire,fragilite", "ici,fragilite", "bailleur,reservataire")
SCENARIOS: dict[str, tuple[dict[str, Any], ...]] = {
    "equilibre": ({}, {"cible_fragile": "55 %"}, {"cible": "0 %"}, {"cible": "100 %", "horizon": 4}),
    "aci": ({}, {"cible": "30 %"}, {"cible": "60 %", "horizon": 4}),
    "convergence": ({}, {"cible_fragile": "40 %", "horizon": 12}),
    "engagement": tuple(
        {"segment": segment, **levier}
        for segment in ("attente_24", "attente_36", "poulidor", "aci_en_attente")
        for levier in ({}, {"nombre": 10}, {"nombre": 100000}, {"part": "15 %"})
    ),
    "programmation": ({}, {"part_plai": "25 %"}, {"part_plai": "30 %", "rythme": 1.5}),
    "ordonnancement": ({}, {"poids_aci": 3, "poids_poulidor": 2}),
    "plan": ({}, {"cible_fragile": "60 %"}),
}


class Recueil:
    """`chiffres` and `phrases`: lines, each beginning by what was asked."""

    def __init__(self, donnees: Path) -> None:
        self.donnees = donnees
        self.chiffres: list[str] = []
        self.phrases: list[str] = []

    def ask(self, *mots: str) -> str | None:
        """The output of a command; its refusal is a sentence."""
        sortie, erreur = _Flux(), _Flux()
        with contextlib.redirect_stdout(sortie), contextlib.redirect_stderr(erreur):
            code = principal([*mots, "--dossier-donnees", str(self.donnees)])
        question = " ".join(m for m in mots if not m.startswith(tempfile.gettempdir()))
        for ligne in erreur.getvalue().splitlines():
            self.phrases.append(f"{question} → {ligne}")
        if code:
            self.chiffres.append(f"{question} → code {code}")
            return None
        return sortie.getvalue()

    def note(self, question: str, objet: dict[str, Any]) -> None:
        """One line per cell: what is text and long is a sentence."""
        figures = []
        for cle, valeur in objet.items():
            if isinstance(valeur, str) and " " in valeur:
                self.phrases.append(f"{question} {cle} → {valeur}")
            else:
                figures.append(f"{cle}={json.dumps(valeur, ensure_ascii=False, sort_keys=True)}")
        self.chiffres.append(f"{question} → {' '.join(figures)}")


class _Flux(io.StringIO):
    def reconfigure(self, **_: Any) -> None:
        """The command line sets the encoding of a real terminal."""


def gather(donnees: Path) -> Recueil:
    recueil = Recueil(donnees)
    with Entrepot(donnees).open(Portee.mel()) as lecteur:
        tenues, perimetres = [str(x) for x in seances(lecteur)], sorted(icis(lecteur))
    _indicateurs(recueil, tenues, perimetres)
    _segments(recueil, tenues, perimetres)
    _simulations(recueil, tenues, perimetres)
    return recueil


def _indicateurs(recueil: Recueil, tenues: list[str], perimetres: list[str]) -> None:
    coupes = ["", *(c for c in COUPES if c not in FINES), *PAIRES]
    questions = [
        *product(INDICATEURS, tenues, ("annee",), coupes, ("",)),
        *product(INDICATEURS, tenues[:2], ("semestre",), coupes, ("",)),
        *product(INDICATEURS, tenues[:1], ("annee",), coupes, perimetres),
        *product(INDICATEURS, tenues[:1], ("semestre", "annee"), FINES, ("",)),
    ]
    for nom, seance, periode, par, ici in questions:
        mots = ["indicateur", nom, "--seance", seance, "--periode", periode]
        mots += ["--par", par] if par else []
        mots += ["--ici", ici] if ici else []
        if (lu := recueil.ask(*mots)) is None:
            continue
        contenu = json.loads(lu)
        cles = par.split(",") if par else []
        for cellule in contenu if isinstance(contenu, list) else [contenu]:
            ou = " ".join(f"{c}={cellule.get(c)}" for c in cles)
            recueil.note(f"{' '.join(mots)} [{ou}]", {k: v for k, v in cellule.items() if k not in cles})


def _segments(recueil: Recueil, tenues: list[str], perimetres: list[str]) -> None:
    from mel_core.socle.periodes import Seance

    cles = ("", "commune_souhaitee", "typologie", "commune_residence", "bailleur", "ressources")
    for nom, seance, par, ici in product(SEGMENTS, tenues[:2], cles, ("", *perimetres)):
        mots = ["segment", nom, "--date", Seance.read(seance).fin.isoformat()]
        mots += ["--par", par] if par else []
        mots += ["--ici", ici] if ici else []
        if (lu := recueil.ask(*mots)) is not None:
            contenu = json.loads(lu)
            for cellule in contenu if isinstance(contenu, list) else [contenu]:
                recueil.note(f"{' '.join(mots)} [{cellule.pop('cle', '')}]", cellule)
    for nom, ici in product(SEGMENTS, perimetres):
        mots = ["segment", nom, "--date", Seance.read(tenues[0]).fin.isoformat(), "--ici", ici, "--format", "csv"]
        if (lu := recueil.ask(*mots)) is not None:
            for ligne in csv.DictReader(io.StringIO(lu.lstrip("\ufeff")), delimiter=";"):
                qui = next(iter(ligne.values()))
                recueil.note(f"{' '.join(mots)} [{qui}]", ligne)


def _simulations(recueil: Recueil, tenues: list[str], perimetres: list[str]) -> None:
    with tempfile.TemporaryDirectory() as dossier:
        for simulation, scenarios in SCENARIOS.items():
            for rang, leviers in enumerate(scenarios):
                for ici in (perimetres[0], "") if simulation != "plan" else (perimetres[0],):
                    fichier = Path(dossier) / "scenario.toml"
                    lignes = [f'simulation = "{simulation}"', f'seance = "{tenues[0]}"']
                    lignes += [f'ici = "{ici}"'] if ici else []
                    lignes += ["[leviers]", *(f"{k} = {json.dumps(v)}" for k, v in leviers.items())]
                    fichier.write_text("\n".join(lignes), encoding="utf-8")
                    if (lu := recueil.ask("simuler", str(fichier), "--format", "json")) is not None:
                        question = f"simuler {simulation} {rang} {ici or 'MEL'}"
                        for chemin, valeur in _feuilles(json.loads(lu)):
                            recueil.note(f"{question} {chemin}", {"": valeur})


def _feuilles(contenu: Any, chemin: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(contenu, dict):
        for cle, valeur in contenu.items():
            yield from _feuilles(valeur, f"{chemin}.{cle}")
    elif isinstance(contenu, list):
        for rang, valeur in enumerate(contenu):
            yield from _feuilles(valeur, f"{chemin}.{rang}")
    else:
        yield chemin, contenu

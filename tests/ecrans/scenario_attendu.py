"""What Simuler must show of a scenario, worked out from what `simuler` answers to the address."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mel_core.cli.commandes import principal
from mel_core.contrat.reference import DOSSIER
from mel_core.simulation.scenarios import MOTEURS, Scenario
from mel_core.simulation.scenarios.scenario import LEVIERS
from mel_core.socle import langue
from mel_core.socle.langue import nombre, part, points

ESPACES, SIGNES = re.compile(r"\s+"), re.compile(r"[−+]\d[\d\u202f\u00a0]*")
NOMS = {
    e["properties"]["code_insee"]: e["properties"]["nom"]
    for e in json.loads((DOSSIER / "communes.geojson").read_text(encoding="utf-8"))["features"]
}


@dataclass(frozen=True)
class Ecran:
    """`chiffres`: its columns of figures, line by line, under `titres`. `image`: what a picture says, by its title."""

    phrase: str
    chiffres: list[list[str]]
    titres: list[str]
    etat: str
    image: Callable[[str], str]


def ask(donnees: Path, dossier: Path, adresse: Mapping[str, str]) -> dict[str, Any]:
    """What the command answers to the scenario that the address holds."""
    parametres = dict(adresse)
    if parametres.get("ici") == "MEL":
        del parametres["ici"]
    fichier = dossier / "scenario.toml"
    leviers = {c: v for c, v in parametres.items() if c in LEVIERS[parametres["simulation"]]}
    dits = {c: v for c, v in parametres.items() if c in ("simulation", "seance", "ici", "millesime")}
    fichier.write_text(Scenario.depuis(dits | {"leviers": leviers}).toml(), encoding="utf-8")
    sortie = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(sortie):
        assert principal(["--dossier-donnees", str(donnees), "simuler", str(fichier), "--format", "json"]) == 0
    sortie.seek(0)
    return json.loads(sortie.read())


def dit(cle: str, valeur: float | None) -> str:
    """A figure as the screen must say it, written here a second time."""
    if valeur is None:
        return "—"
    if cle.startswith("ecart"):
        return points(100 * valeur)
    return part(valeur) if cle.startswith("part") else nombre(valeur, 0 if float(valeur).is_integer() else 1)


def lisse(texte: str) -> str:
    return ESPACES.sub(" ", texte).strip()


def etat(reponse: dict[str, Any]) -> str:
    """Of the three states, the one that stands beside the finding; the finding alone without lever nor objective."""
    bouges = set(reponse["scenario"]["leviers"]) - MOTEURS[reponse["simulation"]].lus
    au_repos = "Objectif voté" if reponse["simulation"] in ("equilibre", "aci", "plan") else "Constat"
    return "Hypothèse" if bouges else au_repos


def titres(reponse: dict[str, Any]) -> list[str]:
    """The heads of the figures, with what each covers where it is not the same: the two semesters of a year observed,
    those of the horizon expected."""
    horizon = int(reponse["scenario"]["leviers"].get("horizon", 2))
    tetes = list(dict.fromkeys(["Constat", etat(reponse)]))
    if reponse["simulation"] not in ("equilibre", "aci", "plan") or horizon == 2:
        return tetes
    return ["Constat, 12\u00a0mois", f"{tetes[1]}, {langue.effectif(horizon, 'semestre')}"]


def attendus(reponse: dict[str, Any]) -> list[list[str]]:
    cles = [c for c in reponse["constat"] if c in reponse["synthese"]]
    colonnes = ["constat", "synthese"][: 1 if etat(reponse) == "Constat" else 2]
    return [[lisse(dit(c, reponse[k][c])) for k in colonnes] for c in cles]


def verify(ecran: Ecran, reponse: dict[str, Any]) -> None:
    """The sentence, the figures, the chart and the map say what the command answers."""
    assert lisse(reponse["phrase"]) in lisse(ecran.phrase)
    assert ecran.chiffres == attendus(reponse)
    assert ecran.titres == titres(reponse)
    assert ecran.etat.startswith(etat(reponse))
    if "commune" in reponse["details"] and reponse["simulation"] != "plan":
        attendues = {NOMS[x["commune"]]: (x["n_en_moins"], x["n_en_plus"]) for x in reponse["details"]["commune"]}
        barres = lus(ecran, "Attributions à réorienter par commune", " ; ")
        assert [sum(v) for v in zip(*barres.values(), strict=True)] in ([], list(sommes(reponse)))
        carte = lus(ecran, "Carte des communes selon ce qui y est à réorienter", ", ")
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
            bouge = [x["a_reorienter"] * x["sens"] for x in lignes]
            attendue = (-sum(v for v in bouge if v < 0), sum(v for v in bouge if v > 0))
            assert somme_lue(ecran.image(image)) == attendue


def lus(ecran: Ecran, image: str, separateur: str) -> dict[str, tuple[int, int]]:
    """(fewer, more) of each place that a picture names."""
    morceaux = ecran.image(image).removeprefix("À réorienter : ").split(separateur)
    places = {m.rsplit(" : ", 1)[0] if " : " in m else SIGNES.sub("", m).strip(): somme_lue(m) for m in morceaux}
    return {nom: v for nom, v in places.items() if any(v)}


def somme_lue(texte: str) -> tuple[int, int]:
    """(fewer, more) of everything that a picture says."""
    signes = [int(re.sub(r"\s", "", v).replace("−", "-")) for v in SIGNES.findall(texte)]
    return -sum(v for v in signes if v < 0), sum(v for v in signes if v > 0)


def sommes(reponse: dict[str, Any]) -> tuple[int, int]:
    lignes = reponse["details"]["commune"]
    return sum(x["n_en_moins"] for x in lignes), sum(x["n_en_plus"] for x in lignes)

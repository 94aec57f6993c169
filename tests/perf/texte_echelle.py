"""The page `docs/echelle.md`, from what `tests.perf.echelle` measured and the words of `echelle.md` beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from mel_core.socle.langue import nombre

NOMS = {"mel": "MEL", "region": "région", "france": "France"}
# A séance at its busiest: everyone at a desk moves something every two seconds.
PERSONNES_PAR_SALLE, RYTHME_S = 30, 2
OCCUPE = 0.6  # of a processor, beyond which what is asked waits behind what was asked before
REPLIQUES = (1, 2, 4, 8)
_DU_SERVEUR = {
    "levier": "un levier du bilan, ms",
    "page": "une page ouverte par un lien, ms",
    "orientations": "Orientations, première ouverture du serveur, ms",
    "calcul": "processeur par pas, ms",
    "memoire_mo": "mémoire du serveur, Mo",
    "perdus": "pas de plus de deux secondes",
}


def write_page(
    mesures: Mapping[str, Mapping[str, Any]], moteurs: Sequence[str], questions: Sequence[str], **machine: str
) -> str:
    titres, lues = [NOMS[echelle] for echelle in mesures], list(mesures.values())
    lignes = {f"{quoi}, lignes": [nombre(m["lignes"][quoi]) for m in lues] for quoi in lues[0]["lignes"]}
    lignes["fichier publié, Mo"] = [nombre(m["fichier_mo"]) for m in lues]
    temps = {q: [" / ".join(_ms(m["temps"][moteur][q]) for moteur in moteurs) for m in lues] for q in questions}
    salles = {str(n): [nombre(n * _rooms(m["serveur"]["calcul"])) for m in lues] for n in REPLIQUES}
    images = [f"![{q}, par moteur et par échelle](images/echelle-{i}.svg)" for i, q in enumerate(questions, 1)]
    return Template(Path(__file__).with_name("echelle.md").read_text(encoding="utf-8")).substitute(
        machine,
        lignes=_table("", titres, lignes),
        moteurs=" / ".join(moteurs),
        temps=_table("question", titres, temps),
        images="\n".join(images),
        serveur=_table("", titres, {dit: [_ms(m["serveur"][cle]) for m in lues] for cle, dit in _DU_SERVEUR.items()}),
        personnes=str(PERSONNES_PAR_SALLE),
        rythme=str(RYTHME_S),
        occupe=nombre(100 * OCCUPE),
        salles=_table("répliques", titres, salles),
    )


def _rooms(calcul_ms: float) -> int:
    """Rooms that one replica serves."""
    return int(1000 * OCCUPE / (calcul_ms * PERSONNES_PAR_SALLE / RYTHME_S))


def _ms(valeur: float) -> str:
    return nombre(valeur, 0 if valeur >= 10 or valeur == 0 else 1)


def _table(tete: str, titres: Sequence[str], lignes: Mapping[str, Sequence[str]]) -> str:
    rangs = [f"| {tete} | {' | '.join(titres)} |", f"|---|{'---|' * len(titres)}"]
    return "\n".join([*rangs, *(f"| {nom} | {' | '.join(valeurs)} |" for nom, valeurs in lignes.items())])

"""The page `docs/echelle.md`, from what `tests.perf.echelle` measured and the words of `echelle.md` beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from mel_core.socle.langue import nombre

NOMS = {"mel": "MEL", "region": "région", "france": "France"}
PERSONNES_PAR_SALLE = 30
RYTHMES_S = (2, 10)  # a séance at its busiest, and one where people talk
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
    temps = {q: [_by_engine(m["temps"], moteurs, q) for m in lues] for q in questions}
    comparees = [q for q in questions if all(q in lues[0]["temps"][moteur] for moteur in moteurs)]
    salles = {str(n): [" / ".join(_rooms(n, m["serveur"]["calcul"])) for m in lues] for n in REPLIQUES}
    serveur = {dit: [_chiffre(m["serveur"][cle]) for m in lues] for cle, dit in _DU_SERVEUR.items()}
    images = [f"![{q}, par moteur et par échelle](images/echelle-{i}.svg)" for i, q in enumerate(comparees, 1)]
    return Template(Path(__file__).with_name("echelle.md").read_text(encoding="utf-8")).substitute(
        machine,
        lignes=_table("", titres, lignes),
        moteurs=" / ".join(moteurs),
        temps=_table("question", titres, temps),
        images="\n".join(images),
        serveur=_table("", titres, serveur),
        personnes=str(PERSONNES_PAR_SALLE),
        rythmes=" / ".join(map(str, RYTHMES_S)),
        occupe=nombre(100 * OCCUPE),
        salles=_table("répliques", titres, salles),
    )


def _by_engine(temps: Mapping[str, Mapping[str, float]], moteurs: Sequence[str], question: str) -> str:
    return " / ".join(_chiffre(temps[moteur][question]) if question in temps[moteur] else "–" for moteur in moteurs)


def _rooms(n: int, calcul_ms: float) -> list[str]:
    """Rooms that `n` replicas serve, at each rhythm."""
    par_personne = [calcul_ms / 1000 / rythme for rythme in RYTHMES_S]
    return [_chiffre(n * OCCUPE / (PERSONNES_PAR_SALLE * occupe)) for occupe in par_personne]


def _chiffre(valeur: float) -> str:
    return nombre(valeur, 0 if valeur >= 10 or valeur == 0 else 1)


def _table(tete: str, titres: Sequence[str], lignes: Mapping[str, Sequence[str]]) -> str:
    rangs = [f"| {tete} | {' | '.join(titres)} |", f"|---|{'---|' * len(titres)}"]
    return "\n".join([*rangs, *(f"| {nom} | {' | '.join(valeurs)} |" for nom, valeurs in lignes.items())])

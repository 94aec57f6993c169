"""The synthesis of the three ICI is sent to several: what it says is what a room reads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document

from mel_core.dossier import synthese
from mel_core.dossier.actes_ecrits import Releve
from mel_core.dossier.contexte import Contexte
from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.indicateurs import compute
from mel_core.secret.bail import SALLE
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from tests.ecrans.conftest import PLAFOND_2017
from tests.jeux import attribution, bailleurs, build_store, chargement, table

SEANCE = Seance(2017, 2)
COMMUNES = {"ICI 1": "59350", "ICI 2": "59512", "ICI 3": "59009"}
LABELS = {"aci": 1, "mutations_bloquees": 2, "npru": 3, "droit_commun": 4}  # rank of the table of each
CLASSES = ("fragile", "moyenne", "sans")


def monde(**ailleurs: dict[str, int]) -> dict[str, Any]:
    """Each ICI has 60 attributions in each class of quartiers, 30 modest of which 15 very modest; of its 180, 40 ACI,
    40 mutations bloquées, 30 NPRU. `ailleurs`: what is otherwise in ICI 3: `labels` by label, `n` and `modestes` by
    class."""
    lignes: list[dict[str, Any]] = []
    for ici, commune in COMMUNES.items():
        siens = ailleurs if ici == "ICI 3" else {}
        voulus = {"aci": 40, "mutation_bloquee": 40, "npru": 30} | siens.get("labels", {})
        labels = [nom for nom, n in voulus.items() for _ in range(n)]
        rang = 0
        for classe in CLASSES:
            n, modestes = siens.get("n", {}).get(classe, 60), siens.get("modestes", {}).get(classe, 30)
            for i in range(n):
                label = {labels[rang]: True} if rang < len(labels) else {}
                rang += 1
                lignes.append(
                    attribution(
                        len(lignes),
                        date_bail=date(2017, 1 + i % 12, 1),
                        code_insee=commune,
                        code_quartier=f"{commune}{classe}",
                        n_personnes=1,
                        revenu_fiscal=(0.1 if i < modestes // 2 else 0.3 if i < modestes else 0.5) * PLAFOND_2017,
                        mutation="mutation_bloquee" in label,
                        **label,
                    )
                )
    quartiers = [
        {"code_quartier": f"{c}{f}", "nom": f"Quartier {f}", "code_insee": c, "fragilite": f}
        for c in COMMUNES.values()
        for f in CLASSES
    ]
    return {
        "bailleurs": bailleurs("B1"),
        "quartiers": table("quartiers", *quartiers),
        "attributions": table("attributions", *lignes),
    }


def write(entrepot: Entrepot, seance: Seance, chemin: Path) -> list[list[list[str]]]:
    """The rows of each table of the document."""
    with entrepot.open(Portee.mel(), seance) as lecteur:
        contexte = Contexte(seance, "ICI 3", lecteur.instantane, datetime(2018, 1, 9, tzinfo=UTC))
        synthese.write(chemin, contexte, lecteur, {ici: Releve([]) for ici in perimetre.icis(lecteur)})
    document = Document(str(chemin))
    return [[[c.text for c in r.cells] for r in t.rows[1:]] for t in document.tables[:7]]


def publie(dossier: Path, **ailleurs: dict[str, int]) -> Entrepot:
    return build_store(dossier, chargement(**monde(**ailleurs)))


def test_a_place_of_a_few_says_so_on_its_own_line_and_every_other_count_is_rounded(tmp_path: Path) -> None:
    # ICI 3: 4 NPRU; 6 attributions in fragile quartiers, all modest.
    ailleurs = {"labels": {"npru": 4}, "n": {"fragile": 6}, "modestes": {"fragile": 6}}
    tables = write(publie(tmp_path, **ailleurs), SEANCE, tmp_path / "s.docx")
    assert {x[0]: plain(x[1:5]) for x in tables[LABELS["npru"]]} == {
        "ICI 1": ["180", "180", "30", "17 %"],
        "ICI 2": ["180", "180", "30", "17 %"],
        "ICI 3": ["125", "125", "12 ou moins", "—"],  # 126
        "Métropole": ["485", "485", "65", "13 %"],  # 64 of 486
    }
    assert next(plain(x[1:]) for x in tables[6] if x[0] == "ICI 3") == [
        *("quartiers fragiles", "12 ou moins", "12 ou moins", "—", "trop peu pour le dire")
    ]
    # 30 modest of 60: neither a share, under a hundred known, nor a side.
    assert next(plain(x[2:]) for x in tables[6] if x[0] == "ICI 1") == [*("60", "30", "—", "trop près pour conclure")]


def plain(textes: list[str]) -> list[str]:
    return [x.replace("\u202f", " ").replace("\xa0", " ") for x in textes]


def test_the_figures_of_the_demonstration_are_those_of_the_indicators(
    demonstration_publiee: Path, tmp_path: Path
) -> None:
    entrepot = Entrepot(demonstration_publiee)
    tables = write(entrepot, SEANCE, tmp_path / "s.docx")
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        periode = Contexte(SEANCE, "ICI 1", lecteur.instantane, datetime.now(UTC)).periode
        for rang, nom in enumerate(("equilibre", *LABELS, "bas_revenus")):
            for ligne in tables[rang]:
                ici = None if ligne[0] == "Métropole" else ligne[0]
                x: pd.Series = SALLE.cellules(compute(lecteur, nom, periode, ici=ici)).iloc[0]
                comptes = [langue.nombre(x[c]) for c in ("n", "n_connus", "numerateur")]
                assert ligne[1:5] == [*comptes, langue.part(x["part"])]
    assert all(langue.ABSENT not in x for x in tables[6])

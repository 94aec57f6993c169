"""The synthesis of the three ICI says no small count, and none that gives a small one back by difference."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from docx import Document

from mel_core import langue, perimetre
from mel_core.dossier import synthese
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.releve import Releve
from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import calculer
from mel_core.periodes import Seance
from mel_core.secret.regroupement import SEUIL
from tests.ecrans.conftest import PLAFOND_2017
from tests.jeux import attribution, bailleurs, chargement, table

SEANCE = Seance(2017, 2)
COMMUNES = {"ICI 1": "59350", "ICI 2": "59512", "ICI 3": "59009"}
LABELS = {"aci": 1, "mutations_bloquees": 2, "npru": 3, "droit_commun": 4}  # rank of the table of each
CLASSES = ("fragile", "moyenne", "sans")
POURQUOI = "permettrait d’en retrouver un par différence"


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
                        date_bail=date(2017, 10, 1),
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


def ecrire(entrepot: Entrepot, seance: Seance, chemin: Path) -> tuple[list[list[list[str]]], str]:
    """The rows of each table of the document, and its paragraphs."""
    with entrepot.ouvrir(Portee.mel(), seance) as lecteur:
        contexte = Contexte(seance, "ICI 3", lecteur.instantane, datetime(2018, 1, 9, tzinfo=UTC))
        synthese.ecrire(chemin, contexte, lecteur, {ici: Releve([]) for ici in perimetre.icis(lecteur)})
    document = Document(str(chemin))
    tables = [[[c.text for c in r.cells] for r in t.rows[1:]] for t in document.tables[:7]]
    return tables, " ".join(p.text for p in document.paragraphs)


def publie(dossier: Path, **ailleurs: dict[str, int]) -> Entrepot:
    entrepot = Entrepot(dossier)
    with entrepot.reserver():
        entrepot.publier(chargement(**monde(**ailleurs)))
    return entrepot


def lire(texte: str) -> int | None:
    return None if texte == langue.ABSENT else int(texte.replace(langue.FINE, "").replace(langue.INSECABLE, ""))


def lus(tables: list[list[list[str]]]) -> dict[tuple[str, str, str], tuple[int | None, int | None]]:
    """(table, place, class): households known, households counted, as they are printed."""
    dits: dict[tuple[str, str, str], tuple[int | None, int | None]] = {}
    for rang, lignes in enumerate(tables[:6]):
        dits |= {(str(rang), x[0], ""): (lire(x[2]), lire(x[3])) for x in lignes}
    return dits | {("classes", x[0], x[1]): (lire(x[2]), lire(x[3])) for x in tables[6]}


CAS = {
    "4 relogements NPRU": {"labels": {"npru": 4}},
    "5 mutations bloquées et 3 NPRU": {"labels": {"npru": 3, "mutation_bloquee": 5}},
    "tous modestes sauf 5 en quartiers fragiles": {"modestes": {"fragile": 55}},
    "6 attributions en quartiers fragiles": {"n": {"fragile": 6}, "modestes": {"fragile": 6}},
    "4 modestes dans chaque type de quartiers": {"modestes": dict.fromkeys(CLASSES, 4)},
}


@pytest.mark.parametrize("ailleurs", CAS.values(), ids=CAS)
def test_nothing_under_eleven_is_printed_nor_left_by_a_subtraction(
    ailleurs: dict[str, dict[str, int]], tmp_path: Path
) -> None:
    tables, dit = ecrire(publie(tmp_path, **ailleurs), SEANCE, tmp_path / "s.docx")
    dits = lus(tables)
    for connus, comptees in dits.values():
        reste = connus - comptees if connus is not None and comptees is not None else None
        assert not {connus, comptees, reste} & set(range(1, SEUIL))
    # Nobody is alone behind a dash in a sum whose total is printed: ICI, then classes, then labels. A count that only
    # follows its denominator is no secret.
    lieux = [*COMMUNES, "Métropole"]
    sommes = [([(t, ici, c) for ici in lieux], rang) for t, _, c in dits for rang in (0, 1)]
    for ici in lieux:
        classes = [("0", ici, ""), *((t, i, c) for t, i, c in dits if t == "classes" and i == ici)]
        sommes += [(classes, 0), (classes, 1), ([(str(rang), ici, "") for rang in LABELS.values()], 1)]
    for cles, rang in sommes:
        secrets = [dits[c] for c in cles if c in dits and (rang == 0 or dits[c][0] is not None)]
        assert [x[rang] for x in secrets].count(None) != 1
    # Households known and modest in one table are not those of another.
    for ici in lieux:
        tres, modestes = dits["5", ici, ""][1], dits["0", ici, ""][1]
        assert tres is None or modestes is None or not 0 < modestes - tres < SEUIL
    # A share or a gap would say what its count does not.
    for ligne in (x for t in tables for x in t):
        assert ligne[-3] != langue.ABSENT or ligne[-2:] == [langue.ABSENT] * 2
    for ici in {i for (t, i, _), (_, k) in dits.items() if t == "classes" and k is None}:
        assert next(x for x in tables[0] if x[0] == ici)[-2:] == [langue.ABSENT] * 2
    assert POURQUOI in dit


def test_four_relogements_take_another_ici_and_another_label_with_them_and_nothing_else(tmp_path: Path) -> None:
    tables, _ = ecrire(publie(tmp_path, labels={"npru": 4}), SEANCE, tmp_path / "s.docx")
    npru = {x[0]: x[3] for x in tables[LABELS["npru"]]}
    assert (npru["ICI 3"], npru["Métropole"], list(npru.values()).count(langue.ABSENT)) == (langue.ABSENT, "64", 2)
    tus = {(t, ici) for (t, ici, _), (connus, k) in lus(tables).items() if None in (connus, k)}
    assert len(tus) == 4
    assert len({ici for _, ici in tus}) == len({t for t, _ in tus}) == 2


def test_without_a_small_count_every_figure_is_printed(tmp_path: Path) -> None:
    tables, dit = ecrire(publie(tmp_path), SEANCE, tmp_path / "s.docx")
    assert all(None not in x for x in lus(tables).values())
    assert POURQUOI not in dit


def test_the_figures_of_the_demonstration_are_those_of_the_indicators(
    demonstration_publiee: Path, tmp_path: Path
) -> None:
    entrepot = Entrepot(demonstration_publiee)
    tables, dit = ecrire(entrepot, SEANCE, tmp_path / "s.docx")
    with entrepot.ouvrir(Portee.mel(), SEANCE) as lecteur:
        periode = Contexte(SEANCE, "ICI 1", lecteur.instantane, datetime.now(UTC)).periode
        for rang, nom in enumerate(("equilibre", *LABELS, "bas_revenus")):
            for ligne in tables[rang]:
                ici = None if ligne[0] == "Métropole" else ligne[0]
                x: pd.Series = calculer(lecteur, nom, periode, ici=ici).iloc[0]
                comptes = [langue.nombre(int(x[c])) for c in ("n", "n_connus", "numerateur")]
                assert ligne[1:5] == [*comptes, langue.part(x["part"])]
    assert all(langue.ABSENT not in x for x in tables[6])
    assert POURQUOI not in dit

"""Who was first where a Poulidor was behind, recounted by plain Python from contract §6, over drawn tables."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.segments import Criteres, pseudonymes
from mel_core.segments.devant import AXES, find_devant
from tests.cli.appel import ici, une_phrase
from tests.jeux import LILLE, ROUBAIX, bailleurs, chargement, table
from tests.segments.conftest import JOUR, sample

DEBUT = date(2015, 12, 31)  # 24 months before, excluded
LABELS = ("npru", "dalo", "pdalhpd", "aci", "mutation_bloquee")
COMMUNES = {"R1": LILLE, "R2": ROUBAIX}
Ligne = dict[str, Any]


def draw(graine: int) -> tuple[list[Ligne], list[Ligne]]:
    """The demandes of `sample`, many passages on few days in two résidences, some in none; a few of nobody known."""
    demandes, _ = sample(graine, 40)
    d = random.Random(graine)
    jours = [DEBUT, date(2016, 1, 1), date(2017, 5, 2), date(2017, 9, 3), JOUR]
    evenements = [
        {
            "id_evenement": f"E{i}",
            "numero_unique": f"p{d.randrange(44):03d}",
            "type": d.choice([*6 * ["PASSAGE_CAL"], "VISITE"]),
            "date_survenance": d.choice(jours),
            "decision": d.choice(["ATTRIBUE", "ATTRIBUE", "ATTRIBUE", "NON_ATTRIBUE"]),
            "rang": d.choice([None, 1, 2, 2, 3]),
            "code_residence": d.choice([None, "R1", "R2", "Les Bouleaux"]),
            "code_bailleur": d.choice(["B1", "B2"]),
            "typologie": d.choice([None, "T2", "T4"]),
        }
        for i in range(200)
    ]
    return demandes, evenements


def publish(dossier: Path, demandes: list[Ligne], evenements: list[Ligne]) -> Entrepot:
    entrepot = Entrepot(dossier)
    quartiers = [{"code_quartier": f"{c}01", "nom": c, "code_insee": c} for c in (LILLE, ROUBAIX)]
    residences = [
        {"code_residence": r, "code_bailleur": "B1", "code_quartier": f"{c}01", "n_logements": 90}
        for r, c in COMMUNES.items()
    ]
    with entrepot.reserve():
        entrepot.publish(
            chargement(
                bailleurs=bailleurs("B1", "B2"),
                quartiers=table("quartiers", *quartiers),
                residences=table("residences", *residences),
                demandes=table("demandes", *demandes),
                evenements=table("evenements", *evenements),
            )
        )
    return entrepot


def label(d: Ligne | None) -> str:
    """The first that holds; unknown as soon as one before it is."""
    for nom in LABELS if d else ():
        if d[nom] is None:
            return "inconnu"
        if d[nom]:
            return nom
    if d is None or d["statut_logement"] is None:
        return "inconnu"
    return "mutation" if d["statut_logement"] == "HLM" else "droit_commun"


@pytest.mark.parametrize("graine", range(6))
def test_who_was_first_is_what_a_recount_finds(tmp_path: Path, graine: int) -> None:
    demandes, evenements = draw(graine)
    entrepot = publish(tmp_path, demandes, evenements)
    with entrepot.open(Portee.mel()) as lecteur:
        criteres = Criteres(JOUR)
        menages = pseudonymes(lecteur, "poulidor", criteres)
        dit = find_devant(lecteur, menages, criteres)
    par_numero = {d["numero_unique"]: d for d in demandes}
    siens = {*menages}
    places = [
        e
        for e in evenements
        if e["type"] == "PASSAGE_CAL" and e["decision"] == "ATTRIBUE" and DEBUT < e["date_survenance"] <= JOUR
    ]
    premiers = defaultdict(list)
    for e in places:
        if e["rang"] == 1 and e["code_residence"] in COMMUNES:  # « Les Bouleaux » is nobody's: two may bear the name
            premiers[e["code_residence"], e["date_survenance"]].append(e)
    derriere = [e for e in places if e["rang"] and e["rang"] >= 2 and e["numero_unique"] in siens]
    ou = {(e["code_residence"], e["date_survenance"]) for e in derriere}
    assert len(siens) > 3
    assert dit.n_passages == len(derriere)
    assert dit.n_avec_premier == sum((e["code_residence"], e["date_survenance"]) in premiers for e in derriere)
    devant = {e["numero_unique"] for lieu in ou for e in premiers.get(lieu, ())}
    comptes = {axe: dict(zip(t["cle"], t["n"], strict=True)) for axe, t in dit.premiers.items()}
    assert comptes["etiquette"] == Counter(label(par_numero.get(numero)) for numero in devant)
    assert sum(comptes["taille"].values()) == sum(comptes["ressources"].values()) == len(devant)
    for axe, lu in {
        "bailleur": lambda e: e["code_bailleur"],
        "commune": lambda e: COMMUNES[e["code_residence"]],
        "typologie": lambda e: e["typologie"] or "inconnu",
    }.items():
        couples = {(lu(e), e["numero_unique"]) for lieu in ou for e in premiers.get(lieu, ())}
        assert comptes[axe] == Counter(modalite for modalite, _ in couples)


def test_the_command_says_the_same_for_an_ici_wherever_the_first_wants_to_live(tmp_path: Path) -> None:
    """m0 wants Roubaix, twice second in R1: behind m1, who wants Lille alone, then behind nobody known."""
    demandes, _ = sample(0, 2)
    for demande, commune in zip(demandes, (ROUBAIX, LILLE), strict=True):
        demande |= {
            "etat": "ACTIVE",
            "date_radiation": None,
            "date_creation": date(2016, 1, 1),
            "statut_logement": "LP",
        }
        demande |= {"communes_souhaitees": [commune], "code_insee_actuel": None, **dict.fromkeys(LABELS, False)}
    demandes[1]["dalo"] = True
    passage = {"type": "PASSAGE_CAL", "decision": "ATTRIBUE", "code_residence": "R1", "code_bailleur": "B1"}
    jours = (date(2017, 5, 2), date(2017, 9, 3))
    seconds = [{"id_evenement": f"S{j}", "numero_unique": "p000", "date_survenance": j, "rang": 2} for j in jours]
    premier = {"id_evenement": "P", "numero_unique": "p001", "date_survenance": jours[0], "rang": 1}
    passages = [passage | e for e in (*seconds, premier)]
    publish(tmp_path, demandes, passages)
    poulidor = ("segment", "poulidor", "--date", "2017-12-31", "--devant", "--ici", "ICI 2")
    tu = json.loads(ici(*poulidor, donnees=tmp_path).stdout)
    assert tu == {"n_passages": None, "n_avec_premier": None, "devant": None, "motif": "fenetre_non_couverte"}
    ancien = {"id_evenement": "A", "numero_unique": "p001", "type": "VISITE", "date_survenance": DEBUT}
    publish(tmp_path, demandes, [*passages, ancien])
    dit = json.loads(ici(*poulidor, donnees=tmp_path).stdout)
    assert (dit["n_passages"], dit["n_avec_premier"], dit["devant"]) == (2, 1, [{"etiquette": "dalo", "n": 1}])
    assert set(dit) == {"n_passages", "n_avec_premier", "devant", *(f"devant_par_{axe}" for axe in AXES[1:])}
    salle = json.loads(ici(*poulidor, "--audience", "salle", donnees=tmp_path).stdout)
    assert (salle["n_passages"], salle["devant"]) == (None, [{"etiquette": "dalo", "n": None, "masque": True}])
    assert salle["masque"] is True


@pytest.mark.parametrize("autre", [("attente_24",), ("poulidor", "--par", "bailleur"), ("poulidor", "--format", "csv")])
def test_no_other_segment_split_or_list_says_who_was_first(tmp_path: Path, autre: tuple[str, ...]) -> None:
    refus = ici("segment", *autre, "--date", "2017-12-31", "--devant", donnees=tmp_path)
    assert refus.returncode == 2
    assert "--devant" in une_phrase(refus)

"""13h30, mutations by criterion and those refused for unpaid rent: on screen, what the command says, in both modes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.simulation import phrases_offre
from mel_core.socle import langue
from pages.commun.images import lignes as dessins
from pages.seance.orientations import ecran_mutations as ecran
from tests.cli.appel import ici
from tests.ecrans.scenario_attendu import lisse
from tests.ecrans.test_suivre_chiffres import dit, lignes
from tests.ecrans.vue import open
from tests.lecteurs import lue_par

ACTION_LOGEMENT = Profil(TypeProfil.RESERVATAIRE, "COLACT")  # at its desk, reads what a room reads
BLOQUEES = ("segment", "mutations_bloquees_en_attente", "--date", "2017-12-31")


def demande(dossier: Path, *mots: str) -> Any:
    return json.loads(ici(*mots, "--ici", "ICI 2", donnees=dossier).stdout)


def nombre(n: int | None) -> str:
    return "12 ou moins" if n is None else lisse(langue.nombre(n))


@pytest.mark.parametrize("audience", ["preparation", "salle"])
def test_the_criteria_of_the_blocked_mutations_are_those_of_the_command(dossier: Path, audience: str) -> None:
    etat = {"profil_repete": ACTION_LOGEMENT} if audience == "salle" else None
    pieces = open(etat, page="orientations", seance="2017S2", ici="ICI 2", vue="mutations", mutations_par="critere")
    attendus = demande(dossier, *BLOQUEES, "--par", "critere_mutation", "--audience", audience)
    dites = {r[0]: r[1] for r in lignes(pieces, "Mutations bloquées, par critère")}
    libelles = ecran.LIBELLES["critere_mutation"]
    assert dites == {libelles[x["cle"]]: nombre(x["n"]) for x in attendus}
    total = demande(dossier, *BLOQUEES, "--audience", audience)["n"]
    premier = max((x for x in attendus if x["n"]), key=lambda x: x["n"])
    phrase = dit(pieces, "message")
    assert phrase.startswith(f"{nombre(total)} mutations bloquées qui souhaitent l’ICI 2 ou y habitent attendent")
    assert f"d’abord : {libelles[premier['cle']]} ({nombre(premier['n'])})" in phrase


@pytest.mark.parametrize("audience", ["preparation", "salle"])
def test_the_refusals_for_unpaid_rent_are_those_of_the_command(dossier: Path, audience: str) -> None:
    etat = {"profil_repete": ACTION_LOGEMENT} if audience == "salle" else None
    pieces = open(etat, page="orientations", seance="2017S2", ici="ICI 2", vue="mutations", mutations_par="impayes")
    reponse = ("suivre", "refus_mutations", "--seance", "2017S2", "--audience", audience)
    attendus = sorted(
        [nombre(x[c]) for c in ("n", "n_connus", "n_impayes")]
        + ["—" if x["part_impayes"] is None else lisse(langue.part(x["part_impayes"]))]
        for x in demande(dossier, *reponse)
    )
    assert sorted(r[1:] for r in lignes(pieces, "Refus de mutation, par bailleur")) == attendus
    noms = [r[0] for r in lignes(pieces, "Refus de mutation, par bailleur")]
    assert noms == sorted(noms)
    assert f"{nombre(sum(x['n_impayes'] for x in demande(dossier, *reponse[:-2])))} mutations" in dit(pieces, "message")


def test_without_points_of_cotation_the_queue_says_what_they_would_add(dossier: Path) -> None:
    pieces = open(None, page="orientations", seance="2017S2", ici="ICI 2", vue="ordonnancement")
    assert "aucun fichier n’a donné « points » (table « demandes »)" in " ".join(lisse(str(p.contenu)) for p in pieces)
    assert demande(dossier, "suivre", "cotation", "--seance", "2017S2") == [{"colonnes_absentes": "points"}]


LUS = pd.DataFrame([("AUTRE", 9), ("DELAI", 31), ("VIOLENCES", 14), ("inconnu", 40)], columns=["cle", "n"])


def test_the_criteria_are_in_the_order_of_what_is_read_the_unknown_last() -> None:
    assert lue_par(PREPARATION, ecran.say_criteres, LUS)["libelle"].tolist() == [
        *("délai d’attente", "violences", "autre critère", "critère non dit"),
    ]
    dits = lue_par(SALLE, ecran.say_criteres, LUS)
    assert [nombre(None) if pd.isna(n) else nombre(n) for n in dits["n"]] == ["30", "15", "12 ou moins", "40"]
    # 9 + 31 + 14 + 40 = 94
    assert lisse(lue_par(SALLE, phrases_offre.criteres, "", LUS, dits)) == snapshot(
        "**95 mutations bloquées** de la Métropole attendent, d’abord : **délai d’attente** (30) et **violences** (15)."
    )
    seul = lue_par(SALLE, ecran.say_criteres, LUS[:1])
    assert "aucun critère n’en dit assez" in lue_par(SALLE, phrases_offre.criteres, "", LUS[:1], seul)


def test_every_bailleur_but_those_that_refuse_nobody_is_drawn_what_is_not_said_without_a_bar() -> None:
    lus = pd.DataFrame({"libelle": ["A", "B", "C"], "n": [90, 40, 20], "n_impayes": [20, 0, 3]})
    assert ecran.drawn(lus)["libelle"].tolist() == ["A", "C"]
    dits = SALLE.comptes(lus, ["n", "n_impayes"])
    vus = ecran.drawn(dits)
    image = dessins.comptes(vus["libelle"], vus["n"], "refus", "titre")
    (barres,) = [t for t in image.figure.data if t.type == "bar"]
    assert list(barres.x) == [20, 0, 0]

"""A segment has one count: 13h30, Simuler, Suivre, the lists, the command and the slides say it; so have its causes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mel_core.dossier.journee import pages_de
from mel_core.dossier.orientations_dossier import Sources
from mel_core.dossier.seance import contexte
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.journal import Journal
from mel_core.seance.sequence import Message
from mel_core.secret.bail import SALLE
from mel_core.socle.periodes import Seance
from tests.cli.appel import ici as command
from tests.ecrans.conftest import ROUBAIX, Publier
from tests.ecrans.test_causes_notees import ROUBAISIEN, note
from tests.ecrans.test_segments_dits import lu
from tests.ecrans.vue import Piece
from tests.ecrans.vue import open as see
from tests.jeux import LILLE
from tests.lecteurs import lue_par
from tests.mots import simple
from tests.navigateur.test_orientations import monde

VUE = {"vue": "segments", "segment": "poulidor"}


def said(pieces: list[Piece]) -> str:
    dits = (str(p.contenu) for p in pieces if p.zone == "message" and p.genre == "markdown")
    return simple(next(dits).replace("*", ""))


@pytest.mark.parametrize(
    ("ici", "commune", "nom", "n_souhaitee"), [("ICI 2", ROUBAIX, "Roubaix", 100), ("ICI 1", LILLE, "Lille", 50)]
)
def test_a_segment_and_its_causes_are_counted_alike_wherever_they_are_said(
    publish: Publier, tmp_path: Path, ici: str, commune: str, nom: str, n_souhaitee: int
) -> None:
    """The hundred Poulidors want Roubaix, every other one Lille too; all live in Lille."""
    publish(**monde())
    note(tmp_path, ROUBAISIEN, range(40), "injoignable")
    demandes = {"seance": "2017S2", "ici": ici}
    segment = ("segment", "poulidor", "--date", "2017-12-31", "--ici", ici)

    def answer(*options: str) -> Any:
        return json.loads(command(*segment, *options, donnees=tmp_path).stdout)

    n = answer()["n"]
    assert n == 100
    assert f"{n} demandes actives" in said(see(page="orientations", **demandes, **VUE))
    scenario = see(page="simuler", **demandes, simulation="engagement", segment="poulidor")
    courbe = next(p.contenu for p in scenario if p.genre == "graphique")["data"][0]
    assert courbe["y"][0] == n
    # By commune wanted, and the list of that commune.
    par_commune = {x["cle"]: x["n"] for x in answer("--par", "commune_souhaitee")}
    assert par_commune[commune] == n_souhaitee
    assert f"{nom} : {n_souhaitee}" in lu(see(page="orientations", **demandes, **VUE, par="commune_souhaitee"))
    liste = {"segment": "poulidor", "commune": commune, "liste_lien": "souhaitee", "seance": "2017S2"}
    assert said(see({"auteur_nom": "C. Essai"}, page="mes_listes", **liste)).startswith(
        f"{nom} : {n_souhaitee} demandes"
    )
    # Suivre, of whatever segment: who lives in Lille and wants that commune.
    siennes = [[f"commune_{lien}", "parmi", [code]] for lien, code in (("residence", LILLE), ("souhaitee", commune))]
    libre = ("segment", "libre", "--date", "2017-12-31", "--conditions", json.dumps(siennes))
    suivre = see(page="bassins", seance="2017S2", ici="MEL", territoire="Lille", flux="habite_souhaite")
    flux = next(p.contenu for p in suivre if p.genre == "grille" and "Ménages" in p.contenu)
    assert flux.set_index(["De", "Vers"])["Ménages"].to_dict()["Lille", nom] == str(
        json.loads(command(*libre, donnees=tmp_path).stdout)["n"]
    )
    # The causes.
    assert answer("--causes") == {
        "n_notees": 40,
        "suites": [{"code": "toujours_bloque", "cause": "injoignable", "n": 40}],
    }
    assert answer("--causes", "--audience", "salle")["masque"] is False
    assert "40 injoignables" in said(see(page="orientations", **demandes, **VUE, etape="causes"))
    # The slides say what the room reads.
    entrepot = Entrepot(tmp_path)
    with entrepot.open(Portee.mel()) as lecteur:
        sources = Sources(
            entrepot, lecteur, Journal.du_dossier(tmp_path), contexte(lecteur, Seance(2017, 2), ici), Noms.read(lecteur)
        )
        for etape in ("repartition", "devant", "causes"):
            message = Message(etape, "orientations", "Ménages Poulidor", {**VUE, "etape": etape})
            (page,) = lue_par(SALLE, pages_de, sources, [message])
            assert simple(page.phrase) == said(see(page="orientations", **demandes, **message.parametres, salle="oui"))

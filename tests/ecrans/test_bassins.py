"""Suivre › Bassins de vie: its figures are the command's, at a desk and in Salle; what no file gives is named."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import COPILOTE
from tests.cli.appel import ici
from tests.ecrans import vue
from tests.ecrans.conftest import LANNOY, ROUBAIX, TOURCOING, Publier
from tests.ecrans.vue import see
from tests.jeux import attribution, bailleurs, build_store, chargement, demande_active, table

ADRESSE = {"seance": "2017S2", "ici": "ICI 2", "territoire": "Roubaisien"}


def open(*, en_salle: bool = False, **adresse: str) -> AppTest:
    return see("bassins", {"profil_repete": COPILOTE, "salle_repetee": en_salle}, **{**ADRESSE, **adresse})


def lu(essai: AppTest) -> str:
    ecrits = " ".join(str(p.contenu) for p in vue.pieces(essai) if p.genre in ("html", "markdown"))
    return re.sub(r"\s+", " ", vue.texte(ecrits)).replace("**", "")


def tables(*, a_origine: bool = True) -> dict[str, Any]:
    """200 bails in Roubaix over 2017: 120 to households of Roubaix, 40 of Lannoy (same territoire), 40 of Tourcoing; 30
    in Tourcoing to households of Roubaix. One résidence of 1 000 dwellings in Roubaix, 25 of them vacant."""
    trajets = [*[(ROUBAIX, ROUBAIX)] * 120, *[(LANNOY, ROUBAIX)] * 40, *[(TOURCOING, ROUBAIX)] * 40]
    trajets += [(ROUBAIX, TOURCOING)] * 30
    demande = {"etat": "RADIEE", "date_radiation": date(2017, 12, 31), "n_personnes": 1}
    return {
        "bailleurs": bailleurs("B1"),
        "quartiers": table("quartiers", {"code_quartier": "Q1", "nom": "Q1", "code_insee": ROUBAIX}),
        "residences": table(
            "residences",
            {
                **{"code_residence": "R1", "code_bailleur": "B1", "code_quartier": "Q1"},
                **{"n_logements": 1000, "n_vacants": 25},
            },
        ),
        "attributions": table(
            "attributions",
            *(
                attribution(i, code_insee=vers, date_bail=date(2017, 1 if i % 2 else 12, 1), numero_unique=f"p{i}")
                for i, (_, vers) in enumerate(trajets)
            ),
        ),
        "demandes": table(
            "demandes",
            *(
                {
                    **demande,
                    **{"numero_unique": f"p{i}", "date_creation": date(2016, 1, 1)},
                    **({"code_insee_actuel": de} if a_origine else {}),
                    "communes_souhaitees": [ROUBAIX, TOURCOING],
                }
                for i, (de, _) in enumerate(trajets)
            ),
        ),
    }


def test_the_sentence_the_flows_and_the_command_say_the_same(publish: Publier, tmp_path: Path) -> None:
    publish(**tables())
    dite = lu(open())
    # 160 of 200 lived in the territoire, Lannoy's 40 included; 30 of its inhabitants are housed in Tourcoing.
    assert (
        "Territoire Roubaisien : 1 000 logements sociaux, dont 2,5 % vacants ; 200 baux signés en 12 mois, dont 80 % à "
        "des ménages qui y vivaient déjà ; 30 de ses habitants logés ailleurs."
    ) in dite
    for flux in (
        "Roubaisien, restés sur place : 160 ménages",
        "Tourquennois, venus de là : 40 ménages",
        ", partis là : 30 ménages",
    ):
        assert flux in dite
    assert "autre paire" not in dite  # all three are in the table
    images = [json.loads(x.proto.bytes)["images"] for x in open().get("bidi_component") if b'"images"' in x.proto.bytes]
    (flux,) = (image for (image,) in images if "Habité → obtenu" in image["titre"])
    longueurs = {t["name"]: [n for n in t["x"] if n] for t in flux["data"] if t.get("name")}
    assert longueurs == {"restés sur place": [160], "venus de là": [-40], "partis là": [30]}  # who stays left nothing
    (ligne,) = json.loads(ici("bassins", "--seance", "2017S2", "--lieu", "Roubaisien", donnees=tmp_path).stdout)
    assert [ligne[c] for c in ("n_logements", "n_vacants", "n_entrees", "n_sur_place", "n_arrivees", "n_departs")] == [
        *(1000, 25, 200, 160, 40, 30)
    ]
    paires = json.loads(ici("bassins", "habite_obtenu", "--seance", "2017S2", donnees=tmp_path).stdout)
    assert {(p["de"], p["vers"]): p["n"] for p in paires} == {
        ("Roubaisien", "Roubaisien"): 160, ("Tourquennois", "Roubaisien"): 40, ("Roubaisien", "Tourquennois"): 30,
    }  # fmt: skip


def test_a_room_reads_households_to_the_nearest_five_and_no_pair_of_a_few(publish: Publier, tmp_path: Path) -> None:
    jeu = tables()
    lignes = jeu["attributions"].to_pylist()
    for ligne in lignes:
        ligne["numero_unique"] = ligne.pop("pseudonyme")
    # 7 of the 30 who left are no longer there, and 18 of the 40 who came from Tourcoing: 22 and 23 are left.
    garde = [x for i, x in enumerate(lignes) if i < 182 or i >= 207]
    publish(**jeu | {"attributions": table("attributions", *garde)})
    dite = lu(open(en_salle=True))
    assert "180 baux signés en 12 mois" in dite  # 182
    assert "88 % à des ménages" in dite  # 160 of 182, 87.9 %
    assert "25 de ses habitants logés ailleurs" in dite  # 23
    assert "1 000 logements sociaux" in dite
    assert not re.search(r"\b(182|22|23) ménages", dite)
    (ligne,) = json.loads(
        ici("bassins", "--seance", "2017S2", "--lieu", "Roubaisien", "--audience", "salle", donnees=tmp_path).stdout
    )
    assert [ligne[c] for c in ("n_entrees", "n_arrivees", "n_departs", "part_sur_place")] == [180, 20, 25, 0.88]


def test_the_sentence_over_wishes_speaks_of_them_and_no_line_has_a_second_name(publish: Publier) -> None:
    # Each of the 230 wanted both territoires; those of 2017 are no longer active, 20 of Roubaix and 3 of Tourcoing are.
    jeu = tables()
    actives = [ROUBAIX] * 20 + [TOURCOING] * 3
    restantes = [
        demande_active(f"a{i}", date(2017, 1, 1), code_insee_actuel=de, communes_souhaitees=[ROUBAIX, TOURCOING])
        for i, de in enumerate(actives)
    ]
    publish(**jeu | {"demandes": pa.concat_tables([jeu["demandes"], table("demandes", *restantes)])})
    obtenu, souhaite = (lu(open(en_salle=True, flux=flux)) for flux in ("souhaite_obtenu", "habite_souhaite"))
    assert (
        "Territoire Roubaisien : 200 baux signés en 12 mois par des ménages qui le souhaitaient ; ailleurs, d’abord "
        "Tourquennois (30)."
    ) in obtenu
    assert "Roubaisien, l’ont souhaité et obtenu : 200 ménages" in obtenu
    assert (
        "Territoire Roubaisien : 20 demandes actives de ses habitants pour y rester ; ailleurs, d’abord Tourquennois "
        "(20)."
    ) in souhaite
    assert "fin 2017 · territoire Roubaisien" in souhaite
    assert "(sur place)" not in souhaite
    assert "(souhaité et obtenu)" not in obtenu


def test_a_room_is_not_told_where_a_few_came_from(publish: Publier, tmp_path: Path) -> None:
    jeu = tables()
    lignes = jeu["attributions"].to_pylist()
    for ligne in lignes:
        ligne["numero_unique"] = ligne.pop("pseudonyme")
    # Four of the forty who came from Tourcoing are left, and the thirty who left for it.
    garde = [x for i, x in enumerate(lignes) if i < 164 or i >= 200]
    publish(**jeu | {"attributions": table("attributions", *garde)})
    dite = lu(open(en_salle=True))
    assert "Un flux de 12 ménages ou moins n’est ni nommé ni dessiné." in dite
    assert "partis là : 30 ménages" in dite
    assert "venus de là" not in dite
    lues = json.loads(
        ici("bassins", "habite_obtenu", "--seance", "2017S2", "--audience", "salle", donnees=tmp_path).stdout
    )
    assert [(p["de"], p["vers"], p["n"]) for p in lues] == [
        ("Roubaisien", "Roubaisien", 160), ("Roubaisien", "Tourquennois", 30),
    ]  # fmt: skip
    exacte = lu(open())
    assert "Tourquennois, venus de là : 4 ménages" in exacte
    assert "n’est ni nommé" not in exacte


def test_what_no_file_gives_is_named_and_no_flow_is_drawn_of_it(publish: Publier, tmp_path: Path) -> None:
    publish(bailleurs=bailleurs("B1"))  # the store of the screens
    charge = chargement(**tables(a_origine=False))
    presentes = charge.colonnes_presentes["demandes"] - {"code_insee_actuel"}
    charge = replace(charge, colonnes_presentes={**charge.colonnes_presentes, "demandes": presentes})
    build_store(tmp_path, charge)
    dite = lu(open())
    assert "Aucun fichier n’a donné « code_insee_actuel » (table « demandes ») : l’ajouter depuis" in dite
    assert "Territoire Roubaisien : 1 000 logements sociaux, dont 2,5 % vacants ; 200 baux signés en 12 mois." in dite
    (ligne,) = json.loads(ici("bassins", "habite_obtenu", "--seance", "2017S2", donnees=tmp_path).stdout)
    assert (ligne["n"], ligne["motif"], ligne["colonnes_absentes"]) == (None, "colonne_absente", "code_insee_actuel")


@pytest.mark.parametrize("adresse", [{"territoire": "Weppes"}, {"flux": "rien"}])
def test_a_link_to_what_is_not_in_the_ici_says_so(publish: Publier, adresse: dict[str, str]) -> None:
    publish(**tables())
    assert f"Le lien demande « {next(iter(adresse.values()))} », qui n’existe pas" in lu(open(**adresse))


def test_a_place_that_does_not_exist_is_refused_by_the_command(publish: Publier, tmp_path: Path) -> None:
    publish(**tables())
    reponse = ici("bassins", "--seance", "2017S2", "--lieu", "Atlantide", donnees=tmp_path)
    assert reponse.returncode == 2
    assert "« Atlantide » n’est ni un territoire ni une commune" in reponse.stderr

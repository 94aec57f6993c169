"""Down from the bilan to a commune, then to a quartier: what is drawn is what the command line says of each place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.secret.bail import SALLE
from pages.commun import donnees
from tests.ecrans import metropole
from tests.ecrans.conftest import ROUBAIX
from tests.ecrans.dessin import est_carte
from tests.ecrans.reponses import SEANCE, Cellule, Reponses, entier, pour_cent
from tests.ecrans.vue import Piece, nombres, open, pieces, see, tableaux, visit

LIGNES_DESSINEES = 12


@pytest.fixture(scope="module")
def reponses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reponses]:
    lieu = tmp_path_factory.mktemp("descente")
    metropole.publish(lieu)
    with pytest.MonkeyPatch.context() as environnement:
        environnement.setenv("MEL_DONNEES", str(lieu))
        st.cache_resource.clear()
        st.cache_data.clear()
        yield Reponses(Path(lieu), "ICI 2")
    st.cache_resource.clear()
    st.cache_data.clear()


def descendre(lieu: str, **etat: Any) -> list[Piece]:
    return open(etat, seance=SEANCE, ici="ICI 2", objectif="equilibre", lieu=lieu)


def sans_commune(nom: str) -> str:
    """`Quartier 1 d’essai (Roubaix)` in Roubaix."""
    return nom.removesuffix(" (Roubaix)")


def plus_loin(cellules: list[Cellule], cle: str) -> list[Cellule]:
    """Farthest from their objective first, then those of most attributions."""
    return sorted(cellules, key=lambda c: (-abs(ecart(c)), -c["n"], c[cle]))[:LIGNES_DESSINEES]


def ecart(c: Cellule) -> float:
    """Too many above 0, missing below."""
    if c["ecart_attributions"] is None or c["part"] is None or c["cible"] is None:
        return 0.0
    return float(c["ecart_attributions"] if c["part"] > c["cible"] else -c["ecart_attributions"])


def verify(pieces: list[Piece], cellules: list[Cellule], noms: list[str]) -> None:
    """The gap of each place on both sides of 0, said at its end, its whole figure under the pointer."""
    (image,) = [p.contenu for p in pieces if p.genre == "graphique" and not est_carte(p.contenu)]
    ecarts, dits = [ecart(c) for c in cellules], image["layout"]["yaxis2"]["ticktext"]
    manque, trop = (next(t for t in image["data"] if t.get("name") == nom) for nom in ("il en manque", "de trop"))
    assert manque["x"] == [min(e, 0.0) for e in ecarts]
    assert trop["x"] == [max(e, 0.0) for e in ecarts]
    assert manque["ids"] == trop["ids"] == [c["residence"] if "residence" in c else c["quartier"] for c in cellules]
    for c, e, dit, nom, bulle in zip(cellules, ecarts, dits, noms, trop["customdata"], strict=True):
        assert nombres(dit) == ([entier(abs(e))] if e else []), nom
        assert unescape(bulle).startswith(nom)
        assert not c["n_connus"] or pour_cent(c["part"]) in bulle


def test_the_quartiers_of_a_commune_are_drawn_as_the_command_line_counts_them(reponses: Reponses) -> None:
    lieux = reponses.lieux["quartier"]
    siens = [c for c in reponses.cellules("equilibre", "quartier") if lieux["commune"].get(c["quartier"]) == ROUBAIX]
    vus = plus_loin(siens, "quartier")
    noms = [sans_commune(reponses.name("quartier", c)) for c in vus]
    pieces = descendre(ROUBAIX)
    verify(pieces, vus, noms)
    dits = " ".join(str(p.contenu) for p in pieces if 'class="reserve"' in str(p.contenu))
    assert (f"Et {len(siens) - LIGNES_DESSINEES} autre" in dits) == (len(siens) > LIGNES_DESSINEES)
    # Every quartier is in the table, whatever is drawn.
    (table,) = [t for p in pieces if 'class="lu"' in str(p.contenu) for t in tableaux(str(p.contenu))]
    assert {r[0][0]: r[1][0] for r in table.rangees[1:]} == {
        sans_commune(reponses.name("quartier", c)): entier(c["n"]) for c in siens
    }


def test_the_residences_of_a_quartier_are_drawn_as_the_command_line_counts_them(reponses: Reponses) -> None:
    toutes = reponses.cellules("equilibre", "quartier", "residence")
    quartier = max((c["quartier"] for c in toutes if c["quartier"].startswith(ROUBAIX)), key=len)
    siennes = [c for c in toutes if c["quartier"] == quartier]
    vues = plus_loin(siennes, "residence")
    noms = [sans_commune(reponses.name("residence", c)) for c in vues]
    verify(descendre(quartier), vues, noms)


def test_a_room_reads_the_attributions_of_each_residence_and_nothing_else_of_it(reponses: Reponses) -> None:
    toutes = reponses.cellules("equilibre", "quartier", "residence")
    quartier = max((c for c in toutes if c["quartier"].startswith(ROUBAIX)), key=lambda c: c["n"])["quartier"]
    siennes = [c for c in toutes if c["quartier"] == quartier]
    vues = sorted(siennes, key=lambda c: (-c["n"], c["residence"]))[:LIGNES_DESSINEES]  # no gap is read
    lues = descendre(quartier, profil_repete=Profil(TypeProfil.RESERVATAIRE, "COLACT"))
    (image,) = [p.contenu for p in lues if p.genre == "graphique" and not est_carte(p.contenu)]
    (barres,) = [t for t in image["data"] if t["type"] == "bar"]
    regle = SALLE.regle
    assert list(barres["x"]) == [regle.compte(c["n"]) or 0 for c in vues]
    assert any(barres["x"])
    assert "objectif" not in str(image["layout"]["xaxis"])


def test_a_link_to_a_place_that_is_not_in_the_perimeter_says_so_and_opens_the_whole(reponses: Reponses) -> None:
    pieces = descendre("59350")  # Lille, of another ICI
    (refus,) = [p.contenu for p in pieces if 'class="refus"' in str(p.contenu)]
    assert "« Lille » n’est pas dans ce périmètre, il est de l’ICI 1" in refus.replace("\u00a0", " ")
    assert any("<caption>Équilibre 50/50, par " in str(p.contenu) for p in pieces)


def test_a_link_to_a_place_of_another_ici_is_followed_by_one_click_and_said_until_then(reponses: Reponses) -> None:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60)
    essai.query_params.update({"seance": "2017S2", "ici": "ICI 1", "lieu": ROUBAIX})
    for _ in range(2):
        essai.run()
        assert "il est de l’ICI 2" in "".join(str(p.contenu) for p in pieces(essai)).replace("\u00a0", " ")
        assert essai.query_params["lieu"] == ROUBAIX
        assert essai.selectbox(key="ici").value == "ICI 1"
    essai.button(key="suivre_le_lien").click().run()
    assert not essai.exception
    assert (essai.query_params["ici"], essai.query_params["lieu"]) == ("ICI 2", ROUBAIX)
    assert any("commune de Roubaix" in m.value for m in essai.markdown)
    assert not any('class="refus"' in str(p.contenu) for p in pieces(essai))
    essai.button(key="remonter_Métropole").click().run()
    assert (essai.query_params["ici"], "lieu" in essai.query_params) == ("MEL", False)


@pytest.mark.parametrize(("code", "dit"), [("594210102", "Le lieu que demande le lien"), ("ailleurs", "« ailleurs »")])
def test_a_link_to_an_unknown_place_shows_no_code(reponses: Reponses, code: str, dit: str) -> None:
    (refus,) = [str(p.contenu) for p in descendre(code) if 'class="refus"' in str(p.contenu)]
    assert dit in refus.replace("\u00a0", " ")
    assert "594210102" not in refus


def test_another_ici_goes_back_up_without_a_word(reponses: Reponses) -> None:
    essai = visit(seance="2017S2", ici="ICI 2", lieu=ROUBAIX).run()
    assert any("commune de Roubaix" in m.value for m in essai.markdown)
    essai.session_state["tableau_mesure"] = True  # unfolded
    essai.selectbox(key="ici").select("ICI 1").run()
    assert not essai.exception
    vues = [str(p.contenu) for p in pieces(essai)]
    assert not any('class="refus"' in vue for vue in vues)
    assert any("<caption>Équilibre 50/50, par " in vue for vue in vues)


def test_a_link_to_the_page_of_a_commune_that_is_elsewhere_says_so(reponses: Reponses) -> None:
    pieces = open({}, seance=SEANCE, ici="ICI 2", objectif="equilibre", fiche="59350")
    (refus,) = [p.contenu for p in pieces if 'class="refus"' in str(p.contenu)]
    assert "« Lille » n’est pas dans ce périmètre" in refus.replace("\u00a0", " ")
    assert any("<caption>Équilibre 50/50, par " in str(p.contenu) for p in pieces)


def test_in_salle_the_keys_go_down_from_the_metropole_to_a_quartier_and_back_up_level_by_level(
    reponses: Reponses,
) -> None:
    def ways(**adresse: str) -> tuple[list[str], str]:
        essai = see("", {"salle_repetee": True}, **{"seance": "2017S2", "objectif": "equilibre", **adresse})
        (bande,) = [x for x in essai.get("bidi_component") if x.proto.component_name.endswith("ici_salle")]
        lue = json.loads(bande.proto.bytes)
        return [code for code, _ in lue["dessous"]], lue["dessus"]

    icis, au_sommet = ways(ici="MEL")
    assert (icis, au_sommet) == (["ici:ICI 1", "ici:ICI 2", "ici:ICI 3"], "")
    communes, vers_la_mel = ways(ici="ICI 2")
    assert (f"lieu:{ROUBAIX}" in communes, vers_la_mel) == (True, "ici:MEL")
    quartiers, vers_le_message = ways(ici="ICI 2", lieu=ROUBAIX)
    assert quartiers
    assert all(code.startswith(f"lieu:{ROUBAIX}") for code in quartiers)
    assert vers_le_message.startswith("message:")
    assert ways(ici="ICI 2", lieu=quartiers[0].removeprefix("lieu:")) == ([], f"lieu:{ROUBAIX}")


def test_a_flux_says_where_its_agreements_come_from_and_no_other_measure_does(reponses: Reponses) -> None:
    def dit(objectif: str, coupe: str) -> bool:
        etat = {"seance": SEANCE, "ici": "ICI 2", "objectif": objectif, "coupe": coupe}
        return any("Objectifs : " in str(p.contenu).replace("\u00a0", " ") for p in open({}, **etat))

    assert dit("flux", "bailleur_reservataire")
    assert dit("flux", "reservataire")
    assert not dit("ressources", "quartier")

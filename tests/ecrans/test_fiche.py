"""The card of a commune and of a bailleur, on the demonstration and its fictitious séances: all that it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.demo.repetition import rehearse
from mel_core.dossier import fiches_dossier
from mel_core.dossier.orientations_dossier import Sources
from mel_core.dossier.seance import contexte
from mel_core.droits.acces import ANIMATEUR, Profil, TypeProfil
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.entrepot.registre import chemin
from mel_core.indicateurs import compute, fiches
from mel_core.indicateurs.comptage import freeze
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import decisions, promesses
from mel_core.segments import count_par
from mel_core.socle import langue
from mel_core.socle.langue import FINE, INSECABLE
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from pages.commun.segments.lecture_orientations import QuestionSegment
from tests.ecrans.conftest import ROUBAIX, monde, served
from tests.ecrans.test_un_nombre import MODES, Store, verify_cards
from tests.ecrans.vue import Piece, pieces, see, tableaux, texte
from tests.jeux import build_store, chargement, serve

LYS, TOURCOING, LINSELLES, CROIX = "59367", "59599", "59352", "59163"
OU = {"seance": "2017S2", "ici": "ICI 2"}
COMMUNE, BAILLEUR = Profil(TypeProfil.COMMUNE, ROUBAIX), Profil(TypeProfil.BAILLEUR, "BF02")


@pytest.fixture(scope="module", autouse=True)
def dossier(demonstration_copiee: Path) -> Iterator[Path]:
    rehearse(Entrepot(demonstration_copiee), Journal.du_dossier(demonstration_copiee))
    with served(demonstration_copiee):
        yield demonstration_copiee


def page(profil: Profil | None = None, **adresse: str) -> AppTest:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=120)
    if profil:
        essai.session_state["profil_repete"] = profil
    essai.query_params.update({**OU, **adresse})
    essai.run()
    assert not essai.exception
    return essai


def fiche(code: str, profil: Profil | None = None, **adresse: str) -> list[Piece]:
    return list(pieces(page(profil, objectif="equilibre", fiche=code, **adresse)))


def lisible(dit: str) -> str:
    return texte(dit).replace(FINE, " ").replace(INSECABLE, " ").replace("**", "").strip()


def phrase(lues: list[Piece]) -> str:
    return " ".join(lisible(str(p.contenu)) for p in lues if p.zone == "message")


def constats(lues: list[Piece]) -> list[tuple[str, str]]:
    """What is said under the picture, heading by heading."""
    (table,) = [t for p in lues if 'class="fiche"' in str(p.contenu) for t in tableaux(str(p.contenu))]
    return [(lisible(r[0][0]), lisible(r[1][0])) for r in table.rangees]


def est_la_fiche(essai: AppTest) -> bool:
    return any('class="fiche"' in x.proto.body for x in essai.get("html"))


@pytest.mark.parametrize("coupe", ["commune", "bailleur"])
@pytest.mark.parametrize("mode", MODES)
def test_the_largest_places_say_one_number_everywhere(dossier: Path, coupe: str, mode: str) -> None:
    assert verify_cards(Store(dossier, "2017S2"), coupe, mode, 5) > 4


def test_a_commune_above_by_a_few_says_its_side_as_the_command_line_does() -> None:
    """Its classes are too few to be told, one by one; the commune is not."""
    dite = phrase(fiche(LYS, salle="oui"))
    assert dite.startswith("Dans la commune de Lys-lez-Lannoy, équilibre 50/50 au-dessus de 50 %, écart de 12 ou moins")
    assert "trop peu pour dire" not in dite
    descente = phrase(list(pieces(page(objectif="equilibre", lieu=LYS, salle="oui"))))
    assert descente == snapshot(
        "Dans la commune de Lys-lez-Lannoy, équilibre 50/50 au-dessus de 50 %, écart de 12 ou moins."
    )
    aci = phrase(list(pieces(page(objectif="aci", lieu=LYS, salle="oui"))))
    assert aci.endswith("en premier accès : trop près de l’objectif pour conclure.")


def test_it_says_what_moved_where_thirty_six_months_say_more_and_how_many_wait() -> None:
    lues = fiche(LYS, salle="oui")
    dits = dict(constats(lues))
    # Of the ACI no share is said, of the 50/50 neither side is.
    assert dits["Depuis S1 2017"] == snapshot(
        "non comparé, un des écarts étant de 12 ou moins : équilibre 50/50 ; trop peu pour comparer le reste"
    )
    au_bureau = dict(constats(fiche(LYS)))["Depuis S1 2017"]
    assert au_bureau.startswith("plus près de l’objectif : quartiers de fragilité moyenne")
    assert dits["Sur 36 mois"] == snapshot("ACI à l’objectif (douze mois ne le disent pas)")
    assert dits["Quartiers"].endswith("sur 36 mois")
    question = QuestionSegment(*(donnees.instantane().identifiant, "2017S2"), "ICI 2", "attente_36")
    exact = question.ask(count_par, "commune_souhaitee").set_index("cle")["n"][LYS]
    assert dits["Demandes"] == f"{5 * round(exact / 5)} la souhaitent, plus de 36 mois sans proposition enregistrée"
    au_bureau = dict(constats(fiche(LYS)))
    assert au_bureau["Demandes"].startswith(f"{exact} la souhaitent")


def test_a_bailleur_has_its_quartiers_its_tenants_who_wait_and_its_name() -> None:
    lues = fiche("BF02", salle="oui")
    assert phrase(lues) == snapshot(
        "Dans l’ICI 2, chez Vilogia (fictif), équilibre 50/50 par classe : 115 de trop et 12 ou "
        "moins en manque ; ACI (45 % visés) à l’objectif."
    )
    assert "équilibre 50/50 par classe : 115 de trop et 11 en manque" in phrase(fiche("BF02"))
    dits = dict(constats(lues))
    assert re.match(r"\d+ au-dessus de (?:leur|son) objectif", dits["Quartiers"])
    assert dits["Demandes"].endswith(
        "de ses locataires qui habitent l’ICI 2 ou la demandent, plus de 36 mois sans proposition enregistrée"
    )


def test_it_says_what_was_promised_and_what_came_of_it_by_the_one_gate() -> None:
    dits = [dit for tete, dit in constats(fiche(ROUBAIX)) if tete in ("Promis", "")]
    assert re.fullmatch(
        r"Ménages Poulidor .* : \d+ ménages annoncés d’ici au 31 décembre 2017, \d+ relogés, (non )?tenu", dits[0]
    )
    reservee = "« Réserver aux mutations bloquées une libération de T2 sur trois »"
    mesure = "(Mutations complexes ou bloquées, Roubaix)"  # of all bailleurs, whoever bears it
    assert f"{reservee}, Lille Métropole Habitat (fictif) : atteint {mesure}" in dits
    assert any(dit.endswith("reste à renseigner") for dit in dits)
    assert ("Promis", "rien, à la séance d’avant ni à celle-ci") in constats(fiche(ROUBAIX, ici="MEL"))
    assert any(dit.startswith("« Réserver aux mutations") for _, dit in constats(fiche("BF01")))  # who bears it


def envoyee(dossier: Path, profil: Profil, dans: Path) -> str:
    """The one page that is sent to a place, without its spaces."""
    entrepot, seance, chemin = Entrepot(dossier), Seance(2017, 2), dans / "fiche.pdf"
    with entrepot.open(Portee.mel(), seance) as lecteur:
        ou, noms = contexte(lecteur, seance, "ICI 2"), Noms.read(lecteur)
        sources = Sources(entrepot, lecteur, Journal.du_dossier(dossier), ou, noms)
        list(fiches_dossier.write(sources, [(str(profil.type), profil.code, chemin)]))
    (feuille,) = pypdfium2.PdfDocument(str(chemin))
    return "".join(feuille.get_textpage().get_text_range().split())


@pytest.mark.parametrize("profil", [COMMUNE, BAILLEUR], ids=lambda p: p.code)
def test_the_card_that_is_sent_says_on_one_page_what_its_own_screen_says(
    dossier: Path, profil: Profil, tmp_path: Path
) -> None:
    entrepot, seance = Entrepot(dossier), Seance(2017, 2)
    with entrepot.open(Portee.mel(), seance) as lecteur:
        periode = contexte(lecteur, seance, "ICI 2").periode
        cellules = compute(lecteur, "aci", periode, par=("commune", "bailleur"), ici="ICI 2")
    lu = envoyee(dossier, profil, tmp_path)
    vus = fiche(profil.code, profil)
    dits = [phrase(vus), *(dit for _, dit in constats(vus))]
    assert len(dits) > 5
    # With whom it shares its attributions: its own cells, exact.
    sienne = cellules[cellules[str(profil.type)] == profil.code].nlargest(1, "n_connus").iloc[0]
    dits.append(f"{langue.part(sienne['part'])} ({sienne['numerateur']} sur {sienne['n_connus']})")
    assert [dit for dit in dits if "".join(dit.split()) not in lu] == []


def test_it_says_which_items_of_the_day_are_about_it_or_that_none_is() -> None:
    gestes = "moins de ménages modestes en quartiers fragiles"
    assert dict(constats(fiche(ROUBAIX)))["À faire"] == f"{gestes} ; à décider à 10h30, Roubaix · T2, mutation"
    classes = "quartiers de fragilité moyenne et quartiers sans fragilité"
    gestes = f"plus de ménages modestes en {classes} ; plus de ménages ACI en premier accès"
    assert dict(constats(fiche(CROIX)))["À faire"] == gestes
    assert dict(constats(fiche(CROIX, ici="MEL")))["À faire"] == gestes


def test_what_the_day_decided_of_a_place_is_said_with_its_owner_and_its_day_and_is_no_longer_to_decide(
    dossier: Path, tmp_path: Path
) -> None:
    journal, seance = Journal.du_dossier(dossier), Seance.read("2017S2")
    (point,) = [x for x in decisions.sans_decision(journal, seance, "ICI 2") if ROUBAIX in x[1].secteur.communes]
    prise = decisions.Decision(
        seance,
        "ICI 2",
        "Réserver les T2 rendus aux mutations",
        "Vilogia (fictif)",
        date(2018, 6, 30),
        blocage=point[0].identifiant,
        positions={"MEL": decisions.Position.ACTE},
    )
    identifiant = decisions.identifiant_de(journal, prise.blocage)
    decisions.act(journal, prise, Auteur("C. Essai", "MEL"), identifiant=identifiant, op_id="decidee-pour-roubaix")
    dits = dict(constats(fiche(ROUBAIX)))
    assert dits["Décidé"] == snapshot(
        "« Réserver les T2 rendus aux mutations » : Vilogia (fictif), d’ici le 30 juin 2018"
    )
    assert dits["À faire"] == snapshot("moins de ménages modestes en quartiers fragiles")
    porteur = dict(constats(fiche("BF02")))  # who has to do it, and was promised nothing else
    assert porteur["Décidé"] == dits["Décidé"]
    assert porteur.get("Promis") != promesses.RIEN
    lu = envoyee(dossier, Profil(TypeProfil.BAILLEUR, "BF02"), tmp_path)
    assert "".join(f"Décidé{dits['Décidé']}".split()) in lu
    assert "".join(promesses.RIEN.split()) not in lu


def suites(essai: AppTest) -> list[str]:
    return [b.label for b in essai.button if str(b.key).startswith("suite_")]


@pytest.mark.parametrize(
    ("profil", "code", "salle", "voulues"),
    [
        (None, ROUBAIX, "", ["Sa liste", "Ses blocages", "Ses préconisations", "Son bassin de vie", "Son engagement"]),
        (
            None,
            "BF02",
            "",
            ["Ses blocages", "Ses préconisations", "Son engagement"],
        ),  # a co-pilot opens lists by commune
        (None, ROUBAIX, "oui", []),
        (ANIMATEUR, ROUBAIX, "", []),
        (
            COMMUNE,
            ROUBAIX,
            "",
            ["Sa liste", "Ses blocages", "Ses préconisations", "Son bassin de vie", "Son engagement"],
        ),
        (COMMUNE, TOURCOING, "", ["Son bassin de vie"]),
        (BAILLEUR, "BF02", "", ["Sa liste", "Ses blocages", "Ses préconisations", "Son engagement"]),
        (BAILLEUR, ROUBAIX, "", ["Son bassin de vie"]),
    ],
)
def test_what_may_be_done_next_is_offered_at_a_desk_to_who_may(
    profil: Profil | None, code: str, salle: str, voulues: list[str]
) -> None:
    essai = page(profil, objectif="equilibre", fiche=code, **({"salle": salle} if salle else {}))
    assert suites(essai) == voulues


def test_the_way_to_its_territoire_opens_its_card() -> None:
    essai = page(None, objectif="equilibre", fiche=ROUBAIX)
    essai.button(key="suite_bassins").click().run()
    assert not essai.exception
    assert essai.query_params["territoire"] == "Roubaisien"


def test_the_way_to_its_prescriptions_opens_them_at_its_scale() -> None:
    essai = page(objectif="equilibre", fiche=TOURCOING)
    essai.button(key="suite_preconisations").click().run()
    assert not essai.exception
    assert (essai.query_params["vue"], essai.query_params["place"]) == ("preconisations", TOURCOING)


def test_the_way_to_its_list_opens_that_of_the_commune() -> None:
    essai = page(objectif="equilibre", fiche=TOURCOING)
    essai.button(key="suite_mes_listes").click().run()
    assert not essai.exception
    assert essai.query_params["commune"] == TOURCOING


@pytest.mark.parametrize(("profil", "nom"), [(COMMUNE, "Roubaix"), (BAILLEUR, "Vilogia (fictif)")])
def test_a_commune_and_a_bailleur_open_on_their_own_card(profil: Profil, nom: str) -> None:
    essai = see("", {"profil_repete": profil})
    assert nom in phrase(list(pieces(essai)))
    essai.button(key="quitter_fiche").click().run()
    assert not est_la_fiche(essai)
    essai.run()  # left, it does not come back
    assert not est_la_fiche(essai)


def test_a_link_to_a_screen_opens_it_whoever_reads_it_and_a_link_to_no_place_says_so() -> None:
    assert not est_la_fiche(page(COMMUNE, objectif="aci"))
    for code, dit in (("59350", "« Lille » n’est pas dans ce périmètre"), ("BF99", "« BF99 »")):
        lues = fiche(code)
        (refus,) = [lisible(str(p.contenu)) for p in lues if 'class="refus"' in str(p.contenu)]
        assert dit in refus


def test_who_takes_the_profile_of_a_place_sees_its_card() -> None:
    essai = page(objectif="aci")
    assert not est_la_fiche(essai)
    essai.selectbox(key="profil_type").select(TypeProfil.BAILLEUR).run()
    essai.selectbox(key="profil_code").select("BF02").run()
    (prendre,) = [b for b in essai.button if b.label == "Prendre ce profil"]
    prendre.click().run()
    assert est_la_fiche(essai)
    assert "Vilogia" in phrase(list(pieces(essai)))


def test_the_list_of_the_card_leads_to_another_and_leaving_it_goes_back_where_one_was() -> None:
    essai = page(objectif="equilibre", lieu=ROUBAIX)
    essai.button(key="ouvrir_fiche").click().run()
    assert est_la_fiche(essai)
    (autre,) = [s for s in essai.selectbox if s.label == "Ouvrir une autre fiche"]
    autre.select("BF01").run()
    assert "Lille Métropole Habitat" in phrase(list(pieces(essai)))
    essai.button(key="quitter_fiche").click().run()
    assert "Dans la commune de Roubaix" in phrase(list(pieces(essai)))
    assert not est_la_fiche(essai)


def test_a_commune_goes_down_into_another_one_of_whose_quartiers_no_share_is_said() -> None:
    """Lille reads the share of Lambersart by the rule, and that of none of its twelve quartiers."""
    essai = page(Profil(TypeProfil.COMMUNE, "59350"), ici="ICI 1", objectif="aci", lieu="59328")
    assert "a interrompu l’affichage" not in " ".join(x.proto.body for x in essai.get("html"))
    assert "Lambersart" in phrase(list(pieces(essai)))


@pytest.mark.parametrize(("objectif", "arrivee"), [("aci", "aci"), ("nouveaux_entrants", "equilibre")])
def test_its_quartiers_are_one_click_away_whatever_the_measure(objectif: str, arrivee: str) -> None:
    essai = page(objectif=objectif, fiche=ROUBAIX)
    essai.button(key="voir_quartiers").click().run()
    assert not essai.exception
    assert not est_la_fiche(essai)
    assert essai.query_params["lieu"] == ROUBAIX
    assert essai.query_params["objectif"] == arrivee
    assert any(b.label == "Sa fiche" for b in essai.button)


@pytest.mark.parametrize("code", ["59195", "BF09"])
@pytest.mark.parametrize("ici", ["ICI 3", "MEL"])
def test_a_place_with_almost_nothing_has_a_card_that_says_it(code: str, ici: str) -> None:
    lues: list[Any] = fiche(code, ici=ici, salle="oui")
    assert "None" not in phrase(lues)
    assert "nan" not in phrase(lues)
    assert dict(constats(lues))


def test_a_frozen_seance_whose_rows_are_erased_keeps_its_year_and_says_what_it_lost(tmp_path: Path) -> None:
    entrepot = build_store(tmp_path, chargement("fictive", **monde()))
    seance = Seance.read("2017S2")
    freeze(entrepot, seance)
    perdu = chemin(tmp_path, entrepot.instantane(seance).identifiant)
    with entrepot.reserve():
        serve(entrepot, chargement("fictive", **{**monde(), "attributions": monde()["attributions"].slice(1)}))
    perdu.unlink()
    with served(tmp_path):
        lues = fiche(ROUBAIX)
    assert "équilibre 50/50 au-dessus : " in phrase(lues)
    assert dict(constats(lues))["Quartiers"] == fiches.EFFACEE

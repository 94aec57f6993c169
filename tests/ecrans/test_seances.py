"""Préparer › Séances on screen: the sequence proposed, kept, put in order, and walked in Salle."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mel_core.entrepot import Entrepot, Instantane
from mel_core.journal import Auteur
from mel_core.seance import sequence
from mel_core.seance.coordination import Blocage, blocages
from mel_core.seance.coordination.blocages import EtatBlocage
from mel_core.seance.preuves import Secteur
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import donnees, ecriture
from pages.commun.navigation import PROJETEES, fichier
from tests.ecrans.conftest import ROUBAIX, monde
from tests.jeux import chargement, serve

GARDER, REVENIR, AJOUTER = "Garder cette séquence", "Revenir à la séquence proposée", "Ajouter"
QUOI = "2017S2 ICI 2"
PROCHAINE = "2018S1"  # the small world ends in December 2017


@pytest.fixture
def son_monde(petit_monde: Instantane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small world with a journal of its own: what was computed of the same rows stays computed."""
    entrepot = Entrepot(tmp_path)
    with entrepot.reserve():
        assert serve(entrepot, chargement(**monde())).identifiant == petit_monde.identifiant
    monkeypatch.setenv("MEL_DONNEES", str(tmp_path))
    donnees.entrepot.clear()


@pytest.fixture
def essai(son_monde: None) -> AppTest:
    essai = start()
    essai.session_state["auteur_nom"] = "C. Essai"
    return go(essai, "seances")


def start() -> AppTest:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60)
    essai.query_params["ici"] = "ICI 2"
    return essai.run()


def go(essai: AppTest, page: str, **adresse: str) -> AppTest:
    essai.switch_page(fichier(page))
    essai.query_params.update({"seance": "2017S2", "ici": "ICI 2"} | adresse)
    essai.run().run()  # twice: the first run of a page forgets here what a browser keeps from page to page
    assert not essai.exception
    return essai


def press(essai: AppTest, libelle: str) -> None:
    next(b for b in essai.button if b.label == libelle).click().run()
    assert not essai.exception


def dit(essai: AppTest) -> str:
    return " ".join(m.value for m in essai.markdown).replace("\u00a0", " ").replace("\u202f", " ")


def refus(essai: AppTest) -> str:
    return " ".join(str(x.proto.body) for x in essai.get("html") if 'class="refus"' in str(x.proto.body))


def table(essai: AppTest) -> pd.DataFrame:
    return next(d.value for d in essai.dataframe if "Montrer" in d.value)


def gardee() -> list[str]:
    fiche = ecriture.journal().read(sequence.OBJET, QUOI)
    return [m["titre"] for m in fiche.contenu["messages"]] if fiche else []


def test_the_sequence_proposed_is_said_kept_with_who_wrote_it_and_given_up(essai: AppTest) -> None:
    n = len(table(essai))
    assert f"montre **{n} messages**, dans la séquence proposée par les données" in dit(essai)
    press(essai, GARDER)
    assert "telle qu’elle a été préparée" in dit(essai)
    assert gardee() == list(table(essai)["Message"])
    fiche = ecriture.journal().read(sequence.OBJET, QUOI)
    assert fiche is not None
    assert (fiche.auteur.nom, fiche.version) == ("C. Essai", 1)
    press(essai, REVENIR)
    assert gardee() == []
    assert f"montre **{n} messages**, dans la séquence proposée" in dit(essai)


def test_nothing_is_kept_that_nobody_signs(son_monde: None) -> None:
    essai = go(start(), "seances")
    press(essai, GARDER)
    assert "Personne ne signe cette écriture" in refus(essai)
    assert gardee() == []


@pytest.mark.parametrize(
    ("lien", "titre", "dite"),
    [
        ("http://ici.fr/bilan?seance=2017S2&ici=ICI+2&lieu=59512", "Et Roubaix ?", ""),
        ("http://ici.fr/?seance=2017S2&ici=ICI+2&objectif=npru", "NPRU", ""),
        ("http://ici.fr/simuler?seance=2017S2&simulation=aci&cible_aci=50", "Et 50 % ?", ""),
        ("http://ici.fr/bilan?lieu=59512", "", "n’a pas de titre"),
        ("http://ici.fr/imports?x=1", "Imports", "n’est pas celle d’une vue de la journée"),
        ("bilan", "Bilan", "n’est pas celle d’une vue de la journée"),
        ("http://[ici", "Ici", "ne se lit pas"),
        ("", "", "n’est pas celle d’une vue de la journée"),
    ],
)
def test_a_view_is_added_by_its_link_without_the_seance_or_the_ici_that_it_was_copied_from(
    essai: AppTest, lien: str, titre: str, dite: str
) -> None:
    n = len(table(essai))
    essai.text_input(key="lien_a_ajouter").input(lien)
    essai.text_input(key="titre_a_ajouter").input(titre)
    press(essai, AJOUTER)
    assert (dite in refus(essai)) if dite else (refus(essai) == "")
    assert len(table(essai)) == n + (not dite)
    if not dite:
        assert "l’ordre du jour, avec 1 vue ajoutée à la main, à garder." in dit(essai)
        press(essai, GARDER)
        assert "telle qu’elle a été préparée." in dit(essai)
        (ajoutee,) = [m for m in messages_gardes() if m["titre"] == titre]
        assert not {"seance", "ici"} & set(ajoutee["parametres"])


def messages_gardes() -> list[dict[str, Any]]:
    fiche = ecriture.journal().read(sequence.OBJET, QUOI)
    assert fiche is not None
    return fiche.contenu["messages"]


def add(essai: AppTest, lien: str, titre: str) -> None:
    essai.text_input(key="lien_a_ajouter").input(f"http://ici.fr/{lien}")
    essai.text_input(key="titre_a_ajouter").input(titre)
    press(essai, AJOUTER)


@pytest.mark.parametrize(
    ("lien", "demande"),
    [
        ("bilan?lieu=99999", "99999"),
        ("bilan?fiche=59009", "59009"),  # Villeneuve-d’Ascq is not in this small world
        ("bilan?objectif=parti", "parti"),
        ("coordination?point=parti", "parti"),
        ("orientations?vue=partie", "partie"),
        ("orientations?vue=segments&segment=parti", "parti"),
        ("orientations?vue=segments&segment=libre", "libre"),  # a room has none
        ("simuler?simulation=partie", "partie"),
    ],
)
def test_a_link_to_what_the_room_would_not_find_is_refused_when_it_is_added(
    essai: AppTest, lien: str, demande: str
) -> None:
    n = len(table(essai))
    add(essai, lien, "Et là ?")
    assert f"L’adresse demande « {demande} »" in refus(essai).replace("\u00a0", " ")
    assert len(table(essai)) == n


def test_every_view_of_13h30_may_be_added_and_a_view_is_at_the_end_of_its_slot_kept_or_not(essai: AppTest) -> None:
    vues = [vue for vue in lue("orientations")["VUES"] if vue != "segments"]
    for vue in vues:
        add(essai, f"orientations?vue={vue}", f"Vue {vue}")
        assert refus(essai) == ""
    add(essai, "simuler?simulation=aci", "Et 50 % ?")
    add(essai, "bilan?objectif=npru&lieu=59512", "Et Roubaix ?")
    add(essai, "coordination?point=fonctionne", "Ce qui va")
    titres = list(table(essai)["Message"])
    assert titres[-len(vues) - 2 :] == [*(f"Vue {vue}" for vue in vues), "Et 50 % ?", "Relire et signer"]
    creneaux = list(table(essai)["Créneau"])
    for titre, creneau in (("Et Roubaix ?", "9h30"), ("Ce qui va", "10h30")):
        assert titres.index(titre) == max(i for i, c in enumerate(creneaux) if c == creneau)
    press(essai, GARDER)
    assert list(table(essai)["Message"]) == gardee() == titres


def lue(page: str) -> dict[str, Any]:
    """A page is run, never imported: its functions are read from its file."""
    espace: dict[str, Any] = {"__name__": f"{page}_lue", "__file__": str(donnees.RACINE / fichier(page))}
    source = (donnees.RACINE / fichier(page)).read_text(encoding="utf-8").removesuffix("page()\n")
    exec(compile(source, f"{page}.py", "exec"), espace)  # noqa: S102
    return espace


def arrange(suite: tuple[sequence.Message, ...], **colonnes: list[object]) -> list[str]:
    depart = {"Ordre": range(1, len(suite) + 1), "Montrer": True, "Message": [m.titre for m in suite]}
    saisie = pd.DataFrame({**depart, "Question posée avant": "", **colonnes})
    return [f"{m.titre} {m.question}".strip() for m in lue("seances")["arrange"](suite, saisie)]


SUITE = tuple(sequence.Message(c, "bilan", c.upper()) for c in "abc")


@pytest.mark.parametrize(
    ("colonnes", "attendus"),
    [
        ({"Ordre": [3, 1, 2]}, ["B", "C", "A"]),
        ({"Ordre": [1, 1, 1]}, ["A", "B", "C"]),
        ({"Ordre": [2, None, 1]}, ["C", "A", "B"]),
        ({"Montrer": [True, False, None]}, ["A"]),
        ({"Message": ["Un", " Deux ", "Trois"]}, ["Un", "Deux", "Trois"]),
        ({"Question posée avant": ["Combien ?", None, " "]}, ["A Combien ?", "B", "C"]),
    ],
)
def test_messages_are_ordered_left_out_named_and_asked_as_typed(
    colonnes: dict[str, list[object]], attendus: list[str]
) -> None:
    assert arrange(SUITE, **colonnes) == attendus


@pytest.mark.parametrize(
    ("colonnes", "dite"),
    [({"Montrer": [False] * 3}, "ne montre plus aucun message"), ({"Message": ["A", " ", "C"]}, "pas de titre")],
)
def test_a_sequence_without_message_or_a_message_without_title_is_refused(
    colonnes: dict[str, list[object]], dite: str
) -> None:
    with pytest.raises(ErreurUtilisateur, match=dite):
        arrange(SUITE, **colonnes)


def bande(essai: AppTest) -> dict[str, object]:
    """What the page of the strip reads."""
    (piece,) = [x for x in essai.get("bidi_component") if x.proto.component_name.endswith("ici_salle")]
    return json.loads(piece.proto.bytes)


def test_in_salle_the_strip_says_where_one_is_and_what_comes_next_as_prepared(essai: AppTest) -> None:
    press(essai, GARDER)
    press(essai, "Passer en Salle")
    essai.session_state["objectif"] = "aci"
    go(essai, "bilan")
    dits = bande(essai)
    titres = [m["titre"] for m in dits["messages"]]  # type: ignore[attr-defined]
    assert titres == gardee()
    assert (dits["courant"], dits["estDetour"]) == ("bilan-aci", False)
    assert dits["creneau"] == "9h30 Bilan"
    assert essai.query_params["message"] == "bilan-aci"
    essai.session_state["lieu"] = "59512"
    go(essai, "bilan")
    assert (bande(essai)["courant"], bande(essai)["estDetour"]) == ("bilan-aci", True)


def test_in_salle_what_is_wrong_with_a_link_is_said_at_each_run_until_one_goes_elsewhere(essai: AppTest) -> None:
    press(essai, "Passer en Salle")
    go(essai, "orientations", segment="zzz")  # two runs: a browser may never show the first
    assert "Le lien demande « zzz »" in str(bande(essai)["avis"]).replace("\u00a0", " ")
    go(essai, "bilan")
    assert bande(essai)["avis"] == ""


def test_the_metropole_is_not_sent_to_what_is_read_ici_by_ici(essai: AppTest) -> None:
    press(essai, "Passer en Salle")
    for ici, attendues in (("ICI 2", {"introduction", "vue-offre", "cloture"}), ("MEL", set())):
        essai.session_state["ici"] = ici
        go(essai, "bilan")
        cles = {m["cle"] for m in bande(essai)["messages"]}  # type: ignore[attr-defined]
        assert cles & {"introduction", "vue-offre", "cloture"} == attendues
        assert {"bilan-equilibre", "segment-poulidor", "vue-qpv"} <= cles


def test_before_the_seance_the_data_and_the_agenda_are_judged(essai: AppTest) -> None:
    (donnees_lues, date_lue, points) = controle(essai)
    assert donnees_lues[0] is True
    assert donnees_lues[1].endswith("couvrent les 12\u00a0mois jugés.")
    assert points == [False, "Aucun point n’est inscrit à 10h30\u00a0: en retenir depuis Préparer › Blocages."]
    assert date_lue == [False, "La date de la séance n’est pas fixée\u00a0: la fixer dans Préparer › Atelier."]
    contenu = {"jour": "2018-03-15", "seance": "2017S2", "ici": "ICI 2"}
    ecriture.journal().write("seance", "2017S2-ICI 2", contenu, Auteur("C. Essai", "MEL", "copilote"), "op")
    assert controle(go(essai, "seances"))[1] == [True, "L’ICI se réunit le 15 mars 2018."]


def controle(essai: AppTest) -> list[list[object]]:
    (piece,) = [x for x in essai.get("bidi_component") if x.proto.component_name.endswith("ici_controle")]
    return json.loads(piece.proto.bytes)["lignes"]


def create(essai: AppTest, jour: date | None = date(2018, 9, 20), ici: str = "ICI 2") -> AppTest:
    go(essai, "atelier")
    essai.selectbox(key="seance_a_creer").set_value(PROCHAINE)
    essai.selectbox(key="ici_a_creer").set_value(ici)
    if jour:
        essai.date_input(key="jour_a_creer").set_value(jour)
    press(essai, "Créer la séance")
    return essai


def liste(essai: AppTest) -> pd.DataFrame:
    return next(d.value for d in essai.dataframe if "État" in d.value)


def tenues() -> list[dict[str, Any]]:
    return [f.contenu for f in ecriture.journal().find_all("seance")]


def test_a_seance_is_created_before_its_data_chosen_at_once_and_told_in_the_list(essai: AppTest) -> None:
    assert (
        list(liste(go(essai, "atelier"))["État"]) == ["Sans date"] * 3
    )  # of the three ICI, at the séance of the last data
    create(essai)
    assert tenues() == [{"jour": "2018-09-20", "seance": PROCHAINE, "ici": "ICI 2"}]
    assert [s.value for s in essai.success] == ["La séance 2018S1 de l’ICI 2 est créée, le 20 septembre 2018."]
    assert (essai.query_params["seance"], essai.query_params["ici"]) == (PROCHAINE, "ICI 2")
    assert list(liste(essai).iloc[3]) == [PROCHAINE, "ICI 2", "20 septembre 2018", "Passée"]
    create(essai)  # the same click twice
    assert len(tenues()) == 1
    assert [s.value for s in essai.success] == ["La séance 2018S1 de l’ICI 2 est créée, le 20 septembre 2018."]
    go(essai, "seances", seance=PROCHAINE)
    assert "La séance 2018S1 n’a pas encore de données : sa séquence sera proposée" in dit(essai)


@pytest.mark.parametrize(
    ("jour", "dite"),
    [(None, "La date de la séance est vide"), (date(2018, 6, 30), "qui finit le 30 juin 2018 : donner une date après")],
)
def test_a_seance_without_a_day_or_inside_its_semester_is_refused(essai: AppTest, jour: date | None, dite: str) -> None:
    create(essai, jour)
    assert dite in essai.error[0].value.replace("\u00a0", " ")
    assert tenues() == []


def test_a_seance_that_another_created_on_another_day_keeps_it(essai: AppTest) -> None:
    create(essai)
    create(essai, date(2018, 9, 21))
    assert "existe déjà, le 20 septembre 2018 : changer sa date" in essai.error[0].value.replace("\u00a0", " ")
    assert [t["jour"] for t in tenues()] == ["2018-09-20"]


def test_before_its_data_blocages_are_reported_and_sorted_on_those_of_the_last_seance(essai: AppTest) -> None:
    create(essai)
    go(essai, "blocages", seance=PROCHAINE)
    next(t for t in essai.text_area if t.label == "Ce qui bloque").input("Rien ne se libère").run()
    next(x for x in essai.selectbox if x.label == "Signalé par").set_value("B1").run()
    press(essai, "Envoyer aux co-pilotes")
    (fiche,) = ecriture.journal().find_all("blocage")
    assert (fiche.contenu["seance"], fiche.contenu["constat"]) == (PROCHAINE, "Rien ne se libère")
    essai.session_state["etape"] = "Trier et objectiver"
    go(essai, "blocages", seance=PROCHAINE)
    dite = "La séance 2018S1 n’a pas encore de données : ce qui l’objective ci-dessous est de la séance 2017S2"
    assert dite in html(essai)
    assert "Ce que disent les données, 12 mois" in html(essai)
    press(essai, "Retenir")
    assert ecriture.journal().find_all("blocage")[0].contenu["etat"] == "retenu"


@pytest.mark.parametrize("page", [*PROJETEES, "mes_listes"])
def test_a_page_of_figures_says_that_the_seance_has_none_yet_and_opens_no_other(essai: AppTest, page: str) -> None:
    create(essai)
    go(essai, page, seance=PROCHAINE)
    pages = f"{dit(essai)} {' '.join(x.value for x in [*essai.error, *essai.info, *essai.warning])} {html(essai)}"
    assert "La séance 2018S1 n’a pas encore de données, les dernières sont celles de 2017S2" in pages
    assert "DONNÉES FICTIVES" in pages
    assert essai.query_params["seance"] == PROCHAINE
    assert essai.selectbox(key="seance").options[0] == PROCHAINE


def test_a_seance_that_nobody_created_does_not_exist_before_its_data(essai: AppTest) -> None:
    neuf = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60)
    neuf.query_params.update({"ici": "ICI 2", "seance": PROCHAINE})
    go(neuf, "blocages", seance=PROCHAINE)
    assert "« 2018S1 » que demande le lien n’existe pas" in html(neuf) + dit(neuf)
    assert PROCHAINE not in neuf.selectbox(key="seance").options


def test_what_a_seance_did_not_sort_is_carried_over_to_the_next_once(essai: AppTest) -> None:
    auteur = Auteur("C. Essai", "MEL", "copilote")
    recu = Blocage(Seance(2017, 2), "B1", Secteur("ICI 2", communes=(ROUBAIX,)), "Rien ne se libère")
    blocages.report(ecriture.journal(), recu, auteur, identifiant="b" * 32, op_id="b")
    create(essai)
    essai.session_state["etape"] = "Trier et objectiver"
    go(essai, "blocages", seance=PROCHAINE)
    assert "Laissés par les séances d’avant" in html(essai)
    essai.session_state["auteur_nom"] = ""
    press(essai, "Reporter à cette séance")
    assert "Personne ne signe" in essai.error[0].value
    essai.session_state["auteur_nom"] = "C. Essai"
    press(essai, "Reporter à cette séance")
    assert "Laissés par les séances d’avant" not in html(essai)
    lus = blocages.find_all(ecriture.journal(), ici="ICI 2")
    assert [(str(b.seance), b.organisation, b.constat, b.etat) for _, b in lus] == [
        ("2017S2", "B1", "Rien ne se libère", EtatBlocage.RECU),  # where it was reported, it stays
        (PROCHAINE, "B1", "Rien ne se libère", EtatBlocage.RECU),
    ]
    essai.session_state["etape"] = "Trier et objectiver"
    go(essai, "blocages", seance="2017S2")
    assert "Laissés" not in html(essai)


def html(essai: AppTest) -> str:
    return " ".join(str(x.proto.body) for x in essai.get("html")).replace("\u00a0", " ")

"""What a commune typed of a blocage stays with it and the co-pilots: a room reads the words of the latter."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
from streamlit.testing.v1 import AppTest

from mel_core.dossier.seance import compose
from mel_core.entrepot import Entrepot
from mel_core.journal import Fiche, Journal
from mel_core.seance.coordination import Blocage, blocages
from mel_core.seance.preuves import Secteur
from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.ecrans.conftest import ROUBAIX
from tests.ecrans.test_coordination import AUTEUR, S1, open, texte
from tests.ecrans.test_gestes_coordination import name
from tests.mots import d_un_trait

NOMMEE, DITE = "Mme Martin, 06 12 34 56 78, attend un T4", "Un ménage attend un T4"
QUI = re.compile("[Ss]ignal(é par|ement de) Roubaix")


def retained(journal: Journal) -> Fiche:
    """An entry of before such texts were refused: no wording of the co-pilots."""
    blocage = Blocage(S1, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), NOMMEE, tente="Appelé Mme Martin")
    contenu = {c: v for c, v in blocage.contenu().items() if c != "dit"}
    return blocages.retain(journal, journal.write("blocage", "b0", contenu, AUTEUR, "s0"), AUTEUR, "r0")


def in_salle(page: str, **adresse: str) -> str:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60).switch_page(fichier(page))
    essai.session_state["salle_repetee"] = True
    essai.query_params.update({"seance": "2017S1", "ici": "ICI 2", **adresse})
    return d_un_trait(texte(essai.run()))


def printed(entrepot: Entrepot, dossier: Path) -> str:
    dossier.mkdir()
    lus = []
    for chemin in compose(entrepot, S1, "ICI 2", dossier, journal=Journal.du_dossier(entrepot.dossier)).fichiers:
        if chemin.suffix == ".pdf":
            lus += [p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(chemin)]
        elif chemin.suffix == ".html":
            lus.append(chemin.read_text(encoding="utf-8"))
    return d_un_trait(" ".join(lus))


def test_the_words_of_whoever_reported_are_read_by_no_room_nor_printed_and_those_of_the_co_pilots_are(
    monde_publie: Path,
) -> None:
    journal, entrepot = Journal.du_dossier(monde_publie), Entrepot(monde_publie)
    retained(journal)
    projetees = (("coordination", {"point": "b0"}), ("introduction", {}), ("cloture", {}))
    for page, adresse in projetees:
        lu = in_salle(page, **adresse)
        assert bool(QUI.search(lu)) is (page != "cloture"), (
            page
        )  # there a room reads which items are left, by their name
        assert "reformuler" not in lu, page  # for who prepares
        assert "Martin" not in lu, page
    imprime = printed(entrepot, monde_publie / "avant")
    assert QUI.search(imprime)
    assert "reformuler" not in imprime
    assert "Martin" not in imprime
    # At a desk the co-pilots read what was reported, and word it; a name in their words is refused in a sentence.
    essai = open("coordination", point="b0")
    assert NOMMEE in texte(essai)
    essai = name(open("blocages", etape="Trier et objectiver"))
    assert "à reformuler pour la Salle" in texte(essai)
    next(t for t in essai.text_area if t.label == "Ce que la Salle lira").set_value("Mme Martin attend")
    essai.button(key="reformuler_b0").click().run()
    assert any("nomme « Mme Martin »" in e.value for e in essai.error)
    next(t for t in essai.text_area if t.label == "Ce que la Salle lira").set_value(DITE)
    essai.button(key="reformuler_b0").click().run()
    assert not essai.error
    for page, adresse in projetees:
        lu = in_salle(page, **adresse)
        assert (DITE in lu) is (page != "cloture"), page
        assert "Martin" not in lu, page
    imprime = printed(entrepot, monde_publie / "apres")
    assert DITE in imprime
    assert "Martin" not in imprime


def test_the_co_pilots_read_who_reported_by_its_name(monde_publie: Path) -> None:
    retained(Journal.du_dossier(monde_publie))
    lu = d_un_trait(texte(open("blocages", etape="Trier et objectiver")))
    assert "Signalé par Roubaix" in lu
    assert ROUBAIX not in lu

"""13h30, what a segment says: its cuts as the command counts them, where its figure comes from, what is unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mel_core.entrepot import Entrepot, Portee
from mel_core.journal import Journal
from mel_core.segments import Criteres, count
from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.ecrans.conftest import Publier
from tests.ecrans.vue import Piece
from tests.ecrans.vue import open as see
from tests.navigateur.test_orientations import monde


def lu(pieces: list[Piece]) -> str:
    textes = " ".join(str(p.contenu) for p in pieces).replace("**", "")
    return textes.replace("\u00a0", " ").replace("\u202f", " ")


def ask(**adresse: str) -> str:
    return lu(see(page="orientations", seance="2017S2", ici="MEL", **adresse))


def test_the_cuts_of_a_segment_are_counted_as_the_command_does(publish: Publier, tmp_path: Path) -> None:
    publish(**monde())
    with Entrepot(tmp_path).open(Portee.mel()) as lecteur:
        for segment in ("jamais_presentes", "poulidor", "aci_en_attente"):
            n = count(lecteur, segment, Criteres(date(2017, 12, 31)))
            assert (f"{n} demandes actives sur 200" if n else "aucune demande active sur 200") in ask(segment=segment)
    vu = ask(segment="poulidor", par="commune_souhaitee")
    assert "Roubaix : 100" in vu
    assert "Lille : 50" in vu
    assert "comptées une fois dans chaque ICI" in ask(segment="poulidor", par="ici")


def test_a_figure_says_where_it_comes_from_and_its_title_follows_the_step(publish: Publier) -> None:
    publish(**monde())
    vu = ask(segment="attente_24", mois_attente_24="36")
    for dit in (
        "Plus de 36 mois sans proposition enregistrée",
        "créées au plus tard 36 mois avant la date de référence",
        "python -m mel_core segment attente_24 --date 2017-12-31 --mois 36",
        "premiere_proposition is null",
    ):
        assert dit in vu
    assert "Aucun ne dit à la fois une commune et une typologie" in ask(segment="poulidor")


def test_a_segment_that_no_file_tells_says_what_to_import_and_counts_nobody(publish: Publier) -> None:
    """Without events nobody is second; shown, that zero would be a false good news."""
    publish(**{nom: t for nom, t in monde().items() if nom != "evenements"})
    pieces = see(page="orientations", seance="2017S1", ici="MEL", segment="poulidor")
    assert "ne peut pas être connu" in lu(pieces)
    assert "la table « evenements »" in lu(pieces)
    assert not [p for p in pieces if p.genre == "curseur"]
    assert "aucune demande active sur 200" in ask(segment="aci_en_attente")


def test_each_step_of_a_co_pilot_in_salle_leaves_a_trace(publish: Publier, tmp_path: Path) -> None:
    publish(**monde())
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60)
    essai.session_state["auteur_nom"] = "C. Essai"
    essai.query_params.update({"seance": "2017S2", "ici": "MEL", "segment": "poulidor"})
    essai.switch_page(fichier("orientations")).run()
    next(b for b in essai.button if b.label == "Passer en Salle").click().run()
    essai.segmented_control(key="n_min").set_value(3).run()
    assert not essai.exception
    traces = Journal.du_dossier(tmp_path).find_all("audit", geste="pas en salle", segment="poulidor")
    assert [f.contenu["n_min"] for f in traces] == [2, 3]

"""13h30, what a segment says: its cuts as the command counts them, where its figure comes from, what is unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot, Portee
from mel_core.journal import Journal
from mel_core.segments import Criteres, count
from pages.commun.navigation import fichier
from pages.commun.segments.lecture_orientations import QuestionSegment
from tests.cli.appel import ici
from tests.ecrans.conftest import Publier
from tests.ecrans.test_couverture_dite import lu
from tests.ecrans.vue import open as see
from tests.ecrans.vue import visit
from tests.jeux import attribution, table
from tests.navigateur.test_orientations import monde as monde


def ask(**adresse: str) -> str:
    """What explains the segment unfolded."""
    return lu(see({"explication": True}, **{"page": "orientations", "seance": "2017S2", "ici": "MEL", **adresse}))


def test_the_cuts_of_a_segment_are_counted_as_the_command_does(monde_publie: Path) -> None:
    with Entrepot(monde_publie).open(Portee.mel()) as lecteur:
        for segment in ("jamais_presentes", "poulidor", "aci_en_attente"):
            n = count(lecteur, segment, Criteres(date(2017, 12, 31)))
            assert (f"{n} demandes actives sur 200" if n else "aucune demande active sur 200") in ask(segment=segment)
    vu = ask(segment="poulidor", par="commune_souhaitee")
    assert "Roubaix : 100" in vu
    assert "Lille : 50" in vu
    # a step that asks for no cut has all its detail
    for adresse, titre in ({}, "commune souhaitée"), ({"par": "ici"}, "ici"):
        assert f"Tout le détail : {titre}" in ask(segment="poulidor", etape="engagement", **adresse)
    assert "comptées une fois dans chaque ICI" in ask(segment="poulidor", par="ici").replace("<br>", " ")


def test_a_figure_says_where_it_comes_from_and_its_title_follows_the_step(monde_publie: Path) -> None:
    vu = ask(segment="attente_24", mois_attente_24="36")
    for dit in (
        "Plus de 36 mois sans proposition enregistrée",
        "créées au plus tard 36 mois avant la date de référence",
        "python -m mel_core segment attente_24 --date 2017-12-31 --mois 36",
        "premiere_proposition is null",
    ):
        assert dit in vu
    assert "Aucun ne dit à la fois une commune et une typologie" in ask(segment="poulidor")


def test_the_months_looked_back_on_are_asked_of_the_segments_that_read_them_alone(
    publish: Publier, tmp_path: Path
) -> None:
    tables = monde()
    recente = table("attributions", attribution(5000, date_bail=date(2018, 5, 2)))
    publish(**tables | {"attributions": pa.concat_tables([tables["attributions"], recente])})
    toutes = "12 ; 24 ; 36 ; 48 ; toujours"
    for segment, est_demandee in (("poulidor", True), ("rang_1_sans_bail", True), ("attente_24", False)):
        pieces = see(page="orientations", seance="2018S1", ici="MEL", segment=segment, fenetre="12")
        assert (toutes in [p.contenu for p in pieces if p.genre == "choix"]) == est_demandee
    # Second in January, February and March 2017: 15 months before the end of June 2018, and more.
    with Entrepot(tmp_path).open(Portee.mel()) as lecteur:
        n = {f: count(lecteur, "poulidor", Criteres(date(2018, 6, 30), fenetre=f)) for f in (12, 24)}
    assert n == {12: 0, 24: 60 + 40}
    for fenetre, dit in ((12, "aucune demande active sur"), (24, f"{n[24]} demandes actives sur")):
        pieces = see(page="orientations", seance="2018S1", ici="MEL", segment="poulidor", fenetre=str(fenetre))
        assert dit in lu(pieces)


def test_a_segment_that_no_file_tells_says_what_to_import_and_counts_nobody(publish: Publier) -> None:
    """Without events nobody is second; shown, that zero would be a false good news."""
    publish(**{nom: t for nom, t in monde().items() if nom != "evenements"})
    pieces = see(page="orientations", seance="2017S1", ici="MEL", segment="poulidor")
    assert "ne peut pas être connu" in lu(pieces)
    assert "la table « evenements »" in lu(pieces)
    assert not [p for p in pieces if p.genre == "curseur"]
    assert "aucune demande active sur 200" in ask(segment="aci_en_attente")


def test_each_step_of_a_co_pilot_in_salle_leaves_a_trace(monde_publie: Path) -> None:
    essai = visit("orientations", {"auteur_nom": "C. Essai"}, seance="2017S2", ici="MEL", segment="poulidor").run()
    next(b for b in essai.button if b.label == "Passer en Salle").click().run()  # the day begins
    essai.query_params.update({"segment": "poulidor"})
    essai.switch_page(fichier("orientations")).run()
    essai.segmented_control(key="n_min").set_value(3).run()
    assert not essai.exception
    traces = Journal.du_dossier(monde_publie).find_all("audit", geste="pas en salle", segment="poulidor")
    assert [f.contenu["n_min"] for f in traces] == [2, 3]


def test_the_title_of_a_segment_says_the_steps_that_moved_and_those_alone() -> None:
    def titre(**pas: int) -> str:
        return QuestionSegment("jeu", "2017S2", "ICI 2", "poulidor", **pas).titre

    assert titre() == "Ménages Poulidor"
    assert titre(n_min=3) == snapshot("Ménages Poulidor (au moins 3 fois)")
    assert titre(fenetre=12) == snapshot("Ménages Poulidor (en 12 mois)")
    assert titre(n_min=3, fenetre=0) == snapshot("Ménages Poulidor (au moins 3 fois, depuis toujours)")


def test_a_window_that_the_events_do_not_cover_says_since_when_they_are_recorded_and_counts_nobody(
    publish: Publier,
) -> None:
    """Second from January 2017: of 24 months at the end of 2017, half were recorded."""
    tables = monde()
    recentes = tables["evenements"].filter(pc.greater(tables["evenements"]["date_survenance"], date(2016, 1, 1)))
    recentes = recentes.filter(pc.less(recentes["date_survenance"], date(2018, 1, 1)))
    publish(**tables | {"evenements": recentes})
    vu = ask(segment="poulidor")
    assert "les événements ne sont enregistrés que depuis le 10 janvier 2017" in vu
    assert "demandes actives sur" not in vu
    # Twelve months are covered but for their last days, and what never stopped being counted says when events stop.
    vu = ask(segment="attente_24")
    assert "Les événements enregistrés s’arrêtent le 10 mars 2017 : ce qui les suit n’est pas compté." in vu


def test_the_passages_without_a_rang_are_said_beside_what_is_counted_by_rang_and_nowhere_else(
    publish: Publier, tmp_path: Path
) -> None:
    """100 passages out of 240, those of February: a file had no rang."""
    tables = monde()
    evenements = tables["evenements"]
    en_fevrier = pc.equal(pc.month(evenements["date_survenance"]), 2)
    rangs = pc.if_else(en_fevrier, pa.scalar(None, evenements["rang"].type), evenements["rang"])
    publish(**tables | {"evenements": evenements.set_column(evenements.column_names.index("rang"), "rang", rangs)})
    dite = "41,7 % des passages retenus en commission n’ont pas de rang : seuls les autres comptent."
    assert dite in ask(segment="poulidor")
    assert "n’ont pas de rang" not in ask(segment="non_attributions_repetees")
    dit = ici("segment", "poulidor", "--date", "2017-12-31", donnees=tmp_path).stderr
    assert dite in dit.replace("\u202f", " ").replace("\u00a0", " ")

"""13h30: where the slider of an engagement starts, so that no click writes over what was acted."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.entrepot import Entrepot, Portee
from mel_core.journal import Auteur, Journal
from mel_core.seance.engagements import cohortes
from mel_core.seance.engagements import engagement_pris as engagements
from mel_core.seance.engagements.engagement_pris import Engagement, act, echeance_de
from mel_core.segments import Criteres, find_all
from mel_core.simulation.engagement import calcul_engagement, situation
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from pages.commun.segments import acte_engagement
from pages.commun.segments.acte_engagement import ILLISIBLE
from tests.ecrans import leviers
from tests.ecrans.grilles import fill
from tests.navigateur.test_orientations import monde as monde

S2 = Seance(2017, 2)
AUTEUR = Auteur("Mme Dupont", "MEL")


@pytest.mark.parametrize(
    ("saisi", "lu"),
    [(0, 0), (3, 3), (3.0, 3), (2.5, ILLISIBLE), (-1, ILLISIBLE), (None, ILLISIBLE), (float("nan"), ILLISIBLE)],
)
def test_nothing_is_a_share_of_a_place_and_what_is_no_whole_number_is_refused(saisi: object, lu: int) -> None:
    assert acte_engagement._entier(saisi) == lu


def acter_poulidor(dossier: Path, nombre: int, part: Fraction | None = None) -> None:
    """`nombre` of the 100 attributions expected in six months, for those who were second twice."""
    entrepot, journal, criteres = Entrepot(dossier), Journal.du_dossier(dossier), Criteres(S2.fin)
    with entrepot.open(Portee.mel(), S2) as lecteur:
        figee = cohortes.pin(find_all(lecteur, "poulidor", criteres))
        lieux = calcul_engagement.share_by_place(situation.read(lecteur, "poulidor", criteres).cellules, nombre)
        millesime = lecteur.instantane.identifiant
    engagement = Engagement(
        *("poulidor", criteres, S2, "", nombre, 100, len(figee), echeance_de(S2), millesime),
        part=part,
        par_commune=lieux["commune"],
        par_bailleur=lieux["bailleur"],
    )
    identifiant = engagements.identifiant_de(journal, S2, "", "poulidor", criteres)
    act(journal, dossier, engagement, figee, AUTEUR, identifiant=identifiant, op_id="a0")


def open(**adresse: str) -> AppTest:
    essai = AppTest.from_file(donnees.RACINE / "pages/seance/orientations/orientations.py", default_timeout=60)
    essai.session_state["auteur_nom"] = "Mme Dupont"
    essai.query_params.update(
        {"seance": "2017S2", "ici": "MEL", "segment": "poulidor", "etape": "engagement", **adresse}
    )
    essai.run()
    assert not essai.exception
    return essai


def proposes(essai: AppTest) -> list[str]:
    """The buttons by which an engagement would be written."""
    dits = [b.label for b in essai.button if not b.disabled] + [p.proto.popover.label for p in essai.get("popover")]
    return [nom for nom in dits if nom.startswith(("Acter", "Modifier"))]


@pytest.mark.parametrize(("nombre", "part"), [(17, None), (15, Fraction(15, 100))])
def test_the_lever_starts_from_what_was_acted_and_there_is_nothing_to_click(
    monde_publie: Path, nombre: int, part: Fraction | None
) -> None:
    # 12 of the 100 bails of the last semester: 12 is what the flow gives, and where the slider stood before any act.
    au_repos = open()
    assert "**12 ménages logés** d’ici le" in leviers.lu(au_repos)
    assert proposes(au_repos)[-1] == "Acter 12\u00a0ménages"
    acter_poulidor(monde_publie, nombre, part)
    for unite in ("part", "nombre"):
        essai = open(unite=unite)
        assert f"**{nombre} ménages logés** d’ici le" in leviers.lu(essai)
        assert "Déjà acté ainsi" in leviers.lu(essai)
        assert proposes(essai) == []


def test_of_two_engagements_acted_at_once_the_later_one_is_refused_and_stays_on_screen(monde_publie: Path) -> None:
    onglets = [open(unite="nombre") for _ in range(2)]
    for essai, nombre in zip(onglets, (25, 40), strict=True):
        essai.number_input[0].set_value(nombre).run()
    for essai in onglets:
        essai.button(key="acter").click().run()
        assert not essai.exception
    journal = Journal.du_dossier(monde_publie)
    (acte,) = journal.find_all(engagements.OBJET)
    refuses = [f.contenu["nombre"] for f in journal.ecarts(engagements.OBJET, acte.identifiant)]
    assert (acte.contenu["nombre"], refuses) == (25, [40])
    vu = " ".join(str(h.proto.body) for h in onglets[1].get("html")).replace("\u00a0", " ")
    assert "vient d’acter un autre engagement" in vu
    assert "Acté : 25 ménages" in vu
    assert "**40 ménages logés** d’ici le" in leviers.lu(onglets[1])
    onglets[1].button(key="acter").click().run()
    assert journal.find_all(engagements.OBJET)[0].contenu["nombre"] == 40


def test_a_number_tried_at_one_seance_is_not_proposed_at_another(monde_publie: Path) -> None:
    acter_poulidor(monde_publie, 17)
    essai = open(seance="2017S1", unite="nombre")
    essai.number_input[0].set_value(40).run()
    essai.selectbox(key="seance").select("2017S2").run()
    assert "**17 ménages logés** d’ici le" in leviers.lu(essai)
    assert "Déjà acté ainsi" in leviers.lu(essai)
    # Back there, what was tried there.
    essai.selectbox(key="seance").select("2017S1").run()
    assert "**40 ménages logés** d’ici le" in leviers.lu(essai)


def test_a_link_gives_the_number_that_it_was_taken_at(monde_publie: Path) -> None:
    acter_poulidor(monde_publie, 17)
    assert "**25 ménages logés** d’ici le" in leviers.lu(open(engagement_poulidor="25"))


def pass_on_en_salle(essai: AppTest) -> None:
    essai.session_state["salle_repetee"] = True
    essai.session_state["etape"] = "engagement"
    essai.run()
    assert not essai.exception


@pytest.mark.parametrize("unite", ["part", "nombre"])
def test_the_exact_count_where_the_lever_stood_is_not_taken_into_the_room_what_was_tried_is(
    monde_publie: Path, unite: str
) -> None:
    au_repos = open(unite=unite)
    assert "**12 ménages logés** d’ici le" in leviers.lu(au_repos)
    pass_on_en_salle(au_repos)
    assert (
        "**Comme d’habitude** parmi « Ménages Poulidor » d’ici le 30 juin 2018 : le flux en loge déjà 12 ou moins."
        in leviers.lu(au_repos)
    )
    assert proposes(au_repos) == []
    tire = open(unite=unite)
    if unite == "part":
        leviers.pull(tire, {"Part du flux attendu pour ce segment": 25})
    else:
        tire.number_input[0].set_value(25).run()
    pass_on_en_salle(tire)
    assert "**25 ménages logés** parmi « Ménages Poulidor » d’ici le" in leviers.lu(tire)
    assert "le flux en loge déjà 12 ou moins" in leviers.lu(tire)
    assert proposes(tire)[-1] == "Acter 25\u00a0ménages"


def test_what_was_acted_is_said_exactly_in_the_room(monde_publie: Path) -> None:
    acter_poulidor(monde_publie, 17)
    essai = open(vue="segments")
    pass_on_en_salle(essai)
    assert "**17 ménages logés** parmi « Ménages Poulidor » d’ici le" in leviers.lu(essai)
    assert "Déjà acté ainsi" in leviers.lu(essai)


def test_a_lever_that_the_rule_of_the_segment_does_not_read_is_not_drawn(monde_publie: Path) -> None:

    def offerts(segment: str) -> list[str]:
        essai = AppTest.from_file(donnees.RACINE / "pages/simuler/simuler.py", default_timeout=60)
        essai.query_params.update(
            {"seance": "2017S2", "ici": "MEL", "simulation": "engagement", "segment": segment, "n_min": "3"}
        )
        essai.run()
        assert not essai.exception
        return list(leviers.curseurs(essai))

    assert offerts("poulidor") == snapshot(["Part du flux d’attributions", "Passages au moins"])
    assert offerts("attente_24") == snapshot(["Part du flux d’attributions"])


def test_what_sets_them_apart_is_a_table_or_a_sentence_that_says_why_there_is_none(monde_publie: Path) -> None:
    essai = open(vue="segments")
    essai.session_state["explication"] = True  # unfolded
    essai.run()
    trop_peu = "Trop peu de ménages pour dire ce qui les distingue"
    assert ("Ce qui les distingue" in [t.value.index.name for t in essai.table]) is (trop_peu not in leviers.lu(essai))


@pytest.mark.parametrize("unite", ["part", "nombre"])
def test_of_what_is_impossible_nobody_more_is_housed_than_there_are_and_nothing_is_drawn(
    monde_publie: Path, unite: str
) -> None:
    # 40 three times second, 100 attributions expected: 100 aimed at is 60 too many.
    essai = open(unite=unite, n_min="3", **{f"{'engagement' if unite == 'part' else 'nombre'}_poulidor": "100"})
    dite = leviers.lu(essai)
    assert "**Impossible** : le segment compte 40 ménages." in dite
    assert "**40 ménages au plus** seraient logés d’ici le 30 juin 2018, sur 100 attributions attendues." in dite
    assert "100 ménages logés" not in dite
    assert "Il en reste" not in dite
    assert "Sans engagement, il en resterait" in dite
    assert [image for message in leviers.messages(essai) for image in message["etape"]["images"]] == []


def test_a_share_out_that_does_not_add_up_says_by_how_much_and_is_not_acted(monde_publie: Path) -> None:
    essai = open(unite="nombre")
    essai.number_input[0].set_value(20).run()
    essai.session_state["repartition"] = True  # unfolded
    essai.run()
    (commune, _) = grilles = [g for g in range(len(essai.dataframe)) if "Ménages" in essai.dataframe[g].value]
    depart = essai.dataframe[commune].value["Ménages"].tolist()
    assert sum(depart) == 20
    assert not essai.button(key="acter").disabled
    # three more than proposed in the first commune: 23 of 20
    fill(essai, commune, {0: {"Ménages": depart[0] + 3}})
    sommes = [str(h.proto.body).replace("\u00a0", " ") for h in essai.get("html") if "somme" in str(h.proto.body)]
    assert "Somme : 23 sur 20, en retirer 3" in sommes[0]
    assert "Somme : 20 sur 20<" in sommes[1]
    assert all(b.disabled for b in essai.button if b.key == "acter")
    assert len(grilles) == 2
    assert not Journal.du_dossier(monde_publie).find_all(engagements.OBJET)


def test_what_is_acted_at_a_seance_is_listed_there_and_only_ascertained_at_the_next(monde_publie: Path) -> None:

    def titres(**adresse: str) -> list[str]:
        return [m.value for m in open(vue="engagements", **adresse).markdown if m.value.startswith("####")]

    assert "#### Actés à cette séance" not in titres()
    acter_poulidor(monde_publie, 17)
    assert "#### Actés à cette séance" in titres()

"""Préparer › Imports: files and sheets of any name, given to a table on screen, and what is then asked of them once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.contrat import correspondances
from mel_core.contrat.questions import SEUL
from mel_core.entrepot import Entrepot, Portee
from pages.commun import donnees
from pages.commun.navigation import fichier
from tests.contrat.dessins_sne import demande
from tests.contrat.dessins_sne import write as sne
from tests.ecrans.test_imports import Fichier, approuver, entrepot, sign
from tests.entrepot.test_importation import BAILLEURS
from tests.hostiles.fabrique import classeur

__all__ = ["entrepot"]

ECRITS = (("oui", "F2"), ("", "T2 bis"))
A_DONNER = (
    "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;Nb pers.;revenu_fiscal;aci;dalo;pdalhpd;"
    "mutation_bloquee;npru"
)


def poser(*fichiers: Fichier) -> AppTest:
    ecran = AppTest.from_file(donnees.RACINE / fichier("imports"), default_timeout=30).run()
    ecran.checkbox(key="fictives").check().run()
    return ecran.file_uploader(key="depot").set_value(list(fichiers)).run()


def a_donner(bailleur: str, revenu: str, titre: str = "") -> bytes:
    ligne = f"A1;99900000000000000{bailleur[1]};2017-09-30;59350;{bailleur};non;2;{revenu};non;non;non;non;non"
    return f"{titre}{A_DONNER}\n{ligne}\nTotal;1\n".encode()


def tables_demandees(ecran: AppTest) -> dict[str, Any]:
    return {s.label: s for s in ecran.selectbox if s.key.startswith("table_")}


def proposees(ecran: AppTest) -> dict[str, list[str]]:
    """Heading → what is proposed under it, as it is read."""
    siens = [p for p in ecran.pills if p.key.startswith("proposees_")]
    return {p.label: [o.content.replace("\\", "") for o in p.proto.options] for p in siens}


def untick(ecran: AppTest, debut: str) -> None:
    """Take away the tick of the proposal that begins so."""
    for p in [p for p in ecran.pills if p.key.startswith("proposees_")]:
        p.set_value([r for r in p.value if not p.proto.options[r].content.replace("\\", "").startswith(debut)])


def keep(ecran: AppTest) -> AppTest:
    return next(b for b in ecran.button if b.label == "Garder ces réponses et contrôler de nouveau").click().run()


def asked(ecran: AppTest) -> dict[str, Any]:
    """Beginning of the question → its list."""
    return {s.label.split(" (")[0]: s for s in ecran.selectbox if s.key.startswith("question_")}


def test_files_of_any_name_are_given_to_their_table_on_screen_and_feed_it_together(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    livre = classeur(
        tmp_path / "LMH.xlsx",
        {"Notes": [["à ne pas lire"]], "S2": [x.split(";") for x in (a_donner("B2", "9000").decode().splitlines())]},
    )
    ecran = poser(
        ("Vilogia.csv", a_donner("B1", "NC", "Bilan 2017\n"), "text/csv"),
        ("LMH.xlsx", livre.read_bytes(), ""),
        ("bailleurs.csv", b"code_bailleur;nom\nB1;Un\nB2;Deux\n", "text/csv"),
    )
    assert list(tables_demandees(ecran)) == ["Vilogia.csv", "LMH.xlsx › Notes", "LMH.xlsx › S2"]
    # What their headers say is proposed, and nothing of a sheet of notes.
    assert [s.value for s in tables_demandees(ecran).values()] == ["attributions", None, "attributions"]
    ecran.button(key="controler").click().run()
    bilan = ecran.table[0].value.loc["attributions"].to_list()
    assert bilan[:4] == ["2", "1", "1", "0"]  # the income « NC » is no number
    assert bilan[5] == "3"  # a title and two totals
    assert proposees(ecran) == {
        "Colonnes (Vilogia.csv et LMH.xlsx › S2, table attributions)": ["Nb pers. (2…) → Nombre de personnes"],
        "Mots de « Revenu fiscal de référence »": ["NC → inconnu"],
    }
    keep(ecran)
    assert ecran.table[0].value.loc["attributions"].to_list()[:4] == ["2", "2", "0", "0"]
    sign(approuver(ecran)).button(key="publier").click().run()
    assert "Jeu de données publié" in ecran.success[0].value
    with entrepot.open(Portee.mel()) as lecteur:
        lues = lecteur.query("select bailleur, classe from attributions_qualifiees order by 1")
    # 9 000 € for two, of a ceiling of 26 872 €: a third of it. Without the size, nothing would be known.
    assert lues["classe"].to_list() == ["inconnu", "modeste"]


def test_two_dropped_files_of_the_same_name_are_both_read(entrepot: Entrepot) -> None:
    """A folder for each bailleur, and the same name in each: one took the place of the other without a word."""
    ecran = poser(
        ("export.csv", a_donner("B1", "9000"), "text/csv"),
        ("export.csv", a_donner("B2", "9000"), "text/csv"),
        ("bailleurs.csv", b"code_bailleur;nom\nB1;Un\nB2;Deux\n", "text/csv"),
    )
    for choix in [s for s in ecran.selectbox if s.key.startswith("table_")]:
        choix.set_value("attributions").run()
    ecran.button(key="controler").click().run()
    assert ecran.table[0].value.loc["attributions"].to_list()[:4] == ["2", "2", "0", "0"]


def test_a_file_left_without_a_table_is_not_read_and_the_report_says_so(entrepot: Entrepot) -> None:
    ecran = poser(
        ("Vilogia.csv", a_donner("B1", "9000"), "text/csv"), ("bailleurs.csv", BAILLEURS.encode(), "text/csv")
    )
    tables_demandees(ecran)["Vilogia.csv"].set_value(None).run()
    ecran.button(key="controler").click().run()
    assert ecran.table[0].value.index.to_list() == ["bailleurs"]
    assert "« Vilogia.csv » ne porte le nom d’aucune table" in ecran.dataframe[0].value.to_string()


def test_a_question_asked_of_two_sheets_of_one_source_is_asked_once_and_names_the_file(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    lignes = [x.split(";") for x in a_donner("B1", "9000").decode().replace("id_attribution", "Clé").splitlines()]
    lignes = [[*x[1:], x[0]] for x in lignes]  # nothing proposes a key that comes last
    autres = [[*lignes[0]], [*lignes[1][:-1], "A2"]]
    livre = classeur(tmp_path / "LMH.xlsx", {"S1": lignes, "S2": autres})
    ecran = poser(("LMH.xlsx", livre.read_bytes(), ""), ("bailleurs.csv", b"code_bailleur;nom\nB1;Un\n", "text/csv"))
    for choix in tables_demandees(ecran).values():
        choix.set_value("attributions").run()
    ecran.button(key="controler").click().run()
    question = asked(ecran)["Quelle colonne du fichier donne « N° d’attribution » ?"]
    assert question.label == snapshot(
        "Quelle colonne du fichier donne « N° d’attribution » ? (LMH.xlsx › S1 et LMH.xlsx › S2, table attributions)"
    )
    question.set_value("Clé")
    keep(ecran)
    assert ecran.table[0].value.loc["attributions"].to_list()[:4] == ["2", "2", "0", "0"]


def test_an_archive_of_the_sne_is_dropped_with_the_rpls_file_that_places_its_leases(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    octets = demande("999000000000000001", bail={"date": "2017-09-30", "rpls": "5900000001"})
    zippe = sne(tmp_path / "sne.zip", {"bailleurs.csv": "code_bailleur;nom\n111222333;Un\n", "xml/1.xml": octets})
    rpls = b"IDENT_REP;SIREN;DEPCOM;NUMCONV;FINAN;MODE\n5900000001;111222333;59350;C1;PLS/PPLS;1\n"
    ecran = poser(("sne.zip", zippe.read_bytes(), ""), ("rpls_2017.csv", rpls, "text/csv"))
    ecran.selectbox(key="modele").set_value("sne").run()
    assert not tables_demandees(ecran)
    ecran.button(key="controler").click().run()
    assert ecran.table[0].value["= gardées"].to_dict() == {
        "bailleurs": "1",
        "residences": "1",
        "demandes": "1",
        "attributions": "1",
    }


def test_an_occupation_survey_under_other_headers_completes_the_dwellings_of_rpls_dropped_with_it(
    entrepot: Entrepot,
) -> None:
    """RPLS has no résidence, only the name of a programme, by which the survey calls it."""
    rpls = b"IDENT_REP;SIREN;DEPCOM;programme;FINAN;MODE\n1;B1;59350;Lilas;PLS/PPLS;1\n2;B1;59350;Lilas;PLS/PPLS;1\n"
    enquete = b"Programme;moins de 20 %;Nb 20-40 %\nLILAS;1;1\nIris;4;2\n"
    ecran = poser(
        ("bailleurs.csv", b"code_bailleur;nom\nB1;Un\n", "text/csv"),
        ("RPLS 2017.csv", rpls, "text/csv"),
        ("OPS 2016.csv", enquete, "text/csv"),
    )
    ecran.selectbox(key="modele").set_value("rpls").run()
    ecran.button(key="controler").click().run()
    assert proposees(ecran)["Colonnes (OPS 2016.csv, table residences)"] == [
        "Programme (LILAS…) → N° de résidence",
        "enquête OPS, sans nombre de logements",
        "moins de 20 % (1…) → Occupants très modestes",
        "Nb 20-40 % (1…) → Occupants modestes",
    ]
    keep(ecran)
    assert ecran.table[0].value.loc["residences"].to_list()[:4] == ["2", "1", "1", "0"]
    sign(approuver(ecran)).button(key="publier").click().run()
    with entrepot.open(Portee.mel()) as lecteur:
        (lue,) = lecteur.query("select * from jeu.residences").to_dict("records")
    assert (lue["n_logements"], lue["n_occupants_tres_modestes"], lue["n_occupants_modestes"]) == (2, 1, 1)


def test_a_residence_that_looks_like_another_is_proposed_with_the_rest_and_read_once_it_is_kept(
    entrepot: Entrepot,
) -> None:
    residences = (
        "code_residence;nom;code_bailleur;code_quartier;n_logements\nR1;Les Tilleuls;B1;593500101;12\n"
        "R2;Les Érables;B1;593500101;30\n"
    )
    bail = (
        b"id_attribution;numero_unique;date_bail;code_insee;code_bailleur;code_residence;mutation\n"
        + ("A1;999000000000000001;2017-09-30;59350;B1;Résidence Tilleuls;non\n").encode()
    )
    ecran = poser(
        ("bailleurs.csv", b"code_bailleur;nom\nB1;Un\n", "text/csv"),
        ("quartiers.csv", b"code_quartier;nom;code_insee\n593500101;Centre;59350\n", "text/csv"),
        ("residences.csv", residences.encode(), "text/csv"),
        ("attributions.csv", bail, "text/csv"),
    )
    ecran.button(key="controler").click().run()
    assert proposees(ecran) == snapshot({"Résidences": ["« Résidence Tilleuls » (Un, Lille) → Les Tilleuls"]})
    untick(ecran, "« Résidence Tilleuls")
    keep(ecran)
    assert proposees(ecran) == {}  # refused: it is asked, and nothing is proposed
    (laquelle,) = [s for s in ecran.selectbox if "Résidence Tilleuls" in s.label]
    assert laquelle.options == ["Les Tilleuls", "Les Érables", "aucune de celles-ci"]
    laquelle.set_value("Les Tilleuls")
    keep(ecran)
    sign(approuver(ecran)).button(key="publier").click().run()
    with entrepot.open(Portee.mel()) as lecteur:
        assert lecteur.query("select code_residence from jeu.attributions")["code_residence"].to_list() == ["R1"]


def test_the_labels_that_a_column_names_are_proposed_value_by_value_and_the_others_asked(entrepot: Entrepot) -> None:
    entete = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;Public prioritaire\n"
    valeurs = ("DALO", "Accord collectif", "Sans", "", "Divers")
    baux = (f"A{n};99900000000000000{n};2017-09-30;59350;B1;non;{v}\n" for n, v in enumerate(valeurs))
    ecran = poser(
        ("bailleurs.csv", b"code_bailleur;nom\nB1;Un\n", "text/csv"),
        ("attributions.csv", (entete + "".join(baux)).encode(), "text/csv"),
    )
    ecran.button(key="controler").click().run()
    assert proposees(ecran)["Labels de « Public prioritaire »"] == [
        "DALO → DALO",
        "Accord collectif → ACI",
        "Sans → aucun",
    ]
    (divers,) = [s for s in ecran.selectbox if s.label.startswith("« Divers » dans « Public prioritaire », quel label")]
    assert divers.options == ["ACI", "DALO", "PDALHPD", "Mutation bloquée", "NPRU", "d’aucun"]
    divers.set_value("")
    keep(ecran)
    sign(approuver(ecran)).button(key="publier").click().run()
    with entrepot.open(Portee.mel()) as lecteur:
        lus = lecteur.query("select dalo, aci, npru from jeu.attributions order by id_attribution")
    assert lus.replace({float("nan"): None}).values.tolist() == [
        [True, False, None],
        [False, True, None],
        *[[False, False, None]] * 3,
    ]


def boutons(ecran: AppTest) -> dict[str, Any]:
    return {b.label: b for b in ecran.button}


def test_a_classeur_of_one_bailleur_and_the_contours_of_iris_reach_the_store_without_a_table_of_bailleurs(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    """Nothing of the landlord's workbook says who it is, and nobody has a table of bailleurs."""
    lignes = [
        ["Vilogia – baux de 2017"],
        ["id_attribution", "numero_unique", "date_bail", "code_insee", "code_quartier", "Nature", "npru"],
        ["A1", "999000000000000001", "30/09/2017", "59350", "593500101", "1er accès", "non"],
        ["A2", "999000000000000002", "30/09/2017", "59350", "593500101", "Mutation", "non"],
        ["Total", "2"],
    ]
    livre = classeur(tmp_path / "Vilogia 2017.xlsx", {"Notes": [["à ne pas lire"]], "Feuil1": lignes})
    seule = classeur(tmp_path / "Notes.xlsx", {"Notes": [["rien à lire ici"]]})
    iris = b"""{"type": "FeatureCollection", "features": [{"type": "Feature",
        "properties": {"iris": "593500101", "nom_iris": "Centre", "insee": "59350"},
        "geometry": {"type": "Polygon", "coordinates": [[[3, 50.6], [3.1, 50.6], [3.1, 50.7], [3, 50.6]]]}}]}"""
    ecran = poser(
        ("Vilogia 2017.xlsx", livre.read_bytes(), ""),
        ("Notes.xlsx", seule.read_bytes(), ""),  # left « Non lu »: it stopped the whole check
        ("iris.geojson", iris, ""),
    )
    tables_demandees(ecran)["Vilogia 2017.xlsx › Feuil1"].set_value("attributions").run()
    tables_demandees(ecran)["iris.geojson"].set_value("quartiers").run()
    ecran.checkbox(key="fictives").check().run()
    ecran.button(key="controler").click().run()
    assert "De quel bailleur vient ce fichier ?" in asked(ecran)
    assert proposees(ecran) == {
        "Colonnes (Vilogia 2017.xlsx › Feuil1, table attributions)": ["Nature (1er accès…) → Mutation"],
        "Mots de « Mutation »": ["1er accès → non", "Mutation → oui"],
    }
    next(t for t in ecran.text_input if t.key.startswith("seul_")).set_value("VILOGIA")
    keep(ecran)
    assert ecran.table[0].value["= gardées"].to_dict() == {"quartiers": "1", "bailleurs": "1", "attributions": "2"}
    sign(ecran).button(key="publier").click().run()
    assert "les écrans le montrent" in ecran.success[0].value
    with entrepot.open(Portee.mel()) as lecteur:
        lues = lecteur.query("select bailleur, quartier, count(*) as n from attributions_qualifiees group by all")
    assert lues.to_dict("records") == [{"bailleur": "VILOGIA", "quartier": "593500101", "n": 2}]


def test_real_data_wait_for_a_login_or_the_token_and_nobody_is_told_to_call_them_fictitious(
    entrepot: Entrepot,
) -> None:
    ecran = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=30).switch_page(fichier("imports")).run()
    ecran.file_uploader(key="depot").set_value([("bailleurs.csv", BAILLEURS.encode(), "text/csv")]).run()
    assert ["python3 lancer.py" in w.value for w in ecran.warning] == [True]  # where it is said what they are
    ecran.button(key="controler").click().run()
    (refus,) = [x.proto.body for x in ecran.get("html") if 'class="refus"' in x.proto.body]
    assert "python3 lancer.py" in refus
    assert "fictives" not in refus
    assert not [b for b in ecran.button if b.key == "publier"]
    ecran.checkbox(key="fictives").check().run()
    ecran.button(key="controler").click().run()
    assert [b for b in ecran.button if b.key == "publier"]


def test_what_no_answer_settles_is_counted_apart_from_the_questions(entrepot: Entrepot) -> None:
    """A file given to the wrong table: answering all of its questions would not let it through."""
    entete = "numero_unique;code_bailleur;etat"
    demandes = f"12;B1;14\n{entete}\n999000000000000001;B1;ACTIVE\n"
    ecran = poser(("export.csv", demandes.encode(), "text/csv"), ("bailleurs.csv", BAILLEURS.encode(), "text/csv"))
    tables_demandees(ecran)["export.csv"].set_value("attributions").run()
    ecran.button(key="controler").click().run()
    questions = [s for s in ecran.selectbox if s.key.startswith("question_")]
    (dit,) = [e.value for e in ecran.error]
    assert questions
    assert dit.startswith(f"{len(questions) + 1}\u00a0anomalies bloquantes : répondre aux questions")
    assert dit.endswith("1\u00a0autre est à corriger dans les fichiers.")


def pose_les_reponses(ecran: AppTest, reponses: dict[str, str]) -> AppTest:
    """Answer the questions on screen that begin so, and keep the answers."""
    for debut, reponse in reponses.items():
        next(s for s in ecran.selectbox if s.label.startswith(debut)).set_value(reponse)
    return keep(ecran)


def test_a_header_left_is_given_to_one_column_and_a_label_may_be_said_to_be_borne_by_nobody(entrepot: Entrepot) -> None:
    """What is worded like a column that an answer leans on is not folded with the rest."""
    colonnes = b"numero_unique;date_creation;etat;n_personnes;X;Ville d'avant\nD1;2016-01-01;ACTIVE;1;oui;Lens\n"
    ecran = poser(("demandes.csv", colonnes, "text/csv"))
    ecran.button(key="controler").click().run()
    assert [(e.label, e.proto.expanded) for e in ecran.expander if e.label.startswith("Non lus")] == [
        ("Non lus, à regarder (table demandes) : Ville d'avant", True),
        ("Non lus (table demandes) : X", False),
    ]
    (_, x) = [s for s in ecran.selectbox if s.key.startswith("reste_")]
    assert x.label == "X (oui…)"
    assert "NPRU : Ménage à reloger ou relogé au titre du renouvellement urbain (NPRU)." in x.options
    x.set_value("aci")
    (labels,) = [p for p in ecran.pills if p.key.startswith("labels_")]
    labels.set_value(["npru"])
    keep(ecran)
    (lu,) = correspondances.read(entrepot.dossier).mappings
    assert {c: lu.colonnes["demandes"][c] for c in ("aci", "dalo", "age")} == {"aci": "X", "dalo": "", "age": ""}
    assert lu.absentes == {"demandes": ("npru",)}
    assert not [e for e in ecran.expander if e.label.startswith(("Non lus", "Labels"))]  # asked once


def test_a_header_that_is_unticked_may_be_given_to_any_column_that_was_left(entrepot: Entrepot) -> None:
    ecran = poser(
        ("Vilogia.csv", a_donner("B1", "9000"), "text/csv"), ("bailleurs.csv", BAILLEURS.encode(), "text/csv")
    )
    ecran.button(key="controler").click().run()
    untick(ecran, "Nb pers.")
    keep(ecran)
    assert proposees(ecran) == {}
    (nombre,) = [s for s in ecran.selectbox if s.key.startswith("reste_")]
    assert nombre.label == "Nb pers. (2…)"
    nombre.set_value("n_uc")
    keep(ecran)
    (lu,) = correspondances.read(entrepot.dossier).mappings
    colonnes = lu.colonnes["attributions"]
    assert (colonnes["n_uc"], colonnes["n_personnes"], colonnes["typologie"]) == ("Nb pers.", "", "")


def test_a_file_that_says_no_state_is_answered_on_screen(entrepot: Entrepot) -> None:
    colonnes = b"numero_unique;date_creation;n_personnes;date_radiation\nD1;2016-01-01;1;\nD2;2016-01-01;1;2017-05-02\n"
    ecran = poser(("demandes.csv", colonnes, "text/csv"))
    ecran.button(key="controler").click().run()
    choix = next(s for s in ecran.selectbox if s.label.startswith("Quelle colonne du fichier donne « Etat »"))
    assert "aucune : radiée si une date ou un motif de radiation est donné, active sinon" in choix.options
    pose_les_reponses(ecran, {"Quelle colonne du fichier donne « Etat »": f"{SEUL}SELON_RADIATION"})
    assert ecran.table[0].value.loc["demandes"].to_list()[:2] == ["2", "2"]


def test_a_bailleur_that_only_the_files_of_the_sne_bear_is_named_on_screen_and_its_leases_are_kept(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    bail = {"motif_radiation": "RADATT", "bail": {"date": "2017-09-30"}}
    archive = sne(tmp_path / "sne.zip", {"a/1.xml": demande("999000000000000001", **bail)})
    ecran = poser(("sne.zip", archive.read_bytes(), ""))
    ecran.selectbox(key="modele").set_value("sne").run()
    ecran.button(key="controler").click().run()
    assert ecran.table[0].value.loc["attributions"].to_list()[:3] == ["1", "0", "1"]
    next(t for t in ecran.text_input if t.key.startswith("bailleur_")).set_value("Vilogia")
    keep(ecran)
    assert ecran.table[0].value.loc["attributions"].to_list()[:3] == ["1", "1", "0"]


def test_what_an_empty_cell_of_a_ticked_column_and_a_typologie_mean_is_answered_on_screen(entrepot: Entrepot) -> None:
    baux = "".join(f"A{n};99900000000000000{n};2017-09-30;59350;B1;{x};{t}\n" for n, (x, t) in enumerate(ECRITS))
    entete = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;typologie\n"
    fichiers = {"attributions.csv": entete + baux, "bailleurs.csv": BAILLEURS}
    ecran = poser(*((nom, texte.encode(), "text/csv") for nom, texte in fichiers.items()))
    ecran.button(key="controler").click().run()
    dites = {"Que veut dire une cellule vide dans « Mutation »": "non", "Que veut dire « T2 bis »": "T2"}
    pose_les_reponses(ecran, dites)
    (lu,) = correspondances.read(entrepot.dossier).mappings
    assert lu.valeurs["attributions"] == {"mutation": {"": "non"}, "typologie": {"T2 bis": "T2"}}

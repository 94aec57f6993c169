"""Préparer › Imports: what is left out is approved table by table, with its counts, or nothing is published."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
import streamlit as st
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.contrat import correspondances
from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.mapping import Mapping
from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.publications import Publication, find_all
from mel_core.journal import Journal
from mel_core.socle import langue
from mel_core.socle.erreurs import DonneesRefusees
from mel_core.socle.periodes import Seance
from pages.commun import donnees, visiteur
from pages.commun.navigation import fichier
from pages.preparer.imports import rapport_lu
from tests.cli.appel import run
from tests.contrat.dessins_sne import demande
from tests.contrat.dessins_sne import write as sne
from tests.ecrans.vue import visit
from tests.entrepot.test_importation import ATTRIBUTIONS, BAILLEURS
from tests.hostiles import contenants
from tests.hostiles.fabrique import classeur, place
from tests.jeux import bailleurs, chargement, serve

Fichier = tuple[str, bytes, str]


@pytest.fixture
def entrepot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Entrepot:
    monkeypatch.setenv("MEL_DONNEES", str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()
    return Entrepot(tmp_path)


def deposer(*, fictives: bool = True, en_cadre: bool = False, **tables: str) -> AppTest:
    """The screen once these files were dropped and checked; `en_cadre`: in the frame of the application."""
    chemin = "app.py" if en_cadre else fichier("imports")
    ecran = AppTest.from_file(donnees.RACINE / chemin, default_timeout=30)
    (ecran.switch_page(fichier("imports")) if en_cadre else ecran).run()
    fichiers: list[Fichier] = [(f"{nom}.csv", texte.encode(), "text/csv") for nom, texte in tables.items()]
    ecran.file_uploader(key="depot").set_value(fichiers).run()
    if fictives:
        ecran.checkbox(key="fictives").check().run()
    return ecran.button(key="controler").click().run()


def accords(ecran: AppTest) -> list[str]:
    return [c.label for c in ecran.checkbox if c.key.startswith("accord_")]


def approuver(ecran: AppTest) -> AppTest:
    for case in [c for c in ecran.checkbox if c.key.startswith("accord_")]:
        case.check().run()
    return ecran


def sign(ecran: AppTest, nom: str = "Camille Essai") -> AppTest:
    return ecran.text_input(key="saisie_auteur").set_value(nom).run()


def publications(entrepot: Entrepot) -> list[Publication]:
    return find_all(Journal.du_dossier(entrepot.dossier))


def n_attributions(entrepot: Entrepot) -> int:
    with entrepot.open(Portee.mel()) as lecteur:
        return len(lecteur.query("select * from attributions_qualifiees"))


def test_each_table_that_loses_rows_is_approved_with_its_counts_before_anything_is_published(
    entrepot: Entrepot,
) -> None:
    ecran = deposer(attributions=ATTRIBUTIONS, bailleurs=BAILLEURS + "B1;Encore\n")
    assert sorted(texte.replace("\u00a0", " ") for texte in accords(ecran)) == snapshot(
        [
            "1 doublon dans « bailleurs » : à laisser de côté (1 ligne gardée sur 2)",
            "« attributions » a 2 lignes rejetées sur 5 ; 1 doublon et 2 lignes rejetées dans « attributions » : "
            "à laisser de côté (2 lignes gardées sur 5)",
        ]
    )
    assert ecran.button(key="publier").disabled
    cases = [c for c in ecran.checkbox if c.key.startswith("accord_")]
    cases[0].check().run()
    assert ecran.button(key="publier").disabled
    approuver(ecran)
    assert ecran.button(key="publier").disabled  # nobody signs it yet
    sign(ecran).button(key="publier").click().run()
    assert "Jeu de données publié" in ecran.success[0].value
    assert n_attributions(entrepot) == 2


def test_who_approved_what_is_left_out_is_in_the_journal_and_on_the_screen(entrepot: Entrepot) -> None:
    ecran = approuver(deposer(attributions=ATTRIBUTIONS, bailleurs=BAILLEURS + "B1;Encore\n"))
    sign(ecran).button(key="publier").click().run()
    (faite,) = publications(entrepot)
    assert (faite.fiche.auteur.nom, faite.fiche.auteur.organisation) == ("Camille Essai", "MEL")
    assert faite.instantane == entrepot.instantane().identifiant
    comptes = {nom: (b.lues, b.gardees, b.rejetees, b.doublons) for nom, b in faite.tables.items()}
    assert comptes == {"attributions": (5, 2, 2, 1), "bailleurs": (2, 1, 0, 1)}
    ecran.run()
    dit = " ".join(str(x.proto.body) for x in ecran.get("html")).replace("\u00a0", " ")
    assert "approuvé et publié par Camille Essai (MEL)" in dit
    assert "1 doublon et 2 lignes rejetées dans « attributions »" in dit
    # The same click again, by the same person: nothing new to say.
    ecran.button(key="publier").click().run()
    assert "était déjà publié" in ecran.success[0].value
    assert len(publications(entrepot)) == 1


def test_a_clean_file_asks_for_no_approval_but_for_who_publishes(entrepot: Entrepot) -> None:
    ecran = deposer(bailleurs=BAILLEURS)
    assert accords(ecran) == []
    assert ecran.button(key="publier").disabled
    sign(ecran).button(key="publier").click().run()
    assert "Jeu de données publié" in ecran.success[0].value
    (faite,) = publications(entrepot)
    assert (faite.fiche.auteur.nom, faite.ecartees_dites) == ("Camille Essai", "aucune ligne écartée")


def test_what_a_column_says_is_what_its_own_table_says_of_it(entrepot: Entrepot) -> None:
    (lues,) = (d.value for d in deposer(bailleurs=BAILLEURS).dataframe if "Lue comme" in d.value)
    assert lues.set_index("Lue comme").loc["nom", "Ce qu’elle dit"] == "Nom du bailleur, tel qu’il s’affiche."


PLEINE = "".join(f"C{i};99900000000000{i:04};30/09/2017;59350;B1;N\n" for i in range(10))
ENTETE = ATTRIBUTIONS.split("\n")[0] + "\n"


def publish(entrepot: Entrepot, **tables: str) -> AppTest:
    return sign(approuver(deposer(**tables))).button(key="publier").click().run()


def test_a_table_that_would_be_emptied_has_its_box(entrepot: Entrepot) -> None:
    publish(entrepot, attributions=ENTETE + PLEINE, bailleurs=BAILLEURS)
    ecran = deposer(attributions=ENTETE)
    assert [texte.replace("\u00a0", " ") for texte in accords(ecran)] == snapshot(
        ["« attributions » serait vide (10 lignes en place)"]
    )
    assert sign(ecran).button(key="publier").disabled
    assert n_attributions(entrepot) == 10
    approuver(ecran).button(key="publier").click().run()
    assert n_attributions(entrepot) == 0


def test_the_file_of_one_bailleur_is_added_to_the_others(entrepot: Entrepot) -> None:
    deux = BAILLEURS + "B2;Deux\n"
    publish(entrepot, attributions=ENTETE + PLEINE, bailleurs=deux)
    ecran = deposer(attributions=ENTETE + PLEINE.replace(";B1;", ";B2;"))
    assert ["perd 1\u00a0bailleur (Un)" in texte for texte in accords(ecran)] == [True]
    ecran.checkbox(key="ajouter").check().run()
    ecran.button(key="controler").click().run()
    assert accords(ecran) == []
    sign(ecran).button(key="publier").click().run()
    assert n_attributions(entrepot) == 20


def test_an_earlier_publication_is_put_back_from_the_screen_and_signed(entrepot: Entrepot) -> None:
    publish(entrepot, attributions=ENTETE + PLEINE, bailleurs=BAILLEURS)
    premiere = entrepot.instantane()
    ecran = publish(entrepot, attributions=ENTETE)
    assert n_attributions(entrepot) == 0
    ecran.run()
    (anterieure,) = ecran.selectbox(key="publication_anterieure").options
    assert "attributions 10" in anterieure.replace("\u00a0", " ")
    ecran.selectbox(key="publication_anterieure").select_index(0).run()
    ecran.button(key="revenir").click().run()
    assert n_attributions(entrepot) == 10
    assert entrepot.instantane().identifiant == premiere.identifiant
    derniere = publications(entrepot)[0]
    assert (derniere.est_retour, derniere.fiche.auteur.nom) == (True, "Camille Essai")


def test_what_was_in_place_before_the_journal_is_put_back_from_the_screen(entrepot: Entrepot) -> None:
    with entrepot.reserve():
        serve(entrepot, chargement(bailleurs=bailleurs("B1", "B2", "B3")))
    premiere = entrepot.instantane()
    ecran = publish(entrepot, bailleurs=BAILLEURS).run()
    assert [e.label for e in ecran.expander if "journal" in e.label] == snapshot(
        ["2\u00a0publications, dont 1\u00a0absente du journal"]
    )
    ecran.selectbox(key="publication_anterieure").select_index(0).run()
    ecran.button(key="revenir").click().run()
    assert entrepot.instantane().identifiant == premiere.identifiant
    assert publications(entrepot)[0].est_retour


def test_a_fictive_load_over_real_tables_says_that_the_whole_is_real(entrepot: Entrepot, tmp_path: Path) -> None:
    with entrepot.reserve():
        serve(entrepot, chargement("reelle", bailleurs=bailleurs("B1", "B2")))
    (tmp_path / "attributions.csv").write_text(ENTETE + PLEINE, encoding="utf-8")
    ou = ("--dossier-donnees", str(entrepot.dossier), "--nature", "fictive")
    fait = run("importer", str(tmp_path / "attributions.csv"), *ou)
    assert fait.returncode == 0
    assert "dites fictives" in fait.stderr
    assert "dit réel" in fait.stderr


def test_the_file_of_anomalies_holds_them_all_and_is_zipped_when_it_is_long(
    entrepot: Entrepot, monkeypatch: pytest.MonkeyPatch
) -> None:
    faux = "".join(f"A{i};999000000000000001;=1+{i};59350;B1;N\n" for i in range(600))
    entete = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation\n"
    ecran = deposer(attributions=entete + faux, bailleurs=BAILLEURS)
    rapport, nom, contenu = ecran.session_state[rapport_lu.FICHIER]
    rangees = list(csv.DictReader(io.StringIO(contenu.decode("utf-8-sig"))))
    assert nom.endswith(".csv")
    assert len(rangees) == len(rapport.anomalies) >= 600
    assert [r["ligne"] for r in rangees if r["regle"] == "type"] == [str(i + 2) for i in range(600)]
    # What is read in a spreadsheet runs nothing.
    assert {r["valeur"][:2] for r in rangees if r["regle"] == "type"} == {"'="}
    monkeypatch.setattr(rapport_lu, "ANOMALIES_EN_CLAIR", 10)
    ecran = deposer(attributions=entete + faux, bailleurs=BAILLEURS)
    _, nom, zippe = ecran.session_state[rapport_lu.FICHIER]
    with zipfile.ZipFile(io.BytesIO(zippe)) as archive:
        assert archive.read("anomalies.csv") == contenu
    assert nom.endswith(".zip")
    assert len(zippe) < len(contenu) / 5


def test_what_was_published_in_between_changes_the_counts_and_asks_again(entrepot: Entrepot) -> None:
    with entrepot.reserve():
        serve(entrepot, chargement(bailleurs=bailleurs("B1", "B9")))
    ecran = sign(approuver(deposer(attributions=ATTRIBUTIONS)))
    # B9 was known: one row out and one duplicate were approved. It is no longer: two rows out.
    with entrepot.reserve():
        entrepot.publish(chargement(bailleurs=bailleurs("B1")), base=entrepot.instantane())
    ecran.button(key="publier").click().run()
    assert "ne laisse plus de côté ce qui a été approuvé" in ecran.error[0].value
    ecran.run()
    assert ["2\u00a0lignes rejetées" in texte for texte in accords(ecran)] == [True]
    assert ecran.button(key="publier").disabled
    approuver(ecran).button(key="publier").click().run()
    assert n_attributions(entrepot) == 2


def test_the_seances_that_a_publication_takes_over_are_said_before_it(entrepot: Entrepot) -> None:
    with entrepot.reserve():
        entrepot.publish(chargement(bailleurs=bailleurs("B1", "B9")), Seance(2017, 1))
    ecran = deposer(bailleurs=BAILLEURS)
    (avertissement,) = ecran.warning
    assert "2017S1" in avertissement.value
    sign(ecran)
    approuver(ecran).button(key="publier").click().run()
    assert "Jeu de données publié" in ecran.success[0].value
    assert len(deposer(bailleurs=BAILLEURS).warning) == 0


TELS_QUELS = {
    "a zip cut in the middle": contenants.archive_cut_in_the_middle,
    "a bomb": contenants.bomb,
    "a zip with a password": contenants.archive_with_a_password,
    "a zip that climbs out of its folder": contenants.archive_that_climbs_out_of_its_folder,
    "a PDF named xlsx": lambda d: place(d / "jeu.xlsx", b"%PDF-1.7\n"),
    "an old workbook": contenants.old_workbook_or_password,
    "a PDF": lambda d: place(d / "plan.pdf", b"%PDF-1.7\n"),
    "a PDF under the name of a workbook": lambda d: place(d / "plan.xlsx", b"%PDF-1.7\n"),
    "a workbook with macros": lambda d: classeur(d / "jeu.xlsx", {"autre": [["a"]]}).rename(d / "jeu.xlsm"),
}


@pytest.mark.parametrize("fabriquer", TELS_QUELS.values(), ids=TELS_QUELS)
def test_the_screen_says_of_a_file_that_can_t_be_read_what_the_command_line_says(
    entrepot: Entrepot, tmp_path: Path, fabriquer: Callable[[Path], Path]
) -> None:
    (tmp_path / "depose").mkdir()
    chemin = fabriquer(tmp_path / "depose")
    ecran = visit("imports").run()
    ecran.file_uploader(key="depot").set_value((chemin.name, chemin.read_bytes(), "")).run()
    ecran.button(key="controler").click().run()
    assert not ecran.exception
    try:
        attendus = [a.message for a in check(chemin).rapport.anomalies]
    except DonneesRefusees as refus:
        attendus = [str(refus)]
    assert attendus
    dit = " ".join([*(str(x.proto.body) for x in ecran.get("html")), *(g.value.to_string() for g in ecran.dataframe)])
    assert "Une erreur de l’application" not in dit
    for attendu in attendus:
        assert escape(langue.typeset(attendu)) in dit or attendu in dit


def test_where_no_answer_would_help_the_files_are_to_be_mended(entrepot: Entrepot) -> None:
    (dit,) = [e.value for e in deposer(bailleurs="").error]
    assert dit == snapshot("1\u00a0anomalie bloquante : corriger, puis déposer de nouveau.")


def test_a_zip_of_the_sne_is_read_once_its_format_is_chosen(entrepot: Entrepot, tmp_path: Path) -> None:
    octets = demande("999000000000000001", motif_radiation="RADATT", bail={"date": "2017-09-30"})
    zippe = sne(tmp_path / "sne.zip", {"bailleurs.csv": "code_bailleur;nom\n111222333;Un\n", "xml/1.xml": octets})
    ecran = AppTest.from_file(donnees.RACINE / fichier("imports"), default_timeout=30).run()
    ecran.file_uploader(key="depot").set_value((zippe.name, zippe.read_bytes(), "")).run()
    ecran.checkbox(key="fictives").check().run()
    ecran.button(key="controler").click().run()
    assert ecran.table[0].value.index.to_list() == ["bailleurs"]
    ecran.selectbox(key="modele").set_value("sne").run()
    assert not ecran.table  # what was checked was read otherwise
    ecran.button(key="controler").click().run()
    assert ecran.table[0].value.index.to_list() == ["bailleurs", "demandes", "attributions"]
    sign(approuver(ecran)).button(key="publier").click().run()
    assert "Jeu de données publié" in ecran.success[0].value
    assert n_attributions(entrepot) == 1


def test_no_field_for_a_file_refuses_by_its_name_what_python_reads(entrepot: Entrepot) -> None:
    """Streamlit says it in English, and lets a wrong content through under a right name."""
    ecran = AppTest.from_file(donnees.RACINE / "pages/preparer/imports/imports.py", default_timeout=30).run()
    champs = {c.key: list(c.proto.type) for c in ecran.file_uploader}
    assert champs == {"depot": [], "mapping": [], "contours": []}


def test_whoever_is_not_a_copilot_imports_nothing(entrepot: Entrepot) -> None:
    ecran = AppTest.from_file(donnees.RACINE / "pages/preparer/imports/imports.py", default_timeout=30)
    ecran.session_state[visiteur._REPETITION] = Profil(TypeProfil.ANIMATEUR)
    ecran.run()
    assert len(ecran.exception) == 1  # said in French by the frame
    assert len(ecran.file_uploader) == 0


def test_a_real_store_shows_nothing_and_takes_nothing_without_a_login_nor_the_terminal_s_token(
    entrepot: Entrepot,
) -> None:
    with entrepot.reserve():
        serve(entrepot, chargement("reelle", bailleurs=bailleurs("B1")))
    for page in ("imports", "objectifs", "bilan", "qualite"):
        ecran = visit(page).run()
        dit = " ".join(str(x.proto.body) for x in ecran.get("html"))
        assert "ne s’ouvrent qu’à une personne connue" in dit, page
        assert not ecran.get("form")
        assert not ecran.file_uploader
        assert not [b for b in ecran.button if b.key in ("publier", "controler", "revenir")]


def test_a_kept_answer_is_forgotten_alone_then_the_others(entrepot: Entrepot) -> None:
    ici = [Mapping(noms={"LMH": "Un", "SIA": "Deux"}), Mapping(dits={"etat": {"demandes": {"a.csv": "ACTIVE"}}})]
    correspondances.keep(entrepot.dossier, Reponses({16 * str(n): mapping for n, mapping in enumerate(ici)}))
    ecran = AppTest.from_file(donnees.RACINE / fichier("imports"), default_timeout=30).run()
    choix = ecran.multiselect(key="oubliees")
    assert choix.options[0] == "bailleurs.noms : « LMH », « Un »"
    choix.select(("0" * 16, "[bailleurs.noms]", '"LMH" = "Un"')).run()
    ecran.button(key="oublier").click().run()
    assert [m.noms for m in correspondances.read(entrepot.dossier).mappings] == [{"SIA": "Deux"}, {}]
    ecran.button(key="oublier").click().run()
    assert correspondances.read(entrepot.dossier) == Reponses()


def test_a_mapping_dropped_after_the_check_leaves_what_is_being_answered_and_publishes_nothing(
    entrepot: Entrepot,
) -> None:
    ecran = deposer(bailleurs="nom;Sigle\nUn;B1\n")
    assert "question_" in "".join(str(s.key) for s in ecran.selectbox)
    mapping = ("m.toml", b'[bailleurs.colonnes]\ncode_bailleur = "Sigle"\n', "application/toml")
    ecran.file_uploader(key="mapping").set_value([mapping]).run()
    assert "question_" in "".join(str(s.key) for s in ecran.selectbox)
    assert any("Le mapping a changé" in w.value for w in ecran.warning)
    ecran.button(key="controler").click().run()
    assert not any("Le mapping a changé" in w.value for w in ecran.warning)
    assert ecran.button(key="publier") is not None


def test_what_is_unknown_without_a_header_left_is_not_said_of_what_another_column_gives(entrepot: Entrepot) -> None:
    entete, ligne = ATTRIBUTIONS.splitlines()[:2]

    def say(plus: str, rien: str) -> str:
        ecran = deposer(attributions=f"{entete}{plus};X\n{ligne}{rien};?\n")
        return " ".join(texte.value for pli in ecran.expander for texte in pli.text)

    assert "quartier, fragilité et QPV inconnus" in say("", "")
    avec = say(";code_residence", ";R1")
    assert "quartier, fragilité et QPV inconnus" not in avec
    assert "quartier inconnu là où la résidence l’est" in avec

"""What a check leaves out is approved with its counts: the counts approved are those published."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.rapport import Anomalie
from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.importation import Accord, AccordPerime, Importation, import_files, say_reprises
from mel_core.indicateurs import compute
from mel_core.indicateurs.comptage import freeze
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode, Seance
from tests.contrat.dessins import AUJOURDHUI, PROPRE, write

BAILLEURS = "code_bailleur;nom\nB1;Un\n"
# A1 twice (a duplicate), a 31st of February and an unknown bailleur (two rows out): 5 = 2 + 2 + 1.
ATTRIBUTIONS = """id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation
A1;999000000000000001;30/09/2017;59350;B1;N
A1;999000000000000001;30/09/2017;59350;B1;N
A2;999000000000000002;31/02/2017;59350;B1;N
A3;999000000000000003;30/09/2017;59350;B9;N
A4;999000000000000004;30/09/2017;59350;B1;N
"""


DEUX_SUR_CINQ = {"attributions": "«\u00a0attributions\u00a0» a 2\u00a0lignes rejetées sur 5"}


@pytest.fixture
def jeu(tmp_path: Path) -> Path:
    dossier = tmp_path / "jeu"
    dossier.mkdir()
    (dossier / "bailleurs.csv").write_text(BAILLEURS, encoding="utf-8")
    (dossier / "attributions.csv").write_text(ATTRIBUTIONS, encoding="utf-8")
    return dossier


def test_the_report_says_which_tables_lose_rows(jeu: Path, tmp_path: Path) -> None:
    rapport = import_files(jeu, Entrepot(tmp_path / "donnees"), accepter=["attributions"]).rapport
    assert rapport.ecartees == {"attributions": (2, 1)}


def test_the_rows_approved_are_those_left_out(jeu: Path, tmp_path: Path) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    assert import_files(jeu, entrepot, accord=Accord({"attributions": (2, 1)}, DEUX_SUR_CINQ)).a_change
    with entrepot.open(Portee.mel()) as lecteur:
        assert len(lecteur.query("select * from attributions_qualifiees")) == 2


@pytest.mark.parametrize(
    "accord", [{}, {"attributions": (1, 1)}, {"attributions": (2, 0)}, {"attributions": (2, 1), "bailleurs": (1, 0)}]
)
def test_other_counts_than_those_approved_publish_nothing_and_say_what_is_left_out(
    jeu: Path, tmp_path: Path, accord: dict[str, tuple[int, int]]
) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    with pytest.raises(AccordPerime, match="1\u00a0doublon et 2\u00a0lignes rejetées dans «\u00a0attributions\u00a0»"):
        import_files(jeu, entrepot, accord=Accord(accord, DEUX_SUR_CINQ))
    assert entrepot.instantane() is None


def test_nothing_left_out_asks_for_nothing(jeu: Path, tmp_path: Path) -> None:
    (jeu / "attributions.csv").unlink()
    assert import_files(jeu, Entrepot(tmp_path / "donnees"), accord=Accord({})).a_change


S2017 = Seance(2017, 2)


def load(entrepot: Entrepot, tables: dict[str, str], seance: Seance | None = None) -> Importation:
    """Import drawings as a load of its own."""
    dossier = entrepot.dossier.parent / f"jeu_{len(list(entrepot.dossier.parent.iterdir()))}"
    jeu = write(dossier, tables)
    accepter = list(TABLES)  # what a load loses is tests/entrepot/test_pertes.py's
    return import_files(jeu, entrepot, nature="fictive", seance=seance, aujourdhui=AUJOURDHUI, accepter=accepter)


@pytest.fixture
def en_place(tmp_path: Path) -> Entrepot:
    """The small drawn world, published: R2 is B2's and in Q2, A1 is B2's and in R2, E2 names B2 and R2."""
    entrepot = Entrepot(tmp_path / "donnees")
    load(entrepot, PROPRE)
    return entrepot


def disparus(importation: Importation) -> list[Anomalie]:
    return [a for a in importation.rapport.anomalies if a.regle == "code_disparu"]


def sans_la_derniere(*noms: str) -> dict[str, str]:
    """These tables of the small world, each without its last row."""
    return {nom: "\n".join(PROPRE[nom].rstrip().splitlines()[:-1]) for nom in noms}


@pytest.mark.parametrize(
    ("table", "code", "effet"),
    [
        ("bailleurs", "B2", "attributions et résidences gardent leur code sans nom"),
        ("quartiers", "Q2", "« inconnu »"),
        ("residences", "R2", "« inconnu »"),
    ],
)
def test_a_table_reloaded_without_a_code_that_rows_in_place_bear_says_so_once(
    en_place: Entrepot, table: str, code: str, effet: str
) -> None:
    (constat,) = disparus(load(en_place, sans_la_derniere(table)))
    assert (constat.fichier, constat.ligne, constat.gravite) == (f"{table}.csv", None, "avertissement")
    assert constat.message.startswith(f"« {table} » n’a plus 1\u00a0code que portent des lignes déjà en place ({code})")
    assert effet in constat.message


def test_a_code_that_nothing_in_place_bears_may_go_without_a_word(en_place: Entrepot) -> None:
    avec_b3 = PROPRE["bailleurs"].rstrip() + "\n        B3            ; Bailleur trois\n"
    load(en_place, {"bailleurs": avec_b3})
    assert disparus(load(en_place, {"bailleurs": PROPRE["bailleurs"]})) == []


def test_rows_replaced_together_are_checked_on_their_own_and_bear_nothing_any_more(en_place: Entrepot) -> None:
    # Everything that bears B2 comes with the table: its rows are out, one by one, and nothing in place is concerned.
    ensemble = {n: PROPRE[n] for n in ("residences", "attributions", "evenements")}
    tout = load(en_place, {**ensemble, **sans_la_derniere("bailleurs")})
    assert disparus(tout) == []
    assert [a.valeur for a in tout.rapport.anomalies if a.regle == "bailleur_inconnu"] == ["B2", "B2", "B2"]


def test_a_code_unknown_already_is_not_one_that_goes(en_place: Entrepot) -> None:
    # E2 bears R2 and B2: gone once, they are not said again by the next load of the same table.
    load(en_place, sans_la_derniere("bailleurs"))
    assert disparus(load(en_place, sans_la_derniere("bailleurs"))) == []


def test_a_row_of_the_table_that_goes_out_takes_its_code_with_it(en_place: Entrepot) -> None:
    (constat,) = disparus(load(en_place, {"bailleurs": "code_bailleur ; nom\nB1 ; Un\nB2 ; "}))
    assert "(B2)" in constat.message


def test_codes_that_go_are_named_up_to_five(tmp_path: Path) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    codes = [f"B{i}" for i in range(1, 9)]
    entete = "id_attribution ; numero_unique ; date_bail ; code_insee ; code_bailleur ; mutation\n"
    baux = entete + "".join(f"A{c} ; D{c} ; 2017-09-30 ; 59350 ; {c} ; non\n" for c in codes)
    noms = "code_bailleur ; nom\n" + "".join(f"{c} ; {c}\n" for c in codes)
    load(entrepot, {"bailleurs": noms, "attributions": baux})
    (constat,) = disparus(load(entrepot, {"bailleurs": "code_bailleur ; nom\nB1 ; B1"}))
    assert "7\u00a0codes" in constat.message
    assert "(B2, B3, B4, B5, B6 et 2\u00a0autres)" in constat.message


def test_a_bailleur_that_attributions_still_bear_can_be_asked_for_with_or_without_its_rows(en_place: Entrepot) -> None:
    def ask(bailleur: str) -> tuple[int, int]:
        with en_place.open(Portee.mel(), S2017) as lecteur:
            ligne = compute(lecteur, "aci", Periode.de(S2017, "semestre"), bailleur=bailleur).iloc[0]
        return ligne["n"], ligne["numerateur"]

    load(en_place, sans_la_derniere("bailleurs"))
    assert ask("B2") == (1, 1)  # A1, a first access and ACI
    with pytest.raises(AppelIncorrect, match="« B9 » du filtre bailleur est inconnu"):
        ask("B9")
    freeze(en_place, S2017)
    for lignes in (en_place.dossier / "jeux").glob("*.duckdb"):
        lignes.unlink()
    assert ask("B2") == (1, 1)
    with pytest.raises(AppelIncorrect, match="« B9 » du filtre bailleur est inconnu"):
        ask("B9")


def test_a_general_load_says_the_seances_that_it_takes_over(en_place: Entrepot) -> None:
    autres = {**PROPRE, **sans_la_derniere("accueil")}
    assert load(en_place, autres, Seance(2017, 1)).reprises == ()  # the load of one séance takes over no other
    assert load(en_place, autres, S2017).reprises == ()
    generale = load(en_place, sans_la_derniere("attributions"))
    assert generale.reprises == ("2017S1", "2017S2")
    dit = say_reprises(generale.reprises)
    assert "2017S1 et 2017S2" in dit
    assert dit.count(". ") == 0
    assert load(en_place, PROPRE).reprises == ()  # nothing of their own is left


def test_a_seance_that_is_frozen_or_has_the_same_data_is_not_taken_over(en_place: Entrepot) -> None:
    load(en_place, {**PROPRE, **sans_la_derniere("accueil")}, Seance(2017, 1))
    freeze(en_place, Seance(2017, 1))
    load(en_place, PROPRE, S2017)
    assert load(en_place, PROPRE).reprises == ()


def test_a_number_learnt_from_a_survey_is_known_by_the_loads_after_it(tmp_path: Path) -> None:
    """The leases of the next semester bear it, alone, then beside the résidences of another year without a survey."""
    entrepot = Entrepot(tmp_path / "donnees")
    parc = "code_residence;nom;code_bailleur;code_quartier;n_logements\nR1;Les Tilleuls;B1;595120101;12\n"
    survey = (
        "code_residence;nom;code_bailleur;n_occupants_tres_modestes;n_occupants_modestes\n4125;Les Tilleuls;B1;3;4\n"
    )
    baux = f"{ATTRIBUTIONS.splitlines()[0]};code_residence\nA1;999000000000000001;30/09/2017;59350;B1;N;4125\n"
    textes = {"bailleurs": BAILLEURS, "parc": parc, "survey": survey, "baux": baux}
    for nom, texte in textes.items():
        (tmp_path / f"{nom}.csv").write_text(texte, encoding="utf-8")
    tables = {"parc": "residences", "survey": "residences", "baux": "attributions"}
    for noms in (("bailleurs", "parc", "survey"), ("baux",), ("parc", "baux"), ("baux",)):
        donnes = [Donne(tmp_path / f"{nom}.csv", tables.get(nom, nom)) for nom in noms]
        import_files(donnes, entrepot, aujourdhui=AUJOURDHUI, accepter=list(TABLES))
        if "baux" in noms:
            with entrepot.open(Portee.mel()) as lecteur:
                assert lecteur.query("select residence from attributions_qualifiees")["residence"].tolist() == ["R1"]

"""Somebody is erased everywhere: no byte of them is left, everybody else stays, and the journal still verifies."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot, Portee, effacement
from mel_core.entrepot.importation import import_files
from mel_core.indicateurs import compute
from mel_core.journal import Journal, nouvel_op_id
from mel_core.seance.effacement import OBJET, REJEU, DemandeEffacement, code, codes_gardes, find_inacheves, prepare
from mel_core.seance.engagements import cohortes
from mel_core.segments.listes import suites
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Periode
from tests.seance.effacement.monde import (
    ANNE,
    LUI,
    NUMEROS,
    S2,
    N,
    au_coffre,
    effacer_ici,
    lignes_de,
    ou_se_lit,
    par_numero,
    pseudonyme_de,
)


def equilibre(entrepot: Entrepot, seance=S2) -> list[tuple[object, ...]]:
    with entrepot.open(Portee.mel(), seance) as lecteur:
        cellules = compute(lecteur, "equilibre", Periode.de(seance), ("commune",))
    return list(cellules[["commune", "n", "n_connus", "numerateur"]].itertuples(index=False, name=None))


def test_no_byte_of_somebody_who_is_erased_is_left_and_everybody_else_stays(donnees: Entrepot) -> None:
    lui, dossier = pseudonyme_de(donnees), donnees.dossier
    serveur = Journal.du_dossier(dossier)
    assert serveur.verify() == []  # it runs, and keeps the log of SQLite open
    for fichier in (dossier / "jeux").iterdir():  # what an earlier version kept beside each snapshot
        (dossier / "protections" / fichier.stem).mkdir(parents=True)
    gelee, avant = equilibre(donnees), {f.stem for f in (dossier / "jeux").iterdir()}
    # They are in three files, five tables each; in the vault, the list, the journal.
    assert len(lignes_de(donnees, lui)) == 3 * 5
    lisibles = ou_se_lit(dossier, LUI, lui)
    assert {"coffre.sqlite", *(f"jeux/{nom}.duckdb" for nom in avant)} < set(lisibles)
    assert [f for f in lisibles if f.startswith("cohortes/")]
    assert [f for f in lisibles if "journal" in f or ("/" in f and f[0] == "b")]  # SQLite, or a file of PostgreSQL
    note = {"organisation": "59350", "menages": [suites.identifiant(serveur, "59350", lui)], "note": "Le soir."}
    serveur.write(suites.BROUILLON, "n1", note, ANNE, nouvel_op_id())

    assert effacer_ici(dossier, par_numero()) == []

    assert lignes_de(donnees, lui) == {}
    assert ou_se_lit(dossier, LUI, lui) == []
    (nouveau,) = (f.stem for f in (dossier / "jeux").iterdir())
    assert nouveau not in avant
    assert not (dossier / "protections").exists()
    autres = set(donnees.pseudonymes().de(NUMEROS)) - {lui}
    assert effacement.connus(dossier) == au_coffre(donnees) == set(cohortes.menages(dossier)) == autres
    assert suites.read(serveur, "59350", [lui, *autres]).keys() == autres
    assert [f.effacee for f in serveur.find_all(suites.BROUILLON)] == [True]
    assert serveur.verify() == []
    # The séance that was frozen answers the same, the others one fewer.
    assert equilibre(donnees) == gelee
    assert [n for _, n, *_ in equilibre(donnees, S2.precedente)] == []
    assert [n for _, n, *_ in gelee] == [N]
    with donnees.open(Portee.mel()) as lecteur:
        comptes = lecteur.query("select count(*) as n, count(distinct date_bail) as j from attributions_qualifiees")
    assert comptes.iloc[0].tolist() == [N - 1, 1]


def test_the_journal_says_that_it_was_done_by_whom_and_how_many_rows_never_who(donnees: Entrepot) -> None:
    assert effacer_ici(donnees.dossier, par_numero()) == []
    journal = Journal.du_dossier(donnees.dossier)
    (fiche,) = journal.find_all(OBJET)
    assert fiche.auteur == ANNE
    assert fiche.contenu == {
        "motif": "numeros",
        "comptes": {
            "menages": 1,
            "lignes": {"demandes": 1, "evenements": 2, "attributions": 1},
            "jeux": 3,
            "coffre": 1,
            "listes": 1,
            "textes": 4,  # two versions and a refused one of the outcome, the first version of the blocage
        },
    }
    effacees = [(f.objet, f.version, f.est_refusee) for f in journal.ecritures() if f.effacee]
    assert effacees == [("blocage", 1, False), ("suite", 1, True), ("suite", 2, False), ("suite", 1, False)]


def test_again_finds_nothing_writes_nothing_and_publishes_nothing(donnees: Entrepot) -> None:
    assert effacer_ici(donnees.dossier, par_numero()) == []
    journal, jeux = Journal.du_dossier(donnees.dossier), sorted((donnees.dossier / "jeux").iterdir())
    n = journal.nombre()
    with donnees.reserve():
        assert prepare(donnees, journal, par_numero()).est_vide
    assert effacer_ici(donnees.dossier, par_numero()) == []
    assert (journal.nombre(), sorted((donnees.dossier / "jeux").iterdir())) == (n, jeux)


def test_a_copy_put_back_is_erased_again_by_the_codes_alone_for_a_year(donnees: Entrepot, tmp_path_factory) -> None:
    copie, lui = tmp_path_factory.mktemp("copie"), pseudonyme_de(donnees)
    gardes = ("registre.json", "jeux", "gelees", "coffre.sqlite", "cohortes")

    def recopier(de: Path, vers: Path) -> None:
        for nom in gardes:
            if (de / nom).is_dir():
                shutil.rmtree(vers / nom, ignore_errors=True)
                shutil.copytree(de / nom, vers / nom)
            else:
                shutil.copy2(de / nom, vers / nom)

    recopier(donnees.dossier, copie)
    assert effacer_ici(donnees.dossier, par_numero()) == []
    recopier(copie, donnees.dossier)
    assert lignes_de(donnees, lui) != {}
    assert effacer_ici(donnees.dossier, DemandeEffacement(REJEU)) == []
    assert (lignes_de(donnees, lui), ou_se_lit(donnees.dossier, LUI, lui)) == ({}, [])
    assert len(effacement.connus(donnees.dossier)) == N - 1
    # The year over, the code goes too: the next erasure takes it away.
    journal = Journal.du_dossier(donnees.dossier)
    assert codes_gardes(journal) == {code(journal, lui)}
    assert effacer_ici(donnees.dossier, par_numero("999000000000009999"), aujourd_hui() + timedelta(days=366)) == []
    assert codes_gardes(journal) == set()
    assert journal.verify() == []


def test_a_text_of_the_room_that_names_them_waits_for_a_version_that_does_not(donnees: Entrepot) -> None:
    journal = Journal.du_dossier(donnees.dossier)
    texte = {"texte": f"Reloger le {LUI}."}
    journal.write("decision", "d1", texte, ANNE, nouvel_op_id())
    (reste,) = effacer_ici(donnees.dossier, par_numero())
    assert "decision" in reste
    assert LUI not in reste
    assert journal.read("decision", "d1").contenu == texte  # nothing that was acted is taken away unseen
    assert journal.find_all(OBJET) == []
    journal.write("decision", "d1", {"texte": "Reloger ce ménage."}, ANNE, nouvel_op_id(), 1)
    assert effacer_ici(donnees.dossier, par_numero()) == []
    assert [f.effacee for f in journal.historique("decision", "d1")] == [True, False]
    assert len(journal.find_all(OBJET)) == 1
    assert ou_se_lit(donnees.dossier, LUI) == []


def test_a_file_that_cannot_be_removed_is_said_with_its_cause_and_the_erasure_is_not_said_done(
    sur_sqlite: Entrepot,
) -> None:
    dossier, lui = sur_sqlite.dossier, pseudonyme_de(sur_sqlite)
    (dossier / "jeux" / "illisible.duckdb").write_text("pas un jeu", encoding="utf-8")
    (dossier / "jeux" / "copie.bak").write_text("une copie", encoding="utf-8")
    (dossier / "gelees" / "2017S2.duckdb").rename(dossier / "gelees" / "ailleurs")
    restes = effacer_ici(dossier, par_numero())
    assert [r.split(" ")[0].split("/")[0] for r in restes] == ["jeux"] * 3
    assert [bool(m in "".join(restes)) for m in ("ne s’ouvre pas", "2017S2, gelée", "copie.bak n’est pas")] == [
        True
    ] * 3
    journal = Journal.du_dossier(dossier)
    assert (len(find_inacheves(journal)), journal.find_all(OBJET)) == (1, [])
    # Put right, any erasure takes it up, even that of somebody else.
    (dossier / "gelees" / "ailleurs").rename(dossier / "gelees" / "2017S2.duckdb")
    for nom in ("illisible.duckdb", "copie.bak"):
        (dossier / "jeux" / nom).unlink()
    assert effacer_ici(dossier, par_numero("999000000000009999")) == []
    assert (find_inacheves(journal), len(journal.find_all(OBJET))) == ([], 1)
    assert lignes_de(sur_sqlite, lui) == {}


def test_leftovers_of_a_cut_import_or_trial_and_of_a_list_are_swept_too(sur_sqlite: Entrepot) -> None:
    dossier, lui = sur_sqlite.dossier, pseudonyme_de(sur_sqlite)
    for nom in ("jeux/.en-construction-1.duckdb.tmp/bloc", "jeux/.en-construction-2.duckdb", ".essai-3/jeux/x.duckdb"):
        (dossier / nom).parent.mkdir(parents=True, exist_ok=True)
        (dossier / nom).write_text(lui, encoding="utf-8")
    (dossier / "cohortes" / ".liste.json.1234").write_text(f'[{{"pseudonyme": "{lui}"}}]', encoding="utf-8")
    (dossier / "cohortes" / ".liste.json.5678").write_text('[{"pseudonyme": "autre"}]', encoding="utf-8")
    assert effacer_ici(dossier, par_numero()) == []
    assert ou_se_lit(dossier, lui) == []
    assert (dossier / "cohortes" / ".liste.json.5678").exists()  # somebody may be writing it


def test_an_open_reader_ends_what_it_reads_and_the_next_one_lets_go_of_the_old_file(sur_sqlite: Entrepot) -> None:
    with sur_sqlite.open(Portee.mel()) as lecteur:
        assert effacer_ici(sur_sqlite.dossier, par_numero()) == []
        assert lecteur.query("select count(*) as n from demandes")["n"].tolist() == [N]
    with sur_sqlite.open(Portee.mel()) as lecteur:
        assert lecteur.query("select count(*) as n from demandes")["n"].tolist() == [N - 1]
    tenus = [f.readlink() for f in Path("/proc/self/fd").iterdir() if f.is_symlink()]
    assert [t for t in tenus if t.is_relative_to(sur_sqlite.dossier / "jeux") and "(deleted)" in t.name] == []


def test_without_the_key_of_the_pseudonyms_nobody_is_said_to_be_unknown(sur_sqlite: Entrepot) -> None:
    (sur_sqlite.dossier / "cle_pseudonymes").unlink()
    with pytest.raises(ErreurUtilisateur, match="cle_pseudonymes"):
        effacer_ici(sur_sqlite.dossier, par_numero())
    assert not (sur_sqlite.dossier / "cle_pseudonymes").exists()


RADIES = """
numéro | état   | radiée le  | qui part au 31 décembre 2018
1      | ACTIVE |            | non
2      | RADIEE | 2017-12-31 | oui
3      | RADIEE | 2018-01-01 | non
4      | RADIEE |            | non
5      | ACTIVE | 2016-06-30 | non
6      | RADIEE | 2015-06-30 | oui
"""


def test_who_was_struck_off_for_a_year_leaves_and_who_came_back_stays(url, tmp_path, tmp_path_factory) -> None:
    entrepot, attendus = Entrepot(tmp_path), {}
    fichiers = tmp_path_factory.mktemp("radies")
    lignes = [[c.strip() for c in ligne.split("|")] for ligne in RADIES.strip().splitlines()[1:]]
    # 7 was struck off in an older file, and is active again in the one in service; 8 is in the older file alone.
    ancien = [*lignes, ["7", "RADIEE", "2015-01-01", "non"], ["8", "RADIEE", "2015-01-01", "oui"]]
    for nom, demandes in {"ancien": ancien, "courant": [*lignes, ["7", "ACTIVE", "", "non"]]}.items():
        (fichiers / nom).mkdir()
        rangees = [f"99900000000000000{n};2014-01-01;{etat};{jour};1" for n, etat, jour, _ in demandes]
        entete = "numero_unique;date_creation;etat;date_radiation;n_personnes"
        (fichiers / nom / "demandes.csv").write_text("\n".join([entete, *rangees]), encoding="utf-8")
        import_files(fichiers / nom, entrepot, nature="fictive")
        attendus |= {n: sort for n, _, _, sort in demandes}
    demande = DemandeEffacement.des_radies(date(2018, 12, 31), date(2019, 3, 1))
    assert effacer_ici(tmp_path, demande) == []
    restants = [f"99900000000000000{n}" for n, sort in attendus.items() if sort == "non"]
    assert effacement.connus(tmp_path) == set(entrepot.pseudonymes().de(restants))
    journal = Journal.du_dossier(tmp_path)
    (fiche,) = journal.find_all(OBJET)
    assert (fiche.contenu["motif"], fiche.contenu["comptes"]["menages"]) == ("radies", 3)
    assert codes_gardes(journal) == set()  # the rule finds them again by itself
    assert journal.verify() == []


def test_a_year_that_is_not_over_is_a_wrong_call() -> None:
    with pytest.raises(AppelIncorrect, match="pas encore passé"):
        DemandeEffacement.des_radies(date(2019, 1, 1), date(2018, 12, 31))


@pytest.mark.parametrize(
    "octets",
    [b"", b"\n \n", b"999000000000000001;Anne", b"999 000", b"9,99017E+17", b'="999000000000000001"', b"\xff\xfe9"],
)
def test_a_list_that_is_not_one_number_a_line_is_refused_without_quoting_it(octets: bytes) -> None:
    with pytest.raises(AppelIncorrect) as refus:
        DemandeEffacement.par_numeros(octets)
    assert "999" not in str(refus.value)
    assert "999" not in repr(par_numero("999000000000000001"))

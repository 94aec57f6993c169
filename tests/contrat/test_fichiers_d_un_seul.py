"""What one answer says of a whole file: whose it is, what its rows are, where; found again whatever the period in its
name. And what an archive holds, file by file."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from mel_core.contrat import correspondances
from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.entites import Repertoire, closest
from mel_core.contrat.lecture.fichiers import Donne, pieces
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.propositions import ask_all, gather
from mel_core.contrat.questions import AUCUNE, SEUL, Question, answer_par_source
from mel_core.contrat.rapport import Connues, Rapport, ResidenceConnue
from mel_core.contrat.regles import COLONNE_ABSENTE
from mel_core.contrat.tables_proposees import with_tables
from mel_core.socle.erreurs import AppelIncorrect
from tests.contrat.dessins import AUJOURDHUI

PASSAGES = (
    "Réf. passage;N° unique;Dt évènement;Avis CAL\nE1;99901;30/09/2017;Favorable\nE2;99902;01/10/2017;Favorable\n"
)
BAUX = "Réf.;N° unique;Bail du;Organisme;Parcours\nA1;99901;30/09/2017;B1;1er accès\n"
NOMS = {"B1": "Vilogia", "B2": "SIA Habitat"}
CONNUES = Connues(bailleurs=frozenset(NOMS), noms=NOMS, tables=frozenset({"bailleurs"}))


class Agent:
    """Who drops files, confirms what is proposed and answers the rest."""

    def __init__(self) -> None:
        self.gardees = Reponses()

    def read(self, *donnes: Donne) -> Rapport:
        return check(donnes, aujourdhui=AUJOURDHUI, reponses=self.gardees, connues=CONNUES).rapport

    def ask(self, *donnes: Donne) -> dict[Question, str | None]:
        def read(reponses: Reponses) -> Rapport:
            return check(donnes, aujourdhui=AUJOURDHUI, reponses=reponses, connues=CONNUES).rapport

        return ask_all(read(self.gardees), read, self.gardees, NOMS.values())

    def answer(self, *donnes: Donne, **autres: str) -> None:
        """By the column; no other optional one."""
        posees = self.ask(*donnes)
        dites = {q: p if p is not None else autres.get(q.colonne, AUCUNE) for q, p in posees.items()}
        self.gardees = self.gardees.with_reponses(
            answer_par_source(
                {q: r for q, r in dites.items() if r or q.colonne == "code_bailleur" or q.est_facultative}
            )
        )


def write(dossier: Path, nom: str, texte: str, table: str) -> Donne:
    (dossier / nom).write_text(texte, encoding="utf-8")
    return Donne(dossier / nom, table)


def dites(posees: dict[Question, str | None]) -> dict[str, str | None]:
    return {q.colonne: p for q, p in posees.items() if not q.est_facultative and q.valeur is None}


def test_events_without_a_bailleur_nor_a_type_ask_whose_they_are_and_what(tmp_path: Path) -> None:
    donne, agent = write(tmp_path, "suivi.csv", PASSAGES, "evenements"), Agent()
    posees = agent.ask(donne)
    assert dites(posees) == {
        "id_evenement": "Réf. passage",
        "type": None,
        "date_survenance": "Dt évènement",
        "code_bailleur": None,
    }
    du_fichier = {q.colonne: q for q in posees if q.est_du_fichier}
    assert du_fichier["code_bailleur"].peut_etre_un_seul
    assert f"{SEUL}PASSAGE_CAL" in du_fichier["type"].options
    agent.answer(donne, type=f"{SEUL}PASSAGE_CAL", code_bailleur=f"{SEUL}Vilogia")
    lu = check([donne], aujourdhui=AUJOURDHUI, reponses=agent.gardees, connues=CONNUES)
    lues = lu.tables["evenements"].select(["type", "code_bailleur"]).to_pylist()
    assert lues == [{"type": "PASSAGE_CAL", "code_bailleur": "B1"}] * 2
    assert "colonne_absente" not in [a.regle for a in lu.rapport.anomalies if a.colonne == "code_bailleur"]


def test_the_name_of_a_file_proposes_what_it_says_and_answers_to_mixed_bailleurs_are_kept(tmp_path: Path) -> None:
    agent = Agent()
    de_sia = write(tmp_path, "SIA - CAL 2017.csv", PASSAGES, "evenements")
    proposees = dites(agent.ask(de_sia))
    assert (proposees["type"], proposees["code_bailleur"]) == (f"{SEUL}PASSAGE_CAL", f"{SEUL}SIA Habitat")
    meles = write(tmp_path, "CAL.csv", PASSAGES, "evenements")
    agent.answer(meles, code_bailleur=AUCUNE)
    assert agent.ask(meles) == {}


def test_leases_of_one_commune_say_it_in_the_answer_and_a_name_of_none_is_refused(tmp_path: Path) -> None:
    agent, lille = Agent(), write(tmp_path, "Baux - Lille.csv", BAUX, "attributions")
    assert dites(agent.ask(lille))["code_insee"] == f"{SEUL}Lille"
    agent.answer(lille)
    lu = check([lille], aujourdhui=AUJOURDHUI, reponses=agent.gardees, connues=CONNUES)
    assert lu.tables["attributions"]["code_insee"].to_pylist() == ["59350"]
    marquette = write(tmp_path, "Baux - Marquette-lez-Lille.csv", BAUX, "attributions")
    assert dites(Agent().ask(marquette))["code_insee"] == f"{SEUL}Marquette-lez-Lille"
    with pytest.raises(AppelIncorrect, match="« Arras » n’est pas une commune de la MEL"):
        Mapping.depuis_texte('[attributions.code_insee]\n"a.csv" = "Arras"\n')
    assert Mapping.depuis_texte('[attributions.mutation]\n"a.csv" = "oui"\n').dits_du_fichier(
        "attributions", "a.csv"
    ) == {"mutation": "oui"}


@pytest.mark.parametrize(
    ("fichiers", "proposition", "n"),
    [
        (("CAL.xlsx › T1", "CAL.xlsx › T2", "CAL.xlsx › T3 2018"), None, 1),
        (("CAL.xlsx › Feuil1", "CAL.xlsx › Feuil2"), None, 1),
        (("CAL janvier.csv", "CAL février.csv"), None, 1),
        (("CAL.xlsx › Bailleur du Nord", "CAL.xlsx › Bailleur du Sud"), None, 2),  # each may be of another
        (("CAL.zip › 1.csv", "CAL.zip › 2.csv"), None, 2),
        (("SIA.xlsx › Baux", "SIA.xlsx › Refus"), f"{SEUL}SIA Habitat", 1),  # the file says it
    ],
)
def test_whose_a_workbook_is_is_asked_once_for_its_sheets(
    fichiers: tuple[str, ...], proposition: str | None, n: int
) -> None:
    posee = Question("evenements", "code_bailleur", None, ("Col.",), "", source="s", regle=COLONNE_ABSENTE.nom)
    assert len(gather({replace(posee, fichier=fichier): proposition for fichier in fichiers})) == n


@pytest.mark.parametrize(
    ("un", "autre", "est_le_meme"),
    [
        ("Suivi.csv › 1er semestre", "Suivi.csv › 2e semestre", True),
        ("CAL S1 2018.csv", "CAL S2-2018.csv", True),
        ("cal_2018T3.csv", "cal_2019T1.csv", True),
        ("Baux janv. 2018.csv", "Baux février 2018.csv", True),
        ("Baux au 30.06.2018.csv", "Baux au 31.12.2018.csv", True),
        ("x_201806.csv", "x_201807.csv", True),
        ("export 1.csv", "export 2.csv", False),
        ("Baux Lille 2018.csv", "Baux Roubaix 2018.csv", False),
    ],
)
def test_an_answer_about_a_file_is_found_again_whatever_the_period_in_its_name(
    un: str, autre: str, est_le_meme: bool
) -> None:
    mapping = Mapping(dits={"bailleur": {"evenements": {un: "Vilogia"}}})
    assert mapping.dits_du_fichier("evenements", autre) == ({"code_bailleur": "Vilogia"} if est_le_meme else {})


def test_one_mapping_serves_two_senders_whose_files_have_the_same_headers_on_screen_and_by_the_command_line(
    tmp_path: Path,
) -> None:
    def files(semestre: str) -> list[Donne]:
        noms = (f"Vilogia CAL {semestre}.csv", f"SIA Habitat CAL {semestre}.csv")
        textes = (PASSAGES, PASSAGES.replace("E1", "E3").replace("E2", "E4"))
        return [write(tmp_path, nom, texte, "evenements") for nom, texte in zip(noms, textes, strict=True)]

    agent = Agent()
    agent.answer(*files("1er semestre 2018"))
    assert agent.ask(*files("2e semestre 2018")) == {}
    (seul,) = agent.gardees.mappings
    for reponses, mapping in ((agent.gardees, Mapping()), (Reponses(), seul)):
        lu = check(files("S1 2019"), mapping=mapping, aujourdhui=AUJOURDHUI, reponses=reponses, connues=CONNUES)
        assert lu.tables["evenements"]["code_bailleur"].to_pylist() == ["B1", "B1", "B2", "B2"]


def test_two_answers_that_differ_are_imposed_on_no_third_period(tmp_path: Path) -> None:
    dits = {"CAL 2017.csv": "Vilogia", "CAL 2018.csv": "SIA"}
    mapping = Mapping(dits={"bailleur": {"evenements": dits}})
    assert mapping.dits_du_fichier("evenements", "CAL 2019.csv") == {}
    assert mapping.dits_du_fichier("evenements", "CAL 2018.csv") == {"code_bailleur": "SIA"}


def test_each_file_of_an_archive_is_given_to_its_table_on_screen_by_its_path_and_the_next_semester(
    tmp_path: Path,
) -> None:
    def zip_up(nom: str) -> Path:
        with zipfile.ZipFile(tmp_path / nom, "w") as archive:
            archive.writestr("envoi/baux.csv", "id_attribution;numero_unique;date_bail\n")
            archive.writestr("envoi/passages.csv", "id_evenement;numero_unique;type\n")
        return tmp_path / nom

    premier = pieces([zip_up("SIA 2017S2.zip")])
    assert [p.dite for p in premier] == ["SIA 2017S2.zip › envoi/baux.csv", "SIA 2017S2.zip › envoi/passages.csv"]
    tables = ("attributions", "evenements")
    lu = check([Donne(p.chemin, t, p.feuille) for p, t in zip(premier, tables, strict=True)], aujourdhui=AUJOURDHUI)
    sources = [lu.rapport.sources[p.dite] for p in premier]
    assert len(set(sources)) == 2
    gardees = Reponses({s: Mapping(table=t) for s, t in zip(sources, tables, strict=True)})
    donnes = with_tables([zip_up("SIA 2018S1.zip")], gardees)
    assert [(d.feuille, d.table) for d in donnes[:2]] == [
        ("envoi/baux.csv", "attributions"),
        ("envoi/passages.csv", "evenements"),
    ]
    assert check(donnes, aujourdhui=AUJOURDHUI).rapport.tables.keys() == {*tables}
    with pytest.raises(AppelIncorrect, match="choisir parmi « envoi/baux"):
        check([Donne(premier[0].chemin, "attributions", "autre.csv")])


@pytest.mark.parametrize(
    "pied", ["Nombre de baux :;120", "Nb lignes;120", "Nombre de baux : 120", "Effectif total :;;120"]
)
def test_a_count_under_the_rows_is_one_row_apart(tmp_path: Path, pied: str) -> None:
    entete = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation"
    texte = f"{entete}\nA1;1;30/09/2017;59350;B1;non\n{pied}\n"
    bilan = check([write(tmp_path, "a.csv", texte, "attributions")], aujourdhui=AUJOURDHUI, connues=CONNUES).rapport
    table = bilan.tables["attributions"]
    assert (table.lues, table.gardees, table.mises_a_part) == (1, 1, 1)
    assert [a.valeur for a in bilan.anomalies if a.ligne == 3] == [pied.split(";")[0]]


def test_a_residence_whose_name_begins_like_a_count_stays(tmp_path: Path) -> None:
    texte = "code_residence;nom;code_bailleur;code_quartier;n_logements\nNombre d’or;Nombre d’or;B1;593500101;12\n"
    donne = write(tmp_path, "r.csv", texte, "residences")
    assert check([donne], aujourdhui=AUJOURDHUI, connues=CONNUES).rapport.tables["residences"].gardees == 1


def test_answers_of_files_are_kept_as_a_mapping_writes_them(tmp_path: Path) -> None:
    gardee = Mapping(
        dits={"type": {"evenements": {"CAL.csv": "PASSAGE_CAL"}}, "bailleur": {"evenements": {"CAL.csv": "B1"}}}
    )
    correspondances.keep(tmp_path, Reponses({"0" * 16: gardee}))
    assert correspondances.read(tmp_path).mappings == (gardee,)


def test_a_name_of_two_communes_is_told_by_that_of_the_row_else_asked_with_each_and_the_answer_takes_effect() -> None:
    lieux = (("1", "59350", "a"), ("2", "59512", "b"), ("3", "59512", "c"))
    fiches = [ResidenceConnue(code, "A", commune, "Place Nadaud", quartier) for code, commune, quartier in lieux]
    seules = Repertoire(fiches[:2], {}, {})
    assert [seules.find("Rés. Place Nadaud", "A", c) for c in ("59350", "59512", "")] == ["1", "2", None]
    proposees = seules.proches("Place Nadaud", "A", "")
    assert proposees == ("Place Nadaud (Lille)", "Place Nadaud (Roubaix)")
    assert closest("Place Nadaud", proposees) == ""  # ticked for nobody
    repondu = Repertoire(fiches[:2], {"A |  | Place Nadaud": "Place Nadaud (Roubaix)"}, {})
    assert [repondu.find("Place Nadaud", "A", commune) for commune in ("", "59350")] == ["2", "1"]
    assert repondu.proches("Place Nadaud", "A", "") == ()
    assert Repertoire(fiches, {}, {}).proches("Place Nadaud", "A", "59512") == (
        "Place Nadaud (Roubaix, b)",
        "Place Nadaud (Roubaix, c)",
    )

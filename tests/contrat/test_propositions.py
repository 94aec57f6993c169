"""All that a check asks at once: the answer proposed where one is clear, once for all the files that it holds for."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import Mapping, names
from mel_core.contrat.propositions import Posees, ask_all, gather
from mel_core.contrat.questions import AUCUNE, SEUL, answer_par_source
from mel_core.contrat.rapport import Rapport
from mel_core.contrat.tables import TABLES
from tests.contrat.dessins import AUJOURDHUI
from tests.exemples import examples

ENTETE = "Réf. attribution;N° unique;Signé le;Code INSEE;Organisme;Mutation interne;Contingent"


def write(fichier: Path, *contingents: str, entete: str = ENTETE, bailleur: str = "B1") -> Donne:
    fichier.parent.mkdir(exist_ok=True)
    rangees = [f"A{i};99900000000000000{i};30/09/2017;59350;{bailleur};O;{c}" for i, c in enumerate(contingents)]
    fichier.write_text("\n".join([entete, *rangees, ""]), encoding="utf-8")
    return Donne(fichier, "attributions")


class Bureau:
    """Files read with the answers kept, as the screen does."""

    def __init__(self, *donnes: Donne) -> None:
        self.donnes = donnes
        self.gardees = Reponses()
        self.noms: tuple[str, ...] = ()

    def read(self, reponses: Reponses) -> Rapport:
        return check(self.donnes, aujourdhui=AUJOURDHUI, reponses=reponses).rapport

    def ask(self) -> Posees:
        return ask_all(self.read(self.gardees), self.read, self.gardees, self.noms)

    def confirm(self, **autres: str) -> None:
        """The proposals, and the answers to what has none, by the value or the column asked about; no other optional
        column."""
        dites = {
            q: p if p is not None else autres.get(q.valeur or q.colonne, AUCUNE if q.est_facultative else None)
            for q, p in self.ask().items()
        }
        donnees = answer_par_source({q: r for q, r in dites.items() if r is not None})
        self.gardees = self.gardees.with_reponses(donnees)


def proposees(posees: Posees) -> dict[str, str | None]:
    return {q.valeur or q.colonne: p for q, p in posees.items() if not q.est_facultative}


def test_the_words_of_a_column_that_is_only_proposed_are_asked_with_it(tmp_path: Path) -> None:
    bureau = Bureau(write(tmp_path / "a.csv", "Ville", "Panier"))
    assert proposees(bureau.ask()) == {
        "id_attribution": "Réf. attribution",
        "date_bail": "Signé le",
        "code_bailleur": "Organisme",
        "mutation": "Mutation interne",
        "Ville": "COLTER",
        "Panier": None,
        "B1": None,
    }


def test_a_proposal_reads_nothing_until_it_is_confirmed(tmp_path: Path) -> None:
    bureau = Bureau(write(tmp_path / "a.csv", "Ville"))
    assert bureau.read(bureau.gardees).est_bloquant
    bureau.ask()
    assert check(bureau.donnes, aujourdhui=AUJOURDHUI, reponses=bureau.gardees).tables == {}
    bureau.confirm(B1="Un")
    assert check(bureau.donnes, aujourdhui=AUJOURDHUI, reponses=bureau.gardees).tables["attributions"].num_rows == 1


def test_files_of_the_same_source_ask_nothing_the_next_semester(tmp_path: Path) -> None:
    sans = ENTETE.replace("Organisme", "Étage")

    def files(semestre: str) -> tuple[Donne, ...]:
        vilogia = write(tmp_path / f"Vilogia {semestre}.csv", "CIL", entete=sans)
        return write(tmp_path / f"SIA {semestre}.csv", "Ville", "Panier"), vilogia

    bureau = Bureau(*files("2017S2"))
    bureau.confirm(B1="SIA", code_bailleur=f"{SEUL}Vilogia", Panier="AUTRES")
    bureau.donnes = files("2018S1")
    assert bureau.ask() == {}
    assert not bureau.read(bureau.gardees).est_bloquant


def test_the_bailleur_of_a_file_is_that_of_the_one_of_another_month(tmp_path: Path) -> None:
    sans = ENTETE.replace("Organisme", "Étage")
    bureau = Bureau(write(tmp_path / "Baux Vilogia janvier 2018.csv", "Ville", entete=sans))
    bureau.confirm(code_bailleur=f"{SEUL}Vilogia")
    bureau.donnes = (write(tmp_path / "Baux Vilogia juin2018.csv", "Ville", entete=sans),)
    assert bureau.ask() == {}
    avant = write(tmp_path / "Baux Vilogia avant 2018.csv", "Ville", entete=sans)
    deux = Bureau(*bureau.donnes, avant)
    (une,) = [g for g in gather(deux.ask()) if g[0].colonne == "code_bailleur"]
    assert {q.fichier for q in une} == {"Baux Vilogia juin2018.csv", "Baux Vilogia avant 2018.csv"}


def test_the_bailleur_of_a_file_is_not_that_of_another_that_its_name_does_not_say(tmp_path: Path) -> None:
    sans = ENTETE.replace("Organisme", "Étage")
    bureau = Bureau(write(tmp_path / "export 1.csv", "Ville", entete=sans))
    bureau.confirm(code_bailleur=f"{SEUL}Vilogia")
    assert bureau.ask() == {}
    bureau.donnes = (write(tmp_path / "export 2.csv", "Ville", entete=sans),)
    assert proposees(bureau.ask()) == {"code_bailleur": None}
    bureau.noms = ("Vilogia", "SIA")
    bureau.donnes = (write(tmp_path / "Baux de SIA.csv", "Ville", entete=sans),)
    assert proposees(bureau.ask()) == {"code_bailleur": f"{SEUL}SIA"}


@pytest.mark.parametrize(
    ("fichier", "bailleur", "est_dit"),
    [
        ("Attributions Partenord 2016_2017.xlsx", "PARTENORD HABITAT", True),
        ("Baux SIA 2017.xlsx", "SIA HABITAT", True),
        ("Associations.xlsx", "SIA HABITAT", False),
        ("LMH - baux.ods", "Lille Métropole Habitat", True),
        ("LMH - baux.ods", "LILLE METROPOLE HABITAT OPH", True),
        ("Baux de l’habitat.xlsx", "SIA Habitat", False),  # a word of all
        ("Baux.xlsx", "SIA Habitat", False),
        ("Baux Nord Est.xlsx", "Habitat Sud Est", False),
        ("3F CAL 2017.csv", "3F NOTRE LOGIS", True),
        ("Baux de Lille.xlsx", "Lille Métropole Habitat", False),  # a commune
        ("Lille Métropole Habitat.xlsx", "LILLE METROPOLE HABITAT OPH", True),
    ],
)
def test_a_file_says_its_bailleur_by_a_word_of_its_own_or_by_its_initials(
    fichier: str, bailleur: str, est_dit: bool
) -> None:
    assert names(fichier, bailleur) is est_dit


def test_a_bailleur_that_the_files_name_is_proposed_for_its_initials_and_for_the_files_called_after_it(
    tmp_path: Path,
) -> None:
    """No store knows any bailleur yet."""
    nomme = write(tmp_path / "a.csv", "Ville", bailleur="Lille Métropole Habitat")
    abrege = write(tmp_path / "b.csv", "Ville", bailleur="LMH")
    tu = write(tmp_path / "Baux LMH.csv", "Ville", entete=ENTETE.replace("Organisme", "Étage"))
    lues = proposees(Bureau(nomme, abrege, tu).ask())
    assert (lues["LMH"], lues["code_bailleur"]) == ("Lille Métropole Habitat", f"{SEUL}Lille Métropole Habitat")


def test_a_word_in_a_value_says_its_code_but_denied(tmp_path: Path) -> None:
    etats = ["Radiée - non renouvellement", "Demande active", "Non radiée"]
    lignes = "".join(f"D{n};2016-01-01;{etat};1;Lille, Lens\n" for n, etat in enumerate(etats))
    entete = "numero_unique;date_creation;etat;n_personnes;communes_souhaitees\n"
    (tmp_path / "d.csv").write_text(entete + lignes, encoding="utf-8")
    lues = proposees(Bureau(Donne(tmp_path / "d.csv", "demandes")).ask())
    assert lues == {etats[0]: "RADIEE", etats[1]: "ACTIVE", etats[2]: None, "Lille, Lens": "separee"}


def test_a_value_that_begins_by_its_code_is_proposed_as_that_code(tmp_path: Path) -> None:
    motifs = ["09 - Logement trop cher", "9 : trop cher", "99 - Autre chose"]
    lignes = "".join(f"D{n};2016-01-01;ACTIVE;1;{motif}\n" for n, motif in enumerate(motifs))
    entete = "numero_unique;date_creation;etat;n_personnes;motif\n"
    (tmp_path / "d.csv").write_text(entete + lignes, encoding="utf-8")
    assert proposees(Bureau(Donne(tmp_path / "d.csv", "demandes")).ask()) == dict(
        zip(motifs, ("09", "09", None), strict=True)
    )


def test_of_two_headers_of_a_residence_the_one_that_says_a_number_is_its_code(tmp_path: Path) -> None:
    entete = "Bailleur;N° programme;Programme;Ménages < 20 %;Ménages 20 à 40 %\n"
    (tmp_path / "OPS.csv").write_text(f"Occupés;{entete}54;B1;4125;Les Lilas;1;2\n", encoding="utf-8")
    posees = Bureau(Donne(tmp_path / "OPS.csv", "residences")).ask()
    assert proposees(posees)["code_residence"] == "N° programme"
    assert "Occupés" not in posees.values()  # 54 is a count, if it is a financement of RPLS too


def test_a_label_that_is_ticked_is_one_answer_for_all_the_labels(tmp_path: Path) -> None:
    donne = write(tmp_path / "a.csv", "COLTER;X;X", entete=f"{ENTETE};ACI;DALO".replace("Contingent", "reservataire"))
    posees = Bureau(donne).ask()
    (coches,) = [g for g in gather(posees) if g[0].valeur == "X"]
    assert [(q.colonne, posees[q]) for q in coches] == [("aci", "oui"), ("dalo", "oui")]


def test_a_file_is_said_by_its_name_to_be_of_a_bailleur_that_the_last_header_of_a_directory_names(
    tmp_path: Path,
) -> None:
    """« Raison sociale » is the code or the name of a bailleur, until « SIREN » is its code."""
    (tmp_path / "annuaire.csv").write_text(
        "SIREN;Raison sociale\n275900017;Lille Métropole Habitat\n", encoding="utf-8"
    )
    baux = write(tmp_path / "Baux LMH.csv", "Ville", entete=ENTETE.replace("Organisme", "Étage"))
    lues = {
        (q.table, q.colonne): p for q, p in Bureau(Donne(tmp_path / "annuaire.csv", "bailleurs"), baux).ask().items()
    }
    assert lues["bailleurs", "nom"] == "Raison sociale"
    assert lues["attributions", "code_bailleur"] == f"{SEUL}Lille Métropole Habitat"


def test_no_file_says_who_the_bailleurs_of_a_table_of_bailleurs_are(tmp_path: Path) -> None:
    (tmp_path / "Bailleurs dont Vilogia.csv").write_text("code;nom\nB1;Vilogia\n", encoding="utf-8")
    bureau = Bureau(Donne(tmp_path / "Bailleurs dont Vilogia.csv", "bailleurs"))
    bureau.noms = ("Vilogia",)
    assert f"{SEUL}Vilogia" not in bureau.ask().values()


def test_one_answer_holds_for_a_word_in_every_file_and_for_a_column_in_those_of_a_source(tmp_path: Path) -> None:
    autre = ENTETE.replace("Signé le", "Date du bail")
    fichiers = [write(tmp_path / f"{n}.csv", "Panier") for n in ("a", "b")]
    posees = Bureau(*fichiers, write(tmp_path / "c.csv", "PANIER", entete=autre)).ask()
    groupes = gather(posees)
    dites = {(g[0].valeur or g[0].colonne, posees[g[0]]): {q.fichier for q in g} for g in groupes}
    assert dites["Panier", None] == {"a.csv", "c.csv"}  # the first file of each source
    assert dites["date_bail", "Signé le"] == {"a.csv"}
    assert dites["date_bail", "Date du bail"] == {"c.csv"}
    assert len([g for g in groupes if g[0].colonne == "code_bailleur" and g[0].valeur is None]) == 2


def test_what_somebody_answered_for_another_source_is_proposed_and_never_imposed(tmp_path: Path) -> None:
    bureau = Bureau(write(tmp_path / "a.csv", "Panier", entete=ENTETE.replace("Contingent", "Qui a désigné")))
    bureau.confirm(reservataire="Qui a désigné", B1="Un")
    bureau.confirm(Panier="AUTRES")
    autre = ENTETE.replace("Contingent", "QUI A DESIGNE").replace("Signé le", "Date du bail")
    bureau.donnes = (write(tmp_path / "c.csv", "PANIER", entete=autre),)
    lu = {q.valeur or q.colonne: p for q, p in bureau.ask().items()}
    assert (lu["reservataire"], lu["PANIER"]) == ("QUI A DESIGNE", "AUTRES")
    assert bureau.read(bureau.gardees).est_bloquant


@pytest.mark.parametrize(
    ("entete", "exemple"),
    [
        ("Nature du bail", "Loi 89"),  # looks like the date of the lease, and holds none
        ("Date de fin de bail", "30/09/2017"),
        ("Ancien bailleur", "B1"),
        ("RFR N-1", "12000"),  # of another year
        ("Nom du locataire", "Dupont"),
        ("Loyer mensuel", "450"),
    ],
)
def test_what_is_not_clear_is_not_proposed(tmp_path: Path, entete: str, exemple: str) -> None:
    texte = f"id_attribution;numero_unique;code_insee;mutation;{entete}\nA1;999000000000000001;59350;non;{exemple}\n"
    (tmp_path / "a.csv").write_text(texte, encoding="utf-8")
    assert entete not in Bureau(Donne(tmp_path / "a.csv", "attributions")).ask().values()


_ECRITS = [
    *("NC", "12.500", "30/09/2017", "Lille", "59350", "Lille, Paris", "oui", "N", "B1", "475680815", "593500101"),
    *("Rés. X", "=1", "#REF!", "T2|T3", "<b>*a*", "-1", "Ville", "Panier", "1er accès", "Parc social", "a" * 250),
]
_ENTETES = [
    *("N° unique", "NUD", "Date", "Commune", "Bailleur", "Organisme", "Résidence", "IRIS", "Nature", "Statut", "Étage"),
    *("RFR", "RFR N-1", "Nb pers.", "DALO", "ACI (dont DALO)", "Contingent", "N° bail", "Public prioritaire", "Nom"),
]


@examples(25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(TABLES)),
            st.lists(st.sampled_from(_ENTETES), min_size=2, max_size=9, unique=True),
            st.lists(st.lists(st.sampled_from(_ECRITS), min_size=9, max_size=9), max_size=4),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_the_files_all_is_asked_and_what_is_confirmed_is_not_asked_again(
    fichiers: list[tuple[str, list[str], list[list[str]]]],
) -> None:
    with tempfile.TemporaryDirectory() as dossier:
        donnes = []
        for rang, (table, entetes, rangees) in enumerate(fichiers):
            lignes = [entetes, *(rangee[: len(entetes)] for rangee in rangees)]
            fichier = Path(dossier) / f"{rang} Vilogia.csv"
            fichier.write_text("".join(";".join(ligne) + "\n" for ligne in lignes), encoding="utf-8")
            donnes.append(Donne(fichier, table))
        bureau = Bureau(*donnes)
        bureau.noms = ("Vilogia", "SIA")
        vues: set[tuple[str, str, str | None, str, str]] = set()
        for _ in range(3):
            siennes = {(q.table, q.colonne, q.valeur, q.section, q.fichier): p for q, p in bureau.ask().items()}
            confirmees = {cle for cle, p in siennes.items() if p is not None}
            assert not vues & confirmees
            vues |= confirmees
            bureau.confirm()


def test_a_column_is_proposed_by_the_values_that_it_alone_can_hold(tmp_path: Path) -> None:
    """« Implantation » has communes, « Précision » words of the list of the kinds of places."""
    lieux = tmp_path / "Lieux.csv"
    lieux.write_text(
        "Code lieu;Mois;Précision;Structure;Implantation\nL1;2017-09;Lieu labellisé;MEL;Lille\n", encoding="utf-8"
    )
    posees = {q.colonne: p for q, p in Bureau(Donne(lieux, "accueil")).ask().items() if q.valeur is None}
    assert posees["type_lieu"] == "Précision"
    ici = ENTETE.replace("Code INSEE", "Implantation")
    posees = {q.colonne: p for q, p in Bureau(write(tmp_path / "a.csv", "Ville", entete=ici)).ask().items()}
    assert posees["code_insee"] == "Implantation"


@pytest.mark.parametrize(
    ("baux", "demandes", "dite"),
    [
        ("2018-03-01|2018-04-01", "2016-03-01|2017-04-01", "Conclu"),
        ("2018-03-01|2018-04-01", "2016-03-01|2018-03-15", None),  # either
    ],
)
def test_the_dates_of_the_leases_are_those_after_the_others_and_a_table_begins_by_its_key(
    tmp_path: Path, baux: str, demandes: str, dite: str | None
) -> None:
    lignes = zip(baux.split("|"), demandes.split("|"), strict=True)
    corps = "".join(f"{n};{999 * 10**15 + n};{d};{b};2019-01-01\n" for n, (b, d) in enumerate(lignes))
    (tmp_path / "a.csv").write_text(f"Clef;Qui;Depuis;Conclu;Fin du contrat\n{corps}", encoding="utf-8")
    lues = proposees(Bureau(Donne(tmp_path / "a.csv", "attributions")).ask())
    assert (lues["id_attribution"], lues["numero_unique"], lues["date_bail"]) == ("Clef", "Qui", dite)


def test_a_name_over_the_codes_of_another_column_is_proposed_for_that_one_and_kept(tmp_path: Path) -> None:
    """« Type » of events is the typologie of the dwelling: what happened is under another header."""
    evenements = tmp_path / "Suivi.csv"
    evenements.write_text(
        "Réf;NUD;Etape;Date;Type\n1;999000000000000001;VISITE;30/09/2017;T3\n2;999000000000000002;;30/09/2017;T6 +\n",
        encoding="utf-8",
    )
    bureau = Bureau(Donne(evenements, "evenements"))
    posees = {q.colonne: p for q, p in bureau.ask().items() if p}
    assert (posees["type"], posees["typologie"]) == ("Etape", "Type")
    bureau.confirm()
    lues = {c.entete: c.lue for c in bureau.read(bureau.gardees).colonnes["Suivi.csv"]}
    assert (lues["Etape"], lues["Type"]) == ("type", "typologie")
    dit = check(bureau.donnes, mapping=Mapping(colonnes={"evenements": {"type": "Type"}})).rapport
    assert ("type", "T3") in {(a.colonne, a.valeur) for a in dit.anomalies}  # as it was answered


def test_the_number_of_a_residence_is_proposed_before_its_name(tmp_path: Path) -> None:
    enquete = tmp_path / "OPS.csv"
    enquete.write_text(
        "Bailleur;N° de groupe;Nom du groupe;Commune;moins de 20 %;20 à 40 %\nVilogia;V1;Les Lilas;Lille;3;4\n",
        encoding="utf-8",
    )
    posees = Bureau(Donne(enquete, "residences")).ask()
    assert {q.colonne: p for q, p in posees.items()}["code_residence"] == "N° de groupe"

"""What a scenario of an ICI answers: what is true of the ICI alone, what is read beyond it, what it cannot tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from mel_core.cli.commandes import principal
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.secret.bail import PREPARATION
from mel_core.segments import Criteres
from mel_core.simulation import programmation
from mel_core.simulation.engagement import situation
from mel_core.simulation.scenarios import Resultat, Scenario, depart, execute, portee
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, build_store, chargement, serve, table
from tests.lecteurs import lue_par
from tests.seance.engagements.test_cohorte import demande, magasin, radiee

S2 = Seance(2017, 2)
ICI_LILLE = "ICI 1"
_LOGES = {"ici": LILLE, "ailleurs": ROUBAIX}


@pytest.fixture
def entrepot(tmp_path: Path) -> Entrepot:
    """Six wait in June for Lille: one is then housed there, one in another ICI, one is struck off, three remain."""
    demandes = [demande(f"reste{i}") for i in range(3)]
    demandes += [demande(q, **radiee(date(2017, 9, 30), "RADATT")) for q in _LOGES]
    demandes += [demande("parti", **radiee(date(2017, 9, 30), "RADREN"))]
    baux = [attribution(i, numero_unique=q, code_insee=commune) for i, (q, commune) in enumerate(_LOGES.items())]
    return magasin(tmp_path / "donnees", demandes, attributions=baux)


@pytest.fixture
def operations(tmp_path: Path) -> Entrepot:
    """Two years: 10 dwellings a year, 2 PLAI and 8 PLUS, in Lille, then in Roubaix where they rebuild."""
    lignes = [
        {"code_operation": o, "code_insee": c, "annee": a, "n_logements": 10, "n_plus": 8, "n_plai": 2, "npru": npru}
        for o, c, a, npru in (("O1", LILLE, 2018, False), ("O2", ROUBAIX, 2019, True))
    ]
    return build_store(tmp_path / "operations", chargement(programmation=table("programmation", *lignes)))


def answer(entrepot: Entrepot, simulation: str, ici: str = "", **leviers: object) -> Resultat:
    scenario = Scenario(simulation, S2, leviers, ici=ici)  # type: ignore[arg-type]
    with entrepot.open(portee(scenario), S2) as lecteur, entrepot.open(Portee.mel(), S2) as metropole:
        return execute(lecteur, scenario, metropole)


def test_a_household_housed_in_another_ici_left_by_a_bail_for_the_scenario_as_for_the_screen(
    entrepot: Entrepot,
) -> None:
    scenario = Scenario("engagement", S2, {"segment": "attente_24"}, ici=ICI_LILLE)
    with entrepot.open(portee(scenario)) as lecteur, entrepot.open(Portee.mel()) as metropole:
        lue = depart(lecteur, scenario, metropole)
        a_l_ecran = situation.read(lecteur, "attente_24", Criteres(S2.fin), metropole)
    # Of the six, three left: one by a bail in Lille, one by a bail elsewhere, one otherwise.
    assert (lue.n_avant, lue.n_observes, lue.n_sortis) == (6, 1, 1)
    assert (lue.n, lue.n_sortis, lue.taux_sortie) == (a_l_ecran.n, a_l_ecran.n_sortis, a_l_ecran.taux_sortie)


@pytest.fixture
def lecteur_de_lille(entrepot: Entrepot) -> Iterator[Lecteur]:
    with entrepot.open(Portee.ici(ICI_LILLE)) as lecteur:
        yield lecteur


def test_an_engagement_of_an_ici_is_never_read_without_the_metropole(lecteur_de_lille: Lecteur) -> None:
    with pytest.raises(ValueError, match="one of the Métropole"):
        depart(lecteur_de_lille, Scenario("engagement", S2, {"segment": "attente_24"}, ici=ICI_LILLE))


def test_the_command_reads_an_engagement_of_an_ici_as_the_core(
    entrepot: Entrepot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = Scenario("engagement", S2, {"segment": "attente_24", "nombre": 1}, ici=ICI_LILLE)
    (tmp_path / "s.toml").write_text(scenario.toml(), encoding="utf-8")
    assert principal(["--dossier-donnees", str(entrepot.dossier), "simuler", str(tmp_path / "s.toml")]) == 0
    attendue = answer(entrepot, "engagement", ICI_LILLE, segment="attente_24", nombre=1)
    assert "Sans engagement" in attendue.write()
    assert capsys.readouterr().out.startswith(attendue.write())


@pytest.mark.parametrize(
    ("leviers", "motif"), [({"nombre": 2}, None), ({"part": "80 %"}, "plus_que_le_flux"), ({}, "flux_inconnu")]
)
def test_what_the_flow_gives_is_not_said_when_its_households_are_not_in_the_data(
    tmp_path: Path, leviers: dict[str, object], motif: str | None
) -> None:
    # Ten bails in the semester, none of whose demandes is left: 0 of 10 is under 80 %. 5 are expected: 4 is over half.
    ouvert = magasin(
        tmp_path / "donnees",
        [demande(f"d{i}") for i in range(20)],
        attributions=[attribution(i, numero_unique=f"efface{i}") for i in range(10)],
    )
    resultat = answer(ouvert, "engagement", segment="attente_24", **leviers)
    assert resultat.motif == motif
    assert (resultat.constat["n"], resultat.synthese["n"]) == (20, 20)
    assert [resultat.constat[c] for c in ("n_servis", "n_deplaces", "n_restants")] == [None, None, None]
    assert (resultat.synthese["n_deplaces"], resultat.synthese["n_restants"]) == (None, None)
    assert resultat.resultat.empty
    assert resultat.details["constat"].empty
    assert "ans engagement" not in resultat.write()
    assert "donne déjà est inconnu" in resultat.write()


def test_the_years_of_the_reconstitution_are_those_of_the_page_for_the_metropole(operations: Entrepot) -> None:
    resultat = answer(operations, "programmation", part_plai="30 %")
    # 3 PLAI of 10 in the ordinary operation, 2 in the one that rebuilds: 5 in two years, 2.5 a year; beyond the 2 that
    # the ordinary one has at 20 %, 1.5 a year. 60 % of 2 500 is 1 500, of 3 500 is 2 100: 1 500 / 2.5, 2 100 / 1.5.
    assert (resultat.synthese["annees_plai_min"], resultat.synthese["annees_plai_max"]) == (600, 1400)
    with operations.open(Portee.mel()) as lecteur:
        lues = depart(lecteur, Scenario("programmation", S2))
    essai = programmation.ScenarioProgrammation(Fraction(3, 10))
    programmees = programmation.schedule(lues, essai)
    bornes = (programmation.rebuild(programmees, essai, n) for n in programmation.DEMOLIS)
    page = langue.typeset(programmation.reconstitution(*bornes))
    assert langue.typeset(lue_par(PREPARATION, resultat.texte)).endswith(page)
    for annees in ("600 ans", "1 400 ans"):
        assert annees in page.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("leviers", "inertes"),
    [
        ({}, ""),
        ({"rythme": 2}, "le rythme n’y change rien"),
        ({"n_demolis": 10}, "le nombre de démolis n’y change rien"),
    ],
)
def test_an_ici_is_told_its_operations_and_not_the_reconstitution_of_the_metropole(
    operations: Entrepot, leviers: dict[str, object], inertes: str
) -> None:
    resultat = answer(operations, "programmation", ICI_LILLE, part_plai="30 %", **leviers)
    assert dict(resultat.synthese) == {"n_plai": 3, "n_sociaux": 10, "part_plai": pytest.approx(0.3)}
    assert resultat.constat["n_plai"] == 2
    assert "objectif de toute la Métropole" in resultat.write()
    assert "en choisissant « MEL » à la place de l’ICI" in resultat.write().replace("\xa0", " ")
    assert inertes in resultat.write()
    assert "Reconstituer" not in resultat.write()


def test_a_plan_is_added_up_by_commune_and_indicator(tmp_path: Path) -> None:
    # Roubaix: 40 first accesses, none ACI; Lille: 40, all ACI. The modest are all in Roubaix.
    menage = {"categorie_menage": 1, "n_personnes": 1, "code_bailleur": "B1"}
    baux = [
        attribution(
            i, **menage, code_insee=c, code_quartier=q, revenu_fiscal=4000 if c == ROUBAIX else 15000, aci=c == LILLE
        )
        for i, (c, q) in enumerate([(ROUBAIX, "QF")] * 40 + [(LILLE, "QS")] * 40)
    ]
    quartiers = [
        {"code_quartier": q, "nom": q, "code_insee": c, "fragilite": f}
        for q, c, f in (("QF", ROUBAIX, "fragile"), ("QS", LILLE, "sans"))
    ]
    sans_label = dict.fromkeys(("dalo", "pdalhpd", "mutation_bloquee", "npru"), False)
    attendent = [
        demande(
            f"{c}{i}",
            communes_souhaitees=[c],
            revenu_fiscal=15000 if c == ROUBAIX else 4000,
            n_personnes=1,
            statut_logement="LP",
            aci=c == ROUBAIX,
            **sans_label,
        )
        for c in (ROUBAIX, LILLE)
        for i in range(50)
    ]
    entrepot = Entrepot(tmp_path)
    tables = {"bailleurs": bailleurs("B1"), "quartiers": table("quartiers", *quartiers)}
    tables |= {"attributions": table("attributions", *baux), "demandes": table("demandes", *attendent)}
    with entrepot.reserve():
        serve(entrepot, chargement(**tables))
    resultat = answer(entrepot, "plan", cible="50 %", cible_aci="45 %")
    sommes = resultat.details["commune"].set_index(["indicateur", "commune"])
    # Half of 40 in Roubaix, modest today, go to others, half of 40 in Lille to modest households; 45 % of the first
    # accesses of Roubaix is 18 ACI households.
    attendu = {
        ("equilibre", ROUBAIX): (40, 40, 0, 20),
        ("equilibre", LILLE): (40, 0, 20, 0),
        ("aci", ROUBAIX): (40, 0, 18, 0),
        ("aci", LILLE): (40, 40, 0, 0),
    }
    colonnes = ["n_connus", "numerateur", "n_en_plus", "n_en_moins"]
    assert {ou: tuple(ligne) for ou, ligne in sommes[colonnes].T.items()} == attendu
    # Others, and ACI households who are those others, in Roubaix: 50 wait; modest ones in Lille: 50 wait.
    assert "face à 100\xa0demandeurs éligibles, c’est tendu" in resultat.write()
    for indicateur, lignes in resultat.resultat.groupby("indicateur"):
        assert sommes.loc[indicateur, "a_reorienter"].sum() == lignes["a_reorienter"].sum() > 0

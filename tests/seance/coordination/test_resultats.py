"""Promise to proof: the figure is the indicator computed alone, the verdict follows, what changed is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.contrat.tables import RESERVATAIRES
from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import COUPES, INDICATEURS, compute, objectif_de
from mel_core.indicateurs.calcul_indicateurs import CLASSES
from mel_core.indicateurs.parametrage import add
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import Decision, decisions, resultats
from mel_core.seance.coordination.changements import say_valeur
from mel_core.seance.coordination.resultats import IssueDecision
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinSegment
from mel_core.seance.verdict import RESTE, SANS, Direction, Jugement, Mot, PasDeVerdict, Valeur, judge
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.segments import Criteres, count
from mel_core.socle.periodes import Periode, Seance
from tests.exemples import one_in
from tests.jeux import ROUBAIX, chargement, serve
from tests.lecteurs import lue_par
from tests.mots import simple
from tests.seance.coordination.monde import S1, S2, magasin, tables
from tests.seance.positions import ACTEE

ANNE = Auteur("Anne", "MEL")
DECISION = Decision(S1, "ICI 2", "Visites groupées des T5", "Bailleur B1", date(2017, 12, 31), positions=ACTEE)
ACI = TemoinIndicateur("aci", "semestre", commune=ROUBAIX, cellule={"bailleur": "B1"})


SANS_OBJECTIF = TemoinIndicateur("mutations_bloquees", commune=ROUBAIX)


def act(journal: Journal, entrepot: Entrepot, temoin=ACI, cible=Fraction(9, 20), nom="d1", sens=None) -> None:
    decision = decisions.avec_temoin(DECISION, temoin, cible, entrepot, sens)
    decisions.act(journal, decision, ANNE, identifiant=nom, op_id=f"op-{nom}")


def seuil(entrepot: Entrepot) -> None:
    valeurs = {"annee": 2017, "seuil_eur_uc": Decimal(9000), "source": "Arrêté"}
    add(entrepot, Journal.du_dossier(entrepot.dossier), "seuils_premier_quartile", valeurs, Auteur("Anne"))


def seul(journal: Journal, entrepot: Entrepot, seance: Seance = S2) -> resultats.ResultatDecision:
    (resultat,) = resultats.bilan(entrepot, journal, seance, "ICI 2").resultats
    return resultat


def conclude(decision: Decision, maintenant: Valeur | None) -> Jugement:
    """What the gate says of a value read over two whole years."""
    return judge(maintenant, Periode.de(S2, "annee"), decision.but)


@pytest.mark.parametrize(("alors", "maintenant"), [(6, 12), (12, 9)])
def test_a_period_that_the_data_do_not_cover_whole_compares_and_judges_nothing(alors: int, maintenant: int) -> None:
    # 3 of 40 for a target of 60 %: not met over a whole year, nothing over part of one.
    def part(k: int, mois: int) -> Valeur:
        return Valeur(Fraction(k, 40), "part", 40, 40, 0, k, mois_couverts=mois, n_mois=12)

    decision = replace(DECISION, temoin=TemoinIndicateur("aci"), alors=part(10, alors), cible=Fraction(3, 5))
    entieres = replace(decision, alors=part(10, 12))
    assert conclude(entieres, part(3, 12)).groupe == Mot.NON_ATTEINT
    dite = conclude(decision, part(3, maintenant))
    assert dite.groupe == (SANS if maintenant < 12 else Mot.NON_ATTEINT)
    if maintenant < 12:
        assert simple(lue_par(SALLE, dite.say)) == snapshot("sans verdict : les données ne couvrent que 9 mois sur 12")
    assert simple(lue_par(PREPARATION, say_valeur, part(20, 6), entieres)) == snapshot(
        "50 % (20 sur 40), sur 6 mois sur 12"
    )
    # Nor is a side of the target said of it to a room.
    assert simple(lue_par(SALLE, say_valeur, part(20, 6), entieres)) == snapshot(
        "part non dite, trop peu de cas (40 attributions), sur 6 mois sur 12"
    )


def test_a_value_written_before_the_months_were_kept_reads_as_it_was() -> None:
    ancienne = {k: v for k, v in Valeur(Fraction(1, 2), "part", 2, 2, 0, 1).contenu().items() if "mois" not in k}
    assert Valeur.depuis(ancienne).duree.est_entiere


# Then: 10 of 40 (25 %), over a semester, hence nothing in common with now; the target is 60 %.
@pytest.mark.parametrize(
    ("n_aci", "verdict", "mouvement"),
    [
        (24, Mot.ATTEINT, "a monté plus que"),  # 60.0 %, exactly
        (19, Mot.NON_ATTEINT, "a monté plus que"),  # 47.5 %: the difference is between 1.5 and 41.0 points
        (18, Mot.NON_ATTEINT, "ne bouge pas plus que"),  # 45.0 %: between −0.9 and 38.6 points
        (10, Mot.NON_ATTEINT, "n’a pas bougé"),
        (4, Mot.NON_ATTEINT, "ne bouge pas plus que"),  # 10.0 %: between −31.4 and 1.9 points
        (3, Mot.NON_ATTEINT, "a baissé plus que"),  # 7.5 %: between −33.5 and −1.1 points
    ],
)
def test_the_verdict_says_whether_the_target_is_met_and_another_sentence_whether_it_moved(
    journal: Journal, tmp_path: Path, n_aci: int, verdict: Mot, mouvement: str
) -> None:
    entrepot = magasin(tmp_path / "donnees", n_aci)
    act(journal, entrepot, cible=Fraction(3, 5))
    resultat = seul(journal, entrepot)
    assert resultat.decision.alors.valeur == Fraction(10, 40)
    assert resultat.maintenant.valeur == Fraction(n_aci, 40)
    assert (resultat.verdict.groupe, resultat.est_mesure) == (verdict, True)
    assert mouvement in resultat.mouvement


@pytest.fixture(scope="module")
def de_quinze(tmp_path_factory: pytest.TempPathFactory) -> Entrepot:
    """A store that is read, and its threshold."""
    entrepot = magasin(tmp_path_factory.mktemp("de_quinze"), 15)
    seuil(entrepot)
    return entrepot


@pytest.mark.parametrize("est_long", [False, pytest.param(True, marks=pytest.mark.long)], ids=["", "long"])
@pytest.mark.parametrize("nom", one_in(3, INDICATEURS))
def test_the_figure_is_the_indicator_computed_alone_for_every_indicator_and_cut(
    de_quinze: Entrepot, nom: str, est_long: bool
) -> None:
    """Every cell; the short way, the best and the least known of each cut."""
    entrepot = de_quinze
    lues: dict[str, int] = {}
    for coupe in COUPES:
        with entrepot.open(Portee.mel(), S2) as lecteur:
            cellules = compute(lecteur, nom, Periode.de(S2, "annee"), (coupe,), ici="ICI 2")
        lieux = cellules.sort_values("n_connus")[coupe].drop_duplicates().tolist()
        lues_ici = lieux if est_long else {lieux[0], lieux[-1]}
        for ligne in cellules[cellules[coupe].isin(lues_ici)].to_dict("records"):
            classe = ligne.get("classe", "")
            cellule = {coupe: ligne[coupe], **({"reservataire": ligne["reservataire"]} if nom == "flux" else {})}
            temoin = TemoinIndicateur(nom, ici="ICI 2", cellule=cellule, classe=classe)
            valeur = temoin.read(entrepot, S2)
            assert (valeur.n, valeur.n_connus, valeur.n_inconnus) == (
                ligne["n"],
                ligne["n_connus"],
                ligne["n_inconnus"],
            )
            attendue = ligne["mediane_mois"] if nom == "delais" else ligne["part"]
            est_vide = attendue != attendue
            assert (valeur.valeur is None) == est_vide == bool(valeur.motif)
            assert est_vide or float(valeur.valeur) == attendue
            lues[coupe] = lues.get(coupe, 0) + (valeur.valeur is not None)
    assert len(lues) == len(COUPES)
    # Every cut has at least one known cell, and each class of the ressources, each réservataire of the flux in it.
    par_cellule = {"ressources": len(CLASSES), "flux": len(RESERVATAIRES)}
    assert min(n for coupe, n in lues.items() if (nom, coupe) != ("flux", "reservataire")) >= par_cellule.get(nom, 1)


def test_a_threshold_that_nobody_gave_is_asked_for(journal: Journal, entrepot: Entrepot) -> None:
    act(journal, entrepot, TemoinIndicateur("q1_hors_qpv"), Fraction(1, 4), sens=Direction.HAUSSE)
    resultat = seul(journal, entrepot)
    assert resultat.verdict.groupe == RESTE
    assert "seuil du premier quartile" in lue_par(SALLE, resultat.reserves)[0]


def test_a_segment_tells_by_the_count_of_the_segments(journal: Journal, tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees", n_attente=12)
    temoin = TemoinSegment("jamais_presentes", ici="ICI 2")
    act(journal, entrepot, temoin, Fraction(6))
    resultat = seul(journal, entrepot)
    with entrepot.open(Portee.ici("ICI 2"), S2) as lecteur:
        n = count(lecteur, "jamais_presentes", Criteres(S2.fin))
    assert resultat.maintenant.valeur == n == 12
    # Nothing was created since June 2015, and nothing happened: nobody knows who waits in December 2017.
    assert resultat.verdict == PasDeVerdict("les données ne couvrent que 0\u00a0mois sur\u00a024")


def test_a_cell_that_the_data_no_longer_has_is_to_be_filled_in_and_says_why(
    journal: Journal, entrepot: Entrepot
) -> None:
    act(journal, entrepot)
    autres = tables(15)
    with entrepot.reserve():
        # The 45 attributions of 2017S1 alone.
        serve(entrepot, chargement(**{**autres, "attributions": autres["attributions"].slice(0, 45)}))
    resultat = seul(journal, entrepot)
    assert (resultat.verdict, resultat.maintenant.valeur, resultat.est_mesure) == (
        PasDeVerdict("Aucune attribution dans cette cellule.", groupe=RESTE),
        None,
        False,
    )
    assert "Aucune attribution dans cette cellule." in lue_par(SALLE, resultat.reserves)


def test_without_a_figure_people_say_what_it_became_and_can_correct_it(journal: Journal, entrepot: Entrepot) -> None:
    fiche = decisions.act(journal, DECISION, ANNE, identifiant="d1", op_id="op1")
    assert lue_par(SALLE, lue_par(SALLE, seul(journal, entrepot).vu).say) == "reste à renseigner"
    issue = IssueDecision(Mot.EN_PROGRES, "trois visites faites sur cinq")
    resultats.fill_in(journal, fiche, S2, issue, ANNE, "op2")
    resultats.fill_in(journal, fiche, S2, replace(issue, verdict=Mot.ATTEINT), ANNE, "op3", version_vue=1)
    resultat = seul(journal, entrepot)
    # A word of theirs, said so: it is no verdict.
    assert (lue_par(SALLE, lue_par(SALLE, resultat.vu).say), resultat.est_mesure) == ("atteint, dit en séance", False)
    assert resultat.issue.texte == snapshot("trois visites faites sur cinq")


def test_what_people_say_never_replaces_what_is_measured(journal: Journal, tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees", 3)
    act(journal, entrepot)
    fiche = journal.read("decision", "d1")
    resultats.fill_in(journal, fiche, S2, IssueDecision(Mot.ATTEINT, "tout va bien"), ANNE, "op2")
    resultat = seul(journal, entrepot)
    assert (lue_par(SALLE, lue_par(SALLE, resultat.vu).say), resultat.est_mesure) == ("non atteint", True)
    assert resultat.issue.texte == "tout va bien"


def test_the_decisions_that_reopen_are_those_of_the_previous_seance_and_those_still_due(journal: Journal) -> None:
    for nom, seance, echeance, ici in (
        ("precedente", Seance(2017, 2), date(2018, 6, 30), "ICI 2"),
        ("ancienne_due", Seance(2017, 1), date(2018, 6, 30), "ICI 2"),
        ("ancienne_close", Seance(2017, 1), date(2017, 12, 31), "ICI 2"),
        ("ailleurs", Seance(2017, 2), date(2018, 6, 30), "ICI 1"),
        ("du_jour", Seance(2018, 1), date(2018, 12, 31), "ICI 2"),
    ):
        decision = replace(DECISION, seance=seance, echeance=echeance, ici=ici, motif_echeance="travaux")
        decisions.act(journal, decision, ANNE, identifiant=nom, op_id=nom)
    assert [f.identifiant for f, _ in resultats.a_rouvrir(journal, Seance(2018, 1), "ICI 2")] == [
        "precedente",
        "ancienne_due",
    ]


def test_a_small_cell_says_that_it_does_not_conclude(journal: Journal, entrepot: Entrepot) -> None:
    act(journal, entrepot, TemoinIndicateur("aci", "semestre", bailleur="B2"), Fraction(1, 2))  # 5 attributions
    assert seul(journal, entrepot).verdict == PasDeVerdict("effectif trop faible pour conclure")


PARTS = st.fractions(0, 1, max_denominator=60)


def lu(valeur: Fraction | None, n: int = 60) -> Valeur:
    return Valeur(valeur, "part", n, n, millesime="i", mois_couverts=12, n_mois=12)


def sure(valeur: Fraction) -> Valeur:
    """Read on so many attributions that chance explains no change."""
    return lu(valeur, 10**8)


# The floor of ACI is 45 %.
@pytest.mark.parametrize(
    ("alors", "maintenant", "verdict", "etait_deja"),
    [
        (Fraction(479, 1000), Fraction(485, 1000), Mot.ATTEINT, True),
        (Fraction(485, 1000), Fraction(479, 1000), Mot.ATTEINT, True),
        (Fraction(479, 1000), Fraction(449, 1000), Mot.NON_ATTEINT, True),
        (Fraction(9, 20), Fraction(9, 20), Mot.ATTEINT, True),
        (Fraction(40, 100), Fraction(44, 100), Mot.NON_ATTEINT, False),
        (Fraction(40, 100), Fraction(45, 100), Mot.ATTEINT, False),
    ],
)
def test_a_floor_that_was_held_the_day_it_was_set_is_said_so_beside_its_verdict(
    alors: Fraction, maintenant: Fraction, verdict: Mot, etait_deja: bool
) -> None:
    decision = replace(DECISION, temoin=ACI, alors=sure(alors), cible=Fraction(9, 20))
    jugement = conclude(decision, sure(maintenant))
    assert jugement.groupe == verdict
    assert ("était déjà atteinte le jour où elle a été fixée" in jugement.reserve) is etait_deja


# Around 50 %, 5 points either way.
@pytest.mark.parametrize(
    ("maintenant", "verdict"),
    [(55, Mot.ATTEINT), (45, Mot.ATTEINT), (58, Mot.NON_ATTEINT), (40, Mot.NON_ATTEINT), (44, Mot.NON_ATTEINT)],
)
def test_a_band_is_met_inside_it(maintenant: int, verdict: Mot) -> None:
    temoin = TemoinIndicateur("equilibre", cellule={"fragilite": "moyenne"})
    decision = replace(
        DECISION, temoin=temoin, alors=sure(Fraction(60, 100)), cible=Fraction(1, 2), bande=Fraction(1, 20)
    )
    assert conclude(decision, sure(Fraction(maintenant, 100))).groupe == verdict


def test_the_band_is_that_of_the_objective_in_force(entrepot: Entrepot) -> None:
    temoin = TemoinIndicateur("equilibre", cellule={"fragilite": "moyenne"}, ici="ICI 2")
    with entrepot.open(Portee.mel(), S1) as lecteur:
        objectif = objectif_de(lecteur, "equilibre", Periode.de(S1, "annee"))
    assert objectif.bande > 0
    assert decisions.avec_temoin(DECISION, temoin, Fraction(1, 2), entrepot, Direction.HAUSSE).bande == objectif.bande
    assert decisions.avec_temoin(DECISION, ACI, Fraction(1, 2), entrepot).bande == 0


@given(PARTS, PARTS, PARTS, st.sampled_from((Direction.HAUSSE, Direction.BAISSE)))
def test_the_verdict_is_the_same_seen_in_a_mirror(
    alors: Fraction, maintenant: Fraction, cible: Fraction, sens: Direction
) -> None:
    """Aiming down from p to q is aiming up from 1 − p to 1 − q."""
    miroir = Direction.BAISSE if sens is Direction.HAUSSE else Direction.HAUSSE
    droite = replace(DECISION, temoin=SANS_OBJECTIF, alors=lu(alors), cible=cible, sens=sens)
    gauche = replace(DECISION, temoin=SANS_OBJECTIF, alors=lu(1 - alors), cible=1 - cible, sens=miroir)
    assert conclude(droite, lu(maintenant)) == conclude(gauche, lu(1 - maintenant))


@given(PARTS, PARTS, PARTS, PARTS)
def test_going_further_towards_the_target_is_never_a_worse_verdict(
    alors: Fraction, un: Fraction, deux: Fraction, cible: Fraction
) -> None:
    ordre = [Mot.NON_ATTEINT, Mot.ATTEINT]
    decision = replace(DECISION, temoin=SANS_OBJECTIF, alors=lu(alors), cible=cible, sens=Direction.HAUSSE)
    bas, haut = (ordre.index(conclude(decision, lu(v)).groupe) for v in sorted((un, deux)))
    assert bas <= haut


@given(PARTS, PARTS)
def test_what_is_unknown_has_no_verdict(alors: Fraction, cible: Fraction) -> None:
    decision = replace(DECISION, temoin=SANS_OBJECTIF, alors=lu(alors), cible=cible, sens=Direction.HAUSSE)
    for jugement in (
        conclude(decision, lu(None)),
        conclude(replace(decision, cible=None), lu(alors)),
        conclude(DECISION, None),
    ):
        assert (type(jugement), jugement.groupe) == (PasDeVerdict, RESTE)


def test_a_change_that_chance_explains_is_said_so_and_is_no_verdict(journal: Journal, tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees", 12)
    act(journal, entrepot)
    resultat = seul(journal, entrepot)  # 10 then 12 of 40
    assert resultat.verdict.groupe == Mot.NON_ATTEINT
    assert lue_par(SALLE, resultat.reserves) == ()
    assert resultat.mouvement == snapshot(
        "Depuis la décision, le chiffre ne bouge pas plus que le hasard ne l’explique."
    )


def test_whether_the_target_is_met_and_whether_anything_moved_are_two_sentences(
    journal: Journal, tmp_path: Path
) -> None:
    # 10 of 40 then 12: the target of 28 % is met, and nothing says that the decision did it. 10 then 30: both.
    for n, mouvement in ((12, "ne bouge pas plus"), (30, "a monté plus")):
        entrepot, garde = magasin(tmp_path / f"donnees{n}", n), Journal.du_dossier(tmp_path / f"journal{n}")
        act(garde, entrepot, cible=Fraction(28, 100))
        resultat = seul(garde, entrepot)
        assert resultat.verdict.groupe == Mot.ATTEINT
        assert lue_par(SALLE, resultat.reserves) == ()
        assert f"le chiffre {mouvement} que le hasard ne l’explique" in resultat.mouvement


def test_two_windows_of_12_months_say_that_they_share_six(journal: Journal, tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees", 40)
    act(journal, entrepot, replace(ACI, etendue="annee"))
    # 10 of 40 over the 12 months to June, 50 of 80 over those to December.
    resultat = seul(journal, entrepot)
    assert [simple(r) for r in lue_par(SALLE, resultat.reserves)] == snapshot(
        ["Les deux périodes de 12 mois ont six mois en commun : le changement n’y paraît qu’à moitié."]
    )


NON_DITE = "part non dite, trop peu de cas (200 attributions)"


@pytest.mark.parametrize(
    ("temoin", "dite"),
    [
        (TemoinIndicateur("aci", commune=ROUBAIX), "50 % (100 sur 200)"),
        (TemoinIndicateur("ressources", classe="modeste"), "part non dite, trop peu de cas (200 attributions)"),
        (
            TemoinIndicateur("flux", bailleur="B1", cellule={"reservataire": "PPRIOR"}),
            "part non dite, trop peu de cas (200 attributions)",
        ),
        (TemoinIndicateur("flux", cellule={"reservataire": "PPRIOR"}), "50 % (100 sur 200)"),
    ],
)
def test_a_share_whose_others_of_the_same_whole_are_told_is_said_to_a_room_from_three_hundred_known(
    temoin: TemoinIndicateur, dite: str
) -> None:
    """200 known, of whom 100: the shares of the other classes, or of the other réservataires, would say it as well."""
    demi = Valeur(Fraction(1, 2), "part", n=200, n_connus=200, numerateur=100, mois_couverts=12, n_mois=12)
    assert simple(lue_par(SALLE, say_valeur, demi, temoin=temoin)) == dite

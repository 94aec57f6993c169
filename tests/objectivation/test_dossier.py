"""The evidence for a blocage: every figure counted again in plain Python, and what is not known said as such."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mel_core.entrepot import Entrepot, Portee
from mel_core.erreurs import AppelIncorrect
from mel_core.objectivation import Profil, Secteur, reunir
from mel_core.objectivation.effacement import Etendue, Trou
from mel_core.periodes import Periode
from mel_core.reference import communes
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, table

ANNEE = Periode.de("2017S2", "annee")
TOURCOING = "59599"
CODES = (LILLE, ROUBAIX, TOURCOING)
ICI = {code: communes()[code].ici for code in CODES}
TYPOLOGIES = ("T2", "T4")
QUARTIERS = [{"code_quartier": f"{c}01", "nom": f"Centre {c}", "code_insee": c} for c in CODES]

une_demande = st.tuples(
    st.lists(st.sampled_from(CODES), unique=True), st.lists(st.sampled_from(TYPOLOGIES), unique=True)
)
une_attribution = st.tuples(
    st.sampled_from(CODES),
    st.sampled_from([*TYPOLOGIES, None]),
    st.sampled_from(["COLTER", "AUCUN", None]),
    st.sampled_from([date(2016, 12, 31), date(2017, 1, 1), date(2017, 12, 31)]),
    st.sampled_from([None, 3, 14]),
)
un_passage = st.tuples(
    st.sampled_from([*CODES, None]),
    st.sampled_from([*TYPOLOGIES, None]),
    st.sampled_from([None, "NON_ATTRIBUE", 1, 2]),
    st.sampled_from([None, 0, 60, 61]),  # days before the refusal
)
une_residence = st.tuples(st.sampled_from(CODES), st.integers(1, 90), st.sampled_from([None, 0, 1, 5]))
tirages = st.tuples(
    st.lists(une_demande, max_size=8),
    st.lists(une_attribution, max_size=8),
    st.lists(un_passage, max_size=8),
    st.lists(une_residence, max_size=5),
)


def publish(dossier, demandes, attributions, passages, residences) -> Entrepot:
    evenements = []
    for i, (code, typologie, issue, delai) in enumerate(passages):
        ou = {"numero_unique": f"e{i}", "typologie": typologie, "code_residence": code and f"P{code}"}
        decision = {None: None, "NON_ATTRIBUE": "NON_ATTRIBUE"}.get(issue, "ATTRIBUE")
        rang = issue if isinstance(issue, int) else None
        jour = date(2017, 6, 1)
        passage = {"type": "PASSAGE_CAL", "date_survenance": jour, "decision": decision, "rang": rang, "motif": None}
        evenements.append(ou | passage | {"id_evenement": f"E{i}", "code_bailleur": "B1"})
        if delai is not None:
            refus = {"type": "REFUS_DEMANDEUR", "date_survenance": jour + timedelta(days=delai), "motif": "Loyer"}
            evenements.append(ou | refus | {"id_evenement": f"F{i}", "code_bailleur": "B1"})
    entrepot = Entrepot(dossier)
    entrepot.publier(
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", *QUARTIERS),
            demandes=table(
                "demandes",
                *(
                    {
                        "numero_unique": f"d{i}",
                        "date_creation": date(2017, 1, 1 + i),
                        "etat": "ACTIVE",
                        "n_personnes": 1,
                        "communes_souhaitees": souhaits or None,
                        "typologies": types or None,
                    }
                    for i, (souhaits, types) in enumerate(demandes)
                ),
            ),
            attributions=table(
                "attributions",
                *(
                    attribution(
                        i,
                        code_insee=code,
                        typologie=typologie,
                        reservataire=reservataire,
                        date_bail=jour,
                        date_creation_demande=mois and date(jour.year - mois // 12 - 1, 12 - mois % 12, 1),
                    )
                    for i, (code, typologie, reservataire, jour, mois) in enumerate(attributions)
                ),
            ),
            evenements=table("evenements", *evenements),
            residences=table(
                "residences",
                # Where the commissions are held (of no dwelling), then the stock drawn.
                *(
                    {"code_residence": f"P{c}", "code_bailleur": "B1", "code_quartier": f"{c}01", "n_logements": 0}
                    for c in CODES
                ),
                *(
                    {
                        "code_residence": f"R{i}",
                        "code_bailleur": "B1",
                        "code_quartier": f"{code}01",
                        "n_logements": n,
                        "n_vacants": vacants,
                    }
                    for i, (code, n, vacants) in enumerate(residences)
                ),
            ),
        )
    )
    return entrepot


def share(k: int, n: int) -> float | None:
    return k / n if n else None


def expected(codes: set[str], typologie: str | None, tirage) -> dict[str, float | None]:
    """Every measure over the communes `codes`, counted by hand."""
    demandes, attributions, passages, residences = tirage
    siennes = [s for s, types in demandes if set(s) & codes and (typologie is None or typologie in types)]
    baux = [
        (jour, mois)
        for code, t, _, jour, mois in attributions
        if code in codes and jour.year == 2017 and (typologie is None or t == typologie)
    ]
    vus = [
        (issue, delai) for code, t, issue, delai in passages if code in codes and (typologie is None or t == typologie)
    ]
    premiers = [delai for issue, delai in vus if issue == 1]
    decides = [issue for issue, _ in vus if issue is not None]
    stock = [(n, v) for code, n, v in residences if code in codes and v is not None]
    return {
        "demande": len(siennes),
        "flux": len(baux),
        "tension": share(sum(len(set(s) & codes) for s in siennes), len(baux)),
        "passages": len(vus),
        "refus_rang_1": share(sum(d is not None and d <= 60 for d in premiers), len(premiers)),
        "non_attribution": share(decides.count("NON_ATTRIBUE"), len(decides)),
        "vacance": share(sum(v for _, v in stock), sum(n for n, _ in stock)),
        "delai_connu": bool([m for _, m in baux if m is not None]),
    }


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(tirage=tirages, commune=st.sampled_from(CODES), typologie=st.sampled_from([None, "T4"]))
def test_every_figure_is_that_of_a_plain_count_or_unknown(tmp_path_factory, tirage, commune, typologie):
    entrepot = publish(tmp_path_factory.mktemp("entrepot"), *tirage)
    secteur = Secteur(ICI[commune], communes=(commune,))
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        dossier = reunir(lecteur, ANNEE, secteur, Profil(typologie=typologie))
    cercles = {
        "valeur": {commune},
        "valeur_ici": {c for c in CODES if ICI[c] == ICI[commune]},
        "valeur_mel": set(CODES),
    }
    for champ, codes in cercles.items():
        attendus = expected(codes, typologie, tirage)
        for mesure, attendu in attendus.items():
            if mesure == "delai_connu" or (champ == "valeur_mel" and mesure in {"passages", "non_attribution"}):
                continue  # the MEL also counts the passages whose place is not known
            if champ == "valeur_mel" and mesure == "refus_rang_1":
                continue
            trouve = getattr(dossier.constat(mesure), champ)
            # Nothing known in the whole Métropole is unknown; elsewhere 0 is 0.
            assert trouve == attendu or (trouve is None and attendu in (0, None)), (mesure, champ)
    delai = dossier.constat("delai").valeur
    assert (delai is not None) == expected({commune}, typologie, tirage)["delai_connu"]


def test_a_value_is_its_numerator_over_its_denominator_and_the_sentence_says_them(tmp_path):
    # Roubaix: first ranks 4 of which 3 refused; 1 non-attribution of 5 decisions; 2 vacant of 50; Tourcoing: 4 and 1.
    passages = [(ROUBAIX, "T4", 1, 5)] * 3 + [(ROUBAIX, "T4", 1, None), (ROUBAIX, "T4", "NON_ATTRIBUE", None)]
    passages += [(TOURCOING, "T4", 1, 5), *[(TOURCOING, "T4", 1, None)] * 3]
    entrepot = publish(
        tmp_path,
        [([ROUBAIX], ["T4"]), ([ROUBAIX, TOURCOING], ["T4"]), ([ROUBAIX], ["T2"])],
        [(ROUBAIX, "T4", "COLTER", date(2017, 3, 1), 14), (TOURCOING, "T4", "AUCUN", date(2017, 3, 1), 3)],
        passages,
        [(ROUBAIX, 50, 2), (TOURCOING, 50, None)],
    )
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        dossier = reunir(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,)), Profil(typologie="T4"))
    dites = {c.mesure: c.phrase.replace("\u202f", " ").replace("\u00a0", " ") for c in dossier.constats}
    assert (
        dites["demande"] == "À Roubaix (T4) : 2 demandes actives souhaitent Roubaix, sur 2 dans l’ICI et 2 dans la MEL."
    )
    # Two demandes for one attribution; in the ICI three wishes (one demande has two) for two attributions.
    assert dites["tension"] == (
        "À Roubaix (T4) : 2,0 demandes pour une attribution en 12 mois, contre 1,5 dans l’ICI et 1,5 dans la MEL."
    )
    assert dites["refus_rang_1"] == (
        "À Roubaix (T4) : 3 des 4 premiers rangs ont été refusés en 12 mois (75,0 %), "
        "contre 50,0 % dans l’ICI et 50,0 % dans la MEL."
    )
    assert dites["non_attribution"].startswith(
        "À Roubaix (T4) : 1 des 5 passages en commission a fini en non-attribution (20,0 %)"
    )
    assert dites["vacance"].startswith("À Roubaix : 2 des 50 logements sont vacants (4,0 %)")
    assert dossier.motifs_refus.to_dict("records") == [
        {"code": "Loyer", "n": 3, "part": 1.0, "part_ici": 1.0, "part_mel": 1.0}
    ]
    # One résidence in the sector; six T4 passages… five of them there.
    [lieu] = dossier.lieux.to_dict("records")
    assert (lieu["residence"], lieu["n_passages"], lieu["n_rang_1"], lieu["n_rang_1_refuses"]) == (
        f"P{ROUBAIX}",
        5,
        4,
        3,
    )
    contingent = dossier.constat("contingent")
    assert (contingent.numerateur, contingent.denominateur, contingent.valeur_ici) == (1, 1, 0.5)
    for c in dossier.constats:
        if c.numerateur is not None:
            assert c.valeur == pytest.approx(c.numerateur / c.denominateur)


def test_what_no_file_says_is_unknown_and_never_zero(tmp_path):
    entrepot = Entrepot(tmp_path)
    entrepot.publier(chargement(bailleurs=bailleurs("B1")))
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        dossier = reunir(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,)))
    assert {c.valeur for c in dossier.constats} == {None}
    assert all(" : " in c.phrase.replace("\u00a0", " ") for c in dossier.constats)


def test_a_typologie_that_no_attribution_says_leaves_the_flow_unknown(tmp_path):
    entrepot = publish(tmp_path, [], [(LILLE, None, None, date(2017, 3, 1), None)], [], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        assert reunir(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,)), Profil("T4")).constat("flux").valeur is None
        assert reunir(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,))).constat("flux").valeur == 1


def test_the_demand_of_a_residence_is_that_of_the_commune_and_its_tension_is_not_told(tmp_path):
    entrepot = publish(
        tmp_path, [([LILLE], ["T4"])], [(LILLE, "T4", None, date(2017, 3, 1), None)], [], [(LILLE, 10, 1)]
    )
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        dossier = reunir(lecteur, ANNEE, Secteur(ICI[LILLE], residences=("R0",)))
    assert dossier.constat("demande").valeur == 1
    assert dossier.constat("tension").valeur is None
    assert dossier.constat("vacance").valeur == 0.1
    # The one attribution does not say its résidence: nobody knows whether it is there.
    assert dossier.constat("flux").valeur is None


def test_a_narrow_reader_compares_with_what_it_sees_whole_only(tmp_path):
    entrepot = publish(tmp_path, [([LILLE], ["T4"])], [], [(LILLE, "T4", 1, 5)], [])
    for portee, vus in ((Portee.ici(ICI[LILLE]), (True, False)), (Portee.commune(LILLE), (False, False))):
        with entrepot.ouvrir(portee) as lecteur:
            demande = reunir(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,))).constat("demande")
        assert demande.valeur == 1
        assert (demande.valeur_ici is not None, demande.valeur_mel is not None) == vus
    with entrepot.ouvrir(Portee.bailleur("B1")) as lecteur:
        dossier = reunir(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,)))
    assert dossier.constat("passages").valeur == 1
    assert dossier.constat("refus_rang_1").valeur is None  # refusals are not in the scope of a bailleur
    assert "périmètre" in dossier.constat("refus_rang_1").phrase
    assert dossier.motifs_refus.empty


@pytest.mark.parametrize(
    ("secteur", "dite"),
    [
        (Secteur("ICI 9"), "L’ICI « ICI 9 »"),
        (Secteur(ICI[LILLE], communes=("00000",)), "La commune « 00000 » est inconnue"),
        (Secteur(ICI[LILLE], communes=(ROUBAIX,)), "n’est pas dans l’"),
        (Secteur(ICI[LILLE], quartiers=("x",)), "Le quartier « x » est inconnu"),
        (Secteur(ICI[LILLE], residences=("x",)), "La résidence « x » est inconnue"),
    ],
)
def test_a_sector_that_does_not_exist_is_refused_in_words(tmp_path, secteur, dite):
    entrepot = publish(tmp_path, [], [], [], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur, pytest.raises(AppelIncorrect, match=dite):
        reunir(lecteur, ANNEE, secteur)


def test_a_profile_out_of_the_contract_is_refused():
    with pytest.raises(AppelIncorrect, match="« T9 »"):
        Profil(typologie="T9")


def test_the_median_delay_is_that_of_the_profile(tmp_path):
    baux = [(LILLE, t, None, date(2017, 12, 31), m) for t, m in (("T4", 3), ("T4", 14), ("T2", 3))]
    entrepot = publish(tmp_path, [], baux, [], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        dossier = reunir(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,)), Profil("T4"))
    # 14 is 2 years and a 1st of October: created 2015-10-01, 26 months; 3: created 2016-09-01, 15 months.
    assert dossier.constat("delai").valeur == median([26, 15])


def test_a_median_counts_the_households_that_it_is_about_and_not_those_of_the_sector(tmp_path):
    # Roubaix: 30 attributions of T2, one of T4; the ICI has 12 more of T4 in Tourcoing.
    baux = [(ROUBAIX, "T2", None, date(2017, 3, 1), 3)] * 30 + [(ROUBAIX, "T4", None, date(2017, 3, 1), 14)]
    baux += [(TOURCOING, "T4", None, date(2017, 3, 1), 3)] * 12
    demandes = [([ROUBAIX], ["T2"])] * 20 + [([ROUBAIX], ["T4"])] * 2 + [([TOURCOING], ["T4"])] * 5
    entrepot = publish(tmp_path, demandes, baux, [], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        dossier = reunir(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,)), Profil("T4"))
    delai, anciennete = dossier.constat("delai"), dossier.constat("anciennete")
    assert ICI[ROUBAIX] == ICI[TOURCOING]
    assert (delai.effectifs["secteur"], delai.effectifs["ici"]) == ((1,), (13,))
    assert not delai.est_projetable()
    assert delai.est_projetable("ici")
    assert anciennete.effectifs["secteur"] == (2,)
    assert not anciennete.est_projetable("ici")  # 7 demandes of T4
    assert "la seule attribution datée" in delai.phrase


def test_a_circle_too_small_to_be_projected_is_left_out_of_the_projected_sentence_alone(tmp_path):
    # Roubaix: none of 20 first ranks refused, 3 of 20 in Tourcoing: 3 of 40 in the ICI and in the MEL.
    passages = [(ROUBAIX, "T4", 1, None)] * 20 + [(TOURCOING, "T4", 1, 5)] * 3 + [(TOURCOING, "T4", 1, None)] * 17
    entrepot = publish(tmp_path, [], [], passages, [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        refus = reunir(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,))).constat("refus_rang_1")
    assert (refus.effectifs["secteur"], refus.effectifs["ici"]) == ((0, 20, 20), (3, 37, 40))
    assert refus.est_projetable()
    assert "contre 7,5\u202f% dans l’ICI" in refus.phrase
    assert refus.projetee.endswith("en 12\u00a0mois (**0,0\u202f%**).")


def test_the_contingent_is_that_of_most_attributions_and_says_whose_it_is(tmp_path):
    # 3 of 5 for the collectivités in Roubaix, 2 without réservataire; 3 of 9 in the ICI.
    baux = [(ROUBAIX, "T4", r, date(2017, 3, 1), 3) for r in ("COLTER",) * 3 + ("AUCUN",) * 2]
    baux += [(TOURCOING, "T4", "AUCUN", date(2017, 3, 1), 3)] * 4
    entrepot = publish(tmp_path, [], baux, [], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        contingent = reunir(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,))).constat("contingent")
    assert (contingent.quoi, contingent.valeur) == ("collectivités territoriales", 3 / 5)
    assert contingent.effectifs["ici"] == (3, 6, 9)


def test_the_value_in_bold_is_the_value_of_the_finding_whatever_other_numbers_the_sentence_says(tmp_path):
    # 18 delays of 8 months: « la moitié des 18 … moins de 8 mois ».
    baux = [(LILLE, "T4", None, date(2017, 8, 31), 8)] * 18
    entrepot = publish(tmp_path, [], baux, [], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        delai = reunir(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,))).constat("delai")
    mois = f"{delai.valeur:.0f}\u00a0mois"
    assert f"moins de **{mois}** après" in delai.projetee
    assert delai.projetee.count("**") == 2
    assert delai.projetee.replace("**", "").startswith(delai.phrase.split(", contre")[0])


@pytest.mark.parametrize(
    ("seance", "connus", "reserve"),
    [
        ("2017S2", True, ""),  # 2017, the last event is of 2017-12-31: everybody housed since 2016-12-31 is there
        ("2017S1", False, "ne se mesurent plus"),  # from 2016-07-01
        ("2016S2", False, "ne se mesurent plus"),
    ],
)
def test_the_refusals_of_a_period_whose_housed_households_have_left_are_unknown_and_say_why(
    tmp_path, seance, connus, reserve
):
    passages = [
        {
            "id_evenement": f"E{jour}{i}",
            "numero_unique": f"e{i}",
            "type": "PASSAGE_CAL",
            "date_survenance": jour,
            "decision": "ATTRIBUE",
            "rang": 1,
            "code_residence": f"P{LILLE}",
            "code_bailleur": "B1",
        }
        for jour in (date(2016, 8, 1), date(2017, 3, 1), date(2017, 12, 31))
        for i in range(3)
    ]
    entrepot = Entrepot(tmp_path)
    entrepot.publier(
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", *QUARTIERS),
            evenements=table("evenements", *passages),
            residences=table(
                "residences",
                {"code_residence": f"P{LILLE}", "code_bailleur": "B1", "code_quartier": f"{LILLE}01", "n_logements": 0},
            ),
        )
    )
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        dossier = reunir(lecteur, Periode.de(seance, "annee"), Secteur(ICI[LILLE], (LILLE,)))
    for mesure in ("refus_rang_1", "non_attribution", "passages"):
        constat = dossier.constat(mesure)
        assert (constat.valeur is not None, constat.valeur_mel is not None) == (connus, connus)
        assert ("logés depuis plus d’un an" in constat.phrase) is not connus
    assert any(reserve in r for r in dossier.reserves) if reserve else not dossier.reserves


@pytest.mark.parametrize(
    ("derniere", "etendue"),
    [
        (None, Etendue.RIEN),
        (date(2017, 12, 31), Etendue.RIEN),
        (date(2018, 1, 1), Etendue.RIEN),
        (date(2018, 1, 2), Etendue.DEBUT),  # the household housed on 2017-01-01 has left
        (date(2018, 4, 1), Etendue.DEBUT),
        (date(2018, 4, 2), Etendue.TROP),  # more than three months of the period
    ],
)
def test_a_few_weeks_lost_are_told_and_a_quarter_leaves_the_shares_unknown(derniere, etendue):
    trou = Trou.de(ANNEE, derniere)
    assert trou.etendue is etendue
    assert bool(trou.reserve()) is (etendue is not Etendue.RIEN)

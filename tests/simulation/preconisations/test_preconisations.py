"""Every figure of the afternoon counted again in plain Python on tables drawn at random."""

from __future__ import annotations

from datetime import date
from math import ceil, floor
from statistics import median

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.reference import communes
from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import compute
from mel_core.simulation.preconisations import (
    commissions,
    mutations_bloquees,
    offre_demande,
    par_quartier,
    par_residence,
    peuplement,
)
from mel_core.socle.periodes import Periode
from tests.exemples import examples
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, demande_active, serve, table

ANNEE = Periode.de("2017S2", "annee")
VOISINE = next(c for c, x in sorted(communes().items()) if x.ici == communes()[LILLE].ici and c != LILLE)
ICI = communes()[LILLE].ici
QUARTIERS = {
    "QF": (LILLE, "fragile", "QP1"),
    "QM": (LILLE, "moyenne", None),
    "QS": (VOISINE, "sans", None),
    "QI": (VOISINE, None, "QP2"),
    "QR": (ROUBAIX, "fragile", "QP2"),  # another ICI
}
MODESTE, AISE = 5_000.0, 17_000.0  # euros a year, of one person: 0.24 and 0.83 of the PLUS ceiling of 2017 (20 304)

une_residence = st.tuples(
    st.sampled_from(list(QUARTIERS)),
    st.integers(1, 120),
    st.sampled_from([None, 0.0, 0.05, 0.1, 0.2]),
    st.sampled_from([None, 0, 2]),
    st.sampled_from([None, (3, 2, 4, 1), (0, 0, 0, 0), (10, 5, 2, 3)]),
)
un_bail = st.tuples(
    st.sampled_from([*QUARTIERS, None]),
    st.sampled_from([MODESTE, AISE, None]),
    st.sampled_from([date(2016, 12, 31), date(2017, 1, 1), date(2017, 12, 31)]),
    st.sampled_from(["T2", "T3", None]),
)
une_demande = st.tuples(
    st.lists(st.sampled_from([LILLE, VOISINE, ROUBAIX]), unique=True),
    st.lists(st.sampled_from(["T2", "T3"]), unique=True),
    st.booleans(),
    st.sampled_from([LILLE, ROUBAIX, None]),
    st.integers(0, 40),
)


def publish(dossier, residences=(), baux=(), demandes=(), retours=()) -> Entrepot:
    entrepot = Entrepot(dossier)
    serve(
        entrepot,
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table(
                "quartiers",
                *(
                    {"code_quartier": q, "nom": f"Quartier {q}", "code_insee": c, "fragilite": f, "code_qpv": qpv}
                    for q, (c, f, qpv) in QUARTIERS.items()
                ),
            ),
            residences=table(
                "residences",
                *(
                    {
                        "code_residence": f"R{i}",
                        "code_bailleur": "B1",
                        "code_quartier": q,
                        "n_logements": n,
                        "taux_rotation": rotation,
                        "n_vacants": vacants,
                        **(
                            dict(zip((f"n_occupants_{c}" for c in CLASSES), occupants, strict=True))
                            if occupants
                            else {}
                        ),
                    }
                    for i, (q, n, rotation, vacants, occupants) in enumerate(residences)
                ),
            ),
            attributions=table(
                "attributions",
                *(
                    attribution(
                        i,
                        code_insee=QUARTIERS[q][0] if q else LILLE,
                        code_quartier=q,
                        revenu_fiscal=revenu,
                        n_personnes=1,
                        date_bail=jour,
                        typologie=typologie,
                    )
                    for i, (q, revenu, jour, typologie) in enumerate(baux)
                ),
            ),
            demandes=table(
                "demandes",
                *(
                    demande_active(
                        f"d{i}",
                        date(2017 - (mois + 11) // 12, 1 + (-mois) % 12, 28),
                        communes_souhaitees=souhaits or None,
                        typologies=types or None,
                        mutation_bloquee=bloquee,
                        code_insee_actuel=actuelle,
                    )
                    for i, (souhaits, types, bloquee, actuelle, mois) in enumerate(demandes)
                ),
            ),
            commissions_qpv=table(
                "commissions_qpv",
                *(
                    {"id_retour": f"C{i}", "code_qpv": qpv, "date": jour, **valeurs}
                    for i, (qpv, jour, valeurs) in enumerate(retours)
                ),
            ),
        ),
    )
    return entrepot


CLASSES = ("tres_modestes", "modestes", "intermediaires", "eleves")


def known(valeur):
    return None if valeur is None or pd.isna(valeur) else valeur


def rows(frame: pd.DataFrame, *cles: str) -> dict:
    lignes = [{c: known(v) for c, v in x.items()} for x in frame.astype(object).to_dict("records")]
    return {tuple(x[c] for c in cles) if len(cles) > 1 else x[cles[0]]: x for x in lignes}


def share(k, n):
    return k / n if n else None


@examples(12)
@given(residences=st.lists(une_residence, max_size=9), baux=st.lists(un_bail, max_size=9))
def test_quartiers_and_residences_are_those_of_a_plain_count(tmp_path_factory, residences, baux):
    entrepot = publish(tmp_path_factory.mktemp("entrepot"), residences, baux)
    with entrepot.open(Portee.mel()) as lecteur:
        quartiers = rows(par_quartier(lecteur, ANNEE, ICI), "quartier")
        siennes = rows(par_residence(lecteur, ANNEE, ICI), "residence")
    dans_ici = {q for q, (c, _, _) in QUARTIERS.items() if communes()[c].ici == ICI}
    annee = [(q, revenu) for q, revenu, jour, _ in baux if jour.year == 2017]
    presents = {q for q, *_ in residences if q in dans_ici} | {
        q or "inconnu" for q, _ in annee if q in {*dans_ici, None}
    }
    assert set(quartiers) == presents
    for q, ligne in quartiers.items():
        stock = [x[1:] for x in residences if x[0] == q]
        entrants = [revenu for ou, revenu in annee if (ou or "inconnu") == q]
        comptes = [revenu for revenu in entrants if revenu]
        modestes = comptes.count(MODESTE)
        assert (ligne["n_entrants"], ligne["n_entrants_connus"], ligne["n_entrants_modestes"]) == (
            len(entrants),
            len(comptes),
            modestes,
        )
        assert ligne["part_entrants"] == share(modestes, len(comptes))
        occupants = [o for *_, o in stock if o is not None]
        connus = sum(sum(o) for o in occupants)
        assert ligne["part_occupants"] == share(sum(o[0] + o[1] for o in occupants), connus)
        vacances = [(n, v) for n, _, v, _ in stock if v is not None]
        assert ligne["part_vacance"] == share(sum(v for _, v in vacances), sum(n for n, _ in vacances))
        rotations = [None if r is None else n * r / 2 for n, r, _, _ in stock]
        attendues = None if not stock or None in rotations else sum(rotations)
        assert ligne["vacances_attendues"] == (attendues if attendues is None else pytest.approx(attendues))
        assert (ligne["n_attendues"] is None) == all(r is None for r in rotations)
        logees = [x for x in siennes.values() if x["quartier"] == q and x["n_attendues"] is not None]
        for colonne in ("n_attendues", "n_modestes", "n_autres"):
            connus = [x[colonne] for x in logees if x[colonne] is not None]
            assert ligne[colonne] == (sum(connus) if connus else None)
        assert all(0 <= (x["n_modestes"] or 0) <= x["n_attendues"] for x in logees)
    for fragilite in ("fragile", "moyenne", "sans", None):
        check_class(
            [ligne for q, ligne in quartiers.items() if q in QUARTIERS and QUARTIERS[q][1] == fragilite],
            fragilite,
            sum(n * r / 2 for q, n, r, _, _ in residences if q in dans_ici and QUARTIERS[q][1] == fragilite and r),
        )
    for i, (q, n, rotation, _, _) in enumerate(residences):
        if q in dans_ici:
            attendues = siennes[f"R{i}"]["vacances_attendues"]
            assert attendues == (None if rotation is None else pytest.approx(n * rotation / 2))
            assert (siennes[f"R{i}"]["n_attendues"] is None) == (rotation is None)


def check_class(lignes, fragilite, attendues):
    """The quartiers of one class add up to its lettings, and to 50 % of them: at most, at least, or the nearest."""
    connues = [x for x in lignes if x["n_attendues"] is not None]
    n = sum(x["n_attendues"] for x in connues)
    assert n == floor(attendues + 0.5 + 1e-9)
    if fragilite is None:
        assert all(x["n_modestes"] is None for x in connues)
        return
    vises = {"fragile": floor(n / 2), "sans": ceil(n / 2), "moyenne": floor(n / 2 + 0.5)}[fragilite]
    assert sum(x["n_modestes"] for x in connues) == vises
    assert all(x["n_modestes"] + x["n_autres"] == x["n_attendues"] for x in connues)


@examples(12)
@given(
    baux=st.lists(un_bail, max_size=8),
    demandes=st.lists(une_demande, max_size=8),
    residences=st.lists(une_residence, max_size=4),
)
def test_offer_demand_and_blocked_mutations_are_those_of_a_plain_count(tmp_path_factory, baux, demandes, residences):
    entrepot = publish(tmp_path_factory.mktemp("entrepot"), residences, baux, demandes)
    with entrepot.open(Portee.mel()) as lecteur:
        offre = rows(offre_demande(lecteur, ANNEE, ICI), "commune", "typologie")
        mutations = mutations_bloquees(lecteur, ANNEE.fin, ICI)
    annee = [(QUARTIERS[q][0] if q else LILLE, t or "inconnu") for q, _, jour, t in baux if jour.year == 2017]
    for commune in (LILLE, VOISINE):
        for typologie in ("T2", "T3", "inconnu", "ensemble"):
            n = sum(
                commune in souhaits and typologie in {*(types or ["inconnu"]), "ensemble"}
                for souhaits, types, *_ in demandes
            )
            a = sum(c == commune and typologie in {t, "ensemble"} for c, t in annee)
            ligne = offre.pop((commune, typologie), None)
            if ligne is None:
                assert (n, a) == (0, 0)
                continue
            assert (ligne["n_demandes"], ligne["n_attributions"], ligne["tension"]) == (n, a, share(n, a))
            vacants = [v for q, _, _, v, _ in residences if QUARTIERS[q][0] == commune and v is not None]
            attendu = sum(vacants) if vacants and typologie == "ensemble" else None
            assert ligne["n_vacants"] == attendu
    assert all(x["n_demandes"] == x["n_attributions"] == 0 for x in offre.values())
    bloquees = [(souhaits, actuelle, mois) for souhaits, _, bloquee, actuelle, mois in demandes if bloquee]
    attendues = {}
    for commune in (LILLE, VOISINE):
        for sens, ages in (
            ("souhaitee", [mois for souhaits, _, mois in bloquees if commune in souhaits]),
            ("residence", [mois for _, actuelle, mois in bloquees if actuelle == commune]),
        ):
            if ages:
                # Created on the 28th, `mois` months before January 2017: on 31 December 2017, 11 whole months more.
                ages = [mois + 11 for mois in ages]
                longs = [sum(mois >= seuil for mois in ages) for seuil in (24, 36)]
                attendues[sens, commune] = (len(ages), median(ages), *longs)
    trouvees = {
        (x["sens"], x["commune"]): (x["n"], x["mediane_mois"], x["n_24_mois"], x["n_36_mois"])
        for x in mutations.to_dict("records")
    }
    assert trouvees == attendues
    # No maximum: it would be the wait of one household.
    assert set(mutations) == {"sens", "commune", "nom", "n", "mediane_mois", "n_24_mois", "n_36_mois"}
    for _, groupe in mutations.groupby("sens"):
        rangs = list(groupe[["n_36_mois", "n_24_mois", "n"]].itertuples(index=False, name=None))
        assert rangs == sorted(rangs, reverse=True)


def test_blocked_mutations_that_no_file_says_are_unknown(tmp_path):
    demandes = table("demandes", demande_active("d", date(2017, 1, 1)))
    charge = chargement(demandes=demandes)
    charge.colonnes_presentes["demandes"] = frozenset(demandes.column_names) - {"mutation_bloquee"}
    entrepot = Entrepot(tmp_path)
    entrepot.publish(charge)
    with entrepot.open(Portee.mel()) as lecteur:
        assert mutations_bloquees(lecteur, ANNEE.fin) is None


def test_the_settlement_of_a_qpv_is_the_indicators_and_the_stock_side_by_side(tmp_path):
    entrepot = publish(
        tmp_path,
        [("QF", 100, 0.1, 2, (10, 5, 2, 3)), ("QF", 50, 0.1, 2, None), ("QM", 30, 0.1, 0, (1, 1, 1, 1))],
        [("QF", MODESTE, date(2017, 3, 1), "T2"), ("QF", AISE, date(2017, 3, 1), "T2"), (None, None, ANNEE.fin, None)],
    )
    with entrepot.open(Portee.mel()) as lecteur:
        frame = peuplement(lecteur, ANNEE, ICI)
        entrants = compute(lecteur, "entrants_occupants", ANNEE, ["qpv"], ici=ICI)
    lignes = rows(frame, "qpv")
    assert list(lignes) == ["QP1", "hors_qpv", "inconnu"]
    # 150 dwellings; 15 modest of the 20 occupants known, in the one résidence that counts them; 1 modest entrant of 2.
    q = lignes["QP1"]
    assert (q["n_logements"], q["n_occupants"], q["part_occupants"]) == (150, 20, 0.75)
    assert (q["n_entrants"], q["n_entrants_connus"], q["part_entrants"]) == (2, 2, 0.5)
    assert (q["n_occupants_modestes"], q["n_entrants_modestes"]) == (15, 1)
    assert (q["regle"], q["cible"], q["motif"], q["part_regle"]) == ("autres_en_qpv", 0.5, "seuil_absent", None)
    assert (lignes["hors_qpv"]["part_occupants"], lignes["hors_qpv"]["n_entrants"]) == (0.5, 0)
    assert (lignes["inconnu"]["n_entrants"], lignes["inconnu"]["part_entrants"], lignes["inconnu"]["regle"]) == (
        1,
        None,
        None,
    )
    for x in entrants.to_dict("records"):
        assert lignes[x["qpv"]]["n_entrants"] == x["n"]
        assert lignes[x["qpv"]]["part_occupants"] == known(x["part_occupants"])


def test_the_returns_of_commissions_add_up_what_is_said_and_nothing_else(tmp_path):
    entrepot = publish(
        tmp_path,
        retours=[
            ("QP1", date(2017, 3, 1), {"n_candidats": 10, "n_designes": 4, "n_refuses": 1}),
            ("QP1", date(2017, 9, 1), {"n_candidats": 6, "n_designes": None, "n_refuses": None}),
            ("QP1", date(2016, 9, 1), {"n_candidats": 99, "n_designes": 99, "n_refuses": 99}),
            ("QP2", date(2017, 9, 1), {}),
            ("AILLEURS", date(2017, 9, 1), {"n_candidats": 3, "n_designes": 0}),
        ],
    )
    with entrepot.open(Portee.mel()) as lecteur:
        toutes = rows(commissions(lecteur, ANNEE), "qpv")
        siennes = rows(commissions(lecteur, ANNEE, ICI), "qpv")
    assert set(toutes) == {"QP1", "QP2", "AILLEURS"}
    assert set(siennes) == {"QP1", "QP2"}
    q = toutes["QP1"]
    assert (q["n_commissions"], q["derniere"], q["n_candidats"], q["n_designes"], q["n_refuses"]) == (
        2,
        date(2017, 9, 1),
        16,
        4,
        1,
    )
    # The second meeting does not say its designations: 4 of 10, and 1 of 4.
    assert (q["part_designes"], q["part_refuses"]) == (0.4, 0.25)
    assert (q["n_designes_situes"], q["n_candidats_situes"]) == (4, 10)
    assert (toutes["QP2"]["n_candidats"], toutes["QP2"]["part_designes"]) == (None, None)
    assert (toutes["AILLEURS"]["part_designes"], toutes["AILLEURS"]["part_refuses"]) == (0.0, None)


def test_without_any_row_every_table_is_empty_and_none_fails(tmp_path):
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(bailleurs=bailleurs("B1")))
    with entrepot.open(Portee.mel()) as lecteur:
        assert par_quartier(lecteur, ANNEE, ICI).empty
        assert par_residence(lecteur, ANNEE, ICI).empty
        assert peuplement(lecteur, ANNEE, ICI).empty
        assert commissions(lecteur, ANNEE, ICI).empty
        offre = offre_demande(lecteur, ANNEE, ICI)
    assert set(offre["typologie"]) == {"ensemble"}
    assert offre["tension"].isna().all()

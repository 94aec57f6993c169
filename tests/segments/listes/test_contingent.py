"""What a réservataire lists: the attributions of its own contingent over the séance's twelve months, no other row."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from mel_core.entrepot import Entrepot, Portee
from mel_core.segments.listes import candidats
from mel_core.socle.periodes import Periode
from tests.exemples import examples
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, serve, table

ANNEE = Periode.de("2017S2", "annee")  # 1 January to 31 December 2017
SIENNE = Portee.reservataire("COLACT")
PLAFOND_2017 = 20123  # PLUS, one person


def publish(dossier, lignes) -> Entrepot:
    entrepot = Entrepot(dossier)
    tables = {"attributions": table("attributions", *lignes)} if lignes else {}
    serve(
        entrepot,
        chargement(
            bailleurs=bailleurs("B1", "B2"),
            quartiers=table("quartiers", {"code_quartier": "595120101", "nom": "Épeule", "code_insee": ROUBAIX}),
            **tables,
        ),
    )
    return entrepot


def find_all(entrepot: Entrepot, portee: Portee = SIENNE):
    with entrepot.open(portee) as lecteur:
        return candidats.find_contingent(lecteur, ANNEE)


def test_the_list_holds_the_attributions_of_its_own_contingent_in_the_twelve_months_the_latest_first(tmp_path):
    """
    rang  réservataire  bail        listed
    1     COLACT        31/12/2016  no: before
    2     COLACT        01/01/2017  yes, last
    3     COLACT        31/12/2017  yes, first
    4     COLACT        01/01/2018  no: after
    5     COLTER        01/06/2017  no: another's
    6     (empty)       01/06/2017  no: nobody's
    """
    jours = (date(2016, 12, 31), date(2017, 1, 1), date(2017, 12, 31), date(2018, 1, 1))
    lignes = [attribution(i, reservataire="COLACT", date_bail=jour) for i, jour in enumerate(jours, start=1)]
    lignes += [attribution(i, reservataire=r, date_bail=date(2017, 6, 1)) for i, r in ((5, "COLTER"), (6, None))]
    lues = find_all(publish(tmp_path, lignes))
    assert lues["pseudonyme"].tolist() == ["p3", "p2"]
    assert lues["date_bail"].tolist() == [date(2017, 12, 31), date(2017, 1, 1)]


def test_a_line_says_where_by_whom_for_whom_and_an_unknown_stays_unknown(tmp_path):
    connue = attribution(
        1,
        **{"reservataire": "COLACT", "code_insee": ROUBAIX, "code_quartier": "595120101", "code_bailleur": "B2"},
        **{"typologie": "T3", "n_personnes": 1, "revenu_fiscal": 0.1 * PLAFOND_2017, "mutation": True},
        **{"dalo": True, "npru": True},
    )
    inconnue = attribution(2, reservataire="COLACT", date_bail=date(2017, 2, 1))
    premiere, seconde = find_all(publish(tmp_path, [connue, inconnue])).to_dict("records")
    assert premiere == {
        **{"pseudonyme": "p1", "date_bail": date(2017, 9, 30), "commune": ROUBAIX, "quartier": "595120101"},
        **{"residence": "inconnu", "bailleur": "B2", "typologie": "T3", "classe": "tres_modeste"},
        **{"mutation": "mutation", "est_menage_aci": True, "est_npru": True},
    }
    assert (seconde["quartier"], seconde["typologie"], seconde["classe"]) == ("inconnu", "inconnu", "inconnu")
    assert (seconde["mutation"], seconde["est_menage_aci"], seconde["est_npru"]) == ("premier_acces", False, False)


def test_filters_keep_the_lines_that_answer_all_of_them(tmp_path):
    """
    rang  commune  bailleur  typologie  accès     label
    1     Lille    B1        T2         premier   ACI
    2     Lille    B2        T2         mutation  NPRU
    3     Roubaix  B1        T3         premier   none
    """
    tirees = ((LILLE, "B1", "T2", False, "aci"), (LILLE, "B2", "T2", True, "npru"), (ROUBAIX, "B1", "T3", False, None))
    lignes = [
        attribution(
            i,
            **{"reservataire": "COLACT", "code_insee": c, "code_bailleur": b, "typologie": t, "mutation": m},
            **({label: True} if label else {}),
        )
        for i, (c, b, t, m, label) in enumerate(tirees, start=1)
    ]
    tous = find_all(publish(tmp_path, lignes))

    def gardes(**filtres):
        return sorted(candidats.filter_rows(tous, **filtres)["pseudonyme"])

    assert gardes() == ["p1", "p2", "p3"]
    assert gardes(commune=(LILLE,)) == ["p1", "p2"]
    assert gardes(commune=(LILLE,), bailleur=("B1",)) == ["p1"]
    assert gardes(typologie=("T2", "T3"), mutation=("premier_acces",)) == ["p1", "p3"]
    assert gardes(label=("aci",)) == ["p1"]
    assert gardes(label=("aci", "npru")) == ["p1", "p2"]
    assert gardes(label=("aci",), mutation=("mutation",)) == []


une_attribution = st.tuples(
    st.sampled_from([LILLE, ROUBAIX]),
    st.sampled_from(["B1", "B2"]),
    st.sampled_from(["COLACT", "COLTER", "PPRIOR", "AUCUN", None]),
    st.sampled_from([date(2016, 5, 1), date(2017, 3, 1), date(2017, 12, 31)]),
    st.booleans(),
)


@examples(5)
@given(tirees=st.lists(une_attribution, max_size=8))
def test_two_stores_equal_on_the_contingent_give_the_same_list_whatever_the_rest(tmp_path_factory, tirees):
    lignes = [
        attribution(i, code_insee=c, code_bailleur=b, reservataire=r, date_bail=jour, aci=aci)
        for i, (c, b, r, jour, aci) in enumerate(tirees)
    ]
    siennes = [ligne for ligne in lignes if ligne["reservataire"] == "COLACT"]
    tout = find_all(publish(tmp_path_factory.mktemp("tout"), lignes))
    seul = find_all(publish(tmp_path_factory.mktemp("seul"), siennes))
    assert tout.to_dict("records") == seul.to_dict("records")
    attendus = sorted(ligne["numero_unique"] for ligne in siennes if ligne["date_bail"] in ANNEE)
    assert sorted(tout["pseudonyme"]) == attendus

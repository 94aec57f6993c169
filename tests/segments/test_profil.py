"""Why they wait: the profile against plain counting, tension drawn by hand, the flow's bound by plain matching."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.entrepot import Entrepot, Portee
from mel_core.segments import Criteres, SegmentLibre, count, find_all
from mel_core.segments.profil import AXES, Servables, profil, servables, tension
from tests.exemples import examples
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, demande_active, serve, table
from tests.segments.conftest import JOUR
from tests.segments.test_contre_oracle import est_active, step_back

CRITERES = Criteres(JOUR)
TOUTES = SegmentLibre()


def modalites(d, evenements):
    """The modality of a demande on each axis, in plain Python; `inconnu` when it does not say."""
    communes, typologies, age = d["communes_souhaitees"] or [], d["typologies"] or [], d["age"]
    renouvelee, creee = d["date_renouvellement"], d["date_creation"]
    if renouvelee and renouvelee > JOUR:
        renouvellement = "inconnu"
    else:
        depuis = max(creee, renouvelee or creee)
        if depuis > step_back(JOUR, 11):
            renouvellement = "a_jour"
        elif depuis > step_back(JOUR, 12):
            renouvellement = "dans_le_mois"
        else:
            renouvellement = "depasse" if renouvelee else "inconnu"
    vus = [e for e in evenements if e["numero_unique"] == d["numero_unique"] and e["date_survenance"] <= JOUR]
    label = [d["aci"], d["dalo"], d["pdalhpd"]]
    return {
        "typologie": typologies or ["inconnu"],
        "n_communes": [{0: "inconnu", 1: "1", 2: "2-3", 3: "2-3"}.get(len(communes), "4+")],
        "renouvellement": [renouvellement],
        "jamais_presente": ["oui" if all(e["type"] == "AUTRE" for e in vus) else "non"],
        "age": ["inconnu" if age is None else {24: "-30", 25: "-30", 65: "60-74"}[age]],
        "mutation": [{None: "inconnu", "HLM": "mutation"}.get(d["statut_logement"], "premier_acces")],
        "n_personnes": [{1: "1", 2: "2", 7: "5+"}[d["n_personnes"]]],
        "menage_aci": ["inconnu" if None in label else "oui" if True in label else "non"],
    }


@pytest.mark.parametrize("nom", ["attente_24", "poulidor", "jamais_presentes"])
def test_the_profile_counts_the_segment_and_the_whole(jeu, nom):
    lecteur, demandes, evenements = jeu
    dedans = set(find_all(lecteur, nom, CRITERES)["pseudonyme"])
    actives = [d for d in demandes if est_active(d, JOUR)]
    lu = profil(lecteur, nom, CRITERES).set_index(["axe", "modalite"])
    for axe in AXES:
        if axe == "ressources":
            continue  # its classes are those of test_libre
        dites = {d["numero_unique"]: modalites(d, evenements)[axe] for d in actives}
        connus = [p for p, m in dites.items() if m != ["inconnu"]]
        for modalite in [*AXES[axe][1], *(["inconnu"] if ["inconnu"] in dites.values() else [])]:
            ligne = lu.loc[(axe, modalite)]
            tous = [p for p, m in dites.items() if modalite in m]
            siens = [p for p in tous if p in dedans]
            assert (ligne["n"], ligne["n_actives"]) == (len(siens), len(tous)), (axe, modalite)
            assert (ligne["n_connus"], ligne["n_connus_actives"]) == (len(dedans & set(connus)), len(connus)), axe
            if modalite == "inconnu" or not ligne["n_connus"]:
                assert pd.isna(ligne["part"])
            else:
                assert ligne["part"] == len(siens) / ligne["n_connus"]
                assert ligne["ecart_points"] == pytest.approx(100 * (ligne["part"] - ligne["part_actives"]))
    assert set(lu.index.get_level_values("axe")) == set(AXES)


def test_each_axis_but_typologie_shares_out_every_demande_once(jeu):
    lecteur = jeu[0]
    lu = profil(lecteur, "jamais_presentes", CRITERES)
    for axe in AXES:
        lignes = lu[lu["axe"] == axe]
        if axe != "typologie":
            assert lignes["n"].sum() == count(lecteur, "jamais_presentes", CRITERES)
            assert lignes["n_actives"].sum() == count(lecteur, TOUTES, CRITERES)


def test_an_empty_segment_has_counts_and_no_share(tmp_path):
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(bailleurs=bailleurs("B1")))
    with entrepot.open(Portee.mel()) as lecteur:
        lu = profil(lecteur, "poulidor", CRITERES)
        assert servables(lecteur, "poulidor", CRITERES) == Servables(0, 0, 0, 0)
        assert tension(lecteur, "poulidor", CRITERES).empty
    assert lu["n"].sum() == 0
    assert lu["part"].isna().all()


def demande(qui, communes, typologies, **valeurs):
    return demande_active(qui, date(2015, 1, 1), communes_souhaitees=communes, typologies=typologies, **valeurs)


def magasin(dossier, demandes, baux):
    """`baux`: (commune, typologie, date). Nobody in it was ever proposed anything."""
    entrepot = Entrepot(dossier)
    attributions = [
        attribution(i, code_insee=c, typologie=t, date_bail=le, numero_unique=f"x{i}")
        for i, (c, t, le) in enumerate(baux)
    ]
    tables = {"bailleurs": bailleurs("B1"), "attributions": table("attributions", *attributions)}
    serve(entrepot, chargement(**tables, demandes=table("demandes", *demandes)))
    return entrepot


def test_tension_is_demandes_per_attribution_of_twelve_months(tmp_path):
    # Lille T2: a, b and the recent c want it, two leases in 12 months (one the day after 2016-12-31, one on the
    # reference date), one too old: 3 / 2. Roubaix T2: a alone, no lease. Lille T4: nobody, one lease.
    entrepot = magasin(
        tmp_path,
        [
            demande("a", [LILLE, ROUBAIX], ["T2"]),
            demande("b", [LILLE], ["T2"]),
            demande("c", [LILLE], ["T2"], date_creation=date(2017, 12, 1)),
        ],
        [
            (LILLE, "T2", date(2017, 1, 1)),
            (LILLE, "T2", JOUR),
            (LILLE, "T2", date(2016, 12, 31)),
            (LILLE, "T4", date(2017, 6, 1)),
        ],
    )
    with entrepot.open(Portee.mel()) as lecteur:
        lue = tension(lecteur, "attente_24", CRITERES).set_index(["commune", "typologie"])
    assert lue.loc[(LILLE, "T2")].tolist() == [2, 3, 2, 1.5]
    assert lue.loc[(LILLE, "T4")].tolist() == [0, 0, 1, 0]
    assert lue.loc[(ROUBAIX, "T2"), "n_attributions"] == 0
    assert pd.isna(lue.loc[(ROUBAIX, "T2"), "tension"])


def test_the_flow_serves_at_most_half_a_year_where_they_ask(tmp_path):
    # Lille T2 lets 3 in 12 months, Roubaix T2 lets 1: half of it is 1.5 and 0.5. a and b want Lille only: 1.5 of them;
    # c wants Roubaix: 0.5. Together 2. d says no typologie: left out. Lille T4 helps nobody.
    entrepot = magasin(
        tmp_path,
        [
            demande("a", [LILLE], ["T2"]),
            demande("b", [LILLE], ["T2"]),
            demande("c", [ROUBAIX], ["T2", "T3"]),
            demande("d", [LILLE], None),
        ],
        [*3 * [(LILLE, "T2", JOUR)], (ROUBAIX, "T2", JOUR), (LILLE, "T4", JOUR), (LILLE, None, JOUR)],
    )
    with entrepot.open(Portee.mel()) as lecteur:
        assert servables(lecteur, "attente_24", CRITERES) == Servables(
            n=4, n_inconnus=1, n_attributions=4, n_servables=2
        )


def match_up(voulues, offre):
    """Kuhn's matching: each household has two halves to place, each attribution of 12 months is one half of a lease."""
    places = [cellule for cellule, n in offre.items() for _ in range(n)]
    moities = [v for v in voulues for _ in range(2)]
    prise: dict[int, int] = {}

    def placer(i, vues):
        for j, cellule in enumerate(places):
            if cellule in moities[i] and j not in vues:
                vues.add(j)
                if j not in prise or placer(prise[j], vues):
                    prise[j] = i
                    return True
        return False

    return sum(placer(i, set()) for i in range(len(moities))) // 2


COMMUNES, TYPES = [LILLE, ROUBAIX, "59599"], ["T1", "T2", "T3"]
envies = st.tuples(
    st.lists(st.sampled_from(COMMUNES), min_size=1, max_size=2, unique=True),
    st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True),
)


@examples(12)
@given(
    voulues=st.lists(envies, max_size=6),
    baux=st.lists(st.tuples(st.sampled_from(COMMUNES), st.sampled_from(TYPES)), max_size=12),
)
def test_the_bound_is_that_of_a_plain_matching(tmp_path_factory, voulues, baux):
    entrepot = magasin(
        tmp_path_factory.mktemp("flux"),
        [demande(f"p{i}", c, t) for i, (c, t) in enumerate(voulues)],
        [(c, t, JOUR) for c, t in baux],
    )
    offre = {cellule: baux.count(cellule) for cellule in baux}
    cellules = [{(c, t) for c in communes for t in types} for communes, types in voulues]
    with entrepot.open(Portee.mel()) as lecteur:
        lus = servables(lecteur, "attente_24", CRITERES)
    assert lus.n_servables == match_up(cellules, offre)
    assert lus.n_servables <= min(lus.n, lus.n_attributions // 2)
    assert lus.n_attributions == sum(n for cellule, n in offre.items() if any(cellule in v for v in cellules))

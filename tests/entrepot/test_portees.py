"""Scopes: closed by default, and what lies outside a scope changes nothing to its answers."""

from __future__ import annotations

import random
from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.reference import communes
from mel_core.contrat.tables import RESERVATAIRES
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.lecteur import TypePortee, open_base
from mel_core.entrepot.registre import chemin
from tests.exemples import examples
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, demande_active, table

CODES = [LILLE, ROUBAIX, "59599"]
QUESTIONS = {
    "attributions": "select id_attribution, commune, bailleur, reservataire from attributions_qualifiees order by all",
    "residences": "select residence from residences_situees order by all",
    "demandes": "select pseudonyme from demandes order by all",
    "evenements": "select id_evenement from evenements order by all",
    "suivi": "select pseudonyme, dates_passages::varchar, dates_propositions::varchar, fin from suivi order by all",
}

une_attribution = st.tuples(
    st.sampled_from(CODES), st.sampled_from(["B1", "B2"]), st.sampled_from(["COLTER", "COLACT", None])
)
une_demande = st.tuples(st.sampled_from([*CODES, None, "hors_mel"]), st.lists(st.sampled_from(CODES), unique=True))
un_evenement = st.tuples(
    st.integers(0, 5), st.sampled_from(["PASSAGE_CAL", "PROPOSITION"]), st.sampled_from(["B1", "B2", None])
)
une_residence = st.tuples(st.sampled_from(CODES), st.sampled_from(["B1", "B2"]))
lignes = st.fixed_dictionaries(
    {
        "attributions": st.lists(une_attribution, max_size=6),
        "demandes": st.lists(une_demande, max_size=6),
        "evenements": st.lists(un_evenement, max_size=6),
        "residences": st.lists(une_residence, max_size=5),
    }
)
portees = st.sampled_from(
    [
        Portee.ici("ICI 2"),
        Portee.commune(LILLE),
        Portee.commune(ROUBAIX),
        Portee.bailleur("B1"),
        Portee.reservataire("COLTER"),
        Portee.aucune(),
    ]
)


def draw(tirage, codes=CODES):
    """Rows as drawn, each under an identifier of its own, so that dropping one does not rename the others."""
    return {
        "attributions": [
            (c, b, r, attribution(i, code_insee=c, code_bailleur=b, reservataire=r))
            for i, (c, b, r) in enumerate(tirage["attributions"])
        ],
        "demandes": [
            (
                actuel,
                souhaits,
                f"p{i}",
                demande_active(
                    f"p{i}", date(2016, 1, 1), code_insee_actuel=actuel, communes_souhaitees=souhaits or None
                ),
            )
            for i, (actuel, souhaits) in enumerate(tirage["demandes"])
        ],
        "evenements": [
            (
                f"p{p}",
                type_,
                b,
                {
                    "id_evenement": f"E{i}",
                    "numero_unique": f"p{p}",
                    "type": type_,
                    "date_survenance": date(2017, 1, 1),
                    "code_bailleur": b,
                },
            )
            for i, (p, type_, b) in enumerate(tirage["evenements"])
        ],
        "residences": [
            (c, b, {"code_residence": f"R{i}", "code_bailleur": b, "code_quartier": f"{c}0101", "n_logements": 10})
            for i, (c, b) in enumerate(tirage["residences"])
        ],
        "quartiers": [{"code_quartier": f"{c}0101", "nom": "Q", "code_insee": c} for c in codes],
    }


def ici(code):
    return communes()[code].ici if code in communes() else None


def visible(portee, dessin):
    """The rows that the scope may see, in plain Python from security.md's table."""
    code, nature = portee.code, portee.type

    def jamais(*_):
        return False

    garde_a, garde_r, garde_d = {
        TypePortee.AUCUNE: (jamais, jamais, jamais),
        TypePortee.ICI: (
            lambda c, b, r: ici(c) == code,
            lambda c, b: ici(c) == code,
            lambda actuel, souhaits: ici(actuel) == code or any(ici(s) == code for s in souhaits),
        ),
        TypePortee.COMMUNE: (
            lambda c, b, r: c == code,
            lambda c, b: c == code,
            lambda actuel, souhaits: actuel == code or code in souhaits,
        ),
        TypePortee.BAILLEUR: (lambda c, b, r: b == code, lambda c, b: b == code, jamais),
        TypePortee.RESERVATAIRE: (lambda c, b, r: r == code, jamais, jamais),
    }[nature]
    demandes = [x for x in dessin["demandes"] if garde_d(x[0], x[1])]
    vus = {x[2] for x in demandes}
    if nature is TypePortee.BAILLEUR:
        evenements = [x for x in dessin["evenements"] if x[1] == "PASSAGE_CAL" and x[2] == code]
    else:
        evenements = [x for x in dessin["evenements"] if x[0] in vus]
    return {
        "attributions": [x for x in dessin["attributions"] if garde_a(*x[:3])],
        "residences": [x for x in dessin["residences"] if garde_r(*x[:2])],
        "demandes": demandes,
        "evenements": evenements,
        "quartiers": dessin["quartiers"],
    }


def publish(entrepot, dessin):
    tables = {
        nom: table(nom, *(x if isinstance(x, dict) else x[-1] for x in rangees))
        for nom, rangees in dessin.items()
        if rangees
    }
    return entrepot.publish(chargement(bailleurs=bailleurs("B1", "B2"), **tables))


def reponses(entrepot, portee):
    with entrepot.open(portee) as lecteur:
        return {nom: lecteur.query(question).to_dict("list") for nom, question in QUESTIONS.items()}


@examples(6)
@given(tirage=lignes, portee=portees)
def test_two_stores_equal_on_the_rows_of_a_scope_answer_alike(tmp_path_factory, tirage, portee):
    tout, seul = (Entrepot(tmp_path_factory.mktemp("entrepot")) for _ in range(2))
    dessin = draw(tirage)
    publish(tout, dessin)
    publish(seul, visible(portee, dessin))
    vues = reponses(tout, portee)
    assert vues == reponses(seul, portee)
    attendues = visible(portee, dessin)
    assert vues["attributions"]["id_attribution"] == sorted(x[-1]["id_attribution"] for x in attendues["attributions"])
    assert vues["demandes"]["pseudonyme"] == sorted(x[2] for x in attendues["demandes"])
    assert vues["suivi"]["pseudonyme"] == vues["demandes"]["pseudonyme"]
    assert vues["evenements"]["id_evenement"] == sorted(x[-1]["id_evenement"] for x in attendues["evenements"])
    assert vues["residences"]["residence"] == sorted(x[-1]["code_residence"] for x in attendues["residences"])


def test_every_scope_defines_the_same_views(tmp_path):
    entrepot = Entrepot(tmp_path)
    publie, _ = entrepot.publish(chargement(bailleurs=bailleurs("B1")))
    vues = set()
    for type_ in TypePortee:
        sans_code = type_ in {TypePortee.MEL, TypePortee.AUCUNE}
        base = open_base(chemin(tmp_path, publie.identifiant), Portee(type_, "" if sans_code else "x"))
        sql = "select view_name from duckdb_views() where not internal and database_name = 'memory' order by all"
        vues.add(tuple(base.execute(sql).fetchall()))
    assert len(vues) == 1
    assert {"attributions_qualifiees", "demandes", "evenements", "residences_situees"} <= {v for (v,) in vues.pop()}


@pytest.mark.parametrize(
    "sql",
    [
        "select * from '/etc/passwd'",
        "copy (select 1) to '/tmp/fuite.csv'",
        "set enable_external_access = true",
        "attach 'ailleurs.duckdb'",
        "create or replace view demandes as select 1 as pseudonyme; from variable_locale",
    ],
)
def test_a_reader_reaches_neither_files_nor_settings_nor_python_variables(tmp_path, sql):
    variable_locale = 1  # noqa: F841  what a replacement scan would find
    entrepot = Entrepot(tmp_path)
    entrepot.publish(chargement(bailleurs=bailleurs("B1")))
    with entrepot.open(Portee.aucune()) as lecteur, pytest.raises(duckdb.Error):
        lecteur.query(sql)


@pytest.mark.parametrize(("type_", "code"), [(TypePortee.COMMUNE, ""), (TypePortee.MEL, "59350")])
def test_a_scope_without_its_code_does_not_exist(type_, code):
    with pytest.raises(ValueError, match="scope"):
        Portee(type_, code)


def tirage_de(alea):
    """Enough rows for every scope to have some of its own, drawn among many communes and bailleurs."""
    codes, loueurs = sorted(communes())[:40], [f"B{i}" for i in range(8)]
    loueur, code = (lambda: alea.choice(loueurs)), (lambda: alea.choice(codes))
    types = ["PASSAGE_CAL", "PROPOSITION"]
    tirage = {
        "attributions": [(code(), loueur(), alea.choice(RESERVATAIRES)) for _ in range(120)],
        "demandes": [
            (alea.choice([code(), None, "hors_mel"]), alea.sample(codes, alea.randrange(4))) for _ in range(80)
        ],
        "evenements": [(alea.randrange(90), alea.choice(types), alea.choice([loueur(), None])) for _ in range(120)],
        "residences": [(code(), loueur()) for _ in range(60)],
    }
    return draw(tirage, codes)


def portee_au_hasard(alea):
    return alea.choice(
        [
            Portee.aucune(),
            Portee.ici(alea.choice(["ICI 1", "ICI 2", "ICI 3", "ICI 9"])),
            *(Portee.commune(alea.choice([*sorted(communes()), "99999", "' or 1=1 --"])) for _ in range(4)),
            *(Portee.bailleur(alea.choice([*(f"B{i}" for i in range(10)), "%", "B_"])) for _ in range(3)),
            Portee.reservataire(alea.choice([*RESERVATAIRES, "*"])),
        ]
    )


@pytest.mark.parametrize(("tours", "essais"), [(2, 25), pytest.param(10, 50, marks=pytest.mark.long)])
def test_no_foreign_row_is_seen_over_random_scopes(tmp_path, tours, essais):
    graine = random.SystemRandom().randrange(10**6)
    alea = random.Random(graine)
    n_vues = n_etrangeres = 0
    for tour in range(tours):
        entrepot, dessin = Entrepot(tmp_path / str(tour)), tirage_de(alea)
        tables = {
            nom: table(nom, *(x if isinstance(x, dict) else x[-1] for x in rangees)) for nom, rangees in dessin.items()
        }
        entrepot.publish(chargement(bailleurs=bailleurs(*(f"B{i}" for i in range(8))), **tables))
        for _ in range(essais):
            portee = portee_au_hasard(alea)
            attendues, vues = visible(portee, dessin), reponses(entrepot, portee)
            for nom, cle, colonne in (
                ("attributions", "id_attribution", "id_attribution"),
                ("demandes", "numero_unique", "pseudonyme"),
                ("evenements", "id_evenement", "id_evenement"),
                ("residences", "code_residence", "residence"),
            ):
                siennes = sorted(x[-1][cle] for x in attendues[nom])
                n_etrangeres += len(set(vues[nom][colonne]) - set(siennes))
                n_vues += len(siennes)
                assert vues[nom][colonne] == siennes, (graine, portee, nom)
    assert n_vues > 2 * tours * essais  # scopes that would all be empty would show nothing
    assert n_etrangeres == 0

"""The outcomes of a cohort on screen: what one table hides, no other gives back."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mel_core.engagements.cohorte import POSTES, SORTIES, TITRES, Issue, bilan
from mel_core.secret.regroupement import SEUIL
from pages.commun.orientations import tableaux_engagements as t

effectifs = st.lists(st.sampled_from([0, 1, 2, 10, 11, 12, 40, 200]), min_size=len(TITRES), max_size=len(TITRES))


def comptes(**n: int) -> pd.DataFrame:
    return pd.DataFrame({"issue": [str(i) for i in TITRES], "n": [n.get(str(i), 0) for i in TITRES]})


def lu(texte: str) -> int | None:
    chiffres = re.sub(r"\s", "", texte).lstrip("+−")
    return int(chiffres) if chiffres.isdigit() else None


@settings(max_examples=25, deadline=None)
@given(effectifs)
def test_the_headline_says_no_more_than_the_line_of_the_same_outcome(n):
    table = comptes(**dict(zip(map(str, TITRES), n, strict=True)))
    for ici in ("", "ICI 1"):
        lignes = {titre: texte for titre, texte, _ in t.issues(table, ici)}
        for issue, combien in zip(TITRES, n, strict=True):
            dit = t.compte(table, issue)
            if lu(dit):
                assert lignes[t.titre(issue, ici)] == dit
            if 0 < combien < SEUIL:
                assert lu(dit) is None


def test_946_housed_and_2_struck_off_for_an_attribution_are_never_948():
    table = comptes(reloge=946, reloge_sans_bail=2, refus=160, en_attente=5000)
    textes = [texte for _, texte, _ in t.issues(table, "")]
    assert textes == ["946", "5\u202f000", "162"]
    assert t.compte(table, Issue.RELOGE) == "946"
    n = {"liste_avant": 6108, "reloges": 948, "hors_regle": 300, "entres_dans_la_regle": 100, "liste_apres": 4960}
    postes = pd.DataFrame([(p, -1, n.get(p, 0)) for p in POSTES], columns=["poste", "sens", "n"])
    assert "948" not in " ".join(texte for _, texte, _ in t.mouvement(postes, table))


@settings(max_examples=25, deadline=None)
@given(effectifs, st.lists(st.sampled_from([0, 1, 10, 11, 50]), min_size=6, max_size=6))
def test_no_item_of_the_movement_is_the_only_one_hidden(n, milieu):
    table = comptes(**dict(zip(map(str, TITRES), n, strict=True)))
    noms = [*SORTIES, "entres_dans_la_regle", "demandes_nouvelles"]
    lignes = [
        ("liste_avant", 1, 500),
        *((p, -1, k) for p, k in zip(noms, milieu, strict=True)),
        ("liste_apres", 1, 500),
    ]
    textes = [texte for _, texte, _ in t.mouvement(pd.DataFrame(lignes, columns=["poste", "sens", "n"]), table)][1:-1]
    caches = sum(lu(texte) is None for texte in textes)
    assert caches != 1 or len(textes) == 1


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABCDE"), st.sampled_from(list(TITRES)), st.sampled_from([1, 5, 11, 30])), min_size=1
    )
)
def test_by_place_every_outcome_is_there_and_no_cell_under_the_threshold_is_read(tirage):
    suivie = pd.DataFrame(
        [{"commune_residence": c, "issue": str(i)} for c, i, n in tirage for _ in range(n)], dtype="object"
    )
    table = t.par_lieu(suivie, "commune_residence", {}, {}, "")
    nombres = table.drop(columns="Lieu").map(lu)
    assert not ((nombres > 0) & (nombres < SEUIL)).any(axis=None)
    # a column whole and shown adds up to the outcome as a whole, which shows it too
    for issue, n in zip(TITRES, bilan(suivie)["n"], strict=True):
        titre = t.titre(issue, "").split(" (")[0].split(",")[0]
        if titre in table and n and table["Lieu"].isin(list("ABCDE")).all() and nombres[titre].notna().all():
            assert nombres[titre].sum() <= n


@pytest.mark.parametrize("cle", ["commune_residence", "commune_bail"])
def test_every_outcome_has_its_column_and_a_bail_only_those_housed(cle):
    suivie = pd.DataFrame(
        {
            "commune_residence": ["A"] * 60,
            "commune_bail": ["B"] * 20 + [None] * 40,
            "issue": ["reloge"] * 20 + ["radie"] * 20 + ["en_attente"] * 20,
        }
    )
    table = t.par_lieu(suivie, cle, {"A": "Lille", "B": "Roubaix"}, {}, "ICI 1")
    attendu = {
        "commune_residence": {
            "Lieu": "Lille",
            "Relogés dans l’ICI 1": "20",
            "Attendent toujours": "20",
            "Radiés sans bail": "20",
        },
        "commune_bail": {"Lieu": "Roubaix", "Relogés dans l’ICI 1": "20"},
    }
    assert table.to_dict("records") == [attendu[cle]]


def suivie(*menages: tuple[str, Issue, int]) -> pd.DataFrame:
    """Households by commune of their bail (empty without one) and outcome."""
    lignes = [{"commune_bail": lieu or None, "issue": str(issue)} for lieu, issue, n in menages for _ in range(n)]
    return pd.DataFrame(lignes, columns=["commune_bail", "issue"])


NOMS = {"A": "Aubers", "B": "Bondues", "C": "Croix"}


def test_each_place_is_judged_on_what_it_was_asked():
    # 40 housed in Aubers of 40 asked, 20 in Bondues of 30, none in Croix of 5; 10 asked of nobody in particular.
    vue = suivie(("A", Issue.RELOGE, 40), ("B", Issue.RELOGE, 20), ("", Issue.EN_ATTENTE, 100))
    promis = {"A": 40, "B": 30, "C": 5}
    table = t.par_lieu(vue, "commune_bail", NOMS, {}, "", promis, est_echu=True).set_index("Lieu")
    assert table["Annoncés"].to_dict() == {"Aubers": "40", "Bondues": "30", "Croix": "5"}
    assert table["Relogés"].to_dict() == {"Aubers": "40", "Bondues": "20", "Croix": "0"}
    assert table["Constat"].to_dict() == {"Aubers": "tenu", "Bondues": "non tenu", "Croix": "non tenu"}
    assert t.compter_constats(table) == (1, 3)
    avant = t.par_lieu(vue, "commune_bail", NOMS, {}, "", promis, est_echu=False).set_index("Lieu")
    assert avant["Constat"].to_dict() == {"Aubers": "tenu", "Bondues": "en cours", "Croix": "en cours"}


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.sampled_from("ABCDEF"), st.sampled_from([0, 1, 5, 10, 11, 12, 40]), min_size=1),
    st.dictionaries(st.sampled_from("ABCDEF"), st.integers(1, 15), min_size=1),
    st.sampled_from([0, 1, 9, 40]),
)
def test_a_verdict_never_tells_on_which_side_a_hidden_count_is(loges, promis, n_propose):
    vue = suivie(*((lieu, Issue.RELOGE, n) for lieu, n in loges.items()), ("", Issue.PROPOSE, n_propose))
    table = t.par_lieu(vue, "commune_bail", {}, dict.fromkeys("ABC", "Nord"), "", promis)
    for _, ligne in table.iterrows():
        dit = next((lu(ligne[c]) for c in ("Relogés", "Regroupés") if c in table.columns), None)
        if ligne["Constat"] in ("tenu", "non tenu"):
            assert dit is not None
            assert (dit >= lu(ligne["Annoncés"])) == (ligne["Constat"] == "tenu")
    # what is announced is never more than what was asked, and all of it while no place is left out
    annonces = sum(lu(x) for x in table["Annoncés"])
    assert annonces <= sum(promis.values())
    if all(n == 0 or n >= SEUIL for n in loges.values()):
        assert annonces == sum(promis.values())

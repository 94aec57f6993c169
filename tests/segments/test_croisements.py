"""Overlaps, the union counted once, the SNE's flags and what was recorded: against sets drawn in plain Python."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot, Portee
from mel_core.segments import (
    SEGMENTS,
    Condition,
    Criteres,
    SegmentLibre,
    completude,
    count,
    count_par,
    drapeaux,
    find_all,
    recouvrements,
    titre_de,
)
from mel_core.segments.calcul_segments import COMPTES_DU_DRAPEAU
from mel_core.socle.erreurs import AppelIncorrect
from tests.exemples import examples
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, demande_active, table
from tests.segments.conftest import JOUR

CRITERES = Criteres(JOUR)
A_LILLE = SegmentLibre((Condition("commune_souhaitee", "parmi", (LILLE,)),))


def membres(lecteur, quoi, filtre=None):
    return set(find_all(lecteur, quoi, CRITERES, filtre=filtre)["pseudonyme"])


@examples(10)
@given(noms=st.lists(st.sampled_from(sorted(SEGMENTS)), unique=True))
def test_overlaps_are_intersections_and_the_union_counts_once(jeu, noms):
    lecteur = jeu[0]
    ensembles = {nom: membres(lecteur, nom) for nom in noms}
    trouves = recouvrements(lecteur, CRITERES, noms)
    assert trouves.n_actives == count(lecteur, SegmentLibre(), CRITERES)
    assert trouves.union == len(set().union(*ensembles.values()))
    for a in noms:
        autres = set().union(*(ensembles[b] for b in noms if b != a))
        assert trouves.seuls[a] == len(ensembles[a] - autres)
        for b in noms:
            assert trouves.matrice.loc[a, b] == len(ensembles[a] & ensembles[b])


def test_a_free_segment_is_crossed_under_the_name_it_is_given(jeu):
    lecteur = jeu[0]
    trouves = recouvrements(lecteur, CRITERES, {"À Lille": A_LILLE, "Poulidor": "poulidor"})
    assert trouves.matrice.loc["À Lille", "Poulidor"] == len(membres(lecteur, "poulidor", A_LILLE)) > 0


@pytest.mark.parametrize("mois", [6, 24, 48])
def test_a_segment_moved_to_another_step_is_crossed_at_that_step_and_the_others_at_theirs(jeu, mois):
    lecteur = jeu[0]
    trouves = recouvrements(lecteur, CRITERES, mois={"attente_24": mois})
    au_pas = set(find_all(lecteur, "attente_24", Criteres(JOUR, mois))["pseudonyme"])
    assert trouves.matrice.loc["attente_24", "attente_24"] == len(au_pas)
    for nom in set(SEGMENTS) - {"attente_24"}:
        assert trouves.matrice.loc[nom, nom] == len(membres(lecteur, nom))
        assert trouves.matrice.loc["attente_24", nom] == len(au_pas & membres(lecteur, nom))


def test_two_segments_that_differ_by_a_step_never_share_a_title():
    pas = [("attente_24", m, 2, 24) for m in (12, 24, 36, 48)] + [
        (nom, None, n, f) for nom in ("poulidor", "non_attributions_repetees") for n in (2, 3) for f in (0, 12, 24)
    ]
    titres = [titre_de(*p) for p in pas]
    assert len(set(titres)) == len(titres)
    assert titre_de("attente_24", 48) == snapshot("Plus de 48 mois sans proposition enregistrée")
    assert titre_de("poulidor", None, 3, 24) == snapshot("Ménages Poulidor (au moins 3 fois, en 24 mois)")


@pytest.mark.parametrize(("mois", "vides"), [(24, 1), (48, 2)])
def test_only_what_is_flagged_with_nothing_recorded_is_under_recording(jeu, mois, vides):
    lecteur, demandes, evenements = jeu
    portent = {d["numero_unique"] for d in demandes if d["delai_anormalement_long"]} & membres(lecteur, SegmentLibre())
    proposes = {
        e["numero_unique"]
        for e in evenements
        if e["type"] in ("PROPOSITION", "PASSAGE_CAL") and e["date_survenance"] <= JOUR
    }
    criteres = Criteres(JOUR, mois)
    attente = set(find_all(lecteur, "attente_24", criteres)["pseudonyme"])
    ligne = drapeaux(lecteur, criteres).set_index("drapeau").loc["delai_anormalement_long"]
    assert [ligne[c] for c in COMPTES_DU_DRAPEAU] == [
        len(portent & attente),
        len((portent - attente) & proposes),
        len(portent - attente - proposes),
        len(attente - portent),
    ]
    # With nothing recorded, all have waited for 24 months; nobody for 48.
    assert sum(ligne[c] == 0 for c in COMPTES_DU_DRAPEAU) == vides


def test_a_missing_flag_has_no_line_and_no_zero(tmp_path):
    demandes = table(
        "demandes",
        demande_active("p", date(2010, 1, 1)),
    )
    charge = chargement(demandes=demandes)
    charge.colonnes_presentes["demandes"] = frozenset(demandes.column_names) - {
        "multiples_attributions_sous_conditions"
    }
    entrepot = Entrepot(tmp_path)
    entrepot.publish(charge)
    with entrepot.open(Portee.mel()) as lecteur:
        (ligne,) = drapeaux(lecteur, CRITERES).to_dict("records")
    assert (ligne["drapeau"], ligne["n_sans_drapeau"], ligne["n_les_deux"]) == ("delai_anormalement_long", 1, 0)


def test_completeness_says_which_bailleur_recorded_what(tmp_path):
    # B1: two leases, one household with a passage. B2: one lease, nothing. B3: no lease, one visit. B4: nothing at all.
    # Out of the 12 months after 2016-12-31: the lease of p5, signed on 2016-12-31. p6 was proposed after the reference.
    jeu = chargement(
        bailleurs=bailleurs("B1", "B2", "B3", "B4"),
        attributions=table(
            "attributions",
            attribution(1),
            attribution(2, date_bail=date(2017, 1, 1)),
            attribution(5, date_bail=date(2016, 12, 31)),
            attribution(6, code_bailleur="B2"),
        ),
        evenements=table(
            "evenements",
            *(
                {"id_evenement": f"E{i}", "numero_unique": qui, "type": t, "date_survenance": le, "code_bailleur": b}
                for i, (qui, t, le, b) in enumerate(
                    [
                        ("p1", "PASSAGE_CAL", date(2015, 5, 1), "B1"),
                        ("p1", "PROPOSITION", date(2017, 5, 1), "B1"),
                        ("p2", "VISITE", date(2017, 5, 1), "B1"),
                        ("p5", "PROPOSITION", date(2017, 5, 1), "B1"),
                        ("p6", "PROPOSITION", date(2018, 1, 1), "B2"),
                        ("p9", "VISITE", date(2017, 12, 31), "B3"),
                    ]
                )
            ),
        ),
    )
    entrepot = Entrepot(tmp_path)
    entrepot.publish(jeu)
    with entrepot.open(Portee.mel()) as lecteur:
        lues = completude(lecteur, JOUR)
    assert lues[["bailleur", "nom", "n", "n_avec_evenement", "n_evenements"]].values.tolist() == [
        ["B1", "Bailleur B1", 2, 1, 3],
        ["B2", "Bailleur B2", 1, 0, 0],
        ["B3", "Bailleur B3", 0, 0, 1],
        ["B4", "Bailleur B4", 0, 0, 0],
    ]
    assert [p if p == p else None for p in lues["part"]] == [0.5, 0.0, None, None]
    assert lues["est_sans_evenement"].tolist() == [False, True, False, True]


def test_a_key_that_does_not_exist_is_refused(jeu):
    with pytest.raises(AppelIncorrect, match="existe pas"):
        count_par(jeu[0], "poulidor", CRITERES, "quartier")


def test_the_ici_is_that_of_the_communes_wanted(tmp_path):
    demande = {"date_creation": date(2015, 1, 1), "etat": "ACTIVE", "n_personnes": 1}
    jeu = chargement(
        demandes=table(
            "demandes",
            demande | {"numero_unique": "deux", "communes_souhaitees": [LILLE, ROUBAIX], "code_insee_actuel": LILLE},
            demande | {"numero_unique": "une", "communes_souhaitees": [ROUBAIX]},
            demande | {"numero_unique": "ailleurs", "communes_souhaitees": ["hors_mel"]},
            demande | {"numero_unique": "aucune"},
        )
    )
    entrepot = Entrepot(tmp_path)
    entrepot.publish(jeu)
    with entrepot.open(Portee.mel()) as lecteur:
        # Lille and Roubaix are in two ICI: « deux » counts in both
        icis = dict(count_par(lecteur, SegmentLibre(), CRITERES, "ici").itertuples(index=False, name=None))
        residence = dict(
            count_par(lecteur, SegmentLibre(), CRITERES, "ici_residence").itertuples(index=False, name=None)
        )
    assert sorted(icis.values()) == [1, 1, 1, 2]
    assert icis["hors_mel"] == icis["inconnu"] == 1
    assert residence["inconnu"] == 3

"""A free segment: any conjunction gives what a plain Python filter gives; what it quotes never becomes a command."""

from __future__ import annotations

import contextlib
import json
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.contrat.tables import MOTIFS_DEMANDE, STATUTS_LOGEMENT, TYPOLOGIES
from mel_core.entrepot import Entrepot, Portee
from mel_core.segments import (
    CHAMPS,
    SEGMENTS,
    Condition,
    Criteres,
    SegmentLibre,
    count,
    count_par,
    find_all,
    order,
    order_poulidors,
)
from mel_core.segments.calcul_segments import TRIS
from mel_core.socle.erreurs import AppelIncorrect
from tests.exemples import examples
from tests.jeux import LILLE, ROUBAIX, chargement, demande_active, serve, table
from tests.segments.conftest import JOUR, SEUIL_UC
from tests.segments.test_contre_oracle import attendu, est_active, step_back

CRITERES = Criteres(JOUR)
# PLUS ceilings of 2017 by number of persons: category 1, category 2, category 6 and one person more
PLUS_2017 = {1: 20123, 2: 26872, 7: 51723 + 5769}
CODES = {
    "ressources": ("tres_modeste", "modeste", "intermediaire", "eleve"),
    "typologie": ("T1", "T2", "T4"),
    "commune_souhaitee": (LILLE, ROUBAIX, "hors_mel"),
    "commune_residence": (LILLE, ROUBAIX, "hors_mel"),
    "statut_logement": ("HLM", "LP", "SD"),
    "motif": ("01", "09"),
    "label": ("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru"),
    "bailleur": ("B1", "B2", "'; drop view suivi; --"),
}


def classe(d):
    """Contract §3 in whole numbers: r is compared with 1/5, 2/5 and 3/5 of the ceiling."""
    r, plafond = d["revenu_fiscal"], PLUS_2017[d["n_personnes"]]
    if r is None or r <= 0:
        return None
    centimes = round(r * 100)
    bornes = [20 * plafond, 40 * plafond, 60 * plafond]
    return ("tres_modeste", "modeste", "intermediaire", "eleve")[sum(centimes >= b for b in bornes)]


def valeur_de(champ, d, evenements):
    """The value of a field for a demande, None when unknown; read from the rows, without a word of SQL."""
    siens = [e for e in evenements if e["numero_unique"] == d["numero_unique"] and e["date_survenance"] <= JOUR]
    passages = [e for e in siens if e["type"] == "PASSAGE_CAL"]
    rangs = [e["rang"] for e in passages if e["decision"] == "ATTRIBUE" and e["rang"]]
    quartile = None
    if d["ressources_mensuelles"] is not None and d["n_uc"]:
        quartile = round(d["ressources_mensuelles"] * 100) * 12 <= SEUIL_UC * 100 * d["n_uc"]
    return {
        "anciennete_mois": max(n for n in range(60) if d["date_creation"] <= step_back(JOUR, n)),
        "n_passages_cal": len(passages),
        "meilleur_rang": min(rangs, default=None),
        "ressources": classe(d),
        "premier_quartile": quartile,
        "typologie": d["typologies"],
        "commune_souhaitee": d["communes_souhaitees"],
        "commune_residence": d["code_insee_actuel"],
        "bailleur": d["code_bailleur_actuel"],
        "label": [label for label in CODES["label"] if d[label]],
        "mutation": None if d["statut_logement"] is None else d["statut_logement"] == "HLM",
    }.get(champ, d.get(champ))


def tient(condition, d, evenements):
    if condition.champ == "segment":
        return d["numero_unique"] in attendu(condition.valeur, [d], evenements, JOUR, None, 2, 24)
    valeur = valeur_de(condition.champ, d, evenements)
    if valeur is None or valeur == []:
        return False
    codes = valeur if isinstance(valeur, list) else [valeur]
    return {
        "au_moins": lambda: valeur >= condition.valeur,
        "au_plus": lambda: valeur <= condition.valeur,
        "parmi": lambda: any(c in condition.valeur for c in codes),
        "hors": lambda: not any(c in condition.valeur for c in codes),
        "est": lambda: valeur == condition.valeur,
    }[condition.operateur]()


@st.composite
def conditions(draw):
    champ = CHAMPS[draw(st.sampled_from(sorted(CHAMPS)))]
    operateur = draw(st.sampled_from(champ.operateurs))
    if champ.nom == "segment":
        valeur = draw(st.sampled_from(sorted(SEGMENTS)))
    elif champ.nom in CODES:
        valeur = tuple(draw(st.lists(st.sampled_from(CODES[champ.nom]), min_size=1, unique=True)))
    elif operateur == "est":
        valeur = draw(st.booleans())
    else:
        valeur = draw(st.sampled_from([0, 1, 2, 3, 12, 23, 24, 25, 36, 65]))
    return Condition(champ.nom, operateur, valeur)


segments_libres = st.lists(conditions(), max_size=3).map(lambda c: SegmentLibre(tuple(c)))


@examples(50)
@given(segment=segments_libres)
def test_any_conjunction_gives_what_a_plain_filter_gives(jeu, segment):
    lecteur, demandes, evenements = jeu
    voulus = {
        d["numero_unique"]
        for d in demandes
        if est_active(d, JOUR) and all(tient(c, d, evenements) for c in segment.conditions)
    }
    liste = find_all(lecteur, segment, CRITERES)
    assert set(liste["pseudonyme"]) == voulus
    assert count(lecteur, segment, CRITERES) == len(voulus)
    assert count_par(lecteur, segment, CRITERES, "bailleur")["n"].sum() == len(voulus)
    assert liste["motif"].map(bool).all()


@examples(20)
@given(segment=segments_libres, filtre=segments_libres)
def test_a_filter_is_a_conjunction(jeu, segment, filtre):
    lecteur = jeu[0]
    les_deux = SegmentLibre((*segment.conditions, *filtre.conditions))
    assert count(lecteur, segment, CRITERES, filtre) == count(lecteur, les_deux, CRITERES)


def test_every_field_is_drawn_and_sometimes_holds(jeu):
    """The property above would prove nothing of a field that never answers."""
    _, demandes, evenements = jeu
    for nom, champ in CHAMPS.items():
        if nom != "segment":
            valeurs = {str(valeur_de(nom, d, evenements)) for d in demandes if est_active(d, JOUR)}
            assert len(valeurs) >= 3 - (champ.nom in ("mutation",)), nom


@settings(max_examples=100, deadline=None)
@given(segment=segments_libres)
def test_a_segment_survives_the_link_and_the_journal(segment):
    assert SegmentLibre.read(segment.texte()) == segment
    assert SegmentLibre.depuis(json.loads(json.dumps(segment.contenu()))) == segment


@settings(max_examples=200, deadline=None)
@given(texte=st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_a_link_that_was_tampered_with_is_read_or_refused_never_a_crash(texte):
    with contextlib.suppress(AppelIncorrect):
        assert isinstance(SegmentLibre.read(texte), SegmentLibre)


@pytest.mark.parametrize("champ", ["commune_souhaitee", "commune_residence"])
@pytest.mark.parametrize("operateur", ["parmi", "hors"])
def test_hellemmes_and_lomme_read_as_lille_in_a_condition_as_in_the_files(jeu, champ, operateur):
    lecteur = jeu[0]
    lille = Condition(champ, operateur, (LILLE,))
    for codes in (("59298",), ("59355",), ("59355", LILLE, "59298")):
        assert Condition(champ, operateur, codes) == lille  # said once
    assert Condition(champ, operateur, (ROUBAIX, "59298")).valeur == (ROUBAIX, LILLE)
    lue = SegmentLibre.read(json.dumps([[champ, operateur, ["59298"]]]))
    assert count(lecteur, lue, CRITERES) == count(lecteur, SegmentLibre((lille,)), CRITERES) > 0


HOSTILES = ["'", "' or 1=1 --", "$jour", "$valeur_11", "/* tri */", "x'; drop table demandes; --", "é\u202e\x00"]


@pytest.mark.parametrize("texte", HOSTILES)
def test_a_hostile_bailleur_matches_nothing_and_breaks_nothing(jeu, texte):
    lecteur = jeu[0]
    avant = count(lecteur, SegmentLibre(), CRITERES)
    assert count(lecteur, SegmentLibre((Condition("bailleur", "parmi", (texte,)),)), CRITERES) == 0
    assert count(lecteur, SegmentLibre(), CRITERES) == avant


@pytest.mark.parametrize("texte", HOSTILES)
def test_a_hostile_field_operator_or_closed_code_is_refused(texte):
    for champ, operateur, valeur in (
        (texte, "est", True),
        ("age", texte, 3),
        ("age", "au_moins", texte),
        ("typologie", "parmi", (texte,)),
        ("commune_souhaitee", "parmi", (texte,)),
        ("commune_residence", "parmi", ([texte],)),
        ("segment", "est", texte),
        ("aci", "est", texte),
    ):
        with pytest.raises(AppelIncorrect):
            Condition(champ, operateur, valeur)


@pytest.mark.parametrize(
    ("conditions", "phrase"),
    [
        ((), "toutes les demandes actives"),
        (
            (
                Condition("anciennete_mois", "au_moins", 24),
                Condition("typologie", "parmi", ("T4", "T5")),
                Condition("commune_souhaitee", "parmi", (ROUBAIX,)),
            ),
            "24\u00a0mois ou plus, T4 ou T5, souhaite Roubaix",
        ),
        (
            (Condition("n_passages_cal", "au_moins", 1), Condition("age", "au_plus", 30)),
            "1\u00a0passage en commission ou plus, 30\u00a0ans ou moins",
        ),
        (
            (Condition("mutation", "est", False), Condition("dalo", "est", False), Condition("aci", "est", True)),
            "premier accès, sans label DALO, label ACI",
        ),
        (
            (Condition("statut_logement", "hors", ("HLM", "LP")), Condition("ressources", "parmi", ("modeste",))),
            "statut hors locataire HLM et locataire privé, ressources : modeste",
        ),
        ((Condition("segment", "est", "poulidor"),), "ménages Poulidor"),
    ],
)
def test_a_segment_reads_in_french(conditions, phrase):
    assert SegmentLibre(conditions).phrase() == phrase


def test_the_names_of_bailleurs_are_those_given():
    segment = SegmentLibre((Condition("bailleur", "parmi", ("B1",)),))
    assert segment.phrase({"B1": "Bailleur Un"}) == snapshot("logé par Bailleur Un")


def test_every_code_of_the_contract_has_words():
    for nom, codes in (("statut_logement", STATUTS_LOGEMENT), ("motif", MOTIFS_DEMANDE), ("typologie", TYPOLOGIES)):
        assert set(CHAMPS[nom].libelles or ()) == set(codes)


def test_a_line_says_what_answers_each_condition(tmp_path):
    demande = demande_active(
        "p",
        date(2015, 9, 1),
        n_personnes=5,
        age=41,
        motif="13",
        typologies=["T3", "T5"],
        communes_souhaitees=[ROUBAIX, LILLE],
    )
    segment = SegmentLibre(
        (
            Condition("anciennete_mois", "au_moins", 24),
            Condition("typologie", "parmi", ("T4", "T5")),
            Condition("commune_souhaitee", "parmi", (ROUBAIX,)),
            Condition("n_personnes", "au_moins", 4),
            Condition("age", "au_plus", 50),
            Condition("motif", "parmi", ("13",)),
        )
    )
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(demandes=table("demandes", demande)))
    with entrepot.open(Portee.mel()) as lecteur:
        assert find_all(lecteur, segment, CRITERES)["motif"].tolist() == snapshot(
            ["27\u00a0mois, T5, souhaite Roubaix, 5\u00a0personnes, 41\u00a0ans, motif : logement trop petit"]
        )


def cle_de_tri(liste, tri):
    colonne = {"commune_residence": "code_insee_actuel", "bailleur": "code_bailleur_actuel"}.get(tri, tri)
    valeurs = liste[colonne]
    if tri == "ressources":
        rangs = {"tres_modeste": 1, "modeste": 2, "intermediaire": 3, "eleve": 4}
        valeurs = valeurs.map(rangs)
    elif tri == "labels":
        valeurs = valeurs.replace("", None)
    return [None if pd.isna(v) else v for v in valeurs.astype(object)]


@pytest.mark.parametrize("sens", ["croissant", "decroissant"])
@pytest.mark.parametrize("tri", sorted(TRIS))
def test_the_pages_put_end_to_end_are_the_list_in_order(jeu, tri, sens):
    lecteur = jeu[0]
    segment = SegmentLibre((Condition("anciennete_mois", "au_moins", 1),))
    entiere = find_all(lecteur, segment, CRITERES, tri=tri, sens=sens)
    n = count(lecteur, segment, CRITERES)
    lignes = order(lecteur, segment, CRITERES, tri=tri, sens=sens)
    assert len(lignes) == n
    pages = [find_all(lecteur, segment, CRITERES, lignes=lignes[debut : debut + 17]) for debut in range(0, n, 17)]
    assert [p for page in pages for p in page["pseudonyme"]] == entiere["pseudonyme"].tolist()
    assert [m for page in pages for m in page["motif"]] == entiere["motif"].tolist()
    assert find_all(lecteur, segment, CRITERES, lignes=lignes[n:]).empty
    assert set(entiere["pseudonyme"]) == set(find_all(lecteur, segment, CRITERES)["pseudonyme"])
    cles = [c for c in cle_de_tri(entiere, tri) if c is not None]
    assert cles == sorted(cles, reverse=sens == "decroissant")
    assert cle_de_tri(entiere, tri)[len(cles) :] == [None] * (len(entiere) - len(cles))


@pytest.mark.parametrize("sens", ["croissant", "decroissant"])
@pytest.mark.parametrize("conditions", [(), (Condition("n_passages_cal", "au_plus", 5),)])
def test_the_poulidors_in_order_and_those_who_refused_are_one_reading_of_two_segments(jeu, conditions, sens):
    lecteur, filtre = jeu[0], SegmentLibre(conditions)
    comment = {"tri": "n_passages_cal", "sens": sens, "filtre": filtre}
    lignes, n_refus = order_poulidors(lecteur, CRITERES, **comment)
    assert len(lignes) > 0
    assert n_refus > 0
    assert lignes.tolist() == order(lecteur, "poulidor", CRITERES, **comment).tolist()
    assert n_refus == count(lecteur, "poulidor_refus", CRITERES, filtre)


@pytest.mark.parametrize("arguments", [{"tri": "x; drop"}, {"sens": "desc"}])
def test_an_order_that_cannot_be_is_refused(jeu, arguments):
    with pytest.raises(AppelIncorrect):
        find_all(jeu[0], "jamais_presentes", CRITERES, **arguments)

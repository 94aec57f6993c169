"""Each named segment against a plain Python reading of contract.md §5, on drawn histories with every boundary."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.contrat.reference import communes
from mel_core.entrepot import Entrepot, Portee
from mel_core.segments import SEGMENTS, Criteres, count, count_par, find_all
from mel_core.segments.calcul_segments import CLES
from mel_core.segments.regles_segments import DRAPEAU, PAS
from tests.exemples import examples
from tests.jeux import chargement, serve, table

REFERENCES = [date(2017, 12, 31), date(2018, 2, 28), date(2016, 2, 29), date(2017, 6, 30)]


def step_back(jour, mois):
    """jour − N months, clamped to the month's end."""
    total = jour.year * 12 + jour.month - 1 - mois
    annee, mois0 = divmod(total, 12)
    return date(annee, mois0 + 1, min(jour.day, calendar.monthrange(annee, mois0 + 1)[1]))


def autour(jour):
    return [jour + timedelta(days=d) for d in (-1, 0, 1)]


def est_active(d, jour):
    return d["date_creation"] <= jour and (
        d["etat"] == "ACTIVE" or (d["date_radiation"] is not None and d["date_radiation"] > jour)
    )


def attendu(nom, demandes, evenements, jour, mois, n_min, fenetre):
    """Pseudonyms of the segment, straight from the contract's table of rules."""
    n_mois = {"attente_24": 24, "attente_36": 36}.get(nom, 24) if mois is None else mois
    trouves = set()
    for d in demandes:
        if not est_active(d, jour):
            continue
        siens = [e for e in evenements if e["numero_unique"] == d["numero_unique"] and e["date_survenance"] <= jour]
        recents = [e for e in siens if fenetre == 0 or e["date_survenance"] > step_back(jour, fenetre)]
        cal = [e for e in recents if e["type"] == "PASSAGE_CAL"]
        rangs = [e["rang"] for e in cal if e["decision"] == "ATTRIBUE" and e["rang"] is not None]
        labels = [d[nom_label] for nom_label in ("aci", "dalo", "pdalhpd")]
        dedans = {
            "attente_24": (
                d["date_creation"] <= step_back(jour, n_mois)
                and not any(e["type"] in ("PROPOSITION", "PASSAGE_CAL") for e in siens)
            ),
            "poulidor": (
                sum(r >= 2 for r in rangs) >= n_min
                and 1 not in rangs
                and not any(e["type"] == "REFUS_DEMANDEUR" for e in siens)
            ),
            "rang_1_sans_bail": 1 in rangs,
            "non_attributions_repetees": (
                sum(e["decision"] == "NON_ATTRIBUE" for e in cal) >= n_min
                and not any(e["decision"] == "ATTRIBUE" for e in cal)
            ),
            "jamais_presentes": all(e["type"] == "AUTRE" for e in siens),
            "mutations_bloquees_en_attente": d["mutation_bloquee"],
            # A label that no file says (None) leaves the household unknown, whatever other label it bears.
            "aci_en_attente": None not in labels and any(labels),
            "delai_anormalement_long": d["delai_anormalement_long"] is True,
        }
        dedans["attente_36"] = dedans["attente_24"]
        if dedans[nom]:
            trouves.add(d["numero_unique"])
    return trouves


def par_ici(demandes, cle):
    """Each demande once in every ICI of the communes that it wants (or of the one it lives in)."""
    comptes: dict[str, int] = {}
    for d in demandes:
        codes = d["communes_souhaitees"] if cle == "ici" else d["code_insee_actuel"] and [d["code_insee_actuel"]]
        icis = {c if c == "hors_mel" else communes()[c].ici for c in codes or []} or {"inconnu"}
        for ici in icis:
            comptes[ici] = comptes.get(ici, 0) + 1
    return comptes


def creations(jour):
    return st.sampled_from([x for n in (0, 1, 24, 36) for x in autour(step_back(jour, n))])


def survenances(jour):
    return st.sampled_from([*(x for n in (0, 12, 24) for x in autour(step_back(jour, n))), date(2012, 5, 1)])


def histoires(jour):
    demande = st.fixed_dictionaries(
        {
            "date_creation": creations(jour),
            "etat": st.sampled_from(["ACTIVE", "RADIEE"]),
            "date_radiation": st.sampled_from([None, *autour(jour)]),
            "typologies": st.sampled_from([None, ["T2"], ["T2", "T3"]]),
            "communes_souhaitees": st.sampled_from([None, ["59350"], ["59350", "hors_mel"]]),
            "code_insee_actuel": st.sampled_from([None, "59512"]),
            "code_bailleur_actuel": st.sampled_from([None, "B1"]),
            "critere_mutation": st.sampled_from([None, "SUR_OCCUPATION", "VIOLENCES"]),
            "delai_anormalement_long": st.sampled_from([None, True, False]),
            **{label: st.booleans() for label in ("aci", "dalo", "pdalhpd", "mutation_bloquee")},
        }
    )
    evenement = st.fixed_dictionaries(
        {
            "qui": st.integers(0, 4),
            "type": st.sampled_from(
                ["PROPOSITION", "PASSAGE_CAL", "PASSAGE_CAL", "PASSAGE_CAL", "REFUS_DEMANDEUR", "AUTRE"]
            ),
            "date_survenance": survenances(jour),
            "decision": st.sampled_from(["ATTRIBUE", "ATTRIBUE", "NON_ATTRIBUE", None]),
            "rang": st.sampled_from([None, 1, 2, 2, 3]),
        }
    )
    return st.tuples(st.just(jour), st.lists(demande, min_size=1, max_size=5), st.lists(evenement, max_size=12))


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return tmp_path_factory


def draw_up(demandes, evenements):
    demandes = [{"n_personnes": 1, "numero_unique": f"p{i}", **d} for i, d in enumerate(demandes)]
    evenements = [
        {"id_evenement": f"E{i}", "numero_unique": f"p{e['qui']}", **{c: v for c, v in e.items() if c != "qui"}}
        for i, e in enumerate(evenements)
    ]
    return demandes, evenements


@examples(12)
@given(
    histoire=st.sampled_from(REFERENCES).flatmap(histoires),
    mois=st.sampled_from([None, 0, 1, 24]),
    n_min=st.sampled_from([1, 2, 3]),
    fenetre=st.sampled_from([0, 12, 24]),
)
def test_count_list_and_split_agree_with_the_rules(dossier, histoire, mois, n_min, fenetre):
    jour, demandes, evenements = histoire
    demandes, evenements = draw_up(demandes, evenements)
    entrepot = Entrepot(dossier.mktemp("entrepot"))
    serve(entrepot, chargement(demandes=table("demandes", *demandes), evenements=table("evenements", *evenements)))
    donnes = {"mois": mois, "n_min": n_min, "fenetre": fenetre}
    with entrepot.open(Portee.mel()) as lecteur:
        for nom in SEGMENTS:
            # The steps that its rule reads: another one is refused, and months where the SNE's flag answers.
            lus = {p: v for p, v in donnes.items() if nom in PAS[p] and (p != "mois" or nom != DRAPEAU)}
            criteres = Criteres(jour, **lus)
            voulus = attendu(nom, demandes, evenements, jour, mois, n_min, fenetre)
            assert count(lecteur, nom, criteres) == len(voulus), nom
            liste = find_all(lecteur, nom, criteres)
            assert set(liste["pseudonyme"]) == voulus
            assert liste["motif"].map(bool).all()
            for cle, colonne in CLES.items():
                comptes = dict(count_par(lecteur, nom, criteres, cle).itertuples(index=False, name=None))
                if cle == "ressources":
                    assert comptes == ({"inconnu": len(voulus)} if voulus else {})
                    continue
                if cle.startswith("ici"):
                    assert comptes == par_ici([d for d in demandes if d["numero_unique"] in voulus], cle)
                    continue
                a_la_main: dict[str, int] = {}
                for d in demandes:
                    if d["numero_unique"] in voulus:
                        valeur = d[colonne]
                        for code in valeur if isinstance(valeur, list) else [valeur or "inconnu"]:
                            a_la_main[code] = a_la_main.get(code, 0) + 1
                assert comptes == a_la_main, (nom, cle)


def test_without_the_flag_an_abnormal_delay_is_an_old_demande(tmp_path):
    # reference 2018-02-28 − 24 months = 2016-02-28: created on the 28th counts, on the 29th does not
    sans = table(
        "demandes",
        {"numero_unique": "vieux", "date_creation": date(2016, 2, 28), "etat": "ACTIVE", "n_personnes": 1},
        {"numero_unique": "recent", "date_creation": date(2016, 2, 29), "etat": "ACTIVE", "n_personnes": 1},
    )
    colonnes = frozenset(sans.column_names) - {"delai_anormalement_long"}
    charge = chargement(demandes=sans)
    charge.colonnes_presentes["demandes"] = colonnes
    entrepot = Entrepot(tmp_path)
    entrepot.publish(charge)
    with entrepot.open(Portee.mel()) as lecteur:
        liste = find_all(lecteur, "delai_anormalement_long", Criteres(date(2018, 2, 28)))
    assert liste["pseudonyme"].tolist() == ["vieux"]
    assert liste["motif"].tolist() == ["24 mois d’ancienneté"]


def test_the_reasons_are_said_in_words(tmp_path):
    demande = {"numero_unique": "p", "date_creation": date(2015, 9, 1), "etat": "ACTIVE", "n_personnes": 1}
    passages = [
        {
            "id_evenement": f"E{i}",
            "numero_unique": "p",
            "type": "PASSAGE_CAL",
            "date_survenance": jour,
            "decision": "ATTRIBUE",
            "rang": 2,
        }
        for i, jour in enumerate([date(2016, 3, 4), date(2016, 8, 1), date(2017, 2, 1)])
    ]
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(demandes=table("demandes", demande), evenements=table("evenements", *passages)))
    with entrepot.open(Portee.mel()) as lecteur:
        assert find_all(lecteur, "poulidor", Criteres(date(2017, 12, 31)))["motif"].tolist() == snapshot(
            ["3 fois rang 2 ou plus depuis mars 2016"]
        )


@pytest.mark.parametrize(
    ("fenetre", "attendu"),
    [(24, ["2 fois non attribué en commission, aucune attribution en 24 mois"]), (0, [])],
)
def test_never_attributed_is_only_said_over_all_that_is_recorded(tmp_path, fenetre, attendu):
    # attributed in 2014, outside the 24 months: not "never"
    demande = {"numero_unique": "p", "date_creation": date(2013, 9, 1), "etat": "ACTIVE", "n_personnes": 1}
    passage = {"numero_unique": "p", "type": "PASSAGE_CAL"}
    passages = [
        {**passage, "id_evenement": "E0", "date_survenance": date(2014, 3, 4), "decision": "ATTRIBUE", "rang": 1},
        {**passage, "id_evenement": "E1", "date_survenance": date(2016, 8, 1), "decision": "NON_ATTRIBUE"},
        {**passage, "id_evenement": "E2", "date_survenance": date(2017, 2, 1), "decision": "NON_ATTRIBUE"},
    ]
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(demandes=table("demandes", demande), evenements=table("evenements", *passages)))
    with entrepot.open(Portee.mel()) as lecteur:
        criteres = Criteres(date(2017, 12, 31), fenetre=fenetre)
        assert find_all(lecteur, "non_attributions_repetees", criteres)["motif"].tolist() == attendu

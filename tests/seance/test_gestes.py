"""The journal in words: who saw, exported, wrote, published or changed a parameter, never what somebody typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from mel_core.journal import Alteration, Auteur, Fiche, Journal, Perime
from mel_core.seance.coordination.blocages import RETIRE
from mel_core.seance.gestes import GenreDeGeste, genre_de, noms_des_organisations, qui, say, say_verification
from tests.mots import simple

NOMS = {"59512": "Roubaix", "B1": "Bailleur B1", "COLACT": "Action Logement"}
ANNE = Auteur("Anne", "MEL")


def fiche(objet: str, contenu: Mapping[str, Any], version: int = 1, **autres: Any) -> Fiche:
    instant = datetime(2017, 11, 24, 19, 17, tzinfo=UTC)
    return replace(Fiche(objet, "i", version, contenu, ANNE, instant, "op", 1, "0" * 64), **autres)


LISTE = {"titre": "Poulidor", "organisation": "59512", "n": 12, "filtres": {}}
EXPORT = {**LISTE, "titre": "Poulidor, Roubaix"}
IMPORT = {
    "instantane": "a" * 64,
    "nature": "fictive",
    "tables": {
        "attributions": {"lues": 12, "gardees": 9, "rejetees": 2, "doublons": 1, "avertissements": 0},
        "commissions_qpv": {"lues": 4, "gardees": 4, "rejetees": 0, "doublons": 0, "avertissements": 0},
    },
    "seance": "",
}
ECHANGE = {"seance": "2017S2", "ici": "ICI 2"}
CIBLE = {"section": "cibles", "indicateur": "aci", "valeur": "0.45", "depuis": "2018-01-01", "source": "x"}

# kind, content, version → what sort of gesture it is, and its sentence.
DITS: list[tuple[str, dict[str, Any], int, GenreDeGeste, str]] = [
    (
        "audit",
        {"geste": "consultation", **LISTE},
        1,
        GenreDeGeste.VU,
        "a ouvert la liste « Poulidor » (Roubaix), 12 lignes",
    ),
    (
        "audit",
        {"geste": "export", **EXPORT},
        1,
        GenreDeGeste.EXPORTE,
        "a exporté la liste « Poulidor, Roubaix », 12 lignes",
    ),
    (
        *("audit", {"geste": "export", **EXPORT, "n": 1, "avec_numeros": True}, 1, GenreDeGeste.EXPORTE),
        "a exporté la liste « Poulidor, Roubaix », 1 ligne, avec les numéros uniques",
    ),
    (
        *("audit", {"geste": "liste", "titre": "poulidor", "n": 3}, 1, GenreDeGeste.EXPORTE),
        "a exporté la liste « Ménages Poulidor », 3 lignes, en ligne de commande",
    ),
    (
        *("audit", {"geste": "pas en salle", "segment": "poulidor"}, 1, GenreDeGeste.VU),
        "a compté le segment « Ménages Poulidor », en Salle",
    ),
    (
        "audit",
        {"geste": "commande", "titre": "indicateur"},
        1,
        GenreDeGeste.VU,
        "a lu un indicateur, en ligne de commande",
    ),
    (
        *("audit", {"geste": "commande", "titre": "geler"}, 1, GenreDeGeste.PUBLIE),
        "a gelé une séance, en ligne de commande",
    ),
    (
        *("audit", {"geste": "commande", "titre": "seance"}, 1, GenreDeGeste.VU),
        "a listé ou créé une séance, en ligne de commande",
    ),
    (
        *("audit", {"geste": "commande", "titre": "revoquer"}, 1, GenreDeGeste.REGLE),
        "a clos les connexions d’un compte, en ligne de commande",
    ),
    (
        *("import", IMPORT, 1, GenreDeGeste.PUBLIE),
        "a publié un jeu de données fictif de 2 tables, 13 lignes gardées, 3 lignes écartées",
    ),
    (
        *("import", {**IMPORT, "nature": "reelle", "seance": "2017S2", "retour": True}, 1, GenreDeGeste.PUBLIE),
        "a remis en service un jeu de données réel de 2 tables, 13 lignes gardées, 3 lignes écartées, pour la seule "
        "séance 2017S2",
    ),
    ("contours", {"couche": "qpv", "bilan": "x"}, 1, GenreDeGeste.PUBLIE, "a publié les contours des QPV"),
    (
        *("parametre", CIBLE, 1, GenreDeGeste.REGLE),
        "a changé un paramètre : objectif « Ménages prioritaires (ACI) », toute la Métropole, 45 %, à partir du "
        "1er janvier 2018",
    ),
    (
        *("parametre", CIBLE | {"valeur": "30", "en_nombre": "True", "commune": "59512", "sens": "plancher"}, 1),
        *(GenreDeGeste.REGLE,),
        "a changé un paramètre : objectif « Ménages prioritaires (ACI) », Roubaix, 30 attributions par an, plancher, à "
        "partir du 1er janvier 2018",
    ),
    (
        *("parametre", {"section": "seuils_premier_quartile", "annee": "2019"}, 1, GenreDeGeste.REGLE),
        "a changé un paramètre : seuil du premier quartile, année 2019",
    ),
    ("blocage", {**ECHANGE, "etat": "recu"}, 1, GenreDeGeste.ECRIT, "a signalé un blocage (ICI 2, séance 2017S2)"),
    (
        *("blocage", {**ECHANGE, "etat": "ecarte"}, 2, GenreDeGeste.ECRIT),
        "a trié ou corrigé un blocage, écarté (ICI 2, séance 2017S2)",
    ),
    (
        *("blocage", {**ECHANGE, "etat": "ecarte", "motif_refus": RETIRE}, 2, GenreDeGeste.ECRIT),
        "a trié ou corrigé un blocage, retiré (ICI 2, séance 2017S2)",
    ),
    (
        *("blocage", {**ECHANGE, "etat": "retenu", "secteur": {"communes": ["59512"]}}, 2, GenreDeGeste.ECRIT),
        "a trié ou corrigé un blocage, Roubaix, retenu (ICI 2, séance 2017S2)",
    ),
    (
        *("decision", {**ECHANGE, "positions": {"MEL": "acte", "59512": "absent"}}, 1, GenreDeGeste.ECRIT),
        "a écrit une décision, actée (ICI 2, séance 2017S2)",
    ),
    (
        *("decision", {**ECHANGE, "positions": {"MEL": "renvoye"}}, 1, GenreDeGeste.ECRIT),
        "a écrit une décision, renvoyée (ICI 2, séance 2017S2)",
    ),
    (
        *("decision", {**ECHANGE, "positions": {"MEL": "absent"}}, 1, GenreDeGeste.ECRIT),
        "a écrit une décision, que personne n’acte (ICI 2, séance 2017S2)",
    ),
    (
        "decision",
        {**ECHANGE, "texte": "secret"},
        2,
        GenreDeGeste.ECRIT,
        "a corrigé une décision (ICI 2, séance 2017S2)",
    ),
    (
        *("engagement", {**ECHANGE, "nombre": 30}, 1, GenreDeGeste.ECRIT),
        "a acté un engagement, 30 ménages (ICI 2, séance 2017S2)",
    ),
    ("pratique", ECHANGE, 1, GenreDeGeste.ECRIT, "a noté ce qui fonctionne (ICI 2, séance 2017S2)"),
    ("issue", ECHANGE, 1, GenreDeGeste.ECRIT, "a dit ce qu’est devenue une décision (ICI 2, séance 2017S2)"),
    (
        "cloture",
        ECHANGE,
        1,
        GenreDeGeste.ECRIT,
        "a clos une décision ou un engagement qui n’a pas abouti (ICI 2, séance 2017S2)",
    ),
    (
        *("scenario", {"seance": "2017S2", "ici": "", "nom": "secret"}, 1, GenreDeGeste.ECRIT),
        "a gardé un scénario (séance 2017S2)",
    ),
    (
        *("seance", {**ECHANGE, "jour": "2018-03-01"}, 2, GenreDeGeste.ECRIT),
        "a changé la date de la séance, le 1er mars 2018 (ICI 2, séance 2017S2)",
    ),
    (
        *("signature", {**ECHANGE, "presidence": "secret"}, 1, GenreDeGeste.ECRIT),
        "a fait signer le relevé de décisions (ICI 2, séance 2017S2)",
    ),
    (
        *("suite", {"code": "reloge", "organisation": "59512", "seance": "2017S2"}, 1, GenreDeGeste.ECRIT),
        "a noté la suite donnée à un ménage (séance 2017S2)",
    ),
    (
        *("suite", {"code": "retiree", "organisation": "59512", "seance": "2017S2"}, 2, GenreDeGeste.ECRIT),
        "a retiré la suite notée pour un ménage (séance 2017S2)",
    ),
    ("arbitrage", {"objet": "decision"}, 1, GenreDeGeste.ECRIT, "a choisi entre deux textes écrits en même temps"),
    ("brouillon-blocage", {"constat": "secret"}, 7, GenreDeGeste.BROUILLON, "a saisi un brouillon de blocage"),
    (
        *("effacement", {"motif": "numeros", "comptes": {"menages": 2}}, 1, GenreDeGeste.EFFACE),
        "a effacé les données de 2 ménages",
    ),
    (
        *(
            "effacement_codes",
            {"motif": "numeros", "comptes": {"menages": 1}, "codes": ["secret"]},
            1,
            GenreDeGeste.EFFACE,
        ),
        "a commencé d’effacer les données de 1 ménage",
    ),
    ("essai", {"texte": "secret"}, 1, GenreDeGeste.ECRIT, "a écrit au journal (« essai »)"),
]


@pytest.mark.parametrize(("objet", "contenu", "version", "genre", "dit"), DITS)
def test_each_kind_of_entry_is_a_gesture_said_in_words(
    objet: str, contenu: dict[str, Any], version: int, genre: GenreDeGeste, dit: str
) -> None:
    ecrite = fiche(objet, contenu, version)
    assert simple(say(ecrite, NOMS)) == dit
    assert genre_de(ecrite) is genre
    assert "secret" not in dit


@pytest.mark.parametrize(("objet", "contenu", "version", "genre", "dit"), DITS)
def test_an_entry_whose_payload_was_erased_is_still_a_gesture(
    objet: str, contenu: dict[str, Any], version: int, genre: GenreDeGeste, dit: str
) -> None:
    effacee = fiche(objet, {}, version, effacee=True, auteur=Auteur("", "MEL"))
    assert simple(say(effacee, NOMS)).endswith("(texte effacé depuis)")
    assert qui(effacee, NOMS) == "auteur effacé – MEL"
    assert genre_de(effacee) in GenreDeGeste


def test_a_refused_write_says_that_both_texts_were_kept() -> None:
    refusee = fiche("decision", ECHANGE, 1, est_refusee=True)
    assert simple(say(refusee, NOMS)) == snapshot(
        "a corrigé une décision (ICI 2, séance 2017S2) ; refusé, le texte avait changé entre-temps, les deux sont "
        "gardés"
    )


def test_who_is_named_with_the_mention_and_the_organisation_in_words() -> None:
    assert qui(fiche("decision", {}, auteur=Auteur("C. Essai", "59512", "commune")), NOMS) == "C. Essai – Roubaix"
    connecte = Auteur("a@mel.example", "MEL", mention="La présidente")
    assert simple(qui(fiche("decision", {}, auteur=connecte), NOMS)) == snapshot(
        "a@mel.example – « La présidente » – MEL"
    )
    assert qui(fiche("audit", {}, auteur=Auteur("agent")), NOMS) == "agent"


def test_organisations_have_names_even_when_nothing_is_published() -> None:
    noms = noms_des_organisations()
    assert (noms["59512"], noms["COLACT"], noms["DDTM"]) == ("Roubaix", "Action Logement", "État (DDTM)")


def test_the_check_of_the_chain_is_one_sentence() -> None:
    assert simple(say_verification(1, [])) == snapshot("Journal intact : 1 écriture")
    anomalies = [Alteration(2, "sceau", "L’écriture 2 a été modifiée : son sceau ne correspond plus.")] * 2
    assert simple(say_verification(5, anomalies)) == snapshot(
        "Le journal a été altéré (2 anomalies), à lire par la commande « python -m mel_core journal --verifier »"
    )


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    ouvert = Journal.du_dossier(tmp_path)
    yield ouvert
    ouvert.close()


def test_the_entries_since_a_moment_are_read_without_those_before(journal: Journal) -> None:
    journal.write("decision", "d", {}, ANNE, "op1")
    entre = datetime.now(UTC)
    journal.write("decision", "d", {}, ANNE, "op2", 1)
    with pytest.raises(Perime):
        journal.write("decision", "d", {"x": 1}, ANNE, "op3", 1)
    assert [f.op_id for f in journal.ecritures(depuis=entre)] == ["op3", "op2"]
    assert [f.op_id for f in journal.ecritures(1, depuis=entre)] == ["op3"]
    assert len(journal.ecritures()) == 3

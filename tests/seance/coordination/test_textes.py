"""What is projected leads to nobody: numbers and addresses are refused, names are to be reworded."""

from __future__ import annotations

import pytest

from mel_core.seance.coordination.textes import refuse_personne
from mel_core.socle.erreurs import AppelIncorrect


@pytest.mark.parametrize(
    ("texte", "quoi"),
    [
        ("rappeler au 06 12 34 56 78", "un numéro de téléphone"),
        ("0612345678", "un numéro de téléphone"),
        ("03.20.21.22.23, le matin", "un numéro de téléphone"),
        ("+33 6 12 34 56 78", "un numéro de téléphone"),
        ("06/12/34/56/78", "un numéro de téléphone"),
        ("33 6 12 34 56 78", "un numéro de téléphone"),
        ("0 6 1 2 3 4 5 6 7 8", "un numéro de téléphone"),
        ("écrire à c.essai@exemple.fr", "une adresse électronique"),
        ("2 69 05 49 588 157 80", "un numéro de sécurité sociale"),
        ("269052A588157", "un numéro de sécurité sociale"),
        ("vu avec 999 0217 12345678901 59", "un numéro unique"),
        ("Mme Martin attend", "nomme « Mme Martin »"),
        ("vu M. Dupont", "nomme « M. Dupont »"),
        ("la famille X", "nomme « famille X »"),
        ("Melle Petit", "nomme « Melle Petit »"),
        ("mme martin", "nomme « mme martin »"),
        ("Madame D’Hondt", "nomme « Madame D’Hondt »"),
    ],
)
def test_what_leads_to_a_person_is_refused_in_a_sentence_that_says_what(texte: str, quoi: str) -> None:
    with pytest.raises(AppelIncorrect, match=quoi) as refus:
        refuse_personne({"Ce qui bloque": f"Rien depuis mars : {texte}."})
    assert "« Ce qui bloque »" in str(refus.value)


@pytest.mark.parametrize(
    "texte",
    [
        "Madame la présidente et M. le maire en parlent depuis le 31/12/2017",
        "12 500 € de travaux, 30 logements, 2015 2016 2017, 59 350 et 45 %",
        "Les familles monoparentales, les grandes familles : 3 refus en 24 mois",
        "Au 12 rue de Lille, à 300 m de la gare, 5 M d’euros",
        "du 2017-07-01 au 2017-12-31",
        "du 01/07/2017 12 h au 31/12/2017",
        "",
    ],
)
def test_places_dates_amounts_and_offices_are_kept(texte: str) -> None:
    refuse_personne({"Décision": texte})

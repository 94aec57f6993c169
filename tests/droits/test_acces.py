"""Rights are closed by default, given by the register and by nothing else, and end on their day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.droits.acces import Profil, TypeProfil, profil_de
from mel_core.droits.connexions import nom_ecrit
from mel_core.entrepot import Portee

JOUR = date(2017, 9, 30)
REGISTRE = {
    "copilotes": ["Prenom.Nom@lillemetropole.fr"],
    "organisations": [
        {"courriel": "logement@lille.example", "profil": "commune", "code": "59350", "jusqu_au": date(2017, 9, 30)},
        {"courriel": "agence@b1.example", "profil": "bailleur", "code": "B1"},
        {"compte": "https://id.example 7f3A", "profil": "reservataire", "code": "COLACT"},
        {"courriel": "sans.code@b2.example", "profil": "bailleur"},
        {"courriel": "mal.ecrit@b3.example", "profil": "directeur", "code": "B3"},
        {"courriel": "fin@b4.example", "profil": "bailleur", "code": "B4", "jusqu_au": "bientôt"},
        {"courriel": "etat@nord.example", "profil": "reservataire", "code": "PPRIOR"},
        {"courriel": "personne@nord.example", "profil": "reservataire", "code": "AUCUN"},
        {"courriel": "reste@nord.example", "profil": "reservataire", "code": "inconnu"},
    ],
}


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("prenom.nom@lillemetropole.fr ", Profil(TypeProfil.COPILOTE)),
        ("logement@lille.example", Profil(TypeProfil.COMMUNE, "59350")),
        ("AGENCE@b1.example", Profil(TypeProfil.BAILLEUR, "B1")),
        ("https://id.example 7f3A", Profil(TypeProfil.RESERVATAIRE, "COLACT")),
        ("https://id.example 7f3a", None),  # another account: only addresses are written in any case
        ("etat@nord.example", Profil(TypeProfil.RESERVATAIRE, "PPRIOR")),
        ("personne@nord.example", None),  # what is on nobody's contingent, or on an unknown one, is nobody's own
        ("reste@nord.example", None),
        ("sans.code@b2.example", None),
        ("mal.ecrit@b3.example", None),
        ("fin@b4.example", None),
        ("autre@lillemetropole.fr", None),
        ("", None),
    ],
)
def test_the_register_alone_gives_a_profile(nom: str, attendu: Profil | None) -> None:
    assert profil_de([nom_ecrit(nom)], REGISTRE, JOUR) == attendu


def test_an_account_that_has_no_name_is_nobody_even_where_an_entry_has_none() -> None:
    assert profil_de([], {"organisations": [{"profil": "bailleur", "code": "B1"}]}, JOUR) is None
    assert profil_de([()], {"copilotes": [""], "organisations": [{"profil": "bailleur", "code": "B1"}]}, JOUR) is None


def test_a_right_ends_after_its_last_day() -> None:
    assert profil_de([("logement@lille.example",)], REGISTRE, date(2017, 10, 1)) is None


def test_an_address_that_spells_a_provider_and_a_name_is_not_that_account() -> None:
    """The register opens the account « https://id.example 7f3A » to nobody who merely calls itself so."""
    assert profil_de([("https://id.example 7f3A",)], REGISTRE, JOUR) is None
    assert profil_de([("https://id.example", "7f3A")], REGISTRE, JOUR) == Profil(TypeProfil.RESERVATAIRE, "COLACT")


@given(st.text())
def test_without_a_register_nobody_has_a_right(courriel: str) -> None:
    assert profil_de([nom_ecrit(courriel)], {}, JOUR) is None


def test_each_profile_sees_its_own_rows_and_whoever_projects_sees_none() -> None:
    assert Profil(TypeProfil.COPILOTE).portee == Portee.mel()
    assert Profil(TypeProfil.COMMUNE, "59350").portee == Portee.commune("59350")
    assert Profil(TypeProfil.BAILLEUR, "B1").portee == Portee.bailleur("B1")
    assert Profil(TypeProfil.RESERVATAIRE, "COLACT").portee == Portee.reservataire("COLACT")
    assert Profil(TypeProfil.ANIMATEUR).portee == Portee.aucune()


@pytest.mark.parametrize(("nom", "code"), [(TypeProfil.COMMUNE, ""), (TypeProfil.COPILOTE, "59350")])
def test_a_profile_without_its_code_or_with_one_too_many_is_refused(nom: TypeProfil, code: str) -> None:
    with pytest.raises(ValueError, match="do not go together"):
        Profil(nom, code)


@pytest.mark.parametrize(
    ("entree", "instruit"),
    [
        ({"profil": "bailleur", "code": "B1", "instruit": True}, True),
        ({"profil": "commune", "code": "59350", "instruit": True}, True),
        ({"profil": "commune", "code": "59350"}, False),
        ({"profil": "commune", "code": "59350", "instruit": "oui"}, False),  # said otherwise than by true: no right
    ],
)
def test_numeros_uniques_are_for_whoever_the_register_lets_instruct(entree: dict[str, object], instruit: bool) -> None:
    profil = profil_de([("a@b.example",)], {"organisations": [{"courriel": "a@b.example", **entree}]}, JOUR)
    assert profil is not None
    assert profil.instruit is instruit


def test_neither_a_co_pilot_nor_whoever_projects_ever_instructs() -> None:
    registre = {
        "copilotes": ["c@mel.example"],
        "organisations": [{"courriel": "a@b.example", "profil": "animateur", "instruit": True}],
    }
    assert profil_de([("a@b.example",)], registre, JOUR) is None
    copilote = profil_de([("c@mel.example",)], registre, JOUR)
    assert copilote is not None
    assert not copilote.instruit

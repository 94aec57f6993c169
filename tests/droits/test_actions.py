"""Who may do what: the table, cell by cell, at a desk and in Salle."""

from __future__ import annotations

import pytest

from mel_core.droits.acces import ANIMATEUR, COPILOTE, Profil, TypeProfil
from mel_core.droits.actions import Action

COMMUNE, BAILLEUR = Profil(TypeProfil.COMMUNE, "59350"), Profil(TypeProfil.BAILLEUR, "B1")
PROFILS = {
    "copilote": COPILOTE,
    "animateur": ANIMATEUR,
    "commune": COMMUNE,
    "instructrice": Profil(TypeProfil.COMMUNE, "59350", instruit=True),
    "bailleur": BAILLEUR,
    "reservataire": Profil(TypeProfil.RESERVATAIRE, "COLACT"),
}
# 1: may; 0: may not. At a desk, then in Salle for those who can be there.
TABLE = """
action                     copilote animateur commune instructrice bailleur reservataire   copilote en Salle
LIRE_LISTES                1        0         1       1            1        1              0
LIRE_TOUTE_LISTE           1        0         0       0            0        0              0
LIRE_NUMEROS               0        0         0       1            0        0              0
COMPOSER_SEGMENT           1        0         0       0            0        0              0
IMPORTER                   1        0         0       0            0        0              0
CONTROLER_QUALITE          1        0         0       0            0        0              0
TELECHARGER_TABLEAU        1        0         1       1            1        1              0
SUIVRE_ATTENDUS            1        0         0       0            0        0              0
LIRE_JOURNAL               1        0         0       0            0        0              0
LIRE_CHIFFRES_EXACTS       1        0         0       0            0        0              0
PUBLIER                    1        0         0       0            0        0              1
PUBLIER_CONTOURS           1        0         0       0            0        0              1
REVENIR_A_UNE_PUBLICATION  1        0         0       0            0        0              1
FIXER_OBJECTIFS            1        0         0       0            0        0              1
PREPARER_DOSSIER           1        0         0       0            0        0              1
PREPARER_SEQUENCE          1        0         0       0            0        0              1
SIGNALER_BLOCAGE           1        0         1       1            1        1              1
SIGNALER_POUR_AUTRUI       1        0         0       0            0        0              1
SAISIR_ACCUEIL             1        0         1       1            0        0              1
FIXER_DATE                 1        0         0       0            0        0              1
TRIER_BLOCAGES             1        0         0       0            0        0              1
ORDONNER_BLOCAGES          1        0         0       0            0        0              1
INSCRIRE_BLOCAGE           1        0         0       0            0        0              1
ACTER_DECISION             1        0         0       0            0        0              1
NOTER_PRATIQUE             1        0         0       0            0        0              1
DIRE_ISSUE                 1        0         0       0            0        0              1
ACTER_ENGAGEMENT           1        0         0       0            0        0              1
GARDER_SCENARIO            1        0         1       1            1        1              1
INSCRIRE_AU_RELEVE         1        0         0       0            0        0              1
FAIRE_SIGNER               1        0         0       0            0        0              1
SIGNER_EN_COPILOTE         1        0         0       0            0        0              1
PASSER_EN_SALLE            1        0         0       0            0        0              1
REVENIR_EN_PREPARATION     1        0         0       0            0        0              1
"""
LIGNES = {ligne.split()[0]: [m == "1" for m in ligne.split()[1:]] for ligne in TABLE.strip().splitlines()[1:]}


@pytest.mark.parametrize("action", Action, ids=lambda a: a.name)
def test_each_profile_may_what_the_table_says_and_no_more(action: Action) -> None:
    *au_poste, en_salle = LIGNES[action.name]
    lus = [not action.refus(p, en_salle=p.est_toujours_en_salle) for p in PROFILS.values()]
    assert dict(zip(PROFILS, lus, strict=True)) == dict(zip(PROFILS, au_poste, strict=True))
    assert (not action.refus(COPILOTE, en_salle=True)) is en_salle


@pytest.mark.parametrize("action", Action, ids=lambda a: a.name)
def test_a_refusal_is_one_sentence_that_says_whom_to_ask(action: Action) -> None:
    for profil in PROFILS.values():
        refus = action.refus(profil, en_salle=profil.est_toujours_en_salle)
        assert not refus or (refus.endswith(".") and refus.count(" : ") == 1), refus


def test_in_rehearsal_whoever_could_instruct_reads_the_fictitious_numbers() -> None:
    assert Action.LIRE_NUMEROS.refus(BAILLEUR, en_salle=False)
    assert not Action.LIRE_NUMEROS.refus(BAILLEUR, en_salle=False, est_repetition=True)
    assert Action.LIRE_NUMEROS.refus(COPILOTE, en_salle=False, est_repetition=True)

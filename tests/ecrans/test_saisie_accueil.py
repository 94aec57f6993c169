"""A place of the reception network enters its month on screen: one minute, signed, in the journal, in the figures."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import ANIMATEUR, COPILOTE, Profil, TypeProfil
from mel_core.journal import Auteur, Journal, nouvel_op_id
from mel_core.seance.gestes import say
from pages.commun import donnees, ecriture
from tests.ecrans.conftest import ROUBAIX, TOURCOING, Publier, monde
from tests.ecrans.leviers import lu
from tests.ecrans.vue import see
from tests.jeux import table

ROUBAISIENNE = Profil(TypeProfil.COMMUNE, ROUBAIX)
FORMULAIRE = "saisie_accueil-L1-2017-12-"


def publish_network(publish: Publier) -> None:
    """Two places run by their communes, and a relais; 100 registrations in 2017, none in December."""
    lieux = (("L1", "Mairie de Roubaix", ROUBAIX), ("L2", "Mairie de Tourcoing", TOURCOING))
    publish(
        **monde(),
        accueil=table(
            "accueil",
            *(
                {
                    **{"code_lieu": lieu, "nom": nom, "mois": f"2017-{m:02}", "code_insee": commune},
                    **{"type_lieu": "LABELLISE", "porteur": "COMMUNE", "n_enregistrements": 5 if m < 11 else None},
                }
                for lieu, nom, commune in lieux
                for m in range(1, 13)
            ),
            {
                **{"code_lieu": "L3", "nom": "Un relais", "mois": "2017-12", "code_insee": ROUBAIX},
                **{"type_lieu": "RELAIS", "porteur": "ASSOCIATION", "n_pre_accueil": 4},
            },
        ),
    )


def open(profil: Profil = COPILOTE, nom: str = "C. Essai", **adresse: str) -> AppTest:
    return see(
        "accueil", {"profil_repete": profil, "auteur_nom": nom}, **{"seance": "2017S2", "ici": "ICI 2", **adresse}
    )


def refus(essai: AppTest) -> str:
    return " ".join(h.proto.body for h in essai.get("html") if 'class="refus"' in h.proto.body)


def enter(essai: AppTest, **nombres: int) -> AppTest:
    for compte, n in nombres.items():
        essai.number_input(key=f"{FORMULAIRE}{compte}").set_value(n)
    next(b for b in essai.button if b.label == "Enregistrer ce mois").click()
    essai.run()
    assert not essai.exception
    return essai


def test_a_month_that_is_entered_is_in_the_figures_and_a_line_of_the_journal(publish: Publier) -> None:
    publish_network(publish)
    essai = open(ROUBAISIENNE)
    assert "2 lieux d’accueil sur 3 ont enregistré **100 demandes** en 12 mois" in lu(essai)
    enter(essai, n_enregistrements=7, n_enregistrements_en_ligne=2)
    assert "ont enregistré **107 demandes** en 12 mois" in lu(essai)
    ecrits = " ".join(h.proto.body for h in essai.get("html"))
    assert "Décembre 2017 est enregistré." in ecrits
    assert "1\u00a0mois saisi à l’écran." in ecrits
    (fiche,) = ecriture.journal().find_all("accueil")
    assert (fiche.auteur.nom, fiche.auteur.organisation) == ("C. Essai", ROUBAIX)
    assert fiche.contenu == {
        **{"lieu": "L1", "mois": "2017-12", "n_pre_accueil": None},
        **{"n_enregistrements": 7, "n_enregistrements_en_ligne": 2, "n_entretiens": None},
    }
    assert say(fiche, {}) == snapshot("a saisi le mois d’un lieu d’accueil, L1, décembre 2017")
    # Whoever opens the page next finds it; entered again, it is corrected.
    assert "107 demandes" in lu(enter(open(), n_enregistrements=7))
    assert "110 demandes" in lu(enter(open(), n_enregistrements=10))
    assert [f.version for f in ecriture.journal().find_all("accueil")] == [3]


def test_what_does_not_hold_together_or_is_not_signed_is_not_written(publish: Publier) -> None:
    publish_network(publish)
    essai = enter(open(), n_enregistrements=2, n_enregistrements_en_ligne=3)
    assert "font partie des enregistrements" in refus(essai)
    assert "Personne ne signe" in refus(enter(open(nom=""), n_enregistrements=2))
    assert not ecriture.journal().find_all("accueil")


def test_a_volume_far_from_the_usual_is_confirmed_before_it_is_written(publish: Publier) -> None:
    publish_network(publish)
    essai = enter(open(), n_enregistrements=99_999)
    assert "compte 5 par mois d’habitude, et 99 999 est saisi" in refus(essai).replace("\u00a0", " ").replace(
        "\u202f", " "
    )
    assert not ecriture.journal().find_all("accueil")
    essai.checkbox(key=f"{FORMULAIRE}confirme").check()
    assert "100 099 demandes" in lu(enter(essai))


@pytest.mark.parametrize(
    ("profil", "lieux"),
    [
        (COPILOTE, ["Mairie de Roubaix", "Mairie de Tourcoing", "Un relais"]),
        (ROUBAISIENNE, ["Mairie de Roubaix"]),
        (Profil(TypeProfil.BAILLEUR, "B1"), None),
        (ANIMATEUR, None),
    ],
)
def test_each_profile_enters_its_own_places(publish: Publier, profil: Profil, lieux: list[str] | None) -> None:
    publish_network(publish)
    choix = [s for s in open(profil).selectbox if s.label == "Lieu d’accueil"]
    assert [c.options for c in choix] == ([] if lieux is None else [lieux])


def test_two_people_on_one_month_the_later_is_told_and_nothing_is_lost(publish: Publier) -> None:
    publish_network(publish)
    essai = open()
    autre = Auteur("A. Autre", "MEL")
    journal = Journal.du_dossier(donnees.entrepot().dossier)
    journal.write(
        "accueil", "L1 2017-12", {"lieu": "L1", "mois": "2017-12", "n_enregistrements": 30}, autre, nouvel_op_id()
    )
    enter(essai, n_enregistrements=7)
    assert "a été saisi par ailleurs entre-temps" in " ".join(h.proto.body for h in essai.get("html"))
    assert "ont enregistré **130 demandes**" in lu(essai)
    assert len(ecriture.journal().ecarts("accueil", "L1 2017-12")) == 1


def test_volumes_are_read_by_actor_by_place_and_by_commune(publish: Publier) -> None:
    publish_network(publish)
    assert [o.label for o in open().tabs] == ["Par acteur", "Par lieu", "Par commune"]


def test_the_headline_follows_the_view(publish: Publier) -> None:
    publish_network(publish)
    assert "a reçu **4 personnes en pré-accueil**" in lu(open(accueil="n_pre_accueil"))

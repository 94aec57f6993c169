"""What of the evidence may be shown to a room, and what is no longer in the data."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot, Portee
from mel_core.seance.coordination.changements import say_valeur
from mel_core.seance.coordination.temoins import TemoinPreuve
from mel_core.seance.preuves import ProfilBlocage, Secteur, gather
from mel_core.seance.preuves.constats import Preuve
from mel_core.seance.preuves.dossier_preuves import titre
from mel_core.seance.preuves.secteur import Trou
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle.langue import INSECABLE
from mel_core.socle.periodes import Periode, Seance
from pages.commun.coordination.preuves import say_cercle, say_fraction, say_motifs
from tests.jeux import LILLE, ROUBAIX, bailleurs, chargement, serve, table
from tests.lecteurs import lue_par
from tests.seance.preuves.petit import ANNEE, ICI, QUARTIERS, TOURCOING, publish


def read(constat: Preuve, audience: Audience) -> str:
    """The sentence, its spaces aside."""
    return lue_par(audience, constat.phrase).replace("\u202f", " ").replace("\u00a0", " ")


def test_a_median_counts_the_households_that_it_is_about_and_not_those_of_the_sector(tmp_path):
    # Roubaix: 30 attributions of T2, one of T4; the ICI has 32 more of T4 in Tourcoing.
    baux = [(ROUBAIX, "T2", None, date(2017, 3, 1), 3)] * 30 + [(ROUBAIX, "T4", None, date(2017, 3, 1), 14)]
    baux += [(TOURCOING, "T4", None, date(2017, 3, 1), 3)] * 32
    demandes = [([ROUBAIX], ["T2"])] * 20 + [([ROUBAIX], ["T4"])] * 2 + [([TOURCOING], ["T4"])] * 5
    entrepot = publish(tmp_path, demandes, baux, [], [])
    with entrepot.open(Portee.mel()) as lecteur:
        dossier = gather(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,)), ProfilBlocage("T4"))
    delai, anciennete = dossier.constat("delai"), dossier.constat("anciennete")
    assert ICI[ROUBAIX] == ICI[TOURCOING]
    assert (delai.effectifs["secteur"], delai.effectifs["ici"]) == ((1,), (33,))
    assert anciennete.effectifs["secteur"] == (2,)
    assert not lue_par(SALLE, delai.read, "secteur").est_dit
    assert lue_par(SALLE, delai.read, "ici").est_dit
    assert not lue_par(SALLE, anciennete.read, "ici").est_dit  # 7 demandes of T4
    assert "la seule attribution datée" in read(delai, PREPARATION)
    assert read(delai, SALLE) == snapshot(
        "À Roubaix (T4) : **14 attributions datées ou moins**, trop peu pour dire leur délai en 1 mois sur 12."
    )
    assert read(anciennete, SALLE) == snapshot(
        "À Roubaix (T4) : trop peu de demandes pour dire leur ancienneté. Les demandes enregistrées s’arrêtent le 27 "
        "janvier 2017 : ce qui les suit n’est pas compté."
    )


def refusals(*communes: tuple[str, int, int]) -> list[tuple[str, str, int, int | None]]:
    """(commune, first ranks, of which refused)."""
    return [(c, "T4", 1, 5 if i < k else None) for c, n, k in communes for i in range(n)]


def test_a_share_is_said_in_a_room_of_a_hundred_with_thirteen_on_each_side_and_else_its_counts(tmp_path):
    # Roubaix: 41 refused of 102; the ICI 53 of 202, the MEL 60 of 250.
    entrepot = publish(tmp_path, [], [], refusals((ROUBAIX, 102, 41), (TOURCOING, 100, 12), (LILLE, 48, 7)), [])
    with entrepot.open(Portee.mel()) as lecteur:
        refus = {
            c: gather(lecteur, ANNEE, Secteur(ICI[c], (c,))).constat("refus_rang_1")
            for c in (ROUBAIX, TOURCOING, LILLE)
        }
    suite = "contre 26 % dans l’ICI et 24 % dans la MEL."
    assert read(refus[ROUBAIX], PREPARATION) == snapshot(
        "À Roubaix : 41 des 102 premiers rangs ont été refusés en 1 mois sur 12 (**40,2 %**), "
        "contre 26,2 % dans l’ICI et 24 % dans la MEL."
    )
    assert read(refus[ROUBAIX], SALLE) == (
        f"À Roubaix : 40 des 100 premiers rangs ont été refusés en 1 mois sur 12 (**40 %**), {suite}"
    )
    assert read(refus[TOURCOING], SALLE) == (
        f"À Tourcoing : **12 ou moins des 100 premiers rangs** ont été refusés en 1 mois sur 12, {suite}"
    )
    assert read(refus[LILLE], SALLE).startswith(
        "À Lille : **12 ou moins des 50 premiers rangs** ont été refusés en 1 mois sur 12, contre 24 % dans la MEL"
    )


def test_of_a_few_first_ranks_a_room_reads_neither_how_many_were_refused_nor_the_share_of_others(tmp_path):
    entrepot = publish(tmp_path, [], [], refusals((ROUBAIX, 7, 3), (TOURCOING, 200, 50)), [])
    with entrepot.open(Portee.mel()) as lecteur:
        dossier = gather(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,)))
    assert read(dossier.constat("refus_rang_1"), SALLE) == snapshot(
        "À Roubaix : **12 premiers rangs ou moins**, trop peu pour dire combien ont été refusés en 1 mois sur 12."
    )
    assert "3 des 7 premiers rangs" in read(dossier.constat("refus_rang_1"), PREPARATION)


def test_of_part_of_an_ici_and_a_profile_a_room_reads_counts_to_the_nearest_ten_and_none_up_to_fourteen(tmp_path):
    # Roubaix: 27 first ranks, 14 refused; of T4, they all are. Tourcoing: 40 of T4.
    baux = [(ROUBAIX, "T4", None, date(2017, 3, 1), 3)] * 27
    entrepot = publish(tmp_path, [], baux, refusals((ROUBAIX, 27, 14), (TOURCOING, 40, 20)), [])
    with entrepot.open(Portee.mel()) as lecteur:
        tous, siens, de_l_ici = (
            gather(lecteur, ANNEE, Secteur(ICI[ROUBAIX], communes), profil)
            for communes, profil in (
                ((ROUBAIX,), ProfilBlocage()),
                ((ROUBAIX,), ProfilBlocage("T4")),
                ((), ProfilBlocage("T4")),
            )
        )
    refus, flux = "refus_rang_1", "flux"
    temoin = TemoinPreuve(refus, Secteur(ICI[ROUBAIX], (ROUBAIX,)), ProfilBlocage("T4"))
    assert [lue_par(SALLE, say_cercle, d.constat(flux), "secteur") for d in (tous, siens)] == [
        "<strong>25</strong>",
        "<strong>30</strong>",
    ]
    # 14 of 27 are 52 %: rounded, 15 of 25 would be read as 60 %.
    assert "**25 premiers rangs**, trop peu pour dire combien ont été refusés" in read(tous.constat(refus), SALLE)
    assert lue_par(SALLE, say_cercle, tous.constat(refus), "secteur") == "<strong>non dit sur 25</strong>"
    assert lue_par(SALLE, say_fraction, tous.constat(refus)) == "non dit sur 25"
    assert lue_par(SALLE, tous.lieu.say_arrondi) == ""
    assert lue_par(SALLE, siens.lieu.say_arrondi) == " (attributions et passages de ce secteur, à 10 près)"
    assert "14 ou moins des 30 premiers rangs" in read(siens.constat(refus), SALLE)
    assert say_motifs(siens.motifs_refus, lue_par(SALLE, siens.lieu.pour)) == ""
    assert say_motifs(tous.motifs_refus, lue_par(SALLE, tous.lieu.pour)) == "loyer (15)"
    # Of a profile, motives are said by their share, of enough of them, and never counted.
    motifs = pd.DataFrame({"code": ["Loyer", "Taille"], "n": [200, 99]})
    croisee = lue_par(SALLE, siens.lieu.pour)
    assert [say_motifs(motifs, audience) for audience in (SALLE, croisee)] == snapshot(
        [
            "loyer 67\u202f% et taille 33\u202f%",
            "",
        ]
    )
    assert say_motifs(motifs.assign(n=[200, 100]), croisee) == snapshot("loyer 67\u202f% et taille 33\u202f%")
    # A decision that is followed by it says it alike, and the whole ICI as the column of the ICI does.
    assert f"30{INSECABLE}premiers rangs" in lue_par(
        SALLE, say_valeur, temoin.read(entrepot, Seance.read("2017S2")), temoin=temoin
    )
    assert "**65 premiers rangs**, trop peu pour dire combien" in read(de_l_ici.constat(refus), SALLE)
    assert "34 des 67 premiers rangs" in read(de_l_ici.constat(refus), PREPARATION)
    assert "14 des 27 premiers rangs" in read(siens.constat(refus), PREPARATION)


def test_of_nobody_a_room_reads_what_it_reads_of_a_few(tmp_path):
    # Nobody of T4 at Roubaix, one at Tourcoing: a demande, an attribution, a first rank.
    ailleurs = (TOURCOING, "T2", None, date(2017, 3, 1), 3)
    baux = [(ROUBAIX, "T2", None, date(2017, 3, 1), 3), ailleurs, (TOURCOING, "T4", None, date(2017, 3, 1), 3)]
    demandes = [([ROUBAIX], ["T2"]), ([TOURCOING], ["T2"]), ([TOURCOING], ["T4"])]
    passages = [(ROUBAIX, "T2", 1, None), (TOURCOING, "T2", 1, None), (TOURCOING, "T4", 1, None)]
    entrepot = publish(tmp_path, demandes, baux, passages, [])
    with entrepot.open(Portee.mel()) as lecteur:
        personne, une = (
            gather(lecteur, ANNEE, Secteur(ICI[c], (c,)), ProfilBlocage("T4")) for c in (ROUBAIX, TOURCOING)
        )
    for constat, autre in zip(personne.constats, une.constats, strict=True):
        dite, comme = read(constat, SALLE), read(autre, SALLE).replace("Tourcoing", "Roubaix")
        assert dite == comme, constat.mesure
        assert lue_par(SALLE, titre, constat) == lue_par(SALLE, titre, autre)
        assert lue_par(SALLE, say_cercle, constat, "secteur") == lue_par(SALLE, say_cercle, autre, "secteur")
    assert "aucune attribution n’a ses deux dates" in read(personne.constat("delai"), PREPARATION)
    assert lue_par(PREPARATION, personne.constat("delai").read, "secteur") is None


def test_a_commune_reads_its_own_sector_exactly_and_the_circles_around_as_a_room_does(tmp_path):
    baux = [(c, "T4", None, date(2017, 3, 1), 3) for c in (ROUBAIX,) * 7 + (TOURCOING,) * 28]
    entrepot = publish(tmp_path, [], baux, [], [])
    with entrepot.open(Portee.mel()) as lecteur:
        flux = gather(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,))).constat("flux")
        de_l_ici = gather(lecteur, ANNEE, Secteur(ICI[ROUBAIX])).constat("flux")
    roubaix = Audience(cle="commune", code=ROUBAIX)
    assert read(flux, SALLE) == snapshot(
        "À Roubaix : **12 attributions ou moins** en 1 mois sur 12, sur 35 dans l’ICI et 35 dans la MEL."
    )
    assert read(flux, roubaix) == snapshot(
        "À Roubaix : **7 attributions** en 1 mois sur 12, sur 35 dans l’ICI et 35 dans la MEL."
    )
    assert read(de_l_ici, roubaix).endswith("**35 attributions** en 1 mois sur 12, sur 35 dans la MEL.")


def test_the_contingent_is_that_of_most_attributions_and_says_whose_it_is(tmp_path):
    # 3 of 5 for the collectivités in Roubaix, 2 without réservataire; 3 of 9 in the ICI.
    baux = [(ROUBAIX, "T4", r, date(2017, 3, 1), 3) for r in ("COLTER",) * 3 + ("AUCUN",) * 2]
    baux += [(TOURCOING, "T4", "AUCUN", date(2017, 3, 1), 3)] * 4
    entrepot = publish(tmp_path, [], baux, [], [])
    with entrepot.open(Portee.mel()) as lecteur:
        contingent = gather(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,))).constat("contingent")
    assert (contingent.quoi, contingent.valeur) == ("collectivités territoriales", 3 / 5)
    assert contingent.effectifs["ici"] == (3, 9)
    # Of five, a room is not told whose they are.
    assert read(contingent, SALLE) == snapshot(
        "À Roubaix : **12 attributions ou moins**, trop peu pour dire leur réservataire."
    )


def test_the_value_in_bold_is_the_value_of_the_finding_whatever_other_numbers_the_sentence_says(tmp_path):
    # 18 delays of 8 months: « la moitié des 18 … moins de 8 mois ».
    baux = [(LILLE, "T4", None, date(2017, 8, 31), 8)] * 18
    entrepot = publish(tmp_path, [], baux, [], [])
    with entrepot.open(Portee.mel()) as lecteur:
        delai = gather(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,))).constat("delai")
    mois = f"{delai.valeur:.0f}\u00a0mois"
    assert f"moins de **{mois}** après" in lue_par(PREPARATION, delai.phrase)
    assert lue_par(PREPARATION, delai.phrase).count("**") == 2


@pytest.mark.parametrize(
    ("seance", "connus", "reserve"),
    [
        ("2017S2", True, ""),  # 2017, the last event is of 2017-12-31: everybody housed since 2016-12-31 is there
        ("2017S1", False, "ne se mesurent plus"),  # from 2016-07-01
        ("2016S2", False, "ne se mesurent plus"),
    ],
)
def test_the_refusals_of_a_period_whose_housed_households_have_left_are_unknown_and_say_why(
    tmp_path, seance, connus, reserve
):
    passages = [
        {
            "id_evenement": f"E{jour}{i}",
            "numero_unique": f"e{i}",
            "type": "PASSAGE_CAL",
            "date_survenance": jour,
            "decision": "ATTRIBUE",
            "rang": 1,
            "code_residence": f"P{LILLE}",
            "code_bailleur": "B1",
        }
        for jour in (date(2016, 8, 1), date(2017, 3, 1), date(2017, 12, 31))
        for i in range(3)
    ]
    entrepot = Entrepot(tmp_path)
    serve(
        entrepot,
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", *QUARTIERS),
            evenements=table("evenements", *passages),
            residences=table(
                "residences",
                {"code_residence": f"P{LILLE}", "code_bailleur": "B1", "code_quartier": f"{LILLE}01", "n_logements": 0},
            ),
        ),
    )
    with entrepot.open(Portee.mel()) as lecteur:
        dossier = gather(lecteur, Periode.de(seance, "annee"), Secteur(ICI[LILLE], (LILLE,)))
    for mesure in ("refus_rang_1", "non_attribution", "passages"):
        constat = dossier.constat(mesure)
        assert (constat.valeur is not None, constat.valeurs["mel"] is not None) == (connus, connus)
        assert ("logés depuis plus d’un an" in lue_par(SALLE, constat.phrase)) is not connus
    assert (
        any(reserve in r for r in lue_par(SALLE, dossier.reserves)) if reserve else not lue_par(SALLE, dossier.reserves)
    )


@pytest.mark.parametrize(
    ("derniere", "est_dit", "est_trop"),
    [
        (None, False, False),
        (date(2017, 12, 31), False, False),
        (date(2018, 1, 1), False, False),
        (date(2018, 1, 2), True, False),  # the household housed on 2017-01-01 has left
        (date(2018, 4, 1), True, False),
        (date(2018, 4, 2), True, True),  # more than three months of the period
    ],
)
def test_a_few_weeks_lost_are_told_and_a_quarter_leaves_the_shares_unknown(derniere, est_dit, est_trop):
    trou = Trou.de(ANNEE, derniere)
    assert (bool(trou.reserve), trou.est_trop) == (est_dit, est_trop)


@pytest.mark.parametrize(
    ("audience", "n", "dit"),
    [
        (SALLE, 1, "12 passages en commission ou moins n’ont"),
        (SALLE, 13, "15 passages en commission n’ont"),
        (PREPARATION, 1, "1 passage en commission n’a"),
    ],
)
def test_what_is_left_out_is_counted_for_whoever_reads(tmp_path, audience, n, dit):
    entrepot = publish(tmp_path, [], [], [(None, "T4", 1, None)] * n + [(LILLE, "T4", 1, None)], [])
    with entrepot.open(Portee.mel()) as lecteur:
        arret, reserve = lue_par(audience, gather(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,))).reserves)
    assert arret == "Les événements enregistrés s’arrêtent le 1er juin 2017 : ce qui les suit n’est pas compté."
    accord = "il compte" if n == 1 and audience.lit_tout else "ils comptent"
    assert reserve.replace("\u00a0", " ") == (
        f"{dit} pas de résidence connue : {accord} dans la MEL, dans aucun secteur."
    )


def test_a_share_of_a_profile_is_said_in_a_room_from_three_hundred_and_that_of_all_from_a_hundred(tmp_path):
    # Said of all and of a profile, two shares of a hundred or so give back the few that are of neither: 28 of 131 wait,
    # 23 of the 108 of droit commun; at 21 % each, the others are four or five.
    entrepot = publish(tmp_path, [], [], refusals((ROUBAIX, 131, 28), (TOURCOING, 320, 100)), [])
    with entrepot.open(Portee.mel()) as lecteur:
        lus = {
            (c, qui): gather(lecteur, ANNEE, Secteur(ICI[c], (c,)), ProfilBlocage(qui)).constat("refus_rang_1")
            for c in (ROUBAIX, TOURCOING)
            for qui in (None, "T4")
        }
    dites = {cle: lue_par(SALLE, constat.read, "secteur").est_dit for cle, constat in lus.items()}
    assert dites == {(ROUBAIX, None): True, (ROUBAIX, "T4"): False, (TOURCOING, None): True, (TOURCOING, "T4"): True}
    assert "**130 premiers rangs**, trop peu pour dire combien" in read(lus[ROUBAIX, "T4"], SALLE)
    assert "28 des 131 premiers rangs" in read(lus[ROUBAIX, "T4"], PREPARATION)

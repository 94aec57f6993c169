"""The evidence for a blocage: every figure counted again in plain Python, and what is not known said as such."""

from __future__ import annotations

from datetime import date
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot, Portee
from mel_core.seance.preuves import Preuve, ProfilBlocage, Secteur, gather
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle.erreurs import AppelIncorrect
from tests.exemples import examples
from tests.jeux import LILLE, ROUBAIX, bailleurs, chargement, serve
from tests.lecteurs import lue_par
from tests.seance.preuves.petit import ANNEE, CODES, ICI, TOURCOING, publish

TYPOLOGIES = ("T2", "T4")

une_demande = st.tuples(
    st.lists(st.sampled_from(CODES), unique=True), st.lists(st.sampled_from(TYPOLOGIES), unique=True)
)
une_attribution = st.tuples(
    st.sampled_from(CODES),
    st.sampled_from([*TYPOLOGIES, None]),
    st.sampled_from(["COLTER", "AUCUN", None]),
    st.sampled_from([date(2016, 12, 31), date(2017, 1, 1), date(2017, 12, 31)]),
    st.sampled_from([None, 3, 14]),
)
un_passage = st.tuples(
    st.sampled_from([*CODES, None]),
    st.sampled_from([*TYPOLOGIES, None]),
    st.sampled_from([None, "NON_ATTRIBUE", 1, 2]),
    st.sampled_from([None, 0, 60, 61]),  # days before the refusal
)
une_residence = st.tuples(st.sampled_from(CODES), st.integers(1, 90), st.sampled_from([None, 0, 1, 5]))
tirages = st.tuples(
    st.lists(une_demande, max_size=8),
    st.lists(une_attribution, max_size=8),
    st.lists(un_passage, max_size=8),
    st.lists(une_residence, max_size=5),
)


def read(constat: Preuve, audience: Audience) -> str:
    """The sentence, its spaces and its weights aside."""
    return lue_par(audience, constat.phrase).translate({0x202F: " ", 0xA0: " ", ord("*"): None})


def share(k: int, n: int) -> float | None:
    return k / n if n else None


def expected(codes: set[str], typologie: str | None, tirage) -> dict[str, float | None]:
    """Every measure over the communes `codes`, counted by hand."""
    demandes, attributions, passages, residences = tirage
    siennes = [s for s, types in demandes if set(s) & codes and (typologie is None or typologie in types)]
    baux = [
        (jour, mois)
        for code, t, _, jour, mois in attributions
        if code in codes and jour.year == 2017 and (typologie is None or t == typologie)
    ]
    vus = [
        (issue, delai) for code, t, issue, delai in passages if code in codes and (typologie is None or t == typologie)
    ]
    premiers = [delai for issue, delai in vus if issue == 1]
    decides = [issue for issue, _ in vus if issue is not None]
    stock = [(n, v) for code, n, v in residences if code in codes and v is not None]
    return {
        "demande": len(siennes),
        "flux": len(baux),
        "tension": share(sum(len(set(s) & codes) for s in siennes), len(baux)),
        "passages": len(vus),
        "refus_rang_1": share(sum(d is not None and d <= 60 for d in premiers), len(premiers)),
        "non_attribution": share(decides.count("NON_ATTRIBUE"), len(decides)),
        "vacance": share(sum(v for _, v in stock), sum(n for n, _ in stock)),
        "delai_connu": bool([m for _, m in baux if m is not None]),
    }


@examples(12)
@given(tirage=tirages, commune=st.sampled_from(CODES), typologie=st.sampled_from([None, "T4"]))
def test_every_figure_is_that_of_a_plain_count_or_unknown(tmp_path_factory, tirage, commune, typologie):
    entrepot = publish(tmp_path_factory.mktemp("entrepot"), *tirage)
    secteur = Secteur(ICI[commune], communes=(commune,))
    with entrepot.open(Portee.mel()) as lecteur:
        dossier = gather(lecteur, ANNEE, secteur, ProfilBlocage(typologie=typologie))
    cercles = {
        "secteur": {commune},
        "ici": {c for c in CODES if ICI[c] == ICI[commune]},
        "mel": set(CODES),
    }
    for cercle, codes in cercles.items():
        attendus = expected(codes, typologie, tirage)
        for mesure, attendu in attendus.items():
            if mesure == "delai_connu" or (cercle == "mel" and mesure in {"passages", "non_attribution"}):
                continue  # the MEL also counts the passages whose place is not known
            if cercle == "mel" and mesure == "refus_rang_1":
                continue
            trouve = dossier.constat(mesure).valeurs[cercle]
            # Nothing known in the whole Métropole is unknown; elsewhere 0 is 0.
            assert trouve == attendu or (trouve is None and attendu in (0, None)), (mesure, cercle)
    delai = dossier.constat("delai").valeur
    assert (delai is not None) == expected({commune}, typologie, tirage)["delai_connu"]


def test_a_value_is_its_numerator_over_its_denominator_and_the_sentence_says_them(tmp_path):
    # Roubaix: first ranks 4 of which 3 refused; 1 non-attribution of 5 decisions; 2 vacant of 50; Tourcoing: 4 and 1.
    passages = [(ROUBAIX, "T4", 1, 5)] * 3 + [(ROUBAIX, "T4", 1, None), (ROUBAIX, "T4", "NON_ATTRIBUE", None)]
    passages += [(TOURCOING, "T4", 1, 5), *[(TOURCOING, "T4", 1, None)] * 3]
    entrepot = publish(
        tmp_path,
        [([ROUBAIX], ["T4"]), ([ROUBAIX, TOURCOING], ["T4"]), ([ROUBAIX], ["T2"])],
        [(ROUBAIX, "T4", "COLTER", date(2017, 3, 1), 14), (TOURCOING, "T4", "AUCUN", date(2017, 3, 1), 3)],
        passages,
        [(ROUBAIX, 50, 2), (TOURCOING, 50, None)],
    )
    with entrepot.open(Portee.mel()) as lecteur:
        dossier = gather(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,)), ProfilBlocage(typologie="T4"))
    dites = {c.mesure: read(c, PREPARATION) for c in dossier.constats}
    assert dites["demande"] == snapshot(
        "À Roubaix (T4) : 2 demandes actives souhaitent Roubaix, sur 2 dans l’ICI et 2 dans la MEL. "
        "Les demandes enregistrées s’arrêtent le 3 janvier 2017 : ce qui les suit n’est pas compté."
    )
    # Two demandes for one attribution; in the ICI three wishes (one demande has two) for two attributions.
    assert dites["tension"] == snapshot(
        "À Roubaix (T4) : 2 demandes pour une attribution en 1 mois sur 12, contre 1,5 par commune dans l’ICI et 1,5 "
        "dans la MEL. Les demandes enregistrées s’arrêtent le 3 janvier 2017 : ce qui les suit n’est pas compté."
    )
    assert dites["refus_rang_1"] == snapshot(
        "À Roubaix (T4) : 3 des 4 premiers rangs ont été refusés en 1 mois sur 12 (75 %), "
        "contre 50 % dans l’ICI et 50 % dans la MEL."
    )
    assert dites["non_attribution"].startswith(
        "À Roubaix (T4) : 1 des 5 passages en commission a fini en non-attribution en 1 mois sur 12 (20 %)"
    )
    assert dites["vacance"].startswith("À Roubaix (tous profils) : 2 des 50 logements sont vacants (4 %)")
    assert dossier.motifs_refus.to_dict("records") == [
        {"code": "Loyer", "n": 3, "part": 1.0, "part_ici": 1.0, "part_mel": 1.0}
    ]
    contingent = dossier.constat("contingent")
    assert (contingent.numerateur, contingent.denominateur, contingent.valeurs["ici"]) == (1, 1, 0.5)
    for c in dossier.constats:
        if c.numerateur is not None:
            assert c.valeur == pytest.approx(c.numerateur / c.denominateur)


def test_what_no_file_says_is_unknown_and_never_zero(tmp_path):
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(bailleurs=bailleurs("B1")))
    with entrepot.open(Portee.mel()) as lecteur:
        dossier = gather(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,)))
    assert {c.valeur for c in dossier.constats} == {None}
    assert all(" : " in read(c, audience) for c in dossier.constats for audience in (PREPARATION, SALLE))


def test_a_typologie_that_no_attribution_says_leaves_the_flow_unknown(tmp_path):
    entrepot = publish(tmp_path, [], [(LILLE, None, None, date(2017, 3, 1), None)], [], [])
    with entrepot.open(Portee.mel()) as lecteur:
        assert gather(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,)), ProfilBlocage("T4")).constat("flux").valeur is None
        assert gather(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,))).constat("flux").valeur == 1


def test_the_demand_of_a_residence_is_that_of_the_commune_and_its_tension_is_not_told(tmp_path):
    entrepot = publish(
        tmp_path, [([LILLE], ["T4"])], [(LILLE, "T4", None, date(2017, 3, 1), None)], [], [(LILLE, 10, 1)]
    )
    with entrepot.open(Portee.mel()) as lecteur:
        dossier = gather(lecteur, ANNEE, Secteur(ICI[LILLE], residences=("R0",)))
    assert dossier.constat("demande").valeur == 1
    assert dossier.constat("tension").valeur is None
    assert dossier.constat("vacance").valeur == 0.1
    # The one attribution does not say its résidence: nobody knows whether it is there.
    assert dossier.constat("flux").valeur is None


def test_a_narrow_reader_compares_with_what_it_sees_whole_only(tmp_path):
    entrepot = publish(tmp_path, [([LILLE], ["T4"])], [], [(LILLE, "T4", 1, 5)], [])
    for portee, vus in ((Portee.ici(ICI[LILLE]), (True, False)), (Portee.commune(LILLE), (False, False))):
        with entrepot.open(portee) as lecteur:
            demande = gather(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,))).constat("demande")
        assert demande.valeur == 1
        assert (demande.valeurs["ici"] is not None, demande.valeurs["mel"] is not None) == vus
    with entrepot.open(Portee.bailleur("B1")) as lecteur:
        dossier = gather(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,)))
    assert dossier.constat("passages").valeur == 1
    assert dossier.constat("refus_rang_1").valeur is None  # refusals are not in the scope of a bailleur
    assert "périmètre" in read(dossier.constat("refus_rang_1"), PREPARATION)
    assert dossier.motifs_refus.empty


@pytest.mark.parametrize(
    ("secteur", "dite"),
    [
        (Secteur("ICI 9"), "L’ICI « ICI 9 »"),
        (Secteur(ICI[LILLE], communes=("00000",)), "La commune « 00000 » est inconnue"),
        (Secteur(ICI[LILLE], communes=(ROUBAIX,)), "n’est pas dans l’"),
        (Secteur(ICI[LILLE], quartiers=("x",)), "Le quartier « x » est inconnu"),
        (Secteur(ICI[LILLE], residences=("x",)), "La résidence « x » est inconnue"),
    ],
)
def test_a_sector_that_does_not_exist_is_refused_in_words(tmp_path, secteur, dite):
    entrepot = publish(tmp_path, [], [], [], [])
    with entrepot.open(Portee.mel()) as lecteur, pytest.raises(AppelIncorrect, match=dite):
        gather(lecteur, ANNEE, secteur)


def test_a_profile_out_of_the_contract_is_refused():
    with pytest.raises(AppelIncorrect, match="« T9 »"):
        ProfilBlocage(typologie="T9")


def test_the_median_delay_is_that_of_the_profile(tmp_path):
    baux = [(LILLE, t, None, date(2017, 12, 31), m) for t, m in (("T4", 3), ("T4", 14), ("T2", 3))]
    entrepot = publish(tmp_path, [], baux, [], [])
    with entrepot.open(Portee.mel()) as lecteur:
        dossier = gather(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,)), ProfilBlocage("T4"))
    # 14 is 2 years and a 1st of October: created 2015-10-01, 26 months; 3: created 2016-09-01, 15 months.
    assert dossier.constat("delai").valeur == median([26, 15])

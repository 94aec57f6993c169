"""A frozen cohort: every household once, whatever happened to it; a name that proves it, and survives erasure."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.entrepot import Entrepot, Portee
from mel_core.seance.engagements import cohortes as c
from mel_core.seance.engagements.cohortes import Issue
from mel_core.segments import SEGMENTS, Criteres, find_all
from mel_core.socle.erreurs import ErreurUtilisateur
from tests.exemples import examples
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, demande_active, serve, table

T0, T1 = date(2017, 6, 30), date(2017, 12, 31)
UN_JOUR = timedelta(days=1)


def demande(qui: str, **valeurs):
    lieux = {"communes_souhaitees": [LILLE], "code_insee_actuel": ROUBAIX}
    return demande_active(qui, date(2015, 1, 1), **(lieux | valeurs))


def evenement(numero: int | str, qui: str, type_: str, jour: date, **valeurs):
    return {"id_evenement": f"E{numero}", "numero_unique": qui, "type": type_, "date_survenance": jour, **valeurs}


def radiee(jour: date | None, motif: str | None):
    return {"etat": "RADIEE", "date_radiation": jour, "motif_radiation": motif}


def magasin(dossier, demandes, evenements=(), attributions=(), residences=()):
    entrepot = Entrepot(dossier)
    tables = {"bailleurs": bailleurs("B1", "B2"), "demandes": table("demandes", *demandes)}
    if evenements:
        tables["evenements"] = table("evenements", *evenements)
    if attributions:
        tables["attributions"] = table("attributions", *attributions)
    if residences:
        tables["residences"] = table("residences", *residences)
    serve(entrepot, chargement(**tables))
    return entrepot


def cohorte(*qui: str, souhaits: str = LILLE, residence: str = ROUBAIX) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "pseudonyme": q,
                "commune_residence": residence,
                "communes_souhaitees": souhaits,
                "bailleur_actuel": "inconnu",
                "motif": "30 mois, aucune proposition enregistrée",
            }
            for q in sorted(qui)
        ],
        columns=list(c.COLONNES),
    )


def issues(entrepot, *qui):
    with entrepot.open(Portee.mel()) as lecteur:
        suivie = c.follow(lecteur, cohorte(*qui), T0, T1)
    return dict(zip(suivie["pseudonyme"], suivie["issue"], strict=True))


def test_each_household_has_the_first_outcome_that_holds(tmp_path):
    entrepot = magasin(
        tmp_path,
        [
            # a bail outweighs the strike-off, the refusal and the proposition recorded beside it
            demande("bail", **radiee(date(2017, 9, 30), "RADATT")),
            demande("bail_et_active"),
            demande("sans_bail", **radiee(date(2017, 9, 30), "RADATT")),
            demande("abandon", **radiee(date(2017, 9, 30), "RADABA")),
            demande("sans_motif", **radiee(None, None)),
            demande("refus"),
            demande("propose"),
            demande("passe_en_cal"),
            demande("visite"),
            demande("attend"),
        ],
        [
            evenement(1, "bail", "REFUS_DEMANDEUR", date(2017, 8, 1)),
            evenement(2, "abandon", "REFUS_DEMANDEUR", date(2017, 8, 1)),
            evenement(3, "refus", "PROPOSITION", date(2017, 8, 1)),
            evenement(4, "refus", "REFUS_DEMANDEUR", date(2017, 8, 5)),
            evenement(5, "propose", "PROPOSITION", date(2017, 8, 1)),
            evenement(6, "passe_en_cal", "PASSAGE_CAL", date(2017, 8, 1), decision="NON_ATTRIBUE"),
            evenement(7, "visite", "VISITE", date(2017, 8, 1)),
        ],
        [attribution(1, numero_unique="bail"), attribution(2, numero_unique="bail_et_active", code_bailleur="B2")],
    )
    assert issues(
        entrepot,
        *("bail", "bail_et_active", "sans_bail", "abandon", "sans_motif", "refus"),
        *("propose", "passe_en_cal", "visite", "attend", "efface"),
    ) == {
        "bail": "reloge",
        "bail_et_active": "reloge",
        "sans_bail": "reloge_sans_bail",
        "abandon": "radie",
        "sans_motif": "radie",
        "refus": "refus",
        "propose": "propose",
        "passe_en_cal": "propose",
        "visite": "en_attente",
        "attend": "en_attente",
        "efface": "introuvable",
    }


@pytest.mark.parametrize(
    ("jour", "attendue"),
    [(T0, "en_attente"), (T0 + UN_JOUR, "propose"), (T1, "propose"), (T1 + UN_JOUR, "en_attente")],
)
def test_the_day_of_the_first_seance_is_out_and_that_of_the_second_is_in(tmp_path, jour, attendue):
    entrepot = magasin(tmp_path, [demande("p")], [evenement(1, "p", "PROPOSITION", jour)])
    assert issues(entrepot, "p") == {"p": attendue}


@pytest.mark.parametrize(
    ("jour", "attendue"), [(T0, "en_attente"), (T0 + UN_JOUR, "reloge"), (T1, "reloge"), (T1 + UN_JOUR, "en_attente")]
)
def test_a_bail_counts_in_the_interval_alone(tmp_path, jour, attendue):
    entrepot = magasin(tmp_path, [demande("p")], attributions=[attribution(1, numero_unique="p", date_bail=jour)])
    assert issues(entrepot, "p") == {"p": attendue}


def test_a_strike_off_after_the_second_seance_has_not_happened_yet(tmp_path):
    entrepot = magasin(tmp_path, [demande("p", **radiee(T1 + UN_JOUR, "RADREN")), demande("q", **radiee(T1, "RADREN"))])
    assert issues(entrepot, "p", "q") == {"p": "en_attente", "q": "radie"}


def test_of_two_bails_the_first_tells_where_and_by_whom(tmp_path):
    baux = [
        attribution(2, numero_unique="p", date_bail=date(2017, 11, 1), code_insee=ROUBAIX, code_bailleur="B2"),
        attribution(1, numero_unique="p", date_bail=date(2017, 8, 1), code_insee=LILLE, code_bailleur="B1"),
    ]
    entrepot = magasin(tmp_path, [demande("p")], attributions=baux)
    with entrepot.open(Portee.mel()) as lecteur:
        suivie = c.follow(lecteur, cohorte("p"), T0, T1)
    assert suivie[["commune_bail", "bailleur_bail"]].to_dict("records") == [
        {"commune_bail": LILLE, "bailleur_bail": "B1"}
    ]
    assert c.bilan_par(suivie, "bailleur_bail").to_dict("records") == [{"cle": "B1", "issue": "reloge", "n": 1}]


def test_wanted_residence_and_bail_are_three_communes(tmp_path):
    bail = attribution(1, numero_unique="p", code_insee="59599")
    entrepot = magasin(tmp_path, [demande("p")], attributions=[bail])
    figee = cohorte("p", "q", souhaits=f"{LILLE}|{ROUBAIX}", residence=ROUBAIX)
    with entrepot.open(Portee.mel()) as lecteur:
        suivie = c.follow(lecteur, figee, T0, T1)

    def par(cle):
        return {(x.cle, x.issue): x.n for x in c.bilan_par(suivie, cle).itertuples()}

    deux = {"introuvable": 1, "reloge": 1}
    assert par("commune_residence") == {(ROUBAIX, i): n for i, n in deux.items()}
    assert par("commune_souhaitee") == {(commune, i): n for commune in (LILLE, ROUBAIX) for i, n in deux.items()}
    assert par("commune_bail") == {("59599", "reloge"): 1}


def test_an_empty_cohort_has_an_empty_accounting(tmp_path):
    with magasin(tmp_path, [demande("p")]).open(Portee.mel()) as lecteur:
        suivie = c.follow(lecteur, cohorte(), T0, T1)
    assert c.bilan(suivie)["n"].sum() == 0
    assert c.bilan(suivie)["part"].isna().all()


jours = st.sampled_from([T0 - UN_JOUR, T0, T0 + UN_JOUR, date(2017, 9, 1), T1, T1 + UN_JOUR])
menages = st.lists(
    st.fixed_dictionaries(
        {
            "est_charge": st.booleans(),
            "etat": st.sampled_from(["ACTIVE", "RADIEE"]),
            "date_radiation": st.none() | jours,
            "motif_radiation": st.sampled_from([None, "RADATT", "RADREN", "RADABA"]),
            "baux": st.lists(jours, max_size=2),
            "evenements": st.lists(
                st.tuples(st.sampled_from(["PROPOSITION", "PASSAGE_CAL", "REFUS_DEMANDEUR", "AUTRE"]), jours),
                max_size=3,
            ),
        }
    ),
    min_size=1,
    max_size=8,
)


def attendue(menage) -> str:
    """The rule in plain Python, from the top."""

    def dedans(jour):
        return jour is not None and T0 < jour <= T1

    radie = menage["etat"] == "RADIEE" and (menage["date_radiation"] is None or menage["date_radiation"] <= T1)
    faits = {type_ for type_, jour in menage["evenements"] if dedans(jour)}
    if any(dedans(b) for b in menage["baux"]):
        return "reloge"
    if not menage["est_charge"]:
        return "introuvable"
    if radie:
        return "reloge_sans_bail" if menage["motif_radiation"] == "RADATT" else "radie"
    if "REFUS_DEMANDEUR" in faits:
        return "refus"
    return "propose" if faits & {"PROPOSITION", "PASSAGE_CAL"} else "en_attente"


@examples(12)
@given(tirage=menages, present=st.lists(st.booleans(), min_size=8, max_size=8), nouveaux=st.integers(0, 3))
def test_outcomes_add_up_to_the_cohort_and_the_lists_to_each_other(tmp_path_factory, tirage, present, nouveaux):
    noms = [f"p{i}" for i in range(len(tirage))]
    demandes, evenements, baux = [demande("autre")], [], []
    for nom, menage in zip(noms, tirage, strict=True):
        if menage["est_charge"]:
            demandes.append(demande(nom, **{k: menage[k] for k in ("etat", "date_radiation", "motif_radiation")}))
        evenements += [evenement(f"{nom}-{i}", nom, t, j) for i, (t, j) in enumerate(menage["evenements"])]
        baux += [attribution(len(baux) + i, numero_unique=nom, date_bail=jour) for i, jour in enumerate(menage["baux"])]
    entrepot = magasin(tmp_path_factory.mktemp("m"), demandes, evenements, baux)
    with entrepot.open(Portee.mel()) as lecteur:
        suivie = c.follow(lecteur, cohorte(*noms), T0, T1)
    assert dict(zip(suivie["pseudonyme"], suivie["issue"], strict=True)) == {
        nom: attendue(menage) for nom, menage in zip(noms, tirage, strict=True)
    }
    bilan = c.bilan(suivie)
    assert bilan["n"].sum() == len(noms)
    assert dict(zip(bilan["issue"], bilan["n"], strict=True)) == {
        **dict.fromkeys(map(str, Issue), 0),
        **Counter(suivie["issue"]),
    }
    for cle in ("commune_residence", "commune_souhaitee"):  # one wish each here
        assert c.bilan_par(suivie, cle)["n"].sum() == len(noms)

    restes = [nom for nom, ici in zip(noms, present, strict=False) if ici]
    nouvelle = pd.DataFrame(
        {
            "pseudonyme": [*restes, *(f"n{i}" for i in range(nouveaux))],
            "date_creation": [date(2015, 1, 1)] * len(restes) + [T0 + timedelta(days=i) for i in range(nouveaux)],
        }
    )
    postes = c.decompose(suivie, nouvelle, T0)
    assert set(postes["poste"]) == set(c.POSTES)
    *termes, (_, _, apres) = postes.itertuples(index=False, name=None)
    assert sum(sens * n for _, sens, n in termes) == apres == len(nouvelle)
    assert dict(zip(postes["poste"], postes["n"], strict=True))["demandes_nouvelles"] == max(0, nouveaux - 1)


def test_a_cohort_kept_is_read_back_and_its_name_proves_it(tmp_path):
    figee = cohorte("p", "q", "r")
    nom = c.keep(tmp_path, figee)
    pd.testing.assert_frame_equal(c.reread(tmp_path, nom), figee, check_dtype=False)
    fichier = tmp_path / "cohortes" / f"{nom}.json"
    assert fichier.stat().st_mode & 0o077 == 0
    fichier.write_text(fichier.read_text(encoding="utf-8").replace("30 mois", "31 mois"), encoding="utf-8")
    with pytest.raises(ErreurUtilisateur, match="modifiée"):
        c.reread(tmp_path, nom)


def test_an_erased_household_leaves_the_name_and_the_count_but_nothing_of_itself(tmp_path):
    nom = c.keep(tmp_path, cohorte("menage-un", "menage-deux"))
    assert c.erase(tmp_path, ["menage-un", "ailleurs"]) == 1
    relue = c.reread(tmp_path, nom)
    assert len(relue) == 2
    assert "menage-un" not in (tmp_path / "cohortes" / f"{nom}.json").read_text(encoding="utf-8")
    assert issues(magasin(tmp_path / "m", [demande("menage-deux")]), *relue["pseudonyme"]) == {
        "menage-deux": "en_attente",
        next(p for p in relue["pseudonyme"] if p.startswith("effacé")): "introuvable",
    }


@pytest.mark.parametrize("nom", ["", "../registre", "0" * 64])
def test_a_cohort_that_is_not_there_is_said(tmp_path, nom):
    with pytest.raises(ErreurUtilisateur, match="engagement"):
        c.reread(tmp_path, nom)


def test_the_list_of_a_segment_becomes_its_cohort(tmp_path):
    entrepot = magasin(tmp_path, [demande("p"), demande("q", communes_souhaitees=None, code_insee_actuel=None)])
    with entrepot.open(Portee.mel()) as lecteur:
        for segment in SEGMENTS:
            liste = find_all(lecteur, segment, Criteres(T0))
            figee = c.pin(liste)
            assert figee["pseudonyme"].tolist() == sorted(liste["pseudonyme"])
        figee = c.pin(find_all(lecteur, "attente_24", Criteres(T0)))
    assert figee.drop(columns="motif").to_dict("records") == [
        {
            "pseudonyme": "p",
            "commune_residence": ROUBAIX,
            "communes_souhaitees": LILLE,
            "bailleur_actuel": "inconnu",
        },
        {
            "pseudonyme": "q",
            "commune_residence": "inconnu",
            "communes_souhaitees": "inconnu",
            "bailleur_actuel": "inconnu",
        },
    ]

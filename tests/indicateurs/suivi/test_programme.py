"""What the programme answers, against plain Python on rows drawn here: the typologies of the mutations, the products
that incomes open to."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs.besoins import say_manquants
from mel_core.indicateurs.suivi import besoins_mutations, produits
from mel_core.objectifs.reperes import plafonds_du_produit
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.socle.periodes import Periode
from tests.indicateurs.suivi.test_bassins import LILLE, ROUBAIX, TOURCOING, publish
from tests.jeux import attribution
from tests.lecteurs import lue_par

REFERENCE = Path(__file__).resolve().parents[3] / "data" / "reference"
ANNEE = Periode.de("2017S2", "annee")
FIN = date(2017, 12, 31)
ICI = {ROUBAIX: "ICI 2", TOURCOING: "ICI 2", LILLE: "ICI 1"}
TYPES = ["C", "T1", "T2", "T3", "T4", "T5", "T6P"]
N_TYPES = ["n_t1", "n_t2", "n_t3", "n_t4", "n_t5", "n_t6p"]
AIDES = ["PLAI", "PLUS", "PLS"]


def ceilings(annee: int) -> dict[str, dict[str, int]]:
    lus: dict[str, dict[str, int]] = {}
    for nom in ("plafonds_plus.csv", "plafonds_plai_pls.csv"):
        with (REFERENCE / nom).open(encoding="utf-8") as fichier:
            for x in csv.DictReader(fichier):
                if int(x["annee"]) == annee:
                    lus.setdefault(x.get("financement") or "PLUS", {})[x["categorie"]] = int(x["plafond_eur"])
    return lus


PLAFONDS = ceilings(2017)


def draw(graine: int) -> dict[str, list[dict[str, Any]]]:
    """Incomes on each ceiling, a cent over and under, unknown, none and negative; households of up to nine."""
    hasard = random.Random(graine)
    montants = [p[k] for p in PLAFONDS.values() for k in "123456"]
    montants += [PLAFONDS[a]["6"] + 2 * PLAFONDS[a]["pers_supp"] for a in AIDES]
    demandes = []
    for i in range(600):
        creee = hasard.choice([date(2016, 5, 1), date(2017, 12, 31), date(2018, 1, 1)])
        etat = hasard.choice(["ACTIVE", "ACTIVE", "RADIEE"])
        radiee = None if etat == "ACTIVE" else max(creee, hasard.choice([FIN, date(2018, 1, 1)]))
        revenu = hasard.choice([hasard.choice(montants) + hasard.choice([0, 0, 0.01, -0.01]), None, 0, -5])
        demandes.append(
            {
                **{"numero_unique": f"p{i}", "date_creation": creee, "etat": etat, "date_radiation": radiee},
                **{"n_personnes": hasard.randint(0, 9), "revenu_fiscal": revenu},
                "categorie_menage": hasard.choice([None, None, 3, 6]),
                "statut_logement": hasard.choice(["HLM", "HLM", "LP", None]),
                "typologies": hasard.choice([None, [], ["T2"], ["T3", "T3"], ["T2", "T4", "T6P"], ["C"]]),
                "communes_souhaitees": hasard.choice([[ROUBAIX], [LILLE], [TOURCOING, LILLE], ["hors_mel"], None]),
            }
        )
    jours = [date(2017, 1, 1), FIN, date(2016, 12, 31), date(2018, 1, 1)]
    baux = [
        attribution(
            i,
            **{"date_bail": hasard.choice(jours), "code_insee": hasard.choice(list(ICI)), "mutation": i % 3 == 0},
            **{"typologie": hasard.choice(["T2", "T3", "T6P", "T9", None])},
            financement=hasard.choice(["PLAI", "PLUS", "PLS", "PLA", "AUTRE", None]),
        )
        for i in range(300)
    ]
    quartiers = [{"code_quartier": f"{c}0101", "nom": "Q", "code_insee": c} for c in ICI]
    residences = [
        {
            **{"code_residence": f"R{i}", "code_bailleur": "B1", "n_logements": hasard.randint(1, 90)},
            **{"code_quartier": f"{hasard.choice(list(ICI))}0101"},
            "financement": hasard.choice(["PLAI", "PLUS", "PLS", "AUTRE", None]),
        }
        for i in range(25)
    ]
    operations = []
    for i in range(20):
        types = {c: hasard.randint(0, 9) for c in N_TYPES}
        if i % 4 == 0:
            types[hasard.choice(N_TYPES)] = None  # type: ignore[assignment]
        aides = {f"n_{a.lower()}": hasard.randint(0, 20) for a in AIDES}
        if i % 5 == 0:
            aides[hasard.choice(list(aides))] = None  # type: ignore[assignment]
        commun = {"code_operation": f"O{i}", "code_insee": hasard.choice(list(ICI)), "annee": 2017, "n_logements": 90}
        operations.append({**commun, **types, **aides})
    return {"demandes": demandes, "attributions": baux, "quartiers": quartiers, "residences": residences} | {
        "programmation": operations
    }


@pytest.fixture(scope="module", params=[1, 2])
def monde(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Entrepot, Any]:
    jeu = draw(request.param)
    return publish(tmp_path_factory.mktemp("programme"), jeu), jeu


def demandeurs(jeu: Any, ici: str | None) -> list[dict[str, Any]]:
    return [
        d
        for d in jeu["demandes"]
        if d["date_creation"] <= FIN
        and (d["etat"] == "ACTIVE" or d["date_radiation"] > FIN)
        and (ici is None or any(ICI.get(c) == ici for c in d["communes_souhaitees"] or []))
    ]


def baux(jeu: Any, ici: str | None) -> list[dict[str, Any]]:
    return [
        a
        for a in jeu["attributions"]
        if date(2017, 1, 1) <= a["date_bail"] <= FIN and ici in (None, ICI[a["code_insee"]])
    ]


@pytest.mark.parametrize("ici", [None, "ICI 2", "ICI 1"])
def test_the_typologies_of_the_mutations_are_those_of_the_rows(monde: tuple[Entrepot, Any], ici: str | None) -> None:
    entrepot, jeu = monde
    with entrepot.open(Portee.mel()) as lecteur:
        lus = besoins_mutations.besoins(lecteur, ANNEE, ici)
    tous = demandeurs(jeu, ici)
    mutations = [d for d in tous if d["statut_logement"] == "HLM"]
    souhaits = Counter(t for d in mutations for t in set(d["typologies"] or []))
    taille = {0: None, **{n: f"T{n}" for n in range(1, 6)}, **dict.fromkeys(range(6, 10), "T6P")}
    besoins = Counter(taille[d["n_personnes"]] for d in mutations)
    obtenus = Counter(a["typologie"] for a in baux(jeu, ici) if a["mutation"])
    completes = [
        o
        for o in jeu["programmation"]
        if ici in (None, ICI[o["code_insee"]]) and all(o[c] is not None for c in N_TYPES)
    ]
    attendues = [
        {
            **{"typologie": t, "n_souhaits": souhaits[t], "n_besoins": besoins[t], "n_obtenus": obtenus[t]},
            "n_programmes": None if t == "C" else sum(o[f"n_{t.lower()}"] for o in completes),
        }
        for t in TYPES
    ]
    assert lus.lignes.astype(object).where(lus.lignes.notna(), None).to_dict("records") == attendues
    assert (lus.n_mutations, lus.n_sans_typologie, lus.n_sans_taille) == (
        *(len(mutations), sum(not d["typologies"] for d in mutations), besoins[None]),
    )
    assert lus.n_statuts_inconnus == sum(d["statut_logement"] is None for d in tous)
    assert (lus.n_completes, lus.manques) == (len(completes), ())
    dites = lue_par(PREPARATION, besoins_mutations.render, lus.lignes).set_index("typologie")
    assert dites.loc["T2", "part_souhaits"] == pytest.approx(souhaits["T2"] / sum(souhaits.values()))


def product(demande: dict[str, Any]) -> str | None:
    """Of the household by its income: what a sheet of ceilings says, whoever is on a ceiling being under it."""
    revenu, n = demande["revenu_fiscal"], demande["n_personnes"]
    categorie = demande["categorie_menage"] or min(n, 6)
    if revenu is None or revenu <= 0 or not categorie:
        return None
    for aide in AIDES:
        plus = PLAFONDS[aide]["pers_supp"] * max(0, n - 6) if categorie == 6 else 0
        if round(100 * revenu) <= 100 * (PLAFONDS[aide][str(categorie)] + plus):
            return aide
    return "AU_DELA"


@pytest.mark.parametrize("ici", [None, "ICI 2"])
def test_the_products_are_those_of_the_rows(monde: tuple[Entrepot, Any], ici: str | None) -> None:
    entrepot, jeu = monde
    with entrepot.open(Portee.mel()) as lecteur:
        lus = produits.produits(lecteur, ANNEE, ici)
    ouverts = Counter(map(product, demandeurs(jeu, ici)))
    dans = {c for c in ICI if ici in (None, ICI[c])}
    completes = [
        o
        for o in jeu["programmation"]
        if o["code_insee"] in dans and all(o[f"n_{a.lower()}"] is not None for a in AIDES)
    ]
    loues = Counter("AUTRE" if a["financement"] == "PLA" else a["financement"] for a in baux(jeu, ici))
    parc: Counter[str | None] = Counter()
    for r in jeu["residences"]:
        if r["code_quartier"][:5] in dans:
            parc[r["financement"]] += r["n_logements"]
    attendues = [
        {
            "produit": p,
            "n_demandeurs": None if p == "AUTRE" else ouverts[p],
            "n_programmes": sum(o[f"n_{p.lower()}"] for o in completes) if p in AIDES else None,
            "n_attributions": None if p == "AU_DELA" else loues[p],
            "n_logements": None if p == "AU_DELA" else parc[p],
        }
        for p in (*AIDES, "AU_DELA", "AUTRE")
    ]
    assert lus.lignes.astype(object).where(lus.lignes.notna(), None).to_dict("records") == attendues
    assert all(ouverts[p] for p in (*AIDES, "AU_DELA", None))  # each side of each ceiling was met
    assert lus.inconnus["n_demandeurs"] == ouverts[None]
    assert (lus.inconnus["n_attributions"], lus.inconnus["n_logements"]) == (loues[None], parc[None])
    assert (lus.annee, lus.est_connue, lus.est_estimee) == (2017, True, False)


def test_a_year_without_a_ceiling_of_the_plai_judges_no_income_and_says_so(tmp_path: Path) -> None:
    jeu = draw(1)
    with publish(tmp_path, jeu).open(Portee.mel()) as lecteur:
        lus = produits.produits(lecteur, Periode.de("2016S2", "annee"))
    assert not lus.est_connue
    assert lus.lignes["n_demandeurs"].isna().all()
    assert lus.lignes["n_programmes"].notna().any()
    phrase = produits.say("la Métropole", lus, lue_par(PREPARATION, produits.render, lus.lignes), "12 mois")
    assert "aucun plafond PLAI n’est connu en 2016" in phrase
    assert "le PLAI fait" in phrase


def test_ceilings_are_official_then_estimated_and_no_year_stands_for_another() -> None:
    assert plafonds_du_produit("PLAI", 2016) is None
    lus = [(p, a, plafonds_du_produit(p, a)) for p, a in (("PLAI", 2017), ("PLAI", 2026), ("PLS", 2017))]
    assert [(p, a, x.statut) for p, a, x in lus if x] == [
        *(("PLAI", 2017, "officiel"), ("PLAI", 2026, "estime"), ("PLS", 2017, "regle")),
    ]
    plai = lus[0][2]
    assert plai is not None
    assert (plai.par_categorie, plai.supplement) == ((11067, 16125, 19390, 21575, 25243, 28448), 3173)


def test_without_its_columns_each_series_is_unknown_and_the_columns_are_named(tmp_path: Path) -> None:
    jeu = draw(2)
    sans = [f"programmation.{c}" for c in N_TYPES] + ["demandes.statut_logement", "residences.financement"]
    with publish(tmp_path, jeu, *sans).open(Portee.mel()) as lecteur:
        besoins = besoins_mutations.besoins(lecteur, ANNEE)
        lus = produits.produits(lecteur, ANNEE)
    assert besoins.lignes[["n_souhaits", "n_besoins", "n_programmes"]].isna().all(axis=None)
    assert besoins.lignes["n_obtenus"].notna().all()
    dit = say_manquants(besoins.manques)
    assert all(f"« {c} »" in dit for c in (*N_TYPES, "statut_logement"))
    assert "statut du logement n’est pas donné" in lue_par(
        PREPARATION,
        besoins_mutations.say,
        "la Métropole",
        besoins,
        lue_par(PREPARATION, besoins_mutations.render, besoins.lignes),
    )
    assert lus.lignes["n_logements"].isna().all()
    assert "« financement » (table « residences »)" in say_manquants(lus.manques)


def test_a_room_reads_rounded_households_and_exact_dwellings(monde: tuple[Entrepot, Any]) -> None:
    entrepot, _ = monde
    with entrepot.open(Portee.mel()) as lecteur:
        lus = besoins_mutations.besoins(lecteur, ANNEE)
    dites = lue_par(SALLE, besoins_mutations.render, lus.lignes)
    for colonne in besoins_mutations.MENAGES:
        for exact, dit in zip(lus.lignes[colonne], dites[colonne], strict=True):
            assert dit.est_tu if exact <= 12 else (dit.dit % 5 == 0 and abs(dit.dit - exact) <= 2)
    assert dites["n_programmes"].equals(lus.lignes["n_programmes"])
    total = int(lus.lignes["n_obtenus"].sum())
    assert total < 300  # too few for the shares of a distribution
    assert dites["part_obtenus"].isna().all()


def test_the_sentence_names_where_the_programme_is_furthest_behind() -> None:
    lignes = pd.DataFrame({"typologie": ["T2", "T3"], "n_souhaits": [60, 40], "n_besoins": [0, 0], "n_obtenus": [0, 0]})
    lus = besoins_mutations.Besoins(lignes, 80, 0, 0, 0, 1, 1, ())

    def said(t2: int | None, t3: int | None) -> str:
        dites = lue_par(
            PREPARATION,
            besoins_mutations.render,
            lignes.assign(n_programmes=pd.array([t2, t3], dtype="Int64")).astype({"n_souhaits": "Int64"}),
        )
        phrase = lue_par(PREPARATION, besoins_mutations.say, "l’ICI 2", lus, dites)
        return phrase.replace("\u202f", " ").replace("\u00a0", " ")

    # wishes 60 % and 40 %; programme 25 % and 75 %, then the same as the wishes, then unknown
    assert said(1, 3).endswith(
        "**80 demandes de mutation** attendent : c’est en **T2** que le programme est le plus en retard, **60 %** de "
        "leurs souhaits et **25 %** des 4 logements programmés."
    )
    assert said(3, 2).endswith("aucune typologie n’est moins programmée que souhaitée.")
    assert said(None, None).endswith(
        "le **T2** fait **60 %** de leurs souhaits, et le programme ne dit pas ses typologies."
    )

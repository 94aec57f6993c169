"""Drawn jeux de données: small worlds whose every cell is taken among the values where a rule may slip.

One description serves two drawings: `sample` (seeded, some hundreds of attributions) and `jeux` (Hypothesis, a few,
which shrink to the smallest that disagrees). Numbers with decimals are `Decimal`: a bound is a bound to the cent.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.oracle.qualification import Ligne, Tables, plafond_plus, step_back

Choix = Callable[[Sequence[Any]], Any]

# The eve, the first and the last day of semesters, of years with and without ceilings, targets and thresholds.
BAILS = (
    *(date(2014, 12, 31), date(2016, 6, 30), date(2016, 12, 31), date(2017, 1, 1), date(2017, 3, 31)),
    *(date(2017, 6, 30), date(2017, 7, 1), date(2017, 9, 30), date(2017, 12, 31), date(2018, 1, 1)),
    *(date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 7, 1), date(2024, 12, 31)),
    *(date(2025, 1, 1), date(2025, 5, 31)),
)
CENTIMES = (Decimal("-1"), Decimal("-0.01"), Decimal(0), Decimal("0.01"), Decimal(1))
SEUILS = {2024: Decimal(9324), 2025: Decimal(9427)}
# What a jeu may come without: a whole table, or a column of one.
ABSENCES = (
    *("communes", "quartiers", "residences", "communes.ici", "quartiers.fragilite", "residences.code_qpv"),
    *("communes.typologie_fragilite", "residences.enjeu_mixite"),
    *("attributions.aci", "attributions.dalo", "attributions.pdalhpd", "attributions.mutation_bloquee"),
    *("attributions.npru", "attributions.actif", "attributions.code_quartier", "attributions.code_residence"),
)


def _date_creation(choix: Choix, bail: date) -> date | None:
    """Unknown, the day of the bail, or around a whole number of months before it."""
    mois = choix((None, 0, 1, 2, 6, 13, 24, 37))
    if mois is None:
        return None
    anniversaire = step_back(bail, mois)
    decale = date.fromordinal(anniversaire.toordinal() + choix((0, -1, 1)))
    return min(decale, bail)


def _revenu(choix: Choix, ligne: Ligne) -> Decimal | None:
    """Unknown, zero, negative, or a class bound and what lies one euro and one cent on each side."""
    special = choix((None, Decimal(0), Decimal(-100), *("borne",) * 9))
    if special != "borne":
        return special
    plafond = plafond_plus(ligne) or 20_000
    return choix((Decimal("0.2"), Decimal("0.4"), Decimal("0.6"))) * plafond + choix(CENTIMES)


def _ressources(choix: Choix, ligne: Ligne) -> Decimal | None:
    """Monthly resources at the first-quartile threshold of the year, to the cent, when the household has a size."""
    special = choix((None, Decimal(0), *("seuil",) * 6))
    if special != "seuil":
        return special
    seuil = SEUILS.get(ligne["date_bail"].year, Decimal(9000))
    mensuelles = (seuil * (ligne["n_uc"] or 1) / 12).quantize(Decimal("0.01"))
    return mensuelles + choix((Decimal("-0.01"), Decimal(0), Decimal("0.01")))


def _label(choix: Choix) -> bool | None:
    return choix((None, False, False, False, True))


def attribution(choix: Choix, rang: int) -> Ligne:
    """One lease, in the order of the contract's columns."""
    bail = choix(BAILS)
    ligne: Ligne = {
        "id_attribution": f"A{rang:04d}",
        "numero_unique": f"0{rang:017d}",
        "date_bail": bail,
        "date_creation_demande": _date_creation(choix, bail),
        "code_insee": choix(("59350", "59350", "59512", "59512", "59599", "59009", "59298", "59355")),
        "code_bailleur": choix(("B1", "B2", "03")),
        "code_residence": choix((None, "R1", "R2", "R3", "R4", "R5", "R6", "R7", "INEXISTANTE")),
        "code_quartier": choix((None, None, "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "INEXISTANT")),
        "typologie": choix((None, "T2", "T3", "T6P")),
        "financement": choix((None, "PLAI", "PLUS", "PLS")),
        "reservataire": choix((None, "COLTER", "PPRIOR", "AUCUN")),
        "mutation": choix((False, False, True)),
        "n_personnes": choix((None, 0, 1, 2, 5, 6, 7, 9)),
        "categorie_menage": choix((None, None, None, 1, 2, 3, 6)),
        "n_uc": choix((None, Decimal(1), Decimal("1.5"), Decimal("1.8"), Decimal("1.2"), Decimal(0))),
    }
    ligne["revenu_fiscal"] = _revenu(choix, ligne)
    ligne["ressources_mensuelles"] = _ressources(choix, ligne)
    ligne |= {nom: _label(choix) for nom in ("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru")}
    ligne["actif"] = choix((None, False, True))
    return ligne


# Fixed, so that a seed draws what it always drew: where no class is drawn, the typology gives it.
TYPOLOGIES_FRAGILITE = {"59350": 4, "59512": 1}
ENJEUX = {"R1": True, "R2": False, "R4": True, "R5": False, "R7": True}


def _commune(code: str, nom: str, territoire: str | None, ici: str | None, fragilite: str | None) -> Ligne:
    return {
        "code_insee": code,
        "nom": nom,
        "territoire": territoire,
        "ici": ici,
        "typologie_fragilite": TYPOLOGIES_FRAGILITE.get(code),
        "fragilite": fragilite,
    }


def _quartier(code: str, insee: str, ips: int | None, fragilite: str | None, qpv: str | None) -> Ligne:
    nom = f"Quartier d’{code}" if qpv is None else f"Cité, « {code} »"
    return {
        "code_quartier": code,
        "nom": nom,
        "code_insee": insee,
        "ips": ips,
        "fragilite": fragilite,
        "code_qpv": qpv,
        "revenu_median_uc": Decimal("12345.67"),
    }


def _residence(
    code: str,
    bailleur: str,
    quartier: str,
    financement: str | None,
    qpv: str | None,
    occupants: tuple[int | None, int | None, int | None, int | None],
) -> Ligne:
    noms = ("n_occupants_tres_modestes", "n_occupants_modestes", "n_occupants_intermediaires", "n_occupants_eleves")
    return {
        "code_residence": code,
        "nom": f"Résidence {code}",
        "code_bailleur": bailleur,
        "code_quartier": quartier,
        "n_logements": 1200,
        "financement": financement,
        "code_qpv": qpv,
        "enjeu_mixite": ENJEUX.get(code),
        "taux_rotation": Decimal("0.085"),
        **dict(zip(noms, occupants, strict=True)),
    }


def monde(choix: Choix) -> Tables:
    """Communes, quartiers, bailleurs and résidences: a few are fixed where a rule needs them, a few are drawn."""
    fragilites = (None, "fragile", "moyenne", "sans")
    return {
        "communes": [  # 59009 is left to the embedded perimeter
            _commune("59350", "Lille", "Territoire lillois", "ICI 1", choix(fragilites)),
            _commune("59512", "Roubaix", "Territoire roubaisien", choix(("ICI 2", None)), choix(fragilites)),
            _commune("59599", "Tourcoing", None, "ICI 2", "fragile"),
        ],
        "quartiers": [
            _quartier("Q1", "59350", 4, None, None),
            _quartier("Q2", "59350", 1, None, "QP059001"),
            _quartier("Q3", "59512", 2, None, None),
            _quartier("Q4", "59512", 4, "sans", "QP059002"),  # the class given wins over the ips
            _quartier("Q5", "59599", 3, None, None),
            _quartier("Q6", "59298", choix((None, 1, 2)), choix(fragilites), None),
            _quartier("Q7", "59009", None, None, None),  # no class at all
        ],
        "bailleurs": [{"code_bailleur": c, "nom": f"Habitat n° {c}"} for c in ("B1", "B2", "03")],
        "residences": [
            _residence("R1", "B1", "Q1", "PLAI", None, (10, 20, choix((0, 30)), 40)),
            _residence("R2", "B1", "Q2", "PLUS", None, (5, choix((None, 5)), 5, 5)),
            _residence("R3", "B2", "Q3", "PLUS", "QP059003", (1, 2, 0, 0)),  # in a QPV that its quartier isn't in
            _residence("R4", "B2", "INEXISTANT", None, None, (7, 0, 3, 0)),
            _residence("R5", "03", "Q4", "AUTRE", None, (0, 0, 0, 0)),
            _residence("R6", "03", "INEXISTANT", "PLS", "QP059001", (3, 3, 3, 1)),
            _residence("R7", "B2", "Q1", None, None, (50, 50, 5, None)),  # one class not counted: left out whole
        ],
    }


def _sans(tables: Tables, absences: frozenset[str]) -> Tables:
    return {
        nom: [{c: v for c, v in ligne.items() if f"{nom}.{c}" not in absences} for ligne in table]
        for nom, table in tables.items()
        if nom not in absences
    }


def sample(graine: int, n: int, absences: frozenset[str] = frozenset()) -> Tables:
    """A jeu of `n` attributions, without the tables and columns `absences`; the same seed gives the same jeu."""
    choix = random.Random(graine).choice
    tables = monde(choix)
    tables["attributions"] = [attribution(choix, rang) for rang in range(n)]
    return _sans(tables, absences)


@st.composite
def jeux(draw: st.DrawFn) -> Tables:
    """A jeu of one to six attributions, one or two tables or columns of `ABSENCES` missing."""

    def choix(valeurs: Sequence[Any]) -> Any:
        return draw(st.sampled_from(valeurs))

    tables = monde(choix)
    tables["attributions"] = [attribution(choix, rang) for rang in range(draw(st.integers(1, 6)))]
    return _sans(tables, draw(st.frozensets(st.sampled_from(ABSENCES), max_size=2)))

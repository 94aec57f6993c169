"""Boundary cases worked by hand: the oracle and the application are both held to them."""

from datetime import date
from decimal import Decimal

from tests.oracle.mesures import BANDE, PLAFOND, PLANCHER

# A household and its class of ressources, the bail being signed in 2017 unless said.
# One person in 2017: ceiling 20 123 €, hence 4 024.60, 8 049.20 and 12 073.80.
MENAGES = [
    ({"n_personnes": 1, "revenu_fiscal": Decimal("4024.59")}, "tres_modeste"),
    ({"n_personnes": 1, "revenu_fiscal": Decimal("4024.60")}, "modeste"),  # 0.20 × 20 123
    ({"n_personnes": 1, "revenu_fiscal": Decimal("8049.19")}, "modeste"),
    ({"n_personnes": 1, "revenu_fiscal": Decimal("8049.20")}, "intermediaire"),
    ({"n_personnes": 1, "revenu_fiscal": Decimal("12073.79")}, "intermediaire"),
    ({"n_personnes": 1, "revenu_fiscal": Decimal("12073.80")}, "eleve"),
    # Five persons in 2017: 0.20 × 45 895 = 9 179 € to the euro.
    ({"n_personnes": 5, "revenu_fiscal": 9178}, "tres_modeste"),
    ({"n_personnes": 5, "revenu_fiscal": 9179}, "modeste"),
    ({"n_personnes": 5, "revenu_fiscal": 9180}, "modeste"),
    # Seven persons: 51 723 + 5 769 = 57 492, a fifth of it is 11 498.40; nine: 51 723 + 3 × 5 769 = 69 030, 13 806.
    ({"n_personnes": 7, "revenu_fiscal": Decimal("11498.39")}, "tres_modeste"),
    ({"n_personnes": 7, "revenu_fiscal": Decimal("11498.40")}, "modeste"),
    ({"n_personnes": 9, "revenu_fiscal": 13805}, "tres_modeste"),
    ({"n_personnes": 9, "revenu_fiscal": 13806}, "modeste"),
    # The category given wins: 1 among nine persons, without growth; 6 without persons, without growth (10 344.60).
    ({"n_personnes": 9, "categorie_menage": 1, "revenu_fiscal": Decimal("4024.60")}, "modeste"),
    ({"n_personnes": None, "categorie_menage": 6, "revenu_fiscal": Decimal("10344.59")}, "tres_modeste"),
    ({"n_personnes": None, "categorie_menage": 6, "revenu_fiscal": Decimal("10344.60")}, "modeste"),
    ({"n_personnes": 9, "categorie_menage": 6, "revenu_fiscal": 13806}, "modeste"),
    ({"n_personnes": 2, "categorie_menage": 6, "revenu_fiscal": Decimal("10344.60")}, "modeste"),
    ({"n_personnes": None, "revenu_fiscal": 5000}, "inconnu"),
    ({"n_personnes": 0, "revenu_fiscal": 5000}, "inconnu"),
    ({"n_personnes": 1, "revenu_fiscal": None}, "inconnu"),
    ({"n_personnes": 1, "revenu_fiscal": 0}, "inconnu"),
    ({"n_personnes": 1, "revenu_fiscal": -1}, "inconnu"),
    ({"n_personnes": 1, "revenu_fiscal": 5000, "date_bail": date(2014, 12, 31)}, "inconnu"),  # no ceiling of 2014
]

# Monthly resources, unités de consommation, year of the bail: is it the first quartile?
QUARTILES = [
    ("777", "1", 2024, True),  # × 12 = 9 324
    ("777.01", "1", 2024, False),
    ("942.70", "1.2", 2025, True),  # 11 312.40 / 1.2 = 9 427
    ("942.71", "1.2", 2025, False),
    ("0", "1", 2024, True),
    ("700", "1", 2023, None),
    ("700", "0", 2024, None),
]

# Direction of the target of 0.50, numerator, known, verdict.
VERDICTS = [
    (PLANCHER, 15, 29, "indetermine"),
    (PLANCHER, 15, 30, "atteint"),  # 0.5 exactly, and thirty are known
    (PLANCHER, 14, 30, "non_atteint"),
    (PLAFOND, 15, 30, "atteint"),
    (PLAFOND, 16, 30, "non_atteint"),
    (PLANCHER, 0, 10, "non_atteint"),  # few, but the interval ends at 0.28, under 0.50
    (PLAFOND, 0, 10, "atteint"),
    (BANDE, 18, 40, "atteint"),  # 0.45
    (BANDE, 22, 40, "atteint"),  # 0.55
    (BANDE, 17, 40, "non_atteint"),
    (BANDE, 0, 5, "non_atteint"),  # 3.84 / 8.84 = 0.43: neither edge is in the interval
    (BANDE, 0, 4, "indetermine"),  # 3.84 / 7.84 = 0.49: the lower edge is in it
]

# Date of the demande, date of the bail, délai d'attribution in months.
DELAIS = [
    (date(2017, 1, 31), date(2017, 2, 28), 0),  # 28 February − 1 month = 28 January, before the 31st
    (date(2017, 2, 28), date(2017, 3, 31), 1),  # 31 March − 1 month clamps to 28 February
    (date(2017, 3, 1), date(2017, 3, 31), 0),
    (date(2016, 2, 29), date(2017, 2, 28), 11),  # − 12 months is 28 February 2016, before the 29th
    (date(2016, 2, 29), date(2017, 3, 1), 12),
    (date(2017, 3, 31), date(2017, 3, 31), 0),
    (None, date(2017, 3, 31), None),
]

"""Households told by their incomes or their activity, the two rules of the law among them."""

from __future__ import annotations

from mel_core.indicateurs.besoins import QPV, QUARTILE, RESSOURCES, Rubrique, toutes
from mel_core.indicateurs.definitions import LIEUX, MATRICE, ImageBilan, Indicateur, MesureBilan, Sens

TOUS = (
    Indicateur(
        "bas_revenus",
        "Ménages à bas revenus",
        "est_bas_revenu",
        "Ménage très modeste : revenu fiscal inférieur à 20 % du plafond PLUS (borne supposée).",
        RESSOURCES,
        connus="aux ressources connues",
        vont="à des ménages très modestes",
        est_a_la_cil=True,
        temoin=4,
        mesures=(
            MesureBilan(
                "Bas revenus",
                ImageBilan.PARTS,
                (*LIEUX, "fragilite"),
                ("Ménages très modestes", "Ressources connues"),
                agenda={4: ("commune", "bailleur")},
            ),
        ),
    ),
    Indicateur(
        "actifs",
        "Ménages actifs",
        "est_actif",
        "Ménage dont le titulaire est actif.",
        Rubrique(
            "activite",
            "Activité",
            "l’activité",
            "compter les actifs et inactifs",
            "ne disent pas l’activité",
            "est_actif",
            toutes("attributions", "actif"),
        ),
        connus="à l’activité connue",
        vont="à des ménages actifs, les autres à des inactifs",
        numerateur="attributions à des ménages actifs",
        article="CIET, article 19",
        temoin=7,
        mesures=(
            MesureBilan(
                "Actifs et inactifs",
                ImageBilan.PARTS,
                (*LIEUX, "fragilite"),
                ("Ménages actifs", "Activité connue"),
                agenda={5: ("commune", "bailleur")},
            ),
        ),
    ),
    Indicateur(
        "q1_hors_qpv",
        "Premier quartile hors QPV",
        "est_premier_quartile_ou_npru",
        "Ménage dont les ressources mensuelles × 12 par unité de consommation ne dépassent pas le seuil du premier "
        "quartile de l’année, ou relogé au titre du NPRU.",
        QUARTILE,
        population="est_hors_qpv",
        connus="hors QPV au quartile connu",
        vont="au premier quartile de ressources ou à un relogement NPRU",
        numerateur="attributions au premier quartile ou à un relogement NPRU",
        denominateur="attributions hors QPV, au quartile connu ou NPRU",
        article="CCH, article L. 441-1 (loi du 27 janvier 2017)",
        sens=Sens.PLANCHER,
        etiquettes=("npru",),
        besoins=QPV,
        mesures=(
            MesureBilan(
                "Q1 hors QPV (loi)",
                ImageBilan.PARTS,
                ("commune", "bailleur", MATRICE),
                ("Premier quartile ou NPRU", "Hors QPV, quartile connu"),
                agenda={14: ("commune", "bailleur")},
                nommee="Premier quartile hors QPV (loi)",
                onglet="Premier quartile",
                coupe_des_lieux="qpv",
                cible="Part visée du premier quartile, hors QPV",
                regle_locale="sans",
            ),
        ),
    ),
    Indicateur(
        "autres_en_qpv",
        "Autres quartiles en QPV",
        "est_autre_quartile",
        "Ménage dont les ressources par unité de consommation dépassent le seuil du premier quartile de l’année.",
        QUARTILE,
        population="est_en_qpv",
        connus="en QPV au quartile connu",
        vont="à des ménages au-dessus du premier quartile",
        numerateur="attributions hors premier quartile",
        denominateur="attributions en QPV, au quartile connu",
        article="CCH, articles L. 441-1 et L. 441-1-5 (loi du 27 janvier 2017)",
        sens=Sens.PLANCHER,
        besoins=QPV,
        mesures=(
            MesureBilan(
                "Autres en QPV (loi)",
                ImageBilan.PARTS,
                ("commune", "bailleur", MATRICE),
                ("Autres quartiles", "En QPV, quartile connu"),
                agenda={15: ("commune", "bailleur")},
                nommee="Autres quartiles en QPV (loi)",
                onglet="Autres quartiles",
                coupe_des_lieux="qpv",
                cible="Part visée des autres quartiles, en QPV",
                regle_locale="fragile",
            ),
        ),
    ),
)

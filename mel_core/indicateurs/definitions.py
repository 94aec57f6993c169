"""The indicators of the contract (§4), declared once: what is counted, among whom, against which rule.

`population` and `valeur` name columns of `attributions_qualifiees` (entrepot/schema.sql; portees.sql for what follows
from them), where each definition of the field is written. `valeur` may be null: unknown for that indicator.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mel_core.contrat.tables import ETIQUETTES
from mel_core.indicateurs.besoins import QPV, QUARTILE, REVENU, STOCK, Manque, toutes


class Sens(StrEnum):
    """How a target is read."""

    PLANCHER = "plancher"
    PLAFOND = "plafond"
    BANDE = "bande"


class Mesure(StrEnum):
    """What is computed from the counts."""

    PART = "part"
    PART_PAR_FRAGILITE = "part_par_fragilite"  # the target depends on the class of the quartiers
    REPARTITION = "repartition"
    COMPARAISON = "comparaison"  # entrants against the occupants in place
    FLUX = "flux"  # the part of each réservataire
    DELAI = "delai"


# The direction of the 50/50 objective in each class (CIET, article 5): converge from both sides.
SENS_PAR_FRAGILITE = {"fragile": Sens.PLAFOND, "moyenne": Sens.BANDE, "sans": Sens.PLANCHER}

COUPES = (
    "fragilite",
    "fragilite_commune",
    "quartier",
    "qpv",
    "commune",
    "bailleur",
    "residence",
    "territoire",
    "ici",
    "mutation",
    "reservataire",
    "typologie",
    "financement",
    "enjeu_mixite",
    "typologie_fragilite",
)


@dataclass(frozen=True)
class Indicateur:
    """One indicator. The French texts are what « Pourquoi ce chiffre ? » shows; `connus` and `vont` make the sentence
    of its share, on screen and in the documents."""

    nom: str
    titre: str
    mesure: Mesure
    population: str
    valeur: str | None
    definition: str
    numerateur_dit: str
    denominateur_dit: str
    article: str
    source: str
    sens: Sens | None = None
    coupes_avec_cible: frozenset[str] = frozenset(COUPES)
    depend_du_seuil: bool = False
    etiquettes: tuple[str, ...] = ()  # label columns without which a row is unknown
    besoins: tuple[Manque, ...] = ()  # the other columns
    connus: str = ""  # which attributions, in « x % des n attributions … »
    vont: str = ""  # to whom: what follows the verb

    @property
    def requis(self) -> tuple[Manque, ...]:
        """Every column that it leans on."""
        return (*self.besoins, *toutes("attributions", *self.etiquettes))


_MODESTE = (
    "Ménage modeste ou très modeste : revenu fiscal inférieur à 40 % du plafond PLUS de sa catégorie et de l’année du "
    "bail (bornes supposées : le support de 2017 n’en donne pas)."
)
_SNE = "Attributions suivies d’un bail signé, système national d’enregistrement (SNE)"
_OPS = "Enquête sur l’occupation du parc social (OPS)"
_TOUTES = "toutes les attributions, premier accès et mutations"
_CIET = "CIET, article 5"

_TOUS = (
    Indicateur(
        "equilibre",
        "Équilibre territorial 50/50",
        Mesure.PART_PAR_FRAGILITE,
        "est_attribution",
        "est_modeste",
        _MODESTE,
        "attributions à des ménages modestes ou très modestes",
        f"{_TOUTES}, aux ressources connues",
        _CIET,
        _SNE,
        besoins=REVENU,
        connus="aux ressources connues",
        vont="à des ménages modestes ou très modestes",
    ),
    Indicateur(
        "ressources",
        "Répartition selon les ressources",
        Mesure.REPARTITION,
        "est_attribution",
        "classe",
        "Part de chaque classe de ressources, y compris les ressources inconnues. " + _MODESTE,
        "attributions de la classe",
        _TOUTES,
        _CIET,
        _SNE,
        besoins=REVENU,
        connus="aux ressources connues",
        vont="à des ménages modestes ou très modestes",
    ),
    Indicateur(
        "aci",
        "Ménages prioritaires (ACI)",
        Mesure.PART,
        "est_premier_acces",
        "est_menage_aci",
        "Ménage relevant de l’accord collectif intercommunal, DALO ou PDALHPD ; deux labels comptent une fois.",
        "attributions à des ménages ACI",
        "attributions en premier accès",
        "Accord collectif intercommunal intégré à la CIET",
        _SNE,
        Sens.PLANCHER,
        frozenset({"commune", "bailleur"}),
        etiquettes=("aci", "dalo", "pdalhpd"),
        connus="en premier accès",
        vont="à des ménages ACI",
    ),
    Indicateur(
        "mutations_bloquees",
        "Mutations complexes ou bloquées",
        Mesure.PART,
        "est_attribution",
        "est_mutation_bloquee",
        "Attribution à un ménage labellisé en mutation complexe ou bloquée.",
        "attributions à des mutations bloquées",
        _TOUTES,
        "CIET, articles 7 et 19",
        _SNE,
        etiquettes=("mutation_bloquee",),
        vont="à des mutations complexes ou bloquées",
    ),
    Indicateur(
        "npru",
        "Relogements NPRU",
        Mesure.PART,
        "est_attribution",
        "est_npru",
        "Attribution à un ménage relogé au titre du nouveau programme de renouvellement urbain.",
        "relogements NPRU",
        _TOUTES,
        "Charte métropolitaine de relogement, annexe de la CIET",
        _SNE,
        etiquettes=("npru",),
    ),
    Indicateur(
        "droit_commun",
        "Ménages de droit commun",
        Mesure.PART,
        "est_attribution",
        "est_droit_commun",
        "Ménage sans aucun label : ni ACI, ni DALO, ni PDALHPD, ni mutation bloquée, ni NPRU.",
        "attributions à des ménages de droit commun",
        _TOUTES,
        "CIET, synthèse des objectifs",
        _SNE,
        etiquettes=ETIQUETTES,
        vont="à des ménages de droit commun, sans aucun label",
    ),
    Indicateur(
        "bas_revenus",
        "Ménages à bas revenus",
        Mesure.PART,
        "est_attribution",
        "est_bas_revenu",
        "Ménage très modeste : revenu fiscal inférieur à 20 % du plafond PLUS (borne supposée).",
        "attributions à des ménages très modestes",
        f"{_TOUTES}, aux ressources connues",
        _CIET,
        _SNE,
        besoins=REVENU,
        connus="aux ressources connues",
        vont="à des ménages très modestes",
    ),
    Indicateur(
        "actifs",
        "Ménages actifs",
        Mesure.PART,
        "est_attribution",
        "est_actif",
        "Ménage dont le titulaire est actif.",
        "attributions à des ménages actifs",
        f"{_TOUTES}, à l’activité connue",
        "CIET, article 19",
        _SNE,
        besoins=toutes("attributions", "actif"),
        connus="à l’activité connue",
        vont="à des ménages actifs, les autres à des inactifs",
    ),
    Indicateur(
        "q1_hors_qpv",
        "Premier quartile hors QPV",
        Mesure.PART,
        "est_hors_qpv",
        "est_premier_quartile_ou_npru",
        "Ménage dont les ressources mensuelles × 12 par unité de consommation ne dépassent pas le seuil du premier "
        "quartile de l’année, ou relogé au titre du NPRU.",
        "attributions au premier quartile ou à un relogement NPRU",
        "attributions hors QPV, au quartile connu ou NPRU",
        "CCH, article L. 441-1 (loi du 27 janvier 2017)",
        _SNE,
        Sens.PLANCHER,
        depend_du_seuil=True,
        etiquettes=("npru",),
        besoins=(*QUARTILE, *QPV),
        connus="hors QPV au quartile connu",
        vont="au premier quartile de ressources ou à un relogement NPRU",
    ),
    Indicateur(
        "autres_en_qpv",
        "Autres quartiles en QPV",
        Mesure.PART,
        "est_en_qpv",
        "est_autre_quartile",
        "Ménage dont les ressources par unité de consommation dépassent le seuil du premier quartile de l’année.",
        "attributions hors premier quartile",
        "attributions en QPV, au quartile connu",
        "CCH, articles L. 441-1 et L. 441-1-5 (loi du 27 janvier 2017)",
        _SNE,
        Sens.PLANCHER,
        depend_du_seuil=True,
        besoins=(*QUARTILE, *QPV),
        connus="en QPV au quartile connu",
        vont="à des ménages au-dessus du premier quartile",
    ),
    Indicateur(
        "entrants_occupants",
        "Entrants comparés aux occupants",
        Mesure.COMPARAISON,
        "est_attribution",
        "est_modeste",
        "Part des ménages modestes parmi les entrants, à côté de leur part parmi les occupants en place. " + _MODESTE,
        "attributions à des ménages modestes ou très modestes",
        f"{_TOUTES}, aux ressources connues",
        "CIET, article 19",
        f"{_SNE} ; {_OPS}",
        besoins=(*REVENU, *STOCK),
    ),
    Indicateur(
        "flux",
        "Gestion en flux, par réservataire",
        Mesure.FLUX,
        "est_en_flux",
        "reservataire_du_flux",
        "Part de chaque réservataire dans les attributions de la gestion en flux : ni les mutations ni les relogements "
        "NPRU n’en sont. L’objectif est celui de la convention de chaque bailleur.",
        "attributions du réservataire",
        "attributions hors mutations et relogements NPRU, au réservataire connu",
        "Gestion en flux, CCH R. 441-5",
        _SNE,
        etiquettes=("npru",),
        besoins=toutes("attributions", "reservataire"),
        connus="au réservataire connu",
        vont="au titre du réservataire",
    ),
    Indicateur(
        "delais",
        "Délai d’attribution",
        Mesure.DELAI,
        "est_attribution",
        "delai_mois",
        "Mois révolus entre le dépôt de la demande et la signature du bail. "
        "Ne se compare pas à l’ancienneté des demandes.",
        "délai en mois",
        f"{_TOUTES}, aux deux dates connues",
        "CIET, article 19",
        _SNE,
        besoins=toutes("attributions", "date_creation_demande"),
    ),
)

INDICATEURS: dict[str, Indicateur] = {i.nom: i for i in _TOUS}

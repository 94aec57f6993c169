"""The catalogue: each indicator of the contract (§4), declared once. What is counted, among whom, against which rule,
in which words, and the screens of the bilan that show it.

`population` and `valeur` name columns of `attributions_qualifiees` (entrepot/schema.sql; portees.sql for what follows
from them), where each definition of the field is written. `valeur` may be null: unknown for that indicator.
"""

from __future__ import annotations

from dataclasses import replace

from mel_core.contrat.tables import ETIQUETTES
from mel_core.indicateurs.besoins import QPV, QUARTILE, REVENU, STOCK, toutes
from mel_core.indicateurs.definitions import CONVENTIONS, MATRICE, ImageBilan, Indicateur, Mesure, MesureBilan, Sens

_MODESTE = (
    "Ménage modeste ou très modeste : revenu fiscal inférieur à 40 % du plafond PLUS de sa catégorie et de l’année du "
    "bail (bornes supposées : le support de 2017 n’en donne pas)."
)
_SNE = "Attributions suivies d’un bail signé, système national d’enregistrement (SNE)"
_OPS = "Enquête sur l’occupation du parc social (OPS)"
_TOUTES = "toutes les attributions, premier accès et mutations"
_CIET = "CIET, article 5"

_LIEUX = ("commune", "quartier", "bailleur", MATRICE)
_RESSOURCES_CONNUES = "Ressources connues"
_LABELS = "Labels connus"

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
        mesures=(
            MesureBilan(
                "Équilibre 50/50",
                ImageBilan.PARTS,
                ("fragilite", "commune", "bailleur", "quartier"),
                ("Ménages modestes", _RESSOURCES_CONNUES),
                cible="Part visée de ménages modestes, par type de quartiers",
                a_une_carte=True,
                classe=("fragilite",),
            ),
        ),
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
        mesures=(
            MesureBilan(
                "Ressources",
                ImageBilan.CLASSES,
                ("fragilite", "typologie_fragilite", *_LIEUX),
                ("Ménages modestes", _RESSOURCES_CONNUES),
                matrice="equilibre",
            ),
            MesureBilan(
                "Mutations et revenus",
                ImageBilan.CLASSES,
                ("mutation_fragilite",),
                ("Ménages modestes", _RESSOURCES_CONNUES),
                code="mutations",
                matrice="equilibre",
                cellule=("mutation", "mutation"),
            ),
        ),
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
        mesures=(
            MesureBilan(
                "ACI en premier accès",
                ImageBilan.PARTS,
                ("commune", "bailleur"),
                ("Ménages ACI", "Premier accès, connus"),
                cible="Part visée de ménages ACI, en premier accès",
                a_une_carte=True,
            ),
            MesureBilan(
                "ACI, autres lectures",
                ImageBilan.PARTS,
                ("fragilite_commune", "typologie_fragilite", "quartier", "bailleur", MATRICE),
                ("Ménages ACI", "Premier accès, connus"),
                code="aci_lieux",
            ),
            MesureBilan(
                "Réservataires",
                ImageBilan.VOLUMES,
                ("reservataire",),
                ("Ménages ACI", "Premier accès, connus"),
                code="reservataires",
            ),
        ),
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
        mesures=(MesureBilan("Mutations bloquées", ImageBilan.PARTS, _LIEUX, ("Mutations bloquées", _LABELS)),),
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
        mesures=(
            MesureBilan(
                "Relogements NPRU",
                ImageBilan.EFFECTIFS,
                ("commune", "quartier", "residence", "bailleur", MATRICE),
                ("Relogements NPRU", _LABELS),
            ),
        ),
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
        mesures=(MesureBilan("Droit commun", ImageBilan.PARTS, _LIEUX, ("Ménages de droit commun", _LABELS)),),
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
        mesures=(
            MesureBilan(
                "Bas revenus", ImageBilan.PARTS, (*_LIEUX, "fragilite"), ("Ménages très modestes", _RESSOURCES_CONNUES)
            ),
        ),
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
        mesures=(
            MesureBilan(
                "Actifs et inactifs", ImageBilan.PARTS, (*_LIEUX, "fragilite"), ("Ménages actifs", "Activité connue")
            ),
        ),
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
        mesures=(
            MesureBilan(
                "Q1 hors QPV (loi)",
                ImageBilan.PARTS,
                ("commune", "bailleur", MATRICE),
                ("Premier quartile ou NPRU", "Hors QPV, quartile connu"),
                coupe_des_lieux="qpv",
                cible="Part visée du premier quartile, hors QPV",
            ),
        ),
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
        mesures=(
            MesureBilan(
                "Autres en QPV (loi)",
                ImageBilan.PARTS,
                ("commune", "bailleur", MATRICE),
                ("Autres quartiles", "En QPV, quartile connu"),
                coupe_des_lieux="qpv",
                cible="Part visée des autres quartiles, en QPV",
            ),
        ),
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
        mesures=(
            MesureBilan(
                "Entrants, occupants",
                ImageBilan.PAIRES,
                ("fragilite", "commune", "quartier", "residence", "bailleur"),
                ("Entrants modestes", _RESSOURCES_CONNUES),
            ),
            MesureBilan(
                "Enjeu de mixité",
                ImageBilan.PAIRES,
                ("enjeu_mixite",),
                ("Entrants modestes", _RESSOURCES_CONNUES),
                code="enjeu_mixite",
                cellule=("enjeu_mixite", "oui"),
                cellule_dite="résidences à enjeu de mixité",
                coupe_des_lieux="enjeu_mixite",
            ),
        ),
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
        mesures=(
            MesureBilan(
                "Gestion en flux",
                ImageBilan.CONVENTIONS,
                ("reservataire", CONVENTIONS),
                ("Part du flux", "Flux connu"),
                cellule=("reservataire", "PPRIOR"),
                cellule_dite="Préfet, prioritaires",
            ),
        ),
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
        mesures=(
            MesureBilan(
                "Délais d’attribution",
                ImageBilan.DELAIS,
                ("commune", "quartier", "bailleur", "reservataire"),
                ("", "Deux dates connues"),
            ),
        ),
    ),
)

OBJECTIFS = EQUILIBRE, ACI = "equilibre", "aci"  # what the CIET and the accord collectif aim at
INDICATEURS: dict[str, Indicateur] = {i.nom: i for i in _TOUS}

# In the order of the agenda « Temps bilan et analyse »; what it does not name comes last, as declared.
_AGENDA = (
    "equilibre",
    "aci",
    "ressources",
    "bas_revenus",
    "actifs",
    "aci_lieux",
    "mutations_bloquees",
    "mutations",
    "npru",
    "droit_commun",
    "entrants_occupants",
    "enjeu_mixite",
    "reservataires",
    "flux",
    "delais",
    "q1_hors_qpv",
    "autres_en_qpv",
)
_MESURES = {m.code or i.nom: replace(m, code=m.code or i.nom, indicateur=i.nom) for i in _TOUS for m in i.mesures}
MESURES: dict[str, MesureBilan] = {code: _MESURES[code] for code in dict.fromkeys((*_AGENDA, *_MESURES))}
